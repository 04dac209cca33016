//! The rules: what a clock answers when something happens. Nothing here changes a clock.

use std::collections::BTreeSet;

use firstline_calendar::{Calendar, Timestamp, WorkTime};

use crate::clock::{Clock, Phase, Ring};
use crate::event::{BreachCause, Call, ClockEvent, Credit, Outcome};
use crate::past::{recount, used_up_at};
use crate::schedule::Plan;
use crate::terms::{Allowance, Pin, Reason, Terms, Within};

/// Makes a promise at `at`, which may lie outside working hours: the clock then runs, and nothing
/// is used up until they begin.
#[must_use]
pub fn start(allowance: &Allowance, terms: &Terms, at: Timestamp) -> Vec<ClockEvent> {
    start_since(allowance, terms, Past::new(at), at).into_iter().map(|(_, event)| event).collect()
}

/// What came before a promise that is made later than the wait began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// When the wait began.
    pub since: Timestamp,
    /// The stretches since then during which the clock would have stood still. They may overlap.
    pub credits: Vec<Credit>,
    /// The reasons for which it stands still now.
    pub reasons: BTreeSet<Reason>,
    /// What the run left that is taken up again, if there was one.
    pub earlier: Earlier,
}

impl Past {
    /// A wait that began then and in which nothing has happened.
    #[must_use]
    pub fn new(since: Timestamp) -> Self {
        let (credits, reasons, earlier) = (Vec::new(), BTreeSet::new(), Earlier::default());
        Self { since, credits, reasons, earlier }
    }
}

/// What a run of a promise leaves to the one that takes it up again: see [`Clock::leaves`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// What was told, in the words of the terms by which it is taken up.
    told: BTreeSet<Call>,
    /// The steps of their ladder that lie no higher than those it has climbed on another one.
    low: Vec<Call>,
    /// How high it has climbed on other ladders than theirs.
    climbed: Option<WorkTime>,
    /// The due time that a person fixed.
    due: Option<Timestamp>,
}

