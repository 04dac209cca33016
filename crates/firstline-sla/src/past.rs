//! Working time over a stretch with pauses in it.

use firstline_calendar::{Calendar, Timestamp, WorkTime};

use crate::event::Credit;

/// The working time from `since` until `until` without the pauses, which may overlap and come in
/// any order.
#[must_use]
pub fn recount(
    calendar: &Calendar,
    since: Timestamp,
    pauses: &[Credit],
    until: Timestamp,
) -> WorkTime {
    runs(since, pauses, until)
        .into_iter()
        .fold(WorkTime::ZERO, |sum, (from, to)| sum + calendar.between(from, to))
}

/// The first moment until which so much working time was used up since then while the clock ran
/// on: what is used up just when a pause begins is due when the pause ends.
pub(crate) fn used_up_at(
    calendar: &Calendar,
    since: Timestamp,
    pauses: &[Credit],
    allowance: WorkTime,
) -> Option<Timestamp> {
    let mut left = allowance;
    for (from, to) in runs(since, pauses, Timestamp::MAX) {
        if let Some(due) = calendar.add(from, left).filter(|due| *due < to) {
            return Some(due);
        }
        left = left - calendar.between(from, to);
    }
    None
}

/// The stretches between the pauses, in order.
fn runs(since: Timestamp, pauses: &[Credit], until: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut pauses: Vec<(Timestamp, Timestamp)> =
        pauses.iter().map(|pause| (pause.from, pause.to)).collect();
    pauses.sort_unstable();
    let mut runs = Vec::new();
    let mut from = since;
    for (pause, resume) in pauses {
        if from < pause {
            runs.push((from, pause.min(until)));
        }
        from = from.max(resume);
        if from >= until {
            return runs;
        }
    }
    runs.push((from, until));
    runs
}
