//! A disk that fails: the n-th write, sync, open, truncation, renaming or linking goes wrong, the disk
//! fills up, half a write arrives, the power is cut and takes what was not synced, bytes and names alike.
//!
//! A SQLite VFS of our own would be `unsafe` Rust, and would see only SQLite. So the disk is a small
//! library in C (`faults.c`), which the test compiles and preloads into a child: it stands between
//! all of the desk, index included, and the operating system. A scenario takes milliseconds, since
//! the power is cut and comes back without the process having to end.
//!
//! `FIRSTLINE_FAULT_ROUNDS` sets how many scenarios, for long runs, and `FIRSTLINE_FAULT_SEED` where
//! they begin. A failure names the seed of its scenario.

mod import;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command as Process;
use std::sync::atomic::{AtomicU64, Ordering};

use firstline::{
    Agent, ArticleAction, Audience, Command, CommandId, Contact, Desk, DeskOptions, Durability,
    Error, FixedTime, HandOut, OpenTicket, Organization, Question, Receipt, Record, Responsible,
    SqliteOptions, StoreError, TicketAction, TicketId, Timestamp,
};

use crate::effects::hasty_rules as rules;
use crate::fixture::{ADA, BOB, NORTHWIND, ada, bob, introduce, monday};

/// Tells the child that it is one, and which files the failing disk is under.
const ROOT: &str = "FIRSTLINE_FAULT_ROOT";

/// What the names of those folders begin with.
const FOLDERS: &str = "firstline-faulty-";

/// How many scenarios a usual run takes.
const ROUNDS: u64 = 40;

/// How many errands were looked for after a fault.
static ERRANDS: AtomicU64 = AtomicU64::new(0);

/// How many pages the log may have: few, so that every scenario works it into the tables often.
const LOG_PAGES: u16 = 40;

#[test]
fn whatever_the_disk_does_nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("faults.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults.c");
    let compiled = Process::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&disk, &source])
        .arg("-ldl")
        .status();
    assert!(compiled.unwrap().success());
    let child = Process::new(env::current_exe().unwrap())
        .args(["faults::child_works_on_a_failing_disk", "--exact", "--nocapture"])
        .env("LD_PRELOAD", &disk)
        .env(ROOT, FOLDERS)
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success(), "{out}\n{err}");
    for line in out.lines().filter(|line| line.starts_with("faults: ")) {
        println!("{line}");
    }
}

#[test]
fn child_works_on_a_failing_disk() {
    if env::var_os(ROOT).is_none() {
        return;
    }
    let number = |name, usual| env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let first = number("FIRSTLINE_FAULT_SEED", 1);
    let mut tally = BTreeMap::new();
    for seed in first..first + number("FIRSTLINE_FAULT_ROUNDS", ROUNDS) {
        let scenario = Scenario::drawn(seed);
        let outcome = std::panic::catch_unwind(|| scenario.play());
        let fired = outcome.unwrap_or_else(|_| panic!("seed {seed}: {scenario:?}"));
        let (played, hit) = tally.entry(scenario.name()).or_insert((0, 0));
        *played += 1;
        *hit += u64::from(fired);
        if (seed + 1 - first).is_multiple_of(1_000) {
            println!("faults: {} scenarios so far", seed + 1 - first);
        }
    }
    for (name, (played, hit)) in &tally {
        println!("faults: {name}: {played} scenarios, the disk failed in {hit}");
    }
    assert!(tally.values().any(|(_, hit)| *hit > 0), "no scenario met a fault");
    let errands = ERRANDS.load(Ordering::Relaxed);
    println!("faults: {errands} errands of the host checked");
    assert!(errands > 0, "nobody was asked for anything");
}

/// Numbers without visible order, the same for the same seed.
struct Lots(u64);

impl Lots {
    fn draw(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.draw(all.len() as u64) as usize]
    }
}

/// What goes wrong, and when.
#[derive(Clone, Copy, Debug)]
struct Scenario {
    seed: u64,
    operation: &'static str,
    number: u64,
    effect: &'static str,
    /// Whether the disk says that it synced, and did not.
    is_lying: bool,
    /// Whether it fails already while the desk is made.
    from_the_start: bool,
    durability: Durability,
    /// Whether it is an import, rather than a day's work.
    is_import: bool,
}

