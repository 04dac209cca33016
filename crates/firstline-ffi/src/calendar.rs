//! Working time without JSON: tens of nanoseconds a question.

use std::ffi::c_char;
use std::sync::Arc;

use firstline::{Calendar, CalendarSpec, Pin, Timestamp, WorkTime};

use crate::desk::{DeskObject, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::guard::{catch, guard};
use crate::input::{NEVER, moment, numbers, parse, text};
use crate::output::needs;
use crate::registry::Registry;
use crate::status::fl_status;

/// Working hours in a time zone, compiled. Made by `fl_calendar_from_json` or `fl_desk_calendar`, freed
/// by `fl_calendar_free`. It never changes.
pub struct fl_calendar {
    _opaque: [u8; 0],
}

static CALENDARS: Registry<Calendar> = Registry::new();

/// Compiles a calendar from JSON, in the form that rulebooks have it: `{"time_zone": "Europe/Berlin",
/// "weekly": {"mon-fri": ["09:00-17:00"]}, "holidays": [...], "exceptions": {...}}`.
///
/// Errors: `FL_STATUS_BAD_JSON`, `FL_STATUS_RULEBOOK`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_from_json(
    json: *const c_char,
    json_length: usize,
    calendar: *mut *mut fl_calendar,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = || {
        needs("calendar", calendar)?;
        // SAFETY: the caller vouches for the text.
        let spec: CalendarSpec = parse("json", unsafe { text("json", json, json_length) }?)?;
        let compiled = Calendar::build(&spec)?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { calendar.write(CALENDARS.insert(Arc::new(compiled))) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { guard(error, run) }
}

/// A calendar of the rulebook in force, by its name, or `always`. It stays as it is when other rules come
/// into force or the desk is closed.
///
/// Errors: `FL_STATUS_NOT_FOUND`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_calendar(
    desk: *const fl_desk,
    name: *const c_char,
    name_length: usize,
    calendar: *mut *mut fl_calendar,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("calendar", calendar)?;
        // SAFETY: the caller vouches for the text.
        let name = unsafe { text("name", name, name_length) }?;
        let rules = object.desk.rulebook();
        let found = rules.calendar(&Pin::new(rules.version(), "", name)).cloned();
        let missing = || {
            let message = format!("the rulebook has no calendar `{name}`");
            Failure::new(fl_status::NotFound, message).of_kind("unknown_calendar".to_owned())
        };
        let found = found.ok_or_else(missing)?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { calendar.write(CALENDARS.insert(Arc::new(found))) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_calendar", desk, error, run) }
}

/// Frees a calendar. Null is fine, and so is one that was freed already.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_calendar_free(calendar: *mut fl_calendar) {
    drop(CALENDARS.remove(calendar));
}

/// Asks a calendar for one number.
///
/// # Safety
///
/// `out` is null, or a place for a number that nobody else uses meanwhile.
unsafe fn ask<T>(
    calendar: *const fl_calendar,
    out: *mut T,
    question: impl FnOnce(&Calendar) -> Result<T, Failure>,
) -> fl_status {
    let run = || {
        needs("out", out)?;
        let calendar = CALENDARS.get(calendar).ok_or_else(|| Failure::closed("calendar"))?;
        let answer = question(&calendar)?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { out.write(answer) };
        Ok(fl_status::Ok)
    };
    catch(run).unwrap_or_else(|failure| failure.status)
}

fn or_never(moment: Option<Timestamp>) -> i64 {
    moment.map_or(NEVER, Timestamp::as_millis)
}

/// The earliest moment at which so much working time has passed since `at_ms`. A negative number goes
/// back, to the latest such moment. `FL_NEVER` if there is no more working time for it.
///
/// This and what follows takes and gives milliseconds since 1970 and milliseconds of working time. Errors:
/// `FL_STATUS_CLOSED`, `FL_STATUS_ARGUMENT`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_add(
    calendar: *const fl_calendar,
    at_ms: i64,
    work_ms: i64,
    out_ms: *mut i64,
) -> fl_status {
    // SAFETY: the caller vouches for `out_ms`.
    unsafe { ask(calendar, out_ms, |calendar| add(calendar, at_ms, work_ms)) }
}

