//! What holds for every sequence of happenings. The names are the sentences of the design.
//!
//! A usual run tries few cases of each law; `FIRSTLINE_PROPERTY_CASES=5000 cargo test` tries that
//! many.

mod arbitrary;
mod model;
mod player;

use proptest::prelude::*;

use crate::schedule::Plan;
use crate::*;
use arbitrary::{Happening, Script, config, later, script};
use model::{Model, Picture};
use player::{Told, play, played};

/// What can be seen of the real clock.
fn picture(told: &Told<'_>, horizon: Timestamp, now: Timestamp) -> Picture {
    let (clock, calendar) = (&told.clock, told.terms().calendar);
    let due = clock.due();
    let breach = |(at, event): &(Timestamp, ClockEvent)| match event {
        ClockEvent::Breached { cause } => Some((*at, *cause)),
        _ => None,
    };
    let last = told.events.iter().rev().find_map(|(_, event)| match event {
        ClockEvent::Fulfilled { outcome, overrun, .. } => Some((*outcome, *overrun)),
        _ => None,
    });
    Picture {
        phase: match &clock.phase {
            Phase::Running { .. } => "running".to_owned(),
            Phase::Paused { reasons } => format!("paused for {} reasons", reasons.len()),
            Phase::Fulfilled { .. } => "fulfilled".to_owned(),
            Phase::Cancelled { .. } => "cancelled".to_owned(),
        },
        spent: clock.spent_at(&calendar, now).as_millis(),
        due: due.filter(|due| *due < horizon),
        broken_at: clock.broken_at,
        breaches: told.events.iter().filter_map(breach).collect(),
        outcome: last
            .filter(|_| matches!(clock.phase, Phase::Fulfilled { .. }))
            .map(|(outcome, overrun)| (outcome, overrun.map(WorkTime::as_millis))),
        calls: told.calls().into_iter().collect(),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_clock_does_what_the_naive_model_does(script in script()) {
        let model = Model::new(&script.scene);
        play(&script, |told, index, now| {
            let expected = model.picture(&script.happenings[..=index]);
            let real = picture(told, model.horizon(), now);
            prop_assert_eq!(real, expected, "(real, model) after number {} at {}", index, now);
            Ok(())
        })?;
    }

    /// Property 1.
    #[test]
    fn due_depends_on_the_records_only_so_replay_is_live(script in script()) {
        let (told, _) = played(&script);
        let stored = serde_json::to_string(&told.events).unwrap();
        let events: Vec<(Timestamp, ClockEvent)> = serde_json::from_str(&stored).unwrap();
        let (at, first) = &events[0];
        let mut clock = Clock::begin(1, first, *at).unwrap();
        for (at, event) in &events[1..] {
            clock.apply(event, *at).unwrap();
        }
        prop_assert_eq!(&clock, &told.clock);
        let stored = serde_json::to_string(&clock).unwrap();
        prop_assert_eq!(serde_json::from_str::<Clock>(&stored).unwrap(), clock);
    }

    /// Property 2.
    #[test]
    fn spent_never_decreases_and_with_what_is_left_it_makes_the_budget(script in script()) {
        let mut before = WorkTime::ZERO;
        play(&script, |told, index, now| {
            let (clock, calendar) = (&told.clock, told.terms().calendar);
            let spent = clock.spent_at(&calendar, now);
            let is_corrected = matches!(script.happenings[index].1, Happening::Correct { .. });
            prop_assert!(spent >= before || is_corrected, "{spent} after {before}");
            prop_assert!(spent >= WorkTime::ZERO);
            prop_assert_eq!(clock.spent + clock.remaining(), clock.allowance);
            before = spent;
            if let (Some(due), false, None) = (clock.due(), clock.is_broken(), &clock.fixed) {
                let budget = clock.allowance + clock.excess;
                prop_assert_eq!(spent + calendar.between(now, due), budget);
            }
            Ok(())
        })?;
    }

    /// Property 3, first half.
    #[test]
    fn a_pause_that_ends_at_once_changes_nothing(script in script()) {
        let (mut told, now) = played(&script);
        if matches!(told.clock.phase, Phase::Running { .. }) {
            let before = told.clock.clone();
            let said = told.events.len();
            told.happen(&Happening::Pause(2), now);
            told.happen(&Happening::Resume(2), now);
            prop_assert_eq!(told.events.len(), said + 2, "only the pause and its end are told");
            prop_assert_eq!(told.clock.poll_timeout(), before.poll_timeout());
            prop_assert_eq!(told.clock.breach, before.breach);
            if !before.is_broken() {
                prop_assert_eq!(told.clock.due(), before.due());
            }
            let end = later(now, 60 * 24 * 20);
            let goes_on = |mut clock: Clock| {
                let mut facts = Vec::new();
                while let Some((at, event)) = clock.settle(end) {
                    clock.apply(&event, at).unwrap();
                    facts.push((at, event));
                }
                facts
            };
            prop_assert_eq!(goes_on(told.clock), goes_on(before));
        }
    }

    /// Property 3, second half.
    #[test]
    fn overlapping_reasons_are_one_pause_over_their_union(script in script()) {
        let (several, _) = played(&script);
        let union = over_the_union(&script);
        let (one, _) = played(&union);
        let facts = |told: &Told<'_>| -> Vec<(Timestamp, ClockEvent)> {
            let is_fact = |event: &ClockEvent| {
                !matches!(event, ClockEvent::Paused { .. } | ClockEvent::Resumed { .. })
            };
            told.events.iter().filter(|(_, event)| is_fact(event)).cloned().collect()
        };
        prop_assert_eq!(facts(&several), facts(&one));
        prop_assert_eq!(several.clock.due(), one.clock.due());
        prop_assert_eq!(several.clock.spent, one.clock.spent);
    }

    /// Property 4.
    #[test]
    fn a_target_is_broken_once_at_most_and_missed_if_and_only_if_it_was(script in script()) {
        let (told, _) = played(&script);
        let (at, first) = &told.events[0];
        let mut clock = Clock::begin(1, first, *at).unwrap();
        let mut ever = false;
        for (at, event) in &told.events[1..] {
            match event {
                ClockEvent::Breached { cause: BreachCause::Elapsed } => {
                    prop_assert!(!clock.is_broken(), "broken twice");
                    // A clock that stands still from the start may have been due before that.
                    let due = clock.due();
                    prop_assert!(due.is_none_or(|due| due == *at), "{at} is not {due:?}");
                }
                ClockEvent::Breached { .. } => prop_assert!(!clock.is_broken(), "broken twice"),
                ClockEvent::Fulfilled { outcome, overrun, breached_under_earlier_target, .. } => {
                    prop_assert_eq!(*outcome == Outcome::Missed, clock.is_broken());
                    prop_assert_eq!(overrun.is_some(), clock.is_broken());
                    prop_assert_eq!(*breached_under_earlier_target, ever && !clock.is_broken());
                    if let Some(due) = clock.due() {
                        prop_assert_eq!(*outcome == Outcome::Met, *at <= due && !clock.is_broken());
                        prop_assert!(*at <= due || clock.is_broken());
                    }
                }
                _ => {}
            }
            ever |= matches!(event, ClockEvent::Breached { .. });
            let was_told = clock.breach;
            clock.apply(event, *at).unwrap();
            prop_assert!(was_told.is_none() || clock.breach == was_told, "a breach was taken back");
            prop_assert_eq!(clock.breach.is_some(), ever);
        }
    }

    /// Property 5.
    #[test]
    fn thresholds_do_not_decrease_and_a_hundred_percent_is_due(
        script in script(),
        mut percents in prop::collection::vec(0..=100_u8, 2..8),
    ) {
        percents.extend([0, 100]);
        let (told, now) = played(&script);
        let clock = &told.clock;
        let warnings = percents.iter().map(|percent| Threshold::Percent(*percent)).collect();
        let terms = Terms { warnings, ladder: Vec::new(), ..told.terms() };
        let budget = (clock.allowance, clock.spent.min(clock.allowance));
        let told_none = Default::default();
        let schedule = Plan::new(&terms, budget, WorkTime::ZERO, &told_none, now).schedule();
        let share = |call: &Call| match call {
            Call::Warn(Threshold::Percent(percent)) => *percent,
            other => panic!("{other:?}"),
        };
        let shares: Vec<u8> = schedule.alarms.iter().map(|alarm| share(&alarm.call)).collect();
        prop_assert!(shares.is_sorted(), "{shares:?}");
        if let Some(due) = schedule.due {
            prop_assert_eq!(shares.len(), percents.len());
            prop_assert_eq!(schedule.alarms.last().map(|alarm| alarm.at), Some(due));
        }
    }

    /// Property 6.
    #[test]
    fn a_retarget_to_the_same_budget_changes_nothing(script in script()) {
        let (told, now) = played(&script);
        let (clock, terms) = (&told.clock, told.terms());
        let mut same = told.scene.allowance(&told.target);
        if is_second_time(&told) || !clock.is_live() {
            return Ok(());
        }
        prop_assert_eq!(clock.retarget(&same, &terms, &terms, now), vec![]);
        // Another version of the rulebook in which the same stands.
        same.pin.rulebook += 1;
        let mut other = clock.clone();
        for event in clock.retarget(&same, &terms, &terms, now) {
            let is_news = matches!(event, ClockEvent::Breached { .. } | ClockEvent::Warned { .. });
            prop_assert!(!is_news, "{event:?}");
            other.apply(&event, now).unwrap();
        }
        prop_assert_eq!(other.spent_at(&terms.calendar, now), clock.spent_at(&terms.calendar, now));
        prop_assert_eq!((other.breach, other.is_broken()), (clock.breach, clock.is_broken()));
        prop_assert_eq!(other.fulfil(&terms, now), clock.fulfil(&terms, now));
        if !clock.is_broken() {
            prop_assert_eq!(other.due(), clock.due());
        }
    }

    /// Property 7, as far as a clock alone can tell: the order is for whoever merges.
    #[test]
    fn what_is_taken_over_and_handed_back_is_as_it_was(one in script(), other in script()) {
        let ((told, now), (mut winner, _)) = (played(&one), played(&other));
        let before = winner.clock.clone();
        let take_over = |clock: &Clock| ClockEvent::TakenOver { clock: Box::new(clock.clone()) };
        winner.say(now, take_over(&told.clock));
        prop_assert_eq!(winner.clock.due(), told.clock.due());
        prop_assert_eq!(winner.clock.poll_timeout(), told.clock.poll_timeout());
        winner.say(now, take_over(&before));
        prop_assert_eq!(&winner.clock, &before);
        let begun = Clock::begin(7, &take_over(&told.clock), now).unwrap();
        prop_assert_eq!(Clock { cycle: 1, ..begun }, told.clock);
    }

    /// Property 8.
    #[test]
    fn a_late_wake_up_yields_the_same_facts_as_a_timely_one(script in script()) {
        let (watched, now) = played(&script);
        let mut asleep = script.clone();
        asleep.happenings.retain(|(_, happening)| *happening != Happening::Wake);
        let (mut slept, _) = played(&asleep);
        slept.settle(now);
        prop_assert_eq!(&watched.events, &slept.events);
        prop_assert_eq!(&watched.clock, &slept.clock);
    }

    #[test]
    fn who_wakes_at_each_timeout_hears_something_each_time_and_never_spins(script in script()) {
        play(&script, |told, _, now| {
            let mut clock = told.clock.clone();
            let mut woken = now;
            while let Some(next) = clock.poll_timeout() {
                prop_assert!(next > woken);
                prop_assert!(clock.settle(next).is_some(), "nothing is due at a timeout");
                while let Some((at, event)) = clock.settle(next) {
                    prop_assert!(now <= at && at <= next, "{event:?} at {at}");
                    clock.apply(&event, at).unwrap();
                }
                woken = next;
            }
            Ok(())
        })?;
    }

    #[test]
    fn each_warning_is_told_once_in_a_cycle_and_each_step_once_on_a_ladder(script in script()) {
        let (told, _) = played(&script);
        let mut heard = std::collections::BTreeSet::new();
        for (_, event) in &told.events {
            let call = match event {
                ClockEvent::Warned { threshold } => Call::Warn(*threshold),
                ClockEvent::Climbed { step } => Call::Step(*step),
                ClockEvent::Retargeted { .. } => {
                    heard.retain(|call| matches!(call, Call::Warn(_)));
                    continue;
                }
                _ => continue,
            };
            prop_assert!(heard.insert(call), "{:?} twice", call);
        }
    }

    #[test]
    fn a_promise_made_late_is_as_if_made_in_time(script in script()) {
        let mut late = script.scene.clone();
        late.first.within = match late.first.within {
            Within::Instant(_) => WorkTime::from_hours(5).into(),
            within => within,
        };
        late.stands = false;
        let mut timely = late.clone();
        (timely.begin, timely.waited) = (late.since(), 0);
        timely.credits.clear();
        let mut pauses: Vec<(Timestamp, Happening)> = Vec::new();
        for (number, Credit { from, to, .. }) in (0..).zip(late.credits()) {
            pauses.extend([(from, Happening::Pause(number)), (to, Happening::Resume(number))]);
        }
        pauses.sort_by_key(|(at, happening)| (*at, matches!(happening, Happening::Resume(_))));
        pauses.push((late.begin, Happening::Wake));
        let (made_late, made_in_time) = (
            Script { scene: late.clone(), happenings: vec![(late.begin, Happening::Wake)] },
            Script { scene: timely, happenings: pauses },
        );
        let ((late, now), (timely, _)) = (played(&made_late), played(&made_in_time));
        let calendar = late.terms().calendar;
        let (late, timely) = (late.clock, timely.clock);
        prop_assert_eq!(late.spent_at(&calendar, now), timely.spent_at(&calendar, now));
        prop_assert_eq!((late.breach, late.is_broken()), (timely.breach, timely.is_broken()));
        prop_assert_eq!((late.started_at, late.allowance), (timely.started_at, timely.allowance));
        if !late.is_broken() {
            prop_assert_eq!(late.due(), timely.due());
        }
    }
}