impl Scenario {
    fn drawn(seed: u64) -> Self {
        let mut lots = Lots(seed);
        let effect = lots.one_of(&["eio", "full", "short", "torn", "cut", "cut", "cut"]);
        let operation = match effect {
            "short" | "torn" => "write",
            _ => lots.one_of(&[
                "read", "write", "write", "sync", "open", "truncate", "rename", "link", "any",
                "any",
            ]),
        };
        // Few files are opened, and many writes are made.
        let most = match operation {
            "link" => 2,
            "open" | "truncate" | "rename" => 12,
            "sync" => 60,
            _ => 600,
        };
        let number = 1 + lots.draw(most);
        let is_lying = effect == "cut" && lots.draw(6) == 0;
        let from_the_start = lots.draw(5) == 0;
        let is_batch = effect == "cut" && !is_lying && lots.draw(6) == 0;
        let durability = if is_batch { Durability::Batch } else { Durability::Full };
        let is_import = !is_lying && lots.draw(8) == 0;
        Self { seed, operation, number, effect, is_lying, from_the_start, durability, is_import }
    }

    fn name(&self) -> String {
        let how = match self.durability {
            _ if self.is_import => ", while importing",
            _ if self.is_lying => ", on a disk that lies",
            Durability::Full => "",
            _ => ", synced by batches",
        };
        format!("{} at a {}{how}", self.effect, self.operation)
    }

    /// Plays it, and says whether anything went wrong.
    fn play(self) -> bool {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
        let folder = tempfile::Builder::new().prefix(FOLDERS).tempdir_in(place).unwrap();
        tell("power");
        tell(&format!("seed/{}", self.seed));
        if self.is_import {
            return self.play_import(folder.path());
        }
        if !self.from_the_start {
            introduce(&self.open(folder.path()).unwrap());
        }
        if self.is_lying {
            tell("lie");
        }
        tell(&format!("arm/{}/{}/{}", self.operation, self.number, self.effect));
        let acknowledged = self.work(folder.path(), &mut Lots(!self.seed));
        if self.effect == "cut" {
            // One that was not met yet comes now, when nobody expects it any more.
            tell("cut");
        }
        let has_failed = has_failed();
        tell("power");
        if self.is_lying {
            self.check_that_nothing_is_silently_wrong(folder.path());
        } else {
            self.check(folder.path(), &acknowledged);
        }
        has_failed
    }

    /// Works on a desk until the disk is dead or the day is over, giving what failed again. Returns
    /// what was acknowledged.
    fn work(self, folder: &Path, lots: &mut Lots) -> Acknowledged {
        const DAY: u64 = 40;
        let mut acknowledged = Acknowledged::default();
        let mut desk = None;
        let mut failures = 0;
        let mut next = 0;
        while next < DAY && failures < 4 {
            let batch = lots.one_of(&[1, 1, 1, 3, 7]);
            let begun = match &desk {
                Some(desk) => Ok(desk),
                None => self.open(folder).map(|opened| {
                    introduce_if_possible(&opened);
                    &*desk.insert(opened)
                }),
            };
            let told = begun.and_then(|desk| {
                let outcomes = desk.execute_all((next..next + batch).map(command))?;
                Ok(outcomes.into_iter().collect::<Result<Vec<_>, _>>()?)
            });
            match told {
                Ok(receipts) => {
                    acknowledged.receipts.extend((next..).zip(receipts));
                    next += batch;
                    if self.durability == Durability::Full {
                        acknowledged.synced = next;
                    }
                }
                // In life, nobody is there any more who could ask.
                Err(_) if self.effect == "cut" && has_failed() => return acknowledged,
                Err(error) => {
                    self.blame(&error);
                    failures += 1;
                    // Sometimes somebody begins afresh after an error.
                    if lots.draw(2) == 0 {
                        desk = None;
                    }
                }
            }
            if let Some(desk) = &desk {
                let asked = match lots.draw(10) {
                    0 => desk.search(&Question::new("zebra")).map(drop),
                    1 => desk.handle_timeout(command(next).at.unwrap()).map(drop),
                    2 => desk.sync().map(|()| acknowledged.synced = next),
                    3 => desk.compact(),
                    4 => desk.backup(folder.join(format!("copy {next}"))),
                    5 | 6 => acknowledged.do_errands(desk, command(next).at.unwrap()),
                    _ => Ok(()),
                };
                match asked {
                    Err(_) if self.effect == "cut" && has_failed() => return acknowledged,
                    asked => asked.unwrap_or_else(|error| self.blame(&error)),
                }
            }
        }
        acknowledged
    }

