//! The wall between Rust and C: no panic passes it.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::error::{Failure, fl_error};
use crate::status::fl_status;

thread_local! {
    /// Whether this thread is inside the library, so that a panic is told by a status.
    static IS_INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs the body of an entry point. A failure is written to `error`, unless that is null.
///
/// # Safety
///
/// `error` is null, or a place for a handle that nobody else uses meanwhile.
pub(crate) unsafe fn guard(
    error: *mut *mut fl_error,
    body: impl FnOnce() -> Result<fl_status, Failure>,
) -> fl_status {
    match catch(body) {
        Ok(status) => status,
        Err(failure) => {
            let status = failure.status;
            if !error.is_null() {
                // SAFETY: it is not null, and the caller vouches for the place.
                unsafe { error.write(failure.into_handle()) };
            }
            status
        }
    }
}

/// Runs something; a panic becomes a failure.
///
/// Nothing is half done after it: what was begun in the journal is rolled back when it is dropped,
/// and the desk expects that of any of its writers.
pub(crate) fn catch<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    keep_quiet_about_panics();
    let was_inside = IS_INSIDE.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(body));
    IS_INSIDE.set(was_inside);
    outcome.unwrap_or_else(|panic| {
        let failure = Failure::new(fl_status::Bug, message(panic.as_ref()));
        // A payload may panic when it is dropped. It is leaked rather than let through.
        std::mem::forget(panic);
        Err(failure)
    })
}

/// What a panic has to say.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("this is a bug of firstline: {}", text.unwrap_or("it panicked"))
}

/// Panics inside the library are told by status and message. Nobody asked for them on the standard
/// error of the host; those of other Rust code in the process are told as before.
fn keep_quiet_about_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IS_INSIDE.get() {
                usual(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{fl_error_free, fl_error_message};
    use std::ffi::CStr;

    #[test]
    fn a_panic_becomes_a_status() {
        let mut error = std::ptr::null_mut();
        // SAFETY: the place is there, and the error was made just now.
        unsafe {
            assert_eq!(guard(&mut error, || panic!("ouch")), fl_status::Bug);
            let message = CStr::from_ptr(fl_error_message(error)).to_str().unwrap();
            assert_eq!(message, "this is a bug of firstline: ouch");
            fl_error_free(error);
            assert!(fl_error_message(error).is_null());
            assert_eq!(guard(std::ptr::null_mut(), || panic!("ouch")), fl_status::Bug);
        }
    }
}
