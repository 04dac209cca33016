//! Tickets that a writer has seen lately, so that it need not read and decode them again.

use std::collections::BTreeMap;
use std::sync::Arc;

use firstline_core::{Ticket, TicketId};
use rusqlite::Connection;

use super::failure::Outcome;
use crate::chain::Position;

/// How many tickets are remembered: all that a busy desk works on, in some twenty megabytes.
const MOST: usize = if cfg!(test) { 2 } else { 16_384 };

/// Tickets as they were when this handle last read or wrote them. They hold as long as no other
/// handle writes, which SQLite tells.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    data_version: Option<i64>,
    tickets: BTreeMap<TicketId, (Position, Arc<Ticket>)>,
}

impl Remembered {
    /// Forgets everything if another handle has written since the last transaction, and says whether one
    /// has. To be asked within a transaction, when nobody else can write.
    pub(super) fn refresh(&mut self, connection: &Connection) -> Outcome<bool> {
        let sql = "PRAGMA data_version";
        let version = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        if self.data_version == Some(version) {
            return Ok(false);
        }
        self.tickets.clear();
        self.data_version = Some(version);
        Ok(true)
    }

    pub(super) fn get(&self, id: TicketId) -> Option<(Position, Arc<Ticket>)> {
        self.tickets.get(&id).cloned()
    }

    pub(super) fn put(&mut self, id: TicketId, position: Position, ticket: Arc<Ticket>) {
        if self.tickets.len() >= MOST && !self.tickets.contains_key(&id) {
            self.tickets.clear();
        }
        self.tickets.insert(id, (position, ticket));
    }

    /// After a transaction was rolled back, or something went round the memory.
    pub(super) fn clear(&mut self) {
        self.data_version = None;
        self.tickets.clear();
    }
}
