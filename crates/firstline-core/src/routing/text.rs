//! A choice in words.

use core::fmt;

use super::{Choice, Merit, Objection, Presence, RoutingStrategy};

impl fmt::Display for Choice {
    /// Who gets the ticket, and of everybody else why not.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.chosen {
            Some((agent, merit)) => write!(f, "{agent} gets it, who {merit}")?,
            None => f.write_str("nobody can have it now, and it waits")?,
        }
        for (agent, merit) in &self.passed_over {
            write!(f, "; {agent} could have had it: {}", merit.figure())?;
        }
        for (agent, against) in &self.excluded {
            write!(f, "; {agent} cannot have it: ")?;
            for (index, objection) in against.iter().enumerate() {
                let between = if index == 0 { "" } else { ", " };
                write!(f, "{between}{objection}")?;
            }
        }
        Ok(())
    }
}

impl Merit {
    fn figure(&self) -> String {
        match self.by {
            RoutingStrategy::LeastLoaded => format!("carries {}", self.load),
            RoutingStrategy::RoundRobin => self.last_given.map_or_else(
                || "never got one".to_owned(),
                |at| format!("got the last one at {at}"),
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
            Self::NotAvailable(Presence::Busy) => f.write_str("takes nothing new"),
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
