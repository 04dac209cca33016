//! Maintenance plans: each date opens its ticket once, in the commit that takes the plan to the next.

use firstline_core::{
    Actor, ChecklistAction, Coming, Event, Party, PartyId, Plan, PlanId, Planned, Stream,
    TicketAction, Timestamp, Turn, carry_out,
};
use firstline_store::{Receipt, State, StoreError, Transaction};

use super::Desk;
use super::execute::Order;
use super::rules::Rules;
use crate::error::Error;

/// How many plans are looked at in one go.
const BATCH: usize = 256;

/// After how many records no more plans are turned in one commit: whoever asked for something else
/// waits for all of them. A desk that slept goes on with the next command or wake-up.
const MOST_RECORDS: usize = 2_000;

impl Desk {
    /// Saves a maintenance plan. One that is saved again keeps its number, what it has opened and what
    /// it is done with; its next date is computed anew if it comes by another rule.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn save_plan(&self, id: PlanId, plan: Plan) -> Result<Receipt, Error> {
        let command =
            firstline_core::Command::save(Actor::System, PartyId::Plan(id), Party::Plan(plan));
        self.execute(command)
    }
}

/// Opens the tickets of the plans whose next date has come, as many as go into one commit. Gives how
/// many records that made.
pub(super) fn open_planned(
    rules: &mut Rules,
    transaction: &mut dyn Transaction,
    now: Timestamp,
) -> Result<usize, Error> {
    let mut records = 0;
    loop {
        let due = transaction.parties_due(now, BATCH)?;
        if due.is_empty() {
            return Ok(records);
        }
        for id in due {
            if records >= MOST_RECORDS {
                return Ok(records);
            }
            let mut order = Order::new(&mut *transaction, &mut *rules, Actor::System, now);
            records += order.turn_plan(id)?;
            order.spread()?;
            records += order.dispatch()?;
        }
    }
}

impl Order<'_> {
    /// Opens what of a plan has come, and takes it to its next date.
    fn turn_plan(&mut self, id: PartyId) -> Result<usize, Error> {
        let stored = self.transaction.party(id)?.ok_or_else(|| id.unknown())?;
        let (PartyId::Plan(number), Party::Plan(plan)) = (id, stored.state) else {
            return Err(id.unknown().into());
        };
        // A rulebook that has no such calendar any more puts the plan off, and says so on it.
        let turn = plan.turn(&self.rules.book, self.now);
        let (due, mut after) =
            turn.unwrap_or_else(|refusal| (Vec::new(), plan.clone().put_off(&refusal, self.now)));
        if due.is_empty() && after == plan {
            let what = format!("{id} is among the timers and has nothing due");
            return Err(StoreError::Stale { what }.into());
        }
        let mut records = 1;
        for coming in due {
            match self.open_one(number, &after, coming) {
                Ok(made) => {
                    records += made;
                    after.progress.opened += 1;
                    after.progress.go_on();
                }
                Err(Error::Refused(refusal)) => {
                    after.progress.refuse(&refusal, self.now);
                }
                Err(broken) => return Err(broken),
            }
        }
        let party = Party::Plan(after);
        let events = vec![Event::Party(party.clone())];
        self.record(Stream::Party(id), stored.version, events, State::Party(party))?;
        Ok(records)
    }

    /// Opens the ticket of one date, as it would have been at its moment: promises count from then.
    fn open_one(&mut self, plan: PlanId, of: &Plan, coming: Coming) -> Result<usize, Error> {
        let mut request = of.request.clone();
        request.planned = Some(Planned { plan, date: coming.date });
        let open = TicketAction::Open(request);
        let id = self.transaction.next_ticket_id()?;
        let open = self.completed(&open, id, None)?;
        self.acquaint(open.parties())?;
        let (book, at) = (&self.rules.book, coming.at);
        let Turn { mut ticket, mut events } = carry_out(None, &open, self.by, book, at)?;
        if !of.checklist.is_empty() {
            let add = TicketAction::Checklist(ChecklistAction::Add { items: of.checklist.clone() });
            let added = carry_out(Some(ticket), &add, self.by, book, at)?;
            ticket = added.ticket;
            events.extend(added.events);
        }
        let made = events.len();
        self.record_turn(id, 0, Turn { ticket, events })?;
        Ok(made)
    }
}
