//! The journal of a support desk: append-only records, derived tables, one transaction per command.
//!
//! It is no rule book: it never asks whether something may happen, only that it is written whole,
//! once, and in order. It is the only part of a desk that knows SQL, and none of that shows.
//!
//! Two things matter. A [`Journal`] is a handle that writes, an [`Entry`] is what came of one
//! command. The loop:
//!
//! 1. [`Journal::begin`] takes the write lock; the [`Transaction`] reads what is to be decided upon.
//! 2. Decide. Put what happened, and what the ticket is after it, into [`Transaction::append`].
//! 3. [`Transaction::commit`]. When it returns, the command is on disk.
//!
//! ```
//! use firstline_core::{
//!     Actor, ContactId, Event, OpenTicket, Rulebook, Stream, TicketAction, TicketFilter, Timestamp,
//!     carry_out,
//! };
//! use firstline_store::{Entry, Journal, Reader, Sort, SqliteJournal, State, TicketQuery};
//!
//! let rulebook = Rulebook::from_toml("name = \"Northwind\"\n[[lines]]\nid = \"L1\"", "desk.toml")?;
//! let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
//! let (customer, now) = (Actor::Contact(ContactId(1)), "2026-03-02T09:00:00Z".parse()?);
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let mut journal = SqliteJournal::open(folder.join("desk.sqlite"))?;
//! let mut transaction = journal.begin()?;
//! let id = transaction.next_ticket_id()?;
//! let open = TicketAction::Open(Box::new(request));
//! let turn = carry_out(None, &open, customer, &rulebook, now)?;
//! transaction.append(Entry {
//!     stream: Stream::Ticket(id),
//!     expected: 0,
//!     at: now,
//!     actor: customer,
//!     command: None,
//!     rulebook: rulebook.version(),
//!     events: turn.events.into_iter().map(Event::Ticket).collect(),
//!     state: State::Ticket(turn.ticket),
//! })?;
//! transaction.commit()?;
//!
//! let reader = journal.reader()?;
//! let line = TicketFilter { lines: ["L1".into()].into(), ..TicketFilter::default() };
//! let queue = TicketQuery { sort: Sort::Due, ..line.into() };
//! assert_eq!(reader.find(&queue)?.tickets[0].id, id);
//! assert_eq!(reader.history(Stream::Ticket(id))?.len(), 1);
//! assert_eq!(reader.verify()?.records, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Why nothing is lost when the power fails
//!
//! A transaction is appended to a write-ahead log, with a checksum over every page, and the disk is
//! asked to have it before [`Transaction::commit`] returns. Whatever was cut off after that point
//! of the log fails its checksum and is not read; whatever stands before it is complete. The tables
//! themselves are only written from the log, the disk is asked again before the log is used anew,
//! and an error of either step is reported by the call that met it. So an acknowledged command is
//! there after a power cut, and one that was not acknowledged is there as a whole or not at all:
//! give it again under the same [`CommandId`](firstline_core::CommandId), and it happens once.
//!
//! This holds as far as the disk tells the truth about what it has, and it takes a local disk:
//! shared memory beside the file, which network file systems do not offer, is part of the log. Who
//! can do with less, says so: [`Durability`].
//!
//! # What can be proved
//!
//! | that | by |
//! |---|---|
//! | nothing was altered, taken out or put in between | [`Reader::verify`]: each [`Record`] carries a hash over the one before |
//! | nothing was cut off at the end | a [`Head`] that was kept elsewhere, best as a [`SignedCheckpoint`] |
//! | to somebody without a desk | [`export`], and [`check_export`] |
//! | that a person's words are gone, and nothing else | [`Journal::erase`], which says so in a record |
//!
//! # What the host is asked to do
//!
//! Some records ask the host for something: to tell somebody, to ring for somebody. In the commit of
//! such a record it enters the outbox. [`Journal::hand_out`] gives it to whoever works for the host,
//! in order for each ticket and under a lease; [`Journal::acknowledge`] takes it out,
//! [`Journal::fail`] has it tried again or makes a dead letter of it, and [`Journal::requeue`] gives
//! that a new life. A [`Delivery`] becomes a [`CloudEvent`] for whatever carries events.
//!
//! # The life of a file
//!
//! A file of an earlier version is brought to this one when it is opened, and a copy of it as it was
//! stays beside it; one of a later version is refused. [`Reader::backup`] copies a desk that is at
//! work, [`SqliteJournal::restore`] puts such a copy in the place of a lost one,
//! [`Journal::compact`] gives room back. [`export`] and [`import`] move any journal into any other.
//!
//! # The tables
//!
//! Look with any SQL tool, also while the desk works; do not write. These are the truth:
//!
//! ```sql
#![doc = include_str!("sqlite/schema.sql")]
//! ```
//!
//! A command with a key whose outcome was that nothing changed leaves a receipt and no record. It
//! stands in no chain: a checksum tells when its row was damaged, but nothing would tell that somebody
//! took the row out. All that comes of it is that the command is decided upon again when it is sent
//! again. The same goes for the outbox: whoever takes a row out of it takes an errand from the host,
//! and nothing from history.
//!
//! Everything else is derived from the records, and [`Journal::rebuild`] makes it again:
//!
//! ```sql
#![doc = include_str!("sqlite/derived.sql")]
//! ```
//!
//! There is no index on `record`: each row names the one before it in its history, so a history is
//! walked back from `last_seq` of its ticket, and a command writes only to the end of the table.
//! How rows are chained by their hashes is written at [`Record`].
//!
//! Views show the usual things. `SELECT * FROM ticket_overview WHERE status = 'open' ORDER BY due`
//! is the work to do, `SELECT happened, actor, fact FROM timeline WHERE ticket = 42` is all that
//! happened to a ticket.
//!
//! ```sql
#![doc = include_str!("sqlite/views.sql")]
//! ```
//!
mod chain;
mod cloud_event;
pub mod conformance;
mod copy;
mod erase;
mod error;
mod export;
mod journal;
mod memory;
mod outbox;
mod party;
mod query;
mod record;
mod signature;
mod sqlite;
mod verify;

pub use cloud_event::CloudEvent;
pub use error::StoreError;
pub use export::{ExportedRecord, Progress, check_export, export, export_to_file, import};
pub use journal::{
    ArticleChange, Durability, Entry, Head, Journal, MAX_BATCH, Reader, Readers, Receipt, State,
    Stored, Transaction, Verified,
};
pub use memory::MemoryJournal;
pub use outbox::{Delivery, Failed, HandOut, MAX_DELAY, OpenEffect, Standing};
pub use party::{PartyPage, PartyPlace, PartyQuery};
pub use query::{Cursor, DEFAULT_PAGE, Found, MAX_PAGE, Page, Sort, TicketQuery};
pub use record::{Hash, Record};
pub use signature::{SignedCheckpoint, public_key};
pub use sqlite::{BUSY_TIMEOUT, CHECKPOINT_PAGES, SqliteJournal, SqliteOptions};
