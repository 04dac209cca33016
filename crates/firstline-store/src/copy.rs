//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::StoreError;

/// Makes a new file: under another name first, and under its own when it is complete and on disk. If
/// that fails nothing is left, so that it can be tried again.
pub(crate) fn file_of_its_own(
    path: &Path,
    make: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if path.exists() {
        return Err(StoreError::FileExists { path: path.to_owned() });
    }
    let unfinished = beside(path, ".unfinished");
    // Somebody may have been interrupted here before.
    remove(&unfinished).map_err(|error| failure(error, path))?;
    let finish = || {
        File::open(&unfinished)?.sync_all()?;
        fs::rename(&unfinished, path)?;
        sync_folder(path)
    };
    let made = make(&unfinished)
        .map_err(|error| error.about(&unfinished, path))
        .and_then(|()| finish().map_err(|error| failure(error, path)));
    if made.is_err() {
        // What is to be told is why there is no file, and not what became of its beginning.
        let _ = remove(&unfinished);
    }
    made
}

/// Removes an unfinished file, with what SQLite puts beside it.
fn remove(unfinished: &Path) -> io::Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(unfinished, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
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
