//! What one change ends and another one brings back.

use super::script::{check, check_under};

/// Only the first line promises a resolution; the last one promises the same without a ladder.
const BY_LINE: &str = r#"
[[policies]]
name = "first line"
calendar = "office"
when = { line = "L1" }
[policies.targets.resolution]
within = "4h"
warn_at = [50]
ladder = [{ at_due = true, hand_over = "next" }, { after_due = "4h", notify = "lead" }]
[[policies]]
name = "second line"
calendar = "office"
when = { line = "L2" }
[policies.targets.vendor]
within = "4h"
[[policies]]
name = "last line"
calendar = "office"
[policies.targets.resolution]
within = "4h"
"#;

#[test]
fn a_ticket_that_comes_back_to_its_policy_does_not_climb_the_same_step_twice() {
    check_under(
        &[BY_LINE],
        "mon 09:00 customer opens
         mon 14:00 agent hands L1
         tue 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 11:00  resolution warned at 50 %
         mon 13:00  resolution breached
         mon 13:00  resolution step 0
         mon 13:00  handed over to L2 by the ladder of resolution
         mon 13:00  resolution cancelled: policy
         mon 14:00  handed over to L1
         mon 14:00  resolution 2 started since mon 09:00, due mon 13:00
         mon 13:00  resolution breached
         mon 17:00  resolution step 1
         mon 17:00  lead is told by step 1 of resolution",
    );
}

#[test]
fn a_policy_without_a_ladder_in_between_does_not_make_a_step_be_climbed_twice() {
    check_under(
        &[BY_LINE],
        "mon 09:00 customer opens
         mon 14:00 agent hands L3
         mon 15:00 agent hands L1
         tue 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 11:00  resolution warned at 50 %
         mon 13:00  resolution breached
         mon 13:00  resolution step 0
         mon 13:00  handed over to L2 by the ladder of resolution
         mon 13:00  resolution cancelled: policy
         mon 14:00  handed over to L3
         mon 14:00  resolution 2 started since mon 09:00, due mon 13:00
         mon 13:00  resolution breached
         mon 15:00  handed over to L1
         mon 15:00  resolution now 4h, due mon 13:00
         mon 17:00  resolution step 1
         mon 17:00  lead is told by step 1 of resolution",
    );
}

#[test]
fn a_date_fixed_by_hand_comes_back_with_the_policy_until_it_is_released() {
    check_under(
        &[BY_LINE],
        "mon 09:00 customer opens
         mon 10:00 agent fixes resolution tue 12:00
         mon 11:00 agent hands L2
         mon 14:00 agent hands L1
         tue 10:00 agent frees resolution",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 10:00  resolution fixed, due tue 12:00
         mon 11:00  handed over to L2
         mon 11:00  resolution cancelled: policy
         mon 14:00  handed over to L1
         mon 14:00  resolution 2 started since mon 09:00, due mon 13:00
         mon 14:00  resolution fixed, due tue 12:00
         mon 14:30  resolution warned at 50 %
         tue 10:00  resolution released, due tue 10:00
         tue 10:00  resolution breached: Released
         tue 10:00  resolution step 0
         tue 10:00  handed over to L2 by the ladder of resolution
         tue 10:00  resolution cancelled: policy",
    );
}

#[test]
fn a_line_with_looser_terms_escalates_by_its_own_ladder() {
    check_under(
        &[r#"
[[policies]]
name = "first line"
calendar = "office"
when = { line = "L1" }
[policies.targets.resolution]
within = "4h"
ladder = [{ at_due = true, hand_over = "next" }]
[[policies]]
name = "other lines"
calendar = "office"
[policies.targets.resolution]
within = "8h"
ladder = [{ before_due = "6h", notify = "lead" }, { at_due = true, notify = "lead" }]
"#],
        "mon 09:00 customer opens
         tue 12:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 13:00
         mon 13:00  resolution breached
         mon 13:00  resolution step 0
         mon 13:00  handed over to L2 by the ladder of resolution
         mon 13:00  resolution now 8h, due mon 17:00
         mon 17:00  resolution breached
         mon 17:00  resolution step 1
         mon 17:00  lead is told by step 1 of resolution",
    );
}

const NONE: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.vendor]
within = "4h"
"#;

const REPLIES: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
[policies.targets.next_reply]
within = "2h"
automatic = true
"#;

