//! A day on the calendar, without an hour and a zone: what people write on forms and labels.

use core::fmt;
use core::str::FromStr;

use firstline_sla::NaiveDate;
use serde::{Deserialize, Serialize};

/// A day on the calendar, written `2026-05-09`. It is for people to read: nothing is due by it,
/// since it is another moment in each zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

/// A text that is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no date; write one that exists as `2026-05-09`")]
pub struct ParseDateError {
    /// What was found.
    pub found: String,
}

impl Date {
    /// The day as the calendar has it.
    #[must_use]
    pub const fn to_chrono(self) -> NaiveDate {
        self.0
    }

    pub(crate) const fn from_chrono(date: NaiveDate) -> Self {
        Self(date)
    }

    /// The day after it; itself, at the end of the calendar.
    pub(crate) fn next(self) -> Self {
        Self(self.0.succ_opt().unwrap_or(self.0))
    }
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        let date = text.parse().ok().map(Self);
        // Other forms are read too, and what can be written in two ways is not the same twice.
        date.filter(|date| text.len() == 10 && date.to_string() == text)
            .ok_or_else(|| ParseDateError { found: text.chars().take(40).collect() })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_one_way_and_exists() {
        assert_eq!("2028-02-29".parse::<Date>().unwrap().to_string(), "2028-02-29");
        for none in ["2026-02-29", "2026-5-9", " 2026-05-09", "+12026-05-09", "09.05.2026", ""] {
            assert_eq!(none.parse::<Date>(), Err(ParseDateError { found: none.into() }));
        }
    }
}
