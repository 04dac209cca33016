//! One ticket becomes two.

use super::script::{check, check_under};

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
         mon 14:00  is relates_to #2, which is new
         2: mon 14:00  opened, medium, on L1
         2: mon 14:00  first_reply 1 started since mon 11:00, due mon 15:00
         2: mon 14:00  resolution 1 started since mon 11:00, due wed 11:00
         2: mon 14:00  is relates_to #1, which is open
         2: mon 14:30  agent 1 says something
         2: mon 14:30  first_reply met after 3h 30m
         2: mon 14:30  open",
    );
}

#[test]
fn what_is_split_off_knows_what_the_other_half_knew_and_goes_by_the_same_policy() {
    let by_site = r#"
[fields.site]
kind = "choice"
choices = ["berlin", "kazan"]
[[policies]]
name = "kazan"
calendar = "office"
when = { site = "kazan" }
[policies.targets.first_reply]
within = "30m"
[[policies]]
name = "rest"
calendar = "office"
[policies.targets.first_reply]
within = "8h"
"#;
    check_under(
        &[by_site],
        r#"mon 09:00 customer does {"open": {"kind": "question", "requester": 1, "subject": "Printer", "text": "It is on fire.", "channel": "mail", "impact": "medium", "urgency": "medium", "fields": {"site": "kazan"}}}
         mon 09:10 customer says
         mon 09:20 agent splits off mon 09:10"#,
        "mon 09:00  opened, medium, on L1, site=kazan
         mon 09:00  first_reply 1 started, due mon 09:30
         mon 09:10  contact 1 says something
         mon 09:20  message 2 became #2
         mon 09:20  is relates_to #2, which is new
         2: mon 09:20  opened, medium, on L1, site=kazan
         2: mon 09:20  first_reply 1 started since mon 09:10, due mon 09:40
         2: mon 09:20  is relates_to #1, which is new",
    );
}

#[test]
fn what_is_split_off_with_its_answer_is_promised_the_update_that_the_answer_promised() {
    check_under(
        &[r#"
[[policies]]
name = "updates"
calendar = "office"
[policies.targets.periodic_update]
within = "8h"
"#],
        "mon 09:00 customer opens
         mon 11:00 customer says
         mon 12:00 agent says
         mon 14:00 agent splits off mon 11:00",
        "mon 09:00  opened, medium, on L1
         mon 11:00  contact 1 says something
         mon 12:00  agent 1 says something
         mon 12:00  periodic_update 1 started, due tue 12:00
         mon 12:00  open
         mon 14:00  message 2 became #2
         mon 14:00  is relates_to #2, which is new
         2: mon 14:00  opened, medium, on L1
         2: mon 14:00  periodic_update 1 started since mon 12:00, due tue 12:00
         2: mon 14:00  is relates_to #1, which is open",
    );
}

#[test]
fn a_line_that_has_what_is_split_off_already_has_it_since_then() {
    check_under(
        &[r#"
[[policies]]
name = "lines"
agreement = "ola"
calendar = "office"
[policies.targets.line_time]
within = "8h"
"#],
        "mon 09:00 customer opens
         mon 11:00 customer says
         mon 12:00 agent hands L2
         mon 14:00 agent splits off mon 11:00",
        "mon 09:00  opened, medium, on L1
         mon 09:00  ola.line_time 1 started, due mon 17:00
         mon 11:00  contact 1 says something
         mon 12:00  handed over to L2
         mon 12:00  ola.line_time met after 3h
         mon 12:00  ola.line_time 2 started, due tue 12:00
         mon 14:00  message 2 became #2
         mon 14:00  is relates_to #2, which is new
         2: mon 14:00  opened, medium, on L2
         2: mon 14:00  ola.line_time 1 started since mon 12:00, due tue 12:00
         2: mon 14:00  is relates_to #1, which is new",
    );
}

#[test]
fn what_is_split_off_is_credited_the_waits_since_it_was_written_and_keeps_its_answer() {
    check(
        "mon 09:00 customer opens
         mon 11:00 customer says
         mon 12:00 agent says pending
         tue 12:00 agent splits off mon 11:00",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 11:00  contact 1 says something
         mon 12:00  agent 1 says something
         mon 12:00  first_reply met after 3h
         mon 12:00  pending
         mon 12:00  resolution paused by pending
         tue 12:00  message 2 became #2
         tue 12:00  is relates_to #2, which is new
         2: tue 12:00  opened, medium, on L1
         2: tue 12:00  resolution 1 started since mon 11:00, due thu 11:00
         2: tue 12:00  is relates_to #1, which is pending",
    );
}

/// The line that has a ticket is not in the rules any more when a message is split off, and its team neither.
#[test]
fn what_is_split_off_from_what_a_line_had_that_is_gone_goes_to_the_first_line() {
    let had = "[[lines]]\nid = \"L9\"\nteams = [\"night\"]";
    for (has, line) in [("", "L1"), ("[[lines]]\nid = \"L9\"", "L9")] {
        check_under(
            &[had, has],
            r#"mon 09:00 customer does {"open": {"kind": "question", "requester": 1, "subject": "Printer", "text": "It is on fire.", "channel": "mail", "impact": "medium", "urgency": "medium", "line": "L9", "team": "night"}}
             mon 09:10 customer says
             mon 09:15 desk adopts
             mon 09:20 agent splits off mon 09:10"#,
            &format!(
                "mon 09:00  opened, medium, on L9
                 mon 09:10  contact 1 says something
                 mon 09:20  message 2 became #2
                 mon 09:20  is relates_to #2, which is new
                 2: mon 09:20  opened, medium, on {line}
                 2: mon 09:20  is relates_to #1, which is new"
            ),
        );
    }
}
