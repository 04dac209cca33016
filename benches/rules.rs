//! What fifty rules cost a command, beside the same command without them.
//!
//! The rules are such as a desk has: each waits for some events and asks a few things. Most commands
//! set off none, and one of the groups sets off a few.

use std::collections::BTreeMap;
use std::hint::black_box;

use benches::{ADA, BOB, request};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use examples::incidents::{commands, rulebook, with_fifty_rules};
use examples::sample;
use firstline::{
    Action, Actor, Command, CommandId, Rulebook, Ticket, TicketAction, TicketRef, Timestamp,
    carry_out,
};

/// Rules of eight sorts, in turn.
fn rules(count: usize) -> Rulebook {
    let sorts = [
        "on = [\"opened\"]\nwhen = { channel = \"mail\", subject = { matches = \"(?i)invoice|refund\" } }\ndo = [{ tag = \"money\" }]",
        "on = [\"customer_replied\"]\nwhen = { text = { contains = \"urgent\" }, priority = { at_most = \"medium\" } }\ndo = [{ priority = \"high\" }]",
        "when = { status = { is = \"open\", was = \"resolved\" } }\ndo = [{ notify = \"assignee\" }]",
        "on = [\"agent_replied\"]\nwhen = { tag = { contains = \"vip\" }, none = [{ organization = [1, 2, 3] }] }\ndo = [{ note = \"Call {{ ticket.subject }}\" }]",
        "after = \"48h\"\ncalendar = \"office\"\nwhen = { status = \"pending\" }\ndo = [{ message = \"Still there?\" }]",
        "when = { line = \"L2\", assigned = false, any = [{ priority = \"critical\" }, { overdue = true }] }\ndo = [{ webhook = \"https://example.org/in\" }]",
        "on = [\"breached\", \"warned\"]\nwhen = { impact = \"high\" }\ndo = [{ hand_over = \"next\" }]",
        "on = [\"agent_replied\", \"tagged\"]\nwhen = { kind = \"complaint\", messages = { at_least = 3 } }\ndo = [{ tag = \"long\" }]",
    ];
    let mut text = benches::rules().source().to_owned();
    for (index, sort) in (0..count).zip(sorts.into_iter().cycle()) {
        text += &format!("[[rules]]\nname = \"rule {index}\"\n{sort}\n");
    }
    if count > 0 {
        text += "[[rules]]\nname = \"answered\"\non = [\"agent_replied\"]\nwhen = { subject = { contains = \"scanner\" } }\ndo = [{ tag = \"answered\" }, { notify = \"line\" }]\n";
    }
    Rulebook::from_toml(&text, "rules.toml").expect("the rules are sound")
}

fn monday() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("it is a moment")
}

/// A ticket that was answered once.
fn answered(rules: &Rulebook, subject: &str) -> Ticket {
    let mut request = request();
    request.subject = subject.into();
    let open = TicketAction::Open(Box::new(request));
    let turn = carry_out(None, &open, Actor::Contact(ADA), rules, monday()).expect("it is sound");
    let turn = carry_out(Some(turn.ticket), &reply(), Actor::Agent(BOB), rules, monday());
    let mut ticket = turn.expect("it is sound").ticket;
    ticket.tags.clear();
    ticket
}

fn reply() -> TicketAction {
    TicketAction::Reply { text: "We are looking into it.".into(), then: None }
}

fn cost_of_rules(c: &mut Criterion) {
    let mut group = c.benchmark_group("a plain reply");
    group.throughput(Throughput::Elements(1));
    for (name, count, subject) in [
        ("without rules", 0, "The printer"),
        ("with 50 rules", 50, "The printer"),
        ("with 50 rules, one of which fires", 50, "The scanner"),
        ("with 990 rules", 990, "The printer"),
    ] {
        let (rules, reply) = (rules(count), reply());
        let ticket = answered(&rules, subject);
        group.bench_function(name, |b| {
            b.iter_batched(
                || ticket.clone(),
                |ticket| {
                    let agent = Actor::Agent(BOB);
                    carry_out(Some(ticket), black_box(&reply), agent, &rules, monday())
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn cost_of_reading(c: &mut Criterion) {
    let source = rules(990).source().to_owned();
    c.bench_function("read and check 990 rules", |b| {
        b.iter(|| Rulebook::from_toml(black_box(&source), "rules.toml"));
    });
}

/// Real incidents, each command of which meets fifty rules: what a whole log costs, by command.
fn cost_on_real_incidents(c: &mut Criterion) {
    let log = sample::log().expect("it is bundled");
    let plain = rulebook(&log);
    let read = |text: &str| Rulebook::from_toml(text, "rules.toml").expect("the rules are sound");
    let (plain, ruled) = (read(&plain), read(&with_fifty_rules(&plain)));
    let commands: Vec<Command> = commands(&log, &plain)
        .into_iter()
        .filter(|command| matches!(command.action, Action::Ticket(_)))
        .collect();
    let mut group = c.benchmark_group("a command on real incidents");
    group.sample_size(10).throughput(Throughput::Elements(commands.len() as u64));
    for (name, rules) in [("without rules", &plain), ("with 50 rules", &ruled)] {
        group.bench_function(name, |b| b.iter(|| live(black_box(&commands), rules)));
    }
    group.finish();
}

/// Carries all commands out in memory, without a desk; those that are refused as well. Gives how many
/// events that made.
fn live(commands: &[Command], rules: &Rulebook) -> usize {
    let mut tickets: BTreeMap<CommandId, Ticket> = BTreeMap::new();
    let mut events = 0;
    for command in commands {
        let (Action::Ticket(action), Some(at)) = (&command.action, command.at) else { continue };
        let opening = match command.ticket {
            Some(TicketRef::OpenedBy { opened_by }) => Some(opened_by),
            _ => command.id,
        };
        let opening = opening.expect("a command of a replay has a key");
        let ticket = tickets.remove(&opening);
        let before = ticket.clone();
        match carry_out(ticket, action, command.actor, rules, at) {
            Ok(turn) => {
                events += turn.events.len();
                tickets.insert(opening, turn.ticket);
            }
            Err(_) => tickets.extend(before.map(|ticket| (opening, ticket))),
        }
    }
    events
}

criterion_group!(benches, cost_of_rules, cost_on_real_incidents, cost_of_reading);
criterion_main!(benches);
