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
fn a_shop_at_work_is_no_desk_and_keeps_its_log() {
    let at_work = "PRAGMA journal_mode = WAL; INSERT INTO goods VALUES ('tea')";
    // All that says what it is may be in the file, or in the log.
    for first in [
        "CREATE TABLE goods (name TEXT)",
        "PRAGMA journal_mode = WAL; CREATE TABLE goods (name TEXT)",
    ] {
        let (_folder, path) = a_file();
        let shop = Connection::open(&path).unwrap();
        shop.execute_batch(&format!("{first}; {at_work}")).unwrap();
        let files = || ["", "-wal"].map(|ending| fs::read(beside(&path, ending)).unwrap());
        let before = files();
        assert!(before[1].len() > 4_000);
        for told in [
            SqliteJournal::open(&path).map(drop),
            SqliteJournal::restore(&path, path.with_extension("copy")).map(drop),
        ] {
            assert!(matches!(told, Err(StoreError::NotADesk { .. })), "{first}: {told:?}");
        }
        assert!(files() == before, "{first}");
    }
}

#[test]
fn a_log_is_where_a_link_leads_to_also_when_its_file_is_gone() {
    let (folder, path) = killed();
    let links = [folder.path().join("link"), folder.path().join("kept/link")];
    std::os::unix::fs::symlink("kept/link", &links[0]).unwrap();
    std::os::unix::fs::symlink(path.file_name().unwrap(), &links[1]).unwrap();
    let log = beside(&path, "-wal");
    let bytes = fs::read(&log).unwrap();
    fs::remove_file(&path).unwrap();
    for link in &links {
        match SqliteJournal::open(link) {
            Err(StoreError::OrphanedLog { log: named, .. }) => {
                assert_eq!((named.exists(), named.file_name()), (true, log.file_name()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(fs::read(&log).unwrap() == bytes && !path.exists());
}

/// Opens so many tickets, and closes the file.
fn goes_on(path: &Path, clerk: &Clerk, tickets: usize) {
    let mut journal = SqliteJournal::open(path).unwrap();
    for _ in 0..tickets {
        clerk.open(&mut journal, request("Printer")).unwrap();
    }
}

/// After a crash somebody puts an older copy in the place of the file, and leaves the log.
#[test]
fn an_older_copy_beside_a_newer_log_is_refused_and_both_are_kept() {
    for (meanwhile, in_log) in [(3, 5), (20, 1), (20, 3), (300, 5), (300, 200), (3_000, 10)] {
        let (folder, path) = a_file();
        let [old, backup, mixed] = ["old", "backup", "mixed"].map(|name| folder.path().join(name));
        let clerk = Clerk::new();
        goes_on(&path, &clerk, 300);
        fs::copy(&path, &old).unwrap();
        goes_on(&path, &clerk, meanwhile);
        let mut journal = SqliteJournal::open(&path).unwrap();
        for ticket in 0..in_log {
            if ticket == in_log / 2 {
                journal.reader().unwrap().backup(&backup).unwrap();
            }
            clerk.open(&mut journal, request("Plotter")).unwrap();
        }
        let log = fs::read(beside(&path, "-wal")).unwrap();
        drop(journal);
        for older in [&old, &backup] {
            fs::copy(older, &mixed).unwrap();
            fs::write(beside(&mixed, "-wal"), &log).unwrap();
            let case = format!("{} with {meanwhile} and {in_log}", older.display());
            let refused = |told: Result<(), StoreError>| match told {
                Err(StoreError::OrphanedLog { path, log }) => {
                    assert_eq!((&path, log), (&mixed, beside(&mixed, "-wal")), "{case}");
                }
                other => panic!("{case}: {other:?}"),
            };
            refused(SqliteJournal::open(&mixed).map(drop));
            refused(SqliteJournal::restore(&mixed, folder.path().join("restored")).map(drop));
            assert!(fs::read(&mixed).unwrap() == fs::read(older).unwrap(), "{case}: the file");
            assert!(fs::read(beside(&mixed, "-wal")).unwrap() == log, "{case}: the log");
            // Without the log, the copy is what it was.
            fs::remove_file(beside(&mixed, "-wal")).unwrap();
            SqliteJournal::open(&mixed).unwrap().reader().unwrap().verify().unwrap();
        }
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

/// How many desks a usual run takes copies of. `FIRSTLINE_MUTATION_ROUNDS` sets it for long runs.
const DESKS: u64 = 4;

/// A copy of a file at some moment, without its log or with it.
struct Copied {
    file: PathBuf,
    log: Option<Vec<u8>>,
    records: u64,
}

/// A desk at work that is closed and opened, copied and backed up, with a reader who stays now and then.
/// Gives the copies, and what it came to with the log that it had at last.
fn copied(folder: &Path, lots: &mut impl FnMut(usize) -> usize) -> (Vec<Copied>, Copied) {
    let path = file(folder);
    let checkpoint_pages = [10, 60, 300][lots(3)];
    let options = SqliteOptions { checkpoint_pages, ..SqliteOptions::default() };
    let mut journal = SqliteJournal::open_with(&path, options).unwrap();
    let clerk = Clerk::new();
    let mut tickets = vec![clerk.open(&mut journal, request("Printer")).unwrap()];
    let (mut copies, mut stays) = (Vec::new(), None);
    let records = |journal: &SqliteJournal| journal.reader().unwrap().head().unwrap().unwrap().seq;
    let log = || Some(fs::read(beside(&path, "-wal")).unwrap());
    for step in 0..20 + lots(150) {
        let copy = folder.join(format!("copy {step}"));
        match lots(40) {
            0..8 => tickets.push(clerk.open(&mut journal, request("Printer")).unwrap()),
            8 => {
                fs::copy(&path, &copy).unwrap();
                copies.push(Copied { file: copy, log: log(), records: records(&journal) });
            }
            9 => {
                journal.reader().unwrap().backup(&copy).unwrap();
                copies.push(Copied { file: copy, log: None, records: records(&journal) });
            }
            10 => {
                drop(journal);
                journal = SqliteJournal::open_with(&path, options).unwrap();
            }
            11 => {
                let reader = Connection::open(&path).unwrap();
                reader.execute_batch("BEGIN; SELECT count(*) FROM record").unwrap();
                stays = Some(reader);
            }
            12 => stays = None,
            13 if stays.is_none() => journal.compact().unwrap(),
            _ => {
                let ticket = tickets[lots(tickets.len())];
                clerk.act(&mut journal, ticket, AGENT, &reply("Is it plugged in?")).unwrap();
            }
        }
    }
    let end = Copied { file: path.clone(), log: log(), records: records(&journal) };
    (copies, end)
}

#[test]
fn whatever_copy_a_log_lies_beside_it_is_refused_or_all_there_or_does_not_verify() {
    let rounds = std::env::var("FIRSTLINE_MUTATION_ROUNDS").ok().and_then(|n| n.parse().ok());
    let (mut whole, mut refused, mut late) = (0, 0, 0);
    for round in 0..rounds.map_or(DESKS, |rounds: u64| rounds / 50) {
        let mut seed = round.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut lots = |end: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round | 1);
            (seed >> 33) as usize % end
        };
        let (folder, path) = a_file();
        let (copies, end) = copied(path.parent().unwrap(), &mut lots);
        for copy in &copies {
            for (is_own, Copied { log, records, .. }) in [(true, copy), (false, &end)] {
                let log = log.as_deref().unwrap_or_default();
                if log.is_empty() && !is_own {
                    continue;
                }
                let beside_it = tempfile::tempdir_in(folder.path()).unwrap();
                let path = file(beside_it.path());
                fs::copy(&copy.file, &path).unwrap();
                fs::write(beside(&path, "-wal"), log).unwrap();
                let case = format!("round {round}: {} with {records}", copy.file.display());
                match SqliteJournal::open(&path) {
                    Ok(journal) => match journal.reader().unwrap().verify() {
                        Ok(verified) => {
                            assert_eq!(verified.records, *records, "{case}");
                            whole += 1;
                        }
                        // Of a few commands that a copy misses, there may be no trace but this.
                        Err(_) if !is_own => late += 1,
                        Err(error) => panic!("{case}: {error}"),
                    },
                    Err(StoreError::OrphanedLog { .. }) if !is_own => refused += 1,
                    Err(error) => panic!("{case}: {error}"),
                }
            }
        }
    }
    println!("logs: {whole} whole, {refused} refused, {late} found by verification alone");
    assert!(whole > 0 && refused > 10 * late);
}
