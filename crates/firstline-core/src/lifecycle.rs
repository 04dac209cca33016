//! The life of a ticket as data: which statuses there are, which may follow which, by whose hand, and
//! what happens by itself.
//!
//! Every status of a lifecycle belongs to one of the [categories](Status) that all help desks know.
//! Promises go by categories and never by names, so a desk may name and order its statuses as it
//! likes. A desk that says nothing has the default lifecycle, whose statuses are the categories
//! themselves:
//!
#![doc = include_str!("lifecycle/default.md")]
//!
//! | to change | see |
//! |---|---|
//! | the default lifecycle | `TRANSITIONS` in `ticket/lifecycle.rs` |
//! | what can be written in a rulebook | `rulebook/authored/lifecycles.rs` |
//! | what is refused, and the mend | `rulebook/check/lifecycles.rs` |
//! | how a ticket goes along it | `ticket/steps.rs` |
//! | what happens by itself: closing, waking | `ticket/steps/by_itself.rs` |

mod diagram;

use core::fmt;
use std::collections::BTreeMap;
use std::sync::Arc;

use firstline_sla::{Calendar, Timestamp, WorkTime};
use serde::{Deserialize, Serialize};

use crate::id::{LifecycleId, LineId, RoleId, StatusId};
use crate::label::Label;
use crate::people::{Actor, Role};
use crate::rulebook::Rulebook;
use crate::ticket::{HoldReason, Kind, Status, TRANSITIONS, Ticket};

/// The name of the lifecycle of all tickets that no other one is for.
pub(crate) const DEFAULT: &str = "default";

/// A lifecycle that tickets go along.
///
/// ```
/// use firstline_core::{Rulebook, Status};
///
/// let rulebook = Rulebook::from_toml("name = \"Northwind\"\n[[lines]]\nid = \"L1\"", "desk.toml")?;
/// let usual = rulebook.lifecycles().next().expect("there is always the default one");
/// let names: Vec<&str> = usual.statuses().iter().map(|status| status.id.as_str()).collect();
/// assert_eq!(names, Status::ALL.map(Status::as_str));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Lifecycle {
    pub(crate) id: LifecycleId,
    /// For which kinds of tickets it is; for all if empty.
    pub(crate) kinds: Vec<Kind>,
    /// For the tickets of which lines it is; of all if empty.
    pub(crate) lines: Vec<LineId>,
    pub(crate) statuses: Vec<NamedStatus>,
    pub(crate) ways: Vec<Way>,
    /// Until when what is resolved may be reopened.
    pub(crate) reopens: Option<Limit>,
    /// When what is resolved closes by itself.
    pub(crate) closes: Option<Limit>,
    /// What a ticket becomes that comes from another lifecycle, by its status there, where the
    /// category does not say it.
    pub(crate) arrivals: BTreeMap<LifecycleId, BTreeMap<StatusId, StatusId>>,
    /// Whether it is the one that a desk has which says nothing.
    pub(crate) is_built_in: bool,
}

/// A status of a lifecycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedStatus {
    /// Its id.
    pub id: StatusId,
    /// What it is to promises, lists and metrics.
    pub category: Status,
    /// What a ticket can wait for in it. With one, that goes without saying.
    pub holds: Vec<HoldReason>,
    /// What it is called.
    pub wording: Label,
}

/// A way from a status to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// From which status.
    pub from: StatusId,
    /// To which.
    pub to: StatusId,
    /// Who may take it.
    pub by: Who,
    /// Which fields of the ticket must be filled by then.
    pub requires: Vec<Arc<str>>,
    /// What taking it is called, such as the words on a button; what the status is called that it
    /// leads to, if nothing is said.
    pub wording: Option<Label>,
}

/// Who may take a way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Who {
    /// Whoever acts in this capacity, or in a later one.
    AtLeast(Role),
    /// The agents who hold this role of the rulebook or one above it, and the desk itself.
    Holder(RoleId),
}

