//! The account of one promise on a ticket: where its time went, by which policy and why by that
//! one, and what would have kept it.

mod russian;

use core::fmt;
use std::sync::Arc;

use firstline_sla::{
    Agreement, ClockEvent, ClockKey, ExplainError, Explanation, Ledger, Pin, Reason, Remedy,
    Timestamp, Tongue, explain,
};

use crate::rulebook::{LadderAction, Rulebook};
use crate::ticket::{CorruptJournal, Ticket, TicketEvent, TicketFact, apply};

/// The account of one run of one promise.
///
/// It is data, and a text in several tongues: see [`text`](Self::text). Printed it is English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Where its time went, and what happened when. It adds up to the millisecond.
    pub ledger: Ledger,
    /// Which policy applied and why; `None` if it is no matter of policies: a promise by word of
    /// mouth, or one that began on another ticket.
    pub choice: Option<PolicyChoice>,
    /// The smallest changes that would have kept it, if it was missed.
    pub remedies: Vec<Remedy>,
    /// What the steps of its ladder do, in words, by their index.
    pub steps: Vec<String>,
}

/// Which policy of an agreement applied to a ticket, and why none before it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyChoice {
    /// Of which version of the rulebook.
    pub rulebook: u32,
    /// Of which agreement: policies of others apply beside it.
    pub agreement: Agreement,
    /// When that was decided.
    pub at: Timestamp,
    /// The policies that were tried before, in order.
    pub passed_over: Vec<PassedOver>,
    /// The one that applied.
    pub policy: Arc<str>,
    /// What spoke for it.
    pub because: Explanation,
}

/// A policy that did not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Which.
    pub policy: Arc<str>,
    /// What spoke against it.
    pub because: Explanation,
}

