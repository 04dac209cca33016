//! JSON Schema of the rulebook: of what is read by hand, and of the whole.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::rules::Assignee;
use super::{ChoiceSpec, Document, LabelSpec, Moment, OneOrMany, PerPriority, ThresholdSpec};
use crate::custom::FieldInput;
use crate::priority::Priority;
use crate::rulebook::Rulebook;
use crate::ticket::Status;

impl Rulebook {
    /// JSON Schema of a rulebook: for editors that complete and check while somebody writes. It knows
    /// the shape; what the words in it mean, only [reading](Self::from_toml) finds out.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(Document);
        schema.insert("title".into(), "Rulebook of a firstline desk".into());
        schema.to_value()
    }
}

/// Declares the schemas of types that are read by hand.
macro_rules! schemas {
    ($($(#[$meta:meta])* $type:ty, $name:literal, $schema:tt;)+) => {
        $(
            impl JsonSchema for $type {
                fn schema_name() -> Cow<'static, str> {
                    $name.into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!($schema)
                }
            }
        )+
    };
}

/// The least or the most of a number, a date or a number of choices.
pub(super) struct Bound;

/// What somebody does in a worked example: a schema of its own has it in full.
pub(super) struct AnyAction;

schemas! {
    Bound, "Bound", { "type": ["string", "number"] };
    Moment, "Moment", { "description": "An instant of RFC 3339.", "type": "string" };
    OneOrMany, "OneOrMany", {
        "description": "A word, or several.",
        "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
    };
    ThresholdSpec, "Threshold", {
        "description": "Percent of the allowance, or working time before due such as `2h`.",
        "type": ["integer", "string"],
    };
    Assignee, "Assignee", {
        "description": "The number of an agent, or `nobody`.",
        "anyOf": [{ "type": "integer", "minimum": 1 }, { "const": "nobody" }],
    };
    FieldInput, "FieldInput", {
        "description": "What is put into a field: a text, a number, true or false, a list of texts, \
                        or a reference such as {\"contact\": 1}.",
        "anyOf": [
            { "type": ["string", "boolean"] },
            { "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX },
            { "type": "number", "exclusiveMinimum": -1e11, "exclusiveMaximum": 1e11 },
            { "type": "array", "items": { "type": "string" } },
            {
                "type": "object",
                "properties": {
                    "contact": { "type": "integer", "minimum": 0 },
                    "organization": { "type": "integer", "minimum": 0 },
                    "agent": { "type": "integer", "minimum": 0 },
                    "equipment": { "type": "integer", "minimum": 0 },
                    "ticket": { "type": "integer", "minimum": 0 },
                },
                "additionalProperties": false,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ],
    };
    AnyAction, "TicketAction", {
        "description": "What somebody does, as a host says it: such as \"wake\", or an object with \
                        one key such as {\"reply\": {\"text\": \"Hello\"}}.",
        "anyOf": [{ "type": "string" }, { "type": "object", "minProperties": 1, "maxProperties": 1 }],
    };
}

impl JsonSchema for ChoiceSpec {
    fn schema_name() -> Cow<'static, str> {
        "Choice".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let label = generator.subschema_for::<LabelSpec>();
        json_schema!({
            "description": "A choice: its id, or a table with its id and its label.",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": { "id": { "type": "string" }, "label": label },
                    "required": ["id"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

impl JsonSchema for PerPriority {
    fn schema_name() -> Cow<'static, str> {
        "PerPriority".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let time = json_schema!({ "type": "string" });
        let keys = json_schema!({
            "working_days": { "type": "integer", "minimum": 0, "maximum": 3650 },
            "by": { "type": "string" },
            "instant": { "type": "string" },
        });
        let table = json_schema!({
            "type": "object", "properties": keys, "additionalProperties": false,
        });
        let one = json_schema!({ "anyOf": [time, table] });
        json_schema!({
            "description": "How much time a promise gives: working time such as `2h 30m`, a table with \
                            working days or an instant, or one of these for each priority.",
            "anyOf": [
                time,
                table,
                {
                    "type": "object",
                    "properties": { "critical": one, "high": one, "medium": one, "low": one },
                    "required": ["critical", "high", "medium", "low"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

impl JsonSchema for Priority {
    fn schema_name() -> Cow<'static, str> {
        "Priority".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = Self::ALL.iter().map(|level| level.as_str()).collect();
        json_schema!({ "type": "string", "enum": words })
    }
}

impl JsonSchema for Status {
    fn schema_name() -> Cow<'static, str> {
        "Status".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::ALL.map(Self::as_str) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_folder_is_that_of_the_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/rulebook.json");
        let now = Rulebook::json_schema();
        if std::env::var_os("FIRSTLINE_WRITE").is_some() {
            std::fs::write(path, format!("{now:#}\n")).unwrap();
        }
        let kept: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(
            now == kept,
            "schema/rulebook.json is not that of the code: FIRSTLINE_WRITE=1 cargo test \
             -p firstline-core --features schema --lib schema writes it"
        );
    }

    /// The keys below a schema that say nothing of themselves.
    fn undescribed(schema: &serde_json::Value, path: &str, found: &mut Vec<String>) {
        let serde_json::Value::Object(table) = schema else {
            return;
        };
        for (key, value) in table {
            if let ("properties", serde_json::Value::Object(properties)) = (key.as_str(), value) {
                let silent = properties.iter().filter(|(_, it)| it.get("description").is_none());
                found.extend(silent.map(|(name, _)| format!("{path}.{name}")));
            }
            if key == "$defs" {
                let serde_json::Value::Object(types) = value else { continue };
                types.iter().for_each(|(name, it)| undescribed(it, name, found));
            }
        }
    }

    #[test]
    fn every_key_says_what_it_is() {
        let mut found = Vec::new();
        undescribed(&Rulebook::json_schema(), "rulebook", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}
