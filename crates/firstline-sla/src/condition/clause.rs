//! One clause: what is asked of one field, and whether it holds.

use core::fmt;
use std::sync::Arc;

use super::facts::{Change, Named, Value};
use super::fields::Field;
use super::pattern::Pattern;
use crate::wall_time::WallTime;

/// What is asked of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub(super) path: Box<str>,
    pub(super) name: Arc<str>,
    pub(super) field: Field,
    pub(super) looks_back: bool,
    pub(super) predicate: Predicate,
}

/// The question of a [`Clause`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Predicate {
    /// It is one of these, which are in order.
    Is(Box<[Named]>),
    /// It is this or more.
    AtLeast(Named),
    /// It is this or less.
    AtMost(Named),
    /// Among its words is this one; if it is text, this is a part of it, in large or small letters.
    Contains(Box<str>),
    /// This pattern is found somewhere in it.
    Matches(Pattern),
    /// It is no further than this from the moment at which it is asked, before it or after.
    Within(WallTime),
    /// Whether it has a value that is not empty.
    Exists(bool),
    /// Whether it differs from the state before.
    Changed(bool),
}

impl Clause {
    /// Where it stands in the condition, such as `any[1].total.at_least`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The field that it looks at.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.name
    }

    /// What is asked of it.
    #[must_use]
    pub const fn predicate(&self) -> &Predicate {
        &self.predicate
    }

    /// Whether that is asked of the state before.
    #[must_use]
    pub const fn looks_back(&self) -> bool {
        self.looks_back
    }

    /// Whether it holds.
    pub(super) fn holds(&self, change: Change<'_>) -> bool {
        if let Predicate::Changed(wanted) = self.predicate {
            return (change.now(&self.name) != change.before(&self.name)) == wanted;
        }
        if let Predicate::Within(span) = self.predicate {
            return match (self.find(change), change.asked_at()) {
                (Some(Value::Moment(found)), Some(now)) => {
                    found.millis_since(now).unsigned_abs() <= span.as_millis().unsigned_abs()
                }
                _ => false,
            };
        }
        self.predicate.holds(self.find(change).as_ref())
    }

    /// The value that it asks about, in the state that it looks at.
    pub(super) fn find<'a>(&self, change: Change<'a>) -> Option<Value<'a>> {
        if self.looks_back { change.before(&self.name) } else { change.now(&self.name) }
    }
}

impl Predicate {
    /// Whether it holds for that value, which is not an empty one. Of the value alone nobody can
    /// tell whether it changed, or how long ago it is.
    pub(super) fn holds(&self, found: Option<&Value<'_>>) -> bool {
        let Some(found) = found else {
            return *self == Self::Exists(false);
        };
        match self {
            Self::Is(named) => is_among(named, found),
            Self::AtLeast(least) => least.compare(found).is_some_and(|found| found.is_ge()),
            Self::AtMost(most) => most.compare(found).is_some_and(|found| found.is_le()),
            Self::Contains(word) => match found {
                Value::Text(text) => has_part(text, word),
                Value::List(words) => words.has(word),
                _ => false,
            },
            Self::Matches(pattern) => match found {
                Value::Text(text) => pattern.is_found_in(text),
                _ => false,
            },
            Self::Exists(wanted) => *wanted,
            Self::Changed(_) | Self::Within(_) => false,
        }
    }
}

fn is_among(named: &[Named], found: &Value<'_>) -> bool {
    // Most lists are one or two words long, where looking at each beats dividing.
    const FEW: usize = 8;
    if named.len() <= FEW {
        return named.iter().any(|one| one.compare(found).is_some_and(|it| it.is_eq()));
    }
    let at = named.partition_point(|one| one.compare(found).is_some_and(|found| found.is_gt()));
    named.get(at).is_some_and(|one| one.compare(found).is_some_and(|it| it.is_eq()))
}

/// Whether the part is somewhere in the text, in large or small letters of any script.
fn has_part(text: &str, part: &str) -> bool {
    if text.is_ascii() && part.is_ascii() {
        let mut windows = text.as_bytes().windows(part.len().max(1));
        return windows.any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    }
    text.char_indices().any(|(at, _)| {
        let mut letters = text[at..].chars().flat_map(char::to_lowercase);
        part.chars().flat_map(char::to_lowercase).all(|wanted| letters.next() == Some(wanted))
    })
}

impl fmt::Display for Clause {
    /// What is asked, as a sentence: `status is paid or packed`, `total is at least 1000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, is) = (&self.name, if self.looks_back { "was" } else { "is" });
        match &self.predicate {
            Predicate::Is(named) => write!(f, "{name} {is} {}", Choice(named)),
            Predicate::AtLeast(least) => write!(f, "{name} {is} at least {least}"),
            Predicate::AtMost(most) => write!(f, "{name} {is} at most {most}"),
            Predicate::Contains(word) if self.looks_back => {
                write!(f, "{name} contained {word}")
            }
            Predicate::Contains(word) => write!(f, "{name} contains {word}"),
            Predicate::Matches(pattern) if self.looks_back => write!(f, "{name} matched {pattern}"),
            Predicate::Matches(pattern) => write!(f, "{name} matches {pattern}"),
            Predicate::Within(span) => write!(f, "{name} {is} within {span} of now"),
            Predicate::Exists(true) => write!(f, "{name} {is} not empty"),
            Predicate::Exists(false) => write!(f, "{name} {is} empty"),
            Predicate::Changed(true) => write!(f, "{name} changed"),
            Predicate::Changed(false) => write!(f, "{name} did not change"),
        }
    }
}

/// Values of which one is enough: `low, medium or high`. Long lists are cut.
pub(super) struct Choice<'a>(pub(super) &'a [Named]);

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 6;
        let (shown, rest) = self.0.split_at(self.0.len().min(MOST));
        for (index, named) in shown.iter().enumerate() {
            let is_last = index + 1 == shown.len() && rest.is_empty();
            f.write_str(match index {
                0 => "",
                _ if is_last => " or ",
                _ => ", ",
            })?;
            write!(f, "{named}")?;
        }
        if rest.is_empty() { Ok(()) } else { write!(f, " or one of {} more", rest.len()) }
    }
}
