//! People and things: who asks, who answers, who acts, for what, and on which terms.
//!
//! | to change | see |
//! |---|---|
//! | what is known of a person who asks | `people/contact.rs` |
//! | of a company or department | `people/organization.rs` |
//! | of a person who answers | `people/agent.rs` |
//! | of a customer's thing | `people/equipment.rs` |
//! | what was agreed with a customer, and what work costs by it | `people/contract.rs` |
//! | of work that comes again | `people/plan.rs` |
//! | what may be a part of what | `people/tree.rs` |
//! | which words they are found by | `people/words.rs` |
//! | who may do what | `people/actor.rs` |

mod actor;
mod agent;
mod contact;
mod contract;
mod equipment;
mod organization;
mod plan;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use core::fmt;

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

pub use actor::{Actor, Role};
pub use agent::{Agent, Capacity, MAX_LOAD, MAX_SKILL_LEVEL, MAX_SKILLS};
pub use contact::{Address, Contact, MAX_ADDRESSES};
pub use contract::{
    Charge, Contract, ContractPeriod, ContractRefusal, Left, MAX_COVERED, MAX_PERIODS,
    MAX_SERVICES, MAX_UNITS, Rate, Unit, UsedSince,
};
pub use equipment::Equipment;
pub use organization::Organization;
pub use plan::{Coming, Late, MAX_MISSED, Plan, PlanRefusal, PlanShift, Planned, Progress};
pub use tree::{MAX_TREE_DEPTH, lineage};
pub use words::{MAX_PARTY_SEARCH_BYTES, PartySearch, PartyWord};

use crate::id::{AgentId, ContactId, ContractId, EquipmentId, OrganizationId, PlanId};
use crate::limits::{ERASED, check_line};
use crate::refusal::Refusal;
use crate::routing::Presence;
use crate::rulebook::Rulebook;
use crate::ticket::TicketAction;

/// Somebody or something that the desk knows: the state of a party's stream, and the fact that is
/// recorded.
///
/// A party is saved as a whole, so that what a host's own directory says can be passed on as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Party {
    /// A person who asks.
    Contact(Contact),
    /// A company or department.
    Organization(Organization),
    /// A person who answers.
    Agent(Agent),
    /// A customer's thing under support.
    Equipment(Equipment),
    /// What was agreed with a customer.
    Contract(Contract),
    /// Work that comes again.
    Plan(Plan),
}

/// The number of a party, with its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PartyId {
    /// A person who asks.
    Contact(ContactId),
    /// A company or department.
    Organization(OrganizationId),
    /// A person who answers.
    Agent(AgentId),
    /// A customer's thing under support.
    Equipment(EquipmentId),
    /// What was agreed with a customer.
    Contract(ContractId),
    /// Work that comes again.
    Plan(PlanId),
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(id) => id.fmt(f),
            Self::Organization(id) => id.fmt(f),
            Self::Agent(id) => id.fmt(f),
            Self::Equipment(id) => id.fmt(f),
            Self::Contract(id) => id.fmt(f),
            Self::Plan(id) => id.fmt(f),
        }
    }
}

/// A kind of party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PartyKind {
    /// People who answer.
    Agent,
    /// People who ask.
    Contact,
    /// What was agreed with customers.
    Contract,
    /// Customers' things.
    Equipment,
    /// Companies and departments.
    Organization,
    /// Work that comes again.
    Plan,
}

impl PartyKind {
    /// All of them, by their words.
    pub const ALL: [Self; 6] = [
        Self::Agent,
        Self::Contact,
        Self::Contract,
        Self::Equipment,
        Self::Organization,
        Self::Plan,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Contact => "contact",
            Self::Contract => "contract",
            Self::Equipment => "equipment",
            Self::Organization => "organization",
            Self::Plan => "plan",
        }
    }

    /// The one of this kind with that number.
    #[must_use]
    pub const fn with(self, number: u64) -> PartyId {
        match self {
            Self::Agent => PartyId::Agent(AgentId(number)),
            Self::Contact => PartyId::Contact(ContactId(number)),
            Self::Contract => PartyId::Contract(ContractId(number)),
            Self::Equipment => PartyId::Equipment(EquipmentId(number)),
            Self::Organization => PartyId::Organization(OrganizationId(number)),
            Self::Plan => PartyId::Plan(PlanId(number)),
        }
    }
}

impl PartyId {
    /// Of which kind it is.
    #[must_use]
    pub const fn kind(self) -> PartyKind {
        match self {
            Self::Agent(_) => PartyKind::Agent,
            Self::Contact(_) => PartyKind::Contact,
            Self::Contract(_) => PartyKind::Contract,
            Self::Plan(_) => PartyKind::Plan,
            Self::Equipment(_) => PartyKind::Equipment,
            Self::Organization(_) => PartyKind::Organization,
        }
    }

