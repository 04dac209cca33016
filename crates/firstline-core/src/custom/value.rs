//! What somebody puts into a field, and what is in it then.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Decimal, Value};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::date::Date;
use crate::id::{AgentId, ContactId, EquipmentId, FieldId, OrganizationId, TicketId};
use crate::people::PartyId;
use crate::refusal::Refusal;

/// What is in a field of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum FieldValue {
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// One of some choices, by its id.
    Choice(String),
    /// Several of some choices, by their ids.
    Choices(BTreeSet<String>),
    /// Somebody or something that the desk knows.
    Reference(Referent),
}

impl FieldValue {
    /// The value as conditions look at it.
    #[must_use]
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Text(text) | Self::Choice(text) => Value::Text(text),
            Self::Integer(number) => Value::Integer(*number),
            Self::Decimal(number) => Value::Decimal(*number),
            Self::Bool(flag) => Value::Flag(*flag),
            Self::Date(date) => Value::Date(date.to_chrono()),
            Self::Choices(words) => Value::List(words),
            Self::Reference(referent) => {
                Value::Integer(i64::try_from(referent.number()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl FieldValue {
    /// What somebody has put in, to have this.
    pub(crate) fn as_input(&self) -> FieldInput {
        match self {
            Self::Text(text) | Self::Choice(text) => FieldInput::Text(text.clone()),
            Self::Integer(number) => FieldInput::Integer(*number),
            Self::Decimal(number) => FieldInput::Decimal(*number),
            Self::Bool(flag) => FieldInput::Bool(*flag),
            Self::Date(date) => FieldInput::Text(date.to_string()),
            Self::Choices(words) => FieldInput::List(words.iter().cloned().collect()),
            Self::Reference(referent) => FieldInput::Reference(*referent),
        }
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Choice(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(number) => number.fmt(f),
            Self::Bool(flag) => flag.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Choices(words) => f.write_str(&Vec::from_iter(words.iter().cloned()).join(", ")),
            Self::Reference(referent) => referent.fmt(f),
        }
    }
}

/// Somebody or something that a field points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Referent {
    /// A person who asks.
    Contact(ContactId),
    /// A company or department.
    Organization(OrganizationId),
    /// A person who answers.
    Agent(AgentId),
    /// A customer's thing.
    Equipment(EquipmentId),
    /// A ticket.
    Ticket(TicketId),
}

/// What a field can point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A person who asks.
    Contact,
    /// A company or department.
    Organization,
    /// A person who answers.
    Agent,
    /// A customer's thing.
    Equipment,
    /// A ticket.
    Ticket,
}

impl ReferenceKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Contact, Self::Organization, Self::Agent, Self::Equipment, Self::Ticket];

    /// The word for it, as in rulebooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Organization => "organization",
            Self::Agent => "agent",
            Self::Equipment => "equipment",
            Self::Ticket => "ticket",
        }
    }

    /// The one of this kind with that number.
    #[must_use]
    pub const fn with(self, number: u64) -> Referent {
        match self {
            Self::Contact => Referent::Contact(ContactId(number)),
            Self::Organization => Referent::Organization(OrganizationId(number)),
            Self::Agent => Referent::Agent(AgentId(number)),
            Self::Equipment => Referent::Equipment(EquipmentId(number)),
            Self::Ticket => Referent::Ticket(TicketId(number)),
        }
    }
}

impl Referent {
    /// Of which kind it is.
    #[must_use]
    pub const fn kind(self) -> ReferenceKind {
        match self {
            Self::Contact(_) => ReferenceKind::Contact,
            Self::Organization(_) => ReferenceKind::Organization,
            Self::Agent(_) => ReferenceKind::Agent,
            Self::Equipment(_) => ReferenceKind::Equipment,
            Self::Ticket(_) => ReferenceKind::Ticket,
        }
    }

    /// The number without its kind.
    #[must_use]
    pub const fn number(self) -> u64 {
        let (Self::Contact(ContactId(number))
        | Self::Organization(OrganizationId(number))
        | Self::Agent(AgentId(number))
        | Self::Equipment(EquipmentId(number))
        | Self::Ticket(TicketId(number))) = self;
        number
    }

    /// The party that it is, unless it is a ticket.
    #[must_use]
    pub const fn party(self) -> Option<PartyId> {
        Some(match self {
            Self::Contact(id) => PartyId::Contact(id),
            Self::Organization(id) => PartyId::Organization(id),
            Self::Agent(id) => PartyId::Agent(id),
            Self::Equipment(id) => PartyId::Equipment(id),
            Self::Ticket(_) => return None,
        })
    }

