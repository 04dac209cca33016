//! How a promise is made, and what came before it.

use std::collections::BTreeSet;

use firstline_sla::{
    Allowance, Clock, ClockKey, Credit, Metric, Past, Phase, Reason, Timestamp, Within, start_since,
};

use super::WHOLE_MATTER;
use super::terms::NO_POLICY;
use crate::refusal::Refusal;
use crate::rulebook::Target;
use crate::ticket::Wait;
use crate::ticket::decide::Work;
use crate::ticket::fact::TicketFact;
use crate::ticket::lifecycle::{HoldReason, Status};

/// Whether the promise was given up because no policy made it any more.
fn gave_up(clock: &Clock) -> bool {
    matches!(&clock.phase, Phase::Cancelled { reason, .. } if reason.as_str() == NO_POLICY)
}

impl<'r> Work<'r> {
    /// Makes the promises of a metric that the rules in force make, under every agreement. What
    /// runs already goes on.
    pub(super) fn begin(&mut self, metric: Metric, since: Timestamp) {
        for agreement in self.rulebook.agreements(self.rulebook.version(), metric) {
            let key = ClockKey::new(agreement, metric);
            if !self.is_live(&key) {
                self.begin_under(&key, since);
            }
        }
    }

    /// Starts the next run of a promise, if the rules in force make one. Says whether they do.
    pub(super) fn begin_under(&mut self, key: &ClockKey, since: Timestamp) -> bool {
        let Some((allowance, target)) = self.promised(self.rulebook.version(), key) else {
            return false;
        };
        let past = self.past(target, self.counts_from(target, since));
        self.start(key, &allowance, target, past);
        true
    }

    /// Starts the next run of a clock by conditions, which stands still for these reasons.
    pub(super) fn begin_standing(&mut self, key: &ClockKey, reasons: BTreeSet<Reason>) {
        let rulebook = self.rulebook;
        if let Some((allowance, target)) = rulebook.promise(rulebook.version(), &self.ticket, key) {
            let past = Past { reasons, ..Past::new(self.now) };
            self.start(key, &allowance, target, past);
        }
    }

    fn start(&mut self, key: &ClockKey, allowance: &Allowance, target: &Target, past: Past) {
        let cycle = self.ticket.clocks.get(key).map_or(1, |clock| clock.cycle + 1);
        for (at, event) in start_since(allowance, &target.terms, past, self.now) {
            self.happen_at(at, TicketFact::Clock { clock: key.clone(), cycle, event });
        }
    }

    /// What a version of the rules promises. An instant that is past promises nothing.
    fn promised(&self, version: u32, key: &ClockKey) -> Option<(Allowance, &'r Target)> {
        let promised = self.rulebook.promise(version, &self.ticket, key);
        promised.filter(|(it, _)| !matches!(it.within, Within::Instant(due) if due <= self.now))
    }

    /// From when on a promise counts that is made now about a wait that began then.
    fn counts_from(&self, target: &Target, since: Timestamp) -> Timestamp {
        if target.retroactive { since } else { self.now }
    }

    /// What came before a promise about something that began then: the waits since then, as far as
    /// the promise stands still in them.
    pub(super) fn past(&self, target: &Target, since: Timestamp) -> Past {
        let pause = |status, hold| match status {
            Status::Resolved => Some(Reason::from(Status::Resolved.as_str())),
            status => target.pause_in(status, hold),
        };
        let ticket = &self.ticket;
        let before = ticket.waits.iter().filter(|wait| wait.to > since);
        let mut credits: Vec<Credit> = before
            .filter_map(|wait| {
                let reason = pause(wait.status, wait.hold)?;
                Some(Credit { from: wait.from.max(since), to: wait.to, reason })
            })
            .collect();
        let present = pause(ticket.status, ticket.hold);
        credits.extend(present.clone().map(|reason| Credit {
            from: ticket.status_since.max(since),
            to: self.now,
            reason,
        }));
        credits.retain(|credit| credit.from < credit.to);
        Past { credits, reasons: present.into_iter().collect(), ..Past::new(since) }
    }

    /// Promises that a version of the rules makes for what the ticket is now, and that it has not
    /// had yet: each begins when the wait for it began.
    pub(super) fn begin_late(&mut self, version: u32, metrics: &[Metric]) -> Result<(), Refusal> {
        for &metric in metrics {
            for agreement in self.rulebook.agreements(version, metric) {
                let key = ClockKey::new(agreement, metric);
                let Some(since) = self.waited_for_since(&key, metric)? else {
                    continue;
                };
                let clock = self.ticket.clocks.get(&key);
                // What the policy gave up comes back with the policy.
                let has_had = clock
                    .is_some_and(|it| it.is_live() || (it.started_at >= since && !gave_up(it)));
                if !has_had {
                    self.begin_since(version, &key, since)?;
                }
            }
        }
        Ok(())
    }