    /// The number without its kind.
    #[must_use]
    pub const fn number(self) -> u64 {
        let (Self::Contact(ContactId(number))
        | Self::Organization(OrganizationId(number))
        | Self::Agent(AgentId(number))
        | Self::Equipment(EquipmentId(number))
        | Self::Contract(ContractId(number))
        | Self::Plan(PlanId(number))) = self;
        number
    }

    /// The refusal of a command that names a party which nobody has saved.
    #[must_use]
    pub const fn unknown(self) -> Refusal {
        match self {
            Self::Contact(id) => Refusal::UnknownContact(id),
            Self::Organization(id) => Refusal::UnknownOrganization(id),
            Self::Agent(id) => Refusal::UnknownAgent(id),
            Self::Equipment(id) => Refusal::UnknownEquipment(id),
            Self::Contract(id) => Refusal::UnknownContract(id),
            Self::Plan(id) => Refusal::UnknownPlan(id),
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
            Self::Equipment(equipment) => &equipment.name,
            Self::Contract(contract) => &contract.name,
            Self::Plan(plan) => &plan.name,
        }
    }

    /// The same party under no name, without addresses; a thing without where it stands; and what a plan
    /// says without its words: it rests from then on.
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
            Self::Equipment(equipment) => {
                equipment.site = None;
                &mut equipment.name
            }
            Self::Contract(contract) => &mut contract.name,
            Self::Plan(plan) => {
                plan.erase_words();
                &mut plan.name
            }
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
        if !self.is_of_kind(id) {
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
            Self::Equipment(equipment) => equipment.check(),
            Self::Contract(contract) => contract.check(rulebook),
            Self::Plan(plan) => plan.check(rulebook),
        }
    }

    /// Whether it is what a number of this kind stands for.
    #[must_use]
    pub const fn is_of_kind(&self, id: PartyId) -> bool {
        matches!(
            (id, self),
            (PartyId::Contact(_), Self::Contact(_))
                | (PartyId::Organization(_), Self::Organization(_))
                | (PartyId::Agent(_), Self::Agent(_))
                | (PartyId::Equipment(_), Self::Equipment(_))
                | (PartyId::Contract(_), Self::Contract(_))
                | (PartyId::Plan(_), Self::Plan(_))
        )
    }

    /// The parties that it names, which must be known to the desk.
    #[must_use]
    pub fn parties(&self) -> Vec<PartyId> {
        let organization = |id: Option<OrganizationId>| id.map(PartyId::Organization);
        match self {
            Self::Contact(contact) => organization(contact.organization).into_iter().collect(),
            Self::Organization(of) => {
                let contract = of.contract.map(PartyId::Contract);
                organization(of.parent).into_iter().chain(contract).collect()
            }
            Self::Agent(_) => Vec::new(),
            Self::Equipment(Equipment { organization: owner, contact, part_of, .. }) => {
                let named = [
                    organization(*owner),
                    contact.map(PartyId::Contact),
                    part_of.map(PartyId::Equipment),
                ];
                named.into_iter().flatten().collect()
            }
            Self::Contract(contract) => {
                let things = contract.equipment.iter().copied().map(PartyId::Equipment);
                things.chain([PartyId::Organization(contract.organization)]).collect()
            }
            Self::Plan(plan) => TicketAction::Open(plan.request.clone()).parties(),
        }
    }

    /// Takes over from what was saved before what only the desk knows: how much of a contract is
    /// used up, whether an agent is there. What is saved holds from `now` on.
    pub fn go_on_from(&mut self, before: Option<&Self>, now: Timestamp) {
        match (self, before) {
            (Self::Contract(contract), Some(Self::Contract(before))) => {
                contract.go_on_from(before, now);
            }
            (Self::Agent(agent), before) => {
                (agent.presence, agent.presence_since) = match before {
                    Some(Self::Agent(before)) => (before.presence, before.presence_since),
                    _ => (Presence::default(), None),
                };
            }
            _ => {}
        }
    }

    /// When it wants to be looked at: the next date of a plan.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        match self {
            Self::Plan(plan) => plan.poll_timeout(),
            _ => None,
        }
    }

    /// What it is a part of.
    #[must_use]
    pub fn parent(&self) -> Option<PartyId> {
        match self {
            Self::Organization(organization) => organization.parent.map(PartyId::Organization),
            Self::Equipment(equipment) => equipment.part_of.map(PartyId::Equipment),
            Self::Contact(_) | Self::Agent(_) | Self::Contract(_) | Self::Plan(_) => None,
        }
    }
}
