//! A ticket waits for somebody to be found for it.

use super::script::*;
use crate::*;

const AUTOMATIC: &str = "
[routing]
automatic = true
";

const OFFERS: &str = "
[routing]
automatic = true
offer = \"10m\"
";

#[test]
fn a_ticket_that_nobody_has_waits_until_somebody_is_found() {
    check_under(
        &[AUTOMATIC],
        "mon 09:00 customer opens
         mon 09:01 desk finds
         mon 09:02 desk finds
         mon 09:05 desk finds 2 3
         mon 09:06 desk finds 3",
        "mon 09:00  opened, medium, on L1
         mon 09:00  in the queue
         mon 09:01  held: nobody can have it now, and it waits
         mon 09:05  agent 2 has it
         mon 09:05  open
         mon 09:05  agent 2 gets it, who carries the least: 0; agent 3 could have had it: carries 0",
    );
}

#[test]
fn an_offer_is_accepted_declined_or_runs_out_and_the_next_is_asked() {
    check_under(
        &[OFFERS],
        "mon 09:00 customer opens
         mon 09:00 desk finds 1 2
         mon 09:01 desk finds 2
         mon 09:05 agent does {\"decline_offer\":{\"reason\":\"Not my trade.\"}}
         mon 09:05 agent does \"accept_offer\"
         mon 09:05 desk finds 1 2
         mon 09:30 desk finds 1
         mon 09:40 desk finds 1
         mon 09:45 agent does \"accept_offer\"
         mon 09:45 agent does \"accept_offer\"",
        "mon 09:00  opened, medium, on L1
         mon 09:00  in the queue
         mon 09:00  offered to agent 1 until mon 09:10: agent 1 gets it, who carries the least: 0; agent 2 could have had it: carries 0
         mon 09:05  agent 1: Declined { reason: Some(\"Not my trade.\") }
         mon 09:05  refused: agent 1 is not offered this ticket
         mon 09:05  offered to agent 2 until mon 09:15: agent 2 gets it, who carries the least: 0; agent 1 cannot have it: did not want it
         mon 09:15  agent 2: Expired
         mon 09:30  held until mon 09:40: nobody can have it now, and it waits; agent 1 cannot have it: did not want it
         mon 09:40  in the queue
         mon 09:40  offered to agent 1 until mon 09:50: agent 1 gets it, who carries the least: 0
         mon 09:45  agent 1 has it
         mon 09:45  open
         mon 09:45  refused: agent 1 is not offered this ticket",
    );
}

#[test]
fn what_nobody_takes_for_days_is_offered_once_an_hour_and_never_given_up() {
    let choice = Choice {
        chosen: None,
        passed_over: Vec::new(),
        excluded: vec![(AgentId(1), vec![Objection::Declined])],
        others: 0,
    };
    let (rules, since) = (rules_with(OFFERS), moment("mon", "09:00"));
    let rests = |minutes: i64| {
        let now = since.checked_add_millis(minutes * 60_000).unwrap();
        let next = choice.look_again(since, &rules, now).unwrap();
        (next.as_millis() - now.as_millis()) / 60_000
    };
    // What came in on Friday evening rests for half an hour on Monday.
    assert_eq!([rests(10), rests(60), rests(16 * 60)], [10, 10, 10]);
    assert_eq!([rests(2 * 1_440), rests(63 * 60)], [28, 37]);
    assert_eq!([rests(5 * 1_440), rests(400 * 1_440)], [60, 60]);
}

#[test]
fn what_waits_for_the_hours_of_somebody_is_looked_at_when_they_begin() {
    check_under(
        &[AUTOMATIC],
        "mon 20:00 customer opens
         mon 20:00 desk finds (1) (2)
         tue 10:00 desk finds (2)",
        "mon 20:00  opened, medium, on L1
         mon 20:00  in the queue
         mon 20:00  held until tue 09:00: nobody can have it now, and it waits; agent 1 cannot have it: does not work before 2026-03-03T09:00:00Z; agent 2 cannot have it: does not work before 2026-03-03T09:00:00Z
         tue 09:00  in the queue
         tue 10:00  agent 2 has it
         tue 10:00  open
         tue 10:00  agent 2 gets it, who carries the least: 0",
    );
}

#[test]
fn an_offer_does_not_outlast_what_it_was_for_and_another_line_has_another_queue() {
    check_under(
        &[OFFERS],
        "mon 09:00 customer opens
         mon 09:00 desk finds 1
         mon 09:01 agent hands L2
         mon 09:02 agent does \"accept_offer\"
         mon 09:02 desk finds 2
         mon 09:03 agent takes
         mon 09:20 wake
         mon 09:21 agent does {\"assign\":{\"agent\":null}}
         mon 09:22 agent hands acme
         mon 09:23 agent resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  in the queue
         mon 09:00  offered to agent 1 until mon 09:10: agent 1 gets it, who carries the least: 0
         mon 09:01  handed over to L2
         mon 09:01  in the queue
         mon 09:02  refused: agent 1 is not offered this ticket
         mon 09:02  offered to agent 2 until mon 09:12: agent 2 gets it, who carries the least: 0
         mon 09:03  agent 1 has it
         mon 09:03  open
         mon 09:21  nobody has it
         mon 09:21  in the queue
         mon 09:22  handed over to acme
         mon 09:23  resolved",
    );
}

#[test]
fn a_rule_says_for_which_tickets_somebody_is_found_and_hears_that_nobody_can_be() {
    let rules = "
[[rules]]
name = \"find somebody\"
on = [\"opened\"]
when = { priority = \"critical\" }
do = [{ route = true }]
[[rules]]
name = \"call for help\"
on = [\"held\"]
do = [{ notify = \"lead\" }]
";
    check_under(
        &[rules],
        "mon 09:00 customer opens high high
         mon 09:00 desk finds",
        "mon 09:00  opened, critical, on L1
         mon 09:00  find somebody fires: priority is critical
         mon 09:00  find somebody: in the queue
         mon 09:00  held: nobody can have it now, and it waits
         mon 09:00  call for help fires: nothing is asked
         mon 09:00  call for help: errand 1: Notify { role: \"lead\", text: None }",
    );
    check_under(
        &[""],
        "mon 09:00 customer opens
         mon 09:00 agent does \"queue\"
         mon 09:00 customer does \"queue\"",
        "mon 09:00  opened, medium, on L1
         mon 09:00  refused: the rulebook gives no ticket to anybody by itself; write `[routing] automatic = true`, or a rule or macro that says `route = true`
         mon 09:00  refused: contact 1 may not route tickets: that takes an agent",
    );
}
