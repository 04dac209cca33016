//! What a rulebook may hold at most, and what its names may look like: before anything is looked at
//! closely, so that a document of ten thousand of something is refused at once.

use std::collections::BTreeMap;

use super::Findings;
use crate::limits::check_line;
use crate::refusal::Refusal;
use crate::rulebook::authored::{Document, LabelSpec, LifecycleSpec, PolicySpec, StepSpec};

/// The most calendars: more than there are countries with their regions.
const MAX_CALENDARS: usize = 1_000;

/// The most roles, and the most agents who hold one: a department has tens.
const MAX_ROLES: usize = 1_000;
const MAX_HOLDERS: usize = 1_000;

/// The most lines, and the most teams of one: what lists and conditions are checked against.
const MAX_LINES: usize = 500;
const MAX_TEAMS: usize = 500;

/// The most rosters, and the most plans of paging.
const MAX_ROSTERS: usize = 500;
const MAX_PLANS: usize = 500;

/// The most policies, each of which is compared with those before it, and the most clocks by
/// conditions of one: every command on a ticket looks at all of them.
const MAX_POLICIES: usize = 500;
const MAX_CLOCKS: usize = 32;

/// The most roles that one step of a ladder tells.
const MAX_TOLD: usize = 50;

/// The most groups of synonyms, and the most words of one: each question is read with all of a group.
const MAX_SYNONYMS: usize = 5_000;
const MAX_SAME: usize = 50;

/// The most views: they are counted together.
const MAX_VIEWS: usize = 500;

/// The most steps of an example: its story is played whenever the rulebook is read.
const MAX_EXAMPLE_STEPS: usize = 200;

/// The most languages of a label: more than any product is sold in.
const MAX_LANGUAGES: usize = 100;

/// The most that a lifecycle, a way of it or a choice among its reasons names: more than there are of
/// anything that can be named there.
const MAX_NAMED: usize = 500;

/// Reports what is more than any desk needs, and what cannot be a name. Whether the rest is worth a look.
pub(super) fn keeps(document: &Document, findings: &mut Findings<'_>) -> bool {
    let fits = fits(document, findings);
    if fits {
        names(document, findings);
    }
    fits
}

/// Reports the lists that are longer than any desk needs. Whether there were none.
fn fits(document: &Document, findings: &mut Findings<'_>) -> bool {
    let mut bounds = Bounds { findings, fits: true };
    for (path, what, count, most) in [
        ("calendars", "calendars", document.calendars.len(), MAX_CALENDARS),
        ("roles", "roles", document.roles.len(), MAX_ROLES),
        ("lines", "lines", document.lines.len(), MAX_LINES),
        ("rosters", "rosters", document.rosters.len(), MAX_ROSTERS),
        ("pages", "plans", document.pages.len(), MAX_PLANS),
        ("policies", "policies", document.policies.len(), MAX_POLICIES),
        ("synonyms", "groups", document.synonyms.len(), MAX_SYNONYMS),
        ("views", "views", document.views.len(), MAX_VIEWS),
    ] {
        bounds.check(|| path.to_owned(), what, count, most);
    }
    if !bounds.fits {
        return false;
    }
    for (index, role) in document.roles.iter().enumerate() {
        bounds.check(|| format!("roles[{index}].agents"), "agents", role.agents.len(), MAX_HOLDERS);
    }
    for (index, line) in document.lines.iter().enumerate() {
        bounds.check(|| format!("lines[{index}].teams"), "teams", line.teams.len(), MAX_TEAMS);
    }
    for (index, group) in document.synonyms.iter().enumerate() {
        bounds.check(|| format!("synonyms[{index}]"), "words", group.len(), MAX_SAME);
    }
    for (index, policy) in document.policies.iter().enumerate() {
        bounds.policy(&format!("policies[{index}]"), policy);
    }
    bounds.ladder("promises.ladder", &document.promises.ladder);
    for (id, field) in &document.fields {
        bounds.label(&format!("fields.{id}.label"), field.label.as_ref());
        for (index, choice) in field.choices.iter().flatten().enumerate() {
            bounds.label(&format!("fields.{id}.choices[{index}].label"), choice.label.as_ref());
        }
    }
    for (id, life) in &document.lifecycles {
        bounds.lifecycle(&format!("lifecycles.{id}"), life);
    }
    for (index, example) in document.examples.iter().enumerate() {
        let path = || format!("examples[{index}].steps");
        bounds.check(path, "steps", example.steps.len(), MAX_EXAMPLE_STEPS);
    }
    bounds.fits
}

