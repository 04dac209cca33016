//! What is wrong with a rulebook, and where.

use core::cell::OnceCell;
use core::fmt;

use firstline_sla::{ConditionError, ConditionFinding};
use toml::de::{DeTable, DeValue};

/// A rulebook that was refused. It is for its author to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulebookError {
    /// The name of the file.
    pub file: String,
    /// Everything that is wrong with it, in the order of the file.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong with a rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line it stands in, from 1.
    pub line: usize,
    /// The key path, such as `policies[0].targets.first_reply.within.high`; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; empty if the problem says it all.
    pub mend: String,
}

impl fmt::Display for RulebookError {
    /// A line for each finding, in the form that editors jump to.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Finding { line, path, problem, mend }) in self.findings.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}:{line}: ", self.file)?;
            if !path.is_empty() {
                write!(f, "{path}: ")?;
            }
            f.write_str(problem)?;
            if !mend.is_empty() {
                write!(f, "; {mend}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for RulebookError {}

/// Collects findings about one text.
pub(super) struct Findings<'t> {
    text: &'t str,
    /// The text as the parser sees it, once it was asked where something stands.
    document: OnceCell<Option<DeTable<'t>>>,
    found: Vec<Finding>,
}

/// The most findings that are told. Whoever has mended these may ask again.
const MAX_FINDINGS: usize = 200;

impl<'t> Findings<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, document: OnceCell::new(), found: Vec::new() }
    }

    /// Notes what is wrong at a key path.
    pub(super) fn add(
        &mut self,
        path: impl Into<String>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        if self.found.len() >= MAX_FINDINGS {
            return;
        }
        let path = path.into();
        let parse = || DeTable::parse(self.text).ok().map(|document| document.into_inner());
        let document = self.document.get_or_init(parse).as_ref();
        let offset = document.map_or(0, |document| offset_of(document, &path));
        let line = line_at(self.text, offset);
        self.found.push(Finding { line, path, problem: problem.into(), mend: mend.into() });
    }

    /// Notes what is wrong with a condition.
    pub(super) fn add_all(&mut self, error: ConditionError) {
        for ConditionFinding { path, problem, mend } in error.findings {
            self.add(path, problem, mend);
        }
    }

    /// Notes what the parser says, at the place it says.
    pub(super) fn add_parse_error(&mut self, path: &str, error: &toml::de::Error) {
        let offset = error.span().map_or(0, |span| span.start);
        let problem = error.message().trim().to_owned();
        let mend = if problem.starts_with("missing field") { "write it" } else { "" };
        self.found.push(Finding {
            line: line_at(self.text, offset),
            // The parser's word for the whole document is a dot.
            path: if path == "." { String::new() } else { path.to_owned() },
            problem,
            mend: mend.to_owned(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Everything that was found, in the order of the file.
    pub(super) fn into_error(mut self, file: &str) -> RulebookError {
        self.found.sort_by_key(|finding| finding.line);
        RulebookError { file: file.to_owned(), findings: self.found }
    }
}

/// The line, from 1, that a byte of the text stands in.
fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}

/// Where in the text a key path leads: to its deepest part that is written there.
fn offset_of(document: &DeTable<'_>, path: &str) -> usize {
    let mut steps = path.split(['.', '[', ']']).filter(|step| !step.is_empty());
    let Some((key, value)) = steps.next().and_then(|step| document.get_key_value(step)) else {
        return 0;
    };
    let mut offset = key.span().start;
    let mut value = value.get_ref();
    for step in steps {
        match value {
            DeValue::Table(table) => {
                let Some((key, inner)) = table.get_key_value(step) else {
                    return offset;
                };
                offset = key.span().start;
                value = inner.get_ref();
            }
            DeValue::Array(items) => {
                let Some(inner) = step.parse().ok().and_then(|index: usize| items.get(index))
                else {
                    return offset;
                };
                offset = inner.span().start;
                value = inner.get_ref();
            }
            _ => return offset,
        }
    }
    offset
}
