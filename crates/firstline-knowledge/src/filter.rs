//! Which texts the asker may see and asked for.

use std::cmp::Reverse;

use firstline_core::{Tag, Timestamp};
use tantivy::DocId;
use tantivy::columnar::StrColumn;
use tantivy::fastfield::AliveBitSet;

use crate::error::KnowledgeError;
use crate::question::Question;
use crate::rank::Rank;
use crate::schema::{self, column};
use crate::snapshot::{Columns, Snapshot};

/// The wishes of a question, as numbers of one segment.
pub(crate) struct Filter<'a> {
    alive: Option<&'a AliveBitSet>,
    audience: u64,
    only_audience: Option<u64>,
    now: u64,
    without: Option<u64>,
    own: &'a Columns,
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
        snapshot: &'a Snapshot,
        number: u32,
    ) -> Result<Option<Self>, KnowledgeError> {
        let segment = snapshot.searcher.segment_reader(number);
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
        let mut version = None;
        if let Some(asked) = question.version
            && let Some(column) = columns.str(column::VERSION)?
        {
            let ordinal = column.dictionary().term_ord(asked.as_str())?;
            version = Some((column, ordinal));
        }
        Ok(Some(Self {
            now: schema::millis(now),
            without: question.without.map(|article| article.0),
            version,
            alive: segment.alive_bitset(),
            audience: schema::rank(question.audience),
            only_audience: question.only_audience.map(schema::rank),
            own: snapshot.columns(number),
            named,
        }))
    }

    pub(crate) fn allows(&self, doc: DocId) -> bool {
        self.alive.is_none_or(|alive| alive.is_alive(doc))
            && self.own.audiences.get_val(doc) <= self.audience
            && self.only_audience.is_none_or(|only| self.own.audiences.get_val(doc) == only)
            && self.own.from.get_val(doc) <= self.now
            && self.now < self.own.until.get_val(doc)
            && self.without.is_none_or(|article| self.article(doc) != article)
            && self.named.iter().all(|(column, ordinal)| {
                column.term_ords(doc).any(|candidate| candidate == *ordinal)
            })
            && self.version.as_ref().is_none_or(|(column, ordinal)| {
                let mut versions = column.term_ords(doc).peekable();
                versions.peek().is_none() || versions.any(|candidate| Some(candidate) == *ordinal)
            })
    }

    pub(crate) fn article(&self, doc: DocId) -> u64 {
        self.own.articles.get_val(doc)
    }

    /// The place of a text among the others.
    pub(crate) fn rank(&self, doc: DocId, score: f32, segment: u32) -> Rank {
        Rank {
            score: Reverse(score.to_bits()),
            article: self.own.articles.get_val(doc),
            edition: self.own.editions.get_val(doc),
            segment,
            doc,
        }
    }
}
