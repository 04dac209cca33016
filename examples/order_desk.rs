//! The promises of an order desk: no tickets, no agents, nothing but orders and a clock for each.
//!
//! A shop ships what is paid within eight working hours. Its promise stands still while nobody
//! knows where to ship to, begins anew when the customer changes the order, and is given up when
//! the money goes back. Six orders come in before Easter; every verdict is explained.
//!
//! ```text
//! cargo run --release --example order_desk
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;

use firstline_sla::{
    Agreement, Allowance, Ask, Calendar, CalendarSpec, Change, Clock, ClockEvent, ClockKey, Facts,
    Field, FieldType, Fields, Past, Phase, Pin, Reason, Schedule, Step, StepWhen, Terms, Threshold,
    Timestamp, Triggers, TriggersSpec, Value, WorkTime, explain, start_since,
};
use serde::Deserialize;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// What the shop promises, as the shop would write it.
const RULES: &str = r#"
within = "8h"
warn_at = [75]
ladder = [
    { before_due = "1h", tell = "the packing table" },
    { after_due = "30m", tell = "the shift leader" },
    { after_due = "4h", tell = "the owner, who writes to the customer" },
]

[hours]
# Iceland keeps UTC all the year, so what is printed is what the clock on the wall shows.
time_zone = "Atlantic/Reykjavik"
weekly = { mon-fri = ["09:00-17:00"] }
holidays = [
    { date = "easter-3", name = "Maundy Thursday" },
    { date = "easter-2", name = "Good Friday" },
    { date = "easter+1", name = "Easter Monday" },
]

[clock]
start = { goods = "parcel", status = ["paid", "packed"] }
pause = { "unclear address" = { address_is_clear = false } }
stop = { status = "shipped" }
cancel = { status = "refunded" }
reset = { items = { changed = true } }
"#;

/// The rules as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    within: WorkTime,
    warn_at: Vec<u8>,
    ladder: Vec<Rung>,
    hours: CalendarSpec,
    clock: TriggersSpec,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rung {
    before_due: Option<WorkTime>,
    after_due: Option<WorkTime>,
    tell: String,
}

/// An order. It knows nothing of promises.
#[derive(Clone)]
struct Order {
    goods: &'static str,
    status: &'static str,
    address_is_clear: bool,
    items: Vec<&'static str>,
}

impl Facts for Order {
    fn value(&self, field: &str) -> Option<Value<'_>> {
        Some(match field {
            "goods" => Value::Text(self.goods),
            "status" => Value::Text(self.status),
            "address_is_clear" => Value::Flag(self.address_is_clear),
            "items" => Value::List(&self.items),
            _ => return None,
        })
    }
}

/// What the rules may ask of an order.
fn fields() -> Fields {
    let statuses = ["open", "paid", "packed", "shipped", "refunded"];
    Fields::from([
        ("goods", Field::always(FieldType::words(["parcel", "voucher"]))),
        ("status", Field::always(FieldType::words(statuses))),
        ("address_is_clear", Field::always(FieldType::Flag)),
        ("items", Field::new(FieldType::List)),
    ])
}

/// The orders and their clocks.
struct OrderDesk {
    promise: Allowance,
    terms: Terms,
    triggers: Triggers,
    ladder: Vec<String>,
    orders: BTreeMap<u32, Kept>,
}

/// An order and all runs of its clock.
struct Kept {
    order: Order,
    runs: Vec<Run>,
}

/// A clock and what happened to it: all that a shop would have to store.
struct Run {
    clock: Clock,
    events: Vec<(Timestamp, ClockEvent)>,
}

impl OrderDesk {
    fn open(rules: &str) -> Fallible<Self> {
        let Rules { within, warn_at, ladder, hours, clock } = toml::from_str(rules)?;
        let when = |rung: &Rung| match (rung.before_due, rung.after_due) {
            (Some(ahead), None) => Ok(StepWhen::BeforeDue(ahead).into()),
            (None, Some(behind)) => Ok(StepWhen::AfterDue(behind).into()),
            _ => Err("a rung lies either before due or after it"),
        };
        let steps: Result<Vec<Step>, _> = ladder.iter().map(when).collect();
        let pin = Pin::new(1, "shipping", "shop hours");
        Ok(Self {
            promise: Allowance { pin, within: within.into() },
            terms: Terms {
                calendar: Calendar::build(&hours)?,
                warnings: warn_at.into_iter().map(Threshold::Percent).collect(),
                ladder: steps?,
            },
            triggers: Triggers::build(&clock, &fields()).map_err(|error| error.at("clock"))?,
            ladder: ladder.into_iter().map(|rung| rung.tell).collect(),
            orders: BTreeMap::new(),
        })
    }

