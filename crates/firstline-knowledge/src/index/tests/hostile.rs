//! Input that means no good.

use super::*;

#[test]
fn nothing_in_a_question_is_syntax() {
    let index = indexed(&shelf());
    for text in [
        "\"printer",
        "printer\"~2",
        "title_en:printer",
        "printer AND NOT",
        "(((printer",
        "+printer -",
        "printer^1000",
        "[printer TO *]",
        "\\printer\\",
        "/printer/",
        "printer\0",
        "\u{1b}[31m printer",
        "🖨 printer 😀",
        "\u{202e}printer",
        "'; DROP TABLE articles; -- printer",
    ] {
        assert_eq!(ask(&index, &agent(text)), [1], "{text:?}");
    }
}

#[test]
fn a_megabyte_of_question_is_answered_by_its_beginning() {
    let index = indexed(&shelf());
    let long = [
        format!("printer {}", "word ".repeat(200_000)),
        format!("printer {}", "x".repeat(1_000_000)),
        format!("printer {}", "ё".repeat(500_000)),
        format!("printer {}", "1.".repeat(500_000)),
        format!("printer {}", "\"(".repeat(500_000)),
        format!("printer {}", "e\u{301}".repeat(300_000)),
        (0..150_000).map(|n| format!("w{n} ")).collect::<String>() + "printer",
    ];
    for text in &long[..6] {
        assert_eq!(ask(&index, &agent(text)), [1]);
    }
    assert_eq!(ask(&index, &agent(&long[6])), NOTHING);
}

#[test]
fn a_strange_article_is_found_by_its_sane_words_and_harms_no_other() {
    let odd = [
        "printer \0\u{1}\u{7f} \u{fffd}\u{feff}".to_owned(),
        format!("printer {}", "x".repeat(200_000)),
        format!("{} printer", "1.2".repeat(70_000)),
        format!("printer {}", "😀".repeat(50_000)),
        "printer\u{300}\u{301} printer".to_owned(),
        String::new(),
    ];
    let revisions: Vec<Revision> =
        (1..).zip(&odd).map(|(seq, body)| publish(seq, seq, &[("en", body, body)])).collect();
    let index = indexed(&revisions);
    let mut found = ask(&index, &agent("printer"));
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3, 4, 5]);
}

#[test]
fn numbers_names_and_tags_may_be_anything() {
    let huge = "t".repeat(100_000);
    let mut odd = article(&[("", "printer", ""), ("xx-\0", "printer", ""), (&huge, "printer", "")]);
    odd.tags = tags(&["", "\0", &huge, "a b", "ё"]).into_iter().collect();
    let index = indexed(&[Revision {
        seq: u64::MAX,
        article: ArticleId(u64::MAX),
        state: Some(odd),
        reception: Reception::default(),
    }]);
    assert_eq!(index.position(), u64::MAX);
    assert_eq!(ask(&index, &agent("printer")), [u64::MAX]);
    for tag in ["", "\0", "a b", "ё"] {
        assert_eq!(ask(&index, &Question { tags: &tags(&[tag]), ..agent("printer") }), [u64::MAX]);
    }
    let language = Language::from("");
    assert_eq!(
        ask(&index, &Question { language: Some(&language), ..agent("printer") }),
        [u64::MAX]
    );
}

/// A vocabulary that was made so that every word of a question may stand for many others: by slips,
/// by what it begins like, by synonyms.
#[test]
fn no_question_looks_up_more_than_so_many_words() {
    let letters: Vec<char> = ('a'..='z').collect();
    let alike = |n: usize| format!("printing{}{}", letters[n % 26], letters[n / 26 % 26]);
    let body = |from: usize| (from..from + 300).map(|n| alike(n) + " ").collect::<String>();
    let revisions: Vec<Revision> = (1..4)
        .map(|n| publish(n, n, &[("en", "", &body(n as usize * 100)), ("de", "", "Wort")]))
        .collect();
    let index = indexed(&revisions);
    let groups: Vec<Vec<String>> = (0..100).map(|n| (n..n + 100).map(alike).collect()).collect();
    index.set_synonyms(&groups);
    let unknown = |n: usize| format!("printinf{}{} ", letters[n % 26], letters[n / 26 % 26]);
    let questions = [
        (0..500).map(|n| alike(n) + " ").collect::<String>(),
        (0..500).map(unknown).collect::<String>(),
        (0..500).map(|n| format!("ERR-{n}/a_b_{n} ")).collect::<String>(),
        "printing".to_owned(),
    ];
    for text in &questions {
        for is_typing in [false, true] {
            let question = Question { is_typing, ..agent(text) };
            let snapshot = index.snapshot();
            let sight = snapshot.sight(question.audience, NOW);
            let asked =
                snapshot.understand(&question, &sight, &index.synonyms(), &index.fields).unwrap();
            assert!(asked.words.len() <= crate::MAX_QUESTION_WORDS);
            for word in &asked.words {
                let count = word.forms.len() + word.relatives.len();
                assert!(
                    count <= 64,
                    "{count} words are looked up for {:?}",
                    &asked.text[word.place.clone()]
                );
            }
            index.search(&question, NOW).unwrap();
        }
    }
}

/// To look for slips in the whole dictionary takes longer than all else that a word takes.
#[test]
fn made_up_words_are_searched_for_slips_up_to_so_many() {
    let index = indexed(&shelf());
    let letters = ['b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l'];
    let made_up = |count: usize| {
        let words = letters.iter().take(count).map(|c| format!("{} ", format!("{c}qzx").repeat(3)));
        words.collect::<String>()
    };
    let before = |count: usize| ask(&index, &agent(&(made_up(count) + "prnter")));
    assert_eq!(before(crate::ask::MAX_GUESSES - 1).first(), Some(&1));
    assert_eq!(before(crate::ask::MAX_GUESSES), NOTHING);
    // What some text has takes nothing of that, wherever it stands.
    let question = made_up(9) + "printer";
    assert_eq!(ask(&index, &agent(&question)), [1]);
    assert_eq!(ask(&index, &agent("restart the paper tray: prnter"))[0], 1);
}
