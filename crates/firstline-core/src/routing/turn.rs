//! Whose turn it is in the queue.

use std::collections::BTreeMap;

use firstline_sla::{Timestamp, WorkTime};

use crate::id::TicketId;
use crate::priority::Priority;
use crate::rulebook::Rulebook;
use crate::ticket::Ticket;

/// How long a ticket lets others go first that came later and are more urgent.
///
/// Each priority has a stretch of its own, which is added to when the ticket came into the queue.
/// Whoever has the earliest sum is next, so the urgent go first, and yet nobody starves: after its
/// stretch a ticket goes before all that come from then on, whatever they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience([WorkTime; 4]);

impl Default for Patience {
    /// Nothing, an hour, four hours and a day on the wall clock, from the most urgent down.
    fn default() -> Self {
        let [hour, day] = [60 * 60, 24 * 60 * 60];
        Self([day, 4 * hour, hour, 0].map(WorkTime::from_seconds))
    }
}

impl Patience {
    /// The usual, with what is said of single priorities.
    pub(crate) fn with(said: &BTreeMap<Priority, WorkTime>) -> Self {
        let mut patience = Self::default();
        for (priority, stretch) in said {
            patience.0[*priority as usize] = *stretch;
        }
        patience
    }

    /// The first two priorities of which the more urgent one is to wait longer.
    pub(crate) fn upside_down(self) -> Option<(Priority, Priority)> {
        let pairs = Priority::ALL.windows(2).map(|pair| (pair[0], pair[1]));
        pairs.into_iter().find(|(low, high)| self.0[*low as usize] < self.0[*high as usize])
    }
}

impl Rulebook {
    /// What a queue is sorted by, for a ticket of this priority that has waited since then.
    #[must_use]
    pub fn turn(
        &self,
        priority: Priority,
        since: Timestamp,
        number: TicketId,
    ) -> (Timestamp, TicketId) {
        let Patience(stretches) = self.routing().patience;
        let stretch = stretches[priority as usize].as_millis();
        (since.checked_add_millis(stretch).unwrap_or(Timestamp::MAX), number)
    }
}

impl Ticket {
    /// What a queue is sorted by; `None` if it waits for nobody to be found.
    #[must_use]
    pub fn turn(&self, number: TicketId, rulebook: &Rulebook) -> Option<(Timestamp, TicketId)> {
        let since = self.queue.as_ref().filter(|_| self.seeks_agent())?.since;
        Some(rulebook.turn(self.priority(), since, number))
    }

    /// The queue in which it waits for somebody to be asked, by a name that all have who take the same
    /// of whoever gets them, as far as the ticket says that itself; and since when. `None` if somebody
    /// is being asked, or nobody is to be.
    ///
    /// Skills are no part of it: by what they are taken is for the rulebook to say, and it may change.
    #[must_use]
    pub fn waits_in(&self) -> Option<(String, Timestamp)> {
        let queue = self.queue.as_ref().filter(|_| self.seeks_agent() && self.offer().is_none())?;
        let team = self.team.as_ref().map_or("", |team| team.as_str());
        let discipline = self.discipline.map_or("", |it| it.as_str());
        let language = self.language.as_ref().map_or_else(Default::default, |it| it.primary());
        let channel = self.channel.as_str();
        let name = [self.line.as_str(), team, discipline, &language, channel].join("\u{1f}");
        Some((name, queue.since))
    }
}
