//! A person who asks: what to call them, where to reach them, how to speak to them.

use serde::{Deserialize, Serialize};

use crate::id::{Language, OrganizationId};
use crate::limits::{check_count, check_line};
use crate::refusal::Refusal;
use crate::ticket::Channel;

/// The most addresses of one contact: every channel twice, and some to spare.
pub const MAX_ADDRESSES: usize = 32;

/// A person who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// What the person is called.
    pub name: String,
    /// Where the person belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The language to answer in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The IANA zone of the person's wall clock, such as `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Where the person can be reached, the best one of a channel first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
}

/// Where somebody can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Address {
    /// By what.
    pub channel: Channel,
    /// The address there: a mailbox, a number, a handle.
    pub address: String,
}

impl Contact {
    /// A contact of whom nothing but the name is known.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        self.language.as_ref().map_or(Ok(()), Language::check)?;
        if let Some(zone) = &self.time_zone
            && !firstline_sla::is_time_zone(zone)
        {
            return Err(Refusal::UnknownTimeZone { found: zone.chars().take(40).collect() });
        }
        check_count("addresses", self.addresses.len(), MAX_ADDRESSES)?;
        for (index, Address { channel, address }) in self.addresses.iter().enumerate() {
            check_line("address", address)?;
            let is_same = |other: &Address| other.channel == *channel && other.address == *address;
            if self.addresses[..index].iter().any(is_same) {
                let found = format!("{} {address}", channel.as_str());
                return Err(Refusal::SaidTwice { field: "addresses", found });
            }
        }
        Ok(())
    }
}
