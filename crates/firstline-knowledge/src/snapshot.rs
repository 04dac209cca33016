//! The articles as they were after one commit, with what ranking must know of them.

mod sight;

use std::collections::BTreeSet;
use std::sync::Arc;

use firstline_core::{ArticleId, Tag};
use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED};

use crate::ask::Memory;
use crate::error::KnowledgeError;
use crate::meaning::Vectors;
use crate::schema::{Fields, column};
use crate::words::Manner;
use sight::Sights;
pub(crate) use sight::{KINDS, Sight, SightId, Totals};

/// What searches look at. It never changes.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) position: u64,
    sights: Sights,
    /// What each segment knows of its texts beside their words.
    columns: Vec<Columns>,
    pub(crate) memory: Memory,
    pub(crate) vectors: Vectors,
}

impl Snapshot {
    pub(crate) fn new(
        searcher: Searcher,
        position: u64,
        fields: &Fields,
    ) -> Result<Self, KnowledgeError> {
        let (memory, vectors) = (Memory::default(), fields.model.vectors(&searcher));
        let columns = searcher.segment_readers().iter().map(Columns::open);
        let columns = columns.collect::<Result<Vec<_>, KnowledgeError>>()?;
        let mut sights = Sights::default();
        for (segment, columns) in searcher.segment_readers().iter().zip(&columns) {
            add_up(segment, columns, fields, &mut sights)?;
        }
        sights.finish();
        Ok(Self { searcher, position, sights, columns, memory, vectors })
    }

    /// The columns of a segment, by its place among the others.
    pub(crate) fn columns(&self, segment: u32) -> &Columns {
        &self.columns[segment as usize]
    }

    /// Where the first text of an article lies.
    pub(crate) fn find(
        &self,
        article: ArticleId,
        fields: &Fields,
    ) -> Result<Option<DocAddress>, KnowledgeError> {
        Ok(self.find_all(article, fields)?.first().copied())
    }

    /// Where the texts of an article lie.
    pub(crate) fn find_all(
        &self,
        article: ArticleId,
        fields: &Fields,
    ) -> Result<Vec<DocAddress>, KnowledgeError> {
        let term = fields.term(article);
        let mut found = Vec::new();
        for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
            let index = segment.inverted_index(term.field())?;
            if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                        found.push(DocAddress::new(number, doc));
                    }
                    postings.advance();
                }
            }
        }
        Ok(found)
    }

    /// The articles with a tag, in the order of their numbers.
    pub(crate) fn tagged(&self, tag: &Tag) -> Result<BTreeSet<ArticleId>, KnowledgeError> {
        let mut articles = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            let Some(tags) = columns.str(column::TAG)? else { continue };
            let Some(ordinal) = tags.dictionary().term_ord(tag.as_str())? else { continue };
            let numbers = columns.column_first_or_default::<u64>(column::ARTICLE)?;
            let tagged =
                segment.doc_ids_alive().filter(|doc| tags.term_ords(*doc).any(|it| it == ordinal));
            articles.extend(tagged.map(|doc| ArticleId(numbers.get_val(doc))));
        }
        Ok(articles)
    }
}

/// What a segment knows of its texts beside their words. To open columns takes longer than to read
/// them, so it is done once.
pub(crate) struct Columns {
    pub(crate) audiences: Arc<dyn ColumnValues<u64>>,
    pub(crate) articles: Arc<dyn ColumnValues<u64>>,
    pub(crate) editions: Arc<dyn ColumnValues<u64>>,
    pub(crate) from: Arc<dyn ColumnValues<u64>>,
    pub(crate) until: Arc<dyn ColumnValues<u64>>,
    pub(crate) helpful: Column<u64>,
    pub(crate) not_helpful: Column<u64>,
    pub(crate) changed: Column<u64>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> Result<Self, KnowledgeError> {
        let columns = segment.fast_fields();
        Ok(Self {
            audiences: columns.column_first_or_default(column::AUDIENCE)?,
            articles: columns.column_first_or_default(column::ARTICLE)?,
            editions: columns.column_first_or_default(column::EDITION)?,
            from: columns.column_first_or_default(column::FROM)?,
            until: columns.column_first_or_default(column::UNTIL)?,
            helpful: columns.u64(column::HELPFUL)?,
            not_helpful: columns.u64(column::NOT_HELPFUL)?,
            changed: columns.u64(column::CHANGED)?,
        })
    }
}

fn add_up(
    segment: &SegmentReader,
    columns: &Columns,
    fields: &Fields,
    sights: &mut Sights,
) -> Result<(), KnowledgeError> {
    let Some(languages) = segment.fast_fields().str(column::PRIMARY)? else {
        return Ok(());
    };
    let known = manners_of(&languages)?;
    let names = segment.get_fieldnorms_reader(fields.name)?;
    let bodies = segment.get_fieldnorms_reader(fields.body)?;
    for doc in segment.doc_ids_alive() {
        let language = languages.ords().first(doc).and_then(|ord| known.get(ord as usize));
        let totals = Totals {
            editions: 1,
            name_words: u64::from(names.fieldnorm(doc)),
            body_words: u64::from(bodies.fieldnorm(doc)),
        };
        sights.add(columns, doc, language.copied().unwrap_or(Manner::COMMON), totals);
    }
    Ok(())
}

/// The manner of each language in a segment, by its ordinal there.
fn manners_of(languages: &StrColumn) -> Result<Vec<Manner>, KnowledgeError> {
    let mut name = String::new();
    (0..languages.num_terms() as u64)
        .map(|ord| {
            languages.ord_to_str(ord, &mut name)?;
            Ok(Manner::of(&name))
        })
        .collect()
}
