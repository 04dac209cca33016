//! Reading, alike for a reader's own connection and for a transaction's.

use std::path::Path;

use firstline_core::{
    AgentId, Article, ArticleId, CommandId, Party, PartyId, Priority, Stream, Ticket, TicketFilter,
    TicketId, Timestamp, Workload,
};
use rusqlite::{Connection, params};

use super::columns::{self, command_key, moment, receipt_check, record_columns, state as decode};
use super::failure::Outcome;
use super::inspect::Inspected;
use super::{care, find, outbox, party, queue, state, work};
use crate::chain::{Position, walk};
use crate::error::StoreError;
use crate::export::ExportedRecord;
use crate::journal::{
    ArticleChange, HIGHEST, Head, MAX_BATCH, Reader, Receipt, State, Stored, Verified,
};
use crate::outbox::OpenEffect;
use crate::party::{PartyPage, PartyQuery};
use crate::query::{Page, TicketQuery};
use crate::record::{Hash, Raw, Record};
use crate::verify::verify;

/// Whatever has a connection to read by.
pub(super) trait Source: Send {
    /// For all that is written at once: everything but tickets, lists and timers. An error if its file
    /// is not in its place any more.
    fn connection(&self) -> Outcome<&Connection>;

    /// For tickets, lists and timers, too.
    fn caught_up(&self) -> Outcome<&Connection> {
        self.connection()
    }

    /// Where the journal ends.
    fn end(&self) -> Outcome<Option<Head>> {
        head(self.connection()?)
    }

    /// Where a stream stands.
    fn position(&self, stream: Stream) -> Outcome<Option<Position>> {
        state::position(self.connection()?, stream)
    }

    /// What came of a command.
    fn receipt_of(&self, command: CommandId) -> Outcome<Option<Receipt>> {
        receipt(self.connection()?, command)
    }

    /// When the first ticket wants to be woken.
    fn next_ticket_wake(&self) -> Outcome<Option<Timestamp>> {
        first_wake(self.connection()?, |_| true)
    }

    /// A ticket as it is now.
    fn stored_ticket(&self, id: TicketId) -> Outcome<Option<Stored<Ticket>>> {
        stored(self.connection()?, Stream::Ticket(id), |state| match state {
            State::Ticket(ticket) => Some(ticket),
            _ => None,
        })
    }
}

