//! Rules as text.

use core::fmt;
use core::str::FromStr;

use chrono::{NaiveDate, Weekday};

use super::{
    End, Frequency, MAX_RECURRENCE_BYTES, MAX_RECURRENCE_COUNT, MAX_RECURRENCE_INTERVAL,
    Recurrence, WeekDay,
};

/// A text that is no rule by which something comes again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {problem}")]
pub struct RecurrenceError {
    /// The part of the rule, such as `BYDAY`; `RRULE` for the whole.
    pub part: String,
    /// What is wrong with it, and what can be written.
    pub problem: String,
}

fn error<T>(part: &str, problem: impl Into<String>) -> Result<T, RecurrenceError> {
    let part = part.chars().take(40).collect();
    Err(RecurrenceError { part, problem: problem.into() })
}

/// The days of the week, from Monday.
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

const FREQUENCIES: [(&str, Frequency); 4] = [
    ("DAILY", Frequency::Daily),
    ("WEEKLY", Frequency::Weekly),
    ("MONTHLY", Frequency::Monthly),
    ("YEARLY", Frequency::Yearly),
];

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        if text.len() > MAX_RECURRENCE_BYTES {
            let problem = format!("{} bytes are more than {MAX_RECURRENCE_BYTES}", text.len());
            return error("RRULE", problem);
        }
        // RFC 5545, 2: neither names nor their words go by small and large letters.
        let text = text.to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.split(';') {
            let Some((name, value)) = part.split_once('=') else {
                return error("RRULE", "its parts are written NAME=VALUE, with ; between them");
            };
            if parts.iter().any(|(known, _)| *known == name) {
                return error(name, "it is written twice");
            }
            parts.push((name, value));
        }
        read(&parts)
    }
}

fn read(parts: &[(&str, &str)]) -> Result<Recurrence, RecurrenceError> {
    let value = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, it)| *it);
    let Some(word) = value("FREQ") else {
        return error("FREQ", "it is missing; write one of DAILY, WEEKLY, MONTHLY, YEARLY");
    };
    let Some((_, frequency)) = FREQUENCIES.into_iter().find(|(known, _)| *known == word) else {
        return error("FREQ", "write one of DAILY, WEEKLY, MONTHLY, YEARLY");
    };
    let mut rule = Recurrence {
        frequency,
        interval: 1,
        end: End::Never,
        months: Vec::new(),
        month_days: Vec::new(),
        week_days: Vec::new(),
        places: Vec::new(),
        week_start: Weekday::Mon,
    };
    if value("COUNT").is_some() && value("UNTIL").is_some() {
        return error("UNTIL", "it cannot end after COUNT times as well");
    }
    for (name, value) in parts {
        match *name {
            "FREQ" => {}
            "INTERVAL" => {
                rule.interval = number(name, value, 1..=MAX_RECURRENCE_INTERVAL.into())? as u32;
            }
            "COUNT" => {
                let count = number(name, value, 1..=MAX_RECURRENCE_COUNT.into())?;
                rule.end = End::After(count as u32);
            }
            "UNTIL" => rule.end = End::On(until(value)?),
            "BYMONTH" => {
                let months = numbers(name, value, 1..=12)?;
                rule.months = months.into_iter().map(|month| month as u32).collect();
            }
            "BYMONTHDAY" => rule.month_days = around_zero(name, value, 31)?,
            "BYSETPOS" => rule.places = around_zero(name, value, 366)?,
            "BYDAY" => rule.week_days = week_days(value)?,
            "WKST" => {
                let Some(day) = DAYS.iter().position(|day| day == value) else {
                    return error(name, "write one of MO, TU, WE, TH, FR, SA, SU");
                };
                rule.week_start = Weekday::try_from(day as u8).unwrap_or(Weekday::Mon);
            }
            _ => {
                let known =
                    "FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS, WKST";
                return error(name, format!("it is not known here; write one of {known}"));
            }
        }
    }
    check(rule)
}

