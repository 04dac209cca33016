//! The outbox: what records ask of the host, until the host says that it is done.
//!
//! | to change | see |
//! |---|---|
//! | which records ask for something | `Effect::of` in `firstline-core` |
//! | who gets what when, and when nobody tries any more | here |
//! | where open effects are kept | `sqlite/outbox.rs`, `memory/layer.rs` |

use std::collections::BTreeSet;
use std::time::Duration;

use firstline_core::{ERASED, Effect, Event, MAX_LINE_BYTES, Stream, TicketId, Timestamp};

use crate::error::StoreError;
use crate::journal::{Journal, MAX_BATCH, Reader, Transaction};
use crate::record::Raw;

/// The longest time for which an effect is put off, by a lease or before another attempt. So one that
/// seems to be put off for longer was so by a clock that was wrong, and is due at once. An hour: what
/// was wrong with whoever is to hear of it may be mended by then, and no clock that jumps keeps a page
/// back for longer.
pub const MAX_DELAY: Duration = Duration::from_secs(3_600);

/// An effect that the host has not acknowledged.
///
/// What is to be done stands in the record that asks for it, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEffect {
    /// The number of the record that asks for it.
    pub record: u64,
    /// The ticket that it is about.
    pub ticket: TicketId,
    /// How often it was handed out.
    pub attempts: u32,
    /// Whether it is its turn.
    pub standing: Standing,
    /// Why the last attempt failed, if somebody said so.
    pub reason: Option<String>,
}

/// Whether it is an effect's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is handed out from this moment on: the first time, or again.
    Due(Timestamp),
    /// It waits for an earlier effect of its ticket.
    Waiting,
    /// A dead letter: nobody tries any more until it is [requeued](Journal::requeue). The ones after
    /// it do not wait for it.
    Dead,
}

/// How effects are handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOut {
    /// How many at most, of as many tickets; never more than [`MAX_BATCH`].
    pub limit: usize,
    /// For how long each is left to whoever gets it: the time to do it in. Who has not acknowledged
    /// it by then is taken for dead, and it is handed out again. At least a second, at most
    /// [`MAX_DELAY`].
    pub lease: Duration,
    /// How often one is handed out before it becomes a dead letter: one that kills whoever tries
    /// would never be reported as failed.
    pub attempts: u32,
}

impl Default for HandOut {
    /// Fifty at once, five minutes for each, ten attempts.
    fn default() -> Self {
        Self { limit: 50, lease: Duration::from_secs(300), attempts: 10 }
    }
}

/// An effect that was handed out, to be done and then [acknowledged](Journal::acknowledge) or
/// reported as [failed](Journal::fail).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The number of the record that asks for it, by which it is acknowledged.
    pub record: u64,
    /// When that was recorded.
    pub recorded_at: Timestamp,
    /// The how-manieth attempt this is, from 1.
    pub attempt: u32,
    /// Until when it is left to whoever got it.
    pub leased_until: Timestamp,
    /// What is to be done, under a key that is the same at each attempt.
    pub effect: Effect,
}

/// That an attempt came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The [record](Delivery::record) of the effect.
    pub record: u64,
    /// Which [attempt](Delivery::attempt). If it was handed out again since, the failure of an
    /// earlier attempt changes nothing.
    pub attempt: u32,
    /// Why, for whoever looks after it. Cut off after [`MAX_LINE_BYTES`].
    pub reason: String,
    /// After how long it is tried again, at most [`MAX_DELAY`]; `None` makes a dead letter of it.
    pub retry: Option<Duration>,
}

impl Delivery {
    /// That this attempt came to nothing. It is tried again after half a minute, then after twice as
    /// long each time, up to an hour; after the tenth attempt it is a dead letter. Who wants it
    /// otherwise sets [`retry`](Failed::retry).
    #[must_use]
    pub fn failed(&self, reason: impl Into<String>) -> Failed {
        const MOST: u32 = 10;
        let &Self { record, attempt, .. } = self;
        let seconds = 30_u64 << attempt.saturating_sub(1).min(MOST);
        let retry = (attempt < MOST).then(|| Duration::from_secs(seconds.min(3_600)));
        Failed { record, attempt, reason: reason.into(), retry }
    }
}

