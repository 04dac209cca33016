//! Who waits for whom: the queues, and what agents have to do.

use std::collections::BTreeMap;

use firstline_core::{AgentId, Channel, Priority, TicketId, Timestamp};
use rusqlite::{Connection, params};

use super::columns::{moment, sought};
use super::failure::Outcome;
use crate::error::StoreError;
use crate::journal::{LATEST, Workload};

/// The names of the queues. Each is found behind the one before it, so that it takes as many steps as
/// there are queues, however many wait in them.
pub(super) fn queues(connection: &Connection) -> Outcome<Vec<String>> {
    let sql = "WITH RECURSIVE queue (name) AS (
                   SELECT min(waits_in) FROM ticket WHERE waits_in IS NOT NULL
                   UNION ALL
                   SELECT (SELECT min(waits_in) FROM ticket WHERE waits_in > queue.name)
                   FROM queue WHERE queue.name IS NOT NULL
               ) SELECT name FROM queue WHERE name IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// Those of one priority in a queue, after one of them.
pub(super) fn queued(
    connection: &Connection,
    queue: &str,
    priority: Priority,
    after: Option<(Timestamp, TicketId)>,
    limit: usize,
) -> Outcome<Vec<(Timestamp, TicketId)>> {
    let sql = "SELECT waits_ms, id FROM ticket INDEXED BY ticket_by_turn
               WHERE waits_in = ?1 AND priority = ?2 AND (waits_ms, id) > (?3, ?4)
               ORDER BY waits_ms, id LIMIT ?5";
    let (ms, id) = after.map_or((i64::MIN, -1), |(at, id)| (at.as_millis(), sought(id.0)));
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![queue, priority as i64, ms, id, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((moment(row.get(0)?)?, TicketId(row.get(1)?)));
    }
    Ok(found)
}

pub(super) fn workload(connection: &Connection, agent: AgentId) -> Outcome<Workload> {
    let has = "SELECT channel, count(*) FROM ticket INDEXED BY ticket_by_assignee
               WHERE assignee = ?1 AND open = 1 AND status IN ('new', 'open') GROUP BY channel";
    let offered = "SELECT channel, count(*) FROM ticket WHERE offered = ?1 GROUP BY channel";
    let last = "SELECT max(assigned_ms) FROM ticket INDEXED BY ticket_by_gift
                WHERE assignee = ?1 AND assigned_ms IS NOT NULL";
    let last = connection.prepare_cached(last)?.query_row([sought(agent.0)], |row| row.get(0))?;
    Ok(Workload {
        has: by_channel(connection, has, agent)?,
        offered: by_channel(connection, offered, agent)?,
        last_given: last_moment(last)?,
    })
}

pub(super) fn last_touched(connection: &Connection, agent: AgentId) -> Outcome<Option<Timestamp>> {
    let sql = "SELECT max(json_extract(state, '$.updated_at')) FROM (
                   SELECT state FROM ticket INDEXED BY ticket_by_gift
                   WHERE assignee = ?1 AND assigned_ms IS NOT NULL
                   ORDER BY assigned_ms DESC, id DESC LIMIT ?2)";
    let mut statement = connection.prepare_cached(sql)?;
    last_moment(statement.query_row(params![sought(agent.0), LATEST], |row| row.get(0))?)
}

fn by_channel(
    connection: &Connection,
    sql: &str,
    agent: AgentId,
) -> Outcome<BTreeMap<Channel, u32>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([sought(agent.0)])?;
    let mut counts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let word: String = row.get(0)?;
        let channel = Channel::ALL.iter().copied().find(|channel| channel.as_str() == word);
        let stale = || StoreError::Stale { what: format!("`{word}` is no channel") };
        counts.insert(channel.ok_or_else(stale)?, row.get(1)?);
    }
    Ok(counts)
}

fn last_moment(at_ms: Option<i64>) -> Outcome<Option<Timestamp>> {
    at_ms.map(moment).transpose()
}
