//! The way of a command, from the caller to the journal.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Action, Actor, Article, ArticleAction, ArticleEvent, ArticleFact, ArticleId, Command,
    CommandId, CorruptJournal, Event, News, PartyId, PlanRefusal, Referent, Refusal, Role, RuleId,
    Stream, Ticket, TicketAction, TicketEvent, TicketFact, TicketId, TicketRef, Timestamp, Turn,
    carry_out, news,
};
use firstline_store::{Entry, Receipt, Record, State, Transaction};

use super::Desk;
use super::plans::open_planned;
use super::rules::Rules;
use super::stir::Stir;
use super::wake::{settle_all, settle_before};
use crate::error::Error;

impl Desk {
    /// Carries out one command. When this returns, it is on disk, unless the desk was opened with
    /// another [`Durability`](crate::Durability).
    ///
    /// Callers on several threads share commits: while one waits for the disk, the others' commands
    /// gather, and the next commit takes them all.
    ///
    /// A command with an id that was carried out before returns the first receipt and does nothing.
    ///
    /// # Errors
    ///
    /// A [refusal](Error::Refused) if a rule is against it, or what the disk says. Either way
    /// nothing was changed.
    pub fn execute(&self, command: Command) -> Result<Receipt, Error> {
        let mut outcomes = self.execute_all([command])?;
        let outcome = outcomes.pop().expect("one command has one outcome");
        outcome.map_err(Error::Refused)
    }

    /// Carries out several commands in one commit, each seeing what the ones before it did. When
    /// this returns, all are on disk.
    ///
    /// A refused command has its refusal in its place and changes nothing; the others are carried
    /// out all the same.
    ///
    /// # Errors
    ///
    /// What the disk says. None of the commands was carried out then.
    pub fn execute_all(
        &self,
        commands: impl IntoIterator<Item = Command>,
    ) -> Result<Vec<Result<Receipt, Refusal>>, Error> {
        self.carry_out_together(commands.into_iter().collect())
    }

    /// One command: is it new, when is it, who gives it, what follows.
    pub(super) fn carry_out(
        &self,
        transaction: &mut dyn Transaction,
        command: &Command,
        rules: &mut Rules,
    ) -> Result<Receipt, Error> {
        if let Some(id) = command.id
            && let Some(first) = transaction.receipt(id)?
        {
            return Ok(first);
        }
        if let Some(at) = command.at {
            self.check_given(transaction, at, None)?;
        }
        let now = self.clamp(transaction, command.at.unwrap_or_else(|| self.now()))?;
        settle_before(rules, transaction, now)?;
        if transaction.next_wake()?.is_some_and(|at| at <= now) {
            open_planned(rules, transaction, now)?;
            // Who gets what, and what relatives tell each other, hangs together across tickets: then
            // all of them must be up to date.
            let mut order = Order::new(&mut *transaction, &mut *rules, Actor::System, now);
            if order.rules.book.routes() || order.is_of_family(command)? {
                settle_all(rules, transaction, now)?;
            }
        }
        let mut order = Order::new(transaction, rules, command.actor, now);
        order.command = command.id;
        let receipt = order.carry_out(command)?;
        order.spread()?;
        order.dispatch()?;
        Ok(receipt)
    }
}

/// A command on its way: the journal it goes to and what it goes with.
pub(super) struct Order<'t> {
    pub(super) transaction: &'t mut dyn Transaction,
    pub(super) rules: &'t mut Rules,
    pub(super) by: Actor,
    pub(super) command: Option<CommandId>,
    pub(super) now: Timestamp,
    /// What other tickets are to be told once the command is done.
    pub(super) news: Vec<(TicketId, Timestamp, News)>,
    /// What may make a difference to who gets what.
    pub(super) stir: Stir,
    /// The rules that fired on each ticket: each does so at most once in a command.
    pub(super) fired: BTreeMap<TicketId, BTreeSet<RuleId>>,
}

