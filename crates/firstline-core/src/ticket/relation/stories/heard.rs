//! What the customers of relatives hear, and what they do not.

use super::*;

const DONE: &str =
    "\"The matter that you wrote about is settled, as we see it. Tell us if it is not.\"";
const AGAIN: &str = "\"The matter that you wrote about is being worked on again.\"";

#[test]
fn another_customer_hears_that_it_is_settled_and_not_what_was_said_to_the_first() {
    check(
        "",
        "mon 09:00 another opens
         2: mon 09:00 customer opens
         3: mon 09:00 colleague opens
         2: mon 09:10 agent relates duplicate_of 1
         3: mon 09:10 agent relates duplicate_of 1
         mon 10:00 agent says resolved
         mon 11:00 another says
         4: mon 11:00 customer opens
         mon 11:30 agent resolved
         4: mon 12:00 agent relates duplicate_of 1",
        r#"mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         2: mon 09:10  is duplicate_of #1, which is new
         2: mon 09:10  closed
         mon 09:10  is original_of #2, which is closed
         3: mon 09:10  is duplicate_of #1, which is new
         3: mon 09:10  closed
         mon 09:10  is original_of #3, which is closed
         mon 10:00  agent 1 says something
         mon 10:00  resolved
         2: mon 10:00  hears that #1 is resolved
         2: mon 10:00  the system says "The matter that you wrote about is settled, as we see it. Tell us if it is not."
         3: mon 10:00  hears that #1 is resolved
         3: mon 10:00  agent 1 says something
         mon 11:00  contact 2 says something
         mon 11:00  open
         2: mon 11:00  hears that #1 is open
         3: mon 11:00  hears that #1 is open
         2: mon 11:00  the system says "The matter that you wrote about is being worked on again."
         3: mon 11:00  the system says "The matter that you wrote about is being worked on again."
         4: mon 11:00  opened, medium, on L1
         mon 11:30  resolved
         2: mon 11:30  hears that #1 is resolved
         2: mon 11:30  the system says "The matter that you wrote about is settled, as we see it. Tell us if it is not."
         3: mon 11:30  hears that #1 is resolved
         3: mon 11:30  the system says "The matter that you wrote about is settled, as we see it. Tell us if it is not."
         4: mon 12:00  is duplicate_of #1, which is resolved
         4: mon 12:00  closed
         mon 12:00  is original_of #4, which is closed
         4: mon 12:00  the system says "The matter that you wrote about is settled, as we see it. Tell us if it is not.""#,
    );
}

#[test]
fn the_duplicates_of_what_was_no_request_live_again() {
    check(
        "[[policies]]\nname = \"standard\"\ncalendar = \"office\"\n[policies.targets.resolution]\nwithin = \"1h\"",
        r#"mon 09:00 customer opens
           2: mon 09:00 customer opens
           2: mon 09:10 agent relates duplicate_of 1
           mon 11:00 agent does "mark_spam"
           mon 12:00 agent does "unmark_spam""#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 10:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  resolution 1 started, due mon 10:00
         2: mon 09:10  is duplicate_of #1, which is new
         2: mon 09:10  closed
         2: mon 09:10  resolution cancelled: closed
         mon 09:10  is original_of #2, which is closed
         mon 10:00  resolution breached
         mon 11:00  spam
         mon 11:00  closed
         mon 11:00  resolution cancelled: closed
         2: mon 11:00  is not duplicate_of #1
         2: mon 10:00  resolution breached
         mon 11:00  is not original_of #2
         mon 12:00  no spam",
    );
}

