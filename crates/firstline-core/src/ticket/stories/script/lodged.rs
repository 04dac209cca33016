//! Where a line goes that names a ticket that was merged.

use std::collections::BTreeSet;

use super::Desk;
use crate::*;

impl Desk {
    /// On which ticket that is done, and by which number it came there if that is another one: what a
    /// customer says to one that was merged goes to where it lives on.
    pub(super) fn lives_on(
        &self,
        number: u64,
        (by, action): (Actor, &TicketAction),
    ) -> (u64, Option<TicketId>) {
        let is_message = matches!(action, TicketAction::Reply { .. }) && by.role() == Role::Contact;
        let mut lives = number;
        while let Some(merged) = self.tickets.get(&lives).and_then(|it| it.merged.as_ref())
            && is_message
        {
            lives = merged.into.0;
        }
        (lives, (lives != number).then_some(TicketId(number)))
    }

    /// The tickets that live on in this one.
    pub(super) fn lodgers(&self, id: TicketId) -> BTreeSet<TicketId> {
        let direct = &self.tickets[&id.0].took_in;
        direct.iter().flat_map(|it| self.lodgers(*it).into_iter().chain([*it])).collect()
    }
}
