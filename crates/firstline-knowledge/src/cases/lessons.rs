//! What solved cases say of a question: they vote for what solved them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use firstline_core::{ArticleId, Audience, Tag, TicketId, Timestamp};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader, TERMINATED};

use super::{ASKED_BY, Cases, FAILED_BY, Matter, SOLVED, SOLVED_BY};
use crate::ask::Word;
use crate::error::KnowledgeError;
use crate::experience::{Lessons, Reuse, count_votes};
use crate::index::Index;
use crate::question::{MAX_QUESTION_WORDS, Question};
use crate::rank::Ranked;
use crate::schema::{Fields, column};
use crate::snapshot::{Sight, Snapshot};
use crate::words::stems;

impl Cases {
    /// What earlier cases teach about a question: which articles solved those that are like it, by
    /// how many people had asked for them, and how often each article solved anything at all.
    ///
    /// Agents may read the cases. Whoever is [no agent](Question::audience) is taught only what
    /// [`MIN_PEOPLE`] people said and were helped by: a word counts that so many of them wrote, whole
    /// and just so, and an article that helped so many of them. Anything less would tell what one of
    /// them wrote. Nor do words count of tickets that were solved by what the asker may not see now
    /// among these articles.
    ///
    /// # Errors
    ///
    /// [`Damaged`](KnowledgeError::Damaged) or [`Disk`](KnowledgeError::Disk) if the index cannot
    /// be read.
    pub fn lessons(
        &self,
        question: &Question<'_>,
        articles: &Index,
        now: Timestamp,
    ) -> Result<Lessons, KnowledgeError> {
        let is_agent = question.audience == Audience::Internal;
        let mut seen = (!is_agent).then(|| Seen::of(question, articles, now));
        let asked =
            Asked { text: question.text, is_typing: question.is_typing && is_agent, itself: None };
        self.taught(&[asked], seen.as_mut())
    }

    /// What earlier cases teach an agent about a ticket, which does not vote for what solved it itself.
    ///
    /// It is asked for by its [key words](Index::key_words) among the cases. Of a long mail no short
    /// case has many, so its subject is asked for too, alone and with each of the first sentences: they
    /// say what it is about, and come before what was written earlier and the signature. Of 24 issues of
    /// more than 64 words in the public collections with known duplicates, 12 lead to one of theirs
    /// first of all that way, and none by its key words alone.
    ///
    /// # Errors
    ///
    /// Those of [`lessons`](Self::lessons).
    pub fn lessons_about(
        &self,
        matter: Matter<'_>,
        itself: Option<TicketId>,
    ) -> Result<Lessons, KnowledgeError> {
        let without = itself.map(|ticket| ArticleId(ticket.0));
        let (words, is_long) = self.index.key_words_beside(matter, without)?;
        let mut texts = vec![words];
        if is_long {
            texts.extend(openings(matter));
        }
        let asked = |text| Asked { text, is_typing: false, itself };
        self.taught(&texts.iter().map(|text| asked(text)).collect::<Vec<_>>(), None)
    }

