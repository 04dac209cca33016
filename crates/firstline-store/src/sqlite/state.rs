//! The derived tables: what a stream adds up to, and what lists and timers know of it.

use std::collections::BTreeSet;

use firstline_core::{Stream, Tag, Ticket, TicketId, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::columns::{json, party_state, sought, state};
use super::failure::Outcome;
use crate::chain::Position;
use crate::journal::State;
use crate::record::{StreamKind, stream_key};

/// All derived tables.
pub(super) const DERIVED: &[&str] =
    &["desk", "ticket", "article", "party", "wake", "listing", "ticket_tag"];

/// Where a stream stands.
pub(super) fn position(connection: &Connection, stream: Stream) -> Outcome<Option<Position>> {
    let (kind, number) = stream_key(stream);
    let mut statement = connection.prepare_cached(&select("version, last_seq", kind))?;
    let mut rows = statement.query([sought(number)])?;
    Ok(match rows.next()? {
        Some(row) => Some(Position { version: row.get(0)?, seq: row.get(1)? }),
        None => None,
    })
}

/// Where a stream stands and what it adds up to.
pub(super) fn load(connection: &Connection, stream: Stream) -> Outcome<Option<(Position, State)>> {
    if stream == Stream::Desk {
        return Ok(position(connection, stream)?.map(|position| (position, State::Desk)));
    }
    let (kind, number) = stream_key(stream);
    let mut statement = connection.prepare_cached(&select("version, last_seq, state", kind))?;
    let mut rows = statement.query([sought(number)])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let position = Position { version: row.get(0)?, seq: row.get(1)? };
    let text: &str = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
    let state = match stream {
        Stream::Ticket(_) => State::Ticket(state(stream, text)?),
        Stream::Article(_) => State::Article(state(stream, text)?),
        Stream::Party(id) => State::Party(party_state(id, text)?),
        Stream::Desk => State::Desk,
    };
    Ok(Some((position, state)))
}

/// Puts a state in place of the one before, and changes of wake times and lists what is different
/// from the ticket `before`.
pub(super) fn save(
    connection: &Connection,
    stream: Stream,
    position: Position,
    state: &State,
    before: Option<&Ticket>,
) -> Outcome<()> {
    let (kind, number) = stream_key(stream);
    let Position { version, seq } = position;
    let mut statement = connection.prepare_cached(upsert(kind))?;
    match state {
        State::Desk => statement.execute(params![number, version, seq])?,
        State::Ticket(ticket) => statement.execute(params![number, version, seq, json(ticket)])?,
        State::Article(article) => {
            statement.execute(params![number, version, seq, json(article)])?
        }
        State::Party(party) => statement.execute(params![number, version, seq, json(party)])?,
    };
    if let (Stream::Ticket(id), State::Ticket(ticket)) = (stream, state) {
        save_wake(connection, id, ticket, before)?;
        save_listing(connection, id, ticket, before)?;
        save_tags(connection, id, ticket, before)?;
    }
    Ok(())
}

fn save_wake(
    connection: &Connection,
    id: TicketId,
    ticket: &Ticket,
    before: Option<&Ticket>,
) -> Outcome<()> {
    let (old, new) = (before.and_then(Ticket::poll_timeout), ticket.poll_timeout());
    if old == new {
        return Ok(());
    }
    if let Some(at) = old {
        let sql = "DELETE FROM wake WHERE at_ms = ?1 AND ticket = ?2";
        connection.prepare_cached(sql)?.execute(params![at.as_millis(), id.0])?;
    }
    if let Some(at) = new {
        let sql = "INSERT INTO wake (at_ms, ticket) VALUES (?1, ?2)";
        connection.prepare_cached(sql)?.execute(params![at.as_millis(), id.0])?;
    }
    Ok(())
}

fn save_listing(
    connection: &Connection,
    id: TicketId,
    ticket: &Ticket,
    before: Option<&Ticket>,
) -> Outcome<()> {
    let columns = listing_columns(ticket);
    // SQLite writes every index that has one of the columns named, whether its value changes or
    // not. So only those that do are named.
    let changed: Vec<_> = match before.map(listing_columns) {
        Some(before) => {
            let pairs = columns.into_iter().zip(before);
            pairs.filter(|(column, before)| column != before).map(|(column, _)| column).collect()
        }
        None => columns.into(),
    };
    let names: Vec<&str> = changed.iter().map(|(name, _)| *name).collect();
    let sql = match before {
        _ if names.is_empty() => return Ok(()),
        Some(_) => format!("UPDATE listing SET {} = ? WHERE ticket = ?", names.join(" = ?, ")),
        None => format!(
            "INSERT INTO listing ({}, ticket) VALUES ({}?)",
            names.join(", "),
            "?, ".repeat(names.len())
        ),
    };
    let values = changed.into_iter().map(|(_, value)| value).chain([sought(id.0).into()]);
    connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// The columns of a list row.
fn listing_columns(ticket: &Ticket) -> [(&'static str, Value); 9] {
    let number = |number: u64| Value::from(sought(number));
    [
        ("status", ticket.status.as_str().to_owned().into()),
        ("open", ticket.status.is_open().into()),
        ("line", ticket.line.as_str().to_owned().into()),
        ("team", ticket.team.as_ref().map(|team| team.as_str().to_owned()).into()),
        ("assignee", ticket.assignee.map(|id| number(id.0)).into()),
        ("requester", number(ticket.requester.0)),
        ("organization", ticket.organization.map(|id| number(id.0)).into()),
        ("priority", i64::from(ticket.priority() as u8).into()),
        ("due_ms", ticket.due().map(Timestamp::as_millis).into()),
    ]
}

fn save_tags(
    connection: &Connection,
    id: TicketId,
    ticket: &Ticket,
    before: Option<&Ticket>,
) -> Outcome<()> {
    let none = BTreeSet::<Tag>::new();
    let before = before.map_or(&none, |before| &before.tags);
    for tag in before.difference(&ticket.tags) {
        let sql = "DELETE FROM ticket_tag WHERE tag = ?1 AND ticket = ?2";
        connection.prepare_cached(sql)?.execute(params![tag.as_str(), id.0])?;
    }
    for tag in ticket.tags.difference(before) {
        let sql = "INSERT INTO ticket_tag (tag, ticket) VALUES (?1, ?2)";
        connection.prepare_cached(sql)?.execute(params![tag.as_str(), id.0])?;
    }
    Ok(())
}

/// Whether the wake time and the list rows of a ticket say what its state says.
pub(super) fn lists_agree(connection: &Connection, id: TicketId, ticket: &Ticket) -> Outcome<bool> {
    let columns = listing_columns(ticket);
    let names = columns.each_ref().map(|(name, _)| *name).join(" IS ? AND ");
    let sql = format!("SELECT 1 FROM listing WHERE {names} IS ? AND ticket = ?");
    let values = columns.into_iter().map(|(_, value)| value).chain([sought(id.0).into()]);
    let mut agree = connection.prepare_cached(&sql)?.exists(params_from_iter(values))?;
    if let Some(at) = ticket.poll_timeout() {
        let sql = "SELECT 1 FROM wake WHERE at_ms = ?1 AND ticket = ?2";
        agree &= connection.prepare_cached(sql)?.exists(params![at.as_millis(), id.0])?;
    }
    for tag in &ticket.tags {
        let sql = "SELECT 1 FROM ticket_tag WHERE tag = ?1 AND ticket = ?2";
        agree &= connection.prepare_cached(sql)?.exists(params![tag.as_str(), id.0])?;
    }
    Ok(agree)
}

/// The statement that reads columns of the row of a stream.
fn select(columns: &str, kind: StreamKind) -> String {
    let place = match kind {
        StreamKind::Desk => "desk WHERE id = ?1",
        StreamKind::Ticket => "ticket WHERE id = ?1",
        StreamKind::Article => "article WHERE id = ?1",
        StreamKind::Contact => "party WHERE kind = 'contact' AND number = ?1",
        StreamKind::Organization => "party WHERE kind = 'organization' AND number = ?1",
        StreamKind::Agent => "party WHERE kind = 'agent' AND number = ?1",
        StreamKind::Equipment => "party WHERE kind = 'equipment' AND number = ?1",
        StreamKind::Contract => "party WHERE kind = 'contract' AND number = ?1",
    };
    format!("SELECT {columns} FROM {place}")
}

/// The statement that writes the row of a stream.
fn upsert(kind: StreamKind) -> &'static str {
    macro_rules! upsert {
        ($into:literal) => {
            concat!(
                "INSERT INTO ",
                $into,
                ", ?2, ?3, ?4) ON CONFLICT DO UPDATE SET version = ?2, last_seq = ?3, state = ?4"
            )
        };
    }
    match kind {
        StreamKind::Desk => {
            "INSERT INTO desk (id, version, last_seq) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO UPDATE SET version = ?2, last_seq = ?3"
        }
        StreamKind::Ticket => upsert!("ticket (id, version, last_seq, state) VALUES (?1"),
        StreamKind::Article => upsert!("article (id, version, last_seq, state) VALUES (?1"),
        StreamKind::Contact => {
            upsert!("party (kind, number, version, last_seq, state) VALUES ('contact', ?1")
        }
        StreamKind::Organization => {
            upsert!("party (kind, number, version, last_seq, state) VALUES ('organization', ?1")
        }
        StreamKind::Agent => {
            upsert!("party (kind, number, version, last_seq, state) VALUES ('agent', ?1")
        }
        StreamKind::Equipment => {
            upsert!("party (kind, number, version, last_seq, state) VALUES ('equipment', ?1")
        }
        StreamKind::Contract => {
            upsert!("party (kind, number, version, last_seq, state) VALUES ('contract', ?1")
        }
    }
}
