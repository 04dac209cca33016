//! What can be asked for.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{ClockKey, Timestamp, WorkTime};
use serde::{Deserialize, Deserializer, Serialize};

use super::Ticket;
use super::approval::ApprovalAction;
use super::attachment::Attachment;
use super::checklist::ChecklistAction;
use super::correction::Correction;
use super::kind::{Channel, Discipline, Kind, Need};
use super::lifecycle::{HoldReason, Status};
use super::relation::Relation;
use super::time::WorkEntry;
use crate::custom::{FieldInput, Referent, unique};
use crate::id::{
    AgentId, ArticleId, ContactId, ContractId, EquipmentId, FieldId, Language, LineId,
    OrganizationId, RuleId, StatusId, Tag, TeamId, TicketId,
};
use crate::people::{Actor, PartyId, Planned};
use crate::priority::{Impact, Priority, Urgency};
use crate::rulebook::Rulebook;

/// What somebody wants to happen to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TicketAction {
    /// Opens a ticket.
    Open(Box<OpenTicket>),
    /// Sends a public message: to the customer from an agent, to the desk from a contact.
    Reply {
        /// The message.
        text: String,
        /// What the ticket becomes with it, such as `pending` after a question. Agents only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<Status>,
    },
    /// Writes a note that only agents see.
    AddNote {
        /// The note.
        text: String,
    },
    /// Moves the ticket along its lifecycle.
    ChangeStatus {
        /// What it is to become.
        to: Status,
        /// What it waits for: with `on_hold`, and only then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<HoldReason>,
    },
    /// Moves the ticket to a status of its lifecycle by its name. `change_status` does the same by
    /// category, and so goes with every lifecycle.
    Move {
        /// Which.
        to: StatusId,
        /// What it waits for, in a status where that could be several things.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<HoldReason>,
    },
    /// Lays the ticket aside until a moment, at which it wakes; a message of the customer wakes it
    /// earlier. Its promises are not moved by that. Agents only.
    Snooze {
        /// Until when; `None` wakes it now. It must be said, so that nobody wakes one by a slip.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "schema", schemars(with = "crate::command::Said<Timestamp>"))]
        until: Option<Timestamp>,
    },
    /// Gives the ticket to an agent, who takes it up by that, or to nobody.
    Assign {
        /// Who is to have it. It must be said, so that nobody loses a ticket by a slip.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "schema", schemars(with = "crate::command::Said<AgentId>"))]
        agent: Option<AgentId>,
    },
    /// Hands the ticket over to a line and team. It leaves its agent by that.
    HandOver {
        /// The line that is to have it.
        line: LineId,
        /// The team of that line; `None` leaves that to the line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<TeamId>,
    },
    /// Corrects impact and urgency; the priority follows unless it was decreed.
    Classify {
        /// How much of the business is affected.
        impact: Impact,
        /// How soon that hurts.
        urgency: Urgency,
    },
    /// Decrees a priority against the matrix.
    OverridePriority {
        /// Which.
        priority: Priority,
        /// Why.
        reason: String,
    },
    /// Lets the priority follow the matrix again.
    ReleasePriority,
    /// Puts labels on and takes labels off.
    Tag {
        /// Labels to put on.
        #[serde(default)]
        add: BTreeSet<Tag>,
        /// Labels to take off.
        #[serde(default)]
        remove: BTreeSet<Tag>,
    },
    /// Says what sort of request it is. What is left out stays. Agents only.
    Describe {
        /// What sort of request it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        /// The part of a product's life that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        need: Option<Need>,
        /// Whose trade it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discipline: Option<Discipline>,
    },
    /// Says which thing it is about, and under which contract work on it is done. What is left out
    /// stays, and what is given as `null` goes. Agents only.
    Cover {
        /// The thing.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        equipment: Option<Option<EquipmentId>>,
        /// The contract.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        contract: Option<Option<ContractId>>,
        /// How well the customer is served. `Some(None)` is what the contract says, or else the
        /// organization, and so is `None` together with a contract.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        tier: Option<Option<String>>,
    },
    /// Puts right what the ticket was opened with by mistake: at least one thing, and something that is
    /// not so already. Agents only.
    Correct(Box<Correction>),
    /// Sets fields of the desk's own, and clears those that are given nothing.
    SetFields {
        /// What is to be in each.
        #[serde(deserialize_with = "unique")]
        fields: BTreeMap<FieldId, Option<FieldInput>>,
    },
    /// Works on the checklist.
    Checklist(ChecklistAction),
    /// Asks for an approval, or signs one.
    Approval(ApprovalAction),
    /// Adds files to a message.
    Attach {
        /// Which message or note, from 1; `None` for the last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<u32>,
        /// The files.
        files: Vec<Attachment>,
    },
    /// Has somebody told of what happens to the ticket: a contact or an agent.
    Follow {
        /// Who.
        who: PartyId,
    },
    /// Has somebody told no more.
    Unfollow {
        /// Who.
        who: PartyId,
    },
    /// Says how content the customer is, when the matter is done, be it closed.
    Rate {
        /// From 1, not at all, to 5.
        score: u8,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// Writes work down, with what it costs by the contract, be the ticket closed. Agents only.
    LogWork(WorkEntry),
    /// Takes a work entry back that was a mistake. What it used up of the contract is there again; what
    /// later work was charged meanwhile stays charged. Agents only.
    TakeBackWork {
        /// Which entry, from 1.
        entry: u32,
        /// Why.
        reason: String,
    },
    /// Closes what nobody asked. Agents only.
    MarkSpam,
    /// Takes back that nobody asked for anything: the ticket is as if it had never been said, and what
    /// became due meanwhile is recorded now, each fact with its own time. Agents only.
    UnmarkSpam,
    /// Says which article solved the matter, or that none did after all. Agents only.
    SolvedBy {
        /// Which. It must be said, so that nobody takes it back by a slip.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "schema", schemars(with = "crate::command::Said<ArticleId>"))]
        article: Option<ArticleId>,
    },
    /// Promises something to the customer, such as a call within the hour. It ends when the ticket is
    /// resolved and does not come back with a reopening: whoever takes the matter up again promises anew.
    /// Agents only.
    Promise {
        /// What is promised.
        what: String,
        /// How much time it gives, on the calendar that the rulebook has for promises: the wall
        /// clock, if it says nothing. Either this or `by`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<WorkTime>,
        /// By when, whatever happens meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Timestamp>,
    },
    /// Says that what was promised is done.
    KeepPromise {
        /// Which promise.
        number: u32,
        /// On which ticket it was made, if that was merged into this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<TicketId>,
    },
    /// Takes a promise back.
    WithdrawPromise {
        /// Which promise.
        number: u32,
        /// On which ticket it was made, if that was merged into this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<TicketId>,
        /// Why.
        reason: String,
    },
    /// Fixes when a promise is due. Pauses do not move it and other terms do not, until it is
    /// released. If its policy gives the promise up and makes it again while the same is waited for,
    /// the date holds again too, and so does one that lies ahead when what seemed resolved is not.
    FixDue {
        /// Which promise.
        clock: ClockKey,
        /// When it is due.
        due: Timestamp,
    },
    /// Lets the terms in force decide again when a promise is due.
    ReleaseDue {
        /// Which promise.
        clock: ClockKey,
    },
    /// Applies the rules in force to the promises that still run: by itself an edit of the rulebook
    /// moves none of them. What was not promised before and is waited for is promised from when that
    /// wait began, as if the rules had been there. A clock by conditions starts now, if its condition
    /// holds: since when it has held is not on record.
    ///
    /// A step that was reached and only waits for the hours of whom it calls gives way to a higher
    /// one that was reached as well: applying the rules calls somebody for one step of each ladder.
    Reapply {
        /// Whether the time that is past is valued anew too, by the calendars in force.
        #[serde(default)]
        revalue_past: bool,
    },
    /// Merges the ticket into another one, where it lives on: the replies that are waited for and what
    /// agents have promised, its followers and labels, and what the work on it costs. How urgent the
    /// whole is, is for the agent to say.
    MergeInto {
        /// The other one.
        ticket: TicketId,
    },
    /// Undoes the merge into another ticket. Both are then as if it had not been. What its customer has
    /// said on the other one since, if that is another person's, was said here, and what agents had
    /// promised here and have kept there is kept; what became due meanwhile on the one that is given back is recorded now, each fact with its own time:
    /// warnings, breaches, steps of ladders and what they do. A host sees by
    /// [`Effect::scheduled_at`](crate::Effect::scheduled_at) that they are old, as after a long sleep,
    /// and need not ring for them.
    UndoMerge,
    /// Splits a message off into a ticket of its own. What the old ticket promises goes on: it keeps
    /// only since when its customer waits, not for the sake of which messages. If nothing is left to
    /// answer there, it is for the agent to say so, or to resolve it.
    Split {
        /// Which message or note, from 1: the request that the ticket began with.
        message: u32,
        /// What the new ticket is about, in a line.
        subject: String,
    },
    /// Relates the ticket to another one. `duplicate_of` closes it, and who asked hears the answer when
    /// the other one is resolved. Agents only.
    Relate {
        /// How the ticket stands to the other one.
        #[serde(rename = "as")]
        relation: Relation,
        /// The other one.
        ticket: TicketId,
    },
    /// Lets the ticket not stand to another one like this any more. One that is no duplicate after all
    /// is what it was before, and what became due meanwhile is recorded now. Agents only.
    Unrelate {
        /// How the ticket stands to the other one.
        #[serde(rename = "as")]
        relation: Relation,
        /// The other one.
        ticket: TicketId,
    },
    /// Says what causes a problem, and how one can live with it until it is solved: the customers of
    /// its incidents are told the latter. Agents only.
    KnowError {
        /// What causes it.
        cause: String,
        /// How one can live with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        workaround: Option<String>,
    },
    /// Answers a page: it stops ringing. Agents only.
    AcknowledgePage {
        /// Which page of the ticket.
        page: u32,
    },
    /// Gives the ticket to whoever the rules of routing choose. One that nobody can have waits.
    Route {
        /// Those who are there and take something new.
        among: BTreeSet<AgentId>,
    },
    /// Lets the desk find somebody for the ticket, among those who are online: it waits in the queue
    /// until it has. One that somebody has stays there. Agents only, and only where the rulebook says
    /// how.
    Queue,
    /// Takes the ticket that one is offered. Only whom it is offered to can.
    AcceptOffer,
    /// Does not want the ticket that one is offered. Only whom it is offered to can say so.
    DeclineOffer {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Applies a macro of the rulebook: all that it says, or nothing of it. Agents only.
    ApplyMacro {
        /// Which.
        name: RuleId,
    },
    /// Looks at what became true by itself, and does nothing else.
    Wake,
}

/// What is given, be it nothing, is told apart from what is left out.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The request that a ticket begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenTicket {
    /// What sort of request it is.
    pub kind: Kind,
    /// Who asks.
    pub requester: ContactId,
    /// For which company or department; `None` for the contact's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// What it is about, in a line.
    pub subject: String,
    /// The request in full.
    pub text: String,
    /// The part of a product's life that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// Whose trade it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discipline: Option<Discipline>,
    /// The thing that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equipment: Option<EquipmentId>,
    /// The contract that work on it is done under; `None` for the organization's own, if that is for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// How well the customer is served, in the words of the policies; `None` for what the contract
    /// says, or else the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// How it came in.
    pub channel: Channel,
    /// The language of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// How much of the business is affected.
    pub impact: Impact,
    /// How soon that hurts.
    pub urgency: Urgency,
    /// The line that is to have it; `None` for the rulebook's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    /// The team of that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Labels.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<Tag>,
    /// What is in the fields of the desk's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique")]
    pub fields: BTreeMap<FieldId, FieldInput>,
    /// The number that it is to have, for the words of messages. The desk sets it.
    #[serde(skip)]
    pub number: Option<TicketId>,
    /// For which date of which plan it is. Only a plan says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
}

