//! Tickets that are related, unrelated and described at random, as a desk would do it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::select;

use super::Relation;
use crate::*;

const TICKETS: u64 = 7;

#[derive(Clone, Debug)]
enum Step {
    Relate(Relation),
    Unrelate(Relation),
    Become(Status),
    Describe(Kind),
}

fn step() -> impl Strategy<Value = (u64, Step, u64)> {
    let relation = || select(Relation::ALL.to_vec());
    let step = prop_oneof![
        6 => relation().prop_map(Step::Relate),
        1 => relation().prop_map(Step::Unrelate),
        1 => select(vec![Status::Open, Status::Pending, Status::Resolved]).prop_map(Step::Become),
        2 => select(vec![Kind::Problem, Kind::Incident]).prop_map(Step::Describe),
    ];
    (1..=TICKETS, step, 1..=TICKETS)
}

fn rulebook() -> impl Strategy<Value = Rulebook> {
    let parent = select(vec!["waits", "takes_along", "free"]);
    let incidents = select(vec!["resolve", "answer", "free"]);
    (parent, incidents).prop_map(|(parent, incidents)| {
        let text = format!(
            "name = \"Desk\"\n[[lines]]\nid = \"L1\"\n[relations]\nparent = \"{parent}\"\nincidents = \"{incidents}\""
        );
        Rulebook::from_toml(&text, "desk.toml").unwrap()
    })
}

type Tickets = BTreeMap<TicketId, Ticket>;

/// Takes what happened to one in, and tells those that are to hear of it. It ends.
fn take(tickets: &mut Tickets, turns: Vec<(TicketId, Turn)>, rules: &Rulebook) {
    let mut told = Vec::new();
    for (id, turn) in turns {
        told.extend(news(id, &turn.events, &turn.ticket, rules));
        tickets.insert(id, turn.ticket);
    }
    for round in 0.. {
        assert!(round <= 2 * TICKETS, "who hears of it tells it on without end");
        for (id, at, what) in std::mem::take(&mut told) {
            let turn = hear(tickets[&id].clone(), &what, rules, at).unwrap();
            told.extend(news(id, &turn.events, &turn.ticket, rules));
            tickets.insert(id, turn.ticket);
        }
        if told.is_empty() {
            return;
        }
    }
}

/// All that is above a ticket, by these relations.
fn above(tickets: &Tickets, of: TicketId, up: &[Relation]) -> BTreeSet<TicketId> {
    let (mut found, mut todo) = (BTreeSet::new(), vec![of]);
    while let Some(id) = todo.pop() {
        for other in up.iter().flat_map(|up| tickets[&id].related(*up)) {
            if found.insert(other) {
                todo.push(other);
            }
        }
    }
    found
}

fn check(tickets: &Tickets) -> Result<(), TestCaseError> {
    let family = [Relation::ChildOf, Relation::IncidentOf];
    let orders =
        [&family[..], &[Relation::DuplicateOf], &[Relation::CausedBy], &[Relation::FollowUpOf]];
    for (id, ticket) in tickets {
        for order in orders {
            prop_assert!(!above(tickets, *id, order).contains(id), "{} is above itself", id);
        }
        for (relation, others) in &ticket.relations {
            for (other, status) in others {
                let there = &tickets[other];
                let half = there.related(relation.inverse()).any(|back| back == *id);
                prop_assert!(half, "{} is {} {}, which does not know it", id, relation, other);
                if relation.is_family() && !relation.leads_up() {
                    prop_assert_eq!(
                        status.is_open(),
                        there.status.is_open(),
                        "{} of {}",
                        other,
                        id
                    );
                }
            }
        }
        prop_assert!(ticket.related(Relation::ChildOf).count() <= 1);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_ticket_is_ever_above_itself_and_both_halves_agree(
        rules in rulebook(), steps in prop::collection::vec(step(), 1..60),
    ) {
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let agent = Actor::Agent(AgentId(1));
        let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
        let open = TicketAction::Open(Box::new(request));
        let ticket = carry_out(None, &open, agent, &rules, now).unwrap().ticket;
        let mut tickets: Tickets = (1..=TICKETS).map(|id| (TicketId(id), ticket.clone())).collect();
        for (id, step, other) in steps {
            let (id, other) = (TicketId(id), TicketId(other));
            let (one, two) = ((id, tickets[&id].clone()), (other, tickets[&other].clone()));
            let by = (agent, &rules);
            let both = |(a, b)| vec![(id, a), (other, b)];
            let single = |action| carry_out(Some(tickets[&id].clone()), &action, agent, &rules, now);
            let done: Result<Vec<(TicketId, Turn)>, Refusal> = match step {
                Step::Relate(relation) => {
                    let find = |of: TicketId| Ok(tickets[&of].clone());
                    relate(one, relation, two, by, now, find).map(both)
                }
                Step::Unrelate(relation) => unrelate(one, relation, two, by, now).map(both),
                Step::Become(to) => {
                    single(TicketAction::ChangeStatus { to, hold: None }).map(|it| vec![(id, it)])
                }
                Step::Describe(kind) => {
                    let described = TicketAction::Describe { kind: Some(kind), need: None, discipline: None };
                    single(described).map(|it| vec![(id, it)])
                }
            };
            if let Ok(turns) = done {
                take(&mut tickets, turns, &rules);
            }
            check(&tickets)?;
        }
    }
}
