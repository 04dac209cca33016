//! Who waits for whom, and what agents have to do.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    AgentId, Channel, Floor, Impact, OpenTicket, Priority, Rulebook, Seat, Status, Ticket,
    TicketAction, TicketFact, TicketId, Timestamp, Urgency, Wanted, Workload, dispatch, route,
};

use super::clerk::{AGENT, Clerk, request};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::{Entry, Journal, Reader, State};

pub(super) const CHAPTERS: &[Chapter] = &chapters![everybody_waits_in_their_queue_and_is_counted];

/// Every ticket waits for somebody, who has ten minutes to accept.
const ROUTING: &str = r#"
name = "Northwind support"
[[lines]]
id = "L1"
[[lines]]
id = "L2"
[routing]
automatic = true
offer = "10m"
"#;

fn everybody_waits_in_their_queue_and_is_counted(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    clerk.rulebook = Rulebook::from_toml(ROUTING, "desk.toml").expect("the rulebook is sound");
    let mut ids = Vec::new();
    for n in 0..24_usize {
        let open = OpenTicket {
            impact: Impact::ALL[n % 3],
            urgency: Urgency::ALL[n / 3 % 3],
            channel: [Channel::Mail, Channel::Phone][n % 2],
            line: Some(["L1", "L2"][n / 2 % 2].into()),
            ..request("Printer")
        };
        ids.push(clerk.open(journal, open)?);
        // Every other one comes in the same millisecond as the one before.
        clerk.wait_minutes((n % 2) as i64);
        check(&*journal.reader()?, &ids)?;
    }
    let assign = |agent| TicketAction::Assign { agent };
    let to = |to| TicketAction::ChangeStatus { to, hold: None };
    for (n, &id) in ids.iter().enumerate() {
        clerk.wait_minutes(1);
        match n % 8 {
            0 => offer(&clerk, journal, id)?,
            1 => drop(clerk.act(journal, id, AGENT, &assign(Some(AgentId(1))))?),
            2 => {
                clerk.act(journal, id, AGENT, &assign(Some(AgentId(2))))?;
                clerk.act(journal, id, AGENT, &to(Status::Resolved))?;
            }
            3 => drop(clerk.act(journal, id, AGENT, &to(Status::Pending))?),
            4 => {
                clerk.act(journal, id, AGENT, &assign(Some(AgentId(1))))?;
                clerk.act(journal, id, AGENT, &assign(None))?;
            }
            5 => {
                offer(&clerk, journal, id)?;
                clerk.act(journal, id, AGENT, &TicketAction::AcceptOffer)?;
            }
            _ => {}
        }
        check(&*journal.reader()?, &ids)?;
    }
    journal.rebuild()?;
    check(&*journal.reader()?, &ids)?;
    journal.reader()?.verify()?;
    Ok(())
}

/// Offers a ticket to the only agent who is there.
fn offer(clerk: &Clerk, journal: &mut dyn Journal, id: TicketId) -> Result<(), StoreError> {
    let mut transaction = journal.begin()?;
    let stored = transaction.ticket(id)?.expect("it was opened");
    let floor = Floor::new([(AgentId(1), Seat::new(firstline_core::Agent::new("Bob")))]);
    let choice =
        route(&Wanted::of(&stored.state, &clerk.rulebook), &floor, &clerk.rulebook, clerk.now);
    let rules = (&clerk.rulebook, &BTreeSet::new());
    let turn = dispatch(stored.state, &choice, rules, clerk.now).expect("it is allowed");
    assert!(turn.events.iter().any(|event| matches!(event.fact, TicketFact::Offered { .. })));
    let entry = Entry {
        stream: firstline_core::Stream::Ticket(id),
        expected: stored.version,
        at: clerk.now,
        actor: firstline_core::Actor::System,
        command: None,
        rulebook: 1,
        events: turn.events.into_iter().map(firstline_core::Event::Ticket).collect(),
        state: State::Ticket(turn.ticket),
    };
    transaction.append(entry)?;
    transaction.commit()
}

/// Compares what the journal says with what the tickets say one by one.
fn check(reader: &dyn Reader, ids: &[TicketId]) -> Result<(), StoreError> {
    let stored = |id: &TicketId| Ok((*id, reader.ticket(*id)?.expect("it was opened").state));
    let tickets =
        ids.iter().map(stored).collect::<Result<Vec<(TicketId, Ticket)>, StoreError>>()?;
    let mut queues: BTreeMap<String, BTreeMap<Priority, BTreeSet<(Timestamp, TicketId)>>> =
        BTreeMap::new();
    for (id, ticket) in &tickets {
        if let Some((queue, since)) = ticket.waits_in() {
            let rows = queues.entry(queue).or_default();
            rows.entry(ticket.priority()).or_default().insert((since, *id));
        }
    }
    assert_eq!(reader.queues()?, queues.keys().cloned().collect::<Vec<_>>());
    for (queue, rows) in &queues {
        for &priority in Priority::ALL {
            let expected: Vec<_> = rows.get(&priority).into_iter().flatten().copied().collect();
            assert_eq!(reader.queued(queue, priority, None, usize::MAX)?, expected);
            let (mut paged, mut after) = (Vec::new(), None);
            while let Some(next) = reader.queued(queue, priority, after, 2)?.first().copied() {
                paged.push(next);
                after = Some(next);
            }
            assert_eq!(paged, expected, "one by one");
        }
    }
    assert_eq!(reader.queued("nowhere", Priority::Low, None, 10)?, []);
    for agent in [AgentId(1), AgentId(2), AgentId(3)] {
        let mut work = Workload::default();
        tickets.iter().for_each(|(_, ticket)| work.add(&Workload::on(ticket, agent)));
        assert_eq!(reader.workload(agent)?, work, "{agent}");
    }
    Ok(())
}
