//! Fields of a desk's own and forms as people write them.

use std::collections::BTreeMap;

use firstline_sla::ConditionSpec;
use serde::{Deserialize, Deserializer};
use toml::Value;

use super::Hand;
#[cfg(feature = "schema")]
use super::schema;
use crate::id::Language;

/// A field of a desk's own: its kind, and what belongs to that.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct FieldSpec {
    /// `text`, `integer`, `decimal`, `bool`, `date`, `choice`, `choices` or `reference`.
    pub(in crate::rulebook) kind: String,
    /// What people read; the id, if nothing is said.
    pub(in crate::rulebook) label: Option<LabelSpec>,
    /// Of a text: the most characters.
    pub(in crate::rulebook) max_length: Option<usize>,
    /// Of a number or a date: the least, or the first.
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::Bound>"))]
    pub(in crate::rulebook) min: Option<Value>,
    /// Of a number or a date: the most, or the last. Of choices: how many at most.
    #[cfg_attr(feature = "schema", schemars(with = "Option<schema::Bound>"))]
    pub(in crate::rulebook) max: Option<Value>,
    /// Of a decimal number: how many digits behind the point; two, if nothing is said.
    pub(in crate::rulebook) digits: Option<u8>,
    /// Of a choice or choices: which there are.
    pub(in crate::rulebook) choices: Option<Vec<ChoiceSpec>>,
    /// Of a reference: to a `contact`, `organization`, `agent`, `equipment` or `ticket`.
    pub(in crate::rulebook) to: Option<String>,
    /// Who may set it at least.
    #[serde(default = "super::contact")]
    pub(in crate::rulebook) set_by: Hand,
    /// Who sees it at least.
    #[serde(default = "super::contact")]
    pub(in crate::rulebook) seen_by: Hand,
}

/// A text, or one for each language.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged, expecting = "a text, or a table of texts by language such as { en = \"Site\" }")]
pub(in crate::rulebook) enum LabelSpec {
    Plain(String),
    ByLanguage(BTreeMap<Language, String>),
}

/// A choice: its id, or a table with its id and its label.
pub(in crate::rulebook) struct ChoiceSpec {
    pub(in crate::rulebook) id: String,
    pub(in crate::rulebook) label: Option<LabelSpec>,
}

impl<'de> Deserialize<'de> for ChoiceSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Full {
            id: String,
            label: Option<LabelSpec>,
        }
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "an id in quotes, or a table such as { id = \"b2\" }")]
        enum Written {
            Short(String),
            Full(Full),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Short(id) => Self { id, label: None },
            Written::Full(Full { id, label }) => Self { id, label },
        })
    }
}

/// Which fields some tickets have.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct FormSpec {
    /// What it is called in findings and refusals.
    pub(in crate::rulebook) name: String,
    /// Which tickets it is for; all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) when: ConditionSpec,
    /// Its fields from top to bottom.
    pub(in crate::rulebook) fields: Vec<FormFieldSpec>,
}

/// A field on a form.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct FormFieldSpec {
    /// The id of a field of the desk's own.
    pub(in crate::rulebook) field: String,
    /// `opening` or `resolving`; never, if nothing is said.
    pub(in crate::rulebook) required: Option<String>,
    /// When it is there; always, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) when: ConditionSpec,
}
