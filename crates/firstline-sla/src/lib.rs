//! Promises with working-time clocks and escalation ladders, as a deterministic state machine.
//!
//! It is no ticket system: it knows nothing of customers, agents or messages, reads no clock and
//! opens no file. Whoever keeps promises with it says what happened and when; it answers with
//! [`ClockEvent`]s to store and with the moment to look again.
//!
//! A [`Clock`] is one running promise: an allowance of working time and a phase. A [`Terms`] is what the promise runs on: the calendar, the warnings and the ladder. The loop is
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
//!     Allowance, Calendar, Clock, ClockEvent, Outcome, Pin, Terms, Threshold, Timestamp, WorkTime,
//!     start,
//! };
//!
//! let warnings = vec![Threshold::Percent(50)];
//! let terms = Terms { calendar: Calendar::always(), warnings, ladder: vec![] };
//! let within = WorkTime::from_hours(4).into();
//! let promise = Allowance { pin: Pin::new(1, "standard", "always"), within };
//! let noon: Timestamp = "2026-03-02T12:00:00Z".parse()?;
//! let one: Timestamp = "2026-03-02T13:00:00Z".parse()?;
//!
//! let promised = start(&promise, &terms, noon);
//! let mut clock = Clock::begin(1, &promised[0], noon)?;
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
//! # Why it was missed
//!
//! [`explain`] gives the account of a clock from its events: where each millisecond went, what
//! happened when, the verdict in one sentence, and the smallest changes that would have kept the
//! promise. The [`Ledger`] is data; as [text](Ledger::text) it comes in English and in Russian.
//!
//! ```
//! # use firstline_sla::{
//! #     Allowance, Calendar, CalendarSpec, Clock, Metric, Pin, Reason, Terms, Timestamp, Tongue,
//! #     WorkTime, explain, start,
//! # };
//! let hours: CalendarSpec = serde_json::from_str(
//!     r#"{ "time_zone": "Europe/Berlin", "weekly": { "mon-fri": ["09:00-17:00"] } }"#,
//! )?;
//! let office = Calendar::build(&hours)?;
//! let terms = Terms { calendar: office.clone(), warnings: vec![], ladder: vec![] };
//! let promise =
//!     Allowance { pin: Pin::new(1, "standard", "office"), within: WorkTime::from_hours(2).into() };
//! let friday: Timestamp = "2026-03-06T16:00:00+01:00".parse()?;
//! let monday: Timestamp = "2026-03-09T10:30:00+01:00".parse()?;
//!
//! let mut events = vec![(friday, start(&promise, &terms, friday).remove(0))];
//! let mut clock = Clock::begin(1, &events[0].1, friday)?;
//! while let Some((at, event)) = clock.settle(monday) {
//!     clock.apply(&event, at)?;
//!     events.push((at, event));
//! }
//! let answered = clock.fulfil(&terms, monday).expect("it is running");
//! events.push((monday, answered));
//!
//! let recorded = events.iter().map(|(at, event)| (*at, event));
//! let calendar = |_: &Pin| Some(office.clone());
//! let ledger = explain(Metric::FirstReply.into(), 1, recorded, calendar, monday)?;
//! let remedies = ledger.remedies(&[Reason::from("pending")]);
//! let text = ledger.text(Tongue::English, &remedies);
//! # let text = text.replace(&format!(" (time zone data {})", firstline_sla::TZDB_RELEASE), "");
//! assert_eq!(
//!     text,
//!     "\
//! First reply: missed, because it was due by Mon 9 Mar 2026 10:00 and was done on Mon 9 Mar 2026 10:30, 30 min of working time too late.
//! Terms: 2 h of working time, policy standard, calendar office, rulebook version 1. Times are those of Europe/Berlin.
//!
//! Fri 6 Mar 2026 16:00          promised, due Mon 9 Mar 2026 10:00
//! Fri 6 Mar 2026 16:00     1 h  counted
//! Fri 6 Mar 2026 17:00     7 h  closed: night
//! Sat 7 Mar 2026 00:00    48 h  closed: weekend
//! Mon 9 Mar 2026 00:00     9 h  closed: night
//! Mon 9 Mar 2026 09:00     1 h  counted
//! Mon 9 Mar 2026 10:00          due, and not done: broken
//! Mon 9 Mar 2026 10:00  30 min  counted
//! Mon 9 Mar 2026 10:30          done too late
//! In all 66 h 30 min: 2 h 30 min counted, 64 h closed.
//!
//! - It would have been kept if it had been done by Mon 9 Mar 2026 10:00, 30 min of working time earlier.
//! - It would have been kept if the clock had stood still (waiting for the customer) from Mon 9 Mar 2026 10:00 until it was done.
//! - It would have been kept if 2 h 30 min of working time had been allowed instead of 2 h.",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What it will say next if nothing happens is its [forecast](Clock::forecast).
//!
//! # The rules
//!
//! - Working time that was spent stays spent; `due` is the moment at which the rest runs out.
//! - Met if and only if fulfilled at or before due. So a breach becomes true one millisecond after
//!   due, and that is when [`Clock::poll_timeout`] asks to be woken; it is still dated at due.
//! - Breached is a fact that stays, not a phase: a clock goes on until it is fulfilled or cancelled.
//! - Events carry results: to replay them takes neither calendar nor rulebook.
//!
//! # Promises without tickets
//!
//! What has named fields and changes can be promised something: an order, a machine, a delivery. Its
//! [`Facts`] are looked at by [`Condition`]s; [`Triggers`] say after each change what to ask of its
//! clock. An order desk, in short:
//!
//! ```
//! use firstline_sla::{
//!     Allowance, Ask, Calendar, Change, Clock, Field, FieldType, Fields, Past, Pin, Terms,
//!     Timestamp, Triggers, Value, WorkTime, start_since,
//! };
//!
//! let fields = Fields::from([
//!     ("status", Field::always(FieldType::words(["open", "paid", "shipped", "refunded"]))),
//!     ("address_is_clear", Field::always(FieldType::Flag)),
//! ]);
//! let triggers = Triggers::build(&toml::from_str(r#"
//!     start = { status = "paid" }
//!     pause = { address = { address_is_clear = false } }
//!     stop = { status = "shipped" }
//!     cancel = { status = "refunded" }
//! "#)?, &fields)?;
//! let terms = Terms { calendar: Calendar::always(), warnings: vec![], ladder: vec![] };
//! let within = WorkTime::from_hours(8).into();
//! let promise = Allowance { pin: Pin::new(1, "shipping", "always"), within };
//! let order = |status, is_clear| {
//!     [("status", Value::Text(status)), ("address_is_clear", Value::Flag(is_clear))]
//! };
//!
//! // It is paid at nine, but where does it go? So the promise is made, and stands still.
//! let nine: Timestamp = "2026-03-02T09:00:00Z".parse()?;
//! let (open, paid) = (order("open", true), order("paid", false));
//! let asked = triggers.ask(None, Change::new(&open, &paid));
//! let [Ask::Start { reasons }] = asked.as_slice() else { panic!("{asked:?}") };
//! let past = Past { reasons: reasons.clone(), ..Past::new(nine) };
//! let promised = start_since(&promise, &terms, past, nine);
//! let mut clock = Clock::begin(1, &promised[0].1, nine)?;
//! assert_eq!(clock.due(), None);
//!
//! // At noon the customer has told, and the eight hours begin.
//! let noon: Timestamp = "2026-03-02T12:00:00Z".parse()?;
//! let told = order("paid", true);
//! let asked = triggers.ask(Some(&clock.phase), Change::new(&paid, &told));
//! let [Ask::Resume(reason)] = asked.as_slice() else { panic!("{asked:?}") };
//! let resumed = clock.resume(reason, &terms, noon).expect("it stands still for that");
//! clock.apply(&resumed, noon)?;
//! assert_eq!(clock.due().map(|due| due.to_string()).as_deref(), Some("2026-03-02T20:00:00Z"));
//!
//! // Whoever asks why there is no clock for an order is told.
//! let (_, start) = triggers.conditions().next().expect("the first one is `start`");
//! assert_eq!(start.explain(Change::none(&open)).to_string(), "status is open, not paid");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `order_desk` is a whole one, with hours, a ladder, and an account of each verdict.

