//! What a clock does, told as stories: what happens, and what the clock says to it.
//!
//! Each line of a script is a moment and what happens then; every line is preceded by a look at
//! what became true until then, as every user of a clock must do. The days are those of March 2026:
//! `mon` is the 2nd, `mon2` the 9th. Moments are UTC.
//!
//! A target is `4h`, `1 day`, `1 day by 16:00` or `until wed 12:00`, and may be `on` one of the
//! [calendars](calendar) and `under` one of the policies; without that it stays where it is. The
//! policies are the lines of the rules, called by their numbers from 1:
//! `warn 50%, warn 1h before, step 1h before, step at due, step 8h after for boss`.

mod calendars;
mod calls;
mod end;
mod fixed;
mod ledger;
mod pause;
mod retarget;
mod start;

use std::iter::Peekable;
use std::str::SplitWhitespace;

use crate::*;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY_MS: i64 = 86_400_000;

/// The calendars of the stories.
fn calendar(name: &str) -> Calendar {
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

fn monday() -> Timestamp {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

fn moment(day: &str, time: &str) -> Timestamp {
    let (name, week) = day.split_at(3);
    let week = if week.is_empty() { 0 } else { week.parse::<i64>().unwrap() - 1 };
    let day = week * 7 + DAYS.iter().position(|known| *known == name).expect(day) as i64;
    let parts: Vec<i64> = time.split([':', '.']).map(|part| part.parse().expect(time)).collect();
    let seconds = parts.get(2).copied().unwrap_or(0);
    let millis = parts.get(3).copied().unwrap_or(0);
    let day_ms = ((parts[0] * 60 + parts[1]) * 60 + seconds) * 1_000 + millis;
    monday().checked_add_millis(day * DAY_MS + day_ms).unwrap()
}

fn told(at: Timestamp) -> String {
    let since = at.millis_since(monday());
    let day = since.div_euclid(DAY_MS);
    let week = if day < 7 { String::new() } else { (day / 7 + 1).to_string() };
    let minutes = since.rem_euclid(DAY_MS) / 60_000;
    let rest = since.rem_euclid(60_000);
    let fraction = if rest == 0 { String::new() } else { format!(":{:06.3}", rest as f64 / 1e3) };
    let name = DAYS[day.rem_euclid(7) as usize];
    format!("{name}{week} {:02}:{:02}{fraction}", minutes / 60, minutes % 60)
}

fn due(schedule: &Schedule) -> String {
    schedule.due.map_or_else(|| "never due".into(), |at| format!("due {}", told(at)))
}

fn sentence(event: &ClockEvent) -> String {
    match event {
        ClockEvent::Started { schedule, since, spent, skipped, .. } => {
            let due = schedule.as_ref().map_or_else(|| "standing still".into(), due);
            let since =
                since.map_or(String::new(), |at| format!(" since {}, {spent} spent", told(at)));
            format!("started{since}, {due}{}", skips(skipped))
        }
        ClockEvent::Paused { reason, spent } => format!("paused by {reason}, {spent} spent"),
        ClockEvent::Resumed { schedule: Some(schedule), .. } => {
            format!("resumed, {}", due(schedule))
        }
        ClockEvent::Resumed { reason, schedule: None } => format!("{reason} is over"),
        ClockEvent::Retargeted { allowance, spent, schedule, skipped, .. } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("now {allowance}, {spent} spent{due}{}", skips(skipped))
        }
        ClockEvent::Warned { threshold } => format!("warned at {threshold}"),
        ClockEvent::Corrected { allowance, spent, schedule, skipped, .. } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("corrected, {spent} of {allowance} spent{due}{}", skips(skipped))
        }
        ClockEvent::DueFixed { by_hand, schedule, skipped } => {
            let by = if *by_hand { "hand" } else { "the terms" };
            format!("fixed by {by}, {}{}", due(schedule), skips(skipped))
        }
        ClockEvent::DueReleased { spent, schedule, skipped } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("released, {spent} spent{due}{}", skips(skipped))
        }
        ClockEvent::TakenOver { .. } => "taken over".into(),
        ClockEvent::Breached { cause: BreachCause::Correction } => {
            "breached by the correction".into()
        }
        ClockEvent::Breached { cause: BreachCause::Elapsed } => "breached".into(),
        ClockEvent::Breached { cause: BreachCause::Retarget } => "breached by the change".into(),
        ClockEvent::Climbed { step } => format!("step {step}"),
        ClockEvent::Fulfilled { outcome, spent, breached_under_earlier_target, .. } => {
            let earlier =
                if *breached_under_earlier_target { ", late by the old terms" } else { "" };
            format!("{outcome}, {spent} spent{earlier}")
        }
        ClockEvent::Cancelled { reason, spent } => format!("cancelled: {reason}, {spent} spent"),
        ClockEvent::CarriedOn { schedule } => format!("goes on, {}", due(schedule)),
    }
}

fn skips(calls: &[Call]) -> String {
    let word = |call: &Call| match call {
        Call::Warn(threshold) => threshold.to_string(),
        Call::Step(step) => format!("step {step}"),
    };
    let words: Vec<String> = calls.iter().map(word).collect();
    if words.is_empty() { String::new() } else { format!(", skips {}", words.join(", ")) }
}

