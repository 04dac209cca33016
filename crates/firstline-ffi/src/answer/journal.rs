//! The journal and its outbox.

use firstline::{
    Delivery, Effect, Hash, Head, OpenEffect, Standing, TicketId, Timestamp, Verified,
};
use serde::Serialize;

/// Where the journal ends.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct HeadAnswer {
    /// The number of the last record.
    seq: u64,
    /// When it was recorded.
    at: Timestamp,
    /// What ties it to all before it.
    hash: Hash,
}

pub(crate) fn head(head: Head) -> HeadAnswer {
    let Head { seq, at, hash } = head;
    HeadAnswer { seq, at, hash }
}

/// What was read, and found to be sound.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct VerifiedAnswer {
    /// How many records.
    records: u64,
    /// How many histories they belong to.
    streams: u64,
    /// The hash of the last of them.
    hash: Hash,
}

pub(crate) fn verified(verified: Verified) -> VerifiedAnswer {
    let Verified { records, streams, hash } = verified;
    VerifiedAnswer { records, streams, hash }
}

/// Something to be done, left to whoever asked for it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct DeliveryAnswer {
    /// The record that it came of, by which it is acknowledged.
    record: u64,
    /// When that was recorded.
    recorded_at: Timestamp,
    /// Which attempt this is, from 1.
    attempt: u32,
    /// When it is handed out again, unless it is acknowledged before.
    leased_until: Timestamp,
    /// What is to be done.
    effect: Effect,
}

pub(crate) fn delivery(delivery: Delivery) -> DeliveryAnswer {
    let Delivery { record, recorded_at, attempt, leased_until, effect } = delivery;
    DeliveryAnswer { record, recorded_at, attempt, leased_until, effect }
}

/// Something that is not acknowledged yet.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct OpenEffectAnswer {
    /// The record that it came of.
    record: u64,
    /// About which ticket.
    ticket: TicketId,
    /// How often it was handed out.
    attempts: u32,
    /// How it stands.
    standing: StandingAnswer,
    /// When it is handed out next, if it is due.
    due: Option<Timestamp>,
    /// Why the last attempt failed, if it did.
    reason: Option<String>,
}

/// How an effect stands.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum StandingAnswer {
    /// It is handed out at `due`.
    Due,
    /// It waits for the one before it of the same ticket.
    Waiting,
    /// It was given up: a dead letter.
    Dead,
}

pub(crate) fn open_effect(open: OpenEffect) -> OpenEffectAnswer {
    let OpenEffect { record, ticket, attempts, standing, reason } = open;
    let (standing, due) = match standing {
        Standing::Due(at) => (StandingAnswer::Due, Some(at)),
        Standing::Waiting => (StandingAnswer::Waiting, None),
        Standing::Dead => (StandingAnswer::Dead, None),
    };
    OpenEffectAnswer { record, ticket, attempts, standing, due, reason }
}
