//! Working time: weekly hours, holidays and exceptions in any time zone, compiled so that every
//! question is a search.
//!
//! It is not a clock and not a scheduler: it never asks what time it is, and what it answers
//! depends on its arguments alone. It knows nothing of tickets or orders either; a deadline is a
//! [`Timestamp`], a budget is a [`WorkTime`], and a [`Calendar`] turns one into the other.
//!
//! ```
//! use firstline_calendar::{Calendar, CalendarSpec, Timestamp, WorkTime};
//!
//! let office: CalendarSpec = toml::from_str(
//!     r#"
//!     time_zone = "Europe/Berlin"
//!     weekly = { mon-thu = ["09:00-12:30", "13:30-18:00"], fri = ["09:00-15:00"] }
//!     holidays = [{ date = "12-25", name = "Christmas Day" }, "12-26", "easter-2", "easter+1"]
//!     exceptions = { 2026-12-24 = { hours = ["09:00-12:00"], name = "Christmas Eve" } }
//!     "#,
//! )?;
//! let office = Calendar::build(&office)?;
//!
//! let asked: Timestamp = "2026-12-23T11:00:00+01:00".parse()?;
//! let due = office.add(asked, "12h".parse()?).expect("the office opens again");
//! assert_eq!(due, "2026-12-28T12:00:00+01:00".parse()?);
//! assert_eq!(office.between(asked, due), WorkTime::from_hours(12));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The questions
//!
//! | question | answer |
//! |---|---|
//! | [`add`](Calendar::add)`(t, d)` | the earliest x with `between(t, x) = d` |
//! | [`sub`](Calendar::sub)`(t, d)` | the latest x with `between(x, t) = d` |
//! | [`between`](Calendar::between)`(a, b)` | the working time from a to b; negative if b is before a |
//! | [`is_open`](Calendar::is_open), [`state_at`](Calendar::state_at) | open, or closed and why |
//! | [`next_open`](Calendar::next_open)`(t)` | t itself when open, else the next opening |
//! | [`next_close`](Calendar::next_close)`(t)` | the first change to closed after t |
//! | [`previous_open`](Calendar::previous_open), [`previous_close`](Calendar::previous_close) | the last such change up to t |
//! | [`spans`](Calendar::spans)`(a, b)` | what holds in between, forward or backward, with reasons |
//! | [`due`](Calendar::due)`(t, target)` | "by the end of the day", "the next working day by 16:00" |
//! | [`local_time`](Calendar::local_time)`(t)` | what the clock on the wall shows, for people |
//!
//! Windows are half-open: at 09:00 an office that opens at nine is open, at 17:00 one that closes
//! at five is closed. A budget that ends with the day is used up *at* closing, not at the next
//! opening; adding nothing moves nothing, not even out of closed time. Windows that overlap count
//! once, and windows that touch do not close in between, also over midnight.
//!
//! # Daylight saving
//!
//! Hours are read from the wall clock, time is counted as it passes. So a night shift is an hour
//! shorter in spring and an hour longer in autumn, and a day may have 23 or 25 hours:
//!
//! ```
//! # use firstline_calendar::{Calendar, CalendarSpec, Timestamp, WorkTime};
//! # fn calendar(text: &str) -> Calendar {
//! #     Calendar::build(&toml::from_str::<CalendarSpec>(text).unwrap()).unwrap()
//! # }
//! let night = calendar(r#"
//!     time_zone = "Europe/Berlin"
//!     weekly = { mon-sun = ["01:00-05:00"] }
//! "#);
//! let worked = |from: &str, to: &str| {
//!     night.between(from.parse().unwrap(), to.parse().unwrap()).to_string()
//! };
//! assert_eq!(worked("2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00"), "4h");
//! assert_eq!(worked("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"), "3h");
//! assert_eq!(worked("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"), "5h");
//! ```
//!
//! A window's edge that the clock skips lies at the change; one that it shows twice is the first
//! of the two. In other words, an edge is the first moment at which the clock shows that time *or
//! later*. That never runs backwards, so no window can turn negative or overlap its neighbour, and
//! a date that a zone has skipped (Samoa's 30 December 2011) has no hours instead of somebody
//! else's.
//!
//! # Nights, holidays, exceptions
//!
//! A window that ends before it starts passes midnight and belongs to the day on which it starts.
//! Holidays and exceptions are about dates, from midnight to midnight, so each of them cuts such a
//! window at midnight: the shift that begins on the eve of a holiday ends at midnight, and the
//! shift of the holiday itself begins at the midnight after it.
//!
//! ```
//! # use firstline_calendar::{Calendar, CalendarSpec, Timestamp, WorkTime};
//! # fn calendar(text: &str) -> Calendar {
//! #     Calendar::build(&toml::from_str::<CalendarSpec>(text).unwrap()).unwrap()
//! # }
//! let night = calendar(r#"
//!     time_zone = "UTC"
//!     weekly = { mon-fri = ["22:00-06:00"] }
//!     holidays = [{ date = "2026-05-06", name = "Founder's Day" }]
//! "#);
//! let ledger: Vec<String> = night
//!     .spans("2026-05-05T20:00:00Z".parse()?, "2026-05-07T08:00:00Z".parse()?)
//!     .map(|span| format!("{} {}", span.from, span.state))
//!     .collect();
//! assert_eq!(ledger, [
//!     "2026-05-05T20:00:00Z closed: outside hours",
//!     "2026-05-05T22:00:00Z open",
//!     "2026-05-06T00:00:00Z closed: Founder's Day",
//!     "2026-05-07T00:00:00Z open",
//!     "2026-05-07T06:00:00Z closed: outside hours",
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An exception replaces the hours of its date and beats a holiday, so a special Sunday opens and
//! a Christmas Eve closes early. [`HolidaySpec`] has the rules for holidays that come back every
//! year: dates, weekdays of a month, both Easters, and Mondays for weekends.
//!
//! # Hours that change, calendars that combine
//!
//! New weekly hours take effect from a date ([`CalendarSpec::versions`]); what was worked before is
//! counted by the hours of its time. [`Calendar::followed_by`] does the same with whole calendars,
//! for a desk that moves to another zone. And a calendar can be the [union](Calendar::union), the
//! [intersection](Calendar::intersection) or the [difference](Calendar::difference) of others, also
//! by name in one document:
//!
//! ```
//! # use firstline_calendar::{Calendar, CalendarSpec, WorkTime};
//! # use std::collections::BTreeMap;
//! let calendars: BTreeMap<String, CalendarSpec> = toml::from_str(r#"
//!     [berlin]
//!     time_zone = "Europe/Berlin"
//!     weekly = { mon-fri = ["09:00-17:00"] }
//!     versions = [{ from = "2026-07-01", weekly = { mon-thu = ["08:00-18:00"] } }]
//!     [chicago]
//!     time_zone = "America/Chicago"
//!     weekly = { mon-fri = ["09:00-17:00"] }
//!     [upkeep]
//!     time_zone = "UTC"
//!     weekly = { wed = ["20:00-21:00"] }
//!     [desk]
//!     union = ["berlin", "chicago"]
//!     [portal]
//!     difference = ["desk", "upkeep"]
//! "#)?;
//! let calendars = Calendar::build_all(&calendars)?;
//! let on_a_wednesday = |name: &str| {
//!     let (from, to) = ("2026-01-14T00:00:00Z".parse().unwrap(), "2026-01-15T00:00:00Z".parse().unwrap());
//!     calendars[name].between(from, to)
//! };
//! assert_eq!(on_a_wednesday("desk"), WorkTime::from_hours(15));
//! assert_eq!(on_a_wednesday("portal"), WorkTime::from_hours(14));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Never
//!
//! A calendar without any working time cannot be built. One that has no more of it answers `None`:
//! a search ends when it meets more than ten years (3653 days) without working time, or the end of
//! what a [`Timestamp`] can say. Beyond that there is no limit: a hundred thousand hours ahead cost
//! what one hour costs. No input panics, hangs or overflows.
//!
//! # How it works, and what it costs
//!
//! Between two changes of a zone's offset, and away from special dates, a week repeats exactly. So
//! a calendar is a sorted list of *segments*, each a week that repeats, with the working time up to
//! its start. Up to a moment it is a search for the segment plus arithmetic within a week; a moment
//! is found from its working time the same way. Combined calendars are the same kind of list.
//!
//! - Every question about moments takes a fixed number of searches: tens of nanoseconds, however
//!   far apart the moments are. Each step of [`spans`](Calendar::spans) costs one search per end.
//! - A segment takes 64 bytes at most. An office in a zone with daylight saving has some 400 of them
//!   (30 kB), a dozen yearly holidays make it 6,000 (400 kB), and
//!   100,000 holidays, which is the limit, some 13 MB. Working days need tables of the
//!   same kind, which are made when they are first asked for.
//! - To build takes 0.1 ms for an office and 0.8 ms with a dozen yearly holidays. The first
//!   calendar in a zone also finds the offsets of that zone, which are then kept (6 kB): 0.7 ms.
//! - A [`Calendar`] is a counted reference: to clone it or to share it between threads is free.
//!
//! Offsets are those of chrono-tz at every moment: before its first known change and after its last
//! one (in 2099) a zone keeps one offset. Yearly rules hold from 1900 to 2199 unless they say
//! otherwise; outside of these years they are silent and the weekly hours remain.
//!
//! # What it does not do
//!
//! - **Ask for the time.** There is no `now`; pass it in. Tests and replays then need no tricks.
//! - **Know the holidays of a country.** They change by law, and a crate would be wrong before its
//!   next release. Write them as rules, or import the file that an authority publishes (feature
//!   `icalendar`).
//! - **Say how long a day is.** `1d` means nothing to a calendar with short Fridays, so
//!   [`WorkTime`] refuses it unless [a length is given](WorkTime::parse_in_days).
//! - **Hours finer than a minute, or sunrise.** Nobody posts them on a door.
//! - **Pause.** A clock that stops while somebody waits belongs to the promise, not to the
//!   calendar; count [`between`](Calendar::between) the pauses.
//!
//! # Features
//!
//! None is on by default.
//!
//! - `icalendar`: `HolidaySpec::from_icalendar` reads RFC 5545 files. Its parser asks for chrono's
//!   `clock`; this crate does not use it.
//! - `schema`: JSON Schema of the authored form, also in the folder `schema` of this crate.

