//! What an index knows of a word, looked up once.
//!
//! It is known to a [`Sight`]: how many texts have a word, and what may stand for it, is counted
//! over the texts that the asker may see now. What a customer finds tells nothing of the words of
//! internal, waiting or retired articles, not even that there are some.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tantivy::{TERMINATED, Term};

use super::completions::Completions;
use super::spot::{Texts, together};
use super::{Form, Part, Spot};
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::{KINDS, Sight, SightId, Snapshot};

/// A form of a word, and what is like it, once that has been asked for.
#[derive(Debug)]
pub(super) struct Known {
    text: String,
    spots: Arc<[Spot]>,
    /// How many texts have it, in one part or the other, whichever more do.
    pub(super) texts: u32,
    others: OnceLock<Vec<(Form, u32)>>,
    relatives: OnceLock<Vec<Form>>,
    likelier: OnceLock<Option<Form>>,
    mended: OnceLock<Vec<(Form, u32)>>,
}

impl Known {
    /// A form of which nothing is known yet.
    fn of(text: String) -> Self {
        Self {
            text,
            spots: Arc::new([]),
            texts: 0,
            others: OnceLock::new(),
            relatives: OnceLock::new(),
            likelier: OnceLock::new(),
            mended: OnceLock::new(),
        }
    }

    pub(super) fn own(&self) -> Form {
        let (text, spots) = (self.text.clone(), Arc::clone(&self.spots));
        Form { text, share: 1.0, is_own: true, spots }
    }
}

/// Words that have been looked up, for each kind of sight. Dictionaries never change under a snapshot, and
/// people ask with the same words again and again.
#[derive(Default)]
pub(crate) struct Memory([Mutex<Remembered>; KINDS]);

/// Words of one sight, in which no text comes or goes.
#[derive(Default)]
struct Remembered {
    of: SightId,
    words: HashMap<String, Arc<Known>>,
    /// By what has been typed of a word.
    completions: HashMap<String, Completions>,
}

impl Memory {
    /// The words that are remembered for this audience and time.
    fn of(&self, sight: &Sight) -> MutexGuard<'_, Remembered> {
        let lock = &self.0[sight.kind()];
        let mut memory = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = memory.words.len().max(memory.completions.len());
        if memory.of != sight.id() || remembered >= MAX_REMEMBERED {
            *memory = Remembered { of: sight.id(), ..Remembered::default() };
        }
        memory
    }

    pub(super) fn completions(&self, typed: &str, sight: &Sight) -> Option<Completions> {
        self.of(sight).completions.get(typed).cloned()
    }

    pub(super) fn remember_completions(&self, typed: &str, sight: &Sight, them: &Completions) {
        self.of(sight).completions.insert(typed.to_owned(), Arc::clone(them));
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
        let known = Arc::new(Known { spots: spots.into(), texts, ..Known::of(form.to_owned()) });
        self.memory.of(sight).words.insert(form.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    /// What an index knows of some words together: of the texts that have all of them in their name, or
    /// all of them in their body.
    pub(super) fn known_together(
        &self,
        words: &[String],
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Arc<Known>, KnowledgeError> {
        if let [word] = words {
            return self.known(word, sight, fields);
        }
        // No word has a space in it.
        let text = words.join(" ");
        let remembered = self.memory.of(sight).words.get(&text).cloned();
        if let Some(known) = remembered {
            return Ok(known);
        }
        let mut spots = Vec::new();
        for part in [Part::Name, Part::Body] {
            spots.extend(self.locate_together(words, part, fields)?);
        }
        let texts = self.texts(&spots, sight, fields)?;
        let known = Arc::new(Known { spots: spots.into(), texts, ..Known::of(text) });
        self.memory.of(sight).words.insert(known.text.clone(), Arc::clone(&known));
        Ok(known)
    }

    /// How many texts have all of some words in their name.
    pub(crate) fn named_together(
        &self,
        words: &[String],
        sight: &Sight,
        fields: &Fields,
    ) -> Result<u32, KnowledgeError> {
        let spots = self.locate_together(words, Part::Name, fields)?;
        self.texts(&spots, sight, fields)
    }

    /// Where a part of texts has all of some words.
    fn locate_together(
        &self,
        words: &[String],
        part: Part,
        fields: &Fields,
    ) -> Result<Vec<Spot>, KnowledgeError> {
        let field = part.field(fields);
        let mut spots = Vec::new();
        for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
            let index = segment.inverted_index(field)?;
            let mut cursors = Vec::with_capacity(words.len());
            for word in words {
                let info = index.get_term_info(&Term::from_field_text(field, word))?;
                let Some(info) = info else { break };
                let spot = Spot { segment: number, part, texts: Texts::Listed(info) };
                cursors.push(spot.open(segment, fields)?);
            }
            let texts = if cursors.len() == words.len() { together(cursors) } else { Vec::new() };
            if !texts.is_empty() {
                spots.push(Spot { segment: number, part, texts: Texts::Counted(texts.into()) });
            }
        }
        Ok(spots)
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

    /// What a word is without a single slip, if it is known as it is written down.
    pub(super) fn mended_of<'a>(
        &self,
        known: &'a Known,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<&'a [(Form, u32)], KnowledgeError> {
        if known.mended.get().is_none() {
            let _ = known.mended.set(self.mended(&known.text, sight, fields)?);
        }
        Ok(known.mended.get().map(Vec::as_slice).unwrap_or_default())
    }

    /// What was probably meant by a word that hardly any text has.
    pub(super) fn likelier_of<'a>(
        &self,
        known: &'a Known,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Option<&'a Form>, KnowledgeError> {
        if known.likelier.get().is_none() {
            let _ = known.likelier.set(self.likelier(&known.text, known.texts, sight, fields)?);
        }
        Ok(known.likelier.get().and_then(Option::as_ref))
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
                    spots.push(Spot { segment: number, part, texts: Texts::Listed(info) });
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
        for spot in spots {
            let segment = self.searcher.segment_reader(spot.segment);
            let columns = self.columns(spot.segment);
            let hidden = sight.has_hidden(columns).then_some(columns);
            let alive = segment.alive_bitset();
            texts[spot.part as usize] += if hidden.is_none() && alive.is_none() {
                let mut count = spot.count();
                for doc in sight.passed(spot.segment) {
                    count -= u32::from(spot.has(doc, segment, fields)?);
                }
                count
            } else {
                let mut postings = spot.open(segment, fields)?;
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
