//! From what happened back to what was asked for.

use std::collections::BTreeSet;

use firstline_sla::{ClockEvent, PageEvent, Schedule};

use crate::ticket::{
    ApprovalAction, ApprovalFact, ChecklistAction, ChecklistFact, HandOverCause, OpenTicket,
    Status, Ticket, TicketAction, TicketEvent, TicketFact, Visibility,
};

/// What is to be done for an event to happen again.
pub(super) enum Again {
    /// This.
    Do(Box<TicketAction>),
    /// Nothing: it followed from another one, or says nothing about rules.
    Same,
    /// It took another ticket.
    Never,
}

/// The action behind an event. `then` is where the same command brought the ticket, and `ticket`
/// what has become of it so far in the rehearsal.
pub(super) fn action(event: &TicketEvent, then: Option<Status>, ticket: Option<&Ticket>) -> Again {
    // What a rule did, the new rules may do or not.
    if event.rule.is_some() {
        return Again::Same;
    }
    let action = match &event.fact {
        TicketFact::Opened { split_from: None, .. } => opening(&event.fact),
        TicketFact::MessageAdded { visibility: Visibility::Public, text, .. } => {
            TicketAction::Reply { text: text.clone(), then }
        }
        TicketFact::MessageAdded { visibility: Visibility::Internal, text, .. } => {
            TicketAction::AddNote { text: text.clone() }
        }
        TicketFact::StatusChanged { place: Some(place), hold, .. } => {
            let is_there =
                |it: &Ticket| it.place.as_ref().map(|at| &at.status) == Some(&place.status);
            if ticket.is_some_and(|it| is_there(it) && it.hold == *hold) {
                return Again::Same;
            }
            TicketAction::Move { to: place.status.clone(), hold: *hold }
        }
        TicketFact::Snoozed { until } if ticket.is_some_and(|it| it.snoozed_until != *until) => {
            TicketAction::Snooze { until: *until }
        }
        // A message may have brought it there already.
        TicketFact::StatusChanged { to, .. } if ticket.is_some_and(|it| it.status == *to) => {
            return Again::Same;
        }
        TicketFact::StatusChanged { to, hold, .. } => {
            TicketAction::ChangeStatus { to: *to, hold: *hold }
        }
        TicketFact::Assigned { agent } => TicketAction::Assign { agent: *agent },
        TicketFact::HandedOver { line, team, cause: HandOverCause::Asked } => {
            TicketAction::HandOver { line: line.clone(), team: team.clone() }
        }
        TicketFact::Classified { classification, reason, step: None } => match reason {
            Some(reason) => TicketAction::OverridePriority {
                priority: classification.priority,
                reason: reason.clone(),
            },
            None if ticket.is_some_and(|ticket| {
                ticket.classification.overridden && !classification.overridden
            }) =>
            {
                TicketAction::ReleasePriority
            }
            None => TicketAction::Classify {
                impact: classification.impact,
                urgency: classification.urgency,
            },
        },
        TicketFact::Tagged { added, removed } => {
            TicketAction::Tag { add: added.clone(), remove: removed.clone() }
        }
        TicketFact::Described { kind, need, discipline } => {
            TicketAction::Describe { kind: Some(*kind), need: *need, discipline: *discipline }
        }
        TicketFact::Covered { equipment, contract, tier } => {
            let (equipment, contract, tier) =
                (Some(*equipment), Some(*contract), Some(tier.clone()));
            TicketAction::Cover { equipment, contract, tier }
        }
        TicketFact::Checklist(fact) => TicketAction::Checklist(match fact {
            ChecklistFact::Added { items } => ChecklistAction::Add { items: items.clone() },
            ChecklistFact::Ticked { item, .. } => ChecklistAction::Tick { item: *item },
            ChecklistFact::Unticked { item } => ChecklistAction::Untick { item: *item },
        }),
        TicketFact::Approval(fact) => TicketAction::Approval(signature(fact)),
        TicketFact::Rated { score, comment, .. } => {
            TicketAction::Rate { score: *score, comment: comment.clone() }
        }
        TicketFact::MarkedSpam => TicketAction::MarkSpam,
        TicketFact::UnmarkedSpam => TicketAction::UnmarkSpam,
        TicketFact::Page { page, event: PageEvent::Acknowledged { .. } } => {
            TicketAction::AcknowledgePage { page: *page }
        }
        // New terms under a date that a person fixed say it once more.
        TicketFact::Clock { clock, event: ClockEvent::DueFixed { by_hand: true, .. }, .. }
            if ticket
                .is_some_and(|it| it.clocks.get(clock).is_some_and(|it| it.fixed.is_some())) =>
        {
            return Again::Same;
        }
        TicketFact::Clock {
            clock,
            event:
                ClockEvent::DueFixed {
                    schedule: Schedule { due: Some(due), .. }, by_hand: true, ..
                },
            ..
        } => TicketAction::FixDue { clock: clock.clone(), due: *due },
        TicketFact::Clock { clock, event: ClockEvent::DueReleased { .. }, .. } => {
            TicketAction::ReleaseDue { clock: clock.clone() }
        }
        TicketFact::Opened { .. }
        | TicketFact::MergedInto { .. }
        | TicketFact::TookIn { .. }
        | TicketFact::Separated { .. }
        | TicketFact::GaveBack { .. }
        | TicketFact::SplitOff { .. } => return Again::Never,
        _ => return Again::Same,
    };
    Again::Do(Box::new(action))
}

fn signature(fact: &ApprovalFact) -> ApprovalAction {
    match fact {
        ApprovalFact::Asked { what, .. } => ApprovalAction::Ask { what: what.clone() },
        ApprovalFact::Withdrawn { approval, reason, .. } => {
            ApprovalAction::Withdraw { approval: *approval, reason: reason.clone() }
        }
        ApprovalFact::Signed { approval, name, meaning, approved, .. } => ApprovalAction::Sign {
            approval: *approval,
            name: name.clone(),
            meaning: meaning.clone(),
            approved: *approved,
        },
    }
}

fn opening(fact: &TicketFact) -> TicketAction {
    let TicketFact::Opened {
        kind,
        requester,
        organization,
        need,
        discipline,
        equipment,
        contract,
        tier,
        subject,
        text,
        channel,
        language,
        classification,
        line,
        team,
        tags,
        number,
        planned,
        ..
    } = fact
    else {
        unreachable!("it was matched as an opening");
    };
    TicketAction::Open(Box::new(OpenTicket {
        kind: *kind,
        organization: *organization,
        need: *need,
        discipline: *discipline,
        equipment: *equipment,
        contract: *contract,
        tier: tier.clone(),
        channel: *channel,
        language: language.clone(),
        impact: classification.impact,
        urgency: classification.urgency,
        line: Some(line.clone()),
        team: team.clone(),
        tags: BTreeSet::clone(tags),
        number: *number,
        planned: *planned,
        ..OpenTicket::new(*requester, subject.as_str(), text.as_str())
    }))
}
