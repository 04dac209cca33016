//! What a rulebook may say and its author may not have meant.

use firstline_sla::{Agreement, Measure, Metric, StepWhen, Timestamp, Within, WorkTime};

use super::Rulebook;
use super::documents::{Bundle, Documents};
use super::error::{Finding, Findings, Severity};
use super::policy::{LadderAction, Policy, Target};
use crate::people::{Party, PartyId, Progress};
use crate::priority::Priority;

impl Rulebook {
    /// What its author may want to know though it is accepted: instants until which something is
    /// promised and that have passed, the hours of the year from now on at which nobody is on call
    /// by one of its rosters, more urgent tickets that are given more time than others, steps that
    /// break the promise that they are to save, lines and vendors that may take longer than what
    /// the customer is promised, and rules that name [whom the desk does not know](Self::strangers).
    /// What was found when it was read comes first.
    #[must_use]
    pub fn remarks(&self, now: Timestamp) -> Vec<Finding> {
        let bundle = Bundle::read(self.source());
        let documents = match &bundle {
            Some(bundle) => bundle.as_slices(),
            None => vec![(self.content.file.as_str(), self.source())],
        };
        let mut documents = Documents::new(&documents);
        if bundle.is_some() {
            documents.join().expect("it was joined when it was read");
        }
        let mut findings = Findings::new(&documents);
        let policies = || self.content.policies.iter().flatten();
        for (path, instant) in policies().flat_map(|policy| policy.passed(now)) {
            let problem = format!("{instant} has passed: nothing more can be promised until then");
            findings.remark(&path, problem);
        }
        for (name, roster) in &self.content.rosters {
            if let Some(report) = roster.hole_report(now) {
                findings.remark(&format!("rosters.{name}"), report.to_string());
            }
        }
        let odd = policies().flat_map(Policy::odd_targets);
        let slow = self.too_slow().into_iter();
        let slow = slow.map(|(path, oddity)| (path, oddity, "agree on less here, or promise more"));
        for (path, oddity, mend) in odd.chain(slow) {
            findings.warn(&path, oddity, mend);
        }
        let strangers = self.automation().named.iter();
        for (path, stranger) in strangers.filter(|(_, named)| self.strangers().contains(named)) {
            let problem = format!("{}; until then it is left out", stranger.unknown());
            findings.warn(path, problem, "save them, or name what the desk has");
        }
        self.content.findings.iter().cloned().chain(findings.into_findings()).collect()
    }
}

impl Rulebook {
    /// A warning that somebody or something that a desk has saved names what these rules do not have,
    /// such as working hours under another name: an agent gets nothing by hours that there are not. Or
    /// that a plan has fallen silent, because its contract has ended for example: nobody else is there to
    /// miss its tickets.
    #[must_use]
    pub fn objection_to(&self, id: PartyId, party: &Party) -> Option<Finding> {
        let name = party.name();
        let (problem, mend) = match (party.check(id, self), party) {
            (Err(refusal), _) => (
                format!("{id}, {name}, does not go with these rules: {refusal}"),
                "write it, or save them with what there is",
            ),
            (Ok(()), Party::Plan(plan)) if !plan.paused => {
                let Progress { refused, silent_since, .. } = &plan.progress;
                let (why, since) = (refused.as_ref()?, silent_since.as_ref()?);
                (
                    format!("{id}, {name}, has opened no ticket since {since}: {why}"),
                    "save it with what holds, or let it rest",
                )
            }
            (Ok(()), _) => return None,
        };
        Some(Finding {
            severity: Severity::Warning,
            file: self.content.file.clone(),
            line: 1,
            path: String::new(),
            problem,
            mend: mend.to_owned(),
        })
    }

    /// What is agreed with lines (OLA) and vendors (UC) that is longer than the resolution that it
    /// serves. Working time is compared where it is that of one calendar.
    fn too_slow(&self) -> Vec<(String, String)> {
        let policies = || self.content.policies.iter().flatten();
        let promised = |metric: Metric, agreement: Option<Agreement>| {
            policies().filter_map(move |policy| {
                let target = policy.targets.get(&Measure::Metric(metric))?;
                agreement.is_none_or(|it| it == policy.agreement).then_some((policy, target))
            })
        };
        let mut slow = Vec::new();
        for (customers, resolution) in promised(Metric::Resolution, Some(Agreement::Sla)) {
            let of_calendar = |(_, target): &(_, &Target)| target.calendar == resolution.calendar;
            for (line, at_line) in promised(Metric::LineTime, None).filter(of_calendar) {
                let alone = std::iter::once(None);
                let vendors = promised(Metric::Vendor, None).filter(of_calendar).map(Some);
                slow.extend(alone.chain(vendors).find_map(|vendor| {
                    let vendor = vendor.map(|(_, target)| target);
                    let oddity = resolution.is_outlasted_by(at_line, vendor)?;
                    let path = format!("policies[{}].targets.line_time.within", line.index);
                    Some((path, format!("{oddity} by policy `{}`", customers.name)))
                }));
            }
        }
        slow
    }
}

impl Policy {
    /// What is odd about its targets, each with its path and the mend.
    fn odd_targets(&self) -> Vec<(String, String, &'static str)> {
        let mut odd = Vec::new();
        for (measure, target) in &self.targets {
            let Some(place) = place(measure) else {
                continue;
            };
            let path = format!("policies[{}].{place}", self.index);
            let mend = "give the more urgent one as much at most";
            let upside_down = target.gives_more_to_the_urgent().into_iter();
            odd.extend(upside_down.map(|oddity| (format!("{path}.within"), oddity, mend)));
            let mend = "raise it earlier, or less high";
            odd.extend(target.breaks_itself().map(|(step, oddity)| {
                (format!("{path}.ladder[{step}].raise_priority"), oddity, mend)
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

    /// That a line, or a line and a vendor together, may take longer than this.
    fn is_outlasted_by(&self, line: &Self, vendor: Option<&Self>) -> Option<String> {
        Priority::ALL.iter().copied().find_map(|priority| {
            let (all, at_line) = (self.time(priority)?, line.time(priority)?);
            let at_vendor = vendor.map(|vendor| vendor.time(priority)).unwrap_or(Some(WorkTime::ZERO))?;
            let with_vendor =
                if vendor.is_some() { format!(" and a vendor {at_vendor}") } else { String::new() };
            (at_line + at_vendor > all).then(|| {
                format!(
                    "a line may take {at_line}{with_vendor} at {priority}, and all of it is promised within \
                     {all}"
                )
            })
        })
    }

    /// The priorities that give more time than those right below them.
    fn gives_more_to_the_urgent(&self) -> Vec<String> {
        let pairs = Priority::ALL.windows(2);
        let told = pairs.filter_map(|pair| {
            let [below, above] = [self.time(pair[0])?, self.time(pair[1])?];
            (above > below).then(|| {
                let [low, high] = [pair[0], pair[1]];
                format!("{high} gives {above}, more than {low} with {below}: are they mixed up?")
            })
        });
        told.collect()
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
