//! A journal in one SQLite file.
//!
//! | to change | see |
//! |---|---|
//! | the tables | `schema.sql` |
//! | how a file is opened, recognised and begun | `file.rs` |
//! | what is written | `transaction.rs`, `ahead.rs`, `state.rs` |
//! | what a writer need not read again | `remembered.rs` |
//! | what is read | `read.rs`, `find.rs` |
//! | what the host has not done yet | `outbox.rs` |
//! | how values and columns correspond | `columns.rs` |
//! | what is done once in a while: forgetting, erasing, compacting, copying | `care.rs` |
//! | how files of earlier versions are brought to this one | `migrate.rs` |
//! | how tables are made again, how they are compared | `rebuild.rs`, `inspect.rs` |
//! | what becomes of a file that is moved away while it is open | `place.rs` |
//! | whether a log belongs to the file beside it | `log.rs` |
//! | which failure is whose affair | `failure.rs` |

mod ahead;
mod care;
mod columns;
mod failure;
mod file;
mod find;
mod inspect;
mod log;
mod migrate;
mod outbox;
mod party;
mod place;
mod queue;
mod read;
mod rebuild;
mod remembered;
mod state;
#[cfg(test)]
mod tests;
mod transaction;
mod work;

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use firstline_core::{Actor, ContactId, Timestamp};
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, ErrorCode, MAIN_DB};

use self::failure::Outcome;
use self::place::Place;
use self::read::Source;
use self::remembered::Remembered;
use self::transaction::{SqliteTransaction, roll_back};
use crate::copy::{failure, file_of_its_own};
use crate::error::StoreError;
use crate::journal::{Durability, Entry, Journal, Reader, Readers, Receipt, Transaction, Verified};

/// How long a writer waits for another one, if nobody says otherwise. A command takes a
/// millisecond and a large checkpoint some tens, so who waits longer waits for a stuck process.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many pages the write-ahead log may have before it is worked into the tables, if nobody says
/// otherwise: 32 MB. A busy page is then written to the tables once for hundreds of commands that
/// touched it.
pub const CHECKPOINT_PAGES: u16 = 8_000;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How long to wait for another writer, when the file is opened and at each
    /// [`begin`](Journal::begin). By default [`BUSY_TIMEOUT`].
    pub patience: Duration,
    /// What a commit promises. By default [`Durability::Full`].
    pub durability: Durability,
    /// At how many pages the write-ahead log is worked into the tables. By default
    /// [`CHECKPOINT_PAGES`]. A short log takes less room and costs speed.
    pub checkpoint_pages: u16,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        let (patience, checkpoint_pages) = (BUSY_TIMEOUT, CHECKPOINT_PAGES);
        Self { patience, durability: Durability::Full, checkpoint_pages }
    }
}

/// A journal in one SQLite file, with a write-ahead log beside it.
///
/// Any number of processes may open the same file on one machine. Writers take turns; readers never
/// wait and keep nobody waiting.
///
/// ```
/// use firstline_store::{Journal, Reader, SqliteJournal};
///
/// let folder = tempfile::tempdir()?;
/// let journal = SqliteJournal::open(folder.path().join("desk.sqlite"))?;
/// assert_eq!(journal.reader()?.head()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
    path: PathBuf,
    place: Place,
    options: SqliteOptions,
    /// How many pages the write-ahead log had after the last commit of this handle.
    log_pages: Arc<AtomicI32>,
    /// At how many pages it is worked into the tables.
    checkpoint_at: c_int,
    remembered: Remembered,
}

