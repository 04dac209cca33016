//! Which facts make a difference to who gets what.

use crate::ticket::fact::TicketFact;
use crate::ticket::relation::Relation;

/// What a fact means for who gets what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// Nothing.
    None,
    /// Others may have the ticket than before: it is something else now, or a condition of a skill
    /// holds that did not.
    Ticket,
    /// Somebody may have room now, or lack it, or the ticket needs somebody.
    Floor,
}

impl TicketFact {
    /// What it means for who gets what. Every fact is named, so that nobody adds one without an
    /// answer.
    #[must_use]
    pub const fn bearing(&self) -> Bearing {
        match self {
            Self::StatusChanged { .. }
            | Self::Snoozed { .. }
            | Self::Assigned { .. }
            | Self::HandedOver { .. }
            | Self::Queued
            | Self::OfferEnded { .. }
            | Self::MergedInto { .. }
            | Self::Separated { .. }
            | Self::UnmarkedSpam
            | Self::Unrelated { relation: Relation::DuplicateOf, .. } => Bearing::Floor,
            Self::Opened { .. }
            | Self::MessageAdded { .. }
            | Self::Classified { .. }
            | Self::Tagged { .. }
            | Self::Described { .. }
            | Self::Covered { .. }
            | Self::Corrected(_)
            | Self::FieldsSet { .. }
            | Self::Checklist(_)
            | Self::Approval(_)
            | Self::Rated { .. }
            | Self::Related { .. }
            | Self::Unrelated { .. }
            | Self::RelativeMoved { .. }
            | Self::RelativeMerged { .. }
            | Self::RelativeSeparated { .. }
            | Self::TookIn { .. }
            | Self::GaveBack { .. }
            | Self::ErrorKnown { .. } => Bearing::Ticket,
            Self::Attached { .. }
            | Self::MarkedSpam
            | Self::Followed { .. }
            | Self::WorkLogged(_)
            | Self::WorkTakenBack { .. }
            | Self::SolvedBy { .. }
            | Self::Clock { .. }
            | Self::Notified { .. }
            | Self::Escalated { .. }
            | Self::Paged { .. }
            | Self::Page { .. }
            | Self::Promised { .. }
            | Self::RuleFired { .. }
            | Self::RuleSkipped { .. }
            | Self::RulesStopped { .. }
            | Self::TimerSet { .. }
            | Self::TimerDropped { .. }
            | Self::HostAsked { .. }
            | Self::Routed { .. }
            | Self::Held { .. }
            | Self::Offered { .. }
            | Self::MacroApplied { .. }
            | Self::Reapplied { .. }
            | Self::CountedWith { .. }
            | Self::SplitOff { .. } => Bearing::None,
        }
    }
}
