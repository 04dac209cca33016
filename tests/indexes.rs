//! What a desk searches follows its journal: beside others, through damage, and when words must go.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};

use firstline::{
    About, Actor, ArticleAction, ArticleId, Audience, Command, Contact, ContactId, Desk,
    OpenTicket, Question, Role, Rulebook, SearchLag, Solution, TicketAction, TicketId, TicketQuery,
};

use crate::fixture::{ADA, RULES, ada, bob, desk, introduce, monday, rules};

fn open(folder: &Path) -> Desk {
    Desk::open(folder, Rulebook::from_toml(RULES, "rules.toml").unwrap()).unwrap()
}

fn found(desk: &Desk, text: &str) -> Vec<u64> {
    desk.search(&Question::new(text)).unwrap().iter().map(|hit| hit.article.0).collect()
}

fn act(desk: &Desk, article: ArticleId, action: ArticleAction) {
    desk.execute(Command::article(bob(), Some(article), action)).unwrap();
}

fn solve(desk: &Desk, ticket: TicketId, article: ArticleId) {
    let action = TicketAction::SolvedBy { article: Some(article) };
    desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
    desk.resolve(bob(), ticket).unwrap();
}

#[test]
fn what_is_deleted_or_damaged_under_an_open_desk_comes_back_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    desk.publish(bob(), "en", "Printer", "It prints.").unwrap();
    let ticket = desk.open_ticket(ada(), OpenTicket::new(ADA, "Printer", "It hums.")).unwrap();
    desk.open_ticket(ada(), OpenTicket::new(ADA, "Printer", "It hums again.")).unwrap();
    desk.catch_up().unwrap();
    let folders = ["index", "cases", "conversations"].map(|name| folder.path().join(name));

    folders.iter().for_each(|folder| fs::remove_dir_all(folder).unwrap());
    desk.publish(bob(), "en", "Zeppelin", "It flies.").unwrap();
    assert_eq!((found(&desk, "zeppelin"), found(&desk, "prints")), (vec![2], vec![1]));
    assert_eq!(desk.similar(ticket, 5).unwrap().tickets.len(), 1);
    desk.catch_up().unwrap();

    for folder in &folders {
        fs::write(folder.join("meta.json"), "{}").unwrap();
    }
    desk.publish(bob(), "en", "Blimp", "It flies too.").unwrap();
    assert_eq!((found(&desk, "blimp"), found(&desk, "prints")), (vec![3], vec![1]));

    // The texts alone, so that the damage shows only when somebody writes.
    desk.catch_up().unwrap();
    for entry in folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "store" || ending == "term") {
            fs::remove_file(path).unwrap();
        }
    }
    desk.publish(bob(), "en", "Balloon", "It floats.").unwrap();
    assert_eq!((found(&desk, "balloon"), found(&desk, "prints")), (vec![4], vec![1]));
    assert_eq!(desk.similar(ticket, 5).unwrap().tickets.len(), 1);
    desk.catch_up().unwrap();
    assert_eq!(desk.search_lag().unwrap(), SearchLag::default());
}

