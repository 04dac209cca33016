//! The days of a rule, one period after the other.

use chrono::{Datelike, Days, NaiveDate};

use super::{End, Frequency, Recurrence, WeekDay};

/// How many days, weeks, months or years in a row may have nothing before the search ends: a leap day
/// on a day of the week can take forty years, which are as many periods of a year.
const MAX_IDLE: u32 = 4_000;

/// The last year of a rule.
const LAST_YEAR: i32 = 9_999;

/// The days on which something comes, in order. See [`Recurrence::dates`].
#[derive(Clone, Debug)]
pub struct Dates<'r> {
    rule: &'r Recurrence,
    start: NaiveDate,
    from: NaiveDate,
    /// The next day, week, month or year to look at, counted from the one of the start.
    period: i64,
    /// What is left of the last one, the earliest last.
    found: Vec<NaiveDate>,
    /// How many times it has come.
    given: u32,
    idle: u32,
}

impl<'r> Dates<'r> {
    pub(super) fn new(rule: &'r Recurrence, start: NaiveDate) -> Self {
        Self { rule, start, from: start, period: 0, found: Vec::new(), given: 0, idle: 0 }
    }

    pub(super) fn from(rule: &'r Recurrence, start: NaiveDate, from: NaiveDate) -> Self {
        let mut dates = Self::new(rule, start);
        dates.from = from.max(start);
        // Times that are counted are counted from the first.
        if !matches!(rule.end, End::After(_)) {
            let days = from.signed_duration_since(start).num_days().max(0);
            let longest = match rule.frequency {
                Frequency::Daily => 1,
                Frequency::Weekly => 7,
                Frequency::Monthly => 31,
                Frequency::Yearly => 366,
            };
            let passed = days / longest / i64::from(rule.interval);
            dates.period = (passed - 1).max(0) * i64::from(rule.interval);
        }
        dates
    }

    /// Looks at the next period; `None` at the end of the calendar.
    fn look(&mut self) -> Option<()> {
        let mut found = candidates(self.rule, self.start, self.period)?;
        self.period += i64::from(self.rule.interval);
        found.sort_unstable();
        found.dedup();
        if !self.rule.places.is_empty() {
            found = chosen(&found, &self.rule.places);
        }
        found.retain(|date| *date >= self.start);
        found.reverse();
        self.idle = if found.is_empty() { self.idle + 1 } else { 0 };
        self.found = found;
        Some(())
    }
}

impl Iterator for Dates<'_> {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        loop {
            let Some(date) = self.found.pop() else {
                if self.idle > MAX_IDLE {
                    return None;
                }
                self.look()?;
                continue;
            };
            let is_over = match self.rule.end {
                End::Never => false,
                End::After(count) => self.given >= count,
                End::On(last) => date > last,
            };
            if is_over {
                return None;
            }
            self.given += 1;
            if date >= self.from {
                return Some(date);
            }
        }
    }
}

/// The days in a period that the rule names, in any order; `None` beyond the end of the calendar.
fn candidates(rule: &Recurrence, start: NaiveDate, period: i64) -> Option<Vec<NaiveDate>> {
    match rule.frequency {
        Frequency::Daily => {
            let day = start.checked_add_days(Days::new(u64::try_from(period).ok()?))?;
            let day = Some(day).filter(|day| day.year() <= LAST_YEAR)?;
            let is_meant =
                in_months(rule, day) && on_month_days(rule, day) && on_week_days(rule, day);
            Some(if is_meant { vec![day] } else { Vec::new() })
        }
        Frequency::Weekly => {
            let week = start.week(rule.week_start).checked_first_day()?;
            let first = week.checked_add_days(Days::new(u64::try_from(period).ok()? * 7))?;
            let first = Some(first).filter(|day| day.year() <= LAST_YEAR)?;
            let days = first.iter_days().take(7).filter(|day| in_months(rule, *day));
            let is_meant = |day: &NaiveDate| match rule.week_days.is_empty() {
                true => day.weekday() == start.weekday(),
                false => on_week_days(rule, *day),
            };
            Some(days.filter(is_meant).collect())
        }
        Frequency::Monthly => {
            let months = i64::from(start.year()) * 12 + i64::from(start.month0()) + period;
            let year = i32::try_from(months.div_euclid(12)).ok().filter(|it| *it <= LAST_YEAR)?;
            let month = u32::try_from(months.rem_euclid(12)).ok()? + 1;
            if !rule.months.is_empty() && !rule.months.contains(&month) {
                return Some(Vec::new());
            }
            Some(days_of_month(rule, start, year, month))
        }
        Frequency::Yearly => {
            let year = i32::try_from(i64::from(start.year()) + period).ok();
            let year = year.filter(|year| *year <= LAST_YEAR)?;
            Some(days_of_year(rule, start, year))
        }
    }
}

