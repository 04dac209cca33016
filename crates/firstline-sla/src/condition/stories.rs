//! What can be asked, what is answered, and what is refused.

mod exact;
mod reach;

use std::collections::BTreeMap;

use firstline_calendar::Timestamp;

use super::*;

/// The fields of a small desk.
pub(crate) fn fields() -> Fields {
    Fields::from([
        ("kind", Field::always(FieldType::words(["question", "incident", "problem"]))),
        ("priority", Field::always(FieldType::levels(["low", "medium", "high", "critical"]))),
        ("subject", Field::new(FieldType::Text)),
        ("total", Field::new(FieldType::Integer)),
        ("vip", Field::new(FieldType::Flag)),
        ("opened_at", Field::new(FieldType::Moment)),
        ("tags", Field::new(FieldType::List)),
        ("needs", Field::new(FieldType::list_of(["training", "repair"]))),
    ])
}

/// A state, written down as TOML.
pub(crate) struct State(BTreeMap<String, Fact>);

enum Fact {
    Text(String),
    Integer(i64),
    Flag(bool),
    Moment(Timestamp),
    Level(usize, String),
    List(Vec<String>),
}

impl State {
    pub(crate) fn read(text: &str, fields: &Fields) -> Self {
        let table: toml::Table = text.parse().expect(text);
        let facts = table.into_iter().map(|(name, value)| {
            let fact = match (value, &fields.get(&name).expect(&name).holds) {
                (toml::Value::String(word), FieldType::Levels(words)) => {
                    Fact::Level(words.iter().position(|known| **known == *word).unwrap(), word)
                }
                (toml::Value::String(text), FieldType::Moment) => {
                    Fact::Moment(text.parse().unwrap())
                }
                (toml::Value::String(text), _) => Fact::Text(text),
                (toml::Value::Integer(number), _) => Fact::Integer(number),
                (toml::Value::Boolean(flag), _) => Fact::Flag(flag),
                (toml::Value::Array(words), _) => {
                    Fact::List(words.into_iter().map(|it| it.as_str().unwrap().into()).collect())
                }
                other => panic!("{other:?}"),
            };
            (name, fact)
        });
        Self(facts.collect())
    }
}

impl Facts for State {
    fn value(&self, field: &str) -> Option<Value<'_>> {
        Some(match self.0.get(field)? {
            Fact::Text(text) => Value::Text(text),
            Fact::Integer(number) => Value::Integer(*number),
            Fact::Flag(flag) => Value::Flag(*flag),
            Fact::Moment(moment) => Value::Moment(*moment),
            Fact::Level(rank, word) => Value::Level { rank: *rank, word },
            Fact::List(words) => Value::List(words),
        })
    }
}

fn condition(written: &str) -> Condition {
    let spec = toml::from_str(written).expect(written);
    Condition::build(&spec, &fields()).unwrap_or_else(|error| panic!("{written}\n{error}"))
}

fn answer(condition: &Condition, change: Change<'_>) -> String {
    let explanation = condition.explain(change);
    assert_eq!(explanation.holds, condition.holds(change), "{explanation:#}");
    format!("{}: {explanation}", if explanation.holds { "yes" } else { "no" })
}

/// Asks a condition about a state, and compares what is answered.
#[track_caller]
fn asked(written: &str, state: &str, expected: &str) {
    let state = State::read(state, &fields());
    assert_eq!(answer(&condition(written), Change::none(&state)), expected);
}

/// Asks a condition about a change, and compares what is answered.
#[track_caller]
fn asked_of_change(written: &str, before: &str, after: &str, expected: &str) {
    let (before, after) = (State::read(before, &fields()), State::read(after, &fields()));
    assert_eq!(answer(&condition(written), Change::new(&before, &after)), expected);
}

/// Compares what is found to be wrong with a condition.
#[track_caller]
fn refused(written: &str, expected: &str) {
    let told = match toml::from_str(written) {
        Ok(spec) => Condition::build(&spec, &fields()).expect_err(written).to_string(),
        Err(error) => error.message().to_owned(),
    };
    assert_eq!(told, expected.trim());
}