mod clock;
mod condition;
mod decide;
mod event;
mod explain;
mod forecast;
mod key;
mod page;
mod past;
#[cfg(test)]
mod properties;
mod roster;
mod schedule;
#[cfg(test)]
mod stories;
mod terms;
mod triggers;
mod wall_time;

pub use clock::{Breach, Clock, EarlierTerms, FixedDue, ImpossibleEvent, Phase};
pub use condition::{
    Change, Clause, ClauseSpec, Condition, ConditionError, ConditionFinding, ConditionSpec,
    Decimal, Explained, Explanation, Facts, Field, FieldType, Fields, Found, Literal,
    MAX_CONDITION_CLAUSES, MAX_CONDITION_DEPTH, MAX_CONDITION_TEXT, MAX_CONDITION_VALUES,
    MAX_DECIMAL_DIGITS, Named, OneOrMore, ParseDecimalError, Pattern, Predicate, Quota,
    RESERVED_FIELDS, Reading, Value, Words,
};
pub use decide::{Earlier, Past, start, start_since};
pub use event::{Alarm, BreachCause, Call, ClockEvent, Credit, Outcome, Schedule};
pub use explain::{
    Beside, Closed, Entry, EntryKind, ExplainError, Ledger, Mark, Noticed, Recorded, Remedy,
    Replaced, Tongue, explain,
};
pub use firstline_calendar::{
    Calendar, CalendarError, CalendarSpec, ClosedReason, DayTarget, LocalTime, NaiveDate,
    ParseTimestampError, Recurrence, RecurrenceError, Shift, Span, SpanState, TZDB_RELEASE,
    TimeOfDay, Timestamp, WallClock, WorkTime, is_time_zone,
};
pub use forecast::{Forecast, Foreseen};
pub use key::{Agreement, ClockKey, Measure, Metric, ParseClockKeyError};
pub use page::{
    ImpossiblePageEvent, MAX_PAGE_LEVELS, MAX_RING_INTERVAL, MAX_RINGS, Page, PageEvent, PageLevel,
    PageLevelSpec, PagePhase, PagePlan, PagePlanError, PagePlanFault, PagePlanSpec, RingId,
};
pub use past::recount;
pub use roster::{
    HolePattern, HoleReport, MAX_MEMBERS, MAX_OVERRIDES, MAX_SHIFTS, MAX_TURN_DAYS, OnCall,
    OverrideSpec, Roster, RosterError, RosterFault, RosterSpan, RosterSpec, RotationSpec,
    ShiftSpec,
};
pub use terms::{
    Allowance, MAX_ALLOWANCE, MAX_STEPS, MAX_WARNINGS, Pin, Reason, Step, StepWhen, Terms,
    Threshold, Within,
};
pub use triggers::{Ask, MAX_PAUSES, Triggers, TriggersSpec};
pub use wall_time::{ParseWallTimeError, WallTime};