    /// An error of the disk is the operator's affair, and says that it is the disk's: what is on the
    /// disk is sound, whatever the disk says at the moment.
    #[track_caller]
    fn blame(self, error: &Error) {
        match error {
            // Somebody could not be introduced before.
            Error::Refused(_) => return,
            Error::Store(
                StoreError::DamagedRecord { .. }
                | StoreError::Stale { .. }
                | StoreError::NotADesk { .. },
            )
            | Error::Damaged(_) => panic!("{error:?}"),
            // Somebody made a copy at this point, before something else went wrong.
            Error::Store(StoreError::FileExists { .. }) => return,
            // What cannot be read counts as damaged to SQLite.
            Error::Store(StoreError::DamagedFile { .. }) => {
                assert!(matches!(self.operation, "read" | "any"), "{error:?}");
            }
            _ => {}
        }
        assert_eq!(error.responsible(), Responsible::Operator, "{error:?}");
    }

    fn open(self, folder: &Path) -> Result<Desk, Error> {
        let durability = self.durability;
        let journal =
            SqliteOptions { checkpoint_pages: LOG_PAGES, durability, ..SqliteOptions::default() };
        let time = Box::new(monday());
        Desk::open_with(folder, rules(), DeskOptions { journal, time, ..DeskOptions::default() })
    }

    /// The disk works again: everything acknowledged is there, once and whole, and the desk goes on.
    fn check(self, folder: &Path, acknowledged: &Acknowledged) {
        let desk = self.open(folder).unwrap();
        introduce(&desk);
        desk.verify().unwrap();
        let records = all_records(&desk);
        let mut runs: BTreeMap<CommandId, u32> = BTreeMap::new();
        for record in &records {
            if let Some(command) = record.command {
                *runs.entry(command).or_default() += 1;
            }
        }
        // What no sync was asked for may be gone, from some command on to the last.
        let is_there = |n: &u64| runs.contains_key(&CommandId(u128::from(*n) + 1));
        let there = acknowledged.receipts.keys().take_while(|n| is_there(n)).count() as u64;
        assert!(there >= acknowledged.synced, "{there} of {} are there", acknowledged.synced);
        let kept: BTreeMap<_, _> = acknowledged.receipts.range(..there).collect();
        assert!(acknowledged.receipts.keys().skip(there as usize).all(|n| !is_there(n)), "a hole");
        for (&n, receipt) in &kept {
            let id = CommandId(u128::from(*n) + 1);
            assert_eq!(
                runs.get(&id),
                Some(&receipt.events),
                "command {n} is lost or there in part"
            );
            let last = &records[receipt.seq as usize - 1];
            assert_eq!((last.command, last.version), (Some(id), receipt.version), "command {n}");
        }
        acknowledged.check_errands(&desk, &records, self.durability != Durability::Full);
        // What is given again is not carried out again. What was not acknowledged is there whole or not
        // at all, and either way it is carried out once.
        let given = acknowledged.receipts.keys().next_back().map_or(0, |last| last + 1) + 8;
        for n in 0..given {
            let receipt = desk.execute(command(n)).unwrap();
            if let Some(first) = kept.get(&n) {
                assert_eq!(receipt, **first, "command {n} was carried out again");
            }
        }
        let records = all_records(&desk);
        let mut commands: Vec<_> = records.iter().filter_map(|record| record.command).collect();
        commands.dedup();
        assert_eq!(commands.len() as u64, given, "a command was carried out twice");
        // A copy is there whole, or not at all.
        for entry in std::fs::read_dir(folder).unwrap() {
            let copy = entry.unwrap().path();
            if copy.join("desk.sqlite").exists() {
                self.open(&copy).unwrap().verify().unwrap();
            }
        }
        // The index has caught up with the journal.
        for n in (0..given).filter(|n| n % 5 == 4) {
            let found = desk.search(&Question::new(&title(n))).unwrap();
            assert!(!found.is_empty(), "the article of command {n} is not found");
        }
        desk.verify().unwrap();
    }

