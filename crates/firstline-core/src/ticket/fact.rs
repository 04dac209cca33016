//! What is recorded.

mod erased;
mod said;
mod seen;
mod split;

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{ClockEvent, ClockKey, PageEvent, Timestamp};
use serde::{Deserialize, Serialize};

use super::approval::ApprovalFact;
use super::attachment::Attachment;
use super::brought::Brought;
use super::checklist::ChecklistFact;
use super::correction::Correction;
use super::errand::Errand;
use super::kind::{Channel, Discipline, Kind, Need};
use super::lifecycle::{HoldReason, Status};
use super::queue::OfferEnd;
use super::relation::{PassedOn, Relation, Told};
use super::time::LoggedWork;
use crate::custom::FieldValue;
use crate::id::{
    AgentId, ArticleId, ContactId, ContractId, EquipmentId, FieldId, Language, LineId,
    OrganizationId, RoleId, RuleId, Tag, TeamId, TicketId,
};
use crate::lifecycle::Place;
use crate::people::{Actor, PartyId, Planned};
use crate::priority::Classification;
use crate::routing::RoutingReasons;

pub use seen::Onlooker;
pub use split::SplitFrom;

/// What happened to a ticket, and when it was true. When it was noticed is the record's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketEvent {
    /// When it was true.
    pub at: Timestamp,
    /// What happened.
    pub fact: TicketFact,
    /// The rule or macro that did it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
}

impl TicketEvent {
    /// What no rule did.
    #[must_use]
    pub const fn new(at: Timestamp, fact: TicketFact) -> Self {
        Self { at, fact, rule: None }
    }

    /// What somebody said in it to all who read the ticket. Notes are for agents alone, and what a rule
    /// wrote nobody said.
    #[must_use]
    pub fn said(&self) -> Option<&str> {
        match &self.fact {
            _ if self.rule.is_some() => None,
            TicketFact::Opened { text, .. }
            | TicketFact::MessageAdded { text, visibility: Visibility::Public, .. } => Some(text),
            _ => None,
        }
    }
}

