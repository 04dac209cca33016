//! An account as a text that can be forwarded.

use std::fmt::Write as _;

use firstline_calendar::{Timestamp, WorkTime};

use super::words::Tongue;
use super::{Entry, EntryKind, Ledger, Mark, Remedy};
use crate::clock::{Clock, Phase};
use crate::event::{BreachCause, Call, ClockEvent, Outcome};
use crate::terms::{Pin, Threshold};

impl Ledger {
    /// The whole account as plain text: the [verdict](Self::verdict) in one sentence, the terms, what
    /// happened when and where the time went, the sum, and the remedies that are given. For a clock
    /// that is live also what it will say if nothing happens.
    ///
    /// Moments are shown by the wall clock of the calendar in force at the end; its zone is told
    /// once. Names of holidays and reasons that are not known are told as they are.
    #[must_use]
    pub fn text(&self, tongue: Tongue, remedies: &[Remedy]) -> String {
        let teller = Teller { ledger: self, tongue };
        let mut text = format!("{}\n{}\n\n", teller.verdict(), teller.terms());
        for row in teller.rows() {
            let _ = writeln!(text, "{row}");
        }
        let _ = write!(text, "{}", teller.sum());
        let foreseen = self.clock.forecast().events;
        if !foreseen.is_empty() {
            text += "\n\n";
            text += tongue.pick("If nothing happens:", "Если ничего не произойдёт:");
            for it in &foreseen {
                let mark = Mark {
                    at: it.at,
                    noticed_at: None,
                    event: it.event.clone(),
                    due: None,
                    pin: self.clock.pin.clone(),
                    calendar: self.calendar().clone(),
                };
                let what = teller.event(&mark).unwrap_or_default();
                let _ = write!(text, "\n- {}: {what}", teller.moment(it.at));
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

    /// The verdict in one sentence that needs no further explanation.
    #[must_use]
    pub fn verdict(&self, tongue: Tongue) -> String {
        Teller { ledger: self, tongue }.verdict()
    }

    /// A remedy as a sentence.
    #[must_use]
    pub fn remedy(&self, remedy: &Remedy, tongue: Tongue) -> String {
        Teller { ledger: self, tongue }.remedy(remedy)
    }
}

/// Tells a ledger in a tongue.
struct Teller<'l> {
    ledger: &'l Ledger,
    tongue: Tongue,
}

impl Teller<'_> {
    fn moment(&self, at: Timestamp) -> String {
        self.tongue.moment(&self.ledger.calendar().wall_clock(at))
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

    fn verdict(&self) -> String {
        let Ledger { key, clock, due, until, .. } = self.ledger;
        let name = match (clock.cycle, self.tongue) {
            (..=1, tongue) => tongue.clock(key),
            (cycle, Tongue::English) => format!("{} (run {cycle})", Tongue::English.clock(key)),
            (cycle, Tongue::Russian) => format!("{} (цикл {cycle})", Tongue::Russian.clock(key)),
        };
        let (allowance, spent) = (self.time(clock.allowance), self.time(self.spent()));
        let due = self.by(*due);
        match (&clock.phase, self.tongue) {
            (Phase::Fulfilled { at, outcome: Outcome::Met }, tongue) => {
                let kept = tongue.pick("kept, done on", "обещание выполнено");
                format!("{name}: {kept} {}{}.", self.moment(*at), self.to_spare())
            }
            (Phase::Fulfilled { at, .. }, _) => format!("{name}: {}.", self.missed(Some(*at))),
            (Phase::Cancelled { at, reason }, tongue) => {
                let (at, reason) = (self.moment(*at), tongue.reason(reason));
                match tongue {
                    Tongue::English => {
                        format!("{name}: given up on {at} ({reason}), without a verdict.")
                    }
                    Tongue::Russian => {
                        format!("{name}: обещание снято {at} ({reason}), без оценки.")
                    }
                }
            }
            _ if clock.broken => format!("{name}: {}.", self.missed(None)),
            (Phase::Running { .. }, Tongue::English) => format!(
                "{name}: on time so far, due by {due}; on {} {spent} of {allowance} of working time are used up.",
                self.moment(*until),
            ),
            (Phase::Running { .. }, Tongue::Russian) => format!(
                "{name}: пока в срок, срок истекает {due}; на {} израсходовано {spent} из {allowance} рабочего времени.",
                self.moment(*until),
            ),
            (Phase::Paused { reasons }, tongue) => {
                let reasons = tongue.reasons(reasons);
                let fixed = clock.fixed.as_ref().map_or_else(String::new, |_| match tongue {
                    Tongue::English => format!("; due by {due} all the same"),
                    Tongue::Russian => format!("; срок всё равно истекает {due}"),
                });
                match tongue {
                    Tongue::English => format!(
                        "{name}: standing still ({reasons}), {spent} of {allowance} of working time are used up{fixed}."
                    ),
                    Tongue::Russian => format!(
                        "{name}: отсчёт остановлен ({reasons}), израсходовано {spent} из {allowance} рабочего времени{fixed}."
                    ),
                }
            }
        }
    }

    fn spent(&self) -> WorkTime {
        self.ledger.counted + self.ledger.counted_elsewhere
    }

    /// By how much it was kept, and that it was late by earlier terms.
    fn to_spare(&self) -> String {
        let Clock { allowance, fixed, breach, .. } = &self.ledger.clock;
        let fixed = fixed.as_ref().and_then(|fixed| fixed.schedule.due);
        let left = (*allowance - self.spent()).max(WorkTime::ZERO);
        let spare = match (fixed, self.tongue) {
            (Some(due), Tongue::English) => format!(", due by {}", self.moment(due)),
            (Some(due), Tongue::Russian) => format!(" при сроке {}", self.moment(due)),
            (None, tongue) => {
                let (left, allowance) = (self.time(left), self.time(*allowance));
                match tongue {
                    Tongue::English => {
                        format!(", with {left} of {allowance} of working time to spare")
                    }
                    Tongue::Russian => {
                        format!(", в запасе оставалось {left} из {allowance} рабочего времени")
                    }
                }
            }
        };
        let earlier = breach.map_or_else(String::new, |breach| match self.tongue {
            Tongue::English => {
                format!("; by its earlier terms it was late on {}", self.moment(breach.at))
            }
            Tongue::Russian => {
                format!("; по прежним условиям срок был нарушен {}", self.moment(breach.at))
            }
        });
        spare + &earlier
    }

    /// Why it was missed, or is late and still open.
    fn missed(&self, done: Option<Timestamp>) -> String {
        let Ledger { marks, due, .. } = self.ledger;
        let breach = marks.iter().rev().find_map(|mark| match mark.event {
            ClockEvent::Breached { cause } => Some((mark.at, cause)),
            _ => None,
        });
        let done_at = done.map(|at| self.moment(at));
        let over = self.late();
        let by_change = breach.filter(|(_, cause)| *cause != BreachCause::Elapsed);
        let Some((changed, cause)) = by_change else {
            let due = self.by(*due);
            let late = match (over, self.tongue) {
                (WorkTime::ZERO, tongue) => tongue
                    .pick(
                        ", too late, though nobody works in between",
                        ", с опозданием, хотя рабочего времени между ними нет",
                    )
                    .to_owned(),
                (over, Tongue::English) => {
                    format!(", {} of working time too late", self.time(over))
                }
                (over, Tongue::Russian) => {
                    format!(", на {} рабочего времени позже", self.time(over))
                }
            };
            return match (done_at, self.tongue) {
                (Some(at), Tongue::English) => {
                    format!("missed, because it was due by {due} and was done on {at}{late}")
                }
                (Some(at), Tongue::Russian) => {
                    format!(
                        "обещание нарушено, потому что срок истёк {due}, а выполнено {at}{late}"
                    )
                }
                (None, Tongue::English) => format!(
                    "late and still open: it was due by {due}, and {} of working time have passed since",
                    self.time(over),
                ),
                (None, Tongue::Russian) => format!(
                    "срок истёк {due}, обещание всё ещё не выполнено, с тех пор прошло {} рабочего времени",
                    self.time(over),
                ),
            };
        };
        self.missed_by_change(changed, cause, done_at)
    }

    /// Working time from due to the end of the account.
    fn late(&self) -> WorkTime {
        let Ledger { entries, clock, due, until, .. } = self.ledger;
        let Some(due) = *due else { return WorkTime::ZERO };
        // A date counts while the clock stands still, too.
        if clock.fixed.is_some() {
            return self.ledger.calendar().between(due, *until);
        }
        let since = entries.iter().rev().take_while(|entry| entry.to > due);
        let counted = since.filter(|entry| entry.kind == EntryKind::Counted);
        let ms = counted.map(|entry| entry.to.millis_since(entry.from.max(due))).sum();
        WorkTime::from_millis(ms)
    }

    fn missed_by_change(
        &self,
        changed: Timestamp,
        cause: BreachCause,
        done_at: Option<String>,
    ) -> String {
        let is_at = |mark: &&Mark| mark.at == changed;
        let spent = self.ledger.marks.iter().filter(is_at).find_map(|mark| match &mark.event {
            ClockEvent::Retargeted { spent, allowance, .. }
            | ClockEvent::Corrected { spent, allowance, .. } => Some((*spent, *allowance)),
            ClockEvent::DueReleased { spent, .. } => Some((*spent, self.ledger.clock.allowance)),
            _ => None,
        });
        let (spent, allowance) = spent.unwrap_or_else(|| (self.spent(), self.ledger.clock.allowance));
        let [spent, allowance] = [spent, allowance].map(|time| self.time(time));
        let changed = self.moment(changed);
        let what = match (cause, self.tongue) {
            (BreachCause::Correction, tongue) => {
                tongue.pick("time was valued anew", "время было пересчитано")
            }
            (_, tongue) => tongue.pick("the terms were changed", "условия были изменены"),
        };
        let done = match (done_at, self.tongue) {
            (Some(at), Tongue::English) => format!("it was done on {at}"),
            (Some(at), Tongue::Russian) => format!("выполнено {at}"),
            (None, tongue) => {
                tongue.pick("it is still open", "обещание всё ещё не выполнено").to_owned()
            }
        };
        match self.tongue {
            Tongue::English => format!(
                "missed, because {what} on {changed}: {spent} of working time were used up by then, and {allowance} are allowed; {done}"
            ),
            Tongue::Russian => format!(
                "обещание нарушено, потому что {changed} {what}: к этому моменту израсходовано {spent} рабочего времени, а разрешено {allowance}; {done}"
            ),
        }
    }

    /// The terms in force at the end, and whose wall clock it is.
    fn terms(&self) -> String {
        let Clock { allowance, pin, .. } = &self.ledger.clock;
        let (allowance, place) = (self.time(*allowance), self.place(pin));
        let (tzdb, zone) = (&pin.tzdb, self.ledger.calendar().time_zone().name());
        match self.tongue {
            Tongue::English => format!(
                "Terms: {allowance} of working time, {place}. Times are those of {zone} (time zone data {tzdb})."
            ),
            Tongue::Russian => format!(
                "Условия: {allowance} рабочего времени, {place}. Время указано по часовому поясу {zone} (данные часовых поясов {tzdb})."
            ),
        }
    }

    fn place(&self, pin: &Pin) -> String {
        let Pin { rulebook, policy, calendar, .. } = pin;
        match self.tongue {
            Tongue::English => {
                format!("policy {policy}, calendar {calendar}, rulebook version {rulebook}")
            }
            Tongue::Russian => {
                format!("политика {policy}, календарь {calendar}, версия правил {rulebook}")
            }
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
        let late = mark.noticed_at.filter(|noticed| *noticed > mark.at);
        late.map_or_else(String::new, |at| {
            format!(" ({} {})", self.tongue.pick("noticed", "замечено"), self.moment(at))
        })
    }

    /// What happened; `None` for what the entry that follows tells as well.
    fn event(&self, mark: &Mark) -> Option<String> {
        let Mark { at, event, due, pin, calendar, .. } = mark;
        let (tongue, due) = (self.tongue, *due);
        let by = format!("{} {}", tongue.pick("due", "срок"), self.by(due));
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
                format!("{promised}{since}{}{}", by(schedule.is_some()), self.skipped(skipped))
            }
            ClockEvent::Paused { .. } | ClockEvent::Resumed { schedule: None, .. } => return None,
            ClockEvent::Resumed { schedule: Some(_), .. } => {
                format!("{}{}", tongue.pick("goes on", "отсчёт продолжен"), by(true))
            }
            ClockEvent::Retargeted { allowance, spent, schedule, skipped, .. } => {
                let new = tongue.pick("new terms", "новые условия");
                let (place, used) = (self.place(pin), used(*spent, *allowance));
                format!("{new}: {place}; {used}{}{}", by(schedule.is_some()), self.skipped(skipped))
            }
            ClockEvent::Corrected { allowance, spent, schedule, skipped, .. } => {
                let anew = tongue.pick("all time valued anew", "всё время пересчитано");
                let (place, used) = (self.place(pin), used(*spent, *allowance));
                format!(
                    "{anew}: {place}; {used}{}{}",
                    by(schedule.is_some()),
                    self.skipped(skipped)
                )
            }
            ClockEvent::DueFixed { by_hand, schedule, skipped } => {
                let fixed = match by_hand {
                    true => tongue.pick("due time fixed by hand", "срок назначен вручную"),
                    false => tongue.pick("due time fixed by the terms", "срок задан условиями"),
                };
                format!("{fixed}: {}{}", self.by(schedule.due), self.skipped(skipped))
            }
            ClockEvent::DueReleased { schedule, skipped, .. } => {
                let released = tongue.pick("fixed due time released", "назначенный срок отменён");
                format!("{released}{}{}", by(schedule.is_some()), self.skipped(skipped))
            }
            ClockEvent::Warned { threshold } => tongue.threshold(*threshold),
            ClockEvent::Climbed { step } => {
                format!(
                    "{} {}",
                    tongue.pick("escalation: step", "эскалация: шаг"),
                    u16::from(*step) + 1
                )
            }
            ClockEvent::Breached { cause } => {
                match cause {
                    BreachCause::Elapsed => tongue
                        .pick("due, and not done: broken", "срок истёк, не выполнено: нарушено"),
                    BreachCause::Retarget => tongue
                        .pick("broken by the change of terms", "нарушено из-за изменения условий"),
                    BreachCause::Correction => {
                        tongue.pick("broken by the correction", "нарушено из-за пересчёта")
                    }
                }
                .to_owned()
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
                format!(
                    "{taken}: {}{}",
                    used(clock.spent_at(calendar, *at), clock.allowance),
                    by(false)
                )
            }
        })
    }

