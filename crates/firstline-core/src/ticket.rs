//! Tickets: what they are, what may be done to them, what happened to them.
//!
//! | to change | see |
//! |---|---|
//! | what can be asked for | `action.rs` |
//! | kinds, needs, disciplines, channels | `kind.rs` |
//! | what it is about: kind, need, thing, contract | `about.rs` |
//! | what was opened with a mistake in it, put right | `correction.rs` |
//! | fields of the desk's own | `fields.rs`, `custom.rs` beside this folder |
//! | checklists | `checklist.rs` |
//! | approvals | `approval.rs` |
//! | attachments | `attachment.rs` |
//! | work, and what it costs | `time.rs` |
//! | followers | `followers.rs` |
//! | the customer's rating | `rating.rs` |
//! | spam and its undoing | `dismissal.rs` |
//! | what is recorded | `fact.rs` |
//! | which command does what in which status | `decide.rs` |
//! | which status may follow which by default | `lifecycle.rs` |
//! | how it goes along a lifecycle | `steps.rs` |
//! | what closes or wakes by itself | `steps/by_itself.rs` |
//! | when a promise starts, pauses, ends; a metric | `promises.rs` |
//! | how a promise is made, and what came before it | `promises/begin.rs` |
//! | other terms: priority, policy, new rules, manual dates | `promises/terms.rs` |
//! | what a step of a ladder does | `promises/ladder.rs` |
//! | paging until somebody answers | `promises/page.rs` |
//! | clocks by conditions | `promises/watch.rs` |
//! | how the rules of the desk go at a ticket | `automation.rs` |
//! | how it goes to whom routing chose | `route.rs` |
//! | who had it and when, and who knows the matter | `had.rs` |
//! | how it waits for somebody to be found, is offered, declined and held | `queue.rs` |
//! | merge, its undoing, split | `merge.rs` |
//! | what was said and done on a ticket for one that was merged into it | `merge/said.rs` |
//! | what a merged ticket brings beside its promises | `brought.rs` |
//! | how tickets stand to each other | `relation.rs` |
//! | what a fact changes | `apply.rs` |

mod about;
mod action;
mod apply;
mod approval;
mod attachment;
mod automation;
mod brought;
mod checklist;
mod correction;
mod decide;
mod dismissal;
mod errand;
mod fact;
mod fields;
mod followers;
mod had;
mod kind;
mod lifecycle;
mod merge;
#[cfg(test)]
mod naive;
mod promises;
#[cfg(test)]
mod properties;
mod queue;
mod rating;
mod relation;
mod repeat;
mod route;
mod steps;
#[cfg(test)]
pub(crate) mod stories;
mod time;
mod together;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Clock, ClockKey, Page, Timestamp};
use serde::{Deserialize, Serialize};

pub use action::{OpenTicket, TicketAction};
pub use apply::{CorruptJournal, apply};
pub use approval::{Approval, ApprovalAction, ApprovalFact, MAX_APPROVALS, Signature};
pub use attachment::{Attachment, MAX_ATTACHMENTS};
pub use automation::{Timer, lacks_timers, set_timers, states_entered};
pub use brought::{Brought, CameFrom};
pub use checklist::{Check, ChecklistAction, ChecklistFact, Done, MAX_CHECKS};
pub use correction::Correction;
pub use decide::{Turn, carry_out, decide};
pub use dismissal::unmark_spam;
pub use errand::Errand;
pub use fact::{HandOverCause, Onlooker, Rung, SplitFrom, TicketEvent, TicketFact, Visibility};
pub use followers::MAX_FOLLOWERS;
pub use had::Had;
pub use kind::{Channel, Discipline, Kind, Need};
pub use lifecycle::{HoldReason, Status, TRANSITIONS, Transition};
pub use merge::{Message, SinceMerge, merge, separate, since_merge, split};
pub use queue::{Bearing, Held, Offer, OfferEnd, Queue, dispatch, enlist, withdraw};
pub use rating::MAX_RATING;
use relation::Bonds;
pub use relation::{
    MAX_FAMILY, MAX_FOLLOW_UPS, MAX_RELATIONS, News, PassedOn, Readers, Relation, RelationRefused,
    Relations, Successor, Told, follow_up, hear, news, news_for, relate, unrelate,
};
pub(crate) use repeat::{FromElsewhere, open_unasked, repeat};
pub use route::give;
pub use steps::{lacks_closing, set_closing, ways};
pub use time::{LoggedWork, MAX_AMOUNT, WorkEntry, WorkRefusal, Worked, log_work, take_back_work};

