//! Relatives of tickets that are merged.

use super::*;

#[test]
fn a_part_that_is_merged_is_a_part_where_it_lives_on_until_that_is_undone() {
    check(
        "",
        &format!(
            "{FOUR}
            2: mon 09:10 agent relates child_of 1
            2: mon 09:20 agent merges into 3
            mon 09:25 agent resolved
            2: mon 09:30 agent relates relates_to 4
            2: mon 09:40 agent separates from 3
            mon 09:50 agent resolved"
        ),
        &format!(
            "{OPENED}
            2: mon 09:10  is child_of #1, which is new
            mon 09:10  is parent_of #2, which is new
            2: mon 09:20  merged into #3
            3: mon 09:20  took in #2
            mon 09:20  hears that #2 lives on in #3
            mon 09:25  refused: the ticket has parts that are still open: #3; resolve them first
            mon 09:30  refused: #2 cannot be relates_to #4: one of them was merged into another one
            2: mon 09:40  separated from #3
            3: mon 09:40  gave back #2
            mon 09:40  hears that #2 lives by itself, which is new
            mon 09:50  refused: the ticket has parts that are still open: #2; resolve them first"
        ),
    );
}

#[test]
fn what_a_merged_ticket_hears_it_knows_when_the_merge_is_undone() {
    check(
        "",
        &format!(
            "{FOUR}
            2: mon 09:10 agent relates child_of 1
            mon 09:20 agent merges into 3
            2: mon 09:30 agent resolved
            mon 09:40 agent separates from 3
            mon 09:50 agent resolved"
        ),
        &format!(
            "{OPENED}
            2: mon 09:10  is child_of #1, which is new
            mon 09:10  is parent_of #2, which is new
            mon 09:20  merged into #3
            3: mon 09:20  took in #1
            2: mon 09:20  hears that #1 lives on in #3
            2: mon 09:30  resolved
            3: mon 09:30  hears that #2 is resolved
            mon 09:30  hears that #2 is resolved
            mon 09:40  separated from #3
            3: mon 09:40  gave back #1
            2: mon 09:40  hears that #1 lives by itself, which is new
            mon 09:50  resolved"
        ),
    );
}

#[test]
fn whoever_takes_a_ticket_in_takes_its_parts_and_links_and_its_incidents_if_it_is_a_problem() {
    let problem = r#"{"describe": {"kind": "problem"}}"#;
    check(
        "",
        &format!(
            "{FOUR}
            mon 09:05 agent does {problem}
            2: mon 09:10 agent relates incident_of 1
            3: mon 09:10 agent relates relates_to 1
            mon 09:20 agent merges into 4
            4: mon 09:25 agent does {problem}
            mon 09:30 agent merges into 4
            4: mon 09:40 agent unrelates relates_to 3
            4: mon 09:50 agent resolved
            mon 10:00 agent separates from 4"
        ),
        &format!(
            "{OPENED}
            mon 09:05  a problem, ?, for ?
            2: mon 09:10  is incident_of #1, which is new
            mon 09:10  is problem_of #2, which is new
            3: mon 09:10  is relates_to #1, which is new
            mon 09:10  is relates_to #3, which is new
            mon 09:20  refused: #2 cannot be incident_of #4: that one is no problem
            4: mon 09:25  a problem, ?, for ?
            mon 09:30  merged into #4
            4: mon 09:30  took in #1
            2: mon 09:30  hears that #1 lives on in #4
            3: mon 09:30  hears that #1 lives on in #4
            4: mon 09:40  is not relates_to #3
            3: mon 09:40  is not relates_to #4
            mon 09:40  is not relates_to #3
            4: mon 09:50  resolved
            2: mon 09:50  the system says \"What caused your request has been removed. Tell us if you still see it.\"
            2: mon 09:50  resolved
            4: mon 09:50  hears that #2 is resolved
            mon 09:50  hears that #2 is resolved
            mon 10:00  separated from #4
            4: mon 10:00  gave back #1
            2: mon 10:00  hears that #1 lives by itself, which is new"
        ),
    );
}

#[test]
fn two_tickets_do_not_become_one_that_would_be_above_itself_or_a_part_twice() {
    check(
        "",
        &format!(
            "{FOUR}
            2: mon 09:10 agent relates child_of 1
            3: mon 09:10 agent relates child_of 2
            3: mon 09:20 agent merges into 1
            mon 09:20 agent merges into 3
            4: mon 09:30 agent relates child_of 1
            3: mon 09:40 agent merges into 4
            2: mon 09:50 agent merges into 1
            3: mon 09:55 agent merges into 4"
        ),
        &format!(
            "{OPENED}
            2: mon 09:10  is child_of #1, which is new
            mon 09:10  is parent_of #2, which is new
            3: mon 09:10  is child_of #2, which is new
            2: mon 09:10  is parent_of #3, which is new
            mon 09:20  refused: #3 cannot be merged into #1: one is above the other by way of a third one, which would be above itself
            mon 09:20  refused: #1 cannot be merged into #3: one is above the other by way of a third one, which would be above itself
            4: mon 09:30  is child_of #1, which is new
            mon 09:30  is parent_of #4, which is new
            mon 09:40  refused: #4 cannot be child_of #2: it is a part already
            2: mon 09:50  merged into #1
            mon 09:50  took in #2
            3: mon 09:50  hears that #2 lives on in #1
            3: mon 09:55  merged into #4
            4: mon 09:55  took in #3
            mon 09:55  hears that #3 lives on in #4
            2: mon 09:55  hears that #3 lives on in #4"
        ),
    );
}