    /// Starts a promise about a wait that began then, if a version of the rules makes one. A run
    /// about the same wait that the policy gave up is taken up again.
    fn begin_since(
        &mut self,
        version: u32,
        key: &ClockKey,
        since: Timestamp,
    ) -> Result<(), Refusal> {
        let Some((allowance, target)) = self.promised(version, key) else {
            return Ok(());
        };
        let mut past = self.past(target, self.counts_from(target, since));
        let clock = self.ticket.clocks.get(key);
        if let Some(clock) =
            clock.filter(|it| gave_up(it) && it.started_at >= since.max(past.since))
        {
            let before = &self.rulebook.pinned(&clock.pin, key)?.terms;
            past.earlier = clock.leaves(&allowance.pin, before, &target.terms);
        }
        self.start(key, &allowance, target, past);
        Ok(())
    }

    /// Since when something is waited for, if it is now.
    fn waited_for_since(
        &self,
        key: &ClockKey,
        metric: Metric,
    ) -> Result<Option<Timestamp>, Refusal> {
        let ticket = &self.ticket;
        if !ticket.status.is_open() {
            return Ok(None);
        }
        let reopened_at = ticket.reopened_at();
        Ok(match metric {
            Metric::FirstReply if self.is_first_reply_missing(key)? => ticket.unanswered_since,
            Metric::NextReply if self.is_next_reply_missing(key) => ticket.unanswered_since,
            // What was said before the matter was resolved promised no update after it.
            Metric::PeriodicUpdate => ticket.answered_at.filter(|at| reopened_at <= Some(*at)),
            Metric::FirstResolution if ticket.reopened > 0 => None,
            Metric::LineTime => Some(ticket.arrived_at).max(reopened_at),
            Metric::Vendor if self.is_with_vendor() => Some(self.with_vendor_since()),
            metric if WHOLE_MATTER.contains(&metric) => Some(ticket.asked_at),
            _ => None,
        })
    }

    /// Since when it has been a vendor's turn without a break: at its line, on hold for it, or one
    /// after the other.
    fn with_vendor_since(&self) -> Timestamp {
        let ticket = &self.ticket;
        let at_line = Some(ticket.arrived_at).max(ticket.reopened_at());
        let at_line = at_line.filter(|_| self.rulebook.is_vendor(&ticket.line));
        let mut since = at_line.unwrap_or(ticket.status_since);
        let present = Wait {
            from: ticket.status_since,
            to: self.now,
            status: ticket.status,
            hold: ticket.hold,
        };
        for wait in ticket.waits.iter().chain([&present]).rev() {
            let is_for_vendor =
                (wait.status, wait.hold) == (Status::OnHold, Some(HoldReason::Vendor));
            if is_for_vendor && (wait.from..=wait.to).contains(&since) {
                since = wait.from;
            }
        }
        since
    }

    /// Whether the customer's unanswered message would have begun a first reply when it came, or the
    /// policy gave that up.
    fn is_first_reply_missing(&self, key: &ClockKey) -> Result<bool, Refusal> {
        let was_given_up = self.ticket.replied_at.is_none()
            && self.ticket.clocks.get(key).is_some_and(gave_up)
            && !self.is_over_since_reopening(key);
        Ok(was_given_up || self.is_first_reply_awaited(key)?)
    }

    /// Whether the customer's unanswered message waits for one more reply. What a machine has
    /// answered under a policy that lets it is not waited for.
    fn is_next_reply_missing(&self, key: &ClockKey) -> bool {
        let first = ClockKey::new(key.agreement, Metric::FirstReply);
        !self.is_live(&first)
            && (self.ticket.replied_at.is_some() || self.is_over_since_reopening(&first))
    }

    /// An agent promises something.
    pub(in crate::ticket) fn promise(&mut self, what: &str, within: Within) {
        let number = self.ticket.promises + 1;
        let (what, by) = (what.to_owned(), self.by);
        self.happen(TicketFact::Promised { number, what, by });
        let (pin, target) = self.rulebook.own_promises();
        let key = ClockKey::promise(number);
        self.start(&key, &Allowance { pin, within }, target, Past::new(self.now));
    }
}