    /// An order comes in.
    fn take(&mut self, now: Timestamp, number: u32, order: Order) -> Fallible<()> {
        self.wake(now)?;
        say(now, number, &format!("ordered and {}: {}", order.status, order.items.join(", ")));
        self.orders.insert(number, Kept { order: order.clone(), runs: Vec::new() });
        self.carry_out(now, number, Change::first(&order))
    }

    /// Something happens to an order.
    fn hear(
        &mut self,
        now: Timestamp,
        number: u32,
        what: &str,
        happen: impl FnOnce(&mut Order),
    ) -> Fallible<()> {
        self.wake(now)?;
        say(now, number, what);
        let kept = self.orders.get_mut(&number).ok_or("nobody ordered that")?;
        let before = kept.order.clone();
        happen(&mut kept.order);
        let after = kept.order.clone();
        self.carry_out(now, number, Change::new(&before, &after))
    }

    /// Lets come to pass what does so by itself until now, in its order. A shop would sleep until
    /// the earliest timeout; one that overslept would find the same facts.
    fn wake(&mut self, now: Timestamp) -> Fallible<()> {
        loop {
            let timeouts = self.orders.iter().filter_map(|(number, kept)| {
                kept.runs.last()?.clock.poll_timeout().map(|at| (at, *number))
            });
            let Some((at, number)) = timeouts.min().filter(|(at, _)| *at <= now) else {
                return Ok(());
            };
            if let Some((at, event)) = self.clock(number).and_then(|clock| clock.settle(at)) {
                self.store(at, number, event)?;
            }
        }
    }

    /// Does with the clock of an order what the rules ask for after this change.
    fn carry_out(&mut self, now: Timestamp, number: u32, change: Change<'_>) -> Fallible<()> {
        let phase = self.clock(number).map(|clock| &clock.phase);
        for ask in self.triggers.ask(phase, change) {
            let (clock, terms) = (self.clock(number), &self.terms);
            let event = match &ask {
                Ask::Start { .. } => None,
                Ask::Cancel => {
                    clock.and_then(|it| it.cancel(&self.why("cancel", change), terms, now))
                }
                Ask::Reset { .. } => {
                    clock.and_then(|it| it.cancel(&self.why("reset", change), terms, now))
                }
                Ask::Fulfil => clock.and_then(|it| it.fulfil(terms, now)),
                Ask::Pause(reason) => clock.and_then(|it| it.pause(reason, terms, now)),
                Ask::Resume(reason) => clock.and_then(|it| it.resume(reason, terms, now)),
            };
            if let Some(event) = event {
                self.store(now, number, event)?;
            }
            if let Ask::Start { reasons } | Ask::Reset { reasons } = ask {
                let past = Past { reasons, ..Past::new(now) };
                for (at, event) in start_since(&self.promise, &self.terms, past, now) {
                    self.store(at, number, event)?;
                }
            }
        }
        Ok(())
    }

    /// Why one of the conditions holds, in its own words.
    fn why(&self, key: &str, change: Change<'_>) -> Reason {
        let mut conditions = self.triggers.conditions();
        let found = conditions.find(|(known, _)| known == key);
        let why = found.map(|(_, condition)| condition.explain(change).to_string());
        Reason::from(why.unwrap_or_default().as_str())
    }

    /// The latest run of an order's clock.
    fn clock(&self, number: u32) -> Option<&Clock> {
        self.orders.get(&number)?.runs.last().map(|run| &run.clock)
    }

    /// Keeps what happened to a clock, and tells it.
    fn store(&mut self, at: Timestamp, number: u32, event: ClockEvent) -> Fallible<()> {
        if let Some(consequence) = consequence(&event, &self.ladder) {
            println!("  {}  #{number}    {consequence}", wall(at));
        }
        let runs = &mut self.orders.get_mut(&number).ok_or("nobody ordered that")?.runs;
        if matches!(event, ClockEvent::Started { .. }) {
            let cycle = u32::try_from(runs.len())? + 1;
            runs.push(Run { clock: Clock::begin(cycle, &event, at)?, events: vec![(at, event)] });
        } else {
            let run = runs.last_mut().ok_or("nothing was promised")?;
            run.clock.apply(&event, at)?;
            run.events.push((at, event));
        }
        Ok(())
    }

