//! Why a condition held or not.

use core::fmt;

use firstline_calendar::Timestamp;

use super::clause::{Choice, Clause, Predicate};
use super::facts::{Change, Named, Value};
use super::{Group, Node, Quota};

/// What there is to tell of a condition without clauses.
const NOTHING: &str = "nothing is asked";

/// Why a condition, or a part of one, held or not: every clause with what it found.
///
/// As text it tells the clauses that decided, for people: `kind is question, not incident`. With
/// `{:#}` it tells all of them, a line each, in the order of the condition.
///
/// ```
/// # use firstline_sla::{Change, Condition, Field, FieldType, Fields, Value};
/// # let fields = Fields::from([
/// #     ("kind", Field::new(FieldType::Text)),
/// #     ("total", Field::new(FieldType::Integer)),
/// # ]);
/// let written = toml::from_str(r#"kind = "incident"
/// total = { at_least = 1000 }"#)?;
/// let condition = Condition::build(&written, &fields)?;
/// let facts = [("kind", Value::Text("question")), ("total", Value::Integer(1_200))];
/// let explanation = condition.explain(Change::none(&facts));
/// assert!(!explanation.holds);
/// assert_eq!(explanation.to_string(), "kind is question, not incident");
/// assert_eq!(format!("{explanation:#}"), "\
/// no   all of
/// no     kind is question, not incident
/// yes    total is 1200, at least 1000
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Whether it held.
    pub holds: bool,
    /// What it is made of.
    pub made_of: Explained,
}

/// What an [`Explanation`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Explained {
    /// One clause.
    Clause(Reading),
    /// Several parts.
    Group {
        /// Where they stand in the condition, such as `any`; empty for the whole.
        path: Box<str>,
        /// How many of them must hold.
        quota: Quota,
        /// They themselves.
        parts: Vec<Explanation>,
    },
}

/// A clause and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The clause.
    pub clause: Clause,
    /// The value in the state that the clause looks at; `None` if it was empty.
    pub found: Option<Found>,
    /// The value in the state before, if the clause asks for a change and there was one.
    pub before: Option<Found>,
    /// The moment at which it was asked, if the clause asks how far that is.
    pub asked_at: Option<Timestamp>,
}

/// A value that was found, copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A single value.
    One(Named),
    /// The words of a list.
    List(Vec<Box<str>>),
}

/// Looks at every part, also where an earlier one has decided.
pub(super) fn explain(node: &Node, change: Change<'_>) -> Explanation {
    match node {
        Node::Clause(clause) => {
            let asks_for_change = matches!(clause.predicate, Predicate::Changed(_));
            let before = change.before(&clause.name).filter(|_| asks_for_change);
            let found = clause.find(change).map(Found::copy);
            let asks_for_now = matches!(clause.predicate, Predicate::Within(_));
            let reading = Reading {
                clause: clause.clone(),
                found,
                before: before.map(Found::copy),
                asked_at: change.asked_at().filter(|_| asks_for_now),
            };
            Explanation { holds: clause.holds(change), made_of: Explained::Clause(reading) }
        }
        Node::Group(Group { path, quota, parts }) => {
            let parts: Vec<Explanation> = parts.iter().map(|part| explain(part, change)).collect();
            let holds = match quota {
                Quota::All => parts.iter().all(|part| part.holds),
                Quota::Any => parts.iter().any(|part| part.holds),
                Quota::None => !parts.iter().any(|part| part.holds),
            };
            let made_of = Explained::Group { path: path.clone(), quota: *quota, parts };
            Explanation { holds, made_of }
        }
    }
}

impl Found {
    fn copy(value: Value<'_>) -> Self {
        Self::One(match value {
            Value::Text(text) => Named::Text(text.into()),
            Value::Integer(number) => Named::Integer(number),
            Value::Flag(flag) => Named::Flag(flag),
            Value::Moment(moment) => Named::Moment(moment),
            Value::Decimal(number) => Named::Decimal(number),
            Value::Date(date) => Named::Date(date),
            Value::Level { rank, word } => Named::Level { rank, word: word.into() },
            Value::List(words) => {
                let mut copied = Vec::new();
                words.any(&mut |word| {
                    copied.push(word.into());
                    false
                });
                return Self::List(copied);
            }
        })
    }
}

impl Explanation {
    /// The readings that decided, in the order of the condition: of a condition that held those
    /// without which it would not have, and of one that did not those that stood against it.
    #[must_use]
    pub fn decisive(&self) -> Vec<&Reading> {
        match &self.made_of {
            Explained::Clause(reading) => vec![reading],
            Explained::Group { .. } => self.deciding_parts().flat_map(Self::decisive).collect(),
        }
    }

