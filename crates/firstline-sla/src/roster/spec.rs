//! The authored form of a roster.

use firstline_calendar::date_text;
use serde::{Deserialize, Serialize};

/// A roster as people write it, in TOML or JSON; [`Roster`](crate::Roster) has the rules and an
/// example.
///
/// What it says is checked when the roster is built; a fault is then reported with its place and
/// the mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RosterSpec<M> {
    /// The IANA name of the zone, such as `Europe/Berlin`, whose wall clock hand-overs and overrides
    /// are read from.
    ///
    /// If left out, a shift goes by the zone of its calendar, and overrides of the whole roster by
    /// that of the first shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The shifts. Of those that are manned the first one has the call.
    #[serde(default = "Vec::<ShiftSpec<M>>::new")]
    pub shifts: Vec<ShiftSpec<M>>,
    /// Swaps and covers, in any order.
    #[serde(default = "Vec::<OverrideSpec<M>>::new", skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<OverrideSpec<M>>,
}

/// Hours that have to be manned, and who does it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ShiftSpec<M> {
    /// What it is called: no other shift of the roster is.
    pub name: String,
    /// The name of the calendar that is open when the shift is manned; around the clock if left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Who takes it, in the order of their turns. One member needs no rotation.
    #[serde(default = "Vec::<M>::new")]
    pub members: Vec<M>,
    /// How they take turns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<RotationSpec>,
}

/// How the members of a shift take turns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotationSpec {
    /// How long a turn lasts: days or weeks, such as `1d` or `2w`.
    pub every: String,
    /// The date, `YYYY-MM-DD`, on which the first member takes the first turn.
    #[serde(deserialize_with = "date_text")]
    pub start: String,
    /// The time of day, `HH:MM`, of every hand-over and of the first turn's beginning.
    pub at: String,
}

/// That somebody else, or somebody at all, is on call for a time.
///
/// A moment is `YYYY-MM-DD HH:MM` by the wall clock of the roster's zone, or has an offset, such as
/// `2026-12-24T17:00:00+01:00`. A date alone is not enough: whether its day is in would be a guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OverrideSpec<M> {
    /// The first moment of it.
    #[serde(deserialize_with = "date_text")]
    pub from: String,
    /// The first moment after it.
    #[serde(deserialize_with = "date_text")]
    pub to: String,
    /// Who: need not be a member of the shift.
    pub member: M,
    /// In the hours of which shift; all the time if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
}
