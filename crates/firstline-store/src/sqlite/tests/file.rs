//! Opening files: our own, and others.

use std::fs;

use super::super::file::SCHEMA_VERSION;
use super::*;
use crate::journal::MAX_BATCH;
use crate::record::{Hash, hash_of_version_1};

#[test]
fn what_was_written_is_there_after_reopening() {
    let (_folder, path) = a_desk();
    let before = everything(&*SqliteJournal::open(&path).unwrap().reader().unwrap()).unwrap();
    assert!(before.contains("Is it plugged in?"));
    let after = everything(&*SqliteJournal::open(&path).unwrap().reader().unwrap()).unwrap();
    assert_eq!(after, before);
}

#[test]
fn a_file_that_is_no_desk_is_refused_and_left_as_it_is() {
    let (folder, _) = a_file();
    let folder = folder.path();
    fs::write(folder.join("letter"), "Dear sir or madam, my printer is on fire.").unwrap();
    fs::write(folder.join("photo"), vec![0xAB; 100_000]).unwrap();
    meddle(&folder.join("shop"), "CREATE TABLE goods (name TEXT)");
    meddle(&folder.join("other"), "PRAGMA application_id = 1234; CREATE TABLE t (x)");
    meddle(&folder.join("version"), "PRAGMA user_version = 1");
    for name in ["letter", "photo", "shop", "other", "version"] {
        let path = folder.join(name);
        let before = fs::read(&path).unwrap();
        let refused = SqliteJournal::open(&path);
        assert!(
            matches!(&refused, Err(StoreError::NotADesk { path: named }) if *named == path),
            "{name}: {refused:?}"
        );
        assert!(fs::read(&path).unwrap() == before, "{name} was changed");
    }
}

#[test]
fn an_empty_file_becomes_a_desk() {
    let (_folder, path) = a_file();
    fs::write(&path, "").unwrap();
    SqliteJournal::open(&path).unwrap();
    SqliteJournal::open(&path).unwrap().reader().unwrap().verify().unwrap();
}

#[test]
fn the_file_of_a_later_version_is_refused_and_left_as_it_is() {
    let (_folder, path) = a_desk();
    meddle(&path, "PRAGMA user_version = 99");
    let before = fs::read(&path).unwrap();
    let refused = SqliteJournal::open(&path).map(|_| ()).unwrap_err();
    assert!(
        matches!(refused, StoreError::NewerSchema { found: 99, known: SCHEMA_VERSION, .. }),
        "{refused:?}"
    );
    assert!(fs::read(&path).unwrap() == before);
}

