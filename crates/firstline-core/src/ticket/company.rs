//! Who keeps company to a ticket without working on it: followers, and what the customer says of it
//! in the end.

use super::decide::Work;
use super::fact::TicketFact;
use super::lifecycle::Status;
use crate::limits::{check_count, check_text};
use crate::people::{Actor, PartyId, Role};
use crate::refusal::Refusal;

/// The most followers of one ticket: each is told of each message.
pub const MAX_FOLLOWERS: usize = 256;

/// The best answer to "how content are you?"; the worst is 1.
pub const MAX_RATING: u8 = 5;

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
        if self.ticket.followers.contains(&who) != follows {
            let count = self.ticket.followers.len() + usize::from(follows);
            check_count("followers", count, MAX_FOLLOWERS)?;
            self.happen(TicketFact::Followed { who, follows });
        }
        Ok(())
    }

    /// The customer says how content they are. The last answer counts.
    pub(super) fn rate(&mut self, score: u8, comment: Option<&str>) -> Result<(), Refusal> {
        if matches!(self.by, Actor::Agent(_)) {
            return Err(Refusal::RatedByAgent);
        }
        if self.ticket.status.is_open() || self.ticket.spam {
            return Err(Refusal::NothingToRate { status: self.ticket.status });
        }
        if !(1..=MAX_RATING).contains(&score) {
            return Err(Refusal::RatingOutOfRange { score, most: MAX_RATING });
        }
        comment.map_or(Ok(()), |comment| check_text("comment", comment))?;
        let (by, comment) = (self.by, comment.map(str::to_owned));
        self.happen(TicketFact::Rated { by, score, comment });
        Ok(())
    }

    /// Nobody asked for anything: the ticket is closed from wherever it is, and what was promised
    /// is given up without a verdict.
    pub(super) fn mark_spam(&mut self) -> Result<(), Refusal> {
        self.need(Role::Agent, "mark spam")?;
        self.happen(TicketFact::MarkedSpam);
        self.become_status(Status::Closed, None)
    }
}
