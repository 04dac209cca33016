//! What every journal does alike: how an entry becomes records, how a history is walked, how
//! records add up to a state.

use firstline_core::{Article, CorruptJournal, Event, Stream, Timestamp, apply};

use crate::error::StoreError;
use crate::export::ExportedRecord;
use crate::journal::{Entry, Head, Receipt, State, check_number};
use crate::record::{Hash, Raw, event_text};
use crate::verify::check_link;

/// Where a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// How many records it has.
    pub(crate) version: u64,
    /// The last of them.
    pub(crate) seq: u64,
}

/// The records that an entry becomes after `head` in a stream that stands at `position`, and its
/// receipt. The entry was [checked](Entry::check).
pub(crate) fn write(
    entry: &Entry,
    head: Option<Head>,
    position: Option<Position>,
) -> Result<(Vec<Raw>, Receipt), StoreError> {
    let &Entry { stream, expected, actor, command, rulebook, .. } = entry;
    let actual = position.map_or(0, |position| position.version);
    if expected != actual {
        return Err(StoreError::Conflict { stream, expected, actual });
    }
    // Time never runs back.
    let at = head.map_or(entry.at, |head| head.at.max(entry.at));
    let mut seq = head.map_or(0, |head| head.seq);
    let mut hash = head.map_or(Hash::ORIGIN, |head| head.hash);
    let mut version = actual;
    let mut previous = position.map(|position| position.seq);
    let mut records = Vec::with_capacity(entry.events.len());
    for event in &entry.events {
        seq += 1;
        version += 1;
        check_number(seq)?;
        let event = event_text(event);
        let erased = None;
        let mut raw = Raw {
            seq,
            stream,
            version,
            previous,
            at,
            actor,
            command,
            rulebook,
            event,
            hash,
            erased,
        };
        raw.hash = raw.hash_after(hash);
        (hash, previous) = (raw.hash, Some(seq));
        records.push(raw);
    }
    let events = u32::try_from(records.len()).expect("no command has four billion events");
    Ok((records, Receipt { stream, version, events, seq, at }))
}

/// Up to when the records of a journal that ends so come without receipts, once commands were forgotten
/// that came before a moment: not beyond its last record, since what will be recorded later is to be
/// remembered. An empty journal waits for the records of another one.
pub(crate) fn forgotten_until(before: Timestamp, head: Option<Head>) -> Timestamp {
    match head.and_then(|head| head.at.checked_add_millis(1)) {
        Some(behind) => before.min(behind),
        None => before,
    }
}

/// What a record of another journal becomes after `head`, in a stream that stands at `position` and
/// adds up to `before`: the record as it is to be stored, and the state after it.
pub(crate) fn follow(
    record: ExportedRecord,
    head: Option<Head>,
    position: Option<Position>,
    before: Option<State>,
) -> Result<(Raw, State), StoreError> {
    let raw = record.into_raw(position.map(|position| position.seq));
    check_link(&raw, head)?;
    let expected = position.map_or(0, |position| position.version);
    if raw.version != expected + 1 {
        let what = format!("it is not number {} of {:?}", expected + 1, raw.stream);
        return Err(StoreError::damaged(raw.seq, what));
    }
    let event = raw.event()?;
    let state = fold(raw.stream, before, raw.seq, &event)?;
    let &Raw { stream, at, actor, command, rulebook, .. } = &raw;
    let events = vec![event];
    let entry = Entry { stream, expected, at, actor, command, rulebook, events, state };
    entry.check()?;
    check_number(raw.seq)?;
    Ok((raw, entry.state))
}

impl Raw {
    /// The end of a journal whose last record this is.
    pub(crate) const fn head(&self) -> Head {
        Head { seq: self.seq, at: self.at, hash: self.hash }
    }
}

/// All records of a stream that stands at `end`, oldest first, each fetched by its number.
pub(crate) fn walk<E: From<StoreError>>(
    stream: Stream,
    end: Position,
    fetch: impl FnMut(u64) -> Result<Option<Raw>, E>,
) -> Result<Vec<Raw>, E> {
    let mut records = Vec::new();
    walk_back(stream, end, fetch, |raw| records.push(raw))?;
    records.reverse();
    Ok(records)
}

/// The numbers of all records of a stream, oldest first. A history may be longer than fits into
/// memory; its numbers are not.
pub(crate) fn numbers<E: From<StoreError>>(
    stream: Stream,
    end: Position,
    fetch: impl FnMut(u64) -> Result<Option<Raw>, E>,
) -> Result<Vec<u64>, E> {
    let mut numbers = Vec::new();
    walk_back(stream, end, fetch, |raw| numbers.push(raw.seq))?;
    numbers.reverse();
    Ok(numbers)
}

fn walk_back<E: From<StoreError>>(
    stream: Stream,
    end: Position,
    mut fetch: impl FnMut(u64) -> Result<Option<Raw>, E>,
    mut visit: impl FnMut(Raw),
) -> Result<(), E> {
    let mut next = Some(end.seq);
    let mut version = end.version;
    // Links lead backwards only, so that damaged ones cannot lead in a circle.
    let mut before = u64::MAX;
    while let Some(seq) = next {
        if seq >= before {
            return Err(StoreError::damaged(before, "it does not follow what it names").into());
        }
        let raw = fetch(seq)?.ok_or_else(|| StoreError::damaged(seq, "it is missing"))?;
        if (raw.stream, raw.version) != (stream, version) || version == 0 {
            let what = format!("it is not number {version} of {stream:?}");
            return Err(StoreError::damaged(seq, what).into());
        }
        (next, before) = (raw.previous, seq);
        version -= 1;
        visit(raw);
        if (version == 0) != next.is_none() {
            return Err(StoreError::damaged(seq, "its history has a hole").into());
        }
    }
    Ok(())
}

/// The state of a stream after one more event, recorded under number `seq`.
pub(crate) fn fold(
    stream: Stream,
    state: Option<State>,
    seq: u64,
    event: &Event,
) -> Result<State, StoreError> {
    let impossible = |cause: CorruptJournal| StoreError::damaged(seq, cause.to_string());
    match (stream, event, state) {
        (Stream::Ticket(_), Event::Ticket(event), None) => {
            apply(None, event).map(State::Ticket).map_err(impossible)
        }
        (Stream::Ticket(_), Event::Ticket(event), Some(State::Ticket(ticket))) => {
            apply(Some(ticket), event).map(State::Ticket).map_err(impossible)
        }
        (Stream::Article(_), Event::Article(event), state) => {
            let article = match state {
                Some(State::Article(article)) => Some(article),
                _ => None,
            };
            Article::apply(article, event)
                .map(State::Article)
                .ok_or_else(|| impossible(CorruptJournal::ArticleNotPublished))
        }
        (Stream::Party(id), Event::Party(party), _) if party.is_of_kind(id) => {
            Ok(State::Party(party.clone()))
        }
        (Stream::Desk, Event::Rulebook(_) | Event::Reviewed(_), _) => Ok(State::Desk),
        // The words went out of the records before this one; what they add up to is known already.
        (Stream::Party(_), Event::Erased(_), Some(State::Party(party))) => Ok(State::Party(party)),
        (stream, _, _) => Err(StoreError::damaged(seq, format!("its event is not of {stream:?}"))),
    }
}
