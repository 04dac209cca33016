//! Working days: the dates on which a calendar has any working time.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Calendar, Inner};
use crate::Timestamp;
use crate::spec::hours::read_time;
use crate::timeline::{Builder, DAY, END, PatternId, START, StateId, Timeline, WEEK};

/// A promise in working days: "by the end of the day", "the next working day by 16:00", "within
/// three working days".
///
/// The day on which the promise is made does not count, whatever the hour, as is usual in law and
/// trade. See [`Calendar::due`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DayTarget {
    /// How many working days after this one; 0 is today.
    pub working_days: u32,
    /// The time of that day on the wall clock, or, when left out, the end of that day's hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<TimeOfDay>,
}

/// What the wall clock shows, from `00:00` to `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// So many minutes after midnight, or `None` if they are more than 1440.
    #[must_use]
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes <= 24 * 60 { Some(Self(minutes)) } else { None }
    }

    /// Minutes after midnight.
    #[must_use]
    pub const fn as_minutes(self) -> u16 {
        self.0
    }
}

/// A text that is not a time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time of day; write it as HH:MM from 00:00 to 24:00")]
pub struct ParseTimeOfDayError {
    /// What was found.
    pub text: String,
}

impl Calendar {
    /// When a promise in working days that is made at `t` falls due.
    ///
    /// With `working_days` 0 it is today, if today is a working day and the moment lies ahead, and
    /// otherwise the next working day. A time outside the hours of the day is taken as it stands.
    ///
    /// The hours of a day end with the day at the latest: a night shift is cut at midnight here.
    ///
    /// `None` when there are more than ten years without a working day in between.
    ///
    /// ```
    /// use firstline_calendar::{Calendar, CalendarSpec, DayTarget};
    ///
    /// let office = Calendar::build(&serde_json::from_str::<CalendarSpec>(
    ///     r#"{ "time_zone": "UTC", "weekly": { "mon-thu": ["09:00-17:00"], "fri": ["09:00-15:00"] } }"#,
    /// )?)?;
    /// let thursday_evening = "2026-03-05T18:00:00Z".parse()?;
    /// let due = |working_days, by: Option<&str>| {
    ///     let by = by.map(|text| text.parse().unwrap());
    ///     office.due(thursday_evening, DayTarget { working_days, by }).unwrap().to_string()
    /// };
    /// assert_eq!(due(1, Some("12:00")), "2026-03-06T12:00:00Z");
    /// assert_eq!(due(1, None), "2026-03-06T15:00:00Z");
    /// assert_eq!(due(3, None), "2026-03-10T17:00:00Z");
    /// assert_eq!(due(0, None), "2026-03-06T15:00:00Z", "today is over");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn due(&self, t: Timestamp, target: DayTarget) -> Option<Timestamp> {
        let today = self.date_of(t);
        let on = |date| match target.by {
            Some(time) => self.at(date, time),
            None => self.end_of_hours(date),
        };
        match target.working_days {
            0 if self.is_working_day(today) => match on(today).filter(|&due| due > t) {
                Some(due) => Some(due),
                None => on(self.add_working_days(today, 1)?),
            },
            days => on(self.add_working_days(today, i64::from(days.max(1)))?),
        }
    }

    /// The date in the calendar's zone. While an autumn fold is gone through for the second time it
    /// is the date that was reached before.
    ///
    /// Near [`Timestamp::MIN`] it is at least the first date of chrono, near [`Timestamp::MAX`] at
    /// most the last.
    #[must_use]
    pub fn date_of(&self, t: Timestamp) -> NaiveDate {
        self.wall_clock().date_of(t)
    }

    /// The first moment at which the wall clock of the calendar's zone shows this time of this date
    /// or later, or `None` out of the range of a [`Timestamp`].
    #[must_use]
    pub fn at(&self, date: NaiveDate, time: TimeOfDay) -> Option<Timestamp> {
        self.wall_clock().at(date, time)
    }

    /// Whether the date has any working time.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.inner().days().state_at(day_start(date)) == StateId::OPEN
    }

    /// The working day so many working days after a date, or before it when negative; 0 is the date
    /// itself. The date does not count and need not be a working day.
    ///
    /// `None` when there are more than ten years without a working day in between.
    #[must_use]
    pub fn add_working_days(&self, date: NaiveDate, days: i64) -> Option<NaiveDate> {
        let timeline = self.inner().days();
        let length = days.checked_abs()?.checked_mul(DAY)?;
        let day = match days {
            0 => return Some(date),
            1.. => timeline.add(day_start(date) + DAY, length)? - DAY,
            _ => timeline.sub(day_start(date), length)?,
        };
        i32::try_from(day.div_euclid(DAY)).ok().and_then(NaiveDate::from_epoch_days)
    }

    /// How many working days there are from one date, itself included, to another one, excluded;
    /// negative when `to` is before `from`.
    #[must_use]
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let timeline = self.inner().days();
        (timeline.worked(day_start(to)) - timeline.worked(day_start(from))) / DAY
    }

    /// When the hours of a date end, at midnight at the latest, or `None` when it has none.
    #[must_use]
    pub fn end_of_hours(&self, date: NaiveDate) -> Option<Timestamp> {
        if !self.is_working_day(date) {
            return None;
        }
        let midnight = self.inner().zone.reach(day_start(date) + DAY).min(END);
        self.inner().timeline.previous_end(midnight).and_then(Timestamp::from_millis)
    }
}

