//! From the authored document to rules that can be relied on. What can be read is
//! checked as a whole: all that is wrong is reported at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{
    Calendar, CalendarSpec, MAX_STEPS, MAX_WARNINGS, Metric, Step, StepWhen, Terms, WorkTime,
};

use super::authored::{Document, LineSpec, PolicySpec, StepSpec, TargetSpec, WithinSpec};
use super::error::{Findings, RulebookError};
use super::{Content, LadderAction, Line, MAX_RULEBOOK_BYTES, Policy, Target};
use crate::priority::{Impact, Priority, PriorityMatrix, Urgency};
use crate::ticket::{Status, pause_reason};

/// The name of the calendar that is always open, which need not be written.
const ALWAYS: &str = "always";

/// The word for the line after the one that has the ticket.
const NEXT: &str = "next";

/// Reads and checks a rulebook.
pub(super) fn read(text: &str, file: &str) -> Result<Content, RulebookError> {
    let mut findings = Findings::new(text);
    if text.len() > MAX_RULEBOOK_BYTES {
        let problem = format!("{} bytes are more than {MAX_RULEBOOK_BYTES}", text.len());
        findings.add("", problem, "is this a rulebook?");
        return Err(findings.into_error(file));
    }
    let Some(document) = parse(text, &mut findings) else {
        return Err(findings.into_error(file));
    };
    if document.name.trim().is_empty() {
        findings.add("name", "the desk has no name", "write one");
    }
    let calendars = calendars(&document.calendars, &mut findings);
    let lines = lines(&document.lines, &mut findings);
    let mut policies = Vec::new();
    for (index, spec) in document.policies.iter().enumerate() {
        let path = format!("policies[{index}]");
        check_order(&document.policies, index, &path, &mut findings);
        policies.push(policy(spec, &path, &calendars, &lines, &mut findings));
    }
    let priorities = priorities(&document.priorities, &mut findings);
    if !findings.is_empty() {
        return Err(findings.into_error(file));
    }
    let (name, source) = (document.name, text.to_owned());
    Ok(Content { name, source, calendars, lines, priorities, policies })
}

fn parse(text: &str, findings: &mut Findings<'_>) -> Option<Document> {
    let deserializer = match toml::Deserializer::parse(text) {
        Ok(deserializer) => deserializer,
        Err(error) => {
            findings.add_parse_error("", &error);
            return None;
        }
    };
    match serde_path_to_error::deserialize(deserializer) {
        Ok(document) => Some(document),
        Err(error) => {
            findings.add_parse_error(&error.path().to_string(), error.inner());
            None
        }
    }
}

/// Builds the calendars, which may be made of each other. One that is wrong is reported and then
/// taken for one that is always open, so that what names it is not wrong as well.
fn calendars(
    specs: &BTreeMap<String, CalendarSpec>,
    findings: &mut Findings<'_>,
) -> BTreeMap<Arc<str>, Calendar> {
    let mut specs = specs.clone();
    specs.entry(ALWAYS.to_owned()).or_insert_with(always);
    loop {
        let error = match Calendar::build_all(&specs) {
            Ok(built) => {
                let named = built.into_iter().map(|(name, calendar)| (name.into(), calendar));
                return named.collect();
            }
            Err(error) => error,
        };
        let (path, told) = (error.path(), error.to_string());
        let problem = told.trim_start_matches(path).trim_start_matches([':', ' ']);
        findings.add(format!("calendars.{path}"), problem, "");
        let wrong = specs.iter_mut().find(|(name, spec)| {
            let rest = path.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) && **spec != always()
        });
        match wrong {
            Some((_, spec)) => *spec = always(),
            None => return BTreeMap::new(),
        }
    }
}

fn always() -> CalendarSpec {
    CalendarSpec {
        time_zone: "UTC".to_owned(),
        weekly: BTreeMap::from([("mon-sun".to_owned(), vec!["00:00-24:00".to_owned()])]),
        ..CalendarSpec::default()
    }
}

