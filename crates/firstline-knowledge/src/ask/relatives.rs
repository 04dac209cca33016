//! Other words of the texts that may mean a word of the question.

use tantivy_fst::Automaton;

use super::letters::Misspelt;
use super::sound::Sound;
use super::{Form, Part, Spot};
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};

/// A word of the texts that is like one of the question: the more alike, the smaller.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Like {
    difference: u32,
    text: String,
}

impl Snapshot {
    /// What may stand for a word: the same word in the other alphabet, and if no text has the word
    /// at all, words that differ by a slip or two. Each comes with the number of texts that have it.
    pub(super) fn others(
        &self,
        form: &str,
        is_unknown: bool,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<(Form, u32)>, KnowledgeError> {
        let mut others = Vec::new();
        if let Some(sound) = Sound::of(form, is_unknown) {
            let leftover = |text: &str| Some(u32::from(sound.leftover(text)));
            let alike = self.accepted(fields, &sound, "", leftover)?;
            self.take(alike, MAX_SOUNDS, sight, fields, &mut others, |more| {
                SOUND_SHARE - SOUND_SHARE_PER_LETTER * more as f32
            })?;
        }
        if is_unknown {
            // What sounds like it in the other alphabet is one way to read it, and a single slip another.
            let sounds = others.len();
            // Most slips are single ones, and few hit the first letter. To look for these alone
            // first takes a fraction of looking for all. Where one slip explains a word, nothing is
            // said of two; what the audience may not see explains nothing.
            for (slips, beginning) in [(1, ""), (2, first_letter(form)), (2, "")] {
                if sounds > 0 && slips > 1 {
                    break;
                }
                let Some(misspelt) = Misspelt::of(form, slips) else { break };
                let distance = |text: &str| misspelt.distance(text);
                let alike = self.accepted(fields, &misspelt, beginning, distance)?;
                self.take(alike, MAX_SLIPS, sight, fields, &mut others, slipped)?;
                if others.len() > sounds {
                    break;
                }
            }
        }
        Ok(others)
    }

    /// The word that was probably meant by one that hardly any text has: one slip away, and in many
    /// times as many texts. An article with a misspelt word must not make the word right for
    /// everybody.
    pub(super) fn likelier(
        &self,
        form: &str,
        texts: u32,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Option<Form>, KnowledgeError> {
        if !(1..=HARDLY_ANY).contains(&texts) || form.chars().count() < DOUBTED_LETTERS {
            return Ok(None);
        }
        let Some(misspelt) = Misspelt::of(form, 1) else { return Ok(None) };
        // Slips seldom hit the first letter, and other words often do.
        let alike = self.accepted(fields, &misspelt, first_letter(form), |text| {
            misspelt.distance(text).filter(|slips| *slips == 1)
        })?;
        let mut found = Vec::new();
        self.take(alike, usize::MAX, sight, fields, &mut found, |_| LIKELIER_SHARE)?;
        found.retain(|(_, with)| *with >= MANY_TIMES * texts);
        Ok(found.into_iter().max_by_key(|(_, with)| *with).map(|(form, _)| form))
    }

    /// Words of the same family: those that begin like the word, as `install` and `installer` do.
    pub(super) fn relatives(
        &self,
        form: &str,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<Form>, KnowledgeError> {
        let Some(stem) = family_stem(form) else { return Ok(Vec::new()) };
        let length = form.chars().count();
        let mut alike = Vec::new();
        self.beginning_with(stem, fields, |text| {
            let shared = form.chars().zip(text.chars()).take_while(|(a, b)| a == b).count();
            let longer = length.max(text.chars().count());
            let is_related = shared as f32 >= FAMILY_RATIO * longer as f32
                && text != form
                && text.chars().all(char::is_alphabetic);
            if is_related {
                // In thousandths, so that the order is one of whole numbers.
                let difference = 1_000 - (1_000 * shared / longer) as u32;
                alike.push(Like { difference, text: text.to_owned() });
            }
        })?;
        alike.sort_unstable();
        alike.dedup();
        let mut relatives = Vec::new();
        self.take(alike, MAX_RELATIVES, sight, fields, &mut relatives, |difference| {
            FAMILY_SHARE * (1.0 - difference as f32 / 1_000.0)
        })?;
        Ok(relatives.into_iter().map(|(form, _)| form).collect())
    }

    /// Adds those of the words that some text for this audience has, the most alike ones.
    pub(super) fn take(
        &self,
        alike: Vec<Like>,
        limit: usize,
        sight: &Sight,
        fields: &Fields,
        into: &mut Vec<(Form, u32)>,
        share: impl Fn(u32) -> f32,
    ) -> Result<(), KnowledgeError> {
        let mut room = limit;
        for Like { difference, text } in alike {
            if room == 0 {
                break;
            }
            if into.iter().any(|(form, _)| form.text == text) {
                continue;
            }
            let (spots, texts) = self.locate(&text, sight, fields)?;
            // The dictionaries have the words of all texts. What stands only in a part of a word that
            // the asker may see has come from a text that they may not.
            if texts > 0 && self.is_plain(&spots, sight, fields)? {
                let spots = spots.into();
                let share = share(difference);
                into.push((Form { text, share, is_own: false, spots }, texts));
                room -= 1;
            }
        }
        Ok(())
    }

    /// Whether some text for this audience has a form as a word of its own.
    fn is_plain(
        &self,
        spots: &[Spot],
        sight: &Sight,
        fields: &Fields,
    ) -> Result<bool, KnowledgeError> {
        if spots.iter().all(|spot| spot.part != Part::Exact) {
            return Ok(true);
        }
        let plain: Vec<Spot> =
            spots.iter().filter(|spot| spot.part != Part::Exact).cloned().collect();
        Ok(self.texts(&plain, sight, fields)? > 0)
    }

    /// The words of all texts that an automaton accepts, of those that begin so, most alike first.
    pub(super) fn accepted<A: Automaton + Copy>(
        &self,
        fields: &Fields,
        automaton: A,
        beginning: &str,
        difference: impl Fn(&str) -> Option<u32>,
    ) -> Result<Vec<Like>, KnowledgeError>
    where
        A::State: Clone,
    {
        let end = format!("{beginning}\u{10ffff}");
        let mut alike = Vec::new();
        for segment in self.searcher.segment_readers() {
            for field in [fields.name, fields.body] {
                let index = segment.inverted_index(field)?;
                let words = index.terms().search(automaton).ge(beginning).lt(&end);
                let mut words = words.into_stream()?;
                let mut looked_at = 0;
                while looked_at < MAX_LOOKED_AT && words.advance() {
                    looked_at += 1;
                    if let Ok(text) = std::str::from_utf8(words.key())
                        && let Some(difference) = difference(text)
                    {
                        alike.push(Like { difference, text: text.to_owned() });
                    }
                }
            }
        }
        alike.sort_unstable();
        alike.dedup();
        Ok(alike)
    }

    /// Shows the words of all texts that begin so, some of them more than once.
    fn beginning_with(
        &self,
        stem: &str,
        fields: &Fields,
        mut show: impl FnMut(&str),
    ) -> Result<(), KnowledgeError> {
        let end = format!("{stem}\u{10ffff}");
        for segment in self.searcher.segment_readers() {
            for field in [fields.name, fields.body] {
                let index = segment.inverted_index(field)?;
                let mut words = index.terms().range().ge(stem).lt(&end).into_stream()?;
                let mut looked_at = 0;
                while looked_at < MAX_LOOKED_AT && words.advance() {
                    looked_at += 1;
                    if let Ok(text) = std::str::from_utf8(words.key()) {
                        show(text);
                    }
                }
            }
        }
        Ok(())
    }
}

/// What a word counts that so many slips explain.
pub(super) const fn slipped(slips: u32) -> f32 {
    1.0 - SLIP_COST * slips as f32
}

/// What a single slip explains in some way is not said to be two.
pub(super) fn likelier_than_two_slips(
    mut others: Vec<(Form, u32)>,
    mended: &[(Form, u32)],
) -> Vec<(Form, u32)> {
    others.retain(|(form, _)| mended.is_empty() || form.share > slipped(2));
    for new in mended {
        if others.iter().all(|(form, _)| form.text != new.0.text) {
            others.push(new.clone());
        }
    }
    others
}

fn first_letter(word: &str) -> &str {
    word.char_indices().nth(1).map_or(word, |(end, _)| &word[..end])
}

/// The letters that all words of a family share; `None` for short words and for those that are no
/// words of a language.
fn family_stem(form: &str) -> Option<&str> {
    let letters = form.chars().count();
    if letters < FAMILY_LETTERS || !form.chars().all(char::is_alphabetic) {
        return None;
    }
    let shared = ((FAMILY_RATIO * letters as f32).ceil() as usize).max(FAMILY_LETTERS);
    Some(form.char_indices().nth(shared).map_or(form, |(end, _)| &form[..end]))
}

/// What a word in the other alphabet counts, and how much less for each letter that it has on top.
const SOUND_SHARE: f32 = 0.8;
const SOUND_SHARE_PER_LETTER: f32 = 0.08;
const MAX_SOUNDS: usize = 4;

/// How much less a word counts for each slip that would explain it.
const SLIP_COST: f32 = 0.2;
const MAX_SLIPS: usize = 3;

/// Up to how many texts with a word let it be doubted, and how many times as many the one must have
/// that was meant instead. What it counts is less than for a word that is in no text at all.
const HARDLY_ANY: u32 = 1;
const MANY_TIMES: u32 = 5;
const LIKELIER_SHARE: f32 = 0.2;

/// Words with fewer letters have too many neighbours to be doubted.
const DOUBTED_LETTERS: usize = 6;

/// The least number of letters that a family shares, and their least share of the longer word.
pub(super) const FAMILY_LETTERS: usize = 4;
const FAMILY_RATIO: f32 = 0.6;
/// What a word of the same family counts, if all its letters were shared.
const FAMILY_SHARE: f32 = 0.25;
const MAX_RELATIVES: usize = 8;

/// How many words of one dictionary are looked at. No language has so many words that begin with
/// the same four letters; made-up texts may.
pub(super) const MAX_LOOKED_AT: usize = 4_096;
