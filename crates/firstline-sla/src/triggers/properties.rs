//! What holds for every story of an order.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::stories::{SHIPPING, fields, next_phase, triggers};
use super::*;
use crate::Value;

type State = BTreeMap<&'static str, Value<'static>>;

fn state() -> impl Strategy<Value = State> {
    let status = prop::sample::select(vec!["open", "paid", "packed", "shipped", "refunded"]);
    let address = prop::sample::select(vec!["clear", "unclear", "asked"]);
    let fraud = prop::option::weighted(0.2, any::<bool>());
    (status, address, 0..3_i64, fraud).prop_map(|(status, address, items, fraud)| {
        let mut state = BTreeMap::from([
            ("status", Value::Text(status)),
            ("address", Value::Text(address)),
            ("items", Value::Integer(items)),
        ]);
        state.extend(fraud.map(|fraud| ("fraud", Value::Flag(fraud))));
        state
    })
}

fn is_live(phase: Option<&Phase>) -> bool {
    matches!(phase, Some(Phase::Running { .. } | Phase::Paused { .. }))
}

/// Tells a story and looks at each answer, with the phase after it.
fn tell(
    triggers: &Triggers,
    story: &[State],
    mut look: impl FnMut(Change<'_>, &[Ask], Option<&Phase>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let (mut phase, mut before) = (None, None);
    for after in story {
        let change = before.map_or_else(|| Change::first(after), |it| Change::new(it, after));
        let asks = triggers.ask(phase.as_ref(), change);
        for ask in &asks {
            phase = next_phase(phase, ask);
        }
        look(change, &asks, phase.as_ref())?;
        before = Some(after);
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_live_clock_stands_still_if_and_only_if_a_pause_holds(
        story in prop::collection::vec(state(), 1..30),
    ) {
        let triggers = triggers(SHIPPING);
        tell(&triggers, &story, |change, _, phase| {
            match phase {
                Some(Phase::Running { .. }) => prop_assert!(triggers.reasons(change).is_empty()),
                Some(Phase::Paused { reasons }) => {
                    prop_assert_eq!(reasons, &triggers.reasons(change));
                }
                _ => {}
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_clock_is_live_while_stop_or_cancel_holds(
        story in prop::collection::vec(state(), 1..30),
    ) {
        let triggers = triggers(SHIPPING);
        tell(&triggers, &story, |change, _, phase| {
            let is_over = triggers.stop.holds(change)
                || triggers.cancel.as_ref().is_some_and(|cancel| cancel.holds(change));
            prop_assert!(!(is_over && is_live(phase)));
            Ok(())
        })?;
    }

    #[test]
    fn to_look_again_at_what_has_not_changed_asks_for_nothing(
        story in prop::collection::vec(state(), 1..30),
    ) {
        let triggers = triggers(SHIPPING);
        tell(&triggers, &story, |change, _, phase| {
            prop_assert_eq!(triggers.ask(phase, change.afterwards()), []);
            Ok(())
        })?;
    }

    #[test]
    fn what_ends_or_begins_a_clock_is_asked_for_alone(
        story in prop::collection::vec(state(), 1..30),
    ) {
        let triggers = triggers(SHIPPING);
        tell(&triggers, &story, |_, asks, _| {
            let is_small = |ask: &Ask| matches!(ask, Ask::Pause(_) | Ask::Resume(_));
            prop_assert!(asks.len() <= 1 || asks.iter().all(is_small));
            Ok(())
        })?;
    }
}

#[test]
fn written_triggers_read_back() {
    let spec: TriggersSpec = toml::from_str(SHIPPING).unwrap();
    assert_eq!(toml::from_str::<TriggersSpec>(&toml::to_string(&spec).unwrap()).unwrap(), spec);
    assert!(Triggers::build(&spec, &fields()).is_ok());
}
