//! What people write of tickets that belong together.

use serde::Deserialize;

use crate::rulebook::relations::{IncidentRule, ParentRule};

/// What the fate of one ticket does to those that belong to it.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct RelationsSpec {
    /// What a whole and its parts have to do with each other: `waits` keeps the whole open while a
    /// part is, and is usual; `takes_along` resolves the parts with it; `free` is nothing.
    #[serde(default)]
    pub(in crate::rulebook) parent: ParentRule,
    /// What a problem and its incidents have to do with each other: `resolve` answers and resolves
    /// them with it, and is usual; `answer` only answers them; `free` is nothing.
    #[serde(default)]
    pub(in crate::rulebook) incidents: IncidentRule,
    /// A template of what the customers of incidents are told when their problem is solved, unless
    /// whoever solves it says so.
    pub(in crate::rulebook) answer: Option<String>,
}
