//! The examination is examined: journals that are wrong in one thing each, and must not pass.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use firstline_core::{
    Actor, AgentId, Article, ArticleId, CommandId, ContactId, Party, PartyId, Priority,
    RulebookAdopted, Stream, Ticket, TicketFilter, TicketId, Timestamp, Workload,
};

use super::{Chapter, all_chapters};
use crate::error::StoreError;
use crate::export::ExportedRecord;
use crate::journal::{
    ArticleChange, Entry, Head, Journal, MAX_BATCH, Reader, Readers, Receipt, Stored, Transaction,
    Verified,
};
use crate::memory::MemoryJournal;
use crate::outbox::{Failed, OpenEffect, Standing};
use crate::party::{PartyPage, PartyQuery};
use crate::query::{Page, TicketQuery};
use crate::record::Record;

/// Each fault by its name: none can be left out of the examination.
macro_rules! faults {
    ($($fault:ident),+ $(,)?) => {
        /// What is wrong with a journal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Fault {
            Nothing,
            $($fault),+
        }

        const FAULTS: &[Fault] = &[$(Fault::$fault),+];
    };
}

faults![
    LosesReceipts,
    DoesNotRemember,
    DoesNotRollBack,
    CommitsNothing,
    AllowsStaleVersions,
    KnowsNoVersions,
    HasNoEnd,
    ForgetsWakeTimes,
    WakesInWrongOrder,
    WakesTooEarly,
    ForgetsPlans,
    ListsBackwards,
    ListsOnePage,
    CountsAll,
    QueuesBackwards,
    HasNoQueues,
    SeesNoWork,
    HistoryBackwards,
    RecordsFromTheFirst,
    KnowsNoRulebook,
    ArticlesBackwards,
    KnowsNoArticleChange,
    KnowsEverybody,
    PartiesBackwards,
    NumbersAgain,
    ForgetsNothing,
    DoesNotSayWhatItForgot,
    ErasesNobody,
    OutboxOutOfOrder,
    LeaseNeverEnds,
    AcknowledgedComesAgain,
    DeadLettersAreLost,
    UntriedWaitsForTheClock,
    BelievesOldFailures,
    DoesNotRequeue,
    RebuildingEmptiesTheOutbox,
    ImportsErrands,
    ExportsLessThanAll,
    BackupIsNothing,
];

use Fault::*;

/// Something of a journal, with what is wrong with it.
struct Wrong<T> {
    fault: Fault,
    inner: T,
}

impl Journal for Wrong<MemoryJournal> {
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        let fault = self.fault;
        let inner = Open { fault, transaction: Some(self.inner.begin()?) };
        Ok(Box::new(Wrong { fault, inner }))
    }

    fn readers(&self) -> Box<dyn Readers> {
        Box::new(Wrong { fault: self.fault, inner: self.inner.readers() })
    }

    fn rebuild(&mut self) -> Result<(), StoreError> {
        self.inner.rebuild()?;
        if self.fault == RebuildingEmptiesTheOutbox {
            let open = self.inner.reader()?.open_effects(0, MAX_BATCH)?;
            let records: Vec<u64> = open.iter().map(|open| open.record).collect();
            self.inner.acknowledge(&records)?;
        }
        Ok(())
    }

    fn forget_commands(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        if self.fault == ForgetsNothing { Ok(0) } else { self.inner.forget_commands(before) }
    }

    fn erase(
        &mut self,
        contact: ContactId,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Receipt>, StoreError> {
        if self.fault == ErasesNobody { Ok(None) } else { self.inner.erase(contact, by, at) }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.inner.sync()
    }

    fn fail(&mut self, failed: &Failed, now: Timestamp) -> Result<bool, StoreError> {
        let mut failed = failed.clone();
        if self.fault == BelievesOldFailures
            && let Some(open) = self.inner.reader()?.open_effect(failed.record)?
        {
            failed.attempt = open.attempts;
        }
        crate::outbox::fail(self, &failed, now)
    }

    fn requeue(&mut self, record: u64, now: Timestamp) -> Result<bool, StoreError> {
        if self.fault == DoesNotRequeue {
            Ok(true)
        } else {
            crate::outbox::requeue(self, record, now)
        }
    }
}

impl Readers for Wrong<Box<dyn Readers>> {
    fn open(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(Wrong { fault: self.fault, inner: self.inner.open()? }))
    }
}

/// A transaction until it is committed.
struct Open<'j> {
    fault: Fault,
    transaction: Option<Box<dyn Transaction + 'j>>,
}

impl<'j> Open<'j> {
    fn get(&mut self) -> &mut (dyn Transaction + 'j) {
        &mut **self.transaction.as_mut().expect("it is not committed")
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if let Some(transaction) = self.transaction.take()
            && self.fault == DoesNotRollBack
        {
            let _ = transaction.commit();
        }
    }
}

