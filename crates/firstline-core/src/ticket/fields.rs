//! The fields of a desk's own on a ticket: set by anybody's command and checked in one place.

use std::collections::BTreeMap;

use firstline_sla::Timestamp;

use super::Ticket;
use super::action::OpenTicket;
use super::decide::{Work, opening};
use super::fact::{TicketEvent, TicketFact};
use crate::custom::{
    FieldInput, FieldRefusal, FieldValue, MAX_TICKET_FIELDS, RequiredAt, TicketForm,
};
use crate::id::FieldId;
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

impl Work<'_> {
    /// Somebody fills fields in or clears them. What is there already is not set again. Conditions
    /// of forms are asked when all of it is set, so that a field may come with what brings it up.
    pub(super) fn set_fields(
        &mut self,
        given: &BTreeMap<FieldId, Option<FieldInput>>,
    ) -> Result<(), Refusal> {
        let custom = self.rulebook.custom();
        let mut fields = BTreeMap::new();
        for (id, input) in given {
            check_may_set(id, self.by, self.rulebook)?;
            let value = input.as_ref().map(|input| custom.read(id, input)).transpose()?;
            if self.ticket.fields.get(id) != value.as_ref() {
                fields.insert(id.clone(), value);
            }
        }
        if fields.is_empty() {
            return Ok(());
        }
        self.happen(TicketFact::FieldsSet { fields: fields.clone() });
        check_count(self.ticket.fields.len())?;
        for (id, _) in fields.iter().filter(|(_, value)| value.is_some()) {
            custom.check_on_form(id, &self.ticket)?;
        }
        // What was never asked for is not missed now; what is taken away is.
        if fields.values().any(Option::is_none)
            && let Err(FieldRefusal::Missing { form, fields: missing, at }) =
                custom.check_filled(RequiredAt::Opening, &self.ticket, self.by.role())
        {
            let cleared = missing.into_iter().filter(|id| fields.contains_key(id));
            let fields: Vec<FieldId> = cleared.collect();
            if !fields.is_empty() {
                return Err(FieldRefusal::Missing { form, fields, at }.into());
            }
        }
        self.attributes_changed()
    }

    /// Checks what an opening says against the form of such a ticket.
    pub(super) fn check_form(&self) -> Result<(), Refusal> {
        check_count(self.ticket.fields.len())?;
        for id in self.ticket.fields.keys() {
            self.rulebook.custom().check_on_form(id, &self.ticket)?;
        }
        self.check_filled(RequiredAt::Opening)
    }

    /// What is in those fields that the rulebook has, and that have a place on the form of such a
    /// ticket.
    pub(super) fn fields_with_a_place(&self) -> BTreeMap<FieldId, FieldValue> {
        let custom = self.rulebook.custom();
        let has_place = |id: &FieldId| {
            custom.field(id).is_ok() && custom.check_on_form(id, &self.ticket).is_ok()
        };
        let fields = self.ticket.fields.iter().filter(|(id, _)| has_place(id));
        fields.map(|(id, value)| (id.clone(), value.clone())).collect()
    }

    /// Checks that whoever acts has filled what the form requires of them.
    pub(super) fn check_filled(&self, at: RequiredAt) -> Result<(), Refusal> {
        Ok(self.rulebook.custom().check_filled(at, &self.ticket, self.by.role())?)
    }
}

fn check_count(count: usize) -> Result<(), FieldRefusal> {
    if count > MAX_TICKET_FIELDS {
        return Err(FieldRefusal::TooManyFields { count, most: MAX_TICKET_FIELDS });
    }
    Ok(())
}

fn check_may_set(id: &FieldId, actor: Actor, rulebook: &Rulebook) -> Result<(), FieldRefusal> {
    let needed = rulebook.custom().field(id)?.set_by;
    if actor.role() < needed {
        return Err(FieldRefusal::NotPermitted { field: id.clone(), actor, needed });
    }
    Ok(())
}

impl Rulebook {
    /// The fields that an opening gives.
    pub(super) fn read_fields(
        &self,
        given: &BTreeMap<FieldId, FieldInput>,
        by: Actor,
    ) -> Result<BTreeMap<FieldId, FieldValue>, Refusal> {
        check_count(given.len())?;
        let mut fields = BTreeMap::new();
        for (id, input) in given {
            check_may_set(id, by, self)?;
            fields.insert(id.clone(), self.custom().read(id, input)?);
        }
        Ok(fields)
    }

    /// The form of a ticket as somebody in this capacity sees it: for a host's screen. `None` if the
    /// rulebook has forms and none is meant for such a ticket.
    #[must_use]
    pub fn form(&self, ticket: &Ticket, viewer: Role) -> Option<TicketForm<'_>> {
        self.custom().form_for(ticket, viewer)
    }

    /// The form of a request that is still being written, as far as it is: what it says brings lines
    /// up and takes them away. What does not fit into its field counts as not given yet.
    #[must_use]
    pub fn form_of_request(
        &self,
        request: &OpenTicket,
        by: Actor,
        now: Timestamp,
    ) -> Option<TicketForm<'_>> {
        let read = |(id, input): (&FieldId, &FieldInput)| {
            Some((id.clone(), self.custom().read(id, input).ok()?))
        };
        let fields = request.fields.iter().filter_map(read).collect();
        let opened = TicketEvent::new(now, opening(request, (by, None), fields, self));
        let ticket = Ticket::begin(&opened).expect("an opening begins a ticket");
        self.form(&ticket, by.role())
    }
}

impl Ticket {
    pub(super) fn change_fields(&mut self, fields: &BTreeMap<FieldId, Option<FieldValue>>) {
        for (id, value) in fields {
            match value {
                Some(value) => self.fields.insert(id.clone(), value.clone()),
                None => self.fields.remove(id),
            };
        }
    }
}
