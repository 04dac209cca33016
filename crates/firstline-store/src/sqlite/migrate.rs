//! Bringing the file of an earlier version to this one, forwards only.
//!
//! | version | since |
//! |---|---|
//! | 1 | the beginning: a record's hash was over the text of its event |
//! | 2 | it is over the hash of that text, which may stay when the text goes; commands are dated, so that they can be forgotten |

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior, params};

use super::care;
use super::columns::raw;
use super::failure::Outcome;
use super::file::{SCHEMA_VERSION, VIEWS};
use crate::copy::{beside, failure};
use crate::error::StoreError;
use crate::record::{Hash, Raw, hash_of_version_1};

/// Migrates a file of schema version `found`. The file as it was stays beside it, under its name with
/// the version and `backup` behind it.
pub(super) fn migrate(connection: &mut Connection, path: &Path, found: i64) -> Outcome<()> {
    let backup = backup_name(path, found);
    if !backup.exists() {
        care::backup(connection, &backup)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it meanwhile.
    let now: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if now == 1 {
        transaction.execute_batch(TABLES_OF_VERSION_2)?;
        transaction.execute_batch(VIEWS)?;
        chain_anew(&transaction)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    Ok(transaction.commit()?)
}

fn backup_name(path: &Path, version: i64) -> PathBuf {
    beside(path, &format!(".v{version}.backup"))
}

/// Removes what earlier migrations of this file left beside it.
pub(super) fn remove_backups(path: &Path) -> Result<(), StoreError> {
    for version in 1..SCHEMA_VERSION {
        let backup = backup_name(path, version);
        if backup.exists() {
            std::fs::remove_file(&backup).map_err(|error| failure(error, &backup))?;
        }
    }
    Ok(())
}

const TABLES_OF_VERSION_2: &str = "
    ALTER TABLE record ADD COLUMN erased BLOB;
    CREATE TABLE command_2 (
        id      BLOB PRIMARY KEY,
        at_ms   INTEGER NOT NULL,
        receipt TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO command_2 SELECT id, receipt ->> '$.at', receipt FROM command;
    DROP TABLE command;
    ALTER TABLE command_2 RENAME TO command;
    CREATE TABLE forgotten (
        id        INTEGER PRIMARY KEY CHECK (id = 0),
        before_ms INTEGER NOT NULL
    ) STRICT;
";

/// Checks every record by its old hash and gives it the new one.
fn chain_anew(connection: &Connection) -> Outcome<()> {
    let (mut old, mut new) = (Hash::ORIGIN, Hash::ORIGIN);
    let sql = concat!("SELECT ", super::columns::record_columns!(), " FROM record ORDER BY seq");
    let mut statement = connection.prepare(sql)?;
    let mut update = connection.prepare("UPDATE record SET hash = ?1 WHERE seq = ?2")?;
    let mut rows = statement.query([])?;
    let mut expected = 1;
    while let Some(row) = rows.next()? {
        let record: Raw = raw(row)?;
        if record.seq != expected {
            return Err(StoreError::damaged(expected, "it is missing").into());
        }
        if record.hash != hash_of_version_1(&record, old) {
            return Err(StoreError::damaged(record.seq, "it is not what was written").into());
        }
        (old, new) = (record.hash, record.hash_after(new));
        update.execute(params![new.0, record.seq])?;
        expected += 1;
    }
    Ok(())
}
