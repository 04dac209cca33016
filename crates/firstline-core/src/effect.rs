//! What is for the host to do: tell somebody, ring for somebody.

use core::fmt;

use firstline_sla::{PageEvent, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{AgentId, RoleId, TicketId};
use crate::ticket::{Errand, TicketEvent, TicketFact};

/// Something that a record asks the host to do.
///
/// It is made of the record alone, so it is the same however often and by whom the records are read;
/// its [`id`](Self::id) is the key by which a host does it once.
///
/// ```
/// use firstline_core::{
///     ClockKey, Effect, EffectKind, Metric, Rung, TicketEvent, TicketFact, TicketId,
/// };
///
/// let step = Rung { clock: ClockKey::from(Metric::Resolution), cycle: 1, ladder: 0, step: 0 };
/// let at = "2026-03-02T12:00:00Z".parse()?;
/// let event = TicketEvent::new(at, TicketFact::Notified { role: "team_lead".into(), step });
/// let effect = Effect::of(TicketId(42), &event).expect("somebody is to be told");
/// assert_eq!(effect.id.as_str(), "42/resolution/1/step.0/notify.team_lead");
/// assert_eq!(effect.scheduled_at, at);
/// assert_eq!(effect.kind, EffectKind::Notify { role: "team_lead".into(), text: None });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Effect {
    /// Which effect it is, for ever.
    pub id: EffectId,
    /// About which ticket.
    pub ticket: TicketId,
    /// When it was to happen. A desk that slept finds it later, and what a host still does then is
    /// for the host to say: nobody wants to be rung for the whole night in the morning.
    pub scheduled_at: Timestamp,
    /// What is to be done.
    pub kind: EffectKind,
}

/// The key of an [`Effect`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EffectId(String);

impl EffectId {
    /// The key as text: the ticket, what set it off, what it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EffectKind {
    /// Tell whoever holds this role.
    Notify {
        /// The role.
        role: RoleId,
        /// What to tell, if a rule says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Call a program over the network.
    Webhook {
        /// Where.
        url: String,
        /// What to send, if the rule says it; otherwise what a host makes of the ticket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// Start a guide with the customer.
    StartGuide {
        /// Which.
        guide: String,
    },
    /// Look for the ticket that this one is a duplicate of. If there is one, give the desk the
    /// command [`MergeInto`](crate::TicketAction::MergeInto).
    SeekDuplicate,
    /// Tell whoever holds this role that the ticket is now theirs to answer for.
    Escalate {
        /// The role.
        role: RoleId,
    },
    /// Ring for this agent, who is on call.
    Ring {
        /// Which page of the ticket.
        page: u32,
        /// Who.
        agent: AgentId,
    },
    /// Ask this agent whether they take the ticket: they answer with
    /// [`AcceptOffer`](crate::TicketAction::AcceptOffer) or
    /// [`DeclineOffer`](crate::TicketAction::DeclineOffer).
    Offer {
        /// Whom.
        agent: AgentId,
        /// When the offer runs out.
        until: Timestamp,
    },
    /// Nobody answered a page: tell whoever looks after that.
    PageUnanswered {
        /// Which page of the ticket.
        page: u32,
    },
}

impl Effect {
    /// What a record of a ticket asks the host to do, if it does.
    #[must_use]
    pub fn of(ticket: TicketId, event: &TicketEvent) -> Option<Self> {
        let (what, kind) = match &event.fact {
            TicketFact::Notified { role, step } => {
                let kind = EffectKind::Notify { role: role.clone(), text: None };
                (format!("{step}/notify.{role}"), kind)
            }
            TicketFact::Escalated { role, step } => {
                (format!("{step}/escalate.{role}"), EffectKind::Escalate { role: role.clone() })
            }
            TicketFact::Page {
                page,
                event: PageEvent::Rang { level, attempt, member: Some(agent), .. },
            } => {
                let kind = EffectKind::Ring { page: *page, agent: *agent };
                (format!("page.{page}/ring.{level}.{attempt}"), kind)
            }
            TicketFact::Page { page, event: PageEvent::GaveUp } => {
                (format!("page.{page}/unanswered"), EffectKind::PageUnanswered { page: *page })
            }
            TicketFact::Offered { agent, until, .. } => {
                let kind = EffectKind::Offer { agent: *agent, until: *until };
                (format!("offer.{}/{}", agent.0, event.at.as_millis()), kind)
            }
            TicketFact::HostAsked { number, errand } => {
                (format!("rule.{number}/{}", errand.key()), EffectKind::from(errand))
            }
            _ => return None,
        };
        let id = EffectId(format!("{}/{what}", ticket.0));
        Some(Self { id, ticket, scheduled_at: event.at, kind })
    }
}

impl From<&Errand> for EffectKind {
    fn from(errand: &Errand) -> Self {
        match errand.clone() {
            Errand::Notify { role, text } => Self::Notify { role, text },
            Errand::Webhook { url, body } => Self::Webhook { url, body },
            Errand::StartGuide { guide } => Self::StartGuide { guide },
            Errand::SeekDuplicate => Self::SeekDuplicate,
        }
    }
}