impl<S: Source> Reader for S {
    fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(self.end()?)
    }

    fn ticket(&self, id: TicketId) -> Result<Option<Stored<Ticket>>, StoreError> {
        Ok(self.stored_ticket(id)?)
    }

    fn article(&self, id: ArticleId) -> Result<Option<Stored<Article>>, StoreError> {
        Ok(stored(self.connection()?, Stream::Article(id), |state| match state {
            State::Article(article) => Some(article),
            _ => None,
        })?)
    }

    fn party(&self, id: PartyId) -> Result<Option<Stored<Party>>, StoreError> {
        Ok(stored(self.connection()?, Stream::Party(id), |state| match state {
            State::Party(party) => Some(party),
            _ => None,
        })?)
    }

    fn knows_party(&self, id: PartyId) -> Result<bool, StoreError> {
        Ok(state::position(self.connection()?, Stream::Party(id))?.is_some())
    }

    fn find_parties(&self, query: &PartyQuery) -> Result<PartyPage, StoreError> {
        Ok(in_snapshot(self.connection()?, |connection| party::find(connection, query))?)
    }

    fn version(&self, stream: Stream) -> Result<u64, StoreError> {
        Ok(self.position(stream)?.map_or(0, |position| position.version))
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        let (ticket, party) = (self.next_ticket_wake()?, party::next_wake(self.connection()?)?);
        Ok(ticket.into_iter().chain(party).min())
    }

    fn parties_due(&self, now: Timestamp, limit: usize) -> Result<Vec<PartyId>, StoreError> {
        Ok(party::due(self.connection()?, now, limit.min(MAX_BATCH))?)
    }

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<TicketId>, StoreError> {
        Ok(due(self.caught_up()?, now, limit.min(MAX_BATCH))?)
    }

    fn queues(&self) -> Result<Vec<String>, StoreError> {
        Ok(queue::queues(self.caught_up()?)?)
    }

    fn queued(
        &self,
        name: &str,
        priority: Priority,
        after: Option<(Timestamp, TicketId)>,
        limit: usize,
    ) -> Result<Vec<(Timestamp, TicketId)>, StoreError> {
        let limit = limit.min(MAX_BATCH);
        Ok(queue::queued(self.caught_up()?, name, priority, after, limit)?)
    }

    fn find(&self, query: &TicketQuery) -> Result<Page, StoreError> {
        Ok(in_snapshot(self.caught_up()?, |connection| find::find(connection, query))?)
    }

    fn workload(&self, agent: AgentId) -> Result<Workload, StoreError> {
        Ok(work::of(self.caught_up()?, agent)?)
    }

    fn count(&self, filter: &TicketFilter) -> Result<u64, StoreError> {
        Ok(find::count(self.caught_up()?, filter)?)
    }

    fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let raws = slice(self.connection()?, after, limit.min(MAX_BATCH))?;
        raws.into_iter().map(Raw::read).collect()
    }

    fn history(&self, stream: Stream) -> Result<Vec<Record>, StoreError> {
        let raws = in_snapshot(self.caught_up()?, |connection| history(connection, stream))?;
        raws.into_iter().map(Raw::read).collect()
    }

    fn article_changes(&self, after: u64, limit: usize) -> Result<Vec<ArticleChange>, StoreError> {
        Ok(article_changes(self.connection()?, after, limit.min(MAX_BATCH))?)
    }

    fn last_article_change(&self) -> Result<u64, StoreError> {
        Ok(last_article_change(self.connection()?)?)
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.receipt_of(command)?)
    }

    fn export(&self, after: u64, limit: usize) -> Result<Vec<ExportedRecord>, StoreError> {
        let raws = slice(self.connection()?, after, limit.min(MAX_BATCH))?;
        raws.into_iter().map(ExportedRecord::of).collect()
    }

    fn receipts(
        &self,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<(CommandId, Receipt)>, StoreError> {
        Ok(receipts(self.connection()?, after, limit.min(MAX_BATCH))?)
    }

    fn forgotten(&self) -> Result<Timestamp, StoreError> {
        Ok(forgotten(self.connection()?)?)
    }

    fn open_effect(&self, record: u64) -> Result<Option<OpenEffect>, StoreError> {
        Ok(outbox::get(self.connection()?, record)?)
    }

    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        Ok(outbox::list(self.connection()?, after, limit.min(MAX_BATCH))?)
    }

    fn effects_due(&self, now: Timestamp, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        Ok(outbox::due(self.connection()?, now, limit.min(MAX_BATCH))?)
    }

    fn next_effect(&self, ticket: TicketId) -> Result<Option<OpenEffect>, StoreError> {
        Ok(outbox::next(self.connection()?, ticket)?)
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        // SQLite copies no file within a transaction, whose records can be exported all the same.
        if self.connection()?.is_autocommit() {
            care::backup_by_reader(self.connection()?, to)
        } else {
            crate::export::backup(self, to)
        }
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        Ok(in_snapshot(self.caught_up()?, |connection| Ok(verify(&Inspected { connection })?))?)
    }
}

/// Runs several statements against the same state of the file. A transaction sees one anyway.
pub(super) fn in_snapshot<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Outcome<T>,
) -> Outcome<T> {
    if connection.is_autocommit() {
        read(&*connection.unchecked_transaction()?)
    } else {
        read(connection)
    }
}

pub(super) fn head(connection: &Connection) -> Outcome<Option<Head>> {
    let sql = "SELECT seq, at_ms, hash FROM record ORDER BY seq DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    Ok(match rows.next()? {
        Some(row) => {
            let (seq, at) = (row.get(0)?, moment(row.get(1)?)?);
            Some(Head { seq, at, hash: Hash(row.get(2)?) })
        }
        None => None,
    })
}

fn stored<T>(
    connection: &Connection,
    stream: Stream,
    inner: impl FnOnce(State) -> Option<T>,
) -> Outcome<Option<Stored<T>>> {
    Ok(state::load(connection, stream)?.and_then(|(position, state)| {
        let state = inner(state)?;
        Some(Stored { version: position.version, seq: position.seq, state })
    }))
}

