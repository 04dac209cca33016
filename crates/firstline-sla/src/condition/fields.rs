//! Which fields there are, and what they hold.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The words with which a condition is built, and which no field can be called.
pub const RESERVED_FIELDS: [&str; 3] = ["all", "any", "none"];

/// The fields that conditions may look at. [`Condition::build`](crate::Condition::build) checks
/// every clause against them.
///
/// ```
/// use firstline_sla::{Field, FieldType, Fields};
///
/// let fields: Fields = [
///     ("status", Field::always(FieldType::words(["open", "paid", "shipped"]))),
///     ("total", Field::new(FieldType::Integer)),
///     ("priority", Field::always(FieldType::levels(["low", "medium", "high"]))),
/// ]
/// .into();
/// assert_eq!(fields.get("total"), Some(&Field::new(FieldType::Integer)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    named: BTreeMap<Arc<str>, Field>,
    aliases: BTreeMap<Arc<str>, Field>,
}

impl Fields {
    /// No fields yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { named: BTreeMap::new(), aliases: BTreeMap::new() }
    }

    /// Adds a field, in the place of one of the same name. One that is called by a
    /// [reserved word](RESERVED_FIELDS) is out of reach for conditions.
    pub fn insert(&mut self, name: &str, field: Field) {
        self.named.insert(name.into(), field);
    }

    /// Adds another name for a field, which is told nobody who asks for [all names](Self::names): the
    /// facts know the field by it as well.
    pub fn insert_alias(&mut self, alias: &str, field: Field) {
        self.aliases.insert(alias.into(), field);
    }

    /// What is known of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.named.get(name).or_else(|| self.aliases.get(name))
    }

    /// The names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(AsRef::as_ref)
    }

    /// A field with its name, shared by all clauses that look at it.
    pub(super) fn find(&self, name: &str) -> Option<(Arc<str>, Field)> {
        let found = self.named.get_key_value(name);
        let found = found.or_else(|| self.aliases.get_key_value(name));
        found.map(|(name, field)| (Arc::clone(name), field.clone()))
    }
}

impl<const N: usize> From<[(&str, Field); N]> for Fields {
    fn from(fields: [(&str, Field); N]) -> Self {
        fields.into_iter().collect()
    }
}

impl<'a> FromIterator<(&'a str, Field)> for Fields {
    fn from_iter<I: IntoIterator<Item = (&'a str, Field)>>(fields: I) -> Self {
        let named = fields.into_iter().map(|(name, field)| (name.into(), field)).collect();
        Self { named, aliases: BTreeMap::new() }
    }
}

/// What is known of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it holds.
    pub holds: FieldType,
    /// Whether it has a value in every state, so that to ask for that is to ask nothing.
    pub is_always_there: bool,
}

impl Field {
    /// A field that may be empty.
    #[must_use]
    pub const fn new(holds: FieldType) -> Self {
        Self { holds, is_always_there: false }
    }

    /// A field that has a value in every state.
    #[must_use]
    pub const fn always(holds: FieldType) -> Self {
        Self { holds, is_always_there: true }
    }
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldType {
    /// Any text.
    Text,
    /// One of these words and no other.
    Words(Arc<[Box<str>]>),
    /// One of these words, which are in order, the lowest first.
    Levels(Arc<[Box<str>]>),
    /// A whole number.
    Integer,
    /// A decimal number, written as `"12.50"` or `12`.
    Decimal,
    /// Yes or no.
    Flag,
    /// A moment, written as `2026-03-02T09:30:00Z`.
    Moment,
    /// A day on the calendar, written as `2026-03-02`.
    Date,
    /// Any words, as many as there are.
    List,
    /// Some of these words and no others.
    ListOf(Arc<[Box<str>]>),
}

impl FieldType {
    /// One of these words and no other.
    pub fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Words(words.into_iter().map(Box::from).collect())
    }

    /// One of these words, which are in order, the lowest first.
    pub fn levels<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Levels(words.into_iter().map(Box::from).collect())
    }

    /// Some of these words and no others.
    pub fn list_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::ListOf(words.into_iter().map(Box::from).collect())
    }
}
