//! What may become of a word while it is being typed.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy_fst::Automaton;

use super::known::Known;
use super::relatives::{FAMILY_LETTERS, MAX_LOOKED_AT};
use super::spot::Texts;
use super::{Form, Part, Spot};
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Manner, term_of};

/// Words that go on from what has been typed, each with the number of texts that have it.
pub(super) type Completions = Arc<[(Form, u32)]>;

impl Snapshot {
    /// The words that begin with what has been typed of one: first those that most titles have, for
    /// a title is what people look for, and words of bodies where titles have few.
    pub(super) fn completions(
        &self,
        typed: &str,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Completions, KnowledgeError> {
        if typed.chars().count() < TYPED_LETTERS {
            return Ok(Completions::default());
        }
        if let Some(known) = self.memory.completions(typed, sight) {
            return Ok(known);
        }
        let mut words = Vec::new();
        for parts in [&[Part::Name][..], &[Part::Body, Part::Exact]] {
            if words.len() < MAX_COMPLETIONS {
                let more = self.most_frequent(typed, parts, sight, fields)?;
                let new = more.into_iter().filter(|word| !words.contains(word));
                words.extend(new.collect::<Vec<_>>());
            }
        }
        words.truncate(MAX_COMPLETIONS);
        let completions =
            words.iter().map(|word| Ok(completion(&*self.known(word, sight, fields)?)));
        let completions = completions.collect::<Result<Vec<_>, KnowledgeError>>()?;
        let completions = Completions::from(affordable(completions, MAX_COMPLETED_TEXTS));
        self.memory.remember_completions(typed, sight, &completions);
        Ok(completions)
    }

    /// Those words that most texts for this audience have in some of their parts, most first.
    fn most_frequent(
        &self,
        typed: &str,
        parts: &[Part],
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<String>, KnowledgeError> {
        let mut found: Vec<(Order, Vec<Spot>)> = Vec::new();
        for (word, spots) in self.beginning_so(typed, parts, fields)? {
            found.push((Order::of(spots.iter().map(Spot::count).sum(), word), spots));
        }
        found.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut best: Vec<Order> = Vec::new();
        for (order, spots) in found {
            // No audience sees more texts than there are, so nothing better comes behind this.
            if best.get(MAX_COMPLETIONS - 1).is_some_and(|least| order.texts > least.texts) {
                break;
            }
            let texts = self.texts(&spots, sight, fields)?;
            if texts > 0 {
                let order = Order { texts: Reverse(texts), ..order };
                best.insert(best.partition_point(|other| *other < order), order);
                best.truncate(MAX_COMPLETIONS);
            }
        }
        Ok(best.into_iter().map(|order| order.word).collect())
    }

    /// The words that begin so, and where the index has them. Codes come before letters in a dictionary,
    /// and it may have thousands of them: where there are more words than are looked at, those that go
    /// on by letters alone are looked at too.
    fn beginning_so(
        &self,
        typed: &str,
        parts: &[Part],
        fields: &Fields,
    ) -> Result<BTreeMap<String, Vec<Spot>>, KnowledgeError> {
        let end = format!("{typed}\u{10ffff}");
        let mut found: BTreeMap<String, Vec<Spot>> = BTreeMap::new();
        for part in parts {
            for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
                let index = segment.inverted_index(part.field(fields))?;
                let mut from = typed.as_bytes().to_vec();
                for by_letters in [false, true] {
                    let words = index.terms().search(GoingOn { from: typed.len(), by_letters });
                    let mut words = words.ge(&from).lt(&end).into_stream()?;
                    let mut looked_at = 0;
                    while looked_at < MAX_LOOKED_AT && words.advance() {
                        looked_at += 1;
                        let Ok(word) = std::str::from_utf8(words.key()) else { continue };
                        let texts = Texts::Listed(words.value().clone());
                        let spot = Spot { segment: number, part: *part, texts };
                        match found.get_mut(word) {
                            Some(spots) => spots.push(spot),
                            None => drop(found.insert(word.to_owned(), vec![spot])),
                        }
                    }
                    if looked_at < MAX_LOOKED_AT {
                        break;
                    }
                    // The next one behind the last.
                    from = [words.key(), b"\0"].concat();
                }
            }
        }
        Ok(found)
    }

    /// The longest word with which the typed one begins. The texts have stems, and what was typed of
    /// an inflected word may be longer than its stem: `certifica` goes on to `certificate`, which is
    /// `certif` there.
    pub(super) fn begun(
        &self,
        typed: &str,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Option<(Form, u32)>, KnowledgeError> {
        let letters = typed.chars().count();
        if !typed.chars().all(char::is_alphabetic) {
            return Ok(None);
        }
        // `settin` goes on to `setting`, which is `set` there.
        let ending =
            [("i", "ng"), ("in", "g")].into_iter().find(|(so_far, _)| typed.ends_with(so_far));
        if let Some((_, ending)) = ending {
            let stem = term_of(&format!("{typed}{ending}"), Manner::COMMON);
            let known = self.known(&stem, sight, fields)?;
            if known.texts > 0 {
                return Ok(Some(completion(&known)));
            }
        }
        let shortest = FAMILY_LETTERS.max(letters.div_ceil(2));
        let ends: Vec<usize> = typed.char_indices().map(|(end, _)| end).skip(shortest).collect();
        for end in ends.into_iter().rev() {
            let known = self.known(&typed[..end], sight, fields)?;
            if known.texts > 0 {
                return Ok(Some(completion(&known)));
            }
        }
        Ok(None)
    }
}

fn completion(known: &Known) -> (Form, u32) {
    (Form { share: COMPLETION_SHARE, is_own: false, ..known.own() }, known.texts)
}

/// Which words come first: those in most texts, and of those in as many what is no code.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    texts: Reverse<u32>,
    is_code: bool,
    word: String,
}

impl Order {
    fn of(texts: u32, word: String) -> Self {
        let is_code = word.contains(|c: char| c.is_ascii_digit());
        Self { texts: Reverse(texts), is_code, word }
    }
}

/// Words that go on from so many bytes, anyhow or by letters alone.
struct GoingOn {
    from: usize,
    by_letters: bool,
}

impl Automaton for GoingOn {
    /// How many of these bytes have been read; `None` if the word is not among them.
    type State = Option<usize>;

