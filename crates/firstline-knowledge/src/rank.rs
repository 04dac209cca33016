//! Which texts fit a question best: BM25 over title and body together.
//!
//! A word counts by how rare it is, and by how often it stands in the title and the body, each
//! relative to its length. Both places are added up before the result is bent towards its limit
//! (BM25F), so that a text without a title, or with an endless one, stays comparable.
//!
//! All sums are made in one order, that of the words from rare to common, wherever a text lies on
//! disk. So the same articles get the same scores to the last bit however they came in, which
//! tantivy's own collectors do not promise.

mod best;
mod walk;

use std::collections::BTreeSet;

use tantivy::Term;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption};

pub(crate) use best::{Best, Rank};
use walk::{Place, Places, Walk};

use crate::error::KnowledgeError;
use crate::filter::Filter;
use crate::question::Question;
use crate::schema::{Family, Fields};
use crate::snapshot::Snapshot;

/// A word of a question with the most that it can add to the score of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Weighed {
    pub(crate) word: String,
    pub(crate) weight: f32,
}

impl Snapshot {
    /// Looks up how rare each word is. Rare ones come first; those in no text are left out.
    pub(crate) fn weigh(
        &self,
        words: BTreeSet<String>,
        family: Family,
        fields: &Fields,
    ) -> Result<Vec<Weighed>, KnowledgeError> {
        let text = fields.text(family);
        let all = self.totals(family).editions as f32;
        let mut weighed = Vec::with_capacity(words.len());
        for word in words {
            let with = self.count(text.title, &word)?.max(self.count(text.body, &word)?);
            if with > 0 {
                let with = with as f32;
                let rarity = ((all - with + 0.5) / (with + 0.5)).ln_1p();
                weighed.push(Weighed { word, weight: rarity * (1.0 + SATURATION) });
            }
        }
        // The sort is stable, so words that are equally rare stay in the order of the alphabet.
        weighed.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Ok(weighed)
    }

    /// How many texts have the word in this field.
    fn count(&self, field: Field, word: &str) -> Result<u32, KnowledgeError> {
        let term = Term::from_field_text(field, word);
        let mut count = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            count += match segment.alive_bitset() {
                None => index.doc_freq(&term)?,
                Some(alive) => index
                    .read_postings(&term, IndexRecordOption::Basic)?
                    .map_or(0, |postings| postings.doc_freq_given_deletes(alive)),
            };
        }
        Ok(count)
    }

    /// Offers the texts of a family that have any of the words to the best ones.
    pub(crate) fn rank(
        &self,
        words: &[Weighed],
        family: Family,
        question: &Question<'_>,
        fields: &Fields,
        best: &mut Best,
    ) -> Result<(), KnowledgeError> {
        let totals = self.totals(family);
        let text = fields.text(family);
        let title = relative_lengths(totals.title_words, totals.editions, TITLE_LENGTH)
            .map(|length| TITLE_WEIGHT / length);
        let body = relative_lengths(totals.body_words, totals.editions, BODY_LENGTH)
            .map(|length| 1.0 / length);
        for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
            let Some(filter) = Filter::new(question, family, segment)? else {
                continue;
            };
            let places = words
                .iter()
                .map(|word| {
                    Ok(Places {
                        title: Place::new(segment, text.title, word, &title)?,
                        body: Place::new(segment, text.body, word, &body)?,
                        weight: word.weight,
                    })
                })
                .collect::<Result<Vec<_>, KnowledgeError>>()?;
            Walk::new(segment.max_doc(), places).run(|doc, score| {
                if filter.allows(doc) {
                    best.offer(filter.rank(doc, score, number, family));
                }
                best.threshold()
            });
        }
        Ok(())
    }
}

/// What a text's length divides its word counts by, for each length code of tantivy: 1 for a text
/// of average length, and more for a longer one, as far as length matters.
fn relative_lengths(words: u64, texts: u64, matters: f32) -> [f32; 256] {
    let average = (words.max(1) as f32) / (texts.max(1) as f32);
    std::array::from_fn(|code| {
        let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
        1.0 - matters + matters * length / average
    })
}

/// How soon more of the same word stops to help (`k1`). The value that everybody uses.
const SATURATION: f32 = 1.2;

/// How much more a word in the title says than one in the body. Everything from 2 to 4 serves
/// about equally well.
const TITLE_WEIGHT: f32 = 3.0;

/// How far the length of a title matters, from 0 to 1 (`b`).
const TITLE_LENGTH: f32 = 0.75;

/// How far the length of a body matters, from 0 to 1 (`b`). More than elsewhere: answers of two
/// lines stand beside whole handbooks here, and the handbooks mention everything.
const BODY_LENGTH: f32 = 0.9;

#[cfg(test)]
mod tests;
