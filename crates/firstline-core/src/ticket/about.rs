//! What a ticket is about: its kind, need and discipline, the thing, and the contract that work on
//! it is done under.

use super::Ticket;
use super::decide::Work;
use super::fact::TicketFact;
use super::kind::{Discipline, Kind, Need};
use super::relation::{Relation, RelationRefused};
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
        let held = match (was == Kind::Problem, kind == Kind::Problem) {
            (true, false) => Some(Relation::ProblemOf),
            (false, true) => Some(Relation::IncidentOf),
            _ => None,
        };
        let others = |relation| self.ticket.related(relation).collect::<Vec<_>>();
        if let Some((relation, others)) =
            held.map(|it| (it, others(it))).filter(|it| !it.1.is_empty())
        {
            return Err(RelationRefused::KindHeld { kind, relation, others }.into());
        }
        self.happen(TicketFact::Described { kind, need, discipline });
        self.follow_lifecycle()?;
        self.attributes_changed()
    }

    /// Somebody found out which thing it is about and under which contract. Policies go by the tier
    /// that follows. That the contract is for this is for whoever knows the contract to check.
    pub(super) fn cover(
        &mut self,
        equipment: Option<Option<EquipmentId>>,
        contract: Option<Option<ContractId>>,
        tier: Option<&Option<String>>,
    ) -> Result<(), Refusal> {
        self.need(Role::Agent, "say what a ticket is about")?;
        tier.into_iter().flatten().try_for_each(|tier| check_line("tier", tier))?;
        let of = &self.ticket;
        let (equipment, contract) =
            (equipment.unwrap_or(of.equipment), contract.unwrap_or(of.contract));
        let tier = tier.unwrap_or(&of.tier).clone();
        if (of.equipment, of.contract, &of.tier) == (equipment, contract, &tier) {
            return Ok(());
        }
        self.happen(TicketFact::Covered { equipment, contract, tier });
        self.attributes_changed()
    }
}
