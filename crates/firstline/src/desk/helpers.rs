//! Commands under their own names, for those who write Rust. Each is one [`Desk::execute`], at the
//! time of the desk's own clock.

use firstline_core::{
    Actor, Agent, AgentId, ArticleAction, ArticleId, Audience, Command, Contact, ContactId,
    Correction, HoldReason, LineId, OpenTicket, Organization, OrganizationId, Party, PartyId,
    Status, Stream, TeamId, TicketAction, TicketId,
};
use firstline_store::Receipt;

use super::Desk;
use crate::error::Error;

impl Desk {
    /// Opens a ticket and gives its number.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute), as for all that follow.
    pub fn open_ticket(&self, by: Actor, request: OpenTicket) -> Result<TicketId, Error> {
        match self.execute(Command::open(by, request))?.stream {
            Stream::Ticket(id) => Ok(id),
            other => unreachable!("an opening belongs to a ticket, not to {other:?}"),
        }
    }

    /// Sends a public message.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn reply(
        &self,
        by: Actor,
        ticket: TicketId,
        text: impl Into<String>,
    ) -> Result<Receipt, Error> {
        self.on(by, ticket, TicketAction::Reply { text: text.into(), then: None })
    }

    /// Sends a public message and waits for the customer.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn ask_customer(
        &self,
        by: Actor,
        ticket: TicketId,
        text: impl Into<String>,
    ) -> Result<Receipt, Error> {
        let then = Some(Status::Pending);
        self.on(by, ticket, TicketAction::Reply { text: text.into(), then })
    }

    /// Writes a note that only agents see.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn add_note(
        &self,
        by: Actor,
        ticket: TicketId,
        text: impl Into<String>,
    ) -> Result<Receipt, Error> {
        self.on(by, ticket, TicketAction::AddNote { text: text.into() })
    }

    /// Gives the ticket to an agent, or to nobody.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn assign(
        &self,
        by: Actor,
        ticket: TicketId,
        agent: Option<AgentId>,
    ) -> Result<Receipt, Error> {
        self.on(by, ticket, TicketAction::Assign { agent })
    }

    /// Hands the ticket over to a line and team.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn hand_over(
        &self,
        by: Actor,
        ticket: TicketId,
        line: impl Into<LineId>,
        team: Option<TeamId>,
    ) -> Result<Receipt, Error> {
        self.on(by, ticket, TicketAction::HandOver { line: line.into(), team })
    }

    /// Puts right what the ticket was opened with by mistake.
    ///
    /// ```
    /// # use firstline::{
    /// #     Actor, Agent, AgentId, Contact, ContactId, Correction, Desk, OpenTicket, Rulebook,
    /// # };
    /// # let rules = Rulebook::from_toml("name = 'Desk'\n[[lines]]\nid = 'L1'", "rules.toml")?;
    /// # let desk = Desk::in_memory(rules)?;
    /// let (ada, grace, bob) = (ContactId(1), ContactId(2), Actor::Agent(AgentId(1)));
    /// # desk.save_agent(AgentId(1), Agent::new("Bob"))?;
    /// desk.save_contact(ada, Contact::new("Ada"))?;
    /// desk.save_contact(grace, Contact::new("Grace"))?;
    /// let ticket = desk.open_ticket(bob, OpenTicket::new(ada, "Pritner", "She called."))?;
    ///
    /// let subject = Some("Printer".to_owned());
    /// desk.correct(bob, ticket, Correction { subject, requester: Some(grace), ..Correction::default() })?;
    /// # assert_eq!(desk.ticket(ticket)?.unwrap().state.requester, grace);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn correct(
        &self,
        by: Actor,
        ticket: TicketId,
        correction: Correction,
    ) -> Result<Receipt, Error> {
        self.on(by, ticket, TicketAction::Correct(Box::new(correction)))
    }

    /// Lets the ticket wait for a third party.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn hold(&self, by: Actor, ticket: TicketId, reason: HoldReason) -> Result<Receipt, Error> {
        let hold = Some(reason);
        self.on(by, ticket, TicketAction::ChangeStatus { to: Status::OnHold, hold })
    }

    /// Calls the matter done.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn resolve(&self, by: Actor, ticket: TicketId) -> Result<Receipt, Error> {
        self.change_status(by, ticket, Status::Resolved)
    }

    /// Takes up again what was called done.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn reopen(&self, by: Actor, ticket: TicketId) -> Result<Receipt, Error> {
        self.change_status(by, ticket, Status::Open)
    }

    /// Closes a resolved ticket for ever.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn close(&self, by: Actor, ticket: TicketId) -> Result<Receipt, Error> {
        self.change_status(by, ticket, Status::Closed)
    }

    /// Publishes a new article for everybody and gives its number. For other audiences, tags and
    /// further editions see [`ArticleAction::Publish`].
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn publish(
        &self,
        by: Actor,
        language: &str,
        title: impl Into<String>,
        body: impl Into<String>,
    ) -> Result<ArticleId, Error> {
        let action = ArticleAction::Publish {
            language: language.into(),
            title: title.into(),
            body: body.into(),
            audience: Some(Audience::Public),
            tags: Some(std::collections::BTreeSet::new()),
        };
        match self.execute(Command::article(by, None, action))?.stream {
            Stream::Article(id) => Ok(id),
            other => unreachable!("a publication belongs to an article, not to {other:?}"),
        }
    }

    /// Saves who asks.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn save_contact(&self, id: ContactId, contact: Contact) -> Result<Receipt, Error> {
        self.save(PartyId::Contact(id), Party::Contact(contact))
    }

    /// Saves a company or department.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn save_organization(
        &self,
        id: OrganizationId,
        organization: Organization,
    ) -> Result<Receipt, Error> {
        self.save(PartyId::Organization(id), Party::Organization(organization))
    }

    /// Saves who answers.
    ///
    /// # Errors
    ///
    /// Those of [`execute`](Self::execute).
    pub fn save_agent(&self, id: AgentId, agent: Agent) -> Result<Receipt, Error> {
        self.save(PartyId::Agent(id), Party::Agent(agent))
    }

    fn save(&self, id: PartyId, party: Party) -> Result<Receipt, Error> {
        self.execute(Command::save(Actor::System, id, party))
    }

    fn change_status(&self, by: Actor, ticket: TicketId, to: Status) -> Result<Receipt, Error> {
        self.on(by, ticket, TicketAction::ChangeStatus { to, hold: None })
    }

    fn on(&self, by: Actor, ticket: TicketId, action: TicketAction) -> Result<Receipt, Error> {
        self.execute(Command::ticket(by, ticket, action))
    }
}
