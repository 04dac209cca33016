//! Places in a list, and the text that takes one to a browser and back.

use core::cmp::Reverse;
use core::fmt;
use core::str::FromStr;

use firstline_core::{Priority, TicketId, Timestamp};

use super::{Found, Sort};
use crate::error::StoreError;

/// A place in a list of tickets, for [`TicketQuery::after`](super::TicketQuery::after).
///
/// Its text form is short and may go through a URL; what it says is the journal's own affair. It
/// holds no secret and grants nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Place);

impl Cursor {
    /// In a list of the newest first: those that are older than this ticket, be it there or not.
    #[must_use]
    pub const fn older_than(TicketId(id): TicketId) -> Self {
        Self(Place::Newest(Reverse(id)))
    }

    /// The cursor of a place.
    pub(crate) const fn at(place: Place) -> Self {
        Self(place)
    }

    /// The place in a list of this order.
    pub(crate) fn place(&self, sort: Sort) -> Result<Place, StoreError> {
        if self.0.sort() == sort {
            Ok(self.0)
        } else {
            Err(StoreError::BadCursor { text: self.to_string() })
        }
    }
}

/// What a ticket is sorted by. Within one order, places are ordered as the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Newest(Reverse<u64>),
    Due(Due, u64),
    Priority(Reverse<Priority>, Due, u64),
    Updated(Reverse<u64>),
}

/// A due time, with those that have none after all that have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    At(Timestamp),
    Never,
}

impl Place {
    /// The place of a ticket.
    pub(crate) fn of(sort: Sort, found: &Found) -> Self {
        let Found { id: TicketId(id), seq, ref ticket, .. } = *found;
        let due = ticket.due().map_or(Due::Never, Due::At);
        match sort {
            Sort::Newest => Self::Newest(Reverse(id)),
            Sort::Due => Self::Due(due, id),
            Sort::Priority => Self::Priority(Reverse(ticket.priority()), due, id),
            Sort::Updated => Self::Updated(Reverse(seq)),
        }
    }

    const fn sort(self) -> Sort {
        match self {
            Self::Newest(..) => Sort::Newest,
            Self::Due(..) => Sort::Due,
            Self::Priority(..) => Sort::Priority,
            Self::Updated(..) => Sort::Updated,
        }
    }

    /// The place that a cursor's text names.
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split('.');
        let place = match words.next()? {
            "newest" => Self::Newest(Reverse(number(words.next()?)?)),
            "due" => Self::Due(Due::read(words.next()?)?, number(words.next()?)?),
            "priority" => {
                let word = words.next()?;
                let priority = Priority::ALL.iter().find(|priority| priority.as_str() == word)?;
                let due = Due::read(words.next()?)?;
                Self::Priority(Reverse(*priority), due, number(words.next()?)?)
            }
            "updated" => Self::Updated(Reverse(number(words.next()?)?)),
            _ => return None,
        };
        words.next().is_none().then_some(place)
    }
}

impl Due {
    fn read(word: &str) -> Option<Self> {
        if word == "never" {
            return Some(Self::Never);
        }
        word.parse().ok().and_then(Timestamp::from_millis).map(Self::At)
    }
}

/// A number that a journal can have given.
fn number(word: &str) -> Option<u64> {
    word.parse().ok().filter(|number| *number <= crate::journal::HIGHEST)
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(due) => due.as_millis().fmt(f),
            Self::Never => f.write_str("never"),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Place::Newest(Reverse(id)) => write!(f, "newest.{id}"),
            Place::Due(due, id) => write!(f, "due.{due}.{id}"),
            Place::Priority(Reverse(priority), due, id) => {
                write!(f, "priority.{priority}.{due}.{id}")
            }
            Place::Updated(Reverse(seq)) => write!(f, "updated.{seq}"),
        }
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        // Whoever sends a megabyte gets the beginning of it back.
        let bad = || StoreError::BadCursor { text: text.chars().take(80).collect() };
        Place::read(text).map(Self).ok_or_else(bad)
    }
}

impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Cursor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cursor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A place in a list of tickets, to be given back as it is.",
            "type": "string",
        })
    }
}

impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_to_a_browser_and_back() {
        for text in [
            "newest.42",
            "due.1772443800000.42",
            "due.-1.42",
            "due.never.42",
            "priority.critical.never.7",
            "updated.99",
        ] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
            let json = format!("\"{text}\"");
            let cursor: Cursor = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&cursor).unwrap(), json);
        }
    }

    #[test]
    fn a_text_that_is_no_place_is_refused() {
        for text in [
            "",
            "42",
            "newest",
            "newest.",
            "newest.-1",
            "newest.42.43",
            "newest.9223372036854775808",
            "due.42",
            "due.soon.42",
            "due.9223372036854775807.42",
            "priority.urgent.never.7",
            "oldest.1",
        ] {
            let refused = text.parse::<Cursor>();
            assert!(matches!(refused, Err(StoreError::BadCursor { .. })), "{text}: {refused:?}");
        }
    }

    #[test]
    fn what_has_no_due_time_comes_after_what_has_one() {
        assert!(Due::At(Timestamp::MAX) < Due::Never);
        let urgent = Place::Priority(Reverse(Priority::High), Due::Never, 9);
        let idle = Place::Priority(Reverse(Priority::Low), Due::At(Timestamp::MIN), 1);
        assert!(urgent < idle);
    }
}
