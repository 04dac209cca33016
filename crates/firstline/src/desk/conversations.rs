//! Lists by words: which tickets have them in their conversation.

use std::collections::BTreeSet;

use firstline_core::{
    Asked, ERASED, Refusal, Role, Stream, TicketFact, TicketFilter, TicketId, Visibility,
};
use firstline_knowledge::{Conversation, Sought, Utterance};

use super::{Desk, ticket_event};
use crate::error::Error;

/// By how many records the index may lag behind. So many are read by whoever asks, which takes some
/// milliseconds; to take them in takes a sync.
const MAX_LAG: u64 = 500;

impl Desk {
    /// The filter that finds what somebody asked for as it is now: its words are looked up in the
    /// conversations, and the tickets that have them are what is left. For lists, pages and counts.
    ///
    /// All words must be there: in the subject as it is now, the request or any message, for an agent in the notes
    /// too. Inflections are known by the language of each ticket; what is quoted stands as it was
    /// typed. A ticket is found by what was said on those that were merged into it as well, until
    /// that is undone, and by nothing that was erased.
    ///
    /// What a command said is found as soon as it has returned: the index may lag behind the journal,
    /// and what it has not read yet is looked at as it is. See [`catch_up`](Self::catch_up).
    ///
    /// ```
    /// use firstline::{
    ///     Actor, Asking, Contact, ContactId, Desk, OpenTicket, Role, Rulebook, TicketQuery,
    /// };
    ///
    /// let rules = Rulebook::from_toml("name = 'Desk'\n[[lines]]\nid = 'L1'", "rules.toml")?;
    /// let desk = Desk::in_memory(rules)?;
    /// let ada = ContactId(1);
    /// desk.save_contact(ada, Contact::new("Ada"))?;
    /// let jam = OpenTicket::new(ada, "Paper jam", "Both printers on the third floor are jammed.");
    /// let jam = desk.open_ticket(Actor::Contact(ada), jam)?;
    /// desk.open_ticket(Actor::Contact(ada), OpenTicket::new(ada, "Scanner", "No paper left."))?;
    ///
    /// let asking = Asking::at(desk.now());
    /// let asked = desk.rulebook().read_filter("status:new printer -\"third row\"", &asking)?;
    /// let filter = desk.narrow(&asked, Role::Agent)?;
    /// let page = desk.tickets(&TicketQuery::from(filter.clone()))?;
    /// assert_eq!(page.tickets.iter().map(|found| found.id).collect::<Vec<_>>(), [jam]);
    /// assert_eq!(desk.count(&filter)?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written.
    pub fn narrow(&self, asked: &Asked, seen_by: Role) -> Result<TicketFilter, Error> {
        let Asked { filter, words } = asked;
        if words.is_empty() {
            return Ok(filter.clone());
        }
        let readable = match seen_by {
            Role::Contact => Visibility::Public,
            Role::Agent | Role::System => Visibility::Internal,
        };
        let sought = Sought::new(words, readable);
        let found = self.sound(|| self.conversations_with(&sought))?;
        Ok(filter.clone().among(found))
    }

    /// The tickets in whose conversations everything is as it is sought.
    fn conversations_with(&self, sought: &Sought) -> Result<BTreeSet<TicketId>, Error> {
        self.feed_conversations(MAX_LAG)?;
        let (mut found, mut position) = self.inner.conversations.find(sought)?;
        loop {
            let (end, changed) = self.conversations_since(position, position)?;
            if end == position {
                return Ok(found);
            }
            position = end;
            for id in changed {
                if sought.finds(&self.conversation(id)?) {
                    found.insert(id);
                } else {
                    found.remove(&id);
                }
            }
        }
    }

    /// Lets the index of conversations follow the journal, if it is more than so many records behind.
    pub(super) fn feed_conversations(&self, lag: u64) -> Result<(), Error> {
        let index = &self.inner.conversations;
        let head = self.head()?.map_or(0, |head| head.seq);
        if index.position().saturating_add(lag) >= head {
            return Ok(());
        }
        self.follow_conversations(head, || {
            let (last, changed) = self.conversations_since(index.position(), head)?;
            let changed = changed.into_iter().map(|id| Ok((id, self.conversation(id)?)));
            Ok(index.absorb(last, &changed.collect::<Result<Vec<_>, Error>>()?)?)
        })
    }

    /// Reads on from a record as [`changed_since`](Self::changed_since) does. Gives how far, and the
    /// tickets whose conversations became others: those that the records are about, and those that they
    /// live on in.
    fn conversations_since(
        &self,
        after: u64,
        end: u64,
    ) -> Result<(u64, BTreeSet<TicketId>), Error> {
        let (end, changed) = self.changed_since(after, end, TicketFact::changes_conversation)?;
        let mut all = changed.clone();
        self.read(|journal| {
            for id in changed {
                let mut next = Some(id);
                while let Some(id) = next {
                    all.insert(id);
                    let state = journal.ticket(id)?.map(|stored| stored.state);
                    next = state.and_then(|it| it.merged).map(|merged| merged.into);
                }
            }
            Ok((end, all))
        })
    }

    /// All that was said on a ticket, and on those that were merged into it.
    fn conversation(&self, ticket: TicketId) -> Result<Conversation, Error> {
        let mut conversation = Conversation::default();
        let mut tickets = vec![ticket];
        self.read(|journal| {
            while let Some(id) = tickets.pop() {
                let stored = journal.ticket(id)?.ok_or(Refusal::UnknownTicket(id))?;
                let language = stored.state.language.unwrap_or_else(|| "".into());
                let mut say = |visibility, text: &str| {
                    let (language, text) = (language.clone(), text.to_owned());
                    conversation.said.push(Utterance { visibility, language, text });
                };
                // A subject that was corrected is not found by what it was by mistake.
                if stored.state.subject != ERASED {
                    say(Visibility::Public, &stored.state.subject);
                }
                for record in journal.history(Stream::Ticket(id))? {
                    let said = ticket_event(&record).and_then(|(_, event)| event.fact.said());
                    if let Some((visibility, text)) = said {
                        say(visibility, text);
                    }
                }
                tickets.extend(stored.state.took_in);
            }
            Ok(conversation)
        })
    }
}