    /// What cases teach that are like any of what is asked; to who is no agent as far as they may see.
    fn taught(
        &self,
        asked: &[Asked<'_>],
        mut seen: Option<&mut Seen<'_>>,
    ) -> Result<Lessons, KnowledgeError> {
        let snapshot = self.index.snapshot();
        let reuse = self.reuse(&snapshot)?;
        if reuse.is_empty() {
            return Ok(Lessons::default());
        }
        let mut voices = Vec::new();
        for asked in asked {
            voices.extend(self.voices(asked, seen.as_deref_mut(), &snapshot)?);
        }
        let mut votes = count_votes(&voices);
        votes.retain(|_, vote| seen.is_none() || vote.people as usize >= MIN_PEOPLE);
        Ok(Lessons { votes, reuse })
    }

    /// Who was helped by what, of those who asked for the like, and how much it is like it.
    fn voices(
        &self,
        asked: &Asked<'_>,
        seen: Option<&mut Seen<'_>>,
        snapshot: &Snapshot,
    ) -> Result<Vec<(u64, ArticleId, f32)>, KnowledgeError> {
        let solved = Tag::from(SOLVED);
        let Asked { text, is_typing, itself } = *asked;
        let asked = Question {
            audience: Audience::Internal,
            category: Some(&solved),
            is_typing,
            without: itself.map(|ticket| ArticleId(ticket.0)),
            ..Question::new(text)
        };
        let fields = self.index.fields();
        let sight = snapshot.sight_for(&asked, Timestamp::MAX, fields)?;
        let words = match seen {
            None => snapshot.understand(&asked, &sight, &self.index.synonyms(), fields)?.words,
            Some(seen) => {
                let words = snapshot.understand_plainly(&asked, &sight, fields)?;
                said_by_many(snapshot, words, seen, fields)?
            }
        };
        let words = &words[..];
        let lessons = Lessons::default();
        let ranked = snapshot.rank(words, &asked, Timestamp::MAX, None, &lessons, fields)?;
        // Words that no case has are as much a part of the question as those that some have.
        // Nor those that too few people said: they make no difference to words that nobody said.
        let unknown = stems(text, MAX_QUESTION_WORDS).len().saturating_sub(words.len());
        let strange = unknown as f32 * weight(sight.rarity(0));
        let mut voices = Vec::new();
        for ranked in &ranked {
            let likeness = likeness(ranked, words, strange);
            if likeness < SAME_KIND {
                continue;
            }
            let segment = snapshot.searcher.segment_reader(ranked.rank.segment);
            let Some(ledger) = Ledger::of(segment)? else { continue };
            let Some(entry) = ledger.entry(ranked.rank.doc)? else { continue };
            let Some(article) = entry.article else { continue };
            let trust = if entry.failed.contains(&article) { DOUBTFUL } else { 1.0 };
            voices.push((entry.person, article, trust * likeness * likeness));
        }
        Ok(voices)
    }

    /// How often each article solved something. Counted once for each state of the index.
    fn reuse(
        &self,
        snapshot: &Arc<Snapshot>,
    ) -> Result<Arc<BTreeMap<ArticleId, Reuse>>, KnowledgeError> {
        let counted = || self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, reuse)) = &*counted()
            && Arc::ptr_eq(of, snapshot)
        {
            return Ok(Arc::clone(reuse));
        }
        let mut people: BTreeSet<(ArticleId, u64)> = BTreeSet::new();
        let mut reuse: BTreeMap<ArticleId, Reuse> = BTreeMap::new();
        for segment in snapshot.searcher.segment_readers() {
            let Some(ledger) = Ledger::of(segment)? else { continue };
            for doc in segment.doc_ids_alive() {
                let Some(entry) = ledger.entry(doc)? else { continue };
                for article in
                    entry.failed.iter().copied().chain(entry.article).collect::<BTreeSet<_>>()
                {
                    let of = reuse.entry(article).or_default();
                    of.tickets += 1;
                    of.people += u32::from(people.insert((article, entry.person)));
                    of.reopened += u32::from(entry.failed.contains(&article));
                }
            }
        }
        let reuse = Arc::new(reuse);
        *counted() = Some((Arc::clone(snapshot), Arc::clone(&reuse)));
        Ok(reuse)
    }
}

/// What cases are asked for.
struct Asked<'a> {
    text: &'a str,
    is_typing: bool,
    /// The ticket that it is of.
    itself: Option<TicketId>,
}

/// What says of a long mail what it is about: the subject, alone and with each of the first sentences, as
/// far as they say anything.
fn openings(matter: Matter<'_>) -> Vec<String> {
    let Matter { subject, text } = matter;
    let says_something = |text: &&str| stems(text, TELLING_WORDS).len() == TELLING_WORDS;
    let sentences = sentences(text).take(MAX_SENTENCES).filter(says_something).take(OPENINGS);
    let with_sentences = sentences.map(|sentence| format!("{subject}\n{sentence}"));
    Some(subject)
        .filter(says_something)
        .map(str::to_owned)
        .into_iter()
        .chain(with_sentences)
        .collect()
}

/// The sentences of a text. One ends with a sign before a space, or where a line is empty.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let ends = |(at, sign): &(usize, char)| {
            let behind = &rest[at + sign.len_utf8()..];
            match sign {
                '.' | '!' | '?' => behind.starts_with(char::is_whitespace),
                '\n' => behind.trim_start_matches([' ', '\t', '\r']).starts_with('\n'),
                _ => matches!(sign, '。' | '！' | '？'),
            }
        };
        let end = rest.char_indices().find(ends);
        let end = end.map_or(rest.len(), |(at, sign)| at + sign.len_utf8());
        let (sentence, behind) = rest.split_at(end);
        rest = behind;
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// Which articles the asker may see, each looked up once.
struct Seen<'a> {
    snapshot: Arc<Snapshot>,
    sight: Arc<Sight>,
    fields: &'a Fields,
    known: BTreeMap<ArticleId, bool>,
}

impl<'a> Seen<'a> {
    fn of(question: &Question<'_>, articles: &'a Index, now: Timestamp) -> Self {
        let snapshot = articles.snapshot();
        let sight = snapshot.sight(question.audience, now);
        Self { snapshot, sight, fields: articles.fields(), known: BTreeMap::new() }
    }

