//! A maintenance plan: which work comes again when, for which thing and under which contract.
//!
//! A plan is a stream of its own beside the equipment and contracts that it is for, and no part of
//! the rulebook: a desk has thousands of them, they come and go with the customers, and what the desk
//! has to remember of each (which date was opened last, which is next) is state, which a rulebook has
//! none of. What is recorded is the next date with its moment, never the rule alone: no later edit of
//! a calendar moves what was written down.

mod refusal;

use firstline_sla::{
    Calendar, NaiveDate, Recurrence, RecurrenceError, Shift, TimeOfDay, Timestamp,
};
use serde::{Deserialize, Serialize};

pub use refusal::PlanRefusal;

use crate::date::Date;
use crate::id::PlanId;
use crate::limits::{ERASED, check_count, check_line, check_text};
use crate::refusal::Refusal;
use crate::rulebook::Rulebook;
use crate::ticket::{MAX_CHECKS, OpenTicket};

/// The most dates of one plan that are opened at once when a desk has slept: what follows goes on from
/// there.
pub const MAX_MISSED: usize = 100;

/// How late a date may be noticed and is not missed, where missed ones are left out: a weekend's sleep
/// is long, an update of the host is not.
const GRACE_MS: i64 = 24 * 60 * 60 * 1_000;

/// When a plan that the rulebook has stopped is tried again: people see by the next day that their
/// calendar is back, and a desk that nobody mends does not write more than a line a day.
const AGAIN_MS: i64 = 24 * 60 * 60 * 1_000;

/// How long before a moment its date can lie, or after it: no holidays last longer than two months.
const SHIFTED_MS: i64 = 62 * 24 * 60 * 60 * 1_000;

/// Work that comes again.
///
/// ```
/// use firstline_core::{ContactId, OpenTicket, Plan, Rulebook};
///
/// let rulebook = Rulebook::from_toml("name = \"Desk\"\n[[lines]]\nid = \"L1\"\n", "desk.toml")?;
/// let request = OpenTicket::new(ContactId(1), "Quarterly service", "Clean the rollers.");
/// let plan = Plan::new("Printer service", "FREQ=MONTHLY;INTERVAL=3", "2026-01-15".parse()?, request);
/// let now = "2026-03-02T09:00:00Z".parse()?;
/// let coming: Vec<String> =
///     plan.coming(&rulebook, now)?.iter().take(2).map(|next| next.date.to_string()).collect();
/// assert_eq!(coming, ["2026-04-15", "2026-07-15"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plan {
    /// What it is called.
    pub name: String,
    /// By which rule it comes: a [`Recurrence`], such as `FREQ=MONTHLY;BYDAY=1MO`.
    pub rule: String,
    /// From which day on.
    pub start: Date,
    /// At which time of the day, by the clock of its calendar; midnight, if nothing is said.
    #[serde(default = "midnight")]
    pub at: TimeOfDay,
    /// By which calendar of the rulebook; `None` for UTC, and every day is a working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// What becomes of a day on which nobody works.
    #[serde(default)]
    pub shift: PlanShift,
    /// What becomes of the dates at which the desk slept.
    #[serde(default)]
    pub late: Late,
    /// Whether it rests: no ticket is opened meanwhile, and what falls into that time is left out.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub paused: bool,
    /// The ticket that each date opens: for whom, for which thing, under which contract, its words.
    pub request: Box<OpenTicket>,
    /// What stands on its checklist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<String>,
    /// What the desk knows of it. What a save says of that counts for nothing.
    #[serde(default, skip_serializing_if = "Progress::is_none")]
    pub progress: Progress,
}

/// What became of a plan so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Progress {
    /// What it opens next, if nothing changes. Where the rulebook stopped it, the date that waits, and
    /// when it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Coming>,
    /// The last date that it is done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Date>,
    /// How many tickets it has opened.
    #[serde(default)]
    pub opened: u64,
    /// Why its last date opened no ticket, if it did not: the contract has ended, for example. Or why it
    /// rests, if the desk itself laid it to rest: the person it is for was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Since when its dates have opened none: the first record that says so is news, and those after it
    /// are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_since: Option<Timestamp>,
}

/// A date of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coming {
    /// The date by the rule: the ticket goes by it, though another day may have taken its place.
    pub date: Date,
    /// When it is.
    pub at: Timestamp,
}

/// Which date of which plan a ticket was opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Planned {
    /// Which plan.
    pub plan: PlanId,
    /// Which date.
    pub date: Date,
}

