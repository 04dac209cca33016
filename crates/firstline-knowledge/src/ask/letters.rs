//! Words letter by letter: those that differ from a misspelt one by a slip or two of the finger, and
//! those that go on from what has been typed.

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
    /// `None` for words that are too short to tell a slip from another word, and for codes and
    /// numbers, where every sign counts.
    pub(super) fn of(word: &str) -> Option<Self> {
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

/// The words that begin so, with up to so many letters more.
pub(super) struct Beginning<'a> {
    typed: &'a [u8],
    more: usize,
}

impl<'a> Beginning<'a> {
    pub(super) fn of(typed: &'a str, more: usize) -> Self {
        Self { typed: typed.as_bytes(), more }
    }
}

impl Automaton for &Beginning<'_> {
    /// How many bytes of the beginning were there, and how many letters behind it; `None` once a word
    /// cannot be one any more.
    type State = Option<(usize, usize)>;

    fn start(&self) -> Self::State {
        Some((0, 0))
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.is_some_and(|(typed, _)| typed == self.typed.len())
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let (typed, more) = (*state)?;
        match self.typed.get(typed) {
            Some(wanted) => (*wanted == byte).then_some((typed + 1, 0)),
            None => {
                // A letter is one byte that is none in the middle of a letter.
                let more = more + usize::from(byte & 0xc0 != 0x80);
                (more <= self.more).then_some((typed, more))
            }
        }
    }
}

/// From how many letters on one slip is forgiven, and two. These are letters of the stem: the
/// word is longer.
const ONE_SLIP: usize = 4;
const TWO_SLIPS: usize = 7;

/// Longer words are none, and their automata would be large.
const MAX_LETTERS: usize = 32;
