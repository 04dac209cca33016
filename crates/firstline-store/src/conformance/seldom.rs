//! What lists are seldom asked for, and journals look up in the states of tickets.

use firstline_core::{
    Actor, AgentId, ApprovalAction, Asking, ContactId, Kind, PartyId, Refusal, Relation, Rulebook,
    Status, Ticket, TicketAction, TicketFilter, TicketId, Timestamp, Turn, merge, relate,
};

use super::clerk::{AGENT, CUSTOMER, Clerk, reply, request};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::Journal;

pub(super) const CHAPTERS: &[Chapter] = &chapters![what_is_seldom_asked_for];

/// Each ticket by what is special about it; the last one is like none of them.
const TICKETS: u64 = 10;

fn what_is_seldom_asked_for(journal: &mut dyn Journal) -> Result<(), StoreError> {
    fill(journal)?;
    let asking = Asking { me: Some(AgentId(1)), ..Asking::at(Timestamp::MAX) };
    for (typed, expected) in [
        ("approval:asked", &[1][..]),
        ("approval:approved,refused", &[2, 3]),
        ("approval:refused", &[3]),
        ("approval:none number:3,4", &[4]),
        ("rating:5", &[4]),
        ("rating<=3 -spam:true", &[5]),
        ("rating:none number:4,5,6", &[6]),
        ("follower:me", &[6]),
        ("follower:contact-9,agent-3", &[6]),
        ("follower:none number:5,6,7", &[5, 7]),
        ("parent:8", &[7]),
        ("parent:none number:7,8", &[8]),
        ("problem:8,none number:4,9", &[4, 9]),
        ("problem:8", &[9]),
        ("spam:true", &[10]),
        ("merged:true", &[2]),
        ("merged:false spam:false number:2,3,10", &[3]),
        ("reopened:true", &[5]),
        ("overdue:true", &[6]),
        ("overdue:false number:6,7", &[7]),
        ("-overdue:false -reopened:true", &[6]),
    ] {
        let filter = TicketFilter::read(typed, &asking).expect("it can be read").filter;
        let reader = journal.reader()?;
        let found = reader.find(&filter.clone().into())?.tickets;
        let mut numbers: Vec<u64> = found.iter().map(|found| found.id.0).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, expected, "{typed}");
        assert_eq!(reader.count(&filter)?, expected.len() as u64, "{typed}");
    }
    Ok(())
}

fn fill(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    for n in 1..=TICKETS {
        let mut request = request("Printer");
        if n == 8 {
            request.kind = Kind::Problem;
        }
        assert_eq!(clerk.open(journal, request)?, TicketId(n));
    }
    let ask = |what: &str| {
        TicketAction::Approval(ApprovalAction::Ask { what: what.to_owned(), of: None })
    };
    let sign = |approval, approved| {
        let (name, meaning) = ("Ann Lee".to_owned(), "the price".to_owned());
        TicketAction::Approval(ApprovalAction::Sign { approval, name, meaning, approved })
    };
    let status = |to| TicketAction::ChangeStatus { to, hold: None };
    let rate = |score| TicketAction::Rate { score, comment: None };
    let follow = |who| TicketAction::Follow { who };
    let life = [
        (1, AGENT, ask("The price")),
        (2, AGENT, ask("The price")),
        (2, CUSTOMER, sign(1, true)),
        (3, AGENT, ask("The price")),
        (3, AGENT, ask("The date")),
        (3, CUSTOMER, sign(1, true)),
        (3, CUSTOMER, sign(2, false)),
        (4, AGENT, status(Status::Resolved)),
        (4, CUSTOMER, rate(5)),
        (5, AGENT, status(Status::Resolved)),
        (5, CUSTOMER, rate(2)),
        (5, CUSTOMER, reply("It is broken again.")),
        (6, AGENT, follow(PartyId::Agent(AgentId(1)))),
        (6, AGENT, follow(PartyId::Contact(ContactId(9)))),
        (10, AGENT, TicketAction::MarkSpam),
    ];
    for (id, actor, action) in life {
        clerk.act(journal, TicketId(id), actor, &action)?;
    }
    let relation = |relation| {
        move |one, other, (by, rules): (Actor, &Rulebook), now, find: Find<'_>| {
            relate(one, relation, other, (by, rules), now, find)
        }
    };
    both(&clerk, journal, (7, 8), relation(Relation::ChildOf))?;
    both(&clerk, journal, (9, 8), relation(Relation::IncidentOf))?;
    both(&clerk, journal, (2, 1), |one, other, (by, rules), now, find| {
        merge(one, other, by, rules, now, find)
    })?;
    clerk.wait_minutes(60 * 24 * 365);
    clerk.act(journal, TicketId(6), AGENT, &TicketAction::Wake)?;
    Ok(())
}

type OfTwo = Result<(Turn, Turn), Refusal>;

type Find<'f> = &'f mut dyn FnMut(TicketId) -> Result<Ticket, Refusal>;

/// Does something to two tickets.
fn both(
    clerk: &Clerk,
    journal: &mut dyn Journal,
    (one, other): (u64, u64),
    act: impl FnOnce(
        (TicketId, Ticket),
        (TicketId, Ticket),
        (Actor, &Rulebook),
        Timestamp,
        Find<'_>,
    ) -> OfTwo,
) -> Result<(), StoreError> {
    let (one, other) = (TicketId(one), TicketId(other));
    let reader = journal.reader()?;
    let mut find = |id| -> Result<Ticket, Refusal> {
        let stored = reader.ticket(id).expect("it can be read");
        Ok(stored.expect("it was opened").state)
    };
    let load = |id| find(id).expect("it was opened");
    let pair = (load(one), load(other));
    let turns = act((one, pair.0), (other, pair.1), (AGENT, &clerk.rulebook), clerk.now, &mut find);
    let (first, second) = turns.expect("it is allowed");
    drop(reader);
    for (id, turn) in [(one, first), (other, second)] {
        clerk.turn(journal, id, AGENT, |_| turn)?;
    }
    Ok(())
}
