//! From the authored document to rules that can be relied on. What can be read is
//! checked as a whole: all that is wrong is reported at once.

mod bounds;
mod examples;
mod forms;
mod labels;
mod ladder;
mod lifecycles;
mod on_call;
mod policies;
mod relations;
mod routing;
mod rules;
mod synonyms;
mod targets;
mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{Calendar, CalendarSpec, PagePlanSpec, RosterSpec};

use self::forms::{forms, own_fields};
use self::ladder::{Names, USUAL_ROLES, check_manager};
use self::lifecycles::{lifecycles, unfillable};
use self::on_call::{pages, rosters};
use self::policies::policies;
use self::relations::relations;
use self::routing::routing;
use self::rules::{Elsewhere, automation, known_states, never_fire};
use self::synonyms::synonyms;
use self::targets::promises;
use self::views::views;
use super::authored::{Document, ExampleSpec, LifecycleSpec, LineSpec, RoleSpec};
use super::documents::{Documents, MAX_DOCUMENTS, Places};
use super::error::{Findings, RulebookError};
use super::policy::Policy;
use super::{Content, Duty, Line, MAX_RULEBOOK_BYTES};
use crate::automation::Needs;
use crate::custom::Custom;
use crate::id::{AgentId, RoleId};
use crate::priority::{Impact, Priority, PriorityMatrix, Urgency};
use crate::ticket::Status;
pub(super) use examples::try_examples;

/// The name of the calendar that is always open, which need not be written.
const ALWAYS: &str = "always";

/// The word for the line after the one that has the ticket.
const NEXT: &str = "next";

/// Whether a rulebook is to come into force, or was in force.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// What is wrong with it can still be mended.
    Proposed,
    /// It was accepted when it came into force, and promises are pinned to it: what is only asked of
    /// others is not asked of it.
    Recalled,
}

/// Reads and checks a rulebook. Its examples are still to be tried.
/// The documents are `source` together.
pub(super) fn read(
    documents: &mut Documents<'_>,
    source: &str,
    standing: Standing,
) -> Result<(Content, Vec<ExampleSpec>), RulebookError> {
    check_size(documents)?;
    let read = match documents.only() {
        Some(text) => Findings::new(documents).reading(|findings| findings.parse(text)),
        None => {
            let joined = documents.join()?;
            Findings::new(documents).reading(|findings| findings.read_joined(joined))
        }
    };
    check(read?, documents, source, standing)
}

/// Refuses what is too much to be a rulebook, before any of it is read.
fn check_size(documents: &Documents<'_>) -> Result<(), RulebookError> {
    let mut findings = Findings::new(documents);
    let bytes = documents.bytes();
    if bytes > MAX_RULEBOOK_BYTES {
        let problem = format!("{bytes} bytes are more than {MAX_RULEBOOK_BYTES}");
        findings.add("", problem, "is this a rulebook?");
    } else if !(1..=MAX_DOCUMENTS).contains(&documents.count()) {
        let problem = format!("{} documents are no rulebook", documents.count());
        findings.add("", problem, format!("write 1 to {MAX_DOCUMENTS}"));
    } else {
        let mut names = BTreeSet::new();
        for index in 0..documents.count() {
            let name = documents.name(index);
            if !names.insert(name) {
                let problem = format!("there are two documents `{name}`");
                findings.add_in(index, "", problem, "rename one");
            }
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.into_error()) }
}

/// Checks what was read, as a whole.
fn check(
    document: Document,
    documents: &Documents<'_>,
    source: &str,
    standing: Standing,
) -> Result<(Content, Vec<ExampleSpec>), RulebookError> {
    let mut findings = Findings::new(documents);
    if standing == Standing::Proposed && !bounds::keeps(&document, &mut findings) {
        return Err(findings.into_error());
    }
    check_name(&document.name, &mut findings);
    let calendars = calendars(&document.calendars, &mut findings);
    let roles = roles(&document.roles, &mut findings);
    let lines = lines(&document.lines, &roles, &mut findings);
    let rosters = rosters(&document.rosters, &calendars, &mut findings);
    let pages = pages(&document.pages, &document.rosters, &mut findings);
    let own = own_fields(&document.fields, &lines, &mut findings);
    let names = Names {
        calendars: &calendars,
        lines: &lines,
        roles: &roles,
        own: &own,
        statuses: statuses(&document.lifecycles),
        pages: document.pages.keys().map(String::as_str).collect(),
    };
    let policies = policies(&document.policies, &names, standing, &mut findings);
    let promises = promises(&document.promises, &calendars, &names, &mut findings);
    let priorities = priorities(&document.priorities, &mut findings);
    let forms = forms(&document.forms, &names, &mut findings);
    let views = views(&document.views, &names, standing, &mut findings);
    let automation = automation(&document.rules, &document.macros, &names, &mut findings);
    let routing = routing(&document.routing, &names, &mut findings);
    let lifecycles = lifecycles(&document.lifecycles, &names, &mut findings);
    let relations = relations(&document.relations, &own, &mut findings);
    if standing == Standing::Proposed {
        known_states(&document, &names, &mut findings);
    }
    synonyms(&document.synonyms, &mut findings);
    if findings.is_empty() {
        let elsewhere = Elsewhere {
            lines: &lines,
            own: &own,
            policies: &policies,
            promises: &promises,
            routing: &routing,
            lifecycles: &lifecycles,
            standing,
        };
        never_fire(&automation, &document, &elsewhere, &mut findings);
        unfillable(&document.lifecycles, (&lifecycles, &forms), &names, &mut findings);
    }
    if !findings.is_empty() {
        return Err(findings.into_error());
    }
    unused(&document.rosters, &document.pages, &mut findings);
    let content = Content {
        name: document.name,
        file: documents.name(0).to_owned(),
        source: source.to_owned(),
        calendars,
        roles,
        lines,
        priorities,
        rosters,
        pages,
        has_triggers: policies.iter().flatten().any(Policy::has_triggers),
        policies,
        promises,
        custom: Custom { fields: own, forms },
        views,
        needs: Needs::of(&automation, relations.answer.as_ref()),
        automation,
        routing,
        lifecycles,
        relations,
        synonyms: document.synonyms,
        findings: findings.into_findings(),
    };
    Ok((content, document.examples))
}

