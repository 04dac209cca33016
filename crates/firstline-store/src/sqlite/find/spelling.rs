//! In which letters the labels of a desk are written: who asks for one finds it in any.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{Tag, TicketFilter};
use rusqlite::Connection;

use crate::sqlite::failure::Outcome;

/// The most labels of a desk that are looked through. Beyond them a label is found as it was asked for.
const MOST: usize = 10_000;

/// Each label that is asked for, and how else it stands on tickets.
#[derive(Default)]
pub(super) struct Spellings(BTreeMap<Tag, BTreeSet<String>>);

impl Spellings {
    /// Those of the labels that a filter asks for.
    pub(super) fn of(connection: &Connection, filter: &TicketFilter) -> Outcome<Self> {
        let mut asked = BTreeMap::new();
        collect(filter, &mut asked);
        if asked.is_empty() {
            return Ok(Self::default());
        }
        // From one label to the next by the index, however many tickets have each.
        let sql = format!(
            "WITH RECURSIVE known (tag) AS (
                SELECT min(tag) FROM ticket_tag
                UNION ALL
                SELECT (SELECT min(tag) FROM ticket_tag WHERE tag > known.tag) FROM known
                WHERE known.tag IS NOT NULL LIMIT {MOST}
            ) SELECT tag FROM known WHERE tag IS NOT NULL"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let known: String = row.get(0)?;
            let tag = Tag::from(known.as_str());
            for (_, spelt) in asked.iter_mut().filter(|(asked, _)| asked.is_like(&tag)) {
                spelt.insert(known.clone());
            }
        }
        Ok(Self(asked))
    }

    /// How a label is written where it is.
    pub(super) fn each(&self, tag: &Tag) -> BTreeSet<String> {
        let mut spelt = self.0.get(tag).cloned().unwrap_or_default();
        spelt.insert(tag.as_str().to_owned());
        spelt
    }
}

fn collect(filter: &TicketFilter, asked: &mut BTreeMap<Tag, BTreeSet<String>>) {
    for tag in &filter.tags {
        asked.insert(tag.clone(), BTreeSet::new());
    }
    filter.none.iter().for_each(|none| collect(none, asked));
}
