//! What came to a ticket from elsewhere happens to it again, in a dry run: what other tickets, a
//! contract or the floor had to do with it is not there to be asked anew.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;

use super::Ticket;
use super::action::OpenTicket;
use super::decide::{Turn, Work};
use super::fact::TicketFact;
use super::lifecycle::Status;
use super::relation::Relation;
use crate::custom::FieldValue;
use crate::id::{AgentId, FieldId, RuleId};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;
use crate::routing::Choice;
use crate::rulebook::Rulebook;

/// Something that came to a ticket from elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FromElsewhere<'f> {
    /// It stands to another ticket like this, or does so no more; work was counted on a contract;
    /// whoever is asked may not have it any more; or nobody can have it now.
    Fact(&'f TicketFact),
    /// Somebody was chosen for it, and has it.
    Given(AgentId),
    /// Somebody was chosen for it, and is asked.
    Offered(AgentId),
}

impl FromElsewhere<'_> {
    /// Whether it came of looking for somebody who can have it.
    pub(crate) const fn is_of_dispatch(self) -> bool {
        matches!(
            self,
            Self::Given(_)
                | Self::Offered(_)
                | Self::Fact(TicketFact::Held { .. } | TicketFact::OfferEnded { .. })
        )
    }
}

/// It happens again, and what follows by these rules follows. Those that fired before in the same
/// command do not fire again.
pub(crate) fn repeat(
    ticket: Ticket,
    what: FromElsewhere<'_>,
    by: Actor,
    (rulebook, fired): (&Rulebook, &BTreeSet<RuleId>),
    now: Timestamp,
) -> Result<Turn, Refusal> {
    let mut work = Work::go_on(ticket, by, rulebook, now)?;
    work.fired.clone_from(fired);
    let mark = work.mark();
    match what {
        FromElsewhere::Fact(fact) => work.repeat(fact)?,
        FromElsewhere::Given(agent) => work.give_to(agent, &Choice::of(agent))?,
        FromElsewhere::Offered(agent) if work.seeks_choice() => {
            work.dispatch(&Choice::of(agent))?;
        }
        FromElsewhere::Offered(_) => {}
    }
    let goes_on_from_another = matches!(
        what,
        FromElsewhere::Fact(TicketFact::Related { relation: Relation::FollowUpOf, .. })
    );
    let is_reinstated = matches!(
        what,
        FromElsewhere::Fact(TicketFact::Unrelated { relation: Relation::DuplicateOf, .. })
    );
    if is_reinstated {
        work.catch_up(&mark, &[])?;
    } else if !(goes_on_from_another && by.role() == Role::Contact) {
        // What a customer's message opens hears of its origin after its rules.
        work.follow_up(&mark)?;
    }
    work.finish()
}

/// A ticket that another one was followed by is opened again: nobody was asked for anything.
pub(crate) fn open_unasked(
    request: &OpenTicket,
    fields: &BTreeMap<FieldId, FieldValue>,
    by: Actor,
    rulebook: &Rulebook,
    now: Timestamp,
) -> Result<Turn, Refusal> {
    Work::open_beside(fields, request, (by, None), by, rulebook, now)?.finish()
}

impl Work<'_> {
    /// Whether it waits for somebody to be chosen.
    pub(super) fn seeks_choice(&self) -> bool {
        self.ticket.seeks_agent() && self.ticket.offer().is_none()
    }

    fn repeat(&mut self, fact: &TicketFact) -> Result<(), Refusal> {
        match fact {
            TicketFact::Held { .. } if !self.seeks_choice() => return Ok(()),
            TicketFact::OfferEnded { agent, .. }
                if self.ticket.offer().is_none_or(|offer| offer.agent != *agent) =>
            {
                return Ok(());
            }
            TicketFact::WorkLogged(_) | TicketFact::WorkTakenBack { .. } => {
                self.check_workable()?;
            }
            _ => {}
        }
        self.happen(fact.clone());
        match fact {
            TicketFact::Related { relation: Relation::DuplicateOf, .. } => {
                self.become_status(Status::Closed, None)
            }
            _ => Ok(()),
        }
    }
}
