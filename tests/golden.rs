//! Journals that earlier versions wrote: each must open and verify for ever.
//!
//! `golden/` has a folder for each format that was ever released: the file of a desk, its export, and
//! what was to be read in it. `FIRSTLINE_GOLDEN=NAME cargo test -p tests golden` writes the one of the
//! present version into `golden/NAME`, byte for byte the same as long as nothing changes. One that was
//! released is never written again: if a change makes its test fail, the change would have made journals
//! unreadable. If its records are read and only add up to something else, as [a stale
//! state](firstline::StoreError::Stale) says, the file's schema version has to rise.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use firstline::{
    Actor, ArticleAction, Audience, Command, CommandId, Contact, ContactId, Desk, Error, HandOut,
    HoldReason, OpenTicket, Rulebook, Status, StoreError, TicketAction, TicketId, TicketQuery,
    Timestamp, check_export,
};

use crate::effects::rules;
use crate::fixture::{ada, bob, introduce, moment, monday, request};

const DESK: &str = "desk.sqlite";
const EXPORT: &str = "export.jsonl";
const READ: &str = "read.txt";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

#[test]
fn what_was_ever_written_is_read_for_ever() {
    if let Some(name) = env::var_os("FIRSTLINE_GOLDEN") {
        write(&golden().join(name));
    }
    let Ok(formats) = fs::read_dir(golden()) else {
        return;
    };
    for format in formats {
        let format = format.unwrap().path();
        println!("{}", format.display());
        check(&format);
    }
}

/// Opens a copy, reads, proves, goes on.
fn check(format: &Path) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(format.join(DESK), folder.path().join(DESK)).unwrap();
    let (rules, version) = rules_of(format);
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    let verified = desk.verify().unwrap_or_else(|error| match error {
        Error::Store(StoreError::Stale { what }) => panic!(
            "{}: {what}: its records add up to something else than they did when it was written: \
             raise SCHEMA_VERSION, so that files like it are brought to this version",
            format.display()
        ),
        other => panic!("{}: {other}", format.display()),
    });
    assert_eq!(read(&desk), fs::read_to_string(format.join(READ)).unwrap());
    desk.rebuild().unwrap();
    assert_eq!(desk.verify().unwrap(), verified);

    let lines = || BufReader::new(File::open(format.join(EXPORT)).unwrap());
    assert_eq!(check_export(&mut lines(), None).unwrap(), verified);
    let copy = Desk::in_memory_with_time(rules(), monday()).unwrap();
    assert_eq!(copy.import(&mut lines(), &mut |_| ()).unwrap(), verified);

    for desk in [&desk, &copy] {
        desk.handle_timeout(moment("2027-01-01T00:00:00Z")).unwrap();
        desk.add_note(bob(), TicketId(1), "Still here.").unwrap();
        desk.verify().unwrap();
        // It works on by its own rules, whatever those of other tests have become.
        assert_eq!(desk.rulebook().version(), version);
        assert_eq!(desk.records(verified.records, 1).unwrap()[0].rulebook, version);
    }
}

/// The rules that a journal was written under last, and their version, as its export has them.
fn rules_of(format: &Path) -> (impl Fn() -> Rulebook, u32) {
    let text = fs::read_to_string(format.join(EXPORT)).unwrap();
    let adopted = text.lines().rev().find_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let adopted = line["record"]["event"].get("rulebook")?.clone();
        Some((adopted["source"].as_str()?.to_owned(), adopted["version"].as_u64()?))
    });
    let (source, version) = adopted.expect("every desk has rules");
    let rules = move || Rulebook::from_toml(&source, "golden.toml").unwrap();
    (rules, u32::try_from(version).unwrap())
}

/// What a host relies on, in words that no change of our own words touches.
fn read(desk: &Desk) -> String {
    let head = desk.head().unwrap().unwrap();
    let mut text = format!("{} records, the last {} at {}\n", head.seq, head.hash, head.at);
    let mut page = desk.tickets(&TicketQuery { limit: 100, ..TicketQuery::default() }).unwrap();
    page.tickets.sort_by_key(|found| found.id);
    for found in page.tickets {
        let ticket = found.ticket;
        text += &format!(
            "{} version {}: {} {} on {}, {} messages\n",
            found.id,
            found.version,
            ticket.priority(),
            ticket.status,
            ticket.line,
            ticket.messages
        );
        for (key, clock) in &ticket.clocks {
            text += &format!("  {key} cycle {} breached {}\n", clock.cycle, clock.breach.is_some());
        }
    }
    for open in desk.open_effects(0, 100).unwrap() {
        text += &format!(
            "effect of record {}: {:?}, {} attempts\n",
            open.record, open.standing, open.attempts
        );
    }
    text
}