struct Bounds<'f, 't> {
    findings: &'f mut Findings<'t>,
    fits: bool,
}

impl Bounds<'_, '_> {
    fn check(&mut self, path: impl FnOnce() -> String, what: &str, count: usize, most: usize) {
        if count > most {
            let problem = format!("{count} {what} are more than {most}");
            self.findings.add(path(), problem, "no desk needs so many: join some");
            self.fits = false;
        }
    }

    fn policy(&mut self, path: &str, policy: &PolicySpec) {
        self.check(|| format!("{path}.clocks"), "clocks", policy.clocks.len(), MAX_CLOCKS);
        for (metric, target) in &policy.targets {
            self.ladder(&format!("{path}.targets.{metric}.ladder"), &target.ladder);
        }
        for (name, clock) in &policy.clocks {
            self.ladder(&format!("{path}.clocks.{name}.target.ladder"), &clock.target.ladder);
        }
    }

    fn lifecycle(&mut self, path: &str, life: &LifecycleSpec) {
        self.check(|| format!("{path}.kinds"), "kinds", life.kinds.len(), MAX_NAMED);
        self.check(|| format!("{path}.lines"), "lines", life.lines.len(), MAX_NAMED);
        self.check(|| format!("{path}.from"), "lifecycles", life.from.len(), MAX_NAMED);
        for (other, statuses) in &life.from {
            let path = || format!("{path}.from.{other}");
            self.check(path, "statuses", statuses.len(), MAX_NAMED);
        }
        for (index, status) in life.statuses.iter().enumerate() {
            let path = format!("{path}.statuses[{index}]");
            let holds = status.hold.as_ref().map_or(0, |hold| hold.0.len());
            self.check(|| format!("{path}.hold"), "reasons", holds, MAX_NAMED);
            self.label(&format!("{path}.text"), status.text.as_ref());
        }
        for (index, way) in life.transitions.iter().enumerate() {
            let path = format!("{path}.transitions[{index}]");
            self.check(|| format!("{path}.from"), "statuses", way.from.0.len(), MAX_NAMED);
            self.check(|| format!("{path}.requires"), "fields", way.requires.len(), MAX_NAMED);
            self.label(&format!("{path}.text"), way.text.as_ref());
        }
    }

    fn label(&mut self, path: &str, label: Option<&LabelSpec>) {
        if let Some(LabelSpec::ByLanguage(texts)) = label {
            self.check(|| path.to_owned(), "languages", texts.len(), MAX_LANGUAGES);
        }
    }

    fn ladder(&mut self, path: &str, ladder: &[StepSpec]) {
        for (index, step) in ladder.iter().enumerate() {
            let path = || format!("{path}[{index}].notify");
            self.check(path, "roles", step.notify.0.len(), MAX_TOLD);
        }
    }
}

