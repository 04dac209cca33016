//! Tickets that are like another one, and what solved them.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    ArticleId, ContactId, Event, FieldValue, Refusal, Role, Status, Ticket, TicketFact, TicketId,
    Visibility,
};
use firstline_knowledge::{Case, MAX_HITS, Matter};
use firstline_store::Record;

use super::{Desk, ticket_event};
use crate::error::Error;

/// How much of what a customer wrote on one ticket is read, in bytes.
const MAX_WORDS_BYTES: usize = 16_384;

/// Among how many tickets a solution is looked for: as many as one question finds.
const NEIGHBOURS: usize = MAX_HITS;

/// From which likeness on a ticket says something about what will solve another one. Lower than
/// for a duplicate: several that are a little like it agree on a solution or they do not.
const SAME_KIND: f32 = 0.25;

/// How much a ticket on the same line counts as more alike.
const SAME_LINE: f32 = 0.05;

/// How much a ticket counts as more alike that has the same code of an error, if no other one has it.
const SAME_CODE: f32 = 0.5;

/// Tickets that are like another one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SimilarTickets {
    /// The most similar ones: what may be a duplicate first, what has the same code of an error and is on the
    /// same line before others.
    pub tickets: Vec<SimilarTicket>,
    /// What solved those of its kind and is still in use, the most frequent first.
    pub solutions: Vec<Solution>,
}

/// A ticket that is like another one.
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarTicket {
    /// Which.
    pub ticket: TicketId,
    /// What it is about, in a line.
    pub subject: String,
    /// Where it is in its life.
    pub status: Status,
    /// How alike they are, from 0 to 1, comparable between tickets.
    pub likeness: f32,
    /// How likely it is that both are about the same matter, from 0 to 1.
    pub probability: f32,
    /// Whether it may be the same matter, by [a threshold](firstline_knowledge::DUPLICATE) whose
    /// precision is known: it is worth a look.
    pub may_be_duplicate: bool,
    /// The article that solved it, if one did.
    pub solved_by: Option<ArticleId>,
    /// The words that both have, rare ones first.
    pub words: Vec<String>,
}

/// An article that solved tickets of a kind: among the [`MAX_HITS`](firstline_knowledge::MAX_HITS)
/// tickets that are most like the one in hand. Of a kind that has more than that, these are at least
/// so many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Which article.
    pub article: ArticleId,
    /// How many tickets it solved.
    pub tickets: u32,
    /// How many people had asked for those.
    pub people: u32,
    /// How many of the tickets came back after they had been resolved by it.
    pub reopened: u32,
}

/// A ticket and what its customer wrote.
pub(super) struct Words {
    pub(super) state: Ticket,
    text: String,
    /// The articles that seemed to have solved it before it came back.
    failed: BTreeSet<ArticleId>,
}

impl Words {
    pub(super) fn matter(&self) -> Matter<'_> {
        Matter { subject: &self.state.subject, text: &self.text }
    }
}

impl Desk {
    /// Tickets that are like this one, and which articles solved those of its kind: "42 people had
    /// this; solved by article 7".
    ///
    /// Every ticket is a case from its opening on; one that was merged into another is none. The
    /// first call on a desk with a long history reads all of it.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written; there is no such ticket.
    pub fn similar(&self, ticket: TicketId, limit: usize) -> Result<SimilarTickets, Error> {
        let own = self.words_of(ticket)?;
        self.sound(|| self.similar_to(ticket, &own, limit))
    }

