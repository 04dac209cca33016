//! Local time without hours of work: dates and times of a zone as moments, and back.

use core::fmt;

use chrono::NaiveDate;

use crate::calendar::read_zone;
use crate::timeline::DAY;
use crate::zone::Zone;
use crate::{CalendarError, TimeOfDay, Timestamp};

/// The wall clock of an IANA zone. Unlike a [`Calendar`](crate::Calendar) it knows no hours.
///
/// ```
/// use firstline_calendar::{NaiveDate, TimeOfDay, WallClock};
///
/// let berlin = WallClock::of("Europe/Berlin")?;
/// let (date, time): (NaiveDate, TimeOfDay) = ("2026-07-01".parse()?, "09:00".parse()?);
/// let nine = berlin.at(date, time).expect("this century is within range");
/// assert_eq!(nine, "2026-07-01T07:00:00Z".parse()?);
/// assert_eq!(berlin.shows(nine), (date, time));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct WallClock(Zone);

impl WallClock {
    /// The wall clock of the zone with this name, such as `Europe/Berlin`.
    ///
    /// # Errors
    ///
    /// [`CalendarError::TimeZone`] with the path `time_zone`: the IANA data has no such name.
    pub fn of(time_zone: &str) -> Result<Self, CalendarError> {
        read_zone(time_zone).map(Zone::new).map(Self)
    }

    /// The wall clock of UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self(Zone::new(chrono_tz::Tz::UTC))
    }

    pub(crate) fn new(zone: Zone) -> Self {
        Self(zone)
    }

    pub(crate) fn zone(self) -> Zone {
        self.0
    }

    /// The IANA name of its zone.
    #[must_use]
    pub fn time_zone(self) -> &'static str {
        self.0.tz().name()
    }

    /// The date. While an autumn fold is gone through for the second time it is the date that was
    /// reached before, so it never runs back.
    ///
    /// Near [`Timestamp::MIN`] it is at least the first date of chrono, near [`Timestamp::MAX`] at
    /// most the last.
    #[must_use]
    pub fn date_of(self, t: Timestamp) -> NaiveDate {
        date(self.0.latest_local(t.as_millis()))
    }

    /// The first moment at which the clock shows this time of this date or later, or `None` out of
    /// the range of a [`Timestamp`].
    #[must_use]
    pub fn at(self, date: NaiveDate, time: TimeOfDay) -> Option<Timestamp> {
        let local = i64::from(date.to_epoch_days()) * DAY + i64::from(time.as_minutes()) * 60_000;
        Timestamp::from_millis(self.0.reach(local))
    }

    /// What the clock shows, without its seconds.
    #[must_use]
    pub fn shows(self, t: Timestamp) -> (NaiveDate, TimeOfDay) {
        let local = self.0.local(t.as_millis());
        let minutes = (local.rem_euclid(DAY) / 60_000) as u16;
        (date(local), TimeOfDay::from_minutes(minutes).expect("a day has 1440 minutes"))
    }
}

/// The date of a local moment in milliseconds.
fn date(local: i64) -> NaiveDate {
    let day = local.div_euclid(DAY);
    let edge = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or(edge)
}

impl PartialEq for WallClock {
    fn eq(&self, other: &Self) -> bool {
        self.0.tz() == other.0.tz()
    }
}

impl Eq for WallClock {}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WallClock").field(&self.time_zone()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fold_over_midnight_shows_the_day_before_again_but_the_date_never_runs_back() {
        // One minute past midnight this clock went back by an hour, into the day before.
        let st_johns = WallClock::of("America/St_Johns").unwrap();
        let second_pass = "2006-10-29T02:40:00Z".parse().unwrap();
        let (date, time) = st_johns.shows(second_pass);
        assert_eq!(format!("{date} {time}"), "2006-10-28 23:10");
        assert_eq!(st_johns.date_of(second_pass).to_string(), "2006-10-29");
    }

    #[test]
    fn a_zone_that_is_none_is_refused_with_the_mend() {
        let fault = WallClock::of("europe/berlin").unwrap_err().to_string();
        assert_eq!(fault, "time_zone: `europe/berlin` is not a time zone; write Europe/Berlin");
        assert_eq!(WallClock::of("UTC").unwrap().time_zone(), "UTC");
    }
}
