//! What somebody may see: the texts for an audience at a time, and what is counted over them.
//!
//! Frequencies, average lengths and languages are taken from these texts alone. So the articles for
//! agents, those that are not out yet and those that are retired move nothing in what others find.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use firstline_core::{ArticleId, Audience, Timestamp};
use tantivy::{DocAddress, DocId, SegmentReader};

use super::{Columns, Snapshot};
use crate::error::KnowledgeError;
use crate::question::Question;
use crate::schema::{Fields, millis, rank};
use crate::words::Manner;

/// The texts that an audience may see at a time.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// As its [`rank`].
    audience: u64,
    /// Nothing stands for all times.
    now: Option<u64>,
    /// How many of the moments have passed at which any text comes or goes. Between two of them
    /// nothing changes.
    pub(crate) period: usize,
    pub(crate) totals: Totals,
    /// The ways in which these texts were taken apart.
    pub(crate) manners: BTreeSet<Manner>,
    /// Those of an article that is looked past.
    past: Option<Past>,
}

/// The texts of an article that is looked past, as if it were not there.
#[derive(Clone, Debug)]
struct Past {
    article: u64,
    texts: Vec<DocAddress>,
}

/// Names a sight among all of one snapshot: nothing is seen differently by two of the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SightId {
    audience: u64,
    is_timed: bool,
    period: usize,
    past: Option<u64>,
}

/// Some texts together.
///
/// tantivy's own totals count deleted documents until they are merged away. With these the same
/// articles rank alike whatever the way in which they came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) editions: u64,
    pub(crate) name_words: u64,
    pub(crate) body_words: u64,
}

impl Totals {
    fn of(segment: &SegmentReader, doc: DocId, fields: &Fields) -> Result<Self, KnowledgeError> {
        let words = |field| Ok::<_, KnowledgeError>(segment.get_fieldnorms_reader(field)?);
        Ok(Self {
            editions: 1,
            name_words: u64::from(words(fields.name)?.fieldnorm(doc)),
            body_words: u64::from(words(fields.body)?.fieldnorm(doc)),
        })
    }

    fn add(&mut self, other: Self) {
        self.editions += other.editions;
        self.name_words += other.name_words;
        self.body_words += other.body_words;
    }

    fn take_off(&mut self, other: Self) {
        self.editions -= other.editions;
        self.name_words -= other.name_words;
        self.body_words -= other.body_words;
    }
}

impl Sight {
    /// The audience as a place among the [`KINDS`].
    pub(crate) fn kind(&self) -> usize {
        if self.past.is_some() { KINDS - 1 } else { kind(self.audience, self.now) }
    }

    pub(crate) fn id(&self) -> SightId {
        let past = self.past.as_ref().map(|past| past.article);
        let (is_timed, period) = (self.now.is_some(), self.period);
        SightId { audience: self.audience, is_timed, period, past }
    }

    /// Whether a segment has any text that is out of sight.
    pub(crate) fn has_hidden(&self, of: &Columns) -> bool {
        let has_other = |now| of.from.max_value() > now || of.until.min_value() <= now;
        of.audiences.max_value() > self.audience || self.now.is_some_and(has_other)
    }

    /// The texts of a segment that are looked past.
    pub(crate) fn passed(&self, segment: u32) -> impl Iterator<Item = DocId> {
        let texts = self.past.iter().flat_map(|past| &past.texts);
        texts.filter(move |at| at.segment_ord == segment).map(|at| at.doc_id)
    }

    pub(crate) fn shows(&self, of: &Columns, doc: DocId) -> bool {
        let is_on = |now| of.from.get_val(doc) <= now && now < of.until.get_val(doc);
        of.audiences.get_val(doc) <= self.audience
            && self.now.is_none_or(is_on)
            && self.past.as_ref().is_none_or(|past| of.articles.get_val(doc) != past.article)
    }

    /// How rare a word is that so many of the texts have.
    pub(crate) fn rarity(&self, with: u32) -> f32 {
        let all = self.totals.editions as f32;
        let with = (with as f32).min(all);
        ((all - with + 0.5) / (with + 0.5)).ln_1p()
    }
}

/// How many kinds of sight are remembered: one for each audience, one for agents at all times, and the
/// last one that looks past an article.
pub(crate) const KINDS: usize = 5;

