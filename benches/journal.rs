//! What a durable command and a list cost.
//!
//! Each journal figure stands beside that of a bare file to which the same bytes are appended and
//! synced: no journal can be faster than that on the same disk.

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use firstline_core::{
    Actor, AgentId, ContactId, Event, Impact, OpenTicket, Rulebook, Status, Stream, TicketAction,
    TicketFilter, TicketId, Timestamp, Urgency, carry_out,
};
use firstline_store::{Entry, Journal, Sort, SqliteJournal, State, TicketQuery};

/// Commands in a batch that shares one commit.
const BATCH: usize = 64;

/// Tickets on the desk, one in ten of them open, unless `FIRSTLINE_BENCH_TICKETS` says otherwise.
const TICKETS: u64 = 100_000;

/// Tells a child which file to open, to see what that takes.
const OPEN: &str = "FIRSTLINE_BENCH_OPEN";

const RULEBOOK: &str = r#"
name = "Northwind support"
[[lines]]
id = "L1"
[[lines]]
id = "L2"
[[policies]]
name = "standard"
calendar = "always"
[policies.targets.first_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
warn_at = [75]
[policies.targets.next_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
warn_at = [75]
[policies.targets.resolution]
within = { critical = "400h", high = "800h", medium = "2400h", low = "7200h" }
pause_on = ["pending"]
"#;

/// A message of the usual length.
const MESSAGE: &str = "Thank you for your patience. We have looked into the logs that you sent, and \
    the printer refuses the new cartridge because its firmware is older than the cartridge. Please \
    update it from the menu Service, Update, and print the test page. If the orange light goes on \
    again, send us a photograph of the display and of the label on the back.";

/// A desk at work.
struct Desk {
    journal: SqliteJournal,
    rulebook: Rulebook,
    now: Timestamp,
    chance: u64,
    tickets: u64,
}

impl Desk {
    fn new(journal: SqliteJournal) -> Self {
        let rulebook = Rulebook::from_toml(RULEBOOK, "desk.toml").expect("it is sound");
        let now = "2026-03-02T09:00:00Z".parse().expect("it is a moment");
        let asked = std::env::var("FIRSTLINE_BENCH_TICKETS").ok().and_then(|n| n.parse().ok());
        Self { journal, rulebook, now, chance: 1, tickets: asked.unwrap_or(TICKETS) }
    }

    /// The next of a sequence of numbers below `end` without visible order.
    fn draw(&mut self, end: u64) -> u64 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.chance >> 33) % end
    }

    /// Opens many tickets, and closes nine of ten.
    fn fill(&mut self) {
        for first in (1..=self.tickets).step_by(1_000) {
            let commands = (first..first + 1_000).flat_map(|id| {
                let mut open = OpenTicket::new(ContactId(id % 5_000), "Printer", MESSAGE);
                open.impact = Impact::ALL[(id % 3) as usize];
                open.urgency = Urgency::ALL[(id / 3 % 3) as usize];
                open.line = (id % 4 == 0).then(|| "L2".into());
                let open = (ContactId(id % 5_000), TicketAction::Open(Box::new(open)));
                let close = (id % 10 != 0).then(|| {
                    let to = Status::Resolved;
                    (ContactId(id % 5_000), TicketAction::ChangeStatus { to, hold: None })
                });
                std::iter::once(open)
                    .chain(close)
                    .map(move |(who, action)| (TicketId(id), Actor::Contact(who), action))
            });
            let commands: Vec<_> = commands.collect();
            self.carry_out(&commands);
            self.now = self.now.checked_add_millis(60_000).expect("it is soon");
        }
    }

    /// A message on some open ticket, by whoever has to speak next: about two records.
    fn message(&mut self) -> (TicketId, Actor, TicketAction) {
        let id = 10 + self.draw(self.tickets / 10 - 1) * 10;
        let actor = if self.draw(2) == 0 {
            Actor::Agent(AgentId(1))
        } else {
            Actor::Contact(ContactId(id % 5_000))
        };
        (TicketId(id), actor, TicketAction::Reply { text: MESSAGE.to_owned(), then: None })
    }

    fn messages(&mut self, count: usize) -> Vec<(TicketId, Actor, TicketAction)> {
        (0..count).map(|_| self.message()).collect()
    }

    /// Messages that all come to a few tickets.
    fn conversation(&mut self, count: usize) -> Vec<(TicketId, Actor, TicketAction)> {
        let ids: Vec<TicketId> = (0..count / 8).map(|_| self.message().0).collect();
        let messages = self.messages(count).into_iter().zip(ids.iter().cycle());
        messages.map(|((_, _, action), id)| (*id, Actor::Agent(AgentId(1)), action)).collect()
    }

    /// Loads, decides and appends; one commit for all.
    fn carry_out(&mut self, commands: &[(TicketId, Actor, TicketAction)]) {
        let mut transaction = self.journal.begin().expect("nobody else writes");
        for (id, actor, action) in commands {
            let before = transaction.ticket(*id).expect("it can be read");
            let expected = before.as_ref().map_or(0, |stored| stored.version);
            let ticket = before.map(|stored| stored.state);
            let turn = carry_out(ticket, action, *actor, &self.rulebook, self.now);
            let turn = turn.expect("it is allowed");
            let entry = Entry {
                stream: Stream::Ticket(*id),
                expected,
                at: self.now,
                actor: *actor,
                command: None,
                rulebook: 1,
                events: turn.events.into_iter().map(Event::Ticket).collect(),
                state: State::Ticket(turn.ticket),
            };
            transaction.append(entry).expect("it is written");
        }
        transaction.commit().expect("the disk works");
    }
}

