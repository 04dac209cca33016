//! The account of one promise on a ticket: where its time went, by which policy and why by that
//! one, and what would have kept it.

mod beside;
mod change;
mod coming;
mod russian;
#[cfg(test)]
mod stories;

use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use firstline_sla::{
    Agreement, Beside, Calendar, ClockEvent, ClockKey, ExplainError, Explanation, Ledger, Mark,
    Measure, Noticed, Pin, Reason, Recorded, Remedy, Timestamp, Tongue, Within, explain,
};

use crate::refusal::Refusal;
use crate::rulebook::{LadderAction, Rulebook};
use crate::ticket::{CorruptJournal, Relation, Ticket, TicketEvent, TicketFact, apply};
use coming::Coming;

pub use beside::Called;
pub use change::{Changed, ChangedBy, TermsChange};

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
    /// The ladders that it was on and will come to, in their order, with what their steps do: one
    /// for each policy and version of the rules.
    pub ladders: Vec<Ladder>,
    /// Why its terms changed, where that is known: by the [index](firstline_sla::Mark::index) of the
    /// change among its events.
    pub causes: BTreeMap<usize, TermsChange>,
    /// The steps of its ladder that were carried out for another promise already, which the same
    /// answer keeps: for which, by the [index](firstline_sla::Mark::index) of the step among its
    /// events.
    pub done_for: BTreeMap<usize, ClockKey>,
    /// What will happen to it if nothing happens to its ticket, with what its steps and those of the
    /// other promises do to it: what [`foresee`](crate::foresee) tells of it.
    pub foreseen: Vec<Mark>,
    /// Who was called for it by its ladder, and what came of that.
    pub called: Vec<Called>,
    /// The promises that the same answer keeps and that come before it: see [`Ticket::ahead_of`].
    /// The verdict on the first of all counts.
    pub ahead: Vec<ClockKey>,
    /// What an agent promised, if it is a promise by word of mouth.
    pub promised: Option<String>,
}

/// A ladder of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// Where it stands.
    pub pin: Pin,
    /// What its steps do, by their index.
    pub steps: Vec<Vec<LadderAction>>,
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
    /// What it promised in the end, as it is written.
    pub within: Within,
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
    /// What is due and not noticed yet cannot be told: a version of the rules is not at hand, or the
    /// moment is beyond the calendar.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Every working day until then is part of the account, and a moment so far ahead is a slip.
    #[error("a promise is accounted for at most ten years ahead, and not at {at} ms since 1970", at = at.as_millis())]
    TooFarAhead {
        /// When it was to be looked at.
        at: Timestamp,
    },
    /// The clock cannot be accounted for.
    #[error(transparent)]
    Explain(#[from] ExplainError),
}

/// Gives the account of a promise from the history of its ticket: each event in the order of the
/// journal with the moment at which it was written down. `cycle` is the run, from 1; `None` is the
/// last. A promise is accounted for as it stood at `now`: what was written down later is left out,
/// and what had become true by then, with what follows from it, is told as not noticed yet. That goes
/// by `rulebook`, which is the one that was in force at `now`.
///
/// A merge that was undone by then never was, for the ticket that was merged and for the one that
/// took it in: the account of a promise says nothing of it, and a clock that was given back is one
/// that the ticket does not have. Nor was a ticket spam or a duplicate that is none after all.
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
    let history = history.into_iter().take_while(|(noticed_at, _)| *noticed_at <= now);
    let written: Vec<(Timestamp, &TicketEvent)> = history.collect();
    let coming = Coming::after(&written, rulebook, now)?;
    let really = written.clone();
    let written = without_what_was_undone(written);
    let mut history = written.clone();
    history.extend(coming.unnoticed.iter().map(|event| (now, event)));
    let mut events: Vec<(Noticed, &TicketEvent)> =
        written.iter().map(|(at, event)| (Noticed::At(*at), *event)).collect();
    events.extend(coming.unnoticed.iter().map(|event| (Noticed::NotYet, event)));
    let missing = || AccountError::NoSuchClock { clock: key.clone(), cycle };
    let wanted = cycle.or_else(|| last_run(&events, key)).ok_or_else(missing)?;
    let of_run = run(&events, key, wanted);
    if of_run.is_empty() {
        return Err(missing());
    }
    let calendar = |pin: &Pin| rulebook.calendar(pin).cloned();
    let happened = of_run.len();
    let ledger = explain(key.clone(), wanted, of_run, calendar, now)?;
    let called = beside::called(events.iter().map(|(_, event)| *event), (key, wanted));
    let ahead = coming.ticket.as_ref().map_or_else(Vec::new, |it| beside::ahead(it, key));
    let foreseen = if ledger.clock.is_live() { coming.foresee(rulebook)? } else { Vec::new() };
    events.extend(foreseen.iter().map(|event| (Noticed::NotYet, event)));
    let really = really.iter().map(|(_, event)| *event);
    let really = really.chain(&coming.unnoticed).chain(&foreseen);
    let done_for = beside::done_for(really, (key, wanted), &run(&events, key, wanted), rulebook)?;
    let foreseen = foretell(&events, (key, wanted), happened, calendar, now)?;
    // What was promised on another ticket is told in the history of that one.
    let promised = key.origin.is_none().then(|| promised(&history, key)).flatten();
    let choice = match key.origin {
        None => choice(history, key, wanted, &ledger.clock.pin, rulebook)?,
        Some(_) => None,
    };
    let target = rulebook.pinned(&ledger.clock.pin, key).ok();
    let reasons: Vec<Reason> = target.iter().flat_map(|target| target.pause_reasons()).collect();
    let ladders = ladders(ledger.marks.iter().chain(&foreseen), key, rulebook);
    let causes = change::causes(events.iter().map(|(_, event)| *event), key, wanted)?;
    let stand_still = |pin: &Pin, reason: &Reason| {
        rulebook.pinned(pin, key).is_ok_and(|target| target.stands_still_for(reason))
    };
    let remedies = ledger.remedies_under(&reasons, &stand_still);
    Ok(Account {
        ledger,
        choice,
        remedies,
        ladders,
        causes,
        done_for,
        foreseen,
        called,
        ahead,
        promised,
    })
}

