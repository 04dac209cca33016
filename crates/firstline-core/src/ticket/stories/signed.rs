//! What was asked for and what was refused, across merges.

use super::script::check_under;

/// What is to be resolved takes a yes.
pub(super) const SIGNED: &str = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "resolved", category = "resolved" }, { id = "closed", category = "closed" },
]
transitions = [
    { from = "new", to = "open" },
    { from = "open", to = "resolved", requires = ["approved"] },
    { from = "resolved", to = "closed" },
]
"#;

#[test]
fn what_waits_for_a_name_goes_on_when_that_leaves_with_the_ticket_that_brought_it() {
    check_under(
        &[""],
        r#"mon 09:00 customer opens
         2: mon 09:00 customer opens
         3: mon 09:00 customer opens
         2: mon 09:10 agent does {"approval": {"ask": {"what": "the price"}}}
         3: mon 09:10 agent does {"approval": {"ask": {"what": "the way there"}}}
         2: mon 09:20 agent merges into 1
         3: mon 09:20 agent merges into 1
         mon 09:30 agent holds approval
         2: mon 10:00 agent separates from 1
         3: mon 10:10 agent separates from 1"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         2: mon 09:10  agent 1 asks for: the price
         3: mon 09:10  agent 1 asks for: the way there
         2: mon 09:20  merged into #1
         mon 09:20  took in #2, 0 to do and 1 to sign
         3: mon 09:20  merged into #1
         mon 09:20  took in #3, 0 to do and 1 to sign
         mon 09:30  on_hold for Approval
         2: mon 10:00  separated from #1
         mon 10:00  gave back #2
         3: mon 10:10  separated from #1
         mon 10:10  gave back #3
         mon 10:10  open",
    );
}

#[test]
fn what_waited_for_a_name_of_its_own_before_a_merge_waits_on_when_that_is_undone() {
    check_under(
        &[""],
        r#"mon 09:00 customer opens
         2: mon 09:00 customer opens
         2: mon 09:10 agent does {"approval": {"ask": {"what": "the price"}}}
         mon 09:15 agent holds approval
         2: mon 09:20 agent merges into 1
         2: mon 10:00 agent separates from 1"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         2: mon 09:10  agent 1 asks for: the price
         mon 09:15  on_hold for Approval
         2: mon 09:20  merged into #1
         mon 09:20  took in #2, 0 to do and 1 to sign
         2: mon 10:00  separated from #1
         mon 10:00  gave back #2",
    );
}

/// 1 has the name that it waited for, and waits only for what came with 2.
#[test]
fn what_has_the_name_of_its_own_that_it_waited_for_goes_on_when_the_other_one_leaves() {
    check_under(
        &[""],
        r#"mon 09:00 customer opens
         2: mon 09:00 customer opens
         mon 09:05 agent does {"approval": {"ask": {"what": "the way there"}}}
         2: mon 09:10 agent does {"approval": {"ask": {"what": "the price"}}}
         mon 09:15 agent holds approval
         2: mon 09:20 agent merges into 1
         mon 09:30 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "agreed", "approved": true}}}
         2: mon 10:00 agent separates from 1"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         mon 09:05  agent 1 asks for: the way there
         2: mon 09:10  agent 1 asks for: the price
         mon 09:15  on_hold for Approval
         2: mon 09:20  merged into #1
         mon 09:20  took in #2, 0 to do and 1 to sign
         mon 09:30  contact 1 signs yes as Ada: agreed
         2: mon 10:00  separated from #1
         mon 10:00  gave back #2
         mon 10:00  open",
    );
}

#[test]
fn a_no_comes_along_with_a_merge_and_goes_back_with_its_ticket() {
    check_under(
        &[SIGNED],
        r#"mon 09:00 agent opens
         2: mon 09:00 agent opens
         mon 09:05 agent open
         2: mon 09:05 agent open
         2: mon 09:10 agent does {"approval": {"ask": {"what": "100 EUR"}}}
         mon 09:10 agent does {"approval": {"ask": {"what": "the way there"}}}
         2: mon 09:20 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "too dear", "approved": false}}}
         mon 09:20 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "agreed", "approved": true}}}
         2: mon 09:30 agent merges into 1
         mon 09:40 agent resolved
         2: mon 09:50 agent separates from 1
         mon 10:00 agent resolved
         2: mon 10:00 agent resolved"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         mon 09:05  open (default), open
         2: mon 09:05  open (default), open
         2: mon 09:10  agent 1 asks for: 100 EUR
         mon 09:10  agent 1 asks for: the way there
         2: mon 09:20  contact 1 signs no as Ada: too dear
         mon 09:20  contact 1 signs yes as Ada: agreed
         2: mon 09:30  merged into #1
         mon 09:30  took in #2, 0 to do and 1 to sign
         mon 09:40  refused: a ticket that is open becomes resolved only with approved
         2: mon 09:50  separated from #1
         mon 09:50  gave back #2
         mon 10:00  resolved (default), resolved
         mon 10:00  refused: a ticket that is open becomes resolved only with approved",
    );
}

