//! Regular expressions, bounded: one that is refused could cost more than it finds.

use core::fmt;

use regex::{Regex, RegexBuilder};

/// The most memory that a compiled pattern may take, in bytes. Counted repetitions such as
/// `(a{1000}){1000}` grow beyond any; what finds error codes stays far below.
const MAX_COMPILED_BYTES: usize = 256 * 1024;

/// How deep groups may stand in each other in a pattern.
const MAX_NESTING: u32 = 32;

/// A regular expression that is looked for in a text, in time that grows with the text alone.
///
/// There are no back-references and no look-around: nothing that makes a search go back. Letters
/// are told apart by size unless the pattern begins with `(?i)`.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// Why a pattern was refused.
pub(super) struct Refused {
    pub(super) problem: String,
    pub(super) mend: &'static str,
}

impl Pattern {
    /// Makes sense of a pattern as it was written.
    pub(super) fn compile(text: &str) -> Result<Self, Refused> {
        let built = RegexBuilder::new(text)
            .size_limit(MAX_COMPILED_BYTES)
            .dfa_size_limit(MAX_COMPILED_BYTES)
            .nest_limit(MAX_NESTING)
            .build();
        built.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => Refused {
                problem: format!("`{text}` takes more than {MAX_COMPILED_BYTES} bytes"),
                mend: "repeat fewer times, or look for less",
            },
            // The last line of the message says what is wrong, those before it draw where.
            error => {
                let told = error.to_string();
                let last = told.lines().last().unwrap_or_default();
                let why = last.trim_start_matches("error: ");
                let mend = if why.contains("backreference") || why.contains("look-around") {
                    "write the words out instead, as alternatives with `|`, or ask in several clauses"
                } else {
                    "put a backslash before a character that is meant as it stands"
                };
                Refused { problem: format!("`{text}` is no pattern: {why}"), mend }
            }
        })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is found somewhere in the text.
    #[must_use]
    pub fn is_found_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.as_str())
    }
}
