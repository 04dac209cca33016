//! Tickets that belong together, as a host sees them: one commit does it to all of them.

use std::collections::BTreeSet;

use firstline::{
    Actor, ApprovalAction, Attachment, ChecklistAction, Command, CommandId, Contact, ContactId,
    Desk, Event, Kind, MAX_FOLLOW_UPS, OpenTicket, Relation, Rulebook, Status, Stream,
    TicketAction, TicketFact, TicketId, Tongue,
};

use crate::fixture::{NORTHWIND, RULES, ada, bob, desk, introduce, moment, monday, request};

fn desk_with(more: &str) -> Desk {
    let rules = Rulebook::from_toml(&format!("{RULES}{more}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    desk
}

fn open(desk: &Desk, count: usize) -> Vec<TicketId> {
    (0..count).map(|_| desk.open_ticket(ada(), request()).unwrap()).collect()
}

fn relate(desk: &Desk, ticket: TicketId, relation: Relation, other: TicketId) {
    let action = TicketAction::Relate { relation, ticket: other };
    desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
}

fn status(desk: &Desk, ticket: TicketId) -> Status {
    desk.ticket(ticket).unwrap().unwrap().state.status
}

#[test]
fn who_solves_a_problem_answers_all_who_wait_for_it_in_one_commit() {
    let desk = desk();
    let tickets = open(&desk, 6);
    let (problem, incidents) = (tickets[0], &tickets[1..]);
    let kind = Some(Kind::Problem);
    let described = TicketAction::Describe { kind, need: None, discipline: None };
    desk.execute(Command::ticket(bob(), problem, described)).unwrap();
    for incident in incidents {
        relate(&desk, *incident, Relation::IncidentOf, problem);
    }
    let before = desk.head().unwrap().unwrap().seq;
    let then = Some(Status::Resolved);
    let solved = TicketAction::Reply { text: "A fuse. It is new now.".into(), then };
    let solved = Command::ticket(bob(), problem, solved).keyed(CommandId(7));
    let receipt = desk.execute(solved.clone()).unwrap();
    assert_eq!(receipt.stream, Stream::Ticket(problem));
    for incident in incidents {
        assert_eq!(status(&desk, *incident), Status::Resolved);
        let told = desk.timeline(*incident).unwrap();
        let told = told.iter().filter(|record| format!("{record:?}").contains("A fuse."));
        assert_eq!(told.count(), 1);
    }
    let after = desk.head().unwrap().unwrap().seq;
    assert!(after > before);
    // The same command again does nothing, to nobody.
    assert_eq!(desk.execute(solved).unwrap(), receipt);
    assert_eq!(desk.head().unwrap().unwrap().seq, after);
    desk.rebuild().unwrap();
    assert!(desk.verify().is_ok());
}

#[test]
fn a_part_is_merged_into_its_whole_and_two_commands_about_both_do_not_meet() {
    let desk = desk();
    let [whole, part] = open(&desk, 2)[..] else { unreachable!() };
    relate(&desk, part, Relation::ChildOf, whole);
    let merge = TicketAction::MergeInto { ticket: whole };
    desk.execute(Command::ticket(bob(), part, merge)).unwrap();
    assert_eq!(desk.ticket(whole).unwrap().unwrap().state.open_children(), []);
    desk.execute(Command::ticket(bob(), part, TicketAction::UndoMerge)).unwrap();
    assert_eq!(desk.ticket(whole).unwrap().unwrap().state.open_children(), [part]);
    let refused = desk.resolve(bob(), whole).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the ticket has parts that are still open: #2; resolve them first"
    );
    assert!(desk.verify().is_ok());
}

#[test]
fn a_circle_over_tickets_that_the_command_does_not_name_is_refused() {
    let desk = desk();
    let tickets = open(&desk, 4);
    for pair in tickets.windows(2) {
        relate(&desk, pair[0], Relation::ChildOf, pair[1]);
    }
    let circle = TicketAction::Relate { relation: Relation::ChildOf, ticket: tickets[0] };
    let refused = desk.execute(Command::ticket(bob(), tickets[3], circle)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "#4 cannot be child_of #1: it is above that one itself, and would be in a circle"
    );
    let nobody = TicketAction::Relate { relation: Relation::RelatesTo, ticket: TicketId(99) };
    assert!(desk.execute(Command::ticket(bob(), tickets[0], nobody)).is_err());
}

#[test]
fn the_whole_and_its_parts_wake_in_one_batch_and_each_is_done_once() {
    let desk = desk_with(
        "[relations]\nparent = \"takes_along\"\n[[rules]]\nname = \"give up\"\nwhen = { status = \"pending\" }\nafter = \"8h\"\ndo = [{ status = \"resolved\" }]",
    );
    let tickets = open(&desk, 3);
    for part in &tickets[1..] {
        relate(&desk, *part, Relation::ChildOf, tickets[0]);
    }
    for ticket in &tickets {
        desk.ask_customer(bob(), *ticket, "Which one?").unwrap();
    }
    let woken = desk.handle_timeout(moment("2026-03-05T09:00:00+01:00")).unwrap();
    assert_eq!(woken.next, None);
    assert!(tickets.iter().all(|ticket| status(&desk, *ticket) == Status::Resolved));
    assert!(desk.verify().is_ok());
}

#[test]
fn a_message_to_what_is_over_opens_a_follow_up_whose_receipt_it_is() {
    let desk = desk_with(
        r#"
[lifecycles.default]
statuses = [
    { id = "received", category = "new" }, { id = "on_the_bench", category = "open" },
    { id = "ready", category = "resolved" }, { id = "picked_up", category = "closed" },
]
transitions = [
    { from = "received", to = "on_the_bench" },
    { from = "on_the_bench", to = "ready" },
    { from = "ready", to = "picked_up" },
]
reopen = { into = "on_the_bench", within = "8h", calendar = "office" }
auto_close = { after = "40h", calendar = "office" }
"#,
    );
    let ticket = open(&desk, 1)[0];
    desk.reply(bob(), ticket, "Which colour is the flame?").unwrap();
    desk.resolve(bob(), ticket).unwrap();
    let says = |at: &str| {
        let action = TicketAction::Reply { text: "It burns again.".into(), then: None };
        desk.execute(Command::ticket(ada(), ticket, action).at(moment(at))).unwrap().stream
    };
    assert_eq!(says("2026-03-02T16:00:00+01:00"), Stream::Ticket(ticket));
    assert_eq!(status(&desk, ticket), Status::Open);
    let done = TicketAction::Move { to: "ready".into(), hold: None };
    let done = Command::ticket(bob(), ticket, done).at(moment("2026-03-02T16:30:00+01:00"));
    desk.execute(done).unwrap();
    // A week later nobody remembers, and the ticket has closed by itself.
    let Stream::Ticket(new) = says("2026-03-10T16:00:00+01:00") else { unreachable!() };
    assert_ne!(new, ticket);
    assert_eq!(status(&desk, ticket), Status::Closed);
    let (old, new) = (desk.ticket(ticket).unwrap().unwrap(), desk.ticket(new).unwrap().unwrap());
    assert_eq!(new.state.related(Relation::FollowUpOf).collect::<Vec<_>>(), [ticket]);
    assert_eq!(old.state.related(Relation::FollowedBy).count(), 1);
    assert_eq!((new.state.status, &*new.state.subject), (Status::New, "Printer"));
    desk.rebuild().unwrap();
    assert!(desk.verify().is_ok());
}

#[test]
fn further_messages_to_what_is_over_are_gathered_while_work_on_the_first_is_not_done() {
    let desk = desk();
    let eve = ContactId(2);
    let person = Contact { organization: Some(NORTHWIND), ..Contact::new("Eve") };
    desk.save_contact(eve, person).unwrap();
    let tickets = open(&desk, 2);
    for ticket in &tickets {
        desk.resolve(bob(), *ticket).unwrap();
        desk.close(bob(), *ticket).unwrap();
    }
    let says = |by, ticket| {
        let receipt = desk.reply(by, ticket, "It burns again.").unwrap();
        let Stream::Ticket(id) = receipt.stream else { unreachable!() };
        id
    };
    let first = says(ada(), tickets[0]);
    assert_ne!(first, tickets[0]);
    assert_eq!(says(ada(), tickets[0]), first);
    assert_eq!(desk.ticket(first).unwrap().unwrap().state.messages, 2);
    // What somebody else has to say is another matter, and so is what was said to another ticket.
    let hers = says(Actor::Contact(eve), tickets[0]);
    assert_ne!(hers, first);
    assert_eq!(says(Actor::Contact(eve), tickets[0]), hers);
    let other = says(ada(), tickets[1]);
    assert_ne!(other, first);
    // It is gathered where the first lives on, and is given back with it.
    let merge = TicketAction::MergeInto { ticket: other };
    desk.execute(Command::ticket(bob(), first, merge)).unwrap();
    assert_eq!(says(ada(), tickets[0]), other);
    desk.execute(Command::ticket(bob(), first, TicketAction::UndoMerge)).unwrap();
    assert_eq!(desk.ticket(first).unwrap().unwrap().state.messages, 3);
    // When that is over as well, it is followed in its turn, by whichever number.
    desk.resolve(bob(), first).unwrap();
    desk.close(bob(), first).unwrap();
    let second = says(ada(), first);
    assert!(![first, hers, other].contains(&second));
    assert_eq!(says(ada(), tickets[0]), second);
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

/// Somebody else writes to a ticket that is closed again and again, and each time that is settled at once.
#[test]
fn a_further_message_is_gathered_however_many_others_have_followed_and_not_all_of_them_are_kept() {
    let desk = desk();
    let eve = ContactId(2);
    let person = Contact { organization: Some(NORTHWIND), ..Contact::new("Eve") };
    desk.save_contact(eve, person).unwrap();
    let ticket = open(&desk, 1)[0];
    let close = |ticket| {
        desk.resolve(bob(), ticket).unwrap();
        desk.close(bob(), ticket).unwrap();
    };
    close(ticket);
    let says = |by| {
        let receipt = desk.reply(by, ticket, "It burns again.").unwrap();
        let Stream::Ticket(id) = receipt.stream else { unreachable!() };
        id
    };
    let first = says(ada());
    let followed = || {
        let state = desk.ticket(ticket).unwrap().unwrap().state;
        state.related(Relation::FollowedBy).collect::<Vec<_>>()
    };
    let mut last = first;
    for _ in 0..MAX_FOLLOW_UPS + 10 {
        last = says(Actor::Contact(eve));
        close(last);
    }
    assert_eq!(says(ada()), first);
    let kept = followed();
    assert_eq!(kept.len(), MAX_FOLLOW_UPS);
    assert!(kept.contains(&first) && kept.contains(&last), "{kept:?}");
    // Whoever is not kept knows still where they come from.
    let second = TicketId(first.0 + 1);
    assert!(!kept.contains(&second));
    let second = desk.ticket(second).unwrap().unwrap().state;
    assert_eq!(second.related(Relation::FollowUpOf).collect::<Vec<_>>(), [ticket]);
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

#[test]
fn no_word_of_a_customer_is_refused_because_a_ticket_is_closed_or_lives_on_elsewhere() {
    let desk = desk();
    let tickets = open(&desk, 5);
    let act = |ticket, action| desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
    let says = |ticket| {
        let action = TicketAction::Reply { text: "And me?".into(), then: None };
        desk.execute(Command::ticket(ada(), ticket, action)).unwrap().stream
    };
    desk.resolve(bob(), tickets[0]).unwrap();
    desk.close(bob(), tickets[0]).unwrap();
    act(tickets[1], TicketAction::MarkSpam);
    relate(&desk, tickets[2], Relation::DuplicateOf, tickets[4]);
    for over in &tickets[..3] {
        let Stream::Ticket(new) = says(*over) else { unreachable!() };
        let new = desk.ticket(new).unwrap().unwrap().state;
        assert_eq!(new.related(Relation::FollowUpOf).collect::<Vec<_>>(), [*over]);
        assert!(new.unanswered_since.is_some());
    }
    act(tickets[3], TicketAction::MergeInto { ticket: tickets[4] });
    assert_eq!(says(tickets[3]), Stream::Ticket(tickets[4]));
    act(tickets[1], TicketAction::UnmarkSpam);
    let unmarked = desk.ticket(tickets[1]).unwrap().unwrap().state;
    assert_eq!((unmarked.status, unmarked.spam), (Status::New, false));
    assert_eq!(unmarked.related(Relation::FollowedBy).count(), 1);
    let undone = TicketAction::Unrelate { relation: Relation::OriginalOf, ticket: tickets[2] };
    act(tickets[4], undone);
    assert_eq!(status(&desk, tickets[2]), Status::New);
    desk.rebuild().unwrap();
    assert!(desk.verify().is_ok());
}

#[test]
fn who_is_linked_to_a_problem_late_hears_in_the_same_commit_what_was_found_out() {
    let desk = desk();
    let [problem, incident, late, again] = open(&desk, 4)[..] else { unreachable!() };
    let act = |action| desk.execute(Command::ticket(bob(), problem, action)).unwrap();
    let kind = Some(Kind::Problem);
    act(TicketAction::Describe { kind, need: None, discipline: None });
    let workaround = Some("Use the other one.".to_owned());
    act(TicketAction::KnowError { cause: "A fuse".into(), workaround });
    relate(&desk, incident, Relation::IncidentOf, problem);
    act(TicketAction::Reply { text: "It is new now.".into(), then: Some(Status::Resolved) });
    relate(&desk, problem, Relation::ProblemOf, late);
    relate(&desk, again, Relation::DuplicateOf, problem);
    for (ticket, words, is) in [
        (incident, &["Use the other one.", "It is new now."][..], Status::Resolved),
        (late, &["It is new now."], Status::Resolved),
        (again, &["It is new now."], Status::Closed),
    ] {
        let told = format!("{:?}", desk.timeline(ticket).unwrap());
        assert!(words.iter().all(|words| told.contains(words)), "{told}");
        assert_eq!(status(&desk, ticket), is);
    }
    assert!(desk.verify().is_ok());
}

/// What became due on a part is noticed before its whole is told anything, whoever is woken first.
#[test]
fn a_family_is_up_to_date_before_anything_happens_to_one_of_it() {
    let closing = "[relations]\nparent = \"takes_along\"\n[[rules]]\nname = \"give up\"\nwhen = { status = \"pending\" }\nafter = \"1h\"\ndo = [{ status = \"resolved\" }]\n";
    let story = |wakes: bool| {
        let desk = desk_with(closing);
        let tickets = open(&desk, 2);
        relate(&desk, tickets[0], Relation::ChildOf, tickets[1]);
        let ask = TicketAction::Reply { text: "Is it on?".into(), then: Some(Status::Pending) };
        desk.execute(Command::ticket(bob(), tickets[0], ask)).unwrap();
        let later = moment("2026-03-02T12:00:00+01:00");
        if wakes {
            desk.handle_timeout(later).unwrap();
        }
        let note = TicketAction::AddNote { text: "Looked at the part.".into() };
        desk.execute(Command::ticket(bob(), tickets[1], note).at(later)).unwrap();
        desk.verify().unwrap();
        let records = desk.records(0, 1_000).unwrap();
        records
            .into_iter()
            .map(|record| format!("{:?} {:?}", record.stream, record.event))
            .collect::<Vec<_>>()
    };
    assert_eq!(story(true), story(false));
}

#[test]
fn the_whole_of_a_part_that_is_merged_waits_for_where_it_lives_on_and_is_given_back_its_own() {
    let desk = desk();
    let tickets = open(&desk, 4);
    let [whole, part, survivor, link] = tickets[..] else { panic!("four were opened") };
    relate(&desk, part, Relation::ChildOf, whole);
    relate(&desk, part, Relation::RelatesTo, link);
    let relations = || -> Vec<_> {
        let of = |id: &TicketId| desk.ticket(*id).unwrap().unwrap().state.relations;
        tickets.iter().map(of).collect()
    };
    let before = relations();
    let merge = TicketAction::MergeInto { ticket: survivor };
    desk.execute(Command::ticket(bob(), part, merge)).unwrap();
    assert_eq!(
        relations()[2].keys().collect::<Vec<_>>(),
        [&Relation::ChildOf, &Relation::RelatesTo]
    );
    let refused = desk.resolve(bob(), whole).unwrap_err().to_string();
    assert_eq!(refused, "the ticket has parts that are still open: #3; resolve them first");
    // What the tables say is what the records say, before and after.
    desk.rebuild().unwrap();
    desk.verify().unwrap();
    desk.execute(Command::ticket(bob(), part, TicketAction::UndoMerge)).unwrap();
    assert_eq!(relations(), before);
    let refused = desk.resolve(bob(), whole).unwrap_err().to_string();
    assert_eq!(refused, "the ticket has parts that are still open: #2; resolve them first");
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

#[test]
fn what_a_person_says_by_the_number_of_a_merged_ticket_goes_back_with_it_though_both_are_theirs() {
    let desk = desk();
    let tickets = open(&desk, 3);
    let [survivor, middle, lost] = tickets[..] else { panic!("three were opened") };
    let merge = |one, into| {
        let action = TicketAction::MergeInto { ticket: into };
        desk.execute(Command::ticket(bob(), one, action)).unwrap();
    };
    merge(lost, middle);
    merge(middle, survivor);
    for (number, words) in [(survivor, "Here."), (middle, "Halfway."), (lost, "At the end.")] {
        let receipt = desk.reply(ada(), number, words).unwrap();
        assert_eq!(receipt.stream, Stream::Ticket(survivor));
    }
    let words = |ticket| -> Vec<String> {
        let history = desk.timeline(ticket).unwrap();
        let said = history.iter().filter_map(|record| match &record.event {
            Event::Ticket(event) => match &event.fact {
                TicketFact::MessageAdded { text, .. } => Some(text.clone()),
                _ => None,
            },
            _ => None,
        });
        said.collect()
    };
    desk.execute(Command::ticket(bob(), middle, TicketAction::UndoMerge)).unwrap();
    assert_eq!(words(middle), ["Halfway.", "At the end."]);
    desk.execute(Command::ticket(bob(), lost, TicketAction::UndoMerge)).unwrap();
    assert_eq!(words(lost), ["At the end."]);
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

/// The survivor is over when its customer writes by the number of what lives on in it.
#[test]
fn what_came_by_the_number_of_a_merged_ticket_goes_back_with_it_though_it_opened_another_one() {
    let desk = desk();
    let tickets = open(&desk, 2);
    let [survivor, lost] = tickets[..] else { panic!("two were opened") };
    let merge = TicketAction::MergeInto { ticket: survivor };
    desk.execute(Command::ticket(bob(), lost, merge)).unwrap();
    desk.resolve(bob(), survivor).unwrap();
    desk.close(bob(), survivor).unwrap();
    let said = [(lost, "Mine burns."), (survivor, "It burns."), (lost, "Mine is out.")];
    let streams: BTreeSet<String> = said
        .map(|(number, words)| format!("{:?}", desk.reply(ada(), number, words).unwrap().stream))
        .into();
    assert_eq!(streams, [format!("{:?}", Stream::Ticket(TicketId(3)))].into());
    let words = |ticket| -> Vec<String> {
        let history = desk.timeline(ticket).unwrap();
        let said = history.iter().filter_map(|record| match &record.event {
            Event::Ticket(event) => event.said().map(str::to_owned),
            _ => None,
        });
        said.collect()
    };
    desk.execute(Command::ticket(bob(), lost, TicketAction::UndoMerge)).unwrap();
    assert_eq!(words(lost)[1..], ["Mine burns.", "Mine is out."]);
    assert_eq!(words(TicketId(3)), said.map(|(_, words)| words));
    assert!(desk.ticket(lost).unwrap().unwrap().state.unanswered_since.is_some());
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

#[test]
fn what_is_to_be_done_for_somebody_who_is_erased_goes_also_where_their_ticket_was_merged_into() {
    let desk = desk();
    let theirs = open(&desk, 1)[0];
    let eve = ContactId(2);
    let person = Contact { organization: Some(NORTHWIND), ..Contact::new("Eve") };
    desk.save_contact(eve, person).unwrap();
    let request =
        || OpenTicket { organization: Some(NORTHWIND), ..OpenTicket::new(eve, "Fax", "Hers") };
    let others: Vec<TicketId> =
        (0..2).map(|_| desk.open_ticket(Actor::Contact(eve), request()).unwrap()).collect();
    let act = |ticket, action| desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
    let add = |items: &str| ChecklistAction::Add { items: vec![items.into()] };
    act(theirs, TicketAction::Checklist(add("Visit Ada at home")));
    act(theirs, TicketAction::Approval(ApprovalAction::Ask { what: "Ada pays".into(), of: None }));
    act(others[0], TicketAction::Checklist(add("Visit Eve at home")));
    act(theirs, TicketAction::MergeInto { ticket: others[0] });
    act(others[0], TicketAction::MergeInto { ticket: others[1] });
    let state = desk.ticket(others[1]).unwrap().unwrap().state;
    assert_eq!((state.checklist.len(), state.approvals.len()), (2, 1));
    assert!(desk.brief(others[1]).unwrap().text(Tongue::English).contains("Ada pays"));
    desk.erase(bob(), ContactId(1)).unwrap();
    let told = |ticket| {
        let state = desk.ticket(ticket).unwrap().unwrap().state;
        format!("{state:?}{:?}", desk.timeline(ticket).unwrap())
    };
    for ticket in [theirs, others[0], others[1]] {
        assert!(!told(ticket).contains("Ada"), "{}", told(ticket));
    }
    assert!(told(others[0]).contains("Visit Eve at home"));
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

#[test]
fn the_files_of_a_message_go_with_it_when_it_is_split_off_or_comes_back_from_a_merge() {
    let desk = desk();
    let ticket = open(&desk, 1)[0];
    let file = |name: &str| Attachment {
        name: name.into(),
        media_type: "image/png".into(),
        size: 1,
        hash: format!("sha256:{name}"),
        locator: format!("s3://{name}"),
    };
    let attach = |ticket, by, message, name| {
        let action = TicketAction::Attach { message, files: vec![file(name)] };
        desk.execute(Command::ticket(by, ticket, action)).unwrap();
    };
    let names = |ticket| -> Vec<(u32, String)> {
        let history = desk.timeline(ticket).unwrap();
        let files = history.iter().filter_map(|record| match &record.event {
            Event::Ticket(event) => match &event.fact {
                TicketFact::Attached { message, files, .. } => {
                    Some(files.iter().map(|file| (*message, file.name.clone())).collect())
                }
                _ => None,
            },
            _ => None,
        });
        files.collect::<Vec<Vec<_>>>().concat()
    };
    desk.reply(ada(), ticket, "And the scanner.").unwrap();
    attach(ticket, ada(), Some(1), "printer.png");
    attach(ticket, ada(), Some(2), "scanner.png");
    desk.reply(bob(), ticket, "Which one?").unwrap();
    attach(ticket, bob(), Some(2), "marked.png");
    let split = TicketAction::Split { message: 2, subject: "Scanner".into() };
    let Stream::Ticket(half) = desk.execute(Command::ticket(bob(), ticket, split)).unwrap().stream
    else {
        unreachable!()
    };
    assert_eq!(names(half), [(1, "scanner.png".to_owned()), (1, "marked.png".to_owned())]);
    assert_eq!(desk.ticket(half).unwrap().unwrap().state.attachments, 2);

    let eve = ContactId(2);
    let person = Contact { organization: Some(NORTHWIND), ..Contact::new("Eve") };
    desk.save_contact(eve, person).unwrap();
    let eve_says = Actor::Contact(eve);
    let hers = desk.open_ticket(eve_says, OpenTicket::new(eve, "Fax", "It whistles.")).unwrap();
    let merge = TicketAction::MergeInto { ticket };
    desk.execute(Command::ticket(bob(), hers, merge)).unwrap();
    desk.reply(eve_says, hers, "Listen.").unwrap();
    attach(ticket, eve_says, None, "whistle.png");
    desk.execute(Command::ticket(bob(), hers, TicketAction::UndoMerge)).unwrap();
    assert_eq!(names(hers), [(2, "whistle.png".to_owned())]);
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}
