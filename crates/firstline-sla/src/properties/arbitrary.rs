//! Random calendars, terms and scripts.
//!
//! All times are whole minutes and all hours begin and end on a quarter of an hour, so that the
//! naive model can walk through them. The scripts lie around the days on which clocks change.

use core::fmt;
use std::collections::BTreeMap;

use firstline_calendar::{ExceptionSpec, HolidaySpec, VersionSpec};
use proptest::prelude::*;
use proptest::sample::select;

use crate::*;

pub(super) const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// How many cases a law is tried on: `FIRSTLINE_PROPERTY_CASES`, or what a usual run has time for.
pub(super) fn config() -> ProptestConfig {
    let raised = std::env::var("FIRSTLINE_PROPERTY_CASES").ok().map(|text| {
        text.parse().expect("FIRSTLINE_PROPERTY_CASES is the number of cases for each law")
    });
    let cases = raised.unwrap_or(16);
    ProptestConfig { cases, max_shrink_iters: 4_000, ..ProptestConfig::default() }
}

/// A calendar, and how it was written.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    pub(super) calendar: Calendar,
    written: String,
}

/// What belongs to a policy: its warnings, and its ladder with the hours of whom it calls.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) warnings: Vec<Threshold>,
    pub(super) ladder: Vec<(StepWhen, Option<usize>)>,
}

/// What is promised: a policy and a calendar by their numbers in the [`Scene`], and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) policy: usize,
    pub(super) calendar: usize,
    pub(super) within: Within,
}

/// Where a script is played.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) begin: Timestamp,
    pub(super) calendars: Vec<Hours>,
    pub(super) policies: Vec<Policy>,
    pub(super) first: Target,
    /// How many minutes earlier the wait began, and the pauses since then: from, length.
    pub(super) waited: i64,
    pub(super) credits: Vec<(i64, i64)>,
    /// Whether it stands still when the promise is made.
    pub(super) stands: bool,
}

impl Scene {
    pub(super) fn terms(&self, target: &Target) -> Terms {
        let Policy { warnings, ladder } = &self.policies[target.policy];
        let ladder = ladder.iter().map(|(when, hours)| {
            let hours = hours.map(|number| self.calendars[number].calendar.clone());
            Step { when: *when, hours }
        });
        Terms {
            calendar: self.calendars[target.calendar].calendar.clone(),
            warnings: warnings.clone(),
            ladder: ladder.collect(),
        }
    }

    pub(super) fn allowance(&self, target: &Target) -> Allowance {
        let Target { policy, calendar, within } = target;
        let pin = Pin::new(1, format!("policy {policy}"), calendar.to_string());
        Allowance { pin, within: *within }
    }

    pub(super) fn since(&self) -> Timestamp {
        later(self.begin, -self.waited)
    }

    /// The pauses before the promise was made, as far as they lie before it.
    pub(super) fn credits(&self) -> Vec<Credit> {
        let credit = |(from, length): &(i64, i64)| {
            let from = later(self.since(), *from).min(self.begin);
            let to = later(from, *length).min(self.begin);
            Credit { from, to, reason: Reason::from("pending") }
        };
        self.credits.iter().map(credit).collect()
    }

    pub(super) fn past(&self) -> Past {
        let reasons = self.stands.then(|| reason(0)).into_iter().collect();
        Past { credits: self.credits(), reasons, ..Past::new(self.since()) }
    }
}

pub(super) fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add_millis(minutes * MINUTE).unwrap()
}

pub(super) fn reason(number: u8) -> Reason {
    Reason::from(["pending", "on_hold", "asleep"][usize::from(number)])
}

/// Something that happens to a clock.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Happening {
    Wake,
    Pause(u8),
    Resume(u8),
    Retarget(Target),
    Correct { calendar: usize },
    Fix(Timestamp),
    Release,
    Fulfil,
    CarryOn,
    Cancel,
}

