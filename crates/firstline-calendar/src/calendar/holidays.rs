//! From the rules for holidays to the days on which they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::spec::dates::{DateRule, weekday_of};
use crate::{CalendarError, HolidaySpec, Observed};

/// A calendar has at most so many days that are holidays: enough for a hundred yearly rules, and
/// some ten megabytes of tables.
const MAX_HOLIDAYS: usize = 100_000;

/// The days that are holidays.
#[derive(Default)]
pub(super) struct Holidays {
    /// What they are called.
    pub(super) names: Vec<Option<Arc<str>>>,
    /// Which name each day has. Days are counted from 1970-01-01.
    pub(super) days: BTreeMap<i64, usize>,
}

pub(super) fn find_holidays(specs: &[HolidaySpec]) -> Result<Holidays, CalendarError> {
    let mut holidays = Holidays::default();
    let mut moved = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("holidays[{index}]");
        let days = i64::from(check(spec, &path)?);
        let name = holidays.names.len();
        holidays.names.push(spec.name.as_deref().map(Arc::from));
        for first in first_days(spec, &path)? {
            for day in first..first + days {
                holidays.days.entry(day).or_insert(name);
            }
            if let Some(observed) = spec.observed
                && weekday_of(first) >= 5
            {
                moved.push((first, observed, name));
            }
            if holidays.days.len() > MAX_HOLIDAYS {
                return Err(CalendarError::TooManyHolidays { path, limit: MAX_HOLIDAYS });
            }
        }
    }
    // In order of time, and after all others are in place: each takes the first day that is free.
    moved.sort_by_key(|&(day, ..)| day);
    for (day, observed, name) in moved {
        if let Some(free) = observed_day(day, observed, &holidays.days) {
            holidays.days.insert(free, holidays.names.len());
            let name = holidays.names[name].as_deref();
            holidays.names.push(name.map(|name| format!("{name} (observed)").into()));
        }
    }
    Ok(holidays)
}

/// How many days the holiday lasts, if what is said of it goes together.
fn check(spec: &HolidaySpec, path: &str) -> Result<u32, CalendarError> {
    let days = spec.days.unwrap_or(1);
    let fault = |key: &str, found: String, problem| {
        Err(CalendarError::Holiday { path: format!("{path}.{key}"), found, problem })
    };
    if !(1..=366).contains(&days) {
        return fault("days", days.to_string(), "write 1 to 366 days");
    }
    if days > 1 && spec.observed.is_some() {
        return fault("days", days.to_string(), "`observed` is for holidays of one day");
    }
    for (key, year) in [("from", spec.from), ("until", spec.until)] {
        if let Some(year) = year.filter(|year| !(0..=9999).contains(year)) {
            return fault(key, year.to_string(), "write a year from 0 to 9999");
        }
    }
    match (spec.from, spec.until) {
        (Some(from), Some(until)) if until < from => {
            fault("until", until.to_string(), "write a year that is not before `from`")
        }
        _ => Ok(days),
    }
}

/// The days on which the holiday begins.
fn first_days(spec: &HolidaySpec, path: &str) -> Result<Vec<i64>, CalendarError> {
    let fault = |problem| CalendarError::Holiday {
        path: format!("{path}.date"),
        found: spec.date.clone(),
        problem,
    };
    match DateRule::read(&spec.date).map_err(fault)? {
        DateRule::Once(_) if spec.from.is_some() || spec.until.is_some() => {
            Err(fault("a date with a year has no `from` and `until`; leave them or the year out"))
        }
        DateRule::Once(day) => Ok(vec![day]),
        DateRule::Yearly(rule) => {
            let from = spec.from.unwrap_or(HolidaySpec::FIRST_YEAR);
            let until = spec.until.unwrap_or(HolidaySpec::LAST_YEAR);
            Ok((from..=until).filter_map(|year| rule.in_year(year)).collect())
        }
    }
}

