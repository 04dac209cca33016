//! Who can have a ticket at all.

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Presence, Seat, Wanted};
use crate::id::{AgentId, Language, LineId, Skill, TeamId};
use crate::rulebook::Rulebook;
use crate::ticket::Discipline;

/// Why somebody cannot have a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Objection {
    /// They are not there, or take nothing new.
    NotAvailable(Presence),
    /// They do not work now.
    OffHours {
        /// When they do again; `None` if that is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// They do not work on its line.
    OtherLine(LineId),
    /// They are not in its team.
    OtherTeam(TeamId),
    /// They work in another trade.
    OtherDiscipline(Discipline),
    /// They do not answer in its language.
    OtherLanguage(Language),
    /// They cannot do what it takes, or not well enough.
    Unskilled {
        /// What it takes.
        skill: Skill,
        /// How well.
        level: u8,
        /// How well they can do it; `None` for not at all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        has: Option<u8>,
    },
    /// They have no room for it.
    Full {
        /// What they carry.
        load: u32,
        /// What it would add.
        weight: u32,
        /// What they carry at most.
        total: u32,
    },
    /// They were offered it, and did not want it or did not answer.
    Declined,
}

/// What has come to stand against somebody who is offered a ticket, if they carry so much beside it;
/// nothing if they may still take it. That their hours are over meanwhile is no such thing: whoever is
/// still there may answer.
#[must_use]
pub fn against_offer(
    wanted: &Wanted,
    seat: (AgentId, &Seat),
    rulebook: &Rulebook,
    now: Timestamp,
) -> Vec<Objection> {
    let mut against = objections(wanted, seat, rulebook, now);
    against.retain(|it| !matches!(it, Objection::OffHours { .. } | Objection::Declined));
    against
}

/// All that stands against giving somebody a ticket; nothing if they can have it.
pub(super) fn objections(
    wanted: &Wanted,
    (id, seat): (AgentId, &Seat),
    rulebook: &Rulebook,
    now: Timestamp,
) -> Vec<Objection> {
    let mut against = Vec::new();
    let agent = &seat.agent;
    if seat.presence != Presence::Online {
        against.push(Objection::NotAvailable(seat.presence));
    }
    if let Some(hours) = &agent.hours {
        match rulebook.hours(hours) {
            Some(calendar) if calendar.is_open(now) => {}
            calendar => {
                let until = calendar.and_then(|calendar| calendar.next_open(now));
                against.push(Objection::OffHours { until });
            }
        }
    }
    if !agent.lines.is_empty() && !agent.lines.contains(&wanted.line) {
        against.push(Objection::OtherLine(wanted.line.clone()));
    }
    if let Some(team) = &wanted.team
        && !agent.teams.contains(team)
    {
        against.push(Objection::OtherTeam(team.clone()));
    }
    if let Some(discipline) = wanted.discipline
        && !agent.disciplines.is_empty()
        && !agent.disciplines.contains(&discipline)
    {
        against.push(Objection::OtherDiscipline(discipline));
    }
    if let Some(language) = &wanted.language {
        let speaks = |known: &Language| known.primary() == language.primary();
        if !agent.languages.is_empty() && !agent.languages.iter().any(speaks) {
            against.push(Objection::OtherLanguage(language.clone()));
        }
    }
    for (skill, level) in &wanted.skills {
        let has = agent.skills.get(skill).copied();
        if has < Some(*level) {
            against.push(Objection::Unskilled { skill: skill.clone(), level: *level, has });
        }
    }
    if let Some(capacity) = &agent.capacity {
        let (load, weight) = (seat.load, capacity.weight(wanted.channel));
        if load.saturating_add(weight) > capacity.total {
            against.push(Objection::Full { load, weight, total: capacity.total });
        }
    }
    if wanted.declined.contains(&id) {
        against.push(Objection::Declined);
    }
    against
}