mod calendar;
mod error;
#[cfg(feature = "icalendar")]
mod icalendar;
mod recurrence;
#[cfg(feature = "schema")]
mod schema;
mod spans;
mod spec;
mod timeline;
mod timestamp;
mod wall_clock;
mod work_time;
mod zone;

#[cfg(test)]
mod tests;

/// The release of the IANA time zone database that is compiled in, such as `2025b`. Another release
/// may value future working time differently.
pub const TZDB_RELEASE: &str = chrono_tz::IANA_TZDB_VERSION;

pub use calendar::{Calendar, DayTarget, LocalTime, ParseTimeOfDayError, TimeOfDay};
pub use chrono::NaiveDate;
pub use error::CalendarError;
#[cfg(feature = "icalendar")]
pub use icalendar::{ImportError, ImportedHolidays, SkipReason, SkippedEvent};
pub use recurrence::{
    Dates, MAX_RECURRENCE_BYTES, MAX_RECURRENCE_COUNT, MAX_RECURRENCE_INTERVAL, Recurrence,
    RecurrenceError, Shift,
};
pub use spans::{ClosedReason, Span, SpanState, Spans};
pub use spec::{CalendarSpec, ExceptionSpec, HolidaySpec, Observed, VersionSpec, date_text};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use wall_clock::WallClock;
pub use work_time::{ParseWorkTimeError, WorkTime};
pub use zone::is_time_zone;
