//! The words of a question, as it has them.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::{Asked, first_word, last_word, manners_of};
use crate::error::KnowledgeError;
use crate::question::{MAX_QUESTION_WORDS, Question};
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Manner, as_if_telling, joined, read, wholes};

/// The forms of the words of a text, by where these stand.
type Places = BTreeMap<(usize, usize), BTreeSet<String>>;

impl Snapshot {
    /// The first different words of a text.
    pub(super) fn read(
        &self,
        text: &str,
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<Asked>, KnowledgeError> {
        let mut places = self.places(text, question, sight, fields)?;
        self.add_wholes(text, &mut places, sight, fields)?;
        // What is being typed may become any word, also where it is an empty one so far.
        let typed = question.is_typing.then(|| last_word(text)).flatten();
        if let Some((place, _)) = &typed {
            places.entry((place.start, place.end)).or_default();
        }
        let mut numbers: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        let mut asked: Vec<Asked> = Vec::new();
        for ((from, to), forms) in places {
            // A code ends where its last part does, and either may go on.
            let typed = match &typed {
                Some((place, _)) if place.end == to => first_word(&text[from..to]),
                _ => None,
            };
            match numbers.get(&forms) {
                Some(number) => {
                    asked[*number].times += 1;
                    asked[*number].typed = typed;
                }
                None if asked.len() == MAX_QUESTION_WORDS => break,
                None => {
                    let known = forms.iter().map(|form| self.known(form, sight, fields));
                    let known = known.collect::<Result<_, KnowledgeError>>()?;
                    numbers.insert(forms, asked.len());
                    asked.push(Asked { forms: known, times: 1, place: from..to, typed });
                }
            }
        }
        Ok(asked)
    }

    /// The words that say something, each in the manner of every language. A question that has no other
    /// words than such as say nothing is read by these, as far as titles consist of them.
    fn places(
        &self,
        text: &str,
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Places, KnowledgeError> {
        let manners = manners_of(question, sight);
        let ways = manners.len();
        let mut kept: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        // All manners split a text alike, so forms of one word have the same place.
        let mut places = Places::new();
        for manner in manners {
            let mut analyser = fields.analyser(manner);
            let mut stream = analyser.token_stream(text);
            let mut distinct = BTreeSet::new();
            while distinct.len() < MAX_QUESTION_WORDS && stream.advance() {
                let token = stream.token();
                if !distinct.contains(&token.text) {
                    distinct.insert(token.text.clone());
                }
                let place = (token.offset_from, token.offset_to);
                places.entry(place).or_default().insert(token.text.clone());
                *kept.entry(place).or_default() += 1;
            }
        }
        if kept.values().any(|count| *count == ways) {
            return Ok(places);
        }
        let mut words = Vec::new();
        read(text, Manner::COMMON, |token, _| {
            words.push(((token.offset_from, token.offset_to), as_if_telling(&token.text)));
            words.len() < MAX_QUESTION_WORDS
        });
        for (place, form) in words {
            if self.known(&form, sight, fields)?.texts > 0 {
                places.entry(place).or_default().insert(form);
            }
        }
        Ok(places)
    }

    /// Adds what a machine wrote, and what is often written in one word, where some text has it as a whole:
    /// its parts are words anyway.
    fn add_wholes(
        &self,
        text: &str,
        places: &mut Places,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<(), KnowledgeError> {
        let (mut exact, mut failed) = (0, None);
        let mut add = |place: (usize, usize), whole: &str| {
            match self.known(whole, sight, fields) {
                Ok(known) if known.texts > 0 => {
                    exact += 1;
                    places.entry(place).or_default().insert(whole.to_owned());
                }
                Ok(_) => {}
                Err(error) => failed = Some(error),
            }
            exact < MAX_EXACT && failed.is_none()
        };
        wholes(text, |whole, place| add((place.start, place.end), whole));
        let mut goes_on = true;
        joined(text, |place, pair| {
            if goes_on {
                wholes(pair, |whole, _| {
                    goes_on = add((place.start, place.end), whole);
                    false
                });
            }
        });
        failed.map_or(Ok(()), Err)
    }
}

/// How many codes of a question are looked up as a whole.
const MAX_EXACT: usize = 16;
