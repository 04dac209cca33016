//! The rules once more, as stupidly as possible: a list of happenings goes in, a picture of the
//! clock comes out, and all of it is counted anew each time. No event of the real clock is read.

use std::collections::{BTreeMap, BTreeSet};

use super::arbitrary::{Happening, MINUTE, Scene, Target};
use crate::*;

/// What can be seen of a clock.
#[derive(Debug, PartialEq)]
pub(super) struct Picture {
    pub(super) phase: String,
    pub(super) spent: i64,
    /// When it is due, if that lies ahead and within sight.
    pub(super) due: Option<Timestamp>,
    pub(super) broken_at: Option<Timestamp>,
    pub(super) breaches: Vec<(Timestamp, BreachCause)>,
    pub(super) outcome: Option<(Outcome, Option<i64>)>,
    /// The warnings and steps that were called out.
    pub(super) calls: BTreeSet<(Timestamp, Call)>,
}

/// The stretches in which a calendar is open, found by asking it at every quarter of an hour.
struct Open(Vec<(i64, i64)>);

const QUARTER: i64 = 15 * MINUTE;
const DAY: i64 = 96 * QUARTER;
/// How far it is looked ahead and back. What lies further ahead does not happen in a script; what
/// lies further back is as good as always open.
const AHEAD: i64 = 90 * DAY;
const BACK: i64 = 30 * DAY;
const LONG_AGO: i64 = 100_000 * DAY;

impl Open {
    fn new(calendar: &Calendar, around: Timestamp) -> Self {
        let mut open = vec![(around.as_millis() - LONG_AGO, around.as_millis() - BACK)];
        for at in (around.as_millis() - BACK..around.as_millis() + AHEAD).step_by(QUARTER as usize)
        {
            if calendar.is_open(moment(at)) {
                match open.last_mut() {
                    Some(last) if last.1 == at => last.1 = at + QUARTER,
                    _ => open.push((at, at + QUARTER)),
                }
            }
        }
        Self(open)
    }

    fn worked(&self, from: i64, to: i64) -> i64 {
        if to < from {
            return -self.worked(to, from);
        }
        self.0.iter().map(|(open, close)| (to.min(*close) - from.max(*open)).max(0)).sum()
    }

    fn reach(&self, from: i64, time: i64) -> Option<i64> {
        if time == 0 {
            return Some(from);
        }
        let mut left = time.abs();
        if time > 0 {
            for &(open, close) in &self.0 {
                let begin = open.max(from);
                if begin < close {
                    if left <= close - begin {
                        return Some(begin + left);
                    }
                    left -= close - begin;
                }
            }
        } else {
            for &(open, close) in self.0.iter().rev() {
                let end = close.min(from);
                if open < end {
                    if left <= end - open {
                        return Some(end - left);
                    }
                    left -= end - open;
                }
            }
        }
        None
    }

    fn opens(&self, at: i64) -> Option<i64> {
        self.0.iter().find(|(_, close)| at < *close).map(|(open, _)| at.max(*open))
    }
}

pub(super) struct Model<'s> {
    scene: &'s Scene,
    open: Vec<Open>,
}

fn moment(at: i64) -> Timestamp {
    Timestamp::from_millis(at).unwrap()
}

/// The clock on its way through the happenings.
struct State {
    started: i64,
    /// The stretches in which it ran, and by which calendar.
    ran: Vec<(i64, i64, usize)>,
    runs_since: Option<i64>,
    reasons: BTreeSet<u8>,
    is_live: bool,
    is_cancelled: bool,
    outcome: Option<(Outcome, Option<i64>)>,
    target: Target,
    allowance: i64,
    /// How much is spent at due: the allowance, unless a change came when more was spent already.
    lasts: i64,
    fixed: Option<Fixed>,
    broken_at: Option<Timestamp>,
    breaches: Vec<(Timestamp, BreachCause)>,
    calls: BTreeSet<(Timestamp, Call)>,
    /// What does not ring any more.
    told: BTreeSet<Call>,
    /// How high it has climbed on other ladders.
    climbed: Option<WorkTime>,
    /// The steps of a new ladder that lie no higher.
    low: Vec<Call>,
    /// The steps of each policy's ladder that were climbed or passed over.
    told_by: BTreeMap<usize, BTreeSet<Call>>,
}

