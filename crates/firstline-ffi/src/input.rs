//! What comes in from C: checked before anything believes it.

mod words;

use std::ffi::{CStr, c_char};

use firstline::{Timestamp, Tongue};
use serde::de::DeserializeOwned;

use crate::error::Failure;
use crate::status::fl_status;

/// "This text ends at its first NUL", in place of a length.
pub(crate) const NUL_TERMINATED: usize = usize::MAX;

/// "No moment" where a moment could stand.
pub(crate) const NEVER: i64 = i64::MAX;

/// A text of the caller's.
///
/// # Safety
///
/// `pointer` is null, or points to `length` bytes, or to bytes up to a NUL if `length` says so, that
/// stay as they are for `'a`.
pub(crate) unsafe fn text<'a>(
    argument: &str,
    pointer: *const c_char,
    length: usize,
) -> Result<&'a str, Failure> {
    if pointer.is_null() {
        return Err(Failure::null(argument));
    }
    let bytes = if length == NUL_TERMINATED {
        // SAFETY: it is not null, and the caller vouches for the NUL.
        unsafe { CStr::from_ptr(pointer) }.to_bytes()
    } else if length > isize::MAX as usize {
        return Err(Failure::argument(argument, &format!("cannot be {length} bytes long")));
    } else {
        // SAFETY: it is not null and not too long, and the caller vouches for the rest.
        unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) }
    };
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let message = format!("`{argument}` is not UTF-8 from byte {at} on");
        let failure = Failure::new(fl_status::NotUtf8, message);
        failure.with(|detail| {
            (detail.argument, detail.byte) = (Some(argument.to_owned()), Some(at));
        })
    })
}

/// A text that need not be given: null says so.
///
/// # Safety
///
/// As for [`text`].
pub(crate) unsafe fn optional_text<'a>(
    argument: &str,
    pointer: *const c_char,
    length: usize,
) -> Result<Option<&'a str>, Failure> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller vouches for it.
    unsafe { text(argument, pointer, length) }.map(Some)
}

/// The name of a file or folder of the caller's.
///
/// # Safety
///
/// As for [`text`].
pub(crate) unsafe fn path<'a>(
    argument: &str,
    pointer: *const c_char,
    length: usize,
) -> Result<&'a str, Failure> {
    // SAFETY: the caller vouches for it.
    let path = unsafe { text(argument, pointer, length) }?;
    if path.is_empty() {
        return Err(Failure::argument(argument, "is empty; `.` is the working directory"));
    }
    if path.contains('\0') {
        return Err(Failure::argument(argument, "has a NUL inside, which no name of a file has"));
    }
    Ok(path)
}

/// Numbers of the caller's. Null is an empty list, if the length is 0.
///
/// # Safety
///
/// `pointer` is null, or points to `length` numbers that stay as they are for `'a`.
pub(crate) unsafe fn numbers<'a, T: Copy>(
    argument: &str,
    pointer: *const T,
    length: usize,
) -> Result<&'a [T], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Failure::null(argument));
    }
    if length > isize::MAX as usize / size_of::<T>() || !pointer.is_aligned() {
        return Err(Failure::argument(argument, "is no list of that many numbers"));
    }
    // SAFETY: it is neither null nor crooked nor too long, and the caller vouches for the rest.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// A moment of the caller's, in milliseconds since 1970.
pub(crate) fn moment(argument: &str, millis: i64) -> Result<Timestamp, Failure> {
    let out = || Failure::argument(argument, &format!("of {millis} ms is no moment"));
    Timestamp::from_millis(millis).ok_or_else(out)
}

/// The language of a text for people: that of a tag such as `en` or `ru-RU`, English if none is given.
pub(crate) fn tongue(tag: Option<&str>) -> Result<Tongue, Failure> {
    let unknown =
        || Failure::argument("language", "is no language that texts are told in; say `en` or `ru`");
    tag.map_or(Ok(Tongue::English), |tag| Tongue::from_tag(tag).ok_or_else(unknown))
}

/// Refuses a list where an object is meant: its order would be that of the fields, which nobody promises.
pub(crate) fn check_is_no_list(argument: &str, json: &str) -> Result<(), Failure> {
    if json.trim_start().starts_with('[') {
        return Err(bad_json(argument, "", &serde::de::Error::custom("it is a list")));
    }
    Ok(())
}

/// Reads JSON that is no list.
pub(crate) fn parse<T: DeserializeOwned>(argument: &str, json: &str) -> Result<T, Failure> {
    check_is_no_list(argument, json)?;
    // The path of what is wrong costs time, so it is looked for only when something is.
    serde_json::from_str(json).map_err(|_| {
        let mut reader = serde_json::Deserializer::from_str(json);
        let wrong = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Err(error) => (error.path().to_string(), error.into_inner()),
            Ok(_) => (String::new(), reader.end().err().unwrap_or_else(nothing_wrong)),
        };
        bad_json(argument, &wrong.0, &wrong.1)
    })
}

/// That a JSON text cannot be read, with the place, as far as it is known.
pub(crate) fn bad_json(argument: &str, path: &str, error: &serde_json::Error) -> Failure {
    let path = Some(path).filter(|path| !matches!(*path, "" | "." | "?"));
    let place = path.map_or_else(String::new, |path| format!("{path}: "));
    let problem = words::plain(&error.to_string());
    let failure = Failure::new(fl_status::BadJson, format!("`{argument}`: {place}{problem}"));
    failure.with(|detail| {
        (detail.argument, detail.path) = (Some(argument.to_owned()), path.map(str::to_owned));
        let known = |number| Some(number).filter(|number| *number > 0);
        (detail.line, detail.column) = (known(error.line()), known(error.column()));
    })
}

fn nothing_wrong() -> serde_json::Error {
    serde::de::Error::custom("it was read the second time, and not the first")
}
