//! Calendars made of calendars.

use std::sync::{Arc, OnceLock};

use chrono_tz::Tz;

use super::reasons::Reasons;
use super::{Calendar, Inner};
use crate::timeline::{Builder, END, START, StateId, merge};
use crate::zone::Zone;
use crate::{CalendarError, ClosedReason, Timestamp};

impl Calendar {
    /// Open when this calendar or the other one is.
    ///
    /// Where both are closed the reason is that of this one. The zone is that of this one too: it
    /// matters for working days alone.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |[this, other], _| match other {
            StateId::OPEN => StateId::OPEN,
            _ => this,
        })
    }

    /// Open when both calendars are. The reason for being closed is that of this one if it is.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NeverOpens`] when the two are never open together.
    pub fn intersection(&self, other: &Self) -> Result<Self, CalendarError> {
        let both = self.combine(other, |[this, other], _| match this {
            StateId::OPEN => other,
            _ => this,
        });
        both.if_it_opens("intersection")
    }

    /// Open when this calendar is and the other one is not.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NeverOpens`] when nothing is left.
    pub fn difference(&self, other: &Self) -> Result<Self, CalendarError> {
        let left = self.combine(other, |[this, other], excluded| match (this, other) {
            (StateId::OPEN, StateId::OPEN) => excluded,
            (this, _) => this,
        });
        left.if_it_opens("difference")
    }

    /// This calendar before `change`, the next one from then on: for a move to another zone, or
    /// whatever else changes at one moment without rewriting the past.
    ///
    /// The zone is that of the next one.
    ///
    /// # Errors
    ///
    /// [`CalendarError::NeverOpens`] when this one opens only later and the next one only before.
    pub fn followed_by(&self, change: Timestamp, next: &Self) -> Result<Self, CalendarError> {
        let change = change.as_millis();
        let mut reasons = Reasons::default();
        let mut builder = Builder::default();
        for (inner, from, to) in [(&self.0, START, change), (&next.0, change, END)] {
            let numbers = reasons.numbers_of(inner);
            for (start, week) in inner.timeline.segments().take_while(|(start, _)| *start < to) {
                let week = week.map(|(phase, state)| (phase, numbers[state.0 as usize])).collect();
                let pattern = builder.pattern(week);
                builder.push(start.max(from), pattern);
            }
        }
        Self::of(next.0.zone, builder.finish(), reasons).if_it_opens("followed_by")
    }

    /// This calendar with the working days of another zone; its hours stay where they are.
    pub(super) fn in_zone(&self, tz: Tz) -> Self {
        let Inner { timeline, reasons, .. } = &*self.0;
        let (timeline, reasons) = (timeline.clone(), reasons.clone());
        Self(Arc::new(Inner { zone: Zone::new(tz), timeline, reasons, days: OnceLock::new() }))
    }

    fn combine(&self, other: &Self, state: fn([StateId; 2], StateId) -> StateId) -> Self {
        let mut reasons = Reasons::default();
        let numbers = [reasons.numbers_of(&self.0), reasons.numbers_of(&other.0)];
        let excluded = reasons.id(ClosedReason::Excluded);
        let timeline = merge([&self.0.timeline, &other.0.timeline], |[this, other]| {
            state([numbers[0][this.0 as usize], numbers[1][other.0 as usize]], excluded)
        });
        Self::of(self.0.zone, timeline, reasons)
    }

    /// This calendar, unless it has no working time at all; `path` is what is to blame then.
    pub(super) fn if_it_opens(self, path: &str) -> Result<Self, CalendarError> {
        if self.0.timeline.ever_opens() {
            Ok(self)
        } else {
            Err(CalendarError::NeverOpens { path: path.to_owned() })
        }
    }
}
