//! Fields of a desk's own: who fills them in, when they are asked for, and what follows from them.

use super::script::check_under;

/// A desk that sets workplaces up.
const WORKPLACES: &str = r#"
[fields.site]
kind = "choice"
choices = ["berlin", "kazan"]
[fields.seats]
kind = "integer"
min = 1
max = 500
[fields.budget]
kind = "decimal"
max = "10000"
[fields.systems]
kind = "choices"
choices = ["erp", "mail", "vpn"]
[fields.cause]
kind = "text"
max_length = 20
set_by = "agent"
[[forms]]
name = "workplace"
when = { kind = "service_request" }
fields = [
    { field = "site", required = "opening" },
    { field = "seats", required = "opening", when = { site = "kazan" } },
    { field = "budget" },
    { field = "systems" },
]
[[forms]]
name = "fault"
when = { kind = "incident" }
fields = [{ field = "site" }, { field = "cause", required = "resolving" }]
"#;

fn opens(kind: &str, fields: &str) -> String {
    format!(
        r#"mon 09:00 customer does {{"open": {{"kind": "{kind}", "requester": 1, "subject": "s", "text": "t", "channel": "portal", "impact": "medium", "urgency": "medium", "fields": {fields}}}}}"#
    )
}

#[test]
fn an_opening_fills_in_what_its_form_requires_and_all_that_is_missing_is_told_at_once() {
    let script = [
        opens("service_request", "{}"),
        opens("service_request", r#"{"site": "kazan"}"#),
        opens("service_request", r#"{"site": "kazan", "seats": 12}"#),
        format!("2: {}", opens("service_request", r#"{"site": "berlin"}"#)),
    ];
    check_under(
        &[WORKPLACES],
        &script.join("\n"),
        "mon 09:00  refused: the form `workplace` requires `site` before the ticket is opened, and from then on
         mon 09:00  refused: the form `workplace` requires `seats` before the ticket is opened, and from then on
         mon 09:00  opened, medium, on L1, seats=12, site=kazan
         2: mon 09:00  opened, medium, on L1, site=berlin",
    );
    let both = WORKPLACES.replace(", when = { site = \"kazan\" }", "");
    check_under(
        &[&both],
        &opens("service_request", r#"{"budget": 1.5}"#),
        "mon 09:00  refused: the form `workplace` requires `site`, `seats` before the ticket is opened, and from then on",
    );
}

#[test]
fn a_field_that_is_not_on_the_form_is_refused_with_the_reason() {
    let script = [
        opens("service_request", r#"{"site": "berlin", "seats": 3}"#),
        opens("service_request", r#"{"site": "berlin", "colour": "red"}"#),
        opens("question", r#"{"site": "berlin"}"#),
        opens("incident", r#"{"seats": 3}"#),
        opens("incident", r#"{"cause": "dust"}"#),
    ];
    check_under(
        &[WORKPLACES],
        &script.join("\n"),
        "mon 09:00  refused: `seats` is not on the form `workplace` of this ticket: site is berlin, not kazan
         mon 09:00  refused: the rulebook has no field `colour`; it has `budget`, `cause`, `seats`, `site`, `systems`
         mon 09:00  refused: `site` is on no form of this ticket: no form in the rulebook is meant for it
         mon 09:00  refused: `seats` is not on the form `fault` of this ticket: it has site, cause
         mon 09:00  refused: contact 1 may not set `cause`: that takes an agent",
    );
}

#[test]
fn a_field_may_come_with_what_brings_it_up_and_stays_when_that_goes() {
    let script = [
        &opens("service_request", r#"{"site": "berlin"}"#),
        r#"mon 10:00 agent does {"set_fields": {"fields": {"seats": 3}}}"#,
        r#"mon 10:01 agent does {"set_fields": {"fields": {"seats": 3, "site": "kazan"}}}"#,
        r#"mon 10:02 agent does {"set_fields": {"fields": {"site": "berlin", "systems": ["vpn", "erp"], "budget": "12.50"}}}"#,
        r#"mon 10:03 agent does {"set_fields": {"fields": {"seats": null, "systems": ["erp", "vpn"]}}}"#,
        r#"mon 10:04 agent does {"set_fields": {"fields": {"site": null}}}"#,
    ];
    check_under(
        &[WORKPLACES],
        &script.join("\n"),
        "mon 09:00  opened, medium, on L1, site=berlin
         mon 10:00  refused: `seats` is not on the form `workplace` of this ticket: site is berlin, not kazan
         mon 10:01  seats=3, site=kazan
         mon 10:02  budget=12.5, site=berlin, systems=erp, vpn
         mon 10:03  no seats
         mon 10:04  refused: the form `workplace` requires `site` before the ticket is opened, and from then on",
    );
}

#[test]
fn what_is_required_at_the_end_holds_the_resolving_up_for_whoever_may_fill_it_in() {
    let script = [
        &opens("incident", "{}"),
        "mon 10:00 agent resolved",
        r#"mon 10:01 agent does {"reply": {"text": "Done.", "then": "resolved"}}"#,
        r#"mon 10:02 agent does {"set_fields": {"fields": {"cause": "dust"}}}"#,
        "mon 10:03 agent resolved",
        &format!("2: {}", opens("incident", "{}")),
        // The customer may not say what it was, and is not asked.
        "2: mon 10:00 customer resolved",
    ];
    check_under(
        &[WORKPLACES],
        &script.join("\n"),
        "mon 09:00  opened, medium, on L1
         mon 10:00  refused: the form `fault` requires `cause` before the ticket is resolved
         mon 10:01  refused: the form `fault` requires `cause` before the ticket is resolved
         mon 10:02  cause=dust
         mon 10:03  resolved
         2: mon 09:00  opened, medium, on L1
         2: mon 10:00  resolved",
    );
}

#[test]
fn what_is_split_off_is_opened_without_being_asked_for_anything() {
    let any = WORKPLACES.replace("when = { kind = \"service_request\" }\n", "");
    let any = any.split("[[forms]]\nname = \"fault\"").next().unwrap();
    check_under(
        &[any],
        &[
            &opens("question", r#"{"site": "berlin"}"#),
            "mon 09:30 customer says",
            "mon 10:00 agent splits off mon 09:30",
        ]
        .join("\n"),
        "mon 09:00  opened, medium, on L1, site=berlin
         mon 09:30  contact 1 says something
         mon 10:00  message 2 became #2
         mon 10:00  is relates_to #2, which is new
         2: mon 10:00  opened, medium, on L1, site=berlin
         2: mon 10:00  is relates_to #1, which is new",
    );
}

#[test]
fn rules_ask_for_fields_and_set_them_and_what_they_cannot_set_is_left_out() {
    let rules = r#"
[[rules]]
name = "large"
on = ["fields_set", "opened"]
when = { seats = { at_least = 100 }, budget = { at_least = "5000" } }
do = [{ priority = "high" }, { set = { systems = ["vpn"] }, clear = "budget" }, { set = { cause = "growth" } }]
[[rules]]
name = "moved"
when = { site = { changed = true, was = "berlin" }, systems = { contains = "vpn" } }
do = [{ tag = "moved" }]
"#;
    let script = [
        &opens("service_request", r#"{"site": "kazan", "seats": 200, "budget": 5000}"#),
        r#"mon 10:01 agent does {"set_fields": {"fields": {"site": "berlin"}}}"#,
        r#"mon 10:02 agent does {"set_fields": {"fields": {"site": "kazan"}}}"#,
    ];
    check_under(
        &[&format!("{WORKPLACES}{rules}")],
        &script.join("\n"),
        "mon 09:00  opened, medium, on L1, budget=5000, seats=200, site=kazan
         mon 09:00  large fires: budget is 5000, at least 5000; seats is 200, at least 100
         mon 09:00  large: high by decree
         mon 09:00  large: no budget, systems=vpn
         mon 09:00  large does not set fields: `cause` is not on the form `workplace` of this ticket: it has site, seats, budget, systems
         mon 10:01  site=berlin
         mon 10:02  site=kazan
         mon 10:02  moved fires: site changed from berlin to kazan; site was berlin; systems contains vpn
         mon 10:02  moved: tags +{\"moved\"} -{}",
    );
}

#[test]
fn policies_go_by_fields_and_follow_when_they_change() {
    let policies = r#"
[[policies]]
name = "kazan"
calendar = "always"
when = { site = "kazan" }
[policies.targets.first_reply]
within = "1h"
[[policies]]
name = "elsewhere"
calendar = "always"
[policies.targets.first_reply]
within = "4h"
"#;
    check_under(
        &[&format!("{WORKPLACES}{policies}")],
        &[
            &opens("incident", r#"{"site": "berlin"}"#),
            r#"mon 09:30 agent does {"set_fields": {"fields": {"site": "kazan"}}}"#,
        ]
        .join("\n"),
        "mon 09:00  opened, medium, on L1, site=berlin
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:30  site=kazan
         mon 09:30  first_reply now 1h, due mon 10:00",
    );
}

#[test]
fn where_there_are_no_forms_every_field_has_its_place() {
    check_under(
        &[WORKPLACES.split("[[forms]]").next().unwrap()],
        &opens("question", r#"{"seats": 3}"#),
        "mon 09:00  opened, medium, on L1, seats=3",
    );
}
