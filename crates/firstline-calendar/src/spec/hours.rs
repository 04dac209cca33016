//! Reading the windows of a day and the days of a week.

use std::collections::BTreeMap;

use crate::CalendarError;

/// A minute of a day; 1440 is its end.
const MIDNIGHT: u16 = 24 * 60;

/// Open from one minute to another, both counted from the midnight before the window. An end
/// after 1440 lies in the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) open: u16,
    pub(crate) close: u16,
}

/// The windows that open on each day; Monday is first.
pub(crate) type Week = [Vec<Window>; 7];

pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads the windows of a week.
pub(crate) fn read_week(
    weekly: &BTreeMap<String, Vec<String>>,
    path: &str,
) -> Result<Week, CalendarError> {
    let mut week = Week::default();
    let mut given: [Option<&str>; 7] = [None; 7];
    for (key, windows) in weekly {
        let path = format!("{path}.{key}");
        let days = read_days(key)
            .ok_or_else(|| CalendarError::Weekday { path: path.clone(), found: key.clone() })?;
        let windows = read_windows(windows, &path)?;
        for day in days {
            if let Some(first) = given[day] {
                return Err(CalendarError::WeekdayTwice {
                    path,
                    day: DAYS[day],
                    first: first.to_owned(),
                });
            }
            given[day] = Some(key);
            week[day].clone_from(&windows);
        }
    }
    Ok(week)
}

/// Reads the windows of one date, which must not pass its midnight.
pub(crate) fn read_hours(hours: &[String], path: &str) -> Result<Vec<Window>, CalendarError> {
    let windows = read_windows(hours, path)?;
    match windows.iter().position(|window| window.close > MIDNIGHT) {
        None => Ok(windows),
        Some(index) => Err(CalendarError::Window {
            path: format!("{path}[{index}]"),
            found: hours[index].clone(),
            problem: "the hours of one date end at 24:00; give the rest to the next date",
        }),
    }
}

fn read_windows(windows: &[String], path: &str) -> Result<Vec<Window>, CalendarError> {
    let read = |(index, text): (usize, &String)| {
        read_window(text).map_err(|problem| CalendarError::Window {
            path: format!("{path}[{index}]"),
            found: text.clone(),
            problem,
        })
    };
    windows.iter().enumerate().map(read).collect()
}

/// The days that a key names, counted from Monday. A range may pass Sunday.
fn read_days(key: &str) -> Option<Vec<usize>> {
    let day = |name: &str| DAYS.iter().position(|&day| day == name);
    let (first, last) = match key.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(key)?, day(key)?),
    };
    Some((0..=(last + 7 - first) % 7).map(|step| (first + step) % 7).collect())
}

fn read_window(text: &str) -> Result<Window, &'static str> {
    const FORM: &str = "write HH:MM-HH:MM with times from 00:00 to 24:00, such as 09:00-17:30";
    let (open, close) = text.split_once('-').ok_or(FORM)?;
    let (open, close) = (read_time(open).ok_or(FORM)?, read_time(close).ok_or(FORM)?);
    if open == MIDNIGHT {
        return Err("24:00 can only end a window; write 00:00 on the next day");
    }
    if open == close {
        return Err("it ends where it starts; write 00:00-24:00 for a whole day");
    }
    let close = if close < open { close + MIDNIGHT } else { close };
    Ok(Window { open, close })
}

/// Minutes since midnight of `HH:MM`.
pub(crate) fn read_time(text: &str) -> Option<u16> {
    let [h1, h2, b':', m1, m2] = *text.as_bytes() else { return None };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    let (hours, minutes) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
    let time = hours * 60 + minutes;
    (minutes < 60 && time <= MIDNIGHT).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_ends_before_it_starts_passes_midnight() {
        assert_eq!(read_window("22:00-06:00"), Ok(Window { open: 1320, close: 1800 }));
        assert_eq!(read_window("22:00-00:00"), Ok(Window { open: 1320, close: 1440 }));
        assert_eq!(read_window("00:00-24:00"), Ok(Window { open: 0, close: 1440 }));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in [
            "",
            "-",
            "09:00",
            "9:00-17:00",
            "09:00-24:01",
            "09:60-10:00",
            "09:00–17:00",
            "09:00-17:00-18:00",
            " 09:00-17:00",
            "24:00-06:00",
            "09:00-09:00",
            "25:00-26:00",
            "+9:00-10:00",
            "０９:00-10:00",
        ] {
            assert!(read_window(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_of_days_may_pass_sunday() {
        assert_eq!(read_days("sat-mon"), Some(vec![5, 6, 0]));
        assert_eq!(read_days("mon-sun").map(|days| days.len()), Some(7));
        assert_eq!(read_days("monday"), None);
        assert_eq!(read_days("mon-"), None);
    }
}