fn work(text: &str) -> WorkTime {
    text.parse().expect(text)
}

/// A target of the stories.
#[derive(Clone)]
struct Target {
    within: Within,
    calendar: String,
    policy: usize,
}

impl Target {
    fn allowance(&self) -> Allowance {
        let policy = format!("policy {}", self.policy);
        Allowance { pin: Pin::new(1, policy, &*self.calendar), within: self.within }
    }

    fn terms(&self, rules: &str) -> Terms {
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
struct Words<'a>(Peekable<SplitWhitespace<'a>>);

impl Words<'_> {
    fn word(&mut self) -> String {
        self.0.next().unwrap_or_default().to_owned()
    }

    fn has(&mut self, word: &str) -> bool {
        self.0.next_if_eq(&word).is_some()
    }

    fn moment(&mut self) -> Timestamp {
        let (day, time) = (self.word(), self.word());
        moment(&day, &time)
    }

    fn target(&mut self, before: &Target) -> Target {
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

    fn place(&mut self, before: &Target) -> Target {
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
    fn past(&mut self, now: Timestamp) -> Past {
        let since = if self.has("since") { self.moment() } else { now };
        let mut past = Past { since, credits: Vec::new(), reasons: [].into() };
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

/// A clock, and the story so far.
struct Story<'a> {
    rules: &'a str,
    target: Target,
    clock: Option<Clock>,
    /// When it stood still, for corrections.
    stood: Vec<Credit>,
    upto: Timestamp,
    text: String,
}

impl Story<'_> {
    fn say(&mut self, at: Timestamp, event: &ClockEvent) {
        self.text += &format!("{}  {}\n", told(at), sentence(event));
        match &mut self.clock {
            None => self.clock = Some(Clock::begin(1, event, at).unwrap()),
            Some(clock) => clock.apply(event, at).unwrap(),
        }
    }

    fn settle(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.clock.as_ref().and_then(|clock| clock.settle(now)) {
            self.say(at, &event);
        }
        if !self.clock.as_ref().is_none_or(|clock| matches!(clock.phase, Phase::Running { .. })) {
            self.stood.push(Credit { from: self.upto, to: now, reason: Reason::from("stood") });
        }
        self.upto = now;
    }

    fn play(&mut self, line: &str) {
        let mut words = Words(line.split_whitespace().peekable());
        let (now, verb) = (words.moment(), words.word());
        self.settle(now);
        let terms = self.target.terms(self.rules);
        let one = |event: Option<ClockEvent>| event.into_iter().collect();
        let answers: Vec<ClockEvent> = match (&*verb, &self.clock) {
            ("wake", Some(_)) => Vec::new(),
            ("start", None) => {
                self.target = words.target(&self.target);
                let past = words.past(now);
                self.stood = past.credits.clone();
                let terms = self.target.terms(self.rules);
                for (at, event) in start_since(&self.target.allowance(), &terms, past, now) {
                    self.say(at, &event);
                }
                Vec::new()
            }
            ("pause", Some(clock)) => one(clock.pause(&(*words.word()).into(), &terms, now)),
            ("resume", Some(clock)) => one(clock.resume(&(*words.word()).into(), &terms, now)),
            ("fulfil", Some(clock)) => one(clock.fulfil(&terms, now)),
            ("cancel", Some(clock)) => one(clock.cancel(&(*words.word()).into(), &terms, now)),
            ("reopen", Some(clock)) => one(clock.carry_on(&terms, now)),
            ("retarget", Some(clock)) => {
                self.target = words.target(&self.target);
                let after = self.target.terms(self.rules);
                clock.retarget(&self.target.allowance(), &terms, &after, now)
            }
            ("correct", Some(clock)) => {
                self.target = words.place(&self.target);
                let after = self.target.terms(self.rules);
                let spent = recount(&after.calendar, clock.started_at, &self.stood, now);
                clock.correct(&self.target.allowance(), spent, &terms, &after, now)
            }
            ("fix", Some(clock)) => clock.fix_due(words.moment(), &terms, now),
            ("release", Some(clock)) => clock.release_due(&terms, now),
            other => panic!("{other:?}"),
        };
        assert_eq!(words.0.next(), None, "too many words: {line}");
        for answer in answers {
            self.say(now, &answer);
        }
    }
}

/// Plays a script under these rules, beginning on the office calendar and under policy 1, and
/// compares what the clock says.
#[track_caller]
fn check(rules: &str, script: &str, expected: &str) {
    let within = WorkTime::ZERO.into();
    let target = Target { within, calendar: "office".to_owned(), policy: 1 };
    let (stood, upto, text) = (Vec::new(), monday(), String::new());
    let mut story = Story { rules, target, clock: None, stood, upto, text };
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        story.play(line);
    }
    let lines = expected.lines().map(str::trim).filter(|line| !line.is_empty());
    let expected: String = lines.map(|line| format!("{line}\n")).collect();
    assert_eq!(story.text, expected, "\nreally:\n{}", story.text);
}
