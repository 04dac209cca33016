//! How a promise stands, in a word.

use firstline_sla::{Clock, Outcome, Phase};

/// The words for how a clock stands that is not due some time.
pub(crate) const WORDS: [&str; 7] =
    ["none", "met", "missed", "cancelled", "broken", "paused", "running"];

/// How a clock stands: in a word, or by its due time while it runs.
pub(crate) fn verdict(clock: Option<&Clock>) -> String {
    let Some(clock) = clock else {
        return "none".to_owned();
    };
    let word = match (&clock.phase, clock.due()) {
        (Phase::Fulfilled { outcome: Outcome::Met, .. }, _) => "met",
        (Phase::Fulfilled { outcome: Outcome::Missed, .. }, _) => "missed",
        (Phase::Cancelled { .. }, _) => "cancelled",
        _ if clock.is_broken() => "broken",
        (Phase::Paused { .. }, _) => "paused",
        (Phase::Running { .. }, Some(due)) => return due.to_string(),
        (Phase::Running { .. }, None) => "running",
    };
    word.to_owned()
}
