//! A stretch of time and where it went.

use core::fmt;
use std::collections::BTreeSet;
use std::sync::Arc;

use firstline_calendar::{Calendar, ClosedReason, Timestamp};

use super::words::Tongue;
use crate::terms::Reason;

/// A stretch of time in a [`Ledger`](super::Ledger), from `from` up to but not including `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// Where the time went.
    pub kind: EntryKind,
}

impl Entry {
    /// How long it is on the wall clock, in ms.
    #[must_use]
    pub fn length_ms(&self) -> i64 {
        self.to.millis_since(self.from)
    }
}

/// Where a stretch of time went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// It was working time and was used up.
    Counted,
    /// The clock ran, but nobody works then.
    Closed(Closed),
    /// The clock stood still, for these reasons.
    Paused(BTreeSet<Reason>),
    /// The promise was fulfilled, and later taken up again.
    Done,
    /// The clock was elsewhere: the records of another subject have the account of that time.
    Elsewhere,
}

impl fmt::Display for EntryKind {
    /// As in the English text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Tongue::English.entry(self))
    }
}

/// Time in which nobody works, as people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Closed {
    /// Between the hours of two days.
    Night,
    /// Between the hours of one day, for four hours at the most.
    Break,
    /// Outside the hours of a day, and around noon: a morning off, or hours at night.
    OutsideHours,
    /// A day without hours that is a Saturday or a Sunday.
    Weekend,
    /// Another day without hours.
    DayOff,
    /// A holiday, with its name if it has one.
    Holiday(Option<Arc<str>>),
    /// Outside the hours of a date that has its own, with its name if it has one.
    SpecialHours(Option<Arc<str>>),
    /// Taken out of the calendar: maintenance, for instance.
    Excluded,
}

impl Closed {
    /// What people call the stretch that begins at `at`, which the calendar says is closed.
    pub(super) fn new(calendar: &Calendar, at: Timestamp, reason: ClosedReason) -> Self {
        match reason {
            ClosedReason::Holiday(name) => Self::Holiday(name),
            ClosedReason::Exception(name) => Self::SpecialHours(name),
            ClosedReason::Excluded => Self::Excluded,
            ClosedReason::DayOff if calendar.local_time(at).weekday >= 6 => Self::Weekend,
            ClosedReason::DayOff => Self::DayOff,
            _ => Self::between_hours(calendar, at),
        }
    }

    fn between_hours(calendar: &Calendar, at: Timestamp) -> Self {
        const NOON: u16 = 12 * 60;
        const LONGEST_BREAK: u16 = 4 * 60;
        let today = calendar.local_time(at).date();
        let minute_today = |moment: Option<Timestamp>| {
            let shown = calendar.local_time(moment?);
            (shown.date() == today).then(|| shown.minute_of_day())
        };
        let closes = minute_today(calendar.previous_close(at));
        let opens = minute_today(calendar.next_open(at));
        match (closes, opens) {
            (Some(closes), Some(opens)) if opens.saturating_sub(closes) <= LONGEST_BREAK => {
                Self::Break
            }
            // Who works at night is closed by day.
            (Some(_), Some(_)) => Self::OutsideHours,
            (closes, opens)
                if closes.is_none_or(|it| it <= NOON) && opens.is_none_or(|it| it > NOON) =>
            {
                Self::OutsideHours
            }
            _ => Self::Night,
        }
    }
}