#[test]
fn an_incident_is_never_resolved_without_a_word_in_its_language() {
    check(
        "",
        r#"mon 09:00 customer opens
           2: mon 09:00 customer opens
           3: mon 09:00 customer opens
           3: mon 09:01 agent does {"correct": {"language": "ru-RU"}}
           mon 09:05 agent does {"describe": {"kind": "problem"}}
           2: mon 09:10 agent relates incident_of 1
           3: mon 09:10 agent relates incident_of 1
           mon 10:00 agent resolved"#,
        r#"mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         3: mon 09:01  corrected: {"language":"ru-RU"}
         mon 09:05  a problem, ?, for ?
         2: mon 09:10  is incident_of #1, which is new
         mon 09:10  is problem_of #2, which is new
         3: mon 09:10  is incident_of #1, which is new
         mon 09:10  is problem_of #3, which is new
         mon 10:00  resolved
         2: mon 10:00  the system says "What caused your request has been removed. Tell us if you still see it."
         2: mon 10:00  resolved
         3: mon 10:00  the system says "Причина вашего обращения устранена. Сообщите нам, если проблема осталась."
         3: mon 10:00  resolved
         mon 10:00  hears that #2 is resolved
         mon 10:00  hears that #3 is resolved"#,
    );
}

/// Incident 2 waits for problem 1, incident 3 for a vendor.
const WAITING: &str = r#"mon 09:00 customer opens
    2: mon 09:00 customer opens
    3: mon 09:00 customer opens
    mon 09:05 agent does {"describe": {"kind": "problem"}}
    2: mon 09:10 agent relates incident_of 1
    3: mon 09:10 agent relates incident_of 1
    2: mon 09:20 agent holds problem
    3: mon 09:20 agent holds vendor"#;

const WAITED: &str = "mon 09:00  opened, medium, on L1
    2: mon 09:00  opened, medium, on L1
    3: mon 09:00  opened, medium, on L1
    mon 09:05  a problem, ?, for ?
    2: mon 09:10  is incident_of #1, which is new
    mon 09:10  is problem_of #2, which is new
    3: mon 09:10  is incident_of #1, which is new
    mon 09:10  is problem_of #3, which is new
    2: mon 09:20  on_hold for Problem
    3: mon 09:20  on_hold for Vendor";

#[test]
fn who_waits_for_a_problem_goes_on_when_it_is_solved_where_incidents_are_only_told() {
    let script = format!("{WAITING}\nmon 10:00 agent resolved");
    check("[relations]\nincidents = \"answer\"", &script, &format!("{WAITED}
         mon 10:00  resolved
         2: mon 10:00  the system says \"What caused your request has been removed. Tell us if you still see it.\"
         2: mon 10:00  open
         3: mon 10:00  the system says \"What caused your request has been removed. Tell us if you still see it.\""));
}

#[test]
fn who_waits_for_a_problem_goes_on_when_it_is_solved_where_nobody_is_told() {
    let script = format!("{WAITING}\nmon 10:00 agent resolved");
    check(
        "[relations]\nincidents = \"free\"",
        &script,
        &format!(
            "{WAITED}
         mon 10:00  resolved
         2: mon 10:00  open"
        ),
    );
}

#[test]
fn who_waits_for_a_problem_goes_on_when_it_is_none_of_theirs() {
    let script = format!(
        "{WAITING}
        2: mon 10:00 agent unrelates incident_of 1
        mon 10:00 agent unrelates problem_of 3"
    );
    check(
        "",
        &script,
        &format!(
            "{WAITED}
         2: mon 10:00  is not incident_of #1
         2: mon 10:00  open
         mon 10:00  is not problem_of #2
         mon 10:00  is not problem_of #3
         3: mon 10:00  is not incident_of #1"
        ),
    );
}

