//! A rulebook in several documents: joined into one, and where each part of it stands.
//!
//! Lists are joined in the order of the documents, tables entry by entry. What can stand only once,
//! such as the name of the desk or a calendar of some name, stands in one of them.
//!
//! A journal keeps one text for each version of the rules. For several documents that is a JSON text
//! which has each of them as it was written.

use core::cell::OnceCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::error::{Findings, RulebookError, Said, line_at};
use super::form::{Form, Layout};

/// The most documents of one rulebook: a file for each team of a large desk.
pub const MAX_DOCUMENTS: usize = 100;

/// The documents of a rulebook.
pub(super) struct Documents<'t> {
    documents: Vec<Document<'t>>,
    /// Of several documents, where each entry of a joined list or table comes from: the document,
    /// and its place there. By key and by index or name.
    origins: BTreeMap<(String, String), (usize, String)>,
}

struct Document<'t> {
    name: String,
    text: &'t str,
    /// The text as its parser sees it, once it was asked where something stands.
    layout: OnceCell<Layout<'t>>,
}

/// Where something stands.
pub(super) struct Place {
    pub(super) document: usize,
    pub(super) line: usize,
    /// The key path in that document.
    pub(super) path: String,
}

/// Knows where things stand, whoever lends the texts.
pub(super) trait Places {
    /// What a document is called.
    fn name(&self, document: usize) -> &str;

    /// Where a key path of the whole leads.
    fn place(&self, path: &str) -> Place;

    /// Where a key path leads in one of the documents.
    fn place_in(&self, document: usize, path: &str) -> Place;
}

/// Several documents as a journal keeps them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bundle {
    documents: Vec<Bundled>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bundled {
    name: String,
    text: String,
}

impl Bundle {
    /// Several documents in one text.
    pub(super) fn write(documents: &[(&str, &str)]) -> String {
        let bundled = |(name, text): &(&str, &str)| Bundled {
            name: (*name).to_owned(),
            text: (*text).to_owned(),
        };
        let bundle = Self { documents: documents.iter().map(bundled).collect() };
        serde_json::to_string(&bundle).expect("texts can be written as JSON")
    }

    /// Several documents, if the text is one of those that [`write`](Self::write) makes.
    pub(super) fn read(text: &str) -> Option<Self> {
        // A rulebook of one document has other keys, and would be read twice for nothing.
        text.starts_with("{\"documents\":").then(|| serde_json::from_str(text).ok()).flatten()
    }

    pub(super) fn as_slices(&self) -> Vec<(&str, &str)> {
        self.documents.iter().map(|it| (it.name.as_str(), it.text.as_str())).collect()
    }
}

