//! What a desk's records say about a replayed log: nothing here looks at the log's own rows, except
//! to ask whether the desk says the same.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    ClockEvent, ClockKey, Desk, Error, Event, HandOverCause, HoldReason, LineId,
    Outcome as Verdict, Priority, Record, Status, Stream, TeamId, TicketFact, TicketId,
};

use super::log::{Log, Stage};
use super::log_count::{Travel, visits};
use super::replay::Outcome;

/// How many records are read at a time.
const PAGE: usize = 10_000;

/// What can be counted in the records of a desk.
#[derive(Debug, Default)]
pub struct DeskCount {
    /// Records of all streams.
    pub records: usize,
    /// Incidents that have a ticket.
    pub incidents: usize,
    /// Steps that left a record.
    pub events: usize,
    /// Tickets: an incident that went on after it was closed has more than one.
    pub tickets: usize,
    /// What lines and teams had to do with it.
    pub travel: Travel,
    /// By line, how tickets came to it.
    pub arrivals: BTreeMap<LineId, Arrivals>,
    /// Hand-overs by a ladder.
    pub climbed: usize,
    /// Incidents that were taken up again after they had been solved.
    pub reopened: usize,
    /// How often tickets began to wait, and for what.
    pub waits: BTreeMap<(Status, Option<HoldReason>), usize>,
    /// Steps after which the ticket was where the log says, by the log's word for that.
    pub agreed: BTreeMap<(Stage, String), usize>,
    /// Steps of which a command was refused, by the log's word.
    pub refused: BTreeMap<(Stage, String), usize>,
    /// How promises ended.
    pub promises: Promises,
}

/// How tickets came to a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrivals {
    /// They were opened there.
    pub opened: usize,
    /// Another line handed them over.
    pub from_other_lines: usize,
    /// They went from one of its teams to another.
    pub within: usize,
}

/// How promises ended.
#[derive(Debug, Default)]
pub struct Promises {
    /// By clock, and by the priority that the ticket has now.
    pub verdicts: BTreeMap<(ClockKey, Priority), Verdicts>,
    /// Warnings that were given.
    pub warnings: usize,
    /// Promises that were broken, though some may have been met by a later, looser target.
    pub breaches: usize,
    /// The runs of clocks that were missed.
    pub missed: Vec<(TicketId, ClockKey, u32)>,
}

/// How many promises ended in which way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdicts {
    /// Kept.
    pub met: usize,
    /// Not kept.
    pub missed: usize,
    /// Given up, without a verdict.
    pub cancelled: usize,
    /// Still to be kept.
    pub live: usize,
}

impl DeskCount {
    /// Reads all records of a desk.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn read(desk: &Desk, log: &Log, outcome: &Outcome) -> Result<Self, Error> {
        let mut reading = Reading::new(log, outcome);
        let mut after = 0;
        loop {
            let page = desk.records(after, PAGE)?;
            let Some(last) = page.last() else {
                break;
            };
            after = last.seq;
            for record in &page {
                reading.take(record);
            }
        }
        Ok(reading.finish(&desk.rulebook().lines()[0].id))
    }
}

/// The records as far as they were read.
struct Reading<'a> {
    log: &'a Log,
    outcome: &'a Outcome,
    count: DeskCount,
    tickets: BTreeMap<TicketId, TicketStory>,
    incidents: Vec<IncidentStory>,
    /// Whether the ticket was where the log says after the last command of each step.
    agreed: BTreeMap<usize, bool>,
    runs: BTreeMap<(TicketId, ClockKey, u32), Ending>,
}

/// A ticket as far as its records were read.
struct TicketStory {
    status: Status,
    hold: Option<HoldReason>,
    line: LineId,
    priority: Priority,
}

/// An incident, which may be several tickets one after the other.
#[derive(Clone, Default)]
struct IncidentStory {
    lines: BTreeSet<LineId>,
    teams: Vec<TeamId>,
    is_reopened: bool,
}

/// How a run of a clock ended.
#[derive(Clone, Copy)]
enum Ending {
    Judged(Verdict),
    Cancelled,
    Live,
}

impl<'a> Reading<'a> {
    fn new(log: &'a Log, outcome: &'a Outcome) -> Self {
        Self {
            log,
            outcome,
            count: DeskCount::default(),
            tickets: BTreeMap::new(),
            incidents: vec![IncidentStory::default(); log.incidents.len()],
            agreed: BTreeMap::new(),
            runs: BTreeMap::new(),
        }
    }

