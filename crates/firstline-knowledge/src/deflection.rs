//! What answers are worth: tickets that were not written because of them, and questions that nothing
//! answers.
//!
//! All here is arithmetic on [visits](Visit), so the same visits always give the same figures.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use firstline_core::{ArticleId, ContactId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::question::MAX_QUESTION_WORDS;
use crate::words::stems;

/// Who came with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Visitor {
    /// Somebody whom the desk knows.
    Contact(ContactId),
    /// Somebody else, by a number that the host has for them: of a cookie, a device.
    Guest(u64),
}

/// Somebody who came with a question, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Who it was.
    pub visitor: Visitor,
    /// When they asked first.
    pub at: Timestamp,
    /// What they asked, the last time if they asked anew.
    pub question: String,
    /// How many articles were found for it.
    pub found: u32,
    /// Whether they were shown: no for the [hold-out](is_held_out).
    pub shown: bool,
    /// Those that were opened.
    pub viewed: BTreeSet<ArticleId>,
    /// Whether it helped, if the visitor said so.
    pub helped: Option<bool>,
    /// When the same visitor next wrote a ticket, if that happened.
    pub ticket_at: Option<Timestamp>,
}

impl Visit {
    fn led_to_a_ticket(&self, window: Duration) -> bool {
        let window = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        self.ticket_at.is_some_and(|ticket| (0..=window).contains(&ticket.millis_since(self.at)))
    }
}

/// What answers were worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deflection {
    /// Visits of people who were shown answers.
    pub visits: u64,
    /// Those that opened an article and wrote no ticket within the window. Some would not have
    /// written one anyway.
    pub potential: u64,
    /// Those of them that said it helped.
    pub confirmed: u64,
    /// The share of visits that led to a ticket, among those who were shown answers.
    pub ticket_rate: f64,
    /// The same share among those who were not: the hold-out. `None` without any.
    pub held_out_rate: Option<f64>,
}

impl Deflection {
    /// The tickets that answers prevented, by comparison with those who were shown none: what is
    /// left when those are taken off who would not have written anyway. `None` without a hold-out.
    #[must_use]
    pub fn prevented(&self) -> Option<f64> {
        self.held_out_rate.map(|without| (without - self.ticket_rate) * self.visits as f64)
    }
}

/// Whether a visitor belongs to the share, in percent, who are shown no answers, so that their effect
/// can be measured. The same visitor always gets the same answer.
#[must_use]
pub fn is_held_out(visitor: Visitor, percent: u8) -> bool {
    let number = match visitor {
        Visitor::Contact(contact) => contact.0,
        // Guests and contacts with the same number are not the same.
        Visitor::Guest(guest) => guest ^ (1 << 63),
    };
    // SplitMix64's finalizer: neighbouring numbers fall anywhere.
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % 100 < u64::from(percent)
}

/// What answers were worth in some visits: a ticket counts if it came within `window` of the question.
#[must_use]
pub fn deflection(visits: &[Visit], window: Duration) -> Deflection {
    let (with, without): (Vec<&Visit>, Vec<&Visit>) = visits.iter().partition(|visit| visit.shown);
    let rate = |visits: &[&Visit]| {
        let tickets = visits.iter().filter(|visit| visit.led_to_a_ticket(window)).count();
        tickets as f64 / visits.len().max(1) as f64
    };
    let potential = with.iter().filter(|it| !it.viewed.is_empty() && !it.led_to_a_ticket(window));
    Deflection {
        visits: with.len() as u64,
        potential: potential.clone().count() as u64,
        confirmed: potential.filter(|visit| visit.helped == Some(true)).count() as u64,
        ticket_rate: rate(&with),
        held_out_rate: (!without.is_empty()).then(|| rate(&without)),
    }
}

/// The list that whoever keeps the knowledge works from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Questions that nothing answered, those asked most often first.
    pub unanswered: Vec<Gap>,
    /// All questions, those asked most often first.
    pub popular: Vec<Gap>,
    /// Articles that were opened and did not help, by how often that was.
    pub unhelpful: Vec<(ArticleId, u64)>,
}

/// Questions in about the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first of them.
    pub sample: String,
    /// How many there were.
    pub volume: u64,
}

/// What people asked for and did not get. A question is unanswered if nothing was found, if the
/// visitor said that nothing helped, or if a ticket followed within the window of what was shown.
#[must_use]
pub fn gaps(visits: &[Visit], window: Duration) -> Gaps {
    let is_unanswered = |visit: &&Visit| {
        let had_a_chance = visit.shown && visit.found > 0;
        let was_let_down = visit.helped == Some(false) || visit.led_to_a_ticket(window);
        visit.found == 0 || had_a_chance && was_let_down
    };
    let mut unhelpful: BTreeMap<ArticleId, u64> = BTreeMap::new();
    for visit in visits.iter().filter(|visit| visit.found > 0).filter(is_unanswered) {
        for article in &visit.viewed {
            *unhelpful.entry(*article).or_default() += 1;
        }
    }
    let mut unhelpful: Vec<(ArticleId, u64)> = unhelpful.into_iter().collect();
    unhelpful.sort_by_key(|(article, times)| (std::cmp::Reverse(*times), *article));
    Gaps {
        unanswered: groups(visits.iter().filter(is_unanswered)),
        popular: groups(visits.iter()),
        unhelpful,
    }
}

