//! What a clock does, told as stories: what happens, and what the clock says to it.
//!
//! Each line of a script is a moment and what happens then; every line is preceded by a look at
//! what became true until then, as every user of a clock must do. The days are those of March 2026:
//! `mon` is the 2nd, `mon2` the 9th. Moments are UTC.
//!
//! A target is `4h`, `1 day`, `1 day by 16:00` or `until wed 12:00`, and may be `on` one of the
//! [calendars](script::calendar) and `under` one of the policies; without that it stays where it
//! is. The policies are the lines of the rules, called by their numbers from 1:
//! `warn 50%, warn 1h before, step 1h before, step at due, step 8h after for boss`.

mod calendars;
mod calls;
mod end;
mod fixed;
mod ledger;
mod pause;
mod retarget;
pub(crate) mod script;
mod sentences;
mod start;

use crate::*;
use script::{Target, Words, monday};
use sentences::{sentence, told};

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
