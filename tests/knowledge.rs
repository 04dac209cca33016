//! What a desk knows, as its agents and customers see it: cases, suggestions, synonyms.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use firstline::{
    About, Actor, ArticleAction, ArticleId, Audience, Channel, Command, Desk, DeskOptions,
    Embedder, Equipment, EquipmentId, Experience, OpenTicket, Party, PartyId, Question, Results,
    Reuse, Rulebook, Solution, Step, TicketAction, TicketId, Visitor, is_held_out,
};

use crate::fixture::{ADA, Clock, RULES, ada, bob, describe, desk, introduce, moment};

fn open(desk: &Desk, subject: &str, text: &str) -> TicketId {
    desk.open_ticket(ada(), OpenTicket::new(ADA, subject, text)).unwrap()
}

fn solve(desk: &Desk, ticket: TicketId, article: ArticleId) {
    let action = TicketAction::SolvedBy { article: Some(article) };
    desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
    desk.resolve(bob(), ticket).unwrap();
}

#[test]
fn what_others_had_is_found_with_what_solved_it() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Reinstall the client", "Then restart.").unwrap();
    let solved = open(&desk, "VPN drops every hour", "Error E619 since the update.");
    solve(&desk, solved, article);
    let again = open(&desk, "VPN drops hourly", "It says E619 every hour since the update.");
    let other = open(&desk, "New laptop", "Please order one.");

    let similar = desk.similar(again, 5).unwrap();
    assert_eq!(similar.tickets[0].ticket, solved);
    assert!(similar.tickets[0].may_be_duplicate, "{:?}", similar.tickets[0]);
    assert_eq!(similar.tickets[0].solved_by, Some(article));
    assert!(similar.tickets[0].words.contains(&"E619".to_owned()));
    assert_eq!(similar.solutions, [Solution { article, tickets: 1, people: 1, reopened: 0 }]);
    assert!(desk.similar(other, 5).unwrap().tickets.iter().all(|it| !it.may_be_duplicate));

    // A solution that did not hold is none any more, until the ticket is resolved again.
    desk.reopen(bob(), solved).unwrap();
    assert!(desk.similar(again, 5).unwrap().solutions.is_empty());
    desk.resolve(bob(), solved).unwrap();
    let expected = Solution { article, tickets: 1, people: 1, reopened: 1 };
    assert_eq!(desk.similar(again, 5).unwrap().solutions, [expected]);

    // If another article solves it for good, that one is not to blame.
    desk.reopen(bob(), solved).unwrap();
    let cure = desk.publish(bob(), "en", "Raise the keepalive", "To 30 s.").unwrap();
    solve(&desk, solved, cure);
    let expected = Solution { article: cure, tickets: 1, people: 1, reopened: 0 };
    assert_eq!(desk.similar(again, 5).unwrap().solutions, [expected]);
    let asked = Question { audience: Audience::Internal, ..Question::new("client or keepalive") };
    let hits = desk.search(&asked).unwrap();
    let of = |article| hits.iter().find(|hit| hit.article == article).unwrap().experience.reuse;
    assert_eq!((of(article).reopened, of(cure).reopened), (1, 0));
}

#[test]
fn a_long_mail_finds_the_case_that_it_repeats_and_what_solved_it() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Reinstall the client", "Then restart.").unwrap();
    let other = desk.publish(bob(), "en", "Mail on the phone", "Add the account anew.").unwrap();
    solve(&desk, open(&desk, "VPN drops every hour", "Error E619 since the update."), article);
    solve(&desk, open(&desk, "No mail on my new phone", "It asks for the password."), other);
    let thread = "On Monday the facility management wrote: dear colleagues, the parking deck will be \
        cleaned from Thursday to Saturday, please move all vehicles to the upper storeys before eight \
        o'clock, otherwise they have to be towed away at the expense of their owners; cleaning of the \
        staircases follows next week, with short interruptions of both elevators and of the heating. ";
    let signature = "Ada Byron, Senior Consultant Infrastructure, Analytical Engines Limited, 12 St \
        James's Square, London. This message is confidential and intended solely for the addressee; \
        whoever received it by mistake is kindly requested to delete it and to notify the sender.";
    let mail = format!(
        "Dear support team,\n\nI hope you had a nice weekend. Every hour the VPN drops since the last \
         update and I get error E619. Could somebody have a look?\n\nKind regards\n{signature}\n\n{thread}"
    );
    let ticket = open(&desk, "VPN drops again", &mail);
    let hits = desk.suggest(ticket, 5).unwrap();
    assert_eq!(hits[0].article, article, "{hits:?}");
    assert_eq!(hits[0].experience.people, 1);
    assert!(hits.iter().all(|hit| hit.article != other || hit.experience.people == 0), "{hits:?}");
}

