//! Several threads, several handles and several rulebooks on one folder.

use std::collections::BTreeSet;
use std::thread;

use firstline::{
    Actor, Agent, AgentId, Command, CommandId, Desk, DeskOptions, Durability, Error, Metric, Party,
    PartyId, Question, Refusal, Responsible, Rulebook, SqliteOptions, Status, TicketAction,
    TicketId,
};

use crate::fixture::{RULES, ada, bob, introduce, moment, monday, request, rules};

#[test]
fn a_desk_is_used_from_several_threads_at_once() {
    fn is_shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    is_shared(&desk);
    introduce(&desk);
    desk.publish(bob(), "en", "The printer does not print", "Turn it off and on.").unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let desk = desk.clone();
            thread::spawn(move || {
                let mut opened = Vec::new();
                for _ in 0..10 {
                    let ticket = desk.open_ticket(ada(), request()).unwrap();
                    desk.reply(bob(), ticket, "Coming.").unwrap();
                    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.messages, 2);
                    assert_eq!(desk.search(&Question::new("printer")).unwrap().len(), 1);
                    opened.push(ticket);
                }
                opened
            })
        })
        .collect();
    let opened: BTreeSet<TicketId> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    assert_eq!(opened, (1..=40).map(TicketId).collect());
    desk.verify().unwrap();
}

#[test]
fn callers_that_share_a_commit_each_get_their_own_outcome() {
    const CALLERS: u64 = 8;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&desk);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let caller = |caller: u64| {
            let desk = &desk;
            scope.spawn(move || {
                // Each opens tickets under keys of its own, sends one again, and asks for what is
                // refused.
                let key = |n: u64| CommandId(u128::from(caller * 1_000 + n));
                let open = |n| Command::open(ada(), request()).keyed(key(n));
                let first = desk.execute(open(0)).unwrap();
                for n in 1..20 {
                    let batch = desk.execute_all([open(n), open(0)]).unwrap();
                    assert_eq!(batch[1], Ok(first));
                    let unknown = TicketId(1_000_000 + caller);
                    let refused = desk.reply(bob(), unknown, "Hello?").unwrap_err();
                    assert_eq!(refused.to_string(), format!("there is no ticket {unknown}"));
                }
                first
            })
        };
        let callers: Vec<_> = (0..CALLERS).map(caller).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    let streams: BTreeSet<_> = outcomes.iter().map(|receipt| receipt.stream).collect();
    assert_eq!(streams.len() as u64, CALLERS);
    assert!(desk.ticket(TicketId(CALLERS * 20)).unwrap().is_some());
    assert!(desk.ticket(TicketId(CALLERS * 20 + 1)).unwrap().is_none());
    desk.verify().unwrap();
}

#[test]
fn a_desk_that_is_told_not_to_ask_the_disk_keeps_what_it_was_told_all_the_same() {
    for durability in [Durability::Full, Durability::Batch, Durability::None] {
        let folder = tempfile::tempdir().unwrap();
        let journal = SqliteOptions { durability, ..SqliteOptions::default() };
        let options =
            || DeskOptions { journal, time: Box::new(monday()), ..DeskOptions::default() };
        let ticket = {
            let desk = Desk::open_with(folder.path(), rules(), options()).unwrap();
            introduce(&desk);
            let ticket = desk.open_ticket(ada(), request()).unwrap();
            desk.sync().unwrap();
            desk.reply(bob(), ticket, "Coming.").unwrap();
            ticket
        };
        let desk = Desk::open_with(folder.path(), rules(), options()).unwrap();
        assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.messages, 2);
        desk.verify().unwrap();
    }
}

#[test]
fn two_desks_on_one_folder_see_each_others_commits() {
    let folder = tempfile::tempdir().unwrap();
    let one = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    let other = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&one);
    let ticket = one.open_ticket(ada(), request()).unwrap();
    other.reply(bob(), ticket, "Coming.").unwrap();
    assert_eq!(one.timeline(ticket).unwrap(), other.timeline(ticket).unwrap());
    assert_eq!(other.open_ticket(ada(), request()).unwrap(), TicketId(2));
    assert_eq!(one.open_ticket(ada(), request()).unwrap(), TicketId(3));

    one.publish(bob(), "en", "The printer does not print", "Turn it off and on.").unwrap();
    assert_eq!(other.search(&Question::new("printer")).unwrap().len(), 1);
    assert_eq!(one.search(&Question::new("printer")).unwrap().len(), 1);
    other.publish(bob(), "en", "The scanner does not scan", "Turn it off and on.").unwrap();
    assert_eq!(one.search(&Question::new("scanner")).unwrap().len(), 1);
    one.verify().unwrap();
}

