//! What is wrong with rules and macros, each told with its place and its mend.

use super::*;

/// Adds rules to the good rulebook and compares what is found; each line without the file's name.
#[track_caller]
fn refused(rules: &str, expected: &str) {
    let found = Rulebook::from_toml(&format!("{GOOD}{rules}"), "desk.toml");
    let found = found.expect_err("it was accepted").to_string();
    let told: Vec<&str> = found.lines().map(|line| line.split_once(": ").unwrap().1).collect();
    assert_eq!(told.join("\n"), expected.trim());
}

/// The same for what one rule does.
#[track_caller]
fn cannot(deed: &str, expected: &str) {
    refused(&format!("[[rules]]\nname = \"a\"\ndo = [{deed}]\n"), expected);
}

#[test]
fn rules_and_macros_are_accepted_that_say_all_there_is() {
    let rules = r#"
[[rules]]
name = "first"
on = ["opened", "customer_replied"]
when = { text = { matches = "(?i)refund" }, none = [{ tag = { contains = "money" } }] }
do = [
    { priority = "high" }, { tag = ["money"], untag = "new" }, { assign = 7 }, { assign = "nobody" },
    { hand_over = "L1", team = "desk" }, { hand_over = "next" }, { status = "on_hold", hold = "vendor" },
    { message = "Hello" }, { note = "{{ ticket.subject }}" }, { notify = "assignee", text = "Look" },
    { webhook = "https://example.org/in", body = "{{ ticket.kind }}" }, { guide = "refunds" },
    { seek_duplicate = true },
]
stop = true
[[rules]]
name = "second"
when = { status = "pending" }
after = "24h"
calendar = "office"
do = [{ priority = "next" }]
[[macros]]
name = "third"
do = [{ status = "resolved" }]
"#;
    let rulebook = Rulebook::from_toml(&format!("{GOOD}{rules}"), "desk.toml").unwrap();
    let names: Vec<&str> = rulebook.rules().map(|name| name.as_str()).collect();
    assert_eq!(names, ["first", "second", "third"]);
}

#[test]
fn a_state_is_asked_for_by_a_name_that_a_lifecycle_has() {
    let of_a_shop = r#"
[lifecycles.shop]
lines = ["L2"]
statuses = [
    { id = "received", category = "new" }, { id = "bench", category = "open" },
    { id = "ready", category = "resolved" }, { id = "gone", category = "closed" },
]
transitions = [
    { from = "received", to = "bench" }, { from = "bench", to = "ready" }, { from = "ready", to = "gone" },
]
from.default = { new = "received", open = "bench", pending = "bench", on_hold = "bench", resolved = "ready" }
"#;
    let known =
        "write one of bench, closed, gone, new, on_hold, open, pending, ready, received, resolved";
    refused(
        &format!(
            r#"{of_a_shop}
[[rules]]
name = "a"
when = {{ state = {{ is = ["bench", "ww"], was = "benhc" }} }}
do = [{{ tag = "x" }}]
[[rules]]
name = "b"
when = {{ none = [{{ any = [{{ state = "readdy" }}, {{ state = "open" }}] }}] }}
after = "1h"
do = [{{ tag = "x" }}]
[[macros]]
name = "c"
when = {{ state = "Gone" }}
do = [{{ tag = "x" }}]
"#
        ),
        &format!(
            "
rules[0].when.state.is[1]: no lifecycle has a status `ww`; {known}
rules[0].when.state.was: no lifecycle has a status `benhc`; {known}
rules[1].when.none[0].any[0].state: no lifecycle has a status `readdy`; {known}
macros[0].when.state: no lifecycle has a status `Gone`; {known}
"
        ),
    );
}

