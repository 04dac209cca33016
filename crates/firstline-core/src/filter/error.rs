//! What is wrong with a filter that somebody typed.

use core::fmt;
use core::ops::Range;

/// A text that cannot be read as a filter. It is for whoever typed it to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The part of the text, in bytes.
    pub at: Range<usize>,
    /// At which of its letters that begins, counted from 1 as people count.
    pub letter: usize,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    pub mend: String,
}

impl FilterError {
    pub(super) fn new(
        at: Range<usize>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        let letter = at.start + 1;
        Self { at, letter, problem: problem.into(), mend: mend.into() }
    }

    /// The same, of what was typed as this text.
    pub(super) fn in_text(self, text: &str) -> Self {
        let letter = text.char_indices().take_while(|(at, _)| *at < self.at.start).count() + 1;
        Self { letter, ..self }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}; {}", self.letter, self.problem, self.mend)
    }
}

impl std::error::Error for FilterError {}
