//! What conditions look at: fields with values, as they are and as they were.

use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use firstline_calendar::{NaiveDate, Timestamp};

use super::decimal::Decimal;

/// Whatever has named fields: a ticket, an order, a machine.
///
/// A condition asks for a field each time one of its clauses looks at it, so an answer should be a
/// borrowed look at what is there and not something made for the purpose.
///
/// ```
/// use firstline_sla::{Facts, Value};
///
/// struct Order {
///     status: &'static str,
///     total: i64,
///     labels: Vec<String>,
/// }
///
/// impl Facts for Order {
///     fn value(&self, field: &str) -> Option<Value<'_>> {
///         Some(match field {
///             "status" => Value::Text(self.status),
///             "total" => Value::Integer(self.total),
///             "labels" => Value::List(&self.labels),
///             _ => return None,
///         })
///     }
/// }
///
/// let order = Order { status: "paid", total: 4_900, labels: vec!["gift".into()] };
/// assert_eq!(order.value("total"), Some(Value::Integer(4_900)));
/// assert_eq!(order.value("colour"), None);
/// ```
pub trait Facts {
    /// The value of that field, or `None` if it has none.
    fn value(&self, field: &str) -> Option<Value<'_>>;
}

impl<K: Borrow<str> + Ord> Facts for BTreeMap<K, Value<'_>> {
    fn value(&self, field: &str) -> Option<Value<'_>> {
        self.get(field).copied()
    }
}

/// A few facts written down, for tests and for trying out conditions.
impl<const N: usize> Facts for [(&str, Value<'_>); N] {
    fn value(&self, field: &str) -> Option<Value<'_>> {
        self.iter().find(|(name, _)| *name == field).map(|(_, value)| *value)
    }
}

/// A state in which no field has a value.
impl Facts for () {
    fn value(&self, _: &str) -> Option<Value<'_>> {
        None
    }
}

/// The value of a field, borrowed from whoever has it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Text, or a word of a closed list.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Moment(Timestamp),
    /// A day on the calendar.
    Date(NaiveDate),
    /// A word of an ordered scale, such as a priority.
    Level {
        /// Its place in the scale, from 0, as [`FieldType::Levels`](crate::FieldType) lists it.
        rank: usize,
        /// The word for it.
        word: &'a str,
    },
    /// Some words, each there or not: their order and number tell nothing.
    List(&'a dyn Words),
}

impl Value<'_> {
    /// Whether there is nothing in it: an empty text or an empty list.
    ///
    /// To a condition such a value is the same as none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(words) => !words.any(&mut |_| true),
            _ => false,
        }
    }
}

impl PartialEq for Value<'_> {
    /// Values of different types differ; lists are equal if they have the same words.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Integer(one), Self::Integer(two)) => one == two,
            (Self::Decimal(one), Self::Decimal(two)) => one == two,
            (Self::Flag(one), Self::Flag(two)) => one == two,
            (Self::Moment(one), Self::Moment(two)) => one == two,
            (Self::Date(one), Self::Date(two)) => one == two,
            (Self::Level { rank: one, .. }, Self::Level { rank: two, .. }) => one == two,
            (Self::List(one), Self::List(two)) => {
                !one.any(&mut |word| !two.has(word)) && !two.any(&mut |word| !one.has(word))
            }
            _ => false,
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Integer(number) => write!(f, "Integer({number})"),
            Self::Decimal(number) => write!(f, "Decimal({number})"),
            Self::Flag(flag) => write!(f, "Flag({flag})"),
            Self::Moment(moment) => write!(f, "Moment({moment})"),
            Self::Date(date) => write!(f, "Date({date})"),
            Self::Level { rank, word } => write!(f, "Level({rank}, {word:?})"),
            Self::List(words) => {
                let mut list = f.debug_list();
                words.any(&mut |word| {
                    list.entry(&word);
                    false
                });
                list.finish()
            }
        }
    }
}

/// A list of words that can be looked through without copying it.
///
/// Vectors, slices, arrays and ordered sets of anything that is text have it.
pub trait Words {
    /// Whether the test holds for any of the words; it is asked of no more once it does.
    fn any(&self, test: &mut dyn FnMut(&str) -> bool) -> bool;

    /// Whether this word is among them.
    fn has(&self, word: &str) -> bool {
        self.any(&mut |known| known == word)
    }
}

