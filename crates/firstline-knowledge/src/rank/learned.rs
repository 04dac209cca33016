//! What the past adds to the ranking: the votes of earlier cases, and how far an article can be
//! relied on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{ArticleId, Timestamp};
use tantivy::columnar::Column;

use super::{Best, CANDIDATES, Counted, Rank, Ranked};
use crate::error::KnowledgeError;
use crate::experience::{Experience, Lessons, Reception, Vote, share};
use crate::facets::Tally;
use crate::filter::Filter;
use crate::question::Question;
use crate::schema::{Fields, column};
use crate::snapshot::{Columns, Sight, Snapshot};

type Votes = BTreeMap<ArticleId, Vote>;

impl Snapshot {
    /// The votes for articles that the asker may see, as shares of all of these. What others did
    /// with an article that is hidden leaves no trace.
    pub(super) fn votes(
        &self,
        lessons: &Lessons,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Votes, KnowledgeError> {
        let mut votes = Votes::new();
        for (article, vote) in &lessons.votes {
            if self.shows(*article, sight, fields)? {
                votes.insert(*article, *vote);
            }
        }
        share(&mut votes);
        Ok(votes)
    }

    /// Adds the articles that helped others, where the question asks for such.
    pub(super) fn add_learned(
        &self,
        candidates: &mut Vec<Rank>,
        votes: &Votes,
        question: &Question<'_>,
        now: Timestamp,
        fields: &Fields,
    ) -> Result<(), KnowledgeError> {
        let known: BTreeSet<u64> = candidates.iter().map(|rank| rank.article).collect();
        for article in votes.keys().filter(|article| !known.contains(&article.0)) {
            for address in self.find_all(*article, fields)? {
                if let Some(filter) = Filter::new(question, now, self, address.segment_ord)?
                    && filter.allows(address.doc_id)
                {
                    candidates.push(filter.rank(address.doc_id, 0.0, address.segment_ord));
                }
            }
        }
        Ok(())
    }

    /// Changes the order by what the past says, and keeps the best text of each article.
    pub(super) fn learn(
        &self,
        ranked: &mut Vec<Ranked>,
        votes: &Votes,
        lessons: &Lessons,
        question: &Question<'_>,
        now: Timestamp,
    ) -> Result<(), KnowledgeError> {
        let mut places: Vec<usize> = (0..ranked.len()).collect();
        places.sort_unstable_by_key(|place| ranked[*place].rank.segment);
        let mut open: Option<(u32, Past)> = None;
        let mut most: f32 = 1.0;
        for place in places {
            let Rank { segment, doc, article, .. } = ranked[place].rank;
            if open.as_ref().is_none_or(|(number, _)| *number != segment) {
                open = Some((segment, Past::new(self, segment, question)?));
            }
            let Some((_, past)) = &open else { continue };
            let reception = past.reception(doc);
            let article = ArticleId(article);
            let (vote, reuse) = (votes.get(&article), lessons.reuse.get(&article));
            let experience = Experience::new(vote, reuse, reception, now);
            let for_version = if past.is_for_version(doc) { FOR_VERSION } else { 0.0 };
            let sum = ranked[place].rank.score() + LEARNED * experience.vote + for_version;
            let score = sum * (1.0 + CONFIDENT * experience.confidence);
            most = most.max(score);
            ranked[place].experience = experience;
            ranked[place].rank.score = Reverse(score.to_bits());
        }
        for ranked in &mut *ranked {
            ranked.rank.score = Reverse((ranked.rank.score() / most).to_bits());
        }
        ranked.sort_unstable_by_key(|ranked| ranked.rank);
        let mut seen = BTreeSet::new();
        ranked.retain(|ranked| seen.insert(ranked.rank.article));
        Ok(())
    }

    /// Counts the articles that have no word of the question and were found all the same.
    pub(super) fn count_wordless(
        &self,
        ranked: &[Ranked],
        counted: &mut Counted,
    ) -> Result<(), KnowledgeError> {
        for ranked in ranked.iter().filter(|ranked| ranked.heard == 0) {
            let mut tally = Tally::new(self, ranked.rank.segment)?;
            tally.add(ranked.rank.doc);
            tally.add_to(counted)?;
        }
        Ok(())
    }
}

impl Snapshot {
    /// All articles that pass the filters of a question without words, those first that can be relied on
    /// most: at most [`CANDIDATES`](super::CANDIDATES), and all of them are counted.
    pub(crate) fn list(
        &self,
        question: &Question<'_>,
        now: Timestamp,
        counted: &mut Counted,
        lessons: &Lessons,
    ) -> Result<Vec<Ranked>, KnowledgeError> {
        let mut best = Best::new(CANDIDATES);
        let experience = |past: &Past<'_>, doc| {
            let article = ArticleId(past.own.articles.get_val(doc));
            Experience::new(None, lessons.reuse.get(&article), past.reception(doc), now)
        };
        for (number, segment) in (0..).zip(self.searcher.segment_readers()) {
            let Some(filter) = Filter::new(question, now, self, number)? else { continue };
            let past = Past::new(self, number, question)?;
            let mut tally = Tally::new(self, number)?;
            for doc in segment.doc_ids_alive().filter(|doc| filter.allows(*doc)) {
                tally.add(doc);
                let for_version = if past.is_for_version(doc) { FOR_VERSION } else { 0.0 };
                let score = 1.0 + for_version + CONFIDENT * experience(&past, doc).confidence;
                best.offer(filter.rank(doc, score / LISTED, number));
            }
            tally.add_to(counted)?;
        }
        counted.finish();
        let listed = best.into_iter().map(|rank| {
            let past = Past::new(self, rank.segment, question)?;
            let experience = experience(&past, rank.doc);
            Ok(Ranked { rank, heard: 0, own: 0, named: 0, experience, meaning: None })
        });
        listed.collect()
    }
}

