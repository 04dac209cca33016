//! Writing.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use firstline_core::{ArticleId, CommandId, Stream, Ticket, TicketId, Timestamp};
use rusqlite::{Connection, params};

use super::ahead::{Ahead, Unwritten};
use super::columns::{self, command_key, json, receipt_check, word};
use super::failure::Outcome;
use super::file::check_version;
use super::place::Place;
use super::read::{Source, first_wake, head, receipt};
use super::remembered::Remembered;
use super::{outbox, state};
use crate::chain::{Position, follow, write};
use crate::error::StoreError;
use crate::export::ExportedRecord;
use crate::journal::{Entry, Head, Receipt, State, Stored, Transaction, check_number};
use crate::outbox::{OpenEffect, asking, enqueue};
use crate::record::{Raw, stream_key};

/// How many tickets a transaction holds back before it writes their rows.
const MOST_UNWRITTEN: usize = if cfg!(test) { 2 } else { 4_096 };

/// A transaction that holds the write lock of the file.
///
/// Records are written as they come. The row of a ticket, with its places in lists and among timers,
/// is written when somebody asks for lists or for what is due, and else at the end: once, however many
/// commands were about it, and side by side with the rows of its neighbours.
///
/// Not rusqlite's, which cannot go from one thread to another.
pub(super) struct SqliteTransaction<'j> {
    connection: &'j mut Connection,
    place: &'j Place,
    remembered: RefCell<&'j mut Remembered>,
    ahead: RefCell<Ahead>,
    /// Where the journal ends, with what this transaction wrote.
    head: Option<Head>,
    /// Whether something was left half-written.
    broken: Cell<bool>,
    /// Whether something was written that a roll-back takes away again.
    wrote: bool,
}

