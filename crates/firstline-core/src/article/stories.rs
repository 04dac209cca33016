//! The life of an article, told as it is seen by a reader.

use super::*;
use crate::id::{ArticleId, ContactId};
use crate::people::Actor;
use crate::refusal::Refusal;

const AGENT: Actor = Actor::Agent(AgentId(1));
const READER: Actor = Actor::Contact(ContactId(1));

fn day(n: i64) -> Timestamp {
    Timestamp::from_millis(n * 86_400_000).expect("a day of this century")
}

fn draft(language: &str, body: &str) -> ArticleAction {
    let (language, title) = (language.into(), "Printer".into());
    ArticleAction::SaveDraft { language, title, body: body.into() }
}

fn publish(language: &str, body: &str) -> ArticleAction {
    let (language, title, body) = (language.into(), "Printer".into(), body.into());
    let (audience, tags) = (Audience::Public, BTreeSet::new());
    ArticleAction::Publish { language, title, body, audience, tags }
}

fn publish_draft(language: &str, at: Option<i64>) -> ArticleAction {
    ArticleAction::PublishDraft { language: language.into(), at: at.map(day) }
}

/// What becomes of an article that nobody has written yet.
fn live(acts: &[(i64, Actor, ArticleAction)]) -> Result<Article, Refusal> {
    let mut article = None;
    for (at, by, action) in acts {
        let event = Article::decide(ArticleId(7), article.as_ref(), action, *by, day(*at))?;
        article = Article::apply(article, &event);
    }
    Ok(article.expect("an act leaves an article behind"))
}

/// What a reader sees on a day: `en: text`, and what is behind in brackets.
fn seen(article: &Article, on: i64) -> String {
    let article = article.clone().at(day(on));
    if article.retired {
        return "retired".to_owned();
    }
    let edition = |(language, edition): (&Language, &Edition)| {
        let mark = if article.behind.contains(language) { " (behind)" } else { "" };
        format!("{language}: {}{mark}", edition.body)
    };
    article.editions.iter().map(edition).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_draft_is_seen_when_it_is_published_and_the_old_text_until_then() {
    let acts = [
        (1, AGENT, publish("en", "Old.")),
        (2, AGENT, draft("en", "New.")),
        (3, AGENT, ArticleAction::SubmitDraft { language: "en".into() }),
        (4, AGENT, publish_draft("en", None)),
    ];
    let before = live(&acts[..3]).unwrap();
    assert_eq!(seen(&before, 3), "en: Old.");
    assert_eq!(before.drafts[&Language::from("en")].stage, Stage::InReview);
    let after = live(&acts).unwrap();
    assert_eq!((seen(&after, 4), after.drafts.len()), ("en: New.".to_owned(), 0));
}

#[test]
fn a_day_of_publication_and_one_of_retirement_come_by_themselves() {
    let article = live(&[
        (1, AGENT, publish("en", "Old.")),
        (1, AGENT, draft("en", "New.")),
        (1, AGENT, publish_draft("en", Some(5))),
        (1, AGENT, ArticleAction::RetireAt { at: Some(day(9)) }),
    ])
    .unwrap();
    assert_eq!(
        [4, 5, 8, 9].map(|n| seen(&article, n)),
        ["en: Old.", "en: New.", "en: New.", "retired"]
    );
}

#[test]
fn whoever_acts_after_the_day_finds_what_came_by_itself() {
    let acts = [
        (1, AGENT, draft("en", "New.")),
        (1, AGENT, publish_draft("en", Some(5))),
        (6, AGENT, publish_draft("en", None)),
    ];
    let no_draft = Refusal::NoDraft { article: ArticleId(7), language: "en".into() };
    assert_eq!(live(&acts), Err(no_draft));
    let vote = (6, READER, ArticleAction::Vote { helpful: true });
    let article = live(&[acts[0].clone(), acts[1].clone(), vote]).unwrap();
    assert_eq!((article.editions.len(), article.drafts.len()), (1, 0));
}

#[test]
fn a_new_text_leaves_the_translations_behind_until_they_catch_up() {
    let acts = [
        (1, AGENT, publish("en", "One.")),
        (1, AGENT, publish("ru", "Раз.")),
        (2, AGENT, publish("en", "Two.")),
        (3, AGENT, publish("ru", "Два.")),
    ];
    let seen_after = |n: usize| seen(&live(&acts[..n]).unwrap(), 9);
    assert_eq!(seen_after(2), "en: One., ru: Раз.");
    assert_eq!(seen_after(3), "en: Two., ru: Раз. (behind)");
    assert_eq!(seen_after(4), "en: Two., ru: Два.");
}

#[test]
fn readers_vote_on_what_they_may_see_and_change_nothing_else() {
    let vote = |helpful| (2, READER, ArticleAction::Vote { helpful });
    let public = (1, AGENT, publish("en", "Text."));
    let article = live(&[public.clone(), vote(true), vote(true), vote(false)]).unwrap();
    let votes = Votes { helpful: 2, not_helpful: 1, last_at: Some(day(2)) };
    assert_eq!(article.votes, votes);

    let unknown = Err(Refusal::UnknownArticle(ArticleId(7)));
    let mut internal = public.clone();
    if let ArticleAction::Publish { audience, .. } = &mut internal.2 {
        *audience = Audience::Internal;
    }
    assert_eq!(live(&[internal, vote(true)]), unknown);
    assert_eq!(live(&[public.clone(), (2, AGENT, ArticleAction::Retire), vote(true)]), unknown);
    let refused = live(&[public, (2, READER, draft("en", "Mine."))]);
    assert!(matches!(refused, Err(Refusal::NotPermitted { .. })), "{refused:?}");
}

#[test]
fn a_review_in_the_past_a_question_of_two_lines_and_a_draft_that_is_not_there_are_refused() {
    let with = |action| live(&[(1, AGENT, publish("en", "Text.")), (2, AGENT, action)]);
    let describe = |about| with(ArticleAction::Describe(Box::new(about)));
    let late = describe(About { review_at: Some(day(2)), ..About::default() });
    assert_eq!(late, Err(Refusal::DueInThePast { due: day(2), now: day(2) }));
    let odd = describe(About { questions: ["a\nb".to_owned()].into(), ..About::default() });
    assert!(matches!(odd, Err(Refusal::ControlCharacter { field: "question", .. })), "{odd:?}");
    let missing = with(publish_draft("ru", None)).unwrap_err();
    assert_eq!(missing.to_string(), "article 7 has no draft in `ru`; save one first");
    let nothing = live(&[(1, AGENT, ArticleAction::RetireAt { at: None })]);
    assert_eq!(nothing, Err(Refusal::UnknownArticle(ArticleId(7))));
}
