//! What a clock does, told as stories: what happens, and what the clock says to it.
//!
//! The week begins on Monday, 2 March 2026, and the office is open from 9 to 17, Monday to Friday,
//! in UTC. Each line of a script is a moment and what happens then; every line is preceded by a
//! look at what became true until then, as every user of a clock must do.

use crate::*;

const DAYS: [&str; 14] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon2", "tue2", "wed2", "thu2", "fri2",
    "sat2", "sun2",
];

pub(crate) fn office() -> Calendar {
    let hours = |day: &str| format!("{day} = [\"09:00-17:00\"]");
    let weekly = ["mon", "tue", "wed", "thu", "fri"].map(hours).join(", ");
    let spec = format!("time_zone = \"UTC\"\nweekly = {{ {weekly} }}");
    Calendar::build(&toml::from_str(&spec).unwrap()).unwrap()
}

fn monday() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

pub(crate) fn moment(day: &str, time: &str) -> Timestamp {
    let day = DAYS.iter().position(|known| *known == day).expect(day) as i64;
    let parts: Vec<i64> = time.split([':', '.']).map(|part| part.parse().unwrap()).collect();
    let seconds = parts.get(2).copied().unwrap_or(0);
    let millis = parts.get(3).copied().unwrap_or(0);
    let day_ms = ((parts[0] * 60 + parts[1]) * 60 + seconds) * 1_000 + millis;
    monday().checked_add_millis(day * 86_400_000 + day_ms).unwrap()
}

fn told(at: Timestamp) -> String {
    let since = at.millis_since(monday());
    let day = DAYS[(since / 86_400_000) as usize];
    let minutes = since % 86_400_000 / 60_000;
    let rest = since % 60_000;
    let fraction = if rest == 0 { String::new() } else { format!(":{:06.3}", rest as f64 / 1e3) };
    format!("{day} {:02}:{:02}{fraction}", minutes / 60, minutes % 60)
}

fn due(schedule: &Schedule) -> String {
    schedule.due.map_or_else(|| "never due".into(), |at| format!("due {}", told(at)))
}

fn sentence(event: &ClockEvent) -> String {
    match event {
        ClockEvent::Started { schedule, since, spent, skipped, .. } => {
            let due = schedule.as_ref().map_or_else(|| "standing still".into(), due);
            let since = since.map_or(String::new(), |at| {
                format!(" since {}, {spent} spent", told(at))
            });
            format!("started{since}, {due}{}", skips(skipped))
        }
        ClockEvent::Paused { reason, spent } => format!("paused by {reason}, {spent} spent"),
        ClockEvent::Resumed { schedule: Some(schedule), .. } => {
            format!("resumed, {}", due(schedule))
        }
        ClockEvent::Resumed { reason, schedule: None } => format!("{reason} is over"),
        ClockEvent::Retargeted { allowance, spent, schedule, skipped, .. } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("now {allowance}, {spent} spent{due}{}", skips(skipped))
        }
        ClockEvent::Warned { threshold } => format!("warned at {threshold}"),
        ClockEvent::Corrected { allowance, spent, schedule, skipped, .. } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("corrected, {spent} of {allowance} spent{due}{}", skips(skipped))
        }
        ClockEvent::DueFixed { by_hand, schedule, skipped } => {
            let by = if *by_hand { "hand" } else { "the terms" };
            format!("fixed by {by}, {}{}", due(schedule), skips(skipped))
        }
        ClockEvent::DueReleased { spent, schedule, skipped } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("released, {spent} spent{due}{}", skips(skipped))
        }
        ClockEvent::TakenOver { .. } => "taken over".into(),
        ClockEvent::Breached { cause: BreachCause::Correction } => {
            "breached by the correction".into()
        }
        ClockEvent::Breached { cause: BreachCause::Elapsed } => "breached".into(),
        ClockEvent::Breached { cause: BreachCause::Retarget } => "breached by the change".into(),
        ClockEvent::Climbed { step } => format!("step {step}"),
        ClockEvent::Fulfilled { outcome, spent, breached_under_earlier_target, .. } => {
            let earlier =
                if *breached_under_earlier_target { ", late by the old terms" } else { "" };
            format!("{outcome}, {spent} spent{earlier}")
        }
        ClockEvent::Cancelled { reason, spent } => format!("cancelled: {reason}, {spent} spent"),
        ClockEvent::CarriedOn { schedule } => format!("goes on, {}", due(schedule)),
    }
}

