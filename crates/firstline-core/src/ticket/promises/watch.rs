//! Clocks by conditions: what the rulebook has a desk watch for.

use std::collections::BTreeSet;

use firstline_sla::{Ask, Change, ClockKey, Measure, Reason, Triggers};

use crate::refusal::Refusal;
use crate::rulebook::Target;
use crate::ticket::Ticket;
use crate::ticket::decide::Work;
use crate::ticket::lifecycle::Status;

/// Why a clock was given up and made anew.
const RESET: &str = "reset";

impl Work<'_> {
    /// The ticket as it is, if the rules or its own clocks ask what it was.
    pub(in crate::ticket) fn snapshot(&self) -> Option<Box<Ticket>> {
        let has_own = || self.ticket.clocks.keys().any(is_by_condition);
        let is_watched =
            self.rulebook.has_triggers() || self.rulebook.rules_look_back() || has_own();
        is_watched.then(|| Box::new(self.ticket.clone()))
    }

    /// Does with the clocks by conditions what a change asks for.
    pub(in crate::ticket) fn watch(&mut self, before: Option<&Ticket>) -> Result<(), Refusal> {
        match before {
            Some(before) if before.merged.is_none() && self.ticket.status != Status::Closed => {
                self.watch_since(Some(before))
            }
            _ => Ok(()),
        }
    }

    /// Starts the clocks by conditions that an opening asks for.
    pub(in crate::ticket) fn watch_opening(&mut self) -> Result<(), Refusal> {
        if self.rulebook.has_triggers() { self.watch_since(None) } else { Ok(()) }
    }

    fn watch_since(&mut self, before: Option<&Ticket>) -> Result<(), Refusal> {
        let own = self.ticket.clocks.keys().filter(|key| is_by_condition(key)).cloned();
        let mut keys: BTreeSet<ClockKey> = own.collect();
        keys.extend(self.rulebook.triggered(&self.ticket));
        for key in keys {
            for ask in self.asked(&key, before)? {
                self.obey(&key, ask, before)?;
            }
        }
        Ok(())
    }

    /// What the conditions of a clock ask for.
    fn asked(&self, key: &ClockKey, before: Option<&Ticket>) -> Result<Vec<Ask>, Refusal> {
        let clock = self.ticket.clocks.get(key);
        let target = match clock.filter(|clock| clock.is_live()) {
            Some(clock) => Some(self.rulebook.pinned(&clock.pin, key)?),
            None => self.target_in_force(key),
        };
        let Some(triggers) = target.and_then(|target| target.triggers.as_ref()) else {
            return Ok(Vec::new());
        };
        let was_wanted = |before| self.was_wanted(key, triggers, before);
        if clock.is_none() && before.is_some_and(was_wanted) {
            return Ok(Vec::new());
        }
        Ok(triggers.ask(clock.map(|clock| &clock.phase), self.change(before)))
    }

    /// Whether the rules in force wanted a clock already that never started: they came into force
    /// since, and reach a ticket when they are applied.
    fn was_wanted(&self, key: &ClockKey, triggers: &Triggers, before: &Ticket) -> bool {
        let was_covered = self.rulebook.triggered(before).any(|covered| covered == *key);
        was_covered && !triggers.ask(None, Change::none(before)).is_empty()
    }

    /// Starts the clocks that the rules in force want for the ticket as it is, and that never
    /// started.
    pub(in crate::ticket) fn begin_watched(&mut self) -> Result<(), Refusal> {
        let mut keys: Vec<ClockKey> = self.rulebook.triggered(&self.ticket).collect();
        keys.retain(|key| !self.ticket.clocks.contains_key(key));
        for key in keys {
            let triggers = self.target_in_force(&key).and_then(|target| target.triggers.as_ref());
            let asks = triggers.map_or(Vec::new(), |it| it.ask(None, Change::none(&self.ticket)));
            asks.into_iter().try_for_each(|ask| self.obey(&key, ask, None))?;
        }
        Ok(())
    }

    fn target_in_force(&self, key: &ClockKey) -> Option<&Target> {
        let promised = self.rulebook.promise(self.rulebook.version(), &self.ticket, key);
        promised.map(|(_, target)| target)
    }

    fn change<'t>(&'t self, before: Option<&'t Ticket>) -> Change<'t> {
        match before {
            Some(before) => Change::new(before, &self.ticket),
            None => Change::first(&self.ticket),
        }
    }

    fn obey(&mut self, key: &ClockKey, ask: Ask, before: Option<&Ticket>) -> Result<(), Refusal> {
        let cancel = |work: &mut Self, reason: &str| {
            let reason = Reason::from(reason);
            work.ask(key, |clock, terms, now| clock.cancel(&reason, terms, now))
        };
        match ask {
            Ask::Cancel => cancel(self, "cancelled by its conditions"),
            Ask::Fulfil => self.ask(key, |clock, terms, now| clock.fulfil(terms, now)),
            Ask::Reset { .. } => {
                cancel(self, RESET)?;
                // The run was watched by the rules that it began under. The rules in force say
                // whether there is a next one.
                let triggers =
                    self.target_in_force(key).and_then(|target| target.triggers.as_ref());
                let next = triggers.map_or(Vec::new(), |it| it.ask(None, self.change(before)));
                next.into_iter().try_for_each(|ask| self.obey(key, ask, before))
            }
            Ask::Pause(reason) => {
                self.ask(key, |clock, terms, now| clock.pause(&reason, terms, now))
            }
            Ask::Resume(reason) => {
                self.ask(key, |clock, terms, now| clock.resume(&reason, terms, now))
            }
            Ask::Start { reasons } => {
                self.begin_standing(key, reasons);
                Ok(())
            }
        }
    }
}

fn is_by_condition(key: &ClockKey) -> bool {
    matches!(key.measure, Measure::Condition(_))
}
