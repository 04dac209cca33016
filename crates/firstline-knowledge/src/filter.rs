//! Which texts the asker may see and asked for.

use std::cmp::Reverse;
use std::sync::Arc;

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
    /// The columns of names, each with an ordinal that must be among those of the text.
    named: Vec<(StrColumn, u64)>,
}

impl<'a> Filter<'a> {
    /// `None` if no text of the segment can fit.
    pub(crate) fn new(
        question: &Question<'_>,
        segment: &'a SegmentReader,
    ) -> Result<Option<Self>, KnowledgeError> {
        let columns = segment.fast_fields();
        let tags = question.tags.iter().map(|tag| (column::TAG, tag.as_str().to_owned()));
        let language = question.language.map(|language| (column::PRIMARY, language.primary()));
        let mut named = Vec::new();
        for (column, name) in tags.chain(language) {
            let Some(column) = columns.str(column)? else {
                return Ok(None);
            };
            let Some(ordinal) = column.dictionary().term_ord(&name)? else {
                return Ok(None);
            };
            named.push((column, ordinal));
        }
        Ok(Some(Self {
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
            && self.named.iter().all(|(column, ordinal)| {
                column.term_ords(doc).any(|candidate| candidate == *ordinal)
            })
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
