//! What is included anew in each month, quarter or year of a contract, and what of it is left.

use std::collections::BTreeMap;

use firstline_sla::{NaiveDate, TimeOfDay, Timestamp, WallClock};
use serde::{Deserialize, Serialize};

use super::{Contract, Rate, Unit};
use crate::id::Service;

/// The most periods of a contract of which the desk keeps what was used: five years of months. Work
/// that is written down later still finds nothing left.
pub const MAX_PERIODS: usize = 60;

/// How often what a contract includes is there anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ContractPeriod {
    /// Every month.
    Month,
    /// Every three months.
    Quarter,
    /// Every year.
    Year,
}

/// What is left of the included units of a service in a period of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Left {
    /// Of which service.
    pub service: Service,
    /// What it is counted in.
    pub unit: Unit,
    /// How many: minutes, or pieces.
    pub units: u64,
    /// Where the period ends and all is there anew.
    pub until: Timestamp,
}

/// How much of what is included was used in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsedSince {
    /// When the period began.
    pub since: Timestamp,
    /// How many of the included units of each service.
    pub used: BTreeMap<Service, u64>,
}

impl ContractPeriod {
    const fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

impl Contract {
    /// The period at some moment: where it begins and where it ends. `None` if what the contract
    /// includes is there once and for all.
    #[must_use]
    pub fn period_at(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let months = self.included_per?.months();
        let clock = self.clock();
        let midnight = TimeOfDay::from_minutes(0)?;
        let first =
            self.from.or_else(|| clock.at(NaiveDate::from_ymd_opt(1970, 1, 1)?, midnight))?;
        let [begun, now] = [first, at].map(|at| clock.local_time(at));
        let since = (now.year - begun.year) * 12 + i32::from(now.month) - i32::from(begun.month);
        // Later in its month than the first one began, or not yet.
        let guess = since.div_euclid(months);
        let nth = |number: i32| self.begins(clock, first, number * months);
        let number = if nth(guess)? <= at { guess } else { guess - 1 };
        Some((nth(number)?, nth(number + 1)?))
    }

    /// The moment so many months after the first one, on its day or the last one of a shorter month.
    fn begins(&self, clock: WallClock, first: Timestamp, months: i32) -> Option<Timestamp> {
        let begun = clock.local_time(first);
        let month = i32::from(begun.month) - 1 + months;
        let (year, month) = (begun.year + month.div_euclid(12), month.rem_euclid(12) + 1);
        let month = u32::try_from(month).ok()?;
        let days = (1..=u32::from(begun.day)).rev();
        let date = days.filter_map(|day| NaiveDate::from_ymd_opt(year, month, day)).next()?;
        clock.at(date, clock.shows(first).1)
    }

    /// The clock by which its periods begin.
    pub(crate) fn clock(&self) -> WallClock {
        let named = self.time_zone.as_deref().and_then(|zone| WallClock::of(zone).ok());
        named.unwrap_or_else(WallClock::utc)
    }

    /// How many of the included units of a service are used up at a moment: in its period, if they are
    /// there anew in each.
    #[must_use]
    pub fn used_at(&self, service: &Service, at: Timestamp) -> u64 {
        let Some((from, until)) = self.period_at(at) else {
            return self.used.get(service).copied().unwrap_or(0);
        };
        let is_forgotten = self.used_since.len() >= MAX_PERIODS
            && self.used_since.iter().all(|it| until <= it.since);
        if is_forgotten {
            return u64::MAX;
        }
        let of_it = self.used_since.iter().filter(|it| (from..until).contains(&it.since));
        let of_it = of_it.filter_map(|it| it.used.get(service));
        of_it.fold(0, |all, used| all.saturating_add(*used))
    }

    /// What is left of each service that has something included, in the period of a moment. Nothing is
    /// told of what is included once and for all.
    #[must_use]
    pub fn left_at(&self, at: Timestamp) -> Vec<Left> {
        let Some((_, until)) = self.period_at(at) else { return Vec::new() };
        let included = self.services.iter().filter(|(_, rate)| rate.included > 0);
        let left = included.map(|(service, Rate { unit, included, .. })| Left {
            service: service.clone(),
            unit: *unit,
            units: included.saturating_sub(self.used_at(service, at)),
            until,
        });
        left.collect()
    }

    /// Counts included units as used.
    pub(crate) fn use_up(&mut self, service: &Service, units: u64, at: Timestamp) {
        if units == 0 {
            return;
        }
        let Some((from, _)) = self.period_at(at) else {
            let used = self.used.entry(service.clone()).or_default();
            *used = used.saturating_add(units);
            return;
        };
        if !self.used_since.iter().any(|it| it.since == from) {
            self.used_since.push(UsedSince { since: from, used: BTreeMap::new() });
            self.used_since.sort_by_key(|it| it.since);
        }
        if let Some(it) = self.used_since.iter_mut().find(|it| it.since == from) {
            let used = it.used.entry(service.clone()).or_default();
            *used = used.saturating_add(units);
        }
        let beyond = self.used_since.len().saturating_sub(MAX_PERIODS);
        self.used_since.drain(..beyond);
    }

    /// Gives back what was counted as used, as far as it was.
    pub(crate) fn give_back(&mut self, service: &Service, mut units: u64, at: Timestamp) {
        let give = |used: &mut BTreeMap<Service, u64>, units: &mut u64| {
            if let Some(of_it) = used.get_mut(service) {
                let given = (*units).min(*of_it);
                *of_it -= given;
                *units -= given;
                used.retain(|_, used| *used > 0);
            }
        };
        let Some((from, until)) = self.period_at(at) else {
            return give(&mut self.used, &mut units);
        };
        let of_it = self.used_since.iter_mut().filter(|it| (from..until).contains(&it.since));
        of_it.for_each(|it| give(&mut it.used, &mut units));
        self.used_since.retain(|it| !it.used.is_empty());
    }
}
