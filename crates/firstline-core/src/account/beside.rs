//! What belongs to the account of a promise and is no event of its clock: who was called for it, and
//! with which other promises it is one.

use std::collections::BTreeMap;

use firstline_sla::{ClockEvent, ClockKey, PageEvent, Recorded, Timestamp, Tongue};

use super::AccountError;
use crate::id::AgentId;
use crate::rulebook::Rulebook;
use crate::ticket::{Ticket, TicketEvent, TicketFact, apply};

/// Something about a page that a step of the promise's ladder set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// When.
    pub at: Timestamp,
    /// The number of the page.
    pub page: u32,
    /// The plan that it goes by.
    pub plan: String,
    /// What.
    pub event: PageEvent<AgentId>,
}

impl Called {
    /// As a sentence without its end.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        let Self { plan, event, .. } = self;
        match (event, tongue) {
            (PageEvent::Rang { level, attempt, member: Some(agent), .. }, Tongue::Russian) => {
                let level = u16::from(*level) + 1;
                format!("вызван {}: план «{plan}», уровень {level}, вызов {attempt}", whom(*agent))
            }
            (PageEvent::Rang { level, attempt, member: Some(agent), .. }, _) => {
                let level = u16::from(*level) + 1;
                format!("{agent} is called: plan {plan}, level {level}, call {attempt}")
            }
            (PageEvent::Rang { level, .. }, Tongue::Russian) => {
                let level = u16::from(*level) + 1;
                format!("вызывать некого: план «{plan}», уровень {level}, никто не дежурит")
            }
            (PageEvent::Rang { level, .. }, _) => {
                let level = u16::from(*level) + 1;
                format!("nobody is called: plan {plan}, level {level}, nobody is on call")
            }
            (PageEvent::Acknowledged { by }, Tongue::Russian) => {
                format!("на вызов ответил {}", whom(*by))
            }
            (PageEvent::Acknowledged { by }, _) => format!("{by} answers the call"),
            (PageEvent::GaveUp, Tongue::Russian) => "на вызовы никто не ответил".to_owned(),
            (PageEvent::GaveUp, _) => "nobody has answered the calls".to_owned(),
            (PageEvent::Revoked { .. }, Tongue::Russian) => "вызов отменён".to_owned(),
            (PageEvent::Revoked { .. }, _) => "the call is called off".to_owned(),
            (other, _) => format!("{other:?}"),
        }
    }
}

fn whom(agent: AgentId) -> String {
    format!("сотрудник {}", agent.0)
}

/// Who was called for a run of a promise, in order of time.
pub(super) fn called<'t>(
    history: impl IntoIterator<Item = &'t TicketEvent>,
    (key, cycle): (&ClockKey, u32),
) -> Vec<Called> {
    let mut plans = BTreeMap::new();
    let mut calls = Vec::new();
    for event in history {
        match &event.fact {
            TicketFact::Paged { page, plan, step, .. }
                if step.clock == *key && step.cycle == cycle =>
            {
                plans.insert(*page, plan.clone());
            }
            TicketFact::Page { page, event: of_page } => {
                calls.extend(plans.get(page).map(|plan| {
                    let (plan, of_page) = (plan.clone(), of_page.clone());
                    Called { at: event.at, page: *page, plan, event: of_page }
                }));
            }
            _ => {}
        }
    }
    calls.sort_by_key(|call| call.at);
    calls
}

/// The steps that a run of a promise reached and that another one had come to before: they were done
/// for that one. By the place of the step among the events of the run, which may be fewer than those
/// of the history.
pub(super) fn done_for<'t>(
    history: impl Iterator<Item = &'t TicketEvent> + Clone,
    (key, wanted): (&ClockKey, u32),
    run: &[Recorded<'_>],
    rulebook: &Rulebook,
) -> Result<BTreeMap<usize, ClockKey>, AccountError> {
    let took_in = |event: &TicketEvent| matches!(event.fact, TicketFact::TookIn { .. });
    let (mut ticket, mut done) = (None, BTreeMap::new());
    if !history.clone().any(took_in) {
        return Ok(done);
    }
    for event in history {
        let now: Ticket = apply(ticket, event)?;
        if let TicketFact::Clock { clock, cycle, event: of_clock } = &event.fact
            && let (ClockEvent::Climbed { step }, true) =
                (of_clock, clock == key && *cycle == wanted)
            && let Some(other) = now.climbed_before(key, *step, rulebook)?
        {
            let is_it = |at: &Recorded<'_>| at.at == event.at && at.event == of_clock;
            done.extend(run.iter().position(is_it).map(|index| (index, other)));
        }
        ticket = Some(now);
    }
    Ok(done)
}

/// The promises that are kept by the same answer as this one and come before it.
pub(super) fn ahead(ticket: &Ticket, key: &ClockKey) -> Vec<ClockKey> {
    match ticket.counted_with.get(key) {
        Some(ahead) => ahead.clone(),
        None => ticket.ahead_of(key),
    }
}

/// That a promise is one with those before it, as a sentence.
pub(super) fn one_with(ahead: &[ClockKey], tongue: Tongue) -> Option<String> {
    let first = tongue.clock(ahead.first()?);
    Some(match tongue {
        Tongue::Russian => format!(
            "Один ответ ждут по нескольким обещаниям. Раньше срок у другого: «{first}»; действует его \
             эскалация и засчитывается его итог."
        ),
        _ => format!(
            "One answer is waited for by several promises. Another is due earlier: {first}; its \
             ladder is climbed and its verdict counts."
        ),
    })
}
