//! Which command does what in which status. Nothing outside its arguments is read.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Clock, ClockKey, MAX_ALLOWANCE, Reason, Timestamp, Within, WorkTime};

use super::Ticket;
use super::action::{OpenTicket, TicketAction};
use super::automation::{Mark, SetOff};
use super::dismissal::unmark_spam;
use super::fact::{HandOverCause, SplitFrom, TicketEvent, TicketFact, Visibility};
use super::lifecycle::Status;
use super::relation::Told;
use super::time::WorkRefusal;
use crate::custom::FieldValue;
use crate::id::{FieldId, Language, LineId, RuleId, Tag, TeamId, TicketId};
use crate::lifecycle::NamedStatus;
use crate::limits::{check_line, check_tags, check_text, check_time};
use crate::people::{Actor, Role};
use crate::priority::Classification;
use crate::refusal::Refusal;
use crate::routing::RoutingRefusal;
use crate::rulebook::Rulebook;

/// The shortest time that can be promised.
const MIN_PROMISE: WorkTime = WorkTime::from_seconds(1);

/// What came of a command: the events in order, and the ticket after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The ticket after the events.
    pub ticket: Ticket,
    /// What happened. Empty if there was nothing to do.
    pub events: Vec<TicketEvent>,
}

/// What follows if `by` does `action` to a ticket now; `None` is the ticket before its opening.
///
/// What was due before `now` is settled first, so the answer does not depend on whether an alarm
/// or the command came first.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn decide(
    ticket: Option<&Ticket>,
    action: &TicketAction,
    by: Actor,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Result<Vec<TicketEvent>, Refusal> {
    Ok(carry_out(ticket.cloned(), action, by, rulebook, now)?.events)
}

/// [`decide`] and [`apply`](super::apply) in one, for those who own the ticket.
///
/// # Errors
///
/// The refusal says which rule is against it. Nothing happened then.
pub fn carry_out(
    ticket: Option<Ticket>,
    action: &TicketAction,
    by: Actor,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Result<Turn, Refusal> {
    check_time(now)?;
    match (ticket, action) {
        (None, TicketAction::Open(request)) => Work::open(request, by, rulebook, now)?.finish(),
        (None, _) => Err(Refusal::NoTicket),
        (Some(_), TicketAction::Open(_)) => Err(Refusal::AlreadyOpened),
        (Some(ticket), TicketAction::UnmarkSpam) => unmark_spam(ticket, by, (rulebook, &[]), now),
        (Some(ticket), action) => {
            let mut work = Work::go_on(ticket, by, rulebook, now)?;
            let mark = work.mark();
            work.act(action)?;
            work.follow_up(&mark)?;
            work.finish()
        }
    }
}

/// A turn while it is being decided.
pub(super) struct Work<'r> {
    pub(super) ticket: Ticket,
    pub(super) events: Vec<TicketEvent>,
    pub(super) by: Actor,
    pub(super) rulebook: &'r Rulebook,
    pub(super) now: Timestamp,
    /// The rule or macro that acts, if one does.
    pub(super) rule: Option<RuleId>,
    /// The clocks as they went on while they were another ticket's: what their ladders did there is
    /// not done again.
    pub(super) elsewhere: BTreeMap<ClockKey, Clock>,
    /// The rules that fired here already in the command that this is a part of.
    pub(super) fired: BTreeSet<RuleId>,
}

impl<'r> Work<'r> {
    /// Goes on with a ticket: what was due before now is noticed first.
    pub(super) fn go_on(
        ticket: Ticket,
        by: Actor,
        rulebook: &'r Rulebook,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        check_time(now)?;
        let mut work = Self {
            ticket,
            events: Vec::new(),
            by,
            rulebook,
            now,
            rule: None,
            elsewhere: BTreeMap::new(),
            fired: BTreeSet::new(),
        };
        work.settle()?;
        Ok(work)
    }

    /// What came of it. What a command put into the past becomes true at once.
    pub(super) fn finish(mut self) -> Result<Turn, Refusal> {
        self.settle()?;
        Ok(Turn { ticket: self.ticket, events: self.events })
    }

    /// Opens a ticket with a request.
    pub(super) fn open(
        request: &OpenTicket,
        by: Actor,
        rulebook: &'r Rulebook,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let fields = rulebook.read_fields(&request.fields, by)?;
        let mut work = Self::fresh(request, (by, None), fields, by, rulebook, now)?;
        work.check_form()?;
        work.set_out()?;
        Ok(work)
    }

