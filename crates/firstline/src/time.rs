//! Where a desk gets the time from, when a command does not bring it.

use std::thread;
use std::time::{Duration, SystemTime as StdSystemTime, UNIX_EPOCH};

use firstline_core::Timestamp;

/// Tells a desk what time it is.
///
/// It may step back: a desk never does, and takes the time of its last record instead.
pub trait TimeSource: Send + Sync {
    /// The moment it is.
    fn now(&self) -> Timestamp;

    /// Lets a short stretch of time go by, of a few milliseconds: a desk asks for that while another
    /// process writes to the same index, and in no other case. The thread sleeps, unless a clock has
    /// something better to do with it.
    fn rest(&self, stretch: Duration) {
        thread::sleep(stretch);
    }
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTime;

impl TimeSource for SystemTime {
    fn now(&self) -> Timestamp {
        let since_1970 = StdSystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(millis).unwrap_or(Timestamp::MAX)
    }
}

/// A clock that stands at one moment: for tests, and for looking at the past.
#[derive(Clone, Copy, Debug)]
pub struct FixedTime(pub Timestamp);

impl TimeSource for FixedTime {
    fn now(&self) -> Timestamp {
        self.0
    }
}
