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

    /// Adds how strongly the form stands in each text of a window.
    fn add_strengths(&mut self, window: &mut Window) {
        let Self { postings, lengths, factors, share } = self;
        postings.take_before(window.end(), |doc, times| {
            let factor = factors[usize::from(lengths.fieldnorm_id(doc))];
            window.add(doc, times as f32 * factor * *share);
        });
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

    /// The first text that has not been taken.
    fn doc(&self) -> DocId {
        self.places.iter().map(|place| place.postings.doc()).min().unwrap_or(TERMINATED)
    }

    /// Adds what the word says of each text of a window: list by list, since a word may have many
    /// forms, and to go through all of them text by text would take the number of forms as long.
    fn take_window(&mut self, window: &mut Window) {
        for place in &mut self.places {
            place.add_strengths(window);
        }
        window.settle(self.weight);
    }

    /// What the word adds to the score of this text, which lies at or behind where we are.
    fn take(&mut self, doc: DocId) -> f32 {
        let mut strength = 0.0;
        for place in &mut self.places {
            place.postings.seek(doc);
            if place.postings.doc() == doc {
                strength += place.strength(doc);
            }
        }
        self.weight * saturated(strength)
    }
}

/// The scores of some texts that lie side by side.
struct Window {
    from: DocId,
    scores: Box<[f32; WINDOW]>,
    /// How strongly the word at hand stands in each.
    strengths: Box<[f32; WINDOW]>,
    /// Those that have it.
    touched: Vec<u16>,
    /// Those that have any word, a bit for each.
    found: [u64; WINDOW / 64],
}

impl Window {
    fn new() -> Self {
        let empty = || Box::new([0.0; WINDOW]);
        Self {
            from: 0,
            scores: empty(),
            strengths: empty(),
            touched: Vec::with_capacity(WINDOW),
            found: [0; WINDOW / 64],
        }
    }

    fn end(&self) -> DocId {
        self.from + WINDOW as DocId
    }

    fn add(&mut self, doc: DocId, strength: f32) {
        let place = (doc - self.from) as usize;
        if self.strengths[place] == 0.0 {
            self.touched.push(place as u16);
        }
        self.strengths[place] += strength;
    }

    /// Turns strengths into scores.
    fn settle(&mut self, weight: f32) {
        for place in self.touched.drain(..) {
            let strength = std::mem::take(&mut self.strengths[usize::from(place)]);
            self.scores[usize::from(place)] += weight * saturated(strength);
            self.found[usize::from(place / 64)] |= 1 << (place % 64);
        }
    }

    /// Takes out the next text and what it scores so far.
    fn take_score(&mut self, from_group: &mut usize) -> Option<(DocId, f32)> {
        while *from_group < self.found.len() {
            let group = &mut self.found[*from_group];
            if *group != 0 {
                let place = *from_group * 64 + group.trailing_zeros() as usize;
                *group &= *group - 1;
                let score = std::mem::take(&mut self.scores[place]);
                return Some((self.from + place as DocId, score));
            }
            *from_group += 1;
        }
        None
    }
}

/// What a word says by how strongly it stands in a text: the more of it, the less more of it says.
fn saturated(strength: f32) -> f32 {
    strength / (SATURATION + strength)
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
    /// those that score below the threshold, which is what `show` returned last.
    pub(super) fn run(mut self, mut threshold: f32, mut show: impl FnMut(DocId, f32) -> f32) {
        let mut window = Window::new();
        while window.from < self.end {
            let leading = self.remaining.iter().take_while(|most| **most >= threshold).count();
            let leading = leading.min(self.places.len());
            for places in &mut self.places[..leading] {
                places.take_window(&mut window);
            }
            let mut group = 0;
            while let Some((doc, partial)) = window.take_score(&mut group) {
                if let Some(score) = self.complete(partial, doc, leading, threshold) {
                    threshold = show(doc, score);
                }
            }
            let next = self.places[..leading].iter().map(Places::doc).min();
            window.from = next.unwrap_or(TERMINATED);
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
            score += places.take(doc);
        }
        (score >= threshold).then_some(score)
    }
}

/// How many texts are scored at a time: their scores fit into the fastest cache.
const WINDOW: usize = 4_096;

/// Room for the rounding of sums when a bound is compared with a score.
const ROUNDING: f32 = 1.0001;
