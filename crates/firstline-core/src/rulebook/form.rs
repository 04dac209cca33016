//! The two forms in which a rulebook can be written, and where in its text a key path leads.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};

use super::documents::Documents;
use super::error::{Findings, RulebookError};

/// How a rulebook is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Toml,
    Json,
}

impl Form {
    /// The form of a text: TOML never begins with a brace.
    pub(super) fn of(text: &str) -> Self {
        if text.trim_start().starts_with('{') { Self::Json } else { Self::Toml }
    }

    /// Checks that a text is in this form, as its reader was told.
    pub(super) fn check(self, text: &str, file: &str) -> Result<(), RulebookError> {
        let (problem, mend) = match (self, Self::of(text)) {
            (Self::Json, Self::Toml) => ("JSON begins with a brace", "is this TOML?"),
            (Self::Toml, Self::Json) => ("TOML does not begin with a brace", "is this JSON?"),
            _ => return Ok(()),
        };
        let documents = Documents::new(&[(file, text)]);
        let mut findings = Findings::new(&documents);
        findings.add("", problem, mend);
        Err(findings.into_error())
    }

    /// The text as its parser sees it.
    pub(super) fn layout(self, text: &str) -> Layout<'_> {
        match self {
            Self::Toml => DeTable::parse(text)
                .map_or(Layout::Unknown, |document| Layout::Toml(document.into_inner())),
            Self::Json => Layout::Json(text),
        }
    }
}

/// Where things stand in a text.
pub(super) enum Layout<'t> {
    Toml(DeTable<'t>),
    Json(&'t str),
    Unknown,
}

impl Layout<'_> {
    /// Where in the text a key path leads: to its deepest part that is written there.
    pub(super) fn offset_of(&self, path: &str) -> usize {
        let steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
        match self {
            Self::Toml(document) => offset_in_toml(document, steps),
            Self::Json(text) => offset_in_json(text, steps),
            Self::Unknown => 0,
        }
    }
}

fn offset_in_toml<'p>(document: &DeTable<'_>, mut steps: impl Iterator<Item = &'p str>) -> usize {
    let Some((key, value)) = steps.next().and_then(|step| document.get_key_value(step)) else {
        return 0;
    };
    let mut offset = key.span().start;
    let mut value = value.get_ref();
    for step in steps {
        match value {
            DeValue::Table(table) => {
                let Some((key, inner)) = table.get_key_value(step) else {
                    return offset;
                };
                offset = key.span().start;
                value = inner.get_ref();
            }
            DeValue::Array(items) => {
                let Some(inner) = step.parse().ok().and_then(|index: usize| items.get(index))
                else {
                    return offset;
                };
                offset = inner.span().start;
                value = inner.get_ref();
            }
            _ => return offset,
        }
    }
    offset
}

fn offset_in_json<'p>(text: &str, steps: impl Iterator<Item = &'p str>) -> usize {
    let mut value = text.trim();
    for step in steps {
        let index = step.parse::<usize>().ok();
        let items = serde_json::from_str::<Vec<&RawValue>>(value);
        let inner = match (items, index) {
            (Ok(items), Some(index)) => items.get(index).copied(),
            _ => serde_json::from_str::<BTreeMap<String, &RawValue>>(value)
                .ok()
                .and_then(|table| table.get(step).copied()),
        };
        let Some(inner) = inner else {
            break;
        };
        value = inner.get();
    }
    // What the parser lends is a part of the text itself.
    value.as_ptr() as usize - text.as_ptr() as usize
}
