//! What was found in a rulebook, and where.

use core::fmt;

use firstline_sla::{ConditionError, ConditionFinding};
use serde::de::DeserializeOwned;

use super::documents::{Place, Places};
use super::doubles::doubles;
use super::form::Form;

/// A rulebook that was refused. It is for its author to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulebookError {
    /// The name of the file, or of the first of several.
    pub file: String,
    /// Everything that was found, in the order of the files. At least one is an error.
    pub findings: Vec<Finding>,
}

/// One thing that was found in a rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The name of the file.
    pub file: String,
    /// The line it stands in, from 1.
    pub line: usize,
    /// The key path in that file, such as `policies[0].targets.first_reply.within.high`; empty for
    /// the whole.
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; empty if the problem says it all.
    pub mend: String,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing: it may be meant.
    Remark,
    /// Hardly meant, though the desk can work by it.
    Warning,
    /// No desk can work by it: the rulebook is refused.
    Error,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Remark => "remark",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Finding {
    /// In the form that editors jump to. What is no error says what it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, line, path, problem, mend } = self;
        write!(f, "{file}:{line}: ")?;
        if *severity != Severity::Error {
            write!(f, "{severity}: ")?;
        }
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(problem)?;
        if mend.is_empty() { Ok(()) } else { write!(f, "; {mend}") }
    }
}

impl fmt::Display for RulebookError {
    /// A line for each finding.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RulebookError {}

/// Collects findings about the documents of one rulebook.
pub(super) struct Findings<'t> {
    documents: &'t dyn Places,
    found: Vec<(Place, Finding)>,
}

/// The most findings that are told. Whoever has mended these may ask again.
const MAX_FINDINGS: usize = 200;

impl<'t> Findings<'t> {
    pub(super) fn new(documents: &'t dyn Places) -> Self {
        Self { documents, found: Vec::new() }
    }

    /// Notes what is wrong at a key path.
    pub(super) fn add(
        &mut self,
        path: impl Into<String>,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.note(Severity::Error, &path.into(), (problem.into(), mend.into()));
    }

    /// Notes what is hardly meant.
    pub(super) fn warn(&mut self, path: &str, problem: impl Into<String>, mend: &str) {
        self.note(Severity::Warning, path, (problem.into(), mend.to_owned()));
    }

    /// Notes what is worth knowing.
    pub(super) fn remark(&mut self, path: &str, problem: impl Into<String>) {
        self.note(Severity::Remark, path, (problem.into(), String::new()));
    }

    /// Notes what is wrong at a key path of one of the documents.
    pub(super) fn add_in(&mut self, document: usize, path: &str, problem: String, mend: &str) {
        let place = self.documents.place_in(document, path);
        self.note_at(place, Severity::Error, (problem, mend.to_owned()));
    }

    fn note(&mut self, severity: Severity, path: &str, (problem, mend): (String, String)) {
        let place = self.documents.place(path);
        self.note_at(place, severity, (problem, mend));
    }

    fn note_at(&mut self, place: Place, severity: Severity, (problem, mend): (String, String)) {
        // An error is never left out for the sake of what matters less.
        if self.found.len() >= MAX_FINDINGS && (severity < Severity::Error || self.has_errors()) {
            return;
        }
        let (file, path) = (self.documents.name(place.document).to_owned(), place.path.clone());
        let finding = Finding { severity, file, line: place.line, path, problem, mend };
        self.found.push((place, finding));
    }

    /// Notes what is wrong with a condition.
    pub(super) fn add_all(&mut self, error: ConditionError) {
        for ConditionFinding { path, problem, mend } in error.findings {
            self.add(path, problem, mend);
        }
    }

    /// Reads the only document as a whole, and notes what the parser says where it cannot.
    pub(super) fn parse<T: DeserializeOwned>(&mut self, text: &str) -> Option<T> {
        match Form::of(text) {
            Form::Toml => {
                let parsed = toml::Deserializer::parse(text);
                let deserializer =
                    parsed.map_err(|e| self.add_parse_error(0, "", &Said::toml(text, &e)));
                let read = serde_path_to_error::deserialize(deserializer.ok()?);
                let error = |error: serde_path_to_error::Error<_>| {
                    let said = Said::toml(text, error.inner());
                    self.add_parse_error(0, &error.path().to_string(), &said);
                };
                read.map_err(error).ok()
            }
            Form::Json if self.has_doubles(0, text) => None,
            Form::Json => {
                let mut deserializer = serde_json::Deserializer::from_str(text);
                let read = serde_path_to_error::deserialize(&mut deserializer);
                let read = match read {
                    Ok(read) => deserializer.end().map(|()| read).map_err(|e| (String::new(), e)),
                    Err(error) => Err((error.path().to_string(), error.into_inner())),
                };
                let error = |(path, error): (String, _)| {
                    self.add_parse_error(0, &path, &Said::json(&error));
                };
                read.map_err(error).ok()
            }
        }
    }

