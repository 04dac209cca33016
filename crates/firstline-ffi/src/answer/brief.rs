//! What a customer is told of a ticket.

use firstline::{At, Brief, Doing, HoldReason, Left, Next, TicketId, Timestamp, Tongue, When};
use serde::Serialize;

/// The four things that a customer is to be told.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct BriefAnswer {
    /// What it costs beyond what the contract includes. None: nothing.
    cost: Vec<CostAnswer>,
    /// How many minutes were worked on it.
    minutes: u64,
    /// What is being done.
    doing: DoingAnswer,
    /// What its status is called, on a desk with a lifecycle of its own.
    status: Option<String>,
    /// What comes next.
    next: NextAnswer,
    /// When it will be done.
    done: WhenAnswer,
    /// What is left of what the contract includes in its present period, if it does so anew in each.
    left: Vec<Left>,
    /// The four things as four sentences.
    text: String,
}

/// An amount of money.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CostAnswer {
    /// ISO 4217, such as `EUR`.
    currency: String,
    /// How much, such as cents.
    minor_units: u64,
}

/// What is being done about a request.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum DoingAnswer {
    /// It has arrived.
    Arrived,
    /// It waits for somebody to take it up again.
    Queued,
    /// Somebody works on it.
    Working,
    /// It waits for the customer.
    WaitingForCustomer,
    /// It waits for somebody else.
    WaitingFor {
        /// For whom or what.
        hold: HoldReason,
    },
    /// It is done, as the desk sees it.
    Resolved,
    /// It is done.
    Closed,
    /// It goes on as a part of another ticket.
    Merged {
        /// Of which.
        ticket: TicketId,
    },
    /// Something that this version of the answer has no word for.
    Other,
}

/// What comes next.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum NextAnswer {
    /// An answer of the desk, by then.
    Answer {
        /// When.
        at: Timestamp,
        /// What a clock on the wall of the desk shows then.
        local: String,
    },
    /// An answer of the desk, which was to come by then and is late.
    AnswerLate {
        /// When.
        at: Timestamp,
        /// What a clock on the wall of the desk showed then.
        local: String,
    },
    /// What an agent promised, by then.
    Promised {
        /// When.
        at: Timestamp,
        /// What a clock on the wall of the desk shows then.
        local: String,
    },
    /// What an agent promised, which was to come by then and is late.
    PromisedLate {
        /// When.
        at: Timestamp,
        /// What a clock on the wall of the desk showed then.
        local: String,
    },
    /// A signature.
    Signature {
        /// Under what.
        what: String,
    },
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
    /// Something that this version of the answer has no word for.
    Other,
}

/// When it will be done.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
enum WhenAnswer {
    /// It is.
    Done,
    /// By then.
    By {
        /// When.
        at: Timestamp,
        /// What a clock on the wall of the desk shows then.
        local: String,
    },
    /// It was to be done by then, and is late.
    Late {
        /// When.
        at: Timestamp,
        /// What a clock on the wall of the desk showed then.
        local: String,
    },
    /// The time stands still until the wait is over.
    AfterTheWait,
    /// Nobody promised.
    NotPromised,
    /// Something that this version of the answer has no word for.
    Other,
}

pub(crate) fn brief(brief: &Brief, tongue: Tongue) -> BriefAnswer {
    let cost = brief.cost.iter().map(|(currency, minor_units)| CostAnswer {
        currency: currency.to_string(),
        minor_units: *minor_units,
    });
    BriefAnswer {
        cost: cost.collect(),
        minutes: brief.minutes,
        doing: doing(brief.doing),
        status: brief.status.as_ref().map(|status| status.text(tongue).to_owned()),
        next: next(&brief.next),
        done: when(&brief.done),
        left: brief.left.clone(),
        text: brief.text(tongue),
    }
}

fn doing(doing: Doing) -> DoingAnswer {
    match doing {
        Doing::Arrived => DoingAnswer::Arrived,
        Doing::Queued => DoingAnswer::Queued,
        Doing::Working => DoingAnswer::Working,
        Doing::WaitingForCustomer => DoingAnswer::WaitingForCustomer,
        Doing::WaitingFor(hold) => DoingAnswer::WaitingFor { hold },
        Doing::Resolved => DoingAnswer::Resolved,
        Doing::Closed => DoingAnswer::Closed,
        Doing::Merged(ticket) => DoingAnswer::Merged { ticket },
        _ => DoingAnswer::Other,
    }
}

fn next(next: &Next) -> NextAnswer {
    match next {
        Next::Answer(At { at, local }) => NextAnswer::Answer { at: *at, local: local.to_string() },
        Next::Promised(At { at, local }) => {
            NextAnswer::Promised { at: *at, local: local.to_string() }
        }
        Next::AnswerLate(At { at, local }) => {
            NextAnswer::AnswerLate { at: *at, local: local.to_string() }
        }
        Next::PromisedLate(At { at, local }) => {
            NextAnswer::PromisedLate { at: *at, local: local.to_string() }
        }
        Next::Signature(what) => NextAnswer::Signature { what: what.clone() },
        Next::CustomerAnswers => NextAnswer::CustomerAnswers,
        Next::Work => NextAnswer::Work,
        Next::AfterTheWait => NextAnswer::AfterTheWait,
        Next::CustomerConfirms => NextAnswer::CustomerConfirms,
        Next::Nothing => NextAnswer::Nothing,
        _ => NextAnswer::Other,
    }
}

fn when(when: &When) -> WhenAnswer {
    match when {
        When::Done => WhenAnswer::Done,
        When::By(At { at, local }) => WhenAnswer::By { at: *at, local: local.to_string() },
        When::Late(At { at, local }) => WhenAnswer::Late { at: *at, local: local.to_string() },
        When::AfterTheWait => WhenAnswer::AfterTheWait,
        When::NotPromised => WhenAnswer::NotPromised,
        _ => WhenAnswer::Other,
    }
}
