//! Reading dates and the rules by which a holiday comes back every year.

use chrono::{Datelike, NaiveDate, Weekday};

/// Days since 1970-01-01 of a date in the form `YYYY-MM-DD`.
pub(crate) fn read_date(text: &str) -> Option<i64> {
    let (year, month_day) = text.split_at_checked(4)?;
    let (month, day) = read_month_day(month_day.strip_prefix('-')?)?;
    let date = NaiveDate::from_ymd_opt(read_digits(year)? as i32, month, day)?;
    Some(i64::from(date.to_epoch_days()))
}

/// When a holiday is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateRule {
    /// On one day, counted from 1970-01-01.
    Once(i64),
    /// Every year.
    Yearly(Yearly),
}

/// A day that every year has, or nearly every.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Yearly {
    /// A day of a month. 29 February comes in leap years only.
    Fixed { month: u32, day: u32 },
    /// The first, second, ... such weekday of a month. A fifth one does not always exist.
    Nth { nth: u8, weekday: Weekday, month: u32 },
    /// The last such weekday of a month.
    Last { weekday: Weekday, month: u32 },
    /// The first such weekday from a day of a month on.
    OnOrAfter { weekday: Weekday, month: u32, day: u32 },
    /// The last such weekday up to a day of a month.
    OnOrBefore { weekday: Weekday, month: u32, day: u32 },
    /// So many days after Easter Sunday.
    Easter { church: Church, offset: i64 },
}

/// Whose Easter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Church {
    Western,
    Orthodox,
}

impl DateRule {
    /// Reads a date or a rule. The fault says what may be written.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        const FORM: &str = "write a date that exists as YYYY-MM-DD, or a rule for every year: \
            MM-DD, `4th thu of nov`, `last mon of may`, `mon on or before 05-24`, `easter-2` or \
            `orthodox easter+1`";
        match read_date(text) {
            Some(day) => Ok(Self::Once(day)),
            None => Yearly::read(text).map(Self::Yearly).ok_or(FORM),
        }
    }
}