    /// Opens a ticket with a request that comes of another ticket and that `author` wrote there: what
    /// is in the `fields` of that one goes with it, as far as it has a place here. Nobody is asked for
    /// more: who wrote it is not there, or has only said something.
    pub(super) fn open_beside(
        fields: &BTreeMap<FieldId, FieldValue>,
        request: &OpenTicket,
        (author, split_from): (Actor, Option<Box<SplitFrom>>),
        by: Actor,
        rulebook: &'r Rulebook,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let from = (author, split_from);
        let all = Self::fresh(request, from.clone(), fields.clone(), by, rulebook, now)?;
        let fields = all.fields_with_a_place();
        let mut work = Self::fresh(request, from, fields, by, rulebook, now)?;
        work.set_out()?;
        Ok(work)
    }

    fn fresh(
        request: &OpenTicket,
        (author, split_from): (Actor, Option<Box<SplitFrom>>),
        fields: BTreeMap<FieldId, FieldValue>,
        by: Actor,
        rulebook: &'r Rulebook,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        check_line("subject", &request.subject)?;
        check_text("text", &request.text)?;
        check_tags(request.tags.iter().map(Tag::as_str))?;
        request.language.as_ref().map_or(Ok(()), |language| language.check())?;
        let line = request.line.as_ref().unwrap_or_else(|| rulebook.first_line());
        rulebook.check_line(line, request.team.as_ref())?;
        request.tier.as_ref().map_or(Ok(()), |tier| check_line("tier", tier))?;
        let opened = opening(request, (author, split_from), fields, rulebook);
        let opened = TicketEvent::new(now, opened);
        let ticket = Ticket::begin(&opened).expect("an opening begins a ticket");
        let (events, elsewhere, fired) = (vec![opened], BTreeMap::new(), BTreeSet::new());
        Ok(Self { ticket, events, by, rulebook, now, rule: None, elsewhere, fired })
    }

    /// What is promised to a ticket that was just opened, and what the rules do about it.
    fn set_out(&mut self) -> Result<(), Refusal> {
        self.opened();
        self.watch_opening()?;
        self.obey_rules(&Mark::OPENING, SetOff::Command)
    }

