//! Commands about two tickets and more: each is one commit, with records of all.

use std::collections::BTreeSet;

use firstline_core::{
    Event, Message, Refusal, Relation, Stream, Ticket, TicketAction, TicketFact, TicketId, Turn,
    follow_up, hear, merge, relate, separate, split, unrelate,
};
use firstline_store::Receipt;

use super::execute::Order;
use crate::error::Error;

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
        self.on_both(id, into, |loser, winner, order| {
            separate(loser, winner, order.by, (&order.rules.book, &earlier), order.now)
        })
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
        self.on_both(id, other, |one, two, order| {
            unrelate(one, relation, two, (order.by, &order.rules.book), order.now)
        })
    }

    /// Takes in what a customer says. To a ticket that is over it may open another one, whose receipt
    /// it is then.
    pub(super) fn take_message(
        &mut self,
        id: TicketId,
        text: &str,
        action: &TicketAction,
    ) -> Result<Receipt, Error> {
        let (version, ticket) = self.load(id)?;
        if ticket.place.is_none() {
            return self.on_ticket(Some(id), action);
        }
        let (by, now) = (self.by, self.now);
        let new = self.transaction.next_ticket_id()?;
        let followed = follow_up((id, ticket), new, text, (by, &self.rules.book), now)?;
        let Some((old, fresh)) = followed else {
            return self.on_ticket(Some(id), action);
        };
        let receipt = self.record_turn(new, 0, fresh)?;
        self.record_other(id, version, old)?;
        Ok(receipt)
    }

    /// Tells the tickets that belong to those that something happened to, and in turn those that
    /// belong to them. A family is bounded and each hears only what is new to it, so this ends.
    pub(super) fn spread(&mut self) -> Result<(), Error> {
        while !self.news.is_empty() {
            for (id, at, told) in std::mem::take(&mut self.news) {
                let (version, ticket) = self.load(id)?;
                let none = BTreeSet::new();
                // What is noticed late is no part of the command that it is noticed by.
                let fired = self.fired.get(&id).filter(|_| at == self.now).unwrap_or(&none);
                let turn = hear(ticket, &told, (&self.rules.book, fired), at)?;
                self.note_fired(id, &turn.events, |_| true);
                if !turn.events.is_empty() {
                    self.record_other(id, version, turn)?;
                }
            }
        }
        Ok(())
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
        let (version, ticket) = self.load(id)?;
        let (other_version, other_ticket) = self.load(other)?;
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
        let (version, ticket) = self.load(id)?;
        let unknown = Refusal::UnknownMessage { message, count: ticket.messages };
        let found = self.message(id, message)?.ok_or(unknown)?;
        let new = self.transaction.next_ticket_id()?;
        let (by, now) = (self.by, self.now);
        let (old, fresh) = split((id, ticket), new, &found, subject, (by, &self.rules.book), now)?;
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

    /// The message of this number, from 1: the request that the ticket began with.
    fn message(&self, id: TicketId, number: u32) -> Result<Option<Message>, Error> {
        let mut seen = 0;
        for record in self.transaction.history(Stream::Ticket(id))? {
            let Event::Ticket(event) = record.event else {
                continue;
            };
            let (author, text) = match event.fact {
                TicketFact::Opened { author, text, .. } => (author, text),
                TicketFact::MessageAdded { author, text, .. } => (author, text),
                _ => continue,
            };
            seen += 1;
            if seen == number {
                let written_at = event.at;
                return Ok(Some(Message { number, author, written_at, text }));
            }
        }
        Ok(None)
    }
}
