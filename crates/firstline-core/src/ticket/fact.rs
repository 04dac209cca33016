//! What is recorded.

use std::collections::BTreeSet;

use firstline_sla::{ClockEvent, Metric, Timestamp};
use serde::{Deserialize, Serialize};

use super::action::{Channel, Kind};
use super::lifecycle::{HoldReason, Status};
use crate::id::{AgentId, ContactId, Language, LineId, OrganizationId, Tag, TeamId};
use crate::limits::ERASED;
use crate::people::Actor;
use crate::priority::Classification;

/// What happened to a ticket, and when it was true. When it was noticed is the record's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEvent {
    /// When it was true.
    pub at: Timestamp,
    /// What happened.
    pub fact: TicketFact,
}

/// What happened to a ticket. Facts carry results: to apply them takes no rulebook.
///
/// They are stored for ever, so a variant or field may be added and none may change its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TicketFact {
    /// It was opened, with its first message.
    Opened {
        /// What sort of request it is.
        kind: Kind,
        /// Who asks.
        requester: ContactId,
        /// For which company or department.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<OrganizationId>,
        /// What it is about, in a line.
        subject: String,
        /// The request in full.
        text: String,
        /// How it came in.
        channel: Channel,
        /// The language of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<Language>,
        /// How much it matters, and why.
        classification: Classification,
        /// The support line that has it.
        line: LineId,
        /// The team of that line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// Labels.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        tags: BTreeSet<Tag>,
    },
    /// Something was said or noted.
    MessageAdded {
        /// Who said it.
        author: Actor,
        /// Who can read it.
        visibility: Visibility,
        /// The words.
        text: String,
    },
    /// It moved along its lifecycle.
    StatusChanged {
        /// What it was.
        from: Status,
        /// What it became.
        to: Status,
        /// What it waits for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<HoldReason>,
    },
    /// An agent took it or got it, or nobody has it any more.
    Assigned {
        /// Who has it now.
        agent: Option<AgentId>,
    },
    /// Another line or team has it. It left its agent by that.
    HandedOver {
        /// The line that has it now.
        line: LineId,
        /// The team of that line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// Why.
        cause: HandOverCause,
    },
    /// Impact, urgency or priority changed.
    Classified {
        /// How much it matters now.
        classification: Classification,
        /// Why, where the priority was decreed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Labels were put on or taken off.
    Tagged {
        /// Labels that it did not have before.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        added: BTreeSet<Tag>,
        /// Labels that it does not have any more.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        removed: BTreeSet<Tag>,
    },
    /// Something happened to one of its promises.
    Clock {
        /// Which.
        metric: Metric,
        /// What.
        event: ClockEvent,
    },
}

impl TicketFact {
    /// The same fact without what people wrote. Whoever adds a fact says here which part of it that
    /// is.
    #[must_use]
    pub fn without_words(&self) -> Self {
        let mut wordless = self.clone();
        match &mut wordless {
            Self::Opened { subject, text, .. } => {
                ERASED.clone_into(subject);
                ERASED.clone_into(text);
            }
            Self::MessageAdded { text, .. } | Self::Classified { reason: Some(text), .. } => {
                ERASED.clone_into(text);
            }
            Self::StatusChanged { .. }
            | Self::Assigned { .. }
            | Self::HandedOver { .. }
            | Self::Classified { reason: None, .. }
            | Self::Tagged { .. }
            | Self::Clock { .. } => {}
        }
        wordless
    }
}

/// Who can read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The customer and the desk.
    Public,
    /// The desk.
    Internal,
}

/// Why a ticket changed its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandOverCause {
    /// Somebody handed it over.
    Asked,
    /// A step of a promise's ladder did.
    Ladder {
        /// Of which promise.
        metric: Metric,
        /// In which run of it.
        cycle: u32,
        /// Which step, from 0.
        step: u8,
    },
}
