//! Files that are there whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// How often an unfinished file is taken anew whose maker finished it at the same moment.
const ATTEMPTS: u32 = 100;

/// Makes a new file: under another name first, and under its own when it is complete and on disk. If
/// that fails nothing is left, so that it can be tried again. What is there already stays as it is,
/// also what somebody else puts there meanwhile.
pub(crate) fn file_of_its_own(
    path: &Path,
    make: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let lost = |error| failure(error, path);
    refuse_taken(path)?;
    let unfinished = beside(path, ".unfinished");
    let claimed = claim(&unfinished).map_err(lost)?.ok_or(StoreError::Busy)?;
    let finish = || -> Result<(), StoreError> {
        claimed.sync_all().map_err(lost)?;
        // Whoever took the same name meanwhile has closed his file.
        refuse_taken(path)?;
        give_name(&unfinished, path)?;
        sync_folder(path).map_err(|error| {
            // It is not known to last, so it is not there.
            let _ = fs::remove_file(path);
            failure(error, path)
        })
    };
    let made =
        make(&unfinished).map_err(|error| error.about(&unfinished, path)).and_then(|()| finish());
    // What is to be told is why there is no file, and not what became of its beginning. What stays is
    // taken by whoever comes next.
    let _ = remove(&unfinished);
    made
}

/// Refuses to make a file where there is one, or where there is the log of one: SQLite would take it
/// for the log of the new one.
fn refuse_taken(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return Err(StoreError::FileExists { path: path.to_owned() });
    }
    for log in ["-wal", "-journal"].map(|ending| beside(path, ending)) {
        if log.exists() {
            return Err(StoreError::OrphanedLog { path: path.to_owned(), log });
        }
    }
    Ok(())
}

/// Takes an unfinished file for oneself, empty, also one whose maker was interrupted; `None` if
/// somebody is at it.
fn claim(unfinished: &Path) -> io::Result<Option<File>> {
    for _ in 0..ATTEMPTS {
        let mut options = File::options();
        let file = options.write(true).create(true).truncate(false).open(unfinished)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Where there are no locks, nobody makes the same file twice at once but by mistake.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Its maker may have finished it, and taken the name away, before it was ours.
        if is_named(&file, unfinished)? {
            for ending in SQLITE_FILES {
                remove_if_there(&beside(unfinished, ending))?;
            }
            file.set_len(0)?;
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// Whether an open file still has this name.
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(named) => Ok(identity(&named) == identity(&file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// What no two files have that are there at the same time; nothing, where the system does not say.
pub(crate) fn identity(file: &fs::Metadata) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;

        Some((file.dev(), file.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        None
    }
}

/// Gives a file its name, which nobody else has taken: of two at once, one is told.
fn give_name(unfinished: &Path, path: &Path) -> Result<(), StoreError> {
    let linked = fs::hard_link(unfinished, path);
    let kind = linked.as_ref().map_err(io::Error::kind).err();
    match kind {
        Some(io::ErrorKind::AlreadyExists) => Err(StoreError::FileExists { path: path.to_owned() }),
        // File systems without a second name for a file. It was just looked whether there is one.
        Some(io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied) => {
            fs::rename(unfinished, path).map_err(|error| failure(error, path))
        }
        _ => linked.map_err(|error| failure(error, path)),
    }
}

/// What SQLite puts beside a file.
const SQLITE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Removes an unfinished file, with what SQLite puts beside it.
fn remove(unfinished: &Path) -> io::Result<()> {
    for ending in SQLITE_FILES {
        remove_if_there(&beside(unfinished, ending))?;
    }
    remove_if_there(unfinished)
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name beside this one.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Brings the name of a file to the disk. Only Unix lets a folder be synced, and only there it needs
/// to be.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
    } else {
        Ok(())
    }
}

pub(crate) fn failure(error: io::Error, path: &Path) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull => StoreError::DiskFull,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path: path.to_owned() }
        }
        io::ErrorKind::NotFound => {
            StoreError::CannotOpen { path: path.to_owned(), source: Box::new(error) }
        }
        _ => StoreError::Disk { source: Box::new(error) },
    }
}
