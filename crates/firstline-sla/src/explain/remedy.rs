//! What would have kept a promise that was missed.

use std::collections::BTreeSet;

use firstline_calendar::{Timestamp, WorkTime};

use super::replay::Replay;
use super::{EntryKind, Ledger};
use crate::event::ClockEvent;
use crate::terms::{Pin, Reason};

/// A change to what happened that would have kept a missed promise: the smallest of its kind.
///
/// One millisecond less of it would not have been enough. All else stays as it was, except what the
/// change itself makes meaningless, such as the end of a pause that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// It is done earlier.
    DoneEarlier {
        /// The last moment at which it would have been in time. What is done at the moment of a change
        /// of terms is done after it, so this is a millisecond before the change that broke it.
        at: Timestamp,
        /// How much earlier, in working time; none if nobody works in between.
        by: WorkTime,
    },
    /// The clock stands still from then on until it is done.
    PausedFrom {
        /// Why.
        reason: Reason,
        /// The last moment at which that would have been enough.
        at: Timestamp,
    },
    /// A pause begins earlier.
    PauseBegunEarlier {
        /// Why the clock stood still.
        reason: Reason,
        /// When it began.
        began_at: Timestamp,
        /// The last beginning that would have been enough.
        at: Timestamp,
        /// How much working time lies in between.
        by: WorkTime,
    },
    /// A pause ends later.
    PauseEndedLater {
        /// Why the clock stood still.
        reason: Reason,
        /// When it ended.
        ended_at: Timestamp,
        /// The first end that would have been enough.
        at: Timestamp,
        /// How much working time lies in between.
        by: WorkTime,
    },
    /// More working time is allowed.
    LongerAllowance {
        /// What was allowed by the terms that were broken.
        allowance: WorkTime,
        /// How much more. Where it was done in closed time this is a millisecond more than what was
        /// spent too much: to be due when it closes would still be too early.
        by: WorkTime,
    },
    /// The due time is fixed at a later moment.
    LaterDate {
        /// Where it was.
        due: Timestamp,
        /// The first moment that would have been enough: the one at which it was done.
        at: Timestamp,
    },
    /// The terms, or a fixed due time, are not changed.
    ChangeNotMade {
        /// When they were.
        at: Timestamp,
    },
}

/// How many pauses are tried before the search for one that helps is given up. They are tried in
/// the order of how little of them would do, so the first one usually helps.
const MAX_PAUSES_TRIED: usize = 4;

impl Ledger {
    /// The smallest changes that would have kept the promise, if it was [missed](Self::is_missed);
    /// otherwise none. For a clock that is live: what would have kept it in time so far.
    ///
    /// `reasons` are those for which its terms let it stand still. Of the pauses that there were,
    /// the one is told that had to begin the least earlier, and the one that had to end the least
    /// later.
    ///
    /// Each was found by playing what happened once more, changed, through the rules themselves.
    /// What happened before a clock was last taken over from elsewhere is left as it was.
    #[must_use]
    pub fn remedies(&self, reasons: &[Reason]) -> Vec<Remedy> {
        self.remedies_under(reasons, &|_, _| true)
    }

    /// The [remedies](Self::remedies) of a clock whose terms did not all stand still for the same
    /// reasons: whether those that stand there do for this one. Where they do not, the reason stops
    /// nothing until others come that do.
    #[must_use]
    pub fn remedies_under(
        &self,
        reasons: &[Reason],
        stand_still: &dyn Fn(&Pin, &Reason) -> bool,
    ) -> Vec<Remedy> {
        let replay = self.is_missed().then(|| Replay::new(self, stand_still)).flatten();
        let Some(replay) = replay else {
            return Vec::new();
        };
        let search = Search { ledger: self, tally: Tally::new(self), over: self.over(), replay };
        let mut remedies = Vec::new();
        remedies.extend(search.done_earlier());
        remedies.extend(reasons.iter().filter_map(|reason| search.paused_from(reason)));
        remedies.extend(search.pause_begun_earlier());
        remedies.extend(search.pause_ended_later());
        remedies.extend(search.more_time());
        remedies.extend(search.changes_not_made());
        remedies
    }

