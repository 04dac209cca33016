//! Why a rule fired or not, told afterwards.

use super::super::script::{moment, parse, rules_with};
use crate::*;

const RULES: &str = r#"
[[rules]]
name = "vips"
on = ["opened"]
when = { impact = "high", kind = ["incident", "question"] }
do = [{ priority = "critical" }]
stop = true
[[rules]]
name = "all"
on = ["opened", "tagged"]
when = { priority = { at_most = "low" } }
do = [{ tag = "slow" }, { status = "closed" }]
[[rules]]
name = "remind"
when = { status = "pending" }
after = "16h"
do = [{ note = "Still pending." }]
[[macros]]
name = "ask"
when = { status = "open" }
do = [{ note = "asked" }]
"#;

/// Carries out the last line of a script and asks why.
#[track_caller]
fn asked(rule: &str, script: &str, expected: &str) {
    let rules = rules_with(RULES);
    let (mut before, mut ticket, mut events, mut now) = (None, None, Vec::new(), Timestamp::MIN);
    for line in script.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        now = moment(words[0], words[1]);
        let (by, action) = parse(&words[2..]);
        before = ticket;
        let turn = carry_out(before.clone(), &action, by, &rules, now).unwrap();
        (ticket, events) = (Some(turn.ticket), turn.events);
    }
    let told = match why_not(&rules, rule, before.as_ref(), &events, now) {
        Ok(why) => format!("{why:#}"),
        Err(error) => error.to_string(),
    };
    let lines = |text: &str| {
        text.lines().map(str::trim_end).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines(&told), lines(expected), "\n{told}");
}

#[test]
fn a_rule_tells_each_of_its_clauses() {
    asked(
        "vips",
        "mon 09:00 customer opens low low",
        "`vips` did not fire at 2026-03-02T09:00:00Z
no   all of
no     impact is low, not high
yes    kind is question
",
    );
    asked(
        "vips",
        "mon 09:00 customer opens high low",
        "`vips` fired at 2026-03-02T09:00:00Z
yes  all of
yes    impact is high
yes    kind is question
",
    );
}

#[test]
fn a_rule_tells_what_it_waited_for_and_what_stood_above_it() {
    asked(
        "vips",
        "mon 09:00 customer opens high low\nmon 10:00 agent notes",
        "`vips` waits for opened, and noted happened at 2026-03-02T10:00:00Z
yes  all of
yes    impact is high
yes    kind is question
",
    );
    asked(
        "all",
        "mon 09:00 customer opens high low",
        "`all` was not tried at 2026-03-02T09:00:00Z, because `vips` above it applied and stops
no   priority is critical, not at most low
",
    );
}

/// What ends the list without having done anything leaves no trace of its own.
#[test]
fn a_rule_that_only_stops_is_named_by_those_below_it() {
    let above =
        "[[rules]]\nname = \"leave the loud alone\"\nwhen = { urgency = \"high\" }\nstop = true\n";
    let below = "[[rules]]\nname = \"rated\"\non = \"rated\"\ndo = [{ note = \"Rated.\" }]\n";
    let rules = rules_with(&format!("{above}{RULES}{below}"));
    let told = |rule: &str, script: &str| {
        let (by, action) = parse(&script.split_whitespace().collect::<Vec<_>>());
        let now = moment("mon", "09:00");
        let turn = carry_out(None, &action, by, &rules, now).unwrap();
        why_not(&rules, rule, None, &turn.events, now).unwrap().to_string()
    };
    assert_eq!(
        told("vips", "customer opens high high"),
        "`vips` was not tried at 2026-03-02T09:00:00Z, because `leave the loud alone` above it applied \
         and stops: impact is high; kind is question"
    );
    assert!(told("vips", "customer opens high low").starts_with("`vips` fired"));
    assert!(told("all", "customer opens low low").starts_with("`all` fired"));
    assert!(told("rated", "customer opens high high").starts_with("`rated` waits for rated"));
}

#[test]
fn a_rule_that_could_not_do_what_it_says_tells_that() {
    asked(
        "all",
        "mon 09:00 customer opens low low",
        "`all` fired at 2026-03-02T09:00:00Z
yes  priority is low, at most low
; left out, become closed: a ticket that is new cannot become closed; it can become open, pending, on_hold, resolved
",
    );
}

#[test]
fn a_timed_rule_tells_when_it_fires_and_a_macro_whether_it_can_be_applied() {
    let pending = "mon 09:00 customer opens\nmon 10:00 agent pending";
    asked("remind", pending, "`remind` fires at 2026-03-03T02:00:00Z\nyes  status is pending\n");
    asked(
        "remind",
        &format!("{pending}\ntue 10:00 wake"),
        "`remind` has fired, and will again when the state comes back\nyes  status is pending\n",
    );
    asked(
        "remind",
        "mon 09:00 customer opens",
        "`remind` waits for a state that is not there\nno   status is new, not pending\n",
    );
    asked(
        "remind",
        &format!("{pending}\nmon 11:00 agent resolved\nmon 12:00 agent closed"),
        "`remind` does not fire, because the ticket is closed\nno   status is closed, not pending\n",
    );
    asked("ask", pending, "`ask` is for other tickets\nno   status is pending, not open\n");
    asked("vip", pending, "the rulebook has no rule or macro `vip`; it has vips, all, remind, ask");
}
