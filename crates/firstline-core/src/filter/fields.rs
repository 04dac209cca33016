//! The table of what can be asked of a ticket: for each field its name, where the filter keeps what is
//! asked, how that is read and shown, and whether a ticket has it.
//!
//! A new field is a line here, a member of [`TicketFilter`] and its condition in the store.

use std::collections::BTreeSet;

use firstline_sla::Timestamp;

use super::error::FilterError;
use super::terms::Term;
use super::values::{
    agent, called, language, number, or_none, party, quoted_name, rating, show_number,
    show_or_none, show_party, word,
};
use super::write::quoted;
use super::{ApprovalState, Period, TicketFilter};
use crate::id::{
    AgentId, ContactId, ContractId, EquipmentId, Language, LineId, OrganizationId, StatusId, Tag,
    TeamId, TicketId,
};
use crate::priority::{Impact, Priority, Urgency};
use crate::ticket::{Channel, Discipline, HoldReason, Kind, MAX_RATING, Need, Relation, Ticket};

/// One of the fields that every filter knows.
pub(super) trait Field: Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Puts what was typed into the filter.
    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError>;

    /// Adds the terms that say what the filter asks of it.
    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>);

    /// Whether the ticket is what the filter asks of it.
    fn finds(&self, filter: &TicketFilter, number: TicketId, ticket: &Ticket) -> bool;
}

/// Where a filter keeps what is asked of a field.
struct Place<T> {
    of: fn(&TicketFilter) -> &T,
    of_mut: fn(&mut TicketFilter) -> &mut T,
}

macro_rules! place {
    ($member:ident) => {
        Place { of: |f| &f.$member, of_mut: |f| &mut f.$member }
    };
}

/// What has a number, or is not there.
macro_rules! numbers {
    ($name:literal, $member:ident, $id:expr, $of:expr) => {
        OneOf {
            name: $name,
            place: place!($member),
            steps: &[],
            read: |_, value| or_none(value, |value| number(value).map($id)),
            show: |id| show_number(id.map(|id| id.0)),
            has: |set, _, ticket| {
                let of: fn(&Ticket) -> _ = $of;
                set.contains(&of(ticket))
            },
        }
    };
}

/// One of some words; with `or none` it may not be there.
macro_rules! words {
    ($name:literal, $member:ident, $what:literal, $word:ident, $of:expr) => {
        words!(
            $name,
            $member,
            |_, value| word(value, $what, &$word::ALL[..], $word::as_str),
            |it| it.as_str().to_owned(),
            $of
        )
    };
    ($name:literal, $member:ident, $what:literal, $word:ident or none, $of:expr) => {
        words!(
            $name,
            $member,
            |_, value| {
                or_none(value, |value| word(value, $what, &$word::ALL[..], $word::as_str))
            },
            |it| show_or_none(it.map($word::as_str)),
            $of
        )
    };
    ($name:literal, $member:ident, $read:expr, $show:expr, $of:expr) => {
        OneOf {
            name: $name,
            place: place!($member),
            steps: &[],
            read: $read,
            show: $show,
            has: |set, _, ticket| {
                let of: fn(&Ticket) -> _ = $of;
                set.contains(&of(ticket))
            },
        }
    };
}

