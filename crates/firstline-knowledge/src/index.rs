//! The index: what it has read, and how it reads on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use firstline_core::{Article, ArticleId, Tag, Timestamp};
use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, Searcher};

use crate::ask::Synonyms;
use crate::error::{KnowledgeError, or_damaged};
use crate::experience::{Lessons, Reception};
use crate::meaning::{Embedder, Model};
use crate::question::{Hit, Question, Results};
use crate::rank::Counted;
use crate::schema::Fields;
use crate::shelf::Shelf;
use crate::snapshot::Snapshot;

/// A search index over the articles of one desk, in a folder of its own or in memory.
///
/// Any number of threads may search while one takes in changes; a search sees the articles as they
/// were after some call of [`absorb`](Self::absorb), never half of one. Several processes may have
/// the same folder open: one writes at a time, and the others see it after
/// [`reload`](Self::reload). Files that were deleted or damaged meanwhile come back by
/// [`mend`](Self::mend).
pub struct Index {
    fields: Fields,
    shelf: Shelf,
    current: RwLock<Arc<Snapshot>>,
    synonyms: RwLock<Arc<Synonyms>>,
}

/// A change of one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The sequence number in the journal of the record that made the change.
    pub seq: u64,
    /// Which article.
    pub article: ArticleId,
    /// The article as it is after the change. No search finds one while it is retired, nor `None`.
    pub state: Option<Article>,
    /// What its readers say, and how old it is. It helps to choose among articles that fit about as
    /// well; nothing is lost if it is not known.
    pub reception: Reception,
}

