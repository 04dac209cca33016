//! The calendar against its peers: the same office, the same 64 moments, the same questions.
//!
//! Before anything is measured all peers must give the same answers. Every measurement is of 64
//! questions, so `elem/s` counts single ones. Measured is CPU time, which a busy machine disturbs
//! less than the time on the wall.

use std::hint::black_box;

use benches::CpuTime;
use chrono::{DateTime, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use firstline_calendar::{Calendar, CalendarSpec, HolidaySpec, Timestamp, WorkTime};
use opening_hours::localization::TzLocation;
use opening_hours::{Context, OpeningHours, RuleKind};

const ZONE: &str = "America/New_York";
/// The federal holidays of 2025 on which the office is closed.
const HOLIDAYS: [(i32, u32, u32); 10] = [
    (2025, 1, 1),
    (2025, 1, 20),
    (2025, 2, 17),
    (2025, 5, 26),
    (2025, 6, 19),
    (2025, 7, 4),
    (2025, 9, 1),
    (2025, 10, 13),
    (2025, 11, 27),
    (2025, 12, 25),
];
const BUDGET_HOURS: i64 = 40;
const FAR_HOURS: i64 = 100_000;
const SPAN_DAYS: i64 = 90;

/// Monday to Friday, nine to five, in New York.
fn firstline() -> Calendar {
    let holidays = HOLIDAYS
        .map(|(year, month, day)| HolidaySpec::from(&*format!("{year:04}-{month:02}-{day:02}")));
    let spec = CalendarSpec {
        time_zone: ZONE.to_owned(),
        weekly: [("mon-fri".to_owned(), vec!["09:00-17:00".to_owned()])].into(),
        holidays: holidays.into(),
        ..CalendarSpec::default()
    };
    Calendar::build(&spec).expect("the office is valid")
}

fn workclock() -> workclock::Schedule {
    use jiff::civil::time;
    let days = workclock::Weekdays::MON_TO_FRI;
    workclock::Schedule::builder()
        .time_zone(ZONE)
        .rule(workclock::WorkDay::new(time(9, 0, 0, 0), time(17, 0, 0, 0), days))
        .rule(workclock::Holidays::new(HOLIDAYS.map(jiff_date)))
        .build()
        .expect("the office is valid")
}

fn ule_hours() -> ule_hours::Schedule {
    ule_hours::Schedule::builder(ZONE)
        .and_then(|builder| builder.mon_fri("09:00-17:00"))
        .expect("the office is valid")
        .holidays(HOLIDAYS.map(|date| ule_hours::Holiday::On(jiff_date(date))))
        .build()
}

fn opening_hours() -> OpeningHours<TzLocation<Tz>> {
    let off = |(year, month, day): (i32, u32, u32)| {
        let date = NaiveDate::from_ymd_opt(year, month, day).expect("a holiday exists");
        format!("; {} off", date.format("%Y %b %d"))
    };
    let holidays: String = HOLIDAYS.map(off).concat();
    let zone: Tz = ZONE.parse().expect("the zone exists");
    format!("Mo-Fr 09:00-17:00{holidays}")
        .parse::<OpeningHours>()
        .expect("the office is valid")
        .with_context(Context::default().with_locale(TzLocation::new(zone)))
}

fn jiff_date((year, month, day): (i32, u32, u32)) -> jiff::civil::Date {
    jiff::civil::date(year as i16, month as i8, day as i8)
}

/// 64 moments of 2025, spread over days and hours, open and closed.
fn moments() -> Vec<Timestamp> {
    let new_year = "2025-01-01T00:00:00Z".parse::<Timestamp>().expect("a moment");
    (0..64)
        .map(|n: i64| n * 7_919 % 525_600)
        .filter_map(|minute| new_year.checked_add_millis(minute * 60_000))
        .collect()
}

/// The answer for the n-th moment, in unix seconds or seconds.
type Answer<'a> = Box<dyn Fn(usize) -> i64 + 'a>;

/// All calendars, with the same moments in the type that each of them takes.
struct Peers {
    firstline: Calendar,
    workclock: workclock::Schedule,
    ule_hours: ule_hours::Schedule,
    opening_hours: OpeningHours<TzLocation<Tz>>,
    moments: Vec<Timestamp>,
    jiff_moments: Vec<jiff::Timestamp>,
    local_moments: Vec<DateTime<Tz>>,
}

impl Peers {
    fn new() -> Self {
        let moments = moments();
        let to_jiff =
            |t: &Timestamp| jiff::Timestamp::from_millisecond(t.as_millis()).expect("in range");
        let zone: Tz = ZONE.parse().expect("the zone exists");
        Self {
            firstline: firstline(),
            workclock: workclock(),
            ule_hours: ule_hours(),
            opening_hours: opening_hours(),
            jiff_moments: moments.iter().map(to_jiff).collect(),
            local_moments: moments.iter().map(|t| t.to_chrono().with_timezone(&zone)).collect(),
            moments,
        }
    }

    fn firstline_add(&self, hours: i64) -> Answer<'_> {
        let budget = WorkTime::from_hours(hours);
        Box::new(move |n| {
            let end = self.firstline.add(self.moments[n], budget);
            end.expect("the office opens").as_millis() / 1_000
        })
    }

    fn workclock_add(&self, hours: i64) -> Answer<'_> {
        let budget = jiff::SignedDuration::from_hours(hours);
        Box::new(move |n| {
            let end = self.workclock.add(self.jiff_moments[n], budget);
            end.expect("the office opens").as_second()
        })
    }

    fn add(&self) -> Vec<(&'static str, Answer<'_>)> {
        let budget = jiff::SignedDuration::from_hours(BUDGET_HOURS);
        let ule_add = move |n: usize| {
            let end = self.ule_hours.add(self.jiff_moments[n], budget);
            end.expect("the office opens").as_second()
        };
        let osm_budget = TimeDelta::hours(BUDGET_HOURS);
        let osm_add =
            move |n: usize| osm_add(&self.opening_hours, self.local_moments[n], osm_budget);
        vec![
            ("firstline", self.firstline_add(BUDGET_HOURS)),
            ("workclock", self.workclock_add(BUDGET_HOURS)),
            ("ule-hours", Box::new(ule_add)),
            ("opening-hours", Box::new(osm_add)),
        ]
    }

    /// ule-hours and opening-hours look ten years ahead at most, and this is fifty.
    fn add_far(&self) -> Vec<(&'static str, Answer<'_>)> {
        vec![
            ("firstline", self.firstline_add(FAR_HOURS)),
            ("workclock", self.workclock_add(FAR_HOURS)),
        ]
    }

    fn between(&self) -> Vec<(&'static str, Answer<'_>)> {
        let span = TimeDelta::days(SPAN_DAYS);
        let jiff_span = jiff::SignedDuration::from_hours(24 * SPAN_DAYS);
        let ours = move |n: usize| {
            let from = self.moments[n];
            let to = from.checked_add_millis(span.num_milliseconds()).expect("in range");
            self.firstline.between(from, to).as_millis() / 1_000
        };
        let work = move |n: usize| {
            let from = self.jiff_moments[n];
            self.workclock.between(from, from + jiff_span).as_secs()
        };
        let ule = move |n: usize| {
            let from = self.jiff_moments[n];
            self.ule_hours.between(from, from + jiff_span).as_secs()
        };
        let osm = move |n: usize| {
            let from = self.local_moments[n];
            osm_between(&self.opening_hours, from, from + span)
        };
        vec![
            ("firstline", Box::new(ours)),
            ("workclock", Box::new(work)),
            ("ule-hours", Box::new(ule)),
            ("opening-hours", Box::new(osm)),
        ]
    }

    fn next_open(&self) -> Vec<(&'static str, Answer<'_>)> {
        let ours = |n: usize| {
            let opening = self.firstline.next_open(self.moments[n]);
            opening.expect("the office opens").as_millis() / 1_000
        };
        let ule = |n: usize| {
            let opening = self.ule_hours.next_open(self.jiff_moments[n]);
            opening.expect("the office opens").as_second()
        };
        vec![("firstline", Box::new(ours)), ("ule-hours", Box::new(ule))]
    }
}

