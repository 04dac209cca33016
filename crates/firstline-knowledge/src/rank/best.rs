//! The best texts so far.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tantivy::DocId;

/// The best texts so far, one per article.
pub(crate) struct Best {
    limit: usize,
    ranks: BTreeSet<Rank>,
    articles: BTreeMap<u64, Rank>,
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
        Self { limit, ranks: BTreeSet::new(), articles: BTreeMap::new() }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.ranks.len() >= self.limit
    }

    /// The least score with which a text can still come in.
    pub(super) fn threshold(&self) -> f32 {
        if self.is_full() { self.ranks.last().map_or(0.0, Rank::score) } else { 0.0 }
    }

    pub(super) fn offer(&mut self, rank: Rank) {
        match self.articles.get(&rank.article) {
            Some(known) if *known <= rank => return,
            Some(known) => {
                self.ranks.remove(known);
            }
            None => {}
        }
        self.articles.insert(rank.article, rank);
        self.ranks.insert(rank);
        if self.ranks.len() > self.limit
            && let Some(worst) = self.ranks.pop_last()
        {
            self.articles.remove(&worst.article);
        }
    }
}

impl IntoIterator for Best {
    type Item = Rank;
    type IntoIter = std::collections::btree_set::IntoIter<Rank>;

    /// The best ones, best first.
    fn into_iter(self) -> Self::IntoIter {
        self.ranks.into_iter()
    }
}