/// A scene and what happens in it, with the moments. It prints as lines, to be read as a story.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) scene: Scene,
    pub(super) happenings: Vec<(Timestamp, Happening)>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scene { begin, calendars, policies, first, waited, credits, stands } = &self.scene;
        let list = |f: &mut fmt::Formatter<'_>, name: &str, lines: Vec<String>| {
            let mut numbered = lines.iter().enumerate();
            numbered.try_for_each(|(number, line)| writeln!(f, "{name} {number}: {line}"))
        };
        writeln!(f)?;
        list(f, "calendar", calendars.iter().map(|hours| hours.written.clone()).collect())?;
        list(f, "policy", policies.iter().map(|policy| format!("{policy:?}")).collect())?;
        writeln!(f, "{begin} start {first:?}, waited {waited} min, {credits:?}, stands: {stands}")?;
        for (at, happening) in &self.happenings {
            writeln!(f, "{at} {happening:?}")?;
        }
        Ok(())
    }
}

pub(super) fn script() -> impl Strategy<Value = Script> {
    scene().prop_flat_map(|scene| {
        let gap = prop_oneof![
            4 => Just(0),
            2 => Just(1),
            6 => (0..20_i64).prop_map(|halves| halves * 30),
            4 => 0..3_000_i64,
        ];
        let happenings = prop::collection::vec((gap, happening(scene.begin)), 1..30);
        (Just(scene), happenings).prop_map(|(scene, happenings)| {
            let mut now = scene.begin;
            let at = |(gap, happening)| {
                now = later(now, gap);
                (now, happening)
            };
            let happenings = happenings.into_iter().map(at).collect();
            Script { scene, happenings }
        })
    })
}

fn happening(begin: Timestamp) -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => Just(Happening::Wake),
        6 => (0..3_u8).prop_map(Happening::Pause),
        8 => (0..3_u8).prop_map(Happening::Resume),
        5 => target(begin).prop_map(Happening::Retarget),
        2 => (0..CALENDARS).prop_map(|calendar| Happening::Correct { calendar }),
        2 => moment(begin).prop_map(Happening::Fix),
        3 => Just(Happening::Release),
        2 => Just(Happening::Fulfil),
        3 => Just(Happening::CarryOn),
        1 => Just(Happening::Cancel),
    ]
}

const CALENDARS: usize = 3;
const POLICIES: usize = 2;

fn moment(begin: Timestamp) -> impl Strategy<Value = Timestamp> {
    (-20_i64..400).prop_map(move |halves| later(begin, halves * 30))
}

