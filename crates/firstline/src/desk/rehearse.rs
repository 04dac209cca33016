//! The dry run of a rulebook: what it would have made of the desk's past.

use std::collections::BTreeSet;

use firstline_core::{
    Happened, Refusal, Rehearsal, Relation, Rulebook, Stream, TicketFact, TicketId, Timestamp,
    rehearse,
};
use firstline_store::Reader;

use super::letters::introduce_all;
use super::rules::look_for_strangers;
use super::{Desk, ticket_event};
use crate::error::Error;

/// How many records are looked at in one go.
const PAGE: usize = 1_000;

/// What other rules would have made of the tickets of the journal's last records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// How many tickets were played again.
    pub tickets: u64,
    /// How many of them would be as they are.
    pub same: u64,
    /// How many could not be played to the end: they were merged, split, or answered along with
    /// another ticket, or somebody's words were erased from them.
    pub cut: u64,
    /// The others, by number.
    pub differences: Vec<Difference>,
}

/// A ticket of which other rules would have made something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub ticket: TicketId,
    /// What is different; or why it could not even have been opened.
    pub rehearsal: Result<Rehearsal, Refusal>,
}

impl Desk {
    /// Plays the tickets of the journal's last records again under another rulebook, each from its
    /// opening, and tells what would be different: verdicts, and what ladders and rules do. Nothing
    /// is changed.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn dry_run(&self, rulebook: &Rulebook, last: u64) -> Result<DryRun, Error> {
        self.read(|journal| {
            let Some(head) = journal.head()? else {
                return Ok(DryRun::default());
            };
            let mut rulebook = rulebook.clone();
            look_for_strangers(&mut rulebook, journal)?;
            let mut run = DryRun::default();
            for ticket in touched_since(journal, head.seq.saturating_sub(last))? {
                let rehearsal = rehearse_ticket(journal, ticket, &mut rulebook, head.at)?;
                run.tickets += 1;
                match rehearsal {
                    Ok(rehearsal) if !rehearsal.is_whole => run.cut += 1,
                    Ok(rehearsal) if rehearsal.is_the_same() => run.same += 1,
                    rehearsal => run.differences.push(Difference { ticket, rehearsal }),
                }
            }
            Ok(run)
        })
    }
}

/// The tickets that have a record after this one.
fn touched_since(journal: &dyn Reader, mut seq: u64) -> Result<BTreeSet<TicketId>, Error> {
    let mut tickets = BTreeSet::new();
    loop {
        let records = journal.records(seq, PAGE)?;
        let Some(last) = records.last() else {
            return Ok(tickets);
        };
        seq = last.seq;
        tickets.extend(records.iter().filter_map(ticket_event).map(|(ticket, _)| ticket));
    }
}

fn rehearse_ticket(
    journal: &dyn Reader,
    ticket: TicketId,
    rulebook: &mut Rulebook,
    until: Timestamp,
) -> Result<Result<Rehearsal, Refusal>, Error> {
    let records = journal.history(Stream::Ticket(ticket))?;
    let history: Vec<Happened<'_>> = records
        .iter()
        .filter_map(|record| {
            let (_, event) = ticket_event(record)?;
            Some(Happened { event, by: record.actor, at: record.at, seq: record.seq })
        })
        .collect();
    let stored = journal.ticket(ticket)?.ok_or(Refusal::UnknownTicket(ticket))?;
    if was_answered_along(journal, &history)? {
        return Ok(Ok(Rehearsal::default()));
    }
    introduce_all(rulebook, journal, history.iter().map(|happened| happened.event))?;
    Ok(rehearse(&stored.state, &history, rulebook, until))
}

/// Whether the ticket was answered or resolved along with a problem, a whole or an original that it
/// belongs to: what it was told then follows from the rules and from the other ticket.
fn was_answered_along(journal: &dyn Reader, history: &[Happened<'_>]) -> Result<bool, Error> {
    use Relation::{ChildOf, DuplicateOf, IncidentOf};
    // Whoever comes late is told at once what the others were told.
    let mut moments = BTreeSet::new();
    let mut others = BTreeSet::new();
    for it in history {
        match it.event.fact {
            TicketFact::Related {
                relation: relation @ (ChildOf | DuplicateOf | IncidentOf),
                ticket,
                ..
            } => {
                others.insert(ticket);
                // That a duplicate is closed is its own doing.
                moments.insert((it.at, relation == IncidentOf));
            }
            // It belongs to the one in which that one lives on.
            TicketFact::RelativeMerged { ticket, into } if others.contains(&ticket) => {
                others.insert(into);
                moments.insert((it.at, true));
            }
            // It may have heard that from further away: from what its original is a duplicate of.
            TicketFact::RelativeMoved { ticket, .. }
            | TicketFact::RelativeSeparated { ticket, .. }
                if others.contains(&ticket) =>
            {
                moments.insert((it.at, true));
            }
            _ => {}
        }
    }
    for other in others {
        let records = journal.history(Stream::Ticket(other))?;
        let told = records.iter().filter(|record| {
            let fact = ticket_event(record).map(|(_, event)| &event.fact);
            fact.is_some_and(|fact| match fact {
                TicketFact::ErrorKnown { .. } => true,
                TicketFact::StatusChanged { from, to, .. } => from.is_open() && !to.is_open(),
                _ => false,
            })
        });
        moments.extend(told.map(|record| (record.at, true)));
    }
    Ok(history.iter().any(|it| {
        let is_told = match it.event.fact {
            TicketFact::MessageAdded { .. } | TicketFact::RuleSkipped { .. } => {
                moments.iter().any(|(at, _)| *at == it.at)
            }
            TicketFact::StatusChanged { .. } => moments.contains(&(it.at, true)),
            _ => false,
        };
        is_told && it.event.rule.is_none()
    }))
}
