//! Several handles on one file, as several processes have them.

use std::fs;
use std::thread;

use firstline_core::TicketId;

use super::*;
use crate::copy::beside;
use crate::journal::MAX_BATCH;

fn impatient() -> SqliteOptions {
    SqliteOptions { patience: Duration::from_millis(20), ..SqliteOptions::default() }
}

#[test]
fn writers_take_turns_and_see_what_the_other_wrote() {
    let (_folder, path) = a_file();
    let mut ours = SqliteJournal::open(&path).unwrap();
    let mut theirs = SqliteJournal::open_with(&path, impatient()).unwrap();
    let reader = theirs.reader().unwrap();
    let clerk = Clerk::new();

    let mut transaction = ours.begin().unwrap();
    assert!(matches!(theirs.begin().map(|_| ()), Err(StoreError::Busy)));
    assert!(matches!(theirs.rebuild(), Err(StoreError::Busy)));
    let first = clerk.open_in(&mut *transaction, request("Ours")).unwrap();
    assert_eq!(reader.ticket(first).unwrap(), None);
    transaction.commit().unwrap();

    assert!(reader.ticket(first).unwrap().is_some());
    assert_eq!(clerk.open(&mut theirs, request("Theirs")).unwrap(), TicketId(2));
    assert_eq!(clerk.open(&mut ours, request("Ours")).unwrap(), TicketId(3));
    assert_eq!(reader.verify().unwrap().streams, 3);
}

#[test]
fn many_writers_lose_nothing_and_readers_see_whole_commands() {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let (_folder, path) = a_file();
    let journal = SqliteJournal::open(&path).unwrap();
    let reader = journal.reader().unwrap();
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    let mut journal = SqliteJournal::open(&path).unwrap();
                    let clerk = Clerk::new();
                    for _ in 0..EACH {
                        let id = clerk.open(&mut journal, request("Printer")).unwrap();
                        clerk.act(&mut journal, id, AGENT, &reply("Yes?")).unwrap();
                    }
                })
            })
            .collect();
        scope.spawn(move || {
            while !writers.iter().all(|writer| writer.is_finished()) {
                let verified = reader.verify().unwrap();
                assert!(verified.streams <= (WRITERS * EACH) as u64);
            }
        });
    });
    let reader = journal.reader().unwrap();
    assert_eq!(reader.verify().unwrap().streams, (WRITERS * EACH) as u64);
    assert_eq!(reader.due(Timestamp::MAX, MAX_BATCH).unwrap().len(), 100);
}

#[test]
fn a_new_file_may_be_opened_by_many_at_once() {
    for _ in 0..10 {
        let (_folder, path) = a_file();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut journal = SqliteJournal::open(&path).unwrap();
                    Clerk::new().open(&mut journal, request("Printer")).unwrap();
                });
            }
        });
        let reader = SqliteJournal::open(&path).unwrap().reader().unwrap();
        assert_eq!(reader.verify().unwrap().streams, 4);
    }
}

#[test]
fn the_log_is_worked_into_the_tables_before_it_grows_long() {
    let (_folder, path) = a_file();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let clerk = Clerk::new();
    journal.checkpoint_at = 100;
    let mut longest = 0;
    for _ in 0..100 {
        clerk.open(&mut journal, request("Printer")).unwrap();
        longest = longest.max(journal.log_pages.load(Ordering::Relaxed));
        journal.checkpoint_at = 100;
    }
    assert!((100..150).contains(&longest), "{longest} pages");
    journal.reader().unwrap().verify().unwrap();
}

#[test]
fn a_long_reader_sees_one_moment_and_keeps_no_writer_waiting() {
    let (_folder, path) = a_desk();
    let options = SqliteOptions { checkpoint_pages: 20, ..impatient() };
    let mut journal = SqliteJournal::open_with(&path, options).unwrap();
    let long = Connection::open(&path).unwrap();
    let count =
        || -> u64 { long.query_row("SELECT count(*) FROM record", [], |row| row.get(0)).unwrap() };
    long.execute_batch("BEGIN").unwrap();
    let before = count();
    let clerk = Clerk::new();
    for _ in 0..60 {
        // It would be told that others are busy, had it to wait for anybody.
        clerk.open(&mut journal, request("Plotter")).unwrap();
        assert_eq!(count(), before);
    }
    journal.reader().unwrap().verify().unwrap();
    long.execute_batch("COMMIT").unwrap();
    assert!(count() >= before + 60);
    // Once it is gone, the log is worked into the tables.
    let log = beside(&path, "-wal");
    clerk.open(&mut journal, request("Plotter")).unwrap();
    journal.compact().unwrap();
    assert_eq!(fs::metadata(log).unwrap().len(), 0);
}

