//! What is refused, by whom it is to be mended, and that nothing was lost by it.

use std::fs;
use std::path::Path;

use firstline::{
    Actor, AgentId, ArticleAction, ArticleId, Command, Contact, ContactId, Desk, Error, Metric,
    OpenTicket, OrganizationId, Party, PartyId, Question, Refusal, Responsible, StoreError,
    TicketAction, TicketId, Timestamp,
};

use crate::fixture::{ADA, Clock, ada, bob, desk, introduce, moment, monday, request, rules};

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, expected: &str) {
    let error = outcome.expect_err("it was accepted");
    assert_eq!(error.responsible(), Responsible::Caller, "{error}");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn unknown_numbers_are_named_and_nothing_is_recorded() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let before = desk.records(0, 1_000).unwrap();
    let stranger = Actor::Agent(AgentId(9));
    refused(desk.reply(bob(), TicketId(9), "Hello?"), "there is no ticket #9");
    refused(
        desk.reply(stranger, ticket, "Hello?"),
        "agent 9 is not registered; save the agent first",
    );
    refused(
        desk.assign(bob(), ticket, Some(AgentId(9))),
        "agent 9 is not registered; save the agent first",
    );
    refused(
        desk.open_ticket(bob(), OpenTicket::new(ContactId(9), "Printer", "Help.")),
        "contact 9 is not registered; save the contact first",
    );
    let elsewhere = OpenTicket { organization: Some(OrganizationId(9)), ..request() };
    refused(
        desk.open_ticket(ada(), elsewhere),
        "organization 9 is not registered; save the organization first",
    );
    let wanderer = Contact { organization: Some(OrganizationId(9)), ..Contact::new("Eve") };
    refused(
        desk.save_contact(ContactId(2), wanderer),
        "organization 9 is not registered; save the organization first",
    );
    let retire = Command::article(bob(), Some(ArticleId(9)), ArticleAction::Retire);
    refused(desk.execute(retire), "there is no article 9");
    refused(desk.timeline(TicketId(9)), "there is no ticket #9");
    refused(desk.suggest(TicketId(9), 3), "there is no ticket #9");
    refused(
        desk.explain(ticket, Metric::NextReply, None),
        "ticket #1: the ticket has no clock `next_reply`",
    );
    refused(
        desk.explain(ticket, Metric::Resolution, Some(2)),
        "ticket #1: the ticket has no clock `resolution` with cycle 2",
    );
    assert_eq!(desk.ticket(TicketId(9)).unwrap(), None);
    assert_eq!(desk.records(0, 1_000).unwrap(), before);
}

#[test]
fn numbers_that_no_table_can_hold_are_unknown_too_and_break_nothing() {
    let desk = desk();
    refused(
        desk.reply(bob(), TicketId(u64::MAX), "Hello?"),
        "there is no ticket #18446744073709551615",
    );
    let far = ContactId(u64::MAX);
    let eve = Contact::new("Eve");
    refused(
        desk.save_contact(far, eve),
        "the number of contact 18446744073709551615 is too large; numbers end at 9223372036854775807",
    );
    desk.verify().unwrap();
}

#[test]
fn empty_and_oversized_texts_are_refused() {
    let desk = desk();
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    refused(desk.reply(bob(), ticket, " \n"), "text is empty");
    refused(
        desk.reply(bob(), ticket, "x".repeat(300_000)),
        "text has 300000 bytes, more than 262144",
    );
    refused(
        desk.open_ticket(ada(), OpenTicket::new(ADA, "a\u{7}b", "Help.")),
        "subject has the control character U+0007 at byte 1",
    );
    refused(desk.publish(bob(), "en", "", "Body."), "title is empty");
    refused(
        desk.publish(bob(), "english!", "Title", "Body."),
        "`english!` is not a language tag such as `en`, `ru` or `pt-BR`",
    );
    refused(
        desk.publish(ada(), "en", "Title", "Body."),
        "contact 1 may not change articles: that takes an agent",
    );
    let mixed_up = Party::Organization(firstline::Organization::new("Northwind"));
    refused(
        desk.execute(Command::save(Actor::System, PartyId::Contact(ADA), mixed_up)),
        "what is to be saved is no party of the kind that contact 1 is",
    );
}