impl Yearly {
    fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        match *words.as_slice() {
            ["orthodox", easter] => {
                Some(Self::Easter { church: Church::Orthodox, offset: read_easter(easter)? })
            }
            [word] if word.starts_with("easter") => {
                Some(Self::Easter { church: Church::Western, offset: read_easter(word)? })
            }
            [date] => read_month_day(date).map(|(month, day)| Self::Fixed { month, day }),
            ["last", weekday, "of", month] => {
                Some(Self::Last { weekday: read_weekday(weekday)?, month: read_month(month)? })
            }
            [nth, weekday, "of", month] => {
                const NTH: [&str; 5] = ["1st", "2nd", "3rd", "4th", "5th"];
                let nth = NTH.iter().position(|&name| name == nth)? as u8 + 1;
                Some(Self::Nth { nth, weekday: read_weekday(weekday)?, month: read_month(month)? })
            }
            [weekday, "on", "or", side, date] => {
                let (weekday, (month, day)) = (read_weekday(weekday)?, read_month_day(date)?);
                match side {
                    "after" => Some(Self::OnOrAfter { weekday, month, day }),
                    "before" => Some(Self::OnOrBefore { weekday, month, day }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The day in this year, counted from 1970-01-01.
    pub(crate) fn in_year(self, year: i32) -> Option<i64> {
        let day = |month, day| {
            NaiveDate::from_ymd_opt(year, month, day).map(|date| i64::from(date.to_epoch_days()))
        };
        match self {
            Self::Fixed { month, day: of_month } => day(month, of_month),
            Self::Nth { nth, weekday, month } => {
                let found = on_or_after(day(month, 1)?, weekday) + 7 * (i64::from(nth) - 1);
                let date = NaiveDate::from_epoch_days(i32::try_from(found).ok()?)?;
                (date.month() == month).then_some(found)
            }
            Self::Last { weekday, month } => {
                let next = if month == 12 { day(12, 31)? + 1 } else { day(month + 1, 1)? };
                Some(on_or_after(next - 7, weekday))
            }
            Self::OnOrAfter { weekday, month, day: of_month } => {
                Some(on_or_after(day(month, of_month)?, weekday))
            }
            Self::OnOrBefore { weekday, month, day: of_month } => {
                Some(on_or_after(day(month, of_month)? - 6, weekday))
            }
            Self::Easter { church, offset } => Some(easter(church, year)? + offset),
        }
    }
}

/// The weekday of a day counted from 1970-01-01, itself counted from Monday.
pub(crate) fn weekday_of(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

fn on_or_after(day: i64, weekday: Weekday) -> i64 {
    day + (i64::from(weekday.num_days_from_monday()) - weekday_of(day)).rem_euclid(7)
}

/// Easter Sunday as a day counted from 1970-01-01.
///
/// Both churches keep it on the first Sunday after a full moon that is computed, not seen; the
/// western one by the Gregorian calendar's table, the orthodox one by the Julian calendar's. The
/// sums need no exceptions for single years (J. Meeus, Astronomical Algorithms, 2nd edition,
/// chapter 8).
fn easter(church: Church, year: i32) -> Option<i64> {
    let date = |sum: i32| NaiveDate::from_ymd_opt(year, sum as u32 / 31, sum as u32 % 31 + 1);
    let golden = year.rem_euclid(19);
    match church {
        Church::Western => {
            let (century, rest) = (year.div_euclid(100), year.rem_euclid(100));
            let moon = (century - (century + 8) / 25 + 1) / 3;
            let epact = (19 * golden + century - century / 4 - moon + 15).rem_euclid(30);
            let sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4).rem_euclid(7);
            let late = (golden + 11 * epact + 22 * sunday) / 451;
            date(epact + sunday - 7 * late + 114).map(|date| i64::from(date.to_epoch_days()))
        }
        Church::Orthodox => {
            let epact = (19 * golden + 15) % 30;
            let sunday = (2 * (year % 4) + 4 * (year % 7) - epact + 34).rem_euclid(7);
            let julian = date(epact + sunday + 114)?;
            // How many days the Julian calendar is behind.
            let behind = year.div_euclid(100) - year.div_euclid(400) - 2;
            Some(i64::from(julian.to_epoch_days() + behind))
        }
    }
}

/// Days after Easter in `easter`, `easter+39` or `easter-2`.
fn read_easter(text: &str) -> Option<i64> {
    let offset = text.strip_prefix("easter")?;
    if offset.is_empty() {
        return Some(0);
    }
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    (digits.len() <= 3).then(|| read_digits(digits)).flatten().map(|days| sign * i64::from(days))
}

/// Month and day of `MM-DD`, such as exist in a leap year.
fn read_month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-').filter(|(m, d)| m.len() == 2 && d.len() == 2)?;
    let (month, day) = (read_digits(month)?, read_digits(day)?);
    NaiveDate::from_ymd_opt(2000, month, day).map(|_| (month, day))
}

fn read_weekday(text: &str) -> Option<Weekday> {
    super::hours::DAYS
        .iter()
        .position(|&day| day == text)
        .and_then(|day| Weekday::try_from(day as u8).ok())
}

fn read_month(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().position(|&month| month == text).map(|month| month as u32 + 1)
}

/// A number of digits alone.
fn read_digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_year(rule: &str, year: i32) -> String {
        match Yearly::read(rule).and_then(|rule| rule.in_year(year)) {
            Some(day) => NaiveDate::from_epoch_days(day as i32).unwrap().to_string(),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn rules_find_their_day() {
        for (rule, year, expected) in [
            ("12-25", 2026, "2026-12-25"),
            ("02-29", 2028, "2028-02-29"),
            ("02-29", 2026, "none"),
            ("4th thu of nov", 2026, "2026-11-26"),
            ("1st mon of sep", 2025, "2025-09-01"),
            ("5th fri of feb", 2026, "none"),
            ("5th sun of mar", 2026, "2026-03-29"),
            ("last mon of may", 2026, "2026-05-25"),
            ("last thu of dec", 2026, "2026-12-31"),
            ("last thu of feb", 2024, "2024-02-29"),
            ("mon on or before 05-24", 2026, "2026-05-18"),
            ("sat on or after 06-20", 2026, "2026-06-20"),
            ("wed on or before 11-22", 2026, "2026-11-18"),
            ("easter", 2026, "2026-04-05"),
            ("easter-2", 2026, "2026-04-03"),
            ("easter+39", 2026, "2026-05-14"),
            ("orthodox easter+1", 2026, "2026-04-13"),
        ] {
            assert_eq!(in_year(rule, year), expected, "{rule} in {year}");
        }
    }

    /// Published dates, with the years in which simpler sums go wrong.
    #[test]
    fn easter_is_when_the_churches_say() {
        for (year, month_day) in [
            (1818, "03-22"),
            (1943, "04-25"),
            (1954, "04-18"),
            (1981, "04-19"),
            (2000, "04-23"),
            (2008, "03-23"),
            (2019, "04-21"),
            (2024, "03-31"),
            (2025, "04-20"),
            (2038, "04-25"),
            (2049, "04-18"),
            (2076, "04-19"),
            (2285, "03-22"),
        ] {
            assert_eq!(in_year("easter", year), format!("{year}-{month_day}"));
        }
        for (year, month_day) in [
            (2008, "04-27"),
            (2010, "04-04"),
            (2016, "05-01"),
            (2021, "05-02"),
            (2024, "05-05"),
            (2025, "04-20"),
            (2026, "04-12"),
            (2027, "05-02"),
            (1983, "05-08"),
            (2100, "05-02"),
        ] {
            assert_eq!(in_year("orthodox easter", year), format!("{year}-{month_day}"));
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "2024-02-30",
            "2023-02-29",
            "2024-2-3",
            "24-02-03",
            "02-30",
            "13-01",
            "1-1",
            "0th mon of may",
            "6th mon of may",
            "4th thursday of november",
            "last mon may",
            "mon after 05-24",
            "easter2",
            "easter+",
            "easter+1000",
            "Easter",
            "+024-01-01",
            "orthodox",
            "orthodox 12-25",
            "last  mon of may",
            "２０２４-01-01",
        ] {
            assert!(DateRule::read(text).is_err(), "{text}");
        }
    }
}
