//! Tickets that wait for somebody get one as soon as there is one: who is online and has room is
//! looked up when something has happened that may make a difference, in the commit of what happened.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use firstline_core::{
    AgentId, Choice, Floor, Party, PartyId, PartyKind, PartySearch, Presence, Priority, TicketId,
    Timestamp, Wanted, dispatch, route,
};
use firstline_store::{MAX_PAGE, PartyQuery};

use super::execute::Order;
use super::routing::{floor, wanted};
use super::stir::Stir;
use crate::error::Error;

/// How many tickets of a row are read at once: more than mostly get somebody.
const ROW: usize = 16;

/// Tickets of one priority that wait in one queue, by their turns.
struct Row {
    queue: usize,
    priority: Priority,
    /// Those that were read and not looked at yet.
    ahead: VecDeque<(Timestamp, TicketId)>,
    /// Behind whom to read on.
    last: Option<(Timestamp, TicketId)>,
}

/// A queue, and what everything in it takes of whoever gets it.
struct Queue {
    name: String,
    wanted: Wanted,
}

impl Order<'_> {
    /// Finds somebody for the tickets that wait for that, whoever's turn it is first. Gives how many
    /// records that made.
    ///
    /// A ticket that nobody can have does not stand in the way of the next one. Only queues are looked
    /// at for which somebody has room, and as long as somebody has; what has just come is looked at in
    /// any case, to say so.
    pub(super) fn give_out(&mut self, stir: &Stir) -> Result<usize, Error> {
        if stir.queued.is_empty() && self.transaction.queues()?.is_empty() {
            return Ok(0);
        }
        let mut floor = floor(&*self.transaction, &self.online()?)?;
        let mut seen = BTreeSet::new();
        let mut records = 0;
        if floor.has_room() {
            records += self.work_off(&mut floor, &mut seen)?;
        }
        for (_, ticket) in self.turns(&stir.queued)? {
            if seen.insert(ticket) {
                records += self.dispatch_one(ticket, &mut floor)?;
            }
        }
        Ok(records)
    }

    /// Works off the queues. Each is left when nobody can have anything in it any more.
    fn work_off(
        &mut self,
        floor: &mut Floor,
        seen: &mut BTreeSet<TicketId>,
    ) -> Result<usize, Error> {
        let (queues, mut rows) = self.queues()?;
        let mut turns = BTreeMap::new();
        for (index, row) in rows.iter_mut().enumerate() {
            turns.extend(self.next_turn(&queues, row)?.map(|turn| (turn, index)));
        }
        let mut records = 0;
        while let Some(((_, ticket), index)) = turns.pop_first() {
            let row = &mut rows[index];
            if self.choice(&queues[row.queue], floor).chosen.is_none() {
                continue;
            }
            seen.insert(ticket);
            records += self.dispatch_one(ticket, floor)?;
            turns.extend(self.next_turn(&queues, row)?.map(|turn| (turn, index)));
        }
        for queue in &queues {
            records += self.wait_for_the_hour(queue, floor, seen)?;
        }
        Ok(records)
    }

    /// Where nobody can have anything only because of the hour, one ticket in a queue wakes the desk when
    /// it has come, for all of them.
    fn wait_for_the_hour(
        &mut self,
        queue: &Queue,
        floor: &mut Floor,
        seen: &mut BTreeSet<TicketId>,
    ) -> Result<usize, Error> {
        let choice = self.choice(queue, floor);
        let back = choice.look_again(self.now, &self.rules.book, self.now);
        let Some(back) = back.filter(|_| choice.chosen.is_none()) else { return Ok(0) };
        let mut records = 0;
        for &priority in Priority::ALL {
            let mut last = None;
            loop {
                let some = self.transaction.queued(&queue.name, priority, last, ROW)?;
                let Some(end) = some.last() else { break };
                last = Some(*end);
                for (_, ticket) in some {
                    if seen.insert(ticket) {
                        records += self.dispatch_one(ticket, floor)?;
                    }
                    // One that takes more than others here may be held for longer, or without an hour.
                    if self.load(ticket)?.1.held_until().is_some_and(|until| until <= back) {
                        return Ok(records);
                    }
                }
            }
        }
        Ok(records)
    }

    /// The queues in which somebody waits, and the rows in them.
    fn queues(&self) -> Result<(Vec<Queue>, Vec<Row>), Error> {
        let (mut queues, mut rows) = (Vec::new(), Vec::new());
        for name in self.transaction.queues()? {
            let mut first = None;
            for &priority in Priority::ALL {
                let ahead = self.transaction.queued(&name, priority, None, ROW)?;
                let ahead = VecDeque::from(ahead);
                first = first.or_else(|| ahead.front().copied());
                let (queue, last) = (queues.len(), ahead.back().copied());
                rows.push(Row { queue, priority, ahead, last });
            }
            if let Some((_, ticket)) = first {
                let (_, ticket) = self.load(ticket)?;
                let wanted = Wanted::of(&ticket, &self.rules.book).of_queue();
                queues.push(Queue { name, wanted });
            }
        }
        Ok((queues, rows))
    }

    /// Whose turn it is next in a row.
    fn next_turn(
        &self,
        queues: &[Queue],
        row: &mut Row,
    ) -> Result<Option<(Timestamp, TicketId)>, Error> {
        if row.ahead.is_empty() && row.last.is_some() {
            let name = &queues[row.queue].name;
            row.ahead = self.transaction.queued(name, row.priority, row.last, ROW)?.into();
            row.last = row.ahead.back().copied();
        }
        let next = row.ahead.pop_front();
        Ok(next.map(|(since, ticket)| self.rules.book.turn(row.priority, since, ticket)))
    }

    /// Who would get a ticket of a queue that takes nothing beyond what all in it do.
    fn choice(&self, queue: &Queue, floor: &Floor) -> Choice {
        route(&queue.wanted, floor, &self.rules.book, self.now)
    }

    fn dispatch_one(&mut self, id: TicketId, floor: &mut Floor) -> Result<usize, Error> {
        let (version, ticket) = self.take_up(id)?;
        if !ticket.seeks_agent() || ticket.offer().is_some() {
            return Ok(0);
        }
        let (book, now) = (&self.rules.book, self.now);
        let wanted = wanted(&*self.transaction, &ticket, book)?;
        let choice = route(&wanted, floor, book, now);
        self.acquaint(choice.chosen.map(|(agent, _)| PartyId::Agent(agent)))?;
        // What is refused waits on. Whoever gave the command has done nothing wrong, and it was
        // carried out.
        let by = (&self.rules.book, self.fired_on(id));
        let Ok(turn) = dispatch(ticket, &choice, by, now) else { return Ok(0) };
        let records = self.record_by_itself(id, version, turn)?;
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
