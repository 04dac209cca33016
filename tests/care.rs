//! What a host does for its desk once in a while: copies, proofs, erasures; and several processes on
//! one folder.

use std::env;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use firstline::{
    Actor, Command, CommandId, Contact, ContactId, Desk, DeskOptions, Durability, Error, FixedTime,
    Metric, OpenTicket, Question, Rulebook, SignedCheckpoint, SqliteOptions, StoreError,
    TicketAction, TicketId, TicketQuery, Timestamp, check_export, public_key,
};

use crate::fixture::{ADA, BOB, RULES, ada, bob, introduce, moment, monday, request, rules};

/// A host's secret key.
const SECRET: [u8; 32] = [42; 32];

fn open(folder: &Path) -> Desk {
    Desk::open_with_time(folder, rules(), monday()).unwrap()
}

/// A desk with a ticket that was answered and an article.
fn worked(folder: &Path) -> (Desk, TicketId) {
    let desk = open(folder);
    introduce(&desk);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    desk.reply(bob(), ticket, "Stand back, Ada.").unwrap();
    desk.publish(bob(), "en", "The printer burns", "Stand back.").unwrap();
    (desk, ticket)
}

fn everything(desk: &Desk) -> String {
    let tickets = desk.tickets(&TicketQuery::default()).unwrap();
    format!("{:?}\n{tickets:?}\n{:?}", desk.records(0, 10_000).unwrap(), desk.poll_timeout())
}

#[test]
fn a_backup_is_a_desk_and_takes_the_place_of_a_lost_one() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name| folder.path().join(name);
    let (desk, ticket) = worked(&place("desk"));
    let before = everything(&desk);
    desk.backup(place("backup")).unwrap();
    let again = desk.backup(place("backup")).unwrap_err();
    assert!(matches!(again, Error::Store(StoreError::FileExists { .. })), "{again}");
    desk.reply(bob(), ticket, "After the backup.").unwrap();
    drop(desk);
    let in_the_way = Desk::restore(place("backup"), place("desk")).unwrap_err();
    assert!(matches!(in_the_way, Error::Store(StoreError::FileExists { .. })), "{in_the_way}");
    std::fs::remove_dir_all(place("desk")).unwrap();
    Desk::restore(place("backup"), place("desk")).unwrap();
    let desk = open(&place("desk"));
    assert_eq!(everything(&desk), before);
    assert_eq!(desk.search(&Question::new("printer")).unwrap().len(), 1);
    assert!(Desk::restore(place("nothing"), place("other")).is_err());
}

#[test]
fn an_export_makes_the_same_desk_elsewhere_and_proves_itself_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ticket) = worked(&folder.path().join("desk"));
    let checkpoint = desk.checkpoint(&SECRET).unwrap().unwrap();
    desk.reply(ada(), ticket, "It is out.").unwrap();
    let mut lines = Vec::new();
    desk.export(&mut lines, &mut |_| ()).unwrap();

    let copy = open(&folder.path().join("copy"));
    let mut progress = 0;
    let verified = copy.import(&mut &lines[..], &mut |told| progress = told.records).unwrap();
    assert_eq!((verified, progress), (desk.verify().unwrap(), verified.records));
    assert_eq!(everything(&copy), everything(&desk));
    assert_eq!(copy.search(&Question::new("printer")).unwrap().len(), 1);
    copy.reply(bob(), ticket, "Good.").unwrap();
    copy.verify().unwrap();

    // Somebody else has the lines, the checkpoint and the public key, and no desk.
    let public = public_key(&SECRET);
    let check = |lines: &[u8], checkpoint: &SignedCheckpoint, key: &[u8; 32]| {
        check_export(&mut &*lines, Some((checkpoint, key)))
    };
    assert_eq!(check(&lines, &checkpoint, &public).unwrap(), verified);
    let forger = public_key(&[7; 32]);
    let refused = check(&lines, &checkpoint, &forger).unwrap_err();
    assert!(matches!(refused, StoreError::BadSignature { .. }), "{refused}");
    // A history that was written anew verifies, and contradicts the checkpoint.
    let mut rewritten = Vec::new();
    let elsewhere = open(&folder.path().join("elsewhere"));
    introduce(&elsewhere);
    for _ in 0..9 {
        elsewhere.open_ticket(ada(), request()).unwrap();
    }
    elsewhere.export(&mut rewritten, &mut |_| ()).unwrap();
    check_export(&mut &rewritten[..], None).unwrap();
    let refused = check(&rewritten, &checkpoint, &public).unwrap_err();
    assert!(matches!(refused, StoreError::BadSignature { .. }), "{refused}");
    // One that was cut off behind the checkpoint still has it; before it, it has not.
    let text = String::from_utf8(lines).unwrap();
    let cut: String = text.lines().take(5).map(|line| format!("{line}\n")).collect();
    assert!(check(cut.as_bytes(), &checkpoint, &public).is_err());
}

