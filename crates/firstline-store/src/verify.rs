//! Reading everything and comparing it, for any journal.

use std::collections::BTreeMap;

use firstline_core::{
    AgentId, CommandId, Party, PartyId, Stream, Ticket, TicketId, Timestamp, Workload,
};

use crate::chain::{Position, fold, numbers, walk};
use crate::erase::Account;
use crate::error::StoreError;
use crate::journal::{Head, Receipt, State, Verified};
use crate::outbox::{OpenEffect, Standing};
use crate::record::{Hash, Raw};

/// How many records are looked at in one go: enough to be quick, little enough to hold.
const SLICE: usize = 1_000;

/// A journal from inside, within one snapshot.
pub(crate) trait Inspect {
    /// The records after number `after`, oldest first, at most `limit`.
    fn slice(&self, after: u64, limit: usize) -> Result<Vec<Raw>, StoreError>;

    /// One record.
    fn record(&self, seq: u64) -> Result<Option<Raw>, StoreError>;

    /// Shows every stream that the tables know: where it stands and what it is said to add up to.
    fn each_stream(&self, visit: &mut Visit<'_>) -> Result<(), StoreError>;

    /// Compares the wake time and the list rows of a ticket with its state.
    fn check_lists(&self, id: TicketId, ticket: &Ticket) -> Result<(), StoreError>;

    /// Compares the words that a party is found by with its state.
    fn check_words(&self, id: PartyId, party: &Party) -> Result<(), StoreError>;

    /// Compares how many wake times and list rows there are with how many there must be, and what is
    /// known of agents' work with what the tickets say of it.
    fn check_totals(&self, totals: &Totals) -> Result<(), StoreError>;

    /// What came of a command.
    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError>;

    /// The open effects after record `after`, at most `limit`, in the order of their records.
    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError>;

    /// Commands before this moment need not be remembered any more.
    fn forgotten(&self) -> Result<Timestamp, StoreError>;
}

/// Whoever looks at every stream.
pub(crate) type Visit<'v> = dyn FnMut(Stream, Position, &State) -> Result<(), StoreError> + 'v;

/// What the streams must have left in the tables.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) streams: u64,
    pub(crate) records: u64,
    pub(crate) wakes: u64,
    pub(crate) party_wakes: u64,
    pub(crate) tags: u64,
    /// Words that parties are found by, with an empty one for each.
    pub(crate) words: u64,
    /// What agents have to do.
    pub(crate) work: BTreeMap<AgentId, Workload>,
}

/// Verifies a journal; see [`Reader::verify`](crate::Reader::verify).
pub(crate) fn verify(journal: &impl Inspect) -> Result<Verified, StoreError> {
    let head = check_chain(journal)?;
    let records = head.map_or(0, |head| head.seq);
    let totals = check_streams(journal, records)?;
    if totals.records != records {
        let what = format!("they account for {} of {records} records", totals.records);
        return Err(StoreError::Stale { what });
    }
    journal.check_totals(&totals)?;
    check_outbox(journal)?;
    let hash = head.map_or(Hash::ORIGIN, |head| head.hash);
    Ok(Verified { records, streams: totals.streams, hash })
}

/// Checks that the records follow one another, and returns the last.
fn check_chain(journal: &impl Inspect) -> Result<Option<Head>, StoreError> {
    let mut head: Option<Head> = None;
    let mut erasures = Account::default();
    let forgotten = journal.forgotten()?;
    loop {
        let after = head.map_or(0, |head| head.seq);
        let slice = journal.slice(after, SLICE)?;
        if slice.is_empty() {
            erasures.close()?;
            return Ok(head);
        }
        for raw in &slice {
            check_link(raw, head)?;
            erasures.take(raw)?;
            if raw.at >= forgotten {
                check_receipt(journal, raw)?;
            }
            head = Some(raw.head());
        }
    }
}

/// Checks that a record follows the one that the journal had ended with.
pub(crate) fn check_link(raw: &Raw, before: Option<Head>) -> Result<(), StoreError> {
    let expected = before.map_or(1, |before| before.seq + 1);
    if raw.seq != expected {
        return Err(StoreError::damaged(expected, "it is missing"));
    }
    if raw.hash != raw.hash_after(before.map_or(Hash::ORIGIN, |before| before.hash)) {
        return Err(StoreError::damaged(raw.seq, "it is not what was written"));
    }
    if before.is_some_and(|before| raw.at < before.at) {
        return Err(StoreError::damaged(raw.seq, "it is dated before the record before it"));
    }
    Ok(())
}

