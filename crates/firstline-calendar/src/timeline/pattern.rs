use super::sorted::Sorted;
use super::{START, StateId, WEEK};

/// A week that repeats for ever, cut into stretches of one state.
///
/// Phases are milliseconds since the start of the week, and weeks are counted from the epoch, so
/// they begin on Thursdays at 00:00 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// The phases at which the state changes; the first is 0.
    starts: Sorted,
    /// The state from each change on.
    states: Box<[StateId]>,
    /// Open milliseconds of the week before each change.
    before: Sorted,
    /// Open milliseconds in a whole week.
    total: i64,
}

impl Pattern {
    /// The pattern with these changes of state, which are sorted by phase, begin with phase 0 and
    /// lie within the week.
    pub(super) fn new(changes: &[(u32, StateId)]) -> Self {
        let starts = changes.iter().map(|change| i64::from(change.0));
        let ends = starts.clone().skip(1).chain([WEEK]);
        let mut total = 0;
        let before = starts.clone().zip(ends).zip(changes).map(|((start, end), change)| {
            let before = total;
            total += if change.1 == StateId::OPEN { end - start } else { 0 };
            before
        });
        let before = Sorted::new(before.collect());
        let states = changes.iter().map(|change| change.1).collect();
        Self { starts: Sorted::new(starts.collect()), states, before, total }
    }

    /// Open milliseconds since the epoch; negative before it.
    #[inline]
    pub(crate) fn worked(&self, t: i64) -> i64 {
        let (week, phase) = split(t);
        let mark = self.mark_at(phase);
        let inside = if self.states[mark] == StateId::OPEN { phase - self.starts[mark] } else { 0 };
        week * self.total + self.before[mark] + inside
    }

    /// The earliest moment at which [`worked`](Self::worked) is `sum`. The pattern must open.
    #[inline]
    pub(crate) fn first_at(&self, sum: i64) -> i64 {
        // Within one week sums run from 1 to the total: a sum that is used up when the week's last
        // window closes is reached there and not in the week after.
        let (week, rest) = self.weeks_of(sum - 1);
        let mark = self.before.step_up_to(rest) - 1;
        week * WEEK + self.starts[mark] + rest + 1 - self.before[mark]
    }

    /// The latest moment at which [`worked`](Self::worked) is `sum`. The pattern must open.
    #[inline]
    pub(crate) fn last_at(&self, sum: i64) -> i64 {
        let (week, rest) = self.weeks_of(sum);
        let mark = self.before.step_up_to(rest) - 1;
        week * WEEK + self.starts[mark] + rest - self.before[mark]
    }

    #[inline]
    pub(crate) fn state_at(&self, t: i64) -> StateId {
        self.states[self.mark_at(split(t).1)]
    }

    /// The state that always holds, if there is only one.
    pub(crate) fn constant(&self) -> Option<StateId> {
        match *self.states {
            [state] => Some(state),
            _ => None,
        }
    }

    /// The next change after `t`. Over the turn of the week the state may be the same as before.
    pub(crate) fn next_mark(&self, t: i64) -> i64 {
        let (week, phase) = split(t);
        let next = self.mark_at(phase) + 1;
        week * WEEK + if next < self.states.len() { self.starts[next] } else { WEEK }
    }

    /// The change at or before `t`.
    pub(crate) fn this_mark(&self, t: i64) -> i64 {
        let (week, phase) = split(t);
        week * WEEK + self.starts[self.mark_at(phase)]
    }

    /// The phases at which the state changes, with the state from there on.
    pub(super) fn changes(&self) -> impl Iterator<Item = (u32, StateId)> + '_ {
        self.states.iter().enumerate().map(|(mark, &state)| (self.starts[mark] as u32, state))
    }

    /// How many whole weeks a sum of open milliseconds fills, counted from the epoch, and the rest.
    #[inline]
    fn weeks_of(&self, sum: i64) -> (i64, i64) {
        let weeks = sum.div_euclid(self.total);
        (weeks, sum - weeks * self.total)
    }

    #[inline]
    fn mark_at(&self, phase: i64) -> usize {
        self.starts.count_up_to(phase) - 1
    }
}

/// The week, counted from the epoch, and the phase in it.
#[inline]
fn split(t: i64) -> (i64, i64) {
    // More weeks than lie before the epoch make the sum positive, and unsigned division by a
    // constant is faster.
    const WEEKS: i64 = 2 - START / WEEK;
    let positive = (t + WEEKS * WEEK) as u64;
    ((positive / WEEK as u64) as i64 - WEEKS, (positive % WEEK as u64) as i64)
}
