//! What the way through C costs, beside the same call in Rust.

use std::hint::black_box;

use benches::{ADA, BOB, request, rules};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use firstline::{
    Actor, Agent, Calendar, Command, CommandId, Contact, Desk, Pin, Question, Timestamp, WorkTime,
};
use firstline_ffi::caller::Caller;
use firstline_ffi::fl_status;

const MONDAY: i64 = 1_772_442_000_000;
const HOUR: i64 = 3_600_000;
const QUESTION: &str = "my printers on the third floor are not printing";

/// How many articles the desks know.
const ARTICLES: usize = 1_000;

fn monday() -> Timestamp {
    Timestamp::from_millis(MONDAY).expect("it is a moment")
}

/// The same desk twice, each with its people and articles: for Rust and for C.
fn desks() -> (Desk, Caller) {
    let (rust, mut c) =
        (Desk::in_memory(rules()).expect("it is memory"), Caller::open(rules().source()));
    let mut both = |command: Command| {
        let json = serde_json::to_string(&command).expect("it has a text");
        rust.execute(command).expect("it is allowed");
        assert_eq!(c.execute(&json), fl_status::Ok);
    };
    let (ada, bob) = (Contact::new("Ada"), Agent::new("Bob"));
    let system = Actor::System;
    both(Command::save(system, firstline::PartyId::Contact(ADA), firstline::Party::Contact(ada)));
    both(Command::save(system, firstline::PartyId::Agent(BOB), firstline::Party::Agent(bob)));
    for number in 0..ARTICLES {
        let subjects = ["printer", "router", "scanner", "mailbox", "password"];
        let subject = subjects[number % subjects.len()];
        let action = firstline::ArticleAction::Publish {
            language: "en".into(),
            title: format!("The {subject} on floor {} does not work", number % 40),
            body: format!(
                "Error E{number}. Turn the {subject} off and on again, then ask for update {number}."
            ),
            audience: Some(firstline::Audience::Public),
            tags: Some([].into()),
        };
        both(Command::article(Actor::Agent(BOB), None, action));
    }
    (rust, c)
}

/// A command of a kilobyte that both have carried out: to give it again costs the desk nothing, so that
/// what is left is the way in and out.
fn known_command() -> Command {
    let mut request = request();
    request.text = request.text.repeat(5);
    Command::open(Actor::Contact(ADA), request).keyed(CommandId(7)).at(monday())
}

fn commands(c: &mut Criterion, rust: &Desk, through_c: &mut Caller) {
    let command = known_command();
    let json = serde_json::to_string(&command).expect("it has a text");
    rust.execute(command.clone()).expect("it is allowed");
    assert_eq!(through_c.execute(&json), fl_status::Ok);
    let mut group = c.benchmark_group("a known command of 1 kB");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("in Rust", |b| b.iter(|| rust.execute(black_box(command.clone()))));
    group.bench_function("as JSON through C", |b| b.iter(|| through_c.execute(black_box(&json))));
    group.finish();
}

fn trivial_calls(c: &mut Criterion, rust: &Desk, through_c: &Caller) {
    let mut group = c.benchmark_group("when to wake the desk");
    group.bench_function("in Rust", |b| b.iter(|| rust.poll_timeout()));
    group.bench_function("through C", |b| b.iter(|| through_c.poll_timeout()));
    group.finish();
}

fn working_time(c: &mut Criterion, through_c: &Caller) {
    let rules = rules();
    let office: &Calendar =
        rules.calendar(&Pin::new(rules.version(), "", "office")).expect("it is there");
    let shared = through_c.calendar("office");
    let work = WorkTime::from_millis(9 * HOUR);
    let expected = office.add(monday(), work).expect("it opens again").as_millis();
    assert_eq!(shared.add(MONDAY, 9 * HOUR), expected);
    let mut group = c.benchmark_group("nine hours of work later");
    group.bench_function("in Rust", |b| b.iter(|| office.add(black_box(monday()), work)));
    group.bench_function("through C", |b| b.iter(|| shared.add(black_box(MONDAY), 9 * HOUR)));
    let (at, work, mut out) = ([MONDAY; 1_000], [9 * HOUR; 1_000], [0; 1_000]);
    group.throughput(Throughput::Elements(at.len() as u64));
    group.bench_function("through C, 1,000 at once", |b| {
        b.iter(|| shared.add_all(black_box(&at), &work, &mut out));
    });
    group.finish();
}

fn searches(c: &mut Criterion, rust: &Desk, through_c: &mut Caller) {
    let question = Question::new(QUESTION);
    let json = format!("{{\"text\":\"{QUESTION}\"}}");
    assert_eq!(rust.search(&question).expect("it is memory").len(), 10);
    assert_eq!(through_c.search_hits(QUESTION), 10);
    let mut group = c.benchmark_group("ten of 1,000 articles");
    group.bench_function("in Rust", |b| b.iter(|| rust.search(black_box(&question))));
    group.bench_function("through C", |b| b.iter(|| through_c.search_hits(black_box(QUESTION))));
    group.bench_function("with facets, in Rust", |b| b.iter(|| rust.browse(black_box(&question))));
    group.bench_function("with facets, as JSON through C", |b| {
        b.iter(|| through_c.search(black_box(&json)));
    });
    group.finish();
}

fn boundary(c: &mut Criterion) {
    let (rust, mut through_c) = desks();
    commands(c, &rust, &mut through_c);
    trivial_calls(c, &rust, &through_c);
    working_time(c, &through_c);
    searches(c, &rust, &mut through_c);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50);
    targets = boundary
}
criterion_main!(benches);
