//! Rules that have come into force look at the tickets that there are: what waits in a state already
//! is not forgotten by a rule that came later, and what is resolved closes by itself from now on.

use firstline_core::{
    Actor, Event, Refusal, Status, Stream, Ticket, TicketEvent, TicketFilter, TicketId, Timestamp,
    Turn, lacks_closing, lacks_timers, set_closing, set_timers, states_entered,
};
use firstline_store::{Cursor, Found, MAX_PAGE, TicketQuery, Transaction};

use super::execute::Order;
use super::rules::Rules;
use crate::error::Error;

/// How many tickets are looked at in one commit: other writers wait no longer than for these.
const BATCH: usize = MAX_PAGE;

/// After how many records that had to be read again no more tickets are looked at in one commit.
const MOST_READ: usize = 20_000;

/// Goes on looking at the tickets that there were when the rules came into force. Gives how many
/// records that made on them.
pub(super) fn go_on_reviewing(
    transaction: &mut dyn Transaction,
    rules: &mut Rules,
    now: Timestamp,
) -> Result<usize, Error> {
    let Some((_, left)) = rules.left_to_review() else { return Ok(0) };
    let mut order = Order::new(transaction, rules, Actor::System, now);
    let mut records = order.review(left)?;
    order.spread()?;
    records += order.dispatch()?;
    Ok(records)
}

impl Order<'_> {
    /// Looks at the newest of the tickets that there are, after other rules have come into force.
    pub(super) fn begin_review(&mut self) -> Result<usize, Error> {
        if !self.rules.book.has_timed_rules() && !self.rules.book.closes_by_itself() {
            return Ok(0);
        }
        let next = self.transaction.next_ticket_id()?;
        let records = self.review(next)?;
        self.spread()?;
        Ok(records)
    }

    /// Looks at some of the tickets that are older than this one.
    fn review(&mut self, than: TicketId) -> Result<usize, Error> {
        let open = [Status::New, Status::Open, Status::Pending, Status::OnHold, Status::Resolved];
        let filter = TicketFilter { statuses: open.into(), ..TicketFilter::default() };
        let after = Some(Cursor::older_than(than));
        let page = self.transaction.find(&TicketQuery { after, limit: BATCH, ..filter.into() })?;
        let (mut records, mut read, mut left) = (0, 0, None);
        for Found { id, version, ticket, .. } in page.tickets {
            if read >= MOST_READ {
                break;
            }
            left = Some(id);
            if self.lacks_something(&ticket) {
                self.acquaint_with(id, &ticket)?;
                let (turn, of_it) = self.let_wait(id, ticket)?;
                read += of_it;
                // What is refused is as it was: nobody is there to hear of it.
                if let Ok(turn) = turn {
                    records += self.record_by_itself(id, version, turn)?;
                }
            }
        }
        let is_over = page.next.is_none() && read < MOST_READ;
        self.rules.reviewed(left.filter(|_| !is_over), self.transaction, self.now)?;
        Ok(records)
    }

    /// A ticket that a command is about, with what these rules make of it if they have not looked at it
    /// yet: what the command finds does not depend on whose turn it is.
    pub(super) fn reviewed(&self, id: TicketId, ticket: Ticket) -> Result<Turn, Error> {
        if !self.rules.are_coming_into_force() || !self.lacks_something(&ticket) {
            return Ok(Turn { ticket, events: Vec::new() });
        }
        Ok(self.let_wait(id, ticket)?.0?)
    }

    fn lacks_something(&self, ticket: &Ticket) -> bool {
        let book = &self.rules.book;
        lacks_timers(ticket, book) || lacks_closing(ticket, book, self.now)
    }

    /// What these rules make of a ticket that was there before them, and how many records had to be read
    /// for that.
    fn let_wait(
        &self,
        id: TicketId,
        ticket: Ticket,
    ) -> Result<(Result<Turn, Refusal>, usize), Error> {
        let (book, now) = (&self.rules.book, self.now);
        let (mut turn, mut read) = (Turn { ticket, events: Vec::new() }, 0);
        if lacks_timers(&turn.ticket, book) {
            let history = self.history_of(id)?;
            read = history.len();
            let entered = states_entered(&history, book)?;
            turn = match set_timers(turn.ticket, &entered, book, now) {
                Ok(turn) => turn,
                Err(refusal) => return Ok((Err(refusal), read)),
            };
        }
        if lacks_closing(&turn.ticket, book, now) {
            let closing = set_closing(turn.ticket, book, now);
            let before = turn.events;
            let closing = closing.map(|Turn { ticket, events }| Turn {
                ticket,
                events: before.into_iter().chain(events).collect(),
            });
            return Ok((closing, read));
        }
        Ok((Ok(turn), read))
    }

    fn history_of(&self, id: TicketId) -> Result<Vec<TicketEvent>, Error> {
        let records = self.transaction.history(Stream::Ticket(id))?.into_iter();
        let events = records.filter_map(|record| match record.event {
            Event::Ticket(event) => Some(event),
            _ => None,
        });
        Ok(events.collect())
    }
}
