//! One ticket becomes part of another.

use super::script::{brief_after, check, check_accounts, check_under};

#[test]
fn a_merged_ticket_gives_its_reply_clock_to_the_winner_and_the_earlier_due_counts() {
    check(
        "mon 09:00 customer opens
         2: mon 11:00 customer opens high high
         2: mon 11:30 agent merges into 1
         mon 12:01 wake
         mon 12:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 11:00  opened, critical, on L1
         2: mon 11:00  first_reply 1 started, due mon 12:00
         2: mon 11:00  resolution 1 started, due mon 15:00
         2: mon 11:30  merged into #1
         2: mon 11:30  first_reply cancelled: merged
         2: mon 11:30  resolution cancelled: merged
         mon 11:30  took in #2
         mon 11:30  2/first_reply taken over, due mon 12:00
         mon 12:00  2/first_reply breached
         mon 12:30  agent 1 says something
         mon 12:30  first_reply met after 3h 30m
         mon 12:30  2/first_reply missed after 1h 30m, 30m over
         mon 12:30  first_reply is one promise with 2/first_reply
         mon 12:30  open",
    );
}

#[test]
fn to_undo_a_merge_restores_both_as_if_it_had_not_been() {
    check(
        "mon 09:00 customer opens
         2: mon 11:00 customer opens
         2: mon 11:30 agent merges into 1
         2: tue 10:00 agent separates from 1
         2: tue 12:00 agent says
         tue 12:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 11:00  opened, medium, on L1
         2: mon 11:00  first_reply 1 started, due mon 15:00
         2: mon 11:00  resolution 1 started, due wed 11:00
         2: mon 11:30  merged into #1
         2: mon 11:30  first_reply cancelled: merged
         2: mon 11:30  resolution cancelled: merged
         mon 11:30  took in #2
         mon 11:30  2/first_reply taken over, due mon 15:00
         2: tue 10:00  separated from #1
         2: mon 15:00  first_reply breached
         2: mon 17:00  first_reply step 0
         mon 13:00  first_reply breached
         mon 15:00  first_reply step 0
         mon 15:00  handed over to L2 by the ladder of first_reply
         mon 15:00  2/first_reply breached
         mon 17:00  2/first_reply step 0
         tue 10:00  gave back #2
         2: tue 12:00  agent 1 says something
         2: tue 12:00  first_reply missed after 9h, 5h over
         2: tue 12:00  open
         tue 12:30  agent 1 says something
         tue 12:30  first_reply missed after 11h 30m, 7h 30m over
         tue 12:30  open",
    );
}

#[test]
fn who_was_merged_by_mistake_waits_on_though_the_other_ticket_is_resolved() {
    check(
        "mon 09:00 customer opens
         2: mon 10:00 customer opens
         mon 11:00 agent merges into 2
         2: mon 11:20 agent resolved
         mon 11:40 agent separates from 2
         mon 12:00 customer says
         mon 12:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 10:00  opened, medium, on L1
         2: mon 10:00  first_reply 1 started, due mon 14:00
         2: mon 10:00  resolution 1 started, due wed 10:00
         mon 11:00  merged into #2
         mon 11:00  first_reply cancelled: merged
         mon 11:00  resolution cancelled: merged
         2: mon 11:00  took in #1
         2: mon 11:00  1/first_reply taken over, due mon 13:00
         2: mon 11:20  resolved
         2: mon 11:20  first_reply cancelled: resolved
         2: mon 11:20  resolution met after 1h 20m
         2: mon 11:20  1/first_reply cancelled: resolved
         mon 11:40  separated from #2
         2: mon 11:40  gave back #1
         mon 12:00  contact 1 says something
         mon 12:30  agent 1 says something
         mon 12:30  first_reply met after 3h 30m
         mon 12:30  open",
    );
}

