//! How the rules of a desk go at a ticket: after whatever happens to it, once from top to bottom.
//!
//! Something happens by a command, or by itself: a promise breaks, a step of a ladder is climbed, a
//! timed rule fires. Either way the list is gone through once, and what a rule does counts as having
//! happened for those below it. Rules are bound to what happened and not to who noticed it when, so
//! they fire the same way whether a desk was awake or asleep.

mod deeds;
mod timers;

use firstline_sla::Change;
pub use timers::{Timer, lacks_timers, set_timers, states_entered};

use super::Ticket;
use super::decide::Work;
use super::fact::TicketFact;
use crate::automation::{Deed, Happenings, Scene, Trigger};
use crate::id::RuleId;
use crate::limits::MAX_FIRED_BY_ITSELF;
use crate::people::Actor;
use crate::refusal::Refusal;

/// How a ticket was before something happened.
pub(super) struct Mark {
    /// The ticket, if anything asks what it was.
    pub(super) before: Option<Box<Ticket>>,
    /// How many events there were.
    events: usize,
    /// Whether there was no ticket.
    is_opening: bool,
}

/// What set a rule off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetOff {
    /// What somebody did.
    Command,
    /// What became true by itself.
    Itself,
}

impl Mark {
    /// Before the opening, which makes this many events.
    pub(super) const OPENING: Self = Self { before: None, events: 0, is_opening: true };
}

impl Work<'_> {
    /// Notes how the ticket is, before something happens to it.
    pub(super) fn mark(&self) -> Mark {
        Mark { before: self.snapshot(), events: self.events.len(), is_opening: false }
    }

    /// What follows from a command: clocks by conditions first, then the rules.
    pub(super) fn follow_up(&mut self, mark: &Mark) -> Result<(), Refusal> {
        self.watch(mark.before.as_deref())?;
        self.obey_rules(mark, SetOff::Command)
    }

    /// What the rules make of what happened since the mark. What changed nothing sets off nothing.
    pub(super) fn obey_rules(&mut self, mark: &Mark, set_off: SetOff) -> Result<(), Refusal> {
        if self.events.len() == mark.events {
            return Ok(());
        }
        if self.rulebook.has_rules() || !self.ticket.timers.is_empty() {
            self.pull_triggers(mark, set_off)?;
            self.keep_timers()?;
        }
        self.join_queue(mark.events);
        Ok(())
    }

    /// Goes through the list once. Each rule sees what those above it did.
    fn pull_triggers(&mut self, mark: &Mark, set_off: SetOff) -> Result<(), Refusal> {
        let rulebook = self.rulebook;
        let (mut happened, mut seen) = (Happenings::default(), mark.events);
        for rule in &rulebook.automation().triggers {
            happened = happened.and(Happenings::of(&self.ticket, &self.events[seen..]));
            seen = self.events.len();
            let is_done = self.fired.contains(&rule.name);
            if is_done || !rule.on.meets(happened) || self.has_run_wild(set_off) {
                continue;
            }
            let Some(because) = self.applies(rule, mark) else {
                continue;
            };
            self.fire(&rule.name, &rule.deeds, because, set_off)?;
            if rule.stop {
                break;
            }
        }
        Ok(())
    }

    /// Why a rule applies to what happened since the mark, if it does.
    fn applies(&self, rule: &Trigger, mark: &Mark) -> Option<String> {
        let scene = Scene::new(&self.ticket, &self.events[mark.events..]);
        let change = match &mark.before {
            _ if mark.is_opening => Change::first(&scene),
            Some(before) => Change::new(&**before, &scene),
            None => Change::none(&scene),
        };
        let change = change.at(self.now);
        rule.when.holds(change).then(|| rule.when.explain(change).to_string())
    }

    /// Whether rules have fired by themselves so often that they go round in circles.
    fn has_run_wild(&self, set_off: SetOff) -> bool {
        set_off == SetOff::Itself && self.ticket.fired_by_itself >= MAX_FIRED_BY_ITSELF
    }

    /// Does what a rule says, as the desk itself. If that comes to nothing, nothing is recorded.
    fn fire(
        &mut self,
        name: &RuleId,
        deeds: &[Deed],
        because: String,
        set_off: SetOff,
    ) -> Result<(), Refusal> {
        let before = self.mark();
        let untouched = self.ticket.clone();
        let by_itself = set_off == SetOff::Itself;
        let rule = name.clone();
        self.happen(TicketFact::RuleFired { rule, because, by_itself });
        let by = core::mem::replace(&mut self.by, Actor::System);
        let mut tried = deeds.iter().map(|deed| self.attempt(name, deed));
        let done = tried.try_for_each(|done| done);
        let done = done.and_then(|()| self.watch(before.before.as_deref()));
        self.by = by;
        // A timer that went off is recorded all the same: it is over by that.
        let is_over = self.ticket.timers.get(name) != untouched.timers.get(name);
        if self.events.len() == before.events + 1 && !is_over {
            self.ticket = untouched;
            self.events.truncate(before.events);
        }
        if self.ticket.fired_by_itself >= MAX_FIRED_BY_ITSELF && by_itself {
            self.happen(TicketFact::RulesStopped { after: MAX_FIRED_BY_ITSELF });
        }
        done
    }

    /// Does one thing that a rule says. What is refused is left out as a whole, with the reason:
    /// nobody is there to hear of it, and whoever gave the command has done nothing wrong.
    fn attempt(&mut self, rule: &RuleId, deed: &Deed) -> Result<(), Refusal> {
        let (ticket, events) = (self.ticket.clone(), self.events.len());
        self.rule = Some(rule.clone());
        let done = self.carry_out_deed(rule, deed);
        self.rule = None;
        match done {
            // What is missing is for the host to bring along: then the rule can do its work.
            Ok(()) | Err(Refusal::RulebookMissing { .. }) => done,
            Err(refusal) => {
                self.ticket = ticket;
                self.events.truncate(events);
                let (rule, deed, why) = (rule.clone(), deed.to_string(), refusal.to_string());
                self.happen(TicketFact::RuleSkipped { rule, deed, why });
                Ok(())
            }
        }
    }
}
