//! What a ticket is about: its kind, need and discipline, the thing, and the contract that work on
//! it is done under.

use super::Ticket;
use super::decide::Work;
use super::fact::TicketFact;
use super::kind::{Discipline, Kind, Need};
use crate::id::{ContractId, EquipmentId};
use crate::limits::check_line;
use crate::people::Role;
use crate::refusal::Refusal;

impl Work<'_> {
    /// Somebody found out what sort of request it is. Policies go by that.
    pub(super) fn describe(
        &mut self,
        kind: Option<Kind>,
        need: Option<Need>,
        discipline: Option<Discipline>,
    ) -> Result<(), Refusal> {
        self.need(Role::Agent, "say what sort of request it is")?;
        let Ticket { kind: was, need: needed, discipline: trade, .. } = self.ticket;
        let now = (kind.unwrap_or(was), need.or(needed), discipline.or(trade));
        if now == (was, needed, trade) {
            return Ok(());
        }
        let (kind, need, discipline) = now;
        self.happen(TicketFact::Described { kind, need, discipline });
        self.follow_lifecycle()?;
        self.attributes_changed()
    }

    /// Somebody found out which thing it is about and under which contract. Policies go by the tier
    /// that follows. That the contract is for this is for whoever knows the contract to check.
    pub(super) fn cover(
        &mut self,
        equipment: Option<EquipmentId>,
        contract: Option<ContractId>,
        tier: Option<&str>,
    ) -> Result<(), Refusal> {
        self.need(Role::Agent, "say what a ticket is about")?;
        tier.map_or(Ok(()), |tier| check_line("tier", tier))?;
        let of = &self.ticket;
        if (of.equipment, of.contract, of.tier.as_deref()) == (equipment, contract, tier) {
            return Ok(());
        }
        let tier = tier.map(str::to_owned);
        self.happen(TicketFact::Covered { equipment, contract, tier });
        self.attributes_changed()
    }
}
