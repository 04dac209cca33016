//! Who gets which ticket: the floor as the journal knows it, and what was chosen upon it.

use std::collections::BTreeSet;

use firstline_core::{
    Actor, AgentId, Choice, Command, Floor, Party, PartyId, Presence, Refusal, Seat, Status,
    Ticket, TicketAction, TicketFilter, TicketId, Timestamp, Turn, Wanted, carry_out, give, route,
};
use firstline_store::{Found, MAX_PAGE, Reader, Receipt, Sort, TicketQuery};

use super::Desk;
use super::execute::Order;
use crate::error::Error;

/// How many of somebody's latest tickets are looked at to see when they last got one.
const LATEST: usize = 50;

impl Desk {
    /// Who would get a ticket among those who are there, and why not the others. Nothing is changed
    /// by asking.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket or agent.
    pub fn choose_agent(
        &self,
        ticket: TicketId,
        among: &BTreeSet<AgentId>,
    ) -> Result<Choice, Error> {
        let (rules, now) = (self.rulebook(), self.present()?);
        self.read(|journal| {
            let stored = journal.ticket(ticket)?.ok_or(Refusal::UnknownTicket(ticket))?;
            let floor = floor_for(journal, &stored.state, among, now)?;
            Ok(route(&Wanted::of(&stored.state, &rules), &floor, &rules, now))
        })
    }

    /// Says whether an agent is there. Where the rulebook gives tickets by itself, whoever comes online
    /// gets what has waited.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn set_presence(
        &self,
        by: Actor,
        agent: AgentId,
        presence: Presence,
    ) -> Result<Receipt, Error> {
        self.execute(Command::set_presence(by, agent, presence))
    }

    /// Gives a ticket to whoever is chosen among those who are there. One that nobody can have waits.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn route(
        &self,
        by: Actor,
        ticket: TicketId,
        among: BTreeSet<AgentId>,
    ) -> Result<Receipt, Error> {
        self.execute(Command::ticket(by, ticket, TicketAction::Route { among }))
    }

    /// Works off the tickets that wait for somebody, the most urgent first, in one commit: to be
    /// called when somebody comes, or has room again. Gives the numbers of those that were given.
    ///
    /// # Errors
    ///
    /// Those of [`execute_all`](Self::execute_all).
    pub fn route_waiting(
        &self,
        by: Actor,
        among: &BTreeSet<AgentId>,
    ) -> Result<Vec<TicketId>, Error> {
        let filter = TicketFilter {
            statuses: [Status::New, Status::Open].into(),
            assignees: [None].into(),
            ..TicketFilter::default()
        };
        let query = TicketQuery { sort: Sort::Priority, limit: MAX_PAGE, ..filter.into() };
        let waiting: Vec<TicketId> =
            self.tickets(&query)?.tickets.iter().map(|found| found.id).collect();
        let commands = waiting.iter().map(|ticket| {
            Command::ticket(by, *ticket, TicketAction::Route { among: among.clone() })
        });
        let outcomes = self.execute_all(commands)?;
        let given = waiting.into_iter().zip(outcomes);
        let given = given.filter(|(_, outcome)| outcome.as_ref().is_ok_and(|it| it.events > 0));
        Ok(given.map(|(ticket, _)| ticket).collect())
    }
}

impl Order<'_> {
    /// Gives a ticket to whoever is chosen for what it is now.
    pub(super) fn route(
        &mut self,
        id: TicketId,
        among: &BTreeSet<AgentId>,
    ) -> Result<Receipt, Error> {
        let (version, ticket) = self.load(id)?;
        let (by, now) = (self.by, self.now);
        let woken = carry_out(Some(ticket), &TicketAction::Wake, by, &self.rules.book, now)?;
        let Turn { ticket, mut events } = woken;
        let floor = floor_for(&*self.transaction, &ticket, among, now)?;
        let book = &self.rules.book;
        let choice = route(&Wanted::of(&ticket, book), &floor, book, now);
        let given = give(ticket, &choice, by, book, now)?;
        events.extend(given.events);
        self.record_turn(id, version, Turn { ticket: given.ticket, events })
    }
}

/// Those who are there, with what they carry beside this ticket and what they are offered.
fn floor_for(
    journal: &dyn Reader,
    ticket: &Ticket,
    among: &BTreeSet<AgentId>,
    now: Timestamp,
) -> Result<Floor, Error> {
    let mut seats = Vec::with_capacity(among.len());
    for &agent in among {
        seats.push((agent, seat(journal, agent)?));
    }
    let mut floor = Floor::new(seats);
    weigh_offers(journal, &mut floor, among)?;
    if let Some(agent) = ticket.assignee.filter(|_| weighs(ticket)) {
        floor.take(agent, ticket.channel, now);
    }
    Ok(floor)
}

/// Whether a ticket is for its agent to work on now.
fn weighs(ticket: &Ticket) -> bool {
    matches!(ticket.status, Status::New | Status::Open)
}

/// What somebody is offered may come to be theirs, so it takes their room.
pub(super) fn weigh_offers(
    journal: &dyn Reader,
    floor: &mut Floor,
    among: &BTreeSet<AgentId>,
) -> Result<(), Error> {
    if among.is_empty() {
        return Ok(());
    }
    let filter = TicketFilter {
        statuses: [Status::New, Status::Open].into(),
        assignees: [None].into(),
        offered: among.iter().copied().map(Some).collect(),
        ..TicketFilter::default()
    };
    for_each(journal, filter, |found| {
        if let Some(offer) = found.ticket.offer() {
            floor.burden(offer.agent, found.ticket.channel);
        }
    })
}

/// Goes through all that a filter finds.
pub(super) fn for_each(
    journal: &dyn Reader,
    filter: TicketFilter,
    mut look_at: impl FnMut(Found),
) -> Result<(), Error> {
    let mut query = TicketQuery { limit: MAX_PAGE, ..filter.into() };
    loop {
        let page = journal.find(&query)?;
        page.tickets.into_iter().for_each(&mut look_at);
        let Some(next) = page.next else { return Ok(()) };
        query.after = Some(next);
    }
}

pub(super) fn seat(journal: &dyn Reader, agent: AgentId) -> Result<Seat, Error> {
    let id = PartyId::Agent(agent);
    let known = journal.party(id)?.map(|stored| stored.state);
    let Some(Party::Agent(person)) = known else {
        return Err(id.unknown().into());
    };
    let mut seat = Seat::new(person);
    let theirs = TicketFilter { assignees: [Some(agent)].into(), ..TicketFilter::default() };
    let statuses = [Status::New, Status::Open].into();
    for_each(journal, TicketFilter { statuses, ..theirs.clone() }, |found| {
        seat.load = seat.load.saturating_add(seat.weight(found.ticket.channel));
    })?;
    let latest = TicketQuery { sort: Sort::Updated, limit: LATEST, ..theirs.into() };
    let latest = journal.find(&latest)?.tickets;
    seat.last_given = latest.iter().filter_map(|found| found.ticket.assigned_at).max();
    let last_touched = latest.iter().map(|found| found.ticket.updated_at).max();
    seat.idle_since = last_touched.max(seat.agent.presence_since).filter(|_| seat.load == 0);
    Ok(seat)
}
