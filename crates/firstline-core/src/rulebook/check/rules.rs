//! Whether each rule and macro has a name, can fire, and can do what it says.

mod against;
mod deeds;
mod never;
mod shadow;
mod states;

use std::collections::BTreeMap;

use firstline_sla::{Condition, ConditionSpec, Fields, MAX_ALLOWANCE, WorkTime};

pub(super) use never::{Elsewhere, never_fire, tickets_of};
pub(super) use states::known_states;

use super::super::authored::{MacroSpec, OneOrMany, RuleSpec};
use super::super::fields;
use super::ladder::Names;
use super::targets::find_calendar;
use super::{ALWAYS, Findings, known};
use crate::automation::{Automation, Deed, Happening, Happenings, Macro, TimedRule, Trigger};
use crate::id::RuleId;
use crate::limits::check_line;

/// The most rules of a rulebook, and the most macros. Nobody can follow more, and every command
/// goes past all of them.
const MAX_RULES: usize = 1_000;

/// The most things that one rule or macro does.
const MAX_DEEDS: usize = 20;

/// The shortest time that a timed rule waits: what is shorter follows at once, from a trigger.
const SHORTEST_WAIT: WorkTime = WorkTime::from_minutes(1);

const DOES_NOTHING: &str = "it does nothing";

/// What the desk does by itself.
pub(super) fn automation(
    rules: &[RuleSpec],
    macros: &[MacroSpec],
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Automation {
    let mut automation = Automation::default();
    for (key, count) in [("rules", rules.len()), ("macros", macros.len())] {
        if count > MAX_RULES {
            let problem = format!("{count} {key} are more than {MAX_RULES}");
            findings.add(key, problem, "join some, or keep what differs in a field");
            return automation;
        }
    }
    let mut check = Check {
        names,
        of_triggers: fields::of_rules(names.lines, names.own, true),
        of_states: fields::of_rules(names.lines, names.own, false),
        taken: BTreeMap::new(),
    };
    for (index, spec) in rules.iter().enumerate() {
        check.rule(spec, &format!("rules[{index}]"), &mut automation, findings);
    }
    for (index, spec) in macros.iter().enumerate() {
        check.a_macro(spec, &format!("macros[{index}]"), &mut automation, findings);
    }
    automation.looks_back = automation.triggers.iter().any(|rule| rule.when.looks_back());
    let triggers = automation.triggers.iter().map(|rule| &rule.deeds);
    let timed = automation.timed.iter().map(|rule| &rule.deeds);
    let macros = automation.macros.iter().map(|known| &known.deeds);
    let mut deeds = triggers.chain(timed).chain(macros).flatten();
    automation.routes = deeds.any(|deed| *deed == Deed::Route);
    // Of rules that are wrong in themselves nobody can tell how they go together.
    if findings.is_empty() {
        shadow::check(&automation.triggers, rules, findings);
    }
    automation
}

struct Check<'s> {
    names: &'s Names<'s>,
    /// What can be asked when something has just happened.
    of_triggers: Fields,
    /// What can be asked of a state.
    of_states: Fields,
    /// The names that are given away, each with the list that it stands in.
    taken: BTreeMap<&'s str, &'static str>,
}

