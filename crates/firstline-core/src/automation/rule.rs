//! What a rule is, and what it can do.

use core::fmt;
use std::sync::Arc;

use firstline_sla::{Calendar, Condition, WorkTime};

use super::{Happenings, Template};
use crate::custom::Referent;
use crate::id::{RoleId, RuleId, Tag};
use crate::priority::{Impact, Priority, Urgency};
use crate::ticket::TicketAction;

/// All that a version of the rulebook has a desk do by itself.
#[derive(Debug, Default)]
pub(crate) struct Automation {
    /// In the order in which they are tried.
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) timed: Vec<TimedRule>,
    pub(crate) macros: Vec<Macro>,
    /// Whether any rule asks what was before.
    pub(crate) looks_back: bool,
    /// Whether any rule or macro has somebody found for a ticket.
    pub(crate) routes: bool,
    /// Whom and what the rules and macros name that only a desk knows, each with its place.
    pub(crate) named: Vec<(String, Referent)>,
}

/// A rule that is set off by what happens.
#[derive(Debug)]
pub(crate) struct Trigger {
    pub(crate) name: RuleId,
    pub(crate) on: Happenings,
    pub(crate) when: Condition,
    pub(crate) deeds: Vec<Deed>,
    /// Whether the rules below it are left out once it applies.
    pub(crate) stop: bool,
}

/// A rule that fires when a state has lasted so long. The moment is computed when the state is
/// entered.
#[derive(Debug)]
pub(crate) struct TimedRule {
    pub(crate) name: RuleId,
    pub(crate) when: Condition,
    pub(crate) after: WorkTime,
    pub(crate) calendar: Calendar,
    pub(crate) deeds: Vec<Deed>,
}

/// A named bundle of actions that an agent applies with one.
#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) name: RuleId,
    /// To which tickets it can be applied.
    pub(crate) when: Condition,
    pub(crate) deeds: Vec<Deed>,
}

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// What an agent could do as well.
    Act(TicketAction),
    /// Decrees a priority: this one, or the next higher.
    Prioritise(Option<Priority>),
    /// Corrects impact or urgency, or both.
    Classify { impact: Option<Impact>, urgency: Option<Urgency> },
    /// Hands the ticket to the line after the one that has it.
    HandOverToNext,
    /// Puts labels on and takes labels off.
    Tag { add: Vec<Tag>, remove: Vec<Tag> },
    /// Writes to the customer.
    Message(Template),
    /// Writes a note.
    Note(Template),
    /// Has whoever holds the role told.
    Notify(RoleId, Option<Template>),
    /// Has a program called.
    Webhook { url: Arc<str>, body: Option<Template> },
    /// Has a guide started with the customer.
    StartGuide(Arc<str>),
    /// Has somebody look for the ticket that this one is a duplicate of, and merge them.
    SeekDuplicate,
    /// Has somebody found for the ticket.
    Route,
}

impl Deed {
    /// Whom and what it names that only a desk knows.
    pub(crate) fn referents(&self) -> Vec<Referent> {
        match self {
            Self::Act(TicketAction::Assign { agent: Some(agent) }) => vec![Referent::Agent(*agent)],
            Self::Act(action) => action.referents(),
            _ => Vec::new(),
        }
    }

    /// What it writes, if it writes anything.
    pub(crate) const fn template(&self) -> Option<&Template> {
        match self {
            Self::Message(template) | Self::Note(template) => Some(template),
            Self::Notify(_, template) | Self::Webhook { body: template, .. } => template.as_ref(),
            _ => None,
        }
    }

    /// Whether it may bring the ticket into another status: by what it says, or by another lifecycle
    /// that is for the ticket then.
    pub(crate) const fn may_move(&self) -> bool {
        matches!(self, Self::Act(_) | Self::HandOverToNext)
    }

    /// Whether it only asks the host for something, and leaves the ticket as it is.
    pub(crate) const fn is_errand(&self) -> bool {
        matches!(
            self,
            Self::Notify(..) | Self::Webhook { .. } | Self::StartGuide(_) | Self::SeekDuplicate
        )
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act(TicketAction::ChangeStatus { to, .. }) => write!(f, "become {to}"),
            Self::Act(TicketAction::Move { to, .. }) => write!(f, "become {to}"),
            Self::Act(TicketAction::Assign { agent: Some(agent) }) => {
                write!(f, "assign to {agent}")
            }
            Self::Act(TicketAction::Assign { agent: None }) => f.write_str("assign to nobody"),
            Self::Act(TicketAction::HandOver { line, team: None }) => {
                write!(f, "hand over to {line}")
            }
            Self::Act(TicketAction::HandOver { line, team: Some(team) }) => {
                write!(f, "hand over to {line}, {team}")
            }
            Self::Act(TicketAction::Describe { .. }) => {
                f.write_str("say what sort of request it is")
            }
            Self::Act(TicketAction::SetFields { .. }) => f.write_str("set fields"),
            Self::Act(_) => f.write_str("act"),
            Self::Prioritise(None) => f.write_str("raise the priority"),
            Self::Prioritise(Some(to)) => write!(f, "set the priority to {to}"),
            Self::Classify { .. } => f.write_str("set impact and urgency"),
            Self::HandOverToNext => f.write_str("hand over to the next line"),
            Self::Tag { .. } => f.write_str("tag"),
            Self::Message(_) => f.write_str("write to the customer"),
            Self::Note(_) => f.write_str("write a note"),
            Self::Notify(role, _) => write!(f, "notify {role}"),
            Self::Webhook { url, .. } => write!(f, "call {url}"),
            Self::StartGuide(guide) => write!(f, "start the guide {guide}"),
            Self::SeekDuplicate => f.write_str("look for a duplicate"),
            Self::Route => f.write_str("find somebody for it"),
        }
    }
}