/// What a bare file has to take for one message: the text of its records, with as much around each
/// as a journal needs, and the ticket after them.
fn bytes_of_a_command(desk: &mut Desk) -> Vec<u8> {
    const AROUND_A_RECORD: usize = 100;
    let reader = desk.journal.reader().expect("it opens");
    let before = reader.head().expect("it can be read").map_or(0, |head| head.seq);
    let messages = desk.messages(BATCH);
    desk.carry_out(&messages);
    let records = reader.records(before, usize::MAX).expect("they can be read");
    let events = records.iter().map(|record| json_len(&record.event) + AROUND_A_RECORD);
    let states = messages.iter().map(|(id, ..)| {
        let ticket = reader.ticket(*id).expect("it can be read").expect("it was opened");
        json_len(&ticket.state)
    });
    let (events, states) = (events.sum::<usize>(), states.sum::<usize>());
    println!(
        "a command has {:.1} records and {} bytes, {} of them in records",
        records.len() as f64 / BATCH as f64,
        (events + states) / BATCH,
        events / BATCH,
    );
    vec![b'x'; (events + states) / BATCH]
}

fn json_len(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).expect("it is JSON").len()
}

fn commands(criterion: &mut Criterion, desk: &mut Desk, folder: &Path) {
    let bytes = bytes_of_a_command(desk);
    let mut raw = File::create(folder.join("raw")).expect("the folder can be written");
    for size in [1, BATCH] {
        let mut group = criterion.benchmark_group(format!("{size} durable messages"));
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function("append and sync", |bencher| {
            let bytes = bytes.repeat(size);
            bencher.iter(|| {
                raw.write_all(&bytes).expect("the disk has room");
                raw.sync_data().expect("the disk works");
            });
        });
        group.bench_function("journal", |bencher| {
            bencher.iter_custom(|times| {
                let mut elapsed = Duration::ZERO;
                for _ in 0..times {
                    let messages = desk.messages(size);
                    let start = Instant::now();
                    desk.carry_out(&messages);
                    elapsed += start.elapsed();
                }
                elapsed
            });
        });
        group.finish();
        print_written(desk, size);
    }
    for (size, where_to, draw) in [
        (1, "a ticket", Desk::messages as Draw),
        (BATCH, "as many tickets", Desk::messages),
        (BATCH, "8 tickets", Desk::conversation),
    ] {
        print!("{size} durable messages on {where_to}: ");
        print_ratio(desk, draw, size, &mut raw, &bytes.repeat(size));
    }
}

/// Draws as many messages.
type Draw = fn(&mut Desk, usize) -> Vec<(TicketId, Actor, TicketAction)>;

/// Says what the journal reaches of what a bare file does. The two take turns, so that both meet the
/// same disk; the difference between time and processor time is spent waiting for it.
fn print_ratio(desk: &mut Desk, draw: Draw, size: usize, raw: &mut File, bytes: &[u8]) {
    const ROUNDS: usize = 500;
    let (mut bare, mut durable, mut busy) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        raw.write_all(bytes).expect("the disk has room");
        raw.sync_data().expect("the disk works");
        bare.push(start.elapsed());
        let messages = draw(desk, size);
        let (start, processor) = (Instant::now(), ProcessTime::now());
        desk.carry_out(&messages);
        durable.push(start.elapsed());
        busy.push(processor.elapsed());
    }
    let [bare, durable, busy] = [bare, durable, busy].map(|mut times| {
        times.sort();
        times[ROUNDS / 2]
    });
    let ratio = bare.as_secs_f64() / durable.as_secs_f64();
    println!("{durable:.3?}, {busy:.3?} of it at work; bare file {bare:.3?}; ratio {ratio:.2}");
}

/// Says how much is written for one message, log and tables together, where the system tells.
fn print_written(desk: &mut Desk, size: usize) {
    const MESSAGES: usize = 4_096;
    let written = || {
        let io = std::fs::read_to_string("/proc/self/io").ok()?;
        io.lines().find_map(|line| line.strip_prefix("wchar: ")?.parse::<u64>().ok())
    };
    let before = written();
    for _ in 0..MESSAGES / size {
        let messages = desk.messages(size);
        desk.carry_out(&messages);
    }
    if let (Some(before), Some(after)) = (before, written()) {
        println!(
            "written for a message in batches of {size}: {} bytes",
            (after - before) / MESSAGES as u64
        );
    }
}

