//! What becomes of one ticket is told to those that it belongs to, in the same transaction: a part is
//! done, a whole is done, a problem is solved.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;

use super::{Relation, Told};
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
    /// What it is a duplicate of may stand otherwise than its customer was last told.
    OriginalStands {
        /// Which.
        original: TicketId,
        /// What it is now.
        status: Status,
    },
    /// What it is a duplicate of was no request at all.
    OriginalSpam {
        /// Which.
        original: TicketId,
    },
    /// What was taken for the cause was no request at all.
    ProblemSpam {
        /// The problem.
        problem: TicketId,
        /// Whether another problem stands that is known behind the one that is told: see
        /// [`completed`](Self::completed).
        other_stands: bool,
    },
    /// There is a way around it.
    WorkaroundKnown {
        /// The problem.
        problem: TicketId,
        /// Who said so, in which words.
        answer: (Actor, String),
    },
}

impl News {
    /// The same with what only the desk can say of it, before the ticket `told` hears it: whoever waits for
    /// one of several problems waits on while another one stands. `find` gives the tickets of the desk.
    ///
    /// # Errors
    ///
    /// What `find` says.
    pub fn completed<E>(
        mut self,
        told: &Ticket,
        mut find: impl FnMut(TicketId) -> Result<Ticket, E>,
    ) -> Result<Self, E> {
        if let Self::ProblemSpam { problem, other_stands } = &mut self {
            for other in told.related(Relation::IncidentOf).filter(|other| other != problem) {
                *other_stands |= find(other)?.status.is_open();
            }
        }
        Ok(self)
    }
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
        let hear_of_it = ticket.lodgers_that_hear().chain(above(ticket));
        told.extend(hear_of_it.map(|to| (to, *at, news.clone())));
    }
    let rules = rulebook.relations();
    let mut tell = |relation, at, news: News| {
        told.extend(ticket.related(relation).map(|to| (to, at, news.clone())));
    };
    let are_told = rules.incidents != IncidentRule::Free;
    let is_done = |fact: &TicketFact| match fact {
        // What it says again was done before, or is now.
        TicketFact::Related { relation: Relation::DuplicateOf, status, .. } => !status.is_open(),
        fact if is_of_original(fact, ticket) => !ticket.fate().is_open(),
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
            let (status, readers) = (ticket.fate(), Readers::of(ticket));
            let told = News::OriginalResolved { original: id, status, answer, readers };
            tell(Relation::OriginalOf, *at, told);
        }
    }
    told.extend(news_for_incidents((id, ticket), events, are_told));
    told.extend(news_for_duplicates((id, ticket), events, are_told));
    told
}

/// What incidents are to be told beside that their problem is solved: that it was none; that there is a way
/// around it, if the rules have them `told` of it.
fn news_for_incidents(
    (id, ticket): (TicketId, &Ticket),
    events: &[TicketEvent],
    told: bool,
) -> impl Iterator<Item = (TicketId, Timestamp, News)> {
    let spam = events.iter().rfind(|event| event.fact == TicketFact::MarkedSpam);
    let spam = spam.filter(|_| ticket.spam);
    let spam = spam.map(|event| (event.at, News::ProblemSpam { problem: id, other_stands: false }));
    let known = events.iter().rfind(|event| matches!(event.fact, TicketFact::ErrorKnown { .. }));
    let known = known.filter(|_| told).and_then(|event| match &event.fact {
        TicketFact::ErrorKnown { by, workaround: Some(text), .. } => {
            let answer = (*by, text.clone());
            Some((event.at, News::WorkaroundKnown { problem: id, answer }))
        }
        _ => None,
    });
    spam.into_iter().chain(known).flat_map(move |(at, news)| {
        ticket.related(Relation::ProblemOf).map(move |to| (to, at, news.clone()))
    })
}

