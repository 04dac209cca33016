//! A lifecycle of a desk's own: the repair shop names its statuses, says who may do what when, and lets
//! time do the rest.

use super::script::{check_under, moment, parse, rules_with};
use crate::*;

/// Questions go the way of the shop; what becomes an incident goes the way of all others.
const SHOP: &str = r#"
[lifecycles.shop]
kinds = ["question"]
statuses = [
    { id = "received", category = "new" },
    { id = "on_the_bench", category = "open", text = { en = "On the bench", ru = "На верстаке" } },
    { id = "being_tested", category = "open" },
    { id = "estimate_sent", category = "pending" },
    { id = "waiting_for_parts", category = "on_hold", hold = "vendor" },
    { id = "waiting_for_somebody", category = "on_hold", hold = ["change", "evidence"] },
    { id = "ready", category = "resolved" },
    { id = "picked_up", category = "closed" },
]
transitions = [
    { from = "received", to = "on_the_bench", text = { en = "Begin", ru = "Начать" } },
    { from = "on_the_bench", to = "being_tested", requires = ["assignee", "need"] },
    { from = ["on_the_bench", "being_tested"], to = "waiting_for_parts" },
    { from = "on_the_bench", to = "waiting_for_somebody" },
    { from = ["waiting_for_parts", "waiting_for_somebody"], to = "on_the_bench" },
    { from = "on_the_bench", to = "estimate_sent" },
    { from = "estimate_sent", to = "on_the_bench", by = "contact" },
    { from = "being_tested", to = "ready" },
    { from = "on_the_bench", to = "ready", by = "lead" },
    { from = "ready", to = "picked_up", by = "contact" },
]
reopen = { into = "on_the_bench", within = "16h", calendar = "office" }
auto_close = { after = "24h", calendar = "office" }

[lifecycles.shop.from.default]
pending = "estimate_sent"
"#;

const PROMISED: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
pause_on = ["pending", "vendor"]
"#;

#[track_caller]
fn check(script: &str, expected: &str) {
    check_under(&[&format!("{SHOP}{PROMISED}")], script, expected);
}

#[test]
fn statuses_have_names_and_promises_go_by_their_categories() {
    check(
        r#"mon 09:00 customer opens
           mon 09:30 agent takes
           mon 10:00 agent moves waiting_for_parts
           mon 15:00 agent open
           mon 15:10 agent does {"describe":{"need":"troubleshooting"}}
           mon 15:20 agent moves being_tested
           mon 16:00 agent resolved"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:30  agent 1 has it
         mon 09:30  on_the_bench (shop), open
         mon 10:00  waiting_for_parts (shop), on_hold for Vendor
         mon 10:00  resolution paused by vendor
         mon 15:00  on_the_bench (shop), open
         mon 15:00  resolution resumed, due wed 14:00
         mon 15:10  a question, troubleshooting, for ?
         mon 15:20  being_tested (shop), open
         mon 16:00  ready (shop), resolved, closes thu 16:00, can be reopened until wed 16:00
         mon 16:00  resolution met after 2h",
    );
}

#[test]
fn each_move_that_is_refused_names_its_own_rule() {
    check(
        r#"mon 09:00 customer opens
           mon 09:10 customer does {"move":{"to":"on_the_bench"}}
           mon 09:10 agent moves ready
           mon 09:10 agent moves polished
           mon 09:20 agent open
           mon 09:30 agent moves being_tested
           mon 09:30 agent resolved
           mon 09:30 agent moves waiting_for_somebody
           mon 09:30 agent does {"move":{"to":"waiting_for_somebody","hold":"vendor"}}
           mon 09:30 agent does {"move":{"to":"estimate_sent","hold":"vendor"}}
           mon 09:30 agent holds third_party
           mon 09:40 agent holds evidence
           mon 09:50 agent does {"move":{"to":"waiting_for_somebody","hold":"change"}}
           mon 09:55 customer does {"move":{"to":"waiting_for_somebody","hold":"evidence"}}
           mon 09:55 customer does {"change_status":{"to":"on_hold","hold":"evidence"}}
           mon 09:55 customer does {"change_status":{"to":"on_hold","hold":"change"}}"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:10  refused: contact 1 may not let a ticket that is received become on_the_bench: that takes an agent; it can become nothing
         mon 09:10  refused: a ticket that is received cannot become ready; it can become on_the_bench
         mon 09:10  refused: the lifecycle `shop` has no status `polished`; it has received, on_the_bench, being_tested, estimate_sent, waiting_for_parts, waiting_for_somebody, ready, picked_up
         mon 09:20  on_the_bench (shop), open
         mon 09:30  refused: a ticket that is on_the_bench becomes being_tested only with assignee, need
         mon 09:30  refused: agent 1 may not let a ticket that is on_the_bench become ready: that takes the role `lead`; it can become being_tested, waiting_for_parts, waiting_for_somebody, estimate_sent
         mon 09:30  refused: a ticket that is on hold says what it waits for
         mon 09:30  refused: a ticket that is waiting_for_somebody does not wait for vendor; it can wait for change, evidence
         mon 09:30  refused: what a ticket waits for is said only with the status `on_hold`, not with estimate_sent
         mon 09:30  refused: a ticket that is on_hold does not wait for third_party; it can wait for vendor, change, evidence
         mon 09:40  waiting_for_somebody (shop), on_hold for Evidence
         mon 09:50  waiting_for_somebody (shop), on_hold for Change
         mon 09:55  refused: contact 1 may not say what a ticket waits for: that takes an agent
         mon 09:55  refused: contact 1 may not say what a ticket waits for: that takes an agent",
    );
}