    /// The one place that branches on what was asked for.
    pub(super) fn act(&mut self, action: &TicketAction) -> Result<(), Refusal> {
        match action {
            TicketAction::Wake | TicketAction::UnmarkSpam => return Ok(()),
            TicketAction::MergeInto { .. }
            | TicketAction::UndoMerge
            | TicketAction::Relate { .. }
            | TicketAction::Unrelate { .. }
            | TicketAction::Split { .. } => return Err(Refusal::TwoTickets),
            TicketAction::Route { .. } => return Err(RoutingRefusal::NoFloor.into()),
            // How content one is shows when all is over.
            TicketAction::Rate { .. } if self.ticket.merged.is_none() => {}
            TicketAction::LogWork(_) | TicketAction::TakeBackWork { .. } => {
                self.check_workable()?
            }
            _ => self.check_changeable()?,
        }
        match action {
            TicketAction::Reply { text, then } => self.reply(text, *then),
            TicketAction::AddNote { text } => self.add_note(text),
            TicketAction::ChangeStatus { to, hold } => self.change_status(*to, *hold),
            TicketAction::Move { to, hold } => self.move_along(to, *hold),
            TicketAction::Snooze { until } => self.snooze(*until),
            TicketAction::KnowError { cause, workaround } => {
                self.know_error(cause, workaround.as_deref())
            }
            TicketAction::Assign { agent } => {
                self.need(Role::Agent, "assign tickets")?;
                if self.ticket.assignee != *agent {
                    self.happen(TicketFact::Assigned { agent: *agent });
                }
                if agent.is_some() { self.pick_up() } else { Ok(()) }
            }
            TicketAction::HandOver { line, team } => self.hand_over(line, team.as_ref()),
            TicketAction::Classify { impact, urgency } => {
                self.need(Role::Agent, "classify tickets")?;
                let now = self.ticket.classification;
                let priority = if now.overridden {
                    now.priority
                } else {
                    self.rulebook.priorities().priority(*impact, *urgency)
                };
                let (impact, urgency) = (*impact, *urgency);
                self.classify(Classification { impact, urgency, priority, ..now }, None)
            }
            TicketAction::OverridePriority { priority, reason } => {
                self.need(Role::Agent, "decree priorities")?;
                check_line("reason", reason)?;
                let (priority, overridden) = (*priority, true);
                let decreed = Classification { priority, overridden, ..self.ticket.classification };
                self.classify(decreed, Some(reason))
            }
            TicketAction::ReleasePriority => {
                self.need(Role::Agent, "release priorities")?;
                let Classification { impact, urgency, .. } = self.ticket.classification;
                let priority = self.rulebook.priorities().priority(impact, urgency);
                self.classify(Classification { impact, urgency, priority, overridden: false }, None)
            }
            TicketAction::Tag { add, remove } => {
                self.need(Role::Agent, "tag tickets")?;
                let (added, removed) = self.retagged(add, remove);
                self.tag(added, removed)
            }
            TicketAction::Describe { kind, need, discipline } => {
                self.describe(*kind, *need, *discipline)
            }
            TicketAction::Cover { equipment, contract, tier } => {
                self.cover(*equipment, *contract, tier.as_ref())
            }
            TicketAction::Correct(correction) => self.correct(correction),
            TicketAction::SetFields { fields } => self.set_fields(fields),
            TicketAction::Checklist(action) => self.checklist(action),
            TicketAction::Approval(action) => self.approval(action),
            TicketAction::Attach { message, files } => self.attach(*message, files),
            TicketAction::Follow { who } => self.follow(*who, true),
            TicketAction::Unfollow { who } => self.follow(*who, false),
            TicketAction::Rate { score, comment } => self.rate(*score, comment.as_deref()),
            TicketAction::LogWork(_) if self.ticket.contract.is_some() => {
                Err(WorkRefusal::WorkUnderContract.into())
            }
            TicketAction::LogWork(entry) => self.log(entry, None).map(|_| ()),
            // What the entry was is in the ticket's history.
            TicketAction::TakeBackWork { .. } => Err(WorkRefusal::WorkUnderContract.into()),
            TicketAction::MarkSpam => self.mark_spam(),
            TicketAction::SolvedBy { article } => {
                self.need(Role::Agent, "say what solved a ticket")?;
                if self.ticket.solved_by != *article {
                    self.happen(TicketFact::SolvedBy { article: *article });
                }
                Ok(())
            }
            TicketAction::Promise { what, within, by } => self.make_promise(what, *within, *by),
            TicketAction::KeepPromise { number, of } => {
                self.need(Role::Agent, "keep promises")?;
                let key = promise_of(*number, *of);
                self.check_live(&key)?;
                self.ask(&key, |clock, terms, now| clock.fulfil(terms, now))
            }
            TicketAction::WithdrawPromise { number, of, reason } => {
                self.need(Role::Agent, "withdraw promises")?;
                check_line("reason", reason)?;
                let (key, reason) = (promise_of(*number, *of), Reason::from(reason.as_str()));
                self.check_live(&key)?;
                self.ask(&key, |clock, terms, now| clock.cancel(&reason, terms, now))
            }
            TicketAction::Queue => self.queue(),
            TicketAction::AcceptOffer => self.accept_offer(),
            TicketAction::DeclineOffer { reason } => self.decline_offer(reason.as_deref()),
            TicketAction::ApplyMacro { name } => self.apply_macro(name),
            TicketAction::AcknowledgePage { page } => self.acknowledge(*page),
            TicketAction::FixDue { clock, due } => {
                self.need(Role::Agent, "fix due times")?;
                self.fix_due(clock, *due)
            }
            TicketAction::ReleaseDue { clock } => {
                self.need(Role::Agent, "release due times")?;
                self.release_due(clock)
            }
            TicketAction::Reapply { revalue_past } => {
                self.need(Role::Agent, "apply the rules again")?;
                self.reapply(*revalue_past)
            }
            TicketAction::Open(_)
            | TicketAction::MergeInto { .. }
            | TicketAction::UndoMerge
            | TicketAction::Relate { .. }
            | TicketAction::Unrelate { .. }
            | TicketAction::Split { .. }
            | TicketAction::Route { .. }
            | TicketAction::UnmarkSpam
            | TicketAction::Wake => Ok(()),
        }
    }

    /// Refuses to change what lives on elsewhere or is over.
    pub(super) fn check_changeable(&self) -> Result<(), Refusal> {
        match &self.ticket.merged {
            Some(merged) => Err(Refusal::TicketMerged { into: merged.into }),
            None if self.ticket.status == Status::Closed => Err(Refusal::TicketClosed),
            None => Ok(()),
        }
    }

