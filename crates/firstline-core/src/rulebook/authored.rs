//! The rulebook as people write it.

mod forms;
mod lifecycles;
mod relations;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{
    Agreement, CalendarSpec, ConditionSpec, PagePlanSpec, RosterSpec, Threshold, TriggersSpec,
    Within, WorkTime,
};
pub(super) use forms::{ChoiceSpec, FieldSpec, FormFieldSpec, FormSpec, LabelSpec};
pub(super) use lifecycles::{LifecycleSpec, StatusSpec, TransitionSpec};
pub(super) use relations::RelationsSpec;
pub(super) use rules::{Assignee, DeedSpec, MacroSpec, RoutingSpec, RuleSpec};
use serde::Deserialize;

pub(super) use words::Moment;

use crate::custom::{FieldInput, unique};
use crate::id::{AgentId, FieldId, LineId, StatusId, Tag, TeamId};
use crate::priority::Priority;
use crate::rulebook::policy::Reopen;
use crate::ticket::{Status, TicketAction};

/// The whole document.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// What the desk is called.
    pub(super) name: String,
    /// Working hours by name. `always` need not be written.
    #[serde(default)]
    pub(super) calendars: BTreeMap<String, CalendarSpec>,
    /// Who can be told.
    #[serde(default)]
    pub(super) roles: Vec<RoleSpec>,
    /// The support lines, in the order in which they hand over.
    pub(super) lines: Vec<LineSpec>,
    /// By impact, then by urgency, where it differs from the usual matrix.
    #[serde(default)]
    pub(super) priorities: BTreeMap<String, BTreeMap<String, Priority>>,
    /// Who is on call, by name.
    #[serde(default)]
    pub(super) rosters: BTreeMap<String, RosterSpec<AgentId>>,
    /// How to page whoever is on call, by name.
    #[serde(default)]
    pub(super) pages: BTreeMap<String, PagePlanSpec>,
    /// Promises. Of each agreement the first policy that a ticket falls under applies.
    #[serde(default)]
    pub(super) policies: Vec<PolicySpec>,
    /// How agents' own promises are watched over.
    #[serde(default)]
    pub(super) promises: PromisesSpec,
    /// Words and phrases that mean the same on this desk, in groups.
    #[serde(default)]
    pub(super) synonyms: Vec<Vec<String>>,
    /// Fields of the desk's own on its tickets, by id.
    #[serde(default)]
    pub(super) fields: BTreeMap<String, FieldSpec>,
    /// Which of them a ticket has: the first form that it falls under says.
    #[serde(default)]
    pub(super) forms: Vec<FormSpec>,
    /// Lists of tickets, in the order in which they are shown.
    #[serde(default)]
    pub(super) views: Vec<ViewSpec>,
    /// Stories that must come out as they say.
    #[serde(default)]
    pub(super) examples: Vec<ExampleSpec>,
    /// Who gets a ticket.
    #[serde(default)]
    pub(super) routing: RoutingSpec,
    /// What the desk does by itself, in the order in which it is tried.
    #[serde(default)]
    pub(super) rules: Vec<RuleSpec>,
    /// Bundles of actions that an agent applies with one.
    #[serde(default)]
    pub(super) macros: Vec<MacroSpec>,
    /// Which statuses tickets have, and which may follow which, where it is not as usual.
    #[serde(default)]
    pub(super) lifecycles: BTreeMap<String, LifecycleSpec>,
    /// What becomes of tickets that belong together.
    #[serde(default)]
    pub(super) relations: RelationsSpec,
}

/// A ticket's story and what must come of it under these rules.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleSpec {
    /// What it shows. It is the subject and the text of its ticket as well.
    pub(super) name: String,
    /// When the ticket is opened.
    pub(super) opened: Moment,
    /// Who opens it; the contact, if nothing is said.
    #[serde(default = "contact")]
    pub(super) by: Hand,
    /// What differs from a question of medium weight through the portal.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, serde_json::Value>"))]
    pub(super) ticket: toml::Table,
    /// What is done after that, in order.
    #[serde(default)]
    pub(super) steps: Vec<ExampleStepSpec>,
    /// When it is looked at; at the last step, if nothing is said.
    pub(super) until: Option<Moment>,
    /// What must be true at the end.
    pub(super) expect: ExpectSpec,
}

#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleStepSpec {
    /// When.
    pub(super) at: Moment,
    /// Who does it; the agent, if nothing is said.
    #[serde(default = "agent")]
    pub(super) by: Hand,
    /// What, as a host says it.
    #[serde(rename = "do")]
    #[cfg_attr(feature = "schema", schemars(with = "schema::AnyAction"))]
    pub(super) action: TicketAction,
}

/// What must be true at the end: what is not said may be anything.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectSpec {
    /// The category of its status.
    pub(super) status: Option<Status>,
    /// Its priority.
    pub(super) priority: Option<Priority>,
    /// The line that has it.
    pub(super) line: Option<LineId>,
    /// The team that has it.
    pub(super) team: Option<TeamId>,
    /// All of its labels.
    pub(super) tags: Option<BTreeSet<Tag>>,
    /// Its status by the name that its lifecycle has for it.
    pub(super) state: Option<StatusId>,
    /// The number of the agent who has it, or `nobody`.
    pub(super) assignee: Option<Assignee>,
    /// What is in some of its fields.
    #[serde(default, deserialize_with = "unique")]
    pub(super) fields: BTreeMap<FieldId, FieldInput>,
    /// By clock: when it is due, or `none`, `paused`, `met`, `missed`, `broken`, `cancelled`.
    #[serde(default)]
    pub(super) clocks: BTreeMap<String, String>,
}

