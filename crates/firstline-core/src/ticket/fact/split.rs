//! Where a ticket comes from that was split off.

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::TicketId;
use crate::ticket::Wait;

/// Where a ticket was split off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SplitFrom {
    /// From which ticket.
    pub ticket: TicketId,
    /// Which message of it, from 1.
    pub message: u32,
    /// When that message was written: what the new ticket promises counts from there.
    pub written_at: Timestamp,
    /// Since when the line has it: since then, or since the other ticket came to the line.
    pub arrived_at: Timestamp,
    /// When a person last said something to the customer since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The waits of the other ticket since then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
}
