//! What a ticket makes of what it is told of those that it belongs to.

use std::collections::BTreeSet;

use firstline_sla::{Timestamp, Tongue};

use super::{News, Relation, Told, words};
use crate::id::{RuleId, TicketId};
use crate::lifecycle::NamedStatus;
use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::{IncidentRule, Rulebook};
use crate::ticket::Ticket;
use crate::ticket::automation::SetOff;
use crate::ticket::decide::{Turn, Work};
use crate::ticket::fact::TicketFact;
use crate::ticket::lifecycle::{HoldReason, Status};

/// In whose name a ticket does not follow another one.
const RELATIONS: &str = "relations";

/// Tells a ticket what became of another one `at` that moment, which may have been noticed late: what
/// follows from it here has its own time as well. What it would do upon that and may not is left out and
/// recorded: who solved the other one has done nothing wrong.
///
/// What is heard is a part of the command that it came of, and the rules that `fired` here in it
/// already do not fire again.
///
/// # Errors
///
/// A version of the rulebook is missing, or the time is none.
pub fn hear(
    ticket: Ticket,
    news: &News,
    (rulebook, fired): (&Rulebook, &BTreeSet<RuleId>),
    at: Timestamp,
) -> Result<Turn, Refusal> {
    // But not before what is known to have happened here already.
    let at = at.max(ticket.updated_at);
    let mut work = Work::go_on(ticket, Actor::System, rulebook, at)?;
    work.fired.clone_from(fired);
    let mark = work.mark();
    match news {
        News::Moved { ticket, status } => work.heard_of(*ticket, *status),
        News::Merged { ticket, into } => {
            if work.ticket.knows_as_merged(*ticket) != Some(*into) {
                work.happen(TicketFact::RelativeMerged { ticket: *ticket, into: *into });
            }
        }
        News::Separated { ticket, from, status } => {
            if work.ticket.knows_as_merged(*ticket) == Some(*from) {
                let (ticket, from, status) = (*ticket, *from, *status);
                work.happen(TicketFact::RelativeSeparated { ticket, from, status });
            } else {
                work.heard_of(*ticket, *status);
            }
        }
        News::Unrelated { relation, ticket } => {
            if work.ticket.related(*relation).any(|known| known == *ticket) {
                let (relation, ticket) = (*relation, *ticket);
                work.happen(TicketFact::Unrelated { relation, ticket });
            }
        }
        News::OriginalResolved { original, status, answer, readers } => {
            work.heard_of(*original, *status);
            let answer = answer.as_ref().filter(|_| readers.include(&work.ticket));
            work.answer_duplicate(*original, answer)?;
        }
        News::OriginalReopened { original } => work.say_that_it_goes_on(*original)?,
        News::OriginalStands { original, status } => work.put_right(*original, *status)?,
        // That is for whoever knows the rules of its time: it is as if it had never been a duplicate.
        News::OriginalSpam { .. } => {}
        _ if work.ticket.merged.is_some() || !work.ticket.status.is_open() => {}
        News::ParentResolved { parent } => {
            let deed = format!("resolve it with the parent {parent}");
            work.go_along(deed, |work| {
                let resolved = work.way_to_resolved()?;
                let (life, _) = work.whereabouts();
                work.enter(life, resolved, None)
            })?;
        }
        News::ProblemResolved { problem, answer } => {
            work.problem_resolved(*problem, answer.as_ref())?;
        }
        News::ProblemSpam { problem, other_stands } => {
            work.problem_was_none(*problem, *other_stands)?;
        }
        News::WorkaroundKnown { problem, answer } => {
            let deed = format!("answer it for the problem {problem}");
            work.go_along(deed, |work| work.answer_relative(Some(answer), false))?;
        }
    }
    if work.ticket.merged.is_none() {
        // Nobody's command did this, so rules that answer each other come to their limit.
        work.watch(mark.before.as_deref())?;
        work.obey_rules(&mark, SetOff::Itself)?;
    }
    work.finish()
}

impl<'r> Work<'r> {
    /// Another ticket is done, or is not any more. What is known is not recorded again.
    fn heard_of(&mut self, ticket: TicketId, status: Status) {
        let heard = self.ticket.relations.iter().filter(|(relation, _)| relation.hears());
        let mut known = heard.filter_map(|(_, others)| others.get(&ticket));
        let is_news = known.any(|known| known.is_open() != status.is_open());
        if is_news {
            self.happen(TicketFact::RelativeMoved { ticket, status });
        }
    }

