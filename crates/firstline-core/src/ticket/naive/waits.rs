//! Who waits for what, since when, and what starts because of it.

use firstline_sla::{Agreement, ClockKey, Measure, Metric};

use super::book::{Book, LINES, Target};
use super::run::Run;
use super::{Naive, Numbered, is_past, pause, target_reopens};
use crate::ticket::{HoldReason, Status};

impl Naive {
    /// Starts every clock whose wait is on and that was never started for it. Without a number,
    /// however long ago the wait began; with one, only what began after that event.
    pub(super) fn start_what_is_waited_for(
        &mut self,
        now: i64,
        book: &Book,
        after: Option<u64>,
        metrics: &[Metric],
    ) {
        for agreement in Agreement::ALL {
            for &metric in metrics {
                let key = ClockKey::new(agreement, metric);
                let Some((place, target, within)) = self.find(book, &key) else {
                    continue;
                };
                let last = self.runs.get(&key).and_then(|runs| runs.last());
                let wait = self.wait(&key, target, after.is_none());
                let Some((number, waited_since)) = wait.filter(|(number, since)| {
                    let is_new = |run: &Run| match after {
                        Some(_) => run.began_with < *number,
                        None => run.since < *since || run.was_given_up(),
                    };
                    after.is_none_or(|after| *number > after)
                        && last.is_none_or(|run| !run.is_live() && is_new(run))
                }) else {
                    continue;
                };
                if is_past(within, now) {
                    continue;
                }
                let (_, status, hold) = *self.statuses.last().unwrap();
                let reason = pause(&key, target, status, hold);
                let since = if target.retroactive { waited_since } else { now };
                let pauses = self.pauses(&key, target, since, now);
                let cycle = last.map_or(1, |run| run.cycle + 1);
                // What the policy gave up about the same wait is taken up again.
                let earlier = last.filter(|run| {
                    let is_same = run.since >= waited_since.max(since);
                    after.is_none() && run.was_given_up() && is_same
                });
                let mut run = if since < now || earlier.is_some() {
                    let past = (since, &pauses[..]);
                    Run::start_late(cycle, place, (target, within), past, (reason, now), earlier)
                } else {
                    let mut run = Run::start(cycle, place, (target, within), now);
                    run.set_reasons(reason.into_iter().collect(), now);
                    run
                };
                run.began_with = number;
                self.runs.entry(key).or_default().push(run);
            }
        }
    }

    /// Since when somebody waits for what this clock measures, if anybody does.
    fn wait(&self, key: &ClockKey, target: &Target, is_late: bool) -> Option<Numbered> {
        let first = ClockKey { measure: Measure::Metric(Metric::FirstReply), ..key.clone() };
        let first = self.runs.get(&first).and_then(|runs| runs.last());
        // What a robot said is not known to rules that come later.
        let is_robots = target.automatic && !is_late;
        let answered = if is_robots { self.anybody_answered } else { self.person_answered };
        let is_over_since_reopening = |run: &Run| {
            self.reopened.map(|(_, at)| at).is_some_and(|at| run.ended_at() <= Some(at))
        };
        let comes_back =
            |run: &Run| run.was_given_up() && !self.is_replied && !is_over_since_reopening(run);
        match key.metric()? {
            Metric::FirstReply => match first.filter(|run| !is_late || !comes_back(run)) {
                None => {
                    let mut said = self.customer_said.iter().copied();
                    let asked = said.find(|(number, _)| Some(*number) > self.resolved);
                    asked.filter(|_| !self.is_replied)
                }
                Some(first) => {
                    let is_answered =
                        |at| self.person_answered.is_some_and(|(_, answered)| answered >= at);
                    let (reopened, _) = self.reopened.filter(|(reopened, at)| {
                        let is_before = first.began_with <= *reopened && first.since < *at;
                        target_reopens(first) && is_before && !is_answered(*at)
                    })?;
                    self.customer_said.iter().copied().find(|(number, _)| *number > reopened)
                }
            },
            Metric::NextReply => {
                let is_given = match first {
                    Some(first) if first.is_live() => false,
                    // What only a robot has answered is not known to rules that come later.
                    Some(first) if is_late && is_over_since_reopening(first) => true,
                    Some(first) if !is_late && first.is_over(self.resolved) => true,
                    _ => self.is_replied,
                };
                let own = self.runs.get(key).and_then(|runs| runs.last());
                let measured = [first, own].map(|run| run.map(|run| run.ended_with));
                let measured = measured.into_iter().flatten().max().filter(|_| !is_late);
                // A robot's answer counts if a clock was ended by it.
                let answered = self.person_answered.map(|(number, _)| number);
                let covered = answered.max(self.resolved).max(measured);
                let mut said = self.customer_said.iter().copied();
                said.find(|(number, _)| Some(*number) > covered).filter(|_| is_given)
            }
            Metric::PeriodicUpdate => {
                let reopened = self.reopened.unwrap_or_default();
                answered.filter(
                    |(number, at)| {
                        if is_late { *at >= reopened.1 } else { *number > reopened.0 }
                    },
                )
            }
            Metric::FirstResolution => Some(self.asked).filter(|_| self.resolved.is_none()),
            Metric::Resolution | Metric::RequesterWait | Metric::AgentWork => Some(self.asked),
            Metric::LineTime => {
                let reopened = self.reopened.map(|(number, at)| (number + 1, at));
                Some(self.arrived).max(reopened)
            }
            // Rules that come later look at where the ticket is and for whom it has waited, rather than
            // at each line that it came by.
            Metric::Vendor if is_late => {
                let (number, _) = self.vendor?;
                let reopened = self.reopened.map(|(_, at)| at);
                let at_line = Some(self.arrived.1).max(reopened);
                let at_line = at_line.filter(|_| self.line == LINES[3]);
                let mut since = at_line.unwrap_or_else(|| self.statuses.last().unwrap().0);
                let mut end = i64::MAX;
                for (from, status, hold) in self.statuses.iter().rev() {
                    let is_hold = (*status, *hold) == (Status::OnHold, Some(HoldReason::Vendor));
                    if is_hold && (*from..=end).contains(&since) {
                        since = *from;
                    }
                    end = *from;
                }
                Some((number, since))
            }
            Metric::Vendor => self.vendor,
            other => panic!("{other:?}"),
        }
    }

    /// The stretches of a wait during which a clock would have stood still.
    fn pauses(&self, key: &ClockKey, target: &Target, since: i64, now: i64) -> Vec<(i64, i64)> {
        let ends = self.statuses.iter().skip(1).map(|(at, ..)| *at).chain([now]);
        let stretches = self.statuses.iter().zip(ends);
        stretches
            .filter(|((_, status, hold), _)| {
                !status.is_open() || pause(key, target, *status, *hold).is_some()
            })
            .map(|((from, ..), to)| ((*from).max(since), to.max(since)))
            .filter(|(from, to)| from < to)
            .collect()
    }
}