    /// Says what became of each promise, and where the time went.
    fn verdicts(&self, now: Timestamp) -> Fallible<()> {
        for (number, Kept { order, runs }) in &self.orders {
            if runs.is_empty() {
                let why = self.why("start", Change::none(order));
                println!("  #{number}  nothing was promised: {why}\n");
            }
            for run in runs {
                let key = ClockKey::condition(Agreement::Sla, "shipping");
                let events = run.events.iter().map(|(at, event)| (*at, event));
                let hours = |_: &Pin| Some(self.terms.calendar.clone());
                let ledger = explain(key, run.clock.cycle, events, hours, now)?;
                let verdict = match &ledger.clock.phase {
                    Phase::Fulfilled { at, outcome } => format!("{outcome}, shipped {}", wall(*at)),
                    Phase::Cancelled { at, reason } => {
                        format!("given up {} without a verdict: {reason}", wall(*at))
                    }
                    Phase::Running { .. } => "running".to_owned(),
                    Phase::Paused { .. } => "standing still".to_owned(),
                };
                let due = ledger.due.map_or_else(|| "never due".to_owned(), wall);
                println!("  #{number}  due {due}: {verdict}");
                for entry in &ledger.entries {
                    let length = WorkTime::from_millis(entry.to.millis_since(entry.from));
                    let (from, to) = (wall(entry.from), wall(entry.to));
                    println!("    {from}  {to}  {:>8}  {}", length.to_string(), entry.kind);
                }
                println!("    {} of {} used up\n", ledger.counted, ledger.clock.allowance);
            }
        }
        Ok(())
    }
}

/// What follows from something, as far as it is worth telling.
fn consequence(event: &ClockEvent, ladder: &[String]) -> Option<String> {
    let until = |schedule: &Schedule| {
        schedule.due.map_or_else(|| "never due".to_owned(), |due| format!("due {}", wall(due)))
    };
    Some(match event {
        ClockEvent::Started { schedule: Some(schedule), .. } => {
            format!("promised, {}", until(schedule))
        }
        ClockEvent::Started { schedule: None, .. } => "promised, and stands still".to_owned(),
        ClockEvent::Paused { reason, spent } => format!("stands still: {reason}, {spent} used up"),
        ClockEvent::Resumed { schedule: Some(schedule), .. } => {
            format!("goes on, {}", until(schedule))
        }
        ClockEvent::Warned { threshold } => format!("{threshold} of the time is used up"),
        ClockEvent::Climbed { step } => format!("tell {}", ladder.get(usize::from(*step))?),
        ClockEvent::Breached { .. } => "the promise is broken".to_owned(),
        ClockEvent::Fulfilled { outcome, spent, overrun: None, .. } => {
            format!("{outcome}, {spent} used up")
        }
        ClockEvent::Fulfilled { outcome, overrun: Some(overrun), .. } => {
            format!("{outcome} by {overrun} of working time")
        }
        ClockEvent::Cancelled { reason, .. } => format!("given up: {reason}"),
        _ => return None,
    })
}

/// A moment as the clock on the wall shows it.
fn wall(moment: Timestamp) -> String {
    moment.to_chrono().format("%a %e %b %H:%M").to_string()
}

/// A moment of spring 2026.
fn at(day: &str, time: &str) -> Fallible<Timestamp> {
    Ok(format!("2026-{day}T{time}:00Z").parse()?)
}

fn say(now: Timestamp, number: u32, what: &str) {
    println!("  {}  #{number}  {what}", wall(now));
}

fn paid(goods: &'static str, items: &[&'static str]) -> Order {
    Order { goods, status: "paid", address_is_clear: true, items: items.to_vec() }
}

fn main() -> ExitCode {
    match tell() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("order_desk: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The story itself.
fn tell() -> Fallible<()> {
    let mut desk = OrderDesk::open(RULES)?;
    println!("\nWhat happened in the week before Easter\n");

    desk.take(at("03-30", "16:00")?, 1, paid("parcel", &["teapot"]))?;
    desk.take(at("03-31", "10:00")?, 2, paid("parcel", &["lamp"]))?;
    desk.take(at("03-31", "12:00")?, 3, paid("parcel", &["kite"]))?;
    desk.hear(at("03-31", "13:00")?, 3, "the address lacks a street", |order| {
        order.address_is_clear = false;
    })?;
    desk.take(at("03-31", "14:00")?, 4, paid("parcel", &["globe"]))?;
    desk.hear(at("03-31", "14:30")?, 1, "the customer wants cups as well", |order| {
        order.items.push("six cups");
    })?;
    desk.hear(at("03-31", "16:30")?, 2, "shipped", |order| order.status = "shipped")?;
    desk.take(at("04-01", "09:30")?, 5, paid("parcel", &["rug"]))?;
    desk.take(at("04-01", "10:00")?, 6, paid("voucher", &["a voucher"]))?;
    desk.hear(at("04-01", "11:00")?, 4, "refunded", |order| order.status = "refunded")?;
    desk.hear(at("04-01", "14:00")?, 1, "shipped", |order| order.status = "shipped")?;
    desk.hear(at("04-01", "15:00")?, 3, "the customer gives the street", |order| {
        order.address_is_clear = true;
    })?;
    desk.hear(at("04-07", "12:00")?, 3, "shipped", |order| order.status = "shipped")?;
    desk.hear(at("04-07", "14:00")?, 5, "shipped", |order| order.status = "shipped")?;

    println!("\nWhat became of each promise, and where the time went\n");
    desk.verdicts(at("04-07", "17:00")?)
}
