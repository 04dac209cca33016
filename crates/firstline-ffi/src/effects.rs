//! What the desk asks of its host.

use std::ffi::c_char;
use std::time::Duration;

use firstline::{Desk, Failed, HandOut};

use crate::answer;
use crate::desk::{DeskObject, answer as answer_as_json, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::input::{moment, numbers, text};
use crate::output::fl_buffer;
use crate::status::fl_status;

/// Hands out what is to be done now: to tell somebody, to ring for somebody. A JSON list of
/// `{"record", "recorded_at", "attempt", "leased_until", "effect": {"id", "ticket", "scheduled_at",
/// "kind"}}`.
///
/// Do each under its `id`, which is the same at every attempt, then acknowledge its `record`, or report
/// that it failed. Each comes at least once: again when its lease ends before that. Effects of one ticket
/// come in their order, the next one when the one before is done, so ask until the list is empty. At most
/// `limit` come at once, and at most 10,000; each is left to the caller for `lease_ms`, and handed out
/// `attempts` times before it is given up; 0 stands for the usual 50, 300,000 and 10.
///
/// Errors: `FL_STATUS_REFUSED` for a moment outside of the years 1970 to 9999; those of the disk. Threads: any, as many workers as you like. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_effects(
    desk: *const fl_desk,
    now_ms: i64,
    limit: usize,
    lease_ms: u64,
    attempts: u32,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let usual = HandOut::default();
        let order = HandOut {
            limit: if limit == 0 { usual.limit } else { limit },
            lease: if lease_ms == 0 { usual.lease } else { Duration::from_millis(lease_ms) },
            attempts: if attempts == 0 { usual.attempts } else { attempts },
        };
        let deliveries = desk.effects(order, moment("now_ms", now_ms)?)?;
        Ok(deliveries.into_iter().map(answer::delivery).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_effects", desk, out, error, look) }
}

/// Closes effects for ever, each named by its record, in one commit. `*done`, which may be null, is how
/// many of them were open: to say it again does no harm.
///
/// Errors: those of the disk. All of them are still open then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_acknowledge(
    desk: *const fl_desk,
    records: *const u64,
    records_length: usize,
    done: *mut u64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        // SAFETY: the caller vouches for the numbers.
        let records = unsafe { numbers("records", records, records_length) }?;
        let acknowledged = object.desk.acknowledge(records)?;
        // SAFETY: the caller vouches that it is null or a place for a number.
        if let Some(done) = unsafe { done.as_mut() } {
            *done = acknowledged as u64;
        }
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_acknowledge", desk, error, run) }
}

/// Takes note that an attempt failed, and why. It is tried again after `retry_ms`; a negative number
/// makes a dead letter of it.
///
/// Errors: `FL_STATUS_NOT_FOUND` if it was acknowledged, or handed out again since; `FL_STATUS_REFUSED` as
/// for `fl_desk_effects`; those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_fail(
    desk: *const fl_desk,
    record: u64,
    attempt: u32,
    reason: *const c_char,
    reason_length: usize,
    retry_ms: i64,
    now_ms: i64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        // SAFETY: the caller vouches for the text.
        let reason = unsafe { text("reason", reason, reason_length) }?.to_owned();
        let retry = u64::try_from(retry_ms).ok().map(Duration::from_millis);
        let failed = Failed { record, attempt, reason, retry };
        if object.desk.fail(&failed, moment("now_ms", now_ms)?)? {
            return Ok(fl_status::Ok);
        }
        let message = format!("there is no effect of record {record} at attempt {attempt}");
        Err(unknown_effect(message, record))
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_fail", desk, error, run) }
}

fn unknown_effect(message: String, record: u64) -> Failure {
    let failure = Failure::new(fl_status::NotFound, message).of_kind("unknown_effect".to_owned());
    failure.with(|detail| detail.record = Some(record))
}

/// Gives a dead letter new attempts.
///
/// Errors: `FL_STATUS_NOT_FOUND` if there is none of this record; `FL_STATUS_REFUSED` as for
/// `fl_desk_effects`; those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_requeue(
    desk: *const fl_desk,
    record: u64,
    now_ms: i64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        if object.desk.requeue(record, moment("now_ms", now_ms)?)? {
            return Ok(fl_status::Ok);
        }
        Err(unknown_effect(format!("there is no dead letter of record {record}"), record))
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_requeue", desk, error, run) }
}

/// What is not acknowledged yet, dead letters among it, in the order of its records: those after record
/// `after`, at most `limit` and at most 10,000. A JSON list of `{"record", "ticket", "attempts", "standing", "due",
/// "reason"}`; `standing` is `due`, `waiting` or `dead`.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_open_effects(
    desk: *const fl_desk,
    after: u64,
    limit: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        let open = desk.open_effects(after, limit)?;
        Ok(open.into_iter().map(answer::open_effect).collect::<Vec<_>>())
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_open_effects", desk, out, error, look) }
}
