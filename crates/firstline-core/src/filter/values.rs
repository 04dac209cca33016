//! Values of fields, as agents type them and as they are shown.

use core::ops::Range;
use core::str::FromStr;
use std::collections::BTreeSet;

use super::error::FilterError;
use super::read::{Names, Value};
use super::terms::Term;
use super::write::quoted;
use crate::id::{AgentId, ContactId, Language};
use crate::people::PartyId;
use crate::ticket::MAX_RATING;

/// For what may be missing.
pub(super) const NONE: &str = "none";

/// What is wrong with a value, wherever it stands.
pub(super) struct Said {
    pub(super) problem: String,
    pub(super) mend: String,
}

impl Said {
    pub(super) fn at(self, at: &Range<usize>) -> FilterError {
        FilterError::new(at.clone(), self.problem, self.mend)
    }
}

pub(super) fn unknown(what: &str, found: &str, known: &[&str]) -> Said {
    let problem = format!("there is no {what} `{found}`");
    let mend = match known {
        [] => format!("leave it out: there is no {what} at all"),
        known => format!("write one of {}", known.join(", ")),
    };
    Said { problem, mend }
}

/// One of these words.
pub(super) fn word<T: Copy>(
    value: &Value,
    what: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, Said> {
    let meant = all.iter().copied().find(|one| name(*one) == value.text);
    let known = || all.iter().map(|one| name(*one)).collect::<Vec<_>>();
    meant.ok_or_else(|| unknown(what, &value.text, &known()))
}

/// The name of something that the desk has.
pub(super) fn called<'v>(
    term: &'v Term<'_>,
    value: &'v Value,
    what: &str,
    among: impl Fn(&'v Names<'v>) -> &'v BTreeSet<&'v str>,
) -> Result<&'v str, Said> {
    let name = value.text.as_str();
    match term.called.names.as_ref().map(among) {
        Some(known) if !known.contains(name) => {
            Err(unknown(what, name, &known.iter().copied().collect::<Vec<_>>()))
        }
        _ => Ok(name),
    }
}

pub(super) fn language(value: &Value) -> Result<Language, Said> {
    let language = Language::from(value.text.as_str());
    match language.check() {
        Ok(()) => Ok(language.canonical()),
        Err(_) => Err(Said {
            problem: format!("`{language}` is no language"),
            mend: "write its BCP 47 tag, such as en or pt-BR".to_owned(),
        }),
    }
}

pub(super) fn number(value: &Value) -> Result<u64, Said> {
    let found = &value.text;
    u64::from_str(found.trim_start_matches('#')).map_err(|_| Said {
        problem: format!("`{found}` is no number"),
        mend: "write such as 42".to_owned(),
    })
}

pub(super) fn rating(value: &Value) -> Result<u8, Said> {
    let score = value.text.parse().ok().filter(|score| (1..=MAX_RATING).contains(score));
    score.ok_or_else(|| Said {
        problem: format!("`{}` is no rating", value.text),
        mend: format!("write one of 1 to {MAX_RATING}, or none"),
    })
}

pub(super) fn agent(value: &Value, me: Option<AgentId>) -> Result<AgentId, Said> {
    if value.text == "me" {
        return me.ok_or_else(|| Said {
            problem: "nobody in particular asks, so `me` is nobody".to_owned(),
            mend: "write the agent's number".to_owned(),
        });
    }
    number(value)
        .map(AgentId)
        .map_err(|said| Said { mend: format!("{}, me or none", said.mend), ..said })
}

/// Somebody who is told: both contacts and agents may be.
pub(super) fn party(value: &Value, me: Option<AgentId>) -> Result<PartyId, Said> {
    if value.text == "me" {
        return agent(value, me).map(PartyId::Agent);
    }
    let numbered = |digits: &str| digits.parse().ok();
    let text = value.text.as_str();
    let contact = text.strip_prefix(CONTACT).and_then(numbered);
    let agent = text.strip_prefix(AGENT).and_then(numbered);
    let who = contact
        .map(|id| PartyId::Contact(ContactId(id)))
        .or_else(|| agent.map(|id| PartyId::Agent(AgentId(id))));
    who.ok_or_else(|| Said {
        problem: format!("`{text}` is nobody who can follow a ticket"),
        mend: format!("write such as {CONTACT}42, {AGENT}7, me or none"),
    })
}

const CONTACT: &str = "contact-";
const AGENT: &str = "agent-";

pub(super) fn show_party(who: PartyId) -> String {
    match who {
        PartyId::Contact(id) => format!("{CONTACT}{}", id.0),
        PartyId::Agent(id) => format!("{AGENT}{}", id.0),
        other => other.to_string(),
    }
}

/// A value, or the word for its absence; in quotes that word means itself.
pub(super) fn or_none<'v, T>(
    value: &'v Value,
    read: impl Fn(&'v Value) -> Result<T, Said>,
) -> Result<Option<T>, Said> {
    if value.text == NONE && !value.is_quoted { Ok(None) } else { read(value).map(Some) }
}

pub(super) fn show_or_none(word: Option<&str>) -> String {
    word.unwrap_or(NONE).to_owned()
}

pub(super) fn show_number(number: Option<u64>) -> String {
    number.map_or_else(|| NONE.to_owned(), |number| number.to_string())
}

/// What is called `none` is not the same as nothing.
pub(super) fn quoted_name(name: Option<&str>) -> String {
    match name {
        None => NONE.to_owned(),
        Some(NONE) => format!("\"{NONE}\""),
        Some(name) => quoted(name),
    }
}