#[test]
fn each_has_a_name_of_its_own_and_something_to_do() {
    refused(
        "[[rules]]\nname = \" \"\n[[rules]]\nname = \"a\"\ndo = [{ tag = \"x\" }]\n[[macros]]\nname = \"a\"\ndo = [{ tag = \"x\" }]\n",
        "
rules[0].do: it does nothing; write what it is to do
rules[0].name: name is empty; write what it is for, in a few words
macros[0].name: one of the rules has the name `a` as well; rename one
",
    );
    // What only ends the list does something, and a timed rule ends none.
    let guard = "[[rules]]\nname = \"guard\"\nwhen = { kind = \"task\" }\nstop = true\n";
    assert!(Rulebook::from_toml(&format!("{GOOD}{guard}"), "desk.toml").is_ok());
    refused(
        &format!("{guard}after = \"1h\"\n"),
        "
rules[0].do: it does nothing; write what it is to do
rules[0].stop: a timed rule fires at its time, whatever happens and beside others; remove it, or remove `after`
",
    );
}

#[test]
fn a_clause_that_asks_what_there_is_no_word_for_is_told_by_its_key() {
    let operators =
        "`is`, `at_least`, `at_most`, `contains`, `matches`, `within`, `exists`, `changed`, `was`";
    refused(
        "[[rules]]\nname = \"a\"\nwhen = { kind = { in = [\"task\"] } }\ndo = [{ tag = \"x\" }]\n",
        &format!("rules[0].when.kind.in: unknown field `in`, expected one of {operators}"),
    );
}

#[test]
fn a_rule_waits_for_something_that_can_happen() {
    refused(
        "[[rules]]\nname = \"a\"\non = [\"opened\", \"close\", \"opened\"]\ndo = [{ tag = \"x\" }]\n[[rules]]\nname = \"b\"\non = []\ndo = [{ tag = \"x\" }]\n",
        "
rules[0].on[1]: there is no event `close`; write one of opened, customer_replied, agent_replied, machine_replied, noted, status_changed, assigned, held, handed_over, classified, tagged, fields_set, warned, breached, escalated, page_unanswered, promised, snoozed, woke, relative_moved, took_in, approval_asked, approved, rejected, rated, checklist_changed, checklist_done, work_logged, work_charged, other
rules[0].on[2]: `opened` is named twice; remove one
rules[1].on: it waits for nothing; write a word, or remove it
",
    );
    refused(
        "[[rules]]\nname = \"a\"\nwhen = { status = \"open\", kind = { is = \"task\", was = \"tusk\" } }\ndo = [{ tag = \"x\" }]\n",
        "rules[0].when.kind.was: there is no kind `tusk`; write one of question, incident, problem, service_request, complaint, task",
    );
    refused(
        "[[rules]]\nname = \"a\"\nwhen = { status = \"open\", none = [{ status = [\"new\", \"open\"] }] }\ndo = [{ tag = \"x\" }]\n",
        "rules[0].when.none: this can never hold: status is open and `none`; change or remove one of them",
    );
}

#[test]
fn a_timed_rule_waits_in_a_state_for_a_time_on_a_calendar() {
    refused(
        "[[rules]]\nname = \"a\"\nafter = \"10s\"\ncalendar = \"ofice\"\non = [\"opened\"]\nstop = true\nwhen = { status = { changed = true } }\ndo = [{ tag = \"x\" }]\n",
        "
rules[0].after: 10s is no time for a rule to wait; write 1m to 100000h
rules[0].calendar: there is no calendar `ofice`; write one of always, office
rules[0].on: a timed rule fires at its time, whatever happens and beside others; remove it, or remove `after`
rules[0].stop: a timed rule fires at its time, whatever happens and beside others; remove it, or remove `after`
rules[0].when: a timed rule waits in a state, and this asks for a moment; leave out `was`, `changed` and `within`
",
    );
    refused(
        "[[rules]]\nname = \"a\"\ncalendar = \"office\"\ndo = [{ tag = \"x\" }]\n",
        "rules[0].calendar: a rule that waits for no time needs no calendar; write `after`, or remove it",
    );
    refused(
        "[[rules]]\nname = \"a\"\nafter = \"1h\"\nwhen = { text = { contains = \"x\" } }\ndo = [{ tag = \"x\" }]\n",
        "rules[0].when.text: there is no field `text`; write one of answered, approved, assigned, assignee, channel, checked, contract, discipline, due, equipment, handed_over, hold, impact, kind, known_error, language, line, messages, need, open_children, opened_at, organization, overdue, priority, rating, reopened, requester, resolved_at, solved_by, state, status, subject, tag, team, tier, unanswered_since, urgency",
    );
}

