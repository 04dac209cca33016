//! Policies: what is promised to which tickets, and what follows from a target.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{
    Agreement, Allowance, Change, ClockKey, Condition, Measure, Metric, PagePlan, Pin, Reason,
    Terms, Timestamp, Triggers, Within,
};
use serde::{Deserialize, Serialize};

use super::remarks::place;
use super::{Content, Rulebook};
use crate::account::{PassedOver, PolicyChoice};
use crate::id::{AgentId, LineId, RoleId};
use crate::priority::Priority;
use crate::refusal::Refusal;
use crate::ticket::{HoldReason, Status, Ticket};

/// The name under which agents' own promises are pinned; no policy may have it.
pub(super) const PROMISES: &str = "promises";

/// Promises for some of the tickets.
#[derive(Debug)]
pub(super) struct Policy {
    /// Its place in the document.
    pub(super) index: usize,
    pub(super) name: Arc<str>,
    pub(super) agreement: Agreement,
    /// Which tickets fall under it.
    pub(super) when: Condition,
    pub(super) targets: BTreeMap<Measure, Target>,
}

/// What is promised in one metric.
#[derive(Debug)]
pub(crate) struct Target {
    pub(super) calendar: Arc<str>,
    /// By priority, from low to critical.
    pub(super) within: [Within; 4],
    pub(crate) terms: Terms,
    pub(super) pause_on: BTreeSet<Reason>,
    /// What each step of the ladder does.
    pub(crate) ladder: Vec<Vec<LadderAction>>,
    pub(crate) reopen: Reopen,
    pub(crate) automatic: bool,
    pub(crate) retroactive: bool,
    /// When it starts and ends, if it is a clock by conditions.
    pub(crate) triggers: Option<Triggers>,
}

/// What a reopening does to a promise that was kept or missed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reopen {
    /// Nothing: it was for the first time only.
    FirstOnly,
    /// It goes on with what was spent. The time while the matter was resolved is not counted.
    Continue,
    /// A new one is made.
    NewCycle,
}

/// What a step of a ladder does. Printed it is English; [`text`](Self::text) has other tongues.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LadderAction {
    /// Tells whoever holds this role.
    Notify(RoleId),
    /// Raises the priority: to this level, or by one.
    RaisePriority(Option<Priority>),
    /// Hands the ticket to the line after the one that has it.
    HandOverToNext,
    /// Hands the ticket to this line, unless it is there or beyond.
    HandOverTo(LineId),
    /// Pages whoever is on call, by this plan.
    Page(String),
    /// Escalates to the manager of the line, or to whom the last one reports: see
    /// [`TicketFact::Escalated`](crate::ticket::TicketFact::Escalated).
    Escalate,
}

/// What a metric does unless its target says otherwise: when it stands still, and what a reopening
/// does.
pub(super) const fn usual(metric: Option<Metric>) -> (&'static [&'static str], Reopen) {
    match metric {
        Some(Metric::PeriodicUpdate | Metric::FirstResolution) => (&["pending"], Reopen::FirstOnly),
        Some(Metric::Resolution | Metric::RequesterWait) => (&["pending"], Reopen::Continue),
        Some(Metric::AgentWork) => (&["pending", "on_hold"], Reopen::Continue),
        Some(Metric::LineTime) => (&["pending", "on_hold"], Reopen::NewCycle),
        Some(Metric::NextReply) => (&[], Reopen::NewCycle),
        _ => (&[], Reopen::FirstOnly),
    }
}

impl fmt::Display for LadderAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notify(role) => write!(f, "notify {role}"),
            Self::RaisePriority(None) => f.write_str("raise the priority"),
            Self::RaisePriority(Some(to)) => write!(f, "raise the priority to {to}"),
            Self::HandOverToNext => f.write_str("hand over to the next line"),
            Self::HandOverTo(line) => write!(f, "hand over to {line}"),
            Self::Page(plan) => write!(f, "page by {plan}"),
            Self::Escalate => f.write_str("escalate to the manager"),
        }
    }
}

impl Target {
    /// For which reasons it can stand still.
    pub(crate) fn pause_reasons(&self) -> impl Iterator<Item = Reason> {
        let by_conditions = self.triggers.iter().flat_map(Triggers::reasons_to_pause);
        self.pause_on.iter().chain(by_conditions).cloned()
    }

    /// Whether it can stand still for this reason.
    pub(crate) fn stands_still_for(&self, reason: &Reason) -> bool {
        let by_conditions = self.triggers.as_ref();
        self.pauses_on(reason) || by_conditions.is_some_and(|triggers| triggers.pause_for(reason))
    }

    /// Whether it stands still in the status that gives this reason. Being on hold is one, whatever
    /// it is that the ticket waits for.
    fn pauses_on(&self, reason: &Reason) -> bool {
        let on = |name: &str| self.pause_on.iter().any(|on| on.as_str() == name);
        let is_hold = HoldReason::ALL.iter().any(|hold| hold.as_str() == reason.as_str());
        on(reason.as_str()) || is_hold && on(Status::OnHold.as_str())
    }

    /// What is allowed at this priority.
    pub(crate) fn allowance(&self, pin: &Pin, priority: Priority) -> Allowance {
        Allowance { pin: pin.clone(), within: self.within[priority as usize] }
    }

    /// Why the clock stands still in this status, if it does. A ticket on hold says what it waits
    /// for, and so does the clock.
    pub(crate) fn pause_in(&self, status: Status, hold: Option<HoldReason>) -> Option<Reason> {
        let name = match (status, hold) {
            (Status::Pending, _) => Status::Pending.as_str(),
            (Status::OnHold, Some(hold)) => hold.as_str(),
            (Status::OnHold, None) => Status::OnHold.as_str(),
            _ => return None,
        };
        Some(Reason::from(name)).filter(|reason| self.pauses_on(reason))
    }
}

