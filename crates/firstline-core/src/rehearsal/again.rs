//! From what happened back to what was asked for.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{ClockEvent, ClockKey, Measure, PageEvent, Schedule, Timestamp, WorkTime};

use super::Happened;
use crate::custom::FieldValue;
use crate::id::{FieldId, RuleId};
use crate::lifecycle::Place;
use crate::people::{Actor, Role};
use crate::ticket::{
    ApprovalAction, ApprovalFact, ChecklistAction, ChecklistFact, FromElsewhere, HandOverCause,
    News, OfferEnd, OpenTicket, Relation, Status, Ticket, TicketAction, TicketEvent, TicketFact,
    Visibility,
};

/// What is to be done for an event to happen again.
pub(super) enum Again<'h> {
    /// This.
    Do(Box<TicketAction>),
    /// It comes from elsewhere once more.
    Repeat(FromElsewhere<'h>),
    /// Another ticket tells it again.
    Hear(News),
    /// Nothing: it followed from another one, or says nothing about rules.
    Same,
    /// It took another ticket.
    Never,
}

/// How far a rehearsal has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'p> {
    /// The status in which the ticket really was.
    pub(super) was: Status,
    /// What has become of the ticket in the rehearsal.
    pub(super) ticket: Option<&'p Ticket>,
    /// The macro that the other rules do not have: what an agent did by it is done without it.
    pub(super) by_hand: Option<&'p RuleId>,
}

/// What is behind the event with which this history begins.
pub(super) fn again<'h>(history: &[Happened<'h>], here: Here<'_>) -> Again<'h> {
    let (event, ticket) = (history[0].event, here.ticket);
    // What a rule did, the new rules may do or not.
    if event.rule.is_some() && event.rule.as_ref() != here.by_hand {
        return Again::Same;
    }
    if let Some(again) = from_elsewhere(history, ticket) {
        return again;
    }
    let action = of_lifecycle(history, here)
        .or_else(|| of_promises(history))
        .or_else(|| of_contents(history, ticket));
    action.map_or(Again::Same, |action| Again::Do(Box::new(action)))
}

/// What another ticket, a contract or the floor had to do with.
fn from_elsewhere<'h>(history: &[Happened<'h>], ticket: Option<&Ticket>) -> Option<Again<'h>> {
    let event = history[0].event;
    Some(match &event.fact {
        TicketFact::Opened { split_from: Some(_), .. }
        | TicketFact::MergedInto { .. }
        | TicketFact::TookIn { .. }
        | TicketFact::Separated { .. }
        | TicketFact::GaveBack { .. }
        | TicketFact::SplitOff { .. } => Again::Never,
        TicketFact::Related { .. }
        | TicketFact::Unrelated { .. }
        | TicketFact::WorkLogged(_)
        | TicketFact::WorkTakenBack { .. }
        | TicketFact::OfferEnded { how: OfferEnd::Withdrawn { .. }, .. }
        | TicketFact::Held { .. } => Again::Repeat(FromElsewhere::Fact(&event.fact)),
        TicketFact::RelativeMoved { ticket, status } => {
            Again::Hear(News::Moved { ticket: *ticket, status: *status })
        }
        TicketFact::RelativeMerged { ticket, into } => {
            Again::Hear(News::Merged { ticket: *ticket, into: *into })
        }
        TicketFact::RelativeSeparated { ticket, from, status } => {
            Again::Hear(News::Separated { ticket: *ticket, from: *from, status: *status })
        }
        TicketFact::Assigned { agent: Some(agent) } => {
            let mut rest = same_turn(history).map(|it| &it.event.fact);
            let found = rest.find(|fact| {
                matches!(fact, TicketFact::Routed { .. } | TicketFact::Assigned { .. })
            });
            match found {
                Some(TicketFact::Routed { agent: routed, .. }) if routed == agent => {
                    Again::Repeat(FromElsewhere::Given(*agent))
                }
                _ => return None,
            }
        }
        TicketFact::Offered { agent, .. } => Again::Repeat(FromElsewhere::Offered(*agent)),
        TicketFact::OfferEnded { agent, how: OfferEnd::Declined { reason } }
            if ticket.and_then(Ticket::offer).is_some_and(|offer| offer.agent == *agent) =>
        {
            Again::Do(Box::new(TicketAction::DeclineOffer { reason: reason.clone() }))
        }
        _ => return None,
    })
}

