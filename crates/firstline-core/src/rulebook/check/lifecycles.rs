//! Whether each lifecycle names what there is, and every ticket in it can come to its end.

mod fillable;
mod reach;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firstline_sla::{Calendar, FieldType, Fields, MAX_ALLOWANCE, WorkTime};

pub(super) use fillable::unfillable;

use super::super::authored::{LifecycleSpec, OneOrMany, StatusSpec, TransitionSpec};
use super::super::fields;
use super::labels::label;
use super::ladder::{Names, USUAL_ROLES};
use super::targets::find_calendar;
use super::{ALWAYS, Findings, known};
use crate::id::StatusId;
use crate::lifecycle::{DEFAULT, Lifecycle, Limit, NamedStatus, Way, Who};
use crate::limits::check_line;
use crate::people::Role;
use crate::ticket::{HoldReason, Kind, Status};

/// The most lifecycles of a rulebook, and the most statuses of one: nobody keeps more apart.
const MAX_LIFECYCLES: usize = 64;
const MAX_STATUSES: usize = 64;

/// The most ways of a lifecycle: each move looks through them.
const MAX_WAYS: usize = 1_000;

/// What a lifecycle must have: a ticket comes into each of them.
const NEEDED: [(Status, &str); 4] = [
    (Status::New, "what a ticket is when it is opened"),
    (Status::Open, "what a ticket is while it is the desk's turn"),
    (Status::Resolved, "what a ticket is when it is done"),
    (Status::Closed, "what a ticket is at the end"),
];

