//! What is wrong with a lifecycle: nobody comes there, nobody gets away, nobody is called so.

use crate::Rulebook;

const GOOD: &str = r#"name = "Repair shop"
roles = [{ id = "foreman", agents = [1] }]

[[lines]]
id = "L1"
[[lines]]
id = "L2"
[lifecycles.shop]
lines = ["L2"]
[[lifecycles.shop.statuses]]
id = "received"
category = "new"
[[lifecycles.shop.statuses]]
id = "on_the_bench"
category = "open"
[[lifecycles.shop.statuses]]
id = "estimate_sent"
category = "pending"
[[lifecycles.shop.statuses]]
id = "ready"
category = "resolved"
[[lifecycles.shop.statuses]]
id = "picked_up"
category = "closed"
[[lifecycles.shop.transitions]]
from = "received"
to = "on_the_bench"
[[lifecycles.shop.transitions]]
from = "on_the_bench"
to = "estimate_sent"
requires = ["assignee", "checked"]
[[lifecycles.shop.transitions]]
from = ["estimate_sent", "ready"]
to = "on_the_bench"
by = "contact"
[[lifecycles.shop.transitions]]
from = "on_the_bench"
to = "ready"
by = "foreman"
[[lifecycles.shop.transitions]]
from = "ready"
to = "picked_up"
[lifecycles.shop.auto_close]
after = "40h"
[lifecycles.shop.from.default]
on_hold = "on_the_bench"
"#;

fn found(text: &str) -> String {
    let found = Rulebook::from_toml(text, "desk.toml").map(drop);
    found.map_err(|error| error.to_string()).err().unwrap_or_default()
}

/// Changes the good lifecycle in one place and compares what is found.
#[track_caller]
fn check(change: &str, into: &str, expected: &str) {
    assert_eq!(GOOD.matches(change).count(), 1, "`{change}` is not in one place");
    assert_eq!(found(&GOOD.replace(change, into)), expected.trim());
}

#[test]
fn a_good_lifecycle_is_accepted_and_can_be_drawn() {
    let rulebook = Rulebook::from_toml(GOOD, "desk.toml").unwrap();
    let shop = rulebook.lifecycles().nth(1).unwrap();
    assert_eq!(
        shop.diagram(),
        "stateDiagram-v2
    received : received (new)
    on_the_bench : on_the_bench (open)
    estimate_sent : estimate_sent (pending)
    ready : ready (resolved)
    picked_up : picked_up (closed)
    [*] --> received
    received --> on_the_bench : agent
    on_the_bench --> estimate_sent : agent, needs assignee, checked
    estimate_sent --> on_the_bench : contact
    ready --> on_the_bench : contact
    on_the_bench --> ready : foreman
    ready --> picked_up : agent
    picked_up --> [*]
"
    );
}

#[test]
fn every_name_must_be_known_and_be_there_once() {
    check(
        "category = \"open\"",
        "category = \"active\"",
        "
desk.toml:15: lifecycles.shop.statuses[1].category: there is no category `active`; write one of new, open, pending, on_hold, resolved, closed
desk.toml:27: lifecycles.shop.transitions[0].to: there is no status `on_the_bench`; write one of received, estimate_sent, ready, picked_up
desk.toml:29: lifecycles.shop.transitions[1].from: there is no status `on_the_bench`; write one of received, estimate_sent, ready, picked_up
desk.toml:34: lifecycles.shop.transitions[2].to: there is no status `on_the_bench`; write one of received, estimate_sent, ready, picked_up
desk.toml:37: lifecycles.shop.transitions[3].from: there is no status `on_the_bench`; write one of received, estimate_sent, ready, picked_up",
    );
    check(
        "id = \"estimate_sent\"",
        "id = \"received\"",
        "
desk.toml:17: lifecycles.shop.statuses[2].id: there are two statuses `received`; rename one
desk.toml:30: lifecycles.shop.transitions[1].to: there is no status `estimate_sent`; write one of received, on_the_bench, received, ready, picked_up
desk.toml:33: lifecycles.shop.transitions[2].from: there is no status `estimate_sent`; write one of received, on_the_bench, received, ready, picked_up",
    );
    check(
        "\"foreman\"\n[[lifecycles.shop.transitions]]",
        "\"boss\"\n[[lifecycles.shop.transitions]]",
        "
desk.toml:39: lifecycles.shop.transitions[3].by: there is no role `boss`; write one of contact, agent, system, foreman",
    );
    check(
        "lines = [\"L2\"]",
        "lines = [\"L7\"]\nkinds = [\"wish\"]",
        "
desk.toml:9: lifecycles.shop.lines[0]: there is no line `L7`; write one of L1, L2
desk.toml:10: lifecycles.shop.kinds[0]: there is no kind `wish`; write one of question, incident, problem, service_request, complaint, task",
    );
}

