//! What the schema of commands calls valid is read.

use firstline::Command;
use proptest::prelude::*;
use proptest::test_runner::TestRng;
use serde_json::{Map, Value, json};

/// Makes values that are valid by a schema.
struct Maker<'s> {
    root: &'s Value,
    lot: TestRng,
}

impl Maker<'_> {
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.lot.next_u64() % limit as u64).unwrap()
    }

    fn one_of<'v>(&mut self, values: &'v [Value]) -> &'v Value {
        &values[self.below(values.len())]
    }

    /// A value that is valid by this schema; a small one far inside.
    fn make(&mut self, schema: &Value, depth: usize) -> Value {
        if let Some(of) = schema.get("$ref").and_then(Value::as_str) {
            // Of texts the schema knows no more than that they are texts.
            return match of.trim_start_matches("#/$defs/") {
                "ClockKey" => json!("first_reply"),
                "Date" => json!("2026-05-09"),
                "WorkTime" => json!("2h 30m"),
                name => self.make(&self.root["$defs"][name], depth + 1),
            };
        }
        if let Some(word) = schema.get("const") {
            return word.clone();
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            return self.one_of(words).clone();
        }
        let any = ["oneOf", "anyOf"].into_iter().find_map(|key| schema.get(key)?.as_array());
        if let Some(forms) = any {
            let form = if depth > 12 { &forms[forms.len() - 1] } else { self.one_of(forms) };
            let mut made = self.make(form, depth + 1);
            if let (Value::Object(made), Value::Object(more)) =
                (&mut made, self.object(schema, depth))
            {
                made.extend(more);
            }
            return made;
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.one_of(kinds).clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("null") => Value::Null,
            Some("boolean") => (self.below(2) == 0).into(),
            Some("integer") => self.integer(schema),
            Some("number") => json!([0.0, 0.5, 12.25, -3.0][self.below(4)]),
            Some("string") => self.text(schema),
            Some("array") => {
                let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
                let count = least.max(if depth > 12 { 0 } else { self.below(3) });
                let mut made: Vec<Value> = Vec::new();
                for _ in 0..count {
                    let item = self.make(&schema["items"], depth + 1);
                    if schema["uniqueItems"] != json!(true) || !made.contains(&item) {
                        made.push(item);
                    }
                }
                made.into()
            }
            Some("object") => self.object(schema, depth),
            _ => panic!("what is this: {schema}"),
        }
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let least = schema["minimum"].as_i64().unwrap_or(i64::from(i32::MIN));
        let most = schema["maximum"].as_i64().unwrap_or(match schema["format"].as_str() {
            Some("uint8") => i64::from(u8::MAX),
            Some("uint16") => i64::from(u16::MAX),
            _ => i64::from(i32::MAX),
        });
        [least, most, 0, 1, 7, 60_000][self.below(6)].clamp(least, most).into()
    }

    fn text(&mut self, schema: &Value) -> Value {
        let texts = [
            "L1",
            "en",
            "2h",
            "lead",
            "",
            "EUR",
            "12.50",
            "Ünï 😀",
            "09:00",
            "0123456789abcdef0123456789ABCDEF",
        ];
        let fits = jsonschema::validator_for(schema).unwrap();
        let texts: Vec<Value> =
            texts.into_iter().map(Value::from).filter(|text| fits.is_valid(text)).collect();
        assert!(!texts.is_empty(), "no text is a {schema}");
        self.one_of(&texts).clone()
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let mut made = Map::new();
        let is_required = |key: &str| {
            schema["required"].as_array().is_some_and(|all| all.iter().any(|it| it == key))
        };
        let most = schema["maxProperties"].as_u64().unwrap_or(u64::MAX) as usize;
        let least = schema["minProperties"].as_u64().unwrap_or(0) as usize;
        if let Some(properties) = schema["properties"].as_object() {
            for (key, of) in properties {
                let is_wanted = depth < 12 && self.below(2) == 0 && made.len() < most;
                if is_required(key) || is_wanted {
                    made.insert(key.clone(), self.make(of, depth + 1));
                }
            }
            for (key, of) in properties.iter().take(least.saturating_sub(made.len())) {
                made.insert(key.clone(), self.make(of, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() && self.below(2) == 0 {
            made.insert("x".to_owned(), self.make(&schema["additionalProperties"], depth + 1));
        }
        made.into()
    }
}

#[test]
fn what_the_schema_calls_valid_is_read() {
    let schema = Command::json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let lot = TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha);
    let mut maker = Maker { root: &schema, lot };
    let mut read = 0;
    for _ in 0..3_000 {
        let command = maker.make(&schema, 0);
        if !validator.is_valid(&command) {
            continue;
        }
        let text = command.to_string();
        let outcome = serde_json::from_str::<Command>(&text);
        assert!(outcome.is_ok(), "{text}: {:?}", outcome.err());
        read += 1;
    }
    assert!(read > 2_000, "only {read} were valid");
}

#[test]
fn what_must_be_said_is_not_left_out() {
    let validator = jsonschema::validator_for(&Command::json_schema()).unwrap();
    let with = |action: Value| json!({ "actor": { "agent": 1 }, "ticket": 1, "action": action });
    for (name, key) in [("assign", "agent"), ("solved_by", "article"), ("snooze", "until")] {
        let without = with(json!({ name: {} }));
        let nothing = with(json!({ name: { key: null } }));
        assert!(!validator.is_valid(&without), "{without}");
        assert!(validator.is_valid(&nothing), "{nothing}");
        assert!(serde_json::from_value::<Command>(without).is_err());
        assert!(serde_json::from_value::<Command>(nothing).is_ok());
    }
    for input in [json!({}), json!([null]), json!({ "contact": 1, "agent": 1 })] {
        let command = with(json!({ "set_fields": { "fields": { "x": input } } }));
        assert!(!validator.is_valid(&command), "{command}");
    }
}
