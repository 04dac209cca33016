//! Tickets that wait for somebody get one as soon as there is one: who is online and has room is
//! looked up when something has happened that may make a difference, in the commit of what happened.

use std::collections::BTreeSet;

use firstline_core::{
    Actor, AgentId, Event, Floor, Party, PartyId, PartyKind, PartySearch, Presence, Status, Stream,
    TicketFact, TicketFilter, TicketId, Timestamp, Wanted, dispatch, route,
};
use firstline_store::{MAX_PAGE, PartyQuery};

use super::execute::Order;
use super::routing::{for_each, seat, weigh_offers};
use crate::error::Error;

/// What has happened that may make a difference to who gets what.
#[derive(Debug, Default)]
pub(super) struct Stir {
    /// Whether anything has.
    is_any: bool,
    /// The tickets that have come into the queue, or are to be looked at again.
    queued: BTreeSet<TicketId>,
}

impl Stir {
    /// Takes note of what is recorded.
    pub(super) fn take_note(&mut self, stream: Stream, events: &[Event]) {
        for event in events {
            match event {
                Event::Party(party) => self.is_any |= matches!(party, Party::Agent(_)),
                Event::Ticket(event) => {
                    self.is_any |= makes_room_or_takes_it(&event.fact);
                    if let (
                        TicketFact::Queued | TicketFact::OfferEnded { .. },
                        Stream::Ticket(id),
                    ) = (&event.fact, stream)
                    {
                        self.queued.insert(id);
                    }
                }
                _ => {}
            }
        }
    }
}

impl Order<'_> {
    /// Finds somebody for the tickets that wait for that, whoever's turn it is first. Gives how many
    /// records that made.
    ///
    /// A ticket that nobody can have does not stand in the way of the next one. Where nobody has room,
    /// only what has just come is looked at, to say so.
    pub(super) fn dispatch(&mut self) -> Result<usize, Error> {
        let stir = std::mem::take(&mut self.stir);
        if !stir.is_any || !self.rules.book.routes() {
            return Ok(0);
        }
        let online = self.online()?;
        let mut seats = Vec::with_capacity(online.len());
        for &agent in &online {
            seats.push((agent, seat(&*self.transaction, agent)?));
        }
        let mut floor = Floor::new(seats);
        weigh_offers(&*self.transaction, &mut floor, &online)?;
        let waiting = if floor.has_room() { self.waiting()? } else { self.turns(&stir.queued)? };
        let (by, command) = (std::mem::replace(&mut self.by, Actor::System), self.command.take());
        let mut records = 0;
        for (_, ticket) in waiting {
            records += self.dispatch_one(ticket, &mut floor)?;
        }
        self.spread()?;
        (self.by, self.command) = (by, command);
        Ok(records)
    }

    fn dispatch_one(&mut self, id: TicketId, floor: &mut Floor) -> Result<usize, Error> {
        let (version, ticket) = self.load(id)?;
        if !ticket.seeks_agent() || ticket.offer().is_some() {
            return Ok(0);
        }
        let (book, now) = (&self.rules.book, self.now);
        let wanted = Wanted::of(&ticket, book);
        let choice = route(&wanted, floor, book, now);
        // What is refused waits on. Whoever gave the command has done nothing wrong, and it was
        // carried out.
        let Ok(turn) = dispatch(ticket, &choice, book, now) else { return Ok(0) };
        let records = turn.events.len();
        if records > 0 {
            self.record_other(id, version, turn)?;
        }
        if let Some((agent, _)) = choice.chosen {
            floor.give(agent, wanted.channel, now);
        }
        Ok(records)
    }

    /// Those who take what comes.
    fn online(&self) -> Result<BTreeSet<AgentId>, Error> {
        let mut query = PartyQuery {
            search: Some(PartySearch::online()),
            kinds: [PartyKind::Agent].into(),
            limit: MAX_PAGE,
            ..PartyQuery::default()
        };
        let mut online = BTreeSet::new();
        loop {
            let page = self.transaction.find_parties(&query)?;
            online.extend(page.parties.iter().filter_map(|(id, party)| match (id, party) {
                (PartyId::Agent(id), Party::Agent(agent)) => {
                    (agent.presence == Presence::Online).then_some(*id)
                }
                _ => None,
            }));
            let Some(next) = page.next else { return Ok(online) };
            query.after = Some(next);
        }
    }

    /// All that wait for somebody and are offered to nobody, by their turns.
    fn waiting(&self) -> Result<Vec<(Timestamp, TicketId)>, Error> {
        let filter = TicketFilter {
            statuses: [Status::New, Status::Open].into(),
            assignees: [None].into(),
            offered: [None].into(),
            ..TicketFilter::default()
        };
        let mut waiting = Vec::new();
        let book = &self.rules.book;
        for_each(&*self.transaction, filter, |found| {
            waiting.extend(found.ticket.turn(found.id, book));
        })?;
        waiting.sort_unstable();
        Ok(waiting)
    }

    /// These tickets, by their turns.
    fn turns(&self, tickets: &BTreeSet<TicketId>) -> Result<Vec<(Timestamp, TicketId)>, Error> {
        let mut turns = Vec::with_capacity(tickets.len());
        for &id in tickets {
            turns.extend(self.load(id)?.1.turn(id, &self.rules.book));
        }
        turns.sort_unstable();
        Ok(turns)
    }
}

/// Whether a fact may be why somebody has room, or why a ticket needs somebody.
const fn makes_room_or_takes_it(fact: &TicketFact) -> bool {
    matches!(
        fact,
        TicketFact::Queued
            | TicketFact::OfferEnded { .. }
            | TicketFact::Assigned { .. }
            | TicketFact::HandedOver { .. }
            | TicketFact::StatusChanged { .. }
            | TicketFact::Snoozed { .. }
            | TicketFact::MergedInto { .. }
            | TicketFact::Separated { .. }
    )
}
