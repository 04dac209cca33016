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

fn under(rulebook: &Rulebook) -> Result<Rehearsal, Refusal> {
    let (ticket, history) = answered_after_two_hours();
    let past: Vec<Happened<'_>> =
        history.iter().map(|(event, by, at)| Happened { event, by: *by, at: *at }).collect();
    rehearse(&ticket, &past, rulebook, hour(10))
}

#[test]
fn the_same_rules_make_no_difference() {
    let rehearsal = under(&rules(LENIENT)).unwrap();
    assert!(rehearsal.is_the_same() && rehearsal.is_whole, "{rehearsal:?}");
    assert_eq!(rehearsal.refused, 0);
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
    let happened: Vec<Happened<'_>> =
        history.iter().map(|(event, by, at)| Happened { event, by: *by, at: *at }).collect();
    let rehearsal = rehearse(&ticket.unwrap(), &happened, rulebook, last).unwrap();
    assert!(rehearsal.is_the_same() && rehearsal.refused == 0, "{rehearsal:?}");
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
    assert_eq!(rehearsal.newly, [Deed::HandedOver("L2".into())].into());
    assert_eq!(rehearsal.no_longer, BTreeSet::new());
}

#[test]
fn rules_without_the_line_of_the_ticket_would_have_refused_it() {
    let without = LENIENT.replace("id = \"L1\"", "id = \"first\"");
    assert!(matches!(under(&rules(&without)), Err(Refusal::UnknownLine { .. })));
}
