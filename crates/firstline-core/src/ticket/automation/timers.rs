//! Timed rules: when the state that one waits in is entered, the moment is computed at which it
//! fires, and when the state is left, the moment is given up. Nothing is swept.

use std::collections::BTreeMap;

use firstline_sla::{Change, Timestamp};
use serde::{Deserialize, Serialize};

use super::SetOff;
use crate::automation::{Silence, TimedRule};
use crate::id::RuleId;
use crate::limits::MAX_FIRED_BY_ITSELF;
use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;
use crate::ticket::apply::{CorruptJournal, apply};
use crate::ticket::decide::{Turn, Work};
use crate::ticket::fact::{TicketEvent, TicketFact};
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
        let rulebook = self.rulebook;
        let mut left = Vec::new();
        for (name, timer) in &self.ticket.timers {
            if !is_in_state(&self.ticket, rulebook.timed_rule(timer.rules, name)?) {
                left.push(name.clone());
            }
        }
        for rule in left {
            self.happen(TicketFact::TimerDropped { rule });
        }
        for rule in unset(&self.ticket, rulebook).collect::<Vec<_>>() {
            self.set_timer(rule, self.now);
        }
        Ok(())
    }

    /// A timed rule waits from when its state was entered. If its moment is past already, it fires
    /// when its hours come.
    fn set_timer(&mut self, rule: &TimedRule, since: Timestamp) {
        // Ten years without working time end the search, and there is nothing to wait for.
        let due = rule.calendar.add(since, rule.after);
        let due = due.and_then(|due| match due < self.now {
            true => rule.calendar.next_open(self.now),
            false => Some(due),
        });
        if let Some(due) = due {
            let (rule, rules) = (rule.name.clone(), self.rulebook.version());
            self.happen(TicketFact::TimerSet { rule, rules, due });
        }
    }
}

/// Whether a ticket is in a state that a timed rule of the rulebook waits in, and the rule does not
/// wait: it was in that state already when the rule came into force.
#[must_use]
pub fn lacks_timers(ticket: &Ticket, rulebook: &Rulebook) -> bool {
    unset(ticket, rulebook).next().is_some()
}

/// Since when a ticket with this history has been in the state of each timed rule of the rulebook that
/// does not wait on it.
///
/// # Errors
///
/// The history is none.
pub fn states_entered(
    history: &[TicketEvent],
    rulebook: &Rulebook,
) -> Result<BTreeMap<RuleId, Timestamp>, CorruptJournal> {
    let (mut ticket, mut entered) = (None, BTreeMap::new());
    for event in history {
        let after = apply(ticket, event)?;
        let now: BTreeMap<RuleId, Timestamp> = unset(&after, rulebook)
            .map(|rule| (rule.name.clone(), *entered.get(&rule.name).unwrap_or(&event.at)))
            .collect();
        (ticket, entered) = (Some(after), now);
    }
    Ok(entered)
}

/// Lets the timed rules of a rulebook that has come into force wait on a ticket that is in their
/// states already, each from when its state was [entered](states_entered). What should have happened
/// before now happens now, or when the hours of the rule come.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn set_timers(
    ticket: Ticket,
    entered: &BTreeMap<RuleId, Timestamp>,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, Actor::System, rulebook, now)?;
    for rule in unset(&work.ticket, rulebook).collect::<Vec<_>>() {
        work.set_timer(rule, *entered.get(&rule.name).unwrap_or(&now));
    }
    work.finish()
}

/// The timed rules in force in whose state a ticket is without their waiting on it.
fn unset<'r>(ticket: &Ticket, rulebook: &'r Rulebook) -> impl Iterator<Item = &'r TimedRule> {
    let timed = rulebook.automation().timed.iter();
    timed.filter(|rule| !ticket.timers.contains_key(&rule.name) && is_in_state(ticket, rule))
}

/// Whether a ticket is in the state that a rule waits in. One that is closed falls silent.
fn is_in_state(ticket: &Ticket, rule: &TimedRule) -> bool {
    ticket.silence().is_none() && rule.when.holds(Change::none(ticket))
}

impl Ticket {
    /// Why no timed rule fires on it, if none does.
    pub(crate) fn silence(&self) -> Option<Silence> {
        match self.status {
            _ if self.merged.is_some() => Some(Silence::Merged),
            Status::Closed => Some(Silence::Closed),
            _ if self.fired_by_itself >= MAX_FIRED_BY_ITSELF => Some(Silence::Circles),
            _ => None,
        }
    }
}
