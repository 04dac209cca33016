//! Which texts fit a question best.
//!
//! In two steps. A walk through the index finds the hundred best *candidates*: BM25 over name and
//! body together, by the words themselves and what stands for them. Then each candidate is looked
//! at more closely, and three opinions about it are joined; see [`fuse`].
//!
//! All sums are made in one order, that of the words from rare to common, wherever a text lies on
//! disk. So the same articles get the same scores to the last bit however they came in, which
//! tantivy's own collectors do not promise.

mod best;
mod fuse;
mod hybrid;
mod learned;
mod walk;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use firstline_core::Timestamp;
use tantivy::fieldnorm::FieldNormReader;

pub(crate) use best::{Best, Rank};
pub(crate) use fuse::Ranked;
use walk::{Place, Places, Walk};

use crate::ask::{Part, Word};
use crate::error::KnowledgeError;
use crate::experience::Lessons;
pub(crate) use crate::facets::Counted;
use crate::facets::Tally;
use crate::filter::Filter;
use crate::question::Question;
use crate::schema::Fields;
use crate::snapshot::{Snapshot, Totals};

impl Snapshot {
    /// The texts that fit a question best, best first: at most [`CANDIDATES`]. If all are to be
    /// counted, each that has a word of the question is looked at. Articles that helped others with
    /// the like are among them, words or not.
    pub(crate) fn rank(
        &self,
        words: &[Word],
        question: &Question<'_>,
        now: Timestamp,
        mut count: Option<&mut Counted>,
        lessons: &Lessons,
        fields: &Fields,
    ) -> Result<Vec<Ranked>, KnowledgeError> {
        let mut best = Best::new(CANDIDATES);
        let sight = self.sight_for(question, now, fields)?;
        let scale = scale(&sight.totals);
        let mut segments: Vec<_> = (0..).zip(self.searcher.segment_readers()).collect();
        // The largest has most of what is good, and after it little of the others need be looked at.
        segments.sort_by_key(|(_, segment)| Reverse(segment.num_docs()));
        for (number, segment) in segments {
            let Some(filter) = Filter::new(question, now, self, number)? else {
                continue;
            };
            let mut tally = count.is_some().then(|| Tally::new(self, number)).transpose()?;
            let mut places = Vec::with_capacity(words.len());
            for word in words {
                let mut found = Vec::with_capacity(2 * word.forms.len());
                for form in &word.forms {
                    for spot in form.spots.iter().filter(|spot| spot.segment == number) {
                        let factors = match spot.part {
                            Part::Name => &scale.name,
                            Part::Body | Part::Exact => &scale.body,
                        };
                        let share = form.share * spot.part.share();
                        found.push(Place::new(segment, spot, share, factors, fields)?);
                    }
                }
                if let Some(places_of_word) = Places::new(found, word.rarity) {
                    places.push(places_of_word);
                }
            }
            let threshold = if tally.is_some() { 0.0 } else { best.threshold() };
            Walk::new(segment.max_doc(), places).run(threshold, |doc, score| {
                if filter.allows(doc) {
                    best.offer(filter.rank(doc, score, number));
                    if let Some(tally) = &mut tally {
                        tally.add(doc);
                    }
                }
                if tally.is_some() { 0.0 } else { best.threshold() }
            });
            if let (Some(tally), Some(counted)) = (tally, count.as_deref_mut()) {
                tally.add_to(counted)?;
            }
        }
        let mut candidates: Vec<Rank> = best.into_iter().collect();
        let votes = self.votes(lessons, &sight, fields)?;
        self.add_learned(&mut candidates, &votes, question, now, fields)?;
        let nearest = self.nearest(question, now, fields)?;
        let known: BTreeSet<u64> = candidates.iter().map(|rank| rank.article).collect();
        candidates.extend(nearest.iter().filter(|rank| !known.contains(&rank.article)));
        let mut ranked = self.fuse(candidates, words, &scale, fields)?;
        self.learn(&mut ranked, &votes, lessons, question, now)?;
        hybrid::fuse_lists(&mut ranked, &nearest);
        ranked.truncate(CANDIDATES);
        if let Some(counted) = count {
            self.count_wordless(&ranked, counted)?;
            counted.finish();
        }
        Ok(ranked)
    }
}

/// What the length of a text makes of its words.
fn scale(totals: &Totals) -> Scale {
    let name = relative_lengths(totals.name_words, totals.editions, NAME_LENGTH);
    let body = relative_lengths(totals.body_words, totals.editions, BODY_LENGTH);
    Scale {
        name: name.map(|length| NAME_WEIGHT / length),
        body: body.map(|length| 1.0 / length),
        lead: name.map(|length| 1.0 / length),
    }
}

/// What a word counts by the length code of the text that it stands in.
struct Scale {
    name: [f32; 256],
    body: [f32; 256],
    /// In a name that is looked at alone.
    lead: [f32; 256],
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

/// How many texts are looked at closely. 50 would find about as much; nobody is shown more than
/// these.
pub(crate) const CANDIDATES: usize = 100;

/// How soon more of the same word stops to help (`k1`).
const SATURATION: f32 = 1.5;

/// How much more a word in the name says than one in the body.
const NAME_WEIGHT: f32 = 2.0;

/// How far the length of a name matters, from 0 to 1 (`b`).
const NAME_LENGTH: f32 = 0.75;

/// How far the length of a body matters, from 0 to 1 (`b`). More than elsewhere: answers of two
/// lines stand beside whole handbooks here, and the handbooks mention everything.
const BODY_LENGTH: f32 = 0.9;

#[cfg(test)]
mod tests;
