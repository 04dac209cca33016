//! What a journal is: one writer at a time, any number of readers, and what passes between them.

mod values;

use std::path::Path;

use firstline_core::{
    Actor, AgentId, Article, ArticleId, CommandId, ContactId, Event, Party, PartyId, Priority,
    RulebookAdopted, Stream, Ticket, TicketFilter, TicketId, Timestamp, Workload,
};
pub use values::{ArticleChange, Entry, Head, Receipt, State, Stored, Verified};
pub(crate) use values::{HIGHEST, check_number};

use crate::error::StoreError;
use crate::export::ExportedRecord;
use crate::outbox::{self, Delivery, Failed, HandOut, OpenEffect};
use crate::party::{PartyPage, PartyQuery};
use crate::query::{Page, TicketQuery};
use crate::record::Record;

/// The most records, changes or tickets that one call returns, whatever its `limit` says: at the
/// usual size of a record some megabytes. Who wants more asks again from where the answer ended.
pub const MAX_BATCH: usize = 10_000;

/// A place where a desk keeps what happened.
///
/// A handle that writes. It is one writer; where several are allowed, they take turns, or find out at
/// [`append`](Transaction::append) or [`commit`](Transaction::commit) that another was faster
/// ([`StoreError::Conflict`]) and decide anew.
///
/// # For whoever keeps a journal elsewhere
///
/// Nothing here is about files or SQLite; [`conformance::check`](crate::conformance::check) is the
/// exam. On a server with many writers, such as PostgreSQL, this takes thought:
///
/// - **Numbers of records.** Readers follow them: who has seen number 7 asks for what comes after 7 and
///   must never find a 6 later. A sequence of a database does not promise that. It leaves holes when a
///   transaction fails, and transactions commit in another order than they drew their numbers in, so
///   whoever follows it misses some. Take the number, the time and the hash of the record before from
///   one row that the transaction locks until it ends. Writers then queue for the length of a commit,
///   which a chain of hashes makes them do in any case.
/// - **Positions.** A number is a place in this journal and nothing else: hosts keep it and give it
///   back. No caller computes with one, so what lies behind it is the journal's own affair.
/// - **Versions.** [`append`](Transaction::append) compares and writes under the same lock. Where the
///   database finds out only at the end that another was faster (a serialization failure, a deadlock),
///   that is a [`StoreError::Conflict`]: nothing was changed, and a desk decides anew.
/// - **A lost answer.** When the connection breaks during a commit, nobody knows what came of it. That
///   is an error of the disk; the command is given again under its key.
/// - **Bytes.** A hash is over the text of an event as it was written. Keep it as text: a type for JSON
///   orders keys anew. There are no unsigned integers: see [`StoreError::NumberTooLarge`].
/// - **Errands.** [`hand_out`](Self::hand_out) takes the write lock by default. Rows that are locked by
///   others can be skipped instead, as long as at most one effect of a ticket is out.
pub trait Journal: Send {
    /// Takes the write lock and begins a transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] when another writer has it and does not finish in time;
    /// [`StoreError::FileReplaced`]; the disk.
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError>;