#[test]
fn a_follower_asks_one_row_whether_there_is_anything_new() {
    let (_folder, path) = a_desk();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let reader = journal.reader().unwrap();
    let head = reader.head().unwrap();
    let other = SqliteJournal::open(&path).unwrap().reader().unwrap();
    assert_eq!(other.head().unwrap(), head);
    Clerk::new().open(&mut journal, request("Plotter")).unwrap();
    let (seen, now) = (head.unwrap().seq, other.head().unwrap().unwrap().seq);
    assert!(now > seen);
    assert_eq!(other.records(seen, 100).unwrap().len() as u64, now - seen);
    // Whatever the size of the file: the end of one table.
    let connection = Connection::open(&path).unwrap();
    let sql = "EXPLAIN QUERY PLAN SELECT seq, at_ms, hash FROM record ORDER BY seq DESC LIMIT 1";
    let plan: String = connection.query_row(sql, [], |row| row.get(3)).unwrap();
    assert_eq!(plan, "SCAN record", "backwards, and it stops at the first");
}

#[test]
fn who_has_a_file_open_that_another_brings_to_a_later_version_is_told() {
    let (_folder, path) = a_desk();
    let lax = SqliteOptions { durability: Durability::Batch, ..impatient() };
    let mut journal = SqliteJournal::open_with(&path, lax).unwrap();
    let reader = journal.reader().unwrap();
    let clerk = Clerk::new();
    clerk.open(&mut journal, request("Printer")).unwrap();
    meddle(&path, "PRAGMA user_version = 99");
    let told = [
        ("a command", journal.begin().map(drop)),
        ("another command", journal.begin().map(drop)),
        ("rebuilding", journal.rebuild()),
        ("forgetting", journal.forget_commands(Timestamp::MAX).map(drop)),
        ("erasing", journal.erase(ContactId(1), AGENT, clerk.now).map(drop)),
        ("compacting", journal.compact()),
        ("syncing", journal.sync()),
        ("a question", reader.head().map(drop)),
        ("verification", reader.verify().map(drop)),
        ("a new reader", journal.reader().map(drop)),
    ];
    for (what, told) in told {
        let is_told = matches!(told, Err(StoreError::NewerSchema { found: 99, .. }));
        assert!(is_told, "{what}: {told:?}");
    }
    let version = "PRAGMA user_version";
    let connection = Connection::open(&path).unwrap();
    let found: i64 = connection.query_row(version, [], |row| row.get(0)).unwrap();
    assert_eq!(found, 99, "nobody took it back");
}

/// Tells the child which file to open.
const FILE: &str = "FIRSTLINE_STORE_FILE";

/// What a child does: opens a file and closes it. Nothing, unless it is told which.
#[test]
fn child_opens_a_file_and_closes_it() {
    if let Some(path) = std::env::var_os(FILE) {
        SqliteJournal::open(path).unwrap().reader().unwrap().head().unwrap();
    }
}

#[test]
fn a_desk_that_was_synced_keeps_its_log_while_another_process_comes_and_goes() {
    for durability in [Durability::Batch, Durability::None] {
        let (_folder, path) = a_desk();
        let options = SqliteOptions { durability, ..SqliteOptions::default() };
        let mut journal = SqliteJournal::open_with(&path, options).unwrap();
        let clerk = Clerk::new();
        clerk.open(&mut journal, request("Printer")).unwrap();
        journal.sync().unwrap();
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["sqlite::tests::sharing::child_opens_a_file_and_closes_it", "--exact"])
            .env(FILE, &path)
            .output()
            .unwrap();
        assert!(child.status.success());
        // Had it taken us for gone, it would have taken the log away, and this would be lost.
        assert!(beside(&path, "-wal").exists(), "{durability:?}");
        let id = clerk.open(&mut journal, request("Plotter")).unwrap();
        let other = SqliteJournal::open(&path).unwrap();
        assert!(other.reader().unwrap().ticket(id).unwrap().is_some());
    }
}
