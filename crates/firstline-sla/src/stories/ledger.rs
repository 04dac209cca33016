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
First reply: missed, because it was due by Mon 9 Mar 2026 12:00 and was done on Mon 9 Mar 2026 13:30, 1 h 30 min of working time too late.
Terms: 2 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

Fri 6 Mar 2026 16:00              promised, due Mon 9 Mar 2026 10:00
Fri 6 Mar 2026 16:00         1 h  counted
Fri 6 Mar 2026 17:00         7 h  closed: night
Sat 7 Mar 2026 00:00        48 h  closed: weekend
Mon 9 Mar 2026 00:00         9 h  closed: night
Mon 9 Mar 2026 09:00         1 h  counted
Mon 9 Mar 2026 10:00         2 h  paused: waiting for the customer
Mon 9 Mar 2026 12:00              goes on, due Mon 9 Mar 2026 12:00
Mon 9 Mar 2026 12:00              due, and not done: broken
Mon 9 Mar 2026 12:00  1 h 30 min  counted
Mon 9 Mar 2026 13:30              done too late
In all 69 h 30 min: 3 h 30 min counted, 64 h closed, 2 h in 1 pause."
    );
}

#[test]
fn the_due_time_that_was_broken_is_shown_and_a_pause_after_it_does_not_move_it() {
    let terms = Terms { calendar: calendar("office"), warnings: vec![], ladder: vec![] };
    let at = |time| moment("mon", time);
    let within = "2h".parse::<WorkTime>().unwrap().into();
    let allowance = Allowance { pin: Pin::new(1, "standard", "office"), within };
    let mut clock =
        Clock::begin(1, &start(&allowance, &terms, at("09:00"))[0], at("09:00")).unwrap();
    let (due, breached) = clock.settle(at("12:00")).unwrap();
    clock.apply(&breached, due).unwrap();
    let pending = Reason::from("pending");
    clock.apply(&clock.pause(&pending, &terms, at("12:00")).unwrap(), at("12:00")).unwrap();
    assert_eq!((clock.due(), clock.broken_at), (None, Some(at("11:00"))));
    clock.apply(&clock.resume(&pending, &terms, at("15:00")).unwrap(), at("15:00")).unwrap();
    assert_eq!(clock.due(), Some(at("11:00")));
    let looser = Allowance { within: WorkTime::from_hours(8).into(), ..allowance };
    for event in clock.retarget(&looser, &terms, &terms, at("15:00")) {
        clock.apply(&event, at("15:00")).unwrap();
    }
    assert_eq!((clock.due(), clock.broken_at), (Some(moment("tue", "12:00")), None));
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