/// The last run of a clock that anything happened to.
fn last_run(events: &[(Noticed, &TicketEvent)], key: &ClockKey) -> Option<u32> {
    let runs = events.iter().filter_map(|(_, event)| match &event.fact {
        TicketFact::Clock { clock, cycle, .. } if clock == key => Some(*cycle),
        _ => None,
    });
    runs.max()
}

/// What happened to one run of a clock.
fn run<'t>(
    events: &[(Noticed, &'t TicketEvent)],
    key: &ClockKey,
    wanted: u32,
) -> Vec<Recorded<'t>> {
    let of_run = events.iter().filter_map(|(noticed, event)| match &event.fact {
        TicketFact::Clock { clock, cycle, event: of_clock } if clock == key && *cycle == wanted => {
            Some(Recorded { at: event.at, noticed: *noticed, event: of_clock })
        }
        _ => None,
    });
    of_run.collect()
}

/// What will happen to a run of a clock after the first so many events, which have happened.
fn foretell(
    events: &[(Noticed, &TicketEvent)],
    (key, wanted): (&ClockKey, u32),
    happened: usize,
    calendar: impl Fn(&Pin) -> Option<Calendar>,
    now: Timestamp,
) -> Result<Vec<Mark>, AccountError> {
    let run = run(events, key, wanted);
    let end = run.iter().map(|recorded| recorded.at).max().unwrap_or(now).max(now);
    let marks = explain(key.clone(), wanted, run, calendar, end)?.marks;
    let is_ahead = |mark: &Mark| mark.index.is_some_and(|index| index >= happened);
    Ok(marks.into_iter().filter(is_ahead).collect())
}

/// The ladders of the terms that were or will be in force at these marks.
fn ladders<'m>(
    marks: impl Iterator<Item = &'m Mark>,
    key: &ClockKey,
    rulebook: &Rulebook,
) -> Vec<Ladder> {
    let mut ladders: Vec<Ladder> = Vec::new();
    for Mark { pin, .. } in marks {
        let is_known = ladders.iter().any(|known| known.pin.has_ladder_of(pin));
        if let (false, Ok(target)) = (is_known, rulebook.pinned(pin, key)) {
            ladders.push(Ladder { pin: pin.clone(), steps: target.ladder.clone() });
        }
    }
    ladders
}

/// What an agent promised under this key.
fn promised(history: &[(Timestamp, &TicketEvent)], key: &ClockKey) -> Option<String> {
    let Measure::Promise(wanted) = key.measure else {
        return None;
    };
    history.iter().find_map(|(_, event)| match &event.fact {
        TicketFact::Promised { number, what, .. } if *number == wanted => Some(what.clone()),
        _ => None,
    })
}