#[test]
fn who_says_again_what_was_said_again_hears_whatever_becomes_of_the_first() {
    check(
        "",
        &format!(
            "{FOUR}
            4: mon 09:10 agent relates duplicate_of 3
            3: mon 09:20 agent relates duplicate_of 2
            2: mon 09:30 agent relates duplicate_of 1
            mon 10:00 agent resolved
            mon 11:00 customer says"
        ),
        &format!(
            "{OPENED}
            4: mon 09:10  is duplicate_of #3, which is new
            4: mon 09:10  closed
            3: mon 09:10  is original_of #4, which is closed
            3: mon 09:20  is duplicate_of #2, which is new
            3: mon 09:20  closed
            2: mon 09:20  is original_of #3, which is closed
            2: mon 09:30  is duplicate_of #1, which is new
            2: mon 09:30  closed
            mon 09:30  is original_of #2, which is closed
            mon 10:00  resolved
            2: mon 10:00  hears that #1 is resolved
            2: mon 10:00  the system says {DONE}
            3: mon 10:00  hears that #2 is resolved
            3: mon 10:00  the system says {DONE}
            4: mon 10:00  hears that #3 is resolved
            4: mon 10:00  the system says {DONE}
            mon 11:00  contact 1 says something
            mon 11:00  open
            2: mon 11:00  hears that #1 is open
            2: mon 11:00  the system says {AGAIN}
            3: mon 11:00  hears that #2 is open
            3: mon 11:00  the system says {AGAIN}
            4: mon 11:00  hears that #3 is open
            4: mon 11:00  the system says {AGAIN}"
        ),
    );
}

#[test]
fn the_duplicates_of_a_duplicate_of_spam_hear_nothing_of_an_end() {
    check(
        "",
        &format!(
            r#"{FOUR}
            3: mon 09:10 agent relates duplicate_of 2
            2: mon 09:20 agent relates duplicate_of 1
            mon 10:00 agent does "mark_spam""#
        ),
        &format!(
            "{OPENED}
            3: mon 09:10  is duplicate_of #2, which is new
            3: mon 09:10  closed
            2: mon 09:10  is original_of #3, which is closed
            2: mon 09:20  is duplicate_of #1, which is new
            2: mon 09:20  closed
            mon 09:20  is original_of #2, which is closed
            mon 10:00  spam
            mon 10:00  closed
            2: mon 10:00  is not duplicate_of #1
            mon 10:00  is not original_of #2"
        ),
    );
}

#[test]
fn what_is_said_again_of_something_done_ends_what_waited_for_it() {
    check(
        "",
        &format!(
            r#"{FOUR}
            mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            2: mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            3: mon 09:10 agent relates incident_of 2
            3: mon 09:15 agent holds problem
            4: mon 09:20 agent relates duplicate_of 2
            mon 10:00 agent says resolved
            2: mon 11:00 agent relates duplicate_of 1"#
        ),
        &format!(
            "{OPENED}
            mon 09:05  a problem, ?, for ?
            2: mon 09:05  a problem, ?, for ?
            3: mon 09:10  is incident_of #2, which is new
            2: mon 09:10  is problem_of #3, which is new
            3: mon 09:15  on_hold for Problem
            4: mon 09:20  is duplicate_of #2, which is new
            4: mon 09:20  closed
            2: mon 09:20  is original_of #4, which is closed
            mon 10:00  agent 1 says something
            mon 10:00  resolved
            2: mon 11:00  is duplicate_of #1, which is resolved
            2: mon 11:00  closed
            mon 11:00  is original_of #2, which is closed
            3: mon 11:00  the system says \"What caused your request has been removed. Tell us if you still see it.\"
            3: mon 11:00  resolved
            4: mon 11:00  hears that #2 is resolved
            4: mon 11:00  the system says {DONE}
            2: mon 11:00  agent 1 says something
            2: mon 11:00  hears that #3 is resolved"
        ),
    );
}

#[test]
fn incidents_of_a_problem_that_was_none_wait_for_it_no_more() {
    check(
        "",
        &format!(
            r#"{FOUR}
            mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            2: mon 09:10 agent relates incident_of 1
            2: mon 09:15 agent holds problem
            mon 10:00 agent does "mark_spam""#
        ),
        &format!(
            "{OPENED}
            mon 09:05  a problem, ?, for ?
            2: mon 09:10  is incident_of #1, which is new
            mon 09:10  is problem_of #2, which is new
            2: mon 09:15  on_hold for Problem
            mon 10:00  spam
            mon 10:00  closed
            2: mon 10:00  the system says \"What we took for the cause of your request was not the cause. We are looking into it again.\"
            2: mon 10:00  open"
        ),
    );
}