/// Lives through a bit of everything, and puts it into a folder.
fn write(format: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open_with_time(folder.path(), rules(), monday()).unwrap();
    live(&desk);
    desk.verify().unwrap();
    fs::create_dir_all(format).unwrap();
    for name in [DESK, EXPORT, READ] {
        let _ = fs::remove_file(format.join(name));
    }
    desk.backup(format).unwrap();
    desk.export(&mut File::create(format.join(EXPORT)).unwrap(), &mut |_| ()).unwrap();
    fs::write(format.join(READ), read(&desk)).unwrap();
}

fn live(desk: &Desk) {
    introduce(desk);
    let eve = ContactId(2);
    desk.save_contact(eve, Contact { organization: None, ..Contact::new("Eve") }).unwrap();
    let mut now = moment("2026-03-02T09:00:00+01:00");
    let mut key = 0;
    let mut give = |command: Command, minutes: i64| {
        now = Timestamp::from_millis(now.as_millis() + minutes * 60_000).unwrap();
        key += 1;
        desk.execute(command.at(now).keyed(CommandId(key))).unwrap();
        now
    };
    let on = |by: Actor, ticket, action| Command::ticket(by, TicketId(ticket), action);
    let says = |text: &str, then| TicketAction::Reply { text: text.into(), then };
    let becomes = |to, hold| TicketAction::ChangeStatus { to, hold };
    give(Command::open(ada(), request()), 0);
    give(Command::open(ada(), OpenTicket::new(crate::fixture::ADA, "Plotter", "It hums.")), 1);
    let of_eve = OpenTicket::new(eve, "Password", "I forgot it. It was swordfish.");
    give(Command::open(Actor::Contact(eve), of_eve), 1);
    give(on(bob(), 1, says("What colour is the flame?", Some(Status::Pending))), 5);
    give(on(ada(), 1, says("Blue.", None)), 30);
    give(on(bob(), 1, TicketAction::AddNote { text: "Blue is bad.".into() }), 1);
    give(on(bob(), 1, becomes(Status::OnHold, Some(HoldReason::Vendor))), 1);
    give(on(bob(), 2, TicketAction::Assign { agent: Some(crate::fixture::BOB) }), 1);
    give(on(bob(), 2, TicketAction::HandOver { line: "L2".into(), team: None }), 1);
    let labels = (BTreeSet::from(["hot".into()]), BTreeSet::new());
    give(on(bob(), 2, TicketAction::Tag { add: labels.0, remove: labels.1 }), 1);
    // Nobody answers the second for a day; somebody is told, and is not there.
    let late = give(on(Actor::System, 2, TicketAction::Wake), 24 * 60);
    desk.handle_timeout(late).unwrap();
    let errand = desk.effects(HandOut { limit: 1, ..HandOut::default() }, late).unwrap().remove(0);
    desk.fail(&firstline::Failed { retry: None, ..errand.failed("nobody is there") }, late)
        .unwrap();
    give(on(bob(), 1, becomes(Status::Resolved, None)), 10);
    give(on(ada(), 1, becomes(Status::Open, None)), 10);
    give(on(bob(), 2, TicketAction::MergeInto { ticket: TicketId(1) }), 10);
    give(on(bob(), 2, TicketAction::UndoMerge), 10);
    let publish = |language: &str, title: &str| ArticleAction::Publish {
        language: language.into(),
        title: title.into(),
        body: "Stand back.".into(),
        audience: Some(Audience::Public),
        tags: Some(BTreeSet::new()),
    };
    give(Command::article(bob(), None, publish("en", "The printer burns")), 1);
    let article = Some(firstline::ArticleId(1));
    give(Command::article(bob(), article, publish("ru", "Принтер горит")), 1);
    desk.erase(bob(), eve).unwrap();
}