/// What becomes of a day of a plan on which nobody works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PlanShift {
    /// It stays.
    #[default]
    Stay,
    /// The next working day takes its place.
    Next,
    /// The last working day before it does.
    Previous,
}

/// What becomes of the dates of a plan at which the desk slept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Late {
    /// One ticket for all of them, under the last: what is to be done is done once.
    #[default]
    One,
    /// A ticket for each.
    Each,
    /// None, for those that are noticed more than a day late.
    Skip,
}

const fn midnight() -> TimeOfDay {
    TimeOfDay::from_minutes(0).expect("a day begins at midnight")
}

impl Progress {
    /// A date opened no ticket, for this reason.
    pub fn refuse(&mut self, why: &Refusal, now: Timestamp) {
        self.refused = Some(why.to_string());
        self.silent_since.get_or_insert(now);
    }

    /// It opens tickets, or is to do so again.
    pub fn go_on(&mut self) {
        (self.refused, self.silent_since) = (None, None);
    }

    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Plan {
    /// A plan by a rule from a day on, at midnight UTC.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        rule: impl Into<String>,
        start: Date,
        request: OpenTicket,
    ) -> Self {
        Self {
            name: name.into(),
            rule: rule.into(),
            start,
            at: midnight(),
            calendar: None,
            shift: PlanShift::default(),
            late: Late::default(),
            paused: false,
            request: Box::new(request),
            checklist: Vec::new(),
            progress: Progress::default(),
        }
    }

    pub(super) fn check(&self, rulebook: &Rulebook) -> Result<(), Refusal> {
        self.recurrence()?;
        self.calendar(rulebook)?;
        check_line("subject", &self.request.subject)?;
        check_text("text", &self.request.text)?;
        check_count("checks", self.checklist.len(), MAX_CHECKS)?;
        self.checklist.iter().try_for_each(|item| check_line("check", item))?;
        if let Some(line) = &self.request.line {
            rulebook.check_line(line, self.request.team.as_ref())?;
        }
        Ok(())
    }

    /// Goes on from what was saved before. A plan that comes by another rule keeps what it has done:
    /// no date that it is done with comes again, and none before now.
    ///
    /// # Errors
    ///
    /// The rule cannot be read, or has no date any more and is new; the rulebook has no such calendar.
    pub fn go_on_from(
        &mut self,
        before: Option<&Self>,
        rulebook: &Rulebook,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.progress = before.map_or_else(Progress::default, |before| before.progress.clone());
        let is_known = before.is_some_and(|before| self.comes_like(before));
        if self.paused {
            self.progress.next = None;
            return Ok(());
        }
        if is_known && self.progress.next.is_some() {
            return Ok(());
        }
        self.progress.next = self.coming(rulebook, now)?.first().copied();
        match self.progress.next {
            Some(_) if is_known => self.progress.go_on(),
            None if !is_known => {
                let why = "none of its dates lies ahead".to_owned();
                return Err(PlanRefusal::NoRecurrence { why }.into());
            }
            _ => {}
        }
        Ok(())
    }

    /// The plan after the rulebook stopped it, for this reason: it has no such calendar any more, or one
    /// by which nobody ever works. The date waits, and is tried again the next day.
    #[must_use]
    pub fn put_off(mut self, why: &Refusal, now: Timestamp) -> Self {
        let again = |next: Coming| Some(Coming { at: now.checked_add_millis(AGAIN_MS)?, ..next });
        self.progress.next = self.progress.next.and_then(again);
        self.progress.refuse(why, now);
        self
    }

    /// Erases what people wrote. Nobody is there any more for whom it would open tickets: it rests.
    pub(super) fn erase_words(&mut self) {
        let items = self.checklist.iter_mut();
        let words = items.chain([&mut self.request.subject, &mut self.request.text]);
        words.for_each(|words| ERASED.clone_into(words));
        // Which of them people wrote and which they chose, only a rulebook knows.
        self.request.fields.clear();
        self.paused = true;
        self.progress.next = None;
        self.progress.refused = Some("the person it is for was erased".to_owned());
    }

    fn comes_like(&self, other: &Self) -> bool {
        (&self.rule, self.start, self.at, &self.calendar, self.shift, self.paused)
            == (&other.rule, other.start, other.at, &other.calendar, other.shift, other.paused)
    }

