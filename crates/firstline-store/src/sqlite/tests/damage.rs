//! Files that somebody or something damaged.

use std::fs;

use super::*;

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
        ("UPDATE command SET receipt = replace(receipt, '\"seq\":', '\"seq\":1')", 10),
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
fn a_derived_row_that_was_changed_is_found_and_does_not_accuse_the_records() {
    let cases = [
        "UPDATE ticket SET state = replace(state, 'Printer', 'Planter')",
        "UPDATE ticket SET state = '{}' WHERE id = 1",
        "UPDATE party SET state = replace(state, 'Ada', 'Eve')",
        "UPDATE article SET state = replace(state, 'Reset', 'Panic')",
        "DELETE FROM party",
        "DELETE FROM ticket WHERE id = 2",
        "UPDATE wake SET at_ms = at_ms + 1 WHERE ticket = 1",
        "DELETE FROM wake",
        "INSERT INTO wake VALUES (1, 99)",
        "UPDATE listing SET status = 'closed' WHERE ticket = 1",
        "UPDATE listing SET open = 0 WHERE ticket = 2",
        "UPDATE listing SET assignee = NULL",
        "UPDATE listing SET due_ms = NULL",
        "DELETE FROM listing WHERE ticket = 2",
        "INSERT INTO ticket_tag VALUES ('late', 1)",
        "DELETE FROM ticket_tag",
    ];
    for sql in cases {
        let verdict = verdict(sql);
        assert!(matches!(verdict, StoreError::Stale { .. }), "{sql}: {verdict:?}");
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

/// What a verified journal says. Writes to it as well, and does not ask what came of that.
fn try_everything(path: &Path) -> Result<String, StoreError> {
    let mut journal = SqliteJournal::open(path)?;
    let reader = journal.reader()?;
    let verdict = everything(&*reader).and_then(|text| reader.verify().map(|_| text));
    let _ = Clerk::new().open(&mut journal, request("Printer"));
    let _ = journal.rebuild();
    verdict
}