/// An article as it is taken in.
type News<'a> = (Option<&'a Article>, Reception);

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in a folder, which is made if it is not there.
    ///
    /// An index of another version of this library, or a damaged one, is dropped and starts again
    /// at position 0. To know damage when it is there, all files are read once.
    ///
    /// # Errors
    ///
    /// [`Unwritable`](KnowledgeError::Unwritable) if the folder cannot be made or written,
    /// [`Foreign`](KnowledgeError::Foreign) if it holds other things than an index of ours,
    /// [`Disk`](KnowledgeError::Disk) if reading fails.
    pub fn open(dir: &Path) -> Result<Self, KnowledgeError> {
        Self::open_with(dir, None)
    }

    /// [`open`](Self::open) with a model of the host's, by which texts are found that say the same in
    /// other words.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_with(dir: &Path, model: Option<Arc<dyn Embedder>>) -> Result<Self, KnowledgeError> {
        let fields = Fields::new(Model::new(model));
        let shelf = Shelf::open(dir, fields.layout())?;
        Self::on(shelf, fields)
    }

    /// Makes an empty index in memory, for tests and for desks that keep nothing.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::in_memory_with(None)
    }

    /// [`in_memory`](Self::in_memory) with a model of the host's.
    #[must_use]
    pub fn in_memory_with(model: Option<Arc<dyn Embedder>>) -> Self {
        let fields = Fields::new(Model::new(model));
        let shelf = Shelf::in_memory(fields.layout());
        Self::on(shelf, fields).expect("memory has no rights to lack and no bytes to lose")
    }

    fn on(shelf: Shelf, fields: Fields) -> Result<Self, KnowledgeError> {
        let mut current = None;
        shelf.reload(|searcher, position| {
            current = Some(Arc::new(Snapshot::new(searcher, position, &fields)?));
            Ok(())
        })?;
        let current = RwLock::new(current.expect("a reload that succeeds has shown it"));
        Ok(Self { fields, shelf, current, synonyms: RwLock::default() })
    }

    /// The sequence number in the journal up to which article changes have been taken in; 0 if
    /// none have.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.snapshot().position
    }

    /// Takes in changes of articles, oldest first.
    ///
    /// On return they are on disk and searchable, and [`position`](Self::position) is the `seq` of
    /// the last one. On error all of them or none are, as the position tells after a
    /// [`reload`](Self::reload), and the same ones may be offered again.
    ///
    /// Changes up to the position have been taken in before and are skipped, so offering too many
    /// is harmless. Leaving some out is not: nothing here can notice it.
    ///
    /// A call takes some fsyncs, whatever the number of changes: offer many at once.
    ///
    /// # Errors
    ///
    /// [`Disorder`](KnowledgeError::Disorder) if `seq` does not ascend,
    /// [`Busy`](KnowledgeError::Busy) while another process writes,
    /// [`Restarted`](KnowledgeError::Restarted) if another process has started the index anew,
    /// [`Disk`](KnowledgeError::Disk) if it is full or fails.
    pub fn absorb(&self, revisions: &[Revision]) -> Result<(), KnowledgeError> {
        if let Some(pair) = revisions.windows(2).find(|pair| pair[0].seq >= pair[1].seq) {
            return Err(KnowledgeError::Disorder { seq: pair[1].seq, after: pair[0].seq });
        }
        let Some(last) = revisions.last().filter(|last| last.seq > self.position()) else {
            return Ok(());
        };
        let letters = revisions.iter().filter_map(|it| it.state.as_ref()).map(letters).sum();
        self.take_in(last.seq, letters, |reached| {
            // Another process may have been faster. Of several changes of one article the last holds.
            let news = revisions.iter().filter(|revision| revision.seq > reached);
            news.map(|it| (it.article, (it.state.as_ref(), it.reception))).collect()
        })
    }

    /// Takes in what some articles have become, all of them at this position.
    pub(crate) fn absorb_at<'a>(
        &self,
        position: u64,
        articles: &'a [(ArticleId, Option<Article>, Reception)],
    ) -> Result<(), KnowledgeError> {
        if position <= self.position() {
            return Ok(());
        }
        let news = |(id, it, reception): &'a (ArticleId, Option<Article>, Reception)| {
            (*id, (it.as_ref(), *reception))
        };
        let letters = articles.iter().filter_map(|(_, it, _)| it.as_ref()).map(letters).sum();
        self.take_in(position, letters, |_| articles.iter().map(news).collect())
    }

    /// Writes what is news behind the position that the index on disk has reached.
    fn take_in<'a>(
        &self,
        position: u64,
        letters: usize,
        news: impl FnOnce(u64) -> BTreeMap<ArticleId, News<'a>>,
    ) -> Result<(), KnowledgeError> {
        let seen = self.position();
        let written = self.shelf.write(seen, position, letters, |reached, writer, present| {
            self.replace(writer, &news(reached), present)
        });
        self.fields.forget_words();
        if let Ok(()) | Err(KnowledgeError::Restarted { .. }) = written {
            self.reload()?;
        }
        written
    }

    fn replace(
        &self,
        writer: &IndexWriter,
        news: &BTreeMap<ArticleId, News<'_>>,
        present: &Searcher,
    ) -> Result<(), KnowledgeError> {
        for (&id, (state, reception)) in news {
            let old = self.fields.term(id);
            // tantivy looks for what is to be deleted in everything that comes in.
            if present.doc_freq(&old)? > 0 {
                writer.delete_term(old);
            }
            let texts = state.map(|article| self.fields.documents(id, article, *reception));
            let texts = texts.into_iter().flatten().map(UserOperation::Add);
            // Together, so that they lie side by side on disk.
            writer.run(texts.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Turns to what has been committed last, by this process or by another one.
    ///
    /// # Errors
    ///
    /// [`OtherVersion`](KnowledgeError::OtherVersion) if another version of this library has taken
    /// over the folder, [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if
    /// it cannot be read. The index goes on with what it had.
    pub fn reload(&self) -> Result<(), KnowledgeError> {
        self.shelf.reload(|searcher, position| {
            let snapshot = Snapshot::new(searcher, position, &self.fields)?;
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
            Ok(())
        })
    }

    /// Starts the index anew if its files were deleted or damaged since it was opened, and turns to
    /// what is there then; see [`position`](Self::position). All files are read for that.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn mend(&self) -> Result<(), KnowledgeError> {
        self.shelf.mend()?;
        self.reload()
    }

    /// Takes what was replaced or deleted out of the files too, so that nothing of it is left on the
    /// disk. It writes anew what lies beside it.
    ///
    /// # Errors
    ///
    /// [`Busy`](KnowledgeError::Busy) while another process writes,
    /// [`Disk`](KnowledgeError::Disk) if it is full or fails.
    pub fn purge(&self) -> Result<(), KnowledgeError> {
        self.shelf.purge()?;
        self.reload()
    }

    /// Finds the articles that answer a question at this moment, best first. Equally good ones come
    /// in the order of their numbers.
    ///
    /// A question without words, such as an empty one, has no answers.
    ///
    /// # Errors
    ///
    /// [`TooDeep`](KnowledgeError::TooDeep) for a page behind the last one,
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read. No text of a question is an error.
    pub fn search(
        &self,
        question: &Question<'_>,
        now: Timestamp,
    ) -> Result<Vec<Hit>, KnowledgeError> {
        self.search_with(question, now, &Lessons::default())
    }

    /// [`search`](Self::search) by what earlier cases teach too: an article that helped others with
    /// about the same is found even if it has no word of the question.
    ///
    /// # Errors
    ///
    /// Those of [`search`](Self::search).
    pub fn search_with(
        &self,
        question: &Question<'_>,
        now: Timestamp,
        lessons: &Lessons,
    ) -> Result<Vec<Hit>, KnowledgeError> {
        let synonyms = self.synonyms();
        let snapshot = self.snapshot();
        let search = || snapshot.search(question, now, &synonyms, None, lessons, &self.fields);
        Ok(or_damaged(search)?.hits)
    }

    /// [`search`](Self::search) with all that a page of results shows beside the hits. It looks at
    /// every article that has a word of the question, where `search` may leave out those that
    /// cannot be good. For a question without a text it lists all that pass its filters, those first that
    /// can be relied on most: that is how a section of the knowledge base is shown.
    ///
    /// # Errors
    ///
    /// Those of [`search`](Self::search).
    pub fn browse(
        &self,
        question: &Question<'_>,
        now: Timestamp,
    ) -> Result<Results, KnowledgeError> {
        self.browse_with(question, now, &Lessons::default())
    }

    /// [`browse`](Self::browse) by what earlier cases teach too.
    ///
    /// # Errors
    ///
    /// Those of [`search`](Self::search).
    pub fn browse_with(
        &self,
        question: &Question<'_>,
        now: Timestamp,
        lessons: &Lessons,
    ) -> Result<Results, KnowledgeError> {
        let synonyms = self.synonyms();
        let (snapshot, mut counted) = (self.snapshot(), Counted::default());
        let count = Some(&mut counted);
        let search = || snapshot.search(question, now, &synonyms, count, lessons, &self.fields);
        let results = or_damaged(search)?;
        Ok(Results { articles: counted.articles, facets: counted.facets, ..results })
    }

    /// Takes words and phrases that mean the same on this desk, in groups, in place of those given
    /// before. Questions are read by them from now on; what is indexed stays as it is. At most
    /// [`MAX_SYNONYMS`](crate::MAX_SYNONYMS) groups are taken.
    pub fn set_synonyms(&self, groups: &[Vec<String>]) {
        let synonyms = Arc::new(Synonyms::new(groups, &self.fields));
        *self.synonyms.write().unwrap_or_else(PoisonError::into_inner) = synonyms;
    }

    pub(crate) fn synonyms(&self) -> Arc<Synonyms> {
        Arc::clone(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The articles with a tag.
    pub(crate) fn tagged(&self, tag: &Tag) -> Result<BTreeSet<ArticleId>, KnowledgeError> {
        self.snapshot().tagged(tag)
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How much text an article has, in bytes.
fn letters(article: &Article) -> usize {
    article.editions.values().map(|edition| edition.title.len() + edition.body.len()).sum()
}

#[cfg(test)]
mod tests;
