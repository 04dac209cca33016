//! What happened to a clock, played once more through the rules, with a change.

use std::collections::{BTreeMap, BTreeSet};

use firstline_calendar::{Calendar, Timestamp, WorkTime};

use super::remedy::is_change;
use super::{Ledger, Mark, Remedy, is_told_by_itself};
use crate::clock::{Clock, Phase};
use crate::decide::{Past, start_since};
use crate::event::{ClockEvent, Outcome};
use crate::terms::{Allowance, Pin, Reason, Terms, Within};

pub(super) struct Replay<'l> {
    ledger: &'l Ledger,
    /// What decides the verdict, from the start or the last time that the clock came from elsewhere
    /// on. Not the last fulfilment, which is what the verdict is about, and no due time that came of
    /// another mark.
    marks: Vec<&'l Mark>,
    /// The dates of the marks whose terms have one.
    dates: BTreeMap<usize, Timestamp>,
    /// The marks at which the clock stopped, and those at which it went on.
    begun: Vec<usize>,
    ended: Vec<usize>,
    /// For each correction: how long the clock had run until then, as the correction values it.
    ran: BTreeMap<usize, WorkTime>,
    /// The last mark that says how much is allowed.
    allowance_mark: usize,
    /// The last mark at which a person fixes the due time, if that is in force.
    hand_mark: Option<usize>,
    /// Whether the terms that stand there stand still for a reason.
    stand_still: &'l dyn Fn(&Pin, &Reason) -> bool,
}

/// A change that changes nothing.
const NOTHING: Remedy = Remedy::ChangeNotMade { at: Timestamp::MAX };