/// What happened to a ticket. Facts carry results: to apply them takes no rulebook.
///
/// They are stored for ever, so a variant or field may be added and none may change its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TicketFact {
    /// It was opened, with its first message.
    Opened {
        /// Who opened it.
        author: Actor,
        /// By which version of the rulebook.
        rules: u32,
        /// Where it was split off, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_from: Option<Box<SplitFrom>>,
        /// What sort of request it is.
        kind: Kind,
        /// Who asks.
        requester: ContactId,
        /// For which company or department.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<OrganizationId>,
        /// The part of a product's life that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        need: Option<Need>,
        /// Whose trade it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discipline: Option<Discipline>,
        /// The thing that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        equipment: Option<EquipmentId>,
        /// The contract that work on it is done under.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contract: Option<ContractId>,
        /// How well the customer is served.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<String>,
        /// What it is about, in a line.
        subject: String,
        /// The request in full.
        text: String,
        /// How it came in.
        channel: Channel,
        /// The language of the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<Language>,
        /// How much it matters, and why.
        classification: Classification,
        /// The support line that has it.
        line: LineId,
        /// The team of that line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// Labels.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        tags: BTreeSet<Tag>,
        /// Where it begins in its lifecycle, if that is not the default one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
        /// What is in the fields of the desk's own.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        fields: BTreeMap<FieldId, FieldValue>,
        /// Its number, for the words of messages; those that were opened before there were such
        /// words have none here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<TicketId>,
        /// For which date of which plan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        planned: Option<Planned>,
        /// By the number of which ticket the request came, if that had been merged into the one where this
        /// one goes on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        came_by: Option<TicketId>,
    },
    /// Something was said or noted.
    MessageAdded {
        /// Who said it.
        author: Actor,
        /// Who can read it.
        visibility: Visibility,
        /// The words.
        text: String,
        /// By the number of which ticket they came, if that had been merged into this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        came_by: Option<TicketId>,
        /// How the matter stands by them, where the customer of a duplicate is told that of the original.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tells: Option<Told>,
    },
    /// It moved along its lifecycle.
    StatusChanged {
        /// What it was.
        from: Status,
        /// What it became.
        to: Status,
        /// What it waits for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<HoldReason>,
        /// Where that is in its lifecycle, if that is not the default one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// It was laid aside, or woke.
    Snoozed {
        /// Until when; not any more if `None`.
        until: Option<Timestamp>,
    },
    /// An agent took it or got it, or nobody has it any more.
    Assigned {
        /// Who has it now.
        agent: Option<AgentId>,
    },
    /// Another line or team has it. It left its agent by that.
    HandedOver {
        /// The line that has it now.
        line: LineId,
        /// The team of that line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
        /// Why.
        cause: HandOverCause,
    },
    /// Impact, urgency or priority changed.
    Classified {
        /// How much it matters now.
        classification: Classification,
        /// Why, where the priority was decreed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The step of a ladder that did it, rather than a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<Rung>,
    },
    /// Labels were put on or taken off.
    Tagged {
        /// Labels that it did not have before.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        added: BTreeSet<Tag>,
        /// Labels that it does not have any more.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        removed: BTreeSet<Tag>,
    },
    /// Somebody found out what sort of request it is.
    Described {
        /// What sort of request it is.
        kind: Kind,
        /// The part of a product's life that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        need: Option<Need>,
        /// Whose trade it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discipline: Option<Discipline>,
    },
    /// Somebody found out which thing it is about, and under which contract work is done.
    Covered {
        /// The thing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        equipment: Option<EquipmentId>,
        /// The contract.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contract: Option<ContractId>,
        /// How well the customer is served.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<String>,
    },
    /// What it was opened with by mistake was put right: what is other now, as it is.
    Corrected(Box<Correction>),
    /// Fields of the desk's own were set or cleared.
    FieldsSet {
        /// What is in each now; nothing if it was cleared.
        fields: BTreeMap<FieldId, Option<FieldValue>>,
    },
    /// Something happened to its checklist.
    Checklist(ChecklistFact),
    /// Something happened to an approval.
    Approval(ApprovalFact),
    /// Files were added to a message.
    Attached {
        /// Which message or note, from 1.
        message: u32,
        /// Who added them.
        by: Actor,
        /// The files.
        files: Vec<Attachment>,
    },
    /// Somebody follows it, or does so no more.
    Followed {
        /// Who.
        who: PartyId,
        /// Whether they do.
        follows: bool,
    },
    /// The customer said how content they are.
    Rated {
        /// Who said it.
        by: Actor,
        /// From 1, not at all, to 5.
        score: u8,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// Work was written down.
    WorkLogged(LoggedWork),
    /// A work entry was taken back.
    WorkTakenBack {
        /// Which, from 1.
        entry: u32,
        /// Who took it back.
        by: Actor,
        /// Why.
        reason: String,
        /// What it was.
        work: LoggedWork,
    },
    /// Nobody asked for anything.
    MarkedSpam,
    /// Somebody did after all: it is as if it had never been said.
    UnmarkedSpam,
    /// Which article solved it was said, or taken back.
    SolvedBy {
        /// Which; none any more if `None`.
        article: Option<ArticleId>,
    },
    /// Something happened to one of its promises.
    Clock {
        /// Which.
        clock: ClockKey,
        /// In which run of it, from 1.
        cycle: u32,
        /// What.
        event: ClockEvent,
    },
    /// A step of a ladder wants somebody to be told.
    Notified {
        /// Who holds this role.
        role: RoleId,
        /// By which step.
        step: Rung,
    },
    /// A step of a ladder escalated it hierarchically: first to the manager of the line that has it,
    /// then each time to whom the last one reports. That is a way up which the ticket goes once: a
    /// hand-over to a line with a manager of its own does not begin it again. Above the last role
    /// there is nobody to tell.
    Escalated {
        /// To who holds this role.
        role: RoleId,
        /// By which step.
        step: Rung,
    },
    /// A step of a ladder pages whoever is on call.
    Paged {
        /// Its number on this ticket, from 1.
        page: u32,
        /// By which plan of the rulebook.
        plan: String,
        /// The version of the rulebook that has the plan.
        rules: u32,
        /// By which step.
        step: Rung,
    },
    /// Something happened to a page: it rang, somebody answered, nobody did.
    Page {
        /// Which.
        page: u32,
        /// What.
        event: PageEvent<AgentId>,
    },
    /// An agent promised something.
    Promised {
        /// Its number on this ticket, from 1. Its clock has that name.
        number: u32,
        /// What was promised.
        what: String,
        /// Who promised it.
        by: Actor,
    },
    /// A rule of the rulebook fired. What it did follows, under its name.
    RuleFired {
        /// Which.
        rule: RuleId,
        /// What held, in the words of its condition.
        because: String,
        /// Whether nobody's command set it off, but what became true by itself.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        by_itself: bool,
    },
    /// Something that a rule would have done is not possible, and was left out.
    RuleSkipped {
        /// Which rule.
        rule: RuleId,
        /// What it would have done.
        deed: String,
        /// Why that is refused.
        why: String,
    },
    /// Rules have fired so often without anybody's doing that they go round in circles: from now on
    /// only commands set them off.
    RulesStopped {
        /// After how many times.
        after: u32,
    },
    /// It came into the state that a timed rule waits in.
    TimerSet {
        /// Which rule.
        rule: RuleId,
        /// The version of the rulebook that has it.
        rules: u32,
        /// When it fires, if nothing comes in between.
        due: Timestamp,
    },
    /// It left the state that a timed rule waits in.
    TimerDropped {
        /// Which rule.
        rule: RuleId,
    },
    /// A rule or a macro asks the host to do something.
    HostAsked {
        /// How many times rules have asked on this ticket, with this one.
        number: u32,
        /// For what.
        errand: Errand,
    },
    /// It was given to somebody by the rules of routing.
    Routed {
        /// To whom.
        agent: AgentId,
        /// What spoke for them, and against each of the others.
        because: RoutingReasons,
    },
    /// Somebody is to be found for it: it waits in the queue, or is to be looked at again.
    Queued,
    /// Nobody can have it now, and it waits on.
    Held {
        /// When it is looked at again, if nobody comes or has room before; `None` if nothing but that
        /// makes a difference.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// What stood against each.
        because: RoutingReasons,
    },
    /// It is offered to somebody.
    Offered {
        /// To whom.
        agent: AgentId,
        /// When the offer runs out.
        until: Timestamp,
        /// What spoke for them, and against each of the others.
        because: RoutingReasons,
    },
    /// Whoever it was offered to did not want it, or did not answer.
    OfferEnded {
        /// Who.
        agent: AgentId,
        /// How.
        how: OfferEnd,
    },
    /// An agent applied a macro. What it did follows, under its name.
    MacroApplied {
        /// Which.
        name: RuleId,
    },
    /// The rules of this version were applied to it again, on purpose.
    Reapplied {
        /// The version.
        rules: u32,
    },
    /// It was merged into another ticket, and lives on there.
    MergedInto {
        /// Which.
        ticket: TicketId,
    },
    /// Another ticket was merged into this one.
    TookIn {
        /// Which.
        ticket: TicketId,
        /// Who asked there, if they did not hear of this one yet: they follow it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        brings: Option<ContactId>,
        /// How it stood to others: that goes for this one now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        passed_on: Option<Box<PassedOn>>,
        /// What else it brings.
        #[serde(default, skip_serializing_if = "Brought::is_nothing")]
        brought: Box<Brought>,
    },
    /// The merge into another ticket was undone: it is as if it had not been.
    Separated {
        /// Which it had been merged into.
        ticket: TicketId,
    },
    /// A ticket that was merged into this one lives on by itself again.
    GaveBack {
        /// Which.
        ticket: TicketId,
        /// The clocks that were taken over from it, by their names here.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clocks: Vec<ClockKey>,
    },
    /// It came to stand to another ticket in some way.
    Related {
        /// How.
        relation: Relation,
        /// To which.
        ticket: TicketId,
        /// What that one is now.
        status: Status,
    },
    /// It does not stand to another ticket like this any more. One that is no duplicate after all is as
    /// if it had never been one.
    Unrelated {
        /// How.
        relation: Relation,
        /// To which.
        ticket: TicketId,
    },
    /// Work on a part of it, on one of its incidents or on what it is a duplicate of is done, or is to be
    /// done again.
    RelativeMoved {
        /// Which.
        ticket: TicketId,
        /// What that one is now.
        status: Status,
    },
    /// A ticket that it is related to lives on in another one: it is related to that one now.
    RelativeMerged {
        /// Which.
        ticket: TicketId,
        /// Where it lives on.
        into: TicketId,
    },
    /// A ticket that it is related to lives by itself again, and it is related to that one as before.
    RelativeSeparated {
        /// Which.
        ticket: TicketId,
        /// Where it lived.
        from: TicketId,
        /// What it is now.
        status: Status,
    },
    /// What causes this problem is known.
    ErrorKnown {
        /// Who found it out.
        by: Actor,
        /// What it is.
        cause: String,
        /// How one can live with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workaround: Option<String>,
    },
    /// One answer was given to several promises: the verdict on this one does not count.
    CountedWith {
        /// Which.
        clock: ClockKey,
        /// In which run of it.
        cycle: u32,
        /// Those that were due earlier. The verdict on the first of all counts.
        ahead: Vec<ClockKey>,
    },
    /// A message was split off into a ticket of its own.
    SplitOff {
        /// Which message, from 1.
        message: u32,
        /// The new ticket.
        ticket: TicketId,
    },
}

/// A step of a ladder that was reached: stable, whenever it is noticed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rung {
    /// Of which promise.
    pub clock: ClockKey,
    /// In which run of it.
    pub cycle: u32,
    /// On which of the ladders of this run, from 0: other terms may bring another one.
    #[serde(default, skip_serializing_if = "is_first")]
    pub ladder: u32,
    /// Which step, from 0.
    pub step: u8,
}

const fn is_first(ladder: &u32) -> bool {
    *ladder == 0
}

impl fmt::Display for Rung {
    /// Its key: `resolution/1/step.0`, or `resolution/1/ladder.1/step.0` after other terms came.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.clock, self.cycle)?;
        if self.ladder > 0 {
            write!(f, "/ladder.{}", self.ladder)?;
        }
        write!(f, "/step.{}", self.step)
    }
}

/// Who can read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Visibility {
    /// The customer and the desk.
    Public,
    /// The desk.
    Internal,
}

/// Why a ticket changed its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HandOverCause {
    /// Somebody handed it over.
    Asked,
    /// A step of a promise's ladder did.
    Ladder(Rung),
}