    /// The next dates that it is not done with, from now on.
    ///
    /// # Errors
    ///
    /// The rule cannot be read; the rulebook has no such calendar.
    pub fn coming(&self, rulebook: &Rulebook, now: Timestamp) -> Result<Vec<Coming>, Refusal> {
        let (rule, calendar) = (self.recurrence()?, self.calendar(rulebook)?);
        let from = self.around(&calendar, now);
        let dates = self.moments(&rule, &calendar, from);
        let coming =
            dates.filter(|coming| coming.at >= now && Some(coming.date) > self.progress.last);
        Ok(coming.take(MAX_MISSED).collect())
    }

    /// What has come by now: what is to be opened of it, and the plan as it is after that.
    ///
    /// # Errors
    ///
    /// The rule cannot be read; the rulebook has no such calendar, or one by which nobody works from
    /// then on where a working day is to take the place of its date. It is to be [put
    /// off](Self::put_off) then.
    pub fn turn(
        &self,
        rulebook: &Rulebook,
        now: Timestamp,
    ) -> Result<(Vec<Coming>, Self), Refusal> {
        let mut after = self.clone();
        let Some(next) = self.progress.next.filter(|next| next.at <= now) else {
            return Ok((Vec::new(), after));
        };
        let (rule, calendar) = (self.recurrence()?, self.calendar(rulebook)?);
        let from = next.date.to_chrono();
        // What lies long ago is gone through only where each date counts.
        let recent = self.around(&calendar, now).max(from);
        let last_by = |from| {
            let dates = self.moments(&rule, &calendar, from).take_while(|coming| coming.at <= now);
            dates.last()
        };
        let due: Vec<Coming> = match self.late {
            Late::Each => {
                let dates = self.moments(&rule, &calendar, from);
                dates.take_while(|coming| coming.at <= now).take(MAX_MISSED).collect()
            }
            Late::One | Late::Skip => {
                last_by(recent).or_else(|| last_by(from)).into_iter().collect()
            }
        };
        if due.is_empty() && self.moments(&rule, &calendar, from).next().is_none() {
            return Err(PlanRefusal::NobodyWorks { date: next.date }.into());
        }
        // An edited calendar may have moved even the date that was written down.
        let due = if due.is_empty() { vec![next] } else { due };
        let done = due[due.len() - 1].date;
        after.progress.last = Some(done);
        let rest = done.next().to_chrono();
        after.progress.next = self.moments(&rule, &calendar, rest).next().or_else(|| {
            // Nobody works any more, as it looks now: the date is asked for again when it comes.
            let date = rule.dates_from(self.start.to_chrono(), rest).next()?;
            let at = calendar.at(date, self.at)?;
            Some(Coming { date: Date::from_chrono(date), at })
        });
        let is_missed =
            |coming: &Coming| self.late == Late::Skip && now.millis_since(coming.at) > GRACE_MS;
        Ok((due.into_iter().filter(|coming| !is_missed(coming)).collect(), after))
    }

    /// When it next wants to be looked at.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.progress.next.map(|next| next.at)
    }

    fn moments<'r>(
        &self,
        rule: &'r Recurrence,
        calendar: &'r Calendar,
        from: NaiveDate,
    ) -> impl Iterator<Item = Coming> + 'r {
        let shift = match self.shift {
            PlanShift::Stay => Shift::Stay,
            PlanShift::Next => Shift::Next,
            PlanShift::Previous => Shift::Previous,
        };
        let days = (self.start.to_chrono(), from);
        let moments = rule.moments(days, (self.at, shift), calendar);
        moments.map(|(date, at)| Coming { date: Date::from_chrono(date), at })
    }

    /// A day before all dates that can have their moment at `now` or later.
    fn around(&self, calendar: &Calendar, now: Timestamp) -> NaiveDate {
        let before = now.checked_add_millis(-SHIFTED_MS).unwrap_or(now);
        calendar.wall_clock().date_of(before).max(self.start.to_chrono())
    }

    fn recurrence(&self) -> Result<Recurrence, Refusal> {
        self.rule.parse().map_err(|error: RecurrenceError| {
            PlanRefusal::NoRecurrence { why: error.to_string() }.into()
        })
    }

    fn calendar(&self, rulebook: &Rulebook) -> Result<Calendar, Refusal> {
        self.calendar
            .as_ref()
            .map_or_else(|| Ok(Calendar::always()), |name| rulebook.find_calendar(name).cloned())
    }
}