#[test]
fn an_index_of_another_desk_is_not_taken_for_ones_own() {
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| place.path().join(name);
    let write = |name, titles: &[&str]| {
        // At the same moments, by the same rules.
        let desk = Desk::open_with_time(folder(name), rules(), monday()).unwrap();
        introduce(&desk);
        for title in titles {
            desk.publish(bob(), "en", *title, "Text.").unwrap();
        }
        desk.open_ticket(ada(), OpenTicket::new(ADA, titles[0], "It is here.")).unwrap();
        desk.catch_up().unwrap();
        desk.backup(folder(&format!("backup of {name}"))).unwrap();
    };
    write("ours", &["Zebra"]);
    write("theirs", &["Giraffe", "Gnu", "Gorilla"]);
    for file in ["desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm"] {
        // The log is there as long as somebody has the desk open.
        let _ = fs::remove_file(folder("ours").join(file));
    }
    Desk::restore(folder("backup of theirs"), folder("ours")).unwrap();
    let desk = open(&folder("ours"));
    assert_eq!((found(&desk, "zebra"), found(&desk, "giraffe")), (vec![], vec![1]));
    assert_eq!(desk.similar(TicketId(1), 5).unwrap().tickets, []);
    let asking = firstline::Asking::at(desk.now());
    let listed = |word: &str| {
        let asked = desk.rulebook().read_filter(word, &asking).unwrap();
        let filter = desk.narrow(&asked, Role::Agent).unwrap();
        desk.tickets(&TicketQuery::from(filter)).unwrap().tickets.len()
    };
    assert_eq!((listed("zebra"), listed("giraffe")), (0, 1));
    desk.catch_up().unwrap();
    drop(desk);
    // What was made anew is believed.
    let desk = open(&folder("ours"));
    assert_eq!(desk.search_lag().unwrap(), SearchLag::default());
    // Nor are the visits of one desk added to those of another.
    drop(desk);
    fs::remove_file(folder("ours").join("desk.sqlite")).unwrap();
    fs::write(folder("ours").join("visits.jsonl"), "").unwrap();
    let refused = Desk::restore(folder("backup of theirs"), folder("ours")).unwrap_err();
    assert!(refused.to_string().contains("visits of another desk"), "{refused}");
}

#[test]
fn what_was_spam_after_all_teaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    let article = desk.publish(bob(), "en", "Printer", "It prints.").unwrap();
    let open = |text: &str| desk.open_ticket(ada(), OpenTicket::new(ADA, "Fax", text)).unwrap();
    let solved = open("The wugglesnort hums.");
    solve(&desk, solved, article);
    let asked = open("My wugglesnort hums, too.");
    let taught = || {
        desk.catch_up().unwrap();
        let similar = desk.similar(asked, 5).unwrap();
        (found(&desk, "wugglesnort"), similar.tickets.len(), similar.solutions.len())
    };
    let agents = Question { audience: Audience::Internal, ..Question::new("wugglesnort") };
    let learned = || desk.search(&agents).unwrap().len();
    assert_eq!((taught().1, taught().2, learned()), (1, 1, 1));
    desk.execute(Command::ticket(bob(), solved, TicketAction::MarkSpam)).unwrap();
    assert_eq!((taught(), learned()), ((vec![], 0, 0), 0));
}

#[test]
fn a_process_that_is_stuck_costs_one_wait_and_the_lag_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    desk.publish(bob(), "en", "Printer", "It prints.").unwrap();
    assert_eq!(found(&desk, "printer"), [1]);
    let lock = File::create(folder.path().join("index/.firstline-writer.lock")).unwrap();
    lock.lock().unwrap();
    desk.publish(bob(), "en", "Scanner", "It scans.").unwrap();
    let begin = Instant::now();
    assert!(found(&desk, "scanner").is_empty());
    let first = begin.elapsed();
    assert!((0..20).all(|_| found(&desk, "printer") == [1]));
    assert!(begin.elapsed() - first < first, "{first:?}, then {:?}", begin.elapsed() - first);
    assert_eq!(desk.search_lag().unwrap().articles, 1);
    drop(lock);
    assert_eq!(found(&desk, "scanner"), [2]);
    assert_eq!(desk.search_lag().unwrap().articles, 0);
}

#[test]
fn a_question_waits_for_another_process_that_takes_in_what_it_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, other) = (open(folder.path()), open(folder.path()));
    introduce(&desk);
    let mine = |desk: &Desk, name: &str| {
        for n in 0..15 {
            let word = format!("{name}{n}");
            let article = desk.publish(bob(), "en", word.clone(), "Text.").unwrap();
            assert_eq!(found(desk, &word), [article.0], "{word}");
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| mine(&other, "scanner"));
        mine(&desk, "printer");
    });
}

