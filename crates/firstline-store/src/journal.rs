//! What a journal is: one writer at a time, any number of readers, and what passes between them.

use firstline_core::{
    Actor, Article, ArticleId, CommandId, Event, Party, PartyId, RulebookAdopted, Stream, Ticket,
    TicketId, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::query::{Page, TicketQuery};
use crate::record::{Hash, Record, stream_key};

/// The most records, changes or tickets that one call returns, whatever its `limit` says: at the
/// usual size of a record some megabytes. Who wants more asks again from where the answer ended.
pub const MAX_BATCH: usize = 10_000;

/// A place where a desk keeps what happened.
///
/// A handle that writes. It is one writer; where several are allowed, they take turns.
pub trait Journal: Send {
    /// Takes the write lock and begins a transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] when another writer has it and does not finish in time; the disk.
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError>;

    /// Opens another handle that reads, for another thread for example.
    ///
    /// # Errors
    ///
    /// The disk.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError>;

    /// Empties everything that is derived and makes it again from the records: the same as before,
    /// if nothing was wrong with it. All or nothing.
    ///
    /// # Errors
    ///
    /// A record that cannot be read or cannot have happened; another writer; the disk.
    fn rebuild(&mut self) -> Result<(), StoreError>;
}

/// A handle that reads, for one thread at a time. Each call sees everything that any process has
/// committed before it, and nothing that is not committed.
pub trait Reader: Send {
    /// Where the journal ends; `None` while it is empty.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn head(&self) -> Result<Option<Head>, StoreError>;

    /// A ticket as it is now.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn ticket(&self, id: TicketId) -> Result<Option<Stored<Ticket>>, StoreError>;

    /// An article as it is now.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn article(&self, id: ArticleId) -> Result<Option<Stored<Article>>, StoreError>;

    /// A party as it is now.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn party(&self, id: PartyId) -> Result<Option<Stored<Party>>, StoreError>;

    /// Whether a party was ever saved. Cheaper than to load it.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn knows_party(&self, id: PartyId) -> Result<bool, StoreError>;

    /// The version of a stream: how many records it has. A new stream has 0.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn version(&self, stream: Stream) -> Result<u64, StoreError>;

    /// The rulebook in force; `None` before the first.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn rulebook(&self) -> Result<Option<RulebookAdopted>, StoreError>;

    /// All rulebooks that ever were in force, oldest first.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn rulebooks(&self) -> Result<Vec<RulebookAdopted>, StoreError>;

    /// When the next ticket wants to be woken. One look-up, however many tickets there are.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn next_wake(&self) -> Result<Option<Timestamp>, StoreError>;

    /// The tickets that want to be woken at `now` or before, earliest first, then by number; at
    /// most `limit` and [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<TicketId>, StoreError>;

    /// A page of a list of tickets.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadCursor`] when the query goes on from a page in another order; the disk; a
    /// damaged journal.
    fn find(&self, query: &TicketQuery) -> Result<Page, StoreError>;

    /// The records after number `after`, oldest first; at most `limit` and [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// All records of one stream, oldest first.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn history(&self, stream: Stream) -> Result<Vec<Record>, StoreError>;

    /// The articles whose last record comes after number `after`, each once, in the order of those
    /// records; at most `limit` and [`MAX_BATCH`]. This is what a search index asks for.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn article_changes(&self, after: u64, limit: usize) -> Result<Vec<ArticleChange>, StoreError>;

    /// The last record of any article; 0 if there is none. Whoever has read up to it has read all.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn last_article_change(&self) -> Result<u64, StoreError>;

    /// What came of a command, if it was given before.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError>;

    /// Reads everything and compares it: the chain of hashes, numbers without holes, times that
    /// never fall, every history against the state, the wake time and the list rows made of it.
    /// Takes as long as reading the whole journal twice.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRecord`] with the first record that is wrong or missing;
    /// [`StoreError::DamagedFile`]; [`StoreError::Stale`] if only something derived is wrong; the
    /// disk.
    fn verify(&self) -> Result<Verified, StoreError>;
}

/// A transaction: it reads what it wrote, and nobody else does before the commit. Dropped instead
/// of committed, it leaves nothing behind.
pub trait Transaction: Reader {
    /// The number for the next ticket: one more than the highest so far.
    ///
    /// # Errors
    ///
    /// [`StoreError::NumberTooLarge`] if there is none left; the disk; a damaged journal.
    fn next_ticket_id(&self) -> Result<TicketId, StoreError>;

    /// The number for the next article: one more than the highest so far.
    ///
    /// # Errors
    ///
    /// [`StoreError::NumberTooLarge`] if there is none left; the disk; a damaged journal.
    fn next_article_id(&self) -> Result<ArticleId, StoreError>;

    /// Writes what came of a command. After an error the transaction is to be dropped.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`], [`StoreError::Repeated`], [`StoreError::EntryMismatch`],
    /// [`StoreError::NumberTooLarge`]; the disk; a damaged journal.
    fn append(&mut self, entry: Entry) -> Result<Receipt, StoreError>;

    /// Makes all of it durable, or none of it.
    ///
    /// # Errors
    ///
    /// The disk. Nothing of the transaction can be read then; but should the process die before the
    /// next commit, what had reached the disk may come back. So give the commands again with the
    /// same ids, which does no harm in either case.
    fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

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

/// What came of a command, for [`Transaction::append`].
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
#[expect(clippy::large_enum_variant, reason = "a state is handed over once, and most are tickets")]
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
            | (Stream::Desk, Event::Rulebook(_)) => true,
            (Stream::Party(id), Event::Party(party)) => is_kind_of(id, party),
            _ => false,
        };
        let is_state = match (self.stream, &self.state) {
            _ if self.events.is_empty() => true,
            (Stream::Ticket(_), State::Ticket(_))
            | (Stream::Article(_), State::Article(_))
            | (Stream::Desk, State::Desk) => true,
            (Stream::Party(id), State::Party(party)) => is_kind_of(id, party),
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

/// Whether a party is of the kind that its number says.
pub(crate) const fn is_kind_of(id: PartyId, party: &Party) -> bool {
    matches!(
        (id, party),
        (PartyId::Contact(_), Party::Contact(_))
            | (PartyId::Organization(_), Party::Organization(_))
            | (PartyId::Agent(_), Party::Agent(_))
    )
}

/// The highest number that fits into every database: they have no unsigned integers.
pub(crate) const HIGHEST: u64 = i64::MAX as u64;

/// Refuses numbers that do not fit.
pub(crate) const fn check_number(number: u64) -> Result<(), StoreError> {
    if number <= HIGHEST { Ok(()) } else { Err(StoreError::NumberTooLarge { number }) }
}
