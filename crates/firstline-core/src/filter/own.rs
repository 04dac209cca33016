//! What a filter can ask of the fields of a desk's own.

use core::mem::discriminant;
use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Decimal;

use super::error::FilterError;
use super::read::{Operator, Value};
use super::terms::Term;
use super::values::{NONE, Said};
use super::write::{escaped, quoted};
use crate::custom::{CustomField, FieldChoice, FieldKind, FieldValue};
use crate::date::Date;
use crate::id::FieldId;

/// The fields of a desk's own.
pub(super) type Own = BTreeMap<FieldId, CustomField>;

/// What stands before the id of a field of the desk's own wherever that is to be certain: the desk may
/// call a field what every ticket has, by now or later.
pub(crate) const OWN: &str = "field.";

/// What a field of the desk's own is called among all that can be asked.
pub(super) fn name(id: &FieldId) -> String {
    if super::knows(id.as_str()) { format!("{OWN}{id}") } else { id.to_string() }
}

/// What a field must hold. All that is said must be so; an empty query finds whatever it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldQuery {
    /// One of these; `None` stands for nothing. Of a field with several choices, one of them is
    /// enough: it is asked for as a [`Choice`](FieldValue::Choice).
    pub one_of: BTreeSet<Option<FieldValue>>,
    /// This number or day, or a later one.
    pub from: Option<FieldValue>,
    /// An earlier number or day than this one.
    pub before: Option<FieldValue>,
}

impl FieldQuery {
    /// Whether a field with this in it is found. A value of another kind than was asked for is not:
    /// the rulebook may have called something else by this name once.
    #[must_use]
    pub fn finds(&self, value: Option<&FieldValue>) -> bool {
        let is_of_kind =
            |bound: &FieldValue, found: &FieldValue| discriminant(bound) == discriminant(found);
        let is_from = self
            .from
            .as_ref()
            .is_none_or(|from| value.is_some_and(|value| is_of_kind(from, value) && value >= from));
        let is_before = self.before.as_ref().is_none_or(|before| {
            value.is_some_and(|value| is_of_kind(before, value) && value < before)
        });
        is_from && is_before && (self.one_of.is_empty() || self.is_one(value))
    }

    fn is_one(&self, value: Option<&FieldValue>) -> bool {
        match value {
            Some(FieldValue::Choices(chosen)) => {
                let word = |asked: &Option<FieldValue>| match asked {
                    Some(FieldValue::Choice(word)) => chosen.contains(word),
                    _ => false,
                };
                self.one_of.iter().any(word)
            }
            value => self.one_of.contains(&value.cloned()),
        }
    }

    /// As it is typed.
    pub(super) fn write(&self, id: &FieldId, terms: &mut Vec<String>) {
        let id = name(id);
        if !self.one_of.is_empty() {
            let shown = self.one_of.iter().map(|value| value.as_ref().map_or_else(none, show));
            terms.push(format!("{id}:{}", shown.collect::<Vec<_>>().join(",")));
        }
        terms.extend(self.from.as_ref().map(|from| format!("{id}>={}", show(from))));
        terms.extend(self.before.as_ref().map(|before| format!("{id}<{}", show(before))));
    }
}

fn none() -> String {
    NONE.to_owned()
}

fn show(value: &FieldValue) -> String {
    match value {
        FieldValue::Reference(referent) => referent.number().to_string(),
        // What is called so is not the same as nothing.
        FieldValue::Text(word) | FieldValue::Choice(word) if word == NONE => {
            format!("\"{}\"", escaped(word))
        }
        value => quoted(&value.to_string()),
    }
}

impl Term<'_> {
    /// Says what is asked of a field of the desk's own.
    pub(super) fn own_field(
        &self,
        fields: &mut BTreeMap<FieldId, FieldQuery>,
    ) -> Result<(), FilterError> {
        let typed = self.field.0;
        let id = FieldId::from(typed.strip_prefix(OWN).unwrap_or(typed));
        let field = &self.called.own[&id];
        let query = fields.entry(id).or_default();
        if self.operator == Operator::Is {
            self.is_first(query.one_of.is_empty())?;
            for value in &self.values {
                let is_none = value.text == NONE && !value.is_quoted;
                let meant = if is_none {
                    None
                } else {
                    Some(read(field, value).map_err(|said| said.at(&value.at))?)
                };
                query.one_of.insert(meant);
            }
            return Ok(());
        }
        if !matches!(
            field.kind,
            FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Date { .. }
        ) {
            return self.is_not_compared();
        }
        let typed = self.only()?;
        let value = read(field, typed).map_err(|said| said.at(&typed.at))?;
        // The values are steps: what is more than one of them is at least the next.
        let (from, before) = match self.operator {
            Operator::AtLeast => (Some(value), None),
            Operator::More => (next(&value), None),
            Operator::Less => (None, Some(value)),
            _ => (None, next(&value)),
        };
        let is_free = (from.is_none() || query.from.is_none())
            && (before.is_none() || query.before.is_none());
        self.is_first(is_free)?;
        query.from = query.from.take().or(from);
        query.before = query.before.take().or(before);
        Ok(())
    }
}

/// The value after this one; itself, where there is none.
fn next(value: &FieldValue) -> Option<FieldValue> {
    Some(match value {
        FieldValue::Integer(number) => FieldValue::Integer(number.saturating_add(1)),
        FieldValue::Decimal(number) => {
            FieldValue::Decimal(Decimal::from_units(number.units() + 1).unwrap_or(*number))
        }
        FieldValue::Date(date) => FieldValue::Date(date.next()),
        _ => return None,
    })
}

/// What was typed, as a value of a field. Its bounds do not matter: who asks for what cannot be
/// finds nothing.
fn read(field: &CustomField, typed: &Value) -> Result<FieldValue, Said> {
    let text = typed.text.as_str();
    let said = |what: &str, mend: String| Said { problem: format!("`{text}` is no {what}"), mend };
    match &field.kind {
        FieldKind::Text { .. } => Ok(FieldValue::Text(text.to_owned())),
        FieldKind::Integer { .. } => text
            .parse()
            .map(FieldValue::Integer)
            .map_err(|_| said("whole number", "write such as 42".to_owned())),
        FieldKind::Decimal { .. } => text
            .parse()
            .map(FieldValue::Decimal)
            .map_err(|_| said("decimal number", "write such as 12.50".to_owned())),
        FieldKind::Bool => text
            .parse()
            .map(FieldValue::Bool)
            .map_err(|_| said("yes or no", "write true or false".to_owned())),
        FieldKind::Date { .. } => text
            .parse::<Date>()
            .map(FieldValue::Date)
            .map_err(|_| said("date", "write such as 2026-03-02".to_owned())),
        FieldKind::Choice { among } | FieldKind::Choices { among, .. } => {
            let ids = || among.iter().map(|FieldChoice { id, .. }| quoted(id)).collect::<Vec<_>>();
            if among.iter().any(|choice| choice.id == text) {
                Ok(FieldValue::Choice(text.to_owned()))
            } else {
                Err(said("choice of it", format!("write one of {}", ids().join(", "))))
            }
        }
        FieldKind::Reference(kind) => text
            .trim_start_matches('#')
            .parse()
            .map(|number| FieldValue::Reference(kind.with(number)))
            .map_err(|_| said("number", "write such as 42".to_owned())),
    }
}
