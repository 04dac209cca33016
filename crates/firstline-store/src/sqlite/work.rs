//! What agents have to do, kept as sums.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{AgentId, Channel, Ticket, Timestamp, Workload};
use rusqlite::{Connection, Row, params};

use super::columns::{moment, sought};
use super::failure::Outcome;
use crate::error::StoreError;

/// What an agent has to do.
pub(super) fn of(connection: &Connection, agent: AgentId) -> Outcome<Workload> {
    let sql = "SELECT agent, channel, carried, offered, given_ms, freed_ms FROM agent_work \
               WHERE agent = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([sought(agent.0)])?;
    let mut sum = Workload::default();
    while let Some(row) = rows.next()? {
        sum.add(&share(row)?.1);
    }
    Ok(sum)
}

/// What all of them have to do.
pub(super) fn all(connection: &Connection) -> Outcome<BTreeMap<AgentId, Workload>> {
    let sql = "SELECT agent, channel, carried, offered, given_ms, freed_ms FROM agent_work";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all = BTreeMap::<AgentId, Workload>::new();
    while let Some(row) = rows.next()? {
        let (agent, share) = share(row)?;
        all.entry(agent).or_default().add(&share);
    }
    Ok(all)
}

/// What a row says of whom.
fn share(row: &Row<'_>) -> Outcome<(AgentId, Workload)> {
    let agent = AgentId(row.get(0)?);
    let word: String = row.get(1)?;
    let known = Channel::ALL.into_iter().find(|channel| channel.as_str() == word);
    let channel =
        known.ok_or_else(|| StoreError::Stale { what: format!("the work of {agent}") })?;
    let some = |count: u32| (count > 0).then_some((channel, count)).into_iter().collect();
    let at = |ms: Option<i64>| ms.map(moment).transpose();
    Ok((
        agent,
        Workload {
            carried: some(row.get(2)?),
            offered: some(row.get(3)?),
            last_given: at(row.get(4)?)?,
            last_freed: at(row.get(5)?)?,
        },
    ))
}

/// Puts what a ticket says of agents in place of what the one `before` said. Moments only ever move
/// on, so the latest of all tickets stays the latest.
pub(super) fn save(connection: &Connection, is: &Ticket, was: Option<&Ticket>) -> Outcome<()> {
    let said = was.into_iter().flat_map(Ticket::agents);
    for agent in said.chain(is.agents()).collect::<BTreeSet<_>>() {
        let now = Workload::on(is, agent);
        let before = was.map(|was| Workload::on(was, agent)).unwrap_or_default();
        if now == before {
            continue;
        }
        let more = |now: &BTreeMap<Channel, u32>, before: &BTreeMap<Channel, u32>| {
            now.values().map(|it| i64::from(*it)).sum::<i64>()
                - before.values().map(|it| i64::from(*it)).sum::<i64>()
        };
        let sql = "INSERT INTO agent_work (agent, channel, carried, offered, given_ms, freed_ms) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET \
                   carried = carried + ?3, offered = offered + ?4, \
                   given_ms = max(ifnull(given_ms, ?5), ifnull(?5, given_ms)), \
                   freed_ms = max(ifnull(freed_ms, ?6), ifnull(?6, freed_ms))";
        connection.prepare_cached(sql)?.execute(params![
            sought(agent.0),
            is.channel.as_str(),
            more(&now.carried, &before.carried),
            more(&now.offered, &before.offered),
            now.last_given.map(Timestamp::as_millis),
            now.last_freed.map(Timestamp::as_millis),
        ])?;
        if now == Workload::default() {
            // Whoever was only asked leaves no trace, as if the ticket had never been read in between.
            let sql = "DELETE FROM agent_work WHERE agent = ?1 AND channel = ?2 \
                       AND carried = 0 AND offered = 0 AND given_ms IS NULL";
            connection
                .prepare_cached(sql)?
                .execute(params![sought(agent.0), is.channel.as_str()])?;
        }
    }
    Ok(())
}
