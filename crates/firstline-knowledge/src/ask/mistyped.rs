//! Words whose ending a slip of the finger hides. The texts have stems, and `prnting` has another one than
//! `printing`: so it is the words that are mended, and their stems looked for.

use std::collections::{BTreeMap, BTreeSet};

use tantivy_fst::Automaton;

use super::Form;
use crate::error::KnowledgeError;
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Manner, term_of};

impl Snapshot {
    /// What may stand for a word that no text has, as it is written down before it is cut to its stem: the
    /// stems of what it is without a single slip, those in most texts first.
    pub(super) fn mended(
        &self,
        word: &str,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<Vec<(Form, u32)>, KnowledgeError> {
        let Some(stems) = Stems::of_mended(word, &sight.manners) else { return Ok(Vec::new()) };
        let alike = self.accepted(fields, &stems, "", |_| Some(1))?;
        let mut found = Vec::new();
        self.take(alike, MAX_TRIED, sight, fields, &mut found, |_| MENDED_SHARE)?;
        found.sort_by(|(left, with), (right, with_right)| {
            with_right.cmp(with).then_with(|| left.text.cmp(&right.text))
        });
        found.truncate(MAX_MENDED);
        Ok(found)
    }
}

/// Stems, sign by sign, for a dictionary to be gone through only where they are.
struct Stems(Vec<Node>);

#[derive(Default)]
struct Node {
    next: BTreeMap<u8, u32>,
    is_end: bool,
}

impl Stems {
    /// Of all words from which a single slip leads to this one, behind its first letter: slips seldom hit
    /// that. `None` for short words, codes and words in letters of more than one alphabet.
    fn of_mended(word: &str, manners: &BTreeSet<Manner>) -> Option<Self> {
        let letters: Vec<char> = word.chars().collect();
        let alphabet = match letters.first()? {
            'a'..='z' => 'a'..='z',
            'а'..='я' => 'а'..='я',
            _ => return None,
        };
        let is_word = letters.iter().all(|letter| alphabet.contains(letter));
        if !is_word || !(LEAST_LETTERS..=MOST_LETTERS).contains(&letters.len()) {
            return None;
        }
        let mut stems = Self(vec![Node::default()]);
        let mut mended = String::with_capacity(word.len() + 4);
        for at in 1..=letters.len() {
            let (before, rest) = letters.split_at(at);
            let mut try_with = |new: &[char], rest: &[char]| {
                mended.clear();
                mended.extend(before.iter().chain(new).chain(rest));
                manners.iter().for_each(|manner| stems.add(&term_of(&mended, *manner)));
            };
            for letter in alphabet.clone() {
                try_with(&[letter], rest);
                if let [wrong, rest @ ..] = rest
                    && *wrong != letter
                {
                    try_with(&[letter], rest);
                }
            }
            if let [_, rest @ ..] = rest {
                try_with(&[], rest);
            }
            if let [one, two, rest @ ..] = rest {
                try_with(&[*two, *one], rest);
            }
        }
        Some(stems)
    }

    fn add(&mut self, stem: &str) {
        let mut at = 0;
        for byte in stem.bytes() {
            let new = self.0.len() as u32;
            let next = *self.0[at].next.entry(byte).or_insert(new);
            if next == new {
                self.0.push(Node::default());
            }
            at = next as usize;
        }
        self.0[at].is_end = true;
    }
}

impl Automaton for &Stems {
    type State = Option<u32>;

    fn start(&self) -> Option<u32> {
        Some(0)
    }

    fn is_match(&self, state: &Option<u32>) -> bool {
        state.is_some_and(|at| self.0[at as usize].is_end)
    }

    fn can_match(&self, state: &Option<u32>) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Option<u32>, byte: u8) -> Option<u32> {
        self.0[(*state)? as usize].next.get(&byte).copied()
    }
}

/// Words with fewer letters have too many neighbours, and longer ones are none.
const LEAST_LETTERS: usize = 5;
const MOST_LETTERS: usize = 24;

/// What a word counts that a single slip explains.
const MENDED_SHARE: f32 = super::relatives::slipped(1);

/// How many ways to mend a word are looked up, and how many are taken.
const MAX_TRIED: usize = 16;
const MAX_MENDED: usize = 3;
