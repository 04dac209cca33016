//! What is answered has the shape that `schema/answers.json` promises, and nothing beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::ptr::{null, null_mut};

use firstline_ffi::*;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::desk::{Desk, Failed, MONDAY, RULES, failed, options, parts};
use crate::header::generated;
use crate::nulls::functions;

const HOUR: i64 = 3_600_000;
const END: i64 = MONDAY + 48 * HOUR;

/// What the story has no need for, and answers do.
const MORE_RULES: &str = r#"
[[rules]]
name = "errors first"
on = ["opened", "customer_replied"]
when = { text = { matches = "E[0-9]{4}" }, priority = { at_most = "medium" } }
do = [{ priority = "high" }]
"#;

/// In place of a length: the text ends at its NUL.
const NTS: usize = usize::MAX;

/// Calls a function that answers in JSON and keeps its answer.
macro_rules! ask {
    ($told:ident, $function:ident($($argument:expr),*)) => {{
        // SAFETY: the texts are NUL-terminated, and the places are there.
        let call = |desk, out, error| unsafe { $function(desk, $($argument,)* out, error) };
        $told.ask(stringify!($function), call)
    }};
}

/// What functions answered, by their names.
struct Told {
    desk: Desk,
    answers: BTreeMap<&'static str, Vec<Value>>,
}

impl Told {
    fn ask(
        &mut self,
        function: &'static str,
        call: impl FnOnce(*const fl_desk, *mut fl_buffer, *mut *mut fl_error) -> fl_status,
    ) {
        let (function, answer) = match self.desk.ask(call) {
            Ok(answer) => (function, answer),
            Err(Failed { json, .. }) => ("fl_error_json", json),
        };
        self.answers.entry(function).or_default().push(answer);
    }

    fn execute(&mut self, command: &str) {
        let (text, length) = parts(command);
        ask!(self, fl_desk_execute(text, length));
    }
}

/// The story, and every question that can be asked about it.
fn tell(folder: &Path) -> BTreeMap<&'static str, Vec<Value>> {
    let rules = format!("{RULES}{MORE_RULES}");
    let desk = Desk::open_in(&folder.join("desk"), &rules, &options());
    let mut told = Told { desk, answers: BTreeMap::new() };
    for line in include_str!("story.jsonl").lines() {
        told.execute(line);
    }
    // SAFETY: nobody wants to know what was woken, or why not.
    unsafe { fl_desk_handle_timeout(told.desk.0, END, null_mut(), null_mut()) };
    let refused = r#"[{"actor":{"contact":1},"ticket":1,"action":{"assign":{"agent":1}}}]"#;
    let (refused, length) = parts(refused);
    ask!(told, fl_desk_execute_all(refused, length));
    let wake = cr#"{"actor":{"agent":1},"ticket":2,"action":{"change_status":{"to":"resolved"}}}"#;
    ask!(told, fl_desk_preview(wake.as_ptr(), NTS));
    about_tickets(&mut told);
    about_people_and_rules(&mut told, &rules);
    about_knowledge(&mut told);
    about_the_journal(&mut told, folder);
    told.answers
}

