//! Promises as a host sees them: rosters, pages, merges, dry runs, forecasts, accounts.

use firstline::{
    Agent, AgentId, ClockKey, Command, CommandId, Desk, EffectKind, Event, FixedTime, Metric,
    OpenTicket, Rulebook, Status, Stream, TicketAction, TicketFact, TicketId, Timestamp, Tongue,
};

use crate::fixture::{ada, bob, introduce, moment, request};

const RULES: &str = r#"
name = "Northwind support"

[calendars.office]
time_zone = "Europe/Berlin"
weekly = { mon-fri = ["09:00-17:00"] }

[[roles]]
id = "team_lead"
reports_to = "service_manager"
[[roles]]
id = "service_manager"

[[lines]]
id = "L1"
manager = "team_lead"
[[lines]]
id = "L2"
[[lines]]
id = "printer works"
vendor = true

[rosters.duty]
shifts = [{ name = "days", calendar = "office", members = [1] }]
[rosters.night]
shifts = [{ name = "all", members = [2] }]

[pages.urgent]
levels = [{ roster = "duty", every = "5m", times = 2 }, { roster = "night", every = "15m", times = 1 }]

[[policies]]
name = "vip"
calendar = "always"
when = { tag = { contains = "vip" } }
[policies.targets.first_reply]
within = "30m"

[[policies]]
name = "standard"
calendar = "office"
[policies.targets.first_reply]
within = { critical = "1h", high = "2h", medium = "4h", low = "8h" }
warn_at = [50, "30m"]
ladder = [
    { at_due = true, notify = ["team_lead", "assignee"], escalate = true },
    { after_due = "1h", page = "urgent" },
    { after_due = "2h", hand_over = "next", raise_priority = "next" },
]
[policies.targets.resolution]
within = { working_days = 1, by = "16:00" }

[[policies]]
name = "lines"
agreement = "ola"
calendar = "office"
[policies.targets.line_time]
within = "6h"

[[policies]]
name = "printer works"
agreement = "uc"
calendar = "always"
[policies.targets.vendor]
within = "48h"
"#;

fn desk_at(text: &str) -> Desk {
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, FixedTime(moment(text))).unwrap();
    introduce(&desk);
    desk.save_agent(AgentId(2), Agent::new("Eve")).unwrap();
    desk
}

fn desk() -> Desk {
    desk_at("2026-03-02T09:00:00+01:00")
}

fn open(desk: &Desk) -> TicketId {
    desk.open_ticket(ada(), request()).unwrap()
}

fn act(desk: &Desk, ticket: TicketId, action: TicketAction, at: &str) -> Result<(), String> {
    let command = Command::ticket(bob(), ticket, action).at(moment(at));
    desk.execute(command).map(|_| ()).map_err(|error| error.to_string())
}

fn says(then: Option<Status>) -> TicketAction {
    TicketAction::Reply { text: "words".into(), then }
}

#[test]
fn what_nobody_answers_is_told_paged_and_handed_over_each_once() {
    let desk = desk();
    let ticket = open(&desk);
    desk.handle_timeout(moment("2026-03-02T16:00:00+01:00")).unwrap();
    let told = |desk: &Desk| -> Vec<String> {
        let records = desk.records(0, 1_000).unwrap();
        let effects = Desk::effects_of(&records);
        effects.iter().map(|it| format!("{} {}", it.scheduled_at, it.id)).collect()
    };
    assert_eq!(
        told(&desk),
        [
            "2026-03-02T12:00:00Z 1/first_reply/1/step.0/notify.team_lead",
            "2026-03-02T12:00:00Z 1/first_reply/1/step.0/notify.assignee",
            "2026-03-02T12:00:00Z 1/first_reply/1/step.0/escalate.team_lead",
            "2026-03-02T13:00:00Z 1/page.1/ring.0.1",
            "2026-03-02T13:05:00Z 1/page.1/ring.0.2",
            "2026-03-02T13:10:00Z 1/page.1/ring.1.1",
            "2026-03-02T13:25:00Z 1/page.1/unanswered",
        ]
    );
    let state = desk.ticket(ticket).unwrap().unwrap().state;
    assert_eq!((state.line.as_str(), state.priority().as_str()), ("L2", "high"));
    assert!(state.clocks[&Metric::FirstReply.into()].breach.is_some());
    // Whoever sleeps longer hears of the same.
    desk.handle_timeout(moment("2026-03-09T16:00:00+01:00")).unwrap();
    assert_eq!(told(&desk).len(), 7);
}

