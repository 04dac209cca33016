//! What is closed without having been worked on: nobody asked for anything, or another ticket asks the
//! same.
//!
//! A ticket that is dismissed keeps what it was, whole, as one does that is
//! [merged](super::merge), and its promises are given up without a verdict. If that was a mistake, to
//! undo it is as if it had not been: whoever waits here has waited all the time.

use firstline_sla::Timestamp;

use super::Ticket;
use super::automation::{Mark, SetOff};
use super::decide::{Turn, Work};
use super::fact::TicketFact;
use super::lifecycle::Status;
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

/// Takes back that nobody asked for anything. The ticket and its promises are then as if it had never
/// been said, and what became due meanwhile is recorded now, dated when it was true. That goes by the
/// rules of its time: `earlier` are those that came out of force since, each with the moment at which
/// it did, in order.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn unmark_spam<'r>(
    ticket: Ticket,
    by: Actor,
    (rulebook, earlier): (&'r Rulebook, &'r [(Timestamp, Rulebook)]),
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, by, rulebook, now)?;
    work.need(Role::Agent, "say that something is no spam")?;
    if !work.ticket.spam {
        return Err(Refusal::NotSpam);
    }
    let mark = work.mark();
    work.happen(TicketFact::UnmarkedSpam);
    work.catch_up(&mark, earlier)?;
    work.finish()
}

impl<'r> Work<'r> {
    /// Nobody asked for anything: the ticket is closed from wherever it is, and what was promised
    /// is given up without a verdict.
    pub(super) fn mark_spam(&mut self) -> Result<(), Refusal> {
        self.need(Role::Agent, "mark spam")?;
        self.check_children()?;
        self.happen(TicketFact::MarkedSpam);
        self.become_status(Status::Closed, None)
    }

    /// What became due while the ticket was put aside, and was not after all: by the rules of its time.
    pub(super) fn catch_up(
        &mut self,
        mark: &Mark,
        earlier: &'r [(Timestamp, Rulebook)],
    ) -> Result<(), Refusal> {
        self.obey_rules(mark, SetOff::Command)?;
        for (until, rules) in earlier {
            self.settle_by(rules, *until)?;
        }
        self.settle()
    }
}

impl Ticket {
    /// Keeps what it is, before it is dismissed.
    pub(super) fn dismiss(&mut self) {
        self.dismissed = Some(Box::new(self.clone()));
    }

    /// Makes it what it was before it was dismissed. What was said meanwhile and what the host was
    /// asked for keep their numbers, the work on it was done, and it is not forgotten who was rid of it.
    pub(super) fn reinstate(&mut self) {
        if let Some(before) = self.dismissed.take() {
            let (messages, attachments, errands) = (self.messages, self.attachments, self.errands);
            let (had, worked) = (std::mem::take(&mut self.had), std::mem::take(&mut self.worked));
            *self = Self { messages, attachments, errands, had, worked, ..*before };
        }
    }
}
