//! The words that the scripts of the stories are made of.

use std::iter::Peekable;
use std::str::SplitWhitespace;

use crate::*;

pub(super) const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
pub(super) const DAY_MS: i64 = 86_400_000;

/// The calendars of the stories.
pub(crate) fn calendar(name: &str) -> Calendar {
    let (time_zone, weekly) = match name {
        "office" => ("UTC", "mon-fri = [\"09:00-17:00\"]"),
        "late" => ("UTC", "mon-fri = [\"12:00-20:00\"]"),
        "fridays" => ("UTC", "mon-thu = [\"09:00-17:00\"], fri = [\"13:00-17:00\"]"),
        "boss" => ("UTC", "tue = [\"10:00-12:00\"], thu = [\"10:00-12:00\"]"),
        "night" => ("Europe/Berlin", "mon-sun = [\"22:00-06:00\"]"),
        "always" => return Calendar::always(),
        other => panic!("no calendar is called {other}"),
    };
    let spec = format!("time_zone = {time_zone:?}\nweekly = {{ {weekly} }}");
    Calendar::build(&toml::from_str(&spec).unwrap()).unwrap()
}

pub(super) fn monday() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

pub(crate) fn moment(day: &str, time: &str) -> Timestamp {
    let (name, week) = day.split_at(3);
    let week = if week.is_empty() { 0 } else { week.parse::<i64>().unwrap() - 1 };
    let day = week * 7 + DAYS.iter().position(|known| *known == name).expect(day) as i64;
    let parts: Vec<i64> = time.split([':', '.']).map(|part| part.parse().expect(time)).collect();
    let seconds = parts.get(2).copied().unwrap_or(0);
    let millis = parts.get(3).copied().unwrap_or(0);
    let day_ms = ((parts[0] * 60 + parts[1]) * 60 + seconds) * 1_000 + millis;
    monday().checked_add_millis(day * DAY_MS + day_ms).unwrap()
}

fn work(text: &str) -> WorkTime {
    text.parse().expect(text)
}

/// A target of the stories.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) within: Within,
    pub(super) calendar: String,
    pub(super) policy: usize,
}

impl Target {
    pub(super) fn allowance(&self) -> Allowance {
        let policy = format!("policy {}", self.policy);
        Allowance { pin: Pin::new(1, policy, &*self.calendar), within: self.within }
    }

    pub(super) fn terms(&self, rules: &str) -> Terms {
        let policy = rules.lines().nth(self.policy - 1).unwrap_or_default();
        let (mut warnings, mut ladder) = (Vec::new(), Vec::new());
        for rule in policy.split(',').map(str::trim).filter(|rule| !rule.is_empty()) {
            let words: Vec<&str> = rule.split_whitespace().collect();
            match *words {
                ["warn", ahead, "before"] => warnings.push(Threshold::Before(work(ahead))),
                ["warn", percent] => {
                    let percent = percent.strip_suffix('%').expect(rule).parse().expect(rule);
                    warnings.push(Threshold::Percent(percent));
                }
                ["step", ref when @ ..] => ladder.push(step(when)),
                _ => panic!("no rule: {rule}"),
            }
        }
        Terms { calendar: calendar(&self.calendar), warnings, ladder }
    }
}

fn step(words: &[&str]) -> Step {
    let (when, hours) = match *words {
        [ref when @ .., "for", hours] => (when, Some(calendar(hours))),
        _ => (words, None),
    };
    let when = match *when {
        ["at", "due"] => StepWhen::AtDue,
        [ahead, "before"] => StepWhen::BeforeDue(work(ahead)),
        [behind, "after"] => StepWhen::AfterDue(work(behind)),
        _ => panic!("no step: {words:?}"),
    };
    Step { when, hours }
}

/// What follows a verb, word by word.
pub(super) struct Words<'a>(pub(super) Peekable<SplitWhitespace<'a>>);

impl Words<'_> {
    pub(super) fn word(&mut self) -> String {
        self.0.next().unwrap_or_default().to_owned()
    }

    pub(super) fn has(&mut self, word: &str) -> bool {
        self.0.next_if_eq(&word).is_some()
    }

    pub(super) fn moment(&mut self) -> Timestamp {
        let (day, time) = (self.word(), self.word());
        moment(&day, &time)
    }

    pub(super) fn target(&mut self, before: &Target) -> Target {
        let within = if self.has("until") {
            Within::Instant(self.moment())
        } else {
            let amount = self.word();
            if self.has("day") || self.has("days") {
                let by = self.has("by").then(|| self.word().parse().unwrap());
                Within::Day(DayTarget { working_days: amount.parse().unwrap(), by })
            } else {
                work(&amount).into()
            }
        };
        Target { within, ..self.place(before) }
    }

    pub(super) fn place(&mut self, before: &Target) -> Target {
        let mut target = before.clone();
        if self.has("on") {
            target.calendar = self.word();
        }
        if self.has("under") {
            target.policy = self.word().parse().unwrap();
        }
        target
    }

    /// `since mon 09:00 but mon 10:00 to mon 11:00 standing pending`
    pub(super) fn past(&mut self, now: Timestamp) -> Past {
        let since = if self.has("since") { self.moment() } else { now };
        let mut past = Past::new(since);
        while self.has("but") {
            let from = self.moment();
            assert!(self.has("to"));
            let (to, reason) = (self.moment(), Reason::from("pending"));
            past.credits.push(Credit { from, to, reason });
        }
        if self.has("standing") {
            past.reasons.insert(Reason::from(&*self.word()));
        }
        past
    }
}
