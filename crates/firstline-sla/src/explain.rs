//! Why a promise was kept or broken: the ledger of one clock, span by span.

use core::fmt;

use firstline_calendar::{Calendar, ClosedReason, Span, SpanState, Timestamp, WorkTime};

use crate::clock::{Breach, Clock, ImpossibleEvent, Phase};
use crate::event::ClockEvent;
use crate::key::ClockKey;
use crate::terms::Pin;

/// The account of one clock from its start to its end, or to now while it is live.
///
/// Its entries follow each other without a gap, so their sum is the wall time between start and
/// end, to the millisecond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Which clock it is about.
    pub key: ClockKey,
    /// The clock as it is at the end of the account.
    pub clock: Clock,
    /// Where each stretch of time went.
    pub entries: Vec<Entry>,
    /// When the allowance ran out, or would have: the last due time that was told before that.
    pub due: Option<Timestamp>,
    /// Working time used up: the sum of the counted entries.
    pub counted: WorkTime,
    /// Wall time outside working hours while the clock ran, in ms.
    pub closed_ms: i64,
    /// Wall time while the clock stood still, in ms.
    pub paused_ms: i64,
    /// Wall time that the account cannot break down: see [`EntryKind::Elsewhere`].
    pub elsewhere_ms: i64,
}

/// A stretch of time in a [`Ledger`], from `from` up to but not including `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// Where the time went.
    pub kind: EntryKind,
}

/// Where a stretch of time went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// It was working time and was used up.
    Counted,
    /// The clock ran, but nobody works then.
    Closed(ClosedReason),
    /// The clock stood still, for these reasons joined by commas.
    Paused(String),
    /// The promise was fulfilled, and later taken up again.
    Done,
    /// The clock was taken over from another subject, whose records have the account of that time.
    Elsewhere,
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counted => f.pad("counted"),
            Self::Closed(reason) => f.pad(&format!("closed: {reason}")),
            Self::Paused(reasons) => f.pad(&format!("paused: {reasons}")),
            Self::Done => f.pad("done, later taken up again"),
            Self::Elsewhere => f.pad("before it was taken over"),
        }
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
/// `events` are that run's, in the order of the journal, each with the moment at which it was true.
/// `calendar` finds the calendar that a clock was pinned to. A live clock is accounted for until
/// `now`.
///
/// # Errors
///
/// See [`ExplainError`].
pub fn explain<'a>(
    key: ClockKey,
    cycle: u32,
    events: impl IntoIterator<Item = (Timestamp, &'a ClockEvent)>,
    calendar: impl Fn(&Pin) -> Option<Calendar>,
    now: Timestamp,
) -> Result<Ledger, ExplainError> {
    let mut events = events.into_iter();
    let (started_at, started) = events.next().ok_or(ExplainError::NoEvents)?;
    let mut clock = Clock::begin(cycle, started, started_at)?;
    let mut account = Account { stretches: Vec::new(), upto: clock.started_at };
    account.open(&clock, started, started_at);
    let mut due = clock.due();
    for (at, event) in events {
        match event {
            // It is as if it had never stopped.
            ClockEvent::TakenOver { clock } => account.book(clock, at),
            _ => account.book(&clock, at),
        }
        clock.apply(event, at)?;
        if let ClockEvent::Corrected { pin, .. } = event {
            account.value_by(pin);
        }
        // Once it is broken, the due time that counts is the one that was broken.
        let has_moved = !matches!(
            event,
            ClockEvent::Resumed { .. } | ClockEvent::CarriedOn { .. } | ClockEvent::Breached { .. }
        );
        if !clock.broken || has_moved {
            due = clock.due().or(due);
        }
    }
    // What became true by now counts, whether anybody has noticed it yet or not.
    while let Some((at, event)) = clock.settle(now) {
        clock.apply(&event, at)?;
    }
    if clock.is_live() {
        account.book(&clock, now);
    }
    account.close(key, clock, due, &calendar)
}

/// A ledger while it is being written.
struct Account {
    stretches: Vec<Stretch>,
    upto: Timestamp,
}

/// A stretch of time during which a clock did not change.
struct Stretch {
    from: Timestamp,
    to: Timestamp,
    way: Way,
}

/// What the clock did meanwhile.
enum Way {
    /// It ran by the calendar that stands there.
    Ran(Pin),
    /// It did something else, which takes no calendar to account for.
    Was(EntryKind),
}

impl Account {
    /// Books the time before the first event, if what it is about began earlier.
    fn open(&mut self, clock: &Clock, started: &ClockEvent, at: Timestamp) {
        let ClockEvent::Started { credits, .. } = started else {
            self.push(at, Way::Was(EntryKind::Elsewhere));
            return;
        };
        let mut credits: Vec<_> = credits.iter().collect();
        credits.sort_by_key(|credit| (credit.from, credit.to));
        for credit in credits {
            self.push(credit.from.min(at), Way::Ran(clock.pin.clone()));
            let kind = EntryKind::Paused(credit.reason.to_string());
            self.push(credit.to.min(at), Way::Was(kind));
        }
        self.push(at, Way::Ran(clock.pin.clone()));
    }

