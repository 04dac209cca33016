//! What would be different, and what would not.

use super::*;
use crate::{AgentId, ContactId, OpenTicket, Status};

const LENIENT: &str = r#"
name = "Northwind support"
[[lines]]
id = "L1"
[[lines]]
id = "L2"
[[policies]]
name = "standard"
calendar = "always"
[policies.targets.first_reply]
within = "4h"
ladder = [{ at_due = true, hand_over = "next" }]
[policies.targets.resolution]
within = "24h"
"#;

fn rules(text: &str) -> Rulebook {
    Rulebook::from_toml(text, "rules.toml").unwrap()
}

/// A ticket that is answered after two hours and resolved after ten, with its history.
fn answered_after_two_hours() -> (Ticket, Vec<(TicketEvent, Actor, Timestamp)>) {
    let (customer, agent) = (Actor::Contact(ContactId(1)), Actor::Agent(AgentId(1)));
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let reply = TicketAction::Reply { text: "Which one?".into(), then: Some(Status::Pending) };
    let answer = TicketAction::Reply { text: "The grey one.".into(), then: None };
    let resolve = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
    let steps =
        [(0, customer, open), (2, agent, reply), (3, customer, answer), (10, agent, resolve)];
    let (mut ticket, mut history) = (None, Vec::new());
    for (hours, by, action) in steps {
        let at = hour(hours);
        let turn = carry_out(ticket, &action, by, &rules(LENIENT), at).unwrap();
        history.extend(turn.events.into_iter().map(|event| (event, by, at)));
        ticket = Some(turn.ticket);
    }
    (ticket.unwrap(), history)
}

fn hour(hours: i64) -> Timestamp {
    let nine: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    nine.checked_add_millis(hours * 3_600_000).unwrap()
}

/// A history as the journal has it.
fn recorded(history: &[(TicketEvent, Actor, Timestamp)]) -> Vec<Happened<'_>> {
    history.iter().map(|(event, by, at)| Happened { event, by: *by, at: *at, seq: 0 }).collect()
}

fn under(rulebook: &Rulebook) -> Result<Rehearsal, Refusal> {
    let (ticket, history) = answered_after_two_hours();
    let past = recorded(&history);
    rehearse(&ticket, &past, rulebook, hour(10))
}

#[test]
fn the_same_rules_make_no_difference() {
    let rehearsal = under(&rules(LENIENT)).unwrap();
    assert!(rehearsal.is_the_same() && rehearsal.is_whole, "{rehearsal:?}");
    assert_eq!(rehearsal.refused, []);
}

/// Plays commands under rules, and their history once more under the same.
#[track_caller]
fn makes_no_difference(rulebook: &Rulebook, steps: Vec<(i64, Actor, TicketAction)>) {
    let (mut ticket, mut history) = (None, Vec::new());
    let mut last = hour(0);
    for (hours, by, action) in steps {
        last = hour(hours);
        let turn = carry_out(ticket, &action, by, rulebook, last).unwrap();
        history.extend(turn.events.into_iter().map(|event| (event, by, last)));
        ticket = Some(turn.ticket);
    }
    let happened = recorded(&history);
    let rehearsal = rehearse(&ticket.unwrap(), &happened, rulebook, last).unwrap();
    assert!(rehearsal.is_the_same(), "{rehearsal:?}");
}

#[test]
fn a_reply_that_resolves_is_one_command() {
    let (customer, agent) = (Actor::Contact(ContactId(1)), Actor::Agent(AgentId(1)));
    let open = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let reply = |text: &str, then| TicketAction::Reply { text: text.into(), then };
    let update = "[policies.targets.periodic_update]\nwithin = \"8h\"\n";
    let steps = vec![
        (0, customer, TicketAction::Open(Box::new(open))),
        (1, agent, reply("Which one?", None)),
        (3, agent, reply("It is out.", Some(Status::Resolved))),
    ];
    makes_no_difference(&rules(&format!("{LENIENT}{update}")), steps);
}

#[test]
fn a_date_that_a_person_fixed_is_fixed_once() {
    let (customer, agent) = (Actor::Contact(ContactId(1)), Actor::Agent(AgentId(1)));
    let open = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let clock = firstline_sla::Metric::Resolution;
    let (priority, reason) = (crate::Priority::High, "the fair".to_owned());
    let steps = vec![
        (0, customer, TicketAction::Open(Box::new(open))),
        (1, agent, TicketAction::FixDue { clock: clock.into(), due: hour(5) }),
        (9, agent, TicketAction::OverridePriority { priority, reason }),
    ];
    let urgent = "within = { critical = \"1h\", high = \"2h\", medium = \"24h\", low = \"24h\" }";
    makes_no_difference(&rules(&LENIENT.replace("within = \"24h\"", urgent)), steps);
}

#[test]
fn a_stricter_target_turns_a_verdict_and_climbs_its_ladder() {
    let rehearsal = under(&rules(&LENIENT.replace("\"4h\"", "\"1h\""))).unwrap();
    let verdicts: Vec<String> = rehearsal
        .verdicts
        .iter()
        .map(|(clock, (was, would_be))| format!("{clock}: {was} -> {would_be}"))
        .collect();
    assert_eq!(verdicts, ["first_reply: met -> missed"]);
    assert_eq!(rehearsal.newly, [(Deed::HandedOver("L2".into()), 1)].into());
    assert_eq!(rehearsal.no_longer, BTreeMap::new());
}