/// Makes a promise at `at` about something that began earlier: the clock starts then, and the
/// pauses since then are credited.
///
/// If the allowance was used up on the way, the promise is broken at the moment when that was: the
/// events come with the moments at which they were true. Of the warnings and steps that lie in the
/// past, only the highest of each is left: nobody is called once for each of them. If an earlier run is
/// taken up again, what it has told is not told again, and a due time that a person fixed still holds.
#[must_use]
pub fn start_since(
    allowance: &Allowance,
    terms: &Terms,
    past: Past,
    at: Timestamp,
) -> Vec<(Timestamp, ClockEvent)> {
    let Past { since, credits, reasons, earlier } = past;
    // A wait that has yet to begin has used up nothing.
    let since = since.min(at);
    let calendar = &terms.calendar;
    let time = allowance.within.working_time(calendar, since);
    let date = match allowance.within {
        Within::Instant(due) => Some(due.max(since)),
        Within::Time(_) | Within::Day(_) => None,
    };
    let fixed_due = earlier.due.or(date);
    let spent = recount(calendar, since, &credits, at);
    let over =
        fixed_due.or_else(|| used_up_at(calendar, since, &credits, time)).filter(|due| *due < at);
    let mut plan = Plan::new(terms, (time, spent), WorkTime::ZERO, &BTreeSet::new(), at);
    plan.skip(earlier.told);
    if fixed_due.is_none() {
        plan.skip_low(&earlier.low, over.is_some());
        plan.pass_over(over.is_some());
    }
    plan.was_due(over);
    let started = ClockEvent::Started {
        pin: allowance.pin.clone(),
        allowance: time,
        since: (since != at).then_some(since),
        credits,
        spent,
        schedule: reasons.is_empty().then(|| plan.schedule()),
        reasons,
        skipped: plan.skipped(),
        climbed: earlier.climbed,
    };
    let mut events = vec![(at, started)];
    events.extend(plan.warning().map(|warning| (at, warning)));
    events.extend(over.map(|due| (due, ClockEvent::Breached { cause: BreachCause::Elapsed })));
    if let Some(due) = fixed_due {
        let mut plan = Plan::fixed(terms, spent, due, plan.told(), at);
        plan.skip_low(&earlier.low, over.is_some());
        let by = if earlier.due.is_some() { By::Hand { instead_of: date } } else { By::Terms };
        events.extend(fix(plan, by, over).map(|event| (at, event)));
    }
    events
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
            Ring::Alarm { at, call: Call::Warn(threshold) } => {
                (at, ClockEvent::Warned { threshold })
            }
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
        let schedule = (reasons.len() == 1).then(|| {
            let (budget, excess) = ((self.allowance, self.spent), self.excess);
            Plan::new(terms, budget, excess, &self.told, now).schedule()
        });
        Some(ClockEvent::Resumed { reason: reason.clone(), schedule })
    }

    /// Other terms come into force: start and what was spent stay, the allowance is swapped.
    ///
    /// `before` are the terms until now, by which the time so far is valued. If more was spent than
    /// the new terms allow, the promise is broken now, not back-dated. Of the warnings and steps
    /// that the new terms put into the past, only the highest of each is left.
    ///
    /// The ladder of another policy begins anew if its terms leave time. Nobody is called for the
    /// past of it twice: of what lies there, or of all of it if they are broken, the steps that are
    /// no higher than those already climbed are skipped.
    ///
    /// A step that lies in the past and only waits for the hours of whom it calls is one of those:
    /// if a higher one is left or was climbed, it is skipped.
    ///
    /// A due time that was fixed by hand stays until it is [released](Self::release_due).
    #[must_use]
    pub fn retarget(
        &self,
        allowance: &Allowance,
        before: &Terms,
        after: &Terms,
        now: Timestamp,
    ) -> Vec<ClockEvent> {
        let spent = self.spent_at(&before.calendar, now);
        let is_same = self.pin == allowance.pin && self.has_within(allowance.within, after);
        if !self.is_live() || is_same {
            return Vec::new();
        }
        self.revalue(allowance, spent, before, after, BreachCause::Retarget, now)
    }

    /// The past is valued anew: by `after`, whose calendar says that `spent` was used up so far
    /// (see [`recount`]). This rewrites what was told, on purpose and as a fact of its own.
    #[must_use]
    pub fn correct(
        &self,
        allowance: &Allowance,
        spent: WorkTime,
        before: &Terms,
        after: &Terms,
        now: Timestamp,
    ) -> Vec<ClockEvent> {
        let is_same = self.pin == allowance.pin
            && self.has_within(allowance.within, after)
            && self.spent_at(&before.calendar, now) == spent;
        if !self.is_live() || is_same {
            return Vec::new();
        }
        self.revalue(allowance, spent, before, after, BreachCause::Correction, now)
    }

    /// Whether that much is what it is allowed already.
    fn has_within(&self, within: Within, terms: &Terms) -> bool {
        match within {
            // An instant before the beginning was due at the beginning.
            Within::Instant(due) => self.date_of_terms() == Some(due.max(self.started_at)),
            _ if self.date_of_terms().is_some() => false,
            within => within.working_time(&terms.calendar, self.started_at) == self.allowance,
        }
    }

    /// The date that the terms in force have fixed, even while a person's stands in for it.
    fn date_of_terms(&self) -> Option<Timestamp> {
        let fixed = self.fixed.as_ref()?;
        if fixed.by_hand { fixed.instead_of } else { fixed.schedule.due }
    }

    fn revalue(
        &self,
        allowance: &Allowance,
        spent: WorkTime,
        before: &Terms,
        after: &Terms,
        cause: BreachCause,
        now: Timestamp,
    ) -> Vec<ClockEvent> {
        let Allowance { pin, within } = allowance;
        let time = within.working_time(&after.calendar, self.started_at);
        let fixed_due = self.fixed_due_under(*within);
        let is_over = fixed_due.map_or(spent > time, |(due, _)| self.is_over_by(due, now));
        // What is over is broken now. A due time before that was nobody's.
        let excess = self.excess_under(time, spent);
        let mut plan = Plan::new(after, (time, spent), excess, &self.told_under(pin), now);
        let Earlier { low, climbed, .. } = self.leaves(pin, before, after);
        if fixed_due.is_none() {
            plan.skip_low(&low, is_over);
            plan.pass_over(is_over);
        }
        let schedule = matches!(self.phase, Phase::Running { .. }).then(|| plan.schedule());
        let (pin, skipped, warning) = (pin.clone(), plan.skipped(), plan.warning());
        let mut events = vec![match cause {
            BreachCause::Correction => {
                ClockEvent::Corrected { pin, allowance: time, spent, schedule, skipped, climbed }
            }
            _ => ClockEvent::Retargeted { pin, allowance: time, spent, schedule, skipped, climbed },
        }];
        events.extend(warning);
        if is_over && !self.is_broken() {
            events.push(ClockEvent::Breached { cause });
        }
        if let Some((due, by_hand)) = fixed_due {
            let mut plan = Plan::fixed(after, spent, due, plan.told(), now);
            plan.skip_low(&low, is_over);
            let by = match (by_hand, within) {
                (false, _) => By::Terms,
                (true, Within::Instant(date)) => {
                    By::Hand { instead_of: Some((*date).max(self.started_at)) }
                }
                (true, Within::Time(_) | Within::Day(_)) => By::Hand { instead_of: None },
            };
            events.extend(fix(plan, by, self.broken_by(is_over, now)));
        }
        events
    }

    /// Whether a fixed date leaves no time: what is broken stays so by one that is now.
    fn is_over_by(&self, due: Timestamp, now: Timestamp) -> bool {
        due < now || (self.is_broken() && due == now)
    }

    /// Since when it is broken by a date that is over: since it was, or now.
    fn broken_by(&self, is_over: bool, now: Timestamp) -> Option<Timestamp> {
        is_over.then(|| self.broken_at.unwrap_or(now))
    }

    /// The due time that is fixed under other terms, and whether it is so by hand: what a person
    /// fixed stays, with the warnings and the ladder of the other terms around it.
    fn fixed_due_under(&self, within: Within) -> Option<(Timestamp, bool)> {
        let by_hand = self.fixed.as_ref().filter(|fixed| fixed.by_hand);
        match (by_hand.and_then(|fixed| fixed.schedule.due), within) {
            (Some(due), _) => Some((due, true)),
            (None, Within::Instant(due)) => Some((due.max(self.started_at), false)),
            (None, Within::Time(_) | Within::Day(_)) => None,
        }
    }

    /// What this run, which went by the terms `before`, leaves to one that takes it up again by the
    /// terms `after`, which stand at `pin`: so nobody hears the same twice because a ticket went to
    /// another policy and came back.
    #[must_use]
    pub fn leaves(&self, pin: &Pin, before: &Terms, after: &Terms) -> Earlier {
        let (told, mut low) = (self.told_under(pin), Vec::new());
        let mut climbed = self.climbed;
        if !self.has_ladder_of(pin) {
            climbed = self.height(before);
            let steps = after.ladder.iter().zip(0..);
            let no_higher = steps.filter(|(step, _)| Some(step.when.height()) <= climbed);
            low.extend(no_higher.map(|(_, index)| Call::Step(index)));
        }
        let by_hand = self.fixed.as_ref().filter(|fixed| fixed.by_hand);
        Earlier { told, low, climbed, due: by_hand.and_then(|fixed| fixed.schedule.due) }
    }

    /// How high it has climbed, on its ladder and those before: working time relative to due. What
    /// was skipped counts as climbed. `terms` are those that it goes by.
    #[must_use]
    pub fn height(&self, terms: &Terms) -> Option<WorkTime> {
        let steps = self.told.iter().filter_map(|call| match call {
            Call::Step(step) => terms.ladder.get(usize::from(*step)),
            Call::Warn(_) => None,
        });
        steps.map(|step| step.when.height()).max().max(self.climbed)
    }

    /// A person fixes the due time. Pauses do not move it and other terms do not, until it is
    /// [released](Self::release_due). A moment before now counts as now; that leaves no time, so a
    /// promise that was broken stays broken. Nothing if the promise is no more, or has that due
    /// time already.
    #[must_use]
    pub fn fix_due(&self, due: Timestamp, terms: &Terms, now: Timestamp) -> Vec<ClockEvent> {
        let due = due.max(now);
        let is_same = self
            .fixed
            .as_ref()
            .is_some_and(|fixed| fixed.by_hand && fixed.schedule.due == Some(due));
        if !self.is_live() || is_same {
            return Vec::new();
        }
        let spent = self.spent_at(&terms.calendar, now);
        let by = By::Hand { instead_of: self.date_of_terms() };
        let broken_at = self.broken_by(self.is_over_by(due, now), now);
        fix(Plan::fixed(terms, spent, due, &self.told, now), by, broken_at).collect()
    }

    /// A fixed due time is released, and the terms in force hold again. If they allow less than was
    /// spent, the promise is broken now.
    #[must_use]
    pub fn release_due(&self, terms: &Terms, now: Timestamp) -> Vec<ClockEvent> {
        if !self.is_live() || !self.fixed.as_ref().is_some_and(|fixed| fixed.by_hand) {
            return Vec::new();
        }
        let spent = self.spent_at(&terms.calendar, now);
        let date = self.date_of_terms();
        let is_over = date.map_or(spent > self.allowance, |date| self.is_over_by(date, now));
        let excess = self.excess_under(self.allowance, spent);
        let mut plan = Plan::new(terms, (self.allowance, spent), excess, &self.told, now);
        if date.is_none() {
            plan.pass_over(is_over);
        }
        let schedule = matches!(self.phase, Phase::Running { .. }).then(|| plan.schedule());
        let mut events = vec![ClockEvent::DueReleased { spent, schedule, skipped: plan.skipped() }];
        events.extend(plan.warning());
        if is_over && !self.is_broken() {
            events.push(ClockEvent::Breached { cause: BreachCause::Released });
        }
        if let Some(date) = date {
            let plan = Plan::fixed(terms, spent, date, &self.told, now);
            events.extend(fix(plan, By::Terms, self.broken_by(is_over, now)));
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
        let is_late = self.is_broken() || self.due().is_some_and(|due| now > due);
        let beyond = match self.fixed.as_ref().and_then(|fixed| fixed.schedule.due) {
            Some(due) => terms.calendar.between(due, now),
            None => spent - self.allowance,
        };
        Some(ClockEvent::Fulfilled {
            outcome: if is_late { Outcome::Missed } else { Outcome::Met },
            spent,
            overrun: is_late.then(|| beyond.max(WorkTime::ZERO)),
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
        let excess = self.excess_under(self.allowance, self.spent);
        let budget = (self.allowance, self.spent);
        matches!(self.phase, Phase::Fulfilled { .. }).then(|| ClockEvent::CarriedOn {
            schedule: Plan::new(terms, budget, excess, &self.told, now).schedule(),
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

/// Fixes a due time: what the plan puts into the past is passed over.
fn fix(
    mut plan: Plan<'_>,
    by: By,
    broken_at: Option<Timestamp>,
) -> impl Iterator<Item = ClockEvent> {
    plan.pass_over(broken_at.is_some());
    let (schedule, skipped, warning) = (plan.schedule(), plan.skipped(), plan.warning());
    let (by_hand, instead_of) = match by {
        By::Terms => (false, None),
        By::Hand { instead_of } => (true, instead_of),
    };
    let fixed = ClockEvent::DueFixed { by_hand, instead_of, schedule, broken_at, skipped };
    std::iter::once(fixed).chain(warning)
}

/// By whom a due time is fixed.
enum By {
    /// By the terms.
    Terms,
    /// By a person, in the place of a date of the terms, if they have one.
    Hand { instead_of: Option<Timestamp> },
}