    fn skipped(&self, calls: &[Call]) -> String {
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
            (Call::Step(step), tongue) => {
                format!("{} {}", tongue.pick("step", "шаг"), u16::from(*step) + 1)
            }
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

    fn remedy(&self, remedy: &Remedy) -> String {
        let tongue = self.tongue;
        let kept = match self.ledger.clock.is_live() {
            true => tongue.pick("It would still be in time", "Срок ещё не был бы нарушен,"),
            false => tongue.pick("It would have been kept", "Обещание было бы выполнено,"),
        };
        match tongue {
            Tongue::English => format!("{kept} {}.", self.remedy_in_english(remedy)),
            Tongue::Russian => format!("{kept} {}.", self.remedy_in_russian(remedy)),
        }
    }

    fn remedy_in_english(&self, remedy: &Remedy) -> String {
        let reason = |reason| self.tongue.reason(reason);
        match remedy {
            Remedy::DoneEarlier { at, by } => {
                let changed =
                    if self.is_changed_at(*at) { " before the terms were changed" } else { "" };
                let by = match *by {
                    WorkTime::ZERO => String::new(),
                    by => format!(", {} of working time earlier", self.more(by)),
                };
                format!("if it had been done {}{changed}{by}", self.until(*at, ["by", "before"]))
            }
            Remedy::PausedFrom { reason: why, at } => {
                let until = match self.ledger.clock.is_live() {
                    true => "until now",
                    false => "until it was done",
                };
                let from = self.until(*at, ["from", "from before"]);
                format!("if the clock had stood still ({}) {from} {until}", reason(why))
            }
            Remedy::PauseBegunEarlier { reason: why, began_at, at, by } => {
                let (began, why) = (self.moment(*began_at), reason(why));
                let (at, by) = (self.until(*at, ["on", "before"]), self.more(*by));
                format!(
                    "if the pause of {began} ({why}) had begun {at}, {by} of working time earlier"
                )
            }
            Remedy::PauseEndedLater { reason: why, ended_at, at, by } => {
                let (ended, why) = (self.moment(*ended_at), reason(why));
                let (at, by) = (self.since(*at, ["on", "after"]), self.more(*by));
                format!(
                    "if the pause ({why}) that ended on {ended} had ended {at}, {by} of working time later"
                )
            }
            Remedy::LongerAllowance { allowance, by } => {
                let (time, allowance) = (self.more(*allowance + *by), self.time(*allowance));
                format!("if {time} of working time had been allowed instead of {allowance}")
            }
            Remedy::LaterDate { due, at } => {
                let [at, due] = [at, due].map(|at| self.moment(*at));
                format!("if it had been due by {at} instead of {due}")
            }
            Remedy::ChangeNotMade { at } => {
                format!("if {} on {}", self.change_at(*at), self.moment(*at))
            }
        }
    }

    fn remedy_in_russian(&self, remedy: &Remedy) -> String {
        let reason = |reason| self.tongue.reason(reason);
        match remedy {
            Remedy::DoneEarlier { at, by } => {
                let changed = if self.is_changed_at(*at) {
                    ", до изменения условий"
                } else {
                    ""
                };
                let by = match *by {
                    WorkTime::ZERO => String::new(),
                    by => format!(", {} рабочего времени раньше", self.by_more(by)),
                };
                let at = self.until(*at, ["не позднее", "раньше"]);
                format!("если бы это было сделано {at}{changed}{by}")
            }
            Remedy::PausedFrom { reason: why, at } => {
                let until = match self.ledger.clock.is_live() {
                    true => "до настоящего момента",
                    false => "до выполнения",
                };
                let from = self.until(*at, ["с", "с момента раньше"]);
                format!("если бы отсчёт был остановлен ({}) {from} {until}", reason(why))
            }
            Remedy::PauseBegunEarlier { reason: why, began_at, at, by } => {
                let (began, why) = (self.moment(*began_at), reason(why));
                let (at, by) = (self.until(*at, ["не позднее", "раньше"]), self.by_more(*by));
                format!(
                    "если бы пауза от {began} ({why}) началась {at}, {by} рабочего времени раньше"
                )
            }
            Remedy::PauseEndedLater { reason: why, ended_at, at, by } => {
                let (ended, why) = (self.moment(*ended_at), reason(why));
                let (at, by) = (self.since(*at, ["не раньше", "позже"]), self.by_more(*by));
                format!(
                    "если бы пауза ({why}), которая закончилась {ended}, закончилась {at}, {by} рабочего времени позже"
                )
            }
            Remedy::LongerAllowance { allowance, by } => {
                let (time, allowance) = (self.more(*allowance + *by), self.time(*allowance));
                format!("если бы было разрешено {time} рабочего времени вместо {allowance}")
            }
            Remedy::LaterDate { due, at } => {
                let [at, due] = [at, due].map(|at| self.moment(*at));
                format!("если бы срок истекал {at} вместо {due}")
            }
            Remedy::ChangeNotMade { at } => {
                format!("если бы {} {}", self.change_at(*at), self.moment(*at))
            }
        }
    }

    /// What was not to be done then.
    fn change_at(&self, at: Timestamp) -> &'static str {
        let tongue = self.tongue;
        let mut here = self.ledger.marks.iter().filter(|mark| mark.at == at);
        let told = here.find_map(|mark| match mark.event {
            ClockEvent::Corrected { .. } => {
                Some(tongue.pick("time had not been valued anew", "время не было пересчитано"))
            }
            ClockEvent::DueFixed { by_hand: true, .. } => {
                Some(tongue.pick("the due time had not been fixed", "срок не был назначен вручную"))
            }
            ClockEvent::DueReleased { .. } => Some(tongue.pick(
                "the fixed due time had not been released",
                "назначенный срок не был отменён",
            )),
            _ => None,
        });
        told.unwrap_or_else(|| {
            tongue.pick("the terms had not been changed", "условия не были изменены")
        })
    }

