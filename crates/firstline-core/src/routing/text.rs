//! A choice in words.

use core::fmt;

use super::{Choice, Merit, Objection, Presence, RoutingStrategy};

/// The most people of whom it is told why they could have a ticket, and the most why they could not:
/// it is recorded with the ticket, and nobody reads more.
pub(super) const MAX_TOLD: usize = 20;

impl fmt::Display for Choice {
    /// Who gets the ticket, and of everybody else why not; of many others, how many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.chosen {
            Some((agent, merit)) => write!(f, "{agent} gets it, who {merit}")?,
            None => f.write_str("nobody can have it now, and it waits")?,
        }
        for (agent, merit) in self.passed_over.iter().take(MAX_TOLD) {
            write!(f, "; {agent} could have had it: {}", merit.figure())?;
        }
        for (agent, against) in self.excluded.iter().take(MAX_TOLD) {
            write!(f, "; {agent} cannot have it: ")?;
            for (index, objection) in against.iter().enumerate() {
                let between = if index == 0 { "" } else { ", " };
                write!(f, "{between}{objection}")?;
            }
        }
        match self.untold() {
            0 => Ok(()),
            others => write!(f, "; and so on for {others} others"),
        }
    }
}

impl Choice {
    /// How many of those who were looked at are not told one by one.
    pub(super) fn untold(&self) -> usize {
        let of = |count: usize| count.saturating_sub(MAX_TOLD);
        of(self.passed_over.len()) + of(self.excluded.len()) + self.others as usize
    }
}

impl Merit {
    fn figure(&self) -> String {
        match self.by {
            RoutingStrategy::LeastLoaded => format!("carries {}", self.load),
            RoutingStrategy::RoundRobin if self.is_asked => {
                "is being asked about a ticket".to_owned()
            }
            RoutingStrategy::RoundRobin => self.last_given.map_or_else(
                || "has had no turn yet".to_owned(),
                |at| format!("had the last turn at {at}"),
            ),
            RoutingStrategy::LongestIdle if self.load > 0 => {
                format!("has something to do: {}", self.load)
            }
            RoutingStrategy::LongestIdle => self.idle_since.map_or_else(
                || "never had anything to do".to_owned(),
                |at| format!("has had nothing to do since {at}"),
            ),
        }
    }
}

impl fmt::Display for Merit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.by {
            _ if self.knows_the_matter => f.write_str("knows the matter already"),
            RoutingStrategy::LeastLoaded => write!(f, "carries the least: {}", self.load),
            RoutingStrategy::RoundRobin => write!(f, "is next in turn: {}", self.figure()),
            RoutingStrategy::LongestIdle => write!(f, "is the longest idle: {}", self.figure()),
        }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAvailable(Presence::Away) => f.write_str("takes nothing new"),
            Self::NotAvailable(_) => f.write_str("is not there"),
            Self::OffHours { until: Some(until) } => write!(f, "does not work before {until}"),
            Self::OffHours { until: None } => f.write_str("does not work now"),
            Self::OtherLine(line) => write!(f, "does not work on {line}"),
            Self::OtherTeam(team) => write!(f, "is not in {team}"),
            Self::OtherDiscipline(discipline) => {
                write!(f, "does not work in {}", discipline.as_str())
            }
            Self::OtherLanguage(language) => write!(f, "does not answer in {language}"),
            Self::Unskilled { skill, level, has: Some(has) } => {
                write!(f, "has {skill} at level {has}, not {level}")
            }
            Self::Unskilled { skill, has: None, .. } => write!(f, "does not have {skill}"),
            Self::Full { load, weight, total } => {
                write!(f, "carries {load} of {total}, and this weighs {weight}")
            }
            Self::Declined => f.write_str("did not want it"),
        }
    }
}
