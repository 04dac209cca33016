//! The folder: reopened, damaged, shared, refused.

use std::fs;
use std::path::PathBuf;

use super::*;

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_closed_index_opens_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk/index");
    let before = {
        let index = Index::open(&path).unwrap();
        index.absorb(&shelf()).unwrap();
        summary(&index, "printer sign")
    };
    let index = Index::open(&path).unwrap();
    assert_eq!(index.position(), 3);
    assert_eq!(summary(&index, "printer sign"), before);
}

#[test]
fn a_crash_before_the_commit_loses_text_and_position_together() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    index.absorb(&shelf()[..1]).unwrap();
    {
        let (mut writer, present) = index.shelf.writer();
        let shelf = shelf();
        index
            .replace(
                &writer,
                &BTreeMap::from([(ArticleId(2), (shelf[1].state.as_ref(), Reception::default()))]),
                &present,
            )
            .unwrap();
        let mut commit = writer.prepare_commit().unwrap();
        commit.set_payload("2");
        // Here the power fails.
    }
    for index in [&index, &Index::open(dir.path()).unwrap()] {
        index.reload().unwrap();
        assert_eq!(index.position(), 1);
        assert_eq!(ask(index, &agent("printer sign")), [1]);
    }
    index.absorb(&shelf()).unwrap();
    assert_eq!(ask(&index, &agent("sign")), [2]);
}

#[test]
fn a_second_process_sees_what_the_first_one_wrote_when_it_reloads() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Index::open(dir.path()).unwrap();
    let reader = Index::open(dir.path()).unwrap();
    writer.absorb(&shelf()).unwrap();
    assert_eq!((reader.position(), ask(&reader, &agent("printer"))), (0, vec![]));
    reader.reload().unwrap();
    assert_eq!((reader.position(), ask(&reader, &agent("printer"))), (3, vec![1]));
}

#[test]
fn two_processes_that_write_in_turns_add_up() {
    let dir = tempfile::tempdir().unwrap();
    let desks = [Index::open(dir.path()).unwrap(), Index::open(dir.path()).unwrap()];
    // Each time one of them offers everything, as it does not know what the other has done.
    let ink = |seq| publish(seq, seq, &[("en", "Printer", "Buy ink.")]);
    for seq in 1..=20 {
        let all: Vec<Revision> = (1..=seq).map(ink).collect();
        desks[seq as usize % 2].absorb(&all).unwrap();
    }
    for desk in &desks {
        desk.reload().unwrap();
        assert_eq!(desk.position(), 20);
        assert_eq!(ask(desk, &Question { limit: 50, ..agent("ink") }).len(), 20);
    }
    // Neither leaves files behind that the other has made superfluous.
    let present = desks[0].snapshot();
    let segments = files(dir.path())
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "store"))
        .count();
    assert_eq!(segments, present.searcher.segment_readers().len());
}

#[test]
fn a_writer_at_work_makes_the_other_one_wait_its_turn() {
    let dir = tempfile::tempdir().unwrap();
    let desks = [Index::open(dir.path()).unwrap(), Index::open(dir.path()).unwrap()];
    let at_work = desks[0].shelf.lock().unwrap();
    assert!(matches!(desks[1].absorb(&shelf()), Err(KnowledgeError::Busy)));
    assert_eq!(ask(&desks[1], &agent("printer")), NOTHING);
    drop(at_work);
    desks[1].absorb(&shelf()).unwrap();
}

#[test]
fn searches_go_on_while_articles_come_in() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    index.absorb(&shelf()).unwrap();
    std::thread::scope(|scope| {
        let absorbing = scope.spawn(|| {
            for seq in 4..20 {
                index.absorb(&[publish(seq, seq, &[("en", "Scanner", "Clean it.")])]).unwrap();
            }
        });
        while !absorbing.is_finished() {
            assert_eq!(ask(&index, &agent("printer")), [1]);
        }
    });
    assert_eq!(index.position(), 19);
}

#[test]
fn an_index_that_was_deleted_under_a_process_asks_for_everything_again() {
    let dir = tempfile::tempdir().unwrap();
    let old = Index::open(dir.path()).unwrap();
    old.absorb(&shelf()).unwrap();
    for file in files(dir.path()) {
        fs::remove_file(file).unwrap();
    }
    assert!(old.reload().is_err());
    assert_eq!(ask(&old, &agent("printer")), [1], "what it had it keeps");

    let new = Index::open(dir.path()).unwrap();
    assert_eq!(new.position(), 0);
    let news = [publish(4, 4, &[("en", "Scanner", "Clean it.")])];
    let error = old.absorb(&news).unwrap_err();
    assert!(matches!(error, KnowledgeError::Restarted { position: 0 }), "{error}");
    assert_eq!(old.position(), 0);
    old.absorb(&shelf()).unwrap();
    assert_eq!(ask(&old, &agent("printer")), [1]);
}

