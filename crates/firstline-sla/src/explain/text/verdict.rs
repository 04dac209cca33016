//! The verdict in one sentence.

use firstline_calendar::{Timestamp, WorkTime};

use super::Teller;
use crate::clock::{Clock, Phase};
use crate::event::{BreachCause, ClockEvent, Outcome};
use crate::explain::words::Tongue;
use crate::explain::{Ledger, Mark};

impl Teller<'_> {
    pub(super) fn verdict(&self) -> String {
        let clock = &self.ledger.clock;
        let broken_before = clock.breach.filter(|_| clock.is_live() && !clock.is_broken());
        let before = broken_before.map_or_else(String::new, |breach| {
            let at = self.moment(breach.at);
            match self.tongue {
                Tongue::English => format!(" By earlier terms it was broken on {at}."),
                Tongue::Russian => format!(" По прежним условиям обещание было нарушено {at}."),
            }
        });
        self.present_verdict() + &before
    }

    fn present_verdict(&self) -> String {
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
            _ if clock.is_broken() => format!("{name}: {}.", self.missed(None)),
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
        let breach = self.ledger.marks.iter().rev().find_map(|mark| match mark.event {
            ClockEvent::Breached { cause } => Some((mark.at, cause)),
            _ => None,
        });
        let done_at = done.map(|at| self.moment(at));
        let later = self.by_later_terms();
        match breach.filter(|(_, cause)| *cause != BreachCause::Elapsed) {
            Some((changed, cause)) => {
                self.missed_by_change(changed, cause, done_at) + &later.unwrap_or_default()
            }
            None => self.missed_by_time(done_at, later),
        }
    }

    fn missed_by_time(&self, done_at: Option<String>, later: Option<String>) -> String {
        let due = self.by(self.ledger.due);
        let over = self.ledger.over();
        let late = later.unwrap_or_else(|| match (over, &done_at, self.tongue) {
            (WorkTime::ZERO, Some(_), tongue) => tongue
                .pick(
                    ", too late, though nobody works in between",
                    ", с опозданием, хотя рабочего времени между ними нет",
                )
                .to_owned(),
            (over, Some(_), Tongue::English) => {
                format!(", {} of working time too late", self.time(over))
            }
            (over, Some(_), Tongue::Russian) => {
                format!(", на {} рабочего времени позже", self.time(over))
            }
            (over, None, Tongue::English) => {
                format!(", and {} of working time have passed since", self.time(over))
            }
            (over, None, Tongue::Russian) => {
                format!(", с тех пор прошло {} рабочего времени", self.time(over))
            }
        });
        match (done_at, self.tongue) {
            (Some(at), Tongue::English) => {
                format!("missed, because it was due by {due} and was done on {at}{late}")
            }
            (Some(at), Tongue::Russian) => {
                format!("обещание нарушено, потому что срок истёк {due}, а выполнено {at}{late}")
            }
            (None, Tongue::English) => format!("late and still open: it was due by {due}{late}"),
            (None, Tongue::Russian) => {
                format!("срок истёк {due}, обещание всё ещё не выполнено{late}")
            }
        }
    }

    /// How much too much was used up by the terms in force, if they are not the ones that were broken:
    /// since then they say how late it is, and not the time since due.
    fn by_later_terms(&self) -> Option<String> {
        let Ledger { marks, clock, .. } = self.ledger;
        let is_breach = |mark: &Mark| matches!(mark.event, ClockEvent::Breached { .. });
        let broken = marks.iter().rposition(is_breach)?;
        let is_other = |mark: &Mark| match &mark.event {
            ClockEvent::Corrected { .. } | ClockEvent::DueReleased { .. } => true,
            ClockEvent::Retargeted { allowance, .. } => {
                mark.replaced.as_ref().is_some_and(|before| before.allowance != *allowance)
            }
            _ => false,
        };
        if clock.fixed.is_some() || !marks[broken..].iter().any(is_other) {
            return None;
        }
        let [spent, allowance, over] = [self.spent(), clock.allowance, self.ledger.over()];
        let over = (over > WorkTime::ZERO).then(|| self.time(over));
        let [spent, allowance] = [spent, allowance].map(|time| self.time(time));
        Some(match self.tongue {
            Tongue::English => {
                let over = over.map_or_else(String::new, |over| format!(", {over} too much"));
                format!(
                    "; by the terms that came later {allowance} of working time are allowed, and \
                     {spent} were used up{over}"
                )
            }
            Tongue::Russian => {
                let over = over.map_or_else(String::new, |over| format!(", на {over} больше"));
                format!(
                    "; по более поздним условиям разрешено {allowance} рабочего времени, а \
                     израсходовано {spent}{over}"
                )
            }
        })
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
        let (spent, allowance) =
            spent.unwrap_or_else(|| (self.spent(), self.ledger.clock.allowance));
        let [spent, allowance] = [spent, allowance].map(|time| self.time(time));
        let changed = self.moment(changed);
        let what = match (cause, self.tongue) {
            (BreachCause::Correction, tongue) => {
                tongue.pick("time was valued anew", "время было пересчитано")
            }
            (BreachCause::Released, tongue) => {
                tongue.pick("the fixed date was released", "назначенный срок был отменён")
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
}