use crate::custom::FieldValue;
use crate::id::{
    AgentId, ArticleId, ContactId, ContractId, EquipmentId, FieldId, Language, LineId,
    OrganizationId, RoleId, RuleId, Tag, TeamId, TicketId,
};
use crate::lifecycle::Place;
use crate::people::{PartyId, Planned};
use crate::priority::{Classification, Priority};

/// A request and all that happened to it, as far as rules look at it. The words that were exchanged
/// stay in the journal. Its number is the name of its stream, so it is not repeated here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ticket {
    /// What sort of request it is.
    pub kind: Kind,
    /// What it is about, in a line.
    pub subject: String,
    /// Who asks.
    pub requester: ContactId,
    /// For which company or department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The part of a product's life that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Whose trade it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discipline: Option<Discipline>,
    /// The thing that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment: Option<EquipmentId>,
    /// The contract that work on it is done under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// How well the customer is served, in the words of the policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// What is to be done before it can be called done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Check>,
    /// What somebody was asked to put a name under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// How many files its messages have. What they are is in its history.
    #[serde(default, skip_serializing_if = "is_none")]
    pub attachments: u32,
    /// Who is told of what happens to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub followers: BTreeSet<PartyId>,
    /// How content the customer is, from 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// The work on it, and what that costs.
    #[serde(default, skip_serializing_if = "Worked::is_none")]
    pub worked: Worked,
    /// Whether nobody asked for anything.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub spam: bool,
    /// How it came in.
    pub channel: Channel,
    /// The language of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Where it is in its life.
    pub status: Status,
    /// Where it is in the lifecycle that its kind and line have by the rulebook; `None` in the
    /// default one, where the status says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Until when it was laid aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    /// What it waits for, while it is on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldReason>,
    /// How much it matters, and why.
    pub classification: Classification,
    /// The support line that has it.
    pub line: LineId,
    /// The team of that line that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The agent who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<AgentId>,
    /// Since when that agent has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<Timestamp>,
    /// Who has it, who had it and who did not want it, each with when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub had: BTreeMap<AgentId, Had>,
    /// Who had it until it waited for others, and so knows the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_to: Option<AgentId>,
    /// Its number, for the words of messages. What goes by it goes by the name of its stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<TicketId>,
    /// For which date of which plan it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
    /// That it waits for somebody to be found for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<Tag>,
    /// What is in the fields of the desk's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldId, FieldValue>,
    /// The article that solved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved_by: Option<ArticleId>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When something last happened to it.
    pub updated_at: Timestamp,
    /// When it was last resolved; `None` while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// How often it was reopened.
    pub reopened: u32,
    /// How often it changed its line or team.
    pub handed_over: u32,
    /// How many messages and notes it has.
    pub messages: u32,
    /// The version of the rulebook that it was opened under, or that was applied to it since.
    pub rules: u32,
    /// Its promises: the latest run of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clocks: BTreeMap<ClockKey, Clock>,
    /// How many promises agents have made on it.
    #[serde(default, skip_serializing_if = "is_none")]
    pub promises: u32,
    /// The pages that steps of ladders have set off, from 1.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pages: BTreeMap<u32, Paging>,
    /// The timed rules that wait for their moment on it, or have fired and wait for another state.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub timers: BTreeMap<RuleId, Timer>,
    /// How often rules have asked the host for something.
    #[serde(default, skip_serializing_if = "is_none")]
    pub errands: u32,
    /// How often rules have fired without anybody's doing.
    #[serde(default, skip_serializing_if = "is_none")]
    pub fired_by_itself: u32,
    /// Whom the last hierarchical escalation reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated_to: Option<RoleId>,
    /// When what it is about was asked for: before it was opened, if it was split off.
    pub asked_at: Timestamp,
    /// When the customer last said something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_at: Option<Timestamp>,
    /// The oldest message of the customer that no person has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered_since: Option<Timestamp>,
    /// When a person first answered something that the customer was waiting to hear about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replied_at: Option<Timestamp>,
    /// When a person last said something to the customer, asked or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// When it came to its line.
    pub arrived_at: Timestamp,
    /// When it came into its status, or began to wait for something else.
    pub status_since: Timestamp,
    /// Where it was while it waited or seemed done, before its present status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// The ticket that it was merged into, and how it was before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Box<Merged>>,
    /// What it was before it was dismissed: as spam, or as a duplicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dismissed: Option<Box<Self>>,
    /// How it stands to other tickets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub relations: Relations,
    /// What that follows from, where merges are among it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bonds: Option<Box<Bonds>>,
    /// How its matter stands, as its customer was last told, if it is a duplicate of what that goes by.
    /// Nobody noted that of what was told before it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// Whether it is a problem whose cause is known.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub known_error: bool,
    /// The tickets that were merged into it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub took_in: BTreeSet<TicketId>,
    /// Of those, the ones that brought a follower: who asked there and did not hear of this one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub brought: BTreeMap<TicketId, ContactId>,
    /// What else they brought, and takes with it whoever goes back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub brought_by: BTreeMap<TicketId, Brought>,
    /// The clocks whose verdict does not count, because one answer kept or broke one promise: those
    /// that were due earlier, whose verdict does. See [`ahead_of`](Self::ahead_of).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counted_with: BTreeMap<ClockKey, Vec<ClockKey>>,
}

