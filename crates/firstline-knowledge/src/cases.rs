//! Tickets as cases: which earlier ones are like a new one, and what solved them.

mod key_words;
mod lessons;
mod likeness;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
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
pub use key_words::Code;
pub use lessons::MIN_PEOPLE;

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
    /// The articles that seemed to have solved it before it came back.
    pub failed: BTreeSet<ArticleId>,
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
    /// How likely it is that both are about the same matter, from 0 to 1. See [`DUPLICATE`].
    pub probability: f32,
    /// How telling a [code](Code) is that both have, such as that of an error: 1 for one that no
    /// other ticket has, 0 for none.
    pub code: f32,
    /// Why it was found.
    pub hit: Hit,
}

impl Like {
    /// Whether it may be the same matter: [`probability`](Self::probability) reaches [`DUPLICATE`].
    #[must_use]
    pub fn may_be_duplicate(&self) -> bool {
        self.probability >= DUPLICATE
    }
}

/// From which probability on a ticket is flagged as perhaps being about the same matter: worth a
/// look before anybody works on it.
///
/// The probability is a logistic curve of three things: how alike the subjects are, divided by how
/// common they are (`Question` and `Support request` stand on half of a desk), how well the ticket fits
/// beside the others that were found, and how far it is ahead of the next one in likeness. Where many
/// tickets say the same, as when a service fails, they count as one: each is as likely as one of them
/// alone would be. Those say the same that have four fifths of what tells them from others in common. Where
/// dozens have one short sentence in common and names of their own beside it, the names tell most by then,
/// and few of them are flagged. It was fitted on the open parts of two public collections of issues with known
/// duplicates (GitBugs: 62 queries with 75 duplicates among the issues before them; the ten most
/// similar of each were looked at), where it says:
///
/// | probability | tickets | of them known duplicates |
/// |---|---|---|
/// | below 0.1 | 513 | 0.02 |
/// | 0.1 to 0.3 | 55 | 0.25 |
/// | 0.3 to 0.5 | 18 | 0.61 |
/// | 0.5 to 0.7 | 14 | 0.86 |
/// | from 0.7 | 20 | 0.80 |
///
/// So of what is flagged 0.82 are known duplicates (Hadoop 0.81, SeaMonkey 0.85), and 0.37 of all
/// duplicates are flagged. Duplicates that nobody linked count as mistakes there. The numbers are
/// small: on another desk expect 0.7 to 0.9.
///
/// Two tickets that name the codes of different errors, or different codes in their subjects, are not
/// about the same matter, however alike they are otherwise: it is 0.1 at most.
///
/// Where two tickets share less than three rare words, the probability is a third for each: subjects
/// such as `Printer` and `Help` say nothing of what is the matter.
pub const DUPLICATE: f32 = 0.5;

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

    /// Starts the index anew if its files were deleted or damaged since it was opened, and turns to
    /// what is there then; see [`position`](Self::position). All files are read for that.
    ///
    /// # Errors
    ///
    /// Those of [`Index::open`](Index::open).
    pub fn mend(&self) -> Result<(), KnowledgeError> {
        self.index.mend()
    }

    /// Takes what was replaced or deleted out of the files too, so that nothing of it is left on the
    /// disk. It writes anew what lies beside it.
    ///
    /// # Errors
    ///
    /// [`Busy`](KnowledgeError::Busy) while another process writes,
    /// [`Disk`](KnowledgeError::Disk) if it is full or fails.
    pub fn purge(&self) -> Result<(), KnowledgeError> {
        self.index.purge()
    }

    /// The tickets that are most like a matter, best first, without the ticket itself: they are found
    /// and measured as they were before it came.
    ///
    /// A matter of any length may be given: it is searched for by its
    /// [key words](Index::key_words), and compared by the first 1,000 words of subject and text.
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
        let without = itself.map(|ticket| ArticleId(ticket.0));
        let (text, _) = self.index.key_words_beside(matter, without)?;
        let question = Question {
            audience: Audience::Internal,
            without,
            limit: limit.max(MEASURED),
            ..Question::new(&text)
        };
        let mut hits = self.index.search(&question, Timestamp::MAX)?;
        let codes = self.with_codes(matter, &question, &mut hits)?;
        let found: Vec<ArticleId> = hits.iter().map(|hit| hit.article).collect();
        let alike = self.index.compare(matter, without, &found)?;
        let mut likes: Vec<(bool, Like)> = (alike.into_iter().zip(hits))
            .map(|(alike, hit)| {
                let like = Like {
                    ticket: TicketId(hit.article.0),
                    likeness: alike.words,
                    probability: alike.probability(hit.score),
                    code: codes.get(&hit.article).copied().unwrap_or_default(),
                    hit,
                };
                (alike.has_other_code, like)
            })
            .collect();
        // The best ones come first as they are, and what has another code behind all that have the same.
        let order = |(_, like): &(bool, Like)| like.hit.score + like.code;
        let same = likes.iter().filter(|(is_other, like)| !is_other && like.code > 0.0);
        let least = same.map(order).fold(f32::INFINITY, f32::min);
        let order = |it: &(bool, Like)| if it.0 { order(it).min(least) } else { order(it) };
        likes.sort_by(|a, b| order(b).total_cmp(&order(a)).then(a.0.cmp(&b.0)));
        likes.truncate(limit);
        Ok(likes.into_iter().map(|(_, like)| like).collect())
    }

    /// How telling the codes are that tickets share with a matter. Of a long one no short ticket has
    /// much, so that it may not be among those that were found: it is added to them, as the least.
    fn with_codes(
        &self,
        matter: Matter<'_>,
        question: &Question<'_>,
        hits: &mut Vec<Hit>,
    ) -> Result<BTreeMap<ArticleId, f32>, KnowledgeError> {
        let mut known: BTreeSet<ArticleId> = hits.iter().map(|hit| hit.article).collect();
        let least = hits.last().map_or(0.0, |hit| hit.score);
        let mut weights = BTreeMap::new();
        for code in self.index.codes_beside(matter, question.without)? {
            let asked = Question { text: &code.text, ..*question };
            for hit in self.index.search(&asked, Timestamp::MAX)? {
                if code.is_in(&hit) {
                    let weight: &mut f32 = weights.entry(hit.article).or_default();
                    *weight = weight.max(code.weight);
                    if known.insert(hit.article) {
                        hits.push(Hit { score: least, ..hit });
                    }
                }
            }
        }
        Ok(weights)
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
    let failed = case.failed.iter().map(|it| Tag::from(format!("{FAILED_BY}{}", it.0).as_str()));
    article.tags.extend(failed.chain(case.solved_by.map(solved)));
    if !article.tags.is_empty() {
        article.tags.insert(format!("{ASKED_BY}{}", case.requester.0).as_str().into());
    }
    if case.solved_by.is_some() {
        article.about = About { category: Some(SOLVED.into()), ..About::default() };
    }
    article
}

fn solved(article: ArticleId) -> Tag {
    Tag::from(format!("{SOLVED_BY}{}", article.0).as_str())
}

/// Among how many tickets at least one is measured.
const MEASURED: usize = 10;

/// What the labels of a case say.
const SOLVED: &str = "solved";
const SOLVED_BY: &str = "solved by ";
const ASKED_BY: &str = "asked by ";
const FAILED_BY: &str = "failed by ";
