//! Why a rule did not fire, or why it did: each clause with what it found.

use core::fmt;

use firstline_sla::{Change, Explanation, Timestamp, WorkTime};

use super::{Automation, Happening, Happenings, Scene, TimedRule, Trigger};
use crate::id::RuleId;
use crate::limits::MAX_FIRED_BY_ITSELF;
use crate::rulebook::Rulebook;
use crate::ticket::{CorruptJournal, Ticket, TicketEvent, TicketFact, apply};

/// Why a rule did not fire when something last happened to a ticket, or why it did.
///
/// As text it says what decided; with `{:#}` each clause has a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// Which rule or macro.
    pub rule: RuleId,
    /// When its turn was that is spoken of: when what set it off happened, or would have. Of what waits
    /// for a state or for an agent, the moment of the question.
    pub at: Timestamp,
    /// What it waits for, and how that stands.
    pub kind: RuleKind,
    /// Its conditions, clause by clause, of what the rule saw.
    pub conditions: Explanation,
    /// What it could not do of what it says, with the reasons, when it last fired.
    pub skipped: Vec<String>,
}

/// How a rule is set off, and how that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleKind {
    /// By what happens.
    Trigger {
        /// What it waits for; empty for whatever happens.
        on: Vec<Happening>,
        /// What happened.
        happened: Vec<Happening>,
        /// Whether it fired. A rule that applied and found nothing to do has not.
        fired: bool,
        /// The rule above it that applied and ended the list.
        stopped_by: Option<RuleId>,
    },
    /// By a state that lasts.
    Timed {
        /// How long.
        after: WorkTime,
        /// When it fires, while it waits for that.
        due: Option<Timestamp>,
        /// Whether it has fired in the present state.
        fired: bool,
        /// Why no timed rule fires on this ticket, if none does.
        silence: Option<Silence>,
    },
    /// By an agent.
    Macro,
}

/// Why no timed rule fires on a ticket, whatever its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Silence {
    /// It is closed.
    Closed,
    /// It lives on in another one.
    Merged,
    /// Timed rules have fired so often on it that they go round in circles.
    Circles,
}

impl Silence {
    /// Its name in answers: `closed`, `merged` or `circles`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Circles => "circles",
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the ticket is closed"),
            Self::Merged => f.write_str("the ticket lives on in another one"),
            Self::Circles => {
                write!(f, "timed rules have fired {MAX_FIRED_BY_ITSELF} times here, in circles")
            }
        }
    }
}

/// Why nothing can be said about a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WhyNotError {
    /// There is no such rule.
    #[error("the rulebook has no rule or macro `{name}`; it has {}", list(known))]
    UnknownRule {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<RuleId>,
    },
    /// The events cannot have happened to the ticket.
    #[error(transparent)]
    Damaged(#[from] CorruptJournal),
}

fn list(names: &[RuleId]) -> String {
    let names: Vec<&str> = names.iter().map(RuleId::as_str).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Why a rule of the rules in force did not fire upon these events, or why it did. `before` is the
/// ticket before them, `None` if they begin with its opening.
///
/// # Errors
///
/// There is no such rule, or the events cannot have happened to the ticket.
pub fn why_not(
    rulebook: &Rulebook,
    rule: &str,
    before: Option<&Ticket>,
    events: &[TicketEvent],
    now: Timestamp,
) -> Result<WhyNot, WhyNotError> {
    let Automation { triggers, timed, macros, .. } = rulebook.automation();
    if let Some(index) = triggers.iter().position(|known| known.name.as_str() == rule) {
        return Ok(of_trigger(triggers, index, before, events, now)?);
    }
    let mut ticket = before.cloned();
    for event in events {
        ticket = Some(apply(ticket, event)?);
    }
    let ticket = ticket.ok_or(CorruptJournal::NotOpened)?;
    let state = Change::none(&ticket).at(now);
    if let Some(found) = timed.iter().find(|known| known.name.as_str() == rule) {
        return Ok(of_timed(found, &ticket, state, events, now));
    }
    if let Some(found) = macros.iter().find(|known| known.name.as_str() == rule) {
        let (rule, conditions) = (found.name.clone(), found.when.explain(state));
        let (kind, skipped) = (RuleKind::Macro, Vec::new());
        return Ok(WhyNot { rule, at: now, kind, conditions, skipped });
    }
    let known = rulebook.rules().cloned().collect();
    Err(WhyNotError::UnknownRule { name: rule.to_owned(), known })
}

/// What a rule saw when its turn in the list was.
struct Sight<'s> {
    before: Option<&'s Ticket>,
    ticket: &'s Ticket,
    events: &'s [TicketEvent],
    now: Timestamp,
}

impl Sight<'_> {
    fn happened(&self) -> Happenings {
        Happenings::of(self.ticket, self.events)
    }

    fn at(&self) -> Timestamp {
        self.events.last().map_or(self.now, |event| event.at)
    }

    fn ask<T>(&self, question: impl FnOnce(Change<'_>) -> T) -> T {
        let scene = Scene::new(self.ticket, self.events);
        let change = match self.before {
            Some(before) => Change::new(before, &scene),
            None => Change::first(&scene),
        };
        question(change.at(self.at()))
    }

    fn applies(&self, rule: &Trigger) -> bool {
        rule.on.meets(self.happened()) && self.ask(|change| rule.when.holds(change))
    }
}

