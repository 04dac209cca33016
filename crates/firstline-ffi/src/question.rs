//! Questions about tickets. They change nothing and run beside whoever writes.

use std::ffi::c_char;

use firstline::{
    AgentId, Asked, Asking, ClockKey, Cursor, Desk, Role, Sort, TicketFilter, TicketId,
    TicketQuery, Timestamp, Tongue, WallClock,
};
use serde::Deserialize;

use crate::answer;
use crate::desk::{DeskObject, answer as answer_as_json, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::input::{NEVER, moment, optional_text, parse, text, tongue};
use crate::output::{fl_buffer, needs};
use crate::status::fl_status;

/// Which tickets.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TicketsQuestion {
    filter: String,
    me: Option<AgentId>,
    now: Option<Timestamp>,
    time_zone: Option<String>,
    sort: Order,
    after: Option<Cursor>,
    limit: Option<usize>,
    seen_by: Reader,
}

/// Who reads the answer.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reader {
    Contact,
    #[default]
    Agent,
}

impl Reader {
    const fn role(self) -> Role {
        match self {
            Self::Contact => Role::Contact,
            Self::Agent => Role::Agent,
        }
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Newest,
    Due,
    Priority,
    Updated,
}

impl From<Order> for Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Newest => Self::Newest,
            Order::Due => Self::Due,
            Order::Priority => Self::Priority,
            Order::Updated => Self::Updated,
        }
    }
}

impl TicketsQuestion {
    fn asking(&self, desk: &Desk) -> Result<Asking, Failure> {
        let clock = match &self.time_zone {
            Some(zone) => WallClock::of(zone)?,
            None => WallClock::utc(),
        };
        Ok(Asking { now: self.now.unwrap_or_else(|| desk.now()), me: self.me, clock })
    }

    fn asked(&self, desk: &Desk) -> Result<Asked, Failure> {
        let read = desk.rulebook().read_filter(&self.filter, &self.asking(desk)?);
        Ok(read.map_err(firstline::Error::from)?)
    }

    fn query(&self, filter: TicketFilter) -> TicketQuery {
        let usual = TicketQuery::default();
        let limit = self.limit.unwrap_or(usual.limit);
        TicketQuery { filter, sort: self.sort.into(), after: self.after.clone(), limit }
    }
}

/// A question about tickets, of which none need be asked: null stands for `{}`.
unsafe fn tickets_question(
    pointer: *const c_char,
    length: usize,
) -> Result<TicketsQuestion, Failure> {
    // SAFETY: the caller vouches for the text.
    let json = unsafe { optional_text("question", pointer, length) }?;
    json.map_or_else(|| Ok(TicketsQuestion::default()), |json| parse("question", json))
}

/// A ticket as it is: `{"number", "version", "seq", "due", "ticket"}`. `due` is when the first of its
/// running promises is due, or null.
///
/// Errors: `FL_STATUS_NOT_FOUND`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_ticket(
    desk: *const fl_desk,
    ticket: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let id = TicketId(ticket);
        let stored = desk.ticket(id)?.ok_or(firstline::Refusal::UnknownTicket(id))?;
        Ok(answer::stored(id, stored))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_ticket", desk, out, error, look) }
}

/// Tickets that match, sorted and a page at a time: `{"tickets", "next", "words"}`.
///
/// The question is JSON, or null for the newest: `{"filter": "status:open priority>=high due<2h",
/// "me": 7, "now": 1772442000000, "time_zone": "Europe/Berlin", "sort": "due", "after": "...",
/// "limit": 50}`, all of it optional. `me`, `now` and `time_zone` say what the filter means by these
/// words and by its dates; `sort` is `newest`, `due`, `priority` or `updated`; `after` is the `next` of
/// the page before. `words` are those of the filter that stand beside its fields: tickets are found
/// in whose conversations they are. With `"seen_by": "contact"` the desk's own notes are not searched.
///
/// Errors: `FL_STATUS_BAD_QUERY`, `FL_STATUS_BAD_JSON`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_tickets(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let question = unsafe { tickets_question(question, question_length) }?;
        let asked = question.asked(desk)?;
        let filter = desk.narrow(&asked, question.seen_by.role())?;
        Ok(answer::page(desk.tickets(&question.query(filter))?, &asked.words))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_tickets", desk, out, error, look) }
}