#[test]
fn an_answer_on_the_other_ticket_is_none_for_who_was_merged_by_mistake() {
    check(
        "mon 09:00 customer opens
         2: mon 10:00 customer opens
         mon 11:00 agent merges into 2
         2: mon 11:20 agent says pending
         mon 14:00 agent separates from 2
         mon 14:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 10:00  opened, medium, on L1
         2: mon 10:00  first_reply 1 started, due mon 14:00
         2: mon 10:00  resolution 1 started, due wed 10:00
         mon 11:00  merged into #2
         mon 11:00  first_reply cancelled: merged
         mon 11:00  resolution cancelled: merged
         2: mon 11:00  took in #1
         2: mon 11:00  1/first_reply taken over, due mon 13:00
         2: mon 11:20  agent 1 says something
         2: mon 11:20  first_reply met after 1h 20m
         2: mon 11:20  1/first_reply met after 2h 20m
         2: mon 11:20  first_reply is one promise with 1/first_reply
         2: mon 11:20  pending
         2: mon 11:20  resolution paused by pending
         mon 14:00  separated from #2
         mon 13:00  first_reply breached
         2: mon 14:00  gave back #1
         mon 14:30  agent 1 says something
         mon 14:30  first_reply missed after 5h 30m, 1h 30m over
         mon 14:30  open",
    );
}

#[test]
fn the_account_of_a_promise_says_nothing_of_a_merge_that_was_undone() {
    check_accounts(
        "mon 09:00 customer opens
         2: mon 10:00 customer opens
         mon 11:00 agent merges into 2
         mon 12:00 agent separates from 2
         mon 12:15 agent merges into 2
         mon 12:20 agent separates from 2
         mon 12:30 agent says resolved",
        &["mon 11:30 resolution", "mon 12:10 resolution", "mon 13:00 resolution",
          "mon 13:00 first_reply", "2: mon 11:30 1/first_reply", "2: mon 13:00 1/first_reply"],
        "mon 11:30 resolution
         Resolution: given up on Mon 2 Mar 2026 11:00 (merged into another), without a verdict.
         Terms: 16 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 09:00       promised, due Tue 3 Mar 2026 17:00
         Mon 2 Mar 2026 09:00  2 h  counted
         Mon 2 Mar 2026 11:00       given up: merged into another
         In all 2 h: 2 h counted.
         mon 12:10 resolution
         Resolution: on time so far, due by Tue 3 Mar 2026 17:00; on Mon 2 Mar 2026 12:10 3 h 10 min of 16 h of working time are used up.
         Terms: 16 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 09:00              promised, due Tue 3 Mar 2026 17:00
         Mon 2 Mar 2026 09:00  3 h 10 min  counted
         In all 3 h 10 min: 3 h 10 min counted.

         If nothing happens:
         - Tue 3 Mar 2026 13:00: warning: 75 % of the time is used up
         - Tue 3 Mar 2026 17:00: due, and not done: broken
         - Tue 3 Mar 2026 17:00: escalation: step 1
         mon 13:00 resolution
         Resolution: kept, done on Mon 2 Mar 2026 12:30, with 12 h 30 min of 16 h of working time to spare.
         Terms: 16 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 09:00              promised, due Tue 3 Mar 2026 17:00
         Mon 2 Mar 2026 09:00  3 h 30 min  counted
         Mon 2 Mar 2026 12:30              done in time
         In all 3 h 30 min: 3 h 30 min counted.
         mon 13:00 first_reply
         First reply: kept, done on Mon 2 Mar 2026 12:30, with 30 min of 4 h of working time to spare.
         Terms: 4 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 09:00              promised, due Mon 2 Mar 2026 13:00
         Mon 2 Mar 2026 09:00  3 h 30 min  counted
         Mon 2 Mar 2026 12:30              done in time
         In all 3 h 30 min: 3 h 30 min counted.
         2: mon 11:30 1/first_reply
         First reply (taken over from 1): on time so far, due by Mon 2 Mar 2026 13:00; on Mon 2 Mar 2026 11:30 2 h 30 min of 4 h of working time are used up.
         Terms: 4 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 09:00     2 h  counted
         Mon 2 Mar 2026 11:00          taken over: 2 h of 4 h used up, due Mon 2 Mar 2026 13:00
         Mon 2 Mar 2026 11:00  30 min  counted
         In all 2 h 30 min: 2 h 30 min counted.

         If nothing happens:
         - Mon 2 Mar 2026 13:00: due, and not done: broken
         - Mon 2 Mar 2026 15:00: escalation: step 1
         2: mon 13:00 1/first_reply
         the ticket has no clock `1/first_reply`",
    );
}

