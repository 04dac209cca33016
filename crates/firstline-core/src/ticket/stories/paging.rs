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
