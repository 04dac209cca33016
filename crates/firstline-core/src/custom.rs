//! Fields of a desk's own on its tickets, and the forms that ask for them.
//!
//! | to change | see |
//! |---|---|
//! | what a field can hold, and how a value is written | `custom/value.rs` |
//! | what fits into a field | `custom/field.rs` |
//! | which form a ticket has, what is asked when | `custom/form.rs` |
//! | why a value was refused | `custom/refusal.rs` |
//! | how a ticket's fields are set | `ticket/fields.rs` |
//! | how fields and forms are written, and what is refused | `rulebook/authored/forms.rs`, `rulebook/check/forms.rs` |
//!
//! What somebody gives is an [input](FieldInput), as plain as JSON has it. The field makes a
//! [value](FieldValue) of it, which says itself what it is: so it is recorded, and replay needs no
//! rulebook to know what it has.

mod field;
mod form;
mod refusal;
#[cfg(test)]
mod stories;
mod value;

pub use field::{CustomField, FieldChoice, FieldKind, MAX_FIELD_CHARACTERS};
pub(crate) use form::{Form, FormField};
pub use form::{FormLine, RequiredAt, TicketForm};
pub use refusal::FieldRefusal;
pub(crate) use value::unique;
pub use value::{FieldInput, FieldValue, ReferenceKind, Referent};

use std::collections::BTreeMap;

use crate::id::FieldId;
use crate::ticket::Ticket;
use firstline_sla::Change;

/// The most fields of its own that one ticket may have: they are part of the state that each
/// command rewrites.
pub const MAX_TICKET_FIELDS: usize = 100;

/// The fields and forms of a rulebook.
#[derive(Debug, Default)]
pub(crate) struct Custom {
    pub(crate) fields: BTreeMap<FieldId, CustomField>,
    /// The first whose condition holds is the form of a ticket.
    pub(crate) forms: Vec<Form>,
}

impl Custom {
    /// What somebody gives for a field, as a value of it.
    pub(crate) fn read(
        &self,
        id: &FieldId,
        input: &FieldInput,
    ) -> Result<FieldValue, FieldRefusal> {
        self.field(id)?.read(id, input)
    }

    pub(crate) fn field(&self, id: &FieldId) -> Result<&CustomField, FieldRefusal> {
        self.fields.get(id).ok_or_else(|| FieldRefusal::Unknown {
            field: id.clone(),
            known: self.fields.keys().cloned().collect(),
        })
    }

    /// The form of a ticket as it is now.
    pub(crate) fn form_of(&self, ticket: &Ticket) -> Option<&Form> {
        self.forms.iter().find(|form| form.when.holds(Change::none(ticket)))
    }
}
