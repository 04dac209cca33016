//! Why the terms of a promise changed: what of its ticket became another, and by whom.

use std::collections::BTreeMap;

use firstline_sla::{Calendar, Clock, ClockEvent, ClockKey, Timestamp, Tongue};

use super::russian::priority_to;
use crate::id::{LineId, RuleId};
use crate::priority::Priority;
use crate::ticket::{CorruptJournal, HandOverCause, Rung, Ticket, TicketEvent, TicketFact, apply};

/// Why the terms of a promise changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsChange {
    /// When that came about: before the terms changed where the promise was not waited for at the
    /// time.
    pub at: Timestamp,
    /// What became another.
    pub what: Changed,
    /// By whom.
    pub by: ChangedBy,
}

/// What it is about a ticket that became another, so that other terms apply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Changed {
    /// The priority.
    Priority {
        /// What it was.
        from: Priority,
        /// What it became.
        to: Priority,
    },
    /// The support line that has the ticket.
    Line {
        /// Which had it.
        from: LineId,
        /// Which has it now.
        to: LineId,
    },
    /// What sort of request it is.
    Described,
    /// The thing it is about, its contract, or how well the customer is served.
    Covered,
    /// What it was opened with by mistake.
    Corrected,
    /// Its labels.
    Tags,
    /// The rules that were applied to it.
    Rules {
        /// The version before.
        from: u32,
        /// The version that was applied.
        to: u32,
    },
}

/// By whom something about a ticket was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangedBy {
    /// Somebody.
    Person,
    /// A step of the ladder of a promise.
    Step(Rung),
    /// A rule, or a macro that somebody applied.
    Rule(RuleId),
}

/// Why the terms of this run changed, by the place of the change among its events.
pub(super) fn causes<'t>(
    history: impl IntoIterator<Item = &'t TicketEvent>,
    key: &ClockKey,
    wanted: u32,
) -> Result<BTreeMap<usize, TermsChange>, CorruptJournal> {
    let mut ticket: Option<Ticket> = None;
    let (mut causes, mut index) = (BTreeMap::new(), 0);
    // Other terms are recorded at the moment of what asks for them, right after it; those of a promise
    // that is taken up again, when it is.
    let mut last: Option<TermsChange> = None;
    let mut taken_up: Option<(Timestamp, Timestamp)> = None;
    for event in history {
        match (&event.fact, &ticket) {
            (TicketFact::Clock { clock, cycle, event: of_clock }, Some(ticket)) => {
                if clock == key && *cycle == wanted {
                    if let ClockEvent::CarriedOn { .. } = of_clock {
                        let ended_at = ticket.clocks.get(key).and_then(Clock::ended_at);
                        taken_up = ended_at.map(|ended_at| (ended_at, event.at));
                    }
                    let asked = taken_up.filter(|(_, at)| *at == event.at);
                    let since = asked.map_or(event.at, |(ended_at, _)| ended_at);
                    let last = last.clone().filter(|change| change.at >= since);
                    let cause = of_terms((event.at, of_clock), ticket, key, last);
                    causes.extend(cause.map(|cause| (index, cause)));
                    index += 1;
                }
            }
            (fact, Some(ticket)) => {
                last = of_ticket(fact, ticket, event).or(last);
            }
            (_, None) => {}
        }
        ticket = Some(apply(ticket, event)?);
    }
    Ok(causes)
}

/// Why a clock has other terms, if it has: new rules, or what was last changed about its ticket.
fn of_terms(
    (at, event): (Timestamp, &ClockEvent),
    before: &Ticket,
    key: &ClockKey,
    last: Option<TermsChange>,
) -> Option<TermsChange> {
    let (ClockEvent::Retargeted { pin, .. } | ClockEvent::Corrected { pin, .. }) = event else {
        return None;
    };
    let (from, to) = (before.clocks.get(key)?.pin.rulebook, pin.rulebook);
    if from != to {
        let what = Changed::Rules { from, to };
        return Some(TermsChange { at, what, by: ChangedBy::Person });
    }
    // The past is valued anew on purpose only, whatever else happens at that moment.
    last.filter(|_| matches!(event, ClockEvent::Retargeted { .. }))
}

