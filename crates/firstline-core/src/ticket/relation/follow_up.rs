//! A message to a ticket that is over: it opens a ticket of its own, which is linked to the old one. No
//! word of a customer is refused because nobody works on the matter any more.

use firstline_sla::Timestamp;

use super::{MAX_FOLLOW_UPS, MAX_RELATIONS, Relation};
use crate::id::{ContractId, TicketId};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;
use crate::ticket::action::OpenTicket;
use crate::ticket::decide::{Turn, Work};
use crate::ticket::fact::TicketFact;
use crate::ticket::lifecycle::Status;

/// A ticket that goes on where another one ended, or with a part of it: what only a desk can say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The number that it is to have.
    pub number: TicketId,
    /// The contract of the other one, if that is for this one too.
    pub contract: Option<ContractId>,
    /// How well the customer is served.
    pub tier: Option<String>,
}

impl Successor {
    /// One that is served as the other one is.
    #[must_use]
    pub fn of(ticket: &Ticket, number: TicketId) -> Self {
        Self { number, contract: ticket.contract, tier: ticket.tier.clone() }
    }
}

/// What a customer's message to a ticket becomes that cannot be reopened, or not any more: the turns of
/// the old ticket and of `new`, which asks for the same anew and knows what the old one knew. `None` if
/// the message is for the ticket itself to take, or for the one that it was merged into.
///
/// Where many go on already, the oldest one of those that are `over` is let go of.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn follow_up(
    (id, ticket): (TicketId, Ticket),
    (new, over): (Successor, &[TicketId]),
    text: &str,
    (by, rulebook): (Actor, &Rulebook),
    now: Timestamp,
) -> Result<Option<(Turn, Turn)>, Refusal> {
    if by.role() != Role::Contact {
        return Ok(None);
    }
    let mut old = Work::go_on(ticket, by, rulebook, now)?;
    let is_over = match old.ticket.status {
        Status::Closed => true,
        Status::Resolved => old.after_reply(None).is_err(),
        _ => false,
    };
    if !is_over || old.ticket.merged.is_some() {
        return Ok(None);
    }
    let of = &old.ticket;
    let request = OpenTicket {
        number: Some(new.number),
        contract: new.contract,
        tier: new.tier,
        ..OpenTicket::beside(of, rulebook, &of.subject, text)
    };
    let mut fresh = Work::open_beside(&of.fields, &request, (by, None), by, rulebook, now)?;
    fresh.bind(Relation::FollowUpOf, id, old.ticket.status);
    let mark = old.mark();
    if let Some(ticket) = let_go(&old.ticket, over) {
        old.happen(TicketFact::Unrelated { relation: Relation::FollowedBy, ticket });
    }
    old.bind(Relation::FollowedBy, new.number, fresh.ticket.status);
    old.follow_up(&mark)?;
    Ok(Some((old.finish()?, fresh.finish()?)))
}

/// Which of those that go on where a ticket ended makes room for another one: one that is over, or whichever
/// is the oldest, before they are more than a ticket has.
fn let_go(ticket: &Ticket, over: &[TicketId]) -> Option<TicketId> {
    let count = ticket.related(Relation::FollowedBy).count();
    let over = || over.iter().min().copied();
    let oldest = || ticket.related(Relation::FollowedBy).next();
    match count {
        ..MAX_FOLLOW_UPS => None,
        MAX_FOLLOW_UPS..MAX_RELATIONS => over(),
        _ => over().or_else(oldest),
    }
}
