//! A desk as a host uses it.

use std::collections::BTreeSet;

use firstline::{
    Action, ArticleAction, Asking, Audience, Command, CommandId, Desk, Event, HoldReason, Metric,
    OpenTicket, PartyId, Question, Receipt, Sort, Status, Stream, Tag, TicketAction, TicketFact,
    TicketFilter, TicketId, TicketQuery,
};

use crate::fixture::{
    ADA, BOB, NORTHWIND, ada, bob, desk, introduce, moment, monday, request, rules,
};

/// The names of the facts of a ticket, in order.
fn facts(desk: &Desk, ticket: TicketId) -> Vec<String> {
    let name = |fact: &TicketFact| match fact {
        TicketFact::Clock { clock, event, .. } => {
            let event = serde_json::to_value(event).unwrap();
            format!("{clock} {}", event.as_object().unwrap().keys().next().unwrap())
        }
        fact => {
            let fact = serde_json::to_value(fact).unwrap();
            fact.as_object().unwrap().keys().next().unwrap().clone()
        }
    };
    let timeline = desk.timeline(ticket).unwrap();
    timeline
        .iter()
        .map(|record| match &record.event {
            Event::Ticket(event) => name(&event.fact),
            other => panic!("{other:?} in the history of a ticket"),
        })
        .collect()
}

#[test]
fn a_ticket_goes_through_its_whole_life() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    assert_eq!(ticket, TicketId(1));
    desk.assign(bob(), ticket, Some(BOB)).unwrap();
    desk.ask_customer(bob(), ticket, "Which colour is the flame?").unwrap();
    desk.reply(ada(), ticket, "Blue.").unwrap();
    desk.hand_over(bob(), ticket, "L2", Some("printing".into())).unwrap();
    desk.add_note(bob(), ticket, "Blue is bad.").unwrap();
    desk.hold(bob(), ticket, HoldReason::Vendor).unwrap();
    desk.resolve(bob(), ticket).unwrap();
    desk.reopen(ada(), ticket).unwrap();
    desk.resolve(bob(), ticket).unwrap();
    desk.close(bob(), ticket).unwrap();

    let stored = desk.ticket(ticket).unwrap().unwrap();
    assert_eq!(stored.state.status, Status::Closed);
    assert_eq!(stored.state.organization, Some(NORTHWIND), "that of the contact");
    assert_eq!((stored.state.reopened, stored.state.handed_over), (1, 1));
    assert_eq!(stored.version as usize, facts(&desk, ticket).len());
    assert_eq!(
        facts(&desk, ticket).join(", "),
        "opened, first_reply started, resolution started, assigned, status_changed, \
         message_added, first_reply fulfilled, status_changed, resolution paused, message_added, \
         status_changed, resolution resumed, next_reply started, handed_over, message_added, \
         status_changed, status_changed, next_reply cancelled, resolution fulfilled, \
         status_changed, resolution carried_on, status_changed, resolution fulfilled, \
         status_changed"
    );
    desk.verify().unwrap();
}

#[test]
fn alarms_ring_in_order_and_hand_the_ticket_over_though_the_desk_slept_through_the_weekend() {
    let desk = desk();
    let friday = moment("2026-03-06T13:00:00+01:00");
    let receipt = desk.execute(Command::open(ada(), request()).at(friday)).unwrap();
    let Stream::Ticket(ticket) = receipt.stream else { panic!("{receipt:?}") };
    assert_eq!(desk.poll_timeout().unwrap(), Some(moment("2026-03-06T15:00:00+01:00")));

    let woken = desk.handle_timeout(moment("2026-03-10T08:00:00+01:00")).unwrap();
    assert_eq!((woken.tickets, woken.records), (1, 4));
    assert_eq!(woken.next, Some(moment("2026-03-10T15:00:00.001+01:00")));
    let timeline = desk.timeline(ticket).unwrap();
    let dated: Vec<String> = timeline[3..]
        .iter()
        .map(|record| match &record.event {
            Event::Ticket(event) => event.at.to_string(),
            _ => unreachable!(),
        })
        .collect();
    // Warned on Friday at the close of business, due on Monday at eleven, an hour more for the ladder.
    let expected = ["06T14:00:00Z", "09T10:00:00Z", "09T11:00:00Z", "09T11:00:00Z"];
    assert_eq!(dated, expected.map(|end| format!("2026-03-{end}")));
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.line.as_str(), "L2");
    assert_eq!(desk.handle_timeout(moment("2026-03-10T08:00:00+01:00")).unwrap().tickets, 0);
}

