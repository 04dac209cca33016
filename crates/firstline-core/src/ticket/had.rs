//! Who had a ticket or was asked to take it, and when. Whose turn it is, how long somebody has had nothing to do and who
//! knows the matter is told from it, so it is kept for as long as the ticket is.

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::fact::{TicketEvent, TicketFact};
use super::lifecycle::Status;
use crate::id::AgentId;

/// When an agent had a ticket, or could have had it. None of these moments ever runs back: what a ticket
/// once said of an agent it goes on to say, also after it was merged and that was undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Had {
    /// When they last got it; `None` if they never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Timestamp>,
    /// When they last declined it or let an offer of it run out: that was a turn of theirs as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<Timestamp>,
    /// When it last ceased to be theirs to work on; `None` if it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed: Option<Timestamp>,
}

/// Whose a ticket is at a moment.
pub(super) struct Holder {
    assignee: Option<AgentId>,
    works: Option<AgentId>,
    is_aside: bool,
}

impl Ticket {
    /// The agent who is to work on it now. One that waits for others weighs on nobody.
    #[must_use]
    pub fn worked_by(&self) -> Option<AgentId> {
        self.assignee.filter(|_| matches!(self.status, Status::New | Status::Open))
    }

    /// Who knows the matter already: who has it, or had it until it waited for others. Whoever gave
    /// it away while there was work to do on it does not want it back.
    #[must_use]
    pub fn known_by(&self) -> Option<AgentId> {
        self.assignee.or(self.known_to)
    }

    pub(super) fn holder(&self) -> Holder {
        let is_aside = self.snoozed_until.is_some();
        Holder { assignee: self.assignee, works: self.worked_by(), is_aside }
    }

    pub(super) fn note_given(&mut self, agent: AgentId, at: Timestamp) {
        let had = self.had.entry(agent).or_default();
        had.given = had.given.max(Some(at));
    }

    pub(super) fn note_declined(&mut self, agent: AgentId, at: Timestamp) {
        let had = self.had.entry(agent).or_default();
        had.declined = had.declined.max(Some(at));
    }

    /// Whether anybody ever had it.
    #[must_use]
    pub fn was_ever_given(&self) -> bool {
        self.had.values().any(|had| had.given.is_some())
    }

    /// After an event: whether it left whoever had it.
    pub(super) fn note_left(&mut self, before: &Holder, event: &TicketEvent) {
        if let Some(agent) = before.works.filter(|agent| self.worked_by() != Some(*agent))
            && let Some(had) = self.had.get_mut(&agent)
        {
            had.freed = had.freed.max(Some(event.at));
        }
        if let Some(agent) = before.assignee.filter(|agent| self.assignee != Some(*agent)) {
            let was_given_away = before.works.is_some() && !before.is_aside
                || matches!(event.fact, TicketFact::HandedOver { .. });
            self.known_to = Some(agent).filter(|_| !was_given_away);
        }
    }
}
