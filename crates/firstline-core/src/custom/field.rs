//! A field of a desk's own: what fits into it, who may set it and who sees it.

use std::collections::BTreeSet;

use firstline_sla::{Decimal, Field, FieldType};

use super::refusal::FieldRefusal;
use super::value::{FieldInput, FieldValue, ReferenceKind};
use crate::date::Date;
use crate::id::FieldId;
use crate::label::Label;
use crate::limits::check_text;
use crate::people::Role;

/// The longest text in a field, in characters: what is longer is a message.
pub const MAX_FIELD_CHARACTERS: usize = 4_000;

/// A field of a desk's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// What people read beside it.
    pub label: Label,
    /// What it holds.
    pub kind: FieldKind,
    /// Who may set it at least.
    pub set_by: Role,
    /// Who sees it at least.
    pub seen_by: Role,
}

/// What a field holds. Bounds are inside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Words.
    Text {
        /// How many characters at most.
        most: usize,
    },
    /// A whole number.
    Integer {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A decimal number.
    Decimal {
        /// How many digits behind the point at most.
        digits: u8,
        /// The least.
        least: Decimal,
        /// The most.
        most: Decimal,
    },
    /// Yes or no.
    Bool,
    /// A day.
    Date {
        /// The first.
        least: Option<Date>,
        /// The last.
        most: Option<Date>,
    },
    /// One of some choices.
    Choice {
        /// Which there are.
        among: Vec<FieldChoice>,
    },
    /// Several of some choices.
    Choices {
        /// Which there are.
        among: Vec<FieldChoice>,
        /// How many of them at most.
        most: usize,
    },
    /// Somebody or something that the desk knows.
    Reference(ReferenceKind),
}

/// One of the choices of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChoice {
    /// What rules and records call it.
    pub id: String,
    /// What people read.
    pub label: Label,
}

impl FieldKind {
    /// What it holds, with an article.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Text { .. } => "a text",
            Self::Integer { .. } => "a whole number",
            Self::Decimal { .. } => "a decimal number",
            Self::Bool => "true or false",
            Self::Date { .. } => "a date such as 2026-03-02",
            Self::Choice { .. } => "one of its choices",
            Self::Choices { .. } => "a list of its choices",
            Self::Reference(ReferenceKind::Contact) => "a contact, written {\"contact\": 1}",
            Self::Reference(ReferenceKind::Organization) => {
                "an organization, written {\"organization\": 1}"
            }
            Self::Reference(ReferenceKind::Agent) => "an agent, written {\"agent\": 1}",
            Self::Reference(ReferenceKind::Equipment) => "equipment, written {\"equipment\": 1}",
            Self::Reference(ReferenceKind::Ticket) => "a ticket, written {\"ticket\": 1}",
        }
    }
}