impl<'t> Order<'t> {
    pub(super) fn new(
        transaction: &'t mut dyn Transaction,
        rules: &'t mut Rules,
        by: Actor,
        now: Timestamp,
    ) -> Self {
        let (news, stir, fired) = (Vec::new(), Stir::default(), BTreeMap::new());
        Self { transaction, rules, by, command: None, now, news, stir, fired }
    }
}

impl Order<'_> {
    /// Sends the command to whom it concerns.
    fn carry_out(&mut self, command: &Command) -> Result<Receipt, Error> {
        self.check_actor()?;
        if let Some(expected) = command.expect {
            self.check_version(expected, command)?;
        }
        match &command.action {
            Action::Ticket(action) => {
                let ticket = command.ticket.map(|ticket| self.number(ticket)).transpose()?;
                match (ticket, action) {
                    (Some(id), TicketAction::MergeInto { ticket }) => self.merge(id, *ticket),
                    (Some(id), TicketAction::UndoMerge) => self.undo_merge(id),
                    (Some(id), TicketAction::Relate { relation, ticket }) => {
                        self.relate(id, *relation, *ticket)
                    }
                    (Some(id), TicketAction::Unrelate { relation, ticket }) => {
                        self.unrelate(id, *relation, *ticket)
                    }
                    (Some(id), TicketAction::Reply { text, .. })
                        if self.by.role() == Role::Contact =>
                    {
                        self.take_message(id, text, action)
                    }
                    (Some(id), TicketAction::UnmarkSpam) => self.unmark_spam(id),
                    (Some(id), TicketAction::Route { among }) => self.route(id, among),
                    (Some(id), TicketAction::AcceptOffer) => self.accept_offer(id),
                    (Some(id), TicketAction::Split { message, subject }) => {
                        self.split(id, *message, subject)
                    }
                    (Some(id), TicketAction::LogWork(entry)) => self.log_work(id, entry),
                    (Some(id), TicketAction::TakeBackWork { entry, reason }) => {
                        self.take_back_work(id, *entry, reason)
                    }
                    // What nobody but a plan may say.
                    (None, TicketAction::Open(request)) if request.planned.is_some() => {
                        Err(Refusal::from(PlanRefusal::NotPlanned).into())
                    }
                    (ticket, action) => self.on_ticket(ticket, action),
                }
            }
            Action::Article { article, action } => self.on_article(*article, action),
            Action::Save { id, party } => self.save(*id, party),
            Action::SetPresence { agent, presence } => self.set_presence(*agent, *presence),
        }
    }

    /// Whether a command is about a ticket that belongs together with others, or is to.
    fn is_of_family(&mut self, command: &Command) -> Result<bool, Error> {
        let Action::Ticket(action) = &command.action else { return Ok(false) };
        let joins = matches!(
            action,
            TicketAction::Relate { .. }
                | TicketAction::Unrelate { .. }
                | TicketAction::MergeInto { .. }
                | TicketAction::UndoMerge
                | TicketAction::UnmarkSpam
        );
        let Some(of) = command.ticket.filter(|_| !joins) else { return Ok(joins) };
        // Who names a ticket that there is none of hears of it soon enough.
        let ticket = self.number(of).and_then(|id| self.load(id));
        // What is said to a merged one goes to another, which may have relatives.
        let has_relatives = |of: Ticket| of.merged.is_some() || !of.relations.is_empty();
        Ok(ticket.is_ok_and(|(_, ticket)| has_relatives(ticket)))
    }

    /// Refuses a command whose caller has seen something else than what is there. An alarm that was
    /// noticed since counts as well: it is part of what is there.
    fn check_version(&self, expected: u64, command: &Command) -> Result<(), Error> {
        let stream = match &command.action {
            Action::Ticket(_) => match command.ticket {
                Some(ticket) => Some(Stream::Ticket(self.number(ticket)?)),
                None => None,
            },
            Action::Article { article, .. } => article.map(Stream::Article),
            Action::Save { id, .. } => Some(Stream::Party(*id)),
            Action::SetPresence { agent, .. } => Some(Stream::Party(PartyId::Agent(*agent))),
        };
        let actual = stream.map_or(Ok(0), |stream| self.transaction.version(stream))?;
        if actual == expected { Ok(()) } else { Err(Refusal::Conflict { expected, actual }.into()) }
    }

    /// The number of the ticket that a command is about.
    fn number(&self, ticket: TicketRef) -> Result<TicketId, Error> {
        let opened_by = match ticket {
            TicketRef::Number(id) => return Ok(id),
            TicketRef::OpenedBy { opened_by } => opened_by,
        };
        match self.transaction.receipt(opened_by)?.map(|receipt| receipt.stream) {
            Some(Stream::Ticket(id)) => Ok(id),
            _ => Err(Refusal::NeverOpened(opened_by).into()),
        }
    }

    /// Loads the ticket, lets the rules decide, and records what they say.
    pub(super) fn on_ticket(
        &mut self,
        id: Option<TicketId>,
        action: &TicketAction,
    ) -> Result<Receipt, Error> {
        let (id, expected, turn) = self.decide(id, action)?;
        self.record_turn(id, expected, turn)
    }

    /// Loads the ticket and lets the rules decide: its number, the version that it had, what follows.
    pub(super) fn decide(
        &mut self,
        id: Option<TicketId>,
        action: &TicketAction,
    ) -> Result<(TicketId, u64, Turn), Error> {
        for party in action.parties() {
            self.check_party(party)?;
        }
        for referent in action.referents() {
            if let Referent::Ticket(id) = referent
                && self.transaction.version(Stream::Ticket(id))? == 0
            {
                return Err(referent.unknown().into());
            }
        }
        // A contact is refused whatever the number, and does not learn which articles there are.
        if let TicketAction::SolvedBy { article: Some(article) } = action
            && self.by.role() >= Role::Agent
        {
            self.transaction.article(*article)?.ok_or(Refusal::UnknownArticle(*article))?;
        }
        let (id, expected, ticket) = match id {
            Some(id) => {
                let (version, ticket) = self.take_up(id)?;
                (Some(id), version, Some(ticket))
            }
            None => (None, 0, None),
        };
        let id = match id {
            Some(id) => id,
            None => self.transaction.next_ticket_id()?,
        };
        let action = self.completed(action, id, ticket.as_ref())?;
        let actor = match self.by {
            Actor::Agent(agent) => Some(PartyId::Agent(agent)),
            Actor::Contact(_) | Actor::System => None,
        };
        self.acquaint(action.parties().into_iter().chain(actor))?;
        let (ticket, mut events) = match ticket {
            Some(ticket) => {
                let Turn { ticket, events } = self.reviewed(id, ticket)?;
                (Some(ticket), events)
            }
            None => (None, Vec::new()),
        };
        let turn = carry_out(ticket, &action, self.by, &self.rules.book, self.now)?;
        events.extend(turn.events);
        Ok((id, expected, Turn { ticket: turn.ticket, events }))
    }

    /// A ticket and its version.
    pub(super) fn load(&self, id: TicketId) -> Result<(u64, Ticket), Error> {
        let stored = self.transaction.ticket(id)?.ok_or(Refusal::UnknownTicket(id))?;
        Ok((stored.version, stored.state))
    }

    /// Records what happened to a ticket.
    pub(super) fn record_turn(
        &mut self,
        id: TicketId,
        expected: u64,
        turn: Turn,
    ) -> Result<Receipt, Error> {
        self.news.extend(news(id, &turn.events, &turn.ticket, &self.rules.book));
        self.note_fired(id, &turn.events, |by_itself| !by_itself);
        self.catch_up(id, &turn.events)?;
        let events = turn.events.into_iter().map(Event::Ticket).collect();
        self.record(Stream::Ticket(id), expected, events, State::Ticket(turn.ticket))
    }

    /// Takes note of the rules that fired on a ticket, those that count as a part of this command. What
    /// is noticed late is none: a date of a plan, or what became due.
    pub(super) fn note_fired(
        &mut self,
        id: TicketId,
        events: &[TicketEvent],
        counts: impl Fn(bool) -> bool,
    ) {
        for event in events {
            if let TicketFact::RuleFired { rule, by_itself, .. } = &event.fact
                && event.at == self.now
                && counts(*by_itself)
            {
                self.fired.entry(id).or_default().insert(rule.clone());
            }
        }
    }

    /// The rules that fired on a ticket in this command.
    pub(super) fn fired_on(&self, id: TicketId) -> &BTreeSet<RuleId> {
        static NONE: BTreeSet<RuleId> = BTreeSet::new();
        self.fired.get(&id).unwrap_or(&NONE)
    }

    fn on_article(
        &mut self,
        id: Option<ArticleId>,
        action: &ArticleAction,
    ) -> Result<Receipt, Error> {
        action.check_actor(self.by)?;
        if let ArticleAction::Describe(about) = action
            && let Some(owner) = about.owner
        {
            self.check_party(PartyId::Agent(owner))?;
        }
        let (id, stored) = match id {
            Some(id) => {
                let stored = self.transaction.article(id)?;
                (id, Some(stored.ok_or(Refusal::UnknownArticle(id))?))
            }
            None => (self.transaction.next_article_id()?, None),
        };
        let expected = stored.as_ref().map_or(0, |stored| stored.version);
        let article = stored.map(|stored| stored.state);
        let event = Article::decide(id, article.as_ref(), action, self.by, self.now)?;
        let event = event.in_place_of(self.last_vote(id, action)?);
        let article = Article::apply(article, &event).ok_or(CorruptJournal::ArticleNotPublished)?;
        let events = vec![Event::Article(event)];
        self.record(Stream::Article(id), expected, events, State::Article(article))
    }

    /// What whoever votes now said of an article the last time.
    fn last_vote(&self, id: ArticleId, action: &ArticleAction) -> Result<Option<bool>, Error> {
        if !matches!(action, ArticleAction::Vote { .. }) {
            return Ok(None);
        }
        let history = self.transaction.history(Stream::Article(id))?;
        let own = history.iter().rev().filter(|record| record.actor == self.by);
        let vote = |record: &Record| match &record.event {
            Event::Article(ArticleEvent { fact: ArticleFact::Voted { helpful, .. }, .. }) => {
                Some(*helpful)
            }
            _ => None,
        };
        Ok(own.into_iter().find_map(vote))
    }

    pub(super) fn record(
        &mut self,
        stream: Stream,
        expected: u64,
        events: Vec<Event>,
        state: State,
    ) -> Result<Receipt, Error> {
        // Rules come into force with the first thing that is recorded under them.
        if !events.is_empty() {
            self.stir.is_by_rules |= self.rules.adopt(self.transaction, self.now)?;
            self.stir.take_note(stream, &events, &state);
            self.rules.welcome(stream);
        }
        Ok(self.transaction.append(Entry {
            stream,
            expected,
            at: self.now,
            actor: self.by,
            command: self.command,
            rulebook: self.rules.book.version(),
            events,
            state,
        })?)
    }

    /// Whoever gives a command is known to the desk.
    fn check_actor(&self) -> Result<(), Error> {
        match self.by {
            Actor::Contact(contact) => self.check_party(PartyId::Contact(contact)),
            Actor::Agent(agent) => self.check_party(PartyId::Agent(agent)),
            Actor::System => Ok(()),
        }
    }

    pub(super) fn check_party(&self, id: PartyId) -> Result<(), Error> {
        if self.transaction.knows_party(id)? { Ok(()) } else { Err(id.unknown().into()) }
    }
}
