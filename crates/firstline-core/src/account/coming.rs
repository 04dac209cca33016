//! What comes to a ticket by itself after all that was written down of it.

use firstline_sla::Timestamp;

use super::AccountError;
use crate::forecast::foresee;
use crate::limits::LATEST;
use crate::people::Actor;
use crate::rulebook::Rulebook;
use crate::ticket::{Ticket, TicketAction, TicketEvent, apply, carry_out};

/// What comes to a ticket by itself.
pub(super) struct Coming {
    /// What is true by now and was not written down: what a desk would record that is woken now.
    pub(super) unnoticed: Vec<TicketEvent>,
    /// The ticket after that; `None` if there is none.
    pub(super) ticket: Option<Ticket>,
}

impl Coming {
    /// What comes after this history.
    pub(super) fn after(
        history: &[(Timestamp, &TicketEvent)],
        rulebook: &Rulebook,
        now: Timestamp,
    ) -> Result<Self, AccountError> {
        let mut ticket = None;
        for (_, event) in history {
            ticket = Some(apply(ticket, event)?);
        }
        let is_due = |ticket: &Ticket| ticket.poll_timeout().is_some_and(|at| at <= now);
        match ticket {
            Some(ticket) if is_due(&ticket) => {
                let wake = TicketAction::Wake;
                let turn = carry_out(Some(ticket), &wake, Actor::System, rulebook, now)?;
                Ok(Self { unnoticed: turn.events, ticket: Some(turn.ticket) })
            }
            ticket => Ok(Self { unnoticed: Vec::new(), ticket }),
        }
    }

    /// What will happen after that, if nobody does anything.
    pub(super) fn foresee(&self, rulebook: &Rulebook) -> Result<Vec<TicketEvent>, AccountError> {
        match &self.ticket {
            Some(ticket) => Ok(foresee(ticket, rulebook, LATEST)?.events),
            None => Ok(Vec::new()),
        }
    }
}