#[test]
fn hostile_questions_are_words_like_any_other() {
    let desk = desk();
    desk.publish(bob(), "en", "The printer does not print", "Turn it off and on.").unwrap();
    for question in
        ["", "   ", "\"", "a AND (b OR", "title:*", "\0\u{1b}[31m", "🦔🦔🦔", "-printer"]
    {
        desk.search(&Question::new(question)).unwrap();
    }
    let endless = "printer ".repeat(200_000);
    assert_eq!(desk.search(&Question::new(&endless)).unwrap().len(), 1);
}

#[test]
fn a_time_outside_of_any_desks_life_is_refused() {
    let desk = desk();
    let nanoseconds = Timestamp::from_millis(1_772_443_800_000_000).unwrap();
    let command = Command::ticket(bob(), TicketId(1), TicketAction::Wake).at(nanoseconds);
    desk.open_ticket(ada(), request()).unwrap();
    let refusal = desk.execute(command).unwrap_err();
    assert!(matches!(refusal, Error::Refused(Refusal::TimeOutOfRange { .. })), "{refusal}");
    // Nor does it get into the journal by another door, where it would be the last time for ever.
    let publish = ArticleAction::Publish {
        language: "en".into(),
        title: "Title".into(),
        body: "Body.".into(),
        audience: Some(firstline::Audience::Public),
        tags: Some(std::collections::BTreeSet::new()),
    };
    assert!(desk.execute(Command::article(bob(), None, publish).at(nanoseconds)).is_err());
    let agent = Party::Agent(firstline::Agent::new("Eve"));
    let save = Command::save(Actor::System, PartyId::Agent(AgentId(5)), agent);
    assert!(desk.execute(save.at(nanoseconds)).is_err());
    assert!(desk.handle_timeout(nanoseconds).is_err());
}

#[track_caller]
fn not_opened(folder: &Path, expected: impl Fn(&Error) -> bool) {
    let error = Desk::open(folder, rules()).expect_err("it was opened");
    assert_eq!(error.responsible(), Responsible::Operator, "{error}");
    assert!(expected(&error), "{error:?}");
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    not_opened(&file, |error| matches!(error, Error::Folder { .. }));
    not_opened(&file.join("below"), |error| matches!(error, Error::Folder { .. }));
}

#[test]
fn a_file_that_is_no_desk_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.sqlite");
    let letter = "Dear Sir or Madam, this is a letter and no database at all. ".repeat(100);
    fs::write(&file, &letter).unwrap();
    not_opened(folder.path(), |error| matches!(error, Error::Store(StoreError::NotADesk { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), letter);
}

#[test]
fn a_file_that_was_cut_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    {
        let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
        introduce(&desk);
        for _ in 0..50 {
            desk.open_ticket(ada(), request()).unwrap();
        }
    }
    let file = folder.path().join("desk.sqlite");
    let whole = fs::read(&file).unwrap();
    assert!(whole.len() > 20_000, "the journal is in the file once it was closed");
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let outcome = Desk::open(folder.path(), rules()).and_then(|desk| desk.verify());
    let error = outcome.expect_err("half of a desk is no desk");
    assert_eq!(error.responsible(), Responsible::Operator, "{error}");
    // The other half brings everything back.
    fs::write(&file, &whole).unwrap();
    Desk::open(folder.path(), rules()).unwrap().verify().unwrap();
}

#[test]
fn the_index_can_be_deleted_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    {
        let desk = open();
        introduce(&desk);
        desk.publish(bob(), "en", "The printer does not print", "Turn it off and on.").unwrap();
        assert_eq!(desk.search(&Question::new("printer")).unwrap().len(), 1);
    }
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    assert_eq!(open().search(&Question::new("printer")).unwrap().len(), 1);
}

#[test]
fn nobody_gives_himself_an_agents_badge() {
    let desk = desk();
    let mallory = || Party::Agent(firstline::Agent::new("Mallory"));
    let save = |by| Command::save(by, PartyId::Agent(AgentId(66)), mallory());
    refused(
        desk.execute(save(ada())),
        "contact 1 may not save who somebody is: that takes the system",
    );
    refused(
        desk.execute(save(bob())),
        "agent 1 may not save who somebody is: that takes the system",
    );
    desk.execute(save(Actor::System)).unwrap();
}

