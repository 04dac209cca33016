//! What was settled is not settled any more: people go home, tickets turn out to be something else,
//! merges are undone, other rules come into force.

use std::collections::BTreeSet;

use firstline::{
    Actor, Agent, AgentId, Capacity, Channel, Command, Desk, Event, OfferEnd, Presence, Rulebook,
    Status, TicketAction, TicketFact, TicketId,
};

use super::queue::{EVE, comes, desk, offered_to, staff};
use super::who_has;
use crate::fixture::{RULES, ada, moment, request};

const BOB: AgentId = AgentId(1);

fn open(desk: &Desk) -> TicketId {
    desk.open_ticket(ada(), request()).unwrap()
}

fn does(desk: &Desk, by: AgentId, ticket: TicketId, action: TicketAction) {
    desk.execute(Command::ticket(Actor::Agent(by), ticket, action)).unwrap();
}

fn refused(desk: &Desk, by: AgentId, ticket: TicketId, action: TicketAction) -> String {
    desk.execute(Command::ticket(Actor::Agent(by), ticket, action)).unwrap_err().to_string()
}

/// Why offers of a ticket were withdrawn.
fn withdrawn(desk: &Desk, ticket: TicketId) -> Vec<String> {
    let ended = |event: Event| match event {
        Event::Ticket(event) => match event.fact {
            TicketFact::OfferEnded { agent, how: OfferEnd::Withdrawn { against } } => {
                let against: Vec<_> = against.iter().map(ToString::to_string).collect();
                Some(format!("{agent} {}", against.join(", ")))
            }
            _ => None,
        },
        _ => None,
    };
    desk.timeline(ticket).unwrap().into_iter().filter_map(|record| ended(record.event)).collect()
}

#[test]
fn who_goes_is_asked_no_longer_and_who_is_there_is_asked_instead() {
    let desk = desk("automatic = true\noffer = \"4h\"");
    staff(&desk, &[2, 2]);
    comes(&desk, BOB);
    let ticket = open(&desk);
    assert_eq!(offered_to(&desk, ticket), Some(BOB));
    desk.set_presence(Actor::Agent(BOB), BOB, Presence::Away).unwrap();
    assert_eq!(offered_to(&desk, ticket), None);
    assert_eq!(withdrawn(&desk, ticket), ["agent 1 takes nothing new"]);
    assert_eq!(
        refused(&desk, BOB, ticket, TicketAction::AcceptOffer),
        "agent 1 is not offered this ticket"
    );
    comes(&desk, EVE);
    assert_eq!(offered_to(&desk, ticket), Some(EVE));
    // Bob has not declined it: as soon as he is back, he may have it.
    comes(&desk, BOB);
    desk.set_presence(Actor::Agent(EVE), EVE, Presence::Offline).unwrap();
    assert_eq!(offered_to(&desk, ticket), Some(BOB));
    desk.verify().unwrap();
}

#[test]
fn who_has_less_room_than_before_keeps_the_offers_for_which_there_is_room() {
    let desk = desk("automatic = true\noffer = \"4h\"");
    staff(&desk, &[2]);
    comes(&desk, BOB);
    let (first, second) = (open(&desk), open(&desk));
    staff(&desk, &[1]);
    assert_eq!((offered_to(&desk, first), offered_to(&desk, second)), (Some(BOB), None));
    assert_eq!(withdrawn(&desk, second), ["agent 1 carries 1 of 1, and this weighs 1"]);
    // What a colleague gives him takes his room as well.
    let third = open(&desk);
    does(&desk, BOB, third, TicketAction::Assign { agent: Some(BOB) });
    assert_eq!(offered_to(&desk, first), None);
    desk.resolve(Actor::Agent(BOB), third).unwrap();
    assert_eq!(offered_to(&desk, first), Some(BOB));
    desk.verify().unwrap();
}

#[test]
fn an_offer_that_comes_back_with_the_undoing_of_a_merge_stands_only_if_there_is_room() {
    let desk = desk("automatic = true\noffer = \"4h\"");
    staff(&desk, &[1]);
    comes(&desk, BOB);
    let (one, other) = (open(&desk), open(&desk));
    does(&desk, BOB, one, TicketAction::MergeInto { ticket: other });
    assert_eq!(offered_to(&desk, other), Some(BOB));
    does(&desk, BOB, other, TicketAction::AcceptOffer);
    does(&desk, BOB, one, TicketAction::UndoMerge);
    assert_eq!((offered_to(&desk, one), who_has(&desk, one)), (None, None));
    desk.resolve(Actor::Agent(BOB), other).unwrap();
    assert_eq!(offered_to(&desk, one), Some(BOB));
    desk.verify().unwrap();
}

#[test]
fn an_offer_that_comes_back_with_what_was_no_spam_stands_only_if_there_is_room() {
    let desk = desk("automatic = true\noffer = \"4h\"");
    staff(&desk, &[1]);
    comes(&desk, BOB);
    let one = open(&desk);
    does(&desk, BOB, one, TicketAction::MarkSpam);
    let other = open(&desk);
    does(&desk, BOB, other, TicketAction::AcceptOffer);
    does(&desk, BOB, one, TicketAction::UnmarkSpam);
    assert_eq!((offered_to(&desk, one), who_has(&desk, one)), (None, None));
    desk.resolve(Actor::Agent(BOB), other).unwrap();
    assert_eq!(offered_to(&desk, one), Some(BOB));
    desk.verify().unwrap();
}

