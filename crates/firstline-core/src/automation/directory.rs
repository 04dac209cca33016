//! What letters say of people and things, whom a ticket knows by their numbers only.

use std::collections::BTreeMap;
use std::sync::Arc;

use firstline_sla::WallClock;

use crate::id::{ContactId, Language, TicketId};
use crate::people::{Party, PartyId};

/// Who the people and things are that rules may write of, and what was said last on tickets.
///
/// A desk says so before it decides, of those that the decision is about and only if a letter of its
/// rules [takes a name](crate::Rulebook::names_people). What a letter then says is recorded in its
/// words, so that a replay needs nobody's name. Whoever is not in it is called by their number.
///
/// ```
/// use firstline_core::{Contact, ContactId, Directory, Party, PartyId};
///
/// let mut directory = Directory::default();
/// directory.add(PartyId::Contact(ContactId(1)), &Party::Contact(Contact::new("Ada")));
/// assert!(directory.knows(PartyId::Contact(ContactId(1))));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    entries: BTreeMap<PartyId, Entry>,
    said: BTreeMap<TicketId, Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    clock: Option<WallClock>,
    language: Option<Language>,
}

impl Directory {
    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it has somebody or something.
    #[must_use]
    pub fn knows(&self, id: PartyId) -> bool {
        self.entries.contains_key(&id)
    }

    /// Takes in who somebody is, or what something is.
    pub fn add(&mut self, id: PartyId, party: &Party) {
        let (zone, language) = match party {
            Party::Contact(contact) => (contact.time_zone.as_deref(), contact.language.clone()),
            _ => (None, None),
        };
        let clock = zone.and_then(|zone| WallClock::of(zone).ok());
        let entry = Entry { name: party.name().to_owned(), clock, language };
        self.entries.insert(id, entry);
    }

    /// Leaves somebody or something out, of whom something else may be true now.
    pub fn forget(&mut self, id: PartyId) {
        self.entries.remove(&id);
    }

    /// Takes in what was [said](crate::TicketEvent::said) last on a ticket.
    pub fn quote(&mut self, ticket: TicketId, text: &str) {
        self.said.insert(ticket, text.into());
    }

    /// What somebody or something is called.
    pub(crate) fn name(&self, id: PartyId) -> String {
        self.entries.get(&id).map_or_else(|| id.to_string(), |entry| entry.name.clone())
    }

    /// The clock on the wall of somebody who asks.
    pub(crate) fn clock(&self, contact: ContactId) -> Option<WallClock> {
        self.entries.get(&PartyId::Contact(contact))?.clock
    }

    /// The language of somebody who asks.
    pub(crate) fn language(&self, contact: ContactId) -> Option<&Language> {
        self.entries.get(&PartyId::Contact(contact))?.language.as_ref()
    }

    /// What was said last on a ticket.
    pub(crate) fn said(&self, ticket: TicketId) -> Option<&str> {
        self.said.get(&ticket).map(AsRef::as_ref)
    }
}
