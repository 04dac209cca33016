//! Questions and what is found for them.

use firstline_core::{ArticleId, Audience, Language, Tag};
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument};

use crate::ask::Understood;
use crate::error::KnowledgeError;
use crate::rank::{CANDIDATES, Ranked};
use crate::schema::Fields;
use crate::snapshot::Snapshot;
use crate::snippet::Snippet;
use crate::words::Manner;

/// The most articles that one question finds. Nobody reads further, and each is fetched from disk.
pub const MAX_HITS: usize = CANDIDATES;

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
    /// Whether the asker is still typing: the last word may be the beginning of a longer one, unless
    /// a space follows it.
    pub is_typing: bool,
    /// How many articles to find at most. More than [`MAX_HITS`] are never found.
    pub limit: usize,
}

impl<'a> Question<'a> {
    /// A question that anybody may ask: public articles in every language, the ten best.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self {
            text,
            audience: Audience::Public,
            language: None,
            tags: &[],
            is_typing: false,
            limit: 10,
        }
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
    /// How well it fits beside the other hits: above 0 and at most 1, higher is better. Comparable
    /// between the hits of one question and not between questions.
    pub score: f32,
    /// Why it was found: the words of the question that it has, rare ones first.
    pub matches: Vec<Match>,
}

/// A word of a question that an article has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The word, as the question says it. It is what the keys would write on the other keyboard if
    /// the question made no sense otherwise.
    pub word: String,
    /// Whether the title has it; the beginning of the text, where there is no title.
    pub in_title: bool,
    /// Whether no article at all has the word, and a similar one was taken for it: the same in the
    /// other alphabet, one with a letter more or less, or the rest of what is being typed.
    pub is_guess: bool,
}

impl Snapshot {
    pub(crate) fn search(
        &self,
        question: &Question<'_>,
        fields: &Fields,
    ) -> Result<Vec<Hit>, KnowledgeError> {
        let limit = question.limit.min(MAX_HITS);
        if limit == 0 {
            return Ok(Vec::new());
        }
        let asked = self.understand(question, fields)?;
        let ranked = self.rank(&asked.words, question, fields)?;
        ranked.iter().take(limit).map(|ranked| self.hit(ranked, &asked, fields)).collect()
    }

    fn hit(
        &self,
        ranked: &Ranked,
        asked: &Understood,
        fields: &Fields,
    ) -> Result<Hit, KnowledgeError> {
        let address = DocAddress::new(ranked.rank.segment, ranked.rank.doc);
        let document: TantivyDocument = self.searcher.doc(address)?;
        let text =
            |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let (manner, body) = Manner::unmark(text(fields.body));
        Ok(Hit {
            article: ArticleId(ranked.rank.article),
            language: Language::from(text(fields.language)),
            title: text(fields.title).to_owned(),
            snippet: Snippet::of(body, &asked.words, manner),
            score: ranked.rank.score(),
            matches: matches(ranked, asked),
        })
    }
}

fn matches(ranked: &Ranked, asked: &Understood) -> Vec<Match> {
    let words = asked.words.iter().zip(0..u64::BITS);
    words
        .filter(|(_, number)| ranked.heard & (1 << number) != 0)
        .map(|(word, number)| Match {
            word: asked.text[word.place.clone()].to_owned(),
            in_title: ranked.named & (1 << number) != 0,
            is_guess: word.is_guess,
        })
        .collect()
}