#[test]
fn what_a_rule_does_is_one_thing_that_can_be_done() {
    for (deed, expected) in [
        (
            "{}",
            "rules[0].do[0]: nothing is said to do; write each into a table of its own: one of status, move, priority, impact, kind, tag, set, assign, hand_over, message, note, notify, webhook, guide, seek_duplicate, route",
        ),
        (
            "{ tag = \"x\", status = \"open\" }",
            "rules[0].do[0]: status, tag are several things; write each into a table of its own: one of status, move, priority, impact, kind, tag, set, assign, hand_over, message, note, notify, webhook, guide, seek_duplicate, route",
        ),
        (
            "{ tag = \"x\", hold = \"vendor\" }",
            "rules[0].do[0].hold: `hold` belongs to `status`, not to `tag`; remove it",
        ),
        (
            "{ status = \"opened\" }",
            "rules[0].do[0].status: there is no status `opened`; write one of new, open, pending, on_hold, resolved, closed",
        ),
        (
            "{ status = \"new\" }",
            "rules[0].do[0].status: no ticket becomes new again; write `open`",
        ),
        (
            "{ status = \"on_hold\" }",
            "rules[0].do[0]: it is not said what is waited for; write `hold` with one of vendor, change, problem, evidence, third_party, approval",
        ),
        (
            "{ status = \"open\", hold = \"vendor\" }",
            "rules[0].do[0].hold: what is waited for is said only with `on_hold`; remove it",
        ),
        (
            "{ priority = \"urgent\" }",
            "rules[0].do[0].priority: there is no priority `urgent`; write one of low, medium, high, critical",
        ),
        (
            "{ assign = \"Bob\" }",
            "rules[0].do[0].assign: `Bob` is nobody's number; write the number of an agent, or \"nobody\"",
        ),
        ("{ assign = -1 }", "rules[0].do[0].assign: agents are numbered from 1"),
        (
            "{ hand_over = \"L9\" }",
            "rules[0].do[0].hand_over: there is no line `L9`; write next or L1, L2",
        ),
        (
            "{ hand_over = \"L1\", team = \"night\" }",
            "rules[0].do[0].team: line `L1` has no team `night`; write one of desk",
        ),
        (
            "{ hand_over = \"next\", team = \"desk\" }",
            "rules[0].do[0].team: a team belongs to a line that is named; name the line",
        ),
        (
            "{ notify = \"boss\" }",
            "rules[0].do[0].notify: there is no role `boss`; write one of requester, assignee, line",
        ),
        (
            "{ webhook = \"ftp://example.org\" }",
            "rules[0].do[0].webhook: `ftp://example.org` is no address on the web; write one that begins with https://",
        ),
        (
            "{ kind = \"wish\" }",
            "rules[0].do[0].kind: there is no kind `wish`; write one of question, incident, problem, service_request, complaint, task",
        ),
        (
            "{ urgency = \"now\" }",
            "rules[0].do[0].urgency: there is no urgency `now`; write one of low, medium, high",
        ),
        ("{ tag = [\"a\", \"a\"] }", "rules[0].do[0].tag: a label is named twice; remove one"),
        ("{ tag = [\"vip\", \"VIP\"] }", "rules[0].do[0].tag: a label is named twice; remove one"),
        (
            "{ guide = \"\" }",
            "rules[0].do[0].guide: the name of the guide is empty; write its name",
        ),
        ("{ message = \"\" }", "rules[0].do[0].message: the text is empty; write one"),
        (
            "{ message = \"{{ ticket.color }}\" }",
            "rules[0].do[0].message: there is no `ticket.color`; write one of desk, rule, ticket.assignee, ticket.assignee_id, ticket.channel, ticket.due, ticket.due_at, ticket.equipment, ticket.equipment_id, ticket.kind, ticket.language, ticket.line, ticket.message, ticket.number, ticket.opened, ticket.opened_at, ticket.organization, ticket.organization_id, ticket.priority, ticket.rating, ticket.requester, ticket.requester_id, ticket.state, ticket.status, ticket.status_label, ticket.subject, ticket.tags, ticket.team",
        ),
        (
            "{ message = \"{{ desk * 1000000 }}\" }",
            "rules[0].do[0].message: a template does not compute, and here is `*`; write the words themselves, and choose with `if`",
        ),
    ] {
        cannot(deed, expected);
    }
    refused(
        "[[macros]]\nname = \"a\"\nwhen = { status = { was = \"open\" } }\ndo = [{ tag = \"x\" }]\n",
        "macros[0].when: a macro is applied to what a ticket is, not to what has changed; leave out `was` and `changed`",
    );
}

