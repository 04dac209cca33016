//! Opening files: our own, and others.

use std::fs;

use super::*;

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
    meddle(&path, "PRAGMA user_version = 2");
    let before = fs::read(&path).unwrap();
    let refused = SqliteJournal::open(&path).map(|_| ()).unwrap_err();
    assert!(matches!(refused, StoreError::NewerSchema { found: 2, known: 1, .. }), "{refused:?}");
    assert!(fs::read(&path).unwrap() == before);
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
        // Nobody can keep a superuser from writing.
        return;
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