#[test]
fn the_ledger_of_a_missed_promise_adds_up() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let late = TicketAction::Reply { text: "Sorry.".into(), then: None };
    let tuesday = moment("2026-03-03T10:00:00+01:00");
    desk.execute(Command::ticket(bob(), ticket, late).at(tuesday)).unwrap();
    let account = desk.explain(ticket, Metric::FirstReply, None).unwrap();
    assert_eq!(
        account.to_string(),
        "\
First reply: missed, because it was due by Mon 2 Mar 2026 13:00 and was done on Tue 3 Mar 2026 10:00, 5 h of working time too late.
Terms: 4 h of working time, policy standard, calendar office, rulebook version 1. Times are those of Europe/Berlin (time zone data 2025b).

Mon 2 Mar 2026 09:00        promised, due Mon 2 Mar 2026 13:00
Mon 2 Mar 2026 09:00   2 h  counted
Mon 2 Mar 2026 11:00        warning: 50 % of the time is used up (noticed Tue 3 Mar 2026 10:00)
Mon 2 Mar 2026 11:00   2 h  counted
Mon 2 Mar 2026 13:00        due, and not done: broken (noticed Tue 3 Mar 2026 10:00)
Mon 2 Mar 2026 13:00   1 h  counted
Mon 2 Mar 2026 14:00        escalation: step 1 (noticed Tue 3 Mar 2026 10:00)
Mon 2 Mar 2026 14:00   3 h  counted
Mon 2 Mar 2026 17:00  16 h  closed: night
Tue 3 Mar 2026 09:00   1 h  counted
Tue 3 Mar 2026 10:00        done too late
In all 25 h: 9 h counted, 16 h closed.

- It would have been kept if it had been done by Mon 2 Mar 2026 13:00, 5 h of working time earlier.
- It would have been kept if 9 h of working time had been allowed instead of 4 h.

step 1: hand over to the next line

Policy standard applied: it takes every ticket."
    );
}

#[test]
fn a_command_that_is_sent_twice_is_carried_out_once() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let note = TicketAction::AddNote { text: "once".into() };
    let command = Command::ticket(bob(), ticket, note).keyed(CommandId(7));
    let first = desk.execute(command.clone()).unwrap();
    let before = desk.timeline(ticket).unwrap();
    assert_eq!(desk.execute(command).unwrap(), first);
    assert_eq!(desk.timeline(ticket).unwrap(), before);
}

#[test]
fn in_a_batch_each_command_sees_the_ones_before_and_a_refused_one_changes_nothing() {
    let desk = desk();
    let ticket = TicketId(1);
    let note =
        |text: &str| Command::ticket(bob(), ticket, TicketAction::AddNote { text: text.into() });
    let outcomes = desk
        .execute_all([note("too early"), Command::open(ada(), request()), note("now"), note("")])
        .unwrap();
    let outcomes: Vec<String> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Ok(Receipt { version, events, .. }) => format!("{events} to version {version}"),
            Err(refusal) => refusal.to_string(),
        })
        .collect();
    assert_eq!(
        outcomes,
        ["there is no ticket #1", "3 to version 3", "1 to version 4", "text is empty"]
    );
    assert_eq!(desk.timeline(ticket).unwrap().len(), 4);
}

#[test]
fn a_ticket_is_known_by_the_key_of_its_opening_within_the_same_batch_and_ever_after() {
    let desk = desk();
    let key = CommandId(77);
    let note = || TicketAction::AddNote { text: "by key".into() };
    let outcomes = desk.execute_all([
        Command::ticket(bob(), key, note()),
        Command::open(ada(), request()).keyed(key),
        Command::ticket(bob(), key, note()),
    ]);
    let outcomes = outcomes.unwrap();
    assert_eq!(
        outcomes[0].as_ref().unwrap_err().to_string(),
        "no ticket was opened by a command with the key 0000000000000000000000000000004d"
    );
    assert_eq!(outcomes[2].as_ref().unwrap().stream, Stream::Ticket(TicketId(1)));
    let later = desk.execute(Command::ticket(bob(), key, note())).unwrap();
    assert_eq!(later.stream, Stream::Ticket(TicketId(1)));
}

