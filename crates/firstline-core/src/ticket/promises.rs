//! When a promise starts, pauses, goes on and ends: the metrics, in terms of a ticket's life.

mod begin;
mod ladder;
mod page;
mod terms;
mod watch;

use firstline_sla::{
    Agreement, Clock, ClockEvent, ClockKey, Measure, Metric, Phase, Reason, Terms, Timestamp,
};

use super::automation::SetOff;
use super::decide::Work;
use super::fact::TicketFact;
use super::lifecycle::{HoldReason, Status};
use super::steps::LifeAlarm;
use crate::id::RuleId;
use crate::refusal::Refusal;
use crate::rulebook::{Reopen, Rulebook};

/// What is promised when a matter comes up, and kept when it is resolved.
const WHOLE_MATTER: [Metric; 4] =
    [Metric::FirstResolution, Metric::Resolution, Metric::RequesterWait, Metric::AgentWork];

/// What ends without a verdict when a matter is resolved: nobody waits for it any more.
const WHILE_OPEN: [Metric; 3] = [Metric::FirstReply, Metric::NextReply, Metric::PeriodicUpdate];

/// Why a page was revoked whose promise was kept after all, or late.
const FULFILLED: &str = "fulfilled";

/// What can go off by itself.
enum Alarm {
    Clock(ClockKey),
    Page(u32),
    Life(LifeAlarm),
    Timer(RuleId),
}

impl<'r> Work<'r> {
    /// Notices what became true by itself, in the order in which it did. Every command begins and
    /// ends with this, so it makes no difference whether an alarm or a command came first.
    pub(super) fn settle(&mut self) -> Result<(), Refusal> {
        // Each ring of a clock sounds once, each page ends, and rules fire by themselves a limited
        // number of times, so this ends.
        while let Some((at, _)) = self.next_alarm() {
            let mark = self.mark();
            // Rules hear of all that goes off in one instant together.
            while let Some((_, alarm)) = self.next_alarm().filter(|(next, _)| *next <= at) {
                self.go_off(alarm, at)?;
            }
            self.at_its_time(at, |work| work.obey_rules(&mark, SetOff::Itself))?;
        }
        Ok(())
    }

    /// Notices what became true by itself until a moment up to which other rules were in force.
    pub(super) fn settle_by(
        &mut self,
        rules: &'r Rulebook,
        until: Timestamp,
    ) -> Result<(), Refusal> {
        self.as_of(rules, until, Self::settle)
    }

    /// Does something as at a moment at which these rules were in force.
    pub(super) fn as_of(
        &mut self,
        rules: &'r Rulebook,
        then: Timestamp,
        act: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let rulebook = core::mem::replace(&mut self.rulebook, rules);
        let now = core::mem::replace(&mut self.now, then);
        let done = act(self);
        (self.rulebook, self.now) = (rulebook, now);
        done
    }

    fn go_off(&mut self, alarm: Alarm, at: Timestamp) -> Result<(), Refusal> {
        match alarm {
            Alarm::Clock(key) => self.ring(&key),
            Alarm::Page(page) => self.ring_page(page),
            Alarm::Life(alarm) => self.go_on_by_itself(alarm, at),
            Alarm::Timer(rule) => self.fire_timer(&rule, at),
        }
    }

