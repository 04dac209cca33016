//! The rulebook as people write it.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{CalendarSpec, WorkTime};
use serde::Deserialize;

use crate::id::OrganizationId;
use crate::priority::Priority;
use crate::ticket::Kind;

/// The whole document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// What the desk is called.
    pub(super) name: String,
    /// Working hours by name. `always` need not be written.
    #[serde(default)]
    pub(super) calendars: BTreeMap<String, CalendarSpec>,
    /// The support lines, in the order in which they hand over.
    pub(super) lines: Vec<LineSpec>,
    /// By impact, then by urgency, where it differs from the usual matrix.
    #[serde(default)]
    pub(super) priorities: BTreeMap<String, BTreeMap<String, Priority>>,
    /// Promises. The first policy that a ticket falls under applies.
    #[serde(default)]
    pub(super) policies: Vec<PolicySpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineSpec {
    pub(super) id: String,
    /// The id, if nothing is said.
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) teams: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySpec {
    pub(super) name: String,
    /// For the targets that name none of their own.
    pub(super) calendar: String,
    #[serde(default)]
    pub(super) when: WhenSpec,
    /// By metric.
    pub(super) targets: BTreeMap<String, TargetSpec>,
}

/// Which tickets a policy is for: all that is said must hold.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenSpec {
    #[serde(default)]
    pub(super) kinds: BTreeSet<Kind>,
    #[serde(default)]
    pub(super) organizations: BTreeSet<OrganizationId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetSpec {
    pub(super) within: WithinSpec,
    pub(super) calendar: Option<String>,
    /// Percent of the allowance.
    #[serde(default)]
    pub(super) warn_at: Vec<u8>,
    /// Statuses during which the clock stands still.
    #[serde(default)]
    pub(super) pause_on: Vec<String>,
    #[serde(default)]
    pub(super) ladder: Vec<StepSpec>,
}

/// The allowance by priority. All four are written, so that none is promised by accident.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithinSpec {
    pub(super) critical: WorkTime,
    pub(super) high: WorkTime,
    pub(super) medium: WorkTime,
    pub(super) low: WorkTime,
}

/// One step: exactly one of the three moments, and what to do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepSpec {
    pub(super) before_due: Option<WorkTime>,
    #[serde(default)]
    pub(super) at_due: bool,
    pub(super) after_due: Option<WorkTime>,
    /// The id of a line, or `next`.
    pub(super) hand_over: String,
}