fn of_trigger(
    triggers: &[Trigger],
    index: usize,
    before: Option<&Ticket>,
    events: &[TicketEvent],
    now: Timestamp,
) -> Result<WhyNot, CorruptJournal> {
    let fired = |event: &TicketEvent| match &event.fact {
        TicketFact::RuleFired { rule, .. } => triggers.iter().position(|it| it.name == *rule),
        _ => None,
    };
    let has_fired = |place| events.iter().filter_map(fired).any(|fired| fired == place);
    let (mut ticket, mut known, mut stopped_by) = (before.cloned(), 0, None);
    for (place, rule) in triggers[..=index].iter().enumerate() {
        if place < index && (!rule.stop || stopped_by.is_some()) {
            continue;
        }
        // It saw what there was before it or a rule below it did something.
        let seen = events.iter().position(|event| fired(event).is_some_and(|it| it >= place));
        let seen = seen.unwrap_or(events.len());
        for event in &events[known..seen] {
            ticket = Some(apply(ticket, event)?);
        }
        known = seen;
        let ticket = ticket.as_ref().ok_or(CorruptJournal::NotOpened)?;
        let sight = Sight { before, ticket, events: &events[..seen], now };
        if place == index {
            let on = if rule.on == Happenings::ANY { Vec::new() } else { rule.on.each().collect() };
            let happened = sight.happened().each().collect();
            return Ok(WhyNot {
                rule: rule.name.clone(),
                at: sight.at(),
                kind: RuleKind::Trigger { on, happened, fired: has_fired(place), stopped_by },
                conditions: sight.ask(|change| rule.when.explain(change)),
                skipped: skipped(&rule.name, events),
            });
        }
        // One that applies and finds nothing to do leaves no trace, and ends the list all the same.
        if has_fired(place) || sight.applies(rule) {
            stopped_by = Some(rule.name.clone());
        }
    }
    Err(CorruptJournal::NotOpened)
}

fn of_timed(
    rule: &TimedRule,
    ticket: &Ticket,
    state: Change<'_>,
    events: &[TicketEvent],
    now: Timestamp,
) -> WhyNot {
    let timer = ticket.timers.get(&rule.name);
    let due = timer.and_then(|timer| timer.due);
    let fired = timer.is_some() && due.is_none();
    WhyNot {
        rule: rule.name.clone(),
        at: now,
        kind: RuleKind::Timed { after: rule.after, due, fired, silence: ticket.silence() },
        conditions: rule.when.explain(state),
        skipped: skipped(&rule.name, events),
    }
}

fn skipped(name: &RuleId, events: &[TicketEvent]) -> Vec<String> {
    let of = |event: &TicketEvent| match &event.fact {
        TicketFact::RuleSkipped { rule, deed, why } if rule == name => {
            Some(format!("{deed}: {why}"))
        }
        _ => None,
    };
    events.iter().filter_map(of).collect()
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, at, kind, conditions, skipped } = self;
        write!(f, "`{rule}` {}", kind.verdict(conditions.holds, *at))?;
        if f.alternate() {
            write!(f, "\n{conditions:#}")?;
        } else {
            write!(f, ": {conditions}")?;
        }
        let mut skipped = skipped.iter();
        skipped.try_for_each(|what| write!(f, "; left out, {what}"))
    }
}

impl RuleKind {
    fn verdict(&self, holds: bool, at: Timestamp) -> String {
        match self {
            Self::Trigger { fired: true, .. } => format!("fired at {at}"),
            Self::Trigger { on, happened, .. } if !on.is_empty() && !meet(on, happened) => {
                let happened = words(happened, ", ");
                format!("waits for {}, and {happened} happened at {at}", words(on, " or "))
            }
            Self::Trigger { stopped_by: Some(above), .. } => {
                format!("was not tried at {at}, because `{above}` above it applied and stops")
            }
            Self::Trigger { .. } if holds => {
                format!("applied at {at}, and there was nothing to do")
            }
            Self::Trigger { .. } => format!("did not fire at {at}"),
            Self::Timed { silence: Some(why), .. } => format!("does not fire, because {why}"),
            Self::Timed { due: Some(due), .. } => format!("fires at {due}"),
            Self::Timed { fired: true, .. } => {
                "has fired, and will again when the state comes back".to_owned()
            }
            Self::Timed { after, .. } if holds => {
                format!("waits for {after}, from the next thing that happens on")
            }
            Self::Timed { .. } => "waits for a state that is not there".to_owned(),
            Self::Macro if holds => "can be applied".to_owned(),
            Self::Macro => "is for other tickets".to_owned(),
        }
    }
}

fn meet(on: &[Happening], happened: &[Happening]) -> bool {
    on.iter().any(|one| happened.contains(one))
}

fn words(happenings: &[Happening], between: &str) -> String {
    if happenings.is_empty() {
        return "nothing of the kind".to_owned();
    }
    happenings.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(between)
}
