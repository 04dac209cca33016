//! What is done to a journal once in a while: moving it, forgetting commands, erasing people.

use std::sync::atomic::{AtomicU64, Ordering};

use firstline_core::{
    Actor, ArticleId, CommandId, ContactId, Correction, ERASED, Event, Party, PartyId, Status,
    Stream, TicketAction, TicketFact, TicketId, Timestamp,
};

use super::clerk::{AGENT, CUSTOMER, Clerk, publish, reply, request};
use super::records::everything;
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::export::{check_export, export, import};
use crate::journal::{Entry, Journal, MAX_BATCH, Reader};
use crate::memory::MemoryJournal;
use crate::sqlite::SqliteJournal;

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    what_another_journal_exported_is_taken_in_whole,
    an_import_goes_on_where_it_was_interrupted,
    an_export_of_something_else_is_refused,
    a_backup_is_the_same_journal,
    commands_are_remembered_until_they_are_forgotten,
    a_person_is_erased_and_history_keeps_its_shape,
    a_ticket_that_was_opened_for_another_by_mistake_goes_with_who_asks,
    who_is_unknown_or_gone_is_not_erased_again,
];

const ADA: ContactId = ContactId(1);
const BOB: ContactId = ContactId(2);

/// A little of everything: two people, their tickets, words of each on the other's.
fn fill(journal: &mut dyn Journal) -> Result<Clerk, StoreError> {
    let mut clerk = Clerk::new();
    Clerk::write(journal, |reader| clerk.on_desk(reader, 1))?;
    for (contact, name) in [(ADA, "Ada Lovelace"), (BOB, "Bob Babbage")] {
        let id = PartyId::Contact(contact);
        Clerk::write(journal, |reader| clerk.on_party(reader, id, name))?;
    }
    let adas = clerk.open(journal, request("Ada's engine"))?;
    let mut of_bob = request("Bob's difference");
    of_bob.requester = BOB;
    let (bobs, open) = (TicketId(2), TicketAction::Open(Box::new(of_bob)));
    clerk.act(journal, bobs, Actor::Contact(BOB), &open)?;
    clerk.wait_minutes(5);
    let keyed = |reader: &dyn Reader, id, key, action: &TicketAction| {
        let entry = clerk.on_ticket(reader, id, AGENT, action)?;
        Ok(Entry { command: Some(CommandId(key)), ..entry })
    };
    Clerk::write(journal, |reader| keyed(reader, adas, 7, &reply("Dear Ada Lovelace")))?;
    Clerk::write(journal, |reader| keyed(reader, adas, 8, &TicketAction::Wake))?;
    clerk.wait_minutes(5);
    clerk.act(journal, adas, CUSTOMER, &reply("It weaves, says Ada"))?;
    clerk.act(journal, bobs, CUSTOMER, &reply("Ada here, me too"))?;
    clerk.act(journal, bobs, Actor::Contact(BOB), &reply("Bob thanks"))?;
    let resolve = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
    clerk.act(journal, bobs, AGENT, &resolve)?;
    let publish = publish("Weaving");
    Clerk::write(journal, |reader| clerk.on_article(reader, ArticleId(1), &publish))?;
    Ok(clerk)
}

fn exported(journal: &dyn Journal) -> Result<Vec<u8>, StoreError> {
    let mut lines = Vec::new();
    export(&*journal.reader()?, &mut lines, &mut |_| ())?;
    Ok(lines)
}