/// What a segment knows of the past of its texts.
struct Past<'a> {
    own: &'a Columns,
    /// The versions that texts name, and the one that is asked for.
    version: Option<(Column<u64>, u64)>,
}

impl<'a> Past<'a> {
    fn new(
        snapshot: &'a Snapshot,
        segment: u32,
        question: &Question<'_>,
    ) -> Result<Self, KnowledgeError> {
        let columns = snapshot.searcher.segment_reader(segment).fast_fields();
        let mut version = None;
        if let Some(asked) = question.version
            && let Some(names) = columns.str(column::VERSION)?
            && let Some(ordinal) = names.dictionary().term_ord(asked.as_str())?
        {
            version = Some((names.ords().clone(), ordinal));
        }
        Ok(Self { own: snapshot.columns(segment), version })
    }

    fn reception(&self, doc: u32) -> Reception {
        let count = |of: &Column<u64>| of.first(doc).unwrap_or_default();
        let number = |of| u32::try_from(count(of)).unwrap_or(u32::MAX);
        let changed = self.own.changed.first(doc).and_then(|millis| i64::try_from(millis).ok());
        Reception {
            helpful: number(&self.own.helpful),
            not_helpful: number(&self.own.not_helpful),
            changed_at: changed.and_then(Timestamp::from_millis),
        }
    }

    /// Whether a text says by name that it holds for the version that is asked for.
    fn is_for_version(&self, doc: u32) -> bool {
        let version = self.version.as_ref();
        version.is_some_and(|(of, asked)| of.values_for_doc(doc).any(|ordinal| ordinal == *asked))
    }
}

/// What all votes of earlier cases count, beside 1 for the best text. On questions in other words,
/// half of which were learned from, anything from 1 to 2 serves about equally well.
const LEARNED: f32 = 1.5;

/// What it counts that a text names the version that is asked for, beside those for all versions.
const FOR_VERSION: f32 = 0.05;

/// How far confidence moves a score. It decides among articles that fit about as well.
const CONFIDENT: f32 = 0.05;

/// What a text reaches at most in a list.
const LISTED: f32 = 1.0 + FOR_VERSION + CONFIDENT;
