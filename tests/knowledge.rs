//! What a desk knows, as its agents and customers see it: cases, suggestions, the life of articles.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use firstline::{
    About, Action, Actor, ArticleAction, ArticleChore, ArticleId, Audience, Chore, Command, Desk,
    OpenTicket, Question, Rulebook, Solution, TicketAction, TicketId, TimeSource, Timestamp,
};

use crate::fixture::{ADA, BOB, RULES, ada, bob, desk, introduce, moment};

fn open(desk: &Desk, subject: &str, text: &str) -> TicketId {
    desk.open_ticket(ada(), OpenTicket::new(ADA, subject, text)).unwrap()
}

fn solve(desk: &Desk, ticket: TicketId, article: ArticleId) {
    let action = TicketAction::SolvedBy { article: Some(article) };
    desk.execute(Command::ticket(bob(), ticket, action)).unwrap();
    desk.resolve(bob(), ticket).unwrap();
}

fn describe(desk: &Desk, article: ArticleId, about: About) {
    let action = ArticleAction::Describe(Box::new(about));
    desk.execute(Command::article(bob(), Some(article), action)).unwrap();
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
fn an_edit_that_loses_a_question_of_the_article_is_noticed() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Printer on fire", "Use the extinguisher.").unwrap();
    let questions = BTreeSet::from(["what to do when it burns, is there an extinguisher".into()]);
    describe(&desk, article, About { questions, ..About::default() });
    assert_eq!(desk.check_articles().unwrap(), []);
    let edit = ArticleAction::Publish {
        language: "en".into(),
        title: "Printer on fire".into(),
        body: "Leave the room.".into(),
        audience: Audience::Public,
        tags: BTreeSet::new(),
    };
    desk.execute(Command::article(bob(), Some(article), edit)).unwrap();
    let lost = desk.check_articles().unwrap();
    assert_eq!((lost.len(), lost[0].article, lost[0].found.len()), (1, article, 0));
}

/// A clock that a test turns.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn set(&self, text: &str) {
        self.0.store(moment(text).as_millis(), Ordering::SeqCst);
    }
}

impl TimeSource for Clock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

#[test]
fn articles_ask_for_care_and_drafts_appear_on_their_day() {
    let clock = Clock(Arc::default());
    clock.set("2026-03-02T09:00:00Z");
    let rules = Rulebook::from_toml(RULES, "rules.toml").unwrap();
    let desk = Desk::in_memory_with_time(rules, clock.clone()).unwrap();
    introduce(&desk);
    let article = desk.publish(bob(), "en", "Printer", "Old text.").unwrap();
    let due = moment("2026-03-03T09:00:00Z");
    describe(&desk, article, About { owner: Some(BOB), review_at: Some(due), ..About::default() });
    let act = |action| desk.execute(Command::article(bob(), Some(article), action)).unwrap();
    let save = |language: &str| {
        let (language, title) = (language.into(), "Printer".into());
        ArticleAction::SaveDraft { language, title, body: "New text.".into() }
    };
    act(save("en"));
    act(ArticleAction::PublishDraft { language: "en".into(), at: Some(due) });
    act(save("ru"));
    act(ArticleAction::SubmitDraft { language: "ru".into() });

    let shown = || desk.search(&Question::new("printer")).unwrap().remove(0).snippet.text;
    let chore = |chore| ArticleChore { article, owner: Some(BOB), chore };
    let draft = chore(Chore::ReadDraft { language: "ru".into() });
    assert_eq!(
        (shown().as_str(), desk.article_chores().unwrap()),
        ("Old text.", vec![draft.clone()])
    );
    clock.set("2026-03-03T09:00:00Z");
    let chores = vec![chore(Chore::Review { due }), draft];
    assert_eq!((shown().as_str(), desk.article_chores().unwrap()), ("New text.", chores));
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
fn actions_on_articles_are_read_from_json() {
    let text = r#"{"actor":{"agent":1},"action":{"article":{"article":3,"do":{"publish_draft":{"language":"en"}}}}}"#;
    let command: Command = serde_json::from_str(text).unwrap();
    let Action::Article { action, .. } = command.action else { panic!("{text}") };
    assert_eq!(action, ArticleAction::PublishDraft { language: "en".into(), at: None });
}
