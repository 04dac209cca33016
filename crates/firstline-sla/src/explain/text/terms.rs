//! Terms and how they changed, in words.

use firstline_calendar::WorkTime;

use super::Teller;
use crate::clock::Clock;
use crate::event::ClockEvent;
use crate::explain::words::Tongue;
use crate::explain::{Mark, Replaced};
use crate::terms::{Pin, Within};

impl Teller<'_> {
    /// The terms in force at the end and what they allowed before, and whose wall clock it is.
    pub(super) fn terms(&self) -> String {
        let Clock { allowance, pin, .. } = &self.ledger.clock;
        let (allowance, place) = (self.time(*allowance), self.place(pin));
        let before = self.written() + &self.before();
        let (tzdb, zone) = (&pin.tzdb, self.ledger.calendar().time_zone().name());
        match self.tongue {
            Tongue::English => format!(
                "Terms: {allowance} of working time{before}, {place}. Times are those of {zone} (time zone data {tzdb})."
            ),
            Tongue::Russian => format!(
                "Условия: {allowance} рабочего времени{before}, {place}. Время указано по часовому поясу {zone} (данные часовых поясов {tzdb})."
            ),
        }
    }

    /// The day that the terms name, where working time is what comes of it.
    fn written(&self) -> String {
        match self.beside.within {
            Some(Within::Day(day)) => format!(", {}", self.tongue.day(day)),
            _ => String::new(),
        }
    }

    /// What was allowed before the last change of that, if it ever changed.
    fn before(&self) -> String {
        let changed = self.ledger.marks.iter().rev().find_map(|mark| match &mark.event {
            ClockEvent::Retargeted { allowance, .. } | ClockEvent::Corrected { allowance, .. } => {
                let before = mark.replaced.as_ref()?.allowance;
                (before != *allowance).then_some((before, mark.at))
            }
            _ => None,
        });
        changed.map_or_else(String::new, |(before, at)| {
            let (before, at) = (self.time(before), self.moment(at));
            match self.tongue {
                Tongue::English => format!(" ({before} until {at})"),
                Tongue::Russian => format!(" ({before} до {at})"),
            }
        })
    }

    fn place(&self, pin: &Pin) -> String {
        self.moved(pin, pin)
    }

    /// Where terms stand, and where those before them stood.
    fn moved(&self, from: &Pin, to: &Pin) -> String {
        let versions = [from, to].map(|pin| pin.rulebook.to_string());
        let part = |[english, russian]: [&str; 2], before: &str, after: &str| {
            let name = self.tongue.pick(english, russian);
            if before == after {
                return format!("{name} {after}");
            }
            format!("{name} {after} {} {before}", self.tongue.pick("instead of", "вместо"))
        };
        [
            part(["policy", "политика"], &from.policy, &to.policy),
            part(["calendar", "календарь"], &from.calendar, &to.calendar),
            part(["rulebook version", "версия правил"], &versions[0], &versions[1]),
        ]
        .join(", ")
    }

    /// What a change of terms allows, what was allowed before, why, where the terms stand, and how
    /// much is used up.
    pub(super) fn change(&self, mark: &Mark, allowance: WorkTime, spent: WorkTime) -> String {
        let (allowed, spent, tongue) = (self.time(allowance), self.time(spent), self.tongue);
        let allowed = match &mark.replaced {
            Some(before) if before.allowance != allowance => {
                let before = self.time(before.allowance);
                format!("{allowed} {} {before}", tongue.pick("instead of", "вместо"))
            }
            _ => format!("{allowed} {}", tongue.pick("as before", "как и раньше")),
        };
        let cause = mark.index.and_then(|index| self.beside.causes.get(&index));
        let cause = cause.map_or_else(String::new, |cause| {
            format!(", {} {cause}", tongue.pick("because", "потому что"))
        });
        let from = mark.replaced.as_ref().map_or(&mark.pin, |Replaced { pin, .. }| pin);
        let place = self.moved(from, &mark.pin);
        match tongue {
            Tongue::English => format!("{allowed}{cause}; {place}; {spent} used up"),
            Tongue::Russian => format!("{allowed}{cause}; {place}; израсходовано {spent}"),
        }
    }
}
