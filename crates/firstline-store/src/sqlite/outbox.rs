//! The outbox: a small table of what is still open.

use firstline_core::{TicketId, Timestamp};
use rusqlite::{Connection, Row, params};

use super::columns::{check, moment, sought};
use super::failure::Outcome;
use super::read::head;
use crate::error::StoreError;
use crate::outbox::{OpenEffect, Standing, horizon};

/// The columns of an open effect, in the order in which [`read`] reads them.
macro_rules! outbox_columns {
    () => {
        "seq, ticket, attempts, due_ms, dead, reason, checksum"
    };
}

/// An open effect.
pub(super) fn get(connection: &Connection, record: u64) -> Outcome<Option<OpenEffect>> {
    let sql = concat!("SELECT ", outbox_columns!(), " FROM outbox WHERE seq = ?1");
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([sought(record)])?;
    rows.next()?.map(read).transpose()
}

/// The open effects after a record.
pub(super) fn list(connection: &Connection, after: u64, limit: usize) -> Outcome<Vec<OpenEffect>> {
    let sql =
        concat!("SELECT ", outbox_columns!(), " FROM outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    let mut statement = connection.prepare_cached(sql)?;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![after, limit])?;
    let mut effects = Vec::new();
    while let Some(row) = rows.next()? {
        effects.push(read(row)?);
    }
    Ok(effects)
}

/// The effects that are due.
pub(super) fn due(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> Outcome<Vec<OpenEffect>> {
    let select = concat!("SELECT ", outbox_columns!(), " FROM outbox WHERE ");
    let horizon = horizon(now);
    let mut effects = Vec::new();
    // What is put off by more than is possible stands at the end of the index. In one statement with
    // the rest, it would be sorted anew with all of it.
    let mut conditions = vec![("due_ms <= ?1", now, now), ("due_ms > ?1", horizon, now)];
    // What nobody has tried is due since its record. One comes after now only if the clock ran back.
    if let Some(head) = head(connection)?.filter(|head| head.at > now) {
        let untried = "due_ms > ?1 AND due_ms <= ?3 AND attempts = 0";
        conditions.push((untried, now, head.at.min(horizon)));
    }
    for (condition, moment, until) in conditions {
        let sql = format!("{select}{condition} ORDER BY due_ms, seq LIMIT ?2");
        let mut statement = connection.prepare_cached(&sql)?;
        let values = params![moment.as_millis(), limit - effects.len(), until.as_millis()];
        let mut rows = match statement.parameter_count() {
            2 => statement.query(&values[..2])?,
            _ => statement.query(values)?,
        };
        while let Some(row) = rows.next()? {
            effects.push(read(row)?);
        }
    }
    Ok(effects)
}

/// The first effect of a ticket that is not dead.
pub(super) fn next(connection: &Connection, ticket: TicketId) -> Outcome<Option<OpenEffect>> {
    let sql = concat!(
        "SELECT ",
        outbox_columns!(),
        " FROM outbox WHERE ticket = ?1 AND dead = 0 ORDER BY seq LIMIT 1"
    );
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([sought(ticket.0)])?;
    rows.next()?.map(read).transpose()
}

/// Puts an open effect in place of the one before.
pub(super) fn put(connection: &Connection, effect: &OpenEffect) -> Outcome<()> {
    let OpenEffect { record, ticket, attempts, standing, reason } = effect;
    let due_ms = match standing {
        Standing::Due(at) => Some(at.as_millis()),
        Standing::Waiting | Standing::Dead => None,
    };
    let dead = *standing == Standing::Dead;
    let sql = concat!(
        "INSERT INTO outbox (",
        outbox_columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE \
         SET attempts = ?3, due_ms = ?4, dead = ?5, reason = ?6, checksum = ?7"
    );
    let values = params![record, ticket.0, attempts, due_ms, dead, reason, checksum(effect)];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Takes an effect out.
pub(super) fn remove(connection: &Connection, record: u64) -> Outcome<()> {
    let sql = "DELETE FROM outbox WHERE seq = ?1";
    connection.prepare_cached(sql)?.execute([sought(record)])?;
    Ok(())
}

fn read(row: &Row<'_>) -> Outcome<OpenEffect> {
    let due_ms: Option<i64> = row.get(3)?;
    let standing = match (due_ms, row.get(4)?) {
        (Some(due_ms), false) => Standing::Due(moment(due_ms)?),
        (None, false) => Standing::Waiting,
        (_, true) => Standing::Dead,
    };
    let (record, ticket) = (row.get(0)?, TicketId(row.get(1)?));
    let open = OpenEffect { record, ticket, attempts: row.get(2)?, standing, reason: row.get(5)? };
    if row.get::<_, i64>(6)? != checksum(&open) {
        let what = format!("the outbox is wrong about record {record}");
        return Err(StoreError::DamagedFile { what }.into());
    }
    Ok(open)
}

/// Guards a row that no record could tell to be wrong.
fn checksum(open: &OpenEffect) -> i64 {
    let OpenEffect { record, ticket, attempts, standing, reason } = open;
    let standing = match standing {
        Standing::Due(at) => at.as_millis().to_string(),
        Standing::Waiting => "waiting".to_owned(),
        Standing::Dead => "dead".to_owned(),
    };
    let reason = reason.as_ref().map_or_else(String::new, |reason| format!(" {reason}"));
    check(&format!("{record} {} {attempts} {standing}{reason}", ticket.0))
}
