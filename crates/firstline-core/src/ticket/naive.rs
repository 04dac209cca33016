//! A second implementation of promises, to be agreed with: all clocks of a ticket, recomputed from
//! what happened to it, as stupidly as possible.
//!
//! It looks at no fact about a clock, at no calendar but a table of minutes, and at no rulebook but
//! a plain description from which the rulebook's text is made.

mod agree;
pub(super) mod book;
mod deeds;
mod logs;
mod merged;
mod minutes;
pub(super) mod random;
mod run;
mod split;
mod waits;
mod watched;

use std::collections::BTreeMap;

use firstline_sla::{ClockKey, Metric};

use self::book::{Book, LINES, Target, Within};
use self::run::{End, Place, Run, Say};
use self::watched::is_watched;
use super::{HoldReason, Kind, Rung, Status, TicketAction, TicketFact, Visibility};
use crate::people::Actor;
use crate::priority::Priority;
use crate::rulebook::Reopen;

/// What one command did, or one step of a ladder.
#[derive(Clone, Debug)]
struct Batch {
    at: i64,
    facts: Vec<TicketFact>,
    asked: Option<TicketAction>,
    /// The step of a ladder that did it.
    rung: Option<Rung>,
    /// Whether it follows what was done just before without a pause.
    follows: bool,
    /// The rules in force.
    version: u32,
    /// The runs that another ticket brought with it.
    brought: Vec<(ClockKey, Run)>,
    /// The ticket that it was split off from.
    split_from: Option<Box<Naive>>,
}

impl Batch {
    /// A command of which nothing is known yet.
    fn new(at: i64, version: u32, asked: Option<TicketAction>) -> Self {
        let (facts, brought) = (Vec::new(), Vec::new());
        let (rung, split_from) = (None, None);
        Self { at, facts, asked, rung, follows: false, version, brought, split_from }
    }
}

/// Something that happened: its number among all that happened, and when.
type Numbered = (u64, i64);

/// A ticket and its clocks, as far as this implementation thinks.
#[derive(Clone, Debug, Default)]
struct Naive {
    kind: Option<Kind>,
    organization: Option<u64>,
    priority: Option<Priority>,
    /// The rules that it was opened under, or that were applied since.
    version: u32,
    /// Every status with the moment at which it began.
    statuses: Vec<(i64, Status, Option<HoldReason>)>,
    count: u64,
    asked: Numbered,
    customer_said: Vec<Numbered>,
    person_answered: Option<Numbered>,
    /// Whether a person has answered something that the customer was waiting to hear about.
    is_replied: bool,
    anybody_answered: Option<Numbered>,
    resolved: Option<u64>,
    reopened: Option<Numbered>,
    line: String,
    arrived: Numbered,
    /// At a vendor since.
    vendor: Option<Numbered>,
    runs: BTreeMap<ClockKey, Vec<Run>>,
    /// What it was before it was merged.
    before_merge: Option<Box<Self>>,
    /// What it was before it was called spam.
    before_spam: Option<Box<Self>>,
}