#[test]
fn a_page_stops_when_somebody_answers_and_when_there_is_nothing_to_answer() {
    let desk = desk();
    let (first, second) = (open(&desk), open(&desk));
    let page = TicketAction::AcknowledgePage { page: 1 };
    desk.handle_timeout(moment("2026-03-02T14:00:00+01:00")).unwrap();
    act(&desk, first, page.clone(), "2026-03-02T14:03:00+01:00").unwrap();
    act(&desk, second, says(None), "2026-03-02T14:04:00+01:00").unwrap();
    desk.handle_timeout(moment("2026-03-02T15:00:00+01:00")).unwrap();
    let rings = |ticket| {
        let state = desk.ticket(ticket).unwrap().unwrap().state;
        serde_json::to_string(&state.pages[&1].page).unwrap()
    };
    assert!(rings(first).contains("acknowledged"), "{}", rings(first));
    assert!(rings(second).contains("revoked"), "{}", rings(second));
    let refused = act(&desk, first, page, "2026-03-02T15:00:00+01:00").unwrap_err();
    assert_eq!(refused, "page 1 does not ring any more");
    let unknown = TicketAction::AcknowledgePage { page: 9 };
    let refused = act(&desk, first, unknown, "2026-03-02T15:00:00+01:00").unwrap_err();
    assert_eq!(refused, "the ticket has no page 9; it has 1");
}

#[test]
fn a_forecast_is_what_happens() {
    let desk = desk();
    let ticket = open(&desk);
    let horizon = moment("2026-03-04T00:00:00Z");
    let foreseen = desk.forecast(ticket, horizon).unwrap();
    assert_eq!(foreseen.nothing_before, desk.poll_timeout().unwrap());
    let before = desk.timeline(ticket).unwrap().len();
    desk.handle_timeout(horizon).unwrap();
    let happened: Vec<_> = desk.timeline(ticket).unwrap().split_off(before);
    let happened: Vec<_> = happened.into_iter().map(|record| record.event).collect();
    let foreseen: Vec<_> = foreseen.events.into_iter().map(Event::Ticket).collect();
    assert!(foreseen.len() > 10, "{foreseen:?}");
    assert_eq!(foreseen, happened);
}

