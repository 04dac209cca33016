//! What is looked for in the conversation of tickets.

use core::fmt::{self, Display, Formatter};

use super::write::escaped;

/// The most words of a filter: each is looked up by itself.
pub const MAX_FILTER_WORDS: usize = 32;

/// A word, or several that stand side by side, to be found in the conversation.
///
/// It needs no knowledge of a ticket's state to be read, and an index to be answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilterWord {
    /// What is looked for. Signs in it only separate its parts: `ERR-1042` is `ERR`, and `1042` behind
    /// it.
    pub text: String,
    /// Whether it is meant as it is written; else any inflection will do. Case never counts.
    pub is_exact: bool,
    /// Whether it must not be there.
    pub is_excluded: bool,
}

impl FilterWord {
    /// A word in any inflection.
    #[must_use]
    pub fn stem(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_exact: false, is_excluded: false }
    }

    /// One or several words side by side, as they are written.
    #[must_use]
    pub fn exact(text: impl Into<String>) -> Self {
        Self { is_exact: true, ..Self::stem(text) }
    }

    /// The same, which must not be there.
    #[must_use]
    pub fn excluded(self) -> Self {
        Self { is_excluded: true, ..self }
    }
}

impl Display for FilterWord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_excluded { "-" } else { "" })?;
        if self.is_exact {
            write!(f, "\"{}\"", escaped(&self.text))
        } else {
            f.write_str(&self.text)
        }
    }
}