/// Recomputes all clocks up to a moment.
fn recompute(batches: &[Batch], books: &BTreeMap<u32, Book>, now: i64) -> Naive {
    let mut naive = Naive::default();
    for together in batches.chunk_by(|_, next| next.follows) {
        let (first, last) = (&together[0], together.last().unwrap());
        match &first.rung {
            Some(rung) => naive.settle_until(rung, first.at),
            None => naive.settle(first.at),
        }
        let before = naive.scene();
        together.iter().for_each(|batch| naive.take(batch, books));
        naive.watch(before.as_ref(), last, books);
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

    /// Says what comes before a step of a ladder, and that one. What comes at one instant comes in
    /// the order of the clocks' names.
    fn settle_until(&mut self, rung: &Rung, at: i64) {
        let Some(run) = self.runs.get(&rung.clock).and_then(|runs| runs.last()) else {
            return self.settle(at);
        };
        // A step at due is said right after the breach, which is noticed a little later.
        let (mut probe, mut limit) = (run.clone(), (0, 0, &rung.clock));
        let step = Say::Step(usize::from(rung.step));
        while !probe.told.contains(&step) {
            let Some(next) = probe.next().filter(|(_, dated, _)| *dated <= at) else {
                break;
            };
            limit = limit.max((next.0, next.1, &rung.clock));
            probe.say(next);
        }
        for (key, runs) in &mut self.runs {
            let run = runs.last_mut().unwrap();
            if *key == rung.clock {
                *run = probe.clone();
                continue;
            }
            while let Some(next) = run.next().filter(|next| (next.0, next.1, key) < limit) {
                run.say(next);
            }
        }
    }

    fn status(&self) -> Status {
        self.statuses.last().unwrap().1
    }

    fn number(&mut self, at: i64) -> Numbered {
        self.count += 1;
        (self.count, at)
    }

    fn find<'b>(&self, book: &'b Book, key: &ClockKey) -> Option<(Place, &'b Target, Within)> {
        self.scene()?.find(book, key)
    }

    /// Lets something happen to all live clocks of a kind.
    fn each_live(&mut self, which: impl Fn(&ClockKey, &Run) -> bool, then: impl Fn(&mut Run)) {
        let number = self.count;
        for (key, runs) in &mut self.runs {
            let run = runs.last_mut().unwrap();
            if run.is_live() && which(key, run) {
                then(run);
                run.ended_with = number;
            }
        }
    }

    fn take(&mut self, batch: &Batch, books: &BTreeMap<u32, Book>) {
        let (now, before) = (batch.at, self.count);
        let was_open = self.statuses.last().map(|(_, status, _)| status.is_open());
        for fact in &batch.facts {
            self.happen(fact, now, books, batch);
        }
        if self.is_taken_up_again(batch) {
            return;
        }
        if let Some(asked) = &batch.asked {
            self.ask(asked, now, &books[&batch.version]);
        }
        if was_open == Some(false) && self.status().is_open() {
            // What was said with it counts as said after it.
            self.reopened = Some((before, now));
            self.reopen(now, books, batch.version);
            let matter = MATTER.as_slice();
            self.start_what_is_waited_for(now, &books[&self.version], None, matter);
        }
        let (_, status, hold) = *self.statuses.last().unwrap();
        for (key, runs) in self.runs.iter_mut().filter(|(key, _)| !is_watched(key)) {
            let run = runs.last_mut().unwrap();
            let reason = pause(key, &run.target, status, hold);
            run.set_reasons(reason.into_iter().collect(), now);
        }
        if !status.is_open() {
            return;
        }
        self.start_what_is_waited_for(now, &books[&batch.version], Some(before), &Metric::ALL);
        let changes_terms = |fact: &TicketFact| {
            matches!(
                fact,
                TicketFact::Classified { .. }
                    | TicketFact::HandedOver { .. }
                    | TicketFact::Described { .. }
                    | TicketFact::Covered { .. }
                    | TicketFact::Corrected(_)
            )
        };
        let is_reapply = matches!(batch.asked, Some(TicketAction::Reapply { .. }));
        if is_reapply || batch.facts.iter().any(changes_terms) {
            self.start_what_is_waited_for(now, &books[&self.version], None, &Metric::ALL);
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
                let asked = split_from.as_ref().map_or(now, |from| from.written_at.as_millis());
                self.asked = self.number(asked);
                if let Actor::Contact(_) = author {
                    self.customer_said.push(self.asked);
                }
                let arrived = batch.split_from.as_ref().map(|old| self.split_from(old, asked));
                self.statuses.push((now, Status::New, None));
                self.arrive(line.as_str(), arrived.unwrap_or(now));
            }
            TicketFact::MessageAdded { author, visibility: Visibility::Public, .. } => {
                let said = self.number(now);
                match author {
                    Actor::Contact(_) => self.customer_said.push(said),
                    Actor::Agent(_) => self.answer(true, said),
                    Actor::System => self.answer(false, said),
                }
            }
            TicketFact::StatusChanged { to, hold, .. } => self.become_status(*to, *hold, now),
            TicketFact::HandedOver { line, .. } if line.as_str() != self.line => {
                self.number(now);
                let is_line_time = |key: &ClockKey, _: &Run| key.metric() == Some(Metric::LineTime);
                self.each_live(is_line_time, |run| run.fulfil(now));
                self.arrive(line.as_str(), now);
                self.follow_terms(now, books);
            }
            TicketFact::Classified { classification, .. } => {
                self.priority = Some(classification.priority);
                self.follow_terms(now, books);
            }
            TicketFact::Described { kind, .. } => {
                self.kind = Some(*kind);
                self.follow_terms(now, books);
            }
            TicketFact::Covered { .. } => self.follow_terms(now, books),
            TicketFact::Corrected(correction) => {
                let organization = correction.organization.map(|it| it.map(|id| id.0));
                self.organization = organization.unwrap_or(self.organization);
                self.follow_terms(now, books);
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
                let place = (batch.version, "promises".to_owned());
                let run = Run::start(1, place, (target, within), now);
                self.runs.insert(ClockKey::promise(*number), vec![run]);
            }
            TicketFact::Reapplied { rules } => self.version = *rules,
            other => self.merge(other, now, batch),
        }
    }

    fn arrive(&mut self, line: &str, now: i64) {
        line.clone_into(&mut self.line);
        self.arrived = self.number(now);
        self.look_for_vendor(now);
    }

    fn look_for_vendor(&mut self, now: i64) {
        let (_, status, hold) = *self.statuses.last().unwrap();
        let is_vendors =
            self.line == LINES[3] || (status, hold) == (Status::OnHold, Some(HoldReason::Vendor));
        match (self.vendor, is_vendors && status.is_open()) {
            (None, true) => self.vendor = Some(self.number(now)),
            (Some(_), false) => {
                self.vendor = None;
                let is_vendor = |key: &ClockKey, _: &Run| key.metric() == Some(Metric::Vendor);
                self.each_live(is_vendor, |run| run.fulfil(now));
            }
            _ => {}
        }
    }

    fn answer(&mut self, is_person: bool, said: Numbered) {
        self.anybody_answered = Some(said);
        if is_person {
            let answered = self.person_answered.map(|(number, _)| number).max(self.resolved);
            self.is_replied |=
                self.customer_said.iter().any(|(number, _)| Some(*number) > answered);
            self.person_answered = Some(said);
        }
        let replies = [Metric::FirstReply, Metric::NextReply, Metric::PeriodicUpdate].map(Some);
        let is_reply = |key: &ClockKey, run: &Run| {
            replies.contains(&key.metric()) && (is_person || run.target.automatic)
        };
        self.each_live(is_reply, |run| run.fulfil(said.1));
    }

    fn become_status(&mut self, to: Status, hold: Option<HoldReason>, now: i64) {
        self.statuses.push((now, to, hold));
        let (number, _) = self.number(now);
        if to == Status::Resolved {
            self.resolved = Some(number);
            let is_given_up = |key: &ClockKey, _: &Run| {
                let replies = [Metric::FirstReply, Metric::NextReply, Metric::PeriodicUpdate];
                !is_watched(key) && key.metric().is_none_or(|metric| replies.contains(&metric))
            };
            self.each_live(is_given_up, |run| run.cancel(now, "resolved"));
            self.each_live(|key, _| !is_watched(key), |run| run.fulfil(now));
        }
        if to == Status::Closed {
            self.each_live(|_, _| true, |run| run.cancel(now, "closed"));
        }
        self.look_for_vendor(now);
    }

    fn ask(&mut self, action: &TicketAction, now: i64, book: &Book) {
        match action {
            TicketAction::KeepPromise { number, of } => {
                let origin = of.map(|ticket| ticket.0);
                let key = ClockKey { origin, ..ClockKey::promise(*number) };
                self.each_live(|other, _| *other == key, |run| run.fulfil(now));
            }
            TicketAction::WithdrawPromise { number, of, reason } => {
                let origin = of.map(|ticket| ticket.0);
                let key = ClockKey { origin, ..ClockKey::promise(*number) };
                self.each_live(|other, _| *other == key, |run| run.cancel(now, reason));
            }
            TicketAction::FixDue { clock, due } => {
                let due = due.as_millis();
                self.each_live(|other, _| other == clock, |run| run.fix(due, now));
            }
            TicketAction::ReleaseDue { clock } => {
                self.each_live(|other, _| other == clock, |run| run.release(now));
            }
            TicketAction::Reapply { revalue_past } => self.reapply(now, book, *revalue_past),
            _ => {}
        }
    }

    fn follow_terms(&mut self, now: i64, books: &BTreeMap<u32, Book>) {
        for key in self.live_by_policy() {
            let version = self.runs[&key].last().unwrap().place.0;
            self.retarget(&key, &books[&version], now);
        }
    }

    fn live_by_policy(&self) -> Vec<ClockKey> {
        let live = |(key, runs): &(&ClockKey, &Vec<Run>)| {
            let is_by_policy = key.metric().is_some() || is_watched(key);
            let is_own = is_by_policy && key.origin.is_none();
            is_own && runs.last().unwrap().is_live()
        };
        self.runs.iter().filter(live).map(|(key, _)| key.clone()).collect()
    }

    fn retarget(&mut self, key: &ClockKey, book: &Book, now: i64) {
        let found = self.find(book, key);
        let run = self.runs.get_mut(key).unwrap().last_mut().unwrap();
        match found {
            Some((place, target, within)) => {
                run.retarget(place, target, within, now);
                if let Some(watch) = &target.watch {
                    let mut reasons = run.reasons.clone();
                    reasons.retain(|reason| watch.knows(reason));
                    run.set_reasons(reasons, now);
                }
            }
            // Nothing else could start it again when the policy comes back.
            None if is_watched(key) => {
                let reasons = run.reasons.iter().cloned().chain(["policy".to_owned()]);
                run.set_reasons(reasons.collect(), now);
            }
            None => {
                run.cancel(now, "policy");
                run.ended_with = self.count;
            }
        }
    }

    fn reapply(&mut self, now: i64, book: &Book, revalue: bool) {
        for key in self.live_by_policy() {
            match self.find(book, &key) {
                Some((place, target, within)) if revalue && !is_watched(&key) => {
                    let run = self.runs.get_mut(&key).unwrap().last_mut().unwrap();
                    run.revalue(place, (target, within), now);
                }
                _ => self.retarget(&key, book, now),
            }
        }
    }

    /// The matter seemed done and is taken up again.
    fn reopen(&mut self, now: i64, books: &BTreeMap<u32, Book>, in_force: u32) {
        let keys: Vec<ClockKey> = self.runs.keys().cloned().collect();
        for key in keys {
            let last = self.runs.get_mut(&key).unwrap().last_mut().unwrap();
            let Some(metric) = key.metric().filter(|metric| MATTER.contains(metric)) else {
                continue;
            };
            if !matches!(last.end, Some(End::Fulfilled { .. })) {
                continue;
            }
            match reopening(metric, &last.target) {
                Reopen::FirstOnly => {}
                Reopen::Continue => {
                    let date = last.fixed.filter(|(due, by_hand)| *by_hand && *due > now);
                    last.carry_on(now);
                    let version = last.place.0;
                    self.retarget(&key, &books[&version], now);
                    let last = self.runs.get_mut(&key).unwrap().last_mut().unwrap();
                    if let Some((due, _)) = date.filter(|_| last.is_live()) {
                        last.fix(due, now);
                    }
                }
                Reopen::NewCycle => {
                    let cycle = last.cycle + 1;
                    let Some((place, target, within)) = self.find(&books[&in_force], &key) else {
                        continue;
                    };
                    if !is_past(within, now) {
                        let mut run = Run::start(cycle, place, (target, within), now);
                        run.began_with = self.count;
                        self.runs.get_mut(&key).unwrap().push(run);
                    }
                }
            }
        }
    }
}

