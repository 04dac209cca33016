//! Words and phrases that mean the same on a desk.

use std::collections::BTreeMap;
use std::ops::Range;

use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::{Form, Understood, Word, manners_of, sort};
use crate::error::KnowledgeError;
use crate::question::{MAX_QUESTION_WORDS, Question};
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Analyser, Manner};

/// The groups of a desk, ready to be found in a question.
#[derive(Default)]
pub(crate) struct Synonyms {
    groups: Vec<Vec<Phrase>>,
    /// By its first stem, each phrase as its group and its place there.
    by_first: BTreeMap<String, Vec<(usize, usize)>>,
}

struct Phrase {
    text: String,
    /// In the manner that all scripts share. It serves to recognise a phrase, in whatever language.
    stems: Vec<String>,
}

impl Synonyms {
    pub(crate) fn new(groups: &[Vec<String>], fields: &Fields) -> Self {
        let mut analyser = fields.analyser(Manner::COMMON);
        let mut synonyms = Self::default();
        for group in groups.iter().take(MAX_SYNONYMS) {
            let phrases = group.iter().map(|text| {
                let stems = stems(&mut analyser, text).into_iter().map(|(stem, _)| stem);
                Phrase { text: text.clone(), stems: stems.collect() }
            });
            let phrases: Vec<Phrase> = phrases.collect();
            for (phrase, place) in phrases.iter().zip(0..) {
                if let Some(first) = phrase.stems.first() {
                    let places = synonyms.by_first.entry(first.clone()).or_default();
                    places.push((synonyms.groups.len(), place));
                }
            }
            synonyms.groups.push(phrases);
        }
        synonyms
    }

    /// Where a text says a phrase, and what else means the same.
    fn found<'a>(&'a self, text: &str, fields: &Fields) -> Vec<(Range<usize>, Vec<&'a str>)> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let said = stems(&mut fields.analyser(Manner::COMMON), text);
        let mut found = Vec::new();
        for (from, (stem, place)) in said.iter().enumerate().take(MAX_QUESTION_WORDS) {
            for &(group, own) in self.by_first.get(stem).into_iter().flatten() {
                let phrase = &self.groups[group][own].stems;
                let stems = said[from..].iter().map(|(stem, _)| stem);
                if stems.take(phrase.len()).eq(phrase) {
                    let end = said[from + phrase.len() - 1].1.end;
                    let others = self.groups[group].iter().zip(0..).filter(|(_, it)| *it != own);
                    let others = others.map(|(phrase, _)| phrase.text.as_str()).collect();
                    found.push((place.start..end, others));
                }
            }
        }
        found
    }
}

fn stems(analyser: &mut Analyser, text: &str) -> Vec<(String, Range<usize>)> {
    let mut stems = Vec::new();
    analyser.token_stream(text).process(&mut |token| {
        stems.push((token.text.clone(), token.offset_from..token.offset_to));
    });
    stems
}

impl Snapshot {
    /// Adds what means the same to the words of a question.
    pub(super) fn add_synonyms(
        &self,
        understood: &mut Understood,
        synonyms: &Synonyms,
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<(), KnowledgeError> {
        for (place, others) in synonyms.found(&understood.text, fields) {
            let (forms, texts) = self.forms_of(&others, question, sight, fields)?;
            if forms.is_empty() {
                continue;
            }
            let words = &mut understood.words;
            let is_new = |word: &Word, form: &Form| word.forms.iter().all(|f| f.text != form.text);
            if let Some(word) = words.iter_mut().find(|word| word.place == place) {
                let new = forms.into_iter().filter(|form| is_new(word, form)).collect::<Vec<_>>();
                word.forms.extend(new);
            } else if words.len() < MAX_QUESTION_WORDS {
                let (relatives, rarity) = (Vec::new(), sight.rarity(texts));
                let (is_guess, likelier) = (false, None);
                words.push(Word { forms, relatives, rarity, times: 1, place, is_guess, likelier });
            }
        }
        sort(&mut understood.words);
        Ok(())
    }

    /// The forms of some phrases that any text has, and the most texts that have one.
    fn forms_of(
        &self,
        phrases: &[&str],
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<(Vec<Form>, u32), KnowledgeError> {
        let mut forms: Vec<Form> = Vec::new();
        let mut texts = 0;
        for phrase in phrases {
            for manner in manners_of(question, sight) {
                let words = stems(&mut fields.analyser(manner), phrase);
                let words: Vec<String> = words.into_iter().map(|(stem, _)| stem).collect();
                if words.is_empty() || forms.len() >= MAX_FORMS {
                    continue;
                }
                // Each word of a phrase alone means something else.
                let known = self.known_together(&words, sight, fields)?;
                let own = known.own();
                if known.texts > 0 && forms.iter().all(|form| form.text != own.text) {
                    forms.push(Form { share: SYNONYM_SHARE, is_own: false, ..own });
                    texts = texts.max(known.texts);
                }
            }
        }
        Ok((forms, texts))
    }
}

/// What a synonym counts beside the word that was asked for.
const SYNONYM_SHARE: f32 = 0.9;

/// How many words may stand for one by synonyms. Each costs a walk through the texts that have it.
const MAX_FORMS: usize = 16;

/// The most groups of synonyms that a desk has.
pub const MAX_SYNONYMS: usize = 10_000;