impl Inner {
    /// The working days as a timeline of their own, in which a moment is a date in days of 24 hours
    /// and a working day is open as a whole. Made when it is first asked for.
    fn days(&self) -> &Timeline {
        self.days.get_or_init(|| find_days(self))
    }
}

/// Dates are irregular where a segment or an offset begins; in between, each day of the week is
/// like the one seven days before.
fn find_days(calendar: &Inner) -> Timeline {
    const CLOSED: StateId = StateId(1);
    let zone = calendar.zone;
    let moment = |day: i64| zone.reach(day * DAY).clamp(START, END);
    let is_working =
        |day| calendar.timeline.worked(moment(day + 1)) > calendar.timeline.worked(moment(day));
    let starts = calendar.timeline.segments().map(|(start, _)| start);
    let irregular: BTreeSet<i64> = starts
        .chain(zone.runs().iter().map(|run| run.start))
        .map(|start| zone.latest_local(start).div_euclid(DAY))
        // The date before may be one that a change of offset has skipped.
        .flat_map(|day| [day - 1, day])
        .collect();
    let ends = irregular.iter().skip(1).copied().chain([END.div_euclid(DAY) + 2]);
    let mut builder = Builder::default();
    let mut push = |day: i64, week: Vec<(u32, StateId)>| {
        let pattern: PatternId = builder.pattern(week);
        builder.push(day * DAY, pattern);
    };
    let state = |day: i64| if is_working(day) { StateId::OPEN } else { CLOSED };
    for (&day, end) in irregular.iter().zip(ends) {
        push(day, vec![(0, state(day))]);
        let week = day + 1..end.min(day + 8);
        if !week.is_empty() {
            let phase = |day: i64| (day * DAY).rem_euclid(WEEK) as u32;
            push(day + 1, week.map(|day| (phase(day), state(day))).collect());
        }
    }
    builder.finish()
}