#[test]
fn a_rule_behind_one_that_stops_for_all_its_tickets_never_fires() {
    let rules = |between: &str| {
        format!(
            "[[rules]]\nname = \"all\"\non = [\"opened\", \"tagged\"]\nwhen = {{ kind = [\"task\", \"incident\"] }}\ndo = [{{ tag = \"x\" }}]\nstop = true\n{between}[[rules]]\nname = \"some\"\non = \"opened\"\nwhen = {{ kind = \"task\", priority = \"high\" }}\ndo = [{{ tag = \"y\" }}]\n"
        )
    };
    refused(
        &rules(""),
        "rules[1]: it never fires: `all` above it applies to every such ticket, and stops; move it up, or give the other one a narrower `when`",
    );
    let harmless = "[[rules]]\nname = \"tell\"\ndo = [{ notify = \"line\" }]\n";
    refused(
        &rules(harmless),
        "rules[2]: it never fires: `all` above it applies to every such ticket, and stops; move it up, or give the other one a narrower `when`",
    );
    // What changes the ticket in between may make the one below apply after all.
    let changing = "[[rules]]\nname = \"raise\"\ndo = [{ priority = \"next\" }]\n";
    Rulebook::from_toml(&format!("{GOOD}{}", rules(changing)), "desk.toml").unwrap();
}

#[test]
fn there_is_a_limit_to_everything() {
    let many = |count: usize| -> String {
        (0..count)
            .map(|it| format!("[[rules]]\nname = \"{it}\"\ndo = [{{ tag = \"x\" }}]\n"))
            .collect()
    };
    refused(
        &many(10_000),
        "rules: 10000 rules are more than 1000; join some, or keep what differs in a field",
    );
    Rulebook::from_toml(&format!("{GOOD}{}", many(1_000)), "desk.toml").unwrap();
    let clauses = "{ tag = { contains = \"x\" } }, ".repeat(10_000);
    refused(
        &format!(
            "[[rules]]\nname = \"a\"\nwhen = {{ any = [{clauses}] }}\ndo = [{{ tag = \"x\" }}]\n"
        ),
        "rules[0].when: 10000 clauses are more than 64; keep the answer in a field, and ask for that",
    );
    let deep = format!("{}kind = \"task\"{}", "any = [{ ".repeat(10), " }]".repeat(10));
    refused(
        &format!("[[rules]]\nname = \"a\"\nwhen = {{ {deep} }}\ndo = [{{ tag = \"x\" }}]\n"),
        "rules[0].when.any[0].any[0].any[0].any[0].any[0].any[0].any[0].any[0].any: this is more than 8 lists deep; write it flatter",
    );
    let deeds = "{ tag = \"x\" }, ".repeat(21);
    refused(
        &format!("[[rules]]\nname = \"a\"\ndo = [{deeds}]\n"),
        "rules[0].do: 21 things are more than 20; write several rules",
    );
}

/// Ten thousand mistakes are told as soon as two, and not all of them.
#[test]
fn a_rulebook_of_mistakes_is_refused_while_somebody_waits() {
    let wrong: String = (0..1_000)
        .map(|it| format!("[[rules]]\nname = \"{it}\"\non = [\"a\", \"b\", \"c\"]\ndo = [{{}}]\n"))
        .collect();
    let found = Rulebook::from_toml(&format!("{GOOD}{wrong}"), "desk.toml").unwrap_err();
    assert_eq!(found.findings.len(), 200);
}