#[test]
fn a_damaged_index_starts_again() {
    let dir = tempfile::tempdir().unwrap();
    Index::open(dir.path()).unwrap().absorb(&shelf()).unwrap();
    let sound: Vec<(PathBuf, Vec<u8>)> = files(dir.path())
        .into_iter()
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    assert!(sound.len() > 5, "{sound:?}");
    type Harm = fn(&mut Vec<u8>);
    let harms: [(&str, Harm); 4] = [
        ("emptied", Vec::clear),
        ("cut in half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("with a bit flipped", |bytes| bytes[0] ^= 4),
        ("full of noise", |bytes| bytes.fill(0xa5)),
    ];
    for (victim, bytes) in &sound {
        for (what, harm) in harms {
            let mut bytes = bytes.clone();
            harm(&mut bytes);
            fs::write(victim, bytes).unwrap();
            let index = Index::open(dir.path()).unwrap();
            let story = format!("{victim:?} {what}: read up to {}", index.position());
            assert!([0, 3].contains(&index.position()), "{story}");
            index.absorb(&shelf()).unwrap();
            assert_eq!(ask(&index, &agent("printer")), [1], "{story}");
            for file in files(dir.path()) {
                fs::remove_file(file).unwrap();
            }
            for (file, bytes) in &sound {
                fs::write(file, bytes).unwrap();
            }
        }
    }
}

#[test]
fn an_index_of_another_version_starts_again_and_leaves_no_files() {
    let dir = tempfile::tempdir().unwrap();
    Index::open(dir.path()).unwrap().absorb(&shelf()).unwrap();
    let meta = dir.path().join("meta.json");
    let other = fs::read_to_string(&meta).unwrap().replace("firstline-9", "firstline-4");
    fs::write(&meta, other).unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert_eq!(index.position(), 0);
    assert!(files(dir.path()).iter().all(|file| file.extension().is_none_or(|e| e != "store")));
    index.absorb(&shelf()).unwrap();
    assert_eq!(index.position(), 3);
}

#[test]
fn another_version_that_takes_over_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open(dir.path()).unwrap();
    index.absorb(&shelf()).unwrap();
    let meta = dir.path().join("meta.json");
    let other = fs::read_to_string(&meta).unwrap().replace("firstline-9", "firstline-10");
    fs::write(&meta, other).unwrap();
    assert!(matches!(index.reload(), Err(KnowledgeError::OtherVersion)));
    let news = [publish(4, 4, &[("en", "Scanner", "Clean it.")])];
    assert!(matches!(index.absorb(&news), Err(KnowledgeError::OtherVersion)));
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("meta.json"), "{}").unwrap();
    let error = Index::open(dir.path()).unwrap_err();
    assert!(
        matches!(&error, KnowledgeError::Foreign { found, .. } if found.ends_with("meta.json"))
    );
    assert!(error.to_string().ends_with("choose an empty folder"), "{error}");
    assert_eq!(files(dir.path()).len(), 1);
    assert_eq!(fs::read_to_string(dir.path().join("meta.json")).unwrap(), "{}");
}

#[test]
fn what_is_left_of_a_cleared_folder_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    Index::open(dir.path()).unwrap().absorb(&shelf()).unwrap();
    // The note alone: the index is known by itself.
    fs::remove_file(dir.path().join("firstline-knowledge.txt")).unwrap();
    assert_eq!(Index::open(dir.path()).unwrap().position(), 3);
    // All that a shell sees: files whose names begin with a point stay.
    let is_seen = |file: &PathBuf| !file.file_name().unwrap().to_str().unwrap().starts_with('.');
    let (seen, hidden): (Vec<_>, Vec<_>) = files(dir.path()).into_iter().partition(is_seen);
    assert!(!hidden.is_empty());
    seen.iter().for_each(|file| fs::remove_file(file).unwrap());
    let index = Index::open(dir.path()).unwrap();
    assert_eq!(index.position(), 0);
    index.absorb(&shelf()).unwrap();
    assert_eq!(ask(&index, &agent("printer")), [1]);
}

#[test]
fn a_stray_file_in_our_folder_survives_a_fresh_start() {
    let dir = tempfile::tempdir().unwrap();
    Index::open(dir.path()).unwrap().absorb(&shelf()).unwrap();
    fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    fs::write(dir.path().join("meta.json"), "damaged").unwrap();
    assert_eq!(Index::open(dir.path()).unwrap().position(), 0);
    assert_eq!(fs::read_to_string(dir.path().join("notes.txt")).unwrap(), "mine");
}

#[test]
fn a_folder_that_cannot_be_made_or_written_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("index")] {
        let error = Index::open(&path).unwrap_err();
        assert!(matches!(error, KnowledgeError::Unwritable { .. }), "{path:?}: {error}");
    }

    let locked = dir.path().join("locked");
    fs::create_dir(&locked).unwrap();
    let mut rights = fs::metadata(&locked).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&locked, rights).unwrap();
    if fs::write(locked.join("probe"), "").is_ok() {
        eprintln!("skipped in part: this user may write everywhere");
        return;
    }
    let error = Index::open(&locked).unwrap_err();
    assert!(matches!(error, KnowledgeError::Unwritable { .. }), "{error}");
}