#[test]
fn a_field_is_a_word_or_one_of_some() {
    asked("kind = 'incident'", "kind = 'incident'", "yes: kind is incident");
    asked("kind = 'incident'", "kind = 'question'", "no: kind is question, not incident");
    let either = "kind = ['incident', 'problem']";
    asked(either, "kind = 'problem'", "yes: kind is problem");
    asked(either, "kind = 'question'", "no: kind is question, not incident or problem");
    asked("total = 5", "total = 6", "no: total is 6, not 5");
    asked("vip = true", "vip = false", "no: vip is false, not true");
    asked("kind = { is = 'incident' }", "", "no: kind is empty, not incident");
}

#[test]
fn a_long_list_is_searched_and_told_in_short() {
    let many: Vec<String> = (0..400).map(|number| (number * 3).to_string()).collect();
    let listed = format!("total = [{}]", many.join(", "));
    for number in 0..1_200 {
        let facts = [("total", Value::Integer(number))];
        assert_eq!(condition(&listed).holds(Change::none(&facts)), number % 3 == 0, "{number}");
    }
    let told = "no: total is 1, not 0, 3, 6, 9, 12, 15 or one of 394 more";
    asked(&listed, "total = 1", told);
}

#[test]
fn numbers_moments_and_levels_have_an_order_and_bounds_are_inside() {
    let between = "total = { at_least = 10, at_most = 20 }";
    asked(between, "total = 10", "yes: total is 10, at least 10; total is 10, at most 20");
    asked(between, "total = 20", "yes: total is 20, at least 10; total is 20, at most 20");
    asked(between, "total = 21", "no: total is 21, not at most 20");
    asked(between, "", "no: total is empty, not at least 10; total is empty, not at most 20");
    let urgent = "priority = { at_least = 'high' }";
    asked(urgent, "priority = 'critical'", "yes: priority is critical, at least high");
    asked(urgent, "priority = 'medium'", "no: priority is medium, not at least high");
    asked(
        "opened_at = { at_least = '2026-03-01T00:00:00Z' }",
        "opened_at = '2026-02-28T23:59:59.999Z'",
        "no: opened_at is 2026-02-28T23:59:59.999Z, not at least 2026-03-01T00:00:00Z",
    );
}

#[test]
fn a_list_contains_whole_words_and_a_text_any_part_in_large_or_small_letters() {
    let vip = "tags = { contains = 'vip' }";
    asked(vip, "tags = ['billing', 'vip']", "yes: tags contains vip");
    asked(vip, "tags = ['billing', 'VIP2']", "no: tags is billing, VIP2, without vip");
    asked(vip, "tags = []", "no: tags is empty, without vip");
    let printer = "subject = { contains = 'Printer' }";
    asked(printer, "subject = 'my PRINTER is on fire'", "yes: subject contains Printer");
    asked(printer, "subject = 'vpn'", "no: subject is vpn, without Printer");
    asked(
        "subject = { contains = 'ПРИНТЕР' }",
        "subject = 'Мой принтер'",
        "yes: subject contains ПРИНТЕР",
    );
    asked("subject = { contains = 'tooth' }", "subject = 'to'", "no: subject is to, without tooth");
}

#[test]
fn an_empty_text_or_list_is_no_value() {
    let is_empty = "subject = { exists = false }";
    asked(is_empty, "", "yes: subject is empty");
    asked(is_empty, "subject = ''", "yes: subject is empty");
    asked(is_empty, "subject = 'vpn'", "no: subject is vpn, not empty");
    asked("tags = { exists = true }", "tags = []", "no: tags is empty");
    asked("total = { exists = true }", "total = 0", "yes: total is 0");
}

