//! The desk: one folder, one handle.

mod execute;
mod helpers;
mod look;
mod wake;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use firstline_core::{Actor, Event, Rulebook, RulebookAdopted, Stream, Timestamp, check_time};
use firstline_knowledge::Index;
use firstline_store::{Entry, Journal, MemoryJournal, Reader, SqliteJournal, State, Transaction};

pub use wake::Woken;

use crate::error::Error;
use crate::time::{SystemTime, TimeSource};

/// How many reading handles are kept open for the next question. More threads may read at once;
/// their handles are closed afterwards.
const MAX_IDLE_READERS: usize = 8;

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
    readers: Mutex<Vec<Box<dyn Reader>>>,
    index: Index,
    /// Held by whoever feeds the index, so that two threads do not feed it the same.
    feeding: Mutex<()>,
    rulebook: RwLock<Rulebook>,
    time: Box<dyn TimeSource>,
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
    /// Opens the desk in a folder, which is made if it is not there, under these rules.
    ///
    /// Rules that differ from those in force last are adopted as a new version. Promises already
    /// made stay with the version that they were made under.
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
        let dir = dir.as_ref();
        std::fs::create_dir_all(dir)
            .map_err(|source| Error::Folder { folder: dir.to_owned(), source })?;
        let journal = SqliteJournal::open(dir.join("desk.sqlite"))?;
        let index = Index::open(&dir.join("index"))?;
        Self::start(Box::new(journal), index, rulebook, Box::new(time))
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
        Self::start(Box::new(MemoryJournal::new()), Index::in_memory(), rulebook, Box::new(time))
    }

    fn start(
        journal: Box<dyn Journal>,
        index: Index,
        rulebook: Rulebook,
        time: Box<dyn TimeSource>,
    ) -> Result<Self, Error> {
        let inner = Inner {
            journal: Mutex::new(journal),
            readers: Mutex::new(Vec::new()),
            index,
            feeding: Mutex::new(()),
            rulebook: RwLock::new(rulebook.clone()),
            time,
        };
        let desk = Self { inner: Arc::new(inner) };
        desk.adopt(rulebook)?;
        Ok(desk)
    }

    /// Puts other rules into force and gives the number of their version.
    ///
    /// Nothing moves by itself: a promise stays with the version that it was made under. Rules
    /// that are in force already keep their number.
    ///
    /// # Errors
    ///
    /// The journal cannot be read or written.
    pub fn adopt(&self, rulebook: Rulebook) -> Result<u32, Error> {
        // Nothing is written, and no writer waited for, where the rules are in force already.
        let known = self.read(|journal| Ok(journal.rulebooks()?))?;
        if !is_in_force(&rulebook, &known) {
            self.record_adoption(&rulebook)?;
        }
        let known = self.read(|journal| Ok(journal.rulebooks()?))?;
        let adopted = known.iter().rfind(|adopted| adopted.source == rulebook.source());
        let version = adopted.map_or(0, |adopted| adopted.version);
        let mut rulebook = rulebook.with_version(version);
        for adopted in &known {
            rulebook.recall(adopted)?;
        }
        *self.inner.rulebook.write().unwrap_or_else(PoisonError::into_inner) = rulebook;
        Ok(version)
    }

    /// Records that rules come into force, unless another desk on this folder was faster.
    fn record_adoption(&self, rulebook: &Rulebook) -> Result<(), Error> {
        let mut journal = self.journal();
        let mut transaction = journal.begin()?;
        let known = transaction.rulebooks()?;
        if is_in_force(rulebook, &known) {
            return Ok(());
        }
        let version = known.last().map_or(0, |last| last.version) + 1;
        let source = rulebook.source().to_owned();
        let now = self.clamp(transaction.as_ref(), self.now())?;
        transaction.append(Entry {
            stream: Stream::Desk,
            expected: known.len() as u64,
            at: now,
            actor: Actor::System,
            command: None,
            rulebook: version,
            events: vec![Event::Rulebook(RulebookAdopted { version, source })],
            state: State::Desk,
        })?;
        Ok(transaction.commit()?)
    }

    /// The rules in force.
    #[must_use]
    pub fn rulebook(&self) -> Rulebook {
        self.inner.rulebook.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What time it is by the desk's own clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.time.now()
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

    /// Asks the journal, beside whoever writes.
    fn read<T>(&self, ask: impl FnOnce(&dyn Reader) -> Result<T, Error>) -> Result<T, Error> {
        let idle = || self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = idle().pop();
        let reader = match reader {
            Some(reader) => reader,
            None => self.journal().reader()?,
        };
        let answer = ask(reader.as_ref());
        let mut idle = idle();
        if idle.len() < MAX_IDLE_READERS {
            idle.push(reader);
        }
        answer
    }
}

/// Whether these rules are the last that were adopted.
fn is_in_force(rulebook: &Rulebook, known: &[RulebookAdopted]) -> bool {
    known.last().is_some_and(|last| last.source == rulebook.source())
}
