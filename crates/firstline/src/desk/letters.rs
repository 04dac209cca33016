//! Who the people and things are that letters of rules write of: looked up before it is decided what
//! they write, and only if any letter says so.

use std::collections::BTreeSet;

use firstline_core::{
    CorruptJournal, Event, FieldValue, PartyId, Rulebook, Stream, Ticket, TicketEvent, TicketId,
    apply,
};
use firstline_store::{Reader, StoreError};

use super::execute::Order;
use crate::error::Error;

impl Order<'_> {
    /// A ticket that is about to be decided on, and its version.
    pub(super) fn take_up(&mut self, id: TicketId) -> Result<(u64, Ticket), Error> {
        let (version, ticket) = self.load(id)?;
        self.acquaint_with(id, &ticket)?;
        Ok((version, ticket))
    }

    /// Tells the rules who the people and things of a ticket are, and what was said on it last.
    pub(super) fn acquaint_with(&mut self, id: TicketId, ticket: &Ticket) -> Result<(), Error> {
        Ok(introduce_ticket(&mut self.rules.book, &*self.transaction, id, ticket)?)
    }

    /// Tells the rules who these are.
    pub(super) fn acquaint(
        &mut self,
        parties: impl IntoIterator<Item = PartyId>,
    ) -> Result<(), Error> {
        Ok(introduce(&mut self.rules.book, &*self.transaction, parties)?)
    }
}

/// Tells a rulebook who the people and things of a ticket are, and what was said on it last.
pub(super) fn introduce_ticket(
    book: &mut Rulebook,
    journal: &dyn Reader,
    id: TicketId,
    ticket: &Ticket,
) -> Result<(), StoreError> {
    if book.names_people() {
        introduce(book, journal, parties_of(ticket))?;
    }
    if book.quotes_messages() {
        let history = journal.history(Stream::Ticket(id))?;
        let said = history.iter().rev().find_map(|record| match &record.event {
            Event::Ticket(event) => event.said(),
            _ => None,
        });
        if let Some(said) = said {
            book.directory_mut().quote(id, said);
        }
    }
    Ok(())
}

/// Tells a rulebook who everybody was, and since which record, with whom a ticket ever had to do.
pub(super) fn introduce_all<'e>(
    book: &mut Rulebook,
    journal: &dyn Reader,
    events: impl Iterator<Item = &'e TicketEvent>,
) -> Result<(), Error> {
    if !book.names_people() {
        return Ok(());
    }
    let (mut ticket, mut parties) = (None, BTreeSet::new());
    for event in events {
        let after = apply(ticket, event)?;
        parties.extend(parties_of(&after));
        ticket = Some(after);
    }
    ticket.ok_or(CorruptJournal::NotOpened)?;
    for id in strangers(book, parties) {
        for record in journal.history(Stream::Party(id))? {
            if let Event::Party(party) = &record.event {
                book.directory_mut().add_since(id, party, record.seq);
            }
        }
    }
    Ok(())
}

/// Tells a rulebook who these are.
fn introduce(
    book: &mut Rulebook,
    journal: &dyn Reader,
    parties: impl IntoIterator<Item = PartyId>,
) -> Result<(), StoreError> {
    if !book.names_people() {
        return Ok(());
    }
    for id in strangers(book, parties) {
        if let Some(stored) = journal.party(id)? {
            book.directory_mut().add(id, &stored.state);
        }
    }
    Ok(())
}

/// Those of these whom a rulebook may write of and does not know. Whoever its rules name may come to have
/// to do with any ticket.
fn strangers(book: &Rulebook, parties: impl IntoIterator<Item = PartyId>) -> BTreeSet<PartyId> {
    let mut all = BTreeSet::from_iter(parties);
    if book.directory().is_empty() {
        all.extend(book.named().into_iter().filter_map(|named| named.party()));
    }
    all.retain(|id| book.names_any(id.kind()) && !book.directory().knows(*id));
    all
}

/// The people and things of a ticket, and of what it may be again: what it was before a merge, or
/// before it was dismissed.
fn parties_of(ticket: &Ticket) -> BTreeSet<PartyId> {
    let own = [
        Some(PartyId::Contact(ticket.requester)),
        ticket.organization.map(PartyId::Organization),
        ticket.equipment.map(PartyId::Equipment),
        ticket.assignee.map(PartyId::Agent),
        ticket.known_to.map(PartyId::Agent),
        ticket.offer().map(|offer| PartyId::Agent(offer.agent)),
    ];
    let mut all: BTreeSet<PartyId> = own.into_iter().flatten().collect();
    let named = ticket.fields.values().filter_map(|value| match value {
        FieldValue::Reference(referent) => referent.party(),
        _ => None,
    });
    all.extend(named);
    let merged = ticket.merged.as_ref().map(|merged| &merged.before);
    for before in merged.into_iter().chain(ticket.dismissed.as_deref()) {
        all.extend(parties_of(before));
    }
    all
}