impl OpenTicket {
    /// A question by chat or portal of medium weight, to be adjusted by the caller.
    #[must_use]
    pub fn new(requester: ContactId, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            kind: Kind::Question,
            requester,
            organization: None,
            need: None,
            discipline: None,
            equipment: None,
            contract: None,
            tier: None,
            subject: subject.into(),
            text: text.into(),
            channel: Channel::Portal,
            language: None,
            impact: Impact::Medium,
            urgency: Urgency::Medium,
            line: None,
            team: None,
            tags: BTreeSet::new(),
            fields: BTreeMap::new(),
            number: None,
            planned: None,
        }
    }

    /// A request of the same customer about the same thing as a ticket, for whoever has that one: for the
    /// first line, where the rules do not know that line any more.
    pub(crate) fn beside(
        ticket: &Ticket,
        rulebook: &Rulebook,
        subject: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        let has = |team: Option<&TeamId>| rulebook.has_line(&ticket.line, team);
        Self {
            kind: ticket.kind,
            organization: ticket.organization,
            need: ticket.need,
            discipline: ticket.discipline,
            equipment: ticket.equipment,
            contract: ticket.contract,
            tier: ticket.tier.clone(),
            channel: ticket.channel,
            language: ticket.language.clone(),
            impact: ticket.classification.impact,
            urgency: ticket.classification.urgency,
            line: has(None).then(|| ticket.line.clone()),
            team: ticket.team.clone().filter(|team| has(Some(team))),
            tags: ticket.tags.clone(),
            ..Self::new(ticket.requester, subject, text)
        }
    }
}