/// Makes of a desk's file what schema version 1 or 2 would have written. (What a hash was over in
/// version 1 is pinned beside the function that computes it.)
fn as_version(version: i64, path: &Path) {
    let connection = Connection::open(path).unwrap();
    let tables = "DROP VIEW ticket_overview; DROP VIEW promise; DROP VIEW timeline;
        DROP VIEW open_effect; DROP TABLE outbox; DROP TABLE ticket;
        CREATE TABLE ticket (
            id INTEGER PRIMARY KEY, version INTEGER NOT NULL, last_seq INTEGER NOT NULL,
            state TEXT NOT NULL
        ) STRICT;
        CREATE TABLE listing (ticket INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;
        CREATE INDEX listing_by_line ON listing (line);
        CREATE VIEW ticket_overview AS SELECT line, state FROM listing JOIN ticket ON ticket = id;
        ALTER TABLE command DROP COLUMN checksum;
        ALTER TABLE forgotten DROP COLUMN checksum;
        PRAGMA user_version = 2";
    connection.execute_batch(tables).unwrap();
    if version == 2 {
        return;
    }
    let mut before = Hash::ORIGIN;
    for raw in read::slice(&connection, 0, MAX_BATCH).unwrap() {
        before = hash_of_version_1(&raw, before);
        let update = "UPDATE record SET hash = ?1 WHERE seq = ?2";
        connection.execute(update, rusqlite::params![before.0, raw.seq]).unwrap();
    }
    let tables = "DROP TABLE forgotten;
        ALTER TABLE record DROP COLUMN erased;
        CREATE TABLE command_1 (id BLOB PRIMARY KEY, receipt TEXT NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO command_1 SELECT id, receipt FROM command;
        DROP TABLE command;
        ALTER TABLE command_1 RENAME TO command;
        PRAGMA user_version = 1";
    connection.execute_batch(tables).unwrap();
}

#[test]
fn the_file_of_an_earlier_version_is_brought_to_this_one_and_kept_beside_it() {
    for version in [1, 2] {
        is_brought_to_this_one(version);
    }
}

#[track_caller]
fn is_brought_to_this_one(earlier: i64) {
    let (folder, path) = a_desk();
    let records = {
        let reader = SqliteJournal::open(&path).unwrap().reader().unwrap();
        reader.verify().unwrap().records
    };
    as_version(earlier, &path);
    let mut journal = SqliteJournal::open(&path).unwrap();
    let reader = journal.reader().unwrap();
    let verified = reader.verify().unwrap();
    assert_eq!(verified.records, records);
    assert!(everything(&*reader).unwrap().contains("Is it plugged in?"));
    let receipt = reader.receipt(CommandId(7)).unwrap().unwrap();
    assert_eq!(journal.forget_commands(receipt.at).unwrap(), 0);
    Clerk::new().open(&mut journal, request("Plotter")).unwrap();
    reader.verify().unwrap();
    // It is like one that was made by this version.
    let (_folder, new) = a_desk();
    let tables = |path: &Path| -> Vec<(String, String)> {
        let connection = Connection::open(path).unwrap();
        let sql = "SELECT m.name, group_concat(c.name || c.type || c.\"notnull\") \
                   FROM sqlite_schema m JOIN pragma_table_info(m.name) c GROUP BY 1 ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(tables(&path), tables(&new));
    drop((journal, reader));
    SqliteJournal::open(&path).unwrap();

    // The copy is the old file, for those who have to go back.
    let copy = folder.path().join(format!("desk.sqlite.v{earlier}.backup"));
    let version = |path: &Path| -> i64 {
        let connection = Connection::open(path).unwrap();
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    assert_eq!((version(&copy), version(&path)), (earlier, SCHEMA_VERSION));
    let restored = folder.path().join("restored.sqlite");
    assert_eq!(SqliteJournal::restore(&copy, &restored).unwrap(), verified);
    let beside = format!("restored.sqlite.unfinished.v{earlier}.backup");
    assert!(!folder.path().join(beside).exists());
}

#[test]
fn every_migration_keeps_its_own_copy_and_one_that_failed_keeps_one() {
    let (folder, path) = a_desk();
    let copies = || {
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
        let copies = files.map(|name| name.into_string().unwrap());
        let mut copies: Vec<_> = copies.filter(|name| name.contains("backup")).collect();
        copies.sort();
        copies
    };
    as_version(2, &path);
    let sound = fs::read(&path).unwrap();
    meddle(&path, "UPDATE record SET event = 'x' WHERE seq = 3");
    for _ in 0..3 {
        SqliteJournal::open(&path).unwrap_err();
        assert_eq!(copies(), ["desk.sqlite.v2.backup"]);
    }
    // Somebody goes back to an earlier copy, works on, and migrates again.
    fs::write(&path, sound).unwrap();
    SqliteJournal::open(&path).unwrap();
    assert_eq!(copies(), ["desk.sqlite.v2.backup", "desk.sqlite.v2.backup.2"]);
    let restored = folder.path().join("restored");
    SqliteJournal::restore(folder.path().join("desk.sqlite.v2.backup.2"), restored).unwrap();
}

#[test]
fn a_damaged_file_of_an_earlier_version_is_not_made_to_look_sound() {
    for sql in [
        "UPDATE record SET event = replace(event, 'Printer', 'Planter') WHERE seq = 3",
        "DELETE FROM record WHERE seq = 3",
    ] {
        let (_folder, path) = a_desk();
        as_version(1, &path);
        meddle(&path, sql);
        let refused = SqliteJournal::open(&path).map(drop);
        assert!(matches!(refused, Err(StoreError::DamagedRecord { seq: 3, .. })), "{refused:?}");
    }
}

#[test]
fn a_backup_is_made_while_others_work_and_takes_the_place_of_what_was_lost() {
    let (folder, path) = a_desk();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let copy = folder.path().join("copy.sqlite");
    let before = everything(&*journal.reader().unwrap()).unwrap();
    let transaction = journal.begin().unwrap();
    SqliteJournal::open(&path).unwrap().reader().unwrap().backup(&copy).unwrap();
    drop(transaction);
    let taken = journal.reader().unwrap().backup(&copy).unwrap_err();
    assert!(matches!(taken, StoreError::FileExists { .. }), "{taken:?}");
    Clerk::new().open(&mut journal, request("Plotter")).unwrap();

    let elsewhere = folder.path().join("elsewhere.sqlite");
    SqliteJournal::restore(&copy, &elsewhere).unwrap();
    let restored = SqliteJournal::open(&elsewhere).unwrap();
    assert_eq!(everything(&*restored.reader().unwrap()).unwrap(), before);
    // Nothing that is there is overwritten, and nothing damaged is put there.
    let refused = SqliteJournal::restore(&copy, &path).unwrap_err();
    assert!(matches!(refused, StoreError::FileExists { .. }), "{refused:?}");
    meddle(&copy, "DELETE FROM record WHERE seq = 3");
    let third = folder.path().join("third.sqlite");
    let refused = SqliteJournal::restore(&copy, &third).unwrap_err();
    assert!(matches!(refused, StoreError::DamagedRecord { seq: 3, .. }), "{refused:?}");
    assert!(!third.exists());
    // A transaction is copied with what it wrote.
    let fifth = folder.path().join("fifth.sqlite");
    let mut transaction = journal.begin().unwrap();
    Clerk::new().open_in(&mut *transaction, request("Uncommitted")).unwrap();
    transaction.backup(&fifth).unwrap();
    let written = SqliteJournal::open(&fifth).unwrap().reader().unwrap();
    assert_eq!(everything(&*written).unwrap(), everything(&*transaction).unwrap());
    drop(transaction);
    // A journal in memory is backed up, too: into the file of a desk.
    let mut memory = crate::MemoryJournal::new();
    Clerk::new().open(&mut memory, request("Printer")).unwrap();
    let fourth = folder.path().join("fourth.sqlite");
    memory.reader().unwrap().backup(&fourth).unwrap();
    let written = SqliteJournal::open(&fourth).unwrap().reader().unwrap();
    assert_eq!(everything(&*written).unwrap(), everything(&*memory.reader().unwrap()).unwrap());
}

#[test]
fn what_was_erased_is_in_no_file_any_more() {
    let (folder, path) = a_desk();
    let contains = |word: &str| {
        let mut files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        let has_word = |path: PathBuf| {
            let bytes = fs::read(path).unwrap();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        };
        files.any(has_word)
    };
    let mut journal = SqliteJournal::open(&path).unwrap();
    assert!(contains("Is it plugged in?") && contains("\"Ada\"") && contains("Reset"));
    let now = Clerk::new().now;
    journal.erase(ContactId(1), AGENT, now).unwrap().unwrap();
    journal.compact().unwrap();
    for word in ["Is it plugged in?", "\"Ada\"", "Printer", "It does not work"] {
        assert!(!contains(word), "{word}");
    }
    assert!(contains("Reset"));
    journal.reader().unwrap().verify().unwrap();
}

/// Whether a word is in any byte of any file of a folder.
fn has_word(folder: &Path, word: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.is_file()).any(|path| {
        fs::read(path).unwrap().windows(word.len()).any(|window| window == word.as_bytes())
    })
}

/// Some fifty tickets of a customer, each about a word of its own and with messages of all lengths
/// that have it, some of them changed since so that their rows were moved about.
fn busy_with(journal: &mut SqliteJournal) -> Clerk {
    let mut clerk = Clerk::new();
    let contact = PartyId::Contact(ContactId(1));
    Clerk::write(journal, |reader| clerk.on_party(reader, contact, "Xanadu")).unwrap();
    for n in 0..50 {
        let ticket = clerk.open(journal, request(&format!("Xanadu {n}"))).unwrap();
        for length in [3, 40, 400, 4_000] {
            clerk.wait_minutes(1);
            let text = format!("Xanadu {}", "really ".repeat(length + n));
            clerk.act(journal, ticket, CUSTOMER, &reply(&text)).unwrap();
            clerk.act(journal, ticket, AGENT, &reply("Dear Xanadu, wait.")).unwrap();
        }
        let earlier = firstline_core::TicketId(1 + n as u64 / 2);
        clerk.act(journal, earlier, CUSTOMER, &reply("Xanadu again")).unwrap();
    }
    clerk
}

#[test]
fn no_word_of_an_erased_person_is_in_any_byte_of_any_file() {
    let (folder, path) = a_file();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let clerk = busy_with(&mut journal);
    assert!(has_word(folder.path(), "Xanadu"));
    journal.erase(ContactId(1), AGENT, clerk.now).unwrap().unwrap();
    assert!(!has_word(folder.path(), "Xanadu"));
    journal.reader().unwrap().verify().unwrap();
}

#[test]
fn who_still_reads_what_was_there_before_keeps_it_from_being_wiped_until_the_next_call() {
    let (folder, path) = a_desk();
    let options = SqliteOptions { patience: Duration::from_millis(20), ..SqliteOptions::default() };
    let mut journal = SqliteJournal::open_with(&path, options).unwrap();
    let long = Connection::open(&path).unwrap();
    long.execute_batch("BEGIN; SELECT count(*) FROM record").unwrap();
    let now = Clerk::new().now;
    let told = journal.erase(ContactId(1), AGENT, now);
    assert!(matches!(told, Err(StoreError::NotWiped)), "{told:?}");
    assert!(!everything(&*journal.reader().unwrap()).unwrap().contains("Printer"));
    assert!(has_word(folder.path(), "Printer"));
    let told = journal.compact();
    assert!(matches!(told, Err(StoreError::NotWiped)), "{told:?}");
    long.execute_batch("COMMIT").unwrap();
    let receipt = journal.erase(ContactId(1), AGENT, now).unwrap().unwrap();
    assert_eq!(receipt.events, 0, "there was nothing left to erase");
    assert!(!has_word(folder.path(), "Printer"));
}

#[test]
fn a_compacted_file_is_smaller_and_says_the_same() {
    let (_folder, path) = a_desk();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let clerk = Clerk::new();
    for key in 0..300 {
        let note = TicketAction::AddNote { text: "x".repeat(40) };
        Clerk::write(&mut journal, |reader| {
            let entry = clerk.on_ticket(reader, firstline_core::TicketId(1), AGENT, &note)?;
            Ok(Entry { command: Some(CommandId(1_000 + key)), ..entry })
        })
        .unwrap();
    }
    journal.forget_commands(Timestamp::MAX).unwrap();
    let before = everything(&*journal.reader().unwrap()).unwrap();
    journal.compact().unwrap();
    let size = || fs::metadata(&path).unwrap().len();
    let compacted = size();
    assert_eq!(everything(&*journal.reader().unwrap()).unwrap(), before);
    journal.reader().unwrap().verify().unwrap();
    drop(journal);
    assert!(size() <= compacted);
}

#[test]
fn without_a_folder_there_is_no_file() {
    let (folder, path) = a_file();
    for path in [folder.path().join("nowhere").join("desk.sqlite"), folder.path().to_owned()] {
        let refused = SqliteJournal::open(&path);
        assert!(matches!(refused, Err(StoreError::CannotOpen { .. })), "{refused:?}");
    }
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn a_folder_or_file_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;

    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let (_folder, path) = a_desk();
    allow(&path, 0o444);
    if fs::OpenOptions::new().append(true).open(&path).is_ok() {
        // Nobody can keep a superuser from writing. So somebody else tries.
        return as_nobody("sqlite::tests::file::a_folder_or_file_that_cannot_be_written_is_named");
    }
    let refused = SqliteJournal::open(&path);
    assert!(matches!(refused, Err(StoreError::ReadOnly { .. })), "the file: {refused:?}");

    let (folder, path) = a_desk();
    allow(folder.path(), 0o555);
    for path in [&path, &folder.path().join("other.sqlite")] {
        let refused = SqliteJournal::open(path);
        assert!(matches!(refused, Err(StoreError::ReadOnly { .. })), "the folder: {refused:?}");
    }
    allow(folder.path(), 0o755);
    SqliteJournal::open(&path).unwrap().reader().unwrap().verify().unwrap();
}

/// Runs a test as a user without rights.
#[cfg(unix)]
fn as_nobody(test: &str) {
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65_534;
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args([test, "--exact"]).env_remove("TMPDIR").uid(NOBODY).gid(NOBODY).current_dir("/");
    // Where not even the test itself may be read by others, there is nobody to try.
    if let Ok(output) = child.output() {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
