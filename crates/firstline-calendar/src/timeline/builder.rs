use std::collections::BTreeMap;

use super::{END, Pattern, SEARCH_BOUND, START, Segment, Sorted, StateId, Timeline, WEEK};

/// The number of a pattern in its timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PatternId(pub(crate) u32);

/// Takes segments in order of time and makes a [`Timeline`] of them.
///
/// The result is canonical: patterns are kept once each, a segment in which nothing changes gets a
/// constant pattern, and equal neighbours are one segment.
#[derive(Default)]
pub(crate) struct Builder {
    patterns: Vec<Pattern>,
    known: BTreeMap<Box<[(u32, StateId)]>, PatternId>,
    constants: BTreeMap<StateId, PatternId>,
    settled: Vec<(i64, PatternId)>,
    last: Option<(i64, PatternId)>,
}

impl Builder {
    /// The pattern with these changes of state. They may come in any order; those at the same phase
    /// must agree. The state of the latest holds over the turn of the week until the earliest.
    pub(crate) fn pattern(&mut self, mut changes: Vec<(u32, StateId)>) -> PatternId {
        changes.sort_unstable();
        let latest = changes[changes.len() - 1].1;
        if changes[0].0 > 0 {
            changes.insert(0, (0, latest));
        }
        changes.dedup_by_key(|change| change.1);
        if let Some(&id) = self.known.get(&*changes) {
            return id;
        }
        let id = PatternId(self.patterns.len() as u32);
        self.patterns.push(Pattern::new(&changes));
        self.known.insert(changes.into(), id);
        id
    }

    /// The pattern in which one state always holds.
    pub(crate) fn constant(&mut self, state: StateId) -> PatternId {
        if let Some(&id) = self.constants.get(&state) {
            return id;
        }
        let id = self.pattern(vec![(0, state)]);
        self.constants.insert(state, id);
        id
    }

    /// The pattern `id` as it looks to a clock that is `offset` milliseconds behind.
    pub(crate) fn shifted(&mut self, id: PatternId, offset: i64) -> PatternId {
        let pattern = &self.patterns[id.0 as usize];
        if pattern.constant().is_some() {
            return id;
        }
        let shift = |phase: u32| (i64::from(phase) - offset).rem_euclid(WEEK) as u32;
        let changes = pattern.changes().map(|(phase, state)| (shift(phase), state)).collect();
        self.pattern(changes)
    }

    /// What holds at `t` in pattern `id`.
    pub(crate) fn state_at(&self, id: PatternId, t: i64) -> StateId {
        self.patterns[id.0 as usize].state_at(t)
    }

    /// From `start` on, until the next push, this pattern repeats. Starts must not go back; the
    /// later of two pushes with the same start counts.
    pub(crate) fn push(&mut self, start: i64, pattern: PatternId) {
        if let Some((begun, id)) = self.last.take() {
            self.settle(begun, start, id);
        }
        self.last = Some((start, pattern));
    }

    pub(crate) fn finish(mut self) -> Timeline {
        if let Some((begun, id)) = self.last.take() {
            self.settle(begun, END, id);
        }
        let starts = self.settled.iter().map(|&(start, _)| start);
        let ends = starts.clone().skip(1).chain([END]);
        let mut sums = Vec::with_capacity(self.settled.len());
        let mut segments = Vec::with_capacity(self.settled.len());
        let mut total = 0;
        for (&(start, id), end) in self.settled.iter().zip(ends) {
            let pattern = &self.patterns[id.0 as usize];
            let base = total - pattern.worked(start);
            segments.push(Segment { base, pattern: id });
            sums.push(total);
            total = base + pattern.worked(end);
        }
        let mut timeline = Timeline {
            starts: Sorted::new(starts.collect()),
            before: Sorted::new(sums.into()),
            segments: segments.into(),
            patterns: self.patterns.into(),
            total,
            droughts: Box::default(),
        };
        timeline.droughts = find_droughts(&timeline);
        timeline
    }

    fn settle(&mut self, start: i64, end: i64, id: PatternId) {
        let start = start.max(START);
        if end <= start {
            return;
        }
        let id = self.simplest(start, end, id);
        if self.settled.last().is_none_or(|&(_, before)| before != id) {
            self.settled.push((start, id));
        }
    }

    /// A constant pattern, if that is all that shows between `start` and `end`.
    fn simplest(&mut self, start: i64, end: i64, id: PatternId) -> PatternId {
        let pattern = &self.patterns[id.0 as usize];
        if pattern.constant().is_some() || end - start >= WEEK {
            return id;
        }
        let state = pattern.state_at(start);
        let mut mark = pattern.next_mark(start);
        while mark < end && pattern.state_at(mark) == state {
            mark = pattern.next_mark(mark);
        }
        if mark >= end { self.constant(state) } else { id }
    }
}

/// Long stretches without open time can only lie where whole segments are closed.
fn find_droughts(timeline: &Timeline) -> Box<[i64]> {
    let sums = (0..timeline.segments.len()).map(|index| timeline.before[index]);
    let mut closed: Vec<i64> = sums
        .clone()
        .zip(sums.skip(1).chain([timeline.total]))
        .filter(|(before, after)| before == after)
        .map(|(sum, _)| sum)
        .collect();
    closed.dedup();
    closed.retain(|&sum| {
        let first = if sum == 0 { START } else { timeline.first_at(sum) };
        let last = if sum == timeline.total { END } else { timeline.last_at(sum) };
        last - first > SEARCH_BOUND
    });
    closed.into()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use crate::{Calendar, CalendarSpec, ExceptionSpec};

    /// Otherwise the search for the next closing would have to pass every one of them.
    #[test]
    fn what_stays_open_is_one_segment_however_it_is_written() {
        let weekends = NaiveDate::from_ymd_opt(2026, 1, 3).unwrap().iter_weeks().take(500);
        let all_day =
            || ExceptionSpec { hours: vec!["00:00-24:00".to_owned()], ..ExceptionSpec::default() };
        let spec = CalendarSpec {
            time_zone: "UTC".to_owned(),
            weekly: [("mon-fri".to_owned(), vec!["00:00-24:00".to_owned()])].into(),
            exceptions: weekends
                .flat_map(|saturday| [saturday, saturday.succ_opt().unwrap()])
                .map(|date| (date.to_string(), all_day()))
                .collect(),
            ..CalendarSpec::default()
        };
        let calendar = Calendar::build(&spec).unwrap();
        assert_eq!(calendar.inner().timeline.segments().len(), 3, "before, open, after");
        let monday = "2026-01-05T00:00:00Z".parse().unwrap();
        assert_eq!(calendar.next_close(monday), Some("2035-08-04T00:00:00Z".parse().unwrap()));
    }
}