/// Something that happens in a changed story.
enum Step<'a> {
    Mark(usize),
    Pause(&'a Reason),
    Resume(&'a Reason),
}

impl<'l> Replay<'l> {
    /// `None` if the story, unchanged, does not miss the promise: then there is nothing to mend.
    pub(super) fn new(
        ledger: &'l Ledger,
        stand_still: &'l dyn Fn(&Pin, &Reason) -> bool,
    ) -> Option<Self> {
        let decisive = ledger.marks.iter().filter(|mark| !is_told_by_itself(&mark.event));
        let mut marks: Vec<&Mark> = decisive.collect();
        let base =
            marks.iter().rposition(|mark| matches!(mark.event, ClockEvent::TakenOver { .. }));
        marks.drain(..base.unwrap_or(0));
        if matches!(ledger.clock.phase, Phase::Fulfilled { .. }) {
            marks.pop();
        }
        let (marks, dates) = acts(&marks);
        let (begun, ended) = stops(&marks);
        let last = |is_wanted: fn(&ClockEvent) -> bool| {
            marks.iter().rposition(|mark| is_wanted(&mark.event))
        };
        let allowance_mark = last(|event| {
            matches!(event, ClockEvent::Retargeted { .. } | ClockEvent::Corrected { .. })
        });
        let allowance_mark = allowance_mark.unwrap_or(0);
        let is_by_hand = ledger.clock.fixed.as_ref().is_some_and(|fixed| fixed.by_hand);
        let hand_mark = last(|event| matches!(event, ClockEvent::DueFixed { .. }));
        let hand_mark = hand_mark.filter(|_| is_by_hand);
        let ran = BTreeMap::new();
        let mut replay = Self {
            ledger,
            marks,
            dates,
            begun,
            ended,
            ran,
            allowance_mark,
            hand_mark,
            stand_still,
        };
        replay.ran = replay.ran_until_corrections()?;
        (!replay.keeps(&NOTHING)).then_some(replay)
    }

    pub(super) fn mark(&self, index: usize) -> &'l Mark {
        self.marks[index]
    }

    pub(super) fn pauses_begun(&self) -> &[usize] {
        &self.begun
    }

    pub(super) fn pauses_ended(&self) -> &[usize] {
        &self.ended
    }

    /// The moment and the reason of a mark that begins or ends a pause.
    pub(super) fn pause(&self, index: usize) -> Option<(Timestamp, &'l Reason)> {
        let mark = self.marks[index];
        reason_of(&mark.event).map(|reason| (mark.at, reason))
    }

    /// When the clock last began to run for the promise as it was missed.
    pub(super) fn taken_up_at(&self) -> Timestamp {
        let carried_on = self.marks.iter().rev().find(|mark| is_carried_on(mark));
        carried_on.unwrap_or(&self.marks[0]).at
    }

    /// Whether the promise was fulfilled before, or the story does not begin with its start: then
    /// what comes before [`taken_up_at`](Self::taken_up_at) cannot be told otherwise.
    pub(super) fn is_taken_up(&self) -> bool {
        matches!(self.marks[0].event, ClockEvent::TakenOver { .. })
            || self.marks.iter().any(|mark| is_carried_on(mark))
    }

    pub(super) fn last_change(&self) -> Option<Timestamp> {
        let mut changes = self.marks[1..].iter().filter(|mark| is_change(&mark.event));
        changes.next_back().map(|mark| mark.at)
    }

    pub(super) fn has_change_at(&self, at: Timestamp) -> bool {
        self.marks[1..].iter().any(|mark| mark.at == at && is_change(&mark.event))
    }

    /// By how many milliseconds the beginning or the end of this pause can be moved until it meets
    /// another one for the same reason, or the end of the run that it lies in.
    pub(super) fn room_of_pause(&self, index: usize) -> i64 {
        let Some((at, reason)) = self.pause(index) else { return 0 };
        let is_wall = |mark: &&&Mark| {
            reason_of(&mark.event) == Some(reason)
                || matches!(mark.event, ClockEvent::Fulfilled { .. } | ClockEvent::CarriedOn { .. })
        };
        // Another pause for the same reason must not be touched: the two would be one.
        let gap = |wall: &Mark| i64::from(reason_of(&wall.event).is_some());
        if matches!(self.marks[index].event, ClockEvent::Paused { .. }) {
            let wall = self.marks[..index].iter().rev().find(is_wall).unwrap_or(&self.marks[0]);
            at.millis_since(wall.at) - gap(wall)
        } else {
            match self.marks[index + 1..].iter().find(is_wall) {
                Some(wall) => wall.at.millis_since(at) - gap(wall),
                None => self.ledger.until.millis_since(at),
            }
        }
    }

    /// Whether the promise is kept if the story is changed in this way.
    pub(super) fn keeps(&self, change: &Remedy) -> bool {
        let end = match change {
            Remedy::DoneEarlier { at, .. } => Some(*at),
            _ => None,
        };
        let Some(mut played) = Played::begin(self, change, end) else { return false };
        let is_live = self.ledger.clock.is_live();
        for (at, step) in self.steps(change) {
            // What is done at the moment of a change is done after it: what changes by itself does so
            // before anybody can do anything.
            if end.is_some_and(|end| at > end) {
                break;
            }
            played.step(self, change, at, &step);
        }
        match end {
            None if is_live => {
                played.settle(self.ledger.until);
                !played.clock.is_broken()
            }
            end => played.is_in_time(end.unwrap_or(self.ledger.until)),
        }
    }

    /// The story with the change in it, but without its first moment.
    fn steps<'a>(&'a self, change: &'a Remedy) -> Vec<(Timestamp, Step<'a>)> {
        let until = self.ledger.until;
        let moved = self.moved_pause(change);
        let is_left_out = |index: usize| {
            let mark = self.marks[index];
            match change {
                Remedy::PausedFrom { reason, at } => {
                    mark.at >= *at && reason_of(&mark.event) == Some(reason)
                }
                Remedy::ChangeNotMade { at } => mark.at == *at && is_change(&mark.event),
                _ => moved == Some(index),
            }
        };
        let kept = (1..self.marks.len()).filter(|index| !is_left_out(*index));
        let mut steps: Vec<_> =
            kept.map(|index| (self.marks[index].at, Step::Mark(index))).collect();
        match change {
            // At one moment: the changes, then the beginnings of pauses, then their ends.
            Remedy::PausedFrom { reason, at } | Remedy::PauseBegunEarlier { reason, at, .. } => {
                let comes_after = |(moment, step): &(Timestamp, Step<'_>)| {
                    moment > at || moment == at && self.is_resumption(step)
                };
                let place = steps.iter().position(comes_after).unwrap_or(steps.len());
                steps.insert(place, (*at, Step::Pause(reason)));
            }
            // What ends when it is done, or later, does not end before.
            Remedy::PauseEndedLater { reason, at, .. } if *at < until => {
                let place = steps.partition_point(|(moment, _)| moment <= at);
                steps.insert(place, (*at, Step::Resume(reason)));
            }
            _ => {}
        }
        steps
    }

    /// The mark of the pause whose beginning or end is moved. Of several at one moment, it is the
    /// first beginning or the last end: the others have no room.
    fn moved_pause(&self, change: &Remedy) -> Option<usize> {
        let is_it = |index: &&usize, at, reason| self.pause(**index) == Some((at, reason));
        match change {
            Remedy::PauseBegunEarlier { reason, began_at, .. } => {
                self.begun.iter().find(|index| is_it(index, *began_at, reason)).copied()
            }
            Remedy::PauseEndedLater { reason, ended_at, .. } => {
                self.ended.iter().rfind(|index| is_it(index, *ended_at, reason)).copied()
            }
            _ => None,
        }
    }

    /// What the terms of the mark with this index promise in the changed story, where they allow so
    /// much in the real one.
    fn promise(&self, change: &Remedy, index: usize, pin: &Pin, allowance: WorkTime) -> Allowance {
        let is_last = self.allowance_mark == index;
        let within = match (self.dates.get(&index), change) {
            (Some(_), Remedy::LaterDate { at, .. }) if is_last && self.hand_mark.is_none() => {
                Within::Instant(*at)
            }
            (Some(date), _) => Within::Instant(*date),
            (None, _) => Within::Time(allowance + longer(self, change, index)),
        };
        Allowance { pin: pin.clone(), within }
    }

    fn is_resumption(&self, step: &Step<'_>) -> bool {
        matches!(step, Step::Mark(index) if matches!(self.marks[*index].event, ClockEvent::Resumed { .. }))
    }

    fn ran_until_corrections(&self) -> Option<BTreeMap<usize, WorkTime>> {
        let is_correction =
            |index: &usize| matches!(self.marks[*index].event, ClockEvent::Corrected { .. });
        let mut played = Played::begin(self, &NOTHING, None)?;
        let mut ran = BTreeMap::new();
        if played.runs.is_none() {
            return Some(ran);
        }
        for index in 1..self.marks.len() {
            let mark = self.marks[index];
            if is_correction(&index) {
                played.settle(mark.at);
                ran.insert(index, played.ran_by(&mark.calendar));
            }
            played.step(self, &NOTHING, mark.at, &Step::Mark(index));
        }
        Some(ran)
    }
}

