//! Paging whoever is on call, until somebody answers.

use std::collections::BTreeMap;

use firstline_sla::{Clock, ClockKey, PagePhase, Reason, Timestamp};

use super::FULFILLED;
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::ticket::decide::Work;
use crate::ticket::fact::{Rung, TicketFact};
use crate::ticket::{Paging, Ticket};

impl Work<'_> {
    /// A step of a ladder sets a page off. It rings at once, by the plan as it is today; one that is
    /// no longer in the rules goes on as it was when the promise was made.
    pub(super) fn page(&mut self, plan: &str, rung: &Rung) {
        let page = self.ticket.pages.last_key_value().map_or(1, |(last, _)| last + 1);
        let made_under = self.ticket.clocks[&rung.clock].pin.rulebook;
        let today = self.rulebook.version();
        let is_known = self.rulebook.page_plan(today, plan).is_ok();
        let rules = if is_known { today } else { made_under };
        let (plan, step) = (plan.to_owned(), rung.clone());
        self.happen(TicketFact::Paged { page, plan, rules, step });
    }

    /// The matter seemed done, and is not: whoever was called for its promise and did not answer is
    /// called again.
    pub(super) fn ring_again(&mut self, key: &ClockKey) {
        let clock = &self.ticket.clocks[key];
        let is_of_run = |step: &Rung| step.clock == *key && step.cycle == clock.cycle;
        let fell_silent = |phase: &PagePhase<_>| match phase {
            PagePhase::Revoked { reason, .. } => reason.as_str() == FULFILLED,
            _ => false,
        };
        // The last page of each step: one that was called off before has rung again since.
        let pages = self.ticket.pages.values().filter(|paging| is_of_run(&paging.step));
        let last: BTreeMap<&Rung, &Paging> = pages.map(|paging| (&paging.step, paging)).collect();
        let called_off = last.into_iter().filter(|(_, paging)| fell_silent(&paging.page.phase));
        let steps: Vec<(Rung, String)> =
            called_off.map(|(step, paging)| (step.clone(), paging.plan.clone())).collect();
        for (step, plan) in steps {
            self.page(&plan, &step);
        }
    }

    /// Whoever was called on another ticket is called on this one, for a promise that went over to it;
    /// nobody is called twice for promises that one answer keeps.
    pub(in crate::ticket) fn call_on(&mut self, plan: &str, step: &Rung) {
        let is_called = |paging: &Paging| {
            let clock = &paging.step.clock;
            paging.page.is_ringing()
                && paging.plan == plan
                && (clock == &step.clock || self.ticket.ahead_of(&step.clock).contains(clock))
        };
        let is_live = self.ticket.clocks.get(&step.clock).is_some_and(Clock::is_live);
        if is_live && !self.ticket.pages.values().any(is_called) {
            self.page(plan, step);
        }
    }

    /// Who is to be called on this ticket after it was separated from another one: whoever was called
    /// before it was merged, or there since, and has answered on neither.
    pub(in crate::ticket) fn calls_after(
        &self,
        other: &Ticket,
        there: impl Fn(&ClockKey) -> ClockKey,
    ) -> Vec<(Rung, String)> {
        let here: BTreeMap<ClockKey, &ClockKey> =
            self.elsewhere.keys().map(|key| (there(key), key)).collect();
        let back = |step: &Rung| {
            let clock = (*here.get(&step.clock)?).clone();
            Some(Rung { clock, ..step.clone() })
        };
        let fate = |step: &Rung| {
            let mut pages = other.pages.values().rev();
            let last = pages.find(|it| back(&it.step).as_ref() == Some(step));
            last.map(|paging| paging.page.is_ringing())
        };
        let before = self.ticket.ringing(|key| self.elsewhere.contains_key(key)).into_iter();
        let since = other.ringing(|key| here.contains_key(key)).into_iter();
        let since = since.filter_map(|(step, plan)| Some((back(&step)?, plan)));
        let calls: BTreeMap<Rung, String> = before.chain(since).collect();
        calls.into_iter().filter(|(step, _)| fate(step) != Some(false)).collect()
    }

    /// The page that rings next, if it is time.
    pub(super) fn next_page(&self) -> Option<(Timestamp, u32)> {
        let pages = self.ticket.pages.iter();
        let due = pages.filter_map(|(page, paging)| Some((paging.page.poll_timeout()?, *page)));
        due.filter(|(at, _)| *at <= self.now).min()
    }

    /// A page rings, or gives up.
    pub(super) fn ring_page(&mut self, page: u32) -> Result<(), Refusal> {
        let Paging { plan, rules, page: state, .. } = &self.ticket.pages[&page];
        let plan = self.rulebook.page_plan(*rules, plan)?;
        let on_call = |roster: &str, at| self.rulebook.on_call(*rules, roster, at);
        if let Some((at, event)) = state.settle(plan, on_call, self.now) {
            self.happen_at(at, TicketFact::Page { page, event });
        }
        Ok(())
    }

    /// Somebody answers a page.
    pub(in crate::ticket) fn acknowledge(&mut self, page: u32) -> Result<(), Refusal> {
        self.need(Role::Agent, "answer pages")?;
        let Actor::Agent(agent) = self.by else {
            return Err(Refusal::NobodyAnswers);
        };
        let known = self.ticket.pages.len();
        let paging = self.ticket.pages.get(&page).ok_or(Refusal::UnknownPage { page, known })?;
        let event = paging.page.acknowledge(&agent).ok_or(Refusal::PageOver { page })?;
        self.happen(TicketFact::Page { page, event });
        Ok(())
    }

    /// The promise that they were about is no more: nobody is called for it any longer.
    pub(in crate::ticket) fn revoke_pages(&mut self, key: &ClockKey, reason: &Reason) {
        let pages: Vec<u32> = self
            .ticket
            .pages
            .iter()
            .filter(|(_, paging)| paging.step.clock == *key && paging.page.is_ringing())
            .map(|(page, _)| *page)
            .collect();
        for page in pages {
            if let Some(event) = self.ticket.pages[&page].page.revoke(reason) {
                self.happen(TicketFact::Page { page, event });
            }
        }
    }
}

impl Ticket {
    /// The calls that nobody has answered yet, for these promises: by which step and which plan.
    pub(in crate::ticket) fn ringing(&self, of: impl Fn(&ClockKey) -> bool) -> Vec<(Rung, String)> {
        let ringing = self.pages.values().filter(|it| it.page.is_ringing() && of(&it.step.clock));
        ringing.map(|paging| (paging.step.clone(), paging.plan.clone())).collect()
    }
}