#[test]
fn a_ticket_is_solved_by_an_article_that_is_there_and_only_agents_say_so() {
    let desk = desk();
    let ticket = open(&desk, "Printer", "It is on fire.");
    let solved_by = |by: Actor, article: u64| {
        let action = TicketAction::SolvedBy { article: Some(ArticleId(article)) };
        desk.execute(Command::ticket(by, ticket, action)).map(|_| ()).map_err(|e| e.to_string())
    };
    assert_eq!(solved_by(bob(), 9).unwrap_err(), "there is no article 9");
    let article = desk.publish(bob(), "en", "Fire", "Stand back.").unwrap();
    assert!(solved_by(ada(), article.0).unwrap_err().contains("say what solved a ticket"));
    solved_by(bob(), article.0).unwrap();
    assert_eq!(desk.ticket(ticket).unwrap().unwrap().state.solved_by, Some(article));
}

#[test]
fn the_words_of_an_erased_person_are_no_case_any_more() {
    let desk = desk();
    let first = open(&desk, "Salary of Ada", "Kowalewski wants more.");
    let second = open(&desk, "Salary", "Kowalewski");
    assert_eq!(desk.similar(second, 5).unwrap().tickets[0].ticket, first);
    desk.erase(bob(), ADA).unwrap();
    let fresh =
        desk.execute(Command::open(Actor::System, OpenTicket::new(ADA, "Salary", "Kowalewski")));
    let fresh = fresh.map(|receipt| receipt.stream).unwrap();
    let firstline::Stream::Ticket(fresh) = fresh else { panic!("{fresh:?}") };
    assert!(desk.similar(fresh, 5).unwrap().tickets.is_empty());
}

#[test]
fn articles_about_the_product_of_a_ticket_come_first() {
    let desk = desk();
    let text = "Turn it off and on.";
    let any = desk.publish(bob(), "en", "It does not start", text).unwrap();
    let own = desk.publish(bob(), "en", "It does not start", text).unwrap();
    let about = |product: &str| About { product: Some(product.into()), ..About::default() };
    describe(&desk, own, about("scanner"));
    let mut request = OpenTicket::new(ADA, "It does not start", "Since today.");
    request.tags = BTreeSet::from(["scanner".into()]);
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let suggested = desk.suggest(ticket, 5).unwrap();
    assert_eq!(suggested.iter().map(|hit| hit.article).collect::<Vec<_>>(), [own, any]);
}

#[test]
fn the_product_of_a_ticket_is_also_that_of_its_thing_and_of_what_was_chosen() {
    let field = r#"
[fields.service]
kind = "choice"
choices = [{ id = "tele", label = { en = "Telephony", de = "Fernsprecher" } }, "mail"]
"#;
    let rules = Rulebook::from_toml(&format!("{RULES}{field}"), "rules.toml").unwrap();
    let desk = Desk::in_memory(rules).unwrap();
    introduce(&desk);
    let publish = |title: &str| desk.publish(bob(), "en", title, "Turn it off and on.").unwrap();
    let about = |product: &str| About { product: Some(product.into()), ..About::default() };
    let (any, scanner, phones) =
        (publish("It does not start"), publish("It does not start"), publish("It does not start"));
    describe(&desk, scanner, about("ScanJet"));
    describe(&desk, phones, about("telephony"));
    let handset = publish("Handset of the Fernsprecher");
    let thing = Equipment { product: Some("Scanjet ".into()), ..Equipment::new("The grey one") };
    let thing = Party::Equipment(thing);
    let thing = Command::save(bob(), PartyId::Equipment(EquipmentId(1)), thing);
    desk.execute(thing).unwrap();

    let suggested = |change: &dyn Fn(&mut OpenTicket)| {
        let mut request = OpenTicket::new(ADA, "It does not start", "Since today.");
        change(&mut request);
        let ticket = desk.open_ticket(bob(), request).unwrap();
        let hits = desk.suggest(ticket, 5).unwrap();
        hits.into_iter().map(|hit| hit.article).collect::<Vec<_>>()
    };
    assert_eq!(suggested(&|_| {})[0], any);
    assert_eq!(suggested(&|it| it.equipment = Some(EquipmentId(1)))[0], scanner);
    let choose = |it: &mut OpenTicket| it.fields = [("service".into(), "tele".into())].into();
    assert_eq!(suggested(&choose)[0], phones);
    // People read labels, and articles say what people read.
    let in_german = |it: &mut OpenTicket| {
        choose(it);
        it.language = Some("de".into());
    };
    assert!(suggested(&in_german).contains(&handset));
    assert!(!suggested(&|_| {}).contains(&handset));
}

