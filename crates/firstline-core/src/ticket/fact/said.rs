//! The conversation in what happened: the words by which a ticket is found.

use super::{TicketFact, Visibility};
use crate::limits::ERASED;

impl TicketFact {
    /// What people say to each other by it, and who can read that: the subject, also a corrected one,
    /// and the request, an answer, a note. What was erased says nothing any more.
    ///
    /// Where a ticket was merged, and its messages are read on another one, those facts say nothing
    /// either: see [`took_in`](crate::Ticket::took_in).
    #[must_use]
    pub fn said(&self) -> Option<(Visibility, Vec<&str>)> {
        let (visibility, mut texts) = match self {
            Self::Opened { subject, text, .. } => (Visibility::Public, vec![&**subject, text]),
            Self::MessageAdded { visibility, text, .. } => (*visibility, vec![&**text]),
            Self::Corrected(correction) => {
                (Visibility::Public, vec![correction.subject.as_deref()?])
            }
            _ => return None,
        };
        texts.retain(|text| *text != ERASED);
        Some((visibility, texts))
    }

    /// Whether what a ticket is found by may be other than before: something was said, the
    /// subject or the language was corrected, or the conversation of another one came or went.
    #[must_use]
    pub fn changes_conversation(&self) -> bool {
        matches!(
            self,
            Self::Opened { .. }
                | Self::MessageAdded { .. }
                | Self::Corrected(_)
                | Self::MergedInto { .. }
                | Self::TookIn { .. }
                | Self::Separated { .. }
                | Self::GaveBack { .. }
        )
    }
}