    /// Books the time up to `to`, during which the clock did not change.
    fn book(&mut self, clock: &Clock, to: Timestamp) {
        let way = match &clock.phase {
            Phase::Running { .. } => Way::Ran(clock.pin.clone()),
            Phase::Paused { reasons } => {
                let reasons: Vec<&str> = reasons.iter().map(|reason| reason.as_str()).collect();
                Way::Was(EntryKind::Paused(reasons.join(", ")))
            }
            Phase::Fulfilled { .. } | Phase::Cancelled { .. } => Way::Was(EntryKind::Done),
        };
        self.push(to, way);
    }

    fn push(&mut self, to: Timestamp, way: Way) {
        // A breach is dated back to due, where the account already is or has been.
        if to > self.upto {
            let from = core::mem::replace(&mut self.upto, to);
            self.stretches.push(Stretch { from, to, way });
        }
    }

    /// Values all the time so far by another calendar.
    fn value_by(&mut self, pin: &Pin) {
        for stretch in &mut self.stretches {
            if let Way::Ran(by) = &mut stretch.way {
                *by = pin.clone();
            }
        }
    }

    fn close(
        self,
        key: ClockKey,
        clock: Clock,
        due: Option<Timestamp>,
        calendar: &impl Fn(&Pin) -> Option<Calendar>,
    ) -> Result<Ledger, ExplainError> {
        let mut entries: Vec<Entry> = Vec::new();
        // Lengthens the last entry where the time went the same way.
        let mut push = |entry: Entry| match entries.last_mut() {
            Some(last) if last.kind == entry.kind => last.to = entry.to,
            _ => entries.push(entry),
        };
        for Stretch { from, to, way } in self.stretches {
            let pin = match way {
                Way::Ran(pin) => pin,
                Way::Was(kind) => {
                    push(Entry { from, to, kind });
                    continue;
                }
            };
            let calendar = calendar(&pin).ok_or(ExplainError::UnknownCalendar(pin))?;
            for Span { from, to, state } in calendar.spans(from, to) {
                let kind = match state {
                    SpanState::Open => EntryKind::Counted,
                    SpanState::Closed(reason) => EntryKind::Closed(reason),
                };
                push(Entry { from, to, kind });
            }
        }
        let sum = |is_wanted: fn(&EntryKind) -> bool| -> i64 {
            let wanted = entries.iter().filter(|entry| is_wanted(&entry.kind));
            wanted.map(|entry| entry.to.millis_since(entry.from)).sum()
        };
        Ok(Ledger {
            key,
            due,
            counted: WorkTime::from_millis(sum(|kind| matches!(kind, EntryKind::Counted))),
            closed_ms: sum(|kind| matches!(kind, EntryKind::Closed(_))),
            paused_ms: sum(|kind| matches!(kind, EntryKind::Paused(_))),
            elsewhere_ms: sum(|kind| matches!(kind, EntryKind::Elsewhere)),
            clock,
            entries,
        })
    }
}

impl fmt::Display for Ledger {
    /// The verdict, then a line for each stretch of time, in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Clock { cycle, pin, allowance, started_at, phase, breach, .. } = &self.clock;
        write!(f, "{} {cycle}: {allowance} of {}, policy {}", self.key, pin.calendar, pin.policy)?;
        writeln!(f, ", rulebook version {}", pin.rulebook)?;
        write!(f, "started {started_at}, ")?;
        match self.due {
            Some(due) => write!(f, "due {due}, ")?,
            None => write!(f, "never due, ")?,
        }
        match phase {
            Phase::Running { .. } => write!(f, "running")?,
            Phase::Paused { .. } => write!(f, "paused")?,
            Phase::Fulfilled { at, outcome } => write!(f, "{outcome} {at}")?,
            Phase::Cancelled { at, reason } => write!(f, "cancelled {at}: {reason}")?,
        }
        if let Some(Breach { at, .. }) = breach {
            write!(f, ", breached {at}")?;
        }
        writeln!(f)?;
        for Entry { from, to, kind } in &self.entries {
            let length = WorkTime::from_millis(to.millis_since(*from));
            writeln!(f, "  {from}  {to}  {:>12}  {kind}", length.to_string())?;
        }
        let wall = self.counted.as_millis() + self.closed_ms + self.paused_ms;
        let [closed, paused, wall] =
            [self.closed_ms, self.paused_ms, wall].map(WorkTime::from_millis);
        write!(f, "  counted {}, closed {closed}, paused {paused}: {wall} in all", self.counted)
    }
}
