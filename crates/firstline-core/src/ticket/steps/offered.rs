//! Where somebody may bring a ticket now: what a screen offers.

use std::sync::Arc;

use firstline_sla::Timestamp;

use super::super::decide::Work;
use super::super::lifecycle::Status;
use crate::filter::OWN;
use crate::id::FieldId;
use crate::lifecycle::{NamedStatus, OpenWay, Way};
use crate::limits::MAX_WAITS;
use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;

/// The ways that somebody may take with a ticket at a moment, from where it is then: what a screen offers.
/// Each is taken by [`TicketAction::Move`](crate::TicketAction::Move) once what it requires is filled, and
/// no other one is. A ticket that is closed or merged has none, one that waits for its parts does not end
/// before they do, and what was resolved too long ago is not reopened. To say that it waits for something else
/// is no way: it stays where it is, and agents do that.
///
/// Whether anybody is who they say is for the desk to know.
///
/// # Errors
///
/// A version of the rulebook is missing under which something became due on the ticket before that moment.
pub fn ways<'r>(
    ticket: &Ticket,
    by: Actor,
    rulebook: &'r Rulebook,
    now: Timestamp,
) -> Result<Vec<OpenWay<'r>>, Refusal> {
    let work = Work::go_on(ticket.clone(), by, rulebook, now)?;
    Ok(work.open_ways())
}

impl<'r> Work<'r> {
    fn open_ways(&self) -> Vec<OpenWay<'r>> {
        if self.check_changeable().is_err() {
            return Vec::new();
        }
        let (life, here) = self.whereabouts();
        let ways = life.ways_from(&here.id).filter(|(way, status)| self.is_open(way, status));
        ways.map(|(way, status)| OpenWay { way, status, requires: self.required(way, status) })
            .collect()
    }

    /// Whether nothing but what must be filled stands against a way.
    fn is_open(&self, way: &Way, status: &NamedStatus) -> bool {
        let is = self.ticket.status;
        way.by.is(self.by, self.rulebook)
            && match (is, status.category.is_open()) {
                (Status::Resolved, true) => self.check_reopening().is_ok(),
                (is, false) if is.is_open() => self.check_children().is_ok(),
                _ => true,
            }
            && (self.ticket.waits.len() < MAX_WAITS
                || status.category == is
                || status.category == Status::Closed)
    }

    /// What must be filled on a way: what it says, and what the form of the ticket asks of this actor
    /// where it is done by that.
    fn required(&self, way: &Way, status: &NamedStatus) -> Vec<Arc<str>> {
        let mut required = way.requires.clone();
        let ends = self.ticket.status.is_open() && !status.category.is_open();
        let custom = self.rulebook.custom();
        if ends && self.ticket.dismissed.is_none() {
            let form = custom.form_for(&self.ticket, self.by.role());
            let lines = form.map(|form| form.lines).unwrap_or_default();
            for line in lines.iter().filter(|line| line.required.is_some()) {
                let name = self.name_of(line.id);
                if !required.contains(&name) {
                    required.push(name);
                }
            }
        }
        required
    }

    /// A field of the desk's own as conditions and ways call it: what is called as every ticket's is told
    /// from that.
    fn name_of(&self, field: &FieldId) -> Arc<str> {
        match self.rulebook.is_of_every_ticket(field.as_str()) {
            true => format!("{OWN}{field}").into(),
            false => field.as_str().into(),
        }
    }
}
