//! What a host's screen offers.

use firstline::{
    CustomField, Date, FieldChoice, FieldId, FieldKind, FieldValue, FormLine, HoldReason, Language,
    OpenWay, RequiredAt, Status, StatusId, TicketForm,
};
use serde::Serialize;

/// A way that a ticket may go.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct WayAnswer {
    /// The status that it leads to, by its name.
    to: StatusId,
    /// What people read, such as on a button.
    label: String,
    /// What that status is to promises, lists and metrics.
    category: Status,
    /// What the ticket can wait for there; with one, that goes without saying.
    holds: Vec<HoldReason>,
    /// Which of the ticket's fields must be filled by then, by the lifecycle or by the form.
    requires: Vec<String>,
}

pub(crate) fn ways(ways: Vec<OpenWay<'_>>, language: &Language) -> Vec<WayAnswer> {
    let answer = |OpenWay { way, status, requires }: OpenWay<'_>| {
        let label = way.wording.as_ref().unwrap_or(&status.wording).in_language(language);
        WayAnswer {
            to: way.to.clone(),
            label: label.to_owned(),
            category: status.category,
            holds: status.holds.clone(),
            requires: requires.iter().map(|field| String::from(&**field)).collect(),
        }
    };
    ways.into_iter().map(answer).collect()
}

/// The form of a ticket as somebody sees it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct FormAnswer {
    /// What it is called; empty where the rulebook has no forms.
    name: String,
    /// Its lines from top to bottom.
    lines: Vec<LineAnswer>,
}

/// A line of a form.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LineAnswer {
    /// Which field.
    id: FieldId,
    /// What people read beside it.
    label: String,
    /// What can be in it.
    holds: HoldsAnswer,
    /// From when on whoever looks must fill it; null if never.
    required: Option<RequiredAt>,
    /// Whether whoever looks may set it.
    can_be_set: bool,
    /// What is in it.
    value: Option<FieldValue>,
}

/// What a field holds. Bounds are inside.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum HoldsAnswer {
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
        /// The least, such as `0.5`.
        least: String,
        /// The most.
        most: String,
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
        among: Vec<ChoiceOfField>,
    },
    /// Several of some choices.
    Choices {
        /// Which there are.
        among: Vec<ChoiceOfField>,
        /// How many of them at most.
        most: usize,
    },
    /// Somebody or something that the desk knows, by its number.
    Reference {
        /// What, such as `equipment`.
        to: &'static str,
    },
    /// Something that this version of the answer has no word for.
    Other,
}

/// A choice of a field.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ChoiceOfField {
    /// What rules and records call it.
    id: String,
    /// What people read.
    label: String,
}

pub(crate) fn form(form: TicketForm<'_>, language: &Language) -> FormAnswer {
    let line = |line: FormLine<'_>| {
        let FormLine { id, field, required, can_be_set, value } = line;
        let CustomField { label, kind, .. } = field;
        let label = label.in_language(language).to_owned();
        LineAnswer {
            id: id.clone(),
            label,
            holds: holds(kind, language),
            required,
            can_be_set,
            value,
        }
    };
    FormAnswer { name: form.name.to_owned(), lines: form.lines.into_iter().map(line).collect() }
}

fn holds(kind: &FieldKind, language: &Language) -> HoldsAnswer {
    let choices = |among: &[FieldChoice]| {
        let choice = |choice: &FieldChoice| ChoiceOfField {
            id: choice.id.clone(),
            label: choice.label.in_language(language).to_owned(),
        };
        among.iter().map(choice).collect()
    };
    match kind {
        FieldKind::Text { most } => HoldsAnswer::Text { most: *most },
        FieldKind::Integer { least, most } => HoldsAnswer::Integer { least: *least, most: *most },
        FieldKind::Decimal { digits, least, most } => HoldsAnswer::Decimal {
            digits: *digits,
            least: least.to_string(),
            most: most.to_string(),
        },
        FieldKind::Bool => HoldsAnswer::Bool,
        FieldKind::Date { least, most } => HoldsAnswer::Date { least: *least, most: *most },
        FieldKind::Choice { among } => HoldsAnswer::Choice { among: choices(among) },
        FieldKind::Choices { among, most } => {
            HoldsAnswer::Choices { among: choices(among), most: *most }
        }
        FieldKind::Reference(to) => HoldsAnswer::Reference { to: to.as_str() },
        _ => HoldsAnswer::Other,
    }
}
