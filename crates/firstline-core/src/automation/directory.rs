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
    /// Who each of them is, since which record; the latest last. Never empty for anybody.
    entries: Arc<BTreeMap<PartyId, Vec<(u64, Entry)>>>,
    said: BTreeMap<TicketId, Arc<str>>,
    /// As of which record they are asked for; now, if nothing is said.
    as_of: Option<u64>,
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

    /// Takes in who somebody is, or what something is, whatever was known of them.
    pub fn add(&mut self, id: PartyId, party: &Party) {
        self.forget(id);
        self.add_since(id, party, 0);
    }

    /// Takes in who somebody was from a record on, by its number: many are made in the same moment. It lies
    /// behind all that was known of them.
    pub fn add_since(&mut self, id: PartyId, party: &Party, since: u64) {
        let (zone, language) = match party {
            Party::Contact(contact) => (contact.time_zone.as_deref(), contact.language.clone()),
            _ => (None, None),
        };
        let clock = zone.and_then(|zone| WallClock::of(zone).ok());
        let entry = Entry { name: party.name().to_owned(), clock, language };
        let known = Arc::make_mut(&mut self.entries).entry(id).or_default();
        if known.last().is_none_or(|(_, latest)| *latest != entry) {
            known.push((since, entry));
        }
    }

    /// From now on, everybody is who they were when that record was made.
    pub(crate) fn look_back(&mut self, as_of: u64) {
        self.as_of = Some(as_of);
    }

    /// Leaves somebody or something out, of whom something else may be true now.
    pub fn forget(&mut self, id: PartyId) {
        if self.knows(id) {
            Arc::make_mut(&mut self.entries).remove(&id);
        }
    }

    /// Takes in what was [said](crate::TicketEvent::said) last on a ticket.
    pub fn quote(&mut self, ticket: TicketId, text: &str) {
        self.said.insert(ticket, text.into());
    }

    /// Whoever was saved later only is who they were first.
    fn entry(&self, id: PartyId) -> Option<&Entry> {
        let known = self.entries.get(&id)?;
        let is_then = |(since, _): &&(u64, Entry)| self.as_of.is_none_or(|at| *since <= at);
        let then = known.iter().rfind(is_then).or_else(|| known.first());
        then.map(|(_, entry)| entry)
    }

    /// What somebody or something is called.
    pub(crate) fn name(&self, id: PartyId) -> String {
        self.entry(id).map_or_else(|| id.to_string(), |entry| entry.name.clone())
    }

    /// The clock on the wall of somebody who asks.
    pub(crate) fn clock(&self, contact: ContactId) -> Option<WallClock> {
        self.entry(PartyId::Contact(contact))?.clock
    }

    /// The language of somebody who asks.
    pub(crate) fn language(&self, contact: ContactId) -> Option<&Language> {
        self.entry(PartyId::Contact(contact))?.language.as_ref()
    }

    /// What was said last on a ticket.
    pub(crate) fn said(&self, ticket: TicketId) -> Option<&str> {
        self.said.get(&ticket).map(AsRef::as_ref)
    }
}