    fn take(&mut self, record: &Record) {
        self.count.records += 1;
        let (Stream::Ticket(id), Event::Ticket(event)) = (record.stream, &record.event) else {
            return;
        };
        let Some(&incident) = self.outcome.tickets.get(&id) else {
            return;
        };
        self.change(id, incident, &event.fact);
        let step = record.command.and_then(|command| self.outcome.steps.get(&command));
        if let (Some(&step), Some(ticket)) = (step, self.tickets.get(&id)) {
            let agrees = self.log.steps[step].stage.is(ticket.status, ticket.hold);
            self.agreed.insert(step, agrees);
        }
    }

    fn change(&mut self, id: TicketId, incident: usize, fact: &TicketFact) {
        let story = &mut self.incidents[incident];
        if let TicketFact::Opened { line, team, classification, .. } = fact {
            story.is_reopened |= !story.lines.is_empty();
            story.visit(line, team.as_ref());
            self.count.tickets += 1;
            self.count.arrivals.entry(line.clone()).or_default().opened += 1;
            let (line, priority) = (line.clone(), classification.priority);
            let (status, hold) = (Status::New, None);
            self.tickets.insert(id, TicketStory { status, hold, line, priority });
            return;
        }
        let ticket = self.tickets.get_mut(&id).expect("a ticket's first record is its opening");
        match fact {
            TicketFact::StatusChanged { from, to, hold, .. } => {
                (ticket.status, ticket.hold) = (*to, *hold);
                if matches!(to, Status::Pending | Status::OnHold) {
                    *self.count.waits.entry((*to, *hold)).or_default() += 1;
                }
                story.is_reopened |= *from == Status::Resolved && to.is_open();
            }
            TicketFact::HandedOver { line, team, cause } => {
                let arrivals = self.count.arrivals.entry(line.clone()).or_default();
                if ticket.line == *line {
                    arrivals.within += 1;
                } else {
                    arrivals.from_other_lines += 1;
                }
                self.count.climbed += usize::from(!matches!(cause, HandOverCause::Asked));
                ticket.line = line.clone();
                story.visit(line, team.as_ref());
            }
            TicketFact::Classified { classification, .. } => {
                ticket.priority = classification.priority;
            }
            TicketFact::Clock { clock, cycle, event } => self.clock(id, clock, *cycle, event),
            _ => {}
        }
    }

    fn clock(&mut self, id: TicketId, clock: &ClockKey, cycle: u32, event: &ClockEvent) {
        let ending = match event {
            ClockEvent::Started { .. } | ClockEvent::CarriedOn { .. } => Ending::Live,
            ClockEvent::Fulfilled { outcome, .. } => Ending::Judged(*outcome),
            ClockEvent::Cancelled { .. } => Ending::Cancelled,
            ClockEvent::Warned { .. } => {
                self.count.promises.warnings += 1;
                return;
            }
            ClockEvent::Breached { .. } => {
                self.count.promises.breaches += 1;
                return;
            }
            _ => return,
        };
        self.runs.insert((id, clock.clone(), cycle), ending);
    }

    fn finish(mut self, first: &LineId) -> DeskCount {
        let promises = &mut self.count.promises;
        for ((id, clock, cycle), ending) in self.runs {
            let key = (clock.clone(), self.tickets[&id].priority);
            let verdicts = promises.verdicts.entry(key).or_default();
            match ending {
                Ending::Judged(Verdict::Met) => verdicts.met += 1,
                Ending::Judged(Verdict::Missed) => {
                    verdicts.missed += 1;
                    promises.missed.push((id, clock, cycle));
                }
                Ending::Cancelled => verdicts.cancelled += 1,
                Ending::Live => verdicts.live += 1,
            }
        }
        for story in &self.incidents {
            let teams = visits(story.teams.iter().map(Some));
            self.count.incidents += usize::from(!story.lines.is_empty());
            self.count.travel.add(&story.lines.iter().collect(), &teams, first);
            self.count.reopened += usize::from(story.is_reopened);
        }
        self.count.events = self.agreed.len();
        for (step, agrees) in &self.agreed {
            let step = &self.log.steps[*step];
            let agreed = self.count.agreed.entry((step.stage, step.word.clone())).or_default();
            *agreed += usize::from(*agrees);
        }
        for step in &self.outcome.refused_steps {
            let step = &self.log.steps[*step];
            *self.count.refused.entry((step.stage, step.word.clone())).or_default() += 1;
        }
        self.count
    }
}

impl IncidentStory {
    fn visit(&mut self, line: &LineId, team: Option<&TeamId>) {
        self.lines.insert(line.clone());
        self.teams.extend(team.cloned());
    }
}
