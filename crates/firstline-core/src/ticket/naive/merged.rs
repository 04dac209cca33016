//! A ticket that becomes part of another one or is called spam, as stupidly as possible: it is put aside
//! whole, and whoever undoes that takes it up where it was.

use firstline_sla::{ClockKey, Measure, Metric};
use proptest::prelude::*;

use super::agree::Life;
use super::random::{self, Moment, What};
use super::run::Run;
use super::{Batch, Naive};
use crate::id::TicketId;
use crate::people::Role;
use crate::ticket::{Status, TicketAction, TicketFact};

impl Naive {
    /// What merging and its undoing do.
    pub(super) fn merge(&mut self, fact: &TicketFact, now: i64, batch: &Batch) {
        match fact {
            TicketFact::MergedInto { .. } => {
                self.before_merge = Some(Box::new(self.clone()));
                self.each_live(|_, _| true, |run| run.cancel(now, "merged"));
                self.statuses.push((now, Status::Closed, None));
            }
            TicketFact::Separated { .. } => *self = *self.before_merge.take().unwrap(),
            // Nobody waits for an answer where the matter is done.
            TicketFact::TookIn { .. } if self.status().is_open() => {
                let brought = batch.brought.iter().cloned();
                self.runs.extend(brought.map(|(key, run)| (key, vec![run])));
            }
            TicketFact::GaveBack { clocks, .. } => self.give_back(clocks),
            TicketFact::MarkedSpam => self.before_spam = Some(Box::new(self.clone())),
            TicketFact::UnmarkedSpam => *self = *self.before_spam.take().unwrap(),
            _ => {}
        }
    }

    fn give_back(&mut self, clocks: &[ClockKey]) {
        self.runs.retain(|key, _| !clocks.contains(key));
        if let Some(before) = &mut self.before_spam {
            before.give_back(clocks);
        }
    }

    /// Whether a merge was undone, or that it was spam: nothing is to be done about what had not
    /// happened.
    pub(super) fn is_taken_up_again(&self, batch: &Batch) -> bool {
        let undoes = |fact: &TicketFact| {
            matches!(fact, TicketFact::Separated { .. } | TicketFact::UnmarkedSpam)
        };
        batch.facts.iter().any(undoes)
    }

    /// The answers that are waited for on ticket `id` and what agents have promised there, as they go
    /// over to another one.
    pub(super) fn awaited(&self, id: u64) -> Vec<(ClockKey, Run)> {
        let replies = [Metric::FirstReply, Metric::NextReply].map(Some);
        let live = self.runs.iter().filter_map(|(key, runs)| {
            let run = runs.last()?;
            let is_word = matches!(key.measure, Measure::Promise(_));
            (run.is_live() && (is_word || replies.contains(&key.metric()))).then(|| {
                let mut run = run.clone();
                // What was said before was said there.
                run.said.clear();
                run.breaches.clear();
                (key.taken_from(id), run)
            })
        });
        live.collect()
    }
}

proptest! {
    #![proptest_config(super::agree::config())]

    #[test]
    fn both_implementations_agree_on_tickets_that_are_merged_and_separated(
        (one, two) in random::books(),
        openings in (random::opening(), random::opening()),
        turns in random::turns(40),
        which in prop::collection::vec(0..10_u8, 40),
    ) {
        let mut lives = [Life::new((one.clone(), two.clone())), Life::new((one, two))];
        lives[0].open(openings.0);
        lives[1].open(openings.1);
        for (turn, which) in turns.into_iter().zip(which) {
            let [first, second] = &mut lives;
            match (which, &turn.what) {
                (_, What::Adopt) => {
                    let adopt = || Moment { gap: turn.gap, by: turn.by, what: What::Adopt };
                    first.take(adopt());
                    second.take(adopt());
                }
                (0..3, _) => first.join(second, turn.gap),
                // It goes to where the first one lives on.
                (3..9, What::Do(TicketAction::Reply { .. }))
                    if first.is_merged() && turn.by.role() == Role::Contact =>
                {
                    first.pass(turn.gap);
                    second.take_by(turn, Some(TicketId(1)));
                }
                (3..6, _) => {
                    second.pass(turn.gap);
                    first.take(turn);
                }
                (6, What::Do(TicketAction::KeepPromise { number, .. })) => {
                    let (number, of) = (*number, Some(TicketId(1)));
                    let what = What::Do(TicketAction::KeepPromise { number, of });
                    first.pass(turn.gap);
                    second.take(Moment { what, ..turn });
                }
                (6, What::Do(TicketAction::WithdrawPromise { number, reason, .. })) => {
                    let (number, of, reason) = (*number, Some(TicketId(1)), reason.clone());
                    let what = What::Do(TicketAction::WithdrawPromise { number, of, reason });
                    first.pass(turn.gap);
                    second.take(Moment { what, ..turn });
                }
                _ => {
                    first.pass(turn.gap);
                    second.take(turn);
                }
            }
            for life in &mut lives {
                life.wake();
                let story = |difference| format!("{difference}\n{}", life.story());
                let agreed = life.compare().map_err(story);
                prop_assert!(agreed.is_ok(), "{}", agreed.unwrap_err());
            }
        }
    }
}
