//! Alarms: what becomes true by itself.

use firstline_core::{Actor, TicketAction, Timestamp};
use firstline_store::StoreError;

use super::Desk;
use super::execute::Order;
use crate::error::Error;

/// How many tickets are woken in one commit. One fsync serves them all, and other writers wait no
/// longer than for these.
const WAKE_BATCH: usize = 256;

/// What a wake-up did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Woken {
    /// How many tickets had something due.
    pub tickets: usize,
    /// How many records that made.
    pub records: usize,
    /// When to wake the desk again; `None` if nothing is due until something happens.
    pub next: Option<Timestamp>,
}

impl Desk {
    /// When the desk next wants [`handle_timeout`](Self::handle_timeout) to be called, or `None`
    /// if nothing is due until something happens.
    ///
    /// A soft deadline: earlier is harmless, later is noticed and changes no fact. Any command, of
    /// this process or another, may change it.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn poll_timeout(&self) -> Result<Option<Timestamp>, Error> {
        self.read(|journal| Ok(journal.next_wake()?))
    }

    /// Notices what became true until `now`: warnings, breaches, steps of ladders. Touches only
    /// the tickets that have something due.
    ///
    /// # Errors
    ///
    /// The journal cannot be read or written, or its timers say what its tickets do not. What was
    /// noticed before that stays; the rest is noticed at the next call.
    pub fn handle_timeout(&self, now: Timestamp) -> Result<Woken, Error> {
        let mut woken = Woken::default();
        while self.wake_some(now, &mut woken)? {}
        self.forget_old_commands(now)?;
        woken.next = self.poll_timeout()?;
        Ok(woken)
    }

    /// Wakes some of the tickets that have something due. Says whether there may be more.
    fn wake_some(&self, now: Timestamp, woken: &mut Woken) -> Result<bool, Error> {
        let mut journal = self.journal();
        let mut transaction = journal.begin()?;
        let now = self.clamp(transaction.as_ref(), now)?;
        let due = transaction.due(now, WAKE_BATCH)?;
        if due.is_empty() {
            return Ok(false);
        }
        let mut rules = self.rules();
        rules.refresh(transaction.as_ref())?;
        let mut records = 0;
        for &ticket in &due {
            let (transaction, rules) = (transaction.as_mut(), &mut rules);
            let (by, news) = (Actor::System, Vec::new());
            let mut order = Order { transaction, rules, by, command: None, now, news };
            let receipt = order.on_ticket(Some(ticket), &TicketAction::Wake)?;
            order.spread()?;
            // It would be due again at once, and this would never end; unless another one of these
            // has told it something, which woke it as well.
            if receipt.events == 0 && order.is_due(ticket)? {
                let what = format!("ticket {ticket} is among the timers and has nothing due");
                return Err(StoreError::Stale { what }.into());
            }
            records += receipt.events as usize;
        }
        transaction.commit()?;
        self.keep(rules);
        woken.tickets += due.len();
        woken.records += records;
        Ok(due.len() == WAKE_BATCH)
    }
}