    /// What goes off next, if it is time. In one instant promises come before pages, and rules last.
    fn next_alarm(&self) -> Option<(Timestamp, Alarm)> {
        // What rings in one instant comes in the order in which it was true: a breach is dated a
        // millisecond before it rings.
        let clocks = self.ticket.clocks.iter().filter_map(|(key, clock)| {
            let rings_at = clock.poll_timeout().filter(|at| *at <= self.now)?;
            let (at, _) = clock.settle(self.now)?;
            Some((rings_at, at, key))
        });
        let clock = clocks.min().map(|(at, _, key)| (at, Alarm::Clock(key.clone())));
        let page = self.next_page().map(|(at, page)| (at, Alarm::Page(page)));
        let timer = self.next_timer().map(|(at, rule)| (at, Alarm::Timer(rule)));
        let life = self.next_in_life().map(|(at, alarm)| (at, Alarm::Life(alarm)));
        [clock, page, life, timer].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// A clock says what became true, and what follows from that is done.
    fn ring(&mut self, key: &ClockKey) -> Result<(), Refusal> {
        let Some((at, event)) = self.ticket.clocks[key].settle(self.now) else {
            return Ok(());
        };
        let climbed = match event {
            ClockEvent::Climbed { step } if !self.is_climbed_elsewhere(key, step) => Some(step),
            _ => None,
        };
        self.tick(key, at, event);
        climbed.map_or(Ok(()), |step| self.climb(key, step, at))
    }

    /// The ticket was opened. When an agent opens it, the customer has not said anything yet that
    /// wants a reply.
    pub(super) fn opened(&mut self) {
        let since = self.ticket.asked_at;
        if self.ticket.unanswered_since.is_some() {
            self.begin(Metric::FirstReply, since);
        }
        // What was split off may have had its answer, which promised an update.
        if let Some(answered_at) = self.ticket.answered_at {
            self.begin(Metric::PeriodicUpdate, answered_at);
        }
        for metric in WHOLE_MATTER {
            self.begin(metric, since);
        }
        self.arrived(false, self.ticket.arrived_at);
    }

    /// The ticket came to its line, or is at work there again.
    fn arrived(&mut self, was_with_vendor: bool, since: Timestamp) {
        self.begin(Metric::LineTime, since);
        if self.is_with_vendor() && !was_with_vendor {
            self.begin(Metric::Vendor, since);
        }
    }

    /// The ticket left a line for the one where it is now.
    pub(super) fn went_over(&mut self, was_with_vendor: bool) -> Result<(), Refusal> {
        self.fulfil(Metric::LineTime)?;
        if was_with_vendor && !self.is_with_vendor() {
            self.fulfil(Metric::Vendor)?;
        }
        self.arrived(was_with_vendor, self.now);
        Ok(())
    }

    /// Whether it is a vendor's turn: the ticket is at a vendor's line, or on hold for one.
    pub(super) fn is_with_vendor(&self) -> bool {
        self.was_with_vendor(self.ticket.status, self.ticket.hold)
    }

    fn was_with_vendor(&self, status: Status, hold: Option<HoldReason>) -> bool {
        let is_on_hold = status == Status::OnHold && hold == Some(HoldReason::Vendor);
        status.is_open() && (is_on_hold || self.rulebook.is_vendor(&self.ticket.line))
    }

    /// The customer said something, and something else before. The first message that is not answered
    /// yet starts a clock; more messages do not start it again.
    pub(super) fn customer_spoke(&mut self, before: Option<Timestamp>) -> Result<(), Refusal> {
        let version = self.rulebook.version();
        let mut agreements = self.rulebook.agreements(version, Metric::FirstReply);
        agreements.extend(self.rulebook.agreements(version, Metric::NextReply));
        agreements.sort_unstable();
        agreements.dedup();
        for agreement in agreements {
            if !self.is_news(agreement, before) {
                continue;
            }
            let first = ClockKey::new(agreement, Metric::FirstReply);
            let next = ClockKey::new(agreement, Metric::NextReply);
            // Whichever of the two measures the wait, more messages begin no other.
            let is_measured = self.is_live(&first) || self.is_live(&next);
            if is_measured
                || (self.is_first_reply_awaited(&first)? && self.begin_under(&first, self.now))
            {
                continue;
            }
            if self.is_first_reply_over(&first) {
                self.begin_under(&next, self.now);
            }
        }
        Ok(())
    }

    /// Whether what the customer says waits for a first reply: nobody has replied before, or the
    /// reopening promises it anew and nobody has said anything since.
    fn is_first_reply_awaited(&self, first: &ClockKey) -> Result<bool, Refusal> {
        let Some(clock) = self.ticket.clocks.get(first) else {
            return Ok(self.ticket.replied_at.is_none());
        };
        let reopened_at = self.ticket.reopened_at();
        let is_anew = self.rulebook.pinned(&clock.pin, first)?.reopen == Reopen::NewCycle
            && self.ticket.answered_at < reopened_at
            && Some(clock.started_at) < reopened_at;
        Ok(is_anew && !clock.is_live())
    }

    /// Whether a first reply is waited for no more: it was given, or the matter was resolved
    /// without. That no policy promises it any more is no answer.
    fn is_first_reply_over(&self, first: &ClockKey) -> bool {
        let clock = self.ticket.clocks.get(first);
        self.ticket.replied_at.is_some()
            || clock.is_some_and(|clock| matches!(clock.phase, Phase::Fulfilled { .. }))
            || self.is_over_since_reopening(first)
    }

    /// Whether the matter was reopened after a clock had ended.
    fn is_over_since_reopening(&self, key: &ClockKey) -> bool {
        let ended_at = self.ticket.clocks.get(key).and_then(Clock::ended_at);
        ended_at.is_some_and(|at| self.ticket.reopened_at() >= Some(at))
    }

    /// Whether the customer's message that was just added is the first one that waits for an answer
    /// which no clock of this agreement has measured. An older one that was promised nothing does
    /// not come to be promised something by the next: rules reach a ticket when they are applied.
    fn is_news(&self, agreement: Agreement, before: Option<Timestamp>) -> bool {
        let Some(since) = self.ticket.unanswered_since else {
            return false;
        };
        let replies = [Metric::FirstReply, Metric::NextReply];
        let clocks =
            replies.map(|metric| self.ticket.clocks.get(&ClockKey::new(agreement, metric)));
        let has_measured_all = |clock: &Clock| {
            let is_since = clock.started_at >= since;
            is_since && clock.ended_at().is_none_or(|ended_at| before <= Some(ended_at))
        };
        since >= self.now || clocks.into_iter().flatten().any(has_measured_all)
    }

    /// A person answered in public: whatever reply was promised is given. While work is still to be
    /// done, the next update is promised by it.
    pub(super) fn person_answered(&mut self, becomes: Status) -> Result<(), Refusal> {
        let together = self.replies_together();
        for metric in WHILE_OPEN {
            self.fulfil(metric)?;
        }
        self.count_once(together);
        if becomes.is_open() {
            self.begin(Metric::PeriodicUpdate, self.now);
        }
        Ok(())
    }

    /// A machine answered. That keeps a promise of an answer only if its policy says so.
    pub(super) fn machine_answered(&mut self, becomes: Status) -> Result<(), Refusal> {
        let together = self.replies_together();
        for metric in WHILE_OPEN {
            for key in self.live(metric) {
                let pin = &self.ticket.clocks[&key].pin;
                if self.rulebook.pinned(pin, &key)?.automatic {
                    self.ask(&key, |clock, terms, now| clock.fulfil(terms, now))?;
                }
            }
        }
        self.count_once(together);
        let (rulebook, version) = (self.rulebook, self.rulebook.version());
        let metric = Metric::PeriodicUpdate;
        for agreement in
            rulebook.agreements(version, metric).into_iter().filter(|_| becomes.is_open())
        {
            let key = ClockKey::new(agreement, metric);
            let promised = rulebook.promise(version, &self.ticket, &key);
            if promised.is_some_and(|(_, target)| target.automatic) && !self.is_live(&key) {
                self.begin_under(&key, self.now);
            }
        }
        Ok(())
    }

    /// The ticket went from one status to another, or waits for something else.
    pub(super) fn status_moved(
        &mut self,
        (from, held): (Status, Option<HoldReason>),
    ) -> Result<(), Refusal> {
        let to = self.ticket.status;
        if from != to && to == Status::Resolved {
            return self.resolved();
        }
        if to == Status::Closed {
            // Whoever closes it at once has done what was promised, or not: that has a verdict.
            if from.is_open() && self.ticket.dismissed.is_none() {
                self.resolved()?;
            }
            return self.closed();
        }
        let was_with_vendor = self.was_with_vendor(from, held);
        if from == Status::Resolved && to.is_open() {
            self.reopened()?;
        } else if was_with_vendor && !self.is_with_vendor() {
            self.fulfil(Metric::Vendor)?;
        } else if !was_with_vendor && self.is_with_vendor() {
            self.begin(Metric::Vendor, self.now);
        }
        let keys: Vec<ClockKey> = self.live_keys();
        keys.iter().try_for_each(|key| self.stand_still_or_run(key))
    }

    /// The matter is closed: nothing is promised about it any more, by whatever conditions.
    fn closed(&mut self) -> Result<(), Refusal> {
        let reason = Reason::from(Status::Closed.as_str());
        let keys = self.live_keys();
        keys.iter().try_for_each(|key| {
            self.ask(key, |clock, terms, now| clock.cancel(&reason, terms, now))
        })
    }

    /// The matter is resolved.
    fn resolved(&mut self) -> Result<(), Refusal> {
        let reason = Reason::from(Status::Resolved.as_str());
        for key in self.live_keys() {
            let ends_unjudged = match key.measure {
                Measure::Metric(metric) => WHILE_OPEN.contains(&metric),
                Measure::Promise(_) => true,
                Measure::Condition(_) => continue,
            };
            if ends_unjudged {
                self.ask(&key, |clock, terms, now| clock.cancel(&reason, terms, now))?;
            } else {
                self.ask(&key, |clock, terms, now| clock.fulfil(terms, now))?;
            }
        }
        Ok(())
    }

    /// The matter was resolved, and is not.
    fn reopened(&mut self) -> Result<(), Refusal> {
        let keys: Vec<ClockKey> = self.ticket.clocks.keys().cloned().collect();
        for key in keys {
            let clock = &self.ticket.clocks[&key];
            let is_of_matter = key.metric().is_some_and(|metric| WHOLE_MATTER.contains(&metric));
            if !is_of_matter || !matches!(clock.phase, Phase::Fulfilled { .. }) {
                continue;
            }
            match self.rulebook.pinned(&clock.pin, &key)?.reopen {
                Reopen::FirstOnly => {}
                Reopen::NewCycle => {
                    self.begin_under(&key, self.now);
                }
                Reopen::Continue => {
                    let by_hand = clock.fixed.as_ref().filter(|fixed| fixed.by_hand);
                    let date = by_hand.and_then(|fixed| fixed.schedule.due);
                    self.ask(&key, |clock, terms, now| clock.carry_on(terms, now))?;
                    // The priority may have changed while nobody was working on it.
                    self.follow_terms(&key)?;
                    if self.is_live(&key) {
                        // What somebody fixed stays fixed; a date that has passed was kept.
                        if let Some(due) = date.filter(|due| *due > self.now) {
                            self.fix_due(&key, due)?;
                        }
                        self.ring_again(&key);
                    }
                }
            }
        }
        // What came to be promised about the matter while nobody was working on it.
        self.begin_late(self.ticket.rules, &WHOLE_MATTER)?;
        self.arrived(false, self.now);
        Ok(())
    }

    /// Lets a clock stand still or run, as the status of the ticket wants it. Pause comes before
    /// resume, so that a ticket which goes from one wait to another stands still.
    pub(super) fn stand_still_or_run(&mut self, key: &ClockKey) -> Result<(), Refusal> {
        if let Measure::Condition(_) = key.measure {
            return Ok(());
        }
        let target = self.rulebook.pinned(&self.ticket.clocks[key].pin, key)?;
        let wanted = target.pause_in(self.ticket.status, self.ticket.hold);
        let reasons = match &self.ticket.clocks[key].phase {
            Phase::Paused { reasons } => reasons.clone(),
            _ => std::collections::BTreeSet::new(),
        };
        if let Some(reason) = wanted.as_ref().filter(|reason| !reasons.contains(*reason)) {
            self.ask(key, |clock, terms, now| clock.pause(reason, terms, now))?;
        }
        for reason in reasons.iter().filter(|reason| wanted.as_ref() != Some(*reason)) {
            self.ask(key, |clock, terms, now| clock.resume(reason, terms, now))?;
        }
        Ok(())
    }

    /// The clocks of a metric that run or stand still, under whatever agreement, those that were
    /// taken over included.
    fn live(&self, metric: Metric) -> Vec<ClockKey> {
        let live = self.ticket.clocks.iter().filter(|(_, clock)| clock.is_live());
        live.filter(|(key, _)| key.metric() == Some(metric)).map(|(key, _)| key.clone()).collect()
    }

    /// All clocks that run or stand still.
    pub(super) fn live_keys(&self) -> Vec<ClockKey> {
        let live = self.ticket.clocks.iter().filter(|(_, clock)| clock.is_live());
        live.map(|(key, _)| key.clone()).collect()
    }

    fn is_live(&self, key: &ClockKey) -> bool {
        self.ticket.clocks.get(key).is_some_and(Clock::is_live)
    }

    /// What was promised in this metric was done.
    fn fulfil(&mut self, metric: Metric) -> Result<(), Refusal> {
        for key in self.live(metric) {
            self.ask(&key, |clock, terms, now| clock.fulfil(terms, now))?;
        }
        Ok(())
    }

    /// Asks a clock of the ticket and records its answer.
    pub(super) fn ask(
        &mut self,
        key: &ClockKey,
        ask: impl FnOnce(&Clock, &Terms, Timestamp) -> Option<ClockEvent>,
    ) -> Result<(), Refusal> {
        let clock = &self.ticket.clocks[key];
        let target = self.rulebook.pinned(&clock.pin, key)?;
        if let Some(event) = ask(clock, &target.terms, self.now) {
            self.tick(key, self.now, event);
        }
        Ok(())
    }

    /// Something happens to the present run of a clock.
    pub(super) fn tick(&mut self, key: &ClockKey, at: Timestamp, event: ClockEvent) {
        let cycle = self.ticket.clocks.get(key).map_or(1, |clock| clock.cycle);
        let over = match &event {
            ClockEvent::Fulfilled { .. } => Some(Reason::from(FULFILLED)),
            ClockEvent::Cancelled { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        self.happen_at(at, TicketFact::Clock { clock: key.clone(), cycle, event });
        if let Some(reason) = over {
            self.revoke_pages(key, &reason);
        }
    }
}
