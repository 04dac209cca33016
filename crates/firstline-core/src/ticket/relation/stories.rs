//! Tickets that belong together: the whole waits for its parts or takes them along, the problem answers
//! its incidents, and nothing is above itself.

mod follow_ups;
mod heard;
mod merged;

use crate::ticket::stories::script::{check_under, moment, rules_with};
use crate::*;

/// Nothing is promised, so that only what becomes of the tickets is told.
#[track_caller]
fn check(rules: &str, script: &str, expected: &str) {
    check_under(&[rules], script, expected);
}

const FOUR: &str = "mon 09:00 customer opens
    2: mon 09:00 customer opens
    3: mon 09:00 customer opens
    4: mon 09:00 customer opens";

const OPENED: &str = "mon 09:00  opened, medium, on L1
    2: mon 09:00  opened, medium, on L1
    3: mon 09:00  opened, medium, on L1
    4: mon 09:00  opened, medium, on L1";

#[test]
fn a_whole_waits_for_its_parts_and_hears_when_each_is_done() {
    check(
        "",
        &format!(
            "{FOUR}
            2: mon 09:10 agent relates child_of 1
            mon 09:10 agent relates parent_of 3
            mon 09:20 agent resolved
            2: mon 09:30 agent resolved
            mon 09:30 agent resolved
            3: mon 09:40 agent resolved
            mon 09:50 agent resolved
            2: mon 10:00 customer says"
        ),
        &format!(
            "{OPENED}
            2: mon 09:10  is child_of #1, which is new
            mon 09:10  is parent_of #2, which is new
            mon 09:10  is parent_of #3, which is new
            3: mon 09:10  is child_of #1, which is new
            mon 09:20  refused: the ticket has parts that are still open: #2, #3; resolve them first
            2: mon 09:30  resolved
            mon 09:30  hears that #2 is resolved
            mon 09:30  refused: the ticket has parts that are still open: #3; resolve them first
            3: mon 09:40  resolved
            mon 09:40  hears that #3 is resolved
            mon 09:50  resolved
            2: mon 10:00  contact 1 says something
            2: mon 10:00  open
            mon 10:00  hears that #2 is open"
        ),
    );
}

#[test]
fn a_whole_takes_its_parts_along_where_the_desk_says_so_down_to_the_smallest() {
    check(
        "[relations]\nparent = \"takes_along\"",
        &format!(
            "{FOUR}
            2: mon 09:10 agent relates child_of 1
            3: mon 09:10 agent relates child_of 2
            4: mon 09:10 agent relates child_of 1
            4: mon 09:15 agent resolved
            mon 09:20 agent resolved"
        ),
        &format!(
            "{OPENED}
            2: mon 09:10  is child_of #1, which is new
            mon 09:10  is parent_of #2, which is new
            3: mon 09:10  is child_of #2, which is new
            2: mon 09:10  is parent_of #3, which is new
            4: mon 09:10  is child_of #1, which is new
            mon 09:10  is parent_of #4, which is new
            4: mon 09:15  resolved
            mon 09:15  hears that #4 is resolved
            mon 09:20  resolved
            2: mon 09:20  resolved
            mon 09:20  hears that #2 is resolved
            3: mon 09:20  resolved
            2: mon 09:20  hears that #3 is resolved"
        ),
    );
}

#[test]
fn a_rule_can_resolve_a_whole_whose_parts_are_done() {
    check(
        "[[rules]]\nname = \"all done\"\non = \"relative_moved\"\nwhen = { open_children = 0 }\ndo = [{ status = \"resolved\" }]",
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         2: mon 09:10 agent relates child_of 1
         2: mon 09:30 agent resolved",
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         2: mon 09:10  is child_of #1, which is new
         mon 09:10  is parent_of #2, which is new
         2: mon 09:30  resolved
         mon 09:30  hears that #2 is resolved
         mon 09:30  all done fires: open_children is 0
         mon 09:30  all done: resolved",
    );
}

/// Tickets 2 and 3 are incidents of problem 1; incident 3 waits for a vendor.
const OUTAGE: &str = r#"mon 09:00 customer opens
    2: mon 09:00 customer opens
    3: mon 09:00 customer opens
    2: mon 09:05 agent relates incident_of 1
    mon 09:05 agent does {"describe":{"kind":"problem"}}
    2: mon 09:10 agent relates incident_of 1
    mon 09:10 agent relates problem_of 3
    3: mon 09:15 agent holds vendor"#;