impl State {
    fn is_broken(&self) -> bool {
        self.broken_at.is_some()
    }

    fn break_at(&mut self, at: i64, cause: BreachCause) {
        self.breaches.push((moment(at), cause));
        self.broken_at = Some(moment(at));
    }
}

#[derive(Clone, Copy)]
struct Fixed {
    by_hand: bool,
    due: i64,
    at: i64,
    spent: i64,
}

impl<'s> Model<'s> {
    pub(super) fn new(scene: &'s Scene) -> Self {
        let open = |hours: &super::arbitrary::Hours| Open::new(&hours.calendar, scene.begin);
        Self { scene, open: scene.calendars.iter().map(open).collect() }
    }

    /// The end of what can be seen ahead.
    pub(super) fn horizon(&self) -> Timestamp {
        moment(self.scene.begin.as_millis() + AHEAD)
    }

    pub(super) fn picture(&self, happenings: &[(Timestamp, Happening)]) -> Picture {
        let mut state = self.start();
        let mut upto = self.scene.begin.as_millis();
        self.watch(&mut state, upto, upto);
        for (at, happening) in happenings {
            let now = at.as_millis();
            self.watch(&mut state, upto, now);
            self.happen(&mut state, happening, now);
            self.watch(&mut state, now, now);
            upto = now;
        }
        self.look(state, upto)
    }

    fn look(&self, state: State, now: i64) -> Picture {
        let is_ahead = state.is_live && (state.runs_since.is_some() || state.fixed.is_some());
        let due = self.due(&state, now).filter(|_| is_ahead);
        let broken_at = state.broken_at.filter(|_| state.fixed.is_none());
        Picture {
            phase: match (state.is_live, state.is_cancelled) {
                (true, _) if state.runs_since.is_some() => "running".to_owned(),
                (true, _) => format!("paused for {} reasons", state.reasons.len()),
                (false, true) => "cancelled".to_owned(),
                (false, false) => "fulfilled".to_owned(),
            },
            spent: self.spent(&state, now),
            due: due.map(|due| broken_at.unwrap_or_else(|| moment(due))),
            broken_at: state.broken_at,
            breaches: state.breaches,
            outcome: state.outcome,
            calls: state.calls,
        }
    }

    fn start(&self) -> State {
        let scene = self.scene;
        let (target, at) = (scene.first, scene.begin.as_millis());
        let started = scene.since().as_millis();
        let credits = scene.credits();
        let mut edges = BTreeSet::from([started, at]);
        edges.extend(
            credits.iter().flat_map(|credit| [credit.from, credit.to]).map(Timestamp::as_millis),
        );
        let edges: Vec<i64> = edges.into_iter().collect();
        let stretches = edges.windows(2).map(|pair| (pair[0], pair[1], target.calendar));
        let is_run = |(from, to, _): &(i64, i64, usize)| {
            let covers =
                |credit: &Credit| credit.from.as_millis() <= *from && *to <= credit.to.as_millis();
            !credits.iter().any(covers)
        };
        let allowance = self.allowance(&target, started);
        let mut state = State {
            started,
            ran: stretches.filter(is_run).collect(),
            runs_since: (!scene.stands).then_some(at),
            reasons: scene.stands.then_some(0).into_iter().collect(),
            is_live: true,
            is_cancelled: false,
            outcome: None,
            target,
            allowance,
            lasts: allowance,
            fixed: None,
            broken_at: None,
            breaches: Vec::new(),
            calls: BTreeSet::new(),
            told: BTreeSet::new(),
            climbed: None,
            low: Vec::new(),
            told_by: BTreeMap::new(),
        };
        if let Within::Instant(due) = target.within {
            let due = due.as_millis().max(started);
            self.fix(&mut state, false, due, at);
            if due < at {
                state.breaches.push((moment(due), BreachCause::Elapsed));
            }
            return state;
        }
        let open = &self.open[target.calendar];
        let mut spent = 0;
        for (from, to, _) in state.ran.clone() {
            let due = open.reach(from, allowance - spent).filter(|due| *due < to);
            if let (Some(due), false) = (due, state.is_broken()) {
                state.break_at(due, BreachCause::Elapsed);
            }
            spent += open.worked(from, to);
        }
        let is_over = state.is_broken();
        self.pass_over(&mut state, is_over, at);
        state
    }

