//! Alarms: what becomes true by itself. No thread of the library waits for it; the host calls.

use crate::desk::{DeskObject, fl_desk, with_desk};
use crate::error::fl_error;
use crate::input::{NEVER, moment};
use crate::output::needs;
use crate::status::fl_status;

/// What a wake-up did.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct fl_woken {
    /// How many tickets had something due.
    pub tickets: u64,
    /// How many records that made.
    pub records: u64,
    /// When to wake the desk again, in milliseconds since 1970; `FL_NEVER` if nothing is due until
    /// something happens.
    pub next_ms: i64,
}

/// When the desk next wants `fl_desk_handle_timeout` to be called, in milliseconds since 1970;
/// `FL_NEVER` if nothing is due until something happens.
///
/// A soft deadline: earlier is harmless, later is noticed and changes no fact. Any command may change
/// it.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_poll_timeout(
    desk: *const fl_desk,
    at_ms: *mut i64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("at_ms", at_ms)?;
        let next = object.desk.poll_timeout()?.map_or(NEVER, |at| at.as_millis());
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { at_ms.write(next) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_poll_timeout", desk, error, run) }
}

/// Notices what became true until `now_ms`: warnings, breaches, steps of ladders. Touches only the
/// tickets that have something due. `woken` may be null.
///
/// Errors: `FL_STATUS_REFUSED` for a moment outside of the years 1970 to 9999; those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_handle_timeout(
    desk: *const fl_desk,
    now_ms: i64,
    woken: *mut fl_woken,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        let done = object.desk.handle_timeout(moment("now_ms", now_ms)?)?;
        object.tell_of_effects();
        // SAFETY: the caller vouches that it is null or a place for one.
        if let Some(woken) = unsafe { woken.as_mut() } {
            *woken = fl_woken {
                tickets: done.tickets as u64,
                records: done.records as u64,
                next_ms: done.next.map_or(NEVER, |at| at.as_millis()),
            };
        }
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_handle_timeout", desk, error, run) }
}
