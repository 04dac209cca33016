//! Who gets what, told one by one.

use std::collections::BTreeMap;

use super::*;
use crate::people::Capacity;
use crate::{Rulebook, TicketId};

fn rules(by: &str) -> Rulebook {
    let text = format!(
        "name = \"Desk\"\n[calendars.office]\ntime_zone = \"UTC\"\nweekly = {{ mon-fri = [\"09:00-17:00\"] }}\n[[lines]]\nid = \"L1\"\nteams = [\"desk\"]\n[[lines]]\nid = \"L2\"\n[routing]\nby = \"{by}\"\n"
    );
    Rulebook::from_toml(&text, "desk.toml").unwrap()
}

/// A Monday at ten.
fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn wanted() -> Wanted {
    Wanted {
        line: "L1".into(),
        team: None,
        discipline: None,
        language: None,
        skills: BTreeMap::new(),
        channel: Channel::Chat,
        declined: BTreeSet::new(),
        affinity: None,
    }
}

fn seat(load: u32) -> Seat {
    Seat { load, ..Seat::new(Agent::new("somebody")) }
}

fn floor(seats: Vec<Seat>) -> Floor {
    Floor::new((1..).map(AgentId).zip(seats))
}

#[track_caller]
fn told(by: &str, wanted: &Wanted, seats: Vec<Seat>, expected: &str) {
    assert_eq!(route(wanted, &floor(seats), &rules(by), now()).to_string(), expected);
}

#[test]
fn who_carries_the_least_gets_it_and_the_others_hear_why_not() {
    told(
        "least_loaded",
        &wanted(),
        vec![seat(3), seat(1), Seat { presence: Presence::Away, ..seat(0) }],
        "agent 2 gets it, who carries the least: 1; agent 1 could have had it: carries 3; agent 3 cannot have it: takes nothing new",
    );
}

#[test]
fn who_got_one_the_longest_ago_is_next_in_turn() {
    let given = |at: &str| Seat { last_given: Some(at.parse().unwrap()), ..seat(0) };
    told(
        "round_robin",
        &wanted(),
        vec![given("2026-03-02T09:30:00Z"), given("2026-03-02T09:10:00Z")],
        "agent 2 gets it, who is next in turn: had the last turn at 2026-03-02T09:10:00Z; agent 1 could have had it: had the last turn at 2026-03-02T09:30:00Z",
    );
}

#[test]
fn who_has_had_nothing_to_do_the_longest_is_asked_before_who_has_something() {
    let idle = Seat { idle_since: Some("2026-03-02T09:00:00Z".parse().unwrap()), ..seat(0) };
    told(
        "longest_idle",
        &wanted(),
        vec![seat(1), idle],
        "agent 2 gets it, who is the longest idle: has had nothing to do since 2026-03-02T09:00:00Z; agent 1 could have had it: has something to do: 1",
    );
}

#[test]
fn who_knows_the_matter_goes_first_but_not_without_room() {
    let knows = Wanted { affinity: Some(AgentId(1)), ..wanted() };
    told(
        "least_loaded",
        &knows,
        vec![seat(9), seat(0)],
        "agent 1 gets it, who knows the matter already; agent 2 could have had it: carries 0",
    );
    let mut full = seat(9);
    full.agent.capacity = Some(Capacity { total: 10, weights: [(Channel::Chat, 2)].into() });
    told(
        "least_loaded",
        &knows,
        vec![full, seat(5)],
        "agent 2 gets it, who carries the least: 5; agent 1 cannot have it: carries 9 of 10, and this weighs 2",
    );
}

#[test]
fn all_that_stands_against_somebody_is_told_at_once() {
    let mut other = seat(0);
    other.presence = Presence::Offline;
    other.agent.hours = Some("office".into());
    other.agent.lines = ["L2".into()].into();
    other.agent.disciplines = [Discipline::CustomerCare].into();
    other.agent.languages = ["ru".into()].into();
    other.agent.skills = [("networks".into(), 1)].into();
    let wanted = Wanted {
        team: Some("desk".into()),
        discipline: Some(Discipline::TechnicalSupport),
        language: Some("pt-BR".into()),
        skills: [("networks".into(), 3), ("returns".into(), 1)].into(),
        declined: [AgentId(1)].into(),
        ..wanted()
    };
    let night = "2026-03-02T20:00:00Z".parse().unwrap();
    let choice = route(&wanted, &floor(vec![other]), &rules("least_loaded"), night);
    assert_eq!(
        choice.to_string(),
        "nobody can have it now, and it waits; agent 1 cannot have it: is not there, does not work before 2026-03-03T09:00:00Z, does not work on L1, is not in desk, does not work in technical_support, does not answer in pt-BR, has networks at level 1, not 3, does not have returns, did not want it"
    );
}

#[test]
fn of_a_large_department_the_first_are_told_one_by_one_and_the_others_counted() {
    let away = || Seat { presence: Presence::Offline, ..seat(0) };
    let choice =
        route(&wanted(), &floor((0..500).map(|_| away()).collect()), &rules("round_robin"), now());
    let told = choice.to_string();
    assert!(
        told.ends_with("; agent 20 cannot have it: is not there; and so on for 480 others"),
        "{told}"
    );
}

#[test]
fn a_queue_holds_while_all_are_full_and_drains_in_its_order_when_somebody_has_room() {
    let mut one = seat(2);
    one.agent.capacity = Some(Capacity { total: 2, weights: BTreeMap::new() });
    let mut floor = floor(vec![one]);
    let rules = rules("least_loaded");
    let queue: Vec<_> = (1..=3).map(|number| (TicketId(number), wanted())).collect();
    let given = |choices: Vec<(TicketId, Choice)>| -> Vec<u64> {
        choices.iter().filter(|(_, it)| it.chosen.is_some()).map(|(ticket, _)| ticket.0).collect()
    };
    assert!(given(drain(&queue, &mut floor, &rules, now())).is_empty());
    floor.take(AgentId(1), Channel::Chat, now());
    assert_eq!(given(drain(&queue, &mut floor, &rules, now())), [1]);
    floor.take(AgentId(1), Channel::Chat, now());
    assert_eq!(given(drain(&queue[1..], &mut floor, &rules, now())), [2]);
}

#[test]
fn a_ticket_takes_the_skills_that_the_rulebook_says() {
    let text = "name = \"Desk\"\n[[lines]]\nid = \"L1\"\n[routing]\n[[routing.skills]]\nskill = \"networks\"\nlevel = 2\n[[routing.skills]]\nskill = \"networks\"\nlevel = 3\nwhen = { impact = \"high\" }\n[[routing.skills]]\nskill = \"returns\"\nwhen = { kind = \"complaint\" }\n";
    let rules = Rulebook::from_toml(text, "desk.toml").unwrap();
    let mut request = crate::OpenTicket::new(crate::ContactId(1), "Printer", "It is on fire.");
    request.impact = crate::Impact::High;
    let open = crate::TicketAction::Open(Box::new(request));
    let by = crate::Actor::Contact(crate::ContactId(1));
    let ticket = crate::carry_out(None, &open, by, &rules, now()).unwrap().ticket;
    assert_eq!(Wanted::of(&ticket, &rules).skills, [("networks".into(), 3)].into());
}
