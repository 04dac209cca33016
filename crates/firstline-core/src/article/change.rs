//! How an article changes: what follows from an action, and what a fact makes of it.

use std::mem;

use firstline_sla::Timestamp;

use super::{
    About, Article, ArticleAction, ArticleEvent, ArticleFact, Audience, Draft, Edition, Stage,
};
use crate::id::{ArticleId, Language, Tag};
use crate::limits::{MAX_TAGS, check_line, check_tags, check_text, check_time};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;

impl Article {
    /// What follows from an action on article number `id`, which is new if `article` is `None`.
    ///
    /// # Errors
    ///
    /// The refusal says why nothing follows.
    pub fn decide(
        id: ArticleId,
        article: Option<&Self>,
        action: &ArticleAction,
        by: Actor,
        now: Timestamp,
    ) -> Result<ArticleEvent, Refusal> {
        if let ArticleAction::Vote { helpful } = action {
            let is_visible = |article: &Self| {
                !article.is_retired(now)
                    && (by.role() >= Role::Agent || article.audience < Audience::Internal)
            };
            // Whoever may not see an article does not learn that it is there.
            let visible = article.filter(|article| is_visible(article));
            visible.ok_or(Refusal::UnknownArticle(id))?;
            return Ok(ArticleEvent { at: now, fact: ArticleFact::Voted { helpful: *helpful } });
        }
        if by.role() < Role::Agent {
            let action = "change articles";
            return Err(Refusal::NotPermitted { actor: by, action, needed: Role::Agent });
        }
        let fact = match (action, article) {
            (ArticleAction::Publish { language, title, body, audience, tags }, _) => {
                check_tags(tags.iter().map(Tag::as_str))?;
                let (audience, tags) = (*audience, tags.clone());
                let edition = checked(language, title, body)?;
                ArticleFact::Published { language: language.clone(), edition, audience, tags }
            }
            (ArticleAction::SaveDraft { language, title, body }, _) => {
                let (edition, stage) = (checked(language, title, body)?, Stage::Writing);
                ArticleFact::Drafted { language: language.clone(), draft: Draft { edition, stage } }
            }
            (_, None) => return Err(Refusal::UnknownArticle(id)),
            (action, Some(article)) => article.clone().at(now).go_on(id, action, now)?,
        };
        Ok(ArticleEvent { at: now, fact })
    }

    /// What follows for an article that is there.
    fn go_on(
        self,
        id: ArticleId,
        action: &ArticleAction,
        now: Timestamp,
    ) -> Result<ArticleFact, Refusal> {
        let draft = |language: &Language| {
            let draft = self.drafts.get(language).cloned();
            draft.ok_or_else(|| Refusal::NoDraft { article: id, language: language.clone() })
        };
        match action {
            ArticleAction::Describe(about) => {
                check_about(about, now)?;
                Ok(ArticleFact::Described { about: (**about).clone() })
            }
            ArticleAction::SubmitDraft { language } => {
                let draft = Draft { stage: Stage::InReview, ..draft(language)? };
                Ok(ArticleFact::Drafted { language: language.clone(), draft })
            }
            ArticleAction::PublishDraft { language, at: Some(at) } if *at > now => {
                check_time(*at)?;
                let draft = Draft { stage: Stage::PublishAt(*at), ..draft(language)? };
                Ok(ArticleFact::Drafted { language: language.clone(), draft })
            }
            ArticleAction::PublishDraft { language, at: _ } => {
                let edition = draft(language)?.edition;
                let (audience, tags) = (self.audience, self.tags);
                Ok(ArticleFact::Published { language: language.clone(), edition, audience, tags })
            }
            ArticleAction::DropDraft { language } => {
                draft(language)?;
                Ok(ArticleFact::DraftDropped { language: language.clone() })
            }
            ArticleAction::Retire | ArticleAction::RetireAt { .. } if self.retired => {
                Err(Refusal::ArticleRetired(id))
            }
            ArticleAction::RetireAt { at } => {
                at.map_or(Ok(()), check_time)?;
                Ok(ArticleFact::RetirementSet { at: *at })
            }
            _ => Ok(ArticleFact::Retired),
        }
    }

    /// The article after an event. Decides nothing.
    ///
    /// `None` if the event cannot have happened to it: anything but a text before there is one.
    #[must_use]
    pub fn apply(article: Option<Self>, event: &ArticleEvent) -> Option<Self> {
        let is_text =
            matches!(event.fact, ArticleFact::Published { .. } | ArticleFact::Drafted { .. });
        let mut article = match article {
            Some(article) => article.at(event.at),
            None if is_text => Self::default(),
            None => return None,
        };
        match &event.fact {
            ArticleFact::Published { language, edition, audience, tags } => {
                article.drafts.remove(language);
                article.replace(language, edition.clone());
                (article.audience, article.tags) = (*audience, tags.clone());
                (article.retired, article.retire_at) = (false, None);
            }
            ArticleFact::Described { about } => article.about = about.clone(),
            ArticleFact::Drafted { language, draft } => {
                article.drafts.insert(language.clone(), draft.clone());
            }
            ArticleFact::DraftDropped { language } => {
                article.drafts.remove(language);
            }
            ArticleFact::Voted { helpful } => {
                let votes = &mut article.votes;
                let count = if *helpful { &mut votes.helpful } else { &mut votes.not_helpful };
                *count = count.saturating_add(1);
                votes.last_at = Some(event.at);
            }
            ArticleFact::Retired => article.retired = true,
            ArticleFact::RetirementSet { at } => article.retire_at = *at,
        }
        Some(article)
    }

    /// The article as it is at this moment, if nobody touches it until then: with the drafts
    /// published whose day has come, and retired if its day has.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        let is_due = |draft: &Draft| matches!(draft.stage, Stage::PublishAt(at) if at <= now);
        let (due, others) =
            mem::take(&mut self.drafts).into_iter().partition(|(_, draft)| is_due(draft));
        self.drafts = others;
        for (language, draft) in due {
            self.replace(&language, draft.edition);
        }
        self.retired = self.is_retired(now);
        self
    }

    /// Whether it is out of use at this moment.
    #[must_use]
    pub fn is_retired(&self, now: Timestamp) -> bool {
        self.retired || self.retire_at.is_some_and(|at| at <= now)
    }

    /// Puts an edition in the place of the one before. The others are behind then, unless it was
    /// itself behind and only catches up.
    fn replace(&mut self, language: &Language, edition: Edition) {
        let caught_up = self.behind.remove(language);
        let before = self.editions.insert(language.clone(), edition);
        if before.is_some_and(|before| before != self.editions[language]) && !caught_up {
            let others = self.editions.keys().filter(|other| *other != language);
            self.behind = others.cloned().collect();
        }
    }
}

fn checked(language: &Language, title: &str, body: &str) -> Result<Edition, Refusal> {
    language.check()?;
    check_line("title", title)?;
    check_text("body", body)?;
    Ok(Edition { title: title.to_owned(), body: body.to_owned() })
}

fn check_about(about: &About, now: Timestamp) -> Result<(), Refusal> {
    check_tags(about.versions.iter().map(Tag::as_str))?;
    for label in [&about.product, &about.category].into_iter().flatten() {
        check_tags([label.as_str()].into_iter())?;
    }
    if about.questions.len() > MAX_TAGS {
        return Err(Refusal::TooManyTags { count: about.questions.len(), most: MAX_TAGS });
    }
    for question in &about.questions {
        check_line("question", question)?;
    }
    match about.review_at {
        Some(due) if due <= now => Err(Refusal::DueInThePast { due, now }),
        Some(due) => check_time(due),
        None => Ok(()),
    }
}