const OUT: &str = "mon 09:00  opened, medium, on L1
    2: mon 09:00  opened, medium, on L1
    3: mon 09:00  opened, medium, on L1
    mon 09:05  refused: #2 cannot be incident_of #1: that one is no problem
    mon 09:05  a problem, ?, for ?
    2: mon 09:10  is incident_of #1, which is new
    mon 09:10  is problem_of #2, which is new
    mon 09:10  is problem_of #3, which is new
    3: mon 09:10  is incident_of #1, which is new
    3: mon 09:15  on_hold for Vendor";

#[test]
fn who_solves_a_problem_answers_all_of_its_incidents_in_the_same_words() {
    check(
        "",
        &format!(
            "{OUTAGE}
            mon 10:00 agent says resolved"
        ),
        &format!(
            "{OUT}
            mon 10:00  agent 1 says something
            mon 10:00  resolved
            2: mon 10:00  agent 1 says something
            2: mon 10:00  resolved
            3: mon 10:00  agent 1 says something
            3: mon 10:00  resolved
            mon 10:00  hears that #2 is resolved
            mon 10:00  hears that #3 is resolved"
        ),
    );
}

#[test]
fn the_rulebook_has_words_for_a_problem_that_is_solved_without_any() {
    check(
        "[relations]\nanswer = \"{{ ticket.subject }}: solved.\"\nincidents = \"answer\"",
        &format!(
            "{OUTAGE}
            mon 10:00 agent resolved"
        ),
        &format!(
            "{OUT}
            mon 10:00  resolved
            2: mon 10:00  the system says \"Printer: solved.\"
            3: mon 10:00  the system says \"Printer: solved.\""
        ),
    );
}

#[test]
fn a_workaround_is_told_to_those_who_wait_and_solves_nothing() {
    check(
        "",
        &format!(
            r#"{OUTAGE}
            2: mon 09:20 agent does {{"know_error":{{"cause":"A fuse"}}}}
            mon 09:30 customer does {{"know_error":{{"cause":"A fuse"}}}}
            mon 09:30 agent does {{"know_error":{{"cause":"A fuse"}}}}
            mon 09:40 agent does {{"know_error":{{"cause":"A fuse","workaround":"Use the other one."}}}}"#
        ),
        &format!(
            "{OUT}
            mon 09:20  refused: only a problem has a cause that can be known; the ticket is a question
            mon 09:30  refused: contact 1 may not say what causes a problem: that takes an agent
            mon 09:30  agent 1 knows the error
            mon 09:40  agent 1 knows the error
            2: mon 09:40  agent 1 says something
            2: mon 09:40  open
            3: mon 09:40  agent 1 says something"
        ),
    );
}

#[test]
fn an_incident_that_may_not_be_resolved_says_why_and_its_customer_is_told_all_the_same() {
    let signed = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "on_hold", category = "on_hold" }, { id = "resolved", category = "resolved" },
    { id = "pending", category = "pending" }, { id = "closed", category = "closed" },
]
transitions = [
    { from = ["new", "on_hold", "pending"], to = "open", by = "contact" },
    { from = "open", to = ["on_hold"], by = "agent" },
    { from = "open", to = "resolved", requires = ["solved_by"] },
    { from = "open", to = "pending" },
    { from = "resolved", to = "closed" },
]
"#;
    let signed = signed.replace("to = [\"on_hold\"]", "to = \"on_hold\"");
    check(
        &signed,
        r#"mon 09:00 customer opens
         2: mon 09:00 customer opens
         mon 09:05 agent does {"describe":{"kind":"problem"}}
         2: mon 09:10 agent relates incident_of 1
         mon 09:20 agent open
         2: mon 09:20 agent open
         mon 09:30 agent solves with 7
         mon 09:40 agent says resolved"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         mon 09:05  a problem, ?, for ?
         2: mon 09:10  is incident_of #1, which is new
         mon 09:10  is problem_of #2, which is new
         mon 09:20  open (default), open
         2: mon 09:20  open (default), open
         mon 09:30  solved by article 7
         mon 09:40  agent 1 says something
         mon 09:40  resolved (default), resolved
         2: mon 09:40  relations does not resolve it with the problem #1: a ticket that is open becomes resolved only with solved_by
         2: mon 09:40  agent 1 says something",
    );
}

