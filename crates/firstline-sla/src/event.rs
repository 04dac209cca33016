//! What can happen to a clock.

use core::fmt;

use firstline_calendar::{Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

use crate::terms::{Metric, Pin, Reason};

/// What happened to a clock. A fact with its results: to apply it takes no calendar.
///
/// The moment at which it was true is kept beside it by whoever stores it, and handed to
/// [`Clock::apply`](crate::Clock::apply).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockEvent {
    /// The promise was made.
    Started {
        /// What is measured.
        metric: Metric,
        /// Which run of it, from 1.
        cycle: u32,
        /// Where its terms stand.
        pin: Pin,
        /// The working time allowed.
        allowance: WorkTime,
        /// When it is due and what rings before and after.
        schedule: Schedule,
    },
    /// A reason to stand still arose. The first one stops the clock.
    Paused {
        /// Why.
        reason: Reason,
        /// Working time used up so far.
        spent: WorkTime,
    },
    /// A reason to stand still is gone. The last one starts the clock again.
    Resumed {
        /// Which.
        reason: Reason,
        /// The new times, once no reason is left.
        schedule: Option<Schedule>,
    },
    /// Other terms apply from now on. What was spent stays spent.
    Retargeted {
        /// Where the new terms stand.
        pin: Pin,
        /// The new working time allowed, counted from the start.
        allowance: WorkTime,
        /// Working time used up so far.
        spent: WorkTime,
        /// The new times, if it is running.
        schedule: Option<Schedule>,
        /// Warnings that the new terms put into the past and that are not given any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<u8>,
    },
    /// So much of the allowance was used up.
    Warned {
        /// Percent.
        percent: u8,
    },
    /// The allowance ran out. Dated at due, whenever that was noticed.
    Breached {
        /// How it came about.
        cause: BreachCause,
    },
    /// A step of the ladder was reached.
    Climbed {
        /// Its index in the ladder.
        step: u8,
    },
    /// What was promised was done.
    Fulfilled {
        /// In time or not, by the terms in force at that moment.
        outcome: Outcome,
        /// Working time used up.
        spent: WorkTime,
        /// It was in time by these terms, after having been late by earlier ones.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        breached_under_earlier_target: bool,
    },
    /// The promise was given up, without a verdict.
    Cancelled {
        /// Why.
        reason: Reason,
        /// Working time used up.
        spent: WorkTime,
    },
    /// A fulfilled promise was taken up again, with what was spent. The time between is not counted.
    CarriedOn {
        /// The new times.
        schedule: Schedule,
    },
}

/// The moments that a running clock looks forward to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// When the allowance runs out; `None` if the calendar has no working time left for it.
    pub due: Option<Timestamp>,
    /// What rings, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
}

/// A moment at which a running clock has something to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// When.
    pub at: Timestamp,
    /// What.
    pub call: Call,
}

/// What an [`Alarm`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A warning at this percentage.
    Warn(u8),
    /// The ladder's step with this index.
    Step(u8),
}

/// How a breach came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachCause {
    /// Time went by.
    Elapsed,
    /// Shorter terms came into force when more than they allow was already spent.
    Retarget,
}

/// The verdict on a fulfilled promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Fulfilled at or before due.
    Met,
    /// Fulfilled after due.
    Missed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Met => "met",
            Self::Missed => "missed",
        })
    }
}
