//! How many articles there are of each kind among those that a question finds.

use std::collections::BTreeMap;

use firstline_core::{Audience, Language, Tag};
use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::error::KnowledgeError;
use crate::schema::{column, rank};
use crate::snapshot::{Columns, Snapshot};

/// The articles that have a word of the question and pass its filters, counted by what they are
/// about. An article counts once for each value that any of its editions has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By product.
    pub products: BTreeMap<Tag, u64>,
    /// By version of the product: those that hold for it, as the filter finds them. What names no
    /// version holds for each of them.
    pub versions: BTreeMap<Tag, u64>,
    /// By section of the knowledge base.
    pub categories: BTreeMap<Tag, u64>,
    /// By label.
    pub tags: BTreeMap<Tag, u64>,
    /// By language, dialects together.
    pub languages: BTreeMap<Language, u64>,
    /// By who may see them.
    pub audiences: BTreeMap<Audience, u64>,
}

/// All articles that a question finds, however many.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) articles: u64,
    pub(crate) facets: Facets,
    /// Those that name no version.
    unversioned: u64,
}

impl Counted {
    /// Counts what holds for all versions under each of them, when all is counted.
    pub(crate) fn finish(&mut self) {
        let unversioned = std::mem::take(&mut self.unversioned);
        self.facets.versions.values_mut().for_each(|count| *count += unversioned);
    }
}

/// Counts one segment.
pub(crate) struct Tally<'a> {
    articles: u64,
    unversioned: u64,
    audiences: [u64; AUDIENCES.len()],
    last: Option<u64>,
    own: &'a Columns,
    versions: Option<StrColumn>,
    columns: Vec<(&'static str, StrColumn, Vec<Count>)>,
}

const AUDIENCES: [Audience; 3] = [Audience::Public, Audience::Customer, Audience::Internal];

#[derive(Clone, Copy, Default)]
struct Count {
    articles: u64,
    last: Option<u64>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, number: u32) -> Result<Self, KnowledgeError> {
        let segment = snapshot.searcher.segment_reader(number);
        let mut columns = Vec::new();
        for name in
            [column::PRODUCT, column::VERSION, column::CATEGORY, column::TAG, column::PRIMARY]
        {
            if let Some(column) = segment.fast_fields().str(name)? {
                let counts = vec![Count::default(); column.num_terms()];
                columns.push((name, column, counts));
            }
        }
        let versions = segment.fast_fields().str(column::VERSION)?;
        let own = snapshot.columns(number);
        let audiences = [0; AUDIENCES.len()];
        Ok(Self { articles: 0, unversioned: 0, audiences, last: None, own, versions, columns })
    }

    /// Counts a text of an article. All texts of one lie side by side.
    pub(crate) fn add(&mut self, doc: DocId) {
        let article = self.own.articles.get_val(doc);
        if self.last.replace(article) != Some(article) {
            self.articles += 1;
            let names_none = |of: &StrColumn| of.term_ords(doc).next().is_none();
            self.unversioned += u64::from(self.versions.as_ref().is_none_or(names_none));
            let audience = self.own.audiences.get_val(doc);
            for (count, of) in self.audiences.iter_mut().zip(AUDIENCES) {
                *count += u64::from(rank(of) == audience);
            }
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
    pub(crate) fn add_to(self, counted: &mut Counted) -> Result<(), KnowledgeError> {
        counted.articles += self.articles;
        counted.unversioned += self.unversioned;
        let facets = &mut counted.facets;
        let audiences = AUDIENCES.into_iter().zip(self.audiences);
        for (audience, count) in audiences.filter(|(_, count)| *count > 0) {
            *facets.audiences.entry(audience).or_default() += count;
        }
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