    /// Notes each key that stands twice in a table of a document in JSON, whose parser would take the
    /// last: TOML refuses that by itself. Whether there are any.
    pub(super) fn has_doubles(&mut self, document: usize, text: &str) -> bool {
        let doubles = doubles(text);
        for path in &doubles {
            let problem = "it is written twice in the same table".to_owned();
            self.add_in(document, path, problem, "keep one of them");
        }
        !doubles.is_empty()
    }

    /// Reads several documents that were joined, and notes what stands in the way.
    pub(super) fn read_joined<T: DeserializeOwned>(&mut self, joined: toml::Table) -> Option<T> {
        let read = serde_path_to_error::deserialize(joined);
        let error = |error: serde_path_to_error::Error<toml::de::Error>| {
            let path = error.path().to_string();
            let (problem, mend) = in_plain_words(error.inner().message().trim());
            self.add(known_part(&path), problem, mend);
        };
        read.map_err(error).ok()
    }

    /// What was read, or all that stands in the way.
    pub(super) fn reading<T>(
        mut self,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Result<T, RulebookError> {
        read(&mut self).ok_or_else(|| self.into_error())
    }

    /// Notes what the parser of one of the documents says.
    pub(super) fn add_parse_error(&mut self, document: usize, path: &str, said: &Said) {
        let (problem, mend) = in_plain_words(&said.problem);
        let path = known_part(path);
        let place = Place { document, line: said.line, path };
        self.note_at(place, Severity::Error, (problem, mend.to_owned()));
    }

    /// Whether no document was found that no desk can work by.
    pub(super) fn is_empty(&self) -> bool {
        !self.has_errors()
    }

    fn has_errors(&self) -> bool {
        self.found.iter().any(|(_, finding)| finding.severity == Severity::Error)
    }

    /// Everything that was found, in the order of the documents.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|(place, _)| (place.document, place.line));
        self.found.into_iter().map(|(_, finding)| finding).collect()
    }

    pub(super) fn into_error(self) -> RulebookError {
        let file = self.documents.name(0).to_owned();
        RulebookError { file, findings: self.into_findings() }
    }
}

/// A path as far as the parser knows it. It writes a dot for the whole document, and a question mark for
/// a step that it cannot name.
pub(super) fn known_part(path: &str) -> String {
    let path = if path == "." { "" } else { path };
    let known: Vec<&str> = path.split('.').take_while(|step| *step != "?").collect();
    known.join(".")
}

/// What a parser said as its reader would say it, and the mend.
fn in_plain_words(problem: &str) -> (String, &'static str) {
    // How the parser of TOML passes on a date that stands without quotes.
    if problem.contains("$__toml_private_datetime") || problem.contains("invalid type: datetime") {
        let problem = "a date or a time here is a text".to_owned();
        return (problem, "write it in quotes, such as \"2026-04-03\"");
    }
    let mend = if problem.starts_with("missing field") {
        "write it"
    } else if problem.ends_with("is written twice in the same table") {
        "keep one of them"
    } else if problem.contains("cannot recurse further") || problem.contains("recursion limit") {
        "this is deeper than any rulebook goes: write it flatter"
    } else {
        ""
    };
    (problem.to_owned(), mend)
}

/// What a parser said, and in which line.
pub(super) struct Said {
    problem: String,
    line: usize,
}

impl Said {
    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let mut problem = error.message().trim().to_owned();
        let span = error.span().unwrap_or_default();
        // Which one it is stands in the text alone.
        if problem == "duplicate key"
            && let Some(key) = text.get(span.clone())
        {
            problem = format!("the key `{}` is written twice in the same table", key.trim());
        }
        Self { problem, line: line_at(text, span.start) }
    }

    pub(super) fn json(error: &serde_json::Error) -> Self {
        let told = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let problem = told.strip_suffix(&place).unwrap_or(&told).to_owned();
        Self { problem, line: error.line().max(1) }
    }
}

/// The line, from 1, that a byte of the text stands in.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}
