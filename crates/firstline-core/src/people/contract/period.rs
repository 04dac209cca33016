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
    /// When the period began, as the contract was when it was used. No other entry has the same, so that
    /// work that is taken back finds what it was counted on.
    pub since: Timestamp,
    /// A moment of the period in which it counts, once other terms have moved the periods; where it
    /// began if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_at: Option<Timestamp>,
    /// How many of the included units of each service.
    pub used: BTreeMap<Service, u64>,
}

impl UsedSince {
    const fn counts(&self) -> Timestamp {
        match self.counts_at {
            Some(at) => at,
            None => self.since,
        }
    }
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
            && self.used_since.iter().all(|it| until <= it.counts());
        if is_forgotten {
            return u64::MAX;
        }
        let of_it = self.used_since.iter().filter(|it| (from..until).contains(&it.counts()));
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

    /// Counts included units as used, and says under which beginning of a period. `None` if there was
    /// nothing to count, or it is counted once and for all.
    pub(crate) fn use_up(
        &mut self,
        service: &Service,
        units: u64,
        at: Timestamp,
    ) -> Option<Timestamp> {
        if units == 0 {
            return None;
        }
        let Some((from, until)) = self.period_at(at) else {
            let used = self.used.entry(service.clone()).or_default();
            *used = used.saturating_add(units);
            return None;
        };
        let counts_here = |it: &UsedSince| (from..until).contains(&it.counts());
        // What was used when another period began at this moment may count elsewhere by now.
        let is_free = |since: &Timestamp| {
            let mut known = self.used_since.iter();
            known.all(|it| it.since != *since || counts_here(it))
        };
        let since = (0..).map_while(|later| from.checked_add_millis(later)).find(is_free)?;
        if !self.used_since.iter().any(|it| it.since == since) {
            self.used_since.push(UsedSince { since, counts_at: None, used: BTreeMap::new() });
            self.used_since.sort_by_key(UsedSince::counts);
        }
        if let Some(it) = self.used_since.iter_mut().find(|it| it.since == since) {
            let used = it.used.entry(service.clone()).or_default();
            *used = used.saturating_add(units);
        }
        while self.used_since.len() > MAX_PERIODS {
            self.forget_one();
        }
        Some(since)
    }

    /// Makes room: two entries that count in the same period become one, or else the oldest one goes.
    fn forget_one(&mut self) {
        let period = |it: &UsedSince| self.period_at(it.counts());
        let same = self.used_since.windows(2).position(|two| period(&two[0]) == period(&two[1]));
        let gone = self.used_since.remove(same.unwrap_or(0));
        let kept = same.and_then(|index| self.used_since.get_mut(index));
        if let Some(kept) = kept {
            for (service, units) in gone.used {
                let used = kept.used.entry(service).or_default();
                *used = used.saturating_add(units);
            }
        }
    }

    /// Takes over what was used `before` other terms, which hold from `now` on. What was used in the
    /// period that runs stays used in the one that runs by these terms, wherever that begins; what was
    /// used in another one counts where the middle of that lies.
    pub(in crate::people) fn go_on_from(&mut self, before: &Self, now: Timestamp) {
        self.used.clone_from(&before.used);
        self.used_since.clone_from(&before.used_since);
        let is_moved = (self.included_per, self.from) != (before.included_per, before.from)
            || self.time_zone != before.time_zone;
        let Some(running) = before.period_at(now).filter(|_| is_moved) else { return };
        for it in &mut self.used_since {
            let Some((from, until)) = before.period_at(it.counts()) else { continue };
            let middle = from.checked_add_millis(until.millis_since(from) / 2);
            it.counts_at =
                if (from, until) == running { Some(now) } else { it.counts_at.or(middle) };
        }
        self.used_since.sort_by_key(UsedSince::counts);
    }

    /// Gives back what was counted as used once and for all, as far as it was.
    pub(crate) fn give_back_for_good(&mut self, service: &Service, mut units: u64) {
        give(&mut self.used, service, &mut units);
    }

    /// Gives back what was counted as used by work of that moment in a period, as far as it was: under
    /// the beginning `since` which, or in the period of the work if nobody has noted that.
    pub(crate) fn give_back(
        &mut self,
        service: &Service,
        mut units: u64,
        since: Option<Timestamp>,
        at: Timestamp,
    ) {
        let is_noted = |it: &UsedSince| since == Some(it.since);
        let period = self.period_at(at);
        let is_of_then = |it: &UsedSince| {
            period.is_some_and(|(from, until)| (from..until).contains(&it.counts()))
        };
        let noted = self.used_since.iter_mut().find(|it| is_noted(it));
        if let Some(it) = noted {
            give(&mut it.used, service, &mut units);
        } else {
            let of_then = self.used_since.iter_mut().filter(|it| is_of_then(it));
            of_then.for_each(|it| give(&mut it.used, service, &mut units));
        }
        self.used_since.retain(|it| !it.used.is_empty());
    }
}

fn give(used: &mut BTreeMap<Service, u64>, service: &Service, units: &mut u64) {
    if let Some(of_it) = used.get_mut(service) {
        let given = (*units).min(*of_it);
        *of_it -= given;
        *units -= given;
        used.retain(|_, used| *used > 0);
    }
}
