//! Which tickets: a filter as a value, and as the text that agents type.
//!
//! | to change | see |
//! |---|---|
//! | what can be asked | [`TicketFilter`] |
//! | how it is typed, and what a mistake is called | `filter/read.rs`, `filter/terms.rs` |
//! | what of a desk's own fields | `filter/own.rs` |
//! | how times are typed | `filter/time.rs` |
//! | what words are looked for in the conversation | `filter/word.rs` |
//! | how it is shown again | `filter/write.rs` |
//!
//! ```
//! use firstline_core::{Asking, FilterWord, Priority, TicketFilter};
//!
//! let asking = Asking::at("2026-03-02T09:00:00Z".parse()?);
//! let typed = "status:open priority>=high line:L2 due<2h assignee:none tag:vip printer";
//! let asked = TicketFilter::read(typed, &asking)?;
//! assert!(asked.filter.priorities.contains(&Priority::Critical));
//! assert_eq!(asked.filter.due.before, Some("2026-03-02T11:00:00Z".parse()?));
//! assert_eq!(asked.words, [FilterWord::stem("printer")]);
//!
//! let error = TicketFilter::read("status:open stauts:new", &asking).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "at 13: there is no field `stauts`; write one of number, status, state, priority, kind, channel, \
//!      line, team, assignee, offered, requester, organization, tag, due, opened, updated, resolved",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod own;
mod read;
#[cfg(test)]
mod stories;
mod terms;
mod time;
mod word;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Timestamp, WallClock};

pub use error::FilterError;
pub use own::FieldQuery;
pub use word::{FilterWord, MAX_FILTER_WORDS};

use crate::custom::CustomField;
use crate::id::{
    AgentId, ContactId, FieldId, LineId, OrganizationId, StatusId, Tag, TeamId, TicketId,
};
use crate::priority::Priority;
use crate::rulebook::Rulebook;
use crate::ticket::{Channel, Kind, Status, Ticket};

/// The longest filter in bytes that is read: a screen full of words is no filter.
pub const MAX_FILTER_BYTES: usize = 4_096;

/// How deep filters may stand in each other's [`none`](TicketFilter::none).
pub const MAX_FILTER_DEPTH: usize = 8;

/// Which tickets. All that is said must hold; a set that is empty says nothing, so the default asks
/// for all tickets.
///
/// Its `Display` is a text that [`read`](Self::read) reads back as the same filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// With one of these numbers.
    pub numbers: BTreeSet<TicketId>,
    /// In one of these statuses.
    pub statuses: BTreeSet<Status>,
    /// In one of these statuses of a lifecycle, by their names. In the default one they are called as
    /// their categories are.
    pub states: BTreeSet<StatusId>,
    /// With one of these priorities.
    pub priorities: BTreeSet<Priority>,
    /// Of one of these kinds.
    pub kinds: BTreeSet<Kind>,
    /// That came in by one of these ways.
    pub channels: BTreeSet<Channel>,
    /// On one of these lines.
    pub lines: BTreeSet<LineId>,
    /// With one of these teams; `None` stands for no team.
    pub teams: BTreeSet<Option<TeamId>>,
    /// With one of these agents; `None` stands for nobody.
    pub assignees: BTreeSet<Option<AgentId>>,
    /// Offered to one of these agents; `None` stands for nobody.
    pub offered: BTreeSet<Option<AgentId>>,
    /// From one of these people.
    pub requesters: BTreeSet<ContactId>,
    /// From one of these companies or departments; `None` stands for none.
    pub organizations: BTreeSet<Option<OrganizationId>>,
    /// With all of these labels.
    pub tags: BTreeSet<Tag>,
    /// What is in fields of the desk's own.
    pub fields: BTreeMap<FieldId, FieldQuery>,
    /// When the first of their running promises is due.
    pub due: Period,
    /// When they were opened.
    pub opened: Period,
    /// When something last happened to them.
    pub updated: Period,
    /// When they were resolved; those that are not have no such time.
    pub resolved: Period,
    /// Not those that one of these finds.
    pub none: Vec<Self>,
}

/// A stretch of time, from one moment on and up to before another; the default is all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Option<Timestamp>,
    /// The first moment after it.
    pub before: Option<Timestamp>,
    /// Whether it is meant that there is no such time at all. Then the others say nothing.
    pub never: bool,
}

/// What a text was read as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What tickets must be.
    pub filter: TicketFilter,
    /// What their conversation must have, or must not: for the index.
    pub words: Vec<FilterWord>,
}

/// Who asks, and when: what `me`, `now` and `2h` mean in a filter.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// The moment.
    pub now: Timestamp,
    /// The agent who asks.
    pub me: Option<AgentId>,
    /// Whose midnights a date begins and ends with.
    pub clock: WallClock,
}

impl Asking {
    /// Nobody in particular, at this moment, with days by UTC.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now, me: None, clock: WallClock::utc() }
    }
}

impl Period {
    /// Whether it says anything.
    #[must_use]
    pub fn is_said(&self) -> bool {
        *self != Self::default()
    }

    /// Whether a time lies in it.
    #[must_use]
    pub fn holds(&self, at: Option<Timestamp>) -> bool {
        match at {
            _ if !self.is_said() => true,
            None => self.never,
            Some(at) => {
                !self.never
                    && self.from.is_none_or(|from| from <= at)
                    && self.before.is_none_or(|before| at < before)
            }
        }
    }
}

