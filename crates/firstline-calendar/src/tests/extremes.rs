//! Whatever is written and whenever is asked: an answer or an error, never a panic, never a hang.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;

use super::arbitrary::any_moment;
use crate::{
    Calendar, CalendarSpec, DayTarget, ExceptionSpec, HolidaySpec, Observed, TimeOfDay, Timestamp,
    VersionSpec, WorkTime,
};

/// What may stand in a field: often nearly right, sometimes anything.
fn text(good: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(good).prop_map(str::to_owned),
        1 => "[0-9:a-z+ -]{0,12}",
        1 => any::<String>(),
    ]
}

fn date() -> impl Strategy<Value = String> {
    text(&[
        "0000-01-01",
        "0001-01-01",
        "1582-10-15",
        "1883-11-18",
        "1970-01-01",
        "2011-12-30",
        "2026-02-28",
        "2026-12-31",
        "2099-10-25",
        "9999-12-31",
        "2026-02-29",
        "12-25",
        "02-29",
        "easter",
        "easter-366",
        "orthodox easter+366",
        "5th sun of mar",
        "last mon of dec",
        "mon on or before 01-01",
    ])
}

fn hours() -> impl Strategy<Value = Vec<String>> {
    let window = text(&["09:00-17:00", "00:00-24:00", "22:00-06:00", "02:30-02:31", "23:59-00:00"]);
    prop::collection::vec(window, 0..4)
}

fn weekly() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    prop::collection::btree_map(text(&["mon", "tue", "sat-mon", "mon-sun", "fri"]), hours(), 0..3)
}

fn holiday() -> impl Strategy<Value = HolidaySpec> {
    let observed = select(vec![None, Some(Observed::Monday), Some(Observed::Nearest)]);
    let year = || prop::option::weighted(0.2, prop_oneof![any::<i32>(), 0..=9999]);
    let days = prop::option::weighted(0.2, prop_oneof![any::<u32>(), 0_u32..400]);
    (date(), prop::option::of(any::<String>()), days, observed, year(), year()).prop_map(
        |(date, name, days, observed, from, until)| HolidaySpec {
            date,
            name,
            days,
            observed,
            from,
            until,
        },
    )
}

fn any_spec() -> impl Strategy<Value = CalendarSpec> {
    let exception = (hours(), prop::option::of(any::<String>()))
        .prop_map(|(hours, name)| ExceptionSpec { hours, name });
    let version = (date(), weekly()).prop_map(|(from, weekly)| VersionSpec { from, weekly });
    let zone = text(&["UTC", "Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo", "Etc/GMT+12"]);
    let names = || prop::collection::vec(text(&["a", "b", "c"]), 0..2);
    let names = prop_oneof![
        5 => Just([vec![], vec![], vec![]]),
        1 => (names(), names(), names()).prop_map(|(a, b, c)| [a, b, c]),
    ];
    (
        zone,
        weekly(),
        prop::collection::vec(holiday(), 0..3),
        prop::collection::btree_map(date(), exception, 0..3),
        prop::collection::vec(version, 0..2),
        names,
    )
        .prop_map(|(time_zone, weekly, holidays, exceptions, versions, names)| {
            let [union, intersection, difference] = names;
            CalendarSpec {
                time_zone,
                weekly,
                holidays,
                exceptions,
                versions,
                union,
                intersection,
                difference,
            }
        })
}

/// Asks everything there is to ask. All answers must come and agree with each other.
fn interrogate(calendar: &Calendar, t: Timestamp, other: Timestamp, d: WorkTime) {
    for (answer, back) in [(calendar.add(t, d), d), (calendar.sub(t, d), -d)] {
        if let Some(end) = answer {
            assert_eq!(calendar.between(t, end), back, "{calendar:?} {t} {d}");
        }
    }
    for answer in [
        calendar.next_open(t),
        calendar.next_close(t),
        calendar.previous_open(t),
        calendar.previous_close(t),
    ] {
        assert!(answer.is_none_or(|t| (Timestamp::MIN..=Timestamp::MAX).contains(&t)));
    }
    let (from, to) = (t.min(other), t.max(other));
    assert!(calendar.between(from, to) >= WorkTime::ZERO);
    assert!(calendar.spans(from, to).take(50).all(|span| span.from < span.to));
    assert!(calendar.spans(from, to).rev().take(50).all(|span| span.from < span.to));
    let date = calendar.date_of(t);
    let _ = calendar.add_working_days(date, d.as_millis());
    let _ = calendar.working_days_between(date, calendar.date_of(other));
    let _ = (calendar.is_working_day(date), calendar.end_of_hours(date));
    for by in [None, TimeOfDay::from_minutes(1440)] {
        for working_days in [0, 1, u32::MAX] {
            let due = calendar.due(t, DayTarget { working_days, by });
            assert!(due.is_none_or(|due| due > t), "{calendar:?} {t} {due:?}");
        }
    }
}

fn any_budget() -> impl Strategy<Value = WorkTime> {
    prop_oneof![
        any::<i64>(),
        select(vec![i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX]),
        -100_000_000_000_i64..100_000_000_000,
    ]
    .prop_map(WorkTime::from_millis)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_spec_and_no_moment_panics(
        specs in prop::collection::vec(any_spec(), 3),
        moments in prop::collection::vec((any_moment(), any_moment(), any_budget()), 8),
    ) {
        for spec in &specs {
            match Calendar::build(spec) {
                Ok(calendar) => for &(t, other, d) in &moments {
                    interrogate(&calendar, t, other, d);
                },
                Err(error) => prop_assert!(!error.path().is_empty(), "{}", error),
            }
        }
        let names = ["a", "b", "c"].map(str::to_owned);
        let all: BTreeMap<_, _> = names.into_iter().zip(specs).collect();
        if let Ok(calendars) = Calendar::build_all(&all) {
            for (calendar, &(t, other, d)) in calendars.values().zip(&moments) {
                interrogate(calendar, t, other, d);
            }
        }
    }

    #[test]
    fn what_is_written_reads_back(spec in any_spec()) {
        let json = serde_json::to_string(&spec).unwrap();
        prop_assert_eq!(serde_json::from_str::<CalendarSpec>(&json).unwrap(), spec);
    }
}

#[test]
fn a_calendar_that_never_closes_says_so_at_once() {
    let always = Calendar::always();
    assert_eq!(always.next_close(Timestamp::MIN), None);
    assert_eq!(always.previous_open(Timestamp::MAX), None);
    assert_eq!(always.spans(Timestamp::MIN, Timestamp::MAX).count(), 1);
    assert_eq!(
        always.between(Timestamp::MIN, Timestamp::MAX).as_millis(),
        Timestamp::MAX.millis_since(Timestamp::MIN),
    );
    assert_eq!(always.add(Timestamp::MIN, WorkTime::from_millis(i64::MAX)), None);
}
