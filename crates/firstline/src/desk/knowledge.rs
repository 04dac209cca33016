//! What the desk knows: answers to questions, and articles for tickets.

use std::sync::PoisonError;

use firstline_core::{Audience, Event, TicketFact, TicketId};
use firstline_knowledge::{Hit, KnowledgeError, Question, Revision};

use super::Desk;
use crate::error::Error;

/// How many changed articles the index takes in at once.
const FEED_BATCH: usize = 1_000;

impl Desk {
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
        self.search(&Question { audience: Audience::Internal, limit, ..Question::new(&text) })
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
