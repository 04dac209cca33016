//! Whether what is said of a field belongs to its kind, and leaves anything to be put in.

use std::collections::BTreeSet;

use firstline_sla::{Decimal, MAX_DECIMAL_DIGITS};
use toml::Value;

use super::super::super::authored::{ChoiceSpec, FieldSpec};
use super::super::labels::label;
use super::super::{Findings, known};
use crate::custom::{FieldChoice, FieldKind, MAX_FIELD_CHARACTERS, ReferenceKind};
use crate::date::Date;
use crate::limits::check_line;

/// The most choices of a field: more are looked up elsewhere, and referred to.
const MAX_CHOICES: usize = 1_000;

/// The words for what a field can be, each with the keys that belong to it.
const KINDS: [(&str, &[&str]); 8] = [
    ("text", &["max_length"]),
    ("integer", &["min", "max"]),
    ("decimal", &["min", "max", "digits"]),
    ("bool", &[]),
    ("date", &["min", "max"]),
    ("choice", &["choices"]),
    ("choices", &["choices", "max"]),
    ("reference", &["to"]),
];

pub(super) fn kind(spec: &FieldSpec, path: &str, findings: &mut Findings<'_>) -> Option<FieldKind> {
    let Some((word, own_keys)) = KINDS.iter().find(|(word, _)| *word == spec.kind) else {
        let words = KINDS.map(|(word, _)| word).join(", ");
        let problem = format!("there is no kind `{}`", spec.kind);
        findings.add(format!("{path}.kind"), problem, format!("write one of {words}"));
        return None;
    };
    for (key, is_written) in [
        ("max_length", spec.max_length.is_some()),
        ("min", spec.min.is_some()),
        ("max", spec.max.is_some()),
        ("digits", spec.digits.is_some()),
        ("choices", spec.choices.is_some()),
        ("to", spec.to.is_some()),
    ] {
        if is_written && !own_keys.contains(&key) {
            let problem = format!("`{key}` says nothing of the kind `{word}`");
            findings.add(format!("{path}.{key}"), problem, "remove it");
        }
    }
    let mut reader = Reader { spec, path, findings };
    match *word {
        "text" => reader.text(),
        "integer" => reader.integer(),
        "decimal" => reader.decimal(),
        "bool" => Some(FieldKind::Bool),
        "date" => reader.date(),
        "choice" => Some(FieldKind::Choice { among: reader.choices()? }),
        "choices" => reader.several(),
        _ => reader.reference(),
    }
}

struct Reader<'r, 't> {
    spec: &'r FieldSpec,
    path: &'r str,
    findings: &'r mut Findings<'t>,
}

impl Reader<'_, '_> {
    fn text(&mut self) -> Option<FieldKind> {
        let most = self.spec.max_length.unwrap_or(MAX_FIELD_CHARACTERS);
        if !(1..=MAX_FIELD_CHARACTERS).contains(&most) {
            let problem = format!("{most} is no length of a text");
            let mend = format!("write 1 to {MAX_FIELD_CHARACTERS}; what is longer is a message");
            self.findings.add(format!("{}.max_length", self.path), problem, mend);
            return None;
        }
        Some(FieldKind::Text { most })
    }

    fn integer(&mut self) -> Option<FieldKind> {
        let read = |value: &Value| value.as_integer();
        let what = ("whole number", "write one without quotes");
        let (least, most) = self.bounds(read, what)?;
        Some(FieldKind::Integer {
            least: least.unwrap_or(i64::MIN),
            most: most.unwrap_or(i64::MAX),
        })
    }

