//! What goes into a journal and what comes out of it.

use firstline_core::{
    Actor, Article, ArticleId, CommandId, Event, Party, Stream, Ticket, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::record::{Hash, stream_key};

/// Where a journal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last record's number, which is also how many there are.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Its hash, which vouches for all of them.
    pub hash: Hash,
}

/// The state of a stream, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    /// The stream's version: how many records it has.
    pub version: u64,
    /// Its last record.
    pub seq: u64,
    /// What the records add up to.
    pub state: T,
}

/// What came of a command, for [`Transaction::append`](super::Transaction::append).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose history it belongs to.
    pub stream: Stream,
    /// The version that the caller saw; 0 for a new stream.
    pub expected: u64,
    /// When it is recorded. A time before the last record's counts as that record's.
    pub at: Timestamp,
    /// Who gave the command.
    pub actor: Actor,
    /// The caller's key of the command. It is remembered even if the command changed nothing.
    pub command: Option<CommandId>,
    /// The version of the rulebook by which it was decided.
    pub rulebook: u32,
    /// What happened. May be empty.
    pub events: Vec<Event>,
    /// What the stream is after the events. Not read if there are none.
    pub state: State,
}

/// What a stream adds up to.
// Each lives for one command, and nearly all of them are tickets: a box would cost more than room.
#[expect(clippy::large_enum_variant, reason = "most of them are the large one")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A ticket's.
    Ticket(Ticket),
    /// An article's.
    Article(Article),
    /// A party's.
    Party(Party),
    /// The desk's, which has none beside its records.
    Desk,
}

/// What came of a command, for the caller to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Whose history it belongs to.
    pub stream: Stream,
    /// The stream's version after it.
    pub version: u64,
    /// How many records it made.
    pub events: u32,
    /// The last of them, or the journal's last record if it made none; 0 in an empty journal.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
}

/// An article that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleChange {
    /// Its last record.
    pub seq: u64,
    /// Which.
    pub article: ArticleId,
    /// What it is now.
    pub state: Article,
}

/// What a verification has read and found in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many records.
    pub records: u64,
    /// How many streams.
    pub streams: u64,
    /// The last record's hash; [`Hash::ORIGIN`] in an empty journal. Kept elsewhere, it proves
    /// later that nothing before it was changed.
    pub hash: Hash,
}

impl Entry {
    /// Checks that its parts belong together, and that a journal can keep its numbers.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let belongs = |event: &Event| match (self.stream, event) {
            (Stream::Ticket(_), Event::Ticket(_))
            | (Stream::Article(_), Event::Article(_))
            | (Stream::Desk, Event::Rulebook(_) | Event::Reviewed(_)) => true,
            (Stream::Party(id), Event::Party(party)) => party.is_of_kind(id),
            (Stream::Party(_), Event::Erased(_)) => true,
            _ => false,
        };
        let is_state = match (self.stream, &self.state) {
            _ if self.events.is_empty() => true,
            (Stream::Ticket(_), State::Ticket(_))
            | (Stream::Article(_), State::Article(_))
            | (Stream::Desk, State::Desk) => true,
            (Stream::Party(id), State::Party(party)) => party.is_of_kind(id),
            _ => false,
        };
        if !is_state || !self.events.iter().all(belongs) {
            return Err(StoreError::EntryMismatch { stream: self.stream });
        }
        self.numbers().try_for_each(check_number)
    }

    /// The numbers that become columns of a table.
    fn numbers(&self) -> impl Iterator<Item = u64> {
        let actor = match self.actor {
            Actor::Contact(id) => Some(id.0),
            Actor::Agent(id) => Some(id.0),
            Actor::System => None,
        };
        let ticket = match &self.state {
            State::Ticket(ticket) => [
                Some(ticket.requester.0),
                ticket.organization.map(|id| id.0),
                ticket.assignee.map(|id| id.0),
            ],
            State::Article(_) | State::Party(_) | State::Desk => [None; 3],
        };
        let (_, stream) = stream_key(self.stream);
        [Some(stream), Some(self.expected), actor].into_iter().chain(ticket).flatten()
    }
}

/// The highest number that fits into every database: they have no unsigned integers.
pub(crate) const HIGHEST: u64 = i64::MAX as u64;

/// Refuses numbers that do not fit.
pub(crate) const fn check_number(number: u64) -> Result<(), StoreError> {
    if number <= HIGHEST { Ok(()) } else { Err(StoreError::NumberTooLarge { number }) }
}
