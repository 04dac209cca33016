//! The rules: what a clock answers when something happens. Nothing here changes a clock.

use std::collections::BTreeSet;

use firstline_calendar::{Calendar, Timestamp, WorkTime};

use crate::clock::{Clock, Phase, Ring};
use crate::event::{Alarm, BreachCause, Call, ClockEvent, Outcome, Schedule};
use crate::terms::{Allowance, Metric, Reason, StepWhen, Terms};

/// Makes a promise at `at`, which may lie outside working hours: the clock then runs, and nothing
/// is used up until they begin.
#[must_use]
pub fn start(
    metric: Metric,
    cycle: u32,
    allowance: Allowance,
    terms: &Terms,
    at: Timestamp,
) -> ClockEvent {
    let Allowance { pin, time: allowance } = allowance;
    let schedule = schedule(terms, allowance, WorkTime::ZERO, &BTreeSet::new(), at);
    ClockEvent::Started { metric, cycle, pin, allowance, schedule }
}

impl Clock {
    /// The first thing that became true by itself until `now`, and when it did.
    ///
    /// Apply it and ask again until there is nothing more: a desk that slept through a weekend
    /// wakes to the same facts, in the same order, as one that watched every minute.
    #[must_use]
    pub fn settle(&self, now: Timestamp) -> Option<(Timestamp, ClockEvent)> {
        let (rings_at, ring) = self.next_alarm()?;
        if rings_at > now {
            return None;
        }
        Some(match ring {
            Ring::Breach { due } => (due, ClockEvent::Breached { cause: BreachCause::Elapsed }),
            Ring::Alarm { at, call: Call::Warn(percent) } => (at, ClockEvent::Warned { percent }),
            Ring::Alarm { at, call: Call::Step(step) } => (at, ClockEvent::Climbed { step }),
        })
    }

    /// A reason to stand still arises. `None` if it is known already or the promise is no more.
    #[must_use]
    pub fn pause(&self, reason: &Reason, terms: &Terms, now: Timestamp) -> Option<ClockEvent> {
        match &self.phase {
            Phase::Paused { reasons } if reasons.contains(reason) => None,
            Phase::Running { .. } | Phase::Paused { .. } => Some(ClockEvent::Paused {
                reason: reason.clone(),
                spent: self.spent_at(&terms.calendar, now),
            }),
            Phase::Fulfilled { .. } | Phase::Cancelled { .. } => None,
        }
    }

    /// A reason to stand still is gone. `None` if it was not there.
    ///
    /// The new due time is computed from what is left; it is never the old one shifted.
    #[must_use]
    pub fn resume(&self, reason: &Reason, terms: &Terms, now: Timestamp) -> Option<ClockEvent> {
        let Phase::Paused { reasons } = &self.phase else {
            return None;
        };
        if !reasons.contains(reason) {
            return None;
        }
        let schedule = (reasons.len() == 1)
            .then(|| schedule(terms, self.allowance, self.spent, &self.told, now));
        Some(ClockEvent::Resumed { reason: reason.clone(), schedule })
    }

    /// Other terms come into force: start and what was spent stay, the allowance is swapped.
    ///
    /// `before` are the terms until now, by which the time so far is valued. If more was spent than
    /// the new terms allow, the promise is broken now, not back-dated. Warnings that the new terms
    /// put into the past are skipped but for the highest one, which is given now, unless the breach
    /// says it all.
    #[must_use]
    pub fn retarget(
        &self,
        allowance: Allowance,
        before: &Terms,
        after: &Terms,
        now: Timestamp,
    ) -> Vec<ClockEvent> {
        if !self.is_live() || (self.pin == allowance.pin && self.allowance == allowance.time) {
            return Vec::new();
        }
        let spent = self.spent_at(&before.calendar, now);
        let is_over = spent > allowance.time;
        let mut skipped: Vec<u8> = after
            .warnings
            .iter()
            .copied()
            .filter(|percent| allowance.time.percent(u32::from(*percent)) <= spent)
            .filter(|percent| !self.told.contains(&Call::Warn(*percent)))
            .collect();
        let warned = if is_over { None } else { skipped.pop() };

        let mut told = self.told.clone();
        told.extend(skipped.iter().chain(&warned).map(|percent| Call::Warn(*percent)));
        let is_running = matches!(self.phase, Phase::Running { .. });
        let mut events = vec![ClockEvent::Retargeted {
            pin: allowance.pin,
            allowance: allowance.time,
            spent,
            schedule: is_running.then(|| schedule(after, allowance.time, spent, &told, now)),
            skipped,
        }];
        events.extend(warned.map(|percent| ClockEvent::Warned { percent }));
        if is_over && !self.broken {
            events.push(ClockEvent::Breached { cause: BreachCause::Retarget });
        }
        events
    }