/// The same for what people said and where they brought the ticket.
fn of_lifecycle(history: &[Happened<'_>], here: Here<'_>) -> Option<TicketAction> {
    let (by, ticket) = (history[0].by, here.ticket);
    Some(match &history[0].event.fact {
        TicketFact::Opened { .. } => opening(&history[0].event.fact),
        TicketFact::MessageAdded { visibility: Visibility::Public, text, .. } => {
            TicketAction::Reply { text: text.clone(), then: brought_to(history, here.was) }
        }
        TicketFact::MessageAdded { text, .. } => TicketAction::AddNote { text: text.clone() },
        TicketFact::StatusChanged { place: Some(place), hold, .. } => {
            let is_there =
                |it: &Ticket| it.place.as_ref().map(|at| &at.status) == Some(&place.status);
            if ticket.is_some_and(|it| is_there(it) && it.hold == *hold) {
                return None;
            }
            TicketAction::Move { to: place.status.clone(), hold: *hold }
        }
        // A message may have brought it there already.
        TicketFact::StatusChanged { to, hold, .. }
            if ticket.is_some_and(|it| (it.status, it.hold) == (*to, *hold)) =>
        {
            return None;
        }
        TicketFact::StatusChanged { to, hold, .. } => {
            TicketAction::ChangeStatus { to: *to, hold: *hold }
        }
        TicketFact::Snoozed { until } if ticket.is_some_and(|it| it.snoozed_until != *until) => {
            TicketAction::Snooze { until: *until }
        }
        TicketFact::Assigned { agent } => TicketAction::Assign { agent: *agent },
        TicketFact::HandedOver { line, team, cause: HandOverCause::Asked } => {
            TicketAction::HandOver { line: line.clone(), team: team.clone() }
        }
        // That it is looked at again is the desk's own doing.
        TicketFact::Queued if by != Actor::System => TicketAction::Queue,
        TicketFact::MarkedSpam => TicketAction::MarkSpam,
        TicketFact::UnmarkedSpam => TicketAction::UnmarkSpam,
        TicketFact::MacroApplied { name } => TicketAction::ApplyMacro { name: name.clone() },
        TicketFact::Reapplied { .. } => {
            let is_corrected = |fact: &TicketFact| {
                matches!(fact, TicketFact::Clock { event: ClockEvent::Corrected { .. }, .. })
            };
            let revalue_past = same_turn(history).any(|it| is_corrected(&it.event.fact));
            TicketAction::Reapply { revalue_past }
        }
        _ => return None,
    })
}

/// The same for promises, dates and pages.
fn of_promises(history: &[Happened<'_>]) -> Option<TicketAction> {
    Some(match &history[0].event.fact {
        TicketFact::Promised { number, what, .. } => {
            let (within, by) = promised(history, &ClockKey::promise(*number));
            TicketAction::Promise { what: what.clone(), within, by }
        }
        TicketFact::Clock { clock, event: ClockEvent::Fulfilled { .. }, .. } => match clock.measure
        {
            Measure::Promise(number) => TicketAction::KeepPromise { number, of: None },
            _ => return None,
        },
        TicketFact::Clock { clock, event: ClockEvent::Cancelled { reason, .. }, .. } => {
            match clock.measure {
                Measure::Promise(number) => {
                    TicketAction::WithdrawPromise { number, of: None, reason: reason.to_string() }
                }
                _ => return None,
            }
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
        TicketFact::Page { page, event: PageEvent::Acknowledged { .. } } => {
            TicketAction::AcknowledgePage { page: *page }
        }
        _ => return None,
    })
}

/// The same for what a ticket is about and what hangs on it.
fn of_contents(history: &[Happened<'_>], ticket: Option<&Ticket>) -> Option<TicketAction> {
    Some(match &history[0].event.fact {
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
        TicketFact::Corrected(correction) => TicketAction::Correct(correction.clone()),
        TicketFact::FieldsSet { fields } => {
            let input = |(id, value): (&FieldId, &Option<FieldValue>)| {
                (id.clone(), value.as_ref().map(FieldValue::as_input))
            };
            TicketAction::SetFields { fields: fields.iter().map(input).collect() }
        }
        TicketFact::Checklist(fact) => TicketAction::Checklist(match fact {
            ChecklistFact::Added { items } => ChecklistAction::Add { items: items.clone() },
            ChecklistFact::Ticked { item, .. } => ChecklistAction::Tick { item: *item },
            ChecklistFact::Unticked { item } => ChecklistAction::Untick { item: *item },
        }),
        TicketFact::Approval(fact) => TicketAction::Approval(signature(fact)),
        TicketFact::Attached { message, files, .. } => {
            TicketAction::Attach { message: Some(*message), files: files.clone() }
        }
        TicketFact::Followed { who, follows: true } => TicketAction::Follow { who: *who },
        TicketFact::Followed { who, follows: false } => TicketAction::Unfollow { who: *who },
        TicketFact::Rated { score, comment, .. } => {
            TicketAction::Rate { score: *score, comment: comment.clone() }
        }
        TicketFact::SolvedBy { article } => TicketAction::SolvedBy { article: *article },
        TicketFact::ErrorKnown { cause, workaround, .. } => {
            TicketAction::KnowError { cause: cause.clone(), workaround: workaround.clone() }
        }
        _ => return None,
    })
}

/// What was recorded after the first of these in the same breath.
pub(super) fn same_turn<'r, 'h>(
    history: &'r [Happened<'h>],
) -> impl Iterator<Item = &'r Happened<'h>> {
    let (first, rest) = (&history[0], &history[1..]);
    rest.iter().take_while(move |other| (other.at, other.by) == (first.at, first.by))
}

/// What is in the fields of the opening with which this history begins, if it came of a message to
/// another ticket.
pub(super) fn brought_along<'h>(
    history: &[Happened<'h>],
) -> Option<&'h BTreeMap<FieldId, FieldValue>> {
    let follows_another = same_turn(history).any(|it| {
        matches!(it.event.fact, TicketFact::Related { relation: Relation::FollowUpOf, .. })
            && matches!(it.by, Actor::Contact(_))
    });
    match &history[0].event.fact {
        TicketFact::Opened { fields, .. } if follows_another => Some(fields),
        _ => None,
    }
}

/// Where the desk's reply, with which this history begins, brought the ticket in the same breath.
fn brought_to(history: &[Happened<'_>], was: Status) -> Option<Status> {
    // A customer cannot say where it is to go.
    if history[0].by.role() == Role::Contact {
        return None;
    }
    // Rules come after all that a command does.
    let is_over = |fact: &TicketFact| {
        matches!(
            fact,
            TicketFact::MessageAdded { .. }
                | TicketFact::RuleFired { .. }
                // Another command in the same moment, which brings it somewhere by itself.
                | TicketFact::MarkedSpam
                | TicketFact::UnmarkedSpam
                | TicketFact::MacroApplied { .. }
                | TicketFact::Related { .. }
        )
    };
    let mut same = same_turn(history).take_while(|other| !is_over(&other.event.fact));
    let brought = same.find_map(|other| match other.event.fact {
        TicketFact::StatusChanged { to, .. } if to != Status::OnHold => Some(to),
        _ => None,
    });
    // A reply takes up what is new, unless whoever wrote it said that it stays so.
    brought.or_else(|| (was == Status::New).then_some(was))
}

/// How much time a promise was given, or until when, by the clock that was started for it.
fn promised(history: &[Happened<'_>], key: &ClockKey) -> (Option<WorkTime>, Option<Timestamp>) {
    let of_it = |it: &'_ Happened<'_>| match &it.event.fact {
        TicketFact::Clock { clock, event, .. } if clock == key => Some(event.clone()),
        _ => None,
    };
    let mut events = same_turn(history).map_while(of_it);
    let Some(ClockEvent::Started { allowance, .. }) = events.next() else {
        return (None, None);
    };
    match events.next() {
        Some(ClockEvent::DueFixed { by_hand: false, schedule, .. }) => (None, schedule.due),
        _ => (Some(allowance), None),
    }
}

fn signature(fact: &ApprovalFact) -> ApprovalAction {
    match fact {
        ApprovalFact::Asked { what, of, .. } => ApprovalAction::Ask { what: what.clone(), of: *of },
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

/// Whether two facts are the same deed, though other terms may have given them other times.
pub(super) fn is_like(one: &TicketEvent, other: &TicketEvent) -> bool {
    match (&one.fact, &other.fact) {
        (
            TicketFact::StatusChanged { to, hold, place, .. },
            TicketFact::StatusChanged { to: to2, hold: hold2, place: place2, .. },
        ) => {
            let name = |place: &Option<Place>| place.as_ref().map(|it| it.status.clone());
            (to, hold, name(place)) == (to2, hold2, name(place2))
        }
        (
            TicketFact::Clock { clock, event, .. },
            TicketFact::Clock { clock: clock2, event: event2, .. },
        ) => clock == clock2 && core::mem::discriminant(event) == core::mem::discriminant(event2),
        // By which number it came and what it tells of others is not for one ticket to know.
        (
            TicketFact::MessageAdded { author, visibility, text, .. },
            TicketFact::MessageAdded {
                author: author2, visibility: visibility2, text: text2, ..
            },
        ) => (author, visibility, text) == (author2, visibility2, text2),
        (one, other) => one == other,
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
        fields,
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
        fields: fields.iter().map(|(id, value)| (id.clone(), value.as_input())).collect(),
        number: *number,
        planned: *planned,
        ..OpenTicket::new(*requester, subject.as_str(), text.as_str())
    }))
}