#[test]
fn two_desks_on_one_folder_write_at_once_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    introduce(&Desk::open_with_time(folder.path(), rules(), monday()).unwrap());
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
            thread::spawn(move || {
                let open = |_| desk.open_ticket(ada(), request()).unwrap();
                (0..30).map(open).collect::<Vec<_>>()
            })
        })
        .collect();
    let opened: BTreeSet<TicketId> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    assert_eq!(opened.len(), 60);
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    assert_eq!(desk.records(0, 1_000).unwrap().len(), 1 + 3 + 60 * 3);
    desk.verify().unwrap();
}

#[test]
fn who_decides_upon_what_has_changed_meanwhile_is_told_if_he_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let one = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    let other = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&one);
    let ticket = one.open_ticket(ada(), request()).unwrap();
    let close = |version| {
        let to = Status::Resolved;
        let action = TicketAction::ChangeStatus { to, hold: None };
        Command::ticket(bob(), ticket, action).expecting(version).keyed(CommandId(7))
    };
    let seen = other.ticket(ticket).unwrap().unwrap().version;
    one.reply(ada(), ticket, "It burns again!").unwrap();
    let now = one.ticket(ticket).unwrap().unwrap().version;
    let refused = other.execute(close(seen)).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::Conflict { expected, actual })
            if (expected, actual) == (seen, now)),
        "{refused}"
    );
    assert_eq!(refused.responsible(), Responsible::Caller);
    assert_eq!(other.ticket(ticket).unwrap().unwrap().version, now, "nothing was changed");
    // Having looked again, he means it. Sent twice, it is still the same command.
    let receipt = other.execute(close(now)).unwrap();
    assert_eq!(one.execute(close(now)).unwrap(), receipt);
    // Who does not ask for it is decided upon whatever is there.
    other.reply(ada(), ticket, "No, really.").unwrap();
    one.verify().unwrap();
}

#[test]
fn only_one_of_many_who_saw_the_same_gets_his_way() {
    const CALLERS: u64 = 6;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&desk);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let seen = desk.ticket(ticket).unwrap().unwrap().version;
    let told: Vec<_> = thread::scope(|scope| {
        let caller = |n: u64| {
            // Half of them on a desk of their own.
            let own = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
            let desk = if n.is_multiple_of(2) { desk.clone() } else { own };
            let note = TicketAction::AddNote { text: format!("{n} takes it") };
            let command = Command::ticket(bob(), ticket, note).expecting(seen);
            scope.spawn(move || desk.execute(command))
        };
        let callers: Vec<_> = (0..CALLERS).map(caller).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    assert_eq!(told.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let conflicts = told.iter().filter(|outcome| {
        matches!(outcome, Err(Error::Refused(Refusal::Conflict { actual, .. })) if *actual > seen)
    });
    assert_eq!(conflicts.count() as u64, CALLERS - 1);
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.messages, 2);
}

#[test]
fn what_is_to_be_new_is_expected_at_no_version() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&desk);
    let told = |command: Command| match desk.execute(command) {
        Ok(receipt) => format!("version {}", receipt.version),
        Err(error) => error.to_string(),
    };
    let eve = || {
        let party = Party::Agent(Agent::new("Eve"));
        Command::save(Actor::System, PartyId::Agent(AgentId(7)), party)
    };
    let conflict = |expected, actual| {
        format!(
            "it was expected at version {expected} and is at {actual}; \
             look at it again and decide anew"
        )
    };
    assert_eq!(told(eve().expecting(1)), conflict(1, 0));
    assert_eq!(told(eve().expecting(0)), "version 1");
    assert_eq!(told(eve().expecting(0)), conflict(0, 1));
    assert_eq!(told(Command::open(ada(), request()).expecting(2)), conflict(2, 0));
    assert_eq!(told(Command::open(ada(), request()).expecting(0)), "version 3");
}

