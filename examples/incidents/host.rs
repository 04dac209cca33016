//! What a host does for each step of a log.
//!
//! A host does not write states into a desk. Somebody takes an incident up, asks the caller, hands
//! over; each of that is a command, given by that person at that moment. This file guesses, from
//! two neighbouring rows of a log, what people did in between:
//!
//! | the log says | the host gives |
//! |---|---|
//! | the first row of an incident | `Open`, by the caller, when it was opened; then as below, unless it is still queued: then that was all |
//! | another impact or urgency | `Classify` |
//! | a priority that the matrix does not give | `OverridePriority`, and `ReleasePriority` when it does again |
//! | another team | `HandOver` |
//! | an agent, once somebody works on it | `Assign` |
//! | back in a queue | `Assign` to nobody |
//! | somebody works on it for the first time | `Reply`: the caller hears that it was taken up |
//! | it waits for the caller | `Reply` with `then` pending: a question |
//! | it waited for the caller, and is worked on | `Reply` by the caller: the answer |
//! | it waits for somebody else | `ChangeStatus` to on hold, with the reason |
//! | it is solved | `Reply` with `then` resolved: the solution |
//! | it was solved, and is worked on | `Reply` by the caller: it is not solved |
//! | it is over | `ChangeStatus` to closed, through resolved if need be |
//! | it was over, and is worked on | `Open`: what is closed stays so, and the rest is a follow-up |
//! | nothing of this | `AddNote`: somebody did something that the log does not tell |
//!
//! So every row is at least one command. In a log without callers' words the messages are
//! placeholders. A row of a robot sends no messages; it only changes the status.
//!
//! An incident that is still queued gets no agent, even if the row names one: to a desk, whoever
//! has a ticket has taken it up. And a row that names no team or agent does not take them away:
//! there the log has a gap.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{
    Actor, Agent, AgentId, Channel, CommandId, Contact, HoldReason, Impact, Kind, LineId,
    OpenTicket, Party, PartyId, Priority, PriorityMatrix, Rulebook, Status, TeamId, TicketAction,
    Timestamp, Urgency,
};

use super::log::{Log, Stage, Step};

/// The label of a ticket that goes on with what was closed.
pub(super) const FOLLOW_UP: &str = "follow-up";

const REQUEST: &str = "The log tells no more than that something did not work.";
const TAKEN_UP: &str = "We have your request and work on it. (The log has no texts.)";
const QUESTION: &str = "May we ask for a detail? (The log has no texts.)";
const ANSWER: &str = "Here is what you asked for. (The log has no texts.)";
const SOLUTION: &str = "This should be solved now. (The log has no texts.)";
const NOT_SOLVED: &str = "It is not solved yet. (The log has no texts.)";
const NOTE: &str = "Something was changed that the log does not tell.";

/// A command that a host is about to give. On which ticket is known only when it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Of which incident, as an index.
    pub(super) incident: usize,
    /// Of which step, as an index; `None` for an opening that is no step.
    pub(super) step: Option<usize>,
    /// Derived from the log, so that the same row is never carried out twice.
    pub(super) key: CommandId,
    pub(super) at: Timestamp,
    pub(super) by: Actor,
    pub(super) wish: Wish,
}

/// What is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Save(PartyId, Box<Party>),
    Open(Box<OpenTicket>),
    Do(TicketAction),
}

/// A host: it remembers how its tickets stand.
pub(super) struct Host<'a> {
    log: &'a Log,
    lines: BTreeMap<TeamId, LineId>,
    matrix: PriorityMatrix,
    standings: Vec<Option<Standing>>,
    known: BTreeSet<PartyId>,
}

/// How a ticket stands.
struct Standing {
    status: Status,
    hold: Option<HoldReason>,
    team: Option<TeamId>,
    agent: Option<AgentId>,
    impact: Impact,
    urgency: Urgency,
    decreed: Option<Priority>,
    is_answered: bool,
}

impl<'a> Host<'a> {
    /// A host that works by a rulebook, which says on which line each team stands.
    pub(super) fn new(log: &'a Log, rulebook: &Rulebook) -> Self {
        let teams = rulebook
            .lines()
            .iter()
            .flat_map(|line| line.teams.iter().map(|team| (team.clone(), line.id.clone())));
        Self {
            log,
            lines: teams.collect(),
            matrix: *rulebook.priorities(),
            standings: log.incidents.iter().map(|_| None).collect(),
            known: BTreeSet::new(),
        }
    }

    /// The opening of the incident whose first step has this index.
    pub(super) fn open(&mut self, first: usize) -> Vec<Order> {
        let log = self.log;
        let step = &log.steps[first];
        let at = log.incidents[step.incident].opened_at;
        let mut turn = Turn::new(self, step, step.is_opening().then_some(first), at);
        turn.place = 0;
        turn.open(false);
        turn.orders
    }

