//! Vectors of texts, if the host has a model that makes them.
//!
//! They live in the index beside the words, in the same commit, so they follow the journal as it
//! does. A question is compared with all of them: with 384 numbers each, a hundred thousand texts
//! are 150 megabytes and some ten milliseconds. No index of neighbours is kept for larger desks: it
//! would have to be built anew with every commit, and every question is filtered by who may see what.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tantivy::DocId;

use crate::error::KnowledgeError;
use crate::schema::column;
use crate::snapshot::Snapshot;

/// A host's model that turns texts into vectors.
///
/// It is asked for each text that comes into the index and for each question, by any thread. What
/// it is asked for articles takes its time before they can be found, so a model far away is better
/// asked beforehand.
pub trait Embedder: Send + Sync {
    /// Names the model and its version. Vectors of different models cannot be compared: an index
    /// that was made with another name starts anew.
    fn name(&self) -> &str;

    /// The vector of a text, the same length for each; of whatever length it has, only the direction
    /// counts. `None` if there is none now: the text is found by its words then, until it changes.
    fn embed(&self, text: &str) -> Option<Vec<f32>>;

    /// From which cosine on two texts have to do with each other, by this model's scale.
    fn related_from(&self) -> f32 {
        0.5
    }
}

/// The model of an index, if it has one.
#[derive(Clone, Default)]
pub(crate) struct Model(pub(crate) Option<Arc<dyn Embedder>>);

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.0.as_ref().map(|model| model.name())).finish()
    }
}

impl Model {
    /// The vector of a text as it is stored: of length 1, in little-endian bytes.
    pub(crate) fn stored(&self, text: &str) -> Option<Vec<u8>> {
        let vector = unit(self.0.as_ref()?.embed(text)?)?;
        Some(vector.iter().flat_map(|number| number.to_le_bytes()).collect())
    }

    /// The vector of a question, and from which cosine on a text has to do with it.
    pub(crate) fn asked(&self, text: &str) -> Option<(Vec<f32>, f32)> {
        let model = self.0.as_ref()?;
        Some((unit(model.embed(text)?)?, model.related_from()))
    }
}

/// The vector of the same direction and of length 1. `None` for one that has no direction.
fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if !length.is_normal() {
        return None;
    }
    vector.iter_mut().for_each(|number| *number /= length);
    Some(vector)
}

/// The vectors of all texts of a snapshot, read when they are first asked for.
#[derive(Default)]
pub(crate) struct Vectors(OnceLock<Vec<Shelf>>);

/// Those of a segment, one behind the other.
#[derive(Default)]
struct Shelf {
    docs: Vec<DocId>,
    numbers: Vec<f32>,
}

impl Snapshot {
    /// Shows every text that has to do with a question, with the cosine of both.
    pub(crate) fn related(
        &self,
        (asked, from): &(Vec<f32>, f32),
        mut show: impl FnMut(u32, DocId, f32),
    ) -> Result<(), KnowledgeError> {
        for (segment, shelf) in (0..).zip(self.vectors()?) {
            if shelf.numbers.len() != shelf.docs.len() * asked.len() {
                continue;
            }
            for (doc, vector) in shelf.docs.iter().zip(shelf.numbers.chunks_exact(asked.len())) {
                let cosine: f32 = vector.iter().zip(asked).map(|(a, b)| a * b).sum();
                if cosine >= *from {
                    show(segment, *doc, cosine);
                }
            }
        }
        Ok(())
    }

    fn vectors(&self) -> Result<&[Shelf], KnowledgeError> {
        if let Some(read) = self.vectors.0.get() {
            return Ok(read);
        }
        let mut shelves = Vec::new();
        for segment in self.searcher.segment_readers() {
            let mut shelf = Shelf::default();
            if let Some(column) = segment.fast_fields().bytes(column::VECTOR)? {
                let mut bytes = Vec::new();
                for doc in segment.doc_ids_alive() {
                    let Some(ordinal) = column.term_ords(doc).next() else { continue };
                    bytes.clear();
                    column.ord_to_bytes(ordinal, &mut bytes)?;
                    shelf.docs.push(doc);
                    let numbers = bytes.chunks_exact(4);
                    let number = |it: &[u8]| f32::from_le_bytes([it[0], it[1], it[2], it[3]]);
                    shelf.numbers.extend(numbers.map(number));
                }
            }
            shelves.push(shelf);
        }
        Ok(self.vectors.0.get_or_init(|| shelves))
    }
}
