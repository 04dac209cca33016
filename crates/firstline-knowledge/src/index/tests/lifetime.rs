//! What becomes of an article: published, edited, translated, retired.

use super::*;

#[test]
fn an_empty_index_has_read_nothing_and_finds_nothing() {
    let index = Index::in_memory();
    assert_eq!(index.position(), 0);
    assert_eq!(ask(&index, &agent("printer")), NOTHING);
    index.absorb(&[]).unwrap();
    assert_eq!(index.position(), 0);
}

#[test]
fn the_position_is_the_last_revision_read() {
    let index = indexed(&shelf());
    assert_eq!(index.position(), 3);
}

#[test]
fn the_latest_text_counts_and_the_old_one_is_forgotten() {
    let index = indexed(&[publish(1, 1, &[("en", "Printer", "Buy toner.")])]);
    index.absorb(&[publish(5, 1, &[("en", "Printer", "Buy ink.")])]).unwrap();
    assert_eq!(ask(&index, &agent("toner")), NOTHING);
    assert_eq!(ask(&index, &agent("ink")), [1]);
}

#[test]
fn an_article_that_changes_twice_in_a_batch_is_there_once() {
    let index = indexed(&[
        publish(1, 1, &[("en", "Printer", "Buy toner.")]),
        publish(2, 1, &[("en", "Printer", "Buy ink.")]),
    ]);
    assert_eq!(ask(&index, &agent("printer")), [1]);
    assert_eq!(ask(&index, &agent("toner")), NOTHING);
}

#[test]
fn a_retired_article_is_not_found_and_comes_back_when_it_is_published_again() {
    let index = indexed(&shelf());
    let mut retired = article(&[("en", "Printer", "Buy toner.")]);
    retired.retired = true;
    index
        .absorb(&[
            Revision {
                seq: 4,
                article: ArticleId(1),
                state: Some(retired),
                reception: Reception::default(),
            },
            Revision {
                seq: 5,
                article: ArticleId(2),
                state: None,
                reception: Reception::default(),
            },
        ])
        .unwrap();
    assert_eq!(ask(&index, &agent("printer toner sign in")), NOTHING);

    index.absorb(&[publish(6, 1, &[("en", "Printer", "Buy toner.")])]).unwrap();
    assert_eq!(ask(&index, &agent("toner")), [1]);
}

#[test]
fn an_article_that_moves_to_another_language_leaves_the_first_one() {
    let index = indexed(&[publish(1, 1, &[("en", "Invoice", "Where invoices go.")])]);
    index.absorb(&[publish(2, 1, &[("ru", "Счёт", "Куда приходят счета.")])]).unwrap();
    assert_eq!(ask(&index, &agent("invoice")), NOTHING);
    assert_eq!(ask(&index, &agent("счета")), [1]);
}

#[test]
fn what_was_read_before_is_skipped() {
    let index = indexed(&shelf());
    let before = summary(&index, "printer");
    index.absorb(&shelf()).unwrap();
    index.absorb(&shelf()[..1]).unwrap();
    assert_eq!(index.position(), 3);
    assert_eq!(summary(&index, "printer"), before);
}

#[test]
fn revisions_out_of_order_are_refused_as_a_whole() {
    let index = Index::in_memory();
    let mut shelf = shelf();
    shelf.swap(1, 2);
    let error = index.absorb(&shelf).unwrap_err();
    assert_eq!(error.to_string(), "revision 2 was offered after revision 3");
    assert_eq!(index.position(), 0);
    assert_eq!(ask(&index, &agent("printer")), NOTHING);
}

#[test]
fn a_hundred_small_publications_are_merged_as_they_come() {
    let index = Index::in_memory();
    for seq in 1..=100 {
        index.absorb(&[publish(seq, seq % 10, &[("en", "Printer", "Buy ink.")])]).unwrap();
    }
    let segments = index.snapshot().searcher.segment_readers().len();
    assert!(segments < 10, "{segments} segments");
    assert_eq!(ask(&index, &agent("ink")), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}