#[test]
fn the_code_of_an_error_comes_first_however_much_stands_around_it() {
    let desk = desk();
    let topics = ["parking", "invoice", "keyboard", "salary", "heating", "coffee", "badge", "desk"];
    let about = |n: usize| {
        let topic = topics[n % topics.len()];
        format!(
            "The {topic} of house {n} was fine until colleague number {n} moved, and costs hours. "
        )
    };
    for n in 0..40 {
        let title = format!("The {} of house {n}", topics[n % topics.len()]);
        desk.publish(bob(), "en", &title, about(n).repeat(2)).unwrap();
    }
    let wanted =
        desk.publish(bob(), "en", "Backup", "It ends with ERR-5512 on a full disk.").unwrap();
    let noise: String = (0..40).map(about).collect();
    let text = format!("{noise}\nOur nightly job says ERR-5512 since Monday.\n{noise}");
    let first = open(&desk, "Problem with my computer", &text);
    assert_eq!(desk.suggest(first, 3).unwrap()[0].article, wanted);
    let short = open(&desk, "Nightly job", "ERR-5512");
    let others = (0..20).map(|n| open(&desk, topics[n % topics.len()], &about(n).repeat(3)));
    assert_eq!(others.count(), 20);
    assert_eq!(desk.similar(first, 3).unwrap().tickets[0].ticket, short);
}

#[test]
fn synonyms_are_a_rule_of_the_desk() {
    let rules = format!("synonyms = [[\"VPN\", \"tunnel\"]]\n{RULES}");
    let desk = Desk::in_memory(Rulebook::from_toml(&rules, "rules.toml").unwrap()).unwrap();
    introduce(&desk);
    let article = desk.publish(bob(), "en", "The tunnel drops", "Reconnect.").unwrap();
    assert_eq!(desk.search(&Question::new("vpn")).unwrap()[0].article, article);
    desk.adopt(Rulebook::from_toml(RULES, "rules.toml").unwrap()).unwrap();
    assert!(desk.search(&Question::new("vpn")).unwrap().is_empty());
    let refused =
        Rulebook::from_toml(&rules.replace(", \"tunnel\"", ""), "rules.toml").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "rules.toml:1: synonyms[0]: a group of one word says nothing; write what means the same \
         beside it"
    );
}

#[test]
fn what_solved_a_ticket_is_found_by_the_words_of_its_customer() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Tunnel flaps", "Raise the keepalive.").unwrap();
    let agents = |text| Question { audience: Audience::Internal, ..Question::new(text) };
    let ask = |text: &'static str| desk.search(&agents(text)).unwrap();
    assert!(ask("my vpn drops every hour").is_empty(), "it has none of these words");

    let ticket = open(&desk, "VPN drops hourly", "Every hour, since Monday.");
    solve(&desk, ticket, article);
    desk.catch_up().unwrap();
    let hits = ask("my vpn drops every hour");
    assert_eq!(hits.iter().map(|hit| hit.article).collect::<Vec<_>>(), [article]);
    let Experience { people, reuse, .. } = hits[0].experience;
    assert_eq!((people, reuse), (1, Reuse { tickets: 1, people: 1, reopened: 0 }));
    assert_eq!(desk.browse(&agents("vpn drops")).unwrap().articles, 1);
    let customers = desk.browse(&Question::new("vpn drops")).unwrap();
    assert_eq!(customers, Results::default(), "one person's words are nobody else's business");
    let another = open(&desk, "vpn drops", "again");
    assert_eq!(desk.suggest(another, 5).unwrap()[0].article, article);
    // The questions that an article promises to answer are asked by its own words.
    let questions = BTreeSet::from(["vpn drops".to_owned()]);
    describe(&desk, article, About { questions, ..About::default() });
    assert_eq!(desk.check_articles().unwrap().len(), 1);

    // A solution that did not hold teaches nothing, and neither do words that were erased.
    desk.reopen(bob(), ticket).unwrap();
    desk.catch_up().unwrap();
    assert!(ask("vpn drops").is_empty());
    desk.resolve(bob(), ticket).unwrap();
    desk.catch_up().unwrap();
    assert_eq!(ask("vpn drops")[0].experience.reuse.reopened, 1);
    desk.erase(bob(), ADA).unwrap();
    desk.catch_up().unwrap();
    assert!(ask("vpn drops").is_empty());
}

