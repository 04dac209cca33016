//! What a command costs: the rules alone, and the whole way to the disk.
//!
//! The durable commands are measured beside a raw file that is appended to and synced in the same
//! run, since a figure of milliseconds says more about the disk than about us.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use benches::{ADA, BOB, desk_in, request, rules};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use examples::incidents::commands;
use examples::sample;
use firstline::{
    Actor, Agent, Command, Contact, Desk, FixedTime, Metric, Status, Stream, Ticket, TicketAction,
    TicketId, Timestamp, apply, carry_out, decide,
};

fn monday() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("it is a moment")
}

/// A ticket that was answered once, so that a further reply is a plain one.
fn answered() -> Ticket {
    let rules = rules();
    let open = TicketAction::Open(Box::new(request()));
    let turn = carry_out(None, &open, Actor::Contact(ADA), &rules, monday()).expect("it is sound");
    let turn = carry_out(Some(turn.ticket), &reply(), Actor::Agent(BOB), &rules, monday());
    turn.expect("it is sound").ticket
}

fn reply() -> TicketAction {
    TicketAction::Reply { text: "We are looking into it.".into(), then: None }
}

/// The rules in memory: a plain reply of an agent, decided upon and applied.
fn rules_alone(c: &mut Criterion) {
    let (rules, ticket, reply, now) = (rules(), answered(), reply(), monday());
    let agent = Actor::Agent(BOB);
    let mut group = c.benchmark_group("rules");
    group.throughput(Throughput::Elements(1));
    group.bench_function("carry_out a plain reply", |b| {
        b.iter_batched(
            || ticket.clone(),
            |ticket| carry_out(Some(ticket), black_box(&reply), agent, &rules, now),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("decide and apply a plain reply", |b| {
        b.iter_batched(
            || ticket.clone(),
            |ticket| {
                let events = decide(Some(&ticket), black_box(&reply), agent, &rules, now);
                let events = events.expect("it is sound");
                events.iter().try_fold(ticket, |ticket, event| apply(Some(ticket), event))
            },
            BatchSize::SmallInput,
        );
    });
    let open = TicketAction::Open(Box::new(request()));
    group.bench_function("open, with two promises", |b| {
        b.iter(|| carry_out(None, black_box(&open), Actor::Contact(ADA), &rules, now));
    });
    group.finish();
}

/// What a plain reply leaves, for the raw file.
fn bytes_of_a_reply(desk: &Desk, ticket: TicketId) -> Vec<u8> {
    let before = desk.head().expect("it can be read").map_or(0, |head| head.seq);
    let reply = Command::ticket(Actor::Agent(BOB), ticket, reply());
    desk.execute(reply).expect("it is sound");
    vec![b'x'; bytes_since(desk, before)]
}

/// The whole way: one command, and sixty-four in one commit, beside a raw file.
fn durable(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room");
    let desk = desk_in(folder.path());
    let open = || {
        let receipt = desk.execute(Command::open(Actor::Contact(ADA), request()));
        match receipt.expect("it is sound").stream {
            Stream::Ticket(ticket) => ticket,
            other => unreachable!("{other:?}"),
        }
    };
    let tickets: Vec<TicketId> = (0..1_000).map(|_| open()).collect();
    let bytes = bytes_of_a_reply(&desk, tickets[0]);
    let mut raw = std::fs::File::create(folder.path().join("raw")).expect("there is room");
    let mut append = |count: usize| {
        raw.write_all(&bytes.repeat(count)).expect("there is room");
        raw.sync_data().expect("the disk is sound");
    };
    let mut next = tickets.iter().cycle().copied();
    let mut command = || {
        let ticket = next.next().expect("it goes round");
        Command::ticket(Actor::Agent(BOB), ticket, reply())
    };

    let mut group = c.benchmark_group("durable");
    for count in [1, 64] {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("raw append and sync, {count}"), |b| {
            b.iter(|| append(count));
        });
        group.bench_function(format!("replies in one commit, {count}"), |b| {
            b.iter_batched(
                || (0..count).map(|_| command()).collect::<Vec<_>>(),
                |commands| desk.execute_all(commands).expect("the disk is sound"),
                BatchSize::SmallInput,
            );
        });
    }
    // Callers on threads of their own share commits.
    for callers in [8, 64] {
        const EACH: usize = 8;
        group.throughput(Throughput::Elements((callers * EACH) as u64));
        group.bench_function(format!("{callers} callers, one command at a time"), |b| {
            b.iter_batched(
                || (0..callers).map(|_| (0..EACH).map(|_| command()).collect()).collect::<Vec<_>>(),
                |work: Vec<Vec<Command>>| {
                    std::thread::scope(|scope| {
                        for commands in work {
                            scope.spawn(|| {
                                for command in commands {
                                    desk.execute(command).expect("the disk is sound");
                                }
                            });
                        }
                    });
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.throughput(Throughput::Elements(1));
    group.bench_function("open a ticket", |b| b.iter(open));
    group.finish();
}

/// Commands of real incidents in one commit.
const BATCH: usize = 64;

/// Numbers, times and the hash: what a journal needs around the text of a record, in bytes.
const AROUND_A_RECORD: usize = 100;

/// Real incidents, as they come: batches of commands with the alarms that ring before them, beside a
/// raw file with as many syncs of the same bytes.
fn real_incidents(c: &mut Criterion) {
    let log = sample::log().expect("it is sound");
    let rules = sample::rulebook().expect("it is sound");
    let commands = commands(&log, &rules);
    let first = log.incidents.iter().map(|incident| incident.opened_at).min();
    let time = FixedTime(first.expect("there are incidents"));
    let replay = |told: &mut dyn FnMut(&Desk, u64)| {
        let folder = tempfile::tempdir().expect("there is room");
        let desk = Desk::open_with_time(folder.path(), rules.clone(), time);
        let desk = desk.expect("the folder can be written");
        let mut elapsed = Duration::ZERO;
        for batch in commands.chunks(BATCH) {
            let before = desk.head().expect("it can be read").map_or(0, |head| head.seq);
            let (batch, at) = (batch.to_vec(), batch[0].at.expect("the log says when"));
            let start = Instant::now();
            desk.handle_timeout(at).expect("the disk is sound");
            black_box(desk.execute_all(batch).expect("the disk is sound"));
            elapsed += start.elapsed();
            told(&desk, before);
        }
        elapsed
    };
    let mut sizes = Vec::new();
    replay(&mut |desk, before| sizes.push(bytes_since(desk, before)));

    let mut group = c.benchmark_group(format!("real incidents, {BATCH} commands in one commit"));
    group.sample_size(10).throughput(Throughput::Elements(commands.len() as u64));
    let folder = tempfile::tempdir().expect("there is room");
    let mut raw = std::fs::File::create(folder.path().join("raw")).expect("there is room");
    group.bench_function("raw append and sync", |b| {
        b.iter(|| {
            for size in &sizes {
                raw.write_all(&vec![b'x'; *size]).expect("there is room");
                raw.sync_data().expect("the disk is sound");
            }
        });
    });
    group.bench_function("a desk", |b| {
        b.iter_custom(|times| (0..times).map(|_| replay(&mut |_, _| ())).sum());
    });
    group.finish();
}

/// How many bytes of records there are since one, with what their tickets have become.
fn bytes_since(desk: &Desk, before: u64) -> usize {
    let records = desk.records(before, usize::MAX).expect("they are there");
    let tickets: BTreeSet<TicketId> = (records.iter())
        .filter_map(|record| match record.stream {
            Stream::Ticket(id) => Some(id),
            _ => None,
        })
        .collect();
    let states = tickets.into_iter().map(|id| {
        let stored = desk.ticket(id).expect("it is there").expect("it was opened");
        json_len(&stored.state)
    });
    records.iter().map(|record| json_len(&record.event) + AROUND_A_RECORD).sum::<usize>()
        + states.sum::<usize>()
}

fn json_len(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).expect("it is JSON").len()
}

/// What a lead waits for: why a promise of a ticket with 1,000 events was missed, with what would have
/// kept it, read from the disk.
fn explained(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room");
    let desk = Desk::open_with_time(folder.path(), rules(), FixedTime(monday()));
    let desk = desk.expect("the folder can be written");
    desk.save_contact(ADA, Contact::new("Ada")).expect("she can be saved");
    desk.save_agent(BOB, Agent::new("Bob")).expect("he can be saved");
    let (agent, contact) = (Actor::Agent(BOB), Actor::Contact(ADA));
    let opened = desk.execute(Command::open(contact, request()).at(monday()));
    let Stream::Ticket(ticket) = opened.expect("it is sound").stream else {
        unreachable!("an opening begins a ticket");
    };
    let talk = (1..).map(|turn| {
        let at = monday().checked_add_millis(turn * 3_600_000).expect("it is a moment");
        let text = String::from("We are looking into it.");
        let (by, then) = match turn % 2 {
            0 => (contact, None),
            _ => (agent, Some(Status::Pending)),
        };
        Command::ticket(by, ticket, TicketAction::Reply { text, then }).at(at)
    });
    let mut events = 0;
    for command in talk {
        events += desk.execute(command).expect("it is sound").events;
        if events >= 1_000 {
            break;
        }
    }
    let account = || desk.explain(ticket, Metric::Resolution, None).expect("it was promised");
    assert!(account().ledger.is_missed(), "there is something to explain");

    let mut group = c.benchmark_group("a ticket with 1,000 events");
    group.bench_function("read its records", |b| b.iter(|| desk.timeline(ticket)));
    group.bench_function("explain", |b| b.iter(account));
    group.bench_function("explain, in words", |b| b.iter(|| account().to_string()));
    group.finish();
}

criterion_group!(benches, rules_alone, durable, real_incidents, explained);
criterion_main!(benches);