    /// What a host does for the step with this index.
    pub(super) fn follow(&mut self, index: usize) -> Vec<Order> {
        let log = self.log;
        let step = &log.steps[index];
        let mut turn = Turn::new(self, step, Some(index), step.at);
        turn.follow();
        turn.orders
    }
}

/// The orders for one row, while they are being thought of.
struct Turn<'h, 'a> {
    host: &'h mut Host<'a>,
    step: &'h Step,
    /// The index of the step; `None` for an opening that is no step.
    index: Option<usize>,
    /// The place of the row in its incident, from 1; 0 for the opening.
    place: usize,
    at: Timestamp,
    orders: Vec<Order>,
}

impl<'h, 'a> Turn<'h, 'a> {
    fn new(host: &'h mut Host<'a>, step: &'h Step, index: Option<usize>, at: Timestamp) -> Self {
        Self { host, step, index, place: step.nth, at, orders: Vec::new() }
    }

    /// The one place that decides what a row means.
    fn follow(&mut self) {
        if self.standing().status == Status::Closed {
            if matches!(self.step.stage, Stage::Closed | Stage::Unclear) {
                return self.note();
            }
            self.open(true);
        }
        if self.step.stage == Stage::Unclear {
            return self.note();
        }
        self.classify();
        self.hand_over();
        self.assign();
        self.move_along();
        if self.orders.is_empty() && !self.step.is_opening() {
            self.note();
        }
    }

    fn open(&mut self, is_follow_up: bool) {
        let step = self.step;
        let incident = &self.host.log.incidents[step.incident];
        let mut request = OpenTicket::new(incident.caller, &incident.number, REQUEST);
        request.kind = Kind::Incident;
        request.channel = Channel::Phone;
        (request.impact, request.urgency) = (step.impact, step.urgency);
        (request.line, request.team) = (self.line(), step.team.clone());
        request.tags.extend(is_follow_up.then(|| FOLLOW_UP.into()));
        let caller = Actor::Contact(incident.caller);
        self.give(caller, Wish::Open(Box::new(request)));
        self.host.standings[step.incident] = Some(Standing {
            status: Status::New,
            hold: None,
            team: step.team.clone(),
            agent: None,
            impact: step.impact,
            urgency: step.urgency,
            decreed: None,
            is_answered: false,
        });
    }

    fn classify(&mut self) {
        let (step, by) = (self.step, self.step.by);
        let (impact, urgency) = (step.impact, step.urgency);
        if (self.standing().impact, self.standing().urgency) != (impact, urgency) {
            (self.standing().impact, self.standing().urgency) = (impact, urgency);
            self.act(by, TicketAction::Classify { impact, urgency });
        }
        let usual = self.host.matrix.priority(impact, urgency);
        let decreed = step.priority.filter(|priority| *priority != usual);
        if self.standing().decreed != decreed {
            self.standing().decreed = decreed;
            self.act(
                by,
                match decreed {
                    Some(priority) => {
                        let reason = "so it is in the log".to_owned();
                        TicketAction::OverridePriority { priority, reason }
                    }
                    None => TicketAction::ReleasePriority,
                },
            );
        }
    }

    fn hand_over(&mut self) {
        let Some(team) = self.step.team.clone() else {
            return;
        };
        let Some(line) = self.line().filter(|_| self.standing().team.as_ref() != Some(&team))
        else {
            return;
        };
        (self.standing().team, self.standing().agent) = (Some(team.clone()), None);
        self.act(self.step.by, TicketAction::HandOver { line, team: Some(team) });
    }

    fn assign(&mut self) {
        let had = self.standing().agent;
        let has = match self.step.stage {
            Stage::Queued => None,
            Stage::Active | Stage::Pending | Stage::OnHold(_) | Stage::Resolved => {
                self.step.agent.or(had)
            }
            Stage::Closed | Stage::Unclear => had,
        };
        if has == had {
            return;
        }
        let standing = self.standing();
        standing.agent = has;
        // Whoever gets a new ticket takes it up by that.
        if has.is_some() && standing.status == Status::New {
            standing.status = Status::Open;
        }
        self.act(self.step.by, TicketAction::Assign { agent: has });
    }

    fn move_along(&mut self) {
        match self.step.stage {
            Stage::Queued => {
                if self.standing().status != Status::New {
                    self.go_on();
                }
            }
            Stage::Active => {
                self.go_on();
                self.answer_first();
            }
            Stage::Pending => self.say(QUESTION, Status::Pending),
            Stage::OnHold(reason) => {
                self.go_on();
                self.answer_first();
                self.become_status(Status::OnHold, Some(reason));
            }
            Stage::Resolved => self.say(SOLUTION, Status::Resolved),
            Stage::Closed => {
                self.say(SOLUTION, Status::Resolved);
                self.become_status(Status::Closed, None);
            }
            Stage::Unclear => {}
        }
    }

