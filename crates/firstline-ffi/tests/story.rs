//! The same story through Rust and through C: byte-identical records.
//!
//! The C program `tests/c/story.c` tells it too, in a process of its own; `tests/run` hands its export
//! to this test by `FIRSTLINE_STORY_EXPORT`.

use std::fs;
use std::path::Path;
use std::ptr::null_mut;

use firstline::{Command, FixedTime, Rulebook, Timestamp};
use firstline_ffi::*;

use crate::desk::{MONDAY, RULES, options, parts};

const STORY: &str = include_str!("story.jsonl");

/// Where time stands when the story is over.
const END: i64 = MONDAY + 48 * 3_600_000;

/// Half an hour before its last line: what is overdue by then rings by itself.
const ALARM: i64 = 1_772_526_600_000;

fn through_rust(folder: &Path) -> Vec<u8> {
    let rulebook = Rulebook::from_toml(RULES, "rulebook").unwrap();
    let start = FixedTime(Timestamp::from_millis(MONDAY).unwrap());
    let desk = firstline::Desk::open_with_time(folder, rulebook, start).unwrap();
    let (last, story) = STORY.lines().collect::<Vec<_>>().split_last().map(split).unwrap();
    for line in story {
        let command: Command = serde_json::from_str(&line).unwrap();
        let _ = desk.execute(command);
    }
    desk.handle_timeout(Timestamp::from_millis(ALARM).unwrap()).unwrap();
    desk.execute(serde_json::from_str(&last).unwrap()).unwrap();
    desk.handle_timeout(Timestamp::from_millis(END).unwrap()).unwrap();
    let mut export = Vec::new();
    desk.export(&mut export, &mut |_| ()).unwrap();
    export
}

fn split((last, story): (&&str, &[&str])) -> (String, Vec<String>) {
    ((*last).to_owned(), story.iter().map(|line| (*line).to_owned()).collect())
}

fn through_c(folder: &Path, export: &Path) -> Vec<u8> {
    let (mut desk, mut out) = (null_mut(), fl_buffer::EMPTY);
    let ((folder, folder_length), (rules, rules_length)) =
        (parts(folder.to_str().unwrap()), parts(RULES));
    let none = null_mut();
    let (last, story) = STORY.lines().collect::<Vec<_>>().split_last().map(split).unwrap();
    let mut told = 0;
    // SAFETY: all texts, options and places are there, and the desk is open until it is closed.
    unsafe {
        let options = options();
        let status =
            fl_desk_open(folder, folder_length, rules, rules_length, &options, &mut desk, none);
        assert_eq!(status, fl_status::Ok);
        for line in story {
            let (command, length) = parts(&line);
            told +=
                u32::from(fl_desk_execute(desk, command, length, &mut out, none) == fl_status::Ok);
        }
        assert_eq!(fl_desk_handle_timeout(desk, ALARM, null_mut(), none), fl_status::Ok);
        let (command, length) = parts(&last);
        assert_eq!(fl_desk_execute(desk, command, length, &mut out, none), fl_status::Ok);
        assert_eq!(fl_desk_handle_timeout(desk, END, null_mut(), none), fl_status::Ok);
        let (file, length) = parts(export.to_str().unwrap());
        assert_eq!(fl_desk_export(desk, file, length, &mut out, none), fl_status::Ok);
        let again = fl_desk_export(desk, file, length, &mut out, none);
        assert_eq!(again, fl_status::FileExists);
        fl_buffer_free(&mut out);
        assert_eq!(fl_desk_close(desk), fl_status::Ok);
    }
    assert_eq!(told, 12, "one of the story's thirteen lines before the alarm is refused");
    fs::read(export).unwrap()
}

#[test]
fn the_same_story_gives_the_same_bytes_through_rust_and_through_c() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rust = through_rust(&folder.join("rust"));
    let c = through_c(&folder.join("c"), &folder.join("export.jsonl"));
    assert!(rust.len() > 5_000, "a story of {} bytes", rust.len());
    assert!(rust == c, "{}\n{}", String::from_utf8_lossy(&rust), String::from_utf8_lossy(&c));
    if let Some(other) = std::env::var_os("FIRSTLINE_STORY_EXPORT") {
        let other = fs::read(other).unwrap();
        assert!(rust == other, "another process has told it otherwise");
        println!("the export of another process is the same, {} bytes", other.len());
    }
}
