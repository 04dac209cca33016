//! A closer look at the candidates: three opinions, joined.

use std::cmp::Reverse;

use tantivy::{DocAddress, SegmentReader};

use super::{Rank, SATURATION, Scale};
use crate::ask::{Part, Word};
use crate::error::KnowledgeError;
use crate::experience::Experience;
use crate::schema::Fields;
use crate::snapshot::Snapshot;

/// A text that was found, and why.
#[derive(Clone, Copy)]
pub(crate) struct Ranked {
    pub(crate) rank: Rank,
    /// The words that it has, a bit for each; of these those that it has themselves, and not only
    /// something that stands for them; and those that its name has.
    pub(crate) heard: u64,
    pub(crate) own: u64,
    pub(crate) named: u64,
    /// What the past says of it.
    pub(crate) experience: Experience,
    /// The cosine of its vector and that of the question, if it is among the nearest.
    pub(crate) meaning: Option<f32>,
}

impl Ranked {
    /// Where the text lies.
    pub(crate) fn address(&self) -> DocAddress {
        DocAddress::new(self.rank.segment, self.rank.doc)
    }
}

/// What is known of one candidate.
#[derive(Clone, Copy, Default)]
struct Look {
    /// BM25 over name and body together, now with relatives.
    text: f32,
    /// The words that were asked for, by how rare they are, among all words of the text.
    density: f32,
    /// BM25 of the name alone.
    name: f32,
    /// How much of the question the text has, and its name, by weight.
    covered: f32,
    name_covered: f32,
    heard: u64,
    own: u64,
    named: u64,
}

/// How often a candidate has the word at hand.
#[derive(Clone, Copy, Default)]
struct Count {
    name: f32,
    body: f32,
    /// Whether it has the word itself, and not only what stands for it.
    is_own: bool,
}

/// The length codes of a candidate.
#[derive(Clone, Copy)]
struct Lengths {
    name: u8,
    body: u8,
    /// One by the root of the number of its words.
    thinness: f32,
}

impl Snapshot {
    /// Scores candidates by their words, in whatever order.
    pub(super) fn fuse(
        &self,
        mut candidates: Vec<Rank>,
        words: &[Word],
        scale: &Scale,
        fields: &Fields,
    ) -> Result<Vec<Ranked>, KnowledgeError> {
        candidates.sort_unstable_by_key(|rank| (rank.segment, rank.doc));
        let mut looks = Vec::with_capacity(candidates.len());
        for (segment, number) in self.searcher.segment_readers().iter().zip(0..) {
            let from = candidates.partition_point(|rank| rank.segment < number);
            let to = candidates.partition_point(|rank| rank.segment <= number);
            if from < to {
                looks.extend(look(segment, number, &candidates[from..to], words, scale, fields)?);
            }
        }
        let weight: f32 = words.iter().map(|word| word.rarity).sum();
        Ok(join(&candidates, &looks, weight.max(f32::MIN_POSITIVE)))
    }
}

/// Counts the words of a question in some texts of one segment.
fn look(
    segment: &SegmentReader,
    number: u32,
    candidates: &[Rank],
    words: &[Word],
    scale: &Scale,
    fields: &Fields,
) -> Result<Vec<Look>, KnowledgeError> {
    let names = segment.get_fieldnorms_reader(fields.name)?;
    let bodies = segment.get_fieldnorms_reader(fields.body)?;
    let lengths = candidates.iter().map(|rank| {
        let words = names.fieldnorm(rank.doc) + bodies.fieldnorm(rank.doc);
        let (name, body) = (names.fieldnorm_id(rank.doc), bodies.fieldnorm_id(rank.doc));
        Lengths { name, body, thinness: (words.max(1) as f32).sqrt().recip() }
    });
    let lengths: Vec<Lengths> = lengths.collect();
    let mut looks = vec![Look::default(); candidates.len()];
    let mut counts = vec![Count::default(); candidates.len()];
    for (word, bit) in words.iter().zip(0..) {
        counts.fill(Count::default());
        for form in word.forms.iter().chain(&word.relatives) {
            for spot in form.spots.iter().filter(|spot| spot.segment == number) {
                let mut postings = spot.open(segment, fields)?;
                for (rank, count) in candidates.iter().zip(&mut counts) {
                    if postings.doc() < rank.doc {
                        postings.seek(rank.doc);
                    }
                    if postings.doc() == rank.doc {
                        let place = match spot.part {
                            Part::Name => &mut count.name,
                            Part::Body | Part::Exact => &mut count.body,
                        };
                        *place += form.share * spot.part.share() * postings.times() as f32;
                        count.is_own |= form.is_own;
                    }
                }
            }
        }
        for ((look, count), lengths) in looks.iter_mut().zip(&counts).zip(&lengths) {
            look.add(word, bit, *count, *lengths, scale);
        }
    }
    Ok(looks)
}

impl Look {
    fn add(&mut self, word: &Word, number: u32, count: Count, lengths: Lengths, scale: &Scale) {
        let times = count.name + count.body;
        if times <= 0.0 {
            return;
        }
        let saturated = |strength: f32| strength / (SATURATION + strength);
        let (name, body) = (usize::from(lengths.name), usize::from(lengths.body));
        let strength = scale.name[name] * count.name + scale.body[body] * count.body;
        self.text += word.rarity * saturated(strength);
        self.name += word.rarity * saturated(scale.lead[name] * count.name);
        let damped = |times: f32| if times < 1.0 { times } else { 1.0 + times.ln() };
        let wanted = damped(word.times as f32) * word.rarity * word.rarity.sqrt();
        self.density += wanted * damped(times) * lengths.thinness;
        self.covered += word.rarity * times.min(1.0);
        self.name_covered += word.rarity * count.name.min(1.0);
        let bit = 1u64.checked_shl(number).unwrap_or_default();
        self.heard |= bit;
        if count.is_own {
            self.own |= bit;
        }
        if count.name > 0.0 {
            self.named |= bit;
        }
    }
}

/// Joins the opinions: each as a share of the best that any candidate reaches, so that none speaks
/// louder than the others because its numbers happen to be larger.
fn join(candidates: &[Rank], looks: &[Look], weight: f32) -> Vec<Ranked> {
    let most =
        |opinion: fn(&Look) -> f32| looks.iter().map(opinion).fold(f32::MIN_POSITIVE, f32::max);
    let (text, density, name) =
        (most(|look| look.text), most(|look| look.density), most(|look| look.name));
    let joined = candidates.iter().zip(looks).map(|(rank, look)| {
        let sum = look.text / text
            + DENSE * (look.density / density).sqrt()
            + look.name / name
            + COVERED * look.covered / weight
            + NAME_COVERED * look.name_covered / weight;
        let score = sum / ALL;
        let rank = Rank { score: Reverse(score.to_bits()), ..*rank };
        let experience = Experience::default();
        let Look { heard, own, named, .. } = *look;
        Ranked { rank, heard, own, named, experience, meaning: None }
    });
    joined.collect()
}

/// What the opinion about density counts; the other two count 1.
pub(super) const DENSE: f32 = 0.75;

/// What it counts that a text has all of the question, and that its name has.
pub(super) const COVERED: f32 = 0.15;
pub(super) const NAME_COVERED: f32 = 0.3;

/// What a text scores that is the best in every respect, before scores are scaled to 1.
pub(super) const ALL: f32 = 2.0 + DENSE + COVERED + NAME_COVERED;