impl<'j> SqliteTransaction<'j> {
    /// Takes the write lock of the file in this place.
    pub(super) fn begin(
        connection: &'j mut Connection,
        place: &'j Place,
        remembered: &'j mut Remembered,
    ) -> Outcome<Self> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let remembered = RefCell::new(remembered);
        let ahead = RefCell::default();
        let (broken, wrote) = (Cell::new(false), false);
        let mut transaction =
            Self { connection, place, remembered, ahead, head: None, broken, wrote };
        let remembered = transaction.remembered.get_mut();
        if remembered.refresh(transaction.connection)? {
            check_version(transaction.connection, place.given())
                .inspect_err(|_| remembered.clear())?;
        }
        transaction.head = head(transaction.connection)?;
        Ok(transaction)
    }

    /// A ticket as it is now, and where its stream stands.
    fn load(&self, id: TicketId) -> Outcome<Option<(Position, Arc<Ticket>)>> {
        if let Some(ahead) = self.ahead.borrow().get(id) {
            return Ok(Some(ahead));
        }
        if let Some(known) = self.remembered.borrow().get(id) {
            return Ok(Some(known));
        }
        let Some((position, State::Ticket(ticket))) =
            state::load(self.connection, Stream::Ticket(id))?
        else {
            return Ok(None);
        };
        let ticket = Arc::new(ticket);
        self.remembered.borrow_mut().put(id, position, Arc::clone(&ticket));
        Ok(Some((position, ticket)))
    }

    fn put(&mut self, entry: Entry) -> Outcome<Receipt> {
        let (position, before) = match entry.stream {
            Stream::Ticket(id) => self.load(id)?.unzip(),
            other => (state::position(self.connection, other)?, None),
        };
        let (records, receipt) = write(&entry, self.head, position)?;
        // From here on an error leaves something behind.
        self.wrote = true;
        self.broken.set(true);
        for raw in &records {
            insert(self.connection, raw)?;
        }
        enqueue(self, &asking(&records, &entry.events))?;
        if let Some(command) = entry.command {
            self.remember(command, receipt)?;
        }
        if let Some(last) = records.last() {
            self.advance(last, before, entry.state)?;
        }
        self.broken.set(false);
        Ok(receipt)
    }

    /// Writes a record of another journal.
    fn take_in(&mut self, record: ExportedRecord) -> Outcome<()> {
        let (position, state, before) = match record.stream {
            Stream::Ticket(id) => {
                let (position, before) = self.load(id)?.unzip();
                let state = before.as_deref().map(|ticket| State::Ticket(ticket.clone()));
                (position, state, before)
            }
            other => {
                let (position, state) = state::load(self.connection, other)?.unzip();
                (position, state, None)
            }
        };
        let (raw, state) = follow(record, self.head, position, state)?;
        self.wrote = true;
        self.broken.set(true);
        insert(self.connection, &raw)?;
        self.advance(&raw, before, state)?;
        self.broken.set(false);
        Ok(())
    }

    /// After the last record of a stream was written: this is what it adds up to now.
    fn advance(&mut self, last: &Raw, before: Option<Arc<Ticket>>, state: State) -> Outcome<()> {
        let position = Position { version: last.version, seq: last.seq };
        self.head = Some(last.head());
        let (id, ticket) = match (last.stream, state) {
            (Stream::Ticket(id), State::Ticket(ticket)) => (id, Arc::new(ticket)),
            (stream, state) => return state::save(self.connection, stream, position, &state),
        };
        self.remembered.get_mut().put(id, position, Arc::clone(&ticket));
        let ahead = self.ahead.get_mut();
        ahead.put(id, position, ticket, before);
        if ahead.len() > MOST_UNWRITTEN { self.write_tickets() } else { Ok(()) }
    }

    /// Brings the rows of all tickets, and with them lists and timers, up to where the records are.
    fn write_tickets(&self) -> Outcome<()> {
        let was_broken = self.broken.replace(true);
        for (id, unwritten) in self.ahead.take().into_tickets() {
            let Unwritten { row, position, ticket, .. } = unwritten;
            state::save_ticket(self.connection, id, position, &ticket, row.as_deref())?;
        }
        self.broken.set(was_broken);
        Ok(())
    }

    /// Writes what came of a command.
    fn remember(&mut self, command: CommandId, receipt: Receipt) -> Outcome<()> {
        self.wrote = true;
        let sql = "INSERT INTO command (id, at_ms, receipt, checksum) VALUES (?1, ?2, ?3, ?4)";
        let (key, text) = (command_key(command), json(&receipt));
        let values = params![key, receipt.at.as_millis(), text, receipt_check(command, &text)];
        self.connection.prepare_cached(sql)?.execute(values)?;
        self.remembered.get_mut().put_receipt(command, Some(receipt));
        Ok(())
    }

    /// One more than the highest number of a table.
    fn next_number(&self, sql: &str) -> Outcome<u64> {
        let highest: u64 = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        check_number(highest + 1)?;
        Ok(highest + 1)
    }
}

fn insert(connection: &Connection, raw: &Raw) -> Outcome<()> {
    let (kind, number) = stream_key(raw.stream);
    let (actor, actor_number) = columns::actor(raw.actor);
    let sql = "INSERT INTO record (seq, stream, number, version, previous, at_ms, actor, \
               actor_number, command, rulebook, event, hash, erased) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    connection.prepare_cached(sql)?.execute(params![
        raw.seq,
        word(kind),
        number,
        raw.version,
        raw.previous,
        raw.at.as_millis(),
        actor,
        actor_number,
        raw.command.map(command_key),
        raw.rulebook,
        raw.event,
        raw.hash.0,
        raw.erased.map(|hash| hash.0),
    ])?;
    Ok(())
}