#[test]
fn what_is_done_closes_by_itself_in_working_time_however_late_that_is_noticed() {
    check(
        r#"mon 09:00 robot does {"move":{"to":"on_the_bench"}}
           mon 09:00 customer opens
           mon 09:00 robot does {"change_status":{"to":"open"}}
           mon 10:00 robot does {"change_status":{"to":"resolved"}}
           sun 12:00 wake"#,
        "mon 09:00  refused: the command names no ticket; only an opening needs none
         mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  on_the_bench (shop), open
         mon 10:00  ready (shop), resolved, closes thu 10:00, can be reopened until wed 10:00
         mon 10:00  resolution met after 1h
         thu 10:00  picked_up (shop), closed",
    );
}

#[test]
fn a_reopening_revokes_the_closing_and_the_next_end_counts_anew() {
    check(
        r#"mon 09:00 customer opens
           mon 09:00 robot does {"change_status":{"to":"open"}}
           mon 10:00 robot does {"change_status":{"to":"resolved"}}
           tue 10:00 customer says
           tue 12:00 robot does {"change_status":{"to":"resolved"}}
           mon2 09:00 wake"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  on_the_bench (shop), open
         mon 10:00  ready (shop), resolved, closes thu 10:00, can be reopened until wed 10:00
         mon 10:00  resolution met after 1h
         tue 10:00  contact 1 says something
         tue 10:00  on_the_bench (shop), open
         tue 10:00  resolution goes on, due wed 17:00
         tue 12:00  ready (shop), resolved, closes fri 12:00, can be reopened until thu 12:00
         tue 12:00  resolution met after 3h
         fri 12:00  picked_up (shop), closed",
    );
}

#[test]
fn what_was_done_long_ago_is_not_reopened_by_anybody() {
    check(
        r#"mon 09:00 customer opens
           mon 09:00 robot does {"change_status":{"to":"open"}}
           mon 10:00 robot does {"change_status":{"to":"resolved"}}
           wed 11:00 customer says
           wed 11:00 agent open
           wed 11:00 customer closed"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  on_the_bench (shop), open
         mon 10:00  ready (shop), resolved, closes thu 10:00, can be reopened until wed 10:00
         mon 10:00  resolution met after 1h
         wed 11:00  refused: the ticket could be reopened until 2026-03-04T10:00:00Z; open a new one for what follows
         wed 11:00  refused: the ticket could be reopened until 2026-03-04T10:00:00Z; open a new one for what follows
         wed 11:00  picked_up (shop), closed",
    );
}

#[test]
fn a_ticket_of_another_kind_goes_on_in_its_lifecycle_where_it_stands() {
    check(
        r#"mon 09:00 customer opens
           mon 09:10 agent open
           mon 09:20 agent moves waiting_for_parts
           mon 09:30 agent does {"describe":{"kind":"incident"}}
           mon 09:40 agent pending
           mon 09:50 agent does {"describe":{"kind":"question"}}
           mon 10:00 customer says"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:10  on_the_bench (shop), open
         mon 09:20  waiting_for_parts (shop), on_hold for Vendor
         mon 09:20  resolution paused by vendor
         mon 09:30  a incident, ?, for ?
         mon 09:30  on_hold for Vendor
         mon 09:40  pending
         mon 09:40  resolution paused by pending
         mon 09:40  resolution paused by vendor no more
         mon 09:50  a question, ?, for ?
         mon 09:50  estimate_sent (shop), pending
         mon 10:00  contact 1 says something
         mon 10:00  on_the_bench (shop), open
         mon 10:00  resolution resumed, due wed 09:40",
    );
}

