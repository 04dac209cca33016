//! The replay itself: commands in durable batches, alarms in between, and going on after a crash.
//!
//! Every command carries a key that is derived from its row. A run that is given what an earlier
//! one has done gets the first receipts back and changes nothing, so there is no position to
//! remember: whoever was killed begins anew, and is soon where it stopped.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use firstline::{
    Command, CommandId, Desk, Error, Receipt, Refusal, Rulebook, Stream, TicketId, Timestamp,
};

use super::host::{FOLLOW_UP, Host, Order, Wish};
use super::log::Log;

/// The most commands in one durable commit.
const BATCH: usize = 256;

/// How often the host looks whether an alarm has rung, in ms of the log's time. One that is noticed
/// late is dated right all the same, so a year need not be lived through minute by minute.
const LOOK_EVERY_MS: i64 = 12 * 60 * 60 * 1_000;

/// What a replay came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Commands that were given.
    pub commands: usize,
    /// Of them: had been carried out by an earlier run.
    pub known: usize,
    /// Of them: refused, by what the desk said.
    pub refused: BTreeMap<String, usize>,
    /// Tickets that go on with a closed one.
    pub follow_ups: usize,
    /// Records that the alarms made.
    pub alarm_records: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// Of which incident each ticket is, as an index into the log.
    pub(super) tickets: HashMap<TicketId, usize>,
    /// Of which step each command is, as an index into the log.
    pub(super) steps: HashMap<CommandId, usize>,
    /// Steps of which a command was refused.
    pub(super) refused_steps: BTreeSet<usize>,
}

/// How far a replay is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Steps so far.
    pub steps: usize,
    /// What time it is in the log.
    pub at: Timestamp,
}

/// Replays a log through a desk, and tells how far it is after every step.
///
/// # Errors
///
/// What the desk says, except for refusals: those are counted.
pub fn replay(desk: &Desk, log: &Log, mut told: impl FnMut(Progress)) -> Result<Outcome, Error> {
    let known_records = desk.head()?.map_or(0, |head| head.seq);
    let mut run = Run {
        desk,
        known_records,
        openings: vec![None; log.incidents.len()],
        batch: Vec::new(),
        look_at: None,
        outcome: Outcome::default(),
    };
    let mut host = Host::new(log, &desk.rulebook());
    let started = Instant::now();
    let mut steps = 0;
    for Moment { at, what } in moments(log) {
        run.let_time_run(at)?;
        let orders = match what {
            What::Opening(first) => host.open(first),
            What::Step(index) => host.follow(index),
        };
        for order in orders {
            run.take(order)?;
        }
        steps += usize::from(matches!(what, What::Step(_)));
        told(Progress { steps, at });
    }
    run.carry_out()?;
    run.outcome.elapsed = started.elapsed();
    Ok(run.outcome)
}

/// The commands of a replay without a desk to give them to: what a host would ask for, in order.
#[must_use]
pub fn commands(log: &Log, rulebook: &Rulebook) -> Vec<Command> {
    let mut host = Host::new(log, rulebook);
    let mut openings = vec![None; log.incidents.len()];
    let orders = moments(log).into_iter().flat_map(|Moment { what, .. }| match what {
        What::Opening(first) => host.open(first),
        What::Step(index) => host.follow(index),
    });
    let mut commands = Vec::new();
    for order in orders {
        commands.push(command(&order, &mut openings));
    }
    commands
}

/// The command for an order. A ticket is known by the key of the command that opened it last.
fn command(order: &Order, openings: &mut [Option<CommandId>]) -> Command {
    let command = match &order.wish {
        // The desk does not record what it knows, so this needs no key.
        Wish::Save(id, party) => {
            return Command::save(order.by, *id, (**party).clone()).at(order.at);
        }
        Wish::Open(request) => {
            openings[order.incident] = Some(order.key);
            Command::open(order.by, (**request).clone())
        }
        Wish::Do(action) => {
            let opening = openings[order.incident].expect("it is opened before its steps");
            Command::ticket(order.by, opening, action.clone())
        }
    };
    command.at(order.at).keyed(order.key)
}

/// Something that the log says happened.
#[derive(Clone, Copy)]
struct Moment {
    at: Timestamp,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    /// The opening of the incident whose first step has this index.
    Opening(usize),
    /// The step with this index.
    Step(usize),
}

