//! What is told of a clock afterwards, and what cannot be told.

use super::script::{calendar, moment, monday};
use crate::*;

#[test]
fn the_ledger_adds_up_and_says_where_the_time_went() {
    let terms = Terms { calendar: calendar("office"), warnings: vec![], ladder: vec![] };
    let (t0, t1) = (moment("fri", "16:00"), moment("mon2", "10:00"));
    let (t2, t3) = (moment("mon2", "12:00"), moment("mon2", "13:30"));
    let within = "2h".parse::<WorkTime>().unwrap().into();
    let allowance = Allowance { pin: Pin::new(1, "standard", "office"), within };
    let pending = Reason::from("pending");
    let mut events = vec![(t0, start(&allowance, &terms, t0).remove(0))];
    let mut clock = Clock::begin(1, &events[0].1, t0).unwrap();
    let paused = clock.pause(&pending, &terms, t1).unwrap();
    clock.apply(&paused, t1).unwrap();
    let resumed = clock.resume(&pending, &terms, t2).unwrap();
    clock.apply(&resumed, t2).unwrap();
    let (breached_at, breached) = clock.settle(t3).unwrap();
    clock.apply(&breached, breached_at).unwrap();
    let missed = clock.fulfil(&terms, t3).unwrap();
    events.extend([(t1, paused), (t2, resumed), (breached_at, breached), (t3, missed)]);

    let calendar = |_: &Pin| Some(terms.calendar.clone());
    let ledger =
        explain(Metric::FirstReply.into(), 1, events.iter().map(|(at, e)| (*at, e)), calendar, t3)
            .unwrap();
    assert_eq!(
        ledger.to_string(),
        "\
first_reply 1: 2h of office, policy standard, rulebook version 1
started 2026-03-06T16:00:00Z, due 2026-03-09T12:00:00Z, missed 2026-03-09T13:30:00Z, breached 2026-03-09T12:00:00Z
  2026-03-06T16:00:00Z  2026-03-06T17:00:00Z            1h  counted
  2026-03-06T17:00:00Z  2026-03-07T00:00:00Z            7h  closed: outside hours
  2026-03-07T00:00:00Z  2026-03-09T00:00:00Z           48h  closed: day off
  2026-03-09T00:00:00Z  2026-03-09T09:00:00Z            9h  closed: outside hours
  2026-03-09T09:00:00Z  2026-03-09T10:00:00Z            1h  counted
  2026-03-09T10:00:00Z  2026-03-09T12:00:00Z            2h  paused: pending
  2026-03-09T12:00:00Z  2026-03-09T13:30:00Z        1h 30m  counted
  counted 3h 30m, closed 64h, paused 2h: 69h 30m in all"
    );
}

#[test]
fn an_event_that_cannot_have_happened_is_told_and_changes_nothing() {
    let terms = Terms { calendar: Calendar::always(), warnings: vec![], ladder: vec![] };
    let t0 = monday();
    let within = "2h".parse::<WorkTime>().unwrap().into();
    let allowance = Allowance { pin: Pin::new(1, "standard", "always"), within };
    let started = start(&allowance, &terms, t0).remove(0);
    let mut clock = Clock::begin(1, &started, t0).unwrap();
    let before = clock.clone();
    let resumed = ClockEvent::Resumed { reason: Reason::from("pending"), schedule: None };
    assert!(clock.apply(&resumed, t0).is_err());
    assert!(clock.apply(&started, t0).is_err());
    assert_eq!(clock, before);
    assert!(Clock::begin(1, &resumed, t0).is_err());
}