/// What duplicates are to be told beside that their original is done: how its matter stands; that somebody
/// whom they were told is served is not, if the rules have them `told` of it; that nobody asked for
/// anything there.
fn news_for_duplicates(
    (id, ticket): (TicketId, &Ticket),
    events: &[TicketEvent],
    told: bool,
) -> impl Iterator<Item = (TicketId, Timestamp, News)> {
    let moves = |event: &&TicketEvent| {
        is_move(&event.fact)
            || is_about_original(&event.fact, ticket)
            || matches!(event.fact, TicketFact::Separated { .. })
    };
    let moved = events.iter().rfind(moves);
    let stands = moved.filter(|_| told && ticket.merged.is_none());
    let stands = stands
        .map(|event| (event.at, News::OriginalStands { original: id, status: ticket.fate() }));
    // Those that are told already how it stands itself: it may be a part of what says the same.
    let is_above = move |to: &TicketId| above(ticket).any(|whole| whole == *to);
    let moved = moved.into_iter().flat_map(move |event| {
        let news = News::Moved { ticket: id, status: ticket.fate() };
        let those = ticket.related(Relation::OriginalOf).filter(move |to| !is_above(to));
        those.map(move |to| (to, event.at, news.clone()))
    });
    // Whoever was told so tells it on.
    let is_again =
        |event: &&TicketEvent| is_taken_up(&event.fact) || tells(&event.fact) == Some(Told::GoesOn);
    let again = events.iter().rfind(is_again);
    let reopened = again.filter(|_| told && ticket.fate().is_open());
    let reopened = reopened.map(|event| (event.at, News::OriginalReopened { original: id }));
    // First of all that nobody asked there: whoever lives again then tells nobody that it is settled.
    let spam = events.iter().rfind(|event| event.fact == TicketFact::MarkedSpam);
    let spam = spam.filter(|_| ticket.spam);
    let spam = spam.map(|event| (event.at, News::OriginalSpam { original: id }));
    let to_all = move |(at, news): (Timestamp, News)| {
        ticket.related(Relation::OriginalOf).map(move |to| (to, at, news.clone()))
    };
    let last = reopened.into_iter().chain(stands).flat_map(to_all);
    spam.into_iter().flat_map(to_all).chain(moved).chain(last)
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

/// What a ticket is a part of, or comes of.
fn above(ticket: &Ticket) -> impl Iterator<Item = TicketId> {
    let relations = [Relation::ChildOf, Relation::IncidentOf];
    relations.into_iter().flat_map(|relation| ticket.related(relation))
}

/// Whether it is heard by it how the matter stands with what a ticket is a duplicate of.
fn is_of_original(fact: &TicketFact, ticket: &Ticket) -> bool {
    let TicketFact::RelativeMoved { ticket: of, .. } = fact else { return false };
    ticket.related(Relation::DuplicateOf).any(|original| original == *of)
}

/// Whether it may stand otherwise by it with what a ticket is a duplicate of: it is a duplicate only now, that
/// one moved, or lives on elsewhere or by itself again.
fn is_about_original(fact: &TicketFact, ticket: &Ticket) -> bool {
    let is_new = matches!(
        fact,
        TicketFact::Related { relation: Relation::DuplicateOf, .. }
            | TicketFact::RelativeMerged { .. }
            | TicketFact::RelativeSeparated { .. }
    );
    is_new || is_of_original(fact, ticket)
}

/// How the matter stands, if a customer is told that by it.
const fn tells(fact: &TicketFact) -> Option<Told> {
    match fact {
        TicketFact::MessageAdded { tells, .. } => *tells,
        _ => None,
    }
}

/// Whether work was done by it: resolved, or closed at once.
fn is_resolution(fact: &TicketFact) -> bool {
    matches!(fact, TicketFact::StatusChanged { from, to, .. } if from.is_open() && !to.is_open())
}

/// Whether it is no more by it what it was when it seemed done: that is to be done again, or says again
/// what is not.
fn is_taken_up(fact: &TicketFact) -> bool {
    matches!(fact, TicketFact::StatusChanged { from, .. } if !from.is_open())
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
