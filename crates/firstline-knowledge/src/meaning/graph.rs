//! A graph in which each vector knows its neighbours (HNSW): whoever goes from one to the next that is
//! nearer to a question soon comes to the nearest.
//!
//! `instant-distance` makes it. It takes whatever can tell a distance for a vector, so the graph has
//! places in a list and no numbers of its own; it has no unsafe code and exports nothing. The width of
//! its search is fixed when it is made, and it knows no filter, which is why the caller looks on where
//! too little is left. In one thread the same vectors in the same order give the same graph.

use std::sync::Arc;

use instant_distance::{Builder, Heuristic, Hnsw, Point, Search};

use super::cosine;
use super::vectors::Numbers;

/// The graph of a segment.
pub(super) struct Graph(Hnsw<Node>);

/// A vector by its place.
#[derive(Clone)]
struct Node {
    of: Arc<Numbers>,
    place: u32,
}

impl Point for Node {
    fn distance(&self, other: &Self) -> f32 {
        // Nobody can stop it from the outside. With all distances alike it is through at once.
        if self.of.is_given_up() {
            return 0.0;
        }
        1.0 - cosine(self.of.vector(self.place), other.of.vector(other.place))
    }
}

impl Graph {
    /// Makes a graph, which takes minutes for a hundred thousand. `None` if it is no good.
    pub(super) fn new(of: &Arc<Numbers>) -> Option<Self> {
        let nodes = (0..of.len()).map(|place| Node { of: Arc::clone(of), place });
        let heuristic = Heuristic { extend_candidates: false, keep_pruned: false };
        let builder = Builder::default()
            .seed(SEED)
            .ef_construction(WIDTH_WHILE_MADE)
            .ef_search(WIDTH)
            .select_heuristic(Some(heuristic));
        let graph = Self(builder.build_hnsw(nodes.collect()).0);
        graph.finds_its_own(of).then_some(graph)
    }

    /// The places of the vectors that are nearest to this one, nearest first: hardly any other is as near.
    pub(super) fn nearest(&self, vector: &[f32]) -> Vec<u32> {
        let asked = Node { of: Arc::new(Numbers::of_one(vector)), place: 0 };
        let mut search = Search::default();
        self.0.search(&asked, &mut search).map(|found| found.point.place).collect()
    }

    /// Whether those who ask for vectors that are in it get what lies nearest. Where very many texts are
    /// all but the same, it can happen that hardly any way leads from them to the others.
    fn finds_its_own(&self, of: &Numbers) -> bool {
        let (mut wanted, mut found) = (0, 0);
        for place in (0..of.len()).step_by((of.len() as usize).div_ceil(SAMPLES)) {
            let own = of.vector(place);
            let mut all: Vec<f32> = (0..of.len()).map(|it| cosine(own, of.vector(it))).collect();
            let (_, least, _) = all
                .select_nth_unstable_by(SAMPLED.min(of.len() as usize) - 1, |left, right| {
                    right.total_cmp(left)
                });
            let least = *least;
            let near = self.nearest(own);
            wanted += SAMPLED.min(of.len() as usize);
            let good = |place: &&u32| cosine(own, of.vector(**place)) >= least;
            found += near.iter().filter(good).count().min(SAMPLED);
        }
        found * 100 >= wanted * LEAST_FOUND
    }
}

/// How many vectors are found. A hundred articles are looked at closely; many come in two languages,
/// and some the asker may not see.
const WIDTH: usize = 200;

/// How many are looked at when one comes in. With 100 instead of 64 it takes 1.6 times as long, and
/// 0.972 of the hundred nearest are found in place of 0.960.
const WIDTH_WHILE_MADE: usize = 64;

/// Any number does. With the same one the same vectors make the same graph.
const SEED: u64 = 1;

/// How many vectors are asked for to see whether a graph is good, how many of the nearest each should find,
/// and how many of a hundred of these must be found.
const SAMPLES: usize = 50;
const SAMPLED: usize = 10;
const LEAST_FOUND: usize = 95;

#[cfg(test)]
mod tests {
    use super::super::unit;
    use super::*;

    /// Vectors in two hundred groups, the same ones for the same seed.
    struct Crowd(u64);

    impl Crowd {
        /// SplitMix64, between -1 and 1.
        fn number(&mut self) -> f32 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        }

        fn vector(&mut self) -> Vec<f32> {
            let group = (self.number() * 100.0) as i64;
            let mut centre = Self(group as u64);
            unit((0..LENGTH).map(|_| centre.number() + 0.4 * self.number()).collect()).unwrap()
        }

        fn vectors(&mut self, many: usize) -> Arc<Numbers> {
            let numbers = (0..many).flat_map(|_| self.vector()).collect();
            Arc::new(Numbers::of_many(LENGTH, numbers))
        }
    }

    const LENGTH: usize = 16;

    #[test]
    fn a_graph_finds_what_all_comparisons_find() {
        let mut crowd = Crowd(7);
        let vectors = crowd.vectors(if cfg!(debug_assertions) { 1_000 } else { 20_000 });
        let graph = Graph::new(&vectors).expect("it finds what is in it");
        let (mut of_ten, mut of_hundred) = (0, 0);
        for _ in 0..100 {
            let asked = crowd.vector();
            let mut all: Vec<u32> = (0..vectors.len()).collect();
            let near = |place: &u32| cosine(&asked, vectors.vector(*place));
            all.sort_by(|left, right| near(right).total_cmp(&near(left)));
            let found = graph.nearest(&asked);
            assert!(found.is_sorted_by(|left, right| near(left) >= near(right)));
            of_ten += all[..10].iter().filter(|place| found.contains(place)).count();
            of_hundred += all[..100].iter().filter(|place| found.contains(place)).count();
        }
        assert!(of_ten >= 990, "{of_ten} of 1,000");
        assert!(of_hundred >= 9_500, "{of_hundred} of 10,000");
    }

    #[test]
    fn a_graph_that_does_not_find_its_own_is_not_used() {
        let (mine, other) = (Crowd(7).vectors(600), Crowd(8).vectors(600));
        let graph = Graph::new(&mine).unwrap();
        assert!(graph.finds_its_own(&mine));
        assert!(!graph.finds_its_own(&other));
    }

    #[test]
    fn the_same_text_many_times_is_no_riddle() {
        let mut numbers = Crowd(7).vector().repeat(500);
        numbers.extend((0..500).scan(Crowd(8), |crowd, _| Some(crowd.vector())).flatten());
        // Either way all is found: by the graph, or for want of a good one.
        let vectors = Arc::new(Numbers::of_many(LENGTH, numbers));
        if let Some(graph) = Graph::new(&vectors) {
            let near = graph.nearest(vectors.vector(0));
            assert!(near.len() == WIDTH && near.iter().all(|place| *place < 500), "{near:?}");
        }
    }
}
