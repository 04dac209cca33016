//! What went wrong, as C sees it.

use std::ffi::{CString, c_char};

use firstline::Responsible;

/// How a call ended: 0 is good, everything below is an error. Numbers are never given twice, and
/// more may come.
#[allow(non_camel_case_types)]
pub type fl_status = i32;

/// It is done.
pub const FL_STATUS_OK: fl_status = 0;
/// The caller must act: a refused command, an argument that cannot be.
pub const FL_STATUS_CALLER: fl_status = -1;
/// The author of the rulebook must act.
pub const FL_STATUS_AUTHOR: fl_status = -2;
/// Whoever looks after the disk and its files must act.
pub const FL_STATUS_OPERATOR: fl_status = -3;
/// We must act: this is a bug of firstline.
pub const FL_STATUS_BUG: fl_status = -4;

/// What went wrong. Made by a failing call, freed by [`fl_error_free`].
#[allow(non_camel_case_types)]
pub struct fl_error {
    status: fl_status,
    message: CString,
}

/// A failure on its way to the caller.
pub(crate) struct Failure {
    pub(crate) status: fl_status,
    message: String,
}

impl Failure {
    pub(crate) fn new(status: fl_status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(crate) fn null(argument: &str) -> Self {
        Self::new(FL_STATUS_CALLER, format!("`{argument}` is null"))
    }

    pub(crate) fn into_error(self) -> Box<fl_error> {
        // A C text ends at the first NUL, so there must be none inside.
        let message = CString::new(self.message.replace('\0', " ")).unwrap_or_default();
        Box::new(fl_error { status: self.status, message })
    }
}

impl From<firstline::Error> for Failure {
    fn from(error: firstline::Error) -> Self {
        let status = match error.responsible() {
            Responsible::Caller => FL_STATUS_CALLER,
            Responsible::Author => FL_STATUS_AUTHOR,
            _ => FL_STATUS_OPERATOR,
        };
        Self::new(status, error.to_string())
    }
}

/// The status of an error; [`FL_STATUS_OK`] for null.
///
/// # Safety
///
/// `error` came from a call of this library and was not freed, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_error_status(error: *const fl_error) -> fl_status {
    // SAFETY: the caller vouches for it.
    unsafe { error.as_ref() }.map_or(FL_STATUS_OK, |error| error.status)
}

/// What went wrong, for people: UTF-8, ended by NUL, alive until the error is freed. Null for null.
///
/// # Safety
///
/// `error` came from a call of this library and was not freed, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_error_message(error: *const fl_error) -> *const c_char {
    // SAFETY: the caller vouches for it.
    unsafe { error.as_ref() }.map_or(std::ptr::null(), |error| error.message.as_ptr())
}

/// Frees an error. Null is fine.
///
/// # Safety
///
/// `error` came from a call of this library and was not freed before, or is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_error_free(error: *mut fl_error) {
    if !error.is_null() {
        // SAFETY: the caller vouches that it is ours and not freed.
        drop(unsafe { Box::from_raw(error) });
    }
}
