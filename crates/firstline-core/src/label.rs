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
    /// By languages as RFC 5646 writes them.
    pub(crate) by_language: BTreeMap<Language, String>,
}

impl Label {
    /// The same in all languages.
    pub(crate) fn plain(text: &str) -> Self {
        Self { plain: text.to_owned(), by_language: BTreeMap::new() }
    }

    /// What it says in a language, or in the nearest one that has fewer subtags (`zh-Hant` and then `zh` for
    /// `zh-Hant-TW`, as RFC 4647 looks up), or else as it is.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> &str {
        let asked = language.canonical();
        let mut range = Some(asked.as_str());
        while let Some(tag) = range {
            if let Some(text) = self.by_language.get(tag) {
                return text;
            }
            range = tag.rsplit_once('-').map(|(nearer, _)| nearer);
        }
        &self.plain
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_in_the_nearest_language_that_it_has() {
        let texts = [("zh", "简体"), ("zh-Hant", "繁體"), ("de-AT", "Jänner")];
        let by_language = texts.map(|(tag, text)| (tag.into(), text.to_owned())).into();
        let label = Label { plain: "January".to_owned(), by_language };
        for (asked, read) in [
            ("zh-Hant-TW", "繁體"),
            ("ZH-hant", "繁體"),
            ("zh-CN", "简体"),
            ("DE-at", "Jänner"),
            ("de", "January"),
            ("", "January"),
        ] {
            assert_eq!(label.in_language(&Language::from(asked)), read, "{asked}");
        }
    }
}
