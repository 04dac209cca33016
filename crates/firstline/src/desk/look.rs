//! Questions to a desk. They run beside whoever writes, and change nothing.

use std::sync::PoisonError;

use firstline_core::{
    Article, ArticleId, Audience, Event, Party, PartyId, Refusal, Stream, TicketFact, TicketId,
};
use firstline_knowledge::{Hit, KnowledgeError, Question, Revision};
use firstline_store::{Head, Page, Record, Stored, TicketQuery, Verified};

use super::Desk;
use crate::error::Error;

/// How many changed articles the index takes in at once.
const FEED_BATCH: usize = 1_000;

impl Desk {
    /// A ticket as it is, with its version; `None` if there is none of this number.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn ticket(&self, id: TicketId) -> Result<Option<Stored<firstline_core::Ticket>>, Error> {
        self.read(|journal| Ok(journal.ticket(id)?))
    }

    /// Somebody the desk knows; `None` if nobody was saved under this number.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn party(&self, id: PartyId) -> Result<Option<Party>, Error> {
        self.read(|journal| Ok(journal.party(id)?.map(|stored| stored.state)))
    }

    /// An article as it is; `None` if there is none of this number.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>, Error> {
        self.read(|journal| Ok(journal.article(id)?.map(|stored| stored.state)))
    }

    /// Tickets that match, sorted and paged.
    ///
    /// # Errors
    ///
    /// The journal cannot be read, or the cursor is none of its own.
    pub fn tickets(&self, query: &TicketQuery) -> Result<Page, Error> {
        self.read(|journal| Ok(journal.find(query)?))
    }

    /// All that happened to a ticket, oldest first: conversation, life, promises.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket.
    pub fn timeline(&self, ticket: TicketId) -> Result<Vec<Record>, Error> {
        let history = self.read(|journal| Ok(journal.history(Stream::Ticket(ticket))?))?;
        if history.is_empty() {
            return Err(Refusal::UnknownTicket(ticket).into());
        }
        Ok(history)
    }

    /// Records of the whole desk after a sequence number, oldest first: the feed that a host
    /// follows. `after` is the last one it has seen, 0 for none.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, Error> {
        self.read(|journal| Ok(journal.records(after, limit)?))
    }

    /// Where the journal ends: the last record's number, time and hash. `None` while it is empty.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn head(&self) -> Result<Option<Head>, Error> {
        self.read(|journal| Ok(journal.head()?))
    }

    /// Reads the whole journal and compares it with itself and with all that was derived from it.
    ///
    /// # Errors
    ///
    /// The first record that is missing, altered or out of order, or the first table that does not
    /// agree.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.read(|journal| Ok(journal.verify()?))
    }

    /// Articles that answer a question, best first.
    ///
    /// An article is found as soon as the command that published it has returned: the index
    /// follows the journal when it is asked.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written.
    pub fn search(&self, question: &Question<'_>) -> Result<Vec<Hit>, Error> {
        self.feed_index()?;
        Ok(self.inner.index.search(question)?)
    }

    /// Articles for a ticket, best first, as an agent may see them: from its subject and its first
    /// message.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written; there is no such ticket.
    pub fn suggest(&self, ticket: TicketId, limit: usize) -> Result<Vec<Hit>, Error> {
        let timeline = self.timeline(ticket)?;
        let words = timeline.iter().find_map(|record| match &record.event {
            Event::Ticket(event) => match &event.fact {
                TicketFact::Opened { subject, text, .. } => Some(format!("{subject}\n{text}")),
                _ => None,
            },
            _ => None,
        });
        let text = words.unwrap_or_default();
        let (audience, language, tags) = (Audience::Internal, None, &[][..]);
        self.search(&Question { text: &text, audience, language, tags, limit })
    }

    /// Lets the index read what was published since it last did.
    fn feed_index(&self) -> Result<(), Error> {
        let index = &self.inner.index;
        let last = self.read(|journal| Ok(journal.last_article_change()?))?;
        if index.position() >= last {
            return Ok(());
        }
        let _feeding = self.inner.feeding.lock().unwrap_or_else(PoisonError::into_inner);
        index.reload()?;
        while index.position() < last {
            let changes =
                self.read(|journal| Ok(journal.article_changes(index.position(), FEED_BATCH)?))?;
            let revisions: Vec<Revision> = changes
                .into_iter()
                .map(|change| Revision {
                    seq: change.seq,
                    article: change.article,
                    state: Some(change.state),
                })
                .collect();
            match index.absorb(&revisions) {
                // Another process is at it. What it has read so far is good enough an answer.
                Err(KnowledgeError::Busy) => return Ok(index.reload()?),
                // Another process found it damaged and began anew: go on from where it is.
                Err(KnowledgeError::Restarted { .. }) => {}
                fed => fed?,
            }
        }
        Ok(())
    }
}