/// Whether every filter knows this field.
pub(crate) fn knows(field: &str) -> bool {
    terms::FIELDS.contains(&field)
}

/// Reads what somebody typed on a desk with these fields of its own.
pub(crate) fn read_with(
    text: &str,
    asking: &Asking,
    own: &BTreeMap<FieldId, CustomField>,
) -> Result<Asked, FilterError> {
    read::read(text, asking, own)
}

impl Rulebook {
    /// Reads a filter that somebody typed, as [`TicketFilter::read`] does, with the fields of the
    /// desk's own.
    ///
    /// # Errors
    ///
    /// What cannot be read, with its place in the text, what it is and what to write instead.
    pub fn read_filter(&self, text: &str, asking: &Asking) -> Result<Asked, FilterError> {
        let asked = read_with(text, asking, &self.custom().fields)?;
        let lifecycles = || self.lifecycles().flat_map(|life| life.statuses());
        let is_known = |state: &&str| lifecycles().any(|status| status.id.as_str() == *state);
        match asked.filter.all_states().into_iter().find(|state| !is_known(state)) {
            None => Ok(asked),
            Some(unknown) => {
                let at = text.find(unknown).unwrap_or(0);
                let problem = format!("no lifecycle has a status `{unknown}`");
                let known: BTreeSet<&str> = lifecycles().map(|status| status.id.as_str()).collect();
                let known = known.into_iter().collect::<Vec<_>>().join(", ");
                let mend = format!("write one of {known}");
                Err(FilterError::new(at..at + unknown.len(), problem, mend))
            }
        }
    }
}

impl TicketFilter {
    /// Reads what somebody typed.
    ///
    /// Terms stand side by side, and all of them must hold. `field:value` asks for a value,
    /// `field:one,other` for one of several; `priority>=high` and `opened<2026-03-01` compare. A
    /// `-` before a term turns it round, and `-(...)` several together. What has no field is a
    /// [word](FilterWord) to be found in the conversation, in any inflection; `"so marked"` words stand
    /// there side by side, as they are written; `-word` must not be there.
    ///
    /// | field | values |
    /// |---|---|
    /// | `number` | `42` |
    /// | `status` | `new`, `open` ...; `unsolved` and `solved` for several |
    /// | `state` | the name of a status of a lifecycle |
    /// | `priority` | `low` to `critical`, also compared |
    /// | `kind`, `channel` | their names |
    /// | `line`, `team`, `tag` | their ids; `team:none`. Several tags must all be there: `tag:a tag:b` |
    /// | `assignee`, `offered` | an agent's number, `me`, `none` |
    /// | `requester`, `organization` | numbers; `organization:none` |
    /// | a field of the desk's own | its values, `none`; numbers and dates also compared. Only [`Rulebook::read_filter`] knows them |
    /// | `due`, `opened`, `updated`, `resolved` | compared with a date, an instant of RFC 3339, `now`, or a stretch such as `2h`, `1d12h`, `30m`: the time until then for `due`, the time since then for the others. `due:none` |
    ///
    /// # Errors
    ///
    /// What cannot be read, with its place in the text, what it is and what to write instead.
    pub fn read(text: &str, asking: &Asking) -> Result<Asked, FilterError> {
        read_with(text, asking, &BTreeMap::new())
    }

    /// The names of statuses that it asks for, here or in what is left out.
    pub(crate) fn all_states(&self) -> Vec<&str> {
        let own = self.states.iter().map(StatusId::as_str);
        own.chain(self.none.iter().flat_map(Self::all_states)).collect()
    }

    /// The same among these tickets alone.
    #[must_use]
    pub fn among(mut self, tickets: BTreeSet<TicketId>) -> Self {
        match self.numbers.is_empty() {
            true => self.numbers = tickets,
            false => self.numbers.retain(|number| tickets.contains(number)),
        }
        if self.numbers.is_empty() {
            // No number says nothing, and what is left out of all is nothing.
            self.none.push(Self::default());
        }
        self
    }

    /// Whether it finds this ticket.
    #[must_use]
    pub fn finds(&self, number: TicketId, ticket: &Ticket) -> bool {
        one_of(&self.numbers, &number)
            && one_of(&self.statuses, &ticket.status)
            && (self.states.is_empty() || self.states.contains(ticket.state()))
            && one_of(&self.priorities, &ticket.priority())
            && one_of(&self.kinds, &ticket.kind)
            && one_of(&self.channels, &ticket.channel)
            && one_of(&self.lines, &ticket.line)
            && one_of(&self.teams, &ticket.team)
            && one_of(&self.assignees, &ticket.assignee)
            && one_of(&self.offered, &ticket.offer().map(|offer| offer.agent))
            && one_of(&self.requesters, &ticket.requester)
            && one_of(&self.organizations, &ticket.organization)
            && self.tags.is_subset(&ticket.tags)
            && self.fields.iter().all(|(id, query)| query.finds(ticket.fields.get(id)))
            && self.due.holds(ticket.due())
            && self.opened.holds(Some(ticket.opened_at))
            && self.updated.holds(Some(ticket.updated_at))
            && self.resolved.holds(ticket.resolved_at)
            && !self.none.iter().any(|none| none.finds(number, ticket))
    }
}

fn one_of<T: Ord>(set: &BTreeSet<T>, value: &T) -> bool {
    set.is_empty() || set.contains(value)
}
