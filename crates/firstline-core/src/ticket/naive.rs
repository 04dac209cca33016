//! A second implementation of promises, to be agreed with: all clocks of a ticket, recomputed from
//! what happened to it, as stupidly as possible.
//!
//! It looks at no fact about a clock, at no calendar but a table of minutes, and at no rulebook but
//! a plain description from which the rulebook's text is made.

mod agree;
mod book;
mod minutes;
mod random;
mod run;

use std::collections::BTreeMap;

use firstline_sla::{Agreement, ClockKey, Measure, Metric};

use self::book::{Book, LINES, Target, Within};
use self::run::Run;
use super::{HoldReason, Kind, Status, TicketAction, TicketFact, Visibility};
use crate::people::Actor;
use crate::priority::Priority;
use crate::rulebook::Reopen;

/// What one command did, or one step of a ladder.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    at: i64,
    facts: Vec<TicketFact>,
    /// What leaves traces on clocks alone.
    asked: Option<TicketAction>,
    /// The rules in force.
    version: u32,
}

/// A ticket and its clocks, as far as this implementation thinks.
#[derive(Clone, Debug, Default)]
pub(super) struct Naive {
    kind: Option<Kind>,
    organization: Option<u64>,
    priority: Option<Priority>,
    version: u32,
    /// Every status with the moment at which it began.
    statuses: Vec<(i64, Status, Option<HoldReason>)>,
    /// When what the ticket is about was asked for.
    asked_at: i64,
    /// Moments and numbers of what was said: a counter orders what falls into one instant.
    count: u64,
    customer_asked: Option<(u64, i64)>,
    customer_said: Vec<(u64, i64)>,
    person_answered: Option<(u64, i64)>,
    anybody_answered: Option<(u64, i64)>,
    resolved: Option<u64>,
    reopened_at: Option<i64>,
    line: String,
    arrived_at: i64,
    /// At a vendor since.
    vendor_since: Option<i64>,
    pub(super) runs: BTreeMap<ClockKey, Vec<Run>>,
}

/// Recomputes all clocks up to a moment.
pub(super) fn recompute(batches: &[Batch], books: &BTreeMap<u32, Book>, now: i64) -> Naive {
    let mut naive = Naive::default();
    for batch in batches {
        naive.settle(batch.at);
        naive.take(batch, books);
    }
    naive.settle(now);
    naive
}

impl Naive {
    fn settle(&mut self, now: i64) {
        for runs in self.runs.values_mut() {
            runs.last_mut().unwrap().settle(now);
        }
    }

    fn status(&self) -> Status {
        self.statuses.last().unwrap().1
    }

    fn is_open(&self) -> bool {
        self.status().is_open()
    }

    fn live(&mut self, which: impl Fn(&ClockKey) -> bool) -> impl Iterator<Item = &mut Run> {
        let runs = self.runs.iter_mut().filter(move |(key, _)| which(key));
        runs.map(|(_, runs)| runs.last_mut().unwrap()).filter(|run| run.is_live())
    }

    fn take(&mut self, batch: &Batch, books: &BTreeMap<u32, Book>) {
        let now = batch.at;
        let was_open = self.statuses.last().map(|(_, status, _)| status.is_open());
        for fact in &batch.facts {
            self.happen(fact, now, books, batch);
        }
        if let Some(asked) = &batch.asked {
            self.ask(asked, now);
        }
        let reopened = was_open == Some(false) && self.is_open();
        if reopened {
            self.reopened_at = Some(now);
            self.reopen(now, &books[&self.version]);
        }
        let (_, status, hold) = *self.statuses.last().unwrap();
        for (key, runs) in &mut self.runs {
            let run = runs.last_mut().unwrap();
            let reason = pause(key, &run.target, status, hold);
            run.set_reason(reason, now);
        }
        if self.is_open() {
            self.start_what_is_due(now, &books[&self.version]);
        }
    }

