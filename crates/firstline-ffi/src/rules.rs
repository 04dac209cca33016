//! The rules of a desk: checked, put into force, told.

use std::ffi::c_char;

use firstline::{Error, Rulebook};

use crate::answer::{self, findings};
use crate::callbacks::fl_log_level;
use crate::desk::{DeskObject, answer as answer_as_json, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::guard::guard;
use crate::input::{moment, text};
use crate::output::{fill, fl_buffer, needs};
use crate::status::fl_status;

/// Reads a rulebook: JSON if it begins with a brace, TOML otherwise.
pub(crate) fn rulebook(source: &str) -> Result<Rulebook, Failure> {
    let is_json = source.trim_start().starts_with('{');
    let read = if is_json { Rulebook::from_json } else { Rulebook::from_toml };
    Ok(read(source, "rulebook").map_err(Error::from)?)
}

/// Checks a rulebook, TOML or JSON, without a desk.
///
/// If it can be worked by, `out` gets what its author may want to know all the same, as a JSON list
/// of findings that is often empty: `severity`, `file`, `line`, `path`, `problem`, `mend`. `now_ms`
/// is for what has passed by then.
///
/// Errors: `FL_STATUS_RULEBOOK` if it cannot; the JSON of the error has the findings then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_rulebook_check(
    source: *const c_char,
    source_length: usize,
    now_ms: i64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = || {
        needs("out", out)?;
        // SAFETY: the caller vouches for the text.
        let source = unsafe { text("source", source, source_length) }?;
        let rulebook = rulebook(source)?;
        let remarks = rulebook.remarks(moment("now_ms", now_ms)?);
        // SAFETY: the caller vouches for `out`.
        unsafe { fill("out", out, &findings(&remarks)) }?;
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { guard(error, run) }
}

/// Puts other rules into force, TOML or JSON, and writes the number of their version to `*version`,
/// which may be null. Promises that were made stay as they were made. Rules that are in force already
/// keep their number.
///
/// This handle works by them from now on. Others that are open on the folder, in this process or another,
/// go on by their own until they adopt them or are opened with them.
///
/// Errors: `FL_STATUS_RULEBOOK`, and those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_adopt(
    desk: *const fl_desk,
    rules: *const c_char,
    rules_length: usize,
    version: *mut u32,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        // SAFETY: the caller vouches for the text.
        let rules = unsafe { text("rules", rules, rules_length) }?;
        let adopted = object.desk.adopt(rulebook(rules)?)?;
        object.callbacks.log(fl_log_level::Info, || format!("version {adopted} is in force"));
        object.tell_of_effects();
        // SAFETY: the caller vouches that it is null or a place for a number.
        if let Some(version) = unsafe { version.as_mut() } {
            *version = adopted;
        }
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_adopt", desk, error, run) }
}

/// The rules that this handle works by: `{"version", "name", "source"}`, and what `fl_rulebook_check`
/// finds in them. Those that it was opened with have the number that they are going to have, before the
/// first command brings them into force.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_rulebook(
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe {
        answer_as_json("fl_desk_rulebook", desk, out, error, |desk| {
            Ok(answer::rules_in_force(&desk.rulebook(), desk.now()))
        })
    }
}

/// Plays the tickets of the last `records` records again under other rules, TOML or JSON, and tells what
/// would be different: `{"tickets", "same", "cut", "differences"}`. Nothing is changed by it.
///
/// Errors: `FL_STATUS_RULEBOOK`, and those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_dry_run(
    desk: *const fl_desk,
    rules: *const c_char,
    rules_length: usize,
    records: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for the text, `out` and `error`.
    unsafe {
        answer_as_json("fl_desk_dry_run", desk, out, error, |desk| {
            let rules = rulebook(text("rules", rules, rules_length)?)?;
            Ok(answer::dry_run(desk.dry_run(&rules, records)?))
        })
    }
}