/// Checks that the command of a record is remembered: if not, it could be carried out twice.
fn check_receipt(journal: &impl Inspect, raw: &Raw) -> Result<(), StoreError> {
    let Some(command) = raw.command else {
        return Ok(());
    };
    let wrong = || StoreError::damaged(raw.seq, "the receipt of its command is wrong or missing");
    let receipt = journal.receipt(command)?.ok_or_else(wrong)?;
    let first = (receipt.seq + 1).saturating_sub(u64::from(receipt.events));
    let is_covered = (first..=receipt.seq).contains(&raw.seq);
    // The records of one command follow one another, in the journal and in the history.
    let is_right = is_covered
        && (receipt.stream, receipt.at) == (raw.stream, raw.at)
        && receipt.version.checked_sub(raw.version) == Some(receipt.seq - raw.seq);
    let is_first_its_own = || -> Result<bool, StoreError> {
        let first = journal.record(first)?;
        Ok(first.is_some_and(|first| first.command == Some(command)))
    };
    if is_right && (raw.seq != receipt.seq || is_first_its_own()?) { Ok(()) } else { Err(wrong()) }
}

/// Checks that every open effect is asked for by its record, and that of those of one ticket that are
/// not dead exactly one is due.
fn check_outbox(journal: &impl Inspect) -> Result<(), StoreError> {
    let mut after = 0;
    let mut due = BTreeMap::new();
    loop {
        let slice = journal.open_effects(after, SLICE)?;
        let Some(last) = slice.last() else {
            break;
        };
        after = last.record;
        for open in &slice {
            let wrong = || {
                let what = format!("the outbox is wrong about record {}", open.record);
                StoreError::DamagedFile { what }
            };
            let raw = journal.record(open.record)?.ok_or_else(wrong)?;
            let reason_missing = open.standing == Standing::Dead && open.reason.is_none();
            if raw.stream != Stream::Ticket(open.ticket) || reason_missing {
                return Err(wrong());
            }
            if open.standing != Standing::Dead {
                let is_due = matches!(open.standing, Standing::Due(_));
                *due.entry(open.ticket).or_insert(0) += u64::from(is_due);
            }
        }
    }
    match due.into_iter().find(|(_, due)| *due != 1) {
        None => Ok(()),
        Some((ticket, due)) => {
            let what = format!("{due} effects of ticket {ticket} are due in the outbox");
            Err(StoreError::DamagedFile { what })
        }
    }
}

/// Checks that every history adds up to the state that is kept of it, and that lists and timers say
/// what the state says. `records` is how many there are.
fn check_streams(journal: &impl Inspect, records: u64) -> Result<Totals, StoreError> {
    let mut totals = Totals::default();
    journal.each_stream(&mut |stream, position, state| {
        if position.seq > records {
            return Err(StoreError::damaged(records + 1, "it is missing"));
        }
        check_state(journal, stream, position, state)?;
        totals.streams += 1;
        totals.records += position.version;
        if let (Stream::Ticket(id), State::Ticket(ticket)) = (stream, state) {
            journal.check_lists(id, ticket)?;
            totals.wakes += u64::from(ticket.poll_timeout().is_some());
            totals.tags += ticket.tags.len() as u64;
            for agent in ticket.agents() {
                totals.work.entry(agent).or_default().add(&Workload::on(ticket, agent));
            }
        }
        if let (Stream::Party(id), State::Party(party)) = (stream, state) {
            journal.check_words(id, party)?;
            totals.words += party.words().len() as u64 + 1;
            totals.party_wakes += u64::from(party.poll_timeout().is_some());
        }
        Ok(())
    })?;
    Ok(totals)
}

fn check_state(
    journal: &impl Inspect,
    stream: Stream,
    position: Position,
    kept: &State,
) -> Result<(), StoreError> {
    let mut state = None;
    if position.version <= SLICE as u64 {
        for raw in walk(stream, position, |seq| journal.record(seq))? {
            state = Some(fold(stream, state, raw.seq, &raw.event()?)?);
        }
    } else {
        // A long one is read twice rather than held.
        for seq in numbers(stream, position, |seq| journal.record(seq))? {
            let raw =
                journal.record(seq)?.ok_or_else(|| StoreError::damaged(seq, "it is missing"))?;
            state = Some(fold(stream, state, seq, &raw.event()?)?);
        }
    }
    if state.as_ref() == Some(kept) {
        Ok(())
    } else {
        Err(StoreError::Stale { what: format!("the state of {stream:?}") })
    }
}
