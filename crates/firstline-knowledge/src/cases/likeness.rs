//! How much tickets are about the same matter.

use std::collections::{BTreeMap, BTreeSet};

use firstline_core::ArticleId;
use tantivy::TantivyDocument;
use tantivy::schema::Value;
use tantivy::tokenizer::{TokenStream, Tokenizer};

use super::Matter;
use super::key_words::{Named, SUBJECT_WEIGHT};
use crate::error::KnowledgeError;
use crate::index::Index;
use crate::question::MAX_QUESTION_WORDS;
use crate::schema::Fields;
use crate::snapshot::{Sight, Snapshot};
use crate::words::{Manner, stems};

impl Index {
    /// How much a matter and some texts are alike, each beside the others, by the texts beside the one
    /// that the matter is of.
    pub(super) fn compare(
        &self,
        matter: Matter<'_>,
        itself: Option<ArticleId>,
        texts: &[ArticleId],
    ) -> Result<Vec<Alike>, KnowledgeError> {
        let snapshot = self.snapshot();
        let sight = snapshot.look_past(snapshot.sight_of_all(), itself, self.fields())?;
        let mut counts = Counts {
            snapshot: &snapshot,
            sight: &sight,
            fields: self.fields(),
            with: BTreeMap::new(),
        };
        let (mut ours, mut theirs) = counts.weigh_all(matter, texts)?;
        let others: Vec<bool> =
            theirs.iter().map(|it| ours.codes.differs_from(&it.codes)).collect();
        let copies = copies(&ours, &theirs, &others);
        if copies.len() > 1 {
            counts.take_as_one(&copies, &theirs);
            (ours, theirs) = counts.weigh_all(matter, texts)?;
        }
        let words: Vec<f32> = theirs.iter().map(|it| cosine(&ours.all, &it.all)).collect();
        // What is about another error competes with nothing.
        let rivals = || (0..words.len()).filter(|n| !others[*n]);
        let first = rivals().map(|n| words[n]).fold(0.0, f32::max);
        let other = rivals().filter(|n| !copies.contains(n)).map(|n| words[n]).fold(0.0, f32::max);
        let mut alike = Vec::with_capacity(theirs.len());
        for (n, it) in theirs.iter().enumerate() {
            let common = counts.commonness(&ours, it, &theirs, &copies)?;
            alike.push(Alike {
                words: words[n],
                subjects: cosine(&ours.subject, &it.subject) / common,
                substance: counts.substance(&ours, it),
                lead: words[n] - if copies.contains(&n) { other } else { first },
                has_other_code: others[n],
            });
        }
        Ok(alike)
    }
}

/// What a matter says, word by word.
#[derive(Default)]
struct Weighed {
    /// All of it.
    all: BTreeMap<String, f32>,
    /// The subject alone.
    subject: BTreeMap<String, f32>,
    /// The words of the subject that say something.
    names: BTreeSet<String>,
    codes: Named,
}

/// The places of the texts that say the same as the one that is most like a matter, with that one
/// itself. When a service fails, dozens write the same: that there are many of a kind must not make each
/// of them less like the matter, nor what they say common. So they count as one. Those with another code
/// are none.
fn copies(ours: &Weighed, theirs: &[Weighed], others: &[bool]) -> BTreeSet<usize> {
    let likeness = |n: usize| cosine(&ours.all, &theirs[n].all);
    let places = (0..theirs.len()).filter(|n| !others[*n]);
    let first = places.clone().rev().max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)));
    let Some(first) = first else { return BTreeSet::new() };
    let is_copy = |n: &usize| *n == first || cosine(&theirs[*n].all, &theirs[first].all) >= COPY;
    places.filter(is_copy).collect()
}

/// How much two matters are alike.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Alike {
    /// The cosine of all their words, from 0 to 1, weighed by how rare they are.
    pub(super) words: f32,
    /// The same of their subjects alone, divided by how common they are.
    subjects: f32,
    /// Whether they share enough words to be sure of anything, from 0 to 1.
    substance: f32,
    /// How far it is ahead of the next one in `words`, or behind the first one.
    lead: f32,
    /// Whether both name codes, and other ones.
    pub(super) has_other_code: bool,
}

impl Alike {
    /// How likely it is that both are the same, of one that fits so well beside the others. See
    /// [`DUPLICATE`](super::DUPLICATE).
    pub(super) fn probability(self, fit: f32) -> f32 {
        let Self { subjects, lead, .. } = self;
        let sum = CERTAINTY[0] + CERTAINTY[1] * subjects + CERTAINTY[2] * fit + CERTAINTY[3] * lead;
        let probability = self.substance / (1.0 + (-sum).exp());
        if self.has_other_code { probability.min(OTHER_CODE) } else { probability }
    }
}

fn cosine(ours: &BTreeMap<String, f32>, theirs: &BTreeMap<String, f32>) -> f32 {
    let length = |words: &BTreeMap<String, f32>| words.values().map(|w| w * w).sum::<f32>();
    let shared = ours.iter().filter_map(|(word, weight)| Some(weight * theirs.get(word)?));
    let shared: f32 = shared.sum();
    shared / (length(ours) * length(theirs)).sqrt().max(f32::MIN_POSITIVE)
}

/// How many texts have each word, as far as they have been asked for.
struct Counts<'a> {
    snapshot: &'a Snapshot,
    sight: &'a Sight,
    fields: &'a Fields,
    with: BTreeMap<String, u32>,
}

