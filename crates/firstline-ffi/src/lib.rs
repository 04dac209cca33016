//! The C library of firstline.
//!
//! It is no API for Rust: that is the crate `firstline`. So far it tells its version and opens and
//! closes a desk; whatever else C needs will have the same shape:
//!
//! - Handles are opaque pointers. Texts come in as UTF-8 pointer and length, are checked, and are
//!   not kept after the call.
//! - Every function that can fail returns an [`fl_status`] and writes what it made through its last
//!   arguments. On failure nothing is written but the error, if one was asked for.
//! - Panics do not cross: they become [`FL_STATUS_BUG`].
//! - Any thread may call any function on a live desk; only [`fl_desk_close`] must be alone.

mod error;
mod guard;

use std::ffi::c_char;

use firstline::{Desk, Rulebook};

pub use error::{
    FL_STATUS_AUTHOR, FL_STATUS_BUG, FL_STATUS_CALLER, FL_STATUS_OK, FL_STATUS_OPERATOR, fl_error,
    fl_error_free, fl_error_message, fl_error_status, fl_status,
};

use crate::error::Failure;
use crate::guard::{guard, text};

/// An open desk. Made by [`fl_desk_open`], freed by [`fl_desk_close`].
#[allow(non_camel_case_types)]
pub struct fl_desk {
    _desk: Desk,
}

/// The version as one number: major * 1,000,000 + minor * 1,000 + patch.
#[unsafe(no_mangle)]
pub extern "C" fn fl_version() -> u32 {
    const fn number(digits: &str) -> u32 {
        let (digits, mut number, mut index) = (digits.as_bytes(), 0, 0);
        while index < digits.len() {
            number = number * 10 + (digits[index] - b'0') as u32;
            index += 1;
        }
        number
    }
    const MAJOR: u32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
    const MINOR: u32 = number(env!("CARGO_PKG_VERSION_MINOR"));
    const PATCH: u32 = number(env!("CARGO_PKG_VERSION_PATCH"));
    MAJOR * 1_000_000 + MINOR * 1_000 + PATCH
}

/// The version as text, such as `0.1.0`. It lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn fl_version_string() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Opens the desk in a folder under a rulebook, which is TOML text.
///
/// On success `*desk` is the handle, to be given to [`fl_desk_close`]. On failure it is untouched,
/// and `*error` says why, unless `error` is null.
///
/// # Safety
///
/// `dir` and `rulebook` point to as many bytes as their lengths say; `desk` to a place for a
/// handle; `error` to a place for one, or it is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_open(
    dir: *const c_char,
    dir_length: usize,
    rulebook: *const c_char,
    rulebook_length: usize,
    desk: *mut *mut fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    guard(error, || {
        if desk.is_null() {
            return Err(Failure::null("desk"));
        }
        // SAFETY: the caller vouches for both texts.
        let (dir, rulebook) = unsafe {
            (text("dir", dir, dir_length)?, text("rulebook", rulebook, rulebook_length)?)
        };
        let rulebook = Rulebook::from_toml(rulebook, "rulebook").map_err(firstline::Error::from)?;
        let opened = Box::new(fl_desk { _desk: Desk::open(dir, rulebook)? });
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { desk.write(Box::into_raw(opened)) };
        Ok(())
    })
}

/// Closes a desk. Null is fine.
///
/// # Safety
///
/// `desk` came from [`fl_desk_open`], was not closed before, and no other call on it is under way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_close(desk: *mut fl_desk) {
    guard(std::ptr::null_mut(), || {
        if !desk.is_null() {
            // SAFETY: the caller vouches that it is ours and still open.
            drop(unsafe { Box::from_raw(desk) });
        }
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CStr;
    use std::ptr::{null, null_mut};

    const RULES: &str = "name = \"Northwind\"\n[[lines]]\nid = \"L1\"\n";

    fn open(dir: &str, rules: &str) -> Result<*mut fl_desk, (fl_status, String)> {
        let (mut desk, mut error) = (null_mut(), null_mut());
        // SAFETY: both texts are as long as they say, and both places are there.
        unsafe {
            let (dir, rules) = (dir.as_bytes(), rules.as_bytes());
            let status = fl_desk_open(
                dir.as_ptr().cast(),
                dir.len(),
                rules.as_ptr().cast(),
                rules.len(),
                &mut desk,
                &mut error,
            );
            if status == FL_STATUS_OK {
                return Ok(desk);
            }
            assert_eq!(status, fl_error_status(error));
            let message = CStr::from_ptr(fl_error_message(error)).to_str().unwrap().to_owned();
            fl_error_free(error);
            Err((status, message))
        }
    }

    #[test]
    fn a_desk_is_opened_and_closed_twice() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let desk = open(folder.path().to_str().unwrap(), RULES).unwrap();
            // SAFETY: it was opened just now.
            unsafe { fl_desk_close(desk) };
        }
    }

    #[test]
    fn a_failure_says_who_must_act() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().to_str().unwrap();
        let (status, message) = open(folder, "name = 1").unwrap_err();
        assert_eq!(status, FL_STATUS_AUTHOR);
        assert!(message.starts_with("rulebook:1: name: invalid type"), "{message}");
        let file = format!("{folder}/file");
        std::fs::write(&file, "no folder").unwrap();
        assert_eq!(open(&file, RULES).unwrap_err().0, FL_STATUS_OPERATOR);
    }

    #[test]
    fn null_and_broken_text_are_errors_and_no_crash() {
        let mut desk = null_mut();
        // SAFETY: null is what is tested; the other places are there.
        unsafe {
            let none = null_mut();
            assert_eq!(fl_desk_open(null(), 3, null(), 0, &mut desk, none), FL_STATUS_CALLER);
            let broken = b"\xff\xfe";
            let text = broken.as_ptr().cast();
            assert_eq!(fl_desk_open(text, 2, text, 2, &mut desk, none), FL_STATUS_CALLER);
            assert_eq!(fl_desk_open(text, 0, text, 0, null_mut(), none), FL_STATUS_CALLER);
            fl_desk_close(null_mut());
            fl_error_free(null_mut());
            assert!(fl_error_message(null()).is_null());
        }
        assert!(desk.is_null());
    }

    #[test]
    fn the_version_is_that_of_the_package() {
        // SAFETY: it is a text of the library's own.
        let text = unsafe { CStr::from_ptr(fl_version_string()) }.to_str().unwrap();
        let numbers: Vec<u32> = text.split('.').map(|part| part.parse().unwrap()).collect();
        assert_eq!(fl_version(), numbers[0] * 1_000_000 + numbers[1] * 1_000 + numbers[2]);
    }
}
