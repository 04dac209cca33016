//! Who waits for somebody to be asked.

use firstline_core::{Priority, TicketId, Timestamp};
use rusqlite::{Connection, params};

use super::columns::{moment, sought};
use super::failure::Outcome;

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