impl<'s> Check<'s> {
    fn rule(
        &mut self,
        spec: &'s RuleSpec,
        path: &str,
        automation: &mut Automation,
        findings: &mut Findings<'_>,
    ) {
        let name = self.name(&spec.name, "rules", path, findings);
        // One that only ends the list keeps the rules below it from its tickets.
        if spec.deeds.is_empty() && (!spec.stop || spec.after.is_some()) {
            findings.add(format!("{path}.do"), DOES_NOTHING, "write what it is to do");
        }
        let deeds = deeds::deeds(&spec.deeds, path, self.names, automation, findings);
        let Some(after) = spec.after else {
            if spec.calendar.is_some() {
                let problem = "a rule that waits for no time needs no calendar";
                findings.add(format!("{path}.calendar"), problem, "write `after`, or remove it");
            }
            let when = self.when(&spec.when, &self.of_triggers, path, findings);
            let on = happenings(spec.on.as_ref(), path, findings);
            automation.triggers.push(Trigger { name, on, when, deeds, stop: spec.stop });
            return;
        };
        for (key, is_written) in [("on", spec.on.is_some()), ("stop", spec.stop)] {
            if is_written {
                let problem = "a timed rule fires at its time, whatever happens and beside others";
                findings.add(format!("{path}.{key}"), problem, "remove it, or remove `after`");
            }
        }
        if !(SHORTEST_WAIT..=MAX_ALLOWANCE).contains(&after) {
            let problem = format!("{after} is no time for a rule to wait");
            let mend = format!("write {SHORTEST_WAIT} to {MAX_ALLOWANCE}");
            findings.add(format!("{path}.after"), problem, mend);
        }
        let when = self.when(&spec.when, &self.of_states, path, findings);
        if when.looks_back() || when.looks_at_the_clock() {
            let problem = "a timed rule waits in a state, and this asks for a moment";
            let mend = "leave out `was`, `changed` and `within`";
            findings.add(format!("{path}.when"), problem, mend);
        }
        let calendar = spec.calendar.as_deref().unwrap_or(ALWAYS);
        let path = format!("{path}.calendar");
        if let Some((_, calendar)) = find_calendar(calendar, path, self.names.calendars, findings) {
            automation.timed.push(TimedRule { name, when, after, calendar, deeds });
        }
    }

    fn a_macro(
        &mut self,
        spec: &'s MacroSpec,
        path: &str,
        automation: &mut Automation,
        findings: &mut Findings<'_>,
    ) {
        let name = self.name(&spec.name, "macros", path, findings);
        if spec.deeds.is_empty() {
            findings.add(format!("{path}.do"), DOES_NOTHING, "write what it is to do");
        }
        let deeds = deeds::deeds(&spec.deeds, path, self.names, automation, findings);
        let when = self.when(&spec.when, &self.of_states, path, findings);
        if when.looks_back() {
            let problem = "a macro is applied to what a ticket is, not to what has changed";
            findings.add(format!("{path}.when"), problem, "leave out `was` and `changed`");
        }
        automation.macros.push(Macro { name, when, deeds });
    }

    /// The name, under which everything that it does is recorded.
    fn name(
        &mut self,
        name: &'s str,
        list: &'static str,
        path: &str,
        findings: &mut Findings<'_>,
    ) -> RuleId {
        let path = format!("{path}.name");
        if let Err(refusal) = check_line("name", name) {
            findings.add(path, refusal.to_string(), "write what it is for, in a few words");
        } else if let Some(other) = self.taken.insert(name, list) {
            let problem = if other == list {
                format!("there are two {list} `{name}`")
            } else {
                format!("one of the {other} has the name `{name}` as well")
            };
            findings.add(path, problem, "rename one");
        }
        name.into()
    }

    fn when(
        &self,
        spec: &ConditionSpec,
        fields: &Fields,
        path: &str,
        findings: &mut Findings<'_>,
    ) -> Condition {
        fields::condition(spec, fields).unwrap_or_else(|error| {
            findings.add_all(error.at(&format!("{path}.when")));
            Condition::always()
        })
    }
}

/// What a rule waits for.
fn happenings(on: Option<&OneOrMany>, path: &str, findings: &mut Findings<'_>) -> Happenings {
    let Some(OneOrMany(words)) = on else {
        return Happenings::ANY;
    };
    let path = format!("{path}.on");
    if words.is_empty() {
        findings.add(path.as_str(), "it waits for nothing", "write a word, or remove it");
    }
    let mut known_ones = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let found = known("event", word, Happening::ALL, Happening::as_str, &path, findings);
        if found.is_some_and(|found| known_ones.contains(&found)) {
            findings.add(path, format!("`{word}` is named twice"), "remove one");
        }
        known_ones.extend(found);
    }
    known_ones.into_iter().collect()
}
