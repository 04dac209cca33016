//! Files that somebody or something damaged.

use std::fs;

use firstline_core::TicketId;

use super::super::file::PAGE_SIZE;
use super::*;
use crate::export::{export, export_to_file};
use crate::outbox::Failed;

/// What a verification says after something was done to the file behind the journal's back.
fn verdict(sql: &str) -> StoreError {
    let (_folder, path) = a_desk();
    meddle(&path, sql);
    let journal = SqliteJournal::open(&path).unwrap();
    let verified = journal.reader().unwrap().verify();
    verified.expect_err(&format!("nobody noticed {sql}"))
}

#[test]
fn a_record_that_was_changed_or_deleted_is_found_by_its_number() {
    let cases = [
        ("UPDATE record SET event = replace(event, 'Printer', 'Planter') WHERE seq = 3", 3),
        ("UPDATE record SET event = 'gone' WHERE seq = 4", 4),
        ("UPDATE record SET actor_number = 2 WHERE seq = 3", 3),
        ("UPDATE record SET actor = 'nobody' WHERE seq = 3", 3),
        ("UPDATE record SET at_ms = at_ms + 1 WHERE seq = 5", 5),
        ("UPDATE record SET rulebook = 2 WHERE seq = 6", 6),
        ("UPDATE record SET version = 9 WHERE seq = 6", 6),
        ("UPDATE record SET hash = zeroblob(32) WHERE seq = 7", 7),
        ("UPDATE record SET hash = zeroblob(31) WHERE seq = 7", 7),
        ("UPDATE record SET command = NULL WHERE command IS NOT NULL", 10),
        ("UPDATE record SET previous = 3 WHERE seq = 5", 3),
        ("UPDATE record SET previous = NULL WHERE seq = 5", 5),
        ("UPDATE record SET previous = 5 WHERE seq = 5", 5),
        ("DELETE FROM record WHERE seq = 1", 1),
        ("DELETE FROM record WHERE seq = 4", 4),
        ("DELETE FROM record WHERE seq = (SELECT max(seq) FROM record)", 15),
        ("DELETE FROM record", 1),
        ("DELETE FROM command", 10),
        // Words that go without an erasure.
        ("UPDATE record SET event = '{}', erased = zeroblob(32) WHERE seq = 3", 3),
        ("UPDATE record SET erased = zeroblob(31) WHERE seq = 4", 4),
    ];
    for (sql, expected) in cases {
        let verdict = verdict(sql);
        assert!(
            matches!(verdict, StoreError::DamagedRecord { seq, .. } if seq == expected),
            "{sql}: {verdict:?}"
        );
    }
}

#[test]
fn nobody_hides_a_lost_receipt_by_saying_that_it_was_forgotten() {
    for sql in [
        "UPDATE forgotten SET before_ms = before_ms + 3600000; DELETE FROM command",
        "UPDATE forgotten SET checksum = checksum + 1",
        "DELETE FROM forgotten; INSERT INTO forgotten VALUES (0, 9999999999999, 0)",
    ] {
        let (_folder, path) = a_desk();
        let mut journal = SqliteJournal::open(&path).unwrap();
        journal.forget_commands(Clerk::new().now).unwrap();
        drop(journal);
        meddle(&path, sql);
        let reader = SqliteJournal::open(&path).unwrap().reader().unwrap();
        for told in [reader.verify().map(drop), reader.forgotten().map(drop)] {
            assert!(matches!(told, Err(StoreError::DamagedFile { .. })), "{sql}: {told:?}");
        }
    }
}

#[test]
fn a_damaged_journal_is_not_exported_as_if_it_were_sound() {
    let cases = [
        ("UPDATE record SET event = replace(event, 'Printer', 'Planter') WHERE seq = 3", 3),
        ("UPDATE record SET event = 'gone' WHERE seq = 4", 4),
        ("UPDATE record SET at_ms = at_ms + 1 WHERE seq = 5", 5),
        ("UPDATE record SET hash = zeroblob(32) WHERE seq = 7", 7),
        ("UPDATE record SET event = '{}', erased = zeroblob(32) WHERE seq = 3", 3),
        ("DELETE FROM record WHERE seq = 1", 1),
        ("DELETE FROM record WHERE seq = 4", 4),
    ];
    for (sql, expected) in cases {
        let (folder, path) = a_desk();
        meddle(&path, sql);
        let (journal, to) = (SqliteJournal::open(&path).unwrap(), folder.path().join("export"));
        let reader = journal.reader().unwrap();
        let failed = export_to_file(&*reader, &to, &mut |_| ()).expect_err(sql);
        let is_told = matches!(failed, StoreError::DamagedRecord { seq, .. } if seq == expected);
        assert!(is_told, "{sql}: {failed:?}");
        // What is left says neither that there is an export, nor keeps the next one from being made.
        let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("export")).collect();
        assert!(left.is_empty(), "{sql}: {left:?}");
    }
}

