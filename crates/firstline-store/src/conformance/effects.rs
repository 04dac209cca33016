//! What records ask of the host is handed out until the host says that it is done.

use std::time::Duration;

use firstline_core::{
    AgentId, ClockKey, ERASED, Event, Metric, PartyId, Rung, Stream, TicketEvent, TicketFact,
    TicketId, Timestamp, apply,
};

use super::clerk::{AGENT, Clerk, reply, request};
use super::records::everything;
use super::{Chapter, chapters};
use crate::error::StoreError;
use crate::export::{export, import};
use crate::journal::{Entry, Journal, MAX_BATCH, Reader, State};
use crate::memory::MemoryJournal;
use crate::outbox::{Delivery, Failed, HandOut, MAX_DELAY, Standing};

pub(super) const CHAPTERS: &[Chapter] = &chapters![
    effects_of_a_ticket_come_in_order_and_those_of_others_beside_them,
    what_is_not_acknowledged_comes_again_when_its_lease_ends,
    what_fails_is_tried_again_until_it_is_a_dead_letter,
    what_is_never_answered_becomes_a_dead_letter,
    a_clock_that_was_wrong_holds_nothing_back,
    a_clock_that_ran_back_holds_nothing_back,
    an_effect_is_there_if_and_only_if_its_record_is,
    what_was_imported_is_not_done_again,
    the_outbox_outlives_rebuilding_and_forgets_words,
];

const FIVE: Duration = Duration::from_secs(300);

/// Records that somebody is to be told.
pub(crate) fn notify(
    clerk: &Clerk,
    reader: &dyn Reader,
    id: TicketId,
    roles: &[&str],
) -> Result<Entry, StoreError> {
    let stored = reader.ticket(id)?.expect("it was opened");
    let mut state = stored.state;
    let mut events = Vec::new();
    for role in roles {
        let step = Rung { clock: ClockKey::from(Metric::Resolution), cycle: 1, ladder: 0, step: 0 };
        let fact = TicketFact::Notified { role: (*role).into(), step };
        let event = TicketEvent::new(clerk.now, fact);
        state = apply(Some(state), &event).expect("it can happen");
        events.push(Event::Ticket(event));
    }
    let (stream, expected, rulebook) = (Stream::Ticket(id), stored.version, 1);
    let (at, state) = (clerk.now, State::Ticket(state));
    Ok(Entry { stream, expected, at, actor: AGENT, command: None, rulebook, events, state })
}

/// Two tickets: on the first the lead, the boss and the owner are to be told, on the second the lead.
fn asked(journal: &mut dyn Journal) -> Result<Clerk, StoreError> {
    let mut clerk = Clerk::new();
    let (first, second) =
        (clerk.open(journal, request("Printer"))?, clerk.open(journal, request("Screen"))?);
    clerk.wait_minutes(1);
    Clerk::write(journal, |reader| notify(&clerk, reader, first, &["lead", "boss"]))?;
    Clerk::write(journal, |reader| notify(&clerk, reader, second, &["lead"]))?;
    Clerk::write(journal, |reader| notify(&clerk, reader, first, &["owner"]))?;
    Ok(clerk)
}

/// Takes what is due, and gives it in words: ticket, role, attempt.
fn take(journal: &mut dyn Journal, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
    journal.hand_out(HandOut { lease: FIVE, attempts: 3, ..HandOut::default() }, now)
}

fn told(deliveries: &[Delivery]) -> String {
    let words = deliveries.iter().map(|it| {
        let role = it.effect.id.as_str().rsplit('.').next().unwrap_or_default();
        format!("{} {role} {}", it.effect.ticket.0, it.attempt)
    });
    words.collect::<Vec<_>>().join(", ")
}

fn records(deliveries: &[Delivery]) -> Vec<u64> {
    deliveries.iter().map(|delivery| delivery.record).collect()
}

fn effects_of_a_ticket_come_in_order_and_those_of_others_beside_them(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let clerk = asked(journal)?;
    let one = HandOut { limit: 1, ..HandOut::default() };
    let first = journal.hand_out(one, clerk.now)?;
    assert_eq!(told(&first), "1 lead 1");
    assert_eq!((first[0].recorded_at, first[0].effect.scheduled_at), (clerk.now, clerk.now));
    let second = take(journal, clerk.now)?;
    assert_eq!(told(&second), "2 lead 1");
    assert_eq!(told(&take(journal, clerk.now)?), "", "all are out, or wait for one that is");
    assert_eq!(journal.acknowledge(&records(&second))?, 1);
    assert_eq!(told(&take(journal, clerk.now)?), "");
    assert_eq!(journal.acknowledge(&records(&first))?, 1);
    assert_eq!(journal.acknowledge(&records(&first))?, 0, "it was acknowledged before");
    let next = take(journal, clerk.now)?;
    assert_eq!(told(&next), "1 boss 1");
    journal.acknowledge(&records(&next))?;
    let last = take(journal, clerk.now)?;
    assert_eq!(told(&last), "1 owner 1");
    let reader = journal.reader()?;
    assert_eq!(reader.open_effects(0, MAX_BATCH)?.len(), 1);
    reader.verify()?;
    assert_eq!(journal.acknowledge(&[0, last[0].record, last[0].record, u64::MAX])?, 1);
    assert_eq!(reader.open_effects(0, MAX_BATCH)?, []);
    assert_eq!(reader.effects_due(Timestamp::MAX, MAX_BATCH)?, []);
    reader.verify()?;
    Ok(())
}

