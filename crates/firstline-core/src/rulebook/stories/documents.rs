//! A rulebook in several documents, and how much each finding matters.

use super::*;
use crate::Severity;

const DESK: (&str, &str) = ("desk.toml", "name = \"Northwind\"\n[[lines]]\nid = \"L1\"\n");

const NIGHT: (&str, &str) = (
    "night.json",
    r#"{
  "lines": [{ "id": "L2" }],
  "calendars": { "night": { "time_zone": "UTC", "weekly": { "mon-sun": ["20:00-24:00"] } } },
  "rules": [
    { "name": "all", "do": [{ "tag": "night" }] }
  ]
}"#,
);

#[track_caller]
fn refused(documents: &[(&str, &str)], expected: &str) {
    let found = Rulebook::from_documents(documents).expect_err("it was accepted").to_string();
    assert_eq!(found, expected.trim());
}

#[test]
fn lists_are_joined_in_order_and_tables_entry_by_entry() {
    let rules = (
        "rules.toml",
        "[[rules]]\nname = \"late\"\nafter = \"1h\"\ncalendar = \"night\"\ndo = [{ hand_over = \"L2\" }]\n",
    );
    let rulebook = Rulebook::from_documents(&[DESK, NIGHT, rules]).unwrap();
    let lines: Vec<&str> = rulebook.lines().iter().map(|line| line.id.as_str()).collect();
    assert_eq!(lines, ["L1", "L2"]);
    let names: Vec<&str> = rulebook.rules().map(|name| name.as_str()).collect();
    assert_eq!(names, ["all", "late"]);
}

#[test]
fn a_journal_keeps_all_documents_in_one_text_that_says_the_same() {
    let written = Rulebook::from_documents(&[DESK, NIGHT]).unwrap();
    let read = Rulebook::from_json(written.source(), "kept").unwrap();
    assert_eq!(read.lines(), written.lines());
    assert_eq!(read.source(), written.source());
    let mut other = Rulebook::from_toml(DESK.1, DESK.0).unwrap().with_version(2);
    let source = written.source().to_owned();
    other.recall(&RulebookAdopted { version: 1, source }).unwrap();
    assert!(other.calendar(&Pin::new(1, "any", "night")).is_some());
}

#[test]
fn what_is_wrong_is_told_with_the_document_its_line_and_the_path_there() {
    let rules = (
        "rules.toml",
        "\n[[rules]]\nname = \"a\"\ndo = [{ hand_over = \"L3\" }]\n[[rules]]\nname = \"all\"\nwhen = { kindd = \"task\" }\ndo = []\n[calendars.day]\ntime_zone = \"Mars\"\n",
    );
    let found = Rulebook::from_documents(&[DESK, NIGHT, rules]).unwrap_err().to_string();
    let told: Vec<&str> =
        found.lines().map(|line| line.split(": there is no field").next().unwrap()).collect();
    assert_eq!(
        told,
        [
            "rules.toml:4: rules[0].do[0].hand_over: there is no line `L3`; write next or L1, L2",
            "rules.toml:6: rules[1].name: there are two rules `all`; rename one",
            "rules.toml:7: rules[1].when.kindd",
            "rules.toml:8: rules[1].do: it does nothing; write what it is to do",
            "rules.toml:10: calendars.day.time_zone: `Mars` is not a time zone; write an IANA name such as Europe/Berlin",
        ]
    );
}

#[test]
fn what_can_stand_once_stands_in_one_document() {
    let again = (
        "again.toml",
        "name = \"Southwind\"\n[calendars.night]\ntime_zone = \"UTC\"\nweekly = { mon = [\"09:00-17:00\"] }\n",
    );
    refused(
        &[DESK, NIGHT, again],
        "
again.toml:1: name: it is written in desk.toml as well; keep one of them
again.toml:2: calendars.night: it is written in night.json as well; keep one of them
",
    );
    refused(&[DESK, DESK], "desk.toml:1: there are two documents `desk.toml`; rename one");
}

#[test]
fn what_cannot_be_read_is_told_of_each_document() {
    refused(
        &[DESK, ("a.toml", "\n= 5"), ("b.json", "{ \"rules\": [ }")],
        "
a.toml:2: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`
b.json:1: expected value
",
    );
    refused(
        &[DESK, ("a.toml", "[[rules]]\nname = \"a\"\n\ndoo = []\n")],
        "a.toml:4: rules[0].doo: unknown field `doo`, expected one of `name`, `on`, `when`, `after`, `calendar`, `do`, `stop`",
    );
    refused(
        &[("a.toml", "lines = []"), ("b.toml", "")],
        "a.toml:1: missing field `name`; write it",
    );
}

#[test]
fn examples_are_played_when_all_documents_are_read() {
    let example = (
        "examples.toml",
        "[[examples]]\nname = \"e\"\nopened = \"2026-03-02T09:00:00Z\"\nexpect = { line = \"L2\" }\n",
    );
    refused(
        &[DESK, NIGHT, example],
        "examples.toml:4: examples[0].expect.line: it comes out as L1; mend the example, or the rule",
    );
}

#[test]
fn there_are_not_too_many_documents_and_not_too_large_ones() {
    refused(&[], ":1: 0 documents are no rulebook; write 1 to 100");
    let many: Vec<String> = (0..=MAX_DOCUMENTS).map(|index| format!("{index}.toml")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    refused(&many, "0.toml:1: 101 documents are no rulebook; write 1 to 100");
    let half = "#".repeat(MAX_RULEBOOK_BYTES / 2 + 1);
    refused(
        &[("a.toml", &half), ("b.toml", &half)],
        "a.toml:1: 4194306 bytes are more than 4194304; is this a rulebook?",
    );
}

#[test]
fn what_is_no_error_is_told_with_how_much_it_matters_and_the_rulebook_is_accepted() {
    let more = "
[fields.a]
kind = \"bool\"
[fields.b]
kind = \"bool\"
[[forms]]
name = \"f\"
fields = [{ field = \"a\" }]
[rosters.duty]
shifts = [{ name = \"day\", calendar = \"office\", members = [1] }]
";
    let now = "2026-03-02T10:00:00Z".parse().unwrap();
    let rulebook = Rulebook::from_toml(&format!("{GOOD}{more}"), "desk.toml");
    let Ok(rulebook) = rulebook else {
        panic!("{}", rulebook.unwrap_err());
    };
    let told: Vec<String> = rulebook.remarks(now).iter().map(ToString::to_string).collect();
    assert_eq!(
        told[0],
        "desk.toml:29: warning: fields.b: it is on no form: nobody can set it; write it on one, or remove it"
    );
    assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Remark);
    assert_eq!(told[1], "desk.toml:34: remark: rosters.duty: nobody is paged by this roster");
    // A rulebook that is refused tells them beside the errors.
    let wrong = format!("{GOOD}{more}").replace("id = \"L2\"", "id = \"L1\"");
    let found = Rulebook::from_toml(&wrong, "desk.toml").unwrap_err();
    let severities: Vec<Severity> = found.findings.iter().map(|it| it.severity).collect();
    assert!(severities.contains(&Severity::Warning) && severities.contains(&Severity::Error));
}
