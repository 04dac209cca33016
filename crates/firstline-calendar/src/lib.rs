//! Working time: weekly hours, holidays and exceptions in any time zone, compiled so that every question is a search.

mod timestamp;
mod work_time;

pub use timestamp::{ParseTimestampError, Timestamp};
pub use work_time::WorkTime;