fn about_tickets(told: &mut Told) {
    ask!(told, fl_desk_ticket(1));
    ask!(told, fl_desk_ticket(2));
    ask!(told, fl_desk_ticket(9));
    ask!(told, fl_desk_tickets(null(), 0));
    ask!(told, fl_desk_tickets(cr#"{"limit":1}"#.as_ptr(), NTS));
    ask!(told, fl_desk_tickets(cr#"{"filter":"stauts:new"}"#.as_ptr(), NTS));
    ask!(told, fl_desk_tickets(cr#"{"lmit":1}"#.as_ptr(), NTS));
    ask!(told, fl_desk_tickets(c"\xff".as_ptr(), NTS));
    ask!(told, fl_desk_views(null(), 0));
    for ticket in [1, 2] {
        ask!(told, fl_desk_timeline(ticket));
        for role in [c"contact", c"agent", c"boss"] {
            ask!(told, fl_desk_timeline_seen_by(ticket, role.as_ptr(), NTS));
        }
        for clock in [c"first_reply", c"resolution"] {
            ask!(told, fl_desk_explain(ticket, clock.as_ptr(), NTS, 0, i64::MAX, null(), 0));
        }
        ask!(told, fl_desk_brief(ticket, c"ru".as_ptr(), NTS));
        ask!(told, fl_desk_forecast(ticket, END + 1_000 * HOUR));
        ask!(told, fl_desk_why_not(ticket, c"errors first".as_ptr(), NTS));
        for actor in [cr#"{"contact":1}"#, cr#"{"agent":1}"#] {
            ask!(told, fl_desk_ways(ticket, actor.as_ptr(), NTS, c"ru".as_ptr(), NTS));
            ask!(told, fl_desk_form(ticket, actor.as_ptr(), NTS, null(), 0));
            let request = cr#"{"kind":"question","channel":"portal","impact":"low","urgency":"low","requester":1,"subject":"P","text":"t"}"#;
            ask!(
                told,
                fl_desk_form_of_request(request.as_ptr(), NTS, actor.as_ptr(), NTS, null(), 0)
            );
        }
        ask!(told, fl_desk_choose_agent(ticket, &raw const ONE, 1, null(), 0));
    }
    ask!(told, fl_desk_records(0, 1_000));
}

static ONE: u64 = 1;

fn about_people_and_rules(told: &mut Told, rules: &str) {
    ask!(told, fl_desk_party(cr#"{"contact":1}"#.as_ptr(), NTS));
    ask!(told, fl_desk_party(cr#"{"agent":1}"#.as_ptr(), NTS));
    ask!(told, fl_desk_find_parties(cr#"{"limit":1}"#.as_ptr(), NTS));
    ask!(told, fl_desk_rulebook());
    let other = rules.replace("high = \"1h\"", "high = \"6h\"");
    let (other, length) = parts(&other);
    ask!(told, fl_desk_dry_run(other, length, 1_000));
    let past = r#"within = { instant = "2020-01-01T00:00:00Z" }"#;
    let passed = rules.replace(r#"within = "16h""#, past);
    for rules in [passed.as_str(), "name = 'Desk'\nlines = []\n"] {
        let (rules, length) = parts(rules);
        // SAFETY: text and places are there.
        told.ask("fl_rulebook_check", |_, out, error| unsafe {
            fl_rulebook_check(rules, length, MONDAY, out, error)
        });
    }
}

fn about_knowledge(told: &mut Told) {
    let question = cr#"{"text":"my printers are not printing"}"#.as_ptr();
    ask!(told, fl_desk_search(question, NTS));
    ask!(told, fl_desk_suggest(2, 5));
    ask!(told, fl_desk_similar(2, 5));
    ask!(told, fl_desk_article(1));
    ask!(told, fl_desk_read_article(1, 0, c"de".as_ptr(), NTS));
    for action in [
        r#"{"describe":{"questions":["qwerty"],"owner":1}}"#,
        r#"{"save_draft":{"language":"de","title":"Der Drucker druckt nicht","body":"Aus und ein."}}"#,
        r#"{"submit_draft":{"language":"de"}}"#,
    ] {
        let article = format!(r#"{{"article":{{"article":1,"do":{action}}}}}"#);
        told.execute(&format!(r#"{{"actor":{{"agent":1}},"action":{article}}}"#));
    }
    ask!(told, fl_desk_check_articles());
    ask!(told, fl_desk_article_chores());
    let guest = cr#"{"guest":17}"#.as_ptr();
    ask!(told, fl_desk_answer(1, guest, NTS, question, NTS));
    ask!(told, fl_desk_answer_page(1, guest, NTS, question, NTS));
    for step in [cr#"{"viewed":1}"#, cr#"{"helped":false}"#] {
        // SAFETY: the text is there.
        let status = unsafe { fl_desk_note(told.desk.0, 1, step.as_ptr(), NTS, null_mut()) };
        assert_eq!(status, fl_status::Ok);
    }
    ask!(told, fl_desk_visits(0, END));
    ask!(told, fl_desk_deflection(0, END, 1));
    ask!(told, fl_desk_gaps(0, END, 1));
}

fn about_the_journal(told: &mut Told, folder: &Path) {
    ask!(told, fl_desk_effects(END, 0, 0, 0));
    ask!(told, fl_desk_open_effects(0, 10));
    ask!(told, fl_desk_head());
    ask!(told, fl_desk_verify());
    let file = folder.join("export.jsonl");
    let (file, file_length) = parts(file.to_str().unwrap());
    ask!(told, fl_desk_export(file, file_length));
    ask!(told, fl_desk_export(file, file_length));
    let other = Desk::open();
    // SAFETY: the text and the places are there.
    told.ask("fl_desk_import", |_, out, error| unsafe {
        fl_desk_import(other.0, file, file_length, out, error)
    });
    let (copy, again) = (folder.join("copy"), folder.join("again"));
    let ((copy, copy_length), (again, again_length)) =
        (parts(copy.to_str().unwrap()), parts(again.to_str().unwrap()));
    // SAFETY: the texts and the places are there.
    unsafe {
        let mut error = null_mut();
        let status = fl_desk_backup(told.desk.0, copy, copy_length, &mut error);
        assert_eq!(
            status,
            fl_status::Ok,
            "{:?}",
            (!error.is_null()).then(|| failed(status, error))
        );
        told.ask("fl_restore", |_, out, error| {
            fl_restore(copy, copy_length, again, again_length, out, error)
        });
    }
    let bob = cr#"{"agent":1}"#.as_ptr();
    ask!(told, fl_desk_erase(bob, NTS, 1));
    ask!(told, fl_desk_timeline(1));
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../schema/answers.json")).unwrap()
}

/// The schema for those who want to know of every field: what is said to be open for later versions is
/// closed.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            for value in map.values_mut() {
                *value = closed(value.take());
            }
            if map.contains_key("properties") && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = closed(value.take());
            }
        }
        _ => {}
    }
    schema
}

fn mistakes(validator: &Validator, function: &str, answer: &Value) -> Vec<String> {
    let named = json!({ function: answer });
    let mistakes = validator.iter_errors(&named);
    mistakes.map(|it| format!("{}: {it}", it.instance_path())).collect()
}

#[test]
fn every_answer_has_the_shape_that_is_promised() {
    let folder = tempfile::tempdir().unwrap();
    let told = tell(folder.path());
    let validator = jsonschema::validator_for(&closed(schema())).unwrap();
    for (function, answers) in &told {
        for answer in answers {
            let mistakes = mistakes(&validator, function, answer);
            assert!(mistakes.is_empty(), "{function}: {mistakes:#?}\n{answer:#}");
        }
        // Nothing but an empty list would fit whatever is promised.
        let empty = |answer: &Value| answer.as_array().is_some_and(Vec::is_empty);
        assert!(!answers.iter().all(empty), "{function} has answered nothing");
    }
    let errors = told["fl_error_json"].iter().map(|error| error["name"].as_str().unwrap());
    let expected =
        "not_found not_found bad_query bad_json not_utf8 argument argument rulebook file_exists";
    assert_eq!(errors.collect::<Vec<_>>().join(" "), expected, "{:#?}", told["fl_error_json"]);
    let promised = schema()["properties"].as_object().unwrap().clone();
    let mut answering: Vec<String> = functions(&generated())
        .into_iter()
        .filter(|it| it.arguments.iter().any(|(kind, name)| is_answer(kind, name)))
        .map(|it| it.name)
        .collect();
    answering.push("fl_error_json".to_owned());
    answering.sort();
    assert_eq!(promised.keys().cloned().collect::<Vec<_>>(), answering);
    assert_eq!(told.keys().map(|&it| it.to_owned()).collect::<Vec<_>>(), answering);
}

fn is_answer(kind: &str, name: &str) -> bool {
    (kind, name) == ("struct fl_buffer *", "out")
}

#[test]
fn what_has_another_shape_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let told = tell(folder.path());
    let validator = jsonschema::validator_for(&closed(schema())).unwrap();
    let mut tried = 0;
    for (function, answers) in &told {
        for answer in answers {
            let answer = answer.get(0).unwrap_or(answer);
            let Some(fields) = answer.as_object() else { continue };
            let is_list = told[function][0].is_array();
            let whole = |answer: Value| if is_list { json!([answer]) } else { answer };
            let mut more = answer.clone();
            more["surprise"] = true.into();
            let wrong = mistakes(&validator, function, &whole(more));
            assert!(!wrong.is_empty(), "{function} may have any field");
            for field in fields.keys() {
                let mut other = answer.clone();
                other[field] = json!([[null]]);
                let wrong = mistakes(&validator, function, &whole(other));
                assert!(!wrong.is_empty(), "{function}: {field} may be anything");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}