/// Whatever reads.
trait Reads: Send {
    fn reader(&self) -> &dyn Reader;
}

impl Reads for Box<dyn Reader> {
    fn reader(&self) -> &dyn Reader {
        &**self
    }
}

impl Reads for Open<'_> {
    fn reader(&self) -> &dyn Reader {
        &**self.transaction.as_ref().expect("it is not committed")
    }
}

impl<R: Reads> Wrong<R> {
    /// What it would say if it were right, or something else if this is what is wrong with it.
    fn or<T>(
        &self,
        fault: Fault,
        right: Result<T, StoreError>,
        wrong: impl FnOnce(T) -> T,
    ) -> Result<T, StoreError> {
        if self.fault == fault { right.map(wrong) } else { right }
    }
}

fn backwards<T>(mut all: Vec<T>) -> Vec<T> {
    all.reverse();
    all
}

impl<R: Reads> Reader for Wrong<R> {
    fn head(&self) -> Result<Option<Head>, StoreError> {
        self.or(HasNoEnd, self.inner.reader().head(), |_| None)
    }

    fn ticket(&self, id: TicketId) -> Result<Option<Stored<Ticket>>, StoreError> {
        self.inner.reader().ticket(id)
    }

    fn article(&self, id: ArticleId) -> Result<Option<Stored<Article>>, StoreError> {
        self.inner.reader().article(id)
    }

    fn party(&self, id: PartyId) -> Result<Option<Stored<Party>>, StoreError> {
        self.inner.reader().party(id)
    }

    fn knows_party(&self, id: PartyId) -> Result<bool, StoreError> {
        self.or(KnowsEverybody, self.inner.reader().knows_party(id), |_| true)
    }

    fn find_parties(&self, query: &PartyQuery) -> Result<PartyPage, StoreError> {
        self.or(PartiesBackwards, self.inner.reader().find_parties(query), |page| PartyPage {
            parties: backwards(page.parties),
            ..page
        })
    }

    fn version(&self, stream: Stream) -> Result<u64, StoreError> {
        self.or(KnowsNoVersions, self.inner.reader().version(stream), |_| 0)
    }

    fn rulebook(&self) -> Result<Option<RulebookAdopted>, StoreError> {
        self.or(KnowsNoRulebook, self.inner.reader().rulebook(), |_| None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        self.or(ForgetsWakeTimes, self.inner.reader().next_wake(), |_| None)
    }

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<TicketId>, StoreError> {
        let now = if self.fault == WakesTooEarly { Timestamp::MAX } else { now };
        self.or(WakesInWrongOrder, self.inner.reader().due(now, limit), backwards)
    }

    fn parties_due(&self, now: Timestamp, limit: usize) -> Result<Vec<PartyId>, StoreError> {
        self.or(ForgetsPlans, self.inner.reader().parties_due(now, limit), |_| Vec::new())
    }

    fn queues(&self) -> Result<Vec<String>, StoreError> {
        self.or(HasNoQueues, self.inner.reader().queues(), |_| Vec::new())
    }

    fn queued(
        &self,
        queue: &str,
        priority: Priority,
        after: Option<(Timestamp, TicketId)>,
        limit: usize,
    ) -> Result<Vec<(Timestamp, TicketId)>, StoreError> {
        let queued = self.inner.reader().queued(queue, priority, after, limit);
        self.or(QueuesBackwards, queued, backwards)
    }

    fn find(&self, query: &TicketQuery) -> Result<Page, StoreError> {
        let page = self.inner.reader().find(query);
        let page = self.or(ListsOnePage, page, |page| Page { next: None, ..page });
        let tickets = |page: Page| Page { tickets: backwards(page.tickets), ..page };
        self.or(ListsBackwards, page, tickets)
    }

    fn workload(&self, agent: AgentId) -> Result<Workload, StoreError> {
        self.or(SeesNoWork, self.inner.reader().workload(agent), |_| Workload::default())
    }

    fn count(&self, filter: &TicketFilter) -> Result<u64, StoreError> {
        let all = TicketFilter::default();
        self.inner.reader().count(if self.fault == CountsAll { &all } else { filter })
    }

    fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let from_the_first = self.fault == RecordsFromTheFirst && limit < MAX_BATCH;
        self.inner.reader().records(if from_the_first { 0 } else { after }, limit)
    }

    fn history(&self, stream: Stream) -> Result<Vec<Record>, StoreError> {
        self.or(HistoryBackwards, self.inner.reader().history(stream), backwards)
    }

    fn article_changes(&self, after: u64, limit: usize) -> Result<Vec<ArticleChange>, StoreError> {
        self.or(ArticlesBackwards, self.inner.reader().article_changes(after, limit), backwards)
    }

    fn last_article_change(&self) -> Result<u64, StoreError> {
        self.or(KnowsNoArticleChange, self.inner.reader().last_article_change(), |_| 0)
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        self.or(LosesReceipts, self.inner.reader().receipt(command), |_| None)
    }

