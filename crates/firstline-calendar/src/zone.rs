//! Where a wall clock stands: the offsets of an IANA zone as one sorted list.
//!
//! chrono-tz answers for one moment at a time and keeps its table to itself. A calendar needs the
//! table, so it is found once per zone by asking, and kept for the life of the process.

use std::sync::OnceLock;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::Timestamp;
use crate::timeline::END;

/// Whether a name is that of an IANA zone, such as `Europe/Berlin`.
#[must_use]
pub fn is_time_zone(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

/// A stretch of time with one offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The first millisecond of the stretch, UTC.
    pub(crate) start: i64,
    /// Local minus UTC, in milliseconds.
    pub(crate) offset: i64,
    /// The furthest that the wall clock has come when the stretch ends: no local time before this
    /// one is ever reached for the first time later on.
    pub(crate) reached: i64,
}

/// An IANA zone with its offsets, from the first moment of [`Timestamp`] to the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zone {
    tz: Tz,
    runs: &'static [Run],
}

impl Zone {
    pub(crate) fn new(tz: Tz) -> Self {
        /// The offsets of each zone that was asked for: some 6 kB for a zone with daylight saving.
        static TABLES: [OnceLock<Box<[Run]>>; TZ_VARIANTS.len()] =
            [const { OnceLock::new() }; TZ_VARIANTS.len()];
        Self { tz, runs: TABLES[tz as usize].get_or_init(|| find_runs(tz)) }
    }

    pub(crate) fn tz(self) -> Tz {
        self.tz
    }

    /// The stretches of one offset, in order; the first starts with [`Timestamp::MIN`].
    pub(crate) fn runs(self) -> &'static [Run] {
        self.runs
    }

    /// The first moment at which the wall clock reads `local` or later, in UTC.
    ///
    /// A local time in a spring gap is the moment of the change; one in an autumn fold is its first
    /// occurrence. This never decreases when `local` grows, so windows can neither turn negative
    /// nor overlap.
    pub(crate) fn reach(self, local: i64) -> i64 {
        let later = self.runs.partition_point(|run| run.reached <= local);
        let run = self.runs.get(later).unwrap_or(&self.runs[self.runs.len() - 1]);
        run.start.max(local - run.offset)
    }

    /// The latest local time that the wall clock has shown up to `utc`: the wall clock itself,
    /// except that it stands still while an autumn fold is gone through for the second time.
    pub(crate) fn latest_local(self, utc: i64) -> i64 {
        let index = self.run_at(utc);
        let run = self.runs[index];
        match index.checked_sub(1).map(|before| self.runs[before].reached) {
            Some(reached) => (utc + run.offset).max(reached - 1),
            None => utc + run.offset,
        }
    }

    /// What the wall clock shows.
    pub(crate) fn local(self, utc: i64) -> i64 {
        utc + self.runs[self.run_at(utc)].offset
    }

    fn run_at(self, utc: i64) -> usize {
        self.runs.partition_point(|run| run.start <= utc).saturating_sub(1)
    }
}

/// Between these years the zone data changes offsets; before and after it keeps one.
const CHANGES_IN_SECONDS: core::ops::Range<i64> = -4_102_444_800..4_260_211_200;

/// Two changes of offset are never as close as this: the shortest stretch in the data lasts six
/// days and 23 hours. A test compares every zone with a finer search.
const PROBE_SECONDS: i64 = (6 * 24 + 22) * 3_600;

/// Asks for the offset every few days and narrows each change down to its second.
fn find_runs(tz: Tz) -> Box<[Run]> {
    let mut changes = vec![(Timestamp::MIN.as_millis(), offset_at(tz, CHANGES_IN_SECONDS.start))];
    let mut known = CHANGES_IN_SECONDS.start;
    let mut offset = changes[0].1;
    while known < CHANGES_IN_SECONDS.end {
        let probe = known + PROBE_SECONDS;
        let found = offset_at(tz, probe);
        if found != offset {
            changes.push((find_change(tz, known, probe, offset) * 1_000, found));
            offset = found;
        }
        known = probe;
    }
    let mut reached = i64::MIN;
    let ends = changes.iter().skip(1).map(|change| change.0).chain([END]);
    changes
        .iter()
        .zip(ends)
        .map(|(&(start, offset), end)| {
            reached = reached.max(end + offset);
            Run { start, offset, reached }
        })
        .collect()
}

/// The second at which the offset stops being `before`, which it still is at `low` and no longer
/// is at `high`.
fn find_change(tz: Tz, mut low: i64, mut high: i64, before: i64) -> i64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset_at(tz, middle) == before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Local minus UTC in milliseconds, at a second of UTC.
fn offset_at(tz: Tz, second: i64) -> i64 {
    let moment = DateTime::from_timestamp(second, 0).expect("the years searched are chrono's");
    let offset = tz.offset_from_utc_datetime(&moment.naive_utc()).fix();
    i64::from(offset.local_minus_utc()) * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every zone, every day and every end of the known data: what chrono-tz says is what we say.
    #[test]
    fn the_table_agrees_with_chrono_tz_on_every_day_in_every_zone() {
        for tz in TZ_VARIANTS {
            let zone = Zone::new(tz);
            let mut runs = zone.runs().iter().peekable();
            let mut offset = 0;
            for second in CHANGES_IN_SECONDS.step_by(86_400) {
                while runs.peek().is_some_and(|run| run.start <= second * 1_000) {
                    offset = runs.next().expect("just seen").offset;
                }
                assert_eq!(offset, offset_at(tz, second), "{tz} at {second}");
            }
            for moment in [Timestamp::MIN, Timestamp::MAX] {
                let expected = offset_at(tz, moment.as_millis() / 1_000);
                let moment_ms = moment.as_millis();
                assert_eq!(zone.local(moment_ms) - moment_ms, expected, "{tz} at {moment}");
            }
        }
    }

    #[test]
    fn a_local_time_in_a_gap_is_reached_with_the_change() {
        let berlin = Zone::new(chrono_tz::Europe::Berlin);
        let change = "2026-03-29T01:00:00Z".parse::<Timestamp>().unwrap().as_millis();
        let local = |hours: i64| change + hours * 1_800_000;
        assert_eq!(berlin.reach(local(2)), change, "02:00");
        assert_eq!(berlin.reach(local(3)), change, "02:30 never was");
        assert_eq!(berlin.reach(local(4)), change, "03:00");
        assert_eq!(berlin.reach(local(5)), change + 1_800_000, "03:30");
    }

    #[test]
    fn the_clock_stands_still_in_the_second_pass_of_a_fold() {
        let berlin = Zone::new(chrono_tz::Europe::Berlin);
        let change = "2026-10-25T01:00:00Z".parse::<Timestamp>().unwrap().as_millis();
        assert_eq!(berlin.latest_local(change - 1), change + 7_200_000 - 1);
        assert_eq!(berlin.latest_local(change + 1_800_000), change + 7_200_000 - 1);
        assert_eq!(berlin.latest_local(change + 3_600_000), change + 7_200_000);
        assert_eq!(berlin.reach(change + 5_400_000), change - 1_800_000, "02:30, the first one");
    }
}
