//! A clock that a script happens to, and all that it said.

use super::arbitrary::{Happening, Scene, Script, Target, reason};
use crate::*;

pub(super) struct Told<'s> {
    pub(super) scene: &'s Scene,
    pub(super) clock: Clock,
    pub(super) target: Target,
    pub(super) events: Vec<(Timestamp, ClockEvent)>,
    /// When it did not run, for corrections.
    pub(super) stood: Vec<Credit>,
    upto: Timestamp,
}

impl<'s> Told<'s> {
    pub(super) fn new(scene: &'s Scene) -> Self {
        let terms = scene.terms(&scene.first);
        let allowance = scene.allowance(&scene.first);
        let mut said = start_since(&allowance, &terms, scene.past(), scene.begin).into_iter();
        let (at, started) = said.next().unwrap();
        let mut told = Self {
            scene,
            clock: Clock::begin(1, &started, at).unwrap(),
            target: scene.first,
            events: vec![(at, started)],
            stood: scene.credits(),
            upto: scene.begin,
        };
        said.for_each(|(at, event)| told.say(at, event));
        told
    }

    pub(super) fn terms(&self) -> Terms {
        self.scene.terms(&self.target)
    }

    pub(super) fn say(&mut self, at: Timestamp, event: ClockEvent) {
        self.clock.apply(&event, at).unwrap();
        self.events.push((at, event));
    }

    pub(super) fn settle(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.clock.settle(now) {
            self.say(at, event);
        }
        if !matches!(self.clock.phase, Phase::Running { .. }) {
            let reason = reason(0);
            self.stood.push(Credit { from: self.upto, to: now, reason });
        }
        self.upto = now;
    }

    pub(super) fn happen(&mut self, happening: &Happening, now: Timestamp) {
        self.settle(now);
        let (clock, terms) = (&self.clock, self.terms());
        let mut target = self.target;
        let one = |event: Option<ClockEvent>| event.into_iter().collect();
        let answers: Vec<ClockEvent> = match happening {
            Happening::Wake => Vec::new(),
            Happening::Pause(number) => one(clock.pause(&reason(*number), &terms, now)),
            Happening::Resume(number) => one(clock.resume(&reason(*number), &terms, now)),
            Happening::Retarget(other) => {
                target = *other;
                let after = self.scene.terms(other);
                clock.retarget(&self.scene.allowance(other), &terms, &after, now)
            }
            Happening::Correct { calendar } => {
                target.calendar = *calendar;
                let after = self.scene.terms(&target);
                let spent = recount(&after.calendar, clock.started_at, &self.stood, now);
                clock.correct(&self.scene.allowance(&target), spent, &terms, &after, now)
            }
            Happening::Fix(due) => clock.fix_due(*due, &terms, now),
            Happening::Release => clock.release_due(&terms, now),
            Happening::Fulfil => one(clock.fulfil(&terms, now)),
            Happening::CarryOn => one(clock.carry_on(&terms, now)),
            Happening::Cancel => one(clock.cancel(&Reason::from("merged"), &terms, now)),
        };
        if self.clock.is_live() {
            self.target = target;
        }
        for answer in answers {
            self.say(now, answer);
        }
        self.settle(now);
    }

    /// What was called out: each warning and each step, and when.
    pub(super) fn calls(&self) -> Vec<(Timestamp, Call)> {
        let call = |(at, event): &(Timestamp, ClockEvent)| match event {
            ClockEvent::Warned { threshold } => Some((*at, Call::Warn(*threshold))),
            ClockEvent::Climbed { step } => Some((*at, Call::Step(*step))),
            _ => None,
        };
        self.events.iter().filter_map(call).collect()
    }
}

/// Plays a script and looks at the clock after each happening.
pub(super) fn play<'s, E>(
    Script { scene, happenings }: &'s Script,
    mut look: impl FnMut(&Told<'s>, usize, Timestamp) -> Result<(), E>,
) -> Result<(Told<'s>, Timestamp), E> {
    let (mut told, mut now) = (Told::new(scene), scene.begin);
    told.settle(now);
    for (index, (at, happening)) in happenings.iter().enumerate() {
        now = *at;
        told.happen(happening, now);
        look(&told, index, now)?;
    }
    Ok((told, now))
}

/// Plays a script to its end.
pub(super) fn played(script: &Script) -> (Told<'_>, Timestamp) {
    let never = |_: &Told<'_>, _, _| Ok::<_, core::convert::Infallible>(());
    match play(script, never) {
        Ok(end) => end,
    }
}
