//! Promises with working-time clocks and escalation ladders, as a deterministic state machine.
//!
//! It is no ticket system: it knows nothing of customers, agents or messages, reads no clock and
//! opens no file. Whoever keeps promises with it says what happened and when; it answers with
//! [`ClockEvent`]s to store and with the moment to look again.
//!
//! A [`Clock`] is one running promise: a metric, an allowance of working time, a phase. A
//! [`Terms`] is what the promise runs on: the calendar, the warnings and the ladder. The loop is
//! always the same:
//!
//! 1. Before anything else, [`Clock::settle`] up to now, until it has nothing more to say.
//! 2. Ask for what happened: [`start`], [`Clock::pause`], [`Clock::resume`], [`Clock::retarget`],
//!    [`Clock::fulfil`], [`Clock::cancel`], [`Clock::carry_on`]. Nothing is changed by asking.
//! 3. [`Clock::apply`] the answer and store it.
//! 4. Come back at [`Clock::poll_timeout`]. Early is harmless; late is noticed, and changes no fact.
//!
//! ```
//! use firstline_sla::{
//!     Allowance, Calendar, Clock, ClockEvent, Metric, Outcome, Pin, Terms, Timestamp, WorkTime, start,
//! };
//!
//! let terms = Terms { calendar: Calendar::always(), warnings: vec![50], ladder: vec![] };
//! let promise = Allowance { pin: Pin::new(1, "standard", "always"), time: WorkTime::from_hours(4) };
//! let noon: Timestamp = "2026-03-02T12:00:00Z".parse()?;
//! let one: Timestamp = "2026-03-02T13:00:00Z".parse()?;
//!
//! let promised = start(Metric::FirstReply, 1, promise, &terms, noon);
//! let mut clock = Clock::begin(&promised, noon)?;
//! assert_eq!(clock.due().map(|due| due.to_string()).as_deref(), Some("2026-03-02T16:00:00Z"));
//! // The warning at half of the allowance is the next moment of interest.
//! assert_eq!(clock.poll_timeout().map(|at| at.to_string()).as_deref(), Some("2026-03-02T14:00:00Z"));
//!
//! let answered = clock.fulfil(&terms, one).expect("it is running");
//! assert!(matches!(answered, ClockEvent::Fulfilled { outcome: Outcome::Met, .. }));
//! clock.apply(&answered, one)?;
//! assert_eq!(clock.poll_timeout(), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The rules
//!
//! - Working time that was spent stays spent; `due` is the moment at which the rest runs out.
//! - Met if and only if fulfilled at or before due. So a breach becomes true one millisecond after
//!   due, and that is when [`Clock::poll_timeout`] asks to be woken; it is still dated at due.
//! - Breached is a fact that stays, not a phase: a clock goes on until it is fulfilled or cancelled.
//! - Events carry results: to replay them takes neither calendar nor rulebook.

mod clock;
mod decide;
mod event;
mod explain;
mod page;
#[cfg(test)]
mod properties;
mod roster;
#[cfg(test)]
mod stories;
mod terms;
mod wall_time;

pub use clock::{Breach, Clock, ImpossibleEvent, Phase};
pub use decide::start;
pub use event::{Alarm, BreachCause, Call, ClockEvent, Outcome, Schedule};
pub use explain::{Entry, EntryKind, ExplainError, Ledger, explain};
pub use firstline_calendar::{
    Calendar, CalendarError, CalendarSpec, ClosedReason, ParseTimestampError, Span, SpanState,
    Timestamp, WorkTime,
};
pub use page::{
    ImpossiblePageEvent, MAX_PAGE_LEVELS, MAX_RING_INTERVAL, MAX_RINGS, Page, PageEvent, PageLevel,
    PageLevelSpec, PagePhase, PagePlan, PagePlanError, PagePlanFault, PagePlanSpec, RingId,
};
pub use roster::{
    HolePattern, HoleReport, MAX_MEMBERS, MAX_OVERRIDES, MAX_SHIFTS, MAX_TURN_DAYS, OnCall,
    OverrideSpec, Roster, RosterError, RosterFault, RosterSpan, RosterSpec, RotationSpec,
    ShiftSpec,
};
pub use terms::{Allowance, MAX_STEPS, MAX_WARNINGS, Metric, Pin, Reason, Step, StepWhen, Terms};
pub use wall_time::{ParseWallTimeError, WallTime};