fn kind(audience: u64, now: Option<u64>) -> usize {
    if now.is_some() { audience as usize } else { KINDS - 2 }
}

/// All texts by who may see them, and when.
#[derive(Default)]
pub(crate) struct Sights {
    always: BTreeMap<(u64, Manner), Totals>,
    /// Those that come or go at some time.
    timed: Vec<Timed>,
    /// When any of them does, in ascending order.
    moments: Vec<u64>,
    /// The last one of each kind.
    last: Mutex<[Option<Arc<Sight>>; KINDS]>,
}

/// A text that is there for a time.
struct Timed {
    audience: u64,
    from: u64,
    until: u64,
    manner: Manner,
    totals: Totals,
}

impl Sights {
    pub(super) fn add(&mut self, of: &Columns, doc: DocId, manner: Manner, totals: Totals) {
        let audience = of.audiences.get_val(doc);
        let (from, until) = (of.from.get_val(doc), of.until.get_val(doc));
        if from == 0 && until == u64::MAX {
            self.always.entry((audience, manner)).or_default().add(totals);
        } else {
            self.timed.push(Timed { audience, from, until, manner, totals });
        }
    }

    pub(super) fn finish(&mut self) {
        self.moments = self.timed.iter().flat_map(|text| [text.from, text.until]).collect();
        self.moments.sort_unstable();
        self.moments.dedup();
    }

    fn of(&self, audience: u64, now: Option<u64>, period: usize) -> Sight {
        let (mut totals, mut manners) = (Totals::default(), BTreeSet::new());
        let always = self.always.iter().map(|((of, manner), totals)| (*of, *manner, *totals));
        let is_on = |text: &&Timed| now.is_none_or(|now| text.from <= now && now < text.until);
        let timed = self.timed.iter().filter(is_on);
        let timed = timed.map(|text| (text.audience, text.manner, text.totals));
        for (_, manner, of) in always.chain(timed).filter(|(of, ..)| *of <= audience) {
            totals.add(of);
            manners.insert(manner);
        }
        Sight { audience, now, period, totals, manners, past: None }
    }
}

impl Snapshot {
    /// What an audience may see now.
    pub(crate) fn sight(&self, audience: Audience, now: Timestamp) -> Arc<Sight> {
        self.sight_at(rank(audience), Some(millis(now)))
    }

    /// What whoever asks may see now, without what they do not ask for.
    pub(crate) fn sight_for(
        &self,
        question: &Question<'_>,
        now: Timestamp,
        fields: &Fields,
    ) -> Result<Arc<Sight>, KnowledgeError> {
        self.look_past(self.sight(question.audience, now), question.without, fields)
    }

    /// Whether any text of an article is in sight.
    pub(crate) fn shows(
        &self,
        article: ArticleId,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<bool, KnowledgeError> {
        let texts = self.find_all(article, fields)?;
        Ok(texts.iter().any(|at| sight.shows(self.columns(at.segment_ord), at.doc_id)))
    }

    /// The same without an article, as if it were not there.
    pub(crate) fn look_past(
        &self,
        sight: Arc<Sight>,
        article: Option<ArticleId>,
        fields: &Fields,
    ) -> Result<Arc<Sight>, KnowledgeError> {
        let Some(article) = article else { return Ok(sight) };
        let mut texts = self.find_all(article, fields)?;
        texts.retain(|at| sight.shows(self.columns(at.segment_ord), at.doc_id));
        let mut sight = Sight::clone(&sight);
        for at in &texts {
            let segment = self.searcher.segment_reader(at.segment_ord);
            sight.totals.take_off(Totals::of(segment, at.doc_id, fields)?);
        }
        sight.past = Some(Past { article: article.0, texts });
        Ok(Arc::new(sight))
    }

    /// What agents may see at any time.
    pub(crate) fn sight_of_all(&self) -> Arc<Sight> {
        self.sight_at(rank(Audience::Internal), None)
    }

    fn sight_at(&self, audience: u64, now: Option<u64>) -> Arc<Sight> {
        let moments = &self.sights.moments;
        let period = now.map_or(0, |now| moments.partition_point(|moment| *moment <= now));
        let mut last = self.sights.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last = &mut last[kind(audience, now)];
        match last {
            Some(sight) if sight.period == period => Arc::clone(sight),
            _ => Arc::clone(last.insert(Arc::new(self.sights.of(audience, now, period)))),
        }
    }
}
