//! Lists of tickets: which ones, in what order, a page at a time.

mod cursor;

use firstline_core::{Ticket, TicketFilter, TicketId};

pub use cursor::Cursor;
pub(crate) use cursor::{Due, Place};

/// The most tickets on one page: enough for any screen, little enough to be read in an instant.
pub const MAX_PAGE: usize = 1_000;

/// How many tickets are on a page if nobody says otherwise.
pub const DEFAULT_PAGE: usize = 50;

/// Which tickets, in what order; the default asks for all of them, newest first.
///
/// The numbers, statuses, priorities, lines, teams, people, labels and due times of a filter are
/// looked up in tables made for it. The other things are looked up in each ticket that is left.
///
/// ```
/// use firstline_core::{Status, TicketFilter};
/// use firstline_store::{Sort, TicketQuery};
///
/// let queue = TicketFilter {
///     statuses: [Status::New, Status::Open].into(),
///     lines: ["L1".into()].into(),
///     assignees: [None].into(),
///     ..TicketFilter::default()
/// };
/// let query = TicketQuery { sort: Sort::Due, ..queue.into() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketQuery {
    /// Which.
    pub filter: TicketFilter,
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
            filter: TicketFilter::default(),
            sort: Sort::default(),
            after: None,
            limit: DEFAULT_PAGE,
        }
    }
}

impl From<TicketFilter> for TicketQuery {
    /// What this filter finds, newest first.
    fn from(filter: TicketFilter) -> Self {
        Self { filter, ..Self::default() }
    }
}

impl TicketQuery {
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