fn lines(specs: &[LineSpec], findings: &mut Findings<'_>) -> Vec<Line> {
    if specs.is_empty() {
        findings.add("lines", "there is no support line", "write at least one");
    }
    let mut lines: Vec<Line> = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("lines[{index}].id");
        if spec.id.trim().is_empty() || spec.id == NEXT {
            let problem = format!("`{}` cannot be the id of a line", spec.id);
            findings.add(path, problem, "name it after its place, such as L1");
        } else if lines.iter().any(|line| line.id.as_str() == spec.id) {
            findings.add(path, format!("there are two lines `{}`", spec.id), "rename one");
        }
        let mut teams = BTreeSet::new();
        for (at, team) in spec.teams.iter().enumerate() {
            if !teams.insert(team) {
                let path = format!("lines[{index}].teams[{at}]");
                findings.add(path, format!("team `{team}` is named twice"), "remove one");
            }
        }
        lines.push(Line {
            id: spec.id.as_str().into(),
            name: spec.name.clone().unwrap_or_else(|| spec.id.clone()),
            teams: spec.teams.iter().map(|team| team.as_str().into()).collect(),
        });
    }
    lines
}

fn priorities(
    spec: &BTreeMap<String, BTreeMap<String, Priority>>,
    findings: &mut Findings<'_>,
) -> PriorityMatrix {
    let mut matrix = PriorityMatrix::default();
    for (impact, row) in spec {
        let path = format!("priorities.{impact}");
        let level = known("impact", impact, Impact::ALL, Impact::as_str, &path, findings);
        for (urgency, priority) in row {
            let path = format!("{path}.{urgency}");
            let urgency = known("urgency", urgency, Urgency::ALL, Urgency::as_str, &path, findings);
            if let (Some(impact), Some(urgency)) = (level, urgency) {
                matrix.0[impact as usize][urgency as usize] = *priority;
            }
        }
    }
    matrix
}

/// The one of `all` that is called `name`. Keys are read as text and looked up here, so that a
/// wrong one is reported under its own name.
fn known<T: Copy>(
    what: &str,
    name: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
    path: &str,
    findings: &mut Findings<'_>,
) -> Option<T> {
    let found = all.iter().copied().find(|known| word(*known) == name);
    if found.is_none() {
        let words: Vec<&str> = all.iter().map(|known| word(*known)).collect();
        let mend = format!("write one of {}", words.join(", "));
        findings.add(path, format!("there is no {what} `{name}`"), mend);
    }
    found
}

/// A policy must have a name of its own, and must not stand behind one that takes every ticket.
fn check_order(policies: &[PolicySpec], index: usize, path: &str, findings: &mut Findings<'_>) {
    let (before, policy) = (&policies[..index], &policies[index]);
    if before.iter().any(|other| other.name == policy.name) {
        let problem = format!("there are two policies `{}`", policy.name);
        findings.add(format!("{path}.name"), problem, "rename one");
    }
    let takes_all =
        |other: &&PolicySpec| other.when.kinds.is_empty() && other.when.organizations.is_empty();
    if let Some(other) = before.iter().find(takes_all) {
        let problem = format!("it never applies: `{}` before it takes every ticket", other.name);
        findings.add(path, problem, "move it up, or give the other one a `when`");
    }
}

fn policy(
    spec: &PolicySpec,
    path: &str,
    calendars: &BTreeMap<Arc<str>, Calendar>,
    lines: &[Line],
    findings: &mut Findings<'_>,
) -> Policy {
    if spec.name.trim().is_empty() {
        findings.add(format!("{path}.name"), "the policy has no name", "write one");
    }
    let mut targets = BTreeMap::new();
    let default = find_calendar(&spec.calendar, format!("{path}.calendar"), calendars, findings);
    for (name, target_spec) in &spec.targets {
        let path = format!("{path}.targets.{name}");
        let metric = known("metric", name, &Metric::ALL, Metric::key, &path, findings);
        let calendar = match &target_spec.calendar {
            Some(name) => find_calendar(name, format!("{path}.calendar"), calendars, findings),
            None => default.clone(),
        };
        if let (Some(metric), Some(calendar)) = (metric, calendar) {
            targets.insert(metric, target(target_spec, &path, calendar, lines, findings));
        }
    }
    if spec.targets.is_empty() {
        findings.add(format!("{path}.targets"), "it promises nothing", "write a target");
    }
    Policy {
        name: spec.name.as_str().into(),
        kinds: spec.when.kinds.clone(),
        organizations: spec.when.organizations.clone(),
        targets,
    }
}

fn find_calendar(
    name: &str,
    path: String,
    calendars: &BTreeMap<Arc<str>, Calendar>,
    findings: &mut Findings<'_>,
) -> Option<(Arc<str>, Calendar)> {
    let found = calendars.get_key_value(name);
    if found.is_none() {
        let known = calendars.keys().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
        let problem = format!("there is no calendar `{name}`");
        findings.add(path, problem, format!("write one of {known}"));
    }
    found.map(|(name, calendar)| (Arc::clone(name), calendar.clone()))
}