impl<'t> Documents<'t> {
    /// One document, or several that are to be [joined](Self::join).
    pub(super) fn new(documents: &[(&str, &'t str)]) -> Self {
        let document = |(name, text): &(&str, &'t str)| Document {
            name: (*name).to_owned(),
            text,
            layout: OnceCell::new(),
        };
        let documents = documents.iter().map(document).collect();
        Self { documents, origins: BTreeMap::new() }
    }

    pub(super) const fn count(&self) -> usize {
        self.documents.len()
    }

    /// The text of the only document.
    pub(super) fn only(&self) -> Option<&'t str> {
        match &self.documents[..] {
            [only] => Some(only.text),
            _ => None,
        }
    }

    /// How long all texts are together.
    pub(super) fn bytes(&self) -> usize {
        self.documents.iter().map(|it| it.text.len()).sum()
    }

    /// The document that a key path of the whole leads to, and the path there.
    fn origin(&self, path: &str) -> (usize, String) {
        let mut steps = path.split_inclusive(['.', '[', ']']);
        let key = steps.next().unwrap_or_default().trim_end_matches(['.', '[']);
        let step = steps.next().unwrap_or_default().trim_end_matches(['.', '[', ']']);
        let found = self.origins.get(&(key.to_owned(), step.to_owned()));
        let found = found.or_else(|| self.origins.get(&(key.to_owned(), String::new())));
        let Some((document, place)) = found else {
            return (0, path.to_owned());
        };
        // The rest of the path is the same in both; what comes before it is another index.
        let is_index = path[key.len()..].starts_with('[');
        if !is_index || place.is_empty() {
            return (*document, path.to_owned());
        }
        let rest = path.split_once(']').map_or("", |(_, rest)| rest);
        (*document, format!("{key}[{place}]{rest}"))
    }

    /// Reads each document and joins them.
    ///
    /// # Errors
    ///
    /// What cannot be read, or stands in two of them.
    pub(super) fn join(&mut self) -> Result<Table, RulebookError> {
        let mut joined = Table::new();
        let mut twice = Vec::new();
        let tables = self.parse()?;
        for (document, table) in tables.into_iter().enumerate() {
            for (key, value) in table {
                match joined.get_mut(&key) {
                    None => {
                        self.note_origins(document, &key, &value, 0);
                        joined.insert(key, value);
                    }
                    Some(Value::Array(known)) if value.is_array() => {
                        self.note_origins(document, &key, &value, known.len());
                        known.extend(value.as_array().cloned().unwrap_or_default());
                    }
                    Some(Value::Table(known)) if value.is_table() => {
                        self.note_origins(document, &key, &value, 0);
                        for (name, entry) in value.as_table().cloned().unwrap_or_default() {
                            if known.insert(name.clone(), entry).is_some() {
                                twice.push((document, format!("{key}.{name}")));
                            }
                        }
                    }
                    Some(_) => twice.push((document, key)),
                }
            }
        }
        if twice.is_empty() { Ok(joined) } else { Err(self.written_twice(&twice)) }
    }

    fn parse(&self) -> Result<Vec<Table>, RulebookError> {
        let mut findings = Findings::new(self);
        let mut tables = Vec::new();
        for (index, Document { text, .. }) in self.documents.iter().enumerate() {
            if Form::of(text) == Form::Json && findings.has_doubles(index, text) {
                continue;
            }
            let read = match Form::of(text) {
                Form::Toml => text.parse::<Table>().map_err(|error| Said::toml(text, &error)),
                Form::Json => {
                    serde_json::from_str::<Table>(text).map_err(|error| Said::json(&error))
                }
            };
            match read {
                Ok(table) => tables.push(table),
                Err(said) => findings.add_parse_error(index, "", &said),
            }
        }
        if findings.is_empty() { Ok(tables) } else { Err(findings.into_error()) }
    }

    /// Notes from which document the entries of a value come, which in a joined list stand behind
    /// so many others.
    fn note_origins(&mut self, document: usize, key: &str, value: &Value, behind: usize) {
        let key = key.to_owned();
        let mut note = |step: String, place: String| {
            self.origins.entry((key.clone(), step)).or_insert((document, place));
        };
        match value {
            Value::Array(items) => {
                for index in 0..items.len() {
                    note((behind + index).to_string(), index.to_string());
                }
            }
            Value::Table(entries) => {
                entries.keys().for_each(|name| note(name.clone(), String::new()));
            }
            _ => {}
        }
        note(String::new(), String::new());
    }

    fn written_twice(&self, twice: &[(usize, String)]) -> RulebookError {
        let mut findings = Findings::new(self);
        for (document, path) in twice {
            let first = self.name(self.origin(path).0);
            let problem = format!("it is written in {first} as well");
            findings.add_in(*document, path, problem, "keep one of them");
        }
        findings.into_error()
    }
}

impl Places for Documents<'_> {
    fn name(&self, document: usize) -> &str {
        self.documents.get(document).map_or("", |it| &it.name)
    }

    fn place(&self, path: &str) -> Place {
        let (document, path) = self.origin(path);
        self.place_in(document, &path)
    }

    fn place_in(&self, document: usize, path: &str) -> Place {
        let Some(of) = self.documents.get(document) else {
            return Place { document, line: 1, path: path.to_owned() };
        };
        let layout = of.layout.get_or_init(|| Form::of(of.text).layout(of.text));
        let line = line_at(of.text, layout.offset_of(path));
        Place { document, line, path: path.to_owned() }
    }
}
