//! Where the index has a form: the texts of a segment, one after the other.

use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, TERMINATED};

use crate::error::KnowledgeError;
use crate::schema::Fields;

/// Where a segment has a form.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// The place of the segment among the others.
    pub(crate) segment: u32,
    /// The part of the texts that has it.
    pub(crate) part: Part,
    pub(super) texts: Texts,
}

/// The texts of a segment that have a form.
#[derive(Clone, Debug)]
pub(super) enum Texts {
    /// As the index lists them.
    Listed(TermInfo),
    /// Each with the number of times: those that have all words of a phrase.
    Counted(Arc<[(DocId, u32)]>),
}

impl Spot {
    /// How many texts these are, with those that have been deleted since.
    pub(super) fn count(&self) -> u32 {
        match &self.texts {
            Texts::Listed(info) => info.doc_freq,
            Texts::Counted(texts) => texts.len() as u32,
        }
    }

    /// Whether a text is among them.
    pub(super) fn has(
        &self,
        doc: DocId,
        segment: &SegmentReader,
        fields: &Fields,
    ) -> Result<bool, KnowledgeError> {
        let mut texts = self.open(segment, fields)?;
        texts.seek(doc);
        Ok(texts.doc() == doc)
    }

    /// The texts from the first one on, with how often they say it.
    pub(crate) fn open(
        &self,
        segment: &SegmentReader,
        fields: &Fields,
    ) -> Result<Cursor, KnowledgeError> {
        Ok(match &self.texts {
            Texts::Listed(info) => {
                let index = segment.inverted_index(self.part.field(fields))?;
                let option = IndexRecordOption::WithFreqs;
                Cursor::Listed(Box::new(index.read_block_postings_from_terminfo(info, option)?), 0)
            }
            Texts::Counted(texts) => Cursor::Counted(Arc::clone(texts), 0),
        })
    }
}

/// A walk through the texts of a [`Spot`].
pub(crate) enum Cursor {
    /// Block by block, and the place in the block at hand.
    Listed(Box<BlockSegmentPostings>, usize),
    Counted(Arc<[(DocId, u32)]>, usize),
}

impl Cursor {
    /// The text at hand; [`TERMINATED`] behind the last one.
    pub(crate) fn doc(&self) -> DocId {
        match self {
            // Behind the last text there is an empty block, and what fills blocks up is `TERMINATED`.
            Self::Listed(block, at) => block.doc(*at),
            Self::Counted(texts, at) => texts.get(*at).map_or(TERMINATED, |(doc, _)| *doc),
        }
    }

    /// How often the text at hand says it.
    pub(crate) fn times(&self) -> u32 {
        match self {
            Self::Listed(block, at) => block.freq(*at),
            Self::Counted(texts, at) => texts.get(*at).map_or(0, |(_, times)| *times),
        }
    }

    pub(crate) fn advance(&mut self) {
        match self {
            Self::Listed(block, at) if *at + 1 >= block.block_len() => {
                block.advance();
                *at = 0;
            }
            Self::Listed(_, at) | Self::Counted(_, at) => *at += 1,
        }
    }

    /// Goes on to this text or the first one behind it.
    pub(crate) fn seek(&mut self, target: DocId) {
        match self {
            Self::Listed(block, at) if block.doc(*at) < target => *at = block.seek(target),
            Self::Listed(..) => {}
            Self::Counted(texts, at) => {
                *at += texts[*at..].partition_point(|(doc, _)| *doc < target);
            }
        }
    }

    /// Shows the texts before this one, with how often they say it, and goes on to what comes behind
    /// them.
    pub(crate) fn take_before(&mut self, end: DocId, mut show: impl FnMut(DocId, u32)) {
        match self {
            Self::Listed(block, at) => {
                while !block.docs().is_empty() {
                    for (place, doc) in block.docs().iter().enumerate().skip(*at) {
                        if *doc >= end {
                            *at = place;
                            return;
                        }
                        show(*doc, block.freq(place));
                    }
                    block.advance();
                    *at = 0;
                }
            }
            Self::Counted(texts, at) => {
                for (doc, times) in texts[*at..].iter().take_while(|(doc, _)| *doc < end) {
                    show(*doc, *times);
                    *at += 1;
                }
            }
        }
    }
}

/// The texts that all of some words have, each as often as the word that it says least.
pub(super) fn together(mut cursors: Vec<Cursor>) -> Vec<(DocId, u32)> {
    let mut texts = Vec::new();
    let mut doc = 0;
    while doc != TERMINATED && !cursors.is_empty() {
        cursors.iter_mut().for_each(|cursor| cursor.seek(doc));
        let furthest = cursors.iter().map(Cursor::doc).max().unwrap_or(TERMINATED);
        if furthest == doc {
            let times = cursors.iter().map(Cursor::times).min().unwrap_or_default();
            texts.push((doc, times));
            doc += 1;
        } else {
            doc = furthest;
        }
    }
    texts
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    Body,
    /// What machines wrote in either, which counts as if it were a word of the body.
    Exact,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::Name, Self::Body, Self::Exact];

    /// What a word counts there beside one that stands by itself.
    pub(crate) fn share(self) -> f32 {
        if self == Self::Exact { EXACT_SHARE } else { 1.0 }
    }

    pub(crate) fn field(self, fields: &Fields) -> Field {
        match self {
            Self::Name => fields.name,
            Self::Body => fields.body,
            Self::Exact => fields.exact,
        }
    }
}

/// What a part of an identifier or a code as a whole counts beside a plain word. Enough to lead to a
/// text that says it in no other way.
const EXACT_SHARE: f32 = 0.3;