/// The fields, in the order in which they are told and written.
#[rustfmt::skip]
pub(super) static FIELDS: &[&dyn Field] = &[
    &OneOf {
        name: "number", place: place!(numbers), steps: &[],
        read: |_, value| number(value).map(TicketId),
        show: |id| id.0.to_string(),
        has: |set, number, _| set.contains(&number),
    },
    &Statuses,
    &OneOf {
        name: "state", place: place!(states), steps: &[],
        read: |term, value| called(term, value, "state", |names| &names.states).map(StatusId::from),
        show: |state| quoted(state.as_str()),
        has: |set, _, ticket| set.contains(ticket.state()),
    },
    &OneOf {
        steps: Priority::ALL,
        ..words!("priority", priorities, "priority", Priority, |ticket| ticket.priority())
    },
    &words!("kind", kinds, "kind", Kind, |ticket| ticket.kind),
    &words!("channel", channels, "channel", Channel, |ticket| ticket.channel),
    &OneOf {
        steps: Impact::ALL,
        ..words!("impact", impacts, "impact", Impact, |ticket| ticket.classification.impact)
    },
    &OneOf {
        steps: Urgency::ALL,
        ..words!("urgency", urgencies, "urgency", Urgency, |ticket| ticket.classification.urgency)
    },
    &words!("need", needs, "need", Need or none, |ticket| ticket.need),
    &words!("discipline", disciplines, "discipline", Discipline or none, |ticket| ticket.discipline),
    &words!("hold", holds, "reason", HoldReason or none, |ticket| ticket.hold),
    &OneOf {
        name: "language", place: place!(languages), steps: &[],
        read: |_, value| or_none(value, language),
        show: |it| quoted_name(it.as_ref().map(Language::as_str)),
        has: |set, _, ticket| set.iter().any(|it| is_same(it.as_ref(), ticket.language.as_ref())),
    },
    &OneOf {
        name: "tier", place: place!(tiers), steps: &[],
        read: |_, value| or_none(value, |tier| Ok(tier.text.clone())),
        show: |it| quoted_name(it.as_deref()),
        has: |set, _, ticket| set.contains(&ticket.tier),
    },
    &OneOf {
        name: "line", place: place!(lines), steps: &[],
        read: |term, value| called(term, value, "line", |names| &names.lines).map(LineId::from),
        show: |line| quoted(line.as_str()),
        has: |set, _, ticket| set.contains(&ticket.line),
    },
    &OneOf {
        name: "team", place: place!(teams), steps: &[],
        read: |term, value| or_none(value, |value| {
            called(term, value, "team", |names| &names.teams).map(TeamId::from)
        }),
        show: |it| quoted_name(it.as_ref().map(TeamId::as_str)),
        has: |set, _, ticket| set.contains(&ticket.team),
    },
    &OneOf { read: read_agent, ..numbers!("assignee", assignees, AgentId, |ticket| ticket.assignee) },
    &OneOf {
        read: read_agent,
        ..numbers!("offered", offered, AgentId, |ticket| ticket.offer().map(|offer| offer.agent))
    },
    &OneOf {
        name: "follower", place: place!(followers), steps: &[],
        read: |term, value| or_none(value, |value| party(value, term.asking.me)),
        show: |who| who.map_or_else(|| show_or_none(None), show_party),
        has: |set, _, ticket| has_any(set, ticket.followers.iter().copied()),
    },
    &OneOf {
        name: "requester", place: place!(requesters), steps: &[],
        read: |_, value| number(value).map(ContactId),
        show: |id| id.0.to_string(),
        has: |set, _, ticket| set.contains(&ticket.requester),
    },
    &numbers!("organization", organizations, OrganizationId, |ticket| ticket.organization),
    &numbers!("equipment", equipment, EquipmentId, |ticket| ticket.equipment),
    &numbers!("contract", contracts, ContractId, |ticket| ticket.contract),
    &OneOf {
        has: |set, _, ticket| has_relative(set, ticket, Relation::ChildOf),
        ..numbers!("parent", parents, TicketId, |_| None)
    },
    &OneOf {
        has: |set, _, ticket| has_relative(set, ticket, Relation::IncidentOf),
        ..numbers!("problem", problems, TicketId, |_| None)
    },
    &Tags,
    &words!("approval", approvals, "answer", ApprovalState or none, ApprovalState::of),
    &OneOf {
        name: "rating", place: place!(ratings), steps: &RATINGS,
        read: |_, value| or_none(value, rating),
        show: |it| it.map_or_else(|| show_or_none(None), |score| score.to_string()),
        has: |set, _, ticket| set.contains(&ticket.rating),
    },
    &Flag { name: "overdue", place: place!(overdue), is: |ticket| ticket.is_overdue() },
    &Flag { name: "reopened", place: place!(reopened), is: |ticket| ticket.reopened > 0 },
    &Flag { name: "merged", place: place!(merged), is: |ticket| ticket.merged.is_some() },
    &Flag { name: "spam", place: place!(spam), is: |ticket| ticket.spam },
    &Time {
        name: "due", place: place!(due), lies_ahead: true, may_miss: true,
        at: |ticket| ticket.due(),
    },
    &Time {
        name: "snoozed", place: place!(snoozed), lies_ahead: true, may_miss: true,
        at: |ticket| ticket.snoozed_until,
    },
    &Time {
        name: "opened", place: place!(opened), lies_ahead: false, may_miss: false,
        at: |ticket| Some(ticket.opened_at),
    },
    &Time {
        name: "updated", place: place!(updated), lies_ahead: false, may_miss: false,
        at: |ticket| Some(ticket.updated_at),
    },
    &Time {
        name: "resolved", place: place!(resolved), lies_ahead: false, may_miss: true,
        at: |ticket| ticket.resolved_at,
    },
];

/// All that a customer can answer, from the worst.
const RATINGS: [Option<u8>; MAX_RATING as usize] = [Some(1), Some(2), Some(3), Some(4), Some(5)];

/// A field of which one of several values is asked for.
struct OneOf<T: 'static> {
    name: &'static str,
    place: Place<BTreeSet<T>>,
    /// All its values from the lowest, if it can be compared.
    steps: &'static [T],
    read: ReadValue<T>,
    show: fn(&T) -> String,
    has: fn(&BTreeSet<T>, TicketId, &Ticket) -> bool,
}