    /// Work begins or goes on. If it was the caller's turn, or solved, the caller has said so.
    fn go_on(&mut self) {
        let caller = Actor::Contact(self.host.log.incidents[self.step.incident].caller);
        match (self.standing().status, self.step.stage) {
            (Status::Pending, _) => self.reply(caller, ANSWER, Status::Open),
            (Status::Resolved, _) => self.reply(caller, NOT_SOLVED, Status::Open),
            // From one wait to another there is no work in between.
            (Status::OnHold, Stage::OnHold(_)) => {}
            (Status::OnHold, _) => self.become_status(Status::Open, None),
            (Status::New, _) if self.step.by == Actor::System => {
                self.become_status(Status::Open, None);
            }
            // The first answer takes it up.
            (Status::New | Status::Open | Status::Closed, _) => {}
        }
    }

    /// Whoever takes an incident up tells the caller.
    fn answer_first(&mut self) {
        if self.standing().is_answered || !matches!(self.step.by, Actor::Agent(_)) {
            return;
        }
        let status = self.standing().status.after_pick_up();
        self.reply(self.step.by, TAKEN_UP, status);
    }

    /// Moves the ticket by a public message, or, if a robot does it, without one.
    fn say(&mut self, text: &str, to: Status) {
        if self.standing().status == to {
            return;
        }
        match self.step.by {
            by @ Actor::Agent(_) => {
                self.standing().status = to;
                self.standing().hold = None;
                self.standing().is_answered = true;
                self.act(by, TicketAction::Reply { text: text.to_owned(), then: Some(to) });
            }
            Actor::Contact(_) | Actor::System => self.become_status(to, None),
        }
    }

    /// A public message that moves the ticket by itself.
    fn reply(&mut self, by: Actor, text: &str, becomes: Status) {
        let standing = self.standing();
        standing.status = becomes;
        standing.is_answered |= matches!(by, Actor::Agent(_));
        self.act(by, TicketAction::Reply { text: text.to_owned(), then: None });
    }

    fn become_status(&mut self, to: Status, hold: Option<HoldReason>) {
        let standing = self.standing();
        if (standing.status, standing.hold) != (to, hold) {
            (standing.status, standing.hold) = (to, hold);
            self.act(self.step.by, TicketAction::ChangeStatus { to, hold });
        }
    }

    fn note(&mut self) {
        self.act(self.step.by, TicketAction::AddNote { text: NOTE.to_owned() });
    }

    /// The line of the step's team; `None` if the row names no team.
    fn line(&self) -> Option<LineId> {
        let team = self.step.team.as_ref()?;
        self.step.line.clone().or_else(|| self.host.lines.get(team).cloned())
    }

    fn standing(&mut self) -> &mut Standing {
        let standing = self.host.standings[self.step.incident].as_mut();
        standing.expect("an incident is opened before its first step")
    }

    fn act(&mut self, by: Actor, action: TicketAction) {
        if let TicketAction::Assign { agent: Some(agent) } = action {
            self.introduce(PartyId::Agent(agent));
        }
        self.give(by, Wish::Do(action));
    }

    fn give(&mut self, by: Actor, wish: Wish) {
        match by {
            Actor::Contact(contact) => self.introduce(PartyId::Contact(contact)),
            Actor::Agent(agent) => self.introduce(PartyId::Agent(agent)),
            Actor::System => {}
        }
        self.push(by, wish);
    }

    /// Saves somebody of whom the desk has not heard.
    fn introduce(&mut self, id: PartyId) {
        if !self.host.known.insert(id) {
            return;
        }
        let name = self.host.log.kind.name_of(id);
        let party = match id {
            PartyId::Agent(_) => Party::Agent(Agent::new(name)),
            _ => Party::Contact(Contact::new(name)),
        };
        self.push(Actor::System, Wish::Save(id, Box::new(party)));
    }

    fn push(&mut self, by: Actor, wish: Wish) {
        let (incident, step) = (self.step.incident, self.index);
        let name = &self.host.log.incidents[incident].number;
        let name = format!("{name}/{}/{}", self.place, self.orders.len());
        let hash = blake3::hash(name.as_bytes());
        let half = hash.as_bytes()[..16].try_into().expect("a hash has 32 bytes");
        let key = CommandId(u128::from_be_bytes(half));
        self.orders.push(Order { incident, step, key, at: self.at, by, wish });
    }
}

#[cfg(test)]
mod tests;
