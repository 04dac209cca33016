//! Tickets that are ahead of their rows within a transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_core::{Ticket, TicketId, Timestamp};

use crate::chain::Position;

/// A ticket that is ahead of its row.
pub(super) struct Unwritten {
    /// What the row says; `None` if there is none yet.
    pub(super) row: Option<Arc<Ticket>>,
    pub(super) position: Position,
    pub(super) ticket: Arc<Ticket>,
    wake: Option<Timestamp>,
}

/// All of them, and when they want to be woken.
#[derive(Default)]
pub(super) struct Ahead {
    tickets: BTreeMap<TicketId, Unwritten>,
    wakes: BTreeSet<(Timestamp, TicketId)>,
}

impl Ahead {
    pub(super) fn len(&self) -> usize {
        self.tickets.len()
    }

    pub(super) fn contains(&self, id: TicketId) -> bool {
        self.tickets.contains_key(&id)
    }

    pub(super) fn get(&self, id: TicketId) -> Option<(Position, Arc<Ticket>)> {
        self.tickets.get(&id).map(|it| (it.position, Arc::clone(&it.ticket)))
    }

    /// The highest number among them.
    pub(super) fn last(&self) -> Option<TicketId> {
        self.tickets.last_key_value().map(|(id, _)| *id)
    }

    /// When the first of them wants to be woken.
    pub(super) fn first_wake(&self) -> Option<Timestamp> {
        self.wakes.first().map(|(at, _)| *at)
    }

    /// Takes in what a ticket is now, and what it was `before`.
    pub(super) fn put(
        &mut self,
        id: TicketId,
        position: Position,
        ticket: Arc<Ticket>,
        before: Option<Arc<Ticket>>,
    ) {
        let wake = ticket.poll_timeout();
        self.wakes.extend(wake.map(|at| (at, id)));
        let row = match self.tickets.remove(&id) {
            Some(earlier) => {
                if let Some(at) = earlier.wake.filter(|at| wake != Some(*at)) {
                    self.wakes.remove(&(at, id));
                }
                earlier.row
            }
            None => before,
        };
        self.tickets.insert(id, Unwritten { row, position, ticket, wake });
    }

    pub(super) fn into_tickets(self) -> BTreeMap<TicketId, Unwritten> {
        self.tickets
    }
}
