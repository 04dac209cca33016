//! A contract: for whom and for what the desk works, on which terms, and what it costs.

mod period;
mod refusal;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Calendar, Timestamp};
use serde::{Deserialize, Serialize};

pub use period::{ContractPeriod, Left, MAX_PERIODS, UsedSince};
pub use refusal::ContractRefusal;

use super::PartyId;
use crate::id::{Currency, EquipmentId, OrganizationId, Service};
use crate::limits::{check_count, check_line, check_time};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

/// The most things that one contract names: beyond, it is for all that the organization has.
pub const MAX_COVERED: usize = 10_000;

/// The most services of one contract.
pub const MAX_SERVICES: usize = 256;

/// The highest rate and the most units of a contract: a charge for a month's work stays far below
/// what a number holds.
pub const MAX_UNITS: u64 = 1_000_000_000_000;

/// What was agreed with a customer: for which organization and equipment, how well it is served,
/// when, and what it costs. (What is promised between lines or by a vendor is an
/// [`Agreement`](firstline_sla::Agreement) of the rulebook.)
///
/// ```
/// use firstline_core::{Charge, Contract, ContractPeriod};
///
/// let json = r#"{
///     "name": "Northwind gold 2026", "organization": 1, "tier": "gold", "currency": "EUR",
///     "services": {
///         "remote_work": {"unit": "hour", "included": 600, "rate": 12000},
///         "visit": {"unit": "piece", "included": 2, "rate": 25000}
///     },
///     "used": {"remote_work": 540}
/// }"#;
/// let contract: Contract = serde_json::from_str(json)?;
/// // An hour and a half of work, of which one hour is included still: half an hour at 120 EUR.
/// let at = "2026-03-02T09:00:00Z".parse()?;
/// let charge = contract.charge(&"remote_work".into(), 90, 90, at)?;
/// assert_eq!(charge, Charge { included: 60, charged: 30, cost: 6_000 });
///
/// // If that is included each month, all of it is there again in April.
/// let monthly = Contract { included_per: Some(ContractPeriod::Month), ..contract };
/// let charge = monthly.charge(&"remote_work".into(), 90, 90, "2026-04-01T09:00:00Z".parse()?)?;
/// assert_eq!(charge, Charge { included: 90, charged: 0, cost: 0 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contract {
    /// What it is called.
    pub name: String,
    /// With whom it is.
    pub organization: OrganizationId,
    /// For what it is. None named: for all that the organization has.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub equipment: BTreeSet<EquipmentId>,
    /// How well it has the customer served, in the words that policies ask for, such as `gold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// When work is included: a calendar of the rulebook. `None`: at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// From when on it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when, that moment no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The money of its rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What it offers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<Service, Rate>,
    /// How often all that is included is there anew, counted from the moment from which on it holds, or
    /// else with the calendar. `None`: it is there once and for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub included_per: Option<ContractPeriod>,
    /// The IANA zone in which its periods begin, such as `Europe/Berlin`; UTC if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// How many of the units that are included once and for all are used up. Whoever saves a contract
    /// for the first time says what was used before; from then on the desk counts, and what is saved
    /// later does not change it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub used: BTreeMap<Service, u64>,
    /// The same of the units that are there anew in each period, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_since: Vec<UsedSince>,
}

/// What a service of a contract costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rate {
    /// What it is counted in.
    pub unit: Unit,
    /// How much of it is included: minutes of a service by the hour, or pieces.
    #[serde(default)]
    pub included: u64,
    /// What an hour or a piece costs beyond that, in minor units of the currency: cents, kopecks.
    #[serde(default)]
    pub rate: u64,
}

/// What a service is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unit {
    /// Priced by the hour, counted in minutes.
    Hour,
    /// Priced and counted by the piece: visits, replacements.
    Piece,
}

/// What came of some work under a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Charge {
    /// How many units of it were included.
    pub included: u64,
    /// How many were not.
    pub charged: u64,
    /// What these cost, in minor units of the currency.
    pub cost: u64,
}

impl Contract {
    /// A contract without terms.
    #[must_use]
    pub fn new(name: impl Into<String>, organization: OrganizationId) -> Self {
        Self {
            name: name.into(),
            organization,
            equipment: BTreeSet::new(),
            tier: None,
            hours: None,
            from: None,
            until: None,
            currency: None,
            services: BTreeMap::new(),
            included_per: None,
            time_zone: None,
            used: BTreeMap::new(),
            used_since: Vec::new(),
        }
    }

