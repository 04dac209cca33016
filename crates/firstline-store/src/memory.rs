//! A journal that lives as long as the process.

mod layer;

use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, RwLock};

use firstline_core::{
    Actor, AgentId, Article, ArticleId, CommandId, ContactId, Party, PartyId, Priority, Stream,
    Ticket, TicketFilter, TicketId, Timestamp, Workload,
};

use self::layer::{Layer, View};
use crate::chain::{Position, follow, write};
use crate::erase::{Erased, erase, tickets_of};
use crate::error::StoreError;
use crate::export::ExportedRecord;
use crate::journal::{
    ArticleChange, Entry, Head, Journal, MAX_BATCH, Reader, Readers, Receipt, State, Stored,
    Transaction, Verified, check_number,
};
use crate::outbox::{self, OpenEffect};
use crate::party::{PartyPage, PartyQuery};
use crate::query::{Page, TicketQuery};
use crate::record::{Raw, Record};
use crate::verify::{Inspect, verify};

/// A journal that lives as long as the process: for tests, for trying things out, and for desks
/// whose host keeps the records elsewhere.
///
/// It keeps events as the text that others put on disk, so what can be stored here can be stored
/// there. It has no indexes: a list is made by looking at every ticket.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    committed: Arc<RwLock<Layer>>,
}

impl MemoryJournal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Journal for MemoryJournal {
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, StoreError> {
        // This handle is the only one that writes, and it is borrowed: that is the write lock.
        Ok(Box::new(Handle { committed: &*self.committed, written: Layer::default() }))
    }

    fn readers(&self) -> Box<dyn Readers> {
        Box::new(MemoryReaders { committed: Arc::clone(&self.committed) })
    }

    fn rebuild(&mut self) -> Result<(), StoreError> {
        let rebuilt = self.committed.read().expect(UNBROKEN).rebuilt()?;
        *self.committed.write().expect(UNBROKEN) = rebuilt;
        Ok(())
    }

    fn forget_commands(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(self.committed.write().expect(UNBROKEN).forget_commands(before))
    }

    fn erase(
        &mut self,
        contact: ContactId,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Receipt>, StoreError> {
        let written = Layer::default();
        let committed = self.committed.read().expect(UNBROKEN);
        let view = View { committed: &committed, written: &written };
        let Some(Erased { records, states, mut entry }) = erase(&view, contact, by, at)? else {
            return Ok(None);
        };
        drop(committed);
        entry.rulebook = self.reader()?.rulebook()?.map_or(0, |rulebook| rulebook.version);
        let committed = Arc::clone(&self.committed);
        let mut transaction = self.begin()?;
        let receipt = transaction.append(entry)?;
        outbox::erase_reasons(&mut *transaction, &tickets_of(&states))?;
        // Nothing can go wrong from here on.
        committed.write().expect(UNBROKEN).put_erased(records, states);
        transaction.commit()?;
        Ok(Some(receipt))
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        // There is no disk; what is here lasts as long as anything here does.
        Ok(())
    }
}

/// Opens handles that see what is committed.
struct MemoryReaders {
    committed: Arc<RwLock<Layer>>,
}

impl Readers for MemoryReaders {
    fn open(&self) -> Result<Box<dyn Reader>, StoreError> {
        let committed = Arc::clone(&self.committed);
        Ok(Box::new(Handle { committed, written: Layer::default() }))
    }
}

/// Why locks are never poisoned.
const UNBROKEN: &str = "nothing panics while it changes the journal";

/// Sees what is committed, under what it wrote itself. Readers write nothing.
struct Handle<C> {
    committed: C,
    written: Layer,
}

impl<C: Deref<Target = RwLock<Layer>>> Handle<C> {
    fn view<T>(&self, read: impl FnOnce(View<'_>) -> T) -> T {
        let committed = &self.committed.read().expect(UNBROKEN);
        read(View { committed, written: &self.written })
    }

    fn stored<T>(
        &self,
        stream: Stream,
        inner: impl FnOnce(&State) -> Option<T>,
    ) -> Result<Option<Stored<T>>, StoreError> {
        Ok(self.view(|view| {
            let (position, state) = view.state(stream)?;
            Some(Stored { version: position.version, seq: position.seq, state: inner(state)? })
        }))
    }
}

impl<C: Deref<Target = RwLock<Layer>> + Send> Reader for Handle<C> {
    fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(self.view(|view| view.head()))
    }