/// A changed story while it is played.
struct Played {
    clock: Clock,
    terms: Terms,
    /// The stretches during which it ran, if anybody is going to ask.
    runs: Option<Vec<(Timestamp, Timestamp)>>,
    upto: Timestamp,
    /// Whether the reason of the change holds, and the terms in force do not stand still for it.
    waits: bool,
}

impl Played {
    /// Plays the first mark; earlier than it was if all is to be `done` earlier.
    fn begin(replay: &Replay<'_>, change: &Remedy, done: Option<Timestamp>) -> Option<Self> {
        let first = *replay.marks.first()?;
        let terms = bare(&first.calendar);
        let longer = longer(replay, change, 0);
        let is_correction = |mark: &&Mark| matches!(mark.event, ClockEvent::Corrected { .. });
        let runs = replay.marks.iter().any(is_correction).then(Vec::new);
        let mut played = match &first.event {
            ClockEvent::Started { pin, allowance, since, credits, reasons, .. } => {
                let at = done.map_or(first.at, |done| done.min(first.at));
                let since = since.unwrap_or(first.at).min(at);
                let reasons = if at < first.at { BTreeSet::new() } else { reasons.clone() };
                let promise = replay.promise(change, 0, pin, *allowance);
                let past = Past { credits: credits.clone(), reasons, ..Past::new(since) };
                let mut events = start_since(&promise, &terms, past, at).into_iter();
                let (_, started) = events.next()?;
                let clock = Clock::begin(1, &started, at).ok()?;
                let mut played = Self { clock, terms, runs, upto: at, waits: false };
                for (at, event) in events {
                    played.clock.apply(&event, at).ok()?;
                }
                played
            }
            event => {
                let clock = Clock::begin(1, event, first.at).ok()?;
                Self { clock, terms, runs, upto: first.at, waits: false }
            }
        };
        if longer > WorkTime::ZERO && matches!(first.event, ClockEvent::TakenOver { .. }) {
            let within = (played.clock.allowance + longer).into();
            let promise = Allowance { pin: first.pin.clone(), within };
            let events = played.clock.retarget(&promise, &played.terms, &played.terms, first.at);
            played.apply(events, first.at);
        }
        Some(played)
    }