fn what_another_journal_exported_is_taken_in_whole(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut other = MemoryJournal::new();
    let mut clerk = fill(&mut other)?;
    other.erase(BOB, Actor::System, clerk.now)?;
    other.forget_commands(clerk.now.checked_add_millis(-540_000).expect("it is a moment"))?;
    let lines = exported(&other)?;
    let mut told = 0;
    let verified = import(journal, &mut &lines[..], &mut |progress| told = progress.records)?;
    assert_eq!(told, verified.records);
    assert_eq!(other.reader()?.verify()?, verified);
    assert_eq!(check_export(&mut &lines[..], None)?, verified);
    let reader = journal.reader()?;
    assert_eq!(everything(&*reader)?, everything(&*other.reader()?)?);
    assert_eq!(reader.forgotten()?, other.reader()?.forgotten()?);
    assert!(exported(journal)? == lines, "it is exported as it was imported");
    // And the desk goes on, alike.
    clerk.wait_minutes(1);
    for journal in [journal, &mut other] {
        clerk.act(journal, TicketId(1), AGENT, &reply("It weaves indeed"))?;
    }
    assert_eq!(reader.head()?, other.reader()?.head()?);
    Ok(())
}

fn an_import_goes_on_where_it_was_interrupted(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut other = MemoryJournal::new();
    fill(&mut other)?;
    let lines = exported(&other)?;
    let ends: Vec<usize> =
        lines.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
    // Cut off within a line and after one.
    for end in [0, 10, ends[2], ends[4] + 20, ends[ends.len() - 2]] {
        let outcome = import(journal, &mut &lines[..end], &mut |_| ());
        assert!(matches!(outcome, Err(StoreError::BadExport { .. })), "at {end}: {outcome:?}");
        journal.reader()?.verify()?;
    }
    let verified = import(journal, &mut &lines[..], &mut |_| ())?;
    assert_eq!(import(journal, &mut &lines[..], &mut |_| ())?, verified);
    assert_eq!(everything(&*journal.reader()?)?, everything(&*other.reader()?)?);
    Ok(())
}

fn an_export_of_something_else_is_refused(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut other = MemoryJournal::new();
    fill(&mut other)?;
    let lines = exported(&other)?;
    let text = String::from_utf8(lines.clone()).expect("it is JSON");
    let altered = [
        text.replacen("engine", "motor!", 1),
        text.replacen("\"version\":1", "\"version\":2", 1),
        text.replacen("\"at\":1", "\"at\":2", 1),
        text.replacen("{\"contact\":1}", "{\"contact\":3}", 1),
        text.lines().enumerate().filter(|(n, _)| *n != 3).map(|(_, l)| format!("{l}\n")).collect(),
        text.replacen("{\"firstline_export\":1}", "{\"firstline_export\":2}", 1),
        "Dear sir or madam,\n".to_owned(),
        "\u{0}".repeat(100),
    ];
    for altered in altered {
        assert_ne!(altered, text);
        let outcome = import(journal, &mut altered.as_bytes(), &mut |_| ());
        assert!(matches!(outcome, Err(StoreError::BadExport { .. })), "{outcome:?}\n{altered}");
        assert!(check_export(&mut altered.as_bytes(), None).is_err(), "{altered}");
    }
    journal.reader()?.verify()?;
    // A journal that has gone its own way takes nothing in.
    let mut clerk = Clerk::new();
    clerk.wait_minutes(1_000);
    Clerk::write(journal, |reader| clerk.on_desk(reader, 2))?;
    let before = everything(&*journal.reader()?)?;
    let outcome = import(journal, &mut &lines[..], &mut |_| ());
    assert!(matches!(outcome, Err(StoreError::OtherJournal { .. })), "{outcome:?}");
    assert_eq!(everything(&*journal.reader()?)?, before);
    Ok(())
}

