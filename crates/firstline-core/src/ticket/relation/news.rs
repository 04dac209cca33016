//! What becomes of one ticket is told to those that it belongs to, in the same transaction: a part is
//! done, a whole is done, a problem is solved.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;

use super::Relation;
use crate::automation::Letter;
use crate::id::{RuleId, TicketId};
use crate::lifecycle::NamedStatus;
use crate::people::Actor;
use crate::refusal::Refusal;
use crate::rulebook::{IncidentRule, ParentRule, Rulebook};
use crate::ticket::Ticket;
use crate::ticket::automation::SetOff;
use crate::ticket::decide::{Turn, Work};
use crate::ticket::fact::{TicketEvent, TicketFact, Visibility};
use crate::ticket::lifecycle::Status;

/// In whose name a ticket does not follow another one.
const RELATIONS: &str = "relations";

/// What one ticket is told of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum News {
    /// Work on it is done, or is to be done again.
    Moved {
        /// Which.
        ticket: TicketId,
        /// What it is now.
        status: Status,
    },
    /// It lives on in another one.
    Merged {
        /// Which.
        ticket: TicketId,
        /// Where.
        into: TicketId,
    },
    /// It lives by itself again.
    Separated {
        /// Which.
        ticket: TicketId,
        /// Where it lived.
        from: TicketId,
        /// What it is now.
        status: Status,
    },
    /// The one in which a ticket lives on does not stand to that one like this any more.
    Unrelated {
        /// How.
        relation: Relation,
        /// To which.
        ticket: TicketId,
    },
    /// The whole is done.
    ParentResolved {
        /// Which.
        parent: TicketId,
    },
    /// The cause is removed.
    ProblemResolved {
        /// The problem.
        problem: TicketId,
        /// Who said so, in which words; the rulebook says it if `None`.
        answer: Option<(Actor, String)>,
    },
    /// What it is a duplicate of is done.
    OriginalResolved {
        /// Which.
        original: TicketId,
        /// What it is now.
        status: Status,
        /// Who said so, in which words; the rulebook says it if `None`.
        answer: Option<(Actor, String)>,
    },
    /// There is a way around it.
    WorkaroundKnown {
        /// The problem.
        problem: TicketId,
        /// Who said so, in which words.
        answer: (Actor, String),
    },
}

/// What others are to be told of what happened to a ticket in one turn, and when that was true, in
/// the order of their numbers: each is for [`hear`].
#[must_use]
pub fn news(
    id: TicketId,
    events: &[TicketEvent],
    ticket: &Ticket,
    rulebook: &Rulebook,
) -> Vec<(TicketId, Timestamp, News)> {
    let mut told = Vec::new();
    if ticket.relations.is_empty() && ticket.bonds.is_none() {
        return told;
    }
    for event in events {
        tell_of_merge((id, ticket), event, &mut told);
    }
    let last = |is: fn(&TicketFact) -> bool| events.iter().rfind(|event| is(&event.fact));
    if let Some(TicketEvent { at, .. }) = last(is_move) {
        let news = News::Moved { ticket: id, status: ticket.status };
        let above = [Relation::ChildOf, Relation::IncidentOf];
        let above = above.into_iter().flat_map(|relation| ticket.related(relation));
        let hear_of_it = ticket.lodgers_that_hear().chain(above);
        told.extend(hear_of_it.map(|to| (to, *at, news.clone())));
    }
    let rules = rulebook.relations();
    let mut tell = |relation, at, news: News| {
        told.extend(ticket.related(relation).map(|to| (to, at, news.clone())));
    };
    let is_done = |fact: &TicketFact| match fact {
        // What it says again is done.
        TicketFact::RelativeMoved { ticket: of, status } => {
            !status.is_open()
                && ticket.related(Relation::DuplicateOf).any(|original| original == *of)
        }
        fact => is_resolution(fact) && ticket.dismissed.is_none(),
    };
    let resolved = events.iter().rfind(|event| is_done(&event.fact));
    if let Some(TicketEvent { at, .. }) = resolved.filter(|_| !ticket.status.is_open()) {
        if rules.parent == ParentRule::TakesAlong {
            tell(Relation::ParentOf, *at, News::ParentResolved { parent: id });
        }
        if rules.incidents != IncidentRule::Free {
            let answer = events.iter().rev().find_map(|event| said(&event.fact));
            let told = News::ProblemResolved { problem: id, answer: answer.clone() };
            tell(Relation::ProblemOf, *at, told);
            let status = ticket.status;
            tell(
                Relation::OriginalOf,
                *at,
                News::OriginalResolved { original: id, status, answer },
            );
        }
    }
    // After that: those who wait for the other one are told with it.
    if let Some(TicketEvent { at, .. }) = last(is_move) {
        tell(Relation::OriginalOf, *at, News::Moved { ticket: id, status: ticket.status });
    }
    let known = last(|fact| matches!(fact, TicketFact::ErrorKnown { .. }));
    if let Some(TicketEvent { at, fact, .. }) = known
        && let TicketFact::ErrorKnown { by, workaround: Some(text), .. } = fact
        && rules.incidents != IncidentRule::Free
    {
        let answer = (*by, text.clone());
        tell(Relation::ProblemOf, *at, News::WorkaroundKnown { problem: id, answer });
    }
    told
}