/// Which fact another one makes as if it had not been.
fn undone_by(fact: &TicketFact) -> Option<fn(&TicketFact) -> bool> {
    match fact {
        TicketFact::Separated { .. } => Some(|of| matches!(of, TicketFact::MergedInto { .. })),
        TicketFact::UnmarkedSpam => Some(|of| matches!(of, TicketFact::MarkedSpam)),
        TicketFact::Unrelated { relation: Relation::DuplicateOf, .. } => {
            Some(|of| matches!(of, TicketFact::Related { relation: Relation::DuplicateOf, .. }))
        }
        _ => None,
    }
}

/// What is left of a history if what was undone, such as a merge, is left out with its undoing.
fn without_what_was_undone(
    history: Vec<(Timestamp, &TicketEvent)>,
) -> Vec<(Timestamp, &TicketEvent)> {
    let mut left: Vec<(Timestamp, &TicketEvent)> = Vec::new();
    for (noticed_at, event) in history {
        if let Some(undoes) = undone_by(&event.fact)
            && let Some(undone) = left.iter().rposition(|(_, event)| undoes(&event.fact))
        {
            left.truncate(undone);
            continue;
        }
        if let TicketFact::GaveBack { clocks, .. } = &event.fact {
            left.retain(|(_, event)| {
                !matches!(&event.fact, TicketFact::Clock { clock, .. } if clocks.contains(clock))
            });
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
    let mut choice: Option<PolicyChoice> = None;
    let mut before: Option<Pin> = None;
    for (_, event) in history {
        if let TicketFact::Clock { clock, cycle, event: of_clock } = &event.fact
            && clock == key
            && *cycle == wanted
            && let ClockEvent::Started { pin: new, .. }
            | ClockEvent::Retargeted { pin: new, .. }
            | ClockEvent::Corrected { pin: new, .. } = of_clock
        {
            let chosen = ticket.as_ref().filter(|_| new == pin);
            let chosen = chosen.and_then(|it| rulebook.choice(new, it, key, event.at));
            match (&mut choice, chosen) {
                // Of several changes within one policy the first one is when it came to apply.
                (Some(choice), Some(PolicyChoice { within, .. }))
                    if before.as_ref() == Some(pin) =>
                {
                    choice.within = within;
                }
                (choice, Some(chosen)) => *choice = Some(chosen),
                (_, None) => {}
            }
            before = Some(new.clone());
        }
        ticket = Some(apply(ticket, event)?);
    }
    Ok(choice)
}

impl Account {
    /// The account as plain text: the verdict in one sentence, the terms, what happened when and
    /// where the time went, what would have kept it, what the steps of the ladder are, and why this
    /// policy applied.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        let marks = self.ledger.marks.iter().chain(&self.foreseen);
        let causes = marks.filter_map(|mark| {
            let index = mark.index?;
            let change = self.causes.get(&index)?;
            Some((index, change.text_before(mark.at, self.ledger.calendar(), tongue)))
        });
        let happened = self.called.iter().map(|call| (call.at, call.text(tongue))).collect();
        let (causes, foreseen) = (causes.collect(), Some(self.foreseen.clone()));
        let done_for = self.done_for.clone();
        let within = self.choice.as_ref().map(|choice| choice.within);
        let beside = Beside { within, causes, done_for, foreseen, happened };
        let mut text = self.ledger.text_beside(tongue, &self.remedies, &beside);
        if let Some(what) = &self.promised {
            let is_russian = tongue == Tongue::Russian;
            let lead = if is_russian { "Обещано" } else { "What was promised" };
            let at = text.find('\n').unwrap_or(text.len());
            text.insert_str(at, &format!("\n{lead}: {what}"));
        }
        if let Some(one) = beside::one_with(&self.ahead, tongue) {
            let at = text.find('\n').unwrap_or(text.len());
            text.insert_str(at, &format!("\n{one}"));
        }
        text += &self.steps(tongue);
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

    /// What the steps of its ladders do, a line each after an empty one.
    fn steps(&self, tongue: Tongue) -> String {
        let is_one = self.ladders.len() == 1;
        let steps = self.ladders.iter().flat_map(|Ladder { pin, steps }| {
            steps.iter().enumerate().map(move |(index, step)| {
                let step: Vec<String> = step.iter().map(|action| action.text(tongue)).collect();
                let named = tongue.step(index, (!is_one).then_some(pin));
                format!("\n{named}: {}", step.join(", "))
            })
        });
        let steps: String = steps.collect();
        if steps.is_empty() { steps } else { format!("\n{steps}") }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Tongue::English))
    }
}
