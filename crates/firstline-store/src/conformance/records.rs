//! What was written is there: whole, once, in order, and nothing else.

use firstline_core::{
    ArticleId, CommandId, ContactId, Event, PartyId, Stream, TicketAction, TicketFact,
    TicketFilter, TicketId, Timestamp,
};

use super::clerk::{AGENT, CUSTOMER, Clerk, publish, reply, request};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::{Entry, Journal, MAX_BATCH, Reader, State};
use crate::query::TicketQuery;
use crate::record::Hash;

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    an_empty_journal_knows_nothing,
    what_was_committed_is_read_back,
    what_was_dropped_is_not_there,
    a_transaction_reads_what_it_wrote_and_nobody_else_does,
    each_way_of_reading_sees_at_once_what_was_written,
    who_saw_an_old_version_is_told,
    a_command_is_carried_out_once,
    time_never_runs_back,
    parts_that_do_not_belong_together_are_refused,
    records_are_read_in_slices,
    articles_that_changed_are_found_once_each,
    what_is_derived_comes_back_equal,
];

const FIRST: TicketId = TicketId(1);

fn an_empty_journal_knows_nothing(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let reader = journal.reader()?;
    assert_eq!(reader.head()?, None);
    assert_eq!(reader.ticket(FIRST)?, None);
    assert_eq!(reader.article(ArticleId(1))?, None);
    assert_eq!(reader.party(PartyId::Contact(ContactId(1)))?, None);
    assert!(!reader.knows_party(PartyId::Contact(ContactId(u64::MAX)))?);
    assert_eq!(reader.version(Stream::Desk)?, 0);
    assert_eq!(reader.rulebook()?, None);
    assert_eq!(reader.next_wake()?, None);
    assert_eq!(reader.find(&TicketQuery::default())?.tickets, []);
    assert_eq!(reader.records(0, MAX_BATCH)?, []);
    assert_eq!(reader.history(Stream::Ticket(FIRST))?, []);
    assert_eq!(reader.last_article_change()?, 0);
    assert_eq!(reader.receipt(CommandId(7))?, None);
    let verified = reader.verify()?;
    assert_eq!((verified.records, verified.streams, verified.hash), (0, 0, Hash::ORIGIN));
    let transaction = journal.begin()?;
    assert_eq!(transaction.next_ticket_id()?, FIRST);
    assert_eq!(transaction.next_article_id()?, ArticleId(1));
    Ok(())
}

fn what_was_committed_is_read_back(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let contact = PartyId::Contact(ContactId(1));
    for version in 1..=2 {
        Clerk::write(journal, |reader| clerk.on_desk(reader, version))?;
    }
    Clerk::write(journal, |reader| clerk.on_party(reader, contact, "Ada"))?;
    Clerk::write(journal, |reader| clerk.on_party(reader, contact, "Ada Lovelace"))?;
    let id = clerk.open(journal, request("Printer"))?;
    clerk.wait_minutes(5);
    let receipt = clerk.act(journal, id, AGENT, &reply("Is it plugged in?"))?;

    let reader = journal.reader()?;
    let head = reader.head()?.expect("there are records");
    assert_eq!((head.seq, head.at), (receipt.seq, clerk.now));
    let ticket = reader.ticket(id)?.expect("it was opened");
    assert_eq!((ticket.version, ticket.seq), (receipt.version, receipt.seq));
    assert_eq!((ticket.state.subject.as_str(), ticket.state.messages), ("Printer", 2));

    let history = reader.history(Stream::Ticket(id))?;
    assert_eq!(history.len() as u64, ticket.version);
    assert!(history.iter().zip(1..).all(|(record, version)| record.version == version));
    assert!(history.is_sorted_by(|a, b| a.seq < b.seq && a.at <= b.at && a.hash != b.hash));
    let last = &history[history.len() - receipt.events as usize..];
    assert!(last.iter().all(|record| record.actor == AGENT && record.at == clerk.now));
    let Event::Ticket(opened) = &history[0].event else {
        panic!("the history of a ticket has events of a ticket");
    };
    assert!(matches!(opened.fact, TicketFact::Opened { .. }));

    assert!(reader.knows_party(contact)?);
    assert_eq!(reader.party(contact)?.map(|party| party.version), Some(2));
    assert_eq!(reader.history(Stream::Desk)?.len(), 2);
    assert_eq!(reader.rulebook()?.map(|rulebook| rulebook.version), Some(2));

    let verified = reader.verify()?;
    assert_eq!((verified.records, verified.streams, verified.hash), (head.seq, 3, head.hash));
    Ok(())
}

