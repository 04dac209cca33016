//! What closed hours and the change of the clock are called.

use super::*;

/// What a promise of an hour's answer looks like on this calendar, from the first moment to the
/// second one.
fn told_on(on: &Calendar, (from, to): (&str, &str), tongue: Tongue) -> String {
    let terms = Terms { calendar: on.clone(), warnings: vec![], ladder: vec![] };
    let [from, to]: [Timestamp; 2] = [from, to].map(|text| text.parse().unwrap());
    let promise = Allowance { pin: pin("standard", "office"), within: work("100h").into() };
    let started = start_since(&promise, &terms, Past::new(from), from);
    let events = started.iter().map(|(at, event)| (*at, event));
    let find = |_: &Pin| Some(on.clone());
    let ledger = explain(Metric::FirstReply.into(), 1, events, find, to).unwrap();
    ledger.text(tongue, &[])
}

#[test]
fn the_day_of_a_desk_that_works_at_night_is_no_break() {
    let night =
        calendar("time_zone = \"UTC\"\nweekly = { mon-sun = [\"00:00-06:00\", \"22:00-24:00\"] }");
    let monday = ("2026-03-02T05:00:00Z", "2026-03-02T23:00:00Z");
    let text = told_on(&night, monday, Tongue::English);
    assert!(text.contains("06:00  16 h  closed: outside hours\n"), "{text}");
    let text = told_on(&night, monday, Tongue::Russian);
    assert!(text.contains("06:00  16 ч  нерабочее время: вне рабочих часов\n"), "{text}");
}

#[test]
fn an_hour_that_the_clock_shows_twice_says_which_of_the_two_it_is() {
    let berlin =
        calendar("time_zone = \"Europe/Berlin\"\nweekly = { mon-sun = [\"00:00-24:00\"] }");
    let begun = |from| {
        let text = told_on(&berlin, (from, "2026-10-25T03:00:00Z"), Tongue::English);
        text.lines().nth(3).unwrap().split("  ").next().unwrap().to_owned()
    };
    let moments = ["2026-10-24T23:59:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"];
    assert_eq!(
        moments.map(begun),
        [
            "Sun 25 Oct 2026 01:59",
            "Sun 25 Oct 2026 02:30 (UTC+02:00)",
            "Sun 25 Oct 2026 02:30 (UTC+01:00)",
        ],
    );
    assert_eq!(begun("2026-10-25T02:00:00Z"), "Sun 25 Oct 2026 03:00");
}
