//! Tickets want to be woken, and are.

use firstline_core::{Actor, Party, PartyId, PlanId, Status, TicketAction, TicketId, Timestamp};

use super::clerk::{AGENT, CUSTOMER, Clerk, reply, request, service};
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::journal::{Journal, MAX_BATCH, Reader};

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    the_earliest_is_woken_first,
    a_timer_follows_its_ticket,
    a_transaction_knows_the_timers_of_what_it_wrote,
    a_plan_comes_at_its_date
];

fn the_earliest_is_woken_first(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let mut ids = Vec::new();
    for minutes in [3, 0, 3, 1] {
        ids.push(clerk.open(journal, request("Printer"))?);
        clerk.wait_minutes(minutes);
    }
    let reader = journal.reader()?;
    let wakes = expected(&*reader, &ids)?;
    assert_eq!(wakes.len(), ids.len());
    let numbers: Vec<TicketId> = wakes.iter().map(|(_, id)| *id).collect();
    assert_eq!(reader.next_wake()?, Some(wakes[0].0));
    assert_eq!(reader.due(Timestamp::MAX, MAX_BATCH)?, numbers);
    assert_eq!(reader.due(Timestamp::MAX, 2)?, numbers[..2]);
    assert_eq!(reader.due(Timestamp::MAX, 0)?, []);
    assert_eq!(reader.due(Timestamp::MIN, usize::MAX)?, []);
    for (at, _) in &wakes {
        let until = wakes.iter().filter(|(other, _)| other <= at).count();
        assert_eq!(reader.due(*at, MAX_BATCH)?, numbers[..until]);
    }
    Ok(())
}

fn a_timer_follows_its_ticket(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let ids = [clerk.open(journal, request("Printer"))?, clerk.open(journal, request("Screen"))?];
    let reader = journal.reader()?;
    let check = |what: &str| -> Result<(), StoreError> {
        let wakes = expected(&*reader, &ids)?;
        let numbers: Vec<TicketId> = wakes.iter().map(|(_, id)| *id).collect();
        assert_eq!(reader.next_wake()?, wakes.first().map(|(at, _)| *at), "{what}");
        assert_eq!(reader.due(Timestamp::MAX, MAX_BATCH)?, numbers, "{what}");
        Ok(())
    };
    check("both are new")?;
    clerk.wait_minutes(10);
    clerk.act(journal, ids[0], AGENT, &reply("Is it plugged in?"))?;
    check("one is answered")?;
    let wait = TicketAction::Reply { text: "Try it.".into(), then: Some(Status::Pending) };
    clerk.act(journal, ids[0], AGENT, &wait)?;
    check("one waits for the customer")?;
    // Woken when they ask for it, they ask for a later moment until there is none.
    let mut rounds = 0;
    while let Some(at) = reader.next_wake()? {
        clerk.now = at;
        for id in reader.due(at, MAX_BATCH)? {
            clerk.act(journal, id, Actor::System, &TicketAction::Wake)?;
        }
        assert!(reader.next_wake()?.is_none_or(|next| next > at));
        check("all that was due is awake")?;
        rounds += 1;
    }
    assert!(rounds > 1);
    clerk.act(journal, ids[0], CUSTOMER, &reply("No."))?;
    check("the customer is back")?;
    for id in ids {
        let resolve = TicketAction::ChangeStatus { to: Status::Resolved, hold: None };
        clerk.act(journal, id, AGENT, &resolve)?;
    }
    check("all is done")?;
    assert_eq!(reader.next_wake()?, None);
    reader.verify()?;
    Ok(())
}

fn a_transaction_knows_the_timers_of_what_it_wrote(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = Clerk::new();
    let mut ids = vec![clerk.open(journal, request("Printer"))?];
    clerk.wait_minutes(1);
    ids.push(clerk.open(journal, request("Screen"))?);
    let mut transaction = journal.begin()?;
    let to = |to| TicketAction::ChangeStatus { to, hold: None };
    let mut wakes = Vec::new();
    for (who, action) in [
        (CUSTOMER, reply("It smokes, too.")),
        (AGENT, reply("Is it plugged in?")),
        (CUSTOMER, reply("Yes.")),
        (CUSTOMER, to(Status::Resolved)),
        (CUSTOMER, to(Status::Open)),
    ] {
        let entry = clerk.on_ticket(&*transaction, ids[0], who, &action)?;
        transaction.append(entry)?;
        let wake = transaction.next_wake()?;
        assert_eq!(wake, expected(&*transaction, &ids)?.first().map(|(at, _)| *at));
        wakes.push(wake);
    }
    wakes.dedup();
    assert!(wakes.len() > 1, "nothing was to be told apart: {wakes:?}");
    transaction.commit()?;
    journal.reader()?.verify()?;
    Ok(())
}

fn a_plan_comes_at_its_date(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = Clerk::new();
    let at = |ms: i64| clerk_time(ms);
    let ids = [PartyId::Plan(PlanId(1)), PartyId::Plan(PlanId(2)), PartyId::Plan(PlanId(3))];
    for (id, next) in ids.into_iter().zip([Some(at(2_000)), Some(at(1_000)), None]) {
        let party = Party::Plan(service("Service".to_owned(), next));
        Clerk::write(journal, |reader| clerk.of_party(reader, id, party))?;
    }
    let reader = journal.reader()?;
    assert_eq!(reader.next_wake()?, Some(at(1_000)));
    assert_eq!(reader.parties_due(at(999), MAX_BATCH)?, []);
    assert_eq!(reader.parties_due(at(1_000), MAX_BATCH)?, ids[1..2]);
    assert_eq!(reader.parties_due(Timestamp::MAX, MAX_BATCH)?, [ids[1], ids[0]]);
    assert_eq!(reader.parties_due(Timestamp::MAX, 1)?, ids[1..2]);
    // It goes on, or rests.
    let again = Party::Plan(service("Service".to_owned(), Some(at(3_000))));
    Clerk::write(journal, |reader| clerk.of_party(reader, ids[1], again))?;
    let again = Party::Plan(service("Service".to_owned(), None));
    Clerk::write(journal, |reader| clerk.of_party(reader, ids[0], again))?;
    assert_eq!(reader.parties_due(Timestamp::MAX, MAX_BATCH)?, ids[1..2]);
    assert_eq!(reader.next_wake()?, Some(at(3_000)));
    reader.verify()?;
    journal.rebuild()?;
    assert_eq!(reader.parties_due(Timestamp::MAX, MAX_BATCH)?, ids[1..2]);
    Ok(())
}

fn clerk_time(ms: i64) -> Timestamp {
    Timestamp::from_millis(1_900_000_000_000 + ms).expect("it is a moment")
}

/// What the tickets themselves say about when to wake them.
fn expected(
    reader: &dyn Reader,
    ids: &[TicketId],
) -> Result<Vec<(Timestamp, TicketId)>, StoreError> {
    let mut wakes = Vec::new();
    for &id in ids {
        let ticket = reader.ticket(id)?.expect("it was opened");
        wakes.extend(ticket.state.poll_timeout().map(|at| (at, id)));
    }
    wakes.sort();
    Ok(wakes)
}