    fn start(&self) -> Option<usize> {
        Some(0)
    }

    fn is_match(&self, read: &Option<usize>) -> bool {
        read.is_some()
    }

    fn can_match(&self, read: &Option<usize>) -> bool {
        read.is_some()
    }

    fn accept(&self, read: &Option<usize>, byte: u8) -> Option<usize> {
        let is_letter = byte.is_ascii_alphabetic() || !byte.is_ascii();
        read.filter(|read| *read < self.from || is_letter || !self.by_letters)
            .map(|read| (read + 1).min(self.from))
    }
}

/// The first of these words that have no more than so many texts together. One that has more than are
/// left is passed over, and not all behind it.
fn affordable<T>(words: Vec<(T, u32)>, mut left: u32) -> Vec<(T, u32)> {
    let fits = |(_, texts): &(T, u32)| match left.checked_sub(*texts) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    words.into_iter().filter(fits).collect()
}

/// How many letters must have been typed before a word is completed.
const TYPED_LETTERS: usize = 2;

/// What a completed word counts beside one that was typed as it is.
const COMPLETION_SHARE: f32 = 0.8;

/// How many ways to complete a word are tried. Half the dictionary begins with two letters, and each
/// way costs a walk through the texts that have it, with every letter that somebody types.
///
/// Of 3,887 beginnings of titles from the public collections, cut after two to seven letters of one of
/// the first four words, 0.680 find their article among the first ten of 27,000. With the shortest
/// words in place of the most frequent ones it is 0.655.
const MAX_COMPLETIONS: usize = 24;

/// In how many texts the words may be, all together, that a word is completed to: to walk through so many
/// takes a millisecond or two, which is what a letter may take. A word that would go beyond it, as those
/// on every page of a large desk do, says least of what is looked for.
const MAX_COMPLETED_TEXTS: u32 = 50_000;

#[cfg(test)]
mod tests {
    use super::affordable;

    #[test]
    fn a_word_on_every_page_makes_room_for_those_that_say_more() {
        let words = vec![("print", 300), ("proceed", 900), ("printer", 500), ("process", 200)];
        let kept = [("print", 300), ("printer", 500), ("process", 200)];
        assert_eq!(affordable(words.clone(), 1_000), kept);
        assert_eq!(affordable(words.clone(), 10_000), words);
    }
}
