//! Words letter by letter: those that differ from a misspelt one by a slip or two of the finger.

use std::sync::LazyLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use tantivy_fst::Automaton;

static ONE: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

/// The words within some slips of a word: a letter too much, missing, wrong, or two swapped.
pub(super) struct Misspelt(DFA);

impl Misspelt {
    /// The words within so many slips, one or two. `None` for words that are too short to tell so
    /// many from another word, and for codes and numbers, where every sign counts.
    pub(super) fn of(word: &str, slips: u32) -> Option<Self> {
        let letters = word.chars().count();
        if letters > MAX_LETTERS || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        match slips {
            1 if letters >= ONE_SLIP => Some(Self(ONE.build_dfa(word))),
            2 if letters >= TWO_SLIPS => Some(Self(TWO.build_dfa(word))),
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

/// How many slips lie between a word as somebody wrote it and other spellings.
pub(crate) struct Slips(Option<DFA>);

impl Slips {
    pub(crate) fn of(word: &str) -> Self {
        let word = word.to_lowercase();
        let is_short = word.chars().count() <= MAX_LETTERS;
        Self(is_short.then(|| TWO.build_dfa(&word)))
    }

    /// Three stand for any number above two.
    pub(crate) fn to(&self, spelling: &str) -> u32 {
        match self.0.as_ref().map(|words| words.eval(spelling)) {
            Some(Distance::Exact(slips)) => slips.into(),
            Some(Distance::AtLeast(_)) | None => 3,
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