#[test]
fn a_merge_keeps_the_earlier_due_time_and_can_be_undone() {
    let desk = desk();
    let (first, second) = (open(&desk), open(&desk));
    let tag = TicketAction::Tag { add: ["vip".into()].into(), remove: [].into() };
    act(&desk, second, tag, "2026-03-02T09:00:00+01:00").unwrap();
    let state = |ticket| desk.ticket(ticket).unwrap().unwrap().state;
    let (before, other) = (state(second), state(first));
    let reply = |ticket| state(ticket).clocks[&Metric::FirstReply.into()].clone();
    assert_eq!(reply(second).due(), Some(moment("2026-03-02T09:30:00+01:00")));

    let merge = TicketAction::MergeInto { ticket: first };
    let command = Command::ticket(bob(), second, merge.clone()).keyed(CommandId(7));
    let receipt = desk.execute(command.clone()).unwrap();
    assert_eq!(receipt.stream, Stream::Ticket(second));
    assert_eq!(desk.execute(command).unwrap(), receipt, "once");
    assert_eq!(state(first).due(), Some(moment("2026-03-02T09:30:00+01:00")));
    assert_eq!(state(second).status, Status::Closed);
    assert_eq!(state(second).poll_timeout(), None);
    let again = act(&desk, second, merge, "2026-03-02T09:00:00+01:00").unwrap_err();
    assert_eq!(again, "#2 cannot be merged into #1: it was merged already");
    let note = TicketAction::AddNote { text: "hello?".into() };
    let refused = act(&desk, second, note, "2026-03-02T09:00:00+01:00").unwrap_err();
    assert_eq!(refused, "the ticket was merged into #1; go on there, or undo the merge");
    let circle = TicketAction::MergeInto { ticket: second };
    let refused = act(&desk, first, circle, "2026-03-02T09:00:00+01:00").unwrap_err();
    assert_eq!(refused, "#1 cannot be merged into #2: that one was merged itself");

    act(&desk, second, TicketAction::UndoMerge, "2026-03-02T09:00:00+01:00").unwrap();
    assert_eq!(state(second), before);
    assert_eq!(state(first), other);
    let refused = act(&desk, second, TicketAction::UndoMerge, "2026-03-02T09:00:00+01:00");
    assert_eq!(refused.unwrap_err(), "the ticket was not merged into another one");
    desk.verify().unwrap();
}

#[test]
fn an_answer_given_while_merged_is_none_for_who_was_merged_by_mistake() {
    let desk = desk();
    let (first, second) = (open(&desk), open(&desk));
    let merge = TicketAction::MergeInto { ticket: first };
    act(&desk, second, merge, "2026-03-02T10:00:00+01:00").unwrap();
    act(&desk, first, says(None), "2026-03-02T10:30:00+01:00").unwrap();
    act(&desk, second, TicketAction::UndoMerge, "2026-03-03T11:00:00+01:00").unwrap();
    let state = desk.ticket(second).unwrap().unwrap().state;
    let clock = &state.clocks[&Metric::FirstReply.into()];
    assert!(clock.is_live() && clock.is_broken() && state.unanswered_since.is_some());
    // What its ladder does about that is noticed now: the second line has the ticket.
    assert_eq!(state.line.as_str(), "L2");
}

#[test]
fn what_was_due_while_a_ticket_was_part_of_another_goes_by_the_rules_of_its_time() {
    let desk = desk();
    let (first, second) = (open(&desk), open(&desk));
    let merge = TicketAction::MergeInto { ticket: first };
    act(&desk, second, merge, "2026-03-02T10:00:00+01:00").unwrap();
    act(&desk, first, says(None), "2026-03-02T10:30:00+01:00").unwrap();
    // On Tuesday another line comes between the two.
    let note = TicketAction::AddNote { text: "From now on L3 is asked before L2.".into() };
    act(&desk, first, note, "2026-03-03T10:00:00+01:00").unwrap();
    let line = "[[lines]]\nid = \"L2\"";
    let edited = RULES.replace(line, &format!("[[lines]]\nid = \"L3\"\n{line}"));
    desk.adopt(Rulebook::from_toml(&edited, "rules.toml").unwrap()).unwrap();
    act(&desk, second, TicketAction::UndoMerge, "2026-03-03T11:00:00+01:00").unwrap();
    // On Monday afternoon the next line was the second.
    assert_eq!(desk.ticket(second).unwrap().unwrap().state.line.as_str(), "L2");
    desk.verify().unwrap();
}