/// Checks that the parts of a rule go together.
fn check(rule: Recurrence) -> Result<Recurrence, RecurrenceError> {
    let furthest = rule.week_days.iter().map(|day| day.place.unsigned_abs()).max().unwrap_or(0);
    let is_by_month = rule.frequency == Frequency::Monthly || !rule.months.is_empty();
    let has_days = !rule.week_days.is_empty() || !rule.month_days.is_empty();
    match rule.frequency {
        Frequency::Daily | Frequency::Weekly if furthest > 0 => {
            error("BYDAY", "a day has a number only in a month or a year")
        }
        Frequency::Weekly if !rule.month_days.is_empty() => {
            error("BYMONTHDAY", "a week has no days of a month; write FREQ=DAILY or MONTHLY")
        }
        _ if is_by_month && furthest > 5 => error("BYDAY", "a month has at most five of a day"),
        _ if !rule.places.is_empty() && !has_days && rule.months.is_empty() => {
            error("BYSETPOS", "it chooses among days, and none are named; write BYDAY as well")
        }
        _ => Ok(rule),
    }
}

fn number(
    part: &str,
    text: &str,
    range: core::ops::RangeInclusive<i64>,
) -> Result<i64, RecurrenceError> {
    let is_plain = !text.starts_with('+') || *range.start() < 0;
    match text.parse::<i64>() {
        Ok(number) if is_plain && range.contains(&number) => Ok(number),
        _ => error(part, format!("write numbers from {} to {}", range.start(), range.end())),
    }
}

fn numbers(
    part: &str,
    text: &str,
    range: core::ops::RangeInclusive<i64>,
) -> Result<Vec<i64>, RecurrenceError> {
    let mut all: Vec<i64> =
        text.split(',').map(|text| number(part, text, range.clone())).collect::<Result<_, _>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Numbers from 1 or from -1.
fn around_zero(part: &str, text: &str, most: i64) -> Result<Vec<i32>, RecurrenceError> {
    let all = numbers(part, text, -most..=most)?;
    if all.contains(&0) {
        return error(part, format!("there is no 0; write 1 to {most}, or -1 to -{most}"));
    }
    Ok(all.into_iter().map(|number| number as i32).collect())
}

fn week_days(text: &str) -> Result<Vec<WeekDay>, RecurrenceError> {
    let wrong = "write such as MO, 1MO or -1FR, with commas between them";
    let mut days = Vec::new();
    for text in text.split(',') {
        let split = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at));
        let Some((place, day)) = split.map(|at| text.split_at(at)) else {
            return error("BYDAY", wrong);
        };
        let Some(day) = DAYS.iter().position(|known| *known == day) else {
            return error("BYDAY", wrong);
        };
        let place = match place {
            "" => 0,
            place => match number("BYDAY", place, -53..=53)? {
                0 => return error("BYDAY", wrong),
                place => place as i32,
            },
        };
        days.push(WeekDay { day: day as u32, place });
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// A day, or the day of a moment.
fn until(text: &str) -> Result<NaiveDate, RecurrenceError> {
    let (day, time) = text.split_once('T').unwrap_or((text, "000000"));
    let time = time.strip_suffix('Z').unwrap_or(time);
    let is_time = time.len() == 6 && time.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    let date = if is_day { NaiveDate::parse_from_str(day, "%Y%m%d").ok() } else { None };
    match date {
        Some(date) if is_time => Ok(date),
        _ => error("UNTIL", "write a day that exists, such as 20261231"),
    }
}

impl fmt::Display for Recurrence {
    /// As RFC 5545 writes it, without the name of the property.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = FREQUENCIES.iter().find(|(_, known)| *known == self.frequency);
        write!(f, "FREQ={}", word.map_or("", |(word, _)| word))?;
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match self.end {
            End::Never => {}
            End::After(count) => write!(f, ";COUNT={count}")?,
            End::On(date) => write!(f, ";UNTIL={}", date.format("%Y%m%d"))?,
        }
        list(f, "BYMONTH", &self.months)?;
        list(f, "BYMONTHDAY", &self.month_days)?;
        list(f, "BYDAY", &self.week_days)?;
        list(f, "BYSETPOS", &self.places)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", DAYS[self.week_start.num_days_from_monday() as usize])?;
        }
        Ok(())
    }
}

impl fmt::Display for WeekDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != 0 {
            write!(f, "{}", self.place)?;
        }
        f.write_str(DAYS[self.day as usize])
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, part: &str, all: &[T]) -> fmt::Result {
    for (index, one) in all.iter().enumerate() {
        match index {
            0 => write!(f, ";{part}={one}")?,
            _ => write!(f, ",{one}")?,
        }
    }
    Ok(())
}