fn add(calendar: &Calendar, at_ms: i64, work_ms: i64) -> Result<i64, Failure> {
    let at = moment("at_ms", at_ms)?;
    Ok(or_never(calendar.add(at, WorkTime::from_millis(work_ms))))
}

/// `fl_calendar_add` for a whole list at once: for hosts to whom a call costs more than the answer.
/// `at_ms`, `work_ms` and `out_ms` have `length` numbers each; `out_ms` may be one of the others.
///
/// Errors: `FL_STATUS_CLOSED`, `FL_STATUS_ARGUMENT`; nothing was written then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_add_all(
    calendar: *const fl_calendar,
    at_ms: *const i64,
    work_ms: *const i64,
    length: usize,
    out_ms: *mut i64,
) -> fl_status {
    let run = || {
        let calendar = CALENDARS.get(calendar).ok_or_else(|| Failure::closed("calendar"))?;
        // SAFETY: the caller vouches for both lists.
        let (at, work) =
            unsafe { (numbers("at_ms", at_ms, length)?, numbers("work_ms", work_ms, length)?) };
        if length > 0 {
            needs("out_ms", out_ms)?;
        }
        let pairs = at.iter().zip(work);
        let sums: Vec<i64> =
            pairs.map(|(at, work)| add(&calendar, *at, *work)).collect::<Result<_, _>>()?;
        if !sums.is_empty() {
            // SAFETY: it is not null, and the caller vouches for as many places. The lists are not
            // looked at any more, so it may be one of them.
            unsafe { std::ptr::copy(sums.as_ptr(), out_ms, sums.len()) };
        }
        Ok(fl_status::Ok)
    };
    catch(run).unwrap_or_else(|failure| failure.status)
}

/// The working time from one moment to another; negative if the other is earlier.
///
/// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_between(
    calendar: *const fl_calendar,
    from_ms: i64,
    to_ms: i64,
    out_ms: *mut i64,
) -> fl_status {
    let between = |calendar: &Calendar| {
        let (from, to) = (moment("from_ms", from_ms)?, moment("to_ms", to_ms)?);
        Ok(calendar.between(from, to).as_millis())
    };
    // SAFETY: the caller vouches for `out_ms`.
    unsafe { ask(calendar, out_ms, between) }
}

/// Whether it is open at a moment: 1 or 0.
///
/// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_is_open(
    calendar: *const fl_calendar,
    at_ms: i64,
    out: *mut i32,
) -> fl_status {
    let is_open = |calendar: &Calendar| Ok(i32::from(calendar.is_open(moment("at_ms", at_ms)?)));
    // SAFETY: the caller vouches for `out`.
    unsafe { ask(calendar, out, is_open) }
}

/// When it opens next: `at_ms` itself if it is open, `FL_NEVER` if it does not open any more.
///
/// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_next_open(
    calendar: *const fl_calendar,
    at_ms: i64,
    out_ms: *mut i64,
) -> fl_status {
    let next = |calendar: &Calendar| Ok(or_never(calendar.next_open(moment("at_ms", at_ms)?)));
    // SAFETY: the caller vouches for `out_ms`.
    unsafe { ask(calendar, out_ms, next) }
}

/// When it closes next: the first change to closed after `at_ms`, `FL_NEVER` if there is none.
///
/// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_calendar_next_close(
    calendar: *const fl_calendar,
    at_ms: i64,
    out_ms: *mut i64,
) -> fl_status {
    let next = |calendar: &Calendar| Ok(or_never(calendar.next_close(moment("at_ms", at_ms)?)));
    // SAFETY: the caller vouches for `out_ms`.
    unsafe { ask(calendar, out_ms, next) }
}
