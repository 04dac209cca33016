//! When a clock that goes on from some moment is due, and what rings around that.

use std::collections::BTreeSet;

use firstline_calendar::{Timestamp, WorkTime};

use crate::event::{Alarm, Call, ClockEvent, Schedule};
use crate::terms::{StepWhen, Terms, Threshold};

/// The moments of a clock that goes on from `from`, on their way to becoming a [`Schedule`].
pub(crate) struct Plan<'t> {
    terms: &'t Terms,
    from: Timestamp,
    due: Option<Timestamp>,
    /// When each warning and step is, even if that lies in the past. In order of time.
    moments: Vec<(Timestamp, Call)>,
    /// What was told before, and what [`pass_over`](Self::pass_over) leaves untold for ever.
    told: BTreeSet<Call>,
    skipped: Vec<Call>,
    warned: Option<Threshold>,
}

impl<'t> Plan<'t> {
    /// By an allowance of which some is spent, due when it and the excess are used up.
    pub(crate) fn new(
        terms: &'t Terms,
        (allowance, spent): (WorkTime, WorkTime),
        excess: WorkTime,
        told: &BTreeSet<Call>,
        from: Timestamp,
    ) -> Self {
        let due = terms.calendar.add(from, allowance + excess - spent);
        Self::with_due(terms, (allowance, spent), due, told, from)
    }

    /// By a due time that is fixed: the allowance is what is left until then.
    pub(crate) fn fixed(
        terms: &'t Terms,
        spent: WorkTime,
        due: Timestamp,
        told: &BTreeSet<Call>,
        from: Timestamp,
    ) -> Self {
        let allowance = spent + terms.calendar.between(from, due);
        Self::with_due(terms, (allowance, spent), Some(due), told, from)
    }

    fn with_due(
        terms: &'t Terms,
        (allowance, spent): (WorkTime, WorkTime),
        due: Option<Timestamp>,
        told: &BTreeSet<Call>,
        from: Timestamp,
    ) -> Self {
        let calendar = &terms.calendar;
        let warnings = terms.warnings.iter().map(|&threshold| {
            let at = match threshold {
                Threshold::Percent(percent) => {
                    calendar.add(from, allowance.percent(u32::from(percent)) - spent)
                }
                Threshold::Before(ahead) => due.and_then(|due| calendar.sub(due, ahead)),
            };
            (at, Call::Warn(threshold))
        });
        let steps = terms.ladder.iter().zip(0..).map(|(step, index)| {
            let at = due.and_then(|due| match step.when {
                StepWhen::BeforeDue(ahead) => calendar.sub(due, ahead),
                StepWhen::AtDue => Some(due),
                StepWhen::AfterDue(behind) => calendar.add(due, behind),
            });
            (at, Call::Step(index))
        });
        let mut moments: Vec<(Timestamp, Call)> =
            warnings.chain(steps).filter_map(|(at, call)| Some((at?, call))).collect();
        moments.sort_unstable();
        let (skipped, warned) = (Vec::new(), None);
        Self { terms, from, due, moments, told: told.clone(), skipped, warned }
    }

    /// Dates due back to when it was, if it is past. What rings after it stays: pauses since then
    /// put that off.
    pub(crate) fn was_due(&mut self, past: Option<Timestamp>) {
        self.due = past.or(self.due);
    }

    /// Of what lies in the past and was not told, only the highest warning is given, now, and only
    /// the highest step is left to ring; the others are skipped. No warning is given if the promise
    /// is over: the breach says it all.
    pub(crate) fn pass_over(&mut self, is_over: bool) {
        let mut passed: Vec<Call> = self
            .moments
            .iter()
            .filter(|(at, call)| *at <= self.from && !self.told.contains(call))
            .map(|(_, call)| *call)
            .collect();
        let last_step = passed.iter().rposition(|call| matches!(call, Call::Step(_)));
        last_step.map(|at| passed.remove(at));
        if !is_over {
            let last_warning = passed.iter().rposition(|call| matches!(call, Call::Warn(_)));
            self.warned = last_warning.and_then(|at| match passed.remove(at) {
                Call::Warn(threshold) => Some(threshold),
                Call::Step(_) => None,
            });
        }
        self.told.extend(&passed);
        self.told.extend(self.warned.map(Call::Warn));
        self.skipped.extend(passed);
    }

    /// Leaves those of these untold for ever that lie in the past; all of them if the promise is
    /// over.
    pub(crate) fn skip_low(&mut self, low: &[Call], is_over: bool) {
        let is_past =
            |low: &Call| self.moments.iter().any(|(at, call)| call == low && *at <= self.from);
        let gone: Vec<Call> = low.iter().copied().filter(|low| is_over || is_past(low)).collect();
        self.skip(gone);
    }

    /// Leaves these untold for ever.
    pub(crate) fn skip(&mut self, calls: impl IntoIterator<Item = Call>) {
        for call in calls {
            if self.told.insert(call) {
                self.skipped.push(call);
            }
        }
    }

    /// What does not ring any more.
    pub(crate) fn told(&self) -> &BTreeSet<Call> {
        &self.told
    }

    /// What was passed over.
    pub(crate) fn skipped(&self) -> Vec<Call> {
        self.skipped.clone()
    }

    /// The warning that is given now.
    pub(crate) fn warning(&self) -> Option<ClockEvent> {
        self.warned.map(|threshold| ClockEvent::Warned { threshold })
    }

    /// The due time and what rings.
    pub(crate) fn schedule(&self) -> Schedule {
        let untold = self.moments.iter().filter(|(_, call)| !self.told.contains(call));
        let mut alarms: Vec<Alarm> = untold
            .filter_map(|&(at, call)| {
                // What should have rung before the clock went on rings as soon as it does.
                let at = at.max(self.from);
                let hours = match call {
                    Call::Step(step) => self.terms.ladder[usize::from(step)].hours.as_ref(),
                    Call::Warn(_) => None,
                };
                let at = hours.map_or(Some(at), |hours| hours.next_open(at))?;
                Some(Alarm { at, call })
            })
            .collect();
        alarms.sort_unstable_by_key(|alarm| (alarm.at, alarm.call));
        Schedule { due: self.due, alarms }
    }
}