    /// Refuses to count work on what lives on elsewhere. Time sheets are filled in when a matter is
    /// over, so that it is closed is against nothing.
    pub(super) fn check_workable(&self) -> Result<(), Refusal> {
        match &self.ticket.merged {
            Some(merged) => Err(Refusal::TicketMerged { into: merged.into }),
            None => Ok(()),
        }
    }

    fn make_promise(
        &mut self,
        what: &str,
        within: Option<WorkTime>,
        by: Option<Timestamp>,
    ) -> Result<(), Refusal> {
        self.need(Role::Agent, "promise things")?;
        check_line("what", what)?;
        let within = match (within, by) {
            (Some(within), None) if !(MIN_PROMISE..=MAX_ALLOWANCE).contains(&within) => {
                return Err(Refusal::PromiseOutOfRange { within, most: MAX_ALLOWANCE });
            }
            (Some(within), None) => Within::Time(within),
            (None, Some(due)) if due <= self.now => {
                return Err(Refusal::DueInThePast { due, now: self.now });
            }
            (None, Some(due)) => {
                check_time(due)?;
                Within::Instant(due)
            }
            _ => return Err(Refusal::PromiseWithoutTime),
        };
        if !self.ticket.status.is_open() {
            return Err(Refusal::NothingToPromise { status: self.ticket.status });
        }
        self.promise(what, within);
        Ok(())
    }

    fn reply(&mut self, text: &str, then: Option<Status>) -> Result<(), Refusal> {
        check_text("text", text)?;
        if then.is_some() {
            self.need(Role::Agent, "reply and move the ticket at once")?;
        }
        let goes_to = self.after_reply(then)?;
        self.say(text, goes_to)
    }

    /// Words to or of the customer, which may bring the ticket somewhere.
    pub(super) fn say(&mut self, text: &str, goes_to: Option<&NamedStatus>) -> Result<(), Refusal> {
        self.tell(text, None, goes_to)
    }

    /// The same of what `tells` the customer of a duplicate how the matter stands.
    pub(super) fn tell(
        &mut self,
        text: &str,
        tells: Option<Told>,
        goes_to: Option<&NamedStatus>,
    ) -> Result<(), Refusal> {
        let (author, visibility) = (self.by, Visibility::Public);
        let becomes = goes_to.map_or(self.ticket.status, |status| status.category);
        let (text, said_before) = (text.to_owned(), self.ticket.said_at);
        let came_by = None;
        self.happen(TicketFact::MessageAdded { author, visibility, text, came_by, tells });
        match author.role() {
            Role::Agent => self.person_answered(becomes)?,
            Role::System => self.machine_answered(becomes)?,
            Role::Contact => {}
        }
        if let Some(status) = goes_to {
            let (life, _) = self.whereabouts();
            self.enter(life, status, None)?;
        }
        if author.role() == Role::Contact {
            self.wake_up();
            self.customer_spoke(said_before)?;
        }
        Ok(())
    }

    fn add_note(&mut self, text: &str) -> Result<(), Refusal> {
        self.need(Role::Agent, "write notes")?;
        check_text("text", text)?;
        let (author, visibility, text) = (self.by, Visibility::Internal, text.to_owned());
        let (came_by, tells) = (None, None);
        self.happen(TicketFact::MessageAdded { author, visibility, text, came_by, tells });
        Ok(())
    }

    fn hand_over(&mut self, line: &LineId, team: Option<&TeamId>) -> Result<(), Refusal> {
        self.need(Role::Agent, "hand tickets over")?;
        self.rulebook.check_line(line, team)?;
        if (&self.ticket.line, self.ticket.team.as_ref()) != (line, team) {
            let (line, team) = (line.clone(), team.cloned());
            self.go_to_line(line, team, HandOverCause::Asked)?;
        }
        Ok(())
    }

    /// The ticket leaves its line for another one, or its team for another one of the same line.
    pub(super) fn go_to_line(
        &mut self,
        line: LineId,
        team: Option<TeamId>,
        cause: HandOverCause,
    ) -> Result<(), Refusal> {
        let (leaves, was_with_vendor) = (self.ticket.line != line, self.is_with_vendor());
        self.happen(TicketFact::HandedOver { line, team, cause });
        if leaves && self.ticket.status.is_open() {
            self.went_over(was_with_vendor)?;
        }
        self.follow_lifecycle()?;
        self.attributes_changed()
    }