#[test]
fn a_duplicate_is_closed_and_says_of_what() {
    check(
        "",
        &format!(
            "{FOUR}
            2: mon 09:10 agent relates duplicate_of 1
            2: mon 09:20 customer says
            mon 09:20 agent relates original_of 3
            mon 09:30 agent relates duplicate_of 2
            4: mon 09:30 agent relates duplicate_of 3
            2: mon 09:40 agent unrelates duplicate_of 1"
        ),
        &format!(
            "{OPENED}
            2: mon 09:10  is duplicate_of #1, which is new
            2: mon 09:10  closed
            mon 09:10  is original_of #2, which is closed
            mon 09:20  refused: the ticket is closed and does not change any more; open a new one
            mon 09:20  is original_of #3, which is closed
            3: mon 09:20  is duplicate_of #1, which is new
            3: mon 09:20  closed
            mon 09:30  refused: #1 cannot be duplicate_of #2: that one is a duplicate itself
            mon 09:30  refused: #4 cannot be duplicate_of #3: that one is a duplicate itself
            2: mon 09:40  is not duplicate_of #1
            mon 09:40  is not original_of #2"
        ),
    );
}

#[test]
fn who_asked_the_same_hears_the_answer_and_so_do_those_who_waited_for_that() {
    check(
        "",
        &format!(
            r#"{FOUR}
            mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            2: mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            3: mon 09:10 agent relates incident_of 2
            2: mon 09:20 agent relates duplicate_of 1
            mon 10:00 agent says resolved
            4: mon 11:00 agent relates duplicate_of 1"#
        ),
        &format!(
            "{OPENED}
            mon 09:05  a problem, ?, for ?
            2: mon 09:05  a problem, ?, for ?
            3: mon 09:10  is incident_of #2, which is new
            2: mon 09:10  is problem_of #3, which is new
            2: mon 09:20  is duplicate_of #1, which is new
            2: mon 09:20  closed
            mon 09:20  is original_of #2, which is closed
            mon 10:00  agent 1 says something
            mon 10:00  resolved
            2: mon 10:00  hears that #1 is resolved
            2: mon 10:00  agent 1 says something
            3: mon 10:00  agent 1 says something
            3: mon 10:00  resolved
            2: mon 10:00  hears that #3 is resolved
            4: mon 11:00  is duplicate_of #1, which is resolved
            4: mon 11:00  closed
            mon 11:00  is original_of #4, which is closed
            4: mon 11:00  agent 1 says something"
        ),
    );
}

#[test]
fn who_comes_to_be_an_incident_later_is_told_what_the_others_were_told() {
    check(
        "",
        &format!(
            r#"{FOUR}
            mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            mon 09:10 agent does {{"know_error":{{"cause":"A fuse","workaround":"Use the other one."}}}}
            2: mon 09:20 agent relates incident_of 1
            mon 09:25 agent does {{"describe":{{"kind":"question"}}}}
            2: mon 09:25 agent does {{"describe":{{"kind":"problem"}}}}
            mon 10:00 agent says resolved
            mon 11:00 agent relates problem_of 3"#
        ),
        &format!(
            "{OPENED}
            mon 09:05  a problem, ?, for ?
            mon 09:10  agent 1 knows the error
            2: mon 09:20  is incident_of #1, which is new
            mon 09:20  is problem_of #2, which is new
            2: mon 09:20  agent 1 says something
            2: mon 09:20  open
            mon 09:25  refused: a question cannot be problem_of #2; unrelate them first
            mon 09:25  refused: a problem cannot be incident_of #1; unrelate them first
            mon 10:00  agent 1 says something
            mon 10:00  resolved
            2: mon 10:00  agent 1 says something
            2: mon 10:00  resolved
            mon 10:00  hears that #2 is resolved
            mon 11:00  is problem_of #3, which is new
            3: mon 11:00  is incident_of #1, which is resolved
            3: mon 11:00  agent 1 says something
            3: mon 11:00  resolved
            mon 11:00  hears that #3 is resolved"
        ),
    );
}

#[test]
fn a_problem_that_is_closed_at_once_solves_its_incidents_by_the_ways_that_there_are() {
    let at_once = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "resolved", category = "resolved" }, { id = "closed", category = "closed" },
]
transitions = [
    { from = "new", to = "open" }, { from = "open", to = "resolved" },
    { from = ["open", "resolved"], to = "closed" },
]
"#;
    check(
        at_once,
        r#"mon 09:00 customer opens
         2: mon 09:00 customer opens
         mon 09:05 agent does {"describe":{"kind":"problem"}}
         2: mon 09:10 agent relates incident_of 1
         mon 09:20 agent open
         mon 09:40 agent says closed"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         mon 09:05  a problem, ?, for ?
         2: mon 09:10  is incident_of #1, which is new
         mon 09:10  is problem_of #2, which is new
         mon 09:20  open (default), open
         mon 09:40  agent 1 says something
         mon 09:40  closed (default), closed
         2: mon 09:40  open (default), open
         2: mon 09:40  agent 1 says something
         2: mon 09:40  resolved (default), resolved
         mon 09:40  hears that #2 is resolved",
    );
}

