//! The derived tables: what a stream adds up to, and what lists and timers know of it.

use std::collections::BTreeSet;

use firstline_core::{Stream, Tag, Ticket, TicketId, Timestamp};
use rusqlite::types::ToSqlOutput::Borrowed;
use rusqlite::types::ValueRef::{self, Integer, Null, Text};
use rusqlite::{Connection, params, params_from_iter};

use super::columns::{NEVER, json, party_state, sought, state};
use super::failure::Outcome;
use super::party::save_words;
use super::work;
use crate::chain::Position;
use crate::journal::State;
use crate::record::{StreamKind, stream_key};

/// All derived tables.
pub(super) const DERIVED: &[&str] = &[
    "desk",
    "ticket",
    "ticket_tag",
    "wake",
    "agent_work",
    "article",
    "party",
    "party_word",
    "party_wake",
];

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

/// Puts a state in place of the one before.
pub(super) fn save(
    connection: &Connection,
    stream: Stream,
    position: Position,
    state: &State,
) -> Outcome<()> {
    let (kind, number) = stream_key(stream);
    let Position { version, seq } = position;
    let upsert = || connection.prepare_cached(upsert(kind));
    match (stream, state) {
        (Stream::Ticket(id), State::Ticket(ticket)) => {
            let before = match load(connection, stream)? {
                Some((_, State::Ticket(before))) => Some(before),
                _ => None,
            };
            save_ticket(connection, id, position, ticket, before.as_ref())?;
        }
        (_, State::Article(article)) => {
            upsert()?.execute(params![number, version, seq, json(article)])?;
        }
        (_, State::Party(party)) => {
            upsert()?.execute(params![number, version, seq, json(party)])?;
            if let Stream::Party(id) = stream {
                save_words(connection, id, party)?;
            }
        }
        _ => {
            upsert()?.execute(params![number, version, seq])?;
        }
    }
    Ok(())
}

/// Puts a ticket in place of the one `before`. Only what is different is written.
pub(super) fn save_ticket(
    connection: &Connection,
    id: TicketId,
    position: Position,
    ticket: &Ticket,
    before: Option<&Ticket>,
) -> Outcome<()> {
    save_row(connection, id, position, ticket, before)?;
    save_wake(connection, id, ticket, before)?;
    save_tags(connection, id, ticket, before)?;
    work::save(connection, ticket, before)
}

fn save_row(
    connection: &Connection,
    id: TicketId,
    position: Position,
    ticket: &Ticket,
    before: Option<&Ticket>,
) -> Outcome<()> {
    let state = with_room_to_grow(json(ticket), ticket);
    let mut columns = vec![
        ("version", Integer(sought(position.version))),
        ("last_seq", Integer(sought(position.seq))),
        ("state", Text(state.as_bytes())),
    ];
    // SQLite writes every index that has one of the columns named, whether its value changes or
    // not. So only those that do are named.
    let waits = ticket.waits_in();
    let now = listed(ticket, waits.as_ref());
    let waited = before.and_then(Ticket::waits_in);
    match before.map(|before| listed(before, waited.as_ref())) {
        Some(before) => {
            columns.extend(now.iter().zip(before).filter(|(a, b)| **a != *b).map(|(a, _)| *a));
        }
        None => columns.extend(now),
    }
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let sql = match before {
        Some(_) => format!("UPDATE ticket SET {} = ? WHERE id = ?", names.join(" = ?, ")),
        None => format!(
            "INSERT INTO ticket ({}, id) VALUES ({}?)",
            names.join(", "),
            "?, ".repeat(names.len())
        ),
    };
    let id = Integer(sought(id.0));
    let values = columns.into_iter().map(|(_, value)| value).chain([id]);
    connection.prepare_cached(&sql)?.execute(params_from_iter(values.map(Borrowed)))?;
    Ok(())
}

