//! What it costs to wake a desk: a hundred tickets with something due, among few open ones and
//! among very many. Nothing is swept, so the others must not be felt.
//!
//! `FIRSTLINE_WAKE_TICKETS=1000000` sets how many are very many; the usual run is content with
//! 50,000.

use std::path::Path;

use benches::{ADA, BOB, request};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use firstline::{
    Actor, Agent, Command, Contact, Desk, Impact, Kind, OpenTicket, Rulebook, Timestamp, Urgency,
};

/// Tasks are due in years, the rest within the hour: a warning, a breach and a step each.
const RULES: &str = r#"
name = "Wake"
[[roles]]
id = "lead"
[[lines]]
id = "L1"
[[policies]]
name = "tasks"
calendar = "always"
when = { kind = "task" }
[policies.targets.resolution]
within = "90000h"
[[policies]]
name = "standard"
calendar = "always"
[policies.targets.first_reply]
within = "1h"
warn_at = [50]
ladder = [{ at_due = true, notify = "lead" }]
"#;

/// How many tickets have something due at each wake-up.
const DUE: usize = 100;

/// How many tickets are opened in one commit while a desk is filled.
const BATCH: usize = 1_000;

fn many() -> usize {
    let is_test = std::env::args().any(|argument| argument == "--test");
    let wanted = std::env::var("FIRSTLINE_WAKE_TICKETS").ok().and_then(|text| text.parse().ok());
    wanted.unwrap_or(if is_test { 2_000 } else { 50_000 })
}

fn open(kind: Kind, at: Timestamp) -> Command {
    let (impact, urgency) = (Impact::High, Urgency::High);
    let request = OpenTicket { kind, impact, urgency, ..request() };
    Command::open(Actor::Contact(ADA), request).at(at)
}

/// A desk in a folder with so many open tickets of which none is due for years.
fn filled(folder: &Path, count: usize, at: Timestamp) -> Desk {
    let rules = Rulebook::from_toml(RULES, "wake.toml").expect("the rules are sound");
    let desk = Desk::open(folder, rules).expect("the folder can be written");
    let ada = Contact::new("Ada");
    desk.save_contact(ADA, ada).expect("she can be saved");
    desk.save_agent(BOB, Agent::new("Bob")).expect("he can be saved");
    for begun in (0..count).step_by(BATCH) {
        let batch = (begun..count.min(begun + BATCH)).map(|_| open(Kind::Task, at));
        for outcome in desk.execute_all(batch).expect("the disk is sound") {
            outcome.expect("it is sound");
        }
    }
    desk
}

fn wake(c: &mut Criterion) {
    let begin = desk_time();
    let mut group = c.benchmark_group("wake");
    group.throughput(Throughput::Elements(DUE as u64));
    group.sample_size(20);
    for count in [1_000, many()] {
        let folder = tempfile::tempdir().expect("there is room");
        let desk = filled(folder.path(), count, begin);
        let mut hours = 0;
        group.bench_function(format!("{DUE} due among {count} open"), |b| {
            b.iter_batched(
                || {
                    hours += 2;
                    let at = |hours: i64| {
                        begin.checked_add_millis(hours * 3_600_000).expect("it is soon")
                    };
                    let due = (0..DUE).map(|_| open(Kind::Incident, at(hours)));
                    desk.execute_all(due).expect("the disk is sound");
                    at(hours + 1).checked_add_millis(1).expect("it is soon")
                },
                |now| {
                    let woken = desk.handle_timeout(now).expect("the disk is sound");
                    assert_eq!(woken.tickets, DUE);
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

/// Now by the desk's own clock: commands before the people were saved would count as later.
fn desk_time() -> Timestamp {
    use firstline::{SystemTime, TimeSource};
    SystemTime.now().checked_add_millis(3_600_000).expect("it is soon")
}

criterion_group!(benches, wake);
criterion_main!(benches);
