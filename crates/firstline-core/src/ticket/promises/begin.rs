//! How a promise is made, and what came before it.

use std::collections::BTreeSet;

use firstline_sla::{
    Agreement, Allowance, Clock, ClockKey, Credit, Metric, Past, Phase, Reason, Timestamp, Within,
    start_since,
};

use super::WHOLE_MATTER;
use super::terms::NO_POLICY;
use crate::rulebook::Target;
use crate::ticket::decide::Work;
use crate::ticket::fact::TicketFact;
use crate::ticket::lifecycle::Status;

/// Whether the promise was given up because no policy made it any more.
fn gave_up(clock: &Clock) -> bool {
    matches!(&clock.phase, Phase::Cancelled { reason, .. } if reason.as_str() == NO_POLICY)
}

impl Work<'_> {
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
        self.begin_by(self.rulebook.version(), key, since)
    }

    /// Starts the next run of a clock by conditions, which stands still for these reasons.
    pub(super) fn begin_standing(&mut self, key: &ClockKey, reasons: BTreeSet<Reason>) {
        let rulebook = self.rulebook;
        if let Some((allowance, target)) = rulebook.promise(rulebook.version(), &self.ticket, key) {
            let past = Past { since: self.now, credits: Vec::new(), reasons };
            self.start(key, &allowance, target, past);
        }
    }

    fn start(&mut self, key: &ClockKey, allowance: &Allowance, target: &Target, past: Past) {
        let cycle = self.ticket.clocks.get(key).map_or(1, |clock| clock.cycle + 1);
        for (at, event) in start_since(allowance, &target.terms, past, self.now) {
            self.happen_at(at, TicketFact::Clock { clock: key.clone(), cycle, event });
        }
    }

    /// Starts the next run of a promise by a version of the rules.
    pub(super) fn begin_by(&mut self, version: u32, key: &ClockKey, since: Timestamp) -> bool {
        let rulebook = self.rulebook;
        let Some((allowance, target)) = rulebook.promise(version, &self.ticket, key) else {
            return false;
        };
        // An instant that is past promises nothing.
        if matches!(allowance.within, Within::Instant(due) if due <= self.now) {
            return false;
        }
        let since = if target.retroactive { since } else { self.now };
        let past = self.past(target, since);
        self.start(key, &allowance, target, past);
        true
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
        Past { since, credits, reasons: present.into_iter().collect::<BTreeSet<_>>() }
    }

    /// Promises that a version of the rules makes for what the ticket is now, and that it has not
    /// had yet: each begins when the wait for it began.
    pub(super) fn begin_late(&mut self, version: u32) {
        for metric in Metric::ALL {
            let Some(since) = self.waited_for_since(metric) else {
                continue;
            };
            for agreement in self.rulebook.agreements(version, metric) {
                let key = ClockKey::new(agreement, metric);
                let has_had = match self.ticket.clocks.get(&key) {
                    None => false,
                    Some(clock) if clock.is_live() => true,
                    // What the policy gave up comes back with the policy.
                    Some(clock) => clock.started_at >= since && !gave_up(clock),
                };
                if !has_had && !self.is_after_first(agreement, metric) {
                    self.begin_by(version, &key, since);
                }
            }
        }
    }

    /// Whether a next reply is not waited for because the first one still is.
    fn is_after_first(&self, agreement: Agreement, metric: Metric) -> bool {
        let first = self.ticket.clocks.get(&ClockKey::new(agreement, Metric::FirstReply));
        metric == Metric::NextReply && first.is_some_and(Clock::is_live)
    }

    /// Since when something is waited for, if it is now.
    fn waited_for_since(&self, metric: Metric) -> Option<Timestamp> {
        let ticket = &self.ticket;
        if !ticket.status.is_open() {
            return None;
        }
        let reopened_at = ticket.reopened_at();
        match metric {
            Metric::FirstReply if ticket.reopened == 0 && ticket.answered_at.is_none() => {
                ticket.unanswered_since
            }
            Metric::NextReply if ticket.answered_at.is_some() => ticket.unanswered_since,
            // What was said before the matter was resolved promised no update after it.
            Metric::PeriodicUpdate => ticket.answered_at.filter(|at| reopened_at <= Some(*at)),
            Metric::FirstResolution if ticket.reopened > 0 => None,
            Metric::LineTime => Some(ticket.arrived_at).max(reopened_at),
            Metric::Vendor if self.rulebook.is_vendor(&ticket.line) => {
                Some(ticket.arrived_at).max(reopened_at)
            }
            Metric::Vendor if self.is_with_vendor() => Some(ticket.status_since),
            metric if WHOLE_MATTER.contains(&metric) => Some(ticket.asked_at),
            _ => None,
        }
    }

    /// An agent promises something.
    pub(in crate::ticket) fn promise(&mut self, what: &str, within: Within) {
        let number = self.ticket.promises + 1;
        let (what, by) = (what.to_owned(), self.by);
        self.happen(TicketFact::Promised { number, what, by });
        let (pin, target) = self.rulebook.own_promises();
        let key = ClockKey::promise(number);
        let past = Past { since: self.now, credits: Vec::new(), reasons: BTreeSet::new() };
        self.start(&key, &Allowance { pin, within }, target, past);
    }
}
