//! What a desk does by itself: triggers, timed rules, macros.

mod letters;
mod reading;
mod timed;

use super::script::check_under;

#[test]
fn a_rule_is_set_off_by_what_it_waits_for_and_says_why() {
    check_under(
        &[r#"
[[rules]]
name = "errors first"
on = ["opened", "customer_replied"]
when = { text = { matches = "E[0-9]{4}" }, priority = { at_most = "medium" } }
do = [{ priority = "high" }, { tag = ["error", "seen"] }]
"#],
        "mon 09:00 customer opens
         mon 09:05 agent notes
         mon 09:10 customer says It shows E1042 again
         mon 09:15 customer says And E1043",
        "mon 09:00  opened, medium, on L1
         mon 09:05  agent 1 notes something
         mon 09:10  contact 1 says something
         mon 09:10  errors first fires: priority is medium, at most medium; text matches /E[0-9]{4}/
         mon 09:10  errors first: high by decree
         mon 09:10  errors first: tags +{\"error\", \"seen\"} -{}
         mon 09:15  contact 1 says something",
    );
}

#[test]
fn what_a_rule_does_sets_off_those_below_it_and_never_those_above() {
    check_under(
        &[r#"
[[rules]]
name = "above"
on = ["tagged"]
do = [{ notify = "lead" }]
[[rules]]
name = "first"
on = ["opened"]
do = [{ tag = "fresh" }]
[[rules]]
name = "below"
on = ["tagged"]
when = { tag = { contains = "fresh" } }
do = [{ guide = "welcome" }]
"#],
        "mon 09:00 customer opens",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first fires: nothing is asked
         mon 09:00  first: tags +{\"fresh\"} -{}
         mon 09:00  below fires: tag contains fresh
         mon 09:00  below: errand 1: StartGuide { guide: \"welcome\" }",
    );
}

#[test]
fn a_rule_that_stops_leaves_out_those_below_it() {
    check_under(
        &[r#"
[[rules]]
name = "vips"
on = ["opened"]
when = { impact = "high" }
do = [{ hand_over = "L2", team = "network" }]
stop = true
[[rules]]
name = "all others"
on = ["opened"]
do = [{ hand_over = "L1", team = "desk" }]
"#],
        "mon 09:00 customer opens high low
         2: mon 10:00 customer opens",
        "mon 09:00  opened, medium, on L1
         mon 09:00  vips fires: impact is high
         mon 09:00  vips: handed over to L2, network
         2: mon 10:00  opened, medium, on L1
         2: mon 10:00  all others fires: nothing is asked
         2: mon 10:00  all others: handed over to L1, desk",
    );
}

#[test]
fn a_change_is_told_from_a_state() {
    check_under(
        &[r#"
[[rules]]
name = "reopened"
when = { status = { is = "open", was = "resolved" } }
do = [{ notify = "assignee", text = "{{ ticket.subject }} is back." }]
"#],
        "mon 09:00 customer opens
         mon 09:10 agent open
         mon 09:20 agent resolved
         mon 09:30 customer says
         mon 09:40 agent notes",
        "mon 09:00  opened, medium, on L1
         mon 09:10  open
         mon 09:20  resolved
         mon 09:30  contact 1 says something
         mon 09:30  open
         mon 09:30  reopened fires: status is open; status was resolved
         mon 09:30  reopened: errand 1: Notify { role: \"assignee\", text: Some(\"Printer is back.\") }
         mon 09:40  agent 1 notes something",
    );
}

#[test]
fn what_is_not_possible_is_left_out_with_the_reason_and_the_rest_is_done() {
    check_under(
        &[r#"
[[rules]]
name = "overeager"
on = ["opened"]
do = [{ status = "closed" }, { tag = "tried" }]
[[rules]]
name = "after all"
on = ["opened"]
do = [{ hand_over = "acme" }, { hand_over = "next" }]
"#],
        "mon 09:00 customer opens",
        "mon 09:00  opened, medium, on L1
         mon 09:00  overeager fires: nothing is asked
         mon 09:00  overeager does not become closed: a ticket that is new cannot become closed; it can become open, pending, on_hold, resolved
         mon 09:00  overeager: tags +{\"tried\"} -{}
         mon 09:00  after all fires: nothing is asked
         mon 09:00  after all: handed over to acme
         mon 09:00  after all does not hand over to the next line: there is no line after `acme`",
    );
}

#[test]
fn a_rule_that_finds_all_done_leaves_no_trace() {
    check_under(
        &[r#"
[[rules]]
name = "always"
do = [{ tag = "seen" }, { priority = "medium" }]
"#],
        "mon 09:00 customer opens
         mon 09:10 agent notes",
        "mon 09:00  opened, medium, on L1
         mon 09:00  always fires: nothing is asked
         mon 09:00  always: tags +{\"seen\"} -{}
         mon 09:10  agent 1 notes something",
    );
}

#[test]
fn the_answer_of_a_rule_is_a_machines() {
    check_under(
        &[r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
[[rules]]
name = "thank you"
on = ["opened"]
do = [{ message = "We have it{% if ticket.due %}, and answer by {{ ticket.due }}{% endif %}." }]
[[rules]]
name = "machines"
on = ["machine_replied"]
do = [{ note = "The customer was told by {{ rule }}." }]
"#],
        "mon 09:00 customer opens
         mon 09:10 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  thank you fires: nothing is asked
         mon 09:00  thank you: the system says \"We have it, and answer by Mon 2 Mar 2026 13:00.\"
         mon 09:00  machines fires: nothing is asked
         mon 09:00  machines: the system notes \"The customer was told by machines.\"
         mon 09:10  agent 1 says something
         mon 09:10  first_reply met after 10m
         mon 09:10  open",
    );
}

/// A promise breaks while nobody looks. The rule acts at that time, and what follows from it, too.
#[test]
fn a_rule_hears_of_a_broken_promise_when_it_breaks_and_not_when_somebody_looks() {
    let broken = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "1h"
[policies.targets.line_time]
within = "2h"
[[rules]]
name = "rescue"
on = ["breached"]
when = { overdue = true, line = "L1" }
do = [{ hand_over = "L2" }, { webhook = "https://example.org/late" }]
"#;
    let story = "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 10:00
         mon 09:00  line_time 1 started, due mon 11:00
         mon 10:00  first_reply breached
         mon 10:00  rescue fires: line is L1; overdue is true
         mon 10:00  rescue: handed over to L2
         mon 10:00  rescue: line_time met after 1h 1ms
         mon 10:00  rescue: line_time 2 started, due mon 12:00
         mon 10:00  rescue: errand 1: Webhook { url: \"https://example.org/late\", body: None }
         mon 12:00  line_time breached";
    check_under(&[broken], "mon 09:00 customer opens\nmon 10:01 wake\nmon 13:00 wake", story);
    check_under(&[broken], "mon 09:00 customer opens\nmon 13:00 wake", story);
}

#[test]
fn a_macro_does_all_that_it_says_in_the_name_of_the_agent_or_nothing() {
    check_under(
        &[r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
[[macros]]
name = "ask for logs"
when = { kind = "question" }
do = [{ message = "Please send the logs of {{ ticket.subject }}." }, { status = "pending" }, { tag = "logs" }]
[[macros]]
name = "close"
do = [{ tag = "done" }, { status = "closed" }]
[[macros]]
name = "for incidents"
when = { kind = "incident" }
do = [{ tag = "done" }]
"#],
        "mon 09:00 customer opens
         mon 09:10 agent applies ask for logs
         mon 09:20 agent applies close
         mon 09:20 agent applies for incidents
         mon 09:20 agent applies ask for logos",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:10  macro ask for logs
         mon 09:10  ask for logs: agent 1 says something
         mon 09:10  ask for logs: first_reply met after 10m
         mon 09:10  ask for logs: open
         mon 09:10  ask for logs: pending
         mon 09:10  ask for logs: tags +{\"logs\"} -{}
         mon 09:20  refused: a ticket that is pending cannot become closed; it can become open, on_hold, resolved
         mon 09:20  refused: the macro `for incidents` is for other tickets: kind is question, not incident
         mon 09:20  refused: the rulebook has no macro `ask for logos`; it has ask for logs, close, for incidents",
    );
}

#[test]
fn a_ticket_that_takes_another_in_hears_its_rules() {
    check_under(
        &[r#"
[[rules]]
name = "two of a kind"
on = ["took_in"]
do = [{ tag = "duplicates" }]
"#],
        "mon 09:00 customer opens
         2: mon 09:05 customer opens
         2: mon 09:10 agent merges into 1",
        "mon 09:00  opened, medium, on L1
         2: mon 09:05  opened, medium, on L1
         2: mon 09:10  merged into #1
         mon 09:10  took in #2
         mon 09:10  two of a kind fires: nothing is asked
         mon 09:10  two of a kind: tags +{\"duplicates\"} -{}",
    );
}

/// What is done beside the conversation sets rules off as well: signatures with what they say, checks,
/// ratings and work.
#[test]
fn a_rule_waits_for_signatures_checks_ratings_and_work() {
    let tag = |on: &str| {
        format!("[[rules]]\nname = \"{on}\"\non = [\"{on}\"]\ndo = [{{ tag = \"{on}\" }}]\n")
    };
    let words = [
        "approval_asked",
        "approved",
        "rejected",
        "checklist_changed",
        "checklist_done",
        "work_logged",
        "rated",
    ];
    let rules: String = words.map(tag).concat();
    let story = super::script::story_under(
        &[&rules],
        r#"mon 09:00 agent opens
           mon 09:10 agent does {"approval": {"ask": {"what": "100 EUR"}}}
           mon 09:20 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "too dear", "approved": false}}}
           mon 09:30 agent does {"approval": {"ask": {"what": "80 EUR"}}}
           mon 09:40 customer does {"approval": {"sign": {"approval": 2, "name": "Ada", "meaning": "agreed", "approved": true}}}
           mon 09:50 agent does {"checklist": {"add": {"items": ["order", "fit"]}}}
           mon 10:00 agent does {"checklist": {"tick": {"item": 1}}}
           mon 10:10 agent does {"checklist": {"tick": {"item": 2}}}
           mon 10:20 agent does {"log_work": {"amount": 20}}
           mon 10:30 agent resolved
           mon 10:40 customer does {"rate": {"score": 2}}"#,
    );
    let fired: Vec<&str> =
        story.lines().filter_map(|line| line.split_once(" fires")).map(|it| it.0.trim()).collect();
    assert_eq!(
        fired,
        [
            "mon 09:10  approval_asked",
            "mon 09:20  rejected",
            "mon 09:40  approved",
            "mon 09:50  checklist_changed",
            "mon 10:10  checklist_done",
            "mon 10:20  work_logged",
            "mon 10:40  rated",
        ]
    );
}