#[test]
fn of_whoever_is_erased_no_file_of_the_desk_keeps_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    let eve = ContactId(2);
    desk.save_contact(eve, Contact::new("Quillfeather")).unwrap();
    for n in 0..8 {
        let text = format!("Nothing special, number {n}.");
        desk.open_ticket(ada(), OpenTicket::new(ADA, "Another matter", text)).unwrap();
    }
    let words = "Quillfeather has a broken wugglesnort.";
    let own = OpenTicket::new(eve, "Wugglesnort", words);
    let ticket = desk.open_ticket(Actor::Contact(eve), own).unwrap();
    let asking = firstline::Asking::at(desk.now());
    let asked = desk.rulebook().read_filter("wugglesnort", &asking).unwrap();
    let listed = || {
        let filter = desk.narrow(&asked, Role::Agent).unwrap();
        desk.tickets(&TicketQuery::from(filter)).unwrap().tickets.len()
    };
    desk.similar(ticket, 5).unwrap();
    desk.catch_up().unwrap();
    assert_eq!((listed(), with_word(folder.path(), "wugglesnort").is_empty()), (1, false));
    desk.erase(bob(), eve).unwrap();
    assert_eq!(listed(), 0);
    desk.compact().unwrap();
    drop(desk);
    let left = [with_word(folder.path(), "wugglesnort"), with_word(folder.path(), "quillfeather")];
    assert_eq!(left, [vec![], Vec::<String>::new()]);
    // What others said is there as before.
    let desk = open(folder.path());
    assert_eq!(desk.similar(TicketId(1), 10).unwrap().tickets.len(), 7);
}

/// The files that have a word, whatever its case. What stands compressed in them is short enough here
/// to stand there as it is.
fn with_word(folder: &Path, word: &str) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(with_word(&path, word));
        } else {
            let bytes = fs::read(&path).unwrap().to_ascii_lowercase();
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                files.push(path.display().to_string());
            }
        }
    }
    files
}

#[test]
fn a_small_desk_learns_at_once_and_whatever_others_asked_before() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Tunnel flaps", "Raise the keepalive.").unwrap();
    let request = || OpenTicket::new(ADA, "VPN drops hourly", "Every hour, since Monday.");
    // Agents learn from one ticket, and customers from what several people said.
    let question =
        Question { audience: Audience::Internal, ..Question::new("my vpn drops every hour") };
    let learned = || -> Vec<u64> {
        desk.search(&question).unwrap().iter().map(|hit| hit.article.0).collect()
    };
    let ticket = desk.open_ticket(ada(), request()).unwrap();
    assert!(learned().is_empty());
    solve(&desk, ticket, article);
    assert_eq!(learned(), [article.0]);
    desk.reopen(bob(), ticket).unwrap();
    assert!(learned().is_empty());
    // A note on a ticket that nothing solved teaches nothing, and is not taken in for a question.
    let other = desk.open_ticket(ada(), request()).unwrap();
    let before = desk.search_lag().unwrap().cases;
    desk.reply(bob(), other, "Coming.").unwrap();
    learned();
    assert!(desk.search_lag().unwrap().cases > before);
    desk.resolve(bob(), ticket).unwrap();
    assert_eq!(learned(), [article.0]);
    desk.erase(bob(), ADA).unwrap();
    assert!(learned().is_empty());
}

#[test]
fn a_ticket_does_not_vote_for_what_solved_it() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Tunnel flaps", "Raise the keepalive.").unwrap();
    let request = || OpenTicket::new(ADA, "VPN drops hourly", "Every hour, since Monday.");
    let [solved, other] = [0; 2].map(|_| desk.open_ticket(ada(), request()).unwrap());
    solve(&desk, solved, article);
    assert!(desk.suggest(solved, 5).unwrap().is_empty(), "it has no word of it");
    assert_eq!(desk.suggest(other, 5).unwrap()[0].article, article);
}

