//! A message to a ticket that is over, where the lifecycle says when that is: it opens a ticket of its
//! own, which is linked to the old one.

use firstline_sla::Timestamp;

use super::Relation;
use crate::id::TicketId;
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;
use crate::ticket::action::OpenTicket;
use crate::ticket::decide::{Asked, Turn, Work};
use crate::ticket::lifecycle::Status;

/// What a customer's message to a ticket becomes that cannot be reopened any more: the turns of the
/// old ticket and of `new`, which asks for the same anew. `None` if the message is for the ticket
/// itself to take or to refuse.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn follow_up(
    (id, ticket): (TicketId, Ticket),
    new: TicketId,
    text: &str,
    (by, rulebook): (Actor, &Rulebook),
    now: Timestamp,
) -> Result<Option<(Turn, Turn)>, Refusal> {
    if by.role() != Role::Contact || ticket.place.is_none() {
        return Ok(None);
    }
    let mut old = Work::go_on(ticket, by, rulebook, now)?;
    let (life, _) = old.whereabouts();
    let is_over = match old.ticket.status {
        Status::Closed => true,
        Status::Resolved => old.after_reply(None).is_err(),
        _ => false,
    };
    let is_alone = old.ticket.merged.is_none() && !old.ticket.spam;
    if !life.has_follow_ups || !is_over || !is_alone {
        return Ok(None);
    }
    let of = &old.ticket;
    let request = OpenTicket {
        line: rulebook.has_line(&of.line, of.team.as_ref()).then(|| of.line.clone()),
        team: of.team.clone().filter(|team| rulebook.has_line(&of.line, Some(team))),
        number: Some(new),
        ..OpenTicket::beside(of, &of.subject, text)
    };
    let mut fresh = Work::open(&request, (by, None), Asked::Not, by, rulebook, now)?;
    fresh.bind(Relation::FollowUpOf, id, old.ticket.status);
    let mark = old.mark();
    old.bind(Relation::FollowedBy, new, fresh.ticket.status);
    old.follow_up(&mark)?;
    Ok(Some((old.finish()?, fresh.finish()?)))
}
