use core::fmt;
use std::sync::Arc;

use crate::{Calendar, Timestamp};

/// A stretch of time with one state, from the first moment in it to the first one after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first moment of the stretch.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
    /// What holds in it.
    pub state: SpanState,
}

/// Open, or closed and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpanState {
    /// Working time.
    Open,
    /// No working time.
    Closed(ClosedReason),
}

/// Why a calendar is closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ClosedReason {
    /// The night or a pause in a day that has hours.
    OutsideHours,
    /// A day of the week on which no window starts, such as a Sunday.
    DayOff,
    /// A holiday, with its name if it has one.
    Holiday(Option<Arc<str>>),
    /// Outside the hours of a date that has its own, with its name if it has one.
    Exception(Option<Arc<str>>),
    /// Open in the first calendar of a difference, but also in one that is taken away.
    Excluded,
}

impl fmt::Display for SpanState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Closed(reason) => write!(f, "closed: {reason}"),
        }
    }
}

impl fmt::Display for ClosedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideHours => f.write_str("outside hours"),
            Self::DayOff => f.write_str("day off"),
            Self::Holiday(None) => f.write_str("holiday"),
            Self::Excluded => f.write_str("excluded"),
            Self::Exception(None) => f.write_str("special hours"),
            Self::Holiday(Some(name)) | Self::Exception(Some(name)) => f.write_str(name),
        }
    }
}

/// The open and closed spans of a stretch of time, without gaps; see [`Calendar::spans`].
///
/// Runs from both ends, so `.rev()` goes backward in time. Each step costs a search, whatever the
/// length of the span.
#[derive(Clone, Debug)]
pub struct Spans<'a> {
    calendar: &'a Calendar,
    from: i64,
    to: i64,
}

impl Spans<'_> {
    /// The span between two moments, of which the first lies in it.
    fn span(&self, from: i64, to: i64) -> Span {
        let moment = |t| Timestamp::from_millis(t).expect("spans lie between two moments");
        Span { from: moment(from), to: moment(to), state: self.calendar.state_at(moment(from)) }
    }
}

impl Iterator for Spans<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.from >= self.to {
            return None;
        }
        let from = self.from;
        let end = self.calendar.inner().timeline.run_end(from).unwrap_or(self.to);
        self.from = end.min(self.to);
        Some(self.span(from, self.from))
    }
}

impl DoubleEndedIterator for Spans<'_> {
    fn next_back(&mut self) -> Option<Span> {
        if self.from >= self.to {
            return None;
        }
        let to = self.to;
        let start = self.calendar.inner().timeline.run_start(to - 1).unwrap_or(self.from);
        self.to = start.max(self.from);
        Some(self.span(self.to, to))
    }
}

impl core::iter::FusedIterator for Spans<'_> {}

impl Calendar {
    /// Whether `t` is working time, and if not, why.
    #[must_use]
    pub fn state_at(&self, t: Timestamp) -> SpanState {
        self.inner().state(self.inner().timeline.state_at(t.as_millis()))
    }

    /// The open and closed spans from one moment to another, in order of time.
    ///
    /// They cover `[from, to)` without gaps, and neighbours differ in state or reason. There are
    /// none when `to` is not after `from`. `.rev()` gives them in the opposite order.
    pub fn spans(&self, from: Timestamp, to: Timestamp) -> Spans<'_> {
        Spans { calendar: self, from: from.as_millis(), to: to.as_millis() }
    }
}
