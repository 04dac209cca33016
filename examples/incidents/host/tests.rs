//! Stories: what a log says, and what a host made of it.

use super::*;
use crate::incidents::rulebook;

/// A log of one ServiceNow incident. A row is the minute, the state, the level of impact and of
/// urgency, the group, and the agent.
fn servicenow(rows: &[(u32, &str, u8, &str, &str)]) -> Log {
    let mut text = "number,incident_state,reassignment_count,reopen_count,made_sla,caller_id,\
                    opened_at,sys_updated_by,sys_updated_at,impact,urgency,priority,\
                    assignment_group,assigned_to\n"
        .to_owned();
    for (minute, state, level, group, agent) in rows {
        // Priorities are counted from critical, so there is one more of them.
        let priority = if *level == 1 { 1 } else { level + 1 };
        text += &format!(
            "INC1,{state},0,0,true,Caller 7,2016-03-01 10:00,Updated by 5,2016-03-01 10:{minute:02},\
             {level},{level},{priority},{group},{agent}\n"
        );
    }
    Log::read(text.as_bytes(), "log.csv").unwrap()
}

/// A log of one Volvo incident. A row is the minute, the status, the word, the team and its line,
/// and the owner.
fn volvo(rows: &[(u32, &str, &str, &str, &str, &str)]) -> Log {
    let mut text =
        "case_id,ts,status,sub_status,support_team,support_line,impact,owner_id\n".to_owned();
    for (minute, status, word, team, line, owner) in rows {
        text += &format!(
            "1-1,2012-03-01T10:{minute:02}:00+01:00,{status},{word},{team},{line},Medium,{owner}\n"
        );
    }
    Log::read(text.as_bytes(), "log.csv").unwrap()
}

#[track_caller]
fn check(log: &Log, expected: &str) {
    let rulebook = Rulebook::from_toml(&rulebook(log), "rulebook").unwrap();
    let mut host = Host::new(log, &rulebook);
    let start = log.incidents[0].opened_at;
    let mut orders = host.open(0);
    for index in 0..log.steps.len() {
        orders.extend(host.follow(index));
    }
    let keys: BTreeSet<CommandId> = orders.iter().map(|order| order.key).collect();
    assert_eq!(keys.len(), orders.len(), "every command has a key of its own");
    let mut story = String::new();
    for order in orders.iter().filter(|order| !matches!(order.wish, Wish::Save(..))) {
        let minute = order.at.millis_since(start) / 60_000;
        story += &format!("{minute} {}: {}\n", order.by, tell(&order.wish));
    }
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(story.trim().lines().collect::<Vec<_>>(), expected, "\n{story}");
}

fn tell(wish: &Wish) -> String {
    match wish {
        Wish::Save(id, _) => format!("save {id:?}"),
        Wish::Open(request) => {
            let place = request.team.as_ref().map_or("no team", TeamId::as_str);
            let tags: Vec<&str> = request.tags.iter().map(|tag| tag.as_str()).collect();
            format!("open for {place} {}", tags.join(" ")).trim_end().to_owned()
        }
        Wish::Do(TicketAction::Reply { text, then }) => {
            let texts = [
                (TAKEN_UP, "taken up"),
                (QUESTION, "question"),
                (ANSWER, "answer"),
                (SOLUTION, "solution"),
                (NOT_SOLVED, "not solved"),
            ];
            let name = texts.iter().find(|(known, _)| known == text).map_or("?", |(_, name)| name);
            then.map_or(name.to_owned(), |status| format!("{name}, {status}"))
        }
        Wish::Do(TicketAction::AddNote { .. }) => "note".to_owned(),
        Wish::Do(TicketAction::ChangeStatus { to, hold: None }) => to.to_string(),
        Wish::Do(TicketAction::ChangeStatus { to, hold: Some(hold) }) => format!("{to} {hold:?}"),
        Wish::Do(TicketAction::Assign { agent: Some(agent) }) => format!("for {agent}"),
        Wish::Do(TicketAction::Assign { agent: None }) => "for nobody".to_owned(),
        Wish::Do(TicketAction::HandOver { line, team }) => {
            format!("hand over to {line} {}", team.as_ref().map_or("", TeamId::as_str))
        }
        Wish::Do(other) => format!("{other:?}"),
    }
}

#[test]
fn somebody_takes_it_up_asks_and_solves_it() {
    check(
        &servicenow(&[
            (5, "New", 2, "Group 70", ""),
            (10, "Active", 2, "Group 70", "Resolver 3"),
            (20, "Awaiting User Info", 2, "Group 70", "Resolver 3"),
            (30, "Active", 2, "Group 70", "Resolver 3"),
            (40, "Resolved", 2, "Group 70", "Resolver 3"),
            (50, "Closed", 2, "Group 70", "Resolver 3"),
        ]),
        "
        0 contact 7: open for Group 70
        10 agent 10005: for agent 3
        10 agent 10005: taken up
        20 agent 10005: question, pending
        30 contact 7: answer
        40 agent 10005: solution, resolved
        50 agent 10005: closed
        ",
    );
}

#[test]
fn an_agent_who_is_named_before_anybody_works_has_not_taken_it_up() {
    check(
        &servicenow(&[
            (5, "New", 2, "Group 70", "Resolver 3"),
            (10, "Resolved", 2, "Group 70", "Resolver 3"),
        ]),
        "
        0 contact 7: open for Group 70
        10 agent 10005: for agent 3
        10 agent 10005: solution, resolved
        ",
    );
}

