//! Every command that there is, in every state that a life at random leads to, by everybody: it is
//! carried out, or refused by a rule that says its name. What is wrong is never the rulebook, once it
//! was accepted.

use proptest::prelude::*;

use super::{play, ruled_life};
use crate::*;

/// One of each and more of some, among them what names something that is not there.
fn commands(now: Timestamp) -> Vec<TicketAction> {
    let text = || "Words.".to_owned();
    let others = [
        r#""wake""#,
        r#""mark_spam""#,
        r#""unmark_spam""#,
        r#""queue""#,
        r#""accept_offer""#,
        r#"{"decline_offer":{"reason":"No."}}"#,
        r#"{"tag":{"add":["a"],"remove":["b"]}}"#,
        r#"{"describe":{"kind":"incident","need":"training"}}"#,
        r#"{"cover":{"tier":"gold"}}"#,
        r#"{"correct":{}}"#,
        r#"{"correct":{"subject":"Scanner","requester":2,"organization":2,"language":"de","channel":"phone"}}"#,
        r#"{"correct":{"organization":null,"language":"the Elvish"}}"#,
        r#"{"set_fields":{"fields":{"seats":3}}}"#,
        r#"{"set_fields":{"fields":{"nowhere":3}}}"#,
        r#"{"checklist":{"add":{"items":["look"]}}}"#,
        r#"{"checklist":{"tick":{"item":1}}}"#,
        r#"{"checklist":{"untick":{"item":2}}}"#,
        r#"{"approval":{"ask":{"what":"Cost"}}}"#,
        r#"{"approval":{"withdraw":{"approval":1,"reason":"A slip."}}}"#,
        r#"{"approval":{"sign":{"approval":1,"name":"Ada","meaning":"I agree","approved":true}}}"#,
        r#"{"follow":{"who":{"agent":1}}}"#,
        r#"{"unfollow":{"who":{"agent":1}}}"#,
        r#"{"rate":{"score":5}}"#,
        r#"{"rate":{"score":6}}"#,
        r#"{"log_work":{"amount":5}}"#,
        r#"{"take_back_work":{"entry":1,"reason":"A slip."}}"#,
        r#"{"solved_by":{"article":1}}"#,
        r#"{"keep_promise":{"number":1}}"#,
        r#"{"withdraw_promise":{"number":1,"reason":"A slip."}}"#,
        r#"{"release_due":{"clock":"resolution"}}"#,
        r#"{"reapply":{"revalue_past":true}}"#,
        r#""undo_merge""#,
        r#"{"merge_into":{"ticket":2}}"#,
        r#"{"split":{"message":1,"subject":"Other"}}"#,
        r#"{"relate":{"as":"child_of","ticket":2}}"#,
        r#"{"unrelate":{"as":"child_of","ticket":2}}"#,
        r#"{"know_error":{"cause":"A fuse"}}"#,
        r#"{"acknowledge_page":{"page":1}}"#,
        r#"{"route":{"among":[1]}}"#,
        r#"{"apply_macro":{"name":"macro 0"}}"#,
        r#"{"apply_macro":{"name":"nothing"}}"#,
        r#"{"move":{"to":"open"}}"#,
        r#"{"move":{"to":"nowhere"}}"#,
        r#"{"attach":{"files":[{"name":"a.log","media_type":"text/plain","size":1,"hash":"00","locator":"a"}]}}"#,
    ];
    let others =
        others.map(|json| serde_json::from_str(json).unwrap_or_else(|it| panic!("{json}: {it}")));
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let mut all = vec![
        TicketAction::Open(Box::new(request)),
        TicketAction::Reply { text: text(), then: None },
        TicketAction::AddNote { text: text() },
        TicketAction::Snooze { until: now.checked_add_millis(3_600_000) },
        TicketAction::Snooze { until: None },
        TicketAction::Assign { agent: Some(AgentId(1)) },
        TicketAction::Assign { agent: None },
        TicketAction::HandOver { line: "L2".into(), team: None },
        TicketAction::HandOver { line: "nowhere".into(), team: None },
        TicketAction::Classify { impact: Impact::High, urgency: Urgency::Low },
        TicketAction::OverridePriority { priority: Priority::Low, reason: text() },
        TicketAction::ReleasePriority,
        TicketAction::Promise { what: text(), within: Some(WorkTime::from_hours(1)), by: None },
        TicketAction::FixDue { clock: Metric::Resolution.into(), due: now },
    ];
    all.extend(others);
    for to in Status::ALL {
        let hold = (to == Status::OnHold).then_some(HoldReason::Vendor);
        all.push(TicketAction::ChangeStatus { to, hold });
        all.push(TicketAction::Reply { text: text(), then: Some(to) });
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_command_in_every_state_is_carried_out_or_refused_by_name(
        (book, opening, steps) in ruled_life()
    ) {
        let rules = book.rulebook();
        play(&rules, &opening, &steps, |ticket, _, now, _| {
            for action in commands(now) {
                for by in [Actor::Contact(ContactId(1)), Actor::Agent(AgentId(1)), Actor::System] {
                    match decide(Some(ticket), &action, by, &rules, now) {
                        Ok(events) => {
                            let after = events.iter().try_fold(ticket.clone(), |it, event| apply(Some(it), event));
                            prop_assert!(after.is_ok(), "{action:?}");
                        }
                        // A rulebook that was accepted has all that its own rules take.
                        Err(refusal @ (Refusal::RulebookMissing { .. } | Refusal::TemplateFailed { .. })) => {
                            prop_assert!(false, "{action:?}: {refusal}");
                        }
                        Err(refusal) => {
                            let name = name_of(&refusal);
                            let told = format!("{action:?} by {by} in {}: {name}", ticket.status);
                            prop_assert!(may_be(&action, &name), "{told}");
                        }
                    }
                }
            }
            Ok(())
        })?;
    }
}

/// The name of the rule that is against something, as its type has it.
fn name_of(refusal: &Refusal) -> String {
    let debug = format!("{refusal:?}");
    debug.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// Whether a rule of this name can be against such a command.
fn may_be(action: &TicketAction, name: &str) -> bool {
    // Over is over, and not everybody may do everything.
    const OF_ALL: [&str; 3] = ["NotPermitted", "TicketClosed", "TicketMerged"];
    const OF_MOVES: [&str; 10] = [
        "TransitionNotAllowed",
        "TransitionNotPermitted",
        "FieldsMissing",
        "Field",
        "HoldReasonMissing",
        "HoldReasonUnexpected",
        "HoldReasonNotHere",
        "ReopenedTooLate",
        "TooManyWaits",
        "Relation",
    ];
    let of_this: &[&str] = match action {
        TicketAction::Open(_) => &["AlreadyOpened"],
        TicketAction::UnmarkSpam => &["NotSpam"],
        TicketAction::Reply { .. } | TicketAction::ChangeStatus { .. } => &[],
        TicketAction::Move { .. } => &["UnknownStatus"],
        TicketAction::Snooze { .. } => &["DueInThePast", "NothingToSnooze"],
        TicketAction::HandOver { .. } => &["UnknownLine", "UnknownTeam"],
        TicketAction::SetFields { .. } => &["Field"],
        TicketAction::Correct(_) => &["NothingCorrected", "CustomerHeld", "NotALanguage"],
        TicketAction::Tag { .. } => &["TooManyTags"],
        TicketAction::Checklist(_) => &["NoSuchNumber", "TooMany"],
        TicketAction::Approval(_) => &[
            "NoSuchNumber",
            "NobodySigns",
            "SignedAlready",
            "SignatureOfAnother",
            "OwnApproval",
            "ApprovalWithdrawn",
            "TooMany",
        ],
        TicketAction::Attach { .. } => &["UnknownMessage", "TooMany"],
        TicketAction::Rate { .. } => &["RatedByAgent", "NothingToRate", "RatingOutOfRange"],
        TicketAction::LogWork(_) | TicketAction::TakeBackWork { .. } => &["Work"],
        TicketAction::Promise { .. } => &["NothingToPromise", "TooMany"],
        TicketAction::KeepPromise { .. }
        | TicketAction::WithdrawPromise { .. }
        | TicketAction::FixDue { .. }
        | TicketAction::ReleaseDue { .. } => {
            &["UnknownClock", "ClockOver", "DueInThePast", "DueNotFixed"]
        }
        TicketAction::MergeInto { .. }
        | TicketAction::UndoMerge
        | TicketAction::Split { .. }
        | TicketAction::Relate { .. }
        | TicketAction::Unrelate { .. } => &["TwoTickets"],
        TicketAction::KnowError { .. } => &["Relation"],
        TicketAction::AcknowledgePage { .. } => &["UnknownPage", "PageOver", "NobodyAnswers"],
        TicketAction::Route { .. }
        | TicketAction::Queue
        | TicketAction::AcceptOffer
        | TicketAction::DeclineOffer { .. } => &["Routing"],
        TicketAction::ApplyMacro { .. } => {
            // What its template comes to on this ticket may be nothing.
            &["UnknownMacro", "MacroNotMeant", "NoLineAfter", "Routing", "TextEmpty"]
        }
        _ => &[],
    };
    let moves = matches!(
        action,
        TicketAction::Reply { .. }
            | TicketAction::ChangeStatus { .. }
            | TicketAction::Move { .. }
            | TicketAction::ApplyMacro { .. }
    );
    OF_ALL.contains(&name) || of_this.contains(&name) || (moves && OF_MOVES.contains(&name))
}
