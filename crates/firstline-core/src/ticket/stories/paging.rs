//! Who is called when a step of a ladder pages, and until when.

use super::script::check_under;

const ON_CALL: &str = r#"
[rosters.duty]
shifts = [{ name = "all", members = [1] }]
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "4h"
ladder = [{ at_due = true, page = "urgent" }]
"#;

const PAGES: &str = r#"
[pages.urgent]
levels = [{ roster = "duty", every = "1h", times = 20 }]
"#;

#[test]
fn whoever_did_not_answer_before_it_seemed_done_is_called_again_when_it_is_not() {
    check_under(
        &[&format!("{ON_CALL}{PAGES}")],
        "mon 09:00 customer opens
         mon 14:00 agent resolved
         mon 15:00 customer says
         mon 15:30 agent does {\"acknowledge_page\": {\"page\": 2}}
         mon 16:00 agent resolved
         mon 16:10 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 13:00  resolution breached
         mon 13:00  resolution step 0
         mon 13:00  page 1 by urgent, step 0 of resolution
         mon 13:00  page 1 rings for agent 1, level 0, 1
         mon 14:00  page 1 rings for agent 1, level 0, 2
         mon 14:00  resolved
         mon 14:00  resolution missed after 5h, 1h over
         mon 14:00  page 1 is called off: fulfilled
         mon 15:00  contact 1 says something
         mon 15:00  open
         mon 15:00  resolution goes on, due mon 14:00
         mon 15:00  page 2 by urgent, step 0 of resolution
         mon 15:00  page 2 rings for agent 1, level 0, 1
         mon 15:30  page 2 answered by agent 1
         mon 16:00  resolved
         mon 16:00  resolution missed after 6h, 2h over
         mon 16:10  contact 1 says something
         mon 16:10  open
         mon 16:10  resolution goes on, due mon 14:10",
    );
}

#[test]
fn a_plan_that_is_no_longer_in_the_rules_goes_on_as_it_was_promised() {
    let without = ON_CALL.replace("page = \"urgent\"", "notify = \"lead\"");
    check_under(
        &[&format!("{ON_CALL}{PAGES}"), &without],
        "mon 09:00 customer opens
         mon 10:00 desk adopts
         mon 13:30 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 13:00  resolution breached
         mon 13:00  resolution step 0
         mon 13:00  page 1 by urgent, step 0 of resolution
         mon 13:00  page 1 rings for agent 1, level 0, 1",
    );
}

const REPLY: &str = r#"
[rosters.duty]
shifts = [{ name = "all", members = [1] }]
[pages.urgent]
levels = [{ roster = "duty", every = "1h", times = 20 }]
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
ladder = [{ at_due = true, page = "urgent" }]
"#;

#[test]
fn whoever_is_called_is_called_on_for_the_ticket_that_the_promise_went_to_and_back() {
    check_under(
        &[REPLY],
        "mon 09:00 customer opens
         2: mon 09:30 customer opens
         mon 13:10 agent merges into 2
         2: mon 13:40 wake
         mon 13:50 agent separates from 2
         mon 14:00 agent does {\"acknowledge_page\": {\"page\": 2}}",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 09:30  opened, medium, on L1
         2: mon 09:30  first_reply 1 started, due mon 13:30
         mon 13:00  first_reply breached
         mon 13:00  first_reply step 0
         mon 13:00  page 1 by urgent, step 0 of first_reply
         mon 13:00  page 1 rings for agent 1, level 0, 1
         mon 13:10  merged into #2
         mon 13:10  first_reply cancelled: merged
         mon 13:10  page 1 is called off: merged
         2: mon 13:10  took in #1
         2: mon 13:10  1/first_reply taken over, due mon 13:00
         2: mon 13:10  page 1 by urgent, step 0 of 1/first_reply
         2: mon 13:10  page 1 rings for agent 1, level 0, 1
         2: mon 13:30  first_reply breached
         2: mon 13:30  first_reply step 0
         mon 13:50  separated from #2
         mon 13:50  page 1 is called off: separated
         mon 13:50  page 2 by urgent, step 0 of first_reply
         mon 13:50  page 2 rings for agent 1, level 0, 1
         2: mon 13:50  page 1 is called off: separated
         2: mon 13:50  gave back #1
         mon 14:00  page 2 answered by agent 1",
    );
}

#[test]
fn a_call_that_was_answered_on_the_other_ticket_does_not_ring_again_after_the_undoing() {
    check_under(
        &[REPLY],
        "mon 09:00 customer opens
         2: mon 09:30 customer opens
         mon 13:10 agent merges into 2
         2: mon 13:20 agent does {\"acknowledge_page\": {\"page\": 1}}
         mon 15:50 agent separates from 2
         mon 16:30 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 09:30  opened, medium, on L1
         2: mon 09:30  first_reply 1 started, due mon 13:30
         mon 13:00  first_reply breached
         mon 13:00  first_reply step 0
         mon 13:00  page 1 by urgent, step 0 of first_reply
         mon 13:00  page 1 rings for agent 1, level 0, 1
         mon 13:10  merged into #2
         mon 13:10  first_reply cancelled: merged
         mon 13:10  page 1 is called off: merged
         2: mon 13:10  took in #1
         2: mon 13:10  1/first_reply taken over, due mon 13:00
         2: mon 13:10  page 1 by urgent, step 0 of 1/first_reply
         2: mon 13:10  page 1 rings for agent 1, level 0, 1
         2: mon 13:20  page 1 answered by agent 1
         mon 15:50  separated from #2
         mon 15:50  page 1 is called off: separated
         2: mon 13:30  first_reply breached
         2: mon 13:30  first_reply step 0
         2: mon 15:50  gave back #1",
    );
}