    /// Opens another handle that reads, for another thread for example.
    ///
    /// # Errors
    ///
    /// The disk.
    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.readers().open()
    }

    /// What opens handles that read, to be kept apart from this handle: whoever asks it waits for no
    /// writer, also while this handle writes.
    fn readers(&self) -> Box<dyn Readers>;

    /// Empties everything that is derived and makes it again from the records: the same as before,
    /// if nothing was wrong with it. All or nothing.
    ///
    /// # Errors
    ///
    /// A record that cannot be read or cannot have happened; another writer; the disk.
    fn rebuild(&mut self) -> Result<(), StoreError>;

    /// Forgets the commands that were recorded before this moment, and says how many those were. A
    /// command whose key is forgotten would be carried out again, so it is to be a time from which
    /// nobody sends one again: days, where hosts retry for minutes. Records stay as they are.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`]; the disk; a damaged journal.
    fn forget_commands(&mut self, before: Timestamp) -> Result<u64, StoreError>;

    /// Erases a person: the contact's name, every word on the tickets that the contact asked for,
    /// and the contact's own words on those of others. [`ERASED`](firstline_core::ERASED) stands in
    /// their place. Who did what to what and when stays, and with it every figure.
    ///
    /// That it was done is recorded in the contact's stream, with the numbers of the records and a
    /// hash of what is left of them; the chain of hashes still holds, and a text that goes without
    /// such a record is found by [`verify`](Reader::verify). `None` if there is no such contact. A
    /// receipt without events if there was nothing to erase.
    ///
    /// When this returns, the words are in no file of the journal any more, also not in parts of one that
    /// nothing uses. (What an earlier version of this library left there is wiped by
    /// [`compact`](Self::compact).) Backups, exports and what hosts copied are theirs to erase.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotWiped`] if everything is erased, but a reader keeps bytes in the log: call again,
    /// which finishes it. [`StoreError::Busy`]; the disk; a damaged journal. Nothing is erased then, or
    /// everything.
    fn erase(
        &mut self,
        contact: ContactId,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Receipt>, StoreError>;

    /// Gives back the room that nothing takes any more, and wipes what was there. Others wait; a
    /// journal whose keeper does that by itself has nothing to do.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotWiped`] if a reader keeps what was there before in the log;
    /// [`StoreError::Busy`]; the disk, which needs room for a second copy meanwhile.
    fn compact(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Makes durable what was committed so far, by whichever handle: once this has returned, a power cut
    /// leaves the journal sound, with all of it. There is nothing to do for it if every commit is, which
    /// is so unless the journal was told another [`Durability`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`], also under [`Durability::None`] when somebody goes on reading what was there
    /// before the last commit; the disk. What was committed stays committed then, but a power cut may
    /// take it.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// Hands out effects that are due: what records ask of the host, each under a lease.
    ///
    /// Those of one ticket come in the order of their records, one at a time: the next is due when
    /// the one before it is acknowledged or dead. Each comes at least once. It comes again if its
    /// lease ends before it is acknowledged, so a host does it under the key that the effect has.
    ///
    /// An effect enters the outbox in the commit of its record, and leaves it by
    /// [`acknowledge`](Self::acknowledge) alone. What was [imported](crate::import) never enters it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`]; the disk; a damaged journal. Nothing was handed out then.
    fn hand_out(&mut self, order: HandOut, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
        outbox::hand_out(self, order, now)
    }

    /// Closes effects for ever, each named by its record, in one commit; says how many of them were
    /// open. To say it twice does no harm.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`]; the disk; a damaged journal. All of them are still open then.
    fn acknowledge(&mut self, records: &[u64]) -> Result<usize, StoreError> {
        outbox::acknowledge(self, records)
    }

    /// Takes note that an attempt failed: the effect is due again later, or becomes a dead letter.
    /// Says whether it made a difference.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`]; the disk; a damaged journal.
    fn fail(&mut self, failed: &Failed, now: Timestamp) -> Result<bool, StoreError> {
        outbox::fail(self, failed, now)
    }

    /// Gives a dead letter new attempts, before all later effects of its ticket of which none was tried
    /// yet. Says whether there was such a dead letter.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`]; the disk; a damaged journal.
    fn requeue(&mut self, record: u64, now: Timestamp) -> Result<bool, StoreError> {
        outbox::requeue(self, record, now)
    }
}

/// What a commit promises when it returns.
///
/// Whatever the level: a commit is seen by everybody or by nobody, and once it has returned, the end
/// of the process does not undo it, however it ends. The levels differ in what a power cut or a
/// crash of the operating system may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Durability {
    /// Every commit is on the disk before it returns. Nothing that was acknowledged is lost.
    #[default]
    Full,
    /// A commit is handed to the operating system, and [`Journal::sync`] brings all of them to the
    /// disk: for imports and replays, which can tell where they were. After a power cut the journal
    /// is sound and ends with some commit, at or after the last `sync`: later ones may be gone, none
    /// of them in part, and none before one that is there.
    Batch,
    /// The disk is never asked, except by [`Journal::sync`]. After a power cut the file may be
    /// unusable as a whole, with all that every process ever wrote to it, unless nothing was committed
    /// after the last `sync`: for files that can be made again from something else.
    None,
}

/// Opens handles that read, from any thread. It holds nothing of the handle that it came from, and
/// outlives it.
pub trait Readers: Send + Sync {
    /// Opens one more.
    ///
    /// # Errors
    ///
    /// The disk.
    fn open(&self) -> Result<Box<dyn Reader>, StoreError>;
}

