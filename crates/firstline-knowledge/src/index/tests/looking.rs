//! What is found, for whom, and how it is shown.

use super::*;

#[test]
fn words_are_found_in_any_inflection() {
    let index = indexed(&shelf());
    assert_eq!(ask(&index, &agent("restarted printers")), [1]);
    assert_eq!(ask(&index, &agent("signing")), [2]);
    assert_eq!(ask(&index, &agent("принтеров")), [1]);
    assert_eq!(ask(&index, &agent("счету")), [3]);
}

#[test]
fn case_and_dots_make_no_difference() {
    let index = indexed(&shelf());
    assert_eq!(ask(&index, &agent("СЧЁТ")), [3]);
    assert_eq!(ask(&index, &agent("счет")), [3]);
    assert_eq!(ask(&index, &agent("шлем")), [3]);
    assert_eq!(ask(&index, &agent("PRINTER")), [1]);
}

#[test]
fn codes_and_versions_are_found_exactly() {
    let index = indexed(&shelf());
    assert_eq!(ask(&index, &agent("e1042")), [1]);
    assert_eq!(ask(&index, &agent("E1043")), NOTHING);
    assert_eq!(ask(&index, &agent("error: 0X80070005!")), [2]);
    assert_eq!(ask(&index, &agent("v2.4.1")), [2]);
    assert_eq!(ask(&index, &agent("2.4.2")), NOTHING);
}

#[test]
fn a_word_is_marked_from_end_to_end_in_scripts_with_marks() {
    let index = indexed(&[publish(1, 1, &[("th", "ช่วยเหลือ", "ไม่สามารถ ต่อเชื่อม ได้")])]);
    let hits = index.search(&agent("ต่อเชื่อม"), NOW).unwrap();
    assert_eq!(hits[0].snippet.marked("[", "]"), "ไม่สามารถ [ต่อเชื่อม] ได้");
}

#[test]
fn an_article_is_found_once_in_its_best_edition() {
    let index = indexed(&shelf());
    let hits = index.search(&agent("принтер E1042 лоток"), NOW).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].language, "ru".into());
    assert_eq!(hits[0].title, "Принтер сообщает E1042");
}

#[test]
fn a_language_finds_its_own_editions_and_those_of_its_dialects() {
    let index = indexed(&[
        publish(1, 1, &[("pt-BR", "Impressora", "Feche a bandeja."), ("en", "Printer", "Tray.")]),
        publish(2, 2, &[("de", "Impressora heißt Drucker", "Papierfach.")]),
    ]);
    let in_language = |language: &str, text| {
        let language = language.into();
        ask(&index, &Question { language: Some(&language), ..agent(text) })
    };
    assert_eq!(in_language("pt", "impressora"), [1]);
    assert_eq!(in_language("pt-PT", "impressora"), [1]);
    assert_eq!(in_language("de", "impressora"), [2]);
    assert_eq!(in_language("en", "impressora"), NOTHING);
    assert_eq!(in_language("en", "printers"), [1]);
    assert_eq!(in_language("fr", "impressora"), NOTHING);
    assert_eq!(ask(&index, &agent("impressora")), [1, 2]);
}

#[test]
fn nobody_finds_what_is_not_for_them() {
    let shelf = [Audience::Internal, Audience::Customer, Audience::Public];
    let revisions: Vec<Revision> = (1..)
        .zip(shelf)
        .map(|(seq, audience)| {
            let article = Article { audience, ..article(&[("en", "Printer", "Ink.")]) };
            Revision {
                seq,
                article: ArticleId(seq),
                state: Some(article),
                reception: Reception::default(),
            }
        })
        .collect();
    let index = indexed(&revisions);
    let found_by = |audience| ask(&index, &Question { audience, ..agent("printer") });
    assert_eq!(found_by(Audience::Public), [3]);
    assert_eq!(found_by(Audience::Customer), [2, 3]);
    assert_eq!(found_by(Audience::Internal), [1, 2, 3]);
}