impl SqliteJournal {
    /// Opens the journal in this file; one that does not exist or is empty becomes a new journal.
    /// Its folder must exist.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotADesk`], [`StoreError::NewerSchema`], [`StoreError::ReadOnly`],
    /// [`StoreError::CannotOpen`], [`StoreError::Busy`]; the disk; a damaged file. A file that is
    /// no journal is left as it is.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteOptions::default())
    }

    /// [`open`](Self::open) with other than the usual options.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        let mut connection = file::open_writer(&path, &options)?;
        let log_pages = Arc::new(AtomicI32::new(0));
        let observed = Arc::clone(&log_pages);
        let observe = move |_: &mut Wal, pages: c_int| {
            observed.store(pages, Ordering::Relaxed);
            Ok(())
        };
        let hooked: Outcome<()> = connection.wal_hook(Some(observe)).map_err(Into::into);
        hooked?;
        let checkpoint_at = c_int::from(options.checkpoint_pages);
        let (place, remembered) = (Place::of(&path)?, Remembered::default());
        Ok(Self { connection, path, place, options, log_pages, checkpoint_at, remembered })
    }

    /// Works the write-ahead log into the tables, once it is long.
    ///
    /// Done here and not by SQLite at the end of a commit, where it cannot say that it failed: the
    /// commit has succeeded by then. Before a transaction begins, an error is the disk's and leaves
    /// nothing in doubt.
    fn checkpoint_if_long(&mut self) -> Outcome<()> {
        if self.log_pages.load(Ordering::Relaxed) < self.checkpoint_at {
            return Ok(());
        }
        let (log, done) =
            match self.connection.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::PASSIVE) {
                Ok(pages) => pages,
                // Another process is at it.
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                    (self.checkpoint_at, 0)
                }
                Err(error) => return Err(error.into()),
            };
        // Somebody who still reads old pages keeps the log from being used anew. It may grow as
        // much again before the next attempt.
        let kept = if done < log { log } else { 0 };
        self.checkpoint_at = kept.saturating_add(self.options.checkpoint_pages.into());
        self.log_pages.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Puts a copy of a desk's file into the place of a new one: one that [`backup`](Reader::backup)
    /// made, or the file of a desk as it lies there, also with the log of a process that was killed.
    /// It is [verified](Reader::verify) first. What is copied stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::FileExists`] if there is a file already, [`StoreError::OrphanedLog`] if there is
    /// what is left of one, [`StoreError::Busy`] if somebody else puts one there; whatever is wrong with
    /// the copy; the disk.
    pub fn restore(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<Verified, StoreError> {
        let (from, to) = (from.as_ref(), to.as_ref());
        let mut verified = None;
        file_of_its_own(to, |path| {
            match file::open_original(from) {
                Ok(original) => care::copy(&original, path)?,
                // Where nothing can be written, such as on a disk for reading only, there can be no
                // log at work either.
                Err(StoreError::ReadOnly { .. }) if !log::log_of(from).exists() => {
                    std::fs::copy(from, path).map_err(|error| failure(error, from))?;
                }
                Err(error) => return Err(error),
            }
            let copy = Self::open(path).map_err(|error| error.about(path, from))?;
            verified = Some(copy.reader()?.verify()?);
            drop(copy);
            // What is restored from the file of an earlier version has its backup already.
            migrate::remove_backups(path)
        })?;
        Ok(verified.expect("it was verified before it got its name"))
    }

    fn erase_words(
        &mut self,
        contact: ContactId,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Receipt>, StoreError> {
        self.remembered.clear();
        let mut transaction =
            SqliteTransaction::begin(&mut self.connection, &self.place, &mut self.remembered)?;
        let rulebook = transaction.rulebook()?.map_or(0, |rulebook| rulebook.version);
        let Some((entry, tickets)) = care::erase(transaction.connection()?, contact, by, at)?
        else {
            return Ok(None);
        };
        let receipt = transaction.append(Entry { rulebook, ..entry })?;
        crate::outbox::erase_reasons(&mut transaction, &tickets)?;
        Box::new(transaction).commit()?;
        self.remembered.clear();
        Ok(Some(receipt))
    }

    fn prepare_to_write(&mut self) -> Outcome<()> {
        roll_back(&self.connection)?;
        self.place.check()?;
        self.checkpoint_if_long()
    }
}

impl Journal for SqliteJournal {
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        self.prepare_to_write()?;
        let Self { connection, place, remembered, .. } = self;
        Ok(Box::new(SqliteTransaction::begin(connection, place, remembered)?))
    }

    fn readers(&self) -> Box<dyn Readers> {
        Box::new(SqliteReaders { place: self.place.clone(), patience: self.options.patience })
    }

    fn rebuild(&mut self) -> Result<(), StoreError> {
        self.prepare_to_write()?;
        self.remembered.clear();
        Ok(rebuild::rebuild(&mut self.connection, &self.path)?)
    }

    fn forget_commands(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.prepare_to_write()?;
        self.remembered.clear();
        Ok(care::forget_commands(&mut self.connection, &self.path, before)?)
    }

    fn erase(
        &mut self,
        contact: ContactId,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Receipt>, StoreError> {
        self.prepare_to_write()?;
        let erased = self.erase_words(contact, by, at)?;
        if erased.is_some() {
            // The log still has the words, also those that an earlier call erased and could not wipe.
            care::empty_log(&self.connection)?;
        }
        Ok(erased)
    }

    fn compact(&mut self) -> Result<(), StoreError> {
        self.prepare_to_write()?;
        file::check_version(&self.connection, &self.path)?;
        Ok(care::compact(&self.connection)?)
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.prepare_to_write()?;
        Ok(file::sync(&mut self.connection, &self.path, self.options.durability)?)
    }
}

/// Where readers find the file.
struct SqliteReaders {
    place: Place,
    patience: Duration,
}

impl Readers for SqliteReaders {
    fn open(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.place.check()?;
        let connection = file::open_reader(self.place.path(), self.patience)?;
        Ok(Box::new(SqliteReader { connection, place: self.place.clone() }))
    }
}

/// A connection of its own.
struct SqliteReader {
    connection: Connection,
    place: Place,
}

impl Source for SqliteReader {
    fn connection(&self) -> Outcome<&Connection> {
        self.place.check()?;
        file::check_version(&self.connection, self.place.given())?;
        Ok(&self.connection)
    }
}
