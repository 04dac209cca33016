//! Promises that run, stand still and go on.

use super::script::{check, check_under};

const WAITS: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
[policies.targets.next_reply]
within = "4h"
[policies.targets.periodic_update]
within = "8h"
[policies.targets.resolution]
within = "16h"
[policies.targets.agent_work]
within = "16h"
[[policies]]
name = "between the lines"
agreement = "ola"
calendar = "office"
[policies.targets.line_time]
within = "8h"
"#;

const LATE: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
[policies.targets.resolution]
within = "16h"
warn_at = [50]
"#;

const NONE: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.vendor]
within = "4h"
"#;

const BOTH: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "8h"
pause_on = ["pending", "on_hold"]
"#;

#[test]
fn a_promise_that_applies_later_starts_when_the_wait_began_and_past_pauses_are_credited() {
    check_under(
        &[NONE, LATE],
        "mon 09:00 customer opens
         mon 11:00 agent pending
         mon 15:00 agent open
         tue 09:00 desk adopts
         tue 10:00 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 11:00  pending
         mon 15:00  open
         tue 10:00  rules 2 are applied
         tue 10:00  first_reply 1 started since mon 09:00, due mon 13:00
         mon 13:00  first_reply breached
         tue 10:00  resolution 1 started since mon 09:00, due wed 13:00",
    );
}

#[test]
fn started_outside_hours_it_runs_and_nothing_accrues() {
    check(
        "fri 18:00 customer opens
         sat 12:00 agent says
         mon2 10:00 agent resolved",
        "fri 18:00  opened, medium, on L1
         fri 18:00  first_reply 1 started, due mon2 13:00
         fri 18:00  resolution 1 started, due tue2 17:00
         sat 12:00  agent 1 says something
         sat 12:00  first_reply met after 0m
         sat 12:00  open
         mon2 10:00  resolved
         mon2 10:00  resolution met after 1h",
    );
}

#[test]
fn a_pause_freezes_what_was_spent_and_hides_the_due_time_whatever_reasons_follow_each_other() {
    check_under(
        &[BOTH],
        "mon 09:00 customer opens
         mon 11:00 agent pending
         tue 11:00 agent holds vendor
         wed 11:00 agent pending
         thu 11:00 agent open
         thu 12:00 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 17:00
         mon 11:00  pending
         mon 11:00  resolution paused by pending
         tue 11:00  on_hold for Vendor
         tue 11:00  resolution paused by vendor
         tue 11:00  resolution paused by pending no more
         wed 11:00  pending
         wed 11:00  resolution paused by pending
         wed 11:00  resolution paused by vendor no more
         thu 11:00  open
         thu 11:00  resolution resumed, due thu 17:00
         thu 12:00  resolved
         thu 12:00  resolution met after 3h",
    );
}

#[test]
fn a_resumed_promise_is_due_when_what_is_left_has_passed_and_not_by_the_wall_clock() {
    check(
        "fri 15:00 customer opens
         fri 16:00 agent says pending
         mon2 10:00 customer says
         wed2 09:00 agent resolved",
        "fri 15:00  opened, medium, on L1
         fri 15:00  first_reply 1 started, due mon2 11:00
         fri 15:00  resolution 1 started, due tue2 15:00
         fri 16:00  agent 1 says something
         fri 16:00  first_reply met after 1h
         fri 16:00  pending
         fri 16:00  resolution paused by pending
         mon2 10:00  contact 1 says something
         mon2 10:00  open
         mon2 10:00  resolution resumed, due tue2 17:00
         mon2 10:00  next_reply 1 started, due mon2 14:00
         mon2 14:00  next_reply breached
         tue2 13:00  resolution warned at 75 %
         tue2 17:00  resolution breached
         tue2 17:00  resolution step 0
         tue2 17:00  handed over to L3 by the ladder of resolution
         wed2 09:00  resolved
         wed2 09:00  next_reply cancelled: resolved
         wed2 09:00  resolution missed after 16h, 0m over",
    );
}