#[test]
fn a_message_that_is_split_off_is_due_from_when_it_was_written() {
    let desk = desk();
    let ticket = open(&desk);
    act(&desk, ticket, says(None), "2026-03-02T09:30:00+01:00").unwrap();
    let more = Command::ticket(ada(), ticket, says(None)).at(moment("2026-03-02T10:00:00+01:00"));
    desk.execute(more).unwrap();
    let split = TicketAction::Split { message: 3, subject: "And the scanner".into() };
    let command = Command::ticket(bob(), ticket, split).at(moment("2026-03-02T11:00:00+01:00"));
    let Stream::Ticket(new) = desk.execute(command).unwrap().stream else { panic!("no ticket") };
    let state = desk.ticket(new).unwrap().unwrap().state;
    let clock = &state.clocks[&Metric::FirstReply.into()];
    assert_eq!(clock.started_at, moment("2026-03-02T10:00:00+01:00"));
    assert_eq!(clock.due(), Some(moment("2026-03-02T14:00:00+01:00")));
    let split = TicketAction::Split { message: 9, subject: "What?".into() };
    let refused = act(&desk, ticket, split, "2026-03-02T11:00:00+01:00").unwrap_err();
    assert_eq!(refused, "the ticket has no message 9; it has 3");
}

#[test]
fn promises_by_word_of_mouth_are_kept_broken_and_withdrawn() {
    let desk = desk();
    let ticket = open(&desk);
    let promise = |within: &str| TicketAction::Promise {
        what: "call back".into(),
        within: Some(within.parse().unwrap()),
        by: None,
    };
    act(&desk, ticket, promise("1h"), "2026-03-02T17:30:00+01:00").unwrap();
    act(&desk, ticket, promise("2h"), "2026-03-02T17:30:00+01:00").unwrap();
    let by = TicketAction::Promise {
        what: "send the part".into(),
        within: None,
        by: Some(moment("2026-03-06T12:00:00Z")),
    };
    act(&desk, ticket, by.clone(), "2026-03-02T17:30:00+01:00").unwrap();
    let keep = TicketAction::KeepPromise { number: 2, of: None };
    act(&desk, ticket, keep.clone(), "2026-03-02T18:45:00+01:00").unwrap();
    let state = desk.ticket(ticket).unwrap().unwrap().state;
    let clock = |number| &state.clocks[&ClockKey::promise(number)];
    assert_eq!(clock(1).breach.unwrap().at, moment("2026-03-02T18:30:00+01:00"));
    assert!(!clock(2).is_live() && clock(2).breach.is_none());
    assert_eq!(clock(3).due(), Some(moment("2026-03-06T12:00:00Z")));
    for (action, refusal) in [
        (keep, "`promise.2` is over: it was kept, missed or given up"),
        (by, "2026-03-06T12:00:00Z is not ahead; it is 2026-03-06T12:00:00Z now"),
        (promise("0h"), "0m is no time to promise something in; it can be from 1s to 100000h"),
        (
            TicketAction::Promise { what: "x".into(), within: None, by: None },
            "a promise says either `within` or `by`",
        ),
    ] {
        assert_eq!(act(&desk, ticket, action, "2026-03-06T12:00:00Z").unwrap_err(), refusal);
    }
}

#[test]
fn an_edited_rulebook_moves_nothing_until_it_is_applied_and_can_be_tried_first() {
    let desk = desk();
    let ticket = open(&desk);
    let due = || desk.ticket(ticket).unwrap().unwrap().state.due().unwrap();
    let told = due();
    let shorter = RULES.replace("medium = \"4h\"", "medium = \"3h\"");
    desk.adopt(Rulebook::from_toml(&shorter, "rules.toml").unwrap()).unwrap();
    assert_eq!(due(), told);
    let reapply = || {
        let action = TicketAction::Reapply { revalue_past: false };
        Command::ticket(bob(), ticket, action).at(moment("2026-03-02T10:00:00+01:00"))
    };
    let head = desk.head().unwrap();
    let tried = desk.preview(reapply()).unwrap();
    assert_eq!((desk.head().unwrap(), due()), (head, told), "nothing was recorded");
    desk.execute(reapply()).unwrap();
    let recorded = desk.records(head.unwrap().seq, 100).unwrap();
    assert_eq!(tried, recorded);
    assert_eq!(due(), moment("2026-03-02T12:00:00+01:00"));
}