    fn ticket(&self, id: TicketId) -> Result<Option<Stored<Ticket>>, StoreError> {
        self.stored(Stream::Ticket(id), |state| match state {
            State::Ticket(ticket) => Some(ticket.clone()),
            _ => None,
        })
    }

    fn article(&self, id: ArticleId) -> Result<Option<Stored<Article>>, StoreError> {
        self.stored(Stream::Article(id), |state| match state {
            State::Article(article) => Some(article.clone()),
            _ => None,
        })
    }

    fn party(&self, id: PartyId) -> Result<Option<Stored<Party>>, StoreError> {
        self.stored(Stream::Party(id), |state| match state {
            State::Party(party) => Some(party.clone()),
            _ => None,
        })
    }

    fn knows_party(&self, id: PartyId) -> Result<bool, StoreError> {
        Ok(self.view(|view| view.state(Stream::Party(id)).is_some()))
    }

    fn find_parties(&self, query: &PartyQuery) -> Result<PartyPage, StoreError> {
        Ok(self.view(|view| view.find_parties(query)))
    }

    fn version(&self, stream: Stream) -> Result<u64, StoreError> {
        Ok(self.view(|view| view.state(stream).map_or(0, |(position, _)| position.version)))
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.view(|view| {
            let ticket = view.wakes(1).first().map(|(at, _)| *at);
            let party = view.party_wakes(1).first().map(|(at, _)| *at);
            ticket.into_iter().chain(party).min()
        }))
    }

    fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<TicketId>, StoreError> {
        let wakes = self.view(|view| view.wakes(limit.min(MAX_BATCH)));
        Ok(wakes.into_iter().take_while(|(at, _)| *at <= now).map(|(_, id)| id).collect())
    }

    fn parties_due(&self, now: Timestamp, limit: usize) -> Result<Vec<PartyId>, StoreError> {
        let wakes = self.view(|view| view.party_wakes(limit.min(MAX_BATCH)));
        Ok(wakes.into_iter().take_while(|(at, _)| *at <= now).map(|(_, id)| id).collect())
    }