/// A way that somebody may take with a ticket now, as [`ways`](crate::ways) tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWay<'r> {
    /// The way.
    pub way: &'r Way,
    /// The status that it leads to.
    pub status: &'r NamedStatus,
    /// Which fields of the ticket must be filled by then, whether or not they are: what the way requires,
    /// and what the form requires of whoever resolves a ticket.
    pub requires: Vec<Arc<str>>,
}

/// A stretch of time on a calendar.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) after: WorkTime,
    pub(crate) calendar: Calendar,
}

/// Where a ticket is in a lifecycle that the rulebook names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// In which lifecycle.
    pub lifecycle: LifecycleId,
    /// In which of its statuses.
    pub status: StatusId,
    /// When it closes by itself, unless it is reopened before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
    /// Until when it may be reopened; without limit if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopens_until: Option<Timestamp>,
}

impl Lifecycle {
    /// What it is called in the rulebook.
    #[must_use]
    pub const fn id(&self) -> &LifecycleId {
        &self.id
    }

    /// Its statuses, in the order of the rulebook. Of each category the first is the usual one.
    #[must_use]
    pub fn statuses(&self) -> &[NamedStatus] {
        &self.statuses
    }

    /// The ways from one status to another, in the order in which they are tried.
    #[must_use]
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The lifecycle of a desk that says nothing.
    pub(crate) fn built_in() -> Self {
        let status = |category: Status| NamedStatus {
            id: category.as_str().into(),
            category,
            holds: if category == Status::OnHold { HoldReason::ALL.to_vec() } else { Vec::new() },
            wording: usual_wording(category),
        };
        let way = |way: &crate::ticket::Transition| Way {
            from: way.from.as_str().into(),
            to: way.to.as_str().into(),
            by: Who::AtLeast(way.role),
            requires: Vec::new(),
            wording: None,
        };
        Self {
            id: DEFAULT.into(),
            kinds: Vec::new(),
            lines: Vec::new(),
            statuses: Status::ALL.map(status).into(),
            ways: TRANSITIONS.iter().map(way).collect(),
            reopens: None,
            closes: None,
            arrivals: BTreeMap::new(),
            is_built_in: true,
        }
    }

    /// The status of that name.
    pub(crate) fn status(&self, id: &StatusId) -> Option<&NamedStatus> {
        self.statuses.iter().find(|status| status.id == *id)
    }

    /// The usual status of a category.
    pub(crate) fn usual(&self, category: Status) -> Option<&NamedStatus> {
        self.statuses.iter().find(|status| status.category == category)
    }

    /// The status that a ticket of this lifecycle is in. The rulebook may have been edited since it
    /// came there: then it is in the usual one of its category, or the first there is.
    pub(crate) fn status_of(&self, ticket: &Ticket) -> &NamedStatus {
        let place = ticket.place.as_ref().filter(|place| place.lifecycle == self.id);
        let named = place.and_then(|place| self.status(&place.status));
        named
            .filter(|status| status.category == ticket.status)
            .or_else(|| self.usual(ticket.status))
            .unwrap_or_else(|| self.statuses.first().expect("a lifecycle has statuses"))
    }