/// Openings and steps in order of time; an incident is opened before its first step.
fn moments(log: &Log) -> Vec<Moment> {
    let mut moments = Vec::new();
    for (index, step) in log.steps.iter().enumerate() {
        if step.nth == 1 {
            let at = log.incidents[step.incident].opened_at;
            moments.push(Moment { at, what: What::Opening(index) });
        }
        moments.push(Moment { at: step.at, what: What::Step(index) });
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

/// A replay on its way.
struct Run<'a> {
    desk: &'a Desk,
    known_records: u64,
    /// By which command the ticket of each incident was opened last. It is known by that key.
    openings: Vec<Option<CommandId>>,
    batch: Vec<(Order, Command)>,
    /// When to look for alarms next.
    look_at: Option<Timestamp>,
    outcome: Outcome,
}

impl Run<'_> {
    /// Lets alarms ring, if it is time to look for them.
    fn let_time_run(&mut self, now: Timestamp) -> Result<(), Error> {
        if self.look_at.is_some_and(|at| now < at) {
            return Ok(());
        }
        self.look_at = now.checked_add_millis(LOOK_EVERY_MS);
        self.carry_out()?;
        if self.desk.poll_timeout()?.is_some_and(|at| at <= now) {
            self.outcome.alarm_records += self.desk.handle_timeout(now)?.records;
        }
        Ok(())
    }

    /// Puts an order into the batch.
    fn take(&mut self, order: Order) -> Result<(), Error> {
        if self.batch.len() >= BATCH {
            self.carry_out()?;
        }
        let command = command(&order, &mut self.openings);
        self.batch.push((order, command));
        Ok(())
    }

    /// Carries out the batch in one commit.
    fn carry_out(&mut self) -> Result<(), Error> {
        let (orders, commands): (Vec<Order>, Vec<Command>) = self.batch.drain(..).unzip();
        if orders.is_empty() {
            return Ok(());
        }
        let answers = self.desk.execute_all(commands)?;
        for (order, answer) in orders.iter().zip(answers) {
            self.note(order, answer);
        }
        Ok(())
    }

    fn note(&mut self, order: &Order, answer: Result<Receipt, Refusal>) {
        self.outcome.commands += 1;
        if let Some(step) = order.step {
            self.outcome.steps.insert(order.key, step);
        }
        match answer {
            Ok(receipt) => {
                self.outcome.known += usize::from(receipt.seq <= self.known_records);
                if let (Wish::Open(request), Stream::Ticket(ticket)) = (&order.wish, receipt.stream)
                {
                    self.outcome.tickets.insert(ticket, order.incident);
                    let is_follow_up = request.tags.contains(FOLLOW_UP);
                    self.outcome.follow_ups += usize::from(is_follow_up);
                }
            }
            Err(refusal) => {
                *self.outcome.refused.entry(refusal.to_string()).or_default() += 1;
                self.outcome.refused_steps.extend(order.step);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incidents::{DeskCount, LogCount, rulebook};
    use firstline::FixedTime;

    /// Two incidents of Volvo IT; the second goes on after it was closed.
    const LOG: &str = "\
case_id,ts,status,sub_status,support_team,support_line,impact,owner_id
1-1,2012-03-01T10:00:00+01:00,Accepted,In Progress,V30,1,Medium,P0001
1-2,2012-03-01T10:00:00+01:00,Queued,Awaiting Assignment,V30,1,Medium,SYSTEM
1-1,2012-03-01T10:05:00+01:00,Queued,Awaiting Assignment,V5 3rd,3,Medium,P0001
1-2,2012-03-02T17:00:00+01:00,Completed,Resolved,V30,1,Medium,P0002
1-2,2012-03-05T00:00:00+01:00,Completed,Closed,V30,1,Medium,SYSTEM
1-2,2012-03-05T00:01:00+01:00,Completed,Closed,V30,1,Medium,SYSTEM
1-2,2012-03-06T09:00:00+01:00,Accepted,Wait - User,V32 2nd,2,Medium,P0003
1-2,2012-03-06T10:00:00+01:00,Queued,Awaiting Assignment,V30,1,Medium,P0003
";

    fn desk(log: &Log) -> Desk {
        let rulebook = Rulebook::from_toml(&rulebook(log), "rulebook").unwrap();
        Desk::in_memory_with_time(rulebook, FixedTime(log.steps[0].at)).unwrap()
    }

    #[test]
    fn the_desk_tells_the_same_story_as_the_log() {
        let log = Log::read(LOG.as_bytes(), "log.csv").unwrap();
        let desk = desk(&log);
        let outcome = replay(&desk, &log, |_| {}).unwrap();
        let in_log = LogCount::of(&log, &desk.rulebook());
        let in_desk = DeskCount::read(&desk, &log, &outcome).unwrap();
        assert_eq!(in_desk.travel, in_log.travel);
        assert_eq!((in_desk.incidents, in_desk.tickets, outcome.follow_ups), (2, 3, 1));
        assert_eq!((in_log.reopened, in_desk.reopened), (1, 1));
        // Of the two closings, the second comes to a closed ticket.
        assert_eq!((in_desk.events, outcome.refused_steps.len()), (7, 1));
        let closed = (crate::incidents::Stage::Closed, "Closed".to_owned());
        assert_eq!((in_log.words[&closed], in_desk.agreed[&closed]), (2, 1));
        assert_eq!(in_desk.refused[&closed], 1);
    }

    #[test]
    fn a_second_run_repeats_nothing() {
        let log = Log::read(LOG.as_bytes(), "log.csv").unwrap();
        let desk = desk(&log);
        let first = replay(&desk, &log, |_| {}).unwrap();
        let after_first = desk.verify().unwrap();
        let second = replay(&desk, &log, |_| {}).unwrap();
        assert_eq!(desk.verify().unwrap(), after_first);
        assert_eq!((first.known, first.commands), (0, second.commands));
        assert_eq!(second.known + second.refused_steps.len(), second.commands);
    }
}
