//! What is done to a file once in a while: forgetting, erasing, compacting, copying.

use std::collections::BTreeSet;
use std::path::Path;

use firstline_core::{Actor, ContactId, PartyKind, Stream, TicketId, Timestamp};
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, MAIN_DB, TransactionBehavior, params};

use super::failure::{Failure, Outcome};
use super::file::check_version;
use super::{columns, read, state};
use crate::chain::{Position, forgotten_until};
use crate::copy::file_of_its_own;
use crate::erase::{Erased, Find, erase as work_out, tickets_of};
use crate::error::StoreError;
use crate::journal::Entry;
use crate::record::Raw;

/// Forgets the commands before a moment.
pub(super) fn forget_commands(
    connection: &mut Connection,
    path: &Path,
    before: Timestamp,
) -> Outcome<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    check_version(&transaction, path)?;
    let before = before.max(read::forgotten(&transaction)?);
    let sql = "DELETE FROM command WHERE at_ms < ?1";
    let forgotten = transaction.execute(sql, [before.as_millis()])?;
    let place = forgotten_until(before, read::head(&transaction)?);
    if place > Timestamp::MIN {
        let sql = "INSERT INTO forgotten (id, before_ms, checksum) VALUES (0, ?1, ?2) \
                   ON CONFLICT DO UPDATE SET before_ms = ?1, checksum = ?2";
        let place_ms = place.as_millis();
        transaction.execute(sql, [place_ms, columns::forgotten_check(place_ms)])?;
    }
    transaction.commit()?;
    Ok(forgotten as u64)
}

/// Takes the words of a contact out of the records and the states, within a transaction, and gives
/// the entry that says so, and the tickets that it is about.
pub(super) fn erase(
    connection: &Connection,
    contact: ContactId,
    by: Actor,
    at: Timestamp,
) -> Outcome<Option<(Entry, BTreeSet<TicketId>)>> {
    let Some(Erased { records, states, entry }) = work_out(&Erasing(connection), contact, by, at)?
    else {
        return Ok(None);
    };
    for raw in records {
        let sql = "UPDATE record SET event = ?1, erased = ?2 WHERE seq = ?3";
        let values = params![raw.event, raw.erased.map(|hash| hash.0), raw.seq];
        connection.prepare_cached(sql)?.execute(values)?;
    }
    let tickets = tickets_of(&states);
    for (stream, new) in states {
        if let Some(position) = state::position(connection, stream)? {
            state::save(connection, stream, position, &new)?;
        }
    }
    Ok(Some((entry, tickets)))
}

/// A connection whose transaction erases.
struct Erasing<'c>(&'c Connection);

impl Find for Erasing<'_> {
    type Error = Failure;

    fn position(&self, stream: Stream) -> Outcome<Option<Position>> {
        state::position(self.0, stream)
    }

    fn record(&self, seq: u64) -> Outcome<Option<Raw>> {
        read::record(self.0, seq)
    }

    fn tickets_about(&self, contact: ContactId) -> Outcome<Vec<Stream>> {
        let sql = "SELECT id FROM ticket WHERE requester = ?1 UNION \
                   SELECT number FROM record \
                   WHERE stream = 'ticket' AND actor = 'contact' AND actor_number = ?1";
        let mut statement = self.0.prepare(sql)?;
        let rows = statement.query_map([columns::sought(contact.0)], |row| row.get(0))?;
        let streams = rows.map(|id| Ok(Stream::Ticket(TicketId(id?))));
        streams.collect::<rusqlite::Result<_>>().map_err(Into::into)
    }

    fn belongings(&self) -> Outcome<Vec<Stream>> {
        let mut belongings = Vec::new();
        for kind in [PartyKind::Plan, PartyKind::Equipment] {
            let mut statement = self.0.prepare("SELECT number FROM party WHERE kind = ?1")?;
            let rows = statement.query_map([kind.as_str()], |row| row.get(0))?;
            let numbers: Vec<u64> = rows.collect::<rusqlite::Result<_>>()?;
            belongings.extend(numbers.into_iter().map(|it| Stream::Party(kind.with(it))));
        }
        Ok(belongings)
    }
}

/// Works the whole log into the tables and empties it, so that it keeps nothing either. A reader who
/// still needs what was there before keeps it from that.
pub(super) fn empty_log(connection: &Connection) -> Outcome<()> {
    match connection.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::TRUNCATE) {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
            Err(StoreError::NotWiped.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes the file anew without gaps.
pub(super) fn compact(connection: &Connection) -> Outcome<()> {
    connection.execute_batch("VACUUM")?;
    empty_log(connection)
}

/// [`backup`] by a connection that writes nothing to its own file.
pub(super) fn backup_by_reader(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    // To SQLite, writing another file is writing.
    let query_only = |is_on: bool| {
        connection
            .pragma_update(None, "query_only", is_on)
            .map_err(|error| StoreError::from(Failure::from(error)))
    };
    query_only(false)?;
    let copied = backup(connection, to);
    query_only(true)?;
    copied
}

/// Writes a copy of what the connection sees to a new file.
pub(super) fn backup(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    file_of_its_own(to, |path| copy(connection, path))
}

/// Writes a copy of what the connection sees to an empty file.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    let copied = || -> Outcome<()> {
        let name = to.to_str().ok_or_else(|| StoreError::CannotOpen {
            path: to.to_owned(),
            source: "the name of a backup has to be UTF-8".into(),
        })?;
        connection.execute("VACUUM INTO ?1", [name])?;
        Ok(())
    };
    Ok(copied()?)
}