#[test]
fn promises_stay_with_the_rules_that_they_were_made_under() {
    let folder = tempfile::tempdir().unwrap();
    let strict =
        RULES.replace("medium = \"4h\"", "medium = \"2h\"").replace("Europe/Berlin", "UTC");
    let strict = || Rulebook::from_toml(&strict, "strict.toml").unwrap();
    let old = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    introduce(&old);
    let first = old.open_ticket(ada(), request()).unwrap();
    let new = Desk::open_with_time(folder.path(), strict(), monday()).unwrap();
    let second = new.open_ticket(ada(), request()).unwrap();
    let due = |desk: &Desk, ticket| {
        let clocks = desk.ticket(ticket).unwrap().unwrap().state.clocks;
        let clock = &clocks[&Metric::FirstReply.into()];
        (clock.pin.rulebook, clock.due().unwrap())
    };
    // Nine in Berlin is eight in London, an hour before the strict desk opens.
    assert_eq!(due(&new, first), (1, moment("2026-03-02T13:00:00+01:00")));
    assert_eq!(due(&new, second), (2, moment("2026-03-02T11:00:00Z")));

    // Each desk can keep, and explain, the promises that the other one made.
    new.ask_customer(bob(), first, "Why?").unwrap();
    new.reply(ada(), first, "Because.").unwrap();
    old.ask_customer(bob(), second, "Why?").unwrap();
    old.reply(ada(), second, "Because.").unwrap();
    for desk in [&old, &new] {
        let told = |ticket| desk.explain(ticket, Metric::Resolution, None).unwrap().to_string();
        assert!(told(first).contains("rulebook version 1"));
        assert!(told(second).contains("rulebook version 2"));
        desk.handle_timeout(moment("2026-03-20T12:00:00Z")).unwrap();
    }
    old.verify().unwrap();
    // The same rules again are no new version.
    assert_eq!(new.adopt(strict()).unwrap(), 2);
    assert_eq!(new.adopt(rules()).unwrap(), 3);
}

#[test]
fn rules_that_were_not_used_yet_take_no_number_from_those_that_were() {
    let folder = tempfile::tempdir().unwrap();
    let book = |hours: &str| {
        let text = RULES.replace("09:00-17:00", hours);
        Rulebook::from_toml(&text, "rules.toml").unwrap()
    };
    let open = |hours| Desk::open_with_time(folder.path(), book(hours), monday()).unwrap();
    introduce(&open("09:00-17:00"));
    let (short, long) = (open("12:00-13:00"), open("08:00-18:00"));
    let ticket = long.open_ticket(ada(), request()).unwrap();
    long.handle_timeout(moment("2026-03-04T09:00:00Z")).unwrap();
    let told = |desk: &Desk| desk.explain(ticket, Metric::Resolution, None).unwrap().to_string();
    assert_eq!(told(&short), told(&long));
    let other = short.open_ticket(ada(), request()).unwrap();
    let pin = |ticket| {
        let ticket = short.ticket(ticket).unwrap().unwrap().state;
        ticket.clocks[&Metric::Resolution.into()].pin.rulebook
    };
    assert_eq!((pin(ticket), pin(other)), (2, 3));
    short.verify().unwrap();
}

#[test]
fn a_rulebook_taken_from_another_desk_leaves_that_desks_history_behind() {
    let desk = |text: &str| {
        let book = Rulebook::from_toml(text, "rules.toml").unwrap();
        let desk = Desk::in_memory_with_time(book, monday()).unwrap();
        introduce(&desk);
        desk
    };
    let elsewhere = desk(&RULES.replace("09:00-17:00", "12:00-13:00"));
    elsewhere.adopt(rules()).unwrap();
    let here = desk(&RULES.replace("standard", "gold"));
    let ticket = here.open_ticket(ada(), request()).unwrap();
    let before = here.explain(ticket, Metric::Resolution, None).unwrap();
    here.adopt(elsewhere.rulebook()).unwrap();
    assert_eq!(here.explain(ticket, Metric::Resolution, None).unwrap(), before);
    here.handle_timeout(moment("2026-03-20T09:00:00Z")).unwrap();
}
