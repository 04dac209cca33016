//! Who may see what of what happened.

use std::collections::{BTreeMap, BTreeSet};

use super::{TicketEvent, TicketFact, Visibility};
use crate::custom::Custom;
use crate::id::{FieldId, TicketId};
use crate::people::{Actor, Role};
use crate::rulebook::Rulebook;
use crate::ticket::approval::{Approval, ApprovalFact};

/// Somebody who reads the history of a ticket from its beginning, and sees what is for them.
///
/// Who answers sees everything but fields that the rulebook keeps from them. Who asks sees the request,
/// what was said to them and by them with its files, where the ticket stands and what became of it,
/// what a customer is to sign and how they rated it; of the fields those that the rulebook shows them. They
/// never see a note, a label, a reason, what an agent is to sign, what a rule did or how the desk works on
/// it.
#[derive(Debug)]
pub struct Onlooker<'r> {
    role: Role,
    fields: &'r Custom,
    /// How many messages and notes there were.
    messages: u32,
    /// Those of them that are not for this reader.
    hidden: BTreeSet<u32>,
    /// The approvals that were asked for.
    asked: Vec<Asked>,
    /// The tickets that are merged into this one.
    lodgers: BTreeSet<TicketId>,
}

/// An approval, as far as it decides who sees it.
#[derive(Debug)]
struct Asked {
    /// With which ticket it came.
    with: Option<TicketId>,
    /// Whether somebody of the desk is to sign.
    is_of_agent: bool,
}

impl<'r> Onlooker<'r> {
    /// Somebody who has read nothing yet.
    #[must_use]
    pub fn new(role: Role, rulebook: &'r Rulebook) -> Self {
        let (fields, hidden, lodgers) = (rulebook.custom(), BTreeSet::new(), BTreeSet::new());
        Self { role, fields, messages: 0, hidden, asked: Vec::new(), lodgers }
    }

    /// What they see of the next event; `None` if that is nothing.
    pub fn sees(&mut self, event: &TicketEvent) -> Option<TicketEvent> {
        let visibility = match &event.fact {
            TicketFact::Opened { .. } => Some(Visibility::Public),
            TicketFact::MessageAdded { visibility, .. } => Some(*visibility),
            _ => None,
        };
        if let Some(visibility) = visibility {
            self.messages = self.messages.saturating_add(1);
            if visibility == Visibility::Internal && self.role == Role::Contact {
                self.hidden.insert(self.messages);
            }
        }
        self.note_approvals(&event.fact);
        let fact = match self.role {
            Role::Contact => self.shown_to_contacts(&event.fact)?,
            Role::Agent | Role::System => event.fact.clone(),
        };
        let rule = event.rule.clone().filter(|_| self.role > Role::Contact);
        Some(TicketEvent { at: event.at, fact: self.without_fields(fact)?, rule })
    }

    /// Keeps count of the approvals as a ticket does, also of those that come with another one and go
    /// with it.
    fn note_approvals(&mut self, fact: &TicketFact) {
        match fact {
            TicketFact::Approval(ApprovalFact::Asked { of, .. }) => {
                let is_of_agent = matches!(of, Some(Actor::Agent(_)));
                self.asked.push(Asked { with: None, is_of_agent });
            }
            TicketFact::TookIn { ticket, brought, .. } => {
                self.lodgers.insert(*ticket);
                let came = |asked: &Approval| Asked {
                    with: Some(*ticket),
                    is_of_agent: asked.is_of_agent(),
                };
                self.asked.extend(brought.approvals.iter().map(came));
            }
            TicketFact::GaveBack { ticket, .. } => {
                self.lodgers.remove(ticket);
                let lodgers = &self.lodgers;
                let is_back =
                    |asked: &mut Asked| asked.with.is_some_and(|it| !lodgers.contains(&it));
                while self.asked.pop_if(is_back).is_some() {}
            }
            _ => {}
        }
    }

    /// Whether it is somebody of the desk who was to sign.
    fn is_of_agent(&self, approval: u32) -> bool {
        let index = (approval as usize).checked_sub(1);
        index.and_then(|index| self.asked.get(index)).is_some_and(|asked| asked.is_of_agent)
    }

