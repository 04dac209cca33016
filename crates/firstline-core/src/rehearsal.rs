//! What would have become of a ticket under other rules: its own history is played again, and what
//! comes out is compared with what came out.
//!
//! Played again is what people and hosts did. What the rules made of it is left to the new rules:
//! deadlines, warnings, ladders, triggers. So a ticket that a ladder handed over stays where it is
//! if the new ladder has no such step, and what an agent did there afterwards may be refused; that
//! is counted.

mod again;
#[cfg(test)]
mod stories;

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{ClockKey, Measure, Timestamp};

use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::{
    HandOverCause, Status, Ticket, TicketAction, TicketEvent, TicketFact, Visibility, carry_out,
};
use crate::verdict::verdict;

/// Something that happened to a ticket, with who did it and when that was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Happened<'e> {
    /// The event.
    pub event: &'e TicketEvent,
    /// Who gave the command.
    pub by: Actor,
    /// When it was recorded.
    pub at: Timestamp,
}

/// What is different under other rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// Promises that stand otherwise at the end, by clock: how they stood, and how they would.
    pub verdicts: BTreeMap<ClockKey, (String, String)>,
    /// What the rules did then and would not do.
    pub no_longer: BTreeSet<Deed>,
    /// What they would do and did not.
    pub newly: BTreeSet<Deed>,
    /// How many commands would be refused that were not.
    pub refused: u32,
    /// Whether the history was played to its end. A merge or a split, which take two tickets, end
    /// it early; then nothing is compared.
    pub is_whole: bool,
}

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
        }
    }
}

impl Deed {
    fn of(event: &TicketEvent) -> Option<Self> {
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
            _ => return None,
        })
    }
}

impl Rehearsal {
    /// Whether the other rules make no difference.
    #[must_use]
    pub fn is_the_same(&self) -> bool {
        self.verdicts.is_empty() && self.no_longer.is_empty() && self.newly.is_empty()
    }
}

/// Plays the history of a ticket again under other rules, up to a moment.
///
/// `ticket` is what it became. The history begins with its opening.
///
/// # Errors
///
/// The opening itself would be refused: it names what the other rules do not have.
pub fn rehearse(
    ticket: &Ticket,
    history: &[Happened<'_>],
    rulebook: &Rulebook,
    until: Timestamp,
) -> Result<Rehearsal, Refusal> {
    let mut played = Played::default();
    for (index, happened) in history.iter().enumerate() {
        let then = brought_to(&history[index..]);
        match again::action(happened.event, then, played.ticket.as_ref()) {
            again::Again::Same => {}
            again::Again::Do(action) => played.act(&action, happened.by, rulebook, happened.at)?,
            again::Again::Never => return Ok(Rehearsal::default()),
        }
    }
    // Nobody has looked at what became due since, so nothing later can be compared.
    let unnoticed = ticket.poll_timeout().and_then(|next| next.checked_add_millis(-1));
    let until = unnoticed.map_or(until, |last| last.min(until));
    played.act(&TicketAction::Wake, Actor::System, rulebook, until)?;
    let Some(would_be) = played.ticket else {
        return Ok(Rehearsal::default());
    };
    let deeds = |events: &mut dyn Iterator<Item = &TicketEvent>| -> BTreeSet<Deed> {
        events.filter_map(Deed::of).collect()
    };
    let did = deeds(&mut history.iter().map(|happened| happened.event));
    let would_do = deeds(&mut played.events.iter());
    Ok(Rehearsal {
        verdicts: verdicts(ticket, &would_be),
        no_longer: did.difference(&would_do).cloned().collect(),
        newly: would_do.difference(&did).cloned().collect(),
        refused: played.refused,
        is_whole: true,
    })
}

/// The commands that a history came of, each with its moment and who gave it.
#[cfg(test)]
pub(crate) fn commands_of(
    history: &[(Timestamp, Actor, TicketEvent)],
) -> Vec<(Timestamp, Actor, TicketAction)> {
    let happened: Vec<Happened<'_>> =
        history.iter().map(|(at, by, event)| Happened { event, by: *by, at: *at }).collect();
    let mut ticket = None;
    let mut commands = Vec::new();
    for (index, it) in happened.iter().enumerate() {
        let then = brought_to(&happened[index..]);
        if let again::Again::Do(action) = again::action(it.event, then, ticket.as_ref()) {
            commands.push((it.at, it.by, *action));
        }
        ticket = crate::ticket::apply(ticket, it.event).ok();
    }
    commands
}

/// Where an agent's reply, with which this history begins, brought the ticket in the same breath.
fn brought_to(history: &[Happened<'_>]) -> Option<Status> {
    let [reply, rest @ ..] = history else {
        return None;
    };
    let is_reply = matches!(
        reply.event.fact,
        TicketFact::MessageAdded { author: Actor::Agent(_), visibility: Visibility::Public, .. }
    );
    let mut same = rest.iter().take_while(|other| {
        (other.at, other.by) == (reply.at, reply.by)
            && !matches!(other.event.fact, TicketFact::MessageAdded { .. })
    });
    same.find_map(|other| match other.event.fact {
        TicketFact::StatusChanged { to, .. } if is_reply && to != Status::OnHold => Some(to),
        _ => None,
    })
}

fn verdicts(was: &Ticket, would_be: &Ticket) -> BTreeMap<ClockKey, (String, String)> {
    // What agents promise themselves is not for a rulebook to say.
    let is_of_rules = |key: &&ClockKey| !matches!(key.measure, Measure::Promise(_));
    let keys = was.clocks.keys().chain(would_be.clocks.keys()).filter(is_of_rules);
    let keys: BTreeSet<&ClockKey> = keys.collect();
    let pair = |key: &ClockKey| (verdict(was.clocks.get(key)), verdict(would_be.clocks.get(key)));
    let pairs = keys.into_iter().map(|key| (key.clone(), pair(key)));
    pairs.filter(|(_, (was, would_be))| was != would_be).collect()
}

/// A ticket under the other rules, as far as it was played.
#[derive(Default)]
struct Played {
    ticket: Option<Ticket>,
    events: Vec<TicketEvent>,
    refused: u32,
}

impl Played {
    fn act(
        &mut self,
        action: &TicketAction,
        by: Actor,
        rulebook: &Rulebook,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        match carry_out(self.ticket.clone(), action, by, rulebook, at) {
            Ok(turn) => {
                self.ticket = Some(turn.ticket);
                self.events.extend(turn.events);
                Ok(())
            }
            Err(refusal) if self.ticket.is_none() => Err(refusal),
            Err(_) => {
                self.refused += 1;
                Ok(())
            }
        }
    }
}
