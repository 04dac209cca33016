//! People: who asks, who answers, who acts.
//!
//! | to change | see |
//! |---|---|
//! | what is known of a person who asks | `people/contact.rs` |
//! | of a company or department | `people/organization.rs` |
//! | of a person who answers | `people/agent.rs` |
//! | who may do what | `people/actor.rs` |

mod actor;
mod agent;
mod contact;
mod organization;
#[cfg(test)]
mod tests;

use core::fmt;

use serde::{Deserialize, Serialize};

pub use actor::{Actor, Role};
pub use agent::{Agent, Capacity, MAX_LOAD, MAX_SKILL_LEVEL, MAX_SKILLS};
pub use contact::{Address, Contact, MAX_ADDRESSES};
pub use organization::Organization;

use crate::id::{AgentId, ContactId, OrganizationId};
use crate::limits::{ERASED, check_line};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

/// Somebody that the desk knows: the state of a party's stream, and the fact that is recorded.
///
/// A party is saved as a whole, so that what a host's own directory says can be passed on as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// A person who asks.
    Contact(Contact),
    /// A company or department.
    Organization(Organization),
    /// A person who answers.
    Agent(Agent),
}

/// The number of a party, with its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyId {
    /// A person who asks.
    Contact(ContactId),
    /// A company or department.
    Organization(OrganizationId),
    /// A person who answers.
    Agent(AgentId),
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(id) => id.fmt(f),
            Self::Organization(id) => id.fmt(f),
            Self::Agent(id) => id.fmt(f),
        }
    }
}

impl PartyId {
    /// The number without its kind.
    #[must_use]
    pub const fn number(self) -> u64 {
        let (Self::Contact(ContactId(number))
        | Self::Organization(OrganizationId(number))
        | Self::Agent(AgentId(number))) = self;
        number
    }

    /// The refusal of a command that names a party which nobody has saved.
    #[must_use]
    pub const fn unknown(self) -> Refusal {
        match self {
            Self::Contact(id) => Refusal::UnknownContact(id),
            Self::Organization(id) => Refusal::UnknownOrganization(id),
            Self::Agent(id) => Refusal::UnknownAgent(id),
        }
    }
}

impl Party {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Contact(contact) => &contact.name,
            Self::Organization(organization) => &organization.name,
            Self::Agent(agent) => &agent.name,
        }
    }

    /// The same party under no name, and without addresses.
    #[must_use]
    pub fn without_name(&self) -> Self {
        let mut nameless = self.clone();
        let name = match &mut nameless {
            Self::Contact(contact) => {
                contact.addresses.clear();
                &mut contact.name
            }
            Self::Organization(organization) => &mut organization.name,
            Self::Agent(agent) => &mut agent.name,
        };
        ERASED.clone_into(name);
        nameless
    }

    /// Checks what may be checked without knowing the other parties.
    ///
    /// # Errors
    ///
    /// The number is that of another kind or too large for a journal; the name is empty, too long or
    /// has control characters; something else about it is none, such as the language; the rulebook
    /// does not have the lines, teams and calendars that it names.
    pub fn check(&self, id: PartyId, rulebook: &Rulebook) -> Result<(), Refusal> {
        let is_of_kind = matches!(
            (id, self),
            (PartyId::Contact(_), Self::Contact(_))
                | (PartyId::Organization(_), Self::Organization(_))
                | (PartyId::Agent(_), Self::Agent(_))
        );
        if !is_of_kind {
            return Err(Refusal::WrongKindOfParty(id));
        }
        if i64::try_from(id.number()).is_err() {
            return Err(Refusal::NumberTooLarge(id));
        }
        check_line("name", self.name())?;
        match self {
            Self::Contact(contact) => contact.check(),
            Self::Organization(organization) => organization.check(),
            Self::Agent(agent) => agent.check(rulebook),
        }
    }

    /// The parties that it names, who must be known to the desk.
    pub fn parties(&self) -> impl Iterator<Item = PartyId> {
        let organization = match self {
            Self::Contact(contact) => contact.organization,
            Self::Organization(organization) => organization.parent,
            Self::Agent(_) => None,
        };
        organization.map(PartyId::Organization).into_iter()
    }
}