const fn is_none(number: &u32) -> bool {
    *number == 0
}

/// A page that a step of a ladder set off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Paging {
    /// By which plan.
    pub plan: String,
    /// The version of the rulebook that has the plan.
    pub rules: u32,
    /// By which step.
    pub step: Rung,
    /// How it stands.
    pub page: Page<AgentId>,
}

/// A stretch of a ticket's life in which it was not the desk's turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wait {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// The status.
    pub status: Status,
    /// What was waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<HoldReason>,
}

/// What a ticket was before it was merged into another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Merged {
    /// The other one.
    pub into: TicketId,
    /// All that it was at that moment.
    pub before: Ticket,
}

impl Ticket {
    /// How urgent it is now.
    #[must_use]
    pub const fn priority(&self) -> Priority {
        self.classification.priority
    }

    /// The next moment at which something becomes true by itself, or `None` if nothing will.
    ///
    /// A soft deadline: giving the ticket a [`TicketAction::Wake`] earlier is harmless, later is
    /// noticed and changes no fact. After a wake-up at `now` the next timeout lies after `now`.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let clocks = self.clocks.values().filter_map(Clock::poll_timeout);
        let pages = self.pages.values().filter_map(|it| it.page.poll_timeout());
        let timers = self.timers.values().filter_map(|timer| timer.due);
        let life = [self.closes_at(), self.snoozed_until, self.queue_timeout()];
        let life = life.into_iter().flatten();
        clocks.chain(pages).chain(timers).chain(life).min()
    }

    /// What its status is called in its lifecycle.
    #[must_use]
    pub fn state(&self) -> &str {
        self.place.as_ref().map_or(self.status.as_str(), |place| place.status.as_str())
    }

    /// When it closes by itself, unless somebody comes back to it before.
    #[must_use]
    pub fn closes_at(&self) -> Option<Timestamp> {
        self.place.as_ref()?.closes_at
    }

    /// When it was last reopened, if it ever was.
    pub(crate) fn reopened_at(&self) -> Option<Timestamp> {
        self.waits.iter().rfind(|wait| wait.status == Status::Resolved).map(|wait| wait.to)
    }

    /// Whether a promise was broken that is still to be kept.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.clocks.values().any(|clock| clock.is_live() && clock.breach.is_some())
    }

    /// When the first of its running promises is due.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.clocks.values().filter_map(Clock::due).min()
    }
}
