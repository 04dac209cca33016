//! What a promise runs on.

use core::fmt;
use std::sync::Arc;

use firstline_calendar::{Calendar, WorkTime};
use serde::{Deserialize, Serialize};

/// The most warnings a target may have: each is a stored alarm of every running clock.
pub const MAX_WARNINGS: usize = 16;

/// The most steps a ladder may have, for the same reason.
pub const MAX_STEPS: usize = 16;

/// What is measured. The names are those of the help desk trade (Zendesk's metrics).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Metric {
    /// From the opening to the first public answer by a person.
    FirstReply,
    /// From the oldest unanswered message of the customer to the next public answer.
    NextReply,
    /// From the opening until the matter is resolved.
    Resolution,
}

impl Metric {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 3] = [Self::FirstReply, Self::NextReply, Self::Resolution];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::FirstReply => "first_reply",
            Self::NextReply => "next_reply",
            Self::Resolution => "resolution",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::FirstReply => "first reply",
            Self::NextReply => "next reply",
            Self::Resolution => "resolution",
        })
    }
}

/// Why a clock stands still or was given up: a short name such as `pending`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
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
pub struct Pin {
    /// The version of the rulebook.
    pub rulebook: u32,
    /// The policy in it.
    pub policy: Arc<str>,
    /// The calendar in it.
    pub calendar: Arc<str>,
}

impl Pin {
    /// A place in a rulebook.
    #[must_use]
    pub fn new(rulebook: u32, policy: &str, calendar: &str) -> Self {
        Self { rulebook, policy: policy.into(), calendar: calendar.into() }
    }
}

/// How much working time is allowed, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Where that is written.
    pub pin: Pin,
    /// The working time allowed.
    pub time: WorkTime,
}

/// The calendar, the warnings and the ladder of a target.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Which time counts.
    pub calendar: Calendar,
    /// Percentages of the allowance at which to warn, ascending, each from 1 to 99.
    pub warnings: Vec<u8>,
    /// What happens around the due time.
    pub ladder: Vec<Step>,
}

/// One step of an escalation ladder. What it does is for its owner to know: the clock only says
/// when, and calls it by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it happens.
    pub when: StepWhen,
}

/// The moment of a [`Step`], in working time of the clock's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepWhen {
    /// So long before due.
    BeforeDue(WorkTime),
    /// As soon as due has passed.
    AtDue,
    /// So long after due.
    AfterDue(WorkTime),
}
