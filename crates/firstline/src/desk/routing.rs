//! Who gets which ticket: the floor as the journal knows it, and what was chosen upon it.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Actor, Agent, AgentId, Choice, Command, Floor, Party, PartyId, Presence, Refusal, Relation,
    Rulebook, Seat, Status, Ticket, TicketAction, TicketFilter, TicketId, Timestamp, Turn, Wanted,
    Workload, carry_out, give, route,
};
use firstline_store::{Found, MAX_PAGE, Reader, Receipt, Sort, TicketQuery};

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
            let floor = floor_for(journal, &stored.state, among, now)?;
            Ok(route(&wanted(journal, &stored.state, &rules)?, &floor, &rules, now))
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
        let (version, ticket) = self.take_up(id)?;
        let (by, now) = (self.by, self.now);
        let woken = carry_out(Some(ticket), &TicketAction::Wake, by, &self.rules.book, now)?;
        let Turn { ticket, mut events } = woken;
        let floor = floor_for(&*self.transaction, &ticket, among, now)?;
        let book = &self.rules.book;
        let wanted = wanted(&*self.transaction, &ticket, book)?;
        let choice = route(&wanted, &floor, book, now);
        self.acquaint(choice.chosen.map(|(agent, _)| PartyId::Agent(agent)))?;
        let given = give(ticket, &choice, by, &self.rules.book, now)?;
        events.extend(given.events);
        self.record_turn(id, version, Turn { ticket: given.ticket, events })
    }
}

/// Those who are there, with what they have to do beside this ticket.
fn floor_for(
    journal: &dyn Reader,
    ticket: &Ticket,
    among: &BTreeSet<AgentId>,
    now: Timestamp,
) -> Result<Floor, Error> {
    let mut floor = floor(journal, among)?;
    let asked = ticket.offer().map(|offer| offer.agent);
    if let Some(agent) = ticket.worked_by().or(asked) {
        floor.take(agent, ticket.channel, now);
    }
    Ok(floor)
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

/// Those who are there, with what they have to do.
pub(super) fn floor(journal: &dyn Reader, among: &BTreeSet<AgentId>) -> Result<Floor, Error> {
    let seats = among.iter().map(|agent| Ok((*agent, seat(journal, *agent)?)));
    Ok(Floor::new(seats.collect::<Result<Vec<_>, Error>>()?))
}

/// Somebody with what they have to do. Who asks knows that they are there.
pub(super) fn seat(journal: &dyn Reader, agent: AgentId) -> Result<Seat, Error> {
    Ok(Seat::of(person(journal, agent)?, &journal.workload(agent)?))
}

/// Somebody as they are, with what they have to do besides what they are offered.
pub(super) fn seat_without_offers(journal: &dyn Reader, agent: AgentId) -> Result<Seat, Error> {
    let person = person(journal, agent)?;
    let presence = person.presence;
    let work = Workload { offered: BTreeMap::new(), ..journal.workload(agent)? };
    Ok(Seat { presence, ..Seat::of(person, &work) })
}

fn person(journal: &dyn Reader, agent: AgentId) -> Result<Agent, Error> {
    let id = PartyId::Agent(agent);
    match journal.party(id)?.map(|stored| stored.state) {
        Some(Party::Agent(person)) => Ok(person),
        _ => Err(id.unknown().into()),
    }
}

/// What a ticket takes of whoever gets it. Of one that follows another and that nobody had yet, who
/// had the other knows the matter.
pub(super) fn wanted(
    journal: &dyn Reader,
    ticket: &Ticket,
    rulebook: &Rulebook,
) -> Result<Wanted, Error> {
    let mut wanted = Wanted::of(ticket, rulebook);
    let follows = ticket.related(Relation::FollowUpOf).max().filter(|_| !ticket.was_ever_given());
    if let Some(before) = follows {
        wanted.affinity = journal.ticket(before)?.and_then(|stored| stored.state.known_by());
    }
    Ok(wanted)
}
