//! What a host does for its desk once in a while.

use std::ffi::c_char;
use std::fs::File;
use std::io::{BufReader, ErrorKind};

use firstline::{Actor, ContactId, Desk};

use crate::answer;
use crate::desk::{answer as answer_as_json, done, fl_desk};
use crate::error::{Failure, fl_error};
use crate::guard::guard;
use crate::input::{parse, path, text};
use crate::output::{fill, fl_buffer, needs};
use crate::status::fl_status;

/// Where the journal ends: `{"seq", "at", "hash"}`, or `null` while it is empty.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_head(
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| Ok(desk.head()?.map(answer::head));
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_head", desk, out, error, look) }
}

/// Reads the whole journal and compares it with itself and with all that was derived from it:
/// `{"records", "streams", "hash"}`.
///
/// Errors: `FL_STATUS_DAMAGED` with the first `record` that is missing, altered or out of order;
/// `FL_STATUS_STORE` for what was derived and does not agree, which `fl_desk_rebuild` mends; those of the
/// disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_verify(
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| Ok(answer::verified(desk.verify()?));
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_verify", desk, out, error, look) }
}

/// Writes a copy of the desk as it is now to a folder, which is made if it is not there. Others work on
/// meanwhile.
///
/// Errors: `FL_STATUS_FILE_EXISTS` if there is a desk in the folder; `FL_STATUS_FILE` and others of the
/// disk. There is no half copy then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_backup(
    desk: *const fl_desk,
    folder: *const c_char,
    folder_length: usize,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for the text and `error`.
    unsafe {
        done("fl_desk_backup", desk, error, |desk| {
            Ok(desk.backup(path("folder", folder, folder_length)?)?)
        })
    }
}

/// Verifies a backup and puts a copy of it into a folder that has no desk. `out` gets what
/// `fl_desk_verify` would say.
///
/// Errors: `FL_STATUS_FILE_EXISTS`; `FL_STATUS_DAMAGED`, or `FL_STATUS_STORE` for what is no desk, both
/// about the backup; `FL_STATUS_FILE` and others of the disk. There is no half copy then. Threads: any.
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_restore(
    backup: *const c_char,
    backup_length: usize,
    folder: *const c_char,
    folder_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = || {
        needs("out", out)?;
        // SAFETY: the caller vouches for both texts.
        let (backup, folder) = unsafe {
            (path("backup", backup, backup_length)?, path("folder", folder, folder_length)?)
        };
        let verified = Desk::restore(backup, folder)?;
        // SAFETY: the caller vouches for `out`.
        unsafe { fill("out", out, &answer::verified(verified)) }?;
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { guard(error, run) }
}

/// Writes everything that happened to a new file, as lines of JSON that `fl_desk_import` reads and
/// anybody can check without a desk. The records are checked on their way, and `out` gets what
/// `fl_desk_verify` would say of them; what is derived from them is not in it.
///
/// Errors: `FL_STATUS_FILE_EXISTS`; `FL_STATUS_DAMAGED` with the first record that is missing, altered or
/// out of order; `FL_STATUS_BUSY` if words were erased meanwhile; `FL_STATUS_FILE` and others of the disk.
/// There is no file then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_export(
    desk: *const fl_desk,
    file: *const c_char,
    file_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let file = unsafe { path("file", file, file_length) }?;
        Ok(answer::verified(desk.export_to_file(file, &mut |_| ())?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_export", desk, out, error, look) }
}

/// Reads an export into a desk that is empty or has the beginning of the same. Everything keeps its
/// number, time and hash, and nothing is sent by it. `out` gets what `fl_desk_verify` would say.
///
/// Errors: `FL_STATUS_BAD_INPUT` with the `line` that cannot be read, or for another journal with the first
/// `record` that differs; `FL_STATUS_FILE` and others of the disk. What was read before is kept. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_import(
    desk: *const fl_desk,
    file: *const c_char,
    file_length: usize,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let path = unsafe { path("file", file, file_length) }?;
        let opened = File::open(path).and_then(|file| match file.metadata()?.is_dir() {
            true => Err(ErrorKind::IsADirectory.into()),
            false => Ok(file),
        });
        let file = opened.map_err(|error| Failure::file(path, &error))?;
        Ok(answer::verified(desk.import(&mut BufReader::new(file), &mut |_| ())?))
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_import", desk, out, error, look) }
}

/// Erases a person: the name, every word on the person's own tickets, and the person's words on those of
/// others. `actor` is JSON, an agent such as `{"agent":7}` or `"system"`. `out` gets the receipt.
///
/// Errors: `FL_STATUS_REFUSED`, `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads:
/// any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_erase(
    desk: *const fl_desk,
    actor: *const c_char,
    actor_length: usize,
    contact: u64,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
) -> fl_status {
    let look = |desk: &Desk| {
        // SAFETY: the caller vouches for the text.
        let actor: Actor = parse("actor", unsafe { text("actor", actor, actor_length) }?)?;
        Ok(desk.erase(actor, ContactId(contact))?)
    };
    // SAFETY: the caller vouches for `out` and `error`.
    unsafe { answer_as_json("fl_desk_erase", desk, out, error, look) }
}

/// Gives back the room that nothing takes any more. The desk waits meanwhile, and the disk needs room
/// for a second copy.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_compact(
    desk: *const fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { done("fl_desk_compact", desk, error, |desk| Ok(desk.compact()?)) }
}

/// Makes everything that is derived from the records again: for when `fl_desk_verify` says that it
/// differs.
///
/// Errors: `FL_STATUS_DAMAGED` for a record that cannot be, those of the disk. Nothing was changed then.
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_rebuild(
    desk: *const fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { done("fl_desk_rebuild", desk, error, |desk| Ok(desk.rebuild()?)) }
}
