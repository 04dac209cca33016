//! What holds of every explanation, whatever happened.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::Metric;
use crate::decide::{Past, start_since};
use crate::event::Credit;
use crate::past::recount;
use crate::stories::script::calendar;
use crate::terms::{Allowance, Reason, Step, StepWhen, Terms, Threshold, Within};

/// Something that happens to a clock.
#[derive(Clone, Debug)]
enum Happening {
    Wake,
    Pause(Reason),
    Resume(Reason),
    /// Other terms, by the calendar with this number.
    Retarget(Within, usize),
    /// All time so far is valued anew by the calendar with this number.
    Correct(WorkTime, usize),
    Fix(Timestamp),
    Release,
    Fulfil,
    CarryOn,
}

/// A story of one clock: when it started, what happened and where it ends.
#[derive(Clone, Debug)]
struct Story {
    since: Timestamp,
    at: Timestamp,
    credits: Vec<Credit>,
    reasons: BTreeSet<Reason>,
    allowance: WorkTime,
    steps: Vec<(Timestamp, Happening)>,
    until: Timestamp,
}

const HALF_HOUR: i64 = 1_800_000;

fn reason(number: u8) -> Reason {
    Reason::from(["pending", "on_hold", "asleep"][usize::from(number)])
}

fn later(t: Timestamp, ms: i64) -> Timestamp {
    t.checked_add_millis(ms).unwrap()
}

fn begin() -> Timestamp {
    "2026-03-05T15:00:00Z".parse().unwrap()
}

fn gap() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => Just(0),
        1 => Just(1),
        5 => (0..24_i64).prop_map(|halves| halves * HALF_HOUR),
        2 => 0..200_000_000_i64,
    ]
}

/// What happens, where dates are still relative to the moment at which it happens.
fn happening() -> impl Strategy<Value = (Happening, i64)> {
    let hours = |hours: i64| WorkTime::from_hours(hours);
    let plain = |happening| (happening, 0);
    prop_oneof![
        2 => Just(plain(Happening::Wake)),
        5 => (0..3_u8).prop_map(move |n| plain(Happening::Pause(reason(n)))),
        5 => (0..3_u8).prop_map(move |n| plain(Happening::Resume(reason(n)))),
        2 => (1..30_i64, 0..2_usize)
            .prop_map(move |(h, c)| plain(Happening::Retarget(hours(h).into(), c))),
        1 => (0..200_i64).prop_map(|h| (Happening::Retarget(Within::Instant(begin()), 0), h)),
        1 => (1..30_i64, 0..2_usize).prop_map(move |(h, c)| plain(Happening::Correct(hours(h), c))),
        1 => (0..200_i64).prop_map(|h| (Happening::Fix(begin()), h)),
        1 => Just(plain(Happening::Release)),
        1 => Just(plain(Happening::Fulfil)),
        1 => Just(plain(Happening::CarryOn)),
    ]
}

prop_compose! {
    fn story()(
        waited in prop_oneof![2 => Just(0), 1 => (0..60_i64).prop_map(|halves| halves * HALF_HOUR)],
        credited in prop::collection::vec((0..60_i64, 0..20_i64, 0..3_u8), 0..3),
        stands in prop_oneof![3 => Just(None), 1 => (0..3_u8).prop_map(Some)],
        hours in 1..20_i64,
        happenings in prop::collection::vec((gap(), happening()), 1..25),
        end in gap(),
        is_done in any::<bool>(),
    ) -> Story {
        let at = begin();
        let since = later(at, -waited);
        let credits = credited.into_iter().filter(|_| waited > 0).map(|(from, length, n)| {
            let from = later(since, from * HALF_HOUR).min(at);
            Credit { from, to: later(from, length * HALF_HOUR).min(at), reason: reason(n) }
        });
        let mut now = at;
        let mut steps: Vec<(Timestamp, Happening)> = Vec::new();
        for (gap, (happening, hours)) in happenings {
            now = later(now, gap);
            let date = later(now, hours * HALF_HOUR);
            steps.push((now, match happening {
                Happening::Fix(_) => Happening::Fix(date),
                Happening::Retarget(Within::Instant(_), calendar) => {
                    Happening::Retarget(Within::Instant(date), calendar)
                }
                happening => happening,
            }));
        }
        now = later(now, end);
        if is_done {
            steps.push((now, Happening::Fulfil));
        }
        Story {
            since,
            at,
            credits: credits.collect(),
            reasons: stands.map(reason).into_iter().collect(),
            allowance: WorkTime::from_hours(hours),
            steps,
            until: now,
        }
    }
}

fn calendars() -> [Calendar; 2] {
    static CALENDARS: OnceLock<[Calendar; 2]> = OnceLock::new();
    CALENDARS.get_or_init(build_calendars).clone()
}