impl CustomField {
    /// What conditions know of it.
    pub(crate) fn as_condition_field(&self) -> Field {
        let ids = |among: &'_ [FieldChoice]| -> Vec<String> {
            among.iter().map(|choice| choice.id.clone()).collect()
        };
        Field::new(match &self.kind {
            FieldKind::Text { .. } => FieldType::Text,
            FieldKind::Integer { .. } | FieldKind::Reference(_) => FieldType::Integer,
            FieldKind::Decimal { .. } => FieldType::Decimal,
            FieldKind::Bool => FieldType::Flag,
            FieldKind::Date { .. } => FieldType::Date,
            FieldKind::Choice { among } => FieldType::words(ids(among).iter().map(String::as_str)),
            FieldKind::Choices { among, .. } => {
                FieldType::list_of(ids(among).iter().map(String::as_str))
            }
        })
    }

    /// What somebody gives, as a value of this field.
    ///
    /// # Errors
    ///
    /// It is of another kind, beyond the bounds, or none of the choices.
    pub fn read(&self, id: &FieldId, input: &FieldInput) -> Result<FieldValue, FieldRefusal> {
        let field = || id.clone();
        let wrong = || FieldRefusal::WrongKind {
            field: field(),
            expected: self.kind.as_str(),
            found: input.clone(),
        };
        Ok(match (&self.kind, input) {
            (FieldKind::Text { most }, FieldInput::Text(text)) => {
                FieldValue::Text(read_text(id, text, *most)?)
            }
            (FieldKind::Integer { least, most }, FieldInput::Integer(found)) => {
                if !(least..=most).contains(&found) {
                    let (found, least, most) = (*found, *least, *most);
                    return Err(FieldRefusal::IntegerOutOfBounds {
                        field: field(),
                        found,
                        least,
                        most,
                    });
                }
                FieldValue::Integer(*found)
            }
            (FieldKind::Decimal { .. }, _) => {
                FieldValue::Decimal(self.read_decimal(id, decimal(input).ok_or_else(wrong)?)?)
            }
            (FieldKind::Bool, FieldInput::Bool(flag)) => FieldValue::Bool(*flag),
            (FieldKind::Date { least, most }, FieldInput::Text(text)) => {
                let found: Date = text.parse().map_err(|_| wrong())?;
                let early = least.filter(|least| found < *least).map(|it| format!("from {it} on"));
                let late = most.filter(|most| found > *most).map(|it| format!("up to {it}"));
                if let Some(bound) = early.or(late) {
                    return Err(FieldRefusal::DateOutOfBounds { field: field(), found, bound });
                }
                FieldValue::Date(found)
            }
            (FieldKind::Choice { among }, FieldInput::Text(word)) => {
                check_choice(id, word, among)?;
                FieldValue::Choice(word.clone())
            }
            (FieldKind::Choices { among, most }, FieldInput::List(words)) => {
                FieldValue::Choices(read_choices(id, words, among, *most)?)
            }
            (FieldKind::Reference(kind), FieldInput::Reference(found)) if found.kind() == *kind => {
                FieldValue::Reference(*found)
            }
            _ => return Err(wrong()),
        })
    }

    fn read_decimal(&self, id: &FieldId, found: Decimal) -> Result<Decimal, FieldRefusal> {
        let FieldKind::Decimal { digits, least, most } = self.kind else {
            return Ok(found);
        };
        let field = id.clone();
        if found.digits() > digits {
            return Err(FieldRefusal::TooExact { field, found, digits });
        }
        if !(least..=most).contains(&found) {
            return Err(FieldRefusal::DecimalOutOfBounds { field, found, least, most });
        }
        Ok(found)
    }
}

fn decimal(input: &FieldInput) -> Option<Decimal> {
    match input {
        FieldInput::Decimal(number) => Some(*number),
        FieldInput::Integer(number) => number.to_string().parse().ok(),
        FieldInput::Text(text) => text.parse().ok(),
        FieldInput::Bool(_) | FieldInput::List(_) | FieldInput::Reference(_) => None,
    }
}

fn read_text(id: &FieldId, text: &str, most: usize) -> Result<String, FieldRefusal> {
    let field = id.clone();
    let found = text.chars().count();
    if found > most {
        return Err(FieldRefusal::TooLong { field, found, most });
    }
    if text.trim().is_empty() {
        let why = "is empty; give none at all to clear the field".to_owned();
        return Err(FieldRefusal::NoText { field, why });
    }
    match check_text("it", text) {
        Ok(()) => Ok(text.to_owned()),
        Err(refusal) => Err(FieldRefusal::NoText { field, why: format!("is none: {refusal}") }),
    }
}

fn check_choice(id: &FieldId, word: &str, among: &[FieldChoice]) -> Result<(), FieldRefusal> {
    if among.iter().any(|choice| choice.id == word) {
        return Ok(());
    }
    Err(FieldRefusal::NoSuchChoice {
        field: id.clone(),
        found: word.chars().take(40).collect(),
        known: among.iter().map(|choice| choice.id.clone()).collect(),
    })
}

fn read_choices(
    id: &FieldId,
    words: &[String],
    among: &[FieldChoice],
    most: usize,
) -> Result<BTreeSet<String>, FieldRefusal> {
    let field = || id.clone();
    if words.is_empty() {
        let why = "is empty; give none at all to clear the field".to_owned();
        return Err(FieldRefusal::NoText { field: field(), why });
    }
    if words.len() > most {
        return Err(FieldRefusal::TooManyChosen { field: field(), found: words.len(), most });
    }
    let mut chosen = BTreeSet::new();
    for word in words {
        check_choice(id, word, among)?;
        if !chosen.insert(word.clone()) {
            return Err(FieldRefusal::ChosenTwice { field: field(), found: word.clone() });
        }
    }
    Ok(chosen)
}
