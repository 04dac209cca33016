//! The rules that a desk works by, and where they stand in its journal.

use firstline_core::{Actor, Event, Rulebook, RulebookAdopted, Stream, Timestamp};
use firstline_store::{Entry, Reader, State, Transaction};

use crate::error::Error;

/// A rulebook, with everything else that was ever in force on the desk.
#[derive(Clone)]
pub(super) struct Rules {
    /// The rulebook, under its version.
    pub(super) book: Rulebook,
    /// Whether the journal says that it is in force. If not, it will with the next record, and its
    /// version is the one that it is going to have.
    adopted: bool,
    /// How many versions the journal had when this looked.
    seen: u64,
    adoptions: Adoptions,
}

/// When each version came into force, in order.
type Adoptions = Vec<(Timestamp, u32)>;

impl Rules {
    /// A rulebook beside what the journal knows.
    pub(super) fn new(book: Rulebook, journal: &dyn Reader) -> Result<Self, Error> {
        let (adoptions, known) = history(journal)?;
        let last = known.last();
        let adopted = last.is_some_and(|last| last.source == book.source());
        let last = last.map_or(0, |last| last.version);
        let mut book = book.with_version(if adopted { last } else { last + 1 });
        for earlier in &known {
            book.recall(earlier)?;
        }
        Ok(Self { book, adopted, seen: known.len() as u64, adoptions })
    }

    /// Takes in what other desks on this folder have adopted since: promises may have been made by
    /// it, and its version is taken.
    pub(super) fn refresh(&mut self, journal: &dyn Reader) -> Result<(), Error> {
        let version = journal.version(Stream::Desk)?;
        if version == self.seen {
            return Ok(());
        }
        if !self.adopted {
            *self = Self::new(self.book.clone(), journal)?;
            return Ok(());
        }
        let (adoptions, known) = history(journal)?;
        for adopted in known {
            self.book.recall(&adopted)?;
        }
        (self.seen, self.adoptions) = (version, adoptions);
        Ok(())
    }

    /// The rules that are still in force, if these are not yet.
    pub(super) fn before(&self) -> Option<Self> {
        let last = self.book.version().checked_sub(1).filter(|_| !self.adopted)?;
        Some(Self { book: self.book.as_of(last)?, adopted: true, ..self.clone() })
    }

    /// The rulebook that was in force at a moment, with every other one that a promise was pinned to by
    /// then.
    pub(super) fn at(&self, at: Timestamp) -> Rulebook {
        let last = self.adoptions.iter().rev().find(|(since, _)| *since <= at);
        let earlier = last.and_then(|(_, version)| self.book.as_of(*version));
        earlier.unwrap_or_else(|| self.book.clone())
    }

    /// The rules that were in force before these, each with the moment at which others came into
    /// force.
    pub(super) fn earlier(&self, now: Timestamp) -> Vec<(Timestamp, Rulebook)> {
        let ends = self.adoptions.iter().skip(1).map(|(at, _)| *at).chain([now]);
        let earlier = self.adoptions.iter().zip(ends).filter_map(|((_, version), until)| {
            let is_over = *version != self.book.version();
            Some((until, self.book.as_of(*version).filter(|_| is_over)?))
        });
        earlier.collect()
    }

    /// Records that the rulebook is in force, unless the journal says so already. The transaction
    /// must be the one of the last [`refresh`](Self::refresh), in which nobody else adopts anything.
    pub(super) fn adopt(
        &mut self,
        transaction: &mut dyn Transaction,
        now: Timestamp,
    ) -> Result<(), Error> {
        if self.adopted {
            return Ok(());
        }
        let version = self.book.version();
        let source = self.book.source().to_owned();
        transaction.append(Entry {
            stream: Stream::Desk,
            expected: self.seen,
            at: now,
            actor: Actor::System,
            command: None,
            rulebook: version,
            events: vec![Event::Rulebook(RulebookAdopted { version, source })],
            state: State::Desk,
        })?;
        self.adopted = true;
        self.seen += 1;
        self.adoptions.push((now, version));
        Ok(())
    }
}

/// All rulebooks that were ever in force, in order, and when each came to be.
fn history(journal: &dyn Reader) -> Result<(Adoptions, Vec<RulebookAdopted>), Error> {
    let records = journal.history(Stream::Desk)?.into_iter();
    let adopted = records.filter_map(|record| match record.event {
        Event::Rulebook(adopted) => Some(((record.at, adopted.version), adopted)),
        _ => None,
    });
    Ok(adopted.unzip())
}
