//! People: who asks, who answers, who acts.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, ContactId, Language, OrganizationId};
use crate::limits::{ERASED, check_line};
use crate::refusal::Refusal;

/// Who gave a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// A person who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// What the person is called.
    pub name: String,
    /// Where the person belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The language to answer in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// A company or department that contacts belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// What it is called.
    pub name: String,
}

/// A person who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// What the person is called.
    pub name: String,
}

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
    /// The same party under no name.
    #[must_use]
    pub fn without_name(&self) -> Self {
        let mut nameless = self.clone();
        let (Self::Contact(Contact { name, .. })
        | Self::Organization(Organization { name })
        | Self::Agent(Agent { name })) = &mut nameless;
        ERASED.clone_into(name);
        nameless
    }

    /// Checks what may be checked without knowing the desk.
    ///
    /// # Errors
    ///
    /// The number is that of another kind or too large for a journal; the name is empty, too long or has control characters;
    /// the language is none.
    pub fn check(&self, id: PartyId) -> Result<(), Refusal> {
        match (id, self) {
            (PartyId::Contact(_), Self::Contact(_))
            | (PartyId::Organization(_), Self::Organization(_))
            | (PartyId::Agent(_), Self::Agent(_)) => {}
            _ => return Err(Refusal::WrongKindOfParty(id)),
        }
        if i64::try_from(id.number()).is_err() {
            return Err(Refusal::NumberTooLarge(id));
        }
        let (Self::Contact(Contact { name, .. })
        | Self::Organization(Organization { name })
        | Self::Agent(Agent { name })) = self;
        check_line("name", name)?;
        match self {
            Self::Contact(Contact { language: Some(language), .. }) => language.check(),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_without_a_name_is_refused() {
        let nobody = Party::Agent(Agent { name: "  ".into() });
        let id = PartyId::Agent(AgentId(1));
        assert_eq!(nobody.check(id), Err(Refusal::TextEmpty { field: "name" }));
        let klingon = Contact {
            name: "Worf".into(),
            organization: None,
            language: Some(Language::from("t l h")),
        };
        let worf = Party::Contact(klingon);
        assert_eq!(worf.check(id), Err(Refusal::WrongKindOfParty(id)));
        let refusal = worf.check(PartyId::Contact(ContactId(1))).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "`t l h` is not a language tag such as `en`, `ru` or `pt-BR`"
        );
    }
}
