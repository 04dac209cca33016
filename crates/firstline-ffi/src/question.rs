//! Questions about tickets. They change nothing and run beside whoever writes.

use std::ffi::c_char;

use firstline::{
    AgentId, Asked, Asking, Cursor, Desk, Role, Sort, TicketFilter, TicketId, TicketQuery,
    Timestamp, WallClock,
};
use serde::Deserialize;

use crate::answer::{self, Detail};
use crate::desk::{DeskObject, answer as answer_as_json, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::input::{optional_text, parse, text};
use crate::output::{fl_buffer, needs};
use crate::status::fl_status;

/// Which tickets.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct TicketsQuestion {
    /// As agents type it, such as `status:open priority>=high due<2h`.
    filter: String,
    /// Whom the filter means by `me`.
    me: Option<AgentId>,
    /// What it means by now; the desk's own time if nothing is said.
    now: Option<Timestamp>,
    /// Where its dates begin, by an IANA name; in UTC if nothing is said.
    time_zone: Option<String>,
    /// In which order.
    sort: Order,
    /// The `next` of the page before.
    after: Option<Cursor>,
    /// How many at most.
    limit: Option<usize>,
    /// Who reads the answer: of a contact's words the desk's own notes are none.
    seen_by: Reader,
}

/// Who reads the answer.
#[derive(Clone, Copy, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum Reader {
    /// Who asks for help.
    Contact,
    /// Who gives it.
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

/// An order of tickets.
#[derive(Clone, Copy, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// What is due first.
    Due,
    /// The most urgent first.
    Priority,
    /// What changed last first.
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
            Some(zone) => WallClock::of(zone).map_err(|error| {
                let failure = Failure::new(fl_status::BadQuery, error.to_string());
                failure
                    .of_kind("unknown_time_zone".to_owned())
                    .with(|detail| at(detail, "time_zone"))
            })?,
            None => WallClock::utc(),
        };
        Ok(Asking { now: self.now.unwrap_or_else(|| desk.now()), me: self.me, clock })
    }

    fn asked(&self, desk: &Desk) -> Result<Asked, Failure> {
        let read = desk.rulebook().read_filter(&self.filter, &self.asking(desk)?);
        let failed = |error| Failure::from(firstline::Error::Filter(error));
        read.map_err(|error| failed(error).with(|detail| at(detail, "filter")))
    }

    fn query(&self, filter: TicketFilter) -> TicketQuery {
        let usual = TicketQuery::default();
        let limit = self.limit.unwrap_or(usual.limit);
        TicketQuery { filter, sort: self.sort.into(), after: self.after.clone(), limit }
    }
}

/// Which part of the question it is that cannot be read.
fn at(detail: &mut Detail, path: &str) {
    (detail.argument, detail.path) = (Some("question".to_owned()), Some(path.to_owned()));
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
/// Errors: `FL_STATUS_NOT_FOUND`, those of the disk. Threads: any. Since 0.1.
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
/// A `limit` is taken as at least 1 and at most 1,000; 50 if nothing is said.
///
/// Errors: `FL_STATUS_BAD_QUERY` for a filter, a time zone or an `after` that is none;
/// `FL_STATUS_BAD_JSON`; `FL_STATUS_INDEX` for words; those of the disk. Threads: any. Since 0.1.
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
/// Errors: those of `fl_desk_tickets`. Threads: any. Since 0.1.
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
/// Errors: `FL_STATUS_NOT_FOUND`, those of the disk. Threads: any. Since 0.1.
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

/// What somebody sees of what happened to a ticket, oldest first: `[{"seq", "by", "event"}]`. `role` is
/// `contact` for who asks for help, who sees no notes and nothing of how the desk works, or `agent`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_ARGUMENT` for another role, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_timeline_seen_by(
    desk: *const fl_desk,
    ticket: u64,
    role: *const c_char,
    role_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let role = match unsafe { text("role", role, role_length) }? {
            "contact" => Role::Contact,
            "agent" => Role::Agent,
            _ => return Err(Failure::argument("role", "is neither `contact` nor `agent`")),
        };
        let seen = desk.timeline_seen_by(TicketId(ticket), role)?;
        Ok(seen.into_iter().map(answer::seen).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_timeline_seen_by", desk, out, error, look) }
}

/// Records of the whole desk after record `after`, oldest first, at most `limit` and at most 10,000, as a
/// JSON list: the feed that a host follows. `after` is the `seq` of the last one it has seen, 0 for none.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
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
