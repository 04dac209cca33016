//! What holds for every sequence of happenings. The names are the sentences of the design.

use proptest::prelude::*;

use crate::stories::office;
use crate::*;

/// Something that happens to a clock.
#[derive(Clone, Debug)]
enum Happening {
    Wake,
    Pause(u8),
    Resume(u8),
    Retarget(i64),
    Fulfil,
    CarryOn,
    Cancel,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => Just(Happening::Wake),
        4 => (0..3_u8).prop_map(Happening::Pause),
        4 => (0..3_u8).prop_map(Happening::Resume),
        3 => (1..40_i64).prop_map(Happening::Retarget),
        1 => Just(Happening::Fulfil),
        1 => Just(Happening::CarryOn),
        1 => Just(Happening::Cancel),
    ]
}

/// Happenings with the time since the one before, often none at all.
fn script() -> impl Strategy<Value = Vec<(i64, Happening)>> {
    let gap = prop_oneof![
        2 => Just(0),
        1 => Just(1),
        4 => (0..24_i64).prop_map(|halves| halves * 1_800_000),
        2 => 0..200_000_000_i64,
    ];
    prop::collection::vec((gap, happening()), 1..40)
}

fn terms() -> Terms {
    let step = Step::from;
    let ladder = vec![
        step(StepWhen::BeforeDue(WorkTime::from_minutes(30))),
        step(StepWhen::AtDue),
        step(StepWhen::AfterDue(WorkTime::from_hours(3))),
    ];
    Terms { calendar: office(), warnings: [25, 50, 90].map(Threshold::Percent).into(), ladder }
}

fn allowance(hours: i64) -> Allowance {
    let pin = Pin::new(1, format!("{hours} hours"), "office");
    Allowance { pin, within: WorkTime::from_hours(hours).into() }
}

/// A clock and all that it said.
struct Told {
    clock: Clock,
    events: Vec<(Timestamp, ClockEvent)>,
}

impl Told {
    fn new(terms: &Terms, at: Timestamp) -> Self {
        let started = start(&allowance(10), terms, at).remove(0);
        let clock = Clock::begin(1, &started, at).unwrap();
        Self { clock, events: vec![(at, started)] }
    }

    fn say(&mut self, at: Timestamp, event: ClockEvent) {
        self.clock.apply(&event, at).unwrap();
        self.events.push((at, event));
    }

    fn settle(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.clock.settle(now) {
            self.say(at, event);
        }
    }

    fn happen(&mut self, happening: &Happening, terms: &Terms, now: Timestamp) {
        self.settle(now);
        let reason = |number: &u8| Reason::from(["pending", "on_hold", "asleep"][*number as usize]);
        let clock = &self.clock;
        let answers: Vec<ClockEvent> = match happening {
            Happening::Wake => Vec::new(),
            Happening::Pause(n) => clock.pause(&reason(n), terms, now).into_iter().collect(),
            Happening::Resume(n) => clock.resume(&reason(n), terms, now).into_iter().collect(),
            Happening::Retarget(hours) => clock.retarget(&allowance(*hours), terms, terms, now),
            Happening::Fulfil => clock.fulfil(terms, now).into_iter().collect(),
            Happening::CarryOn => clock.carry_on(terms, now).into_iter().collect(),
            Happening::Cancel => {
                clock.cancel(&Reason::from("merged"), terms, now).into_iter().collect()
            }
        };
        for answer in answers {
            self.say(now, answer);
        }
        self.settle(now);
    }
}

fn begin() -> Timestamp {
    "2026-03-05T15:00:00Z".parse().unwrap()
}

