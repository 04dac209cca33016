//! Tickets that are related, unrelated, merged, separated and described at random, as a desk would do
//! it.

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
    Merge,
    Separate,
    Become(Status),
    Describe(Kind),
}

fn step() -> impl Strategy<Value = (u64, Step, u64)> {
    let relation = || select(Relation::ALL.to_vec());
    let step = prop_oneof![
        8 => relation().prop_map(Step::Relate),
        1 => relation().prop_map(Step::Unrelate),
        2 => Just(Step::Merge),
        2 => Just(Step::Separate),
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

/// As many tickets of one customer as there may be, each alone.
fn alone(rules: &Rulebook) -> Tickets {
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let ticket = carry_out(None, &open, AGENT, rules, now()).unwrap().ticket;
    (1..=TICKETS).map(|id| (TicketId(id), ticket.clone())).collect()
}

const AGENT: Actor = Actor::Agent(AgentId(1));

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// Carries a step out on the tickets of a desk. Whether it was not refused.
fn take_step(
    tickets: &mut Tickets,
    (id, step, other): (u64, &Step, u64),
    rules: &Rulebook,
) -> Result<(), Refusal> {
    let (id, other) = (TicketId(id), TicketId(other));
    let (one, two) = ((id, tickets[&id].clone()), (other, tickets[&other].clone()));
    let by = (AGENT, rules);
    let both = |(a, b)| vec![(id, a), (other, b)];
    let find = |of: TicketId| Ok(tickets[&of].clone());
    let single = |action| {
        carry_out(Some(tickets[&id].clone()), &action, AGENT, rules, now()).map(|it| vec![(id, it)])
    };
    let turns: Vec<(TicketId, Turn)> = match step {
        Step::Relate(relation) => relate(one, *relation, two, by, now(), find).map(both),
        Step::Unrelate(relation) => {
            unrelate(one, *relation, two, AGENT, (rules, &[]), [&BTreeSet::new(); 2], now())
                .map(both)
        }
        Step::Merge => merge(one, two, AGENT, rules, now(), find).map(both),
        Step::Separate => {
            separate(one, two, AGENT, (rules, &[]), &SinceMerge::default(), now()).map(both)
        }
        Step::Become(to) => single(TicketAction::ChangeStatus { to: *to, hold: None }),
        Step::Describe(kind) => {
            single(TicketAction::Describe { kind: Some(*kind), need: None, discipline: None })
        }
    }?;
    take(tickets, turns, rules);
    Ok(())
}

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
            let turn = hear(tickets[&id].clone(), &what, (rules, &BTreeSet::new()), at).unwrap();
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

/// A ticket, what it says again, what that says again.
fn said_again(tickets: &Tickets, id: TicketId) -> Vec<TicketId> {
    let next = |id: &TicketId| tickets[id].related(Relation::DuplicateOf).next();
    std::iter::successors(Some(id), next).collect()
}

/// Whether a ticket says again what its own part says, of which it hears how it stands itself.
fn says_its_part_again(ticket: &Ticket) -> bool {
    let down = [Relation::ParentOf, Relation::ProblemOf];
    let is_part =
        |other: TicketId| down.iter().any(|down| ticket.related(*down).any(|it| it == other));
    ticket.related(Relation::DuplicateOf).any(is_part)
}

/// `apart` are those of which nobody can tell what they know of what they say again.
fn check(tickets: &Tickets, apart: &mut BTreeSet<TicketId>) -> Result<(), TestCaseError> {
    let says_its_part = tickets.iter().filter(|(_, ticket)| says_its_part_again(ticket));
    apart.extend(says_its_part.map(|(id, _)| *id));
    let family = [Relation::ChildOf, Relation::IncidentOf];
    let orders =
        [&family[..], &[Relation::DuplicateOf], &[Relation::CausedBy], &[Relation::FollowUpOf]];
    // What is merged keeps what it was, and lives on elsewhere.
    for (id, ticket) in tickets.iter().filter(|(_, ticket)| ticket.merged.is_none()) {
        for order in orders {
            prop_assert!(!above(tickets, *id, order).contains(id), "{} is above itself", id);
        }
        for (relation, others) in &ticket.relations {
            for (other, status) in others {
                let there = &tickets[other];
                prop_assert!(
                    there.merged.is_none(),
                    "{} is {} {}, which is gone",
                    id,
                    relation,
                    other
                );
                let half = there.related(relation.inverse()).any(|back| back == *id);
                prop_assert!(half, "{} is {} {}, which does not know it", id, relation, other);
                if relation.hears() {
                    let chain = match relation {
                        Relation::DuplicateOf => said_again(tickets, *id),
                        _ => vec![*other],
                    };
                    let is_open = tickets[chain.last().unwrap()].status.is_open();
                    let is_known = chain.iter().all(|of| !apart.contains(of));
                    prop_assert!(!is_known || status.is_open() == is_open, "{} of {}", other, id);
                }
            }
        }
        prop_assert!(ticket.related(Relation::ChildOf).count() <= 1);
    }
    Ok(())
}

/// A second, naive account of how tickets stand to each other: what was said, as it was said, and who
/// lives on where.
#[derive(Default)]
struct Plain {
    said: BTreeSet<(TicketId, Relation, TicketId)>,
    lives_on: BTreeMap<TicketId, TicketId>,
}

impl Plain {
    fn now(&self, who: TicketId) -> TicketId {
        self.lives_on.get(&who).map_or(who, |into| self.now(*into))
    }

    fn take(&mut self, (id, step, other): (u64, &Step, u64)) {
        let (id, other) = (TicketId(id), TicketId(other));
        match step {
            Step::Relate(relation) => {
                if !self.stand().contains(&(id, *relation, other)) {
                    self.said.insert((id, *relation, other));
                    self.said.insert((other, relation.inverse(), id));
                }
            }
            Step::Unrelate(relation) => {
                let meant = [(id, *relation, other), (other, relation.inverse(), id)];
                let said = std::mem::take(&mut self.said).into_iter();
                let stays = |(a, by, b): &(TicketId, Relation, TicketId)| {
                    !meant.contains(&(self.now(*a), *by, self.now(*b)))
                };
                self.said = said.filter(stays).collect();
            }
            Step::Merge => {
                self.lives_on.insert(id, other);
            }
            Step::Separate => {
                self.lives_on.remove(&id);
            }
            Step::Become(_) | Step::Describe(_) => {}
        }
    }

    /// How those stand to each other that live by themselves.
    fn stand(&self) -> BTreeSet<(TicketId, Relation, TicketId)> {
        let now = self.said.iter().map(|(a, by, b)| (self.now(*a), *by, self.now(*b)));
        now.filter(|(a, _, b)| a != b).collect()
    }
}

fn stand(tickets: &Tickets) -> BTreeSet<(TicketId, Relation, TicketId)> {
    let alive = tickets.iter().filter(|(_, ticket)| ticket.merged.is_none());
    let each = alive.flat_map(|(id, ticket)| {
        Relation::ALL
            .into_iter()
            .flat_map(move |by| ticket.related(by).map(move |to| (*id, by, to)))
    });
    each.collect()
}

/// All that the tickets are, but for when something last happened to them, and what their customers were
/// told meanwhile: nobody takes that back, and it was put right.
fn timeless(tickets: &Tickets) -> Tickets {
    let timeless = |ticket: &Ticket| {
        let (messages, told) = (1, None);
        Ticket { updated_at: ticket.opened_at, messages, told, ..ticket.clone() }
    };
    tickets.iter().map(|(id, ticket)| (*id, timeless(ticket))).collect()
}

/// Whoever was told how it stands was told how it stands now.
fn check_told(tickets: &Tickets, apart: &BTreeSet<TicketId>) -> Result<(), TestCaseError> {
    for (id, ticket) in tickets.iter().filter(|(_, ticket)| ticket.merged.is_none()) {
        let chain = said_again(tickets, *id);
        let is_known = chain.len() > 1 && chain.iter().all(|of| !apart.contains(of));
        if let Some(told) = ticket.told.filter(|_| is_known) {
            let is_open = tickets[chain.last().unwrap()].status.is_open();
            prop_assert_eq!(told == Told::GoesOn, is_open, "{} of {:?}", id, chain);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_ticket_is_ever_above_itself_and_both_halves_agree_also_where_tickets_are_merged(
        rules in rulebook(), steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut tickets = alone(&rules);
        let (mut plain, mut apart) = (Plain::default(), BTreeSet::new());
        for (id, step, other) in steps {
            if take_step(&mut tickets, (id, &step, other), &rules).is_ok() {
                plain.take((id, &step, other));
            }
            check(&tickets, &mut apart)?;
            check_told(&tickets, &apart)?;
            prop_assert_eq!(stand(&tickets), plain.stand());
        }
    }

    #[test]
    fn to_merge_and_to_undo_it_gives_all_relatives_back_exactly_in_whatever_order(
        rules in rulebook(), steps in prop::collection::vec(step(), 1..40),
        merges in prop::collection::vec((1..=TICKETS, 1..=TICKETS), 1..5),
        order in any::<prop::sample::Index>(),
    ) {
        let mut tickets = alone(&rules);
        for (id, step, other) in steps {
            let _ = take_step(&mut tickets, (id, &step, other), &rules);
        }
        let before = timeless(&tickets);
        let mut merged = Vec::new();
        for (id, into) in merges {
            // What is merged into something that is done is done, and what that does to others is none
            // of the merge: they were answered, and stay so.
            let is_open = tickets[&TicketId(into)].status.is_open();
            if is_open && take_step(&mut tickets, (id, &Step::Merge, into), &rules).is_ok() {
                merged.push((id, into));
            }
        }
        // Whoever lives on in a ticket that was merged itself has to wait for that one.
        while !merged.is_empty() {
            let turn = order.index(merged.len());
            merged.rotate_left(turn);
            let next = merged.iter().position(|(id, into)| {
                take_step(&mut tickets, (*id, &Step::Separate, *into), &rules).is_ok()
            });
            merged.remove(next.expect("one of them can be undone"));
        }
        prop_assert_eq!(timeless(&tickets), before);
    }
}
