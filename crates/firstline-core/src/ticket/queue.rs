//! A ticket waits for somebody to be found for it: it is offered, taken, declined, or held.
//!
//! Who is there and has room is not known to a ticket, so the desk chooses, and what it chose comes
//! in as an argument. What a ticket knows is that it waits, to whom it is offered until when, and who
//! did not want it. That an offer runs out is a moment like any other at which it wakes. That whoever
//! is asked may not have it any more is for the desk to see: it [withdraws](withdraw) the offer.

mod bearing;

use std::collections::BTreeSet;

use firstline_sla::{Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::action::TicketAction;
use super::decide::{Turn, Work};
use super::fact::{TicketEvent, TicketFact};
use super::lifecycle::Status;
use super::relation::Relation;
use crate::id::{AgentId, RuleId};
use crate::limits::{LATEST, check_line};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::routing::{Choice, Objection, RoutingRefusal};
use crate::rulebook::Rulebook;

pub use bearing::Bearing;

/// How long a ticket rests that everybody declined, before they are asked anew, on a desk that has
/// stopped to offer.
const REST: WorkTime = WorkTime::from_minutes(10);

/// A ticket that everybody let pass rests for such a part of the time that it has waited, where that is
/// more than usual: what nobody took for days is not offered every ten minutes.
const PART_OF_THE_WAIT: i64 = 100;

/// But no longer than this: whoever comes back to their desk is asked within the hour.
const LONGEST_REST: WorkTime = WorkTime::from_hours(1);

/// That a ticket waits for somebody to be found for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Queue {
    /// Since when.
    pub since: Timestamp,
    /// That nobody could have it when it was last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// To whom it is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Who declined it or let an offer run out, since all were last asked.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub declined: BTreeSet<AgentId>,
}

/// That nobody could have a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Held {
    /// When it is looked at again at the latest; `None` if only that somebody comes or has room
    /// again makes a difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// That a ticket is offered to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Offer {
    /// To whom.
    pub agent: AgentId,
    /// Until when. The first moment at which it does not stand any more.
    pub until: Timestamp,
}

/// How an offer ended that nobody accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum OfferEnd {
    /// It was declined.
    Declined {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Nobody answered in time.
    Expired,
    /// Whoever was asked may not have it any more: they are gone, have no room left, or it takes
    /// somebody else now. They did not decline it.
    Withdrawn {
        /// What stands against them.
        against: Vec<Objection>,
    },
}

impl Ticket {
    /// Whether somebody is to be found for it now, or is being asked.
    #[must_use]
    pub fn seeks_agent(&self) -> bool {
        self.queue.is_some() && self.can_be_given()
    }

    /// When it is looked at again at the latest, of those that nobody could have.
    #[must_use]
    pub fn held_until(&self) -> Option<Timestamp> {
        self.queue.as_ref().filter(|_| self.seeks_agent())?.held?.until
    }

    /// To whom it is offered.
    #[must_use]
    pub fn offer(&self) -> Option<Offer> {
        self.queue.as_ref().filter(|_| self.seeks_agent())?.offer
    }

    /// Whether it is for somebody to work on, and nobody does.
    pub(super) fn can_be_given(&self) -> bool {
        self.assignee.is_none()
            && matches!(self.status, Status::New | Status::Open)
            && self.snoozed_until.is_none()
            && self.merged.is_none()
    }

    /// When it is looked at again, or the offer runs out.
    pub(super) fn queue_timeout(&self) -> Option<Timestamp> {
        let Queue { offer, held, .. } = self.queue.as_ref().filter(|_| self.seeks_agent())?;
        match offer {
            Some(offer) => Some(offer.until),
            None => held.as_ref()?.until,
        }
    }

    /// It waits for somebody, or is to be looked at again.
    pub(super) fn change_queue(&mut self, at: Timestamp) {
        let queue = self.queue.get_or_insert_with(|| Queue {
            since: at,
            held: None,
            offer: None,
            declined: BTreeSet::new(),
        });
        queue.held = None;
        queue.declined.clear();
    }

    pub(super) fn change_held(&mut self, until: Option<Timestamp>) {
        if let Some(queue) = &mut self.queue {
            queue.held = Some(Held { until });
        }
    }

