//! A ticket from its opening to its end: who may do what, and what that makes of its promises.

use super::script::{check, moment, parse, rules, sentence};
use crate::*;

#[test]
fn a_question_is_answered_and_solved() {
    check(
        "mon 09:00 customer opens
         mon 09:30 agent takes
         mon 10:00 agent says
         mon 12:00 agent resolved
         fri 12:00 agent closed",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:30  agent 1 has it
         mon 09:30  open
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 12:00  resolved
         mon 12:00  resolution met after 3h
         fri 12:00  closed",
    );
}

#[test]
fn the_clock_stops_while_it_is_the_customers_turn_and_his_answer_starts_the_next_one() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent says pending
         tue 10:00 customer says
         tue 11:00 customer says
         tue 13:00 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  agent 1 says something
         mon 10:00  first_reply met after 1h
         mon 10:00  pending
         mon 10:00  resolution paused by pending
         tue 10:00  contact 1 says something
         tue 10:00  open
         tue 10:00  resolution resumed, due wed 17:00
         tue 10:00  next_reply 1 started, due tue 14:00
         tue 11:00  contact 1 says something
         tue 13:00  agent 1 says something
         tue 13:00  next_reply met after 3h",
    );
}

#[test]
fn a_robot_keeps_no_promise_of_a_person() {
    check(
        "mon 09:00 customer opens
         mon 09:00 robot says
         mon 14:00 agent says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  the system says \"words\"
         mon 13:00  first_reply breached
         mon 14:00  agent 1 says something
         mon 14:00  first_reply missed after 5h, 1h over
         mon 14:00  open",
    );
}

#[test]
fn what_nobody_answers_climbs_the_ladder_though_everybody_sleeps() {
    check(
        "fri 13:00 customer opens
         thu2 10:00 wake",
        "fri 13:00  opened, medium, on L1
         fri 13:00  first_reply 1 started, due fri 17:00
         fri 13:00  resolution 1 started, due tue2 13:00
         fri 17:00  first_reply breached
         mon2 11:00  first_reply step 0
         mon2 11:00  handed over to L2 by the ladder of first_reply
         mon2 17:00  resolution warned at 75 %
         tue2 13:00  resolution breached
         tue2 13:00  resolution step 0
         tue2 13:00  handed over to L3 by the ladder of resolution",
    );
}

#[test]
fn a_ladder_does_not_pull_a_ticket_back_from_a_later_line() {
    check(
        "mon 09:00 customer opens high high
         mon 09:10 agent says
         mon 09:20 agent hands L3
         tue 09:00 wake",
        "mon 09:00  opened, critical, on L1
         mon 09:00  first_reply 1 started, due mon 10:00
         mon 09:00  resolution 1 started, due mon 13:00
         mon 09:10  agent 1 says something
         mon 09:10  first_reply met after 10m
         mon 09:10  open
         mon 09:20  handed over to L3
         mon 12:00  resolution warned at 75 %
         mon 13:00  resolution breached
         mon 13:00  resolution step 0",
    );
}

#[test]
fn a_changed_priority_changes_the_promise_and_keeps_what_was_spent() {
    check(
        "mon 09:00 customer opens
         mon 11:00 agent classifies high high
         mon 11:30 agent says
         mon 12:00 agent decrees low
         mon 12:00 agent classifies high high
         mon 12:30 agent releases",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 11:00  critical
         mon 11:00  first_reply now 1h, due mon 11:00
         mon 11:00  first_reply breached: Retarget
         mon 11:00  resolution now 4h, due mon 13:00
         mon 11:30  agent 1 says something
         mon 11:30  first_reply missed after 2h 30m, 1h 30m over
         mon 11:30  open
         mon 12:00  resolution warned at 75 %
         mon 12:00  low by decree
         mon 12:00  resolution now 40h, due fri 17:00
         mon 12:30  critical
         mon 12:30  resolution now 4h, due mon 13:00",
    );
}

#[test]
fn a_reply_that_was_never_given_is_cancelled_by_the_solution_and_is_no_miss() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent resolved
         mon 11:00 customer says
         mon 12:00 agent says resolved",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  resolved
         mon 10:00  first_reply cancelled: resolved
         mon 10:00  resolution met after 1h
         mon 11:00  contact 1 says something
         mon 11:00  open
         mon 11:00  resolution goes on, due wed 10:00
         mon 11:00  next_reply 1 started, due mon 15:00
         mon 12:00  agent 1 says something
         mon 12:00  next_reply met after 1h
         mon 12:00  resolved
         mon 12:00  resolution met after 2h",
    );
}

#[test]
fn a_priority_that_changed_while_it_was_resolved_counts_when_it_is_reopened() {
    check(
        "mon 09:00 agent opens
         mon 10:00 agent resolved
         mon 11:00 agent classifies high high
         mon 12:00 customer says",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  resolved
         mon 10:00  resolution met after 1h
         mon 11:00  critical
         mon 12:00  contact 1 says something
         mon 12:00  open
         mon 12:00  resolution goes on, due wed 11:00
         mon 12:00  resolution now 4h, due mon 15:00
         mon 12:00  first_reply 1 started, due mon 13:00",
    );
}