    fn happen(&mut self, fact: &TicketFact, now: i64, books: &BTreeMap<u32, Book>, batch: &Batch) {
        match fact {
            TicketFact::Opened {
                author,
                rules,
                kind,
                organization,
                classification,
                line,
                split_from,
                ..
            } => {
                self.kind = Some(*kind);
                self.organization = organization.map(|id| id.0);
                self.priority = Some(classification.priority);
                self.version = *rules;
                self.asked_at = split_from.as_ref().map_or(now, |from| from.written_at.as_millis());
                self.statuses.push((now, Status::New, None));
                self.arrive(line.as_str(), now);
                if let Actor::Contact(_) = author {
                    self.customer_says(self.asked_at);
                }
            }
            TicketFact::MessageAdded { author, visibility: Visibility::Public, .. } => match author
            {
                Actor::Contact(_) => self.customer_says(now),
                Actor::Agent(_) => self.answer(true, now),
                Actor::System => self.answer(false, now),
            },
            TicketFact::StatusChanged { to, hold, .. } => self.become_status(*to, *hold, now),
            TicketFact::HandedOver { line, .. } if line.as_str() != self.line => {
                self.live(|key| key.metric() == Some(Metric::LineTime))
                    .for_each(|run| run.fulfil(now));
                self.arrive(line.as_str(), now);
            }
            TicketFact::Classified { classification, .. } => {
                self.priority = Some(classification.priority);
                let level = classification.priority as usize;
                for run in self.live(|key| !matches!(key.measure, Measure::Promise(_))) {
                    let within = run.target.within[level];
                    if within != run.within {
                        let target = run.target.clone();
                        run.retarget(&target, within, now);
                    }
                }
            }
            TicketFact::Promised { number, .. } => {
                let Some(TicketAction::Promise { within, by, .. }) = &batch.asked else {
                    panic!("{batch:?}");
                };
                let target = &books[&batch.version].promises;
                let within = match (within, by) {
                    (Some(time), _) => Within::Minutes(time.as_millis() / 60_000),
                    (_, Some(by)) => Within::Instant(by.as_millis()),
                    _ => panic!("{batch:?}"),
                };
                let run = Run::start(1, (target, within), (now, &[]), None, now);
                self.runs.insert(ClockKey::promise(*number), vec![run]);
            }
            TicketFact::Reapplied { rules } => {
                self.version = *rules;
                let revalue =
                    matches!(batch.asked, Some(TicketAction::Reapply { revalue_past: true }));
                self.reapply(now, &books[rules], revalue);
            }
            _ => {}
        }
    }

    fn arrive(&mut self, line: &str, now: i64) {
        self.line = line.to_owned();
        self.arrived_at = now;
        self.look_for_vendor(now);
    }

    fn look_for_vendor(&mut self, now: i64) {
        let is_at_vendor = self.line == LINES[3] && self.is_open();
        match (self.vendor_since, is_at_vendor) {
            (None, true) => self.vendor_since = Some(now),
            (Some(_), false) => {
                self.vendor_since = None;
                self.live(|key| key.metric() == Some(Metric::Vendor))
                    .for_each(|run| run.fulfil(now));
            }
            _ => {}
        }
    }

    fn customer_says(&mut self, at: i64) {
        self.count += 1;
        let said = (self.count, at);
        if self.customer_asked.is_none() {
            self.customer_asked = Some(said);
        }
        self.customer_said.push(said);
    }

    fn answer(&mut self, is_person: bool, now: i64) {
        self.count += 1;
        self.anybody_answered = Some((self.count, now));
        if is_person {
            self.person_answered = Some((self.count, now));
        }
        let answered = [Metric::FirstReply, Metric::NextReply, Metric::PeriodicUpdate].map(Some);
        for run in self.live(|key| answered.contains(&key.metric())) {
            if is_person || run.target.automatic {
                run.fulfil(now);
            }
        }
    }

