use super::{StateId, WEEK};

/// A week that repeats for ever, cut into stretches of one state.
///
/// Phases are milliseconds since the start of the week, and weeks are counted from the epoch, so
/// they begin on Thursdays at 00:00 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    marks: Box<[Mark]>,
    /// Open milliseconds in a whole week.
    total: i64,
}

/// From this phase on, until the next mark, one state holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    start: u32,
    state: StateId,
    /// Open milliseconds of the week before `start`.
    before: u32,
}

impl Pattern {
    /// The pattern with these changes of state, which are sorted by phase, begin with phase 0 and
    /// lie within the week.
    pub(super) fn new(changes: &[(u32, StateId)]) -> Self {
        let mut open = 0;
        let ends = changes.iter().skip(1).map(|change| change.0).chain([WEEK as u32]);
        let marks = changes
            .iter()
            .zip(ends)
            .map(|(&(start, state), end)| {
                let mark = Mark { start, state, before: open };
                if state == StateId::OPEN {
                    open += end - start;
                }
                mark
            })
            .collect();
        Self { marks, total: i64::from(open) }
    }

    /// Open milliseconds since the epoch; negative before it.
    #[inline]
    pub(crate) fn worked(&self, t: i64) -> i64 {
        let phase = phase(t);
        let mark = self.mark_at(phase);
        let inside = if mark.state == StateId::OPEN { phase - mark.start } else { 0 };
        t.div_euclid(WEEK) * self.total + i64::from(mark.before + inside)
    }

    /// The earliest moment at which [`worked`](Self::worked) is `sum`. The pattern must open.
    #[inline]
    pub(crate) fn first_at(&self, sum: i64) -> i64 {
        // Within one week sums run from 1 to the total: a sum that is used up when the week's last
        // window closes is reached there and not in the week after.
        let week = (sum - 1).div_euclid(self.total);
        let rest = (sum - week * self.total) as u32;
        let after = self.marks.partition_point(|mark| mark.before < rest);
        let mark = &self.marks[after - 1];
        week * WEEK + i64::from(mark.start + (rest - mark.before))
    }

    /// The latest moment at which [`worked`](Self::worked) is `sum`. The pattern must open.
    #[inline]
    pub(crate) fn last_at(&self, sum: i64) -> i64 {
        let week = sum.div_euclid(self.total);
        let rest = (sum - week * self.total) as u32;
        let after = self.marks.partition_point(|mark| mark.before <= rest);
        let mark = &self.marks[after - 1];
        week * WEEK + i64::from(mark.start + (rest - mark.before))
    }

    #[inline]
    pub(crate) fn state_at(&self, t: i64) -> StateId {
        self.mark_at(phase(t)).state
    }

    /// The state that always holds, if there is only one.
    pub(crate) fn constant(&self) -> Option<StateId> {
        match &*self.marks {
            [mark] => Some(mark.state),
            _ => None,
        }
    }

    /// The next mark after `t`. Over the turn of the week the state may be the same as before.
    pub(crate) fn next_mark(&self, t: i64) -> i64 {
        let week = t - i64::from(phase(t));
        let after = self.marks.partition_point(|mark| mark.start <= phase(t));
        week + self.marks.get(after).map_or(WEEK, |mark| i64::from(mark.start))
    }

    /// The mark at or before `t`.
    pub(crate) fn this_mark(&self, t: i64) -> i64 {
        t - i64::from(phase(t) - self.mark_at(phase(t)).start)
    }

    /// The phases at which the state changes, with the state from there on.
    pub(super) fn changes(&self) -> impl Iterator<Item = (u32, StateId)> + '_ {
        self.marks.iter().map(|mark| (mark.start, mark.state))
    }

    #[inline]
    fn mark_at(&self, phase: u32) -> &Mark {
        &self.marks[self.marks.partition_point(|mark| mark.start <= phase) - 1]
    }
}

#[inline]
fn phase(t: i64) -> u32 {
    t.rem_euclid(WEEK) as u32
}