#[test]
fn a_change_is_seen_from_what_was_to_what_is() {
    let raised = "priority = { at_least = 'high', was = { at_most = 'medium' } }";
    asked_of_change(
        raised,
        "priority = 'low'",
        "priority = 'critical'",
        "yes: priority is critical, at least high; priority was low, at most medium",
    );
    asked_of_change(
        raised,
        "priority = 'high'",
        "priority = 'critical'",
        "no: priority was high, not at most medium",
    );
    let changed = "kind = { changed = true }";
    asked_of_change(
        changed,
        "kind = 'question'",
        "kind = 'problem'",
        "yes: kind changed from question to problem",
    );
    asked_of_change(changed, "kind = 'problem'", "kind = 'problem'", "no: kind is still problem");
    asked_of_change(
        "kind = { was = ['question', 'problem'] }",
        "kind = 'incident'",
        "",
        "no: kind was incident, not problem or question",
    );
    asked_of_change(
        "tags = { changed = false }",
        "tags = ['a', 'b']",
        "tags = ['b', 'a']",
        "yes: tags is still b, a",
    );
}

/// Only looking at something is no change, and its beginning is one from nothing at all.
#[test]
fn what_has_just_begun_was_nothing_before() {
    let facts = State::read("kind = 'incident'", &fields());
    let (changed, was) =
        (condition("kind = { changed = true }"), condition("kind = { was = 'incident' }"));
    assert_eq!(answer(&changed, Change::first(&facts)), "yes: kind changed from empty to incident");
    assert_eq!(answer(&changed, Change::none(&facts)), "no: kind is still incident");
    assert_eq!(answer(&was, Change::first(&facts)), "no: kind was empty, not incident");
    assert_eq!(answer(&was, Change::none(&facts)), "yes: kind was incident");
}

#[test]
fn all_any_and_none_tell_the_clauses_that_decided() {
    let any = "any = [{ kind = 'problem' }, { priority = 'high', total = { at_least = 5 } }]";
    asked(any, "kind = 'problem'\npriority = 'high'\ntotal = 1", "yes: kind is problem");
    asked(
        any,
        "kind = 'question'\npriority = 'high'\ntotal = 1",
        "no: kind is question, not problem; total is 1, not at least 5",
    );
    let none = "none = [{ kind = 'question', vip = false }]";
    asked(
        none,
        "kind = 'question'\nvip = false",
        "no: kind is question and vip is false, which is excluded",
    );
    asked(none, "kind = 'question'\nvip = true", "yes: vip is true, not false");
    asked("", "kind = 'question'", "yes: nothing is asked");
}

#[test]
fn the_whole_account_has_a_line_for_each_clause() {
    let facts = State::read("kind = 'question'", &fields());
    assert_eq!(
        format!("{:#}", condition("").explain(Change::none(&facts))),
        "yes  nothing is asked\n"
    );
    let written = "kind = 'incident'\nany = [{ vip = true }, { priority = { at_least = 'high' } }]\nnone = [{ tags = { contains = 'test' } }]";
    let facts = State::read("kind = 'incident'\nvip = true\npriority = 'low'", &fields());
    let explanation = condition(written).explain(Change::none(&facts));
    assert_eq!(
        format!("{explanation:#}"),
        "\
yes  all of
yes    kind is incident
yes    any of
yes      vip is true
no       priority is low, not at least high
yes    none of
no       tags is empty, without test
"
    );
    let paths: Vec<&str> =
        explanation.decisive().iter().map(|reading| reading.clause.path()).collect();
    assert_eq!(paths, ["kind", "any[0].vip", "none[0].tags.contains"]);
}

/// Whoever hands over facts may be wrong about their type: no clause holds then, and it is told.
#[test]
fn a_value_of_another_type_fulfils_no_clause() {
    let facts = [("total", Value::Text("many"))];
    let least = condition("total = { at_least = 1 }");
    assert_eq!(answer(&least, Change::none(&facts)), "no: total is many, not at least 1");
}