#[test]
fn an_article_must_have_all_the_tags() {
    let tagged = |seq, names: &[&str]| {
        let article = Article {
            tags: tags(names).into_iter().collect(),
            ..article(&[("en", "Printer", "")])
        };
        Revision {
            seq,
            article: ArticleId(seq),
            state: Some(article),
            reception: Reception::default(),
        }
    };
    let index = indexed(&[tagged(1, &["ink", "laser"]), tagged(2, &["ink"]), tagged(3, &[])]);
    let with = |names: &[&str]| ask(&index, &Question { tags: &tags(names), ..agent("printer") });
    assert_eq!(with(&[]), [1, 2, 3]);
    assert_eq!(with(&["ink"]), [1, 2]);
    assert_eq!(with(&["laser", "ink"]), [1]);
    assert_eq!(with(&["lase"]), NOTHING);
}

#[test]
fn a_word_in_the_title_says_more_than_one_in_the_body() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Paper trays", "About the printer.")]),
        publish(2, 2, &[("en", "The printer", "About paper trays.")]),
    ]);
    assert_eq!(ask(&index, &agent("printer")), [2, 1]);
    assert_eq!(ask(&index, &agent("tray")), [1, 2]);
}

#[test]
fn equally_good_articles_come_in_the_order_of_their_numbers() {
    let index = Index::in_memory();
    for (seq, id) in (1..).zip([7, 3, 9, 1, 12, 5]) {
        index.absorb(&[publish(seq, id, &[("en", "Printer", "Buy ink.")])]).unwrap();
    }
    assert_eq!(ask(&index, &Question { limit: 3, ..agent("printer ink") }), [1, 3, 5]);
}

#[test]
fn the_limit_is_kept_and_is_limited_itself() {
    let ink = |id| publish(id, id, &[("en", "Printer", "Buy ink.")]);
    let index = indexed(&(1..=300).map(ink).collect::<Vec<_>>());
    let found = |limit| ask(&index, &Question { limit, ..agent("ink") }).len();
    assert_eq!([found(0), found(1), found(100)], [0, 1, 100]);
    assert_eq!(found(usize::MAX), crate::MAX_HITS);
}

#[test]
fn the_snippet_shows_the_words_that_were_asked_for() {
    let filler = "Nothing of interest is said here. ".repeat(40);
    let body = format!("{filler}If the счёт or the <tray> jams, open the trays. {filler}");
    let index = indexed(&[publish(1, 1, &[("en", "Paper", &body)])]);
    let hit = index.search(&agent("jammed tray"), NOW).unwrap().remove(0);
    let marked = hit.snippet.marked("[", "]");
    assert!(marked.contains("the <[tray]> [jams], open the [trays]. Nothing"), "{marked}");
    assert!(hit.snippet.text.len() <= crate::MAX_SNIPPET_BYTES);
    let escaped: String = hit
        .snippet
        .pieces()
        .map(|(piece, is_marked)| {
            let piece = piece.replace('<', "&lt;");
            if is_marked { format!("<b>{piece}</b>") } else { piece }
        })
        .collect();
    assert!(escaped.contains("the &lt;<b>tray</b>> <b>jams</b>,"), "{escaped}");
}

#[test]
fn a_hit_by_the_title_alone_shows_how_the_body_begins() {
    let index = indexed(&shelf());
    let hit = index.search(&agent("reports"), NOW).unwrap().remove(0);
    assert_eq!(hit.snippet.text, "Close the paper tray and restart the printer.");
    assert!(hit.snippet.marks.is_empty());
}

#[test]
fn an_empty_question_finds_nothing() {
    let index = indexed(&shelf());
    for text in ["", " \t\r\n", "?!", "the", "не и на"] {
        assert_eq!(ask(&index, &agent(text)), NOTHING, "{text:?}");
    }
}