fn build_calendars() -> [Calendar; 2] {
    let late = r#"{ "time_zone": "Europe/Berlin", "weekly": { "mon-sun": ["07:30-11:30", "12:00-22:00"] } }"#;
    [calendar("office"), Calendar::build(&serde_json::from_str(late).unwrap()).unwrap()]
}

/// A clock while its story is played, with all that it said.
struct Played {
    clock: Clock,
    calendars: [Calendar; 2],
    calendar: usize,
    events: Vec<(Timestamp, Timestamp, ClockEvent)>,
    /// The steps to which the clock had an answer.
    steps: Vec<(Timestamp, Happening)>,
    /// When it ran, since it was started.
    runs: Vec<(Timestamp, Timestamp)>,
    upto: Timestamp,
}

impl Story {
    fn play(&self) -> Played {
        let calendars = calendars();
        let terms = terms(&calendars[0]);
        let allowance = Allowance { pin: pin(0, self.allowance), within: self.allowance.into() };
        let Self { since, credits, reasons, .. } = self.clone();
        let past = Past { credits, reasons, ..Past::new(since) };
        let started = start_since(&allowance, &terms, past, self.at);
        let clock = Clock::begin(1, &started[0].1, self.at).unwrap();
        let (events, steps, runs) = (Vec::new(), Vec::new(), Vec::new());
        let upto = self.at;
        let mut played = Played { clock, calendars, calendar: 0, events, steps, runs, upto };
        for (index, (at, event)) in started.into_iter().enumerate() {
            if index > 0 {
                played.clock.apply(&event, at).unwrap();
            }
            played.events.push((at, self.at, event));
        }
        for (at, happening) in &self.steps {
            played.happen(self, happening, *at);
        }
        played.settle(self.until);
        played
    }

    fn explain(&self, played: &Played) -> Ledger {
        let calendar = |pin: &Pin| {
            let number = usize::from(&*pin.calendar == "late");
            Some(played.calendars[number].clone())
        };
        let events = played.events.iter().map(|(at, noticed, event)| (*at, *noticed, event));
        explain(Metric::Resolution.into(), 1, events, calendar, self.until).unwrap()
    }
}

fn pin(calendar: usize, allowance: WorkTime) -> Pin {
    Pin::new(1, allowance.to_string(), ["office", "late"][calendar])
}

fn terms(calendar: &Calendar) -> Terms {
    let ladder = [StepWhen::BeforeDue(WorkTime::from_minutes(30)), StepWhen::AtDue];
    Terms {
        calendar: calendar.clone(),
        warnings: vec![Threshold::Percent(50), Threshold::Before(WorkTime::from_hours(1))],
        ladder: ladder.into_iter().map(Step::from).collect(),
    }
}

impl Played {
    fn say(&mut self, at: Timestamp, noticed: Timestamp, event: ClockEvent) {
        self.clock.apply(&event, at).unwrap();
        self.events.push((at, noticed, event));
    }

    fn settle(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.clock.settle(now) {
            self.say(at, now, event);
        }
        if matches!(self.clock.phase, Phase::Running { .. }) {
            self.runs.push((self.upto, now));
        }
        self.upto = now;
    }

    fn happen(&mut self, story: &Story, happening: &Happening, now: Timestamp) {
        self.settle(now);
        let before = terms(&self.calendars[self.calendar]);
        let after = |calendar: usize| terms(&self.calendars[calendar]);
        let clock = &self.clock;
        let answers: Vec<ClockEvent> = match happening {
            Happening::Wake => Vec::new(),
            Happening::Pause(reason) => clock.pause(reason, &before, now).into_iter().collect(),
            Happening::Resume(reason) => clock.resume(reason, &before, now).into_iter().collect(),
            Happening::Retarget(within, calendar) => {
                let time = match within {
                    Within::Time(time) => *time,
                    _ => WorkTime::ZERO,
                };
                let promise = Allowance { pin: pin(*calendar, time), within: *within };
                clock.retarget(&promise, &before, &after(*calendar), now)
            }
            Happening::Correct(time, calendar) => {
                let promise = Allowance { pin: pin(*calendar, *time), within: (*time).into() };
                let spent = self.valued_by(story, *calendar);
                clock.correct(&promise, spent, &before, &after(*calendar), now)
            }
            Happening::Fix(date) => clock.fix_due(*date, &before, now),
            Happening::Release => clock.release_due(&before, now),
            Happening::Fulfil => clock.fulfil(&before, now).into_iter().collect(),
            Happening::CarryOn => clock.carry_on(&before, now).into_iter().collect(),
        };
        if answers.is_empty() {
            return;
        }
        self.steps.push((now, happening.clone()));
        if let Happening::Retarget(_, calendar) | Happening::Correct(_, calendar) = happening {
            self.calendar = *calendar;
        }
        for answer in answers {
            self.say(now, now, answer);
        }
    }

