//! Stories of what is kept on a ticket beside its conversation.

use super::script::{brief_after, check, check_under, moment, rules_with, ticket_after};
use super::signed::SIGNED;
use crate::*;

#[test]
fn a_checklist_is_worked_off_and_a_tick_can_be_taken_back() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 customer does {"checklist": {"add": {"items": ["pay"]}}}
           mon 09:10 agent does {"checklist": {"add": {"items": ["order toner", "fit it"]}}}
           mon 09:20 agent does {"checklist": {"tick": {"item": 2}}}
           mon 09:20 agent does {"checklist": {"tick": {"item": 2}}}
           mon 09:30 agent does {"checklist": {"untick": {"item": 2}}}
           mon 09:40 agent does {"checklist": {"tick": {"item": 0}}}
           mon 09:40 agent does {"checklist": {"tick": {"item": 3}}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  refused: contact 1 may not work on checklists: that takes an agent
           mon 09:10  checklist: Added { items: ["order toner", "fit it"] }
           mon 09:20  checklist: Ticked { item: 2, by: Agent(AgentId(1)) }
           mon 09:30  checklist: Unticked { item: 2 }
           mon 09:40  refused: the ticket has no check 0; it has 2
           mon 09:40  refused: the ticket has no check 3; it has 2"#,
    );
}

#[test]
fn an_approval_is_signed_once_by_a_person_in_print() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 agent does {"approval": {"ask": {"what": "a new printer for 400 EUR"}}}
           mon 09:20 agent does {"approval": {"sign": {"approval": 2, "name": "Bob", "meaning": "?", "approved": true}}}
           mon 09:30 customer does {"approval": {"sign": {"approval": 1, "name": " ", "meaning": "?", "approved": true}}}
           mon 09:40 customer does {"approval": {"sign": {"approval": 1, "name": "Ada Lovelace", "meaning": "approved the price", "approved": true}}}
           mon 09:50 customer does {"approval": {"sign": {"approval": 1, "name": "Ada Lovelace", "meaning": "changed my mind", "approved": false}}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  agent 1 asks for: a new printer for 400 EUR
           mon 09:20  refused: the ticket has no approval 2; it has 1
           mon 09:30  refused: name is empty
           mon 09:40  contact 1 signs yes as Ada Lovelace: approved the price
           mon 09:50  refused: approval 1 is signed already; ask for another one"#,
    );
}

#[test]
fn an_approval_that_is_asked_of_somebody_is_signed_by_nobody_else() {
    check(
        r#"mon 09:00 customer opens
           mon 09:10 agent does {"approval": {"ask": {"what": "400 EUR", "of": {"contact": 1}}}}
           mon 09:15 agent does {"approval": {"ask": {"what": "the way there", "of": "system"}}}
           mon 09:20 agent does {"approval": {"sign": {"approval": 1, "name": "Bob", "meaning": "agreed", "approved": true}}}
           mon 09:30 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "too dear", "approved": false}}}
           mon 09:40 agent does {"approval": {"ask": {"what": "300 EUR", "of": {"agent": 2}}}}
           mon 09:45 customer does {"approval": {"sign": {"approval": 2, "name": "Ada", "meaning": "agreed", "approved": true}}}
           mon 09:50 agent does {"approval": {"withdraw": {"approval": 2, "reason": "on leave"}}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  first_reply 1 started, due mon 13:00
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  agent 1 asks contact 1 for: 400 EUR
           mon 09:15  refused: a signature is a person's, not the system's
           mon 09:20  refused: approval 1 is asked of contact 1, and nobody else signs it
           mon 09:30  contact 1 signs no as Ada: too dear
           mon 09:40  agent 1 asks agent 2 for: 300 EUR, instead of 1
           mon 09:45  refused: approval 2 is asked of agent 2, and nobody else signs it
           mon 09:50  agent 1 withdraws approval 2: on leave"#,
    );
}

