//! What clocks by conditions are asked for, told as stories of an order.

use std::collections::BTreeMap;

use super::*;
use crate::Timestamp;
use crate::clock::Phase;
use crate::condition::stories::State;
use crate::condition::{Field, FieldType};
use crate::event::{Outcome, Schedule};

pub(super) fn fields() -> Fields {
    let statuses = ["open", "paid", "packed", "shipped", "refunded"];
    Fields::from([
        ("status", Field::always(FieldType::words(statuses))),
        ("address", Field::always(FieldType::words(["clear", "unclear", "asked"]))),
        ("items", Field::new(FieldType::Integer)),
        ("fraud", Field::new(FieldType::Flag)),
    ])
}

pub(super) const SHIPPING: &str = r#"
start = { status = ["paid", "packed"] }
stop = { status = "shipped" }
cancel = { any = [{ status = "refunded" }, { fraud = true }] }
reset = { items = { changed = true } }
[pause]
address = { address = ["unclear", "asked"] }
stock = { items = 0 }
"#;

pub(super) fn triggers(written: &str) -> Triggers {
    let spec = toml::from_str(written).expect(written);
    Triggers::build(&spec, &fields()).unwrap_or_else(|error| panic!("{error}"))
}

/// The phase that a clock is in once it was asked for something.
pub(super) fn next_phase(phase: Option<Phase>, ask: &Ask) -> Option<Phase> {
    let at = Timestamp::from_millis(0).unwrap();
    let live = |reasons: BTreeSet<Reason>| {
        if reasons.is_empty() {
            let schedule = Schedule { due: None, alarms: Vec::new() };
            Phase::Running { since: at, schedule }
        } else {
            Phase::Paused { reasons }
        }
    };
    let mut known = match &phase {
        Some(Phase::Paused { reasons }) => reasons.clone(),
        _ => BTreeSet::new(),
    };
    Some(match ask {
        Ask::Cancel => Phase::Cancelled { at, reason: "given up".into() },
        Ask::Fulfil => Phase::Fulfilled { at, outcome: Outcome::Met },
        Ask::Start { reasons } | Ask::Reset { reasons } => live(reasons.clone()),
        Ask::Pause(reason) => {
            known.insert(reason.clone());
            live(known)
        }
        Ask::Resume(reason) => {
            known.remove(reason);
            live(known)
        }
    })
}

/// Tells the story of an order, a state in each line, and compares what its clock is asked for.
#[track_caller]
fn check(written: &str, story: &str, expected: &str) {
    let triggers = triggers(written);
    let (mut phase, mut before, mut told) = (None, None, String::new());
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let after = State::read(&line.replace(", ", "\n"), &fields());
        let change = match &before {
            None => Change::first(&after),
            Some(before) => Change::new(before, &after),
        };
        let asks = triggers.ask(phase.as_ref(), change);
        let sentences: Vec<String> = asks.iter().map(Ask::to_string).collect();
        let sentence = if asks.is_empty() { "nothing".into() } else { sentences.join("; ") };
        told += &format!("{sentence}\n");
        for ask in &asks {
            phase = next_phase(phase, ask);
        }
        before = Some(after);
    }
    let lines = expected.lines().map(str::trim).filter(|line| !line.is_empty());
    assert_eq!(told, lines.map(|line| format!("{line}\n")).collect::<String>());
}

#[track_caller]
fn refused(change: &str, into: &str, expected: &str) {
    assert_eq!(SHIPPING.matches(change).count(), 1, "`{change}` is not in one place");
    let spec = toml::from_str(&SHIPPING.replace(change, into)).unwrap();
    let error = Triggers::build(&spec, &fields()).expect_err("it was accepted");
    assert_eq!(error.to_string(), expected.trim());
}

#[test]
fn a_clock_starts_stands_still_goes_on_and_ends() {
    check(
        SHIPPING,
        "
        status = 'open', address = 'clear'
        status = 'paid', address = 'clear'
        status = 'paid', address = 'unclear'
        status = 'paid', address = 'asked'
        status = 'packed', address = 'clear'
        status = 'shipped', address = 'clear'
        ",
        "
        nothing
        start
        pause for address
        nothing
        resume from address
        fulfil
        ",
    );
}

#[test]
fn what_is_there_already_starts_when_it_is_first_looked_at() {
    check(SHIPPING, "status = 'paid', address = 'clear'", "start");
}