#[test]
fn a_way_asks_only_for_what_can_be_missing() {
    check(
        "[\"assignee\", \"checked\"]",
        "[\"priority\", \"colour\"]",
        "
desk.toml:31: lifecycles.shop.transitions[1].requires[0]: every ticket has `priority`; write one of answered, approved, assigned, assignee, checked, contract, discipline, due, equipment, hold, known_error, language, need, organization, overdue, rating, resolved_at, solved_by, tag, team, tier, unanswered_since
desk.toml:31: lifecycles.shop.transitions[1].requires[1]: there is no field `colour`; write one of answered, approved, assigned, assignee, checked, contract, discipline, due, equipment, hold, known_error, language, need, organization, overdue, rating, resolved_at, solved_by, tag, team, tier, unanswered_since",
    );
}

#[test]
fn every_status_is_reached_and_leads_to_the_end() {
    let more = |more: &str| format!("{more}\n[lifecycles.shop.auto_close]");
    let section = "[lifecycles.shop.auto_close]";
    check(
        section,
        &more("[[lifecycles.shop.statuses]]\nid = \"lost\"\ncategory = \"open\""),
        "
desk.toml:43: lifecycles.shop.statuses[5]: no way leads to `lost`; write a transition to it, or leave it out",
    );
    let lost = "[[lifecycles.shop.statuses]]\nid = \"lost\"\ncategory = \"open\"
[[lifecycles.shop.transitions]]\nfrom = \"on_the_bench\"\nto = \"lost\"";
    check(
        section,
        &more(lost),
        "
desk.toml:43: lifecycles.shop.statuses[5]: no way leads on from `lost`; write a transition from it",
    );
    let circle = "[[lifecycles.shop.statuses]]\nid = \"found\"\ncategory = \"open\"
[[lifecycles.shop.transitions]]\nfrom = \"lost\"\nto = \"found\"
[[lifecycles.shop.transitions]]\nfrom = \"found\"\nto = \"lost\"";
    check(
        section,
        &more(&format!("{lost}\n{circle}")),
        "
desk.toml:43: lifecycles.shop.statuses[5]: from `lost` a ticket can never be resolved or closed; write a way that leads to such a status
desk.toml:49: lifecycles.shop.statuses[6]: from `found` a ticket can never be resolved or closed; write a way that leads to such a status",
    );
}

#[test]
fn ways_that_make_no_sense_are_told() {
    for (from, to, expected) in [
        (
            "ready",
            "ready",
            "it leads from `ready` to itself; leave it out: what stays need not move",
        ),
        (
            "picked_up",
            "ready",
            "`picked_up` is closed, and closed is the end; leave it out: what comes after is a ticket of its own",
        ),
        (
            "ready",
            "received",
            "no ticket becomes new again, and `received` is new; lead to a status of the category `open`",
        ),
        (
            "received",
            "on_the_bench",
            "the way from `received` to `on_the_bench` is written twice; leave one of them out",
        ),
    ] {
        let way = format!(
            "[[lifecycles.shop.transitions]]\nfrom = \"{from}\"\nto = \"{to}\"\n[lifecycles.shop.auto_close]"
        );
        let expected = format!("desk.toml:44: lifecycles.shop.transitions[5].from: {expected}");
        check("[lifecycles.shop.auto_close]", &way, &expected);
    }
}