#[test]
fn a_priority_against_the_matrix_is_decreed_and_given_up_again() {
    let rows = "number,incident_state,reassignment_count,reopen_count,made_sla,caller_id,opened_at,\
                sys_updated_by,sys_updated_at,impact,urgency,priority,assignment_group,assigned_to\n\
                INC1,New,0,0,true,,2016-03-01 10:00,5,2016-03-01 10:00,2,2,1,70,\n\
                INC1,New,0,0,true,,2016-03-01 10:00,5,2016-03-01 10:01,2,2,3,70,\n";
    check(
        &Log::read(rows.as_bytes(), "log.csv").unwrap(),
        "
        0 contact 1000000: open for Group 70
        0 agent 10005: OverridePriority { priority: Critical, reason: \"so it is in the log\" }
        1 agent 10005: ReleasePriority
        ",
    );
}

#[test]
fn a_gap_in_the_log_takes_nothing_away() {
    check(
        &servicenow(&[
            (5, "Active", 2, "Group 70", "Resolver 3"),
            (10, "Active", 2, "", ""),
            (15, "Active", 2, "Group 70", "Resolver 3"),
        ]),
        "
        0 contact 7: open for Group 70
        5 agent 10005: for agent 3
        5 agent 10005: taken up
        10 agent 10005: note
        15 agent 10005: note
        ",
    );
}

#[test]
fn it_turns_out_to_be_worse_and_goes_to_other_people() {
    check(
        &servicenow(&[
            (5, "Active", 2, "Group 70", "Resolver 3"),
            (10, "Active", 1, "Group 39", "Resolver 4"),
            (20, "Awaiting Vendor", 1, "Group 39", "Resolver 4"),
            (30, "Awaiting Problem", 1, "Group 39", "Resolver 4"),
            (40, "Active", 1, "Group 39", "Resolver 4"),
        ]),
        "
        0 contact 7: open for Group 70
        5 agent 10005: for agent 3
        5 agent 10005: taken up
        10 agent 10005: Classify { impact: High, urgency: High }
        10 agent 10005: hand over to L3 Group 39
        10 agent 10005: for agent 4
        20 agent 10005: on_hold Vendor
        30 agent 10005: on_hold Problem
        40 agent 10005: open
        ",
    );
}

#[test]
fn what_is_closed_stays_so_and_more_work_is_a_follow_up() {
    check(
        &servicenow(&[
            (5, "Closed", 2, "Group 70", ""),
            (10, "Closed", 2, "Group 70", ""),
            (20, "Active", 2, "Group 70", "Resolver 3"),
        ]),
        "
        0 contact 7: open for Group 70
        5 agent 10005: solution, resolved
        5 agent 10005: closed
        10 agent 10005: note
        20 contact 7: open for Group 70 follow-up
        20 agent 10005: for agent 3
        20 agent 10005: taken up
        ",
    );
}

#[test]
fn a_caller_who_is_not_content_reopens_it() {
    check(
        &servicenow(&[
            (5, "Resolved", 2, "Group 70", ""),
            (10, "Active", 2, "Group 70", ""),
            (20, "unknown(-100)", 2, "Group 70", ""),
            (30, "Resolved", 2, "Group 70", ""),
        ]),
        "
        0 contact 7: open for Group 70
        5 agent 10005: solution, resolved
        10 contact 7: not solved
        20 agent 10005: note
        30 agent 10005: solution, resolved
        ",
    );
}

#[test]
fn a_ticket_goes_up_the_lines_and_a_robot_closes_it() {
    check(
        &volvo(&[
            (0, "Queued", "Awaiting Assignment", "V30", "1", "SYSTEM"),
            (1, "Accepted", "In Progress", "V30", "1", "P0001"),
            (2, "Queued", "Awaiting Assignment", "V5 3rd", "3", "P0001"),
            (3, "Accepted", "Wait - User", "V5 3rd", "3", "P0002"),
            (4, "Queued", "Awaiting Assignment", "V13 2nd 3rd", "2-3", "P0002"),
            (5, "Accepted", "Wait - Implementation", "V13 2nd 3rd", "2-3", "P0003"),
            (6, "Completed", "In Call", "V13 2nd 3rd", "2-3", "P0003"),
            (7, "Completed", "Closed", "V13 2nd 3rd", "2-3", "SYSTEM"),
        ]),
        "
        0 contact 1: open for V30
        1 agent 1: for agent 1
        1 agent 1: taken up
        2 agent 1: hand over to L3 V5 3rd
        3 agent 2: for agent 2
        3 agent 2: question, pending
        4 agent 2: hand over to L2-3 V13 2nd 3rd
        4 contact 1: answer
        5 agent 3: for agent 3
        5 agent 3: on_hold Change
        6 agent 3: solution, resolved
        7 the system: closed
        ",
    );
}

#[test]
fn back_in_the_queue_nobody_has_it() {
    check(
        &volvo(&[
            (0, "Accepted", "In Progress", "V30", "1", "P0001"),
            (1, "Queued", "Awaiting Assignment", "V30", "1", "P0001"),
            (2, "Accepted", "In Progress", "V30", "1", "P0001"),
            (3, "Accepted", "Wait", "V30", "1", "SYSTEM"),
        ]),
        "
        0 contact 1: open for V30
        0 agent 1: for agent 1
        0 agent 1: taken up
        1 agent 1: for nobody
        2 agent 1: for agent 1
        3 the system: on_hold ThirdParty
        ",
    );
}
