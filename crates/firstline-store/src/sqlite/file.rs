//! The file: how it is opened, recognised and begun.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags, TransactionBehavior};

use super::failure::{Failure, Outcome};
use super::read::in_snapshot;
use super::{BUSY_TIMEOUT, SqliteOptions, log, migrate};
use crate::error::StoreError;
use crate::journal::Durability;

/// Marks the file as a desk's, for us and for `file(1)`: the letters `1stL`.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"1stL");

/// The version of the tables and of what is derived. It rises when they change, and never because an
/// event is added.
pub(super) const SCHEMA_VERSION: i64 = 8;

/// What is derived.
pub(super) const DERIVED: &str = include_str!("derived.sql");

/// Views for others. They are no part of the schema: nothing here reads them.
pub(super) const VIEWS: &str = include_str!("views.sql");

/// The size of a page in bytes: the sector of a disk. A power cut while a page is written can then
/// spoil no other page, and the one that it spoils is in the log. (Pages of half the size would
/// write 40 % fewer bytes for a command.)
pub(super) const PAGE_SIZE: i64 = 4_096;

/// Pages that a writer keeps in memory, in KiB: the upper levels and the busy leaves of every table
/// of a large desk, with ten thousand tickets in work. Readers get along with SQLite's 2 MB.
const WRITER_CACHE_KIB: i64 = 64 * 1024;

/// As many statements as there are, and room for the usual lists.
const STATEMENTS: usize = 64;

/// The longest that SQLite can be told to wait: 24 days, and for a caller as good as any longer.
const LONGEST_PATIENCE: Duration = Duration::from_millis(i32::MAX as u64);

/// How long to wait before asking again for a lock that SQLite itself does not wait for.
const RETRY: Duration = Duration::from_millis(5);

/// What a file turned out to be.
enum Identity {
    Blank,
    /// The desk of an earlier version, this one.
    Earlier(i64),
    Desk,
}

/// Opens the file for writing, and begins it if it is new or empty.
pub(super) fn open_writer(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let patience = options.patience.min(LONGEST_PATIENCE);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    log::refuse_without_file(path)?;
    let mut connection = connect(path, flags, patience)?;
    let begun = || -> Outcome<()> {
        if connection.is_readonly("main")? {
            return Err(StoreError::ReadOnly { path: path.to_owned() }.into());
        }
        log::refuse_of_another_file(&connection, path)?;
        configure(&connection)?;
        match identify(&connection, path)? {
            Identity::Blank => {
                connection.pragma_update(None, "page_size", PAGE_SIZE)?;
                write_ahead(&connection, patience)?;
                begin(&mut connection, path)?;
            }
            Identity::Earlier(found) => migrate::migrate(&mut connection, path, found)?,
            Identity::Desk => {}
        }
        write_ahead(&connection, patience)?;
        // Whoever reads first makes the log, which is to be known from now on.
        check_version(&connection, path)?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        // We checkpoint ourselves, where an error can be reported; see `SqliteJournal::begin`.
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        // Not before the file is a desk: that it is one must last, whatever comes later.
        set_durability(&connection, options.durability)?;
        keep_log(&connection, false)
    }();
    begun.map_err(|failure| of_opening(failure, path))?;
    Ok(connection)
}

/// Opens the file of a desk for reading.
pub(super) fn open_reader(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    // Even a reader writes to the shared memory beside the file, so it is opened for both.
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)?;
    let opened = || -> Outcome<()> {
        configure(&connection)?;
        if !matches!(identify(&connection, path)?, Identity::Desk) {
            return Err(StoreError::NotADesk { path: path.to_owned() }.into());
        }
        connection.pragma_update(None, "query_only", true)?;
        // Whoever opened the journal that it reads has looked at the log.
        keep_log(&connection, false)
    }();
    opened.map_err(|failure| of_opening(failure, path))?;
    Ok(connection)
}

/// Opens the file of a desk of any version that is known, to be copied, and leaves it and its log as they
/// are.
pub(super) fn open_original(path: &Path) -> Result<Connection, StoreError> {
    log::refuse_without_file(path)?;
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, BUSY_TIMEOUT)?;
    let opened = || -> Outcome<()> {
        log::refuse_of_another_file(&connection, path)?;
        configure(&connection)?;
        if let Identity::Blank = identify(&connection, path)? {
            return Err(StoreError::NotADesk { path: path.to_owned() }.into());
        }
        Ok(())
    }();
    opened.map_err(|failure| of_opening(failure, path))?;
    Ok(connection)
}