fn target(begin: Timestamp) -> impl Strategy<Value = Target> {
    let by = prop_oneof![Just(None), select(vec![Some("12:00"), Some("16:00"), Some("23:30")])];
    let day = (0..4_u32, by).prop_map(|(working_days, by)| {
        Within::Day(DayTarget { working_days, by: by.map(|text| text.parse().unwrap()) })
    });
    let within = prop_oneof![
        6 => (1..20_i64).prop_map(|hours| WorkTime::from_hours(hours).into()),
        4 => (1..1_200_i64).prop_map(|minutes| WorkTime::from_minutes(minutes).into()),
        2 => day,
        1 => moment(begin).prop_map(Within::Instant),
    ];
    (0..POLICIES, 0..CALENDARS, within).prop_map(|(policy, calendar, within)| Target {
        policy,
        calendar,
        within,
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let minutes = || (1..16_i64).prop_map(|quarters| WorkTime::from_minutes(quarters * 15));
    let threshold = prop_oneof![
        (1..100_u8).prop_map(Threshold::Percent),
        select(vec![25, 50, 75]).prop_map(Threshold::Percent),
        minutes().prop_map(Threshold::Before),
    ];
    let when = prop_oneof![
        minutes().prop_map(StepWhen::BeforeDue),
        Just(StepWhen::AtDue),
        minutes().prop_map(StepWhen::AfterDue),
        minutes().prop_map(StepWhen::AfterDue),
    ];
    let hours = prop_oneof![2 => Just(None), 1 => (0..CALENDARS).prop_map(Some)];
    let warnings = prop::collection::btree_set(threshold, 0..4);
    (warnings, prop::collection::vec((when, hours), 0..5))
        .prop_map(|(warnings, ladder)| Policy { warnings: warnings.into_iter().collect(), ladder })
}

/// The moments at which a zone changes its clocks, and one at which nothing happens.
const CHANGES: [(&str, &str); 7] = [
    ("Europe/Berlin", "2026-03-29T01:00:00Z"),
    ("Europe/Berlin", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("UTC", "2026-06-10T09:00:00Z"),
];

pub(super) fn scene() -> impl Strategy<Value = Scene> {
    (select(&CHANGES[..]), 0..192_i64).prop_flat_map(|((zone, change), halves)| {
        let begin = later(change.parse().unwrap(), -30 * halves);
        let zones =
            prop_oneof![3 => Just(zone), 1 => select(&CHANGES[..]).prop_map(|(zone, _)| zone)];
        let calendars =
            prop::collection::vec(zones.prop_flat_map(move |zone| hours(zone, begin)), CALENDARS);
        let waited = prop_oneof![2 => Just(0), 1 => 0..4_000_i64];
        let credits = prop::collection::vec((0..4_000_i64, 0..1_500_i64), 0..4);
        let policies = prop::collection::vec(policy(), POLICIES);
        (calendars, policies, target(begin), waited, credits, prop::bool::weighted(0.1)).prop_map(
            move |(calendars, policies, first, waited, credits, stands)| Scene {
                begin,
                calendars,
                policies,
                first,
                waited,
                credits,
                stands,
            },
        )
    })
}

fn hours(zone: &'static str, around: Timestamp) -> impl Strategy<Value = Hours> {
    let date = move || {
        (-6_i64..15).prop_map(move |days| {
            let day = around.checked_add_millis(days * DAY).unwrap();
            day.to_string()[..10].to_owned()
        })
    };
    let exception = prop::collection::vec(window(false), 0..2);
    let spec = (
        week(),
        prop::collection::vec(date(), 0..3),
        prop::collection::btree_map(date(), exception, 0..2),
        prop::collection::btree_map(date(), week(), 0..2),
    );
    let spec = spec.prop_map(move |(weekly, holidays, exceptions, versions)| CalendarSpec {
        time_zone: zone.to_owned(),
        weekly,
        holidays: holidays.iter().map(|date| HolidaySpec::from(&**date)).collect(),
        exceptions: exceptions
            .into_iter()
            .map(|(date, hours)| (date, ExceptionSpec { hours, name: None }))
            .collect(),
        versions: versions.into_iter().map(|(from, weekly)| VersionSpec { from, weekly }).collect(),
        ..CalendarSpec::default()
    });
    let built = |spec: CalendarSpec| Hours {
        calendar: Calendar::build(&spec).unwrap(),
        written: toml::to_string(&spec).unwrap().replace('\n', "; "),
    };
    let always = || Hours { calendar: Calendar::always(), written: "always".to_owned() };
    prop_oneof![
        1 => Just(()).prop_map(move |()| always()),
        6 => spec.prop_map(built),
    ]
}

/// Hours of the week, never so few that a promise of a day takes months.
fn week() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let days = |days: &str, hours: &str| (days.to_owned(), vec![hours.to_owned()]);
    let any = prop::collection::vec(window(true), 7).prop_map(|windows| {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let pairs = names.iter().zip(windows);
        pairs.map(|(day, window)| ((*day).to_owned(), vec![window])).collect()
    });
    prop_oneof![
        3 => Just([days("mon-fri", "09:00-17:00")].into()),
        1 => Just([days("mon-fri", "22:00-06:00")].into()),
        1 => Just([days("mon-thu", "08:30-17:30"), days("fri", "08:30-13:00")].into()),
        3 => any,
    ]
}

/// A window of an hour at least, past midnight or not, with a liking for the small hours.
fn window(past_midnight: bool) -> impl Strategy<Value = String> {
    let quarter = || prop_oneof![0..16_u32, 0..92_u32];
    (quarter(), quarter()).prop_filter_map("an hour at least", move |(open, close)| {
        let swap = close < open && !past_midnight;
        let (open, close) = if swap { (close, open) } else { (open, close) };
        let length = (close + 96 - open) % 96;
        let time = |quarter: u32| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        (length >= 4).then(|| format!("{}-{}", time(open), time(close)))
    })
}
