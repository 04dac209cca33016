//! What a question asks for: its words, and how else they may stand in a text.

mod completions;
mod known;
mod layout;
mod letters;
mod mistyped;
mod reading;
mod relatives;
mod sound;
mod spot;
mod synonyms;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use tantivy::tokenizer::{TokenStream, Tokenizer};

use known::Known;
pub(crate) use known::Memory;
pub(crate) use letters::Slips;
pub(crate) use spot::{Cursor, Part, Spot};
pub use synonyms::MAX_SYNONYMS;
pub(crate) use synonyms::Synonyms;

use crate::error::KnowledgeError;
use crate::question::{MAX_QUESTION_BYTES, Question};
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Manner, read};

/// A word of a question that some text has, in one form or another.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The forms that lead to a text: the word's own, and what stands for it.
    pub(crate) forms: Vec<Form>,
    /// Words of the same family. They add to a text that something else has led to.
    pub(crate) relatives: Vec<Form>,
    /// How rare it is. This is what a word weighs.
    pub(crate) rarity: f32,
    /// How often the question says it.
    pub(crate) times: u32,
    /// Where the question says it first.
    pub(crate) place: Range<usize>,
    /// Whether no text for this audience has the word itself, and something like it was taken instead.
    pub(crate) is_guess: bool,
    /// The form that was probably meant, where hardly any text has the word itself.
    pub(crate) likelier: Option<String>,
}

/// A form as it stands in the index.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) text: String,
    /// What it counts in place of the word, from 0 to 1.
    pub(crate) share: f32,
    /// Whether it is the word itself, and nothing that stands for it.
    pub(crate) is_own: bool,
    /// Where the index has it.
    pub(crate) spots: Arc<[Spot]>,
}

/// A word as it stands in a question.
struct Asked {
    /// In the manner of each language that the desk writes in.
    forms: Vec<Arc<Known>>,
    times: u32,
    place: Range<usize>,
    /// What has been typed of it so far, if it may go on.
    typed: Option<String>,
}

impl Asked {
    /// Whether some text has it.
    fn is_known(&self) -> bool {
        self.forms.iter().any(|known| known.texts > 0)
    }
}

/// The words that begin in a place; nothing if none does.
fn words_in<'a>(
    asked: &'a [Asked],
    place: &Range<usize>,
) -> Option<impl Iterator<Item = &'a Asked>> {
    let mut within = asked.iter().filter(|it| place.contains(&it.place.start)).peekable();
    within.peek().is_some().then_some(within)
}

/// A text as the other keyboard writes it, and where the words stand that were left as they are.
type Switched = (String, Vec<Range<usize>>);

/// A question, understood.
#[derive(Default)]
pub(crate) struct Understood {
    /// The text that the places of words refer to: the question, or what it would be on another
    /// keyboard.
    pub(crate) text: String,
    /// Rare words come first.
    pub(crate) words: Vec<Word>,
    /// Whether the text is not what the asker wrote but what the keys write on the other keyboard.
    pub(crate) is_switched: bool,
    /// Whether there are words in it, of letters alone, that nothing stands for.
    pub(crate) has_strange: bool,
}

impl Snapshot {
    pub(crate) fn understand(
        &self,
        question: &Question<'_>,
        sight: &Sight,
        synonyms: &Synonyms,
        fields: &Fields,
    ) -> Result<Understood, KnowledgeError> {
        let mut understood = self.understand_alone(question, sight, fields)?;
        self.add_synonyms(&mut understood, synonyms, question, sight, fields)?;
        Ok(understood)
    }

