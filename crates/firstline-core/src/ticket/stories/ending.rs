//! Promises that are kept, missed, given up, and taken up again.

use super::script::{check, check_under};

const OFTEN: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
reopen = "new_cycle"
[policies.targets.next_reply]
within = "2h"
[policies.targets.first_resolution]
within = "16h"
[policies.targets.resolution]
within = "16h"
[policies.targets.requester_wait]
within = "16h"
reopen = "new_cycle"
"#;

#[test]
fn fulfilled_at_due_is_met_and_equality_is_no_breach() {
    check(
        "mon 09:00 customer opens
         mon 13:00 agent says
         mon 13:01 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 13:00  agent 1 says something
         mon 13:00  first_reply met after 4h
         mon 13:00  open",
    );
}

#[test]
fn a_breach_is_dated_at_due_whenever_it_is_noticed_and_stays() {
    check(
        "mon 09:00 customer opens
         wed 15:00 wake
         wed 16:00 agent decrees low
         wed 16:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 13:00  first_reply breached
         mon 15:00  first_reply step 0
         mon 15:00  handed over to L2 by the ladder of first_reply
         tue 13:00  resolution warned at 75 %
         tue 17:00  resolution breached
         tue 17:00  resolution step 0
         tue 17:00  handed over to L3 by the ladder of resolution
         wed 16:00  low by decree
         wed 16:00  first_reply now 8h, due wed 16:00
         wed 16:00  resolution now 40h, due fri 17:00
         wed 16:30  agent 1 says something
         wed 16:30  first_reply missed after 23h 30m, 15h 30m over
         wed 16:30  open",
    );
}

#[test]
fn fulfilled_late_is_missed_with_its_overrun_in_working_time_and_is_not_dropped() {
    check_under(
        &[OFTEN],
        "mon 15:00 customer opens
         wed 10:00 agent says",
        "mon 15:00  opened, medium, on L1
         mon 15:00  first_reply 1 started, due tue 11:00
         mon 15:00  first_resolution 1 started, due wed 15:00
         mon 15:00  resolution 1 started, due wed 15:00
         mon 15:00  requester_wait 1 started, due wed 15:00
         tue 11:00  first_reply breached
         wed 10:00  agent 1 says something
         wed 10:00  first_reply missed after 11h, 7h over
         wed 10:00  open",
    );
}

#[test]
fn what_is_cancelled_has_no_verdict_and_rings_no_more() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         mon 10:00 agent closed
         fri 10:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  resolved
         mon 10:00  first_reply cancelled: resolved
         mon 10:00  resolution met after 1h
         mon 10:00  closed",
    );
}

#[test]
fn a_reopening_goes_on_with_what_was_spent_or_begins_anew_or_does_nothing_as_each_target_says() {
    check_under(
        &[OFTEN],
        "mon 09:00 customer opens
         mon 10:00 agent says resolved
         fri 09:00 customer says
         fri 10:00 agent says resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  first_resolution 1 started, due tue 17:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  requester_wait 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  resolved
         mon 10:00  first_resolution met after 1h
         mon 10:00  resolution met after 1h
         mon 10:00  requester_wait met after 1h
         fri 09:00  contact 1 says something
         fri 09:00  open
         fri 09:00  resolution goes on, due mon2 16:00
         fri 09:00  requester_wait 2 started, due mon2 17:00
         fri 09:00  first_reply 2 started, due fri 13:00
         fri 10:00  agent 1 says something
         fri 10:00  first_reply met after 1h
         fri 10:00  resolved
         fri 10:00  resolution met after 2h
         fri 10:00  requester_wait met after 1h",
    );
}

#[test]
fn a_first_reply_that_a_reopening_promises_anew_is_promised_once() {
    check_under(
        &[OFTEN],
        "mon 09:00 customer opens
         mon 10:00 agent says resolved
         tue 09:00 customer says
         tue 10:00 agent says pending
         tue 12:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  first_resolution 1 started, due tue 17:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  requester_wait 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  resolved
         mon 10:00  first_resolution met after 1h
         mon 10:00  resolution met after 1h
         mon 10:00  requester_wait met after 1h
         tue 09:00  contact 1 says something
         tue 09:00  open
         tue 09:00  resolution goes on, due wed 16:00
         tue 09:00  requester_wait 2 started, due wed 17:00
         tue 09:00  first_reply 2 started, due tue 13:00
         tue 10:00  agent 1 says something
         tue 10:00  first_reply met after 1h
         tue 10:00  pending
         tue 10:00  resolution paused by pending
         tue 10:00  requester_wait paused by pending
         tue 12:00  contact 1 says something
         tue 12:00  open
         tue 12:00  resolution resumed, due thu 10:00
         tue 12:00  requester_wait resumed, due thu 11:00
         tue 12:00  next_reply 1 started, due tue 14:00",
    );
}
