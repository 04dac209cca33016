//! What holds for every rulebook and every sequence of commands: the contract of the core, sentence
//! by sentence. Rulebooks and lives are those on which both implementations of promises agree.

mod commands;
mod merging;
mod moves;
mod offered;
mod rehearsed;
mod rules;

use firstline_sla::{ClockKey, Measure};
use proptest::prelude::*;

use super::naive::book::Book;
use super::naive::random::{Opening, Step, book, opening, steps};
use crate::*;

/// Plays all steps and looks at each: the ticket before, the step, its moment, what came of it.
fn play(
    rules: &Rulebook,
    opening: &Opening,
    steps: &[Step],
    mut look: impl FnMut(
        &Ticket,
        &Step,
        Timestamp,
        Result<&Turn, &Refusal>,
    ) -> Result<(), TestCaseError>,
) -> Result<(Ticket, Vec<TicketEvent>, Timestamp), TestCaseError> {
    let Turn { mut ticket, mut events } = opening.carry_out(rules);
    let mut now = ticket.opened_at;
    for step in steps {
        now = now.checked_add_millis(step.gap_ms).unwrap();
        let outcome = carry_out(Some(ticket.clone()), &step.action, step.by, rules, now);
        look(&ticket, step, now, outcome.as_ref())?;
        if let Ok(turn) = outcome {
            ticket = turn.ticket;
            events.extend(turn.events);
        }
    }
    Ok((ticket, events, now))
}

fn wake(ticket: Ticket, rules: &Rulebook, now: Timestamp) -> Turn {
    carry_out(Some(ticket), &TicketAction::Wake, Actor::System, rules, now).unwrap()
}

/// What is left of what happened if a ticket that was no spam after all never was.
fn without_mistakes(events: Vec<TicketEvent>) -> Vec<TicketEvent> {
    let mut left: Vec<TicketEvent> = Vec::new();
    for event in events {
        if event.fact == TicketFact::UnmarkedSpam {
            while left.pop().is_some_and(|undone| undone.fact != TicketFact::MarkedSpam) {}
        } else {
            left.push(event);
        }
    }
    left
}

/// A rulebook with rules, a request, and what is done to it.
fn ruled_life() -> impl Strategy<Value = (Book, Opening, Vec<Step>)> {
    prop_oneof![2 => (rules::ruled(), opening(), steps(40)), 1 => life()]
}

