//! Working time as text: `2h 30m` for people, `PT2H30M` (ISO 8601) for machines.

use core::fmt;
use core::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::WorkTime;

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
const SECOND: i64 = 1_000;

/// A text that is not a stretch of working time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseWorkTimeError {
    /// Neither of the two forms.
    #[error("`{text}` is not working time; write it as 2h 30m or PT2H30M")]
    Form {
        /// What was found.
        text: String,
    },
    /// Days, where nothing says how long one is.
    #[error("`{text}` counts days, which have no length of their own here; write hours instead")]
    Days {
        /// What was found.
        text: String,
    },
    /// Longer than milliseconds in 64 bits can say, or finer than a millisecond.
    #[error("`{text}` is too long or too fine for whole milliseconds in 64 bits")]
    Range {
        /// What was found.
        text: String,
    },
}

impl WorkTime {
    /// Reads a text in which `d` or `D` is a working day of this length, such as `1d 4h` or
    /// `P1DT4H`.
    ///
    /// How long a working day is does not follow from a calendar, whose days may differ. So it is
    /// said here, and only here: [`FromStr`] refuses days.
    ///
    /// ```
    /// use firstline_calendar::WorkTime;
    ///
    /// let eight_hours = WorkTime::from_hours(8);
    /// let time = WorkTime::parse_in_days("1d 4h", eight_hours)?;
    /// assert_eq!(time, WorkTime::from_hours(12));
    /// assert_eq!(time.in_days(eight_hours).to_string(), "1d 4h");
    /// # Ok::<(), firstline_calendar::ParseWorkTimeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`FromStr`]; days also when their length is not positive.
    pub fn parse_in_days(text: &str, day: Self) -> Result<Self, ParseWorkTimeError> {
        parse(text, (day > Self::ZERO).then_some(day.0))
    }

    /// Prints days of this length, hours, minutes and seconds, such as `1d 4h`. Without days when
    /// their length is not positive.
    pub fn in_days(self, day: Self) -> impl fmt::Display {
        let day = (day > Self::ZERO).then_some(("d", day.0));
        display(move |f| write_parts(f, self, day))
    }

    /// Prints the ISO 8601 form, such as `PT2H30M`. A day would need a length, so hours are the
    /// largest unit.
    pub fn iso8601(self) -> impl fmt::Display {
        display(move |f| write_iso8601(f, self))
    }
}

impl fmt::Display for WorkTime {
    /// Hours, minutes and seconds, such as `2h 30m`; the unit of a day would need a length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_parts(f, *self, None)
    }
}

impl FromStr for WorkTime {
    type Err = ParseWorkTimeError;

    /// Reads `2h 30m`, `90m`, `1.5h`, `45s`, `250ms` or `PT2H30M`, with a `-` before it if
    /// negative. Units go from large to small, each at most once.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text, None)
    }
}

impl<'de> Deserialize<'de> for WorkTime {
    /// Milliseconds, or in a format for people also a text as in [`FromStr`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;

        impl Visitor<'_> for Form {
            type Value = WorkTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("working time, such as \"2h 30m\", or milliseconds")
            }

            fn visit_i64<E: Error>(self, millis: i64) -> Result<WorkTime, E> {
                Ok(WorkTime(millis))
            }

            fn visit_u64<E: Error>(self, millis: u64) -> Result<WorkTime, E> {
                i64::try_from(millis).map(WorkTime).map_err(|_| {
                    E::custom(format_args!("{millis} ms is more than working time can hold"))
                })
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<WorkTime, E> {
                text.parse().map_err(E::custom)
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Form)
        } else {
            deserializer.deserialize_i64(Form)
        }
    }
}

fn display(write: impl Fn(&mut fmt::Formatter<'_>) -> fmt::Result) -> impl fmt::Display {
    struct Written<F>(F);

    impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Written<F> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            (self.0)(f)
        }
    }

    Written(write)
}

