//! Why something is as it is, and what will come of it.

use std::collections::BTreeSet;
use std::ffi::c_char;

use firstline::{AgentId, ClockKey, Desk, TicketId, Tongue};

use crate::answer;
use crate::desk::{answer as answer_as_json, fl_desk};
use crate::error::{Failure, fl_error};
use crate::input::{NEVER, moment, numbers, optional_text, text, tongue};
use crate::output::fl_buffer;
use crate::status::fl_status;

/// The account of one promise: where its time went, span by span, why, and what would have kept it. Its
/// `text` says it in words.
///
/// `clock` is such as `first_reply` or `ola.line_time`; `cycle` its run from 1, 0 for the last; `at_ms`
/// the moment at which it is looked at, at most ten years ahead, `FL_NEVER` for now; `language` `en` or
/// `ru`, null for `en`.
///
/// Errors: `FL_STATUS_NOT_FOUND` for a ticket or clock; `FL_STATUS_ARGUMENT` for what is no clock, no
/// language or no such moment; those of the disk. Threads: any. Since 0.1.
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
            NEVER => desk.explain(id, clock, run),
            at => desk.explain_at(id, clock, run, moment("at_ms", at)?),
        }?;
        Ok(answer::account(account, tongue))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_explain", desk, out, error, look) }
}

/// The four things that a customer is to be told of a ticket: what it costs, what is being done, what
/// comes next, when it will be done. `text` says them in the language, `en` or `ru`, null for `en`.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_ARGUMENT` for another language, those of the disk. Threads: any. Since 0.1.
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

/// What a ticket will do by itself until `until_ms`, if nothing happens: when it warns, breaks its
/// promises, climbs its ladders, rings for whom. `{"nothing_before", "events", "is_cut"}`: at most some
/// thousand events, and whether more follow. Nothing is changed by asking.
///
/// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_ARGUMENT` for what is no moment, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_forecast(
    desk: *const fl_desk,
    ticket: u64,
    until_ms: i64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let horizon = moment("until_ms", until_ms)?;
        Ok(answer::foresight(desk.forecast(TicketId(ticket), horizon)?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_forecast", desk, out, error, look) }
}

/// Why a rule or macro of the rulebook did not fire when something last happened to a ticket, or why it
/// did: `{"rule", "how", "conditions", "skipped", "text"}`, each clause with what it found.
///
/// Errors: `FL_STATUS_NOT_FOUND` for a ticket or rule, those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_why_not(
    desk: *const fl_desk,
    ticket: u64,
    rule: *const c_char,
    rule_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let rule = unsafe { text("rule", rule, rule_length) }?;
        Ok(answer::why_not(desk.why_not(rule, TicketId(ticket))?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_why_not", desk, out, error, look) }
}

/// Who would get a ticket among these agents, and why not the others: `{"chosen", "passed_over",
/// "excluded", "text"}`. `text` says it in the language, `en` or `ru`, null for `en`. Nothing is changed
/// by asking; the command `route` gives it.
///
/// Errors: `FL_STATUS_NOT_FOUND` for a ticket or agent, `FL_STATUS_ARGUMENT` for another language, those
/// of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_choose_agent(
    desk: *const fl_desk,
    ticket: u64,
    agents: *const u64,
    agents_length: usize,
    language: *const c_char,
    language_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the numbers and the text.
        let (agents, tongue) = unsafe {
            let agents = numbers("agents", agents, agents_length)?;
            (agents, tongue_of(language, language_length)?)
        };
        let among: BTreeSet<AgentId> = agents.iter().copied().map(AgentId).collect();
        Ok(answer::choice(&desk.choose_agent(TicketId(ticket), &among)?, tongue))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_choose_agent", desk, out, error, look) }
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