    /// A time of which a single millisecond more than whole seconds is told as more than that.
    fn more(&self, time: WorkTime) -> String {
        match time.as_millis() % 1_000 {
            1 => {
                let below = self.time(time - WorkTime::from_millis(1));
                format!("{} {below}", self.tongue.pick("more than", "более"))
            }
            _ => self.time(time),
        }
    }

    /// The same as a difference, in Russian.
    fn by_more(&self, time: WorkTime) -> String {
        match time.as_millis() % 1_000 {
            1 => format!("более чем на {}", self.time(time - WorkTime::from_millis(1))),
            _ => format!("на {}", self.time(time)),
        }
    }

    /// Up to a moment, or before the next one where that is a whole second.
    fn until(&self, at: Timestamp, [upto, before]: [&str; 2]) -> String {
        match at.checked_add_millis(1).filter(|next| next.as_millis() % 1_000 == 0) {
            Some(next) => format!("{before} {}", self.moment(next)),
            None => format!("{upto} {}", self.moment(at)),
        }
    }

    /// From a moment on, or after the one before where that is a whole second.
    fn since(&self, at: Timestamp, [from, after]: [&str; 2]) -> String {
        match at.checked_add_millis(-1).filter(|last| last.as_millis() % 1_000 == 0) {
            Some(last) => format!("{after} {}", self.moment(last)),
            None => format!("{from} {}", self.moment(at)),
        }
    }

    fn is_changed_at(&self, at: Timestamp) -> bool {
        let mut here = self.ledger.marks.iter().filter(|mark| mark.at == at);
        here.any(|mark| {
            matches!(mark.event, ClockEvent::Breached { cause } if cause != BreachCause::Elapsed)
        })
    }
}

/// How many times the clock stood still, whatever the reasons.
fn pauses(entries: &[Entry]) -> usize {
    let is_paused = |entry: &Entry| matches!(entry.kind, EntryKind::Paused(_));
    let runs = entries.chunk_by(|a, b| is_paused(a) == is_paused(b));
    runs.filter(|run| is_paused(&run[0])).count()
}