#[test]
fn a_lifecycle_has_what_every_ticket_comes_into() {
    check(
        "category = \"resolved\"",
        "category = \"closed\"",
        "
desk.toml:10: lifecycles.shop.statuses: no status is of the category `resolved`; write what a ticket is when it is done
desk.toml:33: lifecycles.shop.transitions[2].from: `ready` is closed, and closed is the end; leave it out: what comes after is a ticket of its own
desk.toml:41: lifecycles.shop.transitions[4].from: `ready` is closed, and closed is the end; leave it out: what comes after is a ticket of its own",
    );
}

#[test]
fn what_waits_for_the_customer_goes_on_with_the_answer() {
    check(
        "by = \"contact\"",
        "by = \"agent\"",
        "
desk.toml:16: lifecycles.shop.statuses[2]: `estimate_sent` waits for the customer, whose answer changes nothing; write a transition by `contact` to a status of the category `open`",
    );
    check(
        "by = \"contact\"",
        "by = \"contact\"\nrequires = [\"solved_by\"]",
        "
desk.toml:16: lifecycles.shop.statuses[2]: `estimate_sent` waits for the customer, whose answer changes nothing where what the way on requires is not filled; write a transition by `contact` to a status of the category `open` without `requires`",
    );
}

#[test]
fn what_only_a_role_may_do_that_nobody_holds_is_done_by_nobody() {
    let nobody = "roles = [{ id = \"foreman\" }]";
    let told = |id: &str, index: usize, line: usize| {
        format!(
            "desk.toml:{line}: lifecycles.shop.statuses[{index}]: from `{id}` nobody can bring a ticket to where it is resolved or closed: the ways there are for roles that nobody holds; write `agents` to those roles, or a way by `agent`"
        )
    };
    let way = "desk.toml:25: warning: lifecycles.shop.transitions: only the role `foreman` may go from `on_the_bench` to `ready`, and nobody holds it; write `agents` to the role";
    let open = [told("received", 0, 10), told("on_the_bench", 1, 13), told("estimate_sent", 2, 16)];
    check(
        "roles = [{ id = \"foreman\", agents = [1] }]",
        nobody,
        &[&open[..], &[way.to_owned()]].concat().join("\n"),
    );
    // Whoever holds the role above it may do it as well.
    let above =
        "roles = [{ id = \"foreman\", reports_to = \"boss\" }, { id = \"boss\", agents = [1] }]";
    check("roles = [{ id = \"foreman\", agents = [1] }]", above, "");
}

#[test]
fn what_closes_by_itself_can_be_closed_after_some_time() {
    check(
        "from = \"ready\"\nto = \"picked_up\"",
        "from = \"on_the_bench\"\nto = \"picked_up\"",
        "
desk.toml:43: lifecycles.shop.auto_close: no way leads from `ready` to a closed status; write that transition",
    );
    check(
        "after = \"40h\"",
        "after = \"0m\"\ncalendar = \"office\"",
        "
desk.toml:44: lifecycles.shop.auto_close.after: 0m is no time to wait; write 1m to 100000h
desk.toml:45: lifecycles.shop.auto_close.calendar: there is no calendar `office`; write one of always",
    );
    check(
        "[lifecycles.shop.auto_close]\nafter = \"40h\"",
        "[lifecycles.shop.reopen]\ninto = \"estimate_sent\"",
        "
desk.toml:44: lifecycles.shop.reopen.into: `estimate_sent` is not of the category `open`; reopen into one that is",
    );
}