/// What a ticket is to be told that comes to stand to another one `of` like this after something was
/// found out there: what those were told who stood to it like this at the time.
#[must_use]
pub fn news_for(
    relation: Relation,
    (of, ticket): (TicketId, &Ticket),
    history: &[TicketEvent],
    rulebook: &Rulebook,
) -> Option<News> {
    if rulebook.relations().incidents == IncidentRule::Free {
        return None;
    }
    let resolved = history.iter().rfind(|event| is_resolution(&event.fact));
    let said_with_it = |at| {
        let mut together = history.iter().rev().filter(|event| event.at == at);
        together.find_map(|event| said(&event.fact))
    };
    match (relation, resolved.filter(|_| !ticket.status.is_open())) {
        (Relation::IncidentOf, Some(TicketEvent { at, .. })) => {
            Some(News::ProblemResolved { problem: of, answer: said_with_it(*at) })
        }
        (Relation::DuplicateOf, Some(TicketEvent { at, .. })) => {
            let (status, answer) = (ticket.status, said_with_it(*at));
            Some(News::OriginalResolved { original: of, status, answer })
        }
        (Relation::IncidentOf, None) if ticket.status.is_open() => {
            let answer = history.iter().rev().find_map(|event| match &event.fact {
                TicketFact::ErrorKnown { by, workaround: Some(text), .. } => {
                    Some((*by, text.clone()))
                }
                _ => None,
            })?;
            Some(News::WorkaroundKnown { problem: of, answer })
        }
        _ => None,
    }
}

/// That a ticket lives on in another one, or by itself again, its relatives hear; and what one hears of
/// its own relatives, those hear that live on in it.
fn tell_of_merge(
    (id, ticket): (TicketId, &Ticket),
    event: &TicketEvent,
    told: &mut Vec<(TicketId, Timestamp, News)>,
) {
    // The other one knows by itself. Who lives on in it does not, and has to when they are apart again.
    let relatives = |but: TicketId| -> BTreeSet<TicketId> {
        let all = ticket.relations.values().flat_map(BTreeMap::keys).copied();
        all.filter(|relative| *relative != but).chain(ticket.relatives_in(but)).collect()
    };
    let (to, news) = match &event.fact {
        TicketFact::MergedInto { ticket: into } => {
            (relatives(*into), News::Merged { ticket: id, into: *into })
        }
        TicketFact::Separated { ticket: from } => {
            let status = ticket.status;
            (relatives(*from), News::Separated { ticket: id, from: *from, status })
        }
        fact => {
            let news = match *fact {
                TicketFact::RelativeMoved { ticket, status } => News::Moved { ticket, status },
                TicketFact::RelativeMerged { ticket, into } => News::Merged { ticket, into },
                TicketFact::RelativeSeparated { ticket, from, status } => {
                    News::Separated { ticket, from, status }
                }
                TicketFact::Unrelated { relation, ticket } => News::Unrelated { relation, ticket },
                _ => return,
            };
            (ticket.lodgers().collect(), news)
        }
    };
    told.extend(to.into_iter().map(|to| (to, event.at, news.clone())));
}

