//! Vectors of texts, if the host has a model that makes them.
//!
//! They live in the index beside the words, in the same commit, so they follow the journal as it
//! does. A small desk compares a question with all of them; a large one has [graphs](graph) of
//! neighbours beside the vectors, and compares it with some thousand.
//!
//! # Where the graphs are
//!
//! In memory, one for each segment of the index with [`LEAST_IN_GRAPH`] vectors or more. A segment
//! never changes, so its vectors are read once and its graph is made once, whatever is committed
//! meanwhile: a commit brings small segments of its own, which are compared one by one, and now and
//! then a large one in which others were merged. A graph has no copy of the vectors; for each of them
//! it keeps some 300 bytes. What was deleted stays in the graph until the segment is written anew,
//! and is passed over as whatever the asker may not see.
//!
//! # What a question waits for
//!
//! Never for a graph. The first question that could use one has it made, by a single thread in the
//! background for the whole index, one after the other. Until it is ready, and for good if it does
//! not find what lies in it, questions are compared with each vector.
//!
//! # What is found
//!
//! What the graph shows goes through the same filter as everything else, and counts by the same
//! cosine. If, after the filter, something further away than the graph looked could still be among
//! the candidates, because product, audience or language leave little of what is near, then the
//! segment is compared one by one: a narrow question is answered exactly, and takes no longer, for
//! what is filtered away is not compared.
//!
//! # What it costs
//!
//! 100,000 vectors of 384 numbers, made up in a thousand groups that overlap, without the rest of a
//! search and while others kept the machine busy:
//!
//! | | one by one | by a graph |
//! |---|---|---|
//! | half of all questions take less than | 26 ms | 0.8 ms |
//! | found of the ten nearest | 10 | 10.0 |
//! | found of the hundred nearest | 100 | 99.6 |
//! | memory beside 154 MB of vectors | none | 33 MB |
//! | to make it, in the background | nothing | 61 s |

mod graph;
mod vectors;

use std::fmt;
use std::sync::Arc;

use vectors::Kept;
pub(crate) use vectors::Vectors;

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

    /// From which cosine on two texts have to do with each other, by this model's scale; 0 if it says
    /// less.
    fn related_from(&self) -> f32 {
        0.5
    }
}

/// The model of an index, if it has one, and the vectors that were read of it.
#[derive(Clone, Default)]
pub(crate) struct Model {
    pub(crate) embedder: Option<Arc<dyn Embedder>>,
    kept: Arc<Kept>,
}

/// The vector of a question, of length 1, and from which cosine on a text has to do with it.
pub(crate) struct Asked {
    vector: Vec<f32>,
    from: f32,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Model").field(&self.embedder.as_ref().map(|model| model.name())).finish()
    }
}

impl Model {
    pub(crate) fn new(embedder: Option<Arc<dyn Embedder>>) -> Self {
        Self { embedder, kept: Arc::new(Kept::new(LEAST_IN_GRAPH)) }
    }

    /// A model whose graphs begin with less.
    #[cfg(test)]
    pub(crate) fn with_graphs_from(embedder: Arc<dyn Embedder>, least: usize) -> Self {
        Self { embedder: Some(embedder), kept: Arc::new(Kept::new(least)) }
    }

    /// The vector of a text as it is stored: of length 1, in little-endian bytes.
    pub(crate) fn stored(&self, text: &str) -> Option<Vec<u8>> {
        let vector = unit(self.embedder.as_ref()?.embed(text)?)?;
        Some(vector.iter().flat_map(|number| number.to_le_bytes()).collect())
    }

    /// What is asked for, as a vector.
    pub(crate) fn asked(&self, text: &str) -> Option<Asked> {
        let model = self.embedder.as_ref()?;
        Some(Asked { vector: unit(model.embed(text)?)?, from: model.related_from().max(0.0) })
    }
}

/// The vector of the same direction and of length 1. `None` for one that has no direction.
fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = cosine(&vector, &vector).sqrt();
    if !length.is_normal() {
        return None;
    }
    vector.iter_mut().for_each(|number| *number /= length);
    Some(vector)
}

/// The cosine of two vectors of length 1. Sums of floating point numbers are made in the order in which
/// they are written down; sixteen of them side by side take a third of the time.
fn cosine(left: &[f32], right: &[f32]) -> f32 {
    let (left, left_rest) = left.as_chunks::<16>();
    let (right, right_rest) = right.as_chunks::<16>();
    let mut sums = [0.0; 16];
    for (left, right) in left.iter().zip(right) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum::<f32>();
    sums.iter().sum::<f32>() + rest
}

/// From how many vectors on a segment has a graph. So many of 384 numbers are compared one by one in 3 ms,
/// and by a graph in 1 ms; with half of them it is hardly worth the memory.
const LEAST_IN_GRAPH: usize = 20_000;
