//! An account as a text that can be forwarded.

mod remedies;
mod terms;
mod verdict;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use firstline_calendar::{Calendar, LocalTime, Timestamp, WorkTime};

use super::words::Tongue;
use super::{Entry, EntryKind, Ledger, Mark, Noticed, Remedy};
use crate::event::{BreachCause, Call, ClockEvent, Outcome};
use crate::forecast::Foreseen;
use crate::key::ClockKey;
use crate::terms::{Pin, Threshold, Within};

impl Ledger {
    /// The whole account as plain text: the [verdict](Self::verdict) in one sentence, the terms, what
    /// happened when and where the time went, the sum, and the remedies that are given. For a clock
    /// that is live also what it will say if nothing happens.
    ///
    /// Moments are shown by the wall clock of the calendar in force at the end; its zone is told
    /// once. Names of holidays and reasons that are not known are told as they are.
    #[must_use]
    pub fn text(&self, tongue: Tongue, remedies: &[Remedy]) -> String {
        self.text_beside(tongue, remedies, &BARE)
    }

    /// The [text](Self::text) with what the subject of the clock has to say.
    #[must_use]
    pub fn text_beside(&self, tongue: Tongue, remedies: &[Remedy], beside: &Beside) -> String {
        let teller = Teller { ledger: self, tongue, beside };
        let mut text = format!("{}\n{}\n\n", teller.verdict(), teller.terms());
        for row in teller.rows() {
            let _ = writeln!(text, "{row}");
        }
        let _ = write!(text, "{}", teller.sum());
        let foreseen = match &beside.foreseen {
            Some(foreseen) => foreseen.clone(),
            None => self.foreseen(),
        };
        if !foreseen.is_empty() {
            text += "\n\n";
            text += tongue.pick("If nothing happens:", "Если ничего не произойдёт:");
        }
        for mark in &foreseen {
            if let Some(what) = teller.event(mark) {
                let _ = write!(text, "\n- {}: {what}", teller.moment(mark.at));
            }
        }
        if !remedies.is_empty() {
            text.push('\n');
        }
        for remedy in remedies {
            let _ = write!(text, "\n- {}", teller.remedy(remedy));
        }
        text
    }

    /// What the clock will say of itself.
    fn foreseen(&self) -> Vec<Mark> {
        let foreseen = self.clock.forecast().events.into_iter();
        let mark = |it: Foreseen| Mark {
            at: it.at,
            noticed: Noticed::NotYet,
            index: None,
            event: it.event,
            replaced: None,
            due: None,
            pin: self.clock.pin.clone(),
            calendar: self.calendar().clone(),
        };
        foreseen.map(mark).collect()
    }

    /// The verdict in one sentence that needs no further explanation.
    #[must_use]
    pub fn verdict(&self, tongue: Tongue) -> String {
        Teller { ledger: self, tongue, beside: &BARE }.verdict()
    }

    /// A remedy as a sentence.
    #[must_use]
    pub fn remedy(&self, remedy: &Remedy, tongue: Tongue) -> String {
        Teller { ledger: self, tongue, beside: &BARE }.remedy(remedy)
    }
}

/// What the subject of a clock knows and the clock does not, for [`Ledger::text_beside`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// What the terms in force promise, as they are written; `None` if that is working time.
    pub within: Option<Within>,
    /// Why terms changed, as the end of a sentence that is led in by `because`: by the
    /// [index](Mark::index) of the change.
    pub causes: BTreeMap<usize, String>,
    /// For which other promise a step of the ladder was carried out that this one reached as well: by
    /// the [index](Mark::index) of the step.
    pub done_for: BTreeMap<usize, ClockKey>,
    /// What will happen to the clock if nothing happens to its subject; `None` if that is what the
    /// clock says of itself.
    pub foreseen: Option<Vec<Mark>>,
    /// What else happened on account of the clock, in order of time: a line each.
    pub happened: Vec<(Timestamp, String)>,
}

static BARE: Beside = Beside {
    within: None,
    causes: BTreeMap::new(),
    done_for: BTreeMap::new(),
    foreseen: None,
    happened: Vec::new(),
};

/// Tells a ledger in a tongue.
struct Teller<'l> {
    ledger: &'l Ledger,
    tongue: Tongue,
    beside: &'l Beside,
}

