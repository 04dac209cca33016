//! The best texts so far.

use std::cmp::Reverse;
use tantivy::DocId;

/// The best texts so far, one per article. They are few, so a list in order is faster than a tree.
pub(crate) struct Best {
    limit: usize,
    /// Best first.
    ranks: Vec<Rank>,
}

/// A text and how good it is. The smallest is the best; equally good ones go by the number of the
/// article, so the order never depends on where they lie on disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// The bits of the score. Scores are positive, where bits and numbers have the same order.
    pub(crate) score: Reverse<u32>,
    pub(crate) article: u64,
    pub(crate) edition: u64,
    pub(crate) segment: u32,
    pub(crate) doc: DocId,
}

impl Rank {
    pub(crate) fn score(&self) -> f32 {
        f32::from_bits(self.score.0)
    }
}

impl Best {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ranks: Vec::with_capacity(limit + 1) }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.ranks.len() >= self.limit
    }

    /// The least score with which a text can still come in.
    pub(crate) fn threshold(&self) -> f32 {
        if self.is_full() { self.ranks.last().map_or(0.0, Rank::score) } else { 0.0 }
    }

    pub(crate) fn offer(&mut self, rank: Rank) {
        if self.is_full() && self.ranks.last().is_some_and(|worst| *worst <= rank) {
            return;
        }
        if let Some(known) = self.ranks.iter().position(|it| it.article == rank.article) {
            if self.ranks[known] <= rank {
                return;
            }
            self.ranks.remove(known);
        }
        self.ranks.insert(self.ranks.partition_point(|it| *it < rank), rank);
        self.ranks.truncate(self.limit);
    }
}

impl IntoIterator for Best {
    type Item = Rank;
    type IntoIter = std::vec::IntoIter<Rank>;

    /// The best ones, best first.
    fn into_iter(self) -> Self::IntoIter {
        self.ranks.into_iter()
    }
}
