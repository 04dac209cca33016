//! What answers are worth: tickets that were not written because of them, and questions that nothing
//! answers.
//!
//! All here is arithmetic on [visits](Visit), so the same visits always give the same figures.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::time::Duration;

use firstline_core::{ArticleId, ContactId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::question::MAX_QUESTION_WORDS;
use crate::visits::Logged;
use crate::words::{stems, wholes};

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

/// Somebody who came with a question, and what became of it. Whoever asks several questions in one
/// visit comes several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Who it was.
    pub visitor: Visitor,
    /// When they asked.
    pub at: Timestamp,
    /// What they asked.
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
///
/// Its unit is a matter: visits of one person that follow each other within the window, up to the
/// ticket that ends them. Whoever asks five times and then writes one ticket is one matter and one
/// ticket, so a share of matters is a share of tickets too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deflection {
    /// Matters of people who were shown answers. Whoever comes again within the window, without
    /// having written a ticket, comes for the same.
    pub visits: u64,
    /// Those in which an article was opened and no ticket followed within the window. Some would
    /// not have written one anyway.
    pub potential: u64,
    /// Those of them in which the last word was that it helped.
    pub confirmed: u64,
    /// The share of matters that led to a ticket, among those who were shown answers.
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

/// What answers were worth in some visits: a ticket counts if it came within `window` of the last
/// question before it, and each counts once.
#[must_use]
pub fn deflection(visits: &[Visit], window: Duration) -> Deflection {
    let (with, without): (Vec<Matter>, Vec<Matter>) =
        matters(visits, window).into_iter().partition(|matter| matter.shown);
    let rate = |matters: &[Matter]| {
        let tickets = matters.iter().filter(|matter| matter.led_to_a_ticket).count();
        tickets as f64 / matters.len().max(1) as f64
    };
    let potential = with.iter().filter(|it| it.is_read && !it.led_to_a_ticket);
    Deflection {
        visits: with.len() as u64,
        potential: potential.clone().count() as u64,
        confirmed: potential.filter(|matter| matter.helped == Some(true)).count() as u64,
        ticket_rate: rate(&with),
        held_out_rate: (!without.is_empty()).then(|| rate(&without)),
    }
}

/// What somebody came for, once or several times.
struct Matter {
    shown: bool,
    is_read: bool,
    helped: Option<bool>,
    led_to_a_ticket: bool,
    last_at: Timestamp,
}

/// Puts visits together that are about one matter. Those who were shown nothing come again more
/// often than others: counted by visits, they would seem to write fewer tickets.
fn matters(visits: &[Visit], window: Duration) -> Vec<Matter> {
    let mut visits: Vec<&Visit> = visits.iter().collect();
    visits.sort_by_key(|visit| visit.at);
    let longest = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    let mut matters: Vec<Matter> = Vec::new();
    let mut latest: BTreeMap<(Visitor, bool), (usize, Option<Timestamp>)> = BTreeMap::new();
    for visit in visits {
        let led_to_a_ticket = visit.led_to_a_ticket(window);
        let known = latest.get(&(visit.visitor, visit.shown)).copied();
        let goes_on = known.filter(|(number, ticket)| {
            let has_ended = ticket.is_some_and(|ticket| ticket < visit.at);
            !has_ended && visit.at.millis_since(matters[*number].last_at) <= longest
        });
        let number = match goes_on {
            Some((number, _)) => {
                let matter = &mut matters[number];
                matter.is_read |= !visit.viewed.is_empty();
                matter.helped = visit.helped.or(matter.helped);
                matter.led_to_a_ticket |= led_to_a_ticket;
                matter.last_at = visit.at;
                number
            }
            None => {
                matters.push(Matter {
                    shown: visit.shown,
                    is_read: !visit.viewed.is_empty(),
                    helped: visit.helped,
                    led_to_a_ticket,
                    last_at: visit.at,
                });
                matters.len() - 1
            }
        };
        latest.insert((visit.visitor, visit.shown), (number, visit.ticket_at));
    }
    matters
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
    /// In how many visits it was asked.
    pub volume: u64,
}

/// What people asked for and did not get. A question is unanswered if nothing was found, if the
/// visitor said that nothing helped, or if it was the last one of its visit before a ticket, which
/// followed within the window of what was shown. One that found nothing stays unanswered when the same
/// visit found something by other words: that is how those words become known.
#[must_use]
pub fn gaps(visits: &[Logged], window: Duration) -> Gaps {
    let mut asked: BTreeMap<u64, BTreeSet<Timestamp>> = BTreeMap::new();
    for Logged { number, visit, .. } in visits {
        asked.entry(*number).or_default().insert(visit.at);
    }
    let is_unanswered = |Logged { number, visit, .. }: &Logged| {
        let had_a_chance = visit.shown && visit.found > 0;
        let asked_on = visit.ticket_at.is_some_and(|ticket| {
            let later = (Bound::Excluded(visit.at), Bound::Included(ticket));
            asked[number].range(later).next().is_some()
        });
        let was_let_down =
            visit.helped == Some(false) || visit.led_to_a_ticket(window) && !asked_on;
        visit.found == 0 || had_a_chance && was_let_down
    };
    let mut unhelpful: BTreeMap<ArticleId, u64> = BTreeMap::new();
    let mut unanswered = Vec::new();
    let mut all = Vec::new();
    for logged in visits {
        let Logged { number, visit, .. } = logged;
        all.push((*number, &*visit.question));
        if !is_unanswered(logged) {
            continue;
        }
        unanswered.push((*number, &*visit.question));
        if visit.found > 0 {
            for article in &visit.viewed {
                *unhelpful.entry(*article).or_default() += 1;
            }
        }
    }
    let mut unhelpful: Vec<(ArticleId, u64)> = unhelpful.into_iter().collect();
    unhelpful.sort_by_key(|(article, times)| (std::cmp::Reverse(*times), *article));
    Gaps { unanswered: groups(&unanswered), popular: groups(&all), unhelpful }
}

/// Questions in about the same words, so far.
struct Group {
    words: BTreeSet<String>,
    codes: BTreeSet<String>,
    gap: Gap,
    /// The visits that asked. Whoever says it twice in one visit counts once.
    visits: BTreeSet<u64>,
}

/// All groups so far, by the words that tell them from others.
///
/// If two questions share half of their words, they share one of the rarest: of so many of each that less
/// than half is left, in one order for both. So only these are looked up, and what every question says,
/// such as `error`, makes none of them slower.
struct Groups {
    /// How many questions say each word.
    counts: BTreeMap<String, usize>,
    all: Vec<Group>,
    by_word: BTreeMap<String, Vec<usize>>,
}

impl Groups {
    /// None yet, for questions of these words.
    fn of(questions: &[BTreeSet<String>]) -> Self {
        let mut counts = BTreeMap::new();
        for word in questions.iter().flatten() {
            match counts.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(counts.insert(word.clone(), 1)),
            }
        }
        Self { counts, all: Vec::new(), by_word: BTreeMap::new() }
    }

    /// The rarest words, so many that half of all is not reached without one of them.
    fn telling<'a>(&self, words: &'a BTreeSet<String>) -> impl Iterator<Item = &'a String> {
        let mut telling: Vec<&String> = words.iter().collect();
        telling.sort_by_key(|word| self.counts.get(*word));
        telling.truncate(words.len() / 2 + 1);
        telling.into_iter()
    }

    /// The groups that may share half of these words, in the order in which they came.
    fn like(&self, words: &BTreeSet<String>) -> BTreeSet<usize> {
        let groups = self.telling(words).filter_map(|word| self.by_word.get(word));
        groups.flatten().copied().collect()
    }

    fn add(&mut self, group: Group) {
        let telling: Vec<String> = self.telling(&group.words).cloned().collect();
        for word in telling {
            self.by_word.entry(word).or_default().push(self.all.len());
        }
        self.all.push(group);
    }
}