#[test]
fn rules_applied_after_a_reopening_promise_the_reply_that_the_reopening_would_have_promised() {
    check_under(
        &[NONE, REPLIES],
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         mon 11:00 customer says
         mon 12:00 desk adopts
         mon 12:00 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 10:00  resolved
         mon 11:00  contact 1 says something
         mon 11:00  open
         mon 12:00  rules 2 are applied
         mon 12:00  first_reply 1 started since mon 11:00, due mon 15:00",
    );
}

const NO_NEXT: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
"#;

#[test]
fn rules_applied_after_a_reopening_promise_the_next_reply_where_the_first_is_not_promised_anew() {
    check_under(
        &[NO_NEXT, REPLIES],
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         mon 11:00 customer says
         mon 12:00 desk adopts
         mon 12:00 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 10:00  resolved
         mon 10:00  first_reply cancelled: resolved
         mon 11:00  contact 1 says something
         mon 11:00  open
         mon 12:00  rules 2 are applied
         mon 12:00  next_reply 1 started since mon 11:00, due mon 13:00",
    );
}

#[test]
fn what_an_agent_says_first_is_no_reply_to_the_first_words_of_the_customer() {
    check_under(
        &[REPLIES],
        "mon 09:00 agent opens
         mon 10:00 agent says
         mon 11:00 customer says
         mon 12:00 agent says
         mon 13:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 10:00  agent 1 says something
         mon 10:00  open
         mon 11:00  contact 1 says something
         mon 11:00  first_reply 1 started, due mon 15:00
         mon 12:00  agent 1 says something
         mon 12:00  first_reply met after 1h
         mon 13:00  contact 1 says something
         mon 13:00  next_reply 1 started, due mon 15:00",
    );
}

#[test]
fn what_a_robot_said_before_the_rules_came_answered_nothing_by_them() {
    check_under(
        &[NONE, REPLIES],
        "mon 09:00 customer opens
         mon 10:00 agent says
         mon 11:00 customer says
         mon 12:00 robot says
         mon 13:00 desk adopts
         mon 14:00 customer says
         mon 15:00 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 10:00  agent 1 says something
         mon 10:00  open
         mon 11:00  contact 1 says something
         mon 12:00  the system says \"words\"
         mon 14:00  contact 1 says something
         mon 15:00  rules 2 are applied
         mon 15:00  next_reply 1 started since mon 11:00, due mon 13:00
         mon 13:00  next_reply breached",
    );
}

const PAUSED: &str = r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
pause_on = ["pending"]
"#;

#[test]
fn a_pause_that_was_granted_stays_granted_when_the_past_is_valued_anew() {
    let not_any_more = PAUSED.replace("[\"pending\"]", "[]");
    check_under(
        &[PAUSED, &not_any_more],
        "mon 09:00 customer opens
         mon 11:00 agent pending
         mon 15:00 agent open
         mon 16:00 desk adopts
         mon 16:00 agent reapplies
         tue 09:00 agent pending
         tue 10:00 agent revalues
         tue 11:00 agent open
         thu 09:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 11:00  pending
         mon 11:00  resolution paused by pending
         mon 15:00  open
         mon 15:00  resolution resumed, due wed 13:00
         mon 16:00  rules 2 are applied
         mon 16:00  resolution now 16h, due wed 13:00
         tue 09:00  pending
         tue 11:00  open
         wed 13:00  resolution breached",
    );
}

#[test]
fn a_wait_that_is_measured_as_a_next_reply_does_not_become_a_first_one_by_more_messages() {
    let next = "[policies.targets.next_reply]\nwithin = \"2h\"\n";
    let first = "[policies.targets.first_reply]\nwithin = \"4h\"\nreopen = \"new_cycle\"\n"
        .to_owned()
        + next;
    let policy = |name: &str, more: &str| {
        format!("[[policies]]\nname = \"{name}\"\ncalendar = \"office\"\n{more}")
    };
    let urgent =
        policy("urgent", &format!("when = {{ priority = {{ at_least = \"high\" }} }}\n{first}"));
    check_under(
        &[&(urgent + &policy("others", next)), &policy("all", &first)],
        "mon 09:00 customer opens high high
         mon 09:30 agent says
         mon 09:40 agent decrees low
         mon 10:00 agent resolved
         mon 11:00 customer says
         mon 11:30 desk adopts
         mon 12:00 customer says",
        "mon 09:00  opened, critical, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:30  agent 1 says something
         mon 09:30  first_reply met after 30m
         mon 09:30  open
         mon 09:40  low by decree
         mon 10:00  resolved
         mon 11:00  contact 1 says something
         mon 11:00  open
         mon 11:00  next_reply 1 started, due mon 13:00
         mon 12:00  contact 1 says something",
    );
}

