//! What an index knows of a word, looked up once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::Term;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::Form;
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::Snapshot;

/// A form of a word, and what is like it.
#[derive(Debug)]
pub(super) struct Known {
    text: String,
    spots: Arc<[Spot]>,
    /// How many texts have it, in the name or the body, whichever more do.
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
    /// Whether it is names that have it; else it is bodies.
    pub(crate) in_name: bool,
    pub(crate) info: TermInfo,
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
    pub(super) fn locate(
        &self,
        form: &str,
        fields: &Fields,
    ) -> Result<(Arc<[Spot]>, u32), KnowledgeError> {
        let mut spots = Vec::new();
        let mut texts = 0;
        for (in_name, field) in [(true, fields.name), (false, fields.body)] {
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
                spots.push(Spot { segment: number, in_name, info });
            }
            texts = texts.max(with);
        }
        Ok((spots.into(), texts))
    }
}

/// How many words are remembered, before all are forgotten. Some megabytes of them.
const MAX_REMEMBERED: usize = 10_000;
