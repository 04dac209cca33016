//! Why a contract is none, or not for this.

use firstline_sla::Timestamp;
use serde::Serialize;

use crate::id::Service;
use crate::refusal::list;

/// Why a contract is none, or not for what it was to be used for. It is for the caller to act, and
/// nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ContractRefusal {
    /// A contract that is not for this.
    #[error("the contract `{contract}` is not for this: {why}")]
    ContractDoesNotCover {
        /// What it is called.
        contract: String,
        /// Why not.
        why: &'static str,
    },
    /// A contract that ends before it begins.
    #[error("what holds from {from} on cannot end at {until}")]
    EndsBeforeItBegins {
        /// Where it begins.
        from: Timestamp,
        /// Where it ends.
        until: Timestamp,
    },
    /// A service that a contract does not offer.
    #[error("the contract has no service `{service}`; it has {known}", known = list(known))]
    UnknownService {
        /// What was asked for.
        service: Service,
        /// What there is.
        known: Vec<Service>,
    },
    /// A rate in no money.
    #[error("the service `{service}` has a rate, and the contract no `currency`")]
    RateWithoutCurrency {
        /// Which.
        service: Service,
    },
    /// A rate or a number of units that nobody agrees on.
    #[error("{found} of the service `{service}` is more than {most}")]
    RateTooLarge {
        /// Which.
        service: Service,
        /// What was given.
        found: u64,
        /// The most.
        most: u64,
    },
}