/// The state of a ticket that work goes on with, with blanks behind it. A row that does not fit into its
/// page any more takes its neighbours' pages along, and each of them has to be written.
fn with_room_to_grow(mut state: String, ticket: &Ticket) -> String {
    if ticket.status.is_open() {
        let blanks = state.len().next_multiple_of(ROOM_TO_GROW) - state.len();
        state.extend(std::iter::repeat_n(' ', blanks));
    }
    state
}

/// Rows of open tickets grow in steps of so many bytes. Two of them hold a ticket with three promises,
/// before and after its first answer.
const ROOM_TO_GROW: usize = 768;

/// The columns that lists look at, and those that say who gets it. Where it waits is told beside it.
fn listed<'t>(
    ticket: &'t Ticket,
    waits: Option<&'t (String, Timestamp)>,
) -> [(&'static str, ValueRef<'t>); 13] {
    let number = |number: Option<u64>| number.map_or(Null, |number| Integer(sought(number)));
    let moment = |at: Option<Timestamp>| at.map_or(Null, |at| Integer(at.as_millis()));
    let due = ticket.due().map_or(NEVER, Timestamp::as_millis);
    [
        ("status", Text(ticket.status.as_str().as_bytes())),
        ("open", Integer(ticket.status.is_open().into())),
        ("line", Text(ticket.line.as_str().as_bytes())),
        ("team", ticket.team.as_ref().map_or(Null, |team| Text(team.as_str().as_bytes()))),
        ("assignee", number(ticket.assignee.map(|id| id.0))),
        ("offered", number(ticket.offer().map(|offer| offer.agent.0))),
        ("waits_in", waits.map_or(Null, |(queue, _)| Text(queue.as_bytes()))),
        ("waits_ms", moment(waits.map(|(_, since)| *since))),
        ("channel", Text(ticket.channel.as_str().as_bytes())),
        ("requester", number(Some(ticket.requester.0))),
        ("organization", number(ticket.organization.map(|id| id.0))),
        ("priority", Integer(ticket.priority() as i64)),
        ("due_ms", Integer(due)),
    ]
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
    let ms = |at: Timestamp| at.as_millis();
    match (old, new) {
        (Some(old), Some(new)) => {
            let sql = "UPDATE wake SET at_ms = ?3 WHERE at_ms = ?1 AND ticket = ?2";
            connection.prepare_cached(sql)?.execute(params![ms(old), id.0, ms(new)])?;
        }
        (Some(old), None) => {
            let sql = "DELETE FROM wake WHERE at_ms = ?1 AND ticket = ?2";
            connection.prepare_cached(sql)?.execute(params![ms(old), id.0])?;
        }
        (None, Some(new)) => {
            let sql = "INSERT INTO wake (at_ms, ticket) VALUES (?1, ?2)";
            connection.prepare_cached(sql)?.execute(params![ms(new), id.0])?;
        }
        (None, None) => {}
    }
    Ok(())
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

/// Whether what lists and timers know of a ticket is what its state says.
pub(super) fn lists_agree(connection: &Connection, id: TicketId, ticket: &Ticket) -> Outcome<bool> {
    let waits = ticket.waits_in();
    let columns = listed(ticket, waits.as_ref());
    let names = columns.each_ref().map(|(name, _)| *name).join(" IS ? AND ");
    let sql = format!("SELECT 1 FROM ticket WHERE {names} IS ? AND id = ?");
    let values = columns.into_iter().map(|(_, value)| value).chain([Integer(sought(id.0))]);
    let values = params_from_iter(values.map(Borrowed));
    let mut agree = connection.prepare_cached(&sql)?.exists(values)?;
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
        StreamKind::Plan => "party WHERE kind = 'plan' AND number = ?1",
    };
    format!("SELECT {columns} FROM {place}")
}

/// The statement that writes the row of a stream other than a ticket's.
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
        StreamKind::Desk | StreamKind::Ticket => {
            "INSERT INTO desk (id, version, last_seq) VALUES (?1, ?2, ?3) \
             ON CONFLICT DO UPDATE SET version = ?2, last_seq = ?3"
        }
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
        StreamKind::Plan => {
            upsert!("party (kind, number, version, last_seq, state) VALUES ('plan', ?1")
        }
    }
}
