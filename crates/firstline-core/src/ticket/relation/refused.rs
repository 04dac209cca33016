//! What is against two tickets' standing to each other in some way.

use serde::Serialize;

use super::Relation;
use crate::id::TicketId;
use crate::refusal::list;
use crate::ticket::kind::Kind;

/// Why a ticket does not stand to another one like that, or does not move because it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RelationRefused {
    /// A ticket cannot stand to another one like this.
    #[error("{ticket} cannot be {relation} {other}: {why}")]
    CannotRelate {
        /// Which ticket.
        ticket: TicketId,
        /// How it was to stand to the other one.
        relation: Relation,
        /// Which other one.
        other: TicketId,
        /// Why not.
        why: &'static str,
    },
    /// A ticket that would come to be above itself.
    #[error(
        "{ticket} cannot be {relation} {other}: it is above that one itself, and would be in a circle"
    )]
    AboveItself {
        /// Which ticket.
        ticket: TicketId,
        /// How it was to stand to the other one.
        relation: Relation,
        /// Which other one.
        other: TicketId,
    },
    /// More tickets belong together than a desk can tell of each other's fate at once.
    #[error(
        "more than {most} tickets would belong together, and what becomes of one is told to all at once; \
         unrelate those that are done, or let the rest belong to another ticket and relate that one to \
         this by relates_to"
    )]
    FamilyTooLarge {
        /// The most.
        most: usize,
    },
    /// Two tickets that do not stand to each other like this.
    #[error("{ticket} is not {relation} {other}")]
    NotRelated {
        /// Which ticket.
        ticket: TicketId,
        /// How it was thought to stand to the other one.
        relation: Relation,
        /// Which other one.
        other: TicketId,
    },
    /// The whole is not done while its parts are not.
    #[error("the ticket has parts that are still open: {children}; resolve them first", children = list(children))]
    ChildrenOpen {
        /// Which.
        children: Vec<TicketId>,
    },
    /// What a ticket is to others takes its being of some kind.
    #[error("a {kind} cannot be {relation} {others}; unrelate them first", kind = kind.as_str(), others = list(others))]
    KindHeld {
        /// What it was to become.
        kind: Kind,
        /// How it stands to others.
        relation: Relation,
        /// To which.
        others: Vec<TicketId>,
    },
    /// An error that is known is a problem's.
    #[error("only a problem has a cause that can be known; the ticket is a {kind}", kind = kind.as_str())]
    NotAProblem {
        /// What it is.
        kind: Kind,
    },
}
