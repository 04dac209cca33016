//! Articles: what the desk knows, one edition per language.

mod change;
#[cfg(test)]
mod stories;

use std::collections::{BTreeMap, BTreeSet};

use firstline_sla::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AgentId, Language, Tag};
use crate::people::{Actor, Role};
use crate::refusal::Refusal;

/// A piece of knowledge. Its number is the name of its stream, so it is not repeated here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Article {
    /// Who may see it.
    pub audience: Audience,
    /// Labels, for filters.
    pub tags: BTreeSet<Tag>,
    /// The text in each language it was written in.
    pub editions: BTreeMap<Language, Edition>,
    /// Whether it was taken out of use. A retired article is kept, and no search finds it.
    pub retired: bool,
    /// What it is about, and who looks after it.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
    /// Texts that are being written, or wait for their day. No search finds them before it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drafts: BTreeMap<Language, Draft>,
    /// Editions that are older than a change of another one: their translation is behind.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub behind: BTreeSet<Language>,
    /// When it goes out of use by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retire_at: Option<Timestamp>,
    /// What its readers say.
    #[serde(default, skip_serializing_if = "Votes::is_empty")]
    pub votes: Votes,
}

impl Article {
    /// The edition that a reader gets of an article as it is [now](Self::at): in their language, or else in
    /// a dialect of it, in English, in any other one; of those that are as near, one that is not behind.
    /// `None` if they may not see it, or nobody is to.
    #[must_use]
    pub fn edition_for(
        &self,
        audience: Audience,
        language: Option<&Language>,
    ) -> Option<(&Language, &Edition)> {
        if self.retired || audience < self.audience {
            return None;
        }
        let wanted = language.map(Language::canonical);
        let wanted = wanted.as_ref().map(Language::as_str).unwrap_or_default();
        let primary = language.map(Language::primary);
        let distance = |of: &Language| {
            let tag = of.canonical();
            let rest = wanted.strip_prefix(tag.as_str());
            match rest {
                // `zh-Hant` and then `zh` for `zh-Hant-TW`, as RFC 4647 looks up.
                Some(rest) if rest.is_empty() || rest.starts_with('-') => (0, rest.len()),
                _ if primary.as_ref() == Some(&of.primary()) => (1, 0),
                _ if of.primary() == "en" => (2, 0),
                _ => (3, 0),
            }
        };
        let editions = self.editions.iter();
        editions.min_by_key(|(of, _)| (distance(of), self.behind.contains(*of)))
    }
}

/// What an article is about, for filters, and who looks after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct About {
    /// The product; none for what has to do with all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Tag>,
    /// The versions of the product that it holds for; empty for all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub versions: BTreeSet<Tag>,
    /// The section of the knowledge base that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Tag>,
    /// Questions that must find it, whatever becomes of its text.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub questions: BTreeSet<String>,
    /// Who keeps it true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentId>,
    /// When the owner is to read it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_at: Option<Timestamp>,
}

impl About {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A text on its way to being published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Draft {
    /// The text.
    pub edition: Edition,
    /// How far it is.
    pub stage: Stage,
    /// Who may see the article once this is published; whoever may see it then if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// The article's labels once this is published; those that it has then if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeSet<Tag>>,
}

/// How far a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Stage {
    /// Somebody is writing it.
    Writing,
    /// Somebody else is to read it.
    InReview,
    /// It becomes the edition of its language at this moment, by itself.
    PublishAt(Timestamp),
}

/// What readers say of an article. Each reader has one voice, the last one, and all who have no name
/// have one together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Votes {
    /// How many it helped.
    pub helpful: u32,
    /// How many it did not help.
    pub not_helpful: u32,
    /// When the last one said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Timestamp>,
}