/// What is promised with the matter as a whole.
const MATTER: [Metric; 4] =
    [Metric::FirstResolution, Metric::Resolution, Metric::RequesterWait, Metric::AgentWork];

/// An instant that is past promises nothing.
fn is_past(within: Within, now: i64) -> bool {
    matches!(within, Within::Instant(at) if at <= now)
}

fn target_reopens(first: &Run) -> bool {
    !first.is_live() && reopening(Metric::FirstReply, &first.target) == Reopen::NewCycle
}

/// Why a clock stands still, if it does.
fn pause(
    key: &ClockKey,
    target: &Target,
    status: Status,
    hold: Option<HoldReason>,
) -> Option<String> {
    let usual: &[&str] = match key.metric()? {
        Metric::PeriodicUpdate
        | Metric::FirstResolution
        | Metric::Resolution
        | Metric::RequesterWait => &["pending"],
        Metric::AgentWork | Metric::LineTime => &["pending", "on_hold"],
        _ => &[],
    };
    let on = target.pause_on.as_deref().unwrap_or(usual);
    let hold = hold.map(HoldReason::as_str);
    let on_hold = on.contains(&"on_hold") || hold.is_some_and(|hold| on.contains(&hold));
    match status {
        Status::Pending if on.contains(&"pending") => Some("pending".to_owned()),
        Status::OnHold if on_hold => Some(hold.unwrap_or("on_hold").to_owned()),
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
