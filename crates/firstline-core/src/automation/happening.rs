//! After what a rule can be set off.

use core::fmt;

use firstline_sla::{ClockEvent, PageEvent};

use crate::people::Role;
use crate::ticket::{ApprovalFact, ChecklistFact, Ticket, TicketEvent, TicketFact, Visibility};

/// Declares the words, each with what it stands for.
macro_rules! happenings {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// Something that happens to a ticket and that a rule can wait for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Happening {
            $($(#[$doc])* $name,)+
        }

        impl Happening {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word for it in a rulebook.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

happenings!(
    /// A ticket was opened.
    Opened = "opened",
    /// The customer said something. An opening is not meant.
    CustomerReplied = "customer_replied",
    /// A person of the desk answered in public.
    AgentReplied = "agent_replied",
    /// A machine answered in public.
    MachineReplied = "machine_replied",
    /// A note was written.
    Noted = "noted",
    /// It moved along its lifecycle, or waits for something else.
    StatusChanged = "status_changed",
    /// Somebody got it, or nobody has it any more.
    Assigned = "assigned",
    /// Nobody can have it now: it is held in the queue.
    Held = "held",
    /// Another line or team has it.
    HandedOver = "handed_over",
    /// Impact, urgency or priority changed.
    Classified = "classified",
    /// Labels were put on or taken off.
    Tagged = "tagged",
    /// Fields of the desk's own were set or cleared.
    FieldsSet = "fields_set",
    /// A promise warned that it is about to be broken.
    Warned = "warned",
    /// A promise was broken.
    Breached = "breached",
    /// It was escalated hierarchically.
    Escalated = "escalated",
    /// Nobody answered a page.
    PageUnanswered = "page_unanswered",
    /// An agent promised something.
    Promised = "promised",
    /// It was laid aside.
    Snoozed = "snoozed",
    /// It was laid aside, and is not any more: its time has come, or the customer.
    Woke = "woke",
    /// Work on a part of it or on one of its incidents is done, or is to be done again.
    RelativeMoved = "relative_moved",
    /// Another ticket was merged into it.
    TookIn = "took_in",
    /// Somebody is to put a name under something.
    ApprovalAsked = "approval_asked",
    /// Somebody put a name under something, and it is a yes.
    Approved = "approved",
    /// Somebody put a name under something, and it is a no.
    Rejected = "rejected",
    /// The customer said how content they are.
    Rated = "rated",
    /// Its checklist has more on it, or something was ticked off or is to be done after all.
    ChecklistChanged = "checklist_changed",
    /// The last check was ticked off.
    ChecklistDone = "checklist_done",
    /// Work was written down.
    WorkLogged = "work_logged",
    /// Work was written down that costs something: it is not included in the contract, or not any more.
    WorkCharged = "work_charged",
    /// Something else happened: it sets off the rules that say nothing of what they wait for.
    Other = "other",
);

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A set of happenings: what a rule waits for, or what has happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Happenings(u32);

impl Happenings {
    /// Whatever happens.
    pub(crate) const ANY: Self = Self(u32::MAX);

    /// What these events amount to on a ticket. Of several promises that wait for one answer only the
    /// first is heard of.
    pub(crate) fn of(ticket: &Ticket, events: &[TicketEvent]) -> Self {
        let is_heard = |(happening, fact): &(Happening, &TicketFact)| match (happening, fact) {
            (Happening::Warned | Happening::Breached, TicketFact::Clock { clock, .. }) => {
                ticket.ahead_of(clock).is_empty()
            }
            _ => true,
        };
        let facts = events.iter().filter_map(|event| Some((happening(&event.fact)?, &event.fact)));
        let heard = facts.filter(is_heard).map(|(happening, _)| happening);
        let is_tick = |event: &TicketEvent| {
            matches!(event.fact, TicketFact::Checklist(ChecklistFact::Ticked { .. }))
        };
        let is_done = ticket.is_checked() && events.iter().any(is_tick);
        let is_charged = |event: &TicketEvent| match &event.fact {
            TicketFact::WorkLogged(work) => work.charge.is_some_and(|charge| charge.charged > 0),
            _ => false,
        };
        let is_charged = events.iter().any(is_charged);
        let done = is_done.then_some(Happening::ChecklistDone);
        heard.chain(done).chain(is_charged.then_some(Happening::WorkCharged)).collect()
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all of these are among the others.
    pub(crate) const fn is_among(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The single ones.
    pub(crate) fn each(self) -> impl Iterator<Item = Happening> {
        let is_in = move |one: &Happening| self.meets(Self(1 << *one as u32));
        Happening::ALL.iter().copied().filter(is_in)
    }
}

impl FromIterator<Happening> for Happenings {
    fn from_iter<I: IntoIterator<Item = Happening>>(all: I) -> Self {
        Self(all.into_iter().fold(0, |set, one| set | 1 << one as u32))
    }
}

/// What a fact is to a rule. That a rule fired, and how its timer stands, is none of its business.
fn happening(fact: &TicketFact) -> Option<Happening> {
    Some(match fact {
        TicketFact::Opened { .. } => Happening::Opened,
        TicketFact::MessageAdded { author, visibility: Visibility::Public, .. } => {
            match author.role() {
                Role::Contact => Happening::CustomerReplied,
                Role::Agent => Happening::AgentReplied,
                Role::System => Happening::MachineReplied,
            }
        }
        TicketFact::MessageAdded { .. } => Happening::Noted,
        TicketFact::StatusChanged { .. } => Happening::StatusChanged,
        TicketFact::Snoozed { until: Some(_) } => Happening::Snoozed,
        TicketFact::Snoozed { until: None } => Happening::Woke,
        TicketFact::Assigned { .. } => Happening::Assigned,
        TicketFact::Held { .. } => Happening::Held,
        TicketFact::HandedOver { .. } => Happening::HandedOver,
        TicketFact::Classified { .. } => Happening::Classified,
        TicketFact::Tagged { .. } => Happening::Tagged,
        TicketFact::FieldsSet { .. } => Happening::FieldsSet,
        TicketFact::Clock { event: ClockEvent::Warned { .. }, .. } => Happening::Warned,
        TicketFact::Clock { event: ClockEvent::Breached { .. }, .. } => Happening::Breached,
        TicketFact::Escalated { .. } => Happening::Escalated,
        TicketFact::Page { event: PageEvent::GaveUp, .. } => Happening::PageUnanswered,
        TicketFact::Promised { .. } => Happening::Promised,
        TicketFact::RelativeMoved { .. } => Happening::RelativeMoved,
        TicketFact::TookIn { .. } => Happening::TookIn,
        TicketFact::Approval(ApprovalFact::Asked { .. }) => Happening::ApprovalAsked,
        TicketFact::Approval(ApprovalFact::Signed { approved: true, .. }) => Happening::Approved,
        TicketFact::Approval(ApprovalFact::Signed { approved: false, .. }) => Happening::Rejected,
        TicketFact::Rated { .. } => Happening::Rated,
        TicketFact::Checklist(_) => Happening::ChecklistChanged,
        TicketFact::WorkLogged(_) => Happening::WorkLogged,
        TicketFact::RuleFired { .. }
        | TicketFact::RuleSkipped { .. }
        | TicketFact::RulesStopped { .. }
        | TicketFact::TimerSet { .. }
        | TicketFact::TimerDropped { .. }
        | TicketFact::CountedWith { .. }
        | TicketFact::Queued
        | TicketFact::Offered { .. }
        | TicketFact::OfferEnded { .. }
        | TicketFact::HostAsked { .. } => return None,
        _ => Happening::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_a_place_of_its_own_in_a_set() {
        let all: Happenings = Happening::ALL.iter().copied().collect();
        assert_eq!(all.each().count(), Happening::ALL.len());
        assert!(all.is_among(Happenings::ANY));
        let opened: Happenings = [Happening::Opened].into_iter().collect();
        assert_eq!(opened.each().collect::<Vec<_>>(), [Happening::Opened]);
        assert!(opened.meets(all) && !Happenings::default().meets(Happenings::ANY));
    }
}