/// Whether work is done by it, or is to be done again; or by the ticket in which another one lives on
/// from now on.
fn is_move(fact: &TicketFact) -> bool {
    match fact {
        TicketFact::StatusChanged { from, to, .. } => from.is_open() != to.is_open(),
        fact => matches!(
            fact,
            TicketFact::TookIn { .. }
                | TicketFact::UnmarkedSpam
                | TicketFact::Unrelated { relation: Relation::DuplicateOf, .. }
        ),
    }
}

/// Whether work was done by it: resolved, or closed at once.
fn is_resolution(fact: &TicketFact) -> bool {
    matches!(fact, TicketFact::StatusChanged { from, to, .. } if from.is_open() && !to.is_open())
}

/// The words to the customer among the facts of one turn, and whose they are.
fn said(fact: &TicketFact) -> Option<(Actor, String)> {
    match fact {
        TicketFact::MessageAdded {
            author: author @ Actor::Agent(_),
            visibility: Visibility::Public,
            text,
        } => Some((*author, text.clone())),
        _ => None,
    }
}

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
        News::OriginalResolved { original, status, answer } => {
            work.heard_of(*original, *status);
            work.answer_duplicate(*original, answer)?;
        }
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
            let (answer, solves) = (answer.as_ref(), rulebook.relations().incidents);
            let solves = solves == IncidentRule::Resolve;
            let deed = format!("resolve it with the problem {problem}");
            let done = solves && work.go_along(deed, |work| work.answer_incident(answer, true))?;
            // Whatever keeps the incident open keeps nobody from telling the customer.
            if !done {
                let deed = format!("answer it for the problem {problem}");
                work.go_along(deed, |work| work.answer_incident(answer, false))?;
            }
        }
        News::WorkaroundKnown { problem, answer } => {
            let deed = format!("answer it for the problem {problem}");
            work.go_along(deed, |work| work.answer_incident(Some(answer), false))?;
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

    /// Who asked the same hears the answer. Their ticket stays closed: nothing is to be done on it.
    fn answer_duplicate(
        &mut self,
        original: TicketId,
        answer: &Option<(Actor, String)>,
    ) -> Result<(), Refusal> {
        let is_duplicate = self.ticket.related(Relation::DuplicateOf).any(|it| it == original);
        if !is_duplicate || self.ticket.merged.is_some() {
            return Ok(());
        }
        let deed = format!("answer it for the original {original}");
        self.go_along(deed, |work| work.answer_incident(answer.as_ref(), false)).map(|_| ())
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
    fn answer_incident(
        &mut self,
        answer: Option<&(Actor, String)>,
        solves: bool,
    ) -> Result<(), Refusal> {
        let (author, text) = match answer {
            Some((author, text)) => (*author, Some(text.clone())),
            None => (Actor::System, self.solution()?),
        };
        // That it is solved is the desk's own rule, whoever found out how.
        let goes_to = if solves { Some(self.way_to_resolved()?) } else { None };
        if let Some(text) = text {
            self.by = author;
            let goes_to = if solves { goes_to } else { self.after_reply(None)? };
            self.say(&text, goes_to)?;
            self.by = Actor::System;
        } else if let Some(status) = goes_to {
            let (life, _) = self.whereabouts();
            self.enter(life, status, None)?;
        }
        Ok(())
    }

    /// What the rulebook has the customers told when a problem is solved.
    fn solution(&self) -> Result<Option<String>, Refusal> {
        let Some(template) = &self.rulebook.relations().answer else {
            return Ok(None);
        };
        let letter = Letter::new(&self.ticket, self.rulebook.name(), RELATIONS);
        let text = template.render(letter);
        text.map(Some).map_err(|why| Refusal::TemplateFailed { why })
    }
}
