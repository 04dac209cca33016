//! What is sent to programs: a template that makes JSON makes JSON, whatever it is filled with.
//!
//! Each value is written as the inside of a text of JSON, between two signs that no JSON needs. Once the
//! body is filled, whoever reads it along knows of each value whether it stands in quotes, by whatever
//! branch of the template it came there. One that does not is an error and never sent: what a customer
//! writes says nothing beside the text that it is put into.

use std::collections::BTreeSet;

use super::letter::{IN_WORDS, Letter, Own};
use super::template::{Notation, Template};

/// What stands before a value and behind it: code points that Unicode keeps for such use within a
/// program, and that no text has that is interchanged.
const SIGNS: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// How many names of a template are tried empty, and each as the only one that is not.
const MAX_TRIED_NAMES: usize = 32;

const WITHOUT_QUOTES: &str = "it is JSON in which a value stands without quotes";

/// A text as it is written into a body of JSON.
pub(super) fn inside(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or_default();
    let [open, close] = SIGNS;
    let inside = inside.replace(open, "\\ufdd0").replace(close, "\\ufdd1");
    format!("{open}{inside}{close}")
}

/// A filled body as it is sent.
///
/// # Errors
///
/// A value stands without quotes, or it is no JSON.
pub(super) fn finished(filled: &str) -> Result<String, &'static str> {
    let [open, close] = SIGNS;
    let (mut body, mut is_in_text, mut is_escaped) = (String::new(), false, false);
    for sign in filled.chars() {
        if sign == open && !is_in_text {
            return Err(WITHOUT_QUOTES);
        }
        if sign == open || sign == close {
            continue;
        }
        match sign {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = is_in_text,
            '"' => is_in_text = !is_in_text,
            _ => {}
        }
        body.push(sign);
    }
    if is_json(&body) { Ok(body) } else { Err("what it is filled with makes no JSON of it") }
}

impl Template {
    /// Reads a template of what is sent to a program.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what to do about it.
    pub(crate) fn read_body(source: &str, own: &Own) -> Result<Self, (String, String)> {
        let plain = Self::read(source, own)?;
        if !plain.render(Letter::filled(own, "1", 1)).is_ok_and(|text| is_json(&text)) {
            return Ok(plain);
        }
        let body = Self::read_in(Notation::Json, source, own)?;
        let used: BTreeSet<String> = body.names().collect();
        let is_used = |id: &str| used.iter().any(|name| name.ends_with(id));
        let own = own.iter().filter(|(id, _)| is_used(id.as_str()));
        let own = own.map(|(id, field)| (id.clone(), field.clone())).collect();
        body.stays_json(&own, &used).map_err(|problem| {
            let mend = if problem == WITHOUT_QUOTES {
                "write `\"{{ ... }}\"`: what customers write could say anything otherwise"
            } else {
                "put commas and brackets where they belong in either case"
            };
            (problem, mend.to_owned())
        })?;
        Ok(body)
    }

    /// Tries a body with each of its names empty, and with each as the only one that is not: so that most
    /// branches come by.
    fn stays_json(&self, own: &Own, used: &BTreeSet<String>) -> Result<(), String> {
        let fill = |letter, when: &str| match self.render(letter) {
            Ok(_) => Ok(()),
            Err(problem) if problem == WITHOUT_QUOTES => Err(problem),
            Err(_) => Err(format!("it is no JSON any more where {when}")),
        };
        fill(Letter::hostile(own, |_| true), "nothing is empty")?;
        fill(Letter::hostile(own, |_| false), "everything is empty")?;
        for name in used.iter().take(MAX_TRIED_NAMES) {
            let (without, alone) = (|it: &str| it != name, |it: &str| it == name);
            fill(Letter::hostile(own, without), &format!("`{name}` is empty"))?;
            fill(Letter::hostile(own, alone), &format!("only `{name}` is not empty"))?;
        }
        Ok(())
    }

    /// A name in words that is all of some value, where it is a body of JSON, beside the name that a
    /// program would read there.
    pub(crate) fn words_for_programs(&self, own: &Own) -> Option<(&'static str, &'static str)> {
        let body = self.render(Letter::of_names(own)).ok()?;
        let body: serde_json::Value = serde_json::from_str(&body).ok()?;
        IN_WORDS.into_iter().find(|(name, _)| is_somewhere(&body, name))
    }
}