#[test]
fn a_person_is_erased_and_every_minute_is_still_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ticket) = worked(folder.path());
    let told = |desk: &Desk| desk.explain(ticket, Metric::FirstReply, None).unwrap().to_string();
    let before = told(&desk);
    let refused = desk.erase(ada(), ADA).unwrap_err();
    assert_eq!(refused.to_string(), "contact 1 may not erase people: that takes an agent");
    let unknown = desk.erase(bob(), ContactId(9)).unwrap_err();
    assert_eq!(unknown.to_string(), "contact 9 is not registered; save the contact first");
    desk.erase(bob(), ADA).unwrap();
    desk.compact().unwrap();
    desk.verify().unwrap();
    assert_eq!(told(&desk), before);
    let all = everything(&desk);
    for word in ["Ada", "on fire", "Stand back, "] {
        assert!(!all.contains(word), "{word}");
    }
    // The desk goes on, and who comes back is saved again.
    let back = Contact::new("Ada");
    desk.save_contact(ADA, back).unwrap();
    desk.reply(ada(), ticket, "Me again.").unwrap();
    desk.rebuild().unwrap();
    desk.verify().unwrap();
}

/// Rules tell agents what somebody said last, and the host's programs too.
const ECHO: &str = r#"
[[rules]]
name = "tell"
on = ["assigned"]
do = [
    { message = "It is taken care of. Last we heard: {{ ticket.message }}" },
    { webhook = "https://example.com/told", body = '{"said": "{{ ticket.message }}"}' },
]
"#;

#[test]
fn what_rules_repeated_of_a_person_on_the_tickets_of_others_goes_with_them() {
    for on_disk in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let rules = Rulebook::from_toml(&format!("{RULES}{ECHO}"), "rules.toml").unwrap();
        let desk = match on_disk {
            true => Desk::open_with_time(folder.path(), rules, monday()).unwrap(),
            false => Desk::in_memory_with_time(rules, monday()).unwrap(),
        };
        introduce(&desk);
        let eve = ContactId(2);
        desk.save_contact(eve, Contact::new("Eve")).unwrap();
        let ticket = desk.open_ticket(ada(), request()).unwrap();
        desk.reply(Actor::Contact(eve), ticket, "My \"wugglesnort\" burns.").unwrap();
        let assign = TicketAction::Assign { agent: Some(BOB) };
        desk.execute(Command::ticket(bob(), ticket, assign)).unwrap();
        let letters = |desk: &Desk| everything(desk).matches("Last we heard: My").count();
        assert!(everything(&desk).matches("wugglesnort").count() > 2, "{}", everything(&desk));
        assert_eq!(letters(&desk), 1);
        desk.erase(bob(), eve).unwrap();
        assert!(!everything(&desk).contains("wugglesnort"), "{}", everything(&desk));
        assert_eq!(letters(&desk), 0);
        // What Ada said, and others to her, stays.
        assert!(everything(&desk).contains("It is on fire."));
        desk.erase(bob(), eve).unwrap();
        desk.verify().unwrap();
    }
}

#[test]
fn a_command_is_remembered_for_as_long_as_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(24 * 3_600);
    let options = DeskOptions {
        time: Box::new(monday()),
        remember_commands: Some(day),
        ..DeskOptions::default()
    };
    let desk = Desk::open_with(folder.path(), rules(), options).unwrap();
    introduce(&desk);
    let FixedTime(begin) = monday();
    let later = |hours: i64| Timestamp::from_millis(begin.as_millis() + hours * 3_600_000).unwrap();
    let open = |hours| Command::open(ada(), request()).keyed(CommandId(7)).at(later(hours));
    let first = desk.execute(open(0)).unwrap();
    desk.handle_timeout(later(12)).unwrap();
    assert_eq!(desk.execute(open(12)).unwrap(), first);
    desk.handle_timeout(later(25)).unwrap();
    assert_ne!(desk.execute(open(25)).unwrap().stream, first.stream);
    desk.verify().unwrap();
}

/// How many messages the longest ticket of a usual run has.
const LONG: usize = 1_500;