fn skips(calls: &[Call]) -> String {
    let word = |call: &Call| match call {
        Call::Warn(threshold) => threshold.to_string(),
        Call::Step(step) => format!("step {step}"),
    };
    let words: Vec<String> = calls.iter().map(word).collect();
    if words.is_empty() { String::new() } else { format!(", skips {}", words.join(", ")) }
}

fn work(text: &str) -> WorkTime {
    text.parse().unwrap()
}

/// Plays a script under these warnings and this ladder, and compares what the clock says.
#[track_caller]
fn check(warnings: &[u8], ladder: &[StepWhen], script: &str, expected: &str) {
    let ladder = ladder.iter().map(|when| Step::from(*when)).collect();
    let warnings = warnings.iter().map(|percent| Threshold::Percent(*percent)).collect();
    let terms = Terms { calendar: office(), warnings, ladder };
    let allowance = |time: &str| {
        let within = work(time).into();
        Allowance { pin: Pin::new(1, time, "office"), within }
    };
    let mut clock: Option<Clock> = None;
    let mut story = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (now, verb, word) = (moment(words[0], words[1]), words[2], words.get(3).copied());
        let word = word.unwrap_or_default();
        let mut say = |clock: &mut Option<Clock>, at, event: ClockEvent| {
            story += &format!("{}  {}\n", told(at), sentence(&event));
            match clock {
                None => *clock = Some(Clock::begin(1, &event, at).unwrap()),
                Some(clock) => clock.apply(&event, at).unwrap(),
            }
        };
        while let Some((at, event)) = clock.as_ref().and_then(|clock| clock.settle(now)) {
            say(&mut clock, at, event);
        }
        let reason = Reason::from(word);
        let answers: Vec<ClockEvent> = match (verb, &clock) {
            ("start", None) => start(&allowance(word), &terms, now),
            ("pause", Some(clock)) => clock.pause(&reason, &terms, now).into_iter().collect(),
            ("resume", Some(clock)) => clock.resume(&reason, &terms, now).into_iter().collect(),
            ("fulfil", Some(clock)) => clock.fulfil(&terms, now).into_iter().collect(),
            ("cancel", Some(clock)) => clock.cancel(&reason, &terms, now).into_iter().collect(),
            ("reopen", Some(clock)) => clock.carry_on(&terms, now).into_iter().collect(),
            ("retarget", Some(clock)) => clock.retarget(&allowance(word), &terms, &terms, now),
            ("fix", Some(clock)) => clock.fix_due(moment(word, words[4]), &terms, now),
            ("release", Some(clock)) => clock.release_due(&terms, now),
            ("wake", Some(_)) => Vec::new(),
            other => panic!("{other:?}"),
        };
        for answer in answers {
            say(&mut clock, now, answer);
        }
    }
    let expected: String = expected
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(|l| format!("{l}\n"))
        .collect();
    assert_eq!(story, expected, "\nreally:\n{story}");
}

#[test]
fn nothing_is_used_up_outside_hours() {
    check(
        &[],
        &[],
        "fri 18:00 start 2h
         mon2 10:00 fulfil",
        "fri 18:00  started, due mon2 11:00
         mon2 10:00  met, 1h spent",
    );
}

#[test]
fn a_wait_stops_the_clock_and_the_new_due_time_comes_from_what_is_left() {
    check(
        &[],
        &[],
        "mon 09:00 start 4h
         mon 10:00 pause pending
         wed 16:00 resume pending
         thu 11:00 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 10:00  paused by pending, 1h spent
         wed 16:00  resumed, due thu 11:00
         thu 11:00  met, 4h spent",
    );
}

#[test]
fn two_waits_at_once_are_one_wait_over_their_union() {
    check(
        &[],
        &[],
        "mon 09:00 start 4h
         mon 10:00 pause pending
         mon 11:00 pause on_hold
         mon 11:30 pause on_hold
         mon 12:00 resume pending
         mon 14:00 resume on_hold
         mon 14:00 resume on_hold",
        "mon 09:00  started, due mon 13:00
         mon 10:00  paused by pending, 1h spent
         mon 11:00  paused by on_hold, 1h spent
         mon 12:00  pending is over
         mon 14:00  resumed, due mon 17:00",
    );
}

#[test]
fn a_wait_that_ends_after_the_old_due_time_is_no_breach() {
    check(
        &[],
        &[],
        "mon 09:00 start 4h
         mon 12:00 pause pending
         fri 09:00 resume pending
         fri 09:30 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 12:00  paused by pending, 3h spent
         fri 09:00  resumed, due fri 10:00
         fri 09:30  met, 3h 30m spent",
    );
}

