//! What holds for every page, whatever the plan, the rosters and the hour at which a host looks.

use firstline_calendar::Timestamp;
use proptest::prelude::*;

use super::*;

/// Something that happens to a page.
#[derive(Clone, Debug)]
enum Happening {
    Wake,
    Answer(u8),
    Revoke,
}

/// Everything that a page depends on.
#[derive(Clone, Debug)]
struct Sample {
    plan: PagePlan,
    /// Who is on call in which quarter of an hour, round and round; 0 is nobody.
    rota: Vec<u8>,
    /// Happenings with the time since the one before.
    script: Vec<(i64, Happening)>,
}

impl Sample {
    fn on_call(&self, roster: &str, at: Timestamp) -> Option<u8> {
        let quarter = at.as_millis().div_euclid(900_000) as usize + roster.len();
        Some(self.rota[quarter % self.rota.len()]).filter(|member| *member != 0)
    }
}

fn level() -> impl Strategy<Value = PageLevelSpec> {
    let every = prop_oneof![Just("1ms"), Just("5m"), Just("7m 30s"), Just("2h")];
    (0..4_usize, every, 1..6_i64).prop_map(|(roster, every, times)| PageLevelSpec {
        roster: "x".repeat(roster),
        every: every.to_owned(),
        times,
    })
}

fn sample() -> impl Strategy<Value = Sample> {
    let happening = prop_oneof![
        12 => Just(Happening::Wake),
        1 => (1..4_u8).prop_map(Happening::Answer),
        1 => Just(Happening::Revoke),
    ];
    let gap = prop_oneof![Just(0), Just(1), Just(300_000), 0..5_000_000_i64];
    let script = prop::collection::vec((gap, happening), 1..20);
    let levels = prop::collection::vec(level(), 1..6);
    (levels, prop::collection::vec(0..4_u8, 1..6), script).prop_map(|(levels, rota, script)| {
        let plan = PagePlan::build(&PagePlanSpec { levels }, |_| true).unwrap();
        Sample { plan, rota, script }
    })
}

fn begin() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// A page and all that it said.
struct Told {
    page: Page<u8>,
    events: Vec<(Timestamp, PageEvent<u8>)>,
}

impl Told {
    fn new() -> Self {
        Self { page: Page::begin(begin()), events: Vec::new() }
    }

    fn say(&mut self, at: Timestamp, event: PageEvent<u8>) {
        self.page.apply(&event, at).unwrap();
        self.events.push((at, event));
    }

    fn settle(&mut self, sample: &Sample, now: Timestamp) {
        let on_call = |roster: &str, at| sample.on_call(roster, at);
        while let Some((at, event)) = self.page.settle(&sample.plan, on_call, now) {
            self.say(at, event);
        }
    }

    fn rings(&self) -> Vec<(Timestamp, RingId, Option<u8>)> {
        let ring = |(at, event): &(Timestamp, PageEvent<u8>)| match *event {
            PageEvent::Rang { level, attempt, member, .. } => {
                Some((*at, RingId { level, attempt }, member))
            }
            _ => None,
        };
        self.events.iter().filter_map(ring).collect()
    }
}

/// Plays the script, with or without a look at every line, and ends with one.
fn play(
    sample: &Sample,
    watches: bool,
    mut look: impl FnMut(&Told, Timestamp) -> Result<(), TestCaseError>,
) -> Result<Told, TestCaseError> {
    let mut told = Told::new();
    let mut now = begin();
    for (gap, happening) in &sample.script {
        now = now.checked_add_millis(*gap).unwrap();
        if watches || !matches!(happening, Happening::Wake) {
            told.settle(sample, now);
        }
        let answer = match happening {
            Happening::Wake => None,
            Happening::Answer(by) => told.page.acknowledge(by),
            Happening::Revoke => told.page.revoke(&Reason::from("fulfilled")),
        };
        if let Some(event) = answer {
            told.say(now, event);
        }
        if watches {
            look(&told, now)?;
        }
    }
    told.settle(sample, now);
    Ok(told)
}

proptest! {
    #[test]
    fn a_late_wake_up_yields_the_same_facts_as_a_timely_one(sample in sample()) {
        let watched = play(&sample, true, |_, _| Ok(()))?;
        let slept = play(&sample, false, |_, _| Ok(()))?;
        prop_assert_eq!(watched.events, slept.events);
    }

    #[test]
    fn replay_is_live_also_from_text(sample in sample()) {
        let told = play(&sample, true, |_, _| Ok(()))?;
        let mut page: Page<u8> = Page::begin(begin());
        for (at, event) in &told.events {
            let text = serde_json::to_string(event).unwrap();
            page.apply(&serde_json::from_str(&text).unwrap(), *at).unwrap();
        }
        let text = serde_json::to_string(&page).unwrap();
        prop_assert_eq!(serde_json::from_str::<Page<u8>>(&text).unwrap(), told.page);
    }

    #[test]
    fn after_a_wake_up_the_next_timeout_lies_after_now(sample in sample()) {
        play(&sample, true, |told, now| {
            prop_assert!(told.page.poll_timeout().is_none_or(|next| next > now));
            Ok(())
        })?;
    }

    #[test]
    fn nothing_is_said_before_the_timeout(sample in sample()) {
        play(&sample, true, |told, _| {
            if let Some(early) = told.page.poll_timeout().and_then(|at| at.checked_add_millis(-1)) {
                let on_call = |roster: &str, at| sample.on_call(roster, at);
                prop_assert_eq!(told.page.settle(&sample.plan, on_call, early), None);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_page_that_nobody_answers_gives_up_within_its_patience(sample in sample()) {
        let mut told = Told::new();
        let patience_ms = sample.plan.patience().as_millis();
        let end = begin().checked_add_millis(patience_ms).unwrap();
        told.settle(&sample, end);
        prop_assert_eq!(&told.page.phase, &PagePhase::GaveUp);
        let is_always_manned = told.rings().iter().all(|(_, _, member)| member.is_some());
        prop_assert_eq!(told.page.gave_up_at == Some(end), is_always_manned);
    }

    #[test]
    fn each_ring_is_rung_once_in_its_order_to_whom_was_on_call_then(sample in sample()) {
        let mut told = Told::new();
        told.settle(&sample, begin().checked_add_millis(1_000_000_000).unwrap());
        let rings = told.rings();
        let most: usize = sample.plan.levels().iter().map(|level| usize::from(level.times)).sum();
        prop_assert!(rings.len() <= most);
        for (at, ring, member) in &rings {
            let level = &sample.plan.levels()[usize::from(ring.level)];
            prop_assert!((1..=level.times).contains(&ring.attempt));
            prop_assert_eq!(*member, sample.on_call(&level.roster, *at));
        }
        for pair in rings.windows(2) {
            let [(before, first, member), (after, second, _)] = pair else { unreachable!() };
            prop_assert!(first < second);
            let level = &sample.plan.levels()[usize::from(first.level)];
            let waits_ms = if member.is_some() { level.every.as_millis() } else { 0 };
            prop_assert_eq!(after.millis_since(*before), waits_ms);
            let goes_up = member.is_none() || first.attempt == level.times;
            prop_assert_eq!(second.level, first.level + u8::from(goes_up));
        }
    }
}
