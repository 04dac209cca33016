//! What rules say, what is refused, and the same read day by day.

use proptest::prelude::*;

use super::*;
use crate::CalendarSpec;

/// The first days of a rule that starts on a day; or why it is none.
#[track_caller]
fn comes(rule: &str, start: &str, expected: &str) {
    let told = match rule.parse::<Recurrence>() {
        Ok(rule) => {
            let dates = rule.dates(start.parse().unwrap()).take(5);
            dates.map(|date| date.to_string()).collect::<Vec<_>>().join(" ")
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(told, expected, "{rule}");
}

#[test]
fn days_weeks_months_and_years() {
    comes("FREQ=DAILY;INTERVAL=10;COUNT=3", "2026-02-25", "2026-02-25 2026-03-07 2026-03-17");
    comes(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "1997-08-05",
        "1997-08-05 1997-08-17 1997-08-19 1997-08-31 1997-09-02",
    );
    comes(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU",
        "1997-08-05",
        "1997-08-05 1997-08-10 1997-08-19 1997-08-24 1997-09-02",
    );
    // A month that has no such day has none.
    comes(
        "RRULE:FREQ=MONTHLY",
        "2026-01-31",
        "2026-01-31 2026-03-31 2026-05-31 2026-07-31 2026-08-31",
    );
    comes("FREQ=YEARLY;UNTIL=20321231", "2024-02-29", "2024-02-29 2028-02-29 2032-02-29");
}

#[test]
fn the_last_working_day_of_a_month_and_friday_the_thirteenth() {
    comes(
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "2026-01-01",
        "2026-01-30 2026-02-27 2026-03-31 2026-04-30 2026-05-29",
    );
    comes(
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "2026-01-01",
        "2026-02-13 2026-03-13 2026-11-13 2027-08-13 2028-10-13",
    );
    comes(
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
        "2026-01-01",
        "2026-03-29 2026-10-25 2027-03-28 2027-10-31 2028-03-26",
    );
    comes(
        "FREQ=YEARLY;BYDAY=20MO",
        "1997-05-19",
        "1997-05-19 1998-05-18 1999-05-17 2000-05-15 2001-05-14",
    );
    comes(
        "FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2",
        "2026-01-01",
        "2026-02-28 2027-02-28 2028-02-29 2029-02-28 2030-02-28",
    );
}

#[test]
fn places_in_a_week_count_from_its_first_day_though_the_rule_starts_later() {
    // The start is a Wednesday, the second of the two days of its week.
    let second = "FREQ=WEEKLY;BYDAY=TU,WE;BYSETPOS=2;COUNT=2";
    comes(second, "2022-01-12", "2022-01-12 2022-01-19");
    // On a Thursday that week has passed.
    comes(second, "2022-01-13", "2022-01-19 2022-01-26");
}

#[test]
fn what_never_comes_ends_the_search_and_what_never_ends_is_never_unrolled() {
    comes("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "");
    comes(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
        "2026-01-01",
        "2044-02-29 2072-02-29 2112-02-29 2140-02-29 2168-02-29",
    );
    let rule: Recurrence = "FREQ=DAILY".parse().unwrap();
    let [start, far] = ["1970-01-01", "9999-12-30"].map(|date| date.parse().unwrap());
    assert_eq!(rule.dates_from(start, far).count(), 2);
}

#[test]
fn a_day_on_which_nobody_works_can_give_way_to_another() {
    let office: CalendarSpec = toml::from_str(
        "time_zone = 'Europe/Berlin'\nweekly = { mon-fri = ['09:00-17:00'] }\nholidays = [{ date = '2026-05-01' }]",
    )
    .unwrap();
    let office = Calendar::build(&office).unwrap();
    let rule: Recurrence = "FREQ=MONTHLY;BYMONTHDAY=1".parse().unwrap();
    let start = "2026-03-01".parse().unwrap();
    let moments = |shift| {
        let at = "08:00".parse().unwrap();
        let moments = rule.moments((start, start), (at, shift), &office).take(3);
        moments.map(|(_, moment)| moment.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(
        moments(Shift::Next),
        ["2026-03-02T07:00:00Z", "2026-04-01T06:00:00Z", "2026-05-04T06:00:00Z"]
    );
    assert_eq!(
        moments(Shift::Previous),
        ["2026-02-27T07:00:00Z", "2026-04-01T06:00:00Z", "2026-04-30T06:00:00Z"]
    );
    assert_eq!(moments(Shift::Stay)[0], "2026-03-01T07:00:00Z");
}

#[test]
fn each_mistake_is_told_with_its_part() {
    for (rule, told) in [
        ("", "RRULE: its parts are written NAME=VALUE, with ; between them"),
        ("COUNT=3", "FREQ: it is missing; write one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=SECONDLY", "FREQ: write one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ: it is written twice"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL: write numbers from 1 to 1000"),
        ("FREQ=DAILY;COUNT=4294967295", "COUNT: write numbers from 1 to 10000"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20260101", "UNTIL: it cannot end after COUNT times as well"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL: write a day that exists, such as 20261231"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH: write numbers from 1 to 12"),
        ("FREQ=DAILY;BYMONTHDAY=0", "BYMONTHDAY: there is no 0; write 1 to 31, or -1 to -31"),
        ("FREQ=DAILY;BYDAY=1MO", "BYDAY: a day has a number only in a month or a year"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY: a month has at most five of a day"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY: write numbers from -53 to 53"),
        ("FREQ=YEARLY;BYDAY=é", "BYDAY: write such as MO, 1MO or -1FR, with commas between them"),
        (
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "BYMONTHDAY: a week has no days of a month; write FREQ=DAILY or MONTHLY",
        ),
        (
            "FREQ=MONTHLY;BYSETPOS=1",
            "BYSETPOS: it chooses among days, and none are named; write BYDAY as well",
        ),
        ("FREQ=DAILY;WKST=1", "WKST: write one of MO, TU, WE, TH, FR, SA, SU"),
        (
            "FREQ=DAILY;BYHOUR=1",
            "BYHOUR: it is not known here; write one of FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS, WKST",
        ),
    ] {
        comes(rule, "2026-01-01", told);
    }
    comes(&"x".repeat(2_001), "2026-01-01", "RRULE: 2001 bytes are more than 2000");
}

fn list<T: core::fmt::Display>(part: &str, all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    if all.is_empty() { String::new() } else { format!(";{part}={}", all.join(",")) }
}

/// Rules of all sorts, as text.
fn rule() -> impl Strategy<Value = String> {
    let days = vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let days = prop::sample::subsequence(days, 0..4);
    let place = prop_oneof![2 => Just(0), 1 => -5..=5_i32];
    let months = prop::collection::btree_set(1..=12_u32, 0..4);
    let month_days = prop::collection::btree_set(prop_oneof![1..=31_i32, -31..=-1_i32], 0..4);
    let places = prop::option::weighted(0.3, prop_oneof![1..=3_i32, -3..=-1_i32]);
    let end = prop_oneof![
        Just(String::new()),
        (1..40_u32).prop_map(|it| format!(";COUNT={it}")),
        (2026..2032).prop_map(|it| format!(";UNTIL={it}0615"))
    ];
    let first = prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    (first, 1..5_u32, end, months, month_days, (days, place), places).prop_map(
        |(first, interval, end, months, month_days, (days, place), places)| {
            let months = Vec::from_iter(months);
            let month_days = if first == "WEEKLY" { vec![] } else { Vec::from_iter(month_days) };
            let is_numbered = place != 0 && matches!(first, "MONTHLY" | "YEARLY");
            let numbered =
                |day: &&str| if is_numbered { format!("{place}{day}") } else { (*day).to_owned() };
            let days: Vec<String> = days.iter().map(numbered).collect();
            let has_days = !days.is_empty() || !month_days.is_empty() || !months.is_empty();
            let places: Vec<i32> = places.filter(|_| has_days).into_iter().collect();
            let (months, month_days) = (list("BYMONTH", &months), list("BYMONTHDAY", &month_days));
            let (days, places) = (list("BYDAY", &days), list("BYSETPOS", &places));
            format!("FREQ={first};INTERVAL={interval}{end}{months}{month_days}{days}{places}")
        },
    )
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (9_000..18_000_i32).prop_map(|day| NaiveDate::from_epoch_days(day + 10_000).unwrap())
}

/// RFC 5545, 2: property names and their words may be written in any letters.
#[test]
fn a_rule_reads_in_small_letters() {
    let small: Recurrence = "rrule:freq=Weekly;byday=mo,Fr".parse().unwrap();
    assert_eq!(small, "FREQ=WEEKLY;BYDAY=MO,FR".parse().unwrap());
    let twice = "FREQ=DAILY;freq=daily".parse::<Recurrence>().unwrap_err();
    assert_eq!(twice.to_string(), "FREQ: it is written twice");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_is_told_as_it_is_read(rule in rule()) {
        let read: Recurrence = rule.parse().unwrap();
        prop_assert_eq!(read.to_string().parse::<Recurrence>().unwrap(), read);
    }

    #[test]
    fn days_come_in_order_from_the_start_and_to_begin_later_changes_none(
        rule in rule(), start in day(), later in 0..3_000_u64
    ) {
        let rule: Recurrence = rule.parse().unwrap();
        let all: Vec<NaiveDate> = rule.dates(start).take(60).collect();
        prop_assert!(all.iter().all(|date| *date >= start));
        prop_assert!(all.is_sorted_by(|a, b| a < b));
        let from = start.checked_add_days(chrono::Days::new(later)).unwrap();
        let rest: Vec<NaiveDate> = rule.dates_from(start, from).take(20).collect();
        let known = all.iter().copied().filter(|date| *date >= from);
        for (one, other) in known.zip(&rest) {
            prop_assert_eq!(one, *other);
        }
        prop_assert!(rest.iter().all(|date| *date >= from));
    }

    #[test]
    fn no_text_panics(text in "(FREQ=(DAILY|MONTHLY|YEARLY)|;|=|,|BYDAY|BYSETPOS|-?[0-9]{1,20}|[A-Z]{2}|\\PC){0,12}") {
        if let Ok(rule) = text.parse::<Recurrence>() {
            let _ = rule.dates(NaiveDate::MIN).take(3).count();
            let _ = rule.dates(NaiveDate::MAX).take(3).count();
        }
    }
}

/// The same by another implementation.
#[cfg(feature = "icalendar")]
mod oracle {
    use calcard::common::timezone::Tz;
    use calcard::icalendar::ICalendar;

    use chrono::Datelike;

    use super::*;

    /// RFC 5545 counts places from the beginning of the week; the other counts them in the first week
    /// from the day that the rule starts on.
    fn chooses_in_a_begun_week(rule: &Recurrence, start: NaiveDate) -> bool {
        let is_begun = start.weekday() != rule.week_start;
        rule.frequency == Frequency::Weekly && !rule.places.is_empty() && is_begun
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn days_are_those_that_another_implementation_gives(rule in rule(), near in day()) {
            let read: Recurrence = rule.parse().unwrap();
            // What starts on a day that the rule does not name is up to each implementation.
            let Some(start) = read.dates(near).next() else { return Ok(()) };
            let ours: Vec<NaiveDate> = read.dates(start).take(30).collect();
            if ours.first() != Some(&start) || chooses_in_a_begun_week(&read, start) {
                return Ok(());
            }
            let text = format!(
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:{}T090000\nRRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n",
                start.format("%Y%m%d")
            );
            let theirs = ICalendar::parse(text).unwrap().expand_dates(Tz::Floating, 30);
            let theirs: Vec<NaiveDate> = theirs.events.iter().map(|it| it.start.date_naive()).collect();
            let both = ours.len().min(theirs.len());
            prop_assert_eq!(&ours[..both], &theirs[..both], "{} from {}", rule, start);
        }
    }
}