    fn allowance(&self, target: &Target, started: i64) -> i64 {
        let open = &self.open[target.calendar];
        match target.within {
            Within::Time(time) => time.as_millis(),
            Within::Instant(due) => open.worked(started, due.as_millis()).max(0),
            Within::Day(day) => {
                let calendar = &self.scene.calendars[target.calendar].calendar;
                let dues =
                    (0..15).map(|more| DayTarget { working_days: day.working_days + more, ..day });
                let mut times = dues.filter_map(|day| {
                    let due = calendar.due(moment(started), day).unwrap().as_millis();
                    let date = |at| calendar.date_of(moment(at));
                    let mut before = (1..=100).map(|quarters| due - quarters * QUARTER);
                    let is_open =
                        before.any(|at| date(at) == date(due - 1) && calendar.is_open(moment(at)));
                    is_open.then(|| open.worked(started, due))
                });
                times.find(|time| *time > 0).unwrap_or(MAX_ALLOWANCE.as_millis())
            }
        }
    }

    fn spent(&self, state: &State, now: i64) -> i64 {
        let open = state.runs_since.map(|since| (since, now, state.target.calendar));
        let ran = state.ran.iter().copied().chain(open);
        ran.map(|(from, to, calendar)| self.open[calendar].worked(from, to)).sum()
    }

    fn due(&self, state: &State, now: i64) -> Option<i64> {
        let open = &self.open[state.target.calendar];
        match state.fixed {
            Some(fixed) => Some(fixed.due),
            None => open.reach(now, state.lasts - self.spent(state, now)),
        }
    }

    /// When each warning and each step is, as seen from now, in order of time.
    fn moments(&self, state: &State, now: i64) -> Vec<(i64, Call)> {
        let open = &self.open[state.target.calendar];
        let policy = &self.scene.policies[state.target.policy];
        let due = self.due(state, now);
        let (from, spent, allowance) = match state.fixed {
            Some(Fixed { due, at, spent, .. }) => (at, spent, spent + open.worked(at, due)),
            None => (now, self.spent(state, now), state.allowance),
        };
        let warnings = policy.warnings.iter().map(|threshold| {
            let at = match threshold {
                Threshold::Percent(percent) => {
                    open.reach(from, allowance * i64::from(*percent) / 100 - spent)
                }
                Threshold::Before(ahead) => due.and_then(|due| open.reach(due, -ahead.as_millis())),
            };
            (at, Call::Warn(*threshold))
        });
        let steps = policy.ladder.iter().zip(0..).map(|((when, _), index)| {
            let at = due.and_then(|due| open.reach(due, when.height().as_millis()));
            (at, Call::Step(index))
        });
        let mut moments: Vec<(i64, Call)> =
            warnings.chain(steps).filter_map(|(at, call)| Some((at?, call))).collect();
        moments.sort_unstable();
        moments
    }

    /// Lets the time pass from one happening to the next.
    fn watch(&self, state: &mut State, from: i64, to: i64) {
        if !state.is_live || (state.runs_since.is_none() && state.fixed.is_none()) {
            return;
        }
        let due = self.due(state, from);
        for (at, call) in self.moments(state, from) {
            let at = at.max(from);
            let at = match call {
                Call::Warn(_) => Some(at),
                Call::Step(step) => {
                    let (_, hours) =
                        self.scene.policies[state.target.policy].ladder[usize::from(step)];
                    hours.map_or(Some(at), |hours| self.open[hours].opens(at))
                }
            };
            let Some(at) = at else { continue };
            let rings_at = if Some(at) == due && !state.is_broken() { at + 1 } else { at };
            if rings_at <= to && state.told.insert(call) {
                state.calls.insert((moment(at), call));
            }
        }
        if let (Some(due), false) = (due.filter(|due| *due < to), state.is_broken()) {
            state.break_at(due, BreachCause::Elapsed);
        }
    }

