//! What a step of a ladder does.

use firstline_sla::{ClockKey, Timestamp};

use crate::id::LineId;
use crate::priority::{Classification, Priority};
use crate::refusal::Refusal;
use crate::rulebook::LadderAction;
use crate::ticket::decide::Work;
use crate::ticket::fact::{HandOverCause, Rung, TicketFact};

impl Work<'_> {
    /// Does what a step of the ladder says, in its order. For several promises that wait for one
    /// answer everything is done once.
    pub(super) fn climb(&mut self, key: &ClockKey, step: u8, at: Timestamp) -> Result<(), Refusal> {
        if self.is_climbed_for(key, step)? {
            return Ok(());
        }
        let clock = &self.ticket.clocks[key];
        let ladder = u32::try_from(clock.earlier_terms.len()).unwrap_or(u32::MAX);
        let rung = Rung { clock: key.clone(), cycle: clock.cycle, ladder, step };
        let rulebook = self.rulebook;
        let target = rulebook.pinned(&clock.pin, key)?;
        let actions = target.ladder.get(usize::from(step)).map_or(&[][..], Vec::as_slice);
        // Whenever it is noticed, what follows from it happens at its own time.
        let now = core::mem::replace(&mut self.now, at);
        let before = self.snapshot();
        let done = actions.iter().try_for_each(|action| self.step(action, &rung));
        let done = done.and_then(|()| self.watch(before.as_deref()));
        self.now = now;
        done
    }

    fn step(&mut self, action: &LadderAction, rung: &Rung) -> Result<(), Refusal> {
        let rulebook = self.rulebook;
        match action {
            LadderAction::Notify(role) => {
                let (role, step) = (role.clone(), rung.clone());
                self.happen(TicketFact::Notified { role, step });
            }
            LadderAction::Page(plan) => self.page(plan, rung),
            LadderAction::RaisePriority(to) => return self.raise_priority(*to, rung),
            LadderAction::HandOverToNext => {
                if let Some(line) = rulebook.line_after(&self.ticket.line) {
                    return self.hand_up(line.clone(), rung);
                }
            }
            LadderAction::HandOverTo(line) => {
                if rulebook.is_beyond(line, &self.ticket.line) {
                    return self.hand_up(line.clone(), rung);
                }
            }
            LadderAction::Escalate => {
                let last = self.ticket.escalated_to.as_ref();
                // Whoever heard last has said whom to go to next, wherever the ticket went since.
                if let Some(role) = rulebook.superior(&self.ticket.line, last) {
                    let (role, step) = (role.clone(), rung.clone());
                    self.happen(TicketFact::Escalated { role, step });
                }
            }
        }
        // At the end of the lines, or under the highest role, there is nobody to go to; that the
        // step was reached is recorded all the same.
        Ok(())
    }

    fn hand_up(&mut self, line: LineId, rung: &Rung) -> Result<(), Refusal> {
        self.go_to_line(line, None, HandOverCause::Ladder(rung.clone()))
    }

    fn raise_priority(&mut self, to: Option<Priority>, rung: &Rung) -> Result<(), Refusal> {
        let before = self.ticket.classification;
        let next = Priority::ALL.iter().copied().find(|level| *level > before.priority);
        let Some(priority) = to.or(next).filter(|to| *to > before.priority) else {
            return Ok(());
        };
        let classification = Classification { priority, overridden: true, ..before };
        let (reason, step) = (None, Some(rung.clone()));
        self.happen(TicketFact::Classified { classification, reason, step });
        self.attributes_changed()
    }
}