/// The records that ask the host for something, and their tickets.
pub(crate) fn asking(records: &[Raw], events: &[Event]) -> Vec<OpenEffect> {
    let pairs = records.iter().zip(events);
    pairs
        .filter_map(|(raw, event)| match (raw.stream, event) {
            (Stream::Ticket(ticket), Event::Ticket(event)) => {
                Effect::of(ticket, event)?;
                let (record, standing) = (raw.seq, Standing::Due(raw.at));
                Some(OpenEffect { record, ticket, attempts: 0, standing, reason: None })
            }
            _ => None,
        })
        .collect()
}

/// Puts what records ask for into the outbox, in the transaction that wrote them.
pub(crate) fn enqueue(
    transaction: &mut dyn Transaction,
    asking: &[OpenEffect],
) -> Result<(), StoreError> {
    for open in asking {
        if transaction.next_effect(open.ticket)?.is_none() {
            transaction.put_effect(open)?;
        } else {
            transaction.put_effect(&OpenEffect { standing: Standing::Waiting, ..open.clone() })?;
        }
    }
    Ok(())
}

/// See [`Journal::hand_out`].
pub(crate) fn hand_out<J: Journal + ?Sized>(
    journal: &mut J,
    order: HandOut,
    now: Timestamp,
) -> Result<Vec<Delivery>, StoreError> {
    let limit = order.limit.min(MAX_BATCH);
    let lease = order.lease.max(Duration::from_secs(1));
    let leased_until = later(now, lease);
    let mut transaction = journal.begin()?;
    let mut deliveries = Vec::new();
    while deliveries.len() < limit {
        let due = transaction.effects_due(now, limit - deliveries.len())?;
        if due.is_empty() {
            break;
        }
        for mut open in due {
            if open.attempts >= order.attempts {
                let reason = format!("handed out {} times, never acknowledged", open.attempts);
                bury(&mut *transaction, open, reason)?;
                continue;
            }
            let Some((recorded_at, effect)) = asked_by(&*transaction, &open)? else {
                bury(&mut *transaction, open, "its record asks for nothing".to_owned())?;
                continue;
            };
            open.attempts += 1;
            open.standing = Standing::Due(leased_until);
            transaction.put_effect(&open)?;
            let (record, attempt) = (open.record, open.attempts);
            deliveries.push(Delivery { record, recorded_at, attempt, leased_until, effect });
        }
        if leased_until <= now {
            // At the end of time a lease is over at once, and the same would be due for ever.
            break;
        }
    }
    transaction.commit()?;
    Ok(deliveries)
}

/// See [`Journal::acknowledge`].
pub(crate) fn acknowledge<J: Journal + ?Sized>(
    journal: &mut J,
    records: &[u64],
) -> Result<usize, StoreError> {
    let mut transaction = journal.begin()?;
    let mut done = 0;
    for &record in records {
        if let Some(open) = transaction.open_effect(record)? {
            transaction.remove_effect(record)?;
            let_the_next_go(&mut *transaction, &open)?;
            done += 1;
        }
    }
    if done > 0 {
        transaction.commit()?;
    }
    Ok(done)
}

/// See [`Journal::fail`].
pub(crate) fn fail<J: Journal + ?Sized>(
    journal: &mut J,
    failed: &Failed,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut transaction = journal.begin()?;
    let Some(mut open) = transaction.open_effect(failed.record)? else {
        return Ok(false);
    };
    if open.attempts != failed.attempt || !matches!(open.standing, Standing::Due(_)) {
        return Ok(false);
    }
    let reason = cut_off(&failed.reason).to_owned();
    match failed.retry {
        Some(delay) => {
            open.standing = Standing::Due(later(now, delay));
            open.reason = Some(reason);
            transaction.put_effect(&open)?;
        }
        None => bury(&mut *transaction, open, reason)?,
    }
    transaction.commit()?;
    Ok(true)
}

