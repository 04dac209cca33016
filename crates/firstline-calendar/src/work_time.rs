mod text;

use core::ops::{Add, Neg, Sub};

use serde::Serialize;

pub use text::ParseWorkTimeError;

/// A stretch of working time in milliseconds.
///
/// Never a wall-clock duration: eight hours of `WorkTime` on an office calendar end a day later,
/// or a week later over Christmas. The two have different types so that they cannot be added by
/// accident. Signed, because [`Calendar::between`](crate::Calendar::between) is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct WorkTime(i64);

impl WorkTime {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many milliseconds of working time.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// So many seconds of working time, at most what fits.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// So many minutes of working time, at most what fits.
    #[must_use]
    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// So many hours of working time, at most what fits.
    #[must_use]
    pub const fn from_hours(hours: i64) -> Self {
        Self(hours.saturating_mul(3_600_000))
    }

    /// The number of milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// So many hundredths of this time, rounded towards zero.
    #[must_use]
    pub const fn percent(self, percent: u32) -> Self {
        // In 128 bits no product can overflow; only an absurd percentage is cut to what fits.
        let share = self.0 as i128 * percent as i128 / 100;
        if share > i64::MAX as i128 {
            Self(i64::MAX)
        } else if share < i64::MIN as i128 {
            Self(i64::MIN)
        } else {
            Self(share as i64)
        }
    }
}

impl Add for WorkTime {
    type Output = Self;

    /// The sum, at most what fits.
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for WorkTime {
    type Output = Self;

    /// The difference, at most what fits.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for WorkTime {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}
