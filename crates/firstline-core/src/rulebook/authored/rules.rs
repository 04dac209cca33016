//! Rules and macros as people write them.

use std::collections::BTreeMap;

use firstline_sla::{ConditionSpec, WorkTime};
use serde::{Deserialize, Deserializer};

use super::OneOrMany;
use crate::custom::FieldInput;
use crate::id::{AgentId, FieldId};
use crate::priority::Priority;
use crate::routing::RoutingStrategy;

/// A trigger, or a timed rule if it says `after`.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct RuleSpec {
    /// Under which it is recorded what it does.
    pub(in crate::rulebook) name: String,
    /// What it waits for; whatever happens, if nothing is said.
    pub(in crate::rulebook) on: Option<OneOrMany>,
    /// Which tickets it is for; all, if nothing is said. `tag` asks for the labels that a ticket has by
    /// itself, not for those that came with another one that was merged into it: they go when that is
    /// undone, and what a rule has done does not.
    #[serde(default)]
    pub(in crate::rulebook) when: ConditionSpec,
    /// How long the state must have lasted.
    pub(in crate::rulebook) after: Option<WorkTime>,
    /// On which calendar that is counted; always open, if nothing is said.
    pub(in crate::rulebook) calendar: Option<String>,
    /// What it does, in this order. What is not possible is left out and recorded. Nothing, if all that
    /// it is for is to `stop`.
    #[serde(rename = "do", default)]
    pub(in crate::rulebook) deeds: Vec<DeedSpec>,
    /// Whether the rules below it are left out once it applies.
    #[serde(default)]
    pub(in crate::rulebook) stop: bool,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct MacroSpec {
    /// What agents call it.
    pub(in crate::rulebook) name: String,
    /// To which tickets it can be applied; all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) when: ConditionSpec,
    /// What it does, in this order: all of it or nothing.
    #[serde(rename = "do", default)]
    pub(in crate::rulebook) deeds: Vec<DeedSpec>,
}

/// One thing to do: exactly one of these, with what belongs to it.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct DeedSpec {
    /// A status.
    pub(in crate::rulebook) status: Option<String>,
    /// A status of a lifecycle by its name.
    #[serde(rename = "move")]
    pub(in crate::rulebook) move_to: Option<String>,
    /// With the status `on_hold`, or a name of one: what is waited for.
    pub(in crate::rulebook) hold: Option<String>,
    /// A priority, or `next` for the next higher.
    pub(in crate::rulebook) priority: Option<String>,
    /// How much of the business is affected: `low`, `medium` or `high`. The priority follows.
    pub(in crate::rulebook) impact: Option<String>,
    /// How soon that hurts: `low`, `medium` or `high`. The priority follows.
    pub(in crate::rulebook) urgency: Option<String>,
    /// What sort of request it is.
    pub(in crate::rulebook) kind: Option<String>,
    /// The part of a product's life that it is about.
    pub(in crate::rulebook) need: Option<String>,
    /// Whose trade it is.
    pub(in crate::rulebook) discipline: Option<String>,
    /// Labels to put on.
    pub(in crate::rulebook) tag: Option<OneOrMany>,
    /// Labels to take off.
    pub(in crate::rulebook) untag: Option<OneOrMany>,
    /// Fields of the desk's own to set.
    pub(in crate::rulebook) set: Option<BTreeMap<FieldId, FieldInput>>,
    /// Fields of the desk's own to clear.
    pub(in crate::rulebook) clear: Option<OneOrMany>,
    /// An agent's number, or `nobody`.
    pub(in crate::rulebook) assign: Option<Assignee>,
    /// The id of a line, or `next`.
    pub(in crate::rulebook) hand_over: Option<String>,
    /// With a line: the team of it.
    pub(in crate::rulebook) team: Option<String>,
    /// A template of words to the customer.
    pub(in crate::rulebook) message: Option<String>,
    /// A template of a note.
    pub(in crate::rulebook) note: Option<String>,
    /// A role to be told.
    pub(in crate::rulebook) notify: Option<String>,
    /// With a role: a template of what to tell.
    pub(in crate::rulebook) text: Option<String>,
    /// The address of a program to be called.
    pub(in crate::rulebook) webhook: Option<String>,
    /// With an address: a template of what to send.
    pub(in crate::rulebook) body: Option<String>,
    /// A guide to be started with the customer.
    pub(in crate::rulebook) guide: Option<String>,
    /// Whether the ticket that this one is a duplicate of is to be looked for.
    #[serde(default)]
    pub(in crate::rulebook) seek_duplicate: bool,
    /// Whether somebody is to be found for the ticket, among those who are online.
    #[serde(default)]
    pub(in crate::rulebook) route: bool,
}

/// Who gets a ticket.
#[derive(Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct RoutingSpec {
    /// How to choose among those who can have it.
    #[serde(default)]
    pub(in crate::rulebook) by: RoutingStrategy,
    /// Whether every ticket that nobody has waits for somebody to be found, among those who are
    /// online. If not, rules and macros say which do.
    #[serde(default)]
    pub(in crate::rulebook) automatic: bool,
    /// How long whoever is chosen has to accept, on the wall clock; they simply get it, if nothing is
    /// said. What everybody let pass is offered anew after that time, or after a hundredth of the time
    /// that it has waited, up to an hour, if that is longer.
    pub(in crate::rulebook) offer: Option<WorkTime>,
    /// How long a ticket lets more urgent ones go first that came later, by priority and on the wall
    /// clock; a day, four hours, one hour and not at all, from low to critical, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) patience: BTreeMap<Priority, WorkTime>,
    /// Which tickets take which skill.
    #[serde(default)]
    pub(in crate::rulebook) skills: Vec<SkillSpec>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::rulebook) struct SkillSpec {
    /// The skill, as it is called on agents.
    pub(in crate::rulebook) skill: String,
    /// How well it is to be mastered; at all, if nothing is said.
    #[serde(default = "one")]
    pub(in crate::rulebook) level: u8,
    /// Which tickets; all, if nothing is said.
    #[serde(default)]
    pub(in crate::rulebook) when: ConditionSpec,
}

const fn one() -> u8 {
    1
}

/// Who is to have a ticket.
#[derive(Clone, Copy)]
pub(in crate::rulebook) struct Assignee(pub(in crate::rulebook) Option<AgentId>);

impl<'de> Deserialize<'de> for Assignee {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl serde::de::Visitor<'_> for Form {
            type Value = Assignee;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("the number of an agent, or \"nobody\"")
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Assignee, E> {
                let number = u64::try_from(number).ok().filter(|number| *number > 0);
                let number = number.ok_or_else(|| E::custom("agents are numbered from 1"))?;
                Ok(Assignee(Some(AgentId(number))))
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Assignee, E> {
                self.visit_i64(i64::try_from(number).map_err(E::custom)?)
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Assignee, E> {
                match word {
                    "nobody" => Ok(Assignee(None)),
                    word => Err(E::custom(format_args!(
                        "`{word}` is nobody's number; write the number of an agent, or \"nobody\""
                    ))),
                }
            }
        }
        deserializer.deserialize_any(Form)
    }
}
