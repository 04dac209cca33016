use core::fmt;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// A moment in UTC, exact to the millisecond.
///
/// Not `DateTime<Utc>`, which holds nanoseconds and leap seconds: a deadline must still equal
/// itself after a journal has stored it in milliseconds. Finer digits are dropped once, on the way
/// in, towards the past.
///
/// Every moment that chrono can represent is a `Timestamp` and the other way round, so conversions
/// in both directions never fail. Serde writes the number of milliseconds since 1970, and reads that or
/// RFC 3339.
///
/// ```
/// use firstline_calendar::Timestamp;
///
/// let t: Timestamp = "2026-03-02T09:30:00Z".parse()?;
/// assert_eq!(t.as_millis(), 1_772_443_800_000);
/// assert_eq!(t.to_string(), "2026-03-02T09:30:00Z");
/// # Ok::<(), firstline_calendar::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first moment that chrono can represent, in the year -262143.
    pub const MIN: Self = Self(DateTime::<Utc>::MIN_UTC.timestamp_millis());
    /// The last moment that chrono can represent, in the year 262142.
    pub const MAX: Self = Self(DateTime::<Utc>::MAX_UTC.timestamp_millis());

    /// The moment so many milliseconds after 1970-01-01T00:00:00Z, or `None` outside
    /// [`MIN`](Self::MIN)..=[`MAX`](Self::MAX).
    #[must_use]
    pub const fn from_millis(millis: i64) -> Option<Self> {
        if millis < Self::MIN.0 || millis > Self::MAX.0 { None } else { Some(Self(millis)) }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment as chrono's type.
    #[must_use]
    pub fn to_chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).expect("the range of a Timestamp is chrono's")
    }

    /// The moment `millis` of elapsed time later (earlier when negative), or `None` out of range.
    #[must_use]
    pub const fn checked_add_millis(self, millis: i64) -> Option<Self> {
        match self.0.checked_add(millis) {
            Some(sum) => Self::from_millis(sum),
            None => None,
        }
    }

    /// Elapsed milliseconds from `earlier` to this moment; negative when it is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_millis())
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(moment: Timestamp) -> Self {
        moment.to_chrono()
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with milliseconds only where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.0 % 1_000 == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        f.write_str(&self.to_chrono().to_rfc3339_opts(digits, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not an RFC 3339 moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a moment in RFC 3339 form, such as 2026-03-02T09:30:00Z")]
pub struct ParseTimestampError {
    /// What was found.
    pub text: String,
}

impl core::str::FromStr for Timestamp {
    type Err = ParseTimestampError;

    /// Reads RFC 3339 with any offset, and years beyond its four digits with their sign, as they
    /// are printed.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let far = || text.starts_with(['+', '-']).then(|| text.parse::<DateTime<FixedOffset>>());
        let moment = DateTime::parse_from_rfc3339(text).ok().or_else(|| far()?.ok());
        moment
            .map(|moment| Self::from(moment.to_utc()))
            .ok_or_else(|| ParseTimestampError { text: text.to_owned() })
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    /// Reads milliseconds, as they are written, and RFC 3339 where people write.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Written)
        } else {
            deserializer.deserialize_i64(Written)
        }
    }
}

/// A moment as it is written down.
struct Written;

impl serde::de::Visitor<'_> for Written {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("milliseconds since 1970, or RFC 3339 such as \"2026-03-02T09:30:00Z\"")
    }

    fn visit_i64<E: serde::de::Error>(self, millis: i64) -> Result<Timestamp, E> {
        Timestamp::from_millis(millis)
            .ok_or_else(|| E::custom(format_args!("{millis} ms is outside the range of a moment")))
    }

    fn visit_u64<E: serde::de::Error>(self, millis: u64) -> Result<Timestamp, E> {
        self.visit_i64(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_reads_back_as_it_is_printed() {
        for millis in [i64::MIN, -62_135_596_800_001, -1, 0, 253_402_300_800_000, i64::MAX] {
            let millis = millis.clamp(Timestamp::MIN.0, Timestamp::MAX.0);
            let moment = Timestamp::from_millis(millis).unwrap();
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        assert!("+2026-03-02".parse::<Timestamp>().is_err());
    }

    #[test]
    fn a_moment_is_read_as_milliseconds_and_as_people_write_it() {
        let read =
            |json: &str| serde_json::from_str::<Timestamp>(json).map_err(|it| it.to_string());
        assert_eq!(read("1772443800000"), read("\"2026-03-02T10:30:00+01:00\""));
        assert_eq!(read("-1"), Ok(Timestamp::from_millis(-1).unwrap()));
        for wrong in ["\"tomorrow\"", "18446744073709551615", "true"] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains("moment") || error.contains("RFC 3339"), "{error}");
        }
    }
}
