//! Somebody who works at a desk: makes real entries out of actions.

use firstline_core::{
    Actor, Agent, AgentId, Article, ArticleAction, ArticleId, Audience, Coming, Contact, ContactId,
    Contract, Date, Equipment, Event, OpenTicket, Organization, OrganizationId, Party, PartyId,
    Plan, Refusal, Rulebook, RulebookAdopted, Stream, Ticket, TicketAction, TicketId, Timestamp,
    Turn, carry_out,
};

use crate::error::StoreError;
use crate::journal::{Entry, Journal, Reader, Receipt, State, Transaction};

/// Two lines with teams, promises that pause, warn and climb, and fields of its own.
const RULEBOOK: &str = r#"
name = "Northwind support"

[[lines]]
id = "L1"
teams = ["desk", "night"]

[[lines]]
id = "L2"
teams = ["field"]

[[policies]]
name = "standard"
calendar = "always"

[policies.targets.first_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
warn_at = [50]

[policies.targets.next_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }

[policies.targets.resolution]
within = { critical = "4h", high = "8h", medium = "24h", low = "72h" }
pause_on = ["pending"]
ladder = [{ at_due = true, hand_over = "next" }]

[fields.site]
kind = "choice"
choices = ["berlin", "kazan"]

[fields.seats]
kind = "integer"

[fields.budget]
kind = "decimal"

[fields.systems]
kind = "choices"
choices = ["erp", "mail"]

[fields.bought]
kind = "date"

[fields.thing]
kind = "reference"
to = "equipment"

[fields.urgent]
kind = "bool"
"#;

/// An agent of the desk.
pub(crate) const AGENT: Actor = Actor::Agent(AgentId(1));

/// A customer.
pub(crate) const CUSTOMER: Actor = Actor::Contact(ContactId(1));

/// Decides as a desk does, and writes what was decided.
pub(crate) struct Clerk {
    pub(crate) rulebook: Rulebook,
    /// What the clock on the wall says.
    pub(crate) now: Timestamp,
}

impl Clerk {
    /// A clerk on a Monday morning.
    pub(crate) fn new() -> Self {
        let rulebook = Rulebook::from_toml(RULEBOOK, "desk.toml").expect("the rulebook is sound");
        Self { rulebook, now: "2026-03-02T09:00:00Z".parse().expect("it is a moment") }
    }

    /// Lets time go by.
    pub(crate) fn wait_minutes(&mut self, minutes: i64) {
        let later = self.now.checked_add_millis(minutes * 60_000);
        self.now = later.expect("no test lasts for ages");
    }

    /// The entry of an action on a ticket as `reader` knows it, or why there is none.
    pub(crate) fn decide(
        &self,
        reader: &dyn Reader,
        id: TicketId,
        actor: Actor,
        action: &TicketAction,
    ) -> Result<Result<Entry, Refusal>, StoreError> {
        let before = reader.ticket(id)?;
        let expected = before.as_ref().map_or(0, |stored| stored.version);
        let ticket = before.map(|stored| stored.state);
        Ok(carry_out(ticket, action, actor, &self.rulebook, self.now).map(|turn| {
            let events = turn.events.into_iter().map(Event::Ticket).collect();
            self.entry(Stream::Ticket(id), expected, actor, events, State::Ticket(turn.ticket))
        }))
    }

    /// The entry of an action that is allowed.
    #[track_caller]
    pub(crate) fn on_ticket(
        &self,
        reader: &dyn Reader,
        id: TicketId,
        actor: Actor,
        action: &TicketAction,
    ) -> Result<Entry, StoreError> {
        Ok(self.decide(reader, id, actor, action)?.expect("it is allowed"))
    }

    /// The entry of an action on an article as `reader` knows it.
    #[track_caller]
    pub(crate) fn on_article(
        &self,
        reader: &dyn Reader,
        id: ArticleId,
        action: &ArticleAction,
    ) -> Result<Entry, StoreError> {
        let before = reader.article(id)?;
        let expected = before.as_ref().map_or(0, |stored| stored.version);
        let article = before.map(|stored| stored.state);
        let event = Article::decide(id, article.as_ref(), action, AGENT, self.now);
        let event = event.expect("it is allowed");
        let article = Article::apply(article, &event).expect("what was decided can happen");
        let (stream, events) = (Stream::Article(id), vec![Event::Article(event)]);
        Ok(self.entry(stream, expected, AGENT, events, State::Article(article)))
    }

    /// The entry of saving a party over what `reader` knows of it.
    pub(crate) fn on_party(
        &self,
        reader: &dyn Reader,
        id: PartyId,
        name: &str,
    ) -> Result<Entry, StoreError> {
        let name = name.to_owned();
        let party = match id {
            PartyId::Contact(_) => Party::Contact(Contact::new(name)),
            PartyId::Organization(_) => Party::Organization(Organization::new(name)),
            PartyId::Agent(_) => Party::Agent(Agent::new(name)),
            PartyId::Equipment(_) => Party::Equipment(Equipment::new(name)),
            PartyId::Contract(_) => Party::Contract(Contract::new(name, OrganizationId(1))),
            PartyId::Plan(_) => Party::Plan(service(name, None)),
        };
        self.of_party(reader, id, party)
    }

    /// The entry of a party's being saved as it is.
    pub(crate) fn of_party(
        &self,
        reader: &dyn Reader,
        id: PartyId,
        party: Party,
    ) -> Result<Entry, StoreError> {
        let stream = Stream::Party(id);
        let (expected, events) = (reader.version(stream)?, vec![Event::Party(party.clone())]);
        Ok(self.entry(stream, expected, Actor::System, events, State::Party(party)))
    }

    /// The entry of a rulebook's coming into force.
    pub(crate) fn on_desk(&self, reader: &dyn Reader, version: u32) -> Result<Entry, StoreError> {
        let source = format!("{RULEBOOK}# version {version}\n");
        let events = vec![Event::Rulebook(RulebookAdopted { version, source })];
        let expected = reader.version(Stream::Desk)?;
        Ok(self.entry(Stream::Desk, expected, Actor::System, events, State::Desk))
    }

    fn entry(
        &self,
        stream: Stream,
        expected: u64,
        actor: Actor,
        events: Vec<Event>,
        state: State,
    ) -> Entry {
        let (at, rulebook) = (self.now, self.rulebook.version());
        Entry { stream, expected, at, actor, command: None, rulebook, events, state }
    }

    /// Does something to a ticket in a transaction of its own.
    #[track_caller]
    pub(crate) fn act(
        &self,
        journal: &mut dyn Journal,
        id: TicketId,
        actor: Actor,
        action: &TicketAction,
    ) -> Result<Receipt, StoreError> {
        Self::write(journal, |reader| self.on_ticket(reader, id, actor, action))
    }

    /// Records what became of a ticket in a transaction of its own.
    pub(crate) fn turn(
        &self,
        journal: &mut dyn Journal,
        id: TicketId,
        actor: Actor,
        turn: impl FnOnce(Ticket) -> Turn,
    ) -> Result<Receipt, StoreError> {
        Self::write(journal, |reader| {
            let stored = reader.ticket(id)?.expect("it was opened");
            let Turn { ticket, events } = turn(stored.state);
            let events = events.into_iter().map(Event::Ticket).collect();
            let (stream, state) = (Stream::Ticket(id), State::Ticket(ticket));
            Ok(self.entry(stream, stored.version, actor, events, state))
        })
    }

    /// Opens a ticket in a transaction of its own.
    pub(crate) fn open(
        &self,
        journal: &mut dyn Journal,
        request: OpenTicket,
    ) -> Result<TicketId, StoreError> {
        let mut transaction = journal.begin()?;
        let id = self.open_in(&mut *transaction, request)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Opens a ticket.
    pub(crate) fn open_in(
        &self,
        transaction: &mut dyn Transaction,
        request: OpenTicket,
    ) -> Result<TicketId, StoreError> {
        let id = transaction.next_ticket_id()?;
        let open = TicketAction::Open(Box::new(request));
        let entry = self.on_ticket(transaction, id, CUSTOMER, &open)?;
        transaction.append(entry)?;
        Ok(id)
    }

    /// Writes an entry in a transaction of its own.
    pub(crate) fn write(
        journal: &mut dyn Journal,
        entry: impl FnOnce(&dyn Reader) -> Result<Entry, StoreError>,
    ) -> Result<Receipt, StoreError> {
        let mut transaction = journal.begin()?;
        let entry = entry(&*transaction)?;
        let receipt = transaction.append(entry)?;
        transaction.commit()?;
        Ok(receipt)
    }
}

/// A request of the customer.
/// A plan that opens its next ticket at this moment.
pub(crate) fn service(name: String, next: Option<Timestamp>) -> Plan {
    let start: Date = "2026-03-02".parse().expect("it is a date");
    let mut plan = Plan::new(name, "FREQ=DAILY", start, request("Service"));
    plan.progress.next = next.map(|at| Coming { date: start, at });
    plan
}

pub(crate) fn request(subject: &str) -> OpenTicket {
    OpenTicket::new(ContactId(1), subject, "It does not work any more.")
}

/// A message.
pub(crate) fn reply(text: &str) -> TicketAction {
    TicketAction::Reply { text: text.to_owned(), then: None }
}

/// A first or another edition of an article.
pub(crate) fn publish(title: &str) -> ArticleAction {
    ArticleAction::Publish {
        language: "en".into(),
        title: title.to_owned(),
        body: "Turn it off and on again.".to_owned(),
        audience: Some(Audience::Public),
        tags: Some(["power".into()].into()),
    }
}
