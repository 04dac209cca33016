//! Taking the words out of records, so that a person is gone and history keeps its shape.

mod echo;

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Actor, ContactId, Erasure, Event, Party, PartyId, Stream, TicketFact, TicketId, Timestamp,
};

use self::echo::Echo;
use crate::chain::{Position, fold, walk};
use crate::error::StoreError;
use crate::journal::{Entry, State};
use crate::record::{Hash, Raw};

/// What there is to erase: the records as they are to be, and the states that follow from them.
pub(crate) struct Erased {
    pub(crate) records: Vec<Raw>,
    pub(crate) states: Vec<(Stream, State)>,
    /// That it was done.
    pub(crate) entry: Entry,
}

/// Where the things are that an erasure has to do with.
pub(crate) trait Find {
    type Error: From<StoreError>;

    fn position(&self, stream: Stream) -> Result<Option<Position>, Self::Error>;

    fn record(&self, seq: u64) -> Result<Option<Raw>, Self::Error>;

    /// The tickets that somebody asked for, and those on which somebody wrote.
    fn tickets_about(&self, contact: ContactId) -> Result<Vec<Stream>, Self::Error>;

    /// All maintenance plans, and all things that somebody may have.
    fn belongings(&self) -> Result<Vec<Stream>, Self::Error>;
}

/// Works out the erasure of a contact: the name, every word on the tickets that the contact asks
/// for, whoever they were opened for by mistake, and on those of others the contact's own words and the
/// letters of rules that repeat them; what the contact's maintenance plans say, which rest from then on; and
/// what the contact's things are called and where they stand. `None` if nobody knows the contact.
pub(crate) fn erase<F: Find>(
    journal: &F,
    contact: ContactId,
    by: Actor,
    at: Timestamp,
) -> Result<Option<Erased>, F::Error> {
    let person = Stream::Party(PartyId::Contact(contact));
    let Some(position) = journal.position(person)? else {
        return Ok(None);
    };
    let mut records = BTreeMap::new();
    let mut states = Vec::new();
    let mut streams: BTreeSet<Stream> = journal.tickets_about(contact)?.into_iter().collect();
    let survivors = survivors(journal, &streams, contact)?;
    streams.extend(survivors.iter().map(|(into, _)| Stream::Ticket(*into)));
    streams.insert(person);
    let mut echo = Echo::of(contact, &walk(person, position, |seq| journal.record(seq))?)?;
    for stream in streams {
        let Some(position) = journal.position(stream)? else {
            continue;
        };
        let history = walk(stream, position, |seq| journal.record(seq))?;
        let is_own = asks(&history)? == Some(contact);
        let mut state = None;
        for raw in history {
            let is_repeated = echo.is_in(&raw)?;
            let words_go = stream == person
                || is_own
                || raw.actor == Actor::Contact(contact)
                || is_repeated
                || took_in(stream, &raw)?.is_some_and(|merge| survivors.contains(&merge));
            let wordless = if words_go { raw.without_words()? } else { None };
            let raw =
                wordless.inspect(|raw| drop(records.insert(raw.seq, raw.clone()))).unwrap_or(raw);
            state = Some(fold(stream, state, raw.seq, &raw.event()?)?);
        }
        states.extend(state.map(|state| (stream, state)));
    }
    for stream in journal.belongings()? {
        states.extend(erase_belonging(journal, stream, contact, &mut records)?);
    }
    let records: Vec<Raw> = records.into_values().collect();
    let name = states.iter().find(|(stream, _)| *stream == person);
    let nameless = match name {
        Some((_, State::Party(party))) => party.clone(),
        _ => return Err(StoreError::damaged(position.seq, "it saves nobody").into()),
    };
    let entry = entry(person, position, &records, nameless, by, at);
    Ok(Some(Erased { records, states, entry }))
}

/// Takes the words out of what was said of a plan or a thing while it was a contact's. Gives what it is
/// then, if there were any.
fn erase_belonging<F: Find>(
    journal: &F,
    stream: Stream,
    contact: ContactId,
    records: &mut BTreeMap<u64, Raw>,
) -> Result<Option<(Stream, State)>, F::Error> {
    let Some(position) = journal.position(stream)? else {
        return Ok(None);
    };
    let (mut state, mut is_changed) = (None, false);
    for raw in walk(stream, position, |seq| journal.record(seq))? {
        let is_theirs = match raw.event()? {
            Event::Party(Party::Plan(plan)) => plan.request.requester == contact,
            Event::Party(Party::Equipment(thing)) => thing.contact == Some(contact),
            _ => false,
        };
        let wordless = if is_theirs { raw.without_words()? } else { None };
        is_changed |= wordless.is_some();
        let raw = wordless.inspect(|raw| drop(records.insert(raw.seq, raw.clone()))).unwrap_or(raw);
        state = Some(fold(stream, state, raw.seq, &raw.event()?)?);
    }
    Ok(state.filter(|_| is_changed).map(|state| (stream, state)))
}

