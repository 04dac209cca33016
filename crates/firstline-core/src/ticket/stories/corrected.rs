//! What was opened with a mistake in it, put right.

use super::script::check_under;

#[test]
fn a_corrected_customer_is_promised_what_is_theirs_and_rules_hear_of_it() {
    check_under(
        &[r#"
[[policies]]
name = "northwind"
calendar = "office"
when = { organization = 1 }
[policies.targets.resolution]
within = "4h"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
[[rules]]
name = "welcome"
when = { organization = { is = 1, changed = true } }
do = [{ tag = ["northwind"] }]
[[rules]]
name = "lusophone"
when = { language = { is = "pt-br", changed = true } }
do = [{ tag = ["pt"] }]
"#],
        r#"mon 09:00 customer opens
           mon 10:00 customer does {"correct": {"subject": "Scanner"}}
           mon 10:00 agent does {"correct": {"subject": " "}}
           mon 10:00 agent does {"correct": {"language": "Elvish?"}}
           mon 10:00 agent does {"correct": {"subject": "Printer"}}
           mon 11:00 agent does {"correct": {"subject": "Scanner", "organization": 1, "requester": 1}}
           mon 12:00 agent does {"correct": {"organization": null}}
           mon 12:00 agent does {"correct": {"language": "PT-br"}}
           mon 12:00 agent does {"correct": {"language": "pt-BR"}}
           mon 13:00 agent resolved
           mon 13:00 agent does {"correct": {"channel": "phone"}}
           mon 14:00 agent closed
           mon 14:00 agent does {"correct": {"subject": "Printer"}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 10:00  refused: contact 1 may not correct tickets: that takes an agent
           mon 10:00  refused: subject is empty
           mon 10:00  refused: `Elvish?` is not a language tag such as `en`, `ru` or `pt-BR`
           mon 10:00  refused: the correction says nothing that the ticket does not say already
           mon 11:00  corrected: {"subject":"Scanner","organization":1}
           mon 11:00  resolution now 4h, due mon 13:00
           mon 11:00  welcome fires: organization is 1; organization changed from empty to 1
           mon 11:00  welcome: tags +{"northwind"} -{}
           mon 12:00  corrected: {"organization":null}
           mon 12:00  resolution now 16h, due tue 17:00
           mon 12:00  corrected: {"language":"pt-BR"}
           mon 12:00  lusophone fires: language is pt-BR; language changed from empty to pt-BR
           mon 12:00  lusophone: tags +{"pt"} -{}
           mon 12:00  refused: the correction says nothing that the ticket does not say already
           mon 13:00  resolved
           mon 13:00  resolution met after 4h
           mon 13:00  corrected: {"channel":"phone"}
           mon 14:00  closed
           mon 14:00  refused: the ticket is closed and does not change any more; open a new one"#,
    );
}

#[test]
fn what_others_were_merged_into_stays_its_customers_until_that_is_undone() {
    let stays = r#"refused: tickets that were merged into it would be another customer's: #2; undo that first"#;
    check_under(
        &[""],
        r#"mon 09:00 customer opens
           2: mon 09:00 customer opens
           2: mon 09:10 agent merges into 1
           mon 09:20 agent does {"correct": {"requester": 2}}
           mon 09:20 agent does {"correct": {"subject": "Scanner"}}
           2: mon 09:30 agent does {"correct": {"subject": "Scanner"}}
           2: mon 09:40 agent separates from 1
           mon 09:50 agent does {"correct": {"requester": 2}}"#,
        &format!(
            r#"mon 09:00  opened, medium, on L1
               2: mon 09:00  opened, medium, on L1
               2: mon 09:10  merged into #1
               mon 09:10  took in #2
               mon 09:20  {stays}
               mon 09:20  corrected: {{"subject":"Scanner"}}
               mon 09:30  refused: the ticket was merged into #1; go on there, or undo the merge
               2: mon 09:40  separated from #1
               mon 09:40  gave back #2
               mon 09:50  corrected: {{"requester":2}}"#
        ),
    );
}
