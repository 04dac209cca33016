//! What somebody has to do, as the tickets say.

use std::collections::BTreeMap;

use firstline_sla::Timestamp;

use super::Seat;
use crate::id::AgentId;
use crate::people::Agent;
use crate::ticket::{Channel, Ticket};

/// What an agent has to do and is offered, and when they last had a turn and were rid of something.
///
/// It is the sum of what every ticket says of the agent, those that they had long ago among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// How many tickets are theirs to work on, by the channel that each came in by.
    pub carried: BTreeMap<Channel, u32>,
    /// How many they are offered.
    pub offered: BTreeMap<Channel, u32>,
    /// When they last got one, declined one or let an offer run out: each was a turn of theirs. `None`
    /// for never.
    pub last_given: Option<Timestamp>,
    /// When one of theirs was last done, waited for others or went to somebody else; `None` for
    /// never.
    pub last_freed: Option<Timestamp>,
}

impl Workload {
    /// What one ticket says of an agent.
    #[must_use]
    pub fn on(ticket: &Ticket, agent: AgentId) -> Self {
        let one = |is_so: bool| is_so.then_some((ticket.channel, 1)).into_iter().collect();
        let had = ticket.had.get(&agent);
        Self {
            carried: one(ticket.worked_by() == Some(agent)),
            offered: one(ticket.offer().is_some_and(|offer| offer.agent == agent)),
            last_given: had.and_then(|had| had.given.max(had.declined)),
            last_freed: had.and_then(|had| had.freed),
        }
    }

    /// Takes in what another ticket, or several, say of the same agent.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in
            [(&mut self.carried, &other.carried), (&mut self.offered, &other.offered)]
        {
            for (channel, count) in more {
                *sum.entry(*channel).or_default() += count;
            }
        }
        self.last_given = self.last_given.max(other.last_given);
        self.last_freed = self.last_freed.max(other.last_freed);
    }
}

impl Ticket {
    /// The agents of whose [work](Workload) it says anything.
    pub fn agents(&self) -> impl Iterator<Item = AgentId> {
        let asked = self.offer().map(|offer| offer.agent);
        let asked = asked.filter(|agent| !self.had.contains_key(agent));
        self.had.keys().copied().chain(asked)
    }
}

impl Seat {
    /// Somebody who is there, with what they have to do. What they are offered may come to be theirs,
    /// so it takes their room.
    #[must_use]
    pub fn of(agent: Agent, work: &Workload) -> Self {
        let mut seat = Self::new(agent);
        for (channel, count) in work.carried.iter().chain(&work.offered) {
            seat.load = seat.load.saturating_add(seat.weight(*channel).saturating_mul(*count));
        }
        let is_idle = work.carried.is_empty();
        seat.last_given = work.last_given;
        seat.is_asked = !work.offered.is_empty();
        // Whoever declined had a turn: others have waited for longer.
        let idle_since = work.last_freed.max(work.last_given).max(seat.agent.presence_since);
        seat.idle_since = idle_since.filter(|_| is_idle);
        seat
    }
}
