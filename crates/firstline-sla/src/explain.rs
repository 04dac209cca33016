//! Why a promise was kept or broken: the ledger of one clock, span by span.

mod account;
mod entry;
#[cfg(test)]
mod properties;
mod remedy;
mod replay;
#[cfg(test)]
mod stories;
mod text;
mod words;

use core::fmt;

use firstline_calendar::{Calendar, Timestamp, WorkTime};

use account::Account;
pub use entry::{Closed, Entry, EntryKind};
pub use remedy::Remedy;
pub use text::Beside;
pub use words::Tongue;

use crate::clock::{Clock, ImpossibleEvent, Phase};
use crate::event::{ClockEvent, Outcome};
use crate::key::ClockKey;
use crate::terms::Pin;

/// The account of one clock from its start to its end, or to now while it is live.
///
/// Its entries follow each other without a gap, so their sum is the wall time between start and
/// end, to the millisecond. Its marks say what happened when: each lies at an end of an entry, or
/// before the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Which clock it is about.
    pub key: ClockKey,
    /// The clock as it is at the end of the account.
    pub clock: Clock,
    /// Where each stretch of time went.
    pub entries: Vec<Entry>,
    /// What happened, in order of time.
    pub marks: Vec<Mark>,
    /// When the allowance ran out, or would have: the last due time that was told before that.
    pub due: Option<Timestamp>,
    /// Where the account ends.
    pub until: Timestamp,
    /// Working time used up: the sum of the counted entries.
    pub counted: WorkTime,
    /// Working time used up elsewhere, which no entry breaks down: see [`EntryKind::Elsewhere`].
    /// With [`counted`](Self::counted) it is what the clock has spent.
    pub counted_elsewhere: WorkTime,
    /// Wall time outside working hours while the clock ran, in ms.
    pub closed_ms: i64,
    /// Wall time while the clock stood still, in ms.
    pub paused_ms: i64,
    /// Wall time while the promise was fulfilled and not yet taken up again, in ms.
    pub done_ms: i64,
    /// Wall time that the account cannot break down: see [`EntryKind::Elsewhere`].
    pub elsewhere_ms: i64,
}

/// A moment in a [`Ledger`] at which something happened to the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When it was true.
    pub at: Timestamp,
    /// When it was written down.
    pub noticed: Noticed,
    /// Which of the events that were given it is, from 0; `None` if time alone has told it.
    pub index: Option<usize>,
    /// What happened.
    pub event: ClockEvent,
    /// The terms that it put others in the place of: a change of terms, or a correction.
    pub replaced: Option<Replaced>,
    /// When the clock was due from then on, if it was to run out at all.
    pub due: Option<Timestamp>,
    /// Where the terms stand that were in force from then on.
    pub pin: Pin,
    /// Their calendar.
    pub calendar: Calendar,
}

/// Terms that are in force no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// How much working time they allowed.
    pub allowance: WorkTime,
    /// Where they stand.
    pub pin: Pin,
}

/// When an event was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// Who knows when.
    Unsaid,
    /// Then.
    At(Timestamp),
    /// Not yet: it is true, and nobody has looked.
    NotYet,
}

/// An event as a journal has it, for [`explain`].
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// When it was true.
    pub at: Timestamp,
    /// When it was written down, if that is of interest.
    pub noticed: Noticed,
    /// What happened.
    pub event: &'a ClockEvent,
}

impl<'a> From<(Timestamp, &'a ClockEvent)> for Recorded<'a> {
    /// True at that moment, and written down who knows when.
    fn from((at, event): (Timestamp, &'a ClockEvent)) -> Self {
        Self { at, noticed: Noticed::Unsaid, event }
    }
}

impl<'a> From<(Timestamp, Timestamp, &'a ClockEvent)> for Recorded<'a> {
    /// True at the first moment, and written down at the second one.
    fn from((at, noticed_at, event): (Timestamp, Timestamp, &'a ClockEvent)) -> Self {
        Self { at, noticed: Noticed::At(noticed_at), event }
    }
}

/// Why an account cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// The events are not those of one clock.
    #[error(transparent)]
    Impossible(#[from] ImpossibleEvent),
    /// There is nothing to explain.
    #[error("no event of this clock was given")]
    NoEvents,
    /// The calendar that the clock ran on is not to be had.
    #[error("calendar `{calendar}` of rulebook version {rulebook} is not known", calendar = .0.calendar, rulebook = .0.rulebook)]
    UnknownCalendar(Pin),
}

