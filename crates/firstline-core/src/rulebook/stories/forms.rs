//! What is wrong with fields of a desk's own and with forms, each with its place and its mend.

use super::*;
use crate::{Actor, Asking, ContactId, Language, OpenTicket, Role, TicketFilter, Timestamp};

/// Adds fields and forms to the good rulebook and compares what is found, without the file's name
/// and line.
#[track_caller]
fn refused(more: &str, expected: &str) {
    let found = Rulebook::from_toml(&format!("{GOOD}{more}"), "desk.toml");
    let found = found.expect_err("it was accepted").findings.into_iter();
    let errors = found.filter(|finding| finding.severity == Severity::Error);
    let told = errors.map(|it| it.to_string().split_once(": ").unwrap().1.to_owned());
    assert_eq!(told.collect::<Vec<_>>().join("\n"), expected.trim());
}

/// The same for one field.
#[track_caller]
fn no_field(keys: &str, expected: &str) {
    refused(&format!("[fields.a]\n{keys}\n"), expected);
}

/// The same for one form beside a field `a` and a field `b`.
#[track_caller]
fn no_form(forms: &str, expected: &str) {
    let fields = "[fields.a]\nkind = \"bool\"\n[fields.b]\nkind = \"integer\"\n";
    refused(&format!("{fields}{forms}"), expected);
}

