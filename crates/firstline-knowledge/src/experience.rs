//! What a desk's own past says of its articles: whom they helped, what came back, what readers say,
//! how old they are.
//!
//! It is arithmetic on what the journal has recorded, with no model and no training: the same
//! journal always gives the same figures, and each of them can be shown to whoever asks why.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use firstline_core::{ArticleId, Timestamp};

/// What readers say of an article, and how old it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    /// How many readers say that it helped. Whoever says so gives each reader one voice, the last
    /// one, however often they voted.
    pub helpful: u32,
    /// How many say that it did not.
    pub not_helpful: u32,
    /// When its text last changed, if that is known.
    pub changed_at: Option<Timestamp>,
}

/// How often an article solved tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reuse {
    /// The tickets, for good or until they came back.
    pub tickets: u32,
    /// How many people had asked for them.
    pub people: u32,
    /// How many of the tickets came back after they had been resolved by it, whatever solved them then.
    pub reopened: u32,
}

/// What the past says of an article, beside the words that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Experience {
    /// How many people asked for about the same and were helped by it. For who is no agent, fewer
    /// than [`MIN_PEOPLE`](crate::MIN_PEOPLE) are none.
    pub people: u32,
    /// What their cases count among all that are like the question and were solved by an article that
    /// the asker may see, from 0 to below 1. One person alone counts at most one half.
    pub vote: f32,
    /// All that it solved.
    pub reuse: Reuse,
    /// What its readers say, and how old it is.
    pub reception: Reception,
    /// How far it can be relied on, from -1 to 1: from its reuse, its readers and its age. 0 if
    /// nothing is known.
    pub confidence: f32,
}

impl Experience {
    pub(crate) fn new(
        vote: Option<&Vote>,
        reuse: Option<&Reuse>,
        reception: Reception,
        now: Timestamp,
    ) -> Self {
        let Vote { people, strength: vote } = vote.copied().unwrap_or_default();
        let reuse = reuse.copied().unwrap_or_default();
        let confidence = confidence(reuse, reception, now);
        Self { people, vote, reuse, reception, confidence }
    }
}

/// The reasons in a sentence, for agents: `2 who asked for about the same were helped by it; it
/// solved 5 tickets, of which 1 came back; it helped 3 of 4 readers`. Nothing if nothing is known.
impl fmt::Display for Experience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.people > 0 {
            parts.push(format!("{} who asked for about the same were helped by it", self.people));
        }
        let Reuse { tickets, reopened, .. } = self.reuse;
        match (tickets, reopened) {
            (0, _) => {}
            (_, 0) => parts.push(format!("it solved {tickets} tickets")),
            _ => parts.push(format!("it solved {tickets} tickets, of which {reopened} came back")),
        }
        let Reception { helpful, not_helpful, .. } = self.reception;
        let readers = helpful.saturating_add(not_helpful);
        if readers > 0 {
            parts.push(format!("it helped {helpful} of {readers} readers"));
        }
        f.write_str(&parts.join("; "))
    }
}

/// What earlier cases teach about a question. See [`Cases::lessons`](crate::Cases::lessons).
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    pub(crate) votes: BTreeMap<ArticleId, Vote>,
    pub(crate) reuse: Arc<BTreeMap<ArticleId, Reuse>>,
}

/// How much speaks for an article in the cases that are like a question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Vote {
    pub(crate) people: u32,
    /// The sum of their voices; as a share of all that count, once these are known.
    pub(crate) strength: f32,
}

/// Makes the strength of each vote its share of all of them.
pub(crate) fn share(votes: &mut BTreeMap<ArticleId, Vote>) {
    let all = NOBODY + votes.values().map(|vote| vote.strength).sum::<f32>();
    votes.values_mut().for_each(|vote| vote.strength /= all);
}

/// From what helped others: each entry is a person, an article that helped, and how much the case
/// is like the question.
pub(crate) fn count_votes(voices: &[(u64, ArticleId, f32)]) -> BTreeMap<ArticleId, Vote> {
    // Whoever comes again with the same is still one person.
    let mut strongest: BTreeMap<(ArticleId, u64), f32> = BTreeMap::new();
    for (person, article, likeness) in voices {
        let known = strongest.entry((*article, *person)).or_default();
        *known = known.max(*likeness);
    }
    let mut votes: BTreeMap<ArticleId, Vote> = BTreeMap::new();
    for ((article, _), likeness) in &strongest {
        let vote = votes.entry(*article).or_default();
        vote.people += 1;
        vote.strength += likeness;
    }
    votes
}