fn what_was_dropped_is_not_there(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = Clerk::new();
    clerk.open(journal, request("Stays"))?;
    let before = everything(&*journal.reader()?)?;
    let mut transaction = journal.begin()?;
    clerk.open_in(&mut *transaction, request("Goes"))?;
    let mut noted = clerk.on_ticket(&*transaction, FIRST, AGENT, &reply("Goes, too"))?;
    noted.command = Some(CommandId(7));
    transaction.append(noted)?;
    let publish = clerk.on_article(&*transaction, ArticleId(1), &publish("Goes"))?;
    transaction.append(publish)?;
    let receipt = transaction.receipt(CommandId(7))?.expect("it was just written");
    transaction.restore_receipt(CommandId(8), receipt)?;
    drop(transaction);
    assert_eq!(everything(&*journal.reader()?)?, before);
    let transaction = journal.begin()?;
    for command in [CommandId(7), CommandId(8)] {
        assert_eq!(transaction.receipt(command)?, None);
    }
    drop(transaction);
    let mut transaction = journal.begin()?;
    transaction.restore_receipt(CommandId(8), receipt)?;
    drop(transaction);
    assert_eq!(journal.begin()?.receipt(CommandId(8))?, None);
    // The journal goes on as if nothing had been.
    assert_eq!(clerk.open(journal, request("Comes"))?, TicketId(2));
    Ok(())
}

fn a_transaction_reads_what_it_wrote_and_nobody_else_does(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    clerk.open(journal, request("Printer"))?;
    clerk.wait_minutes(1);
    let reader = journal.reader()?;
    let before = everything(&*reader)?;
    let mut transaction = journal.begin()?;
    let second = clerk.open_in(&mut *transaction, request("Screen"))?;
    let resolve = TicketAction::ChangeStatus { to: firstline_core::Status::Resolved, hold: None };
    let resolve = clerk.on_ticket(&*transaction, FIRST, CUSTOMER, &resolve)?;
    transaction.append(resolve)?;
    let article = clerk.on_article(&*transaction, ArticleId(1), &publish("Reset"))?;
    let published = transaction.append(article)?;

    assert_eq!(everything(&*reader)?, before);
    let within = everything(&*transaction)?;
    assert_eq!(transaction.next_ticket_id()?, TicketId(3));
    assert_eq!(transaction.next_article_id()?, ArticleId(2));
    assert_eq!(transaction.last_article_change()?, published.seq);
    assert_eq!(transaction.head()?.map(|head| head.seq), Some(published.seq));
    // The first ticket is done and sleeps; the second one waits for its reply.
    let wake = transaction.ticket(second)?.and_then(|stored| stored.state.poll_timeout());
    assert_eq!(transaction.next_wake()?, wake);
    transaction.verify()?;
    transaction.commit()?;
    assert_eq!(everything(&*reader)?, within);
    Ok(())
}

/// A journal may put off what it writes until somebody asks for it. Whoever asks first, in whatever way,
/// gets the whole answer.
fn each_way_of_reading_sees_at_once_what_was_written(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    type Ask = fn(&dyn Reader) -> Result<String, StoreError>;
    let ways: [Ask; 9] = [
        |reader| Ok(format!("{:?}", reader.next_wake()?)),
        |reader| Ok(format!("{:?}", reader.due(Timestamp::MAX, MAX_BATCH)?)),
        |reader| Ok(format!("{:?}", reader.find(&TicketQuery::default())?)),
        |reader| Ok(reader.count(&TicketFilter::default())?.to_string()),
        |reader| Ok(reader.version(Stream::Ticket(FIRST))?.to_string()),
        |reader| Ok(format!("{:?}", reader.ticket(FIRST)?)),
        |reader| Ok(format!("{:?}", reader.history(Stream::Ticket(FIRST))?)),
        |reader| Ok(format!("{:?}", reader.verify()?)),
        |reader| Ok(format!("{:?} {:?}", reader.head()?, reader.export(0, MAX_BATCH)?)),
    ];
    let mut clerk = Clerk::new();
    clerk.open(journal, request("Printer"))?;
    for ask in ways {
        clerk.wait_minutes(1);
        let mut transaction = journal.begin()?;
        clerk.open_in(&mut *transaction, request("Screen"))?;
        let answer = clerk.on_ticket(&*transaction, FIRST, AGENT, &reply("Again?"))?;
        transaction.append(answer)?;
        let within = ask(&*transaction)?;
        transaction.commit()?;
        assert_eq!(ask(&*journal.reader()?)?, within);
    }
    Ok(())
}