#[test]
fn the_way_that_takes_an_approval_is_open_when_one_was_asked_for_and_all_that_count_are_given() {
    let refused = "refused: a ticket that is open becomes resolved only with approved";
    check_under(
        &[SIGNED],
        r#"mon 09:00 agent opens
           mon 09:05 agent open
           mon 09:10 agent resolved
           mon 09:20 agent does {"approval": {"ask": {"what": "100 EUR"}}}
           mon 09:25 agent does {"approval": {"ask": {"what": "a mistake"}}}
           mon 09:30 customer does {"approval": {"withdraw": {"approval": 2, "reason": "a slip"}}}
           mon 09:30 agent does {"approval": {"withdraw": {"approval": 2, "reason": "a slip"}}}
           mon 09:35 customer does {"approval": {"sign": {"approval": 2, "name": "Ada", "meaning": "?", "approved": true}}}
           mon 09:40 customer does {"approval": {"sign": {"approval": 1, "name": "Ada", "meaning": "too dear", "approved": false}}}
           mon 09:45 agent does {"approval": {"withdraw": {"approval": 1, "reason": "a slip"}}}
           mon 09:50 agent resolved
           mon 10:00 agent does {"approval": {"ask": {"what": "80 EUR"}}}
           mon 10:05 agent does {"approval": {"withdraw": {"approval": 3, "reason": "a slip"}}}
           mon 10:06 agent resolved
           mon 10:07 agent does {"approval": {"ask": {"what": "75 EUR"}}}
           mon 10:10 agent resolved
           mon 10:20 customer does {"approval": {"sign": {"approval": 4, "name": "Ada", "meaning": "agreed", "approved": true}}}
           mon 10:30 agent resolved"#,
        &format!(
            "mon 09:00  opened, medium, on L1
             mon 09:05  open (default), open
             mon 09:10  {refused}
             mon 09:20  agent 1 asks for: 100 EUR
             mon 09:25  agent 1 asks for: a mistake
             mon 09:30  refused: contact 1 may not withdraw approvals: that takes an agent
             mon 09:30  agent 1 withdraws approval 2: a slip
             mon 09:35  refused: approval 2 was withdrawn; ask for another one
             mon 09:40  contact 1 signs no as Ada: too dear
             mon 09:45  refused: approval 1 is signed already; ask for another one
             mon 09:50  {refused}
             mon 10:00  agent 1 asks for: 80 EUR, instead of 1
             mon 10:05  agent 1 withdraws approval 3: a slip
             mon 10:06  {refused}
             mon 10:07  agent 1 asks for: 75 EUR, instead of 1
             mon 10:10  {refused}
             mon 10:20  contact 1 signs yes as Ada: agreed
             mon 10:30  resolved (default), resolved"
        ),
    );
}

/// Whoever signs last need not say that the work can go on: nobody else is there to see it.
#[test]
fn a_ticket_that_waits_for_approvals_goes_on_when_the_last_one_is_answered() {
    let sign = |number: u32, is_yes: bool| {
        let signature =
            r#"{"approval": NUMBER, "name": "Ada", "meaning": "so be it", "approved": YES}"#;
        let signature = signature.replace("NUMBER", &number.to_string());
        let signature = signature.replace("YES", &is_yes.to_string());
        r#"does {"approval": {"sign": SIGNATURE}}"#.replace("SIGNATURE", &signature)
    };
    let ask =
        |what: &str| r#"agent does {"approval": {"ask": {"what": "WHAT"}}}"#.replace("WHAT", what);
    let withdraw = r#"agent does {"approval": {"withdraw": {"approval": 4, "reason": "a slip"}}}"#;
    let script = [
        "mon 09:00 agent opens".to_owned(),
        format!("mon 09:10 {}", ask("400 EUR")),
        format!("mon 09:10 {}", ask("the date")),
        "mon 09:20 agent holds approval".to_owned(),
        format!("mon 09:30 customer {}", sign(1, true)),
        format!("mon 09:40 agent {}", sign(2, false)),
        format!("mon 10:00 {}", ask("another date")),
        format!("mon 10:10 {}", ask("a mistake")),
        "mon 10:20 agent pending".to_owned(),
        format!("mon 10:30 agent {}", sign(3, true)),
        format!("mon 10:40 {withdraw}"),
        format!("mon 10:50 {}", ask("the place")),
        format!("mon 11:00 customer {}", sign(5, true)),
        "mon 11:10 agent holds vendor".to_owned(),
        format!("mon 11:20 {}", ask("a part")),
        format!("mon 11:30 customer {}", sign(6, true)),
    ];
    check_under(
        &[""],
        &script.join("\n"),
        "mon 09:00  opened, medium, on L1
         mon 09:10  agent 1 asks for: 400 EUR
         mon 09:10  agent 1 asks for: the date
         mon 09:20  on_hold for Approval
         mon 09:30  contact 1 signs yes as Ada: so be it
         mon 09:40  agent 1 signs no as Ada: so be it
         mon 09:40  open
         mon 10:00  agent 1 asks for: another date, instead of 2
         mon 10:10  agent 1 asks for: a mistake
         mon 10:20  pending
         mon 10:30  agent 1 signs yes as Ada: so be it
         mon 10:40  agent 1 withdraws approval 4: a slip
         mon 10:50  agent 1 asks for: the place
         mon 11:00  contact 1 signs yes as Ada: so be it
         mon 11:00  open
         mon 11:10  on_hold for Vendor
         mon 11:20  agent 1 asks for: a part
         mon 11:30  contact 1 signs yes as Ada: so be it",
    );
}