#[test]
fn what_was_missed_while_it_was_merged_is_accounted_for_as_if_it_had_not_been() {
    let merged = "mon 09:00 customer opens
         2: mon 11:00 customer opens
         2: mon 11:30 agent merges into 1
         mon 12:00 agent pending
         2: tue 10:00 agent separates from 1
         2: tue 12:00 agent says";
    check_accounts(merged, &["2: wed 10:00 first_reply"], "2: wed 10:00 first_reply
         First reply: missed, because it was due by Mon 2 Mar 2026 15:00 and was done on Tue 3 Mar 2026 12:00, 5 h of working time too late.
         Terms: 4 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 11:00        promised, due Mon 2 Mar 2026 15:00
         Mon 2 Mar 2026 11:00   4 h  counted
         Mon 2 Mar 2026 15:00        due, and not done: broken (noticed Tue 3 Mar 2026 10:00)
         Mon 2 Mar 2026 15:00   2 h  counted
         Mon 2 Mar 2026 17:00        escalation: step 1 (noticed Tue 3 Mar 2026 10:00)
         Mon 2 Mar 2026 17:00  16 h  closed: night
         Tue 3 Mar 2026 09:00   3 h  counted
         Tue 3 Mar 2026 12:00        done too late
         In all 25 h: 9 h counted, 16 h closed.

         - It would have been kept if it had been done by Mon 2 Mar 2026 15:00, 5 h of working time earlier.
         - It would have been kept if 9 h of working time had been allowed instead of 4 h.");
}

#[test]
fn what_a_merged_customer_said_meanwhile_was_said_where_they_asked_when_the_merge_is_undone() {
    check(
        "mon 09:00 colleague opens
         2: mon 09:00 another opens
         2: mon 09:30 agent pending
         2: mon 09:40 agent merges into 1
         mon 10:00 another says
         mon 10:30 colleague says
         2: mon 11:00 agent separates from 1
         2: mon 12:00 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:30  pending
         2: mon 09:30  resolution paused by pending
         2: mon 09:40  merged into #1
         2: mon 09:40  first_reply cancelled: merged
         2: mon 09:40  resolution cancelled: merged
         mon 09:40  took in #2, which contact 2 follows with it
         mon 09:40  2/first_reply taken over, due mon 13:00
         mon 10:00  contact 2 says something
         mon 10:30  contact 1 says something
         2: mon 11:00  separated from #1
         2: mon 10:00  contact 2 says something
         2: mon 10:00  open
         2: mon 10:00  resolution resumed, due wed 09:30
         mon 11:00  gave back #2
         2: mon 12:00  agent 1 says something
         2: mon 12:00  first_reply met after 3h",
    );
}

#[test]
fn what_came_by_the_number_of_a_merged_ticket_was_meant_for_it_also_where_one_person_asked_both() {
    check_under(
        &[""],
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         3: mon 09:00 customer opens
         3: mon 09:10 agent merges into 2
         2: mon 09:20 agent merges into 1
         mon 10:00 customer says
         2: mon 10:10 customer says
         3: mon 10:20 customer says
         2: mon 11:00 agent separates from 1
         3: mon 11:10 agent separates from 2",
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         3: mon 09:10  merged into #2
         2: mon 09:10  took in #3
         2: mon 09:20  merged into #1
         mon 09:20  took in #2
         mon 10:00  contact 1 says something
         mon 10:10  contact 1 says something by the number of #2
         mon 10:20  contact 1 says something by the number of #3
         2: mon 11:00  separated from #1
         2: mon 10:10  contact 1 says something
         2: mon 10:20  contact 1 says something by the number of #3
         mon 11:00  gave back #2
         3: mon 11:10  separated from #2
         3: mon 10:20  contact 1 says something
         2: mon 11:10  gave back #3",
    );
}

#[test]
fn who_and_what_came_with_two_merged_tickets_goes_with_the_last_of_them() {
    check_under(
        &[""],
        r#"mon 09:00 colleague opens
         2: mon 09:00 another opens
         3: mon 09:00 another opens
         2: mon 09:10 agent tags vip
         3: mon 09:10 agent tags vip
         3: mon 09:10 agent does {"follow": {"who": {"agent": 2}}}
         2: mon 09:20 agent merges into 1
         3: mon 09:20 agent merges into 1
         2: mon 09:30 agent separates from 1
         mon 09:40 agent tags vip
         3: mon 09:50 agent separates from 1
         mon 10:00 agent does {"unfollow": {"who": {"contact": 2}}}
         mon 10:00 agent tags vip"#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         2: mon 09:10  tags +{\"vip\"} -{}
         3: mon 09:10  tags +{\"vip\"} -{}
         3: mon 09:10  agent 2 follows
         2: mon 09:20  merged into #1
         mon 09:20  took in #2, which contact 2 follows with it, with vip
         3: mon 09:20  merged into #1
         mon 09:20  took in #3, which contact 2 follows with it, with vip, for agent 2
         2: mon 09:30  separated from #1
         mon 09:30  gave back #2
         mon 09:40  tags +{\"vip\"} -{}
         3: mon 09:50  separated from #1
         mon 09:50  gave back #3",
    );
}

#[test]
fn what_an_agent_has_promised_is_kept_where_the_ticket_lives_on_and_stays_kept() {
    check_under(
        &[""],
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         2: mon 09:10 agent promises 2h
         2: mon 09:20 agent promises 3h
         2: mon 09:30 agent merges into 1
         mon 10:00 agent keeps 1
         mon 10:10 agent keeps 1 of 2
         2: mon 12:30 agent separates from 1",
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         2: mon 09:10  agent 1 promises 1: a call
         2: mon 09:10  promise.1 1 started, due mon 11:10
         2: mon 09:20  agent 1 promises 2: a call
         2: mon 09:20  promise.2 1 started, due mon 12:20
         2: mon 09:30  merged into #1
         2: mon 09:30  promise.1 cancelled: merged
         2: mon 09:30  promise.2 cancelled: merged
         mon 09:30  took in #2
         mon 09:30  2/promise.1 taken over, due mon 11:10
         mon 09:30  2/promise.2 taken over, due mon 12:20
         mon 10:00  refused: the ticket has no clock `promise.1`; it has 2/promise.1, 2/promise.2
         mon 10:10  2/promise.1 met after 1h
         2: mon 12:30  separated from #1
         2: mon 10:10  promise.1 met after 1h
         2: mon 12:20  promise.2 breached
         mon 12:20  2/promise.2 breached
         mon 12:30  gave back #2",
    );
}

#[test]
fn what_is_to_be_done_and_to_be_signed_comes_with_a_ticket_and_goes_back_with_what_was_done_of_it()
{
    check_under(
        &[""],
        r#"mon 09:00 customer opens
         2: mon 09:00 customer opens
         mon 09:10 agent does {"checklist": {"add": {"items": ["ask Bob"]}}}
         2: mon 09:10 agent does {"checklist": {"add": {"items": ["order toner", "fit it"]}}}
         2: mon 09:10 agent does {"approval": {"ask": {"what": "the price"}}}
         2: mon 09:20 agent holds approval
         2: mon 09:30 agent merges into 1
         mon 09:40 agent does {"checklist": {"add": {"items": ["call back"]}}}
         mon 09:50 agent does {"checklist": {"tick": {"item": 3}}}
         mon 09:50 agent does {"checklist": {"tick": {"item": 4}}}
         mon 10:00 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "I agree", "approved": true}}}
         2: mon 11:00 agent separates from 1
         mon 11:10 agent does {"checklist": {"tick": {"item": 3}}}
         mon 11:10 agent does {"checklist": {"untick": {"item": 4}}}
         mon 11:10 agent does {"approval": {"ask": {"what": "the price"}}}"#,
        r#"mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         mon 09:10  checklist: Added { items: ["ask Bob"] }
         2: mon 09:10  checklist: Added { items: ["order toner", "fit it"] }
         2: mon 09:10  agent 1 asks for: the price
         2: mon 09:20  on_hold for Approval
         2: mon 09:30  merged into #1
         mon 09:30  took in #2, 2 to do and 1 to sign
         mon 09:40  checklist: Added { items: ["call back"] }
         mon 09:50  checklist: Ticked { item: 3, by: Agent(AgentId(1)) }
         mon 09:50  checklist: Ticked { item: 4, by: Agent(AgentId(1)) }
         mon 10:00  contact 1 signs yes as Ada: I agree
         2: mon 11:00  separated from #1
         2: mon 09:50  checklist: Ticked { item: 2, by: Agent(AgentId(1)) }
         2: mon 10:00  contact 1 signs yes as Ada: I agree
         2: mon 10:00  open
         mon 11:00  gave back #2
         mon 11:10  refused: the ticket has no check 3; it has 4
         mon 11:10  checklist: Unticked { item: 4 }
         mon 11:10  agent 1 asks for: the price"#,
    );
}

