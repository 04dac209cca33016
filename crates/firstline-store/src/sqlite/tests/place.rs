//! Files that are moved away, deleted or replaced while a desk has them open.

use std::fs;

use super::*;
use crate::copy::beside;

/// What was done to the file of an open desk, given the folder that it is alone in.
type Deed = (&'static str, fn(&Path));

const DEEDS: [Deed; 6] = [
    ("renamed", |folder| fs::rename(file(folder), folder.join("old")).unwrap()),
    ("deleted", |folder| fs::remove_file(file(folder)).unwrap()),
    ("its log was deleted", |folder| fs::remove_file(beside(&file(folder), "-wal")).unwrap()),
    ("its folder was renamed", |folder| {
        fs::rename(folder, folder.with_file_name("old")).unwrap();
    }),
    ("its folder was renamed, and there is another one", |folder| {
        fs::rename(folder, folder.with_file_name("old")).unwrap();
        fs::create_dir(folder).unwrap();
        SqliteJournal::open(file(folder)).unwrap();
    }),
    ("another one was put over it", |folder| {
        SqliteJournal::open(folder.join("other")).unwrap();
        fs::rename(folder.join("other"), file(folder)).unwrap();
    }),
];

fn file(folder: &Path) -> PathBuf {
    folder.join("desk.sqlite")
}

fn is_refused<T>(told: Result<T, StoreError>, path: &Path) -> bool {
    matches!(told, Err(StoreError::FileReplaced { path: named }) if named == path)
}

#[test]
fn nothing_is_acknowledged_into_a_file_that_nobody_finds_any_more() {
    for (deed, is_done) in DEEDS {
        let (parent, _) = a_file();
        let folder = parent.path().join("desk");
        fs::create_dir(&folder).unwrap();
        let path = file(&folder);
        let mut journal = SqliteJournal::open(&path).unwrap();
        let clerk = Clerk::new();
        clerk.open(&mut journal, request("Printer")).unwrap();
        let (reader, readers) = (journal.reader().unwrap(), journal.readers());

        let mut transaction = journal.begin().unwrap();
        clerk.open_in(&mut *transaction, request("On the way")).unwrap();
        is_done(&folder);
        assert!(is_refused(transaction.commit(), &path), "{deed}: a commit");
        assert!(is_refused(journal.begin().map(drop), &path), "{deed}: a command");
        assert!(is_refused(journal.sync(), &path), "{deed}: sync");
        assert!(is_refused(reader.head(), &path), "{deed}: a question");
        assert!(is_refused(reader.verify(), &path), "{deed}: verification");
        assert!(is_refused(reader.backup(&parent.path().join("copy")), &path), "{deed}: a backup");
        assert!(is_refused(readers.open().map(drop), &path), "{deed}: a new reader");
    }
}

#[test]
fn a_file_that_is_put_back_goes_on_with_all_that_was_acknowledged() {
    let (folder, path) = a_file();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let reader = journal.reader().unwrap();
    let clerk = Clerk::new();
    clerk.open(&mut journal, request("Printer")).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    assert!(is_refused(clerk.open(&mut journal, request("Plotter")), &path));
    fs::rename(&elsewhere, &path).unwrap();
    clerk.open(&mut journal, request("Plotter")).unwrap();
    assert_eq!(reader.verify().unwrap().streams, 2);
}

/// A file with a log beside it, as the kill of its process leaves them: half of its tickets are only in
/// the log.
fn killed() -> (TempDir, PathBuf) {
    let (folder, path) = a_file();
    let kept = folder.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let clerk = Clerk::new();
    clerk.open(&mut journal, request("Printer")).unwrap();
    journal.compact().unwrap();
    clerk.open(&mut journal, request("Plotter")).unwrap();
    for ending in ["", "-wal"] {
        fs::copy(beside(&path, ending), beside(&file(&kept), ending)).unwrap();
    }
    drop(journal);
    (folder, file(&kept))
}

#[test]
fn a_log_without_its_file_is_refused_and_kept() {
    let deeds: [Deed; 3] = [
        ("deleted", |folder| fs::remove_file(file(folder)).unwrap()),
        ("emptied", |folder| fs::write(file(folder), "").unwrap()),
        ("of a shop", |folder| {
            fs::remove_file(file(folder)).unwrap();
            meddle(&folder.join("shop"), "CREATE TABLE goods (name TEXT)");
            fs::rename(folder.join("shop"), file(folder)).unwrap();
        }),
    ];
    for (deed, is_done) in deeds {
        let (_folder, path) = killed();
        let folder = path.parent().unwrap();
        let log = fs::read(beside(&path, "-wal")).unwrap();
        is_done(folder);
        let is_orphaned = |told: Result<(), StoreError>| {
            let is_named = |named: &Path| named == beside(&path, "-wal");
            matches!(told, Err(StoreError::OrphanedLog { log, .. }) if is_named(&log))
        };
        assert!(is_orphaned(SqliteJournal::open(&path).map(drop)), "{deed}: to open it");
        let (_backup, backup) = a_desk();
        let told = SqliteJournal::restore(&backup, &path).map(drop);
        // Nothing that is there is overwritten.
        let is_taken = matches!(told, Err(StoreError::FileExists { .. }));
        assert!(is_taken && deed != "deleted" || is_orphaned(told), "{deed}: to restore");
        assert!(fs::read(beside(&path, "-wal")).unwrap() == log, "{deed}: the log");
    }
}

#[test]
fn what_only_the_log_of_a_killed_desk_has_is_restored_too() {
    let (folder, path) = killed();
    let bytes = |path: &Path| ["", "-wal"].map(|ending| fs::read(beside(path, ending)).unwrap());
    let before = bytes(&path);
    let restored = folder.path().join("restored");
    let verified = SqliteJournal::restore(&path, &restored).unwrap();
    assert_eq!(verified.streams, 2);
    assert!(bytes(&path) == before, "what is copied stays as it is");
    let journal = SqliteJournal::open(&restored).unwrap();
    assert_eq!(journal.reader().unwrap().verify().unwrap(), verified);
}

#[test]
fn of_many_who_restore_to_one_place_one_wins() {
    const MANY: usize = 6;
    let (folder, path) = a_desk();
    let to = folder.path().join("restored");
    let told: Vec<_> = std::thread::scope(|scope| {
        let restore = |_| scope.spawn(|| SqliteJournal::restore(&path, &to));
        let all: Vec<_> = (0..MANY).map(restore).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(told.iter().filter(|told| told.is_ok()).count(), 1, "{told:?}");
    let others = told
        .iter()
        .filter(|told| matches!(told, Err(StoreError::FileExists { .. } | StoreError::Busy)));
    assert_eq!(others.count(), MANY - 1, "{told:?}");
    SqliteJournal::open(&to).unwrap().reader().unwrap().verify().unwrap();
    let left = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("unfinished")).collect();
    assert!(left.is_empty(), "{left:?}");
}
