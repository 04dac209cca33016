//! Whether the fields of a desk's own can hold something, and its forms can be filled.

mod kinds;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::{Condition, ConditionSpec, Fields, RESERVED_FIELDS};

use self::kinds::kind;
use super::super::authored::{FieldSpec, FormFieldSpec, FormSpec, Hand};
use super::super::fields::{self, Own};
use super::labels::label;
use super::ladder::Names;
use super::{Findings, Line, known};
use crate::custom::{CustomField, Form, FormField, RequiredAt};
use crate::filter::{self, OWN};
use crate::id::FieldId;
use crate::limits::check_line;
use crate::people::Role;

/// The most fields of a rulebook: more are a database, and belong into one.
const MAX_FIELDS: usize = 256;

/// The most forms of a rulebook. Each command that sets fields goes past all of them.
const MAX_FORMS: usize = 100;

/// The most fields on one form: nobody fills in more.
const MAX_FORM_FIELDS: usize = 100;

/// The fields of the desk's own.
pub(super) fn own_fields(
    specs: &BTreeMap<String, FieldSpec>,
    lines: &[Line],
    findings: &mut Findings<'_>,
) -> Own {
    let mut own = Own::new();
    if specs.len() > MAX_FIELDS {
        let problem = format!("{} fields are more than {MAX_FIELDS}", specs.len());
        findings.add("fields", problem, "leave out what no rule and no form asks for");
        return own;
    }
    let usual = fields::of_rules(lines, &Own::new(), true);
    for (name, spec) in specs {
        let (id, path) = (FieldId::from(name.as_str()), format!("fields.{name}"));
        if !id.is_well_formed() {
            let problem = format!("`{name}` cannot be the id of a field");
            let mend = "write a small letter, then at most 39 small letters, digits and _";
            findings.add(path.as_str(), problem, mend);
        } else if RESERVED_FIELDS.contains(&name.as_str()) {
            let problem = format!("conditions join others by the word `{name}`");
            findings.add(path.as_str(), problem, "give it another id");
        } else if usual.get(name).is_some() || filter::knows(name) {
            let problem = format!("`{name}` alone is what every ticket has");
            let mend =
                format!("write `{OWN}{name}` in filters and conditions, or give it another id");
            findings.warn(&path, problem, &mend);
        }
        let role = |hand| match hand {
            Hand::Contact => Role::Contact,
            Hand::Agent => Role::Agent,
            Hand::System => Role::System,
        };
        let (set_by, seen_by) = (role(spec.set_by), role(spec.seen_by));
        if set_by < seen_by {
            let problem = format!("{set_by} may set it and does not see it");
            let mend = "let whoever sets it see it";
            findings.add(format!("{path}.seen_by"), problem, mend);
        }
        let label = label(spec.label.as_ref(), name, &format!("{path}.label"), findings);
        if let Some(kind) = kind(spec, &path, findings) {
            own.insert(id, CustomField { label, kind, set_by, seen_by });
        }
    }
    own
}

/// Which fields a ticket has.
pub(super) fn forms(
    specs: &[FormSpec],
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) -> Vec<Form> {
    if specs.len() > MAX_FORMS {
        let problem = format!("{} forms are more than {MAX_FORMS}", specs.len());
        findings.add("forms", problem, "join some, and say of each field when it is there");
        return Vec::new();
    }
    let known = fields::of_rules(names.lines, names.own, false);
    let mut taken = BTreeSet::new();
    let mut forms: Vec<Form> = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("forms[{index}]");
        if let Err(refusal) = check_line("name", &spec.name) {
            findings.add(format!("{path}.name"), refusal.to_string(), "write what it is for");
        } else if !taken.insert(&spec.name) {
            let problem = format!("there are two forms `{}`", spec.name);
            findings.add(format!("{path}.name"), problem, "rename one");
        }
        let Some(when) = state(&spec.when, &known, &path, findings) else {
            continue;
        };
        if let Some(other) = forms.iter().find(|other| when.implies(&other.when)) {
            let problem =
                format!("it never applies: `{}` before it takes every such ticket", other.name);
            let mend = "move it up, or give the other one a narrower `when`";
            findings.add(path.as_str(), problem, mend);
        }
        let fields = form_fields(&spec.fields, &when, (&known, names.own), &path, findings);
        forms.push(Form { name: spec.name.clone(), when, fields });
    }
    let is_on =
        |id: &FieldId| specs.iter().flat_map(|form| &form.fields).any(|it| it.field == id.as_str());
    for id in names.own.keys().filter(|id| !specs.is_empty() && !is_on(id)) {
        let problem = "it is on no form: nobody can set it";
        findings.warn(&format!("fields.{id}"), problem, "write it on one, or remove it");
    }
    forms
}

fn form_fields(
    specs: &[FormFieldSpec],
    of_form: &Condition,
    (known_fields, own): (&Fields, &Own),
    path: &str,
    findings: &mut Findings<'_>,
) -> Vec<FormField> {
    let path = format!("{path}.fields");
    if specs.is_empty() {
        findings.add(path.as_str(), "it asks for nothing", "write a field, or remove the form");
    } else if specs.len() > MAX_FORM_FIELDS {
        let problem = format!("{} fields are more than {MAX_FORM_FIELDS}", specs.len());
        findings.add(path.as_str(), problem, "nobody fills in so much: write several forms");
        return Vec::new();
    }
    let mut taken = BTreeSet::new();
    let mut lines = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if !own.contains_key(spec.field.as_str()) {
            let ids: Vec<&str> = own.keys().map(FieldId::as_str).collect();
            let mend = if ids.is_empty() {
                format!("write [fields.{}] first", spec.field)
            } else {
                format!("write one of {}", ids.join(", "))
            };
            let problem = format!("there is no field `{}`", spec.field);
            findings.add(format!("{path}.field"), problem, mend);
        } else if !taken.insert(&spec.field) {
            let problem = format!("`{}` is on the form twice", spec.field);
            findings.add(format!("{path}.field"), problem, "remove one");
        }
        let required = spec.required.as_ref().and_then(|word| {
            let (all, path) = (&RequiredAt::ALL, format!("{path}.required"));
            known("time", word, all, RequiredAt::as_str, &path, findings)
        });
        let Some(when) = state(&spec.when, known_fields, &path, findings) else {
            continue;
        };
        if when.fields().contains(spec.field.as_str()) {
            let problem = format!("whether `{}` is there hangs on itself", spec.field);
            findings.add(format!("{path}.when"), problem, "ask for another field");
        } else if !when.may_hold_with(of_form) {
            let problem = "it is never there: the form is for other tickets";
            findings.add(format!("{path}.when"), problem, "change one of the two conditions");
        }
        lines.push(FormField { field: spec.field.as_str().into(), required, when });
    }
    lines
}

/// A condition on what a ticket is.
fn state(
    spec: &ConditionSpec,
    known: &Fields,
    path: &str,
    findings: &mut Findings<'_>,
) -> Option<Condition> {
    let path = format!("{path}.when");
    match fields::condition(spec, known) {
        Ok(when) => {
            if when.looks_back() || when.looks_at_the_clock() {
                let problem = "a form goes by what a ticket is, not by what happens to it";
                findings.add(path, problem, "leave out `was`, `changed` and `within`");
            }
            Some(when)
        }
        Err(error) => {
            findings.add_all(error.at(&path));
            None
        }
    }
}
