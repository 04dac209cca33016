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
    ArticleAction::SaveDraft { language, title, body: body.into(), audience: None, tags: None }
}

fn publish(language: &str, body: &str) -> ArticleAction {
    let (language, title, body) = (language.into(), "Printer".into(), body.into());
    ArticleAction::Publish { language, title, body, audience: None, tags: None }
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
    let fact = ArticleFact::Voted { helpful: false, before: None };
    let another = ArticleEvent { at: day(3), fact }.in_place_of(Some(true));
    let votes = Votes { helpful: 1, not_helpful: 2, last_at: Some(day(3)) };
    assert_eq!(Article::apply(Some(article), &another).unwrap().votes, votes);

    let unknown = Err(Refusal::UnknownArticle(ArticleId(7)));
    let mut internal = public.clone();
    if let ArticleAction::Publish { audience, .. } = &mut internal.2 {
        *audience = Some(Audience::Internal);
    }
    assert_eq!(live(&[internal, vote(true)]), unknown);
    assert_eq!(live(&[(1, AGENT, draft("en", "Text.")), vote(true)]), unknown);
    let waiting = (1, AGENT, publish_draft("en", Some(3)));
    assert_eq!(live(&[(1, AGENT, draft("en", "Text.")), waiting, vote(true)]), unknown);
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

const HIDDEN: Option<Audience> = Some(Audience::Internal);

/// Published for agents only, with a label.
fn internal() -> ArticleAction {
    let (language, title, body) = ("en".into(), "Printer".into(), "The password is 1234.".into());
    let tags = Some(["secret".into()].into());
    ArticleAction::Publish { language, title, body, audience: HIDDEN, tags }
}

/// For whom it is on a day, and its labels.
fn shown(article: &Article, on: i64) -> (Audience, Vec<String>) {
    let article = article.clone().at(day(on));
    (article.audience, article.tags.iter().map(|tag| tag.as_str().to_owned()).collect())
}

#[test]
fn to_mend_or_translate_an_internal_article_shows_it_to_nobody_else() {
    let secret = (Audience::Internal, vec!["secret".to_owned()]);
    let hidden = (1, AGENT, internal());
    for text in [publish("en", "The password is 12345."), publish("ru", "Пароль 1234.")] {
        let mended = live(&[hidden.clone(), (2, AGENT, text)]).unwrap();
        assert_eq!(shown(&mended, 2), secret);
    }
    let drafted = [(2, AGENT, draft("en", "No.")), (3, AGENT, publish_draft("en", None))];
    let drafted = live(&[std::slice::from_ref(&hidden), &drafted].concat()).unwrap();
    assert_eq!(shown(&drafted, 3), secret);

    let read = r#"{"publish":{"language":"en","title":"Printer","body":"Mended."}}"#;
    let mended = live(&[hidden, (2, AGENT, serde_json::from_str(read).unwrap())]).unwrap();
    assert_eq!(shown(&mended, 2), secret);
    let new = live(&[(1, AGENT, serde_json::from_str(read).unwrap())]).unwrap();
    assert_eq!(shown(&new, 1), (Audience::Public, vec![]));
}

#[test]
fn a_draft_says_for_whom_it_will_be_whichever_language_comes_out_first() {
    let mut first = draft("en", "The password is 1234.");
    if let ArticleAction::SaveDraft { audience, tags, .. } = &mut first {
        (*audience, *tags) = (HIDDEN, Some(["secret".into()].into()));
    }
    let secret = (Audience::Internal, vec!["secret".to_owned()]);
    let first = (1, AGENT, first);
    let again = (2, AGENT, draft("en", "The password is 12345."));
    let out = |language| (3, AGENT, publish_draft(language, Some(5)));
    let mended = live(&[first.clone(), again, out("en")]).unwrap();
    assert_eq!(shown(&mended, 5), secret);
    let russian = live(&[first.clone(), (2, AGENT, draft("ru", "Пароль.")), out("ru")]).unwrap();
    assert_eq!(shown(&russian, 5), secret);
    let at_once = live(&[first.clone(), (2, AGENT, publish("en", "Mended."))]).unwrap();
    assert_eq!(shown(&at_once, 2), secret);
    // Of what is published, a draft changes nothing before its day.
    let public = (0, AGENT, publish("en", "Ask the help desk."));
    let waiting = live(&[public, first, out("en")]).unwrap();
    assert_eq!((shown(&waiting, 4).0, shown(&waiting, 5)), (Audience::Public, secret));
}

#[test]
fn who_may_see_an_article_changes_without_its_text_and_against_what_drafts_said() {
    let mut loud = draft("en", "New.");
    if let ArticleAction::SaveDraft { audience, tags, .. } = &mut loud {
        (*audience, *tags) = (Some(Audience::Public), Some(BTreeSet::new()));
    }
    let article = live(&[
        (1, AGENT, publish("en", "Old.")),
        (2, AGENT, loud),
        (2, AGENT, publish_draft("en", Some(9))),
        (3, AGENT, ArticleAction::SetAudience { audience: Audience::Internal }),
        (3, AGENT, ArticleAction::SetTags { tags: ["secret".into()].into() }),
    ])
    .unwrap();
    let secret = (Audience::Internal, vec!["secret".to_owned()]);
    assert_eq!((shown(&article, 3), shown(&article, 9)), (secret.clone(), secret));
    assert_eq!((seen(&article, 3).as_str(), seen(&article, 9).as_str()), ("en: Old.", "en: New."));
}

#[test]
fn a_publication_on_its_day_does_what_one_at_once_does_to_a_retired_article() {
    let retired = [(1, AGENT, publish("en", "Old.")), (2, AGENT, ArticleAction::Retire)];
    let save = (3, AGENT, draft("en", "New."));
    let after = |acts: &[(i64, Actor, ArticleAction)]| live(&[&retired, acts].concat()).unwrap();
    let at_once = after(&[save.clone(), (5, AGENT, publish_draft("en", None))]);
    let on_its_day = after(&[save.clone(), (3, AGENT, publish_draft("en", Some(5)))]);
    assert_eq!((seen(&at_once, 5), seen(&on_its_day, 4)), ("en: New.".into(), "retired".into()));
    assert_eq!(on_its_day.at(day(5)), at_once);

    // To retire comes after what was arranged before it, and takes that back.
    let waiting = [retired[0].clone(), save.clone(), (3, AGENT, publish_draft("en", Some(5)))];
    let stopped = [&waiting[..], &[(4, AGENT, ArticleAction::Retire)]].concat();
    assert_eq!(seen(&live(&stopped).unwrap(), 9), "retired");
    // A day of retirement still to come outlives an edit, and one that was there does not.
    let mended = |retire: i64| {
        let retire = (1, AGENT, ArticleAction::RetireAt { at: Some(day(retire)) });
        let edit = (3, AGENT, publish("en", "New."));
        let acts = [retired[0].clone(), retire, edit];
        seen(&live(&acts).unwrap(), 9)
    };
    assert_eq!((mended(2), mended(8)), ("en: New.".to_owned(), "retired".to_owned()));
}

#[test]
fn one_language_is_one_edition_in_whatever_case_its_tag_is_written() {
    let article = live(&[
        (1, AGENT, publish("EN", "Old.")),
        (2, AGENT, publish("en", "New.")),
        (3, AGENT, draft("PT-br", "Novo.")),
        (4, AGENT, publish_draft("pt-BR", None)),
        (5, AGENT, draft("zh-hant-tw", "新")),
        (6, AGENT, ArticleAction::DropDraft { language: "ZH-Hant-TW".into() }),
    ])
    .unwrap();
    let tags: Vec<&str> = article.editions.keys().map(Language::as_str).collect();
    assert_eq!((tags, article.drafts.len()), (vec!["en", "pt-BR"], 0));
    assert_eq!(article.editions["en"].body, "New.");
    // What was recorded in other letters goes on as it was.
    let edition = Edition { title: "Printer".into(), body: "Old.".into() };
    let before = Article { editions: [("EN".into(), edition)].into(), ..Article::default() };
    let action = publish("en", "New.");
    let event = Article::decide(ArticleId(7), Some(&before), &action, AGENT, day(1)).unwrap();
    let after = Article::apply(Some(before), &event).unwrap();
    assert_eq!(after.editions.into_keys().collect::<Vec<_>>(), ["EN".into()]);
    let canonical = |tag: &str| Language::from(tag).canonical().to_string();
    let tags = ["SL-it-NEDIS", "EN-X-US-abcd", "de-1996", "sgn-be-fr"].map(canonical);
    assert_eq!(tags, ["sl-IT-nedis", "en-x-us-abcd", "de-1996", "sgn-BE-FR"]);
}

#[test]
fn whoever_may_change_no_article_does_not_learn_which_there_are() {
    let refused = |acts: &[_]| live(acts).unwrap_err();
    let retire = (2, READER, ArticleAction::Retire);
    let unknown = refused(std::slice::from_ref(&retire));
    assert!(matches!(unknown, Refusal::NotPermitted { .. }), "{unknown}");
    assert_eq!(refused(&[(1, AGENT, internal()), retire]), unknown);
}