/// The queue of a line, most urgent first.
fn queue() -> TicketQuery {
    let open = [Status::New, Status::Open, Status::Pending, Status::OnHold];
    let (statuses, lines) = (open.into(), ["L1".into()].into());
    let filter = TicketFilter { statuses, lines, ..TicketFilter::default() };
    TicketQuery { sort: Sort::Due, ..filter.into() }
}

/// Says how long a process of its own takes to open the desk and show the first page of a queue, and
/// how much memory it then has, where the system tells.
fn print_opened(path: &Path) {
    let child = std::process::Command::new(std::env::current_exe().expect("it runs"));
    let told = { child }.env(OPEN, path).output().expect("it starts");
    print!("{}", String::from_utf8_lossy(&told.stdout));
}

/// What the child of [`print_opened`] does.
fn open_and_tell(path: &Path) {
    let start = Instant::now();
    let journal = SqliteJournal::open(path).expect("it opens");
    let reader = journal.reader().expect("it opens");
    let page = reader.find(&queue()).expect("it can be read");
    let wake = reader.next_wake().expect("it can be read");
    black_box((page, wake));
    let elapsed = start.elapsed();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("unknown");
    println!(
        "opened, with the first page of a queue, in {elapsed:.1?}; resident: {}",
        resident.trim()
    );
}

fn lists(criterion: &mut Criterion, desk: &Desk) {
    let reader = desk.journal.reader().expect("it opens");
    let queue = queue();
    let cases = [
        ("open on a line, by due", queue.clone()),
        ("open on a line, by priority", TicketQuery { sort: Sort::Priority, ..queue.clone() }),
        ("open on a line, by update", TicketQuery { sort: Sort::Updated, ..queue }),
        (
            "of a requester, newest first",
            TicketFilter { requesters: [ContactId(7)].into(), ..TicketFilter::default() }.into(),
        ),
        ("all, by update", TicketQuery { sort: Sort::Updated, ..TicketQuery::default() }),
    ];
    let mut group =
        criterion.benchmark_group(format!("a page of 50 from {} tickets", desk.tickets));
    for (name, query) in cases {
        group.bench_function(name, |bencher| {
            bencher.iter(|| reader.find(black_box(&query)).expect("it can be read"));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group(format!("among {} tickets", desk.tickets));
    group.bench_function("when to wake the next", |bencher| {
        bencher.iter(|| reader.next_wake().expect("it can be read"));
    });
    group.bench_function("load a ticket", |bencher| {
        bencher.iter(|| reader.ticket(black_box(TicketId(4_710))).expect("it can be read"));
    });
    group.finish();
}

/// A ticket with a very long history, which its state spares whoever loads it.
fn long_ticket(criterion: &mut Criterion, desk: &mut Desk) {
    const RECORDS: usize = 10_000;
    let id = TicketId(desk.tickets + 1);
    let open = OpenTicket::new(ContactId(1), "Printer", MESSAGE);
    desk.carry_out(&[(id, Actor::Contact(ContactId(1)), TicketAction::Open(Box::new(open)))]);
    let note = || (id, Actor::Agent(AgentId(1)), TicketAction::AddNote { text: MESSAGE.into() });
    for _ in 0..RECORDS / 100 {
        let notes: Vec<_> = (0..100).map(|_| note()).collect();
        desk.carry_out(&notes);
    }
    let reader = desk.journal.reader().expect("it opens");
    let mut group = criterion.benchmark_group(format!("a ticket with {RECORDS} records"));
    group.bench_function("load", |bencher| {
        bencher.iter(|| reader.ticket(black_box(id)).expect("it can be read"));
    });
    group.sample_size(10).bench_function("read its history", |bencher| {
        bencher.iter(|| reader.history(Stream::Ticket(id)).expect("it can be read"));
    });
    group.finish();
}

fn journal(criterion: &mut Criterion) {
    if let Some(path) = std::env::var_os(OPEN) {
        return open_and_tell(Path::new(&path));
    }
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let journal = SqliteJournal::open(folder.path().join("desk.sqlite")).expect("it opens");
    let mut desk = Desk::new(journal);
    let start = Instant::now();
    desk.fill();
    let seconds = start.elapsed().as_secs_f64();
    println!("{} tickets opened and most of them resolved in {seconds:.1} s", desk.tickets);
    print_opened(&folder.path().join("desk.sqlite"));
    lists(criterion, &desk);
    long_ticket(criterion, &mut desk);
    commands(criterion, &mut desk, folder.path());
}

criterion_group!(benches, journal);
criterion_main!(benches);