fn target(
    spec: &TargetSpec,
    path: &str,
    (calendar_name, calendar): (Arc<str>, Calendar),
    lines: &[Line],
    findings: &mut Findings<'_>,
) -> Target {
    let WithinSpec { critical, high, medium, low } = spec.within;
    let within = [low, medium, high, critical];
    for (time, priority) in within.iter().zip(Priority::ALL) {
        if *time < WorkTime::from_millis(1_000) {
            let problem = format!("{time} cannot be kept");
            findings.add(format!("{path}.within.{priority}"), problem, "allow a second at least");
        }
    }
    check_warnings(&spec.warn_at, path, findings);
    let mut pause_on = BTreeSet::new();
    for (index, name) in spec.pause_on.iter().enumerate() {
        let mut reasons = Status::ALL.into_iter().filter_map(pause_reason);
        match reasons.find(|reason| reason.as_str() == name) {
            Some(reason) => {
                pause_on.insert(reason);
            }
            None => {
                let problem = format!("`{name}` is no status that a clock can stand still in");
                let path = format!("{path}.pause_on[{index}]");
                findings.add(path, problem, "write pending or on_hold");
            }
        }
    }
    let shortest = within.into_iter().min().expect("there are four");
    let (steps, ladder) = ladder(&spec.ladder, path, shortest, lines, findings);
    let terms = Terms { calendar, warnings: spec.warn_at.clone(), ladder: steps };
    Target { calendar: calendar_name, within, terms, pause_on, ladder }
}

fn check_warnings(percentages: &[u8], path: &str, findings: &mut Findings<'_>) {
    if percentages.len() > MAX_WARNINGS {
        let problem = format!("{} warnings are more than {MAX_WARNINGS}", percentages.len());
        findings.add(format!("{path}.warn_at"), problem, "write fewer");
    }
    for (index, percent) in percentages.iter().enumerate() {
        let path = format!("{path}.warn_at[{index}]");
        if !(1..=99).contains(percent) {
            findings.add(path, format!("{percent} % is no warning"), "write 1 to 99");
        } else if index > 0 && percentages[index - 1] >= *percent {
            findings.add(path, format!("{percent} is out of order"), "write them from low to high");
        }
    }
}

fn ladder(
    specs: &[StepSpec],
    path: &str,
    shortest: WorkTime,
    lines: &[Line],
    findings: &mut Findings<'_>,
) -> (Vec<Step>, Vec<LadderAction>) {
    if specs.len() > MAX_STEPS {
        let problem = format!("{} steps are more than {MAX_STEPS}", specs.len());
        findings.add(format!("{path}.ladder"), problem, "write fewer");
    }
    let (mut steps, mut actions) = (Vec::new(), Vec::new());
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("{path}.ladder[{index}]");
        let when = match (spec.before_due, spec.at_due, spec.after_due) {
            (Some(ahead), false, None) => {
                if ahead <= WorkTime::ZERO || ahead >= shortest {
                    let problem = format!("{ahead} before due is not between start and due");
                    let mend = format!("the shortest allowance is {shortest}");
                    findings.add(format!("{path}.before_due"), problem, mend);
                }
                StepWhen::BeforeDue(ahead)
            }
            (None, true, None) => StepWhen::AtDue,
            (None, false, Some(behind)) => {
                if behind <= WorkTime::ZERO {
                    let problem = format!("{behind} is not after due");
                    findings.add(format!("{path}.after_due"), problem, "write at_due = true");
                }
                StepWhen::AfterDue(behind)
            }
            _ => {
                let problem = "it is not said when, or said twice";
                let mend = "write one of before_due, at_due = true, after_due";
                findings.add(path, problem, mend);
                continue;
            }
        };
        steps.push(Step { when });
        actions.push(hand_over(&spec.hand_over, format!("{path}.hand_over"), lines, findings));
    }
    (steps, actions)
}

fn hand_over(to: &str, path: String, lines: &[Line], findings: &mut Findings<'_>) -> LadderAction {
    if to == NEXT {
        if lines.len() < 2 {
            findings.add(path, "there is no next line", "write a second line");
        }
        return LadderAction::HandOverToNext;
    }
    if !lines.iter().any(|line| line.id.as_str() == to) {
        let known = lines.iter().map(|line| line.id.as_str()).collect::<Vec<_>>().join(", ");
        findings.add(path, format!("there is no line `{to}`"), format!("write next or {known}"));
    }
    LadderAction::HandOverTo(to.into())
}
