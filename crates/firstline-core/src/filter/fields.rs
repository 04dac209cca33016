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

macro_rules! one_of {
    ($name:literal, $member:ident, number, $id:expr, $has:expr) => {
        OneOf {
            name: $name,
            set: |f| &f.$member,
            set_mut: |f| &mut f.$member,
            steps: &[],
            read: |_, value| number(value).map($id),
            show: |id| id.0.to_string(),
            has: $has,
        }
    };
}

macro_rules! numbers {
    ($name:literal, $member:ident, $id:expr, $of:expr) => {
        OneOf {
            name: $name,
            set: |f| &f.$member,
            set_mut: |f| &mut f.$member,
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

macro_rules! agents {
    ($name:literal, $member:ident, $of:expr) => {
        OneOf {
            read: |term, value| or_none(value, |value| agent(value, term.asking.me)),
            ..numbers!($name, $member, AgentId, $of)
        }
    };
}

macro_rules! related {
    ($name:literal, $member:ident, $relation:expr) => {
        OneOf {
            has: |set, _, ticket| {
                has_any(
                    set,
                    ticket.relations.get(&$relation).into_iter().flatten().map(|(id, _)| *id),
                )
            },
            ..numbers!($name, $member, TicketId, |_| None)
        }
    };
}

macro_rules! words {
    ($name:literal, $member:ident, $what:literal, $word:ident, $of:expr) => {
        OneOf {
            name: $name,
            set: |f| &f.$member,
            set_mut: |f| &mut f.$member,
            steps: &[],
            read: |_, value| word(value, $what, &$word::ALL[..], $word::as_str),
            show: |it| it.as_str().to_owned(),
            has: |set, _, ticket| {
                let of: fn(&Ticket) -> _ = $of;
                set.contains(&of(ticket))
            },
        }
    };
}

macro_rules! words_or_none {
    ($name:literal, $member:ident, $what:literal, $word:ident, $of:expr) => {
        OneOf {
            name: $name,
            set: |f| &f.$member,
            set_mut: |f| &mut f.$member,
            steps: &[],
            read: |_, value| {
                or_none(value, |value| word(value, $what, &$word::ALL[..], $word::as_str))
            },
            show: |it| show_or_none(it.map($word::as_str)),
            has: |set, _, ticket| {
                let of: fn(&Ticket) -> _ = $of;
                set.contains(&of(ticket))
            },
        }
    };
}

macro_rules! steps {
    ($name:literal, $member:ident, $level:ident, $of:expr) => {
        OneOf { steps: $level::ALL, ..words!($name, $member, $name, $level, $of) }
    };
}

macro_rules! flag {
    ($name:literal, $member:ident, $is:expr) => {
        Flag { name: $name, asked: |f| f.$member, asked_mut: |f| &mut f.$member, is: $is }
    };
}

macro_rules! time {
    ($name:literal, $member:ident, $lies_ahead:ident, $may_miss:ident, $at:expr) => {
        Time {
            name: $name,
            period: |f| f.$member,
            period_mut: |f| &mut f.$member,
            lies_ahead: $lies_ahead,
            may_miss: $may_miss,
            at: $at,
        }
    };
}

/// The fields, in the order in which they are told and written.
#[rustfmt::skip]
pub(super) static FIELDS: &[&dyn Field] = &[
    &one_of!("number", numbers, number, TicketId, |set, number, _| set.contains(&number)),
    &Statuses,
    &OneOf {
        name: "state", set: |f| &f.states, set_mut: |f| &mut f.states, steps: &[],
        read: |term, value| called(term, value, "state", |names| &names.states).map(StatusId::from),
        show: |state| quoted(state.as_str()),
        has: |set, _, ticket| set.contains(ticket.state()),
    },
    &steps!("priority", priorities, Priority, |ticket| ticket.priority()),
    &words!("kind", kinds, "kind", Kind, |ticket| ticket.kind),
    &words!("channel", channels, "channel", Channel, |ticket| ticket.channel),
    &steps!("impact", impacts, Impact, |ticket| ticket.classification.impact),
    &steps!("urgency", urgencies, Urgency, |ticket| ticket.classification.urgency),
    &words_or_none!("need", needs, "need", Need, |ticket| ticket.need),
    &words_or_none!("discipline", disciplines, "discipline", Discipline, |ticket| ticket.discipline),
    &words_or_none!("hold", holds, "reason", HoldReason, |ticket| ticket.hold),
    &OneOf {
        name: "language", set: |f| &f.languages, set_mut: |f| &mut f.languages, steps: &[],
        read: |_, value| or_none(value, language),
        show: |it| quoted_name(it.as_ref().map(Language::as_str)),
        has: |set, _, ticket| set.contains(&ticket.language),
    },
    &OneOf {
        name: "tier", set: |f| &f.tiers, set_mut: |f| &mut f.tiers, steps: &[],
        read: |_, value| or_none(value, |tier| Ok(tier.text.clone())),
        show: |it| quoted_name(it.as_deref()),
        has: |set, _, ticket| set.contains(&ticket.tier),
    },
    &OneOf {
        name: "line", set: |f| &f.lines, set_mut: |f| &mut f.lines, steps: &[],
        read: |term, value| called(term, value, "line", |names| &names.lines).map(LineId::from),
        show: |line| quoted(line.as_str()),
        has: |set, _, ticket| set.contains(&ticket.line),
    },
    &OneOf {
        name: "team", set: |f| &f.teams, set_mut: |f| &mut f.teams, steps: &[],
        read: |term, value| or_none(value, |value| {
            called(term, value, "team", |names| &names.teams).map(TeamId::from)
        }),
        show: |it| quoted_name(it.as_ref().map(TeamId::as_str)),
        has: |set, _, ticket| set.contains(&ticket.team),
    },
    &agents!("assignee", assignees, |ticket| ticket.assignee),
    &agents!("offered", offered, |ticket| ticket.offer().map(|offer| offer.agent)),
    &OneOf {
        name: "follower", set: |f| &f.followers, set_mut: |f| &mut f.followers, steps: &[],
        read: |term, value| or_none(value, |value| party(value, term.asking.me)),
        show: |who| who.map_or_else(|| show_or_none(None), show_party),
        has: |set, _, ticket| has_any(set, ticket.followers.iter().copied()),
    },
    &one_of!("requester", requesters, number, ContactId, |set, _, ticket| set.contains(&ticket.requester)),
    &numbers!("organization", organizations, OrganizationId, |ticket| ticket.organization),
    &numbers!("equipment", equipment, EquipmentId, |ticket| ticket.equipment),
    &numbers!("contract", contracts, ContractId, |ticket| ticket.contract),
    &related!("parent", parents, Relation::ChildOf),
    &related!("problem", problems, Relation::IncidentOf),
    &Tags,
    &OneOf {
        name: "approval", set: |f| &f.approvals, set_mut: |f| &mut f.approvals, steps: &[],
        read: |_, value| or_none(value, |value| {
            word(value, "answer", ApprovalState::ALL, ApprovalState::as_str)
        }),
        show: |it| show_or_none(it.map(ApprovalState::as_str)),
        has: |set, _, ticket| set.contains(&ApprovalState::of(ticket)),
    },
    &OneOf {
        name: "rating", set: |f| &f.ratings, set_mut: |f| &mut f.ratings, steps: &RATINGS,
        read: |_, value| or_none(value, rating),
        show: |it| it.map_or_else(|| show_or_none(None), |score| score.to_string()),
        has: |set, _, ticket| set.contains(&ticket.rating),
    },
    &flag!("overdue", overdue, |ticket| ticket.is_overdue()),
    &flag!("reopened", reopened, |ticket| ticket.reopened > 0),
    &flag!("merged", merged, |ticket| ticket.merged.is_some()),
    &flag!("spam", spam, |ticket| ticket.spam),
    &time!("due", due, LIES_AHEAD, MAY_MISS, |ticket| ticket.due()),
    &time!("snoozed", snoozed, LIES_AHEAD, MAY_MISS, |ticket| ticket.snoozed_until),
    &time!("opened", opened, HAS_PASSED, IS_THERE, |ticket| Some(ticket.opened_at)),
    &time!("updated", updated, HAS_PASSED, IS_THERE, |ticket| Some(ticket.updated_at)),
    &time!("resolved", resolved, HAS_PASSED, MAY_MISS, |ticket| ticket.resolved_at),
];

const LIES_AHEAD: bool = true;
const HAS_PASSED: bool = false;
const MAY_MISS: bool = true;
const IS_THERE: bool = false;

/// All that a customer can answer, from the worst.
const RATINGS: [Option<u8>; MAX_RATING as usize] = [Some(1), Some(2), Some(3), Some(4), Some(5)];

/// A field of which one of several values is asked for.
struct OneOf<T: 'static> {
    name: &'static str,
    set: fn(&TicketFilter) -> &BTreeSet<T>,
    set_mut: fn(&mut TicketFilter) -> &mut BTreeSet<T>,
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
        term.fill((self.set_mut)(filter), self.steps, self.read, self.show)
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        let set = (self.set)(filter);
        if !set.is_empty() {
            let values = set.iter().map(self.show).collect::<Vec<_>>().join(",");
            terms.push(format!("{}:{values}", self.name));
        }
    }

    fn finds(&self, filter: &TicketFilter, number: TicketId, ticket: &Ticket) -> bool {
        let set = (self.set)(filter);
        set.is_empty() || (self.has)(set, number, ticket)
    }
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

/// The labels, all of which must be there.
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
        filter.tags.is_subset(&ticket.tags)
    }
}

