//! The vectors of all texts, segment by segment.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use rayon::{ThreadPool, ThreadPoolBuilder};
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

use super::graph::Graph;
use super::{Asked, Model, cosine};
use crate::error::KnowledgeError;
use crate::filter::Filter;
use crate::rank::Best;
use crate::schema::column;
use crate::snapshot::Snapshot;

/// The vectors of a snapshot, by the place of their segment.
#[derive(Default)]
pub(crate) struct Vectors(Vec<Arc<Batch>>);

/// The vectors of the segments that there are, for as long as there are any.
#[derive(Default)]
pub(super) struct Kept {
    batches: Mutex<BTreeMap<SegmentId, Arc<Batch>>>,
    /// A thread that makes graphs; nothing where there are no threads.
    maker: OnceLock<Option<ThreadPool>>,
    /// From how many vectors on a graph is made.
    least: usize,
}

/// Those of a segment.
#[derive(Default)]
struct Batch {
    /// Read when they are first asked for.
    numbers: OnceLock<Arc<Numbers>>,
    graph: OnceLock<Graph>,
    is_begun: AtomicBool,
}

/// Vectors one behind the other, with those of texts that were deleted.
#[derive(Default)]
pub(super) struct Numbers {
    docs: Vec<DocId>,
    length: usize,
    numbers: Vec<f32>,
    is_given_up: AtomicBool,
}

impl Model {
    /// The vectors of what is searched from now on. Those of other segments are forgotten.
    pub(crate) fn vectors(&self, searcher: &Searcher) -> Vectors {
        let mut batches = self.kept.batches.lock().unwrap_or_else(PoisonError::into_inner);
        let ids: Vec<SegmentId> =
            searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        let present = ids.iter().map(|id| (*id, batches.remove(id).unwrap_or_default()));
        *batches = present.collect();
        Vectors(ids.iter().map(|id| Arc::clone(&batches[id])).collect())
    }
}

impl Snapshot {
    /// Offers the texts that have to do with a question, with the cosine of both, among those that a
    /// filter lets through, one for each segment: all that are nearest, or all but a few.
    pub(crate) fn offer_related(
        &self,
        asked: &Asked,
        filters: &[Option<Filter<'_>>],
        model: &Model,
        best: &mut Best,
    ) -> Result<(), KnowledgeError> {
        let segments = (0..).zip(self.searcher.segment_readers()).zip(&self.vectors.0);
        for (((number, segment), batch), filter) in segments.zip(filters) {
            let Some(filter) = filter else { continue };
            let numbers = batch.numbers(segment, asked.vector.len())?;
            if numbers.length != asked.vector.len() {
                continue;
            }
            let offer = |place: u32, best: &mut Best| {
                let doc = numbers.docs[place as usize];
                if filter.allows(doc) {
                    let cosine = cosine(&asked.vector, numbers.vector(place));
                    if cosine >= asked.from {
                        best.offer(filter.rank(doc, cosine, number));
                    }
                }
            };
            if let Some(graph) = model.kept.graph(batch, numbers) {
                let near = graph.nearest(&asked.vector);
                near.iter().for_each(|place| offer(*place, best));
                // What is further away than the last that the graph shows could not come in.
                let last = near.last().map(|last| cosine(&asked.vector, numbers.vector(*last)));
                let needed = asked.from.max(best.threshold());
                if last.is_some_and(|last| last < needed) {
                    continue;
                }
            }
            (0..numbers.len()).for_each(|place| offer(place, best));
        }
        Ok(())
    }
}

impl Kept {
    pub(super) fn new(least: usize) -> Self {
        Self { least, ..Self::default() }
    }

    /// The graph of a segment, if there is one by now. Whoever asks first has it made.
    fn graph<'a>(&self, batch: &'a Arc<Batch>, numbers: &Arc<Numbers>) -> Option<&'a Graph> {
        let graph = batch.graph.get();
        if graph.is_none()
            && numbers.docs.len() >= self.least
            && !batch.is_begun.swap(true, Ordering::Relaxed)
            && let Some(maker) = self.maker()
        {
            let (batch, numbers) = (Arc::downgrade(batch), Arc::clone(numbers));
            maker.spawn(move || make(&batch, &numbers));
        }
        graph
    }

    /// A pool of one thread, so that graphs are made one after the other, and each in one order.
    fn maker(&self) -> Option<&ThreadPool> {
        let pool = || {
            let builder = ThreadPoolBuilder::new().num_threads(1);
            builder.thread_name(|_| "firstline graphs".into()).build().ok()
        };
        self.maker.get_or_init(pool).as_ref()
    }
}

/// Makes the graph of a segment, if anybody still asks it.
fn make(batch: &Weak<Batch>, numbers: &Arc<Numbers>) {
    // A pool ends the process with its thread. Without a graph all is found as well.
    let graph = catch_unwind(AssertUnwindSafe(|| Graph::new(numbers))).ok().flatten();
    if let (Some(graph), Some(batch)) = (graph, batch.upgrade()) {
        batch.graph.get_or_init(|| graph);
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if let Some(numbers) = self.numbers.get() {
            numbers.is_given_up.store(true, Ordering::Relaxed);
        }
    }
}

impl Batch {
    fn numbers(
        &self,
        segment: &SegmentReader,
        length: usize,
    ) -> Result<&Arc<Numbers>, KnowledgeError> {
        if let Some(read) = self.numbers.get() {
            return Ok(read);
        }
        let read = Arc::new(Numbers::read(segment, length)?);
        Ok(self.numbers.get_or_init(|| read))
    }
}

impl Numbers {
    /// Reads the vectors of this length: whatever has another one cannot be compared.
    fn read(segment: &SegmentReader, length: usize) -> Result<Self, KnowledgeError> {
        let mut read = Self { length, ..Self::default() };
        let Some(column) = segment.fast_fields().bytes(column::VECTOR)? else {
            return Ok(read);
        };
        let mut bytes = Vec::new();
        for doc in 0..segment.max_doc() {
            let Some(ordinal) = column.term_ords(doc).next() else { continue };
            bytes.clear();
            column.ord_to_bytes(ordinal, &mut bytes)?;
            if bytes.len() == 4 * length {
                read.docs.push(doc);
                let (numbers, _) = bytes.as_chunks::<4>();
                read.numbers.extend(numbers.iter().map(|it| f32::from_le_bytes(*it)));
            }
        }
        Ok(read)
    }

    /// A single vector, to ask with.
    pub(super) fn of_one(vector: &[f32]) -> Self {
        Self { docs: vec![0], length: vector.len(), numbers: vector.to_vec(), ..Self::default() }
    }

    #[cfg(test)]
    pub(super) fn of_many(length: usize, numbers: Vec<f32>) -> Self {
        let docs = (0..(numbers.len() / length) as DocId).collect();
        Self { docs, length, numbers, ..Self::default() }
    }

    pub(super) fn len(&self) -> u32 {
        self.docs.len() as u32
    }

    pub(super) fn vector(&self, place: u32) -> &[f32] {
        &self.numbers[place as usize * self.length..][..self.length]
    }

    /// Whether nobody will ask for these any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
impl Model {
    /// Where the graphs are, when all that were asked for are made.
    pub(crate) fn graphs(&self) -> Vec<usize> {
        if let Some(Some(maker)) = self.kept.maker.get() {
            maker.install(|| ());
        }
        let batches = self.kept.batches.lock().unwrap();
        let graphs = batches.values().filter_map(|batch| batch.graph.get());
        graphs.map(|graph| std::ptr::from_ref(graph).addr()).collect()
    }
}
