//! The calendar against a simple one that looks at every minute.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::arbitrary::scene;
use crate::spec::hours::{Week, Window, read_hours, read_week};
use crate::{Calendar, CalendarSpec, SpanState, Timestamp, WorkTime};

const MINUTE: i64 = 60_000;

/// Asks the definition: is this minute of the wall clock in a window of its date?
struct Slow {
    tz: Tz,
    versions: Vec<(NaiveDate, Week)>,
    holidays: BTreeSet<String>,
    exceptions: BTreeMap<String, Vec<Window>>,
}

impl Slow {
    fn new(spec: &CalendarSpec) -> Self {
        let mut versions = vec![(NaiveDate::MIN, read_week(&spec.weekly, "").unwrap())];
        for version in &spec.versions {
            let week = read_week(&version.weekly, "").unwrap();
            versions.push((version.from.parse().unwrap(), week));
        }
        versions.sort_by_key(|version| version.0);
        let exceptions = spec.exceptions.iter();
        Self {
            tz: spec.time_zone.parse().unwrap(),
            versions,
            holidays: spec.holidays.iter().map(|holiday| holiday.date.clone()).collect(),
            exceptions: exceptions
                .map(|(date, exception)| (date.clone(), read_hours(&exception.hours, "").unwrap()))
                .collect(),
        }
    }

    fn is_open(&self, local: NaiveDateTime) -> bool {
        let date = local.date();
        let minute = (local.hour() * 60 + local.minute()) as u16;
        let within = |windows: &[Window], minute: u16| {
            windows.iter().any(|window| (window.open..window.close).contains(&minute))
        };
        let text = date.to_string();
        if let Some(windows) = self.exceptions.get(&text) {
            return within(windows, minute);
        }
        if self.holidays.contains(&text) || self.holidays.contains(&text[5..]) {
            return false;
        }
        // A shift is one of the hours of the day on which it began.
        let began_on = |date: NaiveDate| {
            let week = &self.versions.iter().rev().find(|(from, _)| *from <= date).unwrap().1;
            &week[date.weekday().num_days_from_monday() as usize]
        };
        within(began_on(date), minute) || within(began_on(date.pred_opt().unwrap()), minute + 1440)
    }

    /// For each of so many minutes from `t` on whether it is open. In an autumn fold a window's
    /// edge is its first occurrence, so the second time nothing changes until the clock shows a
    /// minute that it has not shown before.
    fn minutes(&self, t: Timestamp, count: i64) -> Vec<bool> {
        const BEFORE: i64 = 2 * 1440;
        let mut latest = NaiveDateTime::MIN;
        (-BEFORE..count)
            .map(|minute| {
                let utc = (t.to_chrono() + TimeDelta::minutes(minute)).naive_utc();
                let local = utc + self.tz.offset_from_utc_datetime(&utc).fix();
                latest = latest.max(local);
                (minute, latest)
            })
            .filter(|(minute, _)| *minute >= 0)
            .map(|(_, local)| self.is_open(local))
            .collect()
    }
}

/// So many minutes are looked at, over three weeks.
const COUNT: i64 = 22 * 1440;

struct Scene {
    calendar: Calendar,
    start: Timestamp,
    open: Vec<bool>,
}

impl Scene {
    fn at(&self, minute: usize) -> Timestamp {
        self.start.checked_add_millis(minute as i64 * MINUTE).unwrap()
    }

    fn minutes_between(&self, from: usize, to: usize) -> usize {
        self.open[from..to].iter().filter(|open| **open).count()
    }

    fn find(&self, from: usize, open: bool) -> Option<usize> {
        (from..self.open.len()).find(|&minute| self.open[minute] == open)
    }

