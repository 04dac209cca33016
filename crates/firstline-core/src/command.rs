//! Commands as hosts give them, and events as journals keep them.

#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "schema")]
pub(crate) use schema::Said;

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use crate::article::{ArticleAction, ArticleEvent};
use crate::id::{AgentId, ArticleId, CommandId, TicketId};
use crate::people::{Actor, Party, PartyId};
use crate::routing::Presence;
use crate::ticket::{OpenTicket, TicketAction, TicketEvent};

/// What somebody wants from a desk.
///
/// ```
/// use firstline_core::{Actor, AgentId, Command, TicketAction, TicketId};
///
/// let text = r#"{"actor":{"agent":7},"ticket":42,"action":{"add_note":{"text":"called back"}}}"#;
/// let command: Command = serde_json::from_str(text)?;
/// let note = TicketAction::AddNote { text: "called back".into() };
/// assert_eq!(command, Command::ticket(Actor::Agent(AgentId(7)), TicketId(42), note));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Command {
    /// The caller's key. The same key again returns the first receipt and does nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CommandId>,
    /// When it is given, in milliseconds since 1970; `None` for now by the desk's own clock.
    ///
    /// A time before the desk's last record counts as that record's, and the receipt says so. So one that
    /// lies more than 366 days after both the last record and the desk's own clock is refused: nothing
    /// could come before it afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The version that the caller last saw of the ticket, article or party that it is about; 0 for
    /// one that is to be new. If it is at another by now, the command is refused
    /// ([`Refusal::Conflict`](crate::Refusal::Conflict)). `None` to be decided upon whatever is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<u64>,
    /// Who gives it.
    pub actor: Actor,
    /// The ticket it is about. None for an opening, and for what is about no ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketRef>,
    /// What is to happen.
    pub action: Action,
}

/// Which ticket a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TicketRef {
    /// The one of this number.
    Number(TicketId),
    /// The one that was opened by the command of this key, or that a later command of this key was
    /// about: for a host that has keys of its own, and for what follows an opening in the same
    /// batch.
    OpenedBy {
        /// The key of the opening.
        opened_by: CommandId,
    },
}

impl From<TicketId> for TicketRef {
    fn from(number: TicketId) -> Self {
        Self::Number(number)
    }
}

impl From<CommandId> for TicketRef {
    fn from(opened_by: CommandId) -> Self {
        Self::OpenedBy { opened_by }
    }
}

/// What is to happen. Exhaustive on purpose: whoever routes commands must hear of a new kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Action {
    /// Saves who somebody is, in place of what was known before.
    Save {
        /// The host's number for it, or the desk's.
        id: PartyId,
        /// Who it is.
        party: Party,
    },
    /// Says whether an agent is there: who is online gets what routing gives. Agents for themselves,
    /// the system for all.
    SetPresence {
        /// Who.
        agent: AgentId,
        /// Whether they are there.
        presence: Presence,
    },
    /// Changes what the desk knows.
    Article {
        /// Which article; `None` for a new one, which the desk numbers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        article: Option<ArticleId>,
        /// What is to happen to it.
        #[serde(rename = "do")]
        action: ArticleAction,
    },
    /// Does something to a ticket. In serde its actions stand beside the others, without a layer.
    #[serde(untagged)]
    Ticket(TicketAction),
}

impl Command {
    fn new(actor: Actor, ticket: Option<TicketRef>, action: Action) -> Self {
        Self { id: None, at: None, expect: None, actor, ticket, action }
    }

    /// Opens a ticket.
    #[must_use]
    pub fn open(actor: Actor, request: OpenTicket) -> Self {
        Self::new(actor, None, Action::Ticket(TicketAction::Open(Box::new(request))))
    }

    /// Does something to a ticket, which is named by its number or by the key of its opening.
    #[must_use]
    pub fn ticket(actor: Actor, ticket: impl Into<TicketRef>, action: TicketAction) -> Self {
        Self::new(actor, Some(ticket.into()), Action::Ticket(action))
    }

    /// Does something to an article, or publishes a new one.
    #[must_use]
    pub fn article(actor: Actor, article: Option<ArticleId>, action: ArticleAction) -> Self {
        Self::new(actor, None, Action::Article { article, action })
    }

    /// Saves who somebody is.
    #[must_use]
    pub fn save(actor: Actor, id: PartyId, party: Party) -> Self {
        Self::new(actor, None, Action::Save { id, party })
    }

