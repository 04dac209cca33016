//! One running promise: what it is, what it answers, how it changes.

use std::collections::BTreeSet;

use firstline_calendar::{Calendar, Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

use crate::event::{BreachCause, Call, ClockEvent, Outcome, Schedule, is_zero};
use crate::terms::{Pin, Reason};

/// One running promise. What it is called is for whoever keeps it to know: see
/// [`ClockKey`](crate::ClockKey).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Clock {
    /// Which run of it, from 1.
    pub cycle: u32,
    /// Where its terms stand.
    pub pin: Pin,
    /// The working time allowed.
    pub allowance: WorkTime,
    /// When what was asked for began.
    pub started_at: Timestamp,
    /// Working time used up before the present phase.
    pub spent: WorkTime,
    /// Working time that was used up beyond the allowance when a change broke the promise: it was
    /// due then, and not in the past.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub excess: WorkTime,
    /// What it is doing.
    pub phase: Phase,
    /// A due time that pauses and other terms do not move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<FixedDue>,
    /// When it first ran out, if it ever did. No later change takes that back.
    pub breach: Option<Breach>,
    /// When the terms in force were broken: at due, or at the change that broke them. Looser terms
    /// that leave time again are not broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<Timestamp>,
    /// What it has already said in this cycle, and will not say again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub told: BTreeSet<Call>,
    /// How high it has climbed on the ladders of other policies: working time relative to due. When
    /// it comes to another ladder, nobody is called for what lies in its past and is no higher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub climbed: Option<WorkTime>,
    /// The terms that it ran by before, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_terms: Vec<EarlierTerms>,
}

/// Terms that a clock ran by until others came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EarlierTerms {
    /// Where they stand.
    pub pin: Pin,
    /// Until when.
    pub until: Timestamp,
    /// The steps of their ladder that were told, where the next ones have another ladder.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub told: BTreeSet<u8>,
}

/// What a clock is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// A due time that was fixed, by a person or by the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FixedDue {
    /// By a person: then other terms do not move it either, until it is released.
    pub by_hand: bool,
    /// The date of the terms that the person's stands in for, until it is released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<Timestamp>,
    /// The due time and what rings around it.
    pub schedule: Schedule,
}