    fn has(&mut self, article: ArticleId) -> Result<bool, KnowledgeError> {
        if let Some(known) = self.known.get(&article) {
            return Ok(*known);
        }
        let is_seen = self.snapshot.shows(article, &self.sight, self.fields)?;
        self.known.insert(article, is_seen);
        Ok(is_seen)
    }
}

/// The words that enough people said in cases that an article solved which the asker may see.
fn said_by_many(
    snapshot: &Snapshot,
    words: Vec<Word>,
    seen: &mut Seen<'_>,
    fields: &Fields,
) -> Result<Vec<Word>, KnowledgeError> {
    let ledgers = snapshot.searcher.segment_readers().iter().map(Ledger::of);
    let ledgers = ledgers.collect::<Result<Vec<_>, KnowledgeError>>()?;
    let mut kept = Vec::with_capacity(words.len());
    for word in words {
        if is_said_by_many(snapshot, &ledgers, &word, seen, fields)? {
            kept.push(word);
        }
    }
    Ok(kept)
}

fn is_said_by_many(
    snapshot: &Snapshot,
    ledgers: &[Option<Ledger>],
    word: &Word,
    seen: &mut Seen<'_>,
    fields: &Fields,
) -> Result<bool, KnowledgeError> {
    let mut people = BTreeSet::new();
    for spot in word.forms.iter().flat_map(|form| &*form.spots) {
        let segment = snapshot.searcher.segment_reader(spot.segment);
        let Some(ledger) = &ledgers[spot.segment as usize] else { continue };
        let mut postings = spot.open(segment, fields)?;
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
                && let Some(entry) = ledger.entry(doc)?
                && let Some(article) = entry.article
                && seen.has(article)?
                && people.insert(entry.person)
                && people.len() == MIN_PEOPLE
            {
                return Ok(true);
            }
            postings.advance();
        }
    }
    Ok(false)
}

/// How much of a question a case has, from 0 to 1: half of it counts where the case has it at all,
/// the other half where its subject has it.
fn likeness(ranked: &Ranked, words: &[Word], strange: f32) -> f32 {
    let (mut all, mut heard) = (strange, 0.0);
    for (word, number) in words.iter().zip(0..u64::BITS) {
        let weight = weight(word.rarity);
        all += weight;
        for has in [ranked.heard, ranked.named] {
            if has & (1 << number) != 0 {
                heard += weight / 2.0;
            }
        }
    }
    heard / all.max(f32::MIN_POSITIVE)
}

/// What a word of a question counts. A common one counts too: where all tickets are about the same
/// product, its name is in each of them and in each question.
fn weight(rarity: f32) -> f32 {
    1.0 + rarity
}

/// A case that articles have solved, or seemed to have.
struct Entry {
    person: u64,
    /// What solved it, if that holds.
    article: Option<ArticleId>,
    /// What it came back after.
    failed: Vec<ArticleId>,
}

/// The tags of a segment, which say what became of its cases.
struct Ledger(StrColumn);

impl Ledger {
    /// `None` if nothing in the segment was solved.
    fn of(segment: &SegmentReader) -> Result<Option<Self>, KnowledgeError> {
        Ok(segment.fast_fields().str(column::TAG)?.map(Self))
    }

    fn entry(&self, doc: DocId) -> Result<Option<Entry>, KnowledgeError> {
        let (mut article, mut person, mut failed) = (None, 0, Vec::new());
        let mut tag = String::new();
        for ordinal in self.0.term_ords(doc) {
            tag.clear();
            self.0.ord_to_str(ordinal, &mut tag)?;
            if let Some(number) = tag.strip_prefix(SOLVED_BY) {
                article = number.parse().ok().map(ArticleId);
            } else if let Some(number) = tag.strip_prefix(ASKED_BY) {
                person = number.parse().unwrap_or_default();
            } else if let Some(number) = tag.strip_prefix(FAILED_BY) {
                failed.extend(number.parse().ok().map(ArticleId));
            }
        }
        let has_any = article.is_some() || !failed.is_empty();
        Ok(has_any.then_some(Entry { person, article, failed }))
    }
}

/// How many people must have said a word, and been helped by an article, before who is no agent learns
/// of either: solved tickets are other people's words.
///
/// These are people who asked, whichever organization they belong to. What as many colleagues wrote,
/// each in a solved ticket of their own, counts.
pub const MIN_PEOPLE: usize = 5;

/// How much of a question a case must have to say anything about it.
const SAME_KIND: f32 = 0.4;

/// What the voice of a case counts that had come back.
const DOUBTFUL: f32 = 0.5;

/// How many sentences of a long mail are asked for, and of how many at its beginning.
const OPENINGS: usize = 5;
const MAX_SENTENCES: usize = 20;

/// How many words that say something make a sentence or a subject one that does. A greeting has fewer,
/// and half of a desk is asked for by `Question`.
const TELLING_WORDS: usize = 4;
