//! What can happen to a clock.

use core::fmt;
use std::collections::BTreeSet;

use firstline_calendar::{Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::terms::{Pin, Reason, Threshold};

/// What happened to a clock. A fact with its results: to apply it takes no calendar.
///
/// Which clock and which run of it, and the moment at which it was true, are kept beside it by
/// whoever stores it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ClockEvent {
    /// The promise was made.
    Started {
        /// Where its terms stand.
        pin: Pin,
        /// The working time allowed.
        allowance: WorkTime,
        /// What was asked for began earlier than the promise was made; `None` if they are one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Timestamp>,
        /// Stretches since then during which it would have stood still.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        credits: Vec<Credit>,
        /// Working time used up since then.
        #[serde(default, skip_serializing_if = "is_zero")]
        spent: WorkTime,
        /// Why it stands still from the beginning; empty if it runs.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        reasons: BTreeSet<Reason>,
        /// When it is due and what rings before and after, if it runs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        schedule: Option<Schedule>,
        /// What lay in the past already, or was told by the run that this one takes up again, and does
        /// not ring any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<Call>,
        /// How high the run that this one takes up again has climbed: see [`Clock::climbed`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        climbed: Option<WorkTime>,
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
        /// What the new terms put into the past and does not ring any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<Call>,
        /// How high it has climbed on other ladders: see [`Clock::climbed`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        climbed: Option<WorkTime>,
    },
    /// The past is valued anew by another calendar, on purpose.
    Corrected {
        /// Where the new terms stand.
        pin: Pin,
        /// The working time allowed.
        allowance: WorkTime,
        /// Working time used up so far, by the other calendar.
        spent: WorkTime,
        /// The new times, if it is running.
        schedule: Option<Schedule>,
        /// What the other calendar puts into the past and does not ring any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<Call>,
        /// How high it has climbed on other ladders: see [`Clock::climbed`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        climbed: Option<WorkTime>,
    },
    /// A due time was fixed: pauses do not move it, and other terms do not until it is released.
    DueFixed {
        /// By a person, rather than by the terms.
        by_hand: bool,
        /// The date of the terms that the person's stands in for, until it is released.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<Timestamp>,
        /// The due time and what rings around it.
        schedule: Schedule,
        /// Since when it is broken, if it is by this date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        broken_at: Option<Timestamp>,
        /// What it puts into the past and does not ring any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<Call>,
    },
    /// A fixed due time was released: the terms in force hold again.
    DueReleased {
        /// Working time used up so far.
        spent: WorkTime,
        /// The new times, if it is running.
        schedule: Option<Schedule>,
        /// What they put into the past and does not ring any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<Call>,
    },
    /// So much of the allowance was used up.
    Warned {
        /// How much.
        threshold: Threshold,
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
        /// Working time used up beyond what was allowed, if it was late. It may be none: a promise
        /// that was due at closing time is broken by a night in which nobody works.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overrun: Option<WorkTime>,
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
    /// The clock is as it was elsewhere: it was taken over from another subject, or handed back.
    TakenOver {
        /// All of it.
        clock: Box<Clock>,
    },
}

pub(crate) fn is_zero(time: &WorkTime) -> bool {
    *time == WorkTime::ZERO
}

/// A stretch of time during which a clock stood still, or would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Credit {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// The moments that a running clock looks forward to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Schedule {
    /// When the allowance runs out; `None` if the calendar has no working time left for it.
    ///
    /// A clock that goes on after it was broken has an earlier moment here, which is not when it was
    /// broken: that is [`Clock::broken_at`]. The steps after due are counted from here, and pauses
    /// since then have put that off: it is so much working time back as was used up too much.
    pub due: Option<Timestamp>,
    /// What rings, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
}

/// A moment at which a running clock has something to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alarm {
    /// When.
    pub at: Timestamp,
    /// What.
    pub call: Call,
}

/// What an [`Alarm`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Call {
    /// The warning of this threshold.
    Warn(Threshold),
    /// The ladder's step with this index.
    Step(u8),
}

impl Call {
    /// Which step it is, if it is one.
    pub(crate) const fn step(self) -> Option<u8> {
        match self {
            Self::Step(step) => Some(step),
            Self::Warn(_) => None,
        }
    }
}

/// How a breach came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BreachCause {
    /// Time went by.
    Elapsed,
    /// Shorter terms came into force when more than they allow was already spent.
    Retarget,
    /// A date that somebody had fixed was released when more than the terms allow was spent.
    Released,
    /// The past was valued anew, and more was spent than is allowed.
    Correction,
}

/// The verdict on a fulfilled promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