/// Reports the names that nobody could read in a list, or tell from another one.
fn names(document: &Document, findings: &mut Findings<'_>) {
    let mut names = Names { findings };
    names.one("name", &document.name);
    names.keys("calendars", document.calendars.keys());
    names.keys("rosters", document.rosters.keys());
    names.keys("pages", document.pages.keys());
    names.keys("fields", document.fields.keys());
    names.keys("lifecycles", document.lifecycles.keys());
    names.listed("roles", "id", document.roles.iter().map(|it| it.id.as_str()));
    names.listed("lines", "id", document.lines.iter().map(|it| it.id.as_str()));
    names.listed("policies", "name", document.policies.iter().map(|it| it.name.as_str()));
    names.listed("forms", "name", document.forms.iter().map(|it| it.name.as_str()));
    names.listed("views", "name", document.views.iter().map(|it| it.name.as_str()));
    names.listed("examples", "name", document.examples.iter().map(|it| it.name.as_str()));
    // Both are looked up by name, and recorded under it.
    let rules = document.rules.iter().enumerate();
    let rules = rules.map(|(index, it)| (format!("rules[{index}].name"), it.name.as_str()));
    let macros = document.macros.iter().enumerate();
    let macros = macros.map(|(index, it)| (format!("macros[{index}].name"), it.name.as_str()));
    names.all(rules.chain(macros).collect());
    for (index, role) in document.roles.iter().enumerate() {
        names.called(&format!("roles[{index}].name"), role.name.as_deref());
    }
    for (index, line) in document.lines.iter().enumerate() {
        names.called(&format!("lines[{index}].name"), line.name.as_deref());
        names.listed(&format!("lines[{index}].teams"), "", line.teams.iter().map(String::as_str));
    }
    for (index, policy) in document.policies.iter().enumerate() {
        names.keys(&format!("policies[{index}].clocks"), policy.clocks.keys());
    }
    for (id, field) in &document.fields {
        names.label(&format!("fields.{id}.label"), field.label.as_ref());
        let choices = field.choices.iter().flatten();
        let path = format!("fields.{id}.choices");
        names.listed(&path, "id", choices.clone().map(|choice| choice.id.as_str()));
        for (index, choice) in choices.enumerate() {
            names.label(&format!("{path}[{index}].label"), choice.label.as_ref());
        }
    }
    for (id, life) in &document.lifecycles {
        let path = format!("lifecycles.{id}.statuses");
        names.listed(&path, "id", life.statuses.iter().map(|it| it.id.as_str()));
        for (index, status) in life.statuses.iter().enumerate() {
            names.label(&format!("{path}[{index}].text"), status.text.as_ref());
        }
        for (index, way) in life.transitions.iter().enumerate() {
            let path = format!("lifecycles.{id}.transitions[{index}].text");
            names.label(&path, way.text.as_ref());
        }
    }
}

struct Names<'f, 't> {
    findings: &'f mut Findings<'t>,
}

impl Names<'_, '_> {
    /// A name that stands alone. That one is empty is told where it is missed.
    fn one(&mut self, path: &str, name: &str) -> bool {
        let mend = "write it as people say it, in a line";
        match check_line("the name", name) {
            Ok(()) => {}
            Err(Refusal::TextEmpty { .. }) => return true,
            Err(refusal) => {
                self.findings.add(path, refusal.to_string(), mend);
                return false;
            }
        }
        if name.trim() != name {
            self.findings.add(
                path,
                format!("`{name}` begins or ends with a space"),
                "leave it out",
            );
            return false;
        }
        true
    }

    /// What something is called, if that is said.
    fn called(&mut self, path: &str, name: Option<&str>) {
        if let Some(name) = name
            && self.one(path, name)
            && name.trim().is_empty()
        {
            self.findings.add(
                path,
                "it is called nothing",
                "write what it is called, or leave it out",
            );
        }
    }

    fn label(&mut self, path: &str, label: Option<&LabelSpec>) {
        match label {
            Some(LabelSpec::Plain(text)) => {
                self.one(path, text);
            }
            Some(LabelSpec::ByLanguage(texts)) => {
                for (language, text) in texts {
                    self.one(&format!("{path}.{}", language.as_str()), text);
                }
            }
            None => {}
        }
    }

    fn keys<'n>(&mut self, path: &str, keys: impl Iterator<Item = &'n String>) {
        let all = keys.map(|key| (format!("{path}.{key}"), key.as_str()));
        self.all(all.collect());
    }

    fn listed<'n>(&mut self, path: &str, key: &str, names: impl Iterator<Item = &'n str>) {
        let dot = if key.is_empty() { "" } else { "." };
        let all =
            names.enumerate().map(|(index, name)| (format!("{path}[{index}]{dot}{key}"), name));
        self.all(all.collect());
    }

    /// Names beside each other. That two are the same to the letter is told where they are looked up.
    fn all(&mut self, names: Vec<(String, &str)>) {
        let mut alike = BTreeMap::new();
        for (path, name) in names {
            if !self.one(&path, name) || name.trim().is_empty() {
                continue;
            }
            let words: Vec<&str> = name.split_whitespace().collect();
            let other = *alike.entry(words.join(" ").to_lowercase()).or_insert(name);
            if other != name {
                let problem = format!("`{name}` is hardly told from `{other}`");
                self.findings.add(path, problem, "rename one");
            }
        }
    }
}
