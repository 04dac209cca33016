//! How an article changes: what follows from an action, and what a fact makes of it.

use std::collections::BTreeSet;
use std::mem;

use firstline_sla::Timestamp;

use super::{
    About, Article, ArticleAction, ArticleEvent, ArticleFact, Audience, Draft, Edition, Stage,
    Votes,
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
        action.check_actor(by)?;
        let article = article.map(|article| article.clone().at(now));
        let fact = match (action, article) {
            (ArticleAction::Vote { helpful }, article) => {
                // Whoever may not see an article does not learn that it is there.
                let is_seen = article.is_some_and(|article| article.is_seen_by(by.role()));
                let voted =
                    is_seen.then_some(ArticleFact::Voted { helpful: *helpful, before: None });
                voted.ok_or(Refusal::UnknownArticle(id))?
            }
            (ArticleAction::Publish { language, title, body, audience, tags }, article) => {
                tags.as_ref().map_or(Ok(()), check_labels)?;
                let before = article.unwrap_or_default();
                let own = before.tag_of(language);
                let audience = audience.unwrap_or(before.audience);
                let tags = tags.clone().unwrap_or(before.tags);
                let edition = checked(language, title, body)?;
                ArticleFact::Published { language: own, edition, audience, tags }
            }
            (ArticleAction::SaveDraft { language, title, body, audience, tags }, article) => {
                tags.as_ref().map_or(Ok(()), check_labels)?;
                let (edition, stage) = (checked(language, title, body)?, Stage::Writing);
                let mut article = article.unwrap_or_default();
                let language = article.tag_of(language);
                let before = article.drafts.remove(&language);
                let (of_old, tags_of_old) =
                    before.map_or((None, None), |it| (it.audience, it.tags));
                let audience = audience.or(of_old);
                let tags = tags.clone().or(tags_of_old);
                let draft = Draft { edition, stage, audience, tags };
                ArticleFact::Drafted { language, draft }
            }
            (_, None) => return Err(Refusal::UnknownArticle(id)),
            (action, Some(article)) => article.go_on(id, action, now)?,
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
            let own = self.tag_of(language);
            let draft = self.drafts.get(&own).cloned();
            let none = || Refusal::NoDraft { article: id, language: language.clone() };
            draft.map(|draft| (own, draft)).ok_or_else(none)
        };
        match action {
            ArticleAction::Describe(about) => {
                check_about(about, now)?;
                Ok(ArticleFact::Described { about: (**about).clone() })
            }
            ArticleAction::SetAudience { audience } => {
                Ok(ArticleFact::AudienceSet { audience: *audience })
            }
            ArticleAction::SetTags { tags } => {
                check_labels(tags)?;
                Ok(ArticleFact::TagsSet { tags: tags.clone() })
            }
            ArticleAction::SubmitDraft { language } => {
                let (language, draft) = draft(language)?;
                let draft = Draft { stage: Stage::InReview, ..draft };
                Ok(ArticleFact::Drafted { language, draft })
            }
            ArticleAction::PublishDraft { language, at: Some(at) } if *at > now => {
                check_time(*at)?;
                let (language, draft) = draft(language)?;
                let draft = Draft { stage: Stage::PublishAt(*at), ..draft };
                Ok(ArticleFact::Drafted { language, draft })
            }
            ArticleAction::PublishDraft { language, at: _ } => {
                let (language, Draft { edition, audience, tags, .. }) = draft(language)?;
                let audience = audience.unwrap_or(self.audience);
                let tags = tags.unwrap_or(self.tags);
                Ok(ArticleFact::Published { language, edition, audience, tags })
            }
            ArticleAction::DropDraft { language } => {
                let (language, _) = draft(language)?;
                Ok(ArticleFact::DraftDropped { language })
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

    /// How it writes the tag of a language, in whatever case it is asked for: as its texts have it, and
    /// else as everybody does. One language is never two editions.
    fn tag_of(&self, language: &Language) -> Language {
        let own = || self.editions.keys().chain(self.drafts.keys());
        let same = |it: &&Language| it.as_str().eq_ignore_ascii_case(language.as_str());
        let known = own().find(|it| *it == language).or_else(|| own().find(same));
        known.cloned().unwrap_or_else(|| language.canonical())
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
                article.publish(language, edition.clone(), *audience, tags.clone());
            }
            ArticleFact::AudienceSet { audience } => {
                article.audience = *audience;
                article.drafts.values_mut().for_each(|draft| draft.audience = None);
            }
            ArticleFact::TagsSet { tags } => {
                article.tags.clone_from(tags);
                article.drafts.values_mut().for_each(|draft| draft.tags = None);
            }
            ArticleFact::Described { about } => article.about = about.clone(),
            ArticleFact::Drafted { language, draft } => {
                // What was never published is for nobody else than its first draft says, in
                // whichever language it comes out first.
                if article.editions.is_empty() {
                    article.audience = draft.audience.unwrap_or(article.audience);
                    article.tags = draft.tags.clone().unwrap_or(article.tags);
                }
                article.drafts.insert(language.clone(), draft.clone());
            }
            ArticleFact::DraftDropped { language } => {
                article.drafts.remove(language);
            }
            ArticleFact::Voted { helpful, before } => {
                let votes = &mut article.votes;
                if let Some(before) = before {
                    let count = votes.count(*before);
                    *count = count.saturating_sub(1);
                }
                let count = votes.count(*helpful);
                *count = count.saturating_add(1);
                votes.last_at = Some(event.at);
            }
            ArticleFact::Retired => {
                article.retired = true;
                // Nothing that was arranged before brings it back.
                let waiting = article.drafts.values_mut();
                waiting
                    .filter(|draft| matches!(draft.stage, Stage::PublishAt(_)))
                    .for_each(|draft| draft.stage = Stage::Writing);
            }
            ArticleFact::RetirementSet { at } => article.retire_at = *at,
        }
        Some(article)
    }

    /// The article as it is at this moment, if nobody touches it until then: with the drafts
    /// published whose day has come, in the order of their days, and retired if its day has.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        while let Some((at, language)) = self.next_publication().filter(|(at, _)| *at <= now)
            && let Some(draft) = self.drafts.remove(&language)
        {
            self.retired = self.is_retired(at);
            let audience = draft.audience.unwrap_or(self.audience);
            let tags = draft.tags.unwrap_or_else(|| self.tags.clone());
            self.publish(&language, draft.edition, audience, tags);
        }
        self.retired = self.is_retired(now);
        self
    }

    /// The moments at which it becomes another one by itself: the days of its drafts, and that of
    /// its retirement.
    #[must_use]
    pub fn turns(&self) -> BTreeSet<Timestamp> {
        let days = self.drafts.values().filter_map(|draft| draft.stage.day());
        days.chain(self.retire_at).collect()
    }

    /// The draft that is published next by itself, and when.
    fn next_publication(&self) -> Option<(Timestamp, Language)> {
        let waiting = |(language, draft): (&Language, &Draft)| {
            draft.stage.day().map(|at| (at, language.clone()))
        };
        self.drafts.iter().filter_map(waiting).min()
    }

    /// Whether somebody with this role may read any of it.
    fn is_seen_by(&self, role: Role) -> bool {
        let is_out = !self.retired && !self.editions.is_empty();
        is_out && (role >= Role::Agent || self.audience < Audience::Internal)
    }

    /// Whether it is out of use at this moment.
    #[must_use]
    pub fn is_retired(&self, now: Timestamp) -> bool {
        self.retired || self.retire_at.is_some_and(|at| at <= now)
    }

    /// Publishes an edition. What was out of use comes back by it, and a day of retirement that has
    /// not come yet stays.
    fn publish(
        &mut self,
        language: &Language,
        edition: Edition,
        audience: Audience,
        tags: BTreeSet<Tag>,
    ) {
        self.replace(language, edition);
        (self.audience, self.tags) = (audience, tags);
        if mem::take(&mut self.retired) {
            self.retire_at = None;
        }
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

impl Votes {
    fn count(&mut self, helpful: bool) -> &mut u32 {
        if helpful { &mut self.helpful } else { &mut self.not_helpful }
    }
}

impl ArticleEvent {
    /// The event with what the same reader said earlier, if it is a vote: each has one voice, the
    /// last one.
    #[must_use]
    pub fn in_place_of(mut self, earlier: Option<bool>) -> Self {
        if let ArticleFact::Voted { before, .. } = &mut self.fact {
            *before = earlier;
        }
        self
    }
}

impl Stage {
    /// The day on which it is published by itself.
    fn day(self) -> Option<Timestamp> {
        match self {
            Self::PublishAt(at) => Some(at),
            Self::Writing | Self::InReview => None,
        }
    }
}

fn checked(language: &Language, title: &str, body: &str) -> Result<Edition, Refusal> {
    language.check()?;
    check_line("title", title)?;
    check_text("body", body)?;
    Ok(Edition { title: title.to_owned(), body: body.to_owned() })
}

fn check_labels(tags: &BTreeSet<Tag>) -> Result<(), Refusal> {
    check_tags(tags.iter().map(Tag::as_str))
}

fn check_about(about: &About, now: Timestamp) -> Result<(), Refusal> {
    check_labels(&about.versions)?;
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