#[test]
fn two_approvals_that_were_refused_are_asked_for_anew_each_for_itself() {
    let ask = |what: &str| format!(r#"agent does {{"approval": {{"ask": {{"what": "{what}"}}}}}}"#);
    let sign = |approval: u32, approved: bool| {
        format!(
            r#"customer does {{"approval": {{"sign": {{"approval": {approval}, "name": "Ada", "meaning": "so be it", "approved": {approved}}}}}}}"#
        )
    };
    let said = [
        "agent opens".to_owned(),
        ask("price"),
        ask("date"),
        sign(1, false),
        sign(2, false),
        ask("later"),
        sign(3, true),
    ];
    let script = |said: &[String]| -> String {
        said.iter().map(|line| format!("mon 09:00 {line}\n")).collect()
    };
    assert!(!ticket_after(script(&said).trim()).is_approved());
    let and_the_other = [said.as_slice(), &[ask("cheaper"), sign(4, true)]].concat();
    assert!(ticket_after(script(&and_the_other).trim()).is_approved());
}

#[test]
fn what_was_asked_by_mistake_is_not_what_the_customer_is_told_to_sign() {
    let script = r#"mon 09:00 agent opens
        mon 09:10 agent does {"approval": {"ask": {"what": "a mistake"}}}
        mon 09:20 agent does {"approval": {"withdraw": {"approval": 1, "reason": "a slip"}}}"#;
    let told = brief_after(script, Tongue::English);
    assert!(!told.contains("signature"), "{told}");
}

#[test]
fn a_file_belongs_to_a_message_and_says_what_it_is() {
    let script = r#"mon 09:00 agent opens
           mon 09:10 customer does {"attach": {"files": [FILE]}}
           mon 09:20 agent does {"attach": {"message": 2, "files": [FILE]}}
           mon 09:30 agent does {"attach": {"files": [OTHER]}}"#;
    let file = r#"{"name": "fire.png", "media_type": "image/png", "size": 70000, "hash": "sha256:f00d", "locator": "s3://x"}"#;
    let script = script.replace("FILE", file).replace("OTHER", &file.replace("image/png", "png"));
    check(
        &script,
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:10  contact 1 adds 1 files to message 1
         mon 09:20  refused: the ticket has no message 2; it has 1
         mon 09:30  refused: `png` is not a media type such as `image/png`",
    );
}

#[test]
fn a_customer_follows_for_themselves_and_an_agent_has_others_follow() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 customer does {"follow": {"who": {"contact": 1}}}
           mon 09:10 customer does {"follow": {"who": {"contact": 1}}}
           mon 09:20 customer does {"follow": {"who": {"agent": 1}}}
           mon 09:20 agent does {"follow": {"who": {"agent": 1}}}
           mon 09:30 agent does {"unfollow": {"who": {"contact": 1}}}
           mon 09:40 agent does {"follow": {"who": {"equipment": 1}}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  contact 1 follows
           mon 09:20  refused: contact 1 may not have others follow tickets: that takes an agent
           mon 09:20  agent 1 follows
           mon 09:30  contact 1 follows no more
           mon 09:40  refused: equipment 1 is no person and follows nothing"#,
    );
}