#[test]
fn a_no_stands_where_its_ticket_lives_on_when_what_was_asked_for_in_its_place_is_taken_back() {
    check_under(
        &[SIGNED],
        r#"mon 09:00 agent opens
         2: mon 09:00 agent opens
         mon 09:05 agent open
         2: mon 09:05 agent open
         mon 09:10 agent does {"approval": {"ask": {"what": "the way there"}}}
         mon 09:20 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "agreed", "approved": true}}}
         2: mon 09:10 agent does {"approval": {"ask": {"what": "100 EUR"}}}
         2: mon 09:20 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "too dear", "approved": false}}}
         2: mon 09:25 agent does {"approval": {"ask": {"what": "80 EUR"}}}
         2: mon 09:30 agent merges into 1
         mon 09:40 agent does {"approval": {"withdraw": {"approval": 3, "reason": "a slip"}}}
         mon 09:50 agent resolved
         mon 09:55 agent does {"approval": {"ask": {"what": "75 EUR"}}}
         mon 10:00 customer does {"approval": {"sign": {"approval": 4, "name": "Ada", "meaning": "agreed", "approved": true}}}
         mon 10:10 agent resolved"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         mon 09:05  open (default), open
         2: mon 09:05  open (default), open
         mon 09:10  agent 1 asks for: the way there
         mon 09:20  contact 1 signs yes as Ada: agreed
         2: mon 09:10  agent 1 asks for: 100 EUR
         2: mon 09:20  contact 1 signs no as Ada: too dear
         2: mon 09:25  agent 1 asks for: 80 EUR, instead of 1
         2: mon 09:30  merged into #1
         mon 09:30  took in #2, 0 to do and 2 to sign
         mon 09:40  agent 1 withdraws approval 3: a slip
         mon 09:50  refused: a ticket that is open becomes resolved only with approved
         mon 09:55  agent 1 asks for: 75 EUR, instead of 2
         mon 10:00  contact 1 signs yes as Ada: agreed
         mon 10:10  resolved (default), resolved",
    );
}

#[test]
fn whoever_got_a_no_does_not_put_a_yes_of_their_own_in_its_place() {
    check_under(
        &[""],
        r#"mon 09:00 customer opens
           mon 09:10 agent does {"approval": {"ask": {"what": "the price"}}}
           mon 09:20 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "too dear", "approved": false}}}
           mon 09:30 agent does {"approval": {"ask": {"what": "the price"}}}
           mon 09:40 agent does {"approval": {"sign": {"approval": 2, "name": "Bob", "meaning": "fine", "approved": true}}}
           mon 09:45 robot does {"approval": {"ask": {"what": "the delay"}}}
           mon 09:46 customer does {"approval": {"sign": {"approval": 3, "name": "Ada", "meaning": "too late", "approved": false}}}
           mon 09:47 robot does {"approval": {"ask": {"what": "the delay"}}}
           mon 09:48 agent does {"approval": {"sign": {"approval": 4, "name": "Bob", "meaning": "no again", "approved": false}}}
           mon 09:49 agent does {"approval": {"ask": {"what": "the delay"}}}
           mon 09:49 agent does {"approval": {"sign": {"approval": 5, "name": "Bob", "meaning": "fine", "approved": true}}}
           mon 09:50 customer does {"approval": {"sign": {"approval": 2, "name": "Ada", "meaning": "so be it", "approved": true}}}"#,
        "mon 09:00  opened, medium, on L1
         mon 09:10  agent 1 asks for: the price
         mon 09:20  contact 1 signs no as Ada: too dear
         mon 09:30  agent 1 asks for: the price, instead of 1
         mon 09:40  refused: approval 2 is asked for in the place of a no: somebody else signs it than who asked
         mon 09:45  the system asks for: the delay
         mon 09:46  contact 1 signs no as Ada: too late
         mon 09:47  the system asks for: the delay, instead of 3
         mon 09:48  agent 1 signs no as Bob: no again
         mon 09:49  agent 1 asks for: the delay, instead of 4
         mon 09:49  refused: approval 5 is asked for in the place of a no: somebody else signs it than who asked
         mon 09:50  contact 1 signs yes as Ada: so be it",
    );
}
