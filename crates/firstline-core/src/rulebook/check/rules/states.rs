//! Whether what rules and macros ask of `state` is what some status is called.

use std::collections::BTreeSet;

use firstline_sla::{ClauseSpec, ConditionSpec, Literal, OneOrMore};

use super::super::Findings;
use super::super::ladder::Names;
use crate::rulebook::authored::{MacroSpec, RuleSpec};

/// Reports the names that no lifecycle has: no ticket is ever so, and a rule that asks for it never fires.
pub(in crate::rulebook::check) fn known_states(
    rules: &[RuleSpec],
    macros: &[MacroSpec],
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) {
    for (index, rule) in rules.iter().enumerate() {
        in_table(&rule.when, &format!("rules[{index}].when"), &names.statuses, findings);
    }
    for (index, known) in macros.iter().enumerate() {
        in_table(&known.when, &format!("macros[{index}].when"), &names.statuses, findings);
    }
}

fn in_table(
    spec: &ConditionSpec,
    path: &str,
    statuses: &BTreeSet<&str>,
    findings: &mut Findings<'_>,
) {
    if let Some(clause) = spec.fields.get("state") {
        let path = format!("{path}.state");
        in_clause(clause, &path, statuses, findings);
        if let Some(was) = &clause.was {
            in_clause(was, &format!("{path}.was"), statuses, findings);
        }
    }
    for (key, tables) in [("all", &spec.all), ("any", &spec.any), ("none", &spec.none)] {
        for (index, table) in tables.iter().flatten().enumerate() {
            in_table(table, &format!("{path}.{key}[{index}]"), statuses, findings);
        }
    }
}

fn in_clause(
    clause: &ClauseSpec,
    path: &str,
    statuses: &BTreeSet<&str>,
    findings: &mut Findings<'_>,
) {
    let Some(values) = &clause.is else {
        return;
    };
    // Nobody writes `is` who asks for nothing else.
    let is_short = *clause == ClauseSpec { is: clause.is.clone(), ..ClauseSpec::default() };
    let path = if is_short { path.to_owned() } else { format!("{path}.is") };
    for (index, value) in values.as_slice().iter().enumerate() {
        let Literal::Text(state) = value else {
            continue;
        };
        if statuses.contains(state.as_str()) {
            continue;
        }
        let path = match values {
            OneOrMore::One(_) => path.clone(),
            OneOrMore::More(_) => format!("{path}[{index}]"),
        };
        let known = statuses.iter().copied().collect::<Vec<_>>().join(", ");
        let problem = format!("no lifecycle has a status `{state}`");
        findings.add(path, problem, format!("write one of {known}"));
    }
}
