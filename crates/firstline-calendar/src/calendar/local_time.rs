//! What a clock on the wall shows: for people, who do not think in UTC.

use core::fmt;

use chrono::{Datelike, NaiveDate};

use crate::timeline::DAY;
use crate::{Calendar, Timestamp, WallClock};

/// What the wall clock of a zone shows at some moment.
///
/// It is for reading only: an hour of autumn is shown twice, so two moments may look the same but
/// for their [`offset_seconds`](Self::offset_seconds). Near the ends of [`Timestamp`] the date
/// stays within the dates of chrono.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The year, as astronomers count: 0 is the year before 1.
    pub year: i32,
    /// From 1 to 12.
    pub month: u8,
    /// From 1 to 31.
    pub day: u8,
    /// From 1 for Monday to 7 for Sunday, as in ISO 8601.
    pub weekday: u8,
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: u8,
    /// From 0 to 59.
    pub second: u8,
    /// From 0 to 999.
    pub millisecond: u16,
    /// Local minus UTC.
    pub offset_seconds: i32,
}

impl LocalTime {
    /// Minutes since midnight, as the clock shows them.
    #[must_use]
    pub const fn minute_of_day(&self) -> u16 {
        self.hour as u16 * 60 + self.minute as u16
    }

    /// The date alone, for comparing.
    #[must_use]
    pub const fn date(&self) -> (i32, u8, u8) {
        (self.year, self.month, self.day)
    }
}

impl fmt::Display for LocalTime {
    /// Date and time without the offset, such as `2026-03-06 16:00`; seconds and milliseconds only
    /// where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, millisecond, .. } = self;
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")?;
        match (second, millisecond) {
            (0, 0) => Ok(()),
            (_, 0) => write!(f, ":{second:02}"),
            _ => write!(f, ":{second:02}.{millisecond:03}"),
        }
    }
}

impl Calendar {
    /// What the wall clock of the calendar's zone shows at this moment.
    ///
    /// ```
    /// use firstline_calendar::{Calendar, CalendarSpec};
    ///
    /// let berlin = Calendar::build(&serde_json::from_str::<CalendarSpec>(
    ///     r#"{ "time_zone": "Europe/Berlin", "weekly": { "mon-fri": ["09:00-17:00"] } }"#,
    /// )?)?;
    /// let shown = berlin.local_time("2026-07-03T14:00:00Z".parse()?);
    /// assert_eq!(shown.to_string(), "2026-07-03 16:00");
    /// assert_eq!((shown.weekday, shown.offset_seconds), (5, 7_200));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn local_time(&self, t: Timestamp) -> LocalTime {
        self.wall_clock().local_time(t)
    }
}

impl WallClock {
    /// What it shows at this moment.
    ///
    /// ```
    /// use firstline_calendar::WallClock;
    ///
    /// let shown = WallClock::of("Asia/Vladivostok")?.local_time("2026-07-03T14:00:00Z".parse()?);
    /// assert_eq!(shown.to_string(), "2026-07-04 00:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn local_time(self, t: Timestamp) -> LocalTime {
        let local = self.zone().local(t.as_millis());
        let offset = local - t.as_millis();
        let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let edge = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
        let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(edge);
        // Each part fits its type: it is the remainder of a smaller number.
        let part = |unit: i64, of: i64| time / unit % of;
        LocalTime {
            year: date.year(),
            month: date.month() as u8,
            day: date.day() as u8,
            weekday: date.weekday().number_from_monday() as u8,
            hour: part(3_600_000, 24) as u8,
            minute: part(60_000, 60) as u8,
            second: part(1_000, 60) as u8,
            millisecond: part(1, 1_000) as u16,
            offset_seconds: (offset / 1_000) as i32,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Timelike};

    use super::*;
    use crate::CalendarSpec;

    fn in_zone(name: &str) -> Calendar {
        let weekly = [("mon-fri".to_owned(), vec!["09:00-17:00".to_owned()])].into();
        let time_zone = name.to_owned();
        Calendar::build(&CalendarSpec { time_zone, weekly, ..CalendarSpec::default() }).unwrap()
    }

    #[test]
    fn an_hour_of_autumn_is_shown_twice_with_two_offsets() {
        let berlin = in_zone("Europe/Berlin");
        let shown = |text: &str| {
            let shown = berlin.local_time(text.parse().unwrap());
            (shown.to_string(), shown.offset_seconds / 3_600)
        };
        assert_eq!(shown("2026-10-25T00:30:00Z"), ("2026-10-25 02:30".to_owned(), 2));
        assert_eq!(shown("2026-10-25T01:30:00Z"), ("2026-10-25 02:30".to_owned(), 1));
        assert_eq!(shown("2026-03-29T00:59:59.999Z"), ("2026-03-29 01:59:59.999".to_owned(), 1));
        assert_eq!(shown("2026-03-29T01:00:01Z"), ("2026-03-29 03:00:01".to_owned(), 2));
    }

    /// chrono-tz shows the same, before 1970 and with odd offsets too.
    #[test]
    fn it_shows_what_chrono_shows() {
        for name in ["Europe/Berlin", "Asia/Kathmandu", "America/Havana", "Pacific/Apia", "UTC"] {
            let calendar = in_zone(name);
            for step in -20_000..20_000_i64 {
                let t = Timestamp::from_millis(step * 97_531_357).unwrap();
                let expected = calendar.time_zone().from_utc_datetime(&t.to_chrono().naive_utc());
                let shown = calendar.local_time(t);
                let date = (expected.year(), expected.month() as u8, expected.day() as u8);
                assert_eq!(shown.date(), date, "{name} {t}");
                let minutes = expected.hour() * 60 + expected.minute();
                assert_eq!(u32::from(shown.minute_of_day()), minutes, "{name} {t}");
                assert_eq!(u32::from(shown.second), expected.second(), "{name} {t}");
                let weekday = expected.weekday().number_from_monday();
                assert_eq!(u32::from(shown.weekday), weekday, "{name} {t}");
            }
        }
    }

    #[test]
    fn the_ends_of_time_are_shown_without_a_panic() {
        for name in ["Pacific/Apia", "America/Havana", "UTC"] {
            let calendar = in_zone(name);
            assert!(calendar.local_time(Timestamp::MIN).year < -262_000);
            assert!(calendar.local_time(Timestamp::MAX).year > 262_000);
        }
    }
}