impl Teller<'_> {
    fn moment(&self, at: Timestamp) -> String {
        let calendar = self.ledger.calendar();
        let shown = calendar.local_time(at);
        let moment = self.tongue.moment(&shown);
        if is_shown_twice(calendar, at) { moment + &offset(&shown) } else { moment }
    }

    fn time(&self, time: WorkTime) -> String {
        self.tongue.time(time)
    }

    fn by(&self, due: Option<Timestamp>) -> String {
        match due {
            Some(due) => self.moment(due),
            None => self.tongue.pick("never", "никогда").to_owned(),
        }
    }

    /// What happened and where the time went, in order of time: the moment, the length, what.
    fn rows(&self) -> Vec<String> {
        let Ledger { entries, marks, .. } = self.ledger;
        let mut rows: Vec<(Timestamp, String, String)> = Vec::new();
        let mut marks = marks.iter().peekable();
        let mut tell_until = |upto: Timestamp, rows: &mut Vec<_>| {
            while let Some(mark) = marks.next_if(|mark| mark.at <= upto) {
                let what = self.event(mark);
                let what = what.map(|what| what + &self.noticed(mark));
                rows.extend(what.map(|what| (mark.at, String::new(), what)));
            }
        };
        for entry in entries {
            tell_until(entry.from, &mut rows);
            let length = self.time(WorkTime::from_millis(entry.length_ms()));
            rows.push((entry.from, length, self.tongue.entry(&entry.kind)));
        }
        tell_until(Timestamp::MAX, &mut rows);
        for (at, what) in &self.beside.happened {
            // After what happened at that moment, and before the time that was counted from it.
            let is_after = |(from, length, _): &&(Timestamp, String, String)| {
                from > at || (from == at && !length.is_empty())
            };
            let place = rows.iter().position(|row| is_after(&row)).unwrap_or(rows.len());
            rows.insert(place, (*at, String::new(), what.clone()));
        }
        let moments: Vec<String> = rows.iter().map(|row| self.moment(row.0)).collect();
        let longest = |texts: &mut dyn Iterator<Item = &String>| {
            texts.map(|text| text.chars().count()).max().unwrap_or(0)
        };
        let first = longest(&mut moments.iter());
        let second = longest(&mut rows.iter().map(|row| &row.1));
        let lines = moments.iter().zip(&rows);
        lines
            .map(|(at, (_, length, what))| format!("{at:<first$}  {length:>second$}  {what}"))
            .collect()
    }

    fn noticed(&self, mark: &Mark) -> String {
        match mark.noticed {
            Noticed::At(at) if at > mark.at => {
                format!(" ({} {})", self.tongue.pick("noticed", "замечено"), self.moment(at))
            }
            Noticed::NotYet => {
                format!(" ({})", self.tongue.pick("not noticed yet", "ещё не замечено"))
            }
            _ => String::new(),
        }
    }

    /// What happened; `None` for what the entry that follows tells as well.
    fn event(&self, mark: &Mark) -> Option<String> {
        let Mark { at, event, due, pin, calendar, .. } = mark;
        let (tongue, due) = (self.tongue, *due);
        // Other times of a promise that is broken do not put off when it was.
        let is_broken = due.is_some_and(|due| due < *at) && is_other_time(event);
        let by = match is_broken {
            true => tongue.pick("broken already on", "уже нарушено"),
            false => tongue.pick("due", "срок"),
        };
        let by = format!("{by} {}", self.by(due));
        let used = |spent: WorkTime, allowance: WorkTime| {
            let [spent, allowance] = [spent, allowance].map(|time| self.time(time));
            match tongue {
                Tongue::English => format!("{spent} of {allowance} used up"),
                Tongue::Russian => format!("израсходовано {spent} из {allowance}"),
            }
        };
        // A clock that stands still has no due time to tell.
        let by = |goes_on: bool| {
            if goes_on || due.is_some() { format!(", {by}") } else { String::new() }
        };
        Some(match event {
            ClockEvent::Started { allowance, since, spent, schedule, skipped, .. } => {
                let promised = tongue.pick("promised", "обещано");
                let since = since.map_or_else(String::new, |at| {
                    let began = tongue.pick("for what began", "по обращению от");
                    format!(", {began} {}: {}", self.moment(at), used(*spent, *allowance))
                });
                format!("{promised}{since}{}{}", by(schedule.is_some()), self.skipped(skipped, pin))
            }
            ClockEvent::Paused { .. } | ClockEvent::Resumed { schedule: None, .. } => return None,
            ClockEvent::Resumed { schedule: Some(_), .. } => {
                format!("{}{}", tongue.pick("goes on", "отсчёт продолжен"), by(true))
            }
            ClockEvent::Retargeted { allowance, spent, schedule, skipped, .. } => {
                let new = tongue.pick("new terms", "новые условия");
                let change = self.change(mark, *allowance, *spent);
                format!("{new}: {change}{}{}", by(schedule.is_some()), self.skipped(skipped, pin))
            }
            ClockEvent::Corrected { allowance, spent, schedule, skipped, .. } => {
                let anew = tongue.pick("all time valued anew", "всё время пересчитано");
                let change = self.change(mark, *allowance, *spent);
                format!("{anew}: {change}{}{}", by(schedule.is_some()), self.skipped(skipped, pin))
            }
            ClockEvent::DueFixed { by_hand, schedule, skipped, .. } => {
                self.fixed(*by_hand, schedule.due) + &self.skipped(skipped, pin)
            }
            ClockEvent::DueReleased { schedule, skipped, .. } => {
                let released = tongue.pick("fixed due time released", "назначенный срок отменён");
                format!("{released}{}{}", by(schedule.is_some()), self.skipped(skipped, pin))
            }
            ClockEvent::Warned { threshold } => {
                tongue.threshold(*threshold) + self.valued_then(mark)
            }
            ClockEvent::Climbed { step } => {
                let escalation = tongue.pick("escalation", "эскалация");
                format!("{escalation}: {}{}", self.step(*step, pin), self.done_for(mark))
            }
            ClockEvent::Breached { cause } => {
                match cause {
                    BreachCause::Elapsed => tongue
                        .pick("due, and not done: broken", "срок истёк, не выполнено: нарушено"),
                    BreachCause::Retarget => tongue
                        .pick("broken by the change of terms", "нарушено из-за изменения условий"),
                    BreachCause::Released => tongue.pick(
                        "broken by the release of the fixed date",
                        "нарушено из-за отмены назначенного срока",
                    ),
                    BreachCause::Correction => {
                        tongue.pick("broken by the correction", "нарушено из-за пересчёта")
                    }
                }
                .to_owned()
                    + self.valued_then(mark)
            }
            ClockEvent::Fulfilled { outcome, .. } => match outcome {
                Outcome::Met => tongue.pick("done in time", "выполнено в срок"),
                Outcome::Missed => tongue.pick("done too late", "выполнено с опозданием"),
            }
            .to_owned(),
            ClockEvent::Cancelled { reason, .. } => {
                format!("{}: {}", tongue.pick("given up", "снято"), tongue.reason(reason))
            }
            ClockEvent::CarriedOn { .. } => {
                format!("{}{}", tongue.pick("taken up again", "возобновлено"), by(true))
            }
            ClockEvent::TakenOver { clock } => {
                let taken = tongue.pick("taken over", "передано сюда");
                let used = used(clock.spent_at(calendar, *at), clock.allowance);
                let by = clock.fixed.as_ref().map_or_else(
                    || by(false),
                    |fixed| format!("; {}", self.fixed(fixed.by_hand, fixed.schedule.due)),
                );
                format!("{taken}: {used}{by}")
            }
        })
    }

    /// That what time told then is not what it comes to since it was valued anew.
    fn valued_then(&self, mark: &Mark) -> &'static str {
        let is_other = |later: &Mark| {
            matches!(later.event, ClockEvent::Corrected { .. })
                && later.at >= mark.at
                && later.calendar != mark.calendar
        };
        match self.ledger.marks.iter().any(is_other) {
            true => self.tongue.pick(", as time was valued then", ", по прежнему расчёту времени"),
            false => "",
        }
    }

    /// That the due time was fixed, by a person or by the terms.
    fn fixed(&self, by_hand: bool, due: Option<Timestamp>) -> String {
        let fixed = match by_hand {
            true => self.tongue.pick("due time fixed by hand", "срок назначен вручную"),
            false => self.tongue.pick("due time fixed by the terms", "срок задан условиями"),
        };
        format!("{fixed}: {}", self.by(due))
    }

    /// A step of the ladder that stands there, which is named if it is not the only one.
    fn step(&self, step: u8, ladder: &Pin) -> String {
        let foreseen = self.beside.foreseen.iter().flatten();
        let mut marks = self.ledger.marks.iter().chain(foreseen);
        let ladder = marks.any(|mark| !mark.pin.has_ladder_of(ladder)).then_some(ladder);
        self.tongue.step(step.into(), ladder)
    }

    /// Which promise a step was carried out for, if it was another one.
    fn done_for(&self, mark: &Mark) -> String {
        let other = mark.index.and_then(|index| self.beside.done_for.get(&index));
        other.map_or_else(String::new, |other| {
            let other = self.tongue.clock(other);
            match self.tongue {
                Tongue::English => format!(", done already for {other}"),
                Tongue::Russian => format!(", уже выполнен по обещанию «{other}»"),
            }
        })
    }

    fn skipped(&self, calls: &[Call], ladder: &Pin) -> String {
        if calls.is_empty() {
            return String::new();
        }
        let told = calls.iter().map(|call| match (call, self.tongue) {
            (Call::Warn(Threshold::Percent(percent)), Tongue::English) => {
                format!("the warning at {percent} %")
            }
            (Call::Warn(Threshold::Percent(percent)), Tongue::Russian) => {
                format!("предупреждение на {percent} %")
            }
            (Call::Warn(Threshold::Before(ahead)), Tongue::English) => {
                format!("the warning {} before due", self.time(*ahead))
            }
            (Call::Warn(Threshold::Before(ahead)), Tongue::Russian) => {
                format!("предупреждение за {} до срока", self.time(*ahead))
            }
            (Call::Step(step), _) => self.step(*step, ladder),
        });
        let told: Vec<String> = told.collect();
        format!("; {}: {}", self.tongue.pick("passed over", "пропущено"), told.join(", "))
    }

    /// How much time there was and where it went.
    fn sum(&self) -> String {
        let Ledger { entries, counted, counted_elsewhere, .. } = self.ledger;
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
            return self.tongue.pick("In all 0 min.", "Всего 0 мин.").to_owned();
        };
        let ms = |ms: i64| self.time(WorkTime::from_millis(ms));
        let tongue = self.tongue;
        let mut parts =
            vec![format!("{} {}", self.time(*counted), tongue.pick("counted", "засчитано"))];
        let mut part = |length: i64, what: String| {
            if length > 0 {
                parts.push(format!("{} {what}", ms(length)));
            }
        };
        part(self.ledger.closed_ms, tongue.pick("closed", "нерабочего времени").to_owned());
        let pauses = self.tongue.count(
            pauses(entries),
            match tongue {
                Tongue::English => ["pause", "pauses", "pauses"],
                Tongue::Russian => ["пауза", "паузы", "пауз"],
            },
        );
        let pauses = match tongue {
            Tongue::English => format!("in {pauses}"),
            Tongue::Russian => format!("на паузе ({pauses})"),
        };
        part(self.ledger.paused_ms, pauses);
        part(
            self.ledger.done_ms,
            tongue
                .pick("between done and taken up again", "между выполнением и возобновлением")
                .to_owned(),
        );
        part(self.ledger.elsewhere_ms, tongue.pick("elsewhere", "в другом месте").to_owned());
        let all = ms(last.to.millis_since(first.from));
        let besides = match *counted_elsewhere {
            WorkTime::ZERO => String::new(),
            time => format!(
                " {} {}.",
                tongue.pick("Counted elsewhere:", "Засчитано в другом месте:"),
                self.time(time),
            ),
        };
        format!("{} {all}: {}.{besides}", tongue.pick("In all", "Всего"), parts.join(", "))
    }
}

