//! Promises: the account of one, and what a customer is told.

use std::sync::Arc;

use firstline::{
    Account, At, Brief, Clock, ClockEvent, ClockKey, Doing, Entry, EntryKind, Mark, Next, Noticed,
    Timestamp, Tongue, When,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::kind::kind;

#[derive(Serialize)]
pub(crate) struct AccountAnswer {
    clock: ClockKey,
    cycle: u32,
    is_missed: bool,
    due: Option<Timestamp>,
    until: Timestamp,
    counted_ms: i64,
    counted_elsewhere_ms: i64,
    closed_ms: i64,
    paused_ms: i64,
    done_ms: i64,
    elsewhere_ms: i64,
    entries: Vec<EntryAnswer>,
    marks: Vec<MarkAnswer>,
    foreseen: Vec<MarkAnswer>,
    policy: Option<Arc<str>>,
    promised: Option<String>,
    remedies: Vec<String>,
    state: Clock,
    /// All of it in words.
    text: String,
}

#[derive(Serialize)]
struct EntryAnswer {
    from: Timestamp,
    to: Timestamp,
    kind: &'static str,
    why: Vec<String>,
}

#[derive(Serialize)]
struct MarkAnswer {
    at: Timestamp,
    noticed_at: Option<Timestamp>,
    due: Option<Timestamp>,
    event: ClockEvent,
}

pub(crate) fn account(account: Account, tongue: Tongue) -> AccountAnswer {
    let text = account.text(tongue);
    let ledger = account.ledger;
    let remedies = account.remedies.iter().map(|it| ledger.remedy(it, tongue)).collect();
    AccountAnswer {
        cycle: ledger.clock.cycle,
        is_missed: ledger.is_missed(),
        clock: ledger.key,
        due: ledger.due,
        until: ledger.until,
        counted_ms: ledger.counted.as_millis(),
        counted_elsewhere_ms: ledger.counted_elsewhere.as_millis(),
        closed_ms: ledger.closed_ms,
        paused_ms: ledger.paused_ms,
        done_ms: ledger.done_ms,
        elsewhere_ms: ledger.elsewhere_ms,
        entries: ledger.entries.iter().map(entry).collect(),
        marks: ledger.marks.into_iter().map(mark).collect(),
        foreseen: account.foreseen.into_iter().map(mark).collect(),
        policy: account.choice.map(|choice| choice.policy),
        promised: account.promised,
        remedies,
        state: ledger.clock,
        text,
    }
}

fn entry(entry: &Entry) -> EntryAnswer {
    let (kind, why) = match &entry.kind {
        EntryKind::Counted => ("counted", Vec::new()),
        EntryKind::Closed(closed) => ("closed", vec![kind(closed)]),
        EntryKind::Paused(reasons) => ("paused", reasons.iter().map(ToString::to_string).collect()),
        EntryKind::Done => ("done", Vec::new()),
        EntryKind::Elsewhere => ("elsewhere", Vec::new()),
        _ => ("other", Vec::new()),
    };
    EntryAnswer { from: entry.from, to: entry.to, kind, why }
}

fn mark(mark: Mark) -> MarkAnswer {
    let noticed_at = match mark.noticed {
        Noticed::At(at) => Some(at),
        Noticed::Unsaid | Noticed::NotYet => None,
    };
    MarkAnswer { at: mark.at, noticed_at, due: mark.due, event: mark.event }
}

#[derive(Serialize)]
pub(crate) struct BriefAnswer {
    cost: Vec<CostAnswer>,
    minutes: u64,
    doing: Value,
    next: Value,
    done: Value,
    /// The four things as four sentences.
    text: String,
}

#[derive(Serialize)]
struct CostAnswer {
    currency: String,
    minor_units: u64,
}

pub(crate) fn brief(brief: &Brief, tongue: Tongue) -> BriefAnswer {
    let cost = brief.cost.iter().map(|(currency, minor_units)| CostAnswer {
        currency: currency.to_string(),
        minor_units: *minor_units,
    });
    let next = kind(&brief.next);
    BriefAnswer {
        cost: cost.collect(),
        minutes: brief.minutes,
        doing: match brief.doing {
            Doing::WaitingFor(reason) => json!({ "kind": "waiting_for", "hold": reason }),
            Doing::Merged(ticket) => json!({ "kind": "merged", "ticket": ticket }),
            doing => json!({ "kind": kind(&doing) }),
        },
        next: match &brief.next {
            Next::Answer(at) | Next::Promised(at) => by(&next, at),
            Next::Signature(what) => json!({ "kind": next, "what": what }),
            _ => json!({ "kind": next }),
        },
        done: match &brief.done {
            When::By(at) | When::Late(at) => by(&kind(&brief.done), at),
            when => json!({ "kind": kind(when) }),
        },
        text: brief.text(tongue),
    }
}

fn by(kind: &str, At { at, local }: &At) -> Value {
    json!({ "kind": kind, "at": at, "local": local.to_string() })
}