/// The lifecycles, the one of all other tickets first.
pub(super) fn lifecycles(
    specs: &BTreeMap<String, LifecycleSpec>,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Vec<Lifecycle> {
    if specs.len() > MAX_LIFECYCLES {
        let problem = format!("{} lifecycles are more than {MAX_LIFECYCLES}", specs.len());
        findings.add("lifecycles", problem, "join those that differ in names only");
        return vec![Lifecycle::built_in()];
    }
    let fields = fields::of_rules(names.lines, names.own, false);
    let mut all: Vec<Lifecycle> = Vec::new();
    for (id, spec) in specs {
        let path = format!("lifecycles.{id}");
        let found = Check { path, names, fields: &fields, findings }.lifecycle(id, spec);
        if id == DEFAULT {
            all.insert(0, found);
        } else {
            all.push(found);
        }
    }
    if !specs.contains_key(DEFAULT) {
        all.insert(0, Lifecycle::built_in());
    }
    if findings.is_empty() {
        check_overlaps(&all, names, findings);
        reach::check(&all, names.roles, findings);
    }
    all
}

/// No ticket falls under two lifecycles.
fn check_overlaps(all: &[Lifecycle], names: &Names<'_>, findings: &mut Findings<'_>) {
    for (index, one) in all.iter().enumerate().skip(1) {
        let lines = names.lines.iter().map(|line| &line.id);
        let mut tickets =
            Kind::ALL.iter().flat_map(|kind| lines.clone().map(move |line| (*kind, line)));
        let both = tickets.find_map(|(kind, line)| {
            let other = all[1..index].iter().find(|other| other.is_for(kind, line))?;
            one.is_for(kind, line).then_some((kind, line, other))
        });
        if let Some((kind, line, other)) = both {
            let problem = format!(
                "a ticket of kind {} on {line} falls under `{}` too",
                kind.as_str(),
                other.id
            );
            let mend = "write `kinds` and `lines` so that each ticket falls under one";
            findings.add(format!("lifecycles.{}", one.id), problem, mend);
        }
    }
}

struct Check<'c, 't> {
    path: String,
    names: &'c Names<'c>,
    fields: &'c Fields,
    findings: &'c mut Findings<'t>,
}

impl Check<'_, '_> {
    fn at(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn lifecycle(&mut self, id: &str, spec: &LifecycleSpec) -> Lifecycle {
        if id.trim().is_empty() {
            self.findings.add(self.path.as_str(), "a lifecycle without a name", "name it");
        }
        let (kinds, lines) = self.meant_for(id, spec);
        let (statuses, mut ways) = self.statuses_and_ways(spec);
        let reopens = spec.reopen.as_ref().and_then(|reopen| {
            let path = self.at("reopen.into");
            let into = self.find(&reopen.into, &statuses, path.clone());
            if into.is_some_and(|into| into.category != Status::Open) {
                let problem = format!("`{}` is not of the category `open`", reopen.into);
                self.findings.add(path, problem, "reopen into one that is");
            }
            let by = self.who(reopen.by.as_deref().unwrap_or("contact"), "reopen.by");
            let done = statuses.iter().filter(|status| status.category == Status::Resolved);
            let to = StatusId::from(reopen.into.as_str());
            let way = |from: &NamedStatus| Way {
                from: from.id.clone(),
                to: to.clone(),
                by: by.clone(),
                requires: Vec::new(),
                wording: None,
            };
            // A message of the customer takes the first way that it may.
            ways.retain(|way| way.to != to || !done.clone().any(|from| from.id == way.from));
            ways.splice(0..0, done.clone().map(way));
            self.limit(reopen.within?, reopen.calendar.as_deref(), ("reopen", "within"))
        });
        let closes = spec.auto_close.as_ref().and_then(|close| {
            self.limit(close.after, close.calendar.as_deref(), ("auto_close", "after"))
        });
        self.check_window(spec);
        let arrivals = spec.from.iter().map(|(from, map)| {
            let map = map.iter().map(|(was, is)| (was.as_str().into(), is.as_str().into()));
            (from.as_str().into(), map.collect())
        });
        let (arrivals, id) = (arrivals.collect(), id.into());
        Lifecycle {
            id,
            kinds,
            lines,
            statuses,
            ways,
            reopens,
            closes,
            arrivals,
            is_built_in: false,
        }
    }

    /// Warns where a ticket closes before the time is over in which it can be reopened: what is closed stays
    /// closed. Times of two calendars are compared only where the closing runs day and night.
    fn check_window(&mut self, spec: &LifecycleSpec) {
        let (Some(reopen), Some(close)) = (&spec.reopen, &spec.auto_close) else {
            return;
        };
        let calendars = [&reopen.calendar, &close.calendar];
        let [there, here] = calendars.map(|named| named.as_deref().unwrap_or(ALWAYS));
        let Some(within) = reopen.within.filter(|within| *within > close.after) else {
            return;
        };
        if here == there || here == ALWAYS {
            let problem = format!(
                "the window to reopen outlasts the closing by itself: of {within}, only {} are ever left",
                close.after
            );
            let mend = "write as much in `auto_close.after`, or less here";
            self.findings.warn(&self.at("reopen.within"), problem, mend);
        }
    }

    /// Which statuses there are, and which may follow which: the usual ones, where nothing is said.
    fn statuses_and_ways(&mut self, spec: &LifecycleSpec) -> (Vec<NamedStatus>, Vec<Way>) {
        let is_usual = spec.statuses.is_empty();
        let usual = Lifecycle::built_in();
        let statuses = if is_usual { usual.statuses } else { self.statuses(&spec.statuses) };
        let ways = match &spec.transitions[..] {
            [] if is_usual => usual.ways,
            transitions => self.ways(transitions, &statuses),
        };
        (statuses, ways)
    }

    /// For which tickets it is.
    fn meant_for(&mut self, id: &str, spec: &LifecycleSpec) -> (Vec<Kind>, Vec<crate::LineId>) {
        let is_for_all = spec.kinds.is_empty() && spec.lines.is_empty();
        if (id == DEFAULT) != is_for_all {
            let (problem, mend) = if is_for_all {
                ("it is not said for which tickets it is", "write `kinds`, `lines` or both")
            } else {
                ("`default` is for all tickets that no other one is for", "name it otherwise")
            };
            self.findings.add(self.path.as_str(), problem, mend);
        }
        let mut kinds = Vec::new();
        for (index, word) in spec.kinds.iter().enumerate() {
            let path = self.at(&format!("kinds[{index}]"));
            kinds.extend(known("kind", word, &Kind::ALL, Kind::as_str, &path, self.findings));
        }
        let mut lines = Vec::new();
        for (index, word) in spec.lines.iter().enumerate() {
            let found = self.names.lines.iter().find(|line| line.id.as_str() == word);
            if found.is_none() {
                let known: Vec<&str> =
                    self.names.lines.iter().map(|line| line.id.as_str()).collect();
                let mend = format!("write one of {}", known.join(", "));
                let path = self.at(&format!("lines[{index}]"));
                self.findings.add(path, format!("there is no line `{word}`"), mend);
            }
            lines.extend(found.map(|line| line.id.clone()));
        }
        (kinds, lines)
    }

    fn statuses(&mut self, specs: &[StatusSpec]) -> Vec<NamedStatus> {
        let at = self.at("statuses");
        if specs.len() > MAX_STATUSES {
            let problem = format!("{} statuses are more than {MAX_STATUSES}", specs.len());
            self.findings.add(at, problem, "write fewer, and tell the rest by labels");
            return Vec::new();
        }
        let mut statuses: Vec<NamedStatus> = Vec::new();
        for (index, spec) in specs.iter().enumerate() {
            let path = format!("{at}[{index}]");
            if let Err(refusal) = check_line("the id of a status", &spec.id) {
                self.findings.add(format!("{path}.id"), refusal.to_string(), "write its name");
            } else if statuses.iter().any(|status| status.id.as_str() == spec.id) {
                let problem = format!("there are two statuses `{}`", spec.id);
                self.findings.add(format!("{path}.id"), problem, "rename one");
            }
            let word = &spec.category;
            let in_path = format!("{path}.category");
            let all = &Status::ALL;
            let category = known("category", word, all, Status::as_str, &in_path, self.findings);
            let Some(category) = category else {
                continue;
            };
            let holds = self.holds(category, spec.hold.as_ref(), &format!("{path}.hold"));
            let id = spec.id.as_str().into();
            let text = spec.text.as_ref();
            let wording = label(text, &spec.id, &format!("{path}.text"), self.findings);
            statuses.push(NamedStatus { id, category, holds, wording });
        }
        for (category, what) in NEEDED {
            if specs.len() == statuses.len() && !statuses.iter().any(|it| it.category == category) {
                let problem = format!("no status is of the category `{category}`");
                self.findings.add(at.as_str(), problem, format!("write {what}"));
            }
        }
        statuses
    }

    fn holds(&mut self, category: Status, spec: Option<&OneOrMany>, path: &str) -> Vec<HoldReason> {
        match (category, spec) {
            (Status::OnHold, None) => HoldReason::ALL.to_vec(),
            (Status::OnHold, Some(OneOrMany(words))) => {
                if words.is_empty() {
                    let mend = "write one, or leave `hold` out to allow all";
                    self.findings.add(path, "it can wait for nothing", mend);
                }
                let (all, word) = (&HoldReason::ALL, HoldReason::as_str);
                let found = words
                    .iter()
                    .filter_map(|said| known("reason", said, all, word, path, self.findings));
                found.collect::<BTreeSet<_>>().into_iter().collect()
            }
            (_, Some(_)) => {
                let problem = "what is waited for is said only with `on_hold`";
                self.findings.add(path, problem, "remove it, or write that category");
                Vec::new()
            }
            (_, None) => Vec::new(),
        }
    }

    fn ways(&mut self, specs: &[TransitionSpec], statuses: &[NamedStatus]) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        let count: usize = specs.iter().map(|spec| spec.from.0.len()).sum();
        if count > MAX_WAYS {
            let problem = format!("{count} ways are more than {MAX_WAYS}");
            self.findings.add(self.at("transitions"), problem, "write fewer");
            return ways;
        }
        for (index, spec) in specs.iter().enumerate() {
            let key = format!("transitions[{index}]");
            let by = self.who(spec.by.as_deref().unwrap_or("agent"), &format!("{key}.by"));
            let to = self.find(&spec.to, statuses, self.at(&format!("{key}.to")));
            let requires = self.required(&spec.requires, &format!("{key}.requires"));
            let (text, path) = (spec.text.as_ref(), self.at(&format!("{key}.text")));
            let wording = text.map(|text| label(Some(text), "", &path, self.findings));
            if spec.from.0.is_empty() {
                let path = self.at(&format!("{key}.from"));
                self.findings.add(path, "it comes from nowhere", "write a status");
            }
            for from in &spec.from.0 {
                let path = self.at(&format!("{key}.from"));
                let from = self.find(from, statuses, path.clone());
                let (Some(from), Some(to)) = (from, to) else {
                    continue;
                };
                if let Some((problem, mend)) = nonsense(from, to, &ways) {
                    self.findings.add(path, problem, mend);
                    continue;
                }
                let (from, to) = (from.id.clone(), to.id.clone());
                let (by, requires, wording) = (by.clone(), requires.clone(), wording.clone());
                ways.push(Way { from, to, by, requires, wording });
            }
        }
        ways
    }

    /// The status of that name.
    fn find<'s>(
        &mut self,
        word: &str,
        statuses: &'s [NamedStatus],
        path: String,
    ) -> Option<&'s NamedStatus> {
        let found = statuses.iter().find(|status| status.id.as_str() == word);
        if found.is_none() {
            let known: Vec<&str> = statuses.iter().map(|status| status.id.as_str()).collect();
            let mend = format!("write one of {}", known.join(", "));
            self.findings.add(path, format!("there is no status `{word}`"), mend);
        }
        found
    }

    fn who(&mut self, word: &str, key: &str) -> Who {
        match word {
            "contact" => Who::AtLeast(Role::Contact),
            "agent" => Who::AtLeast(Role::Agent),
            "system" => Who::AtLeast(Role::System),
            role => {
                let roles = self.names.roles.iter().map(|known| known.id.as_str());
                if USUAL_ROLES.contains(&role) || !roles.clone().any(|known| known == role) {
                    let words = ["contact", "agent", "system"].into_iter().chain(roles);
                    let mend = format!("write one of {}", words.collect::<Vec<_>>().join(", "));
                    self.findings.add(self.at(key), format!("there is no role `{role}`"), mend);
                }
                Who::Holder(role.into())
            }
        }
    }

    /// The fields that a way asks for: what can be filled, and is not always.
    fn required(&mut self, words: &[String], key: &str) -> Vec<Arc<str>> {
        let can_miss = |name: &str| {
            let field = self.fields.get(name);
            field.is_some_and(|field| {
                let is_flag = matches!(field.holds, FieldType::Flag);
                !field.is_always_there || is_flag
            })
        };
        let known: Vec<&str> = self.fields.names().filter(|name| can_miss(name)).collect();
        for (index, word) in words.iter().enumerate() {
            if !can_miss(word) {
                let (path, what) = (self.at(&format!("{key}[{index}]")), known.join(", "));
                let problem = match self.fields.get(word) {
                    Some(_) => format!("every ticket has `{word}`"),
                    None => format!("there is no field `{word}`"),
                };
                self.findings.add(path, problem, format!("write one of {what}"));
            }
        }
        words.iter().map(|word| word.as_str().into()).collect()
    }

    fn limit(
        &mut self,
        after: WorkTime,
        calendar: Option<&str>,
        (section, key): (&str, &str),
    ) -> Option<Limit> {
        if !(WorkTime::from_minutes(1)..=MAX_ALLOWANCE).contains(&after) {
            let problem = format!("{after} is no time to wait");
            let mend = format!("write {} to {MAX_ALLOWANCE}", WorkTime::from_minutes(1));
            self.findings.add(self.at(&format!("{section}.{key}")), problem, mend);
        }
        let path = self.at(&format!("{section}.calendar"));
        let calendars: &BTreeMap<Arc<str>, Calendar> = self.names.calendars;
        let found = find_calendar(calendar.unwrap_or(ALWAYS), path, calendars, self.findings);
        found.map(|(_, calendar)| Limit { after, calendar })
    }
}

/// What no way can be.
fn nonsense(from: &NamedStatus, to: &NamedStatus, ways: &[Way]) -> Option<(String, &'static str)> {
    if from.id == to.id {
        let problem = format!("it leads from `{}` to itself", from.id);
        return Some((problem, "leave it out: what stays need not move"));
    }
    if from.category == Status::Closed {
        let problem = format!("`{}` is closed, and closed is the end", from.id);
        return Some((problem, "leave it out: what comes after is a ticket of its own"));
    }
    if to.category == Status::New && from.category != Status::New {
        let problem = format!("no ticket becomes new again, and `{}` is new", to.id);
        return Some((problem, "lead to a status of the category `open`"));
    }
    if ways.iter().any(|way| way.from == from.id && way.to == to.id) {
        let problem = format!("the way from `{}` to `{}` is written twice", from.id, to.id);
        return Some((problem, "leave one of them out"));
    }
    None
}