fn what_is_not_acknowledged_comes_again_when_its_lease_ends(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = asked(journal)?;
    let first = take(journal, clerk.now)?;
    assert_eq!(told(&first), "1 lead 1, 2 lead 1");
    clerk.wait_minutes(4);
    assert_eq!(told(&take(journal, clerk.now)?), "");
    clerk.wait_minutes(1);
    assert_eq!(first[0].leased_until, clerk.now);
    let again = take(journal, clerk.now)?;
    assert_eq!(told(&again), "1 lead 2, 2 lead 2");
    assert_eq!(again[0].effect, first[0].effect, "under the same key");
    // Whoever had it first was slow and not dead, and has done it.
    assert_eq!(journal.acknowledge(&records(&first))?, 2);
    assert_eq!(told(&take(journal, clerk.now)?), "1 boss 1");
    journal.reader()?.verify()?;
    Ok(())
}

fn what_fails_is_tried_again_until_it_is_a_dead_letter(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = asked(journal)?;
    let first = take(journal, clerk.now)?[0].clone();
    let failed = |attempt, retry| Failed {
        record: first.record,
        attempt,
        reason: "no such mailbox".to_owned(),
        retry,
    };
    let soon = Some(Duration::from_secs(60));
    assert!(journal.fail(&failed(1, soon), clerk.now)?);
    assert!(!journal.fail(&failed(2, None), clerk.now)?, "there was no such attempt");
    assert_eq!(told(&take(journal, clerk.now)?), "", "the rest of the ticket waits as well");
    clerk.wait_minutes(1);
    assert_eq!(told(&take(journal, clerk.now)?), "1 lead 2");
    assert!(!journal.fail(&failed(1, None), clerk.now)?, "it was handed out again since");
    assert!(journal.fail(&failed(2, None), clerk.now)?);
    let reader = journal.reader()?;
    let dead = reader.open_effect(first.record)?.expect("it is still there");
    assert_eq!((dead.standing, dead.attempts), (Standing::Dead, 2));
    assert_eq!(dead.reason.as_deref(), Some("no such mailbox"));
    assert!(!journal.fail(&failed(2, soon), clerk.now)?, "it is dead");
    reader.verify()?;
    let next = take(journal, clerk.now)?;
    assert_eq!(told(&next), "1 boss 1", "nothing waits for the dead");
    // The mailbox is there now. It comes before what else is left of its ticket.
    assert!(journal.requeue(first.record, clerk.now)?);
    assert!(!journal.requeue(first.record, clerk.now)?, "it lives");
    assert!(!journal.requeue(next[0].record, clerk.now)?);
    reader.verify()?;
    journal.acknowledge(&records(&next))?;
    let again = take(journal, clerk.now)?;
    assert_eq!(told(&again), "1 lead 1");
    journal.acknowledge(&records(&again))?;
    assert_eq!(told(&take(journal, clerk.now)?), "1 owner 1");
    reader.verify()?;
    Ok(())
}

fn what_is_never_answered_becomes_a_dead_letter(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let mut clerk = asked(journal)?;
    for attempt in 1..=3 {
        assert_eq!(told(&take(journal, clerk.now)?), format!("1 lead {attempt}, 2 lead {attempt}"));
        clerk.wait_minutes(5);
    }
    assert_eq!(told(&take(journal, clerk.now)?), "1 boss 1");
    let open = journal.reader()?.open_effects(0, MAX_BATCH)?;
    let dead: Vec<_> = open.iter().filter(|open| open.standing == Standing::Dead).collect();
    assert_eq!(dead.len(), 2);
    assert_eq!(dead[0].reason.as_deref(), Some("handed out 3 times, never acknowledged"));
    // What is done after all can be acknowledged, dead or not.
    assert_eq!(journal.acknowledge(&[dead[0].record, dead[1].record])?, 2);
    journal.reader()?.verify()?;
    Ok(())
}

fn a_clock_that_was_wrong_holds_nothing_back(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = asked(journal)?;
    // Somebody took all with a clock a year ahead, and died.
    let year = clerk.now.checked_add_millis(365 * 24 * 3_600_000).expect("it is a moment");
    assert_eq!(told(&take(journal, year)?), "1 lead 1, 2 lead 1");
    assert_eq!(told(&take(journal, clerk.now)?), "1 lead 2, 2 lead 2");
    assert_eq!(told(&take(journal, clerk.now)?), "");
    // No lease is longer than the longest.
    let forever = HandOut { lease: Duration::MAX, ..HandOut::default() };
    let later = clerk.now.checked_add_millis(300_000).expect("it is a moment");
    let leased = journal.hand_out(forever, later)?;
    let most = i64::try_from(MAX_DELAY.as_millis()).expect("it is an hour");
    assert_eq!(Some(leased[0].leased_until), later.checked_add_millis(most));
    assert_eq!(told(&take(journal, leased[0].leased_until)?), "1 boss 1");
    Ok(())
}

