//! Why a field was not set, or something else not done for the want of one.

use firstline_sla::Decimal;
use serde::Serialize;

use super::form::RequiredAt;
use super::value::FieldInput;
use crate::date::Date;
use crate::id::FieldId;
use crate::people::{Actor, Role};

/// Why a field was not set, or something else not done for the want of one. It is for the caller to
/// act, and nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum FieldRefusal {
    /// The rulebook has no such field.
    #[error("the rulebook has no field `{field}`; it has {known}", known = list(known))]
    Unknown {
        /// What was given.
        field: FieldId,
        /// What there is.
        known: Vec<FieldId>,
    },
    /// What was given is nothing that the field holds.
    #[error("`{field}` is {expected}, not {found}")]
    WrongKind {
        /// Which field.
        field: FieldId,
        /// What it holds.
        expected: &'static str,
        /// What was given.
        found: FieldInput,
    },
    /// A number beyond the bounds of its field.
    #[error("{found} is no `{field}`; it can be from {least} to {most}")]
    IntegerOutOfBounds {
        /// Which field.
        field: FieldId,
        /// What was given.
        found: i64,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A decimal number beyond the bounds of its field.
    #[error("{found} is no `{field}`; it can be from {least} to {most}")]
    DecimalOutOfBounds {
        /// Which field.
        field: FieldId,
        /// What was given.
        found: Decimal,
        /// The least.
        least: Decimal,
        /// The most.
        most: Decimal,
    },
    /// A decimal number that is more exact than its field.
    #[error("{found} is too exact for `{field}`, which has {digits} digits behind the point")]
    TooExact {
        /// Which field.
        field: FieldId,
        /// What was given.
        found: Decimal,
        /// How many digits it may have there.
        digits: u8,
    },
    /// A day beyond the bounds of its field.
    #[error("{found} is no `{field}`; it can be {bound}")]
    DateOutOfBounds {
        /// Which field.
        field: FieldId,
        /// What was given.
        found: Date,
        /// What it can be, such as `up to 2026-01-01`.
        bound: String,
    },
    /// A text that is too long.
    #[error("the text of `{field}` has {found} characters, more than {most}")]
    TooLong {
        /// Which field.
        field: FieldId,
        /// How many characters it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// A text that is none.
    #[error("the text of `{field}` {why}")]
    NoText {
        /// Which field.
        field: FieldId,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// A choice that there is not.
    #[error("`{field}` has no choice `{found}`; it has {known}", known = known.join(", "))]
    NoSuchChoice {
        /// Which field.
        field: FieldId,
        /// What was given.
        found: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The same choice twice.
    #[error("`{field}` was given `{found}` twice")]
    ChosenTwice {
        /// Which field.
        field: FieldId,
        /// What.
        found: String,
    },
    /// More choices than may be made.
    #[error("{found} choices of `{field}` are more than {most}")]
    TooManyChosen {
        /// Which field.
        field: FieldId,
        /// How many were given.
        found: usize,
        /// How many it may be.
        most: usize,
    },
    /// More fields than a ticket may have.
    #[error("{count} fields are more than {most}")]
    TooManyFields {
        /// How many there would be.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// Somebody else may set it.
    #[error("{actor} may not set `{field}`: that takes {needed}")]
    NotPermitted {
        /// Which field.
        field: FieldId,
        /// Who tried.
        actor: Actor,
        /// Who may.
        needed: Role,
    },
    /// No form is meant for such a ticket.
    #[error("`{field}` is on no form of this ticket: no form in the rulebook is meant for it")]
    NoForm {
        /// Which field.
        field: FieldId,
    },
    /// The form of the ticket does not have it, or not as the ticket is.
    #[error("`{field}` is not on the form `{form}` of this ticket: {because}")]
    NotOnForm {
        /// Which field.
        field: FieldId,
        /// Which form.
        form: String,
        /// Which condition does not hold, or which fields it has instead.
        because: String,
    },
    /// What the form requires is not given: all that is missing.
    #[error("the form `{form}` requires {fields} {at}", fields = list(fields))]
    Missing {
        /// Which form.
        form: String,
        /// Which fields.
        fields: Vec<FieldId>,
        /// For what.
        at: RequiredAt,
    },
}

fn list(fields: &[FieldId]) -> String {
    if fields.is_empty() {
        return "none".to_owned();
    }
    fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ")
}
