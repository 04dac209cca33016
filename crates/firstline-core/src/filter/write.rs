//! A filter as text, for whoever wants to see or change what it asks.

use core::fmt::{self, Display, Formatter};

use super::fields::FIELDS;
use super::{Asked, TicketFilter};

impl Display for TicketFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&terms(self).join(" "))
    }
}

impl Display for Asked {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let words = self.words.iter().map(ToString::to_string);
        f.write_str(&terms(&self.filter).into_iter().chain(words).collect::<Vec<_>>().join(" "))
    }
}

fn terms(filter: &TicketFilter) -> Vec<String> {
    let mut terms = Vec::new();
    for field in FIELDS {
        field.write(filter, &mut terms);
    }
    for (id, query) in &filter.fields {
        query.write(id, &mut terms);
    }
    terms.extend(filter.none.iter().map(|none| format!("-({none})")));
    terms
}

/// As it is, if it would be read as such.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| !c.is_whitespace() && !"\",()\\".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("\"{}\"", escaped(word))
    }
}

pub(super) fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('"', "\\\"")
}