#[test]
fn words_must_be_known() {
    refused(
        "knd = 'incident'",
        "knd: there is no field `knd`; write one of kind, needs, opened_at, priority, subject, tags, total, vip",
    );
    refused(
        "kind = 'incidnt'",
        "kind: there is no kind `incidnt`; write one of question, incident, problem",
    );
    refused(
        "priority = { at_most = 'hihg' }",
        "priority.at_most: there is no priority `hihg`; write one of low, medium, high, critical",
    );
    refused(
        "needs = { contains = 'repairs' }",
        "needs.contains: there is no needs `repairs`; write one of training, repair",
    );
    refused(
        "kind = { in = ['incident'] }",
        "unknown field `in`, expected one of `is`, `at_least`, `at_most`, `contains`, `matches`, `within`, `exists`, `changed`, `was`",
    );
    refused(
        "any = [{ none = [{ kind = { was = ['a', 'problem'] } }] }]",
        "any[0].none[0].kind.was[0]: there is no kind `a`; write one of question, incident, problem",
    );
}

#[test]
fn values_must_fit_their_field() {
    refused("total = '5'", "total: `5` is not a whole number; write one without quotes");
    refused("total = 5.5", "5.5 is not whole; write a whole number");
    refused("vip = 'yes'", "vip: `yes` is neither true nor false; write one, without quotes");
    refused("kind = 5", "kind: there is no kind `5`; write one of question, incident, problem");
    refused("subject = 5", "subject: `5` is not a text; put quotes around it");
    refused(
        "opened_at = 'monday'",
        "opened_at: `monday` is not a moment; write it in quotes as 2026-03-02T09:30:00Z",
    );
    refused("opened_at = 2026-03-02T09:30:00Z", "put quotes around this moment");
    refused("total = { at_least = [1] }", "this is a list; write one value");
    refused("total = { is = { at_least = 1 } }", "this is a table; write a value or a list");
    refused("total = { at_least = { is = 1 } }", "this is a table; write a value");
    refused("kind = { exists = 'yes' }", "invalid type: string \"yes\", expected a boolean");
    refused("any = { kind = 'problem' }", "invalid type: map, expected a sequence");
}

#[test]
fn questions_must_fit_their_field() {
    refused(
        "tags = 'vip'",
        "tags: `tags` is a list, and a list is no single value; write { contains = \"vip\" }",
    );
    refused(
        "kind = { at_least = 'question' }",
        "kind.at_least: `at_least` asks for an order, and `kind` has none; write the values that are meant",
    );
    refused(
        "total = { contains = '5' }",
        "total.contains: `contains` looks into a text or a list, and `total` is none; write the value that is meant",
    );
    refused(
        "subject = { contains = '' }",
        "subject.contains: this looks for nothing; write a word",
    );
    refused(
        "subject = { contains = 5 }",
        "subject.contains: `5` is not a text; put quotes around it",
    );
    refused(
        "kind = { was = { changed = true } }",
        "kind.was.changed: `was` looks at one state, in which nothing changes; move it out of `was`",
    );
    refused(
        "kind = { was = { was = 'problem' } }",
        "kind.was.was: there is one state before, and no other; remove it",
    );
}

