//! What only a file can get wrong.

mod damage;
mod file;
#[cfg(unix)]
mod place;
mod sharing;

use std::path::{Path, PathBuf};

use firstline_core::{
    ArticleId, CommandId, ContactId, Party, PartyId, PlanId, Status, TicketAction, TicketFilter,
};
use rusqlite::Connection;
use tempfile::TempDir;

use super::file::open_reader;
use super::*;
use crate::conformance::{
    self, AGENT, CUSTOMER, Clerk, everything, notify, publish, reply, request, service,
};
use crate::journal::Entry;
use crate::outbox::HandOut;
use crate::query::{Sort, TicketQuery};

/// A folder that is gone afterwards, and the file of a desk in it.
fn a_file() -> (TempDir, PathBuf) {
    // Most of what is tested is not about the disk, and is faster without one.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.unwrap();
    let path = folder.path().join("desk.sqlite");
    (folder, path)
}

/// A small desk with something in every table, in a file that nobody has open.
///
/// Its records are 1 rulebook, 2 contact, 3 to 5 first ticket, 6 to 8 second ticket, 9 article, and
/// then the answers to the first ticket.
fn a_desk() -> (TempDir, PathBuf) {
    let (folder, path) = a_file();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let mut clerk = Clerk::new();
    let ada = PartyId::Contact(ContactId(1));
    Clerk::write(&mut journal, |reader| clerk.on_desk(reader, 1)).unwrap();
    Clerk::write(&mut journal, |reader| clerk.on_party(reader, ada, "Ada")).unwrap();
    let mut tagged = request("Printer");
    tagged.tags = ["vip".into()].into();
    let first = clerk.open(&mut journal, tagged).unwrap();
    clerk.open(&mut journal, request("Screen")).unwrap();
    let publish = publish("Reset");
    Clerk::write(&mut journal, |reader| clerk.on_article(reader, ArticleId(1), &publish)).unwrap();
    clerk.wait_minutes(5);
    Clerk::write(&mut journal, |reader| {
        let reply = clerk.on_ticket(reader, first, AGENT, &reply("Is it plugged in?"))?;
        Ok(Entry { command: Some(CommandId(7)), ..reply })
    })
    .unwrap();
    clerk.wait_minutes(5);
    clerk.act(&mut journal, first, CUSTOMER, &reply("It is.")).unwrap();
    let assign = TicketAction::Assign { agent: Some(firstline_core::AgentId(1)) };
    clerk.act(&mut journal, first, AGENT, &assign).unwrap();
    journal.reader().unwrap().verify().unwrap();
    (folder, path)
}

/// Does something to the file behind the journal's back.
fn meddle(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// Every row of every derived table, in order, as text.
fn derived(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut text = Vec::new();
    for table in state::DERIVED {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..columns).map(|column| row.get_ref(column).unwrap());
            text.push(format!("{table} {:?}", values.collect::<Vec<_>>()));
        }
    }
    text.sort();
    text
}

#[test]
fn it_passes_the_examination() {
    let mut folders = Vec::new();
    conformance::check(|| {
        let (folder, path) = a_file();
        folders.push(folder);
        Box::new(SqliteJournal::open(path).unwrap())
    });
}

#[test]
fn it_passes_the_examination_at_every_level_of_durability() {
    for durability in [Durability::Batch, Durability::None] {
        let mut folders = Vec::new();
        conformance::check(|| {
            let (folder, path) = a_file();
            folders.push(folder);
            let options = SqliteOptions { durability, ..SqliteOptions::default() };
            Box::new(SqliteJournal::open_with(path, options).unwrap())
        });
    }
}

#[test]
fn at_the_end_of_time_nothing_is_handed_out_twice_in_one_call() {
    let (_folder, path) = a_file();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let clerk = Clerk::new();
    let ticket = clerk.open(&mut journal, request("Printer")).unwrap();
    let told = ["lead"];
    Clerk::write(&mut journal, |reader| notify(&clerk, reader, ticket, &told)).unwrap();
    let handed_out = journal.hand_out(HandOut::default(), Timestamp::MAX).unwrap();
    let attempts: Vec<u32> = handed_out.iter().map(|delivery| delivery.attempt).collect();
    assert_eq!(attempts, [1]);
}

#[test]
fn derived_tables_come_back_byte_for_byte() {
    let (_folder, path) = a_desk();
    let mut journal = SqliteJournal::open(&path).unwrap();
    let (clerk, id) = (Clerk::new(), PartyId::Plan(PlanId(1)));
    let maintenance = Party::Plan(service("Service".to_owned(), Some(clerk.now)));
    Clerk::write(&mut journal, |reader| clerk.of_party(reader, id, maintenance)).unwrap();
    drop(journal);
    let before = derived(&path);
    for table in state::DERIVED {
        let rows = before.iter().filter(|row| row.starts_with(table)).count();
        assert!(rows > 0, "nothing was tested about `{table}`");
    }
    meddle(&path, "UPDATE ticket SET state = '{}', open = 0; DELETE FROM wake;");
    let mut journal = SqliteJournal::open(&path).unwrap();
    assert!(journal.reader().unwrap().verify().is_err());
    journal.rebuild().unwrap();
    journal.reader().unwrap().verify().unwrap();
    assert_eq!(derived(&path), before);
}