/// That a clock ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The clock that a [`ClockEvent::Started`] or [`ClockEvent::TakenOver`] sets going, as this run
    /// of it.
    ///
    /// # Errors
    ///
    /// Any other event cannot be the first.
    pub fn begin(cycle: u32, event: &ClockEvent, at: Timestamp) -> Result<Self, ImpossibleEvent> {
        match event {
            ClockEvent::TakenOver { clock } => Ok(Self { cycle, ..Self::clone(clock) }),
            ClockEvent::Started {
                pin,
                allowance,
                since,
                credits: _,
                spent,
                reasons,
                schedule,
                skipped,
                climbed,
            } => Ok(Self {
                cycle,
                pin: pin.clone(),
                allowance: *allowance,
                started_at: since.unwrap_or(at),
                spent: *spent,
                excess: WorkTime::ZERO,
                phase: match schedule {
                    Some(schedule) => Phase::Running { since: at, schedule: schedule.clone() },
                    None => Phase::Paused { reasons: reasons.clone() },
                },
                fixed: None,
                breach: None,
                broken_at: None,
                told: skipped.iter().copied().collect(),
                climbed: *climbed,
                earlier_terms: Vec::new(),
            }),
            _ => Err(ImpossibleEvent { event: Box::new(event.clone()), phase: None }),
        }
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
                ClockEvent::Retargeted { pin, allowance, spent, schedule, skipped, climbed }
                | ClockEvent::Corrected { pin, allowance, spent, schedule, skipped, climbed },
                Phase::Running { .. } | Phase::Paused { .. },
            ) => {
                let told = self.told_under(pin);
                if self.pin != *pin {
                    let is_left = !self.has_ladder_of(pin);
                    let left = self.told.iter().filter(|_| is_left).filter_map(|call| call.step());
                    let (told, until) = (left.collect(), at);
                    let pin = core::mem::replace(&mut self.pin, pin.clone());
                    self.earlier_terms.push(EarlierTerms { pin, until, told });
                }
                self.told = told;
                self.climbed = *climbed;
                self.excess = self.excess_under(*allowance, *spent);
                self.allowance = *allowance;
                self.fixed.take_if(|fixed| !fixed.by_hand);
                let is_still = self.fixed.is_some() || *spent >= *allowance;
                self.broken_at.take_if(|_| !is_still);
                self.go_on(*spent, schedule.as_ref(), skipped, at);
            }
            (
                ClockEvent::DueFixed { by_hand, instead_of, schedule, broken_at, skipped },
                Phase::Running { .. } | Phase::Paused { .. },
            ) => {
                let (by_hand, instead_of) = (*by_hand, *instead_of);
                self.fixed = Some(FixedDue { by_hand, instead_of, schedule: schedule.clone() });
                self.broken_at = *broken_at;
                self.told.extend(skipped);
            }
            (
                ClockEvent::DueReleased { spent, schedule, skipped },
                Phase::Running { .. } | Phase::Paused { .. },
            ) => {
                self.excess = self.excess_under(self.allowance, *spent);
                self.fixed = None;
                self.broken_at.take_if(|_| *spent < self.allowance);
                self.go_on(*spent, schedule.as_ref(), skipped, at);
            }
            // A retarget can put a warning into the past of a clock that stands still.
            (ClockEvent::Warned { threshold }, Phase::Running { .. } | Phase::Paused { .. }) => {
                self.tell(Call::Warn(*threshold));
            }
            (ClockEvent::Climbed { step }, Phase::Running { .. } | Phase::Paused { .. }) => {
                self.tell(Call::Step(*step));
            }
            (ClockEvent::Breached { cause }, Phase::Running { .. } | Phase::Paused { .. }) => {
                self.breach.get_or_insert(Breach { at, cause: *cause });
                self.broken_at = Some(at);
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
                // A fixed date was for the first time; what comes again goes by the terms.
                self.excess = self.excess_under(self.allowance, self.spent);
                if self.fixed.take().is_some() {
                    self.broken_at.take_if(|_| self.spent < self.allowance);
                }
                self.phase = Phase::Running { since: at, schedule: schedule.clone() };
            }
            (ClockEvent::TakenOver { clock }, _) => {
                let cycle = self.cycle;
                *self = Self { cycle, ..Self::clone(clock) };
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

    /// Goes on by other times, with what was spent until now.
    fn go_on(
        &mut self,
        spent: WorkTime,
        schedule: Option<&Schedule>,
        skipped: &[Call],
        at: Timestamp,
    ) {
        self.spent = spent;
        self.told.extend(skipped);
        if let Some(schedule) = schedule {
            self.phase = Phase::Running { since: at, schedule: schedule.clone() };
        }
    }

    /// What will have been used up beyond this allowance at due: all of it that is spent by now,
    /// unless the same allowance has run out before.
    pub(crate) fn excess_under(&self, allowance: WorkTime, spent: WorkTime) -> WorkTime {
        let beyond = (spent - allowance).max(WorkTime::ZERO);
        let ran_out_before =
            self.is_broken() && self.fixed.is_none() && allowance == self.allowance;
        if ran_out_before { self.excess.min(beyond) } else { beyond }
    }

    /// Whether terms that stand there have the ladder that this clock is on: only then do the
    /// steps that it has climbed mean the same.
    #[must_use]
    pub fn has_ladder_of(&self, pin: &Pin) -> bool {
        self.pin.has_ladder_of(pin)
    }

    /// What it has said already, as far as it means the same under terms that stand there: warnings,
    /// and the steps of that ladder, also if it was on another one since.
    pub(crate) fn told_under(&self, pin: &Pin) -> BTreeSet<Call> {
        if self.has_ladder_of(pin) {
            return self.told.clone();
        }
        let warnings = self.told.iter().copied().filter(|call| call.step().is_none());
        let before = self.earlier_terms.iter().filter(|before| before.pin.has_ladder_of(pin));
        let steps = before.flat_map(|before| before.told.iter().copied().map(Call::Step));
        warnings.chain(steps).collect()
    }

    /// Notes that an alarm has rung, so that it does not ring again in this cycle.
    fn tell(&mut self, call: Call) {
        self.told.insert(call);
        if let Phase::Running { schedule, .. } = &mut self.phase {
            schedule.alarms.retain(|alarm| alarm.call != call);
        }
        if let Some(fixed) = &mut self.fixed {
            fixed.schedule.alarms.retain(|alarm| alarm.call != call);
        }
    }

    /// Whether the promise is still to be kept: running or paused.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Running { .. } | Phase::Paused { .. })
    }

    /// Whether working time is used up at `now`, by the calendar of its terms. A clock that runs at
    /// night is out of hours, which is not the same as standing still.
    ///
    /// ```
    /// use firstline_sla::{Allowance, Calendar, CalendarSpec, Clock, Pin, Reason, Terms, WorkTime, start};
    ///
    /// let hours: CalendarSpec = serde_json::from_str(
    ///     r#"{ "time_zone": "UTC", "weekly": { "mon-fri": ["09:00-17:00"] } }"#,
    /// )?;
    /// let terms = Terms { calendar: Calendar::build(&hours)?, warnings: vec![], ladder: vec![] };
    /// let pin = Pin::new(1, "standard", "office");
    /// let promise = Allowance { pin, within: WorkTime::from_hours(2).into() };
    /// let (evening, morning) = ("2026-03-02T20:00:00Z".parse()?, "2026-03-03T09:30:00Z".parse()?);
    ///
    /// let mut clock = Clock::begin(1, &start(&promise, &terms, evening)[0], evening)?;
    /// assert!(clock.is_live() && !clock.in_hours(&terms.calendar, evening));
    /// assert!(clock.in_hours(&terms.calendar, morning));
    /// let paused = clock.pause(&Reason::from("pending"), &terms, morning).expect("it runs");
    /// clock.apply(&paused, morning)?;
    /// assert!(!clock.in_hours(&terms.calendar, morning));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn in_hours(&self, calendar: &Calendar, now: Timestamp) -> bool {
        matches!(self.phase, Phase::Running { .. }) && calendar.is_open(now)
    }

    /// When the promise was fulfilled or given up; `None` while it is live.
    #[must_use]
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Fulfilled { at, .. } | Phase::Cancelled { at, .. } => Some(at),
            Phase::Running { .. } | Phase::Paused { .. } => None,
        }
    }

    /// Whether the terms in force are broken.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken_at.is_some()
    }

    /// When the allowance runs out if nothing happens, or did when it was broken: pauses after that
    /// do not move it. `None` while it is not running, unless the due time is fixed.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        let broken_at = self.broken_at.filter(|_| self.fixed.is_none());
        self.schedule().and_then(|schedule| broken_at.or(schedule.due))
    }

    /// What is left of the allowance after what was spent before the present phase. Negative once
    /// more was spent than was allowed.
    #[must_use]
    pub fn remaining(&self) -> WorkTime {
        self.allowance - self.spent
    }

    /// What it looks forward to: a fixed due time comes before the terms.
    pub(crate) fn schedule(&self) -> Option<&Schedule> {
        match (&self.phase, &self.fixed) {
            (Phase::Running { .. } | Phase::Paused { .. }, Some(fixed)) => Some(&fixed.schedule),
            (Phase::Running { schedule, .. }, None) => Some(schedule),
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
        let schedule = self.schedule()?;
        // Fulfilled *at* due is met, so what follows from a breach is true one millisecond later.
        let past_due = schedule.due.and_then(|due| due.checked_add_millis(1));
        let breach = past_due
            .filter(|_| !self.is_broken())
            .zip(schedule.due)
            .map(|(rings_at, due)| (rings_at, Ring::Breach { due }));
        let alarm = schedule.alarms.first().map(|alarm| {
            let waits = !self.is_broken() && Some(alarm.at) == schedule.due;
            let rings_at = past_due.filter(|_| waits).unwrap_or(alarm.at);
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