#[test]
fn where_something_is_written_something_is_asked() {
    refused(
        "kind = {}",
        "kind: nothing is asked here; write a value, or one of is, at_least, at_most, contains, matches, within, exists, changed, was",
    );
    refused("kind = []", "kind: it can be none of no values; write some, or remove it");
    refused("any = []", "any: the list is empty; write a table into it, or remove it");
    refused(
        "any = [{ vip = true }, {}]",
        "any[1]: nothing is asked here; write a clause, or remove it",
    );
    refused("kind = ['problem', 'problem']", "kind[1]: `problem` is named twice; remove one");
    let twice = serde_json::from_str::<ConditionSpec>(r#"{ "vip": true, "vip": false }"#);
    assert!(twice.unwrap_err().to_string().starts_with("`vip` is written twice; remove one"));
}

#[test]
fn there_is_a_limit_to_everything() {
    let many = |part: &str, number: usize| vec![part; number].join(", ");
    let clauses = format!("any = [{}]", many("{ vip = true }", 65));
    refused(&clauses, "65 clauses are more than 64; keep the answer in a field, and ask for that");
    let deep = "any = [{ ".repeat(9) + "vip = true" + &" }]".repeat(9);
    let path = "any[0].".repeat(8) + "any";
    refused(&deep, &format!("{path}: this is more than 8 lists deep; write it flatter"));
    let values = (0..1_001).map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
    refused(
        &format!("total = [{values}]"),
        "total: 1001 values are more than 1000; keep the answer in a field, and ask for that",
    );
    let text = format!("subject = '{}'", "x".repeat(1_001));
    refused(&text, "subject: 1001 bytes are more than 1000; write a shorter text");
}

#[test]
fn what_can_never_hold_is_told_by_the_fewest_clauses_that_cannot() {
    refused(
        "vip = true\nkind = 'problem'\ntotal = { at_least = 5, at_most = 3 }",
        "total.at_most: this can never hold: total is at least 5 and total is at most 3; change or remove one of them",
    );
    refused(
        "kind = { exists = false }",
        "kind.exists: this can never hold: kind is empty; change or remove it",
    );
    refused(
        "kind = 'problem'\nany = [{ kind = 'question' }, { vip = true }]",
        "any[0].kind: this can never hold: kind is problem and kind is question; change or remove one of them",
    );
    refused(
        "kind = 'problem'\nany = [{ kind = 'question', vip = true }, { kind = 'incident', vip = false }]",
        "
any[0].kind: this can never hold: kind is problem and kind is question; change or remove one of them
any[1].kind: this can never hold: kind is problem and kind is incident; change or remove one of them",
    );
    refused(
        "kind = 'problem'\nnone = [{ kind = ['problem', 'incident'] }]",
        "none: this can never hold: kind is problem and `none`; change or remove one of them",
    );
    refused(
        "kind = { is = 'problem', changed = true, was = 'problem' }",
        "kind.was: this can never hold: kind is problem and kind changed and kind was problem; change or remove one of them",
    );
    refused(
        "none = [{ total = { at_least = 2, at_most = 1 } }]",
        "none[0].total.at_most: this can never hold: total is at least 2 and total is at most 1; change or remove one of them",
    );
    refused(
        "subject = 'vpn'\nall = [{ subject = { contains = 'printer' } }]",
        "all[0].subject.contains: this can never hold: subject is vpn and subject contains printer; change or remove one of them",
    );
}

#[test]
fn a_rule_behind_a_wider_one_is_seen() {
    for (narrow, wide) in [
        ("kind = 'problem'", ""),
        ("kind = 'problem'", "kind = ['problem', 'incident']"),
        ("kind = 'problem'", "none = [{ kind = 'question' }]"),
        ("priority = ['high']", "priority = { at_least = 'high' }"),
        ("total = { at_least = 7 }", "total = { at_least = 5 }"),
        ("total = { at_least = 7 }", "none = [{ total = 5 }]"),
        ("subject = { contains = 'printers' }", "subject = { contains = 'Printer' }"),
        ("tags = { contains = 'vip' }", "tags = { exists = true }"),
        ("vip = { was = true, changed = true }", "none = [{ vip = true }]"),
        ("opened_at = '2026-01-01T00:00:00Z'", "opened_at = { at_most = '2026-01-01T00:00:00Z' }"),
    ] {
        let (narrow, wide) = (condition(narrow), condition(wide));
        assert!(narrow.implies(&wide), "{narrow:?}");
        assert!(!wide.implies(&narrow), "{narrow:?}");
        assert!(narrow.may_hold_with(&wide));
    }
    assert!(condition("kind = { exists = true }").always_holds());
    assert!(!condition("total = { exists = true }").always_holds());
    assert!(!condition("kind = 'problem'").may_hold_with(&condition("kind = 'incident'")));
}

/// A rulebook is read while somebody waits: what is not refuted in a moment is let pass.
#[test]
fn what_takes_too_long_to_think_through_is_accepted() {
    let written = |few: i64| {
        let list = |from: i64| (from..from + few).map(|it| it.to_string()).collect::<Vec<_>>();
        let (now, before) = (list(0).join(", "), list(few).join(", "));
        format!("total = {{ is = [{now}], was = [{before}], changed = false }}")
    };
    refused(
        &written(3),
        "total.was: this can never hold: total is 0, 1 or 2 and total did not change and total was 3, 4 or 5; change or remove one of them",
    );
    condition(&written(1_000));
}