/// How far an article can be relied on, from -1 to 1.
///
/// Each part is a difference divided by a sum to which some undecided voices are added, so that
/// few voices say little: one that helped does not make an article better than one that helped
/// ninety of a hundred.
fn confidence(reuse: Reuse, reception: Reception, now: Timestamp) -> f32 {
    let balance = |for_it: f32, against: f32| (for_it - against) / (for_it + against + UNDECIDED);
    let used = balance(reuse.people as f32, REOPENED * reuse.reopened as f32);
    let read = balance(reception.helpful as f32, reception.not_helpful as f32);
    let age = reception.changed_at.map_or(0, |at| now.millis_since(at).max(0)) as f32;
    // What is in use is not out of date, however old.
    let outdated = (1.0 - (-age / LIFE_MILLIS).exp2()) * (1.0 - used.max(0.0));
    USED * used + READ * read - OUTDATED * outdated
}

/// A person who is always counted as having been helped by something else: one voice is no proof.
const NOBODY: f32 = 1.0;

/// How many undecided voices are added.
const UNDECIDED: f32 = 5.0;

/// What a ticket that came back counts against a person who was helped.
const REOPENED: f32 = 2.0;

/// What the parts of confidence count: together 1 at most.
const USED: f32 = 0.5;
const READ: f32 = 0.3;
const OUTDATED: f32 = 0.2;

/// After this time half of a text's freshness is gone: two years, in milliseconds.
const LIFE_MILLIS: f32 = 2.0 * 365.25 * 86_400_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_millis(n * 86_400_000).unwrap()
    }

    fn relied_on(people: u32, reopened: u32, helpful: u32, not_helpful: u32) -> f32 {
        let reuse = Reuse { tickets: people, people, reopened };
        confidence(reuse, Reception { helpful, not_helpful, changed_at: None }, day(0))
    }

    #[test]
    fn one_voice_says_little_and_many_say_more_and_reopenings_count_against() {
        assert_eq!(relied_on(0, 0, 0, 0), 0.0);
        assert!(relied_on(0, 0, 90, 10) > relied_on(0, 0, 1, 0));
        assert!(relied_on(10, 0, 0, 0) > relied_on(10, 3, 0, 0));
        assert!(relied_on(3, 3, 0, 0) < 0.0, "what comes back every time is no solution");
        for extreme in [relied_on(u32::MAX, 0, u32::MAX, 0), relied_on(0, u32::MAX, 0, u32::MAX)] {
            assert!(extreme.abs() <= 1.0, "{extreme}");
        }
    }

    #[test]
    fn a_text_grows_old_unless_it_is_used() {
        let of_age = |people, days| {
            let reuse = Reuse { tickets: people, people, reopened: 0 };
            let reception = Reception { changed_at: Some(day(0)), ..Reception::default() };
            confidence(reuse, reception, day(days))
        };
        assert_eq!(of_age(0, 0), 0.0);
        assert!(of_age(0, 3_000) < of_age(0, 300));
        let loss = |people| of_age(people, 0) - of_age(people, 3_000);
        assert!(loss(50) < loss(0) / 5.0, "{} {}", loss(50), loss(0));
    }

    #[test]
    fn a_person_has_one_voice_however_often_they_come() {
        let (one, other) = (ArticleId(1), ArticleId(2));
        let shares = |voices: &[(u64, ArticleId, f32)]| {
            let mut votes = count_votes(voices);
            share(&mut votes);
            votes
        };
        let votes = shares(&[(7, one, 0.5), (7, one, 1.0), (7, one, 1.0)]);
        assert_eq!(votes, BTreeMap::from([(one, Vote { people: 1, strength: 0.5 })]));
        let votes = shares(&[(7, one, 1.0), (8, other, 1.0), (9, other, 1.0)]);
        assert_eq!((votes[&one].strength, votes[&other].strength), (0.25, 0.5));
    }
}
