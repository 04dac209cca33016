//! A journal in SQLite from inside, for verification.

use firstline_core::{CommandId, Party, PartyId, Ticket, TicketId, Timestamp};
use rusqlite::Connection;

use super::failure::Outcome;
use super::{columns, outbox, party, read, state, work};
use crate::error::StoreError;
use crate::journal::{MAX_BATCH, Receipt};
use crate::outbox::OpenEffect;
use crate::record::Raw;
use crate::verify::{Inspect, Totals, Visit};

/// A connection with a snapshot.
pub(super) struct Inspected<'c> {
    pub(super) connection: &'c Connection,
}

impl Inspect for Inspected<'_> {
    fn slice(&self, after: u64, limit: usize) -> Result<Vec<Raw>, StoreError> {
        Ok(read::slice(self.connection, after, limit)?)
    }

    fn record(&self, seq: u64) -> Result<Option<Raw>, StoreError> {
        Ok(read::record(self.connection, seq)?)
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        Ok(read::receipt(self.connection, command)?)
    }

    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        Ok(outbox::list(self.connection, after, limit)?)
    }

    fn forgotten(&self) -> Result<Timestamp, StoreError> {
        Ok(read::forgotten(self.connection)?)
    }

    fn each_stream(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        Ok(self.visit_streams(visit)?)
    }

    fn check_lists(&self, id: TicketId, ticket: &Ticket) -> Result<(), StoreError> {
        if state::lists_agree(self.connection, id, ticket)? {
            Ok(())
        } else {
            Err(StoreError::Stale { what: format!("what lists or timers know of ticket {id}") })
        }
    }

    fn check_words(&self, id: PartyId, party: &Party) -> Result<(), StoreError> {
        if party::words_agree(self.connection, id, party)? {
            Ok(())
        } else {
            Err(StoreError::Stale { what: format!("the words that {id} is found by") })
        }
    }

    fn check_totals(&self, totals: &Totals) -> Result<(), StoreError> {
        let tables = [
            ("wake", totals.wakes),
            ("party_wake", totals.party_wakes),
            ("ticket_tag", totals.tags),
            ("party_word", totals.words),
        ];
        for (table, expected) in tables {
            let found = self.count(table)?;
            if found != expected {
                let what = format!("`{table}` has {found} rows instead of {expected}");
                return Err(StoreError::Stale { what });
            }
        }
        if work::all(self.connection)? != totals.work {
            return Err(StoreError::Stale { what: "what agents have to do".to_owned() });
        }
        self.check_receipts()?;
        Ok(self.check_pages()?)
    }
}

impl Inspected<'_> {
    fn visit_streams(&self, visit: &mut Visit<'_>) -> Outcome<()> {
        let sql = "SELECT 'desk', id FROM desk UNION ALL SELECT 'ticket', id FROM ticket \
                   UNION ALL SELECT 'article', id FROM article \
                   UNION ALL SELECT kind, number FROM party";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (word, number): (String, u64) = (row.get(0)?, row.get(1)?);
            let stale = || StoreError::Stale { what: format!("there is no {word} {number}") };
            let stream = columns::stream(&word, number).ok_or_else(stale)?;
            let (position, state) = state::load(self.connection, stream)?.ok_or_else(stale)?;
            visit(stream, position, &state)?;
        }
        Ok(())
    }

    /// Reads all receipts, most of all those of commands that left no record.
    fn check_receipts(&self) -> Outcome<()> {
        let mut after = None;
        loop {
            let receipts = read::receipts(self.connection, after, MAX_BATCH)?;
            match receipts.last() {
                Some((last, _)) => after = Some(*last),
                None => break,
            }
        }
        let misdated = self.count("command WHERE at_ms IS NOT json_extract(receipt, '$.at')")?;
        if misdated == 0 {
            return Ok(());
        }
        let what = format!("{misdated} commands are dated otherwise than their receipts");
        Err(StoreError::DamagedFile { what }.into())
    }

    fn count(&self, table: &str) -> Outcome<u64> {
        let sql = format!("SELECT count(*) FROM {table}");
        Ok(self.connection.query_row(&sql, [], |row| row.get(0))?)
    }

    /// Lets SQLite compare its own pages: trees, indexes, free space.
    fn check_pages(&self) -> Outcome<()> {
        let sql = "PRAGMA integrity_check(1)";
        let what: String = self.connection.query_row(sql, [], |row| row.get(0))?;
        if what == "ok" { Ok(()) } else { Err(StoreError::DamagedFile { what }.into()) }
    }
}