/// When the first of the tickets wants to be woken that `counts`.
pub(super) fn first_wake(
    connection: &Connection,
    counts: impl Fn(TicketId) -> bool,
) -> Outcome<Option<Timestamp>> {
    let sql = "SELECT at_ms, ticket FROM wake ORDER BY at_ms";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if counts(TicketId(row.get(1)?)) {
            return Ok(Some(moment(row.get(0)?)?));
        }
    }
    Ok(None)
}

fn due(connection: &Connection, now: Timestamp, limit: usize) -> Outcome<Vec<TicketId>> {
    let sql = "SELECT ticket FROM wake WHERE at_ms <= ?1 ORDER BY at_ms, ticket LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows =
        statement.query_map(params![now.as_millis(), limit], |row| row.get(0).map(TicketId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The records after number `after`.
pub(super) fn slice(connection: &Connection, after: u64, limit: usize) -> Outcome<Vec<Raw>> {
    let sql =
        concat!("SELECT ", record_columns!(), " FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![after.min(HIGHEST), limit])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(columns::raw(row)?);
    }
    Ok(records)
}

/// One record.
pub(super) fn record(connection: &Connection, seq: u64) -> Outcome<Option<Raw>> {
    let sql = concat!("SELECT ", record_columns!(), " FROM record WHERE seq = ?1");
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([seq.min(HIGHEST)])?;
    rows.next()?.map(columns::raw).transpose()
}

fn history(connection: &Connection, stream: Stream) -> Outcome<Vec<Raw>> {
    match state::position(connection, stream)? {
        Some(position) => walk(stream, position, |seq| record(connection, seq)),
        None => Ok(Vec::new()),
    }
}

fn article_changes(
    connection: &Connection,
    after: u64,
    limit: usize,
) -> Outcome<Vec<ArticleChange>> {
    let sql = "SELECT last_seq, id, state FROM article WHERE last_seq > ?1 ORDER BY last_seq \
               LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![after.min(HIGHEST), limit])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let article = ArticleId(row.get(1)?);
        let text = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        let state = decode(Stream::Article(article), text)?;
        changes.push(ArticleChange { seq: row.get(0)?, article, state });
    }
    Ok(changes)
}

fn last_article_change(connection: &Connection) -> Outcome<u64> {
    let sql = "SELECT ifnull(max(last_seq), 0) FROM article";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

pub(super) fn receipt(connection: &Connection, command: CommandId) -> Outcome<Option<Receipt>> {
    let mut statement =
        connection.prepare_cached("SELECT receipt, checksum FROM command WHERE id = ?1")?;
    let mut rows = statement.query([command_key(command)])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let text = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(Some(decode_receipt(command, text, row.get(1)?)?))
}

fn decode_receipt(command: CommandId, text: &str, checksum: i64) -> Result<Receipt, StoreError> {
    let damaged = |what: String| StoreError::DamagedFile {
        what: format!("the receipt of command {command}: {what}"),
    };
    if receipt_check(command, text) != checksum {
        return Err(damaged("it is not what was written".to_owned()));
    }
    serde_json::from_str(text).map_err(|error| damaged(error.to_string()))
}

pub(super) fn receipts(
    connection: &Connection,
    after: Option<CommandId>,
    limit: usize,
) -> Outcome<Vec<(CommandId, Receipt)>> {
    // Every key is at least sixteen bytes long and so comes after the empty one.
    let after = after.map(command_key).map_or_else(Vec::new, Vec::from);
    let sql = "SELECT id, receipt, checksum FROM command WHERE id > ?1 ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, limit])?;
    let mut receipts = Vec::new();
    while let Some(row) = rows.next()? {
        let command = columns::command_id(row.get(0)?);
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        receipts.push((command, decode_receipt(command, text, row.get(2)?)?));
    }
    Ok(receipts)
}

pub(super) fn forgotten(connection: &Connection) -> Outcome<Timestamp> {
    let mut statement = connection.prepare_cached("SELECT before_ms, checksum FROM forgotten")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(Timestamp::MIN) };
    let (before_ms, checksum): (i64, i64) = (row.get(0)?, row.get(1)?);
    if columns::forgotten_check(before_ms) == checksum {
        return moment(before_ms);
    }
    let what = "up to when commands were forgotten is not what was written".to_owned();
    Err(StoreError::DamagedFile { what }.into())
}
