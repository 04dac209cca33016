//! Which lifecycle a ticket goes along, and where it may go in it.

use super::Rulebook;
use crate::id::LineId;
use crate::lifecycle::Lifecycle;
use crate::lifecycle::Place;
use crate::ticket::{Kind, Status, Ticket};

impl Rulebook {
    /// The lifecycles, the one of all tickets that no other one is for first.
    pub fn lifecycles(&self) -> impl Iterator<Item = &Lifecycle> {
        self.content.lifecycles.iter()
    }

    /// The lifecycle that a ticket goes along. An edit of the rulebook does not take it out of it,
    /// unless there is no such one any more.
    #[must_use]
    pub fn lifecycle(&self, ticket: &Ticket) -> &Lifecycle {
        let all = &self.content.lifecycles;
        let place = ticket.place.as_ref();
        let named = place.and_then(|place| all.iter().find(|life| life.id == place.lifecycle));
        named.unwrap_or(&all[0])
    }

    /// Whether what is resolved closes by itself in one of them.
    #[must_use]
    pub fn closes_by_itself(&self) -> bool {
        self.lifecycles().any(|life| life.closes.is_some())
    }

    /// The lifecycle that is for a ticket as it is now.
    pub(crate) fn lifecycle_for(&self, ticket: &Ticket) -> &Lifecycle {
        self.lifecycle_of(ticket.kind, &ticket.line)
    }

    fn lifecycle_of(&self, kind: Kind, line: &LineId) -> &Lifecycle {
        let all = &self.content.lifecycles;
        all.iter().skip(1).find(|life| life.is_for(kind, line)).unwrap_or(&all[0])
    }

    /// Where a ticket of this kind begins on this line, if that is not in the default lifecycle.
    pub(crate) fn beginning(&self, kind: Kind, line: &LineId) -> Option<Place> {
        let life = self.lifecycle_of(kind, line);
        life.beginning(life.usual(Status::New)?)
    }
}
