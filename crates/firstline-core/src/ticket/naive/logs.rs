//! Real incidents, both ways: what was done to the tickets of a desk, under promises made up at
//! random. The desk is one that replayed a log; its export is named by `FIRSTLINE_EXPORT`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use super::agree::Life;
use super::book::{Book, LINES};
use super::random::{self, Moment, Opening, What};
use crate::rehearsal::commands_of;
use crate::*;

/// How long a ticket may live here: the tables of minutes end some time after that.
const LONGEST_MS: i64 = 800 * 86_400_000;

/// A command, and when it was given.
type Given = (Timestamp, Actor, TicketAction);

/// The commands behind the records of each ticket.
#[expect(clippy::disallowed_types, reason = "the export lies where whoever runs this says")]
fn tickets(path: &str) -> Vec<Vec<Given>> {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut histories: BTreeMap<u64, Vec<(Timestamp, Actor, TicketEvent)>> = BTreeMap::new();
    for line in BufReader::new(file).lines() {
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let record = &line["record"];
        let Some(ticket) = record["stream"]["ticket"].as_u64() else {
            continue;
        };
        let at = serde_json::from_value(record["at"].clone()).unwrap();
        let by = serde_json::from_value(record["actor"].clone()).unwrap();
        let event = serde_json::from_value(record["event"]["ticket"].clone()).unwrap();
        histories.entry(ticket).or_default().push((at, by, event));
    }
    histories.into_values().map(|history| commands_of(&history)).collect()
}

/// The same request or hand-over at a desk whose lines are these.
fn at_our_lines(action: TicketAction) -> TicketAction {
    let ours = |line: &LineId| -> LineId {
        let place = line.as_str().bytes().fold(0, |sum, byte| sum + usize::from(byte));
        LINES[place % LINES.len()].into()
    };
    match action {
        TicketAction::Open(mut request) => {
            request.line = request.line.as_ref().map(ours);
            request.team = None;
            TicketAction::Open(request)
        }
        TicketAction::HandOver { line, .. } => {
            TicketAction::HandOver { line: ours(&line), team: None }
        }
        other => other,
    }
}

/// Lives a ticket's life both ways; gives how many commands that took.
fn live(books: (Book, Book), given: &[Given]) -> Result<usize, String> {
    let mut life = Life::new(books);
    let mut commands = 0;
    let (Some((opened_at, ..)), Some((closed_at, ..))) = (given.first(), given.last()) else {
        return Ok(0);
    };
    if closed_at.millis_since(*opened_at) > LONGEST_MS {
        return Ok(0);
    }
    let mut before = *opened_at;
    for (at, by, action) in given {
        let gap = (at.millis_since(before) / 1_000).max(0);
        before = before.checked_add_millis(gap * 1_000).unwrap();
        match at_our_lines(action.clone()) {
            TicketAction::Open(request) => life.open(Opening { by: *by, request: *request }),
            action => {
                life.take(Moment { gap, by: *by, what: What::Do(action) });
                life.wake();
            }
        }
        life.compare().map_err(|difference| format!("{difference}\n{}", life.story()))?;
        commands += 1;
    }
    Ok(commands)
}

#[test]
fn both_implementations_agree_on_real_incidents() {
    let Ok(path) = std::env::var("FIRSTLINE_EXPORT") else {
        println!("skipped: FIRSTLINE_EXPORT names no export of a desk");
        return;
    };
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let (mut lived, mut commands) = (0, 0);
    for (index, given) in tickets(&path).iter().enumerate() {
        let books = random::books().new_tree(&mut runner).expect("no book is refused").current();
        let told = format!("{books:?}");
        let count = live(books, given);
        let count = count.unwrap_or_else(|error| panic!("ticket {index}: {error}\n{told}"));
        lived += usize::from(count > 0);
        commands += count;
    }
    assert!(commands > 0, "{path} has no tickets");
    println!("both agree after each of {commands} commands on {lived} real incidents");
}
