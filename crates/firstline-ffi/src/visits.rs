//! What answers are worth: who came with which question, and whether a ticket followed.

use std::ffi::c_char;
use std::ops::Range;
use std::time::Duration;

use firstline::{ArticleId, Desk, Step, TicketId, Timestamp, Visitor};
use serde::Deserialize;

use crate::answer;
use crate::desk::{DeskObject, answer as answer_as_json, done, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::input::{moment, parse, text};
use crate::knowledge::SearchQuestion;
use crate::output::fl_buffer;
use crate::status::fl_status;

/// Searches for a visitor, and takes that down as a step of a visit: by a number that the host has for
/// the visit. A JSON list of hits as `fl_desk_search` gives them; none for whoever belongs to the
/// `hold_out_percent` of `fl_desk_options`, so that it can be told what answers are worth.
///
/// `visitor` is JSON, `{"contact": 1}` or `{"guest": 17}` with a number of the host's, such as of a
/// cookie; the question is that of `fl_desk_search`. A guest sees what is public and a contact what is for
/// customers as well, whatever audience the question says; `only_audience` narrows that. An empty question
/// finds nothing and is not taken down.
///
/// Errors: those of `fl_desk_search`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_answer(
    desk: *const fl_desk,
    visit: u64,
    visitor: *const c_char,
    visitor_length: usize,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for both texts.
        let (visitor, question) =
            unsafe { asked(visitor, visitor_length, question, question_length) }?;
        let hits = desk.answer(visit, visitor, &question.question())?;
        Ok(answer::hits(hits))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_answer", desk, out, error, look) }
}

/// `fl_desk_answer` with all that a page of results shows beside the hits, as `fl_desk_search` gives it; none
/// of it for the hold-out. What is listed without a question is shown to all and not taken down.
///
/// Errors: those of `fl_desk_answer`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_answer_page(
    desk: *const fl_desk,
    visit: u64,
    visitor: *const c_char,
    visitor_length: usize,
    question: *const c_char,
    question_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for both texts.
        let (visitor, question) =
            unsafe { asked(visitor, visitor_length, question, question_length) }?;
        Ok(answer::results(desk.answer_page(visit, visitor, &question.question())?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_answer_page", desk, out, error, look) }
}

/// Who asks, and what.
///
/// # Safety
///
/// As for [`text`].
unsafe fn asked(
    visitor: *const c_char,
    visitor_length: usize,
    question: *const c_char,
    question_length: usize,
) -> Result<(Visitor, SearchQuestion), Failure> {
    // SAFETY: the caller vouches for it.
    let (visitor, question) = unsafe {
        let visitor = text("visitor", visitor, visitor_length)?;
        (visitor, text("question", question, question_length)?)
    };
    Ok((parse("visitor", visitor)?, parse("question", question)?))
}

/// What happened in a visit beside its questions, which `fl_desk_answer` takes down.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoteStep {
    /// An article was opened.
    Viewed(ArticleId),
    /// The visitor said whether it helped.
    Helped(bool),
    /// The visitor wrote this ticket.
    Wrote(TicketId),
}

impl From<NoteStep> for Step {
    fn from(step: NoteStep) -> Self {
        match step {
            NoteStep::Viewed(article) => Self::Viewed(article),
            NoteStep::Helped(helped) => Self::Helped(helped),
            NoteStep::Wrote(ticket) => Self::Wrote(ticket),
        }
    }
}

/// Takes down what became of the last question of a visit. `step` is JSON: `{"viewed": 7}` for an article that was opened,
/// `{"helped": true}` for what the visitor said of it, `{"wrote": 42}` for a ticket of somebody whom the
/// desk does not know as a contact. One of them at a time.
///
/// Errors: `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_note(
    desk: *const fl_desk,
    visit: u64,
    step: *const c_char,
    step_length: usize,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for the text and `error`.
    unsafe {
        done("fl_desk_note", desk, error, |desk| {
            let step: NoteStep = parse("step", text("step", step, step_length)?)?;
            Ok(desk.note(visit, step.into())?)
        })
    }
}

/// The questions that were asked from `from_ms` until before `to_ms`, each with the first ticket that its
/// visitor wrote after it, as a JSON list.
///
/// Errors: `FL_STATUS_ARGUMENT`, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_visits(
    desk: *const fl_desk,
    from_ms: i64,
    to_ms: i64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let visits = desk.visits(within(from_ms, to_ms)?)?;
        Ok(visits.into_iter().map(answer::visit).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_visits", desk, out, error, look) }
}

/// What answers were worth from `from_ms` until before `to_ms`: `{"visits", "potential", "confirmed",
/// "ticket_rate", "held_out_rate", "prevented"}`. A ticket counts if it came within `window_ms` of the
/// question.
///
/// Errors: those of `fl_desk_visits`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_deflection(
    desk: *const fl_desk,
    from_ms: i64,
    to_ms: i64,
    window_ms: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let (within, window) = (within(from_ms, to_ms)?, Duration::from_millis(window_ms));
        Ok(answer::deflection(desk.deflection(within, window)?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_deflection", desk, out, error, look) }
}

/// The list that whoever keeps the knowledge works from, of the same visits: `{"unanswered", "popular",
/// "unhelpful"}`.
///
/// Errors: those of `fl_desk_visits`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_gaps(
    desk: *const fl_desk,
    from_ms: i64,
    to_ms: i64,
    window_ms: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let (within, window) = (within(from_ms, to_ms)?, Duration::from_millis(window_ms));
        Ok(answer::gaps(desk.gaps(within, window)?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_gaps", desk, out, error, look) }
}

/// Takes steps of visits before a moment out of the log, for good. `*done`, which may be null, is how
/// many they were. Nothing but figures depends on them.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_forget_visits(
    desk: *const fl_desk,
    before_ms: i64,
    done: *mut u64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        let forgotten = object.desk.forget_visits(moment("before_ms", before_ms)?)?;
        // SAFETY: the caller vouches that it is null or a place for a number.
        if let Some(done) = unsafe { done.as_mut() } {
            *done = forgotten;
        }
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_forget_visits", desk, error, run) }
}

fn within(from_ms: i64, to_ms: i64) -> Result<Range<Timestamp>, Failure> {
    Ok(moment("from_ms", from_ms)?..moment("to_ms", to_ms)?)
}
