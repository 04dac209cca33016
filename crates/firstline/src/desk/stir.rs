//! What has happened on the floor: who has to be looked for, who is asked no longer.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Actor, AgentId, Bearing, Event, Offer, PartyId, Refusal, RoutingRefusal, Status, Stream,
    TicketAction, TicketFilter, TicketId, Timestamp, Turn, Wanted, against_offer, enlist, withdraw,
};
use firstline_store::{Receipt, State};

use super::execute::Order;
use super::routing::{for_each, seat, seat_without_offers};
use crate::error::Error;

/// What has happened that may make a difference to who gets what.
#[derive(Debug, Default)]
pub(super) struct Stir {
    /// Whether anything has.
    is_any: bool,
    /// Whether other rules have come into force.
    pub(super) is_by_rules: bool,
    /// The tickets that have come into the queue, or are to be looked at again.
    pub(super) queued: BTreeSet<TicketId>,
    /// Those who may not have any more what they are offered.
    asked: BTreeSet<AgentId>,
}

impl Stir {
    /// Takes note of what is recorded, and of what a stream is by that.
    pub(super) fn take_note(&mut self, stream: Stream, events: &[Event], state: &State) {
        match (stream, state) {
            (Stream::Party(PartyId::Agent(agent)), _) => {
                self.is_any = true;
                self.asked.insert(agent);
            }
            (Stream::Ticket(id), State::Ticket(ticket)) => {
                let bearing = |event: &Event| match event {
                    Event::Ticket(event) => event.fact.bearing(),
                    _ => Bearing::None,
                };
                match events.iter().map(bearing).max() {
                    Some(Bearing::Floor) => {}
                    Some(Bearing::Ticket) if ticket.seeks_agent() => {}
                    _ => return,
                }
                self.is_any = true;
                self.asked.extend(ticket.worked_by());
                match ticket.offer() {
                    Some(offer) => self.asked.extend([offer.agent]),
                    None if ticket.seeks_agent() => self.queued.extend([id]),
                    None => {}
                }
            }
            _ => {}
        }
    }
}

impl Order<'_> {
    /// What follows for others from what has happened: rules that came into force look at the tickets
    /// that there are, and the floor is put in order. Whoever cannot have any more what they are
    /// offered is asked no longer, and somebody is found for the tickets that wait for that. Gives how
    /// many records that made.
    pub(super) fn dispatch(&mut self) -> Result<usize, Error> {
        let (by, command) = (std::mem::replace(&mut self.by, Actor::System), self.command.take());
        let mut records = if self.stir.is_by_rules { self.begin_review()? } else { 0 };
        records += self.find_somebody()?;
        (self.by, self.command) = (by, command);
        Ok(records)
    }

    fn find_somebody(&mut self) -> Result<usize, Error> {
        let mut stir = std::mem::take(&mut self.stir);
        if !(stir.is_any || stir.is_by_rules) || !self.rules.book.routes() {
            return Ok(0);
        }
        let mut records = if stir.is_by_rules { self.enlist()? } else { 0 };
        records += self.withdraw(&stir)?;
        stir.queued.append(&mut self.stir.queued);
        records += self.give_out(&stir)?;
        self.spread()?;
        Ok(records)
    }

    /// After other rules came into force: the tickets that nobody has come into the queue if it is one
    /// in which all of them wait.
    fn enlist(&mut self) -> Result<usize, Error> {
        let mut left = Vec::new();
        for_each(&*self.transaction, nobodys(), |found| {
            left.extend(found.ticket.queue.is_none().then_some(found.id));
        })?;
        let mut records = 0;
        for id in left {
            let (version, ticket) = self.take_up(id)?;
            // What is refused stays as it is, as when somebody is found for it.
            if let Ok(turn) = enlist(ticket, (&self.rules.book, self.fired_on(id)), self.now) {
                records += self.record_by_itself(id, version, turn)?;
            }
        }
        Ok(records)
    }

    /// Ends the offers to those who may not have them any more. Of several for which there is no room,
    /// those stand that run out first.
    fn withdraw(&mut self, stir: &Stir) -> Result<usize, Error> {
        let mut offers = BTreeMap::<AgentId, BTreeSet<(Timestamp, TicketId)>>::new();
        let statuses = [Status::New, Status::Open].into();
        let mut filter = TicketFilter { statuses, ..TicketFilter::default() };
        if stir.is_by_rules {
            filter.none.push(TicketFilter { offered: [None].into(), ..TicketFilter::default() });
        } else {
            for &agent in &stir.asked {
                if !self.transaction.workload(agent)?.offered.is_empty() {
                    filter.offered.insert(Some(agent));
                }
            }
            if filter.offered.is_empty() {
                return Ok(0);
            }
        }
        for_each(&*self.transaction, filter, |found| {
            if let Some(Offer { agent, until }) = found.ticket.offer() {
                offers.entry(agent).or_default().insert((until, found.id));
            }
        })?;
        let mut records = 0;
        for (agent, theirs) in offers {
            let mut seat = seat_without_offers(&*self.transaction, agent)?;
            for (_, id) in theirs {
                let (version, ticket) = self.take_up(id)?;
                let (wanted, channel) = (Wanted::of(&ticket, &self.rules.book), ticket.channel);
                let against = against_offer(&wanted, (agent, &seat), &self.rules.book, self.now);
                if against.is_empty() {
                    seat.load = seat.load.saturating_add(seat.weight(channel));
                    continue;
                }
                let by = (&self.rules.book, self.fired_on(id));
                if let Ok(turn) = withdraw(ticket, against, by, self.now) {
                    records += self.record_by_itself(id, version, turn)?;
                }
            }
        }
        Ok(records)
    }

    /// Records what came of a ticket without anybody's command.
    pub(super) fn record_by_itself(
        &mut self,
        id: TicketId,
        version: u64,
        turn: Turn,
    ) -> Result<usize, Error> {
        let records = turn.events.len();
        if records > 0 {
            self.note_fired(id, &turn.events, |_| true);
            self.record_other(id, version, turn)?;
        }
        Ok(records)
    }

    /// Whoever it is offered to takes it, if they may have it still.
    pub(super) fn accept_offer(&mut self, id: TicketId) -> Result<Receipt, Error> {
        let (_, ticket) = self.load(id)?;
        if let Some(Offer { agent, .. }) =
            ticket.offer().filter(|it| self.by == Actor::Agent(it.agent))
        {
            let mut seat = seat(&*self.transaction, agent)?;
            seat.load = seat.load.saturating_sub(seat.weight(ticket.channel));
            let wanted = Wanted::of(&ticket, &self.rules.book);
            let against = against_offer(&wanted, (agent, &seat), &self.rules.book, self.now);
            if !against.is_empty() {
                return Err(Refusal::from(RoutingRefusal::OfferVoid { agent, against }).into());
            }
        }
        self.on_ticket(Some(id), &TicketAction::AcceptOffer)
    }
}

/// The tickets that are to be worked on, and that nobody has and nobody is asked to take.
fn nobodys() -> TicketFilter {
    TicketFilter {
        statuses: [Status::New, Status::Open].into(),
        assignees: [None].into(),
        offered: [None].into(),
        ..TicketFilter::default()
    }
}
