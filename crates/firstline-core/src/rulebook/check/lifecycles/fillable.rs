//! Whether what a way requires can be filled: on a form of the tickets that take it.

use std::collections::BTreeMap;

use firstline_sla::Condition;

use super::super::Findings;
use super::super::ladder::Names;
use super::super::rules::tickets_of;
use crate::custom::Form;
use crate::filter::OWN;
use crate::lifecycle::Lifecycle;
use crate::rulebook::authored::LifecycleSpec;
use crate::rulebook::fields::{self, Own};

/// Warns of the ways that require a field of the desk's own which is on no form of their tickets: nobody
/// can fill it there, so nobody takes the way.
pub(in crate::rulebook::check) fn unfillable(
    specs: &BTreeMap<String, LifecycleSpec>,
    (lifecycles, forms): (&[Lifecycle], &[Form]),
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) {
    // Where there are no forms every field has its place on every ticket.
    if forms.is_empty() {
        return;
    }
    let usual = fields::of_rules(names.lines, &Own::new(), false);
    let known = fields::of_rules(names.lines, names.own, false);
    for life in lifecycles.iter().filter(|life| !life.is_built_in) {
        let Some(spec) = specs.get(life.id.as_str()) else {
            continue;
        };
        let Ok(tickets) = Condition::build(&tickets_of(life, lifecycles), &known) else {
            continue;
        };
        let is_on_theirs = |id: &str| {
            let mut theirs = forms.iter().filter(|form| form.when.may_hold_with(&tickets));
            theirs.any(|form| form.fields.iter().any(|line| line.field.as_str() == id))
        };
        let required = spec.transitions.iter().enumerate().flat_map(|(way, spec)| {
            spec.requires.iter().enumerate().map(move |(index, word)| (way, index, word))
        });
        for (way, index, word) in required {
            let id = match usual.get(word) {
                Some(_) => continue,
                None => word.strip_prefix(OWN).unwrap_or(word),
            };
            if !is_on_theirs(id) {
                let path = format!("lifecycles.{}.transitions[{way}].requires[{index}]", life.id);
                let problem = format!(
                    "`{id}` is on no form of these tickets: nobody can fill it and go this way"
                );
                findings.warn(
                    &path,
                    problem,
                    "write it on a form that is for them, or leave it out",
                );
            }
        }
    }
}
