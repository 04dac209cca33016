//! Whether what a policy promises can be kept, and is said in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{
    Calendar, MAX_ALLOWANCE, MAX_WARNINGS, Measure, Metric, Reason, Terms, Threshold, Timestamp,
    Within, WorkTime,
};

use super::super::authored::{PromisesSpec, TargetSpec, ThresholdSpec};
use super::super::policy::{Reopen, Target, usual};
use super::ladder::{Names, ladder};
use super::{ALWAYS, Findings};
use crate::priority::Priority;
use crate::ticket::{HoldReason, Status};

/// The shortest allowance: less is a slip of the pen, since nobody answers within it.
const MIN_ALLOWANCE: WorkTime = WorkTime::from_seconds(1);

/// A calendar, by its name.
pub(super) type Named = (Arc<str>, Calendar);

/// The calendar of this name.
pub(super) fn find_calendar(
    name: &str,
    path: String,
    calendars: &BTreeMap<Arc<str>, Calendar>,
    findings: &mut Findings<'_>,
) -> Option<Named> {
    let found = calendars.get_key_value(name);
    if found.is_none() {
        let known = calendars.keys().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
        let problem = format!("there is no calendar `{name}`");
        findings.add(path, problem, format!("write one of {known}"));
    }
    found.map(|(name, calendar)| (Arc::clone(name), calendar.clone()))
}

