//! Tickets as cases: which earlier ones are like a new one, and what solved them.

mod likeness;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use firstline_core::{Article, ArticleId, Audience, Edition, Language, Tag, TicketId, Timestamp};

use crate::error::KnowledgeError;
use crate::index::Index;
use crate::question::{Hit, Question};

/// An index of tickets, beside that of the articles and apart from it: only agents ask it.
///
/// It is derived and follows the journal as [`Index`] does.
#[derive(Debug)]
pub struct Cases(Index);

/// A ticket, as far as others may be like it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it is about, in a line.
    pub subject: String,
    /// What the customer wrote.
    pub text: String,
    /// The language of the request; empty if nobody said.
    pub language: Language,
    /// The article that solved it, if it is solved.
    pub solved_by: Option<ArticleId>,
}

/// What a ticket is about, in search of others, or of articles.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// What it is about, in a line.
    pub subject: &'a str,
    /// What the customer wrote.
    pub text: &'a str,
}

/// A ticket that is like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Like {
    /// Which.
    pub ticket: TicketId,
    /// How much of the matter both share, from 0 to 1: the cosine of their words, weighed by how
    /// rare they are. Unlike the score of a [`Hit`], it can be compared between questions.
    pub likeness: f32,
    /// Why it was found.
    pub hit: Hit,
}

impl Like {
    /// Whether it may be the same matter: [`likeness`](Self::likeness) reaches [`DUPLICATE`].
    #[must_use]
    pub fn may_be_duplicate(&self) -> bool {
        self.likeness >= DUPLICATE
    }
}

/// From which likeness on a ticket is flagged as perhaps being about the same matter: worth a look
/// before anybody works on it, and no more.
///
/// On the open parts of two public collections of issues with known duplicates (GitBugs), the ten
/// most similar of the earlier issues were looked at for each query:
///
/// | collection | queries | flagged | of them known duplicates | of all duplicates flagged |
/// |---|---|---|---|---|
/// | Hadoop | 41 | 64 | 0.41 | 0.60 |
/// | SeaMonkey | 21 | 18 | 0.72 | 0.41 |
///
/// Duplicates that nobody linked count as mistakes there. A higher threshold gains little: from 0.5
/// on, half of what is flagged on Hadoop is known to be a duplicate, and nothing is flagged on
/// SeaMonkey.
pub const DUPLICATE: f32 = 0.3;

impl Cases {
    /// Opens the index in a folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`].
    pub fn open(folder: &Path) -> Result<Self, KnowledgeError> {
        Ok(Self(Index::open(folder)?))
    }

    /// An empty index in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Index::in_memory())
    }

    /// The number of the last record in the journal that was taken in.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.0.position()
    }

    /// Takes in what is on disk now, as another process may have left it.
    ///
    /// # Errors
    ///
    /// Those of [`Index::reload`].
    pub fn reload(&self) -> Result<(), KnowledgeError> {
        self.0.reload()
    }

    /// Takes in what some tickets have become by the record of this number; `None` for one that
    /// nobody is to find. What was read up to there before is left as it is.
    ///
    /// # Errors
    ///
    /// Those of [`Index::absorb`].
    pub fn absorb(
        &self,
        position: u64,
        cases: &[(TicketId, Option<Case>)],
    ) -> Result<(), KnowledgeError> {
        let article = |(ticket, case): &(TicketId, Option<Case>)| {
            (ArticleId(ticket.0), case.as_ref().map(as_article))
        };
        self.0.absorb_at(position, &cases.iter().map(article).collect::<Vec<_>>())
    }

    /// The tickets that are most like a matter, best first, without the ticket itself.
    ///
    /// # Errors
    ///
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read.
    pub fn similar(
        &self,
        matter: Matter<'_>,
        itself: Option<TicketId>,
        limit: usize,
    ) -> Result<Vec<Like>, KnowledgeError> {
        let text = self.0.key_words(matter)?;
        let limit = limit.saturating_add(1);
        let question = Question { audience: Audience::Internal, limit, ..Question::new(&text) };
        let hits = self.0.search(&question, Timestamp::MAX)?;
        let others = hits.into_iter().filter(|hit| itself != Some(TicketId(hit.article.0)));
        let mut likes = Vec::new();
        for hit in others.take(limit - 1) {
            let likeness = self.0.likeness(matter, hit.article)?;
            likes.push(Like { ticket: TicketId(hit.article.0), likeness, hit });
        }
        Ok(likes)
    }

    /// The tickets that an article solved, in the order of their numbers.
    ///
    /// # Errors
    ///
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read.
    pub fn solved_by(&self, article: ArticleId) -> Result<Vec<TicketId>, KnowledgeError> {
        let tagged = self.0.tagged(&solved(article))?;
        Ok(tagged.into_iter().map(|ticket| TicketId(ticket.0)).collect())
    }
}

/// A case in the dress of an article, which is what an index takes in.
fn as_article(case: &Case) -> Article {
    let edition = Edition { title: case.subject.clone(), body: case.text.clone() };
    Article {
        audience: Audience::Internal,
        tags: case.solved_by.map(solved).into_iter().collect::<BTreeSet<_>>(),
        editions: BTreeMap::from([(case.language.clone(), edition)]),
        ..Article::default()
    }
}

fn solved(article: ArticleId) -> Tag {
    Tag::from(format!("solved by {}", article.0).as_str())
}