#[test]
fn a_wait_for_a_third_party_does_not_stop_the_customers_clock() {
    check(
        "mon 09:00 agent opens
         mon 09:00 agent holds vendor
         mon 10:00 agent holds change
         mon 11:00 customer says
         mon 12:00 agent pending
         mon 13:00 agent open",
        "mon 09:00  opened, medium, on L1
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  on_hold for Vendor
         mon 10:00  on_hold for Change
         mon 11:00  contact 1 says something
         mon 11:00  first_reply 1 started, due mon 15:00
         mon 12:00  pending
         mon 12:00  resolution paused by pending
         mon 13:00  open
         mon 13:00  resolution resumed, due wed 10:00",
    );
}

#[test]
fn what_is_closed_stays_closed_and_every_refusal_says_what_would_be_allowed() {
    check(
        "mon 09:00 agent notes
         mon 09:00 customer opens
         mon 09:00 customer opens
         mon 09:10 customer pending
         mon 09:10 agent closed
         mon 09:10 agent holds vendor
         mon 09:10 agent on_hold
         mon 09:20 agent hands L9
         mon 09:20 agent hands L1 network
         mon 09:20 agent hands L2 network
         mon 09:30 agent resolved
         mon 09:40 agent closed
         mon 10:00 customer says",
        "mon 09:00  refused: the command names no ticket; only an opening needs none
         mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 09:00  refused: an opening names no ticket: the desk gives it its number
         mon 09:10  refused: contact 1 may not let a ticket that is new become pending: that takes an agent; it can become resolved
         mon 09:10  refused: a ticket that is new cannot become closed; it can become open, pending, on_hold, resolved
         mon 09:10  on_hold for Vendor
         mon 09:10  refused: a ticket that is on hold says what it waits for
         mon 09:20  refused: the rulebook has no line `L9`; it has L1, L2, L3, acme
         mon 09:20  refused: line `L1` has no team `network`; see `lines` in the rulebook
         mon 09:20  handed over to L2, network
         mon 09:30  resolved
         mon 09:30  first_reply cancelled: resolved
         mon 09:30  resolution met after 30m
         mon 09:40  closed
         mon 10:00  refused: the ticket is closed and does not change any more; open a new one",
    );
}

#[test]
fn labels_are_put_on_and_taken_off_once() {
    let rules = rules();
    let (agent, now) = (Actor::Agent(AgentId(1)), moment("mon", "09:00"));
    let mut ticket = Some(open_ticket(&rules, now));
    let set = |tags: &[&str]| tags.iter().map(|tag| Tag::from(*tag)).collect();
    for (add, remove, expected) in [
        (&["vip", "eu"][..], &[][..], "tags +{\"eu\", \"vip\"} -{}"),
        (&["vip"], &["eu", "us"], "tags +{} -{\"eu\"}"),
        (&["vip"], &[], ""),
    ] {
        let action = TicketAction::Tag { add: set(add), remove: set(remove) };
        let events = decide(ticket.as_ref(), &action, agent, &rules, now).unwrap();
        let story: Vec<String> = events.iter().map(|event| sentence(&event.fact)).collect();
        assert_eq!(story.join("; "), expected);
        for event in events {
            ticket = Some(apply(ticket, &event).unwrap());
        }
    }
    let many: Vec<String> = (0..=MAX_TAGS).map(|n| format!("tag {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let action = TicketAction::Tag { add: set(&many), remove: set(&[]) };
    let refusal = decide(ticket.as_ref(), &action, agent, &rules, now).unwrap_err();
    assert_eq!(refusal, Refusal::TooManyTags { count: MAX_TAGS + 2, most: MAX_TAGS });
}

#[test]
fn a_contact_does_not_do_an_agents_work() {
    let rules = rules();
    let now = moment("mon", "09:00");
    let ticket = open_ticket(&rules, now);
    let then = Some(Status::Resolved);
    for action in [
        TicketAction::AddNote { text: "psst".into() },
        TicketAction::Reply { text: "done".into(), then },
        TicketAction::Assign { agent: None },
        TicketAction::HandOver { line: "L2".into(), team: None },
        TicketAction::Classify { impact: Impact::High, urgency: Urgency::High },
        TicketAction::OverridePriority { priority: Priority::Critical, reason: "me".into() },
        TicketAction::ReleasePriority,
        TicketAction::Tag { add: [Tag::from("vip")].into(), remove: [].into() },
    ] {
        let contact = Actor::Contact(ContactId(1));
        let refusal = decide(Some(&ticket), &action, contact, &rules, now).unwrap_err();
        assert!(matches!(refusal, Refusal::NotPermitted { .. }), "{action:?}: {refusal}");
    }
}

#[test]
fn nanoseconds_passed_as_milliseconds_are_refused() {
    let now = Timestamp::from_millis(1_772_443_800_000 * 1_000).unwrap();
    let action = TicketAction::Wake;
    let refusal = decide(None, &action, Actor::System, &rules(), now).unwrap_err();
    assert_eq!(refusal, Refusal::TimeOutOfRange { now });
}

fn open_ticket(rules: &Rulebook, now: Timestamp) -> Ticket {
    let (contact, open) = parse(&["customer", "opens"]);
    carry_out(None, &open, contact, rules, now).unwrap().ticket
}

#[test]
fn which_article_solved_it_is_a_fact_that_can_be_corrected_and_moves_no_promise() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent solves with 7
         mon 10:05 agent solves with 7
         mon 10:10 agent solves with 9
         mon 10:20 agent solves with nothing",
        "mon 09:00  opened, medium, on L1
         mon 09:00  first_reply 1 started, due mon 13:00
         mon 09:00  resolution 1 started, due tue 17:00
         mon 10:00  solved by article 7
         mon 10:10  solved by article 9
         mon 10:20  solved by no article",
    );
}
