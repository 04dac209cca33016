//! Keys that stand twice in a table of a JSON text. Readers of JSON take the last one, and nobody
//! would hear of the other.

use core::fmt;
use std::collections::BTreeSet;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

/// The most that are told.
const MAX_DOUBLES: usize = 20;

/// The key paths that are written twice. A text that is no JSON has none: what reads it says why.
pub(super) fn doubles(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let look = Look { path: &mut String::new(), found: &mut found };
    let _ = look.deserialize(&mut serde_json::Deserializer::from_str(text));
    found
}

/// Looks into a value, which stands at this path.
struct Look<'l> {
    path: &'l mut String,
    found: &'l mut Vec<String>,
}

impl Look<'_> {
    /// Does something a step further down.
    fn below<T>(&mut self, step: &str, look: impl FnOnce(Look<'_>) -> T) -> T {
        let length = self.path.len();
        if length > 0 && !step.starts_with('[') {
            self.path.push('.');
        }
        self.path.push_str(step);
        let done = look(Look { path: &mut *self.path, found: &mut *self.found });
        self.path.truncate(length);
        done
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let path = self.below(&key, |look| look.path.clone());
            self.below(&key, |look| map.next_value_seed(look))?;
            if !keys.insert(key) && self.found.len() < MAX_DOUBLES {
                self.found.push(path);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        for index in 0.. {
            if self.below(&format!("[{index}]"), |look| seq.next_element_seed(look))?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