#[test]
fn the_map_from_another_lifecycle_has_no_holes_and_neither_solves_nor_reopens() {
    check(
        "[lifecycles.shop.from.default]\non_hold = \"on_the_bench\"\n",
        "",
        "
desk.toml:8: lifecycles.shop.from: nothing says what a ticket becomes that comes from `default` and is `on_hold` there; write from.default.on_hold = one of received, on_the_bench, estimate_sent, ready, picked_up",
    );
    check(
        "on_hold = \"on_the_bench\"",
        "on_hold = \"on_the_bench\"\nopen = \"ready\"\nlost = \"ready\"\nnew = \"lost\"",
        "
desk.toml:47: lifecycles.shop.from.default.open: `open` is open, and `ready` is resolved: another lifecycle neither solves a matter nor reopens it; write a status that stands alike
desk.toml:48: lifecycles.shop.from.default.lost: `default` has no status `lost`; write one of new, open, pending, on_hold, resolved, closed
desk.toml:49: lifecycles.shop.from.default.new: there is no status `lost`; write one of received, on_the_bench, estimate_sent, ready, picked_up",
    );
    check(
        "from.default]",
        "from.garage]",
        "
desk.toml:45: lifecycles.shop.from.garage: there is no other lifecycle `garage`; write one of default
desk.toml:45: lifecycles.shop.from: nothing says what a ticket becomes that comes from `default` and is `on_hold` there; write from.default.on_hold = one of received, on_the_bench, estimate_sent, ready, picked_up",
    );
}

#[test]
fn each_ticket_falls_under_one_lifecycle() {
    check(
        "lines = [\"L2\"]",
        "",
        "
desk.toml:8: lifecycles.shop: it is not said for which tickets it is; write `kinds`, `lines` or both",
    );
    let (_, shop) = GOOD.split_once("[lifecycles.shop]").unwrap();
    let other = format!("[lifecycles.shop]{shop}").replace("lifecycles.shop", "lifecycles.fair");
    let on_hold = "\n[lifecycles.shop.from.fair]\n[lifecycles.fair.from.shop]\n";
    let both = format!("{GOOD}{other}{on_hold}");
    assert_eq!(
        found(&both.replacen("lines = [\"L2\"]", "kinds = [\"incident\"]", 1)),
        "desk.toml:8: lifecycles.shop: a ticket of kind incident on L2 falls under `fair` too; write `kinds` and `lines` so that each ticket falls under one"
    );
    assert_eq!(found(&both.replacen("lines = [\"L2\"]", "lines = [\"L1\"]", 1)), "");
}

/// What else is told of the good lifecycle with these lines in it.
fn remarked(more: &str) -> Vec<String> {
    let text = GOOD.replace("[lifecycles.shop.auto_close]\nafter = \"40h\"\n", more);
    let rulebook = Rulebook::from_toml(&text, "desk.toml").unwrap();
    let remarks = rulebook.remarks("2026-03-02T09:00:00Z".parse().unwrap());
    remarks
        .iter()
        .map(|finding| format!("{}: {}; {}", finding.path, finding.problem, finding.mend))
        .collect()
}

#[test]
fn who_has_longer_to_reopen_a_ticket_than_it_stays_open_to_that_is_told() {
    let office =
        "[calendars.office]\ntime_zone = \"UTC\"\nweekly = { mon-fri = [\"08:00-18:00\"] }\n";
    let life = |within: &str, there: &str, after: &str, here: &str| {
        remarked(&format!(
            "[lifecycles.shop.reopen]\ninto = \"on_the_bench\"\ncalendar = \"{there}\"\n{within}\
             [lifecycles.shop.auto_close]\nafter = \"{after}\"\ncalendar = \"{here}\"\n{office}"
        ))
    };
    let told = "lifecycles.shop.reopen.within: the window to reopen outlasts the closing by itself: of \
                100h, only 50h are ever left; write as much in `auto_close.after`, or less here";
    let hundred = "within = \"100h\"\n";
    assert_eq!(life(hundred, "office", "50h", "office"), [told]);
    assert_eq!(life(hundred, "office", "50h", "always"), [told]);
    for (within, there, after, here) in [
        (hundred, "office", "100h", "office"),
        // A hundred hours by day and night are over before fifty of an office.
        (hundred, "always", "50h", "office"),
        ("", "office", "50h", "office"),
    ] {
        assert_eq!(life(within, there, after, here), [""; 0]);
    }
}
