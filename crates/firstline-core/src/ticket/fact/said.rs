//! The conversation in what happened: the words by which a ticket is found.

use super::{TicketFact, Visibility};
use crate::limits::ERASED;
use crate::people::Actor;

impl TicketFact {
    /// What people say to each other by it, and who can read that: the request, an answer, a note. What
    /// was erased says nothing any more. The subject is what the ticket says it is now.
    ///
    /// Where a ticket was merged, and its messages are read on another one, those facts say nothing
    /// either: see [`took_in`](crate::Ticket::took_in).
    #[must_use]
    pub fn said(&self) -> Option<(Visibility, &str)> {
        let (visibility, text) = match self {
            Self::Opened { text, .. } => (Visibility::Public, text),
            Self::MessageAdded { visibility, text, .. } => (*visibility, text),
            _ => return None,
        };
        (text != ERASED).then_some((visibility, text))
    }

    /// What a rule wrote by it: a letter, or what the host is to send.
    #[must_use]
    pub fn written_by_rules(&self) -> Option<&str> {
        match self {
            Self::MessageAdded { author: Actor::System, text, .. } => Some(text),
            Self::HostAsked { errand, .. } => errand.text(),
            _ => None,
        }
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
