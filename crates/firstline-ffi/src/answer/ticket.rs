//! Tickets, lists of them, and parties.

use firstline::{
    Cursor, FilterWord, Found, Page, Party, PartyId, PartyPage, PartyPlace, Stored, Ticket,
    TicketId, Timestamp, Viewed,
};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct TicketAnswer {
    number: TicketId,
    version: u64,
    seq: u64,
    /// When the first of its running promises is due: what a list shows.
    due: Option<Timestamp>,
    ticket: Ticket,
}

pub(crate) fn stored(number: TicketId, stored: Stored<Ticket>) -> TicketAnswer {
    let Stored { version, seq, state } = stored;
    TicketAnswer { number, version, seq, due: state.due(), ticket: state }
}

#[derive(Serialize)]
pub(crate) struct PageAnswer {
    tickets: Vec<TicketAnswer>,
    next: Option<Cursor>,
    /// What the conversations were searched for.
    words: Vec<String>,
}

pub(crate) fn page(page: Page, words: &[FilterWord]) -> PageAnswer {
    let tickets = page.tickets.into_iter().map(|found| {
        let Found { id, version, seq, ticket } = found;
        TicketAnswer { number: id, version, seq, due: ticket.due(), ticket }
    });
    let words = words.iter().map(ToString::to_string).collect();
    PageAnswer { tickets: tickets.collect(), next: page.next, words }
}

#[derive(Serialize)]
pub(crate) struct ViewAnswer {
    name: String,
    filter: String,
    tickets: u64,
}

pub(crate) fn view(viewed: Viewed) -> ViewAnswer {
    let Viewed { name, asked, tickets } = viewed;
    ViewAnswer { name, filter: asked.to_string(), tickets }
}

#[derive(Serialize)]
pub(crate) struct PartiesAnswer {
    parties: Vec<PartyAnswer>,
    next: Option<PartyPlace>,
}

#[derive(Serialize)]
struct PartyAnswer {
    id: PartyId,
    party: Party,
}

pub(crate) fn parties(page: PartyPage) -> PartiesAnswer {
    let parties = page.parties.into_iter().map(|(id, party)| PartyAnswer { id, party });
    PartiesAnswer { parties: parties.collect(), next: page.next }
}
