//! What a ticket will do if nothing happens.

use firstline_sla::Timestamp;

use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::{Ticket, TicketAction, TicketEvent, carry_out};

/// What will happen to a ticket by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foresight {
    /// Nothing happens by itself before this moment; `None` if nothing ever does.
    pub nothing_before: Option<Timestamp>,
    /// Warnings, breaches, steps of ladders and what they do, rings of pages, with their moments: in
    /// the order in which they will be noticed.
    pub events: Vec<TicketEvent>,
    /// Whether more happens after these, beyond the horizon.
    pub is_cut: bool,
}

/// The most that is foreseen: a ladder that pages for weeks is long enough by then.
const MAX_FORESEEN: usize = 1_000;

/// What will happen to a ticket by itself up to a horizon, if nobody does anything: exactly what a
/// desk would record that is woken whenever it asks to be.
///
/// # Errors
///
/// A version of the rules that one of its promises is pinned to is not at hand.
pub fn foresee(
    ticket: &Ticket,
    rulebook: &Rulebook,
    horizon: Timestamp,
) -> Result<Foresight, Refusal> {
    let nothing_before = ticket.poll_timeout();
    let (mut ticket, mut events) = (ticket.clone(), Vec::new());
    while let Some(next) = ticket.poll_timeout() {
        if next > horizon || events.len() >= MAX_FORESEEN {
            return Ok(Foresight { nothing_before, events, is_cut: true });
        }
        let turn = carry_out(Some(ticket), &TicketAction::Wake, Actor::System, rulebook, next)?;
        events.extend(turn.events);
        ticket = turn.ticket;
    }
    Ok(Foresight { nothing_before, events, is_cut: false })
}
