//! Words and meaning together, where the host has a model.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use firstline_core::Timestamp;

use super::{Best, CANDIDATES, Rank, Ranked};
use crate::error::KnowledgeError;
use crate::filter::Filter;
use crate::question::Question;
use crate::schema::Fields;
use crate::snapshot::Snapshot;

impl Snapshot {
    /// The texts that mean most nearly what is asked, best first, among those that the asker may
    /// see; none without a model, and none while somebody types.
    pub(super) fn nearest(
        &self,
        question: &Question<'_>,
        now: Timestamp,
        fields: &Fields,
    ) -> Result<Vec<Rank>, KnowledgeError> {
        if question.is_typing {
            return Ok(Vec::new());
        }
        let Some(asked) = fields.model.asked(question.text) else { return Ok(Vec::new()) };
        let mut filters = Vec::new();
        for number in 0..self.searcher.segment_readers().len() as u32 {
            filters.push(Filter::new(question, now, self, number)?);
        }
        let mut best = Best::new(CANDIDATES);
        self.offer_related(&asked, &filters, &fields.model, &mut best)?;
        Ok(best.into_iter().collect())
    }
}

/// Orders by both lists: each gives a text more the further ahead it stands there (reciprocal rank
/// fusion). Scores of words and of vectors have nothing to do with each other, and places have.
pub(super) fn fuse_lists(ranked: &mut [Ranked], nearest: &[Rank]) {
    if nearest.is_empty() {
        return;
    }
    let places: BTreeMap<u64, (usize, f32)> = nearest
        .iter()
        .zip(1..)
        .map(|(rank, place)| (rank.article, (place, rank.score())))
        .collect();
    let share = |place: usize| (FLATNESS + 1.0) / (FLATNESS + place as f32) / 2.0;
    for (ranked, place) in ranked.iter_mut().zip(1..) {
        let by_meaning = places.get(&ranked.rank.article);
        // Who is here for the meaning alone, without a word, has no place among the words.
        let speaks = ranked.heard != 0 || ranked.experience.vote > 0.0;
        let words = if speaks { share(place) } else { 0.0 };
        let meaning = by_meaning.map_or(0.0, |(place, _)| share(*place));
        ranked.meaning = by_meaning.map(|(_, cosine)| *cosine);
        ranked.rank.score = Reverse((words + meaning).to_bits());
    }
    ranked.sort_unstable_by_key(|ranked| ranked.rank);
}

/// How little the first places are ahead of the next ones. 60 is what the literature uses.
const FLATNESS: f32 = 60.0;
