//! The life of articles: drafts, editions for a reader, votes, and the care that they ask for.

use std::collections::BTreeSet;

use firstline::{
    About, Action, Actor, ArticleAction, ArticleChore, ArticleId, Audience, Chore, Command, Desk,
    DeskOptions, Question, Results, Stream, Timestamp, Visitor,
};

use crate::fixture::{ADA, BOB, Clock, ada, bob, describe, desk, introduce, moment, rules};

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
        audience: Some(Audience::Public),
        tags: Some(BTreeSet::new()),
    };
    desk.execute(Command::article(bob(), Some(article), edit)).unwrap();
    let lost = desk.check_articles().unwrap();
    assert_eq!((lost.len(), lost[0].article, lost[0].found.len()), (1, article, 0));
}

/// A desk on a Monday morning, with its people, and its clock.
fn desk_with_clock() -> (Clock, Desk) {
    let clock = Clock::at("2026-03-02T09:00:00Z");
    let desk = Desk::in_memory_with_time(rules(), clock.clone()).unwrap();
    introduce(&desk);
    (clock, desk)
}

#[test]
fn articles_ask_for_care_and_drafts_appear_on_their_day() {
    let (clock, desk) = desk_with_clock();
    let article = desk.publish(bob(), "en", "Printer", "Old text.").unwrap();
    let due = moment("2026-03-03T09:00:00Z");
    describe(&desk, article, About { owner: Some(BOB), review_at: Some(due), ..About::default() });
    let act = |action| desk.execute(Command::article(bob(), Some(article), action)).unwrap();
    let save = |language: &str| {
        let (language, title) = (language.into(), "Printer".into());
        let body = "New text.".into();
        ArticleAction::SaveDraft { language, title, body, audience: None, tags: None }
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
    let now = desk.article(article).unwrap().unwrap();
    assert_eq!(now.editions["en"].body, "New text.", "what is found is what is read");
    assert_eq!((shown().as_str(), desk.article_chores().unwrap()), ("New text.", chores));
}

#[test]
fn a_reader_gets_the_best_edition_that_they_may_see_or_none() {
    let desk = desk();
    let by_hand = |article, language: &str, audience| {
        let (language, title) = (language.into(), format!("VPN {language}"));
        let body = format!("Dial {}.", desk.head().unwrap().map_or(0, |head| head.seq));
        let action = ArticleAction::Publish { language, title, body, audience, tags: None };
        let receipt = desk.execute(Command::article(bob(), article, action)).unwrap();
        let Stream::Article(article) = receipt.stream else { panic!("{receipt:?}") };
        article
    };
    let article = by_hand(None, "ru", Some(Audience::Customer));
    for language in ["en", "zh-Hant", "pt-BR"] {
        by_hand(Some(article), language, None);
    }
    let title = |audience, language: &str| {
        let language = (!language.is_empty()).then(|| language.into());
        let view = desk.read_article(article, audience, language.as_ref()).unwrap();
        view.map(|view| view.title)
    };
    for (language, read) in [
        ("ru", "ru"),
        ("RU-by", "ru"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-Hans", "zh-Hant"),
        ("pt", "pt-BR"),
        ("de", "en"),
        ("", "en"),
    ] {
        let told = Some(format!("VPN {read}"));
        assert_eq!(title(Audience::Customer, language), told, "{language}");
        assert_eq!(title(Audience::Internal, language), told, "{language}");
        assert_eq!(title(Audience::Public, language), None, "{language}");
    }
    describe(&desk, article, About { category: Some("Network".into()), ..About::default() });
    let view = desk.read_article(article, Audience::Customer, None).unwrap().unwrap();
    assert_eq!((view.category, view.languages.len()), (Some("Network".into()), 4));
    // What is behind comes after what is as near.
    let other = by_hand(None, "fr", None);
    by_hand(Some(other), "es", None);
    by_hand(Some(other), "fr", None);
    let read = |id| desk.read_article(id, Audience::Public, None).unwrap();
    let view = read(other).unwrap();
    assert_eq!((view.language, view.is_behind), ("fr".into(), false));
    desk.execute(Command::article(bob(), Some(other), ArticleAction::Retire)).unwrap();
    assert_eq!((read(other), read(ArticleId(99))), (None, None));
}

#[test]
fn nobody_is_answered_with_what_they_may_not_see() {
    let desk = desk();
    for audience in [Audience::Public, Audience::Customer, Audience::Internal] {
        let (language, title) = ("en".into(), format!("Printer for {audience:?}"));
        let (body, audience) = ("Turn it off.".into(), Some(audience));
        let action = ArticleAction::Publish { language, title, body, audience, tags: None };
        desk.execute(Command::article(bob(), None, action)).unwrap();
    }
    let found = |visitor, audience| {
        let question = Question { audience, ..Question::new("printer") };
        let hits = desk.answer(1, visitor, &question).unwrap();
        let page = desk.answer_page(1, visitor, &question).unwrap();
        assert_eq!(page.hits, hits);
        assert_eq!(page.facets.audiences.len(), hits.len());
        hits.len()
    };
    let (guest, contact) = (Visitor::Guest(7), Visitor::Contact(ADA));
    for audience in [Audience::Public, Audience::Customer, Audience::Internal] {
        assert_eq!((found(guest, audience), found(contact, audience)), (1, 2));
    }
    let for_customers = Some(Audience::Customer);
    let narrow = Question { only_audience: for_customers, ..Question::new("printer") };
    assert_eq!(desk.answer(1, contact, &narrow).unwrap().len(), 1);
    assert_eq!(desk.answer(1, guest, &narrow).unwrap(), []);
    // To look around is no question.
    let before = desk.visits(Timestamp::MIN..Timestamp::MAX).unwrap().len();
    assert_eq!(desk.answer_page(2, contact, &Question::new("")).unwrap().articles, 2);
    assert_eq!(desk.answer(2, contact, &Question::new(" ")).unwrap(), []);
    assert_eq!(desk.visits(Timestamp::MIN..Timestamp::MAX).unwrap().len(), before);
}

#[test]
fn a_desk_in_memory_has_a_hold_out_too() {
    let options = DeskOptions { hold_out_percent: 100, ..DeskOptions::default() };
    let desk = Desk::in_memory_with(rules(), options).unwrap();
    introduce(&desk);
    desk.publish(bob(), "en", "Printer", "Turn it off.").unwrap();
    let question = Question::new("printer");
    assert_eq!(desk.search(&question).unwrap().len(), 1);
    assert!(desk.answer(1, Visitor::Guest(7), &question).unwrap().is_empty());
    assert_eq!(desk.answer_page(1, Visitor::Guest(7), &question).unwrap(), Results::default());
}

#[test]
fn an_article_that_readers_say_does_not_help_is_to_be_written_anew() {
    let desk = desk();
    let article = desk.publish(bob(), "en", "Printer", "Turn it off.").unwrap();
    let vote = |by, helpful| {
        desk.execute(Command::article(by, Some(article), ArticleAction::Vote { helpful })).unwrap();
    };
    assert!(desk.article_chores().unwrap().is_empty());
    vote(ada(), false);
    let chore = Chore::Rewrite { helpful: 0, not_helpful: 1 };
    let expected = [ArticleChore { article, owner: None, chore }];
    assert_eq!(desk.article_chores().unwrap(), expected);
    vote(bob(), true);
    assert!(desk.article_chores().unwrap().is_empty(), "opinions differ");
    vote(bob(), false);
    assert_eq!(desk.article_chores().unwrap().len(), 1);
}

#[test]
fn what_readers_said_of_another_text_is_no_reason_to_write_this_one_anew() {
    let (clock, desk) = desk_with_clock();
    let article = desk.publish(bob(), "en", "Printer", "Old text.").unwrap();
    let act = |by, action| desk.execute(Command::article(by, Some(article), action)).unwrap();
    let vote = |by, helpful| act(by, ArticleAction::Vote { helpful });
    let chores = || desk.article_chores().unwrap().len();
    vote(ada(), false);
    let write = |title: &str| {
        let (language, title) = ("en".into(), title.into());
        let body = "New text.".into();
        ArticleAction::SaveDraft { language, title, body, audience: None, tags: None }
    };
    let out = |at| ArticleAction::PublishDraft { language: "en".into(), at };
    act(bob(), write("Printer"));
    act(bob(), out(Some(moment("2026-03-03T09:00:00Z"))));
    assert_eq!(chores(), 1);
    clock.set("2026-03-03T09:00:00Z");
    assert_eq!(chores(), 0, "it came out on its day, and nothing has happened since");
    clock.set("2026-03-03T10:00:00Z");
    vote(bob(), true);
    assert_eq!(chores(), 0, "the old no is not held against the new text");
    vote(Actor::System, false);
    vote(ada(), false);
    assert_eq!(
        desk.article_chores().unwrap()[0].chore,
        Chore::Rewrite { helpful: 1, not_helpful: 2 }
    );
    clock.set("2026-03-03T11:00:00Z");
    act(bob(), write("The printer"));
    act(bob(), out(None));
    assert_eq!(chores(), 0);
}

#[test]
fn actions_on_articles_are_read_from_json() {
    let text = r#"{"actor":{"agent":1},"action":{"article":{"article":3,"do":{"publish_draft":{"language":"en"}}}}}"#;
    let command: Command = serde_json::from_str(text).unwrap();
    let Action::Article { action, .. } = command.action else { panic!("{text}") };
    assert_eq!(action, ArticleAction::PublishDraft { language: "en".into(), at: None });
}
