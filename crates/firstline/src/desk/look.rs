//! Questions to a desk. They run beside whoever writes, and change nothing.

use firstline_core::{
    Actor, Article, ArticleId, Asked, Asking, Onlooker, Party, PartyId, Refusal, Role, Stream,
    TicketEvent, TicketFilter, TicketId,
};
use firstline_store::{Head, Page, PartyPage, PartyQuery, Record, Stored, TicketQuery, Verified};

use super::{Desk, ticket_event};
use crate::error::Error;

/// A view of the rulebook at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// What it is called.
    pub name: String,
    /// What it shows, as it was asked for.
    pub asked: Asked,
    /// How many tickets that are.
    pub tickets: u64,
}

/// What somebody sees of a record of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The number of the record.
    pub seq: u64,
    /// Who gave the command.
    pub by: Actor,
    /// What happened, and when it was true.
    pub event: TicketEvent,
}

impl Desk {
    /// A ticket as it is, with its version; `None` if there is none of this number.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn ticket(&self, id: TicketId) -> Result<Option<Stored<firstline_core::Ticket>>, Error> {
        self.read(|journal| Ok(journal.ticket(id)?))
    }

    /// Somebody the desk knows; `None` if nobody was saved under this number.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn party(&self, id: PartyId) -> Result<Option<Party>, Error> {
        self.read(|journal| Ok(journal.party(id)?.map(|stored| stored.state)))
    }

    /// Parties by their words: contacts, organizations, agents, equipment and contracts, by name.
    ///
    /// ```
    /// use firstline::{Contact, ContactId, Desk, PartyId, PartyQuery, Rulebook};
    ///
    /// let rules = Rulebook::from_toml("name = 'Desk'\n[[lines]]\nid = 'L1'", "rules.toml")?;
    /// let desk = Desk::in_memory(rules)?;
    /// desk.save_contact(ContactId(1), Contact::new("Ada Byron"))?;
    /// let page = desk.find_parties(&PartyQuery::typed("byr")?)?;
    /// assert_eq!(page.parties[0].0, PartyId::Contact(ContactId(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn find_parties(&self, query: &PartyQuery) -> Result<PartyPage, Error> {
        self.read(|journal| Ok(journal.find_parties(query)?))
    }

    /// An article as it is now, with what was to be published or retired by now; `None` if there is none
    /// of this number. It is all of it, for agents: its drafts too, whoever it is for.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>, Error> {
        let now = self.now();
        self.read(|journal| Ok(journal.article(id)?.map(|stored| stored.state.at(now))))
    }

    /// Tickets that match, sorted and paged. What somebody typed may look for words too: see
    /// [`narrow`](Self::narrow).
    ///
    /// # Errors
    ///
    /// The journal cannot be read, or the cursor is none of its own.
    pub fn tickets(&self, query: &TicketQuery) -> Result<Page, Error> {
        self.read(|journal| Ok(journal.find(query)?))
    }

    /// The views of the rulebook, as they are for whoever asks, with the number of their tickets.
    ///
    /// # Errors
    ///
    /// The journal cannot be read, or the index of conversations be read or written. A view of what
    /// `me` has is left out for nobody in particular.
    pub fn views(&self, asking: &Asking) -> Result<Vec<Viewed>, Error> {
        let rulebook = self.rulebook();
        let asked = rulebook.views().iter().filter_map(|view| {
            Some((&view.name, rulebook.read_filter(&view.filter, asking).ok()?))
        });
        let counted = asked.map(|(name, asked)| {
            let tickets = self.count(&self.narrow(&asked, Role::Agent)?)?;
            Ok(Viewed { name: name.clone(), asked, tickets })
        });
        counted.collect()
    }

    /// How many tickets a filter finds.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn count(&self, filter: &TicketFilter) -> Result<u64, Error> {
        self.read(|journal| Ok(journal.count(filter)?))
    }

    /// All that happened to a ticket, oldest first: conversation, life, promises.
    ///
    /// # Errors
    ///
    /// The journal cannot be read; there is no such ticket.
    pub fn timeline(&self, ticket: TicketId) -> Result<Vec<Record>, Error> {
        let history = self.read(|journal| Ok(journal.history(Stream::Ticket(ticket))?))?;
        if history.is_empty() {
            return Err(Refusal::UnknownTicket(ticket).into());
        }
        Ok(history)
    }

    /// What happened to a ticket as somebody in this role may see it, oldest first: a customer gets the
    /// conversation and where it stands, and never a note. See [`Onlooker`].
    ///
    /// That this customer may see this ticket is the host's to know.
    ///
    /// # Errors
    ///
    /// Those of [`timeline`](Self::timeline).
    pub fn timeline_seen_by(&self, ticket: TicketId, role: Role) -> Result<Vec<Seen>, Error> {
        let rulebook = self.rulebook();
        let mut onlooker = Onlooker::new(role, &rulebook);
        let timeline = self.timeline(ticket)?;
        let seen = timeline.iter().filter_map(|record| {
            let event = onlooker.sees(ticket_event(record)?.1)?;
            Some(Seen { seq: record.seq, by: record.actor, event })
        });
        Ok(seen.collect())
    }

    /// Records of the whole desk after a sequence number, oldest first: the feed that a host
    /// follows. `after` is the last one it has seen, 0 for none.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn records(&self, after: u64, limit: usize) -> Result<Vec<Record>, Error> {
        self.read(|journal| Ok(journal.records(after, limit)?))
    }

    /// Where the journal ends: the last record's number, time and hash. `None` while it is empty.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn head(&self) -> Result<Option<Head>, Error> {
        self.read(|journal| Ok(journal.head()?))
    }

    /// Reads the whole journal and compares it with itself and with all that was derived from it.
    ///
    /// # Errors
    ///
    /// The first record that is missing, altered or out of order, or the first table that does not
    /// agree.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.read(|journal| Ok(journal.verify()?))
    }
}