fn write_parts(
    f: &mut fmt::Formatter<'_>,
    time: WorkTime,
    day: Option<(&str, i64)>,
) -> fmt::Result {
    if time.0 == 0 {
        return f.write_str("0m");
    }
    let mut separator = if time.0 < 0 { "-" } else { "" };
    let mut rest = time.0.unsigned_abs();
    let units = [("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];
    for (unit, millis) in day.into_iter().chain(units) {
        let count = rest / millis.unsigned_abs();
        rest %= millis.unsigned_abs();
        if count > 0 {
            write!(f, "{separator}{count}{unit}")?;
            separator = " ";
        }
    }
    Ok(())
}

fn write_iso8601(f: &mut fmt::Formatter<'_>, time: WorkTime) -> fmt::Result {
    if time.0 == 0 {
        return f.write_str("PT0S");
    }
    f.write_str(if time.0 < 0 { "-PT" } else { "PT" })?;
    let mut rest = time.0.unsigned_abs();
    for (unit, millis) in [("H", HOUR as u64), ("M", MINUTE as u64)] {
        if rest >= millis {
            write!(f, "{}{unit}", rest / millis)?;
            rest %= millis;
        }
    }
    let (seconds, millis) = (rest / SECOND as u64, rest % SECOND as u64);
    match (seconds, millis) {
        (0, 0) => Ok(()),
        (_, 0) => write!(f, "{seconds}S"),
        _ => write!(f, "{}S", format_args!("{seconds}.{millis:03}")),
    }
}

/// A unit as it is written, with its milliseconds if they are known.
type Unit = (&'static str, Option<i64>);

fn parse(text: &str, day: Option<i64>) -> Result<WorkTime, ParseWorkTimeError> {
    let trimmed = text.trim();
    let (sign, body) = match trimmed.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, trimmed),
    };
    let sum = match body.strip_prefix('P') {
        Some(iso) => sum_iso8601(iso, day),
        None => {
            let time = [Some(HOUR), Some(MINUTE), Some(SECOND), Some(1)];
            let units =
                [("d", day), ("h", time[0]), ("m", time[1]), ("s", time[2]), ("ms", time[3])];
            sum_parts(body, &units)
        }
    };
    let text = || text.to_owned();
    match sum {
        Ok(sum) => i64::try_from(sign * sum)
            .map(WorkTime)
            .map_err(|_| ParseWorkTimeError::Range { text: text() }),
        Err(Fault::Form) => Err(ParseWorkTimeError::Form { text: text() }),
        Err(Fault::Days) => Err(ParseWorkTimeError::Days { text: text() }),
        Err(Fault::Range) => Err(ParseWorkTimeError::Range { text: text() }),
    }
}

enum Fault {
    Form,
    Days,
    Range,
}

fn sum_iso8601(body: &str, day: Option<i64>) -> Result<i128, Fault> {
    if body.contains(char::is_whitespace) {
        return Err(Fault::Form);
    }
    let time_units = [("H", Some(HOUR)), ("M", Some(MINUTE)), ("S", Some(SECOND))];
    match body.split_once('T') {
        None => sum_parts(body, &[("D", day)]),
        Some(("", time)) => sum_parts(time, &time_units),
        Some((date, time)) => Ok(sum_parts(date, &[("D", day)])? + sum_parts(time, &time_units)?),
    }
}

/// Adds up parts such as `2h 30m`. There must be one, and their units in this order.
fn sum_parts(body: &str, mut units: &[Unit]) -> Result<i128, Fault> {
    let mut sum: i128 = 0;
    let mut rest = body.trim();
    if rest.is_empty() {
        return Err(Fault::Form);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or(Fault::Form)?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (name, after) = after.split_at(letters);
        let index = units.iter().position(|unit| unit.0 == name).ok_or(Fault::Form)?;
        let millis = units[index].1.ok_or(Fault::Days)?;
        sum += scale(number, millis)?;
        units = &units[index + 1..];
        rest = after.trim_start();
    }
    Ok(sum)
}

/// A decimal number of units as whole milliseconds.
fn scale(number: &str, millis: i64) -> Result<i128, Fault> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let read = |digits: &str| match digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true if digits.is_empty() => Err(Fault::Form),
        // Eighteen digits of milliseconds are beyond every calendar, and their product fits.
        true if digits.len() > 18 => Err(Fault::Range),
        true => digits.parse::<i128>().map_err(|_| Fault::Form),
        false => Err(Fault::Form),
    };
    let scaled = read(fraction)? * i128::from(millis);
    let one = 10_i128.pow(fraction.len() as u32);
    if scaled % one != 0 {
        return Err(Fault::Range);
    }
    Ok(read(whole)? * i128::from(millis) + scaled / one)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn millis(text: &str) -> Option<i64> {
        text.parse::<WorkTime>().ok().map(WorkTime::as_millis)
    }

    #[test]
    fn people_and_machines_write_the_same_time() {
        for text in ["2h 30m", "2h30m", "150m", "2.5h", "PT2H30M", "PT150M", "PT2.5H", " 2h  30m "]
        {
            assert_eq!(millis(text), Some(9_000_000), "{text}");
        }
        assert_eq!(millis("-1s 5ms"), Some(-1_005));
        assert_eq!(millis("-PT1.005S"), Some(-1_005));
        assert_eq!(millis("0m"), Some(0));
    }

    #[test]
    fn what_is_no_working_time_is_refused() {
        for text in [
            "",
            "-",
            "4",
            "h",
            "4 h",
            "4x",
            "30m 2h",
            "1h 1h",
            "1..5h",
            ".5h",
            "5.h",
            "--1h",
            "P",
            "PT",
            "P1Y",
            "PT1H T",
            "P1DT",
            "PT 1H",
            "4H",
            "pt4h",
            "1h,5",
            "٣h",
            "0.0001ms",
            "99999999999999999999h",
            "99999999999999999h",
        ] {
            assert!(text.parse::<WorkTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_needs_a_length() {
        assert_eq!(
            "1d 4h".parse::<WorkTime>(),
            Err(ParseWorkTimeError::Days { text: "1d 4h".to_owned() }),
        );
        let seven_and_a_half = WorkTime::from_minutes(450);
        let read = |text| WorkTime::parse_in_days(text, seven_and_a_half);
        assert_eq!(read("1d 4h"), Ok(WorkTime::from_minutes(690)));
        assert_eq!(read("P1DT4H"), Ok(WorkTime::from_minutes(690)));
        assert_eq!(read("P2D"), Ok(WorkTime::from_hours(15)));
        assert!(WorkTime::parse_in_days("1d", WorkTime::ZERO).is_err());
    }

    #[test]
    fn a_rulebook_may_say_hours_and_a_journal_says_milliseconds() {
        let read = |json| serde_json::from_str::<WorkTime>(json).map(WorkTime::as_millis);
        assert_eq!(read("\"4h\"").ok(), Some(14_400_000));
        assert_eq!(read("\"PT4H\"").ok(), Some(14_400_000));
        assert_eq!(read("14400000").ok(), Some(14_400_000));
        assert_eq!(serde_json::to_string(&WorkTime::from_hours(4)).unwrap(), "14400000");
        let error = read("\"4 parsecs\"").unwrap_err().to_string();
        assert!(error.contains("write it as 2h 30m"), "{error}");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(millis: i64, day in 1_i64..100_000_000) {
            let (time, day) = (WorkTime(millis), WorkTime(day));
            prop_assert_eq!(time.to_string().parse::<WorkTime>(), Ok(time));
            prop_assert_eq!(time.iso8601().to_string().parse::<WorkTime>(), Ok(time));
            prop_assert_eq!(WorkTime::parse_in_days(&time.in_days(day).to_string(), day), Ok(time));
        }

        #[test]
        fn no_text_panics(text in "[-PTDHMSdhms0-9. ]{0,24}|.{0,12}") {
            let _ = WorkTime::parse_in_days(&text, WorkTime(i64::MAX));
        }
    }
}
