//! Finding parties by their words.

use std::collections::BTreeSet;

use firstline_core::{Party, PartyId, PartyKind, PartyWord, Stream, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::columns::{self, sought};
use super::failure::Outcome;
use super::state;
use crate::error::StoreError;
use crate::journal::State;
use crate::party::{PartyPage, PartyPlace, PartyQuery};

/// Writes the words that a party is found by. The empty word, which each has, lists all of them.
pub(super) fn save_words(connection: &Connection, id: PartyId, party: &Party) -> Outcome<()> {
    let (kind, number) = (id.kind().as_str(), sought(id.number()));
    let sql = "DELETE FROM party_word WHERE kind = ?1 AND number = ?2";
    connection.prepare_cached(sql)?.execute(params![kind, number])?;
    let name = party.sort_key();
    let sql = "INSERT INTO party_word (word, name, kind, number) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(sql)?;
    for word in all_words(party) {
        insert.execute(params![word, name, kind, number])?;
    }
    save_wake(connection, id, party)
}

/// Writes when a plan opens its next ticket.
fn save_wake(connection: &Connection, id: PartyId, party: &Party) -> Outcome<()> {
    let (kind, number) = (id.kind().as_str(), sought(id.number()));
    match party.poll_timeout() {
        Some(at) => {
            let sql = "INSERT INTO party_wake (kind, number, at_ms) VALUES (?1, ?2, ?3) \
                       ON CONFLICT DO UPDATE SET at_ms = ?3";
            connection.prepare_cached(sql)?.execute(params![kind, number, at.as_millis()])?;
        }
        None if id.kind() == PartyKind::Plan => {
            let sql = "DELETE FROM party_wake WHERE kind = ?1 AND number = ?2";
            connection.prepare_cached(sql)?.execute(params![kind, number])?;
        }
        None => {}
    }
    Ok(())
}

/// When the first plan opens its next ticket.
pub(super) fn next_wake(connection: &Connection) -> Outcome<Option<Timestamp>> {
    let sql = "SELECT at_ms FROM party_wake ORDER BY at_ms LIMIT 1";
    let at_ms = connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
    at_ms.map(columns::moment).transpose()
}

/// The plans whose next date has come.
pub(super) fn due(connection: &Connection, now: Timestamp, limit: usize) -> Outcome<Vec<PartyId>> {
    let sql = "SELECT kind, number FROM party_wake WHERE at_ms <= ?1 \
               ORDER BY at_ms, kind, number LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![now.as_millis(), limit])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, number): (String, u64) = (row.get(0)?, row.get(1)?);
        match columns::stream(&kind, number) {
            Some(Stream::Party(id)) => due.push(id),
            _ => {
                return Err(
                    StoreError::Stale { what: format!("there is no {kind} {number}") }.into()
                );
            }
        }
    }
    Ok(due)
}

fn all_words(party: &Party) -> BTreeSet<String> {
    let mut words = party.words();
    words.insert(String::new());
    words
}

/// Whether the words that are kept of a party are those that it has.
pub(super) fn words_agree(connection: &Connection, id: PartyId, party: &Party) -> Outcome<bool> {
    let (kind, number) = (id.kind().as_str(), sought(id.number()));
    let sql = "SELECT word, name FROM party_word WHERE kind = ?1 AND number = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![kind, number])?;
    let (mut found, name) = (BTreeSet::new(), party.sort_key());
    while let Some(row) = rows.next()? {
        if row.get::<_, String>(1)? != name {
            return Ok(false);
        }
        found.insert(row.get::<_, String>(0)?);
    }
    Ok(found == all_words(party) && wake_agrees(connection, id, party)?)
}

fn wake_agrees(connection: &Connection, id: PartyId, party: &Party) -> Outcome<bool> {
    let sql = "SELECT at_ms FROM party_wake WHERE kind = ?1 AND number = ?2";
    let place = params![id.kind().as_str(), sought(id.number())];
    let found: Option<i64> =
        connection.prepare_cached(sql)?.query_row(place, |row| row.get(0)).optional()?;
    Ok(found == party.poll_timeout().map(Timestamp::as_millis))
}

/// A page of parties.
pub(super) fn find(connection: &Connection, query: &PartyQuery) -> Outcome<PartyPage> {
    let mut select = Select::default();
    match &query.search {
        None => select.row("word = ''", []),
        Some(search) => {
            // Each word finds parties, and those that all of them find are meant.
            for (index, word) in search.words().iter().enumerate() {
                select.sql += if index == 0 { "" } else { " INTERSECT " };
                select.word(word);
            }
            select.sql += " UNION ";
            select.word(search.whole());
        }
    }
    let Select { sql: found, mut values } = select;
    let mut sql = format!("SELECT kind, number FROM ({found}) WHERE 1");
    if !query.kinds.is_empty() {
        sql += &format!(" AND kind IN ({})", vec!["?"; query.kinds.len()].join(", "));
        values.extend(query.kinds.iter().map(|kind| kind.as_str().to_owned().into()));
    }
    if let Some(PartyPlace { name, kind, number }) = &query.after {
        sql += " AND (name, kind, number) > (?, ?, ?)";
        let kind = kind.as_str().to_owned().into();
        values.extend([name.clone().into(), kind, sought(*number).into()]);
    }
    sql += &format!(" ORDER BY name, kind, number LIMIT {}", query.page_size() + 1);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut parties = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, number): (String, u64) = (row.get(0)?, row.get(1)?);
        let stale = || StoreError::Stale { what: format!("there is no {kind} {number}") };
        let Some(Stream::Party(id)) = columns::stream(&kind, number) else {
            return Err(stale().into());
        };
        let Some((_, State::Party(party))) = state::load(connection, Stream::Party(id))? else {
            return Err(stale().into());
        };
        parties.push((id, party));
    }
    Ok(query.page(parties))
}

/// Rows of words, as they are put together.
#[derive(Default)]
struct Select {
    sql: String,
    values: Vec<Value>,
}

impl Select {
    fn row<const N: usize>(&mut self, condition: &str, values: [Value; N]) {
        self.sql += &format!("SELECT name, kind, number FROM party_word WHERE {condition}");
        self.values.extend(values);
    }

    fn word(&mut self, PartyWord { text, is_whole }: &PartyWord) {
        if *is_whole {
            self.row("word = ?", [text.clone().into()]);
        } else {
            // No letter comes after the last one that there is.
            let end = format!("{text}{}", char::MAX);
            self.row("word >= ? AND word < ?", [text.clone().into(), end.into()]);
        }
    }
}
