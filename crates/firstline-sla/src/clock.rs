//! One running promise: what it is, what it answers, how it changes.

use std::collections::BTreeSet;

use firstline_calendar::{Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

use crate::event::{BreachCause, Call, ClockEvent, Outcome, Schedule};
use crate::terms::{Metric, Pin, Reason};

/// One running promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What is measured.
    pub metric: Metric,
    /// Which run of it, from 1.
    pub cycle: u32,
    /// Where its terms stand.
    pub pin: Pin,
    /// The working time allowed.
    pub allowance: WorkTime,
    /// When the promise was made.
    pub started_at: Timestamp,
    /// Working time used up before the present phase.
    pub spent: WorkTime,
    /// What it is doing.
    pub phase: Phase,
    /// When it first ran out, if it ever did. No later change takes that back.
    pub breach: Option<Breach>,
    /// Whether the terms in force are broken. Looser terms that leave time again are not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub broken: bool,
    /// What it has already said in this cycle, and will not say again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub told: BTreeSet<Call>,
}

/// What a clock is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Working time is being used up.
    Running {
        /// Since when.
        since: Timestamp,
        /// What it looks forward to.
        schedule: Schedule,
    },
    /// It stands still.
    Paused {
        /// Why: never empty.
        reasons: BTreeSet<Reason>,
    },
    /// What was promised was done.
    Fulfilled {
        /// When.
        at: Timestamp,
        /// In time or not.
        outcome: Outcome,
    },
    /// The promise was given up.
    Cancelled {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
    },
}

/// That a clock ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// When: at due, or at the retarget that put due into the past.
    pub at: Timestamp,
    /// How.
    pub cause: BreachCause,
}

/// An event that cannot have happened to this clock: the journal it came from is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen to a clock that is {phase:?}")]
pub struct ImpossibleEvent {
    /// What the journal says.
    pub event: Box<ClockEvent>,
    /// What the clock was doing; `None` before its start.
    pub phase: Option<Box<Phase>>,
}

impl Clock {
    /// The clock that a [`ClockEvent::Started`] sets going.
    ///
    /// # Errors
    ///
    /// Any other event cannot be the first.
    pub fn begin(event: &ClockEvent, at: Timestamp) -> Result<Self, ImpossibleEvent> {
        let ClockEvent::Started { metric, cycle, pin, allowance, schedule } = event else {
            return Err(ImpossibleEvent { event: Box::new(event.clone()), phase: None });
        };
        Ok(Self {
            metric: *metric,
            cycle: *cycle,
            pin: pin.clone(),
            allowance: *allowance,
            started_at: at,
            spent: WorkTime::ZERO,
            phase: Phase::Running { since: at, schedule: schedule.clone() },
            breach: None,
            broken: false,
            told: BTreeSet::new(),
        })
    }

