//! Who is told of what happens to a ticket without working on it.

use super::decide::Work;
use super::fact::TicketFact;
use crate::limits::check_count;
use crate::people::{Actor, PartyId, Role};
use crate::refusal::Refusal;

/// The most followers of one ticket: each is told of each message.
pub const MAX_FOLLOWERS: usize = 256;

impl Work<'_> {
    /// Somebody begins to follow the ticket, or does so no more. Contacts say it of themselves,
    /// agents of anybody.
    pub(super) fn follow(&mut self, who: PartyId, follows: bool) -> Result<(), Refusal> {
        let themselves = match self.by {
            Actor::Contact(contact) => Some(PartyId::Contact(contact)),
            Actor::Agent(_) | Actor::System => None,
        };
        if themselves != Some(who) {
            self.need(Role::Agent, "have others follow tickets")?;
        }
        if !matches!(who, PartyId::Contact(_) | PartyId::Agent(_)) {
            return Err(Refusal::NotAPerson { who });
        }
        // Who follows it only because another ticket was merged into it may say so of this one too.
        let is_lent = follows && self.ticket.follows_by_merge(who);
        if self.ticket.followers.contains(&who) != follows || is_lent {
            let count = self.ticket.followers.len() + usize::from(follows && !is_lent);
            check_count("followers", count, MAX_FOLLOWERS)?;
            self.happen(TicketFact::Followed { who, follows });
        }
        Ok(())
    }
}