    /// Working time used up beyond what is allowed.
    pub(super) fn over(&self) -> WorkTime {
        let over = match self.clock.fixed.as_ref().and_then(|fixed| fixed.schedule.due) {
            Some(due) => self.calendar().between(due, self.until),
            None => self.counted + self.counted_elsewhere - self.clock.allowance,
        };
        over.max(WorkTime::ZERO)
    }
}

struct Search<'l> {
    ledger: &'l Ledger,
    tally: Tally,
    over: WorkTime,
    replay: Replay<'l>,
}

impl Search<'_> {
    fn done_earlier(&self) -> Option<Remedy> {
        let until = self.ledger.until;
        let back = |ms: i64| until.checked_add_millis(-ms);
        let earliest = match self.replay.is_taken_up() {
            true => self.replay.taken_up_at(),
            false => self.ledger.clock.started_at,
        };
        let keeps = |ms: i64| {
            let done = back(ms).map(|at| Remedy::DoneEarlier { at, by: WorkTime::ZERO });
            done.is_some_and(|done| self.replay.keeps(&done))
        };
        let guess = self.ledger.due.map_or(1, |due| until.millis_since(due));
        let ms = smallest(until.millis_since(earliest), guess, keeps)?;
        let at = back(ms)?;
        Some(Remedy::DoneEarlier { at, by: self.tally.between(at, until) })
    }

    fn paused_from(&self, reason: &Reason) -> Option<Remedy> {
        let until = self.ledger.until;
        let paused = |ms: i64| {
            let at = until.checked_add_millis(-ms)?;
            Some(Remedy::PausedFrom { reason: reason.clone(), at })
        };
        let guess = self.ledger.due.map_or(1, |due| until.millis_since(due));
        let most = until.millis_since(self.replay.taken_up_at());
        let ms = smallest(most, guess, |ms| paused(ms).is_some_and(|it| self.replay.keeps(&it)))?;
        paused(ms)
    }

    fn pause_begun_earlier(&self) -> Option<Remedy> {
        let mut pauses: Vec<(i64, usize)> = Vec::new();
        for &index in self.replay.pauses_begun() {
            let at = self.replay.mark(index).at;
            let begin = self.tally.latest(self.tally.until(at) - self.over);
            pauses.extend(begin.map(|begin| (at.millis_since(begin), index)));
        }
        self.first_that_helps(pauses, |index, ms| {
            let (began_at, reason) = self.replay.pause(index)?;
            let at = began_at.checked_add_millis(-ms)?;
            let by = self.tally.between(at, began_at);
            Some(Remedy::PauseBegunEarlier { reason: reason.clone(), began_at, at, by })
        })
    }

    fn pause_ended_later(&self) -> Option<Remedy> {
        let mut pauses: Vec<(i64, usize)> = Vec::new();
        for &index in self.replay.pauses_ended() {
            let at = self.replay.mark(index).at;
            let end = self.tally.earliest(self.tally.until(at) + self.over);
            pauses.extend(end.map(|end| (end.millis_since(at), index)));
        }
        self.first_that_helps(pauses, |index, ms| {
            let (ended_at, reason) = self.replay.pause(index)?;
            let at = ended_at.checked_add_millis(ms)?;
            let by = self.tally.between(ended_at, at);
            Some(Remedy::PauseEndedLater { reason: reason.clone(), ended_at, at, by })
        })
    }

    /// Of pauses, each with a guess by how many milliseconds it has to change, the first one for
    /// which there is such a change.
    fn first_that_helps(
        &self,
        mut pauses: Vec<(i64, usize)>,
        changed: impl Fn(usize, i64) -> Option<Remedy>,
    ) -> Option<Remedy> {
        pauses.sort_unstable();
        pauses.into_iter().take(MAX_PAUSES_TRIED).find_map(|(guess, index)| {
            let keeps = |ms| changed(index, ms).is_some_and(|it| self.replay.keeps(&it));
            let ms = smallest(self.replay.room_of_pause(index), guess, keeps)?;
            changed(index, ms)
        })
    }

    fn more_time(&self) -> Option<Remedy> {
        let until = self.ledger.until;
        if let Some(due) = self.ledger.clock.fixed.as_ref().and_then(|it| it.schedule.due) {
            let later = Remedy::LaterDate { due, at: until };
            return self.replay.keeps(&later).then_some(later);
        }
        let allowance = self.ledger.clock.allowance;
        let longer = |ms| Remedy::LongerAllowance { allowance, by: WorkTime::from_millis(ms) };
        let over = self.over.as_millis();
        let ms = smallest(over.saturating_add(2), over, |ms| self.replay.keeps(&longer(ms)))?;
        Some(longer(ms))
    }

    /// The change that broke it, and the last one.
    fn changes_not_made(&self) -> Vec<Remedy> {
        let broken = self.ledger.clock.breach.map(|breach| breach.at);
        let changes: BTreeSet<Timestamp> = self
            .replay
            .last_change()
            .into_iter()
            .chain(broken.filter(|at| self.replay.has_change_at(*at)))
            .collect();
        let remedies = changes.into_iter().map(|at| Remedy::ChangeNotMade { at });
        remedies.filter(|remedy| self.replay.keeps(remedy)).collect()
    }
}