    /// Changes the clock as the event says. Decides nothing.
    ///
    /// # Errors
    ///
    /// The event cannot have happened to a clock in this phase. The clock is then unchanged.
    pub fn apply(&mut self, event: &ClockEvent, at: Timestamp) -> Result<(), ImpossibleEvent> {
        match (event, &mut self.phase) {
            (ClockEvent::Paused { reason, spent }, Phase::Running { .. }) => {
                self.spent = *spent;
                self.phase = Phase::Paused { reasons: BTreeSet::from([reason.clone()]) };
            }
            (ClockEvent::Paused { reason, .. }, Phase::Paused { reasons }) => {
                reasons.insert(reason.clone());
            }
            (ClockEvent::Resumed { schedule: Some(schedule), .. }, Phase::Paused { .. }) => {
                self.phase = Phase::Running { since: at, schedule: schedule.clone() };
            }
            (ClockEvent::Resumed { reason, schedule: None }, Phase::Paused { reasons }) => {
                reasons.remove(reason);
            }
            (
                ClockEvent::Retargeted { pin, allowance, spent, schedule, skipped },
                phase @ (Phase::Running { .. } | Phase::Paused { .. }),
            ) => {
                self.pin = pin.clone();
                self.allowance = *allowance;
                self.spent = *spent;
                self.broken &= *spent >= *allowance;
                self.told.extend(skipped.iter().map(|percent| Call::Warn(*percent)));
                if let Some(schedule) = schedule {
                    *phase = Phase::Running { since: at, schedule: schedule.clone() };
                }
            }
            // A retarget can put a warning into the past of a clock that stands still.
            (ClockEvent::Warned { percent }, Phase::Running { .. } | Phase::Paused { .. }) => {
                self.tell(Call::Warn(*percent));
            }
            (ClockEvent::Climbed { step }, Phase::Running { .. }) => self.tell(Call::Step(*step)),
            (ClockEvent::Breached { cause }, Phase::Running { .. } | Phase::Paused { .. }) => {
                self.breach.get_or_insert(Breach { at, cause: *cause });
                self.broken = true;
            }
            (
                ClockEvent::Fulfilled { outcome, spent, .. },
                Phase::Running { .. } | Phase::Paused { .. },
            ) => {
                self.spent = *spent;
                self.phase = Phase::Fulfilled { at, outcome: *outcome };
            }
            (
                ClockEvent::Cancelled { reason, spent },
                Phase::Running { .. } | Phase::Paused { .. },
            ) => {
                self.spent = *spent;
                self.phase = Phase::Cancelled { at, reason: reason.clone() };
            }
            (ClockEvent::CarriedOn { schedule }, Phase::Fulfilled { .. }) => {
                self.phase = Phase::Running { since: at, schedule: schedule.clone() };
            }
            (event, phase) => {
                return Err(ImpossibleEvent {
                    event: Box::new(event.clone()),
                    phase: Some(Box::new(phase.clone())),
                });
            }
        }
        Ok(())
    }

    /// Notes that an alarm has rung, so that it does not ring again in this cycle.
    fn tell(&mut self, call: Call) {
        self.told.insert(call);
        if let Phase::Running { schedule, .. } = &mut self.phase {
            schedule.alarms.retain(|alarm| alarm.call != call);
        }
    }

    /// Whether the promise is still to be kept: running or paused.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Running { .. } | Phase::Paused { .. })
    }

    /// When the allowance runs out if nothing happens; `None` while it is not running.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Running { schedule, .. } => schedule.due,
            _ => None,
        }
    }

    /// The next moment at which [`settle`](Self::settle) has something to say, or `None` if there
    /// is none until something happens.
    ///
    /// A soft deadline: looking earlier is harmless, looking later is noticed and changes no fact.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.next_alarm().map(|(rings_at, _)| rings_at)
    }

    /// The next thing that a running clock says by itself, and when it becomes true.
    pub(crate) fn next_alarm(&self) -> Option<(Timestamp, Ring)> {
        let Phase::Running { schedule, .. } = &self.phase else {
            return None;
        };
        // Fulfilled *at* due is met, so what follows from a breach is true one millisecond later.
        let past_due = schedule.due.and_then(|due| due.checked_add_millis(1));
        let breach = past_due
            .filter(|_| !self.broken)
            .zip(schedule.due)
            .map(|(rings_at, due)| (rings_at, Ring::Breach { due }));
        let alarm = schedule.alarms.first().map(|alarm| {
            let rings_at = past_due.filter(|_| Some(alarm.at) == schedule.due).unwrap_or(alarm.at);
            (rings_at, Ring::Alarm { at: alarm.at, call: alarm.call })
        });
        match (breach, alarm) {
            (Some(breach), Some(alarm)) if alarm.0 < breach.0 => Some(alarm),
            (Some(breach), _) => Some(breach),
            (None, alarm) => alarm,
        }
    }
}

/// What a running clock says by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ring {
    Breach { due: Timestamp },
    Alarm { at: Timestamp, call: Call },
}
