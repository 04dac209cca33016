//! How many articles there are of each kind among those that a question finds.

use std::collections::BTreeMap;

use firstline_core::{Language, Tag};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use crate::error::KnowledgeError;
use crate::schema::column;

/// The articles that have a word of the question and pass its filters, counted by what they are
/// about. An article counts once for each value that any of its editions has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By product.
    pub products: BTreeMap<Tag, u64>,
    /// By version of the product.
    pub versions: BTreeMap<Tag, u64>,
    /// By section of the knowledge base.
    pub categories: BTreeMap<Tag, u64>,
    /// By label.
    pub tags: BTreeMap<Tag, u64>,
    /// By language, dialects together.
    pub languages: BTreeMap<Language, u64>,
}

/// Counts one segment.
pub(crate) struct Tally {
    articles: u64,
    last: Option<u64>,
    columns: Vec<(&'static str, StrColumn, Vec<Count>)>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    articles: u64,
    last: Option<u64>,
}

impl Tally {
    pub(crate) fn new(segment: &SegmentReader) -> Result<Self, KnowledgeError> {
        let mut columns = Vec::new();
        for name in
            [column::PRODUCT, column::VERSION, column::CATEGORY, column::TAG, column::PRIMARY]
        {
            if let Some(column) = segment.fast_fields().str(name)? {
                let counts = vec![Count::default(); column.num_terms()];
                columns.push((name, column, counts));
            }
        }
        Ok(Self { articles: 0, last: None, columns })
    }

    /// Counts a text of an article. All texts of one lie side by side.
    pub(crate) fn add(&mut self, doc: DocId, article: u64) {
        if self.last.replace(article) != Some(article) {
            self.articles += 1;
        }
        for (_, column, counts) in &mut self.columns {
            for ordinal in column.term_ords(doc) {
                if let Some(count) = counts.get_mut(ordinal as usize)
                    && count.last.replace(article) != Some(article)
                {
                    count.articles += 1;
                }
            }
        }
    }

    /// Adds what was counted to what was counted elsewhere.
    pub(crate) fn add_to(self, total: &mut u64, facets: &mut Facets) -> Result<(), KnowledgeError> {
        *total += self.articles;
        let mut text = String::new();
        for (name, column, counts) in self.columns {
            for (ordinal, count) in (0..).zip(counts).filter(|(_, count)| count.articles > 0) {
                text.clear();
                column.ord_to_str(ordinal, &mut text)?;
                let tag = Tag::from(text.as_str());
                let sum = match name {
                    column::PRODUCT => facets.products.entry(tag).or_default(),
                    column::VERSION => facets.versions.entry(tag).or_default(),
                    column::CATEGORY => facets.categories.entry(tag).or_default(),
                    column::TAG => facets.tags.entry(tag).or_default(),
                    _ => facets.languages.entry(Language::from(text.as_str())).or_default(),
                };
                *sum += count.articles;
            }
        }
        Ok(())
    }
}