fn a_clock_that_ran_back_holds_nothing_back(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let clerk = asked(journal)?;
    let minutes =
        |minutes: i64| clerk.now.checked_add_millis(minutes * 60_000).expect("it is a moment");
    // What was never tried does not wait until the clock is again where it was when it was asked for.
    let first = take(journal, minutes(-30))?;
    assert_eq!(told(&first), "1 lead 1, 2 lead 1");
    journal.acknowledge(&records(&first))?;
    let next = take(journal, minutes(-30))?;
    assert_eq!(told(&next), "1 boss 1");
    // What was tried does, but not for longer than an hour, whatever was asked for.
    let (record, attempt) = (next[0].record, next[0].attempt);
    let retry = Some(Duration::from_secs(30 * 24 * 3_600));
    let failed = Failed { record, attempt, reason: "no such mailbox".to_owned(), retry };
    assert!(journal.fail(&failed, minutes(0))?);
    assert_eq!(told(&take(journal, minutes(59))?), "");
    assert_eq!(told(&take(journal, minutes(60))?), "1 boss 2");
    // A dead letter that is given a new life is as good as new.
    let dead = Failed { attempt: 2, retry: None, ..failed };
    assert!(journal.fail(&dead, minutes(60))?);
    let last = take(journal, minutes(60))?;
    journal.acknowledge(&records(&last))?;
    assert!(journal.requeue(record, minutes(60))?);
    assert_eq!(told(&take(journal, minutes(0))?), "1 boss 1");
    Ok(())
}

fn an_effect_is_there_if_and_only_if_its_record_is(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let clerk = Clerk::new();
    let id = clerk.open(journal, request("Printer"))?;
    let mut transaction = journal.begin()?;
    let entry = notify(&clerk, &*transaction, id, &["lead", "boss"])?;
    transaction.append(entry)?;
    assert_eq!(transaction.open_effects(0, MAX_BATCH)?.len(), 2);
    assert_eq!(transaction.effects_due(clerk.now, MAX_BATCH)?.len(), 1);
    drop(transaction);
    assert_eq!(journal.reader()?.open_effects(0, MAX_BATCH)?, []);
    Clerk::write(journal, |reader| notify(&clerk, reader, id, &["lead"]))?;
    let open = journal.reader()?.open_effects(0, MAX_BATCH)?;
    assert_eq!(open.len(), 1);
    assert_eq!(Some(open[0].record), journal.reader()?.head()?.map(|head| head.seq));
    assert_eq!(journal.reader()?.open_effects(open[0].record, MAX_BATCH)?, []);
    Ok(())
}

fn what_was_imported_is_not_done_again(journal: &mut dyn Journal) -> Result<(), StoreError> {
    let mut other = MemoryJournal::new();
    let clerk = asked(&mut other)?;
    let mut lines = Vec::new();
    export(&*other.reader()?, &mut lines, &mut |_| ())?;
    import(journal, &mut &lines[..], &mut |_| ())?;
    assert_eq!(told(&take(journal, clerk.now)?), "");
    // What happens from now on is.
    Clerk::write(journal, |reader| notify(&clerk, reader, TicketId(1), &["auditor"]))?;
    assert_eq!(told(&take(journal, clerk.now)?), "1 auditor 1");
    journal.reader()?.verify()?;
    Ok(())
}

fn the_outbox_outlives_rebuilding_and_forgets_words(
    journal: &mut dyn Journal,
) -> Result<(), StoreError> {
    let clerk = asked(journal)?;
    let contact = firstline_core::ContactId(1);
    Clerk::write(journal, |reader| clerk.on_party(reader, PartyId::Contact(contact), "Ada"))?;
    let bob = PartyId::Agent(AgentId(1));
    Clerk::write(journal, |reader| clerk.on_party(reader, bob, "Bob"))?;
    clerk.act(journal, TicketId(1), AGENT, &reply("Dear Ada"))?;
    let first = take(journal, clerk.now)?;
    let reason = "ada@northwind.example is unknown".to_owned();
    let (record, attempt) = (first[0].record, first[0].attempt);
    journal.fail(&Failed { record, attempt, reason, retry: Some(FIVE) }, clerk.now)?;
    let reader = journal.reader()?;
    let before = (reader.open_effects(0, MAX_BATCH)?, everything(&*reader)?);
    journal.rebuild()?;
    assert_eq!((reader.open_effects(0, MAX_BATCH)?, everything(&*reader)?), before);
    journal.erase(contact, AGENT, clerk.now)?;
    let open = reader.open_effects(0, MAX_BATCH)?;
    assert_eq!((open.len(), open[0].reason.as_deref()), (4, Some(ERASED)));
    reader.verify()?;
    Ok(())
}
