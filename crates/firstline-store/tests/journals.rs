//! Journals from outside.

use firstline_core::{
    Actor, AgentId, ContactId, Event, OpenTicket, Rulebook, Stream, TicketAction, Timestamp,
    carry_out,
};
use firstline_store::{Entry, Journal, MemoryJournal, SqliteJournal, State, TicketQuery};

const RULES: &str = r#"
name = "Northwind support"
[[lines]]
id = "L1"
[[policies]]
name = "standard"
calendar = "always"
[policies.targets.first_reply]
within = { critical = "15m", high = "1h", medium = "4h", low = "8h" }
"#;

fn a_reply_stops_the_clock(journal: &mut dyn Journal) {
    let rulebook = Rulebook::from_toml(RULES, "desk.toml").unwrap();
    let opened_at: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let reply = TicketAction::Reply { text: "Stand back.".into(), then: None };
    let reader = journal.reader().unwrap();
    for (action, actor, minutes) in
        [(open, Actor::Contact(ContactId(1)), 0), (reply, Actor::Agent(AgentId(1)), 5)]
    {
        let at = opened_at.checked_add_millis(minutes * 60_000).unwrap();
        let mut transaction = journal.begin().unwrap();
        let id = firstline_core::TicketId(1);
        let before = transaction.ticket(id).unwrap();
        let expected = before.as_ref().map_or(0, |stored| stored.version);
        let ticket = before.map(|stored| stored.state);
        let turn = carry_out(ticket, &action, actor, &rulebook, at).unwrap();
        let entry = Entry {
            stream: Stream::Ticket(id),
            expected,
            at,
            actor,
            command: None,
            rulebook: 1,
            events: turn.events.into_iter().map(Event::Ticket).collect(),
            state: State::Ticket(turn.ticket),
        };
        transaction.append(entry).unwrap();
        let uncommitted = reader.version(Stream::Ticket(id)).unwrap();
        assert_eq!(uncommitted, expected);
        transaction.commit().unwrap();
        let is_waiting = reader.next_wake().unwrap().is_some();
        assert_eq!(is_waiting, minutes == 0);
    }
    let page = reader.find(&TicketQuery::default()).unwrap();
    assert_eq!(page.tickets.len(), 1);
    let before = reader.verify().unwrap();
    journal.rebuild().unwrap();
    assert_eq!(reader.verify().unwrap(), before);
    assert_eq!(reader.find(&TicketQuery::default()).unwrap(), page);
}

#[test]
fn in_memory() {
    a_reply_stops_the_clock(&mut MemoryJournal::new());
}

#[test]
fn in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    a_reply_stops_the_clock(&mut SqliteJournal::open(folder.path().join("desk.sqlite")).unwrap());
}