    fn become_status(&mut self, to: Status, hold: Option<HoldReason>, now: i64) {
        self.statuses.push((now, to, hold));
        if to == Status::Resolved {
            self.count += 1;
            self.resolved = Some(self.count);
            for (key, runs) in &mut self.runs {
                let run = runs.last_mut().unwrap();
                match key.metric() {
                    Some(Metric::FirstReply | Metric::NextReply | Metric::PeriodicUpdate)
                    | None => {
                        run.cancel(now, "resolved");
                    }
                    Some(_) => run.fulfil(now),
                }
            }
        }
        self.look_for_vendor(now);
    }

    fn ask(&mut self, action: &TicketAction, now: i64) {
        match action {
            TicketAction::KeepPromise { number } => {
                let key = ClockKey::promise(*number);
                self.live(|other| *other == key).for_each(|run| run.fulfil(now));
            }
            TicketAction::WithdrawPromise { number, .. } => {
                let key = ClockKey::promise(*number);
                self.live(|other| *other == key).for_each(|run| run.cancel(now, "withdrawn"));
            }
            TicketAction::FixDue { clock, due } => {
                let due = due.as_millis();
                self.live(|other| other == clock).for_each(|run| run.fix(due, now));
            }
            TicketAction::ReleaseDue { clock } => {
                self.live(|other| other == clock).for_each(|run| run.release(now));
            }
            _ => {}
        }
    }

    /// The matter seemed done and is taken up again.
    fn reopen(&mut self, now: i64, book: &Book) {
        let level = self.priority.unwrap() as usize;
        let (kind, organization) = (self.kind.unwrap(), self.organization);
        for (key, runs) in &mut self.runs {
            let Some(metric) = key.metric() else {
                continue;
            };
            let last = runs.last_mut().unwrap();
            if last.is_live() {
                continue;
            }
            match reopening(metric, &last.target) {
                Reopen::Continue => {
                    last.carry_on(now);
                    let within = last.target.within[level];
                    if within != last.within {
                        let target = last.target.clone();
                        last.retarget(&target, within, now);
                    }
                }
                Reopen::NewCycle if !starts_by_itself(metric) => {
                    if let Some((_, target)) =
                        book.find((key.agreement, metric), kind, organization)
                    {
                        let (cycle, within) = (last.cycle + 1, target.within[level]);
                        runs.push(Run::start(cycle, (target, within), (now, &[]), None, now));
                    }
                }
                _ => {}
            }
        }
    }

    fn reapply(&mut self, now: i64, book: &Book, revalue: bool) {
        let level = self.priority.unwrap() as usize;
        let (kind, organization) = (self.kind.unwrap(), self.organization);
        for (key, runs) in &mut self.runs {
            let run = runs.last_mut().unwrap();
            let Some(metric) = key.metric().filter(|_| run.is_live()) else {
                continue;
            };
            match book.find((key.agreement, metric), kind, organization) {
                Some((_, target)) if revalue => run.revalue(target, target.within[level], now),
                Some((_, target)) => run.retarget(target, target.within[level], now),
                None => run.cancel(now, "not promised"),
            }
        }
    }

    /// Starts every clock whose wait is on and that does not run.
    fn start_what_is_due(&mut self, now: i64, book: &Book) {
        let level = self.priority.unwrap() as usize;
        let (kind, organization) = (self.kind.unwrap(), self.organization);
        let (_, status, hold) = *self.statuses.last().unwrap();
        for agreement in Agreement::ALL {
            for metric in Metric::ALL {
                let key = ClockKey::new(agreement, metric);
                let Some((_, target)) = book.find((agreement, metric), kind, organization) else {
                    continue;
                };
                let last = self.runs.get(&key).and_then(|runs| runs.last());
                if last.is_some_and(Run::is_live) {
                    continue;
                }
                let cycle = last.map_or(1, |run| run.cycle + 1);
                let Some(since) = self.wait(&key, target) else {
                    continue;
                };
                let since = if target.retroactive { since } else { now };
                let pauses = self.pauses(&key, target, since, now);
                let reason = pause(&key, target, status, hold);
                let terms = (target, target.within[level]);
                let run = Run::start(cycle, terms, (since, &pauses), reason, now);
                self.runs.entry(key).or_default().push(run);
            }
        }
    }

