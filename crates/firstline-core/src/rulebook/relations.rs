//! What the rules in force say of tickets that belong together.

use serde::Deserialize;

use super::Rulebook;
use crate::automation::Template;
use crate::id::{LineId, TeamId};

/// What the fate of one ticket does to those that belong to it.
#[derive(Debug, Default)]
pub(crate) struct RelationRules {
    pub(crate) parent: ParentRule,
    pub(crate) incidents: IncidentRule,
    /// What the customers of incidents are told when their problem is solved.
    pub(crate) answer: Option<Template>,
}

/// What a whole and its parts have to do with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum ParentRule {
    /// The whole cannot be resolved while a part is open.
    #[default]
    Waits,
    /// The parts are resolved with the whole.
    TakesAlong,
    /// Nothing.
    Free,
}

/// What a problem and its incidents have to do with each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum IncidentRule {
    /// Incidents are answered and resolved with their problem: with the first one, if they have several.
    #[default]
    Resolve,
    /// They are answered, and resolved one by one.
    Answer,
    /// Nothing.
    Free,
}

impl Rulebook {
    /// What the rules in force say of tickets that belong together.
    pub(crate) fn relations(&self) -> &RelationRules {
        &self.content.relations
    }

    /// Whether there is such a line, and such a team of it.
    pub(crate) fn has_line(&self, line: &LineId, team: Option<&TeamId>) -> bool {
        self.check_line(line, team).is_ok()
    }
}
