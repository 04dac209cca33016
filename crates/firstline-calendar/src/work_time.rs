use core::fmt;
use core::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// A stretch of working time in milliseconds.
///
/// Never a wall-clock duration: eight hours of `WorkTime` on an office calendar end a day later,
/// or a week later over Christmas. The two have different types so that they cannot be added by
/// accident. Signed, because [`Calendar::between`](crate::Calendar::between) is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
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

impl fmt::Display for WorkTime {
    /// Hours, minutes and seconds, such as `2h 30m`; the unit of a day would need a calendar.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0m");
        }
        let mut separator = if self.0 < 0 { "-" } else { "" };
        let mut rest = self.0.unsigned_abs();
        for (unit, millis) in [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
            let count = rest / millis;
            rest %= millis;
            if count > 0 {
                write!(f, "{separator}{count}{unit}")?;
                separator = " ";
            }
        }
        Ok(())
    }
}