    /// Since when somebody waits for what this clock measures, if anybody does.
    fn wait(&self, key: &ClockKey, target: &Target) -> Option<i64> {
        let has_run = self.runs.contains_key(key);
        let answered = if target.automatic { self.anybody_answered } else { self.person_answered };
        match key.metric()? {
            Metric::FirstReply => {
                let is_given =
                    self.person_answered > self.customer_asked || answered > self.customer_asked;
                let (_, at) = self.customer_asked.filter(|_| !has_run && !is_given)?;
                Some(at).filter(|_| {
                    self.resolved.is_none() || self.resolved < self.customer_asked.map(|(n, _)| n)
                })
            }
            Metric::NextReply => {
                let answered = answered.map(|(number, _)| number).max(self.resolved);
                let first_reply = self
                    .runs
                    .get(&ClockKey { measure: Measure::Metric(Metric::FirstReply), ..key.clone() });
                let is_given = answered.is_some()
                    || self.person_answered.is_some()
                    || self.resolved.is_some()
                    || first_reply.is_some_and(|runs| !runs[0].is_live());
                let mut unanswered =
                    self.customer_said.iter().filter(|(number, _)| Some(*number) > answered);
                unanswered
                    .next()
                    .filter(|said| is_given && Some(**said) != self.customer_asked)
                    .map(|(_, at)| *at)
            }
            Metric::PeriodicUpdate => {
                answered.filter(|(number, _)| Some(*number) > self.resolved).map(|(_, at)| at)
            }
            Metric::FirstResolution => {
                Some(self.asked_at).filter(|_| !has_run && self.resolved.is_none())
            }
            Metric::Resolution | Metric::RequesterWait | Metric::AgentWork => {
                Some(self.asked_at).filter(|_| !has_run)
            }
            Metric::LineTime => {
                Some(self.reopened_at.map_or(self.arrived_at, |at| at.max(self.arrived_at)))
            }
            Metric::Vendor => {
                let since = self.vendor_since?;
                let runs = self.runs.get(key);
                Some(since).filter(|_| runs.is_none_or(|runs| runs.last().unwrap().since < since))
            }
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

/// Why a clock stands still, if it does.
fn pause(
    key: &ClockKey,
    target: &Target,
    status: Status,
    hold: Option<HoldReason>,
) -> Option<String> {
    let metric = key.metric()?;
    let usual: &[&str] = match metric {
        Metric::PeriodicUpdate
        | Metric::FirstResolution
        | Metric::Resolution
        | Metric::RequesterWait => &["pending"],
        Metric::AgentWork | Metric::LineTime => &["pending", "on_hold"],
        _ => &[],
    };
    let on = target.pause_on.as_deref().unwrap_or(usual);
    let hold = hold.map(HoldReason::as_str);
    match status {
        Status::Pending if on.contains(&"pending") => Some("pending".to_owned()),
        Status::OnHold
            if on.contains(&"on_hold") || hold.is_some_and(|hold| on.contains(&hold)) =>
        {
            Some(hold.unwrap_or("on_hold").to_owned())
        }
        _ => None,
    }
}

fn reopening(metric: Metric, target: &Target) -> Reopen {
    target.reopen.unwrap_or(match metric {
        Metric::Resolution | Metric::RequesterWait | Metric::AgentWork => Reopen::Continue,
        Metric::LineTime | Metric::NextReply => Reopen::NewCycle,
        _ => Reopen::FirstOnly,
    })
}

/// Whether the next run begins with something that happens, rather than with the reopening.
fn starts_by_itself(metric: Metric) -> bool {
    matches!(metric, Metric::NextReply | Metric::LineTime | Metric::PeriodicUpdate | Metric::Vendor)
}
