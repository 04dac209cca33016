//! The rules that a desk works by, and where they stand in its journal.

use firstline_core::{Actor, Event, Refusal, Rulebook, RulebookAdopted, Stream, Timestamp};
use firstline_store::{Entry, Reader, State, Transaction};

use crate::error::Error;

/// A rulebook with everything that was in force before it.
#[derive(Clone)]
pub(super) struct Rules {
    /// The rulebook, under its version.
    pub(super) book: Rulebook,
    /// Whether the journal says that it is in force. If not, it will with the next record.
    pub(super) adopted: bool,
}

impl Rules {
    /// A rulebook beside what the journal knows.
    pub(super) fn new(book: Rulebook, journal: &dyn Reader) -> Result<Self, Error> {
        let known = journal.rulebooks()?;
        let last = known.last();
        let adopted = last.is_some_and(|last| last.source == book.source());
        let last = last.map_or(0, |last| last.version);
        let mut book = book.with_version(if adopted { last } else { last + 1 });
        for earlier in &known {
            book.recall(earlier)?;
        }
        Ok(Self { book, adopted })
    }

    /// Records that the rulebook is in force, unless the journal says so already.
    pub(super) fn adopt(
        &mut self,
        transaction: &mut dyn Transaction,
        now: Timestamp,
    ) -> Result<(), Error> {
        if self.adopted {
            return Ok(());
        }
        // Another desk on this folder may have adopted rules since this one was opened.
        *self = Self::new(self.book.clone(), transaction)?;
        if self.adopted {
            return Ok(());
        }
        let version = self.book.version();
        let source = self.book.source().to_owned();
        transaction.append(Entry {
            stream: Stream::Desk,
            expected: transaction.version(Stream::Desk)?,
            at: now,
            actor: Actor::System,
            command: None,
            rulebook: version,
            events: vec![Event::Rulebook(RulebookAdopted { version, source })],
            state: State::Desk,
        })?;
        self.adopted = true;
        Ok(())
    }

    /// Does something by these rules. Should it turn out that another desk has adopted rules since
    /// and made promises by them, these are taken in first.
    pub(super) fn apply<T>(
        &mut self,
        transaction: &mut dyn Transaction,
        attempt: impl Fn(&mut dyn Transaction, &Rulebook) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match attempt(transaction, &self.book) {
            Err(Error::Refused(Refusal::RulebookMissing { .. })) => {
                recall_all(&mut self.book, transaction)?;
                attempt(transaction, &self.book)
            }
            outcome => outcome,
        }
    }
}

/// Takes in every rulebook that was ever in force.
pub(super) fn recall_all(book: &mut Rulebook, journal: &dyn Reader) -> Result<(), Error> {
    for adopted in journal.rulebooks()? {
        book.recall(&adopted)?;
    }
    Ok(())
}