impl<T: Borrow<str>> Words for &[T] {
    fn any(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        self.iter().any(|word| test(word.borrow()))
    }
}

impl<T: Borrow<str>, const N: usize> Words for [T; N] {
    fn any(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        (&self.as_slice()).any(test)
    }
}

impl<T: Borrow<str>> Words for Vec<T> {
    fn any(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        (&self.as_slice()).any(test)
    }
}

impl<T: Borrow<str> + Ord> Words for BTreeSet<T> {
    fn any(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        self.iter().any(|word| test(word.borrow()))
    }

    fn has(&self, word: &str) -> bool {
        self.contains(word)
    }
}

/// What a condition is asked about: a state, and the one before it.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    before: Option<&'a dyn Facts>,
    after: &'a dyn Facts,
    asked_at: Option<Timestamp>,
}

impl<'a> Change<'a> {
    /// Something happened: this is how it was and how it is now.
    #[must_use]
    pub fn new(before: &'a dyn Facts, after: &'a dyn Facts) -> Self {
        Self { before: Some(before), after, asked_at: None }
    }

    /// It has just come into being. Before that no field had a value, so each that has one has
    /// changed.
    #[must_use]
    pub fn first(after: &'a dyn Facts) -> Self {
        Self { before: None, after, asked_at: None }
    }

    /// Nothing happened; it is only looked at. What it is it also was.
    #[must_use]
    pub fn none(state: &'a dyn Facts) -> Self {
        Self { before: Some(state), after: state, asked_at: None }
    }

    /// The same, asked at that moment. Without one no clause on `within` holds.
    #[must_use]
    pub const fn at(mut self, now: Timestamp) -> Self {
        self.asked_at = Some(now);
        self
    }

    /// The state before as it was then, when nothing of this had happened; `None` if there was none.
    #[must_use]
    pub fn earlier(self) -> Option<Self> {
        let asked_at = self.asked_at;
        self.before.map(|before| Self { asked_at, ..Self::none(before) })
    }

    /// The state now, looked at again when nothing more has happened.
    #[must_use]
    pub fn afterwards(self) -> Self {
        Self { asked_at: self.asked_at, ..Self::none(self.after) }
    }

    /// The moment at which it is asked, if that is known.
    pub(super) const fn asked_at(self) -> Option<Timestamp> {
        self.asked_at
    }

    /// The value of a field now; empty ones are none.
    pub(super) fn now(self, field: &str) -> Option<Value<'a>> {
        self.after.value(field).filter(|value| !value.is_empty())
    }

    /// The value that a field had before; empty ones are none.
    pub(super) fn before(self, field: &str) -> Option<Value<'a>> {
        self.before?.value(field).filter(|value| !value.is_empty())
    }
}

/// A value that a clause names, in the type of its field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Named {
    /// Text, or a word of a closed list.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Moment(Timestamp),
    /// A day on the calendar.
    Date(NaiveDate),
    /// A word of an ordered scale.
    Level {
        /// Its place in the scale, from 0.
        rank: usize,
        /// The word for it.
        word: Box<str>,
    },
}

impl Named {
    /// How a value that was found stands to this one; `None` if it is of another type.
    pub(super) fn compare(&self, found: &Value<'_>) -> Option<Ordering> {
        Some(match (found, self) {
            (Value::Text(found), Self::Text(named)) => (*found).cmp(named),
            (Value::Integer(found), Self::Integer(named)) => found.cmp(named),
            (Value::Decimal(found), Self::Decimal(named)) => found.cmp(named),
            (Value::Date(found), Self::Date(named)) => found.cmp(named),
            (Value::Flag(found), Self::Flag(named)) => found.cmp(named),
            (Value::Moment(found), Self::Moment(named)) => found.cmp(named),
            (Value::Level { rank: found, .. }, Self::Level { rank: named, .. }) => found.cmp(named),
            _ => return None,
        })
    }
}

impl fmt::Display for Named {
    /// As it is written in a rulebook, without quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(word) | Self::Level { word, .. } => f.write_str(word),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Flag(flag) => f.write_str(if *flag { "true" } else { "false" }),
            Self::Moment(moment) => write!(f, "{moment}"),
            Self::Decimal(number) => write!(f, "{number}"),
            Self::Date(date) => write!(f, "{date}"),
        }
    }
}
