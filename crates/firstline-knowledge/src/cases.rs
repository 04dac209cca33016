//! Tickets as cases: which earlier ones are like a new one, and what solved them.

mod lessons;
mod likeness;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use firstline_core::{
    About, Article, ArticleId, Audience, ContactId, Edition, Language, Tag, TicketId, Timestamp,
};

use crate::error::KnowledgeError;
use crate::experience::{Reception, Reuse};
use crate::index::Index;
use crate::question::{Hit, Question};
use crate::snapshot::Snapshot;

/// An index of tickets, beside that of the articles and apart from it: only agents ask it.
///
/// It is derived and follows the journal as [`Index`] does.
pub struct Cases {
    index: Index,
    /// How often each article solved something, and in which state of the index.
    counted: Mutex<Option<Counted>>,
}

type Counted = (Arc<Snapshot>, Arc<BTreeMap<ArticleId, Reuse>>);

impl fmt::Debug for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cases").field(&self.index).finish()
    }
}

/// A ticket, as far as others may be like it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it is about, in a line.
    pub subject: String,
    /// What the customer wrote.
    pub text: String,
    /// The language of the request; empty if nobody said.
    pub language: Language,
    /// Who asked.
    pub requester: ContactId,
    /// The article that solved it, if it is solved.
    pub solved_by: Option<ArticleId>,
    /// Whether it came back after it had been resolved.
    pub reopened: bool,
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
        Ok(Self::of(Index::open(folder)?))
    }

    /// An empty index in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::of(Index::in_memory())
    }

    fn of(index: Index) -> Self {
        Self { index, counted: Mutex::default() }
    }

    /// Takes what means the same on this desk, as [`Index::set_synonyms`] does.
    pub fn set_synonyms(&self, groups: &[Vec<String>]) {
        self.index.set_synonyms(groups);
    }

    /// The number of the last record in the journal that was taken in.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.index.position()
    }

    /// Takes in what is on disk now, as another process may have left it.
    ///
    /// # Errors
    ///
    /// Those of [`Index::reload`].
    pub fn reload(&self) -> Result<(), KnowledgeError> {
        self.index.reload()
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
            (ArticleId(ticket.0), case.as_ref().map(as_article), Reception::default())
        };
        self.index.absorb_at(position, &cases.iter().map(article).collect::<Vec<_>>())
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
        let text = self.index.key_words(matter)?;
        let limit = limit.saturating_add(1);
        let question = Question { audience: Audience::Internal, limit, ..Question::new(&text) };
        let hits = self.index.search(&question, Timestamp::MAX)?;
        let others = hits.into_iter().filter(|hit| itself != Some(TicketId(hit.article.0)));
        let mut likes = Vec::new();
        for hit in others.take(limit - 1) {
            let likeness = self.index.likeness(matter, hit.article)?;
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
        let tagged = self.index.tagged(&solved(article))?;
        Ok(tagged.into_iter().map(|ticket| TicketId(ticket.0)).collect())
    }
}

/// A case in the dress of an article, which is what an index takes in.
fn as_article(case: &Case) -> Article {
    let edition = Edition { title: case.subject.clone(), body: case.text.clone() };
    let mut article = Article {
        audience: Audience::Internal,
        editions: BTreeMap::from([(case.language.clone(), edition)]),
        ..Article::default()
    };
    if let Some(by) = case.solved_by {
        article
            .tags
            .extend([solved(by), format!("{ASKED_BY}{}", case.requester.0).as_str().into()]);
        article.tags.extend(case.reopened.then(|| Tag::from(REOPENED)));
        article.about = About { category: Some(SOLVED.into()), ..About::default() };
    }
    article
}

fn solved(article: ArticleId) -> Tag {
    Tag::from(format!("{SOLVED_BY}{}", article.0).as_str())
}

/// What the labels of a case say.
const SOLVED: &str = "solved";
const SOLVED_BY: &str = "solved by ";
const ASKED_BY: &str = "asked by ";
const REOPENED: &str = "reopened";
