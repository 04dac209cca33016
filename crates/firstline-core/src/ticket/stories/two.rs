//! One ticket becomes part of another, or two.

use super::script::check;

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
         2: tue 10:00  first_reply taken over, due mon 15:00
         mon 13:00  first_reply breached
         mon 15:00  first_reply step 0
         mon 15:00  handed over to L2 by the ladder of first_reply
         mon 15:00  2/first_reply breached
         mon 17:00  2/first_reply step 0
         mon 17:00  handed over to L3 by the ladder of 2/first_reply
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
fn a_ticket_that_is_split_off_is_promised_from_when_its_message_was_written() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent says
         mon 11:00 customer says
         mon 14:00 agent splits off mon 11:00
         2: mon 14:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  open
         mon 11:00  contact 1 says something
         mon 11:00  next_reply 1 started, due mon 15:00
         mon 14:00  message 2 became #2
         2: mon 14:00  opened, medium, on L1
         2: mon 14:00  first_reply 1 started since mon 11:00, due mon 15:00
         2: mon 14:00  resolution 1 started since mon 11:00, due wed 11:00
         2: mon 14:30  agent 1 says something
         2: mon 14:30  first_reply met after 3h 30m
         2: mon 14:30  open",
    );
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
