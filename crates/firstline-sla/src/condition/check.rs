//! From what was written to a condition that can be relied on: all that is wrong is told at once.

use std::collections::BTreeSet;

use firstline_calendar::NaiveDate;

use super::clause::{Clause, Predicate};
use super::contradiction::contradictions;
use super::facts::Named;
use super::fields::{Field, FieldType, Fields};
use super::finding::{ConditionError, Findings, join};
use super::pattern::Pattern;
use super::spec::{ClauseSpec, ConditionSpec, Literal};
use super::{
    Group, MAX_CONDITION_CLAUSES, MAX_CONDITION_DEPTH, MAX_CONDITION_TEXT, MAX_CONDITION_VALUES,
    Node, Quota,
};
use crate::wall_time::WallTime;

/// Checks a condition as it was written.
pub(super) fn build(spec: &ConditionSpec, fields: &Fields) -> Result<Node, ConditionError> {
    // What has unknown words in it is not thought through: its author has enough to do.
    let root = read(spec, fields)?;
    let mut findings = Findings::default();
    contradictions(&root, &mut findings);
    findings.none_or(root)
}

/// Checks a condition word by word: it may still be one that can never hold.
pub(super) fn read(spec: &ConditionSpec, fields: &Fields) -> Result<Node, ConditionError> {
    let mut builder = Builder { fields, clauses: 0, findings: Findings::default() };
    let root = builder.table(spec, "", 0);
    let mut findings = builder.findings;
    if builder.clauses > MAX_CONDITION_CLAUSES {
        let problem = format!("{} clauses are more than {MAX_CONDITION_CLAUSES}", builder.clauses);
        findings.add("", problem, "keep the answer in a field, and ask for that");
    }
    findings.none_or(root)
}

struct Builder<'f> {
    fields: &'f Fields,
    clauses: usize,
    findings: Findings,
}

