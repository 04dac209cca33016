//! Articles: what the desk knows, one edition per language.

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ArticleId, Language, Tag};
use crate::limits::{check_line, check_tags, check_text};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;

/// A piece of knowledge. Its number is the name of its stream, so it is not repeated here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Who may see it.
    pub audience: Audience,
    /// Labels, for filters.
    pub tags: BTreeSet<Tag>,
    /// The text in each language it was written in.
    pub editions: BTreeMap<Language, Edition>,
    /// Whether it was taken out of use. A retired article is kept, and no search finds it.
    pub retired: bool,
}

/// The text of an article in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The question that it answers, or the name of the problem.
    pub title: String,
    /// The answer.
    pub body: String,
}

/// Who may see an article. Ordered: whoever may see a later one may see the earlier ones.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    #[default]
    Public,
    /// Contacts of this desk, and its agents.
    Customer,
    /// Agents only.
    Internal,
}

/// What somebody wants to happen to an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ArticleAction {
    /// Publishes an edition: of a new article, of another language, or in place of the old text.
    /// A retired article comes back into use by it.
    Publish {
        /// The language it is written in.
        language: Language,
        /// The question that it answers, or the name of the problem.
        title: String,
        /// The answer.
        body: String,
        /// Who may see the article, in every language.
        #[serde(default)]
        audience: Audience,
        /// The article's labels, in place of earlier ones.
        #[serde(default)]
        tags: BTreeSet<Tag>,
    },
    /// Takes the article out of use.
    Retire,
}

/// What happened to an article, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleEvent {
    /// When it was true.
    pub at: Timestamp,
    /// What happened.
    pub fact: ArticleFact,
}

/// What happened to an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ArticleFact {
    /// An edition was published.
    Published {
        /// The language it is written in.
        language: Language,
        /// The text.
        edition: Edition,
        /// Who may see the article.
        audience: Audience,
        /// The article's labels.
        tags: BTreeSet<Tag>,
    },
    /// It was taken out of use.
    Retired,
}

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
        if by.role() < Role::Agent {
            let action = "change articles";
            return Err(Refusal::NotPermitted { actor: by, action, needed: Role::Agent });
        }
        let fact = match (action, article) {
            (ArticleAction::Publish { language, title, body, audience, tags }, _) => {
                language.check()?;
                check_line("title", title)?;
                check_text("body", body)?;
                check_tags(tags.iter().map(Tag::as_str))?;
                ArticleFact::Published {
                    language: language.clone(),
                    edition: Edition { title: title.clone(), body: body.clone() },
                    audience: *audience,
                    tags: tags.clone(),
                }
            }
            (ArticleAction::Retire, None) => return Err(Refusal::UnknownArticle(id)),
            (ArticleAction::Retire, Some(Self { retired: true, .. })) => {
                return Err(Refusal::ArticleRetired(id));
            }
            (ArticleAction::Retire, Some(_)) => ArticleFact::Retired,
        };
        Ok(ArticleEvent { at: now, fact })
    }

    /// The article after an event. Decides nothing.
    ///
    /// `None` if the event cannot have happened to it: a retirement before any publication.
    #[must_use]
    pub fn apply(article: Option<Self>, event: &ArticleEvent) -> Option<Self> {
        match (&event.fact, article) {
            (ArticleFact::Published { language, edition, audience, tags }, article) => {
                let mut editions = article.map(|article| article.editions).unwrap_or_default();
                editions.insert(language.clone(), edition.clone());
                Some(Self { audience: *audience, tags: tags.clone(), editions, retired: false })
            }
            (ArticleFact::Retired, Some(article)) => Some(Self { retired: true, ..article }),
            (ArticleFact::Retired, None) => None,
        }
    }
}
