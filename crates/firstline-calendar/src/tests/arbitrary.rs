//! Random calendars.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::sample::select;

use crate::zone::Zone;
use crate::{CalendarSpec, ExceptionSpec, HolidaySpec, Timestamp, VersionSpec};

/// The usual zones and all the odd ones: half hours and quarters, a gap of a whole day, gaps and
/// folds at midnight, folds without daylight saving, two changes a month, negative daylight saving,
/// a clock that moves by two hours.
pub(super) const ZONES: [&str; 48] = [
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "America/Asuncion",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Havana",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Casey",
    "Antarctica/Macquarie",
    "Antarctica/Troll",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Dhaka",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Europe/Istanbul",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Volgograd",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Norfolk",
];

/// A moment between 1975 and 2060, in one case of two within three days of a change of offset.
pub(super) fn moment_near_change(zone: &str) -> impl Strategy<Value = Timestamp> + use<> {
    const MINUTE: i64 = 60_000;
    let [first, last] = [1975, 2060].map(|year| {
        let date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
    });
    let tz: Tz = zone.parse().unwrap();
    let changes = Zone::new(tz).runs().iter().map(|run| run.start / MINUTE);
    let mut changes: Vec<i64> =
        changes.filter(|minute| (first / 60..last / 60).contains(minute)).collect();
    changes.push(first / 60);
    let near = (select(changes), -4_320_i64..4_320).prop_map(|(change, off)| change + off);
    prop_oneof![near, first / 60..last / 60]
        .prop_map(|minute| Timestamp::from_millis(minute * MINUTE).unwrap())
}

/// A calendar with hours in the week, and special dates within a month of the moment.
pub(super) fn spec_around(zone: &'static str, t: Timestamp) -> impl Strategy<Value = CalendarSpec> {
    let day = t.as_millis().div_euclid(86_400_000);
    let date = move || {
        (-31_i64..31).prop_map(move |off| {
            NaiveDate::from_epoch_days((day + off) as i32).unwrap().to_string()
        })
    };
    let yearly = date().prop_map(|date| date[5..].to_owned());
    let holiday = prop_oneof![3 => date(), 1 => yearly];
    let hours = || prop::collection::vec(window(false), 0..3);
    (
        week(),
        prop::collection::vec((holiday, prop::option::of("[A-C]")), 0..5),
        prop::collection::btree_map(date(), (hours(), prop::option::of("[A-C]")), 0..4),
        prop::collection::btree_map(date(), week(), 0..2),
    )
        .prop_map(move |(weekly, holidays, exceptions, versions)| CalendarSpec {
            time_zone: zone.to_owned(),
            weekly,
            holidays: holidays
                .into_iter()
                .map(|(date, name)| HolidaySpec { name, ..HolidaySpec::from(&*date) })
                .collect(),
            exceptions: exceptions
                .into_iter()
                .map(|(date, (hours, name))| (date, ExceptionSpec { hours, name }))
                .collect(),
            versions: versions
                .into_iter()
                .map(|(from, weekly)| VersionSpec { from, weekly })
                .collect(),
            ..CalendarSpec::default()
        })
}

fn week() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let day = select(vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"]).prop_map(str::to_owned);
    prop_oneof![
        4 => prop::collection::btree_map(day, prop::collection::vec(window(true), 0..4), 1..7),
        1 => Just([("mon-sun".to_owned(), vec!["00:00-24:00".to_owned()])].into()),
        1 => Just([("mon-fri".to_owned(), vec!["22:00-06:00".to_owned()])].into()),
    ]
}

/// A window, past midnight or not, with a liking for the small hours in which clocks change.
fn window(past_midnight: bool) -> impl Strategy<Value = String> {
    let minute = || prop_oneof![0_u32..240, 0_u32..1440, (0_u32..24).prop_map(|hour| hour * 60)];
    (minute(), minute()).prop_filter("empty", |(open, close)| open != close).prop_map(
        move |(open, close)| {
            let swap = close < open && !past_midnight;
            let (open, close) = if swap { (close, open) } else { (open, close) };
            let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
            format!("{}-{}", time(open), time(close))
        },
    )
}

/// A zone, a moment and a calendar around it.
pub(super) fn scene() -> impl Strategy<Value = (CalendarSpec, Timestamp)> {
    select(&ZONES[..])
        .prop_flat_map(|zone| (Just(zone), moment_near_change(zone)))
        .prop_flat_map(|(zone, t)| (spec_around(zone, t), Just(t)))
}

/// Any moment at all, the ends of time included.
pub(super) fn any_moment() -> impl Strategy<Value = Timestamp> {
    let range = Timestamp::MIN.as_millis()..=Timestamp::MAX.as_millis();
    prop_oneof![
        1 => Just(Timestamp::MIN),
        1 => Just(Timestamp::MAX),
        2 => range.prop_map(|millis| Timestamp::from_millis(millis).unwrap()),
        6 => (-4_000_000_000_000_i64..8_000_000_000_000)
            .prop_map(|millis| Timestamp::from_millis(millis).unwrap()),
    ]
}