    fn step(&mut self, replay: &Replay<'_>, change: &Remedy, at: Timestamp, step: &Step<'_>) {
        self.settle(at);
        let (clock, terms) = (&self.clock, &self.terms);
        let index = match step {
            Step::Mark(index) => *index,
            Step::Pause(reason) => {
                self.waits = true;
                return self.heed(replay, reason, at);
            }
            Step::Resume(reason) => {
                self.waits = false;
                return self.apply(clock.resume(reason, terms, at), at);
            }
        };
        let mark = replay.marks[index];
        let promise = |pin, allowance| replay.promise(change, index, pin, allowance);
        let after = bare(&mark.calendar);
        let events: Vec<ClockEvent> = match &mark.event {
            ClockEvent::Paused { reason, .. } => {
                clock.pause(reason, terms, at).into_iter().collect()
            }
            ClockEvent::Resumed { reason, .. } => {
                self.waits &= reason_of_change(change) != Some(reason);
                clock.resume(reason, terms, at).into_iter().collect()
            }
            ClockEvent::Retargeted { pin, allowance, .. } => {
                clock.retarget(&promise(pin, *allowance), terms, &after, at)
            }
            ClockEvent::Corrected { pin, allowance, spent, .. } => {
                let was = replay.ran.get(&index).copied().unwrap_or_default();
                let spent = *spent - was + self.ran_by(&mark.calendar);
                clock.correct(&promise(pin, *allowance), spent, terms, &after, at)
            }
            ClockEvent::DueFixed { schedule, .. } => {
                let date = match change {
                    Remedy::LaterDate { at, .. } if replay.hand_mark == Some(index) => Some(*at),
                    _ => schedule.due,
                };
                date.map_or_else(Vec::new, |date| clock.fix_due(date, terms, at))
            }
            ClockEvent::DueReleased { .. } => clock.release_due(terms, at),
            ClockEvent::Fulfilled { .. } => clock.fulfil(terms, at).into_iter().collect(),
            ClockEvent::CarriedOn { .. } => clock.carry_on(terms, at).into_iter().collect(),
            _ => Vec::new(),
        };
        self.apply(events, at);
        // A date goes by the calendar in force, whichever that is in the changed story.
        if matches!(mark.event, ClockEvent::Retargeted { .. } | ClockEvent::Corrected { .. }) {
            self.terms = after;
            if let Some(reason) = reason_of_change(change) {
                self.heed(replay, reason, at);
            }
        }
    }

    /// Stands still for the reason of the change, or goes on, as the terms in force have it.
    fn heed(&mut self, replay: &Replay<'_>, reason: &Reason, at: Timestamp) {
        let (clock, terms) = (&self.clock, &self.terms);
        let stands = matches!(&clock.phase, Phase::Paused { reasons } if reasons.contains(reason));
        let event = match (replay.stand_still)(&clock.pin, reason) {
            true if self.waits => clock.pause(reason, terms, at),
            false if stands => clock.resume(reason, terms, at),
            _ => return,
        };
        self.waits = stands;
        self.apply(event, at);
    }

    /// Lets time pass.
    fn settle(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.clock.settle(now) {
            if self.clock.apply(&event, at).is_err() {
                break;
            }
        }
        if let (Some(runs), Phase::Running { .. }) = (&mut self.runs, &self.clock.phase) {
            runs.push((self.upto, now));
        }
        self.upto = self.upto.max(now);
    }

    /// What cannot happen in the changed story does not happen in it.
    fn apply(&mut self, events: impl IntoIterator<Item = ClockEvent>, at: Timestamp) {
        for event in events {
            if self.clock.apply(&event, at).is_err() {
                return;
            }
        }
    }

    fn is_in_time(&mut self, at: Timestamp) -> bool {
        self.settle(at);
        let done = self.clock.fulfil(&self.terms, at);
        matches!(done, Some(ClockEvent::Fulfilled { outcome: Outcome::Met, .. }))
    }

