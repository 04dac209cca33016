//! Lifecycles as people write them.

use std::collections::BTreeMap;

use firstline_sla::WorkTime;
use serde::Deserialize;

use super::{LabelSpec, OneOrMany};

/// A lifecycle: its statuses, which may follow which, and what happens by itself.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct LifecycleSpec {
    /// For which kinds of tickets it is; for all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) kinds: Vec<String>,
    /// For the tickets of which lines it is; of all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) lines: Vec<String>,
    /// Of each category the first is the usual one. One of each category by its name, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) statuses: Vec<StatusSpec>,
    /// In the order in which they are tried; the usual ones, if nothing is said of statuses either.
    #[serde(default)]
    pub(in crate::rulebook) transitions: Vec<TransitionSpec>,
    /// Who may reopen what is resolved, until when, into what. After that a message opens a ticket
    /// of its own, which is linked to the old one. Without it, a transition says who may.
    pub(in crate::rulebook) reopen: Option<ReopenSpec>,
    /// When what is resolved closes by itself; never, if nothing is said.
    pub(in crate::rulebook) auto_close: Option<AutoCloseSpec>,
    /// By another lifecycle, by its status: what a ticket becomes that comes from there.
    #[serde(default)]
    pub(in crate::rulebook) from: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct StatusSpec {
    /// What commands and transitions call it.
    pub(in crate::rulebook) id: String,
    /// What it is to promises, lists and metrics.
    pub(in crate::rulebook) category: String,
    /// With the category `on_hold`: what can be waited for; anything, if nothing is said.
    pub(in crate::rulebook) hold: Option<OneOrMany>,
    /// What it is called; the id, if nothing is said.
    pub(in crate::rulebook) text: Option<LabelSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct TransitionSpec {
    /// From which statuses.
    pub(in crate::rulebook) from: OneOrMany,
    /// To which status.
    pub(in crate::rulebook) to: String,
    /// `contact`, `agent`, `system`, or a role; an agent, if nothing is said.
    pub(in crate::rulebook) by: Option<String>,
    /// Fields of the ticket that must be filled.
    #[serde(default)]
    pub(in crate::rulebook) requires: Vec<String>,
    /// What it is called to take it.
    pub(in crate::rulebook) text: Option<LabelSpec>,
}

/// Who may reopen what is resolved, until when, into what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct ReopenSpec {
    /// The contact, if nothing is said.
    pub(in crate::rulebook) by: Option<String>,
    /// The status that a reopened ticket comes into: one of the category `open`.
    pub(in crate::rulebook) into: String,
    /// Without end, if nothing is said.
    pub(in crate::rulebook) within: Option<WorkTime>,
    /// On which calendar that is counted; on the wall clock, if nothing is said.
    pub(in crate::rulebook) calendar: Option<String>,
}

/// When what is resolved closes by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct AutoCloseSpec {
    /// How long after it was resolved.
    pub(in crate::rulebook) after: WorkTime,
    /// On which calendar that is counted; on the wall clock, if nothing is said.
    pub(in crate::rulebook) calendar: Option<String>,
}