#[test]
fn a_ticket_with_very_many_records_is_loaded_verified_and_exported() {
    let asked = env::var("FIRSTLINE_LONG_TICKET").ok().and_then(|n| n.parse().ok());
    let messages: usize = asked.unwrap_or(LONG);
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    let note = || Command::ticket(bob(), ticket, TicketAction::AddNote { text: "x".into() });
    for batch in (0..messages).step_by(500) {
        let notes = (batch..messages.min(batch + 500)).map(|_| note());
        assert!(desk.execute_all(notes).unwrap().iter().all(Result::is_ok));
    }
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.messages as usize, messages + 1);
    desk.verify().unwrap();
    let mut lines = Vec::new();
    desk.export(&mut lines, &mut |_| ()).unwrap();
    check_export(&mut &lines[..], None).unwrap();
    desk.reply(bob(), ticket, "Still here.").unwrap();
}

/// How many records a usual run imports.
const IMPORTED: u64 = 3_000;

/// With `FIRSTLINE_IMPORT_RECORDS` it takes as many as that, and tells how long and in how much memory.
#[test]
fn very_many_records_are_imported_and_it_is_told_how_far_it_is() {
    let asked = env::var("FIRSTLINE_IMPORT_RECORDS").ok().and_then(|n| n.parse().ok());
    let wanted: u64 = asked.unwrap_or(IMPORTED);
    let folder = tempfile::tempdir().unwrap();
    let unsynced = |name: &str| {
        let journal = SqliteOptions { durability: Durability::Batch, ..SqliteOptions::default() };
        let options = DeskOptions { journal, time: Box::new(monday()), ..DeskOptions::default() };
        Desk::open_with(folder.path().join(name), rules(), options).unwrap()
    };
    let file = folder.path().join("export.jsonl");
    let desk = unsynced("desk");
    introduce(&desk);
    let mut key = 0;
    while desk.head().unwrap().is_some_and(|head| head.seq < wanted) {
        let open = |n: u128| Command::open(ada(), request()).keyed(CommandId(n));
        let opened = desk.execute_all((key..key + 200).map(open)).unwrap();
        assert!(opened.iter().all(Result::is_ok));
        key += 200;
    }
    let mut output = BufWriter::new(File::create(&file).unwrap());
    let exported = desk.export(&mut output, &mut |_| ()).unwrap();
    drop((desk, output));

    let copy = unsynced("copy");
    let mut told = Vec::new();
    let start = Instant::now();
    let mut input = BufReader::new(File::open(&file).unwrap());
    let imported = copy.import(&mut input, &mut |progress| told.push(progress.records)).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(imported, exported);
    assert!(told.is_sorted() && told.len() as u64 >= imported.records / 1_000);
    assert_eq!(told.last(), Some(&imported.records));
    if asked.is_some() {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("unknown");
        println!("import: {} records, verified, in {seconds:.1} s; {peak}", imported.records);
    }
}

/// Tells the child where to work.
const FOLDER: &str = "FIRSTLINE_SHARED_FOLDER";

/// What a child does: opens tickets and answers them. Nothing, unless it is told where.
#[test]
fn child_works_on_a_shared_folder() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let desk = open(Path::new(&folder));
    for _ in 0..15 {
        let ticket = desk.open_ticket(ada(), OpenTicket::new(ADA, "Plotter", "Help.")).unwrap();
        desk.reply(bob(), ticket, "Coming.").unwrap();
    }
}

#[test]
fn several_processes_write_while_another_follows_and_a_long_reader_reads() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    let child = || {
        Process::new(env::current_exe().unwrap())
            .args(["care::child_works_on_a_shared_folder", "--exact"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut children = [child(), child(), child()];
    let mut seen = desk.records(0, 10_000).unwrap();
    loop {
        let is_over = children.iter_mut().all(|child| child.try_wait().unwrap().is_some());
        // A follower asks where the journal ends, which is one look-up, and reads what is new.
        let last = seen.last().map_or(0, |record| record.seq);
        if desk.head().unwrap().is_some_and(|head| head.seq > last) {
            seen.extend(desk.records(last, 10_000).unwrap());
        }
        // It reads everything, in one snapshot, and keeps nobody waiting.
        desk.verify().unwrap();
        if is_over {
            break;
        }
    }
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let last = seen.last().map_or(0, |record| record.seq);
    seen.extend(desk.records(last, 10_000).unwrap());
    assert!(seen.iter().zip(1..).all(|(record, seq)| record.seq == seq));
    assert!(desk.ticket(TicketId(45)).unwrap().is_some_and(|t| t.state.messages == 2));
    assert_eq!(desk.ticket(TicketId(46)).unwrap(), None);
    assert_eq!(seen, desk.records(0, 10_000).unwrap());
    desk.handle_timeout(moment("2026-03-20T12:00:00Z")).unwrap();
    desk.verify().unwrap();
}
