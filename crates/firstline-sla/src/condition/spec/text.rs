//! How conditions are read and written.
//!
//! By hand and not derived: a derived choice between a word, a list and a table answers every
//! mistake with "did not match any variant", and has lost its place.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{ClauseSpec, ConditionSpec, Literal, OneOrMore};

/// What may be asked of a field.
const OPERATORS: [&str; 9] =
    ["is", "at_least", "at_most", "contains", "matches", "within", "exists", "changed", "was"];

/// The key under which the reader of TOML hands over a moment that has no quotes.
const BARE_MOMENT: &str = "$__toml_private_datetime";

impl<'de> Deserialize<'de> for ConditionSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TableVisitor)
    }
}

struct TableVisitor;

impl<'de> Visitor<'de> for TableVisitor {
    type Value = ConditionSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a condition: a table such as { status = \"open\" }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut spec = ConditionSpec::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "all" => set(&mut spec.all, &key, map.next_value()?)?,
                "any" => set(&mut spec.any, &key, map.next_value()?)?,
                "none" => set(&mut spec.none, &key, map.next_value()?)?,
                _ => {
                    let clause = map.next_value()?;
                    if spec.fields.contains_key(&key) {
                        return Err(twice(&key));
                    }
                    spec.fields.insert(key, clause);
                }
            }
        }
        Ok(spec)
    }
}

impl<'de> Deserialize<'de> for ClauseSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expecting = "a value, a list of values, or a table such as { at_least = 3 }";
        let is = |is| Self { is: Some(is), ..Self::default() };
        Ok(match deserializer.deserialize_any(WrittenVisitor { expecting })? {
            Written::One(literal) => is(OneOrMore::One(literal)),
            Written::More(literals) => is(OneOrMore::More(literals)),
            Written::Table(spec) => spec,
        })
    }
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expecting = "a value or a list of values";
        match deserializer.deserialize_any(WrittenVisitor { expecting })? {
            Written::One(literal) => Ok(Self::One(literal)),
            Written::More(literals) => Ok(Self::More(literals)),
            Written::Table(_) => Err(D::Error::custom("this is a table; write a value or a list")),
        }
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expecting = "a text in quotes, a whole number, true or false";
        match deserializer.deserialize_any(WrittenVisitor { expecting })? {
            Written::One(literal) => Ok(literal),
            Written::More(_) => Err(D::Error::custom("this is a list; write one value")),
            Written::Table(_) => Err(D::Error::custom("this is a table; write a value")),
        }
    }
}

/// What can stand behind a key.
enum Written {
    One(Literal),
    More(Vec<Literal>),
    Table(ClauseSpec),
}

struct WrittenVisitor {
    expecting: &'static str,
}

impl<'de> Visitor<'de> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Written, E> {
        Ok(Written::One(Literal::Text(text.to_owned())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Written, E> {
        Ok(Written::One(Literal::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Written, E> {
        let fits = i64::try_from(number);
        let number = fits.map_err(|_| E::custom(format_args!("{number} is too large")))?;
        self.visit_i64(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Written, E> {
        Err(E::custom(format_args!("{number} is not whole; write a whole number")))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Written, E> {
        Ok(Written::One(Literal::Flag(flag)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Written, A::Error> {
        let mut literals = Vec::new();
        while let Some(literal) = seq.next_element()? {
            literals.push(literal);
        }
        Ok(Written::More(literals))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
        let mut spec = ClauseSpec::default();
        while let Some(Operator(key)) = map.next_key()? {
            match key.as_str() {
                "is" => set(&mut spec.is, &key, map.next_value()?)?,
                "at_least" => set(&mut spec.at_least, &key, map.next_value()?)?,
                "at_most" => set(&mut spec.at_most, &key, map.next_value()?)?,
                "contains" => set(&mut spec.contains, &key, map.next_value()?)?,
                "matches" => set(&mut spec.matches, &key, map.next_value()?)?,
                "within" => set(&mut spec.within, &key, map.next_value()?)?,
                "exists" => set(&mut spec.exists, &key, map.next_value()?)?,
                "changed" => set(&mut spec.changed, &key, map.next_value()?)?,
                "was" => set(&mut spec.was, &key, map.next_value()?)?,
                _ => return Err(A::Error::custom("put quotes around this moment")),
            }
        }
        Ok(Written::Table(spec))
    }
}

/// A key that may stand here. That it may is asked while it is read, so that a mistake in it is known by
/// its own place and not by that of the table.
struct Operator(String);

impl<'de> Deserialize<'de> for Operator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        if key != BARE_MOMENT && !OPERATORS.contains(&key.as_str()) {
            return Err(D::Error::unknown_field(&key, &OPERATORS));
        }
        Ok(Self(key))
    }
}

/// Puts a value into its place, unless it was given before: of two, one would be lost in silence.
fn set<T, E: Error>(place: &mut Option<T>, key: &str, value: T) -> Result<(), E> {
    if place.is_some() {
        return Err(twice(key));
    }
    *place = Some(value);
    Ok(())
}

fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("`{key}` is written twice; remove one"))
}

impl Serialize for ConditionSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, clause) in &self.fields {
            map.serialize_entry(field, clause)?;
        }
        for (key, list) in [("all", &self.all), ("any", &self.any), ("none", &self.none)] {
            if let Some(list) = list {
                map.serialize_entry(key, list)?;
            }
        }
        map.end()
    }
}

impl Serialize for ClauseSpec {
    /// In the short form where there is one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { is, at_least, at_most, contains, matches, within, exists, changed, was } = self;
        if let Some(values) = is
            && *self == (Self { is: is.clone(), ..Self::default() })
        {
            return values.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        write(&mut map, "is", is)?;
        write(&mut map, "at_least", at_least)?;
        write(&mut map, "at_most", at_most)?;
        write(&mut map, "contains", contains)?;
        write(&mut map, "matches", matches)?;
        write(&mut map, "within", within)?;
        write(&mut map, "exists", exists)?;
        write(&mut map, "changed", changed)?;
        write(&mut map, "was", was)?;
        map.end()
    }
}

fn write<M: SerializeMap>(
    map: &mut M,
    key: &str,
    value: &Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.as_ref().map_or(Ok(()), |value| map.serialize_entry(key, value))
}

impl Serialize for OneOrMore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(literal) => literal.serialize(serializer),
            Self::More(literals) => literals.serialize(serializer),
        }
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}
