//! A desk through C, for tests that tell what they do and not how it is passed.

use std::ffi::{CStr, c_char};
use std::path::Path;
use std::ptr::{null, null_mut};

use firstline_ffi::*;
use serde_json::Value;

/// The rules of all stories here.
pub(crate) const RULES: &str = include_str!("story.toml");

/// A Monday morning in winter.
pub(crate) const MONDAY: i64 = 1_772_442_000_000;

/// A desk in memory whose clock stands at [`MONDAY`].
pub(crate) struct Desk(pub(crate) *mut fl_desk);

// SAFETY: by the contract of the library any thread may use a handle.
unsafe impl Sync for Desk {}

/// What a failing call said.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) status: fl_status,
    pub(crate) message: String,
    pub(crate) json: Value,
}

pub(crate) fn options() -> fl_desk_options {
    // SAFETY: zeros are the usual options.
    let zero: fl_desk_options = unsafe { std::mem::zeroed() };
    let struct_size = u32::try_from(size_of::<fl_desk_options>()).unwrap();
    let clock = fl_clock::Host as i32;
    fl_desk_options { struct_size, abi_version: FL_ABI_VERSION, clock, now_ms: MONDAY, ..zero }
}

impl Desk {
    pub(crate) fn open() -> Self {
        Self::open_with(&options())
    }

    pub(crate) fn open_with(options: &fl_desk_options) -> Self {
        let mut desk = null_mut();
        let (rules, length) = parts(RULES);
        // SAFETY: text, options and places are there.
        let status =
            unsafe { fl_desk_open_in_memory(rules, length, options, &mut desk, null_mut()) };
        assert_eq!(status, fl_status::Ok);
        Self(desk)
    }

    /// A desk in a folder, under these rules.
    pub(crate) fn open_in(folder: &Path, rules: &str, options: &fl_desk_options) -> Self {
        let mut desk = null_mut();
        let ((folder, folder_length), (rules, length)) =
            (parts(folder.to_str().unwrap()), parts(rules));
        // SAFETY: texts, options and places are there.
        let status = unsafe {
            fl_desk_open(folder, folder_length, rules, length, options, &mut desk, null_mut())
        };
        assert_eq!(status, fl_status::Ok);
        Self(desk)
    }

    /// Asks something that is answered in JSON.
    pub(crate) fn ask(
        &self,
        call: impl FnOnce(*const fl_desk, *mut fl_buffer, *mut *mut fl_error) -> fl_status,
    ) -> Result<Value, Failed> {
        let (mut out, mut error) = (fl_buffer::EMPTY, null_mut());
        let status = call(self.0, &mut out, &mut error);
        if status != fl_status::Ok {
            assert!(out.data.is_null(), "something was written on failure");
            return Err(failed(status, error));
        }
        assert!(error.is_null(), "an error came with good news");
        // SAFETY: the library has filled it, and ends it with a NUL.
        let text = unsafe { CStr::from_ptr(out.data) };
        assert_eq!(text.to_bytes().len(), out.length);
        let answer = serde_json::from_str(text.to_str().unwrap()).unwrap();
        // SAFETY: it is ours and was filled by the library.
        unsafe { fl_buffer_free(&mut out) };
        Ok(answer)
    }

    pub(crate) fn execute(&self, command: &str) -> Result<Value, Failed> {
        let (text, length) = parts(command);
        // SAFETY: text and places are there.
        self.ask(|desk, out, error| unsafe { fl_desk_execute(desk, text, length, out, error) })
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        fl_desk_close(self.0);
    }
}