    fn valued_by(&self, story: &Story, calendar: usize) -> WorkTime {
        let calendar = &self.calendars[calendar];
        let before = recount(calendar, story.since, &story.credits, story.at);
        self.runs.iter().fold(before, |sum, (from, to)| sum + calendar.between(*from, *to))
    }

    fn is_kept(&self) -> bool {
        match self.clock.phase {
            Phase::Fulfilled { outcome, .. } => outcome == Outcome::Met,
            _ => !self.clock.is_broken(),
        }
    }
}

/// The remedy with one millisecond less of it; `None` if there is no such thing.
fn less(remedy: &Remedy) -> Option<Remedy> {
    let mut less = remedy.clone();
    match &mut less {
        Remedy::DoneEarlier { at, .. }
        | Remedy::PausedFrom { at, .. }
        | Remedy::PauseBegunEarlier { at, .. } => *at = later(*at, 1),
        Remedy::PauseEndedLater { at, .. } | Remedy::LaterDate { at, .. } => *at = later(*at, -1),
        Remedy::LongerAllowance { by, .. } => *by = *by - WorkTime::from_millis(1),
        Remedy::ChangeNotMade { .. } => return None,
    }
    Some(less)
}

/// Whether the promise is kept in a story that is changed in this way. The story has only steps to
/// which there was an answer.
fn keeps(story: &Story, remedy: &Remedy) -> bool {
    let mut changed = story.clone();
    let done =
        changed.steps.pop_if(|(_, step)| matches!(step, Happening::Fulfil) && !is_live(story));
    let insert = |steps: &mut Vec<(Timestamp, Happening)>, at: Timestamp, step: Happening| {
        let comes_after = |(moment, other): &(Timestamp, Happening)| {
            let is_resumption = matches!(other, Happening::Resume(_));
            let is_pause = matches!(step, Happening::Pause(_));
            *moment > at || *moment == at && is_pause && is_resumption
        };
        let place = steps.iter().position(comes_after).unwrap_or(steps.len());
        steps.insert(place, (at, step));
    };
    let steps = &mut changed.steps;
    match remedy {
        Remedy::DoneEarlier { at, .. } => return is_done_in_time(story, *at),
        Remedy::PausedFrom { reason, at } => {
            steps.retain(|(moment, step)| {
                let is_its = matches!(step, Happening::Pause(other) | Happening::Resume(other) if other == reason);
                moment < at || !is_its
            });
            insert(steps, *at, Happening::Pause(reason.clone()));
        }
        Remedy::PauseBegunEarlier { reason, began_at, at, .. } => {
            let is_it = |(moment, step): &(Timestamp, Happening)| {
                moment == began_at && matches!(step, Happening::Pause(other) if other == reason)
            };
            let place = steps.iter().position(is_it).expect("there was such a pause");
            steps.remove(place);
            insert(steps, *at, Happening::Pause(reason.clone()));
        }
        Remedy::PauseEndedLater { reason, ended_at, at, .. } => {
            let is_it = |(moment, step): &(Timestamp, Happening)| {
                moment == ended_at && matches!(step, Happening::Resume(other) if other == reason)
            };
            let place = steps.iter().rposition(is_it).expect("there was such a pause");
            steps.remove(place);
            if *at < story.until {
                insert(steps, *at, Happening::Resume(reason.clone()));
            }
        }
        Remedy::LongerAllowance { by, .. } => {
            let last = steps.iter_mut().rev().find_map(|(_, step)| match step {
                Happening::Retarget(Within::Time(time), _) | Happening::Correct(time, _) => {
                    Some(time)
                }
                _ => None,
            });
            let time = last.unwrap_or(&mut changed.allowance);
            *time = *time + *by;
        }
        Remedy::LaterDate { at, .. } => {
            let by_hand = story.play().clock.fixed.is_some_and(|fixed| fixed.by_hand);
            let last = steps.iter_mut().rev().find_map(|(_, step)| match step {
                Happening::Fix(date) if by_hand => Some(date),
                Happening::Retarget(Within::Instant(date), _) if !by_hand => Some(date),
                _ => None,
            });
            *last.expect("a date was fixed") = *at;
        }
        Remedy::ChangeNotMade { at } => steps.retain(|(moment, step)| {
            let is_change = matches!(
                step,
                Happening::Retarget(..)
                    | Happening::Correct(..)
                    | Happening::Fix(_)
                    | Happening::Release
            );
            moment != at || !is_change
        }),
    }
    changed.steps.extend(done);
    changed.play().is_kept()
}

