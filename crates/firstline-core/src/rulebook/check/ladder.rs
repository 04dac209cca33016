//! Whether a ladder leads up, to somebody, and each step is said in order.

mod height;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{Calendar, MAX_STEPS, Step, StepWhen, WorkTime};

use self::height::Height;
use super::super::authored::StepSpec;
use super::super::fields::Own;
use super::super::policy::LadderAction;
use super::super::{Duty, Line};
use super::Findings;
use super::targets::{find_calendar, is_over};
use crate::id::RoleId;

/// What a ladder may name.
pub(super) struct Names<'n> {
    pub(super) calendars: &'n BTreeMap<Arc<str>, Calendar>,
    pub(super) lines: &'n [Line],
    pub(super) roles: &'n [Duty],
    /// The fields of the desk's own.
    pub(super) own: &'n Own,
    /// The statuses of all lifecycles.
    pub(super) statuses: BTreeSet<&'n str>,
    /// The plans that are written, sound or not.
    pub(super) pages: BTreeSet<&'n str>,
}

/// The roles that the desk always has: who asked, who has the ticket, the line that has it.
pub(super) const USUAL_ROLES: [&str; 3] = ["requester", "assignee", "line"];

pub(super) fn ladder(
    specs: &[StepSpec],
    path: &str,
    shortest: Option<WorkTime>,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> (Vec<Step>, Vec<Vec<LadderAction>>) {
    if specs.len() > MAX_STEPS {
        let problem = format!("{} steps are more than {MAX_STEPS}", specs.len());
        findings.add(format!("{path}.ladder"), problem, "write fewer");
    }
    let (mut steps, mut actions) = (Vec::<Step>::new(), Vec::<Vec<LadderAction>>::new());
    let mut height = Height::start();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("{path}.ladder[{index}]");
        let Some(when) = moment(spec, &path, shortest, findings) else {
            continue;
        };
        if steps.last().is_some_and(|last| last.when.height() > when.height()) {
            let problem = "it comes before the step above it";
            findings.add(path.as_str(), problem, "write the earlier step first");
        }
        let hours = spec.hours.as_ref().and_then(|name| {
            find_calendar(name, format!("{path}.hours"), names.calendars, findings)
        });
        if hours.as_ref().is_some_and(|(_, calendar)| is_over(calendar)) {
            let problem = "its calendar never opens any more, and nobody is ever told";
            findings.add(format!("{path}.hours"), problem, "give the calendar more hours");
        }
        let does = step_actions(spec, &path, &mut height, names, findings);
        let earlier = steps.iter().zip(&actions).filter(|(step, _)| step.when == when);
        let again = does.iter().find(|action| earlier.clone().any(|(_, did)| did.contains(action)));
        if let Some(action) = again {
            let problem = format!("a step at the same time does it already: {action}");
            findings.add(path.as_str(), problem, "leave one of them out");
        }
        steps.push(Step { when, hours: hours.map(|(_, calendar)| calendar) });
        actions.push(does);
    }
    (steps, actions)
}

fn moment(
    spec: &StepSpec,
    path: &str,
    shortest: Option<WorkTime>,
    findings: &mut Findings<'_>,
) -> Option<StepWhen> {
    match (spec.before_due, spec.at_due, spec.after_due) {
        (Some(ahead), false, None) => {
            let is_too_long = shortest.is_some_and(|shortest| ahead >= shortest);
            if ahead <= WorkTime::ZERO || is_too_long {
                let problem = format!("{ahead} before due is not between start and due");
                let mend = shortest.map_or_else(
                    || "write a positive time".to_owned(),
                    |shortest| format!("the shortest allowance is {shortest}"),
                );
                findings.add(format!("{path}.before_due"), problem, mend);
            }
            Some(StepWhen::BeforeDue(ahead))
        }
        (None, true, None) => Some(StepWhen::AtDue),
        (None, false, Some(behind)) => {
            if behind <= WorkTime::ZERO {
                let problem = format!("{behind} is not after due");
                findings.add(format!("{path}.after_due"), problem, "write at_due = true");
            }
            Some(StepWhen::AfterDue(behind))
        }
        _ => {
            let problem = "it is not said when, or said twice";
            findings.add(path, problem, "write one of before_due, at_due = true, after_due");
            None
        }
    }
}

fn step_actions(
    spec: &StepSpec,
    path: &str,
    height: &mut Height,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Vec<LadderAction> {
    let mut actions = Vec::new();
    for (index, role) in spec.notify.0.iter().enumerate() {
        let path = format!("{path}.notify[{index}]");
        if spec.notify.0[..index].contains(role) {
            findings.add(path.as_str(), format!("`{role}` is named twice"), "remove one");
        }
        check_role(role, path, names.roles, findings);
        actions.push(LadderAction::Notify(RoleId::from(role.as_str())));
    }
    if let Some(to) = &spec.raise_priority {
        actions.push(height.raise(to, format!("{path}.raise_priority"), findings));
    }
    if let Some(plan) = &spec.page {
        if !names.pages.contains(plan.as_str()) {
            let known = names.pages.iter().copied().collect::<Vec<_>>().join(", ");
            let problem = format!("there is no page plan `{plan}`");
            let mend = match known.as_str() {
                "" => "write one under `pages`".to_owned(),
                known => format!("write one of {known}"),
            };
            findings.add(format!("{path}.page"), problem, mend);
        }
        actions.push(LadderAction::Page(plan.clone()));
    }
    if spec.escalate {
        height.escalate(format!("{path}.escalate"), names, findings);
        actions.push(LadderAction::Escalate);
    }
    // Last, so that whom it escalates to is the manager of the line that failed.
    if let Some(to) = &spec.hand_over {
        actions.push(height.hand_over(to, format!("{path}.hand_over"), names.lines, findings));
    }
    if actions.is_empty() {
        let mend = "write notify, raise_priority, hand_over, page or escalate = true";
        findings.add(path, "it does nothing", mend);
    }
    actions
}

/// Checks that there is such a role.
fn check_role(name: &str, path: String, roles: &[Duty], findings: &mut Findings<'_>) {
    let known = roles.iter().map(|role| role.id.as_str()).chain(USUAL_ROLES);
    if !known.clone().any(|known| known == name) {
        let known = known.collect::<Vec<_>>().join(", ");
        findings.add(path, format!("there is no role `{name}`"), format!("write one of {known}"));
    }
}

/// Checks that there is such a role: a manager is somebody of the desk, whoever has the ticket.
pub(super) fn check_manager(name: &str, path: String, roles: &[Duty], findings: &mut Findings<'_>) {
    if !roles.iter().any(|role| role.id.as_str() == name) {
        let problem = format!("there is no role `{name}` that could manage a line");
        findings.add(path, problem, "write one under `roles`, and name it here");
    }
}
