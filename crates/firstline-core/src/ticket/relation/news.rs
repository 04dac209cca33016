//! What becomes of one ticket is told to those that it belongs to, in the same transaction: a part is
//! done, a whole is done, a problem is solved.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;

use super::Relation;
use crate::id::{ContactId, OrganizationId, TicketId};
use crate::people::Actor;
use crate::rulebook::{IncidentRule, ParentRule, Rulebook};
use crate::ticket::Ticket;
use crate::ticket::fact::{TicketEvent, TicketFact, Visibility};
use crate::ticket::kind::Kind;
use crate::ticket::lifecycle::Status;

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
        /// Who said so, in which words; the rulebook says it if `None`, and to whom that is not meant for.
        answer: Option<(Actor, String)>,
        /// For whom that is meant.
        readers: Readers,
    },
    /// What it is a duplicate of is to be done again.
    OriginalReopened {
        /// Which.
        original: TicketId,
    },
    /// What it is a duplicate of was no request at all.
    OriginalSpam {
        /// Which.
        original: TicketId,
    },
    /// There is a way around it.
    WorkaroundKnown {
        /// The problem.
        problem: TicketId,
        /// Who said so, in which words.
        answer: (Actor, String),
    },
}

/// For whom the words are that were said with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readers {
    /// For everybody: a problem is nobody's own.
    All,
    /// For the customer of a ticket: who asks there, or the people of their organization.
    Customer(ContactId, Option<OrganizationId>),
}

impl Readers {
    /// For whom what is said on a ticket is meant.
    fn of(ticket: &Ticket) -> Self {
        match ticket.kind {
            Kind::Problem => Self::All,
            _ => Self::Customer(ticket.requester, ticket.organization),
        }
    }

    /// Whether the customer of a ticket is among them.
    pub(super) fn include(self, ticket: &Ticket) -> bool {
        match self {
            Self::All => true,
            Self::Customer(asks, organization) => {
                ticket.requester == asks
                    || (organization.is_some() && ticket.organization == organization)
            }
        }
    }
}

/// What others are to be told of what happened to a ticket in one turn, and when that was true, in
/// the order of their numbers: each is for [`hear`](crate::hear).
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
    let are_told = rules.incidents != IncidentRule::Free;
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
        let answer = events.iter().rev().find_map(|event| said(&event.fact));
        tell(
            Relation::ProblemOf,
            *at,
            News::ProblemResolved { problem: id, answer: answer.clone() },
        );
        if are_told {
            let (status, readers) = (ticket.status, Readers::of(ticket));
            let told = News::OriginalResolved { original: id, status, answer, readers };
            tell(Relation::OriginalOf, *at, told);
        }
    }
    // After that: those who wait for the other one are told with it.
    if let Some(TicketEvent { at, .. }) = last(is_move) {
        tell(Relation::OriginalOf, *at, News::Moved { ticket: id, status: ticket.status });
    }
    let known = last(|fact| matches!(fact, TicketFact::ErrorKnown { .. }));
    if let Some(TicketEvent { at, fact, .. }) = known
        && let TicketFact::ErrorKnown { by, workaround: Some(text), .. } = fact
        && are_told
    {
        let answer = (*by, text.clone());
        tell(Relation::ProblemOf, *at, News::WorkaroundKnown { problem: id, answer });
    }
    told.extend(news_for_duplicates((id, ticket), events, are_told));
    told
}

/// What duplicates are to be told beside that their original moved: that somebody whom they were told is
/// served is not, if the rules have them `told` of it; that nobody asked for anything there.
fn news_for_duplicates(
    (id, ticket): (TicketId, &Ticket),
    events: &[TicketEvent],
    told: bool,
) -> impl Iterator<Item = (TicketId, Timestamp, News)> {
    let last = |is: fn(&TicketFact) -> bool| events.iter().rfind(|event| is(&event.fact));
    let reopened = last(is_reopening).filter(|_| told && ticket.status.is_open());
    let reopened = reopened.map(|event| (event.at, News::OriginalReopened { original: id }));
    let spam = last(|fact| matches!(fact, TicketFact::MarkedSpam)).filter(|_| ticket.spam);
    let spam = spam.map(|event| (event.at, News::OriginalSpam { original: id }));
    reopened.into_iter().chain(spam).flat_map(move |(at, news)| {
        ticket.related(Relation::OriginalOf).map(move |to| (to, at, news.clone()))
    })
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
            let readers = Readers::of(ticket);
            Some(News::OriginalResolved { original: of, status, answer, readers })
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

/// Whether work is to be done again by it, which seemed done.
fn is_reopening(fact: &TicketFact) -> bool {
    matches!(fact, TicketFact::StatusChanged { from, to, .. } if !from.is_open() && to.is_open())
}

/// The words to the customer among the facts of one turn, and whose they are.
fn said(fact: &TicketFact) -> Option<(Actor, String)> {
    match fact {
        TicketFact::MessageAdded {
            author: author @ Actor::Agent(_),
            visibility: Visibility::Public,
            text,
            ..
        } => Some((*author, text.clone())),
        _ => None,
    }
}
