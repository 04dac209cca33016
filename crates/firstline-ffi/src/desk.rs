//! A desk: opened, closed, told the time.

use std::ffi::c_char;
use std::sync::{Arc, PoisonError, RwLock};

use firstline::{Desk, DeskOptions};
use serde::Serialize;

use crate::callbacks::{Callbacks, check_not_calling_back, fl_log_level};
use crate::error::{Failure, fl_error};
use crate::guard::{catch, guard};
use crate::input::{moment, path, text};
use crate::options::{self, HostClock, Wanted, fl_desk_options};
use crate::output::{fill, fl_buffer, needs};
use crate::registry::Registry;
use crate::rules::rulebook;
use crate::status::fl_status;

/// An open desk. Made by `fl_desk_open` or `fl_desk_open_in_memory`, closed by `fl_desk_close`.
pub struct fl_desk {
    _opaque: [u8; 0],
}

/// A desk that is open, with what its host wants of it.
pub(crate) struct DeskObject {
    pub(crate) desk: Desk,
    clock: Option<HostClock>,
    pub(crate) callbacks: Callbacks,
}

/// What a handle of a desk stands for: calls share it while they are under way, and whoever closes it
/// waits for them.
type Door = RwLock<Option<DeskObject>>;

static DESKS: Registry<Door> = Registry::new();

/// Runs a call on a desk.
///
/// # Safety
///
/// `error` is null, or a place for a handle that nobody else uses meanwhile.
pub(crate) unsafe fn with_desk(
    call: &str,
    desk: *const fl_desk,
    error: *mut *mut fl_error,
    body: impl FnOnce(&DeskObject) -> Result<fl_status, Failure>,
) -> fl_status {
    let run = || {
        check_not_calling_back()?;
        if desk.is_null() {
            return Err(Failure::null("desk"));
        }
        let closed = || Failure::closed("desk");
        let door = DESKS.get(desk).ok_or_else(closed)?;
        // It may have been closed between these two lines.
        let open = door.read().unwrap_or_else(PoisonError::into_inner);
        let object = open.as_ref().ok_or_else(closed)?;
        let outcome = catch(|| body(object));
        if let Err(failure) = &outcome {
            object.callbacks.log_failure(call, failure);
        }
        outcome
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { guard(error, run) }
}

/// Runs a question to a desk, and gives its answer as JSON.
///
/// # Safety
///
/// As for [`with_desk`]; and `out` is null, or a buffer that nobody else uses meanwhile.
pub(crate) unsafe fn answer<T: Serialize>(
    call: &str,
    desk: *const fl_desk,
    out: *mut fl_buffer,
    error: *mut *mut fl_error,
    body: impl FnOnce(&Desk) -> Result<T, Failure>,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("out", out)?;
        let answer = body(&object.desk)?;
        // SAFETY: the caller vouches for `out`.
        unsafe { fill("out", out, &answer) }?;
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk(call, desk, error, run) }
}

/// Does something to a desk of which there is nothing to tell but that it is done.
///
/// # Safety
///
/// As for [`with_desk`].
pub(crate) unsafe fn done(
    call: &str,
    desk: *const fl_desk,
    error: *mut *mut fl_error,
    body: impl FnOnce(&Desk) -> Result<(), Failure>,
) -> fl_status {
    let run = |object: &DeskObject| body(&object.desk).map(|()| fl_status::Ok);
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk(call, desk, error, run) }
}

impl DeskObject {
    /// Tells the host of what it has to do since a command or an alarm.
    pub(crate) fn tell_of_effects(&self) {
        self.callbacks.tell_of_effects(&self.desk);
    }
}

/// Opens a desk and gives its handle; and tells the log what came of it.
fn opened(
    call: &str,
    wanted: Wanted,
    open: impl FnOnce(DeskOptions) -> Result<Desk, Failure>,
) -> Result<*mut fl_desk, Failure> {
    let Wanted { desk: options, clock, callbacks } = wanted;
    let opened = catch(|| {
        let desk = open(options)?;
        callbacks.begin_after(&desk)?;
        Ok(desk)
    });
    let desk = opened.inspect_err(|failure| callbacks.log_failure(call, failure))?;
    let name = desk.rulebook().name().to_owned();
    callbacks.log(fl_log_level::Info, || format!("the desk `{name}` is open"));
    Ok(DESKS.insert(Arc::new(RwLock::new(Some(DeskObject { desk, clock, callbacks })))))
}

