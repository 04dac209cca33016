//! Rules that have come into force look at the tickets that there are: what waits in a state already
//! is not forgotten by a rule that came later.

use firstline_core::{
    Actor, Event, Refusal, Status, Stream, Ticket, TicketEvent, TicketFilter, TicketId, Timestamp,
    Turn, lacks_timers, set_timers, states_entered,
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
        if !self.rules.book.has_timed_rules() {
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
            if lacks_timers(&ticket, &self.rules.book) {
                let history = self.history_of(id)?;
                read += history.len();
                // What is refused is as it was: nobody is there to hear of it.
                if let Ok(turn) = self.let_wait(ticket, &history)? {
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
        let book = &self.rules.book;
        if !self.rules.are_coming_into_force() || !lacks_timers(&ticket, book) {
            return Ok(Turn { ticket, events: Vec::new() });
        }
        Ok(self.let_wait(ticket, &self.history_of(id)?)??)
    }

    fn let_wait(
        &self,
        ticket: Ticket,
        history: &[TicketEvent],
    ) -> Result<Result<Turn, Refusal>, Error> {
        let entered = states_entered(history, &self.rules.book)?;
        Ok(set_timers(ticket, &entered, &self.rules.book, self.now))
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