/// Puts each question to the first group that shares half of its words with it.
fn groups<'a>(visits: impl Iterator<Item = &'a Visit>) -> Vec<Gap> {
    let mut groups: Vec<(BTreeSet<String>, Gap)> = Vec::new();
    let mut by_word: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for visit in visits {
        let words = stems(&visit.question, MAX_QUESTION_WORDS);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for group in words.iter().filter_map(|word| by_word.get(word)).flatten() {
            *shared.entry(*group).or_default() += 1;
        }
        let is_same = |(group, shared): &(usize, usize)| {
            let all = groups[*group].0.len() + words.len() - shared;
            2 * shared >= all
        };
        let same = shared.into_iter().find(is_same).map(|(group, _)| group);
        if let Some(group) = same {
            groups[group].1.volume += 1;
        } else if !words.is_empty() {
            for word in &words {
                by_word.entry(word.clone()).or_default().push(groups.len());
            }
            groups.push((words, Gap { sample: visit.question.clone(), volume: 1 }));
        }
    }
    let mut gaps: Vec<Gap> = groups.into_iter().map(|(_, gap)| gap).collect();
    // Of equally frequent ones the first asked comes first: the sort is stable.
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.volume));
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn hour(n: i64) -> Timestamp {
        Timestamp::from_millis(n * 3_600_000).unwrap()
    }

    fn visit(visitor: u64, question: &str, viewed: &[u64], ticket_after: Option<i64>) -> Visit {
        Visit {
            visitor: Visitor::Guest(visitor),
            at: hour(100),
            question: question.into(),
            found: 3,
            shown: true,
            viewed: viewed.iter().copied().map(ArticleId).collect(),
            helped: None,
            ticket_at: ticket_after.map(|hours| hour(100 + hours)),
        }
    }

    #[test]
    fn whoever_reads_and_writes_no_ticket_within_the_window_may_have_been_helped() {
        let mut visits = vec![
            visit(1, "printer", &[7], None),
            visit(2, "printer", &[7], Some(5)),
            visit(3, "printer", &[7], Some(30)),
            visit(4, "printer", &[], None),
        ];
        visits[0].helped = Some(true);
        let worth = deflection(&visits, DAY);
        assert_eq!((worth.visits, worth.potential, worth.confirmed), (4, 2, 1));
        assert_eq!((worth.ticket_rate, worth.prevented()), (0.25, None));
    }

    #[test]
    fn what_answers_prevent_is_the_difference_to_those_who_got_none() {
        let visits: Vec<Visit> = (0..10_000)
            .map(|n| {
                // Half of those without answers write a ticket, and a quarter of those with.
                let shown = !is_held_out(Visitor::Guest(n), 10);
                let share = if shown { 4 } else { 2 };
                Visit { shown, ..visit(n, "printer", &[7], (n % share == 0).then_some(1)) }
            })
            .collect();
        let worth = deflection(&visits, DAY);
        assert!((8_800..9_200).contains(&worth.visits), "{worth:?}");
        let share = worth.prevented().unwrap() / worth.visits as f64;
        assert!((0.2..0.3).contains(&share), "{share}");
        assert_eq!(worth, deflection(&visits, DAY));
    }

    #[test]
    fn nobody_or_everybody_can_be_held_out() {
        let of = |number: u64| [Visitor::Guest(number), Visitor::Contact(ContactId(number))];
        let mut all = (0..1_000).flat_map(of);
        assert!(all.all(|visitor| !is_held_out(visitor, 0) && is_held_out(visitor, 100)));
        assert_eq!(deflection(&[], DAY), Deflection::default());
    }

    #[test]
    fn questions_in_other_words_count_together_and_the_worst_gap_comes_first() {
        let mut visits = vec![
            visit(1, "How do I reset my password?", &[], Some(1)),
            visit(2, "printer is on fire", &[], None),
            visit(3, "password resetting", &[4], Some(2)),
            visit(4, "сброс пароля", &[], None),
        ];
        visits[1].found = 0;
        visits[3].helped = Some(true);
        let gaps = gaps(&visits, DAY);
        let told = |gaps: &[Gap]| {
            gaps.iter().map(|gap| format!("{} {}", gap.volume, gap.sample)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&gaps.unanswered),
            ["2 How do I reset my password?", "1 printer is on fire"]
        );
        assert_eq!(gaps.popular.len(), 3);
        assert_eq!(gaps.unhelpful, [(ArticleId(4), 1)]);
    }
}
