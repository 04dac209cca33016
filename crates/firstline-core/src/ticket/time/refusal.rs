//! Why work was not written down, or not taken back.

use firstline_sla::Timestamp;
use serde::Serialize;

use crate::id::Service;
use crate::refusal::list;

/// Why work was not written down, or not taken back. It is for the caller to act, and nothing was
/// changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum WorkRefusal {
    /// Work under a contract that was given to the rules of a ticket.
    #[error("work under a contract is counted on the contract too; give it to a desk")]
    WorkUnderContract,
    /// A work entry that was taken back before.
    #[error("the work entry {entry} was taken back already")]
    WorkTakenBack {
        /// Which.
        entry: u32,
    },
    /// Work that took no time, or more than there is.
    #[error("{amount} is no amount of work; it can be from 1 to {most}")]
    WorkOutOfRange {
        /// What was given.
        amount: u64,
        /// The most.
        most: u64,
    },
    /// Work that is not done yet.
    #[error("the work would end at {to}; it is {now} now")]
    WorkInTheFuture {
        /// When it would end.
        to: Timestamp,
        /// What time it is on the desk.
        now: Timestamp,
    },
    /// Work of a service where there is no contract.
    #[error("the ticket is under no contract that could have a service `{service}`")]
    ServiceWithoutContract {
        /// Which.
        service: Service,
    },
    /// Work under a contract that does not say what it was.
    #[error("work under a contract says which service it was: {known}", known = list(known))]
    ServiceMissing {
        /// What there is.
        known: Vec<Service>,
    },
}
