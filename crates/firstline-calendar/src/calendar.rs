//! The calendar: what it can be asked.

mod combine;
mod compile;
mod days;
mod holidays;
mod local_time;
mod named;
mod reasons;

use core::fmt;
use std::sync::{Arc, OnceLock};

use chrono_tz::Tz;

pub(crate) use compile::read_zone;
pub use days::{DayTarget, ParseTimeOfDayError, TimeOfDay};
pub use local_time::LocalTime;
use reasons::Reasons;

use crate::timeline::{StateId, Timeline};
use crate::zone::Zone;
use crate::{CalendarSpec, ClosedReason, SpanState, Timestamp, WallClock, WorkTime};

/// Working time in one zone, compiled so that every question is a search.
///
/// Cheap to clone and to share between threads: it is a counted reference to tables that never
/// change. Two calendars are equal when their tables are.
#[derive(Clone, PartialEq, Eq)]
pub struct Calendar(Arc<Inner>);

/// The compiled tables.
#[derive(Debug)]
pub(crate) struct Inner {
    zone: Zone,
    pub(crate) timeline: Timeline,
    /// What the numbers of the closed states mean, beginning with number 1.
    reasons: Box<[ClosedReason]>,
    days: OnceLock<Timeline>,
}

impl Calendar {
    /// Open at all times, in UTC.
    #[must_use]
    pub fn always() -> Self {
        let spec = CalendarSpec {
            time_zone: "UTC".to_owned(),
            weekly: [("mon-sun".to_owned(), vec!["00:00-24:00".to_owned()])].into(),
            ..CalendarSpec::default()
        };
        Self::build(&spec).expect("UTC is a zone and the hours are valid")
    }

    /// The earliest moment x with `between(t, x) = d`: when a budget of working time is used up.
    ///
    /// A budget that ends with the closing is used up at the closing, not at the next opening.
    /// `add(t, 0)` is `t`, also outside hours, and a negative `d` goes the other way.
    ///
    /// `None` means never: more than ten years without working time come before, or the calendar
    /// has no more of it up to [`Timestamp::MAX`].
    #[must_use]
    pub fn add(&self, t: Timestamp, d: WorkTime) -> Option<Timestamp> {
        match d.as_millis() {
            0 => Some(t),
            open @ 1.. => self.0.timeline.add(t.as_millis(), open).and_then(Timestamp::from_millis),
            open => {
                let back = open.saturating_neg();
                self.0.timeline.sub(t.as_millis(), back).and_then(Timestamp::from_millis)
            }
        }
    }

    /// The latest moment x with `between(x, t) = d`: when work had to start to be done at `t`.
    ///
    /// `None` as in [`add`](Self::add), looking back.
    #[must_use]
    pub fn sub(&self, t: Timestamp, d: WorkTime) -> Option<Timestamp> {
        self.add(t, -d)
    }

    /// The working time from one moment to another; negative when `to` is before `from`.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> WorkTime {
        let timeline = &self.0.timeline;
        WorkTime::from_millis(timeline.worked(to.as_millis()) - timeline.worked(from.as_millis()))
    }

    /// Whether `t` is working time. Windows are half-open: the closing moment itself is closed.
    #[must_use]
    pub fn is_open(&self, t: Timestamp) -> bool {
        self.0.timeline.state_at(t.as_millis()) == StateId::OPEN
    }

    /// `t` when open, else the next opening, or `None` if that is more than ten years away.
    #[must_use]
    pub fn next_open(&self, t: Timestamp) -> Option<Timestamp> {
        self.0.timeline.next_open(t.as_millis()).and_then(Timestamp::from_millis)
    }

    /// The first moment after `t` at which open turns to closed. When closed at `t` this is the end
    /// of the next open stretch. Touching windows, also over midnight, do not close in between.
    ///
    /// `None` when it never closes again, or does not open within ten years.
    #[must_use]
    pub fn next_close(&self, t: Timestamp) -> Option<Timestamp> {
        let open = self.0.timeline.next_open(t.as_millis())?;
        self.0.timeline.run_end(open).and_then(Timestamp::from_millis)
    }

    /// The last moment up to `t` at which closed turned to open: when open at `t`, the start of this
    /// open stretch.
    ///
    /// `None` when it was always open, or not within ten years.
    #[must_use]
    pub fn previous_open(&self, t: Timestamp) -> Option<Timestamp> {
        let timeline = &self.0.timeline;
        let inside = match timeline.state_at(t.as_millis()) {
            StateId::OPEN => t.as_millis(),
            _ => timeline.previous_end(t.as_millis())? - 1,
        };
        timeline.run_start(inside).and_then(Timestamp::from_millis)
    }

    /// The last moment up to `t` at which open turned to closed: when closed at `t`, the start of
    /// this closed stretch.
    ///
    /// `None` when it never closed before, or was not open within ten years.
    #[must_use]
    pub fn previous_close(&self, t: Timestamp) -> Option<Timestamp> {
        let timeline = &self.0.timeline;
        let inside = match timeline.state_at(t.as_millis()) {
            StateId::OPEN => timeline.run_start(t.as_millis())?,
            _ => t.as_millis(),
        };
        timeline.previous_end(inside).and_then(Timestamp::from_millis)
    }

    /// The zone whose wall clock the calendar reads.
    #[must_use]
    pub fn time_zone(&self) -> Tz {
        self.0.zone.tz()
    }

    /// The wall clock that the calendar reads.
    #[must_use]
    pub fn wall_clock(&self) -> WallClock {
        WallClock::new(self.0.zone)
    }

    fn of(zone: Zone, timeline: Timeline, reasons: Reasons) -> Self {
        let (reasons, days) = (reasons.into_list(), OnceLock::new());
        Self(Arc::new(Inner { zone, timeline, reasons, days }))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    /// What a number of the timeline means.
    pub(crate) fn state(&self, id: StateId) -> SpanState {
        match id.0.checked_sub(1) {
            None => SpanState::Open,
            Some(index) => SpanState::Closed(self.reasons[index as usize].clone()),
        }
    }
}

impl PartialEq for Inner {
    fn eq(&self, other: &Self) -> bool {
        self.zone.tz() == other.zone.tz()
            && self.timeline == other.timeline
            && self.reasons == other.reasons
    }
}

impl Eq for Inner {}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calendar")
            .field("time_zone", &self.0.zone.tz().name())
            .field("segments", &self.0.timeline.segments().len())
            .finish_non_exhaustive()
    }
}
