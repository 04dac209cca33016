//! Who gets a ticket, and why not the others.
//!
//! | to change | see |
//! |---|---|
//! | who can have a ticket at all | `eligible.rs` |
//! | who of those gets it; how a queue is worked off | `choose.rs` |
//! | whose turn it is in the queue | `turn.rs` |
//! | what somebody has to do, and when they last got something | `workload.rs` |
//! | how a ticket waits in the queue, is offered, taken and declined | `ticket/queue.rs` |
//! | what is against it | `refusal.rs` |
//! | how a choice is recorded | `reasons.rs` |
//! | in which words that is told | `text.rs`, `russian.rs` |
//! | what can be written about it | `rulebook/check/routing.rs` |
//!
//! A function like the rest: the floor, with all who work there and what they carry, is an argument,
//! and so is the time. Eligibility comes first and nothing beats it: neither who had the matter
//! before, nor who has nothing to do.

mod choose;
mod eligible;
#[cfg(test)]
mod properties;
mod reasons;
mod refusal;
mod russian;
#[cfg(test)]
mod stories;
mod text;
mod turn;
mod workload;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Change, Condition, Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

pub use choose::{drain, route};
pub use eligible::{Objection, against_offer};
pub use reasons::RoutingReasons;
pub use refusal::RoutingRefusal;
pub(crate) use turn::Patience;
pub use workload::Workload;

use crate::id::{AgentId, Language, LineId, Skill, TeamId};
use crate::people::Agent;
use crate::rulebook::Rulebook;
use crate::ticket::{Channel, Discipline, Ticket};

/// Those who answer, as they are now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Floor {
    seats: BTreeMap<AgentId, Seat>,
}

/// One of those who answer, as they are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// What the person can do, where, when and how much.
    pub agent: Agent,
    /// Whether the person is there.
    pub presence: Presence,
    /// What the person carries: the weights of the tickets that wait for them.
    pub load: u32,
    /// When the person last had a turn: got a ticket, declined one or let an offer run out. `None` for
    /// never.
    pub last_given: Option<Timestamp>,
    /// Whether the person is being asked about a ticket: their turn is now.
    pub is_asked: bool,
    /// Since when the person has had nothing to do and was asked nothing; `None` for always, and while
    /// there is something.
    pub idle_since: Option<Timestamp>,
}

/// Whether somebody is there to take a ticket.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Presence {
    /// There, and takes what comes.
    Online,
    /// There, and takes nothing new.
    Away,
    /// Not there.
    #[default]
    Offline,
}

/// How a desk chooses among those who can have a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RoutingStrategy {
    /// Who carries the least.
    #[default]
    LeastLoaded,
    /// Whose last turn is the longest ago: who was given one or asked to take one, whatever they said.
    RoundRobin,
    /// Who has had nothing to do the longest.
    LongestIdle,
}

/// What a ticket takes of whoever gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Somebody of this line,
    pub line: LineId,
    /// of this team,
    pub team: Option<TeamId>,
    /// of this trade,
    pub discipline: Option<Discipline>,
    /// who answers in this language,
    pub language: Option<Language>,
    /// has these skills, at least so well,
    pub skills: BTreeMap<Skill, u8>,
    /// has room for what comes in by this channel,
    pub channel: Channel,
    /// and has not declined it.
    pub declined: BTreeSet<AgentId>,
    /// Best somebody who knows the matter already.
    pub affinity: Option<AgentId>,
}

/// What the rulebook says of routing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routing {
    pub(crate) by: RoutingStrategy,
    /// Whether every ticket that nobody has waits for somebody to be found.
    pub(crate) is_automatic: bool,
    /// How long whoever is chosen has to accept; `None` if they simply get it.
    pub(crate) offer: Option<WorkTime>,
    /// How long a ticket of each priority may let others go first.
    pub(crate) patience: Patience,
    /// Which tickets take which skill.
    pub(crate) skills: Vec<SkillNeed>,
}

#[derive(Clone, Debug)]
pub(crate) struct SkillNeed {
    pub(crate) when: Condition,
    pub(crate) skill: Skill,
    pub(crate) level: u8,
}

