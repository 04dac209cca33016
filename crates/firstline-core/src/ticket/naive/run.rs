//! One run of a clock, told from the stretches during which it ran: whatever is asked is counted
//! again from those.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Step, Target, Warning, Within};
use super::minutes::table;

/// Where the terms of a run stand: version and policy.
pub(super) type Place = (u32, String);

/// A run of a clock.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) cycle: u32,
    pub(super) since: i64,
    pub(super) place: Place,
    pub(super) target: Target,
    pub(super) within: Within,
    pub(super) budget: i64,
    /// When it ran, and by which hours.
    legs: Vec<Leg>,
    /// Why it stands still.
    pub(super) reasons: BTreeSet<String>,
    /// The instant that the terms fix.
    instant: Option<i64>,
    /// A fixed due time, and whether a person fixed it.
    pub(super) fixed: Option<(i64, bool)>,
    /// The work after which it counts as over, where that is not the budget: shorter terms came
    /// when more was done already.
    over_at: Option<i64>,
    /// The last moment at which it went on, or other terms came: nothing is said before it.
    base: i64,
    pub(super) first_breach: Option<(i64, Cause)>,
    pub(super) breaches: Vec<(i64, Cause)>,
    pub(super) broken_at: Option<i64>,
    /// What was said, and what was passed over.
    pub(super) told: BTreeSet<Say>,
    /// How high it has climbed on other ladders.
    climbed: Option<i64>,
    /// The steps of a new ladder that are no higher.
    low: Vec<Say>,
    /// The steps that were said or passed over of each ladder that it was on.
    told_by: BTreeMap<Place, BTreeSet<Say>>,
    /// What was said, and when.
    pub(super) said: Vec<(Say, i64)>,
    pub(super) end: Option<End>,
    /// Which event of the ticket it began with, and which one ended it.
    pub(super) began_with: u64,
    pub(super) ended_with: u64,
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
    Released,
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

/// What comes next on a run: when it is noticed at the earliest, how it is dated, what it is:
/// nothing for the breach.
pub(super) type Next = (i64, i64, Option<Say>);

pub(super) fn budget(target: &Target, within: Within, since: i64) -> i64 {
    let hours = table(target.calendar);
    match within {
        Within::Minutes(minutes) => minutes * 60_000,
        Within::Day { working_days, by } => hours.until_day(since, working_days, by),
        Within::Instant(at) => hours.between(since, at).max(0),
    }
}

impl Run {
    /// A run from now on.
    pub(super) fn start(
        cycle: u32,
        place: Place,
        (target, within): (&Target, Within),
        now: i64,
    ) -> Self {
        let mut run = Self {
            cycle,
            since: now,
            place,
            target: target.clone(),
            within,
            budget: budget(target, within, now),
            legs: vec![Leg { hours: target.calendar, from: now, to: None }],
            reasons: BTreeSet::new(),
            instant: None,
            fixed: None,
            over_at: None,
            base: now,
            first_breach: None,
            breaches: Vec::new(),
            broken_at: None,
            told: BTreeSet::new(),
            climbed: None,
            low: Vec::new(),
            told_by: BTreeMap::new(),
            said: Vec::new(),
            end: None,
            began_with: 0,
            ended_with: 0,
        };
        run.fix_by_terms();
        run.pass_over(now, false);
        run
    }

    /// A run of what began earlier and is promised now: all that would have happened happens, but
    /// only the highest warning and step of it are given, and now.
    pub(super) fn start_late(
        cycle: u32,
        place: Place,
        terms: (&Target, Within),
        (since, pauses): (i64, &[(i64, i64)]),
        (reason, now): (Option<String>, i64),
        earlier: Option<&Self>,
    ) -> Self {
        let mut run = Self::start(cycle, place, terms, since);
        run.said.clear();
        run.told.clear();
        if let Some(earlier) = earlier {
            (run.told, run.low, run.climbed) = earlier.leaves(&run.place, &run.target);
            run.fixed = earlier.fixed.filter(|(_, by_hand)| *by_hand).or(run.fixed);
        }
        run.rebuild_legs(since, pauses, now);
        // Only whether it breaks on the way is of interest.
        let mut probe = Self { legs: Vec::new(), ..run.clone() };
        for leg in &run.legs {
            probe.legs.push(Leg { to: None, ..*leg });
            probe.base = leg.from;
            if let (None, Some(due)) = (probe.fixed, probe.due())
                && due < leg.to.unwrap_or(now)
            {
                run.break_it(due, Cause::Elapsed);
                break;
            }
            probe.legs.last_mut().unwrap().to = leg.to;
        }
        if let Some((due, _)) = run.fixed.filter(|(due, _)| *due < now) {
            run.break_it(due, Cause::Elapsed);
        }
        run.reasons = reason.into_iter().collect();
        if !run.reasons.is_empty() {
            run.legs.last_mut().unwrap().to.get_or_insert(now);
        }
        run.base = now;
        run.pass_over(now, run.is_broken());
        run
    }