#[test]
fn nothing_is_above_itself_by_whatever_way() {
    check(
        "",
        &format!(
            "{FOUR}
            mon 09:10 agent relates child_of 1
            mon 09:10 agent relates child_of 2
            2: mon 09:10 agent relates child_of 3
            3: mon 09:20 agent relates child_of 1
            mon 09:20 agent relates parent_of 3
            mon 09:20 agent relates child_of 3
            mon 09:30 agent relates caused_by 3
            3: mon 09:30 agent relates caused_by 1
            3: mon 09:40 agent relates relates_to 1
            mon 09:50 agent unrelates child_of 3
            mon 09:50 agent unrelates child_of 2
            3: mon 09:50 agent relates child_of 1
            2: mon 09:59 agent relates child_of 1"
        ),
        &format!(
            "{OPENED}
            mon 09:10  refused: #1 cannot be child_of #1: it is the same ticket
            mon 09:10  is child_of #2, which is new
            2: mon 09:10  is parent_of #1, which is new
            2: mon 09:10  is child_of #3, which is new
            3: mon 09:10  is parent_of #2, which is new
            mon 09:20  refused: #3 cannot be child_of #1: it is above that one itself, and would be in a circle
            mon 09:20  refused: #3 cannot be child_of #1: it is above that one itself, and would be in a circle
            mon 09:20  refused: #1 cannot be child_of #3: it is a part already
            mon 09:30  is caused_by #3, which is new
            3: mon 09:30  is cause_of #1, which is new
            mon 09:30  refused: #3 cannot be caused_by #1: it is above that one itself, and would be in a circle
            3: mon 09:40  is relates_to #1, which is new
            mon 09:40  is relates_to #3, which is new
            mon 09:50  refused: #1 is not child_of #3
            mon 09:50  is not child_of #2
            2: mon 09:50  is not parent_of #1
            3: mon 09:50  is child_of #1, which is new
            mon 09:50  is parent_of #3, which is new
            mon 09:59  refused: #2 cannot be child_of #1: it is a part already"
        ),
    );
}

#[test]
fn what_is_noticed_late_was_true_for_the_parts_too() {
    let rules = "[relations]\nparent = \"takes_along\"\n[[rules]]\nname = \"give up\"\nwhen = { status = \"pending\" }\nafter = \"2h\"\ndo = [{ status = \"resolved\" }]";
    check(
        rules,
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         2: mon 09:10 agent relates child_of 1
         mon 10:00 agent pending
         2: mon 11:00 agent pending
         tue 09:00 wake
         2: tue 09:00 wake",
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         2: mon 09:10  is child_of #1, which is new
         mon 09:10  is parent_of #2, which is new
         mon 10:00  pending
         mon 10:00  give up waits until mon 12:00
         2: mon 11:00  pending
         2: mon 11:00  give up waits until mon 13:00
         mon 12:00  give up fires: status is pending; for 2h
         mon 12:00  give up: resolved
         mon 12:00  give up waits no more
         2: mon 12:00  resolved
         2: mon 12:00  give up waits no more
         mon 12:00  hears that #2 is resolved",
    );
}

#[test]
fn a_family_has_an_end() {
    let rules = rules_with("");
    let now = moment("mon", "09:00");
    let by = (Actor::Agent(AgentId(1)), &rules);
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let one = carry_out(None, &open, by.0, &rules, now).unwrap().ticket;
    let mut tickets = vec![one; MAX_FAMILY + 1];
    let id = |index: usize| TicketId(index as u64);
    for child in 1..=MAX_FAMILY {
        let pair = ((id(child), tickets[child].clone()), (id(0), tickets[0].clone()));
        let find = |of: TicketId| Ok(tickets[of.0 as usize].clone());
        let done = relate::<Refusal>(pair.0, Relation::ChildOf, pair.1, by, now, find);
        if child == MAX_FAMILY {
            let refusal = done.unwrap_err();
            assert_eq!(
                refusal,
                Refusal::from(RelationRefused::FamilyTooLarge { most: MAX_FAMILY })
            );
            let said = "more than 500 tickets would belong together, and what becomes of one is told to \
                        all at once; unrelate those that are done, or let the rest belong to another \
                        ticket and relate that one to this by relates_to";
            assert_eq!(refusal.to_string(), said);
            // What it advises is possible.
            let [rest, full] = [child, 0].map(|index| (id(index), tickets[index].clone()));
            let find = |of: TicketId| Ok(tickets[of.0 as usize].clone());
            let done = relate::<Refusal>(rest, Relation::RelatesTo, full, by, now, find);
            return assert!(done.is_ok());
        }
        let (part, whole) = done.unwrap();
        (tickets[child], tickets[0]) = (part.ticket, whole.ticket);
    }
}
