//! What an index knows of a word, looked up once.
//!
//! It is known to a [`Sight`]: how many texts have a word, and what may stand for it, is counted
//! over the texts that the asker may see now. What a customer finds tells nothing of the words of
//! internal, waiting or retired articles, not even that there are some.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

use super::Form;
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::{KINDS, Sight, Snapshot};

/// A form of a word, and what is like it, once that has been asked for.
#[derive(Debug)]
pub(super) struct Known {
    text: String,
    spots: Arc<[Spot]>,
    /// How many texts have it, in one part or the other, whichever more do.
    pub(super) texts: u32,
    others: OnceLock<Vec<(Form, u32)>>,
    relatives: OnceLock<Vec<Form>>,
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

/// Words that have been looked up, for each kind of sight. Dictionaries never change under a snapshot, and
/// people ask with the same words again and again.
#[derive(Default)]
pub(crate) struct Memory([Mutex<Remembered>; KINDS]);

/// Words of one period, in which no text comes or goes.
#[derive(Default)]
struct Remembered {
    period: usize,
    words: HashMap<String, Arc<Known>>,
}

impl Memory {
    /// The words that are remembered for this audience and time.
    fn of(&self, sight: &Sight) -> MutexGuard<'_, Remembered> {
        let lock = &self.0[sight.kind()];
        let mut memory = lock.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.period != sight.period || memory.words.len() >= MAX_REMEMBERED {
            *memory = Remembered { period: sight.period, words: HashMap::new() };
        }
        memory
    }
}

impl Snapshot {
    pub(super) fn known(
        &self,
        form: &str,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Arc<Known>, KnowledgeError> {
        let remembered = self.memory.of(sight).words.get(form).cloned();
        if let Some(known) = remembered {
            return Ok(known);
        }
        let (spots, texts) = self.locate(form, sight, fields)?;
        let (text, others, relatives) = (form.to_owned(), OnceLock::new(), OnceLock::new());
        let known = Arc::new(Known { text, spots: spots.into(), texts, others, relatives });
        self.memory.of(sight).words.insert(form.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// What may stand for a word, with the number of texts that have it.
    pub(super) fn others_of<'a>(
        &self,
        known: &'a Known,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<&'a [(Form, u32)], KnowledgeError> {
        if known.others.get().is_none() {
            let others = self.others(&known.text, known.texts == 0, sight, fields)?;
            // Another thread may have been faster, with the same answer.
            let _ = known.others.set(others);
        }
        Ok(known.others.get().map(Vec::as_slice).unwrap_or_default())
    }

    /// Words of the same family.
    pub(super) fn relatives_of<'a>(
        &self,
        known: &'a Known,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<&'a [Form], KnowledgeError> {
        if known.relatives.get().is_none() {
            let _ = known.relatives.set(self.relatives(&known.text, sight, fields)?);
        }
        Ok(known.relatives.get().map(Vec::as_slice).unwrap_or_default())
    }

    /// Where the index has a form, and how many texts for this audience do.
    pub(crate) fn locate(
        &self,
        form: &str,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<(Vec<Spot>, u32), KnowledgeError> {
        let mut spots = Vec::new();
        for part in Part::ALL {
            let field = part.field(fields);
            let term = Term::from_field_text(field, form);
            for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
                if let Some(info) = segment.inverted_index(field)?.get_term_info(&term)? {
                    spots.push(Spot { segment: number, part, info });
                }
            }
        }
        let texts = self.texts(&spots, sight, fields)?;
        Ok((spots, texts))
    }

    /// How many texts for this audience have a form, in the part in which most do.
    pub(super) fn texts(
        &self,
        spots: &[Spot],
        sight: &Sight,
        fields: &Fields,
    ) -> Result<u32, KnowledgeError> {
        let mut texts = [0; Part::ALL.len()];
        for Spot { segment: number, part, info } in spots {
            let segment = self.searcher.segment_reader(*number);
            let columns = self.columns(*number);
            let hidden = sight.has_hidden(columns).then_some(columns);
            let alive = segment.alive_bitset();
            texts[*part as usize] += if hidden.is_none() && alive.is_none() {
                info.doc_freq
            } else {
                let index = segment.inverted_index(part.field(fields))?;
                let mut postings =
                    index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                let mut count = 0;
                while postings.doc() != TERMINATED {
                    let doc = postings.doc();
                    let is_seen = alive.is_none_or(|alive| alive.is_alive(doc))
                        && hidden.is_none_or(|columns| sight.shows(columns, doc));
                    count += u32::from(is_seen);
                    postings.advance();
                }
                count
            };
        }
        Ok(texts.into_iter().max().unwrap_or_default())
    }
}

/// How many words are remembered, before all are forgotten. Some megabytes of them.
const MAX_REMEMBERED: usize = 10_000;

/// What a part of an identifier or a code as a whole counts beside a plain word. Enough to lead to a
/// text that says it in no other way.
const EXACT_SHARE: f32 = 0.3;
