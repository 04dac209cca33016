//! A ticket goes to whom routing has chosen for it.

use firstline_sla::Timestamp;

use super::Ticket;
use super::decide::{Turn, Work};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::routing::Choice;
use crate::rulebook::Rulebook;

/// Gives a ticket to whoever was [chosen](crate::route) for it, and records why. If nobody could be,
/// it waits on, and nothing is recorded.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn give(
    ticket: Ticket,
    choice: &Choice,
    by: Actor,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, by, rulebook, now)?;
    work.need(Role::Agent, "route tickets")?;
    let mark = work.mark();
    if let Some((agent, _)) = choice.chosen {
        work.give_to(agent, choice)?;
    }
    work.follow_up(&mark)?;
    work.finish()
}