#[test]
fn others_can_look_with_tools_of_their_own() {
    let (_folder, path) = a_desk();
    let connection = Connection::open(&path).unwrap();
    let text = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let overview = "SELECT number || ' ' || subject || ' ' || status || ' ' || line || ' ' || \
                    priority || ' ' || opened || ' ' || ifnull(due, '-') \
                    FROM ticket_overview ORDER BY number";
    assert_eq!(
        text(overview),
        [
            "1 Printer open L1 medium 2026-03-02 09:00:00 2026-03-02 13:10:00",
            "2 Screen new L1 medium 2026-03-02 09:00:00 2026-03-02 13:00:00",
        ]
    );
    let promises = "SELECT metric || ' ' || policy || ' ' || cycle FROM promise WHERE ticket = 1 \
                    AND phase = 'running' ORDER BY metric";
    assert_eq!(text(promises), ["next_reply standard 1", "resolution standard 1"]);
    let timeline = "SELECT happened || ' ' || actor || ' ' || json_extract(fact, '$.message_added.text') \
                    FROM timeline WHERE ticket = 1 AND json_type(fact, '$.message_added') NOT NULL";
    assert_eq!(
        text(timeline),
        ["2026-03-02 09:05:00 agent Is it plugged in?", "2026-03-02 09:10:00 contact It is.",]
    );
}

/// Each command asks for what is due, with another moment and another number of them.
#[test]
fn a_statement_is_not_prepared_anew_for_other_values() {
    let (_folder, path) = a_desk();
    let connection = open_reader(&path, BUSY_TIMEOUT).unwrap();
    let sql = "SELECT ticket FROM wake WHERE at_ms <= ?1 ORDER BY at_ms, ticket LIMIT ?2";
    let mut due = connection.prepare(sql).unwrap();
    for values in [(0, 1), (i64::MAX, 1), (i64::MAX, 256)] {
        due.query_map(values, |row| row.get::<_, u64>(0)).unwrap().for_each(drop);
    }
    assert_eq!(due.get_status(rusqlite::StatementStatus::RePrepare), 0);
}

/// How SQLite goes about a list.
fn plan(query: &TicketQuery) -> String {
    let (_folder, path) = a_desk();
    let (sql, values) = find::statement(query).unwrap();
    let connection = open_reader(&path, BUSY_TIMEOUT).unwrap();
    let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = plan.query_map(rusqlite::params_from_iter(values), |row| row.get(3)).unwrap();
    steps.collect::<Result<Vec<String>, _>>().unwrap().join("; ")
}

#[test]
fn the_queue_of_a_line_is_read_from_an_index_in_order() {
    let filter = TicketFilter {
        statuses: [Status::New, Status::Open].into(),
        lines: ["L1".into()].into(),
        ..TicketFilter::default()
    };
    let plan = plan(&TicketQuery {
        sort: Sort::Due,
        after: Some("due.1772443800000.42".parse().unwrap()),
        ..filter.into()
    });
    assert!(
        plan.contains("COVERING INDEX ticket_queue") && !plan.contains("TEMP B-TREE"),
        "{plan}"
    );
}

#[test]
fn an_agents_desk_and_a_customers_tickets_are_read_from_indexes() {
    let open = [Status::New, Status::Open, Status::Pending, Status::OnHold];
    let agents = TicketFilter {
        statuses: open.into(),
        assignees: [Some(firstline_core::AgentId(1))].into(),
        ..TicketFilter::default()
    };
    let customers = TicketFilter { requesters: [ContactId(1)].into(), ..TicketFilter::default() };
    let agents = plan(&TicketQuery { sort: Sort::Updated, ..agents.into() });
    let customers = plan(&customers.into());
    assert!(agents.contains("ticket_by_assignee"), "{agents}");
    assert!(customers.contains("ticket_by_requester"), "{customers}");
    assert!(!customers.contains("TEMP B-TREE"), "{customers}");
}

#[test]
fn the_latest_of_all_tickets_are_read_from_the_end_of_the_journal() {
    let plan = plan(&TicketQuery {
        sort: Sort::Updated,
        after: Some("updated.9".parse().unwrap()),
        ..TicketQuery::default()
    });
    assert!(plan.contains("SEARCH record USING INTEGER PRIMARY KEY (rowid<?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}