impl Policy {
    /// What it promises until an instant that has passed by now, by key path: such a promise is
    /// broken before it is made.
    pub(super) fn passed(&self, now: Timestamp) -> impl Iterator<Item = (String, Timestamp)> {
        self.targets.iter().filter_map(move |(measure, target)| {
            let instant = target.within.iter().find_map(|within| match within {
                Within::Instant(instant) if *instant < now => Some(*instant),
                _ => None,
            })?;
            Some((format!("policies[{}].{}.within", self.index, place(measure)?), instant))
        })
    }

    /// Whether it has clocks by conditions.
    pub(super) fn has_triggers(&self) -> bool {
        self.targets.values().any(|target| target.triggers.is_some())
    }

    fn covers(&self, ticket: &Ticket) -> bool {
        self.when.holds(Change::none(ticket))
    }
}

impl Content {
    fn policies(&self, agreement: Agreement) -> &[Policy] {
        &self.policies[agreement as usize]
    }

    fn target(&self, key: &ClockKey, policy: &str) -> Option<&Target> {
        if let Measure::Promise(_) = key.measure {
            return Some(&self.promises);
        }
        let policies = self.policies(key.agreement).iter();
        policies.filter(|other| *other.name == *policy).find_map(|p| p.targets.get(&key.measure))
    }
}

impl Rulebook {
    /// The agreements under which any policy of this version promises something in this metric.
    pub(crate) fn agreements(&self, version: u32, metric: Metric) -> Vec<Agreement> {
        let Some(content) = self.content(version) else {
            return Vec::new();
        };
        let measure = Measure::Metric(metric);
        let is_promised = |agreement: &Agreement| {
            content.policies(*agreement).iter().any(|p| p.targets.contains_key(&measure))
        };
        Agreement::ALL.into_iter().filter(is_promised).collect()
    }

    /// What a version of the rules promises this ticket under this key: by the first policy of that
    /// agreement which it falls under. `None` if that one promises nothing of the sort.
    pub(crate) fn promise(
        &self,
        version: u32,
        ticket: &Ticket,
        key: &ClockKey,
    ) -> Option<(Allowance, &Target)> {
        let content = self.content(version)?;
        let policies = content.policies(key.agreement);
        let policy = policies.iter().find(|policy| policy.covers(ticket))?;
        let target = policy.targets.get(&key.measure)?;
        let pin = Pin::new(version, Arc::clone(&policy.name), Arc::clone(&target.calendar));
        Some((target.allowance(&pin, ticket.priority()), target))
    }

    /// Whether any policy in force has clocks by conditions.
    pub(crate) fn has_triggers(&self) -> bool {
        self.content.has_triggers
    }

    /// The clocks by conditions that the rules in force have for this ticket.
    pub(crate) fn triggered(&self, ticket: &Ticket) -> impl Iterator<Item = ClockKey> {
        let first = |agreement| {
            self.content.policies(agreement).iter().find(|policy| policy.covers(ticket))
        };
        let policies = Agreement::ALL.into_iter().filter_map(first);
        policies.flat_map(|policy| {
            let conditions = policy.targets.keys().filter(|m| matches!(m, Measure::Condition(_)));
            conditions.map(|measure| ClockKey {
                origin: None,
                agreement: policy.agreement,
                measure: measure.clone(),
            })
        })
    }

    /// A plan for paging, of a version of the rules.
    pub(crate) fn page_plan(&self, version: u32, plan: &str) -> Result<&PagePlan, Refusal> {
        let found = self.content(version).and_then(|content| content.pages.get(plan));
        found.ok_or_else(|| Refusal::RulebookMissing {
            version,
            what: format!("page plan `{plan}`"),
        })
    }

    /// Who is on call by a roster of a version of the rules.
    pub(crate) fn on_call(&self, version: u32, roster: &str, at: Timestamp) -> Option<AgentId> {
        let roster = self.content(version)?.rosters.get(roster)?;
        roster.on_call(at).map(|on_call| on_call.member)
    }

    /// How agents' own promises are watched over.
    pub(crate) fn own_promises(&self) -> (Pin, &Target) {
        let target = &self.content.promises;
        (Pin::new(self.version, PROMISES, Arc::clone(&target.calendar)), target)
    }

    /// Why a policy applied to a ticket that was like this, and none before it.
    pub(crate) fn choice(
        &self,
        pin: &Pin,
        ticket: &Ticket,
        key: &ClockKey,
        at: Timestamp,
    ) -> Option<PolicyChoice> {
        let (rulebook, agreement) = (pin.rulebook, key.agreement);
        let mut passed_over = Vec::new();
        for policy in self.content(rulebook)?.policies(agreement) {
            let because = policy.when.explain(Change::none(ticket));
            let name = Arc::clone(&policy.name);
            if name == pin.policy {
                let within = policy.targets.get(&key.measure)?.within[ticket.priority() as usize];
                return Some(PolicyChoice {
                    rulebook,
                    agreement,
                    at,
                    passed_over,
                    policy: name,
                    because,
                    within,
                });
            }
            passed_over.push(PassedOver { policy: name, because });
        }
        None
    }

    /// The target that a clock runs by.
    pub(crate) fn pinned(&self, pin: &Pin, key: &ClockKey) -> Result<&Target, Refusal> {
        self.content(pin.rulebook).and_then(|content| content.target(key, &pin.policy)).ok_or_else(
            || Refusal::RulebookMissing {
                version: pin.rulebook,
                what: format!("{key} of policy `{}`", pin.policy),
            },
        )
    }
}