/// Who gets a ticket, and why not the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Choice {
    /// Who gets it, and what spoke for them. `None` if nobody can have it now: it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<(AgentId, Merit)>,
    /// Those who could have had it, the next best first, with what spoke for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<(AgentId, Merit)>,
    /// Those who could not, with all that stands against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<(AgentId, Vec<Objection>)>,
    /// How many others there were of whom nothing is kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub others: u32,
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Choice {
    /// That somebody was chosen, of whom nobody knows any more what spoke for them.
    pub(crate) fn of(agent: AgentId) -> Self {
        let merit = Merit {
            by: RoutingStrategy::LeastLoaded,
            knows_the_matter: false,
            load: 0,
            last_given: None,
            is_asked: false,
            idle_since: None,
        };
        let (passed_over, excluded) = (Vec::new(), Vec::new());
        Self { chosen: Some((agent, merit)), passed_over, excluded, others: 0 }
    }
}

/// What speaks for somebody who can have a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Merit {
    /// By which measure they were compared.
    pub by: RoutingStrategy,
    /// Whether they know the matter already, which goes before the measure.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub knows_the_matter: bool,
    /// What they carry.
    pub load: u32,
    /// When they last had a turn: got a ticket, declined one or let an offer run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_given: Option<Timestamp>,
    /// Whether they were being asked about another one.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_asked: bool,
    /// Since when they have had nothing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_since: Option<Timestamp>,
}

impl Seat {
    /// Somebody who is there and has never had anything to do.
    #[must_use]
    pub const fn new(agent: Agent) -> Self {
        let presence = Presence::Online;
        let (last_given, is_asked, idle_since) = (None, false, None);
        Self { agent, presence, load: 0, last_given, is_asked, idle_since }
    }

    /// What a ticket of this channel would weigh for them.
    #[must_use]
    pub fn weight(&self, channel: Channel) -> u32 {
        self.agent.capacity.as_ref().map_or(1, |capacity| capacity.weight(channel))
    }
}

impl Floor {
    /// Those who answer. In which order they come makes no difference.
    pub fn new(seats: impl IntoIterator<Item = (AgentId, Seat)>) -> Self {
        Self { seats: seats.into_iter().collect() }
    }

    /// One of them.
    #[must_use]
    pub fn seat(&self, agent: AgentId) -> Option<&Seat> {
        self.seats.get(&agent)
    }

    /// All of them, by their numbers.
    pub fn seats(&self) -> impl Iterator<Item = (AgentId, &Seat)> {
        self.seats.iter().map(|(agent, seat)| (*agent, seat))
    }

    /// Whether anybody may have room for anything.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.seats.values().any(|seat| {
            seat.agent.capacity.as_ref().is_none_or(|capacity| {
                seat.load < capacity.total || capacity.weights.values().any(|weight| *weight == 0)
            })
        })
    }

    /// Somebody got a ticket of this channel.
    pub fn give(&mut self, agent: AgentId, channel: Channel, now: Timestamp) {
        if let Some(seat) = self.seats.get_mut(&agent) {
            seat.load = seat.load.saturating_add(seat.weight(channel));
            seat.last_given = Some(now);
            seat.idle_since = None;
        }
    }

    /// Somebody may get a ticket of this channel: room is kept for it.
    pub fn burden(&mut self, agent: AgentId, channel: Channel) {
        if let Some(seat) = self.seats.get_mut(&agent) {
            seat.load = seat.load.saturating_add(seat.weight(channel));
        }
    }

    /// Somebody is rid of a ticket of this channel.
    pub fn take(&mut self, agent: AgentId, channel: Channel, now: Timestamp) {
        if let Some(seat) = self.seats.get_mut(&agent) {
            seat.load = seat.load.saturating_sub(seat.weight(channel));
            if seat.load == 0 {
                seat.idle_since = Some(now);
            }
        }
    }
}

impl Wanted {
    /// What a ticket takes, by the rules in force. Who [knows the matter](Ticket::known_by) is best.
    #[must_use]
    pub fn of(ticket: &Ticket, rulebook: &Rulebook) -> Self {
        let mut skills = BTreeMap::new();
        for need in &rulebook.routing().skills {
            if need.when.holds(Change::none(ticket)) {
                let level = skills.entry(need.skill.clone()).or_insert(need.level);
                *level = need.level.max(*level);
            }
        }
        Self {
            line: ticket.line.clone(),
            team: ticket.team.clone(),
            discipline: ticket.discipline,
            language: ticket.language.clone(),
            skills,
            channel: ticket.channel,
            declined: ticket.queue.as_ref().map_or_else(BTreeSet::new, |it| it.declined.clone()),
            affinity: ticket.known_by(),
        }
    }

    /// What every ticket takes that [waits in the same queue](Ticket::waits_in): whoever cannot have
    /// this can have none of them.
    #[must_use]
    pub fn of_queue(self) -> Self {
        let (skills, declined) = (BTreeMap::new(), BTreeSet::new());
        Self { skills, declined, affinity: None, ..self }
    }
}
