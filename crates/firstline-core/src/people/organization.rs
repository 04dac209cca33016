//! A company or department that contacts belong to.

use serde::{Deserialize, Serialize};

use crate::id::{ContractId, OrganizationId};
use crate::limits::check_line;
use crate::refusal::Refusal;

/// A company or department that contacts belong to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Organization {
    /// What it is called.
    pub name: String,
    /// How much it is served, in the desk's own words, such as `gold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The contract that its requests are worked on under if they name none, and those of its parts that
    /// have none of their own: as long as it holds, and for what it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// The organization that it is a part of. There is no way back to itself along these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<OrganizationId>,
}

impl Organization {
    /// An organization of which nothing but the name is known.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        self.tier.as_ref().map_or(Ok(()), |tier| check_line("tier", tier))
    }
}
