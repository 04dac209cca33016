//! What a condition of a rule can look at.

use firstline_sla::{Facts, Value};

use crate::ticket::{Ticket, TicketEvent, TicketFact};

/// A ticket, and the words that somebody has just written on it.
pub(crate) struct Scene<'t> {
    ticket: &'t Ticket,
    text: Option<&'t str>,
}

impl<'t> Scene<'t> {
    /// The ticket after these events.
    pub(crate) fn new(ticket: &'t Ticket, events: &'t [TicketEvent]) -> Self {
        let words = |event: &'t TicketEvent| match &event.fact {
            TicketFact::Opened { text, .. } | TicketFact::MessageAdded { text, .. } => {
                Some(text.as_str())
            }
            _ => None,
        };
        // What a rule wrote is not what somebody said.
        let mut said = events.iter().filter(|event| event.rule.is_none());
        Self { ticket, text: said.find_map(words) }
    }
}

impl Facts for Scene<'_> {
    fn value(&self, field: &str) -> Option<Value<'_>> {
        if field == "text" { self.text.map(Value::Text) } else { self.ticket.value(field) }
    }
}