/// The day on which a holiday on a weekend is kept, unless that is closed already.
fn observed_day(day: i64, observed: Observed, holidays: &BTreeMap<i64, usize>) -> Option<i64> {
    let saturday = weekday_of(day) == 5;
    match observed {
        Observed::Monday => {
            (day + 1..).find(|next| weekday_of(*next) < 5 && !holidays.contains_key(next))
        }
        Observed::Nearest => {
            let near = if saturday { day - 1 } else { day + 1 };
            (!holidays.contains_key(&near)).then_some(near)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn in_year(specs: &[HolidaySpec], year: i32) -> Vec<String> {
        let Holidays { names, days } = find_holidays(specs).unwrap();
        let text = |(day, name): (i64, usize)| {
            let date = NaiveDate::from_epoch_days(day as i32).unwrap().to_string();
            match &names[name] {
                Some(name) => format!("{date} {name}"),
                None => date,
            }
        };
        days.into_iter().map(text).filter(|text| text.starts_with(&year.to_string())).collect()
    }

    fn observed(date: &str, name: &str, observed: Observed) -> HolidaySpec {
        let name = Some(name.to_owned());
        HolidaySpec { name, observed: Some(observed), ..HolidaySpec::from(date) }
    }

    #[test]
    fn christmas_on_a_weekend_takes_the_two_days_after_it() {
        let christmas = [
            observed("12-25", "Christmas", Observed::Monday),
            observed("12-26", "Boxing Day", Observed::Monday),
        ];
        assert_eq!(
            in_year(&christmas, 2021),
            [
                "2021-12-25 Christmas",
                "2021-12-26 Boxing Day",
                "2021-12-27 Christmas (observed)",
                "2021-12-28 Boxing Day (observed)",
            ],
        );
        assert_eq!(
            in_year(&christmas, 2022),
            ["2022-12-25 Christmas", "2022-12-26 Boxing Day", "2022-12-27 Christmas (observed)",],
        );
        assert_eq!(in_year(&christmas, 2023).len(), 2);
    }

    #[test]
    fn independence_day_on_a_saturday_is_kept_on_friday() {
        let july = [observed("07-04", "Independence Day", Observed::Nearest)];
        assert_eq!(
            in_year(&july, 2026),
            ["2026-07-03 Independence Day (observed)", "2026-07-04 Independence Day"],
        );
        assert_eq!(in_year(&july, 2027)[1], "2027-07-05 Independence Day (observed)");
    }

    #[test]
    fn a_rule_keeps_to_its_years_and_days_follow_each_other() {
        let rule = HolidaySpec {
            days: Some(3),
            from: Some(2025),
            until: Some(2025),
            ..HolidaySpec::from("12-31")
        };
        assert_eq!(in_year(core::slice::from_ref(&rule), 2025), ["2025-12-31"]);
        assert_eq!(in_year(&[rule], 2026), ["2026-01-01", "2026-01-02"]);
    }

    #[test]
    fn what_does_not_go_together_is_refused_with_its_place() {
        let spec = HolidaySpec::from("12-25");
        for (path, spec) in [
            ("holidays[0].days", HolidaySpec { days: Some(0), ..spec.clone() }),
            ("holidays[0].days", HolidaySpec { days: Some(u32::MAX), ..spec.clone() }),
            ("holidays[0].from", HolidaySpec { from: Some(-1), ..spec.clone() }),
            ("holidays[0].until", HolidaySpec { until: Some(i32::MAX), ..spec.clone() }),
            (
                "holidays[0].until",
                HolidaySpec { from: Some(2026), until: Some(2025), ..spec.clone() },
            ),
            (
                "holidays[0].days",
                HolidaySpec { days: Some(2), observed: Some(Observed::Monday), ..spec },
            ),
            (
                "holidays[0].date",
                HolidaySpec { until: Some(2025), ..HolidaySpec::from("2025-12-25") },
            ),
        ] {
            assert_eq!(find_holidays(&[spec]).err().unwrap().path(), path);
        }
    }

    #[test]
    fn too_many_holidays_are_refused_before_memory_runs_out() {
        let year = HolidaySpec { days: Some(366), ..HolidaySpec::from("01-01") };
        let error = find_holidays(&[HolidaySpec { until: Some(9999), ..year }]).err().unwrap();
        assert!(matches!(error, CalendarError::TooManyHolidays { .. }), "{error}");
    }
}
