//! A form: which fields a ticket of some sort has, when each is there, and when it is required.

use core::fmt;

use firstline_sla::{Change, Condition};
use serde::Serialize;

use super::Custom;
use super::field::CustomField;
use super::refusal::FieldRefusal;
use super::value::FieldValue;
use crate::id::FieldId;
use crate::people::Role;
use crate::ticket::Ticket;

/// The fields of a sort of ticket.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) name: String,
    /// Which tickets it is for.
    pub(crate) when: Condition,
    pub(crate) fields: Vec<FormField>,
}

/// A field on a form.
#[derive(Debug)]
pub(crate) struct FormField {
    pub(crate) field: FieldId,
    pub(crate) required: Option<RequiredAt>,
    /// When it is there.
    pub(crate) when: Condition,
}

/// From when on a field must have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RequiredAt {
    /// When the ticket is opened, and from then on.
    Opening,
    /// When the ticket is resolved.
    Resolving,
}

impl RequiredAt {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Opening, Self::Resolving];

    /// The word for it in a rulebook.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Resolving => "resolving",
        }
    }
}

impl fmt::Display for RequiredAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Opening => "before the ticket is opened, and from then on",
            Self::Resolving => "before the ticket is resolved",
        })
    }
}

/// The form of a ticket as somebody sees it: for a host's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketForm<'r> {
    /// What it is called; empty where the rulebook has no forms.
    pub name: &'r str,
    /// Its lines from top to bottom: those that are there as the ticket is, and that this viewer
    /// sees.
    pub lines: Vec<FormLine<'r>>,
}

/// A line of a [`TicketForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormLine<'r> {
    /// Which field.
    pub id: &'r FieldId,
    /// What can be in it.
    pub field: &'r CustomField,
    /// From when on this viewer must fill it.
    pub required: Option<RequiredAt>,
    /// Whether this viewer may set it.
    pub can_be_set: bool,
    /// What is in it.
    pub value: Option<FieldValue>,
}

impl Form {
    /// The lines that are there as the ticket is.
    fn shown<'f>(&'f self, ticket: &Ticket) -> impl Iterator<Item = &'f FormField> {
        self.fields.iter().filter(|line| line.when.holds(Change::none(ticket)))
    }
}

impl Custom {
    /// Refuses a field that has no place on a ticket as it is. Where there are no forms every field
    /// has one.
    pub(crate) fn check_on_form(
        &self,
        field: &FieldId,
        ticket: &Ticket,
    ) -> Result<(), FieldRefusal> {
        if self.forms.is_empty() {
            return Ok(());
        }
        let field = field.clone();
        let Some(form) = self.form_of(ticket) else {
            return Err(FieldRefusal::NoForm { field });
        };
        let because = match form.fields.iter().find(|line| line.field == field) {
            Some(line) if line.when.holds(Change::none(ticket)) => return Ok(()),
            Some(line) => line.when.explain(Change::none(ticket)).to_string(),
            None => {
                let known: Vec<&str> = form.fields.iter().map(|it| it.field.as_str()).collect();
                format!("it has {}", known.join(", "))
            }
        };
        Err(FieldRefusal::NotOnForm { field, form: form.name.clone(), because })
    }

    /// Refuses what is not filled as the form requires, all of it at once. Nobody is asked for what
    /// they may not set. What is required at the opening is required from then on.
    pub(crate) fn check_filled(
        &self,
        at: RequiredAt,
        ticket: &Ticket,
        role: Role,
    ) -> Result<(), FieldRefusal> {
        let Some(form) = self.form_of(ticket) else {
            return Ok(());
        };
        let missing = form.shown(ticket).filter(|line| {
            line.required.is_some_and(|required| required <= at)
                && !ticket.fields.contains_key(&line.field)
                && self.fields.get(&line.field).is_some_and(|field| field.set_by <= role)
        });
        let fields: Vec<FieldId> = missing.map(|line| line.field.clone()).collect();
        if fields.is_empty() {
            return Ok(());
        }
        Err(FieldRefusal::Missing { form: form.name.clone(), fields, at })
    }

    /// The form of a ticket as somebody sees it; `None` if no form is meant for it.
    pub(crate) fn form_for(&self, ticket: &Ticket, role: Role) -> Option<TicketForm<'_>> {
        let line = |id, required| {
            let (id, field) = self.fields.get_key_value(id)?;
            let can_be_set = field.set_by <= role;
            let required = if can_be_set { required } else { None };
            let value = ticket.fields.get(id).cloned();
            (field.seen_by <= role).then_some(FormLine { id, field, required, can_be_set, value })
        };
        if self.forms.is_empty() {
            let lines = self.fields.keys().filter_map(|id| line(id, None)).collect();
            return Some(TicketForm { name: "", lines });
        }
        let form = self.form_of(ticket)?;
        let lines = form.shown(ticket).filter_map(|it| line(&it.field, it.required)).collect();
        Some(TicketForm { name: &form.name, lines })
    }
}