#[test]
fn what_was_due_before_other_rules_came_goes_by_the_rules_of_its_time_however_late_it_is_noticed() {
    let edited = RULES
        .replace("every = \"5m\", times = 2", "every = \"7m\", times = 3")
        .replace("raise_priority = \"next\"", "notify = \"team_lead\"");
    let told = |wakes: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let open_desk = |rules: &str| {
            let rules = Rulebook::from_toml(rules, "rules.toml").unwrap();
            let time = FixedTime(moment("2026-03-02T09:00:00+01:00"));
            Desk::open_with_time(folder.path(), rules, time).unwrap()
        };
        let desk = open_desk(RULES);
        introduce(&desk);
        desk.save_agent(AgentId(2), Agent::new("Eve")).unwrap();
        let ticket = open(&desk);
        for at in wakes {
            desk.handle_timeout(moment(at)).unwrap();
        }
        drop(desk);
        // On Tuesday the host starts again, with an edited file.
        let desk = open_desk(&edited);
        act(&desk, ticket, says(None), "2026-03-03T16:00:00+01:00").unwrap();
        assert_eq!(desk.rulebook().version(), 2);
        let records = desk.timeline(ticket).unwrap();
        records.into_iter().map(|record| record.event).collect::<Vec<_>>()
    };
    let in_time =
        ["2026-03-02T14:00:00+01:00", "2026-03-02T16:00:00+01:00", "2026-03-03T10:00:00+01:00"];
    assert_eq!(told(&[]), told(&in_time));
}

#[test]
fn a_lead_who_doubts_is_shown_why_this_policy_and_in_his_language() {
    let desk = desk();
    let ticket = open(&desk);
    let late = moment("2026-03-02T14:12:00+01:00");
    desk.execute(Command::ticket(bob(), ticket, says(None)).at(late)).unwrap();
    let account = desk.explain(ticket, Metric::FirstReply, None).unwrap();
    let english = account.to_string();
    assert!(english.starts_with("First reply: missed"), "{english}");
    assert!(english.contains("12 min of working time earlier"), "{english}");
    let end = "\
step 1: notify team_lead, notify assignee, escalate to the manager
step 2: page by urgent
step 3: raise the priority, hand over to the next line

Policy standard applied: it takes every ticket.
Policy vip before it did not: tag is empty, without vip.";
    assert!(english.ends_with(end), "{english}");
    let russian = account.text(Tongue::Russian);
    let end = "\
Политика standard действует для всех обращений.
Политика vip, стоящая раньше, не применена: tag: не заполнено (спрашивается: содержит vip).";
    assert!(russian.ends_with(end), "{russian}");
}

#[test]
fn an_account_of_an_earlier_moment_knows_nothing_of_what_was_written_down_later() {
    let desk = desk();
    let ticket = open(&desk);
    act(&desk, ticket, says(None), "2026-03-02T14:12:00+01:00").unwrap();
    let at = |text| desk.explain_at(ticket, Metric::FirstReply, None, moment(text));
    let before = at("2026-03-02T14:05:00+01:00").unwrap().to_string();
    assert!(before.starts_with("First reply: late and still open"), "{before}");
    assert!(before.contains("(not noticed yet)"), "{before}");
    assert!(!before.contains("(noticed ") && !before.contains("done too late"), "{before}");
    let after = at("2026-03-02T14:12:00+01:00").unwrap().to_string();
    assert!(after.starts_with("First reply: missed"), "{after}");
    assert!(after.contains("noticed Mon 2 Mar 2026 14:12"), "{after}");
    let too_early = at("2026-03-02T08:59:59+01:00").unwrap_err().to_string();
    assert!(too_early.contains("has no clock `first_reply`"), "{too_early}");
}

