//! Working time: weekly hours, holidays and exceptions in any time zone, compiled so that every question is a search.

mod calendar;
mod error;
mod spans;
mod spec;
mod timeline;
mod timestamp;
mod work_time;
mod zone;

#[cfg(test)]
mod tests;

pub use calendar::{Calendar, DayTarget, ParseTimeOfDayError, TimeOfDay};
pub use error::CalendarError;
pub use spans::{ClosedReason, Span, SpanState, Spans};
pub use spec::{CalendarSpec, ExceptionSpec, HolidaySpec, Observed, VersionSpec};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use work_time::{ParseWorkTimeError, WorkTime};