/// Erases somebody at the first word that is written.
struct EraseMeanwhile<'a>(Option<&'a mut SqliteJournal>);

impl std::io::Write for EraseMeanwhile<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(journal) = self.0.take() {
            let now = journal.reader().unwrap().head().unwrap().unwrap().at;
            journal.erase(ContactId(1), AGENT, now).unwrap().unwrap();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_during_which_words_were_erased_is_to_be_made_again() {
    let (_folder, path) = a_desk();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let reader = journal.reader().unwrap();
    let mut output = EraseMeanwhile(Some(&mut journal));
    let failed = export(&*reader, &mut output, &mut |_| ()).unwrap_err();
    assert!(matches!(failed, StoreError::Busy), "{failed:?}");
    assert_eq!(export(&*reader, &mut output, &mut |_| ()).unwrap(), reader.verify().unwrap());
}

#[test]
fn a_restore_that_fails_names_the_backup_and_leaves_nothing() {
    let (folder, path) = a_desk();
    let (from, to) = (folder.path().join("backup.sqlite"), folder.path().join("new.sqlite"));
    fs::write(&from, "this is no desk, but long enough to be one ".repeat(200)).unwrap();
    let failed = SqliteJournal::restore(&from, &to).unwrap_err();
    assert!(matches!(&failed, StoreError::NotADesk { path } if *path == from), "{failed:?}");
    meddle(&path, "DELETE FROM record WHERE seq = 4");
    let failed = SqliteJournal::restore(&path, &to).unwrap_err();
    assert!(matches!(failed, StoreError::DamagedRecord { seq: 4, .. }), "{failed:?}");
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with("new")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_receipt_that_was_forged_contradicts_its_records() {
    let forgeries = [
        ("\"version\":", "\"version\":1", 10),
        ("\"at\":1", "\"at\":2", 10),
        ("\"events\":", "\"events\":1", 12),
        ("\"seq\":", "\"seq\":1", 10),
    ];
    for (before, after, expected) in forgeries {
        let (_folder, path) = a_desk();
        let connection = Connection::open(&path).unwrap();
        let sql = "SELECT receipt FROM command";
        let receipt: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        let forged = receipt.replace(before, after);
        let checksum = columns::receipt_check(CommandId(7), &forged);
        let sql = "UPDATE command SET receipt = ?1, checksum = ?2";
        connection.execute(sql, rusqlite::params![forged, checksum]).unwrap();
        let verdict = SqliteJournal::open(&path).unwrap().reader().unwrap().verify();
        assert!(
            matches!(verdict, Err(StoreError::DamagedRecord { seq, .. }) if seq == expected),
            "{forged}: {verdict:?}"
        );
    }
}

#[test]
fn what_an_erasure_left_cannot_be_changed_either() {
    let cases = [
        ("UPDATE record SET event = replace(event, '[erased]', '[forged]') WHERE seq = 3", 2),
        ("UPDATE record SET erased = zeroblob(32) WHERE seq = 3", 3),
        ("UPDATE record SET erased = NULL WHERE seq = 3", 3),
        ("UPDATE record SET event = replace(event, '[2,', '[1,') WHERE seq = 16", 16),
    ];
    for (sql, expected) in cases {
        let (_folder, path) = a_desk();
        let mut journal = SqliteJournal::open(&path).unwrap();
        journal.erase(ContactId(1), AGENT, Clerk::new().now).unwrap().unwrap();
        journal.reader().unwrap().verify().unwrap();
        meddle(&path, sql);
        let verdict = journal.reader().unwrap().verify();
        assert!(
            matches!(verdict, Err(StoreError::DamagedRecord { seq, .. }) if seq == expected),
            "{sql}: {verdict:?}"
        );
    }
}

#[test]
fn a_derived_row_that_was_changed_is_found_and_does_not_accuse_the_records() {
    let cases = [
        "UPDATE ticket SET state = replace(state, 'Printer', 'Planter')",
        "UPDATE ticket SET state = '{}' WHERE id = 1",
        "UPDATE party SET state = replace(state, 'Ada', 'Eve')",
        "UPDATE article SET state = replace(state, 'Reset', 'Panic')",
        "DELETE FROM party",
        "UPDATE party_word SET word = 'eve' WHERE word = 'ada'",
        "UPDATE party_word SET name = 'eve'",
        "DELETE FROM party_word WHERE word = ''",
        "INSERT INTO party_word VALUES ('eve', 'eve', 'contact', 99)",
        "DELETE FROM ticket WHERE id = 2",
        "UPDATE wake SET at_ms = at_ms + 1 WHERE ticket = 1",
        "DELETE FROM wake",
        "INSERT INTO wake VALUES (1, 99)",
        "INSERT INTO party_wake VALUES ('plan', 99, 1)",
        "UPDATE ticket SET status = 'closed' WHERE id = 1",
        "UPDATE ticket SET open = 0 WHERE id = 2",
        "UPDATE ticket SET assignee = NULL",
        "UPDATE ticket SET due_ms = due_ms + 1",
        "UPDATE ticket SET priority = 3",
        "INSERT INTO ticket_tag VALUES ('late', 1)",
        "DELETE FROM ticket_tag",
        "INSERT INTO agent_work VALUES (99, 'mail', 1, 0, NULL, NULL)",
    ];
    for sql in cases {
        let verdict = verdict(sql);
        assert!(matches!(verdict, StoreError::Stale { .. }), "{sql}: {verdict:?}");
    }
}

#[test]
fn an_outbox_or_a_receipt_that_was_damaged_is_found() {
    for sql in [
        "UPDATE outbox SET due_ms = due_ms + 1",
        "UPDATE outbox SET dead = 1",
        "UPDATE outbox SET attempts = 3",
        "UPDATE outbox SET ticket = 2",
        "UPDATE outbox SET reason = 'none'",
        "UPDATE outbox SET seq = seq - 3",
        "DELETE FROM outbox WHERE due_ms IS NOT NULL",
        "UPDATE command SET receipt = replace(receipt, '\"version\":', '\"version\":1')",
        "UPDATE command SET id = zeroblob(16) WHERE id = (SELECT max(id) FROM command)",
    ] {
        let (_folder, path) = a_desk();
        let mut journal = SqliteJournal::open(&path).unwrap();
        let clerk =
            Clerk { now: Clerk::new().now.checked_add_millis(3_600_000).unwrap(), ..Clerk::new() };
        Clerk::write(&mut journal, |reader| {
            let entry = clerk.on_ticket(reader, TicketId(2), AGENT, &TicketAction::Wake)?;
            Ok(Entry { command: Some(CommandId(8)), events: Vec::new(), ..entry })
        })
        .unwrap();
        let told = ["lead", "boss"];
        Clerk::write(&mut journal, |reader| notify(&clerk, reader, TicketId(1), &told)).unwrap();
        journal.reader().unwrap().verify().unwrap();
        meddle(&path, sql);
        let verdict = journal.reader().unwrap().verify();
        assert!(
            matches!(
                verdict,
                Err(StoreError::DamagedFile { .. } | StoreError::DamagedRecord { .. })
            ),
            "{sql}: {verdict:?}"
        );
    }
}

#[test]
fn a_table_that_is_gone_is_an_error_of_the_file() {
    for table in ["record", "ticket", "wake", "command"] {
        let verdict = verdict(&format!("DROP TABLE {table}"));
        assert!(matches!(verdict, StoreError::DamagedFile { .. }), "{table}: {verdict:?}");
    }
}

#[test]
fn a_file_that_was_cut_off_or_overwritten_is_an_error_and_no_panic() {
    let (folder, path) = a_desk();
    let before = everything(&*SqliteJournal::open(&path).unwrap().reader().unwrap()).unwrap();
    let whole = fs::read(&path).unwrap();
    let damaged = folder.path().join("damaged.sqlite");
    // A file of one byte counts as empty to SQLite, and so it may become a desk.
    for place in (2..whole.len()).step_by(whole.len() / 24) {
        fs::write(&damaged, &whole[..place]).unwrap();
        let verdict = try_everything(&damaged);
        assert!(verdict.is_err(), "cut off at {place}");

        let mut overwritten = whole.clone();
        let end = whole.len().min(place + 600);
        overwritten[place..end].fill(0x5A);
        fs::write(&damaged, &overwritten).unwrap();
        // What hit an empty part of a page did no damage.
        let verdict = try_everything(&damaged);
        assert!(verdict.is_err() || verdict.is_ok_and(|text| text == before), "hit at {place}");
    }
}

/// How many damaged files a usual run looks at. `FIRSTLINE_MUTATION_ROUNDS` sets it for long runs.
const MUTATIONS: u64 = 100;

/// Damages some bytes as a disk, a cable or a careless tool would.
fn mutate(bytes: &mut Vec<u8>, lots: &mut impl FnMut(usize) -> usize) -> String {
    let place = lots(bytes.len());
    match lots(8) {
        0 => {
            bytes.truncate(place.max(2));
            format!("cut off at {place}")
        }
        1 => {
            let page = usize::try_from(PAGE_SIZE).unwrap();
            let (from, to) = (place / page * page, lots(bytes.len()) / page * page);
            let length = page.min(bytes.len() - from).min(bytes.len() - to);
            bytes.copy_within(from..from + length, to);
            format!("page at {from} written over that at {to}")
        }
        2 => {
            let end = bytes.len().min(place + 1 + lots(5_000));
            bytes[place..end].fill(0);
            format!("zeros from {place} to {end}")
        }
        _ => {
            let flips = 1 + lots(4);
            let mut what = String::from("flipped");
            for _ in 0..flips {
                let (place, bit) = (lots(bytes.len()), lots(8));
                bytes[place] ^= 1 << bit;
                what += &format!(" bit {bit} of {place}");
            }
            what
        }
    }
}

#[test]
fn random_damage_is_found_or_harmless_and_never_a_panic() {
    let rounds = std::env::var("FIRSTLINE_MUTATION_ROUNDS").ok().and_then(|n| n.parse().ok());
    let (folder, path) = a_desk();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let mut clerk = Clerk::new();
    clerk.wait_minutes(30);
    for _ in 0..40 {
        clerk.open(&mut journal, request("Scanner")).unwrap();
    }
    // What stands in no chain: a receipt without records, effects that wait, one that is dead.
    Clerk::write(&mut journal, |reader| {
        let entry = clerk.on_ticket(reader, TicketId(1), AGENT, &TicketAction::Wake)?;
        Ok(Entry { command: Some(CommandId(8)), events: Vec::new(), ..entry })
    })
    .unwrap();
    for ticket in 1..9 {
        let told = ["lead", "boss"];
        Clerk::write(&mut journal, |reader| notify(&clerk, reader, TicketId(ticket), &told))
            .unwrap();
    }
    let lost = &journal.hand_out(HandOut::default(), clerk.now).unwrap()[0];
    let (record, attempt, reason) = (lost.record, lost.attempt, "no such mailbox".to_owned());
    journal.fail(&Failed { record, attempt, reason, retry: None }, clerk.now).unwrap();
    let before = everything(&*journal.reader().unwrap()).unwrap();
    // Once with all in the tables, once with the latest in the log.
    let log = fs::read(folder.path().join("desk.sqlite-wal")).unwrap();
    let tables = fs::read(&path).unwrap();
    drop(journal);
    let whole = fs::read(&path).unwrap();
    assert!(log.len() > 50_000 && whole.len() > 100_000);

    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory } else { folder.path() };
    let (mut found, mut harmless, mut shorter) = (0, 0, 0);
    for round in 0..rounds.unwrap_or(MUTATIONS) {
        let mut seed = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut lots = |end: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round | 1);
            (seed >> 33) as usize % end.max(1)
        };
        let folder = tempfile::tempdir_in(place).unwrap();
        let path = folder.path().join("desk.sqlite");
        let in_log = round % 4 == 0;
        let (mut tables, mut log) =
            if in_log { (tables.clone(), log.clone()) } else { (whole.clone(), Vec::new()) };
        let what = mutate(if in_log { &mut log } else { &mut tables }, &mut lots);
        fs::write(&path, &tables).unwrap();
        if in_log {
            fs::write(folder.path().join("desk.sqlite-wal"), &log).unwrap();
        }
        match try_everything(&path) {
            Err(_) => found += 1,
            Ok(text) if text == before => harmless += 1,
            // A log ends where it is damaged: what was written before is there, and whole. That it
            // was longer once, only somebody can tell who has kept its last hash.
            Ok(text) => {
                assert!(in_log, "round {round}: {what}: it says something else and verifies");
                let records = |text: &str| -> Vec<String> {
                    let is_record = |line: &&str| line.starts_with("Record {");
                    text.lines().filter(is_record).map(str::to_owned).collect()
                };
                let (text, before) = (records(&text), records(&before));
                assert!(before.starts_with(&text), "round {round}: {what}");
                shorter += 1;
            }
        }
    }
    println!("damage: {found} found, {harmless} harmless, {shorter} logs that end earlier");
    assert!(found > 0 && harmless > 0);
}

/// What a verified journal says. Writes to it as well, and does not ask what came of that.
fn try_everything(path: &Path) -> Result<String, StoreError> {
    let mut journal = SqliteJournal::open(path)?;
    let reader = journal.reader()?;
    let verdict = everything(&*reader).and_then(|text| reader.verify().map(|_| text));
    let _ = try_to_write(&mut journal);
    let _ = journal.rebuild();
    verdict
}

/// Opens a ticket, if the rules allow it upon what is left.
fn try_to_write(journal: &mut SqliteJournal) -> Result<(), StoreError> {
    let mut transaction = journal.begin()?;
    let id = transaction.next_ticket_id()?;
    let open = TicketAction::Open(Box::new(request("Printer")));
    if let Ok(entry) = Clerk::new().decide(&*transaction, id, CUSTOMER, &open)? {
        transaction.append(entry)?;
    }
    transaction.commit()
}
