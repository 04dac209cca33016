//! Both implementations agree on every clock at every step.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use firstline_sla::{BreachCause, Call, Clock, ClockEvent, ClockKey, Outcome, Phase, Threshold};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::book::{Book, Warning};
use super::random::{self, BEGIN, Moment, Opening, What};
use super::run::{Cause, End, Run, Say};
use super::{Batch, Naive, recompute};
use crate::*;

/// How many commands the usual run gives.
const COMMANDS: usize = 1_500;
/// How many one ticket gets at most.
const LONGEST: usize = 60;

/// A few cases in the usual run; as many as `PROPTEST_CASES` says in a long one.
pub(super) fn config() -> Config {
    let is_long = std::env::var_os("PROPTEST_CASES").is_some();
    let usual = Config { failure_persistence: None, ..Config::default() };
    if is_long { usual } else { Config { cases: 60, ..usual } }
}

fn time(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

/// One ticket's life, both ways.
pub(super) struct Life {
    books: BTreeMap<u32, Book>,
    rules: [Rulebook; 2],
    in_force: usize,
    earlier: Vec<(Timestamp, Rulebook)>,
    ticket: Option<Ticket>,
    events: Vec<TicketEvent>,
    batches: Vec<Batch>,
    pub(super) now: i64,
}

impl Life {
    pub(super) fn new((one, two): (Book, Book)) -> Self {
        let first = one.rulebook();
        let mut second = two.rulebook();
        second.recall(&RulebookAdopted { version: 1, source: one.toml() }).unwrap();
        Self {
            books: [(1, one), (2, two)].into(),
            rules: [first, second],
            in_force: 0,
            earlier: Vec::new(),
            ticket: None,
            events: Vec::new(),
            batches: Vec::new(),
            now: BEGIN,
        }
    }

    pub(super) fn open(&mut self, opening: Opening) {
        let action = TicketAction::Open(Box::new(opening.request));
        self.carry_out(&action, opening.by, None).expect("nothing is wrong with the request");
    }

    pub(super) fn take(&mut self, turn: Moment) {
        self.take_by(turn, None);
    }

    /// The same of what came by the number of another ticket, which was merged into this one.
    pub(super) fn take_by(&mut self, turn: Moment, number: Option<TicketId>) {
        self.now += turn.gap * 1_000;
        let action = match turn.what {
            What::Do(action) => action,
            What::PromiseBy(seconds) => TicketAction::Promise {
                what: "words".into(),
                within: None,
                by: Some(time(self.now + seconds * 1_000)),
            },
            What::FixDue(clock, seconds) => {
                TicketAction::FixDue { clock, due: time(self.now + seconds * 1_000) }
            }
            What::Adopt => {
                // Nothing is due in the very instant in which rules come into force.
                self.now += 7;
                self.wake();
                if self.in_force == 0 {
                    self.earlier.push((time(self.now), self.rules[0].clone()));
                }
                self.in_force = 1;
                return;
            }
        };
        self.wake();
        // What is refused leaves nothing behind.
        let _ = self.carry_out(&action, turn.by, number);
    }

    fn carry_out(
        &mut self,
        action: &TicketAction,
        by: Actor,
        number: Option<TicketId>,
    ) -> Result<(), Refusal> {
        let rules = &self.rules[self.in_force];
        let turn = carry_out(self.ticket.clone(), action, by, rules, time(self.now))?;
        let turn = number.map_or_else(|| turn.clone(), |number| turn.clone().came_by(number));
        let rules = (rules.version(), &[][..]);
        self.batches.extend(batches(&turn.events, action, self.now, rules));
        self.events.extend(turn.events);
        self.ticket = Some(turn.ticket);
        Ok(())
    }

    pub(super) fn is_merged(&self) -> bool {
        self.ticket.as_ref().is_some_and(|ticket| ticket.merged.is_some())
    }

    /// Merges this ticket into the other one, or undoes that. What is refused leaves nothing behind.
    pub(super) fn join(&mut self, other: &mut Self, seconds: i64) {
        const AGENT: Actor = Actor::Agent(AgentId(1));
        let (one, two) = (TicketId(1), TicketId(2));
        self.pass(seconds);
        other.pass(seconds);
        let left = (one, self.ticket.clone().unwrap());
        let right = (two, other.ticket.clone().unwrap());
        let (rules, now) = (&self.rules[self.in_force], time(self.now));
        let (action, turns) = match self.ticket.as_ref().unwrap().merged {
            None => {
                let alone = |of| Err(Refusal::UnknownTicket(of));
                let merged = merge(left, right, AGENT, rules, now, alone);
                (TicketAction::MergeInto { ticket: two }, merged)
            }
            Some(_) => {
                let rules = (rules, &self.earlier[..]);
                let since =
                    since_merge((one, &left.1), &BTreeSet::new(), &right.1, other.events.iter());
                let since = SinceMerge { said: other.said_since_merge(), ..since };
                (TicketAction::UndoMerge, separate(left, right, AGENT, rules, &since, now))
            }
        };
        let Ok((ours, theirs)) = turns else {
            return;
        };
        let awaited = recompute(&self.batches, &self.books, self.now).awaited(one.0);
        let version = rules.version();
        let is_undone = action == TicketAction::UndoMerge;
        for (life, turn, comes_back) in [(self, ours, is_undone), (other, theirs, false)] {
            // What was due while it was part of the other one goes by the rules of its time.
            let earlier = if comes_back { &life.earlier[..] } else { &[] };
            let mut done = batches(&turn.events, &action, life.now, (version, earlier));
            done[0].brought.clone_from(&awaited);
            life.batches.extend(done);
            life.events.extend(turn.events);
            life.ticket = Some(turn.ticket);
        }
    }

    /// What customers have said for the sake of another ticket since it was merged into this one.
    fn said_since_merge(&self) -> Vec<Message> {
        let is_merge = |event: &TicketEvent| matches!(event.fact, TicketFact::TookIn { .. });
        let since = self.events.iter().rposition(is_merge).unwrap_or(0);
        let said = self.events[since..].iter().filter_map(|event| match &event.fact {
            TicketFact::MessageAdded { author, text, came_by: Some(_), .. } => {
                let (number, author, text) = (1, *author, text.clone());
                let (written_at, files) = (event.at, Vec::new());
                Some(Message { number, author, written_at, text, files, came_by: None })
            }
            _ => None,
        });
        said.collect()
    }

    /// Splits one of its messages off into a ticket of its own, unless that is refused.
    pub(super) fn split_off(&mut self, pick: prop::sample::Index, seconds: i64) -> Option<Self> {
        const AGENT: Actor = Actor::Agent(AgentId(1));
        self.pass(seconds);
        let written = self.events.iter().filter_map(|event| match &event.fact {
            TicketFact::Opened { author, text, .. }
            | TicketFact::MessageAdded { author, text, visibility: Visibility::Public, .. } => {
                Some((*author, text.clone(), event.at))
            }
            _ => None,
        });
        let written: Vec<_> = written.collect();
        let (author, text, written_at) = pick.get(&written).clone();
        // Which number it has is of no consequence here.
        let (number, files, came_by) = (1, Vec::new(), None);
        let message = Message { number, author, written_at, text, files, came_by };
        let (id, new) = (TicketId(1), TicketId(2));
        let (rules, now) = (&self.rules[self.in_force], time(self.now));
        let ticket = self.ticket.clone().unwrap();
        let successor = Successor::of(&ticket, new);
        let (old, fresh) =
            split((id, ticket), successor, &message, "Another matter", (AGENT, rules), now).ok()?;
        let action = TicketAction::Split { message: 1, subject: "Another matter".into() };
        let version = rules.version();
        let naive = recompute(&self.batches, &self.books, self.now);
        self.batches.extend(batches(&old.events, &action, self.now, (version, &[])));
        self.events.extend(old.events);
        self.ticket = Some(old.ticket);
        let mut batches = batches(&fresh.events, &action, self.now, (version, &[]));
        batches[0].split_from = Some(Box::new(naive));
        Some(Self {
            books: self.books.clone(),
            rules: self.rules.clone(),
            earlier: self.earlier.clone(),
            ticket: Some(fresh.ticket),
            events: fresh.events,
            batches,
            ..*self
        })
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, seconds: i64) {
        self.now += seconds * 1_000;
        self.wake();
    }

    pub(super) fn compare(&self) -> Result<(), String> {
        let naive = recompute(&self.batches, &self.books, self.now);
        let ticket = self.ticket.as_ref().unwrap();
        let (keys, known): (Vec<_>, Vec<_>) =
            (naive.runs.keys().collect(), ticket.clocks.keys().collect());
        let more: Vec<_> = keys.iter().filter(|key| !known.contains(key)).collect();
        let less: Vec<_> = known.iter().filter(|key| !keys.contains(key)).collect();
        if !more.is_empty() || !less.is_empty() {
            return Err(format!("naive has {more:?} more and lacks {less:?}"));
        }
        for (key, clock) in &ticket.clocks {
            // What was taken over a second time has no part in the first.
            let is_taken = |event: &TicketEvent| {
                matches!(&event.fact, TicketFact::Clock { clock, event: ClockEvent::TakenOver { .. }, .. }
                    if clock == key)
            };
            let since = self.events.iter().rposition(is_taken).unwrap_or(0);
            compare_clock(key, clock, &naive, &self.events[since..])
                .map_err(|difference| format!("{key}: {difference}"))?;
        }
        Ok(())
    }

    pub(super) fn wake(&mut self) {
        self.carry_out(&TicketAction::Wake, Actor::System, None).unwrap();
    }

    pub(super) fn story(&self) -> String {
        let mut story = String::new();
        for event in &self.events {
            let _ = writeln!(story, "{}  {:?}", event.at, event.fact);
        }
        story
    }
}

/// The step of a ladder that a fact follows from.
fn rung_of(fact: &TicketFact) -> Option<&Rung> {
    match fact {
        TicketFact::HandedOver { cause: HandOverCause::Ladder(rung), .. } => Some(rung),
        TicketFact::Classified { step, .. } => step.as_ref(),
        TicketFact::Notified { step, .. } | TicketFact::Escalated { step, .. } => Some(step),
        _ => None,
    }
}

/// What a command did, without any fact about a clock: first the command, for nothing was due
/// before it, then what ladders did because of it.
fn batches(
    events: &[TicketEvent],
    action: &TicketAction,
    now: i64,
    (version, earlier): (u32, &[(Timestamp, Rulebook)]),
) -> Vec<Batch> {
    let is_command =
        |fact: &TicketFact| rung_of(fact).is_none() && !matches!(fact, TicketFact::Clock { .. });
    let in_force = |at: &Timestamp| {
        let then = earlier.iter().find(|(until, _)| at <= until);
        then.map_or(version, |(_, rules)| rules.version())
    };
    // What was done for its sake while it was merged is done again when it is given back.
    let comes_back = |event: &TicketEvent| matches!(event.fact, TicketFact::Separated { .. });
    let back = events.iter().position(comes_back);
    let is_again = |index: usize, event: &TicketEvent| {
        back.is_some_and(|back| index > back) && done_again(&event.fact).is_some()
    };
    let numbered = || events.iter().enumerate();
    let first_again = numbered().position(|(index, event)| is_again(index, event));
    let of_command = &events[..first_again.unwrap_or(events.len())];
    let facts = of_command.iter().map(|event| &event.fact).filter(|fact| is_command(fact));
    let (facts, asked) = (facts.cloned().collect(), Some(action.clone()));
    let mut batches = vec![Batch { facts, ..Batch::new(now, version, asked) }];
    // The steps of two ladders may have one name: each begins where it is said to be climbed.
    let mut follows = false;
    for (index, event) in numbered() {
        let TicketEvent { at, fact, .. } = event;
        if is_again(index, event) {
            let facts = numbered().skip(index).take_while(|(later, event)| {
                *later == index || (rung_of(&event.fact).is_none() && !is_again(*later, event))
            });
            let facts = facts.map(|(_, event)| event.fact.clone()).filter(|fact| is_command(fact));
            let (facts, asked) = (facts.collect(), done_again(fact).flatten());
            batches.push(Batch { facts, ..Batch::new(at.as_millis(), in_force(at), asked) });
        }
        if matches!(fact, TicketFact::Clock { event: ClockEvent::Climbed { .. }, .. }) {
            follows = false;
        }
        if let Some(rung) = rung_of(fact) {
            let version = in_force(at);
            let (at, facts, rung) = (at.as_millis(), vec![fact.clone()], Some(rung.clone()));
            batches.push(Batch { facts, rung, follows, ..Batch::new(at, version, None) });
            follows = true;
        }
    }
    if *action == TicketAction::Wake {
        batches.remove(0);
    }
    batches
}

/// Whether a fact after a merge was undone does again what was done on the other ticket, and the command
/// that it stands for, if its facts do not say it all.
fn done_again(fact: &TicketFact) -> Option<Option<TicketAction>> {
    let TicketFact::Clock { clock, event, .. } = fact else {
        let is_done = matches!(
            fact,
            TicketFact::MessageAdded { author: Actor::Contact(_), .. }
                | TicketFact::Checklist(_)
                | TicketFact::Approval(_)
        );
        return is_done.then_some(None);
    };
    let Measure::Promise(number) = clock.measure else { return None };
    match event {
        ClockEvent::Fulfilled { .. } => Some(Some(TicketAction::KeepPromise { number, of: None })),
        ClockEvent::Cancelled { reason, .. } => {
            let reason = reason.to_string();
            Some(Some(TicketAction::WithdrawPromise { number, of: None, reason }))
        }
        _ => None,
    }
}

fn differs<T: PartialEq + std::fmt::Debug>(what: &str, naive: T, real: T) -> Result<(), String> {
    if naive == real { Ok(()) } else { Err(format!("{what}: naive {naive:?}, real {real:?}")) }
}

fn compare_clock(
    key: &ClockKey,
    clock: &Clock,
    naive: &Naive,
    events: &[TicketEvent],
) -> Result<(), String> {
    let runs = &naive.runs[key];
    let run = runs.last().unwrap();
    differs("cycle", run.cycle, clock.cycle)?;
    differs("start", run.since, clock.started_at.as_millis())?;
    differs("allowance", run.budget, clock.allowance.as_millis())?;
    // What was due before the table begins is not known to it.
    if run.due().is_none_or(|due| due > BEGIN) {
        differs("due", run.told_due(), clock.due().map(Timestamp::as_millis))?;
    }
    differs("broken", run.broken_at, clock.broken_at.map(Timestamp::as_millis))?;
    let breach = clock.breach.map(|breach| (breach.at.as_millis(), cause(breach.cause)));
    differs("first breach", run.first_breach, breach)?;
    compare_phase(run, clock)?;
    let told: Vec<Say> = sorted(clock.told.iter().map(|call| say(*call)).collect());
    differs("told or passed over", run.told.iter().copied().collect(), told)?;
    for run in runs {
        compare_history(run, key, events)?;
    }
    Ok(())
}

fn compare_phase(run: &Run, clock: &Clock) -> Result<(), String> {
    let spent = clock.spent.as_millis();
    match &clock.phase {
        Phase::Running { since, .. } => {
            differs("lives", (run.is_live(), run.reasons.is_empty()), (true, true))?;
            differs("spent", run.spent(since.as_millis()), spent)
        }
        Phase::Paused { reasons } => {
            let reasons: Vec<&str> = reasons.iter().map(|reason| reason.as_str()).collect();
            differs("lives", run.is_live(), true)?;
            differs("reasons", run.reasons.iter().map(String::as_str).collect(), reasons)?;
            differs("spent", run.spent(i64::MAX), spent)
        }
        Phase::Fulfilled { at, outcome } => match &run.end {
            Some(End::Fulfilled { at: ended, met, spent: worked, .. }) => {
                let end = (at.as_millis(), *outcome == Outcome::Met, spent);
                differs("end", (*ended, *met, *worked), end)
            }
            other => differs("end", format!("{other:?}"), "fulfilled".to_owned()),
        },
        Phase::Cancelled { at, reason } => match &run.end {
            Some(End::Cancelled { at: ended, reason: why, spent: worked }) => {
                let end = (at.as_millis(), reason.as_str(), spent);
                differs("end", (*ended, why.as_str(), *worked), end)
            }
            other => differs("end", format!("{other:?}"), "cancelled".to_owned()),
        },
    }
}

/// All that was ever said of one run.
fn compare_history(run: &Run, key: &ClockKey, events: &[TicketEvent]) -> Result<(), String> {
    let (mut said, mut breaches, mut verdict) = (Vec::new(), Vec::new(), None);
    for TicketEvent { at, fact, .. } in events {
        let TicketFact::Clock { clock, cycle, event } = fact else {
            continue;
        };
        if clock != key || *cycle != run.cycle {
            continue;
        }
        let at = at.as_millis();
        match event {
            ClockEvent::Warned { threshold } => said.push((say(Call::Warn(*threshold)), at)),
            ClockEvent::Climbed { step } => said.push((Say::Step(usize::from(*step)), at)),
            ClockEvent::Breached { cause: why } => breaches.push((at, cause(*why))),
            ClockEvent::Fulfilled { overrun, breached_under_earlier_target, .. } => {
                let overrun = overrun.map(|time| time.as_millis());
                verdict = Some((overrun, *breached_under_earlier_target));
            }
            _ => {}
        }
    }
    differs("said", sorted(run.said.clone()), sorted(said))?;
    differs("breaches", run.breaches.clone(), breaches)?;
    if let Some(End::Fulfilled { overrun, was_broken, .. }) = run.end {
        differs("verdict", Some((overrun, was_broken)), verdict)?;
    }
    Ok(())
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list
}

fn cause(cause: BreachCause) -> Cause {
    match cause {
        BreachCause::Elapsed => Cause::Elapsed,
        BreachCause::Retarget => Cause::Retarget,
        BreachCause::Correction => Cause::Correction,
        BreachCause::Released => Cause::Released,
    }
}

fn say(call: Call) -> Say {
    match call {
        Call::Warn(Threshold::Percent(percent)) => Say::Warning(Warning::Percent(percent.into())),
        Call::Warn(Threshold::Before(ahead)) => Say::Warning(Warning::Before(ahead.as_millis())),
        Call::Step(step) => Say::Step(step.into()),
    }
}

/// `FIRSTLINE_COMMANDS` sets how many, for long runs.
#[test]
fn both_implementations_agree_on_every_clock_at_every_step() {
    let commands = std::env::var("FIRSTLINE_COMMANDS").ok();
    let commands = commands.map_or(COMMANDS, |text| text.parse().expect("a number of commands"));
    let given = std::cell::Cell::new(0);
    let lives = (random::books(), random::opening(), random::turns(LONGEST));
    let config = Config {
        cases: u32::MAX,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let seed = std::env::var("FIRSTLINE_SEED").ok();
    let seed = seed.map_or_else(
        || TestRunner::default().rng().next_u64(),
        |text| text.parse().expect("a number as the seed"),
    );
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed_bytes(seed));
    let mut runner = TestRunner::new_with_rng(config, rng);
    while given.get() < commands {
        let life = lives.new_tree(&mut runner).expect("no life is refused");
        let outcome = runner.run_one(life, |(books, opening, turns)| {
            let mut life = Life::new(books);
            life.open(opening);
            for turn in turns {
                given.set(given.get() + 1);
                life.take(turn);
                life.wake();
                life.compare().map_err(|difference| {
                    let (now, story) = (time(life.now), life.story());
                    TestCaseError::fail(format!("at {now}: {difference}\n{story}"))
                })?;
            }
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("with FIRSTLINE_SEED={seed}: {failure}");
        }
    }
    println!("both agree after each of {} commands, with FIRSTLINE_SEED={seed}", given.get());
}

fn seed_bytes(seed: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes
}
