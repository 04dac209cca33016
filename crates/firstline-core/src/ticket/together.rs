//! One answer that several promises wait for: merged tickets have a reply promised each, and there is
//! one customer who waits for one answer.
//!
//! Together they are one promise, the one that is due first. Every clock goes on by itself, so that a
//! merge can be undone, but of those that are due later nothing comes: no rule hears of them, no step
//! of their ladders is taken that one before them has taken already, and their verdict does not
//! count.

use std::collections::BTreeMap;

use firstline_sla::{Call, Clock, ClockKey, Metric};

use super::Ticket;
use super::decide::Work;
use super::fact::TicketFact;
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;

impl Ticket {
    /// The promises that the next answer keeps together with this one and that come before it, the
    /// first of all first: live replies of the same agreement that are due earlier. What stands still
    /// comes after what runs.
    ///
    /// Only a ticket that took others in has any.
    #[must_use]
    pub fn ahead_of(&self, key: &ClockKey) -> Vec<ClockKey> {
        let Some(clock) = self.clocks.get(key).filter(|clock| is_reply(key) && clock.is_live())
        else {
            return Vec::new();
        };
        let replies = self.clocks.iter().filter(|(other, clock)| {
            is_reply(other) && other.agreement == key.agreement && clock.is_live()
        });
        let places = replies.map(|(other, clock)| place(other, clock));
        let mut ahead: Vec<_> = places.filter(|other| *other < place(key, clock)).collect();
        ahead.sort_unstable();
        ahead.into_iter().map(|(.., key)| key.clone()).collect()
    }

    /// The promise before this one that has climbed as high as its step already.
    pub(crate) fn climbed_before(
        &self,
        key: &ClockKey,
        step: u8,
        rulebook: &Rulebook,
    ) -> Result<Option<ClockKey>, Refusal> {
        let clock = &self.clocks[key];
        let ladder = &rulebook.pinned(&clock.pin, key)?.terms.ladder;
        let height = ladder.get(usize::from(step)).map(|step| step.when.height());
        for other in self.ahead_of(key) {
            let ahead = &self.clocks[&other];
            let terms = &rulebook.pinned(&ahead.pin, &other)?.terms;
            if ahead.height(terms) >= height {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }
}

/// Where a live clock comes among those that one answer keeps.
fn place<'k>(key: &'k ClockKey, clock: &Clock) -> (bool, i64, &'k ClockKey) {
    match clock.due() {
        Some(due) => (false, due.as_millis(), key),
        None => (true, clock.remaining().as_millis(), key),
    }
}

pub(super) fn is_reply(key: &ClockKey) -> bool {
    matches!(key.metric(), Some(Metric::FirstReply | Metric::NextReply))
}

/// Which promises come before which, just before an answer.
pub(super) struct Together(BTreeMap<ClockKey, Vec<ClockKey>>);

impl Work<'_> {
    /// Notes which of the replies that are waited for come before which.
    pub(super) fn replies_together(&self) -> Together {
        // Hardly any answer finds any, and every answer asks.
        let ahead = self.ticket.clocks.keys().filter_map(|key| {
            let ahead = self.ticket.ahead_of(key);
            (!ahead.is_empty()).then(|| (key.clone(), ahead))
        });
        Together(ahead.collect())
    }

    /// After the answer: the verdicts that do not count are those with another one before them.
    pub(super) fn count_once(&mut self, together: Together) {
        for (clock, ahead) in together.0 {
            let it = &self.ticket.clocks[&clock];
            if !it.is_live() {
                let cycle = it.cycle;
                self.happen(TicketFact::CountedWith { clock, cycle, ahead });
            }
        }
    }

    /// Whether the step of this ladder was climbed while the clock was another ticket's.
    pub(super) fn is_climbed_elsewhere(&self, key: &ClockKey, step: u8) -> bool {
        let pin = &self.ticket.clocks[key].pin;
        let is_climbed =
            |there: &Clock| there.has_ladder_of(pin) && there.told.contains(&Call::Step(step));
        self.elsewhere.get(key).is_some_and(is_climbed)
    }

    /// Whether a promise before this one has climbed as high as its step already.
    pub(super) fn is_climbed_for(&self, key: &ClockKey, step: u8) -> Result<bool, Refusal> {
        Ok(self.ticket.climbed_before(key, step, self.rulebook)?.is_some())
    }
}
