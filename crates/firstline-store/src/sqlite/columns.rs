//! How values become columns and columns become values again.

use firstline_core::{
    Actor, AgentId, ArticleId, CommandId, ContactId, ContractId, EquipmentId, OrganizationId,
    Party, PartyId, PlanId, Stream, TicketId, Timestamp,
};
use rusqlite::Row;

use super::failure::{Failure, Outcome};
use crate::error::StoreError;
use crate::record::{Hash, Raw, StreamKind};

/// The columns of a record, in the order in which [`raw`] reads them.
macro_rules! record_columns {
    () => {
        "seq, stream, number, version, previous, at_ms, actor, actor_number, command, rulebook, \
         event, hash, erased"
    };
}
pub(super) use record_columns;

/// Reads a row of [`record_columns!`].
pub(super) fn raw(row: &Row<'_>) -> Outcome<Raw> {
    let seq = row.get(0)?;
    decode(row, seq).map_err(|error| StoreError::damaged(seq, error.to_string()).into())
}

fn decode(row: &Row<'_>, seq: u64) -> rusqlite::Result<Raw> {
    let stream = stream(row.get_ref(1)?.as_str()?, row.get(2)?).ok_or_else(|| unknown(1))?;
    let actor = match row.get_ref(6)?.as_str()? {
        "system" => Actor::System,
        "contact" => Actor::Contact(ContactId(row.get(7)?)),
        "agent" => Actor::Agent(AgentId(row.get(7)?)),
        _ => return Err(unknown(6)),
    };
    Ok(Raw {
        seq,
        stream,
        version: row.get(3)?,
        previous: row.get(4)?,
        at: Timestamp::from_millis(row.get(5)?).ok_or_else(|| unknown(5))?,
        actor,
        command: row.get::<_, Option<[u8; 16]>>(8)?.map(command_id),
        rulebook: row.get(9)?,
        event: row.get(10)?,
        hash: Hash(row.get(11)?),
        erased: row.get::<_, Option<[u8; 32]>>(12)?.map(Hash),
    })
}

/// A column with a value that nobody wrote.
fn unknown(column: usize) -> rusqlite::Error {
    let kind = rusqlite::types::Type::Text;
    rusqlite::Error::FromSqlConversionFailure(column, kind, "a value without meaning".into())
}

/// Stands for the due time of a ticket that is never due: after all others.
pub(super) const NEVER: i64 = i64::MAX;

/// The word for a kind of stream.
pub(super) const fn word(kind: StreamKind) -> &'static str {
    match kind {
        StreamKind::Desk => "desk",
        StreamKind::Ticket => "ticket",
        StreamKind::Article => "article",
        StreamKind::Contact => "contact",
        StreamKind::Organization => "organization",
        StreamKind::Agent => "agent",
        StreamKind::Equipment => "equipment",
        StreamKind::Contract => "contract",
        StreamKind::Plan => "plan",
    }
}

/// The words for an actor.
pub(super) const fn actor(actor: Actor) -> (&'static str, Option<u64>) {
    match actor {
        Actor::System => ("system", None),
        Actor::Contact(id) => ("contact", Some(id.0)),
        Actor::Agent(id) => ("agent", Some(id.0)),
    }
}

/// The stream that a word and a number name.
pub(super) fn stream(word: &str, number: u64) -> Option<Stream> {
    match word {
        "desk" => Some(Stream::Desk),
        "ticket" => Some(Stream::Ticket(TicketId(number))),
        "article" => Some(Stream::Article(ArticleId(number))),
        "contact" => Some(Stream::Party(PartyId::Contact(ContactId(number)))),
        "organization" => Some(Stream::Party(PartyId::Organization(OrganizationId(number)))),
        "agent" => Some(Stream::Party(PartyId::Agent(AgentId(number)))),
        "equipment" => Some(Stream::Party(PartyId::Equipment(EquipmentId(number)))),
        "contract" => Some(Stream::Party(PartyId::Contract(ContractId(number)))),
        "plan" => Some(Stream::Party(PartyId::Plan(PlanId(number)))),
        _ => None,
    }
}

/// A command's key in the order of its digits, so that keys which rise are stored side by side.
pub(super) const fn command_key(id: CommandId) -> [u8; 16] {
    id.0.to_be_bytes()
}

pub(super) const fn command_id(key: [u8; 16]) -> CommandId {
    CommandId(u128::from_be_bytes(key))
}

/// Eight bytes that tell whether a text was damaged. Against damage, not against forgery: whoever
/// changes the text can change them, too.
pub(super) fn check(text: &str) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = Hash::of(text).0;
    i64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Guards a row of the table of commands.
pub(super) fn receipt_check(command: CommandId, receipt: &str) -> i64 {
    check(&format!("{command} {receipt}"))
}

/// Guards the place up to which commands were forgotten.
pub(super) fn forgotten_check(before_ms: i64) -> i64 {
    check(&format!("forgotten before {before_ms}"))
}

/// A number to look for. What is too large for a column is found nowhere.
pub(super) fn sought(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(-1)
}

/// A moment from a derived table.
pub(super) fn moment(at_ms: i64) -> Outcome<Timestamp> {
    let stale = || StoreError::Stale { what: format!("{at_ms} ms is no moment") };
    Timestamp::from_millis(at_ms).ok_or_else(|| Failure::Store(stale()))
}

/// A state from a derived table.
pub(super) fn state<T: serde::de::DeserializeOwned>(of: Stream, json: &str) -> Outcome<T> {
    serde_json::from_str(json).map_err(|error| {
        Failure::Store(StoreError::Stale { what: format!("the state of {of:?}: {error}") })
    })
}

/// The JSON text of a state or receipt.
pub(super) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the keys of its maps are texts")
}

/// A party's state, which must be of the kind that its row says.
pub(super) fn party_state(id: PartyId, json: &str) -> Outcome<Party> {
    let stream = Stream::Party(id);
    let party: Party = state(stream, json)?;
    if party.is_of_kind(id) {
        Ok(party)
    } else {
        Err(StoreError::Stale { what: format!("the state of {stream:?}") }.into())
    }
}
