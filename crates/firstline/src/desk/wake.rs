//! Alarms: what becomes true by itself.

use firstline_core::{Actor, TicketAction, TicketId, Timestamp};
use firstline_store::{StoreError, Transaction};

use super::Desk;
use super::execute::Order;
use super::plans::open_planned;
use super::review::go_on_reviewing;
use super::rules::Rules;
use super::stir::Stir;
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
        // Rules that have come into force have still to look at tickets: that is due since then.
        let review = self.look_at_rules().left_to_review().map(|(since, _)| since);
        self.read(|journal| Ok(journal.next_wake()?.into_iter().chain(review).min()))
    }

    /// Notices what became true until `now`: warnings, breaches, steps of ladders. Touches only
    /// the tickets that have something due; and, after rules came into force on a desk with many
    /// tickets, those that these have not looked at yet.
    ///
    /// # Errors
    ///
    /// The journal cannot be read or written, or its timers say what its tickets do not. What was
    /// noticed before that stays; the rest is noticed at the next call. A moment more than a year ahead
    /// of the desk and of what is due next is refused.
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
        self.check_given(transaction.as_ref(), now, transaction.next_wake()?)?;
        let now = self.clamp(transaction.as_ref(), now)?;
        let is_planned = !transaction.parties_due(now, 1)?.is_empty();
        let due = transaction.due(now, WAKE_BATCH)?;
        let mut rules = self.rules();
        let is_reviewed = rules.left_to_review().is_none();
        if due.is_empty() && !is_planned && is_reviewed {
            return Ok(false);
        }
        rules.refresh(transaction.as_ref())?;
        // What nobody asked for brings no rules into force.
        let mut before = rules.before();
        let in_force = before.as_mut().unwrap_or(&mut rules);
        woken.records += open_planned(in_force, transaction.as_mut(), now)?;
        woken.records += wake(&due, transaction.as_mut(), in_force, now)?;
        woken.records += go_on_reviewing(transaction.as_mut(), in_force, now)?;
        transaction.commit()?;
        self.keep(rules);
        woken.tickets += due.len();
        // What a plan has opened late may be due itself.
        Ok(is_planned || due.len() == WAKE_BATCH || !is_reviewed)
    }
}

/// Before rules come into force: what became true by itself until now goes by those that were in
/// force, as it would have if somebody had looked in time.
pub(super) fn settle_before(
    rules: &Rules,
    transaction: &mut dyn Transaction,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(mut before) = rules.before() else {
        return Ok(());
    };
    // All of them, however many: none may go by rules that were not in force at its date.
    while open_planned(&mut before, transaction, now)? > 0 {}
    settle_all(&mut before, transaction, now)
}

/// Notices all that became true by itself until now, on every ticket.
pub(super) fn settle_all(
    rules: &mut Rules,
    transaction: &mut dyn Transaction,
    now: Timestamp,
) -> Result<(), Error> {
    loop {
        let due = transaction.due(now, WAKE_BATCH)?;
        if due.is_empty() {
            return Ok(());
        }
        wake(&due, transaction, rules, now)?;
    }
}

/// Wakes tickets that have something due, and finds somebody for those that wait for that. Gives how
/// many records that made.
fn wake(
    due: &[TicketId],
    transaction: &mut dyn Transaction,
    rules: &mut Rules,
    now: Timestamp,
) -> Result<usize, Error> {
    let (mut records, mut stir) = (0, Stir::default());
    for &ticket in due {
        let mut order = Order::new(&mut *transaction, &mut *rules, Actor::System, now);
        order.stir = stir;
        let receipt = order.on_ticket(Some(ticket), &TicketAction::Wake)?;
        order.spread()?;
        // It would be due again at once, and this would never end; unless another one of these
        // has told it something, which woke it as well.
        if receipt.events == 0 && order.is_due(ticket)? {
            let what = format!("ticket {ticket} is among the timers and has nothing due");
            return Err(StoreError::Stale { what }.into());
        }
        records += receipt.events as usize;
        stir = order.stir;
    }
    let mut order = Order::new(transaction, rules, Actor::System, now);
    order.stir = stir;
    records += order.dispatch()?;
    Ok(records)
}
