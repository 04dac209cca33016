//! The desk: one folder, one handle.

mod automation;
mod care;
mod cases;
mod conversations;
mod dispatch;
mod effects;
mod execute;
mod folder;
mod follow;
mod group;
mod helpers;
mod knowledge;
mod letters;
mod look;
mod origin;
mod patience;
mod people;
mod plans;
mod promises;
mod read;
mod readers;
mod rehearse;
mod relate;
mod review;
mod routing;
mod rules;
mod stir;
mod suggestions;
mod visits;
mod wake;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use firstline_core::{
    Actor, Event, Finding, Rulebook, Stream, TicketEvent, TicketId, Timestamp, check_not_far_ahead,
    check_time,
};
use firstline_knowledge::{Cases, Conversations, Embedder, Index, VisitLog};
use firstline_store::{
    Journal, MemoryJournal, Reader, Record, SqliteJournal, SqliteOptions, Transaction,
};

use care::Memory;
pub use cases::{SimilarTicket, SimilarTickets, Solution};
use execute::Order;
use folder::make_folder;
pub use follow::SearchLag;
use follow::{Follower, Following};
use group::Queue;
pub use knowledge::{ArticleChore, Chore, LostQuestion};
pub use look::{Seen, Viewed};
use origin::open_index;
pub use read::ArticleView;
use readers::ReadingHandles;
pub use rehearse::{Difference, DryRun};
use rules::{Rules, look_for_strangers, objections};
pub use wake::Woken;

use crate::error::Error;
use crate::time::{SystemTime, TimeSource};

/// What the journal's file is called in the folder of a desk, and that of its visits.
const JOURNAL: &str = "desk.sqlite";
const VISITS: &str = "visits.jsonl";

/// One support desk.
///
/// A handle is cheap to clone, and all its clones are the same desk. Any thread may use it:
/// commands follow one after the other, questions run beside them. Several processes may have the
/// same folder open; each sees what the others have committed.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Mutex<Box<dyn Journal>>,
    /// Commands of callers who wait for the journal.
    queue: Mutex<Queue>,
    readers: ReadingHandles,
    index: Index,
    cases: Cases,
    conversations: Conversations,
    visits: VisitLog,
    hold_out_percent: u8,
    following: Following,
    rules: RwLock<Rules>,
    time: Box<dyn TimeSource>,
    memory: Memory,
}

/// What a desk has beside its journal.
struct Beside {
    /// Where it lies, if it lies on disk.
    folder: Option<PathBuf>,
    index: Index,
    cases: Cases,
    conversations: Conversations,
    visits: VisitLog,
    hold_out_percent: u8,
}

impl Beside {
    fn in_memory() -> Self {
        Self {
            folder: None,
            index: Index::in_memory(),
            cases: Cases::in_memory(),
            conversations: Conversations::in_memory(),
            visits: VisitLog::in_memory(),
            hold_out_percent: 0,
        }
    }
}

/// How a desk is opened, besides its folder and its rules.
///
/// ```
/// use firstline::{DeskOptions, Durability, SqliteOptions};
///
/// // For an import that can be begun again.
/// let journal = SqliteOptions { durability: Durability::Batch, ..SqliteOptions::default() };
/// let options = DeskOptions { journal, ..DeskOptions::default() };
/// ```
pub struct DeskOptions {
    /// What time it is, for commands that do not say. By default [`SystemTime`].
    pub time: Box<dyn TimeSource>,
    /// How its journal is opened. By default an acknowledged command survives a power cut.
    pub journal: SqliteOptions,
    /// For how long the keys of commands are remembered: the time within which whoever gets no
    /// answer may send a command again. By default for ever. Older ones are forgotten by
    /// [`Desk::handle_timeout`].
    pub remember_commands: Option<Duration>,
    /// The share of visitors, in percent, whom [`Desk::answer`] shows nothing, so that the effect of
    /// answers can be measured. By default nobody.
    pub hold_out_percent: u8,
    /// A model that turns texts into vectors, so that articles are found that say the same in other
    /// words. By default none: words, their inflections and what solved earlier tickets. Another
    /// model makes the index begin anew.
    pub embedder: Option<Arc<dyn Embedder>>,
}

impl Default for DeskOptions {
    fn default() -> Self {
        let journal = SqliteOptions::default();
        let time = Box::new(SystemTime);
        Self { time, journal, remember_commands: None, hold_out_percent: 0, embedder: None }
    }
}

