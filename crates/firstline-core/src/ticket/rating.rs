//! What the customer says of it in the end.

use super::decide::Work;
use super::fact::TicketFact;
use crate::limits::check_text;
use crate::people::Actor;
use crate::refusal::Refusal;

/// The best answer to "how content are you?"; the worst is 1.
pub const MAX_RATING: u8 = 5;

impl Work<'_> {
    /// The customer says how content they are. The last answer counts. The same one again, without a
    /// word, is nothing new; once the matter was taken up again each answer is.
    pub(super) fn rate(&mut self, score: u8, comment: Option<&str>) -> Result<(), Refusal> {
        if !matches!(self.by, Actor::Contact(_)) {
            return Err(Refusal::RatedByAgent);
        }
        if self.ticket.status.is_open() || self.ticket.spam {
            return Err(Refusal::NothingToRate { status: self.ticket.status });
        }
        if !(1..=MAX_RATING).contains(&score) {
            return Err(Refusal::RatingOutOfRange { score, most: MAX_RATING });
        }
        comment.map_or(Ok(()), |comment| check_text("comment", comment))?;
        let is_known = self.ticket.rating == Some(score) && self.ticket.reopened == 0;
        if is_known && comment.is_none() {
            return Ok(());
        }
        let (by, comment) = (self.by, comment.map(str::to_owned));
        self.happen(TicketFact::Rated { by, score, comment });
        Ok(())
    }
}