fn entry(
    stream: Stream,
    position: Position,
    records: &[Raw],
    nameless: Party,
    actor: Actor,
    at: Timestamp,
) -> Entry {
    let digest = digest(records.iter().map(|raw| (raw.seq, Hash::of(&raw.event)))).to_string();
    let records = records.iter().map(|raw| raw.seq).collect::<Vec<_>>();
    // Whoever is erased again, without having said anything since, leaves no second trace.
    let is_new = !records.is_empty();
    let events = is_new.then_some(Event::Erased(Erasure { records, digest })).into_iter().collect();
    let (expected, state) = (position.version, State::Party(nameless));
    Entry { stream, expected, at, actor, command: None, rulebook: 0, events, state }
}

/// The tickets among streams.
pub(crate) fn tickets_of(states: &[(Stream, State)]) -> BTreeSet<TicketId> {
    let ticket = |stream: &Stream| match stream {
        Stream::Ticket(id) => Some(*id),
        _ => None,
    };
    states.iter().filter_map(|(stream, _)| ticket(stream)).collect()
}

/// Into which tickets those of a contact were merged, and into which those: each with what it took in. What
/// was to be done and to be signed went along.
fn survivors<F: Find>(
    journal: &F,
    streams: &BTreeSet<Stream>,
    contact: ContactId,
) -> Result<BTreeSet<(TicketId, TicketId)>, F::Error> {
    let mut merges = BTreeSet::new();
    let mut todo: Vec<(Stream, bool)> = streams.iter().map(|stream| (*stream, false)).collect();
    while let Some((stream, is_survivor)) = todo.pop() {
        let (Stream::Ticket(id), Some(position)) = (stream, journal.position(stream)?) else {
            continue;
        };
        let history = walk(stream, position, |seq| journal.record(seq))?;
        if !is_survivor && asks(&history)? != Some(contact) {
            continue;
        }
        for raw in history {
            if let Event::Ticket(event) = raw.event()?
                && let TicketFact::MergedInto { ticket: into } = event.fact
                && merges.insert((into, id))
            {
                todo.push((Stream::Ticket(into), true));
            }
        }
    }
    Ok(merges)
}

/// Which merge a record is about, if a ticket took another one in by it: the one, and the other.
fn took_in(stream: Stream, raw: &Raw) -> Result<Option<(TicketId, TicketId)>, StoreError> {
    Ok(match (stream, raw.event()?) {
        (Stream::Ticket(into), Event::Ticket(event)) => match event.fact {
            TicketFact::TookIn { ticket, .. } => Some((into, ticket)),
            _ => None,
        },
        _ => None,
    })
}

/// Who asks on a ticket, by its records: for whom it was opened, or whom it was corrected to.
fn asks(history: &[Raw]) -> Result<Option<ContactId>, StoreError> {
    let mut asks = None;
    for raw in history {
        if let Event::Ticket(event) = raw.event()? {
            match event.fact {
                TicketFact::Opened { requester, .. } => asks = Some(requester),
                TicketFact::Corrected(correction) => asks = correction.requester.or(asks),
                _ => {}
            }
        }
    }
    Ok(asks)
}

/// Vouches for what is left of records: the BLAKE3 hash of each one's number, in eight bytes in
/// little-endian order, followed by the hash of its text.
pub(crate) fn digest(left: impl Iterator<Item = (u64, Hash)>) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for (seq, text) in left {
        hasher.update(&seq.to_le_bytes());
        hasher.update(&text.0);
    }
    Hash(hasher.finalize().into())
}

/// Compares what is left of erased records with what the erasures say, while a journal is read.
#[derive(Default)]
pub(crate) struct Account {
    left: BTreeMap<u64, Hash>,
}

impl Account {
    /// Takes in the next record.
    pub(crate) fn take(&mut self, raw: &Raw) -> Result<(), StoreError> {
        if raw.erased.is_some() {
            self.left.insert(raw.seq, Hash::of(&raw.event));
        }
        // Most records are of tickets, and need not be decoded to be passed over.
        if !raw.event.starts_with("{\"erased\"") {
            return Ok(());
        }
        let Event::Erased(erasure) = raw.event()? else {
            return Ok(());
        };
        let mut left = Vec::with_capacity(erasure.records.len());
        for seq in &erasure.records {
            let Some(hash) = self.left.remove(seq) else {
                return Err(StoreError::damaged(*seq, "its words were erased, and are there"));
            };
            left.push((*seq, hash));
        }
        if digest(left.into_iter()).to_string() == erasure.digest {
            Ok(())
        } else {
            let first = erasure.records.first().copied().unwrap_or(raw.seq);
            Err(StoreError::damaged(first, "what was left of it was changed"))
        }
    }

    /// After the last record: whatever lost its words, lost them by an erasure.
    pub(crate) fn close(self) -> Result<(), StoreError> {
        match self.left.first_key_value() {
            None => Ok(()),
            Some((seq, _)) => Err(StoreError::damaged(*seq, "it is not what was written")),
        }
    }
}