    fn classify(
        &mut self,
        classification: Classification,
        reason: Option<&str>,
    ) -> Result<(), Refusal> {
        let before = self.ticket.classification;
        if before == classification {
            return Ok(());
        }
        let reason = reason.map(str::to_owned);
        self.happen(TicketFact::Classified { classification, reason, step: None });
        self.attributes_changed()
    }

    /// Which labels are put on and taken off. One that is there in other letters is that one: the first
    /// spelling stays.
    fn retagged(
        &self,
        add: &BTreeSet<Tag>,
        remove: &BTreeSet<Tag>,
    ) -> (BTreeSet<Tag>, BTreeSet<Tag>) {
        let tags = &self.ticket.tags;
        let mut added = BTreeSet::new();
        for tag in add {
            let own = tags.iter().filter(|known| !self.ticket.is_lent(known));
            if tag.among(own).is_none() && tag.among(&added).is_none() {
                added.insert(tag.among(tags).unwrap_or(tag).clone());
            }
        }
        let goes = |tag: &Tag| tag.among(remove).is_some() && tag.among(add).is_none();
        let removed = tags.iter().filter(|tag| goes(tag));
        (added, removed.cloned().collect())
    }

    fn tag(&mut self, added: BTreeSet<Tag>, removed: BTreeSet<Tag>) -> Result<(), Refusal> {
        let left = self.ticket.tags.difference(&removed).chain(&added).map(Tag::as_str);
        check_tags(left.collect::<Vec<_>>().into_iter())?;
        if added.is_empty() && removed.is_empty() {
            return Ok(());
        }
        self.happen(TicketFact::Tagged { added, removed });
        self.attributes_changed()
    }

    /// Refuses what takes a higher role than the actor's.
    pub(super) fn need(&self, needed: Role, action: &'static str) -> Result<(), Refusal> {
        if self.by.role() >= needed {
            Ok(())
        } else {
            Err(Refusal::NotPermitted { actor: self.by, action, needed })
        }
    }

    /// Something happens now.
    pub(super) fn happen(&mut self, fact: TicketFact) {
        self.happen_at(self.now, fact);
    }

    /// Something happened, and is noticed now.
    pub(super) fn happen_at(&mut self, at: Timestamp, fact: TicketFact) {
        let event = TicketEvent { at, fact, rule: self.rule.clone() };
        self.ticket.change(&event).expect("what was decided upon this ticket can happen to it");
        self.events.push(event);
    }
}

/// The clock of an agent's promise, by its name on the ticket where it runs now.
fn promise_of(number: u32, of: Option<TicketId>) -> ClockKey {
    let key = ClockKey::promise(number);
    of.map_or_else(|| key.clone(), |ticket| key.taken_from(ticket.0))
}

/// What is recorded of an opening.
pub(super) fn opening(
    request: &OpenTicket,
    (author, split_from): (Actor, Option<Box<SplitFrom>>),
    fields: BTreeMap<FieldId, FieldValue>,
    rulebook: &Rulebook,
) -> TicketFact {
    let OpenTicket { impact, urgency, .. } = *request;
    let priority = rulebook.priorities().priority(impact, urgency);
    let line = request.line.as_ref().unwrap_or_else(|| rulebook.first_line());
    TicketFact::Opened {
        author,
        rules: rulebook.version(),
        split_from,
        kind: request.kind,
        requester: request.requester,
        organization: request.organization,
        need: request.need,
        discipline: request.discipline,
        equipment: request.equipment,
        contract: request.contract,
        tier: request.tier.clone(),
        subject: request.subject.clone(),
        text: request.text.clone(),
        channel: request.channel,
        language: request.language.as_ref().map(Language::canonical),
        classification: Classification { impact, urgency, priority, overridden: false },
        place: rulebook.beginning(request.kind, line),
        line: line.clone(),
        team: request.team.clone(),
        tags: spelt_once(&request.tags),
        fields,
        number: request.number,
        planned: request.planned,
        came_by: None,
    }
}

/// Labels that differ in more than their letters' size.
fn spelt_once(tags: &BTreeSet<Tag>) -> BTreeSet<Tag> {
    let mut once = BTreeSet::new();
    for tag in tags {
        if tag.among(&once).is_none() {
            once.insert(tag.clone());
        }
    }
    once
}
