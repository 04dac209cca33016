//! One run of a clock, told from the stretches during which it ran: whatever is asked is counted
//! again from those.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Target, Warning, Within};
use super::minutes::table;

/// A run of a clock.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) cycle: u32,
    pub(super) since: i64,
    pub(super) target: Target,
    pub(super) within: Within,
    pub(super) budget: i64,
    /// When it ran, and by which hours.
    legs: Vec<Leg>,
    /// Why it stands still.
    pub(super) reasons: BTreeSet<String>,
    /// A fixed due time, and whether a person fixed it.
    pub(super) fixed: Option<(i64, bool)>,
    /// The work after which it counts as over, where that is not the budget: shorter terms came
    /// when more was done already.
    over_at: Option<i64>,
    pub(super) first_breach: Option<(i64, Cause)>,
    pub(super) breaches: Vec<(i64, Cause)>,
    pub(super) broken: bool,
    /// What was said, and when; nothing for what was passed over.
    pub(super) told: BTreeMap<Say, Option<i64>>,
    pub(super) end: Option<End>,
}

#[derive(Clone, Copy, Debug)]
struct Leg {
    hours: usize,
    from: i64,
    to: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Elapsed,
    Retarget,
    Correction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Say {
    Warning(Warning),
    Step(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Fulfilled { at: i64, met: bool, spent: i64, overrun: Option<i64>, was_broken: bool },
    Cancelled { at: i64, reason: String, spent: i64 },
}

/// What comes next on a run: when it is true, how it is dated, what it is.
#[derive(Clone, Copy, Debug)]
struct Next {
    true_at: i64,
    at: i64,
    /// Nothing for the breach.
    say: Option<Say>,
}

pub(super) fn budget(target: &Target, within: Within, since: i64) -> i64 {
    let hours = table(target.calendar);
    match within {
        Within::Minutes(minutes) => minutes * 60_000,
        Within::Day { working_days, by } => hours.until_day(since, working_days, by),
        Within::Instant(at) => hours.between(since, at).max(0),
    }
}

impl Run {
    /// A run for something that began at `since` and stood still during `pauses`, taken up now.
    pub(super) fn start(
        cycle: u32,
        (target, within): (&Target, Within),
        (since, pauses): (i64, &[(i64, i64)]),
        reason: Option<String>,
        now: i64,
    ) -> Self {
        let hours = target.calendar;
        let mut run = Self {
            cycle,
            since,
            target: target.clone(),
            within,
            budget: budget(target, within, since),
            legs: Vec::new(),
            reasons: reason.into_iter().collect(),
            fixed: None,
            over_at: None,
            first_breach: None,
            breaches: Vec::new(),
            broken: false,
            told: BTreeMap::new(),
            end: None,
        };
        let mut from = since;
        for (begin, end) in pauses {
            run.legs.push(Leg { hours, from, to: Some(*begin) });
            from = *end;
        }
        let to = (!run.reasons.is_empty()).then_some(now);
        run.legs.push(Leg { hours, from, to });
        if let Within::Instant(at) = within {
            run.fixed = Some((at, false));
        }
        run.begin_terms(now, Cause::Retarget);
        run
    }

    pub(super) fn is_live(&self) -> bool {
        self.end.is_none()
    }

    pub(super) fn spent(&self, at: i64) -> i64 {
        let worked = |leg: &Leg| {
            let to = leg.to.unwrap_or(at).min(at);
            if to <= leg.from { 0 } else { table(leg.hours).between(leg.from, to) }
        };
        self.legs.iter().map(worked).sum()
    }

    fn is_running(&self) -> bool {
        self.is_live() && self.reasons.is_empty()
    }

    /// The moment at which so much is spent, if it goes on running as it does.
    fn moment(&self, level: i64) -> i64 {
        let leg = self.legs.last().unwrap();
        table(leg.hours).add(leg.from, level - self.spent(leg.from))
    }

    pub(super) fn due(&self) -> Option<i64> {
        if !self.is_live() {
            return None;
        }
        match self.fixed {
            Some((due, _)) => Some(due),
            None => self.is_running().then(|| self.moment(self.over_at.unwrap_or(self.budget))),
        }
    }

    /// When something is said under the terms in force, late or not.
    fn says_at(&self, say: Say) -> Option<i64> {
        let due = self.due()?;
        let hours = table(self.target.calendar);
        let after = |height: i64| match self.fixed {
            Some(_) => hours.add(due, height),
            None => self.moment(self.over_at.unwrap_or(self.budget) + height),
        };
        Some(match say {
            Say::Warning(Warning::Percent(percent)) => match self.fixed {
                Some(_) => hours.add(self.since, self.budget * percent / 100),
                None => self.moment(self.budget * percent / 100),
            },
            Say::Warning(Warning::Before(ahead)) => hours.sub(due, ahead),
            Say::Step(step) => {
                let step = &self.target.ladder[step];
                let at = match step.height {
                    ..0 => hours.sub(due, -step.height),
                    0 => due,
                    height => after(height),
                };
                step.hours.map_or(at, |calendar| table(calendar).next_open(at))
            }
        })
    }

    fn all(&self) -> Vec<Say> {
        let warnings = self.target.warn_at.iter().map(|warning| Say::Warning(*warning));
        warnings.chain((0..self.target.ladder.len()).map(Say::Step)).collect()
    }

    fn is_at_or_after_due(&self, say: Say) -> bool {
        matches!(say, Say::Step(step) if self.target.ladder[step].height >= 0)
    }

    fn next(&self) -> Option<Next> {
        let due = self.due()?;
        let mut all = Vec::new();
        if !self.broken {
            all.push(Next { true_at: due + 1, at: due, say: None });
        }
        for say in self.all() {
            if self.told.contains_key(&say) {
                continue;
            }
            let at = self.says_at(say)?;
            let is_late_due = self.is_at_or_after_due(say) && !self.broken;
            if is_late_due {
                // Only once it is broken; that comes first.
                continue;
            }
            let is_at_due = self.is_at_or_after_due(say) && at == due;
            all.push(Next { true_at: at + i64::from(is_at_due), at, say: Some(say) });
        }
        all.into_iter().min_by_key(|next| next.true_at)
    }

    /// Says all that is true by now.
    pub(super) fn settle(&mut self, now: i64) {
        while self.settle_one(now) {}
    }

    fn settle_one(&mut self, now: i64) -> bool {
        let Some(next) = self.next().filter(|next| next.true_at <= now) else {
            return false;
        };
        match next.say {
            None => self.break_it(next.at, Cause::Elapsed),
            Some(say) => {
                self.told.insert(say, Some(next.at));
            }
        }
        true
    }

    fn break_it(&mut self, at: i64, cause: Cause) {
        self.broken = true;
        self.first_breach.get_or_insert((at, cause));
        self.breaches.push((at, cause));
    }

    pub(super) fn set_reason(&mut self, reason: Option<String>, now: i64) {
        if !self.is_live() {
            return;
        }
        let was_running = self.is_running();
        self.reasons = reason.into_iter().collect();
        if was_running && !self.is_running() {
            self.legs.last_mut().unwrap().to = Some(now);
        }
        if !was_running && self.is_running() {
            self.legs.push(Leg { hours: self.target.calendar, from: now, to: None });
        }
    }

    /// Other terms from now on; what was spent stays spent.
    pub(super) fn retarget(&mut self, target: &Target, within: Within, now: i64) {
        let calendar_changed = target.calendar != self.target.calendar;
        self.target = target.clone();
        self.within = within;
        if self.fixed.is_some_and(|(_, by_hand)| by_hand) {
            self.budget = budget(&self.target, within, self.since);
            return;
        }
        self.fixed = match within {
            Within::Instant(at) => Some((at, false)),
            _ => None,
        };
        self.budget = budget(&self.target, within, self.since);
        if calendar_changed && self.is_running() {
            self.split_leg(now);
        }
        self.begin_terms(now, Cause::Retarget);
    }

    /// Values all of the past by the hours of the new terms.
    pub(super) fn revalue(&mut self, target: &Target, within: Within, now: i64) {
        for leg in &mut self.legs {
            leg.hours = target.calendar;
        }
        self.target = target.clone();
        self.within = within;
        self.budget = budget(&self.target, within, self.since);
        if self.fixed.is_none_or(|(_, by_hand)| !by_hand) {
            self.fixed = match within {
                Within::Instant(at) => Some((at, false)),
                _ => None,
            };
        }
        self.begin_terms(now, Cause::Correction);
    }

    pub(super) fn fix(&mut self, due: i64, now: i64) {
        self.fixed = Some((due, true));
        self.begin_terms(now, Cause::Retarget);
    }

    pub(super) fn release(&mut self, now: i64) {
        self.fixed = match self.within {
            Within::Instant(at) => Some((at, false)),
            _ => None,
        };
        self.begin_terms(now, Cause::Retarget);
    }

    fn split_leg(&mut self, now: i64) {
        self.legs.last_mut().unwrap().to = Some(now);
        self.legs.push(Leg { hours: self.target.calendar, from: now, to: None });
    }

    /// New terms are in force: over already or not, and what of all that is said is past.
    fn begin_terms(&mut self, now: i64, cause: Cause) {
        self.over_at = None;
        let spent = self.spent(now);
        let is_over = match self.fixed {
            Some((due, _)) => due < now,
            None if self.is_running() => self.due().unwrap() < now,
            None => spent > self.budget,
        };
        let mut passed: Vec<(i64, Say)> = self
            .all()
            .into_iter()
            .filter(|say| !self.told.contains_key(say) && !self.is_at_or_after_due(*say))
            .filter_map(|say| self.says_at(say).filter(|at| *at < now).map(|at| (at, say)))
            .collect();
        passed.sort_unstable();
        if is_over {
            if self.fixed.is_none() {
                self.over_at = Some(spent);
                if self.is_running() {
                    self.split_leg(now);
                }
            }
            if !self.broken {
                self.break_it(now, cause);
            }
        } else {
            self.broken = false;
        }
        // The highest of the warnings that are newly past is given now, the others never.
        let highest = passed.iter().rev().find(|(_, say)| matches!(say, Say::Warning(_))).copied();
        for (_, say) in &passed {
            self.told.insert(*say, None);
        }
        if let Some((_, say)) = highest.filter(|_| !is_over) {
            self.told.insert(say, Some(now));
        }
    }

    pub(super) fn fulfil(&mut self, at: i64) {
        if !self.is_live() {
            return;
        }
        let spent = self.spent(at);
        let met = !self.broken;
        let line = self.over_at.unwrap_or(self.budget).min(self.budget);
        let overrun = (!met).then(|| (spent - line).max(0));
        let was_broken = met && self.first_breach.is_some();
        self.close(at);
        self.end = Some(End::Fulfilled { at, met, spent, overrun, was_broken });
    }

    pub(super) fn cancel(&mut self, at: i64, reason: &str) {
        if self.is_live() {
            let spent = self.spent(at);
            self.close(at);
            self.end = Some(End::Cancelled { at, reason: reason.to_owned(), spent });
        }
    }

    fn close(&mut self, at: i64) {
        if let Some(leg) = self.legs.last_mut() {
            leg.to.get_or_insert(at);
        }
    }

    /// Goes on after the matter seemed done.
    pub(super) fn carry_on(&mut self, now: i64) {
        self.end = None;
        self.reasons.clear();
        self.legs.push(Leg { hours: self.target.calendar, from: now, to: None });
    }
}
