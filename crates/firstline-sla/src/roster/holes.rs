//! The hours at which nobody is on call, in words.

use core::fmt;
use std::collections::BTreeMap;

use firstline_calendar::{NaiveDate, TimeOfDay, Timestamp};

use super::Roster;
use crate::wall_time::WallTime;

const DAY_MS: i64 = 86_400_000;
const YEAR_MS: i64 = 365 * DAY_MS;

/// The hours at which nobody is on call within a year, for the check of a rulebook: as data, and in
/// words by `Display`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoleReport {
    /// The holes by their pattern, the most frequent first. Never empty.
    pub patterns: Vec<HolePattern>,
    /// How long nobody is on call in this year.
    pub total: WallTime,
    /// The date on which the year of 365 days begins.
    pub year_from: NaiveDate,
}

/// Holes that begin and end at the same times of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolePattern {
    /// In words, such as `mon-thu 17:00 to 09:00 the next day`, or with the dates if there is only
    /// one.
    pub words: String,
    /// How many there are within the year.
    pub times: usize,
    /// The first of them, from its first moment, which may lie before the year, to the first one
    /// after it.
    pub first: (Timestamp, Timestamp),
}

impl HoleReport {
    /// So many patterns are printed; a reader who wants more has them as data.
    pub const SHOWN: usize = 5;
}

impl<M: Clone + Eq> Roster<M> {
    /// Tells the holes within a year from `from`, or `None` if somebody is on call at all times.
    ///
    /// Times are those of the roster's zone or, without one, of its first shift's calendar.
    ///
    /// ```
    /// use firstline_sla::{Calendar, CalendarSpec, Roster, RosterSpec};
    ///
    /// let office: CalendarSpec = toml::from_str(
    ///     r#"time_zone = "Europe/Berlin"
    ///        weekly = { mon-fri = ["09:00-17:00"] }"#,
    /// )?;
    /// let office = Calendar::build(&office)?;
    /// let spec: RosterSpec<String> = toml::from_str(
    ///     r#"shifts = [{ name = "days", calendar = "office", members = ["Dora"] }]"#,
    /// )?;
    /// let roster = Roster::build(&spec, |_| Some(office.clone()))?;
    /// let report = roster.hole_report("2026-03-02T00:00:00+01:00".parse()?).expect("nights");
    /// assert_eq!(
    ///     report.to_string(),
    ///     "nobody is on call mon-thu 17:00 to 09:00 the next day (209 times) and \
    ///      fri 17:00 to mon 09:00 (53 times): 6672h in the year from 2026-03-02",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn hole_report(&self, from: Timestamp) -> Option<HoleReport> {
        let to = from.checked_add_millis(YEAR_MS).unwrap_or(Timestamp::MAX);
        // A week more on both sides, so that a hole at the edge is seen as the one it is.
        let begin = from.checked_add_millis(-7 * DAY_MS).unwrap_or(from);
        let end = to.checked_add_millis(7 * DAY_MS).unwrap_or(to);
        let mut total_ms = 0;
        let mut patterns: BTreeMap<Pattern, Vec<Found>> = BTreeMap::new();
        for (first, last) in self.holes(begin, end) {
            let within_ms = last.min(to).millis_since(first.max(from));
            if within_ms <= 0 {
                continue;
            }
            total_ms += within_ms;
            // What is still open a week beyond has no edge to tell.
            let first = if first == begin { from } else { first };
            let last = if last == end { to } else { last };
            let hole = self.read_hole((first, last));
            let found = patterns.entry(hole.pattern()).or_default();
            match found.iter_mut().find(|seen| seen.hole.weekday() == hole.weekday()) {
                Some(seen) => seen.times += 1,
                None => found.push(Found { hole, times: 1 }),
            }
        }
        let mut patterns: Vec<HolePattern> = patterns.into_values().map(tell).collect();
        patterns.sort_by_key(|pattern| (core::cmp::Reverse(pattern.times), pattern.first));
        let (year_from, _) = self.clock.shows(from);
        let total = WallTime::from_millis(total_ms);
        (!patterns.is_empty()).then_some(HoleReport { patterns, total, year_from })
    }

    fn read_hole(&self, (first, last): (Timestamp, Timestamp)) -> Hole {
        let ((from_date, from), (to_date, to)) = (self.clock.shows(first), self.clock.shows(last));
        let (to_date, to) = end_of_day(to_date, to);
        Hole { from: (from_date, from), to: (to_date, to), moments: (first, last) }
    }
}

