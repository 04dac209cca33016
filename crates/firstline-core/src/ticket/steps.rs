//! How a ticket goes along its lifecycle: by whose hand, when what is required is there.

mod by_itself;
mod offered;

use firstline_sla::Value;

use super::decide::Work;
use super::fact::TicketFact;
use super::lifecycle::{HoldReason, Status};
use super::relation::RelationRefused;
use crate::custom::RequiredAt;
use crate::id::StatusId;
use crate::lifecycle::{Lifecycle, NamedStatus, Way};
use crate::limits::{MAX_WAITS, check_time};
use crate::people::Role;
use crate::refusal::Refusal;
use crate::rulebook::ParentRule;

pub(super) use by_itself::LifeAlarm;
pub use by_itself::{lacks_closing, set_closing};
pub use offered::ways;

impl<'r> Work<'r> {
    /// The lifecycle of the ticket, and the status it is in.
    pub(super) fn whereabouts(&self) -> (&'r Lifecycle, &'r NamedStatus) {
        let life = self.rulebook.lifecycle(&self.ticket);
        (life, life.status_of(&self.ticket))
    }

    /// Moves the ticket to a category: by the first way of its lifecycle that leads there and that
    /// this actor may take now.
    pub(super) fn change_status(
        &mut self,
        to: Status,
        hold: Option<HoldReason>,
    ) -> Result<(), Refusal> {
        let (life, here) = self.whereabouts();
        if to != Status::OnHold && hold.is_some() {
            return Err(Refusal::HoldReasonUnexpected { to: to.as_str().into() });
        }
        let waits = || life.statuses.iter().filter(|it| it.category == Status::OnHold);
        if to == Status::OnHold && hold.is_none() && !waits().any(|it| it.takes(None)) {
            return Err(Refusal::HoldReasonMissing);
        }
        if to == self.ticket.status && here.takes(hold) {
            self.check_hold(here, hold)?;
            return self.enter(life, here, hold);
        }
        let found = self.find_way(to.as_str(), |it| it.category == to && it.takes(hold));
        if let (Err(Refusal::TransitionNotAllowed { .. }), Some(hold)) = (&found, hold) {
            let others = life.ways_from(&here.id).filter(|(_, it)| it.category == to);
            let allowed: Vec<HoldReason> = others.flat_map(|(_, it)| it.holds.clone()).collect();
            if !allowed.is_empty() {
                let to = to.as_str().into();
                return Err(Refusal::HoldReasonNotHere { to, hold, allowed });
            }
        }
        self.enter(life, found?, hold)
    }

    /// Moves the ticket to a status of its lifecycle.
    pub(super) fn move_along(
        &mut self,
        to: &StatusId,
        hold: Option<HoldReason>,
    ) -> Result<(), Refusal> {
        let (life, here) = self.whereabouts();
        let Some(status) = life.status(to) else {
            let known = life.statuses.iter().map(|status| status.id.clone()).collect();
            let lifecycle = life.id.clone();
            return Err(Refusal::UnknownStatus { lifecycle, status: to.clone(), known });
        };
        match hold {
            Some(_) if status.category != Status::OnHold => {
                return Err(Refusal::HoldReasonUnexpected { to: to.clone() });
            }
            Some(hold) if !status.takes(Some(hold)) => {
                let (to, allowed) = (to.clone(), status.holds.clone());
                return Err(Refusal::HoldReasonNotHere { to, hold, allowed });
            }
            None if !status.takes(None) => return Err(Refusal::HoldReasonMissing),
            _ => {}
        }
        if status.id == here.id {
            self.check_hold(here, hold)?;
        } else {
            self.find_way(to.as_str(), |it| it.id == *to)?;
        }
        self.enter(life, status, hold)
    }

    /// What it waits for is for the desk to say: promises stand still by that.
    fn check_hold(&self, here: &NamedStatus, hold: Option<HoldReason>) -> Result<(), Refusal> {
        if self.by.role() != Role::Contact || here.hold(hold) == self.ticket.hold {
            return Ok(());
        }
        let (actor, action) = (self.by, "say what a ticket waits for");
        Err(Refusal::NotPermitted { actor, action, needed: Role::Agent })
    }

