//! What a fact changes. Nothing is decided here, and nothing but the ticket and the event is read.

use firstline_sla::{
    Clock, ClockEvent, ClockKey, ImpossibleEvent, ImpossiblePageEvent, Page, Timestamp,
};

use super::fact::{TicketEvent, TicketFact, Visibility};
use super::lifecycle::{HoldReason, Status};
use super::relation::Relation;
use super::{Merged, Offer, Paging, Ticket, Timer, Wait};
use crate::people::Role;

/// A record that cannot have happened: the journal it came from is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorruptJournal {
    /// Something happened to a ticket before it was opened.
    #[error("something happened to a ticket before it was opened")]
    NotOpened,
    /// A ticket was opened that was open already.
    #[error("a ticket was opened twice")]
    OpenedTwice,
    /// Something happened to a promise before it was made.
    #[error("something happened to the clock {clock} before it was started")]
    NotStarted {
        /// Which.
        clock: ClockKey,
    },
    /// Something happened to a page before it was set off.
    #[error("something happened to a page before it was set off")]
    NotPaged,
    /// Something happened to a page that cannot happen to it.
    #[error(transparent)]
    Page(#[from] ImpossiblePageEvent),
    /// A ticket was separated from another one that it was not merged into.
    #[error("a merge was undone that never was")]
    NotMerged,
    /// Something happened to a promise that cannot happen to it.
    #[error(transparent)]
    Clock(#[from] ImpossibleEvent),
    /// Something happened to an article before it was published.
    #[error("an article was retired before it was published")]
    ArticleNotPublished,
}

/// The ticket after an event.
///
/// # Errors
///
/// The event cannot have happened to this ticket; the journal it came from is damaged.
pub fn apply(ticket: Option<Ticket>, event: &TicketEvent) -> Result<Ticket, CorruptJournal> {
    match ticket {
        None => Ticket::begin(event),
        Some(mut ticket) => {
            ticket.change(event)?;
            Ok(ticket)
        }
    }
}

impl Ticket {
    /// The ticket that an opening begins.
    pub(super) fn begin(event: &TicketEvent) -> Result<Self, CorruptJournal> {
        let TicketFact::Opened {
            author,
            rules,
            split_from,
            kind,
            requester,
            organization,
            need,
            discipline,
            equipment,
            contract,
            tier,
            subject,
            text: _,
            channel,
            language,
            classification,
            line,
            team,
            tags,
            place,
            fields,
            number,
            planned,
            came_by: _,
        } = &event.fact
        else {
            return Err(CorruptJournal::NotOpened);
        };
        let asked_at = split_from.as_ref().map_or(event.at, |split| split.written_at);
        let answered_at = split_from.as_ref().and_then(|split| split.answered_at);
        Ok(Self {
            kind: *kind,
            subject: subject.clone(),
            requester: *requester,
            organization: *organization,
            need: *need,
            discipline: *discipline,
            equipment: *equipment,
            contract: *contract,
            tier: tier.clone(),
            checklist: Vec::new(),
            approvals: Vec::new(),
            attachments: 0,
            followers: std::collections::BTreeSet::new(),
            rating: None,
            worked: super::time::Worked::default(),
            spam: false,
            channel: *channel,
            language: language.clone(),
            status: Status::New,
            place: place.clone(),
            snoozed_until: None,
            hold: None,
            classification: *classification,
            line: line.clone(),
            team: team.clone(),
            assignee: None,
            assigned_at: None,
            had: std::collections::BTreeMap::new(),
            known_to: None,
            queue: None,
            tags: tags.clone(),
            fields: fields.clone(),
            number: *number,
            planned: *planned,
            solved_by: None,
            opened_at: event.at,
            updated_at: event.at,
            resolved_at: None,
            closed_at: None,
            reopened: 0,
            handed_over: 0,
            messages: 1,
            rules: *rules,
            clocks: std::collections::BTreeMap::new(),
            promises: 0,
            pages: std::collections::BTreeMap::new(),
            timers: std::collections::BTreeMap::new(),
            errands: 0,
            fired_by_itself: 0,
            escalated_to: None,
            asked_at,
            said_at: (author.role() == Role::Contact).then_some(asked_at),
            unanswered_since: (author.role() == Role::Contact && answered_at.is_none())
                .then_some(asked_at),
            replied_at: answered_at,
            answered_at,
            arrived_at: split_from.as_ref().map_or(event.at, |split| split.arrived_at),
            status_since: event.at,
            waits: split_from.as_ref().map_or_else(Vec::new, |split| split.waits.clone()),
            merged: None,
            dismissed: None,
            relations: super::Relations::new(),
            bonds: None,
            told: None,
            known_error: false,
            took_in: std::collections::BTreeSet::new(),
            brought: std::collections::BTreeMap::new(),
            brought_by: std::collections::BTreeMap::new(),
            counted_with: std::collections::BTreeMap::new(),
        })
    }

    /// Changes the ticket as the event says.
    pub(super) fn change(&mut self, event: &TicketEvent) -> Result<(), CorruptJournal> {
        let before = self.holder();
        match &event.fact {
            TicketFact::Opened { .. } => return Err(CorruptJournal::OpenedTwice),
            TicketFact::MessageAdded { author, visibility, text: _, came_by: _, tells } => {
                self.messages += 1;
                self.told = tells.or(self.told);
                match (author.role(), visibility) {
                    (Role::Contact, _) => {
                        self.said_at = Some(event.at);
                        self.unanswered_since.get_or_insert(event.at);
                    }
                    (Role::Agent, Visibility::Public) => {
                        if self.unanswered_since.take().is_some() {
                            self.replied_at.get_or_insert(event.at);
                        }
                        self.answered_at = Some(event.at);
                    }
                    _ => {}
                }
            }
            TicketFact::StatusChanged { from, to, hold, place } => {
                // Another name for the same is no move.
                if (self.status, self.hold) != (*to, *hold) {
                    self.move_to(*from, *to, *hold, event.at);
                }
                self.place.clone_from(place);
            }
            TicketFact::Snoozed { until } => {
                self.snoozed_until = *until;
                self.ask_anew();
            }
            TicketFact::Assigned { agent } => {
                self.assignee = *agent;
                self.assigned_at = agent.map(|_| event.at);
                if let Some(agent) = agent {
                    self.queue = None;
                    self.note_given(*agent, event.at);
                }
            }
            TicketFact::HandedOver { line, team, cause: _ } => {
                if self.line != *line {
                    self.arrived_at = event.at;
                }
                self.line = line.clone();
                self.team = team.clone();
                self.assignee = None;
                self.assigned_at = None;
                // Another line has a queue of its own.
                self.queue = None;
                self.handed_over += 1;
            }
            TicketFact::Classified { classification, reason: _, step: _ } => {
                self.classification = *classification;
            }
            TicketFact::Tagged { added, removed } => {
                self.own_up_to(added);
                self.own_up_to(removed);
                self.tags.retain(|tag| !removed.contains(tag));
                self.tags.extend(added.iter().cloned());
            }
            TicketFact::Described { kind, need, discipline } => {
                (self.kind, self.need, self.discipline) = (*kind, *need, *discipline);
            }
            TicketFact::Covered { equipment, contract, tier } => {
                (self.equipment, self.contract) = (*equipment, *contract);
                self.tier.clone_from(tier);
            }
            TicketFact::Corrected(correction) => self.change_corrected(correction),
            TicketFact::FieldsSet { fields } => self.change_fields(fields),
            TicketFact::Checklist(fact) => self.change_checklist(fact, event.at),
            TicketFact::Approval(fact) => self.change_approval(fact, event.at),
            TicketFact::Attached { files, .. } => {
                self.attachments += u32::try_from(files.len()).unwrap_or(u32::MAX);
            }
            TicketFact::Followed { who, follows } => {
                self.own_up_to_follower(*who);
                if *follows {
                    self.followers.insert(*who);
                } else {
                    self.followers.remove(who);
                }
            }
            TicketFact::Rated { score, .. } => self.rating = Some(*score),
            TicketFact::WorkLogged(logged) => self.change_worked(logged),
            TicketFact::WorkTakenBack { entry, work, .. } => self.take_back(*entry, work),
            TicketFact::MarkedSpam => {
                self.dismiss();
                self.spam = true;
            }
            TicketFact::UnmarkedSpam => self.reinstate(),
            TicketFact::SolvedBy { article } => self.solved_by = *article,
            TicketFact::Clock { clock, cycle, event: clock_event } => {
                self.change_clock(clock, *cycle, clock_event, event.at)?;
            }
            // They are for the host to act upon, or say where the other half of a story is.
            TicketFact::Notified { .. }
            | TicketFact::SplitOff { .. }
            | TicketFact::RuleSkipped { .. }
            | TicketFact::MacroApplied { .. }
            | TicketFact::Routed { .. } => {}
            TicketFact::Queued => self.change_queue(event.at),
            TicketFact::Held { until, because: _ } => self.change_held(*until),
            TicketFact::Offered { agent, until, because: _ } => {
                self.change_offer(Offer { agent: *agent, until: *until });
            }
            TicketFact::OfferEnded { agent, how } => self.end_offer(*agent, how, event.at),
            TicketFact::HostAsked { number, errand: _ } => self.errands = *number,
            TicketFact::RuleFired { rule, because: _, by_itself } => {
                self.fired_by_itself += u32::from(*by_itself);
                if let Some(timer) = self.timers.get_mut(rule) {
                    timer.due = None;
                }
            }
            TicketFact::RulesStopped { after: _ } => self.timers.clear(),
            TicketFact::TimerSet { rule, rules, due } => {
                self.timers.insert(rule.clone(), Timer { rules: *rules, due: Some(*due) });
            }
            TicketFact::TimerDropped { rule } => {
                self.timers.remove(rule);
            }
            TicketFact::Escalated { role, step: _ } => self.escalated_to = Some(role.clone()),
            TicketFact::Paged { page, plan, rules, step } => {
                let (plan, rules, step) = (plan.clone(), *rules, step.clone());
                let begun = Paging { plan, rules, step, page: Page::begin(event.at) };
                self.pages.insert(*page, begun);
            }
            TicketFact::Page { page, event: of_page } => {
                let paging = self.pages.get_mut(page).ok_or(CorruptJournal::NotPaged)?;
                paging.page.apply(of_page, event.at)?;
            }
            TicketFact::Promised { number, .. } => self.promises = *number,
            TicketFact::Reapplied { rules } => self.rules = *rules,
            TicketFact::MergedInto { ticket } => {
                self.merged = Some(Box::new(Merged { into: *ticket, before: self.clone() }));
                self.move_to(self.status, Status::Closed, None, event.at);
                self.place = None;
                self.queue = None;
                self.timers.clear();
            }
            TicketFact::Related { relation, ticket, status } => {
                if *relation == Relation::DuplicateOf {
                    self.dismiss();
                }
                self.bind_with(|bonds| bonds.relate(*relation, *ticket, *status));
            }
            TicketFact::Unrelated { relation, ticket } => {
                self.bind_with(|bonds| bonds.unrelate(*relation, *ticket));
                if *relation == Relation::DuplicateOf {
                    self.reinstate();
                }
            }
            TicketFact::RelativeMoved { ticket, status } => {
                self.bind_with(|bonds| bonds.moved(*ticket, *status));
            }
            TicketFact::RelativeMerged { ticket, into } => {
                self.bind_with(|bonds| bonds.merged(*ticket, *into));
            }
            TicketFact::RelativeSeparated { ticket, from: _, status: _ } => {
                self.bind_with(|bonds| bonds.separated(*ticket));
            }
            TicketFact::ErrorKnown { .. } => self.known_error = true,
            TicketFact::TookIn { ticket, brings, passed_on, brought } => {
                if let Some(passed_on) = passed_on {
                    self.take_in_relations(*ticket, passed_on);
                }
                self.take_in(*ticket, *brings, brought);
            }
            TicketFact::Separated { .. } => {
                let merged = self.merged.take().ok_or(CorruptJournal::NotMerged)?;
                // What the host was asked for in between keeps its number, and it is not forgotten who
                // was rid of it meanwhile.
                let had = std::mem::take(&mut self.had);
                *self = Self { errands: self.errands, had, ..merged.before };
            }
            TicketFact::GaveBack { ticket, clocks } => self.give_back(*ticket, clocks),
            TicketFact::CountedWith { clock, ahead, .. } => {
                self.counted_with.insert(clock.clone(), ahead.clone());
            }
        }
        self.note_left(&before, event);
        // A fact may be dated before the last one: it was noticed late.
        self.updated_at = self.updated_at.max(event.at);
        Ok(())
    }

    /// Moves the ticket along its lifecycle, and notes where it was if that was a wait.
    fn move_to(&mut self, from: Status, to: Status, hold: Option<HoldReason>, at: Timestamp) {
        if matches!(from, Status::Pending | Status::OnHold | Status::Resolved) {
            let (from_at, held) = (self.status_since, self.hold);
            self.waits.push(Wait { from: from_at, to: at, status: from, hold: held });
        }
        if !to.is_open() {
            self.snoozed_until = None;
            self.queue = None;
        } else if matches!(to, Status::Pending | Status::OnHold) {
            self.ask_anew();
        }
        self.status_since = at;
        self.status = to;
        self.hold = hold;
        match (from, to) {
            (_, Status::Closed) => {
                self.closed_at = Some(at);
                self.unanswered_since = None;
            }
            (_, Status::Resolved) => {
                self.resolved_at = Some(at);
                // Nobody waits for an answer any more.
                self.unanswered_since = None;
            }
            (Status::Resolved, _) => {
                self.resolved_at = None;
                self.reopened += 1;
            }
            _ => {}
        }
    }

    fn change_clock(
        &mut self,
        key: &ClockKey,
        cycle: u32,
        event: &ClockEvent,
        at: Timestamp,
    ) -> Result<(), CorruptJournal> {
        let begins = match event {
            ClockEvent::Started { .. } => true,
            ClockEvent::TakenOver { .. } => !self.clocks.contains_key(key),
            _ => false,
        };
        if begins {
            self.counted_with.remove(key);
            self.clocks.insert(key.clone(), Clock::begin(cycle, event, at)?);
            return Ok(());
        }
        let clock = self
            .clocks
            .get_mut(key)
            .ok_or_else(|| CorruptJournal::NotStarted { clock: key.clone() })?;
        Ok(clock.apply(event, at)?)
    }
}
