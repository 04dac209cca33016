//! What happens to a ticket by itself along its life: what is resolved closes, who was laid aside
//! wakes. The moment is known when the state is entered, and given up when it is left.

use firstline_sla::Timestamp;

use super::super::Ticket;
use super::super::decide::{Turn, Work};
use super::super::fact::TicketFact;
use super::super::lifecycle::Status;
use super::{Role, check_time};
use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

/// What goes off by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ticket) enum LifeAlarm {
    /// Nobody has come back to it.
    Close,
    /// It was laid aside until now.
    Wake,
    /// An offer runs out, or somebody may be there to whom it could be given.
    LookAgain,
}

/// Whether a ticket was resolved before the rules said when such a one closes by itself.
#[must_use]
pub fn lacks_closing(ticket: &Ticket, rulebook: &Rulebook, now: Timestamp) -> bool {
    ticket.merged.is_none() && rulebook.lifecycle(ticket).closing(ticket, now).is_some()
}

/// Says of a ticket that was resolved before the rules said so when it closes by itself: the time since
/// it was resolved counts, and whose time has passed closes now.
///
/// # Errors
///
/// A version of the rulebook is missing, or the time is none.
pub fn set_closing(ticket: Ticket, rulebook: &Rulebook, now: Timestamp) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, Actor::System, rulebook, now)?;
    let (life, _) = work.whereabouts();
    let place = life.closing(&work.ticket, now).filter(|_| work.ticket.merged.is_none());
    if place.is_some() {
        let (from, to) = (Status::Resolved, Status::Resolved);
        work.happen(TicketFact::StatusChanged { from, to, hold: None, place });
    }
    work.finish()
}

impl Work<'_> {
    /// Lays the ticket aside until a moment, or takes it up again.
    pub(in crate::ticket) fn snooze(&mut self, until: Option<Timestamp>) -> Result<(), Refusal> {
        self.need(Role::Agent, "lay tickets aside")?;
        if let Some(due) = until {
            check_time(due)?;
            if due <= self.now {
                return Err(Refusal::DueInThePast { due, now: self.now });
            }
            if !self.ticket.status.is_open() {
                return Err(Refusal::NothingToSnooze { status: self.ticket.status });
            }
        }
        if self.ticket.snoozed_until != until {
            self.happen(TicketFact::Snoozed { until });
        }
        Ok(())
    }

    /// Somebody said something that the desk must not sleep over.
    pub(in crate::ticket) fn wake_up(&mut self) {
        if self.ticket.snoozed_until.is_some() {
            self.happen(TicketFact::Snoozed { until: None });
        }
    }

    /// What goes off next, if it is time.
    pub(in crate::ticket) fn next_in_life(&self) -> Option<(Timestamp, LifeAlarm)> {
        let wakes = self.ticket.snoozed_until.map(|at| (at, LifeAlarm::Wake));
        let closes = self.ticket.closes_at().map(|at| (at, LifeAlarm::Close));
        let looks = self.ticket.queue_timeout().map(|at| (at, LifeAlarm::LookAgain));
        let due = [wakes, closes, looks].into_iter().flatten();
        due.filter(|(at, _)| *at <= self.now).min()
    }

    /// It goes off, at its time however late that is noticed.
    pub(in crate::ticket) fn go_on_by_itself(
        &mut self,
        alarm: LifeAlarm,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        self.at_its_time(at, |work| match alarm {
            LifeAlarm::Wake => {
                work.wake_up();
                Ok(())
            }
            LifeAlarm::LookAgain => {
                work.look_again();
                Ok(())
            }
            LifeAlarm::Close => {
                let before = work.snapshot();
                let by = core::mem::replace(&mut work.by, Actor::System);
                let closed = work.close();
                work.by = by;
                closed?;
                work.watch(before.as_deref())
            }
        })
    }

    /// Closes what is resolved, by a way of its lifecycle if there is one still.
    fn close(&mut self) -> Result<(), Refusal> {
        let (life, here) = self.whereabouts();
        let mut ways = life.ways_from(&here.id);
        match ways.find(|(_, status)| status.category == Status::Closed) {
            Some((_, status)) => self.enter(life, status, None),
            None => self.become_status(Status::Closed, None),
        }
    }
}
