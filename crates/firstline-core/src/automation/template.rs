//! The texts of messages: templates that put values in and choose among words, and do nothing else.
//!
//! They are text of somebody's and run at every desk that takes the rulebook, so nothing in them
//! can take long or grow large: there are no functions, no filters and no assignments, every step
//! takes fuel, and what joins or repeats texts is refused. What is left can write at most as much as
//! the product of [`MAX_TEMPLATE_BYTES`] and the fuel, and is cut off long before.

use std::sync::Arc;

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::body;
use super::letter::{Letter, Needs, Own, TEMPLATE_NAMES, is_name};
use crate::limits::{MAX_LINE_BYTES, MAX_TAGS, MAX_TEXT_BYTES};

/// The longest template in bytes: a long letter.
pub const MAX_TEMPLATE_BYTES: usize = 8 * 1024;

/// How many steps a template may take: some letters' worth. What loops through loops takes more.
const FUEL: u64 = 5_000;

/// A template of a rulebook, compiled. It needs no other one: whoever has it, in whatever version
/// of the rules, has its words.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    source: Arc<str>,
    environment: Arc<Environment<'static>>,
    notation: Notation,
    /// What must be known beside the ticket to fill it.
    pub(crate) needs: Needs,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Template {}

/// How values are written into a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// As they are.
    Plain,
    /// As the inside of a text of JSON.
    Json,
}

/// What it is called in its environment, where it is alone.
const ITSELF: &str = "";

impl Template {
    /// Where a template is read and filled.
    fn environment(notation: Notation) -> Environment<'static> {
        let mut environment = Environment::empty();
        environment.set_fuel(Some(FUEL));
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(move |out, state, value| match value.kind() {
            ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => Err(Error::new(
                ErrorKind::BadSerialization,
                "a list is written one by one, in a loop",
            )),
            ValueKind::String if notation == Notation::Json => {
                out.write_str(&body::inside(value.as_str().unwrap_or_default()))?;
                Ok(())
            }
            _ => minijinja::escape_formatter(out, state, value),
        });
        environment
    }

    /// Reads a template, and tries it on the largest ticket and on an empty one.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what to do about it.
    pub(crate) fn read(source: &str, own: &Own) -> Result<Self, (String, String)> {
        Self::read_in(Notation::Plain, source, own)
    }

    pub(super) fn read_in(
        notation: Notation,
        source: &str,
        own: &Own,
    ) -> Result<Self, (String, String)> {
        if source.len() > MAX_TEMPLATE_BYTES {
            let problem = format!("{} bytes are more than {MAX_TEMPLATE_BYTES}", source.len());
            return Err((problem, "keep long texts in an article, and point to it".into()));
        }
        if let Some(found) = grows(source) {
            let problem = format!("a template does not compute, and here is `{found}`");
            return Err((problem, "write the words themselves, and choose with `if`".into()));
        }
        let wrong = |error: &Error| match error.kind() {
            ErrorKind::OutOfFuel => (
                "it takes more steps than a letter needs".to_owned(),
                "leave out loops within loops".to_owned(),
            ),
            _ => {
                let line =
                    error.line().map_or(String::new(), |line| format!("in its line {line}, "));
                let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
                (format!("{line}{what}"), "see `minijinja` for what can be written".to_owned())
            }
        };
        let mut environment = Self::environment(notation);
        let added = environment.add_template_owned(ITSELF, source.to_owned());
        added.map_err(|error| wrong(&error))?;
        let template = environment.get_template(ITSELF).map_err(|error| wrong(&error))?;
        let mut used: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        used.sort();
        if let Some(unknown) = used.iter().find(|name| !is_name(name, own)) {
            let fields = own.keys().map(|id| format!("ticket.fields.{id}"));
            let known = TEMPLATE_NAMES.iter().map(|name| (*name).to_owned());
            let known = known.chain(fields).collect::<Vec<_>>().join(", ");
            return Err((format!("there is no `{unknown}`"), format!("write one of {known}")));
        }
        let needs = Needs::of_names(used.iter().map(String::as_str));
        let long = "x".repeat(MAX_LINE_BYTES);
        for letter in [Letter::filled(own, &long, MAX_TAGS), Letter::filled(own, "", 0)] {
            let text = template.render(letter.into_value()).map_err(|error| wrong(&error))?;
            if text.len() > MAX_TEXT_BYTES {
                let problem = format!("it can grow beyond {MAX_TEXT_BYTES} bytes");
                return Err((problem, "leave out loops within loops".into()));
            }
        }
        Ok(Self { source: source.into(), environment: Arc::new(environment), notation, needs })
    }

    /// The names that it uses.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let template = self.environment.get_template(ITSELF);
        template.into_iter().flat_map(|template| template.undeclared_variables(true))
    }

    /// The template, filled.
    ///
    /// # Errors
    ///
    /// Why it cannot be filled with that.
    pub(crate) fn render(&self, letter: Letter) -> Result<String, String> {
        let template = self.environment.get_template(ITSELF);
        let filled = template.and_then(|template| template.render(letter.into_value()));
        let filled = filled.map_err(|error| error.to_string())?;
        match self.notation {
            Notation::Plain => Ok(filled),
            Notation::Json => body::finished(&filled).map_err(str::to_owned),
        }
    }
}

