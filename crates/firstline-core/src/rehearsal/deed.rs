//! What ladders and rules do, so that it can be compared.

use core::fmt;
use std::collections::BTreeMap;

use crate::custom::FieldValue;
use crate::id::{FieldId, Tag};
use crate::ticket::{Errand, HandOverCause, TicketEvent, TicketFact, Visibility};

/// How much of a text is shown.
const SHOWN: usize = 100;

/// Something that a ladder or a rule does, whenever it does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Deed {
    /// A role is told by a step of a ladder.
    Told(String),
    /// A role is escalated to.
    Escalated(String),
    /// Somebody is paged by this plan.
    Paged(String),
    /// The ticket is handed over to this line by a ladder.
    HandedOver(String),
    /// The priority is raised to this one by a ladder.
    Raised(String),
    /// A rule fires.
    Fired(String),
    /// A rule or a macro does something.
    Did {
        /// Which.
        rule: String,
        /// What, with all its words.
        what: String,
    },
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(role) => write!(f, "tell {role}"),
            Self::Escalated(role) => write!(f, "escalate to {role}"),
            Self::Paged(plan) => write!(f, "page by {plan}"),
            Self::HandedOver(line) => write!(f, "hand over to {line}"),
            Self::Raised(priority) => write!(f, "raise the priority to {priority}"),
            Self::Fired(rule) => write!(f, "rule `{rule}`"),
            Self::Did { rule, what } => {
                let shown: String = what.chars().take(SHOWN).collect();
                let more = if shown.len() < what.len() { "…" } else { "" };
                write!(f, "rule `{rule}`: {}{more}", shown.escape_debug())
            }
        }
    }
}

impl Deed {
    pub(super) fn of(event: &TicketEvent) -> Option<Self> {
        if let Some(rule) = &event.rule {
            return Some(Self::Did { rule: rule.to_string(), what: what(&event.fact)? });
        }
        Some(match &event.fact {
            TicketFact::Notified { role, .. } => Self::Told(role.to_string()),
            TicketFact::Escalated { role, .. } => Self::Escalated(role.to_string()),
            TicketFact::Paged { plan, .. } => Self::Paged(plan.clone()),
            TicketFact::HandedOver { line, cause: HandOverCause::Ladder(_), .. } => {
                Self::HandedOver(line.to_string())
            }
            TicketFact::Classified { classification, step: Some(_), .. } => {
                Self::Raised(classification.priority.to_string())
            }
            TicketFact::RuleFired { rule, .. } => Self::Fired(rule.to_string()),
            TicketFact::RuleSkipped { rule, deed, .. } => {
                Self::Did { rule: rule.to_string(), what: format!("not possible: {deed}") }
            }
            _ => return None,
        })
    }
}

/// What a fact is, if it is something that a rule did rather than what followed from that.
fn what(fact: &TicketFact) -> Option<String> {
    Some(match fact {
        TicketFact::MessageAdded { visibility: Visibility::Public, text, .. } => {
            format!("write to the customer: {text}")
        }
        TicketFact::MessageAdded { text, .. } => format!("write a note: {text}"),
        TicketFact::StatusChanged { place: Some(place), .. } => format!("become {}", place.status),
        TicketFact::StatusChanged { to, .. } => format!("become {to}"),
        TicketFact::Assigned { agent: Some(agent) } => format!("assign to {agent}"),
        TicketFact::Assigned { agent: None } => "assign to nobody".to_owned(),
        TicketFact::HandedOver { line, team: Some(team), .. } => {
            format!("hand over to {line}, {team}")
        }
        TicketFact::HandedOver { line, .. } => format!("hand over to {line}"),
        TicketFact::Classified { classification, .. } => {
            let (impact, urgency) = (classification.impact, classification.urgency);
            let priority = classification.priority;
            format!("set the priority to {priority}, impact {impact}, urgency {urgency}")
        }
        TicketFact::Tagged { added, removed } => {
            let list = |tags: &std::collections::BTreeSet<Tag>| {
                tags.iter().map(Tag::as_str).collect::<Vec<_>>().join(", ")
            };
            match (list(added), list(removed)) {
                (added, removed) if removed.is_empty() => format!("tag {added}"),
                (added, removed) if added.is_empty() => format!("untag {removed}"),
                (added, removed) => format!("tag {added}, untag {removed}"),
            }
        }
        TicketFact::Described { kind, need, discipline } => {
            let need = need.map_or(String::new(), |it| format!(", need {}", it.as_str()));
            let trade =
                discipline.map_or(String::new(), |it| format!(", discipline {}", it.as_str()));
            format!("set the kind to {}{need}{trade}", kind.as_str())
        }
        TicketFact::FieldsSet { fields } => fields_set(fields),
        TicketFact::HostAsked { errand, .. } => asked(errand),
        TicketFact::Queued => "find somebody for it".to_owned(),
        _ => return None,
    })
}

fn fields_set(fields: &BTreeMap<FieldId, Option<FieldValue>>) -> String {
    let each = fields.iter().map(|(id, value)| match value {
        Some(value) => format!("set {id} to {value}"),
        None => format!("clear {id}"),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn asked(errand: &Errand) -> String {
    match errand {
        Errand::Notify { role, text: Some(text) } => format!("notify {role}: {text}"),
        Errand::Notify { role, text: None } => format!("notify {role}"),
        Errand::Webhook { url, body: Some(body) } => format!("call {url} with {body}"),
        Errand::Webhook { url, body: None } => format!("call {url}"),
        Errand::StartGuide { guide } => format!("start the guide {guide}"),
        Errand::SeekDuplicate => "look for a duplicate".to_owned(),
    }
}
