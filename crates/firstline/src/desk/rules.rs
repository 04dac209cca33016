//! The rules that a desk works by, and where they stand in its journal.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Actor, Directory, Event, Finding, PartyId, PartyKind, Referent, Review, Rulebook,
    RulebookAdopted, Stream, TicketId, Timestamp,
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
    /// How many records the desk itself had when this looked.
    seen: u64,
    adoptions: Adoptions,
    /// How far each version has looked at the tickets that there were when it came into force, of
    /// those that have not done so at once.
    reviews: BTreeMap<u32, Review>,
}

/// When each version came into force, in order.
type Adoptions = Vec<(Timestamp, u32)>;

impl Rules {
    /// A rulebook beside what the journal knows.
    pub(super) fn new(book: Rulebook, journal: &dyn Reader) -> Result<Self, Error> {
        let History { seen, adoptions, known, reviews } = History::read(journal)?;
        let last = known.last();
        let adopted = last.is_some_and(|last| last.source == book.source());
        let last = last.map_or(0, |last| last.version);
        let mut book = book.with_version(if adopted { last } else { last + 1 });
        for earlier in &known {
            book.recall(earlier)?;
        }
        look_for_strangers(&mut book, journal)?;
        Ok(Self { book, adopted, seen, adoptions, reviews })
    }

    /// Takes in what other desks on this folder have adopted since: promises may have been made by
    /// it, and its version is taken.
    pub(super) fn refresh(&mut self, journal: &dyn Reader) -> Result<(), Error> {
        // Who somebody is may be told otherwise since, by another process too.
        if *self.book.directory() != Directory::default() {
            *self.book.directory_mut() = Directory::default();
        }
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
        let History { seen, adoptions, known, reviews } = History::read(journal)?;
        for adopted in known {
            self.book.recall(&adopted)?;
        }
        (self.seen, self.adoptions, self.reviews) = (seen, adoptions, reviews);
        look_for_strangers(&mut self.book, journal)
    }

    /// Somebody or something was recorded: rules that name them can do so from now on.
    pub(super) fn welcome(&mut self, stream: Stream) {
        if let Stream::Party(id) = stream
            && self.book.directory().knows(id)
        {
            self.book.directory_mut().forget(id);
        }
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
        self.record(Event::Rulebook(RulebookAdopted { version, source }), transaction, now)?;
        self.adopted = true;
        self.adoptions.push((now, version));
        Ok(true)
    }

    /// The tickets with a number below this one are still to be looked at by the rules in force, if any
    /// are; with when those came into force.
    pub(super) fn left_to_review(&self) -> Option<(Timestamp, TicketId)> {
        let version = self.book.version() - u32::from(!self.adopted);
        let left = self.reviews.get(&version)?.left?;
        let at = self.adoptions.iter().find(|(_, adopted)| *adopted == version);
        at.map(|(at, _)| (*at, left))
    }

    /// Whether there may be tickets that these rules have not looked at yet.
    pub(super) fn are_coming_into_force(&self) -> bool {
        !self.adopted || self.left_to_review().is_some()
    }

    /// Records how far the tickets were looked at by these rules. What is done at once needs no record.
    pub(super) fn reviewed(
        &mut self,
        left: Option<TicketId>,
        transaction: &mut dyn Transaction,
        now: Timestamp,
    ) -> Result<(), Error> {
        let rules = self.book.version();
        if left.is_some() || self.reviews.contains_key(&rules) {
            let review = Review { rules, left };
            self.record(Event::Reviewed(review), transaction, now)?;
            self.reviews.insert(rules, review);
        }
        Ok(())
    }

    fn record(
        &mut self,
        event: Event,
        transaction: &mut dyn Transaction,
        now: Timestamp,
    ) -> Result<(), Error> {
        transaction.append(Entry {
            stream: Stream::Desk,
            expected: self.seen,
            at: now,
            actor: Actor::System,
            command: None,
            rulebook: self.book.version(),
            events: vec![event],
            state: State::Desk,
        })?;
        self.seen += 1;
        Ok(())
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

/// What the records of the desk itself say.
#[derive(Default)]
struct History {
    /// How many there are.
    seen: u64,
    adoptions: Adoptions,
    /// All rulebooks that were ever in force, in order.
    known: Vec<RulebookAdopted>,
    reviews: BTreeMap<u32, Review>,
}

impl History {
    fn read(journal: &dyn Reader) -> Result<Self, Error> {
        let mut history = Self::default();
        for record in journal.history(Stream::Desk)? {
            history.seen = record.version;
            match record.event {
                Event::Rulebook(adopted) => {
                    history.adoptions.push((record.at, adopted.version));
                    history.known.push(adopted);
                }
                Event::Reviewed(review) => {
                    history.reviews.insert(review.rules, review);
                }
                _ => {}
            }
        }
        Ok(history)
    }
}