    /// Does what follows from another ticket, or says why not. Whether it was done.
    fn go_along(
        &mut self,
        deed: String,
        act: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<bool, Refusal> {
        let (ticket, events) = (self.ticket.clone(), self.events.len());
        match act(self) {
            Ok(()) => Ok(true),
            Err(missing @ Refusal::RulebookMissing { .. }) => Err(missing),
            Err(refusal) => {
                self.ticket = ticket;
                self.events.truncate(events);
                self.by = Actor::System;
                let (rule, why) = (RELATIONS.into(), refusal.to_string());
                self.happen(TicketFact::RuleSkipped { rule, deed, why });
                Ok(false)
            }
        }
    }

    /// What caused an incident is gone: its customer hears that, and it is resolved by it or is the desk's
    /// own again, as the rulebook says.
    fn problem_resolved(
        &mut self,
        problem: TicketId,
        answer: Option<&(Actor, String)>,
    ) -> Result<(), Refusal> {
        let rule = self.rulebook.relations().incidents;
        if rule == IncidentRule::Resolve {
            let deed = format!("resolve it with the problem {problem}");
            if self.go_along(deed, |work| work.answer_relative(answer, true))? {
                return Ok(());
            }
        }
        // Whatever keeps the incident open keeps nobody from telling the customer.
        if rule != IncidentRule::Free {
            let deed = format!("answer it for the problem {problem}");
            self.go_along(deed, |work| work.answer_relative(answer, false))?;
        }
        self.wait_no_more(problem)
    }

    /// What was taken for the cause of an incident was none: its customer hears that, and it is the desk's
    /// own again, unless it can wait for another one.
    fn problem_was_none(&mut self, problem: TicketId, other_stands: bool) -> Result<(), Refusal> {
        if self.rulebook.relations().incidents != IncidentRule::Free {
            let deed = format!("say that {problem} was not the cause");
            let text = self.in_their_language(words::NO_CAUSE);
            self.go_along(deed, |work| work.say(&text, None))?;
        }
        if other_stands { Ok(()) } else { self.wait_no_more(problem) }
    }

    /// An incident that waits for a problem goes on: there is nothing to wait for any more.
    pub(super) fn wait_no_more(&mut self, problem: TicketId) -> Result<(), Refusal> {
        if (self.ticket.status, self.ticket.hold) == (Status::OnHold, Some(HoldReason::Problem)) {
            let deed = format!("go on without the problem {problem}");
            let by = core::mem::replace(&mut self.by, Actor::System);
            self.go_along(deed, |work| work.change_status(Status::Open, None))?;
            self.by = by;
        }
        Ok(())
    }

    /// Who asked the same hears the answer, if that is for them, or that there is one. Their ticket stays
    /// closed: nothing is to be done on it.
    fn answer_duplicate(
        &mut self,
        original: TicketId,
        answer: Option<&(Actor, String)>,
    ) -> Result<(), Refusal> {
        if self.ticket.told == Some(Told::Settled) || !self.is_duplicate_of(original) {
            return Ok(());
        }
        let deed = format!("answer it for the original {original}");
        let told = Some(Told::Settled);
        self.go_along(deed, |work| work.answer_as(answer, words::DONE, told, None)).map(|_| ())
    }

    /// Who asked the same and was told that it is done hears that it is not.
    fn say_that_it_goes_on(&mut self, original: TicketId) -> Result<(), Refusal> {
        if self.ticket.told == Some(Told::GoesOn) || !self.is_duplicate_of(original) {
            return Ok(());
        }
        let deed = format!("say that {original} goes on");
        let text = self.in_their_language(words::REOPENED);
        self.go_along(deed, |work| work.tell(&text, Some(Told::GoesOn), None)).map(|_| ())
    }

    /// Who asked the same and was last told that it stands otherwise hears how it stands.
    fn put_right(&mut self, original: TicketId, status: Status) -> Result<(), Refusal> {
        match (self.ticket.told, status.is_open()) {
            (Some(Told::Settled), true) => self.say_that_it_goes_on(original),
            (Some(Told::GoesOn), false) => self.answer_duplicate(original, None),
            _ => Ok(()),
        }
    }

    fn is_duplicate_of(&self, original: TicketId) -> bool {
        self.ticket.merged.is_none()
            && self.ticket.related(Relation::DuplicateOf).any(|it| it == original)
    }

    /// The status in which it is resolved. Where no way leads there, it is taken up on the way, as by
    /// an agent who does both.
    fn way_to_resolved(&mut self) -> Result<&'r NamedStatus, Refusal> {
        let direct = self.after_reply(Some(Status::Resolved));
        match direct {
            Err(Refusal::TransitionNotAllowed { .. }) if self.ticket.status != Status::Open => {
                self.change_status(Status::Open, None)?;
                self.after_reply(Some(Status::Resolved))
            }
            direct => direct,
        }
        .map(|status| status.expect("what is open is not resolved yet"))
    }

    /// The customer of an incident hears what was found out, from whoever found it out.
    fn answer_relative(
        &mut self,
        answer: Option<&(Actor, String)>,
        solves: bool,
    ) -> Result<(), Refusal> {
        // That it is solved is the desk's own rule, whoever found out how.
        let goes_to = if solves { Some(self.way_to_resolved()?) } else { None };
        self.answer_as(answer, words::SOLVED, None, goes_to)
    }

    /// The customer hears an answer from whoever gave it, which may bring the ticket somewhere; what is
    /// `usual` to say, where nobody has said anything that is for them and the rulebook has no words for it.
    fn answer_as(
        &mut self,
        answer: Option<&(Actor, String)>,
        usual: words::Words,
        tells: Option<Told>,
        goes_to: Option<&NamedStatus>,
    ) -> Result<(), Refusal> {
        let (author, text) = match answer {
            Some((author, text)) => (*author, text.clone()),
            None => (Actor::System, self.solution(usual)?),
        };
        self.by = author;
        let goes_to = if goes_to.is_some() { goes_to } else { self.after_reply(None)? };
        self.tell(&text, tells, goes_to)?;
        self.by = Actor::System;
        Ok(())
    }

    /// What the rulebook has the customers told when a problem is solved.
    fn solution(&self, usual: words::Words) -> Result<String, Refusal> {
        let Some(template) = &self.rulebook.relations().answer else {
            return Ok(self.in_their_language(usual));
        };
        self.fill(template, RELATIONS)
    }

    fn in_their_language(&self, words: words::Words) -> String {
        let tag = self.ticket.language.as_ref().and_then(|it| Tongue::from_tag(it.as_str()));
        words.in_tongue(tag.unwrap_or(Tongue::English)).to_owned()
    }
}