/// Somebody in an example.
#[derive(Clone, Copy, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum Hand {
    Contact,
    Agent,
    System,
}

const fn contact() -> Hand {
    Hand::Contact
}

const fn agent() -> Hand {
    Hand::Agent
}

/// A list that somebody wants to see again and again.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ViewSpec {
    /// What it is called.
    pub(super) name: String,
    /// What it shows, as an agent would type it.
    pub(super) filter: String,
}

/// Somebody in an office, rather than a person.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RoleSpec {
    /// What ladders, rules and transitions call it.
    pub(super) id: String,
    /// The id, if nothing is said.
    pub(super) name: Option<String>,
    /// Who holds it now.
    #[serde(default)]
    pub(super) agents: Vec<AgentId>,
    /// The role above it.
    pub(super) reports_to: Option<String>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct LineSpec {
    /// What tickets, policies and rules call it.
    pub(super) id: String,
    /// The id, if nothing is said.
    pub(super) name: Option<String>,
    /// Its teams, by their names.
    #[serde(default)]
    pub(super) teams: Vec<String>,
    /// The role that a hierarchical escalation from here reaches first.
    pub(super) manager: Option<String>,
    /// Whether it is somebody else's desk.
    #[serde(default)]
    pub(super) vendor: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PolicySpec {
    /// What accounts call it.
    pub(super) name: String,
    /// Between whom it holds.
    #[serde(default)]
    pub(super) agreement: Agreement,
    /// For the targets that name none of their own.
    pub(super) calendar: String,
    /// Which tickets it is for; all, if nothing is said.
    #[serde(default)]
    pub(super) when: ConditionSpec,
    /// By metric.
    #[serde(default)]
    pub(super) targets: BTreeMap<String, TargetSpec>,
    /// Clocks by conditions, by name.
    #[serde(default)]
    pub(super) clocks: BTreeMap<String, ClockSpec>,
}

/// A clock by conditions: when it starts and ends, and the rest as for a metric.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ClockSpec {
    /// When it starts, stands still and stops.
    pub(super) triggers: TriggersSpec,
    /// What is promised of it.
    pub(super) target: TargetSpec,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct TargetSpec {
    /// How much time it gives.
    pub(super) within: PerPriority,
    /// When that counts; the calendar of the policy, if nothing is said.
    pub(super) calendar: Option<String>,
    /// Percent of the allowance, or working time before due.
    #[serde(default)]
    pub(super) warn_at: Vec<ThresholdSpec>,
    /// Statuses and hold reasons during which the clock stands still; those that are usual for the
    /// metric, if nothing is said.
    pub(super) pause_on: Option<Vec<String>>,
    /// What happens by itself before, at and after due.
    #[serde(default)]
    pub(super) ladder: Vec<StepSpec>,
    /// What a reopening does; what is usual for the metric, if nothing is said.
    pub(super) reopen: Option<Reopen>,
    /// Whether an automatic answer counts as one.
    #[serde(default)]
    pub(super) automatic: bool,
    /// Whether a promise that comes to apply later counts from the beginning of the wait.
    /// A metric's does, if nothing is said.
    pub(super) retroactive: Option<bool>,
}

/// How an agent's own promise is watched over. How long it gives is for the agent to say.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PromisesSpec {
    /// Always open, if nothing is said: "within the hour" means on the wall clock.
    pub(super) calendar: Option<String>,
    /// Percent of the time that was promised, or working time before due.
    #[serde(default)]
    pub(super) warn_at: Vec<ThresholdSpec>,
    /// What happens by itself before, at and after due.
    #[serde(default)]
    pub(super) ladder: Vec<StepSpec>,
}

/// The allowance by priority, from low to critical: the same for all, or all four written, so that
/// none is promised by accident.
#[derive(Clone, Copy)]
pub(super) struct PerPriority(pub(super) [Within; 4]);

/// A [`Threshold`](firstline_sla::Threshold): a number is percent, a text is working time.
#[derive(Clone, Copy)]
pub(super) struct ThresholdSpec(pub(super) Threshold);

/// One step: exactly one of the three moments, and at least one thing to do.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct StepSpec {
    /// So much working time before it is due.
    pub(super) before_due: Option<WorkTime>,
    /// When it is due.
    #[serde(default)]
    pub(super) at_due: bool,
    /// So much working time after it was due.
    pub(super) after_due: Option<WorkTime>,
    /// The calendar of whoever it reaches: outside of it the step waits.
    pub(super) hours: Option<String>,
    /// Roles to tell.
    #[serde(default)]
    pub(super) notify: OneOrMany,
    /// `next` for one level up, or the level.
    pub(super) raise_priority: Option<String>,
    /// The id of a line, or `next`.
    pub(super) hand_over: Option<String>,
    /// The plan by which to page whoever is on call.
    pub(super) page: Option<String>,
    /// To the manager of the line, and from there upwards.
    #[serde(default)]
    pub(super) escalate: bool,
}

/// A name, or several.
#[derive(Default)]
pub(super) struct OneOrMany(pub(super) Vec<String>);
