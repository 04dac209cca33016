//! Why a command was not carried out.

use firstline_sla::{ClockKey, Timestamp, WorkTime};
use serde::Serialize;

use crate::custom::FieldRefusal;
use crate::id::{
    AgentId, ArticleId, CommandId, ContactId, ContractId, EquipmentId, Language, LifecycleId,
    LineId, OrganizationId, PlanId, RuleId, Skill, StatusId, TeamId, TicketId,
};
use crate::people::{Actor, ContractRefusal, PartyId, PlanRefusal, Role};
use crate::routing::RoutingRefusal;
use crate::ticket::{HoldReason, RelationRefused, Status, WorkRefusal};

/// Why a command was not carried out. It is for the caller to act, and nothing was changed.
///
/// Each names the rule, what was found, and what would be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Refusal {
    /// The command names no ticket, and is not an opening.
    #[error("the command names no ticket; only an opening needs none")]
    NoTicket,
    /// An opening names a ticket.
    #[error("an opening names no ticket: the desk gives it its number")]
    AlreadyOpened,
    /// There is no such ticket.
    #[error("there is no ticket {0}")]
    UnknownTicket(TicketId),
    /// No ticket was opened under such a key.
    #[error("no ticket was opened by a command with the key {0}")]
    NeverOpened(CommandId),
    /// There is no such article.
    #[error("there is no {0}")]
    UnknownArticle(ArticleId),
    /// There is no such contact.
    #[error("{0} is not registered; save the contact first")]
    UnknownContact(ContactId),
    /// There is no such organization.
    #[error("{0} is not registered; save the organization first")]
    UnknownOrganization(OrganizationId),
    /// There is no such agent.
    #[error("{0} is not registered; save the agent first")]
    UnknownAgent(AgentId),
    /// There is no such equipment.
    #[error("{0} is not registered; save the equipment first")]
    UnknownEquipment(EquipmentId),
    /// A thing that somebody else has.
    #[error("{equipment} is that of {owner}, and {organization} asks")]
    EquipmentOfAnother {
        /// Which thing.
        equipment: EquipmentId,
        /// Who asks.
        organization: OrganizationId,
        /// Who has it.
        owner: OrganizationId,
    },
    /// A correction that puts nothing right.
    #[error("the correction says nothing that the ticket does not say already")]
    NothingCorrected,
    /// A ticket that would be another customer's, with what was merged into it.
    #[error(
        "tickets that were merged into it would be another customer's: {merged}; undo that first",
        merged = list(merged)
    )]
    CustomerHeld {
        /// Which.
        merged: Vec<TicketId>,
    },
    /// There is no such contract.
    #[error("{0} is not registered; save the contract first")]
    UnknownContract(ContractId),
    /// There is no such plan.
    #[error("{0} is not registered; save the plan first")]
    UnknownPlan(PlanId),
    /// Something that would be a part of itself.
    #[error("{of} would be a part of itself: it is above {through}")]
    PartOfItself {
        /// Which.
        of: PartyId,
        /// From which one the way leads back.
        through: PartyId,
    },
    /// A tree with too many levels.
    #[error("{of} would lie more than {most} levels deep")]
    TreeTooDeep {
        /// Which.
        of: PartyId,
        /// How many there may be.
        most: usize,
    },
    /// The code of a currency that is none.
    #[error("`{found}` is not a currency such as `EUR` or `RUB`")]
    NotACurrency {
        /// What was found.
        found: String,
    },
    /// What the command is about went on since the caller looked.
    #[error(
        "it was expected at version {expected} and is at {actual}; look at it again and decide anew"
    )]
    Conflict {
        /// The version that the caller saw.
        expected: u64,
        /// The version that it has.
        actual: u64,
    },
    /// The number says one kind of party, and what is to be saved is another.
    #[error("what is to be saved is no party of the kind that {0} is")]
    WrongKindOfParty(PartyId),
    /// A number that no journal can hold.
    #[error("the number of {0} is too large; numbers end at 9223372036854775807")]
    NumberTooLarge(PartyId),
    /// The rulebook has no such line.
    #[error("the rulebook has no line `{line}`; it has {known}", known = list(known))]
    UnknownLine {
        /// What was asked for.
        line: LineId,
        /// What there is.
        known: Vec<LineId>,
    },
    /// The line has no such team.
    #[error("line `{line}` has no team `{team}`; see `lines` in the rulebook")]
    UnknownTeam {
        /// The line.
        line: LineId,
        /// What was asked for.
        team: TeamId,
    },
    /// A closed ticket does not change any more.
    #[error("the ticket is closed and does not change any more; open a new one")]
    TicketClosed,
    /// The lifecycle does not lead from one status to the other.
    #[error("a ticket that is {from} cannot become {to}; it can become {allowed}", allowed = list(allowed))]
    TransitionNotAllowed {
        /// What it is.
        from: StatusId,
        /// What was asked for.
        to: StatusId,
        /// What this actor may make of it.
        allowed: Vec<StatusId>,
    },
    /// The lifecycle leads there, by somebody else's hand.
    #[error("{actor} may not let a ticket that is {from} become {to}: that takes {needed}; it can become {allowed}", allowed = list(allowed))]
    TransitionNotPermitted {
        /// Who tried.
        actor: Actor,
        /// What it is.
        from: StatusId,
        /// What was asked for.
        to: StatusId,
        /// Who may.
        needed: String,
        /// What this actor may make of it.
        allowed: Vec<StatusId>,
    },
    /// The lifecycle leads there once more is known.
    #[error("a ticket that is {from} becomes {to} only with {missing}", missing = list(missing))]
    FieldsMissing {
        /// What it is.
        from: StatusId,
        /// What was asked for.
        to: StatusId,
        /// The fields that are to be filled first.
        missing: Vec<String>,
    },
    /// The lifecycle of the ticket has no such status.
    #[error("the lifecycle `{lifecycle}` has no status `{status}`; it has {known}", known = list(known))]
    UnknownStatus {
        /// The lifecycle.
        lifecycle: LifecycleId,
        /// What was asked for.
        status: StatusId,
        /// What there is.
        known: Vec<StatusId>,
    },
    /// The time in which it could be reopened is over.
    #[error("the ticket could be reopened until {until}; open a new one for what follows")]
    ReopenedTooLate {
        /// Until when.
        until: Timestamp,
    },
    /// A ticket that is done is laid aside.
    #[error("the ticket is {status}: only what is still to be done can be laid aside")]
    NothingToSnooze {
        /// What it is.
        status: Status,
    },
    /// Somebody else may do this.
    #[error("{actor} may not {action}: that takes {needed}")]
    NotPermitted {
        /// Who tried.
        actor: Actor,
        /// What.
        action: &'static str,
        /// Who may.
        needed: Role,
    },
    /// On hold without saying for what.
    #[error("a ticket that is on hold says what it waits for")]
    HoldReasonMissing,
    /// A reason for holding with another status.
    #[error("what a ticket waits for is said only with the status `on_hold`, not with {to}")]
    HoldReasonUnexpected {
        /// The status that was asked for.
        to: StatusId,
    },
    /// A reason for holding that the lifecycle does not have there.
    #[error("a ticket that is {to} does not wait for {hold}; it can wait for {allowed}", hold = hold.as_str(), allowed = list(&allowed.iter().map(|it| it.as_str()).collect::<Vec<_>>()))]
    HoldReasonNotHere {
        /// The status that was asked for.
        to: StatusId,
        /// What was said.
        hold: HoldReason,
        /// What it could be.
        allowed: Vec<HoldReason>,
    },
    /// A required text is empty.
    #[error("{field} is empty")]
    TextEmpty {
        /// Which.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} has {bytes} bytes, more than {most}")]
    TextTooLong {
        /// Which.
        field: &'static str,
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        most: usize,
    },
    /// A text has a character that no text should have.
    #[error("{field} has the control character U+{code:04X} at byte {at}")]
    ControlCharacter {
        /// Which text.
        field: &'static str,
        /// Where in it, in bytes.
        at: usize,
        /// Which character.
        code: u32,
    },
    /// A line in which the direction of writing is turned and never turned back: in a list it would turn
    /// the words beside it.
    #[error(
        "{field} turns the direction of writing at byte {at} and never back; close it, or leave it out"
    )]
    DirectionLeftOpen {
        /// Which text.
        field: &'static str,
        /// Where in it, in bytes.
        at: usize,
    },
    /// Too many tags.
    #[error("{count} tags are more than {most}")]
    TooManyTags {
        /// How many there would be.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// Too many of something else.
    #[error("{count} {field} are more than {most}")]
    TooMany {
        /// Of what.
        field: &'static str,
        /// How many there would be.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// The same thing twice in a list.
    #[error("{field} has `{found}` twice")]
    SaidTwice {
        /// The list.
        field: &'static str,
        /// What is in it twice.
        found: String,
    },
    /// A level of a skill that there is not.
    #[error("{level} is no level of the skill `{skill}`; it can be from 1 to {most}")]
    SkillLevel {
        /// Of which skill.
        skill: Skill,
        /// What was given.
        level: u8,
        /// The highest.
        most: u8,
    },
    /// More than anybody carries.
    #[error("a load of {load} is more than {most}")]
    LoadTooLarge {
        /// What was given.
        load: u32,
        /// The most.
        most: u32,
    },
    /// A time zone that is none.
    #[error("there is no time zone `{found}`; write an IANA name such as `Europe/Berlin`")]
    UnknownTimeZone {
        /// What was found.
        found: String,
    },
    /// No line of the rulebook has such a team.
    #[error("no line of the rulebook has a team `{0}`")]
    NoSuchTeam(TeamId),
    /// The rulebook has no such calendar.
    #[error("the rulebook has no calendar `{calendar}`; it has {known}", known = list(known))]
    UnknownCalendar {
        /// What was asked for.
        calendar: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A language tag that is none.
    #[error("`{found}` is not a language tag such as `en`, `ru` or `pt-BR`")]
    NotALanguage {
        /// What was found.
        found: String,
    },
    /// A time that no desk lives in: most likely micro- or nanoseconds passed as milliseconds.
    #[error("{now} is outside the years 1970 to 9999; are these milliseconds?")]
    TimeOutOfRange {
        /// What was given.
        now: Timestamp,
    },
    /// A time that nobody lives in yet: most likely of a clock that was set wrong. Nothing could come
    /// before it afterwards, so the caller mends the clock first.
    #[error("{at} lies beyond {latest}, more than a year ahead of the desk; is that clock right?")]
    TimeFarAhead {
        /// What was given.
        at: Timestamp,
        /// The latest that is taken: 366 days after the last record, or after the desk's own clock if
        /// that is later.
        latest: Timestamp,
    },
    /// A ticket that changes its status without end.
    #[error("the ticket has waited {most} times already; open a new one for what follows")]
    TooManyWaits {
        /// How often it may.
        most: usize,
    },
    /// There is no such thing on the ticket.
    #[error("the ticket has no {what} {number}; it has {known}")]
    NoSuchNumber {
        /// What was asked for.
        what: &'static str,
        /// Which.
        number: u32,
        /// How many there are.
        known: usize,
    },
    /// A machine signs.
    #[error("a signature is a person's, not the system's")]
    NobodySigns,
    /// An approval that has a name under it.
    #[error("approval {approval} is signed already; ask for another one")]
    SignedAlready {
        /// Which.
        approval: u32,
    },
    /// An approval that was taken back.
    #[error("approval {approval} was withdrawn; ask for another one")]
    ApprovalWithdrawn {
        /// Which.
        approval: u32,
    },
    /// A name that is wanted of somebody else.
    #[error("approval {approval} is asked of {of}, and nobody else signs it")]
    SignatureOfAnother {
        /// Which.
        approval: u32,
        /// Of whom.
        of: Actor,
    },
    /// Somebody signs what they asked for themselves after somebody else's no.
    #[error(
        "approval {approval} is asked for in the place of a no: somebody else signs it than who asked"
    )]
    OwnApproval {
        /// Which.
        approval: u32,
    },
    /// A media type that is none.
    #[error("`{found}` is not a media type such as `image/png`")]
    NotAMediaType {
        /// What was found.
        found: String,
    },
    /// A follower who is nobody that could be told anything.
    #[error("{who} is no person and follows nothing")]
    NotAPerson {
        /// Who.
        who: PartyId,
    },
    /// An agent says how content the customer is.
    #[error("how content the customer is, is for the customer to say")]
    RatedByAgent,
    /// A matter that is not done yet.
    #[error("the ticket is {status}: what came of it is rated when it is resolved")]
    NothingToRate {
        /// What it is.
        status: Status,
    },
    /// A rating that is none.
    #[error("{score} is no rating; it can be from 1 to {most}")]
    RatingOutOfRange {
        /// What was given.
        score: u8,
        /// The best.
        most: u8,
    },
    /// A promise that says twice, or not at all, how much time it gives.
    #[error("a promise says either `within` or `by`")]
    PromiseWithoutTime,
    /// A promise that gives no time, or more than a desk can keep in mind.
    #[error("{within} is no time to promise something in; it can be from 1s to {most}")]
    PromiseOutOfRange {
        /// What was given.
        within: WorkTime,
        /// The most.
        most: WorkTime,
    },
    /// There is no such page.
    #[error("the ticket has no page {page}; it has {known}")]
    UnknownPage {
        /// What was asked for.
        page: u32,
        /// How many there are.
        known: usize,
    },
    /// The page was answered or revoked already.
    #[error("page {page} does not ring any more")]
    PageOver {
        /// Which.
        page: u32,
    },
    /// A machine answers a page.
    #[error("a page is answered by an agent, not by the system")]
    NobodyAnswers,
    /// A promise about a matter that is done.
    #[error("the ticket is {status}: reopen it before something is promised")]
    NothingToPromise {
        /// What it is.
        status: Status,
    },
    /// A due time that is past.
    #[error("{due} is not ahead; it is {now} now")]
    DueInThePast {
        /// What was asked for.
        due: Timestamp,
        /// What time it is on the desk.
        now: Timestamp,
    },
    /// There is no such promise on this ticket.
    #[error("the ticket has no clock `{clock}`; it has {known}", known = list(known))]
    UnknownClock {
        /// What was asked for.
        clock: ClockKey,
        /// What there is.
        known: Vec<ClockKey>,
    },
    /// The promise is kept, missed or given up already.
    #[error("`{clock}` is over: it was kept, missed or given up")]
    ClockOver {
        /// Which.
        clock: ClockKey,
    },
    /// Nothing is fixed that could be released.
    #[error("the due time of `{clock}` was not fixed by hand")]
    DueNotFixed {
        /// Which.
        clock: ClockKey,
    },
    /// A ticket cannot be merged into itself, or into one that lives on elsewhere.
    #[error("{ticket} cannot be merged into {into}: {why}")]
    CannotMerge {
        /// Which ticket.
        ticket: TicketId,
        /// Into which.
        into: TicketId,
        /// Why not.
        why: &'static str,
    },
    /// A ticket that was merged lives on elsewhere.
    #[error("the ticket was merged into {into}; go on there, or undo the merge")]
    TicketMerged {
        /// Where it lives on.
        into: TicketId,
    },
    /// What nobody called spam.
    #[error("the ticket was not marked as spam")]
    NotSpam,
    /// There is no merge to undo.
    #[error("the ticket was not merged into another one")]
    NotMerged,
    /// The ticket that it was merged into was merged itself.
    #[error(
        "{into}, which the ticket was merged into, was merged into {on} itself; undo that first"
    )]
    MergedOn {
        /// Which it was merged into.
        into: TicketId,
        /// Which that one was merged into.
        on: TicketId,
    },
    /// Something is against how tickets were to stand to each other.
    #[error(transparent)]
    Relation(#[from] RelationRefused),
    /// There is no such message.
    #[error("the ticket has no message {message}; it has {count}")]
    UnknownMessage {
        /// What was asked for.
        message: u32,
        /// How many there are.
        count: u32,
    },
    /// An action on two tickets that was given to the rules of one.
    #[error("merging, splitting and relating concern two tickets; give them to a desk")]
    TwoTickets,
    /// The rulebook has no such macro.
    #[error("the rulebook has no macro `{name}`; it has {known}", known = list(known))]
    UnknownMacro {
        /// What was asked for.
        name: RuleId,
        /// What there is.
        known: Vec<RuleId>,
    },
    /// The macro is for other tickets.
    #[error("the macro `{name}` is for other tickets: {because}")]
    MacroNotMeant {
        /// Which.
        name: RuleId,
        /// What stands against it.
        because: String,
    },
    /// The text of a message cannot be made.
    #[error("the text cannot be made from its template: {why}")]
    TemplateFailed {
        /// Why not.
        why: String,
    },
    /// The last line hands over to nobody.
    #[error("there is no line after `{line}`")]
    NoLineAfter {
        /// The last line.
        line: LineId,
    },
    /// A plan is none, or a ticket not one of its dates.
    #[error(transparent)]
    Plan(#[from] PlanRefusal),
    /// A contract is none, or not for this.
    #[error(transparent)]
    Contract(#[from] ContractRefusal),
    /// Work was not written down, or not taken back.
    #[error(transparent)]
    Work(#[from] WorkRefusal),
    /// Nobody was found for a ticket, or nobody takes it.
    #[error(transparent)]
    Routing(#[from] RoutingRefusal),
    /// A field was not set, or something else not done for the want of one.
    #[error(transparent)]
    Field(#[from] FieldRefusal),
    /// An article that is not in use.
    #[error("{0} is retired already")]
    ArticleRetired(ArticleId),
    /// A draft that was never saved, or was published since.
    #[error("{article} has no draft in `{language}`; save one first")]
    NoDraft {
        /// The article.
        article: ArticleId,
        /// The language.
        language: Language,
    },
    /// The clocks of this ticket run by a version of the rulebook that is not at hand.
    #[error(
        "a promise of this ticket is pinned to {what} of rulebook version {version}, which was not given"
    )]
    RulebookMissing {
        /// The version.
        version: u32,
        /// The policy and target in it.
        what: String,
    },
}

/// Names one after the other, for a sentence.
pub(crate) fn list<T: core::fmt::Display>(names: &[T]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
