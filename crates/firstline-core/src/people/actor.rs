//! Who acts, and in what capacity.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId};

/// Who gave a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Actor {
    /// A person who asks. That this person may see and touch the ticket in question is for the host
    /// to make sure of: colleagues often may.
    Contact(ContactId),
    /// A person who answers.
    Agent(AgentId),
    /// The host or the desk itself: imports, timers, automatic answers.
    System,
}

impl Actor {
    /// In what capacity this actor acts.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Contact(_) => Role::Contact,
            Self::Agent(_) => Role::Agent,
            Self::System => Role::System,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(contact) => contact.fmt(f),
            Self::Agent(agent) => agent.fmt(f),
            Self::System => f.write_str("the system"),
        }
    }
}

/// The capacity in which somebody acts. Ordered: a later one may do what the earlier ones may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Role {
    /// Somebody who asks.
    Contact,
    /// Somebody who answers.
    Agent,
    /// The host or the desk itself.
    System,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Contact => "a contact",
            Self::Agent => "an agent",
            Self::System => "the system",
        })
    }
}
