//! Timed rules: when the state that one waits in is entered, the moment is computed at which it
//! fires, and when the state is left, the moment is given up. Nothing is swept.

use firstline_sla::{Change, Timestamp};
use serde::{Deserialize, Serialize};

use super::SetOff;
use crate::automation::TimedRule;
use crate::id::RuleId;
use crate::limits::MAX_FIRED_BY_ITSELF;
use crate::refusal::Refusal;
use crate::ticket::decide::Work;
use crate::ticket::fact::TicketFact;
use crate::ticket::lifecycle::Status;

/// That a ticket is in the state that a timed rule waits in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timer {
    /// The version of the rulebook that has the rule: it stays with the ticket until the state is
    /// left.
    pub rules: u32,
    /// When it fires; `None` once it has, until the state is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

impl Work<'_> {
    /// The timed rule that fires next, if it is time.
    pub(in crate::ticket) fn next_timer(&self) -> Option<(Timestamp, RuleId)> {
        let timers = self.ticket.timers.iter();
        let due = timers.filter_map(|(rule, timer)| Some((timer.due?, rule)));
        due.filter(|(due, _)| *due <= self.now).min().map(|(due, rule)| (due, rule.clone()))
    }

    /// A timed rule fires, at its time however late that is noticed.
    pub(in crate::ticket) fn fire_timer(
        &mut self,
        name: &RuleId,
        due: Timestamp,
    ) -> Result<(), Refusal> {
        let rulebook = self.rulebook;
        let rule = rulebook.timed_rule(self.ticket.timers[name].rules, name)?;
        let because = rule.when.explain(Change::none(&self.ticket));
        let because = format!("{because}; for {}", rule.after);
        self.at_its_time(due, |work| work.fire(name, &rule.deeds, because, SetOff::Itself))
    }

    /// Lets something happen at its own time, though it is noticed now: but not before what is
    /// known to have happened already.
    pub(in crate::ticket) fn at_its_time(
        &mut self,
        at: Timestamp,
        happen: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let at = at.max(self.ticket.updated_at);
        let now = core::mem::replace(&mut self.now, at);
        let done = happen(self);
        self.now = now;
        done
    }

    /// Gives up the moments of states that were left, and computes those of states that were
    /// entered. A ticket that is closed falls silent.
    pub(super) fn keep_timers(&mut self) -> Result<(), Refusal> {
        let is_silent = self.ticket.status == Status::Closed
            || self.ticket.merged.is_some()
            || self.ticket.fired_by_itself >= MAX_FIRED_BY_ITSELF;
        let rulebook = self.rulebook;
        let mut left = Vec::new();
        for (name, timer) in &self.ticket.timers {
            if is_silent || !self.is_in_state(rulebook.timed_rule(timer.rules, name)?) {
                left.push(name.clone());
            }
        }
        for rule in left {
            self.happen(TicketFact::TimerDropped { rule });
        }
        if is_silent {
            return Ok(());
        }
        for rule in &rulebook.automation().timed {
            if self.ticket.timers.contains_key(&rule.name) || !self.is_in_state(rule) {
                continue;
            }
            // Ten years without working time end the search, and there is nothing to wait for.
            if let Some(due) = rule.calendar.add(self.now, rule.after) {
                let (rule, rules) = (rule.name.clone(), rulebook.version());
                self.happen(TicketFact::TimerSet { rule, rules, due });
            }
        }
        Ok(())
    }

    fn is_in_state(&self, rule: &TimedRule) -> bool {
        rule.when.holds(Change::none(&self.ticket))
    }
}
