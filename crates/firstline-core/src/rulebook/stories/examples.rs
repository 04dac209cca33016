//! Examples in a rulebook come out as they say, or it is refused.

use super::*;

const EXAMPLE: &str = r#"
[[examples]]
name = "An urgent mail on Monday morning"
opened = "2026-03-02T09:00:00+01:00"
ticket = { impact = "high", urgency = "high", channel = "mail" }
steps = [
    { at = "2026-03-02T09:10:00+01:00", do = { reply = { text = "We look into it." } } },
]
[examples.expect]
status = "open"
priority = "critical"
line = "L1"
clocks = { first_reply = "met", resolution = "none" }

[[examples]]
name = "Nobody looks at it"
opened = "2026-03-02T16:00:00+01:00"
until = "2026-03-09T12:01:00+01:00"
[examples.expect]
line = "L2"
clocks = { first_reply = "broken" }

[[examples]]
name = "It is due next Monday"
opened = "2026-03-02T16:00:00+01:00"
[examples.expect]
clocks = { first_reply = "2026-03-09T12:00:00+01:00" }
"#;

#[track_caller]
fn check(change: &str, into: &str, expected: &str) {
    assert!(EXAMPLE.contains(change));
    let text = format!("{GOOD}{}", EXAMPLE.replace(change, into));
    let told = Rulebook::from_toml(&text, "desk.toml").map(drop).map_err(|error| error.to_string());
    assert_eq!(told.err().unwrap_or_default(), expected);
}

#[test]
fn examples_that_come_out_as_they_say_are_accepted() {
    check("", "", "");
}

#[test]
fn an_example_that_comes_out_otherwise_is_told_with_what_came_out() {
    check(
        "resolution = \"none\"",
        "resolution = \"paused\"",
        "desk.toml:38: examples[0].expect.clocks.resolution: it comes out as none; mend the example, or the rule",
    );
    check(
        "line = \"L2\"",
        "line = \"L1\"",
        "desk.toml:45: examples[1].expect.line: it comes out as L2; mend the example, or the rule",
    );
    check(
        "2026-03-09T12:00:00+01:00\" }",
        "2026-03-09T13:00:00+01:00\" }",
        "desk.toml:52: examples[2].expect.clocks.first_reply: it comes out as 2026-03-09T11:00:00Z; mend the example, or the rule",
    );
}

#[test]
fn an_example_that_cannot_be_told_is_refused_at_its_place() {
    check(
        "channel = \"mail\"",
        "channel = \"owl\"",
        "desk.toml:30: examples[0].ticket.channel: unknown variant `owl`, expected one of `mail`, `chat`, `phone`, `portal`, `social`, `monitoring`, `remote_session`, `on_site`, `api`",
    );
    check(
        "at = \"2026-03-02T09:10:00+01:00\"",
        "at = \"2026-03-02T08:10:00+01:00\"",
        "desk.toml:32: examples[0].steps[0]: it comes before what stands above it; write the earlier one first",
    );
    check(
        "{ reply = { text = \"We look into it.\" } }",
        "{ reply = { text = \"\" } }",
        "desk.toml:32: examples[0].steps[0]: text is empty; mend the example, or the rule",
    );
    check(
        "clocks = { first_reply = \"broken\" }",
        "clocks = { \"first reply\" = \"broken\" }",
        "desk.toml:46: examples[1].expect.clocks.first reply: there is no clock `first reply`; write such as first_reply, ola.line_time or @name",
    );
    check(
        "Nobody looks at it",
        "It is due next Monday",
        "desk.toml:49: examples[2].name: there are two examples `It is due next Monday`; rename one",
    );
}

#[test]
fn an_example_can_expect_a_name_of_a_status_an_agent_and_fields() {
    let more = |expect: &str| {
        format!(
            "{GOOD}[fields.site]\nkind = \"choice\"\nchoices = [\"berlin\", \"kazan\"]\n[[forms]]\nname = \"all\"\nfields = [{{ field = \"site\" }}]\n[[rules]]\nname = \"kazan\"\non = \"opened\"\ndo = [{{ set = {{ site = \"kazan\" }} }}, {{ assign = 7 }}, {{ kind = \"incident\" }}, {{ urgency = \"high\" }}]\n[[examples]]\nname = \"one\"\nopened = \"2026-03-02T09:00:00+01:00\"\n[examples.expect]\n{expect}\n"
        )
    };
    let told = |expect: &str| {
        let read = Rulebook::from_toml(&more(expect), "desk.toml").map(drop);
        let told = read.map_err(|error| error.to_string()).err().unwrap_or_default();
        told.split_once(": ").map(|(_, told)| told.to_owned()).unwrap_or_default()
    };
    let right =
        "state = \"open\"\nassignee = 7\npriority = \"high\"\nfields = { site = \"kazan\" }";
    assert_eq!(told(right), "");
    let mend = "mend the example, or the rule";
    assert_eq!(
        told("state = \"pending\""),
        format!("examples[0].expect.state: it comes out as open; {mend}")
    );
    assert_eq!(
        told("assignee = \"nobody\""),
        format!("examples[0].expect.assignee: it comes out as agent 7; {mend}")
    );
    assert_eq!(
        told("fields = { site = \"berlin\" }"),
        format!("examples[0].expect.fields.site: it comes out as kazan; {mend}")
    );
}
