//! A process that is killed at a random moment loses nothing that it has acknowledged.
//!
//! The test starts itself again as a child, which works on a desk and tells each command that was
//! acknowledged. The parent kills it in the middle, opens the folder, and compares.
//! `FIRSTLINE_CRASH_ROUNDS` sets how often, for long runs.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use firstline::{
    Command, CommandId, Desk, FixedTime, HandOut, Record, Stream, TicketAction, TicketId, Timestamp,
};

use crate::effects::hasty_rules as rules;
use crate::fixture::{ada, bob, introduce, moment, monday, request};

/// Tells the child where to work.
const FOLDER: &str = "FIRSTLINE_CRASH_FOLDER";

/// How many rounds a usual run takes.
const ROUNDS: u32 = 8;

/// How many commands the child gives in one commit, by turns.
const BATCHES: [usize; 3] = [1, 7, 32];

/// Command number `n` of the child: tickets that are opened, answered, resolved, an hour apart.
fn command(n: u64) -> Command {
    let FixedTime(begin) = monday();
    let at = Timestamp::from_millis(begin.as_millis() + n as i64 * 3_600_000).unwrap();
    let ticket = TicketId(n / 4 + 1);
    let command = match n % 4 {
        0 => Command::open(ada(), request()),
        1 => {
            Command::ticket(bob(), ticket, TicketAction::Reply { text: "Why?".into(), then: None })
        }
        2 => Command::ticket(ada(), ticket, TicketAction::Reply { text: "So.".into(), then: None }),
        _ => Command::ticket(
            bob(),
            ticket,
            TicketAction::Reply { text: "Done.".into(), then: Some(firstline::Status::Resolved) },
        ),
    };
    command.at(at).keyed(CommandId(u128::from(n) + 1))
}

/// What the child does: nothing, unless it is told where. It goes on until it is killed.
#[test]
fn child_works_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let desk = Desk::open_with_time(folder, rules(), monday()).unwrap();
    introduce(&desk);
    let mut out = std::io::stdout();
    let mut n = 0;
    for batch in BATCHES.into_iter().cycle() {
        let commands: Vec<Command> = (n..n + batch as u64).map(command).collect();
        let first = n;
        for outcome in desk.execute_all(commands).unwrap() {
            outcome.unwrap();
            n += 1;
        }
        let now = command(n).at.unwrap();
        desk.handle_timeout(now).unwrap();
        writeln!(out, "acknowledged {first} {n}").unwrap();
        let errands = desk.effects(HandOut::default(), now).unwrap();
        let errands: Vec<u64> = errands.iter().map(|errand| errand.record).collect();
        for errand in &errands {
            writeln!(out, "does {errand}").unwrap();
        }
        out.flush().unwrap();
        desk.acknowledge(&errands).unwrap();
        for errand in &errands {
            writeln!(out, "done {errand}").unwrap();
        }
        out.flush().unwrap();
    }
}

fn start(folder: &Path) -> Child {
    Process::new(env::current_exe().unwrap())
        .args(["crash::child_works_until_it_is_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a child told before it was killed.
#[derive(Default)]
struct Told {
    /// How many commands it had acknowledged.
    acknowledged: u64,
    /// Which errands it was about to do, by their records, and of which it knows that they are done.
    does: BTreeSet<u64>,
    done: BTreeSet<u64>,
}

/// Lets the child work for a while, kills it, and takes down what it told.
fn kill_after(folder: &Path, time: Duration, mut so_far: Told) -> Told {
    let mut child = start(folder);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            // The first line begins with what the test itself says.
            let words: Vec<&str> = line.split_whitespace().rev().take(3).collect();
            match words[..] {
                [n, _, "acknowledged"] => {
                    let n = n.parse().unwrap_or(0);
                    so_far.acknowledged = so_far.acknowledged.max(n);
                }
                [record, "does", ..] => so_far.does.extend(record.parse::<u64>()),
                [record, "done", ..] => so_far.done.extend(record.parse::<u64>()),
                _ => {}
            }
        }
        so_far
    });
    let killed_at = Instant::now() + time;
    while Instant::now() < killed_at && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

/// Everything that is in the journal; one call gives only so many.
fn all_records(desk: &Desk) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    loop {
        let more = desk.records(records.len() as u64, 1_000).unwrap();
        if more.is_empty() {
            return records;
        }
        records.extend(more);
    }
}

/// What a record asks of the host is done, or still to be done; what is known to be done is not.
fn check_errands(desk: &Desk, records: &[Record], told: &Told) {
    let open = desk.open_effects(0, 10_000).unwrap();
    let open: BTreeSet<u64> = open.iter().map(|open| open.record).collect();
    for record in records {
        let asks = !Desk::effects_of(std::slice::from_ref(record)).is_empty();
        let (is_open, seq) = (open.contains(&record.seq), record.seq);
        assert!(!asks || is_open || told.does.contains(&seq), "the errand of {seq} is lost");
        assert!(!is_open || !told.done.contains(&seq), "the errand of {seq} is asked for again");
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_after_it_and_only_once() {
    let rounds = env::var("FIRSTLINE_CRASH_ROUNDS").ok().and_then(|n| n.parse().ok());
    let mut acknowledged_in_all = 0;
    for round in 0..rounds.unwrap_or(ROUNDS) {
        let folder = tempfile::tempdir().unwrap();
        // The child is killed twice on the same folder, at moments that differ from round to round.
        let mut told = Told::default();
        for life in 0..2 {
            let millis = 60 + u64::from(round * 37 + life * 101) % 400;
            told = kill_after(folder.path(), Duration::from_millis(millis), told);
        }
        let acknowledged = told.acknowledged;
        let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
        introduce(&desk);
        desk.verify().unwrap();
        let records = all_records(&desk);
        let given: Vec<CommandId> = records.iter().filter_map(|record| record.command).collect();
        let once: BTreeSet<CommandId> = given.iter().copied().collect();
        for n in 0..acknowledged {
            assert!(once.contains(&CommandId(u128::from(n) + 1)), "command {n} is lost");
        }
        check_errands(&desk, &records, &told);
        // Each command has its records in one run: it was carried out once, and whole.
        let mut runs = given;
        runs.dedup();
        assert_eq!(runs.len(), once.len(), "a command was carried out twice");

        // The desk goes on where it stopped: what is given again gets its first receipt.
        let head = records.last().map_or(0, |record| record.seq);
        for n in 0..acknowledged {
            let receipt = desk.execute(command(n)).unwrap();
            assert!(receipt.seq <= head && matches!(receipt.stream, Stream::Ticket(_)));
        }
        assert_eq!(desk.records(head, 1).unwrap(), []);
        desk.handle_timeout(moment("2026-12-31T00:00:00Z")).unwrap();
        desk.verify().unwrap();
        acknowledged_in_all += acknowledged;
    }
    assert!(acknowledged_in_all > 0, "no child lived long enough to be worth a test");
}
