//! Conditions as people write them.

#[cfg(feature = "schema")]
mod schema;
mod text;

use core::fmt;
use std::collections::BTreeMap;

/// A condition as it is written: a table whose entries must all hold.
///
/// Each key is a field, with what is asked of it, or one of `all`, `any` and `none` with a list of
/// such tables.
///
/// | written | holds if |
/// |---|---|
/// | `{ status = "paid" }` | the status is that word (number, flag, moment) |
/// | `{ status = ["paid", "packed"] }` | it is one of these |
/// | `{ total = { at_least = 1000, at_most = 5000 } }` | it lies between them, both included |
/// | `{ labels = { contains = "gift" } }` | the word is among them |
/// | `{ subject = { contains = "printer" } }` | the text has it somewhere, in large or small letters |
/// | `{ subject = { matches = "E[0-9]{4}" } }` | the pattern is found in it: a regular expression without look-around and back-references |
/// | `{ opened_at = { within = "2h" } }` | the moment is no further than that from now, past or to come; by the wall clock |
/// | `{ site = { exists = false } }` | it has no value, or an empty one |
/// | `{ status = { changed = true } }` | it is not what it was |
/// | `{ status = { was = "open" } }` | it was that before: a word, a list or a table as here |
/// | `{ any = [{ ... }, { ... }] }` | at least one of the tables holds |
/// | `{ all = [{ ... }, { ... }] }` | each holds |
/// | `{ none = [{ ... }, { ... }] }` | none of them holds |
///
/// It is text of somebody's: [`Condition::build`](crate::Condition::build) makes sense of it.
///
/// ```
/// use firstline_sla::ConditionSpec;
///
/// let spec: ConditionSpec = toml::from_str(r#"
///     status = ["paid", "packed"]
///     total = { at_least = 1000 }
///     none = [{ labels = { contains = "gift" } }]
/// "#)?;
/// assert_eq!(
///     serde_json::to_string(&spec)?,
///     r#"{"status":["paid","packed"],"total":{"at_least":1000},"none":[{"labels":{"contains":"gift"}}]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConditionSpec {
    /// What is asked of each field.
    pub fields: BTreeMap<String, ClauseSpec>,
    /// Each must hold.
    pub all: Option<Vec<Self>>,
    /// At least one must hold.
    pub any: Option<Vec<Self>>,
    /// None may hold.
    pub none: Option<Vec<Self>>,
}

impl ConditionSpec {
    /// Whether nothing is written, which every state fulfils.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is asked of one field: all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClauseSpec {
    /// It is one of these.
    pub is: Option<OneOrMore>,
    /// It is this or more.
    pub at_least: Option<Literal>,
    /// It is this or less.
    pub at_most: Option<Literal>,
    /// The word is among its words, or the text is part of it.
    pub contains: Option<Literal>,
    /// The regular expression is found in the text.
    pub matches: Option<Literal>,
    /// The moment is no further than this stretch of wall-clock time from now.
    pub within: Option<Literal>,
    /// Whether it has a value.
    pub exists: Option<bool>,
    /// Whether it differs from the state before.
    pub changed: Option<bool>,
    /// What it was in the state before.
    pub was: Option<Box<Self>>,
}

/// One value or a list of them, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OneOrMore {
    /// `"paid"`
    One(Literal),
    /// `["paid", "packed"]`
    More(Vec<Literal>),
}

impl OneOrMore {
    /// The values.
    #[must_use]
    pub fn as_slice(&self) -> &[Literal] {
        match self {
            Self::One(literal) => core::slice::from_ref(literal),
            Self::More(literals) => literals,
        }
    }

    /// Whether it was written as a list, be it of one value.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        matches!(self, Self::More(_))
    }
}

/// A value as it was written. What it stands for depends on the field that it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Text in quotes: text, a word, a level or a moment.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// `true` or `false`.
    Flag(bool),
}

impl fmt::Display for Literal {
    /// As it is written in a rulebook, without quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}
