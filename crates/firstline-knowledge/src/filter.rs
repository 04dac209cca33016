//! Which texts the asker may see and asked for.

use std::cmp::Reverse;
use std::sync::Arc;

use firstline_core::{Tag, Timestamp};
use tantivy::columnar::{ColumnValues, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::{DocId, SegmentReader};

use crate::error::KnowledgeError;
use crate::question::Question;
use crate::rank::Rank;
use crate::schema::{self, column};

/// The wishes of a question, as numbers of one segment.
pub(crate) struct Filter<'a> {
    alive: Option<&'a AliveBitSet>,
    audience: u64,
    audiences: Arc<dyn ColumnValues<u64>>,
    articles: Arc<dyn ColumnValues<u64>>,
    editions: Arc<dyn ColumnValues<u64>>,
    now: u64,
    from: Arc<dyn ColumnValues<u64>>,
    until: Arc<dyn ColumnValues<u64>>,
    /// The columns of names, each with an ordinal that must be among those of the text.
    named: Vec<(StrColumn, u64)>,
    /// The column of versions, and the ordinal that must be among them unless there are none.
    version: Option<(StrColumn, Option<u64>)>,
}

impl<'a> Filter<'a> {
    /// `None` if no text of the segment can fit.
    pub(crate) fn new(
        question: &Question<'_>,
        now: Timestamp,
        segment: &'a SegmentReader,
    ) -> Result<Option<Self>, KnowledgeError> {
        let columns = segment.fast_fields();
        let tags = question.tags.iter().map(|tag| (column::TAG, tag.as_str().to_owned()));
        let language = question.language.map(|language| (column::PRIMARY, language.primary()));
        let label = |column, label: Option<&Tag>| label.map(|it| (column, it.as_str().to_owned()));
        let product = label(column::PRODUCT, question.product);
        let category = label(column::CATEGORY, question.category);
        let mut named = Vec::new();
        for (column, name) in tags.chain(language).chain(product).chain(category) {
            let Some(column) = columns.str(column)? else {
                return Ok(None);
            };
            let Some(ordinal) = column.dictionary().term_ord(&name)? else {
                return Ok(None);
            };
            named.push((column, ordinal));
        }
        let version = match (question.version, columns.str(column::VERSION)?) {
            (Some(version), Some(column)) => {
                let ordinal = column.dictionary().term_ord(version.as_str())?;
                Some((column, ordinal))
            }
            _ => None,
        };
        Ok(Some(Self {
            now: schema::millis(now),
            from: columns.column_first_or_default(column::FROM)?,
            until: columns.column_first_or_default(column::UNTIL)?,
            version,
            alive: segment.alive_bitset(),
            audience: schema::rank(question.audience),
            audiences: columns.column_first_or_default(column::AUDIENCE)?,
            articles: columns.column_first_or_default(column::ARTICLE)?,
            editions: columns.column_first_or_default(column::EDITION)?,
            named,
        }))
    }

    pub(crate) fn allows(&self, doc: DocId) -> bool {
        self.alive.is_none_or(|alive| alive.is_alive(doc))
            && self.audiences.get_val(doc) <= self.audience
            && self.from.get_val(doc) <= self.now
            && self.now < self.until.get_val(doc)
            && self.named.iter().all(|(column, ordinal)| {
                column.term_ords(doc).any(|candidate| candidate == *ordinal)
            })
            && self.version.as_ref().is_none_or(|(column, ordinal)| {
                let mut versions = column.term_ords(doc).peekable();
                versions.peek().is_none() || versions.any(|candidate| Some(candidate) == *ordinal)
            })
    }

    pub(crate) fn article(&self, doc: DocId) -> u64 {
        self.articles.get_val(doc)
    }

    /// The place of a text among the others.
    pub(crate) fn rank(&self, doc: DocId, score: f32, segment: u32) -> Rank {
        Rank {
            score: Reverse(score.to_bits()),
            article: self.articles.get_val(doc),
            edition: self.editions.get_val(doc),
            segment,
            doc,
        }
    }
}