/// Opens whatever is there, without looking into it. When it is closed, it leaves the log alone.
fn connect(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Connection, StoreError> {
    let open = || -> Outcome<Connection> {
        let connection =
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(patience.min(LONGEST_PATIENCE))?;
        keep_log(&connection, true)?;
        Ok(connection)
    };
    open().map_err(|failure| of_opening(failure, path))
}

/// What goes for whoever writes or reads.
fn configure(connection: &Connection) -> Outcome<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A statement is prepared once, and not anew for each value of its `LIMIT`.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A commit that is on disk is on disk on Apple's systems, too, where it takes more.
    set_durability(connection, Durability::Full)?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    // Memory-mapped reads save a copy, but a failing disk would then kill the host by a signal
    // instead of being an error.
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    // What is deleted or replaced is overwritten with zeros at once, so that no words of a person who
    // is erased later stay in parts of the file that nothing uses.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    // Sorting a list leaves no files behind in folders that we were not given.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // A damaged page is noticed when it is read, and no view can call a function.
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(())
}

/// Whether the log is left as it is by the last one who closes the file, rather than worked into it.
fn keep_log(connection: &Connection, is_kept: bool) -> Outcome<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_kept)?;
    Ok(())
}

fn set_durability(connection: &Connection, durability: Durability) -> Outcome<()> {
    let word = match durability {
        Durability::Full => "FULL",
        Durability::Batch => "NORMAL",
        Durability::None => "OFF",
    };
    Ok(connection.pragma_update(None, "synchronous", word)?)
}

/// Brings to the disk what was committed without asking it.
///
/// SQLite does it. Were the file opened and closed past it, every lock that this process has on it
/// would be gone, and another one would take the log away while we write to it.
pub(super) fn sync(
    connection: &mut Connection,
    path: &Path,
    durability: Durability,
) -> Outcome<()> {
    if durability == Durability::Full {
        return Ok(());
    }
    set_durability(connection, Durability::Full)?;
    let synced = || -> Outcome<()> {
        // A commit that is asked for brings everything to the disk that stands before it in the log. It
        // has to write something: here, the version that the file has anyway.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        check_version(&transaction, path)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        transaction.commit()?;
        if durability == Durability::None {
            // What left the log went into the tables unasked. Once there is nothing in the log that
            // they do not have, the disk is asked for all of them.
            connection.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::FULL)?;
        }
        Ok(())
    }();
    set_durability(connection, durability)?;
    synced
}

/// Refuses to go on with a file that another process has brought to a later version meanwhile.
pub(super) fn check_version(connection: &Connection, path: &Path) -> Outcome<()> {
    let mut statement = connection.prepare_cached("PRAGMA user_version")?;
    let found: i64 = statement.query_row([], |row| row.get(0))?;
    if found <= SCHEMA_VERSION {
        return Ok(());
    }
    let (path, known) = (path.to_owned(), SCHEMA_VERSION);
    Err(StoreError::NewerSchema { path, found, known }.into())
}

/// Looks what the file is, and changes nothing.
fn identify(connection: &Connection, path: &Path) -> Outcome<Identity> {
    // In one snapshot: another process may be making a desk of it at this moment.
    let (application_id, found, tables) = in_snapshot(connection, |connection| {
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables = connection.query_row(tables, [], |row| row.get::<_, i64>(0))?;
        Ok((pragma("application_id")?, pragma("user_version")?, tables))
    })?;
    if (application_id, found, tables) == (0, 0, 0) {
        return Ok(Identity::Blank);
    }
    if application_id != i64::from(APPLICATION_ID) || found < 1 {
        return Err(StoreError::NotADesk { path: path.to_owned() }.into());
    }
    check_version(connection, path)?;
    Ok(if found < SCHEMA_VERSION { Identity::Earlier(found) } else { Identity::Desk })
}

/// Switches the file to a write-ahead log, which it stays with.
///
/// SQLite does not wait for this lock, so two processes that begin a file at once take turns here.
fn write_ahead(connection: &Connection, patience: Duration) -> Outcome<()> {
    let deadline = Instant::now() + patience;
    loop {
        let switched = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match switched {
            Ok(mode) if mode.eq_ignore_ascii_case("wal") => return Ok(()),
            Ok(mode) => {
                let source =
                    format!("no write-ahead log on this file system, only `{mode}`").into();
                return Err(StoreError::Disk { source }.into());
            }
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < deadline =>
            {
                thread::sleep(RETRY);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Makes a desk of an empty file, unless another process has just done it.
fn begin(connection: &mut Connection, path: &Path) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Identity::Blank = identify(&transaction, path)? {
        transaction.execute_batch(include_str!("schema.sql"))?;
        transaction.execute_batch(DERIVED)?;
        transaction.execute_batch(VIEWS)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()?;
    Ok(())
}

/// What a failure means while a file is being opened.
fn of_opening(failure: Failure, path: &Path) -> StoreError {
    let Failure::Sqlite(error) = failure else {
        return failure.into();
    };
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotADesk { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { path },
        Some(ErrorCode::CannotOpen) => {
            let folder_exists = path
                .parent()
                .is_some_and(|folder| folder.as_os_str().is_empty() || folder.is_dir());
            if folder_exists && !path.is_dir() {
                StoreError::ReadOnly { path }
            } else {
                StoreError::CannotOpen { path, source: Box::new(error) }
            }
        }
        _ => Failure::Sqlite(error).into(),
    }
}