fn of_ticket(fact: &TicketFact, before: &Ticket, event: &TicketEvent) -> Option<TermsChange> {
    let (what, step) = match fact {
        TicketFact::Classified { classification, step, .. } => {
            let (from, to) = (before.priority(), classification.priority);
            (Changed::Priority { from, to }, step.as_ref())
        }
        TicketFact::HandedOver { line, cause, .. } => {
            let step = match cause {
                HandOverCause::Ladder(rung) => Some(rung),
                HandOverCause::Asked => None,
            };
            (Changed::Line { from: before.line.clone(), to: line.clone() }, step)
        }
        TicketFact::Described { .. } => (Changed::Described, None),
        TicketFact::Covered { .. } => (Changed::Covered, None),
        TicketFact::Corrected(_) => (Changed::Corrected, None),
        TicketFact::Tagged { .. } => (Changed::Tags, None),
        _ => return None,
    };
    let by = match (step, &event.rule) {
        (Some(rung), _) => ChangedBy::Step(rung.clone()),
        (None, Some(rule)) => ChangedBy::Rule(rule.clone()),
        (None, None) => ChangedBy::Person,
    };
    Some(TermsChange { at: event.at, what, by })
}

impl TermsChange {
    /// The change in words, as the end of a sentence: `the priority was raised to high by hand`.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        let (what, by) = match tongue {
            Tongue::Russian => (self.what.in_russian(), self.by.in_russian()),
            _ => (self.what.in_english(), self.by.in_english()),
        };
        format!("{what} {by}")
    }

    /// The same with its moment, by the wall clock of a calendar, if it came about before `changed`.
    pub(super) fn text_before(
        &self,
        changed: Timestamp,
        calendar: &Calendar,
        tongue: Tongue,
    ) -> String {
        let text = self.text(tongue);
        if self.at == changed {
            return text;
        }
        let moment = tongue.moment(&calendar.local_time(self.at));
        match tongue {
            Tongue::Russian => format!("{text} {moment}"),
            _ => format!("{text} on {moment}"),
        }
    }
}

impl Changed {
    fn in_english(&self) -> String {
        match self {
            Self::Priority { from, to } if to > from => format!("the priority was raised to {to}"),
            Self::Priority { from, to } if to < from => {
                format!("the priority was lowered to {to}")
            }
            Self::Priority { .. } => "impact or urgency were changed".to_owned(),
            Self::Line { from, to } if from == to => "the team was changed".to_owned(),
            Self::Line { from, to } => format!("it was handed over from {from} to {to}"),
            Self::Described => "the sort of request was changed".to_owned(),
            Self::Covered => "its equipment, contract or tier were changed".to_owned(),
            Self::Corrected => "what it was opened with was corrected".to_owned(),
            Self::Tags => "its tags were changed".to_owned(),
            Self::Rules { from, to } => {
                format!("rulebook version {to} was applied in place of {from}")
            }
        }
    }

    fn in_russian(&self) -> String {
        match self {
            Self::Priority { from, to } if to > from => {
                format!("приоритет повышен до {}", priority_to(*to))
            }
            Self::Priority { from, to } if to < from => {
                format!("приоритет понижен до {}", priority_to(*to))
            }
            Self::Priority { .. } => "влияние или срочность изменены".to_owned(),
            Self::Line { from, to } if from == to => "группа изменена".to_owned(),
            Self::Line { from, to } => format!("обращение передано с линии {from} на линию {to}"),
            Self::Described => "вид обращения изменён".to_owned(),
            Self::Covered => "оборудование, договор или уровень обслуживания изменены".to_owned(),
            Self::Corrected => "данные обращения исправлены".to_owned(),
            Self::Tags => "метки изменены".to_owned(),
            Self::Rules { from, to } => format!("применена версия правил {to} вместо {from}"),
        }
    }
}

impl ChangedBy {
    fn in_english(&self) -> String {
        match self {
            Self::Person => "by hand".to_owned(),
            Self::Step(rung) => {
                let clock = Tongue::English.clock(&rung.clock);
                format!("by step {} of {clock}", u16::from(rung.step) + 1)
            }
            Self::Rule(rule) => format!("by “{rule}”"),
        }
    }

    fn in_russian(&self) -> String {
        match self {
            Self::Person => "вручную".to_owned(),
            Self::Step(rung) => {
                let clock = Tongue::Russian.clock(&rung.clock);
                format!("шагом {} (обещание: {clock})", u16::from(rung.step) + 1)
            }
            Self::Rule(rule) => format!("правилом «{rule}»"),
        }
    }
}