impl fmt::Debug for DeskOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskOptions")
            .field("journal", &self.journal)
            .field("remember_commands", &self.remember_commands)
            .field("hold_out_percent", &self.hold_out_percent)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rulebook = self.rulebook();
        f.debug_struct("Desk")
            .field("name", &rulebook.name())
            .field("rulebook", &rulebook.version())
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Whether there is a desk in this folder. Opening one that is not there begins it.
    #[must_use]
    pub fn is_in(dir: impl AsRef<Path>) -> bool {
        dir.as_ref().join(JOURNAL).is_file()
    }

    /// Opens the desk in a folder, which is made if it is not there, under these rules.
    ///
    /// Nothing is recorded by that. Rules that differ from those in force last are adopted as a new
    /// version with the first command that is carried out, at its time. Promises already made stay
    /// with the version that they were made under.
    ///
    /// Several desks may be open on a folder, in this process or in others. Each works by its own rules,
    /// those that it was opened with or has [adopted](Self::adopt) last, and its records say by which.
    /// What another one adopts is known to it, for the promises that are made under it, and does not
    /// come into force here.
    ///
    /// # Errors
    ///
    /// The folder or its files cannot be made or read, are no desk, or are of a newer version.
    pub fn open(dir: impl AsRef<Path>, rulebook: Rulebook) -> Result<Self, Error> {
        Self::open_with_time(dir, rulebook, SystemTime)
    }

    /// [`open`](Self::open) with a clock of your own, for commands that do not say when.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_with_time(
        dir: impl AsRef<Path>,
        rulebook: Rulebook,
        time: impl TimeSource + 'static,
    ) -> Result<Self, Error> {
        let options = DeskOptions { time: Box::new(time), ..DeskOptions::default() };
        Self::open_with(dir, rulebook, options)
    }

    /// [`open`](Self::open) with other than the usual options.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_with(
        dir: impl AsRef<Path>,
        rulebook: Rulebook,
        options: DeskOptions,
    ) -> Result<Self, Error> {
        let DeskOptions { time, journal, remember_commands, hold_out_percent, embedder } = options;
        let dir = dir.as_ref();
        make_folder(dir)?;
        let journal = SqliteJournal::open_with(dir.join(JOURNAL), journal)?;
        let reader = journal.reader()?;
        let open = |folder: &Path| Index::open_with(folder, embedder.clone());
        let index = open_index(&dir.join(Index::FOLDER), &*reader, open, Index::position)?;
        let open = Cases::open;
        let cases = open_index(&dir.join(Cases::FOLDER), &*reader, open, Cases::position)?;
        let (folder, open) = (dir.join(Conversations::FOLDER), Conversations::open);
        let conversations = open_index(&folder, &*reader, open, Conversations::position)?;
        drop(reader);
        let memory = Memory::new(remember_commands);
        let visits = VisitLog::in_file(dir.join(VISITS));
        let folder = Some(dir.to_owned());
        let beside = Beside { folder, index, cases, conversations, visits, hold_out_percent };
        Self::start(Box::new(journal), beside, rulebook, time, memory)
    }

    /// A desk that forgets everything when its last handle is gone.
    ///
    /// # Errors
    ///
    /// None that a caller could cause.
    pub fn in_memory(rulebook: Rulebook) -> Result<Self, Error> {
        Self::in_memory_with_time(rulebook, SystemTime)
    }

    /// [`in_memory`](Self::in_memory) with a clock of your own.
    ///
    /// # Errors
    ///
    /// None that a caller could cause.
    pub fn in_memory_with_time(
        rulebook: Rulebook,
        time: impl TimeSource + 'static,
    ) -> Result<Self, Error> {
        let options = DeskOptions { time: Box::new(time), ..DeskOptions::default() };
        Self::in_memory_with(rulebook, options)
    }

    /// [`in_memory`](Self::in_memory) with other than the usual options. How its journal is opened counts
    /// for nothing: there is no file.
    ///
    /// # Errors
    ///
    /// None that a caller could cause.
    pub fn in_memory_with(rulebook: Rulebook, options: DeskOptions) -> Result<Self, Error> {
        let DeskOptions { time, journal: _, remember_commands, hold_out_percent, embedder } =
            options;
        let journal = Box::new(MemoryJournal::new());
        let index = Index::in_memory_with(embedder);
        let beside = Beside { index, hold_out_percent, ..Beside::in_memory() };
        Self::start(journal, beside, rulebook, time, Memory::new(remember_commands))
    }

    fn start(
        journal: Box<dyn Journal>,
        beside: Beside,
        rulebook: Rulebook,
        time: Box<dyn TimeSource>,
        memory: Memory,
    ) -> Result<Self, Error> {
        let readers = ReadingHandles::new(journal.readers());
        let rules = readers.ask(|journal| Rules::new(rulebook, journal))?;
        let Beside { folder, index, cases, conversations, visits, hold_out_percent } = beside;
        index.set_synonyms(rules.book.synonyms());
        cases.set_synonyms(rules.book.synonyms());
        let inner = Inner {
            journal: Mutex::new(journal),
            queue: Mutex::default(),
            readers,
            index,
            cases,
            conversations,
            visits,
            hold_out_percent,
            following: Following::new(folder),
            rules: RwLock::new(rules),
            time,
            memory,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Puts other rules into force and gives the number of their version.
    ///
    /// A promise stays with the version that it was made under. Who gets what is looked at anew: where
    /// the rules give tickets by themselves, those that nobody has join the queue, and those that wait in
    /// it go to whoever may have them now. Timed rules wait on the tickets that are in their states
    /// already, from when those were entered; what should have happened before now happens in the next
    /// hours of the rule. Of many tickets some are looked at by this call, the newest first, and the
    /// others by the [wake-ups](Self::handle_timeout) that follow. Rules that are in force already keep their number.
    /// Other desks that are [open](Self::open) on the folder go on by their own rules.
    ///
    /// # Errors
    ///
    /// The journal cannot be read or written.
    pub fn adopt(&self, rulebook: Rulebook) -> Result<u32, Error> {
        let mut journal = self.journal();
        let mut transaction = journal.begin()?;
        let mut rules = Rules::new(rulebook, transaction.as_ref())?;
        let now = self.clamp(transaction.as_ref(), self.now())?;
        wake::settle_before(&rules, transaction.as_mut(), now)?;
        let mut order = Order::new(transaction.as_mut(), &mut rules, Actor::System, now);
        order.stir.is_by_rules = order.rules.adopt(order.transaction, now)?;
        order.dispatch()?;
        transaction.commit()?;
        let version = rules.book.version();
        self.inner.index.set_synonyms(rules.book.synonyms());
        self.inner.cases.set_synonyms(rules.book.synonyms());
        self.keep(rules);
        Ok(version)
    }

    /// What the author of a rulebook may want to know before the desk adopts it, though nothing is
    /// wrong: its [remarks](Rulebook::remarks) with whom of those that its rules name this desk does not
    /// know, and who or what of the desk names what the rules do not have, such as an agent whose hours
    /// are called otherwise now.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn remarks(&self, rulebook: &Rulebook) -> Result<Vec<Finding>, Error> {
        let mut rulebook = rulebook.clone();
        self.read(|journal| look_for_strangers(&mut rulebook, journal))?;
        let objections = self.read(|journal| objections(&rulebook, journal))?;
        Ok(rulebook.remarks(self.present()?).into_iter().chain(objections).collect())
    }

    /// Brings to the disk all that was acknowledged so far. There is nothing to do for it unless the
    /// desk was opened with another [`Durability`](crate::Durability) than the usual.
    ///
    /// # Errors
    ///
    /// The disk.
    pub fn sync(&self) -> Result<(), Error> {
        Ok(self.journal().sync()?)
    }

    /// The rules in force.
    #[must_use]
    pub fn rulebook(&self) -> Rulebook {
        self.look_at_rules().book.clone()
    }

    fn rules(&self) -> Rules {
        self.look_at_rules().clone()
    }

    /// The rules, for a short look: nobody can change them meanwhile.
    fn look_at_rules(&self) -> RwLockReadGuard<'_, Rules> {
        self.inner.rules.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes rules that were adopted, or that have learned of others. Only whoever holds the
    /// journal may: so nobody puts older rules above newer ones.
    fn keep(&self, rules: Rules) {
        *self.inner.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
    }

    /// What time it is by the desk's own clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.time.now()
    }

    /// The moment of a question. The desk's own clock may lag behind commands that said when they
    /// were given.
    fn present(&self) -> Result<Timestamp, Error> {
        let now = self.now();
        Ok(self.head()?.map_or(now, |head| now.max(head.at)))
    }

    /// The journal, for one writer. A panic of another writer rolled its transaction back, so what
    /// it left behind is sound.
    fn journal(&self) -> MutexGuard<'_, Box<dyn Journal>> {
        self.inner.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time never runs back: a moment before the last record counts as that record's.
    fn clamp(&self, journal: &dyn Transaction, now: Timestamp) -> Result<Timestamp, Error> {
        check_time(now)?;
        Ok(journal.head()?.map_or(now, |head| now.max(head.at)))
    }

    /// Refuses the moment that a caller gives if it lies far ahead of both the journal and the desk's own
    /// clock: it would be the time of the desk from then on. An alarm may be as far ahead as what it is
    /// `set` for.
    fn check_given(
        &self,
        journal: &dyn Transaction,
        at: Timestamp,
        set: Option<Timestamp>,
    ) -> Result<(), Error> {
        check_time(at)?;
        let last = journal.head()?.map(|head| head.at).max(set);
        if last.is_some_and(|last| check_not_far_ahead(at, last).is_ok()) {
            return Ok(());
        }
        let now = self.now();
        Ok(check_not_far_ahead(at, last.map_or(now, |last| last.max(now)))?)
    }

    /// Asks the journal, beside whoever writes.
    fn read<T>(&self, ask: impl FnOnce(&dyn Reader) -> Result<T, Error>) -> Result<T, Error> {
        self.inner.readers.ask(ask)
    }
}

/// What happened to a ticket, if a record is of one.
fn ticket_event(record: &Record) -> Option<(TicketId, &TicketEvent)> {
    match (record.stream, &record.event) {
        (Stream::Ticket(ticket), Event::Ticket(event)) => Some((ticket, event)),
        _ => None,
    }
}