#[test]
fn what_was_merged_costs_with_the_ticket_that_it_lives_on_in() {
    let worked = r#"mon 09:00 agent opens
        2: mon 09:00 agent opens
        2: mon 09:40 agent does {"log_work": {"amount": 30}}
        mon 09:45 agent does {"log_work": {"amount": 15}}
        2: mon 09:50 agent merges into 1"#;
    let told = brief_after(worked, crate::Tongue::English);
    assert!(told.contains("45 min of work"), "{told}");
    let told = brief_after(
        &format!("{worked}\n2: mon 09:55 agent separates from 1"),
        crate::Tongue::English,
    );
    assert!(told.contains("15 min of work"), "{told}");
}

#[test]
fn a_clock_that_was_taken_over_keeps_the_terms_of_the_ticket_that_it_began_on() {
    check(
        "mon 09:00 customer opens
         2: mon 10:00 customer opens
         2: mon 10:30 agent merges into 1
         mon 11:00 agent decrees critical
         2: mon 11:30 agent separates from 1",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 10:00  opened, medium, on L1
         2: mon 10:00  first_reply 1 started, due mon 14:00
         2: mon 10:00  resolution 1 started, due wed 10:00
         2: mon 10:30  merged into #1
         2: mon 10:30  first_reply cancelled: merged
         2: mon 10:30  resolution cancelled: merged
         mon 10:30  took in #2
         mon 10:30  2/first_reply taken over, due mon 14:00
         mon 11:00  critical by decree
         mon 11:00  first_reply now 1h, due mon 11:00
         mon 11:00  first_reply breached: Retarget
         mon 11:00  resolution now 4h, due mon 13:00
         2: mon 11:30  separated from #1
         mon 11:30  gave back #2",
    );
}