    fn export(&self, after: u64, limit: usize) -> Result<Vec<ExportedRecord>, StoreError> {
        self.or(ExportsLessThanAll, self.inner.reader().export(after, limit), |mut slice| {
            slice.pop();
            slice
        })
    }

    fn receipts(
        &self,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<(CommandId, Receipt)>, StoreError> {
        self.inner.reader().receipts(after, limit)
    }

    fn forgotten(&self) -> Result<Timestamp, StoreError> {
        self.or(DoesNotSayWhatItForgot, self.inner.reader().forgotten(), |_| Timestamp::MIN)
    }

    fn open_effect(&self, record: u64) -> Result<Option<OpenEffect>, StoreError> {
        self.inner.reader().open_effect(record)
    }

    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        self.inner.reader().open_effects(after, limit)
    }

    fn effects_due(&self, now: Timestamp, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        let mut due = self.inner.reader().effects_due(now, limit)?;
        due.retain(|open| match (self.fault, open.standing) {
            (LeaseNeverEnds, _) => open.attempts == 0,
            (UntriedWaitsForTheClock, Standing::Due(at)) => open.attempts > 0 || at <= now,
            _ => true,
        });
        Ok(due)
    }

    fn next_effect(&self, ticket: TicketId) -> Result<Option<OpenEffect>, StoreError> {
        self.inner.reader().next_effect(ticket)
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if self.fault == BackupIsNothing { Ok(()) } else { self.inner.reader().backup(to) }
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.inner.reader().verify()
    }
}

impl Transaction for Wrong<Open<'_>> {
    fn next_ticket_id(&self) -> Result<TicketId, StoreError> {
        if self.fault == NumbersAgain {
            return Ok(TicketId(1));
        }
        self.inner.transaction.as_ref().expect("it is not committed").next_ticket_id()
    }

    fn next_article_id(&self) -> Result<ArticleId, StoreError> {
        self.inner.transaction.as_ref().expect("it is not committed").next_article_id()
    }

    fn append(&mut self, mut entry: Entry) -> Result<Receipt, StoreError> {
        if self.fault == AllowsStaleVersions {
            entry.expected = self.inner.reader().version(entry.stream)?;
        }
        if self.fault == DoesNotRemember {
            entry.command = None;
        }
        self.inner.get().append(entry)
    }

    fn restore_record(&mut self, record: ExportedRecord) -> Result<(), StoreError> {
        if let (ImportsErrands, Stream::Ticket(ticket)) = (self.fault, record.stream) {
            let (record, standing) = (record.seq, Standing::Due(record.at));
            let open = OpenEffect { record, ticket, attempts: 0, standing, reason: None };
            self.inner.get().put_effect(&open)?;
        }
        self.inner.get().restore_record(record)
    }

    fn restore_receipt(&mut self, command: CommandId, receipt: Receipt) -> Result<(), StoreError> {
        self.inner.get().restore_receipt(command, receipt)
    }

    fn put_effect(&mut self, effect: &OpenEffect) -> Result<(), StoreError> {
        match (self.fault, effect.standing) {
            (OutboxOutOfOrder, Standing::Waiting) => {
                let at = self.inner.reader().head()?.map_or(Timestamp::MIN, |head| head.at);
                let standing = Standing::Due(at);
                self.inner.get().put_effect(&OpenEffect { standing, ..effect.clone() })
            }
            (DeadLettersAreLost, Standing::Dead) => self.inner.get().remove_effect(effect.record),
            _ => self.inner.get().put_effect(effect),
        }
    }

    fn remove_effect(&mut self, record: u64) -> Result<(), StoreError> {
        if self.fault == AcknowledgedComesAgain {
            return Ok(());
        }
        self.inner.get().remove_effect(record)
    }

    fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        let transaction = self.inner.transaction.take().expect("it is not committed");
        if self.fault == CommitsNothing { Ok(()) } else { transaction.commit() }
    }
}

/// The one chapter that takes seconds. What would fail only there is not told apart here.
const LONG: &str = "every_filter_in_every_order";

/// Whether every chapter of the examination is passed but the longest.
fn passes(fault: Fault) -> bool {
    let is_passed = |(_, chapter): Chapter| {
        let mut journal = Wrong { fault, inner: MemoryJournal::new() };
        catch_unwind(AssertUnwindSafe(|| chapter(&mut journal))).is_ok_and(|told| told.is_ok())
    };
    all_chapters().filter(|(name, _)| *name != LONG).all(is_passed)
}

#[test]
fn no_wrong_journal_passes() {
    assert!(passes(Nothing), "it is right, behind all of this");
    assert!(all_chapters().any(|(name, _)| name == LONG));
    let passed: Vec<_> = FAULTS.iter().copied().filter(|fault| passes(*fault)).collect();
    assert!(passed.is_empty(), "{passed:?} passed");
}
