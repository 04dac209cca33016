//! How a desk waits for another process that is at the same: in short rests, which its clock takes.

use std::time::Duration;

use crate::time::TimeSource;

/// How long one rest is.
const REST: Duration = Duration::from_millis(5);

/// What is left of the time that somebody is willing to wait.
pub(super) struct Patience<'t> {
    time: &'t dyn TimeSource,
    rests: u32,
}

impl<'t> Patience<'t> {
    /// The patience to wait for so many seconds.
    pub(super) fn of_seconds(seconds: u32, time: &'t dyn TimeSource) -> Self {
        Self { time, rests: seconds * 1_000 / REST.as_millis() as u32 }
    }

    /// Rests once, and says whether it did: who has no patience left does not.
    pub(super) fn rest(&mut self) -> bool {
        let rests = self.rests > 0;
        if rests {
            self.rests -= 1;
            self.time.rest(REST);
        }
        rests
    }
}
