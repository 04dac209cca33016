//! Clocks by conditions: when one starts, stands still, goes on and ends.

mod check;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clock::Phase;
use crate::condition::{Change, Condition, ConditionError, ConditionSpec, Fields};
use crate::terms::Reason;

/// The most reasons for which a clock by conditions may stand still.
pub const MAX_PAUSES: usize = 16;

/// When a clock starts, stands still and ends, as it is written.
///
/// ```toml
/// start = { status = ["paid", "packed"] }
/// pause = { address = { address_is_clear = false } }
/// stop = { status = "shipped" }
/// cancel = { status = "refunded" }
/// reset = { items = { changed = true } }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TriggersSpec {
    /// When a clock starts.
    pub start: ConditionSpec,
    /// When it stands still, by the name of the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pause: BTreeMap<String, ConditionSpec>,
    /// When it goes on, if that takes more than the end of the pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<ConditionSpec>,
    /// When what was promised is done.
    pub stop: ConditionSpec,
    /// When the promise is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<ConditionSpec>,
    /// When it is given up and made anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<ConditionSpec>,
}

/// When a clock starts, stands still and ends: conditions, checked and ready to be asked.
///
/// Whoever keeps a clock asks after each change what to do with it. The answer names things to do
/// with a [`Clock`](crate::Clock) and does nothing itself.
///
/// ```
/// use firstline_sla::{Ask, Change, Field, FieldType, Fields, Phase, Triggers, Value};
///
/// let fields = Fields::from([
///     ("status", Field::always(FieldType::words(["open", "paid", "shipped", "refunded"]))),
///     ("address_is_clear", Field::always(FieldType::Flag)),
/// ]);
/// let triggers = Triggers::build(&toml::from_str(r#"
///     start = { status = "paid" }
///     pause = { address = { address_is_clear = false } }
///     stop = { status = "shipped" }
///     cancel = { status = "refunded" }
/// "#)?, &fields)?;
///
/// let order = |status, is_clear| {
///     [("status", Value::Text(status)), ("address_is_clear", Value::Flag(is_clear))]
/// };
/// // Nothing was promised yet, and there is no clock.
/// let (open, paid) = (order("open", true), order("paid", true));
/// assert_eq!(triggers.ask(None, Change::first(&open)), []);
/// let asked = triggers.ask(None, Change::new(&open, &paid));
/// assert_eq!(asked, [Ask::Start { reasons: [].into() }]);
/// // The clock stands still while somebody asks the customer where he lives.
/// let unclear = order("paid", false);
/// # let schedule = firstline_sla::Schedule { due: None, alarms: Vec::new() };
/// # let since = firstline_sla::Timestamp::from_millis(0).unwrap();
/// let running = Phase::Running { since, schedule };
/// let asked = triggers.ask(Some(&running), Change::new(&paid, &unclear));
/// assert_eq!(asked, [Ask::Pause("address".into())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What holds when
///
/// | there is | it asks for | when |
/// |---|---|---|
/// | no clock | a start | `start` holds, and neither `stop` nor `cancel` does |
/// | a clock that has ended | a start | the same, and `start` has become true just now |
/// | a live clock | its cancellation | `cancel` holds |
/// | a live clock | its fulfilment | `stop` holds |
/// | a live clock | a reset | `reset` has become true just now, and `start` holds |
/// | a live clock | a pause | one of `pause` holds, and it does not stand still for that yet |
/// | a paused clock | to go on | that one of `pause` holds no more, and `resume`, if written, does |
///
/// If several are the case at one instant, they come in that order, and what ends the clock is all
/// that is asked. A change of terms has its place after a reset and before a pause. A pause that
/// holds when a clock starts is a reason with which it starts. Something *has become true just now*
/// if it holds of the change and did not hold of the state before as it then was; so what asks for
/// a change becomes true with each such change, and what asks for a state once, until it has been
/// left.
///
/// From this follows:
///
/// - What starts while `stop` or `cancel` holds has no clock. It gets one when that is over, if it
///   never had one and `start` still holds.
/// - `start` says when a clock starts and not that it goes on: once it runs, `start` may cease to
///   hold. What should then end it is written as `cancel`.
/// - A clock that has ended starts again only after `start` was left and has come back. For a
///   promise that is made again at each reopening, let `start` ask for the status in which it
///   runs.
///
/// # For those who know ServiceNow
///
/// These are the six conditions of its SLA definitions, and as there a reset takes `start` too. What
/// differs:
///
/// - There, `start` is usually watched all the time, and a clock whose `start` ceases to hold is
///   cancelled. Here only `cancel` cancels.
/// - There, a finished clock is followed by another one as soon as `start` holds without `stop` and
///   `cancel`, even if `start` never ceased to hold. Here it takes a new beginning.
/// - There, a reset completes the old clock unless told otherwise, and it counts as kept or broken.
///   Here it is cancelled: a promise about an order that is no more says nothing about anybody.
/// - There, a reset is matched at every update, so it has to be written as a change. Here a state
///   will do: entering it is one reset.
/// - There is one pause condition. Here is one for each reason, so that the account of a clock can
///   tell them apart.
/// - There, a clock is resumed once `resume` holds, whatever `pause` says. Here a pause that holds
///   is a pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triggers {
    start: Condition,
    pause: BTreeMap<Reason, Condition>,
    resume: Option<Condition>,
    stop: Condition,
    cancel: Option<Condition>,
    reset: Option<Condition>,
}

