//! What fits into a field; and every form, read in the plainest way.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::{
    Actor, AgentId, ContactId, OpenTicket, Refusal, Rulebook, Status, TicketAction, carry_out,
};

fn rulebook(more: &str) -> Rulebook {
    let text = format!("name = \"d\"\n[[lines]]\nid = \"L1\"\n{more}");
    Rulebook::from_toml(&text, "desk.toml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Puts something, as JSON has it, into a field and tells what is in it then.
#[track_caller]
fn put(field: &str, json: &str, expected: &str) {
    let rulebook = rulebook(&format!("[fields.f]\n{field}\n"));
    let told = match serde_json::from_str::<FieldInput>(json) {
        Err(error) => error.to_string().split(" at line").next().unwrap().to_owned(),
        Ok(input) => match rulebook.custom().read(&"f".into(), &input) {
            Ok(value) => serde_json::to_string(&value).unwrap(),
            Err(refusal) => refusal.to_string(),
        },
    };
    assert_eq!(told, expected);
}

#[test]
fn a_text_is_not_empty_not_endless_and_has_no_controls() {
    let text = "kind = \"text\"\nmax_length = 5";
    put(text, "\"ёжик!\"", r#"{"text":"ёжик!"}"#);
    put(text, "\"ёжики!\"", "the text of `f` has 6 characters, more than 5");
    put(text, "\" \"", "the text of `f` is empty; give none at all to clear the field");
    put(
        text,
        r#""a\u0000""#,
        "the text of `f` is none: it has the control character U+0000 at byte 1",
    );
    put(text, "5", "`f` is a text, not 5");
}

#[test]
fn numbers_lie_within_their_bounds() {
    let seats = "kind = \"integer\"\nmin = 1\nmax = 9";
    put(seats, "9", r#"{"integer":9}"#);
    put(seats, "0", "0 is no `f`; it can be from 1 to 9");
    put(seats, "1.5", "`f` is a whole number, not 1.5");
    put(seats, "18446744073709551615", "18446744073709551615 is too large");
    let price = "kind = \"decimal\"\nmin = 0\nmax = \"99.99\"";
    put(price, "12.5", r#"{"decimal":"12.5"}"#);
    put(price, "\"12.50\"", r#"{"decimal":"12.5"}"#);
    put(price, "7", r#"{"decimal":"7"}"#);
    put(price, "100", "100 is no `f`; it can be from 0 to 99.99");
    put(price, "0.125", "0.125 is too exact for `f`, which has 2 digits behind the point");
    put(
        price,
        "1e300",
        &format!(
            "`1{}` is no decimal number such as 12.50, with at most 11 digits before the point and 4 behind it",
            "0".repeat(39)
        ),
    );
    put(price, "\"dear\"", "`f` is a decimal number, not `dear`");
}

#[test]
fn dates_exist_and_lie_within_their_bounds() {
    let bought = "kind = \"date\"\nmin = \"2026-01-01\"\nmax = \"2026-12-31\"";
    put(bought, "\"2026-02-28\"", r#"{"date":"2026-02-28"}"#);
    put(bought, "\"2026-02-29\"", "`f` is a date such as 2026-03-02, not `2026-02-29`");
    put(bought, "\"2025-12-31\"", "2025-12-31 is no `f`; it can be from 2026-01-01 on");
    put(bought, "\"2027-01-01\"", "2027-01-01 is no `f`; it can be up to 2026-12-31");
    put("kind = \"bool\"", "true", r#"{"bool":true}"#);
    put("kind = \"bool\"", "\"true\"", "`f` is true or false, not `true`");
}

#[test]
fn choices_are_among_those_that_there_are_and_made_once() {
    let site = "kind = \"choice\"\nchoices = [\"a\", \"b\"]";
    put(site, "\"b\"", r#"{"choice":"b"}"#);
    put(site, "\"c\"", "`f` has no choice `c`; it has a, b");
    put(site, "[\"a\"]", "`f` is one of its choices, not a list of 1");
    let sites = "kind = \"choices\"\nchoices = [\"a\", \"b\", \"c\"]\nmax = 2";
    put(sites, "[\"b\", \"a\"]", r#"{"choices":["a","b"]}"#);
    put(sites, "[\"a\", \"a\"]", "`f` was given `a` twice");
    put(sites, "[\"a\", \"b\", \"c\"]", "3 choices of `f` are more than 2");
    put(sites, "[]", "the text of `f` is empty; give none at all to clear the field");
    put(sites, "[1]", "invalid type: integer `1`, expected a string");
}

#[test]
fn a_reference_points_to_what_its_field_is_for() {
    let thing = "kind = \"reference\"\nto = \"equipment\"";
    put(thing, "{\"equipment\": 3}", r#"{"reference":{"equipment":3}}"#);
    put(thing, "{\"agent\": 3}", "`f` is equipment, written {\"equipment\": 1}, not agent 3");
    put(thing, "3", "`f` is equipment, written {\"equipment\": 1}, not 3");
    put(
        thing,
        "{\"printer\": 3}",
        "there is no printer to point to; write one of contact, organization, agent, equipment, ticket",
    );
    put(thing, "{\"agent\": 3, \"ticket\": 4}", "it points to a agent and a ticket");
    put(thing, "{}", "it points to nothing; write such as {\"contact\": 1}");
    let set = r#"{"set_fields": {"fields": {"f": {"equipment": 3}, "g": {"ticket": 4}}}}"#;
    let set: TicketAction = serde_json::from_str(set).unwrap();
    assert_eq!(set.parties(), [crate::PartyId::Equipment(crate::EquipmentId(3))]);
    assert_eq!(set.referents().len(), 2);
}

#[test]
fn a_field_is_given_once() {
    let twice = r#"{"set_fields": {"fields": {"f": 1, "f": 2}}}"#;
    let error = serde_json::from_str::<TicketAction>(twice).unwrap_err().to_string();
    assert!(error.starts_with("the field `f` is given twice"), "{error}");
}

/// A form at random, in the plainest form.
#[derive(Clone, Debug)]
struct Plain {
    /// By form: the kind that it is for, if it is for one, and its lines.
    forms: Vec<(Option<&'static str>, Vec<Line>)>,
}

/// A field, when it is required, and the number in field `n` from which on it is there.
#[derive(Clone, Debug)]
struct Line {
    field: &'static str,
    required: Option<&'static str>,
    from: Option<i64>,
}

/// Whole numbers from 0 to 9 for anybody, and another one that agents set.
const FIELDS: &str = "[fields.n]\nkind = \"integer\"\nmin = 0\nmax = 9\n\
                      [fields.m]\nkind = \"integer\"\nmin = 0\nmax = 9\n\
                      [fields.o]\nkind = \"integer\"\nmin = 0\nmax = 9\nset_by = \"agent\"\n";

impl Plain {
    fn toml(&self) -> String {
        let mut text = FIELDS.to_owned();
        for (index, (kind, lines)) in self.forms.iter().enumerate() {
            text += &format!("[[forms]]\nname = \"f{index}\"\n");
            text += &kind.map_or(String::new(), |kind| format!("when = {{ kind = \"{kind}\" }}\n"));
            let lines = lines.iter().map(|Line { field, required, from }| {
                let required = required.map(|word| format!(", required = \"{word}\""));
                let when = from.map(|from| format!(", when = {{ n = {{ at_least = {from} }} }}"));
                let (required, when) = (required.unwrap_or_default(), when.unwrap_or_default());
                format!("{{ field = \"{field}\"{required}{when} }}")
            });
            text += &format!("fields = [{}]\n", lines.collect::<Vec<_>>().join(", "));
        }
        text
    }

    /// Whether these values may be given, and are enough, for somebody who opens or resolves.
    fn accepts(
        &self,
        kind: &str,
        given: &BTreeMap<&str, i64>,
        all: &BTreeMap<&str, i64>,
        (is_agent, is_resolving): (bool, bool),
    ) -> bool {
        let is_sound =
            given.iter().all(|(id, value)| (0..=9).contains(value) && (*id != "o" || is_agent));
        let form = self.forms.iter().find(|(of, _)| of.is_none_or(|of| of == kind));
        let Some((_, lines)) = form else {
            return is_sound && given.is_empty();
        };
        let is_there =
            |line: &&Line| line.from.is_none_or(|from| all.get("n").is_some_and(|n| *n >= from));
        let is_placed =
            given.keys().all(|id| lines.iter().filter(is_there).any(|line| line.field == *id));
        let is_filled = lines.iter().filter(is_there).all(|line| {
            let is_asked = line.required == Some("opening")
                || line.required == Some("resolving") && is_resolving;
            !is_asked || line.field == "o" && !is_agent || all.contains_key(line.field)
        });
        is_sound && is_placed && is_filled
    }
}

fn line(field: &'static str) -> impl Strategy<Value = Line> {
    let required = select(vec![None, Some("opening"), Some("resolving")]);
    let from = prop::option::weighted(0.4, 0..9_i64);
    (required, from).prop_map(move |(required, from)| {
        // Whether a field is there cannot hang on itself.
        Line { field, required, from: from.filter(|_| field != "n") }
    })
}

fn plain() -> impl Strategy<Value = Plain> {
    let lines = || {
        let all = (line("n"), line("m"), line("o"), subsequence(vec![0, 1, 2], 1..=3));
        all.prop_map(|(n, m, o, kept)| {
            let lines = [n, m, o];
            kept.into_iter().map(|index| lines[index].clone()).collect::<Vec<_>>()
        })
    };
    (lines(), lines(), any::<bool>()).prop_map(|(narrow, wide, is_alone)| {
        let mut forms = vec![(Some("task"), narrow), (None, wide)];
        forms.truncate(if is_alone { 1 } else { 2 });
        Plain { forms }
    })
}

fn given() -> impl Strategy<Value = BTreeMap<&'static str, i64>> {
    let value = || prop::option::weighted(0.7, -1..11_i64);
    (value(), value(), value()).prop_map(|(n, m, o)| {
        let all = [("n", n), ("m", m), ("o", o)];
        all.into_iter().filter_map(|(id, value)| Some((id, value?))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_are_accepted_if_and_only_if_the_plain_reading_says_so(
        plain in plain(), kind in select(vec!["task", "question"]),
        opening in given(), later in given(), is_agent in any::<bool>(),
    ) {
        let rules = rulebook(&plain.toml());
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let by = if is_agent { Actor::Agent(AgentId(1)) } else { Actor::Contact(ContactId(1)) };
        let mut request = OpenTicket::new(ContactId(1), "s", "t");
        request.kind = crate::Kind::ALL.into_iter().find(|it| it.as_str() == kind).unwrap();
        request.fields = opening.iter().map(|(id, value)| ((*id).into(), (*value).into())).collect();
        let open = TicketAction::Open(Box::new(request));
        let opened = carry_out(None, &open, by, &rules, now);
        let is_accepted = plain.accepts(kind, &opening, &opening, (is_agent, false));
        prop_assert_eq!(opened.is_ok(), is_accepted, "{:?}", opened.err());
        let Ok(opened) = opened else {
            return Ok(());
        };
        // What is given again as it is was not given.
        let news: BTreeMap<&str, i64> =
            later.iter().filter(|(id, value)| opening.get(*id) != Some(*value)).map(|(id, value)| (*id, *value)).collect();
        let mut all = opening.clone();
        all.extend(&news);
        let fields = later.iter().map(|(id, value)| ((*id).into(), Some((*value).into()))).collect();
        let set = carry_out(Some(opened.ticket), &TicketAction::SetFields { fields }, by, &rules, now);
        // Nobody may try what they may not set, be it set so already.
        let may_try = is_agent || !later.contains_key("o");
        let placed = Plain { forms: plain.forms.iter().cloned().map(|(kind, mut lines)| {
            lines.iter_mut().for_each(|line| line.required = None);
            (kind, lines)
        }).collect() };
        let is_accepted = may_try && placed.accepts(kind, &news, &all, (is_agent, false));
        prop_assert_eq!(set.is_ok(), is_accepted, "{:?}", set.err());
        let Ok(set) = set else {
            return Ok(());
        };
        let resolve = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
        let resolved = carry_out(Some(set.ticket), &resolve, by, &rules, now);
        let none = BTreeMap::new();
        let is_accepted = plain.accepts(kind, &none, &all, (is_agent, true));
        prop_assert_eq!(resolved.is_ok(), is_accepted, "{:?}", resolved.err());
        if let Err(refusal) = resolved {
            let is_told = matches!(refusal, Refusal::Field(FieldRefusal::Missing { .. }));
            prop_assert!(is_told);
        }
    }
}