    fn decimal(&mut self) -> Option<FieldKind> {
        let digits = self.spec.digits.unwrap_or(2);
        if digits > MAX_DECIMAL_DIGITS {
            let problem = format!("{digits} digits behind the point are too many");
            let mend = format!("write at most {MAX_DECIMAL_DIGITS}");
            self.findings.add(format!("{}.digits", self.path), problem, mend);
            return None;
        }
        let read = |value: &Value| match value {
            Value::Integer(number) => number.to_string().parse::<Decimal>().ok(),
            Value::Float(number) => number.to_string().parse().ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let (least, most) = self.bounds(read, ("decimal number", "write such as \"12.50\""))?;
        let least = least.or_else(|| Decimal::from_units(-Decimal::MAX.units()));
        let (least, most) = (least.unwrap_or_default(), most.unwrap_or(Decimal::MAX));
        Some(FieldKind::Decimal { digits, least, most })
    }

    fn date(&mut self) -> Option<FieldKind> {
        let read = |value: &Value| value.as_str()?.parse::<Date>().ok();
        let (least, most) = self.bounds(read, ("date", "write it in quotes as 2026-03-02"))?;
        Some(FieldKind::Date { least, most })
    }

    fn several(&mut self) -> Option<FieldKind> {
        let among = self.choices()?;
        let most = match &self.spec.max {
            None => among.len(),
            Some(value) => {
                let count = value.as_integer().and_then(|it| usize::try_from(it).ok());
                let Some(most) = count.filter(|it| (1..=among.len()).contains(it)) else {
                    let problem = "this is no number of choices that can be made";
                    let mend = format!("write 1 to {}", among.len());
                    self.findings.add(format!("{}.max", self.path), problem, mend);
                    return None;
                };
                most
            }
        };
        Some(FieldKind::Choices { among, most })
    }

    fn reference(&mut self) -> Option<FieldKind> {
        let words = ReferenceKind::ALL.map(ReferenceKind::as_str).join(", ");
        let path = format!("{}.to", self.path);
        let Some(word) = &self.spec.to else {
            let problem = "it is not said to what it refers";
            self.findings.add(self.path, problem, format!("write `to` with one of {words}"));
            return None;
        };
        let all = &ReferenceKind::ALL;
        let found = known("kind", word, all, ReferenceKind::as_str, &path, self.findings)?;
        Some(FieldKind::Reference(found))
    }

    /// The least and the most, if they are written and leave something between them.
    fn bounds<T: PartialOrd + core::fmt::Display>(
        &mut self,
        read: impl Fn(&Value) -> Option<T>,
        (what, mend): (&str, &str),
    ) -> Option<(Option<T>, Option<T>)> {
        let mut is_sound = true;
        let mut bound = |key: &str, value: &Option<Value>| {
            let value = value.as_ref()?;
            let found = read(value);
            if found.is_none() {
                is_sound = false;
                let problem = format!("this is no {what}");
                self.findings.add(format!("{}.{key}", self.path), problem, mend);
            }
            found
        };
        let (least, most) = (bound("min", &self.spec.min), bound("max", &self.spec.max));
        if let (Some(least), Some(most)) = (&least, &most)
            && least > most
        {
            let problem = format!("nothing lies between {least} and {most}");
            self.findings.add(format!("{}.max", self.path), problem, "write the larger one here");
            return None;
        }
        is_sound.then_some((least, most))
    }

    fn choices(&mut self) -> Option<Vec<FieldChoice>> {
        let path = format!("{}.choices", self.path);
        let Some(specs) = self.spec.choices.as_ref().filter(|specs| !specs.is_empty()) else {
            let problem = "there is nothing to choose among";
            self.findings.add(path, problem, "write `choices` with an id for each");
            return None;
        };
        if specs.len() > MAX_CHOICES {
            let problem = format!("{} choices are more than {MAX_CHOICES}", specs.len());
            self.findings.add(path, problem, "keep long lists elsewhere, and write a `text`");
            return None;
        }
        let mut taken = BTreeSet::new();
        let mut choices = Vec::new();
        for (index, ChoiceSpec { id, label: written }) in specs.iter().enumerate() {
            let path = format!("{path}[{index}]");
            if let Err(refusal) = check_line("the id", id) {
                self.findings.add(path.as_str(), refusal.to_string(), "write a short word");
            } else if !taken.insert(id) {
                let problem = format!("there are two choices `{id}`");
                self.findings.add(path.as_str(), problem, "remove one");
            }
            let label = label(written.as_ref(), id, &format!("{path}.label"), self.findings);
            choices.push(FieldChoice { id: id.clone(), label });
        }
        Some(choices)
    }
}