#[test]
fn a_pause_that_holds_at_the_start_is_there_from_the_beginning() {
    check(
        SHIPPING,
        "
        status = 'paid', address = 'unclear', items = 0
        status = 'paid', address = 'clear', items = 0
        ",
        "
        start, paused by address, stock
        resume from address
        ",
    );
}

#[test]
fn reasons_overlap_and_each_ends_for_itself() {
    check(
        "start = { status = 'paid' }\nstop = { status = 'shipped' }\n[pause]\naddress = { address = 'unclear' }\nstock = { items = 0 }",
        "
        status = 'paid', address = 'clear', items = 1
        status = 'paid', address = 'unclear', items = 0
        status = 'paid', address = 'unclear', items = 1
        status = 'paid', address = 'clear', items = 0
        ",
        "
        start
        pause for address; pause for stock
        resume from stock
        pause for stock; resume from address
        ",
    );
}

#[test]
fn what_starts_while_it_is_done_or_given_up_has_no_clock() {
    check(
        "start = { fraud = false }\nstop = { status = 'shipped' }\ncancel = { status = 'refunded' }",
        "
        status = 'shipped', fraud = false
        status = 'refunded', fraud = false
        status = 'paid', fraud = false
        ",
        "
        nothing
        nothing
        start
        ",
    );
}

#[test]
fn cancel_goes_before_stop_and_stop_before_reset_and_reset_before_pause() {
    let written = "start = { items = { exists = true } }\nstop = { status = 'shipped' }\ncancel = { fraud = true }\nreset = { items = { changed = true } }\npause = { address = { address = 'unclear' } }";
    let begin = "status = 'paid', address = 'clear', items = 1";
    for (after, expected) in [
        ("status = 'shipped', address = 'unclear', items = 2, fraud = true", "cancel"),
        ("status = 'shipped', address = 'unclear', items = 2", "fulfil"),
        ("status = 'paid', address = 'unclear', items = 2", "reset, paused by address"),
        ("status = 'paid', address = 'unclear', items = 1", "pause for address"),
    ] {
        check(written, &format!("{begin}\n{after}"), &format!("start\n{expected}"));
    }
}

#[test]
fn a_reset_begins_anew_each_time_and_only_where_a_clock_could_start() {
    check(
        SHIPPING,
        "
        status = 'paid', address = 'unclear', items = 1
        status = 'paid', address = 'unclear', items = 2
        status = 'paid', address = 'clear', items = 3
        status = 'open', address = 'clear', items = 4
        status = 'shipped', address = 'clear', items = 5
        status = 'shipped', address = 'clear', items = 6
        ",
        "
        start, paused by address
        reset, paused by address
        reset
        nothing
        fulfil
        nothing
        ",
    );
}

/// Elsewhere each update of such a record is another reset.
#[test]
fn a_reset_that_goes_on_holding_is_one_reset() {
    check(
        "start = { status = 'paid' }\nstop = { status = 'shipped' }\nreset = { address = 'asked' }",
        "
        status = 'paid', address = 'clear'
        status = 'paid', address = 'asked'
        status = 'paid', address = 'asked', items = 1
        status = 'paid', address = 'clear'
        status = 'paid', address = 'asked'
        ",
        "
        start
        reset
        nothing
        nothing
        reset
        ",
    );
}

#[test]
fn what_has_ended_starts_again_only_when_start_becomes_true_anew() {
    check(
        "start = { fraud = false }\nstop = { status = 'shipped' }",
        "
        status = 'paid', fraud = false
        status = 'shipped', fraud = false
        status = 'paid', fraud = false
        status = 'paid', fraud = true
        status = 'paid', fraud = false
        ",
        "
        start
        fulfil
        nothing
        nothing
        start
        ",
    );
}

#[test]
fn a_clock_goes_on_when_start_holds_no_more() {
    check(
        SHIPPING,
        "
        status = 'paid', address = 'clear'
        status = 'open', address = 'unclear'
        status = 'shipped', address = 'clear'
        ",
        "
        start
        pause for address
        fulfil
        ",
    );
}