fn check_name(name: &str, findings: &mut Findings<'_>) {
    if name.trim().is_empty() {
        findings.add("name", "the desk has no name", "write one");
    }
}

/// What statuses are called: the usual ones, and those of the desk's own lifecycles.
fn statuses(lifecycles: &BTreeMap<String, LifecycleSpec>) -> BTreeSet<&str> {
    let own = lifecycles.values().flat_map(|life| &life.statuses);
    Status::ALL.map(Status::as_str).into_iter().chain(own.map(|it| it.id.as_str())).collect()
}

/// Remarks on rosters by which nobody is paged.
fn unused(
    rosters: &BTreeMap<String, RosterSpec<AgentId>>,
    pages: &BTreeMap<String, PagePlanSpec>,
    findings: &mut Findings<'_>,
) {
    for name in rosters.keys() {
        let is_used = pages.values().flat_map(|plan| &plan.levels).any(|it| it.roster == *name);
        if !is_used {
            findings.remark(&format!("rosters.{name}"), "nobody is paged by this roster");
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

fn roles(specs: &[RoleSpec], findings: &mut Findings<'_>) -> Vec<Duty> {
    let mut roles: Vec<Duty> = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("roles[{index}].id");
        if spec.id.trim().is_empty() || USUAL_ROLES.contains(&spec.id.as_str()) {
            let problem = format!("`{}` cannot be the id of a role", spec.id);
            findings.add(path, problem, "name it after its office, such as team_lead");
        } else if roles.iter().any(|role| role.id.as_str() == spec.id) {
            findings.add(path, format!("there are two roles `{}`", spec.id), "rename one");
        }
        roles.push(Duty {
            id: spec.id.as_str().into(),
            name: spec.name.clone().unwrap_or_else(|| spec.id.clone()),
            agents: spec.agents.clone(),
            reports_to: spec.reports_to.as_deref().map(RoleId::from),
        });
    }
    let above: BTreeMap<&str, Option<&str>> = roles
        .iter()
        .map(|role| (role.id.as_str(), role.reports_to.as_ref().map(|it| it.as_str())))
        .collect();
    let circles = in_circles(&above);
    for (index, role) in roles.iter().enumerate() {
        let Some(to) = &role.reports_to else {
            continue;
        };
        let path = format!("roles[{index}].reports_to");
        if !above.contains_key(to.as_str()) {
            let known = roles.iter().map(|role| role.id.as_str()).collect::<Vec<_>>().join(", ");
            let problem = format!("there is no role `{to}`");
            findings.add(path, problem, format!("write one of {known}"));
        } else if circles.contains(role.id.as_str()) {
            let problem = format!("`{}` reports to itself in the end", role.id);
            findings.add(path, problem, "let the highest role report to nobody");
        }
    }
    roles
}

/// The roles from which the way up comes back to them. Each is gone up from once, as far as nobody has
/// gone before, so that a thousand of them in a chain are as many steps.
fn in_circles<'r>(above: &BTreeMap<&'r str, Option<&'r str>>) -> BTreeSet<&'r str> {
    let (mut seen, mut circles) = (BTreeSet::new(), BTreeSet::new());
    for &role in above.keys() {
        let mut way = Vec::new();
        let mut next = Some(role);
        while let Some(here) = next.filter(|here| above.contains_key(here)) {
            if !seen.insert(here) {
                circles.extend(way.iter().skip_while(|it| **it != here));
                break;
            }
            way.push(here);
            next = above[here];
        }
    }
    circles
}

fn lines(specs: &[LineSpec], roles: &[Duty], findings: &mut Findings<'_>) -> Vec<Line> {
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
        if let Some(manager) = &spec.manager {
            check_manager(manager, format!("lines[{index}].manager"), roles, findings);
        }
        lines.push(Line {
            id: spec.id.as_str().into(),
            name: spec.name.clone().unwrap_or_else(|| spec.id.clone()),
            teams: spec.teams.iter().map(|team| team.as_str().into()).collect(),
            manager: spec.manager.as_deref().map(RoleId::from),
            is_vendor: spec.vendor,
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

/// The mend of a name that is none of these; `otherwise` where there are none to write.
fn write_one_of<'w>(known: impl IntoIterator<Item = &'w str>, otherwise: &str) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match known.is_empty() {
        true => otherwise.to_owned(),
        false => format!("write one of {}", known.join(", ")),
    }
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