fn is_live(story: &Story) -> bool {
    !matches!(story.steps.last(), Some((_, Happening::Fulfil)))
}

/// What is done at a moment at which other things happen is done after them.
fn is_done_in_time(story: &Story, at: Timestamp) -> bool {
    let mut before = story.clone();
    before.until = at;
    if at < story.at {
        before.at = at;
        before.reasons.clear();
    }
    let mut count = story.steps.iter().filter(|(moment, _)| *moment <= at).count();
    if at == story.until && !is_live(story) {
        count -= 1;
    }
    before.steps.truncate(count);
    before.steps.push((at, Happening::Fulfil));
    let played = before.play();
    played.steps.len() == count + 1 && played.is_kept()
}

/// A long run asks for more than the usual one.
fn cases() -> u32 {
    let asked = std::env::var("FIRSTLINE_EXPLAIN_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(48)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn each_remedy_would_have_kept_the_promise_and_a_millisecond_less_would_not(story in story()) {
        let played = story.play();
        let ledger = story.explain(&played);
        prop_assert_eq!(ledger.is_missed(), !played.is_kept());
        let reasons = [reason(0), reason(1)];
        let remedies = ledger.remedies(&reasons);
        prop_assert!(ledger.is_missed() || remedies.is_empty());
        let answered = Story { steps: played.steps.clone(), ..story };
        prop_assert_eq!(&answered.play().events.len(), &played.events.len());
        for remedy in remedies {
            prop_assert!(keeps(&answered, &remedy), "{:?}", remedy);
            if let Some(less) = less(&remedy) {
                prop_assert!(!keeps(&answered, &less), "less than {:?}", remedy);
            }
        }
    }

    #[test]
    fn a_ledger_accounts_for_every_millisecond_and_its_marks_lie_between_its_entries(story in story()) {
        let played = story.play();
        let ledger = story.explain(&played);
        let mut upto = story.since;
        let mut edges = BTreeSet::from([upto]);
        for entry in &ledger.entries {
            prop_assert_eq!(entry.from, upto);
            prop_assert!(entry.to > entry.from);
            upto = entry.to;
            edges.insert(upto);
        }
        prop_assert_eq!(upto, ledger.until);
        let end = match played.clock.phase {
            Phase::Fulfilled { at, .. } => at,
            _ => story.until,
        };
        prop_assert_eq!(upto, end);
        prop_assert!(ledger.marks.is_sorted_by_key(|mark| mark.at));
        prop_assert_eq!(ledger.marks.len(), played.events.len());
        for mark in &ledger.marks {
            prop_assert!(edges.contains(&mark.at), "{:?}", mark.at);
        }
        let Ledger { counted, closed_ms, paused_ms, done_ms, elsewhere_ms, .. } = ledger;
        let wall = counted.as_millis() + closed_ms + paused_ms + done_ms + elsewhere_ms;
        prop_assert_eq!(wall, end.millis_since(story.since));
        let calendar = &played.calendars[played.calendar];
        prop_assert_eq!(ledger.counted, played.clock.spent_at(calendar, end));
        prop_assert_eq!(ledger.counted_elsewhere, WorkTime::ZERO);
    }

    #[test]
    fn a_clock_says_until_any_time_exactly_what_was_forecast_until_then(
        story in story(),
        wait in 0..400_000_000_i64,
    ) {
        let mut clock = story.play().clock;
        let forecast = clock.forecast();
        prop_assert_eq!(forecast.nothing_before, clock.poll_timeout());
        prop_assert!(forecast.events.is_sorted_by_key(|it| it.told_at));
        let now = later(story.until, wait);
        let expected = forecast.events.iter().take_while(|it| it.told_at <= now);
        let expected: Vec<_> = expected.map(|it| (it.at, it.event.clone())).collect();
        let mut said = Vec::new();
        while let Some((at, event)) = clock.settle(now) {
            clock.apply(&event, at).unwrap();
            said.push((at, event));
        }
        prop_assert_eq!(said, expected);
        prop_assert!(forecast.nothing_before.is_none_or(|next| next > story.until));
    }

    #[test]
    fn every_story_can_be_told_in_every_tongue(story in story()) {
        let ledger = story.explain(&story.play());
        for tongue in Tongue::ALL {
            let remedies = ledger.remedies(&[reason(0), reason(2)]);
            let text = ledger.text(tongue, &remedies);
            let verdict = ledger.verdict(tongue);
            prop_assert_eq!(text.lines().next(), Some(verdict.as_str()));
            prop_assert!(verdict.ends_with('.') && !verdict.contains("  "));
            let sentences = text.lines().filter(|line| line.starts_with("- ")).count();
            prop_assert_eq!(sentences, remedies.len() + ledger.clock.forecast().events.len());
        }
    }
}