    /// The ways that lead on from a status.
    pub(crate) fn ways_from<'l>(
        &'l self,
        from: &StatusId,
    ) -> impl Iterator<Item = (&'l Way, &'l NamedStatus)> + Clone + use<'l> {
        let from = from.clone();
        let ways = self.ways.iter().filter(move |way| way.from == from);
        ways.filter_map(|way| Some((way, self.status(&way.to)?)))
    }

    /// Whether it is for tickets of this kind on this line.
    pub(crate) fn is_for(&self, kind: Kind, line: &LineId) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.lines.is_empty() || self.lines.contains(line))
    }

    /// What a ticket becomes that comes here from a status of another lifecycle.
    pub(crate) fn arrival(&self, from: &LifecycleId, status: &NamedStatus) -> &NamedStatus {
        let said = self.arrivals.get(from).and_then(|map| map.get(&status.id));
        said.and_then(|id| self.status(id))
            .or_else(|| self.usual(status.category))
            .unwrap_or_else(|| self.statuses.first().expect("a lifecycle has statuses"))
    }

    /// What is recorded of a ticket that is opened in a status.
    pub(crate) fn beginning(&self, status: &NamedStatus) -> Option<Place> {
        let (lifecycle, status) = (self.id.clone(), status.id.clone());
        let (closes_at, reopens_until) = (None, None);
        (!self.is_built_in).then_some(Place { lifecycle, status, closes_at, reopens_until })
    }

    /// Where a ticket is that was resolved before anybody said when such a one closes by itself, with its
    /// date for that: counted from when it was resolved, and not before now. `None` if it has a date, or
    /// closes by nobody.
    pub(crate) fn closing(&self, ticket: &Ticket, now: Timestamp) -> Option<Place> {
        let Limit { after, calendar } = self.closes.as_ref()?;
        let resolved_at = ticket.resolved_at.filter(|_| ticket.status == Status::Resolved)?;
        let own = ticket.place.clone().filter(|place| place.lifecycle == self.id);
        let place = own.or_else(|| self.beginning(self.status_of(ticket)))?;
        let closes_at = calendar.add(resolved_at, *after)?.max(now);
        place.closes_at.is_none().then_some(Place { closes_at: Some(closes_at), ..place })
    }

    /// What is recorded of a ticket that comes into a status; nothing of the default lifecycle, where
    /// the category says it all.
    pub(crate) fn place(
        &self,
        status: &NamedStatus,
        before: &Ticket,
        now: Timestamp,
    ) -> Option<Place> {
        let place = self.beginning(status)?;
        let end = |limit: &Option<Limit>| {
            let Limit { after, calendar } = limit.as_ref()?;
            calendar.add(now, *after)
        };
        let (closes_at, reopens_until) = match (&before.place, status.category) {
            // What is done stays done from when it was.
            (Some(place), Status::Resolved) if before.status == Status::Resolved => {
                (place.closes_at, place.reopens_until)
            }
            (_, Status::Resolved) => (end(&self.closes), end(&self.reopens)),
            _ => (None, None),
        };
        Some(Place { closes_at, reopens_until, ..place })
    }
}

impl NamedStatus {
    /// Whether a ticket can be in it while it waits for this; for nothing if `None`, or for what goes
    /// without saying.
    pub(crate) fn takes(&self, hold: Option<HoldReason>) -> bool {
        match hold {
            Some(hold) => self.holds.contains(&hold),
            None => self.holds.len() < 2,
        }
    }

    /// What a ticket in it waits for if this is said.
    pub(crate) fn hold(&self, said: Option<HoldReason>) -> Option<HoldReason> {
        said.filter(|hold| self.holds.contains(hold)).or_else(|| self.holds.first().copied())
    }
}

impl Who {
    /// Whether this is somebody who may.
    pub(crate) fn is(&self, actor: Actor, rulebook: &Rulebook) -> bool {
        match (self, actor) {
            (Self::AtLeast(role), actor) => actor.role() >= *role,
            (Self::Holder(_), Actor::System) => true,
            (Self::Holder(_), Actor::Contact(_)) => false,
            (Self::Holder(role), Actor::Agent(agent)) => {
                let roles = rulebook.roles();
                let duty = |id: &RoleId| roles.iter().find(|role| role.id == *id);
                let mut up = core::iter::successors(duty(role), |role| {
                    role.reports_to.as_ref().and_then(duty)
                });
                up.any(|role| role.agents.contains(&agent))
            }
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(role) => role.fmt(f),
            Self::Holder(role) => write!(f, "the role `{role}`"),
        }
    }
}

/// What a status is called that only has its category's name.
pub(crate) fn usual_wording(category: Status) -> Label {
    let (english, russian) = match category {
        Status::New => ("New", "Новое"),
        Status::Open => ("Open", "В работе"),
        Status::Pending => ("Waiting for you", "Ждём вашего ответа"),
        Status::OnHold => ("On hold", "Приостановлено"),
        Status::Resolved => ("Resolved", "Решено"),
        Status::Closed => ("Closed", "Закрыто"),
    };
    let by_language = [("en", english), ("ru", russian)];
    let by_language = by_language.map(|(language, text)| (language.into(), text.to_owned()));
    Label { by_language: by_language.into(), ..Label::plain(english) }
}