/// What to do with a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// [Cancel](crate::Clock::cancel) it.
    Cancel,
    /// [Fulfil](crate::Clock::fulfil) it.
    Fulfil,
    /// Cancel it and start another one, as its next run.
    Reset {
        /// The reasons for which the new one stands still from the beginning.
        reasons: BTreeSet<Reason>,
    },
    /// [Pause](crate::Clock::pause) it.
    Pause(Reason),
    /// [Resume](crate::Clock::resume) it.
    Resume(Reason),
    /// [Start](crate::start_since) one, as the next run.
    Start {
        /// The reasons for which it stands still from the beginning.
        reasons: BTreeSet<Reason>,
    },
}

impl Triggers {
    /// Makes sense of what somebody wrote.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the conditions, each with its place; and if they are sound in
    /// themselves, whatever is wrong between them: a clock that could never run, never go on or
    /// never be reset.
    pub fn build(spec: &TriggersSpec, fields: &Fields) -> Result<Self, ConditionError> {
        check::build(spec, fields)
    }

    /// What to ask of a clock in that phase, in this order; `None` if there is no clock yet.
    ///
    /// Reasons that are not named here are left alone: a clock may stand still for others as well.
    #[must_use]
    pub fn ask(&self, phase: Option<&Phase>, change: Change<'_>) -> Vec<Ask> {
        let holds =
            |condition: &Option<Condition>| condition.as_ref().is_some_and(|it| it.holds(change));
        let is_cancelled = holds(&self.cancel);
        let is_done = self.stop.holds(change);
        let no_reasons = BTreeSet::new();
        let known = match phase {
            Some(Phase::Running { .. }) => &no_reasons,
            Some(Phase::Paused { reasons }) => reasons,
            None | Some(Phase::Fulfilled { .. } | Phase::Cancelled { .. }) => {
                let starts = match phase {
                    None => self.start.holds(change),
                    Some(_) => has_become_true(&self.start, change),
                };
                return if starts && !is_cancelled && !is_done {
                    vec![Ask::Start { reasons: self.reasons(change) }]
                } else {
                    Vec::new()
                };
            }
        };
        if is_cancelled {
            return vec![Ask::Cancel];
        }
        if is_done {
            return vec![Ask::Fulfil];
        }
        let is_reset = |reset: &Condition| has_become_true(reset, change);
        if self.reset.as_ref().is_some_and(is_reset) && self.start.holds(change) {
            return vec![Ask::Reset { reasons: self.reasons(change) }];
        }
        self.stand_still_or_go_on(known, change)
    }

    fn stand_still_or_go_on(&self, known: &BTreeSet<Reason>, change: Change<'_>) -> Vec<Ask> {
        let may_go_on = self.resume.as_ref().is_none_or(|resume| resume.holds(change));
        let (mut pauses, mut resumes) = (Vec::new(), Vec::new());
        for (reason, condition) in &self.pause {
            match (known.contains(reason), condition.holds(change)) {
                (false, true) => pauses.push(Ask::Pause(reason.clone())),
                (true, false) if may_go_on => resumes.push(Ask::Resume(reason.clone())),
                _ => {}
            }
        }
        pauses.append(&mut resumes);
        pauses
    }

    /// The reasons to stand still that hold.
    fn reasons(&self, change: Change<'_>) -> BTreeSet<Reason> {
        let held = self.pause.iter().filter(|(_, condition)| condition.holds(change));
        held.map(|(reason, _)| reason.clone()).collect()
    }

    /// Whether a clock stands still for this reason while one of these conditions holds.
    #[must_use]
    pub fn pause_for(&self, reason: &Reason) -> bool {
        self.pause.contains_key(reason)
    }

    /// The reasons for which a clock can stand still by these conditions.
    pub fn reasons_to_pause(&self) -> impl Iterator<Item = &Reason> {
        self.pause.keys()
    }

    /// Its conditions with the keys under which they are written, such as `pause.address`: to
    /// [explain](Condition::explain) an answer, or its absence.
    pub fn conditions(&self) -> impl Iterator<Item = (String, &Condition)> {
        let key = |key: &str| key.to_owned();
        let Self { start, pause, resume, stop, cancel, reset } = self;
        let pauses = pause.iter().map(|(reason, it)| (format!("pause.{reason}"), it));
        let rest = [("resume", resume), ("cancel", cancel), ("reset", reset)];
        let rest = rest.into_iter().filter_map(move |(name, it)| Some((key(name), it.as_ref()?)));
        [(key("start"), start), (key("stop"), stop)].into_iter().chain(pauses).chain(rest)
    }
}

/// Whether it holds of the change and did not hold of the state before as it then was.
fn has_become_true(condition: &Condition, change: Change<'_>) -> bool {
    condition.holds(change) && !change.earlier().is_some_and(|earlier| condition.holds(earlier))
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let beginning = |f: &mut fmt::Formatter<'_>, verb: &str, reasons: &BTreeSet<Reason>| {
            f.write_str(verb)?;
            for (index, reason) in reasons.iter().enumerate() {
                write!(f, "{}{reason}", if index == 0 { ", paused by " } else { ", " })?;
            }
            Ok(())
        };
        match self {
            Self::Cancel => f.write_str("cancel"),
            Self::Fulfil => f.write_str("fulfil"),
            Self::Reset { reasons } => beginning(f, "reset", reasons),
            Self::Pause(reason) => write!(f, "pause for {reason}"),
            Self::Resume(reason) => write!(f, "resume from {reason}"),
            Self::Start { reasons } => beginning(f, "start", reasons),
        }
    }
}