/// Plays a script and looks at the clock after each happening.
fn play(
    script: &[(i64, Happening)],
    mut look: impl FnMut(&Told, Timestamp) -> Result<(), TestCaseError>,
) -> Result<(Told, Timestamp), TestCaseError> {
    let (terms, mut now) = (terms(), begin());
    let mut told = Told::new(&terms, now);
    for (gap, happening) in script {
        now = now.checked_add_millis(*gap).unwrap();
        told.happen(happening, &terms, now);
        look(&told, now)?;
    }
    Ok((told, now))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_late_wake_up_yields_the_same_facts_as_a_timely_one(script in script()) {
        let (watched, now) = play(&script, |_, _| Ok(()))?;
        let asleep: Vec<_> = {
            // The same script without its wake-ups: their gaps go to what follows.
            let mut gap_before = 0;
            script.iter().filter_map(|(gap, happening)| {
                gap_before += gap;
                let is_wake = matches!(happening, Happening::Wake);
                (!is_wake).then(|| (core::mem::take(&mut gap_before), happening.clone()))
            }).collect()
        };
        let (mut slept, _) = play(&asleep, |_, _| Ok(()))?;
        slept.settle(now);
        prop_assert_eq!(watched.events, slept.events);
    }

    #[test]
    fn replay_is_live(script in script()) {
        let (told, _) = play(&script, |_, _| Ok(()))?;
        let (at, first) = &told.events[0];
        let mut clock = Clock::begin(1, first, *at).unwrap();
        for (at, event) in &told.events[1..] {
            clock.apply(event, *at).unwrap();
        }
        prop_assert_eq!(clock, told.clock);
    }

    #[test]
    fn after_a_wake_up_the_next_timeout_lies_after_now(script in script()) {
        play(&script, |told, now| {
            prop_assert!(told.clock.poll_timeout().is_none_or(|next| next > now));
            Ok(())
        })?;
    }

    #[test]
    fn spent_never_decreases_and_due_is_where_the_rest_runs_out(script in script()) {
        let terms = terms();
        let mut before = WorkTime::ZERO;
        play(&script, |told, now| {
            let clock = &told.clock;
            let spent = clock.spent_at(&terms.calendar, now);
            prop_assert!(spent >= before);
            before = spent;
            // What a change of terms broke is due at the change.
            if let (Some(due), false) = (clock.due(), clock.broken) {
                prop_assert_eq!(spent + terms.calendar.between(now, due), clock.allowance);
            }
            Ok(())
        })?;
    }

    #[test]
    fn missed_if_and_only_if_the_terms_in_force_were_broken(script in script()) {
        let (told, _) = play(&script, |_, _| Ok(()))?;
        let mut due = None;
        let (mut ever, mut in_force) = (false, false);
        for (at, event) in &told.events {
            match event {
                ClockEvent::Started { schedule: Some(schedule), .. }
                | ClockEvent::CarriedOn { schedule }
                | ClockEvent::Resumed { schedule: Some(schedule), .. } => due = schedule.due,
                ClockEvent::Retargeted { schedule, spent, allowance, .. } => {
                    due = schedule.as_ref().and_then(|schedule| schedule.due);
                    // Only terms that leave time again are another chance.
                    in_force &= spent >= allowance;
                }
                ClockEvent::Paused { .. } => due = None,
                ClockEvent::Breached { .. } => {
                    prop_assert!(!in_force, "broken twice");
                    (ever, in_force) = (true, true);
                }
                ClockEvent::Fulfilled { outcome, breached_under_earlier_target, .. } => {
                    prop_assert_eq!(*outcome == Outcome::Missed, in_force);
                    prop_assert_eq!(*breached_under_earlier_target, ever && !in_force);
                    if let Some(due) = due {
                        prop_assert!(*outcome == Outcome::Missed || *at <= due);
                        prop_assert!(*at <= due || in_force);
                    }
                }
                _ => {}
            }
        }
    }

    #[test]
    fn time_is_conserved(script in script()) {
        let (told, now) = play(&script, |_, _| Ok(()))?;
        let calendar = office();
        let events = told.events.iter().map(|(at, event)| (*at, event));
        let ledger = explain(Metric::Resolution.into(), 1, events, |_| Some(calendar.clone()), now).unwrap();
        let mut upto = begin();
        let mut done_ms = 0;
        for entry in &ledger.entries {
            prop_assert_eq!(entry.from, upto);
            prop_assert!(entry.to > entry.from);
            upto = entry.to;
            if entry.kind == EntryKind::Done {
                done_ms += entry.to.millis_since(entry.from);
            }
        }
        let end = match told.clock.phase {
            Phase::Fulfilled { at, .. } | Phase::Cancelled { at, .. } => at,
            _ => now,
        };
        let wall = ledger.counted.as_millis() + ledger.closed_ms + ledger.paused_ms + done_ms;
        prop_assert_eq!(wall, end.millis_since(begin()));
        prop_assert_eq!(ledger.counted, told.clock.spent_at(&calendar, now));
    }

    #[test]
    fn a_pause_that_ends_at_once_changes_nothing(script in script()) {
        let (mut told, now) = play(&script, |_, _| Ok(()))?;
        let terms = terms();
        let before = told.clock.clone();
        if matches!(before.phase, Phase::Running { .. }) && before.breach.is_none() {
            told.happen(&Happening::Pause(2), &terms, now);
            told.happen(&Happening::Resume(2), &terms, now);
            prop_assert_eq!(told.clock.due(), before.due());
            prop_assert_eq!(told.clock.poll_timeout(), before.poll_timeout());
        }
    }

    #[test]
    fn each_warning_and_each_step_is_told_once_in_a_cycle(script in script()) {
        let (told, _) = play(&script, |_, _| Ok(()))?;
        let mut heard = std::collections::BTreeSet::new();
        for (_, event) in &told.events {
            let call = match event {
                ClockEvent::Warned { threshold } => Call::Warn(*threshold),
                ClockEvent::Climbed { step } => Call::Step(*step),
                _ => continue,
            };
            prop_assert!(heard.insert(call), "{:?} twice", call);
        }
    }
}
