//! What a promise runs on.

use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;

use firstline_calendar::{Calendar, DayTarget, TZDB_RELEASE, TimeOfDay, Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

/// The most warnings a target may have: each is a stored alarm of every running clock.
pub const MAX_WARNINGS: usize = 16;

/// The most steps a ladder may have, for the same reason.
pub const MAX_STEPS: usize = 16;

/// Why a clock stands still or was given up: a short name such as `pending`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason(Arc<str>);

impl Reason {
    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Reason {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The place where the terms of a clock stand, so that a later edit of the rules does not move it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pin {
    /// The version of the rulebook.
    pub rulebook: u32,
    /// The policy in it.
    pub policy: Arc<str>,
    /// The calendar in it.
    pub calendar: Arc<str>,
    /// The release of the time zone database by which the calendar was compiled.
    pub tzdb: Cow<'static, str>,
}

impl Pin {
    /// A place in a rulebook.
    #[must_use]
    pub fn new(rulebook: u32, policy: impl Into<Arc<str>>, calendar: impl Into<Arc<str>>) -> Self {
        let tzdb = Cow::Borrowed(TZDB_RELEASE);
        Self { rulebook, policy: policy.into(), calendar: calendar.into(), tzdb }
    }

    /// Whether the steps of the terms that stand here and there are the same.
    #[must_use]
    pub fn has_ladder_of(&self, other: &Self) -> bool {
        (self.rulebook, &self.policy) == (other.rulebook, &other.policy)
    }
}

/// How much is promised, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Where that is written.
    pub pin: Pin,
    /// How much.
    pub within: Within,
}

/// How much time a promise allows.
///
/// A stretch of wall-clock time is working time on a calendar that is
/// [always](Calendar::always) open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Within {
    /// So much working time.
    Time(WorkTime),
    /// By a time of a working day. It is turned into working time when the promise is made, so that
    /// a pause extends it like any other; a time outside hours means the last working moment before
    /// it.
    Day(DayTarget),
    /// By this instant, whatever happens meanwhile: pauses do not move it.
    Instant(Timestamp),
}

impl From<WorkTime> for Within {
    fn from(time: WorkTime) -> Self {
        Self::Time(time)
    }
}

impl Within {
    /// The working time that it allows to a promise which begins at `since`.
    ///
    /// A day that has no working time before the hour in question is passed over: a half day that
    /// opens at 13:00 keeps no promise of "by noon". What cannot be reached within the search limit
    /// of the calendar allows [`MAX_ALLOWANCE`].
    #[must_use]
    pub fn working_time(self, calendar: &Calendar, since: Timestamp) -> WorkTime {
        match self {
            Self::Time(time) => time,
            Self::Instant(instant) => calendar.between(since, instant).max(WorkTime::ZERO),
            Self::Day(target) => (0..MAX_DAYS_PASSED_OVER)
                .map_while(|more| {
                    let working_days = target.working_days.saturating_add(more);
                    calendar.due(since, DayTarget { working_days, ..target })
                })
                .filter(|due| has_work_before(calendar, *due))
                .map(|due| calendar.between(since, due))
                .find(|time| *time > WorkTime::ZERO)
                .unwrap_or(MAX_ALLOWANCE),
        }
    }
}

/// Whether anybody works on the day of `due` before that moment.
fn has_work_before(calendar: &Calendar, due: Timestamp) -> bool {
    // The moment itself may be the midnight at which its day ends.
    let last = due.checked_add_millis(-1).unwrap_or(due);
    let midnight =
        TimeOfDay::from_minutes(0).and_then(|time| calendar.at(calendar.date_of(last), time));
    midnight.is_some_and(|midnight| calendar.between(midnight, due) > WorkTime::ZERO)
}

/// How many days in a row a target by the hour passes over that have no working time before that
/// hour. A fortnight of half days happens; more is a calendar that never keeps the target.
const MAX_DAYS_PASSED_OVER: u32 = 15;

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => time.fmt(f),
            Self::Day(DayTarget { working_days, by: Some(by) }) => {
                write!(f, "{working_days} working days by {by}")
            }
            Self::Day(DayTarget { working_days, by: None }) => {
                write!(f, "{working_days} working days")
            }
            Self::Instant(instant) => write!(f, "until {instant}"),
        }
    }
}

/// The most that can be promised, about eleven years without a pause: more is a slip of the pen, and
/// near the end of the calendar's search.
pub const MAX_ALLOWANCE: WorkTime = WorkTime::from_hours(100_000);

/// The calendar, the warnings and the ladder of a target.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Which time counts.
    pub calendar: Calendar,
    /// When to warn.
    pub warnings: Vec<Threshold>,
    /// What happens around the due time.
    pub ladder: Vec<Step>,
}

/// When a running clock warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Threshold {
    /// When so much of the allowance is used up, from 1 to 99.
    Percent(u8),
    /// So much working time before due.
    Before(WorkTime),
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Before(ahead) => write!(f, "{ahead} before due"),
        }
    }
}

/// One step of an escalation ladder. What it does is for its owner to know: the clock only says
/// when, and calls it by its index.
#[derive(Clone, Debug)]
pub struct Step {
    /// When it happens.
    pub when: StepWhen,
    /// The hours of whoever it reaches: outside of them it waits until they begin.
    pub hours: Option<Calendar>,
}

impl From<StepWhen> for Step {
    fn from(when: StepWhen) -> Self {
        Self { when, hours: None }
    }
}

/// The moment of a [`Step`], in working time of the clock's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum StepWhen {
    /// So long before due.
    BeforeDue(WorkTime),
    /// As soon as due has passed.
    AtDue,
    /// So long after due.
    AfterDue(WorkTime),
}

impl StepWhen {
    /// Where it lies on a ladder, from its foot up: working time relative to due.
    #[must_use]
    pub const fn height(self) -> WorkTime {
        match self {
            Self::BeforeDue(ahead) => WorkTime::from_millis(-ahead.as_millis()),
            Self::AtDue => WorkTime::ZERO,
            Self::AfterDue(behind) => behind,
        }
    }
}
