//! What is wrong with a rulebook, and where.

use core::cell::OnceCell;
use core::fmt;

use firstline_sla::{ConditionError, ConditionFinding};
use serde::de::DeserializeOwned;

use super::form::{Form, Layout};

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
    form: Form,
    /// The text as the parser sees it, once it was asked where something stands.
    layout: OnceCell<Layout<'t>>,
    found: Vec<Finding>,
}

/// The most findings that are told. Whoever has mended these may ask again.
const MAX_FINDINGS: usize = 200;

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, form: Form::of(text), layout: OnceCell::new(), found: Vec::new() }
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
        let layout = self.layout.get_or_init(|| self.form.layout(self.text));
        let line = line_at(self.text, layout.offset_of(&path));
        self.found.push(Finding { line, path, problem: problem.into(), mend: mend.into() });
    }

    /// Notes what is wrong with a condition.
    pub(super) fn add_all(&mut self, error: ConditionError) {
        for ConditionFinding { path, problem, mend } in error.findings {
            self.add(path, problem, mend);
        }
    }

    /// Reads the text as a whole, and notes what the parser says where it cannot.
    pub(super) fn parse<T: DeserializeOwned>(&mut self) -> Option<T> {
        match self.form {
            Form::Toml => {
                let parsed = toml::Deserializer::parse(self.text);
                let deserializer = parsed.map_err(|e| self.add_parse_error("", &Said::toml(&e)));
                let read = serde_path_to_error::deserialize(deserializer.ok()?);
                let error = |error: serde_path_to_error::Error<_>| {
                    self.add_parse_error(&error.path().to_string(), &Said::toml(error.inner()));
                };
                read.map_err(error).ok()
            }
            Form::Json => {
                let mut deserializer = serde_json::Deserializer::from_str(self.text);
                let read = serde_path_to_error::deserialize(&mut deserializer);
                let read = match read {
                    Ok(read) => deserializer.end().map(|()| read).map_err(|e| (String::new(), e)),
                    Err(error) => Err((error.path().to_string(), error.into_inner())),
                };
                read.map_err(|(path, error)| self.add_parse_error(&path, &Said::json(&error))).ok()
            }
        }
    }

    fn add_parse_error(&mut self, path: &str, said: &Said) {
        let problem = said.problem.clone();
        let mend = if problem.starts_with("missing field") { "write it" } else { "" };
        self.found.push(Finding {
            line: said.line(self.text),
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

/// What a parser said, and where.
struct Said {
    problem: String,
    at: Place,
}

enum Place {
    Offset(usize),
    Line(usize),
}

impl Said {
    fn toml(error: &toml::de::Error) -> Self {
        let problem = error.message().trim().to_owned();
        Self { problem, at: Place::Offset(error.span().map_or(0, |span| span.start)) }
    }

    fn json(error: &serde_json::Error) -> Self {
        let told = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let problem = told.strip_suffix(&place).unwrap_or(&told).to_owned();
        Self { problem, at: Place::Line(error.line()) }
    }

    fn line(&self, text: &str) -> usize {
        match self.at {
            Place::Offset(offset) => line_at(text, offset),
            Place::Line(line) => line.max(1),
        }
    }
}

/// The line, from 1, that a byte of the text stands in.
fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
