//! The wall between Rust and C: no panic passes it, and no text passes it unchecked.

use std::any::Any;
use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{FL_STATUS_BUG, FL_STATUS_CALLER, FL_STATUS_OK, Failure, fl_error, fl_status};

/// Runs the body of an entry point. A failure is written to `error`, unless that is null.
pub(crate) fn guard(
    error: *mut *mut fl_error,
    body: impl FnOnce() -> Result<(), Failure>,
) -> fl_status {
    // Nothing is half done after a panic: what was begun in the journal is rolled back on drop.
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        let failure = Failure::new(FL_STATUS_BUG, message(panic.as_ref()));
        // A payload may panic when it is dropped. It is leaked rather than let through.
        std::mem::forget(panic);
        Err(failure)
    });
    let Err(failure) = outcome else {
        return FL_STATUS_OK;
    };
    let status = failure.status;
    if !error.is_null() {
        // SAFETY: every entry point demands that `error` is null or a place for a handle.
        unsafe { error.write(Box::into_raw(failure.into_error())) };
    }
    status
}

/// What a panic has to say.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("this is a bug of firstline: {}", text.unwrap_or("it panicked"))
}

/// A text of the caller's.
///
/// # Safety
///
/// `pointer` points to `length` bytes that stay as they are for `'a`, or is null.
pub(crate) unsafe fn text<'a>(
    argument: &str,
    pointer: *const c_char,
    length: usize,
) -> Result<&'a str, Failure> {
    if pointer.is_null() {
        return Err(Failure::null(argument));
    }
    if length > isize::MAX as usize {
        let problem = format!("`{argument}` cannot be {length} bytes long");
        return Err(Failure::new(FL_STATUS_CALLER, problem));
    }
    // SAFETY: it is not null and not too long, and the caller vouches for the rest.
    let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), length) };
    std::str::from_utf8(bytes)
        .map_err(|_| Failure::new(FL_STATUS_CALLER, format!("`{argument}` is not UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{fl_error_free, fl_error_message};
    use std::ffi::CStr;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = std::ptr::null_mut();
        assert_eq!(guard(&mut error, || panic!("ouch")), FL_STATUS_BUG);
        // SAFETY: the error was made just now.
        unsafe {
            let message = CStr::from_ptr(fl_error_message(error)).to_str().unwrap();
            assert_eq!(message, "this is a bug of firstline: ouch");
            fl_error_free(error);
        }
        assert_eq!(guard(std::ptr::null_mut(), || panic!("ouch")), FL_STATUS_BUG);
    }
}
