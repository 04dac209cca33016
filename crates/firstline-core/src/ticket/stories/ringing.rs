//! Warnings and ladders.

use super::script::check_under;

const WATCHED: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = { critical = "2h", high = "4h", medium = "8h", low = "16h" }
warn_at = [50, 75, "1h"]
ladder = [
  { before_due = "30m", notify = "assignee" },
  { at_due = true, raise_priority = "next" },
  { after_due = "1h", hours = "late", escalate = true },
  { after_due = "2h", notify = "lead", hand_over = "next" },
]
[calendars.late]
time_zone = "UTC"
weekly = { mon-fri = ["18:00-21:00"] }
"#;

#[test]
fn warnings_come_at_their_share_and_before_due_in_working_time_once_each() {
    check_under(
        &[WATCHED],
        "mon 14:00 customer opens low low
         fri 09:00 agent resolved",
        "mon 14:00  opened, low, on L1
         mon 14:00  resolution 1 started, due wed 14:00
         tue 14:00  resolution warned at 50 %
         wed 10:00  resolution warned at 75 %
         wed 13:00  resolution warned at 1h before due
         wed 13:30  resolution step 0
         wed 13:30  assignee is told by step 0 of resolution
         wed 14:00  resolution breached
         wed 14:00  resolution step 1
         wed 14:00  medium by decree
         wed 14:00  resolution now 8h, due wed 14:00
         wed 16:00  resolution step 3
         wed 16:00  lead is told by step 3 of resolution
         wed 16:00  handed over to L2 by the ladder of resolution
         wed 18:00  resolution step 2
         wed 18:00  escalated to lead by step 2 of resolution
         fri 09:00  resolved
         fri 09:00  resolution missed after 27h, 19h over",
    );
}

#[test]
fn after_a_retarget_only_the_highest_passed_warning_is_given() {
    check_under(
        &[WATCHED],
        "mon 09:00 customer opens low low
         mon 12:15 agent decrees high",
        "mon 09:00  opened, low, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 12:15  high by decree
         mon 12:15  resolution now 4h, due mon 13:00
         mon 12:15  resolution warned at 1h before due",
    );
}

#[test]
fn a_step_is_carried_out_late_with_its_own_time_and_waits_for_the_hours_of_whom_it_reaches() {
    check_under(
        &[WATCHED],
        "mon 15:00 customer opens
         fri 09:00 wake",
        "mon 15:00  opened, medium, on L1
         mon 15:00  resolution 1 started, due tue 15:00
         tue 11:00  resolution warned at 50 %
         tue 13:00  resolution warned at 75 %
         tue 14:00  resolution warned at 1h before due
         tue 14:30  resolution step 0
         tue 14:30  assignee is told by step 0 of resolution
         tue 15:00  resolution breached
         tue 15:00  resolution step 1
         tue 15:00  high by decree
         tue 15:00  resolution now 4h, due tue 15:00
         tue 17:00  resolution step 3
         tue 17:00  lead is told by step 3 of resolution
         tue 17:00  handed over to L2 by the ladder of resolution
         tue 18:00  resolution step 2
         tue 18:00  escalated to lead by step 2 of resolution",
    );
}

#[test]
fn rules_that_are_applied_late_do_not_call_everybody_at_once() {
    check_under(
        &["", WATCHED],
        "mon 09:00 customer opens
         thu 12:00 desk adopts
         thu 12:00 agent reapplies
         fri 12:00 wake",
        "mon 09:00  opened, medium, on L1
         thu 12:00  rules 2 are applied
         thu 12:00  resolution 1 started since mon 09:00, due mon 17:00
         mon 17:00  resolution breached
         thu 12:00  resolution step 3
         thu 12:00  lead is told by step 3 of resolution
         thu 12:00  handed over to L2 by the ladder of resolution",
    );
}

#[test]
fn a_step_escalates_to_the_manager_of_the_line_that_failed_before_it_hands_over() {
    let policy = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "4h"
ladder = [
  { at_due = true, hand_over = "L3", escalate = true },
]
"#;
    check_under(
        &[policy],
        "mon 09:00 customer opens
         tue 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 13:00  resolution breached
         mon 13:00  resolution step 0
         mon 13:00  escalated to lead by step 0 of resolution
         mon 13:00  handed over to L3 by the ladder of resolution",
    );
}