fn who_saw_an_old_version_is_told(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = Clerk::new();
    let id = clerk.open(journal, request("Printer"))?;
    let reader = journal.reader()?;
    let late = clerk.on_ticket(&*reader, id, CUSTOMER, &reply("Hello?"))?;
    let actual = clerk.act(journal, id, AGENT, &reply("Is it plugged in?"))?.version;
    let before = everything(&*reader)?;
    let mut transaction = journal.begin()?;
    for expected in [0, late.expected, actual + 1] {
        let refused = transaction.append(Entry { expected, ..late.clone() });
        assert!(
            matches!(
                refused,
                Err(StoreError::Conflict { stream: Stream::Ticket(of), expected: e, actual: a })
                    if (of, e, a) == (id, expected, actual)
            ),
            "version {expected} of {actual}: {refused:?}"
        );
    }
    // A conflict writes nothing, so the transaction is still good.
    assert_eq!(everything(&*transaction)?, before);
    let again = clerk.on_ticket(&*transaction, id, CUSTOMER, &reply("Hello?"))?;
    transaction.append(again)?;
    transaction.commit()?;
    reader.verify()?;
    Ok(())
}

fn a_command_is_carried_out_once(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let id = clerk.open(journal, request("Printer"))?;
    let keyed = |reader: &dyn Reader, clerk: &Clerk, action: &TicketAction, key| {
        let entry = clerk.on_ticket(reader, id, AGENT, action)?;
        Ok(Entry { command: Some(CommandId(key)), ..entry })
    };
    let note = TicketAction::AddNote { text: "called back".to_owned() };
    let noted = Clerk::write(journal, |reader| keyed(reader, &clerk, &note, u128::MAX))?;
    assert_eq!(noted.events, 1);
    // To wake a ticket that sleeps is a command like any other, and changes nothing.
    clerk.wait_minutes(1);
    let wake = |reader: &dyn Reader| keyed(reader, &clerk, &TicketAction::Wake, 1);
    let woken = Clerk::write(journal, wake)?;
    assert_eq!((woken.events, woken.seq, woken.version), (0, noted.seq, noted.version));

    let reader = journal.reader()?;
    for (key, first) in [(u128::MAX, noted), (1, woken)] {
        assert_eq!(reader.receipt(CommandId(key))?, Some(first));
        let again = Clerk::write(journal, |reader| keyed(reader, &clerk, &note, key));
        assert!(
            matches!(
                &again,
                Err(StoreError::Repeated { command, receipt })
                    if *command == CommandId(key) && *receipt == first
            ),
            "{again:?}"
        );
    }
    assert_eq!(reader.receipt(CommandId(2))?, None);
    assert_eq!(reader.history(Stream::Ticket(id))?.len() as u64, noted.version);
    reader.verify()?;
    Ok(())
}

fn time_never_runs_back(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let id = clerk.open(journal, request("Printer"))?;
    let noon = clerk.now;
    clerk.wait_minutes(-60);
    let receipt = clerk.act(journal, id, AGENT, &reply("Is it plugged in?"))?;
    assert_eq!(receipt.at, noon);
    let records = journal.reader()?.records(0, MAX_BATCH)?;
    assert!(records.iter().all(|record| record.at == noon));
    Ok(())
}

fn parts_that_do_not_belong_together_are_refused(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let clerk = Clerk::new();
    let (agent, contact) =
        (PartyId::Agent(firstline_core::AgentId(1)), PartyId::Contact(ContactId(1)));
    let mut transaction = journal.begin()?;
    let open = TicketAction::Open(Box::new(request("Printer")));
    let good = clerk.on_ticket(&*transaction, FIRST, CUSTOMER, &open)?;
    let saved = clerk.on_party(&*transaction, agent, "Grace")?;
    let far = u64::MAX;
    let mut from_far = good.clone();
    if let State::Ticket(ticket) = &mut from_far.state {
        ticket.requester = ContactId(far);
    }
    let mismatched = [
        Entry { stream: Stream::Desk, ..good.clone() },
        Entry { state: State::Desk, ..good.clone() },
        Entry { events: saved.events.clone(), ..good.clone() },
        Entry { stream: Stream::Party(contact), ..saved.clone() },
    ];
    for entry in mismatched {
        let refused = transaction.append(entry);
        assert!(matches!(refused, Err(StoreError::EntryMismatch { .. })), "{refused:?}");
    }
    let too_large = [
        Entry { stream: Stream::Ticket(TicketId(far)), ..good.clone() },
        Entry { actor: firstline_core::Actor::Contact(ContactId(far)), ..good.clone() },
        from_far,
    ];
    for entry in too_large {
        let refused = transaction.append(entry);
        assert!(matches!(refused, Err(StoreError::NumberTooLarge { number }) if number == far));
    }
    transaction.append(good)?;
    transaction.commit()?;
    assert_eq!(journal.reader()?.verify()?.streams, 1);
    Ok(())
}

