//! Slips of the finger: words that differ from a misspelt one by a letter or two.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

/// The words within some slips of a word: a letter too much, missing, wrong, or two swapped.
pub(super) struct Misspelt(DFA);

impl Misspelt {
    /// `None` for words that are too short to tell a slip from another word, and for codes and
    /// numbers, where every sign counts.
    pub(super) fn of(word: &str) -> Option<Self> {
        static ONE: LazyLock<LevenshteinAutomatonBuilder> =
            LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
        static TWO: LazyLock<LevenshteinAutomatonBuilder> =
            LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));
        if !word.chars().all(char::is_alphabetic) {
            return None;
        }
        match word.chars().count() {
            ONE_SLIP..TWO_SLIPS => Some(Self(ONE.build_dfa(word))),
            TWO_SLIPS..=MAX_LETTERS => Some(Self(TWO.build_dfa(word))),
            _ => None,
        }
    }

    /// How many slips there are between the words; `None` if it is too many.
    pub(super) fn distance(&self, word: &str) -> Option<u32> {
        match self.0.eval(word) {
            Distance::Exact(slips) => Some(u32::from(slips)),
            Distance::AtLeast(_) => None,
        }
    }
}

impl Automaton for &Misspelt {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

/// From how many letters on one slip is forgiven, and two. These are letters of the stem: the
/// word is longer.
const ONE_SLIP: usize = 4;
const TWO_SLIPS: usize = 7;

/// Longer words are none, and their automata would be large.
const MAX_LETTERS: usize = 32;
