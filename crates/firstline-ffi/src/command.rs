//! Commands, as JSON.

mod mistake;

use std::ffi::c_char;

use firstline::{Command, Desk};
use serde::Serialize;

use crate::answer::outcome;
use crate::desk::{DeskObject, answer, fl_desk, with_desk};
use crate::error::{Failure, fl_error};
use crate::input::{check_is_no_list, text};
use crate::output::{fill, fl_buffer, needs};
use crate::status::fl_status;

/// Carries out one command. When this returns `FL_STATUS_OK`, it is on disk with all that followed
/// from it.
///
/// The command is JSON, such as `{"actor":{"contact":1},"action":{"open":{...}}}`;
/// `share/firstline/command.json` is its schema. With an `"id"` of the caller's (a UUID) it can be sent again if
/// no answer came: the first receipt is returned and nothing is done.
///
/// `out` gets the receipt: `{"stream":{"ticket":1},"version":3,"events":3,"seq":9,"at":1772442000000}`.
///
/// Errors: `FL_STATUS_BAD_JSON`; `FL_STATUS_REFUSED`, `FL_STATUS_CONFLICT` or `FL_STATUS_NOT_FOUND` if
/// a rule is against it; those of the disk. Nothing was changed then. Threads: any; those that call at
/// once share their commits. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_execute(
    desk: *const fl_desk,
    command: *const c_char,
    command_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for the text, `out` and `error`.
    unsafe {
        carry_out("fl_desk_execute", desk, out, error, |desk| {
            Ok(desk.execute(parse(text("command", command, command_length)?)?)?)
        })
    }
}

/// Carries out a JSON list of commands in one commit, each seeing what the ones before it did.
///
/// `out` gets a list of as many outcomes: `{"receipt":{...}}`, or `{"refused":{...}}` with `status`,
/// `kind`, `message` and the `refusal` itself for one that changed nothing. So this is `FL_STATUS_OK` even if all of them
/// were refused.
///
/// Errors: `FL_STATUS_BAD_JSON`, those of the disk. None was carried out then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_execute_all(
    desk: *const fl_desk,
    commands: *const c_char,
    commands_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for the text, `out` and `error`.
    unsafe {
        carry_out("fl_desk_execute_all", desk, out, error, |desk| {
            let commands = parse_all(text("commands", commands, commands_length)?)?;
            Ok(desk.execute_all(commands)?.into_iter().map(outcome).collect::<Vec<_>>())
        })
    }
}

/// What a command would record, as a JSON list of records, without recording it.
///
/// Errors: those of `fl_desk_execute`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_preview(
    desk: *const fl_desk,
    command: *const c_char,
    command_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for the text, `out` and `error`.
    unsafe {
        answer("fl_desk_preview", desk, out, error, |desk| {
            Ok(desk.preview(parse(text("command", command, command_length)?)?)?)
        })
    }
}

/// Carries something out, tells the host of what it has to do then, and gives what came of it.
///
/// # Safety
///
/// As for [`answer`].
unsafe fn carry_out<T: Serialize>(
    call: &str,
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
    body: impl FnOnce(&Desk) -> Result<T, Failure>,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("out", out)?;
        let outcome = body(&object.desk)?;
        object.tell_of_effects();
        // SAFETY: the caller vouches for `out`.
        unsafe { fill("out", out, &outcome) }?;
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk(call, desk, error, run) }
}

fn parse(json: &str) -> Result<Command, Failure> {
    check_is_no_list("command", json)?;
    serde_json::from_str(json).map_err(|error| mistake::in_command(json, &error))
}

fn parse_all(json: &str) -> Result<Vec<Command>, Failure> {
    serde_json::from_str(json).map_err(|error| mistake::in_commands(json, &error))
}
