//! How what a desk searches follows its journal, beside other processes that do the same.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use firstline_core::{Event, Stream, TicketFact, TicketId};
use firstline_knowledge::{Cases, Conversations, Index, KnowledgeError};
use firstline_store::Record;

use super::origin::note_journal;
use super::patience::Patience;
use super::{Desk, Inner, ticket_event};
use crate::error::Error;

/// For how many seconds a question waits for another process that takes in the same.
const PATIENCE: u32 = 1;

/// For how long an erasure does: it must come to its end.
const PATIENCE_TO_ERASE: u32 = 10;

/// By how many records the words of tickets that nothing solved may lag behind when somebody asks
/// for articles. They only help to tell how rare a word is.
const MAX_LAG: u64 = 1_000;

/// How many records are read at once.
const FEED_BATCH: usize = 1_000;

/// How many tickets an index takes in at once. What was said on them is in memory meanwhile.
const FEED_TICKETS: usize = 1_000;

/// By how many records of the journal each index is behind: 0 but while another process writes one
/// and does not come to an end, and for cases and conversations nobody has asked for lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchLag {
    /// The articles. Answers are as old as that.
    pub articles: u64,
    /// The tickets that articles are learned from and compared with.
    pub cases: u64,
    /// The conversations. Lists are complete nevertheless: what is behind is read when they are made.
    pub conversations: u64,
}

/// What the desk remembers of its indexes between two questions.
pub(super) struct Following {
    /// The folder of the desk, if it has one.
    folder: Option<PathBuf>,
    /// Held by whoever feeds an index, so that two threads do not feed it the same.
    feeding: Mutex<()>,
    /// Where articles and cases stood when a question last waited for another process in vain.
    articles_stuck_at: AtomicU64,
    cases_stuck_at: AtomicU64,
    /// Up to which record nothing teaches anything new, from which position of the cases on.
    looked: Mutex<(u64, u64)>,
}

impl Following {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            feeding: Mutex::default(),
            articles_stuck_at: AtomicU64::new(NOWHERE),
            cases_stuck_at: AtomicU64::new(NOWHERE),
            looked: Mutex::default(),
        }
    }
}

/// No journal is so long.
const NOWHERE: u64 = u64::MAX;

/// An index that follows the journal.
pub(super) trait Follower {
    /// Where it lies in the folder of the desk.
    const FOLDER: &'static str;

    fn position(&self) -> u64;
    fn reload(&self) -> Result<(), KnowledgeError>;
}

macro_rules! follower {
    ($($index:ty: $folder:literal),*) => {$(
        impl Follower for $index {
            const FOLDER: &'static str = $folder;

            fn position(&self) -> u64 {
                self.position()
            }

            fn reload(&self) -> Result<(), KnowledgeError> {
                self.reload()
            }
        }
    )*};
}

follower!(Index: "index", Cases: "cases", Conversations: "conversations");

