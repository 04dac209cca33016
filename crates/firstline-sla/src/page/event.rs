//! What can happen to a page.

use core::fmt;

use firstline_calendar::Timestamp;
use serde::{Deserialize, Serialize};

use super::RingId;
use crate::terms::Reason;

/// What happened to a page. A fact with its results: to apply it takes neither plan nor roster.
///
/// The moment at which it was true is kept beside it by whoever stores it, and handed to
/// [`Page::apply`](crate::Page::apply).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PageEvent<M> {
    /// It is time to ring.
    Rang {
        /// The index of the level in the plan.
        level: u8,
        /// Which ring of the level, from 1.
        attempt: u8,
        /// Who was on call then; `None` when nobody was, and nobody is rung.
        member: Option<M>,
        /// When it rings next or gives up if nobody answers; `None` for at once, because nobody was
        /// on call.
        next: Option<Timestamp>,
    },
    /// Somebody answered.
    Acknowledged {
        /// Who.
        by: M,
    },
    /// All levels have rung and nobody answered.
    GaveUp,
    /// There was nothing to answer any more: the promise was fulfilled or given up.
    Revoked {
        /// Why.
        reason: Reason,
    },
}

impl<M> PageEvent<M> {
    /// In a word, for errors.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Rang { level, attempt, .. } => {
                RingId { level: *level, attempt: *attempt }.to_string()
            }
            Self::Acknowledged { .. } => "an answer".to_owned(),
            Self::GaveUp => "giving up".to_owned(),
            Self::Revoked { reason } => format!("revoking ({reason})"),
        }
    }
}

impl fmt::Display for RingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ring {} of level {}", self.attempt, self.level)
    }
}

/// An event that cannot have happened to this page: the journal it came from is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{event} cannot happen to a page that is {phase}{}",
    .last.map_or_else(String::new, |ring| format!(" after {ring}"))
)]
pub struct ImpossiblePageEvent {
    /// What the journal says.
    pub event: String,
    /// What the page was doing.
    pub phase: &'static str,
    /// Its last ring.
    pub last: Option<RingId>,
}