impl Counts<'_> {
    /// What a matter and some texts say.
    fn weigh_all(
        &mut self,
        matter: Matter<'_>,
        others: &[ArticleId],
    ) -> Result<(Weighed, Vec<Weighed>), KnowledgeError> {
        let theirs =
            others.iter().map(|other| self.weigh_text(*other)).collect::<Result<_, _>>()?;
        Ok((self.weigh(matter)?, theirs))
    }

    /// Takes copies of one text as one. Of the texts that were not looked at, as many are copies as of
    /// those that were.
    fn take_as_one(&mut self, copies: &BTreeSet<usize>, all: &[Weighed]) {
        let mut among: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for (n, it) in all.iter().enumerate() {
            for word in it.all.keys() {
                let (texts, same) = among.entry(word).or_default();
                *texts += 1;
                *same += u32::from(copies.contains(&n));
            }
        }
        for (word, (texts, same)) in among {
            if let Some(with) = self.with.get_mut(word) {
                let more = same.saturating_sub(1) as f32 / texts as f32;
                *with = (*with as f32 * (1.0 - more)).ceil() as u32;
            }
        }
    }

    /// How many times as many subjects have all that two subjects share as say something, copies of one
    /// ticket as one; 1 at least. Half of a desk is asked for by `Question` and `Support request`.
    fn commonness(
        &self,
        ours: &Weighed,
        theirs: &Weighed,
        all: &[Weighed],
        copies: &BTreeSet<usize>,
    ) -> Result<f32, KnowledgeError> {
        let shared: Vec<String> = ours.names.intersection(&theirs.names).cloned().collect();
        let named = self.snapshot.named_together(&shared, self.sight, self.fields)? as f32;
        let says_it = |it: &Weighed| shared.iter().all(|word| it.names.contains(word));
        let more = copies.iter().filter(|n| says_it(&all[**n])).count().saturating_sub(1);
        let among = all.iter().filter(|it| says_it(it)).count().max(1);
        let with = named * (1.0 - more as f32 / among as f32);
        let telling = TELLING_SHARE * self.sight.totals.editions as f32;
        Ok((with / telling.max(TELLING)).max(1.0))
    }

    /// Whether two matters share enough words to be sure of anything, from 0 to 1.
    fn substance(&self, ours: &Weighed, theirs: &Weighed) -> f32 {
        let shared = ours.all.keys().filter(|word| theirs.all.contains_key(*word));
        let shared = shared.filter_map(|word| self.with.get(word));
        let shared: f32 = shared.map(|with| self.sight.rarity((*with).max(1))).sum();
        (shared / (SURE_WORDS * self.sight.rarity(2))).min(1.0)
    }

    /// What each word of a text says of it; nothing of one that is not there.
    fn weigh_text(&mut self, text: ArticleId) -> Result<Weighed, KnowledgeError> {
        let Some(address) = self.snapshot.find(text, self.fields)? else {
            return Ok(Weighed::default());
        };
        let document: TantivyDocument = self.snapshot.searcher.doc(address)?;
        let text =
            |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let (_, body) = Manner::unmark(text(self.fields.body));
        self.weigh(Matter { subject: text(self.fields.title), text: body })
    }

    /// What each word of a matter says of it.
    fn weigh(&mut self, matter: Matter<'_>) -> Result<Weighed, KnowledgeError> {
        let Matter { subject, text } = matter;
        Ok(Weighed {
            all: self.weigh_words(&[(subject, SUBJECT_WEIGHT), (text, 1.0)])?,
            subject: self.weigh_words(&[(subject, SUBJECT_WEIGHT)])?,
            names: stems(subject, MAX_QUESTION_WORDS),
            codes: Named::of(matter),
        })
    }

    fn weigh_words(
        &mut self,
        texts: &[(&str, f32)],
    ) -> Result<BTreeMap<String, f32>, KnowledgeError> {
        let mut weights: BTreeMap<String, f32> = BTreeMap::new();
        let mut analyser = self.fields.analyser(Manner::COMMON);
        for (text, weight) in texts {
            let mut stream = analyser.token_stream(text);
            let mut count = 0;
            while count < MAX_COMPARED_WORDS && stream.advance() {
                *weights.entry(stream.token().text.clone()).or_default() += weight;
                count += 1;
            }
        }
        for (word, weight) in &mut weights {
            let with = match self.with.get(word) {
                Some(with) => *with,
                None => {
                    let (_, with) = self.snapshot.locate(word, self.sight, self.fields)?;
                    self.with.insert(word.clone(), with);
                    with
                }
            };
            *weight = (1.0 + weight.ln()) * self.sight.rarity(with.max(1));
        }
        Ok(weights)
    }
}

/// The curve of the probability: what it begins with, and what subjects, fit and lead add.
const CERTAINTY: [f32; 4] = [-4.5, 2.3, 3.8, 4.5];

/// How likely it is at most that two tickets are the same that name different codes.
const OTHER_CODE: f32 = 0.1;

/// From which likeness on two tickets say the same of one matter, in other words at most. Different
/// matters of one kind share less.
const COPY: f32 = 0.8;

/// How many words that no other ticket has two tickets must share, or as much in common words. A
/// single one, such as `printer`, names a thing and does not say what is the matter with it.
const SURE_WORDS: f32 = 3.0;

/// How many tickets may share a subject before it says less of each: so many of all, or so many at
/// least.
const TELLING_SHARE: f32 = 0.005;
const TELLING: f32 = 3.0;

/// How many words of a text are compared, its first ones.
const MAX_COMPARED_WORDS: usize = 1_000;
