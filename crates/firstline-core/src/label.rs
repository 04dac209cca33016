//! What people read that a rulebook names: fields and their choices, statuses and the ways between them.

use core::fmt;
use std::collections::BTreeMap;

use firstline_sla::Tongue;

use crate::id::Language;

/// What people read, in their language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// For those whose language is not among the others.
    pub(crate) plain: String,
    pub(crate) by_language: BTreeMap<Language, String>,
}

impl Label {
    /// The same in all languages.
    pub(crate) fn plain(text: &str) -> Self {
        Self { plain: text.to_owned(), by_language: BTreeMap::new() }
    }

    /// What it says in a language, or in its primary one, or else as it is.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> &str {
        let found = self.by_language.get(language);
        let primary = || self.by_language.get(language.primary().as_str());
        found.or_else(primary).unwrap_or(&self.plain)
    }

    /// What it says in a language that the desk itself speaks.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> &str {
        let language = match tongue {
            Tongue::Russian => "ru",
            _ => "en",
        };
        self.by_language.get(language).unwrap_or(&self.plain)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain)
    }
}
