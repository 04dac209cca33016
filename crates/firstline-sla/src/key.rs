//! What clocks are called.

use core::fmt;
use core::str::FromStr;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What is measured. The names are those of the help desk trade (Zendesk's metrics, ITIL's
/// agreements).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Metric {
    /// From the opening to the first public answer by a person.
    FirstReply,
    /// From the oldest unanswered message of the customer to the next public answer.
    NextReply,
    /// From each public answer to the next one, until the matter is resolved.
    PeriodicUpdate,
    /// From the opening until the matter is resolved for the first time.
    FirstResolution,
    /// From the opening until the matter is resolved, reopenings included.
    Resolution,
    /// How long the customer has waited for the desk, all in all.
    RequesterWait,
    /// How long the desk itself has had the matter in hand, all in all.
    AgentWork,
    /// From the arrival at a support line until the matter leaves it.
    LineTime,
    /// From the hand-over to a vendor until the vendor answers or gives the matter back.
    Vendor,
}

impl Metric {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 9] = [
        Self::FirstReply,
        Self::NextReply,
        Self::PeriodicUpdate,
        Self::FirstResolution,
        Self::Resolution,
        Self::RequesterWait,
        Self::AgentWork,
        Self::LineTime,
        Self::Vendor,
    ];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::FirstReply => "first_reply",
            Self::NextReply => "next_reply",
            Self::PeriodicUpdate => "periodic_update",
            Self::FirstResolution => "first_resolution",
            Self::Resolution => "resolution",
            Self::RequesterWait => "requester_wait",
            Self::AgentWork => "agent_work",
            Self::LineTime => "line_time",
            Self::Vendor => "vendor",
        }
    }

    /// The kind of agreement that it usually belongs to.
    #[must_use]
    pub const fn usual_agreement(self) -> Agreement {
        match self {
            Self::LineTime => Agreement::Ola,
            Self::Vendor => Agreement::Uc,
            _ => Agreement::Sla,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.key().replace('_', " "))
    }
}

/// Between whom a promise holds. The three run beside each other (ITIL 4, service level management).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Service level agreement: towards the customer.
    #[default]
    Sla,
    /// Operational level agreement: between the lines of the desk.
    Ola,
    /// Underpinning contract: by a vendor towards the desk.
    Uc,
}

impl Agreement {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sla, Self::Ola, Self::Uc];

    /// The word for it, as in rulebooks and records.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sla => "sla",
            Self::Ola => "ola",
            Self::Uc => "uc",
        }
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.key().to_uppercase())
    }
}

/// What a clock measures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// One of the usual metrics.
    Metric(Metric),
    /// Something of the host's own, by conditions: the name of the clock.
    Condition(Arc<str>),
    /// What somebody promised by word of mouth: its number, from 1.
    Promise(u32),
}

/// The name of a clock among those of one subject: a ticket, an order.
///
/// As text, and so in records, it is `resolution` for a metric of the service level agreement,
/// `ola.resolution` for the same in another one, `@parts` for a clock by conditions, `promise.2` for
/// a promise. What was taken over from another subject has that one's number in front:
/// `17/first_reply`.
///
/// ```
/// use firstline_sla::{Agreement, ClockKey, Metric};
///
/// let key: ClockKey = "ola.line_time".parse()?;
/// assert_eq!(key, ClockKey::from(Metric::LineTime));
/// assert_eq!(key.agreement, Agreement::Ola);
/// assert_eq!(ClockKey::from(Metric::FirstReply).taken_from(17).to_string(), "17/first_reply");
/// # Ok::<(), firstline_sla::ParseClockKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockKey {
    /// The subject that it began on, where it was taken over from another.
    pub origin: Option<u64>,
    /// Between whom the promise holds.
    pub agreement: Agreement,
    /// What is measured.
    pub measure: Measure,
}

impl ClockKey {
    /// The clock of a metric under this agreement.
    #[must_use]
    pub const fn new(agreement: Agreement, metric: Metric) -> Self {
        Self { origin: None, agreement, measure: Measure::Metric(metric) }
    }

    /// The clock by conditions of this name.
    #[must_use]
    pub fn condition(agreement: Agreement, name: &str) -> Self {
        Self { origin: None, agreement, measure: Measure::Condition(name.into()) }
    }

    /// The promise of this number.
    #[must_use]
    pub const fn promise(number: u32) -> Self {
        Self { origin: None, agreement: Agreement::Sla, measure: Measure::Promise(number) }
    }

