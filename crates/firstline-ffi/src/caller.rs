//! The library as a careful caller uses it, for benches: what they measure is the way in and out, and
//! what they say stays safe Rust. No function of C is here.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use crate::*;

/// A desk in memory, and a buffer that is used again.
pub struct Caller {
    desk: *mut fl_desk,
    out: fl_buffer,
}

/// A calendar of a desk.
pub struct CalendarCaller(*mut fl_calendar);

fn parts(text: &str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

impl Caller {
    /// Opens a desk.
    ///
    /// # Panics
    ///
    /// The rules are not sound.
    #[must_use]
    pub fn open(rules: &str) -> Self {
        let (mut desk, (rules, length)) = (null_mut(), parts(rules));
        // SAFETY: the text and the place are there.
        let status =
            unsafe { fl_desk_open_in_memory(rules, length, null(), &mut desk, null_mut()) };
        assert_eq!(status, fl_status::Ok, "the rules are sound");
        Self { desk, out: fl_buffer::EMPTY }
    }

    /// Carries out a command.
    pub fn execute(&mut self, command: &str) -> fl_status {
        let (command, length) = parts(command);
        // SAFETY: the text is there, and the buffer is ours.
        unsafe { fl_desk_execute(self.desk, command, length, &mut self.out, null_mut()) }
    }

    /// Searches, and gives the answer's length in bytes.
    pub fn search(&mut self, question: &str) -> usize {
        let (question, length) = parts(question);
        // SAFETY: the text is there, and the buffer is ours.
        unsafe { fl_desk_search(self.desk, question, length, &mut self.out, null_mut()) };
        self.out.length
    }

    /// Searches without JSON, and gives the number of hits.
    #[must_use]
    pub fn search_hits(&self, question: &str) -> usize {
        let (mut hits, (question, length)) = (null_mut(), parts(question));
        let audience = fl_audience::Public as i32;
        // SAFETY: the text and the place are there.
        unsafe {
            let (desk, none) = (self.desk, null_mut());
            fl_desk_search_hits(desk, question, length, null(), 0, audience, 10, &mut hits, none);
        }
        let count = fl_hits_count(hits);
        fl_hits_free(hits);
        count
    }

    /// The next wake time.
    #[must_use]
    pub fn poll_timeout(&self) -> i64 {
        let mut at = 0;
        // SAFETY: the place is there.
        unsafe { fl_desk_poll_timeout(self.desk, &mut at, null_mut()) };
        at
    }

    /// A calendar of the rules.
    #[must_use]
    pub fn calendar(&self, name: &str) -> CalendarCaller {
        let (mut calendar, (name, length)) = (null_mut(), parts(name));
        // SAFETY: the text and the place are there.
        unsafe { fl_desk_calendar(self.desk, name, length, &mut calendar, null_mut()) };
        CalendarCaller(calendar)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        fl_desk_close(self.desk);
        // SAFETY: it is ours, and was filled by the library if at all.
        unsafe { fl_buffer_free(&mut self.out) };
    }
}

impl CalendarCaller {
    /// When so much working time has passed.
    #[must_use]
    pub fn add(&self, at_ms: i64, work_ms: i64) -> i64 {
        let mut out = 0;
        // SAFETY: the place is there.
        unsafe { fl_calendar_add(self.0, at_ms, work_ms, &mut out) };
        out
    }

    /// The same for a whole list, in its place.
    ///
    /// # Panics
    ///
    /// The lists are not of the same length.
    pub fn add_all(&self, at_ms: &[i64], work_ms: &[i64], out_ms: &mut [i64]) {
        assert!(at_ms.len() == work_ms.len() && work_ms.len() == out_ms.len());
        let (at, work, length) = (at_ms.as_ptr(), work_ms.as_ptr(), at_ms.len());
        // SAFETY: the lists are there and have that length.
        unsafe { fl_calendar_add_all(self.0, at, work, length, out_ms.as_mut_ptr()) };
    }
}

impl Drop for CalendarCaller {
    fn drop(&mut self) {
        fl_calendar_free(self.0);
    }
}