impl Source for SqliteTransaction<'_> {
    fn connection(&self) -> Outcome<&Connection> {
        Ok(self.connection)
    }

    fn caught_up(&self) -> Outcome<&Connection> {
        self.write_tickets()?;
        Ok(self.connection)
    }

    fn end(&self) -> Outcome<Option<Head>> {
        Ok(self.head)
    }

    fn position(&self, stream: Stream) -> Outcome<Option<Position>> {
        match stream {
            Stream::Ticket(id) => Ok(self.load(id)?.map(|(position, _)| position)),
            other => state::position(self.connection, other),
        }
    }

    fn receipt_of(&self, command: CommandId) -> Outcome<Option<Receipt>> {
        if let Some(known) = self.remembered.borrow().receipt(command) {
            return Ok(known);
        }
        let found = receipt(self.connection, command)?;
        self.remembered.borrow_mut().put_receipt(command, found);
        Ok(found)
    }

    /// Asked before every command, so no reason to write the rows of those before it.
    fn next_ticket_wake(&self) -> Outcome<Option<Timestamp>> {
        let ahead = self.ahead.borrow();
        let in_rows = first_wake(self.connection, |id| !ahead.contains(id))?;
        Ok(in_rows.into_iter().chain(ahead.first_wake()).min())
    }

    fn stored_ticket(&self, id: TicketId) -> Outcome<Option<Stored<Ticket>>> {
        Ok(self.load(id)?.map(|(Position { version, seq }, ticket)| Stored {
            version,
            seq,
            state: Ticket::clone(&ticket),
        }))
    }
}

impl Transaction for SqliteTransaction<'_> {
    fn next_ticket_id(&self) -> Result<TicketId, StoreError> {
        let next = self.next_number("SELECT ifnull(max(id), 0) FROM ticket")?;
        let last = self.ahead.borrow().last().map_or(0, |id| id.0);
        check_number(last + 1)?;
        Ok(TicketId(next.max(last + 1)))
    }

    fn next_article_id(&self) -> Result<ArticleId, StoreError> {
        Ok(ArticleId(self.next_number("SELECT ifnull(max(id), 0) FROM article")?))
    }

    fn append(&mut self, entry: Entry) -> Result<Receipt, StoreError> {
        entry.check()?;
        if let Some(command) = entry.command
            && let Some(receipt) = self.receipt_of(command)?
        {
            return Err(StoreError::Repeated { command, receipt });
        }
        Ok(self.put(entry)?)
    }

    fn restore_record(&mut self, record: ExportedRecord) -> Result<(), StoreError> {
        Ok(self.take_in(record)?)
    }

    fn restore_receipt(&mut self, command: CommandId, receipt: Receipt) -> Result<(), StoreError> {
        Ok(self.remember(command, receipt)?)
    }

    fn put_effect(&mut self, effect: &OpenEffect) -> Result<(), StoreError> {
        Ok(outbox::put(self.connection, effect)?)
    }

    fn remove_effect(&mut self, record: u64) -> Result<(), StoreError> {
        Ok(outbox::remove(self.connection, record)?)
    }

    fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        if self.broken.get() {
            let source = "an entry of this transaction could not be written".into();
            return Err(StoreError::Disk { source });
        }
        let commit = || -> Outcome<()> {
            self.write_tickets()?;
            self.connection.prepare_cached("COMMIT")?.execute([])?;
            Ok(())
        };
        commit()?;
        self.wrote = false;
        // What went into a file that nobody finds any more is acknowledged to nobody. Whoever cannot look
        // has no reason to doubt it: it is written, and the next transaction looks again.
        match self.place.check() {
            Err(gone @ StoreError::FileReplaced { .. }) => Err(gone),
            _ => Ok(()),
        }
    }
}

impl Drop for SqliteTransaction<'_> {
    fn drop(&mut self) {
        if self.wrote {
            self.remembered.get_mut().clear();
        }
        // After a commit there is nothing to roll back. Should rolling back fail, the next
        // transaction tries again before it begins.
        let _ = roll_back(self.connection);
    }
}

/// Gives up whatever transaction is still open.
pub(super) fn roll_back(connection: &Connection) -> Outcome<()> {
    if !connection.is_autocommit() {
        connection.prepare_cached("ROLLBACK")?.execute([])?;
    }
    Ok(())
}