/// A rulebook, a request, and what is done to it.
fn life() -> impl Strategy<Value = (Book, Opening, Vec<Step>)> {
    (book(1), opening(), steps(40))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn determinism_the_same_commands_at_the_same_times_give_the_same_bytes(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        let bytes = |(ticket, events, _): &(Ticket, Vec<TicketEvent>, Timestamp)| {
            serde_json::to_vec(&(ticket, events)).unwrap()
        };
        let (one, other) = (play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?, play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?);
        prop_assert_eq!(bytes(&one), bytes(&other));
    }

    #[test]
    fn events_carry_results_to_replay_them_takes_no_rulebook(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        let (ticket, events, _) = play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?;
        let mut replayed = None;
        for event in &events {
            // Through their stored form, since that is what a journal replays.
            let stored = serde_json::to_string(event).unwrap();
            let event: TicketEvent = serde_json::from_str(&stored).unwrap();
            replayed = Some(apply(replayed, &event).unwrap());
        }
        prop_assert_eq!(replayed.as_ref(), Some(&ticket));
        let stored = serde_json::to_string(&ticket).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ticket>(&stored).unwrap(), ticket);
    }

    #[test]
    fn the_alarm_and_the_command_commute(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        play(&rules, &opening, &steps, |ticket, step, now, outcome| {
            let woken = wake(ticket.clone(), &rules, now);
            let then = carry_out(Some(woken.ticket), &step.action, step.by, &rules, now);
            match (outcome, then) {
                (Ok(alone), Ok(then)) => {
                    let both: Vec<_> = woken.events.into_iter().chain(then.events).collect();
                    prop_assert_eq!(&alone.events, &both);
                    prop_assert_eq!(&alone.ticket, &then.ticket);
                }
                (Err(alone), Err(then)) => prop_assert_eq!(alone, &then),
                (alone, then) => prop_assert!(false, "{:?} but {:?}", alone, then),
            }
            Ok(())
        })?;
    }

    #[test]
    fn late_noticing_is_harmless(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        let (watched, events, now) = play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?;
        let mut gap = 0;
        let asleep: Vec<Step> = steps.iter().filter_map(|step| {
            gap += step.gap_ms;
            let is_wake = step.action == TicketAction::Wake;
            (!is_wake).then(|| Step { gap_ms: std::mem::take(&mut gap), ..step.clone() })
        }).collect();
        let (slept, mut slept_events, _) = play(&rules, &opening, &asleep, |_, _, _, _| Ok(()))?;
        let (watched, slept) = (wake(watched, &rules, now), wake(slept, &rules, now));
        slept_events.extend(slept.events);
        let events: Vec<_> = events.into_iter().chain(watched.events).collect();
        prop_assert_eq!(events, slept_events);
        prop_assert_eq!(watched.ticket, slept.ticket);
    }

    #[test]
    fn progress_after_any_command_nothing_is_overdue(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        play(&rules, &opening, &steps, |_, _, now, outcome| {
            if let Ok(turn) = outcome {
                prop_assert!(turn.ticket.poll_timeout().is_none_or(|next| next > now));
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_resolved_ticket_has_no_promise_left_to_keep(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        play(&rules, &opening, &steps, |_, _, _, outcome| {
            if let Ok(Turn { ticket, .. }) = outcome
                && !ticket.status.is_open()
            {
                // Conditions say themselves when it is over.
                let live = ticket.clocks.iter().filter(|(_, clock)| clock.is_live());
                let live: Vec<_> = live.collect();
                let is_watched = |key: &ClockKey| matches!(key.measure, Measure::Condition(_));
                prop_assert!(live.iter().all(|(key, _)| is_watched(key)));
                let watched = live.iter().filter_map(|(_, clock)| clock.poll_timeout());
                let timers = ticket.timers.values().filter_map(|timer| timer.due);
                prop_assert_eq!(ticket.poll_timeout(), timers.chain(watched).min());
                prop_assert!(ticket.resolved_at.is_some() || ticket.spam);
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_effect_has_the_id_of_another(
        (book, opening, steps) in life()
    ) {
        let rules = book.rulebook();
        let (_, events, _) = play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?;
        let effects = events.iter().filter_map(|event| Effect::of(TicketId(1), event));
        let mut known = std::collections::BTreeSet::new();
        for effect in effects {
            prop_assert!(known.insert(effect.id.clone()), "{} twice", effect.id);
        }
    }

    #[test]
    fn facts_are_dated_in_order_except_what_was_over_before_it_was_promised(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        let (_, events, _) = play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?;
        let mut last = None;
        for event in &without_mistakes(events) {
            let is_earlier = Some(event.at) < last;
            let is_breach = matches!(
                &event.fact,
                TicketFact::Clock { event: ClockEvent::Breached { cause: BreachCause::Elapsed }, .. }
            );
            prop_assert!(!is_earlier || is_breach, "{:?}", event);
            last = last.max(Some(event.at));
        }
    }

    #[test]
    fn time_is_conserved_counted_closed_and_paused_are_the_whole(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        let (ticket, mut events, now) = play(&rules, &opening, &steps, |_, _, _, _| Ok(()))?;
        let Turn { ticket, events: last } = wake(ticket, &rules, now);
        events.extend(last);
        let events = without_mistakes(events);
        for (key, clock) in &ticket.clocks {
            let run: Vec<(Timestamp, &ClockEvent)> = events
                .iter()
                .filter_map(|TicketEvent { at, fact, .. }| match fact {
                    TicketFact::Clock { clock: of, cycle, event }
                        if of == key && *cycle == clock.cycle => Some((*at, event)),
                    _ => None,
                })
                .collect();
            let calendar = |pin: &Pin| rules.calendar(pin).cloned();
            let ledger = explain(key.clone(), clock.cycle, run, calendar, now).unwrap();
            let Ledger { counted, closed_ms, paused_ms, done_ms, elsewhere_ms, .. } = ledger;
            let end = match clock.phase {
                Phase::Fulfilled { at, .. } | Phase::Cancelled { at, .. } => at,
                Phase::Running { .. } | Phase::Paused { .. } => now,
            };
            let all = counted.as_millis() + closed_ms + paused_ms + done_ms + elsewhere_ms;
            prop_assert_eq!(all, end.millis_since(clock.started_at), "{}", key);
            if !clock.is_live() {
                prop_assert_eq!(counted, clock.spent, "{}", key);
            }
        }
    }

    #[test]
    fn totality_no_time_and_no_first_command_panics_and_a_refusal_leaves_nothing_behind(
        millis in any::<i64>(), book in rules::ruled(), opening in opening(), steps in steps(2)
    ) {
        let rules = book.rulebook();
        let Turn { ticket, .. } = opening.carry_out(&rules);
        if let Some(now) = Timestamp::from_millis(millis) {
            for Step { by, action, .. } in steps {
                let _ = decide(None, &action, by, &rules, now);
                if let Ok(events) = decide(Some(&ticket), &action, by, &rules, now) {
                    let applied = events.iter().try_fold(ticket.clone(), |ticket, event| {
                        apply(Some(ticket), event)
                    });
                    prop_assert!(applied.is_ok());
                }
            }
        }
    }
}
