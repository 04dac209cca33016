//! Each mistake says who must act, and where it is.

use std::ffi::CStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::ptr::{null, null_mut};

use firstline_ffi::*;
use serde_json::json;

use crate::desk::{Desk, Failed, MONDAY, RULES, failed, options, parts};

const NTS: usize = usize::MAX;

/// Asks something with one text of JSON.
macro_rules! ask {
    ($desk:expr, $function:ident($($argument:expr),*)) => {
        // SAFETY: the texts are NUL-terminated, and the places are there.
        $desk.ask(|desk, out, error| unsafe { $function(desk, $($argument,)* out, error) })
    };
}

/// A desk with the first lines of the story: an article, and a ticket with a promise.
fn desk() -> Desk {
    let desk = Desk::open();
    tell(&desk);
    desk
}

fn tell(desk: &Desk) {
    for line in include_str!("story.jsonl").lines().take(7) {
        desk.execute(line).unwrap();
    }
}

#[track_caller]
fn is(failed: &Failed, status: fl_status, responsible: &str, kind: &str) {
    let told = (failed.status, &failed.json["responsible"], &failed.json["detail"]["kind"]);
    assert_eq!(told, (status, &json!(responsible), &json!(kind)), "{failed:?}");
}

#[test]
fn a_question_that_cannot_be_is_whose_it_is() {
    let desk = desk();
    let search = |json: &CStr| ask!(desk, fl_desk_search(json.as_ptr(), NTS));
    let deep = search(cr#"{"text":"printer","offset":100}"#).unwrap_err();
    is(&deep, fl_status::BadQuery, "caller", "too_deep");
    search(cr#"{"text":"printer","offset":99,"limit":1000}"#).unwrap();

    let nowhere = cr#"{"time_zone":"Nowhere"}"#.as_ptr();
    let mut count = 0;
    let mut error = null_mut();
    // SAFETY: the text is NUL-terminated, and the places are there.
    let status = unsafe { fl_desk_count(desk.0, nowhere, NTS, &mut count, &mut error) };
    for failed in [
        failed(status, error),
        ask!(desk, fl_desk_tickets(nowhere, NTS)).unwrap_err(),
        ask!(desk, fl_desk_views(nowhere, NTS)).unwrap_err(),
    ] {
        is(&failed, fl_status::BadQuery, "caller", "unknown_time_zone");
        assert_eq!(failed.json["detail"]["path"], "time_zone");
    }

    let typo = cr#"{"filter":"принтер stauts:new"}"#.as_ptr();
    let typo = ask!(desk, fl_desk_tickets(typo, NTS)).unwrap_err();
    is(&typo, fl_status::BadQuery, "caller", "unreadable_filter");
    let detail = &typo.json["detail"];
    assert_eq!((&detail["path"], &detail["argument"]), (&"filter".into(), &"question".into()));
    let place = [&detail["column"], &detail["byte"], &detail["byte_end"]];
    assert_eq!(place, [9, 15, 21], "{detail}");
}

#[test]
fn a_promise_is_accounted_for_up_to_ten_years_ahead() {
    let desk = desk();
    let year = 365 * 24 * 3_600_000;
    let clock = c"first_reply".as_ptr();
    let explain = |at| ask!(desk, fl_desk_explain(1, clock, NTS, 0, at, null(), 0));
    explain(MONDAY + 10 * year).unwrap();
    for at in [MONDAY + 11 * year, 8_000 * year, MONDAY * 1_000] {
        is(&explain(at).unwrap_err(), fl_status::Argument, "caller", "too_far_ahead");
    }
    is(&explain(i64::MAX - 1).unwrap_err(), fl_status::Argument, "caller", "argument");
}

#[test]
fn whatever_is_named_and_not_there_is_not_found() {
    let desk = desk();
    let kinds = [
        (r#"{"hand_over":{"line":"L9"}}"#, "unknown_line"),
        (r#"{"apply_macro":{"name":"none"}}"#, "unknown_macro"),
        (r#"{"release_due":{"clock":"agent_work"}}"#, "unknown_clock"),
        (r#"{"assign":{"agent":99}}"#, "unknown_agent"),
    ];
    for (action, kind) in kinds {
        let command = format!(r#"{{"actor":{{"agent":1}},"ticket":1,"action":{action}}}"#);
        let failed = desk.execute(&command).unwrap_err();
        is(&failed, fl_status::NotFound, "caller", kind);
        assert!(!failed.json["detail"]["refusal"].is_null(), "{failed:?}");
    }
    let nobody = ask!(desk, fl_desk_party(cr#"{"contact":99}"#.as_ptr(), NTS)).unwrap_err();
    is(&nobody, fl_status::NotFound, "caller", "unknown_contact");
    let large = r#"{"actor":"system","action":{"save":{"id":{"contact":18446744073709551615},
                    "party":{"contact":{"name":"Ada"}}}}}"#;
    is(&desk.execute(large).unwrap_err(), fl_status::Refused, "caller", "number_too_large");
    let mut error = null_mut();
    // SAFETY: the place is there.
    let status = unsafe { fl_desk_requeue(desk.0, 7, MONDAY, &mut error) };
    is(&failed(status, error), fl_status::NotFound, "caller", "unknown_effect");
    let (mut calendar, mut error) = (null_mut(), null_mut());
    let (name, length) = parts("ofice");
    // SAFETY: text and places are there.
    let status = unsafe { fl_desk_calendar(desk.0, name, length, &mut calendar, &mut error) };
    is(&failed(status, error), fl_status::NotFound, "caller", "unknown_calendar");
}

#[test]
fn a_moment_at_which_no_desk_works_is_refused() {
    let desk = desk();
    for at in [-1, 253_402_300_800_000, 8_210_266_876_799_999] {
        let failed = ask!(desk, fl_desk_effects(at, 0, 0, 0)).unwrap_err();
        is(&failed, fl_status::Refused, "caller", "time_out_of_range");
        // SAFETY: nobody wants to know what was woken, or why not.
        let woken = unsafe { fl_desk_handle_timeout(desk.0, at, null_mut(), null_mut()) };
        assert_eq!(woken, fl_status::Refused);
    }
}

#[test]
fn json_that_cannot_be_read_says_what_is_known_of_the_place() {
    let desk = desk();
    let bad = desk.execute("7").unwrap_err();
    assert_eq!(bad.message, "`command`: invalid type: integer `7`, expected an object");
    let cut_off = desk.execute("{").unwrap_err();
    let detail = &cut_off.json["detail"];
    assert_eq!((&detail["line"], &detail["column"]), (&1.into(), &1.into()));
    assert!(detail["path"].is_null(), "{detail}");
    let deep = desk.execute(r#"{"actor":{"agent":"x"},"action":"wake"}"#).unwrap_err();
    let detail = &deep.json["detail"];
    assert_eq!(detail["path"], "actor.agent");
    assert!(detail["line"].is_null(), "nobody knows the line: {detail}");

    let as_list = r#"[null,null,null,{"agent":1},1,"wake"]"#;
    assert_eq!(desk.execute(as_list).unwrap_err().message, "`command`: it is a list");
    let as_list = ask!(desk, fl_desk_tickets(cr#"["status:new"]"#.as_ptr(), NTS)).unwrap_err();
    is(&as_list, fl_status::BadJson, "caller", "bad_json");
    let party = ask!(desk, fl_desk_party(c"{}".as_ptr(), NTS)).unwrap_err();
    assert!(party.message.starts_with("`party`: "), "{party:?}");

    let (mut error, none) = (null_mut(), r#"{"asked":{"visitor":{"guest":1}}}"#);
    let (step, length) = parts(none);
    // SAFETY: text and place are there.
    let status = unsafe { fl_desk_note(desk.0, 1, step, length, &mut error) };
    let asked = failed(status, error);
    is(&asked, fl_status::BadJson, "caller", "bad_json");
    let message = "unknown variant `asked`, expected one of `viewed`, `helped`, `wrote`";
    assert!(asked.message.contains(message), "{asked:?}");
}

#[test]
fn a_name_that_no_file_has_is_the_callers() {
    let (desk, folder) = (desk(), tempfile::tempdir().unwrap());
    let here = folder.path().to_str().unwrap();
    let (mut handle, mut error) = (null_mut(), null_mut());
    let (rules, rules_length) = parts(RULES);
    for name in ["", "des\0k"] {
        let (name, length) = parts(name);
        // SAFETY: texts and places are there.
        unsafe {
            let status =
                fl_desk_open(name, length, rules, rules_length, null(), &mut handle, &mut error);
            is(&failed(status, error), fl_status::Argument, "caller", "argument");
            let status = fl_desk_backup(desk.0, name, length, &mut error);
            is(&failed(status, error), fl_status::Argument, "caller", "argument");
            for (backup, to) in [((name, length), parts(here)), (parts(here), (name, length))] {
                let restored = desk
                    .ask(|_, out, error| fl_restore(backup.0, backup.1, to.0, to.1, out, error));
                is(&restored.unwrap_err(), fl_status::Argument, "caller", "argument");
            }
        }
        let exported = ask!(desk, fl_desk_export(name, length)).unwrap_err();
        is(&exported, fl_status::Argument, "caller", "argument");
    }
    let (name, length) = parts(here);
    let imported = ask!(desk, fl_desk_import(name, length)).unwrap_err();
    assert_eq!(
        (imported.status, &imported.json["detail"]["path"]),
        (fl_status::File, &here.into())
    );
}

#[test]
fn what_cannot_be_copied_leaves_no_half_copy_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (gone, file, backup) = (path("gone/export.jsonl"), path("export.jsonl"), path("backup"));
    let desk = Desk::open_in(&folder.path().join("desk"), RULES, &options());
    tell(&desk);
    let export = |to: &str| {
        let (name, length) = parts(to);
        ask!(desk, fl_desk_export(name, length))
    };
    is(&export(&gone).unwrap_err(), fl_status::File, "operator", "cannot_open");
    fs::create_dir(folder.path().join("gone")).unwrap();
    assert_eq!(export(&gone).unwrap(), export(&file).unwrap());
    is(&export(&file).unwrap_err(), fl_status::FileExists, "caller", "file_exists");

    fs::create_dir(&backup).unwrap();
    let journal = Path::new(&backup).join("desk.sqlite");
    fs::write(&journal, "no desk, and long enough to be taken for one ".repeat(100)).unwrap();
    let (from, from_length) = parts(&backup);
    let to = path("restored");
    let (name, length) = parts(&to);
    // SAFETY: texts and places are there.
    let restore =
        |_, out, error| unsafe { fl_restore(from, from_length, name, length, out, error) };
    let restored = desk.ask(restore).unwrap_err();
    is(&restored, fl_status::Store, "operator", "not_a_desk");
    assert!(restored.message.contains(journal.to_str().unwrap()), "{restored:?}");
    assert_eq!(fs::read_dir(&to).unwrap().count(), 0);
}

#[test]
fn an_index_that_is_damaged_under_an_open_desk_comes_back_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("desk");
    let desk = Desk::open_in(&home, RULES, &options());
    tell(&desk);
    let question = cr#"{"text":"printer"}"#.as_ptr();
    let sound = ask!(desk, fl_desk_search(question, NTS)).unwrap();
    // SAFETY: nobody wants to know why not.
    assert_eq!(unsafe { fl_desk_catch_up(desk.0, null_mut()) }, fl_status::Ok);
    for entry in fs::read_dir(home.join("index")).unwrap() {
        let path = entry.unwrap().path();
        let length = path.metadata().unwrap().len() as usize;
        // In place: what is mapped must not become shorter.
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.write_all(&vec![0xff; length]).unwrap();
    }
    assert_eq!(ask!(desk, fl_desk_search(question, NTS)).unwrap(), sound);
}

#[test]
fn each_handle_works_by_its_own_rules() {
    let folder = tempfile::tempdir().unwrap();
    let (home, stricter) =
        (folder.path().join("desk"), RULES.replace("medium = \"4h\"", "medium = \"2h\""));
    assert_ne!(RULES, stricter);
    let one = Desk::open_in(&home, RULES, &options());
    tell(&one);
    let other = Desk::open_in(&home, RULES, &options());
    let (rules, length) = parts(&stricter);
    let mut version = 0;
    // SAFETY: text and place are there, and nobody wants to know why not.
    let status = unsafe { fl_desk_adopt(one.0, rules, length, &mut version, null_mut()) };
    assert_eq!((status, version), (fl_status::Ok, 2));
    let in_force = |desk: &Desk| ask!(desk, fl_desk_rulebook()).unwrap()["version"].clone();
    let open = r#"{"actor":{"contact":1},"action":{"open":{"kind":"incident","requester":1,"subject":"Printer",
        "text":"It is broken.","channel":"portal","impact":"medium","urgency":"medium"}}}"#;
    let recorded_by = |desk: &Desk| {
        desk.execute(open).unwrap();
        let head = ask!(desk, fl_desk_head()).unwrap()["seq"].as_u64().unwrap();
        ask!(desk, fl_desk_records(head - 1, 1)).unwrap()[0]["rulebook"].clone()
    };
    for (desk, version) in [(&one, 2), (&other, 1), (&one, 2)] {
        assert_eq!((in_force(desk), recorded_by(desk)), (version.into(), version.into()));
    }
    // And a third one that is opened with the newer text has nothing to adopt.
    drop(other);
    let third = Desk::open_in(&home, &stricter, &options());
    assert_eq!((in_force(&third), recorded_by(&third)), (2.into(), 2.into()));
    let verified = ask!(third, fl_desk_verify()).unwrap();
    assert!(verified["records"].as_u64() > Some(0), "{verified}");
}