    pub(super) fn change_offer(&mut self, offer: Offer) {
        if let Some(queue) = &mut self.queue {
            (queue.offer, queue.held) = (Some(offer), None);
        }
    }

    pub(super) fn end_offer(&mut self, agent: AgentId, how: &OfferEnd, at: Timestamp) {
        let had_the_choice = !matches!(how, OfferEnd::Withdrawn { .. });
        if had_the_choice {
            self.note_declined(agent, at);
        }
        if let Some(queue) = &mut self.queue {
            queue.offer = None;
            if had_the_choice {
                queue.declined.insert(agent);
            }
        }
    }

    /// Other people are meant from now on, or none for a while: what was asked of whom is over.
    pub(super) fn ask_anew(&mut self) {
        if let Some(queue) = &mut self.queue {
            (queue.offer, queue.held) = (None, None);
            queue.declined.clear();
        }
    }
}

impl Work<'_> {
    /// A ticket that nobody has any more comes into the queue where the rulebook says so.
    pub(super) fn join_queue(&mut self, since: usize) {
        if self.events[since..].iter().any(sets_free) {
            self.join_queue_now();
        }
    }

    fn join_queue_now(&mut self) {
        let is_ours = !self.rulebook.is_vendor(&self.ticket.line);
        if self.ticket.queue.is_none()
            && self.rulebook.routing().is_automatic
            && is_ours
            && self.ticket.can_be_given()
        {
            self.happen(TicketFact::Queued);
        }
    }

    /// Somebody is to be found for it. One that somebody has stays there.
    pub(super) fn queue(&mut self) -> Result<(), Refusal> {
        self.need(Role::Agent, "route tickets")?;
        if !self.rulebook.routes() {
            return Err(RoutingRefusal::NothingRouted.into());
        }
        if self.ticket.queue.is_none() && self.ticket.can_be_given() {
            self.happen(TicketFact::Queued);
        }
        Ok(())
    }

    /// Whoever it is offered to takes it.
    pub(super) fn accept_offer(&mut self) -> Result<(), Refusal> {
        let agent = self.offered()?;
        self.act(&TicketAction::Assign { agent: Some(agent) })
    }

    /// Whoever it is offered to does not want it.
    pub(super) fn decline_offer(&mut self, reason: Option<&str>) -> Result<(), Refusal> {
        let agent = self.offered()?;
        reason.map_or(Ok(()), |reason| check_line("reason", reason))?;
        let how = OfferEnd::Declined { reason: reason.map(str::to_owned) };
        self.happen(TicketFact::OfferEnded { agent, how });
        Ok(())
    }

    /// The actor, if it is offered to them.
    fn offered(&self) -> Result<AgentId, Refusal> {
        let to = self.ticket.offer().map(|offer| offer.agent);
        match (self.by, to) {
            (Actor::Agent(agent), Some(to)) if agent == to => Ok(agent),
            (actor, to) => Err(RoutingRefusal::NotOffered { actor, to }.into()),
        }
    }

    /// The time of an offer is over, or it is time to look again.
    pub(super) fn look_again(&mut self) {
        match self.ticket.offer() {
            Some(Offer { agent, .. }) => {
                self.happen(TicketFact::OfferEnded { agent, how: OfferEnd::Expired });
            }
            None => self.happen(TicketFact::Queued),
        }
    }

    /// What was chosen comes to pass.
    pub(super) fn dispatch(&mut self, choice: &Choice) -> Result<(), Refusal> {
        let offer = self.rulebook.routing().offer;
        match (choice.chosen, offer) {
            (Some((agent, _)), None) => self.give_to(agent, choice),
            (Some((agent, _)), Some(time)) => {
                let until = later(self.now, time);
                let because = choice.into();
                self.happen(TicketFact::Offered { agent, until, because });
                Ok(())
            }
            (None, _) => {
                let since = self.ticket.queue.as_ref().map_or(self.now, |queue| queue.since);
                let until = choice.look_again(since, self.rulebook, self.now);
                let known = self.ticket.queue.as_ref().and_then(|queue| queue.held);
                let is_sooner = |held: Held| match (until, held.until) {
                    (Some(until), Some(known)) => until < known,
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                if known.is_none_or(is_sooner) {
                    self.happen(TicketFact::Held { until, because: choice.into() });
                }
                Ok(())
            }
        }
    }

    /// Whoever was chosen has it.
    pub(super) fn give_to(&mut self, agent: AgentId, choice: &Choice) -> Result<(), Refusal> {
        self.act(&TicketAction::Assign { agent: Some(agent) })?;
        self.happen(TicketFact::Routed { agent, because: choice.into() });
        Ok(())
    }
}