    /// Of what has just come to lie in the past, one warning rings now and one step remains.
    fn pass_over(&self, state: &mut State, is_over: bool, now: i64) {
        let low = core::mem::take(&mut state.low);
        let moments = self.moments(state, now).into_iter();
        let is_past = |call: &Call| moments.clone().any(|(at, it)| it == *call && at <= now);
        let gone: Vec<Call> = low.into_iter().filter(|call| is_over || is_past(call)).collect();
        state.told.extend(gone);
        let passed: Vec<Call> = moments
            .filter(|(at, call)| *at <= now && !state.told.contains(call))
            .map(|(_, call)| call)
            .collect();
        let (warnings, steps): (Vec<Call>, Vec<Call>) =
            passed.into_iter().partition(|call| matches!(call, Call::Warn(_)));
        if let (Some(highest), false) = (warnings.last(), is_over) {
            state.calls.insert((moment(now), *highest));
        }
        state.told.extend(warnings);
        state.told.extend(steps.iter().rev().skip(1));
    }

    fn happen(&self, state: &mut State, happening: &Happening, now: i64) {
        match happening {
            Happening::CarryOn if !state.is_live && !state.is_cancelled => {
                if state.fixed.take().is_some() {
                    let spent = self.spent(state, now);
                    state.broken_at.take_if(|_| spent < state.allowance);
                    state.lasts = spent.max(state.allowance);
                }
                (state.is_live, state.outcome) = (true, None);
                state.runs_since = Some(now);
            }
            _ if !state.is_live => {}
            Happening::Wake | Happening::CarryOn => {}
            Happening::Pause(number) => {
                self.stop(state, now);
                state.reasons.insert(*number);
            }
            Happening::Resume(number) => {
                if state.reasons.remove(number) && state.reasons.is_empty() {
                    state.runs_since = Some(now);
                }
            }
            Happening::Retarget(target) => {
                let is_same = self.has_terms(state, target);
                if !is_same {
                    self.change(state, target, BreachCause::Retarget, now);
                }
                state.target = *target;
            }
            Happening::Correct { calendar } => {
                let target = Target { calendar: *calendar, ..state.target };
                self.correct(state, target, now);
            }
            Happening::Fix(due) => {
                let due = due.as_millis().max(now);
                let is_same = state.fixed.is_some_and(|fixed| fixed.by_hand && fixed.due == due);
                if !is_same {
                    self.fix(state, true, due, now);
                }
            }
            Happening::Release => self.release(state, now),
            Happening::Fulfil => {
                let spent = self.spent(state, now);
                let open = &self.open[state.target.calendar];
                let beyond = match state.fixed {
                    Some(fixed) => open.worked(fixed.due, now),
                    None => spent - state.allowance,
                };
                state.outcome = Some(match state.is_broken() {
                    true => (Outcome::Missed, Some(beyond.max(0))),
                    false => (Outcome::Met, None),
                });
                self.end(state, now);
            }
            Happening::Cancel => {
                state.is_cancelled = true;
                self.end(state, now);
            }
        }
    }

    fn stop(&self, state: &mut State, now: i64) {
        if let Some(since) = state.runs_since.take() {
            state.ran.push((since, now, state.target.calendar));
        }
    }

    fn end(&self, state: &mut State, now: i64) {
        self.stop(state, now);
        state.reasons.clear();
        state.is_live = false;
    }

    fn has_terms(&self, state: &State, target: &Target) -> bool {
        let date = date_of_terms(state);
        let is_within = match target.within {
            Within::Instant(due) => date == Some(due.as_millis().max(state.started)),
            _ => date.is_none() && self.allowance(target, state.started) == state.allowance,
        };
        let place = |target: &Target| (target.policy, target.calendar);
        place(&state.target) == place(target) && is_within
    }

    fn correct(&self, state: &mut State, target: Target, now: i64) {
        let spent = self.spent(state, now);
        let runs = state.runs_since.is_some();
        let before = state.ran.clone();
        self.stop(state, now);
        let other =
            state.ran.iter().map(|(from, to, _)| self.open[target.calendar].worked(*from, *to));
        if self.has_terms(state, &target) && other.sum::<i64>() == spent {
            state.runs_since =
                before.len().ne(&state.ran.len()).then(|| state.ran.pop().unwrap().0);
            return;
        }
        state.ran.iter_mut().for_each(|(_, _, calendar)| *calendar = target.calendar);
        state.runs_since = runs.then_some(now);
        self.change(state, &target, BreachCause::Correction, now);
    }