#[test]
fn who_was_filled_up_while_nothing_was_routed_cannot_accept() {
    let desk = desk("automatic = true\noffer = \"4h\"");
    staff(&desk, &[1]);
    comes(&desk, BOB);
    let first = open(&desk);
    assert_eq!(offered_to(&desk, first), Some(BOB));
    desk.adopt(Rulebook::from_toml(RULES, "rules.toml").unwrap()).unwrap();
    let second = open(&desk);
    does(&desk, BOB, second, TicketAction::Assign { agent: Some(BOB) });
    assert_eq!(
        refused(&desk, BOB, first, TicketAction::AcceptOffer),
        "agent 1 cannot have this ticket any more: carries 1 of 1, and this weighs 1"
    );
    desk.resolve(Actor::Agent(BOB), second).unwrap();
    does(&desk, BOB, first, TicketAction::AcceptOffer);
    assert_eq!(who_has(&desk, first), Some(BOB));
}

#[test]
fn a_held_ticket_goes_to_whoever_may_have_it_by_what_it_is_now() {
    let skills = "skills = [{ skill = \"network\", when = { tag = { contains = \"net\" } } }]";
    let desk = desk(&format!("automatic = true\n{skills}"));
    let care = [firstline::Discipline::CustomerCare].into();
    desk.save_agent(BOB, Agent { disciplines: care, ..Agent::new("Bob") }).unwrap();
    comes(&desk, BOB);
    let mut asked = request();
    asked.tags.insert("net".into());
    let tagged = desk.open_ticket(ada(), asked).unwrap();
    assert_eq!(who_has(&desk, tagged), None);
    let remove: BTreeSet<_> = ["net".into()].into();
    does(&desk, BOB, tagged, TicketAction::Tag { add: BTreeSet::new(), remove });
    assert_eq!(who_has(&desk, tagged), Some(BOB));

    let mut asked = request();
    asked.discipline = Some(firstline::Discipline::TechnicalSupport);
    let technical = desk.open_ticket(ada(), asked).unwrap();
    assert_eq!(who_has(&desk, technical), None);
    let discipline = Some(firstline::Discipline::CustomerCare);
    let (kind, need) = (None, None);
    does(&desk, BOB, technical, TicketAction::Describe { kind, need, discipline });
    assert_eq!(who_has(&desk, technical), Some(BOB));
}

#[test]
fn other_rules_find_somebody_for_what_waits_and_for_what_nobody_has() {
    let rules = |routing: &str| {
        Rulebook::from_toml(&format!("{RULES}[routing]\n{routing}"), "rules.toml").unwrap()
    };
    let skills = "skills = [{ skill = \"network\", when = { line = \"L1\" } }]";
    let desk = desk("");
    staff(&desk, &[5]);
    comes(&desk, BOB);
    let early = open(&desk);
    desk.adopt(rules(&format!("automatic = true\n{skills}"))).unwrap();
    assert_eq!(who_has(&desk, early), None);
    assert!(desk.ticket(early).unwrap().unwrap().state.seeks_agent());
    let late = open(&desk);
    assert_eq!(who_has(&desk, late), None);
    desk.adopt(rules("automatic = true")).unwrap();
    assert_eq!((who_has(&desk, early), who_has(&desk, late)), (Some(BOB), Some(BOB)));
    desk.verify().unwrap();
}

#[test]
fn other_rules_end_the_offers_to_those_who_may_not_have_them_by_these() {
    let offers = "automatic = true\noffer = \"4h\"";
    let desk = desk(offers);
    staff(&desk, &[5]);
    comes(&desk, BOB);
    let ticket = open(&desk);
    assert_eq!(offered_to(&desk, ticket), Some(BOB));
    let stricter = format!(
        "{RULES}[routing]\n{offers}\nskills = [{{ skill = \"network\", when = {{ line = \"L1\" }} }}]"
    );
    desk.adopt(Rulebook::from_toml(&stricter, "rules.toml").unwrap()).unwrap();
    assert_eq!(offered_to(&desk, ticket), None);
    assert_eq!(withdrawn(&desk, ticket), ["agent 1 does not have network"]);
}

#[test]
fn who_comes_back_to_what_waited_for_a_customer_has_less_room_for_offers() {
    let desk = desk("automatic = true\noffer = \"4h\"");
    let capacity = Some(Capacity { total: 1, weights: [(Channel::Phone, 2)].into() });
    desk.save_agent(BOB, Agent { capacity, ..Agent::new("Bob") }).unwrap();
    comes(&desk, BOB);
    let first = open(&desk);
    does(&desk, BOB, first, TicketAction::AcceptOffer);
    desk.ask_customer(Actor::Agent(BOB), first, "Which one?").unwrap();
    let second = open(&desk);
    assert_eq!(offered_to(&desk, second), Some(BOB));
    let at = moment("2026-03-02T09:30:00+01:00");
    let reply = TicketAction::Reply { text: "The grey one.".into(), then: None };
    desk.execute(Command::ticket(ada(), first, reply).at(at)).unwrap();
    let state = desk.ticket(first).unwrap().unwrap().state;
    assert_eq!((state.status, state.assignee), (Status::Open, Some(BOB)));
    assert_eq!(offered_to(&desk, second), None);
}
