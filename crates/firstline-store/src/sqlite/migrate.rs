//! Bringing the file of an earlier version to this one, forwards only.
//!
//! Records are read for ever as they were written. The version rises when tables change, and when the
//! same records add up to other states than before: to raise it is all that the latter takes.
//!
//! | version | since |
//! |---|---|
//! | 1 | the beginning: a record's hash was over the text of its event |
//! | 2 | it is over the hash of that text, which may stay when the text goes; commands are dated, so that they can be forgotten |
//! | 3 | the outbox, which begins empty: until then hosts followed the records; receipts have checksums; what lists look at stands in the row of the ticket |
//! | 4 | the words that parties are found by |
//! | 5 | when plans open their next tickets |
//! | 6 | in which queues tickets wait and to whom they are offered; what each agent has to do, and who had which ticket when |
//! | 7 | a checksum over the moment up to which commands were forgotten; how far a rulebook that came into force has looked at the tickets that there were; who declined a ticket or did not answer had a turn |
//! | 8 | a refused approval counts again when what was asked for in its place is withdrawn |

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::columns::{command_id, forgotten_check, moment, raw, receipt_check};
use super::failure::Outcome;
use super::file::{DERIVED, SCHEMA_VERSION, VIEWS};
use super::{care, read, rebuild};
use crate::chain::forgotten_until;
use crate::copy::{beside, failure};
use crate::error::StoreError;
use crate::record::{Hash, Raw, hash_of_version_1};

/// Migrates a file of schema version `found`. The file as it was stays beside it, under its name with
/// the version and `backup` behind it, and with a number if there is such a copy from earlier.
pub(super) fn migrate(connection: &mut Connection, path: &Path, found: i64) -> Outcome<()> {
    keep_as_it_was(connection, path, found)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it meanwhile.
    let now: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if now < 2 {
        transaction.execute_batch(TABLES_OF_VERSION_2)?;
        chain_anew(&transaction)?;
    }
    if now < 3 {
        transaction.execute_batch(TABLES_OF_VERSION_3)?;
        guard_receipts(&transaction)?;
    }
    if now < 7 {
        transaction.execute_batch(COLUMN_OF_VERSION_7)?;
        guard_forgotten(&transaction)?;
    }
    if now < SCHEMA_VERSION {
        // Whatever changed, states, lists and timers are then what this version makes of the records.
        derive_anew(&transaction)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    Ok(transaction.commit()?)
}

/// Makes all that is derived again in the tables of this version.
fn derive_anew(connection: &Connection) -> Outcome<()> {
    let sql = "SELECT type, name FROM sqlite_schema WHERE type = 'view' OR type = 'table' \
               AND name NOT IN ('record', 'command', 'forgotten', 'outbox')";
    let old = connection
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    for (kind, name) in old {
        connection.execute_batch(&format!("DROP {kind} \"{name}\""))?;
    }
    connection.execute_batch(DERIVED)?;
    connection.execute_batch(VIEWS)?;
    rebuild::fill(connection)
}

/// Gives every receipt its checksum.
fn guard_receipts(connection: &Connection) -> Outcome<()> {
    let mut statement = connection.prepare("SELECT id, receipt FROM command")?;
    let mut update = connection.prepare("UPDATE command SET checksum = ?1 WHERE id = ?2")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, receipt): ([u8; 16], String) = (row.get(0)?, row.get(1)?);
        update.execute(params![receipt_check(command_id(id), &receipt), id])?;
    }
    Ok(())
}

/// Gives the moment up to which commands were forgotten its checksum, and brings it back to the last
/// record, beyond which nothing can have been forgotten.
fn guard_forgotten(connection: &Connection) -> Outcome<()> {
    let sql = "SELECT before_ms FROM forgotten";
    let before: Option<i64> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    if let Some(before) = before {
        let place = forgotten_until(moment(before)?, read::head(connection)?).as_millis();
        let sql = "UPDATE forgotten SET before_ms = ?1, checksum = ?2";
        connection.execute(sql, [place, forgotten_check(place)])?;
    }
    Ok(())
}

/// How many copies of one version are kept: more than anybody goes back.
const MOST_BACKUPS: u32 = 1_000;

/// Puts a copy of the file beside it. One from an earlier migration is another desk's by now, for
/// somebody went back to that version: it stays.
fn keep_as_it_was(connection: &Connection, path: &Path, version: i64) -> Result<(), StoreError> {
    let mut last = None;
    for number in 1..=MOST_BACKUPS {
        let backup = backup_name(path, version, number);
        if backup.exists() {
            last = Some(backup);
            continue;
        }
        care::backup(connection, &backup)?;
        // A migration that failed has left the same.
        if let Some(last) = last
            && are_same(&last, &backup).map_err(|error| failure(error, &backup))?
        {
            std::fs::remove_file(&backup).map_err(|error| failure(error, &backup))?;
        }
        return Ok(());
    }
    Err(StoreError::FileExists { path: backup_name(path, version, MOST_BACKUPS) })
}

/// Whether two files have the same bytes.
fn are_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if left[..length] != right[..length] {
            return Ok(false);
        }
        if length == 0 {
            return Ok(true);
        }
        one.consume(length);
        other.consume(length);
    }
}

fn backup_name(path: &Path, version: i64, number: u32) -> PathBuf {
    match number {
        1 => beside(path, &format!(".v{version}.backup")),
        _ => beside(path, &format!(".v{version}.backup.{number}")),
    }
}

/// Removes what earlier migrations of this file left beside it.
pub(super) fn remove_backups(path: &Path) -> Result<(), StoreError> {
    for version in 1..SCHEMA_VERSION {
        for number in 1..=MOST_BACKUPS {
            let backup = backup_name(path, version, number);
            if !backup.exists() {
                break;
            }
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

const TABLES_OF_VERSION_3: &str = "
    ALTER TABLE command ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE outbox (
        seq      INTEGER PRIMARY KEY,
        ticket   INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        due_ms   INTEGER,
        dead     INTEGER NOT NULL,
        reason   TEXT,
        checksum INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX outbox_by_time ON outbox (due_ms);
    CREATE INDEX outbox_by_ticket ON outbox (ticket, dead);
";

const COLUMN_OF_VERSION_7: &str =
    "ALTER TABLE forgotten ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;";

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