fn records_are_read_in_slices(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    for _ in 0..5 {
        clerk.open(journal, request("Printer"))?;
        clerk.wait_minutes(1);
    }
    let reader = journal.reader()?;
    let all = reader.records(0, usize::MAX)?;
    assert_eq!(all.len() as u64, reader.head()?.map_or(0, |head| head.seq));
    assert!(all.iter().zip(1..).all(|(record, seq)| record.seq == seq), "{all:?}");
    for size in [1, 3, all.len()] {
        let mut slices = Vec::new();
        while slices.len() < all.len() {
            let slice = reader.records(slices.len() as u64, size)?;
            assert!((1..=size).contains(&slice.len()));
            slices.extend(slice);
        }
        assert_eq!(slices, all);
    }
    assert_eq!(reader.records(0, 0)?, []);
    assert_eq!(reader.records(all.len() as u64, 1)?, []);
    assert_eq!(reader.records(u64::MAX, 1)?, []);
    Ok(())
}

fn articles_that_changed_are_found_once_each(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = Clerk::new();
    let mut edit = |id: u64, title: &str| -> Result<u64, StoreError> {
        let publish = publish(title);
        let receipt =
            Clerk::write(journal, |reader| clerk.on_article(reader, ArticleId(id), &publish))?;
        Ok(receipt.seq)
    };
    edit(1, "Reset")?;
    let second = edit(2, "Restart")?;
    let third = edit(1, "Reset, with care")?;
    let reader = journal.reader()?;
    let changes = |after, limit| -> Result<Vec<(u64, u64)>, StoreError> {
        let changes = reader.article_changes(after, limit)?;
        Ok(changes.into_iter().map(|change| (change.seq, change.article.0)).collect())
    };
    assert_eq!(changes(0, 10)?, [(second, 2), (third, 1)]);
    assert_eq!(changes(0, 1)?, [(second, 2)]);
    assert_eq!(changes(second, 10)?, [(third, 1)]);
    assert_eq!(changes(third, 10)?, []);
    assert_eq!(changes(u64::MAX, 10)?, []);
    assert_eq!(reader.last_article_change()?, third);
    let article = reader.article(ArticleId(1))?.expect("it was published");
    assert_eq!(reader.article_changes(second, 1)?[0].state, article.state);
    Ok(())
}

fn what_is_derived_comes_back_equal(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    Clerk::write(journal, |reader| clerk.on_desk(reader, 1))?;
    let mut ids = Vec::new();
    for subject in ["Printer", "Screen", "Mouse"] {
        ids.push(clerk.open(journal, request(subject))?);
    }
    clerk.wait_minutes(10);
    clerk.act(journal, ids[0], AGENT, &reply("Is it plugged in?"))?;
    let resolve = TicketAction::ChangeStatus { to: firstline_core::Status::Resolved, hold: None };
    clerk.act(journal, ids[1], CUSTOMER, &resolve)?;
    let publish = publish("Reset");
    Clerk::write(journal, |reader| clerk.on_article(reader, ArticleId(1), &publish))?;
    let reader = journal.reader()?;
    let (before, verified) = (everything(&*reader)?, reader.verify()?);
    journal.rebuild()?;
    assert_eq!(everything(&*reader)?, before);
    assert_eq!(reader.verify()?, verified);
    // And it goes on from there.
    clerk.act(journal, ids[0], CUSTOMER, &reply("It is now."))?;
    reader.verify()?;
    Ok(())
}

/// All that a reader can tell of the records and of what they add up to, as text to compare.
pub(crate) fn everything(reader: &dyn Reader) -> Result<String, StoreError> {
    let records = reader.records(0, MAX_BATCH)?;
    let mut text = format!("{:?}\n{:?}\n", reader.head()?, reader.next_wake()?);
    for record in &records {
        text += &format!("{record:?}\n");
        if let Some(command) = record.command {
            text += &format!("{:?}\n", reader.receipt(command)?);
        }
    }
    let streams: std::collections::BTreeSet<_> = records.iter().map(|r| r.stream).collect();
    for stream in streams {
        text += &format!("{:?}\n", reader.history(stream)?.len());
        text += &match stream {
            Stream::Desk => format!("{:?}\n", reader.rulebook()?),
            Stream::Ticket(id) => format!("{:?}\n", reader.ticket(id)?),
            Stream::Article(id) => format!("{:?}\n", reader.article(id)?),
            Stream::Party(id) => format!("{:?}\n", reader.party(id)?),
        };
    }
    for agent in 1..=3 {
        text += &format!("{:?}\n", reader.workload(firstline_core::AgentId(agent))?);
    }
    let ids = reader.due(Timestamp::MAX, MAX_BATCH)?;
    let list = reader.find(&TicketQuery::default())?;
    let articles = reader.article_changes(0, MAX_BATCH)?;
    let receipts = reader.receipts(None, MAX_BATCH)?;
    let effects = reader.open_effects(0, MAX_BATCH)?;
    Ok(text + &format!("{ids:?}\n{list:?}\n{articles:?}\n{receipts:?}\n{effects:?}\n"))
}