    /// Everything that can be asked at a minute and answered within the minutes looked at.
    fn check(&self, minute: usize, other: usize) {
        let Self { calendar, open, .. } = self;
        let t = self.at(minute);
        assert_eq!(calendar.is_open(t), open[minute], "is_open {t}");
        let (from, to) = (minute.min(other), minute.max(other));
        let worked = self.minutes_between(from, to);
        let budget = WorkTime::from_minutes(worked as i64);
        assert_eq!(calendar.between(self.at(from), self.at(to)), budget, "between {t}");
        if worked > 0 {
            // The earliest end lies one minute after the last open minute, the latest start at the
            // first one.
            let last = (from..to).rev().find(|&minute| open[minute]).unwrap();
            let first = (from..to).find(|&minute| open[minute]).unwrap();
            assert_eq!(calendar.add(self.at(from), budget), Some(self.at(last + 1)), "add {t}");
            assert_eq!(calendar.sub(self.at(to), budget), Some(self.at(first)), "sub {t}");
        }
        if let Some(opening) = self.find(minute, true) {
            assert_eq!(calendar.next_open(t), Some(self.at(opening)), "next_open {t}");
            if let Some(closing) = self.find(opening, false) {
                assert_eq!(calendar.next_close(t), Some(self.at(closing)), "next_close {t}");
            }
        }
        let change = |to_open: bool| {
            (1..=minute)
                .rev()
                .find(|&minute| open[minute] == to_open && open[minute - 1] != to_open)
        };
        if let Some(opening) = change(true) {
            assert_eq!(calendar.previous_open(t), Some(self.at(opening)), "previous_open {t}");
        }
        if let Some(closing) = change(false) {
            assert_eq!(calendar.previous_close(t), Some(self.at(closing)), "previous_close {t}");
        }
    }

    fn check_spans(&self) {
        let end = self.at(self.open.len());
        let spans: Vec<_> = self.calendar.spans(self.start, end).collect();
        let mut backward: Vec<_> = self.calendar.spans(self.start, end).rev().collect();
        backward.reverse();
        assert_eq!(spans, backward);
        let mut at = self.start;
        for span in &spans {
            assert_eq!(span.from, at, "spans leave no gap");
            let minutes = [span.from, span.to].map(|t| t.millis_since(self.start) / MINUTE);
            let minutes = &self.open[minutes[0] as usize..minutes[1] as usize];
            let is_open = span.state == SpanState::Open;
            assert!(minutes.iter().all(|open| *open == is_open), "{span:?}");
            at = span.to;
        }
        assert_eq!(at, end);
        assert!(spans.windows(2).all(|pair| pair[0].state != pair[1].state), "merged");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_minute_is_as_the_definition_says(
        (spec, start) in scene(),
        pairs in prop::collection::vec((0..COUNT as usize, 0..COUNT as usize), 40),
    ) {
        // A spec without any hours is refused, which is another test's affair.
        let Ok(calendar) = Calendar::build(&spec) else { return Ok(()) };
        let open = Slow::new(&spec).minutes(start, COUNT);
        let scene = Scene { calendar, start, open };
        scene.check_spans();
        for (minute, other) in pairs {
            scene.check(minute, other);
        }
    }
}

/// Every change of offset from 1975 to 2040 in the oddest zones, with windows whose edges lie in
/// most gaps and folds there are.
#[test]
fn every_change_in_the_oddest_zones_is_as_the_definition_says() {
    const ODD: [&str; 8] = [
        "Africa/Casablanca",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Antarctica/Troll",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Pacific/Apia",
    ];
    let hours = ["00:01-00:20", "00:45-01:15", "01:30-02:15", "02:20-02:30", "02:45-23:40"];
    let years = ["1975-01-01T00:00:00Z", "2040-01-01T00:00:00Z"]
        .map(|year| DateTime::parse_from_rfc3339(year).unwrap().timestamp_millis());
    for zone in ODD {
        let spec = CalendarSpec {
            time_zone: zone.to_owned(),
            weekly: [("mon-sun".to_owned(), hours.map(str::to_owned).into())].into(),
            ..CalendarSpec::default()
        };
        let calendar = Calendar::build(&spec).unwrap();
        let slow = Slow::new(&spec);
        let runs = crate::zone::Zone::new(spec.time_zone.parse().unwrap()).runs();
        for run in runs.iter().filter(|run| (years[0]..years[1]).contains(&run.start)) {
            let start = Timestamp::from_millis(run.start - 300 * MINUTE).unwrap();
            let scene = Scene { calendar: calendar.clone(), start, open: slow.minutes(start, 900) };
            scene.check_spans();
        }
    }
}
