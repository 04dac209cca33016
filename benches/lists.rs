//! What a list costs that asks for words of the conversation, beside one that asks for none.

use std::path::Path;

use benches::{ADA, BOB, rules};
use criterion::{Criterion, criterion_group, criterion_main};
use firstline::{
    Actor, Agent, Asking, Command, Contact, Desk, DeskOptions, Durability, OpenTicket, Role, Sort,
    SqliteOptions, TicketAction, TicketId, TicketQuery,
};

/// Tickets on the desk, unless `FIRSTLINE_BENCH_TICKETS` says otherwise or the bench is only tried out.
const TICKETS: u64 = 100_000;

/// Of which every so-manieth says these words: frequent ones and rare ones.
const WORDS: [(&str, u64); 6] = [
    ("printer", 3),
    ("network", 4),
    ("password", 7),
    ("toner", 50),
    ("fuser", 1_000),
    ("quokka", 20_000),
];

fn tickets() -> u64 {
    if std::env::args().any(|arg| arg == "--test") {
        return 500;
    }
    let asked = std::env::var("FIRSTLINE_BENCH_TICKETS").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(TICKETS)
}

fn request(number: u64) -> OpenTicket {
    let words =
        WORDS.iter().filter(|(_, each)| number.is_multiple_of(*each)).map(|(word, _)| *word);
    let words = words.collect::<Vec<_>>().join(" and the ");
    let text = format!(
        "Since this morning nothing works in room {}. It is about the {words}, I think. I have turned \
         it off and on again, as the article says, and now it hums as well.",
        number % 977
    );
    OpenTicket::new(ADA, format!("Trouble {number}"), text)
}

fn desk_in(folder: &Path) -> Desk {
    let journal = SqliteOptions { durability: Durability::Batch, ..SqliteOptions::default() };
    let options = DeskOptions { journal, ..DeskOptions::default() };
    let desk = Desk::open_with(folder, rules(), options).expect("the folder can be written");
    desk.save_contact(ADA, Contact::new("Ada")).expect("she can be saved");
    desk.save_agent(BOB, Agent::new("Bob")).expect("he can be saved");
    for first in (1..=tickets()).step_by(1_000) {
        let last = tickets().min(first + 999);
        let open = |number| Command::open(Actor::Contact(ADA), request(number));
        let outcomes = desk.execute_all((first..=last).map(open)).expect("the disk is sound");
        assert!(outcomes.iter().all(Result::is_ok));
    }
    desk
}

fn lists(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room");
    let desk = desk_in(folder.path());
    let begun = std::time::Instant::now();
    let _ = desk.narrow(&read(&desk, "quokka"), Role::Agent).expect("it can be read");
    let records = desk.head().expect("it can be read").map_or(0, |head| head.seq);
    println!("the index was made of {records} records in {:.1} s", begun.elapsed().as_secs_f64());
    let mut group = c.benchmark_group(format!("a page of a list among {} tickets", tickets()));
    group.sample_size(20);
    for typed in [
        "status:unsolved",
        "status:unsolved quokka",
        "status:unsolved fuser",
        "status:unsolved toner",
        "status:unsolved printers",
        "status:unsolved printer password -network",
        "status:unsolved \"printer and the network\"",
    ] {
        for sort in [Sort::Newest, Sort::Due] {
            let show = |desk: &Desk| {
                let filter = desk.narrow(&read(desk, typed), Role::Agent).expect("it can be read");
                desk.tickets(&TicketQuery { sort, ..filter.into() }).expect("it can be read")
            };
            group.bench_function(format!("{typed}, {sort:?}"), |b| b.iter(|| show(&desk)));
        }
    }
    group.bench_function("count of status:unsolved printers", |b| {
        b.iter(|| {
            let filter = desk.narrow(&read(&desk, "status:unsolved printers"), Role::Agent);
            desk.count(&filter.expect("it can be read")).expect("it can be read")
        });
    });
    // What the index has not read yet is read by whoever asks.
    for ticket in 1..=200 {
        let note = TicketAction::AddNote { text: "The fuser again.".into() };
        let noted = desk.execute(Command::ticket(Actor::Agent(BOB), TicketId(ticket), note));
        noted.expect("it is allowed");
    }
    group.bench_function("status:unsolved quokka, 200 messages behind", |b| {
        b.iter(|| {
            let filter = desk.narrow(&read(&desk, "status:unsolved quokka"), Role::Agent);
            desk.tickets(&TicketQuery::from(filter.expect("it can be read")))
        });
    });
    group.finish();
}

fn read(desk: &Desk, typed: &str) -> firstline::Asked {
    desk.rulebook().read_filter(typed, &Asking::at(desk.now())).expect("it can be read")
}

criterion_group!(benches, lists);
criterion_main!(benches);
