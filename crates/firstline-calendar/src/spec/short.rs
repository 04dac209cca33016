//! Holidays and exceptions have a short form and a full one. Which one it is shows in the kind of
//! value, so a fault in the full form is reported as such.

use core::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize as FromData, Serialize as ToData};

use super::{ExceptionSpec, HolidaySpec, Observed};

#[derive(FromData, ToData)]
#[serde(deny_unknown_fields, remote = "HolidaySpec")]
struct FullHoliday {
    // The second name is that of a TOML date; see `date_text`.
    #[serde(alias = "$__toml_private_datetime", deserialize_with = "date_text")]
    date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    observed: Option<Observed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i32>,
}

#[derive(FromData, ToData)]
#[serde(deny_unknown_fields, remote = "ExceptionSpec")]
struct FullException {
    hours: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// For `deserialize_with`: reads a date or a moment as text, with or without quotes.
///
/// In TOML one without quotes is a value of its own, which the `toml` crate presents as a table
/// with a private key.
///
/// # Errors
///
/// It is neither a text nor a date of TOML.
pub fn date_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(FromData)]
    #[serde(untagged, expecting = "a date, such as \"2026-05-09\"")]
    enum DateText {
        Text(String),
        Toml {
            #[serde(rename = "$__toml_private_datetime")]
            date: String,
        },
    }

    DateText::deserialize(deserializer).map(|text| match text {
        DateText::Text(date) | DateText::Toml { date } => date,
    })
}

impl Serialize for HolidaySpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::from(self.date.as_str()) {
            self.date.serialize(serializer)
        } else {
            FullHoliday::serialize(self, serializer)
        }
    }
}

impl Serialize for ExceptionSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.name {
            None => self.hours.serialize(serializer),
            Some(_) => FullException::serialize(self, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for HolidaySpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = HolidaySpec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date in quotes, or a table with `date` and `name`")
            }

            fn visit_str<E: Error>(self, date: &str) -> Result<HolidaySpec, E> {
                Ok(HolidaySpec::from(date))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HolidaySpec, A::Error> {
                FullHoliday::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(Form)
    }
}

impl<'de> Deserialize<'de> for ExceptionSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = ExceptionSpec;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of windows, or a table with `hours` and `name`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<ExceptionSpec, A::Error> {
                let hours = Vec::deserialize(SeqAccessDeserializer::new(seq))?;
                Ok(ExceptionSpec { hours, name: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExceptionSpec, A::Error> {
                FullException::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(Form)
    }
}

/// The schema of a full form, or a text for the short one.
#[cfg(feature = "schema")]
pub(super) fn or_text(full: &mut schemars::Schema) {
    or(full, schemars::json_schema!({ "type": "string" }));
}

/// The schema of a full form, or a list of texts for the short one.
#[cfg(feature = "schema")]
pub(super) fn or_list(full: &mut schemars::Schema) {
    or(full, schemars::json_schema!({ "type": "array", "items": { "type": "string" } }));
}

#[cfg(feature = "schema")]
fn or(full: &mut schemars::Schema, short: schemars::Schema) {
    let description = full.remove("description");
    let full_form = core::mem::take(full);
    *full = schemars::json_schema!({ "anyOf": [short, full_form] });
    if let Some(description) = description {
        full.insert("description".to_owned(), description);
    }
}
