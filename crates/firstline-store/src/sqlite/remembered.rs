//! Tickets and receipts that a writer has seen lately, so that it need not read and decode them again.

use std::collections::BTreeMap;
use std::sync::Arc;

use firstline_core::{CommandId, Ticket, TicketId};
use rusqlite::Connection;

use super::failure::Outcome;
use crate::chain::Position;
use crate::journal::Receipt;

/// How many tickets are remembered: all that a busy desk works on, in some twenty megabytes. And how
/// many receipts, in two.
const MOST: usize = if cfg!(test) { 2 } else { 16_384 };

/// Tickets and receipts as they were when this handle last read or wrote them. They hold as long as no
/// other handle writes, which SQLite tells.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    data_version: Option<i64>,
    tickets: BTreeMap<TicketId, (Position, Arc<Ticket>)>,
    /// What came of a command, or that nothing did: each one is asked for before it is carried out, and
    /// the one that opened a ticket with each command that names the ticket by it.
    receipts: BTreeMap<CommandId, Option<Receipt>>,
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
        self.clear();
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

    pub(super) fn receipt(&self, command: CommandId) -> Option<Option<Receipt>> {
        self.receipts.get(&command).copied()
    }

    pub(super) fn put_receipt(&mut self, command: CommandId, receipt: Option<Receipt>) {
        if self.receipts.len() >= MOST {
            self.receipts.clear();
        }
        self.receipts.insert(command, receipt);
    }

    /// After a transaction was rolled back, or something went round the memory.
    pub(super) fn clear(&mut self) {
        self.data_version = None;
        self.tickets.clear();
        self.receipts.clear();
    }
}
