//! How a call ended, in numbers that never change.

use std::ffi::c_char;

/// How a call ended. 0 is good, above it is good news with a nuance, below it is an error. The
/// hundred says who must act: see `fl_status_responsible`.
///
/// A number is never given a second meaning. New ones come: treat one that you do not know like
/// any other error of its hundred.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum fl_status {
    /// It is done.
    Ok = 0,
    /// There is nothing more to come from this iterator.
    End = 1,

    /// A rule of the desk is against the command. Nothing was changed.
    Refused = -100,
    /// What the command is about went on since the caller looked. Look again, decide anew.
    Conflict = -101,
    /// There is nothing of the name or number that was given: no ticket, article, party, line, clock,
    /// macro, calendar. The `kind` of the error says what.
    NotFound = -102,
    /// An argument that cannot be: null, too long, out of range.
    Argument = -103,
    /// A text that is not UTF-8.
    NotUtf8 = -104,
    /// JSON that cannot be read, or says what nobody asked for.
    BadJson = -105,
    /// A filter, a cursor or a search that cannot be read, or a page behind the last one.
    BadQuery = -106,
    /// The handle is not open: it was closed, or never came from this library.
    Closed = -107,
    /// The caller was compiled against another binary interface than this library has.
    Abi = -108,
    /// A callback of a desk called the library.
    Reentrant = -109,
    /// There is something at the place to be written already.
    FileExists = -110,
    /// An export, a signature or a name of a source that is none, or is of another desk.
    BadInput = -111,

    /// The rulebook or the calendar has mistakes.
    Rulebook = -200,

    /// The journal cannot be read or written.
    Store = -300,
    /// The disk is full.
    DiskFull = -301,
    /// Another writer has kept the journal for too long. Try again.
    Busy = -302,
    /// The journal says what cannot be: it was altered, or the disk was.
    Damaged = -303,
    /// The search index cannot be read or written. No article is lost by that.
    Index = -304,
    /// A folder or file cannot be made, read or written.
    File = -305,

    /// A bug of firstline. What was begun was rolled back; the desk can still be used.
    Bug = -400,
}

/// Who must act upon a status.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum fl_responsible {
    /// Nobody: it is no error.
    Nobody = 0,
    /// Whoever made the call.
    Caller = 1,
    /// Whoever wrote the rulebook or calendar.
    Author = 2,
    /// Whoever looks after the disk and its files.
    Operator = 3,
    /// Whoever writes firstline.
    Library = 4,
}

impl fl_status {
    /// All of them with their names, which are as fixed as the numbers.
    const ALL: &[(Self, &str)] = &[
        (Self::Ok, "ok\0"),
        (Self::End, "end\0"),
        (Self::Refused, "refused\0"),
        (Self::Conflict, "conflict\0"),
        (Self::NotFound, "not_found\0"),
        (Self::Argument, "argument\0"),
        (Self::NotUtf8, "not_utf8\0"),
        (Self::BadJson, "bad_json\0"),
        (Self::BadQuery, "bad_query\0"),
        (Self::Closed, "closed\0"),
        (Self::Abi, "abi\0"),
        (Self::Reentrant, "reentrant\0"),
        (Self::FileExists, "file_exists\0"),
        (Self::BadInput, "bad_input\0"),
        (Self::Rulebook, "rulebook\0"),
        (Self::Store, "store\0"),
        (Self::DiskFull, "disk_full\0"),
        (Self::Busy, "busy\0"),
        (Self::Damaged, "damaged\0"),
        (Self::Index, "index\0"),
        (Self::File, "file\0"),
        (Self::Bug, "bug\0"),
    ];

    pub(crate) fn name(self) -> &'static str {
        name(self as i32).trim_end_matches('\0')
    }

    pub(crate) fn responsible(self) -> fl_responsible {
        fl_status_responsible(self as i32)
    }
}

fn name(status: i32) -> &'static str {
    let known = fl_status::ALL.iter().find(|(known, _)| *known as i32 == status);
    known.map_or("unknown\0", |(_, name)| name)
}

/// The name of a status, such as `refused`: NUL-terminated, never freed. `unknown` for a number
/// that this version does not know.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_status_name(status: i32) -> *const c_char {
    name(status).as_ptr().cast()
}

/// Who must act upon a status, be it one of a later version.
///
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_status_responsible(status: i32) -> fl_responsible {
    match status {
        0.. => fl_responsible::Nobody,
        -199..=-1 => fl_responsible::Caller,
        -299..=-200 => fl_responsible::Author,
        -399..=-300 => fl_responsible::Operator,
        _ => fl_responsible::Library,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hosts have these in their binaries: a line may be added here, and none may be changed.
    #[test]
    fn numbers_and_names_are_fixed_for_ever() {
        let told: Vec<String> = fl_status::ALL
            .iter()
            .map(|(status, _)| format!("{} {}", *status as i32, status.name()))
            .collect();
        assert_eq!(
            told.join(", "),
            "0 ok, 1 end, -100 refused, -101 conflict, -102 not_found, -103 argument, \
             -104 not_utf8, -105 bad_json, -106 bad_query, -107 closed, -108 abi, -109 reentrant, \
             -110 file_exists, -111 bad_input, -200 rulebook, -300 store, -301 disk_full, \
             -302 busy, -303 damaged, -304 index, -305 file, -400 bug"
        );
    }

    #[test]
    fn a_number_of_a_later_version_still_says_who_must_act() {
        assert_eq!(fl_status_responsible(-187), fl_responsible::Caller);
        assert_eq!(fl_status_responsible(-299), fl_responsible::Author);
        assert_eq!(fl_status_responsible(-350), fl_responsible::Operator);
        assert_eq!(fl_status_responsible(-987), fl_responsible::Library);
        assert_eq!(fl_status_responsible(7), fl_responsible::Nobody);
        assert_eq!(name(-187), "unknown\0");
    }
}
