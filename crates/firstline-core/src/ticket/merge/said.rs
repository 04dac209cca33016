//! What is said and done on a ticket for another one that was merged into it: so that it goes there when
//! the merge is undone.

use std::collections::BTreeSet;

use firstline_sla::Timestamp;

use crate::id::TicketId;
use crate::people::Actor;
use crate::ticket::Ticket;
use crate::ticket::attachment::Attachment;
use crate::ticket::brought::CameFrom;
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
    /// one that took it in, or where that ended.
    #[must_use]
    pub fn came_by(mut self, number: TicketId) -> Self {
        note_number(&mut self.events, number);
        self
    }
}

/// Notes by which number it came what customers say in these events.
pub(super) fn note_number(events: &mut [TicketEvent], number: TicketId) {
    for event in events {
        if let TicketFact::MessageAdded { author: Actor::Contact(_), came_by, .. }
        | TicketFact::Opened { author: Actor::Contact(_), came_by, .. } = &mut event.fact
        {
            *came_by = Some(number);
        }
    }
}

/// What was said and done on a ticket for the sake of another one since that was merged into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinceMerge {
    /// What was said for it.
    pub said: Vec<Message>,
    /// What was done of its checklist and what was answered of its approvals, by the numbers there.
    pub filed: Vec<TicketEvent>,
}

/// What was said and done on a ticket for the sake of `of` since that was merged into it: what came by
/// the number of that one, or of one of its `lodgers`, which live on in it. Of what came by the survivor's
/// own number it is what the customer of that one has said, unless the survivor is theirs too, where
/// nobody can tell which they meant. `history` is that of `other`.
#[must_use]
pub fn since_merge<'t>(
    (id, of): (TicketId, &Ticket),
    lodgers: &BTreeSet<TicketId>,
    other: &Ticket,
    history: impl IntoIterator<Item = &'t TicketEvent>,
) -> SinceMerge {
    let asks = Actor::Contact(of.requester);
    let is_anothers = of.requester != other.requester;
    let is_for = |author: Actor, came_by: Option<TicketId>| match came_by {
        Some(number) => number == id || lodgers.contains(&number),
        None => is_anothers && author == asks,
    };
    let (mut number, mut since) = (0, None::<SinceMerge>);
    for event in history {
        let TicketEvent { at, fact, .. } = event;
        match fact {
            TicketFact::Opened { .. } => number += 1,
            TicketFact::TookIn { ticket, .. } if *ticket == id => {
                since = Some(SinceMerge::default());
            }
            TicketFact::MessageAdded { author, text, came_by, .. } => {
                number += 1;
                if let Some(since) = since.as_mut().filter(|_| is_for(*author, *came_by)) {
                    since.said.push(Message {
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
                let mut said = since.iter_mut().flat_map(|since| &mut since.said);
                if let Some(said) = said.find(|said| said.number == *message) {
                    said.files.extend(files.iter().cloned());
                }
            }
            fact => {
                if let (Some(since), Some(fact)) = (&mut since, at_home(fact, id, other)) {
                    since.filed.push(TicketEvent { fact, ..event.clone() });
                }
            }
        }
    }
    since.unwrap_or_default()
}

impl SinceMerge {
    /// Adds what came by the number of ticket `id` or of one of its `lodgers` when the survivor was over, and
    /// so went to a ticket that goes on where that one ended, which has this `history`. It stays there as
    /// well: whoever works on that one sees both.
    pub fn add_follow_up<'t>(
        &mut self,
        (id, of): (TicketId, &Ticket),
        lodgers: &BTreeSet<TicketId>,
        history: impl IntoIterator<Item = &'t TicketEvent>,
    ) {
        let Some(merged_at) = of.closed_at.filter(|_| of.merged.is_some()) else { return };
        let is_for = |number: TicketId| number == id || lodgers.contains(&number);
        let (mut number, mut said) = (0, Vec::<Message>::new());
        for event in history {
            match &event.fact {
                TicketFact::Opened { author, text, came_by, .. }
                | TicketFact::MessageAdded { author, text, came_by, .. } => {
                    number += 1;
                    if event.at >= merged_at && came_by.is_some_and(is_for) {
                        said.push(Message {
                            number,
                            author: *author,
                            written_at: event.at,
                            text: text.clone(),
                            files: Vec::new(),
                            came_by: came_by.filter(|number| *number != id),
                        });
                    }
                }
                TicketFact::Attached { message, files, .. } => {
                    if let Some(said) = said.iter_mut().find(|said| said.number == *message) {
                        said.files.extend(files.iter().cloned());
                    }
                }
                _ => {}
            }
        }
        self.said.extend(said);
    }
}

/// What happened to something that came with ticket `id`, by its number there.
fn at_home(fact: &TicketFact, id: TicketId, other: &Ticket) -> Option<TicketFact> {
    let number = |from: Option<CameFrom>| Some(from.filter(|from| from.ticket == id)?.number);
    let index = |here: u32| (here as usize).checked_sub(1);
    match fact {
        TicketFact::Checklist(fact) => {
            let home = |here| number(other.checklist.get(index(here)?)?.from);
            fact.renumbered(home).map(TicketFact::Checklist)
        }
        TicketFact::Approval(fact) => {
            let home = |here| number(other.approvals.get(index(here)?)?.from);
            fact.renumbered(home).map(TicketFact::Approval)
        }
        _ => None,
    }
}