#[test]
fn a_reader_who_votes_a_hundred_times_has_one_voice() {
    let desk = desk();
    let [one, other] = [0; 2].map(|_| desk.publish(bob(), "en", "Printer", "Buy ink.").unwrap());
    let vote = |by: Actor, article, helpful| {
        let vote = ArticleAction::Vote { helpful };
        desk.execute(Command::article(by, Some(article), vote)).unwrap();
    };
    (0..100).for_each(|_| vote(ada(), one, true));
    (0..100).for_each(|_| vote(Actor::System, one, true));
    vote(ada(), other, true);
    vote(bob(), other, true);
    vote(Actor::System, other, true);
    let hits = desk.search(&Question::new("ink")).unwrap();
    let said = |hit: &firstline::Hit| (hit.article, hit.experience.reception.helpful);
    assert_eq!(hits.iter().map(said).collect::<Vec<_>>(), [(other, 3), (one, 2)]);
    assert_eq!(hits[0].experience.to_string(), "it helped 3 of 3 readers");
    let counted = || desk.article(one).unwrap().unwrap().votes;
    assert_eq!((counted().helpful, counted().not_helpful), (2, 0));
    vote(ada(), other, false);
    let hits = desk.search(&Question::new("ink")).unwrap();
    assert_eq!(hits.iter().map(said).collect::<Vec<_>>(), [(one, 2), (other, 2)]);
}

#[test]
fn from_the_question_to_the_list_of_what_is_missing() {
    let clock = Clock::at("2026-03-02T09:00:00Z");
    let dir = tempfile::tempdir().unwrap();
    let options = DeskOptions { time: Box::new(clock.clone()), ..DeskOptions::default() };
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let desk = Desk::open_with(dir.path(), rules, options).unwrap();
    introduce(&desk);
    let printer = desk.publish(bob(), "en", "The printer does not print", "Restart it.").unwrap();

    // Ada finds something, and it helps.
    let (ada_comes, guest_comes) = (Visitor::Contact(ADA), Visitor::Guest(7));
    let hits = desk.answer(1, ada_comes, &Question::new("my printer prints nothing")).unwrap();
    desk.note(1, Step::Viewed(hits[0].article)).unwrap();
    desk.note(1, Step::Helped(true)).unwrap();
    // An hour later she asks for something that nobody has written, and writes a ticket.
    clock.set("2026-03-02T10:00:00Z");
    assert!(
        desk.answer(2, ada_comes, &Question::new("how to get a parking permit"))
            .unwrap()
            .is_empty()
    );
    clock.set("2026-03-02T10:05:00Z");
    open(&desk, "Parking permit", "How do I get one?");
    // Her printer has told of itself meanwhile, which is no word of hers.
    let alarm = OpenTicket {
        channel: Channel::Monitoring,
        ..OpenTicket::new(ADA, "Low toner", "Less than a tenth is left.")
    };
    let alarm = Command::open(Actor::System, alarm);
    desk.execute(alarm.at(moment("2026-03-02T09:10:00Z"))).unwrap();
    // A guest opens what there is, is not helped, and writes one too.
    let hits = desk.answer(3, guest_comes, &Question::new("printer prints empty pages")).unwrap();
    desk.note(3, Step::Viewed(hits[0].article)).unwrap();
    let ticket = open(&desk, "Empty pages", "The printer prints empty pages.");
    desk.note(3, Step::Wrote(ticket)).unwrap();
    let asked = Question::new("parking permits");
    assert!(desk.answer(4, Visitor::Guest(8), &asked).unwrap().is_empty());

    // The report, from another handle: nothing of it is in memory only.
    drop(desk);
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let desk = Desk::open_with_time(dir.path(), rules, clock).unwrap();
    let (week, day) = (
        moment("2026-03-01T00:00:00Z")..moment("2026-03-08T00:00:00Z"),
        Duration::from_secs(86_400),
    );
    // Ada's visits are one matter that ended in a ticket if those of a day belong together, and the
    // first one is a deflection if only those of half an hour do.
    let worth = desk.deflection(week.clone(), day).unwrap();
    assert_eq!((worth.visits, worth.potential, worth.confirmed), (3, 0, 0));
    let worth = desk.deflection(week.clone(), Duration::from_secs(1_800)).unwrap();
    assert_eq!((worth.potential, worth.confirmed, worth.ticket_rate), (1, 1, 0.5));
    let gaps = desk.gaps(week.clone(), Duration::from_secs(1_800)).unwrap();
    let told: Vec<_> =
        gaps.unanswered.iter().map(|gap| (gap.volume, gap.sample.as_str())).collect();
    assert_eq!(told, [(2, "how to get a parking permit"), (1, "printer prints empty pages")]);
    assert_eq!(gaps.unhelpful, [(printer, 1)]);
    assert_eq!(gaps.popular[0].volume, 2);

    // A copy has the visits too, and who is erased is gone from them.
    let copies = tempfile::tempdir().unwrap();
    desk.backup(copies.path().join("backup")).unwrap();
    Desk::restore(copies.path().join("backup"), copies.path().join("desk")).unwrap();
    desk.erase(bob(), ADA).unwrap();
    assert_eq!(desk.visits(week.clone()).unwrap().len(), 2);
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let copy = Desk::open(copies.path().join("desk"), rules).unwrap();
    assert_eq!(copy.visits(week).unwrap().len(), 4);
}

