//! Questions about rules.

use firstline_core::{Ticket, TicketEvent, TicketId, WhyNot, apply, why_not};
use firstline_store::Record;

use super::{Desk, ticket_event};
use crate::error::Error;

impl Desk {
    /// Why a rule of the rulebook did not fire when something last happened to a ticket, or why it
    /// did: what it waits for, and each clause of its condition with what it found. As text it is a
    /// sentence, with `{:#}` an account.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket or rule.
    pub fn why_not(&self, rule: &str, ticket: TicketId) -> Result<WhyNot, Error> {
        let timeline = self.timeline(ticket)?;
        let last = timeline.last().map_or(0, |last| {
            let together = |record: &&Record| {
                (record.at, record.actor, record.command) == (last.at, last.actor, last.command)
            };
            timeline.iter().rev().take_while(together).count()
        });
        let (earlier, last) = timeline.split_at(timeline.len() - last);
        let events = |records: &[Record]| -> Vec<TicketEvent> {
            records.iter().filter_map(ticket_event).map(|(_, event)| event.clone()).collect()
        };
        let mut before: Option<Ticket> = None;
        for event in events(earlier) {
            before = Some(apply(before, &event)?);
        }
        Ok(why_not(&self.rulebook(), rule, before.as_ref(), &events(last), self.present()?)?)
    }
}