#[test]
fn who_is_laid_aside_wakes_by_himself_or_by_the_customer_and_promises_do_not_sleep() {
    check(
        r#"mon 09:00 customer opens
           mon 09:10 agent sleeps tue 10:00
           mon 09:20 customer does {"snooze":{"until":null}}
           tue 12:00 agent sleeps tue 11:00
           tue 13:00 agent sleeps thu 09:00
           wed 09:30 customer says
           wed 10:00 agent sleeps thu 09:00
           wed 11:00 agent wakes"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:10  sleeps until tue 10:00
         mon 09:20  refused: contact 1 may not lay tickets aside: that takes an agent
         tue 12:00  refused: 2026-03-03T11:00:00Z is not ahead; it is 2026-03-03T12:00:00Z now
         tue 10:00  wakes
         tue 13:00  sleeps until thu 09:00
         tue 17:00  resolution breached
         wed 09:30  contact 1 says something
         wed 09:30  wakes
         wed 10:00  sleeps until thu 09:00
         wed 11:00  wakes",
    );
}

#[test]
fn what_is_done_cannot_be_laid_aside_and_what_was_laid_aside_is_awake_when_it_is_done() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 agent does {"describe":{"kind":"incident"}}
           mon 09:20 agent sleeps tue 10:00
           mon 09:30 agent resolved
           mon 09:40 agent sleeps tue 10:00
           tue 12:00 wake"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:10  a incident, ?, for ?
         mon 09:10  new
         mon 09:20  sleeps until tue 10:00
         mon 09:30  resolved
         mon 09:30  resolution met after 30m
         mon 09:40  refused: the ticket is resolved: only what is still to be done can be laid aside",
    );
}

/// Contact 1 opens a ticket, and that is done to it by the robot.
fn after(rules: &Rulebook, done: &[&str]) -> Ticket {
    let now = moment("mon", "09:00");
    let (contact, open) = parse(&["customer", "opens"]);
    let mut ticket = carry_out(None, &open, contact, rules, now).unwrap().ticket;
    for json in done {
        let action = serde_json::from_str(json).unwrap();
        ticket = carry_out(Some(ticket), &action, Actor::System, rules, now).unwrap().ticket;
    }
    ticket
}