fn days_of_year(rule: &Recurrence, start: NaiveDate, year: i32) -> Vec<NaiveDate> {
    if !rule.months.is_empty() {
        let months = rule.months.iter();
        return months.flat_map(|month| days_of_month(rule, start, year, *month)).collect();
    }
    if rule.week_days.is_empty() && rule.month_days.is_empty() {
        return start.with_year(year).into_iter().collect();
    }
    // Days of the week are counted in the whole year.
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    let days = first.into_iter().flat_map(|first| first.iter_days());
    let days: Vec<NaiveDate> = days.take_while(|day| day.year() == year).collect();
    let of_week = if rule.week_days.is_empty() { days } else { named(&days, &rule.week_days) };
    of_week.into_iter().filter(|day| on_month_days(rule, *day)).collect()
}

fn days_of_month(rule: &Recurrence, start: NaiveDate, year: i32, month: u32) -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, 1);
    let days = first.into_iter().flat_map(|first| first.iter_days());
    let days: Vec<NaiveDate> = days.take_while(|day| day.month() == month).collect();
    if rule.month_days.is_empty() && rule.week_days.is_empty() {
        return days.into_iter().filter(|day| day.day() == start.day()).collect();
    }
    let of_week = if rule.week_days.is_empty() { days } else { named(&days, &rule.week_days) };
    of_week.into_iter().filter(|day| on_month_days(rule, *day)).collect()
}

/// The days of the week that are named, where a number counts among all days of the period.
fn named(days: &[NaiveDate], week_days: &[WeekDay]) -> Vec<NaiveDate> {
    let mut found = Vec::new();
    for WeekDay { day, place } in week_days {
        let same: Vec<NaiveDate> = days
            .iter()
            .copied()
            .filter(|date| date.weekday().num_days_from_monday() == *day)
            .collect();
        match place {
            0 => found.extend(same),
            place => found.extend(at_place(&same, *place)),
        }
    }
    found
}

/// The days that stand at these places.
fn chosen(days: &[NaiveDate], places: &[i32]) -> Vec<NaiveDate> {
    let mut found: Vec<NaiveDate> = places.iter().filter_map(|it| at_place(days, *it)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The one at a place: from 1, or from the end below 0.
fn at_place(days: &[NaiveDate], place: i32) -> Option<NaiveDate> {
    let distance = usize::try_from(place.unsigned_abs()).ok()?.checked_sub(1)?;
    if place > 0 { days.get(distance).copied() } else { days.iter().rev().nth(distance).copied() }
}

fn in_months(rule: &Recurrence, day: NaiveDate) -> bool {
    rule.months.is_empty() || rule.months.contains(&day.month())
}

fn on_month_days(rule: &Recurrence, day: NaiveDate) -> bool {
    let from_start = i32::try_from(day.day()).unwrap_or(0);
    let from_end = from_start - i32::from(day.num_days_in_month()) - 1;
    let is_named = |named: &i32| *named == from_start || *named == from_end;
    rule.month_days.is_empty() || rule.month_days.iter().any(is_named)
}

fn on_week_days(rule: &Recurrence, day: NaiveDate) -> bool {
    let day = day.weekday().num_days_from_monday();
    rule.week_days.is_empty() || rule.week_days.iter().any(|named| named.day == day)
}
