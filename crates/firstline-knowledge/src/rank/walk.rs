//! The walk through the texts that have the words of a question.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::{SATURATION, Weighed};
use crate::error::KnowledgeError;

/// The texts that have a word in one field.
pub(super) struct Place<'a> {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    factors: &'a [f32; 256],
}

impl<'a> Place<'a> {
    pub(super) fn new(
        segment: &SegmentReader,
        field: Field,
        word: &Weighed,
        factors: &'a [f32; 256],
    ) -> Result<Self, KnowledgeError> {
        let term = Term::from_field_text(field, &word.word);
        let postings = segment
            .inverted_index(field)?
            .read_postings(&term, IndexRecordOption::WithFreqs)?
            .unwrap_or_else(SegmentPostings::empty);
        Ok(Self { postings, lengths: segment.get_fieldnorms_reader(field)?, factors })
    }

    /// How strongly the word stands in this text, where the postings are now.
    fn strength(&self, doc: DocId) -> f32 {
        let factor = self.factors[usize::from(self.lengths.fieldnorm_id(doc))];
        self.postings.term_freq() as f32 * factor
    }
}

/// The texts that have a word in the title or the body.
pub(super) struct Places<'a> {
    pub(super) title: Place<'a>,
    pub(super) body: Place<'a>,
    pub(super) weight: f32,
}

impl Places<'_> {
    fn doc(&self) -> DocId {
        self.title.postings.doc().min(self.body.postings.doc())
    }

    fn seek(&mut self, target: DocId) {
        for place in [&mut self.title, &mut self.body] {
            if place.postings.doc() < target {
                place.postings.seek(target);
            }
        }
    }

    /// What the word adds to the score of this text, which lies at or behind where we are. Moves
    /// on behind it.
    fn take(&mut self, doc: DocId) -> f32 {
        let mut strength = 0.0;
        for place in [&mut self.title, &mut self.body] {
            if place.postings.doc() == doc {
                strength += place.strength(doc);
                place.postings.advance();
            }
        }
        self.weight * strength / (SATURATION + strength)
    }
}

/// A walk through the texts of a segment, window by window.
///
/// Only texts with one of the *leading* words are looked at. As soon as good texts have been found,
/// the common words at the end cannot make a text good by themselves: they stop leading, and are
/// only looked up in texts that another word has led to (MaxScore).
pub(super) struct Walk<'a> {
    end: DocId,
    places: Vec<Places<'a>>,
    /// The most that this word and all after it can add.
    remaining: Vec<f32>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(end: DocId, mut places: Vec<Places<'a>>) -> Self {
        places.retain(|places| places.doc() != TERMINATED);
        let mut remaining = vec![0.0; places.len() + 1];
        for (i, places) in places.iter().enumerate().rev() {
            remaining[i] = remaining[i + 1] + places.weight * ROUNDING;
        }
        Self { end, places, remaining }
    }

    /// Shows the texts with their scores, in the order in which they lie on disk, and leaves out
    /// those that score below what `show` returned last.
    pub(super) fn run(mut self, mut show: impl FnMut(DocId, f32) -> f32) {
        let mut threshold = 0.0;
        let mut scores = [0.0; WINDOW as usize];
        let mut from = 0;
        while from < self.end {
            let leading = self.remaining.iter().take_while(|most| **most >= threshold).count();
            let leading = leading.min(self.places.len());
            for places in &mut self.places[..leading] {
                loop {
                    let doc = places.doc();
                    if doc >= from + WINDOW {
                        break;
                    }
                    scores[(doc - from) as usize] += places.take(doc);
                }
            }
            for (score, doc) in scores.iter_mut().zip(from..) {
                let partial = std::mem::take(score);
                if partial > 0.0
                    && let Some(score) = self.complete(partial, doc, leading, threshold)
                {
                    threshold = show(doc, score);
                }
            }
            let next = self.places[..leading].iter().map(Places::doc).min();
            from = next.unwrap_or(TERMINATED);
        }
    }

    /// Adds what the other words say of a text, unless it cannot reach the threshold any more.
    fn complete(
        &mut self,
        mut score: f32,
        doc: DocId,
        leading: usize,
        threshold: f32,
    ) -> Option<f32> {
        for (places, most) in self.places.iter_mut().zip(&self.remaining).skip(leading) {
            if score * ROUNDING + most < threshold {
                return None;
            }
            places.seek(doc);
            if places.doc() == doc {
                score += places.take(doc);
            }
        }
        (score >= threshold).then_some(score)
    }
}

/// How many texts are scored at a time: their scores fit into the fastest cache.
const WINDOW: DocId = 4_096;

/// Room for the rounding of sums when a bound is compared with a score.
const ROUNDING: f32 = 1.0001;