#[test]
fn a_wait_that_was_promised_nothing_is_promised_nothing_by_the_next_message() {
    let first = "[[policies]]\nname = \"standard\"\ncalendar = \"office\"\n\
                 [policies.targets.first_reply]\nwithin = \"4h\"\nautomatic = true\n";
    let both = format!("{first}[policies.targets.next_reply]\nwithin = \"2h\"\n");
    check_under(
        &[first, &both],
        "mon 09:00 customer opens
         mon 10:00 robot says
         mon 11:00 customer says
         mon 12:00 desk adopts
         mon 13:00 customer says
         mon 14:00 agent says
         mon 15:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 10:00  the system says \"words\"
         mon 10:00  first_reply met after 1h
         mon 11:00  contact 1 says something
         mon 13:00  contact 1 says something
         mon 14:00  agent 1 says something
         mon 14:00  open
         mon 15:00  contact 1 says something
         mon 15:00  next_reply 1 started, due mon 17:00",
    );
}

#[test]
fn a_date_that_somebody_fixed_outlives_a_reopening() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent fixes resolution fri 16:00
         mon 12:00 agent says resolved
         mon 13:00 customer says
         tue 12:00 agent frees resolution",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  resolution fixed, due fri 16:00
         mon 12:00  agent 1 says something
         mon 12:00  first_reply met after 3h
         mon 12:00  resolved
         mon 12:00  resolution met after 3h
         mon 13:00  contact 1 says something
         mon 13:00  open
         mon 13:00  resolution goes on, due wed 10:00
         mon 13:00  resolution fixed, due fri 16:00
         mon 13:00  next_reply 1 started, due mon 17:00
         mon 17:00  next_reply breached
         tue 12:00  resolution released, due wed 10:00",
    );
}

#[test]
fn a_date_that_has_passed_before_a_reopening_was_kept_and_the_terms_hold_again() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent fixes resolution tue 16:00
         mon 12:00 agent says resolved
         wed 13:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  resolution fixed, due tue 16:00
         mon 12:00  agent 1 says something
         mon 12:00  first_reply met after 3h
         mon 12:00  resolved
         mon 12:00  resolution met after 3h
         wed 13:00  contact 1 says something
         wed 13:00  open
         wed 13:00  resolution goes on, due fri 10:00
         wed 13:00  next_reply 1 started, due wed 17:00",
    );
}

#[test]
fn what_comes_to_be_promised_while_a_ticket_is_resolved_is_promised_when_it_is_reopened() {
    check_under(
        &[r#"
[[policies]]
name = "questions"
calendar = "office"
when = { line = "L2" }
[policies.targets.first_reply]
within = "4h"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
"#],
        "mon 09:00 customer opens
         mon 10:00 agent hands L2
         mon 11:00 agent says resolved
         mon 12:00 agent hands L1
         mon 13:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  handed over to L2
         mon 10:00  resolution cancelled: policy
         mon 10:00  first_reply 1 started since mon 09:00, due mon 13:00
         mon 11:00  agent 1 says something
         mon 11:00  first_reply met after 2h
         mon 11:00  resolved
         mon 12:00  handed over to L1
         mon 13:00  contact 1 says something
         mon 13:00  open
         mon 13:00  resolution 2 started since mon 09:00, due wed 11:00",
    );
}

#[test]
fn a_vendor_has_had_its_turn_since_the_ticket_waited_for_it_though_it_went_to_its_line_later() {
    let none = "[[policies]]\nname = \"none\"\ncalendar = \"office\"\n\
                [policies.targets.resolution]\nwithin = \"16h\"\n";
    let vendors = format!(
        "{none}[[policies]]\nname = \"vendors\"\nagreement = \"uc\"\ncalendar = \"office\"\n\
         [policies.targets.vendor]\nwithin = \"16h\"\n"
    );
    check_under(
        &[none, &vendors],
        "mon 09:00 customer opens
         mon 10:00 agent holds vendor
         mon 12:00 agent hands acme
         mon 13:00 desk adopts
         mon 13:00 agent reapplies",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  on_hold for Vendor
         mon 12:00  handed over to acme
         mon 13:00  rules 2 are applied
         mon 13:00  resolution now 16h, due tue 17:00
         mon 13:00  uc.vendor 1 started since mon 10:00, due wed 10:00",
    );
}
