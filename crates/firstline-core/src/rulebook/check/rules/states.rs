//! Whether what rules, macros and forms ask of `state` is what some status is called, and what they ask of
//! `rating` is an answer that a customer can give.

use std::collections::BTreeSet;

use firstline_sla::{ClauseSpec, ConditionSpec, Literal, OneOrMore};

use super::super::Findings;
use super::super::ladder::Names;
use crate::rulebook::authored::Document;
use crate::ticket::MAX_RATING;

/// Reports the names that no lifecycle has, and the answers that nobody can give: no ticket is ever so,
/// and a rule that asks for it never fires.
pub(in crate::rulebook::check) fn known_states(
    document: &Document,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) {
    let rules = document.rules.iter().map(|rule| &rule.when).enumerate();
    let macros = document.macros.iter().map(|known| &known.when).enumerate();
    let forms = document.forms.iter().map(|form| &form.when).enumerate();
    let rules = rules.map(|(index, when)| (format!("rules[{index}].when"), when));
    let macros = macros.map(|(index, when)| (format!("macros[{index}].when"), when));
    let forms = forms.map(|(index, when)| (format!("forms[{index}].when"), when));
    for (path, when) in rules.chain(macros).chain(forms) {
        in_table(when, &path, &names.statuses, findings);
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
    if let Some(clause) = spec.fields.get("rating") {
        let path = format!("{path}.rating");
        of_rating(clause, &path, findings);
        if let Some(was) = &clause.was {
            of_rating(was, &format!("{path}.was"), findings);
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
    let path = path_of_is(clause, path);
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

/// What asks for a rating beyond the scale, so that no answer of a customer is so.
fn of_rating(clause: &ClauseSpec, path: &str, findings: &mut Findings<'_>) {
    let best = i64::from(MAX_RATING);
    let mut check = |path: String, asked: &Literal, can_be: fn(i64, i64) -> bool| {
        if let Literal::Integer(asked) = asked
            && !can_be(*asked, best)
        {
            let problem =
                format!("no rating is so: customers answer with 1 to {best}, not {asked}");
            findings.add(path, problem, format!("write 1 to {best}"));
        }
    };
    if let Some(values) = &clause.is {
        let at = path_of_is(clause, path);
        for (index, value) in values.as_slice().iter().enumerate() {
            let path = if values.is_list() { format!("{at}[{index}]") } else { at.clone() };
            check(path, value, |asked, best| (1..=best).contains(&asked));
        }
    }
    if let Some(least) = &clause.at_least {
        check(format!("{path}.at_least"), least, |asked, best| asked <= best);
    }
    if let Some(most) = &clause.at_most {
        check(format!("{path}.at_most"), most, |asked, _| asked >= 1);
    }
}

/// Where `is` stands: nobody writes it who asks for nothing else.
fn path_of_is(clause: &ClauseSpec, path: &str) -> String {
    let is_short = *clause == ClauseSpec { is: clause.is.clone(), ..ClauseSpec::default() };
    if is_short { path.to_owned() } else { format!("{path}.is") }
}
