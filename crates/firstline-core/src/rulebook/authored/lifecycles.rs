//! Lifecycles as people write them.

use std::collections::BTreeMap;

use firstline_sla::WorkTime;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::OneOrMany;
use crate::lifecycle::Wording;

/// A lifecycle: its statuses, which may follow which, and what happens by itself.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct LifecycleSpec {
    /// For which kinds of tickets it is; for all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) kinds: Vec<String>,
    /// For the tickets of which lines it is; of all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) lines: Vec<String>,
    /// Of each category the first is the usual one.
    #[serde(default)]
    pub(in crate::rulebook) statuses: Vec<StatusSpec>,
    /// In the order in which they are tried.
    #[serde(default)]
    pub(in crate::rulebook) transitions: Vec<TransitionSpec>,
    pub(in crate::rulebook) reopen: Option<ReopenSpec>,
    pub(in crate::rulebook) auto_close: Option<AutoCloseSpec>,
    /// By another lifecycle, by its status: what a ticket becomes that comes from there.
    #[serde(default)]
    pub(in crate::rulebook) from: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct StatusSpec {
    pub(in crate::rulebook) id: String,
    /// What it is to promises, lists and metrics.
    pub(in crate::rulebook) category: String,
    /// With the category `on_hold`: what can be waited for; anything, if nothing is said.
    pub(in crate::rulebook) hold: Option<OneOrMany>,
    /// What it is called; the id, if nothing is said.
    pub(in crate::rulebook) text: Option<WordingSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct TransitionSpec {
    /// From which statuses.
    pub(in crate::rulebook) from: OneOrMany,
    pub(in crate::rulebook) to: String,
    /// `contact`, `agent`, `system`, or a role; an agent, if nothing is said.
    pub(in crate::rulebook) by: Option<String>,
    /// Fields of the ticket that must be filled.
    #[serde(default)]
    pub(in crate::rulebook) requires: Vec<String>,
    /// What it is called to take it.
    pub(in crate::rulebook) text: Option<WordingSpec>,
}

/// Who may reopen what is resolved, until when, into what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct ReopenSpec {
    /// The contact, if nothing is said.
    pub(in crate::rulebook) by: Option<String>,
    pub(in crate::rulebook) into: String,
    /// Without end, if nothing is said.
    pub(in crate::rulebook) within: Option<WorkTime>,
    /// On which calendar that is counted; on the wall clock, if nothing is said.
    pub(in crate::rulebook) calendar: Option<String>,
}

/// When what is resolved closes by itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(in crate::rulebook) struct AutoCloseSpec {
    pub(in crate::rulebook) after: WorkTime,
    /// On which calendar that is counted; on the wall clock, if nothing is said.
    pub(in crate::rulebook) calendar: Option<String>,
}

/// A text for all languages, or a table of `en` and `ru`.
#[derive(Clone)]
pub(in crate::rulebook) struct WordingSpec(pub(in crate::rulebook) Wording);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingTable {
    en: String,
    ru: Option<String>,
}

impl<'de> Deserialize<'de> for WordingSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = WordingSpec;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a text, or a table with `en` and `ru`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<WordingSpec, E> {
                Ok(WordingSpec(Wording { english: text.to_owned(), russian: None }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WordingSpec, A::Error> {
                let WordingTable { en, ru } =
                    WordingTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(WordingSpec(Wording { english: en, russian: ru }))
            }
        }
        deserializer.deserialize_any(Form)
    }
}