/// Something that is so or is not.
struct Flag {
    name: &'static str,
    asked: fn(&TicketFilter) -> Option<bool>,
    asked_mut: fn(&mut TicketFilter) -> &mut Option<bool>,
    is: fn(&Ticket) -> bool,
}

impl Field for Flag {
    fn name(&self) -> &'static str {
        self.name
    }

    fn say(&self, term: &Term<'_>, filter: &mut TicketFilter) -> Result<(), FilterError> {
        term.flag((self.asked_mut)(filter))
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        terms.extend((self.asked)(filter).map(|asked| format!("{}:{asked}", self.name)));
    }

    fn finds(&self, filter: &TicketFilter, _: TicketId, ticket: &Ticket) -> bool {
        (self.asked)(filter).is_none_or(|asked| asked == (self.is)(ticket))
    }
}

/// A moment in a ticket's life.
struct Time {
    name: &'static str,
    period: fn(&TicketFilter) -> Period,
    period_mut: fn(&mut TicketFilter) -> &mut Period,
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
        term.time((self.period_mut)(filter), self.lies_ahead, self.may_miss)
    }

    fn write(&self, filter: &TicketFilter, terms: &mut Vec<String>) {
        let Period { from, before, never } = (self.period)(filter);
        if never {
            terms.push(format!("{}:none", self.name));
            return;
        }
        terms.extend(from.map(|from| format!("{}>={from}", self.name)));
        terms.extend(before.map(|before| format!("{}<{before}", self.name)));
    }

    fn finds(&self, filter: &TicketFilter, _: TicketId, ticket: &Ticket) -> bool {
        let period = (self.period)(filter);
        !period.is_said() || period.holds((self.at)(ticket))
    }
}
