//! The four things that a customer must always be told: what it costs, what is being done, what
//! comes next, when it will be done.

mod words;

use firstline_sla::{
    Agreement, Clock, ClockKey, LocalTime, Measure, Metric, Phase, Timestamp, Tongue, WallClock,
};

use crate::id::{Currency, TicketId};
use crate::label::Label;
use crate::lifecycle::usual_wording;
use crate::people::{Contract, Left};
use crate::rulebook::Rulebook;
use crate::ticket::{Approval, HoldReason, Status, Ticket};

/// What a customer is to be told of a ticket, as data. [`text`](Self::text) says it in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// What it costs so far beyond what the contract includes, in minor units by currency. Empty:
    /// nothing.
    pub cost: Vec<(Currency, u64)>,
    /// How many minutes were worked on it.
    pub minutes: u64,
    /// What is being done.
    pub doing: Doing,
    /// What its status is called, on a desk with a lifecycle of its own.
    pub status: Option<Label>,
    /// What comes next.
    pub next: Next,
    /// When it will be done.
    pub done: When,
    /// What is left of what the contract includes in its present period, if it does so anew in each.
    pub left: Vec<Left>,
    /// When that period ends.
    pub left_until: Option<At>,
}

/// What is being done about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doing {
    /// It has arrived.
    Arrived,
    /// It waits for somebody to take it up again.
    Queued,
    /// Somebody works on it.
    Working,
    /// It waits for the customer.
    WaitingForCustomer,
    /// It waits for somebody else.
    WaitingFor(HoldReason),
    /// It is done, as the desk sees it.
    Resolved,
    /// It is done.
    Closed,
    /// It goes on as a part of another ticket.
    Merged(TicketId),
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// An answer of the desk, by then.
    Answer(At),
    /// An answer of the desk, which was to come by then and is late.
    AnswerLate(At),
    /// What an agent promised, by then.
    Promised(At),
    /// What an agent promised, which was to come by then and is late.
    PromisedLate(At),
    /// A signature under this.
    Signature(String),
    /// An answer of the customer.
    CustomerAnswers,
    /// The work goes on.
    Work,
    /// The work goes on when what somebody else owes is there.
    AfterTheWait,
    /// The customer says whether it is done.
    CustomerConfirms,
    /// Nothing.
    Nothing,
    /// What comes next is told of the ticket that it was merged into.
    ToldThere,
}

/// When it will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// It is.
    Done,
    /// By then.
    By(At),
    /// It was to be done by then, and is late.
    Late(At),
    /// The time stands still until the wait is over.
    AfterTheWait,
    /// Nobody promised.
    NotPromised,
}

/// A moment, with what a clock on the wall shows: that of the promise, or [that of the
/// reader](Brief::read_by).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The moment.
    pub at: Timestamp,
    /// On the wall.
    pub local: LocalTime,
}

/// What a customer is to be told of a ticket now. What was merged into it costs with it. Only what was
/// promised to customers counts: not what lines or vendors agreed on.
///
/// ```
/// use firstline_core::{Actor, ContactId, OpenTicket, Rulebook, TicketAction, Tongue, brief, carry_out};
///
/// let rulebook = Rulebook::from_toml(
///     r#"
///     name = "Northwind support"
///     [[lines]]
///     id = "L1"
///     [[policies]]
///     name = "standard"
///     calendar = "always"
///     [policies.targets.first_reply]
///     within = "4h"
///     [policies.targets.resolution]
///     within = "24h"
///     "#,
///     "desk.toml",
/// )?;
/// let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
/// let open = TicketAction::Open(Box::new(request));
/// let now = "2026-03-02T09:00:00Z".parse()?;
/// let turn = carry_out(None, &open, Actor::Contact(ContactId(1)), &rulebook, now)?;
/// assert_eq!(
///     brief(&turn.ticket, &rulebook, now).text(Tongue::English),
///     "Nothing is charged so far. Your request has arrived. \
///      You get an answer by Mon 2 Mar 2026 13:00. It is to be done by Tue 3 Mar 2026 09:00."
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn brief(ticket: &Ticket, rulebook: &Rulebook, now: Timestamp) -> Brief {
    let worked = ticket.all_worked();
    Brief {
        cost: worked.cost.into_iter().collect(),
        minutes: worked.minutes,
        doing: doing(ticket),
        status: status(ticket, rulebook),
        next: next(ticket, rulebook, now),
        done: done(ticket, rulebook, now),
        left: Vec::new(),
        left_until: None,
    }
}

/// In the default lifecycle the status says no more than what is being done, and neither does one that
/// is called as there.
fn status(ticket: &Ticket, rulebook: &Rulebook) -> Option<Label> {
    let place = ticket.place.as_ref().filter(|_| ticket.merged.is_none())?;
    let life = rulebook.lifecycle(ticket);
    let known = life.statuses().iter().find(|status| status.id == place.status)?;
    let usual = [usual_wording(known.category), Label::plain(known.category.as_str())];
    (!usual.contains(&known.wording)).then(|| known.wording.clone())
}

fn doing(ticket: &Ticket) -> Doing {
    if let Some(merged) = &ticket.merged {
        return Doing::Merged(merged.into);
    }
    match (ticket.status, ticket.hold) {
        (Status::New, _) => Doing::Arrived,
        (Status::Open, _) if ticket.assignee.is_none() => Doing::Queued,
        (Status::Open, _) => Doing::Working,
        (Status::Pending, _) => Doing::WaitingForCustomer,
        (Status::OnHold, hold) => Doing::WaitingFor(hold.unwrap_or(HoldReason::ThirdParty)),
        (Status::Resolved, _) => Doing::Resolved,
        (Status::Closed, _) => Doing::Closed,
    }
}

