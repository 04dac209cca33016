//! What holds for every sequence of happenings. The names are the sentences of the design.
//!
//! A usual run tries few cases of each law; `FIRSTLINE_PROPERTY_CASES=5000 cargo test` tries that
//! many.

mod arbitrary;
mod model;
mod player;

use proptest::prelude::*;

use crate::*;
use arbitrary::{config, script};
use model::{Model, Picture};
use player::{Told, play};

/// What can be seen of the real clock.
fn picture(told: &Told<'_>, horizon: Timestamp, now: Timestamp) -> Picture {
    let (clock, calendar) = (&told.clock, told.terms().calendar);
    let due = clock.due();
    let is_past = clock.broken && clock.fixed.is_none();
    let breach = |(at, event): &(Timestamp, ClockEvent)| match event {
        ClockEvent::Breached { cause } => Some((*at, *cause)),
        _ => None,
    };
    let last = told.events.iter().rev().find_map(|(_, event)| match event {
        ClockEvent::Fulfilled { outcome, overrun, .. } => Some((*outcome, *overrun)),
        _ => None,
    });
    Picture {
        phase: match &clock.phase {
            Phase::Running { .. } => "running".to_owned(),
            Phase::Paused { reasons } => format!("paused for {} reasons", reasons.len()),
            Phase::Fulfilled { .. } => "fulfilled".to_owned(),
            Phase::Cancelled { .. } => "cancelled".to_owned(),
        },
        spent: clock.spent_at(&calendar, now).as_millis(),
        due: due.filter(|due| !is_past && *due < horizon),
        broken: clock.broken,
        breaches: told.events.iter().filter_map(breach).collect(),
        outcome: last
            .filter(|_| matches!(clock.phase, Phase::Fulfilled { .. }))
            .map(|(outcome, overrun)| (outcome, overrun.map(WorkTime::as_millis))),
        calls: told.calls().into_iter().collect(),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_clock_does_what_the_naive_model_does(script in script()) {
        let model = Model::new(&script.scene);
        play(&script, |told, index, now| {
            let expected = model.picture(&script.happenings[..=index]);
            let real = picture(told, model.horizon(), now);
            prop_assert_eq!(real, expected, "(real, model) after number {} at {}", index, now);
            Ok(())
        })?;
    }
}
