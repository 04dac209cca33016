//! What was written, in layers: what is committed, and over it what one transaction wrote.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::{
    Actor, AgentId, ArticleId, CommandId, ContactId, Party, PartyId, Priority, Stream, Ticket,
    TicketFilter, TicketId, Timestamp, Workload,
};

use crate::chain::{Position, fold, forgotten_until, walk};
use crate::erase::Find;
use crate::error::StoreError;
use crate::journal::{ArticleChange, Head, Receipt, State};
use crate::outbox::{OpenEffect, Standing, horizon};
use crate::party::{PartyPage, PartyPlace, PartyQuery};
use crate::query::{Found, Page, Place, TicketQuery};
use crate::record::Raw;
use crate::verify::{Inspect, Totals, Visit};

/// Records and what they add up to.
#[derive(Debug, Default)]
pub(super) struct Layer {
    /// One after the other; those of a transaction go on from the committed ones.
    records: Vec<Raw>,
    receipts: BTreeMap<CommandId, Receipt>,
    streams: BTreeMap<Stream, (Position, State)>,
    wakes: BTreeSet<(Timestamp, TicketId)>,
    party_wakes: BTreeSet<(Timestamp, PartyId)>,
    /// Whose tickets are to be worked on by whom, or are offered to them.
    in_hand: BTreeSet<(AgentId, TicketId)>,
    /// When agents last got something and were rid of something. It never runs back.
    turns: BTreeMap<AgentId, Workload>,
    article_changes: BTreeMap<u64, ArticleId>,
    /// Commands before this moment were forgotten.
    forgotten: Option<Timestamp>,
    /// Open effects by their records; `None` where a transaction took one out.
    outbox: BTreeMap<u64, Option<OpenEffect>>,
}

impl Layer {
    /// Forgets the commands before a moment, and says how many those were.
    pub(super) fn forget_commands(&mut self, before: Timestamp) -> u64 {
        let known = self.receipts.len();
        let before = self.forgotten.map_or(before, |earlier| earlier.max(before));
        self.receipts.retain(|_, receipt| receipt.at >= before);
        self.forgotten = Some(forgotten_until(before, self.records.last().map(Raw::head)));
        (known - self.receipts.len()) as u64
    }

    /// Puts records without words, and what they add up to, in the place of those with words.
    pub(super) fn put_erased(&mut self, records: Vec<Raw>, states: Vec<(Stream, State)>) {
        for raw in records {
            let place = usize::try_from(raw.seq - 1).expect("it is in memory");
            self.records[place] = raw;
        }
        for (stream, state) in states {
            if let Some(&(position, _)) = self.streams.get(&stream) {
                self.put(stream, position, state);
            }
        }
    }

    /// Puts a state in place of the one before.
    pub(super) fn put(&mut self, stream: Stream, position: Position, state: State) {
        match (stream, &state) {
            (Stream::Ticket(id), State::Ticket(ticket)) => {
                self.wakes.extend(ticket.poll_timeout().map(|at| (at, id)));
                let wake = ticket.poll_timeout();
                if let Some((_, State::Ticket(before))) = self.streams.get(&stream)
                    && let Some(at) = before.poll_timeout().filter(|at| Some(*at) != wake)
                {
                    self.wakes.remove(&(at, id));
                }
                self.put_work(id, ticket);
            }
            (Stream::Party(id), State::Party(party)) => {
                let wake = party.poll_timeout();
                if let Some((_, State::Party(before))) = self.streams.get(&stream)
                    && let Some(at) = before.poll_timeout()
                {
                    self.party_wakes.remove(&(at, id));
                }
                self.party_wakes.extend(wake.map(|at| (at, id)));
            }
            (Stream::Article(id), _) => {
                if let Some((before, _)) = self.streams.get(&stream) {
                    self.article_changes.remove(&before.seq);
                }
                self.article_changes.insert(position.seq, id);
            }
            _ => {}
        }
        self.streams.insert(stream, (position, state));
    }

