//! Questions about promises: why, what next, what if.

use firstline_core::{
    Account, AccountError, Brief, ClockKey, Command, Foresight, Party, PartyId, Refusal, Ticket,
    TicketId, Timestamp, WallClock, account, brief, foresee,
};
use firstline_store::Record;

use super::letters::introduce_ticket;
use super::{Desk, ticket_event};
use crate::error::Error;

/// The most records of one command that are shown beforehand: far more than one ever makes.
const MAX_PREVIEWED: usize = 1_000_000;

/// How far ahead of now a promise is accounted for: ten years, in milliseconds.
const MAX_AHEAD_MS: i64 = 10 * 366 * 24 * 3_600_000;

impl Desk {
    /// The account of one promise of a ticket: where its time went, span by span, by which policy
    /// and why, and what would have kept it. `cycle` is the run of it, from 1; `None` is the last.
    /// A live promise is accounted for until now.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket or clock.
    pub fn explain(
        &self,
        ticket: TicketId,
        clock: impl Into<ClockKey>,
        cycle: Option<u32>,
    ) -> Result<Account, Error> {
        self.explain_at(ticket, clock, cycle, self.present()?)
    }

    /// [`explain`](Self::explain) as it stood at a moment: what was written down later is left out, and
    /// what had not been noticed by then goes by the rules that were in force then.
    ///
    /// # Errors
    ///
    /// Those of [`explain`](Self::explain). A clock that began later is none. A moment of more than ten
    /// years from now is [`TooFarAhead`](AccountError::TooFarAhead).
    pub fn explain_at(
        &self,
        ticket: TicketId,
        clock: impl Into<ClockKey>,
        cycle: Option<u32>,
        at: Timestamp,
    ) -> Result<Account, Error> {
        let clock = clock.into();
        let timeline = self.timeline(ticket)?;
        if self.present()?.checked_add_millis(MAX_AHEAD_MS).is_some_and(|last| at > last) {
            return Err(Error::Account { ticket, source: AccountError::TooFarAhead { at } });
        }
        let history = timeline
            .iter()
            .filter_map(|record| ticket_event(record).map(|(_, event)| (record.at, event)));
        let mut rules = self.rules();
        self.read(|journal| {
            rules.refresh(journal)?;
            account(history, &clock, cycle, &rules.at(at), at)
                .map_err(|source| Error::Account { ticket, source })
        })
    }

    /// The four things that the customer is to be told of a ticket: what it costs, what is being
    /// done, what comes next, when it will be done. Times are those of the customer's wall where the
    /// desk knows their zone, and else those of the calendar by which was promised.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket.
    pub fn brief(&self, ticket: TicketId) -> Result<Brief, Error> {
        let (mut rules, now) = (self.rules(), self.present()?);
        self.read(|journal| {
            rules.refresh(journal)?;
            let stored = journal.ticket(ticket)?.ok_or(Refusal::UnknownTicket(ticket))?;
            let mut told = brief(&stored.state, &rules.book, now);
            let contract = stored.state.contract.map(PartyId::Contract);
            let contract = contract.map(|id| journal.party(id)).transpose()?.flatten();
            if let Some(Party::Contract(contract)) = contract.map(|stored| stored.state) {
                told = told.under(&contract, now);
            }
            let requester = journal.party(PartyId::Contact(stored.state.requester))?;
            let zone = match requester.map(|stored| stored.state) {
                Some(Party::Contact(contact)) => contact.time_zone,
                _ => None,
            };
            Ok(match zone.and_then(|zone| WallClock::of(&zone).ok()) {
                Some(clock) => told.read_by(clock),
                None => told,
            })
        })
    }

    /// What a ticket will do by itself up to a horizon, if nothing happens: when it warns, breaks
    /// its promises, climbs its ladders, rings for whom. Nothing is changed by asking.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket.
    pub fn forecast(&self, ticket: TicketId, horizon: Timestamp) -> Result<Foresight, Error> {
        let mut rules = self.rules();
        self.read(|journal| {
            rules.refresh(journal)?;
            let stored = journal.ticket(ticket)?.ok_or(Refusal::UnknownTicket(ticket))?;
            let state: Ticket = stored.state;
            introduce_ticket(&mut rules.book, journal, ticket, &state)?;
            Ok(foresee(&state, &rules.book, horizon)?)
        })
    }

    /// What a command would record, without recording it: the dry run of anything, such as of
    /// [`Reapply`](firstline_core::TicketAction::Reapply) before the rules of an edited rulebook
    /// are applied to what runs.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn preview(&self, command: Command) -> Result<Vec<Record>, Error> {
        let mut journal = self.journal();
        let mut transaction = journal.begin()?;
        let mut rules = self.rules();
        rules.refresh(transaction.as_ref())?;
        let before = transaction.head()?.map_or(0, |head| head.seq);
        self.carry_out(transaction.as_mut(), &command, &mut rules)?;
        let records = transaction.records(before, MAX_PREVIEWED)?;
        // The transaction is dropped here, and with it all that it would have written.
        Ok(records)
    }
}