/// A target of a policy.
pub(super) fn target(
    spec: &TargetSpec,
    path: &str,
    measure: &Measure,
    (calendar_name, calendar): Named,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Target {
    let within = spec.within.0;
    if within.iter().all(|other| *other == within[0]) {
        check_within(within[0], &format!("{path}.within"), &calendar, findings);
    } else {
        for (within, priority) in within.iter().zip(Priority::ALL) {
            check_within(*within, &format!("{path}.within.{priority}"), &calendar, findings);
        }
    }
    let sample = Timestamp::from_millis(SAMPLES[1]).unwrap_or(Timestamp::MIN);
    let shortest = within.iter().filter_map(|within| match within {
        Within::Instant(_) => None,
        within => Some(within.working_time(&calendar, sample)),
    });
    let shortest = shortest.min().filter(|time| *time >= MIN_ALLOWANCE);
    let warnings = warnings(&spec.warn_at, path, shortest, findings);
    check_moments(&warnings, &within, path, findings);
    let (steps, ladder) = ladder(&spec.ladder, path, shortest, names, findings);
    let metric = match measure {
        Measure::Metric(metric) => Some(*metric),
        Measure::Condition(_) | Measure::Promise(_) => None,
    };
    let (usual_pauses, usual_reopen) = usual(metric);
    let pause_on = match &spec.pause_on {
        Some(names) => pauses(names, path, findings),
        None => usual_pauses.iter().map(|name| Reason::from(*name)).collect(),
    };
    let reopen = spec.reopen.unwrap_or(usual_reopen);
    check_reopen(reopen, metric, path, findings);
    Target {
        calendar: calendar_name,
        within,
        terms: Terms { calendar, warnings, ladder: steps },
        pause_on,
        ladder,
        reopen,
        automatic: spec.automatic,
        retroactive: spec.retroactive.unwrap_or(true),
        triggers: None,
    }
}

/// How agents' own promises are watched over. Each says itself how long it gives.
pub(super) fn promises(
    spec: &PromisesSpec,
    calendars: &BTreeMap<Arc<str>, Calendar>,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Target {
    let name = spec.calendar.as_deref().unwrap_or(ALWAYS);
    let calendar = find_calendar(name, "promises.calendar".into(), calendars, findings);
    let (calendar_name, calendar) = calendar.unwrap_or_else(|| (ALWAYS.into(), Calendar::always()));
    let warnings = warnings(&spec.warn_at, "promises", None, findings);
    let (steps, ladder) = ladder(&spec.ladder, "promises", None, names, findings);
    Target {
        calendar: calendar_name,
        within: [Within::Time(MAX_ALLOWANCE); 4],
        terms: Terms { calendar, warnings, ladder: steps },
        pause_on: BTreeSet::new(),
        ladder,
        reopen: Reopen::FirstOnly,
        automatic: false,
        retroactive: false,
        triggers: None,
    }
}

fn check_within(within: Within, path: &str, calendar: &Calendar, findings: &mut Findings<'_>) {
    match within {
        Within::Time(time) if time < MIN_ALLOWANCE => {
            findings.add(path, format!("{time} cannot be kept"), "allow a second at least");
        }
        Within::Time(time) if time > MAX_ALLOWANCE => {
            let problem = format!("{time} is more than can be promised");
            findings.add(path, problem, format!("allow {MAX_ALLOWANCE} at most"));
        }
        Within::Time(_) | Within::Day(_) if is_over(calendar) => {
            findings.add(path, "its calendar never opens any more", "give the calendar more hours");
        }
        Within::Time(time) => {
            // A year from anywhere in the calendar is long enough to see whether it has that much.
            let never = SAMPLES
                .iter()
                .filter_map(|at| Timestamp::from_millis(*at))
                .find(|at| calendar.next_open(*at).is_some() && calendar.add(*at, time).is_none());
            if let Some(at) = never {
                let problem = format!("{time} never pass on its calendar after {at}");
                findings.add(path, problem, "allow less, or give the calendar more hours");
            }
        }
        Within::Day(target) => {
            let at = Timestamp::from_millis(SAMPLES[1]).unwrap_or(Timestamp::MIN);
            let time = Within::Day(target).working_time(calendar, at);
            let hour = target.by.filter(|_| time == MAX_ALLOWANCE);
            if let Some(by) = hour {
                let problem = format!("nobody works before {by}");
                findings.add(path, problem, "write a time within the hours of the calendar");
            } else if time == MAX_ALLOWANCE {
                let problem = format!("{} working days never pass", target.working_days);
                findings.add(path, problem, "write fewer");
            }
        }
        Within::Instant(instant) => {
            if !calendar.is_open(instant) && calendar.previous_open(instant).is_none() {
                let problem = format!("no working time comes before {instant}");
                findings.add(path, problem, "write a later instant");
            }
        }
    }
}

/// Whether all working time of a calendar lies before these rules could have been written.
pub(super) fn is_over(calendar: &Calendar) -> bool {
    let sample = Timestamp::from_millis(SAMPLES[1]).unwrap_or(Timestamp::MIN);
    calendar.next_open(sample).is_none()
}

/// Mid-January of the years 2000, 2025 and 2050: where a calendar is tried out.
const SAMPLES: [i64; 3] = [948_000_000_000, 1_736_900_000_000, 2_525_800_000_000];

fn warnings(
    specs: &[ThresholdSpec],
    path: &str,
    shortest: Option<WorkTime>,
    findings: &mut Findings<'_>,
) -> Vec<Threshold> {
    if specs.len() > MAX_WARNINGS {
        let problem = format!("{} warnings are more than {MAX_WARNINGS}", specs.len());
        findings.add(format!("{path}.warn_at"), problem, "write fewer");
    }
    let (mut percent_before, mut ahead_before) = (None, None);
    for (index, ThresholdSpec(threshold)) in specs.iter().enumerate() {
        let path = format!("{path}.warn_at[{index}]");
        match threshold {
            Threshold::Percent(percent) if !(1..=99).contains(percent) => {
                findings.add(path.as_str(), format!("{percent} % is no warning"), "write 1 to 99");
            }
            Threshold::Before(ahead) if *ahead <= WorkTime::ZERO => {
                let problem = format!("{ahead} before due is no warning");
                findings.add(path.as_str(), problem, "write a positive time");
            }
            Threshold::Before(ahead) if shortest.is_some_and(|shortest| *ahead >= shortest) => {
                let problem = format!("{ahead} before due is not between start and due");
                let mend = shortest.map(|time| format!("the shortest allowance is {time}"));
                findings.add(path.as_str(), problem, mend.unwrap_or_default());
            }
            Threshold::Percent(_) | Threshold::Before(_) => {}
        }
        let is_in_order = match *threshold {
            Threshold::Percent(percent) => percent_before.replace(percent) < Some(percent),
            Threshold::Before(ahead) => {
                ahead_before.replace(ahead).is_none_or(|before| before > ahead)
            }
        };
        if !is_in_order {
            findings.add(
                path,
                format!("{threshold} is out of order"),
                "write the earlier one first",
            );
        }
    }
    specs.iter().map(|spec| spec.0).collect()
}

/// Percentages and times before due are in order if they are with the allowance of any priority.
fn check_moments(
    warnings: &[Threshold],
    within: &[Within],
    path: &str,
    findings: &mut Findings<'_>,
) {
    let mut allowances = within.iter().filter_map(|within| match within {
        Within::Time(time) => Some(time.as_millis()),
        Within::Day(_) | Within::Instant(_) => None,
    });
    let Some(first) = allowances.next() else {
        return;
    };
    let allowances: Vec<i64> = allowances.chain([first]).collect();
    let moment = |threshold: &Threshold, allowance: i64| match threshold {
        Threshold::Percent(percent) => i128::from(allowance) * i128::from(*percent),
        Threshold::Before(ahead) => i128::from(allowance - ahead.as_millis()) * 100,
    };
    for (index, pair) in warnings.windows(2).enumerate() {
        let is_in_order =
            |allowance: &i64| moment(&pair[0], *allowance) < moment(&pair[1], *allowance);
        let is_mixed =
            matches!(pair[0], Threshold::Percent(_)) != matches!(pair[1], Threshold::Percent(_));
        if is_mixed && !allowances.iter().any(is_in_order) {
            let path = format!("{path}.warn_at[{}]", index + 1);
            let problem = format!("{} does not come after {}", pair[1], pair[0]);
            findings.add(path, problem, "write the earlier one first");
        }
    }
}

fn pauses(names: &[String], path: &str, findings: &mut Findings<'_>) -> BTreeSet<Reason> {
    let statuses = [Status::Pending.as_str(), Status::OnHold.as_str()];
    let known: Vec<&str> =
        statuses.into_iter().chain(HoldReason::ALL.map(HoldReason::as_str)).collect();
    for (index, name) in names.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            let problem =
                format!("`{name}` is no status or reason that a clock can stand still in");
            let path = format!("{path}.pause_on[{index}]");
            findings.add(path, problem, format!("write one of {}", known.join(", ")));
        }
    }
    names.iter().map(|name| Reason::from(name.as_str())).collect()
}

/// Only what ends with the matter can go on with it.
fn check_reopen(reopen: Reopen, metric: Option<Metric>, path: &str, findings: &mut Findings<'_>) {
    let can = match metric {
        Some(Metric::FirstReply) => reopen != Reopen::Continue,
        Some(Metric::NextReply | Metric::LineTime) => reopen == Reopen::NewCycle,
        Some(Metric::PeriodicUpdate | Metric::Vendor) => reopen == Reopen::FirstOnly,
        _ => true,
    };
    if !can {
        let problem = "a reopening cannot do that to this metric";
        findings.add(format!("{path}.reopen"), problem, "leave it out");
    }
}
