//! Commands about two tickets and more: each is one commit, with records of all.

use std::collections::BTreeSet;

use firstline_core::{
    Actor, Event, Message, News, Refusal, Relation, Role, Stream, Ticket, TicketAction,
    TicketEvent, TicketFact, TicketId, Turn, carry_out, follow_up, hear, merge, news_for, relate,
    separate, since_merge, split, unmark_spam, unrelate,
};
use firstline_store::Receipt;

use super::execute::Order;
use crate::error::Error;

/// How many tickets that came of one are read to find an open one, the latest first: a customer who writes
/// to a ticket of years ago does not make the desk read all that there is.
const MAX_READ: usize = 1_000;

impl Order<'_> {
    /// Merges a ticket into another one. The receipt is that of the ticket that was merged.
    pub(super) fn merge(&mut self, id: TicketId, into: TicketId) -> Result<Receipt, Error> {
        self.on_both(id, into, |loser, winner, order| {
            let find = |of| order.load(of).map(|(_, ticket)| ticket);
            merge(loser, winner, order.by, &order.rules.book, order.now, find)
        })
    }

    /// Undoes a merge. The receipt is that of the ticket that lives on by itself again.
    pub(super) fn undo_merge(&mut self, id: TicketId) -> Result<Receipt, Error> {
        let (_, ticket) = self.load(id)?;
        let into = ticket.merged.as_ref().ok_or(Refusal::NotMerged)?.into;
        let earlier = self.rules.earlier(self.now);
        let (_, other) = self.load(into)?;
        let lodgers = self.lodgers(&ticket)?;
        let mut since = since_merge((id, &ticket), &lodgers, &other, &self.events(into)?);
        for follow_up in self.all_that_followed(&other)? {
            since.add_follow_up((id, &ticket), &lodgers, &self.events(follow_up)?);
        }
        self.on_both(id, into, |loser, winner, order| {
            separate(loser, winner, order.by, (&order.rules.book, &earlier), &since, order.now)
        })
    }

    /// The tickets that live on in this one: those that were merged into it, and into those.
    fn lodgers(&self, ticket: &Ticket) -> Result<BTreeSet<TicketId>, Error> {
        let mut found = ticket.took_in.clone();
        let mut todo: Vec<TicketId> = found.iter().copied().collect();
        while let Some(id) = todo.pop() {
            let (_, lodger) = self.load(id)?;
            todo.extend(lodger.took_in.iter().filter(|it| found.insert(**it)));
        }
        Ok(found)
    }

    /// Relates a ticket to another one. The receipt is that of the ticket that the command is about.
    pub(super) fn relate(
        &mut self,
        id: TicketId,
        relation: Relation,
        other: TicketId,
    ) -> Result<Receipt, Error> {
        self.on_both(id, other, |one, two, order| {
            let find = |of| order.load(of).map(|(_, ticket)| ticket);
            relate(one, relation, two, (order.by, &order.rules.book), order.now, find)
        })
    }

    /// Lets two tickets not stand to each other like this any more.
    pub(super) fn unrelate(
        &mut self,
        id: TicketId,
        relation: Relation,
        other: TicketId,
    ) -> Result<Receipt, Error> {
        let is_undone = matches!(relation, Relation::DuplicateOf | Relation::OriginalOf);
        let earlier = if is_undone { self.rules.earlier(self.now) } else { Vec::new() };
        self.on_both(id, other, |one, two, order| {
            let rules = (&order.rules.book, earlier.as_slice());
            let fired = [order.fired_on(id), order.fired_on(other)];
            unrelate(one, relation, two, order.by, rules, fired, order.now)
        })
    }

    /// Takes back that nobody asked for anything.
    pub(super) fn unmark_spam(&mut self, id: TicketId) -> Result<Receipt, Error> {
        let (version, ticket) = self.take_up(id)?;
        let earlier = self.rules.earlier(self.now);
        let turn = unmark_spam(ticket, self.by, (&self.rules.book, &earlier), self.now)?;
        self.record_turn(id, version, turn)
    }

    /// Takes in what a customer says. What is said to a ticket that was merged goes to the one where it
    /// lives on, whose receipt it is then. What is said to one that is over goes to what that person has
    /// said to it since, while work on that is not done; or it opens another one. Its receipt it is then.
    pub(super) fn take_message(
        &mut self,
        mut number: TicketId,
        text: &str,
        action: &TicketAction,
    ) -> Result<Receipt, Error> {
        let (mut is_gathered, mut came_by) = (false, None);
        loop {
            let (id, version, ticket) = self.load_living(number)?;
            self.acquaint_with(id, &ticket)?;
            let is_quiet = ticket.poll_timeout().is_none_or(|at| at > self.now);
            came_by = if id == number { came_by } else { Some(number) };
            if ticket.status.is_open() && is_quiet {
                return self.take_in(id, came_by, action);
            }
            let (by, now) = (self.by, self.now);
            let new = self.transaction.next_ticket_id()?;
            let successor = self.successor(&ticket, new)?;
            let (since, over) =
                if is_gathered { (None, Vec::new()) } else { self.open_follow_up(&ticket)? };
            let new_one = (successor, over.as_slice());
            let followed = follow_up((id, ticket), new_one, text, (by, &self.rules.book), now)?;
            let Some((old, fresh)) = followed else {
                return self.take_in(id, came_by, action);
            };
            if let Some(open) = since {
                (number, is_gathered) = (open, true);
                continue;
            }
            let receipt = self.record_turn(new, 0, with_number(fresh, came_by))?;
            self.record_other(id, version, old)?;
            return Ok(receipt);
        }
    }

    /// The ticket of this number, or the one that it lives on in: what took others in and was merged itself
    /// lives on in the last of them. Its own number, its version, and what it is.
    fn load_living(&self, number: TicketId) -> Result<(TicketId, u64, Ticket), Error> {
        let mut id = number;
        let (mut version, mut ticket) = self.load(id)?;
        while let Some(merged) = &ticket.merged {
            id = merged.into;
            (version, ticket) = self.load(id)?;
        }
        Ok((id, version, ticket))
    }

    /// The last ticket that goes on where this one ended, or where such a one did, and on which work is
    /// still to be done, if it is of whoever speaks now: opened by them, or by the desk for them. Without
    /// one, those of them with which nothing goes on any more.
    fn open_follow_up(&self, ticket: &Ticket) -> Result<(Option<TicketId>, Vec<TicketId>), Error> {
        let (mut seen, mut over) = (BTreeSet::new(), Vec::new());
        for first in ticket.related_as_said(Relation::FollowedBy).into_iter().rev() {
            let (mut todo, mut goes_on) = (vec![first], false);
            while let Some(number) = todo.pop() {
                if seen.len() == MAX_READ {
                    return Ok((None, over));
                }
                let (id, _, state) = self.load_living(number)?;
                // Whatever lives on elsewhere may live by itself again.
                goes_on |= state.status.is_open() || id != number;
                if !seen.insert(id) {
                    continue;
                }
                if state.status.is_open() && self.is_of_speaker(number)? {
                    return Ok((Some(number), over));
                }
                todo.extend(state.related_as_said(Relation::FollowedBy));
            }
            over.extend((!goes_on).then_some(first));
        }
        Ok((None, over))
    }

    /// The tickets that go on where this one ended, or where such a one did.
    fn all_that_followed(&self, ticket: &Ticket) -> Result<BTreeSet<TicketId>, Error> {
        let mut found = BTreeSet::new();
        let mut todo = Vec::from_iter(ticket.related_as_said(Relation::FollowedBy));
        while let Some(id) = todo.pop().filter(|_| found.len() < MAX_READ) {
            if found.insert(id) {
                todo.extend(self.load(id)?.1.related_as_said(Relation::FollowedBy));
            }
        }
        Ok(found)
    }

    /// Whether a ticket was opened by whoever speaks now, or by the desk for them.
    fn is_of_speaker(&self, id: TicketId) -> Result<bool, Error> {
        let events = self.events(id)?;
        let Some(TicketFact::Opened { author, requester, .. }) = events.first().map(|it| &it.fact)
        else {
            return Ok(false);
        };
        let opened_for = Actor::Contact(*requester);
        Ok(self.by == if author.role() == Role::Contact { *author } else { opened_for })
    }

    /// Takes in on this ticket what was said to it, or by the number of one that lives on in it.
    fn take_in(
        &mut self,
        id: TicketId,
        came_by: Option<TicketId>,
        action: &TicketAction,
    ) -> Result<Receipt, Error> {
        let (id, version, turn) = self.decide(Some(id), action)?;
        let turn = with_number(turn, came_by);
        self.record_turn(id, version, turn)
    }

    /// Notes what a ticket is to be told that comes to stand to another one after something was found
    /// out there.
    pub(super) fn catch_up(&mut self, id: TicketId, events: &[TicketEvent]) -> Result<(), Error> {
        for event in events {
            let TicketFact::Related { relation, ticket: of, .. } = event.fact else { continue };
            if !matches!(relation, Relation::IncidentOf | Relation::DuplicateOf) {
                continue;
            }
            let (_, ticket) = self.load(of)?;
            let told = news_for(relation, (of, &ticket), &self.events(of)?, &self.rules.book);
            self.news.extend(told.map(|news| (id, self.now, news)));
        }
        Ok(())
    }

    /// All that happened to a ticket.
    fn events(&self, id: TicketId) -> Result<Vec<TicketEvent>, Error> {
        let history = self.transaction.history(Stream::Ticket(id))?.into_iter();
        let events = history.filter_map(|record| match record.event {
            Event::Ticket(event) => Some(event),
            _ => None,
        });
        Ok(events.collect())
    }

    /// Tells the tickets that belong to those that something happened to, and in turn those that
    /// belong to them. A family is bounded and each hears only what is new to it, so this ends.
    pub(super) fn spread(&mut self) -> Result<(), Error> {
        while !self.news.is_empty() {
            for (id, at, told) in std::mem::take(&mut self.news) {
                if let News::OriginalSpam { original } = told {
                    self.live_again(id, original)?;
                    continue;
                }
                let (version, ticket) = self.take_up(id)?;
                let find = |of| self.load(of).map(|(_, ticket)| ticket);
                let told = told.completed(&ticket, find)?;
                let none = BTreeSet::new();
                // What is noticed late is no part of the command that it is noticed by.
                let fired = if at == self.now { self.fired_on(id) } else { &none };
                let turn = hear(ticket, &told, (&self.rules.book, fired), at)?;
                self.note_fired(id, &turn.events, |_| true);
                if !turn.events.is_empty() {
                    self.record_other(id, version, turn)?;
                }
            }
        }
        Ok(())
    }

    /// What a ticket is a duplicate of was no request at all, and so it is none any more: it is as if it
    /// had never been one.
    fn live_again(&mut self, id: TicketId, original: TicketId) -> Result<(), Error> {
        let (version, ticket) = self.take_up(id)?;
        let (other_version, other) = self.take_up(original)?;
        if !ticket.related(Relation::DuplicateOf).any(|it| it == original) {
            return Ok(());
        }
        let earlier = self.rules.earlier(self.now);
        let (one, two) = unrelate(
            (id, ticket),
            Relation::DuplicateOf,
            (original, other),
            Actor::System,
            (&self.rules.book, &earlier),
            [self.fired_on(id), self.fired_on(original)],
            self.now,
        )?;
        self.note_fired(id, &one.events, |_| true);
        self.note_fired(original, &two.events, |_| true);
        self.record_other(id, version, one)?;
        self.record_other(original, other_version, two)
    }

    /// Whether something on a ticket waits to be noticed.
    pub(super) fn is_due(&self, id: TicketId) -> Result<bool, Error> {
        let (_, ticket) = self.load(id)?;
        Ok(ticket.poll_timeout().is_some_and(|at| at <= self.now))
    }

    fn on_both<E>(
        &mut self,
        id: TicketId,
        other: TicketId,
        decide: impl FnOnce((TicketId, Ticket), (TicketId, Ticket), &Self) -> Result<(Turn, Turn), E>,
    ) -> Result<Receipt, Error>
    where
        Error: From<E>,
    {
        let (version, ticket) = self.take_up(id)?;
        let (other_version, other_ticket) = self.take_up(other)?;
        let (turn, other_turn) = decide((id, ticket), (other, other_ticket), self)?;
        let receipt = self.record_turn(id, version, turn)?;
        self.record_other(other, other_version, other_turn)?;
        Ok(receipt)
    }

    /// Splits a message off. The receipt is that of the new ticket.
    pub(super) fn split(
        &mut self,
        id: TicketId,
        message: u32,
        subject: &str,
    ) -> Result<Receipt, Error> {
        let (version, ticket) = self.take_up(id)?;
        let (by, now) = (self.by, self.now);
        if by.role() < Role::Agent {
            let (action, needed) = ("split tickets", Role::Agent);
            return Err(Refusal::NotPermitted { actor: by, action, needed }.into());
        }
        // What a rule was to say by now is said, whether an alarm or this came first.
        let wake = TicketAction::Wake;
        let woken = carry_out(Some(ticket.clone()), &wake, by, &self.rules.book, now)?;
        let unknown = Refusal::UnknownMessage { message, count: woken.ticket.messages };
        let found = self.message(id, message, woken.events)?.ok_or(unknown)?;
        let new = self.transaction.next_ticket_id()?;
        let successor = self.successor(&ticket, new)?;
        let rules = (by, &self.rules.book);
        let (old, fresh) = split((id, ticket), successor, &found, subject, rules, now)?;
        let receipt = self.record_turn(new, 0, fresh)?;
        self.record_other(id, version, old)?;
        Ok(receipt)
    }

    /// Records the other half of what one command did. The key of the command stands at the first.
    pub(super) fn record_other(
        &mut self,
        id: TicketId,
        version: u64,
        turn: Turn,
    ) -> Result<(), Error> {
        let command = self.command.take();
        let recorded = self.record_turn(id, version, turn);
        self.command = command;
        recorded.map(|_| ())
    }

    /// The message of this number with its files, from 1: the request that the ticket began with. `more`
    /// has happened since, and is not recorded yet.
    fn message(
        &self,
        id: TicketId,
        number: u32,
        more: Vec<TicketEvent>,
    ) -> Result<Option<Message>, Error> {
        let (mut seen, mut found) = (0, None::<Message>);
        let recorded = self.transaction.history(Stream::Ticket(id))?.into_iter();
        let recorded = recorded.filter_map(|record| match record.event {
            Event::Ticket(event) => Some(event),
            _ => None,
        });
        for event in recorded.chain(more) {
            let (author, text, came_by) = match event.fact {
                TicketFact::Opened { author, text, .. } => (author, text, None),
                TicketFact::MessageAdded { author, text, came_by, .. } => (author, text, came_by),
                TicketFact::Attached { message, files, .. } if message == number => {
                    found.iter_mut().for_each(|found| found.files.extend(files.iter().cloned()));
                    continue;
                }
                _ => continue,
            };
            seen += 1;
            if seen == number {
                let (written_at, files) = (event.at, Vec::new());
                found = Some(Message { number, author, written_at, text, files, came_by });
            }
        }
        Ok(found)
    }
}

/// The same of a message that came by this number.
fn with_number(turn: Turn, came_by: Option<TicketId>) -> Turn {
    match came_by {
        Some(number) => turn.came_by(number),
        None => turn,
    }
}
