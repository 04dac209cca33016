//! Why nobody is found for a ticket, or nobody takes it.

use serde::Serialize;

use super::Objection;
use crate::id::AgentId;
use crate::people::Actor;

/// Why nobody is found for a ticket, or nobody takes it. It is for the caller to act, and nothing was
/// changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum RoutingRefusal {
    /// Routing that was given to the rules of one ticket.
    #[error("to route takes the others' tickets too; give it to a desk, or use `route` and `give`")]
    NoFloor,
    /// A ticket that waits for nobody to be found, because the rulebook does not say how.
    #[error(
        "the rulebook gives no ticket to anybody by itself; write `[routing] automatic = true`, or a \
         rule or macro that says `route = true`"
    )]
    NothingRouted,
    /// Somebody takes or declines what they were not offered.
    #[error(
        "{actor} is not offered this ticket{to}",
        to = to.map_or_else(String::new, |agent| format!("; {agent} is"))
    )]
    NotOffered {
        /// Who.
        actor: Actor,
        /// To whom it is offered, if it is.
        to: Option<AgentId>,
    },
    /// Somebody takes what they were offered and may not have any more.
    #[error("{agent} cannot have this ticket any more: {}", told(against))]
    OfferVoid {
        /// Who.
        agent: AgentId,
        /// What stands against it.
        against: Vec<Objection>,
    },
}

fn told(against: &[Objection]) -> String {
    against.iter().map(Objection::to_string).collect::<Vec<_>>().join(", ")
}
