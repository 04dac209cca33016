//! The journal and its outbox.

use firstline::{
    Delivery, Effect, Hash, Head, OpenEffect, Standing, TicketId, Timestamp, Verified,
};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct HeadAnswer {
    seq: u64,
    at: Timestamp,
    hash: Hash,
}

pub(crate) fn head(head: Head) -> HeadAnswer {
    let Head { seq, at, hash } = head;
    HeadAnswer { seq, at, hash }
}

#[derive(Serialize)]
pub(crate) struct VerifiedAnswer {
    records: u64,
    streams: u64,
    hash: Hash,
}

pub(crate) fn verified(verified: Verified) -> VerifiedAnswer {
    let Verified { records, streams, hash } = verified;
    VerifiedAnswer { records, streams, hash }
}

#[derive(Serialize)]
pub(crate) struct DeliveryAnswer {
    record: u64,
    recorded_at: Timestamp,
    attempt: u32,
    leased_until: Timestamp,
    effect: Effect,
}

pub(crate) fn delivery(delivery: Delivery) -> DeliveryAnswer {
    let Delivery { record, recorded_at, attempt, leased_until, effect } = delivery;
    DeliveryAnswer { record, recorded_at, attempt, leased_until, effect }
}

#[derive(Serialize)]
pub(crate) struct OpenEffectAnswer {
    record: u64,
    ticket: TicketId,
    attempts: u32,
    standing: &'static str,
    due: Option<Timestamp>,
    reason: Option<String>,
}

pub(crate) fn open_effect(open: OpenEffect) -> OpenEffectAnswer {
    let OpenEffect { record, ticket, attempts, standing, reason } = open;
    let (standing, due) = match standing {
        Standing::Due(at) => ("due", Some(at)),
        Standing::Waiting => ("waiting", None),
        Standing::Dead => ("dead", None),
    };
    OpenEffectAnswer { record, ticket, attempts, standing, due, reason }
}
