//! Records: what a journal keeps of an event, and how each is tied to the one before.

use core::fmt;

use firstline_core::{Actor, CommandId, Event, PartyId, Stream, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// One event as the journal keeps it.
///
/// # The chain
///
/// A record's hash is the BLAKE3 hash of these bytes, integers in little-endian order:
///
/// | bytes | what |
/// |---|---|
/// | 32 | the hash of the record before it; zeros before the first |
/// | 8 | `seq` |
/// | 1 | kind of stream: 0 desk, 1 ticket, 2 article, 3 contact, 4 organization, 5 agent, 6 equipment, 7 contract |
/// | 8 | number of the stream; 0 for the desk |
/// | 8 | `version` |
/// | 8 | `at`, in milliseconds since 1970 |
/// | 1 | kind of actor: 0 system, 1 contact, 2 agent |
/// | 8 | number of the actor; 0 for the system |
/// | 1 | 1 with a command, 0 without |
/// | 16 | the command; zeros without |
/// | 4 | `rulebook` |
/// | 32 | the BLAKE3 hash of the event's JSON text, byte for byte as it was stored |
///
/// So a text can go and leave its hash behind, and the chain still holds: see
/// [`Journal::erase`](crate::Journal::erase). (A hash lets nobody read the text, but whoever guesses
/// a short one in full, with its time and author, can see that the guess was right.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Its place in the journal: 1, 2, 3 and so on, without holes.
    pub seq: u64,
    /// Whose history it belongs to.
    pub stream: Stream,
    /// Its place in that history: 1, 2, 3 and so on, without holes.
    pub version: u64,
    /// When it was recorded. Never before an earlier record; the event may have been true earlier.
    pub at: Timestamp,
    /// Who gave the command that it came of.
    pub actor: Actor,
    /// The caller's key of that command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// The version of the rulebook by which it was decided.
    pub rulebook: u32,
    /// What happened.
    pub event: Event,
    /// Ties it to all records before it.
    pub hash: Hash,
    /// The hash of what the event's text was before its words were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Hash>,
}

/// A BLAKE3 hash. In serde and in print it is 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands before the first record.
    pub const ORIGIN: Self = Self([0; 32]);

    /// The hash of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Hash {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hash".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A BLAKE3 hash.", "type": "string", "pattern": "^[0-9a-f]{64}$",
        })
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        blake3::Hash::from_hex(text.as_bytes())
            .map(|hash| Self(hash.into()))
            .map_err(|_| serde::de::Error::custom("a hash is 64 hexadecimal digits"))
    }
}

/// A record as it lies on disk: the event is still text, because the text is what was hashed.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) seq: u64,
    pub(crate) stream: Stream,
    pub(crate) version: u64,
    /// The record before it in the same stream. Lets a history be walked without an index.
    pub(crate) previous: Option<u64>,
    pub(crate) at: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) command: Option<CommandId>,
    pub(crate) rulebook: u32,
    pub(crate) event: String,
    pub(crate) hash: Hash,
    pub(crate) erased: Option<Hash>,
}

impl Raw {
    /// The hash that this record must have after one with the hash `before`.
    pub(crate) fn hash_after(&self, before: Hash) -> Hash {
        let mut hasher = self.hasher(before);
        hasher.update(&self.erased.unwrap_or_else(|| Hash::of(&self.event)).0);
        Hash(hasher.finalize().into())
    }

    /// Over all but the event.
    fn hasher(&self, before: Hash) -> blake3::Hasher {
        let (kind, number) = stream_key(self.stream);
        let (actor_kind, actor_number) = match self.actor {
            Actor::System => (0, 0),
            Actor::Contact(id) => (1, id.0),
            Actor::Agent(id) => (2, id.0),
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&before.0);
        hasher.update(&self.seq.to_le_bytes());
        hasher.update(&[kind as u8]);
        hasher.update(&number.to_le_bytes());
        hasher.update(&self.version.to_le_bytes());
        hasher.update(&self.at.as_millis().to_le_bytes());
        hasher.update(&[actor_kind]);
        hasher.update(&actor_number.to_le_bytes());
        hasher.update(&[u8::from(self.command.is_some())]);
        hasher.update(&self.command.map_or(0, |command| command.0).to_le_bytes());
        hasher.update(&self.rulebook.to_le_bytes());
        hasher
    }