    /// Says whether an agent is there.
    #[must_use]
    pub fn set_presence(actor: Actor, agent: AgentId, presence: Presence) -> Self {
        Self::new(actor, None, Action::SetPresence { agent, presence })
    }

    /// The same command, given at this moment.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// The same command, for who saw this version and wants no other.
    #[must_use]
    pub const fn expecting(mut self, version: u64) -> Self {
        self.expect = Some(version);
        self
    }

    /// The same command, under this key.
    #[must_use]
    pub const fn keyed(mut self, id: CommandId) -> Self {
        self.id = Some(id);
        self
    }
}

/// What happened on a desk, as a record keeps it: facts of one of its streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Event {
    /// Something happened to a ticket.
    Ticket(TicketEvent),
    /// Something happened to an article.
    Article(ArticleEvent),
    /// Somebody was saved.
    Party(Party),
    /// A rulebook came into force.
    Rulebook(RulebookAdopted),
    /// Some of the tickets that there were when a rulebook came into force were looked at by it.
    Reviewed(Review),
    /// The words of records were erased, on behalf of the contact whose stream this is in.
    Erased(Erasure),
}

impl Event {
    /// The same event without the words that people wrote and the names they go by. What is left is
    /// its shape: who did what to what and when, so that every figure made of it stays the same.
    #[must_use]
    pub fn without_words(&self) -> Self {
        match self {
            Self::Ticket(event) => {
                let (fact, rule) = (event.fact.without_words(), event.rule.clone());
                Self::Ticket(TicketEvent { at: event.at, fact, rule })
            }
            Self::Party(party) => Self::Party(party.without_name()),
            // What a desk knows and by which rules it works is its own.
            Self::Article(_) | Self::Rulebook(_) | Self::Reviewed(_) | Self::Erased(_) => {
                self.clone()
            }
        }
    }
}

/// That the words of records were erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Erasure {
    /// The numbers of those records, in order.
    pub records: Vec<u64>,
    /// Vouches for what is left of them; the journal says how.
    pub digest: String,
}

/// That a rulebook came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RulebookAdopted {
    /// Its version, from 1.
    pub version: u32,
    /// Its text.
    pub source: String,
}

/// How far the tickets that there were when a rulebook came into force were looked at by it, the
/// newest first: whether its timed rules wait in the states that they are in. It stands on record where
/// they are too many for one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Review {
    /// The version of the rulebook.
    pub rules: u32,
    /// Those with a number below this one are still to be looked at; `None` if none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<TicketId>,
}

/// Whose history an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Stream {
    /// The desk's own: its rulebooks, and how they came into force.
    Desk,
    /// A ticket's.
    Ticket(TicketId),
    /// An article's.
    Article(ArticleId),
    /// A person's or an organization's.
    Party(PartyId),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AgentId;

    #[track_caller]
    fn reads_back(command: &Command, json: &str) {
        assert_eq!(serde_json::to_string(command).unwrap(), json);
        assert_eq!(serde_json::from_str::<Command>(json).unwrap(), *command);
    }

    #[test]
    fn a_ticket_action_stands_beside_the_others() {
        let agent = Actor::Agent(AgentId(7));
        reads_back(
            &Command::ticket(agent, TicketId(1), TicketAction::Wake),
            r#"{"actor":{"agent":7},"ticket":1,"action":"wake"}"#,
        );
        reads_back(
            &Command::ticket(agent, CommandId(0xfe), TicketAction::Wake),
            r#"{"actor":{"agent":7},"ticket":{"opened_by":"000000000000000000000000000000fe"},"action":"wake"}"#,
        );
        reads_back(
            &Command::article(Actor::System, Some(ArticleId(3)), ArticleAction::Retire),
            r#"{"actor":"system","action":{"article":{"article":3,"do":"retire"}}}"#,
        );
    }

    #[test]
    fn an_unknown_word_is_not_read_over() {
        let json =
            r#"{"actor":"system","ticket":1,"action":{"add_note":{"text":"x","loud":true}}}"#;
        assert!(serde_json::from_str::<Command>(json).is_err());
        let json = r#"{"actor":"system","tickets":1,"action":"wake"}"#;
        assert!(serde_json::from_str::<Command>(json).is_err());
    }
}
