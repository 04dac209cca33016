//! Calls back into the host: a log, and word of new effects.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicU64, Ordering};

use firstline::Desk;

use crate::error::{Failure, c_text};
use crate::status::{fl_responsible, fl_status};

/// How much a line of the log matters.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum fl_log_level {
    /// Nothing is logged.
    Off = 0,
    /// A bug of firstline.
    Error = 1,
    /// The disk, or a rulebook that has mistakes.
    Warn = 2,
    /// A desk was opened or closed, rules came into force.
    Info = 3,
    /// A call was refused or misused.
    Debug = 4,
}

/// Takes a line of the log: UTF-8, NUL-terminated, `length` bytes without the NUL, gone when the
/// call returns.
///
/// It runs on whatever thread made the call that is told of, before that call returns, and may run
/// on several threads at once. It must come back by returning: no `longjmp`, no exception. It must
/// not call functions of a desk: those answer `FL_STATUS_REENTRANT` meanwhile.
pub type fl_log_fn = Option<
    unsafe extern "C" fn(
        user: *mut c_void,
        level: fl_log_level,
        line: *const c_char,
        length: usize,
    ),
>;

/// Hears that the host has something new to do: see `fl_desk_effects`.
///
/// It runs on the thread of the call that made it so, after that is on disk and before that call
/// returns, and may run on several threads at once. The rules of `fl_log_fn` hold: set a flag, write
/// to a pipe, wake a worker, and let that ask for the effects.
pub type fl_effects_fn = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// What a desk calls back.
pub(crate) struct Callbacks {
    pub(crate) log: fl_log_fn,
    pub(crate) log_user: *mut c_void,
    pub(crate) log_level: i32,
    pub(crate) effects: fl_effects_fn,
    pub(crate) effects_user: *mut c_void,
    /// Up to which record it was told of effects.
    pub(crate) told: AtomicU64,
}

// SAFETY: the pointers of the host's are passed on and never followed, and by the contract of both
// functions they may be passed on from any thread.
unsafe impl Send for Callbacks {}
// SAFETY: as above.
unsafe impl Sync for Callbacks {}

thread_local! {
    static IS_CALLING_BACK: Cell<bool> = const { Cell::new(false) };
}

/// How many records are looked through at once for effects.
const PAGE: usize = 1_000;

impl Callbacks {
    pub(crate) fn none() -> Self {
        Self {
            log: None,
            log_user: std::ptr::null_mut(),
            log_level: fl_log_level::Off as i32,
            effects: None,
            effects_user: std::ptr::null_mut(),
            told: AtomicU64::new(0),
        }
    }

    pub(crate) fn log(&self, level: fl_log_level, line: impl FnOnce() -> String) {
        let Some(log) = self.log.filter(|_| level as i32 <= self.log_level) else { return };
        let line = c_text(line());
        // SAFETY: the host gave this function with this pointer; the line lives until it returns.
        call(|| unsafe { log(self.log_user, level, line.as_ptr(), line.as_bytes().len()) });
    }

    /// Logs a call that came to nothing.
    pub(crate) fn log_failure(&self, call: &str, failure: &Failure) {
        let level = match failure.status.responsible() {
            fl_responsible::Library => fl_log_level::Error,
            fl_responsible::Operator | fl_responsible::Author => fl_log_level::Warn,
            fl_responsible::Caller | fl_responsible::Nobody => fl_log_level::Debug,
        };
        self.log(level, || format!("{call}: {}: {}", failure.status.name(), failure.message));
    }

    /// Where the journal ends now: what is in it already is no news.
    pub(crate) fn begin_after(&self, desk: &Desk) -> Result<(), Failure> {
        if self.effects.is_some() {
            self.told.store(desk.head()?.map_or(0, |head| head.seq), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Tells of effects that records have asked for since it was last told. What was done is done:
    /// if the journal cannot be read just now, the next call tells.
    pub(crate) fn tell_of_effects(&self, desk: &Desk) {
        let Some(effects) = self.effects else { return };
        let mut is_news = false;
        loop {
            let told = self.told.load(Ordering::Relaxed);
            let Ok(records) = desk.records(told, PAGE) else { break };
            let Some(last) = records.last() else { break };
            is_news |= !Desk::effects_of(&records).is_empty();
            // Another thread may have told further by now.
            self.told.fetch_max(last.seq, Ordering::Relaxed);
        }
        if is_news {
            // SAFETY: the host gave this function with this pointer.
            call(|| unsafe { effects(self.effects_user) });
        }
    }
}

fn call(back: impl FnOnce()) {
    let was_calling = IS_CALLING_BACK.replace(true);
    back();
    IS_CALLING_BACK.set(was_calling);
}

/// Refuses what a callback must not do.
pub(crate) fn check_not_calling_back() -> Result<(), Failure> {
    if IS_CALLING_BACK.get() {
        let message = "a callback of a desk must not call functions of a desk";
        return Err(Failure::new(fl_status::Reentrant, message));
    }
    Ok(())
}
