//! How much two tickets are about the same matter, and which of their words say so.

use std::collections::BTreeMap;
use std::ops::Range;

use firstline_core::ArticleId;
use tantivy::TantivyDocument;
use tantivy::schema::Value;
use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::Matter;
use crate::error::KnowledgeError;
use crate::index::Index;
use crate::question::{MAX_QUESTION_BYTES, MAX_QUESTION_WORDS};
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Manner, read, stems};

/// A word of a matter, where it says it first.
struct Said {
    place: Range<usize>,
    stem: String,
    times: f32,
}

impl Index {
    /// The words of a matter by which to search: all of them, or of a long text those that weigh
    /// most. Codes come before words that are as rare, and the subject before the text.
    ///
    /// However long it is, no more than its first [`MAX_QUESTION_BYTES`] and of these no more than
    /// 2,000 different words are looked at. How rare they are is counted over all articles, whoever
    /// may see them: what comes out is for agents.
    ///
    /// # Errors
    ///
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read.
    pub fn key_words(&self, matter: Matter<'_>) -> Result<String, KnowledgeError> {
        Ok(self.key_words_beside(matter, None)?.0)
    }

    /// [`key_words`](Self::key_words) by the texts beside one, as if that were not there, and whether
    /// the matter has more words than these.
    pub(super) fn key_words_beside(
        &self,
        matter: Matter<'_>,
        itself: Option<ArticleId>,
    ) -> Result<(String, bool), KnowledgeError> {
        let snapshot = self.snapshot();
        let sight = snapshot.look_past(snapshot.sight_of_all(), itself, self.fields())?;
        let Matter { subject, text } = matter;
        let mut text = format!("{subject}\n{text}");
        let end = (0..=text.len().min(MAX_QUESTION_BYTES)).rev();
        text.truncate(end.into_iter().find(|end| text.is_char_boundary(*end)).unwrap_or(0));
        let mut words: BTreeMap<String, Said> = BTreeMap::new();
        read(&text, Manner::COMMON, |token, stem| {
            let place = token.offset_from..token.offset_to;
            let new = || Said { place: place.clone(), stem: stem(), times: 0.0 };
            let said = words.entry(token.text.clone()).or_insert_with(new);
            said.times += if place.start < subject.len() { SUBJECT_WEIGHT } else { 1.0 };
            words.len() < MAX_WEIGHED_WORDS
        });
        if words.len() <= MAX_QUESTION_WORDS {
            return Ok((text, false));
        }
        let mut weighed = Vec::with_capacity(words.len());
        for (word, Said { place, stem, times }) in words {
            let (_, with) = snapshot.locate(&stem, &sight, self.fields())?;
            // A word that no text has finds nothing.
            let rarity = if with == 0 { 0.0 } else { sight.rarity(with) };
            let has_digit = word.contains(|c: char| c.is_ascii_digit());
            let is_code = has_digit && word.contains(char::is_alphabetic);
            let weight = if is_code { CODE_WEIGHT } else { 1.0 };
            weighed.push((place, rarity * (1.0 + times.ln()) * weight));
        }
        weighed.sort_by(|(a, left), (b, right)| {
            right.total_cmp(left).then_with(|| a.start.cmp(&b.start))
        });
        weighed.truncate(MAX_QUESTION_WORDS);
        weighed.sort_by_key(|(place, _)| place.start);
        let words = weighed.into_iter().map(|(place, _)| &text[place]);
        Ok((words.collect::<Vec<_>>().join(" "), true))
    }

    /// How much a matter and a text are alike, by the texts beside the one that the matter is of.
    pub(super) fn alike(
        &self,
        matter: Matter<'_>,
        itself: Option<ArticleId>,
        other: ArticleId,
    ) -> Result<Alike, KnowledgeError> {
        let snapshot = self.snapshot();
        let sight = snapshot.look_past(snapshot.sight_of_all(), itself, self.fields())?;
        let Some(address) = snapshot.find(other, self.fields())? else {
            return Ok(Alike::default());
        };
        let document: TantivyDocument = snapshot.searcher.doc(address)?;
        let text =
            |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let (_, body) = Manner::unmark(text(self.fields().body));
        let theirs = Matter { subject: text(self.fields().title), text: body };
        let mut rarities = BTreeMap::new();
        let mut weigh = |matter| snapshot.weigh_words(matter, &sight, &mut rarities, self.fields());
        let (all, all_theirs) = (weigh(matter)?, weigh(theirs)?);
        let subjects = cosine(&weigh(matter.alone())?, &weigh(theirs.alone())?);
        let shared = all.keys().filter(|word| all_theirs.contains_key(*word));
        let shared: f32 = shared.filter_map(|word| rarities.get(word)).sum();
        let rarest = sight.rarity(2);
        let common = snapshot.common_subject(matter, theirs, &sight, self.fields())?;
        Ok(Alike {
            words: cosine(&all, &all_theirs),
            subjects: subjects / common,
            substance: (shared / (SURE_WORDS * rarest)).min(1.0),
        })
    }
}

