//! Times as agents type them.

use firstline_sla::{NaiveDate, TimeOfDay, Timestamp};

use super::Asking;

const MINUTE_MS: i64 = 60_000;

/// The units of a stretch of wall-clock time.
const UNITS: [(char, i64); 4] =
    [('m', MINUTE_MS), ('h', 60 * MINUTE_MS), ('d', 1_440 * MINUTE_MS), ('w', 10_080 * MINUTE_MS)];

/// A time that something is compared with.
pub(super) struct Moment {
    /// Its first millisecond.
    pub(super) from: Timestamp,
    /// The first one after it: a day is longer than an instant.
    pub(super) to: Timestamp,
    /// Whether it was typed as the time that has passed since.
    pub(super) is_age: bool,
}

/// The time that a text means. A stretch such as `2h` counts from now: onwards if what is compared
/// with it lies ahead, and backwards if not.
pub(super) fn moment(text: &str, asking: &Asking, lies_ahead: bool) -> Option<Moment> {
    let instant = |from: Timestamp, is_age| {
        let to = from.checked_add_millis(1)?;
        Some(Moment { from, to, is_age })
    };
    if text == "now" {
        return instant(asking.now, false);
    }
    if let Some(stretch) = stretch(text) {
        let stretch = if lies_ahead { stretch } else { -stretch };
        return instant(asking.now.checked_add_millis(stretch)?, !lies_ahead);
    }
    if let Ok(date) = text.parse::<NaiveDate>() {
        let midnight = TimeOfDay::from_minutes(0)?;
        let from = asking.clock.at(date, midnight)?;
        let to = asking.clock.at(date.succ_opt()?, midnight)?;
        return Some(Moment { from, to, is_age: false });
    }
    instant(text.parse().ok()?, false)
}

/// The milliseconds of a stretch such as `1d12h`, the larger units first.
fn stretch(text: &str) -> Option<i64> {
    let (mut total, mut rest, mut smallest) = (0_i64, text, i64::MAX);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0)?;
        let unit = rest[digits..].chars().next()?;
        let (_, size) = UNITS.iter().find(|(sign, size)| *sign == unit && *size < smallest)?;
        smallest = *size;
        total = total.checked_add(rest[..digits].parse::<i64>().ok()?.checked_mul(*size)?)?;
        rest = &rest[digits + unit.len_utf8()..];
    }
    Some(total).filter(|_| !text.is_empty())
}