fn next(ticket: &Ticket, rulebook: &Rulebook, now: Timestamp) -> Next {
    match ticket.status {
        _ if ticket.merged.is_some() => return Next::ToldThere,
        Status::Closed => return Next::Nothing,
        Status::Resolved => return Next::CustomerConfirms,
        _ => {}
    }
    let promised = first(ticket, rulebook, |key| matches!(key.measure, Measure::Promise(_)));
    let answer = first(ticket, rulebook, |key| {
        let replies = [Metric::FirstReply, Metric::NextReply, Metric::PeriodicUpdate];
        key.metric().is_some_and(|metric| replies.contains(&metric))
    });
    let comes = match (promised, answer) {
        (Some(promised), answer) if answer.is_none_or(|answer| promised.at <= answer.at) => {
            if promised.at < now {
                return Next::PromisedLate(promised);
            }
            Some(Next::Promised(promised))
        }
        // A time that is past is no time by which anything comes.
        (_, Some(answer)) if answer.at < now => return Next::AnswerLate(answer),
        (_, Some(answer)) => Some(Next::Answer(answer)),
        _ => None,
    };
    // What the customer is to sign goes before what comes in time. What an agent is to sign is the
    // desk's own affair.
    let is_asked = |it: &&Approval| it.is_waited_for() && !it.is_of_agent();
    match (ticket.approvals.iter().find(is_asked), comes) {
        (Some(asked), _) => Next::Signature(asked.what.clone()),
        (None, Some(comes)) => comes,
        _ if ticket.status == Status::Pending => Next::CustomerAnswers,
        _ if ticket.status == Status::OnHold => Next::AfterTheWait,
        _ => Next::Work,
    }
}

fn done(ticket: &Ticket, rulebook: &Rulebook, now: Timestamp) -> When {
    if !ticket.status.is_open() {
        return When::Done;
    }
    let is_whole = |key: &ClockKey| {
        let whole = [Metric::FirstResolution, Metric::Resolution, Metric::RequesterWait];
        key.metric().is_some_and(|metric| whole.contains(&metric))
    };
    let live = || live(ticket).filter(|(key, _)| is_whole(key));
    if let Some(due) = first(ticket, rulebook, is_whole) {
        let is_missed =
            live().any(|(_, clock)| clock.due() == Some(due.at) && clock.breach.is_some());
        return if is_missed || due.at < now { When::Late(due) } else { When::By(due) };
    }
    // What is late stays late while the time stands still.
    let missed = live().filter_map(|(_, clock)| Some((clock.breach?.at, &clock.pin)));
    let missed = missed
        .min_by_key(|(at, _)| *at)
        .and_then(|(at, pin)| Some(At { at, local: rulebook.calendar(pin)?.local_time(at) }));
    if let Some(missed) = missed {
        return When::Late(missed);
    }
    match live().any(|(_, clock)| matches!(clock.phase, Phase::Paused { .. })) {
        true => When::AfterTheWait,
        false => When::NotPromised,
    }
}

/// What was promised to the customer and is neither kept nor given up.
fn live(ticket: &Ticket) -> impl Iterator<Item = (&ClockKey, &Clock)> {
    let clocks = ticket.clocks.iter();
    clocks.filter(|(key, clock)| key.agreement == Agreement::Sla && clock.is_live())
}

/// When the first of some promises is due.
fn first(ticket: &Ticket, rulebook: &Rulebook, which: impl Fn(&ClockKey) -> bool) -> Option<At> {
    let due = live(ticket).filter(|(key, _)| which(key));
    let due = due.filter_map(|(_, clock)| Some((clock.due()?, &clock.pin)));
    let (at, pin) = due.min_by_key(|(at, _)| *at)?;
    Some(At { at, local: rulebook.calendar(pin)?.local_time(at) })
}

impl Brief {
    /// The same of a ticket under a contract, with what is left of what that includes.
    #[must_use]
    pub fn under(mut self, contract: &Contract, now: Timestamp) -> Self {
        self.left = contract.left_at(now);
        self.left_until = self
            .left
            .first()
            .map(|left| At { at: left.until, local: contract.clock().local_time(left.until) });
        self
    }

    /// The same with its times as a clock on the reader's wall shows them.
    #[must_use]
    pub fn read_by(mut self, clock: WallClock) -> Self {
        let next = match &mut self.next {
            Next::Answer(at)
            | Next::AnswerLate(at)
            | Next::Promised(at)
            | Next::PromisedLate(at) => Some(at),
            _ => None,
        };
        let done = match &mut self.done {
            When::By(at) | When::Late(at) => Some(at),
            _ => None,
        };
        for shown in [next, done, self.left_until.as_mut()].into_iter().flatten() {
            shown.local = clock.local_time(shown.at);
        }
        self
    }

    /// The four things in a sentence each, and in one more each what is left of what the contract
    /// includes anew, and what the status is called if it has a name of the desk's own.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        let status = self.status.as_ref().map(|status| words::status(status, tongue));
        let until = self.left_until.as_ref().filter(|_| !self.left.is_empty());
        let left = until.map(|until| words::left(&self.left, until, tongue));
        let said = [
            Some(words::cost(&self.cost, self.minutes, tongue)),
            left,
            Some(words::doing(self.doing, tongue)),
            status,
            Some(words::next(&self.next, tongue)),
            Some(words::done(&self.done, tongue)),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
