//! What is to be found when: drafts, days of publication, days of retirement, and for whom.

use firstline_core::{Draft, Stage};
use proptest::prelude::*;

use super::*;

fn day(n: i64) -> Timestamp {
    Timestamp::from_millis(n * 86_400_000).unwrap()
}

fn draft(body: &str, stage: Stage) -> Draft {
    let edition = Edition { title: "Printer".into(), body: body.into() };
    Draft { edition, stage, audience: None, tags: None }
}

/// The texts that an agent finds on a day.
fn found(index: &Index, on: i64) -> Vec<String> {
    let hits = index.search(&agent("printer"), day(on)).unwrap();
    hits.into_iter().map(|hit| hit.snippet.text).collect()
}

#[test]
fn a_new_text_takes_the_place_of_the_old_one_on_its_day_and_both_go_on_theirs() {
    let mut printer = article(&[("en", "Printer", "Old.")]);
    printer.drafts.insert("en".into(), draft("New.", Stage::PublishAt(day(5))));
    printer.retire_at = Some(day(9));
    let index = indexed(&[Revision {
        seq: 1,
        article: ArticleId(1),
        state: Some(printer),
        reception: Reception::default(),
    }]);
    assert_eq!([4, 5, 8].map(|n| found(&index, n).concat()), ["Old.", "New.", "New."]);
    assert!(found(&index, 9).is_empty());
}

#[test]
fn a_draft_is_not_found_while_somebody_writes_or_reads_it() {
    let mut printer = Article::default();
    printer.drafts.insert("en".into(), draft("Secret.", Stage::Writing));
    printer.drafts.insert("ru".into(), draft("Secret.", Stage::InReview));
    let index = indexed(&[Revision {
        seq: 1,
        article: ArticleId(1),
        state: Some(printer),
        reception: Reception::default(),
    }]);
    assert!(found(&index, 9).is_empty());
    assert_eq!(ask(&index, &agent("secret")), NOTHING);
}

#[test]
fn a_retired_article_comes_back_on_the_day_of_its_draft_and_for_whom_the_draft_says() {
    let mut printer = article(&[("en", "Printer", "Old."), ("ru", "Printer", "Старый.")]);
    printer.retired = true;
    let waiting = draft("New.", Stage::PublishAt(day(5)));
    printer.drafts.insert("en".into(), Draft { audience: Some(Audience::Customer), ..waiting });
    let reception = Reception { changed_at: Some(day(1)), ..Reception::default() };
    let index =
        indexed(&[Revision { seq: 1, article: ArticleId(1), state: Some(printer), reception }]);
    assert!(found(&index, 4).is_empty());
    assert_eq!(found(&index, 5), ["New."]);
    assert!(index.search(&Question::new("printer"), day(5)).unwrap().is_empty());
    // And it is as new as its day, while the translation is as old as it was.
    let age = |word: &str| index.search(&agent(word), day(6)).unwrap()[0].experience.reception;
    assert_eq!((age("new").changed_at, age("старый").changed_at), (Some(day(5)), Some(day(1))));
}

/// The words of a text that is not there yet, or no more, correct nothing, complete nothing and weigh
/// nothing: not for agents either.
#[test]
fn a_text_makes_no_difference_before_its_day_and_after_its_last() {
    let open = publish(1, 1, &[("en", "Printer setup", "The printer, the scanner and the tray.")]);
    let mut timed = article(&[]);
    let text = draft("Pritner, scaner und printing: the printed prints.", Stage::PublishAt(day(5)));
    timed.drafts.insert("de".into(), text);
    timed.retire_at = Some(day(9));
    let timed = Revision { state: Some(timed), ..publish(2, 2, &[]) };
    let (without, with) = (indexed(std::slice::from_ref(&open)), indexed(&[open, timed]));
    let told = |index: &Index, text, is_typing, on| {
        index.browse(&Question { is_typing, ..agent(text) }, day(on)).unwrap()
    };
    // Back and forth, as nothing may stay from another time.
    for on in [4, 6, 9, 4, 8, 12] {
        for text in ["pritner", "scaner tray", "prin", "printer setup"] {
            for is_typing in [false, true] {
                let same = told(&with, text, is_typing, on) == told(&without, text, is_typing, on);
                assert_eq!(same, !(5..9).contains(&on), "{text} on day {on}");
            }
        }
    }
    let corrected = told(&with, "pritner", false, 9).did_you_mean;
    assert_eq!(corrected.as_deref(), Some("printer"));
}

