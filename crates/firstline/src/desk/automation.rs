//! Questions about rules.

use firstline_core::{RuleKind, Ticket, TicketEvent, TicketId, WhyNot, apply, why_not};
use firstline_store::Record;

use super::{Desk, ticket_event};
use crate::error::Error;

impl Desk {
    /// Why a rule of the rulebook did not fire when something last happened to a ticket that it waits
    /// for, or why it did: each clause of its condition with what it found then, what was before among
    /// it. If nothing of the kind has happened yet, the answer is for what happened last. As text it is a
    /// sentence, with `{:#}` an account.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket or rule.
    pub fn why_not(&self, rule: &str, ticket: TicketId) -> Result<WhyNot, Error> {
        let (timeline, rulebook, now) = (self.timeline(ticket)?, self.rulebook(), self.present()?);
        let together = |one: &Record, other: &Record| {
            (one.at, one.actor, one.command) == (other.at, other.actor, other.command)
        };
        let (mut before, mut considered): (Option<Ticket>, _) = (None, None);
        let mut turns = timeline.chunk_by(together).peekable();
        while let Some(turn) = turns.next() {
            let events = turn.iter().filter_map(ticket_event).map(|(_, event)| event.clone());
            let events: Vec<TicketEvent> = events.collect();
            let answer = why_not(&rulebook, rule, before.as_ref(), &events, now)?;
            let waits = matches!(&answer.kind, RuleKind::Trigger { on, happened, .. }
                if !on.is_empty() && !on.iter().any(|one| happened.contains(one)));
            if !waits || turns.peek().is_none() && considered.is_none() {
                considered = Some(answer);
            }
            for event in &events {
                before = Some(apply(before, event)?);
            }
        }
        match considered {
            Some(answer) => Ok(answer),
            None => Ok(why_not(&rulebook, rule, None, &[], now)?),
        }
    }
}