/// See [`Journal::requeue`].
pub(crate) fn requeue<J: Journal + ?Sized>(
    journal: &mut J,
    record: u64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut transaction = journal.begin()?;
    let Some(mut open) = transaction.open_effect(record)? else {
        return Ok(false);
    };
    if open.standing != Standing::Dead {
        return Ok(false);
    }
    // What has not been tried yet is due by the time of the journal, whatever the clock says.
    let now = transaction.head()?.map_or(now, |head| now.min(head.at));
    open.standing = match transaction.next_effect(open.ticket)? {
        None => Standing::Due(now),
        // Nobody has begun with it yet.
        Some(next) if next.attempts == 0 && next.record > record => {
            transaction.put_effect(&OpenEffect { standing: Standing::Waiting, ..next })?;
            Standing::Due(now)
        }
        Some(_) => Standing::Waiting,
    };
    open.attempts = 0;
    transaction.put_effect(&open)?;
    transaction.commit()?;
    Ok(true)
}

/// Erases why effects of these tickets failed: a host may have written a name into it.
pub(crate) fn erase_reasons(
    transaction: &mut dyn Transaction,
    tickets: &BTreeSet<TicketId>,
) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let slice = transaction.open_effects(after, MAX_BATCH)?;
        let Some(last) = slice.last() else {
            return Ok(());
        };
        after = last.record;
        for mut open in slice {
            if tickets.contains(&open.ticket) && open.reason.is_some() {
                open.reason = Some(ERASED.to_owned());
                transaction.put_effect(&open)?;
            }
        }
    }
}

/// What a record asks for, and since when.
fn asked_by(
    reader: &dyn Reader,
    open: &OpenEffect,
) -> Result<Option<(Timestamp, Effect)>, StoreError> {
    let record = reader.records(open.record.saturating_sub(1), 1)?.pop();
    let Some(record) = record.filter(|record| record.seq == open.record) else {
        return Err(StoreError::damaged(open.record, "it is missing"));
    };
    let effect = match (record.stream, &record.event) {
        (Stream::Ticket(ticket), Event::Ticket(event)) => Effect::of(ticket, event),
        _ => None,
    };
    Ok(effect.map(|effect| (record.at, effect)))
}

/// Makes a dead letter of an effect.
fn bury(
    transaction: &mut dyn Transaction,
    mut open: OpenEffect,
    reason: String,
) -> Result<(), StoreError> {
    let before = open.clone();
    (open.standing, open.reason) = (Standing::Dead, Some(reason));
    transaction.put_effect(&open)?;
    let_the_next_go(transaction, &before)
}

/// After an effect is done or dead, the one that waits for it is due.
fn let_the_next_go(
    transaction: &mut dyn Transaction,
    before: &OpenEffect,
) -> Result<(), StoreError> {
    if !matches!(before.standing, Standing::Due(_)) {
        return Ok(());
    }
    if let Some(mut next) = transaction.next_effect(before.ticket)? {
        let asked = transaction.records(next.record.saturating_sub(1), 1)?.pop();
        let since = asked.map_or(Timestamp::MIN, |record| record.at);
        next.standing = Standing::Due(since);
        transaction.put_effect(&next)?;
    }
    Ok(())
}

/// As much of a text as a line may have.
fn cut_off(text: &str) -> &str {
    let longest = MAX_LINE_BYTES.min(text.len());
    let end = (0..=longest).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}

/// A moment after another, as far as effects are put off.
fn later(now: Timestamp, delay: Duration) -> Timestamp {
    let delay = i64::try_from(delay.min(MAX_DELAY).as_millis()).unwrap_or(i64::MAX);
    now.checked_add_millis(delay).unwrap_or(Timestamp::MAX)
}

/// The moment from which on an effect seems to be put off for longer than one can be.
pub(crate) fn horizon(now: Timestamp) -> Timestamp {
    later(now, MAX_DELAY)
}