#[test]
fn a_merge_is_not_undone_while_the_other_ticket_is_merged_itself() {
    check(
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         3: mon 09:00 customer opens
         2: mon 10:00 agent merges into 1
         mon 11:00 agent merges into 3
         2: mon 12:00 agent separates from 1
         mon 12:00 agent separates from 3
         2: mon 12:00 agent separates from 1",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 09:00  resolution 1 started, due tue 17:00
         3: mon 09:00  opened, medium, on L1
         3: mon 09:00  first_reply 1 started, due mon 13:00
         3: mon 09:00  resolution 1 started, due tue 17:00
         2: mon 10:00  merged into #1
         2: mon 10:00  first_reply cancelled: merged
         2: mon 10:00  resolution cancelled: merged
         mon 10:00  took in #2
         mon 10:00  2/first_reply taken over, due mon 13:00
         mon 11:00  merged into #3
         mon 11:00  first_reply cancelled: merged
         mon 11:00  resolution cancelled: merged
         mon 11:00  2/first_reply cancelled: merged
         3: mon 11:00  took in #1
         3: mon 11:00  1/first_reply taken over, due mon 13:00
         3: mon 11:00  2/first_reply taken over, due mon 13:00
         mon 12:00  refused: #1, which the ticket was merged into, was merged into #3 itself; undo that first
         mon 12:00  separated from #3
         3: mon 12:00  gave back #1
         2: mon 12:00  separated from #1
         mon 12:00  gave back #2",
    );
}

