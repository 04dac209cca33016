//! Texts of all kinds at every entry that reads one: a status, and never a panic.

use firstline_ffi::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{Desk, RULES, parts};

/// How many random texts: few in the usual run, as many as somebody wants otherwise.
fn config() -> ProptestConfig {
    let cases = std::env::var("FIRSTLINE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases.unwrap_or(300)) }
}

/// What could stand anywhere in a command.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..5_u64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop_oneof!["system", "wake", "open", "first_reply", "9999-99-99", "\u{0}"]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let key = prop_oneof!["[a-z_]{1,8}", "actor|action|ticket|text|id|at|open|save|party|do"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

/// A command of the story with one of its values exchanged for another.
fn damaged_command() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = include_str!("story.jsonl").lines().collect();
    (prop::sample::select(lines), any::<prop::sample::Index>(), any_value()).prop_map(
        |(line, at, value)| {
            let mut command: Value = serde_json::from_str(line).unwrap();
            let mut places = 0;
            visit(&mut command, &mut |_| places += 1);
            let (wanted, mut place) = (at.index(places), 0);
            visit(&mut command, &mut |here| {
                if place == wanted {
                    *here = value.clone();
                }
                place += 1;
            });
            command.to_string()
        },
    )
}

fn visit(value: &mut Value, see: &mut dyn FnMut(&mut Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, see)),
        Value::Object(map) => map.values_mut().for_each(|item| visit(item, see)),
        _ => {}
    }
}

/// Hands a text to every function that reads one.
fn try_all(desk: &Desk, input: &str) {
    let (text, length) = parts(input);
    // SAFETY: text and places are there in all of these.
    let calls: [(&str, &dyn Fn(_, _, _) -> fl_status); 9] = unsafe {
        [
            ("execute", &|desk, out, error| fl_desk_execute(desk, text, length, out, error)),
            ("execute_all", &|desk, out, error| {
                fl_desk_execute_all(desk, text, length, out, error)
            }),
            ("preview", &|desk, out, error| fl_desk_preview(desk, text, length, out, error)),
            ("tickets", &|desk, out, error| fl_desk_tickets(desk, text, length, out, error)),
            ("search", &|desk, out, error| fl_desk_search(desk, text, length, out, error)),
            ("party", &|desk, out, error| fl_desk_party(desk, text, length, out, error)),
            ("find_parties", &|desk, out, error| {
                fl_desk_find_parties(desk, text, length, out, error)
            }),
            ("check", &|_, out, error| fl_rulebook_check(text, length, 0, out, error)),
            ("explain", &|desk, out, error| {
                fl_desk_explain(desk, 1, text, length, 0, 0, text, length, out, error)
            }),
        ]
    };
    for (name, call) in calls {
        if let Err(failed) = desk.ask(call) {
            assert_ne!(failed.status, fl_status::Bug, "{name} of {input:?}: {}", failed.message);
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,60}|[\\[\\]{}\":,0-9a-z ]{0,60}") {
        try_all(&Desk::open(), &text);
    }

    #[test]
    fn no_json_is_too_strange(value in any_value()) {
        try_all(&Desk::open(), &value.to_string());
    }

    #[test]
    fn no_damaged_command_is_too_strange(command in damaged_command()) {
        let desk = Desk::open();
        for line in include_str!("story.jsonl").lines().take(5) {
            desk.execute(line).unwrap();
        }
        try_all(&desk, &command);
        // SAFETY: the places are there.
        let sound = desk.ask(|desk, out, error| unsafe { fl_desk_verify(desk, out, error) });
        prop_assert!(sound.is_ok(), "{:?}", sound);
    }

    #[test]
    fn no_damaged_rulebook_is_too_strange(at in any::<prop::sample::Index>(), put in "\\PC{0,6}") {
        let at = (0..=at.index(RULES.len())).rev().find(|at| RULES.is_char_boundary(*at)).unwrap();
        let (before, after) = RULES.split_at(at);
        let damaged = format!("{before}{put}{}", after.get(put.len()..).unwrap_or_default());
        try_all(&Desk::open(), &damaged);
    }
}

#[test]
fn deep_and_long_texts_are_refused_in_time() {
    let desk = Desk::open();
    for text in [
        "[".repeat(1_000_000),
        "{\"a\":".repeat(100_000),
        format!("\"{}\"", "x".repeat(3_000_000)),
        format!("{{\"actor\":\"system\",\"ticket\":1,\"action\":{}", "[".repeat(50_000)),
    ] {
        try_all(&desk, &text);
    }
}

#[test]
fn what_is_no_utf8_is_said_with_its_place() {
    let desk = Desk::open();
    let bytes = b"{\"actor\":\"\xff\"}";
    let (text, length) = (bytes.as_ptr().cast(), bytes.len());
    // SAFETY: text and places are there.
    let call = |desk, out, error| unsafe { fl_desk_execute(desk, text, length, out, error) };
    let failed = desk.ask(call).unwrap_err();
    assert_eq!(failed.status, fl_status::NotUtf8);
    assert_eq!(failed.message, "`command` is not UTF-8 from byte 10 on");
}
