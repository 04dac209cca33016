//! What keeping a promise costs: clocks, their accounts, conditions, rosters and pages.
//!
//! Where there is a raw limit it is measured in the same run: a clock that is started cannot cost
//! less than finding its due time in the calendar and cloning the names that it is pinned to.
//! Measured is CPU time per promise, so a machine that does other things disturbs it less.

use std::hint::black_box;

use benches::CpuTime;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use firstline_sla::{
    Allowance, Calendar, Change, Clock, ClockEvent, Condition, Field, FieldType, Fields, Ledger,
    Metric, Page, PagePlan, PagePlanSpec, Pin, Reason, Roster, RosterSpec, StepWhen, Terms,
    Threshold, Timestamp, Tongue, Triggers, Value, WorkTime, explain, start,
};

fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("it is well written")
}

fn monday() -> Timestamp {
    "2026-03-02T09:00:00+01:00".parse().expect("it is a moment")
}

fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add_millis(minutes * 60_000).expect("in range")
}

fn office() -> Calendar {
    let spec = r#"{ "time_zone": "Europe/Berlin", "weekly": { "mon-fri": ["09:00-17:00"] } }"#;
    Calendar::build(&read(spec)).expect("the office is valid")
}

fn terms() -> Terms {
    let hour = WorkTime::from_hours(1);
    let ladder = [StepWhen::BeforeDue(hour), StepWhen::AtDue, StepWhen::AfterDue(hour)];
    Terms {
        calendar: office(),
        warnings: vec![Threshold::Percent(50), Threshold::Percent(75)],
        ladder: ladder.map(Into::into).into(),
    }
}

fn allowing(hours: i64) -> Allowance {
    let within = WorkTime::from_hours(hours).into();
    Allowance { pin: Pin::new(1, "standard", "office"), within }
}

fn begun(terms: &Terms) -> Clock {
    let promised = start(&allowing(16), terms, monday());
    Clock::begin(1, &promised[0], monday()).expect("it is a start")
}

/// What can happen to a clock, each beside the calendar's part of it.
fn clocks(c: &mut Criterion<CpuTime>) {
    let (terms, promise, pending) = (terms(), allowing(16), Reason::from("pending"));
    let bare = Terms { warnings: Vec::new(), ladder: Vec::new(), ..terms.clone() };
    let (shorter, clock, now) = (allowing(8), begun(&terms), later(monday(), 90));
    let mut paused = clock.clone();
    let pause = clock.pause(&pending, &terms, now).expect("it runs");
    paused.apply(&pause, now).expect("it runs");
    let tomorrow = later(monday(), 24 * 60);

    let mut group = c.benchmark_group("clock");
    group.throughput(Throughput::Elements(1));
    group.bench_function("raw: one calendar add and a pin", |b| {
        let budget = WorkTime::from_hours(16);
        b.iter(|| (terms.calendar.add(black_box(monday()), budget), promise.pin.clone()));
    });
    for (name, terms) in [("start", &bare), ("start, two warnings and three steps", &terms)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let promised = start(&promise, terms, black_box(monday()));
                Clock::begin(1, &promised[0], monday())
            });
        });
    }
    let mut change = |name: &str, clock: &Clock, ask: &dyn Fn(&Clock) -> Vec<ClockEvent>, at| {
        group.bench_function(name, |b| {
            let happen = |mut clock: Clock| {
                for event in ask(&clock) {
                    clock.apply(&event, at).expect("it answered so");
                }
                clock
            };
            b.iter_batched(|| clock.clone(), happen, BatchSize::SmallInput);
        });
    };
    change("pause", &clock, &|it| Vec::from_iter(it.pause(&pending, &terms, now)), now);
    let resume = |it: &Clock| Vec::from_iter(it.resume(&pending, &terms, tomorrow));
    change("resume", &paused, &resume, tomorrow);
    change("retarget", &clock, &|it| it.retarget(&shorter, &terms, &terms, now), now);
    change("fulfil", &clock, &|it| Vec::from_iter(it.fulfil(&terms, now)), now);
    group.finish();
}

/// A promise with a thousand events: pauses and resumptions, then too late.
fn long_story(terms: &Terms) -> (Vec<(Timestamp, ClockEvent)>, Timestamp) {
    let mut now = monday();
    let mut events: Vec<_> =
        start(&allowing(16), terms, now).into_iter().map(|event| (now, event)).collect();
    let mut clock = begun(terms);
    while events.len() < 999 {
        now = later(now, 47);
        while let Some((at, event)) = clock.settle(now) {
            clock.apply(&event, at).expect("it says so itself");
            events.push((at, event));
        }
        let pending = Reason::from("pending");
        let change = clock.pause(&pending, terms, now);
        let change = change.or_else(|| clock.resume(&pending, terms, now)).expect("it is live");
        clock.apply(&change, now).expect("it answered so");
        events.push((now, change));
    }
    let done = clock.fulfil(terms, now).expect("it is live");
    events.push((now, done));
    (events, now)
}

