//! An article as a reader sees it.

use std::collections::BTreeSet;

use firstline_core::{ArticleId, Audience, Language, Tag};

use super::Desk;
use crate::error::Error;

/// An article as a reader sees it: one edition of it, and what it is about. Who keeps it, its drafts and
/// its questions are not among it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleView {
    /// Which article.
    pub article: ArticleId,
    /// Who may see it.
    pub audience: Audience,
    /// The language of the edition.
    pub language: Language,
    /// The question that it answers, or the name of the problem.
    pub title: String,
    /// The answer, as its author wrote it: escape it before it is shown on a page.
    pub body: String,
    /// Whether the edition is older than a change of another one.
    pub is_behind: bool,
    /// All languages that it can be read in.
    pub languages: BTreeSet<Language>,
    /// Its labels.
    pub tags: BTreeSet<Tag>,
    /// The product; none for what has to do with all.
    pub product: Option<Tag>,
    /// The versions of the product that it holds for; empty for all.
    pub versions: BTreeSet<Tag>,
    /// The section of the knowledge base that it stands in.
    pub category: Option<Tag>,
}

impl Desk {
    /// An article as a reader sees it now, in the best edition for their language: see
    /// [`Article::edition_for`](firstline_core::Article::edition_for). `None` if they may not see it, and so
    /// for one that is retired, waits for its day, or was never there: nobody learns which.
    ///
    /// It is for hosts that show a page by its number. The host says who reads: a visitor of a public page
    /// is [`Public`](Audience::Public), whoever is signed in as a contact a
    /// [`Customer`](Audience::Customer).
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn read_article(
        &self,
        id: ArticleId,
        audience: Audience,
        language: Option<&Language>,
    ) -> Result<Option<ArticleView>, Error> {
        let Some(article) = self.article(id)? else { return Ok(None) };
        let Some((language, edition)) = article.edition_for(audience, language) else {
            return Ok(None);
        };
        Ok(Some(ArticleView {
            article: id,
            audience: article.audience,
            language: language.clone(),
            title: edition.title.clone(),
            body: edition.body.clone(),
            is_behind: article.behind.contains(language),
            languages: article.editions.keys().cloned().collect(),
            tags: article.tags,
            product: article.about.product,
            versions: article.about.versions,
            category: article.about.category,
        }))
    }
}
