//! What an index knows of a word, looked up once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Term;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};

use super::Form;
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::Snapshot;

/// A form of a word, and what is like it.
#[derive(Debug)]
pub(super) struct Known {
    text: String,
    spots: Arc<[Spot]>,
    /// How many texts have it, in one part or the other, whichever more do.
    pub(super) texts: u32,
    /// What may stand for it, with the number of texts that have it.
    pub(super) others: Vec<(Form, u32)>,
    /// Words of the same family.
    pub(super) relatives: Vec<Form>,
}

impl Known {
    pub(super) fn own(&self) -> Form {
        Form { text: self.text.clone(), share: 1.0, spots: Arc::clone(&self.spots) }
    }
}

/// Where a segment has a form.
#[derive(Clone, Debug)]
pub(crate) struct Spot {
    /// The place of the segment among the others.
    pub(crate) segment: u32,
    /// The part of the texts that has it.
    pub(crate) part: Part,
    pub(crate) info: TermInfo,
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
    const ALL: [Self; 3] = [Self::Name, Self::Body, Self::Exact];

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

/// Words that have been looked up. Dictionaries never change under a snapshot, and people ask with
/// the same words again and again.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<String, Arc<Known>>>);

impl Snapshot {
    pub(super) fn known(&self, form: &str, fields: &Fields) -> Result<Arc<Known>, KnowledgeError> {
        let memory = &self.memory.0;
        let remembered = memory.lock().unwrap_or_else(PoisonError::into_inner).get(form).cloned();
        if let Some(known) = remembered {
            return Ok(known);
        }
        let (spots, texts) = self.locate(form, fields)?;
        let known = Arc::new(Known {
            text: form.to_owned(),
            spots,
            texts,
            others: self.others(form, texts == 0, fields)?,
            relatives: self.relatives(form, fields)?,
        });
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= MAX_REMEMBERED {
            memory.clear();
        }
        memory.insert(form.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// Where the index has a form, and how many texts do.
    pub(crate) fn locate(
        &self,
        form: &str,
        fields: &Fields,
    ) -> Result<(Arc<[Spot]>, u32), KnowledgeError> {
        let mut spots = Vec::new();
        let mut texts = 0;
        for part in Part::ALL {
            let field = part.field(fields);
            let term = Term::from_field_text(field, form);
            let mut with = 0;
            for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
                let index = segment.inverted_index(field)?;
                let Some(info) = index.get_term_info(&term)? else { continue };
                with += match segment.alive_bitset() {
                    None => info.doc_freq,
                    Some(alive) => index
                        .read_postings_from_terminfo(&info, IndexRecordOption::Basic)?
                        .doc_freq_given_deletes(alive),
                };
                spots.push(Spot { segment: number, part, info });
            }
            texts = texts.max(with);
        }
        Ok((spots.into(), texts))
    }
}

/// How many words are remembered, before all are forgotten. Some megabytes of them.
const MAX_REMEMBERED: usize = 10_000;

/// What a part of an identifier or a code as a whole counts beside a plain word. Enough to lead to a
/// text that says it in no other way.
const EXACT_SHARE: f32 = 0.3;
