//! Tickets that are found by what was said on them, and what of it is for whom.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    Asking, Attachment, Command, Contact, ContactId, Correction, Desk, Event, Impact, OpenTicket,
    Role, Rulebook, Status, TicketAction, TicketFact, TicketFilter, TicketId, TicketQuery,
    Visibility,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{ADA, RULES, ada, bob, desk, introduce, moment, monday};

const EVE: ContactId = ContactId(2);

fn asking() -> Asking {
    Asking { me: Some(crate::fixture::BOB), ..Asking::at(moment("2026-03-02T09:00:00+01:00")) }
}

fn open(desk: &Desk, subject: &str, text: &str) -> TicketId {
    desk.open_ticket(ada(), OpenTicket::new(ADA, subject, text)).unwrap()
}

/// The numbers of a list, page by page, which are as many as are counted.
fn list(desk: &Desk, typed: &str, seen_by: Role) -> Vec<u64> {
    let asked = desk.rulebook().read_filter(typed, &asking()).unwrap();
    let filter = desk.narrow(&asked, seen_by).unwrap();
    let mut query = TicketQuery { limit: 2, ..filter.clone().into() };
    let mut found = Vec::new();
    loop {
        let page = desk.tickets(&query).unwrap();
        found.extend(page.tickets.iter().map(|found| found.id.0));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(desk.count(&filter).unwrap(), found.len() as u64, "{typed}");
    found
}

#[track_caller]
fn finds(desk: &Desk, typed: &str, expected: &[u64]) {
    assert_eq!(list(desk, typed, Role::Agent), expected, "{typed}");
}

#[test]
fn what_was_said_finds_its_ticket_at_once_beside_all_else_that_a_list_asks() {
    let desk = desk();
    let jam = open(&desk, "Paper jam", "Both printers on the third floor are jammed.");
    let cable = open(&desk, "Cable", "The printer is not in the network.");
    open(&desk, "Scanner", "It hums.");
    finds(&desk, "printer", &[2, 1]);
    finds(&desk, "status:unsolved printer -network", &[1]);
    finds(&desk, "\"third floor\"", &[1]);
    finds(&desk, "\"floor third\"", &[]);
    finds(&desk, "-printer", &[3]);
    // The same whether the index has read it or not.
    desk.catch_up().unwrap();
    desk.reply(bob(), cable, "Is the third cable in?").unwrap();
    finds(&desk, "third printer", &[2, 1]);
    desk.resolve(bob(), jam).unwrap();
    finds(&desk, "third printer status:unsolved", &[2]);
    finds(&desk, "number:1 printer", &[1]);
    finds(&desk, "number:3 printer", &[]);
    desk.catch_up().unwrap();
    finds(&desk, "third printer", &[2, 1]);
}

#[test]
fn a_note_is_found_by_agents_and_no_word_of_it_leaves_for_a_customer() {
    let desk = desk();
    let ticket = open(&desk, "Printer", "It is on fire.");
    desk.add_note(bob(), ticket, "The customer is a nuisance.").unwrap();
    desk.hand_over(bob(), ticket, "L2", None).unwrap();
    desk.reply(bob(), ticket, "Stand back.").unwrap();
    let photo = |message| {
        let file = Attachment {
            name: format!("photo {message}.jpg"),
            media_type: "image/jpeg".into(),
            size: 9,
            hash: "sha256:9".into(),
            locator: "s3://x".into(),
        };
        desk.execute(Command::ticket(
            bob(),
            ticket,
            TicketAction::Attach { message: Some(message), files: vec![file] },
        ))
        .unwrap();
    };
    photo(2);
    photo(3);
    for _ in 0..2 {
        assert_eq!(list(&desk, "nuisance", Role::Agent), [1]);
        assert_eq!(list(&desk, "nuisance", Role::Contact), [] as [u64; 0]);
        assert_eq!(list(&desk, "fire stand", Role::Contact), [1]);
        desk.catch_up().unwrap();
    }
    let seen = |role| {
        let seen = desk.timeline_seen_by(ticket, role).unwrap();
        seen.into_iter().map(|seen| seen.event.fact).collect::<Vec<_>>()
    };
    assert_eq!(seen(Role::Agent).len(), desk.timeline(ticket).unwrap().len());
    let told: Vec<String> = seen(Role::Contact)
        .iter()
        .map(|fact| match fact {
            TicketFact::Opened { subject, .. } => format!("opened: {subject}"),
            TicketFact::MessageAdded { text, .. } => format!("said: {text}"),
            TicketFact::StatusChanged { to, .. } => format!("is {to}"),
            TicketFact::Attached { files, .. } => format!("file: {}", files[0].name),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["opened: Printer", "said: Stand back.", "is open", "file: photo 3.jpg"]);
}

#[test]
fn what_an_agent_is_to_sign_is_told_to_no_customer() {
    let desk = desk();
    let (ticket, other) = (open(&desk, "Printer", "It burns."), open(&desk, "Scanner", "It too."));
    let act = |ticket, action: &str| {
        let action: TicketAction = serde_json::from_str(action).unwrap();
        desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
    };
    let ask = |ticket, what: &str, of: &str| {
        act(ticket, &format!(r#"{{"approval": {{"ask": {{"what": "{what}"{of}}}}}}}"#));
    };
    let withdraw = |ticket, number: u32| {
        let which = format!(r#""approval": {number}, "reason": "no need""#);
        act(ticket, &format!(r#"{{"approval": {{"withdraw": {{{which}}}}}}}"#));
    };
    let (of_bob, of_ada) = (r#", "of": {"agent": 1}"#, r#", "of": {"contact": 1}"#);
    ask(ticket, "internal: is Ada worth the discount?", of_bob);
    ask(other, "internal: is the scanner?", of_bob);
    ask(ticket, "the price", of_ada);
    let merge = |action: &str| act(other, action);
    // What comes with a ticket, and goes with it, has a number in between.
    merge(r#"{"merge_into": {"ticket": 1}}"#);
    withdraw(ticket, 3);
    merge(r#""undo_merge""#);
    ask(ticket, "the way there", "");
    (1..=3).for_each(|number| withdraw(ticket, number));
    let seen = desk.timeline_seen_by(ticket, Role::Contact).unwrap();
    let told = seen.iter().filter_map(|seen| match &seen.event.fact {
        TicketFact::Approval(fact) => Some(serde_json::to_value(fact).unwrap()),
        _ => None,
    });
    let told: Vec<String> = told
        .map(|fact| {
            let (how, of) = fact.as_object().unwrap().iter().next().unwrap();
            format!("{how} {}{}", of["what"], of["approval"])
        })
        .collect();
    let expected = [
        "asked \"the price\"null",
        "asked \"the way there\"null",
        "withdrawn null2",
        "withdrawn null3",
    ];
    assert_eq!(told, expected);
    assert!(!format!("{seen:?}").contains("internal"), "{seen:?}");
}

#[test]
fn a_ticket_stands_under_its_corrected_subject_wherever_it_is_looked_for() {
    let desk = desk();
    let wrong = open(&desk, "Scanner stuck at calibration", "Please help.");
    let alike = open(&desk, "Projector overheats after minutes", "Please come.");
    let correct = |subject: &str| {
        let subject = Some(subject.to_owned());
        desk.correct(bob(), wrong, Correction { subject, ..Correction::default() }).unwrap();
    };
    let is_similar = || {
        let similar = desk.similar(alike, 5).unwrap().tickets.into_iter();
        similar.map(|it| (it.ticket, it.subject)).collect::<Vec<_>>()
    };
    finds(&desk, "calibration", &[1]);
    desk.similar(alike, 5).unwrap();
    correct("Projector overheats after an hour");
    for _ in 0..2 {
        finds(&desk, "calibration", &[]);
        finds(&desk, "projector hour", &[1]);
        assert_eq!(is_similar(), [(wrong, "Projector overheats after an hour".to_owned())]);
        desk.catch_up().unwrap();
    }
    desk.erase(bob(), ADA).unwrap();
    finds(&desk, "projector", &[]);
}

#[test]
fn what_was_merged_is_found_where_it_lives_on_and_what_was_erased_is_not_found() {
    let desk = desk();
    desk.save_contact(EVE, Contact::new("Eve")).unwrap();
    let jam = open(&desk, "Paper jam", "Again.");
    let hum = open(&desk, "Noise", "The fuser hums.");
    let merge = TicketAction::MergeInto { ticket: jam };
    desk.execute(Command::ticket(bob(), hum, merge)).unwrap();
    finds(&desk, "fuser jam", &[1]);
    finds(&desk, "fuser status:unsolved", &[1]);
    desk.catch_up().unwrap();
    finds(&desk, "fuser jam", &[1]);
    desk.execute(Command::ticket(bob(), hum, TicketAction::UndoMerge)).unwrap();
    finds(&desk, "fuser jam", &[]);
    finds(&desk, "fuser", &[2]);
    desk.catch_up().unwrap();
    finds(&desk, "fuser", &[2]);
    desk.erase(bob(), ADA).unwrap();
    finds(&desk, "fuser", &[]);
    desk.catch_up().unwrap();
    finds(&desk, "fuser", &[]);
    finds(&desk, "erased", &[]);
    finds(&desk, "-fuser", &[2, 1]);
}

#[test]
fn a_view_may_ask_for_words() {
    let view =
        "[[views]]\nname = \"Fires\"\nfilter = \"status:unsolved fire -\\\"false alarm\\\"\"\n";
    let rules = Rulebook::from_toml(&format!("{RULES}{view}"), "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, monday()).unwrap();
    introduce(&desk);
    open(&desk, "Printer", "It is on fire.");
    let second = open(&desk, "Scanner", "Fires everywhere");
    desk.reply(ada(), second, "A false alarm.").unwrap();
    let views = desk.views(&asking()).unwrap();
    let fires = views.iter().find(|view| view.name == "Fires").unwrap();
    assert_eq!(fires.tickets, 1);
    let filter = desk.narrow(&fires.asked, Role::Agent).unwrap();
    assert_eq!(desk.tickets(&filter.into()).unwrap().tickets[0].id, TicketId(1));
}

#[test]
fn the_index_is_made_again_when_it_is_gone_and_shared_by_two_processes() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Desk::open_with_time(folder.path(), crate::fixture::rules(), monday()).unwrap();
    let one = start();
    introduce(&one);
    open(&one, "Printer", "It is on fire.");
    one.catch_up().unwrap();
    let other = start();
    open(&other, "Scanner", "No fire.");
    finds(&one, "fire", &[2, 1]);
    other.catch_up().unwrap();
    finds(&one, "fire", &[2, 1]);
    drop((one, other));
    std::fs::remove_dir_all(folder.path().join("conversations")).unwrap();
    finds(&start(), "fire", &[2, 1]);
}

/// What somebody does to the tickets of a small desk, of which the numbers pick some.
#[derive(Clone, Debug)]
enum Step {
    Opens(bool, String),
    Says(usize, bool, String),
    Notes(usize, String),
    Merges(usize, usize),
    Separates(usize),
    Splits(usize),
    HandsOver(usize),
    Rests,
    Erases,
}

/// Words that have nothing but themselves in common, and two forms of one.
const WORDS: [(&str, &str); 6] = [
    ("printer", "printer"),
    ("printers", "printer"),
    ("fire", "fire"),
    ("кабель", "кабель"),
    ("E1042", "e1042"),
    ("jam", "jam"),
];

fn text() -> impl Strategy<Value = String> {
    let word = select(WORDS.map(|(word, _)| word).to_vec());
    prop::collection::vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn step() -> impl Strategy<Value = Step> {
    let ticket = || 0..6_usize;
    prop_oneof![
        4 => (any::<bool>(), text()).prop_map(|(eve, text)| Step::Opens(eve, text)),
        4 => (ticket(), any::<bool>(), text()).prop_map(|(of, agent, text)| Step::Says(of, agent, text)),
        3 => (ticket(), text()).prop_map(|(of, text)| Step::Notes(of, text)),
        2 => (ticket(), ticket()).prop_map(|(of, into)| Step::Merges(of, into)),
        1 => ticket().prop_map(Step::Separates),
        1 => ticket().prop_map(Step::Splits),
        1 => ticket().prop_map(Step::HandsOver),
        3 => Just(Step::Rests),
        1 => Just(Step::Erases),
    ]
}

fn carry_out(desk: &Desk, step: &Step) {
    let tickets = desk.count(&TicketFilter::default()).unwrap() as usize;
    let pick = |which: usize| TicketId(1 + (which % tickets.max(1)) as u64);
    let on = |which, by, action| Command::ticket(by, pick(which), action);
    let command = match step.clone() {
        Step::Opens(eve, text) => {
            let who = if eve { EVE } else { ADA };
            let request =
                OpenTicket { impact: Impact::Low, ..OpenTicket::new(who, text.clone(), text) };
            Command::open(firstline::Actor::Contact(who), request)
        }
        Step::Says(of, true, text) => on(of, bob(), TicketAction::Reply { text, then: None }),
        Step::Says(of, false, text) => on(of, ada(), TicketAction::Reply { text, then: None }),
        Step::Notes(of, text) => on(of, bob(), TicketAction::AddNote { text }),
        Step::Merges(of, into) => on(of, bob(), TicketAction::MergeInto { ticket: pick(into) }),
        Step::Separates(of) => on(of, bob(), TicketAction::UndoMerge),
        Step::Splits(of) => {
            on(of, bob(), TicketAction::Split { message: 2, subject: "jam".into() })
        }
        Step::HandsOver(of) => {
            on(of, bob(), TicketAction::HandOver { line: "L2".into(), team: None })
        }
        Step::Rests => return desk.catch_up().unwrap(),
        Step::Erases => {
            desk.erase(bob(), EVE).unwrap();
            return;
        }
    };
    // What the rules refuse changes nothing.
    let _ = desk.execute(command);
}

/// The texts on a ticket and on those that live on in it, by a look at their timelines.
fn texts(desk: &Desk, ticket: TicketId, internal: bool) -> Vec<String> {
    let mut texts = Vec::new();
    for record in desk.timeline(ticket).unwrap() {
        let Event::Ticket(event) = record.event else { continue };
        match event.fact {
            TicketFact::Opened { subject, text, .. } => texts.extend([subject, text]),
            TicketFact::MessageAdded { visibility, text, .. }
                if internal || visibility == Visibility::Public =>
            {
                texts.push(text);
            }
            _ => {}
        }
    }
    for inner in desk.ticket(ticket).unwrap().unwrap().state.took_in {
        texts.extend(self::texts(desk, inner, internal));
    }
    texts
}

/// Whether a text has words side by side, by the plainest way of looking.
fn has(text: &str, words: &str, is_exact: bool) -> bool {
    let forms: BTreeMap<&str, &str> = WORDS.into();
    let form = |word: &str| match is_exact {
        true => word.to_lowercase(),
        false => forms.get(word).map_or_else(|| word.to_lowercase(), |it| (*it).to_owned()),
    };
    let read = |text: &str| text.split(' ').map(form).collect::<Vec<_>>();
    let (text, words) = (read(text), read(words));
    text.windows(words.len()).any(|part| part == words)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_find_what_a_look_at_all_timelines_finds_and_nothing_internal_reaches_a_customer(
        steps in prop::collection::vec(step(), 1..16),
        asked in prop::collection::vec((text(), any::<bool>(), any::<bool>(), any::<bool>()), 1..4),
    ) {
        let desk = desk();
        desk.save_contact(EVE, Contact::new("Eve")).unwrap();
        for step in &steps {
            carry_out(&desk, step);
            let tickets = (1..=desk.count(&TicketFilter::default()).unwrap()).map(TicketId);
            for (words, is_exact, is_excluded, internal) in &asked {
                let typed = match is_exact {
                    true => format!("\"{words}\""),
                    // One word alone: several by their stems are looked for one by one.
                    false => words.split(' ').next().unwrap_or_default().to_owned(),
                };
                let shown = format!("{}{typed}", if *is_excluded { "-" } else { "" });
                let is_there = |id: &TicketId| {
                    let sought = typed.trim_matches('"');
                    texts(&desk, *id, *internal).iter().any(|text| has(text, sought, *is_exact))
                };
                let expected: Vec<u64> =
                    tickets.clone().rev().filter(|id| is_there(id) != *is_excluded).map(|id| id.0).collect();
                let role = if *internal { Role::Agent } else { Role::Contact };
                prop_assert_eq!(list(&desk, &shown, role), expected, "{} after {:?}", shown, step);
            }
        }
        for id in (1..=desk.count(&TicketFilter::default()).unwrap()).map(TicketId) {
            // What the desk writes for itself has a mark here that nothing else has.
            desk.execute(Command::ticket(bob(), id, TicketAction::AddNote { text: "SECRET".into() })).ok();
            desk.execute(Command::ticket(bob(), id, TicketAction::Tag {
                add: ["SECRET".into()].into(), remove: BTreeSet::new(),
            })).ok();
            let decree = TicketAction::ChangeStatus { to: Status::Pending, hold: None };
            desk.execute(Command::ticket(bob(), id, decree)).ok();
            let seen = desk.timeline_seen_by(id, Role::Contact).unwrap();
            let facts: Vec<String> = seen.iter().map(|it| serde_json::to_string(&it.event).unwrap()).collect();
            prop_assert!(facts.iter().all(|fact| !fact.contains("SECRET") && !fact.contains("internal")), "{facts:?}");
            let public = desk.timeline(id).unwrap().into_iter().filter(|record| match &record.event {
                Event::Ticket(event) => {
                    event.fact.said().is_some_and(|(visibility, _)| visibility == Visibility::Public)
                }
                _ => false,
            });
            let told = seen.iter().filter(|seen| seen.event.fact.said().is_some());
            prop_assert_eq!(told.count(), public.count(), "and the customer misses nothing that was said");
        }
    }
}
