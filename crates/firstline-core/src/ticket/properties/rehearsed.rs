//! A dry run of the rules in force makes no difference, whatever was done under them.

use proptest::prelude::*;

use super::super::naive::random::Step;
use super::{play, ruled_life};
use crate::*;

/// A step that a journal tells from the one before it. Of what one actor does within a millisecond it
/// does not say where one command ends, and applying the rules again that are in force already leaves
/// no word of its own.
fn told_apart(step: Step) -> Option<Step> {
    let is_silent = matches!(step.action, TicketAction::Reapply { .. });
    (!is_silent).then(|| Step { gap_ms: step.gap_ms.max(1), ..step })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dry_run_of_the_rulebook_in_force_says_that_all_is_the_same(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        let steps: Vec<Step> = steps.into_iter().filter_map(told_apart).collect();
        let opened = opening.carry_out(&rules);
        let opened_at = opened.ticket.opened_at;
        let TicketFact::Opened { author, .. } = opened.events[0].fact else { unreachable!() };
        let mut history: Vec<(TicketEvent, Actor, Timestamp)> =
            opened.events.into_iter().map(|event| (event, author, opened_at)).collect();
        let (ticket, _, now) = play(&rules, &opening, &steps, |_, step, now, outcome| {
            let events = outcome.map_or(&[][..], |turn| &turn.events);
            history.extend(events.iter().map(|event| (event.clone(), step.by, now)));
            Ok(())
        })?;
        let happened: Vec<Happened<'_>> =
            history.iter().map(|(event, by, at)| Happened { event, by: *by, at: *at, seq: 0 }).collect();
        let rehearsal = rehearse(&ticket, &happened, &rules, now).unwrap();
        prop_assert!(rehearsal.is_whole && rehearsal.is_the_same(), "{:#?}", rehearsal);
    }
}