#[test]
fn the_hold_out_is_shown_nothing_and_tells_what_answers_prevent() {
    let dir = tempfile::tempdir().unwrap();
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let options = DeskOptions { hold_out_percent: 20, ..DeskOptions::default() };
    let desk = Desk::open_with(dir.path(), rules, options).unwrap();
    introduce(&desk);
    desk.publish(bob(), "en", "The printer does not print", "Restart it.").unwrap();
    let ticket = open(&desk, "Somebody's", "ticket");
    let from = desk.ticket(ticket).unwrap().unwrap().state.opened_at;
    let mut without = 0;
    for guest in 0..200 {
        let hits = desk.answer(guest, Visitor::Guest(guest), &Question::new("printer")).unwrap();
        let is_held_out = is_held_out(Visitor::Guest(guest), 20);
        assert_eq!(hits.is_empty(), is_held_out);
        without += u64::from(is_held_out);
    }
    let until = from.checked_add_millis(86_400_000).unwrap();
    let worth = desk.deflection(from..until, Duration::from_secs(60)).unwrap();
    assert_eq!((worth.visits, worth.held_out_rate), (200 - without, Some(0.0)));
    assert!((20..60).contains(&without), "{without}");
    // What nobody was shown is no gap.
    assert!(desk.gaps(from..until, Duration::from_secs(60)).unwrap().unanswered.is_empty());
}

#[test]
fn a_model_of_the_host_finds_what_says_the_same_in_other_words() {
    struct Vehicles;
    impl Embedder for Vehicles {
        fn name(&self) -> &str {
            "vehicles"
        }
        fn embed(&self, text: &str) -> Option<Vec<f32>> {
            let is_about = |words: [&str; 2]| words.iter().any(|word| text.contains(word));
            Some(vec![
                f32::from(is_about(["car", "automobile"])),
                f32::from(is_about(["bill", "money"])),
            ])
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let options = DeskOptions { embedder: Some(Arc::new(Vehicles)), ..DeskOptions::default() };
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let desk = Desk::open_with(dir.path(), rules, options).unwrap();
    introduce(&desk);
    let rental = desk.publish(bob(), "en", "Rental", "How to get an automobile.").unwrap();
    desk.publish(bob(), "en", "Refunds", "You get your money back.").unwrap();
    let hits = desk.search(&Question::new("car")).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.article).collect::<Vec<_>>(), [rental]);
    assert!(hits[0].matches.is_empty() && hits[0].meaning == Some(1.0), "{hits:?}");
}

#[test]
fn what_a_form_says_of_a_ticket_is_searched_for_too() {
    let rules = format!("{RULES}\n[fields.shown]\nkind = \"text\"\n");
    let desk = Desk::in_memory(Rulebook::from_toml(&rules, "rules.toml").unwrap()).unwrap();
    introduce(&desk);
    let article = desk.publish(bob(), "en", "E1042", "Close the tray.").unwrap();
    let mut request = OpenTicket::new(ADA, "It does not work", "Since today.");
    request.fields = [("shown".into(), "error E1042".into())].into();
    let ticket = desk.open_ticket(ada(), request).unwrap();
    let suggested = desk.suggest(ticket, 5).unwrap();
    assert_eq!(suggested.iter().map(|hit| hit.article).collect::<Vec<_>>(), [article]);
}
