//! JSON Schema of commands: for hosts that give them as text.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::Command;
use crate::date::Date;
use crate::id::CommandId;

impl Command {
    /// JSON Schema of a command: for other languages, and for editors. It knows the shape; what a
    /// desk makes of it, only the desk finds out.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(Self);
        schema.insert("title".into(), "Command to a firstline desk".into());
        schema.to_value()
    }
}

/// Something or nothing, of which one must be said: what can be left out is another thing.
pub(crate) struct Said<T>(core::marker::PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Said<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Said{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Option<T>>()
    }
}

impl JsonSchema for CommandId {
    fn schema_name() -> Cow<'static, str> {
        "CommandId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "32 hexadecimal digits, or a UUID in its usual dress.",
            "type": "string",
            "pattern": "^-*([0-9a-fA-F]-*){32}$",
        })
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A day of the calendar.", "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_folder_is_that_of_the_code() {
        let now = Command::json_schema();
        let kept: serde_json::Value =
            serde_json::from_str(include_str!("../../schema/command.json")).unwrap();
        assert!(now == kept, "schema/command.json should be:\n{now:#}");
    }
}
