//! What agents have to do is the sum of what tickets say.

use std::collections::BTreeSet;

use firstline_core::{
    Actor, Agent, AgentId, Channel, Floor, OfferEnd, Rulebook, Seat, Status, TicketAction,
    TicketFact, TicketId, Timestamp, Wanted, Workload, dispatch, route, withdraw,
};

use super::clerk::{AGENT, CUSTOMER, Clerk, request};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::Journal;

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    work_follows_its_tickets_and_is_made_again_from_the_records,
    who_was_only_asked_leaves_no_trace,
    who_declines_had_a_turn,
];

const BOB: AgentId = AgentId(1);
const EVE: AgentId = AgentId(2);

fn clerk() -> Clerk {
    let rules = "name = \"Desk\"\n[[lines]]\nid = \"L1\"\n[routing]\nautomatic = true\n\
                 offer = \"10m\"\n";
    let rulebook = Rulebook::from_toml(rules, "desk.toml").expect("the rulebook is sound");
    Clerk { rulebook, ..Clerk::new() }
}

/// How many tickets an agent carries and is offered, and in which minutes of the test they last got
/// one and were rid of one.
#[track_caller]
fn check(
    journal: &dyn Journal,
    agent: AgentId,
    expected: (u32, u32, Option<i64>, Option<i64>),
) -> Result<(), StoreError> {
    let start = Clerk::new().now;
    let Workload { carried, offered, last_given, last_freed } =
        journal.reader()?.workload(agent)?;
    let minute = |at: Timestamp| (at.as_millis() - start.as_millis()) / 60_000;
    let told = (
        carried.values().sum::<u32>(),
        offered.values().sum::<u32>(),
        last_given.map(minute),
        last_freed.map(minute),
    );
    assert_eq!(told, expected, "{agent}");
    Ok(())
}

fn give(agent: AgentId) -> TicketAction {
    TicketAction::Assign { agent: Some(agent) }
}

fn work_follows_its_tickets_and_is_made_again_from_the_records(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let mut call = request("Screen");
    call.channel = Channel::Phone;
    let (one, other) = (clerk.open(journal, request("Printer"))?, clerk.open(journal, call)?);
    check(journal, BOB, (0, 0, None, None))?;
    clerk.wait_minutes(10);
    clerk.act(journal, one, AGENT, &give(BOB))?;
    clerk.wait_minutes(10);
    clerk.act(journal, other, AGENT, &give(BOB))?;
    let work = journal.reader()?.workload(BOB)?;
    assert_eq!(work.carried, [(request("").channel, 1), (Channel::Phone, 1)].into());
    clerk.wait_minutes(10);
    // It goes to somebody else, and Bob has had his turn all the same.
    clerk.act(journal, one, AGENT, &give(EVE))?;
    check(journal, BOB, (1, 0, Some(20), Some(30)))?;
    check(journal, EVE, (1, 0, Some(30), None))?;
    clerk.wait_minutes(10);
    let pending = TicketAction::ChangeStatus { to: Status::Pending, hold: None };
    clerk.act(journal, other, AGENT, &pending)?;
    check(journal, BOB, (0, 0, Some(20), Some(40)))?;
    clerk.wait_minutes(10);
    clerk.act(
        journal,
        one,
        AGENT,
        &TicketAction::ChangeStatus { to: Status::Resolved, hold: None },
    )?;
    // What is said and rated afterwards is nobody's work.
    clerk.wait_minutes(10);
    clerk.act(journal, one, CUSTOMER, &TicketAction::Rate { score: 5, comment: None })?;
    for _ in 0..2 {
        check(journal, BOB, (0, 0, Some(20), Some(40)))?;
        check(journal, EVE, (0, 0, Some(30), Some(50)))?;
        journal.reader()?.verify()?;
        journal.rebuild()?;
    }
    Ok(())
}

/// Bob is asked whether he takes a ticket.
fn ask_bob(clerk: &Clerk, journal: &mut dyn Journal, id: TicketId) -> Result<(), StoreError> {
    let (rules, now) = (&clerk.rulebook, clerk.now);
    clerk.turn(journal, id, Actor::System, |ticket| {
        let floor = Floor::new([(BOB, Seat::new(Agent::new("Bob")))]);
        let choice = route(&Wanted::of(&ticket, rules), &floor, rules, now);
        dispatch(ticket, &choice, (rules, &BTreeSet::new()), now).expect("it waits for somebody")
    })?;
    Ok(())
}

fn who_was_only_asked_leaves_no_trace(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = clerk();
    let id = clerk.open(journal, request("Printer"))?;
    let (rules, now) = (&clerk.rulebook, clerk.now);
    ask_bob(&clerk, journal, id)?;
    check(journal, BOB, (0, 1, None, None))?;
    journal.rebuild()?;
    check(journal, BOB, (0, 1, None, None))?;
    journal.reader()?.verify()?;
    clerk.turn(journal, id, Actor::System, |ticket| {
        let turn =
            withdraw(ticket, Vec::new(), (rules, &BTreeSet::new()), now).expect("it is offered");
        let how = OfferEnd::Withdrawn { against: Vec::new() };
        let ended = TicketFact::OfferEnded { agent: BOB, how };
        assert_eq!(turn.events[0].fact, ended);
        turn
    })?;
    assert_eq!(journal.reader()?.workload(BOB)?, Workload::default());
    journal.reader()?.verify()?;
    Ok(())
}

fn who_declines_had_a_turn(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = clerk();
    let id = clerk.open(journal, request("Printer"))?;
    ask_bob(&clerk, journal, id)?;
    clerk.wait_minutes(5);
    clerk.act(journal, id, Actor::Agent(BOB), &TicketAction::DeclineOffer { reason: None })?;
    for _ in 0..2 {
        check(journal, BOB, (0, 0, Some(5), None))?;
        journal.reader()?.verify()?;
        journal.rebuild()?;
    }
    Ok(())
}
