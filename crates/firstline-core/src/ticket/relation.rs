//! How tickets stand to each other: parts of a whole, incidents of a problem, duplicates, causes,
//! follow-ups, links.
//!
//! | to change | see |
//! |---|---|
//! | what can be related to what | `relation/relate.rs` |
//! | that no circle comes of it, and no family without end | `relation/graph.rs` |
//! | what one ticket tells the others of its fate | `relation/news.rs` |
//! | what they make of it | `relation/hear.rs`, `relation/words.rs` |
//! | what a merge does to relations, and that to undo it gives them back | `relation/bonds.rs` |
//! | what a message to a ticket that is over becomes | `relation/follow_up.rs` |
//! | what is against it | `relation/refused.rs` |
//! | what a desk can say of it | `rulebook/authored/relations.rs` |
//!
//! Each of the two tickets keeps its half: which other, and whether work is still to be done on that
//! one, as far as it has heard. So each decides by itself, and what it must hear is told to it in the
//! transaction in which it happened.

mod bonds;
mod follow_up;
mod graph;
mod hear;
mod news;
#[cfg(test)]
mod properties;
mod refused;
mod relate;
#[cfg(test)]
mod stories;
mod words;

use core::fmt;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use bonds::Bonds;
pub use bonds::PassedOn;
pub use follow_up::{Successor, follow_up};
pub use graph::MAX_FAMILY;
pub use hear::hear;
pub use news::{News, Readers, news, news_for};
pub use refused::RelationRefused;
pub(super) use relate::check_passes_on;
pub use relate::{relate, unrelate};

use super::Ticket;
use super::lifecycle::Status;
use crate::id::TicketId;

/// The most tickets that one ticket is related to in the same way: each is part of the state that
/// every command rewrites.
pub const MAX_RELATIONS: usize = 500;

/// How many of those that go on where a ticket ended it keeps, as long as work on one of them or on what came
/// of it is done: a mailbox that answers by itself writes for ever to what is closed. Each of them goes on
/// knowing where it comes from.
pub const MAX_FOLLOW_UPS: usize = 50;

/// The tickets that one is related to, by how; each with the status that was last heard of it.
pub type Relations = BTreeMap<Relation, BTreeMap<TicketId, Status>>;

/// How a ticket stands to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Relation {
    /// It is a part of the other one.
    ChildOf,
    /// The other one is a part of it.
    ParentOf,
    /// It shows what the other one, a problem, is the cause of.
    IncidentOf,
    /// It is the problem behind the other one.
    ProblemOf,
    /// It says what the other one has said already.
    DuplicateOf,
    /// The other one says it again.
    OriginalOf,
    /// The other one brought it about.
    CausedBy,
    /// It brought the other one about.
    CauseOf,
    /// It goes on where the other one ended.
    FollowUpOf,
    /// The other one goes on where it ended.
    FollowedBy,
    /// Who looks at the one may want to see the other.
    RelatesTo,
}

/// How a matter stands, as the customer of a duplicate was told. It is noted with the message, in whatever
/// words that says so, and with the ticket: nobody is told twice, and whoever was told so tells it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Told {
    /// It is settled.
    Settled,
    /// It is worked on again.
    GoesOn,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ChildOf,
        Self::ParentOf,
        Self::IncidentOf,
        Self::ProblemOf,
        Self::DuplicateOf,
        Self::OriginalOf,
        Self::CausedBy,
        Self::CauseOf,
        Self::FollowUpOf,
        Self::FollowedBy,
        Self::RelatesTo,
    ];

    /// The same as the other ticket sees it.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::ChildOf => Self::ParentOf,
            Self::ParentOf => Self::ChildOf,
            Self::IncidentOf => Self::ProblemOf,
            Self::ProblemOf => Self::IncidentOf,
            Self::DuplicateOf => Self::OriginalOf,
            Self::OriginalOf => Self::DuplicateOf,
            Self::CausedBy => Self::CauseOf,
            Self::CauseOf => Self::CausedBy,
            Self::FollowUpOf => Self::FollowedBy,
            Self::FollowedBy => Self::FollowUpOf,
            Self::RelatesTo => Self::RelatesTo,
        }
    }

    /// The word for it, as in commands and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChildOf => "child_of",
            Self::ParentOf => "parent_of",
            Self::IncidentOf => "incident_of",
            Self::ProblemOf => "problem_of",
            Self::DuplicateOf => "duplicate_of",
            Self::OriginalOf => "original_of",
            Self::CausedBy => "caused_by",
            Self::CauseOf => "cause_of",
            Self::FollowUpOf => "follow_up_of",
            Self::FollowedBy => "followed_by",
            Self::RelatesTo => "relates_to",
        }
    }

    /// Whether it leads up: from the part to the whole, from what came of it to what it came of.
    const fn leads_up(self) -> bool {
        use Relation::{CausedBy, ChildOf, DuplicateOf, FollowUpOf, IncidentOf};
        matches!(self, ChildOf | IncidentOf | DuplicateOf | CausedBy | FollowUpOf)
    }

    /// Whether a ticket hears what becomes of those that it stands to like this: of its parts and
    /// incidents, and of what it says again.
    const fn hears(self) -> bool {
        matches!(self, Self::ParentOf | Self::ProblemOf | Self::DuplicateOf)
    }

    /// Whether what becomes of the one is news to the other.
    const fn is_family(self) -> bool {
        matches!(self, Self::ChildOf | Self::ParentOf | Self::IncidentOf | Self::ProblemOf)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Ticket {
    /// The tickets that it is related to like this.
    pub fn related(&self, relation: Relation) -> impl Iterator<Item = TicketId> + '_ {
        self.relations.get(&relation).into_iter().flat_map(|all| all.keys().copied())
    }

    /// How its matter stands, for those that say it again: where it says again what another one has said,
    /// that is how the matter stands there, as far as it has heard.
    fn fate(&self) -> Status {
        let originals = self.relations.get(&Relation::DuplicateOf).into_iter().flatten();
        originals.map(|(_, status)| *status).next().unwrap_or(self.status)
    }

    /// Its parts on which work is still to be done, as far as it has heard.
    #[must_use]
    pub fn open_children(&self) -> Vec<TicketId> {
        let children = self.relations.get(&Relation::ParentOf).into_iter().flatten();
        children.filter(|(_, status)| status.is_open()).map(|(id, _)| *id).collect()
    }
}