#[test]
fn a_rule_that_waits_for_what_never_happens_is_refused() {
    let desk = "name = \"Desk\"\n[[lines]]\nid = \"L1\"\n";
    let rule = |on: &str| format!("[[rules]]\nname = \"a\"\non = {on}\ndo = [{{ tag = \"x\" }}]\n");
    let told = |text: String| {
        let read = Rulebook::from_toml(&text, "desk.toml");
        read.map(drop).map_err(|error| error.to_string()).err().unwrap_or_default()
    };
    for (on, expected) in [
        (
            "\"page_unanswered\"",
            "no ladder pages anybody; write `page` in a step of a ladder, or remove the rule",
        ),
        (
            "\"escalated\"",
            "no ladder escalates from a line that has a manager; write `escalate` in a step of a ladder and `manager` in a line, or remove the rule",
        ),
        ("\"warned\"", "no promise warns; write `warn_at` in a target, or remove the rule"),
        (
            "\"held\"",
            "nobody is looked for, so nothing is held; write `automatic` in [routing], or `route` in a rule",
        ),
        ("\"fields_set\"", "the desk has no fields of its own; write [fields], or remove the rule"),
        (
            "\"handed_over\"",
            "there is nobody else to hand a ticket over to; write another line or a team, or remove the rule",
        ),
    ] {
        let expected = format!("desk.toml:6: rules[0].on: it never fires: {expected}");
        assert_eq!(told(format!("{desk}{}", rule(on))), expected);
    }
    // Agents can promise something on every desk, and break it.
    assert_eq!(told(format!("{desk}{}", rule("[\"breached\", \"held\"]"))), "");
    assert_eq!(told(format!("{desk}[routing]\nautomatic = true\n{}", rule("\"held\""))), "");
}

#[test]
fn a_rule_that_asks_what_no_ticket_is_when_that_happens_is_warned_of() {
    let rule = |on: &str, when: &str| {
        format!(
            "[[rules]]\nname = \"a\"\non = {on}\nwhen = {{ {when} }}\ndo = [{{ tag = \"x\" }}]\n"
        )
    };
    let told = |text: &str| -> Vec<String> {
        let rulebook = Rulebook::from_toml(&format!("{GOOD}{text}"), "desk.toml").unwrap();
        let remarks = rulebook.remarks("2026-03-02T09:00:00Z".parse().unwrap());
        let remarks = remarks.into_iter().filter(|it| it.problem.contains("never fires"));
        remarks.map(|it| format!("{}: {}: {}", it.severity, it.path, it.problem)).collect()
    };
    for (on, when) in [
        ("opened", "status = \"closed\""),
        ("opened", "priority = { was = \"low\" }"),
        ("opened", "status = { changed = false }"),
        ("rated", "status = [\"new\", \"open\"]"),
        ("snoozed", "status = \"resolved\", tag = { contains = \"vip\" }"),
    ] {
        let expected =
            format!("warning: rules[0].when: it never fires: upon {on} no ticket is like this");
        assert_eq!(told(&rule(&format!("\"{on}\""), when)), [expected], "{on}: {when}");
    }
    let nothing: [String; 0] = [];
    for (on, when) in [
        ("\"opened\"", "status = \"new\", priority = { changed = true }"),
        ("\"opened\"", "none = [{ priority = { was = \"low\" } }]"),
        ("[\"opened\", \"status_changed\"]", "status = \"closed\""),
        ("\"rated\"", "status = \"closed\", rating = { at_most = 2 }"),
    ] {
        assert_eq!(told(&rule(on, when)), nothing, "{on}: {when}");
    }
    // What a rule above has done is no contradiction.
    let above = "[[rules]]\nname = \"take\"\non = [\"opened\"]\ndo = [{ status = \"open\" }]\n";
    assert_eq!(told(&format!("{above}{}", rule("\"opened\"", "status = \"open\""))), nothing);
}

#[test]
fn a_rule_and_a_macro_of_one_name_are_told_apart() {
    refused(
        "[[rules]]\nname = \"a\"\ndo = [{ tag = \"x\" }]\n[[macros]]\nname = \"a\"\ndo = [{ tag = \"x\" }]\n",
        "macros[0].name: one of the rules has the name `a` as well; rename one",
    );
}