#[test]
fn what_seemed_done_and_says_again_what_is_not_is_worked_on_again_for_those_that_said_it_too() {
    check(
        "",
        &format!(
            "{FOUR}
            3: mon 09:10 agent relates duplicate_of 2
            2: mon 10:00 agent resolved
            2: mon 11:00 agent relates duplicate_of 1
            mon 12:00 agent resolved"
        ),
        &format!(
            "{OPENED}
            3: mon 09:10  is duplicate_of #2, which is new
            3: mon 09:10  closed
            2: mon 09:10  is original_of #3, which is closed
            2: mon 10:00  resolved
            3: mon 10:00  hears that #2 is resolved
            3: mon 10:00  the system says {DONE}
            2: mon 11:00  is duplicate_of #1, which is new
            2: mon 11:00  closed
            mon 11:00  is original_of #2, which is closed
            3: mon 11:00  hears that #2 is new
            3: mon 11:00  the system says {AGAIN}
            mon 12:00  resolved
            2: mon 12:00  hears that #1 is resolved
            2: mon 12:00  the system says {DONE}
            3: mon 12:00  hears that #2 is resolved
            3: mon 12:00  the system says {DONE}"
        ),
    );
}

/// A rule of the desk has the very words in a letter of its own, on a duplicate of what is open.
#[test]
fn whether_somebody_was_told_that_it_goes_on_does_not_go_by_the_words() {
    let parrot = r#"
[[rules]]
name = "parrot"
on = ["tagged"]
do = [{ message = "The matter that you wrote about is being worked on again." }]
"#;
    check(
        parrot,
        &format!(
            r#"{FOUR}
            3: mon 09:10 agent relates duplicate_of 2
            2: mon 09:30 agent does {{"tag": {{"add": ["loud"]}}}}"#
        ),
        &format!(
            "{OPENED}
            3: mon 09:10  is duplicate_of #2, which is new
            3: mon 09:10  closed
            2: mon 09:10  is original_of #3, which is closed
            2: mon 09:30  tags +{{\"loud\"}} -{{}}
            2: mon 09:30  parrot fires: nothing is asked
            2: mon 09:30  parrot: the system says {AGAIN}"
        ),
    );
}

#[test]
fn the_duplicates_of_what_was_merged_hear_that_it_is_open_again_when_that_is_undone() {
    check(
        "",
        &format!(
            "{FOUR}
            3: mon 09:10 agent relates duplicate_of 2
            2: mon 09:10 agent relates duplicate_of 1
            mon 09:20 agent merges into 4
            4: mon 10:00 agent resolved
            mon 11:00 agent separates from 4
            mon 12:00 agent resolved"
        ),
        &format!(
            "{OPENED}
            3: mon 09:10  is duplicate_of #2, which is new
            3: mon 09:10  closed
            2: mon 09:10  is original_of #3, which is closed
            2: mon 09:10  is duplicate_of #1, which is new
            2: mon 09:10  closed
            mon 09:10  is original_of #2, which is closed
            mon 09:20  merged into #4
            4: mon 09:20  took in #1
            2: mon 09:20  hears that #1 lives on in #4
            4: mon 10:00  resolved
            2: mon 10:00  hears that #4 is resolved
            2: mon 10:00  the system says {DONE}
            3: mon 10:00  hears that #2 is resolved
            3: mon 10:00  the system says {DONE}
            mon 11:00  separated from #4
            4: mon 11:00  gave back #1
            2: mon 11:00  hears that #1 lives by itself, which is new
            2: mon 11:00  the system says {AGAIN}
            3: mon 11:00  hears that #2 is new
            3: mon 11:00  the system says {AGAIN}
            mon 12:00  resolved
            2: mon 12:00  hears that #1 is resolved
            2: mon 12:00  the system says {DONE}
            3: mon 12:00  hears that #2 is resolved
            3: mon 12:00  the system says {DONE}"
        ),
    );
}

/// 2 says again what 1 said, 3 what 2 did, 4 what 3 did; and 1 is done and merged by mistake into what is not.
#[test]
fn what_was_done_and_is_merged_into_something_open_goes_on_for_all_its_duplicates_until_that_is_undone()
 {
    check(
        "",
        &format!(
            "{FOUR}
            5: mon 09:00 customer opens
            4: mon 09:10 agent relates duplicate_of 3
            3: mon 09:10 agent relates duplicate_of 2
            2: mon 09:10 agent relates duplicate_of 1
            mon 10:00 agent says resolved
            mon 10:30 agent merges into 5
            mon 11:00 agent separates from 5"
        ),
        &format!(
            "{OPENED}
            5: mon 09:00  opened, medium, on L1
            4: mon 09:10  is duplicate_of #3, which is new
            4: mon 09:10  closed
            3: mon 09:10  is original_of #4, which is closed
            3: mon 09:10  is duplicate_of #2, which is new
            3: mon 09:10  closed
            2: mon 09:10  is original_of #3, which is closed
            2: mon 09:10  is duplicate_of #1, which is new
            2: mon 09:10  closed
            mon 09:10  is original_of #2, which is closed
            mon 10:00  agent 1 says something
            mon 10:00  resolved
            2: mon 10:00  hears that #1 is resolved
            2: mon 10:00  agent 1 says something
            3: mon 10:00  hears that #2 is resolved
            3: mon 10:00  agent 1 says something
            4: mon 10:00  hears that #3 is resolved
            4: mon 10:00  agent 1 says something
            mon 10:30  merged into #5
            5: mon 10:30  took in #1
            2: mon 10:30  hears that #1 lives on in #5
            2: mon 10:30  hears that #5 is new
            2: mon 10:30  the system says {AGAIN}
            3: mon 10:30  hears that #2 is new
            3: mon 10:30  the system says {AGAIN}
            4: mon 10:30  hears that #3 is new
            4: mon 10:30  the system says {AGAIN}
            mon 11:00  separated from #5
            5: mon 11:00  gave back #1
            2: mon 11:00  hears that #1 lives by itself, which is resolved
            2: mon 11:00  the system says {DONE}
            3: mon 11:00  hears that #2 is resolved
            3: mon 11:00  the system says {DONE}
            4: mon 11:00  hears that #3 is resolved
            4: mon 11:00  the system says {DONE}"
        ),
    );
}

/// 3 shows what two problems are behind, and waits for them; 4 is of the first one only.
#[test]
fn who_waits_for_two_problems_waits_on_when_one_of_them_was_none() {
    check(
        "",
        &format!(
            r#"{FOUR}
            mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            2: mon 09:05 agent does {{"describe":{{"kind":"problem"}}}}
            3: mon 09:10 agent relates incident_of 1
            3: mon 09:10 agent relates incident_of 2
            4: mon 09:10 agent relates incident_of 1
            3: mon 09:15 agent holds problem
            4: mon 09:15 agent holds problem
            mon 10:00 agent does "mark_spam"
            2: mon 11:00 agent does "mark_spam""#
        ),
        &format!(
            "{OPENED}
            mon 09:05  a problem, ?, for ?
            2: mon 09:05  a problem, ?, for ?
            3: mon 09:10  is incident_of #1, which is new
            mon 09:10  is problem_of #3, which is new
            3: mon 09:10  is incident_of #2, which is new
            2: mon 09:10  is problem_of #3, which is new
            4: mon 09:10  is incident_of #1, which is new
            mon 09:10  is problem_of #4, which is new
            3: mon 09:15  on_hold for Problem
            4: mon 09:15  on_hold for Problem
            mon 10:00  spam
            mon 10:00  closed
            3: mon 10:00  the system says \"What we took for the cause of your request was not the cause. We are looking into it again.\"
            4: mon 10:00  the system says \"What we took for the cause of your request was not the cause. We are looking into it again.\"
            4: mon 10:00  open
            2: mon 11:00  spam
            2: mon 11:00  closed
            3: mon 11:00  the system says \"What we took for the cause of your request was not the cause. We are looking into it again.\"
            3: mon 11:00  open"
        ),
    );
}