/// Whether it was fulfilled before: then it goes by the allowance, however that was promised.
fn is_second_time(told: &Told<'_>) -> bool {
    told.events.iter().any(|(_, event)| {
        matches!(event, ClockEvent::CarriedOn { .. } | ClockEvent::DueReleased { .. })
    })
}

/// The same script with one reason for all.
fn over_the_union(script: &Script) -> Script {
    let mut reasons = std::collections::BTreeSet::new();
    if script.scene.stands {
        reasons.insert(0);
    }
    let mut is_live = true;
    let mut union = script.clone();
    for (_, happening) in &mut union.happenings {
        let was_empty = reasons.is_empty();
        let one = match happening {
            Happening::Pause(number) if is_live => {
                reasons.insert(*number);
                if was_empty { Happening::Pause(0) } else { Happening::Wake }
            }
            Happening::Resume(number) if is_live => {
                let is_last = reasons.remove(number) && reasons.is_empty();
                if is_last { Happening::Resume(0) } else { Happening::Wake }
            }
            Happening::Pause(_) | Happening::Resume(_) => Happening::Wake,
            Happening::Fulfil | Happening::Cancel => {
                reasons.clear();
                is_live = false;
                continue;
            }
            Happening::CarryOn => {
                is_live = true;
                continue;
            }
            _ => continue,
        };
        *happening = one;
    }
    union
}
