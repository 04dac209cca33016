//! The compiled form: all of time as a short sorted list of segments, each a repeated week.
//!
//! Between two changes of offset or special dates a week of working hours repeats exactly. So the
//! open time up to a moment is one binary search over the segments plus arithmetic within a week,
//! and a moment is found from its open time in the same way. Neither depends on how far apart the
//! moments are.

mod builder;
mod merge;
mod pattern;
mod sorted;

pub(crate) use builder::{Builder, PatternId};
pub(crate) use merge::merge;
use pattern::Pattern;
use sorted::Sorted;

use crate::Timestamp;

/// A week in milliseconds.
pub(crate) const WEEK: i64 = 604_800_000;
/// A day of 24 hours in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;
/// Where every timeline begins: the first moment there is.
pub(crate) const START: i64 = Timestamp::MIN.as_millis();
/// Where every timeline ends: after the last moment.
pub(crate) const END: i64 = Timestamp::MAX.as_millis() + 1;

/// A search gives up when it meets more than ten years without working time: 3653 days, which is
/// the most that ten years in a row can have.
const SEARCH_BOUND: i64 = 3_653 * DAY;

/// What holds at a moment: open, or closed for one of the reasons that the calendar keeps a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateId(pub(crate) u32);

impl StateId {
    pub(crate) const OPEN: Self = Self(0);
}

/// A stretch of time in which one week repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Segment {
    /// What to add to the pattern's own count to get open milliseconds since the start of the
    /// timeline.
    base: i64,
    pattern: PatternId,
}

/// Open and closed time from [`START`] to [`END`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// Where each segment starts.
    starts: Sorted,
    /// Open milliseconds from the start of the timeline to the start of each segment.
    before: Sorted,
    segments: Box<[Segment]>,
    patterns: Box<[Pattern]>,
    /// All open time there is.
    total: i64,
    /// The sums of open time at which more than ten years pass without any.
    droughts: Box<[i64]>,
}

impl Timeline {
    /// Whether there is any open time.
    pub(crate) fn ever_opens(&self) -> bool {
        self.total > 0
    }

    /// Open milliseconds from the start of the timeline to `t`.
    #[inline]
    pub(crate) fn worked(&self, t: i64) -> i64 {
        let segment = self.segment_at(t);
        segment.base + self.pattern_of(segment).worked(t)
    }

    /// The earliest moment after `t` with `open` (> 0) milliseconds of open time between.
    #[inline]
    pub(crate) fn add(&self, t: i64, open: i64) -> Option<i64> {
        let now = self.worked(t);
        let target = now.checked_add(open).filter(|&target| target <= self.total)?;
        if !self.droughts.is_empty() {
            let drought = self.droughts.partition_point(|&sum| sum <= now);
            let dry = self.droughts.get(drought).is_some_and(|&sum| sum < target);
            if dry || self.last_at(now) - t > SEARCH_BOUND {
                return None;
            }
        }
        Some(self.first_at(target))
    }

    /// The latest moment before `t` with `open` (> 0) milliseconds of open time between.
    #[inline]
    pub(crate) fn sub(&self, t: i64, open: i64) -> Option<i64> {
        let now = self.worked(t);
        let target = now.checked_sub(open).filter(|&target| target >= 0)?;
        if !self.droughts.is_empty() {
            let drought = self.droughts.partition_point(|&sum| sum < now);
            let dry = drought > 0 && self.droughts[drought - 1] > target;
            if dry || t - self.first_at(now) > SEARCH_BOUND {
                return None;
            }
        }
        Some(self.last_at(target))
    }

    #[inline]
    pub(crate) fn state_at(&self, t: i64) -> StateId {
        self.pattern_of(self.segment_at(t)).state_at(t)
    }

    /// `t` when open, else the next opening, unless that is too far away.
    pub(crate) fn next_open(&self, t: i64) -> Option<i64> {
        if self.state_at(t) == StateId::OPEN {
            return Some(t);
        }
        let now = self.worked(t);
        let opening = (now < self.total).then(|| self.last_at(now))?;
        (opening - t <= SEARCH_BOUND).then_some(opening)
    }

    /// The last moment up to `t` at which open time ended, unless that is too far away. `t` itself
    /// when the time just before it is open.
    pub(crate) fn previous_end(&self, t: i64) -> Option<i64> {
        let now = self.worked(t);
        let closing = (now > 0).then(|| self.first_at(now))?;
        (t - closing <= SEARCH_BOUND).then_some(closing)
    }

    /// Where the state that holds at `t` ends, or `None` when it holds to the end of time.
    ///
    /// The builder has turned every segment without a change into a constant and has merged equal
    /// neighbours, so a stretch of one state touches four segments at most.
    pub(crate) fn run_end(&self, t: i64) -> Option<i64> {
        let state = self.state_at(t);
        let mut index = self.index_at(t);
        let mut at = t;
        loop {
            let pattern = self.pattern_of(&self.segments[index]);
            let end = self.end_of(index);
            at = if pattern.constant().is_some() { end } else { pattern.next_mark(at).min(end) };
            if at >= END {
                return None;
            }
            if at == end {
                index += 1;
            }
            if self.pattern_of(&self.segments[index]).state_at(at) != state {
                return Some(at);
            }
        }
    }

    /// Where the state that holds at `t` began, or `None` when it holds from the start of time.
    pub(crate) fn run_start(&self, t: i64) -> Option<i64> {
        let state = self.state_at(t);
        let mut index = self.index_at(t);
        let mut at = t;
        loop {
            let start = self.starts[index];
            let pattern = self.pattern_of(&self.segments[index]);
            at =
                if pattern.constant().is_some() { start } else { pattern.this_mark(at).max(start) };
            if at <= START {
                return None;
            }
            if at == start {
                index -= 1;
            }
            if self.pattern_of(&self.segments[index]).state_at(at - 1) != state {
                return Some(at);
            }
            at -= 1;
        }
    }

    /// The starts of the segments, with the changes of state in the week that repeats from there on.
    pub(crate) fn segments(
        &self,
    ) -> impl ExactSizeIterator<Item = (i64, impl Iterator<Item = (u32, StateId)> + '_)> + '_ {
        let changes = |segment| self.pattern_of(segment).changes();
        self.segments
            .iter()
            .enumerate()
            .map(move |(index, segment)| (self.starts[index], changes(segment)))
    }

    /// The earliest moment with `sum` (in 1..=total) open milliseconds before it.
    #[inline]
    fn first_at(&self, sum: i64) -> i64 {
        let after = self.before.step_up_to(sum - 1);
        let segment = &self.segments[after - 1];
        self.pattern_of(segment).first_at(sum - segment.base)
    }

    /// The latest moment with `sum` (in 0..total) open milliseconds before it.
    #[inline]
    fn last_at(&self, sum: i64) -> i64 {
        let after = self.before.step_up_to(sum);
        let segment = &self.segments[after - 1];
        self.pattern_of(segment).last_at(sum - segment.base)
    }

    fn end_of(&self, index: usize) -> i64 {
        if index + 1 < self.segments.len() { self.starts[index + 1] } else { END }
    }

    #[inline]
    fn index_at(&self, t: i64) -> usize {
        self.starts.count_up_to(t) - 1
    }

    #[inline]
    fn segment_at(&self, t: i64) -> &Segment {
        &self.segments[self.index_at(t)]
    }

    #[inline]
    fn pattern_of(&self, segment: &Segment) -> &Pattern {
        &self.patterns[segment.pattern.0 as usize]
    }
}
