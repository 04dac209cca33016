//! Other terms for promises that run already: another priority, another policy, another rulebook,
//! a date that somebody fixed.

use std::collections::BTreeSet;

use firstline_sla::{
    Clock, ClockEvent, ClockKey, Credit, Measure, Metric, Phase, Reason, Timestamp, Triggers,
    recount,
};

use crate::refusal::Refusal;
use crate::ticket::decide::Work;
use crate::ticket::fact::TicketFact;

/// Why a clock was given up that no policy knows any more.
pub(super) const NO_POLICY: &str = "policy";

impl Work<'_> {
    /// The priority, or something else that policies go by, changed: promises that run get the
    /// terms that now apply, and what was not promised before is promised now. All by the versions
    /// of the rules that they were made under: an edit of the rulebook moves nothing by itself.
    pub(in crate::ticket) fn attributes_changed(&mut self) -> Result<(), Refusal> {
        for key in self.live_keys() {
            self.follow_terms(&key)?;
        }
        self.begin_late(self.ticket.rules, &Metric::ALL)
    }

    /// A clock gets the terms that its version of the rules has for the ticket as it is now.
    pub(in crate::ticket) fn follow_terms(&mut self, key: &ClockKey) -> Result<(), Refusal> {
        let version = self.ticket.clocks[key].pin.rulebook;
        self.retarget_by(version, key)
    }

    /// A clock gets the terms that a version of the rules has for the ticket. If that version
    /// promises nothing of the sort, the clock is given up; one by conditions stands still, since
    /// nothing else could start it again when the policy comes back.
    fn retarget_by(&mut self, version: u32, key: &ClockKey) -> Result<(), Refusal> {
        // What was taken over runs by the terms of the ticket that it began on, and goes back to it
        // as it came.
        if matches!(key.measure, Measure::Promise(_)) || key.origin.is_some() {
            return Ok(());
        }
        let rulebook = self.rulebook;
        let clock = &self.ticket.clocks[key];
        let before = &rulebook.pinned(&clock.pin, key)?.terms;
        let Some((allowance, target)) = rulebook.promise(version, &self.ticket, key) else {
            let reason = Reason::from(NO_POLICY);
            return self.ask(key, |clock, terms, now| match key.measure {
                Measure::Condition(_) => clock.pause(&reason, terms, now),
                _ => clock.cancel(&reason, terms, now),
            });
        };
        let events = clock.retarget(&allowance, before, &target.terms, self.now);
        self.tick_all(key, events);
        if let (Measure::Condition(_), Some(triggers)) = (&key.measure, &target.triggers) {
            self.forget_reasons(key, triggers)?;
        }
        if self.ticket.clocks[key].is_live() { self.stand_still_or_run(key) } else { Ok(()) }
    }

    /// A clock goes on that stood still for what these conditions do not know: that no policy
    /// promised it, or another one's reason. Nothing else would let it go on.
    fn forget_reasons(&mut self, key: &ClockKey, triggers: &Triggers) -> Result<(), Refusal> {
        let reasons = match &self.ticket.clocks[key].phase {
            Phase::Paused { reasons } => reasons.clone(),
            _ => BTreeSet::new(),
        };
        let unknown = reasons.iter().filter(|reason| !triggers.pause_for(reason));
        for reason in unknown {
            self.ask(key, |clock, terms, now| clock.resume(reason, terms, now))?;
        }
        Ok(())
    }

    /// The rules in force are applied to what runs.
    pub(in crate::ticket) fn reapply(&mut self, revalue_past: bool) -> Result<(), Refusal> {
        let version = self.rulebook.version();
        if self.ticket.rules != version {
            self.happen(TicketFact::Reapplied { rules: version });
        }
        self.follow_lifecycle()?;
        for key in self.live_keys() {
            if revalue_past {
                self.correct_by(version, &key)?;
            } else {
                self.retarget_by(version, &key)?;
            }
        }
        self.begin_late(version, &Metric::ALL)?;
        self.begin_watched()
    }

    /// The past of a clock is valued by the calendar that a version of the rules has for it. The waits
    /// that it was granted stay granted.
    fn correct_by(&mut self, version: u32, key: &ClockKey) -> Result<(), Refusal> {
        let rulebook = self.rulebook;
        let promised = rulebook.promise(version, &self.ticket, key);
        // A clock by conditions did not stand still in the waits of its ticket, which alone are kept,
        // so its past stays as it was told.
        let is_known = key.origin.is_none() && matches!(key.measure, Measure::Metric(_));
        let Some((allowance, target)) = promised.filter(|_| is_known) else {
            return self.retarget_by(version, key);
        };
        let clock = &self.ticket.clocks[key];
        let before = &rulebook.pinned(&clock.pin, key)?.terms;
        let granted = self.granted(clock, key)?;
        let spent = recount(&target.terms.calendar, clock.started_at, &granted, self.now);
        let events = clock.correct(&allowance, spent, before, &target.terms, self.now);
        self.tick_all(key, events);
        self.stand_still_or_run(key)
    }

    /// The waits in which a clock stood still: by the terms that were in force at each of them.
    fn granted(&self, clock: &Clock, key: &ClockKey) -> Result<Vec<Credit>, Refusal> {
        let earlier = clock.earlier_terms.iter().map(|terms| (&terms.pin, terms.until));
        let (mut since, mut granted) = (clock.started_at, Vec::new());
        for (pin, until) in earlier.chain([(&clock.pin, self.now)]) {
            let waits = self.past(self.rulebook.pinned(pin, key)?, since).credits.into_iter();
            let waits = waits.map(|wait| Credit { to: wait.to.min(until), ..wait });
            granted.extend(waits.filter(|wait| wait.from < wait.to));
            since = since.max(until);
        }
        Ok(granted)
    }

    /// Somebody fixes when a promise is due.
    pub(in crate::ticket) fn fix_due(
        &mut self,
        key: &ClockKey,
        due: Timestamp,
    ) -> Result<(), Refusal> {
        if due <= self.now {
            return Err(Refusal::DueInThePast { due, now: self.now });
        }
        self.check_live(key)?;
        let clock = &self.ticket.clocks[key];
        let terms = &self.rulebook.pinned(&clock.pin, key)?.terms;
        let events = clock.fix_due(due, terms, self.now);
        self.tick_all(key, events);
        Ok(())
    }

    /// The terms in force decide again.
    pub(in crate::ticket) fn release_due(&mut self, key: &ClockKey) -> Result<(), Refusal> {
        self.check_live(key)?;
        let clock = &self.ticket.clocks[key];
        if !clock.fixed.as_ref().is_some_and(|fixed| fixed.by_hand) {
            return Err(Refusal::DueNotFixed { clock: key.clone() });
        }
        let terms = &self.rulebook.pinned(&clock.pin, key)?.terms;
        let events = clock.release_due(terms, self.now);
        self.tick_all(key, events);
        Ok(())
    }

    /// Checks that there is such a clock, and that it runs or stands still.
    pub(in crate::ticket) fn check_live(&self, key: &ClockKey) -> Result<(), Refusal> {
        match self.ticket.clocks.get(key) {
            None => Err(Refusal::UnknownClock {
                clock: key.clone(),
                known: self.ticket.clocks.keys().cloned().collect(),
            }),
            Some(clock) if clock.is_live() => Ok(()),
            Some(_) => Err(Refusal::ClockOver { clock: key.clone() }),
        }
    }

    fn tick_all(&mut self, key: &ClockKey, events: Vec<ClockEvent>) {
        for event in events {
            self.tick(key, self.now, event);
        }
    }
}