/// Whether a text is a table or a list of JSON.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether a value of JSON is this text or has it for a value.
fn is_somewhere(value: &serde_json::Value, text: &str) -> bool {
    match value {
        serde_json::Value::String(found) => found == text,
        serde_json::Value::Array(list) => list.iter().any(|it| is_somewhere(it, text)),
        serde_json::Value::Object(table) => table.values().any(|it| is_somewhere(it, text)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use minijinja::Value;

    use super::*;

    /// Fills a body with a ticket of this number, subject, team and labels.
    fn filled(source: &str, subject: &str, team: &str) -> Result<String, String> {
        let body = Template::read_body(source, &Own::new()).expect("it is accepted");
        let words = [("number", Value::from(7)), ("subject", Value::from(subject))];
        let team = ("team", Value::from(team));
        let tags = ("tags", [subject, "b"].into_iter().map(Value::from).collect());
        let ticket = Value::from_pairs(words.into_iter().chain([team, tags]));
        body.render(Letter::of("desk".into(), "rule".into(), ticket))
    }

    fn problem(source: &str) -> String {
        Template::read_body(source, &Own::new()).expect_err(source).0
    }

    #[test]
    fn a_body_of_json_stays_what_it_is_whatever_a_customer_writes() {
        let source = r#"{"number": {{ ticket.number }}, "subject": "{{ ticket.subject }}", "tags": [{% for tag in ticket.tags %}"{{ tag }}"{% if not loop.last %}, {% endif %}{% endfor %}], "admin": false}"#;
        for subject in [
            r#"x", "admin": true, "y": ""#,
            "\\",
            "\"}]}",
            "two\nlines\u{0}\u{7f}\u{2028}",
            "\u{fdd1}\", \"admin\": true, \"y\": \"\u{fdd0}",
            "{{ desk }}",
            "Не печатает 🖨",
        ] {
            let expected = serde_json::json!(
                {"number": 7, "subject": subject, "tags": [subject, "b"], "admin": false}
            );
            let text = filled(source, subject, "").unwrap();
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), expected);
        }
    }

    #[test]
    fn a_value_without_quotes_in_json_is_refused_and_a_text_that_is_no_json_stays_plain() {
        assert_eq!(problem(r#"{"subject": {{ ticket.subject }}}"#), WITHOUT_QUOTES);
        let plain =
            Template::read_body("[{{ ticket.line }}] {{ ticket.subject }}", &Own::new()).unwrap();
        let said = plain.render(Letter::filled(&Own::new(), "\"", 0)).unwrap();
        assert_eq!(said, "[\"] \"");
    }

    #[test]
    fn every_branch_that_something_empty_leads_to_is_tried() {
        let otherwise = r#"{"a": {% if ticket.team %}"{{ ticket.team }}"{% else %}{{ ticket.subject }}{% endif %}}"#;
        assert_eq!(problem(otherwise), WITHOUT_QUOTES);
        let comma = r#"{"a": 1{% if ticket.team %}, "team": "{{ ticket.team }}"{% endif %}{% if ticket.line %}, {% endif %}"b": 2}"#;
        assert_eq!(problem(comma), "it is no JSON any more where everything is empty");
        let both = r#"{"a": 1{% if ticket.team or not ticket.line %}, {% endif %}"b": 2}"#;
        assert_eq!(problem(both), "it is no JSON any more where only `ticket.line` is not empty");
        let good = r#"{"a": 1{% if ticket.team %}, "team": "{{ ticket.team }}"{% endif %}}"#;
        assert_eq!(filled(good, "", "").unwrap(), r#"{"a": 1}"#);
        assert_eq!(filled(good, "", "web").unwrap(), r#"{"a": 1, "team": "web"}"#);
    }

    #[test]
    fn a_branch_that_nobody_tried_says_nothing_that_a_customer_wrote() {
        let source = r#"{"vip": {% if ticket.team == "gold" %}{{ ticket.subject }}{% else %}false{% endif %}}"#;
        assert_eq!(filled(source, "true", "").unwrap(), r#"{"vip": false}"#);
        assert_eq!(filled(source, "true", "gold").unwrap_err(), WITHOUT_QUOTES);
        let source = r#"{"vip": {% if ticket.team == "gold" %}yes{% else %}false{% endif %}}"#;
        let no_json = "what it is filled with makes no JSON of it";
        assert_eq!(filled(source, "", "gold").unwrap_err(), no_json);
    }
}