    /// What was promised was done. `None` if the promise is no more.
    #[must_use]
    pub fn fulfil(&self, terms: &Terms, now: Timestamp) -> Option<ClockEvent> {
        if !self.is_live() {
            return None;
        }
        let spent = self.spent_at(&terms.calendar, now);
        // What was spent does not tell: at closing time a whole night passes without any of it.
        let is_late = self.broken || self.due().is_some_and(|due| now > due);
        Some(ClockEvent::Fulfilled {
            outcome: if is_late { Outcome::Missed } else { Outcome::Met },
            spent,
            breached_under_earlier_target: !is_late && self.breach.is_some(),
        })
    }

    /// The promise is given up, without a verdict. `None` if it is no more.
    #[must_use]
    pub fn cancel(&self, reason: &Reason, terms: &Terms, now: Timestamp) -> Option<ClockEvent> {
        self.is_live().then(|| ClockEvent::Cancelled {
            reason: reason.clone(),
            spent: self.spent_at(&terms.calendar, now),
        })
    }

    /// A fulfilled promise is taken up again with what was spent; the time in between is not
    /// counted. `None` if it was not fulfilled.
    #[must_use]
    pub fn carry_on(&self, terms: &Terms, now: Timestamp) -> Option<ClockEvent> {
        matches!(self.phase, Phase::Fulfilled { .. }).then(|| ClockEvent::CarriedOn {
            schedule: schedule(terms, self.allowance, self.spent, &self.told, now),
        })
    }

    /// Working time used up until `now`.
    #[must_use]
    pub fn spent_at(&self, calendar: &Calendar, now: Timestamp) -> WorkTime {
        match self.phase {
            Phase::Running { since, .. } => self.spent + calendar.between(since, now),
            _ => self.spent,
        }
    }
}

/// What a clock that runs from `from` on looks forward to.
fn schedule(
    terms: &Terms,
    allowance: WorkTime,
    spent: WorkTime,
    told: &BTreeSet<Call>,
    from: Timestamp,
) -> Schedule {
    let calendar = &terms.calendar;
    let due = calendar.add(from, allowance - spent);
    let warnings = terms.warnings.iter().map(|&percent| {
        let left = allowance.percent(u32::from(percent)) - spent;
        (Call::Warn(percent), calendar.add(from, left))
    });
    let steps = terms.ladder.iter().zip(0..).map(|(step, index)| {
        let at = due.and_then(|due| match step.when {
            StepWhen::BeforeDue(ahead) => calendar.sub(due, ahead),
            StepWhen::AtDue => Some(due),
            StepWhen::AfterDue(behind) => calendar.add(due, behind),
        });
        (Call::Step(index), at)
    });
    let mut alarms: Vec<Alarm> = warnings
        .chain(steps)
        .filter(|(call, _)| !told.contains(call))
        // What should have rung before the clock ran at all rings as soon as it does.
        .filter_map(|(call, at)| at.map(|at| Alarm { at: at.max(from), call }))
        .collect();
    alarms.sort_by_key(|alarm| (alarm.at, alarm.call));
    Schedule { due, alarms }
}