#[test]
fn a_screen_offers_the_ways_that_one_may_go_in_the_words_of_the_desk() {
    let rules = rules_with(SHOP);
    let ticket = after(&rules, &[]);
    let offered = |ticket: &Ticket, by| {
        let ways = ways(ticket, by, &rules, moment("mon", "09:00")).unwrap().into_iter();
        ways.map(|open| open.way.to.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(offered(&ticket, Actor::Contact(ContactId(1))), [""; 0]);
    assert_eq!(offered(&ticket, Actor::Agent(AgentId(1))), ["on_the_bench"]);
    let agents = ways(&ticket, Actor::Agent(AgentId(1)), &rules, moment("mon", "09:00")).unwrap();
    let words = agents[0].way.wording.as_ref().unwrap();
    assert_eq!((words.text(Tongue::English), words.text(Tongue::Russian)), ("Begin", "Начать"));

    let ticket = after(&rules, &[r#"{"change_status":{"to":"open"}}"#]);
    let offers = offered(&ticket, Actor::Agent(AgentId(1)));
    assert!(!offers.contains(&"ready".to_owned()), "that is for the lead: {offers:?}");
    assert!(offered(&ticket, Actor::System).contains(&"ready".to_owned()));
}

#[test]
fn a_screen_offers_nothing_that_would_be_refused() {
    let form = "[fields.cause]\nkind = \"text\"\n[[forms]]\nname = \"all\"\n\
                fields = [{ field = \"cause\", required = \"resolving\" }]\n";
    let waits = "[relations]\nparent = \"waits\"\n";
    let rules = rules_with(&format!("{form}{waits}{SHOP}"));
    let offered = |ticket: &Ticket, (day, time): (&str, &str)| {
        let ways = ways(ticket, Actor::System, &rules, moment(day, time)).unwrap().into_iter();
        let told = ways.map(|open| format!("{} {:?}", open.way.to, open.requires));
        told.collect::<Vec<_>>()
    };
    // What the form requires of whoever resolves it is told with the way.
    let on_the_bench = after(&rules, &[r#"{"change_status":{"to":"open"}}"#]);
    let now = ("mon", "09:00");
    let ready = r#"ready ["cause"]"#.to_owned();
    assert!(offered(&on_the_bench, now).contains(&ready));
    // A whole that waits for its parts is not done before they are.
    let [whole, part] =
        [(1, on_the_bench), (2, after(&rules, &[]))].map(|(id, it)| (TicketId(id), it));
    let by = (Actor::Agent(AgentId(1)), &rules);
    let known = [whole.1.clone(), part.1.clone()];
    let find = |id: TicketId| Ok::<Ticket, Refusal>(known[usize::from(id.0 == 2)].clone());
    let at = moment("mon", "09:00");
    let (whole, _) = relate(whole, Relation::ParentOf, part, by, at, find).unwrap();
    assert!(!offered(&whole.ticket, now).contains(&ready), "{:?}", offered(&whole.ticket, now));
    // What was done too long ago is not done again, and what has closed meanwhile goes nowhere.
    let cause = r#"{"set_fields":{"fields":{"cause":"wear"}}}"#;
    let done = r#"{"change_status":{"to":"resolved"}}"#;
    let done = after(&rules, &[r#"{"change_status":{"to":"open"}}"#, cause, done]);
    let back = "on_the_bench []".to_owned();
    assert_eq!(offered(&done, ("tue", "17:00")), [back, "picked_up []".to_owned()]);
    assert_eq!(offered(&done, ("wed", "09:30")), ["picked_up []"]);
    assert_eq!(offered(&done, ("fri", "09:00")), [""; 0]);
}

/// The lead may, whoever the lead reports to may, and nobody else.
#[test]
fn a_way_for_a_role_is_for_who_holds_it_and_for_who_is_above() {
    let roles = "[[roles]]\nid = \"foreman\"\nagents = [7]\nreports_to = \"owner\"\n[[roles]]\nid = \"owner\"\nagents = [9]\n";
    let rules = rules_with(&format!("{}{roles}", SHOP.replace("\"lead\"", "\"foreman\"")));
    let ticket = after(&rules, &[r#"{"change_status":{"to":"open"}}"#]);
    let done = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
    for (agent, may) in [(1, false), (7, true), (9, true)] {
        let by = Actor::Agent(AgentId(agent));
        let turn = carry_out(Some(ticket.clone()), &done, by, &rules, moment("mon", "10:00"));
        assert_eq!(turn.is_ok(), may, "agent does {agent}: {turn:?}");
    }
}

#[test]
fn a_status_that_the_rulebook_has_no_more_is_taken_for_the_usual_one_of_its_category() {
    let rules = rules_with(SHOP);
    let parts = r#"{"move":{"to":"waiting_for_parts"}}"#;
    let ticket = after(&rules, &[r#"{"change_status":{"to":"open"}}"#, parts]);
    let edited = rules_with(&SHOP.replace("waiting_for_parts", "waiting_for_the_vendor"));
    let now = moment("mon", "09:00");
    let offered = ways(&ticket, Actor::System, &edited, now).unwrap();
    let offered: Vec<&str> = offered.iter().map(|open| open.way.to.as_str()).collect();
    assert_eq!(offered, ["on_the_bench"]);
    let gone = rules_with("");
    assert_eq!(gone.lifecycle(&ticket).id().as_str(), "default");
    assert_eq!(ways(&ticket, Actor::System, &gone, now).unwrap().len(), 3);
}

#[test]
fn spam_and_merges_end_a_life_wherever_it_is_and_nothing_closes_it_again() {
    check(
        r#"mon 09:00 customer opens
           2: mon 09:00 customer opens
           mon 09:00 robot does {"change_status":{"to":"open"}}
           mon 09:10 robot does {"change_status":{"to":"resolved"}}
           mon 09:20 agent merges into 2
           mon 09:30 agent separates from 2
           mon2 09:00 wake
           2: mon2 09:30 agent does "mark_spam""#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  on_the_bench (shop), open
         mon 09:10  ready (shop), resolved, closes thu 09:10, can be reopened until wed 09:10
         mon 09:10  resolution met after 10m
         mon 09:20  merged into #2
         2: mon 09:20  took in #1
         mon 09:30  separated from #2
         2: mon 09:30  gave back #1
         thu 09:10  picked_up (shop), closed
         2: tue 17:00  resolution breached
         2: mon2 09:30  spam
         2: mon2 09:30  picked_up (shop), closed
         2: mon2 09:30  resolution cancelled: closed",
    );
}

#[test]
fn a_rule_moves_a_ticket_by_the_name_of_a_status_and_by_the_ways_of_its_lifecycle() {
    let rules = r#"
[[rules]]
name = "order parts"
on = "tagged"
do = [{ move = "waiting_for_somebody", hold = "change" }, { move = "ready" }]
[[rules]]
name = "look again"
on = "woke"
do = [{ note = "It is time." }]
"#;
    check_under(
        &[&format!("{SHOP}{rules}")],
        "mon 09:00 customer opens
         mon 09:10 agent open
         mon 09:20 agent tags parts
         mon 09:30 agent sleeps mon 10:00
         mon 11:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:10  on_the_bench (shop), open
         mon 09:20  tags +{\"parts\"} -{}
         mon 09:20  order parts fires: nothing is asked
         mon 09:20  order parts: waiting_for_somebody (shop), on_hold for Change
         mon 09:20  order parts does not become ready: a ticket that is waiting_for_somebody cannot become ready; it can become on_the_bench
         mon 09:30  sleeps until mon 10:00
         mon 10:00  wakes
         mon 10:00  look again fires: nothing is asked
         mon 10:00  look again: the system notes \"It is time.\"",
    );
    let wrong = format!("{SHOP}{}", rules.replace("\"ready\"", "\"redy\""));
    let text = format!(
        "name = \"Shop\"\n[calendars.office]\ntime_zone = \"UTC\"\nweekly = {{ mon = [\"09:00-17:00\"] }}\n[[roles]]\nid = \"lead\"\n[[lines]]\nid = \"L1\"\n{wrong}"
    );
    let refused = Rulebook::from_toml(&text, "shop.toml").unwrap_err().to_string();
    assert!(refused.contains("rules[0].do[1].move: no lifecycle has a status `redy`"), "{refused}");
}

/// A ticket like any other closes by itself three days after it was resolved.
const CLOSING: &str = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "done", category = "resolved" }, { id = "over", category = "closed" },
]
transitions = [
    { from = "new", to = "open" }, { from = ["new", "open"], to = "done" },
    { from = "done", to = "over" },
]
auto_close = { after = "24h", calendar = "office" }
"#;

#[test]
fn what_was_resolved_before_the_rules_said_so_closes_by_itself_from_when_it_was() {
    check_under(
        &["", CLOSING],
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         2: mon 09:00 customer opens
         2: fri 10:00 agent resolved
         3: mon 09:00 customer opens
         fri 12:00 desk adopts
         fri 12:00 desk looks
         2: fri 12:00 desk looks
         2: fri 13:00 desk looks
         3: fri 12:00 desk looks
         2: fri2 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 10:00  resolved
         2: mon 09:00  opened, medium, on L1
         2: fri 10:00  resolved
         3: mon 09:00  opened, medium, on L1
         fri 12:00  done (default), resolved, closes fri 12:00
         fri 12:00  over (default), closed
         2: fri 12:00  done (default), resolved, closes wed2 10:00
         2: wed2 10:00  over (default), closed",
    );
}

/// Whoever only wants an end that comes by itself need not draw the way there; complaints have theirs a
/// day after they are resolved.
#[test]
fn the_usual_way_ends_by_itself_where_nothing_else_is_said_of_it() {
    check_under(
        &[r#"
[lifecycles.default]
auto_close = { after = "24h", calendar = "office" }
[lifecycles.complaints]
kinds = ["complaint"]
auto_close = { after = "8h", calendar = "office" }
"#],
        r#"mon 09:00 customer opens
         mon 10:00 agent pending
         mon 11:00 customer says
         mon 12:00 agent resolved
         wed 12:00 customer says
         thu 10:00 agent resolved
         tue2 10:00 wake
         2: mon 09:00 customer opens
         2: mon 10:00 agent does {"describe":{"kind":"complaint"}}
         2: mon 11:00 agent resolved
         2: tue 11:00 wake"#,
        "mon 09:00  opened, medium, on L1
         mon 10:00  pending (default), pending
         mon 11:00  contact 1 says something
         mon 11:00  open (default), open
         mon 12:00  resolved (default), resolved, closes thu 12:00
         wed 12:00  contact 1 says something
         wed 12:00  open (default), open
         thu 10:00  resolved (default), resolved, closes tue2 10:00
         tue2 10:00  closed (default), closed
         2: mon 09:00  opened, medium, on L1
         2: mon 10:00  a complaint, ?, for ?
         2: mon 10:00  new (complaints), new
         2: mon 11:00  resolved (complaints), resolved, closes tue 11:00
         2: tue 11:00  closed (complaints), closed",
    );
}
