//! The calendar against its peers: the same office, the same 64 moments, the same questions.
//!
//! Before anything is measured all peers must give the same answers. Every measurement is of 64
//! questions, so `elem/s` counts single ones.

use std::hint::black_box;

use chrono::{DateTime, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
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
fn starts() -> Vec<Timestamp> {
    let new_year = "2025-01-01T00:00:00Z".parse::<Timestamp>().expect("a moment");
    (0..64)
        .map(|n: i64| n * 7_919 % 525_600)
        .filter_map(|minute| new_year.checked_add_millis(minute * 60_000))
        .collect()
}

/// A question and how each peer answers it, in unix seconds or seconds.
struct Question<'a> {
    name: &'a str,
    peers: Vec<(&'static str, Answer<'a>)>,
}

/// The answer for the n-th moment.
type Answer<'a> = Box<dyn Fn(usize) -> i64 + 'a>;

fn main_questions(criterion: &mut Criterion) {
    let starts = starts();
    let ours = firstline();
    let (work, ule, osm) = (workclock(), ule_hours(), opening_hours());
    let to_jiff =
        |t: &Timestamp| jiff::Timestamp::from_millisecond(t.as_millis()).expect("in range");
    let jiff: Vec<jiff::Timestamp> = starts.iter().map(to_jiff).collect();
    let zone: Tz = ZONE.parse().expect("the zone exists");
    let local: Vec<DateTime<Tz>> =
        starts.iter().map(|t| t.to_chrono().with_timezone(&zone)).collect();
    let seconds = |t: Timestamp| t.as_millis() / 1_000;
    let hours = jiff::SignedDuration::from_hours;
    let span = TimeDelta::days(SPAN_DAYS);
    let jiff_span = hours(24 * SPAN_DAYS);
    let later = |t: Timestamp| t.checked_add_millis(span.num_milliseconds()).expect("in range");
    let add = |n: usize, budget: i64| {
        seconds(ours.add(starts[n], WorkTime::from_hours(budget)).expect("the office opens"))
    };
    let questions = [
        Question {
            name: "add 40 h",
            peers: vec![
                ("firstline", Box::new(|n| add(n, BUDGET_HOURS))),
                (
                    "workclock",
                    Box::new(|n| {
                        work.add(jiff[n], hours(BUDGET_HOURS)).expect("opens").as_second()
                    }),
                ),
                (
                    "ule-hours",
                    Box::new(|n| ule.add(jiff[n], hours(BUDGET_HOURS)).expect("opens").as_second()),
                ),
                (
                    "opening-hours",
                    Box::new(|n| osm_add(&osm, local[n], TimeDelta::hours(BUDGET_HOURS))),
                ),
            ],
        },
        Question {
            name: "between, 90 days",
            peers: vec![
                (
                    "firstline",
                    Box::new(|n| ours.between(starts[n], later(starts[n])).as_millis() / 1_000),
                ),
                ("workclock", Box::new(|n| work.between(jiff[n], jiff[n] + jiff_span).as_secs())),
                ("ule-hours", Box::new(|n| ule.between(jiff[n], jiff[n] + jiff_span).as_secs())),
                ("opening-hours", Box::new(|n| osm_between(&osm, local[n], local[n] + span))),
            ],
        },
        Question {
            name: "next open",
            peers: vec![
                ("firstline", Box::new(|n| seconds(ours.next_open(starts[n]).expect("opens")))),
                ("ule-hours", Box::new(|n| ule.next_open(jiff[n]).expect("opens").as_second())),
            ],
        },
        Question {
            // ule-hours and opening-hours look ten years ahead at most, this is fifty.
            name: "add 100,000 h",
            peers: vec![
                ("firstline", Box::new(|n| add(n, FAR_HOURS))),
                (
                    "workclock",
                    Box::new(|n| work.add(jiff[n], hours(FAR_HOURS)).expect("opens").as_second()),
                ),
            ],
        },
    ];
    for question in &questions {
        ask(criterion, question, starts.len());
    }
}

fn ask(criterion: &mut Criterion, question: &Question<'_>, moments: usize) {
    for n in 0..moments {
        let answers: Vec<i64> = question.peers.iter().map(|(_, answer)| answer(n)).collect();
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{}: {answers:?}",
            question.name
        );
    }
    let mut group: BenchmarkGroup<'_, WallTime> = criterion.benchmark_group(question.name);
    group.throughput(Throughput::Elements(moments as u64));
    for (peer, answer) in &question.peers {
        group.bench_function(*peer, |bencher| {
            bencher.iter(|| (0..moments).map(|n| answer(black_box(n))).sum::<i64>());
        });
    }
    group.finish();
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

fn build(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    group.bench_function("firstline", |bencher| bencher.iter(firstline));
    group.bench_function("workclock", |bencher| bencher.iter(workclock));
    group.bench_function("ule-hours", |bencher| bencher.iter(ule_hours));
    group.bench_function("opening-hours", |bencher| bencher.iter(opening_hours));
    group.finish();
}

criterion_group!(benches, main_questions, build);
criterion_main!(benches);