/// A text as C passes it. An empty one has a place too.
pub(crate) fn parts(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

/// Takes an error apart and frees it.
pub(crate) fn failed(status: fl_status, error: *mut fl_error) -> Failed {
    assert_eq!(fl_error_status(error), status);
    // SAFETY: the texts live as long as the error.
    let text = |text: *const c_char| unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned();
    let (message, json) = (text(fl_error_message(error)), text(fl_error_json(error)));
    fl_error_free(error);
    assert_eq!(fl_error_status(error), fl_status::Closed);
    Failed { status, message, json: serde_json::from_str(&json).unwrap() }
}

#[test]
fn a_failure_says_who_must_act_and_what_there_is_to_know() {
    let desk = Desk::open();
    let refused = desk.execute(r#"{"actor":{"agent":9},"ticket":1,"action":"wake"}"#).unwrap_err();
    assert_eq!(refused.status, fl_status::NotFound);
    assert_eq!(refused.json["responsible"], "caller");
    assert_eq!(refused.json["detail"]["kind"], "unknown_agent");
    assert_eq!(refused.message, refused.json["message"]);
    let walk = r#"{"actor":"system","action":"walk"}"#;
    let (bad, unread) = (desk.execute(walk).unwrap_err(), fl_status::BadJson);
    assert_eq!((bad.status, &bad.json["detail"]["path"]), (unread, &"action".into()));

    let (mut out, mut error) = (fl_buffer::EMPTY, null_mut());
    let (rules, length) = parts("name = 'Desk'\nlines = []\n");
    // SAFETY: text and places are there.
    let status = unsafe { fl_rulebook_check(rules, length, MONDAY, &mut out, &mut error) };
    let failed = failed(status, error);
    assert_eq!(
        (failed.status, &failed.json["responsible"]),
        (fl_status::Rulebook, &"author".into())
    );
    assert_eq!(failed.json["detail"]["findings"][0]["severity"], "error", "{failed:?}");
}

#[test]
fn what_is_not_open_is_told_and_not_followed() {
    let desk = Desk::open();
    let gone = Desk::open();
    assert_eq!(fl_desk_close(gone.0), fl_status::Ok);
    assert_eq!(fl_desk_close(gone.0), fl_status::Closed);
    let mut place = 0_i64;
    let mut number = 7_u64;
    // SAFETY: the places are there; that the handles are none is what is tried.
    unsafe {
        let poll = |desk: *const fl_desk, at: &mut i64| fl_desk_poll_timeout(desk, at, null_mut());
        assert_eq!(poll(gone.0, &mut place), fl_status::Closed);
        assert_eq!(poll((&raw mut number).cast(), &mut place), fl_status::Closed);
        assert_eq!(poll(null(), &mut place), fl_status::Argument);
        assert_eq!(poll(desk.0, &mut place), fl_status::Ok);
        assert_eq!(fl_calendar_is_open(null(), 0, &mut 0), fl_status::Closed);
        // The handle of one thing is not that of another.
        assert_eq!(fl_calendar_is_open(desk.0.cast(), 0, &mut 0), fl_status::Closed);
        assert_eq!(fl_hits_count(desk.0.cast()), 0);
    }
}

#[test]
fn working_time_is_counted_without_json() {
    let desk = Desk::open();
    let mut office = null_mut();
    let hour = 3_600_000;
    // SAFETY: texts and places are there, the calendar is open until it is freed.
    unsafe {
        let (name, length) = parts("office");
        assert_eq!(fl_desk_calendar(desk.0, name, length, &mut office, null_mut()), fl_status::Ok);
        let mut out = 0;
        // Monday 10:00 in Berlin and nine hours of work, of a day that ends at 17:00.
        assert_eq!(fl_calendar_add(office, MONDAY, 9 * hour, &mut out), fl_status::Ok);
        assert_eq!(out, MONDAY + 25 * hour);
        let (at, work, mut all) = ([MONDAY; 3], [hour, 9 * hour, -hour], [0; 3]);
        let status = fl_calendar_add_all(office, at.as_ptr(), work.as_ptr(), 3, all.as_mut_ptr());
        assert_eq!(status, fl_status::Ok);
        assert_eq!(all, [MONDAY + hour, out, MONDAY - hour]);
        assert_eq!(fl_calendar_between(office, MONDAY, out, &mut out), fl_status::Ok);
        assert_eq!(out, 9 * hour);
        assert_eq!(fl_calendar_next_close(office, MONDAY, &mut out), fl_status::Ok);
        assert_eq!(out, MONDAY + 7 * hour);
        let mut is_open = 0;
        assert_eq!(fl_calendar_is_open(office, out, &mut is_open), fl_status::Ok);
        assert_eq!(is_open, 0);
        assert_eq!(fl_calendar_next_open(office, out, &mut out), fl_status::Ok);
        assert_eq!(out, MONDAY + 23 * hour);
        assert_eq!(fl_calendar_add(office, i64::MAX, 0, &mut out), fl_status::Argument);
        fl_calendar_free(office);
        assert_eq!(fl_calendar_add(office, MONDAY, 0, &mut out), fl_status::Closed);
    }
}
