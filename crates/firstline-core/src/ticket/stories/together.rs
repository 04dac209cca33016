//! Several promises that wait for one answer are one promise.

use super::script::{check, check_under, ticket_after};
use crate::*;

#[test]
fn three_merged_tickets_climb_one_ladder_and_have_one_verdict() {
    check(
        "mon 09:00 customer opens
         2: mon 09:00 customer opens
         3: mon 09:00 customer opens
         2: mon 09:30 agent merges into 1
         3: mon 09:30 agent merges into 1
         mon 15:30 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:00  opened, medium, on L1
         2: mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 09:00  resolution 1 started, due tue 17:00
         3: mon 09:00  opened, medium, on L1
         3: mon 09:00  first_reply 1 started, due mon 13:00
         3: mon 09:00  resolution 1 started, due tue 17:00
         2: mon 09:30  merged into #1
         2: mon 09:30  first_reply cancelled: merged
         2: mon 09:30  resolution cancelled: merged
         mon 09:30  took in #2
         mon 09:30  2/first_reply taken over, due mon 13:00
         3: mon 09:30  merged into #1
         3: mon 09:30  first_reply cancelled: merged
         3: mon 09:30  resolution cancelled: merged
         mon 09:30  took in #3
         mon 09:30  3/first_reply taken over, due mon 13:00
         mon 13:00  first_reply breached
         mon 13:00  2/first_reply breached
         mon 13:00  3/first_reply breached
         mon 15:00  first_reply step 0
         mon 15:00  handed over to L2 by the ladder of first_reply
         mon 15:00  2/first_reply step 0
         mon 15:00  3/first_reply step 0
         mon 15:30  agent 1 says something
         mon 15:30  first_reply missed after 6h 30m, 2h 30m over
         mon 15:30  2/first_reply missed after 6h 30m, 2h 30m over
         mon 15:30  3/first_reply missed after 6h 30m, 2h 30m over
         mon 15:30  2/first_reply is one promise with first_reply
         mon 15:30  3/first_reply is one promise with first_reply, 2/first_reply
         mon 15:30  open",
    );
}

#[test]
fn of_two_replies_the_later_one_neither_climbs_nor_counts_and_counts_again_after_the_undoing() {
    let answered = "mon 11:00 customer opens
         2: mon 09:00 customer opens
         2: mon 11:30 agent merges into 1
         mon 14:00 agent says";
    let late: ClockKey = "first_reply".parse().unwrap();
    let merged = ticket_after(answered);
    assert_eq!(merged.counted_with[&late], ["2/first_reply".parse().unwrap()]);
    let separated = ticket_after(&format!("{answered}\n2: mon 15:00 agent separates from 1"));
    assert!(separated.counted_with.is_empty(), "{:?}", separated.counted_with);
    assert!(matches!(
        separated.clocks[&late].phase,
        Phase::Fulfilled { outcome: Outcome::Met, .. }
    ));
}

#[test]
fn rules_hear_of_the_first_of_two_broken_replies() {
    check_under(
        &[r#"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = "4h"
[[rules]]
name = "late"
on = ["breached"]
do = [{ note = "The customer waits." }]
"#],
        "mon 09:00 customer opens
         2: mon 10:00 customer opens
         2: mon 10:30 agent merges into 1
         mon 15:00 wake",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         2: mon 10:00  opened, medium, on L1
         2: mon 10:00  first_reply 1 started, due mon 14:00
         2: mon 10:30  merged into #1
         2: mon 10:30  first_reply cancelled: merged
         mon 10:30  took in #2
         mon 10:30  2/first_reply taken over, due mon 14:00
         mon 13:00  first_reply breached
         mon 13:00  late fires: nothing is asked
         mon 13:00  late: the system notes \"The customer waits.\"
         mon 14:00  2/first_reply breached",
    );
}

#[test]
fn tickets_of_different_customers_are_not_merged_and_a_colleague_hears_of_the_answer() {
    let opens = |contact, organization| {
        let mut request = OpenTicket::new(ContactId(contact), "Printer", "It is on fire.");
        request.organization = Some(OrganizationId(organization));
        let action = serde_json::to_string(&TicketAction::Open(Box::new(request))).unwrap();
        format!("mon 09:00 agent does {action}")
    };
    let script = format!(
        "{}\n2: {}\n3: {}\n2: mon 09:10 agent merges into 1\n3: mon 09:20 agent merges into 1\n\
         3: mon 09:30 agent separates from 1",
        opens(1, 1),
        opens(2, 2),
        opens(3, 1)
    );
    check_under(
        &[
            "[[policies]]\nname = \"none\"\ncalendar = \"office\"\n[policies.targets.vendor]\nwithin = \"4h\"",
        ],
        &script,
        "mon 09:00  opened, medium, on L1
         2: mon 09:00  opened, medium, on L1
         3: mon 09:00  opened, medium, on L1
         mon 09:10  refused: #2 cannot be merged into #1: it is another customer's, who would read what is not for them; mark it as a duplicate instead
         3: mon 09:20  merged into #1
         mon 09:20  took in #3, which contact 3 follows with it
         3: mon 09:30  separated from #1
         mon 09:30  gave back #3",
    );
}