#[test]
fn a_screen_is_told_which_lines_there_are_for_whom() {
    let rules = r#"
[fields.site]
kind = "choice"
label = { en = "Site", ru = "Площадка" }
choices = ["berlin", { id = "kazan", label = { en = "Kazan", ru = "Казань" } }]
[fields.seats]
kind = "integer"
[fields.cause]
kind = "text"
set_by = "agent"
seen_by = "agent"
[fields.contract_end]
kind = "date"
set_by = "agent"
[[forms]]
name = "workplace"
fields = [
    { field = "site", required = "opening" },
    { field = "seats", required = "resolving", when = { site = "kazan" } },
    { field = "cause", required = "resolving" },
    { field = "contract_end", required = "opening" },
]
"#;
    let rulebook = Rulebook::from_toml(&format!("{GOOD}{rules}"), "desk.toml").unwrap();
    let mut request = OpenTicket::new(ContactId(1), "", "");
    let shown = |request: &OpenTicket, role| {
        let by = match role {
            Role::Contact => Actor::Contact(ContactId(1)),
            _ => Actor::Agent(AgentId(1)),
        };
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        let form = rulebook.form_of_request(request, by, now).unwrap();
        let lines = form.lines.iter().map(|line| {
            let label = line.field.label.in_language(&Language::from("ru-RU"));
            let needed = line.required.map_or("", |required| required.as_str());
            let value = line.value.as_ref().map_or(String::new(), ToString::to_string);
            format!("{label}|{needed}|{value}|{}", if line.can_be_set { "" } else { "fixed" })
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(shown(&request, Role::Contact), ["Площадка|opening||", "contract_end|||fixed"]);
    request.fields.insert("site".into(), "kazan".into());
    request.fields.insert("seats".into(), "not yet".into());
    assert_eq!(
        shown(&request, Role::Agent),
        [
            "Площадка|opening|kazan|",
            "seats|resolving||",
            "cause|resolving||",
            "contract_end|opening||"
        ]
    );
}

#[test]
fn a_field_has_an_id_of_its_own_that_can_be_typed() {
    refused(
        "[fields.Site]\nkind = \"bool\"\n[fields.any]\nkind = \"bool\"\n",
        "
fields.Site: `Site` cannot be the id of a field; write a small letter, then at most 39 small letters, digits and _
fields.any: conditions join others by the word `any`; give it another id
",
    );
}

#[test]
fn what_every_ticket_has_under_a_name_is_meant_by_it_alone() {
    let names = "number status state priority kind channel impact urgency need discipline hold \
                 language tier line team assignee offered follower requester organization equipment \
                 contract parent problem tag approval rating overdue reopened merged spam due \
                 snoozed opened updated resolved";
    for name in names.split(' ') {
        let text = format!("{GOOD}[fields.{name}]\nkind = \"text\"\n");
        let rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
        let told = rulebook.remarks(Timestamp::MIN).into_iter().map(|found| found.problem);
        let problem = format!("`{name}` alone is what every ticket has");
        assert!(told.into_iter().any(|told| told == problem), "{name}");
        // The explicit form is read, and written again.
        let typed = format!("field.{name}:x");
        let asked = rulebook.read_filter(&typed, &Asking::at(Timestamp::MAX)).unwrap();
        assert_eq!((asked.filter.fields.len(), asked.to_string()), (1, typed));
        // All of them are what somebody is told who has mistyped one.
        let error = TicketFilter::read("nmber:1", &Asking::at(Timestamp::MAX)).unwrap_err();
        assert!(error.mend.contains(name), "{error}");
    }
    let known = TicketFilter::read("nmber:1", &Asking::at(Timestamp::MAX)).unwrap_err().mend;
    assert_eq!(known.split(", ").count(), names.split(' ').count(), "{known}");
}

#[test]
fn a_field_says_what_belongs_to_its_kind() {
    no_field(
        "kind = \"money\"",
        "fields.a.kind: there is no kind `money`; write one of text, integer, decimal, bool, date, choice, choices, reference",
    );
    no_field(
        "kind = \"bool\"\nmin = 1",
        "fields.a.min: `min` says nothing of the kind `bool`; remove it",
    );
    no_field(
        "kind = \"text\"\nchoices = [\"x\"]",
        "fields.a.choices: `choices` says nothing of the kind `text`; remove it",
    );
    no_field(
        "kind = \"bool\"\nset_by = \"boss\"",
        "fields.a.set_by: unknown variant `boss`, expected one of `contact`, `agent`, `system`",
    );
    no_field(
        "kind = \"bool\"\nseen_by = \"agent\"",
        "fields.a.seen_by: a contact may set it and does not see it; let whoever sets it see it",
    );
    no_field(
        "kind = \"bool\"\nlabel = \"\"",
        "fields.a.label: a label is empty; write a few words",
    );
    no_field(
        "kind = \"bool\"\nlabel = {}",
        "fields.a.label: it says nothing in any language; write such as en = \"Site\"",
    );
    no_field(
        "kind = \"bool\"\nlabel = { english = \"Site\", e = \"S\" }",
        "fields.a.label: `e` is not a language tag such as `en`, `ru` or `pt-BR`; write one",
    );
    no_field(
        "kind = \"bool\"\nlabel = 5",
        "fields.a.label: a text, or a table of texts by language such as { en = \"Site\" }",
    );
}

#[test]
fn a_field_leaves_something_to_be_put_in() {
    no_field(
        "kind = \"text\"\nmax_length = 0",
        "fields.a.max_length: 0 is no length of a text; write 1 to 4000; what is longer is a message",
    );
    no_field(
        "kind = \"integer\"\nmin = 2\nmax = 1",
        "fields.a.max: nothing lies between 2 and 1; write the larger one here",
    );
    no_field(
        "kind = \"integer\"\nmin = \"2\"",
        "fields.a.min: this is no whole number; write one without quotes",
    );
    no_field(
        "kind = \"decimal\"\nmin = \"0.00001\"",
        "fields.a.min: this is no decimal number; write such as \"12.50\"",
    );
    no_field(
        "kind = \"decimal\"\ndigits = 5",
        "fields.a.digits: 5 digits behind the point are too many; write at most 4",
    );
    no_field(
        "kind = \"date\"\nmax = \"tomorrow\"",
        "fields.a.max: this is no date; write it in quotes as 2026-03-02",
    );
    no_field(
        "kind = \"date\"\nmin = \"2026-03-02\"\nmax = \"2026-03-01\"",
        "fields.a.max: nothing lies between 2026-03-02 and 2026-03-01; write the larger one here",
    );
    no_field(
        "kind = \"choice\"",
        "fields.a.choices: there is nothing to choose among; write `choices` with an id for each",
    );
    no_field(
        "kind = \"choice\"\nchoices = []",
        "fields.a.choices: there is nothing to choose among; write `choices` with an id for each",
    );
    no_field(
        "kind = \"choices\"\nchoices = [\"x\", \"\", \"x\"]",
        "fields.a.choices[1]: the id is empty; write a short word\nfields.a.choices[2]: there are two choices `x`; remove one",
    );
    no_field(
        "kind = \"choices\"\nchoices = [\"x\"]\nmax = 2",
        "fields.a.max: this is no number of choices that can be made; write 1 to 1",
    );
    no_field(
        "kind = \"reference\"",
        "fields.a: it is not said to what it refers; write `to` with one of contact, organization, agent, equipment, ticket",
    );
    no_field(
        "kind = \"reference\"\nto = \"contract\"",
        "fields.a.to: there is no kind `contract`; write one of contact, organization, agent, equipment, ticket",
    );
}

#[test]
fn a_form_has_a_name_and_fields_that_there_are_each_once() {
    no_form(
        "[[forms]]\nname = \"\"\nfields = []\n",
        "forms[0].name: name is empty; write what it is for\nforms[0].fields: it asks for nothing; write a field, or remove the form",
    );
    no_form(
        "[[forms]]\nname = \"f\"\nwhen = { kind = \"task\" }\nfields = [{ field = \"c\" }, { field = \"a\", required = \"always\" }, { field = \"a\" }]\n[[forms]]\nname = \"f\"\nfields = [{ field = \"b\" }]\n",
        "
forms[0].fields[0].field: there is no field `c`; write one of a, b
forms[0].fields[1].required: there is no time `always`; write one of opening, resolving
forms[0].fields[2].field: `a` is on the form twice; remove one
forms[1].name: there are two forms `f`; rename one
",
    );
    refused(
        "[[forms]]\nname = \"f\"\nfields = [{ field = \"c\" }]\n",
        "forms[0].fields[0].field: there is no field `c`; write [fields.c] first",
    );
}

#[test]
fn a_form_that_can_never_apply_and_a_line_that_is_never_there_are_told() {
    no_form(
        "[[forms]]\nname = \"wide\"\nwhen = { priority = { at_least = \"high\" } }\nfields = [{ field = \"a\" }]\n[[forms]]\nname = \"narrow\"\nwhen = { priority = \"critical\" }\nfields = [{ field = \"b\" }]\n",
        "forms[1]: it never applies: `wide` before it takes every such ticket; move it up, or give the other one a narrower `when`",
    );
    no_form(
        "[[forms]]\nname = \"f\"\nwhen = { kind = \"task\" }\nfields = [{ field = \"a\", when = { kind = \"incident\" } }]\n",
        "forms[0].fields[0].when: it is never there: the form is for other tickets; change one of the two conditions",
    );
    no_form(
        "[[forms]]\nname = \"f\"\nfields = [{ field = \"b\", when = { b = { at_least = 1 } } }]\n",
        "forms[0].fields[0].when: whether `b` is there hangs on itself; ask for another field",
    );
    no_form(
        "[[forms]]\nname = \"f\"\nwhen = { kind = { changed = true } }\nfields = [{ field = \"b\", when = { due = { within = \"2h\" } } }]\n",
        "forms[0].when: a form goes by what a ticket is, not by what happens to it; leave out `was`, `changed` and `within`\nforms[0].fields[0].when: a form goes by what a ticket is, not by what happens to it; leave out `was`, `changed` and `within`",
    );
}

#[test]
fn rules_set_fields_that_there_are_to_what_they_hold() {
    let cannot = |deed: &str, expected: &str| {
        no_form(&format!("[[rules]]\nname = \"r\"\ndo = [{deed}]\n"), expected);
    };
    cannot("{ set = { c = 1 } }", "rules[0].do[0].set.c: there is no field `c`; write one of a, b");
    cannot(
        "{ set = { b = \"x\" } }",
        "rules[0].do[0].set.b: `b` is a whole number, not `x`; write what the field can hold",
    );
    cannot(
        "{ set = { b = 1 }, clear = [\"b\", \"c\"] }",
        "rules[0].do[0].clear: `b` is named twice; remove one\nrules[0].do[0].clear: there is no field `c`; write one of a, b",
    );
    cannot("{ set = {} }", "rules[0].do[0]: no field is named; write one");
}

#[test]
fn there_is_a_limit_to_everything() {
    let fields: String = (0..257).map(|i| format!("[fields.f{i}]\nkind = \"bool\"\n")).collect();
    refused(
        &fields,
        "fields: 257 fields are more than 256; leave out what no rule and no form asks for",
    );
    let choices = (0..1_001).map(|i| format!("\"c{i}\"")).collect::<Vec<_>>().join(", ");
    no_field(
        &format!("kind = \"choice\"\nchoices = [{choices}]"),
        "fields.a.choices: 1001 choices are more than 1000; keep long lists elsewhere, and write a `text`",
    );
    let lines = vec!["{ field = \"a\" }"; 101].join(", ");
    no_form(
        &format!("[[forms]]\nname = \"f\"\nfields = [{lines}]\n"),
        "forms[0].fields: 101 fields are more than 100; nobody fills in so much: write several forms",
    );
    let forms: String = (0..101)
        .map(|i| format!("[[forms]]\nname = \"{i}\"\nfields = [{{ field = \"a\" }}]\n"))
        .collect();
    no_form(
        &forms,
        "forms: 101 forms are more than 100; join some, and say of each field when it is there",
    );
}