impl Votes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The text of an article in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ArticleAction {
    /// Publishes an edition: of a new article, of another language, or in place of the old text.
    /// A retired article comes back into use by it; a day of retirement that is still to come
    /// stays. What is not said of audience and labels stays as it was: to mend a slip of the pen
    /// shows an article to nobody else.
    Publish {
        /// The language it is written in.
        language: Language,
        /// The question that it answers, or the name of the problem.
        title: String,
        /// The answer.
        body: String,
        /// Who may see the article, in every language. If it is not said, those who could before;
        /// a new article is for everybody then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<Audience>,
        /// The article's labels, in place of earlier ones. If it is not said, those that it had.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tags: Option<BTreeSet<Tag>>,
    },
    /// Says who may see the article from now on, in every language. Drafts that said otherwise do
    /// so no more.
    SetAudience {
        /// Who may.
        audience: Audience,
    },
    /// Gives the article these labels in place of earlier ones. Drafts that said otherwise do so
    /// no more.
    SetTags {
        /// All of them.
        tags: BTreeSet<Tag>,
    },
    /// Says what the article is about and who looks after it, in place of what was said before.
    Describe(Box<About>),
    /// Saves a draft: of a new article, of another language, or of a new text. What is published
    /// stays as it is. A draft that was in review or had its day is being written again.
    SaveDraft {
        /// The language it is written in.
        language: Language,
        /// The question that it answers, or the name of the problem.
        title: String,
        /// The answer.
        body: String,
        /// Who may see the article once this is published, in every language. If it is not said,
        /// what the draft said before holds, and without that whoever may see the article then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        audience: Option<Audience>,
        /// The article's labels once this is published. If it is not said, what the draft said
        /// before holds, and without that those that the article has then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tags: Option<BTreeSet<Tag>>,
    },
    /// Asks for somebody to read a draft.
    SubmitDraft {
        /// In which language.
        language: Language,
    },
    /// Publishes a draft, for whom and under which labels it says or, where it says nothing, the
    /// article is. An article of which nobody ever said who may see it is for everybody. A retired
    /// article comes back into use by it, at once or on its day.
    PublishDraft {
        /// In which language.
        language: Language,
        /// When; at once if it is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// Throws a draft away.
    DropDraft {
        /// In which language.
        language: Language,
    },
    /// Says whether the article helped. Whoever may see it now may say so; to others it is not
    /// there.
    Vote {
        /// Whether it did.
        helpful: bool,
    },
    /// Takes the article out of use. Drafts that waited for their day wait for it no more: they
    /// are being written again.
    Retire,
    /// Sets a moment at which the article goes out of use by itself, or takes it back.
    RetireAt {
        /// When. It must be said, so that nobody takes it back by a slip.
        #[serde(deserialize_with = "Option::deserialize")]
        #[cfg_attr(feature = "schema", schemars(with = "crate::command::Said<Timestamp>"))]
        at: Option<Timestamp>,
    },
}

impl ArticleAction {
    /// Whether somebody may do this to any article at all.
    ///
    /// # Errors
    ///
    /// [`NotPermitted`](Refusal::NotPermitted) for contacts who want anything but to vote. Ask this
    /// first of all: whoever may not, is not to learn which articles there are.
    pub fn check_actor(&self, by: Actor) -> Result<(), Refusal> {
        if by.role() >= Role::Agent || matches!(self, Self::Vote { .. }) {
            return Ok(());
        }
        let action = "change articles";
        Err(Refusal::NotPermitted { actor: by, action, needed: Role::Agent })
    }
}

/// What happened to an article, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Who may see it changed.
    AudienceSet {
        /// Who may now.
        audience: Audience,
    },
    /// Its labels changed.
    TagsSet {
        /// All of them, as they are now.
        tags: BTreeSet<Tag>,
    },
    /// What it is about, or who looks after it, changed.
    Described {
        /// All of it, as it is now.
        about: About,
    },
    /// A draft was saved, or moved on.
    Drafted {
        /// The language it is written in.
        language: Language,
        /// The draft as it is now.
        draft: Draft,
    },
    /// A draft was thrown away.
    DraftDropped {
        /// In which language.
        language: Language,
    },
    /// A reader said whether it helped.
    Voted {
        /// Whether it did.
        helpful: bool,
        /// What the same reader said the last time, which counts no more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<bool>,
    },
    /// It was taken out of use.
    Retired,
    /// When it goes out of use by itself changed.
    RetirementSet {
        /// When; never by itself if `None`.
        at: Option<Timestamp>,
    },
}