    fn rebuild_legs(&mut self, since: i64, pauses: &[(i64, i64)], now: i64) {
        let hours = self.target.calendar;
        self.legs.clear();
        let mut from = since;
        for (begin, end) in pauses {
            self.legs.push(Leg { hours, from, to: Some(*begin) });
            from = *end;
        }
        let to = (!self.reasons.is_empty()).then_some(now);
        self.legs.push(Leg { hours, from, to });
    }

    pub(super) fn is_live(&self) -> bool {
        self.end.is_none()
    }

    /// Whether what it measured was done, or is not waited for since the matter was resolved.
    pub(super) fn is_over(&self, resolved: Option<u64>) -> bool {
        matches!(self.end, Some(End::Fulfilled { .. })) || resolved >= Some(self.ended_with)
    }

    pub(super) fn ended_at(&self) -> Option<i64> {
        match self.end.as_ref()? {
            End::Fulfilled { at, .. } | End::Cancelled { at, .. } => Some(*at),
        }
    }

    pub(super) fn was_given_up(&self) -> bool {
        matches!(&self.end, Some(End::Cancelled { reason, .. }) if reason == "policy")
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

    /// The moment at which so much is spent, if it goes on from its base as it does.
    fn moment(&self, level: i64) -> i64 {
        let leg = self.legs.last().unwrap();
        let rest = level - self.spent(leg.from);
        if rest < 0 {
            table(leg.hours).sub(leg.from, -rest)
        } else {
            table(leg.hours).add(leg.from, rest)
        }
    }

    pub(super) fn due(&self) -> Option<i64> {
        if !self.is_live() {
            return None;
        }
        match self.fixed {
            Some((due, _)) => Some(due),
            None => self.is_running().then(|| self.unfixed_due()),
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken_at.is_some()
    }

    /// The due time that is told: the one that was broken, if it was.
    pub(super) fn told_due(&self) -> Option<i64> {
        let due = self.due()?;
        Some(self.broken_at.filter(|_| self.fixed.is_none()).unwrap_or(due))
    }

    fn unfixed_due(&self) -> i64 {
        self.moment(self.over_at.unwrap_or(self.budget))
    }

    /// When something belongs, whether that is past or not.
    fn belongs_at(&self, say: Say, due: i64) -> i64 {
        let hours = table(self.target.calendar);
        match (say, self.fixed) {
            (Say::Warning(Warning::Percent(percent)), None) => {
                self.moment(self.budget * percent / 100)
            }
            (Say::Warning(Warning::Percent(percent)), Some(_)) => {
                // A share of what is spent and of what is left until then.
                let spent = self.spent(self.base);
                let all = spent + hours.between(self.base, due);
                let rest = all * percent / 100 - spent;
                if rest < 0 { hours.sub(self.base, -rest) } else { hours.add(self.base, rest) }
            }
            (Say::Warning(Warning::Before(ahead)), _) => hours.sub(due, ahead),
            (Say::Step(step), fixed) => match self.step(step).height {
                ahead @ ..0 => hours.sub(due, -ahead),
                0 => due,
                behind if fixed.is_some() => hours.add(due, behind),
                behind => self.moment(self.over_at.unwrap_or(self.budget) + behind),
            },
        }
    }

    fn step(&self, step: usize) -> &Step {
        &self.target.ladder[step]
    }

    /// When something is said: at the earliest when the clock went on, and within the hours of
    /// whom it reaches.
    fn says_at(&self, say: Say, due: i64) -> i64 {
        let at = self.belongs_at(say, due).max(self.base);
        match say {
            Say::Step(step) => self.step(step).hours.map_or(at, |hours| table(hours).next_open(at)),
            Say::Warning(_) => at,
        }
    }

    fn all(&self) -> Vec<Say> {
        let warnings = self.target.warn_at.iter().map(|warning| Say::Warning(*warning));
        warnings.chain((0..self.target.ladder.len()).map(Say::Step)).collect()
    }

    fn untold(&self) -> Vec<Say> {
        self.all().into_iter().filter(|say| !self.told.contains(say)).collect()
    }

    pub(super) fn next(&self) -> Option<Next> {
        let due = self.due()?;
        let breach = (!self.is_broken()).then_some((due + 1, due, None));
        let others = self.untold().into_iter().map(|say| {
            let at = self.says_at(say, due);
            // What is said at due waits for the breach.
            (if at == due && !self.is_broken() { due + 1 } else { at }, at, Some(say))
        });
        breach.into_iter().chain(others).min()
    }

    /// Says the next thing.
    pub(super) fn say(&mut self, (_, at, say): Next) {
        match say {
            None => self.break_it(at, Cause::Elapsed),
            Some(say) => {
                self.told.insert(say);
                self.said.push((say, at));
            }
        }
    }

    /// Says all that is true by now.
    pub(super) fn settle(&mut self, now: i64) {
        while let Some(next) = self.next().filter(|(noticed, ..)| *noticed <= now) {
            self.say(next);
        }
    }

    fn break_it(&mut self, at: i64, cause: Cause) {
        self.broken_at = Some(at);
        self.first_breach.get_or_insert((at, cause));
        self.breaches.push((at, cause));
    }

    pub(super) fn set_reasons(&mut self, reasons: BTreeSet<String>, now: i64) {
        if !self.is_live() {
            return;
        }
        let was_running = self.is_running();
        self.reasons = reasons;
        if was_running && !self.is_running() {
            self.legs.last_mut().unwrap().to = Some(now);
        }
        if !was_running && self.is_running() {
            self.legs.push(Leg { hours: self.target.calendar, from: now, to: None });
            if self.fixed.is_none() {
                self.base = now;
            }
        }
    }

    /// Other terms from now on; what was spent stays spent.
    pub(super) fn retarget(&mut self, place: Place, target: &Target, within: Within, now: i64) {
        let fresh = budget(target, within, self.since);
        if self.place == place && self.has(within, fresh) {
            self.within = within;
            return;
        }
        let calendar_changed = target.calendar != self.target.calendar;
        self.swap(place, target, within, fresh, now, |run| {
            if calendar_changed && run.is_running() {
                run.split_leg(now);
            }
            Cause::Retarget
        });
    }

    /// Whether that much is what it has already.
    fn has(&self, within: Within, fresh: i64) -> bool {
        match (within, self.instant) {
            (Within::Instant(at), Some(instant)) => at.max(self.since) == instant,
            (Within::Instant(_), None) | (_, Some(_)) => false,
            _ => fresh == self.budget,
        }
    }

    /// Values all of the past by the new terms.
    pub(super) fn revalue(&mut self, place: Place, (target, within): (&Target, Within), now: i64) {
        let fresh = budget(target, within, self.since);
        let spent = self.spent(now);
        let mut probe = self.clone();
        probe.target = target.clone();
        probe.legs.iter_mut().for_each(|leg| leg.hours = target.calendar);
        if self.place == place && self.has(within, fresh) && spent == probe.spent(now) {
            self.within = within;
            return;
        }
        self.swap(place, target, within, fresh, now, |run| {
            run.legs = probe.legs;
            if run.is_running() {
                run.split_leg(now);
            }
            Cause::Correction
        });
    }

    fn swap(
        &mut self,
        place: Place,
        target: &Target,
        within: Within,
        fresh: i64,
        now: i64,
        change: impl FnOnce(&mut Self) -> Cause,
    ) {
        if self.place != place {
            let steps = self.told.iter().copied().filter(|say| matches!(say, Say::Step(_)));
            self.told_by.entry(self.place.clone()).or_default().extend(steps);
        }
        (self.told, self.low, self.climbed) = self.leaves(&place, target);
        let ran_out = self.is_broken() && self.fixed.is_none() && fresh == self.budget;
        self.place = place;
        self.target = target.clone();
        self.within = within;
        self.budget = fresh;
        let cause = change(self);
        let by_hand = self.fixed.filter(|(_, by_hand)| *by_hand);
        self.fix_by_terms();
        self.fixed = by_hand.or(self.fixed);
        self.begin_terms(now, cause, ran_out);
    }

    /// What need not be said again by other terms, which steps of another ladder are no higher than
    /// those that were climbed, and how high that is.
    fn leaves(&self, place: &Place, target: &Target) -> (BTreeSet<Say>, Vec<Say>, Option<i64>) {
        if self.place == *place {
            return (self.told.clone(), Vec::new(), self.climbed);
        }
        let heights = self.told.iter().filter_map(|say| match say {
            Say::Step(step) => Some(self.step(*step).height),
            Say::Warning(_) => None,
        });
        let highest = heights.chain(self.climbed).max();
        let warnings = self.told.iter().copied().filter(|say| matches!(say, Say::Warning(_)));
        let back = self.told_by.get(place).into_iter().flatten().copied();
        let warnings = warnings.chain(back);
        let steps = target.ladder.iter().enumerate();
        let low = steps.filter(|(_, step)| Some(step.height) <= highest);
        (warnings.collect(), low.map(|(index, _)| Say::Step(index)).collect(), highest)
    }

    fn fix_by_terms(&mut self) {
        self.instant = match self.within {
            // Nothing is due before it was asked for.
            Within::Instant(at) => Some(at.max(self.since)),
            _ => None,
        };
        self.fixed = self.instant.map(|instant| (instant, false));
    }

    pub(super) fn fix(&mut self, due: i64, now: i64) {
        if self.fixed != Some((due, true)) {
            self.fixed = Some((due, true));
            self.begin_terms(now, Cause::Retarget, false);
        }
    }

    pub(super) fn release(&mut self, now: i64) {
        self.fixed = self.instant.map(|instant| (instant, false));
        self.begin_terms(now, Cause::Released, false);
    }

    fn split_leg(&mut self, now: i64) {
        self.legs.last_mut().unwrap().to = Some(now);
        self.legs.push(Leg { hours: self.target.calendar, from: now, to: None });
    }

    /// New terms are in force: over already or not, and what of all that is said is past.
    fn begin_terms(&mut self, now: i64, cause: Cause, ran_out_before: bool) {
        let spent = self.spent(now);
        self.base = now;
        let is_over = match self.fixed {
            // What is broken stays so by a date that leaves no time.
            Some((due, _)) => due < now || (self.is_broken() && due == now),
            None => spent > self.budget,
        };
        if self.is_running() {
            self.split_leg(now);
        }
        self.over_at = if ran_out_before {
            self.over_at.map(|over_at| over_at.min(spent)).filter(|over_at| *over_at > self.budget)
        } else {
            (is_over && self.fixed.is_none()).then_some(spent)
        };
        if is_over && !self.is_broken() {
            self.break_it(now, cause);
        } else if !is_over && (self.fixed.is_some() || spent < self.budget) {
            self.broken_at = None;
        }
        self.pass_over(now, is_over);
    }

    /// Of what is past and was never said, the highest warning is given now, unless it is over
    /// anyway, and the highest step remains; the others are never said.
    fn pass_over(&mut self, now: i64, is_over: bool) {
        // A clock that stands still has a due time all the same: as if it went on now.
        let mut going = self.clone();
        if going.fixed.is_none() && !going.is_running() {
            going.reasons.clear();
            going.legs.push(Leg { hours: going.target.calendar, from: now, to: None });
        }
        let Some(due) = going.due() else {
            return;
        };
        // Nobody is called twice for the past, whichever ladder it is that has climbed it.
        let is_gone = |low: &Say| is_over || going.belongs_at(*low, due) <= now;
        self.told.extend(core::mem::take(&mut self.low).into_iter().filter(is_gone));
        let mut passed: Vec<(i64, Say)> =
            self.untold().into_iter().map(|say| (going.belongs_at(say, due), say)).collect();
        passed.retain(|(at, _)| *at <= now);
        passed.sort_unstable();
        let is_step = |say: &Say| matches!(say, Say::Step(_));
        let step = passed.iter().map(|(_, say)| *say).rfind(|say| is_step(say));
        let warning = passed.iter().map(|(_, say)| *say).rfind(|say| !is_step(say));
        self.told.extend(passed.iter().map(|(_, say)| *say).filter(|say| Some(*say) != step));
        if let Some(warning) = warning.filter(|_| !is_over) {
            self.said.push((warning, now));
        }
    }

    pub(super) fn fulfil(&mut self, at: i64) {
        if !self.is_live() {
            return;
        }
        let spent = self.spent(at);
        let met = !self.is_broken();
        let beyond = match self.fixed {
            Some((due, _)) => table(self.target.calendar).between(due, at),
            None => spent - self.budget,
        };
        let overrun = (!met).then(|| beyond.max(0));
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

    /// Goes on after the matter seemed done. A fixed date was for the first time.
    pub(super) fn carry_on(&mut self, now: i64) {
        self.end = None;
        self.reasons.clear();
        self.legs.push(Leg { hours: self.target.calendar, from: now, to: None });
        self.base = now;
        let spent = self.spent(now);
        let ran_out_before = self.is_broken() && self.fixed.is_none();
        self.instant = None;
        if self.fixed.take().is_some() && spent < self.budget {
            self.broken_at = None;
        }
        if !ran_out_before {
            self.over_at = (spent > self.budget).then_some(spent);
        }
    }
}
