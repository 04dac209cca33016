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
