//! Stories of what is closed without having been worked on, and of the way back.

use super::script::{check, check_accounts, check_under};

#[test]
fn what_is_no_spam_after_all_is_as_if_nobody_had_said_so() {
    check(
        r#"mon 09:00 customer opens
           mon 09:20 agent does "unmark_spam"
           mon 09:30 agent does "mark_spam"
           mon 14:00 customer does "unmark_spam"
           mon 14:00 agent does "unmark_spam"
           mon 14:10 agent does "unmark_spam"
           mon 14:30 agent says"#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:20  refused: the ticket was not marked as spam
         mon 09:30  spam
         mon 09:30  closed
         mon 09:30  first_reply cancelled: closed
         mon 09:30  resolution cancelled: closed
         mon 14:00  refused: contact 1 may not say that something is no spam: that takes an agent
         mon 14:00  no spam
         mon 13:00  first_reply breached
         mon 14:10  refused: the ticket was not marked as spam
         mon 14:30  agent 1 says something
         mon 14:30  first_reply missed after 5h 30m, 1h 30m over
         mon 14:30  open",
    );
}

#[test]
fn what_is_no_duplicate_after_all_waits_where_it_waited() {
    check(
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         2: mon 09:10 agent pending
         2: mon 10:10 agent relates duplicate_of 1
         2: mon 12:00 agent unrelates duplicate_of 1
         2: mon 13:10 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:10  pending
         2: mon 09:10  resolution paused by pending
         2: mon 10:10  is duplicate_of #1, which is new
         2: mon 10:10  closed
         2: mon 10:10  first_reply cancelled: closed
         2: mon 10:10  resolution cancelled: closed
         mon 10:10  is original_of #2, which is closed
         2: mon 12:00  is not duplicate_of #1
         mon 12:00  is not original_of #2
         2: mon 13:00  first_reply breached
         2: mon 13:10  contact 1 says something
         2: mon 13:10  open
         2: mon 13:10  resolution resumed, due wed 13:00",
    );
}

#[test]
fn the_account_of_a_promise_says_nothing_of_what_was_no_spam() {
    check_accounts(
        r#"mon 09:00 customer opens
           mon 09:30 agent does "mark_spam"
           mon 10:00 agent does "unmark_spam"
           mon 11:00 agent says"#,
        &["mon 11:00 first_reply"],
        "mon 11:00 first_reply
         First reply: kept, done on Mon 2 Mar 2026 11:00, with 2 h of 4 h of working time to spare.
         Terms: 4 h of working time, policy standard, calendar office, rulebook version 1. Times are those of UTC (time zone data 2025b).

         Mon 2 Mar 2026 09:00       promised, due Mon 2 Mar 2026 13:00
         Mon 2 Mar 2026 09:00  2 h  counted
         Mon 2 Mar 2026 11:00       done in time
         In all 2 h: 2 h counted.",
    );
}

#[test]
fn a_whole_is_not_dismissed_while_it_waits_for_its_parts() {
    check_under(
        &[""],
        r#"mon 09:00 customer opens
           2: mon 09:00 customer opens
           3: mon 09:00 customer opens
           2: mon 09:10 agent relates child_of 1
           mon 09:20 agent does "mark_spam"
           mon 09:20 agent relates duplicate_of 3
           2: mon 09:30 agent does "mark_spam"
           mon 09:40 agent relates duplicate_of 3
           2: mon 09:50 agent does "unmark_spam""#,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         2: mon 09:10  is child_of #1, which is new
         mon 09:10  is parent_of #2, which is new
         mon 09:20  refused: the ticket has parts that are still open: #2; resolve them first
         mon 09:20  refused: the ticket has parts that are still open: #2; resolve them first
         2: mon 09:30  spam
         2: mon 09:30  closed
         mon 09:30  hears that #2 is closed
         mon 09:40  is duplicate_of #3, which is new
         mon 09:40  closed
         3: mon 09:40  is original_of #1, which is closed
         2: mon 09:50  no spam
         mon 09:50  hears that #2 is new",
    );
}

#[test]
fn what_is_closed_at_once_is_done_by_that_and_asks_for_what_resolving_asks_for() {
    let at_once = r#"
[fields.cause]
kind = "text"
[[forms]]
name = "all"
fields = [{ field = "cause", required = "resolving" }]
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "resolved", category = "resolved" }, { id = "closed", category = "closed" },
]
transitions = [
    { from = "new", to = "open" }, { from = "open", to = "resolved" },
    { from = ["open", "resolved"], to = "closed" },
]
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "1h"
"#;
    check_under(
        &[at_once],
        r#"mon 09:00 customer opens
           mon 09:10 agent open
           mon 09:20 agent closed
           mon 09:30 agent does {"set_fields": {"fields": {"cause": "A fuse"}}}
           mon 11:00 agent closed
           2: mon 11:00 customer opens
           2: mon 11:10 agent does "mark_spam""#,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due mon 10:00
         mon 09:10  open (default), open
         mon 09:20  refused: the form `all` requires `cause` before the ticket is resolved
         mon 09:30  cause=A fuse
         mon 10:00  resolution breached
         mon 11:00  closed (default), closed
         mon 11:00  resolution missed after 2h, 1h over
         2: mon 11:00  opened, medium, on L1
         2: mon 11:00  resolution 1 started, due mon 12:00
         2: mon 11:10  spam
         2: mon 11:10  closed (default), closed
         2: mon 11:10  resolution cancelled: closed",
    );
}
