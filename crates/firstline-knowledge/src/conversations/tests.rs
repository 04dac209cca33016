//! What is found by which words, in the index and without it.

use std::collections::BTreeMap;

use firstline_core::{Asking, TicketFilter, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn said(visibility: Visibility, language: &str, text: &str) -> Utterance {
    Utterance { visibility, language: language.into(), text: text.into() }
}

fn public(language: &str, text: &str) -> Utterance {
    said(Visibility::Public, language, text)
}

fn words(typed: &str) -> Vec<firstline_core::FilterWord> {
    TicketFilter::read(typed, &Asking::at(Timestamp::MAX)).unwrap().words
}

/// Some conversations: tickets 1 to 4.
fn shelf() -> Vec<(TicketId, Conversation)> {
    let said = [
        vec![
            public("en", "Printer: paper jam"),
            public("en", "The printers in room 4 are jammed. Display: ERR-1042."),
            said(Visibility::Internal, "en", "He calls every week; the cartridge is no original."),
        ],
        vec![public("ru", "Принтеры не печатают"), public("ru", "Outlook printed it, а мы нет.")],
        vec![public("de", "Die Drucker"), public("de", "drucken nicht. Bitte den Toner")],
        vec![public("xx", "Orakel orakels"), public("ja", "印刷できない")],
    ];
    (1..).map(TicketId).zip(said.map(|said| Conversation { said })).collect()
}

#[track_caller]
fn finds(typed: &str, expected: &[u64]) {
    check(typed, Visibility::Internal, expected);
}

#[track_caller]
fn check(typed: &str, readable: Visibility, expected: &[u64]) {
    let index = Conversations::in_memory();
    index.absorb(7, &shelf()).unwrap();
    let sought = Sought::new(&words(typed), readable);
    let (found, position) = index.find(&sought).unwrap();
    assert_eq!(position, 7);
    assert_eq!(found.into_iter().map(|id| id.0).collect::<Vec<_>>(), expected, "{typed}");
    let plain = shelf().into_iter().filter(|(_, it)| sought.finds(it)).map(|(id, _)| id.0);
    assert_eq!(plain.collect::<Vec<_>>(), expected, "{typed}, without the index");
}

#[test]
fn all_words_are_there_in_any_inflection_and_any_message() {
    finds("printer", &[1]);
    finds("PRINTING", &[2]);
    finds("printers display room", &[1]);
    finds("printers toner", &[]);
    finds("принтер", &[2]);
    finds("принтера печатать", &[2]);
    finds("drucke", &[3]);
    // Nobody knows how this language inflects.
    finds("orakel", &[4]);
    finds("orake", &[]);
}

#[test]
fn what_is_quoted_stands_side_by_side_as_it_is_written() {
    finds("\"paper jam\"", &[1]);
    finds("\"paper jams\"", &[]);
    finds("\"printers\" \"printer\"", &[1]);
    finds("\"jam the\"", &[]);
    // Not from one message into the next.
    finds("\"drucker drucken\"", &[]);
    finds("\"drucken nicht bitte\"", &[3]);
    finds("\"印刷\"", &[4]);
}

#[test]
fn signs_only_separate_the_parts_of_a_word() {
    finds("ERR-1042", &[1]);
    finds("err_1042", &[1]);
    finds("1042-ERR", &[]);
    finds("1042", &[1]);
    finds(&"x".repeat(200), &[]);
    finds(&format!("-{}", "x".repeat(200)), &[1, 2, 3, 4]);
}

#[test]
fn what_is_left_out_is_not_there() {
    finds("-printer", &[2, 3, 4]);
    finds("printer -jam", &[]);
    finds("принтер -\"printer\"", &[2]);
    finds("-printer -принтер -toner", &[4]);
    finds("", &[1, 2, 3, 4]);
}

#[test]
fn a_customer_finds_nothing_by_what_is_internal() {
    check("cartridge", Visibility::Internal, &[1]);
    check("cartridge", Visibility::Public, &[]);
    check("-cartridge", Visibility::Public, &[1, 2, 3, 4]);
    check("printer", Visibility::Public, &[1]);
}

#[test]
fn a_conversation_that_goes_on_takes_the_place_of_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let index = Conversations::open(folder.path()).unwrap();
    index.absorb(7, &shelf()).unwrap();
    let other = Conversation { said: vec![public("en", "A scanner")] };
    index.absorb(9, &[(TicketId(1), other.clone())]).unwrap();
    // What was read before changes nothing.
    index.absorb(8, &shelf()).unwrap();
    let again = Conversations::open(folder.path()).unwrap();
    for index in [&index, &again] {
        let find = |typed| index.find(&Sought::new(&words(typed), Visibility::Internal)).unwrap();
        assert_eq!(find("printer"), ([].into(), 9));
        assert_eq!(find("scanner"), ([TicketId(1)].into(), 9));
    }
}

fn text() -> impl Strategy<Value = String> {
    let word = select(vec![
        "printer",
        "printers",
        "Printed",
        "jam",
        "paper",
        "принтер",
        "принтеры",
        "-",
        "4",
        "e-mail",
        "印刷",
        "印",
        "\n",
        ".",
    ]);
    prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "))
}

fn utterance() -> impl Strategy<Value = Utterance> {
    let who = select(vec![Visibility::Public, Visibility::Internal]);
    let language = select(vec!["", "en", "ru", "de", "xx"]);
    (who, language, text()).prop_map(|(who, language, text)| said(who, language, &text))
}

fn sought() -> impl Strategy<Value = Sought> {
    let word = (text(), any::<bool>(), any::<bool>()).prop_map(|(text, is_exact, is_excluded)| {
        firstline_core::FilterWord { text, is_exact, is_excluded }
    });
    let readable = select(vec![Visibility::Public, Visibility::Internal]);
    (prop::collection::vec(word, 0..3), readable)
        .prop_map(|(words, readable)| Sought::new(&words, readable))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_a_look_at_each_conversation_finds(
        steps in prop::collection::vec((1..6_u64, prop::collection::vec(utterance(), 0..4)), 1..8),
        asked in prop::collection::vec(sought(), 1..8),
    ) {
        let index = Conversations::in_memory();
        let mut plain = BTreeMap::new();
        for (position, (ticket, said)) in (1..).zip(steps) {
            let conversation = Conversation { said };
            index.absorb(position, &[(TicketId(ticket), conversation.clone())]).unwrap();
            plain.insert(TicketId(ticket), conversation);
        }
        for sought in asked {
            let expected = plain.iter().filter(|(_, it)| sought.finds(it)).map(|(id, _)| *id);
            prop_assert_eq!(index.find(&sought).unwrap().0, expected.collect(), "{:?}", sought);
        }
    }
}