/// Opens the desk in a folder, which is made if it is not there, under a rulebook, TOML or JSON.
/// Options may be null.
///
/// `*desk` is a handle of its own, to be given to `fl_desk_close`. Any number of handles and
/// processes may have the same folder open. Do not open the file in it with another SQLite in the
/// same process, and do not use a handle in a child after `fork`.
///
/// Nothing is recorded by opening. Rules whose text differs from those that were adopted last come into
/// force with the first command that is carried out, as a new version. Each handle works by its own
/// rules, those that it was opened with or has adopted last, whatever others on the folder adopt
/// meanwhile: open all of them with the same text, or adopt it with each.
///
/// Errors: `FL_STATUS_RULEBOOK`; `FL_STATUS_FILE`, `FL_STATUS_STORE`, `FL_STATUS_INDEX` and others of the
/// disk; `FL_STATUS_ARGUMENT` for a folder without a name or an option that cannot be; `FL_STATUS_ABI`.
/// Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_open(
    folder: *const c_char,
    folder_length: usize,
    rules: *const c_char,
    rules_length: usize,
    options: *const fl_desk_options,
    desk: *mut *mut fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = || {
        check_not_calling_back()?;
        needs("desk", desk)?;
        // SAFETY: the caller vouches for both texts and the options.
        let (folder, rules, wanted) = unsafe {
            let folder = path("folder", folder, folder_length)?;
            (folder, text("rules", rules, rules_length)?, options::read(options)?)
        };
        let handle = opened("fl_desk_open", wanted, |options| {
            Ok(Desk::open_with(folder, rulebook(rules)?, options)?)
        })?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { desk.write(handle) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { guard(error, run) }
}

/// Opens a desk that forgets everything when it is closed: for tests. Otherwise like `fl_desk_open`; of
/// the options, those that are about the disk count for nothing.
///
/// Errors: `FL_STATUS_RULEBOOK`, `FL_STATUS_ARGUMENT`, `FL_STATUS_ABI`. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_open_in_memory(
    rules: *const c_char,
    rules_length: usize,
    options: *const fl_desk_options,
    desk: *mut *mut fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = || {
        check_not_calling_back()?;
        needs("desk", desk)?;
        // SAFETY: the caller vouches for the text and the options.
        let (rules, wanted) =
            unsafe { (text("rules", rules, rules_length)?, options::read(options)?) };
        let handle = opened("fl_desk_open_in_memory", wanted, |options| {
            Ok(Desk::in_memory_with(rulebook(rules)?, options)?)
        })?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { desk.write(handle) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { guard(error, run) }
}

/// Closes a desk. Null is fine.
///
/// Calls that are under way on other threads end as if it were open, and this waits for them: when it
/// has returned, its files are closed and nothing is called back any more, so that what `log_user` and
/// `effects_user` point to can be freed. So a callback must not wait for a thread that closes its desk.
///
/// Errors: `FL_STATUS_CLOSED` for one that is not open, which does no harm; `FL_STATUS_REENTRANT` within a
/// callback, and it stays open then. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub extern "C" fn fl_desk_close(desk: *mut fl_desk) -> fl_status {
    let run = || {
        check_not_calling_back()?;
        if desk.is_null() {
            return Ok(());
        }
        let door = DESKS.remove(desk).ok_or_else(|| Failure::closed("desk"))?;
        let open = door.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(DeskObject { desk, callbacks, .. }) = open {
            drop(desk);
            callbacks.log(fl_log_level::Info, || "the desk is closed".to_owned());
        }
        Ok(())
    };
    catch(run).map_or_else(|failure| failure.status, |()| fl_status::Ok)
}

/// What time it is by the desk's own clock, in milliseconds since 1970.
///
/// Errors: those of every call. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_now(
    desk: *const fl_desk,
    now_ms: *mut i64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        needs("now_ms", now_ms)?;
        // SAFETY: it is not null, and the caller vouches for the place.
        unsafe { now_ms.write(object.desk.now().as_millis()) };
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_now", desk, error, run) }
}

/// Sets the clock of a desk that was opened with `FL_CLOCK_HOST`. It may step back: no record does.
///
/// Errors: `FL_STATUS_ARGUMENT` for a desk with another clock, or what is no moment. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_set_time(
    desk: *const fl_desk,
    now_ms: i64,
    error: *mut *mut fl_error,
) -> fl_status {
    let run = |object: &DeskObject| {
        let Some(clock) = &object.clock else {
            return Err(Failure::argument("desk", "was not opened with FL_CLOCK_HOST"));
        };
        clock.set(moment("now_ms", now_ms)?);
        Ok(fl_status::Ok)
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { with_desk("fl_desk_set_time", desk, error, run) }
}

/// Brings to the disk all that was acknowledged so far: for desks that were opened with another
/// durability than `FL_DURABILITY_FULL`.
///
/// Errors: those of the disk. Threads: any. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fl_desk_sync(
    desk: *const fl_desk,
    error: *mut *mut fl_error,
) -> fl_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { done("fl_desk_sync", desk, error, |desk| Ok(desk.sync()?)) }
}
