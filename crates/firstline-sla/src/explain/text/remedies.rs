//! What would have kept a promise, in sentences.

use firstline_calendar::{Timestamp, WorkTime};

use super::Teller;
use crate::event::{BreachCause, ClockEvent};
use crate::explain::Remedy;
use crate::explain::words::Tongue;

/// More than something by this is told as more than it, and that thing is not named again.
const A_MILLISECOND: WorkTime = WorkTime::from_millis(1);

impl Teller<'_> {
    pub(super) fn remedy(&self, remedy: &Remedy) -> String {
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
                    if self.is_broken_after(*at) { ", when the terms were changed" } else { "" };
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
                let time = self.more(*allowance + *by);
                let instead = match *by {
                    A_MILLISECOND => String::new(),
                    _ => format!(" instead of {}", self.time(*allowance)),
                };
                format!("if {time} of working time had been allowed{instead}")
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
                let changed = if self.is_broken_after(*at) {
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
                let time = self.more(*allowance + *by);
                let instead = match *by {
                    A_MILLISECOND => String::new(),
                    _ => format!(" вместо {}", self.time(*allowance)),
                };
                format!("если бы было разрешено {time} рабочего времени{instead}")
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

    /// Whether a change broke it in the next millisecond.
    fn is_broken_after(&self, at: Timestamp) -> bool {
        let next = at.checked_add_millis(1);
        let mut here = self.ledger.marks.iter().filter(|mark| Some(mark.at) == next);
        here.any(|mark| {
            matches!(mark.event, ClockEvent::Breached { cause } if cause != BreachCause::Elapsed)
        })
    }
}