/// What in the tags of a template joins, repeats or keeps texts, so that it could grow without end.
fn grows(source: &str) -> Option<&'static str> {
    let mut rest = source;
    while let Some(at) = ["{{", "{%"].iter().filter_map(|open| rest.find(open)).min() {
        let is_block = rest[at..].starts_with("{%");
        let tag = &rest[at + 2..];
        let (found, end) = look_into(tag, is_block);
        if found.is_some() {
            return found;
        }
        rest = &tag[end..];
    }
    None
}

/// Looks into one tag, and says where it ends.
fn look_into(tag: &str, is_block: bool) -> (Option<&'static str>, usize) {
    // A sign at either end only says that blanks go.
    let words = tag.trim_start_matches(['-', '+']).trim_start();
    if is_block && words.strip_prefix("set").is_some_and(|rest| !rest.starts_with(is_letter)) {
        return (Some("set"), 0);
    }
    let begin = tag.len() - words.len();
    let close = if is_block { "%}" } else { "}}" };
    let mut quote = None;
    for (at, letter) in tag.char_indices().skip_while(|(at, _)| *at < begin) {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if tag[at..].starts_with(close) => return (None, at + close.len()),
            None if tag[at + letter.len_utf8()..].starts_with(close) && letter == '+' => {}
            None => match letter {
                '*' => return (Some("*"), 0),
                '+' => return (Some("+"), 0),
                '~' => return (Some("~"), 0),
                '%' => return (Some("%"), 0),
                _ => {}
            },
        }
    }
    (None, tag.len())
}

const fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(source: &str, expected: &str) {
        let (problem, _) = Template::read(source, &Own::new()).expect_err(source);
        assert_eq!(problem, expected);
    }

    #[test]
    fn a_template_puts_values_in_and_chooses_among_words() {
        let source = "About {{ ticket.subject }}{% if ticket.team %} at {{ ticket.team }}{% endif %}:{% for tag in ticket.tags %} #{{ tag }}{% endfor %} 100 % + {{ '*' }}";
        let template = Template::read(source, &Own::new()).unwrap();
        let (full, empty) =
            (Letter::filled(&Own::new(), "x", 2), Letter::filled(&Own::new(), "", 0));
        assert_eq!(template.render(full).unwrap(), "About x at x: #x #x 100 % + *");
        assert_eq!(template.render(empty).unwrap(), "About : 100 % + *");
    }

    #[test]
    fn what_loops_without_end_or_grows_is_refused_when_the_rulebook_is() {
        let nested = "{% for a in ticket.tags %}{% for b in ticket.tags %}{% for c in ticket.tags %}x{% endfor %}{% endfor %}{% endfor %}";
        refused(nested, "it takes more steps than a letter needs");
        let wide = format!("{{% for a in ticket.tags %}}{}{{% endfor %}}", "x".repeat(8_000));
        refused(&wide, "it can grow beyond 262144 bytes");
        for (source, sign) in [
            ("{{ 'x' * 100000000 }}", "*"),
            ("{{ desk ~ desk }}", "~"),
            ("{{ desk + desk }}", "+"),
            ("{{ '%1000000d' % 1 }}", "%"),
            ("{% set a = desk %}", "set"),
            ("{%- set a %}{{ desk }}{% endset %}", "set"),
        ] {
            refused(source, &format!("a template does not compute, and here is `{sign}`"));
        }
        refused(&"x".repeat(MAX_TEMPLATE_BYTES + 1), "8193 bytes are more than 8192");
    }

    #[test]
    fn what_is_not_known_is_refused_even_where_nobody_comes_by() {
        refused(
            "{% if desk == 'x' %}{{ ticket.colour }}{% endif %}",
            "there is no `ticket.colour`",
        );
        refused("{{ ticket.tags }}", "in its line 1, a list is written one by one, in a loop");
        refused("{{ desk|upper }}", "in its line 1, filter upper is unknown");
        refused(
            "{{ desk",
            "in its line 1, unexpected end of input, expected end of variable block",
        );
    }
}