    /// The refusal of whoever names it, though there is none on the desk.
    #[must_use]
    pub fn unknown(self) -> Refusal {
        match self.party() {
            Some(party) => party.unknown(),
            None => Refusal::UnknownTicket(TicketId(self.number())),
        }
    }
}

impl fmt::Display for Referent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(id) => id.fmt(f),
            Self::Organization(id) => id.fmt(f),
            Self::Agent(id) => id.fmt(f),
            Self::Equipment(id) => id.fmt(f),
            Self::Ticket(id) => id.fmt(f),
        }
    }
}

/// What somebody puts into a field: plain, as JSON and TOML have it.
///
/// | field | as |
/// |---|---|
/// | text, choice, date | `"words"`, `"b2"`, `"2026-03-02"` |
/// | integer, decimal | `12`, `12.5`, `"12.50"` |
/// | bool | `true` |
/// | choices | `["erp", "mail"]` |
/// | reference | `{ "equipment": 3 }` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldInput {
    /// Words in quotes: text, a choice, a date, a decimal number.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a point.
    Decimal(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A list of choices.
    List(Vec<String>),
    /// Somebody or something that the desk knows.
    Reference(Referent),
}

impl FieldInput {
    /// What it points to.
    #[must_use]
    pub const fn referent(&self) -> Option<Referent> {
        match self {
            Self::Reference(referent) => Some(*referent),
            _ => None,
        }
    }
}

impl From<&str> for FieldInput {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for FieldInput {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for FieldInput {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl fmt::Display for FieldInput {
    /// As it was given, cut where nobody would read on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 40;
        match self {
            Self::Text(text) => {
                write!(f, "`{}`", text.chars().take(SHOWN).collect::<String>().escape_debug())
            }
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(number) => number.fmt(f),
            Self::Bool(flag) => flag.fmt(f),
            Self::List(words) => write!(f, "a list of {}", words.len()),
            Self::Reference(referent) => referent.fmt(f),
        }
    }
}

impl Serialize for FieldInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Integer(number) => number.serialize(serializer),
            Self::Decimal(number) => number.serialize(serializer),
            Self::Bool(flag) => flag.serialize(serializer),
            Self::List(words) => words.serialize(serializer),
            Self::Reference(referent) => referent.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for FieldInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Given)
    }
}

struct Given;

impl<'de> Visitor<'de> for Given {
    type Value = FieldInput;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false, a list of texts, or such as {\"contact\": 1}")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<FieldInput, E> {
        Ok(text.into())
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<FieldInput, E> {
        Ok(flag.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<FieldInput, E> {
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<FieldInput, E> {
        let fits = i64::try_from(number);
        fits.map(FieldInput::Integer).map_err(|_| E::custom(format!("{number} is too large")))
    }

    /// In the shortest writing that is this number: what somebody wrote, if it was no longer than
    /// a decimal may be.
    fn visit_f64<E: Error>(self, number: f64) -> Result<FieldInput, E> {
        number.to_string().parse().map(FieldInput::Decimal).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FieldInput, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = seq.next_element()? {
            words.push(word);
        }
        Ok(FieldInput::List(words))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldInput, A::Error> {
        let Some((word, number)) = map.next_entry::<String, u64>()? else {
            return Err(A::Error::custom("it points to nothing; write such as {\"contact\": 1}"));
        };
        let kind = ReferenceKind::ALL.into_iter().find(|kind| kind.as_str() == word);
        let kind = kind.ok_or_else(|| {
            let known = ReferenceKind::ALL.map(ReferenceKind::as_str).join(", ");
            A::Error::custom(format!("there is no {word} to point to; write one of {known}"))
        })?;
        match map.next_key::<String>()? {
            None => Ok(FieldInput::Reference(kind.with(number))),
            Some(more) => Err(A::Error::custom(format!("it points to a {word} and a {more}"))),
        }
    }
}

/// Reads a table in which each field stands once. Of two that JSON lets through nobody could say
/// which one is meant.
pub(crate) fn unique<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<FieldId, V>, D::Error> {
    struct Table<V>(core::marker::PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Table<V> {
        type Value = BTreeMap<FieldId, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table of fields")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = BTreeMap::new();
            while let Some((field, value)) = map.next_entry::<FieldId, V>()? {
                if fields.contains_key(&field) {
                    return Err(A::Error::custom(format!("the field `{field}` is given twice")));
                }
                fields.insert(field, value);
            }
            Ok(fields)
        }
    }

    deserializer.deserialize_map(Table(core::marker::PhantomData))
}
