//! Questions and what is found for them.

use std::ops::Range;

use firstline_core::{ArticleId, Audience, Language, Tag, Timestamp};
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use crate::ask::{Form, Slips, Synonyms, Understood, Word, typed_end};
use crate::error::KnowledgeError;
use crate::experience::{Experience, Lessons};
use crate::facets::Facets;
use crate::rank::{CANDIDATES, Counted, Ranked};
use crate::schema::Fields;
use crate::snapshot::Snapshot;
use crate::snippet::Snippet;
use crate::words::{Manner, read, says_nothing};

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
    /// Of what the asker may see, only articles that are for just this audience: only what is internal,
    /// for an agent.
    pub only_audience: Option<Audience>,
    /// Only editions in this language, whatever the dialect; in all languages if `None`.
    pub language: Option<&'a Language>,
    /// Only articles with all of these tags.
    pub tags: &'a [Tag],
    /// Only articles about this product.
    pub product: Option<&'a Tag>,
    /// Only articles that hold for this version: those that name it, and those that name none.
    pub version: Option<&'a Tag>,
    /// Only articles in this section of the knowledge base.
    pub category: Option<&'a Tag>,
    /// Without this article, as if it were not there: the others are found, and measured against each
    /// other, as they would be if it were deleted.
    pub without: Option<ArticleId>,
    /// Whether the asker is still typing: the last word may be the beginning of a longer one, unless
    /// a space follows it.
    pub is_typing: bool,
    /// How many of the best articles to pass over: those of the pages before.
    pub offset: usize,
    /// How many articles to find at most. There are never more than [`MAX_HITS`] on all pages.
    pub limit: usize,
}

impl<'a> Question<'a> {
    /// A question that anybody may ask: public articles in every language, the ten best.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self {
            text,
            audience: Audience::Public,
            only_audience: None,
            language: None,
            tags: &[],
            product: None,
            version: None,
            category: None,
            without: None,
            is_typing: false,
            offset: 0,
            limit: 10,
        }
    }
}

impl Question<'_> {
    /// Whether nothing is asked, so that all there is may be listed.
    fn is_list(&self) -> bool {
        self.text.trim().is_empty() && !self.is_typing
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
    /// Why it was found: the words of the question that it has, rare ones first. None if only the
    /// past speaks for it.
    pub matches: Vec<Match>,
    /// And what the past says of it: whom it helped, what readers think. These are counts without
    /// names, for whoever asks.
    pub experience: Experience,
    /// And how near its meaning is to that of the question, as the cosine of their vectors, if the
    /// host's [model](crate::Embedder) found it so.
    pub meaning: Option<f32>,
}

/// A word of a question that an article has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The word, as the question says it. It is what the keys would write on the other keyboard if
    /// the question made no sense otherwise.
    pub word: String,
    /// Whether the title has it; the beginning of the text, where there is no title.
    pub in_title: bool,
    /// Whether the article has not the word itself but something that was taken for it: what means the
    /// same on this desk, the same in the other alphabet, one with a letter more or less, one of its
    /// family, or the rest of what is being typed.
    pub is_guess: bool,
}

/// A page of hits, and what stands beside them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The hits of this page, best first.
    pub hits: Vec<Hit>,
    /// How many articles have a word of the question, or helped others with the like, and pass its
    /// filters; all that pass them, of a question without a text. Only the best
    /// [`MAX_HITS`] can be paged through.
    pub articles: u64,
    /// The same articles by what they are about.
    pub facets: Facets,
    /// The question in other words, if some of its own are in no article: with what was found in
    /// their place. It is made of the asker's own words and of words from articles that the asker may
    /// see, and of no others.
    pub did_you_mean: Option<String>,
}

impl Snapshot {
    pub(crate) fn search(
        &self,
        question: &Question<'_>,
        now: Timestamp,
        synonyms: &Synonyms,
        count: Option<&mut Counted>,
        lessons: &Lessons,
        fields: &Fields,
    ) -> Result<Results, KnowledgeError> {
        let Question { offset, limit, .. } = *question;
        if offset >= MAX_HITS {
            return Err(KnowledgeError::TooDeep { offset, most: MAX_HITS });
        }
        if limit == 0 {
            return Ok(Results::default());
        }
        let is_browsing = count.is_some();
        let (asked, ranked) = match count {
            Some(count) if question.is_list() => {
                (Understood::default(), self.list(question, now, count, lessons)?)
            }
            count => {
                let sight = self.sight_for(question, now, fields)?;
                let asked = self.understand(question, &sight, synonyms, fields)?;
                let ranked = self.rank(&asked.words, question, now, count, lessons, fields)?;
                (asked, ranked)
            }
        };
        let page = ranked.iter().skip(offset).take(limit);
        let hits = page.map(|ranked| self.hit(ranked, &asked, fields)).collect::<Result<_, _>>()?;
        let did_you_mean = match is_browsing {
            true => self.correct(question, &asked, &ranked, fields)?,
            false => None,
        };
        Ok(Results { hits, did_you_mean, ..Results::default() })
    }