fn a_backup_is_the_same_journal(journal: &mut dyn Journal) -> Result<(), StoreError> {
    static BACKUPS: AtomicU64 = AtomicU64::new(0);
    fill(journal)?;
    let number = BACKUPS.fetch_add(1, Ordering::Relaxed);
    let name = format!("firstline-exam-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder).expect("there is a place for temporary files");
    let file = folder.join("desk.sqlite");
    let examine = || -> Result<(), StoreError> {
        let reader = journal.reader()?;
        reader.backup(&file)?;
        let copy = SqliteJournal::open(&file)?.reader()?;
        assert_eq!(everything(&*copy)?, everything(&*reader)?);
        assert_eq!(copy.verify()?, reader.verify()?);
        let again = reader.backup(&file);
        assert!(matches!(again, Err(StoreError::FileExists { .. })), "{again:?}");
        Ok(())
    };
    let examined = examine();
    std::fs::remove_dir_all(&folder).expect("it is ours");
    examined
}

fn commands_are_remembered_until_they_are_forgotten(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let id = clerk.open(journal, request("Printer"))?;
    let mut times = Vec::new();
    let note = TicketAction::AddNote { text: "called back".to_owned() };
    for key in 1..=4 {
        times.push(clerk.now);
        Clerk::write(journal, |reader| {
            let entry = clerk.on_ticket(reader, id, AGENT, &note)?;
            Ok(Entry { command: Some(CommandId(key)), ..entry })
        })?;
        clerk.wait_minutes(10);
    }
    let reader = journal.reader()?;
    let known = |reader: &dyn Reader| -> Result<Vec<u128>, StoreError> {
        Ok(reader.receipts(None, MAX_BATCH)?.iter().map(|(command, _)| command.0).collect())
    };
    assert_eq!(known(&*reader)?, [1, 2, 3, 4]);
    assert_eq!(reader.receipts(Some(CommandId(2)), 1)?[0].0, CommandId(3));
    assert_eq!(reader.forgotten()?, Timestamp::MIN);
    assert_eq!(journal.forget_commands(times[2])?, 2);
    assert_eq!(known(&*reader)?, [3, 4]);
    assert_eq!(reader.receipt(CommandId(1))?, None);
    assert_eq!(journal.begin()?.receipt(CommandId(1))?, None);
    assert_eq!(reader.forgotten()?, times[2]);
    // What was forgotten does not come back by asking for less.
    assert_eq!(journal.forget_commands(times[0])?, 0);
    assert_eq!(reader.forgotten()?, times[2]);
    // The records know whose they are all the same.
    let commands: Vec<_> = reader.records(0, MAX_BATCH)?.iter().filter_map(|r| r.command).collect();
    assert!(commands.contains(&CommandId(1)));
    reader.verify()?;
    journal.rebuild()?;
    assert_eq!(known(&*reader)?, [3, 4]);
    // What is recorded later is remembered, however much was to be forgotten.
    assert_eq!(journal.forget_commands(Timestamp::MAX)?, 2);
    let end = reader.head()?.and_then(|head| head.at.checked_add_millis(1));
    assert_eq!(Some(reader.forgotten()?), end);
    Clerk::write(journal, |reader| {
        let entry = clerk.on_ticket(reader, id, AGENT, &note)?;
        Ok(Entry { command: Some(CommandId(5)), ..entry })
    })?;
    assert_eq!(known(&*reader)?, [5]);
    reader.verify()?;
    Ok(())
}

fn a_person_is_erased_and_history_keeps_its_shape(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let clerk = fill(journal)?;
    let reader = journal.reader()?;
    let before = reader.records(0, MAX_BATCH)?;
    let (list, wake) = (reader.find(&crate::TicketQuery::default())?, reader.next_wake()?);
    let receipt = journal.erase(ADA, AGENT, clerk.now)?.expect("she was saved");
    assert_eq!((receipt.stream, receipt.events), (Stream::Party(PartyId::Contact(ADA)), 1));
    reader.verify()?;

    let after = reader.records(0, MAX_BATCH)?;
    let text = format!("{after:?}{:?}", reader.find(&crate::TicketQuery::default())?);
    for word in ["Lovelace", "engine", "weaves", "me too", "It does not work any more"] {
        let of_bob = word == "It does not work any more";
        assert_eq!(text.contains(word), of_bob, "`{word}`");
    }
    // What Bob said, and what the desk knows, is not hers.
    for word in ["Bob Babbage", "Bob's difference", "Bob thanks", "Weaving"] {
        assert!(text.contains(word), "`{word}`");
    }
    // Numbers, times, actors, hashes, facts: all as before.
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(
            after.event,
            if after.erased.is_some() {
                before.event.without_words()
            } else {
                before.event.clone()
            }
        );
        assert_eq!((before.hash, before.at, before.actor), (after.hash, after.at, after.actor));
    }
    let left = reader.ticket(TicketId(1))?.expect("it stays").state;
    assert_eq!(left.subject, ERASED);
    let same = crate::TicketQuery::default();
    for (before, after) in list.tickets.iter().zip(&reader.find(&same)?.tickets) {
        let mut shape = before.ticket.clone();
        shape.subject.clone_from(&after.ticket.subject);
        assert_eq!((before.id, before.version, &shape), (after.id, after.version, &after.ticket));
    }
    assert_eq!(reader.next_wake()?, wake);
    let Some(Party::Contact(nobody)) =
        reader.party(PartyId::Contact(ADA))?.map(|stored| stored.state)
    else {
        panic!("her number is known");
    };
    assert_eq!(nobody.name, ERASED);
    let Some(Event::Erased(erasure)) = after.last().map(|record| &record.event) else {
        panic!("nothing says that it was done");
    };
    let erased: Vec<u64> = after.iter().filter(|r| r.erased.is_some()).map(|r| r.seq).collect();
    assert_eq!(erasure.records, erased);
    let text = everything(&*reader)?;
    journal.rebuild()?;
    assert_eq!(everything(&*reader)?, text);
    Ok(())
}

