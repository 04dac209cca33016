//! What a rulebook may say and its author may not have meant.

use firstline_sla::{Measure, StepWhen, Timestamp, Within, WorkTime};

use super::policy::{LadderAction, Policy, Target};
use super::{Remark, Rulebook};
use crate::priority::Priority;

impl Rulebook {
    /// What its author may want to know though it is accepted: instants until which something is
    /// promised and that have passed, the hours of the year from now on at which nobody is on call
    /// by one of its rosters, more urgent tickets that are given more time than others, and steps
    /// that break the promise that they are to save.
    #[must_use]
    pub fn remarks(&self, now: Timestamp) -> Vec<Remark> {
        let policies = || self.content.policies.iter().flatten();
        let passed = policies().flat_map(|policy| policy.passed(now)).map(|(path, instant)| {
            let remark = format!("{instant} has passed: nothing more can be promised until then");
            Remark { path, remark }
        });
        let holes = self.content.rosters.iter().filter_map(|(name, roster)| {
            let report = roster.hole_report(now)?;
            Some(Remark { path: format!("rosters.{name}"), remark: report.to_string() })
        });
        passed.chain(holes).chain(policies().flat_map(Policy::odd_targets)).collect()
    }
}

impl Policy {
    /// What is odd about its targets.
    fn odd_targets(&self) -> Vec<Remark> {
        let mut odd = Vec::new();
        for (measure, target) in &self.targets {
            let Some(place) = place(measure) else {
                continue;
            };
            let path = format!("policies[{}].{place}", self.index);
            odd.extend(
                target
                    .gives_more_to_the_urgent()
                    .map(|remark| Remark { path: format!("{path}.within"), remark }),
            );
            odd.extend(target.breaks_itself().map(|(step, remark)| Remark {
                path: format!("{path}.ladder[{step}].raise_priority"),
                remark,
            }));
        }
        odd
    }
}

/// Where the target of a measure stands in its policy. What agents promise each says how long it
/// gives.
pub(super) fn place(measure: &Measure) -> Option<String> {
    match measure {
        Measure::Metric(metric) => Some(format!("targets.{}", metric.key())),
        Measure::Condition(name) => Some(format!("clocks.{name}.target")),
        Measure::Promise(_) => None,
    }
}

impl Target {
    fn time(&self, priority: Priority) -> Option<WorkTime> {
        match self.within[priority as usize] {
            Within::Time(time) => Some(time),
            Within::Day(_) | Within::Instant(_) => None,
        }
    }

    /// That a priority gives more time than one below it.
    fn gives_more_to_the_urgent(&self) -> Option<String> {
        Priority::ALL.windows(2).find_map(|pair| {
            let [below, above] = [self.time(pair[0])?, self.time(pair[1])?];
            (above > below).then(|| {
                let [low, high] = [pair[0], pair[1]];
                format!("{high} gives {above}, more than {low} with {below}: are they mixed up?")
            })
        })
    }

    /// A step before due that raises the priority to one which leaves no time.
    fn breaks_itself(&self) -> Option<(usize, String)> {
        self.terms.ladder.iter().zip(&self.ladder).enumerate().find_map(|(index, (step, does))| {
            let StepWhen::BeforeDue(ahead) = step.when else {
                return None;
            };
            let to = does.iter().find_map(|action| match action {
                LadderAction::RaisePriority(to) => Some(*to),
                _ => None,
            })?;
            let breaks = |from: Priority| {
                let next = Priority::ALL.iter().copied().find(|level| *level > from);
                let to = to.or(next).filter(|to| *to > from)?;
                let (used, allowed) = (self.time(from)? - ahead, self.time(to)?);
                (used > allowed).then(|| {
                    format!(
                        "it breaks the promise by itself: a ticket that is raised from {from} to {to} has \
                         used up {used} by then, and {allowed} are allowed"
                    )
                })
            };
            Priority::ALL.iter().copied().find_map(breaks).map(|remark| (index, remark))
        })
    }
}
