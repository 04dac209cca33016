//! The checklist of a ticket: what is to be done before it can be called done.

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::brought::CameFrom;
use super::decide::Work;
use super::fact::TicketFact;
use crate::limits::{check_count, check_line};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;

/// The most checks on one ticket: they are part of the state that each command rewrites.
pub const MAX_CHECKS: usize = 200;

/// Something on a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Check {
    /// What is to be done.
    pub what: String,
    /// Who did it and when; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Done>,
    /// Where it stands, if that is on a ticket that was merged into this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CameFrom>,
    /// Whether it went back there: its number here stays its own.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub gone: bool,
}

/// That somebody did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Done {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// What somebody wants of a checklist. Agents only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChecklistAction {
    /// Writes more on it.
    Add {
        /// What is to be done, in order.
        items: Vec<String>,
    },
    /// Ticks one off.
    Tick {
        /// Which, from 1.
        item: u32,
    },
    /// Takes the tick off again.
    Untick {
        /// Which, from 1.
        item: u32,
    },
}

/// What happened to a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChecklistFact {
    /// More was written on it.
    Added {
        /// What is to be done, in order.
        items: Vec<String>,
    },
    /// One was ticked off.
    Ticked {
        /// Which, from 1.
        item: u32,
        /// Who did it.
        by: Actor,
    },
    /// The tick was taken off.
    Unticked {
        /// Which, from 1.
        item: u32,
    },
}

impl Work<'_> {
    pub(super) fn checklist(&mut self, action: &ChecklistAction) -> Result<(), Refusal> {
        self.need(Role::Agent, "work on checklists")?;
        let fact = match action {
            ChecklistAction::Add { items } if items.is_empty() => return Ok(()),
            ChecklistAction::Add { items } => {
                check_count("checks", self.ticket.checklist.len() + items.len(), MAX_CHECKS)?;
                items.iter().try_for_each(|item| check_line("check", item))?;
                ChecklistFact::Added { items: items.clone() }
            }
            ChecklistAction::Tick { item } => match self.check(*item)?.done {
                Some(_) => return Ok(()),
                None => ChecklistFact::Ticked { item: *item, by: self.by },
            },
            ChecklistAction::Untick { item } => match self.check(*item)?.done {
                Some(_) => ChecklistFact::Unticked { item: *item },
                None => return Ok(()),
            },
        };
        self.happen(TicketFact::Checklist(fact));
        Ok(())
    }

    fn check(&self, number: u32) -> Result<&Check, Refusal> {
        let list = &self.ticket.checklist;
        let found = (number as usize).checked_sub(1).and_then(|index| list.get(index));
        let found = found.filter(|check| !check.gone);
        found.ok_or(Refusal::NoSuchNumber { what: "check", number, known: list.len() })
    }
}

impl ChecklistFact {
    /// The same of the check that has this number elsewhere; `None` if it is about none that there is.
    pub(super) fn renumbered(&self, number: impl Fn(u32) -> Option<u32>) -> Option<Self> {
        let mut fact = self.clone();
        match &mut fact {
            Self::Added { .. } => return None,
            Self::Ticked { item, .. } | Self::Unticked { item } => *item = number(*item)?,
        }
        Some(fact)
    }
}

impl Ticket {
    pub(super) fn change_checklist(&mut self, fact: &ChecklistFact, at: Timestamp) {
        let (item, done) = match fact {
            ChecklistFact::Added { items } => {
                let open = |what: &String| {
                    let (what, done, from) = (what.clone(), None, None);
                    Check { what, done, from, gone: false }
                };
                return self.checklist.extend(items.iter().map(open));
            }
            ChecklistFact::Ticked { item, by } => (*item, Some(Done { by: *by, at })),
            ChecklistFact::Unticked { item } => (*item, None),
        };
        let index = (item as usize).checked_sub(1);
        if let Some(check) = index.and_then(|index| self.checklist.get_mut(index)) {
            check.done = done;
        }
    }

    /// Whether everything on its checklist is done.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.checklist.iter().all(|check| check.done.is_some() || check.gone)
    }
}