    /// Where a message brings the ticket: `then`, if its author says so; else the customer's word
    /// makes it the desk's turn, and an agent's takes it up.
    pub(super) fn after_reply(
        &self,
        then: Option<Status>,
    ) -> Result<Option<&'r NamedStatus>, Refusal> {
        let is = self.ticket.status;
        let open = || self.find_way(Status::Open.as_str(), |it| it.category == Status::Open);
        match (self.by.role(), then) {
            (Role::Contact, _) => match is {
                // A way that is barred leaves it where it is: no word of a customer is refused for it.
                Status::Pending => Ok(open().ok()),
                Status::Resolved => open().map(Some),
                _ => Ok(None),
            },
            (_, Some(then)) if then == is => Ok(None),
            (_, Some(Status::OnHold)) => {
                let (life, _) = self.whereabouts();
                let mut waits = life.statuses.iter().filter(|it| it.category == Status::OnHold);
                if !waits.any(|it| it.takes(None)) {
                    return Err(Refusal::HoldReasonMissing);
                }
                let fits = |it: &NamedStatus| it.category == Status::OnHold && it.takes(None);
                self.find_way(Status::OnHold.as_str(), fits).map(Some)
            }
            (_, Some(then)) => self.find_way(then.as_str(), |it| it.category == then).map(Some),
            (Role::Agent, None) if is == Status::New => Ok(open().ok()),
            (_, None) => Ok(None),
        }
    }

    /// Somebody takes the work up.
    pub(super) fn pick_up(&mut self) -> Result<(), Refusal> {
        if self.ticket.status != Status::New {
            return Ok(());
        }
        let (life, _) = self.whereabouts();
        match self.find_way(Status::Open.as_str(), |it| it.category == Status::Open) {
            Ok(status) => self.enter(life, status, None),
            Err(_) => Ok(()),
        }
    }

    /// The first way from here to a status that fits which this actor may take now. `to` is what was
    /// asked for.
    pub(super) fn find_way(
        &self,
        to: &str,
        fits: impl Fn(&NamedStatus) -> bool,
    ) -> Result<&'r NamedStatus, Refusal> {
        let (life, here) = self.whereabouts();
        let from = here.id.clone();
        let ways: Vec<(&Way, &NamedStatus)> =
            life.ways_from(&here.id).filter(|(_, status)| fits(status)).collect();
        let allowed = || {
            let ways =
                life.ways_from(&here.id).filter(|(way, _)| way.by.is(self.by, self.rulebook));
            ways.map(|(way, _)| way.to.clone()).collect()
        };
        let Some((first, _)) = ways.first() else {
            let to = to.into();
            return Err(Refusal::TransitionNotAllowed { from, to, allowed: allowed() });
        };
        let mut mine = ways.iter().filter(|(way, _)| way.by.is(self.by, self.rulebook)).peekable();
        let Some((own, _)) = mine.peek() else {
            let (actor, to, needed) = (self.by, first.to.clone(), first.by.to_string());
            return Err(Refusal::TransitionNotPermitted {
                actor,
                from,
                to,
                needed,
                allowed: allowed(),
            });
        };
        let (to, missing) = (own.to.clone(), self.missing(own));
        let Some((_, status)) = mine.find(|(way, _)| self.missing(way).is_empty()) else {
            return Err(Refusal::FieldsMissing { from, to, missing });
        };
        match (self.ticket.status, status.category.is_open()) {
            (Status::Resolved, true) => self.check_reopening()?,
            (is, false) if is.is_open() => self.check_children()?,
            _ => {}
        }
        Ok(status)
    }

    /// The fields that a way asks for and that are not filled.
    fn missing(&self, way: &Way) -> Vec<String> {
        let is_there = |field: &str| {
            let value = firstline_sla::Facts::value(&self.ticket, field);
            value.is_some_and(|value| !value.is_empty() && value != Value::Flag(false))
        };
        way.requires.iter().filter(|field| !is_there(field)).map(ToString::to_string).collect()
    }

    /// Where a whole waits for its parts, it is not done before they are.
    pub(super) fn check_children(&self) -> Result<(), Refusal> {
        if self.rulebook.relations().parent != ParentRule::Waits {
            return Ok(());
        }
        match self.ticket.open_children() {
            children if children.is_empty() => Ok(()),
            children => Err(RelationRefused::ChildrenOpen { children }.into()),
        }
    }

    fn check_reopening(&self) -> Result<(), Refusal> {
        match self.ticket.place.as_ref().and_then(|place| place.reopens_until) {
            Some(until) if self.now > until => Err(Refusal::ReopenedTooLate { until }),
            _ => Ok(()),
        }
    }

    /// Moves the ticket to the usual status of a category, whatever the lifecycle says of ways: what
    /// happens to a ticket, rather than what somebody does with it.
    pub(super) fn become_status(
        &mut self,
        to: Status,
        hold: Option<HoldReason>,
    ) -> Result<(), Refusal> {
        let (life, here) = self.whereabouts();
        let status = if to == self.ticket.status { here } else { life.usual(to).unwrap_or(here) };
        self.enter(life, status, hold)
    }

    /// The ticket comes into a status, and its promises with it. Nothing happens if it is there.
    pub(super) fn enter(
        &mut self,
        life: &Lifecycle,
        status: &NamedStatus,
        hold: Option<HoldReason>,
    ) -> Result<(), Refusal> {
        let (from, to) = (self.ticket.status, status.category);
        let hold = if to == Status::OnHold { status.hold(hold) } else { None };
        let place = life.place(status, &self.ticket, self.now);
        let before = (from, self.ticket.hold);
        let stays = before == (to, hold);
        let is_named_alike = match (&place, &self.ticket.place) {
            (Some(there), Some(here)) => {
                (&there.lifecycle, &there.status) == (&here.lifecycle, &here.status)
            }
            (there, here) => there.is_none() && here.is_none(),
        };
        if stays && is_named_alike {
            return Ok(());
        }
        // Closed is the end, so there is always room for it.
        if self.ticket.waits.len() >= MAX_WAITS && !stays && to != Status::Closed {
            return Err(Refusal::TooManyWaits { most: MAX_WAITS });
        }
        // What is closed without having been resolved is done by that, unless it was dismissed.
        let is_done = from.is_open() && !to.is_open() && self.ticket.dismissed.is_none();
        if is_done {
            self.check_filled(RequiredAt::Resolving)?;
        }
        self.happen(TicketFact::StatusChanged { from, to, hold, place });
        if stays { Ok(()) } else { self.status_moved(before) }
    }

    /// The ticket became one that another lifecycle is for: it goes on there, in the status that the
    /// rulebook says or that is alike.
    pub(super) fn follow_lifecycle(&mut self) -> Result<(), Refusal> {
        let (life, here) = self.whereabouts();
        let other = self.rulebook.lifecycle_for(&self.ticket);
        if other.id == life.id || self.ticket.status == Status::Closed {
            return Ok(());
        }
        let status = other.arrival(&life.id, here);
        let moves = status.category != self.ticket.status;
        if moves && self.ticket.waits.len() >= MAX_WAITS {
            return Ok(());
        }
        self.enter(other, status, self.ticket.hold)
    }
}