/// Gives the account of one run of one clock.
///
/// `events` are that run's, in the order of the journal, each with the moment at which it was true
/// and, if it is of interest, the moment at which it was written down. `calendar` finds the calendar
/// that a clock was pinned to; it is asked once for each change of terms. A live clock is accounted
/// for until `now`.
///
/// # Errors
///
/// See [`ExplainError`].
pub fn explain<'a, R: Into<Recorded<'a>>>(
    key: ClockKey,
    cycle: u32,
    events: impl IntoIterator<Item = R>,
    calendar: impl Fn(&Pin) -> Option<Calendar>,
    now: Timestamp,
) -> Result<Ledger, ExplainError> {
    let find = |pin: &Pin| calendar(pin).ok_or_else(|| ExplainError::UnknownCalendar(pin.clone()));
    let mut events = events.into_iter().map(Into::into);
    let first: Recorded<'a> = events.next().ok_or(ExplainError::NoEvents)?;
    let mut clock = Clock::begin(cycle, first.event, first.at)?;
    let mut reader = Reader { due: clock.due(), marks: Vec::new(), terms: find(&clock.pin)? };
    let mut account = Account::open(&clock, first.event, first.at, &reader.terms);
    reader.mark(first, Some(0), None, &clock);
    for (index, recorded) in (1..).zip(events) {
        let Recorded { at, event, .. } = recorded;
        let replaced = replaced(&clock, event);
        let calendar_before = reader.terms.clone();
        let stood_at = clock.pin.clone();
        match event {
            ClockEvent::TakenOver { clock: taken } if !clock.is_live() => {
                account.take_over(taken, Some(clock.spent), &find(&taken.pin)?, at);
            }
            _ => account.book(&clock, &calendar_before, at),
        }
        clock.apply(event, at)?;
        if clock.pin != stood_at {
            reader.terms = find(&clock.pin)?;
        }
        if matches!(event, ClockEvent::Corrected { .. }) {
            account.value_by(&reader.terms);
        }
        reader.mark(recorded, Some(index), replaced, &clock);
    }
    // What became true by now counts, whether anybody has noticed it yet or not.
    while let Some((at, event)) = clock.settle(now) {
        clock.apply(&event, at)?;
        let unseen = Recorded { at, noticed: Noticed::NotYet, event: &event };
        reader.mark(unseen, None, None, &clock);
    }
    if clock.is_live() {
        account.book(&clock, &reader.terms, now);
    }
    Ok(reader.close(key, clock, account))
}

/// The terms of the clock that an event puts others in the place of.
fn replaced(clock: &Clock, event: &ClockEvent) -> Option<Replaced> {
    let is_change = matches!(event, ClockEvent::Retargeted { .. } | ClockEvent::Corrected { .. });
    is_change.then(|| Replaced { allowance: clock.allowance, pin: clock.pin.clone() })
}

/// What is noted down while the events are read.
struct Reader {
    due: Option<Timestamp>,
    marks: Vec<Mark>,
    /// The calendar in force.
    terms: Calendar,
}

impl Reader {
    fn mark(
        &mut self,
        recorded: Recorded<'_>,
        index: Option<usize>,
        replaced: Option<Replaced>,
        clock: &Clock,
    ) {
        let Recorded { at, noticed, event } = recorded;
        // Once it is broken, the due time that counts is the one that was broken.
        let is_by_hand = clock.fixed.as_ref().is_some_and(|fixed| fixed.by_hand);
        let broken_at = clock.broken_at.filter(|_| !is_by_hand);
        self.due = broken_at.or_else(|| clock.due()).or(self.due);
        self.marks.push(Mark {
            at,
            noticed,
            index,
            event: event.clone(),
            replaced,
            due: clock.due(),
            pin: clock.pin.clone(),
            calendar: self.terms.clone(),
        });
    }

    fn close(mut self, key: ClockKey, clock: Clock, account: Account) -> Ledger {
        // What was noticed late was written down after things that happened later.
        self.marks.sort_by_key(|mark| mark.at);
        let until = account.until();
        let entries = account.close(self.marks.iter().map(|mark| mark.at));
        let sum = |is_wanted: fn(&EntryKind) -> bool| -> i64 {
            let wanted = entries.iter().filter(|entry| is_wanted(&entry.kind));
            wanted.map(Entry::length_ms).sum()
        };
        let counted = WorkTime::from_millis(sum(|kind| matches!(kind, EntryKind::Counted)));
        Ledger {
            key,
            due: self.due,
            until,
            counted,
            counted_elsewhere: clock.spent_at(&self.terms, until) - counted,
            closed_ms: sum(|kind| matches!(kind, EntryKind::Closed(_))),
            paused_ms: sum(|kind| matches!(kind, EntryKind::Paused(_))),
            done_ms: sum(|kind| matches!(kind, EntryKind::Done)),
            elsewhere_ms: sum(|kind| matches!(kind, EntryKind::Elsewhere)),
            marks: self.marks,
            clock,
            entries,
        }
    }
}

impl Ledger {
    /// Whether the promise was missed, or is open still and late.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        match self.clock.phase {
            Phase::Running { .. } | Phase::Paused { .. } => self.clock.is_broken(),
            Phase::Fulfilled { outcome, .. } => outcome == Outcome::Missed,
            Phase::Cancelled { .. } => false,
        }
    }

    /// The calendar of the terms in force at the end. Its wall clock is the one of the text.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        let terms = self.marks.iter().rev().find(|mark| !is_told_by_itself(&mark.event));
        &terms.expect("a promise was made or taken over").calendar
    }
}

/// Whether a clock says this of itself when time passes, so that it may be dated before what was
/// written down before it.
fn is_told_by_itself(event: &ClockEvent) -> bool {
    use ClockEvent::{Breached, Climbed, Warned};
    matches!(event, Warned { .. } | Breached { .. } | Climbed { .. })
}

impl fmt::Display for Ledger {
    /// The [text](Self::text) in English, without remedies.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Tongue::English, &[]))
    }
}
