//! The rules of a desk as plain data, and as the text that a rulebook is read from.

use firstline_sla::{Agreement, Measure, Metric};

use super::minutes::PALETTE;
use super::watched::{NAME, Watch};
use crate::priority::Priority;
use crate::rulebook::{Reopen, Rulebook};
use crate::ticket::Kind;

pub(super) const MINUTE: i64 = 60_000;

/// All rules of one version.
#[derive(Clone, Debug)]
pub(in crate::ticket) struct Book {
    pub(super) version: u32,
    pub(super) policies: Vec<Policy>,
    /// How agents' own promises are watched over: only calendar, warnings and ladder count.
    pub(super) promises: Target,
    /// What the desk does by itself, as it is written. The naive reading knows nothing of it.
    pub(in crate::ticket) rules: String,
}

#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) agreement: Agreement,
    pub(super) kinds: Vec<Kind>,
    pub(super) organizations: Vec<u64>,
    /// Only what is at least this urgent.
    pub(super) from: Option<Priority>,
    pub(super) targets: Vec<(Metric, Target)>,
    /// The target of its clock by conditions.
    pub(super) watched: Option<Target>,
}

#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Which of the palette.
    pub(super) calendar: usize,
    /// From low to critical.
    pub(super) within: [Within; 4],
    pub(super) warn_at: Vec<Warning>,
    pub(super) pause_on: Option<Vec<&'static str>>,
    pub(super) ladder: Vec<Step>,
    pub(super) reopen: Option<Reopen>,
    pub(super) automatic: bool,
    pub(super) retroactive: bool,
    /// When its clock starts and ends, if that is by conditions.
    pub(super) watch: Option<Watch>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Within {
    Minutes(i64),
    Day { working_days: i64, by: Option<i64> },
    Instant(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Warning {
    Percent(i64),
    /// Milliseconds of work.
    Before(i64),
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Milliseconds of work relative to due.
    pub(super) height: i64,
    pub(super) hours: Option<usize>,
    pub(super) notify: bool,
    pub(super) raise: Option<&'static str>,
    pub(super) hand_over: Option<&'static str>,
    pub(super) escalate: bool,
}

/// The lines of every book. The last one is a vendor's.
pub(super) const LINES: [&str; 4] = ["L1", "L2", "L3", "acme"];

impl Book {
    pub(in crate::ticket) fn rulebook(&self) -> Rulebook {
        let text = self.toml();
        match Rulebook::from_toml(&text, "random.toml") {
            Ok(rules) => rules.with_version(self.version),
            Err(error) => panic!("{error}\n{text}"),
        }
    }

    pub(in crate::ticket) fn toml(&self) -> String {
        let mut text = "name = \"Random\"\n".to_owned();
        for (index, hours) in PALETTE.iter().enumerate() {
            text += &hours.toml(&format!("c{index}"));
        }
        text += "[[roles]]\nid = \"lead\"\nreports_to = \"boss\"\n[[roles]]\nid = \"boss\"\n";
        for line in LINES {
            let more = match line {
                "L1" => "teams = [\"desk\"]\nmanager = \"lead\"\n",
                "acme" => "vendor = true\n",
                _ => "",
            };
            text += &format!("[[lines]]\nid = \"{line}\"\n{more}");
        }
        for policy in &self.policies {
            text += &policy.toml();
        }
        let Target { calendar, warn_at, ladder, .. } = &self.promises;
        text += &format!("[promises]\ncalendar = \"c{calendar}\"\n{}", watch(warn_at, ladder));
        text + &self.rules
    }

    /// The policy and target under which such a ticket falls.
    pub(super) fn find(
        &self,
        (agreement, measure): (Agreement, &Measure),
        kind: Kind,
        organization: Option<u64>,
        priority: Priority,
    ) -> Option<(&str, &Target)> {
        for policy in &self.policies {
            let is_kind = policy.kinds.is_empty() || policy.kinds.contains(&kind);
            let is_organization = policy.organizations.is_empty()
                || organization.is_some_and(|id| policy.organizations.contains(&id));
            let is_urgent = policy.from.is_none_or(|from| priority >= from);
            if policy.agreement == agreement && is_kind && is_organization && is_urgent {
                let mut targets = policy.targets.iter();
                let target = match measure {
                    Measure::Metric(metric) => {
                        targets.find(|(known, _)| known == metric).map(|(_, target)| target)
                    }
                    _ => policy.watched.as_ref(),
                };
                return Some((&policy.name, target?));
            }
        }
        None
    }
}

impl Policy {
    fn toml(&self) -> String {
        let Self { name, agreement, kinds, organizations, from, targets, watched } = self;
        let mut when = Vec::new();
        if !kinds.is_empty() {
            when.push(format!("kind = {}", serde_json::to_string(kinds).unwrap()));
        }
        if !organizations.is_empty() {
            when.push(format!("organization = {organizations:?}"));
        }
        when.extend(from.map(|from| format!("priority = {{ at_least = \"{from}\" }}")));
        let when = when.join(", ");
        let mut text = format!(
            "[[policies]]\nname = \"{name}\"\nagreement = \"{}\"\ncalendar = \"always\"\n\
             when = {{ {when} }}\n",
            agreement.key()
        );
        for (metric, target) in targets {
            text += &format!("[policies.targets.{}]\n{}", metric.key(), target.toml());
        }
        if let Some(target) = watched {
            text += &format!("[policies.clocks.{NAME}.target]\n{}", target.toml());
        }
        text
    }
}

impl Target {
    fn toml(&self) -> String {
        let mut text = format!("calendar = \"c{}\"\n", self.calendar);
        let each = Priority::ALL.iter().zip(self.within);
        let each: Vec<String> =
            each.map(|(priority, within)| format!("{priority} = {}", within.toml())).collect();
        text += &format!("within = {{ {} }}\n", each.join(", "));
        text += &watch(&self.warn_at, &self.ladder);
        if let Some(watch) = &self.watch {
            return format!("{text}[policies.clocks.{NAME}.triggers]\n{}", watch.toml());
        }
        if let Some(names) = &self.pause_on {
            text += &format!("pause_on = {names:?}\n");
        }
        if let Some(reopen) = self.reopen {
            text += &format!("reopen = {}\n", serde_json::to_string(&reopen).unwrap());
        }
        text += &format!("automatic = {}\n", self.automatic);
        text + &format!("retroactive = {}\n", self.retroactive)
    }
}

fn watch(warn_at: &[Warning], ladder: &[Step]) -> String {
    let warnings: Vec<String> = warn_at.iter().map(|warning| warning.toml()).collect();
    let steps: Vec<String> = ladder.iter().map(Step::toml).collect();
    format!("warn_at = [{}]\nladder = [{}]\n", warnings.join(", "), steps.join(", "))
}

impl Within {
    fn toml(self) -> String {
        match self {
            Self::Minutes(minutes) => format!("\"{minutes}m\""),
            Self::Day { working_days, by: None } => format!("{{ working_days = {working_days} }}"),
            Self::Day { working_days, by: Some(by) } => {
                let by = format!("{:02}:{:02}", by / 60, by % 60);
                format!("{{ working_days = {working_days}, by = \"{by}\" }}")
            }
            Self::Instant(at) => {
                let at = firstline_sla::Timestamp::from_millis(at).unwrap();
                format!("{{ instant = \"{at}\" }}")
            }
        }
    }
}

impl Warning {
    fn toml(self) -> String {
        match self {
            Self::Percent(percent) => percent.to_string(),
            Self::Before(ahead) => format!("\"{}m\"", ahead / MINUTE),
        }
    }
}

impl Step {
    fn toml(&self) -> String {
        let minutes = self.height.abs() / MINUTE;
        let mut parts = vec![match self.height {
            ..0 => format!("before_due = \"{minutes}m\""),
            0 => "at_due = true".to_owned(),
            1.. => format!("after_due = \"{minutes}m\""),
        }];
        if let Some(hours) = self.hours {
            parts.push(format!("hours = \"c{hours}\""));
        }
        if self.notify {
            parts.push("notify = \"lead\"".to_owned());
        }
        if let Some(to) = self.raise {
            parts.push(format!("raise_priority = \"{to}\""));
        }
        if let Some(to) = self.hand_over {
            parts.push(format!("hand_over = \"{to}\""));
        }
        if self.escalate {
            parts.push("escalate = true".to_owned());
        }
        format!("{{ {} }}", parts.join(", "))
    }
}
