//! Saving who somebody is, what something is, and what was agreed.

use std::borrow::Cow;

use firstline_core::{
    Actor, AgentId, Contract, ContractId, Correction, Equipment, EquipmentId, Event, LoggedWork,
    Organization, OrganizationId, Party, PartyId, Presence, Refusal, Role, Stream, Successor,
    Ticket, TicketAction, TicketEvent, TicketFact, TicketId, Turn, WorkEntry, carry_out, lineage,
    log_work, take_back_work,
};
use firstline_store::{Receipt, State};

use super::execute::Order;
use crate::error::Error;

impl Order<'_> {
    /// Saves who somebody is. What is known already is not recorded again, so that a host may say
    /// it before every command.
    pub(super) fn save(&mut self, id: PartyId, party: &Party) -> Result<Receipt, Error> {
        let needed = match id {
            PartyId::Agent(_) | PartyId::Contract(_) => Role::System,
            PartyId::Contact(_)
            | PartyId::Organization(_)
            | PartyId::Equipment(_)
            | PartyId::Plan(_) => Role::Agent,
        };
        if self.by.role() < needed {
            let action = "save who somebody is";
            return Err(Refusal::NotPermitted { actor: self.by, action, needed }.into());
        }
        party.check(id, &self.rules.book)?;
        for named in party.parties() {
            self.check_party(named)?;
        }
        let stored = self.transaction.party(id)?;
        let expected = stored.as_ref().map_or(0, |stored| stored.version);
        let known = stored.map(|stored| stored.state);
        let mut party = party.clone();
        party.go_on_from(known.as_ref(), self.now);
        if let Party::Plan(plan) = &mut party {
            let before = match &known {
                Some(Party::Plan(before)) => Some(before),
                _ => None,
            };
            plan.go_on_from(before, &self.rules.book, self.now)?;
            // Whoever saves it is there to hear of it; nobody is when its dates come.
            if !plan.paused {
                let open = TicketAction::Open(plan.request.clone());
                let id = self.transaction.next_ticket_id()?;
                let open = self.completed(&open, id, None)?;
                carry_out(None, &open, Actor::System, &self.rules.book, self.now)?;
            }
        }
        if party.parent() != known.as_ref().and_then(Party::parent) {
            lineage(id, |of| if of == id { Ok(party.parent()) } else { self.parent(of) })?;
        }
        let is_known = known.as_ref() == Some(&party);
        let events = if is_known { Vec::new() } else { vec![Event::Party(party.clone())] };
        self.record(Stream::Party(id), expected, events, State::Party(party))
    }

    /// Says whether an agent is there. What is known already is not recorded again.
    pub(super) fn set_presence(
        &mut self,
        agent: AgentId,
        presence: Presence,
    ) -> Result<Receipt, Error> {
        if !matches!(self.by, Actor::System) && self.by != Actor::Agent(agent) {
            let (actor, needed) = (self.by, Role::System);
            let action = "say of somebody else whether they are there";
            return Err(Refusal::NotPermitted { actor, action, needed }.into());
        }
        let id = PartyId::Agent(agent);
        let stored = self.transaction.party(id)?.ok_or_else(|| id.unknown())?;
        let Party::Agent(mut person) = stored.state else {
            return Err(id.unknown().into());
        };
        let is_news = person.presence != presence;
        if is_news {
            (person.presence, person.presence_since) = (presence, Some(self.now));
        }
        let party = Party::Agent(person);
        let events = if is_news { vec![Event::Party(party.clone())] } else { Vec::new() };
        self.record(Stream::Party(id), stored.version, events, State::Party(party))
    }

    /// What a party is a part of.
    pub(super) fn parent(&self, id: PartyId) -> Result<Option<PartyId>, Error> {
        Ok(self.party(id)?.and_then(|party| party.parent()))
    }

    /// The action with what only the desk's other streams can say: a request is for the contact's
    /// own organization and in the contact's own language if it names none, under the organization's
    /// contract if that is for it, served as the contract or the organization has it, and has this number.
    pub(super) fn completed<'a>(
        &self,
        action: &'a TicketAction,
        id: TicketId,
        ticket: Option<&Ticket>,
    ) -> Result<Cow<'a, TicketAction>, Error> {
        match (action, ticket) {
            (TicketAction::Open(request), _) => {
                let mut request = request.clone();
                request.number = Some(id);
                if let Some(Party::Contact(contact)) =
                    self.party(PartyId::Contact(request.requester))?
                {
                    request.organization = request.organization.or(contact.organization);
                    request.language = request.language.or(contact.language);
                }
                self.check_owner(request.organization, request.equipment)?;
                if request.contract.is_none() {
                    request.contract =
                        self.usual_contract(request.organization, request.equipment)?;
                }
                let things = (request.organization, request.equipment, request.contract);
                let tier = self.tier(things)?;
                request.tier = request.tier.or(tier);
                Ok(Cow::Owned(TicketAction::Open(request)))
            }
            (TicketAction::Cover { equipment, contract, tier }, Some(ticket)) => {
                let (equipment, contract) = (*equipment, *contract);
                self.check_owner(ticket.organization, equipment.flatten())?;
                let thing = equipment.unwrap_or(ticket.equipment);
                let on = contract.unwrap_or(ticket.contract);
                let usual = self.tier((ticket.organization, thing, on))?;
                let tier = match tier {
                    Some(Some(tier)) => Some(Some(tier.clone())),
                    None if contract.is_none() => None,
                    _ => Some(usual),
                };
                Ok(Cow::Owned(TicketAction::Cover { equipment, contract, tier }))
            }
            (TicketAction::Correct(correction), Some(ticket)) => {
                let correction = self.completed_correction(correction, ticket)?;
                Ok(Cow::Owned(TicketAction::Correct(Box::new(correction))))
            }
            _ => Ok(Cow::Borrowed(action)),
        }
    }

    /// A correction with what follows from it: who asks brings their organization and language, and how
    /// well the customer is served goes by the contract and the organization.
    fn completed_correction(
        &self,
        correction: &Correction,
        ticket: &Ticket,
    ) -> Result<Correction, Error> {
        let mut correction = correction.clone();
        let other = correction.requester.filter(|it| *it != ticket.requester);
        if let Some(requester) = other
            && let Some(Party::Contact(contact)) = self.party(PartyId::Contact(requester))?
        {
            correction.organization = correction.organization.or(Some(contact.organization));
            let own = contact.language.map(Some);
            correction.language = correction.language.or(own);
        }
        let organization = correction.organization.unwrap_or(ticket.organization);
        let equipment = correction.equipment.unwrap_or(ticket.equipment);
        let contract = correction.contract.unwrap_or(ticket.contract);
        let served = (organization, contract) != (ticket.organization, ticket.contract);
        if served || equipment != ticket.equipment {
            self.check_owner(organization, equipment)?;
            let usual = self.tier((organization, equipment, contract))?;
            if correction.tier.is_none() && served || correction.tier == Some(None) {
                correction.tier = Some(usual);
            }
        } else if correction.tier == Some(None) {
            correction.tier = Some(self.tier((organization, equipment, contract))?);
        }
        Ok(correction)
    }

    /// The ticket that goes on where another one ended: under the same contract while that holds.
    pub(super) fn successor(&self, of: &Ticket, number: TicketId) -> Result<Successor, Error> {
        let same = Successor::of(of, number);
        if of.contract.is_none() {
            return Ok(same);
        }
        match self.tier((of.organization, of.equipment, of.contract)) {
            Ok(_) => Ok(same),
            Err(Error::Refused(_)) => {
                let tier = self.tier((of.organization, of.equipment, None))?;
                Ok(Successor { contract: None, tier, ..same })
            }
            Err(error) => Err(error),
        }
    }

    /// Refuses a thing that another organization has than the one that asks. What belongs to a part of
    /// either is its own.
    fn check_owner(
        &self,
        organization: Option<OrganizationId>,
        equipment: Option<EquipmentId>,
    ) -> Result<(), Error> {
        let (Some(organization), Some(equipment)) = (organization, equipment) else {
            return Ok(());
        };
        let asks = PartyId::Organization(organization);
        for thing in self.lineage(Some(PartyId::Equipment(equipment)))? {
            let Some(Party::Equipment(Equipment { organization: Some(owner), .. })) =
                self.party(thing)?
            else {
                continue;
            };
            let has = PartyId::Organization(owner);
            let is_own = self.lineage(Some(asks))?.contains(&has)
                || self.lineage(Some(has))?.contains(&asks);
            let refused = Refusal::EquipmentOfAnother { equipment, organization, owner };
            // The nearest that says whose it is has the say.
            return if is_own { Ok(()) } else { Err(refused.into()) };
        }
        Ok(())
    }

    /// How well a request is served: as its contract says, which must be for it, or else as its
    /// organization or one above it is.
    fn tier(
        &self,
        (organization, equipment, contract): (
            Option<OrganizationId>,
            Option<EquipmentId>,
            Option<ContractId>,
        ),
    ) -> Result<Option<String>, Error> {
        let organizations = self.lineage(organization.map(PartyId::Organization))?;
        if let Some(id) = contract.map(PartyId::Contract) {
            let Some(Party::Contract(contract)) = self.party(id)? else {
                return Err(id.unknown().into());
            };
            let things = self.lineage(equipment.map(PartyId::Equipment))?;
            contract.check_covers(&organizations, &things, self.now)?;
            if contract.tier.is_some() {
                return Ok(contract.tier);
            }
        }
        for id in organizations {
            if let Some(Party::Organization(Organization { tier: Some(tier), .. })) =
                self.party(id)?
            {
                return Ok(Some(tier));
            }
        }
        Ok(None)
    }

    /// The contract of an organization, or of the nearest one above it that has one, if it is for a
    /// request about this now.
    fn usual_contract(
        &self,
        organization: Option<OrganizationId>,
        equipment: Option<EquipmentId>,
    ) -> Result<Option<ContractId>, Error> {
        let organizations = self.lineage(organization.map(PartyId::Organization))?;
        for &id in &organizations {
            let Some(Party::Organization(Organization { contract: Some(usual), .. })) =
                self.party(id)?
            else {
                continue;
            };
            let (_, found) = self.contract(Some(usual))?;
            let things = self.lineage(equipment.map(PartyId::Equipment))?;
            let is_for = |it: Contract| it.check_covers(&organizations, &things, self.now).is_ok();
            return Ok(found.is_some_and(is_for).then_some(usual));
        }
        Ok(None)
    }

    /// Writes work down on a ticket, and counts it on its contract in the same commit.
    pub(super) fn log_work(&mut self, id: TicketId, entry: &WorkEntry) -> Result<Receipt, Error> {
        let (version, ticket) = self.take_up(id)?;
        let (by, now, on) = (self.by, self.now, ticket.contract);
        let (counted, before) = self.contract(on)?;
        let done = log_work(ticket, before.clone(), entry, (by, &self.rules.book), now)?;
        self.record_work((id, version), done.0, (on, counted, before), done.1)
    }

    /// Takes work back, on the ticket and on the contract that it was counted on.
    pub(super) fn take_back_work(
        &mut self,
        id: TicketId,
        entry: u32,
        reason: &str,
    ) -> Result<Receipt, Error> {
        let (version, ticket) = self.take_up(id)?;
        let known = ticket.worked.entries as usize;
        let unknown = Refusal::NoSuchNumber { what: "work entry", number: entry, known };
        let work = self.work_entry(id, entry)?.ok_or(unknown)?;
        let (by, now) = (self.by, self.now);
        let on = work.contract.or_else(|| work.charge.and(ticket.contract));
        let (counted, before) = self.contract(on)?;
        let rules = (by, &self.rules.book);
        let done = take_back_work(ticket, before.clone(), (entry, work), reason, rules, now)?;
        self.record_work((id, version), done.0, (on, counted, before), done.1)
    }

    /// What the history of a ticket says of a work entry, from 1.
    fn work_entry(&self, id: TicketId, entry: u32) -> Result<Option<LoggedWork>, Error> {
        let Some(before) = entry.checked_sub(1) else { return Ok(None) };
        let history = self.transaction.history(Stream::Ticket(id))?;
        let mut logged = history.into_iter().filter_map(|record| match record.event {
            Event::Ticket(TicketEvent { fact: TicketFact::WorkLogged(logged), .. }) => Some(logged),
            _ => None,
        });
        Ok(logged.nth(before as usize))
    }

    /// A contract and its version.
    fn contract(&self, id: Option<ContractId>) -> Result<(u64, Option<Contract>), Error> {
        let party = id.map(PartyId::Contract);
        let stored = party.map(|party| self.transaction.party(party)).transpose()?.flatten();
        Ok(match stored.map(|stored| (stored.version, stored.state)) {
            Some((version, Party::Contract(contract))) => (version, Some(contract)),
            _ => (0, None),
        })
    }

    /// Records work on its ticket, and on its contract if that is another one by it.
    fn record_work(
        &mut self,
        (id, version): (TicketId, u64),
        turn: Turn,
        (on, counted, before): (Option<ContractId>, u64, Option<Contract>),
        after: Option<Contract>,
    ) -> Result<Receipt, Error> {
        let receipt = self.record_turn(id, version, turn)?;
        let changed = after.filter(|after| before.as_ref() != Some(after));
        if let (Some(on), Some(contract)) = (on, changed) {
            let contract = Party::Contract(contract);
            let events = vec![Event::Party(contract.clone())];
            let (command, stream) = (self.command.take(), Stream::Party(PartyId::Contract(on)));
            let recorded = self.record(stream, counted, events, State::Party(contract));
            self.command = command;
            recorded?;
        }
        Ok(receipt)
    }

    /// A party and all that it is a part of.
    fn lineage(&self, of: Option<PartyId>) -> Result<Vec<PartyId>, Error> {
        of.map_or_else(|| Ok(Vec::new()), |of| lineage(of, |of| self.parent(of)))
    }

    fn party(&self, id: PartyId) -> Result<Option<Party>, Error> {
        Ok(self.transaction.party(id)?.map(|stored| stored.state))
    }
}
