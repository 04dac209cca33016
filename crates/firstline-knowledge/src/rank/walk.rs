//! The walk through the texts that have the words of a question.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, SegmentReader, TERMINATED};

use super::SATURATION;
use crate::ask::{Cursor, Part, Spot};
use crate::error::KnowledgeError;
use crate::schema::Fields;

/// The texts that have a form of a word in one field.
pub(super) struct Place<'a> {
    postings: Cursor,
    lengths: FieldNormReader,
    factors: &'a [f32; 256],
    share: f32,
}

impl<'a> Place<'a> {
    pub(super) fn new(
        segment: &SegmentReader,
        spot: &Spot,
        share: f32,
        factors: &'a [f32; 256],
        fields: &Fields,
    ) -> Result<Self, KnowledgeError> {
        let postings = spot.open(segment, fields)?;
        let lengths = match spot.part {
            Part::Name => fields.name,
            Part::Body | Part::Exact => fields.body,
        };
        let lengths = segment.get_fieldnorms_reader(lengths)?;
        Ok(Self { postings, lengths, factors, share })
    }

    /// How strongly the form stands in this text, where the postings are now.
    fn strength(&self, doc: DocId) -> f32 {
        let factor = self.factors[usize::from(self.lengths.fieldnorm_id(doc))];
        self.postings.times() as f32 * factor * self.share
    }
}

/// The texts that have a word in any form, in the name or the body.
pub(super) struct Places<'a> {
    places: Vec<Place<'a>>,
    weight: f32,
}

impl<'a> Places<'a> {
    /// `None` if there are none.
    pub(super) fn new(places: Vec<Place<'a>>, weight: f32) -> Option<Self> {
        (!places.is_empty()).then_some(Self { places, weight })
    }

    fn doc(&self) -> DocId {
        self.places.iter().map(|place| place.postings.doc()).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) {
        for place in &mut self.places {
            if place.postings.doc() < target {
                place.postings.seek(target);
            }
        }
    }

    /// What the word adds to the score of this text, which lies at or behind where we are. Moves
    /// on behind it.
    fn take(&mut self, doc: DocId) -> f32 {
        let mut strength = 0.0;
        for place in &mut self.places {
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
    pub(super) fn new(end: DocId, places: Vec<Places<'a>>) -> Self {
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
