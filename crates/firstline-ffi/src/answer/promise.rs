//! Promises: the account of one, and what comes.

use std::sync::Arc;

use firstline::{
    Account, Clock, ClockEvent, ClockKey, Entry, EntryKind, Foresight, Mark, Noticed, TicketEvent,
    Timestamp, Tongue,
};
use serde::Serialize;

use crate::kind::kind;

/// The account of one promise. With `foreseen` and `state` it is all there is to know of it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct AccountAnswer {
    /// Which clock.
    clock: ClockKey,
    /// Which of its runs, from 1.
    cycle: u32,
    /// Whether it was broken.
    is_missed: bool,
    /// When the time ran out, or would have.
    due: Option<Timestamp>,
    /// Where the account ends.
    until: Timestamp,
    /// Working time used up: the sum of the counted entries.
    counted_ms: i64,
    /// Working time used up on another ticket, which no entry breaks down.
    counted_elsewhere_ms: i64,
    /// Wall time outside working hours while the clock ran.
    closed_ms: i64,
    /// Wall time while the clock stood still.
    paused_ms: i64,
    /// Wall time while the promise was fulfilled and not yet taken up again.
    done_ms: i64,
    /// Wall time that the account of another ticket has.
    elsewhere_ms: i64,
    /// Where each stretch of time went, in order.
    entries: Vec<EntryAnswer>,
    /// What happened to the clock, in order.
    marks: Vec<MarkAnswer>,
    /// What will happen to it, if nobody does anything.
    foreseen: Vec<MarkAnswer>,
    /// The policy that promised it.
    policy: Option<Arc<str>>,
    /// What was promised by word of mouth.
    promised: Option<String>,
    /// What would have kept it, each in words.
    remedies: Vec<String>,
    /// The clock as it is where the account ends.
    state: Clock,
    /// All of it in words.
    text: String,
}

/// A stretch of time.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct EntryAnswer {
    /// Where it begins.
    from: Timestamp,
    /// Where it ends.
    to: Timestamp,
    /// Where it went.
    kind: EntryKindAnswer,
    /// Why it was closed, such as `weekend` or `holiday`; for what the clock stood still.
    why: Vec<String>,
}

/// Where a stretch of time went.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum EntryKindAnswer {
    /// It was working time and was used up.
    Counted,
    /// The clock ran, but nobody works then.
    Closed,
    /// The clock stood still.
    Paused,
    /// The promise was fulfilled, and later taken up again.
    Done,
    /// The account of another ticket has it.
    Elsewhere,
    /// Something that this version of the answer has no word for.
    Other,
}

/// A moment at which something happens to a clock.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MarkAnswer {
    /// When it is true.
    at: Timestamp,
    /// When it was written down; null if it was not yet, or that is not known.
    noticed_at: Option<Timestamp>,
    /// When the clock is due from then on.
    due: Option<Timestamp>,
    /// What happens.
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
    use EntryKindAnswer as To;
    let (to, why) = match &entry.kind {
        EntryKind::Counted => (To::Counted, Vec::new()),
        EntryKind::Closed(closed) => (To::Closed, vec![kind(closed)]),
        EntryKind::Paused(reasons) => {
            (To::Paused, reasons.iter().map(ToString::to_string).collect())
        }
        EntryKind::Done => (To::Done, Vec::new()),
        EntryKind::Elsewhere => (To::Elsewhere, Vec::new()),
        _ => (To::Other, Vec::new()),
    };
    EntryAnswer { from: entry.from, to: entry.to, kind: to, why }
}

fn mark(mark: Mark) -> MarkAnswer {
    let noticed_at = match mark.noticed {
        Noticed::At(at) => Some(at),
        Noticed::Unsaid | Noticed::NotYet => None,
    };
    MarkAnswer { at: mark.at, noticed_at, due: mark.due, event: mark.event }
}

/// What a ticket will do by itself, if nobody does anything.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ForesightAnswer {
    /// Nothing happens by itself before this moment; null if nothing ever does.
    nothing_before: Option<Timestamp>,
    /// What would be recorded, in the order in which it will be noticed.
    events: Vec<TicketEvent>,
    /// Whether more happens after these.
    is_cut: bool,
}

pub(crate) fn foresight(foresight: Foresight) -> ForesightAnswer {
    let Foresight { nothing_before, events, is_cut } = foresight;
    ForesightAnswer { nothing_before, events, is_cut }
}