    /// The record with the words of its event erased, unless it has none, or none any more.
    pub(crate) fn without_words(&self) -> Result<Option<Self>, StoreError> {
        let event = self.event()?;
        let wordless = event.without_words();
        if self.erased.is_some() || wordless == event {
            return Ok(None);
        }
        let erased = Some(Hash::of(&self.event));
        Ok(Some(Self { event: event_text(&wordless), erased, ..self.clone() }))
    }

    /// What the text says happened.
    pub(crate) fn event(&self) -> Result<Event, StoreError> {
        serde_json::from_str(&self.event)
            .map_err(|error| StoreError::damaged(self.seq, format!("its event: {error}")))
    }

    /// The record for a reader.
    pub(crate) fn read(self) -> Result<Record, StoreError> {
        let event = self.event()?;
        let Self { seq, stream, version, at, actor, command, rulebook, hash, erased, .. } = self;
        Ok(Record { seq, stream, version, at, actor, command, rulebook, event, hash, erased })
    }
}

/// The hash that a record had in files of schema version 1.
pub(crate) fn hash_of_version_1(raw: &Raw, before: Hash) -> Hash {
    let mut hasher = raw.hasher(before);
    hasher.update(raw.event.as_bytes());
    Hash(hasher.finalize().into())
}

/// An event as it is stored.
pub(crate) fn event_text(event: &Event) -> String {
    serde_json::to_string(event).expect("the keys of an event's maps are texts")
}

/// The kinds of streams, as numbers in a hash and as words in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamKind {
    Desk = 0,
    Ticket = 1,
    Article = 2,
    Contact = 3,
    Organization = 4,
    Agent = 5,
    Equipment = 6,
    Contract = 7,
    Plan = 8,
}

/// Kind and number of a stream. The desk has only one, and it has number 0.
pub(crate) const fn stream_key(stream: Stream) -> (StreamKind, u64) {
    match stream {
        Stream::Desk => (StreamKind::Desk, 0),
        Stream::Ticket(id) => (StreamKind::Ticket, id.0),
        Stream::Article(id) => (StreamKind::Article, id.0),
        Stream::Party(id) => party_key(id),
    }
}

/// Kind and number of a party.
pub(crate) const fn party_key(id: PartyId) -> (StreamKind, u64) {
    match id {
        PartyId::Contact(id) => (StreamKind::Contact, id.0),
        PartyId::Organization(id) => (StreamKind::Organization, id.0),
        PartyId::Agent(id) => (StreamKind::Agent, id.0),
        PartyId::Equipment(id) => (StreamKind::Equipment, id.0),
        PartyId::Contract(id) => (StreamKind::Contract, id.0),
        PartyId::Plan(id) => (StreamKind::Plan, id.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstline_core::TicketId;

    /// The bytes under the hash are a promise to every journal ever written.
    #[test]
    fn the_hash_of_a_record_never_changes() {
        let mut raw = Raw {
            seq: 1,
            stream: Stream::Ticket(TicketId(7)),
            version: 1,
            previous: None,
            at: Timestamp::from_millis(1_772_443_800_000).unwrap(),
            actor: Actor::System,
            command: Some(CommandId(42)),
            rulebook: 1,
            event: "{}".to_owned(),
            hash: Hash::ORIGIN,
            erased: None,
        };
        let digits = "80999cf2e926d9ed4f4b3ceea9168d7ec337db3dd30f45787584e0365b77fe03";
        assert_eq!(hash_of_version_1(&raw, Hash::ORIGIN).to_string(), digits);
        raw.hash = raw.hash_after(Hash::ORIGIN);
        let digits = "2d2da211f1c6ed35d36951a2e8a9f206bc4ca3039102695760c777d3a27ed1c4";
        assert_eq!(raw.hash.to_string(), digits);
        assert_ne!(raw.hash_after(raw.hash), raw.hash);
        // What the text was counts, not what is left of it.
        let (erased, event) = (Some(Hash::of(&raw.event)), "[]".to_owned());
        assert_eq!(Raw { erased, event, ..raw.clone() }.hash_after(Hash::ORIGIN), raw.hash);
    }

    #[test]
    fn a_hash_is_read_back_from_its_digits() {
        let hash = Hash(core::array::from_fn(|i| i as u8 * 7));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
        assert!(serde_json::from_str::<Hash>("\"c0ffee\"").is_err());
    }
}
