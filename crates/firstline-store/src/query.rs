//! Lists of tickets: which ones, in what order, a page at a time.

mod cursor;

use std::collections::BTreeSet;

use firstline_core::{
    AgentId, ContactId, LineId, OrganizationId, Priority, Status, Tag, TeamId, Ticket, TicketId,
    Timestamp,
};

pub use cursor::Cursor;
pub(crate) use cursor::{Due, Place};

/// The most tickets on one page: enough for any screen, little enough to be read in an instant.
pub const MAX_PAGE: usize = 1_000;

/// How many tickets are on a page if nobody says otherwise.
pub const DEFAULT_PAGE: usize = 50;

/// Which tickets, in what order. All that is said must hold; the default says nothing and asks for
/// all tickets, newest first.
///
/// ```
/// use firstline_store::{Sort, TicketQuery};
/// use firstline_core::{LineId, Status};
///
/// let queue = TicketQuery {
///     statuses: [Status::New, Status::Open].into(),
///     line: Some(LineId::from("L1")),
///     assignee: Some(None),
///     sort: Sort::Due,
///     ..TicketQuery::default()
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketQuery {
    /// In one of these statuses; in any if empty.
    pub statuses: BTreeSet<Status>,
    /// With one of these priorities; with any if empty.
    pub priorities: BTreeSet<Priority>,
    /// On this line.
    pub line: Option<LineId>,
    /// With this team.
    pub team: Option<TeamId>,
    /// With this agent; `Some(None)` asks for those that nobody has.
    pub assignee: Option<Option<AgentId>>,
    /// From this person.
    pub requester: Option<ContactId>,
    /// From this company or department.
    pub organization: Option<OrganizationId>,
    /// With this label.
    pub tag: Option<Tag>,
    /// With a promise that is due before this moment.
    pub due_before: Option<Timestamp>,
    /// In what order.
    pub sort: Sort,
    /// After this place: [`Page::next`] of the page before.
    pub after: Option<Cursor>,
    /// How many at most; taken as at least 1 and at most [`MAX_PAGE`].
    pub limit: usize,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Sort {
    /// By number, the newest first.
    #[default]
    Newest,
    /// By due time, the earliest first and those without one last; then by number.
    Due,
    /// By priority, the highest first; then as [`Due`](Self::Due).
    Priority,
    /// By the last record, the latest first: the order in which the journal heard of them.
    Updated,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The tickets, in order.
    pub tickets: Vec<Found>,
    /// Where the next page begins; `None` if this was the last.
    ///
    /// Tickets that are opened in between move nothing. One whose place in the order changes in
    /// between is found at its new place: twice, or not at all on the pages that are left.
    pub next: Option<Cursor>,
}

/// A ticket of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub id: TicketId,
    /// Its version.
    pub version: u64,
    /// Its last record.
    pub seq: u64,
    /// The ticket.
    pub ticket: Ticket,
}

impl Default for TicketQuery {
    fn default() -> Self {
        Self {
            statuses: BTreeSet::new(),
            priorities: BTreeSet::new(),
            line: None,
            team: None,
            assignee: None,
            requester: None,
            organization: None,
            tag: None,
            due_before: None,
            sort: Sort::default(),
            after: None,
            limit: DEFAULT_PAGE,
        }
    }
}

impl TicketQuery {
    /// Whether a ticket belongs into the list, on whatever page.
    #[must_use]
    pub fn matches(&self, ticket: &Ticket) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&ticket.status))
            && (self.priorities.is_empty() || self.priorities.contains(&ticket.priority()))
            && self.line.as_ref().is_none_or(|line| *line == ticket.line)
            && self.team.as_ref().is_none_or(|team| ticket.team.as_ref() == Some(team))
            && self.assignee.is_none_or(|assignee| ticket.assignee == assignee)
            && self.requester.is_none_or(|requester| ticket.requester == requester)
            && self.organization.is_none_or(|id| ticket.organization == Some(id))
            && self.tag.as_ref().is_none_or(|tag| ticket.tags.contains(tag))
            && self.due_before.is_none_or(|end| ticket.due().is_some_and(|due| due < end))
    }

    /// Whether every ticket belongs into the list.
    pub(crate) fn is_about_all(&self) -> bool {
        let Self { sort, ref after, limit, .. } = *self;
        *self == Self { sort, after: after.clone(), limit, ..Self::default() }
    }

    /// How many tickets the page may have.
    pub(crate) fn page_size(&self) -> usize {
        self.limit.clamp(1, MAX_PAGE)
    }

    /// The page that begins with these tickets, of which there is one too many if it is not the
    /// last.
    pub(crate) fn page(&self, mut tickets: Vec<Found>) -> Page {
        let is_last = tickets.len() <= self.page_size();
        tickets.truncate(self.page_size());
        let end = tickets.last().filter(|_| !is_last);
        let next = end.map(|found| Cursor::at(Place::of(self.sort, found)));
        Page { tickets, next }
    }
}
