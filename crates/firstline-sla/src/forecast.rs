//! What a clock will say by itself.

use firstline_calendar::Timestamp;

use crate::clock::Clock;
use crate::event::ClockEvent;

/// What a clock will say if nothing happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Nothing becomes true by itself before this moment; `None` if nothing ever does.
    pub nothing_before: Option<Timestamp>,
    /// Its warnings, its breach and the steps of its ladder, in the order in which they become true.
    pub events: Vec<Foreseen>,
}

/// Something that will be true by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// From which moment on [`Clock::settle`] tells it. A breach is told one millisecond after due,
    /// and so is what follows from it, because what is done *at* due is done in time.
    pub told_at: Timestamp,
    /// The moment at which it is dated.
    pub at: Timestamp,
    /// What.
    pub event: ClockEvent,
}

impl Clock {
    /// What this clock will say if nothing happens: exactly what [`settle`](Self::settle) tells
    /// until the end of time, step by step.
    ///
    /// A clock that stands still foresees nothing, unless its due time is fixed: when it will run
    /// again is not known.
    ///
    /// ```
    /// use firstline_sla::{
    ///     Allowance, Calendar, Clock, Pin, StepWhen, Terms, Threshold, WorkTime, start,
    /// };
    ///
    /// let terms = Terms {
    ///     calendar: Calendar::always(),
    ///     warnings: vec![Threshold::Percent(75)],
    ///     ladder: vec![StepWhen::AfterDue(WorkTime::from_hours(1)).into()],
    /// };
    /// let within = WorkTime::from_hours(4).into();
    /// let promise = Allowance { pin: Pin::new(1, "standard", "always"), within };
    /// let noon = "2026-03-02T12:00:00Z".parse()?;
    /// let clock = Clock::begin(1, &start(&promise, &terms, noon)[0], noon)?;
    ///
    /// let forecast = clock.forecast();
    /// let dates: Vec<String> = forecast.events.iter().map(|it| it.at.to_string()).collect();
    /// assert_eq!(
    ///     dates,
    ///     ["2026-03-02T15:00:00Z", "2026-03-02T16:00:00Z", "2026-03-02T17:00:00Z"],
    ///     "the warning, the breach, the step",
    /// );
    /// assert_eq!(forecast.nothing_before, clock.poll_timeout());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn forecast(&self) -> Forecast {
        let nothing_before = self.poll_timeout();
        let mut clock = self.clone();
        let mut events = Vec::new();
        // Each step says one thing of a finite schedule and never says it again.
        while let (Some(told_at), Some((at, event))) =
            (clock.poll_timeout(), clock.settle(Timestamp::MAX))
        {
            clock.apply(&event, at).expect("what a clock says of itself can happen to it");
            // What was due before a breach is told after it, in the same look.
            let before = events.last().map_or(told_at, |last: &Foreseen| last.told_at);
            events.push(Foreseen { told_at: told_at.max(before), at, event });
        }
        Forecast { nothing_before, events }
    }
}
