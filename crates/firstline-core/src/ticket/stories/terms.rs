//! Other terms: priority, policy, rulebook, calendar, a date that somebody fixed.

use super::script::{check, check_under};

const TIERS: &str = r#"
[[policies]]
name = "urgent"
calendar = "always"
when = { priority = { at_least = "high" } }
[policies.targets.resolution]
within = "8h"
[[policies]]
name = "incidents"
calendar = "office"
when = { kind = ["incident", "question"] }
[policies.targets.first_reply]
within = "4h"
[policies.targets.resolution]
within = "16h"
[[policies]]
name = "rest"
calendar = "office"
[policies.targets.resolution]
within = "40h"
"#;

const LONG: &str = r#"
[calendars.early]
time_zone = "UTC"
weekly = { mon-fri = ["07:00-15:00"] }
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.next_reply]
within = "4h"
[policies.targets.resolution]
within = "16h"
"#;

const SHORT: &str = r#"
[calendars.early]
time_zone = "UTC"
weekly = { mon-fri = ["07:00-15:00"] }
[[policies]]
name = "standard"
calendar = "early"
[policies.targets.next_reply]
within = "1h"
[policies.targets.resolution]
within = "16h"
"#;

#[test]
fn a_retarget_keeps_start_pauses_and_what_was_spent() {
    check(
        "mon 09:00 customer opens low medium
         mon 10:00 agent says pending
         mon 16:00 agent decrees high
         tue 09:00 agent open
         tue 10:00 agent decrees medium",
        "mon 09:00  opened, low, on L1
         mon 09:00  first_reply 1 started, due mon 17:00
         mon 09:00  resolution 1 started, due fri 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  pending
         mon 10:00  resolution paused by pending
         mon 16:00  high by decree
         mon 16:00  resolution now 8h
         tue 09:00  open
         tue 09:00  resolution resumed, due tue 16:00
         tue 10:00  medium by decree
         tue 10:00  resolution now 16h, due wed 16:00",
    );
}

#[test]
fn a_shorter_target_breaks_the_promise_now_and_a_looser_one_does_not_take_that_back() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent says
         tue 11:00 agent decrees high
         tue 12:00 agent decrees low
         tue 13:00 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  open
         tue 11:00  high by decree
         tue 11:00  resolution now 8h, due tue 11:00
         tue 11:00  resolution breached: Retarget
         tue 11:00  resolution step 0
         tue 11:00  handed over to L3 by the ladder of resolution
         tue 12:00  low by decree
         tue 12:00  resolution now 40h, due fri 17:00
         tue 13:00  resolved
         tue 13:00  resolution met after 12h, by looser terms",
    );
}

#[test]
fn a_rulebook_that_is_edited_moves_nothing_until_it_is_applied() {
    check_under(
        &[LONG, SHORT],
        "mon 09:00 customer opens
         mon 10:00 agent says
         mon 11:00 customer says
         mon 12:00 desk adopts
         mon 12:30 customer says
         mon 13:00 agent decrees low
         mon 13:30 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  open
         mon 11:00  contact 1 says something
         mon 11:00  next_reply 1 started, due mon 15:00
         mon 12:30  contact 1 says something
         mon 13:00  low by decree
         mon 13:30  rules 2 are applied
         mon 13:30  next_reply now 1h, due mon 13:30
         mon 13:30  next_reply breached: Retarget
         mon 13:30  resolution now 16h, due wed 09:00",
    );
}

#[test]
fn an_edited_calendar_values_the_time_after_it_and_the_past_only_on_purpose() {
    check_under(
        &[LONG, SHORT],
        "mon 09:00 customer opens
         tue 06:00 desk adopts
         tue 06:00 agent reapplies
         tue 06:00 agent revalues",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         tue 06:00  rules 2 are applied
         tue 06:00  resolution now 16h, due tue 15:00
         tue 06:00  resolution valued anew: 6h of 16h, due wed 09:00",
    );
}

#[test]
fn of_several_policies_the_first_that_matches_applies_and_a_change_moves_to_another() {
    check_under(
        &[TIERS],
        "mon 09:00 customer opens
         mon 10:00 agent decrees high
         mon 16:00 agent decrees medium",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  high by decree
         mon 10:00  first_reply cancelled: policy
         mon 10:00  resolution now 8h, due mon 17:00
         mon 16:00  medium by decree
         mon 16:00  resolution now 16h, due tue 17:00
         mon 16:00  first_reply 2 started since mon 09:00, due mon 13:00
         mon 13:00  first_reply breached",
    );
}

#[test]
fn a_date_fixed_by_hand_is_moved_by_nothing_until_it_is_released() {
    check(
        "mon 09:00 customer opens
         mon 09:30 agent fixes resolution wed 12:00
         mon 10:00 agent says pending
         mon 11:00 agent decrees high
         tue 10:00 agent open
         tue 11:00 agent frees resolution
         tue 12:00 agent fixes resolution mon 12:00",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:30  resolution fixed, due wed 12:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  pending
         mon 10:00  resolution paused by pending
         mon 11:00  high by decree
         mon 11:00  resolution now 8h
         mon 11:00  resolution fixed, due wed 12:00
         tue 10:00  open
         tue 10:00  resolution resumed, due tue 17:00
         tue 11:00  resolution released, due tue 17:00
         tue 12:00  refused: 2026-03-02T12:00:00Z is not ahead; it is 2026-03-03T12:00:00Z now",
    );
}
