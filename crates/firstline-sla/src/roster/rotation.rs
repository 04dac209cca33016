//! Taking turns: whose it is at a moment, and when it ends.

use firstline_calendar::{NaiveDate, TimeOfDay, Timestamp, WallClock};

/// Turns of so many days by a wall clock, numbered from 0.
#[derive(Clone, Debug)]
pub(super) struct Rotation {
    pub(super) clock: WallClock,
    /// The date on which turn 0 begins.
    pub(super) start: NaiveDate,
    /// Turns begin and end at this time.
    pub(super) hand_over: TimeOfDay,
    /// How long a turn lasts, at least 1.
    pub(super) days: u32,
}

impl Rotation {
    /// The number of the turn; negative before the start.
    pub(super) fn turn_at(&self, at: Timestamp) -> i64 {
        let today = self.clock.date_of(at).to_epoch_days();
        let days = i64::from(today) - i64::from(self.start.to_epoch_days());
        let turn = days.div_euclid(i64::from(self.days));
        // On the day of a hand-over the turn before goes on until its hour.
        let has_begun = self.begin_of(turn).is_some_and(|begin| begin <= at);
        if has_begun { turn } else { turn - 1 }
    }

    /// When the turn at this moment ends; `None` if that is out of the range of a [`Timestamp`].
    pub(super) fn end_of_turn_at(&self, at: Timestamp) -> Option<Timestamp> {
        self.begin_of(self.turn_at(at) + 1)
    }

    pub(super) fn begin_of(&self, turn: i64) -> Option<Timestamp> {
        let day = i64::from(self.start.to_epoch_days()) + turn * i64::from(self.days);
        let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days)?;
        self.clock.at(date, self.hand_over)
    }
}