/// The smallest of 1 to `most` with which it `keeps`, where more always does what less does.
/// Found in a few steps if it lies near the guess.
fn smallest(most: i64, guess: i64, keeps: impl Fn(i64) -> bool) -> Option<i64> {
    if most < 1 {
        return None;
    }
    let guess = guess.clamp(1, most);
    let (mut low, mut high, mut stride) = (guess, guess, 1_i64);
    if keeps(guess) {
        while low > 0 {
            low = (high - stride).max(0);
            if low == 0 || !keeps(low) {
                break;
            }
            (high, stride) = (low, stride.saturating_mul(2));
        }
    } else {
        loop {
            if high == most {
                return None;
            }
            low = high;
            high = low.saturating_add(stride).min(most);
            if keeps(high) {
                break;
            }
            stride = stride.saturating_mul(2);
        }
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if keeps(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// How much was counted up to any moment.
struct Tally(Vec<(Timestamp, Timestamp, i64)>);

impl Tally {
    /// Of each counted entry: where it lies and how much was counted before it.
    fn new(ledger: &Ledger) -> Self {
        let counted = ledger.entries.iter().filter(|entry| entry.kind == EntryKind::Counted);
        let mut sum = 0;
        let rows = counted.map(|entry| {
            let before = sum;
            sum += entry.length_ms();
            (entry.from, entry.to, before)
        });
        Self(rows.collect())
    }

    fn until(&self, t: Timestamp) -> WorkTime {
        let after = self.0.partition_point(|(from, ..)| *from <= t);
        WorkTime::from_millis(after.checked_sub(1).map_or(0, |index| {
            let (from, to, before) = self.0[index];
            before + t.min(to).millis_since(from)
        }))
    }

    fn between(&self, from: Timestamp, to: Timestamp) -> WorkTime {
        self.until(to) - self.until(from)
    }

    /// The last moment until which no more than that was counted.
    fn latest(&self, count: WorkTime) -> Option<Timestamp> {
        let count = count.as_millis();
        let after = self.0.partition_point(|(.., before)| *before <= count);
        let (from, _, before) = *self.0.get(after.checked_sub(1)?)?;
        from.checked_add_millis(count - before)
    }

    /// The first moment until which that much was counted.
    fn earliest(&self, count: WorkTime) -> Option<Timestamp> {
        let count = count.as_millis();
        let after = self.0.partition_point(|(.., before)| *before < count);
        let (from, to, before) = *self.0.get(after.checked_sub(1)?)?;
        from.checked_add_millis(count - before).filter(|at| *at <= to)
    }
}

/// Whether it changes the terms. A due time that the terms fix comes with them.
pub(super) fn is_change(event: &ClockEvent) -> bool {
    use ClockEvent::{Corrected, DueFixed, DueReleased, Retargeted};
    matches!(
        event,
        Retargeted { .. } | Corrected { .. } | DueFixed { by_hand: true, .. } | DueReleased { .. }
    )
}