/// How many tickets match a question of `fl_desk_tickets`, on all its pages.
///
/// Errors: those of `fl_desk_tickets`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_count(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    count: *mut u64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("count", count)?;
        // SAFETY: the caller vouches for the text.
        let question = unsafe { tickets_question(question, question_length) }?;
        let asked = question.asked(&object.desk)?;
        let found = object.desk.count(&object.desk.narrow(&asked, question.seen_by.role())?)?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { count.write(found) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_count", desk, error, run) }
}

/// The views of the rulebook as a JSON list of `{"name", "filter", "tickets"}`, for whoever asks: the
/// question is as for `fl_desk_tickets`, of which `me`, `now` and `time_zone` count.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_views(
    desk: *const fl_desk,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let asking = unsafe { tickets_question(question, question_length) }?.asking(desk)?;
        Ok(desk.views(&asking)?.into_iter().map(answer::view).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_views", desk, out, error, look) }
}

/// All that happened to a ticket, oldest first, as a JSON list of records.
///
/// Errors: `FL_STATUS_NOT_FOUND`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_timeline(
    desk: *const fl_desk,
    ticket: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| Ok(desk.timeline(TicketId(ticket))?);
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_timeline", desk, out, error, look) }
}

/// Records of the whole desk after record `after`, oldest first, at most `limit`, as a JSON list: the
/// feed that a host follows. `after` is the `seq` of the last one it has seen, 0 for none.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_records(
    desk: *const fl_desk,
    after: u64,
    limit: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| Ok(desk.records(after, limit)?);
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_records", desk, out, error, look) }
}

/// The account of one promise: where its time went, span by span, why, and what would have kept it. Its
/// `text` says it in words.
///
/// `clock` is such as `first_reply` or `ola.line_time`; `cycle` its run from 1, 0 for the last; `at_ms`
/// the moment at which it is looked at, `FL_NEVER` for now; `language` `en` or `ru`, null for `en`.
///
/// Errors: `FL_STATUS_NOT_FOUND` for a ticket or clock. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_explain(
    desk: *const fl_desk,
    ticket: u64,
    clock: *const c_char,
    clock_length: usize,
    cycle: u32,
    at_ms: i64,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for both texts.
        let (clock, tongue) = unsafe {
            let clock = text("clock", clock, clock_length)?;
            (clock, tongue_of(language, language_length)?)
        };
        let clock: ClockKey = clock
            .parse()
            .map_err(|error| Failure::argument("clock", &format!("is none: {error}")))?;
        let (id, run) = (TicketId(ticket), (cycle > 0).then_some(cycle));
        let account = match at_ms {
            NEVER => desk.explain(id, clock, run)?,
            at => desk.explain_at(id, clock, run, moment("at_ms", at)?)?,
        };
        Ok(answer::account(account, tongue))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_explain", desk, out, error, look) }
}

/// The four things that a customer is to be told of a ticket: what it costs, what is being done, what
/// comes next, when it will be done. `text` says them in the language, `en` or `ru`, null for `en`.
///
/// Errors: `FL_STATUS_NOT_FOUND`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_brief(
    desk: *const fl_desk,
    ticket: u64,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let tongue = unsafe { tongue_of(language, language_length) }?;
        Ok(answer::brief(&desk.brief(TicketId(ticket))?, tongue))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_brief", desk, out, error, look) }
}

/// The language of an answer.
///
/// # Safety
///
/// As for [`text`].
unsafe fn tongue_of(pointer: *const c_char, length: usize) -> Result<Tongue, Failure> {
    // SAFETY: the caller vouches for it.
    tongue(unsafe { optional_text("language", pointer, length) }?)
}