    fn similar_to(
        &self,
        ticket: TicketId,
        own: &Words,
        limit: usize,
    ) -> Result<SimilarTickets, Error> {
        self.feed_cases()?;
        let likes = self.inner.cases.similar(own.matter(), Some(ticket), NEIGHBOURS.max(limit))?;
        let mut tickets = Vec::new();
        let mut solved: BTreeMap<ArticleId, (Solution, BTreeSet<ContactId>)> = BTreeMap::new();
        for like in likes {
            let Some(stored) = self.read(|journal| Ok(journal.ticket(like.ticket)?))? else {
                continue;
            };
            let state = stored.state;
            let solved_by = state.solved_by.filter(|_| is_resolved(&state));
            if let Some(article) = solved_by.filter(|_| like.likeness >= SAME_KIND) {
                let new = || {
                    let solution = Solution { article, tickets: 0, people: 0, reopened: 0 };
                    (solution, BTreeSet::new())
                };
                let came_back = if state.reopened > 0 {
                    failed(&self.timeline(like.ticket)?)
                } else {
                    BTreeSet::new()
                };
                let (solution, people) = solved.entry(article).or_insert_with(new);
                people.insert(state.requester);
                solution.tickets += 1;
                solution.reopened += u32::from(came_back.contains(&article));
                solution.people = u32::try_from(people.len()).unwrap_or(u32::MAX);
            }
            let same_line = if state.line == own.state.line { SAME_LINE } else { 0.0 };
            let order = like.likeness + same_line + SAME_CODE * like.code;
            let found = SimilarTicket {
                ticket: like.ticket,
                subject: state.subject,
                status: state.status,
                likeness: like.likeness,
                probability: like.probability,
                may_be_duplicate: like.may_be_duplicate(),
                solved_by,
                words: like.hit.matches.into_iter().map(|found| found.word).collect(),
            };
            tickets.push((found.may_be_duplicate, order, found));
        }
        tickets.sort_by(|(a_same, a_order, a), (b_same, b_order, b)| {
            let by_order = b_same.cmp(a_same).then(b_order.total_cmp(a_order));
            by_order.then(a.ticket.cmp(&b.ticket))
        });
        let tickets = tickets.into_iter().map(|(.., found)| found).take(limit).collect();
        let mut solutions: Vec<Solution> = solved.into_values().map(|(it, _)| it).collect();
        let now = self.now();
        let used = self.read(|journal| {
            let is_used = |it: &Solution| {
                let stored = journal.article(it.article)?;
                Ok(stored.is_some_and(|stored| !stored.state.is_retired(now)))
            };
            solutions.iter().map(is_used).collect::<Result<Vec<bool>, Error>>()
        })?;
        let mut used = used.into_iter();
        solutions.retain(|_| used.next().unwrap_or(false));
        solutions.sort_by_key(|it| (std::cmp::Reverse(it.tickets), it.reopened, it.article));
        Ok(SimilarTickets { tickets, solutions })
    }

    /// A ticket with what its customer wrote and what its fields say.
    pub(super) fn words_of(&self, ticket: TicketId) -> Result<Words, Error> {
        let history = self.timeline(ticket)?;
        let state = self.read(|journal| Ok(journal.ticket(ticket)?))?;
        let state = state.ok_or(Refusal::UnknownTicket(ticket))?.state;
        let mut text = customers_words(&history);
        for value in state.fields.values() {
            let said: Vec<&String> = match value {
                FieldValue::Text(words) | FieldValue::Choice(words) => vec![words],
                FieldValue::Choices(choices) => choices.iter().collect(),
                _ => Vec::new(),
            };
            for words in said {
                if text.len() <= MAX_WORDS_BYTES {
                    text.push_str(words);
                    text.push('\n');
                }
            }
        }
        Ok(Words { state, text, failed: failed(&history) })
    }

    /// Lets the cases follow the journal to its end.
    pub(super) fn feed_cases(&self) -> Result<(), Error> {
        let cases = &self.inner.cases;
        let head = self.head()?.map_or(0, |head| head.seq);
        self.follow_cases(head, || {
            let (last, changed) = self.changed_since(cases.position(), head, |_| true)?;
            let changed = changed.into_iter().map(|id| Ok((id, self.case(id)?)));
            Ok(cases.absorb(last, &changed.collect::<Result<Vec<_>, Error>>()?)?)
        })
    }

    fn case(&self, ticket: TicketId) -> Result<Option<Case>, Error> {
        let Words { state, text, failed } = self.words_of(ticket)?;
        if state.merged.is_some() || state.spam {
            return Ok(None);
        }
        let solved_by = state.solved_by.filter(|_| is_resolved(&state));
        let language = state.language.unwrap_or_else(|| "".into());
        let (subject, requester) = (state.subject, state.requester);
        Ok(Some(Case { subject, text, language, requester, solved_by, failed }))
    }
}

fn is_resolved(ticket: &Ticket) -> bool {
    matches!(ticket.status, Status::Resolved | Status::Closed)
}

/// Which articles seemed to have solved a ticket before it came back.
fn failed(history: &[Record]) -> BTreeSet<ArticleId> {
    let (mut solved_by, mut failed) = (None, BTreeSet::new());
    for (_, event) in history.iter().filter_map(ticket_event) {
        match &event.fact {
            TicketFact::SolvedBy { article } => solved_by = *article,
            TicketFact::StatusChanged { from: Status::Resolved, to, .. }
                if *to != Status::Closed =>
            {
                failed.extend(solved_by);
            }
            _ => {}
        }
    }
    failed
}

/// The first request and what its customer said since, as far as it is read.
fn customers_words(history: &[Record]) -> String {
    let mut words = String::new();
    for text in history.iter().filter_map(customer_said) {
        words.push_str(text);
        words.push('\n');
        if words.len() > MAX_WORDS_BYTES {
            break;
        }
    }
    words
}

/// What a customer said in a record, if that is what it has.
fn customer_said(record: &Record) -> Option<&str> {
    let Event::Ticket(event) = &record.event else { return None };
    match &event.fact {
        TicketFact::Opened { text, .. } => Some(text),
        TicketFact::MessageAdded { author, visibility: Visibility::Public, text, .. } => {
            (author.role() == Role::Contact).then_some(text)
        }
        _ => None,
    }
}