    /// The metric that it measures, if it is one of the usual ones.
    #[must_use]
    pub const fn metric(&self) -> Option<Metric> {
        match self.measure {
            Measure::Metric(metric) => Some(metric),
            Measure::Condition(_) | Measure::Promise(_) => None,
        }
    }

    /// Its name on another subject that takes it over. Where it first began stays its origin.
    #[must_use]
    pub fn taken_from(&self, subject: u64) -> Self {
        Self { origin: self.origin.or(Some(subject)), ..self.clone() }
    }
}

impl From<Metric> for ClockKey {
    /// The clock of this metric under the agreement that it usually belongs to.
    fn from(metric: Metric) -> Self {
        Self::new(metric.usual_agreement(), metric)
    }
}

impl fmt::Display for ClockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = self.origin {
            write!(f, "{origin}/")?;
        }
        if self.agreement != Agreement::Sla {
            write!(f, "{}.", self.agreement.key())?;
        }
        match &self.measure {
            Measure::Metric(metric) => f.write_str(metric.key()),
            Measure::Condition(name) => write!(f, "@{name}"),
            Measure::Promise(number) => write!(f, "promise.{number}"),
        }
    }
}

/// A text that names no clock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` names no clock; write a metric such as first_reply or ola.line_time, @NAME for a clock by conditions, or promise.1"
)]
pub struct ParseClockKeyError {
    /// What was found.
    pub text: String,
}

impl FromStr for ClockKey {
    type Err = ParseClockKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| ParseClockKeyError { text: text.to_owned() })
    }
}

fn read(text: &str) -> Option<ClockKey> {
    let (origin, rest) = match text.split_once('/') {
        Some((origin, rest)) if !text.starts_with('@') && !origin.contains('@') => {
            (Some(origin.parse().ok()?), rest)
        }
        _ => (None, text),
    };
    let with_prefix = Agreement::ALL.into_iter().find_map(|agreement| {
        let rest = rest.strip_prefix(agreement.key())?.strip_prefix('.')?;
        Some((agreement, rest))
    });
    let (agreement, rest) = with_prefix.unwrap_or((Agreement::Sla, rest));
    let measure = if let Some(name) = rest.strip_prefix('@') {
        Measure::Condition(Some(name).filter(|name| !name.is_empty())?.into())
    } else if let Some(number) = rest.strip_prefix("promise.") {
        Measure::Promise(number.parse().ok()?)
    } else {
        Measure::Metric(Metric::ALL.into_iter().find(|metric| metric.key() == rest)?)
    };
    Some(ClockKey { origin, agreement, measure })
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ClockKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A clock, such as `first_reply` or `ola.line_time`.",
            "type": "string",
        })
    }
}

impl Serialize for ClockKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.origin, self.agreement, &self.measure) {
            (None, Agreement::Sla, Measure::Metric(metric)) => {
                serializer.serialize_str(metric.key())
            }
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for ClockKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_reads_back_from_its_name() {
        let keys = [
            ("resolution", ClockKey::from(Metric::Resolution)),
            ("ola.line_time", ClockKey::from(Metric::LineTime)),
            ("uc.vendor", ClockKey::from(Metric::Vendor)),
            ("line_time", ClockKey::new(Agreement::Sla, Metric::LineTime)),
            ("ola.@spare parts", ClockKey::condition(Agreement::Ola, "spare parts")),
            ("@a/b", ClockKey::condition(Agreement::Sla, "a/b")),
            ("ola.@a/b", ClockKey::condition(Agreement::Ola, "a/b")),
            ("promise.2", ClockKey::promise(2)),
            ("17/first_reply", ClockKey::from(Metric::FirstReply).taken_from(17)),
            ("17/first_reply", ClockKey::from(Metric::FirstReply).taken_from(17).taken_from(4)),
        ];
        for (text, key) in keys {
            assert_eq!(key.to_string(), text);
            assert_eq!(text.parse::<ClockKey>().as_ref(), Ok(&key), "{text}");
            let json = serde_json::to_string(&key).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<ClockKey>(&json).unwrap(), key);
        }
        let spelt_out = "sla.first_reply".parse::<ClockKey>();
        assert_eq!(spelt_out, Ok(ClockKey::from(Metric::FirstReply)), "written `first_reply`");
        for wrong in ["", "reply", "@", "promise.", "promise.x", "x/first_reply", "sla."] {
            assert!(wrong.parse::<ClockKey>().is_err(), "{wrong}");
        }
    }
}