    /// Other terms, with what was spent until now.
    fn change(&self, state: &mut State, target: &Target, cause: BreachCause, now: i64) {
        let spent = self.spent(state, now);
        if state.runs_since.is_some() {
            self.stop(state, now);
            state.runs_since = Some(now);
        }
        let allowance = self.allowance(target, state.started);
        let (was_broken, was_fixed) = (state.is_broken(), state.fixed);
        let by_hand = was_fixed.filter(|fixed| fixed.by_hand);
        let is_over = spent > allowance && by_hand.is_none();
        let is_same = was_broken && was_fixed.is_none() && allowance == state.allowance;
        let ladder = |policy: usize| &self.scene.policies[policy].ladder;
        if target.policy != state.target.policy {
            let height = |call: &Call| match call {
                Call::Step(step) => {
                    Some(ladder(state.target.policy)[usize::from(*step)].0.height())
                }
                Call::Warn(_) => None,
            };
            let climbed = state.told.iter().filter_map(height).max().max(state.climbed);
            state.climbed = climbed;
            let (steps, warnings): (Vec<Call>, Vec<Call>) =
                state.told.iter().partition(|call| matches!(call, Call::Step(_)));
            state.told_by.entry(state.target.policy).or_default().extend(steps);
            let before = state.told_by.get(&target.policy).into_iter().flatten();
            state.told = warnings.into_iter().chain(before.copied()).collect();
            let steps = ladder(target.policy).iter().zip(0..);
            let lower = steps.filter(|((when, _), _)| Some(when.height()) <= climbed);
            state.low = lower.map(|(_, index)| Call::Step(index)).collect();
        }
        (state.target, state.allowance) = (*target, allowance);
        state.lasts =
            if is_same { state.lasts.min(spent).max(allowance) } else { spent.max(allowance) };
        state.fixed = by_hand;
        let was_broken_at = state.broken_at;
        state.broken_at.take_if(|_| by_hand.is_none() && spent < allowance);
        match (by_hand, target.within) {
            (Some(fixed), _) => {
                state.fixed = Some(Fixed { at: now, spent, ..fixed });
                let is_over = fixed.due < now || was_broken && fixed.due == now;
                self.pass_over(state, is_over, now);
            }
            (None, Within::Instant(due)) => {
                state.broken_at = was_broken_at;
                self.fix(state, false, due.as_millis().max(state.started), now);
                if state.is_broken() && !was_broken {
                    state.break_at(now, cause);
                }
            }
            _ => {
                self.pass_over(state, is_over, now);
                if is_over && !was_broken {
                    state.break_at(now, cause);
                }
            }
        }
    }

    fn fix(&self, state: &mut State, by_hand: bool, due: i64, now: i64) {
        let spent = self.spent(state, now);
        state.fixed = Some(Fixed { by_hand, due, at: now, spent });
        let is_over = due < now || state.is_broken() && due == now;
        state.broken_at = is_over.then(|| state.broken_at.unwrap_or_else(|| moment(due)));
        self.pass_over(state, is_over, now);
    }

    fn release(&self, state: &mut State, now: i64) {
        if !state.fixed.is_some_and(|fixed| fixed.by_hand) {
            return;
        }
        let (spent, was_broken) = (self.spent(state, now), state.is_broken());
        let date = date_of_terms(state);
        let is_over = date.map_or(spent > state.allowance, |date| date < now);
        state.fixed = None;
        state.lasts = spent.max(state.allowance);
        let was_broken_at = state.broken_at;
        state.broken_at.take_if(|_| spent < state.allowance);
        match date {
            Some(date) => {
                state.broken_at = was_broken_at;
                self.fix(state, false, date, now);
            }
            None => self.pass_over(state, is_over, now),
        }
        if is_over && !was_broken {
            state.break_at(now, BreachCause::Released);
        }
    }
}

/// The date that the terms have fixed, even while that of a person stands in for it.
fn date_of_terms(state: &State) -> Option<i64> {
    match state.target.within {
        Within::Instant(due) if state.fixed.is_some() => Some(due.as_millis().max(state.started)),
        _ => None,
    }
}
