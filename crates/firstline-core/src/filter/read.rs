//! From the text of a filter to its terms.

use core::ops::Range;
use std::collections::BTreeSet;

use super::error::FilterError;
use super::own::{OWN, Own};
use super::terms::Term;
use super::word::{FilterWord, MAX_FILTER_WORDS};
use super::{Asked, Asking, MAX_FILTER_BYTES, MAX_FILTER_DEPTH};

/// How a field is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A value as it was typed.
pub(super) struct Value {
    pub(super) text: String,
    /// Where.
    pub(super) at: Range<usize>,
    /// What stands in quotes means itself.
    pub(super) is_quoted: bool,
}

/// Longer ones first, since they begin like shorter ones.
const OPERATORS: [(&str, Operator); 6] = [
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    (">", Operator::More),
    ("<", Operator::Less),
    (":", Operator::Is),
    ("=", Operator::Is),
];

/// What others write for a comparison, and what is written here.
const FOREIGN: [(&str, Foreign); 5] = [
    ("!=", Foreign::IsNot),
    ("!:", Foreign::IsNot),
    ("≠", Foreign::IsNot),
    ("≥", Foreign::Sign(">=")),
    ("≤", Foreign::Sign("<=")),
];

/// What a sign means that is none here.
#[derive(Clone, Copy)]
enum Foreign {
    IsNot,
    Sign(&'static str),
}

/// What a desk calls things.
pub(super) struct Called<'d> {
    /// The fields of its own.
    pub(super) own: &'d Own,
    /// What else has names there; whatever is typed will do where that is not known.
    pub(super) names: Option<Names<'d>>,
}

/// Names of which the rulebook has a list.
pub(super) struct Names<'d> {
    pub(super) states: BTreeSet<&'d str>,
    pub(super) lines: BTreeSet<&'d str>,
    pub(super) teams: BTreeSet<&'d str>,
}

pub(super) fn read(text: &str, asking: &Asking, called: &Called<'_>) -> Result<Asked, FilterError> {
    if text.len() > MAX_FILTER_BYTES {
        let problem = format!("{} bytes are more than {MAX_FILTER_BYTES}", text.len());
        return Err(FilterError::new(0..text.len(), problem, "write less"));
    }
    let mut reader = Reader { text, at: 0, asking, called };
    reader.terms(None, 0).map_err(|error| error.in_text(text))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    asking: &'t Asking,
    called: &'t Called<'t>,
}

