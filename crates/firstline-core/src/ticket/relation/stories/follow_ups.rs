//! What is said to a ticket that is over opens another one.

use super::*;

#[test]
fn a_message_to_what_is_over_opens_a_follow_up_where_the_lifecycle_says_when_that_is() {
    let ends = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "on_hold", category = "on_hold" }, { id = "resolved", category = "resolved" },
    { id = "pending", category = "pending" }, { id = "closed", category = "closed" },
]
transitions = [
    { from = ["new", "on_hold", "pending"], to = "open", by = "contact" },
    { from = "open", to = "on_hold" },
    { from = ["new", "open"], to = "resolved" },
    { from = "open", to = "pending" },
    { from = "resolved", to = "closed" },
]
reopen = { into = "open", within = "8h", calendar = "office" }
auto_close = { after = "16h", calendar = "office" }
"#;
    check(
        ends,
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         mon 11:00 customer comes back
         tue 10:01 customer comes back
         tue 10:02 agent does {\"relate\":{\"as\":\"child_of\",\"ticket\":2}}",
        "mon 09:00  opened, medium, on L1
         mon 10:00  resolved (default), resolved, closes wed 10:00, can be reopened until tue 10:00
         tue 10:01  is followed_by #2, which is new
         2: tue 10:01  opened, medium, on L1
         2: tue 10:01  is follow_up_of #1, which is resolved
         tue 10:02  refused: merging, splitting and relating concern two tickets; give them to a desk",
    );
}

/// A desk that asks where the matter is before it opens a ticket.
const ASKS_WHERE: &str = r#"
[fields.site]
kind = "text"
[[forms]]
name = "all"
fields = [{ field = "site", required = "opening" }]
"#;

const IN_KAZAN: &str = r#"mon 09:00 customer does {"open": {"kind": "question", "requester": 1, "subject": "Printer", "text": "It is on fire.", "channel": "mail", "impact": "medium", "urgency": "medium", "fields": {"site": "Kazan"}}}"#;

#[test]
fn what_is_said_to_what_is_closed_opens_a_follow_up_that_knows_what_it_knew() {
    check(
        ASKS_WHERE,
        &format!(
            "{IN_KAZAN}
            mon 10:00 agent resolved
            mon 11:00 agent closed
            tue 09:00 customer comes back
            2: tue 10:00 agent resolved
            2: tue 11:00 customer comes back
            2: tue 11:00 customer says"
        ),
        "mon 09:00  opened, medium, on L1, site=Kazan
         mon 10:00  resolved
         mon 11:00  closed
         tue 09:00  is followed_by #2, which is new
         2: tue 09:00  opened, medium, on L1, site=Kazan
         2: tue 09:00  is follow_up_of #1, which is closed
         2: tue 10:00  resolved
         2: tue 11:00  contact 1 says something
         2: tue 11:00  open",
    );
}

#[test]
fn where_nothing_leads_back_from_what_is_resolved_the_customer_is_heard_all_the_same() {
    let no_way_back = r#"
[lifecycles.default]
statuses = [
    { id = "new", category = "new" }, { id = "open", category = "open" },
    { id = "resolved", category = "resolved" }, { id = "closed", category = "closed" },
]
transitions = [
    { from = "new", to = "open" }, { from = "open", to = "resolved" },
    { from = "resolved", to = "closed" },
]
"#;
    check(
        no_way_back,
        "mon 09:00 customer opens
         mon 09:10 agent open
         mon 10:00 agent resolved
         mon 11:00 customer comes back",
        "mon 09:00  opened, medium, on L1
         mon 09:10  open (default), open
         mon 10:00  resolved (default), resolved
         mon 11:00  is followed_by #2, which is new
         2: mon 11:00  opened, medium, on L1
         2: mon 11:00  is follow_up_of #1, which is resolved",
    );
}

#[test]
fn a_follow_up_leaves_behind_what_the_desk_does_not_ask_any_more() {
    check_under(
        &[ASKS_WHERE, "[fields.room]\nkind = \"text\""],
        &format!(
            "{IN_KAZAN}
            mon 10:00 agent resolved
            mon 11:00 agent closed
            mon 12:00 desk adopts
            tue 09:00 customer comes back"
        ),
        "mon 09:00  opened, medium, on L1, site=Kazan
         mon 10:00  resolved
         mon 11:00  closed
         tue 09:00  is followed_by #2, which is new
         2: tue 09:00  opened, medium, on L1
         2: tue 09:00  is follow_up_of #1, which is closed",
    );
}
