//! JSON Schema of conditions, whose keys are the fields that there are.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{ClauseSpec, ConditionSpec};

impl JsonSchema for ConditionSpec {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (table, clause) =
            (generator.subschema_for::<Self>(), generator.subschema_for::<ClauseSpec>());
        let list = |description: &str| json_schema!({ "description": description, "type": "array", "items": table });
        let all = list("Tables that must all hold.");
        let any = list("Tables of which one must hold.");
        let none = list("Tables of which none may hold.");
        json_schema!({
            "description": "A condition: each key is a field with what is asked of it, and all of them \
                            must hold; or one of all, any and none, with a list of such tables.",
            "type": "object",
            "properties": { "all": all, "any": any, "none": none },
            "additionalProperties": clause,
        })
    }
}

impl JsonSchema for ClauseSpec {
    fn schema_name() -> Cow<'static, str> {
        "Clause".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = json_schema!({ "type": ["string", "integer", "boolean"] });
        let values = json_schema!({ "anyOf": [value, { "type": "array", "items": value }] });
        let order = json_schema!({ "type": ["string", "integer"] });
        let text = json_schema!({ "type": "string" });
        json_schema!({
            "description": "What is asked of a field: a value, one of several, or a table.",
            "anyOf": [
                values,
                {
                    "type": "object",
                    "properties": {
                        "is": values,
                        "at_least": order,
                        "at_most": order,
                        "contains": text,
                        "matches": text,
                        "within": {
                            "description": "How far from now the moment may be at most, past or to come, \
                                            such as 2h 30m, by the wall clock.",
                            "type": "string",
                        },
                        "exists": { "type": "boolean" },
                        "changed": { "type": "boolean" },
                        "was": generator.subschema_for::<Self>(),
                    },
                    "additionalProperties": false,
                },
            ],
        })
    }
}
