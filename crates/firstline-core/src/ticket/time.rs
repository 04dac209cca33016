//! Work on a ticket: how long it took, and what it costs by the contract.

mod refusal;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

pub use refusal::WorkRefusal;

use super::Ticket;
use super::decide::{Turn, Work};
use super::fact::TicketFact;
use crate::id::{ContractId, Currency, Service};
use crate::limits::{check_line, check_time};
use crate::people::{Actor, Charge, Contract, Left, Role, Unit};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

/// The most minutes or pieces of one entry: a month without sleep.
pub const MAX_AMOUNT: u64 = 44_640;

/// Some work, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkEntry {
    /// Which service of the contract it was. Work under a contract says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// How much: minutes, or pieces of a service that is counted by the piece.
    pub amount: u64,
    /// When it began; `None` if it ends now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Some work that was written down, and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoggedWork {
    /// Who wrote it down.
    pub by: Actor,
    /// Which service of the contract it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// What it is counted in.
    pub unit: Unit,
    /// How much: minutes, or pieces.
    pub amount: u64,
    /// When it began.
    pub from: Timestamp,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it costs by the contract, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<Charge>,
    /// In which money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// On which contract it was counted; not said by those that were written down before work could
    /// be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// What is left of the service in its period after that, if it is included anew in each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Left>,
    /// Under which beginning of a period the contract counts what was included of it, so that it is given
    /// back there; not said by those that were written down before this was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_since: Option<Timestamp>,
}

/// All work on a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Worked {
    /// How many entries there are.
    pub entries: u32,
    /// How many minutes.
    pub minutes: u64,
    /// What it costs beyond what was included, in minor units by currency.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cost: BTreeMap<Currency, u64>,
    /// The entries that were taken back.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub taken_back: BTreeSet<u32>,
}

impl Worked {
    pub(super) fn is_none(&self) -> bool {
        self.entries == 0
    }

    /// Both together. The entries that were taken back are counted where they were.
    pub(super) fn with(self, other: &Self) -> Self {
        let mut cost = self.cost;
        for (currency, amount) in &other.cost {
            let total = cost.entry(currency.clone()).or_default();
            *total = total.saturating_add(*amount);
        }
        let entries = self.entries.saturating_add(other.entries);
        let minutes = self.minutes.saturating_add(other.minutes);
        Self { entries, minutes, cost, taken_back: self.taken_back }
    }
}

/// Writes work down on a ticket and counts it on its contract, which comes back as it is then.
/// `contract` is the one that the ticket names.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn log_work(
    ticket: Ticket,
    contract: Option<Contract>,
    entry: &WorkEntry,
    (by, rulebook): (Actor, &Rulebook),
    now: Timestamp,
) -> Result<(Turn, Option<Contract>), Refusal> {
    let mut work = Work::go_on(ticket, by, rulebook, now)?;
    work.check_workable()?;
    let mark = work.mark();
    let contract = work.log(entry, contract)?;
    work.follow_up(&mark)?;
    Ok((work.finish()?, contract))
}

/// Takes a work entry back, and gives what it used up back to its contract, which comes back as it is
/// then. `work` is what the ticket's history says of entry number `entry`, and `contract` the one that
/// it was counted on.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn take_back_work(
    ticket: Ticket,
    contract: Option<Contract>,
    (entry, work): (u32, LoggedWork),
    reason: &str,
    (by, rulebook): (Actor, &Rulebook),
    now: Timestamp,
) -> Result<(Turn, Option<Contract>), Refusal> {
    let mut of = Work::go_on(ticket, by, rulebook, now)?;
    of.need(Role::Agent, "take work back")?;
    of.check_workable()?;
    check_line("reason", reason)?;
    if of.ticket.worked.taken_back.contains(&entry) {
        return Err(WorkRefusal::WorkTakenBack { entry }.into());
    }
    let mut contract = contract;
    if let (Some(contract), Some(service), Some(charge)) =
        (&mut contract, &work.service, work.charge)
    {
        match (work.counted_since, &work.left) {
            // Only what is included anew in each period says what was left in its own.
            (None, None) => contract.give_back_for_good(service, charge.included),
            (since, _) => contract.give_back(service, charge.included, since, work.from),
        }
    }
    let mark = of.mark();
    let reason = reason.to_owned();
    of.happen(TicketFact::WorkTakenBack { entry, by, reason, work });
    of.follow_up(&mark)?;
    Ok((of.finish()?, contract))
}

