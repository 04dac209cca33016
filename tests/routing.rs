//! Who gets which ticket, as a host sees it.

mod always;
mod change;
mod queue;
mod turns;

use std::collections::BTreeSet;

use firstline::{
    Agent, AgentId, Capacity, Command, Desk, Event, TicketAction, TicketFact, TicketId,
};

use crate::fixture::{ada, bob, desk, request};

/// Bob and Eve, each with room for so many.
fn people(desk: &Desk, room: u32) -> BTreeSet<AgentId> {
    let capacity = Some(Capacity { total: room, weights: [].into() });
    for (number, name) in [(1, "Bob"), (2, "Eve")] {
        let agent = Agent { capacity: capacity.clone(), ..Agent::new(name) };
        desk.save_agent(AgentId(number), agent).unwrap();
    }
    [AgentId(1), AgentId(2)].into()
}

fn who_has(desk: &Desk, ticket: TicketId) -> Option<AgentId> {
    desk.ticket(ticket).unwrap().unwrap().state.assignee
}

#[test]
fn tickets_go_where_there_is_room_and_wait_where_there_is_none() {
    let desk = desk();
    let among = people(&desk, 1);
    let tickets: Vec<TicketId> =
        (0..4).map(|_| desk.open_ticket(ada(), request()).unwrap()).collect();
    let given = desk.route_waiting(bob(), &among).unwrap();
    assert_eq!(given, tickets[..2]);
    assert_eq!(who_has(&desk, tickets[0]), Some(AgentId(1)));
    assert_eq!(who_has(&desk, tickets[1]), Some(AgentId(2)));
    let choice = desk.choose_agent(tickets[2], &among).unwrap();
    assert_eq!(
        choice.to_string(),
        "nobody can have it now, and it waits; agent 1 cannot have it: carries 1 of 1, and this \
         weighs 1; agent 2 cannot have it: carries 1 of 1, and this weighs 1"
    );
    // Nobody has room, so nothing is recorded.
    let receipt = desk.route(bob(), tickets[2], among.clone()).unwrap();
    assert_eq!(receipt.events, 0);
    // Eve is rid of hers: the next in the queue is given to her, and no other.
    desk.resolve(bob(), tickets[1]).unwrap();
    assert_eq!(desk.route_waiting(bob(), &among).unwrap(), [tickets[2]]);
    assert_eq!(who_has(&desk, tickets[2]), Some(AgentId(2)));
    let why =
        desk.timeline(tickets[2]).unwrap().into_iter().find_map(|record| match record.event {
            Event::Ticket(event) => match event.fact {
                TicketFact::Routed { because, .. } => Some(because),
                _ => None,
            },
            _ => None,
        });
    assert_eq!(
        why.map(|why| why.to_string()).as_deref(),
        Some(
            "agent 2 gets it, who carries the least: 0; agent 1 cannot have it: carries 1 of 1, \
             and this weighs 1"
        )
    );
    assert!(desk.verify().is_ok());
}

#[test]
fn a_customer_routes_nothing_and_nobody_gets_what_is_unknown() {
    let desk = desk();
    let among = people(&desk, 1);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    assert!(desk.route(ada(), ticket, among).is_err());
    let stranger = TicketAction::Route { among: [AgentId(99)].into() };
    assert!(desk.execute(Command::ticket(bob(), ticket, stranger)).is_err());
    assert_eq!(who_has(&desk, ticket), None);
}