#[test]
fn an_answer_after_the_old_due_time_is_no_instant_breach() {
    check_under(
        &[WAITS],
        "mon 09:00 customer opens
         mon 10:00 agent says pending
         thu 10:00 customer says
         thu 10:01 wake
         fri 17:00 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  agent_work 1 started, due tue 17:00
         mon 09:00  ola.line_time 1 started, due mon 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  periodic_update 1 started, due tue 10:00
         mon 10:00  pending
         mon 10:00  periodic_update paused by pending
         mon 10:00  resolution paused by pending
         mon 10:00  agent_work paused by pending
         mon 10:00  ola.line_time paused by pending
         thu 10:00  contact 1 says something
         thu 10:00  open
         thu 10:00  periodic_update resumed, due fri 10:00
         thu 10:00  resolution resumed, due fri 17:00
         thu 10:00  agent_work resumed, due fri 17:00
         thu 10:00  ola.line_time resumed, due thu 17:00
         thu 10:00  next_reply 1 started, due thu 14:00
         thu 14:00  next_reply breached
         thu 17:00  ola.line_time breached
         fri 10:00  periodic_update breached
         fri 17:00  resolved
         fri 17:00  next_reply cancelled: resolved
         fri 17:00  periodic_update cancelled: resolved
         fri 17:00  resolution met after 16h
         fri 17:00  agent_work met after 16h
         fri 17:00  ola.line_time missed after 16h, 8h over",
    );
}

#[test]
fn pending_on_the_customer_pauses_resolution_and_work_and_updates_and_not_the_first_reply() {
    check_under(
        &[WAITS],
        "mon 09:00 customer opens
         mon 10:00 agent pending
         mon 13:01 wake
         mon 14:00 agent says
         tue 09:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  agent_work 1 started, due tue 17:00
         mon 09:00  ola.line_time 1 started, due mon 17:00
         mon 10:00  pending
         mon 10:00  resolution paused by pending
         mon 10:00  agent_work paused by pending
         mon 10:00  ola.line_time paused by pending
         mon 13:00  first_reply breached
         mon 14:00  agent 1 says something
         mon 14:00  first_reply missed after 5h, 1h over
         mon 14:00  periodic_update 1 started
         tue 09:00  contact 1 says something
         tue 09:00  open
         tue 09:00  periodic_update resumed, due tue 17:00
         tue 09:00  resolution resumed, due wed 16:00
         tue 09:00  agent_work resumed, due wed 16:00
         tue 09:00  ola.line_time resumed, due tue 16:00
         tue 09:00  next_reply 1 started, due tue 13:00",
    );
}

#[test]
fn on_hold_by_a_third_party_the_customers_clock_goes_on_and_the_desks_own_stand_still() {
    check_under(
        &[WAITS],
        "mon 09:00 customer opens
         mon 10:00 agent says
         mon 10:00 agent holds vendor
         wed 10:00 agent open
         wed 10:00 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  agent_work 1 started, due tue 17:00
         mon 09:00  ola.line_time 1 started, due mon 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  periodic_update 1 started, due tue 10:00
         mon 10:00  open
         mon 10:00  on_hold for Vendor
         mon 10:00  agent_work paused by vendor
         mon 10:00  ola.line_time paused by vendor
         tue 10:00  periodic_update breached
         tue 17:00  resolution breached
         wed 10:00  open
         wed 10:00  agent_work resumed, due thu 17:00
         wed 10:00  ola.line_time resumed, due wed 17:00
         wed 10:00  resolved
         wed 10:00  periodic_update cancelled: resolved
         wed 10:00  resolution missed after 17h, 1h over
         wed 10:00  agent_work met after 1h
         wed 10:00  ola.line_time met after 1h",
    );
}

