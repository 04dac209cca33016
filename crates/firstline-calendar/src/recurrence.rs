//! What comes again by a rule: RFC 5545's `RRULE`, by days.
//!
//! Days come by the rule and are never unrolled: a rule without end gives as many as somebody asks for,
//! and one that gives none ends the search. What happens within a day is for a [`TimeOfDay`] to say.

mod dates;
#[cfg(test)]
mod stories;
mod text;

use chrono::{NaiveDate, Weekday};

pub use dates::Dates;
pub use text::RecurrenceError;

use crate::{Calendar, TimeOfDay, Timestamp};

/// The longest rule in bytes: every day of a year fits by its number.
pub const MAX_RECURRENCE_BYTES: usize = 2_000;

/// The most times that a rule may say that something comes. What comes more often comes without end.
pub const MAX_RECURRENCE_COUNT: u32 = 10_000;

/// The most days, weeks, months or years from one time to the next.
pub const MAX_RECURRENCE_INTERVAL: u32 = 1_000;

/// A rule by which something comes again, as RFC 5545 writes it in an `RRULE`.
///
/// Of the parts it knows `FREQ` from `DAILY` to `YEARLY`, `INTERVAL`, `COUNT`, `UNTIL` (its day
/// counts), `BYMONTH`, `BYMONTHDAY`, `BYDAY`, `BYSETPOS` and `WKST`. The day that it starts on comes
/// only if the rule says so.
///
/// ```
/// use firstline_calendar::Recurrence;
///
/// let rule: Recurrence = "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR".parse()?;
/// let start = "2026-01-01".parse()?;
/// let dates: Vec<String> = rule.dates(start).take(3).map(|date| date.to_string()).collect();
/// assert_eq!(dates, ["2026-01-30", "2026-04-24", "2026-07-31"]);
/// assert_eq!(rule.dates_from(start, "2099-01-01".parse()?).next(), Some("2099-01-30".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    frequency: Frequency,
    interval: u32,
    end: End,
    months: Vec<u32>,
    month_days: Vec<i32>,
    week_days: Vec<WeekDay>,
    places: Vec<i32>,
    week_start: Weekday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// When it comes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Never,
    After(u32),
    On(NaiveDate),
}

/// A day of the week, and which one of its month or year: from 1, or from the end below 0; 0 for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct WeekDay {
    /// From Monday, which is 0.
    day: u32,
    place: i32,
}

/// What becomes of a day on which nobody works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shift {
    /// It stays.
    #[default]
    Stay,
    /// The next day on which somebody works takes its place.
    Next,
    /// The last one before it does.
    Previous,
}

impl Recurrence {
    /// The days on which it comes, if it starts on this one.
    #[must_use]
    pub fn dates(&self, start: NaiveDate) -> Dates<'_> {
        Dates::new(self, start)
    }

    /// The days from `from` on. What lies before is counted only if the rule says how many times
    /// there are.
    #[must_use]
    pub fn dates_from(&self, start: NaiveDate, from: NaiveDate) -> Dates<'_> {
        Dates::from(self, start, from)
    }

    /// The days from `from` on, each with the moment at which it comes: at that time by the clock of
    /// the calendar, on that day or the one that takes its place. Two days can have one moment; each is
    /// one time that it comes.
    ///
    /// A time that the clock leaves out in spring is the moment at which it is put forward, as
    /// everywhere with calendars; RFC 5545 has it as much later as it lies behind that.
    pub fn moments<'r>(
        &'r self,
        (start, from): (NaiveDate, NaiveDate),
        (at, shift): (TimeOfDay, Shift),
        calendar: &'r Calendar,
    ) -> impl Iterator<Item = (NaiveDate, Timestamp)> + 'r {
        let dates = self.dates_from(start, from);
        dates.map_while(move |date| {
            let day = match shift {
                _ if calendar.is_working_day(date) => Some(date),
                Shift::Stay => Some(date),
                Shift::Next => calendar.add_working_days(date, 1),
                Shift::Previous => calendar.add_working_days(date, -1),
            };
            Some((date, calendar.at(day?, at)?))
        })
    }
}