#[test]
fn who_waits_for_an_answer_is_not_merged_into_what_is_resolved() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent says resolved
         2: mon 11:00 customer opens
         2: mon 12:00 agent merges into 1
         2: mon 12:30 agent says
         2: mon 13:00 agent merges into 1",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  resolved
         mon 10:00  resolution met after 1h
         2: mon 11:00  opened, medium, on L1
         2: mon 11:00  first_reply 1 started, due mon 15:00
         2: mon 11:00  resolution 1 started, due wed 11:00
         mon 12:00  refused: #2 cannot be merged into #1: its customer waits for an answer and that one is resolved; reopen it first
         2: mon 12:30  agent 1 says something
         2: mon 12:30  first_reply met after 1h 30m
         2: mon 12:30  open
         2: mon 13:00  merged into #1
         2: mon 13:00  resolution cancelled: merged
         mon 13:00  took in #2",
    );
}

#[test]
fn who_waits_for_an_answer_is_not_merged_into_what_waits_for_the_customer() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent says pending
         2: mon 11:00 customer opens
         2: mon 11:10 agent merges into 1
         mon 11:20 agent open
         2: mon 11:30 agent merges into 1",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  pending
         mon 10:00  resolution paused by pending
         2: mon 11:00  opened, medium, on L1
         2: mon 11:00  first_reply 1 started, due mon 15:00
         2: mon 11:00  resolution 1 started, due wed 11:00
         mon 11:10  refused: #2 cannot be merged into #1: its customer waits for an answer and that one waits for the customer; open it first
         mon 11:20  open
         mon 11:20  resolution resumed, due wed 10:20
         2: mon 11:30  merged into #1
         2: mon 11:30  first_reply cancelled: merged
         2: mon 11:30  resolution cancelled: merged
         mon 11:30  took in #2
         mon 11:30  2/first_reply taken over, due mon 15:00",
    );
}

#[test]
fn what_was_due_while_a_ticket_was_part_of_another_goes_by_the_rules_of_its_time() {
    let lines = |within: &str| {
        format!(
            "[[policies]]\nname = \"lines\"\nagreement = \"ola\"\ncalendar = \"office\"\n\
             [policies.targets.line_time]\nwithin = \"{within}\"\n\
             ladder = [{{ at_due = true, hand_over = \"next\" }}]\n"
        )
    };
    check_under(
        &[&lines("5h"), &lines("8h")],
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         mon 10:00 agent merges into 2
         2: mon 10:30 agent resolved
         tue 10:00 desk adopts
         tue 15:00 agent separates from 2",
        "mon 09:00  opened, medium, on L1
         mon 09:00  ola.line_time 1 started, due mon 14:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  ola.line_time 1 started, due mon 14:00
         mon 10:00  merged into #2
         mon 10:00  ola.line_time cancelled: merged
         2: mon 10:00  took in #1
         2: mon 10:30  resolved
         2: mon 10:30  ola.line_time met after 1h 30m
         tue 15:00  separated from #2
         mon 14:00  ola.line_time breached
         mon 14:00  ola.line_time step 0
         mon 14:00  handed over to L2 by the ladder of ola.line_time
         mon 14:00  ola.line_time missed after 5h, 0m over
         mon 14:00  ola.line_time 2 started, due tue 11:00
         tue 11:00  ola.line_time breached
         tue 11:00  ola.line_time step 0
         tue 11:00  handed over to L3 by the ladder of ola.line_time
         tue 11:00  ola.line_time missed after 5h, 0m over
         tue 11:00  ola.line_time 3 started, due wed 11:00
         2: tue 15:00  gave back #1",
    );
}