/// Why an account cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// The ticket never had this clock, or not so many runs of it.
    #[error("the ticket has no clock `{clock}`{}", cycle.map(|cycle| format!(" with cycle {cycle}")).unwrap_or_default())]
    NoSuchClock {
        /// The clock that was asked for.
        clock: ClockKey,
        /// The run that was asked for.
        cycle: Option<u32>,
    },
    /// The history is not that of a ticket.
    #[error(transparent)]
    Corrupt(#[from] CorruptJournal),
    /// The clock cannot be accounted for.
    #[error(transparent)]
    Explain(#[from] ExplainError),
}

/// Gives the account of a promise from the history of its ticket: each event in the order of the
/// journal with the moment at which it was written down. `cycle` is the run, from 1; `None` is the
/// last. A promise is accounted for as it stood at `now`: what was written down later is left out.
///
/// A merge that was undone by then never was, for the ticket that was merged and for the one that
/// took it in: the account of a promise says nothing of it, and a clock that was given back is one
/// that the ticket does not have.
///
/// # Errors
///
/// See [`AccountError`].
pub fn account<'t>(
    history: impl IntoIterator<Item = (Timestamp, &'t TicketEvent)>,
    key: &ClockKey,
    cycle: Option<u32>,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Result<Account, AccountError> {
    let history = without_undone_merges(until(history, now));
    let of_clock = history.iter().copied().filter_map(|(noticed_at, event)| match &event.fact {
        TicketFact::Clock { clock, cycle, event: of_clock } if clock == key => {
            Some((*cycle, (event.at, noticed_at, of_clock)))
        }
        _ => None,
    });
    let all: Vec<_> = of_clock.collect();
    let last = all.iter().map(|(cycle, _)| *cycle).max();
    let missing = || AccountError::NoSuchClock { clock: key.clone(), cycle };
    let wanted = cycle.or(last).ok_or_else(missing)?;
    let run: Vec<_> =
        all.into_iter().filter(|(cycle, _)| *cycle == wanted).map(|(_, event)| event).collect();
    if run.is_empty() {
        return Err(missing());
    }
    let calendar = |pin: &Pin| rulebook.calendar(pin).cloned();
    let ledger = explain(key.clone(), wanted, run, calendar, now)?;
    let choice = match key.origin {
        None => choice(history, key, wanted, &ledger.clock.pin, rulebook)?,
        Some(_) => None,
    };
    let target = rulebook.pinned(&ledger.clock.pin, key).ok();
    let reasons: Vec<Reason> = target.iter().flat_map(|target| target.pause_reasons()).collect();
    let steps =
        target.map_or_else(Vec::new, |target| target.ladder.iter().map(|it| step(it)).collect());
    let remedies = ledger.remedies(&reasons);
    Ok(Account { ledger, choice, remedies, steps })
}

/// What was written down until then.
fn until<'t>(
    history: impl IntoIterator<Item = (Timestamp, &'t TicketEvent)>,
    now: Timestamp,
) -> impl Iterator<Item = (Timestamp, &'t TicketEvent)> {
    history.into_iter().take_while(move |(noticed_at, _)| *noticed_at <= now)
}

/// What is left of a history if what a merge did and its undoing took back is left out.
fn without_undone_merges<'t>(
    history: impl Iterator<Item = (Timestamp, &'t TicketEvent)>,
) -> Vec<(Timestamp, &'t TicketEvent)> {
    let mut left: Vec<(Timestamp, &TicketEvent)> = Vec::new();
    for (noticed_at, event) in history {
        match &event.fact {
            TicketFact::Separated { .. } => {
                let is_merge = |(_, event): &(Timestamp, &TicketEvent)| {
                    matches!(event.fact, TicketFact::MergedInto { .. })
                };
                if let Some(merge) = left.iter().rposition(is_merge) {
                    left.truncate(merge);
                    continue;
                }
            }
            TicketFact::GaveBack { clocks, .. } => left.retain(|(_, event)| {
                !matches!(&event.fact, TicketFact::Clock { clock, .. } if clocks.contains(clock))
            }),
            _ => {}
        }
        left.push((noticed_at, event));
    }
    left
}

/// Why the policy applied that the clock ran by in the end: by what the ticket was when it came to
/// apply.
fn choice<'t>(
    history: impl IntoIterator<Item = (Timestamp, &'t TicketEvent)>,
    key: &ClockKey,
    wanted: u32,
    pin: &Pin,
    rulebook: &Rulebook,
) -> Result<Option<PolicyChoice>, AccountError> {
    let mut ticket: Option<Ticket> = None;
    let mut choice = None;
    let mut before: Option<Pin> = None;
    for (_, event) in history {
        if let TicketFact::Clock { clock, cycle, event: of_clock } = &event.fact
            && clock == key
            && *cycle == wanted
            && let ClockEvent::Started { pin: new, .. }
            | ClockEvent::Retargeted { pin: new, .. }
            | ClockEvent::Corrected { pin: new, .. } = of_clock
        {
            // Of several changes within one policy the first one is when it came to apply.
            if new == pin && before.as_ref() != Some(pin) {
                choice = ticket.as_ref().and_then(|it| rulebook.choice(new, it, key, event.at));
            }
            before = Some(new.clone());
        }
        ticket = Some(apply(ticket, event)?);
    }
    Ok(choice)
}

/// What a step does, in words.
fn step(actions: &[LadderAction]) -> String {
    let words: Vec<String> = actions.iter().map(ToString::to_string).collect();
    words.join(", ")
}

impl Account {
    /// The account as plain text: the verdict in one sentence, the terms, what happened when and
    /// where the time went, what would have kept it, what the steps of the ladder are, and why this
    /// policy applied.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        let mut text = self.ledger.text(tongue, &self.remedies);
        for (index, step) in self.steps.iter().enumerate() {
            let word = if tongue == Tongue::Russian { "шаг" } else { "step" };
            let lead = if index == 0 { "\n" } else { "" };
            text += &format!("{lead}\n{word} {}: {step}", index + 1);
        }
        let Some(choice) = &self.choice else {
            return text;
        };
        let PolicyChoice { policy, because, .. } = choice;
        text += &match (tongue, because.decisive().is_empty()) {
            (Tongue::Russian, true) => {
                format!("\n\nПолитика {policy} действует для всех обращений.")
            }
            (Tongue::Russian, false) => {
                format!("\n\nПрименена политика {policy}: {}.", russian::because(because))
            }
            (_, true) => format!("\n\nPolicy {policy} applied: it takes every ticket."),
            (_, false) => format!("\n\nPolicy {policy} applied: {because}."),
        };
        for PassedOver { policy, because } in &choice.passed_over {
            text += &match tongue {
                Tongue::Russian => format!(
                    "\nПолитика {policy}, стоящая раньше, не применена: {}.",
                    russian::because(because)
                ),
                _ => format!("\nPolicy {policy} before it did not: {because}."),
            };
        }
        text
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Tongue::English))
    }
}