#[test]
fn a_customer_rates_what_came_of_it_even_when_it_is_closed() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 customer does {"rate": {"score": 5}}
           mon 10:00 agent resolved
           mon 10:10 customer does {"rate": {"score": 6}}
           mon 10:10 agent does {"rate": {"score": 5}}
           mon 10:10 robot does {"rate": {"score": 5}}
           mon 10:10 customer does {"rate": {"score": 2, "comment": "It smells."}}
           mon 10:15 customer does {"rate": {"score": 2}}
           mon 10:16 customer does {"rate": {"score": 2, "comment": "It really does."}}
           mon 10:20 agent closed
           mon 10:30 customer does {"rate": {"score": 5}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  refused: the ticket is new: what came of it is rated when it is resolved
           mon 10:00  resolved
           mon 10:00  resolution met after 1h
           mon 10:10  refused: 6 is no rating; it can be from 1 to 5
           mon 10:10  refused: how content the customer is, is for the customer to say
           mon 10:10  refused: how content the customer is, is for the customer to say
           mon 10:10  contact 1 rates 2
           mon 10:16  contact 1 rates 2
           mon 10:20  closed
           mon 10:30  contact 1 rates 5"#,
    );
}

#[test]
fn a_label_is_on_a_ticket_once_in_whatever_letters() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 agent tags VIP
           mon 09:20 agent tags vip
           mon 09:30 agent does {"tag":{"add":["Printer","printer"],"remove":["VIp"]}}
           mon 09:40 agent untags PRINTER"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  tags +{"VIP"} -{}
           mon 09:30  tags +{"Printer"} -{"VIP"}
           mon 09:40  tags +{} -{"Printer"}"#,
    );
    let mut request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    // A last sigma is written otherwise, and is one all the same.
    assert!(Tag::from("ΛΟΓΟΣ").is_like(&"λογος".into()));
    request.tags = ["VIP", "vip", "fire"].map(Tag::from).into();
    let (open, by) = (TicketAction::Open(Box::new(request)), Actor::Contact(ContactId(1)));
    let opened = carry_out(None, &open, by, &rules_with(""), moment("mon", "09:00")).unwrap();
    assert_eq!(opened.ticket.tags, ["VIP", "fire"].map(Tag::from).into());
}

#[test]
fn a_label_that_comes_along_with_a_merge_in_other_letters_is_the_one_that_is_there() {
    let merged = "mon 09:00 customer opens
        2: mon 09:00 customer opens
        mon 09:10 agent tags VIP
        2: mon 09:10 agent tags vip
        2: mon 09:10 agent tags fire
        2: mon 09:20 agent merges into 1";
    assert_eq!(ticket_after(merged).tags, ["VIP", "fire"].map(Tag::from).into());
    let undone = format!("{merged}\n2: mon 09:30 agent separates from 1");
    assert_eq!(ticket_after(&undone).tags, ["VIP"].map(Tag::from).into());
}

#[test]
fn a_rule_asks_for_a_label_in_whatever_letters() {
    let greet = "[[rules]]\nname = \"greet\"\non = \"tagged\"\nwhen = { tag = { contains = \"VIP\" } }\n\
                 do = [{ urgency = \"high\" }]";
    check_under(
        &[greet],
        "mon 09:00 customer opens
         mon 09:10 agent tags Vip",
        r#"mon 09:00  opened, medium, on L1
           mon 09:10  tags +{"Vip"} -{}
           mon 09:10  greet fires: tag contains VIP
           mon 09:10  greet: high"#,
    );
}

