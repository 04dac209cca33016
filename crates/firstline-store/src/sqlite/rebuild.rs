//! Making the derived tables again from the records.

use std::collections::BTreeMap;
use std::path::Path;

use firstline_core::Stream;
use rusqlite::{Connection, TransactionBehavior};

use super::columns::{self, record_columns};
use super::failure::Outcome;
use super::file::check_version;
use super::state::{self, DERIVED};
use crate::chain::{Position, fold};
use crate::journal::State;
use crate::record::Raw;

/// How many states are held at once: some tens of megabytes. A desk with more tickets in work at
/// the same time writes some of them more than once. Tests have few tickets and want that, too.
const HELD: usize = if cfg!(test) { 1 } else { 20_000 };

/// Empties the derived tables and fills them again, in one transaction.
pub(super) fn rebuild(connection: &mut Connection, path: &Path) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    check_version(&transaction, path)?;
    for table in DERIVED {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    fill(&transaction)?;
    Ok(transaction.commit()?)
}

/// Fills empty derived tables.
pub(super) fn fill(connection: &Connection) -> Outcome<()> {
    let mut replay = Replay { connection, held: BTreeMap::new() };
    let sql = concat!("SELECT ", record_columns!(), " FROM record ORDER BY seq");
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        replay.take(&columns::raw(row)?)?;
    }
    replay.put_down()
}

/// The journal being read again, with the states that were in work lately.
struct Replay<'c> {
    connection: &'c Connection,
    held: BTreeMap<Stream, (Position, State)>,
}

impl Replay<'_> {
    fn take(&mut self, raw: &Raw) -> Outcome<()> {
        let before = match self.held.remove(&raw.stream) {
            Some((_, state)) => Some(state),
            None => state::load(self.connection, raw.stream)?.map(|(_, state)| state),
        };
        let state = fold(raw.stream, before, raw.seq, &raw.event()?)?;
        let position = Position { version: raw.version, seq: raw.seq };
        self.held.insert(raw.stream, (position, state));
        if self.held.len() > HELD { self.put_down() } else { Ok(()) }
    }

    /// Writes all held states into the tables.
    fn put_down(&mut self) -> Outcome<()> {
        for (stream, (position, state)) in std::mem::take(&mut self.held) {
            state::save(self.connection, stream, position, &state)?;
        }
        Ok(())
    }
}
