//! What fifty rules cost a command, beside the same command without them.
//!
//! The rules are such as a desk has: each waits for some events and asks a few things. Most commands
//! set off none, and one of the groups sets off a few.

use std::hint::black_box;

use benches::{ADA, BOB, request};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use firstline::{Actor, Rulebook, Ticket, TicketAction, Timestamp, carry_out};

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

criterion_group!(benches, cost_of_rules, cost_of_reading);
criterion_main!(benches);