#[test]
fn spam_is_closed_from_wherever_it_is_and_is_no_miss() {
    check(
        r#"mon 09:00 customer opens
           mon 09:10 customer does "mark_spam"
           mon 09:20 agent does "mark_spam"
           mon 09:30 customer does {"rate": {"score": 1}}
           mon 09:40 customer says"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  first_reply 1 started, due mon 13:00
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  refused: contact 1 may not mark spam: that takes an agent
           mon 09:20  spam
           mon 09:20  closed
           mon 09:20  first_reply cancelled: closed
           mon 09:20  resolution cancelled: closed
           mon 09:30  refused: the ticket is closed: what came of it is rated when it is resolved
           mon 09:40  refused: the ticket is closed and does not change any more; open a new one"#,
    );
}

#[test]
fn what_a_ticket_turns_out_to_be_decides_which_policy_applies() {
    let policies = r#"
[[policies]]
name = "gold"
calendar = "office"
when = { tier = "gold" }
[policies.targets.resolution]
within = "4h"
[[policies]]
name = "installations"
calendar = "office"
when = { need = "installation", discipline = "technical_support" }
[policies.targets.resolution]
within = "8h"
[[policies]]
name = "standard"
calendar = "office"
[policies.targets.resolution]
within = "16h"
"#;
    check_under(
        &[policies],
        r#"mon 09:00 agent opens
           mon 09:10 agent does {"describe": {"kind": "service_request", "need": "installation"}}
           mon 09:10 agent does {"describe": {"kind": "service_request"}}
           mon 09:20 agent does {"describe": {"discipline": "technical_support"}}
           mon 09:30 agent does {"cover": {"equipment": 1, "tier": "gold"}}
           mon 09:40 customer does {"cover": {"tier": "platinum"}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  a service_request, installation, for ?
           mon 09:20  a service_request, installation, for technical_support
           mon 09:20  resolution now 8h, due mon 17:00
           mon 09:30  served as Some("gold")
           mon 09:30  resolution now 4h, due mon 13:00
           mon 09:40  refused: contact 1 may not say what a ticket is about: that takes an agent"#,
    );
}

#[test]
fn work_without_a_contract_is_minutes_and_costs_nothing() {
    check(
        r#"mon 09:00 agent opens
           mon 09:10 customer does {"log_work": {"amount": 10}}
           mon 09:30 agent does {"log_work": {"amount": 20, "note": "looked at it"}}
           mon 09:30 agent does {"log_work": {"amount": 0}}
           mon 09:30 agent does {"log_work": {"amount": 30, "from": 1772443800000}}
           mon 09:30 agent does {"log_work": {"amount": 1, "service": "visit"}}"#,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  refused: contact 1 may not write work down: that takes an agent
           mon 09:30  agent 1 logs 20 by the Hour
           mon 09:30  refused: 0 is no amount of work; it can be from 1 to 44640
           mon 09:30  refused: the work would end at 2026-03-02T10:00:00Z; it is 2026-03-02T09:30:00Z now
           mon 09:30  refused: the ticket is under no contract that could have a service `visit`"#,
    );
}

#[test]
fn work_is_written_down_when_the_ticket_is_closed_and_stays_when_it_was_no_spam() {
    let script = r#"mon 09:00 agent opens
           mon 09:10 agent does "mark_spam"
           mon 09:20 agent does {"log_work": {"amount": 10}}
           mon 09:40 agent does "unmark_spam"
           2: mon 10:00 agent opens
           mon 10:10 agent merges into 2
           mon 10:20 agent does {"log_work": {"amount": 10}}"#;
    check(
        script,
        r#"mon 09:00  opened, medium, on L1
           mon 09:00  resolution 1 started, due tue 17:00
           mon 09:10  spam
           mon 09:10  closed
           mon 09:10  resolution cancelled: closed
           mon 09:20  agent 1 logs 10 by the Hour
           mon 09:40  no spam
           2: mon 10:00  opened, medium, on L1
           2: mon 10:00  resolution 1 started, due wed 10:00
           mon 10:10  merged into #2
           mon 10:10  resolution cancelled: merged
           2: mon 10:10  took in #1
           mon 10:20  refused: the ticket was merged into #2; go on there, or undo the merge"#,
    );
    assert_eq!(ticket_after(script).worked.minutes, 10);
}
