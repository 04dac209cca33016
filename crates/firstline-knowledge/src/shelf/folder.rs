//! The folder of an index: whose it is, whether it is sound, and how it starts anew.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tantivy::directory::{DirectoryLock, Lock, MmapDirectory};
use tantivy::{IndexSettings, TantivyError};

use super::{Disk, Layout, open_fresh, position_on, reader};
use crate::error::KnowledgeError;

/// Opens the index in a folder, or starts it there.
pub(super) fn open(dir: &Path, layout: &Layout) -> Result<Disk, KnowledgeError> {
    fs::create_dir_all(dir).map_err(|error| KnowledgeError::folder(dir, error))?;
    let disk: Disk = Box::new(
        MmapDirectory::open(dir)
            .map_err(|error| KnowledgeError::from(TantivyError::from(error)))?,
    );
    claim(dir, || is_sound(&disk, layout))?;
    settle(dir, &disk, layout).map_err(|error| error.in_folder(dir))?;
    Ok(disk)
}

/// Puts a note into a folder that says whose it is. It is written first of all files, so a folder with
/// files but without the note is somebody else's; unless nothing is in it but what is left of an index
/// when somebody clears the folder, or an index that `is_ours`.
fn claim(
    dir: &Path,
    is_ours: impl FnOnce() -> Result<bool, KnowledgeError>,
) -> Result<(), KnowledgeError> {
    let failed = |error| KnowledgeError::folder(dir, error);
    let note = dir.join(NOTE);
    if note.exists() {
        return Ok(());
    }
    let files = fs::read_dir(dir).map_err(failed)?.map(|entry| Ok(entry?.file_name()));
    let files = files.collect::<std::io::Result<Vec<_>>>().map_err(failed)?;
    let contents = files.iter().find(|name| *name == CONTENTS);
    let foreign = match contents.filter(|_| !is_ours().unwrap_or(false)) {
        None => files.iter().find(|name| !name.to_str().is_some_and(is_of_an_index)),
        foreign => foreign,
    };
    // Another process may have put its note there while we looked.
    match foreign {
        Some(found) if !note.exists() => {
            Err(KnowledgeError::Foreign { path: dir.to_owned(), found: PathBuf::from(found) })
        }
        _ => fs::write(&note, NOTE_TEXT).map_err(failed),
    }
}

/// Whether tantivy, we or the desk name files so. They are derived, and come back.
fn is_of_an_index(name: &str) -> bool {
    let known = [".managed.json", ".tantivy-", ".firstline-", "firstline-", CONTENTS];
    known.iter().any(|known| name.starts_with(known)) || is_of_a_segment(name)
}

/// tantivy names the files of a segment by its UUID.
fn is_of_a_segment(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Leaves a sound index of this version behind, the present one if it is one.
fn settle(dir: &Path, disk: &Disk, layout: &Layout) -> Result<(), KnowledgeError> {
    if is_sound(disk, layout)? {
        return Ok(());
    }
    // What looked damaged may have been an index in the making. Whoever made it is done when the
    // lock is ours, so look again.
    let _lock = disk.acquire_lock(&lock(true)).map_err(TantivyError::from)?;
    if is_sound(disk, layout)? {
        return Ok(());
    }
    sweep(dir).map_err(|error| KnowledgeError::folder(dir, error))?;
    start(disk, layout)
}

/// Whether the folder holds a complete index of this version. Every byte of it is compared with
/// its checksum, since tantivy trusts what it reads.
fn is_sound(disk: &Disk, layout: &Layout) -> Result<bool, KnowledgeError> {
    let look = || -> Result<bool, KnowledgeError> {
        if !tantivy::Index::exists(&**disk).map_err(TantivyError::from)? {
            return Ok(false);
        }
        let index = open_fresh(disk, layout)?;
        position_on(&index, layout)?;
        let is_whole = index.validate_checksum()?.is_empty();
        if is_whole {
            reader(&index)?;
        }
        Ok(is_whole)
    };
    match look() {
        Err(KnowledgeError::Damaged(_) | KnowledgeError::OtherVersion) => Ok(false),
        answer => answer,
    }
}

/// Removes the files of an index, and no others.
fn sweep(dir: &Path) -> std::io::Result<()> {
    // The table of contents goes first: without it the rest is no index, whenever we are stopped.
    let remove = |path: &Path| match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    remove(&dir.join(CONTENTS))?;
    remove(&dir.join(".managed.json"))?;
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(is_of_a_segment) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Makes an empty index.
pub(super) fn start(disk: &Disk, layout: &Layout) -> Result<(), KnowledgeError> {
    // A thread that only compresses pays for itself in bulk loads, not here.
    let settings =
        IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
    tantivy::Index::create(disk.box_clone(), layout.schema.clone(), settings)?;
    Ok(())
}

/// Lets one process at a time change the folder.
///
/// tantivy's own lock comes too late: its list of files is read when an index is opened, and must
/// be that of the last writer.
pub(super) fn writing(disk: &Disk) -> Result<DirectoryLock, KnowledgeError> {
    Ok(disk.acquire_lock(&lock(false)).map_err(TantivyError::from)?)
}

fn lock(is_blocking: bool) -> Lock {
    Lock { filepath: PathBuf::from(".firstline-writer.lock"), is_blocking }
}

/// tantivy's table of contents.
const CONTENTS: &str = "meta.json";

/// The note that makes a folder ours.
const NOTE: &str = "firstline-knowledge.txt";
const NOTE_TEXT: &str = "This folder holds a search index of firstline. It is derived from the\n\
journal: it may be deleted as a whole and will come back. Keep nothing else here.\n";
