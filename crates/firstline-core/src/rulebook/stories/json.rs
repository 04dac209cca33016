//! The same document in JSON.

use super::*;

const IN_JSON: &str = r#"{
  "name": "Northwind support",
  "lines": [
    { "id": "L1" },
    { "id": "L2" }
  ],
  "policies": [
    {
      "name": "standard",
      "calendar": "always",
      "targets": {
        "first_reply": {
          "within": "4h",
          "ladder": [{ "at_due": true, "hand_over": "next" }]
        }
      }
    }
  ]
}"#;

#[track_caller]
fn check(change: &str, into: &str, expected: &str) {
    let found = Rulebook::from_json(&IN_JSON.replace(change, into), "desk.json");
    let told = found.map(drop).map_err(|error| error.to_string());
    assert_eq!(told.err().unwrap_or_default(), expected);
}

#[test]
fn a_rulebook_in_json_says_the_same() {
    check("", "", "");
    let rulebook = Rulebook::from_json(IN_JSON, "desk.json").unwrap();
    assert_eq!(rulebook.lines().len(), 2);
    let mut other = Rulebook::from_toml(GOOD, "desk.toml").unwrap().with_version(2);
    other.recall(&RulebookAdopted { version: 1, source: IN_JSON.into() }).unwrap();
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    check(
        "\"calendar\": \"always\"",
        "\"calendar\": \"office\"",
        "desk.json:10: policies[0].calendar: there is no calendar `office`; write one of always",
    );
    check(
        "{ \"id\": \"L2\" }",
        "{ \"id\": \"L1\" }",
        "desk.json:5: lines[1].id: there are two lines `L1`; rename one",
    );
    check(
        "\"at_due\"",
        "\"at_dew\"",
        "desk.json:14: policies[0].targets.first_reply.ladder[0].at_dew: unknown field `at_dew`, expected one of `before_due`, `at_due`, `after_due`, `hours`, `notify`, `raise_priority`, `hand_over`, `page`, `escalate`",
    );
    check(
        "\"lines\": [",
        "\"lines\": ",
        "desk.json:4: lines: invalid type: map, expected a sequence",
    );
}

#[test]
fn one_notation_is_not_taken_for_the_other() {
    let error = Rulebook::from_toml(IN_JSON, "desk.json").unwrap_err();
    assert_eq!(error.to_string(), "desk.json:1: TOML does not begin with a brace; is this JSON?");
    let error = Rulebook::from_json(GOOD, "desk.toml").unwrap_err();
    assert_eq!(error.to_string(), "desk.toml:1: JSON begins with a brace; is this TOML?");
}

/// The parser of JSON would take the last one, and nobody would hear of the other.
#[test]
fn a_key_that_stands_twice_in_a_table_is_refused_with_its_path() {
    check(
        "\"targets\": {",
        "\"targets\": { \"first_reply\": { \"within\": \"1h\" },",
        "desk.json:12: policies[0].targets.first_reply: it is written twice in the same table; keep one of them",
    );
    check(
        "\"name\": \"Northwind support\",",
        "\"name\": \"Northwind support\", \"calendars\": { \"office\": { \"time_zone\": \"UTC\", \"weekly\": { \"mon\": [\"09:00-17:00\"], \"mon\": [\"09:00-12:00\"] } }, \"office\": {} }, \"fields\": { \"a\": { \"kind\": \"bool\" }, \"a\": {} }, \"priorities\": { \"high\": { \"low\": \"low\", \"low\": \"high\" } },",
        "desk.json:2: calendars.office.weekly.mon: it is written twice in the same table; keep one of them
desk.json:2: calendars.office: it is written twice in the same table; keep one of them
desk.json:2: fields.a: it is written twice in the same table; keep one of them
desk.json:2: priorities.high.low: it is written twice in the same table; keep one of them",
    );
    let other = ("more.json", "{ \"views\": [], \"views\": [] }");
    let refused = Rulebook::from_documents(&[("desk.json", IN_JSON), other]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "more.json:1: views: it is written twice in the same table; keep one of them"
    );
}