#[test]
fn exactly_at_due_is_met_and_a_millisecond_later_is_missed() {
    check(
        &[],
        &[],
        "mon 09:00 start 4h
         mon 13:00 wake
         mon 13:00 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 13:00  met, 4h spent",
    );
    check(
        &[],
        &[],
        "mon 09:00 start 4h
         mon 13:00:00.001 fulfil",
        "mon 09:00  started, due mon 13:00
         mon 13:00  breached
         mon 13:00:00.001  missed, 4h 1ms spent",
    );
}

#[test]
fn a_breach_is_dated_at_due_however_late_it_is_noticed() {
    check(
        &[],
        &[],
        "fri 16:00 start 2h
         mon2 16:00 wake
         mon2 16:30 fulfil",
        "fri 16:00  started, due mon2 10:00
         mon2 10:00  breached
         mon2 16:30  missed, 8h 30m spent",
    );
}

#[test]
fn a_miss_at_closing_time_stays_a_miss_though_the_night_counts_for_nothing() {
    check(
        &[],
        &[],
        "mon 09:00 start 8h
         mon 20:00 pause pending
         wed 10:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 17:00  breached
         mon 20:00  paused by pending, 8h spent
         wed 10:00  missed, 8h spent",
    );
    check(
        &[],
        &[],
        "mon 09:00 start 8h
         mon 20:00 fulfil
         mon 21:00 reopen
         mon 21:00 pause pending
         wed 10:00 resume pending
         wed 10:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 17:00  breached
         mon 20:00  missed, 8h spent
         mon 21:00  goes on, due mon 21:00
         mon 21:00  paused by pending, 8h spent
         wed 10:00  resumed, due wed 10:00
         wed 10:00  missed, 8h spent",
    );
}

#[test]
fn looser_terms_that_are_broken_too_are_broken_a_second_time() {
    check(
        &[],
        &[],
        "mon 09:00 start 1h
         mon 12:00 retarget 8h
         wed 09:00 fulfil",
        "mon 09:00  started, due mon 10:00
         mon 10:00  breached
         mon 12:00  now 8h, 3h spent, due mon 17:00
         mon 17:00  breached
         wed 09:00  missed, 16h spent",
    );
}

#[test]
fn a_cancelled_promise_has_no_verdict_and_rings_no_more() {
    check(
        &[50],
        &[StepWhen::AtDue],
        "mon 09:00 start 4h
         mon 10:00 cancel resolved
         fri 09:00 wake",
        "mon 09:00  started, due mon 13:00
         mon 10:00  cancelled: resolved, 1h spent",
    );
}

#[test]
fn warnings_ring_at_their_share_of_the_working_time_once_each() {
    check(
        &[50, 75],
        &[],
        "mon 13:00 start 8h
         mon 14:00 pause pending
         tue 13:00 resume pending
         wed 17:00 wake
         wed 17:00 wake",
        "mon 13:00  started, due tue 13:00
         mon 14:00  paused by pending, 1h spent
         tue 13:00  resumed, due wed 12:00
         tue 16:00  warned at 50 %
         wed 10:00  warned at 75 %
         wed 12:00  breached",
    );
}

#[test]
fn steps_ring_around_due_and_the_one_at_due_only_when_due_has_passed() {
    let ladder = [
        StepWhen::BeforeDue(WorkTime::from_hours(1)),
        StepWhen::AtDue,
        StepWhen::AfterDue(WorkTime::from_hours(8)),
    ];
    check(
        &[],
        &ladder,
        "mon 13:00 start 4h
         mon 17:00 wake
         tue 09:00 wake
         thu 09:00 wake",
        "mon 13:00  started, due mon 17:00
         mon 16:00  step 0
         mon 17:00  breached
         mon 17:00  step 1
         tue 17:00  step 2",
    );
    check(
        &[],
        &ladder,
        "mon 13:00 start 4h
         mon 17:00 fulfil",
        "mon 13:00  started, due mon 17:00
         mon 16:00  step 0
         mon 17:00  met, 4h spent",
    );
}

#[test]
fn a_retarget_keeps_what_was_spent() {
    check(
        &[],
        &[],
        "mon 09:00 start 8h
         mon 11:00 retarget 4h
         mon 12:00 pause pending
         mon 14:00 retarget 6h
         mon 15:00 resume pending",
        "mon 09:00  started, due mon 17:00
         mon 11:00  now 4h, 2h spent, due mon 13:00
         mon 12:00  paused by pending, 3h spent
         mon 14:00  now 6h, 3h spent
         mon 15:00  resumed, due tue 10:00",
    );
}

