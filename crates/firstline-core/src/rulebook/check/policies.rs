//! Whether each policy can apply, and promises something.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Condition, Measure, Metric, Triggers};

use super::super::authored::{ClockSpec, PolicySpec};
use super::super::fields;
use super::super::policy::{PROMISES, Policy};
use super::ladder::Names;
use super::targets::{find_calendar, target};
use super::{Findings, Standing, known};

/// The policies, by agreement.
pub(super) fn policies(
    specs: &[PolicySpec],
    names: &Names<'_>,
    standing: Standing,
    findings: &mut Findings<'_>,
) -> [Vec<Policy>; 3] {
    let mut policies: [Vec<Policy>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    let mut taken = BTreeSet::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("policies[{index}]");
        if !taken.insert(&spec.name) {
            let problem = format!("there are two policies `{}`", spec.name);
            findings.add(format!("{path}.name"), problem, "rename one");
        }
        let (policy, is_sound) = policy(index, spec, names, findings);
        let before = &mut policies[spec.agreement as usize];
        let hides = |other: &&Policy| is_sound && policy.when.implies(&other.when);
        if let Some(other) = before.iter().find(hides) {
            let problem =
                format!("it never applies: `{}` before it takes every such ticket", other.name);
            findings.add(path, problem, "move it up, or give the other one a narrower `when`");
        } else if standing == Standing::Proposed && is_sound {
            let others = before.iter().take(MAX_TOGETHER).collect::<Vec<_>>();
            if let Some(problem) = left_nothing(&policy, &others) {
                let mend = "move it up, or give the others a narrower `when`";
                findings.add(path, problem, mend);
            }
        }
        // What cannot be read hides nothing.
        if is_sound {
            before.push(policy);
        }
    }
    policies
}

/// How many policies are looked at together, in a search that may take milliseconds for each.
const MAX_TOGETHER: usize = 16;

/// That several policies together take every ticket that one below them is for, though none does alone.
fn left_nothing(policy: &Policy, before: &[&Policy]) -> Option<String> {
    let all = |of: &[&Policy]| policy.when.implies_one_of(of.iter().map(|other| &other.when));
    if before.len() < 2 || !all(before) {
        return None;
    }
    let mut fewest = before.to_vec();
    let mut index = 0;
    while index < fewest.len() {
        let mut fewer = fewest.clone();
        fewer.remove(index);
        if all(&fewer) { fewest = fewer } else { index += 1 }
    }
    let names: Vec<String> = fewest.iter().map(|other| format!("`{}`", other.name)).collect();
    let names = names.join(" and ");
    Some(format!("it never applies: {names} before it together take every such ticket"))
}

fn policy(
    index: usize,
    spec: &PolicySpec,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> (Policy, bool) {
    let path = &format!("policies[{index}]");
    if spec.name.trim().is_empty() || spec.name == PROMISES {
        let problem = format!("`{}` cannot be the name of a policy", spec.name);
        findings.add(format!("{path}.name"), problem, "write another one");
    }
    let mut targets = BTreeMap::new();
    let calendars = names.calendars;
    let default = find_calendar(&spec.calendar, format!("{path}.calendar"), calendars, findings);
    for (name, spec) in &spec.targets {
        let path = format!("{path}.targets.{name}");
        let metric = known("metric", name, &Metric::ALL, Metric::key, &path, findings);
        let calendar = match &spec.calendar {
            Some(name) => find_calendar(name, format!("{path}.calendar"), calendars, findings),
            None => default.clone(),
        };
        if let (Some(metric), Some(calendar)) = (metric, calendar) {
            let measure = Measure::Metric(metric);
            let target = target(spec, &path, &measure, calendar, names, findings);
            targets.insert(measure, target);
        }
    }
    for (name, spec) in &spec.clocks {
        let path = format!("{path}.clocks.{name}");
        if name.trim().is_empty() {
            findings.add(path.as_str(), "the clock has no name", "write one");
        }
        let triggers = triggers(spec, &path, names, findings);
        let calendar = match &spec.target.calendar {
            Some(name) => {
                find_calendar(name, format!("{path}.target.calendar"), calendars, findings)
            }
            None => default.clone(),
        };
        if let Some(calendar) = calendar {
            let measure = Measure::Condition(name.as_str().into());
            let path = format!("{path}.target");
            let mut target = target(&spec.target, &path, &measure, calendar, names, findings);
            target.triggers = triggers;
            targets.insert(measure, target);
        }
    }
    if spec.targets.is_empty() && spec.clocks.is_empty() {
        findings.add(format!("{path}.targets"), "it promises nothing", "write a target");
    }
    let (name, agreement) = (spec.name.as_str().into(), spec.agreement);
    let when = when(spec, path, names, findings);
    let is_sound = when.is_some();
    (Policy { index, name, agreement, when: when.unwrap_or_default(), targets }, is_sound)
}

/// When a clock by conditions starts, stands still and ends; its target says nothing of that.
fn triggers(
    spec: &ClockSpec,
    path: &str,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Option<Triggers> {
    let idle = [
        ("pause_on", spec.target.pause_on.is_some()),
        ("reopen", spec.target.reopen.is_some()),
        ("automatic", spec.target.automatic),
        ("retroactive", spec.target.retroactive.is_some()),
    ];
    for (key, _) in idle.iter().filter(|(_, is_written)| *is_written) {
        let problem = "a clock by conditions starts, pauses and ends by its triggers alone";
        findings.add(format!("{path}.target.{key}"), problem, "leave it out");
    }
    let known = fields::of_triggers(names.lines, names.own);
    match fields::triggers(&spec.triggers, &known) {
        Ok(triggers) => Some(triggers),
        Err(error) => {
            findings.add_all(error.at(&format!("{path}.triggers")));
            None
        }
    }
}

/// Which tickets a policy is for. It goes by what a ticket is, not by what happens to it.
fn when(
    spec: &PolicySpec,
    path: &str,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Option<Condition> {
    let path = format!("{path}.when");
    match fields::condition(&spec.when, &fields::of_policies(names.lines, names.own)) {
        Ok(condition) => {
            if condition.looks_back() {
                let problem = "a policy goes by what a ticket is, not by what has changed";
                findings.add(path, problem, "leave out `was` and `changed`");
            }
            Some(condition)
        }
        Err(error) => {
            findings.add_all(error.at(&path));
            None
        }
    }
}