    /// The question with the words in place of its guesses that the best texts have there.
    fn correct(
        &self,
        question: &Question<'_>,
        asked: &Understood,
        ranked: &[Ranked],
        fields: &Fields,
    ) -> Result<Option<String>, KnowledgeError> {
        let mut corrections = Vec::new();
        let mut has_strange = asked.has_strange;
        for (word, number) in asked.words.iter().zip(0..u64::BITS) {
            // What is still being typed is no mistake yet.
            let is_going_on = question.is_typing && word.place.end == typed_end(&asked.text);
            let has = |ranked: &&Ranked| ranked.heard & (1 << number) != 0;
            if is_going_on || !word.is_guess && word.likelier.is_none() {
                continue;
            }
            let written = &asked.text[word.place.clone()];
            let best = ranked.iter().take(MAX_CORRECTING).filter(has);
            match self.spelling(best, written, word, fields)? {
                Some(found) => {
                    let places = said_again(&asked.text, &word.place);
                    corrections.extend(places.into_iter().map(|place| (place, found.clone())));
                    corrections.push((word.place.clone(), found));
                }
                None => has_strange |= word.is_guess,
            }
        }
        corrections.sort_by_key(|(place, _)| place.start);
        let mut text = String::new();
        let mut at = 0;
        for (place, found) in corrections {
            if at <= place.start {
                text += &asked.text[at..place.start];
                text += &found;
                at = place.end;
            }
        }
        text += &asked.text[at..];
        let is_new = text.to_lowercase() != question.text.to_lowercase() && !ranked.is_empty();
        // Whoever is offered a word that no article has has written it, at least.
        let is_new = is_new && !(asked.is_switched && has_strange);
        // A question too long to be read as a whole is too long to be written anew.
        Ok((is_new && question.text.len() <= MAX_QUESTION_BYTES).then_some(text))
    }

    /// How the best texts spell the word that was taken for one of the question: of all their spellings the
    /// one with the fewest slips, and of these that of the better text.
    fn spelling<'a>(
        &self,
        best: impl Iterator<Item = &'a Ranked>,
        asked: &str,
        word: &Word,
        fields: &Fields,
    ) -> Result<Option<String>, KnowledgeError> {
        // A word that some text has is no spelling of itself.
        let is_taken = |form: &Form| word.likelier.as_ref().is_none_or(|it| form.text == *it);
        let slips = Slips::of(asked);
        let mut likest: Option<((u32, usize), String)> = None;
        for ranked in best {
            let document: TantivyDocument = self.searcher.doc(ranked.address())?;
            let text =
                |field| document.get_first(field).and_then(|it| it.as_str()).unwrap_or_default();
            let (manner, body) = Manner::unmark(text(fields.body));
            for text in [text(fields.title), body] {
                read(text, manner, |token, stem| {
                    let stem = stem();
                    // The likeliest form comes first.
                    let place = word
                        .forms
                        .iter()
                        .position(|it| it.text == stem)
                        .filter(|place| is_taken(&word.forms[*place]));
                    if let Some(place) = place {
                        let likeness = (slips.to(&token.text), place);
                        if likest.as_ref().is_none_or(|(known, _)| likeness < *known) {
                            let end = clipped_end(text, token.offset_to, &token.text, asked);
                            let spelling = &text[token.offset_from..end];
                            likest = Some((likeness, spelling.to_lowercase()));
                        }
                    }
                    token.offset_from <= MAX_SPELLING_BYTES
                });
            }
        }
        Ok(likest.map(|(_, spelling)| spelling))
    }

    fn hit(
        &self,
        ranked: &Ranked,
        asked: &Understood,
        fields: &Fields,
    ) -> Result<Hit, KnowledgeError> {
        let document: TantivyDocument = self.searcher.doc(ranked.address())?;
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
            experience: ranked.experience,
            meaning: ranked.meaning,
        })
    }
}

/// Where else a question says the word that stands at a place.
fn said_again(text: &str, place: &Range<usize>) -> Vec<Range<usize>> {
    let word = text[place.clone()].to_lowercase();
    let mut places = Vec::new();
    read(text, Manner::COMMON, |token, _| {
        let other = token.offset_from..token.offset_to;
        if other != *place && text[other.clone()].to_lowercase() == word {
            places.push(other);
        }
        places.len() < MAX_QUESTION_WORDS
    });
    places
}

/// Where a word of a text ends that goes on behind an apostrophe, if somebody asked for all of it without
/// one: `dont` for `don't`.
fn clipped_end(text: &str, end: usize, word: &str, asked: &str) -> usize {
    let rest = &text[end..];
    let tail = rest.strip_prefix(['\'', '’']).unwrap_or_default();
    let tail = &tail[..tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len())];
    let is_clipped = !tail.is_empty()
        && asked.to_lowercase().strip_prefix(word) == Some(tail.to_lowercase().as_str());
    if is_clipped { end + rest.find(tail).unwrap_or_default() + tail.len() } else { end }
}

fn matches(ranked: &Ranked, asked: &Understood) -> Vec<Match> {
    let words = asked.words.iter().zip(0..u64::BITS);
    words
        .filter(|(_, number)| ranked.heard & (1 << number) != 0)
        .map(|(word, number)| Match {
            word: asked.text[word.place.clone()].to_owned(),
            // A word that says nothing elsewhere is known of titles alone.
            in_title: ranked.named & (1 << number) != 0
                || word.forms.iter().any(|form| says_nothing(&form.text)),
            is_guess: ranked.own & (1 << number) == 0,
        })
        .collect()
}

/// In how many of the best texts the right spelling of a word is looked for, and in how much of
/// each, in bytes.
const MAX_CORRECTING: usize = 10;
const MAX_SPELLING_BYTES: usize = 65_536;