    /// Takes note of whose a ticket is now, before it is put in place of the one before.
    fn put_work(&mut self, id: TicketId, ticket: &Ticket) {
        let hands = |ticket: &Ticket| {
            let asked = ticket.offer().map(|offer| offer.agent);
            ticket.worked_by().or(asked).map(|agent| (agent, id))
        };
        if let Some((_, State::Ticket(before))) = self.streams.get(&Stream::Ticket(id))
            && let Some(hand) = hands(before)
        {
            self.in_hand.remove(&hand);
        }
        self.in_hand.extend(hands(ticket));
        for agent in ticket.agents() {
            let Workload { last_given, last_freed, .. } = Workload::on(ticket, agent);
            let moments = Workload { last_given, last_freed, ..Workload::default() };
            self.turns.entry(agent).or_default().add(&moments);
        }
    }

    /// Adds records after the last, and the receipt of their command.
    pub(super) fn add(&mut self, records: Vec<Raw>, receipt: Option<(CommandId, Receipt)>) {
        self.records.extend(records);
        self.receipts.extend(receipt);
    }

    /// Puts an open effect in place of the one before, or takes it out.
    pub(super) fn put_effect(&mut self, record: u64, open: Option<OpenEffect>) {
        self.outbox.insert(record, open);
    }

    /// Takes in what a transaction wrote.
    pub(super) fn absorb(&mut self, written: Self) {
        self.records.extend(written.records);
        self.receipts.extend(written.receipts);
        self.outbox.extend(written.outbox);
        self.outbox.retain(|_, open| open.is_some());
        for (stream, (position, state)) in written.streams {
            self.put(stream, position, state);
        }
    }

    /// The same, with all that is derived made again from the records.
    pub(super) fn rebuilt(&self) -> Result<Self, StoreError> {
        let mut rebuilt = Self {
            records: self.records.clone(),
            receipts: self.receipts.clone(),
            forgotten: self.forgotten,
            outbox: self.outbox.clone(),
            ..Self::default()
        };
        for raw in &self.records {
            let before = rebuilt.streams.get(&raw.stream).map(|(_, state)| state.clone());
            let state = fold(raw.stream, before, raw.seq, &raw.event()?)?;
            let position = Position { version: raw.version, seq: raw.seq };
            rebuilt.put(raw.stream, position, state);
        }
        Ok(rebuilt)
    }
}

/// Two layers, looked at from above.
#[derive(Clone, Copy)]
pub(super) struct View<'l> {
    pub(super) committed: &'l Layer,
    pub(super) written: &'l Layer,
}

impl<'l> View<'l> {
    pub(super) fn head(self) -> Option<Head> {
        self.written.records.last().or_else(|| self.committed.records.last()).map(Raw::head)
    }