#[test]
fn the_article_about_the_product_is_suggested_even_if_only_one_is_asked_for() {
    let desk = desk();
    let publish = || desk.publish(bob(), "en", "Sync fails", "Restart it.").unwrap();
    for _ in 0..8 {
        publish();
    }
    let own = publish();
    let about = About { product: Some("phone".into()), ..About::default() };
    act(&desk, own, ArticleAction::Describe(Box::new(about)));
    let mut request = OpenTicket::new(ADA, "Sync fails", "Since today.");
    request.tags = ["phone".into(), "urgent".into()].into();
    let ticket = desk.open_ticket(ada(), request).unwrap();
    for limit in [1, 3] {
        let hits = desk.suggest(ticket, limit).unwrap();
        assert_eq!((hits[0].article, hits.len()), (own, limit));
    }
}

#[test]
fn a_solution_is_counted_by_all_who_had_it_and_none_is_named_that_is_out_of_use() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Reinstall it", "Then restart.").unwrap();
    for n in 10..70 {
        desk.save_contact(ContactId(n), Contact::new("Somebody")).unwrap();
        let request = OpenTicket::new(ContactId(n), "VPN drops every hour", "Error E619.");
        let ticket = desk.open_ticket(Actor::System, request).unwrap();
        solve(&desk, ticket, article);
    }
    let request = OpenTicket::new(ADA, "VPN drops every hour", "Error E619.");
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let solutions = || desk.similar(ticket, 5).unwrap().solutions;
    assert_eq!(solutions(), [Solution { article, tickets: 60, people: 60, reopened: 0 }]);
    act(&desk, article, ArticleAction::Retire);
    assert!(solutions().is_empty());
}

#[test]
fn a_contact_does_not_learn_which_articles_there_are() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Secret", "Text.").unwrap();
    act(&desk, article, ArticleAction::SetAudience { audience: Audience::Internal });
    let ticket = desk.open_ticket(ada(), OpenTicket::new(ADA, "Printer", "It hums.")).unwrap();
    let told = |article: u64| {
        let article = ArticleId(article);
        let acts = [ArticleAction::Retire, ArticleAction::Vote { helpful: true }];
        let acts = acts.map(|action| Command::article(ada(), Some(article), action));
        let solved = TicketAction::SolvedBy { article: Some(article) };
        let acts = acts.into_iter().chain([Command::ticket(ada(), ticket, solved)]);
        let told = acts.map(|command| desk.execute(command).unwrap_err().to_string());
        told.collect::<Vec<_>>().join("; ").replace(&article.to_string(), "N")
    };
    assert_eq!(told(article.0), told(99));
}

#[test]
fn a_draft_does_not_make_the_published_text_fresh() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Printer", "It prints.").unwrap();
    let changed = || desk.search(&Question::new("printer")).unwrap()[0].experience.reception;
    let before = changed().changed_at;
    let now = desk.now();
    let later = |days: i64| now.checked_add_millis(days * 86_400_000).unwrap();
    let give = |days, action| {
        desk.execute(Command::article(bob(), Some(article), action).at(later(days))).unwrap();
    };
    let (language, title, body) = ("en".into(), "Printer".into(), "It hums.".into());
    give(1, ArticleAction::SaveDraft { language, title, body, audience: None, tags: None });
    assert_eq!(changed().changed_at, before);
    let at = Some(later(5));
    give(2, ArticleAction::PublishDraft { language: "en".into(), at });
    assert_eq!(changed().changed_at, before);
    // Whatever happens after the day, the text is as new as its day.
    give(9, ArticleAction::Describe(Box::default()));
    assert_eq!(changed().changed_at, at);
}

#[test]
fn an_answer_does_not_wait_for_the_log_of_visits() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    introduce(&desk);
    desk.publish(bob(), "en", "Printer", "It prints.").unwrap();
    let lock = File::create(folder.path().join("visits.lock")).unwrap();
    lock.lock().unwrap();
    let (begin, guest) = (Instant::now(), firstline::Visitor::Guest(1));
    assert_eq!(desk.answer(1, guest, &Question::new("printer")).unwrap().len(), 1);
    assert!(begin.elapsed() < Duration::from_secs(5));
    drop(lock);
    desk.answer(2, guest, &Question::new("printer")).unwrap();
    drop(desk);
    let lines = fs::read_to_string(folder.path().join("visits.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 2);
}