/// Gives a ticket that waits for somebody to whoever was [chosen](crate::route) for it, or offers it
/// to them, as the rulebook says. If nobody could be, it is held until somebody may be there.
///
/// One that waits for nobody, or that somebody is being asked about, stays as it is.
///
/// That somebody is found is the end of a command, and the rules that `fired` on the ticket in it
/// already do not fire again.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn dispatch(
    ticket: Ticket,
    choice: &Choice,
    (rulebook, fired): (&Rulebook, &BTreeSet<RuleId>),
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, Actor::System, rulebook, now)?;
    work.fired.clone_from(fired);
    let mark = work.mark();
    if work.seeks_choice() {
        work.dispatch(choice)?;
    }
    work.follow_up(&mark)?;
    work.finish()
}

/// Ends the offer of a ticket that whoever is asked [may not have any more](crate::against_offer).
/// Somebody else is to be found for it.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn withdraw(
    ticket: Ticket,
    against: Vec<Objection>,
    (rulebook, fired): (&Rulebook, &BTreeSet<RuleId>),
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, Actor::System, rulebook, now)?;
    work.fired.clone_from(fired);
    let mark = work.mark();
    if let Some(Offer { agent, .. }) = work.ticket.offer() {
        let how = OfferEnd::Withdrawn { against };
        work.happen(TicketFact::OfferEnded { agent, how });
    }
    work.follow_up(&mark)?;
    work.finish()
}

/// Lets a ticket that nobody has come into the queue, where the rulebook that has come into force
/// says that all of them do.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn enlist(
    ticket: Ticket,
    (rulebook, fired): (&Rulebook, &BTreeSet<RuleId>),
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, Actor::System, rulebook, now)?;
    work.fired.clone_from(fired);
    let mark = work.mark();
    work.join_queue_now();
    work.follow_up(&mark)?;
    work.finish()
}

impl Choice {
    /// When somebody may have the ticket whom nothing but the hour keeps from it now, or that they
    /// were asked already: those rest for as long as an offer stands, and of what has waited `since` long
    /// for a hundredth of that, an hour at most.
    #[must_use]
    pub fn look_again(
        &self,
        since: Timestamp,
        rulebook: &Rulebook,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let waited = now.as_millis().saturating_sub(since.as_millis());
        let rest = WorkTime::from_millis(waited / PART_OF_THE_WAIT).min(LONGEST_REST);
        let rest = rest.max(rulebook.routing().offer.unwrap_or(REST));
        let when = |objection: &Objection| match objection {
            Objection::OffHours { until } => *until,
            Objection::Declined => Some(later(now, rest)),
            _ => None,
        };
        let back = |against: &[Objection]| {
            against.iter().map(when).try_fold(now, |latest, at| Some(latest.max(at?)))
        };
        self.excluded.iter().filter_map(|(_, against)| back(against)).min()
    }
}

/// Whether a fact may be why nobody has the ticket any more.
const fn sets_free(event: &TicketEvent) -> bool {
    matches!(
        event.fact,
        TicketFact::Opened { .. }
            | TicketFact::HandedOver { .. }
            | TicketFact::Assigned { agent: None }
            | TicketFact::StatusChanged { .. }
            | TicketFact::Snoozed { until: None }
            | TicketFact::Separated { .. }
            | TicketFact::UnmarkedSpam
            | TicketFact::Unrelated { relation: Relation::DuplicateOf, .. }
    )
}

/// So much later on the wall clock, but not after the end of time.
fn later(now: Timestamp, time: WorkTime) -> Timestamp {
    now.checked_add_millis(time.as_millis()).unwrap_or(LATEST).min(LATEST)
}