#[test]
fn shorter_terms_that_are_over_already_break_the_promise_now_and_not_in_the_past() {
    check(
        &[50],
        &[],
        "mon 09:00 start 8h
         mon 12:00 retarget 2h
         mon 12:30 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 12:00  now 2h, 3h spent, due mon 12:00, skips 50 %
         mon 12:00  breached by the change
         mon 12:30  missed, 3h 30m spent",
    );
}

#[test]
fn looser_terms_do_not_take_a_breach_back_but_give_the_verdict() {
    check(
        &[],
        &[],
        "mon 09:00 start 2h
         mon 12:00 wake
         mon 12:00 retarget 8h
         mon 16:00 fulfil",
        "mon 09:00  started, due mon 11:00
         mon 11:00  breached
         mon 12:00  now 8h, 3h spent, due mon 17:00
         mon 16:00  met, 7h spent, late by the old terms",
    );
}

#[test]
fn after_a_retarget_only_the_highest_warning_that_was_passed_is_given() {
    check(
        &[25, 50, 75, 90],
        &[],
        "mon 09:00 start 16h
         mon 13:30 retarget 6h
         mon 17:00 wake",
        "mon 09:00  started, due tue 17:00
         mon 13:00  warned at 25 %
         mon 13:30  now 6h, 4h 30m spent, due mon 15:00, skips 50 %
         mon 13:30  warned at 75 %
         mon 14:24  warned at 90 %
         mon 15:00  breached",
    );
}

#[test]
fn a_reopened_matter_goes_on_with_what_was_spent() {
    check(
        &[],
        &[],
        "mon 09:00 start 8h
         mon 11:00 fulfil
         fri 09:00 reopen
         fri 16:00 fulfil",
        "mon 09:00  started, due mon 17:00
         mon 11:00  met, 2h spent
         fri 09:00  goes on, due fri 15:00
         fri 15:00  breached
         fri 16:00  missed, 9h spent",
    );
}

#[test]
fn what_is_over_does_not_change_any_more() {
    check(
        &[],
        &[],
        "mon 09:00 start 8h
         mon 10:00 cancel resolved
         mon 11:00 fulfil
         mon 11:00 pause pending
         mon 11:00 resume pending
         mon 11:00 retarget 1h
         mon 11:00 reopen
         mon 11:00 cancel merged",
        "mon 09:00  started, due mon 17:00
         mon 10:00  cancelled: resolved, 1h spent",
    );
}

#[test]
fn the_same_terms_again_change_nothing() {
    check(
        &[50],
        &[],
        "mon 09:00 start 8h
         mon 10:00 retarget 8h",
        "mon 09:00  started, due mon 17:00",
    );
}

#[test]
fn the_ledger_adds_up_and_says_where_the_time_went() {
    let terms = Terms { calendar: office(), warnings: vec![], ladder: vec![] };
    let (t0, t1) = (moment("fri", "16:00"), moment("mon2", "10:00"));
    let (t2, t3) = (moment("mon2", "12:00"), moment("mon2", "13:30"));
    let within = work("2h").into();
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
    let ledger = explain(Metric::FirstReply.into(), 1, events.iter().map(|(at, e)| (*at, e)), calendar, t3).unwrap();
    let lines: Vec<String> = ledger
        .entries
        .iter()
        .map(|entry| format!("{}  {}", told(entry.from), entry.kind))
        .collect();
    assert_eq!(
        lines,
        [
            "fri 16:00  counted",
            "fri 17:00  closed: night",
            "sat 00:00  closed: weekend",
            "mon2 00:00  closed: night",
            "mon2 09:00  counted",
            "mon2 10:00  paused: waiting for the customer",
            "mon2 12:00  counted",
        ],
    );
    let all = [ledger.closed_ms, ledger.paused_ms].map(WorkTime::from_millis);
    assert_eq!((ledger.due, ledger.counted, all), (Some(breached_at), work("3h 30m"), [work("64h"), work("2h")]));
}

#[test]
fn an_event_that_cannot_have_happened_is_told_and_changes_nothing() {
    let terms = Terms { calendar: Calendar::always(), warnings: vec![], ladder: vec![] };
    let t0 = monday();
    let within = work("2h").into();
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