/// An article in whatever state of its life.
fn any_article() -> impl Strategy<Value = Article> {
    let audiences = &[Audience::Public, Audience::Customer, Audience::Internal][..];
    let audience = prop::sample::select(audiences);
    let drafted = prop::option::of(prop::sample::select(audiences));
    let stage = prop_oneof![
        Just(Stage::Writing),
        Just(Stage::InReview),
        (0..9i64).prop_map(|n| Stage::PublishAt(day(n))),
    ];
    let retire = prop::option::of((0..9i64).prop_map(day));
    let parts = (audience, drafted, prop::option::of(stage), retire, any::<bool>(), 0..3u8);
    parts.prop_map(|(audience, drafted, stage, retire_at, is_published, fate)| {
        let mut article = if is_published {
            article(&[("en", "Printer alpha", "Published words")])
        } else {
            Article::default()
        };
        if let Some(stage) = stage {
            let edition = Edition { title: "Printer beta".into(), body: "Drafted words".into() };
            let draft = Draft { edition, stage, audience: drafted, tags: None };
            article.drafts.insert("en".into(), draft);
        }
        Article { audience, retire_at, retired: fate == 0, ..article }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// On every way to ask: as typed, while typing, misspelt, on the other keyboard, by synonyms,
    /// narrowed or counted. What comes back is public, published and in use, and nothing is
    /// counted or suggested that is not.
    #[test]
    fn a_customer_never_finds_what_is_internal_a_draft_or_retired(
        articles in prop::collection::vec(any_article(), 1..8),
        now in 0..10i64,
    ) {
        let revisions = (1..).zip(&articles).map(|(seq, article)| {
            Revision { seq, article: ArticleId(seq), state: Some(article.clone()), reception: Reception::default() }
        });
        let index = indexed(&revisions.collect::<Vec<_>>());
        index.set_synonyms(&[vec!["copier".into(), "printer".into()]]);
        let english = Language::from("en");
        let is_there = |article: &&Article| {
            let article = (*article).clone().at(day(now));
            article.audience == Audience::Public && !article.retired && !article.editions.is_empty()
        };
        let found = index.search(&Question::new("printer"), day(now)).unwrap().len();
        prop_assert_eq!(found, articles.iter().filter(is_there).count());
        for text in ["printer", "printr", "printer alpha beta words", "copier", "зкштеук", "pri"] {
            for (is_typing, language) in [(false, None), (true, None), (false, Some(&english))] {
                let question = Question { is_typing, language, ..Question::new(text) };
                let results = index.browse(&question, day(now)).unwrap();
                let hits = index.search(&question, day(now)).unwrap();
                prop_assert_eq!(&hits, &results.hits);
                for hit in &hits {
                    let article = articles[hit.article.0 as usize - 1].clone().at(day(now));
                    prop_assert_eq!(article.audience, Audience::Public);
                    prop_assert!(!article.retired);
                    prop_assert_eq!(&article.editions[&english].title, &hit.title);
                }
                prop_assert_eq!(results.articles, hits.len() as u64);
                prop_assert_eq!(results.facets.languages.values().sum::<u64>(), results.articles);
                let suggests = |word: &str| {
                    results.did_you_mean.as_ref().is_some_and(|meant| meant.contains(word))
                };
                prop_assert!(!(suggests("printer") && hits.is_empty()));
            }
        }
    }
}
