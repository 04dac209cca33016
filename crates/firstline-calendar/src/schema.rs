//! JSON Schema of the types that are not derived from their fields.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{TimeOfDay, Timestamp, WorkTime};

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Milliseconds since 1970-01-01T00:00:00Z.",
            "type": "integer",
            "minimum": Self::MIN.as_millis(),
            "maximum": Self::MAX.as_millis(),
        })
    }
}

impl JsonSchema for WorkTime {
    fn schema_name() -> Cow<'static, str> {
        "WorkTime".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        if generator.contract().is_serialize() {
            return json_schema!({
                "description": "Milliseconds of working time.",
                "type": "integer",
            });
        }
        json_schema!({
            "description": "Working time, such as `2h 30m` or `PT2H30M`, or milliseconds.",
            "anyOf": [{ "type": "string" }, { "type": "integer" }],
        })
    }
}

impl JsonSchema for TimeOfDay {
    fn schema_name() -> Cow<'static, str> {
        "TimeOfDay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The wall clock, HH:MM from 00:00 to 24:00.",
            "type": "string",
            "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::CalendarSpec;

    #[test]
    fn the_schema_in_the_folder_is_that_of_the_code() {
        let now = schemars::schema_for!(CalendarSpec).to_value();
        let kept: Value = serde_json::from_str(include_str!("../schema/calendar.json")).unwrap();
        assert!(now == kept, "schema/calendar.json should be:\n{now:#}");
    }
}