impl Matter<'_> {
    /// What it is about, without the text.
    fn alone(self) -> Self {
        Matter { subject: self.subject, text: "" }
    }
}

/// How much two matters are alike.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alike {
    /// The cosine of all their words, from 0 to 1, weighed by how rare they are.
    pub(crate) words: f32,
    /// The same of their subjects alone, divided by how common they are.
    pub(crate) subjects: f32,
    /// Whether they share enough words to be sure of anything, from 0 to 1.
    pub(crate) substance: f32,
}

impl Alike {
    /// How likely it is that both are the same, of one that fits so well beside the others and is so
    /// far ahead of the next one. See [`DUPLICATE`](super::DUPLICATE).
    pub(crate) fn probability(self, fit: f32, lead: f32) -> f32 {
        let sum =
            CERTAINTY[0] + CERTAINTY[1] * self.subjects + CERTAINTY[2] * fit + CERTAINTY[3] * lead;
        self.substance / (1.0 + (-sum).exp())
    }
}

fn cosine(ours: &BTreeMap<String, f32>, theirs: &BTreeMap<String, f32>) -> f32 {
    let length = |words: &BTreeMap<String, f32>| words.values().map(|w| w * w).sum::<f32>();
    let shared = ours.iter().filter_map(|(word, weight)| Some(weight * theirs.get(word)?));
    let shared: f32 = shared.sum();
    shared / (length(ours) * length(theirs)).sqrt().max(f32::MIN_POSITIVE)
}

impl Snapshot {
    /// How many times as many subjects have all that two subjects share as say something; 1 at least.
    /// Half of a desk is asked for by `Question` and `Support request`.
    fn common_subject(
        &self,
        ours: Matter<'_>,
        theirs: Matter<'_>,
        sight: &Sight,
        fields: &Fields,
    ) -> Result<f32, KnowledgeError> {
        let ours = stems(ours.subject, MAX_QUESTION_WORDS);
        let theirs = stems(theirs.subject, MAX_QUESTION_WORDS);
        let shared: Vec<String> = ours.intersection(&theirs).cloned().collect();
        let with = self.named_together(&shared, sight, fields)? as f32;
        let telling = TELLING_SHARE * sight.totals.editions as f32;
        Ok((with / telling.max(TELLING)).max(1.0))
    }

    /// What each word of a matter says of it.
    fn weigh_words(
        &self,
        matter: Matter<'_>,
        sight: &Sight,
        rarities: &mut BTreeMap<String, f32>,
        fields: &Fields,
    ) -> Result<BTreeMap<String, f32>, KnowledgeError> {
        let mut weights: BTreeMap<String, f32> = BTreeMap::new();
        let mut analyser = fields.analyser(Manner::COMMON);
        for (text, weight) in [(matter.subject, SUBJECT_WEIGHT), (matter.text, 1.0)] {
            let mut stream = analyser.token_stream(text);
            let mut count = 0;
            while count < MAX_COMPARED_WORDS && stream.advance() {
                *weights.entry(stream.token().text.clone()).or_default() += weight;
                count += 1;
            }
        }
        for (word, weight) in &mut weights {
            let rarity = match rarities.get(word) {
                Some(rarity) => *rarity,
                None => {
                    let (_, with) = self.locate(word, sight, fields)?;
                    let rarity = sight.rarity(with.max(1));
                    rarities.insert(word.clone(), rarity);
                    rarity
                }
            };
            *weight = (1.0 + weight.ln()) * rarity;
        }
        Ok(weights)
    }
}

/// The curve of the probability: what it begins with, and what subjects, fit and lead add.
const CERTAINTY: [f32; 4] = [-4.5, 2.3, 3.8, 4.5];

/// How many words that no other ticket has two tickets must share, or as much in common words. A
/// single one, such as `printer`, names a thing and does not say what is the matter with it.
const SURE_WORDS: f32 = 3.0;

/// How many tickets may share a subject before it says less of each: so many of all, or so many at
/// least.
const TELLING_SHARE: f32 = 0.005;
const TELLING: f32 = 3.0;

/// How much more a word says in the subject than in the text.
const SUBJECT_WEIGHT: f32 = 3.0;

/// How much more a code says than another word that is as rare.
const CODE_WEIGHT: f32 = 3.0;

/// How many different words of a matter are weighed against each other, its first ones. A mail of some
/// pages has about a thousand, and each is looked up.
const MAX_WEIGHED_WORDS: usize = 2_000;

/// How many words of a text are compared, its first ones.
const MAX_COMPARED_WORDS: usize = 1_000;