    /// A question by the words that texts have just so: nothing is completed, guessed or added.
    pub(crate) fn understand_plainly(
        &self,
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<Word>, KnowledgeError> {
        let asked = self.read(beginning(question.text), question, sight, fields)?;
        let plain = |Asked { forms, times, place, .. }: Asked| {
            let forms = forms.iter().filter(|known| known.texts > 0);
            let texts = forms.clone().map(|known| known.texts).max()?;
            let (forms, relatives) = (forms.map(|known| known.own()).collect(), Vec::new());
            let rarity = sight.rarity(texts);
            Some(Word { forms, relatives, rarity, times, place, is_guess: false, likelier: None })
        };
        let mut words: Vec<Word> = asked.into_iter().filter_map(plain).collect();
        sort(&mut words);
        Ok(words)
    }

    /// A question by its own words.
    fn understand_alone(
        &self,
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Understood, KnowledgeError> {
        let text = beginning(question.text);
        let asked = self.read(text, question, sight, fields)?;
        let (known, all) = self.count_known(&asked, text, |_| true, sight, fields)?;
        // Somebody may have typed with the wrong keyboard switched on.
        if known * 2 < all
            && let Some((switched, kept)) = self.switched(text, &asked, question, sight, fields)?
        {
            let wholes = layout::wholes(&switched);
            let is_whole = |place: &Range<usize>| {
                wholes.iter().any(|whole| whole.start <= place.start && place.end <= whole.end)
            };
            let other = self.read(&switched, question, sight, fields)?;
            let (other_known, _) = self.count_known(&other, &switched, is_whole, sight, fields)?;
            let (kept, _) =
                self.count_known(&asked, text, |place| is_in(&kept, place), sight, fields)?;
            // A misspelt question has a word on the other keyboard by chance, and seldom more: it
            // takes half of them to believe it, beside those that make sense as they are.
            if other_known > known && other_known.saturating_sub(kept) * 2 >= all - kept {
                let switched = self.understand_words(switched, other, sight, fields)?;
                return Ok(Understood { is_switched: true, ..switched });
            }
        }
        // Or only with a part of it, beside a name in the other alphabet.
        if (known < all || layout::has_sign_within(text))
            && let Some(switched) = self.switched_in_part(text, &asked, question, sight, fields)?
        {
            let asked = self.read(&switched, question, sight, fields)?;
            let switched = self.understand_words(switched, asked, sight, fields)?;
            return Ok(Understood { is_switched: true, ..switched });
        }
        self.understand_words(text.to_owned(), asked, sight, fields)
    }

    /// A question in which some words make sense as they are, and the others on the other keyboard.
    fn switched_in_part(
        &self,
        text: &str,
        asked: &[Asked],
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Option<String>, KnowledgeError> {
        let manners = manners_of(question, sight);
        let (mut mended, mut is_mended, mut at) = (String::with_capacity(text.len()), false, 0);
        for run in text.split_inclusive(char::is_whitespace) {
            let place = at..at + run.len();
            at = place.end;
            let is_going_on = question.is_typing && place.end == text.len();
            // A sign within a word takes it apart, and one of its parts may be known by chance.
            let is_apart = layout::has_sign_within(run);
            let is_strange = words_in(asked, &place).is_some_and(|mut within| match is_apart {
                true => within.any(|it| !it.is_known()),
                false => within.all(|it| !it.is_known()),
            });
            let mut other = None;
            if is_strange && !is_going_on {
                for word in layout::readings(run) {
                    if word.chars().count() < SWITCHED_LETTERS {
                        continue;
                    }
                    let switched = layout::switched(word).unwrap_or_default();
                    if self.is_word(&switched, &manners, sight, fields)? {
                        let start = run.find(word).unwrap_or_default();
                        let (before, behind) = (&run[..start], &run[start + word.len()..]);
                        other = Some(format!("{before}{switched}{behind}"));
                        break;
                    }
                }
            }
            is_mended |= other.is_some();
            mended.push_str(other.as_deref().unwrap_or(run));
        }
        Ok(is_mended.then_some(mended))
    }

    /// Whether a text is a word from end to end that some text has.
    fn is_word(
        &self,
        text: &str,
        manners: &BTreeSet<Manner>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<bool, KnowledgeError> {
        for manner in manners {
            let mut analyser = fields.analyser(*manner);
            let mut stream = analyser.token_stream(text);
            if stream.advance()
                && stream.token().offset_to == text.len()
                && self.known(&stream.token().text, sight, fields)?.texts > 0
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn understand_words(
        &self,
        text: String,
        asked: Vec<Asked>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Understood, KnowledgeError> {
        let places: Vec<Range<usize>> = asked.iter().map(|word| word.place.clone()).collect();
        let words = self.weigh(&text, asked, sight, fields)?;
        let has_strange = places.into_iter().any(|place| {
            words.iter().all(|word| word.place != place)
                && text[place].chars().all(char::is_alphabetic)
        });
        Ok(Understood { text, words, is_switched: false, has_strange })
    }

    /// What the same keys write on the other keyboard, and where the words stand that make sense as they
    /// are, and on the other keyboard none: names, which stay.
    fn switched(
        &self,
        text: &str,
        asked: &[Asked],
        question: &Question<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Option<Switched>, KnowledgeError> {
        let manners = manners_of(question, sight);
        let mut kept = Vec::new();
        let stays = |place: Range<usize>| {
            let stays = words_in(asked, &place)
                .is_some_and(|mut within| within.all(Asked::is_known))
                && !self.makes_sense_switched(&text[place.clone()], &manners, sight, fields)?;
            if stays {
                kept.push(place);
            }
            Ok(stays)
        };
        let switched = layout::switched_words(text, question.is_typing, stays, |word| {
            self.is_word(word, &manners, sight, fields)
        })?;
        Ok(switched.map(|switched| (switched, kept)))
    }

    /// Whether a part of a question is a word on the other keyboard, be it one that says nothing.
    fn makes_sense_switched(
        &self,
        run: &str,
        manners: &BTreeSet<Manner>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<bool, KnowledgeError> {
        for word in layout::readings(run) {
            let Some(switched) = layout::switched(word) else { continue };
            let is_empty =
                |manner: &Manner| !fields.analyser(*manner).token_stream(&switched).advance();
            if manners.iter().any(is_empty) || self.is_word(&switched, manners, sight, fields)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many of the words stand in some text as they are, or may be going to, and how many there
    /// are. Short ones say nothing: they are words on either keyboard.
    fn count_known(
        &self,
        asked: &[Asked],
        text: &str,
        counts: impl Fn(&Range<usize>) -> bool,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<(usize, usize), KnowledgeError> {
        let is_long = |word: &&Asked| text[word.place.clone()].chars().count() >= TELLING_LETTERS;
        let (mut known, mut all) = (0, 0);
        for word in asked.iter().filter(is_long).filter(|word| counts(&word.place)) {
            all += 1;
            let goes_on = match &word.typed {
                Some(typed) => {
                    !self.completions(typed, sight, fields)?.is_empty()
                        || self.begun(typed, sight, fields)?.is_some()
                }
                None => false,
            };
            let is_known = goes_on || word.is_known();
            known += usize::from(is_known);
        }
        Ok((known, all))
    }

    /// Looks up how rare each word is, and what else may stand for it. Rare ones come first; those
    /// that nothing stands for are left out.
    fn weigh(
        &self,
        text: &str,
        asked: Vec<Asked>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<Word>, KnowledgeError> {
        let mut words = Vec::with_capacity(asked.len());
        let mut guesses = 0;
        for Asked { forms, times, place, typed } in asked {
            let found = forms.iter().filter(|known| known.texts > 0);
            let mut own: Vec<Form> = found.map(|known| known.own()).collect();
            let is_guess = own.is_empty();
            let mut others = match &typed {
                Some(typed) => self.completions(typed, sight, fields)?.to_vec(),
                None => Vec::new(),
            };
            others.retain(|(form, _)| own.iter().all(|known| known.text != form.text));
            if is_guess && let Some(typed) = &typed {
                others.extend(self.begun(typed, sight, fields)?);
            }
            let mut relatives: Vec<Form> = Vec::new();
            // What goes on in some way, or has done so up to here, is no slip yet: to look for slips
            // at each letter takes longer than a letter. And its family is among what it may become.
            // Made-up words are as dear as they are useless, and a question that has more of them than
            // somebody may misspell is no dearer for it.
            guesses += usize::from(is_guess && others.is_empty());
            if others.is_empty() && (!is_guess || guesses <= MAX_GUESSES) {
                for known in &forms {
                    others.extend_from_slice(self.others_of(known, sight, fields)?);
                    relatives.extend_from_slice(self.relatives_of(known, sight, fields)?);
                }
                if is_guess && let Some(written) = first_word(&text[place.clone()]) {
                    let known = self.known(&written, sight, fields)?;
                    let mended = self.mended_of(&known, sight, fields)?;
                    others = relatives::likelier_than_two_slips(others, mended);
                }
            }
            let with: u32 = if is_guess {
                others.iter().map(|(_, texts)| *texts).sum()
            } else {
                forms.iter().map(|known| known.texts).max().unwrap_or_default()
            };
            for (form, _) in others {
                if own.iter().all(|known| known.text != form.text) {
                    own.push(form);
                }
            }
            if own.is_empty() {
                continue;
            }
            let likelier = match &typed {
                None => self.likelier_of_all(&forms, sight, fields)?,
                Some(_) => None,
            };
            let meant = likelier.as_ref().map(|form| form.text.clone());
            own.extend(likelier.filter(|form| own.iter().all(|known| known.text != form.text)));
            let rarity = sight.rarity(with);
            relatives.retain(|form| own.iter().all(|known| known.text != form.text));
            let likelier = meant;
            words.push(Word { forms: own, relatives, rarity, times, place, is_guess, likelier });
        }
        sort(&mut words);
        Ok(words)
    }

    /// What was probably meant by a word, if hardly any text has it in any of its forms.
    fn likelier_of_all(
        &self,
        forms: &[Arc<Known>],
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Option<Form>, KnowledgeError> {
        let mut found = forms.iter().filter(|known| known.texts > 0);
        match (found.next(), found.next()) {
            (Some(known), None) => Ok(self.likelier_of(known, sight, fields)?.cloned()),
            _ => Ok(None),
        }
    }
}

/// Whether a place begins within one of some.
fn is_in(places: &[Range<usize>], place: &Range<usize>) -> bool {
    places.iter().any(|it| it.contains(&place.start))
}

/// In which manners a question may be meant.
fn manners_of(question: &Question<'_>, sight: &Sight) -> BTreeSet<Manner> {
    match question.language {
        Some(language) => BTreeSet::from([Manner::of(&language.primary())]),
        None => sight.manners.clone(),
    }
}

/// Puts rare words first.
fn sort(words: &mut [Word]) {
    words.sort_by(|a, b| {
        let by_form = || a.forms[0].text.cmp(&b.forms[0].text);
        b.rarity.total_cmp(&a.rarity).then_with(by_form)
    });
}

/// How many words of a question that no text has are searched for slips and sounds, the first ones. Each
/// takes as long as some usual questions do.
pub(crate) const MAX_GUESSES: usize = 8;

/// The word at the end of a text, and where it stands; `None` if something ends it. Signs that machines
/// put between words do not: `2.4.` goes on.
fn last_word(text: &str) -> Option<(Range<usize>, String)> {
    let mut last = None;
    read(text, Manner::COMMON, |token, _| {
        last = Some((token.offset_from..token.offset_to, token.text.clone()));
        true
    });
    last.filter(|(place, _)| text[place.end..].chars().all(|sign| JOINING.contains(sign)))
}

/// How the first word of a text is written down.
fn first_word(text: &str) -> Option<String> {
    let mut first = None;
    read(text, Manner::COMMON, |token, _| {
        first = Some(token.text.clone());
        false
    });
    first
}

/// Where a text ends that somebody is typing, without what may come to stand within its last word.
pub(crate) fn typed_end(text: &str) -> usize {
    text.trim_end_matches(|sign| JOINING.contains(sign)).len()
}

const JOINING: &str = "-_./\\:@";

/// From how many letters on a single word is believed to be typed on the other keyboard.
const SWITCHED_LETTERS: usize = 4;

/// From how many letters on a word says which keyboard was meant.
const TELLING_LETTERS: usize = 3;

/// The part of a question that is read.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MAX_QUESTION_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
