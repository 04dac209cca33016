use core::fmt;
use core::str::FromStr;

use firstline_calendar::WorkTime;

/// A stretch of wall-clock time in milliseconds: it passes at night and on holidays too.
///
/// Not a [`WorkTime`]: a telephone that rings again after five minutes does so whatever the hours
/// of the office, and the two must not be added by accident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(i64);

impl WallTime {
    /// So many milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// So many minutes, at most what fits.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// The number of milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

impl fmt::Display for WallTime {
    /// Hours, minutes and seconds, such as `1h 30m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        WorkTime::from_millis(self.0).fmt(f)
    }
}

/// A text that is not a stretch of wall-clock time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a stretch of time; write it as 1h 30m, 5m or PT5M")]
pub struct ParseWallTimeError {
    /// What was found.
    pub text: String,
}

impl FromStr for WallTime {
    type Err = ParseWallTimeError;

    /// Reads what [`WorkTime`] reads, and `d` as 24 hours, which is what a day is here.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        WorkTime::parse_in_days(text, WorkTime::from_hours(24))
            .map(|time| Self(time.as_millis()))
            .map_err(|_| ParseWallTimeError { text: text.to_owned() })
    }
}
