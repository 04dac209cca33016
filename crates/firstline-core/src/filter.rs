//! Which tickets: a filter as a value, and as the text that agents type.
//!
//! | to change | see |
//! |---|---|
//! | what can be asked | [`TicketFilter`] |
//! | a field: how it is typed, shown and found | `filter/fields.rs`, `filter/values.rs` |
//! | how terms are typed, and what a mistake is called | `filter/read.rs`, `filter/terms.rs` |
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
//!      impact, urgency, need, discipline, hold, language, tier, line, team, assignee, offered, follower, \
//!      requester, organization, equipment, contract, parent, problem, tag, approval, rating, overdue, \
//!      reopened, merged, spam, due, snoozed, opened, updated, resolved",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod approval;
mod error;
mod fields;
mod own;
mod read;
#[cfg(test)]
mod stories;
mod terms;
mod time;
mod values;
mod word;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Timestamp, WallClock};

pub use approval::ApprovalState;
pub use error::FilterError;
use fields::FIELDS;
pub use own::FieldQuery;
pub(crate) use own::OWN;
pub use word::{FilterWord, MAX_FILTER_WORDS};

use crate::custom::CustomField;
use crate::id::{
    AgentId, ContactId, ContractId, EquipmentId, FieldId, Language, LineId, OrganizationId,
    StatusId, Tag, TeamId, TicketId,
};
use crate::people::PartyId;
use crate::priority::{Impact, Priority, Urgency};
use crate::rulebook::Rulebook;
use crate::ticket::{Channel, Discipline, HoldReason, Kind, Need, Status, Ticket};
use read::{Called, Names};

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
    /// That affect so much of the business.
    pub impacts: BTreeSet<Impact>,
    /// That hurt so soon.
    pub urgencies: BTreeSet<Urgency>,
    /// Of one of these kinds.
    pub kinds: BTreeSet<Kind>,
    /// That came in by one of these ways.
    pub channels: BTreeSet<Channel>,
    /// About one of these parts of a product's life; `None` stands for those of which none is said.
    pub needs: BTreeSet<Option<Need>>,
    /// Of one of these trades.
    pub disciplines: BTreeSet<Option<Discipline>>,
    /// On hold for one of these reasons; `None` stands for those that are not on hold.
    pub holds: BTreeSet<Option<HoldReason>>,
    /// In one of these languages, by their whole tags.
    pub languages: BTreeSet<Option<Language>>,
    /// Of customers who are served so well.
    pub tiers: BTreeSet<Option<String>>,
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
    /// About one of these things.
    pub equipment: BTreeSet<Option<EquipmentId>>,
    /// Worked on under one of these contracts.
    pub contracts: BTreeSet<Option<ContractId>>,
    /// Followed by one of these contacts and agents; `None` stands for nobody.
    pub followers: BTreeSet<Option<PartyId>>,
    /// A part of one of these; `None` stands for what is no part of any.
    pub parents: BTreeSet<Option<TicketId>>,
    /// An incident of one of these problems; `None` stands for what is none.
    pub problems: BTreeSet<Option<TicketId>>,
    /// With such an answer to what somebody was asked to sign; `None` stands for those of which nobody
    /// was asked anything.
    pub approvals: BTreeSet<Option<ApprovalState>>,
    /// That customers gave so many points; `None` stands for those that have none.
    pub ratings: BTreeSet<Option<u8>>,
    /// Whether a promise was broken that is still to be kept.
    pub overdue: Option<bool>,
    /// Whether they were ever reopened.
    pub reopened: Option<bool>,
    /// Whether they went on in another ticket.
    pub merged: Option<bool>,
    /// Whether nobody asked for anything.
    pub spam: Option<bool>,
    /// With all of these labels.
    pub tags: BTreeSet<Tag>,
    /// What is in fields of the desk's own.
    pub fields: BTreeMap<FieldId, FieldQuery>,
    /// When the first of their running promises is due.
    pub due: Period,
    /// Until when they are laid aside; those that are not have no such time.
    pub snoozed: Period,
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
    FIELDS.iter().any(|known| known.name() == field)
}

/// Reads what somebody typed on a desk with these fields of its own.
pub(crate) fn read_with(
    text: &str,
    asking: &Asking,
    own: &BTreeMap<FieldId, CustomField>,
) -> Result<Asked, FilterError> {
    read::read(text, asking, &Called { own, names: None })
}

impl Rulebook {
    /// Reads a filter that somebody typed, as [`TicketFilter::read`] does, with the fields of the
    /// desk's own. Lines, teams and statuses that the desk does not have are refused: what is misspelt
    /// would find nothing, and look like an answer.
    ///
    /// # Errors
    ///
    /// What cannot be read, with its place in the text, what it is and what to write instead.
    pub fn read_filter(&self, text: &str, asking: &Asking) -> Result<Asked, FilterError> {
        let statuses = self.lifecycles().flat_map(|life| life.statuses());
        let names = Names {
            states: statuses.map(|status| status.id.as_str()).collect(),
            lines: self.lines().iter().map(|line| line.id.as_str()).collect(),
            teams: self.lines().iter().flat_map(|line| &line.teams).map(TeamId::as_str).collect(),
        };
        read::read(text, asking, &Called { own: &self.custom().fields, names: Some(names) })
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
    /// | `number` | `42`; `#42` by itself says the same |
    /// | `status` | `new`, `open` ...; `unsolved` and `solved` for several |
    /// | `state` | the name of a status of a lifecycle |
    /// | `priority`, `impact`, `urgency` | `low` to `critical` or `high`, also compared |
    /// | `kind`, `channel` | their names |
    /// | `need`, `discipline`, `hold` | their names, `none` |
    /// | `language`, `tier` | as the ticket says it: `pt-BR`, `gold`; `none` |
    /// | `line`, `team`, `tag` | their ids; `team:none`. Several tags must all be there, in whatever letters: `tag:a tag:b` |
    /// | `assignee`, `offered` | an agent's number, `me`, `none` |
    /// | `requester`, `organization`, `equipment`, `contract` | numbers; `none` but for the requester |
    /// | `follower` | `contact-42`, `agent-7`, `me`, `none` |
    /// | `parent`, `problem` | a ticket's number, `none` |
    /// | `approval` | `asked`, `approved`, `refused`; `none` where nobody was asked |
    /// | `rating` | `1` to `5`, also compared; `none` |
    /// | `overdue`, `reopened`, `merged`, `spam` | `true`, `false` |
    /// | a field of the desk's own | its values, `none`; numbers and dates also compared. Only [`Rulebook::read_filter`] knows them |
    /// | `due`, `snoozed`, `opened`, `updated`, `resolved` | compared with a date, an instant of RFC 3339, `now`, or a stretch such as `2h`, `1d12h`, `30m`: the time until then for `due` and `snoozed`, the time since then for the others. `due:none` |
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
        FIELDS.iter().all(|field| field.finds(self, number, ticket))
            && self.fields.iter().all(|(id, query)| query.finds(ticket.fields.get(id)))
            && !self.none.iter().any(|none| none.finds(number, ticket))
    }
}
