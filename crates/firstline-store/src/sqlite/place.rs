//! Whether an open file is still where it was opened.
//!
//! A file that is renamed, deleted or replaced stays open for whoever has it open: SQLite would write
//! on into something that nobody finds any more, and acknowledge it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::copy::{beside, failure, identity};
use crate::error::StoreError;

/// Where a file was when it was opened, with its log, and which files those were.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file by the name that it was given.
    given: PathBuf,
    /// Each file by a name that holds wherever this process goes, and what it was.
    files: [(PathBuf, Option<(u64, u64)>); 2],
}

impl Place {
    /// Takes note of a file that was just opened, and has its log.
    pub(super) fn of(path: &Path) -> Result<Self, StoreError> {
        let lost = |error| failure(error, path);
        let file = std::path::absolute(path).map_err(lost)?;
        // SQLite keeps the log where the file really is.
        let log = beside(&fs::canonicalize(&file).map_err(lost)?, "-wal");
        let known = (identify(&file, path)?, identify(&log, path)?);
        Ok(Self { given: path.to_owned(), files: [(file, known.0), (log, known.1)] })
    }

    /// The file by a name that holds wherever this process goes.
    pub(super) fn path(&self) -> &Path {
        &self.files[0].0
    }

    /// The file by the name that it was given.
    pub(super) fn given(&self) -> &Path {
        &self.given
    }

    /// Refuses to go on with files that are not in their place any more. To ask costs a microsecond or
    /// two.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        for (file, known) in &self.files {
            if identify(file, &self.given)? != *known {
                return Err(StoreError::FileReplaced { path: self.given.clone() });
            }
        }
        Ok(())
    }
}

/// Which file it is; nothing, where the system lets nobody move a file that is open.
fn identify(file: &Path, given: &Path) -> Result<Option<(u64, u64)>, StoreError> {
    match fs::metadata(file) {
        Ok(known) => Ok(identity(&known)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Err(StoreError::FileReplaced { path: given.to_owned() })
        }
        Err(error) => Err(failure(error, given)),
    }
}