#[test]
fn with_a_resume_the_end_of_the_pause_is_not_enough() {
    check(
        "start = { status = 'paid' }\nstop = { status = 'shipped' }\npause = { address = { address = 'unclear' } }\nresume = { address = 'clear' }",
        "
        status = 'paid', address = 'unclear'
        status = 'paid', address = 'asked'
        status = 'paid', address = 'unclear'
        status = 'paid', address = 'clear'
        status = 'paid', address = 'asked'
        ",
        "
        start, paused by address
        nothing
        nothing
        resume from address
        nothing
        ",
    );
}

#[test]
fn a_pause_for_another_reason_is_left_alone() {
    let paused = Phase::Paused { reasons: BTreeSet::from(["strike".into()]) };
    let state = State::read("status = 'paid'\naddress = 'clear'", &fields());
    assert_eq!(triggers(SHIPPING).ask(Some(&paused), Change::none(&state)), []);
}

#[test]
fn its_conditions_can_be_asked_why() {
    let state = State::read("status = 'open'\naddress = 'clear'", &fields());
    let triggers = triggers(SHIPPING);
    let told: BTreeMap<String, String> = triggers
        .conditions()
        .map(|(key, condition)| (key, condition.explain(Change::none(&state)).to_string()))
        .collect();
    assert_eq!(told["start"], "status is open, not packed or paid");
    assert_eq!(told["pause.address"], "address is clear, not asked or unclear");
    let keys: Vec<&str> = told.keys().map(String::as_str).collect();
    assert_eq!(keys, ["cancel", "pause.address", "pause.stock", "reset", "start", "stop"]);
}

#[test]
fn a_clock_that_could_never_run_is_refused() {
    refused(
        "stop = { status = \"shipped\" }",
        "stop = { none = [{ status = 'open' }] }",
        "start: whenever it holds, `stop` holds too, and no clock ever runs; narrow `stop`, or ask for something else",
    );
    refused(
        "{ fraud = true }",
        "{ status = { exists = true } }",
        "start: whenever it holds, `cancel` holds too, and no clock ever runs; narrow `cancel`, or ask for something else",
    );
    refused(
        "{ items = 0 }",
        "{ any = [{ items = 0 }, { none = [{ items = 0 }] }] }",
        "pause.stock: it always holds, and no clock ever runs; narrow it",
    );
}

#[test]
fn a_clock_that_could_never_go_on_is_refused() {
    refused(
        "reset =",
        "resume = { address = 'asked' }\nreset =",
        "resume: it never holds after `pause.address`, and the clock never goes on; widen it, or narrow `pause.address`",
    );
    let spec =
        "start = { status = 'paid' }\nstop = { status = 'shipped' }\nresume = { fraud = false }";
    let error = Triggers::build(&toml::from_str(spec).unwrap(), &fields()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "resume: there is no pause for it to end; write one, or remove it"
    );
}

#[test]
fn a_reset_that_could_never_happen_is_refused() {
    refused(
        "{ items = { changed = true } }",
        "{ status = 'open' }",
        "reset: it never holds together with `start`, and nothing begins anew; widen `start`, or write it as `cancel`",
    );
    for start in [
        "{ status = { is = 'paid', changed = true } }",
        "{ status = { is = 'paid', was = 'open' } }",
    ] {
        refused(
            "{ status = [\"paid\", \"packed\"] }",
            start,
            "start: it holds at the moment of a change only, and a later `reset` finds it no more; ask for what is the case, not for what changed",
        );
    }
}

#[test]
fn what_is_wrong_with_its_conditions_is_told_with_the_key() {
    refused(
        "status = \"shipped\"",
        "status = \"sent\"",
        "stop.status: there is no status `sent`; write one of open, paid, packed, shipped, refunded",
    );
    refused(
        "{ items = 0 }",
        "{}",
        "pause.stock: nothing is asked here, which always holds; remove it",
    );
    refused(
        "{ status = [\"paid\", \"packed\"] }",
        "{}",
        "start: nothing is asked here, which always holds; write when a clock starts",
    );
    refused("stock =", "' ' =", "pause: a reason has no name; write one");
    let missing = toml::from_str::<TriggersSpec>("start = { status = 'paid' }").unwrap_err();
    assert_eq!(missing.message(), "missing field `stop`");
    let many: String = (0..17).map(|n| format!("r{n} = {{ items = {n} }}\n")).collect();
    refused(
        "stock = { items = 0 }\n",
        &many,
        "pause: 18 reasons are more than 16; join some with `any`",
    );
}