impl Builder<'_> {
    /// A table, whose entries must all hold.
    fn table(&mut self, spec: &ConditionSpec, path: &str, depth: usize) -> Node {
        let mut parts = Vec::new();
        for (name, clause) in &spec.fields {
            let path = join(path, name);
            match self.fields.find(name) {
                Some((name, field)) => {
                    let subject = Subject { name, field, looks_back: false };
                    self.clauses(clause, &path, &subject, &mut parts);
                }
                None => {
                    let known: Vec<&str> = self.fields.names().collect();
                    let mend = format!("write one of {}", known.join(", "));
                    self.findings.add(path, format!("there is no field `{name}`"), mend);
                }
            }
        }
        let lists = [
            (Quota::All, "all", &spec.all),
            (Quota::Any, "any", &spec.any),
            (Quota::None, "none", &spec.none),
        ];
        for (quota, key, tables) in lists {
            if let Some(tables) = tables {
                parts.push(self.group(quota, tables, &join(path, key), depth + 1));
            }
        }
        // A table with one entry is that entry.
        match <[Node; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => {
                Node::Group(Group { path: path.into(), quota: Quota::All, parts: parts.into() })
            }
        }
    }

    /// A list of tables.
    fn group(&mut self, quota: Quota, tables: &[ConditionSpec], path: &str, depth: usize) -> Node {
        let mut parts = Vec::new();
        if depth > MAX_CONDITION_DEPTH {
            let problem = format!("this is more than {MAX_CONDITION_DEPTH} lists deep");
            self.findings.add(path, problem, "write it flatter");
        } else if tables.is_empty() {
            self.findings.add(path, "the list is empty", "write a table into it, or remove it");
        } else {
            for (index, table) in tables.iter().enumerate() {
                let path = format!("{path}[{index}]");
                if table.is_empty() {
                    self.findings.add(
                        &path,
                        "nothing is asked here",
                        "write a clause, or remove it",
                    );
                }
                parts.push(self.table(table, &path, depth));
            }
        }
        Node::Group(Group { path: path.into(), quota, parts: parts.into() })
    }

    /// All that is asked of one field.
    fn clauses(
        &mut self,
        spec: &ClauseSpec,
        path: &str,
        subject: &Subject,
        clauses: &mut Vec<Node>,
    ) {
        let ClauseSpec { is, at_least, at_most, contains, matches, within, exists, changed, was } =
            spec;
        if *spec == ClauseSpec::default() {
            let mend = "write a value, or one of is, at_least, at_most, contains, matches, within, \
                        exists, changed, was";
            self.findings.add(path, "nothing is asked here", mend);
        }
        let mut add = |path: String, predicate| {
            clauses.push(Node::Clause(Clause {
                path: path.into(),
                name: subject.name.clone(),
                field: subject.field.clone(),
                looks_back: subject.looks_back,
                predicate,
            }));
        };
        let literals = [at_least, at_most, contains, matches, within];
        self.clauses += literals.iter().filter(|it| it.is_some()).count();
        self.clauses += [exists, changed].iter().filter(|it| it.is_some()).count();
        self.clauses += usize::from(is.is_some());
        if let Some(values) = is {
            // Nobody writes `is` who asks for nothing else.
            let is_short = *spec == ClauseSpec { is: is.clone(), ..ClauseSpec::default() };
            let path = if is_short { path.to_owned() } else { join(path, "is") };
            if let Some(named) = self.values(values.as_slice(), values.is_list(), &path, subject) {
                add(path, Predicate::Is(named));
            }
        }
        for (key, bound, predicate) in [
            ("at_least", at_least, Predicate::AtLeast as fn(Named) -> Predicate),
            ("at_most", at_most, Predicate::AtMost),
        ] {
            let path = join(path, key);
            if let Some(named) = bound.as_ref().and_then(|it| self.bound(it, key, &path, subject)) {
                add(path, predicate(named));
            }
        }
        if let Some(part) = contains {
            let path = join(path, "contains");
            if let Some(word) = self.part(part, &path, subject) {
                add(path, Predicate::Contains(word));
            }
        }
        if let Some(pattern) = matches {
            let path = join(path, "matches");
            if let Some(pattern) = self.pattern(pattern, &path, subject) {
                add(path, Predicate::Matches(pattern));
            }
        }
        if let Some(span) = within {
            let path = join(path, "within");
            if let Some(span) = self.span(span, &path, subject) {
                add(path, Predicate::Within(span));
            }
        }
        if let Some(wanted) = exists {
            add(join(path, "exists"), Predicate::Exists(*wanted));
        }
        if let Some(wanted) = changed {
            let path = join(path, "changed");
            if subject.looks_back {
                let problem = "`was` looks at one state, in which nothing changes";
                self.findings.add(&path, problem, "move it out of `was`");
            }
            add(path, Predicate::Changed(*wanted));
        }
        if let Some(spec) = was {
            let path = join(path, "was");
            if subject.looks_back {
                self.findings.add(path, "there is one state before, and no other", "remove it");
            } else {
                let before = Subject { looks_back: true, ..subject.clone() };
                self.clauses(spec, &path, &before, clauses);
            }
        }
    }

    /// The values of which one is enough, in order.
    fn values(
        &mut self,
        literals: &[Literal],
        is_list: bool,
        path: &str,
        subject: &Subject,
    ) -> Option<Box<[Named]>> {
        if matches!(subject.field.holds, FieldType::List | FieldType::ListOf(_)) {
            let problem = format!("`{}` is a list, and a list is no single value", subject.name);
            let example = literals.first().map_or_else(|| "word".into(), Literal::to_string);
            self.findings.add(path, problem, format!("write {{ contains = \"{example}\" }}"));
            return None;
        }
        if literals.is_empty() {
            self.findings.add(path, "it can be none of no values", "write some, or remove it");
        } else if literals.len() > MAX_CONDITION_VALUES {
            let problem = format!("{} values are more than {MAX_CONDITION_VALUES}", literals.len());
            self.findings.add(path, problem, "keep the answer in a field, and ask for that");
            return None;
        }
        let mut named = BTreeSet::new();
        for (index, literal) in literals.iter().enumerate() {
            let path = if is_list { format!("{path}[{index}]") } else { path.to_owned() };
            if let Some(value) = self.value(literal, &path, subject)
                && !named.insert(value)
            {
                self.findings.add(path, format!("`{literal}` is named twice"), "remove one");
            }
        }
        Some(named.into_iter().collect())
    }

    /// The value of `at_least` or `at_most`.
    fn bound(
        &mut self,
        literal: &Literal,
        key: &str,
        path: &str,
        subject: &Subject,
    ) -> Option<Named> {
        match subject.field.holds {
            FieldType::Levels(_)
            | FieldType::Integer
            | FieldType::Decimal
            | FieldType::Moment
            | FieldType::Date => self.value(literal, path, subject),
            _ => {
                let name = &subject.name;
                let problem = format!("`{key}` asks for an order, and `{name}` has none");
                self.findings.add(path, problem, "write the values that are meant");
                None
            }
        }
    }

    /// The value of `contains`.
    fn part(&mut self, literal: &Literal, path: &str, subject: &Subject) -> Option<Box<str>> {
        let known = match &subject.field.holds {
            FieldType::Text | FieldType::List => None,
            FieldType::ListOf(words) => Some(words),
            _ => {
                let name = &subject.name;
                let problem =
                    format!("`contains` looks into a text or a list, and `{name}` is none");
                self.findings.add(path, problem, "write the value that is meant");
                return None;
            }
        };
        let word = self.text(literal, path)?;
        if word.is_empty() {
            self.findings.add(path, "this looks for nothing", "write a word");
        }
        if let Some(known) = known
            && !known.contains(&word)
        {
            self.unknown(literal, path, subject, known);
        }
        Some(word)
    }

    /// The value of `matches`.
    fn pattern(&mut self, literal: &Literal, path: &str, subject: &Subject) -> Option<Pattern> {
        if subject.field.holds != FieldType::Text {
            let problem = format!("`matches` looks into a text, and `{}` is none", subject.name);
            self.findings.add(path, problem, "write the value that is meant");
            return None;
        }
        let text = self.text(literal, path)?;
        match Pattern::compile(&text) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.findings.add(path, error.problem, error.mend);
                None
            }
        }
    }

    /// The value of `within`.
    fn span(&mut self, literal: &Literal, path: &str, subject: &Subject) -> Option<WallTime> {
        if subject.field.holds != FieldType::Moment {
            let problem = format!("`within` asks for a moment, and `{}` is none", subject.name);
            self.findings.add(path, problem, "write the value that is meant");
            return None;
        }
        match self.text(literal, path)?.parse::<WallTime>() {
            Ok(span) => Some(span),
            Err(error) => {
                self.findings.add(path, format!("`{}` is not a stretch of time", error.text), SPAN);
                None
            }
        }
    }

    /// A value in the type of its field.
    fn value(&mut self, literal: &Literal, path: &str, subject: &Subject) -> Option<Named> {
        let (problem, mend) = match (&subject.field.holds, literal) {
            (FieldType::Text, Literal::Text(_)) => {
                return self.text(literal, path).map(Named::Text);
            }
            (FieldType::Words(known), Literal::Text(word)) => {
                if known.iter().any(|known| **known == **word) {
                    return Some(Named::Text(word.as_str().into()));
                }
                self.unknown(literal, path, subject, known);
                return None;
            }
            (FieldType::Levels(known), Literal::Text(word)) => {
                if let Some(rank) = known.iter().position(|known| **known == **word) {
                    return Some(Named::Level { rank, word: word.as_str().into() });
                }
                self.unknown(literal, path, subject, known);
                return None;
            }
            (FieldType::Integer, Literal::Integer(number)) => return Some(Named::Integer(*number)),
            (FieldType::Flag, Literal::Flag(flag)) => return Some(Named::Flag(*flag)),
            (FieldType::Moment, Literal::Text(text)) => match text.parse() {
                Ok(moment) => return Some(Named::Moment(moment)),
                Err(_) => ("is not a moment", MOMENT),
            },
            (FieldType::Decimal, Literal::Text(_) | Literal::Integer(_)) => {
                match literal.to_string().parse() {
                    Ok(number) => return Some(Named::Decimal(number)),
                    Err(_) => ("is not a decimal number", DECIMAL),
                }
            }
            (FieldType::Date, Literal::Text(text)) => match date(text) {
                Some(date) => return Some(Named::Date(date)),
                None => ("is not a date", DATE),
            },
            (FieldType::Decimal, _) => ("is not a decimal number", DECIMAL),
            (FieldType::Date, _) => ("is not a date", DATE),
            (FieldType::Words(known) | FieldType::Levels(known), _) => {
                self.unknown(literal, path, subject, known);
                return None;
            }
            (FieldType::Moment, _) => ("is not a moment", MOMENT),
            (FieldType::Integer, _) => ("is not a whole number", "write one without quotes"),
            (FieldType::Flag, _) => ("is neither true nor false", "write one, without quotes"),
            (FieldType::Text | FieldType::List | FieldType::ListOf(_), _) => {
                ("is not a text", "put quotes around it")
            }
        };
        self.findings.add(path, format!("`{literal}` {problem}"), mend);
        None
    }

    fn text(&mut self, literal: &Literal, path: &str) -> Option<Box<str>> {
        let Literal::Text(text) = literal else {
            self.findings.add(path, format!("`{literal}` is not a text"), "put quotes around it");
            return None;
        };
        if text.len() > MAX_CONDITION_TEXT {
            let problem = format!("{} bytes are more than {MAX_CONDITION_TEXT}", text.len());
            self.findings.add(path, problem, "write a shorter text");
            return None;
        }
        Some(text.as_str().into())
    }

    fn unknown(&mut self, found: &Literal, path: &str, subject: &Subject, known: &[Box<str>]) {
        let problem = format!("there is no {} `{found}`", subject.name);
        let mend = match known {
            [] => format!("leave it out: there is no {} at all", subject.name),
            known => format!("write one of {}", known.join(", ")),
        };
        self.findings.add(path, problem, mend);
    }
}

const SPAN: &str = "write it in quotes, such as 2h 30m or 3d";
const DECIMAL: &str = "write it in quotes as 12.50";
const DATE: &str = "write it in quotes as 2026-03-02";
const MOMENT: &str = "write it in quotes as 2026-03-02T09:30:00Z";

/// A day, written in the one way in which it is told.
fn date(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|date: &NaiveDate| date.to_string() == text)
}

/// Of what something is asked.
#[derive(Clone)]
struct Subject {
    name: std::sync::Arc<str>,
    field: Field,
    looks_back: bool,
}