#[test]
fn time_never_runs_back() {
    let desk = desk();
    let later = moment("2026-03-02T12:00:00+01:00");
    desk.execute(Command::open(ada(), request()).at(later)).unwrap();
    // The desk's own clock stands at nine.
    let receipt = desk.reply(bob(), TicketId(1), "Coming.").unwrap();
    assert_eq!(receipt.at, later);
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    let desk = desk();
    for number in 0..5 {
        let subject = format!("Printer {number}");
        let ticket = desk.open_ticket(ada(), OpenTicket::new(ADA, subject, "Help.")).unwrap();
        if number % 2 == 0 {
            desk.hand_over(bob(), ticket, "L2", None).unwrap();
        }
    }
    desk.resolve(bob(), TicketId(3)).unwrap();
    let views = desk.views(&Asking::at(moment("2026-03-02T09:00:00+01:00"))).unwrap();
    assert_eq!((views[0].name.as_str(), views[0].tickets), ("Second line", 2));
    assert_eq!(views.len(), 1, "nobody has anything of their own");
    let asked = TicketFilter::read(
        "status:new,open line:L2",
        &Asking::at(moment("2026-03-02T09:00:00+01:00")),
    )
    .unwrap();
    let mut query = TicketQuery { sort: Sort::Due, limit: 1, ..asked.filter.into() };
    let mut found = Vec::new();
    loop {
        let page = desk.tickets(&query).unwrap();
        found.extend(page.tickets.iter().map(|found| found.id.0));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(found, [1, 5]);
}

#[test]
fn an_article_is_found_in_both_languages_as_soon_as_it_is_published() {
    let desk = desk();
    let article = desk
        .publish(bob(), "en", "The printer does not print", "Turn it off and on. See E1042.")
        .unwrap();
    let russian = ArticleAction::Publish {
        language: "ru".into(),
        title: "Принтер не печатает".into(),
        body: "Выключите и включите принтер. Ошибка E1042.".into(),
        audience: Some(Audience::Public),
        tags: Some(BTreeSet::from([Tag::from("printing")])),
    };
    desk.execute(Command::article(bob(), Some(article), russian)).unwrap();
    for question in ["my printers are not printing", "не печатают принтеры", "e1042"]
    {
        let hits = desk.search(&Question::new(question)).unwrap();
        assert_eq!(hits.first().map(|hit| hit.article), Some(article), "{question}");
    }
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    assert_eq!(desk.suggest(ticket, 3).unwrap()[0].article, article);
    desk.execute(Command::article(bob(), Some(article), ArticleAction::Retire)).unwrap();
    assert!(desk.search(&Question::new("printer")).unwrap().is_empty());
}

#[test]
fn what_is_saved_again_as_it_was_is_not_recorded_again() {
    let desk = desk();
    let before = desk.records(0, 100).unwrap().len();
    introduce(&desk);
    assert_eq!(desk.records(0, 100).unwrap().len(), before);
    assert!(desk.party(PartyId::Contact(ADA)).unwrap().is_some());
}

#[test]
fn the_same_commands_at_the_same_times_give_the_same_bytes_in_memory_and_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let on_disk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&on_disk);
    let in_memory = desk();
    for desk in [&on_disk, &in_memory] {
        let ticket = desk.open_ticket(ada(), request()).unwrap();
        desk.ask_customer(bob(), ticket, "Why?").unwrap();
        desk.handle_timeout(moment("2026-03-09T09:00:00+01:00")).unwrap();
    }
    let records = |desk: &Desk| desk.records(0, 1_000).unwrap();
    assert_eq!(records(&on_disk), records(&in_memory));
}

#[test]
fn a_command_in_json_is_the_same_command() {
    let desk = desk();
    let json = r#"{"actor":{"contact":1},"action":{"open":{"kind":"incident","requester":1,
        "subject":"Printer","text":"It is on fire.","channel":"mail","impact":"high","urgency":"high"}}}"#;
    let command: Command = serde_json::from_str(json).unwrap();
    assert!(matches!(command.action, Action::Ticket(TicketAction::Open(_))));
    desk.execute(command).unwrap();
    let ticket = desk.ticket(TicketId(1)).unwrap().unwrap().state;
    assert_eq!(ticket.priority().to_string(), "critical");
}

#[test]
fn to_open_a_desk_records_nothing_so_that_the_past_can_be_told_from_its_beginning() {
    let desk = Desk::in_memory(rules()).unwrap();
    assert_eq!(desk.head().unwrap(), None);
    assert_eq!((desk.poll_timeout().unwrap(), desk.records(0, 10).unwrap()), (None, vec![]));
    let long_ago = moment("2016-02-29T01:16:00Z");
    let bob = Command::save(
        firstline::Actor::System,
        PartyId::Agent(BOB),
        firstline::Party::Agent(firstline::Agent::new("Bob")),
    );
    assert_eq!(desk.execute(bob.at(long_ago)).unwrap().at, long_ago);
    let first = &desk.records(0, 10).unwrap()[0];
    assert!(matches!(first.event, Event::Rulebook(_)) && first.at == long_ago);
    assert_eq!(desk.head().unwrap().map(|head| head.seq), Some(2));
}