#[test]
fn rules_without_the_line_of_the_ticket_would_have_refused_it() {
    let without = LENIENT.replace("id = \"L1\"", "id = \"first\"");
    assert!(matches!(under(&rules(&without)), Err(Refusal::UnknownLine { .. })));
}

const SITES: &str = r#"
name = "Northwind support"
[[lines]]
id = "L1"
[[lines]]
id = "L2"
[[policies]]
name = "kazan"
calendar = "always"
when = { site = "kazan" }
[policies.targets.first_reply]
within = "5m"
[[policies]]
name = "standard"
calendar = "always"
[policies.targets.first_reply]
within = "4h"
[policies.targets.resolution]
within = "24h"
pause_on = ["pending"]
[fields.site]
kind = "choice"
choices = ["berlin", "kazan"]
[[forms]]
name = "all"
fields = [{ field = "site", required = "opening" }]
[[rules]]
name = "vip"
on = ["opened"]
do = [{ tag = "vip" }]
[[macros]]
name = "ask for the logs"
do = [{ message = "Please send the logs." }, { status = "pending" }]
"#;

/// A ticket of Berlin that moves to Kazan, by somebody who uses macros, makes promises and writes
/// work down.
fn life_of_a_site() -> Vec<(i64, Actor, TicketAction)> {
    let (customer, agent) = (Actor::Contact(ContactId(1)), Actor::Agent(AgentId(1)));
    let fields = [("site".into(), "berlin".into())].into();
    let request = OpenTicket { fields, ..OpenTicket::new(ContactId(1), "Printer", "It burns.") };
    let reply = |text: &str, then| TicketAction::Reply { text: text.into(), then };
    let moved = [("site".into(), Some("kazan".into()))].into();
    let promise = |within, by| TicketAction::Promise { what: "a call".into(), within, by };
    let entry = r#"{"log_work":{"amount":15}}"#;
    vec![
        (0, customer, TicketAction::Open(Box::new(request))),
        (0, agent, reply("Somebody will look.", Some(Status::New))),
        (1, agent, TicketAction::ApplyMacro { name: "ask for the logs".into() }),
        (72, customer, reply("Here they are.", None)),
        (72, agent, TicketAction::SetFields { fields: moved }),
        (73, agent, promise(Some(firstline_sla::WorkTime::from_hours(1)), None)),
        (74, agent, promise(None, Some(hour(76)))),
        (75, agent, TicketAction::KeepPromise { number: 1, of: None }),
        (
            75,
            agent,
            TicketAction::WithdrawPromise { number: 2, of: None, reason: "A slip.".into() },
        ),
        (75, agent, serde_json::from_str(entry).unwrap()),
        (76, agent, reply("It is out.", Some(Status::Resolved))),
    ]
}

#[test]
fn the_rulebook_in_force_makes_no_difference_whatever_was_done() {
    makes_no_difference(&rules(SITES), life_of_a_site());
}

/// What is different under other rules, as it is told.
fn told(other: &str) -> Vec<String> {
    let (mut ticket, mut history) = (None, Vec::new());
    let mut last = hour(0);
    for (hours, by, action) in life_of_a_site() {
        last = hour(hours);
        let turn = carry_out(ticket, &action, by, &rules(SITES), last).unwrap();
        history.extend(turn.events.into_iter().map(|event| (event, by, last)));
        ticket = Some(turn.ticket);
    }
    let happened = recorded(&history);
    let found = rehearse(&ticket.unwrap(), &happened, &rules(other), last).unwrap();
    let ends = found.ends.iter().map(|(what, (was, is))| format!("{what}: {was} -> {is}"));
    let no_longer =
        found.no_longer.iter().map(|(deed, count)| format!("no longer {deed} x{count}"));
    let newly = found.newly.iter().map(|(deed, count)| format!("newly {deed} x{count}"));
    let refused = found.refused.iter().map(|refusal| format!("refused: {refusal}"));
    ends.chain(no_longer).chain(newly).chain(refused).collect()
}

#[test]
fn a_rule_that_keeps_its_name_and_does_something_else_is_told() {
    let other = r#"{ hand_over = "L2" }, { message = "Wait." }, { notify = "assignee" }, { webhook = "https://example.org/" }"#;
    assert_eq!(
        told(&SITES.replace(r#"{ tag = "vip" }"#, other)),
        [
            "line: L1 -> L2",
            "tags: vip -> ",
            "no longer rule `vip`: tag vip x1",
            "newly rule `vip`: call https://example.org/ x1",
            "newly rule `vip`: hand over to L2 x1",
            "newly rule `vip`: notify assignee x1",
            "newly rule `vip`: write to the customer: Wait. x1",
        ]
    );
}

#[test]
fn a_macro_that_is_gone_is_told_and_what_was_done_by_it_is_done_by_hand() {
    assert_eq!(
        told(&SITES.replace("ask for the logs", "ask for something")),
        [
            "no longer rule `ask for the logs`: become open x1",
            "no longer rule `ask for the logs`: become pending x1",
            "no longer rule `ask for the logs`: write to the customer: Please send the logs. x1",
            "refused: the rulebook has no macro `ask for the logs`; it has ask for something",
        ]
    );
}