impl Desk {
    /// By how much what the desk searches is behind its journal now. See
    /// [`search`](Self::search) for when that can be.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn search_lag(&self) -> Result<SearchLag, Error> {
        let head = self.head()?.map_or(0, |head| head.seq);
        let articles = self.read(|journal| Ok(journal.last_article_change()?))?;
        let Inner { index, cases, conversations, .. } = &*self.inner;
        Ok(SearchLag {
            articles: articles.saturating_sub(index.position()),
            cases: head.saturating_sub(cases.position()),
            conversations: head.saturating_sub(conversations.position()),
        })
    }

    /// Lets the index of articles follow the journal by steps.
    pub(super) fn follow_articles(
        &self,
        goal: u64,
        step: impl Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let stuck = &self.inner.following.articles_stuck_at;
        self.follow(&self.inner.index, goal, Some(stuck), &step)
    }

    /// Lets the cases follow the journal by steps.
    pub(super) fn follow_cases(
        &self,
        goal: u64,
        step: impl Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let stuck = &self.inner.following.cases_stuck_at;
        self.follow(&self.inner.cases, goal, Some(stuck), &step)
    }

    /// Lets the conversations follow the journal by steps. Whoever asks reads himself what another
    /// process is still at, and waits for nobody.
    pub(super) fn follow_conversations(
        &self,
        goal: u64,
        step: impl Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.follow(&self.inner.conversations, goal, None, &step)
    }

    /// Lets an index read on to a record. While another process is at it, which reads the same
    /// journal, this one waits for it; one that does not move is waited for only once.
    fn follow<F: Follower>(
        &self,
        index: &F,
        goal: u64,
        stuck: Option<&AtomicU64>,
        step: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        if index.position() >= goal {
            return Ok(());
        }
        let feeding = &self.inner.following.feeding;
        let _feeding = feeding.lock().unwrap_or_else(PoisonError::into_inner);
        index.reload()?;
        if let (Some(folder), Some(end)) = (&self.inner.following.folder, self.head()?) {
            note_journal(&folder.join(F::FOLDER), &end);
        }
        let mut patience = Patience::of_seconds(PATIENCE, &*self.inner.time);
        while index.position() < goal {
            match step() {
                Err(Error::Knowledge(KnowledgeError::Busy)) => {
                    index.reload()?;
                    let Some(stuck) = stuck else { return Ok(()) };
                    let position = index.position();
                    if stuck.load(Ordering::Relaxed) == position || !patience.rest() {
                        stuck.store(position, Ordering::Relaxed);
                        return Ok(());
                    }
                }
                // Another process found it damaged and began anew: go on from where it is.
                Err(Error::Knowledge(KnowledgeError::Restarted { .. })) => {}
                fed => {
                    fed?;
                    if let Some(stuck) = stuck {
                        stuck.store(NOWHERE, Ordering::Relaxed);
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads on from a record until it has met enough tickets to be taken in together, or until it has
    /// come to the end, which is here if nothing follows. Gives how far that was, and which tickets
    /// such facts are about.
    ///
    /// It goes by tickets, and not by records: each is then read as a whole, so one with a long history
    /// should not come up anew every thousand records.
    pub(super) fn changed_since(
        &self,
        after: u64,
        end: u64,
        counts: impl Fn(&TicketFact) -> bool,
    ) -> Result<(u64, BTreeSet<TicketId>), Error> {
        let (mut position, mut changed) = (after, BTreeSet::new());
        while changed.len() < FEED_TICKETS {
            let records = self.records(position, FEED_BATCH)?;
            let Some(last) = records.last() else { return Ok((position.max(end), changed)) };
            position = last.seq;
            changed.extend(self.changed_tickets(&records, &counts)?);
        }
        Ok((position, changed))
    }

    /// The tickets that such records are about. Those whose words were erased changed by that too.
    fn changed_tickets(
        &self,
        records: &[Record],
        counts: impl Fn(&TicketFact) -> bool,
    ) -> Result<BTreeSet<TicketId>, Error> {
        let mut changed = BTreeSet::new();
        for record in records {
            changed.extend(ticket_event(record).filter(|it| counts(&it.1.fact)).map(|it| it.0));
            if let Event::Erased(erasure) = &record.event {
                for number in &erasure.records {
                    let erased = self.records(number.saturating_sub(1), 1)?;
                    changed.extend(erased.iter().filter_map(|record| match record.stream {
                        Stream::Ticket(id) => Some(id),
                        _ => None,
                    }));
                }
            }
        }
        Ok(changed)
    }

    /// Lets the cases follow the journal if what they teach may have changed since. Most records are
    /// of tickets that nothing has solved yet, and to take those in costs whoever asks a sync.
    pub(super) fn feed_lessons(&self) -> Result<(), Error> {
        let cases = &self.inner.cases;
        let head = self.head()?.map_or(0, |head| head.seq);
        let looked = || self.inner.following.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, to) = *looked();
        let position = cases.position();
        // An index that moved since was fed, or has begun anew.
        let seen = if from == position { to.max(position) } else { position };
        if head <= seen {
            return Ok(());
        }
        if head - position > MAX_LAG || self.teaches(seen, head)? {
            return self.feed_cases();
        }
        *looked() = (position, head);
        Ok(())
    }

    /// Whether records between these say anything of a ticket that an article solved.
    fn teaches(&self, after: u64, head: u64) -> Result<bool, Error> {
        let count = usize::try_from(head - after).unwrap_or(usize::MAX);
        let mut tickets = BTreeSet::new();
        for record in self.records(after, count)? {
            match (&record.event, ticket_event(&record)) {
                (Event::Erased(_), _) => return Ok(true),
                (_, Some((_, event))) if matches!(event.fact, TicketFact::SolvedBy { .. }) => {
                    return Ok(true);
                }
                (_, ticket) => tickets.extend(ticket.map(|(id, _)| id)),
            }
        }
        self.read(|journal| {
            for id in tickets {
                if journal.ticket(id)?.is_some_and(|stored| stored.state.solved_by.is_some()) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Asks what follows the journal. If its files turn out to be gone or damaged, they begin anew,
    /// and it is asked once more.
    pub(super) fn sound<T>(&self, ask: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
        match ask() {
            Err(Error::Knowledge(error)) if error.is_damage() => {
                let Inner { index, cases, conversations, .. } = &*self.inner;
                index.mend()?;
                cases.mend()?;
                conversations.mend()?;
                ask()
            }
            told => told,
        }
    }

    /// Takes what was erased from the journal out of the files of everything that follows it.
    pub(super) fn purge_indexes(&self) -> Result<(), Error> {
        let Inner { cases, conversations, .. } = &*self.inner;
        let head = self.head()?.map_or(0, |head| head.seq);
        // What has read nothing yet keeps no word of anybody.
        let is_behind = |position| (1..head).contains(&position);
        let purge = || {
            cases.reload()?;
            conversations.reload()?;
            if is_behind(cases.position()) {
                self.feed_cases()?;
            }
            if is_behind(conversations.position()) {
                self.feed_conversations(0)?;
            }
            if is_behind(cases.position()) || is_behind(conversations.position()) {
                return Err(KnowledgeError::Busy.into());
            }
            cases.purge()?;
            Ok(conversations.purge()?)
        };
        let mut patience = Patience::of_seconds(PATIENCE_TO_ERASE, &*self.inner.time);
        loop {
            match self.sound(purge) {
                Err(Error::Knowledge(KnowledgeError::Busy)) if patience.rest() => {}
                purged => return purged,
            }
        }
    }
}