    fn queues(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.view(|view| view.queues()))
    }

    fn queued(
        &self,
        queue: &str,
        priority: Priority,
        after: Option<(Timestamp, TicketId)>,
        limit: usize,
    ) -> Result<Vec<(Timestamp, TicketId)>, StoreError> {
        let queued = self.view(|view| view.queued(queue, priority));
        let rest = queued.into_iter().filter(|place| after.is_none_or(|after| *place > after));
        Ok(rest.take(limit.min(MAX_BATCH)).collect())
    }

    fn find(&self, query: &TicketQuery) -> Result<Page, StoreError> {
        self.view(|view| view.find(query))
    }

    fn workload(&self, agent: AgentId) -> Result<Workload, StoreError> {
        Ok(self.view(|view| view.workload(agent)))
    }

    fn count(&self, filter: &TicketFilter) -> Result<u64, StoreError> {
        Ok(self.view(|view| view.count(filter)))
    }

    fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let raws = self.view(|view| view.slice(after, limit.min(MAX_BATCH)));
        raws.into_iter().map(Raw::read).collect()
    }

    fn history(&self, stream: Stream) -> Result<Vec<Record>, StoreError> {
        self.view(|view| view.history(stream))?.into_iter().map(Raw::read).collect()
    }

    fn article_changes(&self, after: u64, limit: usize) -> Result<Vec<ArticleChange>, StoreError> {
        Ok(self.view(|view| view.article_changes(after, limit.min(MAX_BATCH))))
    }

    fn last_article_change(&self) -> Result<u64, StoreError> {
        Ok(self.view(|view| view.last_article_change()))
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.view(|view| view.receipt(command).copied()))
    }

    fn export(&self, after: u64, limit: usize) -> Result<Vec<ExportedRecord>, StoreError> {
        let raws = self.view(|view| view.slice(after, limit.min(MAX_BATCH)));
        raws.into_iter().map(ExportedRecord::of).collect()
    }

    fn receipts(
        &self,
        after: Option<CommandId>,
        limit: usize,
    ) -> Result<Vec<(CommandId, Receipt)>, StoreError> {
        Ok(self.view(|view| view.receipts(after, limit.min(MAX_BATCH))))
    }

    fn forgotten(&self) -> Result<Timestamp, StoreError> {
        Ok(self.view(|view| view.forgotten()))
    }

    fn open_effect(&self, record: u64) -> Result<Option<OpenEffect>, StoreError> {
        Ok(self.view(|view| view.open_effect(record)))
    }

    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        self.view(|view| Inspect::open_effects(&view, after, limit.min(MAX_BATCH)))
    }

    fn effects_due(&self, now: Timestamp, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        Ok(self.view(|view| view.effects_due(now, limit.min(MAX_BATCH))))
    }

    fn next_effect(&self, ticket: TicketId) -> Result<Option<OpenEffect>, StoreError> {
        Ok(self.view(|view| view.next_effect(ticket)))
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        crate::export::backup(self, to)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.view(|view| verify(&view))
    }
}

impl Transaction for Handle<&RwLock<Layer>> {
    fn next_ticket_id(&self) -> Result<TicketId, StoreError> {
        let number = 1 + self.view(|view| view.highest_ticket());
        check_number(number)?;
        Ok(TicketId(number))
    }

    fn next_article_id(&self) -> Result<ArticleId, StoreError> {
        let number = 1 + self.view(|view| view.highest_article());
        check_number(number)?;
        Ok(ArticleId(number))
    }

    fn append(&mut self, entry: Entry) -> Result<Receipt, StoreError> {
        entry.check()?;
        if let Some(command) = entry.command
            && let Some(receipt) = self.receipt(command)?
        {
            return Err(StoreError::Repeated { command, receipt });
        }
        let (records, receipt) = self.view(|view| {
            let position = view.state(entry.stream).map(|(position, _)| *position);
            write(&entry, view.head(), position)
        })?;
        if let Some(last) = records.last() {
            let position = Position { version: last.version, seq: last.seq };
            self.written.put(entry.stream, position, entry.state);
        }
        let asked = outbox::asking(&records, &entry.events);
        self.written.add(records, entry.command.map(|command| (command, receipt)));
        outbox::enqueue(self, &asked)?;
        Ok(receipt)
    }

    fn restore_record(&mut self, record: ExportedRecord) -> Result<(), StoreError> {
        let stream = record.stream;
        let (raw, state) = self.view(|view| {
            let (position, before) = view.state(stream).cloned().unzip();
            follow(record, view.head(), position, before)
        })?;
        self.written.put(stream, Position { version: raw.version, seq: raw.seq }, state);
        self.written.add(vec![raw], None);
        Ok(())
    }

    fn restore_receipt(&mut self, command: CommandId, receipt: Receipt) -> Result<(), StoreError> {
        self.written.add(Vec::new(), Some((command, receipt)));
        Ok(())
    }

    fn put_effect(&mut self, effect: &OpenEffect) -> Result<(), StoreError> {
        self.written.put_effect(effect.record, Some(effect.clone()));
        Ok(())
    }

    fn remove_effect(&mut self, record: u64) -> Result<(), StoreError> {
        self.written.put_effect(record, None);
        Ok(())
    }

    fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.committed.write().expect(UNBROKEN).absorb(self.written);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_the_examination() {
        crate::conformance::check(|| Box::new(MemoryJournal::new()));
    }
}