/// Midnight as the end of the day before, which is how people write it.
fn end_of_day(date: NaiveDate, time: TimeOfDay) -> (NaiveDate, TimeOfDay) {
    match (time.as_minutes(), date.pred_opt(), TimeOfDay::from_minutes(24 * 60)) {
        (0, Some(before), Some(midnight)) => (before, midnight),
        _ => (date, time),
    }
}

/// A hole by the wall clock.
#[derive(Clone, Copy, Debug)]
struct Hole {
    from: (NaiveDate, TimeOfDay),
    to: (NaiveDate, TimeOfDay),
    moments: (Timestamp, Timestamp),
}

/// What holes are counted by: from when to when, over how many midnights. Those over more than one
/// are told apart by their weekday, and those of a week and more each by its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    from: TimeOfDay,
    to: TimeOfDay,
    nights: i32,
    day: i32,
}

/// A hole and how often there is one like it on its weekday.
#[derive(Clone, Copy, Debug)]
struct Found {
    hole: Hole,
    times: usize,
}

impl Hole {
    fn nights(&self) -> i32 {
        self.to.0.to_epoch_days() - self.from.0.to_epoch_days()
    }

    fn weekday(&self) -> usize {
        weekday(self.from.0)
    }

    fn pattern(&self) -> Pattern {
        let day = match self.nights() {
            ..=1 => 0,
            2..=6 => weekday(self.from.0) as i32,
            _ => self.from.0.to_epoch_days(),
        };
        Pattern { from: self.from.1, to: self.to.1, nights: self.nights(), day }
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The day of the week, counted from Monday.
fn weekday(date: NaiveDate) -> usize {
    // 1970-01-01 was a Thursday.
    (date.to_epoch_days() + 3).rem_euclid(7) as usize
}

fn tell(found: Vec<Found>) -> HolePattern {
    let hole = found[0].hole;
    let times = found.iter().map(|found| found.times).sum();
    let ((from_date, from), (to_date, to)) = (hole.from, hole.to);
    let words = match (times, hole.nights()) {
        (1, 0) => format!("{from_date} {from} to {to}"),
        (1, _) => format!("{from_date} {from} to {to_date} {to}"),
        (_, 0) => format!("{} {from} to {to}", weekdays(&found)),
        (_, 1) if found.len() > 1 => format!("{} {from} to {to} the next day", weekdays(&found)),
        _ => format!("{} {from} to {} {to}", DAYS[weekday(from_date)], DAYS[weekday(to_date)]),
    };
    HolePattern { words, times, first: hole.moments }
}

/// The weekdays of these holes, such as `mon-thu, sat`.
fn weekdays(found: &[Found]) -> String {
    let has = |day: usize| found.iter().any(|found| found.hole.weekday() == day);
    let mut words: Vec<String> = Vec::new();
    let mut day = 0;
    while day < 7 {
        let run = (day..7).take_while(|&day| has(day)).count();
        match run {
            0 => {}
            1 => words.push(DAYS[day].to_owned()),
            _ => words.push(format!("{}-{}", DAYS[day], DAYS[day + run - 1])),
        }
        day += run.max(1);
    }
    words.join(", ")
}

impl fmt::Display for HoleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.total.as_millis() == YEAR_MS {
            return write!(f, "nobody is on call at any time in the year from {}", self.year_from);
        }
        let tell = |pattern: &HolePattern| match pattern.times {
            1 => pattern.words.clone(),
            times => format!("{} ({times} times)", pattern.words),
        };
        let mut words: Vec<String> = self.patterns.iter().take(Self::SHOWN).map(tell).collect();
        let more = &self.patterns[words.len()..];
        if !more.is_empty() {
            let times: usize = more.iter().map(|pattern| pattern.times).sum();
            words.push(format!("{times} more"));
        }
        let last = words.pop().expect("there is a hole");
        f.write_str("nobody is on call ")?;
        if !words.is_empty() {
            write!(f, "{} and ", words.join(", "))?;
        }
        write!(f, "{last}: {} in the year from {}", self.total, self.year_from)
    }
}