/// The codes of a question, as machines tell one fault from another by them. Plain numbers are none: each
/// order has one of its own, and where it is everybody asks.
fn codes(question: &str, words: &BTreeSet<String>) -> BTreeSet<String> {
    let is_code = |word: &str| {
        word.contains(char::is_alphabetic) && word.contains(|sign: char| sign.is_ascii_digit())
    };
    let mut codes: BTreeSet<String> = words.iter().filter(|it| is_code(it)).cloned().collect();
    wholes(question, |whole, _| {
        codes.extend(is_code(whole).then(|| whole.to_owned()));
        codes.len() < MAX_QUESTION_WORDS
    });
    codes
}

/// Puts each question, with the number of its visit, to the first group that shares half of its
/// words with it and does not say another code.
fn groups(questions: &[(u64, &str)]) -> Vec<Gap> {
    let read = |(_, question): &(u64, &str)| stems(question, MAX_QUESTION_WORDS);
    let words: Vec<BTreeSet<String>> = questions.iter().map(read).collect();
    let mut groups = Groups::of(&words);
    for (&(visit, question), words) in questions.iter().zip(words) {
        let codes = codes(question, &words);
        let is_same = |group: &usize| {
            let Group { words: theirs, codes: of_theirs, .. } = &groups.all[*group];
            let shared = words.intersection(theirs).count();
            let says_other = !codes.is_empty() && !of_theirs.is_empty() && codes != *of_theirs;
            2 * shared >= theirs.len() + words.len() - shared && !says_other
        };
        let same = groups.like(&words).into_iter().find(is_same);
        if let Some(same) = same {
            let group = &mut groups.all[same];
            group.gap.volume += u64::from(group.visits.insert(visit));
        } else if !words.is_empty() {
            let gap = Gap { sample: question.to_owned(), volume: 1 };
            groups.add(Group { words, codes, gap, visits: [visit].into() });
        }
    }
    let mut gaps: Vec<Gap> = groups.all.into_iter().map(|group| group.gap).collect();
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
    fn whoever_comes_five_times_before_one_ticket_is_one_matter_and_one_ticket() {
        let at = |visitor: u64, from: i64, ticket: Option<i64>| Visit {
            at: hour(from),
            ticket_at: ticket.map(hour),
            ..visit(visitor, "printer", &[7], None)
        };
        let mut visits: Vec<Visit> = (100..105).map(|n| at(1, n, Some(106))).collect();
        let worth = deflection(&visits, DAY);
        assert_eq!((worth.visits, worth.potential, worth.ticket_rate), (1, 0, 1.0));
        // What is asked after the ticket is another matter, and so is what comes days later.
        visits.extend([at(1, 107, None), at(1, 200, None), at(2, 100, None), at(2, 110, None)]);
        let worth = deflection(&visits, DAY);
        assert_eq!((worth.visits, worth.potential, worth.ticket_rate), (4, 3, 0.25));
        // A ticket counts once, however long somebody had tried.
        let tries = [at(3, 100, Some(130)), at(3, 120, Some(130)), at(3, 129, Some(130))];
        assert_eq!((deflection(&tries, DAY).visits, deflection(&tries, DAY).ticket_rate), (1, 1.0));
        let held_out: Vec<Visit> =
            visits.iter().map(|visit| Visit { shown: false, ..visit.clone() }).collect();
        let both = [held_out, vec![at(9, 100, None)]].concat();
        assert_eq!(deflection(&both, DAY).prevented(), Some(0.25));
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
        let logged =
            |(number, visit)| Logged { number, visit, tickets: Vec::new(), is_typing: false };
        let mut visits: Vec<Logged> = (0..).zip(visits).map(logged).collect();
        // In one visit, before it found something by other words.
        for question in ["пароль забыт", "забыт пароль!"] {
            visits.push(logged((3, Visit { found: 0, ..visit(4, question, &[], None) })));
        }
        let gaps = gaps(&visits, DAY);
        let told = |gaps: &[Gap]| {
            gaps.iter().map(|gap| format!("{} {}", gap.volume, gap.sample)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&gaps.unanswered),
            ["2 How do I reset my password?", "1 printer is on fire", "1 пароль забыт"]
        );
        assert_eq!(gaps.popular.len(), 4);
        assert_eq!(gaps.unhelpful, [(ArticleId(4), 1)]);
    }

    #[test]
    fn each_question_of_a_visit_has_its_own_answer() {
        let at = |hours, visit: Visit| Logged {
            number: 1,
            visit: Visit { at: hour(hours), ..visit },
            tickets: Vec::new(),
            is_typing: false,
        };
        let mut visits = [
            at(100, visit(1, "printer broken", &[1], Some(2))),
            at(101, visit(1, "reset password", &[2], Some(2))),
        ];
        visits[0].visit.helped = Some(false);
        visits[1].visit.helped = Some(true);
        // The ticket came after the second question, whatever the visitor had said of its answer.
        let told = |gaps: Gaps| {
            let samples = gaps.unanswered.into_iter().map(|gap| gap.sample);
            (samples.collect::<Vec<_>>(), gaps.unhelpful)
        };
        let both = ["printer broken", "reset password"].map(String::from);
        assert_eq!(
            told(gaps(&visits, DAY)),
            (both.into(), vec![(ArticleId(1), 1), (ArticleId(2), 1)])
        );
        // Nobody said that the first did not help; and there was no ticket.
        visits[0].visit.helped = None;
        assert_eq!(told(gaps(&visits, DAY)).0, ["reset password"]);
        visits.iter_mut().for_each(|logged| logged.visit.ticket_at = None);
        assert_eq!(gaps(&visits, DAY).unanswered, []);
        let worth = deflection(&visits.map(|logged| logged.visit), DAY);
        assert_eq!((worth.visits, worth.confirmed), (1, 1));
    }

    #[test]
    fn words_of_every_question_make_none_of_them_slower() {
        let words = |text: &str| stems(text, MAX_QUESTION_WORDS);
        let asked: Vec<String> =
            (0..500).map(|n| format!("printer error a{n} b{n} c{n}")).collect();
        let all: Vec<BTreeSet<String>> = asked.iter().map(|text| words(text)).collect();
        let mut groups = Groups::of(&all);
        for words in &all {
            assert!(groups.like(words).is_empty(), "{words:?}");
            let gap = Gap { sample: String::new(), volume: 1 };
            let (words, codes) = (words.clone(), BTreeSet::new());
            groups.add(Group { words, codes, gap, visits: BTreeSet::new() });
        }
        assert_eq!(groups.like(&words("error a7 c7")), [7].into());
    }

    #[test]
    fn another_error_is_another_gap_and_another_order_is_none() {
        let told = |questions: &[&str]| {
            let asked: Vec<(u64, &str)> = (0..).zip(questions.iter().copied()).collect();
            groups(&asked).into_iter().map(|gap| (gap.volume, gap.sample)).collect::<Vec<_>>()
        };
        let errors = [
            "printer shows ERR-1001",
            "printer shows err 1001",
            "the printer shows ERR-1001!",
            "printer shows ERR-2077",
            "ошибка E5 на принтере",
            "ошибка E9 на принтере",
        ];
        let told_errors = told(&errors);
        assert_eq!(told_errors[0], (3, errors[0].to_owned()));
        assert_eq!(told_errors.len(), 4, "{told_errors:?}");
        let orders = ["when is order 4711 delivered", "when is order 4712 delivered"];
        assert_eq!(told(&orders), [(2, orders[0].to_owned())]);
    }

    #[test]
    fn no_question_misses_the_first_group_with_half_of_its_words() {
        // All sets of up to five of nine words, of which some are in many more than others.
        let texts: Vec<String> = (1_u32..512)
            .filter(|set| set.count_ones() <= 5 && set % 7 != 3)
            .map(|set| {
                let named = |n| format!("{} ", char::from(b'a' + n).to_string().repeat(3));
                (0..9).filter(|n| set >> n & 1 == 1).map(named).collect()
            })
            .collect();
        let mut plain: Vec<(BTreeSet<String>, Gap)> = Vec::new();
        for text in &texts {
            let words = stems(text, MAX_QUESTION_WORDS);
            let same = plain.iter_mut().find(|(theirs, _)| {
                2 * words.intersection(theirs).count() >= words.union(theirs).count()
            });
            match same {
                Some((_, gap)) => gap.volume += 1,
                None => plain.push((words, Gap { sample: text.clone(), volume: 1 })),
            }
        }
        let mut expected: Vec<Gap> = plain.into_iter().map(|(_, gap)| gap).collect();
        expected.sort_by_key(|gap| std::cmp::Reverse(gap.volume));
        let asked: Vec<(u64, &str)> = (0..).zip(texts.iter().map(String::as_str)).collect();
        assert!(expected.len() > 10);
        assert_eq!(groups(&asked), expected);
    }
}