/// A handle that reads, for one thread at a time. Each call sees everything that any process has
/// committed before it, and nothing that is not committed. Of a file that was moved away or replaced it
/// sees nothing any more: each call is refused then ([`StoreError::FileReplaced`]).
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

    /// A page of a list of parties, by name.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn find_parties(&self, query: &PartyQuery) -> Result<PartyPage, StoreError>;

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
    fn rulebook(&self) -> Result<Option<RulebookAdopted>, StoreError> {
        // The desk's history is short, and a rulebook is at its end.
        let adopted = |record: Record| match record.event {
            Event::Rulebook(adopted) => Some(adopted),
            _ => None,
        };
        Ok(self.history(Stream::Desk)?.into_iter().rev().find_map(adopted))
    }

    /// When the next ticket wants to be woken, or the next plan opens one. One look-up, however many
    /// there are.
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

    /// The plans whose next date has come at `now` or before, earliest first, then by number; at most
    /// `limit` and [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn parties_due(&self, now: Timestamp, limit: usize) -> Result<Vec<PartyId>, StoreError>;

    /// The queues in which tickets wait for somebody to be asked, in the order of their
    /// [names](Ticket::waits_in). Queues in which nothing waits are none.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn queues(&self) -> Result<Vec<String>, StoreError>;

    /// The tickets of one priority in a queue with the moments since which they have waited, the
    /// longest first, then by number; those after one of them, or from the first; at most `limit` and
    /// [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn queued(
        &self,
        queue: &str,
        priority: Priority,
        after: Option<(Timestamp, TicketId)>,
        limit: usize,
    ) -> Result<Vec<(Timestamp, TicketId)>, StoreError>;

    /// A page of a list of tickets.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadCursor`] when the query goes on from a page in another order; the disk; a
    /// damaged journal.
    fn find(&self, query: &TicketQuery) -> Result<Page, StoreError>;

    /// What an agent has to do and is offered, and when they last got something: the sum of what all
    /// tickets say of it. Cheap, however many there are: it is asked for whoever may get the next one.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn workload(&self, agent: AgentId) -> Result<Workload, StoreError>;

    /// How many tickets a filter finds.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn count(&self, filter: &TicketFilter) -> Result<u64, StoreError>;

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

    /// The records after number `after` as an export has them, oldest first; at most `limit` and
    /// [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn export(&self, after: u64, limit: usize) -> Result<Vec<ExportedRecord>, StoreError>;

    /// What came of the commands that are remembered, in the order of their keys, after one of them
    /// or from the beginning; at most `limit` and [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn receipts(
        &self,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<(CommandId, Receipt)>, StoreError>;

    /// Commands that were recorded before this moment may be
    /// [forgotten](Journal::forget_commands); the beginning of time if none ever were. It lies at most
    /// right behind the last record: later ones are remembered, whatever was asked for.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn forgotten(&self) -> Result<Timestamp, StoreError>;

    /// An effect that the host has not acknowledged, by the record that asks for it.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn open_effect(&self, record: u64) -> Result<Option<OpenEffect>, StoreError>;

    /// The effects that the host has not acknowledged, dead letters among them, in the order of their
    /// records; those after record `after`, at most `limit` and [`MAX_BATCH`].
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError>;

    /// The effects that are due at `now`, the longest due first, then by record; at most `limit` and
    /// [`MAX_BATCH`]. After them come those that only a clock which was wrong, or ran back, could put
    /// off: first what seems to be put off for more than [`MAX_DELAY`](crate::MAX_DELAY), then what was
    /// never tried and is recorded for later than `now`. One look-up if there are none.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn effects_due(&self, now: Timestamp, limit: usize) -> Result<Vec<OpenEffect>, StoreError>;

    /// The first effect of a ticket that is neither acknowledged nor dead.
    ///
    /// # Errors
    ///
    /// The disk; a damaged journal.
    fn next_effect(&self, ticket: TicketId) -> Result<Option<OpenEffect>, StoreError>;

    /// Writes a copy of the journal as it is now to a new file, which is the file of a desk: all of it
    /// or nothing, on disk when this returns. Others read and write meanwhile.
    /// [`SqliteJournal::restore`](crate::SqliteJournal::restore) puts it in the place of a lost one.
    ///
    /// # Errors
    ///
    /// [`StoreError::FileExists`]; the disk; a damaged journal.
    fn backup(&self, to: &Path) -> Result<(), StoreError>;

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

    /// Writes what came of a command, and puts what its records ask of the host into the outbox. After
    /// an error the transaction is to be dropped.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`], [`StoreError::Repeated`], [`StoreError::EntryMismatch`],
    /// [`StoreError::NumberTooLarge`]; the disk; a damaged journal.
    fn append(&mut self, entry: Entry) -> Result<Receipt, StoreError>;

    /// Writes a record of another journal as it is, after the last one. This is what an
    /// [`import`](crate::import) does.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRecord`] if it does not follow the last record or does not add up;
    /// [`StoreError::NumberTooLarge`]; the disk; a damaged journal.
    fn restore_record(&mut self, record: ExportedRecord) -> Result<(), StoreError>;

    /// Remembers what came of a command of another journal.
    ///
    /// # Errors
    ///
    /// The disk.
    fn restore_receipt(&mut self, command: CommandId, receipt: Receipt) -> Result<(), StoreError>;

    /// Puts an open effect into the outbox, or in the place of the one with the same record. For the
    /// outbox itself, and for whoever moves it from one journal to another.
    ///
    /// # Errors
    ///
    /// The disk.
    fn put_effect(&mut self, effect: &OpenEffect) -> Result<(), StoreError>;

    /// Takes an effect out of the outbox.
    ///
    /// # Errors
    ///
    /// The disk.
    fn remove_effect(&mut self, record: u64) -> Result<(), StoreError>;

    /// Makes all of it durable, or none of it.
    ///
    /// # Errors
    ///
    /// The disk. Nothing of the transaction can be read then; but should the process die before the
    /// next commit, what had reached the disk may come back. So give the commands again with the
    /// same ids, which does no harm in either case. [`StoreError::FileReplaced`], if the file was moved
    /// away meanwhile: the transaction is in the file that was moved, and nowhere else.
    fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
