//! Questions and what is found for them.

use std::collections::BTreeSet;

use firstline_core::{ArticleId, Audience, Language, Tag};
use tantivy::schema::Value;
use tantivy::tokenizer::{TextAnalyzer, TokenStream};
use tantivy::{DocAddress, TantivyDocument};

use crate::error::KnowledgeError;
use crate::rank::{Best, Rank, Weighed};
use crate::schema::{Family, Fields};
use crate::snapshot::Snapshot;
use crate::snippet::Snippet;

/// The most articles that one question finds. Nobody reads further, and each is fetched from disk.
pub const MAX_HITS: usize = 100;

/// How much of a question is read, in bytes: some pages. People paste whole mails, but they say
/// what they want near the top.
pub const MAX_QUESTION_BYTES: usize = 16_384;

/// The most different words of a question that are looked up, the first ones. Each costs a walk
/// through the texts that contain it.
pub const MAX_QUESTION_WORDS: usize = 64;

/// What someone wants to know, and what they may see.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The question in the asker's own words. Nothing in it is syntax.
    pub text: &'a str,
    /// What the asker may see.
    pub audience: Audience,
    /// Only editions in this language, whatever the dialect; in all languages if `None`.
    pub language: Option<&'a Language>,
    /// Only articles with all of these tags.
    pub tags: &'a [Tag],
    /// How many articles to find at most. More than [`MAX_HITS`] are never found.
    pub limit: usize,
}

impl<'a> Question<'a> {
    /// A question that anybody may ask: public articles in every language, the ten best.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, audience: Audience::Public, language: None, tags: &[], limit: 10 }
    }
}

/// An article that was found, in its best edition for the question.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Which article.
    pub article: ArticleId,
    /// The language of the edition.
    pub language: Language,
    /// The title of the edition.
    pub title: String,
    /// The part of its body that has most to do with the question.
    pub snippet: Snippet,
    /// How well it fits: above 0, higher is better. Comparable between the hits of one question
    /// and not between questions.
    pub score: f32,
}

impl Snapshot {
    pub(crate) fn search(
        &self,
        question: &Question<'_>,
        fields: &Fields,
    ) -> Result<Vec<Hit>, KnowledgeError> {
        let mut best = Best::new(question.limit.min(MAX_HITS));
        if best.is_full() {
            return Ok(Vec::new());
        }
        let text = beginning(question.text);
        let mut asked = [const { Vec::new() }; Family::ALL.len()];
        let only = question.language.map(|language| Family::of(&language.primary()));
        let families = Family::ALL.into_iter().filter(|family| {
            self.totals(*family).editions > 0 && only.is_none_or(|only| only == *family)
        });
        for family in families {
            let words = distinct_words(text, fields.analyser(family));
            let words = self.weigh(words, family, fields)?;
            self.rank(&words, family, question, fields, &mut best)?;
            asked[family as usize] = words;
        }
        best.into_iter().map(|rank| self.hit(rank, &asked[rank.family as usize], fields)).collect()
    }

    fn hit(&self, rank: Rank, words: &[Weighed], fields: &Fields) -> Result<Hit, KnowledgeError> {
        let address = DocAddress::new(rank.segment, rank.doc);
        let document: TantivyDocument = self.searcher.doc(address)?;
        let text =
            |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let edition = fields.text(rank.family);
        Ok(Hit {
            article: ArticleId(rank.article),
            language: Language::from(text(fields.language)),
            title: text(edition.title).to_owned(),
            snippet: Snippet::of(text(edition.body), words, fields.analyser(rank.family)),
            score: rank.score(),
        })
    }
}

/// The part of a question that is read.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MAX_QUESTION_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The first different words of a text.
fn distinct_words(text: &str, mut analyser: TextAnalyzer) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut stream = analyser.token_stream(text);
    while words.len() < MAX_QUESTION_WORDS && stream.advance() {
        let word = &stream.token().text;
        if !words.contains(word) {
            words.insert(word.clone());
        }
    }
    words
}
