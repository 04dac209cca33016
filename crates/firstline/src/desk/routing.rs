//! Who gets which ticket: the floor as the journal knows it, and what was chosen upon it.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Actor, AgentId, Channel, Choice, Command, Floor, Party, PartyId, Presence, Refusal,
    RoutingStrategy, Rulebook, Seat, Status, Ticket, TicketAction, TicketFilter, TicketId,
    Timestamp, Turn, Wanted, carry_out, give, route,
};
use firstline_store::{MAX_PAGE, Reader, Receipt, Sort, TicketQuery};

use super::Desk;
use super::execute::Order;
use crate::error::Error;

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
            let floor = floor_for(journal, &stored.state, among, &rules, now)?;
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
        let book = &self.rules.book;
        let floor = floor_for(&*self.transaction, &ticket, among, book, now)?;
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
    book: &Rulebook,
    now: Timestamp,
) -> Result<Floor, Error> {
    let mut floor = floor(journal, among, book)?;
    if let Some(agent) = ticket.assignee.filter(|_| weighs(ticket)) {
        floor.take(agent, ticket.channel, now);
    }
    Ok(floor)
}

/// Whether a ticket is for its agent to work on now.
fn weighs(ticket: &Ticket) -> bool {
    matches!(ticket.status, Status::New | Status::Open)
}

/// Those who are there, with what they carry and what they are offered.
pub(super) fn floor(
    journal: &dyn Reader,
    among: &BTreeSet<AgentId>,
    book: &Rulebook,
) -> Result<Floor, Error> {
    let seats = among.iter().map(|agent| Ok((*agent, seat(journal, *agent, book)?)));
    Ok(Floor::new(seats.collect::<Result<Vec<_>, Error>>()?))
}

fn seat(journal: &dyn Reader, agent: AgentId, book: &Rulebook) -> Result<Seat, Error> {
    let id = PartyId::Agent(agent);
    let known = journal.party(id)?.map(|stored| stored.state);
    let Some(Party::Agent(person)) = known else {
        return Err(id.unknown().into());
    };
    let mut seat = Seat::new(person);
    let work = journal.workload(agent)?;
    let weigh = |tickets: &BTreeMap<Channel, u32>| {
        let weights =
            tickets.iter().map(|(channel, count)| count.saturating_mul(seat.weight(*channel)));
        weights.fold(0, u32::saturating_add)
    };
    let (has, offered) = (weigh(&work.has), weigh(&work.offered));
    seat.last_given = work.last_given;
    if has == 0 && book.routes_by() == RoutingStrategy::LongestIdle {
        seat.idle_since = journal.last_touched(agent)?.max(seat.agent.presence_since);
    }
    // What somebody is offered may come to be theirs, so it takes their room.
    seat.load = has.saturating_add(offered);
    Ok(seat)
}
