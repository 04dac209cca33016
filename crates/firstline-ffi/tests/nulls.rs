//! Makes `tests/c/nulls.c`: every function of the header, with every pointer null in its turn.

use std::fmt::Write;

use crate::header::{generated, is_kept};

/// Arguments that may be null, by their names.
const OPTIONAL: &[&str] = &["error", "language", "options", "version", "done", "woken"];

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) result: String,
    pub(crate) arguments: Vec<(String, String)>,
}

/// The functions that a header declares.
pub(crate) fn functions(header: &str) -> Vec<Function> {
    let (_, header) = header.split_once("extern \"C\" {").expect("C++ sees functions of C");
    let code: String = header
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ");
    let declarations = code.split(';').filter_map(|piece| {
        let (before, arguments) = piece.trim().rsplit_once('(')?;
        let arguments = arguments.strip_suffix(')')?;
        let at = before
            .rfind(" fl_")
            .map(|at| at + 1)
            .or_else(|| before.rfind("*fl_").map(|at| at + 1))?;
        let (result, name) = before.split_at(at);
        let is_word = |word: &str| word.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        is_word(name).then(|| Function {
            name: name.to_owned(),
            result: result.split_whitespace().collect::<Vec<_>>().join(" "),
            arguments: arguments.split(',').filter_map(argument).collect(),
        })
    });
    declarations.collect()
}

fn argument(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let at = text.rfind(|it: char| !(it.is_ascii_alphanumeric() || it == '_'))? + 1;
    let (kind, name) = text.split_at(at);
    Some((kind.split_whitespace().collect::<Vec<_>>().join(" "), name.to_owned()))
}

/// A good value for an argument.
fn value(kind: &str, name: &str) -> String {
    match (kind, name) {
        ("const char *", "rules" | "source") => "rules".to_owned(),
        ("const char *", "folder" | "file") => "folder".to_owned(),
        ("const char *", "backup") => "backup".to_owned(),
        ("const char *", "command") => {
            r#""{\"actor\":\"system\",\"ticket\":1,\"action\":\"wake\"}""#.to_owned()
        }
        ("const char *", "commands") => r#""[]""#.to_owned(),
        ("const char *", "clock") => r#""first_reply""#.to_owned(),
        ("const char *", "party") => r#""{\"contact\":1}""#.to_owned(),
        ("const char *", "actor") => r#""\"system\"""#.to_owned(),
        ("const char *", "language") => r#""en""#.to_owned(),
        ("const char *", "visitor") => r#""{\"guest\":17}""#.to_owned(),
        ("const char *", "step") => r#""{\"helped\":true}""#.to_owned(),
        ("const char *", "name") => r#""office""#.to_owned(),
        ("const char *", "json") => {
            r#""{\"time_zone\":\"UTC\",\"weekly\":{\"mon\":[\"09:00-17:00\"]}}""#.to_owned()
        }
        ("const char *", _) => r#""{}""#.to_owned(),
        ("size_t", "length" | "records_length" | "agents_length") => "1".to_owned(),
        ("size_t", "limit") => "5".to_owned(),
        ("size_t", _) => "FL_NTS".to_owned(),
        ("const struct fl_desk *" | "struct fl_desk *", _) => "desk".to_owned(),
        ("const struct fl_calendar *" | "struct fl_calendar *", _) => "calendar".to_owned(),
        ("const struct fl_hits *" | "struct fl_hits *", _) => "hits".to_owned(),
        ("const struct fl_error *" | "struct fl_error *", _) => "kept".to_owned(),
        ("const struct fl_desk_options *", _) => "&options".to_owned(),
        ("struct fl_buffer *", _) => "&out".to_owned(),
        ("struct fl_error **", _) => "&error".to_owned(),
        ("struct fl_desk **", _) => "&made_desk".to_owned(),
        ("struct fl_calendar **", _) => "&made_calendar".to_owned(),
        ("struct fl_hits **", _) => "&made_hits".to_owned(),
        ("struct fl_hit *", _) => "&hit".to_owned(),
        ("struct fl_woken *", _) => "&woken".to_owned(),
        ("const uint64_t *" | "uint64_t *", _) => "&u64".to_owned(),
        ("const int64_t *" | "int64_t *", _) => "&i64".to_owned(),
        ("int32_t *", _) => "&i32".to_owned(),
        ("uint32_t *", _) => "&u32".to_owned(),
        ("int64_t", "now_ms" | "at_ms" | "from_ms" | "to_ms") => "1772442000000".to_owned(),
        ("uint64_t" | "int64_t" | "uint32_t" | "int32_t", _) => "1".to_owned(),
        other => panic!("the generator knows no value for {other:?}"),
    }
}

/// The calls of one function.
fn calls(function: &Function, code: &mut String) {
    let Function { name, result, arguments } = function;
    let pointers = arguments.iter().enumerate().filter(|(_, (kind, _))| kind.ends_with('*'));
    let pointers: Vec<usize> = pointers.map(|(at, _)| at).collect();
    let frees = name.ends_with("_free") || name.ends_with("_close");
    let call = |is_null: &dyn Fn(usize) -> bool| {
        let values = arguments.iter().enumerate().map(|(at, (kind, name))| {
            if is_null(at) { "NULL".to_owned() } else { value(kind, name) }
        });
        format!("{name}({})", values.collect::<Vec<_>>().join(", "))
    };
    for &null in &pointers {
        let argument = &arguments[null].1;
        // Only tickets can be asked for without a question.
        let is_optional = OPTIONAL.contains(&argument.as_str())
            || (argument == "question"
                && ["fl_desk_tickets", "fl_desk_count", "fl_desk_views"].contains(&name.as_str()));
        let call = call(&|at| at == null);
        let check = match result.as_str() {
            "fl_status" if frees || argument == "error" && name.starts_with("fl_error") => "any",
            "fl_status" if is_optional => "any",
            "fl_status" => "refused",
            _ => "nothing",
        };
        let line = match check {
            "nothing" => format!("    {call};"),
            check => format!("    {check}(\"{name}, {argument}\", {call});"),
        };
        writeln!(code, "{line}\n    tidy();").expect("a string takes everything");
    }
    if pointers.len() > 1 {
        let call = call(&|at| pointers.contains(&at));
        writeln!(code, "    any(\"{name}, all\", {call});\n    tidy();").expect("as above");
    }
}

#[test]
fn every_function_is_called_with_every_argument_null() {
    let functions = functions(&generated());
    assert!(functions.len() > 50, "{}", functions.len());
    let mut code = include_str!("c/nulls.head.h").to_owned();
    for function in &functions {
        calls(function, &mut code);
    }
    code.push_str("    return done();\n}\n");
    is_kept("tests/c/nulls.c", &code);
}