/// Whether it gives a clock that was due before another due time.
fn is_other_time(event: &ClockEvent) -> bool {
    use ClockEvent::{CarriedOn, Corrected, DueReleased, Resumed, Retargeted};
    matches!(
        event,
        Resumed { .. }
            | Retargeted { .. }
            | Corrected { .. }
            | DueReleased { .. }
            | CarriedOn { .. }
    )
}

/// Whether the clock on the wall shows this moment twice, because it is set back at about that time.
fn is_shown_twice(calendar: &Calendar, at: Timestamp) -> bool {
    const NEAR_MS: i64 = 3 * 3_600_000;
    let offset = |shift_ms| {
        let at = at.checked_add_millis(shift_ms)?;
        Some(i64::from(calendar.local_time(at).offset_seconds) * 1_000)
    };
    let (Some(now), Some(before), Some(after)) = (offset(0), offset(-NEAR_MS), offset(NEAR_MS))
    else {
        return false;
    };
    let set_back = before - after;
    let other = if now == before { offset(set_back) } else { offset(-set_back) };
    set_back > 0 && other.is_some_and(|other| other != now)
}

/// Which of two moments that a clock shows alike it is: ` (UTC+01:00)`.
fn offset(shown: &LocalTime) -> String {
    let (sign, minutes) = match shown.offset_seconds / 60 {
        minutes @ ..0 => ('−', -minutes),
        minutes => ('+', minutes),
    };
    format!(" (UTC{sign}{:02}:{:02})", minutes / 60, minutes % 60)
}

/// How many times the clock stood still, whatever the reasons.
fn pauses(entries: &[Entry]) -> usize {
    let is_paused = |entry: &Entry| matches!(entry.kind, EntryKind::Paused(_));
    let runs = entries.chunk_by(|a, b| is_paused(a) == is_paused(b));
    runs.filter(|run| is_paused(&run[0])).count()
}
