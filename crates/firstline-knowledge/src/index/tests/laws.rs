//! What holds whatever happens.

use proptest::prelude::*;

use super::*;

const WORDS: [&str; 12] = [
    "printer",
    "paper",
    "tray",
    "ink",
    "sign",
    "update",
    "принтер",
    "счёт",
    "оплата",
    "лоток",
    "E1042",
    "2.4.1",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..8).prop_map(|words| words.join(" "))
}

fn state() -> impl Strategy<Value = Option<Article>> {
    let edition = (prop::sample::select(&["en", "ru", "de", "en-GB"][..]), text(), text());
    let audience = prop::sample::select(&[Audience::Public, Audience::Internal][..]);
    (prop::collection::vec(edition, 0..4), audience, 0..8u8).prop_map(
        |(editions, audience, fate)| {
            let editions: Vec<(&str, &str, &str)> = editions
                .iter()
                .map(|(language, title, body)| (*language, &**title, &**body))
                .collect();
            let article = Article { audience, retired: fate == 0, ..article(&editions) };
            (fate != 1).then_some(article)
        },
    )
}

/// A history of a small desk: few articles, changed often.
fn history() -> impl Strategy<Value = Vec<Revision>> {
    prop::collection::vec((1..3u64, 1..8u64, state()), 1..24).prop_map(|changes| {
        let mut seq = 0;
        let revise = |(gap, id, state)| {
            seq += gap;
            Revision { seq, article: ArticleId(id), state, reception: Reception::default() }
        };
        changes.into_iter().map(revise).collect()
    })
}

/// Everything that a search can tell apart.
fn portrait(index: &Index) -> Vec<Vec<Hit>> {
    let questions = ["printer paper", "принтер счет", "E1042", "ink tray sign update 2.4.1"];
    let audiences = [Audience::Public, Audience::Internal];
    let questions = questions
        .iter()
        .flat_map(|text| audiences.map(|audience| Question { audience, limit: 4, ..agent(text) }));
    questions.map(|question| index.search(&question, NOW).unwrap()).collect()
}

/// The history in one piece and as it stands at the end: what a rebuild is given.
fn rebuilt(history: &[Revision]) -> Index {
    let last: BTreeMap<ArticleId, &Revision> =
        history.iter().map(|revision| (revision.article, revision)).collect();
    let mut last: Vec<Revision> = last.into_values().cloned().collect();
    last.sort_by_key(|revision| revision.seq);
    indexed(&last)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Batches may end anywhere, begin again before where the last one ended, and come twice; the
    /// hits are those of an index that was built from nothing, to the last bit of the score.
    #[test]
    fn it_does_not_matter_in_which_batches_the_changes_come(
        history in history(),
        cuts in prop::collection::vec((0..24usize, 0..6usize), 0..6),
    ) {
        let live = Index::in_memory();
        let mut reached = 0;
        for (end, overlap) in cuts {
            let end = end.min(history.len());
            // A batch may repeat what was read, and must not leave out what was not.
            let start = reached.min(end).saturating_sub(overlap);
            live.absorb(&history[start..end]).unwrap();
            reached = reached.max(end);
        }
        live.absorb(&history[reached..]).unwrap();
        let rebuilt = rebuilt(&history);
        prop_assert_eq!(live.position(), rebuilt.position());
        prop_assert_eq!(portrait(&live), portrait(&rebuilt));
    }

    /// Whatever is typed, an answer comes, and its marks lie in its text.
    #[test]
    fn every_question_has_an_answer(text in ".{0,80}", body in ".{0,400}") {
        let index = indexed(&[publish(1, 1, &[("en", &text, &body), ("ru", &body, &text)])]);
        for question in [&text, &body] {
            for hit in index.search(&agent(question), NOW).unwrap() {
                let pieces: String = hit.snippet.pieces().map(|(piece, _)| piece).collect();
                prop_assert_eq!(&pieces, &hit.snippet.text);
                prop_assert!(hit.score > 0.0 && hit.score.is_finite());
            }
        }
    }
}