#[test]
fn the_next_reply_is_counted_from_the_first_unanswered_message_and_later_ones_do_not_reset_it() {
    check_under(
        &[WAITS],
        "mon 09:00 customer opens
         mon 09:30 customer says
         mon 10:00 agent says
         mon 11:00 customer says
         mon 14:00 customer says
         mon 14:30 robot says
         mon 15:01 agent says
         mon 16:00 customer says
         mon 16:30 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  agent_work 1 started, due tue 17:00
         mon 09:00  ola.line_time 1 started, due mon 17:00
         mon 09:30  contact 1 says something
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  periodic_update 1 started, due tue 10:00
         mon 10:00  open
         mon 11:00  contact 1 says something
         mon 11:00  next_reply 1 started, due mon 15:00
         mon 14:00  contact 1 says something
         mon 14:30  the system says \"words\"
         mon 15:00  next_reply breached
         mon 15:01  agent 1 says something
         mon 15:01  next_reply missed after 4h 1m, 1m over
         mon 15:01  periodic_update met after 5h 1m
         mon 15:01  periodic_update 2 started, due tue 15:01
         mon 16:00  contact 1 says something
         mon 16:00  next_reply 2 started, due tue 12:00
         mon 16:30  resolved
         mon 16:30  next_reply cancelled: resolved
         mon 16:30  periodic_update cancelled: resolved
         mon 16:30  resolution met after 7h 30m
         mon 16:30  agent_work met after 7h 30m
         mon 16:30  ola.line_time met after 7h 30m",
    );
}

#[test]
fn an_update_is_promised_by_each_answer_rests_with_the_customer_and_ends_at_resolve() {
    check_under(
        &[WAITS],
        "mon 09:00 customer opens
         mon 10:00 agent says
         mon 15:00 agent says pending
         wed 15:00 customer says
         thu 16:00 agent says
         thu 16:30 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  agent_work 1 started, due tue 17:00
         mon 09:00  ola.line_time 1 started, due mon 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  periodic_update 1 started, due tue 10:00
         mon 10:00  open
         mon 15:00  agent 1 says something
         mon 15:00  periodic_update met after 5h
         mon 15:00  periodic_update 2 started, due tue 15:00
         mon 15:00  pending
         mon 15:00  periodic_update paused by pending
         mon 15:00  resolution paused by pending
         mon 15:00  agent_work paused by pending
         mon 15:00  ola.line_time paused by pending
         wed 15:00  contact 1 says something
         wed 15:00  open
         wed 15:00  periodic_update resumed, due thu 15:00
         wed 15:00  resolution resumed, due thu 17:00
         wed 15:00  agent_work resumed, due thu 17:00
         wed 15:00  ola.line_time resumed, due wed 17:00
         wed 15:00  next_reply 1 started, due thu 11:00
         wed 17:00  ola.line_time breached
         thu 11:00  next_reply breached
         thu 15:00  periodic_update breached
         thu 16:00  agent 1 says something
         thu 16:00  next_reply missed after 9h, 5h over
         thu 16:00  periodic_update missed after 9h, 1h over
         thu 16:00  periodic_update 3 started, due fri 16:00
         thu 16:30  resolved
         thu 16:30  periodic_update cancelled: resolved
         thu 16:30  resolution met after 15h 30m
         thu 16:30  agent_work met after 15h 30m
         thu 16:30  ola.line_time missed after 15h 30m, 7h 30m over",
    );
}

#[test]
fn what_waits_for_a_vendor_and_is_handed_to_one_is_one_turn_of_the_vendor() {
    check_under(
        &[NONE],
        "mon 09:00 agent opens
         mon 10:00 agent holds vendor
         mon 11:00 agent hands acme
         mon 12:00 agent open
         mon 13:00 agent hands L1",
        "mon 09:00  opened, medium, on L1
         mon 10:00  on_hold for Vendor
         mon 10:00  vendor 1 started, due mon 14:00
         mon 11:00  handed over to acme
         mon 12:00  open
         mon 13:00  handed over to L1
         mon 13:00  vendor met after 3h",
    );
}
