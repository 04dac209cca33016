//! Whether what people are to read can be read.

use std::collections::BTreeMap;

use super::super::authored::LabelSpec;
use super::Findings;
use crate::label::Label;
use crate::limits::check_line;

/// What people read; the id, if nothing is said.
pub(super) fn label(
    spec: Option<&LabelSpec>,
    id: &str,
    path: &str,
    findings: &mut Findings<'_>,
) -> Label {
    let (plain, by_language) = match spec {
        // Whether that is one was seen where it stands.
        None => return Label::plain(id),
        Some(LabelSpec::Plain(text)) => (text.clone(), BTreeMap::new()),
        Some(LabelSpec::ByLanguage(texts)) => {
            if texts.is_empty() {
                findings.add(
                    path,
                    "it says nothing in any language",
                    "write such as en = \"Site\"",
                );
            }
            for language in texts.keys() {
                if let Err(refusal) = language.check() {
                    findings.add(path, refusal.to_string(), "write one");
                }
            }
            let english = texts.get("en").or_else(|| texts.values().next());
            let plain = english.map_or_else(|| id.to_owned(), Clone::clone);
            let mut by_language = BTreeMap::new();
            for (language, text) in texts {
                if by_language.insert(language.canonical(), text.clone()).is_some() {
                    let problem = format!("it says something in `{}` twice", language.canonical());
                    findings.add(path, problem, "large and small letters make no other language");
                }
            }
            (plain, by_language)
        }
    };
    for text in by_language.values().chain([&plain]) {
        if let Err(refusal) = check_line("a label", text) {
            findings.add(path, refusal.to_string(), "write a few words");
            break;
        }
    }
    Label { plain, by_language }
}