    /// The fact without what is the desk's own. Whoever adds a fact says here whether it is for
    /// customers.
    fn shown_to_contacts(&self, fact: &TicketFact) -> Option<TicketFact> {
        let mut shown = fact.clone();
        match &mut shown {
            TicketFact::Opened { team, tags, split_from, planned, came_by, .. } => {
                (*team, *split_from, *planned, *came_by) = (None, None, None, None);
                tags.clear();
            }
            TicketFact::Corrected(correction) => **correction = correction.shown_to_contacts()?,
            // What one agent asks of another is the desk's own affair.
            TicketFact::Approval(ApprovalFact::Asked { of: Some(Actor::Agent(_)), .. }) => {
                return None;
            }
            TicketFact::Approval(ApprovalFact::Withdrawn { approval, .. })
                if self.is_of_agent(*approval) =>
            {
                return None;
            }
            // That they need not sign any more is for them, and why is not.
            TicketFact::Approval(ApprovalFact::Withdrawn { reason, .. }) => reason.clear(),
            // What was merged into what is the desk's own.
            TicketFact::MessageAdded { visibility: Visibility::Public, came_by, .. } => {
                *came_by = None;
            }
            TicketFact::StatusChanged { .. }
            | TicketFact::FieldsSet { .. }
            | TicketFact::Approval(
                ApprovalFact::Asked { .. } | ApprovalFact::Signed { by: Actor::Contact(_), .. },
            )
            | TicketFact::Rated { .. }
            | TicketFact::MergedInto { .. }
            | TicketFact::Separated { .. } => {}
            TicketFact::Attached { message, .. } | TicketFact::SplitOff { message, .. }
                if !self.hidden.contains(message) => {}
            TicketFact::MessageAdded { visibility: Visibility::Internal, .. }
            | TicketFact::Attached { .. }
            | TicketFact::SplitOff { .. }
            | TicketFact::Approval(ApprovalFact::Signed { .. })
            | TicketFact::Snoozed { .. }
            | TicketFact::Assigned { .. }
            | TicketFact::HandedOver { .. }
            | TicketFact::Classified { .. }
            | TicketFact::Tagged { .. }
            | TicketFact::Described { .. }
            | TicketFact::Covered { .. }
            | TicketFact::Checklist(_)
            | TicketFact::Followed { .. }
            | TicketFact::WorkLogged(_)
            | TicketFact::WorkTakenBack { .. }
            | TicketFact::MarkedSpam
            | TicketFact::UnmarkedSpam
            | TicketFact::SolvedBy { .. }
            | TicketFact::Clock { .. }
            | TicketFact::Notified { .. }
            | TicketFact::Escalated { .. }
            | TicketFact::Paged { .. }
            | TicketFact::Page { .. }
            | TicketFact::Promised { .. }
            | TicketFact::RuleFired { .. }
            | TicketFact::RuleSkipped { .. }
            | TicketFact::RulesStopped { .. }
            | TicketFact::TimerSet { .. }
            | TicketFact::TimerDropped { .. }
            | TicketFact::HostAsked { .. }
            | TicketFact::Routed { .. }
            | TicketFact::Queued
            | TicketFact::Held { .. }
            | TicketFact::Offered { .. }
            | TicketFact::OfferEnded { .. }
            | TicketFact::MacroApplied { .. }
            | TicketFact::Reapplied { .. }
            | TicketFact::TookIn { .. }
            | TicketFact::GaveBack { .. }
            | TicketFact::Related { .. }
            | TicketFact::Unrelated { .. }
            | TicketFact::RelativeMoved { .. }
            | TicketFact::RelativeMerged { .. }
            | TicketFact::RelativeSeparated { .. }
            | TicketFact::ErrorKnown { .. }
            | TicketFact::CountedWith { .. } => return None,
        }
        Some(shown)
    }

    /// The fact without the fields that are kept from them; nothing, if it was about those alone.
    fn without_fields(&self, mut fact: TicketFact) -> Option<TicketFact> {
        match &mut fact {
            TicketFact::Opened { fields, .. } => self.keep_seen(fields),
            TicketFact::FieldsSet { fields } => {
                self.keep_seen(fields);
                if fields.is_empty() {
                    return None;
                }
            }
            _ => {}
        }
        Some(fact)
    }

    /// A field that the rulebook does not know any more is for those who answer.
    fn keep_seen<T>(&self, fields: &mut BTreeMap<FieldId, T>) {
        fields.retain(|id, _| {
            let known = self.fields.fields.get(id);
            self.role >= known.map_or(Role::Agent, |field| field.seen_by)
        });
    }
}
