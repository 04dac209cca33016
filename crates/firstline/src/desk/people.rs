//! Saving who somebody is, what something is, and what was agreed.

use firstline_core::{Event, Party, PartyId, Refusal, Role, Stream, lineage};
use firstline_store::{Receipt, State};

use super::execute::Order;
use crate::error::Error;

impl Order<'_> {
    /// Saves who somebody is. What is known already is not recorded again, so that a host may say
    /// it before every command.
    pub(super) fn save(&mut self, id: PartyId, party: &Party) -> Result<Receipt, Error> {
        let needed = match id {
            PartyId::Agent(_) | PartyId::Contract(_) => Role::System,
            PartyId::Contact(_) | PartyId::Organization(_) | PartyId::Equipment(_) => Role::Agent,
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
        party.go_on_from(known.as_ref());
        if party.parent() != known.as_ref().and_then(Party::parent) {
            lineage(id, |of| if of == id { Ok(party.parent()) } else { self.parent(of) })?;
        }
        let is_known = known.as_ref() == Some(&party);
        let events = if is_known { Vec::new() } else { vec![Event::Party(party.clone())] };
        self.record(Stream::Party(id), expected, events, State::Party(party))
    }

    /// What a party is a part of.
    pub(super) fn parent(&self, id: PartyId) -> Result<Option<PartyId>, Error> {
        Ok(self.transaction.party(id)?.and_then(|stored| stored.state.parent()))
    }
}
