//! What a fact changes. Nothing is decided here, and nothing but the ticket and the event is read.

use firstline_sla::{Clock, ClockEvent, ImpossibleEvent, Metric, Timestamp};

use super::Ticket;
use super::fact::{TicketEvent, TicketFact};
use super::lifecycle::Status;

/// A record that cannot have happened: the journal it came from is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorruptJournal {
    /// Something happened to a ticket before it was opened.
    #[error("something happened to a ticket before it was opened")]
    NotOpened,
    /// A ticket was opened that was open already.
    #[error("a ticket was opened twice")]
    OpenedTwice,
    /// Something happened to a promise before it was made.
    #[error("something happened to the {metric} clock before it was started")]
    NotStarted {
        /// Which.
        metric: Metric,
    },
    /// Something happened to a promise that cannot happen to it.
    #[error(transparent)]
    Clock(#[from] ImpossibleEvent),
    /// Something happened to an article before it was published.
    #[error("an article was retired before it was published")]
    ArticleNotPublished,
}

/// The ticket after an event.
///
/// # Errors
///
/// The event cannot have happened to this ticket; the journal it came from is damaged.
pub fn apply(ticket: Option<Ticket>, event: &TicketEvent) -> Result<Ticket, CorruptJournal> {
    match ticket {
        None => Ticket::begin(event),
        Some(mut ticket) => {
            ticket.change(event)?;
            Ok(ticket)
        }
    }
}

impl Ticket {
    /// The ticket that an opening begins.
    pub(super) fn begin(event: &TicketEvent) -> Result<Self, CorruptJournal> {
        let TicketFact::Opened {
            kind,
            requester,
            organization,
            subject,
            text: _,
            channel,
            language,
            classification,
            line,
            team,
            tags,
        } = &event.fact
        else {
            return Err(CorruptJournal::NotOpened);
        };
        Ok(Self {
            kind: *kind,
            subject: subject.clone(),
            requester: *requester,
            organization: *organization,
            channel: *channel,
            language: language.clone(),
            status: Status::New,
            hold: None,
            classification: *classification,
            line: line.clone(),
            team: team.clone(),
            assignee: None,
            tags: tags.clone(),
            opened_at: event.at,
            updated_at: event.at,
            resolved_at: None,
            closed_at: None,
            reopened: 0,
            handed_over: 0,
            messages: 1,
            clocks: std::collections::BTreeMap::new(),
        })
    }

    /// Changes the ticket as the event says.
    pub(super) fn change(&mut self, event: &TicketEvent) -> Result<(), CorruptJournal> {
        match &event.fact {
            TicketFact::Opened { .. } => return Err(CorruptJournal::OpenedTwice),
            TicketFact::MessageAdded { .. } => self.messages += 1,
            TicketFact::StatusChanged { from, to, hold } => {
                self.status = *to;
                self.hold = *hold;
                match (from, to) {
                    (Status::Resolved, Status::Closed) => self.closed_at = Some(event.at),
                    (_, Status::Resolved) => self.resolved_at = Some(event.at),
                    (Status::Resolved, _) => {
                        self.resolved_at = None;
                        self.reopened += 1;
                    }
                    _ => {}
                }
            }
            TicketFact::Assigned { agent } => self.assignee = *agent,
            TicketFact::HandedOver { line, team, cause: _ } => {
                self.line = line.clone();
                self.team = team.clone();
                self.assignee = None;
                self.handed_over += 1;
            }
            TicketFact::Classified { classification, reason: _ } => {
                self.classification = *classification;
            }
            TicketFact::Tagged { added, removed } => {
                self.tags.retain(|tag| !removed.contains(tag));
                self.tags.extend(added.iter().cloned());
            }
            TicketFact::Clock { metric, event: clock_event } => {
                self.change_clock(*metric, clock_event, event.at)?;
            }
        }
        // A fact may be dated before the last one: it was noticed late.
        self.updated_at = self.updated_at.max(event.at);
        Ok(())
    }

    fn change_clock(
        &mut self,
        metric: Metric,
        event: &ClockEvent,
        at: Timestamp,
    ) -> Result<(), CorruptJournal> {
        if matches!(event, ClockEvent::Started { .. }) {
            self.clocks.insert(metric, Clock::begin(event, at)?);
            return Ok(());
        }
        let clock = self.clocks.get_mut(&metric).ok_or(CorruptJournal::NotStarted { metric })?;
        Ok(clock.apply(event, at)?)
    }
}
