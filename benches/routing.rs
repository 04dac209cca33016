//! What it takes to give out what waits: a change on a desk that routes by itself, while ten thousand
//! tickets wait for somebody.

use std::path::Path;

use benches::{ADA, request};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use firstline::{
    Actor, Agent, AgentId, Capacity, Command, Contact, Desk, DeskOptions, Durability, Presence,
    Rulebook, SqliteOptions, Status, Stream, TicketAction, TicketId,
};

/// Tickets that wait, unless the bench is only tried out.
const WAITING: usize = 10_000;

/// Agents who are there, with room for this many each.
const AGENTS: u64 = 20;
const ROOM: u32 = 5;

const RULES: &str = r#"
name = "Northwind support"
[[lines]]
id = "L1"
[[lines]]
id = "L2"
[routing]
automatic = true
"#;

fn waiting() -> usize {
    if std::env::args().any(|arg| arg == "--test") { 200 } else { WAITING }
}

/// A desk whose agents are full, on the first line, while all the others wait on it.
fn desk_in(folder: &Path) -> Desk {
    let rules = Rulebook::from_toml(RULES, "desk.toml").expect("the rules are sound");
    let journal = SqliteOptions { durability: Durability::Batch, ..SqliteOptions::default() };
    let options = DeskOptions { journal, ..DeskOptions::default() };
    let desk = Desk::open_with(folder, rules, options).expect("the folder can be written");
    desk.save_contact(ADA, Contact::new("Ada")).expect("she can be saved");
    let all = AGENTS as usize * ROOM as usize + waiting();
    for first in (0..all).step_by(1_000) {
        let open = |_| Command::open(Actor::Contact(ADA), request());
        let outcomes = desk.execute_all((first..all.min(first + 1_000)).map(open));
        assert!(outcomes.expect("the disk is sound").iter().all(Result::is_ok));
    }
    // They come to a full waiting room, and get the first tickets.
    for number in 1..=AGENTS {
        let capacity = Some(Capacity { total: ROOM, weights: [].into() });
        let agent = Agent { capacity, lines: ["L1".into()].into(), ..Agent::new("somebody") };
        desk.save_agent(AgentId(number), agent).expect("they can be saved");
        comes(&desk, number, Presence::Online);
    }
    desk
}

fn comes(desk: &Desk, agent: u64, presence: Presence) {
    let by = Actor::Agent(AgentId(agent));
    desk.set_presence(by, AgentId(agent), presence).expect("it is allowed");
}

fn open_on_second_line(desk: &Desk) -> TicketId {
    let mut request = request();
    request.line = Some("L2".into());
    let receipt = desk.execute(Command::open(Actor::Contact(ADA), request));
    match receipt.expect("it is sound").stream {
        Stream::Ticket(ticket) => ticket,
        other => unreachable!("{other:?}"),
    }
}

fn routing(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room");
    let desk = desk_in(folder.path());
    let other = open_on_second_line(&desk);
    let to = |status| TicketAction::ChangeStatus { to: status, hold: None };
    let change = |ticket, status| {
        let receipt = desk.execute(Command::ticket(Actor::System, ticket, to(status)));
        receipt.expect("it is allowed")
    };
    let mut group = c.benchmark_group(format!("{} tickets wait", waiting()));
    group.sample_size(20);
    let mut turn = 0;
    group.bench_function("a status changes, and all agents are full", |b| {
        b.iter(|| {
            turn += 1;
            change(other, if turn % 2 == 0 { Status::Open } else { Status::Pending })
        });
    });
    // What is resolved makes room for one that waits.
    let mut resolved = 0;
    group.bench_function("a ticket is resolved, and the next one is given", |b| {
        b.iter_batched(
            || {
                resolved += 1;
                TicketId(resolved)
            },
            |ticket| change(ticket, Status::Resolved),
            BatchSize::PerIteration,
        );
    });
    // Somebody with room whom nothing here is for: of another line.
    let capacity = Some(Capacity { total: ROOM, weights: [].into() });
    let idle = Agent { capacity, lines: ["L2".into()].into(), ..Agent::new("idle") };
    desk.save_agent(AgentId(AGENTS + 1), idle).expect("they can be saved");
    comes(&desk, AGENTS + 1, Presence::Online);
    group.bench_function("a status changes, and somebody is free for another line", |b| {
        b.iter(|| {
            turn += 1;
            change(other, if turn % 2 == 0 { Status::Open } else { Status::Pending })
        });
    });
    group.finish();
}

/// What a change costs on a desk where everybody has much to do and nothing waits, however much it is.
fn at_work(c: &mut Criterion) {
    let mut group = c.benchmark_group("a status changes, and nothing waits");
    group.sample_size(20);
    for (agents, each) in [(10, 10), (10, 100), (50, 100)] {
        let folder = tempfile::tempdir().expect("there is room");
        let rules = Rulebook::from_toml(RULES, "desk.toml").expect("the rules are sound");
        let journal = SqliteOptions { durability: Durability::Batch, ..SqliteOptions::default() };
        let options = DeskOptions { journal, ..DeskOptions::default() };
        let desk = Desk::open_with(folder.path(), rules, options).expect("it can be written");
        desk.save_contact(ADA, Contact::new("Ada")).expect("she can be saved");
        for number in 1..=agents {
            desk.save_agent(AgentId(number), Agent::new("somebody")).expect("they can be saved");
            comes(&desk, number, Presence::Online);
        }
        // Whoever carries the least gets each, so that all have as many.
        let open = (0..agents * each).map(|_| Command::open(Actor::Contact(ADA), request()));
        let outcomes = desk.execute_all(open).expect("the disk is sound");
        assert!(outcomes.iter().all(Result::is_ok));
        let mut turn = 0;
        group.bench_function(format!("{agents} agents with {each} tickets each"), |b| {
            b.iter(|| {
                turn += 1;
                let to = if turn % 2 == 0 { Status::Open } else { Status::Pending };
                let change = TicketAction::ChangeStatus { to, hold: None };
                desk.execute(Command::ticket(Actor::System, TicketId(1), change)).expect("it may")
            });
        });
    }
    group.finish();
}

criterion_group!(benches, routing, at_work);
criterion_main!(benches);
