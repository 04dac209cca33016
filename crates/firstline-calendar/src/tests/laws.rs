//! What holds for every calendar at every moment.

use proptest::prelude::*;

use super::arbitrary::{any_moment, scene};
use crate::{Calendar, SpanState, Timestamp, WorkTime};

fn calendar() -> impl Strategy<Value = Calendar> {
    scene().prop_filter_map("never opens", |(spec, _)| Calendar::build(&spec).ok())
}

/// The moment a millisecond later, or earlier when negative.
fn beside(t: Timestamp, millis: i64) -> Timestamp {
    t.checked_add_millis(millis).unwrap_or(t)
}

fn budget() -> impl Strategy<Value = WorkTime> {
    prop_oneof![
        (1_i64..10_000_000_000).prop_map(WorkTime::from_millis),
        (1_i64..100_000_000).prop_map(WorkTime::from_minutes),
        Just(WorkTime::from_millis(1)),
    ]
}

proptest! {
    #[test]
    fn adding_takes_the_earliest_moment_and_subtracting_the_latest(
        calendar in calendar(), t in any_moment(), d in budget(),
    ) {
        if let Some(end) = calendar.add(t, d) {
            prop_assert_eq!(calendar.between(t, end), d);
            prop_assert!(calendar.between(t, beside(end, -1)) < d);
            prop_assert_eq!(calendar.sub(t, -d), Some(end));
        }
        if let Some(start) = calendar.sub(t, d) {
            prop_assert_eq!(calendar.between(start, t), d);
            prop_assert!(calendar.between(beside(start, 1), t) < d);
            prop_assert_eq!(calendar.add(t, -d), Some(start));
        }
        prop_assert_eq!(calendar.add(t, WorkTime::ZERO), Some(t));
    }

    #[test]
    fn there_and_back_stays_within_the_same_closed_time(
        calendar in calendar(), t in any_moment(), d in budget(),
    ) {
        if let Some(back) = calendar.add(t, d).and_then(|end| calendar.sub(end, d)) {
            prop_assert_eq!(calendar.between(t, back), WorkTime::ZERO);
            prop_assert!(back >= t);
        }
    }

    #[test]
    fn time_between_is_additive_signed_and_monotone(
        calendar in calendar(), a in any_moment(), b in any_moment(), c in any_moment(),
    ) {
        let between = |from, to| calendar.between(from, to);
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
        prop_assert_eq!(between(a, b), -between(b, a));
        prop_assert_eq!(between(a, a), WorkTime::ZERO);
        let (from, to) = (a.min(b), a.max(b));
        prop_assert!(between(from, to) >= WorkTime::ZERO);
        prop_assert!(between(from, to).as_millis() <= to.millis_since(from));
    }

    #[test]
    fn adding_more_never_ends_earlier(
        calendar in calendar(), t in any_moment(), d in budget(), more in budget(),
    ) {
        match (calendar.add(t, d), calendar.add(t, d + more)) {
            (Some(end), Some(later)) => prop_assert!(end < later),
            (None, later) => prop_assert_eq!(later, None),
            (Some(_), None) => {}
        }
    }

    #[test]
    fn the_next_changes_are_changes_and_nothing_lies_before_them(
        calendar in calendar(), t in any_moment(),
    ) {
        if let Some(opening) = calendar.next_open(t) {
            prop_assert!(opening >= t && calendar.is_open(opening));
            prop_assert_eq!(calendar.between(t, opening), WorkTime::ZERO);
            prop_assert_eq!(calendar.is_open(t), opening == t);
        }
        if let Some(closing) = calendar.next_close(t) {
            prop_assert!(closing > t && !calendar.is_open(closing));
            let open = calendar.next_open(t).unwrap();
            prop_assert_eq!(calendar.between(t, closing).as_millis(), closing.millis_since(open));
        }
        if let Some(opening) = calendar.previous_open(t) {
            prop_assert!(opening <= t && calendar.is_open(opening));
            prop_assert!(!calendar.is_open(beside(opening, -1)));
        }
        if let Some(closing) = calendar.previous_close(t) {
            prop_assert!(closing <= t && !calendar.is_open(closing));
            prop_assert!(calendar.is_open(beside(closing, -1)));
        }
    }

    #[test]
    fn the_spans_of_a_year_add_up(calendar in calendar(), t in any_moment()) {
        let end = t.checked_add_millis(366 * 86_400_000).unwrap_or(Timestamp::MAX);
        let open: i64 = calendar
            .spans(t, end)
            .filter(|span| span.state == SpanState::Open)
            .map(|span| span.to.millis_since(span.from))
            .sum();
        prop_assert_eq!(calendar.between(t, end).as_millis(), open);
    }

    #[test]
    fn combined_calendars_are_open_as_their_parts_say(
        a in calendar(), b in calendar(), change in any_moment(),
        moments in prop::collection::vec(any_moment(), 30),
    ) {
        let union = a.union(&b);
        let (both, rest) = (a.intersection(&b).ok(), a.difference(&b).ok());
        let moved = a.followed_by(change, &b).ok();
        let is_open = |calendar: &Option<Calendar>, t| calendar.as_ref().is_some_and(|c| c.is_open(t));
        for t in moments.into_iter().chain([change, beside(change, -1)]) {
            let (in_a, in_b) = (a.is_open(t), b.is_open(t));
            prop_assert_eq!(union.is_open(t), in_a || in_b, "union at {}", t);
            prop_assert_eq!(is_open(&both, t), in_a && in_b, "intersection at {}", t);
            prop_assert_eq!(is_open(&rest, t), in_a && !in_b, "difference at {}", t);
            let then = if t < change { in_a } else { in_b };
            prop_assert_eq!(is_open(&moved, t), then, "followed by at {}", t);
        }
    }
}