#[test]
fn an_account_of_an_earlier_moment_goes_by_the_rules_of_that_moment() {
    let folder = tempfile::tempdir().unwrap();
    let open_desk = |rules: &str| {
        let rules = Rulebook::from_toml(rules, "rules.toml").unwrap();
        let time = FixedTime(moment("2026-03-02T09:00:00+01:00"));
        Desk::open_with_time(folder.path(), rules, time).unwrap()
    };
    let desk = open_desk(RULES);
    introduce(&desk);
    let ticket = open(&desk);
    // At 15:00 it was handed over, and nobody had noticed.
    let told = |desk: &Desk| {
        let key: ClockKey = "ola.line_time".parse().unwrap();
        desk.explain_at(ticket, key, None, moment("2026-03-02T15:30:00+01:00")).unwrap()
    };
    let then = told(&desk);
    assert!(then.to_string().contains("due by Tue 3 Mar 2026 13:00"), "{then}");
    drop(desk);
    let desk = open_desk(&RULES.replace("within = \"6h\"", "within = \"8h\""));
    assert_eq!(told(&desk), then, "the edited rules are not in force yet");
    act(&desk, ticket, says(None), "2026-03-03T16:00:00+01:00").unwrap();
    assert_eq!(desk.rulebook().version(), 2);
    assert_eq!(told(&desk), then, "the edited rules are in force now");
}

#[test]
fn three_agreements_run_beside_each_other() {
    let desk = desk();
    let ticket = open(&desk);
    act(
        &desk,
        ticket,
        TicketAction::HandOver { line: "printer works".into(), team: None },
        "2026-03-02T10:00:00+01:00",
    )
    .unwrap();
    act(
        &desk,
        ticket,
        TicketAction::HandOver { line: "L2".into(), team: None },
        "2026-03-03T10:00:00+01:00",
    )
    .unwrap();
    let runs = desk.timeline(ticket).unwrap();
    let runs = runs.iter().filter_map(|record| match &record.event {
        Event::Ticket(event) => match &event.fact {
            TicketFact::Clock { clock, cycle, event: of } => {
                let word = serde_json::to_value(of).unwrap();
                let word = word.as_object().unwrap().keys().next().unwrap().clone();
                Some(format!("{clock} {cycle} {word}"))
            }
            _ => None,
        },
        _ => None,
    });
    let runs: Vec<String> = runs.collect();
    for expected in [
        "ola.line_time 1 fulfilled",
        "uc.vendor 1 started",
        "uc.vendor 1 fulfilled",
        "ola.line_time 2 fulfilled",
        "ola.line_time 3 started",
    ] {
        assert!(runs.iter().any(|run| run == expected), "{expected} is not in {runs:#?}");
    }
}

#[test]
fn who_is_on_call_at_no_time_is_told_to_the_author() {
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let remarks = rules.remarks(moment("2026-01-01T00:00:00Z"));
    let remarks: Vec<String> =
        remarks.iter().map(|it| format!("{}: {}", it.path, it.problem)).collect();
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert!(remarks[0].starts_with("rosters.duty: nobody is on call mon-thu 17:00 to 09:00"));
}

#[test]
fn an_effect_rings_for_whom_the_roster_says() {
    let desk = desk();
    open(&desk);
    desk.handle_timeout(moment("2026-03-02T15:30:00+01:00")).unwrap();
    let effects = Desk::effects_of(&desk.records(0, 1_000).unwrap());
    let rung: Vec<u64> = effects
        .iter()
        .filter_map(|effect| match effect.kind {
            EffectKind::Ring { agent, .. } => Some(agent.0),
            _ => None,
        })
        .collect();
    assert_eq!(rung, [1, 1, 2]);
}

#[test]
fn a_target_by_the_hour_of_a_working_day_is_due_then() {
    let desk = desk_at("2026-03-06T15:00:00+01:00");
    let request = OpenTicket { ..request() };
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let state = desk.ticket(ticket).unwrap().unwrap().state;
    let due: Option<Timestamp> = state.clocks[&Metric::Resolution.into()].due();
    assert_eq!(due, Some(moment("2026-03-09T16:00:00+01:00")), "Monday, not Saturday");
}