    /// How long it has run, valued by this calendar.
    fn ran_by(&self, calendar: &Calendar) -> WorkTime {
        let runs = self.runs.iter().flatten();
        runs.fold(WorkTime::ZERO, |sum, (from, to)| sum + calendar.between(*from, *to))
    }
}

/// Terms that say nothing but what is due when: warnings and steps decide no verdict.
fn bare(calendar: &Calendar) -> Terms {
    Terms { calendar: calendar.clone(), warnings: Vec::new(), ladder: Vec::new() }
}

/// How much more the mark with this index allows in the changed story.
fn longer(replay: &Replay<'_>, change: &Remedy, index: usize) -> WorkTime {
    match change {
        Remedy::LongerAllowance { by, .. } if replay.allowance_mark == index => *by,
        _ => WorkTime::ZERO,
    }
}

/// The marks without the due times that came of the mark before, and the dates of those whose terms
/// have one: that is where such a due time says it.
fn acts<'l>(marks: &[&'l Mark]) -> (Vec<&'l Mark>, BTreeMap<usize, Timestamp>) {
    use ClockEvent::{CarriedOn, Corrected, DueFixed, DueReleased, Retargeted, Started, TakenOver};
    let (mut acts, mut dates) = (Vec::new(), BTreeMap::new());
    let mut is_by_hand = false;
    let mut before: Option<&ClockEvent> = None;
    for &mark in marks {
        let before_it = before.replace(&mark.event);
        let comes_with_terms = matches!(before_it, Some(Retargeted { .. } | Corrected { .. }));
        let is_taken_up = matches!(before_it, Some(Started { .. }));
        let date = match &mark.event {
            DueFixed { by_hand: false, schedule, .. } => schedule.due,
            // What a person has fixed is fixed anew by other terms, around which it then stands.
            DueFixed { instead_of, .. } if is_by_hand && comes_with_terms => *instead_of,
            event => {
                is_by_hand = match event {
                    TakenOver { clock } => clock.fixed.as_ref().is_some_and(|it| it.by_hand),
                    DueFixed { instead_of, .. } => {
                        // The date of the terms that a promise was taken up by.
                        let date = instead_of.filter(|_| is_taken_up);
                        dates.extend(acts.len().checked_sub(1).zip(date));
                        true
                    }
                    DueReleased { .. } | CarriedOn { .. } => false,
                    _ => is_by_hand,
                };
                acts.push(mark);
                continue;
            }
        };
        dates.extend(acts.len().checked_sub(1).zip(date));
    }
    (acts, dates)
}

/// The marks at which a clock stopped and those at which it went on.
fn stops(marks: &[&Mark]) -> (Vec<usize>, Vec<usize>) {
    let (mut begun, mut ended) = (Vec::new(), Vec::new());
    let mut is_paused = match marks.first().map(|mark| &mark.event) {
        Some(ClockEvent::Started { schedule, .. }) => schedule.is_none(),
        Some(ClockEvent::TakenOver { clock }) => matches!(clock.phase, Phase::Paused { .. }),
        _ => false,
    };
    for (index, mark) in marks.iter().enumerate() {
        match &mark.event {
            ClockEvent::Paused { .. } if !is_paused => {
                begun.push(index);
                is_paused = true;
            }
            ClockEvent::Resumed { schedule: Some(_), .. } => {
                ended.push(index);
                is_paused = false;
            }
            ClockEvent::CarriedOn { .. } => is_paused = false,
            _ => {}
        }
    }
    (begun, ended)
}

fn is_carried_on(mark: &Mark) -> bool {
    matches!(mark.event, ClockEvent::CarriedOn { .. })
}

/// What the clock stands still for, or goes on from, at another time than it did.
fn reason_of_change(change: &Remedy) -> Option<&Reason> {
    match change {
        Remedy::PausedFrom { reason, .. }
        | Remedy::PauseBegunEarlier { reason, .. }
        | Remedy::PauseEndedLater { reason, .. } => Some(reason),
        _ => None,
    }
}

fn reason_of(event: &ClockEvent) -> Option<&Reason> {
    match event {
        ClockEvent::Paused { reason, .. } | ClockEvent::Resumed { reason, .. } => Some(reason),
        _ => None,
    }
}