    fn deciding_parts(&self) -> impl Iterator<Item = &Self> {
        let (quota, parts) = match &self.made_of {
            Explained::Clause(_) => (Quota::All, &[][..]),
            Explained::Group { quota, parts, .. } => (*quota, parts.as_slice()),
        };
        let deciding = self.holds == (quota != Quota::None);
        parts.iter().filter(move |part| part.holds == deciding)
    }

    /// What decided, as sentences.
    fn sentences(&self) -> Vec<String> {
        match &self.made_of {
            Explained::Clause(reading) => vec![reading.sentence(self.holds)],
            Explained::Group { quota: Quota::None, .. } if !self.holds => self
                .deciding_parts()
                .map(|part| part.sentences().join(" and ") + ", which is excluded")
                .collect(),
            Explained::Group { .. } => self.deciding_parts().flat_map(Self::sentences).collect(),
        }
    }

    fn write_lines(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let mark = if self.holds { "yes" } else { "no" };
        write!(f, "{mark:<5}{:width$}", "", width = 2 * depth)?;
        match &self.made_of {
            Explained::Clause(reading) => writeln!(f, "{}", reading.sentence(self.holds)),
            Explained::Group { parts, .. } if parts.is_empty() => writeln!(f, "{NOTHING}"),
            Explained::Group { quota, parts, .. } => {
                writeln!(f, "{quota}")?;
                parts.iter().try_for_each(|part| part.write_lines(f, depth + 1))
            }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return self.write_lines(f, 0);
        }
        let sentences = self.sentences();
        // Only of nothing can nothing be told.
        f.write_str(if sentences.is_empty() { NOTHING } else { "" })?;
        f.write_str(&sentences.join("; "))
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::All => "all of",
            Self::Any => "any of",
            Self::None => "none of",
        })
    }
}

impl Reading {
    /// What was found, and what it should have been where it was not that.
    fn sentence(&self, holds: bool) -> String {
        let Self { clause, found, before, asked_at } = self;
        let (name, is) = (&clause.name, if clause.looks_back { "was" } else { "is" });
        let (found, before) = (Shown(found.as_ref()), Shown(before.as_ref()));
        match (&clause.predicate, holds) {
            (Predicate::Is(_) | Predicate::Exists(true), true)
            | (Predicate::Exists(true), false)
            | (Predicate::Exists(false), true) => format!("{name} {is} {found}"),
            (Predicate::Is(named), false) => {
                format!("{name} {is} {found}, not {}", Choice(named))
            }
            (Predicate::AtLeast(least), true) => format!("{name} {is} {found}, at least {least}"),
            (Predicate::AtLeast(least), false) => {
                format!("{name} {is} {found}, not at least {least}")
            }
            (Predicate::AtMost(most), true) => format!("{name} {is} {found}, at most {most}"),
            (Predicate::AtMost(most), false) => format!("{name} {is} {found}, not at most {most}"),
            (Predicate::Contains(_), true) => clause.to_string(),
            (Predicate::Contains(word), false) => format!("{name} {is} {found}, without {word}"),
            (Predicate::Matches(_), true) => clause.to_string(),
            (Predicate::Matches(pattern), false) => {
                format!("{name} {is} {found}, without a match of {pattern}")
            }
            (Predicate::Within(span), holds) => {
                let of = asked_at.map_or_else(|| "now".into(), |at| at.to_string());
                let not = if holds { "" } else { "not " };
                format!("{name} {is} {found}, {not}within {span} of {of}")
            }
            (Predicate::Exists(false), false) => format!("{name} {is} {found}, not empty"),
            (Predicate::Changed(true), true) | (Predicate::Changed(false), false) => {
                format!("{name} changed from {before} to {found}")
            }
            (Predicate::Changed(_), _) => format!("{name} is still {found}"),
        }
    }
}

/// A value in a sentence: cut if it is long.
struct Shown<'a>(Option<&'a Found>);

/// How many letters of a text, and how many words of a list, a sentence shows.
const MOST_SHOWN: [usize; 2] = [80, 8];

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [most_letters, most_words] = MOST_SHOWN;
        match self.0 {
            None => f.write_str("empty"),
            Some(Found::One(Named::Text(text))) => match text.char_indices().nth(most_letters) {
                Some((end, _)) => write!(f, "{}...", &text[..end]),
                None => f.write_str(text),
            },
            Some(Found::One(named)) => write!(f, "{named}"),
            Some(Found::List(words)) => {
                let (shown, rest) = words.split_at(words.len().min(most_words));
                f.write_str(&shown.join(", "))?;
                if rest.is_empty() { Ok(()) } else { write!(f, " and {} more", rest.len()) }
            }
        }
    }
}