    pub(super) fn state(self, stream: Stream) -> Option<&'l (Position, State)> {
        self.written.streams.get(&stream).or_else(|| self.committed.streams.get(&stream))
    }

    pub(super) fn receipt(self, command: CommandId) -> Option<&'l Receipt> {
        let written = self.written.receipts.get(&command);
        written.or_else(|| self.committed.receipts.get(&command))
    }

    /// What came of commands, in the order of their keys, after one of them.
    pub(super) fn receipts(
        self,
        after: Option<CommandId>,
        limit: usize,
    ) -> Vec<(CommandId, Receipt)> {
        let mut receipts = self.committed.receipts.clone();
        receipts.extend(&self.written.receipts);
        let rest = receipts.into_iter().filter(|(command, _)| after.is_none_or(|a| *command > a));
        rest.take(limit).collect()
    }

    pub(super) fn forgotten(self) -> Timestamp {
        self.committed.forgotten.unwrap_or(Timestamp::MIN)
    }

    pub(super) fn open_effect(self, record: u64) -> Option<OpenEffect> {
        let written = self.written.outbox.get(&record);
        written.or_else(|| self.committed.outbox.get(&record)).cloned().flatten()
    }

    /// The open effects in the order of their records.
    pub(super) fn open_effects(self) -> impl Iterator<Item = OpenEffect> {
        let mut outbox = self.committed.outbox.clone();
        outbox.extend(self.written.outbox.clone());
        outbox.into_values().flatten()
    }

    pub(super) fn effects_due(self, now: Timestamp, limit: usize) -> Vec<OpenEffect> {
        let since = |open: OpenEffect| match open.standing {
            // What lies ahead was put off by a clock that was wrong, or the clock ran back since.
            Standing::Due(at) if at > horizon(now) => Some(((1, at, open.record), open)),
            Standing::Due(at) if at <= now => Some(((0, at, open.record), open)),
            Standing::Due(at) if open.attempts == 0 => Some(((2, at, open.record), open)),
            _ => None,
        };
        let mut due: Vec<_> = self.open_effects().filter_map(since).collect();
        due.sort_by_key(|(place, _)| *place);
        due.into_iter().take(limit).map(|(_, open)| open).collect()
    }

    pub(super) fn next_effect(self, ticket: TicketId) -> Option<OpenEffect> {
        self.open_effects().find(|open| open.ticket == ticket && open.standing != Standing::Dead)
    }

    /// The records after number `after`.
    pub(super) fn slice(self, after: u64, limit: usize) -> Vec<Raw> {
        // Records are numbered from 1 without holes, so a number is how many come before the next.
        let skipped = usize::try_from(after).unwrap_or(usize::MAX);
        let records = self.committed.records.iter().chain(&self.written.records);
        records.skip(skipped).take(limit).cloned().collect()
    }

    pub(super) fn history(self, stream: Stream) -> Result<Vec<Raw>, StoreError> {
        match self.state(stream) {
            Some((position, _)) => walk(stream, *position, |seq| Inspect::record(&self, seq)),
            None => Ok(Vec::new()),
        }
    }

    /// The first wake times.
    pub(super) fn wakes(self, limit: usize) -> Vec<(Timestamp, TicketId)> {
        let is_below = |(_, id): &&(Timestamp, TicketId)| self.is_visible(Stream::Ticket(*id));
        let below = self.committed.wakes.iter().filter(is_below).take(limit);
        let mut wakes: Vec<_> =
            below.chain(self.written.wakes.iter().take(limit)).copied().collect();
        wakes.sort_unstable();
        wakes.truncate(limit);
        wakes
    }

    /// The first moments of plans.
    pub(super) fn party_wakes(self, limit: usize) -> Vec<(Timestamp, PartyId)> {
        let is_below = |(_, id): &&(Timestamp, PartyId)| self.is_visible(Stream::Party(*id));
        let below = self.committed.party_wakes.iter().filter(is_below).take(limit);
        let mut wakes: Vec<_> =
            below.chain(self.written.party_wakes.iter().take(limit)).copied().collect();
        wakes.sort_unstable();
        wakes.truncate(limit);
        wakes
    }

    /// The names of the queues in which tickets wait.
    pub(super) fn queues(self) -> Vec<String> {
        let waits = self.tickets().filter_map(|(_, ticket)| ticket.waits_in());
        waits.map(|(name, _)| name).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Those of one priority that wait in a queue, the longest first.
    pub(super) fn queued(self, queue: &str, priority: Priority) -> Vec<(Timestamp, TicketId)> {
        let there = self.tickets().filter(|(_, ticket)| ticket.priority() == priority);
        let there = there.filter_map(|(id, ticket)| Some((id, ticket.waits_in()?)));
        let there = there.filter(|(_, (name, _))| name == queue);
        there.map(|(id, (_, since))| (since, id)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn tickets(self) -> impl Iterator<Item = (TicketId, &'l Ticket)> {
        self.streams().filter_map(|(stream, (_, state))| match (stream, state) {
            (Stream::Ticket(id), State::Ticket(ticket)) => Some((*id, ticket)),
            _ => None,
        })
    }

    pub(super) fn find(self, query: &TicketQuery) -> Result<Page, StoreError> {
        let after = query.after.as_ref().map(|cursor| cursor.place(query.sort)).transpose()?;
        let mut found: Vec<(Place, Found)> = Vec::new();
        for (&stream, (position, state)) in self.streams() {
            if let (Stream::Ticket(id), State::Ticket(ticket)) = (stream, state)
                && query.filter.finds(id, ticket)
            {
                let Position { version, seq } = *position;
                let ticket = Found { id, version, seq, ticket: ticket.clone() };
                found.push((Place::of(query.sort, &ticket), ticket));
            }
        }
        found.retain(|(place, _)| after.is_none_or(|after| after < *place));
        found.sort_by_key(|(place, _)| *place);
        found.truncate(query.page_size() + 1);
        Ok(query.page(found.into_iter().map(|(_, ticket)| ticket).collect()))
    }

    /// What an agent has to do.
    pub(super) fn workload(self, agent: AgentId) -> Workload {
        let mut sum = Workload::default();
        for moments in [self.committed, self.written].map(|layer| layer.turns.get(&agent)) {
            moments.into_iter().for_each(|moments| sum.add(moments));
        }
        let all = (agent, TicketId(0))..=(agent, TicketId(u64::MAX));
        let below = self.committed.in_hand.range(all.clone());
        let below = below.filter(|(_, id)| self.is_visible(Stream::Ticket(*id)));
        for (_, id) in below.chain(self.written.in_hand.range(all)) {
            if let Some((_, State::Ticket(ticket))) = self.state(Stream::Ticket(*id)) {
                sum.add(&Workload::on(ticket, agent));
            }
        }
        sum
    }

    pub(super) fn find_parties(self, query: &PartyQuery) -> PartyPage {
        let mut found: Vec<(PartyPlace, PartyId, &Party)> = Vec::new();
        for (&stream, (_, state)) in self.streams() {
            if let (Stream::Party(id), State::Party(party)) = (stream, state)
                && query.finds(id, party)
            {
                found.push((PartyPlace::of(id, party), id, party));
            }
        }
        found.retain(|(place, ..)| query.after.as_ref().is_none_or(|after| place > after));
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let first = found.into_iter().take(query.page_size() + 1);
        query.page(first.map(|(_, id, party)| (id, party.clone())).collect())
    }

    pub(super) fn count(self, filter: &TicketFilter) -> u64 {
        let is_found = |(stream, (_, state)): &(&Stream, &(Position, State))| match (stream, state)
        {
            (Stream::Ticket(id), State::Ticket(ticket)) => filter.finds(*id, ticket),
            _ => false,
        };
        self.streams().filter(is_found).count() as u64
    }

    pub(super) fn article_changes(self, after: u64, limit: usize) -> Vec<ArticleChange> {
        let change = |(&seq, &article): (&u64, &ArticleId)| {
            let (_, state) = self.state(Stream::Article(article))?;
            let State::Article(state) = state else {
                return None;
            };
            Some(ArticleChange { seq, article, state: state.clone() })
        };
        let Some(first) = after.checked_add(1) else {
            return Vec::new();
        };
        let below = self.committed.article_changes.range(first..);
        let below = below.filter(|(_, article)| self.is_visible(Stream::Article(**article)));
        // What a transaction wrote comes after all that was committed before it.
        let changes = below.chain(self.written.article_changes.range(first..));
        changes.filter_map(change).take(limit).collect()
    }

    pub(super) fn last_article_change(self) -> u64 {
        let last = |layer: &Layer| layer.article_changes.keys().next_back().copied();
        last(self.written).or_else(|| last(self.committed)).unwrap_or(0)
    }

    pub(super) fn highest_ticket(self) -> u64 {
        let all = Stream::Ticket(TicketId(0))..=Stream::Ticket(TicketId(u64::MAX));
        let highest = |layer: &Layer| match layer.streams.range(all.clone()).next_back() {
            Some((Stream::Ticket(id), _)) => id.0,
            _ => 0,
        };
        highest(self.written).max(highest(self.committed))
    }

    pub(super) fn highest_article(self) -> u64 {
        let all = Stream::Article(ArticleId(0))..=Stream::Article(ArticleId(u64::MAX));
        let highest = |layer: &Layer| match layer.streams.range(all.clone()).next_back() {
            Some((Stream::Article(id), _)) => id.0,
            _ => 0,
        };
        highest(self.written).max(highest(self.committed))
    }

    /// Whether what is committed of a stream is not covered by something newer.
    fn is_visible(self, stream: Stream) -> bool {
        !self.written.streams.contains_key(&stream)
    }

    fn streams(self) -> impl Iterator<Item = (&'l Stream, &'l (Position, State))> {
        let below = self.committed.streams.iter();
        below.filter(move |(stream, _)| self.is_visible(**stream)).chain(&self.written.streams)
    }
}

impl Inspect for View<'_> {
    fn slice(&self, after: u64, limit: usize) -> Result<Vec<Raw>, StoreError> {
        Ok(View::slice(*self, after, limit))
    }

    fn record(&self, seq: u64) -> Result<Option<Raw>, StoreError> {
        let before = seq.checked_sub(1);
        Ok(before.and_then(|before| View::slice(*self, before, 1).pop()))
    }

    fn receipt(&self, command: CommandId) -> Result<Option<Receipt>, StoreError> {
        Ok(View::receipt(*self, command).copied())
    }

    fn forgotten(&self) -> Result<Timestamp, StoreError> {
        Ok(View::forgotten(*self))
    }

    fn open_effects(&self, after: u64, limit: usize) -> Result<Vec<OpenEffect>, StoreError> {
        let rest = View::open_effects(*self).filter(|open| open.record > after);
        Ok(rest.take(limit).collect())
    }

    fn each_stream(&self, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.streams().try_for_each(|(stream, (position, state))| visit(*stream, *position, state))
    }

    fn check_lists(&self, id: TicketId, ticket: &Ticket) -> Result<(), StoreError> {
        let is_set = |at| {
            let wake = (at, id);
            self.written.wakes.contains(&wake) || self.committed.wakes.contains(&wake)
        };
        if ticket.poll_timeout().is_none_or(is_set) {
            Ok(())
        } else {
            Err(StoreError::Stale { what: format!("the wake time of ticket {id}") })
        }
    }

    fn check_words(&self, _: PartyId, _: &Party) -> Result<(), StoreError> {
        // They are looked for in the states themselves.
        Ok(())
    }

    fn check_totals(&self, totals: &Totals) -> Result<(), StoreError> {
        let known = self.committed.turns.keys().chain(self.written.turns.keys());
        let work = known.map(|agent| (*agent, self.workload(*agent)));
        // Whoever was only asked has nothing.
        let work = work.filter(|(_, work)| *work != Workload::default());
        if work.collect::<BTreeMap<_, _>>() != totals.work {
            return Err(StoreError::Stale { what: "what agents have to do".to_owned() });
        }
        let wakes = self.wakes(usize::MAX).len() + self.party_wakes(usize::MAX).len();
        if wakes as u64 == totals.wakes + totals.party_wakes {
            Ok(())
        } else {
            let what = format!("there are {wakes} wake times instead of {}", totals.wakes);
            Err(StoreError::Stale { what })
        }
    }
}

impl Find for View<'_> {
    type Error = StoreError;

    fn position(&self, stream: Stream) -> Result<Option<Position>, StoreError> {
        Ok(self.state(stream).map(|(position, _)| *position))
    }

    fn record(&self, seq: u64) -> Result<Option<Raw>, StoreError> {
        Inspect::record(self, seq)
    }

    fn tickets_about(&self, contact: ContactId) -> Result<Vec<Stream>, StoreError> {
        let asked = self.streams().filter_map(|(stream, (_, state))| match state {
            State::Ticket(ticket) if ticket.requester == contact => Some(*stream),
            _ => None,
        });
        let wrote = View::slice(*self, 0, usize::MAX).into_iter().filter_map(|raw| {
            let is_theirs = raw.actor == Actor::Contact(contact);
            (is_theirs && matches!(raw.stream, Stream::Ticket(_))).then_some(raw.stream)
        });
        Ok(asked.chain(wrote).collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn belongings(&self) -> Result<Vec<Stream>, StoreError> {
        let streams = self.streams().map(|(stream, _)| *stream);
        let is_one = |stream: &Stream| {
            matches!(stream, Stream::Party(PartyId::Plan(_) | PartyId::Equipment(_)))
        };
        Ok(streams.filter(is_one).collect())
    }
}
