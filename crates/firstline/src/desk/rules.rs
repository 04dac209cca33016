//! The rules that a desk works by, and where they stand in its journal.

use std::collections::BTreeSet;

use firstline_core::{
    Actor, Event, Finding, PartyId, PartyKind, Referent, Rulebook, RulebookAdopted, Stream,
    Timestamp,
};
use firstline_store::{Entry, MAX_PAGE, PartyQuery, Reader, State, StoreError, Transaction};

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
        look_for_strangers(&mut book, journal)?;
        Ok(Self { book, adopted, seen: known.len() as u64, adoptions })
    }

    /// Takes in what other desks on this folder have adopted since: promises may have been made by
    /// it, and its version is taken.
    pub(super) fn refresh(&mut self, journal: &dyn Reader) -> Result<(), Error> {
        let version = journal.version(Stream::Desk)?;
        if version == self.seen {
            // Whoever is known stays known, so that only the others are to be looked for again.
            let still = still_unknown(self.book.strangers().iter().copied(), journal)?;
            self.set_strangers(still);
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
        look_for_strangers(&mut self.book, journal)
    }

    /// Somebody or something was recorded: rules that name them can do so from now on.
    pub(super) fn welcome(&mut self, stream: Stream) {
        let is_other = |named: &&Referent| stream_of(**named) != stream;
        if !self.book.strangers().iter().all(|named| is_other(&named)) {
            let others = self.book.strangers().iter().filter(is_other).copied().collect();
            self.set_strangers(others);
        }
    }

    fn set_strangers(&mut self, strangers: BTreeSet<Referent>) {
        if strangers != *self.book.strangers() {
            self.book.set_strangers(strangers);
        }
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

    /// Records that the rulebook is in force, unless the journal says so already; says whether it
    /// did. The transaction must be the one of the last [`refresh`](Self::refresh), in which nobody
    /// else adopts anything.
    pub(super) fn adopt(
        &mut self,
        transaction: &mut dyn Transaction,
        now: Timestamp,
    ) -> Result<bool, Error> {
        if self.adopted {
            return Ok(false);
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
        Ok(true)
    }
}

/// Tells a rulebook whom of those that it names the journal does not know.
pub(super) fn look_for_strangers(book: &mut Rulebook, journal: &dyn Reader) -> Result<(), Error> {
    let strangers = still_unknown(book.named(), journal)?;
    book.set_strangers(strangers);
    Ok(())
}

/// What there is against a rulebook in what is saved of people and contracts.
pub(super) fn objections(book: &Rulebook, journal: &dyn Reader) -> Result<Vec<Finding>, Error> {
    let mut query = PartyQuery {
        kinds: [PartyKind::Agent, PartyKind::Contract, PartyKind::Plan].into(),
        limit: MAX_PAGE,
        ..PartyQuery::default()
    };
    let mut found = Vec::new();
    loop {
        let page = journal.find_parties(&query)?;
        found.extend(page.parties.iter().filter_map(|(id, party)| book.objection_to(*id, party)));
        let Some(next) = page.next else { return Ok(found) };
        query.after = Some(next);
    }
}

fn still_unknown(
    named: impl IntoIterator<Item = Referent>,
    journal: &dyn Reader,
) -> Result<BTreeSet<Referent>, StoreError> {
    let mut unknown = BTreeSet::new();
    for referent in named {
        if journal.version(stream_of(referent))? == 0 {
            unknown.insert(referent);
        }
    }
    Ok(unknown)
}

const fn stream_of(referent: Referent) -> Stream {
    match referent {
        Referent::Contact(id) => Stream::Party(PartyId::Contact(id)),
        Referent::Organization(id) => Stream::Party(PartyId::Organization(id)),
        Referent::Agent(id) => Stream::Party(PartyId::Agent(id)),
        Referent::Equipment(id) => Stream::Party(PartyId::Equipment(id)),
        Referent::Ticket(id) => Stream::Ticket(id),
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