#[test]
fn a_refused_command_does_not_even_leave_its_time() {
    let desk = Desk::in_memory_with_time(rules(), monday()).unwrap();
    let far = Timestamp::from_millis(2_087_000_000_000).unwrap();
    let agent = Party::Agent(firstline::Agent::new("Bob"));
    let outcomes = desk.execute_all([
        Command::ticket(Actor::System, TicketId(99), TicketAction::Wake).at(far),
        Command::save(Actor::System, PartyId::Agent(AgentId(1)), agent),
    ]);
    let outcomes = outcomes.unwrap();
    assert!(outcomes[0].is_err());
    assert_eq!(outcomes[1].as_ref().unwrap().at, monday().0);
}

#[test]
fn a_clock_set_to_another_century_does_not_become_the_time_of_the_desk() {
    let clock = Clock::at("2026-03-02T09:00:00Z");
    let desk = Desk::in_memory_with_time(rules(), clock.clone()).unwrap();
    introduce(&desk);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let note = |at| {
        let note = TicketAction::AddNote { text: "Still here.".into() };
        desk.execute(Command::ticket(bob(), ticket, note).at(moment(at)))
    };
    let told = |at| note(at).unwrap_err().to_string();
    let far = "2099-03-02T09:00:00Z lies beyond 2027-03-03T09:00:00Z, more than a year ahead of the desk; \
               is that clock right?";
    assert_eq!(told("2099-03-02T09:00:00Z"), far);
    let alarm = desk.handle_timeout(moment("2099-03-02T09:00:00Z")).unwrap_err().to_string();
    assert!(alarm.contains("more than a year ahead of the desk"), "{alarm}");
    assert_eq!(note("2026-03-02T10:00:00Z").unwrap().at, moment("2026-03-02T10:00:00Z"));
    // A year ahead of the last record is taken. A desk that slept for longer has a clock of its own.
    assert_eq!(note("2027-03-03T10:00:00Z").unwrap().at, moment("2027-03-03T10:00:00Z"));
    assert!(note("2031-03-02T09:00:00Z").is_err());
    clock.set("2031-03-02T09:00:00Z");
    assert_eq!(note("2031-03-02T10:00:00Z").unwrap().at, moment("2031-03-02T10:00:00Z"));
    desk.verify().unwrap();
}

#[test]
fn a_clock_that_jumps_back_stops_nothing_and_turns_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::at("2026-03-02T09:00:00+01:00");
    let desk = Desk::open_with_time(folder.path(), rules(), clock.clone()).unwrap();
    introduce(&desk);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let due = desk.poll_timeout().unwrap().unwrap();
    // Somebody sets the clock to last year. Nothing is due, nothing is refused.
    clock.set("2025-03-02T09:00:00+01:00");
    assert_eq!(desk.handle_timeout(desk.now()).unwrap().tickets, 0);
    assert_eq!(desk.poll_timeout().unwrap(), Some(due));
    let receipt = desk.add_note(bob(), ticket, "The clock is wrong.").unwrap();
    assert_eq!(receipt.at, moment("2026-03-02T09:00:00+01:00"), "no time before the last record's");
    drop(desk);
    let desk = Desk::open_with_time(folder.path(), rules(), clock.clone()).unwrap();
    assert_eq!(desk.poll_timeout().unwrap(), Some(due));
    // It is set right, and everything that became due meanwhile is dated by when it was.
    clock.set("2026-03-02T15:00:00+01:00");
    assert_eq!(desk.handle_timeout(desk.now()).unwrap().tickets, 1);
    let told = desk.explain(ticket, Metric::FirstReply, None).unwrap().to_string();
    assert!(told.contains("due, and not done: broken (noticed Mon 2 Mar 2026 15:00)"), "{told}");
    desk.verify().unwrap();
}

#[test]
fn an_index_that_followed_another_journal_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    {
        let desk = open();
        introduce(&desk);
        for _ in 0..9 {
            desk.publish(bob(), "en", "Zebra", "Stripes.").unwrap();
        }
        assert_eq!(desk.search(&Question::new("zebra")).unwrap().len(), 9);
    }
    for file in ["desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm"] {
        let _ = fs::remove_file(folder.path().join(file));
    }
    let desk = open();
    introduce(&desk);
    desk.publish(bob(), "en", "Walrus", "Tusks.").unwrap();
    assert_eq!(desk.search(&Question::new("zebra")).unwrap().len(), 0);
    assert_eq!(desk.search(&Question::new("walrus")).unwrap().len(), 1);
}
