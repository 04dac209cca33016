//! What lists and timers know of a ticket, beside its state.

use firstline_core::{
    AgentId, ContactId, LineId, OrganizationId, Priority, Status, TeamId, Ticket, Timestamp,
};

/// The part of a ticket that lists look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing<'t> {
    pub(crate) status: Status,
    pub(crate) line: &'t LineId,
    pub(crate) team: Option<&'t TeamId>,
    pub(crate) assignee: Option<AgentId>,
    pub(crate) requester: ContactId,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) priority: Priority,
    pub(crate) due: Option<Timestamp>,
}

impl<'t> Listing<'t> {
    pub(crate) fn of(ticket: &'t Ticket) -> Self {
        Self {
            status: ticket.status,
            line: &ticket.line,
            team: ticket.team.as_ref(),
            assignee: ticket.assignee,
            requester: ticket.requester,
            organization: ticket.organization,
            priority: ticket.priority(),
            due: ticket.due(),
        }
    }
}