/// The start of a date as milliseconds of local time.
fn day_start(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days()) * DAY
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = ParseTimeOfDayError;

    /// Reads `HH:MM`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read_time(text).map(Self).ok_or_else(|| ParseTimeOfDayError { text: text.to_owned() })
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(json: &str) -> Calendar {
        Calendar::build(&serde_json::from_str(json).unwrap()).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn office() -> Calendar {
        calendar(
            r#"{ "time_zone": "Europe/Berlin", "weekly": { "mon-fri": ["09:00-17:00"] },
                 "holidays": ["12-25", "12-26", "easter+1"],
                 "exceptions": { "2026-12-24": ["09:00-12:00"], "2026-12-27": ["10:00-11:00"] } }"#,
        )
    }

    #[test]
    fn working_days_pass_over_weekends_and_holidays() {
        let office = office();
        let after = |from: &str, days| office.add_working_days(date(from), days).unwrap();
        assert_eq!(after("2026-12-23", 1), date("2026-12-24"));
        assert_eq!(after("2026-12-23", 2), date("2026-12-27"), "a special Sunday");
        assert_eq!(after("2026-12-23", 3), date("2026-12-28"));
        assert_eq!(after("2026-12-28", -3), date("2026-12-23"));
        assert_eq!(after("2026-12-26", 0), date("2026-12-26"));
        assert_eq!(office.working_days_between(date("2026-01-01"), date("2027-01-01")), 260);
        assert_eq!(office.working_days_between(date("2027-01-01"), date("2026-01-01")), -260);
    }

    #[test]
    fn the_hours_of_today_end_when_they_end_today() {
        let office = office();
        let end = |t: &str| {
            let today = DayTarget { working_days: 0, by: None };
            office.due(t.parse().unwrap(), today).unwrap().to_string()
        };
        assert_eq!(end("2026-12-23T10:00:00Z"), "2026-12-23T16:00:00Z");
        assert_eq!(end("2026-12-23T16:00:00Z"), "2026-12-24T11:00:00Z");
        assert_eq!(end("2026-12-25T10:00:00Z"), "2026-12-27T10:00:00Z");
    }

    #[test]
    fn a_date_that_was_never_reached_is_no_working_day() {
        let apia = calendar(
            r#"{ "time_zone": "Pacific/Apia", "weekly": { "mon-sun": ["00:00-24:00"] } }"#,
        );
        assert!(!apia.is_working_day(date("2011-12-30")));
        assert_eq!(apia.add_working_days(date("2011-12-29"), 1), Some(date("2011-12-31")),);
    }

    #[test]
    fn a_million_working_days_are_one_search_away() {
        let office = office();
        let start = date("2026-03-02");
        let far = office.add_working_days(start, 1_000_000).unwrap();
        assert_eq!(office.working_days_between(start, far), 1_000_000);
        assert_eq!(office.add_working_days(start, i64::MAX), None);
        assert_eq!(office.add_working_days(start, i64::MIN), None);
    }

    #[test]
    fn every_day_is_what_its_working_time_says() {
        let shifts = r#""weekly": { "mon": ["22:00-06:00"], "thu": ["02:15-02:45"],
                                    "sun": ["02:15-02:45"] }"#;
        for zone in ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia"] {
            let calendar = calendar(&format!(
                r#"{{ "time_zone": "{zone}", {shifts}, "holidays": ["2011-12-29", "easter"] }}"#
            ));
            for day in date("2009-01-01").iter_days().take(3_000) {
                let midnight = TimeOfDay(0);
                let [from, to] =
                    [day, day.succ_opt().unwrap()].map(|date| calendar.at(date, midnight).unwrap());
                let has_hours = calendar.between(from, to).as_millis() > 0;
                assert_eq!(calendar.is_working_day(day), has_hours, "{zone} {day}");
                if from < to {
                    assert_eq!(calendar.date_of(from), day, "{zone}");
                }
            }
        }
    }

    #[test]
    fn a_day_target_reads_well_in_a_rulebook() {
        let target: DayTarget =
            serde_json::from_str(r#"{ "working_days": 1, "by": "16:00" }"#).unwrap();
        assert_eq!(target, DayTarget { working_days: 1, by: TimeOfDay::from_minutes(960) });
        let json = serde_json::to_string(&target).unwrap();
        assert_eq!(json, r#"{"working_days":1,"by":"16:00"}"#);
        for wrong in ["\"4pm\"", "\"24:01\"", "960"] {
            assert!(serde_json::from_str::<TimeOfDay>(wrong).is_err(), "{wrong}");
        }
    }
}
