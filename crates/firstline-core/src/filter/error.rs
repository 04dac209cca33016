//! What is wrong with a filter that somebody typed.

use core::fmt;
use core::ops::Range;

/// A text that cannot be read as a filter. It is for whoever typed it to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The part of the text, in bytes.
    pub at: Range<usize>,
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
        Self { at, problem: problem.into(), mend: mend.into() }
    }
}

impl fmt::Display for FilterError {
    /// With the place counted from 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {}; {}", self.at.start + 1, self.problem, self.mend)
    }
}

impl std::error::Error for FilterError {}
