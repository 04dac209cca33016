//! What is said on a ticket for another one that was merged into it: so that it goes there when the
//! merge is undone.

use std::collections::BTreeSet;

use firstline_sla::Timestamp;

use crate::id::TicketId;
use crate::people::Actor;
use crate::ticket::Ticket;
use crate::ticket::attachment::Attachment;
use crate::ticket::decide::Turn;
use crate::ticket::fact::{TicketEvent, TicketFact};

/// A message of a ticket, as its journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number on the ticket, from 1.
    pub number: u32,
    /// Who wrote it.
    pub author: Actor,
    /// When.
    pub written_at: Timestamp,
    /// The words.
    pub text: String,
    /// The files that came with it.
    pub files: Vec<Attachment>,
    /// By the number of which other ticket it came.
    pub came_by: Option<TicketId>,
}

impl Turn {
    /// The same of a message that was sent to the ticket of this number, which had been merged into the
    /// one that took it in.
    #[must_use]
    pub fn came_by(mut self, number: TicketId) -> Self {
        note_number(&mut self.events, number);
        self
    }
}

/// Notes by which number it came what customers say in these events.
pub(super) fn note_number(events: &mut [TicketEvent], number: TicketId) {
    for event in events {
        if let TicketFact::MessageAdded { author: Actor::Contact(_), came_by, .. } = &mut event.fact
        {
            *came_by = Some(number);
        }
    }
}

/// What was said on a ticket for the sake of `of`, which was merged into it. That is what has come since
/// by the number of that one, or of one of its `lodgers`, which live on in it. Of what came by the
/// survivor's own number it is what the customer of that one has said, unless the survivor is theirs
/// too, where nobody can tell which they meant. `history` is that of `other`.
#[must_use]
pub fn said_since_merge<'t>(
    (id, of): (TicketId, &Ticket),
    lodgers: &BTreeSet<TicketId>,
    other: &Ticket,
    history: impl IntoIterator<Item = &'t TicketEvent>,
) -> Vec<Message> {
    let asks = Actor::Contact(of.requester);
    let is_anothers = of.requester != other.requester;
    let is_for = |author: Actor, came_by: Option<TicketId>| match came_by {
        Some(number) => number == id || lodgers.contains(&number),
        None => is_anothers && author == asks,
    };
    let (mut number, mut said) = (0, None);
    for TicketEvent { at, fact, .. } in history {
        match fact {
            TicketFact::Opened { .. } => number += 1,
            TicketFact::TookIn { ticket, .. } if *ticket == id => said = Some(Vec::new()),
            TicketFact::MessageAdded { author, text, came_by, .. } => {
                number += 1;
                if let Some(said) = said.as_mut().filter(|_| is_for(*author, *came_by)) {
                    said.push(Message {
                        number,
                        author: *author,
                        written_at: *at,
                        text: text.clone(),
                        files: Vec::new(),
                        came_by: came_by.filter(|number| *number != id),
                    });
                }
            }
            TicketFact::Attached { message, files, .. } => {
                let with_it = |said: &&mut Message| said.number == *message;
                if let Some(said) = said.iter_mut().flatten().find(with_it) {
                    said.files.extend(files.iter().cloned());
                }
            }
            _ => {}
        }
    }
    said.unwrap_or_default()
}