type ReadValue<T> = fn(&Term<'_>, &super::read::Value) -> Result<T, super::values::Said>;

impl<T: Clone + Ord + Sync> Field for OneOf<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError> {
        term.fill((self.place.of_mut)(filter), self.steps, self.read, self.show)
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        let set = (self.place.of)(filter);
        if !set.is_empty() {
            let values = set.iter().map(self.show).collect::<Vec<_>>().join(",");
            terms.push(format!("{}:{values}", self.name));
        }
    }

    fn finds(&self, filter: &TicketFilter, number: TicketId, ticket: &Ticket) -> bool {
        let set = (self.place.of)(filter);
        set.is_empty() || (self.has)(set, number, ticket)
    }
}

/// An agent, `me` among them, or nobody.
fn read_agent(
    term: &Term<'_>,
    value: &super::read::Value,
) -> Result<Option<AgentId>, super::values::Said> {
    or_none(value, |value| agent(value, term.asking.me))
}

/// Whether one of those that a ticket stands to like this is asked for.
fn has_relative(set: &BTreeSet<Option<TicketId>>, ticket: &Ticket, relation: Relation) -> bool {
    let others = ticket.relations.get(&relation).into_iter().flatten();
    has_any(set, others.map(|(id, _)| *id))
}

/// Whether one of a ticket's is asked for; having none is asked for as `None`.
fn has_any<T: Ord>(set: &BTreeSet<Option<T>>, of_ticket: impl Iterator<Item = T>) -> bool {
    let mut of_ticket = of_ticket.peekable();
    if of_ticket.peek().is_none() {
        return set.contains(&None);
    }
    of_ticket.any(|one| set.contains(&Some(one)))
}

/// The categories of statuses, of which several have a common name.
struct Statuses;

impl Field for Statuses {
    fn name(&self) -> &'static str {
        "status"
    }

    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError> {
        term.statuses(&mut filter.statuses)
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        if !filter.statuses.is_empty() {
            let words: Vec<&str> = filter.statuses.iter().map(|status| status.as_str()).collect();
            terms.push(format!("status:{}", words.join(",")));
        }
    }

    fn finds(&self, filter: &TicketFilter, _: TicketId, ticket: &Ticket) -> bool {
        filter.statuses.is_empty() || filter.statuses.contains(&ticket.status)
    }
}

/// The labels, all of which must be there, in whatever letters.
struct Tags;

impl Field for Tags {
    fn name(&self) -> &'static str {
        "tag"
    }

    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError> {
        term.tags(&mut filter.tags)
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        terms.extend(filter.tags.iter().map(|tag: &Tag| format!("tag:{}", quoted(tag.as_str()))));
    }

    fn finds(&self, filter: &TicketFilter, _: TicketId, ticket: &Ticket) -> bool {
        let is_there =
            |asked: &Tag| ticket.tags.contains(asked) || asked.among(&ticket.tags).is_some();
        filter.tags.iter().all(is_there)
    }
}

/// Something that is so or is not.
struct Flag {
    name: &'static str,
    place: Place<Option<bool>>,
    is: fn(&Ticket) -> bool,
}

impl Field for Flag {
    fn name(&self) -> &'static str {
        self.name
    }

    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError> {
        term.flag((self.place.of_mut)(filter))
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        terms.extend((self.place.of)(filter).map(|asked| format!("{}:{asked}", self.name)));
    }

    fn finds(&self, filter: &TicketFilter, _: TicketId, ticket: &Ticket) -> bool {
        (self.place.of)(filter).is_none_or(|asked| asked == (self.is)(ticket))
    }
}

/// A moment in a ticket's life.
struct Time {
    name: &'static str,
    place: Place<Period>,
    /// Whether a stretch such as `2h` counts from now onwards.
    lies_ahead: bool,
    /// Whether there may be no such moment.
    may_miss: bool,
    at: fn(&Ticket) -> Option<Timestamp>,
}

impl Field for Time {
    fn name(&self) -> &'static str {
        self.name
    }

    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError> {
        term.time((self.place.of_mut)(filter), self.lies_ahead, self.may_miss)
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        let Period { from, before, never } = *(self.place.of)(filter);
        if never {
            terms.push(format!("{}:none", self.name));
            return;
        }
        terms.extend(from.map(|from| format!("{}>={from}", self.name)));
        terms.extend(before.map(|before| format!("{}<{before}", self.name)));
    }

    fn finds(&self, filter: &TicketFilter, _: TicketId, ticket: &Ticket) -> bool {
        let period = (self.place.of)(filter);
        !period.is_said() || period.holds((self.at)(ticket))
    }
}

/// Whether two languages are one: tags are compared without regard to large and small letters (RFC 5646).
fn is_same(one: Option<&Language>, other: Option<&Language>) -> bool {
    one.map(Language::canonical) == other.map(Language::canonical)
}
