//! When a promise starts, pauses, goes on and ends: the metrics, in terms of a ticket's life.

use firstline_sla::{ClockEvent, Metric, Reason, Timestamp, start};

use super::decide::Work;
use super::fact::{HandOverCause, TicketFact};
use super::lifecycle::Status;
use crate::refusal::Refusal;
use crate::rulebook::LadderAction;

impl Work<'_> {
    /// Notices what became true by itself, in the order in which it did. Every command begins and
    /// ends with this, so it makes no difference whether an alarm or a command came first.
    pub(super) fn settle(&mut self) -> Result<(), Refusal> {
        // Each ring of a clock sounds once, so this ends.
        loop {
            let next = self.ticket.clocks.iter().filter_map(|(metric, clock)| {
                clock.poll_timeout().filter(|at| *at <= self.now).map(|at| (at, *metric))
            });
            let Some((_, metric)) = next.min() else {
                return Ok(());
            };
            let Some((at, event)) = self.ticket.clocks[&metric].settle(self.now) else {
                return Ok(());
            };
            let climbed = match event {
                ClockEvent::Climbed { step } => Some(step),
                _ => None,
            };
            self.happen_at(at, TicketFact::Clock { metric, event });
            if let Some(step) = climbed {
                self.climb(metric, step, at)?;
            }
        }
    }

    /// Does what a step of the ladder says.
    fn climb(&mut self, metric: Metric, step: u8, at: Timestamp) -> Result<(), Refusal> {
        let clock = &self.ticket.clocks[&metric];
        let cycle = clock.cycle;
        let target = self.rulebook.pinned(&clock.pin, metric)?;
        let line = match target.ladder.get(usize::from(step)) {
            Some(LadderAction::HandOverToNext) => self.rulebook.line_after(&self.ticket.line),
            Some(LadderAction::HandOverTo(line)) => {
                Some(line).filter(|line| self.rulebook.is_beyond(line, &self.ticket.line))
            }
            None => None,
        };
        // At the end of the lines there is nobody to hand over to; that the step was reached is
        // recorded all the same.
        if let Some(line) = line.cloned() {
            let cause = HandOverCause::Ladder { metric, cycle, step };
            self.happen_at(at, TicketFact::HandedOver { line, team: None, cause });
        }
        Ok(())
    }

    /// Starts the next run of a promise, if the rulebook makes one. Says whether it does.
    pub(super) fn promise(&mut self, metric: Metric) -> bool {
        let Some((allowance, target)) = self.rulebook.promise(&self.ticket, metric) else {
            return false;
        };
        let cycle = self.ticket.clocks.get(&metric).map_or(1, |clock| clock.cycle + 1);
        let event = start(metric, cycle, allowance, &target.terms, self.now);
        self.happen(TicketFact::Clock { metric, event });
        true
    }

    /// The customer said something. The first message that is not answered yet starts a clock;
    /// more messages do not start it again.
    pub(super) fn customer_spoke(&mut self) {
        let first = self.ticket.clocks.get(&Metric::FirstReply).map(|clock| clock.is_live());
        match first {
            Some(true) => return,
            // A ticket that an agent opened promises its first reply to the customer's first words.
            None if self.promise(Metric::FirstReply) => return,
            None | Some(false) => {}
        }
        let next = self.ticket.clocks.get(&Metric::NextReply);
        if !next.is_some_and(|clock| clock.is_live()) {
            self.promise(Metric::NextReply);
        }
    }

    /// A person answered in public: whatever reply was promised is given.
    pub(super) fn person_answered(&mut self) -> Result<(), Refusal> {
        self.fulfil(Metric::FirstReply)?;
        self.fulfil(Metric::NextReply)
    }

    /// The ticket went from one status to another.
    pub(super) fn status_moved(&mut self, from: Status, to: Status) -> Result<(), Refusal> {
        if to == Status::Resolved {
            // A reply that was not given before the matter was done is no miss: nobody waits.
            self.cancel(Metric::FirstReply)?;
            self.cancel(Metric::NextReply)?;
            return self.fulfil(Metric::Resolution);
        }
        if from == Status::Resolved && to.is_open() {
            self.on(Metric::Resolution, |clock, terms, now| clock.carry_on(terms, now))?;
            // The priority may have changed while nobody was working on it.
            self.follow_priority(Metric::Resolution)?;
        }
        // Pause before resume, so that a ticket which goes from one wait to another stands still.
        for metric in Metric::ALL {
            if let Some(reason) = pause_reason(to) {
                self.pause(metric, &reason)?;
            }
            if let Some(reason) = pause_reason(from) {
                self.on(metric, |clock, terms, now| clock.resume(&reason, terms, now))?;
            }
        }
        Ok(())
    }

    /// The priority changed: the promises that still run or pause get the allowance of the new one,
    /// by the policy that they were made under.
    pub(super) fn priority_changed(&mut self) -> Result<(), Refusal> {
        Metric::ALL.into_iter().try_for_each(|metric| self.follow_priority(metric))
    }

    fn follow_priority(&mut self, metric: Metric) -> Result<(), Refusal> {
        let Some(clock) = self.ticket.clocks.get(&metric) else {
            return Ok(());
        };
        let target = self.rulebook.pinned(&clock.pin, metric)?;
        let allowance = target.allowance(&clock.pin, self.ticket.priority());
        for event in clock.retarget(allowance, &target.terms, &target.terms, self.now) {
            self.happen(TicketFact::Clock { metric, event });
        }
        Ok(())
    }

    fn pause(&mut self, metric: Metric, reason: &Reason) -> Result<(), Refusal> {
        let Some(clock) = self.ticket.clocks.get(&metric) else {
            return Ok(());
        };
        if self.rulebook.pinned(&clock.pin, metric)?.pause_on.contains(reason) {
            self.on(metric, |clock, terms, now| clock.pause(reason, terms, now))?;
        }
        Ok(())
    }

    fn fulfil(&mut self, metric: Metric) -> Result<(), Refusal> {
        self.on(metric, |clock, terms, now| clock.fulfil(terms, now))
    }

    fn cancel(&mut self, metric: Metric) -> Result<(), Refusal> {
        let resolved = Reason::from(Status::Resolved.as_str());
        self.on(metric, |clock, terms, now| clock.cancel(&resolved, terms, now))
    }

    /// Asks a clock of the ticket, if there is one, and records its answer.
    fn on(
        &mut self,
        metric: Metric,
        ask: impl Fn(&firstline_sla::Clock, &firstline_sla::Terms, Timestamp) -> Option<ClockEvent>,
    ) -> Result<(), Refusal> {
        let Some(clock) = self.ticket.clocks.get(&metric) else {
            return Ok(());
        };
        let target = self.rulebook.pinned(&clock.pin, metric)?;
        if let Some(event) = ask(clock, &target.terms, self.now) {
            self.happen(TicketFact::Clock { metric, event });
        }
        Ok(())
    }
}

/// The name under which a status can pause a promise; see `pause_on` in the rulebook.
pub(crate) fn pause_reason(status: Status) -> Option<Reason> {
    matches!(status, Status::Pending | Status::OnHold).then(|| Reason::from(status.as_str()))
}