    /// A disk that lied about what it had can lose anything; that it did must not go unnoticed.
    fn check_that_nothing_is_silently_wrong(self, folder: &Path) {
        let Ok(desk) = self.open(folder) else {
            return;
        };
        let Ok(verified) = desk.verify() else {
            return;
        };
        let records = all_records(&desk);
        assert_eq!(records.len() as u64, verified.records);
        let _ = desk.effects(HandOut::default(), command(100).at.unwrap());
    }
}

/// What came of the commands that were acknowledged, how many of them must be on the disk, and what
/// the host has done of what it was asked.
#[derive(Default)]
struct Acknowledged {
    receipts: BTreeMap<u64, Receipt>,
    synced: u64,
    /// Errands by their records: whether the desk said that it knows that they are done.
    errands: BTreeMap<u64, bool>,
}

impl Acknowledged {
    /// Does what the host is asked to, and says so.
    fn do_errands(&mut self, desk: &Desk, now: Timestamp) -> Result<(), Error> {
        for delivery in desk.effects(HandOut::default(), now)? {
            if delivery.record % 3 == 0 {
                desk.fail(&delivery.failed("not today"), now)?;
                continue;
            }
            self.errands.insert(delivery.record, false);
            desk.acknowledge(&[delivery.record])?;
            self.errands.insert(delivery.record, true);
        }
        Ok(())
    }

    /// Each errand of each record is done or still to be done; what the desk said it knows to be done
    /// is not asked for again, unless it may forget.
    fn check_errands(&self, desk: &Desk, records: &[Record], may_forget: bool) {
        let open = desk.open_effects(0, 10_000).unwrap();
        let open: BTreeSet<u64> = open.iter().map(|open| open.record).collect();
        for record in records {
            if Desk::effects_of(std::slice::from_ref(record)).is_empty() {
                assert!(!open.contains(&record.seq), "record {} asks for nothing", record.seq);
                continue;
            }
            ERRANDS.fetch_add(1, Ordering::Relaxed);
            match (self.errands.get(&record.seq), open.contains(&record.seq)) {
                (None, false) => panic!("the errand of record {} is lost", record.seq),
                (Some(true), true) if !may_forget => {
                    panic!("the errand of record {} is asked for again", record.seq)
                }
                _ => {}
            }
        }
    }
}

/// Whether anything went wrong since the power was on.
fn has_failed() -> bool {
    let answer = File::open("/firstline-fault/fired").unwrap_err();
    answer.kind() == ErrorKind::AlreadyExists
}

/// Tells the disk what to do.
fn tell(what: &str) {
    assert!(File::open(format!("/firstline-fault/{what}")).is_err());
}

/// Command number `n`: tickets that are opened and answered, articles, an hour apart.
fn command(n: u64) -> Command {
    let FixedTime(begin) = monday();
    let at = Timestamp::from_millis(begin.as_millis() + n as i64 * 3_600_000).unwrap();
    let reply = |text: &str| TicketAction::Reply { text: text.repeat(40), then: None };
    let ticket = TicketId(n / 5 + 1);
    let command = match n % 5 {
        0 => Command::open(ada(), OpenTicket::new(ADA, "Printer", "It is on fire. ".repeat(60))),
        1 | 3 => Command::ticket(bob(), ticket, reply("Why? ")),
        2 => Command::ticket(ada(), ticket, reply("So. ")),
        _ => {
            let publish = ArticleAction::Publish {
                language: "en".into(),
                title: title(n),
                body: "Turn it off and on again.".into(),
                audience: Some(Audience::Public),
                tags: Some(BTreeSet::new()),
            };
            Command::article(bob(), None, publish)
        }
    };
    command.at(at).keyed(CommandId(u128::from(n) + 1))
}

fn title(n: u64) -> String {
    format!("zebra{n} does not print")
}

/// On a disk that fails from the start somebody may not be introduced yet, nor now.
fn introduce_if_possible(desk: &Desk) {
    let northwind = Organization::new("Northwind");
    let ada = Contact { organization: Some(NORTHWIND), ..Contact::new("Ada") };
    let _ = desk.save_organization(NORTHWIND, northwind);
    let _ = desk.save_contact(ADA, ada);
    let _ = desk.save_agent(BOB, Agent::new("Bob"));
}

fn all_records(desk: &Desk) -> Vec<Record> {
    desk.records(0, 10_000).unwrap()
}