impl TicketAction {
    /// Whom and what the action names, which must be known to the desk.
    #[must_use]
    pub fn parties(&self) -> Vec<PartyId> {
        let (equipment, contract) = match self {
            Self::Open(open) => (open.equipment, open.contract),
            Self::Cover { equipment, contract, .. } => (equipment.flatten(), contract.flatten()),
            _ => (None, None),
        };
        let (contact, organization) = match self {
            Self::Open(open) => (Some(open.requester), open.organization),
            _ => (None, None),
        };
        let person = match self {
            Self::Assign { agent } => agent.map(PartyId::Agent),
            Self::Follow { who } => Some(*who),
            Self::Approval(ApprovalAction::Ask { of: Some(Actor::Agent(agent)), .. }) => {
                Some(PartyId::Agent(*agent))
            }
            Self::Approval(ApprovalAction::Ask { of: Some(Actor::Contact(contact)), .. }) => {
                Some(PartyId::Contact(*contact))
            }
            _ => None,
        };
        let corrected = match self {
            Self::Correct(correction) => Some(correction.parties()),
            _ => None,
        };
        let corrected = corrected.into_iter().flatten();
        let referents = self.referents().into_iter().filter_map(Referent::party);
        let named = [
            contact.map(PartyId::Contact),
            organization.map(PartyId::Organization),
            equipment.map(PartyId::Equipment),
            contract.map(PartyId::Contract),
            person,
        ];
        named.into_iter().flatten().chain(corrected).chain(referents).collect()
    }

    /// Whom and what the fields of the desk's own point to in it. Those that are tickets must be
    /// known to the desk as well.
    #[must_use]
    pub fn referents(&self) -> Vec<Referent> {
        let (given, set) = match self {
            Self::Open(open) => (Some(&open.fields), None),
            Self::SetFields { fields } => (None, Some(fields)),
            _ => (None, None),
        };
        let given = given.into_iter().flatten().map(|(_, input)| input);
        let set = set.into_iter().flatten().filter_map(|(_, input)| input.as_ref());
        given.chain(set).filter_map(FieldInput::referent).collect()
    }
}
