//! Input that means no good.

use std::time::{Duration, Instant};

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
fn a_megabyte_of_question_is_answered_by_its_beginning_and_soon() {
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
    let start = Instant::now();
    for text in &long[..6] {
        assert_eq!(ask(&index, &agent(text)), [1]);
    }
    assert_eq!(ask(&index, &agent(&long[6])), NOTHING);
    // Generous for slow machines, and far from what anything quadratic would take.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
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
    let index =
        indexed(&[Revision { seq: u64::MAX, article: ArticleId(u64::MAX), state: Some(odd) }]);
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
