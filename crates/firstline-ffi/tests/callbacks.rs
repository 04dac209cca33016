//! Calls back into the host.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use firstline_ffi::*;

use crate::desk::{Desk, MONDAY, options};

const HOUR: i64 = 3_600_000;

struct Host {
    lines: Mutex<Vec<(fl_log_level, String)>>,
    desk: Mutex<*mut fl_desk>,
    inside: Mutex<Option<fl_status>>,
    told: AtomicUsize,
}

unsafe extern "C" fn log(
    user: *mut c_void,
    level: fl_log_level,
    line: *const c_char,
    length: usize,
) {
    // SAFETY: the test has given a host that outlives the desk, and the line is there for this call.
    let (host, line) = unsafe { (&*user.cast::<Host>(), CStr::from_ptr(line)) };
    assert_eq!(line.to_bytes().len(), length);
    host.lines.lock().unwrap().push((level, line.to_str().unwrap().to_owned()));
    let desk = *host.desk.lock().unwrap();
    // SAFETY: null is an argument like another, and the place is there.
    let status = unsafe { fl_desk_poll_timeout(desk, &mut 0, null_mut()) };
    *host.inside.lock().unwrap() = Some(status);
}

unsafe extern "C" fn effects(user: *mut c_void) {
    // SAFETY: as above.
    let host = unsafe { &*user.cast::<Host>() };
    host.told.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn a_host_hears_of_what_goes_wrong_and_of_what_it_has_to_do() {
    let host = Host {
        lines: Mutex::default(),
        desk: Mutex::new(null_mut()),
        inside: Mutex::default(),
        told: AtomicUsize::new(0),
    };
    let user = (&raw const host).cast_mut().cast::<c_void>();
    let desk = Desk::open_with(&fl_desk_options {
        log: Some(log),
        log_user: user,
        log_level: fl_log_level::Debug as i32,
        effects: Some(effects),
        effects_user: user,
        ..options()
    });
    *host.desk.lock().unwrap() = desk.0;

    for line in include_str!("story.jsonl").lines().take(7) {
        desk.execute(line).unwrap();
    }
    assert_eq!(host.told.load(Ordering::Relaxed), 0, "nobody has to do anything yet");
    // SAFETY: nobody wants to know what was woken, or why not.
    let wake = |at| unsafe { fl_desk_handle_timeout(desk.0, at, null_mut(), null_mut()) };
    assert_eq!(wake(MONDAY + 6 * HOUR), fl_status::Ok);
    assert_eq!(host.told.load(Ordering::Relaxed), 1, "the lead is to be notified");
    assert_eq!(wake(MONDAY + 6 * HOUR), fl_status::Ok);
    assert_eq!(host.told.load(Ordering::Relaxed), 1, "there is nothing new");

    desk.execute("{}").unwrap_err();
    drop(desk);
    let lines = host.lines.lock().unwrap();
    let told: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    assert_eq!(
        told,
        [
            "the desk `Northwind support` is open",
            "fl_desk_execute: bad_json: `command`: missing field `actor`",
            "the desk is closed",
        ]
    );
    assert_eq!((lines[0].0, lines[1].0), (fl_log_level::Info, fl_log_level::Debug));
    assert_eq!(*host.inside.lock().unwrap(), Some(fl_status::Reentrant));
}