fn questions(criterion: &mut Criterion<CpuTime>) {
    let peers = Peers::new();
    for (question, answers) in [
        ("add 40 h", peers.add()),
        ("add 100,000 h", peers.add_far()),
        ("between, 90 days", peers.between()),
        ("next open", peers.next_open()),
    ] {
        for n in 0..peers.moments.len() {
            let all: Vec<i64> = answers.iter().map(|(_, answer)| answer(n)).collect();
            assert!(all.iter().all(|one| *one == all[0]), "{question}, moment {n}: {all:?}");
        }
        let mut group = criterion.benchmark_group(question);
        group.throughput(Throughput::Elements(peers.moments.len() as u64));
        for (peer, answer) in &answers {
            group.bench_function(*peer, |bencher| {
                bencher
                    .iter(|| (0..peers.moments.len()).map(|n| answer(black_box(n))).sum::<i64>());
            });
        }
        group.finish();
    }
}

/// opening-hours has no arithmetic of its own, so its intervals are added up.
fn osm_add(osm: &OpeningHours<TzLocation<Tz>>, from: DateTime<Tz>, mut budget: TimeDelta) -> i64 {
    for interval in osm.iter_from(from).filter(|interval| interval.kind == RuleKind::Open) {
        let length = interval.range.end - interval.range.start;
        if budget <= length {
            return (interval.range.start + budget).timestamp();
        }
        budget -= length;
    }
    i64::MAX
}

fn osm_between(osm: &OpeningHours<TzLocation<Tz>>, from: DateTime<Tz>, to: DateTime<Tz>) -> i64 {
    osm.iter_range(from, to)
        .filter(|interval| interval.kind == RuleKind::Open)
        .map(|interval| (interval.range.end - interval.range.start).num_seconds())
        .sum()
}

/// An office with the holidays of every year from 1900 to 2199.
fn with_yearly_holidays() -> CalendarSpec {
    let rules = [
        "01-01",
        "01-06",
        "easter-2",
        "easter+1",
        "05-01",
        "easter+39",
        "easter+50",
        "10-03",
        "12-24",
        "12-25",
        "12-26",
        "12-31",
    ];
    CalendarSpec {
        time_zone: "Europe/Berlin".to_owned(),
        weekly: [("mon-fri".to_owned(), vec!["09:00-17:00".to_owned()])].into(),
        holidays: rules.map(HolidaySpec::from).into(),
        ..CalendarSpec::default()
    }
}

fn build(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("build");
    group.bench_function("firstline", |bencher| bencher.iter(firstline));
    group.bench_function("firstline, 12 yearly holidays", |bencher| {
        bencher.iter(|| Calendar::build(&with_yearly_holidays()).expect("the office is valid"));
    });
    group.bench_function("workclock", |bencher| bencher.iter(workclock));
    group.bench_function("ule-hours", |bencher| bencher.iter(ule_hours));
    group.bench_function("opening-hours", |bencher| bencher.iter(opening_hours));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = questions, build
}
criterion_main!(benches);