impl<'t> Reader<'t> {
    /// All terms up to the end, or to the bracket that closes the one at `opened`.
    fn terms(&mut self, opened: Option<usize>, depth: usize) -> Result<Asked, FilterError> {
        let mut asked = Asked::default();
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            if self.rest().is_empty() {
                return match opened {
                    None => Ok(asked),
                    Some(at) => Err(FilterError::new(at..at + 1, "it is not closed", "write `)`")),
                };
            }
            if opened.is_some() && self.take(")") {
                return Ok(asked);
            }
            self.term(&mut asked, depth)?;
        }
    }

    fn term(&mut self, asked: &mut Asked, depth: usize) -> Result<(), FilterError> {
        let start = self.at;
        let is_turned_round = self.take("-");
        let bracket = self.at;
        if is_turned_round && self.take("(") {
            if depth == MAX_FILTER_DEPTH {
                let problem = format!("{MAX_FILTER_DEPTH} brackets stand in each other");
                return Err(FilterError::new(bracket..bracket + 1, problem, "write fewer"));
            }
            let inner = self.terms(Some(bracket), depth + 1)?;
            if !inner.words.is_empty() || inner == Asked::default() {
                let problem = "brackets hold terms with a field";
                let mend = "write such as -(status:open tag:vip)";
                return Err(FilterError::new(start..self.at, problem, mend));
            }
            asked.filter.none.push(inner.filter);
            return Ok(());
        }
        match self.field() {
            Some((field, operator)) => {
                let term = Term {
                    field,
                    operator,
                    values: self.values()?,
                    asking: self.asking,
                    called: self.called,
                };
                if is_turned_round {
                    let mut inner = Asked::default();
                    term.say(&mut inner.filter)?;
                    asked.filter.none.push(inner.filter);
                } else {
                    term.say(&mut asked.filter)?;
                }
            }
            None => asked.words.push(self.word(asked.words.len(), is_turned_round)?),
        }
        Ok(())
    }

    /// What is to be found in the conversation, behind so many others.
    fn word(&mut self, before: usize, is_excluded: bool) -> Result<FilterWord, FilterError> {
        self.check_no_condition(is_excluded)?;
        let Value { text, at, is_quoted } = self.value()?;
        if !text.contains(char::is_alphanumeric) {
            let mend = "leave it out, or name the field that it is for";
            return Err(FilterError::new(at, "no letter and no digit is to be found", mend));
        }
        if before == MAX_FILTER_WORDS {
            let problem = format!("more than {MAX_FILTER_WORDS} words are to be found");
            return Err(FilterError::new(at, problem, "write fewer"));
        }
        Ok(FilterWord { text, is_exact: is_quoted, is_excluded })
    }

    /// Whether what comes next is a word, and not a condition as others write them: by that nothing would
    /// be found, and nobody would know why.
    fn check_no_condition(&self, is_turned_round: bool) -> Result<(), FilterError> {
        let (rest, at) = (self.rest(), self.at);
        let own_sign =
            |text: &str| OPERATORS.iter().map(|(sign, _)| *sign).find(|it| text.starts_with(it));
        let foreign = |text: &str| FOREIGN.iter().find(|(sign, _)| text.starts_with(sign));
        let sign = |text: &str| own_sign(text).or_else(|| foreign(text).map(|(sign, _)| *sign));
        if let Some(sign) = sign(rest) {
            let problem = format!("no field stands before `{sign}`");
            let mend = "write such as status:open without a space, or quote it";
            return Err(FilterError::new(at..at + sign.len(), problem, mend));
        }
        if let Some(turned) = rest.strip_prefix('!')
            && self.name_length(turned).is_some_and(|end| sign(&turned[end..]).is_some())
        {
            let mend = if is_turned_round {
                "leave it out, or quote it all"
            } else {
                "write `-` in its place, or quote it all"
            };
            return Err(FilterError::new(at..at + 1, "`!` turns nothing round", mend));
        }
        let Some(end) = self.name_length(rest) else {
            return Ok(());
        };
        let Some((sign, meant)) = foreign(&rest[end..]) else {
            return Ok(());
        };
        let (name, minus) = (&rest[..end], if is_turned_round { "" } else { "-" });
        let mend = match meant {
            Foreign::IsNot => format!("write `{minus}{name}:` and the value, or quote it all"),
            Foreign::Sign(meant) => format!("write `{meant}`, or quote it all"),
        };
        let problem = format!("`{sign}` compares nothing");
        Err(FilterError::new(at + end..at + end + sign.len(), problem, mend))
    }

    /// How long the name of a field is with which a text begins, if it may be one.
    fn name_length(&self, text: &str) -> Option<usize> {
        let begin = if text.starts_with(OWN) { OWN.len() } else { 0 };
        let length = text[begin..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        let end = begin + length;
        // What has digits in it is a word, unless the desk has called a field so.
        let is_word = text[begin..end].contains(|c: char| c.is_ascii_digit())
            && !self.called.own.contains_key(&text[begin..end]);
        (length > 0 && !is_word).then_some(end)
    }

    /// The name of a field and the operator after it, if that is what comes next. A word with a
    /// colon in it, such as a URL, can be quoted.
    fn field(&mut self) -> Option<((&'t str, Range<usize>), Operator)> {
        let rest = self.rest();
        // The number of a ticket as people write it.
        let number = rest
            .strip_prefix('#')
            .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        if let Some(behind) = number
            && behind.len() + 1 < rest.len()
            && behind.chars().next().is_none_or(|c| c.is_whitespace() || ",()".contains(c))
        {
            return Some((("number", self.at..self.at + 1), Operator::Is));
        }
        let end = self.name_length(rest)?;
        let (sign, operator) = OPERATORS.iter().find(|(sign, _)| rest[end..].starts_with(sign))?;
        let start = self.at;
        self.at += end + sign.len();
        Some(((&rest[..end], start..start + end), *operator))
    }

    /// Values with commas between them.
    fn values(&mut self) -> Result<Vec<Value>, FilterError> {
        let mut values = vec![self.value()?];
        while self.take(",") {
            values.push(self.value()?);
        }
        Ok(values)
    }

    /// A value: what stands in quotes, or all up to a space, a comma or a bracket.
    fn value(&mut self) -> Result<Value, FilterError> {
        let start = self.at;
        if self.take("\"") {
            return self.quoted(start);
        }
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || ",()".contains(c));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        if word.is_empty() {
            let found = rest.chars().next().filter(|c| !c.is_whitespace());
            let problem = found.map_or_else(
                || "a value is missing".to_owned(),
                |found| format!("a value is missing before `{found}`"),
            );
            let end = self.text.len().min(start + found.map_or(0, char::len_utf8));
            return Err(FilterError::new(start..end, problem, "write one, or quote it"));
        }
        Ok(Value { text: word.to_owned(), at: start..self.at, is_quoted: false })
    }

    /// The rest of a quoted value. A quote in it is written as `\"`.
    fn quoted(&mut self, start: usize) -> Result<Value, FilterError> {
        let mut text = String::new();
        let mut escaped = false;
        for (at, c) in self.rest().char_indices() {
            match c {
                '\\' if !escaped => {
                    escaped = true;
                    continue;
                }
                '"' if !escaped => {
                    self.at += at + 1;
                    return Ok(Value { text, at: start..self.at, is_quoted: true });
                }
                c => text.push(c),
            }
            escaped = false;
        }
        Err(FilterError::new(start..start + 1, "it is not closed", "write a second `\"`"))
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_next = self.rest().starts_with(sign);
        self.at += if is_next { sign.len() } else { 0 };
        is_next
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }
}