impl Work<'_> {
    pub(super) fn log(
        &mut self,
        entry: &WorkEntry,
        contract: Option<Contract>,
    ) -> Result<Option<Contract>, Refusal> {
        self.need(Role::Agent, "write work down")?;
        let WorkEntry { service, amount, from, note } = entry;
        if !(1..=MAX_AMOUNT).contains(amount) {
            return Err(WorkRefusal::WorkOutOfRange { amount: *amount, most: MAX_AMOUNT }.into());
        }
        note.as_ref().map_or(Ok(()), |note| check_line("note", note))?;
        let (mut left, mut counted_since) = (None, None);
        let (unit, charge, contract) = match (contract, service) {
            (None, None) => (Unit::Hour, None, None),
            (None, Some(service)) => {
                return Err(WorkRefusal::ServiceWithoutContract { service: service.clone() }.into());
            }
            (Some(contract), None) => {
                let known = contract.services.keys().cloned().collect();
                return Err(WorkRefusal::ServiceMissing { known }.into());
            }
            (Some(mut contract), Some(service)) => {
                let unit = contract.services.get(service).map_or(Unit::Hour, |rate| rate.unit);
                let (began, _) = self.stretch(*from, unit, *amount)?;
                contract.check_holds(began)?;
                let in_hours = self.in_hours(&contract, unit, *amount, *from)?;
                let charge = contract.charge(service, *amount, in_hours, began)?;
                counted_since = contract.use_up(service, charge.included, began);
                left = contract.left_at(began).into_iter().find(|it| it.service == *service);
                (unit, Some(charge), Some(contract))
            }
        };
        let currency = contract.as_ref().and_then(|contract| contract.currency.clone());
        let (from, _) = self.stretch(*from, unit, *amount)?;
        let (by, service, note, amount) = (self.by, service.clone(), note.clone(), *amount);
        let contract_id = self.ticket.contract.filter(|_| contract.is_some());
        let logged = LoggedWork {
            by,
            service,
            unit,
            amount,
            from,
            note,
            charge,
            currency,
            contract: contract_id,
            left,
            counted_since,
        };
        self.happen(TicketFact::WorkLogged(logged));
        Ok(contract)
    }

    /// How much of some work falls into the hours of its contract. What is counted by the piece
    /// falls in whole into where it began.
    fn in_hours(
        &self,
        contract: &Contract,
        unit: Unit,
        amount: u64,
        from: Option<Timestamp>,
    ) -> Result<u64, Refusal> {
        let (from, to) = self.stretch(from, unit, amount)?;
        let Some(hours) = &contract.hours else {
            return Ok(amount);
        };
        let calendar = self.rulebook.find_calendar(hours)?;
        Ok(match unit {
            Unit::Hour => Contract::minutes_in_hours(calendar, from, to),
            Unit::Piece if calendar.is_open(from) => amount,
            Unit::Piece => 0,
        })
    }

    /// When work began and ended. It is over by now. What is counted by the piece takes no time.
    fn stretch(
        &self,
        from: Option<Timestamp>,
        unit: Unit,
        amount: u64,
    ) -> Result<(Timestamp, Timestamp), Refusal> {
        let minutes = if unit == Unit::Hour { amount } else { 0 };
        let long = i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(60_000);
        let from = from.or_else(|| self.now.checked_add_millis(-long)).unwrap_or(self.now);
        check_time(from)?;
        let to = from.checked_add_millis(long).unwrap_or(Timestamp::MAX);
        if to > self.now {
            return Err(WorkRefusal::WorkInTheFuture { to, now: self.now }.into());
        }
        Ok((from, to))
    }
}

impl Ticket {
    pub(super) fn take_back(&mut self, entry: u32, work: &LoggedWork) {
        self.worked.taken_back.insert(entry);
        if work.unit == Unit::Hour {
            self.worked.minutes = self.worked.minutes.saturating_sub(work.amount);
        }
        let cost = work.charge.map_or(0, |charge| charge.cost);
        if let Some(currency) = &work.currency
            && let Some(total) = self.worked.cost.get_mut(currency)
        {
            *total = total.saturating_sub(cost);
            self.worked.cost.retain(|_, total| *total > 0);
        }
    }

    pub(super) fn change_worked(&mut self, logged: &LoggedWork) {
        self.worked.entries += 1;
        if logged.unit == Unit::Hour {
            self.worked.minutes += logged.amount;
        }
        let cost = logged.charge.map_or(0, |charge| charge.cost);
        if let Some(currency) = logged.currency.as_ref().filter(|_| cost > 0) {
            let total = self.worked.cost.entry(currency.clone()).or_default();
            *total = total.saturating_add(cost);
        }
    }
}