    /// What `units` of a service cost, `in_hours` of which fell into the hours of the contract: as
    /// many of these are included as are left at the moment `at`, when they began. Half a minor unit is rounded up.
    ///
    /// # Errors
    ///
    /// The contract does not offer the service.
    pub fn charge(
        &self,
        service: &Service,
        units: u64,
        in_hours: u64,
        at: Timestamp,
    ) -> Result<Charge, Refusal> {
        let Some(Rate { unit, included, rate }) = self.services.get(service) else {
            let known = self.services.keys().cloned().collect();
            return Err(ContractRefusal::UnknownService { service: service.clone(), known }.into());
        };
        let left = included.saturating_sub(self.used_at(service, at));
        let included = units.min(in_hours).min(left);
        let charged = units - included;
        let cost = match unit {
            Unit::Hour => charged.saturating_mul(*rate).saturating_add(30) / 60,
            Unit::Piece => charged.saturating_mul(*rate),
        };
        Ok(Charge { included, charged, cost })
    }

    /// How many minutes of a stretch of work fall into the hours of the contract.
    #[must_use]
    pub fn minutes_in_hours(calendar: &Calendar, from: Timestamp, to: Timestamp) -> u64 {
        let open = calendar.between(from, to).as_millis();
        u64::try_from(open).unwrap_or(0) / 60_000
    }

    /// Refuses a contract for what it is not for. The organization comes with all that it is a part
    /// of, and so does the equipment.
    ///
    /// # Errors
    ///
    /// It is with another organization, does not cover the equipment, or does not hold now. One that
    /// names equipment covers nothing else, so it does not cover what is about none.
    pub fn check_covers(
        &self,
        organizations: &[PartyId],
        equipment: &[PartyId],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let is_named = |thing: &PartyId| match thing {
            PartyId::Equipment(id) => self.equipment.contains(id),
            _ => false,
        };
        let why = if !organizations.contains(&PartyId::Organization(self.organization)) {
            "it is with another organization"
        } else if self.equipment.is_empty() || equipment.iter().any(is_named) {
            return self.check_holds(now);
        } else if equipment.is_empty() {
            "it covers certain equipment, and none is named"
        } else {
            "it does not cover the equipment"
        };
        Err(ContractRefusal::ContractDoesNotCover { contract: self.name.clone(), why }.into())
    }

    /// Refuses a contract that does not hold at that moment.
    pub(crate) fn check_holds(&self, at: Timestamp) -> Result<(), Refusal> {
        let why = if self.from.is_some_and(|from| at < from) {
            "it does not hold yet"
        } else if self.until.is_some_and(|until| until <= at) {
            "it does not hold any more"
        } else {
            return Ok(());
        };
        Err(ContractRefusal::ContractDoesNotCover { contract: self.name.clone(), why }.into())
    }

    pub(super) fn check(&self, rulebook: &Rulebook) -> Result<(), Refusal> {
        check_count("equipment", self.equipment.len(), MAX_COVERED)?;
        check_count("services", self.services.len().max(self.used.len()), MAX_SERVICES)?;
        self.tier.as_ref().map_or(Ok(()), |tier| check_line("tier", tier))?;
        self.hours.as_ref().map_or(Ok(()), |hours| rulebook.check_calendar(hours))?;
        [self.from, self.until].into_iter().flatten().try_for_each(check_time)?;
        if let (Some(from), Some(until)) = (self.from, self.until)
            && until <= from
        {
            return Err(ContractRefusal::EndsBeforeItBegins { from, until }.into());
        }
        if let Some(zone) = &self.time_zone
            && !firstline_sla::is_time_zone(zone)
        {
            return Err(Refusal::UnknownTimeZone { found: zone.chars().take(40).collect() });
        }
        check_count("periods", self.used_since.len(), MAX_PERIODS)?;
        for UsedSince { since, counts_at, used } in &self.used_since {
            [Some(*since), *counts_at].into_iter().flatten().try_for_each(check_time)?;
            check_count("services", used.len(), MAX_SERVICES)?;
        }
        self.currency.as_ref().map_or(Ok(()), Currency::check)?;
        for (service, Rate { included, rate, .. }) in &self.services {
            check_line("service", service.as_str())?;
            if *rate > 0 && self.currency.is_none() {
                return Err(
                    ContractRefusal::RateWithoutCurrency { service: service.clone() }.into()
                );
            }
            let found = *rate.max(included);
            if found > MAX_UNITS {
                let (service, most) = (service.clone(), MAX_UNITS);
                return Err(ContractRefusal::RateTooLarge { service, found, most }.into());
            }
        }
        Ok(())
    }
}
