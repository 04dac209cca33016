//! Lists of tickets.

mod condition;
mod spelling;

use core::cmp::Reverse;

use firstline_core::{Stream, TicketFilter, TicketId};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use self::condition::Condition;
use self::spelling::Spellings;
use super::columns::{NEVER, sought};
use super::failure::Outcome;
use super::state;
use crate::chain::Position;
use crate::error::StoreError;
use crate::journal::State;
use crate::query::{Due, Found, Page, Place, Sort, TicketQuery};

/// A page of a list.
///
/// The numbers come first, from an index that has all that is asked for; then as many states are read
/// as fit on the page.
pub(super) fn find(connection: &Connection, query: &TicketQuery) -> Outcome<Page> {
    let spellings = Spellings::of(connection, &query.filter)?;
    let search = Search::of(query, &spellings)?;
    let mut statement = connection.prepare_cached(&search.sql)?;
    let mut rows = statement.query(params_from_iter(search.values))?;
    let mut tickets = Vec::new();
    while let Some(row) = rows.next()? {
        let id = TicketId(row.get(0)?);
        let Some((Position { version, seq }, State::Ticket(ticket))) =
            state::load(connection, Stream::Ticket(id))?
        else {
            let what = format!("ticket {id} is in lists and has no state");
            return Err(StoreError::Stale { what }.into());
        };
        tickets.push(Found { id, version, seq, ticket });
    }
    Ok(query.page(tickets))
}

/// How many tickets a filter finds.
pub(super) fn count(connection: &Connection, filter: &TicketFilter) -> Outcome<u64> {
    let spellings = Spellings::of(connection, filter)?;
    let Condition { sql, values } = Condition::of(filter, &spellings);
    let sql = format!("SELECT count(*) FROM ticket WHERE 1{sql}");
    Ok(connection.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?)
}

/// The statement of a list and its values, to see how SQLite goes about it.
#[cfg(test)]
pub(super) fn statement(query: &TicketQuery) -> Result<(String, Vec<Value>), StoreError> {
    let Search { sql, values } = Search::of(query, &Spellings::default())?;
    Ok((sql, values))
}

/// A statement and its values.
struct Search {
    sql: String,
    values: Vec<Value>,
}

impl Search {
    fn of(query: &TicketQuery, spellings: &Spellings) -> Result<Self, StoreError> {
        // No index follows the last record of a ticket, since every command would have to write to
        // it. But the journal itself is in this order: if all tickets are wanted, its end will do.
        let (tables, last_seq) = match query.sort {
            Sort::Updated if query.filter == TicketFilter::default() => (
                "record CROSS JOIN ticket ON record.stream = 'ticket' \
                 AND ticket.id = record.number AND ticket.last_seq = record.seq",
                "record.seq",
            ),
            _ => ("ticket", "ticket.last_seq"),
        };
        let order = match query.sort {
            Sort::Newest => "ticket.id DESC".to_owned(),
            Sort::Due => "due_ms, ticket.id".to_owned(),
            Sort::Priority => "priority DESC, due_ms, ticket.id".to_owned(),
            Sort::Updated => format!("{last_seq} DESC"),
        };
        let sql = format!("SELECT ticket.id FROM {tables} WHERE 1");
        let mut search = Self { sql, values: Vec::new() };
        let Condition { sql, values } = Condition::of(&query.filter, spellings);
        search.sql += &sql;
        search.values.extend(values);
        if let Some(cursor) = &query.after {
            search.after(cursor.place(query.sort)?, last_seq);
        }
        // One more than fits tells whether there is another page.
        search.sql += &format!(" ORDER BY {order} LIMIT {}", query.page_size() + 1);
        Ok(search)
    }

    /// Only what comes after this place. `last_seq` is the column of last records.
    fn after(&mut self, place: Place, last_seq: &str) {
        match place {
            Place::Newest(Reverse(id)) => self.and("ticket.id < ?", [sought(id).into()]),
            Place::Due(due, id) => {
                self.and("(due_ms, ticket.id) > (?, ?)", [due_value(due), sought(id).into()])
            }
            Place::Priority(Reverse(priority), due, id) => self.and(
                "(-priority, due_ms, ticket.id) > (?, ?, ?)",
                [(-i64::from(priority as u8)).into(), due_value(due), sought(id).into()],
            ),
            Place::Updated(Reverse(seq)) => {
                self.and(&format!("{last_seq} < ?"), [sought(seq).into()]);
            }
        }
    }

    fn and<const N: usize>(&mut self, condition: &str, values: [Value; N]) {
        self.sql += " AND ";
        self.sql += condition;
        self.values.extend(values);
    }
}

fn due_value(due: Due) -> Value {
    match due {
        Due::At(due) => due.as_millis().into(),
        Due::Never => NEVER.into(),
    }
}