fn a_ticket_that_was_opened_for_another_by_mistake_goes_with_who_asks(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let clerk = fill(journal)?;
    let open = TicketAction::Open(Box::new(request("The loom stands still")));
    let id = TicketId(3);
    clerk.act(journal, id, AGENT, &open)?;
    let subject = Some("The loom of Bob".to_owned());
    let correction = Correction { subject, requester: Some(BOB), ..Correction::default() };
    clerk.act(journal, id, AGENT, &TicketAction::Correct(Box::new(correction)))?;
    let words = |journal: &dyn Journal| -> Result<[bool; 2], StoreError> {
        let text = format!("{:?}", journal.reader()?.history(Stream::Ticket(id))?);
        Ok(["stands still", "of Bob"].map(|words| text.contains(words)))
    };
    journal.erase(ADA, AGENT, clerk.now)?.expect("she was saved");
    assert_eq!(words(journal)?, [true, true], "it was never hers");
    journal.erase(BOB, AGENT, clerk.now)?.expect("he was saved");
    assert_eq!(words(journal)?, [false, false]);
    assert_eq!(journal.reader()?.ticket(id)?.expect("it stays").state.subject, ERASED);
    journal.reader()?.verify()?;
    Ok(())
}

fn who_is_unknown_or_gone_is_not_erased_again(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = fill(journal)?;
    assert_eq!(journal.erase(ContactId(99), AGENT, clerk.now)?, None);
    journal.erase(ADA, AGENT, clerk.now)?.expect("she was saved");
    let reader = journal.reader()?;
    let before = everything(&*reader)?;
    let again = journal.erase(ADA, AGENT, clerk.now)?.expect("her number is known");
    assert_eq!(again.events, 0);
    assert_eq!(everything(&*reader)?, before);
    // Should she come back, she can be erased again, and so can others whose tickets she wrote on.
    clerk.wait_minutes(1);
    clerk.act(journal, TicketId(1), CUSTOMER, &reply("Ada again"))?;
    assert_eq!(journal.erase(ADA, AGENT, clerk.now)?.map(|receipt| receipt.events), Some(1));
    assert_eq!(journal.erase(BOB, AGENT, clerk.now)?.map(|receipt| receipt.events), Some(1));
    reader.verify()?;
    let is_message = |record: &crate::Record| match &record.event {
        Event::Ticket(event) => match &event.fact {
            TicketFact::MessageAdded { text, .. } => text != ERASED,
            _ => false,
        },
        _ => false,
    };
    assert!(!reader.records(0, MAX_BATCH)?.iter().any(is_message));
    Ok(())
}