/// The account of a thousand events, beside nothing but applying them.
fn accounts(c: &mut Criterion<CpuTime>) {
    let terms = terms();
    let (events, end) = long_story(&terms);
    let recorded = || events.iter().map(|(at, event)| (*at, event));
    let account = || -> Ledger {
        let find = |_: &Pin| Some(terms.calendar.clone());
        explain(Metric::Resolution.into(), 1, recorded(), find, end).expect("it is one story")
    };
    let (ledger, reasons) = (account(), [Reason::from("pending")]);
    let remedies = ledger.remedies(&reasons);
    assert!(ledger.is_missed() && !remedies.is_empty(), "there is something to explain");

    let mut group = c.benchmark_group("account of 1,000 events");
    group.throughput(Throughput::Elements(events.len() as u64));
    group.bench_function("raw: apply", |b| {
        b.iter(|| {
            let (at, first) = &events[0];
            let clock = Clock::begin(1, first, *at).expect("it is a start");
            events[1..].iter().fold(clock, |mut clock, (at, event)| {
                clock.apply(event, *at).expect("it is one story");
                clock
            })
        });
    });
    group.bench_function("explain", |b| b.iter(account));
    group.bench_function("remedies", |b| b.iter(|| ledger.remedies(black_box(&reasons))));
    group.bench_function("text", |b| b.iter(|| ledger.text(Tongue::English, &remedies)));
    group.finish();
}

/// Conditions and triggers of an order, beside the comparison written by hand.
fn orders(c: &mut Criterion<CpuTime>) {
    let fields = Fields::from([
        ("status", Field::always(FieldType::words(["open", "paid", "shipped", "refunded"]))),
        ("country", Field::always(FieldType::words(["de", "fr", "us"]))),
        ("address_is_clear", Field::always(FieldType::Flag)),
    ]);
    let spec =
        r#"{ "status": ["open", "paid"], "country": ["de", "fr"], "address_is_clear": true }"#;
    let condition = Condition::build(&read(spec), &fields).expect("the fields are there");
    let triggers = r#"{
        "start": { "status": "paid" },
        "pause": { "address": { "address_is_clear": false } },
        "stop": { "status": "shipped" },
        "cancel": { "status": "refunded" }
    }"#;
    let triggers = Triggers::build(&read(triggers), &fields).expect("the fields are there");
    let order = |status, is_clear| {
        let (country, is_clear) = (Value::Text("de"), Value::Flag(is_clear));
        [("status", Value::Text(status)), ("country", country), ("address_is_clear", is_clear)]
    };
    let (before, after) = (order("paid", true), order("paid", false));
    assert!(condition.holds(Change::none(&before)));
    let phase = begun(&terms()).phase;
    assert_eq!(triggers.ask(Some(&phase), Change::new(&before, &after)).len(), 1);

    let mut group = c.benchmark_group("order");
    group.throughput(Throughput::Elements(1));
    group.bench_function("raw: three comparisons", |b| {
        b.iter(|| {
            let (status, country, is_clear) = black_box(("paid", "de", true));
            matches!(status, "open" | "paid") && matches!(country, "de" | "fr") && is_clear
        });
    });
    group.bench_function("a condition of three clauses", |b| {
        b.iter(|| condition.holds(Change::none(black_box(&before))));
    });
    group.bench_function("triggers after a change", |b| {
        b.iter(|| triggers.ask(Some(&phase), Change::new(black_box(&before), &after)));
    });
    group.finish();
}

/// Who is on call, and a page that rings them.
fn calls(c: &mut Criterion<CpuTime>) {
    let spec: RosterSpec<String> = read(
        r#"{ "time_zone": "Europe/Berlin", "shifts": [{
            "name": "day",
            "calendar": "office",
            "members": ["Anna", "Boris", "Clara"],
            "rotation": { "every": "1w", "start": "2026-01-05", "at": "09:00" }
        }] }"#,
    );
    let roster = Roster::build(&spec, |_| Some(office())).expect("the roster is sound");
    let plan: PagePlanSpec =
        read(r#"{ "levels": [{ "roster": "first", "every": "5m", "times": 3 }] }"#);
    let plan = PagePlan::build(&plan, |_| true).expect("the plan is sound");
    let (page, now) = (Page::begin(monday()), later(monday(), 60));
    assert!(roster.on_call(now).is_some());

    let mut group = c.benchmark_group("call");
    group.throughput(Throughput::Elements(1));
    group.bench_function("raw: whether the calendar is open", |b| {
        let calendar = office();
        b.iter(|| calendar.is_open(black_box(now)));
    });
    group.bench_function("who is on call", |b| b.iter(|| roster.on_call(black_box(now))));
    group.bench_function("a page settles a ring", |b| {
        let on_call = |_: &str, at| roster.on_call(at).map(|it| it.member);
        b.iter(|| black_box(&page).settle(&plan, on_call, now));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = clocks, accounts, orders, calls
}
criterion_main!(benches);
