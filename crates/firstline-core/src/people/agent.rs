//! A person who answers: what they can do, where they work, when, and how much at once.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{Language, LineId, Skill, TeamId};
use crate::limits::{check_count, check_line};
use crate::refusal::Refusal;
use crate::routing::Presence;
use crate::rulebook::Rulebook;
use crate::ticket::{Channel, Discipline};

/// The most skills or languages of one agent: each choice of an agent reads them.
pub const MAX_SKILLS: usize = 256;

/// The highest level of a skill; the lowest is 1.
pub const MAX_SKILL_LEVEL: u8 = 5;

/// The most load that an agent can be given to carry: many times what anybody works on at once.
pub const MAX_LOAD: u32 = 10_000;

/// A person who answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Agent {
    /// What the person is called.
    pub name: String,
    /// What the person can do, and how well: from 1 to [`MAX_SKILL_LEVEL`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<Skill, u8>,
    /// The languages that the person answers in. None named: the desk's own, whichever those are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub languages: BTreeSet<Language>,
    /// Which trades the person works in. None named: both.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub disciplines: BTreeSet<Discipline>,
    /// The lines that the person works on. None named: all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lines: BTreeSet<LineId>,
    /// The teams that the person is in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub teams: BTreeSet<TeamId>,
    /// When the person works: a calendar of the rulebook. `None`: whenever there is work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// How much the person carries at once. `None`: whatever comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// Whether the person is there. Only
    /// [`Action::SetPresence`](crate::Action::SetPresence) changes it: what a save says of it counts
    /// for nothing, since a host's directory does not know.
    #[serde(default, skip_serializing_if = "is_offline")]
    pub presence: Presence,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence_since: Option<Timestamp>,
}

fn is_offline(presence: &Presence) -> bool {
    *presence == Presence::Offline
}

/// How much work an agent carries at once.
///
/// ```
/// use firstline_core::{Capacity, Channel};
///
/// let json = r#"{"total": 6, "weights": {"phone": 6, "chat": 2}}"#;
/// let capacity: Capacity = serde_json::from_str(json)?;
/// assert_eq!(capacity.weight(Channel::Phone), 6);
/// assert_eq!(capacity.weight(Channel::Mail), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Capacity {
    /// The most that the weights of the person's tickets may come to.
    pub total: u32,
    /// What a ticket weighs, by the channel that it came in by; 1 where nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<Channel, u32>,
}

impl Capacity {
    /// What a ticket of this channel weighs.
    #[must_use]
    pub fn weight(&self, channel: Channel) -> u32 {
        self.weights.get(&channel).copied().unwrap_or(1)
    }
}

impl Agent {
    /// An agent of whom nothing but the name is known.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(super) fn check(&self, rulebook: &Rulebook) -> Result<(), Refusal> {
        check_count("skills", self.skills.len(), MAX_SKILLS)?;
        for (skill, level) in &self.skills {
            check_line("skill", skill.as_str())?;
            if !(1..=MAX_SKILL_LEVEL).contains(level) {
                let (skill, level) = (skill.clone(), *level);
                return Err(Refusal::SkillLevel { skill, level, most: MAX_SKILL_LEVEL });
            }
        }
        check_count("languages", self.languages.len(), MAX_SKILLS)?;
        self.languages.iter().try_for_each(Language::check)?;
        if let Some(Capacity { total, weights }) = &self.capacity {
            let loads = weights.values().chain([total]);
            if let Some(load) = loads.copied().find(|load| *load > MAX_LOAD) {
                return Err(Refusal::LoadTooLarge { load, most: MAX_LOAD });
            }
        }
        self.lines.iter().try_for_each(|line| rulebook.check_line(line, None))?;
        self.teams.iter().try_for_each(|team| rulebook.check_team(team))?;
        self.hours.as_ref().map_or(Ok(()), |hours| rulebook.check_calendar(hours))
    }
}
