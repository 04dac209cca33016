//! Articles: what the desk knows, one edition per language.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{Language, Tag};

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
